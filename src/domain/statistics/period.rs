//! The period of a figure: from a day until another, the other not included, in Danish local time.
//!
//! Half-open, so that periods that follow each other count nothing twice and nothing not at all (S-periods: «juni til og med
//! december»). A part of a year is said to be one, and is compared with the same part of the year before.

use std::fmt;

use jiff::civil::{Date, date};
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

use crate::domain::calendar;

/// A month of the calendar.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Month {
    year: i16,
    month: i8,
}

/// A text that names no month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a month: write year and month, such as 2026-01")]
pub struct NotAMonth;

impl Month {
    /// The month that a day lies in.
    pub fn of(day: Date) -> Self {
        Self { year: day.year(), month: day.month() }
    }

    /// The month that a moment lies in, in Denmark.
    pub fn at(moment: Timestamp) -> Self {
        Self::of(calendar::local(moment).date())
    }

    /// Its first day.
    pub fn first(self) -> Date {
        date(self.year, self.month, 1)
    }

    /// The month after it; itself at the end of the calendar.
    pub fn next(self) -> Self {
        self.first().checked_add(1.month()).map_or(self, Self::of)
    }

    /// The same month of another year.
    pub fn in_year(self, year: i16) -> Self {
        Self { year, month: self.month }
    }

    /// Its year.
    pub fn year(self) -> i16 {
        self.year
    }

    /// Which month of its year it is: 1 to 12.
    pub fn number(self) -> i8 {
        self.month
    }

    /// All of it.
    pub fn period(self) -> Period {
        Period { from: self.first(), until: self.next().first() }
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl fmt::Debug for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl From<Month> for String {
    fn from(month: Month) -> Self {
        month.to_string()
    }
}

impl TryFrom<String> for Month {
    type Error = NotAMonth;

    fn try_from(text: String) -> Result<Self, NotAMonth> {
        format!("{text}-01").parse().map(Self::of).map_err(|_| NotAMonth)
    }
}

/// From the beginning of a day until the beginning of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Period {
    /// The first day.
    pub from: Date,
    /// The day after the last.
    pub until: Date,
}

/// A last day before the first one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the period ends before it begins")]
pub struct EndsBeforeItBegins;

impl Period {
    /// From a day to another, both included.
    ///
    /// # Errors
    /// When the last day is before the first, or the last of the calendar.
    pub fn through(from: Date, through: Date) -> Result<Self, EndsBeforeItBegins> {
        let until = through.tomorrow().map_err(|_| EndsBeforeItBegins)?;
        if until <= from { Err(EndsBeforeItBegins) } else { Ok(Self { from, until }) }
    }

    /// A whole year.
    pub fn year(year: i16) -> Self {
        Self { from: date(year, 1, 1), until: date(year.saturating_add(1).min(9999), 1, 1) }
    }

    /// The last day.
    pub fn last(self) -> Date {
        self.until.yesterday().unwrap_or(self.until)
    }

    /// How many days it has.
    pub fn days(self) -> i32 {
        self.from.until(self.until).map_or(0, |span| span.get_days())
    }

    /// As much of it as is over when a day ends; `None` when it begins later.
    pub fn through_day(self, day: Date) -> Option<Self> {
        let until = day.tomorrow().map_or(self.until, |next| self.until.min(next));
        (self.from < until).then_some(Self { until, ..self })
    }

    /// Whether a day lies in it.
    pub fn holds(self, day: Date) -> bool {
        self.from <= day && day < self.until
    }

    /// The moments that it begins and ends at; the end is not in it.
    pub fn moments(self) -> (Timestamp, Timestamp) {
        (
            calendar::begins(self.from).unwrap_or(Timestamp::MIN),
            calendar::begins(self.until).unwrap_or(Timestamp::MAX),
        )
    }

    /// The year that it is all of.
    pub fn whole_year(self) -> Option<i16> {
        (self == Self::year(self.from.year())).then(|| self.from.year())
    }

    /// Whether it is less than the year that it lies in.
    pub fn is_part_of_year(self) -> bool {
        self.from.year() == self.last().year() && self.whole_year().is_none()
    }

    /// The months that it touches, in order.
    pub fn months(self) -> Vec<Month> {
        let (mut month, last) = (Month::of(self.from), Month::of(self.last()));
        let mut months = vec![month];
        while month < last {
            month = month.next();
            months.push(month);
        }
        months
    }

