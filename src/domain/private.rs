//! When a link to a private page is closed for a while, and when for good: a pure decision.
//!
//! Knows no word and no code, only how often a wrong one was given since the right one was.

use jiff::{SignedDuration, Timestamp};

/// Wrong tries that cost nothing.
const FREE: u32 = 5;
/// How long the link is closed after each further one.
const CLOSED_FOR: SignedDuration = SignedDuration::from_mins(15);
/// Wrong tries after which it is closed for good. With 20 tries at a six-digit code, one attacker in 50,000 who already has
/// the link guesses right.
const MOST: u32 = 20;

/// What becomes of a link after a wrong try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AfterFailure {
    /// It stays open.
    Open,
    /// It is closed until then.
    Closed(Timestamp),
    /// It is closed for good; the adviser can give another.
    Revoked,
}

/// Decides after the `failures`-th wrong try in a row.
pub fn after_failure(failures: u32, now: Timestamp) -> AfterFailure {
    match failures {
        0..FREE => AfterFailure::Open,
        FREE..MOST => AfterFailure::Closed(now + CLOSED_FOR),
        _ => AfterFailure::Revoked,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::the_first(1, AfterFailure::Open)]
    #[case::the_last_free_one(4, AfterFailure::Open)]
    #[case::the_fifth(5, AfterFailure::Closed(Timestamp::UNIX_EPOCH + CLOSED_FOR))]
    #[case::the_last_but_one(19, AfterFailure::Closed(Timestamp::UNIX_EPOCH + CLOSED_FOR))]
    #[case::the_last(20, AfterFailure::Revoked)]
    #[case::beyond(21, AfterFailure::Revoked)]
    fn a_link_after(#[case] failures: u32, #[case] expected: AfterFailure) {
        assert_eq!(after_failure(failures, Timestamp::UNIX_EPOCH), expected);
    }
}
