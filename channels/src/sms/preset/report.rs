//! Reads delivery reports out of a gateway's request.

use std::collections::BTreeMap;

use super::section::{Section, Value};
use super::source::{Incoming, Locator, Source};
use crate::sms::wire::{About, Delivery, Report, Tidings};

/// How much of a gateway's own words is kept, in characters.
const MOST_DETAIL: usize = 100;

/// Where the parts of a report stand in one item.
#[derive(Clone, Debug)]
pub(super) struct Reading {
    token: Option<Locator>,
    id: Option<Locator>,
    status: Locator,
    map: BTreeMap<String, Delivery>,
    detail: Vec<Locator>,
}

impl Reading {
    /// Reads where things stand. `None` when something must be there that is not, and then it has been said.
    pub(super) fn read(section: &Section<'_>, incoming: Incoming) -> Option<Self> {
        let (token, id) = (incoming.locator(section, "token"), incoming.locator(section, "id"));
        let status = incoming.locator(section, "status");
        if status.is_none() {
            section.mistake("status", "is missing");
        }
        let detail = incoming.locators(section, "detail");
        let mut map = BTreeMap::new();
        match section.section("map") {
            None => section.mistake("map", "is missing"),
            Some(table) => {
                for (key, node) in table.entries() {
                    let delivery = match &node.value {
                        Value::Text(word) => [Delivery::Delivered, Delivery::Failed, Delivery::Pending]
                            .into_iter()
                            .find(|delivery| delivery.as_str() == word),
                        _ => None,
                    };
                    match delivery {
                        Some(delivery) => drop(map.insert(key.to_ascii_lowercase(), delivery)),
                        None => table.mistake(key, "must be delivered, failed or pending"),
                    }
                }
                if !map.values().any(|delivery| *delivery == Delivery::Delivered) {
                    section.mistake("map", "has no word that means delivered");
                }
            }
        }
        Some(Self { token, id, status: status?, map, detail })
    }

    /// Whether a report can be told apart without our token in the address.
    pub(super) fn names_the_text(&self) -> bool {
        self.token.is_some() || self.id.is_some()
    }

    /// What one item tells. `token` is the one of the address, which was ours to choose.
    pub(super) fn tidings(&self, source: &Source<'_>, token: Option<&str>) -> Tidings {
        let word = |locator: &Option<Locator>| {
            locator.as_ref().and_then(|locator| source.word(locator)).filter(|word| !word.is_empty())
        };
        let named = token.map(str::to_owned).or_else(|| word(&self.token).filter(|token| is_token(token)));
        let about = match named.map(About::Token).or_else(|| word(&self.id).map(About::ProviderId)) {
            Some(about) => about,
            None => {
                return Tidings::Unreadable { detail: "a report that does not say of which text".to_owned() };
            }
        };
        let Some(status) = source.word(&self.status) else {
            return Tidings::Unreadable {
                detail: "a report that does not say what became of the text".to_owned(),
            };
        };
        let mut detail = status.clone();
        for more in
            self.detail.iter().filter_map(|locator| source.word(locator)).filter(|more| !more.is_empty())
        {
            detail.push(' ');
            detail.push_str(&more);
        }
        let known = self.map.get(status.trim().to_ascii_lowercase().as_str());
        Tidings::Report(Report {
            about,
            status: known.copied().unwrap_or(Delivery::Unknown),
            detail: detail.chars().filter(|one| !one.is_control()).take(MOST_DETAIL).collect(),
        })
    }
}

/// Whether a word can be a token of ours.
pub(super) fn is_token(word: &str) -> bool {
    (1..=36).contains(&word.len())
        && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}
