//! What is counted of one enquiry: the facts of it that name nobody.
//!
//! Facts stay when a person is erased, so nothing stands here that could lead back to them: no name, no address, no words, no
//! number that the citizen has. Deliberately does not know where facts come from.

use std::collections::{BTreeMap, BTreeSet};

use indgang_channels::message::Channel;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::counted::Chosen;
use crate::domain::area::AreaId;
use crate::domain::calendar;
use crate::domain::enquiry::Kind;
use crate::domain::task::Task;
use crate::domain::triage::Purpose;

/// Hundredths of a working day, which waiting times are counted in: a quarter of an hour is one.
pub const WORKING_DAY: i64 = 100;

/// What became of the acknowledgement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Acknowledged {
    /// None was due: a call, a part of a letter that was split, a sender who gets none.
    NotDue,
    /// It is on its way.
    Waiting,
    /// It left us at this moment.
    Sent(Timestamp),
    /// It left us at this moment, and was reported not to have arrived.
    Returned(Timestamp),
    /// It was given up, or nobody knows whether it left.
    Failed,
}

/// One enquiry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// Whose it is: a number that says only who is the same.
    pub person: i64,
    /// When the same person's enquiry before this one began.
    #[serde(default)]
    pub before: Before,
    /// What it is for: only enquiries count as enquiries (S4).
    pub purpose: Purpose,
    /// It was joined into another, and counts no more.
    pub joined: bool,
    /// When the citizen wrote, called or came first.
    pub began: Timestamp,
    /// Whether the time of day is known, not only the day.
    #[serde(default = "yes", skip_serializing_if = "Clone::clone")]
    pub is_timed: bool,
    /// The way in.
    pub channel: Channel,
    /// The area.
    pub area: Option<AreaId>,
    /// The type (S6).
    pub kind: Option<Kind>,
    /// The contact form that mattered most (S10).
    pub form: Option<Channel>,
    /// When it was closed for good so far; `None` while it is not closed.
    pub ended: Option<Timestamp>,
    /// How often it was reopened (S3).
    pub reopened: u32,
    /// It came after the closing of another (T5).
    pub after_closing: bool,
    /// What became of the acknowledgement.
    pub acknowledged: Acknowledged,
    /// The day by which an answer was promised, as the citizen was told last; `None` where nobody wrote it down.
    pub promised: Option<Date>,
    /// How often the promise was moved.
    pub moved: u32,
    /// When a person answered first.
    pub answered: Option<Timestamp>,
    /// The tasks of § 5 that it took (S22).
    pub tasks: BTreeSet<Task>,
    /// Its themes.
    pub themes: BTreeSet<String>,
    /// The adviser made a case of it (S13); `None` where nobody wrote it down.
    pub case: Option<bool>,
    /// It was sent on to a department, with consent.
    pub forwarded: bool,
    /// Staff had sent the citizen here (S4).
    pub referred: bool,
    /// It lay outside of what the adviser may do.
    pub outside: bool,
    /// Messages that came in on it, calls and meetings included.
    pub messages_in: u32,
    /// Messages that went out on it, acknowledgements not included.
    pub messages_out: u32,
    /// Whether it was handled here, not brought in from earlier years: of those nobody knows what was not written down.
    #[serde(default = "yes", skip_serializing_if = "Clone::clone")]
    pub is_recorded: bool,
}

/// When the enquiry that came just before of the same person began, of those that count: of all, and of those that are alike
/// in what can be chosen. Most are the same one, so each moment stands once, with the choices (by their sides, a bit each).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Before(BTreeMap<Timestamp, u8>);

impl Before {
    /// In a choice; `None` for a person's first in it.
    pub fn of(&self, chosen: Chosen) -> Option<Timestamp> {
        let bit = 1 << chosen.sides();
        self.0.iter().find(|(_, choices)| *choices & bit > 0).map(|(at, _)| *at)
    }

    /// Says of a choice that nothing was said of yet when it was.
    pub fn add(&mut self, chosen: Chosen, at: Timestamp) {
        *self.0.entry(at).or_default() |= 1 << chosen.sides();
    }
}

/// The enquiries of one person in the order in which they began, as far as they were seen.
#[derive(Debug, Default)]
pub struct Chain(BTreeMap<Chosen, Timestamp>);

impl Chain {
    /// What came before the next one.
    pub fn next(&mut self, fact: &Fact) -> Before {
        let mut before = Before::default();
        for chosen in Chosen::each_of(fact) {
            if let Some(at) = self.0.insert(chosen, fact.began) {
                before.add(chosen, at);
            }
        }
        before
    }
}

fn yes() -> bool {
    true
}

impl Fact {
    /// Whether it is an enquiry that counts.
    pub fn counts(&self) -> bool {
        self.purpose == Purpose::Enquiry && !self.joined
    }

