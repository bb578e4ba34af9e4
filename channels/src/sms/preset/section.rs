//! Reads a TOML file table by table and remembers every mistake with its key and line, so that whoever writes a preset
//! mends them all at once. A key that nobody asked for is a mistake too: a misspelt `ok` must not pass for none.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// One mistake in a preset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The key, dotted from the root of the file; empty when the file is no TOML.
    pub key: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong, in words that follow the key.
    pub why: String,
}

/// Why a preset cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct PresetError {
    /// The preset's name.
    pub preset: String,
    /// What is wrong with it, in the order of its lines; at least one.
    pub mistakes: Vec<Mistake>,
}

impl fmt::Display for PresetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "gateway preset {}", self.preset)?;
        for (number, Mistake { key, line, why }) in self.mistakes.iter().enumerate() {
            let before = if number == 0 { ":" } else { ";" };
            match key.is_empty() {
                true => write!(f, "{before} line {line}: {why}")?,
                false => write!(f, "{before} line {line}: `{key}` {why}")?,
            }
        }
        Ok(())
    }
}

/// A value of the file, and the line that it begins on.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) line: usize,
    pub(super) value: Value,
}

/// What a value is. Dates are none: no key wants one.
#[derive(Clone, Debug)]
pub(super) enum Value {
    Text(String),
    Integer(i64),
    Bool(bool),
    List(Vec<Node>),
    Table(BTreeMap<String, Node>),
    Other,
}

/// Reads a file into its tree.
pub(super) fn tree(source: &str) -> Result<Node, Mistake> {
    let lines = Lines::of(source);
    let table = DeTable::parse(source).map_err(|error| Mistake {
        key: String::new(),
        line: lines.at(error.span().map_or(0, |span| span.start)),
        why: error.message().to_owned(),
    })?;
    Ok(Node { line: 1, value: Value::Table(table_of(table.get_ref(), &lines)) })
}

/// Where the lines of a file begin.
struct Lines(Vec<usize>);

impl Lines {
    fn of(source: &str) -> Self {
        Self(memchr::memchr_iter(b'\n', source.as_bytes()).collect())
    }

    fn at(&self, offset: usize) -> usize {
        self.0.partition_point(|end| *end < offset) + 1
    }
}

fn table_of(table: &DeTable<'_>, lines: &Lines) -> BTreeMap<String, Node> {
    table
        .iter()
        .map(|(key, value)| (key.get_ref().to_string(), node_of(value, key.span().start, lines)))
        .collect()
}

fn node_of(value: &Spanned<DeValue<'_>>, start: usize, lines: &Lines) -> Node {
    let read = match value.get_ref() {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Integer(digits) => {
            i64::from_str_radix(digits.as_str(), digits.radix()).map_or(Value::Other, Value::Integer)
        }
        DeValue::Boolean(truth) => Value::Bool(*truth),
        DeValue::Array(items) => {
            Value::List(items.iter().map(|item| node_of(item, item.span().start, lines)).collect())
        }
        DeValue::Table(table) => Value::Table(table_of(table, lines)),
        DeValue::Float(_) | DeValue::Datetime(_) => Value::Other,
    };
    Node { line: lines.at(start), value: read }
}

/// A table that is being read.
pub(super) struct Section<'a> {
    path: String,
    line: usize,
    table: &'a BTreeMap<String, Node>,
    asked: RefCell<BTreeSet<String>>,
    mistakes: &'a RefCell<Vec<Mistake>>,
}

impl<'a> Section<'a> {
    /// The file itself, or any table that is a value.
    pub(super) fn new(path: &str, node: &'a Node, mistakes: &'a RefCell<Vec<Mistake>>) -> Option<Self> {
        let Value::Table(table) = &node.value else {
            let why = "must be a table".to_owned();
            mistakes.borrow_mut().push(Mistake { key: path.to_owned(), line: node.line, why });
            return None;
        };
        Some(Self { path: path.to_owned(), line: node.line, table, asked: RefCell::default(), mistakes })
    }

