//! Ports for servers that are stopped and started again.

use std::fs::{self, File};
use std::io;
use std::net::TcpListener;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::Mutex;

/// Held until the process ends, and by that given back.
static LEASES: Mutex<Vec<File>> = Mutex::new(Vec::new());

/// A loopback port that nobody listens on now, and that no other test of ours is given as long as this process runs.
///
/// Taken from below the range that the system hands out for outgoing connections (32768 on Linux): a server that is
/// stopped for a while must find its port free when it comes back. Tests run in several processes, so a port is leased
/// by a locked file.
///
/// # Errors
/// When there is none, or the lock files cannot be made.
pub fn free_port() -> io::Result<u16> {
    const SPAN: u32 = 12_000;
    // One for each user: what root has made here, nobody else could lock.
    let folder = Path::new("/tmp").join(format!("indgang-ports-{}", fs::metadata("/proc/self")?.uid()));
    fs::create_dir_all(&folder)?;
    // Begun at a place of our own, so that the processes do not all queue for the same first port.
    let begin = std::process::id().wrapping_mul(97) % SPAN;
    for step in 0..SPAN {
        let Ok(port) = u16::try_from(20_000 + (begin + step) % SPAN) else { continue };
        let Ok(lease) = File::options().create(true).append(true).open(folder.join(port.to_string())) else {
            continue;
        };
        if lease.try_lock().is_ok() && TcpListener::bind(("127.0.0.1", port)).is_ok() {
            LEASES.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(lease);
            return Ok(port);
        }
    }
    Err(io::Error::new(io::ErrorKind::AddrNotAvailable, "no port between 20000 and 32000 is free"))
}
