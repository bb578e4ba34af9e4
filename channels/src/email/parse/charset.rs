//! Bytes to text when the label is missing, unknown or wrong.
//!
//! UTF-8 first, since other text is hardly ever valid UTF-8 by accident; then windows-1252, which is what western
//! programs mean when they say nothing or say ISO-8859-1. Knows nothing of parts or headers.

use std::borrow::Cow;

use encoding_rs::{
    Encoding, GB18030, GBK, ISO_2022_JP, REPLACEMENT, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252,
};
use mail_parser::decoders::charsets::map::charset_decoder;

use crate::message::{Doubt, DoubtKind};

/// Text of bytes that carry no label.
pub(super) fn unlabelled(bytes: &[u8]) -> (String, Option<Doubt>) {
    decode(bytes, None)
}

/// Text of bytes that say, rightly or wrongly, which character set they are in.
pub(super) fn decode(bytes: &[u8], label: Option<&str>) -> (String, Option<Doubt>) {
    let label = label.map(|label| label.trim_matches(|c: char| c.is_whitespace() || "\"'<>;,".contains(c)));
    let label = label.filter(|label| !label.is_empty());
    // The largest relative of GB 2312 and GBK reads both.
    let encoding = label.and_then(|label| Encoding::for_label(label.as_bytes()));
    let encoding = encoding.map(|encoding| if encoding == GBK { GB18030 } else { encoding });
    if let Some(text) = marked(bytes, encoding) {
        return (text, None);
    }
    match encoding {
        Some(encoding) if encoding == WINDOWS_1252 => western(bytes),
        Some(encoding) if encoding == UTF_8 || encoding == REPLACEMENT => guessed(bytes, true),
        Some(encoding) if encoding == UTF_16BE || encoding == UTF_16LE => guessed(bytes, true),
        Some(encoding) => {
            let (text, broken) = encoding.decode_without_bom_handling(bytes);
            match std::str::from_utf8(bytes) {
                Ok(utf8) if broken && !utf8.is_ascii() => (utf8.to_owned(), said(WRONG)),
                _ => (text.into_owned(), None),
            }
        }
        None => match label.and_then(|label| charset_decoder(label.as_bytes())) {
            // UTF-7 and the old code pages, which browsers have forgotten and letters have not.
            Some(decoder) => (decoder(bytes), None),
            None => guessed(bytes, label.is_some()),
        },
    }
}

const WRONG: &str = "Its text is UTF-8 although it states another character set.";
const TAKEN: &str = "No usable character set is stated; Western European was taken.";

/// Text whose own first bytes, or whose zero bytes, say what it is.
fn marked(bytes: &[u8], encoding: Option<&'static Encoding>) -> Option<String> {
    let (stated, length) = Encoding::for_bom(bytes).unwrap_or((UTF_8, 0));
    if length > 0 {
        return Some(stated.decode_without_bom_handling(&bytes[length..]).0.into_owned());
    }
    let wide = encoding.filter(|encoding| *encoding == UTF_16BE || *encoding == UTF_16LE)?;
    // Labelled UTF-16, often without saying which way round; western text has its zeros on one side.
    let zeros = |from: usize| bytes.iter().skip(from).step_by(2).take(512).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    if even + odd == 0 && std::str::from_utf8(bytes).is_ok() {
        return None;
    }
    let way = match even.cmp(&odd) {
        std::cmp::Ordering::Greater => UTF_16BE,
        std::cmp::Ordering::Less => UTF_16LE,
        std::cmp::Ordering::Equal => wide,
    };
    Some(way.decode_without_bom_handling(bytes).0.into_owned())
}

fn western(bytes: &[u8]) -> (String, Option<Doubt>) {
    match std::str::from_utf8(bytes) {
        Ok(text) if text.is_ascii() => (text.to_owned(), None),
        Ok(text) => (text.to_owned(), said(WRONG)),
        Err(_) => (WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(), None),
    }
}

/// UTF-8, stated or not, or what it probably is instead.
fn guessed(bytes: &[u8], stated: bool) -> (String, Option<Doubt>) {
    if !stated && japanese(bytes) {
        return (ISO_2022_JP.decode_without_bom_handling(bytes).0.into_owned(), None);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => (text.to_owned(), None),
        // Cut or damaged UTF-8 has one bad place among many good ones; western text has nothing but bad ones.
        Err(_) if mostly_utf8(bytes) => {
            (String::from_utf8_lossy(bytes).into_owned(), said("Some characters of its text are damaged."))
        }
        Err(_) => (WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(), said(TAKEN)),
    }
}

/// The escape sequences of ISO-2022-JP (RFC 1468), which nothing else uses.
fn japanese(bytes: &[u8]) -> bool {
    bytes.is_ascii() && [b"\x1b$B", b"\x1b$@"].iter().any(|escape| holds(bytes, *escape))
}

fn holds(bytes: &[u8], needle: &[u8]) -> bool {
    memchr::memmem::find(bytes, needle).is_some()
}

fn mostly_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good > bad
}

/// UTF-8 where it is, for looking at bytes as text without a decision.
pub(super) fn peek(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(unlabelled(bytes).0),
    }
}

#[expect(clippy::unnecessary_wraps, reason = "every caller hands on an optional doubt")]
fn said(detail: &str) -> Option<Doubt> {
    Some(Doubt { kind: DoubtKind::Charset, detail: detail.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::decode;
    use rstest::rstest;

    #[rstest]
    #[case(b"r\xf8d gr\xf8d", None, "rød grød")]
    #[case(b"r\xf8d gr\xf8d", Some("utf-8"), "rød grød")]
    #[case("rød".as_bytes(), Some("iso-8859-1"), "rød")]
    #[case("rød".as_bytes(), Some("no-such-set"), "rød")]
    #[case(b"\x1b$B$3\x1b(B", None, "こ")]
    #[case(b"r\0\xf8\0d\0", Some("utf-16"), "rød")]
    #[case(b"\0r\0\xf8\0d", Some("utf-16"), "rød")]
    #[case(b"\xff\xfer\0\xf8\0d\0", None, "rød")]
    #[case(b"plain", Some("utf-16"), "plain")]
    #[case(b"r+APg-d", Some("utf-7"), "rød")]
    #[case(b"\xb0\xa1", Some("ks_c_5601-1987"), "가")]
    #[case(b"\xc4\xe3", Some("gb2312"), "你")]
    #[case(b"\xd0\xd2", Some("koi8-r"), "пр")]
    #[case(b"\x9b", Some("cp850"), "ø")]
    #[case("Здравствуй\u{0}".as_bytes(), Some("\"UTF-8\""), "Здравствуй\u{0}")]
    fn reads(#[case] bytes: &[u8], #[case] label: Option<&str>, #[case] expected: &str) {
        assert_eq!(decode(bytes, label).0, expected);
    }

    #[test]
    fn one_bad_byte_leaves_the_rest_readable() {
        let mut bytes = "Здравствуйте".as_bytes().to_vec();
        bytes.push(0xaa);
        let (text, doubt) = decode(&bytes, Some("utf-8"));
        assert_eq!(text, "Здравствуйте\u{fffd}");
        assert!(doubt.is_some());
    }
}
