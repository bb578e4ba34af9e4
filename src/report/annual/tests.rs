use jiff::civil::date;

use super::*;
use crate::domain::area::AreaId;
use crate::domain::statistics::catalogue::{AreaName, Basis, Rules, book};
use crate::domain::statistics::counted::{Chosen, Counted};
use crate::domain::statistics::period::Period;
use crate::domain::statistics::story::Case;
use crate::domain::statistics::tally::Tally;
use crate::domain::statistics::tally::tests::facts;
use crate::texts::load_figures;

/// A book of as many enquiries as are asked for, always the same.
fn made(english: bool, count: usize, hostile: &str) -> Book {
    use proptest::strategy::{Strategy, ValueTree};
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let facts = proptest::collection::vec(facts(), count).new_tree(&mut runner).unwrap().current();
    let period = Period { from: date(2025, 1, 1), until: date(2026, 1, 1) };
    let mut facts: Vec<_> = facts;
    for fact in &mut facts {
        fact.area = fact.area.map(|area| AreaId(area.0 % 4 + 1));
    }
    let now = Counted { persons: 12, open: 7, tally: Tally::of(&facts, period, Chosen::default()) };
    let names = ["Arbejdsmarked", "Handicap", "Børn og familie", hostile];
    let areas: Vec<AreaName> = names
        .iter()
        .enumerate()
        .map(|(at, name)| AreaName { id: at as i64 + 1, name: (*name).to_owned(), in_force: true })
        .collect();
    let words = load_figures(None).unwrap();
    let rules = Rules::default();
    book(&Basis {
        period,
        counted: &now,
        before: None,
        incomparable: true,
        is_behind: false,
        began: None,
        today: date(2026, 2, 1),
        areas: &areas,
        rules: &rules,
        stories: 2,
        limits: "",
        words: &words[usize::from(english)],
    })
}

fn story(hostile: &str) -> Story {
    Story {
        preface: format!("Bag hvert tal er der en borger.\n\n{hostile}"),
        signature: "Anna Holm, borgerrådgiver".to_owned(),
        can: vec!["vejlede om afgørelser".to_owned()],
        cannot: vec!["ændre kommunens afgørelser".to_owned()],
        before: [("area".to_owned(), "De fleste handler om de store områder.".to_owned())].into(),
        cases: vec![Case {
            title: "Dialog".to_owned(), text: "Et møde løste mere end ti mails.".to_owned()
        }],
        learning: vec!["Skriv altid, hvor man kan klage.".to_owned()],
        closing: "Tak for tilliden.".to_owned(),
    }
}

fn publisher() -> Publisher {
    Publisher { municipality: "Vestersø Kommune".to_owned(), date: date(2026, 2, 17) }
}

/// What a reader sees of a page, without blanks: breaks and hyphens are the setter's.
fn squeezed(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_whitespace() && !matches!(letter, '\\' | '\u{ad}')).collect()
}

#[test]
fn no_figure_and_no_word_is_lost() {
    for english in [false, true] {
        let book = made(english, 280, "Øvrige");
        let story = story("");
        let document = document(&book, &story, &publisher());
        let tables: Vec<&Printed> = document
            .blocks
            .iter()
            .filter_map(|block| match block {
                Block::Table(table) => Some(table),
                _ => None,
            })
            .collect();
        let numerals = Numerals::of(&book.language);
        for figure in &book.figures {
            let of: Vec<_> =
                tables.iter().filter(|table| table.caption.starts_with(&figure.table.caption)).collect();
            let printed: Vec<&str> = of
                .iter()
                .flat_map(|table| &table.rows)
                .flat_map(|row| &row.cells)
                .map(String::as_str)
                .collect();
            let mut wanted =
                figure.table.rows.iter().flat_map(|row| &row.values).map(|value| numerals.cell(value));
            assert!(wanted.all(|cell| printed.contains(&cell.as_str())), "{}", figure.key);
            let pieces: usize = of.iter().map(|table| table.columns.len()).sum();
            assert_eq!(pieces, figure.table.columns.len(), "{}", figure.key);
        }
        let text = squeezed(&indgang_print::text(&document));
        let page = squeezed(&indgang_print::html(&document));
        for words in [
            "Bag hvert tal er der en borger.",
            "Anna Holm, borgerrådgiver",
            "vejlede om afgørelser",
            "ændre kommunens afgørelser",
            "De fleste handler om de store områder.",
            "Et møde løste mere end ti mails.",
            "Skriv altid, hvor man kan klage.",
            "Tak for tilliden.",
            "Vestersø Kommune",
        ] {
            assert!(text.contains(&squeezed(words)) && page.contains(&squeezed(words)), "{words}");
        }
    }
}

#[test]
fn a_table_that_does_not_add_up_is_said_on_paper() {
    let mut book = made(false, 60, "Øvrige");
    let area = book.figures.iter_mut().find(|figure| figure.key == "area").unwrap();
    let at = area.table.column("total").unwrap();
    area.table.totals[0].values[at] = Value::Count(44);
    let text = text(&book, &Story::default(), &publisher());
    assert!(text.contains("Tabellen stemmer ikke") && text.contains("44"));
}

#[test]
fn nothing_and_anything_print() {
    let empty = made(false, 0, "Øvrige");
    assert!(pdf(&empty, &Story::default(), &publisher()).unwrap().starts_with(b"%PDF"));
    let nasty = "<script>alert(1)</script> #set page() `x` $y$ *z* _å_ \u{202e}\u{0} @kilde";
    let book = made(true, 300, nasty);
    let page = html(&book, &story(nasty), &publisher());
    assert!(!page.contains("<script>alert"));
    assert!(pdf(&book, &story(nasty), &publisher()).unwrap().starts_with(b"%PDF"));
}

#[test]
fn the_report_can_be_looked_at() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("target/pictures");
    std::fs::create_dir_all(&folder).unwrap();
    for (english, name) in [(false, "report-da"), (true, "report-en")] {
        let book = made(english, 900, "Kultur, teknik og miljø");
        std::fs::write(folder.join(format!("{name}.pdf")), pdf(&book, &story(""), &publisher()).unwrap())
            .unwrap();
        std::fs::write(folder.join(format!("{name}.html")), html(&book, &story(""), &publisher())).unwrap();
    }
}

#[test]
fn a_figure_of_no_chapter_comes_in_the_last() {
    let mut book = made(false, 20, "Øvrige");
    let mut other = book.figures[0].clone();
    (other.key, other.title) = ("something-new".to_owned(), "Noget nyt".to_owned());
    book.figures.push(other);
    let document = document(&book, &Story::default(), &publisher());
    let at = |text: &str| {
        document
            .blocks
            .iter()
            .position(|block| matches!(block, Block::Heading { text: one, .. } if one == text))
    };
    assert!(at("Noget nyt") > at("Forløb og andet arbejde"));
}
