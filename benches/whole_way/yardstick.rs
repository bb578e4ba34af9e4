//! What the whole way is held against, in the same run on the same disk: mbsync copying the same mailbox, and the
//! database committing as fast as it can.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::{self, sleep};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use indgang_peers::Dovecot;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection};

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

/// Commits single rows one after the other, each durable, and says how many a second.
pub(crate) fn commits(folder: &Path, count: usize) -> anyhow::Result<f64> {
    fs::create_dir_all(folder)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut connection = SqliteConnectOptions::new()
            .filename(folder.join("commits.sqlite"))
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .connect()
            .await?;
        sqlx::query("CREATE TABLE line (id INTEGER PRIMARY KEY, text TEXT NOT NULL)")
            .execute(&mut connection)
            .await?;
        let started = Instant::now();
        for _ in 0..count {
            sqlx::query("INSERT INTO line (text) VALUES ($1)")
                .bind("one line of a ledger")
                .execute(&mut connection)
                .await?;
        }
        let took = started.elapsed();
        connection.close().await?;
        Ok(count as f64 / took.as_secs_f64())
    })
}
