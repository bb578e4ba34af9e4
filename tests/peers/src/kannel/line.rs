//! The lines that Kannel's fake phone network is spoken to in: one per text or part of a text.
//!
//! Knows no sockets. `FROM TO TYPE REST`, where texts in GSM's alphabet stand as they are in UTF-8, even with line
//! breaks in them, and everything else is percent-encoded.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The alphabet that a text was sent in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    /// GSM's own of seven bits.
    Gsm7,
    /// Two bytes a unit; since phones know more than UCS-2, UTF-16.
    Ucs2,
    /// No text.
    Binary,
}

/// A text that a phone has got, put together from its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Got {
    /// The sender that is shown.
    pub from: String,
    /// The phone.
    pub to: String,
    /// The text; empty when it is [`Coding::Binary`]. What is no text in its coding has become U+FFFD.
    pub text: String,
    /// The alphabet.
    pub coding: Coding,
    /// Of how many parts.
    pub parts: usize,
    /// The bytes behind it, as Kannel gave them: of [`Coding::Gsm7`] in UTF-8, of [`Coding::Ucs2`] in network order.
    pub bytes: Vec<u8>,
}

/// One line of Kannel's, which is a text or a part of one.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Part {
    from: String,
    to: String,
    kind: Kind,
    header: Vec<u8>,
    data: Vec<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Text,
    Data,
    Ucs2,
    Udh,
}

/// Puts texts together from Kannel's lines.
#[derive(Debug, Default)]
pub(super) struct Reader {
    /// The text that further lines may still belong to.
    open: Option<Part>,
    /// Long texts that are not whole yet: by sender, receiver and reference.
    long: BTreeMap<(String, String, u16), BTreeMap<u8, Part>>,
}

impl Reader {
    /// Takes one line, without its end. Gives the text that ends by this.
    ///
    /// A text with line breaks is several lines, of which only the first says so: a line that does not look like the
    /// first of one belongs to the text before it.
    pub(super) fn line(&mut self, line: &[u8]) -> Option<Got> {
        match (Part::parse(line), &mut self.open) {
            (None, Some(open)) => {
                open.data.push(b'\n');
                open.data.extend_from_slice(line);
                None
            }
            (None, None) => None,
            (Some(part), _) => {
                let whole = self.end();
                self.open = Some(part);
                whole
            }
        }
    }

    /// Whether further lines may belong to the last text.
    pub(super) fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// Gives the last text if it is whole, since no more lines follow.
    pub(super) fn end(&mut self) -> Option<Got> {
        let part = self.open.take()?;
        let Some((reference, total, number)) = concatenation(&part.header) else {
            return Some(Got::of(&[part]));
        };
        let key = (part.from.clone(), part.to.clone(), reference);
        let parts = self.long.entry(key.clone()).or_default();
        parts.insert(number, part);
        if parts.len() < usize::from(total) {
            return None;
        }
        let parts: Vec<Part> = self.long.remove(&key)?.into_values().collect();
        Some(Got::of(&parts))
    }
}

impl Part {
    fn parse(line: &[u8]) -> Option<Self> {
        // A sender's name may hold spaces; the receiver is what stands before the type, and a number.
        let mut starts = Vec::new();
        let mut at = 0;
        for word in line.split(|&byte| byte == b' ') {
            starts.push((at, word));
            at += word.len() + 1;
        }
        let (place, kind) = starts.iter().enumerate().skip(2).find_map(|(place, (_, word))| {
            let (_, to) = starts.get(place - 1)?;
            Some((place, kind(word).filter(|_| is_number(to))?))
        })?;
        let (to_at, to) = *starts.get(place - 1)?;
        let (kind_at, word) = *starts.get(place)?;
        let from = String::from_utf8_lossy(line.get(..to_at - 1)?).into_owned();
        let to = String::from_utf8_lossy(to).into_owned();
        let rest = line.get(kind_at + word.len() + 1..)?;
        let (header, data) = match kind {
            Kind::Text => (Vec::new(), rest.to_vec()),
            Kind::Data | Kind::Ucs2 => (Vec::new(), decode(rest)),
            Kind::Udh => {
                let space = rest.iter().position(|&byte| byte == b' ')?;
                let data = rest.get(space..)?.strip_prefix(b" data ")?;
                (decode(rest.get(..space)?), decode(data))
            }
        };
        Some(Self { from, to, kind, header, data })
    }
}

