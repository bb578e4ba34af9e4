//! How long to wait before trying again. Pure: randomness is an argument.

use std::time::Duration;

/// A growing wait with a ceiling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backoff {
    /// The wait after the first failure.
    pub first: Duration,
    /// The longest wait.
    pub longest: Duration,
}

impl Backoff {
    /// The wait after the `failures`th failure in a row (counted from 1): doubling, then spread by `dice` (0 to 1)
    /// over the upper half, so that many who failed together do not come back together.
    pub fn wait(&self, failures: u32, dice: f64) -> Duration {
        let doubled = self.first.saturating_mul(2_u32.saturating_pow(failures.saturating_sub(1).min(20)));
        doubled.min(self.longest).mul_f64(0.5 + 0.5 * dice.clamp(0.0, 1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const BACKOFF: Backoff = Backoff { first: Duration::from_secs(30), longest: Duration::from_secs(3600) };

    #[test]
    fn it_doubles_up_to_the_longest() {
        let waits: Vec<u64> = (1..=9).map(|failures| BACKOFF.wait(failures, 1.0).as_secs()).collect();
        assert_eq!(waits, [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]);
    }

    proptest! {
        #[test]
        fn it_stays_between_half_and_whole(failures in 0_u32.., dice in 0.0..=1.0) {
            let wait = BACKOFF.wait(failures, dice);
            prop_assert!(wait >= BACKOFF.first / 2 && wait <= BACKOFF.longest);
        }
    }
}
