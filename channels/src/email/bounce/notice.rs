//! Takes a report apart: what it tells a person, what it tells a machine, and the letter that it returns.

use mail_parser::decoders::html::html_to_text;
use mail_parser::{Message, MessagePart, MimeHeaders, PartType};

use super::Letter;

/// The parts of a letter that may be a report. What stands in a letter inside it is left out: people forward reports.
#[derive(Default)]
pub(super) struct Notice {
    /// What it tells a person: the text parts before the returned letter.
    pub(super) told: String,
    /// Its `message/delivery-status` parts (RFC 3464, RFC 6533), one after the other.
    pub(super) status: Option<String>,
    /// Its `message/disposition-notification` parts: filters that refuse a letter for a person (RFC 5429) name the
    /// recipient there.
    pub(super) disposition: Option<String>,
    /// Attached text with recipient fields: some gateways retype the status part.
    pub(super) retyped: Option<String>,
    /// Its `message/feedback-report` parts (RFC 5965).
    pub(super) feedback: Option<String>,
    /// Whether another letter is inside.
    pub(super) returns: bool,
    /// What letters inside it tell: looked at only when nothing else names a recipient.
    pub(super) inner: Option<Box<Notice>>,
}

/// Longer text is cut: reports say what failed at their beginning.
const LONGEST: usize = 128 * 1024;

impl Notice {
    pub(super) fn of(letter: &Letter<'_>) -> Self {
        let mut notice = Self::parts(letter.message, letter.text, 0);
        if notice.told.trim().is_empty() {
            // A structure that could not be read: the body as it stands.
            let body = String::from_utf8_lossy(letter.raw);
            let start = body.find("\n\n").or_else(|| body.find("\r\n\r\n")).unwrap_or(0);
            push(&mut notice.told, if letter.text.trim().is_empty() { &body[start..] } else { letter.text });
        }
        notice
    }

    fn parts(message: &Message<'_>, readable: &str, depth: usize) -> Self {
        let mut notice = Self::default();
        let mut html = None;
        for part in &message.parts {
            let (kind, subtype) = media_type(part);
            match (kind.as_str(), subtype.as_str()) {
                ("message", "delivery-status" | "global-delivery-status") => {
                    let fields = contents(part).unwrap_or_default();
                    // Some reports forget the empty line before the fields, which then count as the part's header.
                    let own = message.raw_message.get(part.offset_header as usize..part.offset_end as usize);
                    let fields = if has_fields(&fields) {
                        fields
                    } else {
                        String::from_utf8_lossy(own.unwrap_or_default()).into_owned()
                    };
                    add(&mut notice.status, &fields);
                }
                ("message", "disposition-notification") => {
                    add(&mut notice.disposition, &contents(part).unwrap_or_default());
                }
                ("message", "feedback-report") => {
                    add(&mut notice.feedback, &contents(part).unwrap_or_default());
                }
                (_, "rfc822-headers") => notice.returns = true,
                _ => match &part.body {
                    PartType::Message(inner) => {
                        notice.returns = true;
                        if depth < 2 && notice.inner.is_none() {
                            notice.inner = Some(Box::new(Self::parts(inner, "", depth + 1)));
                        }
                    }
                    PartType::Text(text) if !notice.returns && !attached(part) => {
                        push(&mut notice.told, text);
                    }
                    PartType::Text(text) if !notice.returns && has_fields(text) => {
                        add(&mut notice.retyped, text);
                    }
                    PartType::Html(text) if !notice.returns && html.is_none() => html = Some(text),
                    _ => {}
                },
            }
        }
        if let Some(html) = html.filter(|_| notice.told.trim().is_empty()) {
            if readable.trim().is_empty() {
                push(&mut notice.told, &html_to_text(html));
            } else {
                push(&mut notice.told, readable);
            }
        }
        notice
    }
}

fn media_type(part: &MessagePart<'_>) -> (String, String) {
    part.content_type().map_or_else(Default::default, |kind| {
        (kind.ctype().to_ascii_lowercase(), kind.subtype().unwrap_or_default().to_ascii_lowercase())
    })
}

/// Whether the part is a file that came along (an original letter saved as text, often).
fn attached(part: &MessagePart<'_>) -> bool {
    part.content_disposition()
        .is_some_and(|disposition| disposition.ctype().eq_ignore_ascii_case("attachment"))
}

/// Whether fields of RFC 3464 that name a recipient stand in `text`.
fn has_fields(text: &str) -> bool {
    text.lines().take(1_000).any(|line| {
        let name = line.trim_start().as_bytes();
        ["final-recipient:", "original-recipient:"].iter().any(|field| {
            name.len() >= field.len() && name[..field.len()].eq_ignore_ascii_case(field.as_bytes())
        })
    })
}

fn contents(part: &MessagePart<'_>) -> Option<String> {
    match &part.body {
        PartType::Text(text) | PartType::Html(text) => Some(text.to_string()),
        PartType::Binary(bytes) | PartType::InlineBinary(bytes) => {
            Some(String::from_utf8_lossy(bytes).into_owned())
        }
        PartType::Message(inner) => Some(String::from_utf8_lossy(&inner.raw_message).into_owned()),
        PartType::Multipart(_) => None,
    }
}

fn add(to: &mut Option<String>, text: &str) {
    let to = to.get_or_insert_with(String::new);
    push(to, text);
    to.push('\n');
}

fn push(to: &mut String, text: &str) {
    let room = LONGEST.saturating_sub(to.len());
    to.push_str(&text[..text.floor_char_boundary(room)]);
    to.push('\n');
}
