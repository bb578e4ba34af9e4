//! Reads texts out of a gateway's request.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use encoding_rs::Encoding;
use jiff::tz::TimeZone;

use super::form::decode_hex;
use super::section::Section;
use super::source::{Incoming, Locator, Source};
use super::{time, udh};
use crate::sms::wire::{Body, InboundText, Part, Tidings};

/// Where the parts of a text stand in one item.
#[derive(Clone, Debug)]
pub(super) struct Reading {
    id: Option<Locator>,
    from: Option<Locator>,
    to: Option<Locator>,
    text: Locator,
    time: Option<Locator>,
    zone: TimeZone,
    files: Option<Locator>,
    part: Option<PartAt>,
    coding: Option<Coding>,
}

/// Where it stands which part of a longer text it is.
#[derive(Clone, Debug)]
enum PartAt {
    Fields { reference: Locator, total: Locator, number: Locator },
    Header { udh: Locator, written: Written },
}

/// Where it stands that a text is no text but bytes.
#[derive(Clone, Debug)]
struct Coding {
    at: Locator,
    utf16: Vec<String>,
    binary: Vec<String>,
    charset: Option<Locator>,
    bytes: Option<Locator>,
    written: Written,
}

/// How bytes are written in a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Written {
    /// As they are (percent-encoded like everything in a form).
    Raw,
    Hex,
    Base64,
}

impl Reading {
    /// Reads where things stand. `None` when the text's place is missing, and then it has been said.
    pub(super) fn read(section: &Section<'_>, incoming: Incoming) -> Option<Self> {
        let locator = |key: &str| incoming.locator(section, key);
        let zone = match section.maybe_text("zone") {
            None => TimeZone::UTC,
            Some(name) => TimeZone::get(&name).unwrap_or_else(|_| {
                section.mistake("zone", "is no time zone of the tz database, such as \"Europe/Copenhagen\"");
                TimeZone::UTC
            }),
        };
        let (id, from, to, time, files) =
            (locator("id"), locator("from"), locator("to"), locator("time"), locator("files"));
        if from.is_none() {
            section.mistake("from", "is missing");
        }
        let part = section.section("part").and_then(|section| PartAt::read(&section, incoming));
        let coding = section.section("coding").and_then(|section| Coding::read(&section, incoming));
        let text = locator("text");
        if text.is_none() {
            section.mistake("text", "is missing");
        }
        Some(Self { id, from, to, text: text?, time, zone, files, part, coding })
    }

    /// What one item tells: a text, or that none is in it.
    pub(super) fn tidings(&self, source: &Source<'_>) -> Tidings {
        let word = |locator: &Option<Locator>| {
            let word = locator.as_ref().and_then(|locator| source.word(locator));
            word.filter(|word| !word.trim().is_empty())
        };
        let files = self.files.as_ref().map_or(0, |locator| source.count(locator));
        let Some(body) = self.body(source).or_else(|| (files > 0).then(|| Body::Text(String::new()))) else {
            return Tidings::Unreadable { detail: "the field with the text is missing".to_owned() };
        };
        Tidings::Text(InboundText {
            id: word(&self.id),
            from: word(&self.from).unwrap_or_default(),
            to: word(&self.to),
            body,
            sent_at: word(&self.time).and_then(|written| time::read(&written, &self.zone)),
            part: self.part.as_ref().and_then(|part| part.part(source)),
            files,
        })
    }

    fn body(&self, source: &Source<'_>) -> Option<Body> {
        let text = || source.word(&self.text).map(Body::Text);
        let Some(coding) = &self.coding else { return text() };
        let label = coding.charset.as_ref().and_then(|locator| source.word(locator)).unwrap_or_default();
        let word = source.word(&coding.at).unwrap_or_default();
        let is = |words: &[String]| words.iter().any(|one| one.eq_ignore_ascii_case(word.trim()));
        let (utf16, binary) = (is(&coding.utf16), is(&coding.binary));
        if !utf16 && !binary {
            return text();
        }
        let Some(bytes) = coding.bytes(source, &self.text) else { return text() };
        // The gateway may have decoded the text and say so in the character set, whatever the telephone wrote.
        let label = label.trim();
        Some(match Encoding::for_label_no_replacement(label.as_bytes()) {
            Some(encoding) if encoding.is_ascii_compatible() && !binary => {
                Body::Text(encoding.decode_without_bom_handling(&bytes).0.into_owned())
            }
            _ if utf16 => Body::Utf16(bytes),
            _ => Body::Binary(bytes),
        })
    }
}

impl Coding {
    fn read(section: &Section<'_>, incoming: Incoming) -> Option<Self> {
        let at = incoming.locator(section, "at");
        if at.is_none() {
            section.mistake("at", "is missing");
        }
        Some(Self {
            utf16: section.maybe_texts("utf16"),
            binary: section.maybe_texts("binary"),
            charset: incoming.locator(section, "charset"),
            bytes: incoming.locator(section, "bytes"),
            written: Written::read(section),
            at: at?,
        })
    }

    /// The bytes; what is not written as the preset says is taken as it stands, so that a person sees something.
    fn bytes(&self, source: &Source<'_>, text: &Locator) -> Option<Vec<u8>> {
        let bytes = source.bytes(self.bytes.as_ref().unwrap_or(text))?;
        Some(self.written.decode(&bytes).unwrap_or(bytes))
    }
}

impl PartAt {
    fn read(section: &Section<'_>, incoming: Incoming) -> Option<Self> {
        let locator = |key: &str| incoming.locator(section, key);
        let (reference, total, number) = (locator("reference"), locator("total"), locator("number"));
        let udh = locator("udh");
        let written = Written::read(section);
        match (udh, reference.zip(total).zip(number)) {
            (Some(udh), None) => Some(Self::Header { udh, written }),
            (None, Some(((reference, total), number))) => Some(Self::Fields { reference, total, number }),
            _ => {
                section.mistake("udh", "or else all of reference, total and number must stand here");
                None
            }
        }
    }

    fn part(&self, source: &Source<'_>) -> Option<Part> {
        match self {
            Self::Header { udh, written } => udh::part(&written.decode(&source.bytes(udh)?)?),
            Self::Fields { reference, total, number } => {
                let count = |locator| source.word(locator)?.trim().parse().ok();
                let reference = source.word(reference).filter(|reference| !reference.is_empty())?;
                udh::checked(reference, count(total)?, count(number)?)
            }
        }
    }
}

impl Written {
    fn read(section: &Section<'_>) -> Self {
        match section.one_of_or_first("written", &["raw", "hex", "base64"]) {
            "hex" => Self::Hex,
            "base64" => Self::Base64,
            _ => Self::Raw,
        }
    }

    fn decode(self, written: &[u8]) -> Option<Vec<u8>> {
        match self {
            Self::Raw => Some(written.to_vec()),
            Self::Hex => decode_hex(written),
            Self::Base64 => STANDARD.decode(written).ok(),
        }
    }
}
