//! Vonage's `sig`: the digest of all parameters, sorted, each as `&name=value`, with `&` and `=` in values turned to `_`.
//!
//! Source: Vonage's documentation of signed messages, and PyPI `vonage-http-client` 1.5.2, with which it is compared
//! case by case. SHA-256 or SHA-512, told apart by the length of what came, so that the office can choose either at
//! Vonage. Vonage also offers MD5 (keyed, and by appending the secret) and SHA-1. They are refused as
//! [`NotVerified::Weak`]: the choice is one click at Vonage, and MD5 over an appended secret can be forged.

use std::borrow::Cow;
use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Value as Json;

use super::{Algorithm, Encoding, NotVerified, Verified, form, is_near, mac};
use crate::sms::wire::Call;

/// How old a signed request may be, or how far ahead.
const MAX_SKEW_SECONDS: u64 = 300;

pub(super) fn check(call: &Call, key: &[u8], now: Timestamp) -> Result<Verified, NotVerified> {
    let mut pairs = parameters(call).ok_or(NotVerified::Wrong)?;
    pairs.sort_by(|(one, _), (other, _)| one.cmp(other));
    // Of two parameters of one name the reader might take another than the signer, and a name with `&` or `=` in it can be
    // read as two: neither is Vonage's doing.
    let repeated = pairs.windows(2).any(|two| two[0].0 == two[1].0);
    if repeated || pairs.iter().any(|(name, _)| name.iter().any(|byte| matches!(byte, b'&' | b'='))) {
        return Err(NotVerified::Wrong);
    }
    let value = |wanted: &[u8]| {
        let at = pairs.binary_search_by(|(name, _)| name.as_ref().cmp(wanted)).ok()?;
        std::str::from_utf8(&pairs[at].1).ok()
    };
    let written = value(b"sig").filter(|sig| !sig.is_empty()).ok_or(NotVerified::Missing)?;
    let tag = mac::decode(written, Encoding::Hex).ok_or(NotVerified::Wrong)?;
    let algorithm = match tag.len() {
        64 => Algorithm::Sha512,
        32 => Algorithm::Sha256,
        20 | 16 => return Err(NotVerified::Weak),
        _ => return Err(NotVerified::Wrong),
    };
    let values: Vec<_> = pairs
        .iter()
        .filter(|(name, _)| name.as_ref() != b"sig")
        .map(|(name, value)| (name, softened(value)))
        .collect();
    let pieces = values.iter().flat_map(|(name, value)| [b"&".as_slice(), name, b"=", value]);
    if !mac::holds(algorithm, key, pieces, &tag) {
        return Err(NotVerified::Wrong);
    }
    let seconds = value(b"timestamp").and_then(|written| written.parse().ok()).ok_or(NotVerified::Wrong)?;
    if is_near(seconds, now, MAX_SKEW_SECONDS) { Ok(Verified::AsIs) } else { Err(NotVerified::Stale) }
}

/// All parameters: those of the body, and those of the query along with them, so that none can be slipped in beside what
/// is signed. `None` when the body has some that could not be covered.
fn parameters(call: &Call) -> Option<Vec<form::Pair<'_>>> {
    let mut pairs: Vec<_> = form::pairs(call.query.as_bytes()).collect();
    if call.method == "POST" && call.media_type() == "application/json" {
        let fields: BTreeMap<String, Json> = serde_json::from_slice(&call.body).ok()?;
        for (name, value) in fields {
            let value = match value {
                Json::String(text) => text,
                Json::Number(number) => number.to_string(),
                _ => return None,
            };
            pairs.push((name.into_bytes().into(), value.into_bytes().into()));
        }
    } else if form::is_all_there_is(call) {
        pairs.extend(form::pairs(&call.body));
    } else {
        return None;
    }
    Some(pairs)
}

fn softened(value: &[u8]) -> Cow<'_, [u8]> {
    if !value.iter().any(|byte| matches!(byte, b'&' | b'=')) {
        return Cow::Borrowed(value);
    }
    Cow::Owned(value.iter().map(|byte| if matches!(byte, b'&' | b'=') { b'_' } else { *byte }).collect())
}
