//! What a gateway's request says, as fields that can be asked for: a form, a query string or JSON.

use encoding_rs::WINDOWS_1252;
use serde_json::Value as Json;

use super::form::Form;
use super::pointer::{Pointer, word};
use super::section::Section;
use crate::sms::wire::Call;

/// How a gateway's requests are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Incoming {
    json: bool,
    query_only: bool,
    latin1: bool,
}

/// Where a field stands: its name in a form, its pointer in JSON. Of several the first that says something counts.
#[derive(Clone, Debug)]
pub(super) struct Locator(Vec<At>);

#[derive(Clone, Debug)]
enum At {
    Name(String),
    Pointer(Pointer),
}

/// Fields that can be asked for: those of a request, or of one item in it.
pub(super) enum Source<'a> {
    Form { form: &'a Form, latin1: bool },
    Json(&'a Json),
}

/// What a request says, all of it.
pub(super) enum Document {
    Form { form: Form, latin1: bool },
    Json(Json),
}

impl Incoming {
    /// Reads `format` and `charset` of a section.
    pub(super) fn read(section: &Section<'_>) -> Self {
        let format = section.one_of_or_first("format", &["form", "query", "json"]);
        let charset = section.one_of_or_first("charset", &["utf-8", "latin1"]);
        Self { json: format == "json", query_only: format == "query", latin1: charset == "latin1" }
    }

    /// JSON, as polling brings it.
    pub(super) const JSON: Self = Self { json: true, query_only: false, latin1: false };

    /// A form, or a query string.
    pub(super) const FORM: Self = Self { json: false, query_only: false, latin1: false };

    /// What a request says. `payload` stands in the body's place when the body is not what was signed.
    pub(super) fn document(self, call: &Call, payload: Option<&[u8]>) -> Result<Document, String> {
        if self.json || payload.is_some() {
            let body = payload.unwrap_or(&call.body);
            return serde_json::from_slice(body).map(Document::Json).map_err(|_| "it is no JSON".to_owned());
        }
        let mut form = Form::default();
        if !self.query_only && call.method != "GET" {
            match serde_json::from_slice(&call.body) {
                // Some gateways let their customer choose, and the names are the same.
                Ok(Json::Object(fields)) if call.media_type() == "application/json" => {
                    for (name, value) in fields {
                        form.insert(&name, word(&value));
                    }
                }
                _ => form.add(&call.body),
            }
        }
        form.add(call.query.as_bytes());
        if form.is_empty() {
            return Err("it has no fields".to_owned());
        }
        Ok(Document::Form { form, latin1: self.latin1 })
    }

    /// Reads where a field stands, if the key is there.
    pub(super) fn locator(self, section: &Section<'_>, key: &str) -> Option<Locator> {
        let mut places = Vec::new();
        for written in section.maybe_texts(key) {
            match (self.json, Pointer::parse(&written)) {
                (true, Ok(pointer)) => places.push(At::Pointer(pointer)),
                (true, Err(why)) => section.mistake(key, why),
                (false, _) if written.starts_with('/') => {
                    section.mistake(key, "is a JSON pointer, but the format has fields with names");
                }
                (false, _) => places.push(At::Name(written)),
            }
        }
        (!places.is_empty()).then_some(Locator(places))
    }

    /// Reads where several fields stand, each of which counts.
    pub(super) fn locators(self, section: &Section<'_>, key: &str) -> Vec<Locator> {
        let all = self.locator(section, key).map(|locator| locator.0).unwrap_or_default();
        all.into_iter().map(|at| Locator(vec![at])).collect()
    }

    /// Whether it is JSON.
    pub(super) fn is_json(self) -> bool {
        self.json
    }
}

impl Document {
    /// The whole.
    pub(super) fn root(&self) -> Source<'_> {
        match self {
            Self::Form { form, latin1 } => Source::Form { form, latin1: *latin1 },
            Self::Json(json) => Source::Json(json),
        }
    }

    /// The items of the list that a pointer leads to, or the one item that it leads to, or the whole.
    pub(super) fn items(&self, at: Option<&Pointer>) -> Result<Vec<Source<'_>>, String> {
        match (self, at) {
            (Self::Json(json), Some(pointer)) => match pointer.first(json) {
                Some(Json::Array(items)) => Ok(items.iter().map(Source::Json).collect()),
                Some(item @ Json::Object(_)) => Ok(vec![Source::Json(item)]),
                _ => Err("the list of messages is not where the preset looks for it".to_owned()),
            },
            _ => Ok(vec![self.root()]),
        }
    }
}

impl Source<'_> {
    /// A field as text; of several places the first that is not empty, or else the first that is there.
    pub(super) fn word(&self, locator: &Locator) -> Option<String> {
        let mut empty = None;
        for at in &locator.0 {
            let found = match (self, at) {
                (Self::Form { form, latin1 }, At::Name(name)) => {
                    form.get(name).map(|bytes| text_of(bytes, *latin1))
                }
                (Self::Json(json), At::Pointer(pointer)) => pointer.first(json).and_then(word),
                // A token's payload is JSON although the preset's format is a form: its names stand at the top.
                (Self::Json(json), At::Name(name)) => json.get(name).and_then(word),
                (Self::Form { .. }, At::Pointer(_)) => None,
            };
            match found {
                Some(found) if !found.is_empty() => return Some(found),
                found => empty = empty.or(found),
            }
        }
        empty
    }

    /// A field as bytes, nothing decoded.
    pub(super) fn bytes(&self, locator: &Locator) -> Option<Vec<u8>> {
        match self {
            Self::Form { form, .. } => locator.0.iter().find_map(|at| match at {
                At::Name(name) => form.get(name).map(<[u8]>::to_vec),
                At::Pointer(_) => None,
            }),
            Self::Json(_) => self.word(locator).map(String::into_bytes),
        }
    }

    /// How many things stand at a place: the items of a list, or the number that a word says.
    pub(super) fn count(&self, locator: &Locator) -> u32 {
        if let (Self::Json(json), [At::Pointer(pointer)]) = (self, locator.0.as_slice())
            && let Some(Json::Array(items)) = pointer.first(json)
        {
            return u32::try_from(items.len()).unwrap_or(u32::MAX);
        }
        self.word(locator).and_then(|word| word.trim().parse().ok()).unwrap_or(0)
    }
}

fn text_of(bytes: &[u8], latin1: bool) -> String {
    match latin1 {
        // Windows-1252 reads every text in Latin-1, and what gateways call so often has its `€`.
        true => WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(),
        false => String::from_utf8_lossy(bytes).into_owned(),
    }
}
