//! The server from end to end: the real program, the real Dovecot, Postfix and PostgreSQL.
//!
//! Each test starts what it needs on free loopback ports, in folders of its own. Nothing imitates a protocol here.

mod commands;
mod crash;
mod email;
mod nodes;
mod operations;
mod outages;
mod support;
