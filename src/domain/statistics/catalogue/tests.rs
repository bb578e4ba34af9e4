use std::collections::BTreeSet;

use indgang_channels::message::Channel;
use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::domain::area::AreaId;
use crate::domain::enquiry::Kind;
use crate::domain::statistics::counted::Chosen;
use crate::domain::statistics::fact::{Acknowledged, Before, Fact};
use crate::domain::statistics::table::TOTAL;
use crate::domain::statistics::tally::tests::facts;
use crate::domain::statistics::tally::{Tally, Traffic};
use crate::domain::task::Task;
use crate::domain::triage::Purpose;
use crate::texts::{FigureWords, load_figures};

/// Words that answer for every key, and say which one is missing.
struct Strict(FigureWords);

impl Say for Strict {
    fn language(&self) -> &'static str {
        self.0.language()
    }

    fn say(&self, key: &str) -> &str {
        let said = self.0.say(key);
        let may_be_silent = key.starts_with("figure.") && (key.ends_with(".note") || key.ends_with(".drawn"));
        assert!(!said.is_empty() || may_be_silent, "there are no words for {key}");
        said
    }

    fn day(&self, day: Date) -> String {
        self.0.day(day)
    }

    fn short_day(&self, day: Date) -> String {
        self.0.short_day(day)
    }

    fn month(&self, month: Month) -> String {
        self.0.month(month)
    }

    fn weekday(&self, weekday: i8) -> String {
        self.0.weekday(weekday)
    }
}

fn strict() -> [Strict; 2] {
    load_figures(None).unwrap().map(Strict)
}

fn blank(person: i64, began: &str) -> Fact {
    Fact {
        person,
        before: Before::default(),
        purpose: Purpose::Enquiry,
        joined: false,
        began: began.parse().unwrap(),
        is_timed: true,
        channel: Channel::Email,
        area: None,
        kind: None,
        form: None,
        ended: None,
        reopened: 0,
        after_closing: false,
        acknowledged: Acknowledged::NotDue,
        promised: Some(date(2022, 7, 1)),
        moved: 0,
        answered: None,
        tasks: BTreeSet::new(),
        themes: BTreeSet::new(),
        case: Some(false),
        forwarded: false,
        referred: false,
        outside: false,
        messages_in: 1,
        messages_out: 0,
        is_recorded: true,
    }
}

/// What the source report counted: 60 enquiries from June to December 2022, 44 of them in the areas whose labels survive.
fn source() -> Vec<Fact> {
    let areas = [(1, 12), (2, 14), (3, 12), (4, 3), (5, 3)];
    let labels = areas.into_iter().flat_map(|(area, count)| std::iter::repeat_n(Some(AreaId(area)), count));
    let labels = labels.chain(std::iter::repeat_n(None, 16));
    let fact = |(at, area): (usize, Option<AreaId>)| {
        let mut fact = blank(at as i64, &format!("2022-{:02}-{:02}T09:00:00Z", 6 + at % 7, 1 + at % 28));
        fact.area = area;
        fact.kind = Some(if at % 5 < 3 { Kind::Delimited } else { Kind::OpenEnded });
        fact.channel = [Channel::Email, Channel::Call, Channel::Web, Channel::Sms][at % 4];
        fact.form =
            Some([Channel::Email, Channel::Call, Channel::Meeting, Channel::Sms, Channel::Web][at % 5]);
        fact.ended = Some(fact.began + jiff::SignedDuration::from_hours(24 * (at as i64 % 40)));
        fact
    };
    labels.enumerate().map(fact).collect()
}

fn names() -> Vec<AreaName> {
    let names = ["Undervisning", "Handicap", "Borgerservice", "Kultur, Teknik og Miljø", "Øvrige"];
    let area =
        |(at, name): (usize, &&str)| AreaName { id: at as i64 + 1, name: (*name).to_owned(), in_force: true };
    names.iter().enumerate().map(area).collect()
}

