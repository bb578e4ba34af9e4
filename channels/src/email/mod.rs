//! Electronic mail: reads letters (pure), and talks to mailboxes and submission servers (I/O).
//!
//! Never decides whether a letter is answered.

pub mod authentication;
pub mod automatic;
pub mod bounce;
pub mod compose;
pub mod fold;
pub mod html;
pub mod mailbox;
pub mod mbox;
pub mod oauth;
pub mod parse;
pub mod show;
pub mod submit;
pub mod tls;

use jiff::Timestamp;

pub use parse::{Part, file, part};

use crate::message::{ExternalId, Incoming};

/// What the reader of a letter must know that does not stand in the letter.
#[derive(Clone, Debug)]
pub struct ReadContext<'a> {
    /// The configured account that the letter came through.
    pub account: &'a str,
    /// What identifies it there.
    pub external_id: ExternalId,
    /// When our side got it.
    pub received_at: Timestamp,
    /// The limits that it is read within.
    pub limits: &'a Limits,
    /// The name that our receiving server writes first in its Authentication-Results (RFC 8601 `authserv-id`).
    pub authserv_id: Option<&'a str>,
    /// Our own addresses, lower-cased: a letter from one of them is our own, come back.
    pub own_addresses: &'a [String],
}

/// Limits on what one letter may cost. What exceeds one is not read further, and the letter is held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The largest letter that is parsed, in bytes.
    pub size: usize,
    /// The deepest nesting of parts.
    pub depth: usize,
    /// The most parts.
    pub parts: usize,
    /// The longest readable text, in bytes.
    pub text: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { size: 40 << 20, depth: 24, parts: 1_000, text: 4 << 20 }
    }
}

/// Reads one letter. Always yields something: what could not be read is said in [`Incoming::doubts`].
pub fn read(raw: &[u8], context: &ReadContext<'_>) -> Incoming {
    parse::read(raw, context)
}
