//! The catalogue: the figures that every report has, each defined in one place.
//!
//! What is counted stands in [`Tally`](super::tally::Tally); here it is said by which rule it is shown: which rows there are,
//! what they add up to, what it is compared with, and what the picture finds. Words come from outside, in Danish or English.
//! Knows no database, no page and no file format.

mod channels;
mod course;
mod making;
mod matters;
mod times;

#[cfg(test)]
mod tests;

use jiff::civil::Date;

use super::book::{Book, Headline};
use super::counted::Counted;
use super::period::{Month, Period};
use super::table::Value;
pub use course::ACTIVITIES;
use making::Making;

/// The words of the figures, in one language.
pub trait Say {
    /// `da` or `en`.
    fn language(&self) -> &'static str;
    /// A sentence by its key; empty for one that is not there.
    fn say(&self, key: &str) -> &str;
    /// A day with its year: «23. november 2026».
    fn day(&self, day: Date) -> String;
    /// A day without its year: «1. januar».
    fn short_day(&self, day: Date) -> String;
    /// A month without its year: «November».
    fn month(&self, month: Month) -> String;
    /// A weekday: 0 is Monday.
    fn weekday(&self, weekday: i8) -> String;
}

/// How an office wants its figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    /// The last day of each group of durations, ascending; the last group has no end.
    pub buckets: Vec<i64>,
    /// What a part of a text message costs, in øre.
    pub segment_ore: i64,
    /// With fewer enquiries than this it is said that differences may be chance.
    pub few: i64,
}

impl Default for Rules {
    fn default() -> Self {
        Self { buckets: vec![0, 7, 30, 90], segment_ore: 0, few: 100 }
    }
}

/// An area, as the figures name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AreaName {
    /// Its number.
    pub id: i64,
    /// Its name in the language of the book.
    pub name: String,
    /// Whether it was in force in the period: then it has a row even without enquiries.
    pub in_force: bool,
}

/// What the figures are made from.
pub struct Basis<'a> {
    /// The period.
    pub period: Period,
    /// What was counted in it.
    pub counted: &'a Counted,
    /// What it is compared with; `None` when nothing is, or nothing can be.
    pub before: Option<(Period, &'a Counted)>,
    /// A comparison was wanted, and there are no figures of all of that period.
    pub incomparable: bool,
    /// Some of what happened is not added up yet.
    pub is_behind: bool,
    /// The day on which the office began, where that is known.
    pub began: Option<Date>,
    /// The day on which it is asked: promises that are not due then still run.
    pub today: Date,
    /// In the order of the office's list.
    pub areas: &'a [AreaName],
    /// How the office wants it.
    pub rules: &'a Rules,
    /// Anonymised cases that are told for the period.
    pub stories: i64,
    /// What the figures are limited to, in words; empty for all.
    pub limits: &'a str,
    /// The words.
    pub words: &'a dyn Say,
}

