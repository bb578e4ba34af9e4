//! Forms and query strings (WHATWG URL, section 5), read as bytes and written in a character set.
//!
//! Reading undoes the percent-encoding on bytes and decodes nothing: what a field holds may be UTF-16 or no text at all.
//! A percent sign that begins no byte stands for itself. Never fails, and takes time in proportion to what it reads.

use std::collections::HashMap;

/// The fields of a form or a query string by name; of a name that comes twice the first counts.
#[derive(Default)]
pub(super) struct Form(HashMap<Vec<u8>, Vec<u8>>);

impl Form {
    /// Adds what is written here to what is there.
    pub(super) fn add(&mut self, written: &[u8]) {
        for field in written.split(|byte| *byte == b'&').filter(|field| !field.is_empty()) {
            let (name, value) = match memchr::memchr(b'=', field) {
                Some(at) => (&field[..at], &field[at + 1..]),
                None => (field, &field[field.len()..]),
            };
            self.0.entry(decode(name)).or_insert_with(|| decode(value));
        }
    }

    /// Adds a field unless its name is there, or there is no value.
    pub(super) fn insert(&mut self, name: &str, value: Option<String>) {
        if let Some(value) = value {
            self.0.entry(name.as_bytes().to_vec()).or_insert_with(|| value.into_bytes());
        }
    }

    /// The bytes of a field.
    pub(super) fn get(&self, name: &str) -> Option<&[u8]> {
        self.0.get(name.as_bytes()).map(Vec::as_slice)
    }

    /// Whether there is no field at all.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Undoes percent-encoding and `+` for a space.
pub(super) fn decode(written: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(written.len());
    let mut at = 0;
    while let Some(byte) = written.get(at) {
        let pair = written.get(at + 1).zip(written.get(at + 2));
        match (byte, pair.and_then(|(high, low)| byte_of(*high, *low))) {
            (b'%', Some(byte)) => {
                decoded.push(byte);
                at += 3;
            }
            (b'+', _) => {
                decoded.push(b' ');
                at += 1;
            }
            (byte, _) => {
                decoded.push(*byte);
                at += 1;
            }
        }
    }
    decoded
}

/// Bytes written in hexadecimal; `None` when they are not.
pub(super) fn decode_hex(written: &[u8]) -> Option<Vec<u8>> {
    let (pairs, odd) = written.as_chunks::<2>();
    odd.is_empty().then(|| pairs.iter().map(|[high, low]| byte_of(*high, *low)).collect())?
}

fn byte_of(high: u8, low: u8) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    Some(digit(high)? << 4 | digit(low)?)
}

/// Percent-encodes bytes so that they mean themselves anywhere in an address (RFC 3986 section 2.3) and in a form. A space
/// becomes `%20`, which every reader of forms understands, and readers of addresses too.
pub(super) fn encode(bytes: &[u8], into: &mut String) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    for byte in bytes {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(byte) {
            into.push(char::from(*byte));
        } else {
            into.push('%');
            into.push(char::from(DIGITS[usize::from(byte >> 4)]));
            into.push(char::from(DIGITS[usize::from(byte & 15)]));
        }
    }
}

/// The character set that values are written in before they are escaped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Charset {
    /// UTF-8.
    Utf8,
    /// ISO 8859-1, the real one: what browsers call so is Windows-1252, whose `€` a gateway would read as a control character.
    Latin1,
}

impl Charset {
    /// The bytes of a text. An error when it has a character that the set has not: `?` in a citizen's answer is no answer.
    pub(super) fn bytes(self, text: &str) -> Result<Vec<u8>, String> {
        match self {
            Self::Utf8 => Ok(text.as_bytes().to_vec()),
            Self::Latin1 => text
                .chars()
                .map(|character| u8::try_from(u32::from(character)).ok())
                .collect::<Option<Vec<_>>>()
                .ok_or_else(|| {
                    "the text has a character outside Latin-1, which is all that this gateway takes"
                        .to_owned()
                }),
        }
    }
}