fn counted(facts: &[Fact], period: Period) -> Counted {
    let tally = Tally::of(facts, period, Chosen::default());
    Counted { persons: tally.persons_from(Month::of(period.from)), open: 0, tally }
}

fn half_year() -> Period {
    Period::through(date(2022, 6, 1), date(2022, 12, 31)).unwrap()
}

fn made(words: &dyn Say, period: Period, now: &Counted, before: Option<(Period, &Counted)>) -> Book {
    let (areas, rules) = (names(), Rules::default());
    book(&Basis {
        period,
        counted: now,
        before,
        incomparable: before.is_none(),
        is_behind: false,
        began: None,
        today: date(2023, 1, 15),
        areas: &areas,
        rules: &rules,
        stories: 3,
        limits: "",
        words,
    })
}

#[test]
fn the_source_report_gives_its_figures() {
    let [danish, _] = strict();
    let now = counted(&source(), half_year());
    let book = made(&danish, half_year(), &now, None);
    assert_eq!(book.faults(), []);
    let area = &book.figure("area").unwrap().table;
    let at = area.column(TOTAL).unwrap();
    let rows: Vec<(&str, i64)> =
        area.rows.iter().map(|row| (row.head.as_str(), row.values[at].count().unwrap())).collect();
    assert_eq!(
        rows,
        [
            ("Handicap", 14),
            ("Undervisning", 12),
            ("Borgerservice", 12),
            ("Kultur, Teknik og Miljø", 3),
            ("Øvrige", 3),
            ("Uoplyst", 16)
        ]
    );
    assert_eq!(area.total(TOTAL).unwrap().values[at], Value::Count(60));
    assert!(area.notes.iter().any(|note| note.contains("ikke nødvendigvis ensbetydende med")), "S8");
    assert_eq!(
        book.figure("area").unwrap().chart.as_ref().unwrap().finding,
        "Tre områder står for over halvdelen"
    );
    let kind = &book.figure("kind").unwrap().table;
    assert!(kind.rows[0].values[0].count() > kind.rows[1].values[0].count());
    assert!(book.figure("form").unwrap().table.rows[..5].iter().all(|row| row.values[0].count() > Some(0)));
    assert!(book.notes.iter().any(|note| note.contains("en del af et år")), "{:?}", book.notes);
    assert!(book.notes.iter().any(|note| note.contains("ingen sammenligning")), "{:?}", book.notes);
    assert!(book.notes.iter().any(|note| note.contains("få henvendelser")), "{:?}", book.notes);
    assert_eq!(book.title, "Statistik 1. juni\u{2013}31. december 2022");
    assert_eq!(book.headlines[0].value, Value::Count(60));
    let months = &book.figure("channel-by-month").unwrap().table;
    assert_eq!(months.rows.len(), 7);
    assert_eq!(months.rows[0].head, "Juni");
}

#[test]
fn forty_four_are_not_sixty() {
    let [danish, _] = strict();
    let mut now = counted(&source(), half_year());
    // The sixteen whose labels are lost, gone from one division only.
    now.tally.areas.add((None, Some(Kind::Delimited)), -3);
    let book = made(&danish, half_year(), &now, None);
    let faults = book.faults();
    assert!(
        faults.iter().any(|fault| fault.table == "area" && fault.total == 60 && fault.parts == 57),
        "{faults:?}"
    );
}

