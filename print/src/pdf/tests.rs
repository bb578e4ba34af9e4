use jiff::civil::date;
use typst::World as _;
use typst::syntax::{RootedPath, VirtualPath, VirtualRoot};

use super::*;
use crate::document::Language;

fn document(blocks: Vec<Block>) -> Document {
    Document {
        title: "Årsberetning".to_owned(),
        subtitle: "2025".to_owned(),
        organisation: String::new(),
        author: String::new(),
        language: Language::English,
        date: date(2026, 1, 1),
        cover: None,
        contents: false,
        blocks,
    }
}

fn figure(svg: &str) -> Block {
    let picture = Picture { svg: svg.to_owned(), alt: "Columns".to_owned() };
    Block::Figure { picture, caption: "Caption".to_owned(), detail: String::new() }
}

#[test]
fn a_report_of_nothing_is_a_cover() {
    assert!(pdf(&document(Vec::new())).is_ok_and(|bytes| bytes.starts_with(b"%PDF-1.7")));
}

#[test]
fn a_drawing_that_is_none_is_named() {
    let error = pdf(&document(vec![figure("<p>no</p>")])).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the drawing “Columns” cannot be placed: it is not one svg element in the namespace http://www.w3.org/2000/svg"
    );
}

#[test]
fn a_year_beyond_paper_is_refused() {
    assert_eq!(pdf(&Document { date: date(-44, 3, 15), ..document(Vec::new()) }), Err(PrintError::Date));
}

/// The file is there for anybody who can open it.
#[test]
fn a_drawing_reaches_nothing_outside() {
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    for link in [source.to_owned(), format!("file://{source}"), "https://example.org/a.png".to_owned()] {
        let svg = format!(
            "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'><image href='{link}' width='9' height='9'/></svg>"
        );
        let outcome = pdf(&document(vec![figure(&svg)]));
        let expected = PrintError::Drawing { described: "Columns".to_owned(), reason: DrawingError::Outside };
        assert_eq!(outcome, Err(expected), "{link}");
    }
}

/// Should a drawing get past that, the typesetter has no files to give it.
#[test]
fn the_typesetter_knows_two_files() {
    let room = Room::new(b"{}".to_vec()).unwrap();
    let other = |name| RootedPath::new(VirtualRoot::Project, VirtualPath::new(name).unwrap()).intern();
    for name in ["Cargo.toml", "/etc/hostname", "report.css"] {
        assert!(room.file(other(name)).is_err() && room.source(other(name)).is_err(), "{name}");
    }
    assert!(room.file(other("report.json")).is_ok() && room.source(other("report.typ")).is_ok());
    assert!(room.today(None).is_none());
}

#[test]
fn drawings_of_any_shape_find_room() {
    for (width, height) in [(1, 40), (150, 1), (1, 1), (640, 900)] {
        let svg = format!(
            "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width} {height}'><circle r='1'/></svg>"
        );
        assert!(pdf(&document(vec![figure(&svg)])).is_ok());
    }
}

#[test]
fn the_running_title_fits_below_a_page() {
    assert_eq!(running(&document(Vec::new())), "Årsberetning 2025");
    let long = Document { title: "å".repeat(300), ..document(Vec::new()) };
    assert_eq!(running(&long).chars().count(), RUNNING + 1);
}
