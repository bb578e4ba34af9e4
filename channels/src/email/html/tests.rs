//! Cases as files (`testdata/html/<case>.html` beside `<case>.expected.txt`, and `<case>.visible.txt` where the
//! letter holds a quote or a signature), and laws.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::*;
use crate::email::fold::fold;

fn trimmed(text: &str) -> String {
    text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n").trim_end().to_owned()
}

/// Blank lines aside: where a fold begins among them is taste.
fn filled(text: &str) -> Vec<String> {
    text.lines().map(|line| line.trim_end().to_owned()).filter(|line| !line.is_empty()).collect()
}

#[test]
fn every_case_reads_as_it_should() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/html");
    let mut wrong = Vec::new();
    let mut seen = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "html") {
            continue;
        }
        seen += 1;
        let HtmlText { text, hints } = to_text(&fs::read_to_string(&path).unwrap());
        let expected = fs::read_to_string(path.with_extension("expected.txt")).unwrap();
        if trimmed(&text) != trimmed(&expected) {
            wrong.push(format!("--- {}: read\n{text}\n--- expected\n{expected}", path.display()));
        }
        if let Ok(expected) = fs::read_to_string(path.with_extension("visible.txt")) {
            let mut visible = String::new();
            let mut from = 0;
            for fold in fold(&text, &hints) {
                visible.push_str(&text[from..fold.start]);
                from = fold.end;
            }
            visible.push_str(&text[from..]);
            if filled(&visible) != filled(&expected) {
                wrong.push(format!("--- {}: visible\n{visible}\n--- expected\n{expected}", path.display()));
            }
        }
    }
    assert!(seen > 15, "only {seen} cases found");
    assert!(wrong.is_empty(), "{} of {seen} wrong\n{}", wrong.len(), wrong.join("\n"));
}

fn markup() -> impl Strategy<Value = String> {
    let tag = prop_oneof![
        Just("div"),
        Just("p"),
        Just("blockquote"),
        Just("ul"),
        Just("ol"),
        Just("li"),
        Just("table"),
        Just("tr"),
        Just("td"),
        Just("b"),
        Just("a"),
        Just("pre"),
        Just("span"),
        Just("style"),
        Just("br"),
        Just("hr"),
        Just("img")
    ];
    let attribute = prop_oneof![
        4 => Just(""),
        1 => Just(" type=cite"),
        1 => Just(" class=gmail_signature"),
        1 => Just(" id=divRplyFwdMsg"),
        1 => Just(" style='display:none'"),
        1 => Just(" style='white-space:pre'"),
        1 => Just(" href='https://example.org/å' title=t"),
        1 => Just(" alt='[&aelig;'"),
    ];
    let piece = prop_oneof![
        3 => (tag.clone(), attribute).prop_map(|(tag, attribute)| format!("<{tag}{attribute}>")),
        2 => tag.prop_map(|tag| format!("</{tag}>")),
        3 => "[a-zæ \u{a0}\n&;<>🎉]{0,12}",
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn hints_lie_in_the_text_at_character_boundaries(html in markup()) {
        let HtmlText { text, hints } = to_text(&html);
        for hint in &hints {
            prop_assert!(hint.start < hint.end && hint.end <= text.len());
            prop_assert!(text.is_char_boundary(hint.start) && text.is_char_boundary(hint.end));
        }
        fold(&text, &hints);
    }

    #[test]
    fn text_never_ends_or_begins_in_white_space(html in markup()) {
        let HtmlText { text, .. } = to_text(&html);
        prop_assert_eq!(text.trim_end(), text.as_str());
        prop_assert!(!text.contains("\n\n\n"), "{:?}", text);
    }

    #[test]
    fn plain_words_come_through(words in "[a-zæøå]{1,9}( [a-zæøå]{1,9}){0,9}") {
        prop_assert_eq!(to_text(&words).text, words);
    }

    #[test]
    fn any_text_is_survived(html in any::<String>()) {
        to_text(&html);
    }
}

/// What a hostile sender may try: depth, size and number, each far beyond an honest letter. The bound is loose
/// (a debug build on a busy machine): what is linear takes a fraction of it.
#[test]
fn hostile_markup_takes_time_in_proportion() {
    let nested = |tag: &str| {
        format!("{}word{}", format!("<{tag}>").repeat(100_000), format!("</{tag}>").repeat(100_000))
    };
    let attributes: String = (0..50_000).map(|n| format!(" a{n}=1")).collect();
    let hostile = [
        nested("div"),
        nested("blockquote type=cite"),
        nested("table><tr><td"),
        nested("ul><li"),
        nested("b"),
        nested("a href=http://x.example"),
        nested("div class=gmail_signature"),
        format!("<a href=\"{}\">word</a>", "x".repeat(10 << 20)),
        format!("<p style=\"{}\">word</p>", "color:red;".repeat(1 << 18)),
        format!("<p{attributes}>word</p>"),
        format!("<!-- {}", "- ".repeat(1 << 19)),
        format!("word{}", "&am".repeat(1 << 18)),
        format!("word{}", "<".repeat(1 << 20)),
        format!("word{}", "<br>".repeat(200_000)),
        format!("word{}", "<div id=divRplyFwdMsg>a</div>".repeat(50_000)),
        format!("<td>{}{}word", "<ul>".repeat(50_000), "</div>".repeat(50_000)),
        format!("word<style>{}", "<p>".repeat(1 << 18)),
    ];
    for html in hostile {
        let start = Instant::now();
        let HtmlText { text, hints } = to_text(&html);
        fold(&text, &hints);
        let taken = start.elapsed();
        assert!(text.contains("word") || html.contains("<!--"), "{:?} lost its text", &html[..20]);
        assert!(taken < Duration::from_secs(30), "{taken:?} for {:?}", &html[..20]);
        assert!(text.len() <= 12 * html.len() + 100, "{} bytes of {}", text.len(), html.len());
    }
}
