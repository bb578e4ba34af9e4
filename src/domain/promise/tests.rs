//! The promised dates: the acceptance scenarios, the edges of the rule, and its laws.

use jiff::civil::{DateTime, date};
use proptest::prelude::*;
use rstest::rstest;

use super::*;

/// A moment by the clocks of Copenhagen.
fn at(wall: &str) -> Timestamp {
    let wall: DateTime = wall.parse().unwrap();
    wall.to_zoned(calendar::copenhagen().clone()).unwrap().timestamp()
}

fn closing(days: &[&str]) -> Office {
    Office { closed_every_year: days.iter().map(|day| day.parse().unwrap()).collect(), ..Office::default() }
}

fn away(from: Date, through: Date, substitute: Option<&str>) -> Absence {
    Absence { from, through, substitute: substitute.map(str::to_owned) }
}

/// T6: away from 21 December 2026 to 3 January 2027; 24 and 31 December are closed.
fn christmas(substitute: Option<&str>) -> Office {
    Office {
        absences: vec![away(date(2026, 12, 21), date(2027, 1, 3), substitute)],
        ..closing(&["12-24", "12-31"])
    }
}

#[rstest]
#[case::t1_evening_before_easter(closing(&[]), "2026-04-01T20:10", "2026-04-14")]
#[case::t2_monday_morning(closing(&[]), "2026-02-09T10:00", "2026-02-16")]
#[case::t3_first_of_may_is_ordinary(closing(&[]), "2026-04-30T10:00", "2026-05-07")]
#[case::t3_first_of_may_is_closed(closing(&["05-01"]), "2026-04-30T10:00", "2026-05-08")]
#[case::t6_covered(christmas(Some("Ole")), "2026-12-22T10:00", "2027-01-04")]
#[case::t6_uncovered(christmas(None), "2026-12-22T10:00", "2027-01-11")]
#[case::a_second_before_the_cut_off(closing(&[]), "2026-02-09T14:59:59", "2026-02-16")]
#[case::at_the_cut_off(closing(&[]), "2026-02-09T15:00", "2026-02-17")]
#[case::midnight_is_the_new_day(closing(&[]), "2026-02-10T00:00", "2026-02-17")]
#[case::friday_evening_is_monday(closing(&[]), "2026-02-13T16:00", "2026-02-23")]
#[case::saturday_morning_is_monday(closing(&[]), "2026-02-14T09:00", "2026-02-23")]
#[case::sunday_evening_is_monday(closing(&[]), "2026-02-15T23:59", "2026-02-23")]
#[case::over_store_bededag_2023(closing(&[]), "2023-05-04T10:00", "2023-05-12")]
#[case::no_store_bededag_2024(closing(&[]), "2024-04-25T10:00", "2024-05-02")]
#[case::over_ascension_day(closing(&[]), "2026-05-13T10:00", "2026-05-21")]
#[case::over_whitsun(closing(&[]), "2026-05-22T10:00", "2026-06-01")]
#[case::grundlovsdag_is_ordinary(closing(&[]), "2026-06-01T10:00", "2026-06-08")]
#[case::grundlovsdag_is_closed(closing(&["06-05"]), "2026-06-01T10:00", "2026-06-09")]
#[case::over_the_night_the_clock_goes_forward(closing(&[]), "2026-03-27T10:00", "2026-04-08")]
#[case::in_the_night_the_clock_goes_back(closing(&[]), "2026-10-25T02:30", "2026-11-02")]
#[case::just_before_an_uncovered_absence(christmas(None), "2026-12-18T14:00", "2027-01-08")]
#[case::at_the_end_of_an_uncovered_absence(christmas(None), "2027-01-03T23:00", "2027-01-11")]
#[case::after_the_absence(christmas(None), "2027-01-04T08:00", "2027-01-11")]
fn the_answer_is_promised_by(#[case] office: Office, #[case] received: &str, #[case] reply_by: Date) {
    assert_eq!(promise(&office, at(received)).reply_by, reply_by);
}

#[test]
fn the_day_is_that_of_copenhagen_not_of_greenwich() {
    // 23:30 UTC on Sunday is half past midnight on Monday here, and in summer half past one.
    for (moment, reply_by) in [("2026-02-08T23:30Z", "2026-02-16"), ("2026-06-14T22:30Z", "2026-06-22")] {
        let moment: Timestamp = moment.parse().unwrap();
        assert_eq!(promise(&Office::default(), moment).reply_by, reply_by.parse::<Date>().unwrap());
    }
}

