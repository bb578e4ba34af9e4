use std::io::Read;

use proptest::prelude::*;
use resvg::usvg::roxmltree::Document;
use rstest::rstest;

use super::*;
use crate::domain::statistics::table::Value;
use crate::report::tests::book;

#[test]
fn the_same_figures_are_the_same_bytes() {
    let book = book(false, "=HYPERLINK(\"https://x.example\")");
    let first = xlsx(&book).unwrap();
    assert!(first.starts_with(b"PK"));
    assert_eq!(first, xlsx(&book).unwrap());
}

#[test]
fn names_of_sheets_are_short_and_different() {
    let mut book = book(false, "Øvrige");
    for (at, figure) in book.figures.iter_mut().enumerate() {
        figure.title = match at {
            0 => "Overblik".to_owned(),
            1 => "a/b:c*[d]?\\".to_owned(),
            2 => String::new(),
            _ => format!("En meget lang overskrift, der ikke kan stå på et ark {at}"),
        };
    }
    let names = names(&book, "Overblik");
    assert_eq!(names[0], "Overblik 2");
    assert_eq!(names[1], "a b c d");
    let different: BTreeSet<String> = names.iter().map(|name| name.to_lowercase()).collect();
    assert_eq!(different.len(), names.len());
    assert!(names.iter().all(|name| (1..=31).contains(&name.encode_utf16().count())));
    assert!(xlsx(&book).is_ok());
}

#[test]
fn odd_words_and_nothing_are_written_too() {
    for words in ["", "\u{0}\u{b}", "'", "🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂", "=1", &"x".repeat(40_000)]
    {
        let mut book = book(true, words);
        words.clone_into(&mut book.title);
        words.clone_into(&mut book.figures[3].title);
        words.clone_into(&mut book.figures[3].definition);
        words.clone_into(&mut book.figures[3].table.stub);
        assert!(xlsx(&book).is_ok(), "{}", words.len());
    }
}

/// The parts of a workbook: the central directory of the archive says where each is and how long.
fn parts(archive: &[u8]) -> Vec<(String, String)> {
    let short = |at: usize| usize::from(u16::from_le_bytes([archive[at], archive[at + 1]]));
    let long = |at: usize| short(at) + (short(at + 2) << 16);
    let end = archive.windows(4).rposition(|window| window == b"PK\x05\x06").expect("the end of an archive");
    let mut at = long(end + 16);
    (0..short(end + 10))
        .map(|_| {
            let name = String::from_utf8(archive[at + 46..at + 46 + short(at + 28)].to_vec()).unwrap();
            let local = long(at + 42);
            let begins = local + 30 + short(local + 26) + short(local + 28);
            let packed = &archive[begins..begins + long(at + 20)];
            let mut text = String::new();
            match short(at + 10) {
                0 => packed.to_vec().as_slice().read_to_string(&mut text).unwrap(),
                _ => flate2::read::DeflateDecoder::new(packed).read_to_string(&mut text).unwrap(),
            };
            at += 46 + short(at + 28) + short(at + 30) + short(at + 32);
            (name, text)
        })
        .collect()
}