    /// The value of a key, if it is there.
    pub(super) fn node(&self, key: &str) -> Option<&'a Node> {
        self.asked.borrow_mut().insert(key.to_owned());
        self.table.get(key)
    }

    /// Says what is wrong with a key.
    pub(super) fn mistake(&self, key: &str, why: impl Into<String>) {
        let line = self.table.get(key).map_or(self.line, |node| node.line);
        self.mistake_at(key, line, why);
    }

    /// Says what is wrong somewhere within a key.
    pub(super) fn mistake_at(&self, key: &str, line: usize, why: impl Into<String>) {
        let key = match self.path.is_empty() {
            true => key.to_owned(),
            false => format!("{}.{key}", self.path),
        };
        self.mistakes.borrow_mut().push(Mistake { key, line, why: why.into() });
    }

    /// A text that must be there.
    pub(super) fn text(&self, key: &str) -> Option<String> {
        match self.node(key) {
            None => {
                self.mistake(key, "is missing");
                None
            }
            Some(_) => self.maybe_text(key).filter(|text| {
                if text.is_empty() {
                    self.mistake(key, "must not be empty");
                }
                !text.is_empty()
            }),
        }
    }

    /// A text that may be there.
    pub(super) fn maybe_text(&self, key: &str) -> Option<String> {
        match &self.node(key)?.value {
            Value::Text(text) => Some(text.clone()),
            _ => {
                self.mistake(key, "must be a text");
                None
            }
        }
    }

    /// Whether a truth is there and true.
    pub(super) fn truth(&self, key: &str) -> bool {
        match self.node(key).map(|node| &node.value) {
            None => false,
            Some(Value::Bool(truth)) => *truth,
            Some(_) => {
                self.mistake(key, "must be true or false");
                false
            }
        }
    }

    /// One of some words; must be there.
    pub(super) fn one_of<'w>(&self, key: &str, words: &[&'w str]) -> Option<&'w str> {
        let text = self.text(key)?;
        let found = words.iter().find(|word| **word == text).copied();
        if found.is_none() {
            self.mistake(key, format!("must be one of {}", words.join(", ")));
        }
        found
    }

    /// One of some words, the first of them when the key is not there.
    pub(super) fn one_of_or_first<'w>(&self, key: &str, words: &[&'w str]) -> &'w str {
        let first = words.first().copied().unwrap_or_default();
        match self.node(key) {
            None => first,
            Some(_) => self.one_of(key, words).unwrap_or(first),
        }
    }

    /// A whole number within bounds that may be there.
    pub(super) fn maybe_number(&self, key: &str, least: i64, most: i64) -> Option<u64> {
        match &self.node(key)?.value {
            Value::Integer(number) if (least..=most).contains(number) => u64::try_from(*number).ok(),
            _ => {
                self.mistake(key, format!("must be a whole number from {least} to {most}"));
                None
            }
        }
    }

    /// Whole numbers within bounds; none when the key is not there.
    pub(super) fn numbers(&self, key: &str, least: u16, most: u16) -> Vec<u16> {
        let Some(node) = self.node(key) else { return Vec::new() };
        let read = match &node.value {
            Value::List(items) => {
                items.iter().map(|item| number_of(item, least, most)).collect::<Option<Vec<_>>>()
            }
            _ => None,
        };
        read.unwrap_or_else(|| {
            self.mistake(key, format!("must be a list of whole numbers from {least} to {most}"));
            Vec::new()
        })
    }

    /// A text or a list of texts that must be there.
    pub(super) fn texts(&self, key: &str) -> Option<Vec<String>> {
        if self.node(key).is_none() {
            self.mistake(key, "is missing");
            return None;
        }
        Some(self.maybe_texts(key)).filter(|texts| !texts.is_empty())
    }

    /// A text or a list of texts; none when the key is not there.
    pub(super) fn maybe_texts(&self, key: &str) -> Vec<String> {
        let Some(node) = self.node(key) else { return Vec::new() };
        let read = match &node.value {
            Value::Text(text) => Some(vec![text.clone()]),
            Value::List(items) => items
                .iter()
                .map(|item| match &item.value {
                    Value::Text(text) => Some(text.clone()),
                    _ => None,
                })
                .collect(),
            _ => None,
        };
        match read {
            Some(texts) if !texts.is_empty() && texts.iter().all(|text| !text.is_empty()) => texts,
            _ => {
                self.mistake(key, "must be a text or a list of texts, none of them empty");
                Vec::new()
            }
        }
    }

    /// A table within, that may be there.
    pub(super) fn section(&self, key: &str) -> Option<Section<'a>> {
        Section::new(&self.path_of(key), self.node(key)?, self.mistakes)
    }

    /// A list of tables within; none when the key is not there.
    pub(super) fn sections(&self, key: &str) -> Vec<Section<'a>> {
        let Some(node) = self.node(key) else { return Vec::new() };
        let Value::List(items) = &node.value else {
            self.mistake(key, format!("must be a list of tables, each under [[{}]]", self.path_of(key)));
            return Vec::new();
        };
        items.iter().filter_map(|item| Section::new(&self.path_of(key), item, self.mistakes)).collect()
    }

    /// The keys of the table and their values, all of them asked for.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&'a str, &'a Node)> {
        self.asked.borrow_mut().extend(self.table.keys().cloned());
        self.table.iter().map(|(key, node)| (key.as_str(), node))
    }

    fn path_of(&self, key: &str) -> String {
        match self.path.is_empty() {
            true => key.to_owned(),
            false => format!("{}.{key}", self.path),
        }
    }
}

/// A table that has been read is looked through for keys that nobody asked for.
impl Drop for Section<'_> {
    fn drop(&mut self) {
        let asked = self.asked.borrow();
        for key in self.table.keys().filter(|key| !asked.contains(*key)) {
            self.mistake(key, "is not a key that is known here");
        }
    }
}

fn number_of(node: &Node, least: u16, most: u16) -> Option<u16> {
    match node.value {
        Value::Integer(number) => u16::try_from(number).ok().filter(|number| (least..=most).contains(number)),
        _ => None,
    }
}
