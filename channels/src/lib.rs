//! Wire formats of Indgang's channels.
//!
//! Turns what arrives (a mail, a text message, a form) into one [`message::Incoming`], and what is to be sent
//! into what the wire wants. Deliberately does not know what an enquiry is, who the adviser is, or whether
//! anything should be answered: those are decisions, and they are made in the server's `intake`.
//!
//! # The contract that every channel meets
//!
//! - A parse that always yields something from authentic input, with the raw bytes kept by the caller. What is
//!   odd about the input is said as [`message::Doubt`]s, never as an error that loses the letter.
//! - An [`message::ExternalId`] that stays the same when the same message is delivered again.
//! - Acknowledgement upstream (a flag, a 2xx) only after the caller's commit.
//! - Send errors that say transient, permanent or unknown.
//! - A connection check for `indgang check`.
//! - Limits on size, depth, count and time; over a limit is a doubt that holds, never a loss.
//! - A `testdata` case for each oddity met.

pub mod calendar;
pub mod email;
mod files;
pub mod language;
pub mod message;
pub mod sms;
pub mod web_form;
