//! Keeps everything, on SQLite or PostgreSQL, with one SQL text for both.
//!
//! One method is one unit of work, so no transaction leaves this room. It never decides what a message is: the
//! decision is handed in as a [`letters::Desk`] and asked inside the transaction, so that what it was told is still
//! true when the outcome is committed.
//!
//! Names are noun first (`outbox_claim`, `cursor_fetch`), so that typing a noun lists what can be done to it.
//! Instants are stored as Unix milliseconds: text forms sort wrongly as soon as one has a fraction and another has not.

pub mod accounts;
pub mod activities;
pub mod api;
mod arrive;
mod conn;
pub mod cursor;
mod effects;
pub mod error;
pub mod figures;
mod filing;
pub mod form_files;
pub mod history;
pub mod inbox;
mod known;
mod later;
pub mod lease;
pub mod ledger;
pub mod letters;
pub mod log;
pub mod outbox;
pub mod overview;
pub mod pages;
pub mod passkeys;
pub mod private;
pub mod programs;
pub mod replies;
pub mod sessions;
pub mod sql;
pub mod texts;
pub mod webhooks;
pub mod years;

use std::str::FromStr;
use std::time::Duration;

use jiff::Timestamp;
use sqlx::ConnectOptions;
use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

pub use error::StoreError;

use conn::{Pool, Writer, on_reader, on_writer};

static SQLITE_MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES_MIGRATIONS: Migrator = sqlx::migrate!("migrations/postgres");

/// How long a writer waits for another process's transaction (an `ingest` beside a running server).
const BUSY: Duration = Duration::from_secs(30);

/// The one store. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    pool: Pool,
}

/// How to open the store.
#[derive(Clone, Debug)]
pub struct StoreOptions {
    /// `sqlite:PATH` (made on first start) or `postgres://…`.
    pub url: String,
    /// Connections that only read (SQLite), or connections in all (PostgreSQL).
    pub connections: u32,
    /// Whether every commit waits for the disk (SQLite `synchronous=FULL`). Off only for throw-away data.
    pub durable: bool,
}

impl Store {
    /// Opens the store, makes the SQLite file when it is missing, and brings the tables up to date.
    ///
    /// # Errors
    /// When the database cannot be reached, or its tables were made by a newer version.
    pub async fn open(options: &StoreOptions) -> Result<Self, StoreError> {
        let pool = if options.url.starts_with("postgres:") || options.url.starts_with("postgresql:") {
            let connect = PgConnectOptions::from_str(&options.url).map_err(StoreError::connect)?;
            let pool = PgPoolOptions::new()
                .max_connections(options.connections.max(2))
                .acquire_timeout(BUSY)
                .connect_with(connect)
                .await
                .map_err(StoreError::connect)?;
            POSTGRES_MIGRATIONS.run(&pool).await.map_err(StoreError::Migrate)?;
            Pool::Postgres(pool)
        } else {
            Self::open_sqlite(options).await?
        };
        Ok(Self { pool })
    }

    async fn open_sqlite(options: &StoreOptions) -> Result<Pool, StoreError> {
        let connect = SqliteConnectOptions::from_str(&options.url)
            .map_err(StoreError::connect)?
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(if options.durable { SqliteSynchronous::Full } else { SqliteSynchronous::Off })
            .busy_timeout(BUSY)
            .foreign_keys(true)
            .pragma("cache_size", "-4096")
            // What is erased is overwritten, not only forgotten.
            .pragma("secure_delete", "ON")
            .pragma("journal_size_limit", "16777216");
        // One writer: SQLite has room for one anyway, and a queue of our own is fairer than SQLITE_BUSY.
        let mut writer = connect.connect().await.map_err(StoreError::connect)?;
        SQLITE_MIGRATIONS.run(&mut writer).await.map_err(StoreError::Migrate)?;
        let writer = Writer::new(writer);
        let reader = SqlitePoolOptions::new()
            // It lives in this process: there is no line that could have broken.
            .test_before_acquire(false)
            .max_connections(options.connections.max(1))
            .min_connections(0)
            .idle_timeout(Duration::from_secs(60))
            .acquire_timeout(BUSY)
            .connect_lazy_with(connect.read_only(true).create_if_missing(false));
        Ok(Pool::Sqlite { writer, reader })
    }

    /// Asks the database for a sign of life.
    ///
    /// # Errors
    /// When it gives none.
    pub async fn ping(&self) -> Result<(), StoreError> {
        on_reader!(self, pool => sqlx::query_scalar::<_, i64>(sql::PING).fetch_one(pool).await)
            .map(|_| ())
            .map_err(StoreError::query("ping"))
    }

    /// Which database it is, for people: `SQLite` or `PostgreSQL`.
    pub fn kind(&self) -> &'static str {
        match self.pool {
            Pool::Sqlite { .. } => "SQLite",
            Pool::Postgres(_) => "PostgreSQL",
        }
    }

    /// Whether other nodes may be at work on the same database.
    pub fn is_shared(&self) -> bool {
        matches!(self.pool, Pool::Postgres(_))
    }

    /// Prepares one statement without running it: the test that every constant of [`sql`] is valid on both databases.
    ///
    /// # Errors
    /// When the database does not accept the text.
    pub async fn prepare(&self, statement: &'static str) -> Result<(), StoreError> {
        use sqlx::{Executor, SqlSafeStr};
        let statement = statement.into_sql_str();
        on_writer!(self, conn => conn.prepare(statement).await.map(|_| ()))
            .map_err(StoreError::query("prepare"))
    }

    /// Closes every connection, so that SQLite folds its log back into the file.
    pub async fn close(&self) {
        match &self.pool {
            Pool::Sqlite { writer, reader } => {
                reader.close().await;
                writer.close().await;
            }
            Pool::Postgres(pool) => pool.close().await,
        }
    }
}

/// An instant as it is stored.
fn to_stored(at: Timestamp) -> i64 {
    at.as_millisecond()
}

/// A stored instant.
fn from_stored(
    milliseconds: i64,
    table: &'static str,
    column: &'static str,
    row: i64,
) -> Result<Timestamp, StoreError> {
    Timestamp::from_millisecond(milliseconds).map_err(|_| StoreError::Corrupt { table, column, row })
}

/// PostgreSQL refuses NUL in text, and a letter must not be lost to one.
fn clean(text: &str) -> std::borrow::Cow<'_, str> {
    if text.contains('\0') { text.replace('\0', "").into() } else { text.into() }
}
