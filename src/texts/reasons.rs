//! Why something was done, said in Danish.
//!
//! A decision is stored with its reason as the English sentence it was made with: the record says what the program said
//! then, whatever words a later one uses. The interface says it in its own language by looking the sentence up, as
//! gettext does with its message ids. Rejected: storing a code and values for each reason, which would tie every row
//! ever stored to a list that may then never change.
//!
//! Knows no decision: what is not in the list is shown as it is stored, and a test reads every sentence that intake can
//! say to see that none is missing.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::TextLanguage;

/// How deep a part of a sentence may stand within another.
const DEEPEST: usize = 6;

/// What stands in a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Words(String),
    Value(String),
}

/// One sentence, or part of one, in both languages.
#[derive(Clone, Debug)]
struct Rule {
    english: Vec<Piece>,
    danish: Vec<Piece>,
}

/// Reasons in the language of the interface.
#[derive(Clone, Debug)]
pub struct Reasons {
    /// Those with the most words of their own first; none for English.
    rules: Vec<Rule>,
}

impl Reasons {
    /// The list of a language.
    pub fn of(language: TextLanguage) -> Self {
        let rules = match language {
            TextLanguage::Danish => rules(include_str!("../../config/texts/da/reasons.toml")),
            TextLanguage::English => Vec::new(),
        };
        Self { rules }
    }

    /// A reason of one or more sentences.
    pub fn say<'a>(&self, reason: &'a str) -> Cow<'a, str> {
        if self.rules.is_empty() {
            return Cow::Borrowed(reason);
        }
        let mut said = String::new();
        let mut rest = reason;
        while !rest.is_empty() {
            // A full stop may stand within what a sentence quotes, so the shortest stretch that is known counts.
            let known = stops(rest).find_map(|at| Some((at, self.part(&rest[..at], 0)?)));
            let Some((at, sentence)) = known else {
                said.push_str(&self.part(rest, 0).unwrap_or_else(|| rest.to_owned()));
                break;
            };
            said.push_str(&sentence);
            said.push('.');
            rest = rest[at + 1..].trim_start();
            if !rest.is_empty() {
                said.push(' ');
            }
        }
        Cow::Owned(said)
    }

    fn part(&self, english: &str, depth: usize) -> Option<String> {
        if depth > DEEPEST {
            return None;
        }
        let found =
            self.rules.iter().find_map(|rule| values(&rule.english, english).map(|values| (rule, values)));
        if let Some((rule, values)) = found {
            let mut said = String::new();
            for piece in &rule.danish {
                match piece {
                    Piece::Words(words) => said.push_str(words),
                    Piece::Value(name) => {
                        let value = values.iter().find(|(one, _)| one == name).map_or("", |(_, value)| value);
                        let value = self.part(value, depth + 1).unwrap_or_else(|| value.to_owned());
                        said.push_str(&value);
                    }
                }
            }
            return Some(said);
        }
        // A channel's own words stand in brackets at the end.
        let (what, words) = english.strip_suffix(')')?.split_once(" (")?;
        let what = self.part(what, depth + 1)?;
        let words = self.part(words, depth + 1).unwrap_or_else(|| words.to_owned());
        Some(format!("{what} ({words})"))
    }
}

/// Where a sentence may end.
fn stops(text: &str) -> impl Iterator<Item = usize> {
    text.match_indices('.').map(|(at, _)| at).filter(|at| {
        let after = &text[at + 1..];
        after.is_empty() || after.starts_with(' ')
    })
}

fn rules(list: &str) -> Vec<Rule> {
    let list: BTreeMap<String, BTreeMap<String, String>> = toml::from_str(list).unwrap_or_default();
    let mut rules: Vec<Rule> = list
        .into_values()
        .flatten()
        .map(|(english, danish)| Rule { english: pieces(&english), danish: pieces(&danish) })
        .collect();
    rules.sort_by_key(|rule| {
        let own: usize = rule.english.iter().map(|piece| matches!(piece, Piece::Words(_)) as usize).sum();
        let length: usize = rule
            .english
            .iter()
            .map(|piece| if let Piece::Words(words) = piece { words.len() } else { 0 })
            .sum();
        (std::cmp::Reverse(length), own)
    });
    rules
}

fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((words, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        if !words.is_empty() {
            pieces.push(Piece::Words(words.to_owned()));
        }
        pieces.push(Piece::Value(name.to_owned()));
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Words(rest.to_owned()));
    }
    pieces
}

/// The values of a sentence that has this shape. A value ends where the words after it stand first; the last words stand
/// at the end.
fn values<'a, 'b>(shape: &'a [Piece], text: &'b str) -> Option<Vec<(&'a str, &'b str)>> {
    match shape {
        [] => text.is_empty().then(Vec::new),
        [Piece::Words(words), after @ ..] => values(after, text.strip_prefix(words.as_str())?),
        [Piece::Value(name)] => (!text.is_empty()).then(|| vec![(name.as_str(), text)]),
        [Piece::Value(name), Piece::Words(words)] => {
            let value = text.strip_suffix(words.as_str()).filter(|value| !value.is_empty())?;
            Some(vec![(name.as_str(), value)])
        }
        [Piece::Value(name), Piece::Words(words), after @ ..] => {
            let at = text.find(words.as_str()).filter(|at| *at > 0)?;
            let mut found = values(after, &text[at + words.len()..])?;
            found.push((name.as_str(), &text[..at]));
            Some(found)
        }
        // Two values with nothing between them cannot be told apart.
        [Piece::Value(_), Piece::Value(_), ..] => None,
    }
}

#[cfg(test)]
mod tests;
