//! The mailbox and the way out against real servers, started here on free loopback ports.
//!
//! What no real server can be made to do reliably (hanging, hanging up at a given word) is done by small fakes; each
//! says so where it is used.
#![expect(clippy::unwrap_used, reason = "a failed step in a helper is a failed test")]

mod faking;
mod fetching;
mod finishing;
mod logging_in;
mod sending;
mod support;
mod waiting;
