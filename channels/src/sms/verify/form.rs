//! The parameters of a query or a form (WHATWG URL, `application/x-www-form-urlencoded`) as bytes.
//!
//! Bytes and not text: a signature is over what was sent, and two different octets that both decode to U+FFFD would
//! otherwise pass for each other.

use std::borrow::Cow;

use super::mac::digit;
use crate::sms::wire::Call;

/// The media type of a form's body.
pub(super) const MEDIA_TYPE: &str = "application/x-www-form-urlencoded";

/// A name and its value.
pub(super) type Pair<'a> = (Cow<'a, [u8]>, Cow<'a, [u8]>);

/// The parameters in their order, repeated ones included. One without `=` has an empty value; nothing between two `&` is
/// nothing.
pub(super) fn pairs(written: &[u8]) -> impl Iterator<Item = Pair<'_>> {
    written.split(|byte| *byte == b'&').filter(|one| !one.is_empty()).map(|one| {
        let equals = one.iter().position(|byte| *byte == b'=').unwrap_or(one.len());
        (decode(&one[..equals]), decode(one.get(equals + 1..).unwrap_or_default()))
    })
}

/// Whether the body is a form, or there is none. Any other body is outside a signature over parameters.
pub(super) fn is_all_there_is(call: &Call) -> bool {
    call.body.is_empty() || (call.method == "POST" && call.media_type() == MEDIA_TYPE)
}

fn decode(written: &[u8]) -> Cow<'_, [u8]> {
    if !written.iter().any(|byte| matches!(byte, b'%' | b'+')) {
        return Cow::Borrowed(written);
    }
    let mut bytes = Vec::with_capacity(written.len());
    let mut rest = written;
    while let Some((first, after)) = rest.split_first() {
        let escaped = match (first, after) {
            (b'%', [high, low, ..]) => digit(*high).zip(digit(*low)).map(|(high, low)| high << 4 | low),
            _ => None,
        };
        match (escaped, first) {
            (Some(byte), _) => {
                bytes.push(byte);
                rest = &after[2..];
                continue;
            }
            (None, b'+') => bytes.push(b' '),
            // A stray percent sign stands for itself, as the standard has it.
            (None, other) => bytes.push(*other),
        }
        rest = after;
    }
    Cow::Owned(bytes)
}
