//! The one clock of a node. Everything below the handlers gets the time from here.

use std::sync::atomic::{AtomicI64, Ordering};

use tongban_domain::time::Instant;

/// Gives the time.
pub trait Clock: Send + Sync {
    /// The moment now.
    fn now(&self) -> Instant;

    /// What clocks outside of the node show: the same, but for a demo.
    fn outside(&self) -> Instant {
        self.now()
    }
}

/// The machine's clock, shifted by a fixed offset; a demo node runs on such an offset.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock {
    /// Microseconds added to the machine's time; 0 on a real node.
    pub offset: i64,
}

impl SystemClock {
    /// A clock that shows `moment` now and runs on from there.
    #[must_use]
    pub fn showing(moment: Instant) -> Self {
        let unshifted = Self { offset: 0 }.now();
        Self { offset: moment.0 - unshifted.0 }
    }
}

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the clock")]
    fn now(&self) -> Instant {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        let micros = since.map_or(0, |duration| duration.as_micros() as i64);
        Instant(micros + self.offset)
    }

    fn outside(&self) -> Instant {
        Instant(self.now().0 - self.offset)
    }
}

/// A clock that stands where it was put: the simulator's and the tests'.
#[derive(Debug)]
pub struct VirtualClock(AtomicI64);

impl VirtualClock {
    /// A clock showing this moment.
    #[must_use]
    pub fn at(moment: Instant) -> Self {
        Self(AtomicI64::new(moment.0))
    }

    /// Puts it to another moment.
    pub fn set(&self, moment: Instant) {
        self.0.store(moment.0, Ordering::SeqCst);
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> Instant {
        Instant(self.0.load(Ordering::SeqCst))
    }
}
