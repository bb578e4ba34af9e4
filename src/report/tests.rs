//! A book to try files with: what the catalogue makes of the same enquiries every time.

use jiff::civil::date;
use proptest::strategy::{Strategy, ValueTree};

use crate::domain::area::AreaId;
use crate::domain::statistics::book::Book;
use crate::domain::statistics::catalogue::{AreaName, Basis, Rules, book as made};
use crate::domain::statistics::counted::{Chosen, Counted};
use crate::domain::statistics::period::Period;
use crate::domain::statistics::table::Value;
use crate::domain::statistics::tally::Tally;
use crate::domain::statistics::tally::tests::facts;
use crate::texts::load_figures;

/// One of each value.
pub(crate) fn every_value() -> Vec<Value> {
    vec![
        Value::Count(1_280),
        Value::Share(0.392),
        Value::Days(7.0),
        Value::WorkingDays(0.5),
        Value::Seconds(4.0),
        Value::Mean(3.6),
        Value::Money(123_450),
        Value::Change(-0.25),
        Value::Text("=1+1".to_owned()),
        Value::Hidden,
        Value::Nothing,
    ]
}

/// A year of some hundred enquiries; one area has a name of one's choice.
pub(crate) fn book(english: bool, area: &str) -> Book {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let tree = proptest::collection::vec(facts(), 300).new_tree(&mut runner);
    let mut facts = tree.map(|tree| tree.current()).unwrap_or_default();
    for fact in &mut facts {
        fact.area = fact.area.map(|area| AreaId(area.0 % 4 + 1));
    }
    let (period, was) = (Period::year(2026), Period::year(2025));
    let counted =
        |period| Counted { persons: 12, open: 7, tally: Tally::of(&facts, period, Chosen::default()) };
    let (now, before) = (counted(period), counted(was));
    let names = ["Handicap", area, "Kultur, teknik; og \"miljø\"", "Børn og familie"];
    let areas: Vec<AreaName> = names
        .iter()
        .enumerate()
        .map(|(at, name)| AreaName { id: at as i64 + 1, name: (*name).to_owned(), in_force: true })
        .collect();
    let words = load_figures(None).unwrap_or_else(|error| panic!("{error}"));
    let rules = Rules { segment_ore: 35, ..Rules::default() };
    let mut book = made(&Basis {
        period,
        counted: &now,
        before: Some((was, &before)),
        incomparable: false,
        is_behind: false,
        began: None,
        today: date(2027, 2, 1),
        areas: &areas,
        rules: &rules,
        stories: 2,
        limits: "",
        words: &words[usize::from(english)],
    });
    let last = book.figures.last_mut().map(|figure| &mut figure.table);
    if let Some(table) = last {
        table.rows[0].values[0] = Value::Hidden;
    }
    book
}