#[test]
fn a_year_is_compared_with_the_year_before() {
    let [danish, english] = strict();
    let mut earlier = source();
    for fact in &mut earlier {
        fact.began -= jiff::SignedDuration::from_hours(24 * 365);
        fact.ended = fact.ended.map(|ended| ended - jiff::SignedDuration::from_hours(24 * 365));
        fact.promised = None;
    }
    earlier.truncate(50);
    let was = half_year().before().unwrap();
    let (now, before) = (counted(&source(), half_year()), counted(&earlier, was));
    let book = made(&danish, half_year(), &now, Some((was, &before)));
    assert_eq!(book.faults(), []);
    assert!(book.subtitle.contains("sammenlignet med samme periode 2021"), "{}", book.subtitle);
    let area = &book.figure("area").unwrap().table;
    let (at, change) = (area.column("before").unwrap(), area.column("change").unwrap());
    assert_eq!(area.columns[at].head, "Samme periode 2021");
    assert_eq!(area.total(TOTAL).unwrap().values[at], Value::Count(50));
    assert_eq!(area.total(TOTAL).unwrap().values[change], Value::Change(0.2));
    assert_eq!(
        area.rows.last().unwrap().values[change],
        Value::Nothing,
        "six are too few to say a change of"
    );
    let months = &book.figure("channel-by-month").unwrap().table;
    assert!(months.column("before").is_some());
    let book = made(&english, half_year(), &now, Some((was, &before)));
    assert_eq!(book.figure("area").unwrap().table.columns[at].head, "The same period 2021");
    assert_eq!(book.language, "en");
}

/// Earlier years that were brought in know of no reopening and no message, and a running year is not over.
#[test]
fn only_what_is_known_is_compared() {
    let [danish, _] = strict();
    let year = Period::year(2022);
    let (mut now, mut earlier) = (source(), source());
    for fact in &mut earlier {
        fact.began -= jiff::SignedDuration::from_hours(24 * 365);
        (fact.is_recorded, fact.case, fact.ended, fact.answered) = (false, None, None, None);
    }
    now[0].reopened = 1;
    let (now, before) = (counted(&now, year), counted(&earlier, year.before().unwrap()));
    let book = made(&danish, year, &now, Some((year.before().unwrap(), &before)));
    let course = &book.figure("course").unwrap().table;
    let was = course.column("before").unwrap();
    let row = |key: &str| &course.rows.iter().find(|row| row.key == key).unwrap().values;
    assert_eq!((&row("reopened")[was], &row("reopened")[0]), (&Value::Nothing, &Value::Count(1)));
    assert_eq!((&row("case_unknown")[was], &row("case_unknown")[0]), (&Value::Count(60), &Value::Count(0)));
    assert_eq!(book.faults(), []);
    // Of those that were brought in, a promise without an answer is not a broken one.
    let book = made(&danish, year.before().unwrap(), &before, None);
    let reply = &book.figure("reply").unwrap().table;
    let broken = reply.column("broken").unwrap();
    assert_eq!(reply.total(TOTAL).unwrap().values[broken], Value::Count(0));
    assert!(book.notes.iter().any(|note| note.contains("tidligere år")), "{:?}", book.notes);
    assert!(earlier.iter().all(|fact| fact.settled() == Some(fact.began)), "and not an open enquiry");
    // A year beside half a year: no change in per cent.
    let book = made(&danish, year, &now, Some((half_year(), &now)));
    let area = &book.figure("area").unwrap().table;
    let change = area.column("change").unwrap();
    assert_eq!(area.total(TOTAL).unwrap().values[change], Value::Nothing);
}

/// A title says nothing is most where several are.
#[test]
fn what_is_equal_is_said_to_be() {
    let [danish, _] = strict();
    let mut facts = vec![blank(1, "2022-06-07T08:10:00Z"), blank(2, "2022-06-08T08:10:00Z")];
    for fact in &mut facts {
        fact.tasks = [Task::ALL[0], Task::ALL[1]].into();
    }
    let finding = |facts: &[Fact], key: &str| {
        let book = made(&danish, half_year(), &counted(facts, half_year()), None);
        book.figure(key).unwrap().chart.as_ref().unwrap().finding.clone()
    };
    assert_eq!(finding(&facts, "channel-by-hour"), danish.say("finding.hours_equal"));
    assert_eq!(finding(&facts, "task"), danish.say("finding.equal"));
    facts.push(blank(3, "2022-06-15T08:50:00Z"));
    facts[2].tasks = [Task::ALL[1]].into();
    assert!(finding(&facts, "channel-by-hour").contains("onsdag mellem kl. 10 og 11"));
    assert!(finding(&facts, "task").contains("(3 af 3)"));
}

