//! How a text is written on the air: which of two alphabets it needs, how long it is in that alphabet, and where it is
//! cut into segments, each of which is paid for.
//!
//! Knows the default alphabet with its extension table and UCS-2 (TS 23.038 sections 6.2.1 and 6.2.3), and the six bytes
//! that a segment of a longer text loses to its header (TS 23.040 section 9.2.3.24.1). Deliberately does not know the
//! national shift tables (Turkish, Portuguese and the Indian languages): no gateway here promises them, and a text
//! counted without them is at worst counted too long. Does not know either what a gateway really does: one that cuts
//! between the halves of a character (Kannel 1.4.5 does) can come out a segment below our count; one that numbers its
//! longer texts with 16 bits has a byte less in each segment, and can come out above it. Which do the latter is not
//! documented, so the usual header is counted.

mod plain;
#[cfg(test)]
mod tests;

pub use plain::plain;

/// The alphabet that a text is sent in. The whole text is in one: a single character outside the smaller alphabet
/// makes all of it UCS-2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// The default alphabet, seven bits a character; those of the extension table take two septets.
    Gsm7,
    /// UTF-16, as telephones really read what the standard calls UCS-2: an emoji is two units.
    Ucs2,
}

impl Encoding {
    /// How many units a text has that goes in one segment, without a header.
    fn alone(self) -> usize {
        match self {
            Self::Gsm7 => 160,
            Self::Ucs2 => 70,
        }
    }

    /// How many units a segment has beside the six bytes of header that tell its place.
    fn in_a_row(self) -> usize {
        match self {
            Self::Gsm7 => 153,
            Self::Ucs2 => 67,
        }
    }

    /// How many units a character takes. Only asked of characters that the alphabet has.
    fn units(self, character: char) -> usize {
        match self {
            Self::Gsm7 => septets(character).unwrap_or(1),
            Self::Ucs2 => character.len_utf16(),
        }
    }
}

/// How long a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measure {
    /// What it is sent in.
    pub encoding: Encoding,
    /// Its length: septets for [`Encoding::Gsm7`], UTF-16 units for [`Encoding::Ucs2`].
    pub units: usize,
    /// How many segments it is sent as, at least 1: an empty text is sent too, and paid for.
    pub segments: usize,
}

/// Measures a text. The count is that of [`segments`]; nothing is allocated.
pub fn measure(text: &str) -> Measure {
    let encoding = encoding(text);
    let units = text.chars().map(|character| encoding.units(character)).sum();
    let segments = if units <= encoding.alone() { 1 } else { Segments { rest: text, encoding }.count() };
    Measure { encoding, units, segments }
}

/// How a text is cut into segments: as full as they go, but neither the two septets of an extension character nor the
/// two units of a character beyond the basic plane stand across a border, so that a segment can stay a unit short.
///
/// Together they are the text. An empty text is one empty segment. What a reader sees as one character (a flag, a
/// letter with a combining accent) can be cut: telephones put the segments together before they show them.
pub fn segments(text: &str) -> Vec<&str> {
    let Measure { encoding, segments, .. } = measure(text);
    if segments == 1 { vec![text] } else { Segments { rest: text, encoding }.collect() }
}

/// Whether a character is in the default alphabet or its extension table. One that is not makes the whole text UCS-2.
pub fn is_gsm7(c: char) -> bool {
    septets(c).is_some()
}

/// Decodes the words of a text in UCS-2, big-endian as TS 23.038 section 6.2.3 has it, and read as UTF-16.
///
/// What cannot be decoded, a surrogate without its other half or a byte left over at the end, becomes U+FFFD, and the
/// second value is then true. A byte order mark in front is dropped. One that says little-endian is believed: it would
/// otherwise be U+FFFE, which is no character, so that no text begins with it.
pub fn decode_utf16(bytes: &[u8]) -> (String, bool) {
    let (bytes, read): (_, fn([u8; 2]) -> u16) = match bytes {
        [0xFE, 0xFF, rest @ ..] => (rest, u16::from_be_bytes),
        [0xFF, 0xFE, rest @ ..] => (rest, u16::from_le_bytes),
        _ => (bytes, u16::from_be_bytes),
    };
    let (pairs, left_over) = bytes.as_chunks::<2>();
    let mut broken = false;
    let mut text: String = char::decode_utf16(pairs.iter().map(|&pair| read(pair)))
        .map(|unit| {
            unit.unwrap_or_else(|_| {
                broken = true;
                char::REPLACEMENT_CHARACTER
            })
        })
        .collect();
    if !left_over.is_empty() {
        broken = true;
        text.push(char::REPLACEMENT_CHARACTER);
    }
    (text, broken)
}

fn encoding(text: &str) -> Encoding {
    if text.chars().all(is_gsm7) { Encoding::Gsm7 } else { Encoding::Ucs2 }
}

/// How many septets a character takes; `None` when neither table has it.
///
/// The escape character itself is in no table: to a telephone it is not a character but the start of one. Neither is the
/// small c with cedilla: 0x09 is the capital in the standard, whatever some telephones show.
fn septets(character: char) -> Option<usize> {
    match character {
        '\n' | '\r' | ' '..='Z' | '_' | 'a'..='z' => Some(1),
        '¡' | '£' | '¤' | '¥' | '§' | '¿' => Some(1),
        'Ä' | 'Å' | 'Æ' | 'Ç' | 'É' | 'Ñ' | 'Ö' | 'Ø' | 'Ü' | 'ß' => Some(1),
        'à' | 'ä' | 'å' | 'æ' | 'è' | 'é' | 'ì' | 'ñ' | 'ò' | 'ö' | 'ø' | 'ù' | 'ü' => Some(1),
        'Γ' | 'Δ' | 'Θ' | 'Λ' | 'Ξ' | 'Π' | 'Σ' | 'Φ' | 'Ψ' | 'Ω' => Some(1),
        '\u{c}' | '[' | '\\' | ']' | '^' | '{' | '|' | '}' | '~' | '€' => Some(2),
        _ => None,
    }
}

/// The segments of a text that is too long for one.
struct Segments<'a> {
    rest: &'a str,
    encoding: Encoding,
}

impl<'a> Iterator for Segments<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        if self.rest.is_empty() {
            return None;
        }
        let mut room = self.encoding.in_a_row();
        let end = self
            .rest
            .char_indices()
            .find(|&(_, character)| match room.checked_sub(self.encoding.units(character)) {
                Some(left) => {
                    room = left;
                    false
                }
                None => true,
            })
            .map_or(self.rest.len(), |(place, _)| place);
        let (segment, rest) = self.rest.split_at(end);
        self.rest = rest;
        Some(segment)
    }
}
