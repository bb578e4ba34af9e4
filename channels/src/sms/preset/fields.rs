//! The fields that a request to a gateway has, as a tree of templates, and how they are written as JSON, as a form or as a
//! query string.

use serde_json::{Map, Number, Value as Json};

use super::form::{Charset, encode};
use super::section::{Node, Section, Value};
use super::template::{Piece, Place, Template, Values};

/// How fields are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// `application/x-www-form-urlencoded`, in the body.
    Form,
    /// JSON, in the body.
    Json,
    /// After the `?` of the address.
    Query,
}

/// Fields by name, sorted: the order of a request must not depend on chance.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Fields(Vec<(String, Field)>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Field {
    Text(Template),
    /// A place whose value is digits, written as a JSON number.
    Integer(Place),
    Number(i64),
    Bool(bool),
    List(Vec<Field>),
    Table(Fields),
}

impl Fields {
    /// Reads the table at a key; empty when it is not there.
    pub(super) fn read(section: &Section<'_>, key: &str, format: Format, with_text: bool) -> Self {
        let Some(node) = section.node(key) else { return Self::default() };
        let reading = Reading { section, key, format, with_text };
        match &node.value {
            Value::Table(_) => match reading.field(node, 0) {
                Some(Field::Table(fields)) => fields,
                _ => Self::default(),
            },
            _ => {
                section.mistake(key, "must be a table");
                Self::default()
            }
        }
    }

    /// These fields and others on top of them: a table is joined with a table and a list with a list, item by item, and
    /// anything else is replaced.
    pub(super) fn with(&self, others: &Self) -> Self {
        let mut joined = self.clone();
        for (name, other) in &others.0 {
            match joined.0.iter_mut().find(|(known, _)| known == name) {
                Some((_, field)) => *field = field.with(other),
                None => joined.0.push((name.clone(), other.clone())),
            }
        }
        joined.0.sort_by(|one, other| one.0.cmp(&other.0));
        joined
    }

    /// Whether a place is filled in anywhere.
    pub(super) fn has(&self, place: Place) -> bool {
        self.0.iter().any(|(_, field)| field.has(place))
    }

    /// As JSON.
    pub(super) fn to_json(&self, values: &Values<'_>) -> Result<Json, String> {
        let fields = self.0.iter().map(|(name, field)| Ok((name.clone(), field.to_json(values)?)));
        fields.collect::<Result<Map<_, _>, String>>().map(Json::Object)
    }

    /// As a form or a query string.
    pub(super) fn to_form(&self, values: &Values<'_>, charset: Charset) -> Result<String, String> {
        let mut written = String::new();
        for (name, field) in &self.0 {
            if !written.is_empty() {
                written.push('&');
            }
            encode(name.as_bytes(), &mut written);
            written.push('=');
            match field {
                Field::Text(template) => encode(&charset.bytes(&template.fill(values)?)?, &mut written),
                Field::Integer(place) => encode(values.at(*place)?.as_bytes(), &mut written),
                Field::Number(number) => written.push_str(&number.to_string()),
                Field::Bool(truth) => written.push_str(if *truth { "true" } else { "false" }),
                Field::List(_) | Field::Table(_) => return Err("a form has no lists or tables".to_owned()),
            }
        }
        Ok(written)
    }
}

impl Field {
    fn with(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Table(one), Self::Table(other)) => Self::Table(one.with(other)),
            (Self::List(one), Self::List(other)) => {
                let both = one.iter().zip(other).map(|(one, other)| one.with(other));
                let longer = if one.len() > other.len() { one } else { other };
                Self::List(both.chain(longer.iter().skip(one.len().min(other.len())).cloned()).collect())
            }
            _ => other.clone(),
        }
    }

    fn has(&self, place: Place) -> bool {
        match self {
            Self::Text(template) => template.has(place),
            Self::Integer(one) => *one == place,
            Self::Number(_) | Self::Bool(_) => false,
            Self::List(items) => items.iter().any(|item| item.has(place)),
            Self::Table(fields) => fields.has(place),
        }
    }

    fn to_json(&self, values: &Values<'_>) -> Result<Json, String> {
        Ok(match self {
            Self::Text(template) => Json::String(template.fill(values)?),
            Self::Integer(place) => {
                let number: u64 = values.at(*place)?.parse().map_err(|_| {
                    "a number that this gateway wants as digits has something else in it".to_owned()
                })?;
                Json::Number(Number::from(number))
            }
            Self::Number(number) => Json::Number(Number::from(*number)),
            Self::Bool(truth) => Json::Bool(*truth),
            Self::List(items) => {
                Json::Array(items.iter().map(|item| item.to_json(values)).collect::<Result<_, _>>()?)
            }
            Self::Table(fields) => fields.to_json(values)?,
        })
    }
}

/// Where the fields stand that are being read, for saying what is wrong with them.
struct Reading<'a> {
    section: &'a Section<'a>,
    key: &'a str,
    format: Format,
    with_text: bool,
}

impl Reading<'_> {
    fn field(&self, node: &Node, depth: usize) -> Option<Field> {
        let deeper = matches!(node.value, Value::List(_) | Value::Table(_));
        if deeper && depth > 0 && self.format != Format::Json {
            return self.wrong(node, "has a list or a table in it, which only JSON can say");
        }
        match &node.value {
            Value::Text(text) => self.text(text, node),
            Value::Integer(number) => Some(Field::Number(*number)),
            Value::Bool(truth) => Some(Field::Bool(*truth)),
            Value::List(items) => {
                items.iter().map(|item| self.field(item, depth + 1)).collect::<Option<_>>().map(Field::List)
            }
            Value::Table(table) => table
                .iter()
                .map(|(name, item)| Some((name.clone(), self.field(item, depth + 1)?)))
                .collect::<Option<_>>()
                .map(|fields| Field::Table(Fields(fields))),
            Value::Other => {
                self.wrong(node, "holds a value that is no text, whole number, truth, list or table")
            }
        }
    }

    fn text(&self, text: &str, node: &Node) -> Option<Field> {
        let integer = text.strip_suffix(":integer}").map(|name| format!("{name}}}"));
        let written = integer.as_deref().unwrap_or(text);
        let template = match Template::parse(written, self.with_text) {
            Ok(template) => template,
            Err(why) => return self.wrong(node, &why),
        };
        match (integer, template.pieces()) {
            (None, _) => Some(Field::Text(template)),
            (Some(_), [Piece::Place(place)]) => Some(Field::Integer(*place)),
            (Some(_), _) => self.wrong(node, "has `:integer` in a value that is not one place alone"),
        }
    }

    fn wrong(&self, node: &Node, why: &str) -> Option<Field> {
        self.section.mistake_at(self.key, node.line, why);
        None
    }
}
