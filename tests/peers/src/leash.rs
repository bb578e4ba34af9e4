//! Cleans up after a peer even when the test's process is killed.
//!
//! A shell waits on a pipe that the test's process holds open. When the process ends, however it ends, the pipe
//! closes and the shell does what it was told. The parent-death signal of Linux was rejected: it follows the thread
//! that started the child, and a test's thread ends with its test.

use std::io;
use std::process::{Child, Command, Stdio};

/// Does its cleaning when dropped, or when the process is gone.
#[derive(Debug)]
pub(crate) struct Leash(Child);

impl Leash {
    /// Ties a shell command to the life of this process.
    pub(crate) fn tie(cleaning: &str) -> io::Result<Self> {
        Command::new("setsid")
            .args(["sh", "-c"])
            .arg(format!("cat >/dev/null; {cleaning}"))
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map(Self)
    }
}

impl Drop for Leash {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}
