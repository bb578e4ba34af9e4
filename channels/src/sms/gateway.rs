//! Talks to one gateway: hands it texts, asks it for texts where it does not bring them, tries whether it can be reached.
//!
//! What is said stands in the gateway's preset; here is only how far it got. Never tries anything a second time and never
//! decides whether to: says whether a text was taken, was not taken, or whether nobody knows.

mod line;
mod reach;
#[cfg(test)]
mod tests;

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use crate::email::tls::TlsError;

/// Why a gateway could not be used. In words that name the account's settings, never an address with its secrets.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GatewayError {
    /// The configured address cannot be used.
    #[error("base_url must be an https address (http in one's own network) without user, query and fragment")]
    Address,
    /// TLS could not be set up.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// There was no connection. Nothing was asked, and nothing is lost.
    #[error("the gateway is out of reach ({words})")]
    Unreachable {
        /// Why.
        words: String,
    },
}
