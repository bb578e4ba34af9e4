//! A signed token in a header field (RFC 7519, RFC 7515) whose payload is the whole message: GatewayAPI's
//! `X-Gwapi-Signature`.
//!
//! HS256 and nothing else. What the token says of its own algorithm is only checked, never followed: a library that lets
//! the token choose has let in `none`, and public keys as shared secrets.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::{Algorithm, NotVerified, Verified, mac};
use crate::sms::wire::Call;

/// How far the gateway's clock may be off when a token says from when and until when it holds.
const LEEWAY_SECONDS: f64 = 300.0;

#[derive(Deserialize)]
struct Head {
    alg: String,
    /// Extensions that must be understood (RFC 7515 section 4.1.11). None is.
    crit: Option<IgnoredAny>,
}

/// A token need not say when it holds: GatewayAPI's do not, and replay is stopped by the message's id.
#[derive(Deserialize)]
struct Times {
    exp: Option<f64>,
    nbf: Option<f64>,
}

pub(super) fn check(call: &Call, header: &str, key: &[u8], now: Timestamp) -> Result<Verified, NotVerified> {
    let token = call.header(&header.to_ascii_lowercase()).map(str::trim).filter(|token| !token.is_empty());
    let token = token.ok_or(NotVerified::Missing)?;
    read(token, key, now).map(Verified::Payload)
}

fn read(token: &str, key: &[u8], now: Timestamp) -> Result<Vec<u8>, NotVerified> {
    let (signed, tag) = token.rsplit_once('.').ok_or(NotVerified::Wrong)?;
    // A further dot is in neither alphabet, so a token of four parts ends at the decoding of its payload.
    let (head, payload) = signed.split_once('.').ok_or(NotVerified::Wrong)?;
    let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| NotVerified::Wrong);
    let head: Head = serde_json::from_slice(&decode(head)?).map_err(|_| NotVerified::Wrong)?;
    if head.alg != "HS256" || head.crit.is_some() {
        return Err(NotVerified::Wrong);
    }
    if !mac::holds(Algorithm::Sha256, key, [signed.as_bytes()], &decode(tag)?) {
        return Err(NotVerified::Wrong);
    }
    let payload = decode(payload)?;
    holds_now(&payload, now)?;
    Ok(payload)
}

/// Whether the token holds at this time. One whose payload is no object at all says nothing about time: it is authentic,
/// and whoever reads the message says what is wrong with it.
fn holds_now(payload: &[u8], now: Timestamp) -> Result<(), NotVerified> {
    if !payload.trim_ascii_start().starts_with(b"{") || serde_json::from_slice::<IgnoredAny>(payload).is_err()
    {
        return Ok(());
    }
    let times: Times = serde_json::from_slice(payload).map_err(|_| NotVerified::Wrong)?;
    let now = now.as_millisecond() as f64 / 1000.0;
    let over = times.exp.is_some_and(|exp| now >= exp + LEEWAY_SECONDS);
    let early = times.nbf.is_some_and(|nbf| now < nbf - LEEWAY_SECONDS);
    if over || early { Err(NotVerified::Stale) } else { Ok(()) }
}
