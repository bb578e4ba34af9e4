//! What the whole way is held against, in the same run on the same disk, beside the bare commits: mbsync copying the same
//! mailbox.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::{self, sleep};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use indgang_peers::Dovecot;

use crate::process;
use crate::table::Run;

/// Copies a user's inbox to a new Maildir in `folder`.
pub(crate) fn mbsync(
    folder: &Path,
    dovecot: &Dovecot,
    user: &str,
    letters: usize,
    fsync: bool,
) -> anyhow::Result<Run> {
    fs::create_dir_all(folder.join("near"))?;
    let base = folder.display();
    let settings = format!(
        "FSync {fsync}\n\
         IMAPAccount far\nHost 127.0.0.1\nPort {port}\nUser {user}\nPass \"{password}\"\nSSLType None\n\
         AuthMechs PLAIN LOGIN\n\n\
         IMAPStore far\nAccount far\n\n\
         MaildirStore near\nPath {base}/near/\nInbox {base}/near/INBOX\n\n\
         Channel copy\nFar :far:\nNear :near:\nPatterns INBOX\nSync PullNew\nCreate Near\nExpunge None\n\
         SyncState {base}/state-\n",
        fsync = if fsync { "yes" } else { "no" },
        port = dovecot.port(),
        password = Dovecot::PASSWORD,
    );
    let file = folder.join("mbsyncrc");
    fs::write(&file, settings)?;
    let before = process::cpu_of_ended_children()?;
    let started = Instant::now();
    let child = Command::new("mbsync")
        .arg("-c")
        .arg(&file)
        .args(["-q", "copy"])
        .stdin(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .context("`mbsync` cannot be started: install the Debian package `isync`")?;
    let id = child.id();
    let watch = thread::spawn(move || {
        let mut peak = 0;
        while let Ok(memory) = process::memory(id, "VmHWM") {
            peak = memory;
            sleep(Duration::from_millis(20));
        }
        peak
    });
    let output = child.wait_with_output()?;
    let took = started.elapsed();
    let peak = watch.join().unwrap_or_default();
    if !output.status.success() {
        bail!("`mbsync` failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    let copied = ["new", "cur"]
        .iter()
        .map(|part| fs::read_dir(folder.join("near/INBOX").join(part)).map_or(0, Iterator::count))
        .sum::<usize>();
    if copied != letters {
        bail!("`mbsync` copied {copied} of {letters} letters");
    }
    let cpu = process::cpu_of_ended_children()?.saturating_sub(before);
    Ok(Run { letters, took, cpu, peak })
}
