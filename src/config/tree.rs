//! Layers of configuration as trees of values that remember where they were written, and how one layer is laid
//! over another.
//!
//! Knows no key and no type: an environment variable stays a raw string until its key says what it should be.

use std::collections::BTreeMap;
use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::{Mistake, Origin};

/// What begins the name of every environment variable that is read.
pub(super) const PREFIX: &str = "INDGANG__";

/// A table of a layer: names to values, in a fixed order so that mistakes are told in a fixed order.
pub(super) type Table = BTreeMap<String, Node>;

/// A value, and where it was written.
#[derive(Clone)]
pub(super) struct Node {
    pub(super) value: Value,
    pub(super) origin: Origin,
}

/// A value as far as its syntax tells.
#[derive(Clone)]
pub(super) enum Value {
    Text(String),
    Integer(i64),
    Boolean(bool),
    List(Vec<Node>),
    Table(Table),
    /// From an environment variable: whatever its key wants it to be.
    Raw(String),
    /// A sort that no key wants, in words.
    Other(&'static str),
}

/// Reads a layer from TOML text.
pub(super) fn parse(text: &str, origin: &dyn Fn(usize) -> Origin, name: &str) -> (Table, Vec<Mistake>) {
    let lines = Lines::new(text);
    let (table, errors) = DeTable::parse_recoverable(text);
    let mistakes = errors
        .iter()
        .map(|error| Mistake {
            key: name.to_owned(),
            // The message alone: the error's own Display prints the line, and with it perhaps a password.
            sentence: format!("is not valid TOML: {}", error.message()),
            origin: error.span().map(|span| origin(lines.number(span.start))),
        })
        .collect();
    (convert_table(table.get_ref(), &lines, origin), mistakes)
}

/// Reads one value in TOML's notation, as it may stand in an environment variable.
pub(super) fn parse_value(text: &str, origin: &Origin) -> Option<Node> {
    let lines = Lines::new(text);
    let value = DeValue::parse(text).ok()?;
    Some(convert(&value, &lines, &|_| origin.clone()))
}

/// Makes a layer of the environment variables that begin with [`PREFIX`].
pub(super) fn from_environment(variables: impl Iterator<Item = (String, String)>) -> (Table, Vec<Mistake>) {
    let mut layer = Table::new();
    let mut mistakes = Vec::new();
    // Sorted, so that the outcome does not hang on the order in which the system lists them.
    let variables: BTreeMap<String, String> =
        variables.filter(|(name, _)| name.starts_with(PREFIX)).collect();
    for (name, value) in variables {
        let path: Vec<String> = name[PREFIX.len()..].split("__").map(str::to_lowercase).collect();
        let origin = Origin::Environment { name: name.clone() };
        let node = Node { value: Value::Raw(value), origin: origin.clone() };
        if path.iter().any(String::is_empty) || !insert(&mut layer, &path, node) {
            mistakes.push(Mistake {
                key: name,
                sentence: "does not name a key; the form is INDGANG__SECTION__KEY".to_owned(),
                origin: None,
            });
        }
    }
    (layer, mistakes)
}

/// Lays `over` on top of `base`: tables are joined, everything else is replaced.
pub(super) fn lay_over(base: &mut Table, over: Table) {
    for (key, node) in over {
        match (base.get_mut(&key).map(|old| &mut old.value), node.value) {
            (Some(Value::Table(old)), Value::Table(new)) => lay_over(old, new),
            (_, value) => {
                base.insert(key, Node { value, origin: node.origin });
            }
        }
    }
}

/// The full names of everything in a layer that is not itself a table.
pub(super) fn paths(table: &Table, prefix: &str, into: &mut Vec<String>) {
    for (key, node) in table {
        let path = join(prefix, key);
        match &node.value {
            Value::Table(inner) => paths(inner, &path, into),
            _ => into.push(path),
        }
    }
}

/// `section` and `key` as one full name.
pub(super) fn join(section: &str, key: &str) -> String {
    if section.is_empty() { key.to_owned() } else { format!("{section}.{key}") }
}

/// The display name of a file, for the mistakes that concern the whole of it.
pub(super) fn file_name(path: &Path) -> String {
    path.display().to_string()
}

fn insert(table: &mut Table, path: &[String], node: Node) -> bool {
    match path {
        [] => false,
        [key] => table.insert(key.clone(), node).is_none(),
        [key, rest @ ..] => {
            let inner = table
                .entry(key.clone())
                .or_insert_with(|| Node { value: Value::Table(Table::new()), origin: node.origin.clone() });
            match &mut inner.value {
                Value::Table(inner) => insert(inner, rest, node),
                _ => false,
            }
        }
    }
}

fn convert_table(table: &DeTable<'_>, lines: &Lines, origin: &dyn Fn(usize) -> Origin) -> Table {
    table
        .iter()
        .map(|(key, value)| {
            let mut node = convert(value, lines, origin);
            node.origin = origin(lines.number(key.span().start));
            (key.get_ref().to_string(), node)
        })
        .collect()
}

fn convert(value: &Spanned<DeValue<'_>>, lines: &Lines, origin: &dyn Fn(usize) -> Origin) -> Node {
    let at = origin(lines.number(value.span().start));
    let value = match value.get_ref() {
        DeValue::String(text) => Value::Text(text.to_string()),
        // An unquoted date or time is as clear as a quoted one.
        DeValue::Datetime(moment) => Value::Text(moment.to_string()),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .map_or(Value::Other("a number that is too large"), Value::Integer),
        DeValue::Float(_) => Value::Other("a number with decimals"),
        DeValue::Boolean(value) => Value::Boolean(*value),
        DeValue::Array(list) => Value::List(list.iter().map(|one| convert(one, lines, origin)).collect()),
        DeValue::Table(table) => Value::Table(convert_table(table, lines, origin)),
    };
    Node { value, origin: at }
}

/// Finds the line of a byte.
struct Lines {
    starts: Vec<usize>,
}

impl Lines {
    fn new(text: &str) -> Self {
        Self { starts: text.match_indices('\n').map(|(at, _)| at + 1).collect() }
    }

    fn number(&self, byte: usize) -> usize {
        self.starts.partition_point(|start| *start <= byte) + 1
    }
}
