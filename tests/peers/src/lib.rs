//! Real peers for tests and benchmarks, started on free loopback ports in temporary folders.
//!
//! Nothing here imitates a protocol: these are the servers that offices run, from Debian's packages.

mod browser;
mod clamd;
mod dovecot;
mod glewlwyd;
mod ground;
mod kannel;
mod leash;
mod maildir;
mod ports;
mod postfix;
mod postgres;

pub use browser::{Browser, BrowserSettings, Key, Violation};
pub use clamd::Clamd;
pub use dovecot::Dovecot;
pub use glewlwyd::Glewlwyd;
pub use kannel::{Coding, Got, Kannel, KannelSettings, Phone};
pub use maildir::{Mail, Maildir};
pub use ports::free_port;
pub use postfix::Postfix;
pub use postgres::Postgres;

use std::io;

/// A peer could not be started or asked. A test that meets one fails; it is never skipped.
#[derive(Debug, thiserror::Error)]
pub enum PeerError {
    /// The peer is not installed.
    #[error("`{program}` is missing: install the Debian package `{package}` (tests/run does)")]
    Missing {
        /// What was looked for.
        program: &'static str,
        /// The package that has it.
        package: &'static str,
    },
    /// The peer only runs as root.
    #[error("{peer} only runs as root: run the tests as root, for instance in a container")]
    NeedsRoot {
        /// The peer.
        peer: &'static str,
    },
    /// A program of the peer's failed.
    #[error("`{program}` failed: {said}")]
    Failed {
        /// The program.
        program: String,
        /// What it said.
        said: String,
    },
    /// The operating system refused something.
    #[error(transparent)]
    Io(#[from] io::Error),
}
