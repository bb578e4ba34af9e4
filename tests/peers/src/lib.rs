//! Real peers for tests and benchmarks, started on free loopback ports in temporary folders.
//!
//! Nothing here imitates a protocol: these are the servers that offices run, from Debian's packages.

mod leash;
mod postgres;

pub use postgres::Postgres;

use std::io;
use std::net::TcpListener;

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

/// A loopback port that nobody listens on now.
///
/// # Errors
/// When there is none.
pub fn free_port() -> io::Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}
