//! What a part says of itself: media type, character set, name. Knows nothing of where it stands.

use mail_parser::{HeaderValue, Message, MessagePart, PartType};

use super::words;

/// The media type and character set that a part states. What is no media type counts as plain text (RFC 2045
/// section 5.2).
pub(super) fn stated<'m>(part: &'m MessagePart<'m>, digest: bool) -> (String, Option<&'m str>) {
    let plain = || {
        let letter = matches!(part.body, PartType::Message(_)) || digest && part.headers.is_empty();
        if letter { "message/rfc822".to_owned() } else { "text/plain".to_owned() }
    };
    let Some(content) = header(part, "Content-Type").and_then(HeaderValue::as_content_type) else {
        return (plain(), None);
    };
    let charset = content.attribute("charset");
    let ctype = content.ctype().trim().to_ascii_lowercase();
    let token = |word: &str| {
        !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphanumeric() || b"-+._".contains(&b))
    };
    match content.subtype().map(|subtype| subtype.trim().to_ascii_lowercase()) {
        Some(subtype) if token(&ctype) && token(&subtype) => (format!("{ctype}/{subtype}"), charset),
        _ if ctype == "html" => ("text/html".to_owned(), charset),
        _ if ctype == "multipart" => ("multipart/mixed".to_owned(), charset),
        _ if token(&ctype) && ctype != "text" && ctype != "plain" => {
            (format!("{ctype}/octet-stream"), charset)
        }
        _ => (plain(), charset),
    }
}

/// The first field of a name.
pub(super) fn header<'m>(part: &'m MessagePart<'m>, name: &str) -> Option<&'m HeaderValue<'m>> {
    part.headers
        .iter()
        .find(|header| header.name.as_str().eq_ignore_ascii_case(name))
        .map(|header| &header.value)
}

/// The name that the sender gave a part (RFC 2183 `filename`, else RFC 2045 `name`).
pub(super) fn name(message: &Message<'_>, part: &MessagePart<'_>) -> Option<String> {
    let of = |field: &str, parameter: &str| {
        let header = part.headers.iter().find(|header| header.name.as_str().eq_ignore_ascii_case(field))?;
        let raw = message.raw_message.get(header.offset_start as usize..header.offset_end as usize)?;
        words::parameter(raw, parameter).filter(|name| !name.is_empty())
    };
    of("Content-Disposition", "filename")
        .or_else(|| of("Content-Type", "name"))
        .or_else(|| of("Content-Disposition", "name"))
        .or_else(|| of("Content-Type", "filename"))
}