#[test]
fn other_numbers_of_days() {
    for (working_days, reply_by) in [(0, date(2026, 2, 9)), (1, date(2026, 2, 10)), (15, date(2026, 3, 2))] {
        let office = Office { working_days, ..Office::default() };
        assert_eq!(promise(&office, at("2026-02-09T10:00")).reply_by, reply_by);
    }
}

#[rstest]
#[case::before(None, "2026-12-18T14:00", None)]
#[case::the_evening_before(None, "2026-12-18T18:00", Some((date(2027, 1, 3), None)))]
#[case::the_weekend_before(None, "2026-12-19T10:00", Some((date(2027, 1, 3), None)))]
#[case::in_it(None, "2026-12-22T10:00", Some((date(2027, 1, 3), None)))]
#[case::on_its_last_day(None, "2027-01-03T20:00", Some((date(2027, 1, 3), None)))]
#[case::after(None, "2027-01-04T00:00", None)]
#[case::covered(Some("Ole"), "2026-12-22T10:00", Some((date(2027, 1, 3), Some("Ole"))))]
fn the_letter_is_told_of_an_absence(
    #[case] substitute: Option<&str>,
    #[case] received: &str,
    #[case] told: Option<(Date, Option<&str>)>,
) {
    let closed = told.map(|(through, name)| Closed { through, substitute: name.map(str::to_owned) });
    assert_eq!(promise(&christmas(substitute), at(received)).closed, closed);
}

#[test]
fn absences_that_meet_are_one() {
    let absences = vec![
        away(date(2026, 7, 13), date(2026, 7, 17), None),
        away(date(2026, 7, 6), date(2026, 7, 10), None),
        away(date(2026, 7, 20), date(2026, 7, 24), Some("Ole")),
    ];
    let promised = promise(&Office { absences, ..Office::default() }, at("2026-07-07T10:00"));
    assert_eq!(promised.closed, Some(Closed { through: date(2026, 7, 17), substitute: None }));
    assert_eq!(promised.reply_by, date(2026, 7, 27), "day 0 is Monday the 20th, when Ole reads");
}

#[test]
fn a_substitute_for_part_of_an_absence_counts_for_that_part() {
    let absences = vec![
        away(date(2026, 7, 6), date(2026, 7, 24), None),
        away(date(2026, 7, 13), date(2026, 7, 17), Some("Ole")),
    ];
    let office = Office { absences, ..Office::default() };
    assert!(!office.works_on(date(2026, 7, 10)));
    assert!(office.works_on(date(2026, 7, 13)));
    assert!(!office.works_on(date(2026, 7, 20)));
    let told = |wall| promise(&office, at(wall)).closed.unwrap();
    assert_eq!(told("2026-07-07T10:00"), Closed { through: date(2026, 7, 12), substitute: None });
    assert_eq!(told("2026-07-10T18:00").substitute.as_deref(), Some("Ole"), "Ole reads it on Monday");
    assert_eq!(told("2026-07-18T10:00"), Closed { through: date(2026, 7, 24), substitute: None });
}

#[test]
fn an_absence_that_ends_before_it_begins_has_no_days() {
    let absences = vec![away(date(2026, 7, 10), date(2026, 7, 6), None)];
    let promised = promise(&Office { absences, ..Office::default() }, at("2026-07-08T10:00"));
    assert_eq!(promised, Promise { reply_by: date(2026, 7, 15), closed: None });
}

#[test]
fn an_office_that_never_opens_promises_the_last_day_there_is() {
    let absences = vec![away(Date::MIN, Date::MAX, None)];
    let office = Office { working_days: u32::MAX, absences, ..Office::default() };
    let promised = promise(&office, at("2026-07-08T10:00"));
    assert_eq!(promised.reply_by, Date::MAX);
    assert_eq!(promised.closed, Some(Closed { through: Date::MAX, substitute: None }));
}

#[rstest]
#[case("12-24", true)]
#[case("02-29", true)]
#[case("02-30", false)]
#[case("13-01", false)]
#[case("5-1", false)]
#[case("12-24T10:00", false)]
#[case("", false)]
fn a_day_of_the_year_is_written(#[case] written: &str, #[case] is_one: bool) {
    let read = written.parse::<MonthDay>();
    assert_eq!(read.is_ok(), is_one);
    assert!(read.is_err() || read.unwrap().to_string() == written);
}

#[test]
fn a_leap_day_can_be_closed() {
    assert!(!closing(&["02-29"]).works_on(date(2028, 2, 29)));
    assert!(closing(&["02-29"]).works_on(date(2027, 3, 1)));
}