    /// When it both had begun and had ended; `None` while it is open, and for what does not count. An enquiry of earlier years
    /// of which nobody wrote down when it was closed is not taken for open.
    pub fn settled(&self) -> Option<Timestamp> {
        let ended = self.ended.or((!self.is_recorded).then_some(self.began));
        ended.filter(|_| self.counts()).map(|ended| ended.max(self.began))
    }

    /// Calendar days from the first contact to the closing (S21): 0 on the same day.
    pub fn duration(&self) -> Option<i64> {
        let ended = calendar::local(self.ended?).date();
        let days = calendar::local(self.began).date().until(ended).ok()?.get_days();
        Some(i64::from(days).max(0))
    }

    /// Seconds from when it reached us to when the acknowledgement left.
    pub fn latency(&self) -> Option<i64> {
        match self.acknowledged {
            Acknowledged::Sent(at) | Acknowledged::Returned(at) => {
                Some((at.as_second() - self.began.as_second()).max(0))
            }
            _ => None,
        }
    }

    /// How the promise of an answer stands on a day.
    pub fn promise(&self, today: Date) -> Promise {
        let Some(promised) = self.promised else { return Promise::Unknown };
        match (self.answered.map(|at| calendar::local(at).date()), self.ended) {
            (Some(day), _) if day <= promised => Promise::Kept,
            (Some(_), _) => Promise::Broken,
            (None, Some(_)) => Promise::Ended,
            (None, None) if !self.is_recorded => Promise::Unknown,
            (None, None) if promised < today => Promise::Broken,
            (None, None) => Promise::Runs,
        }
    }

    /// Hundredths of working days from the first contact to the first personal answer.
    pub fn waited(&self) -> Option<i64> {
        self.answered.map(|answered| working_time(self.began, answered))
    }
}

/// How a promise stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Promise {
    /// Answered by the day.
    Kept,
    /// Answered later, or not yet although the day is over.
    Broken,
    /// Not answered yet, and not due.
    Runs,
    /// Closed without an answer, such as a call that needed none.
    Ended,
    /// Nobody wrote down what was promised: an enquiry of earlier years.
    Unknown,
}

/// The working time between two moments, in hundredths of a working day, rounded down: days on which nobody works (weekends,
/// public holidays) take none, any other day takes one, however long the office is open.
///
/// By the calendar alone, not by the office's own closures: a figure of one year must not change with the configuration of
/// the next.
pub fn working_time(from: Timestamp, to: Timestamp) -> i64 {
    if to <= from {
        return 0;
    }
    let (mut day, last) = (calendar::local(from).date(), calendar::local(to).date());
    let mut total = 0;
    while day <= last {
        let Ok(next) = day.tomorrow() else { break };
        if calendar::is_ordinary_working_day(day)
            && let (Some(begin), Some(end)) = (calendar::begins(day), calendar::begins(next))
        {
            let length = end.as_second() - begin.as_second();
            let worked = to.min(end).as_second() - from.max(begin).as_second();
            // In ten-thousandths of a hundredth, so that a hundred pieces lose nothing by rounding.
            total += worked.max(0) * WORKING_DAY * 10_000 / length.max(1);
        }
        day = next;
    }
    (total + 1) / 10_000
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[rstest]
    // Monday 9:00 to 15:00: a quarter of a day.
    #[case("2026-02-02T08:00:00Z", "2026-02-02T14:00:00Z", 25)]
    // Friday 15:00 to Monday 9:00: 9 hours and 9 hours.
    #[case("2026-02-06T14:00:00Z", "2026-02-09T08:00:00Z", 75)]
    // Over Easter: Wednesday 20:10 to Tuesday noon.
    #[case("2026-04-01T18:10:00Z", "2026-04-07T10:00:00Z", 65)]
    // The day that is an hour short is one day too.
    #[case("2026-03-27T23:00:00Z", "2026-03-29T22:00:00Z", 0)]
    #[case("2026-03-26T23:00:00Z", "2026-03-27T23:00:00Z", 100)]
    #[case("2026-02-02T08:00:00Z", "2026-02-02T07:00:00Z", 0)]
    fn working_days_are_counted(#[case] from: &str, #[case] to: &str, #[case] hundredths: i64) {
        assert_eq!(working_time(at(from), at(to)), hundredths);
    }

    proptest! {
        #[test]
        fn working_time_adds_up(from in 1_700_000_000_i64..1_800_000_000, a in 0_i64..5_000_000, b in 0_i64..5_000_000) {
            let moment = |second| Timestamp::from_second(second).unwrap();
            let (x, y, z) = (moment(from), moment(from + a), moment(from + a + b));
            let (whole, parts) = (working_time(x, z), working_time(x, y) + working_time(y, z));
            prop_assert!((whole - parts).abs() <= 1, "{whole} {parts}");
            prop_assert!(whole <= (a + b) * WORKING_DAY / (23 * 3600) + 1);
        }
    }
}
