use jiff::civil::date;

use super::*;
use crate::document::Column;

fn page(blocks: Vec<Block>) -> String {
    html(&Document {
        title: "<b>Ærø</b>".to_owned(),
        subtitle: "2025".to_owned(),
        organisation: "R&D \"kommune\"".to_owned(),
        author: String::new(),
        language: Language::Danish,
        date: date(2026, 1, 1),
        cover: None,
        contents: true,
        blocks,
    })
}

#[test]
fn a_page_has_its_language_its_title_and_no_way_out() {
    let page = page(Vec::new());
    assert!(page.starts_with("<!DOCTYPE html>\n<html lang=\"da\">\n"));
    assert!(page.contains("<title>&lt;b&gt;Ærø&lt;/b&gt; – 2025 – R&amp;D &quot;kommune&quot;</title>"));
    assert!(page.contains("<h1>&lt;b&gt;Ærø&lt;/b&gt; <span>2025</span></h1>"));
    assert!(page.contains("content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'\""));
    for never in ["<script", "http://", "https://", "url(", "@import"] {
        assert!(!page.contains(never), "{never}");
    }
}

#[test]
fn the_contents_lead_to_the_headings() {
    let heading = |level, text: &str| Block::Heading { level, text: text.to_owned() };
    let page = page(vec![heading(1, "A"), heading(2, "B"), heading(3, "C"), heading(1, "D")]);
    for expected in [
        "<li class=\"l1\"><a href=\"#h1\">A</a></li>",
        "<li class=\"l2\"><a href=\"#h2\">B</a></li>",
        "<li class=\"l1\"><a href=\"#h4\">D</a></li>",
        "<h2 id=\"h1\">A</h2>",
        "<h3 id=\"h2\">B</h3>",
        "<h4 id=\"h3\">C</h4>",
        "<h2 id=\"h4\">D</h2>",
    ] {
        assert!(page.contains(expected), "{expected}: {page}");
    }
    assert!(!page.contains("#h3"));
}

/// What is in a drawing stays in it: a picture runs no scripts, whatever it holds.
#[test]
fn a_drawing_is_a_picture() {
    let picture =
        Picture { svg: "<svg onload=\"x()\"><script/></svg>".to_owned(), alt: "\"søjler\"".to_owned() };
    let page = page(vec![Block::Figure { picture, caption: "C".to_owned(), detail: String::new() }]);
    assert!(page.contains(
        "<img src=\"data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9IngoKSI+PHNjcmlwdC8+PC9zdmc+\" alt=\"&quot;søjler&quot;\"/>"
    ));
    assert!(!page.contains("onload"));
}

#[test]
fn a_table_has_heads_on_both_sides() {
    let row = |head: &str, cell: &str| Row { head: head.to_owned(), cells: vec![cell.to_owned()] };
    let page = page(vec![Block::Table(Table {
        caption: "Alt".to_owned(),
        stub: "Område".to_owned(),
        columns: vec![Column { head: "Antal".to_owned(), figures: true }],
        rows: vec![row("Handicap", "57")],
        totals: vec![row("I alt", "57")],
        notes: vec!["a\nb".to_owned()],
    })]);
    for expected in [
        "<caption id=\"t1\">Alt</caption>",
        "<tr><th scope=\"col\">Område</th><th scope=\"col\" class=\"n\">Antal</th></tr>",
        "<tbody>\n<tr><th scope=\"row\">Handicap</th><td class=\"n\">57</td></tr>\n</tbody>",
        "<tfoot>\n<tr><th scope=\"row\">I alt</th><td class=\"n\">57</td></tr>\n</tfoot>",
        "<p class=\"note\">a<br/>b</p>",
    ] {
        assert!(page.contains(expected), "{expected}: {page}");
    }
}
