//! The server from end to end: the real program, the real Dovecot, Postfix, Kannel and PostgreSQL.
//!
//! Each test starts what it needs on free loopback ports, in folders of its own. Nothing imitates a protocol here.

#![expect(clippy::unwrap_used, reason = "a test that meets an error has failed")]
#![expect(clippy::print_stderr, reason = "a crash test prints its seed, so that a failure can be run again")]

mod api;
mod commands;
mod crash;
mod crash_texts;
mod email;
mod inbox;
mod nodes;
mod operations;
mod outages;
mod support;
mod texts;
mod web_form;
