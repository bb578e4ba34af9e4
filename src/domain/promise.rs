//! The promised reply date (*lovet svardato*), counted in Danish working days.
//!
//! Knows no letter and no text: only when something reached us, and what the office has said of its time.
//!
//! # The rule
//!
//! 1. A day is a working day unless it is a weekend, a public holiday, a closure day, or part of an absence that
//!    nobody covers.
//! 2. Day 0 is the day of receipt when that is a working day and the letter came before the cut-off; otherwise it
//!    is the next working day.
//! 3. The answer comes on the last of [`Office::working_days`] working days after day 0.
//!
//! An absence that a substitute covers changes no date, for somebody reads the letter and answers for it. One that
//! nobody covers has no working days, so a letter that comes in it is day 0 on the first working day after it, as
//! though it had come that morning; and a letter that came before it does not count on days when nobody is there.
//!
//! The letter is told of an absence ([`Promise::closed`]) when the first day on which it could be read lies in one,
//! or else when it comes in one: on the Friday night before a holiday, «nobody reads messages until then» is already
//! true.

use std::collections::BTreeSet;
use std::str::FromStr;

use jiff::civil::{Date, Time};
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

use super::calendar;

/// What the office has said of its working time. Built from configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Office {
    /// How many working days an answer may take.
    pub working_days: u32,
    /// What comes at this time of the day or later counts as come on the next working day.
    pub cut_off: Time,
    /// Days on which the office is closed, once: the day after Ascension Day, a move.
    pub closed_on: BTreeSet<Date>,
    /// Days on which the office is closed every year: 24 and 31 December, grundlovsdag, 1 May.
    pub closed_every_year: BTreeSet<MonthDay>,
    /// When the adviser is away.
    pub absences: Vec<Absence>,
}

/// Five working days, cut-off at 15:00, no closure days of its own, nobody away.
impl Default for Office {
    fn default() -> Self {
        Self {
            working_days: 5,
            cut_off: Time::constant(15, 0, 0, 0),
            closed_on: BTreeSet::new(),
            closed_every_year: BTreeSet::new(),
            absences: Vec::new(),
        }
    }
}

/// A day that comes every year, written as month and day: `12-24`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MonthDay {
    month: i8,
    day: i8,
}

/// A text that names no day of a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a day of the year: write month and day with two digits each, such as 12-24")]
pub struct NotAMonthDay;

/// The adviser is away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Absence {
    /// The first day.
    pub from: Date,
    /// The last day. An absence that ends before it begins has no days.
    pub through: Date,
    /// Who reads and answers meanwhile (*stedfortræder*); `None` when nobody does.
    #[serde(default)]
    pub substitute: Option<String>,
}

/// What is promised to a citizen who writes at a given moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promise {
    /// The last day on which the answer comes.
    pub reply_by: Date,
    /// Set when the office is closed at that moment: through which day, and who stands in.
    pub closed: Option<Closed>,
}

/// The office is closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {
    /// The last day of the absence.
    pub through: Date,
    /// The substitute's name, when the absence is covered.
    pub substitute: Option<String>,
}

/// The promise to somebody whose message reached us at `received_at`.
///
/// An office that is closed on every day there is promises the last day of the calendar rather than counting for
/// ever.
pub fn promise(office: &Office, received_at: Timestamp) -> Promise {
    let received = calendar::local(received_at);
    let in_time = received.time() < office.cut_off;
    let first_day = |works: &dyn Fn(Date) -> bool| {
        if in_time && works(received.date()) { received.date() } else { next(received.date(), works) }
    };
    let works = |day| office.works_on(day);

    let mut reply_by = first_day(&works);
    for _ in 0..office.working_days {
        if reply_by == Date::MAX {
            break;
        }
        reply_by = next(reply_by, &works);
    }
    // Where it would be read first, were nobody ever away.
    let read_on = first_day(&|day| office.is_open_on(day));
    let closed = office.closed_at(read_on).or_else(|| office.closed_at(received.date()));
    Promise { reply_by, closed }
}

/// The first day after `day` on which somebody works.
fn next(day: Date, works: &dyn Fn(Date) -> bool) -> Date {
    let mut day = day;
    while let Ok(tomorrow) = day.tomorrow() {
        day = tomorrow;
        if works(day) {
            break;
        }
    }
    day
}

impl Office {
    /// Whether somebody works on `day`: the office is open, and the adviser or a substitute is there.
    pub fn works_on(&self, day: Date) -> bool {
        self.is_open_on(day) && self.absence_on(day).is_none_or(|absence| absence.substitute.is_some())
    }

    /// Whether `day` is a working day of the office, whoever is away.
    fn is_open_on(&self, day: Date) -> bool {
        calendar::is_ordinary_working_day(day)
            && !self.closed_on.contains(&day)
            && !self.closed_every_year.contains(&MonthDay { month: day.month(), day: day.day() })
    }

    /// The absence that holds on `day`: of several, one that is covered, and of those the one that lasts longest.
    fn absence_on(&self, day: Date) -> Option<&Absence> {
        self.absences
            .iter()
            .filter(|absence| absence.from <= day && day <= absence.through)
            .max_by_key(|absence| (absence.substitute.is_some(), absence.through))
    }

    /// What to say of the absence on `day`. One that nobody covers lasts until somebody works again: «closed
    /// through Friday» would be untrue when the next absence begins on the Monday.
    fn closed_at(&self, day: Date) -> Option<Closed> {
        let absence = self.absence_on(day)?;
        if absence.substitute.is_some() {
            return Some(Closed { through: absence.through, substitute: absence.substitute.clone() });
        }
        let nobody_there =
            |day: &Date| self.absence_on(*day).is_some_and(|absence| absence.substitute.is_none());
        let through =
            day.series(1.day()).take_while(|day| !self.works_on(*day)).filter(nobody_there).last()?;
        Some(Closed { through, substitute: None })
    }
}

impl FromStr for MonthDay {
    type Err = NotAMonthDay;

    fn from_str(written: &str) -> Result<Self, NotAMonthDay> {
        // A leap year, so that 02-29 can be written; it is then closed in leap years.
        let day: Date = format!("2000-{written}").parse().map_err(|_| NotAMonthDay)?;
        let read = Self { month: day.month(), day: day.day() };
        if read.to_string() == written { Ok(read) } else { Err(NotAMonthDay) }
    }
}

impl std::fmt::Display for MonthDay {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:02}-{:02}", self.month, self.day)
    }
}

impl TryFrom<String> for MonthDay {
    type Error = NotAMonthDay;

    fn try_from(written: String) -> Result<Self, NotAMonthDay> {
        written.parse()
    }
}

impl From<MonthDay> for String {
    fn from(day: MonthDay) -> Self {
        day.to_string()
    }
}

#[cfg(test)]
mod tests;
