//! A thread that does its rounds until it is dropped.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use tongban_store::StoreError;

/// Most that a pause lasts without looking whether to stop.
const GLANCE: Duration = Duration::from_millis(500);

/// Such a thread.
pub(crate) struct Rounds {
    stop: Arc<AtomicBool>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Rounds {
    /// Starts it. A round says whether more is waiting: then the next one follows at once.
    pub(crate) fn start(
        name: &'static str,
        pause: Duration,
        mut round: impl FnMut(&AtomicBool) -> Result<bool, StoreError> + Send + 'static,
    ) -> std::io::Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let thread = std::thread::Builder::new().name(name.to_owned()).spawn(move || {
            while !stopped.load(Ordering::Relaxed) {
                match round(&stopped) {
                    Ok(true) => {}
                    Ok(false) => wait(pause, &stopped),
                    Err(error) => {
                        tracing::error!(%error, "{name}: a round failed");
                        wait(pause * 10, &stopped);
                    }
                }
            }
        })?;
        Ok(Self { stop, thread: Some(thread) })
    }
}

fn wait(pause: Duration, stopped: &AtomicBool) {
    let until = Instant::now() + pause;
    while let Some(left) = until.checked_duration_since(Instant::now()) {
        if stopped.load(Ordering::Relaxed) {
            return;
        }
        std::thread::sleep(left.min(GLANCE));
    }
}

impl Drop for Rounds {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            // One that panicked has nothing to hand over.
            let _ = thread.join();
        }
    }
}
