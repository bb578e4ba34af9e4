//! The Danish calendar: local days in Europe/Copenhagen and the public holidays, by rule.
//!
//! Knows no office: closure days and absences are [`crate::domain::promise`]'s. Banks, shops and agreements have
//! further days off (1 May, grundlovsdag, 24 and 31 December); they are no public holidays and are configured.

use std::sync::LazyLock;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::tz::{TimeZone, TimeZoneDatabase};

/// The last year with store bededag, which was abolished by law from 2024.
const LAST_STORE_BEDEDAG: i16 = 2023;

/// The time zone that all days are counted in. From the rules inside the program, not the machine's, so that a
/// promise is the same on every machine and in a container without any.
static COPENHAGEN: LazyLock<TimeZone> = LazyLock::new(|| {
    TimeZoneDatabase::bundled()
        .get("Europe/Copenhagen")
        .expect("the time zone rules are compiled into the program (feature tzdb-bundle-always)")
});

/// The time zone Europe/Copenhagen.
pub fn copenhagen() -> &'static TimeZone {
    &COPENHAGEN
}

/// What calendars and clocks on Danish walls show at `moment`.
pub fn local(moment: Timestamp) -> DateTime {
    COPENHAGEN.to_datetime(moment)
}

/// A time of day in Denmark; `None` past the end of the calendar. Of a time that there is twice, the first.
pub fn moment(day: Date, time: Time) -> Option<Timestamp> {
    day.to_datetime(time).to_zoned(copenhagen().clone()).ok().map(|zoned| zoned.timestamp())
}

/// The moment that `day` begins at; `None` at the end of the calendar.
pub fn begins(day: Date) -> Option<Timestamp> {
    day.to_zoned(COPENHAGEN.clone()).ok().map(|zoned| zoned.timestamp())
}

/// The Danish name of the public holiday that `day` is; `None` on all other days.
///
/// Valid for the years of the Gregorian calendar in which these holidays stand, which is all that an office of
/// today meets: before 2024 it includes store bededag.
pub fn holiday(day: Date) -> Option<&'static str> {
    match (day.month(), day.day()) {
        (1, 1) => return Some("Nytårsdag"),
        (12, 25) => return Some("Juledag"),
        (12, 26) => return Some("Anden juledag"),
        _ => {}
    }
    let (month, easter_day) = easter(day.year());
    match i32::from(day.day_of_year())
        - i32::from(Date::constant(day.year(), month, easter_day).day_of_year())
    {
        -3 => Some("Skærtorsdag"),
        -2 => Some("Langfredag"),
        0 => Some("Påskedag"),
        1 => Some("Anden påskedag"),
        26 if day.year() <= LAST_STORE_BEDEDAG => Some("Store bededag"),
        39 => Some("Kristi himmelfartsdag"),
        49 => Some("Pinsedag"),
        50 => Some("Anden pinsedag"),
        _ => None,
    }
}

/// Whether people work on `day`, as far as the calendar alone can say: neither a weekend nor a public holiday.
pub fn is_ordinary_working_day(day: Date) -> bool {
    !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) && holiday(day).is_none()
}

/// Month and day of Easter Sunday: the Gregorian computus, from the golden number, the epact and the Sunday letter.
fn easter(year: i16) -> (i8, i8) {
    let year = i32::from(year);
    let century = year.div_euclid(100);
    let golden = year.rem_euclid(19);
    // The epact is the age of the moon at new year: 11 days more each year, less the leap days that three of four
    // centuries leave out, plus the eighth of a day that the 19-year cycle is short of (8 in 2,500 years).
    let leap_days_left_out = century - century.div_euclid(4);
    let moon_correction = (8 * century + 13).div_euclid(25);
    let to_full_moon = (19 * golden + leap_days_left_out - moon_correction + 15).rem_euclid(30);
    // The full moon falls on 19 April at the latest, and on the 18th where the cycle would repeat a date.
    let too_late = to_full_moon == 29 || (to_full_moon == 28 && golden > 10);
    let full_moon = to_full_moon - i32::from(too_late);
    // Easter is the Sunday after that full moon, counted from 21 March.
    let weekday_shift = (year + year.div_euclid(4) - leap_days_left_out + full_moon + 2).rem_euclid(7);
    let from_first_of_march = 28 + full_moon - weekday_shift;
    if from_first_of_march > 31 {
        (4, (from_first_of_march - 31) as i8)
    } else {
        (3, from_first_of_march as i8)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use jiff::civil::date;
    use rstest::rstest;

    use super::*;

    /// Every day of 2020-2040 against another's list, both ways, by name.
    #[test]
    fn the_holidays_are_those_of_an_independent_source() {
        let listed: BTreeMap<Date, &str> = include_str!("testdata/danish-holidays-2020-2040.csv")
            .lines()
            .filter(|line| !line.starts_with('#') && *line != "date,name")
            .map(|line| line.split_once(',').unwrap())
            .map(|(day, name)| (day.parse().unwrap(), name))
            .collect();
        assert_eq!(listed.len(), 21 * 10 + 4, "ten a year, and store bededag in four");
        let mut computed = BTreeMap::new();
        for day in date(2020, 1, 1).series(jiff::Span::new().days(1)).take_while(|day| day.year() <= 2040) {
            computed.extend(holiday(day).map(|name| (day, name)));
        }
        assert_eq!(computed, listed);
    }

    /// Easter Sundays at the edges of the rule: the earliest, the latest, and the years of both exceptions.
    #[rstest]
    #[case(1818, 3, 22)]
    #[case(1943, 4, 25)]
    #[case(1954, 4, 18)]
    #[case(1981, 4, 19)]
    #[case(2000, 4, 23)]
    #[case(2008, 3, 23)]
    #[case(2038, 4, 25)]
    #[case(2049, 4, 18)]
    #[case(2076, 4, 19)]
    #[case(2285, 3, 22)]
    #[case(3165, 4, 18)]
    fn easter_at_its_edges(#[case] year: i16, #[case] month: i8, #[case] day: i8) {
        assert_eq!(easter(year), (month, day));
    }

    #[test]
    fn easter_is_a_sunday_between_22_march_and_25_april_in_every_year() {
        for year in -9999..=9999 {
            let (month, day) = easter(year);
            let easter = date(year, month, day);
            assert!(easter >= date(year, 3, 22) && easter <= date(year, 4, 25), "{easter}");
            assert_eq!(easter.weekday(), Weekday::Sunday, "{easter}");
        }
    }

    #[rstest]
    #[case::winter("2026-02-28T23:00:00Z", "2026-03-01T00:00:00")]
    #[case::before_the_clock_goes_forward("2026-03-29T00:59:59Z", "2026-03-29T01:59:59")]
    #[case::after_the_clock_goes_forward("2026-03-29T01:00:00Z", "2026-03-29T03:00:00")]
    #[case::summer("2026-06-30T22:00:00Z", "2026-07-01T00:00:00")]
    #[case::the_hour_that_comes_twice("2026-10-25T00:30:00Z", "2026-10-25T02:30:00")]
    #[case::the_hour_that_comes_twice_again("2026-10-25T01:30:00Z", "2026-10-25T02:30:00")]
    fn local_time_is_that_of_copenhagen(#[case] moment: Timestamp, #[case] wall: DateTime) {
        assert_eq!(local(moment), wall);
    }
}
