//! JSON pointers (RFC 6901) with one addition: a step `*` means every item of a list.

use serde_json::Value as Json;

/// A path into a JSON document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pointer(Vec<String>);

impl Pointer {
    /// Reads a pointer; the empty one means the whole document.
    pub(super) fn parse(written: &str) -> Result<Self, String> {
        if written.is_empty() {
            return Ok(Self(Vec::new()));
        }
        let steps = written.strip_prefix('/').ok_or("is no JSON pointer: it must begin with /")?;
        Ok(Self(steps.split('/').map(|step| step.replace("~1", "/").replace("~0", "~")).collect()))
    }

    /// The first value that it leads to; null is nothing.
    pub(super) fn first<'a>(&self, document: &'a Json) -> Option<&'a Json> {
        self.all(document).into_iter().next()
    }

    /// Every value that it leads to; null is nothing.
    pub(super) fn all<'a>(&self, document: &'a Json) -> Vec<&'a Json> {
        let mut found = vec![document];
        for step in &self.0 {
            found = found.into_iter().flat_map(|value| take(value, step)).collect();
        }
        found.retain(|value| !value.is_null());
        found
    }
}

fn take<'a>(value: &'a Json, step: &str) -> Vec<&'a Json> {
    match value {
        Json::Array(items) if step == "*" => items.iter().collect(),
        Json::Array(items) => step.parse::<usize>().ok().and_then(|at| items.get(at)).into_iter().collect(),
        Json::Object(fields) => fields.get(step).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// A value that is one word, as text; `None` for null, a list or a table.
pub(super) fn word(value: &Json) -> Option<String> {
    match value {
        Json::String(text) => Some(text.clone()),
        Json::Number(number) => Some(number.to_string()),
        Json::Bool(truth) => Some(truth.to_string()),
        Json::Null | Json::Array(_) | Json::Object(_) => None,
    }
}
