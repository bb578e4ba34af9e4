//! Whatever somebody writes in a report, it prints, and its words are words: the structure is the same as with harmless
//! ones in their places.

use indgang_print::{Document, html, pdf, text};
use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, TagEnd};

#[path = "common/skeleton.rs"]
mod skeleton;

use skeleton::{NASTY, skeleton};

/// A report of these words, over and over.
fn filled(words: &[String]) -> Document {
    let mut next = words.iter().cycle();
    skeleton(&mut || next.next().cloned().unwrap_or_default())
}

fn nasty() -> Vec<String> {
    NASTY.iter().map(|&word| word.to_owned()).collect()
}

/// Words of every kind: short and long, of any letters, and those that are known to be trouble.
fn any_word() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[ -~]{0,40}",
        "[\\\\#$@<>*_`|\\[\\]&;=+.)0-9\n -]{0,20}",
        proptest::sample::select(NASTY).prop_map(str::to_owned),
        (proptest::sample::select(NASTY), any::<String>(), proptest::sample::select(NASTY))
            .prop_map(|(first, middle, last)| [first, &middle, last].concat()),
        proptest::collection::vec(any::<char>(), 0..60).prop_map(String::from_iter),
    ]
}

/// Words that leave something to read, in one paragraph: what is empty is left out, as it should be.
fn visible(word: &str) -> String {
    let one: Vec<&str> =
        word.split(['\n', '\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}']).collect();
    format!("x{}y", one.join("z"))
}

/// The names of a page's elements in their order, without line breaks.
fn elements(page: &str) -> Vec<String> {
    let document = page.strip_prefix("<!DOCTYPE html>").expect("it says that it is HTML");
    let document = roxmltree::Document::parse(document).expect("it is well-formed");
    document
        .descendants()
        .filter(roxmltree::Node::is_element)
        .map(|node| node.tag_name().name().to_owned())
        .collect()
}

/// What a reader of Markdown makes of a text, without its words and what stands out in them.
fn structure(markdown: &str) -> Vec<String> {
    let dull = |event: &Event<'_>| {
        !matches!(
            event,
            Event::Text(_) | Event::Start(pulldown_cmark::Tag::Strong) | Event::End(TagEnd::Strong)
        )
    };
    Parser::new_ext(markdown, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH)
        .filter(dull)
        .map(|event| format!("{event:?}"))
        .collect()
}

/// The words of a text, without spaces.
fn words(markdown: &str) -> String {
    Parser::new_ext(markdown, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH)
        .filter_map(|event| match event {
            Event::Text(text) => Some(text.into_string()),
            _ => None,
        })
        .collect::<String>()
        .replace(char::is_whitespace, "")
}

#[test]
fn trouble_prints_in_all_shapes() {
    let document = filled(&nasty());
    assert!(pdf(&document).is_ok_and(|bytes| bytes.starts_with(b"%PDF-1.7")));
    assert!(!html(&document).contains("<script"));
    assert!(text(&document).contains("\\<script>"));
}

#[test]
fn ten_thousand_letters_print_wherever_they_stand() {
    for (index, word) in ["æ", "ord ", "a\n", "\u{301}", "😀"].into_iter().enumerate() {
        // Not everywhere at once, which takes its time, but every time elsewhere.
        let mut words = vec!["x".to_owned(); 13];
        words[index] = word.repeat(10_000 / word.len());
        words[index + 6] = words[index].clone();
        let printed = pdf(&filled(&words));
        assert!(printed.is_ok(), "{word:?}: {:?}", printed.err());
        elements(&html(&filled(&words)));
        assert!(!text(&filled(&words)).is_empty());
    }
}

#[test]
fn nothing_at_all_prints() {
    let document = filled(&[String::new()]);
    assert!(pdf(&document).is_ok());
    elements(&html(&document));
    assert!(text(&document).starts_with("# Beretning\n"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn any_words_print(words in proptest::collection::vec(any_word(), 1..40)) {
        let printed = pdf(&filled(&words));
        prop_assert!(printed.is_ok(), "{:?}", printed.err());
    }
}

proptest! {
    #[test]
    fn any_words_leave_the_page_as_it_is(any in proptest::collection::vec(any_word(), 1..40)) {
        let any: Vec<String> = any.iter().map(|word| visible(word)).collect();
        prop_assert_eq!(elements(&html(&filled(&any))), elements(&html(&filled(&["x".to_owned()]))));
    }

    #[test]
    fn any_words_leave_the_text_as_it_is(any in proptest::collection::vec(any_word(), 1..40)) {
        let any: Vec<String> = any.iter().map(|word| visible(word)).collect();
        prop_assert_eq!(structure(&text(&filled(&any))), structure(&text(&filled(&["x".to_owned()]))));
    }

    /// Lines may begin with anything, and every letter is read back as it was written.
    #[test]
    fn a_paragraph_reads_as_it_was_written(any in any_word()) {
        let document = Document {
            blocks: indgang_print::Block::paragraphs(&any),
            ..filled(&["x".to_owned()])
        };
        let page = html(&document);
        let parsed = roxmltree::Document::parse(page.trim_start_matches("<!DOCTYPE html>")).expect("well-formed");
        let main = parsed.descendants().find(|node| node.has_tag_name("main")).expect("a main part");
        let read: String = main.descendants().filter_map(|node| if node.is_text() { node.text() } else { None }).collect();
        let read = read.replace(char::is_whitespace, "");
        prop_assert_eq!(words(&text(&document)), format!("xxx{read}"));
    }
}