#[test]
fn an_area_that_left_the_list_keeps_its_enquiries() {
    let [danish, _] = strict();
    let mut facts = source();
    facts[0].area = Some(AreaId(77));
    let now = counted(&facts, half_year());
    let book = made(&danish, half_year(), &now, None);
    let area = &book.figure("area").unwrap().table;
    assert!(area.rows.iter().any(|row| row.head == "Område 77, ikke længere på listen"));
    assert_eq!(book.faults(), []);
}

#[test]
fn ten_years_go_by_years() {
    let [danish, _] = strict();
    let period = Period::through(date(2016, 1, 1), date(2025, 12, 31)).unwrap();
    let facts: Vec<Fact> =
        (0..40).map(|at| blank(at, &format!("{}-03-01T12:00:00Z", 2016 + at % 10))).collect();
    let book = made(&danish, period, &counted(&facts, period), None);
    let months = &book.figure("channel-by-month").unwrap().table;
    assert_eq!(months.rows.len(), 10);
    assert_eq!((months.rows[9].key.as_str(), months.rows[9].values[5].count()), ("2025", Some(4)));
    assert_eq!(book.faults(), []);
}

#[test]
fn nothing_is_a_figure_too() {
    for words in strict() {
        let book = made(&words, half_year(), &Counted::default(), None);
        assert_eq!(book.faults(), []);
        for figure in &book.figures {
            assert!(!figure.title.is_empty() && !figure.definition.is_empty(), "{}", figure.key);
            assert!(figure.chart.as_ref().is_none_or(|chart| !chart.finding.is_empty()), "{}", figure.key);
            assert!(
                !figure.table.columns.is_empty() && !figure.table.rows.is_empty()
                    || figure.key == "area"
                    || figure.key == "theme"
            );
        }
    }
}

#[test]
fn a_part_of_a_month_says_so() {
    let [danish, _] = strict();
    let period = Period::through(date(2022, 6, 13), date(2022, 8, 23)).unwrap();
    let book = made(&danish, period, &counted(&source(), period), None);
    let heads: Vec<&str> =
        book.figure("channel-by-month").unwrap().table.rows.iter().map(|row| row.head.as_str()).collect();
    assert_eq!(heads, ["Juni, 13.\u{2013}30.", "Juli", "August, 1.\u{2013}23."]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn every_table_adds_up_whatever_happened(
        facts in prop::collection::vec(facts(), 0..60),
        from in 0_i32..1000,
        length in 1_i32..1500,
    ) {
        let from = date(2024, 6, 1).saturating_add(jiff::Span::new().days(from));
        let period = Period { from, until: from.saturating_add(jiff::Span::new().days(length)) };
        let was = period.before().unwrap();
        let (mut now, before) = (counted(&facts, period), counted(&facts, was));
        now.tally.traffic.insert(Channel::Sms, Traffic { incoming: 3, outgoing: 2, automatic: 1, failed: 0, segments: 9 });
        for words in strict() {
            let book = made(&words, period, &now, Some((was, &before)));
            prop_assert_eq!(book.faults(), vec![]);
            for figure in &book.figures {
                let width = figure.table.columns.len();
                prop_assert!(figure.table.rows.iter().chain(&figure.table.totals).all(|row| row.values.len() == width));
                let keys: BTreeSet<&str> = figure.table.rows.iter().map(|row| row.key.as_str()).collect();
                prop_assert_eq!(keys.len(), figure.table.rows.len(), "{} has a key twice", figure.key);
                if let (Some(division), Some(total)) = (&figure.table.division, figure.table.total(TOTAL)) {
                    let at = figure.table.column(TOTAL).unwrap_or(0);
                    let expected = match division.of.as_str() {
                        "begun" => now.tally.begun(),
                        "ended" => now.tally.closed(),
                        _ => continue,
                    };
                    prop_assert_eq!(total.values[at].count(), Some(expected), "{}", figure.key);
                }
            }
        }
    }
}