impl Got {
    fn of(parts: &[Part]) -> Self {
        // Joined before they are decoded: Kannel cuts between the halves of a surrogate pair.
        let bytes = parts.iter().flat_map(|part| part.data.iter().copied()).collect::<Vec<u8>>();
        let coding = coding(parts);
        let text = match coding {
            Coding::Binary => String::new(),
            Coding::Gsm7 => String::from_utf8_lossy(&bytes).into_owned(),
            Coding::Ucs2 => {
                let units: Vec<u16> = bytes
                    .chunks(2)
                    .map(|unit| unit.iter().fold(0, |high, &low| (high << 8) | u16::from(low)))
                    .collect();
                String::from_utf16_lossy(&units)
            }
        };
        let named = |pick: fn(&Part) -> &String| parts.first().map(pick).cloned().unwrap_or_default();
        Self {
            from: named(|part| &part.from),
            to: named(|part| &part.to),
            text,
            coding,
            parts: parts.len(),
            bytes,
        }
    }
}

/// Kannel does not say the alphabet of a part with a header, but a first part that is not the last is full: its text
/// in GSM's alphabet takes 152 or 153 septets, and that in UCS-2 134 bytes, which read as the former would be less.
fn coding(parts: &[Part]) -> Coding {
    let full = |data: &[u8]| {
        std::str::from_utf8(data).is_ok_and(|text| {
            let twice = text.chars().filter(|&letter| "^{}\\[~]|€\u{c}".contains(letter)).count();
            text.chars().count() + twice >= 152
        })
    };
    let plain = |data: &[u8]| {
        std::str::from_utf8(data).is_ok_and(|text| {
            !text.chars().any(|letter| letter.is_control() && !"\n\r\u{c}".contains(letter))
        })
    };
    match parts.first() {
        Some(Part { kind: Kind::Text, .. }) => Coding::Gsm7,
        Some(Part { kind: Kind::Ucs2, .. }) => Coding::Ucs2,
        Some(Part { kind: Kind::Udh, header, data, .. }) if concatenation(header).is_some() => {
            let gsm7 = parts.iter().all(|part| plain(&part.data)) && (parts.len() == 1 || full(data));
            if gsm7 { Coding::Gsm7 } else { Coding::Ucs2 }
        }
        _ => Coding::Binary,
    }
}

/// Reference, total and number from a header that says that the text is one part of several: information element 00
/// with a reference of one byte, or 08 with one of two (3GPP TS 23.040, 9.2.3.24).
fn concatenation(header: &[u8]) -> Option<(u16, u8, u8)> {
    let mut elements = header.get(1..)?;
    while let [name, length, rest @ ..] = elements {
        let value = rest.get(..usize::from(*length))?;
        match (name, value) {
            (0, [reference, total, number]) => return Some((u16::from(*reference), *total, *number)),
            (8, [high, low, total, number]) => {
                return Some((u16::from_be_bytes([*high, *low]), *total, *number));
            }
            _ => elements = rest.get(usize::from(*length)..)?,
        }
    }
    None
}

fn kind(word: &[u8]) -> Option<Kind> {
    match word {
        b"text" => Some(Kind::Text),
        b"data" => Some(Kind::Data),
        b"ucs-2" => Some(Kind::Ucs2),
        b"udh" => Some(Kind::Udh),
        _ => None,
    }
}

fn is_number(word: &[u8]) -> bool {
    let digits = word.strip_prefix(b"+").unwrap_or(word);
    !digits.is_empty() && digits.iter().all(u8::is_ascii_digit)
}

/// Percent-encodes every byte.
pub(super) fn encode(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 3), |mut text, byte| {
        // Writing into a String cannot fail.
        let _ = write!(text, "%{byte:02X}");
        text
    })
}

/// Percent-decodes, with `+` for a space; what is no percent-encoding stays as it is.
fn decode(text: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let [first, tail @ ..] = rest {
        let hex = |digit: &u8| char::from(*digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        rest = match (first, tail) {
            (b'%', [high, low, after @ ..]) if hex(high).is_some() && hex(low).is_some() => {
                bytes.push(hex(high).unwrap_or_default() << 4 | hex(low).unwrap_or_default());
                after
            }
            _ => {
                bytes.push(if *first == b'+' { b' ' } else { *first });
                tail
            }
        };
    }
    bytes
}

#[cfg(test)]
#[path = "line_tests.rs"]
mod tests;
