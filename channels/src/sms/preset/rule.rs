//! What an answer of a gateway's must be like for something to be true of it: for a text to have been taken, say.

use regex::bytes::{Regex, RegexBuilder};
use serde_json::Value as Json;

use super::pointer::{Pointer, word};
use super::section::{Section, Value};

/// An answer of a gateway's, its body read as JSON once.
pub(super) struct Reply<'a> {
    pub(super) status: u16,
    pub(super) body: &'a [u8],
    json: Option<Json>,
}

impl<'a> Reply<'a> {
    pub(super) fn new(status: u16, body: &'a [u8]) -> Self {
        Self { status, body, json: serde_json::from_slice(body).ok() }
    }

    /// The word at a pointer.
    pub(super) fn word_at(&self, pointer: &Pointer) -> Option<String> {
        self.json.as_ref().and_then(|json| pointer.first(json)).and_then(word)
    }
}

/// Conditions that must all hold. One with none holds always.
#[derive(Clone, Debug, Default)]
pub(super) struct Rule {
    status: Vec<u16>,
    present: Vec<Pointer>,
    absent: Vec<Pointer>,
    equals: Vec<(Pointer, Vec<String>)>,
    matches: Option<Regex>,
}

impl Rule {
    /// Reads `status`, `present`, `absent`, `equals` and `match` of a section.
    pub(super) fn read(section: &Section<'_>) -> Self {
        let pointers = |key: &str| -> Vec<Pointer> {
            let written = section.maybe_texts(key);
            written
                .iter()
                .filter_map(|one| Pointer::parse(one).map_err(|why| section.mistake(key, why)).ok())
                .collect()
        };
        let mut equals = Vec::new();
        if let Some(table) = section.section("equals") {
            for (key, node) in table.entries() {
                let words: Option<Vec<String>> = match &node.value {
                    Value::List(items) if !items.is_empty() => {
                        items.iter().map(|item| scalar(&item.value)).collect()
                    }
                    one => scalar(one).map(|word| vec![word]),
                };
                match (Pointer::parse(key), words) {
                    (Ok(pointer), Some(words)) => equals.push((pointer, words)),
                    (Err(why), _) => table.mistake(key, why),
                    (_, None) => {
                        table.mistake(key, "must be a text, a whole number, a truth, or a list of these")
                    }
                }
            }
        }
        Self {
            status: section.numbers("status", 100, 599),
            present: pointers("present"),
            absent: pointers("absent"),
            equals,
            matches: section.maybe_text("match").and_then(|written| regex(section, "match", &written)),
        }
    }

    /// Whether it has no condition.
    pub(super) fn is_empty(&self) -> bool {
        self.status.is_empty() && !self.looks_inside()
    }

    /// Whether it looks at more than the status.
    pub(super) fn looks_inside(&self) -> bool {
        !(self.present.is_empty()
            && self.absent.is_empty()
            && self.equals.is_empty()
            && self.matches.is_none())
    }

    /// Whether everything holds.
    pub(super) fn holds(&self, reply: &Reply<'_>) -> bool {
        let all = |pointer: &Pointer| reply.json.as_ref().map(|json| pointer.all(json)).unwrap_or_default();
        // A body that is no JSON has nothing in it that could be absent.
        let readable = reply.json.is_some() || self.absent.is_empty();
        readable
            && (self.status.is_empty() || self.status.contains(&reply.status))
            && self.present.iter().all(|pointer| !all(pointer).is_empty())
            && self.absent.iter().all(|pointer| all(pointer).is_empty())
            && self.equals.iter().all(|(pointer, words)| {
                let found = all(pointer);
                !found.is_empty()
                    && found.into_iter().all(|one| word(one).is_some_and(|one| words.contains(&one)))
            })
            && self.matches.as_ref().is_none_or(|regex| regex.is_match(reply.body))
    }
}

/// A regular expression over bytes, without Unicode's tables: gateways' answers are ASCII where it matters.
pub(super) fn regex(section: &Section<'_>, key: &str, written: &str) -> Option<Regex> {
    match RegexBuilder::new(written).unicode(false).size_limit(1 << 18).build() {
        Ok(regex) => Some(regex),
        Err(error) => {
            // The last line says what is wrong; those before it draw the expression.
            let why = error.to_string();
            let last = why.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
            section.mistake(key, format!("is no regular expression: {last}"));
            None
        }
    }
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.clone()),
        Value::Integer(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::List(_) | Value::Table(_) | Value::Other => None,
    }
}
