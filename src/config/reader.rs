//! Turns a tree of values into typed sections, and collects every mistake on the way instead of stopping at the
//! first.
//!
//! Knows no key by name: each section asks for its own. A getter that meets a wrong value notes the mistake and
//! yields a stand-in, which is never seen outside because [`super::Config::load`] fails when there is a mistake.
//! Serde's derive was rejected: it stops at the first mistake and cannot say where the value was written.

use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::time::Duration;

use super::error::{Mistake, Origin, nearest};
use super::tree::{Node, Table, Value, join, parse_value};
use super::units::{parse_duration, parse_size, show_duration, show_size};

/// What the reading found out besides the values.
#[derive(Default)]
pub(super) struct Report {
    /// What is wrong.
    pub(super) mistakes: Vec<Mistake>,
    /// Every key in the order of reading, with its value as it may be shown, and where it was written.
    pub(super) shown: Vec<(String, String, Origin)>,
    /// The full names of the keys that the embedded defaults hold.
    pub(super) all_keys: Vec<String>,
    origins: HashMap<String, Origin>,
}

impl Report {
    /// Whether something is wrong with `key` already, so that comparing its stand-in with others would mislead.
    pub(super) fn is_wrong(&self, key: &str) -> bool {
        self.mistakes.iter().any(|mistake| mistake.key == key)
    }

    /// Notes that the secret `key` is wrong, unless its file is what failed.
    pub(super) fn wrong_secret(&mut self, key: &str, sentence: impl Into<String>) {
        if !self.is_wrong(&format!("{key}_file")) {
            self.wrong(key, sentence);
        }
    }

    /// Notes that the value of `key` is wrong. A second mistake about one key follows from the first, and is left out;
    /// so is what was written once for all mailboxes and is wrong in each of them.
    pub(super) fn wrong(&mut self, key: &str, sentence: impl Into<String>) {
        let sentence = sentence.into();
        let origin = self.origins.get(key).cloned();
        let written = origin.as_ref().is_some_and(|origin| origin.layer() > 0);
        let again = |mistake: &Mistake| written && mistake.origin == origin && mistake.sentence == sentence;
        if !self.is_wrong(key) && !self.mistakes.iter().any(again) {
            self.mistakes.push(Mistake { key: key.to_owned(), sentence, origin });
        }
    }
}

/// One table of the configuration while it is read.
pub(super) struct Section<'a> {
    /// Its full name; empty for the whole.
    pub(super) path: String,
    table: Table,
    known: Vec<String>,
    pub(super) report: &'a mut Report,
}

impl<'a> Section<'a> {
    /// The whole configuration.
    pub(super) fn root(table: Table, report: &'a mut Report) -> Self {
        Self { path: String::new(), table, known: Vec::new(), report }
    }

    /// The full name of a key of this section.
    pub(super) fn name(&self, key: &str) -> String {
        join(&self.path, key)
    }

