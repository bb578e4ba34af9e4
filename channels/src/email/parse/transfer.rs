//! Undoes transfer encodings (RFC 2045 section 6), so leniently that nothing fails: damaged base64 is read up to the
//! damage, and text that only says it is base64 is left as it is.

use std::borrow::Cow;

/// The transfer encodings that change bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Transfer {
    /// `7bit`, `8bit`, `binary`, and all that nobody knows.
    Identity,
    /// `quoted-printable`.
    QuotedPrintable,
    /// `base64`.
    Base64,
}

impl Transfer {
    /// What a Content-Transfer-Encoding says, whatever stands around it.
    pub(super) fn of(value: &str) -> Self {
        let word = value.trim().trim_matches(['"', '\'', ';']).trim();
        if word.eq_ignore_ascii_case("base64") {
            Self::Base64
        } else if word.eq_ignore_ascii_case("quoted-printable")
            || word.eq_ignore_ascii_case("quoted printable")
        {
            Self::QuotedPrintable
        } else {
            Self::Identity
        }
    }

    /// The bytes that were meant.
    pub(super) fn undo(self, bytes: &[u8]) -> Cow<'_, [u8]> {
        match self {
            Self::Identity => Cow::Borrowed(bytes),
            Self::QuotedPrintable => Cow::Owned(quoted_printable(bytes)),
            Self::Base64 if prose(bytes) => Cow::Borrowed(bytes),
            Self::Base64 => Cow::Owned(base64(bytes)),
        }
    }
}

/// Whether bytes that say base64 are plain words: spaces stand between letters, which no encoder writes.
fn prose(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(16 << 10)];
    let inner = head
        .windows(3)
        .filter(|window| window[1] == b' ' && window[0].is_ascii_graphic() && window[2].is_ascii_graphic());
    let foreign = head.iter().filter(|byte| foreign(**byte)).count();
    let spaces = inner.count();
    // Junk appended to real base64 has a few; prose has one every dozen letters.
    (spaces + foreign) * 20 > head.len().max(40)
}

fn foreign(byte: u8) -> bool {
    !(byte.is_ascii_alphanumeric() || byte.is_ascii_whitespace() || b"+/=-_".contains(&byte))
}

pub(super) fn base64(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() / 4 * 3 + 3);
    let (mut bits, mut count) = (0u32, 0u8);
    let mut ended = false;
    for &byte in bytes {
        let value = match byte {
            b'\n' => {
                // What follows padding on its line is junk; a new line may begin another encoded piece.
                ended = false;
                continue;
            }
            _ if ended => continue,
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => {
                flush(&mut out, bits, count);
                (bits, count, ended) = (0, 0, true);
                continue;
            }
            _ => continue,
        };
        bits = bits << 6 | u32::from(value);
        count += 1;
        if count == 4 {
            out.extend_from_slice(&bits.to_be_bytes()[1..]);
            (bits, count) = (0, 0);
        }
    }
    flush(&mut out, bits, count);
    out
}

fn flush(out: &mut Vec<u8>, bits: u32, count: u8) {
    match count {
        2 => out.push((bits >> 4).to_be_bytes()[3]),
        3 => out.extend_from_slice(&(bits >> 2).to_be_bytes()[2..]),
        _ => {}
    }
}

fn quoted_printable(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        quoted_printable_line(line, &mut out);
    }
    out
}

fn quoted_printable_line(line: &[u8], out: &mut Vec<u8>) {
    let content = line.trim_ascii_end();
    let ends = line.ends_with(b"\n");
    let (content, soft) = match content.strip_suffix(b"=") {
        Some(content) => (content, true),
        None => (content, false),
    };
    let mut rest = content;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        match (byte, after) {
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
    if !soft && ends {
        out.extend_from_slice(if line.ends_with(b"\r\n") { b"\r\n" } else { b"\n" });
    }
}

/// The value of a hexadecimal digit.
pub(super) fn hex(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::Transfer;
    use rstest::rstest;

    #[rstest]
    #[case("base64", b"SGVq", b"Hej")]
    #[case(" Base64 ", b"SGVqIQ==", b"Hej!")]
    #[case("base64", b"SGVqIQ", b"Hej!")]
    #[case("base64", b"SGVqIQ== and junk\r\nSGVq", b"Hej!Hej")]
    #[case("base64", b"SG*Vq\r\n", b"Hej")]
    #[case(
        "base64",
        b"This was never encoded at all, whatever it says.",
        b"This was never encoded at all, whatever it says."
    )]
    #[case("quoted-printable", b"r=C3=B8d=\r\n gr=c3=b8d \r\nx", "rød grød\r\nx".as_bytes())]
    #[case("quoted-printable", b"1 = 1 =ZZ =", b"1 = 1 =ZZ ")]
    #[case("8bits", b"=41", b"=41")]
    fn undoes(#[case] name: &str, #[case] bytes: &[u8], #[case] expected: &[u8]) {
        assert_eq!(Transfer::of(name).undo(bytes).as_ref(), expected);
    }
}
