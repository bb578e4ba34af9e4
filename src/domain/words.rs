//! Words as they are searched: cut out of a text, brought to their stem, and marked where they stand.
//!
//! One stemmer (Snowball's for Danish, which PostgreSQL's `danish` uses too) for both databases, so that both find the
//! same; stop words stay, because names are among them. Cases are folded, å, ø and æ stay what they are. English words
//! meet the Danish rules as well, which harms little: text and question meet the same ones.

use std::collections::BTreeSet;
use std::ops::Range;

use rust_stemmers::{Algorithm, Stemmer};

/// The most different stems of one text that are kept, and the longest word: what is beyond is no prose.
const MOST_STEMS: usize = 20_000;
const LONGEST: usize = 64;
/// The most words of a question that are looked for.
const MOST_ASKED: usize = 8;

/// The words of `text`, with where they stand in bytes.
fn words(text: &str) -> impl Iterator<Item = (Range<usize>, &str)> {
    let mut from = None;
    let ends = text.char_indices().map(|(at, c)| (at, Some(c))).chain([(text.len(), None)]);
    ends.filter_map(move |(at, c)| {
        let inside = c.is_some_and(char::is_alphanumeric);
        match (from, inside) {
            (None, true) => {
                from = Some(at);
                None
            }
            (Some(start), false) => {
                from = None;
                Some((start..at, &text[start..at]))
            }
            _ => None,
        }
    })
}

fn fold(word: &str) -> String {
    word.chars().take(LONGEST).flat_map(char::to_lowercase).collect()
}

/// The different stems of a text, separated by blanks: what is indexed.
pub fn stems(text: &str) -> String {
    let stemmer = Stemmer::create(Algorithm::Danish);
    let mut seen = BTreeSet::new();
    for (_, word) in words(text) {
        let folded = fold(word);
        seen.insert(stemmer.stem(&folded).into_owned());
        if seen.len() >= MOST_STEMS {
            break;
        }
    }
    seen.into_iter().collect::<Vec<_>>().join(" ")
}

/// What somebody looks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Each word: as it was typed, folded, and its stem.
    pub words: Vec<(String, String)>,
}

impl Asked {
    /// Reads a question; `None` when there is no word in it.
    pub fn read(question: &str) -> Option<Self> {
        let stemmer = Stemmer::create(Algorithm::Danish);
        let mut asked: Vec<(String, String)> = Vec::new();
        for (_, word) in words(question) {
            let folded = fold(word);
            let stem = stemmer.stem(&folded).into_owned();
            if asked.len() < MOST_ASKED && !asked.iter().any(|(_, one)| *one == stem) {
                asked.push((folded, stem));
            }
        }
        (!asked.is_empty()).then_some(Self { words: asked })
    }

    /// Where words of `text` are found by it, in bytes: forms of the same word, and words that begin with what was typed.
    pub fn find(&self, text: &str) -> Vec<Range<usize>> {
        let stemmer = Stemmer::create(Algorithm::Danish);
        words(text)
            .filter(|(_, word)| {
                let folded = fold(word);
                let stem = stemmer.stem(&folded);
                self.words.iter().any(|(typed, asked)| *asked == stem || folded.starts_with(typed.as_str()))
            })
            .map(|(place, _)| place)
            .collect()
    }

    /// A stretch of `text` around the first word that is found, of about `length` characters; its beginning when none is.
    pub fn around<'a>(&self, text: &'a str, length: usize) -> &'a str {
        let first = self.find(text).first().map_or(0, |place| place.start);
        let before = text[..first].char_indices().rev().nth(length / 4).map_or(0, |(at, _)| at);
        // Begins at a word.
        let from = if before == 0 {
            0
        } else {
            text[before..first].find(char::is_whitespace).map_or(before, |blank| before + blank)
        };
        let rest = text[from..].trim_start();
        match rest.char_indices().nth(length) {
            Some((end, _)) => &rest[..end],
            None => rest,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    fn found(question: &str, text: &str) -> Vec<String> {
        let asked = Asked::read(question).unwrap();
        asked.find(text).into_iter().map(|place| text[place].to_owned()).collect()
    }

    #[rstest]
    #[case::forms("afgørelse", "Afgørelsen og afgørelserne, ikke afgang", &["Afgørelsen", "afgørelserne"])]
    #[case::the_other_way("afgørelserne", "en afgørelse", &["afgørelse"])]
    #[case::a_beginning("bolig", "boligindskud", &["boligindskud"])]
    #[case::letters("ÅRSAG", "årsagen, arsag", &["årsagen"])]
    #[case::a_reference("90pj", "Nr. 90PJ-MH3Y-2F", &["90PJ"])]
    #[case::a_number("2012", "+45 20123456 og 2012", &["20123456", "2012"])]
    #[case::several("skole fravær", "Fraværet i skolen", &["Fraværet", "skolen"])]
    #[case::nothing("hund", "kat", &[])]
    fn words_are_found_in_their_forms(#[case] question: &str, #[case] text: &str, #[case] expected: &[&str]) {
        assert_eq!(found(question, text), expected);
    }

    #[test]
    fn a_question_without_a_word_asks_nothing() {
        for question in ["", " ", "…", "-- ' \" * ( )"] {
            assert_eq!(Asked::read(question), None, "{question:?}");
        }
        let many = (0..50).map(|n| format!("ord{n}")).collect::<Vec<_>>().join(" ");
        assert_eq!(Asked::read(&many).unwrap().words.len(), MOST_ASKED);
    }

    #[test]
    fn a_stretch_stands_around_what_is_found() {
        let text = format!("{} skolen svarer ikke {}", "ord ".repeat(100), "mere ".repeat(100));
        let asked = Asked::read("skole").unwrap();
        let around = asked.around(&text, 80);
        assert!(around.contains("skolen") && around.chars().count() <= 80, "{around}");
        assert_eq!(asked.around("kort", 80), "kort");
    }

    proptest! {
        #[test]
        fn whatever_is_indexed_is_found(text in "\\PC{0,60}") {
            let stems = stems(&text);
            for (_, word) in words(&text) {
                let asked = Asked::read(word).unwrap();
                prop_assert!(stems.split(' ').any(|stem| stem == asked.words[0].1), "{word:?} in {stems:?}");
                prop_assert!(!asked.find(&text).is_empty());
            }
        }

        #[test]
        fn nothing_breaks(text in ".{0,200}", question in ".{0,40}", length in 0..300_usize) {
            if let Some(asked) = Asked::read(&question) {
                let _ = asked.around(&text, length);
                for place in asked.find(&text) {
                    prop_assert!(text.get(place).is_some());
                }
            }
        }
    }
}