/// Every part can be read, and no cell is a formula.
fn assert_whole(archive: &[u8]) {
    for (name, text) in parts(archive) {
        let document = Document::parse(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        if name.starts_with("xl/worksheets/sheet") {
            let formula =
                document.descendants().find(|node| node.is_element() && node.tag_name().name() == "f");
            assert!(formula.is_none(), "{name} has a formula: {:?}", formula.and_then(|node| node.text()));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn no_words_break_a_workbook_or_become_a_formula(
        words in prop_oneof![any::<String>(), "[=+@\\-\t\r\n;'!$A-Z0-9:\\[\\]{}<>&\"]{0,40}"],
        number in any::<f64>(),
    ) {
        let mut book = book(true, &words);
        for text in [&mut book.title, &mut book.subtitle] {
            words.clone_into(text);
        }
        for headline in &mut book.headlines {
            words.clone_into(&mut headline.label);
            words.clone_into(&mut headline.detail);
        }
        book.notes.push(words.clone());
        for figure in &mut book.figures {
            for text in [&mut figure.title, &mut figure.definition, &mut figure.table.stub, &mut figure.table.caption] {
                words.clone_into(text);
            }
            figure.table.notes.push(words.clone());
            if let Some(chart) = &mut figure.chart {
                for text in [&mut chart.finding, &mut chart.subtitle, &mut chart.description] {
                    words.clone_into(text);
                }
            }
            if let Some(value) = figure.table.rows.first_mut().and_then(|row| row.values.first_mut()) {
                *value = Value::Mean(number);
            }
            if let Some(column) = figure.table.columns.first_mut() {
                words.clone_into(&mut column.head);
            }
        }
        assert_whole(&xlsx(&book).unwrap());
    }
}

#[test]
fn every_picture_has_its_description_and_its_title() {
    let mut book = book(false, "Øvrige");
    for figure in &mut book.figures {
        if let Some(chart) = &mut figure.chart {
            chart.description = "Beskrivelse. ".repeat(40);
        }
    }
    let parts = parts(&xlsx(&book).unwrap());
    let drawings: Vec<_> = parts.iter().filter(|(name, _)| name.starts_with("xl/drawings/drawing")).collect();
    assert!(drawings.len() > 3, "{}", drawings.len());
    for (name, text) in drawings {
        assert!(text.contains("descr=\"Beskrivelse. "), "{name}: {text}");
    }
    let charts: Vec<_> = parts.iter().filter(|(name, _)| name.starts_with("xl/charts/chart")).collect();
    for (name, text) in charts {
        assert!(text.contains("!$A$2</c:f>"), "{name}: its title is not the cell of the finding");
        assert!(!text.contains("<c:numCache/>"), "{name}");
    }
    let core = &parts.iter().find(|(name, _)| name == "docProps/core.xml").unwrap().1;
    assert!(
        core.contains("<dc:creator>Indgang</dc:creator>") && core.contains("2026-12-31T00:00:00Z"),
        "{core}"
    );
    let custom = &parts.iter().find(|(name, _)| name == "docProps/custom.xml").unwrap().1;
    assert!(custom.contains("da-DK"), "{custom}");
}

#[rstest]
#[case::count(Value::Count(1), "#,##0", "#,##0")]
#[case::share(Value::Share(0.5), "0\\ %", "0%")]
#[case::whole_days(Value::Days(7.0), "#,##0", "#,##0")]
#[case::days(Value::Days(4.5), "#,##0.0", "#,##0.0")]
#[case::working_days(Value::WorkingDays(1.0), "#,##0.0", "#,##0.0")]
#[case::money(Value::Money(5), "#,##0.00\\ \"kr.\"", "#,##0.00\\ \"DKK\"")]
#[case::seconds(Value::Seconds(5.0), "#,##0\\ \"s\"", "#,##0\\ \"s\"")]
#[case::words(Value::Text("=1".to_owned()), "General", "General")]
fn a_number_is_shown_as_what_it_counts(#[case] value: Value, #[case] danish: &str, #[case] english: &str) {
    assert_eq!(Formats::new(Numerals::DANISH).code(&value), danish);
    assert_eq!(Formats::new(Numerals::ENGLISH).code(&value), english);
}

#[rstest]
#[case::nothing("", 10, 1)]
#[case::short("Ærø", 10, 1)]
#[case::long(&"ord ".repeat(30), 60, 2)]
#[case::broken("a\nb\nc", 60, 3)]
#[case::no_width("abc", 0, 3)]
#[case::without_end(&"x".repeat(100_000), 10, 409)]
fn text_is_as_tall_as_it_needs(#[case] text: &str, #[case] width: u32, #[case] lines: u32) {
    assert_eq!(sheet::lines(text, width), lines);
}
