//! Encoded words (RFC 2047) and parameters (RFC 2231), as senders really write them: characters split between words,
//! spaces inside words, words inside quotation marks, continuations in any order.
//!
//! Works on the bytes of one field. Knows nothing of the letter around it.

use super::charset;
use super::transfer::{base64, hex};

/// The most pieces that one name is put together from.
const PIECES: usize = 500;

/// The text of an unstructured field.
pub(super) fn decode(raw: &[u8]) -> String {
    let text = charset::peek(raw);
    let text = unfold(&text);
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    // Bytes of neighbouring words of one character set belong together: programs cut in the middle of a character.
    let mut pending: Option<(String, Vec<u8>)> = None;
    while let Some(at) = rest.find("=?") {
        let (before, from) = rest.split_at(at);
        let Some((word, after)) = word(from) else {
            flush(&mut out, &mut pending);
            out.push_str(before);
            out.push_str("=?");
            rest = &from[2..];
            continue;
        };
        // White space between two words is not part of the text (RFC 2047 section 6.2).
        if pending.is_none() || !before.trim().is_empty() {
            flush(&mut out, &mut pending);
            out.push_str(before);
        }
        match &mut pending {
            // ISO-2022 sets begin anew in each word, and two resets in a row are an error to a decoder.
            Some((charset, bytes)) if charset.eq_ignore_ascii_case(word.charset) && !stateful(charset) => {
                bytes.extend(word.bytes);
            }
            _ => {
                flush(&mut out, &mut pending);
                pending = Some((word.charset.to_owned(), word.bytes));
            }
        }
        rest = after;
    }
    flush(&mut out, &mut pending);
    out.push_str(rest);
    out
}

fn flush(out: &mut String, pending: &mut Option<(String, Vec<u8>)>) {
    if let Some((label, bytes)) = pending.take() {
        out.push_str(&charset::decode(&bytes, Some(&label)).0);
    }
}

fn stateful(charset: &str) -> bool {
    charset.get(..8).is_some_and(|start| start.eq_ignore_ascii_case("iso-2022"))
}

struct Word<'a> {
    charset: &'a str,
    bytes: Vec<u8>,
}

/// The encoded word that `text` begins with, and what follows it.
fn word(text: &str) -> Option<(Word<'_>, &str)> {
    let inner = text.strip_prefix("=?")?;
    let (label, inner) = inner.split_once('?')?;
    if label.len() > 60 || label.contains(char::is_whitespace) {
        return None;
    }
    let (encoding, inner) = inner.split_once('?')?;
    let end = match encoding {
        // A question mark that should have been encoded: the word ends where `?=` is followed by no letter of it.
        "q" | "Q" | "b" | "B" => inner.find("?=")?,
        _ => return None,
    };
    let (content, after) = (&inner[..end], &inner[end + 2..]);
    // RFC 2231 section 5: the language stands after an asterisk.
    let charset = label.split('*').next().unwrap_or_default();
    let bytes = if encoding.eq_ignore_ascii_case("b") { base64(content.as_bytes()) } else { quoted(content) };
    Some((Word { charset, bytes }, after))
}

/// The Q encoding (RFC 2047 section 4.2).
fn quoted(content: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(content.len());
    let mut rest = content.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        match (byte, after) {
            (b'_', _) => out.push(b' '),
            (b'=', [high, low, tail @ ..]) => match (hex(*high), hex(*low)) {
                (Some(high), Some(low)) => {
                    out.push(high << 4 | low);
                    rest = tail;
                }
                _ => out.push(byte),
            },
            _ => out.push(byte),
        }
    }
    out
}

fn unfold(text: &str) -> String {
    text.chars().filter(|c| !matches!(c, '\r' | '\n')).collect()
}

/// A parameter of a field such as Content-Disposition, decoded.
pub(super) fn parameter(raw: &[u8], wanted: &str) -> Option<String> {
    let mut pieces: Vec<(usize, bool, Vec<u8>)> = Vec::new();
    let mut plain: Option<Vec<u8>> = None;
    for (name, value) in pairs(raw).into_iter().take(PIECES) {
        let name = name.to_ascii_lowercase();
        let Some(tail) = name.strip_prefix(wanted) else { continue };
        if tail.is_empty() {
            plain.get_or_insert(value);
            continue;
        }
        let Some(tail) = tail.strip_prefix('*') else { continue };
        let extended = tail.is_empty() || tail.ends_with('*');
        let number = tail.trim_end_matches('*');
        let Ok(number) = (if number.is_empty() { Ok(0) } else { number.parse::<usize>() }) else { continue };
        pieces.push((number, extended, value));
    }
    if pieces.is_empty() {
        return plain.map(|value| decode(&value).trim().to_owned());
    }
    pieces.sort_by_key(|(number, ..)| *number);
    let mut label = None;
    let mut bytes = Vec::new();
    for (index, (_, extended, value)) in pieces.iter().enumerate() {
        let mut value = value.as_slice();
        if *extended && index == 0 {
            let mut parts = value.splitn(3, |byte| *byte == b'\'');
            if let (Some(charset), Some(_), Some(text)) = (parts.next(), parts.next(), parts.next()) {
                label = std::str::from_utf8(charset).ok().filter(|charset| !charset.is_empty());
                value = text;
            }
        }
        if *extended { percent(value, &mut bytes) } else { bytes.extend_from_slice(value) }
    }
    // Encoded words inside RFC 2231 pieces are wrong, and common.
    let text = if label.is_none() && bytes.windows(2).any(|two| two == b"=?") {
        decode(&bytes)
    } else {
        charset::decode(&bytes, label).0
    };
    Some(text.trim().to_owned())
}