    /// The period that it is compared with unless another is asked for: the same days so many years before as it is long,
    /// one at least. A year that begins in April is compared with the one before it. `None` before the calendar.
    ///
    /// 29 February is compared with the whole of February.
    pub fn before(self) -> Option<Self> {
        let mut years = 1;
        while self.from.checked_add(years.years()).is_ok_and(|end| end < self.until) {
            years += 1;
        }
        let from = self.from.checked_sub(years.years()).ok()?;
        let until = if self.until.day() == 1 {
            self.until.checked_sub(years.years()).ok()?
        } else {
            // From the last day, which is in it: the day after 28 February is another one in a leap year.
            self.last().checked_sub(years.years()).ok()?.tomorrow().ok()?
        };
        (from < until).then_some(Self { from, until })
    }

    /// How its months fall apart: those that lie in it whole, and the days before and after them.
    pub fn pieces(self) -> Pieces {
        let first = Month::of(self.from);
        let begin = if first.first() == self.from { first } else { first.next() };
        let end = Month::of(self.until);
        if begin >= end {
            return Pieces { whole: None, loose: vec![self] };
        }
        let mut loose = Vec::new();
        if self.from < begin.first() {
            loose.push(Self { from: self.from, until: begin.first() });
        }
        if end.first() < self.until {
            loose.push(Self { from: end.first(), until: self.until });
        }
        Pieces { whole: Some((begin, end)), loose }
    }
}

/// See [`Period::pieces`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pieces {
    /// From a month until another, the other not included.
    pub whole: Option<(Month, Month)>,
    /// What lies in no whole month.
    pub loose: Vec<Period>,
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn period(from: &str, through: &str) -> Period {
        Period::through(from.parse().unwrap(), through.parse().unwrap()).unwrap()
    }

    #[test]
    fn a_period_is_half_open_in_danish_time() {
        let june = period("2022-06-01", "2022-06-30");
        let (begin, end) = june.moments();
        assert_eq!(begin.to_string(), "2022-05-31T22:00:00Z");
        assert_eq!(end.to_string(), "2022-06-30T22:00:00Z");
        assert!(june.holds(date(2022, 6, 30)) && !june.holds(date(2022, 7, 1)));
        assert!(Period::through(date(2022, 6, 2), date(2022, 6, 1)).is_err());
        assert_eq!(Period::year(2022).whole_year(), Some(2022));
        assert!(period("2022-06-01", "2022-12-31").is_part_of_year());
        assert!(!period("2021-06-01", "2022-12-31").is_part_of_year());
    }

    #[rstest]
    #[case("2026-01-01", "2026-11-23", "2025-01-01", "2025-11-23")]
    #[case("2024-02-01", "2024-02-29", "2023-02-01", "2023-02-28")]
    #[case("2026-01-01", "2026-12-31", "2025-01-01", "2025-12-31")]
    #[case("2016-01-01", "2025-12-31", "2006-01-01", "2015-12-31")]
    #[case("2025-11-24", "2026-11-23", "2024-11-24", "2025-11-23")]
    #[case("2025-04-01", "2026-03-31", "2024-04-01", "2025-03-31")]
    #[case("2025-12-01", "2026-02-28", "2024-12-01", "2025-02-28")]
    #[case("2024-01-01", "2024-02-28", "2023-01-01", "2023-02-28")]
    #[case("2025-02-01", "2025-02-28", "2024-02-01", "2024-02-29")]
    #[case("2025-01-01", "2026-06-30", "2023-01-01", "2024-06-30")]
    fn the_period_before(#[case] from: &str, #[case] to: &str, #[case] was: &str, #[case] ended: &str) {
        assert_eq!(period(from, to).before(), Some(period(was, ended)));
    }

    #[rstest]
    #[case("2026-01-01", "2026-12-31", Some(("2026-01", "2027-01")), &[])]
    #[case("2026-01-10", "2026-01-20", None, &[("2026-01-10", "2026-01-20")])]
    #[case("2026-01-10", "2026-02-20", None, &[("2026-01-10", "2026-02-20")])]
    #[case("2026-01-10", "2026-03-20", Some(("2026-02", "2026-03")),
           &[("2026-01-10", "2026-01-31"), ("2026-03-01", "2026-03-20")])]
    #[case("2026-02-01", "2026-03-20", Some(("2026-02", "2026-03")), &[("2026-03-01", "2026-03-20")])]
    fn whole_months_and_the_rest(
        #[case] from: &str,
        #[case] to: &str,
        #[case] whole: Option<(&str, &str)>,
        #[case] loose: &[(&str, &str)],
    ) {
        let month = |text: &str| Month::try_from(text.to_owned()).unwrap();
        let pieces = period(from, to).pieces();
        assert_eq!(pieces.whole, whole.map(|(begin, end)| (month(begin), month(end))));
        assert_eq!(pieces.loose, loose.iter().map(|(from, to)| period(from, to)).collect::<Vec<_>>());
        let months = pieces
            .whole
            .map_or(0, |(begin, end)| Period { from: begin.first(), until: end.first() }.months().len());
        assert!(months <= period(from, to).months().len());
    }
}
