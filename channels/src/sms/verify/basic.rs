//! A name and a password in the request (RFC 7617): for gateways that sign nothing but call an address in which these
//! can stand, such as `https://user:password@…`.
//!
//! The password is the account's signing secret, never the password that we send to the gateway: an address that is
//! registered for calls stands in the gateway's lists and logs, and whoever reads it there could send in the office's
//! name.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::{NotVerified, Verified, same, secret, settle};
use crate::sms::wire::{Call, Credentials};

pub(super) fn check(call: &Call, credentials: &Credentials) -> Result<Verified, NotVerified> {
    let password = secret(credentials.signing_secret.as_ref())?;
    let user =
        credentials.user.as_deref().filter(|user| !user.is_empty()).ok_or(NotVerified::NotConfigured)?;
    let written = call.header("authorization").ok_or(NotVerified::Missing)?;
    let (scheme, token) = written.trim().split_once(' ').ok_or(NotVerified::Wrong)?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return Err(NotVerified::Wrong);
    }
    let decoded = STANDARD.decode(token.trim()).map_err(|_| NotVerified::Wrong)?;
    // The name holds no colon, the password may (RFC 7617 section 2).
    let colon = decoded.iter().position(|byte| *byte == b':').ok_or(NotVerified::Wrong)?;
    // Both are always compared: which of them was wrong must not be measurable.
    let named = same(&decoded[..colon], user.as_bytes());
    let known = same(&decoded[colon + 1..], password);
    settle(named & known)
}