fn percent(value: &[u8], out: &mut Vec<u8>) {
    let mut rest = value;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if let (b'%', [high, low, tail @ ..]) = (byte, after)
            && let (Some(high), Some(low)) = (hex(*high), hex(*low))
        {
            out.push(high << 4 | low);
            rest = tail;
        } else {
            out.push(byte);
        }
    }
}

/// The parameters of a field: what stands between semicolons, quotation marks undone.
fn pairs(raw: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut pairs = Vec::new();
    let mut segments = segments(raw).into_iter();
    segments.next();
    for segment in segments.take(PIECES) {
        let Some(equals) = segment.iter().position(|byte| *byte == b'=') else { continue };
        let name = String::from_utf8_lossy(segment[..equals].trim_ascii()).into_owned();
        pairs.push((name, unquoted(segment[equals + 1..].trim_ascii())));
    }
    pairs
}

/// Cuts at the semicolons that stand outside quotation marks; a mark that is never closed quotes nothing.
fn segments(raw: &[u8]) -> Vec<&[u8]> {
    let last_quote = raw.iter().rposition(|byte| *byte == b'"').unwrap_or(0);
    let (mut out, mut from, mut quoted, mut escaped) = (Vec::new(), 0, false, false);
    for (at, &byte) in raw.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' if quoted || at < last_quote => quoted = !quoted,
            b';' if !quoted => {
                out.push(&raw[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    out.push(&raw[from..]);
    out
}

fn unquoted(value: &[u8]) -> Vec<u8> {
    let Some(inner) = value.strip_prefix(b"\"") else {
        return value.iter().copied().filter(|byte| !matches!(byte, b'\r' | b'\n')).collect();
    };
    let mut out = Vec::with_capacity(inner.len());
    let mut bytes = inner.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => break,
            b'\r' | b'\n' => {}
            // Only these two are ever meant: Windows programs write paths with bare backslashes.
            b'\\' if matches!(bytes.peek(), Some(b'"' | b'\\')) => out.extend(bytes.next()),
            _ => out.push(byte),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{decode, parameter};
    use rstest::rstest;

    #[rstest]
    #[case(b"=?utf-8?Q?r=C3=B8d?= =?utf-8?Q?gr=C3=B8d?=", "rødgrød")]
    #[case(b"=?utf-8?B?csM=?=\r\n =?utf-8?B?uGQ=?=", "rød")]
    #[case(b"=?utf-8?Q?r=C3?= =?UTF-8?Q?=B8d?= igen", "rød igen")]
    #[case(b"Sv: =?iso-8859-1?Q?r=F8d gr=F8d?=", "Sv: rød grød")]
    #[case(b"=?iso-8859-1*da?Q?r=F8d?=", "rød")]
    #[case(b"r\xf8d =?utf-8?Q?=C3=A6?=", "rød æ")]
    #[case(b"=?utf-8?X?abc?= =? og mere", "=?utf-8?X?abc?= =? og mere")]
    #[case(b"=?no-such?Q?r=C3=B8d?=", "rød")]
    fn words(#[case] raw: &[u8], #[case] expected: &str) {
        assert_eq!(decode(raw), expected);
    }

    #[rstest]
    #[case(b"attachment; filename=a.pdf", "a.pdf")]
    #[case(b"attachment; filename=min klage.pdf", "min klage.pdf")]
    #[case(b"attachment; filename=\"a;b.pdf\"; x=y", "a;b.pdf")]
    #[case(b"attachment; filename=\"a.pdf", "a.pdf")]
    #[case(b"attachment; filename*=UTF-8''r%C3%B8d.pdf", "rød.pdf")]
    #[case(b"attachment; filename*1*=%B8d.pdf; filename*0*=utf-8''r%C3", "rød.pdf")]
    #[case(b"attachment; filename*0=\"lang \"; filename*1=\"titel.pdf\"", "lang titel.pdf")]
    #[case(b"attachment; filename=x.pdf; filename*=iso-8859-1'da'r%F8d.pdf", "rød.pdf")]
    #[case(b"attachment; filename=\"=?utf-8?B?csO4ZC5wZGY=?=\"", "rød.pdf")]
    #[case(b"attachment; filename*0=\"=?utf-8?Q?r=C3=B8\"; filename*1=\"d.pdf?=\"", "rød.pdf")]
    #[case(b"attachment; filename=\"C:\\tmp\\a.pdf\"", "C:\\tmp\\a.pdf")]
    #[case(b"attachment; filename=\"r\xf8d.pdf\"", "rød.pdf")]
    fn names(#[case] raw: &[u8], #[case] expected: &str) {
        assert_eq!(parameter(raw, "filename").as_deref(), Some(expected));
    }

    #[test]
    fn absent_is_none() {
        assert_eq!(parameter(b"attachment; filenames=x", "filename"), None);
    }
}
