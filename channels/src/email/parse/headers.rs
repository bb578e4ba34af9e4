//! Header fields, decoded and repaired: subject, date, identifiers.

use jiff::Timestamp;
use mail_parser::{Header, HeaderName, Message};

use super::{charset, words};

/// The subject on one line.
pub(super) fn subject(message: &Message<'_>) -> String {
    // The first, as everyone else reads it: a second one is a mistake or a trick.
    let header = message.root_part().headers.iter().find(|header| header.name == HeaderName::Subject);
    let Some(header) = header else { return String::new() };
    let decoded = words::decode(raw_value(message, header));
    let one_line = decoded.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>();
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

/// Most identifiers of one field that are kept: each is compared with those before it.
const IDS: usize = 200;

/// The identifiers of a field (RFC 5322 section 3.6.4), without angle brackets. Read from the raw value, because broken
/// programs write them in forms that a strict reader drops.
pub(super) fn ids(message: &Message<'_>, name: &str) -> Vec<String> {
    let mut ids: Vec<String> = Vec::new();
    for value in raw_values(message, name).iter().take(4) {
        let mut bracketed = false;
        let mut rest = value.as_str();
        while let Some(start) = rest.find('<').filter(|_| ids.len() <= IDS) {
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
                .take(IDS)
                .for_each(|word| push_id(&mut ids, word));
        }
        if ids.len() > IDS {
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

fn raw_value<'m>(message: &'m Message<'_>, header: &Header<'_>) -> &'m [u8] {
    let (start, end) = (header.offset_start as usize, header.offset_end as usize);
    message.raw_message.get(start..end).unwrap_or_default()
}

fn unfolded(value: &str) -> String {
    value.replace("\r\n", "").replace(['\n', '\r'], "").trim().to_owned()
}

/// A display name whose bytes the parser did not understand: the text before the angle bracket, decoded once more.
pub(super) fn repaired_phrase(message: &Message<'_>, name: &str, decoded: &str) -> String {
    let header =
        message.root_part().headers.iter().find(|header| header.name.as_str().eq_ignore_ascii_case(name));
    let Some(header) = header else { return decoded.to_owned() };
    let whole = words::decode(raw_value(message, header));
    let phrase = whole.split('<').next().unwrap_or_default().trim().trim_matches('"');
    if phrase.is_empty() { decoded.to_owned() } else { phrase.to_owned() }
}
