//! Finds the Message-ID of the letter that a report is about.

use mail_parser::{Message, MimeHeaders, PartType};

use super::{Letter, address};
use crate::email::automatic::header_block::lines;

/// Nested letters are looked into this deep.
const DEEPEST: usize = 4;

/// The Message-ID of the letter that the report is about, without angle brackets: from the returned letter or its
/// header; from header lines quoted in the text; last from what the report itself answers.
pub(super) fn message_id(letter: &Letter<'_>, texts: &[&str]) -> Option<String> {
    nested(letter.message, 0)
        .or_else(|| texts.iter().find_map(|text| in_lines(text.as_bytes())))
        .or_else(|| in_lines(body(letter.raw)))
        .or_else(|| {
            ["x-original-message-id", "original-message-id"]
                .iter()
                .find_map(|name| letter.headers.first(name))
                .and_then(bare)
        })
        .or_else(|| letter.headers.first("in-reply-to").and_then(bare))
}

fn nested(message: &Message<'_>, depth: usize) -> Option<String> {
    message.parts.iter().find_map(|part| match &part.body {
        PartType::Message(inner) => inner
            .message_id()
            .map(str::to_owned)
            .or_else(|| (depth < DEEPEST).then(|| nested(inner, depth + 1)).flatten()),
        PartType::Text(text)
            if part.content_type().is_some_and(|kind| kind.subtype() == Some("rfc822-headers")) =>
        {
            in_lines(text.as_bytes())
        }
        PartType::Binary(bytes) | PartType::InlineBinary(bytes)
            if part.content_type().is_some_and(|kind| {
                kind.ctype() == "message" || kind.subtype() == Some("rfc822-headers")
            }) =>
        {
            in_lines(bytes)
        }
        _ => None,
    })
}

/// The address that the returned letter was written to, when it is one only.
pub(super) fn only_addressee(letter: &Letter<'_>, told: &str) -> Option<String> {
    let returned = letter.message.parts.iter().find_map(|part| match &part.body {
        PartType::Message(inner) => Some(inner),
        _ => None,
    });
    let mut addresses: Vec<String> = match returned {
        Some(inner) => inner
            .to()
            .map(|to| to.iter().filter_map(|one| one.address()).map(str::to_owned).collect())
            .unwrap_or_default(),
        None => told
            .lines()
            .find(|line| line.trim_start().get(..3).is_some_and(|name| name.eq_ignore_ascii_case("to:")))
            .map(|line| address::find(line).into_iter().map(|found| found.address).collect())
            .unwrap_or_default(),
    };
    let only = addresses.pop().filter(|address| address.contains('@'))?;
    // The report came to whoever sent the letter.
    let sender =
        letter.headers.all("to").flat_map(address::find).any(|to| to.address.eq_ignore_ascii_case(&only));
    (addresses.is_empty() && !sender).then_some(only)
}

/// Everything after the header.
fn body(raw: &[u8]) -> &[u8] {
    let mut before = 0;
    for line in lines(raw) {
        before = line.as_ptr() as usize - raw.as_ptr() as usize;
        if line.is_empty() {
            break;
        }
    }
    &raw[before..]
}

/// The value of the first line `Message-ID: …`, also where it is quoted, indented or folded.
fn in_lines(bytes: &[u8]) -> Option<String> {
    let mut lines = lines(bytes).peekable();
    while let Some(line) = lines.next() {
        let Some(value) = named(line) else { continue };
        let value = String::from_utf8_lossy(value);
        if let Some(id) = bare(&value) {
            return Some(id);
        }
        if value.trim().is_empty()
            && let Some(id) = lines.peek().and_then(|next| bare(&String::from_utf8_lossy(next)))
        {
            return Some(id);
        }
    }
    None
}

fn named(line: &[u8]) -> Option<&[u8]> {
    const NAME: &[u8] = b"message-id";
    let from = line.iter().position(|byte| !matches!(byte, b' ' | b'\t' | b'>' | b'|' | b'*' | b'-'))?;
    let line = &line[from..];
    let rest = (line.len() > NAME.len() && line[..NAME.len()].eq_ignore_ascii_case(NAME))
        .then(|| &line[NAME.len()..])?;
    rest.iter()
        .position(|byte| !matches!(byte, b' ' | b'\t'))
        .filter(|&at| rest[at] == b':')
        .map(|at| &rest[at + 1..])
}

/// The identifier in a header's value, without angle brackets.
fn bare(value: &str) -> Option<String> {
    let value = value.trim();
    let id = match value.split_once('<') {
        Some((_, rest)) => rest.split('>').next().unwrap_or_default(),
        None => value.split_whitespace().next().unwrap_or_default(),
    };
    let id = id.trim();
    (!id.is_empty() && id.len() <= 998 && id.contains('@')).then(|| id.to_owned())
}