/// A day of the years 2024 to 2029, which hold two leap days.
fn a_day() -> impl Strategy<Value = Date> {
    (0..2192_i64).prop_map(|days| date(2024, 1, 1) + days.days())
}

/// A moment of those years, to the second.
fn a_moment() -> impl Strategy<Value = Timestamp> {
    (at("2024-01-01T00:00").as_second()..at("2030-01-01T00:00").as_second())
        .prop_map(|second| Timestamp::from_second(second).unwrap())
}

prop_compose! {
    fn an_office()(
        working_days in 0..30_u32,
        minute in 0..1440_i16,
        closed_on in prop::collection::btree_set(a_day(), 0..30),
        closed_every_year in prop::collection::btree_set(a_day(), 0..10),
        absences in prop::collection::vec((a_day(), 0..40_i64, any::<bool>()), 0..8),
    ) -> Office {
        Office {
            working_days,
            cut_off: Time::constant((minute / 60) as i8, (minute % 60) as i8, 0, 0),
            closed_on,
            closed_every_year: closed_every_year
                .into_iter()
                .map(|day| MonthDay { month: day.month(), day: day.day() })
                .collect(),
            absences: absences
                .into_iter()
                .map(|(from, days, covered)| away(from, from + days.days(), covered.then_some("Ole")))
                .collect(),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn it_is_a_day_on_which_somebody_works(office in an_office(), received in a_moment()) {
        prop_assert!(office.works_on(promise(&office, received).reply_by));
    }

    #[test]
    fn it_leaves_the_office_its_working_days_and_no_more(office in an_office(), received in a_moment()) {
        let day = calendar::local(received).date();
        let reply_by = promise(&office, received).reply_by;
        prop_assert!(reply_by >= day);
        // Working days after receipt: the promised number, and day 0 itself when that comes later.
        let between = day.series(1.day()).skip(1).take_while(|one| *one <= reply_by);
        let working = between.filter(|one| office.works_on(*one)).count();
        let today = office.works_on(day) && calendar::local(received).time() < office.cut_off;
        prop_assert_eq!(working, office.working_days as usize + usize::from(!today));
    }

    #[test]
    fn who_writes_later_is_promised_no_earlier(office in an_office(), one in a_moment(), other in a_moment()) {
        let (earlier, later) = (one.min(other), one.max(other));
        prop_assert!(promise(&office, earlier).reply_by <= promise(&office, later).reply_by);
    }

    /// The same for moments that lie close together, where midnight, cut-off and the turns of the clock are met.
    #[test]
    fn who_writes_a_little_later_is_promised_no_earlier(
        office in an_office(),
        earlier in a_moment(),
        seconds in 0..200_000_i64,
    ) {
        let later = earlier + seconds.seconds();
        prop_assert!(promise(&office, earlier).reply_by <= promise(&office, later).reply_by);
    }

    #[test]
    fn closing_on_one_more_day_promises_nothing_earlier(
        office in an_office(),
        received in a_moment(),
        closed in a_day(),
        every_year: bool,
    ) {
        let mut more = office.clone();
        if every_year {
            more.closed_every_year.insert(MonthDay { month: closed.month(), day: closed.day() });
        } else {
            more.closed_on.insert(closed);
        }
        prop_assert!(promise(&office, received).reply_by <= promise(&more, received).reply_by);
    }

    #[test]
    fn being_away_uncovered_promises_nothing_earlier(
        mut office in an_office(),
        received in a_moment(),
        from in a_day(),
        days in 0..40_i64,
    ) {
        let before = promise(&office, received).reply_by;
        office.absences.push(away(from, from + days.days(), None));
        prop_assert!(before <= promise(&office, received).reply_by);
    }

    #[test]
    fn being_covered_changes_no_date(office in an_office(), received in a_moment()) {
        let mut covered = office.clone();
        covered.absences.iter_mut().for_each(|absence| absence.substitute = Some("Ole".to_owned()));
        let never_away = Office { absences: Vec::new(), ..office };
        prop_assert_eq!(promise(&covered, received).reply_by, promise(&never_away, received).reply_by);
    }

    #[test]
    fn closed_lasts_until_somebody_works(office in an_office(), received in a_moment()) {
        let promised = promise(&office, received);
        if let Some(closed) = promised.closed {
            prop_assert!(closed.through >= calendar::local(received).date());
            if closed.substitute.is_none() {
                let day = calendar::local(received).date();
                prop_assert!(!day.series(1.day()).skip(1).take_while(|one| *one <= closed.through).any(|one| office.works_on(one)));
            }
        }
    }
}