    /// A table inside this one, read by `read`, after which keys that nobody asked for are mistakes.
    pub(super) fn section<T>(&mut self, key: &str, read: impl FnOnce(&mut Section<'_>) -> T) -> T {
        let table = self.take_table(key);
        self.inner(key, table, read)
    }

    /// A table whose keys are names that the operator chose, each holding a table that is laid over `defaults`.
    pub(super) fn named<T>(
        &mut self,
        key: &str,
        defaults: &Table,
        mut read: impl FnMut(&str, &mut Section<'_>) -> T,
    ) -> Vec<T> {
        let table = self.take_table(key);
        let path = self.name(key);
        let mut accounts = Vec::new();
        for (name, node) in table {
            let full = join(&path, &name);
            self.report.origins.insert(full.clone(), node.origin);
            let Value::Table(own) = node.value else {
                self.report.wrong(&full, "must be a table with the account's keys");
                continue;
            };
            if !is_account_name(&name) {
                self.report.wrong(
                    &full,
                    "a name must consist of lower-case letters a-z, digits and single underscores, so that an \
                     environment variable can name it too",
                );
            }
            let mut merged = defaults.clone();
            super::tree::lay_over(&mut merged, own);
            let mut section =
                Section { path: full, table: merged, known: Vec::new(), report: &mut *self.report };
            accounts.push(read(&name, &mut section));
            section.finish();
        }
        accounts
    }

    /// The raw table under `key`, left where it is.
    pub(super) fn peek_table(&self, key: &str) -> Table {
        match self.table.get(key).map(|node| &node.value) {
            Some(Value::Table(table)) => table.clone(),
            _ => Table::new(),
        }
    }

    /// Tables in a list (`[[key]]`).
    pub(super) fn list_of_tables<T>(
        &mut self,
        key: &str,
        mut read: impl FnMut(&mut Section<'_>) -> T,
    ) -> Vec<T> {
        let Some(node) = self.take(key) else { return Vec::new() };
        let path = self.name(key);
        let node = match &node.value {
            Value::Raw(raw) if raw.trim().is_empty() => Node { value: Value::List(Vec::new()), ..node },
            Value::Raw(raw) => parse_value(raw, &node.origin).unwrap_or(node),
            _ => node,
        };
        let Value::List(list) = node.value else {
            self.report.wrong(&path, "must be a list of tables");
            return Vec::new();
        };
        self.report.shown.push((path.clone(), format!("{} entries", list.len()), node.origin));
        let mut items = Vec::new();
        for (index, item) in list.into_iter().enumerate() {
            let path = format!("{path}[{index}]");
            self.report.origins.insert(path.clone(), item.origin);
            match item.value {
                Value::Table(table) => {
                    let mut section = Section { path, table, known: Vec::new(), report: &mut *self.report };
                    items.push(read(&mut section));
                    section.finish();
                }
                _ => self.report.wrong(&path, "must be a table"),
            }
        }
        items
    }

    /// A line of text; may be empty.
    pub(super) fn text(&mut self, key: &str) -> String {
        self.scalar(key, "a line of text", |raw| {
            (!raw.chars().any(char::is_control)).then(|| raw.trim().to_owned())
        })
        .unwrap_or_default()
    }

    /// A line of text; empty means that it is not set.
    pub(super) fn optional(&mut self, key: &str) -> Option<String> {
        Some(self.text(key)).filter(|text| !text.is_empty())
    }

    /// A line of text in an item of a list, where the key may also be left out.
    pub(super) fn optional_in_item(&mut self, key: &str) -> Option<String> {
        if self.table.contains_key(key) {
            return self.optional(key);
        }
        self.known.push(key.to_owned());
        None
    }

    /// A path; empty means that it is not set.
    pub(super) fn optional_path(&mut self, key: &str) -> Option<PathBuf> {
        self.optional(key).map(PathBuf::from)
    }

    /// A text that `read` understands; `expected` says what would be right.
    pub(super) fn parsed<T>(
        &mut self,
        key: &str,
        expected: &str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        self.scalar(key, expected, read)
    }

    /// The same where empty means that it is not set.
    pub(super) fn optional_parsed<T>(
        &mut self,
        key: &str,
        expected: &str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        self.scalar(key, expected, |raw| if raw.is_empty() { Some(None) } else { read(raw).map(Some) })
            .flatten()
    }

    /// One of the given words.
    pub(super) fn choice<T: Copy>(&mut self, key: &str, words: &[(&str, T)]) -> T {
        let listed = words.iter().map(|(word, _)| format!("{word:?}")).collect::<Vec<_>>().join(", ");
        let expected = if words.len() == 1 { listed } else { format!("one of {listed}") };
        self.scalar(key, &expected, |raw| words.iter().find(|(word, _)| *word == raw).map(|(_, one)| *one))
            .unwrap_or(words[0].1)
    }

    /// A whole number within `range`.
    pub(super) fn integer(&mut self, key: &str, range: RangeInclusive<u32>) -> u32 {
        let expected = format!("a whole number from {} to {}", range.start(), range.end());
        let fits = |number: i64| u32::try_from(number).ok().filter(|number| range.contains(number));
        self.value(key, &expected, |value| match value {
            Value::Integer(number) => fits(*number),
            Value::Raw(raw) => raw.trim().parse().ok().and_then(fits),
            _ => None,
        })
        .unwrap_or(*range.start())
    }

    /// `true` or `false`.
    pub(super) fn boolean(&mut self, key: &str) -> bool {
        self.value(key, "true or false", |value| match value {
            Value::Boolean(value) => Some(*value),
            Value::Raw(raw) => raw.trim().parse().ok(),
            _ => None,
        })
        .unwrap_or_default()
    }

    /// A duration within `range`.
    pub(super) fn duration(&mut self, key: &str, range: RangeInclusive<Duration>) -> Duration {
        let (least, most) = (show_duration(*range.start()), show_duration(*range.end()));
        let expected = format!("a duration from {least} to {most}, such as \"60s\", \"5m\" or \"24h\"");
        self.scalar(key, &expected, |raw| parse_duration(raw).filter(|one| range.contains(one)))
            .unwrap_or_default()
    }

    /// A size in bytes within `range`.
    pub(super) fn size(&mut self, key: &str, range: RangeInclusive<u64>) -> usize {
        let (least, most) = (show_size(*range.start()), show_size(*range.end()));
        let expected = format!("a size from {least} to {most}, such as \"64 KiB\" or \"40 MiB\"");
        self.scalar(key, &expected, |raw| {
            parse_size(raw).filter(|size| range.contains(size)).and_then(|size| usize::try_from(size).ok())
        })
        .unwrap_or_default()
    }

    /// A list of texts that `read` understands; in an environment variable they are separated by commas.
    pub(super) fn list<T>(&mut self, key: &str, expected: &str, read: impl Fn(&str) -> Option<T>) -> Vec<T> {
        let Some(node) = self.take(key) else { return Vec::new() };
        let path = self.name(key);
        let items: Vec<Node> = match node.value {
            Value::List(list) => list,
            Value::Raw(raw) => raw
                .trim_matches(|c: char| c.is_whitespace() || c == '[' || c == ']')
                .split(',')
                .map(|item| item.trim_matches(|c: char| c.is_whitespace() || c == '"'))
                .filter(|item| !item.is_empty())
                .map(|item| Node { value: Value::Text(item.to_owned()), origin: node.origin.clone() })
                .collect(),
            _ => {
                self.report.wrong(&path, format!("must be a list, each item {expected}"));
                return Vec::new();
            }
        };
        let shown: Vec<String> = items.iter().map(|item| describe(&item.value)).collect();
        self.report.shown.push((path.clone(), format!("[{}]", shown.join(", ")), node.origin));
        let mut read_items = Vec::new();
        for (index, item) in items.iter().enumerate() {
            let read = match &item.value {
                Value::Text(text) => read(text),
                Value::Integer(number) => read(&number.to_string()),
                _ => None,
            };
            let path = format!("{path}[{index}]");
            self.report.origins.insert(path.clone(), item.origin.clone());
            match read {
                Some(read) => read_items.push(read),
                None => {
                    let sentence = format!("must be {expected}, not {}", describe(&item.value));
                    self.report.wrong(&path, sentence);
                }
            }
        }
        read_items
    }

    /// Makes mistakes of the keys that nobody asked for.
    pub(super) fn finish(self) {
        for (key, node) in &self.table {
            let path = join(&self.path, key);
            let sort = if matches!(node.value, Value::Table(_)) { "section" } else { "key" };
            let meant = nearest(key, self.known.iter().map(String::as_str))
                .map(|near| join(&self.path, near))
                .or_else(|| elsewhere(key, &self.report.all_keys));
            let sentence = match meant {
                Some(meant) => format!("unknown {sort}; did you mean {meant}?"),
                None => format!("unknown {sort}; known here: {}", self.known.join(", ")),
            };
            self.report.origins.insert(path.clone(), node.origin.clone());
            self.report.wrong(&path, sentence);
        }
    }

    fn inner<T>(&mut self, key: &str, table: Table, read: impl FnOnce(&mut Section<'_>) -> T) -> T {
        let mut section =
            Section { path: self.name(key), table, known: Vec::new(), report: &mut *self.report };
        let value = read(&mut section);
        section.finish();
        value
    }

    /// The node under `key`, from now on known and read.
    pub(super) fn take(&mut self, key: &str) -> Option<Node> {
        self.known.push(key.to_owned());
        let path = self.name(key);
        match self.table.remove(key) {
            Some(node) => {
                self.report.origins.insert(path, node.origin.clone());
                Some(node)
            }
            // Never a key with a default: only in the items of a list are there keys without.
            None => {
                // What stands in a section that is none is one mistake, not one for each of its keys.
                if !self.report.is_wrong(&self.path) {
                    self.report.wrong(&path, "must be set");
                }
                None
            }
        }
    }

    fn take_table(&mut self, key: &str) -> Table {
        let path = self.name(key);
        match self.take(key).map(|node| node.value) {
            Some(Value::Table(table)) => table,
            Some(_) => {
                self.report.wrong(&path, "is a section, and cannot have a value of its own");
                Table::new()
            }
            None => Table::new(),
        }
    }

    fn scalar<T>(&mut self, key: &str, expected: &str, read: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        self.value(key, expected, |value| match value {
            Value::Text(text) | Value::Raw(text) => read(text),
            _ => None,
        })
    }

    fn value<T>(&mut self, key: &str, expected: &str, read: impl FnOnce(&Value) -> Option<T>) -> Option<T> {
        let node = self.take(key)?;
        let path = self.name(key);
        let found = describe(&node.value);
        let value = read(&node.value);
        if value.is_none() {
            self.report.wrong(&path, format!("must be {expected}, not {found}"));
        }
        self.report.shown.push((path, found, node.origin));
        value
    }
}

/// A value as it may stand in a sentence. Secrets never come here.
fn describe(value: &Value) -> String {
    match value {
        Value::Text(text) | Value::Raw(text) => format!("{text:?}"),
        Value::Integer(number) => number.to_string(),
        Value::Boolean(value) => value.to_string(),
        Value::List(_) => "a list".to_owned(),
        Value::Table(_) => "a section".to_owned(),
        Value::Other(words) => (*words).to_owned(),
    }
}

/// The one key of another section that has this name, such as `database.url` for a bare `url`.
fn elsewhere(key: &str, all: &[String]) -> Option<String> {
    let mut same = all.iter().filter(|path| path.rsplit('.').next() == Some(key));
    let first = same.next()?;
    same.next().is_none().then(|| first.clone())
}

fn is_account_name(name: &str) -> bool {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    !name.is_empty()
        && name.chars().all(allowed)
        && !name.contains("__")
        && !name.starts_with('_')
        && !name.ends_with('_')
}
