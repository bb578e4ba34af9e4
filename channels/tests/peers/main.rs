//! The mailbox against real servers, started here on free loopback ports.

mod fetching;
mod finishing;
mod logging_in;
mod support;
mod waiting;
