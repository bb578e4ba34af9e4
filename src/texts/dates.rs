//! Dates written out, as a letter says them. Own tables: two languages do not need a library of all of them.

use jiff::civil::Date;

use super::TextLanguage;

const DANISH_DAYS: [&str; 7] = ["mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"];
const DANISH_MONTHS: [&str; 12] = [
    "januar",
    "februar",
    "marts",
    "april",
    "maj",
    "juni",
    "juli",
    "august",
    "september",
    "oktober",
    "november",
    "december",
];
const ENGLISH_DAYS: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const ENGLISH_MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// «mandag den 16. februar 2026», "Monday 16 February 2026".
pub fn written_out(date: Date, language: TextLanguage) -> String {
    let (weekday, month) = names(date, language);
    let (day, year) = (date.day(), date.year());
    match language {
        TextLanguage::Danish => format!("{weekday} den {day}. {month} {year}"),
        TextLanguage::English => format!("{weekday} {day} {month} {year}"),
    }
}

/// «tirsdag 14. april», "Tuesday 14 April": for text messages, where every character counts. The weekday says which
/// year is meant to whoever reads it in time.
pub fn written_short(date: Date, language: TextLanguage) -> String {
    let (weekday, month) = names(date, language);
    let day = date.day();
    match language {
        TextLanguage::Danish => format!("{weekday} {day}. {month}"),
        TextLanguage::English => format!("{weekday} {day} {month}"),
    }
}

/// «tor. 26. nov.», "Thu 26 Nov": for lists; with the year where it is not `this_year`'s.
pub fn written_list(date: Date, this_year: i16, language: TextLanguage) -> String {
    let (weekday, month) = names(date, language);
    let short = |name: &str| name.chars().take(3).collect::<String>();
    let day = date.day();
    let year = if date.year() == this_year { String::new() } else { format!(" {}", date.year()) };
    match language {
        // May has no full stop, for nothing is left out of it.
        TextLanguage::Danish if month == "maj" => format!("{}. {day}. maj{year}", short(weekday)),
        TextLanguage::Danish => format!("{}. {day}. {}.{year}", short(weekday), short(month)),
        TextLanguage::English => format!("{} {day} {}{year}", short(weekday), short(month)),
    }
}

/// «16. februar», "16 February".
pub(super) fn written_day(date: Date, language: TextLanguage) -> String {
    let month = month_name(date, language);
    match language {
        TextLanguage::Danish => format!("{}. {month}", date.day()),
        TextLanguage::English => format!("{} {month}", date.day()),
    }
}

/// The name of a day's month.
pub(super) fn month_name(date: Date, language: TextLanguage) -> &'static str {
    names(date, language).1
}

/// The name of a weekday: 0 is Monday.
pub(super) fn weekday_name(weekday: i8, language: TextLanguage) -> &'static str {
    let at = usize::from(weekday.rem_euclid(7).unsigned_abs());
    match language {
        TextLanguage::Danish => DANISH_DAYS[at],
        TextLanguage::English => ENGLISH_DAYS[at],
    }
}

/// With a capital letter, as a heading begins.
pub(super) fn capital(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// The names of the weekday and the month.
fn names(date: Date, language: TextLanguage) -> (&'static str, &'static str) {
    let weekday = usize::from(date.weekday().to_monday_zero_offset().unsigned_abs());
    let month = usize::from(date.month().unsigned_abs()) - 1;
    match language {
        TextLanguage::Danish => (DANISH_DAYS[weekday], DANISH_MONTHS[month]),
        TextLanguage::English => (ENGLISH_DAYS[weekday], ENGLISH_MONTHS[month]),
    }
}
