//! Whether a request really comes from the gateway that it claims to come from.
//!
//! Pure, and never told more than it needs: the request as it arrived, what the preset says about proof, the account's
//! secrets and the time. Does not read the message, and does not know whether it was seen before: replay is stopped by
//! the unique provider id, and here only as far as a signature carries a time.
//!
//! What is compared with a secret is compared in constant time. A secret that is missing or empty is
//! [`NotVerified::NotConfigured`]: an empty key signs very well, and everybody knows it.

mod basic;
mod form;
mod jwt;
mod mac;
mod raw;
#[cfg(test)]
mod tests;
mod twilio;
mod vonage;

use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::preset::{Algorithm, Encoding, Input, Verify};
use super::wire::{Call, Credentials};

/// What a verified request's message is.
#[derive(Clone, PartialEq, Eq)]
pub enum Verified {
    /// The request as it stands.
    AsIs,
    /// The payload of a signed token. It alone is proved: the request's body is not covered, anybody can have written it,
    /// and it must not be read.
    Payload(Vec<u8>),
}

/// Counts only: the payload holds what a citizen wrote.
impl std::fmt::Debug for Verified {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::AsIs => f.write_str("AsIs"),
            Self::Payload(payload) => write!(f, "Payload({} bytes)", payload.len()),
        }
    }
}

/// Why a request is not believed. In words for an operator; whoever made the request is told nothing but a status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum NotVerified {
    /// Nothing in the request proves anything.
    #[error("the request carries no proof of where it comes from: is signing turned on at the gateway?")]
    Missing,
    /// The proof does not hold.
    #[error("the request's proof is wrong: another secret, another public address, or not the gateway")]
    Wrong,
    /// The proof uses a digest that can be forged or is about to be (MD5, SHA-1 where there is a choice).
    #[error(
        "the request is signed with MD5 or SHA-1, which is not accepted: choose SHA-256 or SHA-512 at the gateway"
    )]
    Weak,
    /// The proof is right, but too old or from the future.
    #[error("the request was signed too long ago or in the future: is this machine's clock right?")]
    Stale,
    /// The account lacks the secret that the proof is made with, or the preset asks for a proof that proves nothing.
    #[error("the account has no secret to check the request against")]
    NotConfigured,
}

/// Checks one request against one kind of proof.
///
/// `path_secret_given` is what stood in the request's path in the secret's place. `public_url` is the address that the
/// gateway was given, as it was given: scheme, host, port if any, and the path with its secret, without the query; what
/// this server sees behind a proxy is another. `now` is the time of arrival.
///
/// # Errors
/// When the request is not proved to be the gateway's. It must then leave no trace but a count.
pub fn verify(
    call: &Call,
    path_secret_given: Option<&str>,
    how: &Verify,
    credentials: &Credentials,
    public_url: &str,
    now: Timestamp,
) -> Result<Verified, NotVerified> {
    match how {
        Verify::PathSecret => {
            let secret = secret(credentials.path_secret.as_ref())?;
            let given = path_secret_given.filter(|given| !given.is_empty()).ok_or(NotVerified::Missing)?;
            settle(same(given.as_bytes(), secret))
        }
        Verify::Basic => basic::check(call, credentials),
        Verify::Hmac { algorithm, header, prefix, encoding, input, timestamp_header, max_skew_seconds } => {
            let recipe = raw::Recipe {
                algorithm: *algorithm,
                header,
                prefix,
                encoding: *encoding,
                input,
                timestamp_header: timestamp_header.as_deref(),
                max_skew_seconds: *max_skew_seconds,
            };
            raw::check(call, &recipe, secret(credentials.signing_secret.as_ref())?, now)
        }
        Verify::Jwt { header } => jwt::check(call, header, secret(credentials.signing_secret.as_ref())?, now),
        Verify::Twilio => twilio::check(call, credentials, public_url),
        Verify::Vonage => vonage::check(call, secret(credentials.signing_secret.as_ref())?, now),
    }
}

/// The secret's bytes, if there is a secret to speak of.
fn secret(given: Option<&SecretString>) -> Result<&[u8], NotVerified> {
    let bytes = given.map(|secret| secret.expose_secret().as_bytes()).unwrap_or_default();
    if bytes.iter().all(u8::is_ascii_whitespace) { Err(NotVerified::NotConfigured) } else { Ok(bytes) }
}

/// Whether two strings are the same, in a time that depends on neither: digests are compared, which are of one length,
/// so that not even the secret's length can be measured.
fn same(given: &[u8], secret: &[u8]) -> bool {
    Sha256::digest(given).as_slice().ct_eq(Sha256::digest(secret).as_slice()).into()
}

/// The verdict on a request that is to be read as it stands.
fn settle(holds: bool) -> Result<Verified, NotVerified> {
    if holds { Ok(Verified::AsIs) } else { Err(NotVerified::Wrong) }
}

/// Whether a moment in seconds since 1970 is within `skew` seconds of `now`, to either side.
fn is_near(seconds: i64, now: Timestamp, skew: u64) -> bool {
    now.as_second().abs_diff(seconds) <= skew
}
