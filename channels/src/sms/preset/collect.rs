//! Asks a gateway for what it keeps for us, where it does not call us. What it hands out it forgets, so the caller keeps
//! every item's own bytes before it asks again.

use std::collections::HashMap;

use serde_json::Value as Json;
use serde_json::value::RawValue;

use super::pointer::Pointer;
use super::section::Section;
use super::send::Making;
use super::source::{Incoming, Source};
use super::{inbound, report};
use crate::sms::wire::Tidings;

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Collecting {
    /// Texts.
    Texts,
    /// What became of texts of ours.
    Reports,
}

/// How one kind is asked for and read.
#[derive(Clone, Debug)]
pub(super) struct Collect {
    pub(super) making: Making,
    items: Vec<String>,
    reading: Reading,
}

#[derive(Clone, Debug)]
enum Reading {
    Texts(inbound::Reading),
    Reports(report::Reading),
}

impl Collect {
    /// Reads `[collect.texts]` or `[collect.reports]`.
    pub(super) fn read(section: &Section<'_>, what: Collecting) -> Option<Self> {
        let items = section.text("items").and_then(|written| match Pointer::parse(&written) {
            Ok(_) => Some(written.split('/').skip(1).map(str::to_owned).collect()),
            Err(why) => {
                section.mistake("items", why);
                None
            }
        });
        let reading = match what {
            Collecting::Texts => inbound::Reading::read(section, Incoming::JSON).map(Reading::Texts),
            Collecting::Reports => {
                let reading = report::Reading::read(section, Incoming::JSON);
                if reading.as_ref().is_some_and(|reading| !reading.names_the_text()) {
                    section.mistake("id", "or token must stand here");
                }
                reading.map(Reading::Reports)
            }
        };
        let making = Making::read(section, false);
        Some(Self { making: making?, items: items?, reading: reading? })
    }

    /// The items of an answer, each with its own bytes.
    pub(super) fn collected(&self, body: &[u8]) -> Vec<(Vec<u8>, Tidings)> {
        let Some(items) = raw_items(body, &self.items) else {
            let detail = "the list of messages is not where the preset looks for it".to_owned();
            return vec![(body.to_vec(), Tidings::Unreadable { detail })];
        };
        items.into_iter().map(|raw| (raw.get().as_bytes().to_vec(), self.tidings(raw.get()))).collect()
    }

    fn tidings(&self, raw: &str) -> Tidings {
        let Ok(json) = serde_json::from_str::<Json>(raw) else {
            return Tidings::Unreadable { detail: "it is no JSON that could be read".to_owned() };
        };
        match &self.reading {
            Reading::Texts(reading) => reading.tidings(&Source::Json(&json)),
            Reading::Reports(reading) => reading.tidings(&Source::Json(&json), None),
        }
    }
}

/// The items of a list as they are written; an absent body (204) has none.
fn raw_items<'a>(body: &'a [u8], steps: &[String]) -> Option<Vec<&'a RawValue>> {
    if body.trim_ascii().is_empty() {
        return Some(Vec::new());
    }
    let mut at: &RawValue = serde_json::from_slice(body).ok()?;
    for step in steps {
        let fields: HashMap<String, &RawValue> = serde_json::from_str(at.get()).ok()?;
        at = fields.get(step)?;
    }
    serde_json::from_str(at.get()).ok()
}
