//! The adviser's own words of a year: what stands between the figures of the yearly report.
//!
//! Every place may be empty. Knows no page and no paper; that nobody can be known by an anonymised case is the adviser's to
//! see (S23), and its form asks for no area, date, name or channel.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The longest text of one place, in characters.
pub const LONGEST_TEXT: usize = 20_000;
/// The longest line, in characters.
pub const LONGEST_LINE: usize = 300;
/// The most anonymised cases and the most lines of a list.
pub const MOST_ITEMS: usize = 40;

/// The words of a year.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Story {
    /// Opens the report. A blank line begins a new paragraph, here and everywhere.
    pub preface: String,
    /// Who signs it.
    pub signature: String,
    /// What the adviser can do, a line each.
    pub can: Vec<String>,
    /// What the adviser cannot do, a line each.
    pub cannot: Vec<String>,
    /// Before a figure, by its key.
    pub before: BTreeMap<String, String>,
    /// Anonymised cases.
    pub cases: Vec<Case>,
    /// What the municipality can learn, a line each.
    pub learning: Vec<String>,
    /// Ends the report.
    pub closing: String,
}

/// A case that is told so that nobody can be known by it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Case {
    /// What it is about.
    pub title: String,
    /// The story.
    pub text: String,
}

impl Story {
    /// The same without blanks at the ends, without what is empty, and no longer than it may be.
    #[must_use]
    pub fn clean(self) -> Self {
        let text = |text: String| bounded(text.replace("\r\n", "\n").trim(), LONGEST_TEXT);
        let line =
            |line: String| bounded(&line.split_whitespace().collect::<Vec<_>>().join(" "), LONGEST_LINE);
        let list = |lines: Vec<String>| -> Vec<String> {
            lines.into_iter().map(line).filter(|line| !line.is_empty()).take(MOST_ITEMS).collect()
        };
        let case = |case: Case| Case { title: line(case.title), text: text(case.text) };
        Self {
            preface: text(self.preface),
            signature: line(self.signature),
            can: list(self.can),
            cannot: list(self.cannot),
            before: self
                .before
                .into_iter()
                .map(|(key, words)| (key, text(words)))
                .filter(|(_, words)| !words.is_empty())
                .collect(),
            cases: self
                .cases
                .into_iter()
                .map(case)
                .filter(|case| !case.title.is_empty() || !case.text.is_empty())
                .take(MOST_ITEMS)
                .collect(),
            learning: list(self.learning),
            closing: text(self.closing),
        }
    }

    /// What goes on to the next year: everything but what happened in this one.
    #[must_use]
    pub fn carried_on(self) -> Self {
        Self { cases: Vec::new(), learning: Vec::new(), ..self }
    }
}

fn bounded(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        Some((end, _)) => text[..end].to_owned(),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_trimmed_and_bounded_and_nothing_empty_is_kept() {
        let story = Story {
            preface: "  Et år.\r\n\r\nEt til.  ".to_owned(),
            can: vec![" vejlede  om breve ".to_owned(), "  ".to_owned()],
            before: [("area".to_owned(), " \n".to_owned()), ("kind".to_owned(), "x".repeat(30_000))].into(),
            cases: vec![Case::default(), Case { title: "Et møde".to_owned(), text: String::new() }],
            ..Story::default()
        }
        .clean();
        assert_eq!(story.preface, "Et år.\n\nEt til.");
        assert_eq!(story.can, ["vejlede om breve"]);
        assert_eq!(story.before.keys().collect::<Vec<_>>(), ["kind"]);
        assert_eq!(story.before["kind"].chars().count(), LONGEST_TEXT);
        assert_eq!(story.cases.len(), 1);
        let text = serde_json::to_string(&story).unwrap();
        assert_eq!(serde_json::from_str::<Story>(&text).unwrap(), story);
        let next = story.clone().carried_on();
        assert!(next.cases.is_empty() && next.preface == story.preface);
    }
}
