//! The letter inside an opaque S/MIME signature (RFC 8551 section 3.5.3): walks just so much of the container's DER or
//! BER (X.690) as leads to it. Checks no signature and opens nothing that is encrypted.

/// What a container holds.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Contained {
    /// Signed; this is the part that was signed.
    Signed(Vec<u8>),
    /// Encrypted, or nothing that is understood.
    Closed,
}

const SIGNED_DATA: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02";
const SEQUENCE: u8 = 0x30;
const CONTEXT: u8 = 0xa0;
const OBJECT_IDENTIFIER: u8 = 0x06;
const OCTETS: u8 = 0x04;
/// Octets in pieces, as streaming signers write them.
const OCTETS_IN_PIECES: u8 = 0x24;
/// Deepest nesting that is walked.
const DEPTH: usize = 12;

/// Finds the signed letter.
pub(super) fn open(bytes: &[u8]) -> Contained {
    signed(bytes).map_or(Contained::Closed, Contained::Signed)
}

fn signed(bytes: &[u8]) -> Option<Vec<u8>> {
    let (outer, _) = expect(bytes, SEQUENCE)?;
    let (kind, rest) = expect(outer, OBJECT_IDENTIFIER)?;
    if kind != SIGNED_DATA {
        return None;
    }
    let (content, _) = expect(rest, CONTEXT)?;
    let (data, _) = expect(content, SEQUENCE)?;
    // Version and digest algorithms stand before what was signed.
    let rest = next(next(data, DEPTH)?.rest, DEPTH)?.rest;
    let (encapsulated, _) = expect(rest, SEQUENCE)?;
    let content = next(encapsulated, DEPTH)?.rest;
    let (octets, _) = expect(content, CONTEXT)?;
    let mut out = Vec::new();
    collect(octets, &mut out, DEPTH)?;
    (!out.is_empty()).then_some(out)
}

/// Octets, whole or in pieces.
fn collect(bytes: &[u8], out: &mut Vec<u8>, depth: usize) -> Option<()> {
    let element = next(bytes, depth)?;
    match element.tag {
        OCTETS => out.extend_from_slice(element.content),
        OCTETS_IN_PIECES => {
            let mut pieces = element.content;
            while let Some(piece) = next(pieces, depth.checked_sub(1)?) {
                match piece.tag {
                    OCTETS => out.extend_from_slice(piece.content),
                    OCTETS_IN_PIECES => collect(pieces, out, depth - 1)?,
                    _ => break,
                }
                pieces = piece.rest;
            }
        }
        _ => return None,
    }
    Some(())
}

struct Element<'a> {
    tag: u8,
    content: &'a [u8],
    rest: &'a [u8],
}

fn expect(bytes: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (found, content, length) = head(bytes)?;
    if found != tag {
        return None;
    }
    match length {
        // A container cut short still holds what it holds.
        Some(length) => {
            Some((&content[..length.min(content.len())], content.get(length..).unwrap_or_default()))
        }
        // Of indefinite length: what is walked is always its beginning.
        None => Some((content, &[])),
    }
}

/// Tag, what follows the length, and the length unless it is indefinite.
fn head(bytes: &[u8]) -> Option<(u8, &[u8], Option<usize>)> {
    let (&tag, rest) = bytes.split_first()?;
    let (&first, rest) = rest.split_first()?;
    match first {
        0..=0x7f => Some((tag, rest, Some(usize::from(first)))),
        0x80 => Some((tag, rest, None)),
        _ => {
            let count = usize::from(first & 0x7f);
            if count > 4 {
                return None;
            }
            let length = rest.get(..count)?.iter().fold(0usize, |sum, byte| sum << 8 | usize::from(*byte));
            Some((tag, &rest[count..], Some(length)))
        }
    }
}

/// The first element and what follows it. The end of an element of indefinite length is found by walking it.
fn next(bytes: &[u8], depth: usize) -> Option<Element<'_>> {
    let (tag, content, length) = head(bytes)?;
    if let Some(length) = length {
        let length = length.min(content.len());
        return Some(Element { tag, content: &content[..length], rest: &content[length..] });
    }
    let mut rest = content;
    loop {
        if rest.is_empty() {
            return Some(Element { tag, content, rest });
        }
        if let Some(after) = rest.strip_prefix(b"\0\0") {
            let length = content.len() - rest.len();
            return Some(Element { tag, content: &content[..length], rest: after });
        }
        rest = next(rest, depth.checked_sub(1)?)?.rest;
    }
}

#[cfg(test)]
mod tests {
    use super::{Contained, open};
    use proptest::prelude::*;

    #[test]
    fn what_is_no_signature_stays_closed() {
        for bytes in [&b""[..], b"\x30", b"\x30\x80", b"\x30\x03\x06\x01\x2a", &[0x30, 0x80].repeat(100_000)]
        {
            assert_eq!(open(bytes), Contained::Closed);
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = open(&bytes);
        }
    }
}
