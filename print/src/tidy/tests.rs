use jiff::civil::date;
use rstest::rstest;

use super::*;

fn document(blocks: Vec<Block>) -> Document {
    Document {
        title: "T".to_owned(),
        subtitle: String::new(),
        organisation: String::new(),
        author: String::new(),
        language: Language::Danish,
        date: date(2026, 1, 1),
        cover: None,
        contents: false,
        blocks,
    }
}

fn tidied(blocks: Vec<Block>) -> Vec<Block> {
    tidy(&document(blocks), &|text| text).blocks
}

fn heading(level: u8, text: &str) -> Block {
    Block::Heading { level, text: text.to_owned() }
}

#[rstest]
#[case(" a \t b\r\nc\u{2028}d ", "a b c d")]
#[case("96\u{a0}%", "96\u{a0}%")]
#[case("\u{0}a\u{1b}[0m\u{7f}", "a[0m")]
#[case("\u{feff}x\u{202e}y\u{2066}z\u{fffe}\u{1ffff}", "xyz")]
#[case("a\u{30a}", "å")]
fn a_line_is_one_line(#[case] text: &str, #[case] expected: &str) {
    assert_eq!(tidied(vec![heading(1, text)]), [heading(1, expected)]);
}

#[test]
fn a_line_ends_before_a_file_would_refuse_it() {
    let Some(Block::Heading { text, .. }) = tidied(vec![heading(1, &"å".repeat(20_000))]).pop() else {
        panic!("a heading")
    };
    assert_eq!(text.chars().count(), LONGEST_LINE + 1);
    assert!(text.ends_with('…'));
}

#[test]
fn no_heading_skips_a_level() {
    let levels = |given: &[u8]| -> Vec<u8> {
        let blocks = tidied(given.iter().map(|&level| heading(level, "x")).collect());
        blocks
            .iter()
            .filter_map(|block| match block {
                Block::Heading { level, .. } => Some(*level),
                _ => None,
            })
            .collect()
    };
    assert_eq!(levels(&[3, 3, 1, 3, 9, 0, 2]), [1, 2, 1, 2, 3, 1, 2]);
}

#[test]
fn what_is_empty_is_left_out() {
    let empty = List { numbered: true, items: vec![" \n".to_owned()] };
    let blocks = vec![
        heading(1, " \u{0} "),
        Block::Lede { text: "\n".to_owned() },
        Block::paragraph(" \n "),
        Block::List(empty.clone()),
        Block::KeyFigures { figures: Vec::new() },
        Block::Note { text: String::new() },
        Block::Panel { heading: "Kasse".to_owned(), text: String::new(), list: Some(empty) },
    ];
    let panel = Block::Panel { heading: "Kasse".to_owned(), text: String::new(), list: None };
    assert_eq!(tidied(blocks), [panel]);
}

#[test]
fn every_drawing_is_described_and_every_report_has_a_title() {
    let figure = |alt: &str, caption: &str| Block::Figure {
        picture: Picture { svg: "<svg/>".to_owned(), alt: alt.to_owned() },
        caption: caption.to_owned(),
        detail: String::new(),
    };
    assert_eq!(
        tidied(vec![figure(" ", "Søjler"), figure("", "")]),
        [figure("Søjler", "Søjler"), figure("Figur", "")]
    );
    let untitled = Document { title: "\n".to_owned(), ..document(Vec::new()) };
    assert_eq!(tidy(&untitled, &|text| text).title, "Beretning");
}

#[test]
fn every_row_is_as_long_as_the_head() {
    let row = |cells: &[&str]| Row {
        head: "r".to_owned(),
        cells: cells.iter().map(|&cell| cell.to_owned()).collect(),
    };
    let column = Column { head: "k".to_owned(), figures: true };
    let table = |rows| {
        Block::Table(Table {
            caption: "c".to_owned(),
            stub: "s".to_owned(),
            columns: vec![column.clone(), column.clone()],
            rows,
            totals: Vec::new(),
            notes: Vec::new(),
        })
    };
    assert_eq!(
        tidied(vec![table(vec![row(&[]), row(&["1", "2", "3"])])]),
        [table(vec![row(&["", ""]), row(&["1", "2"])])]
    );
}
