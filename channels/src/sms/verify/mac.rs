//! Keyed digests (RFC 2104) over pieces, and their written forms.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Sha256, Sha512};

use super::{Algorithm, Encoding};

/// Whether `tag` is the digest of the pieces put together. Compared in constant time, and in full: a tag that is cut off
/// does not pass.
pub(super) fn holds<'a>(
    algorithm: Algorithm,
    key: &[u8],
    pieces: impl IntoIterator<Item = &'a [u8]>,
    tag: &[u8],
) -> bool {
    match algorithm {
        Algorithm::Sha1 => holds_by::<Hmac<Sha1>>(key, pieces, tag),
        Algorithm::Sha256 => holds_by::<Hmac<Sha256>>(key, pieces, tag),
        Algorithm::Sha512 => holds_by::<Hmac<Sha512>>(key, pieces, tag),
    }
}

fn holds_by<'a, M: Mac + KeyInit>(
    key: &[u8],
    pieces: impl IntoIterator<Item = &'a [u8]>,
    tag: &[u8],
) -> bool {
    // A key of any length will do (RFC 2104 section 2), so this never fails; should it, nothing passes.
    let Ok(mut mac) = <M as KeyInit>::new_from_slice(key) else { return false };
    for piece in pieces {
        mac.update(piece);
    }
    mac.verify_slice(tag).is_ok()
}

/// The bytes of a written tag; `None` when it is not written so. Hexadecimal digits of either case.
pub(super) fn decode(written: &str, encoding: Encoding) -> Option<Vec<u8>> {
    match encoding {
        Encoding::Hex => hex(written),
        Encoding::Base64 => STANDARD.decode(written).ok(),
    }
}

fn hex(written: &str) -> Option<Vec<u8>> {
    let (pairs, rest) = written.as_bytes().as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    pairs.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?)).collect()
}

/// The value of one hexadecimal digit.
pub(super) fn digit(byte: u8) -> Option<u8> {
    (byte as char).to_digit(16).and_then(|value| u8::try_from(value).ok())
}
