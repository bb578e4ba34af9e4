//! Twilio's `X-Twilio-Signature`: the digest of the full public address followed by every parameter of the form, sorted,
//! name and value without anything between.
//!
//! Source: Twilio's documentation of webhook security, and PyPI `twilio` 9.13.0, with which it is compared case by case.
//! Such a digest cannot tell `a=bc` from `ab=c`, and carries no time: both are Twilio's to mend. Replay is stopped by
//! the message's id.

use super::{Algorithm, Encoding, NotVerified, Verified, form, mac, secret, settle};
use crate::sms::wire::{Call, Credentials};

pub(super) fn check(
    call: &Call,
    credentials: &Credentials,
    public_url: &str,
) -> Result<Verified, NotVerified> {
    let settings = call.header("x-twilio-webhooks-signature-settings").unwrap_or_default().trim();
    // The account's own token signs, which is the password unless the office sends by an API key; or a key that was made
    // for this alone, and then the request says so.
    let own = secret(credentials.signing_secret.as_ref());
    let (keys, algorithm) = if settings.is_empty() {
        ([own, secret(credentials.password.as_ref())], Algorithm::Sha1)
    } else {
        ([own, Err(NotVerified::NotConfigured)], algorithm_named(settings)?)
    };
    if keys.iter().all(Result::is_err) {
        return Err(NotVerified::NotConfigured);
    }
    let written = call.header("x-twilio-signature").ok_or(NotVerified::Missing)?;
    let tag = mac::decode(written.trim(), Encoding::Base64).ok_or(NotVerified::Wrong)?;
    // Anything but a form would not be covered, and must not ride on a signature of the address alone.
    if !form::is_all_there_is(call) {
        return Err(NotVerified::Wrong);
    }
    // Sorted, and what is repeated with the same value counts once, as Twilio's own clients have it.
    let mut pairs: Vec<_> = form::pairs(&call.body).collect();
    pairs.sort_unstable();
    pairs.dedup();
    let holds = |key: &[u8], address: &str| {
        let query: [&[u8]; 2] =
            if call.query.is_empty() { [b"", b""] } else { [b"?", call.query.as_bytes()] };
        let parameters = pairs.iter().flat_map(|(name, value)| [name.as_ref(), value.as_ref()]);
        let pieces = [address.as_bytes()].into_iter().chain(query).chain(parameters);
        mac::holds(algorithm, key, pieces, &tag)
    };
    let [plain, with_port] = addresses(public_url).ok_or(NotVerified::NotConfigured)?;
    settle(keys.iter().flatten().any(|key| holds(key, &plain) | holds(key, &with_port)))
}

/// What `key=…,algorithm=…` names. A request that names no algorithm means the old one.
fn algorithm_named(settings: &str) -> Result<Algorithm, NotVerified> {
    let named = settings
        .split(',')
        .filter_map(|part| part.split_once('='))
        .find(|(name, value)| name.trim() == "algorithm" && !value.trim().is_empty());
    match named.map(|(_, value)| value.trim().to_ascii_uppercase()).as_deref() {
        None | Some("HMAC_SHA1") => Ok(Algorithm::Sha1),
        Some("HMAC_SHA256") => Ok(Algorithm::Sha256),
        Some(_) => Err(NotVerified::Wrong),
    }
}

/// The address without a port and with one: Twilio signs now the one, now the other. The scheme is not negotiable. `None`
/// when it is no address.
fn addresses(public_url: &str) -> Option<[String; 2]> {
    let (scheme, rest) = public_url.split_once("://")?;
    let usual = match scheme {
        "https" => ":443",
        "http" => ":80",
        _ => return None,
    };
    let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    // A colon inside brackets belongs to an IPv6 address.
    let host_end = authority.rfind(']').map_or(0, |at| at + 1);
    let port_at = authority[host_end..].rfind(':').map_or(authority.len(), |at| host_end + at);
    let (host, port) = authority.split_at(port_at);
    if host.is_empty() {
        return None;
    }
    let port = if port.len() > 1 { port } else { usual };
    Some([format!("{scheme}://{host}{path}"), format!("{scheme}://{host}{port}{path}")])
}
