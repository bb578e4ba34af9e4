//! How many calls an account's gateway may make: a bucket that refills. Pure: time is an argument.

use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;

/// How many seconds' worth may come at once: gateways bring what they kept during an outage all at once.
const BURST_SECONDS: f64 = 10.0;

/// A bucket of calls.
#[derive(Debug)]
pub struct Limit {
    per_second: f64,
    state: Mutex<Option<(f64, Timestamp)>>,
}

impl Limit {
    /// A full bucket.
    pub fn new(per_second: u32) -> Self {
        Self { per_second: f64::from(per_second), state: Mutex::new(None) }
    }

    /// Takes one call; `false` when there is none left at `now`.
    pub fn take(&self, now: Timestamp) -> bool {
        let most = self.per_second * BURST_SECONDS;
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let (left, since) = state.unwrap_or((most, now));
        let waited = now.duration_since(since).as_secs_f64().max(0.0);
        let left = (left + waited * self.per_second).min(most);
        let granted = left >= 1.0;
        *state = Some((if granted { left - 1.0 } else { left }, now.max(since)));
        granted
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::SignedDuration;

    #[test]
    fn it_grants_a_burst_and_then_what_flows_in() {
        let limit = Limit::new(2);
        let start = Timestamp::UNIX_EPOCH;
        assert_eq!((0..100).filter(|_| limit.take(start)).count(), 20);
        let later = start + SignedDuration::from_millis(1_500);
        assert_eq!((0..100).filter(|_| limit.take(later)).count(), 3);
        // A clock that is set back grants nothing.
        assert!(!limit.take(start));
        let much_later = later + SignedDuration::from_hours(1);
        assert_eq!((0..100).filter(|_| limit.take(much_later)).count(), 20);
    }
}
