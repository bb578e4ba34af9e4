//! Header fields, decoded and repaired: subject, date, identifiers.

use jiff::Timestamp;
use mail_parser::{Header, HeaderValue, Message};

use super::charset;

/// The subject on one line.
pub(super) fn subject(message: &Message<'_>) -> String {
    let decoded = message.subject().unwrap_or_default();
    let repaired = repaired(message, "Subject", decoded);
    let one_line = repaired.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>();
    one_line.trim().to_owned()
}

/// When the sender says that it was written; `None` when that is no date.
pub(super) fn date(message: &Message<'_>) -> Option<Timestamp> {
    let date = message.date()?;
    let plausible = (1970..=9998).contains(&date.year)
        && (1..=12).contains(&date.month)
        && (1..=31).contains(&date.day)
        && date.hour < 24
        && date.minute < 60;
    plausible.then(|| Timestamp::from_second(date.to_timestamp()).ok()).flatten()
}

/// The identifiers of a field (RFC 5322 section 3.6.4), without angle brackets. Read from the raw value, because broken
/// programs write them in forms that a strict reader drops.
pub(super) fn ids(message: &Message<'_>, name: &str) -> Vec<String> {
    let mut ids: Vec<String> = Vec::new();
    for value in raw_values(message, name).iter().take(4) {
        let mut bracketed = false;
        let mut rest = value.as_str();
        while let Some(start) = rest.find('<') {
            bracketed = true;
            rest = &rest[start + 1..];
            let Some(end) = rest.find('>') else { break };
            push_id(&mut ids, &rest[..end]);
            rest = &rest[end + 1..];
        }
        if !bracketed {
            value
                .split_whitespace()
                .filter(|word| word.contains('@'))
                .for_each(|word| push_id(&mut ids, word));
        }
        if ids.len() > 200 {
            break;
        }
    }
    ids
}

fn push_id(ids: &mut Vec<String>, id: &str) {
    let id: String = id.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
    if !id.is_empty() && id.len() <= 998 && !ids.contains(&id) {
        ids.push(id);
    }
}

/// The values of a field as they stand, unfolded, top first.
pub(super) fn raw_values(message: &Message<'_>, name: &str) -> Vec<String> {
    let root = message.root_part();
    root.headers
        .iter()
        .filter(|header| header.name.as_str().eq_ignore_ascii_case(name))
        .map(|header| unfolded(&charset::unlabelled(raw_value(message, header)).0))
        .collect()
}

/// A decoded value, or a better one: raw 8-bit headers are taken for what they probably are.
pub(super) fn repaired(message: &Message<'_>, name: &str, decoded: &str) -> String {
    if !decoded.contains('\u{fffd}') {
        return decoded.to_owned();
    }
    let root = message.root_part();
    let header = root.headers.iter().find(|header| header.name.as_str().eq_ignore_ascii_case(name));
    let Some(header) = header else { return decoded.to_owned() };
    let raw = raw_value(message, header);
    if raw.is_ascii() {
        return decoded.to_owned();
    }
    // Encoded words beside raw bytes: make the raw bytes UTF-8, then decode once more.
    let text = charset::unlabelled(raw).0;
    let again = format!("Subject: {text}\r\n\r\n");
    let parsed = mail_parser::MessageParser::default().parse_headers(again.as_bytes());
    let value = parsed.as_ref().and_then(|message| message.subject()).unwrap_or_default();
    if value.is_empty() { unfolded(&text) } else { value.to_owned() }
}

fn raw_value<'m>(message: &'m Message<'_>, header: &Header<'_>) -> &'m [u8] {
    let (start, end) = (header.offset_start as usize, header.offset_end as usize);
    message.raw_message.get(start..end).unwrap_or_default()
}

fn unfolded(value: &str) -> String {
    value.replace("\r\n", "").replace(['\n', '\r'], "").trim().to_owned()
}

/// A content type's parts in lower case: `multipart/encrypted`.
pub(super) fn media_type(value: Option<&HeaderValue<'_>>) -> Option<String> {
    let HeaderValue::ContentType(content) = value? else { return None };
    let subtype = content.subtype().unwrap_or("octet-stream");
    Some(format!("{}/{}", content.ctype(), subtype).to_ascii_lowercase())
}

/// A display name whose raw 8-bit bytes were not understood: the text before the angle bracket, decoded as what it
/// probably is.
pub(super) fn repaired_phrase(message: &Message<'_>, header: &str, decoded: &str) -> String {
    let whole = raw_values(message, header).into_iter().next().unwrap_or_default();
    let phrase = whole.split('<').next().unwrap_or_default().trim().trim_matches('"');
    if phrase.is_empty() || phrase.contains("=?") { decoded.to_owned() } else { phrase.to_owned() }
}