/// Puts values into a sentence.
pub fn fill(sentence: &str, values: &[(&str, &str)]) -> String {
    values.iter().fold(sentence.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
}

/// The period in words: «2025», «1. januar–23. november 2026».
pub fn written_period(period: Period, words: &dyn Say) -> String {
    match period.whole_year() {
        Some(year) => year.to_string(),
        None if period == Month::of(period.from).period() => {
            let month = words.month(Month::of(period.from));
            // Danish months begin small within a sentence.
            let month = if words.language() == "da" { month.to_lowercase() } else { month };
            format!("{month} {}", period.from.year())
        }
        None if period.from == period.last() => words.day(period.from),
        None if period.from.year() == period.last().year() => {
            format!("{}\u{2013}{}", words.short_day(period.from), words.day(period.last()))
        }
        None => format!("{}\u{2013}{}", words.day(period.from), words.day(period.last())),
    }
}

/// The figures of a period.
pub fn book(basis: &Basis<'_>) -> Book {
    let making = Making::new(basis);
    let period = written_period(basis.period, basis.words);
    let compared =
        basis.before.map(|(before, _)| making.with("book.compared", &[("periode", &making.named(before))]));
    let limits = (!basis.limits.is_empty()).then(|| basis.limits.to_owned());
    let subtitle =
        [Some(period.clone()), compared, limits].into_iter().flatten().collect::<Vec<_>>().join(", ");
    let mut figures = vec![course::total(&making)];
    figures.extend(channels::all(&making));
    figures.extend(matters::all(&making));
    figures.extend(times::all(&making));
    figures.extend(course::all(&making));
    // Single messages and activities belong to no area, type or way in of an enquiry.
    if !basis.limits.is_empty() {
        figures.retain(|figure| !matches!(figure.key.as_str(), "messages" | "activity" | "anonymised"));
    }
    Book {
        language: basis.words.language().to_owned(),
        title: making.with("book.title", &[("periode", &period)]),
        subtitle,
        period: basis.period,
        compared: basis.before.map(|(before, _)| before),
        headlines: headlines(&making),
        figures,
        notes: notes(&making),
    }
}

fn headlines(making: &Making<'_>) -> Vec<Headline> {
    let basis = making.basis;
    let (now, before) = (basis.counted, basis.before.map(|(_, counted)| counted));
    let compared = |value: &dyn Fn(&Counted) -> Value| {
        let (period, counted) = basis.before?;
        let written = making.numerals.cell(&value(counted));
        Some(making.with("headline.was", &[("tal", &written), ("periode", &making.named(period))]))
    };
    let line = |key: &str, value: Value, detail: Option<String>| Headline {
        key: key.to_owned(),
        label: making.t(&format!("headline.{key}")).to_owned(),
        value,
        detail: detail.unwrap_or_default(),
    };
    let persons = making.with("headline.persons", &[("antal", &making.numerals.count(now.persons))]);
    let begun = match before.map(|before| before.tally.begun()) {
        Some(was) => {
            let change = making.change(making.begun(), was);
            let change = if change == Value::Nothing { String::new() } else { making.numerals.cell(&change) };
            let was = compared(&|counted| Value::Count(counted.tally.begun())).unwrap_or_default();
            format!("{persons}. {change} {was}").replace("  ", " ").trim().to_owned()
        }
        None => persons,
    };
    let reply = |counted: &Counted| making.working_days(times::waited(counted).median());
    let kept = |counted: &Counted| times::kept(counted, basis.today).map_or(Value::Nothing, Value::Share);
    let days = |counted: &Counted| times::durations(counted).median().map_or(Value::Nothing, Value::Days);
    vec![
        line("begun", Value::Count(making.begun()), Some(begun)),
        line("open", Value::Count(now.open), compared(&|counted| Value::Count(counted.open))),
        line("reply", reply(now), compared(&reply)),
        line("kept", kept(now), compared(&kept)),
        line("days", days(now), Some(times::median_by_kind(making)).filter(|text| !text.is_empty())),
    ]
}

fn notes(making: &Making<'_>) -> Vec<String> {
    let basis = making.basis;
    let mut notes = Vec::new();
    if basis.period.is_part_of_year() {
        let period = written_period(basis.period, basis.words);
        notes.push(making.with("book.part", &[("periode", &period)]));
    }
    let today = basis.today;
    if basis.period.from <= today && today < basis.period.last() {
        notes.push(making.with("book.running", &[("dag", &basis.words.day(today))]));
    }
    if basis.is_behind {
        notes.push(making.t("book.waiting").to_owned());
    }
    if basis.counted.tally.unrecorded > 0 {
        notes.push(making.t("book.unrecorded").to_owned());
    }
    if let Some(began) = basis.began.filter(|began| basis.period.from < *began && *began < basis.period.until)
    {
        notes.push(making.with("book.began", &[("dag", &basis.words.day(began))]));
    }
    if basis.incomparable {
        notes.push(making.t("book.incomparable").to_owned());
    }
    if making.begun() < basis.rules.few {
        notes.push(making.t("book.few").to_owned());
    }
    notes
}
