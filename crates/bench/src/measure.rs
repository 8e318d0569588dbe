//! Counting and timing: closed loop (as many as the node takes) and open loop (so many due each
//! second, timed from when they should have begun, as far as there are clients to begin them).

use std::time::{Duration, Instant};

use crate::limits::Limits;

/// How hard the node is driven.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pace {
    pub(crate) in_flight: usize,
    pub(crate) seconds: u64,
    pub(crate) rate: Option<u32>,
}

/// When the requests of one client begin.
pub(crate) struct Beats {
    next: Instant,
    every: Option<Duration>,
}

impl Pace {
    /// The beats of one of the clients; together they make the rate.
    pub(crate) fn beats(self, client: usize) -> Beats {
        let every = self
            .rate
            .map(|rate| Duration::from_secs_f64(self.in_flight as f64 / f64::from(rate.max(1))));
        let offset = every.unwrap_or_default().mul_f64(client as f64 / self.in_flight as f64);
        Beats { next: Instant::now() + offset, every }
    }
}

impl Beats {
    /// Waits for the next beat and gives when the request should have begun.
    pub(crate) async fn beat(&mut self) -> Instant {
        let Some(every) = self.every else { return Instant::now() };
        let due = self.next;
        self.next += every;
        tokio::time::sleep_until(due.into()).await;
        due
    }
}

/// What was measured.
#[derive(Debug, Default)]
pub(crate) struct Figures {
    times: Vec<Duration>,
    took: Duration,
}

impl Figures {
    pub(crate) fn of(mut times: Vec<Duration>, took: Duration) -> Self {
        times.sort_unstable();
        Self { times, took }
    }

    pub(crate) fn rate(&self) -> f64 {
        self.times.len() as f64 / self.took.as_secs_f64().max(f64::EPSILON)
    }

    pub(crate) fn percentile(&self, percent: f64) -> Duration {
        let place = (self.times.len() as f64 * percent / 100.0) as usize;
        self.times.get(place.min(self.times.len().saturating_sub(1))).copied().unwrap_or_default()
    }

    pub(crate) fn head() -> String {
        format!(
            "{:<24} {:>9} {:>9} {:>9} {:>9} {:>9} {:>7} {:>16}",
            "", "in flight", "a second", "p50 ms", "p95 ms", "p99 ms", "done", "of one-row rate"
        )
    }

    pub(crate) fn line(&self, name: &str, pace: Pace, limits: &Limits) -> String {
        let ms = |percent: f64| self.percentile(percent).as_secs_f64() * 1e3;
        let in_flight = match pace.rate {
            Some(rate) => format!("{rate}/s"),
            None => pace.in_flight.to_string(),
        };
        format!(
            "{name:<24} {in_flight:>9} {:>9.0} {:>9.2} {:>9.2} {:>9.2} {:>7} {:>15.2}×",
            self.rate(),
            ms(50.0),
            ms(95.0),
            ms(99.0),
            self.times.len(),
            self.rate() / limits.rows()
        )
    }
}

/// The middle of some times.
pub(crate) fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
