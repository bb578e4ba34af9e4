//! How fast the database commits, and nothing else: what every figure of ours is held against in the same run.

use std::fs;
use std::path::Path;
use std::time::Instant;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection};

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
