//! Bytes to text when the label is missing, unknown or wrong.
//!
//! UTF-8 first, since other text is hardly ever valid UTF-8 by accident; then windows-1252, which is what western
//! programs mean when they say nothing or say ISO-8859-1.

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;
use mail_parser::{Encoding as Transfer, Message, MessagePart, MimeHeaders};

use crate::message::{Doubt, DoubtKind};

/// Text of bytes that carry no label.
pub(super) fn unlabelled(bytes: &[u8]) -> (String, Option<Doubt>) {
    match std::str::from_utf8(bytes) {
        Ok(text) => (text.to_owned(), None),
        Err(_) => {
            let (text, _) = WINDOWS_1252.decode_without_bom_handling(bytes);
            (text.into_owned(), Some(said("No usable character set is stated; Western European was taken.")))
        }
    }
}

/// The text of a part: the parser's, unless the part's bytes say that its label is wrong.
pub(super) fn text_of(
    message: &Message<'_>,
    part: &MessagePart<'_>,
    parsed: &str,
) -> (String, Option<Doubt>) {
    let label = part.content_type().and_then(|content| content.attribute("charset")).map(str::trim);
    let encoding = label.and_then(|label| Encoding::for_label(label.trim_matches(['"', '\'']).as_bytes()));
    let suspicious = parsed.contains('\u{fffd}');
    let western = encoding.is_some_and(|encoding| encoding == WINDOWS_1252);
    let known =
        encoding.is_some() || label.is_some_and(|label| label.to_ascii_lowercase().starts_with("utf-7"));
    if known && !suspicious && !western {
        return (parsed.to_owned(), None);
    }
    let Some(bytes) = decoded(message, part) else { return (parsed.to_owned(), None) };
    if bytes.is_ascii() && known {
        return (parsed.to_owned(), None);
    }
    if let Ok(text) = std::str::from_utf8(&bytes) {
        let wrong = !bytes.is_ascii();
        return (
            text.to_owned(),
            wrong.then(|| said("Its text is UTF-8 although it states another character set.")),
        );
    }
    match encoding {
        Some(encoding) if encoding != UTF_8 => {
            let (text, _) = encoding.decode_without_bom_handling(&bytes);
            (text.into_owned(), None)
        }
        _ => unlabelled(&bytes),
    }
}

/// A part's bytes with the transfer encoding undone.
fn decoded(message: &Message<'_>, part: &MessagePart<'_>) -> Option<Vec<u8>> {
    let (start, end) = (part.offset_body as usize, part.offset_end as usize);
    let raw = message.raw_message.get(start..end)?;
    match part.encoding {
        Transfer::None => Some(raw.to_vec()),
        Transfer::QuotedPrintable => quoted_printable_decode(raw),
        Transfer::Base64 => base64_decode(raw),
    }
}

fn said(detail: &str) -> Doubt {
    Doubt { kind: DoubtKind::Charset, detail: detail.to_owned() }
}
