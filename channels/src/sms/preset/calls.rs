//! What a gateway calls us with: which section of a preset a request is about, and what it tells.

use super::pointer::Pointer;
use super::section::Section;
use super::source::{Document, Incoming, Locator};
use super::{Preset, report};
use crate::sms::wire::{Call, Tidings};

/// What the gateway calls us with.
#[derive(Clone, Debug)]
pub(super) struct Calls<R> {
    pub(super) methods: Vec<&'static str>,
    pub(super) incoming: Incoming,
    pub(super) items: Option<Pointer>,
    pub(super) when: Option<When>,
    pub(super) reading: R,
}

/// What tells calls of one kind from others that come to the same address.
#[derive(Clone, Debug)]
pub(super) struct When {
    pub(super) incoming: Incoming,
    at: Locator,
    is: Vec<String>,
}

impl Preset {
    /// Reads a request as [`Preset::read`] says. The error is what a person is told who looks at it.
    pub(super) fn read_into(
        &self,
        call: &Call,
        payload: Option<&[u8]>,
        into: &mut Vec<Tidings>,
    ) -> Result<(), String> {
        let address = ReportAddress::of(&call.path);
        let mut reading = Unread { call, payload, read: Vec::new() };
        // What a call says of itself goes before the address that it comes to.
        if let Some(calls) = &self.texts
            && reading.says(&calls.when)?.unwrap_or(address.is_none())
        {
            let document = reading.document(calls.incoming)?;
            into.extend(document.items(calls.items.as_ref())?.iter().map(|item| calls.reading.tidings(item)));
            return Ok(());
        }
        if let Some(calls) = &self.reports
            && reading.says(&calls.when)?.unwrap_or(address.is_some())
        {
            let token =
                address.and_then(|address| address.token).filter(|_| self.verify.covers_the_address());
            let document = reading.document(calls.incoming)?;
            into.extend(
                document.items(calls.items.as_ref())?.iter().map(|item| calls.reading.tidings(item, token)),
            );
            return Ok(());
        }
        if self.ignored.is_some() && reading.says(&self.ignored)? == Some(true) {
            into.push(Tidings::Nothing);
            return Ok(());
        }
        Err("it is of a kind that the preset does not know".to_owned())
    }
}

impl<R> Calls<R> {
    pub(super) fn read(
        section: &Section<'_>,
        reading: impl Fn(&Section<'_>, Incoming) -> Option<R>,
    ) -> Option<Self> {
        let mut methods = Vec::new();
        for method in section.maybe_texts("methods") {
            match ["GET", "POST"].into_iter().find(|known| *known == method) {
                Some(method) => methods.push(method),
                None => section.mistake("methods", "must be \"GET\" or \"POST\" or both"),
            }
        }
        if methods.is_empty() {
            methods = vec!["GET", "POST"];
        }
        let incoming = Incoming::read(section);
        let items = section.maybe_text("items").and_then(|written| {
            if !incoming.is_json() {
                section.mistake("items", "is for JSON alone");
            }
            Pointer::parse(&written).map_err(|why| section.mistake("items", why)).ok()
        });
        let when = section.section("when").and_then(|section| When::read(&section, incoming));
        Some(Self { methods, incoming, items, when, reading: reading(section, incoming)? })
    }
}

impl When {
    pub(super) fn read(section: &Section<'_>, incoming: Incoming) -> Option<Self> {
        let at = incoming.locator(section, "at");
        if at.is_none() {
            section.mistake("at", "is missing");
        }
        let is = section.texts("is");
        Some(Self { incoming, at: at?, is: is? })
    }
}

/// A request that is read in as few ways as the sections of a preset differ in.
struct Unread<'a> {
    call: &'a Call,
    payload: Option<&'a [u8]>,
    read: Vec<(Incoming, Document)>,
}

impl Unread<'_> {
    fn document(&mut self, incoming: Incoming) -> Result<&Document, String> {
        let known = self.read.iter().position(|(way, _)| *way == incoming);
        let at = match known {
            Some(at) => at,
            None => {
                self.read.push((incoming, incoming.document(self.call, self.payload)?));
                self.read.len() - 1
            }
        };
        Ok(&self.read[at].1)
    }

    /// Whether a section is about the request; `None` when it does not say what it is about.
    fn says(&mut self, when: &Option<When>) -> Result<Option<bool>, String> {
        let Some(when) = when else { return Ok(None) };
        let word = self.document(when.incoming)?.root().word(&when.at);
        Ok(Some(word.is_some_and(|word| when.is.contains(&word))))
    }
}

/// An address for delivery reports: it ends in `/report` or `/report/<token>`.
#[derive(Clone, Copy)]
struct ReportAddress<'a> {
    token: Option<&'a str>,
}

impl<'a> ReportAddress<'a> {
    fn of(path: &'a str) -> Option<Self> {
        let mut segments = path.trim_end_matches('/').rsplit('/');
        let last = segments.next()?;
        match segments.next() {
            Some("report") => Some(Self { token: report::is_token(last).then_some(last) }),
            _ => (last == "report").then_some(Self { token: None }),
        }
    }
}
