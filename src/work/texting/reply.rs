//! What the adviser writes, on its way into the outbox: refused where it must not or cannot go out as a text.
//!
//! Her words are never altered, not even to save a segment: she is shown what they cost.

use indgang_channels::sms::alphabet;
use indgang_channels::sms::number::{Class, classify};
use jiff::Timestamp;

use crate::domain::cpr;
use crate::domain::enquiry::EnquiryId;
use crate::store::replies::{NewTextReply, ReplyQueued};
use crate::store::{Store, StoreError};
use crate::work::desk::draw_token;

/// The most segments of one reply.
pub const MOST_SEGMENTS: u32 = 6;

/// A reply as the adviser wrote it.
#[derive(Clone, Copy)]
pub struct Reply<'a> {
    /// The enquiry that it belongs to.
    pub enquiry: EnquiryId,
    /// The account that it goes out through.
    pub account: &'a str,
    /// The number of ours that the citizen wrote to.
    pub sender: &'a str,
    /// The citizen's number.
    pub recipient: &'a str,
    /// The words.
    pub body: &'a str,
}

/// Why a reply is not queued.
#[derive(Debug, thiserror::Error)]
pub enum ReplyRefused {
    /// It says nothing.
    #[error("the reply is empty")]
    Empty,
    /// It is too long for a text message.
    #[error("the reply takes {segments} segments; {MOST_SEGMENTS} is the most")]
    TooLong {
        /// How many it takes.
        segments: u32,
    },
    /// It holds what looks like a civil registration number, and texts are read by others on their way.
    #[error("the reply holds what looks like a CPR number, which must not be sent by text message")]
    HoldsCpr,
    /// No text can be sent there.
    #[error("no text can be sent to this number")]
    NoNumber,
    /// The ceiling for an account's replies in a day is met.
    #[error(
        "the ceiling for replies in 24 hours is met: {reserved} segments are reserved (sms.ceiling_replies_day)"
    )]
    CeilingMet {
        /// How many segments are reserved.
        reserved: u32,
    },
    /// The database did not take it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// How many segments a reply takes, when it may go out.
///
/// # Errors
/// See [`ReplyRefused`].
pub fn check(reply: &Reply<'_>) -> Result<u32, ReplyRefused> {
    if reply.body.trim().is_empty() {
        return Err(ReplyRefused::Empty);
    }
    if !cpr::find(reply.body).is_empty() {
        return Err(ReplyRefused::HoldsCpr);
    }
    if !matches!(classify(reply.recipient).class(), Class::Ordinary | Class::Foreign) {
        return Err(ReplyRefused::NoNumber);
    }
    let segments = u32::try_from(alphabet::measure(reply.body).segments).unwrap_or(u32::MAX);
    if segments > MOST_SEGMENTS { Err(ReplyRefused::TooLong { segments }) } else { Ok(segments) }
}

/// Queues a reply; the outbox finds it within a second.
///
/// # Errors
/// See [`ReplyRefused`].
pub async fn queue(
    store: &Store,
    reply: &Reply<'_>,
    ceiling_day: u32,
    now: Timestamp,
) -> Result<(), ReplyRefused> {
    let segments = check(reply)?;
    let token = draw_token();
    let &Reply { enquiry, account, sender, recipient, body } = reply;
    let new =
        NewTextReply { enquiry, account, sender, recipient, body, segments, token: &token, ceiling_day };
    match store.text_reply_queue(&new, now).await? {
        ReplyQueued::Queued | ReplyQueued::Already => Ok(()),
        ReplyQueued::CeilingMet { reserved } => Err(ReplyRefused::CeilingMet { reserved }),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::short("Jeg ringer i morgen kl. 10", "+4520123456", "1")]
    #[case::an_emoji_costs(
        "Jeg ringer i morgen kl. 10, og så finder vi ud af det sammen. Hilsen Gitte 😀",
        "+4520123456",
        "2"
    )]
    #[case::abroad("Hej", "+46701234567", "1")]
    #[case::nothing(" \n", "+4520123456", "the reply is empty")]
    #[case::cpr(
        "Er dit nummer 010170-0000?",
        "+4520123456",
        "the reply holds what looks like a CPR number, which must not be sent by text message"
    )]
    #[case::a_name("Hej", "Banken", "no text can be sent to this number")]
    #[case::a_short_code("Hej", "1999", "no text can be sent to this number")]
    fn a_reply_is_checked(#[case] body: &str, #[case] recipient: &str, #[case] expected: &str) {
        let reply = Reply { enquiry: EnquiryId(1), account: "tekst", sender: "1204", recipient, body };
        let said = check(&reply).map_or_else(|why| why.to_string(), |segments| segments.to_string());
        assert_eq!(said, expected);
    }

    #[test]
    fn six_segments_are_the_most() {
        let body = |length: usize| "a".repeat(length);
        let said = |body: &str| {
            check(&Reply { enquiry: EnquiryId(1), account: "t", sender: "1", recipient: "+4520123456", body })
        };
        assert_eq!(said(&body(6 * 153)).unwrap(), 6);
        assert!(matches!(said(&body(6 * 153 + 1)), Err(ReplyRefused::TooLong { segments: 7 })));
    }
}
