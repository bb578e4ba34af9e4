//! Which database is spoken to, and the macros that compile one query's body for both.
//!
//! `sqlx::Any` was rejected: it cannot read a SQLite BOOLEAN, and its query builder writes `?`, which PostgreSQL
//! refuses. Generic functions were rejected: each repeats half a dozen bounds.
//!
//! SQLite's one writer is held here instead of in a pool of one: sqlx's pool asks a connection for a sign of life when
//! it is taken and again when it is given back, and each is a turn to the connection's thread and back, so that a
//! single statement would cost three.

use std::fmt;
use std::sync::Arc;

use sqlx::postgres::PgPool;
use sqlx::sqlite::{SqliteConnection, SqlitePool};
use sqlx::{Connection, Postgres, Sqlite};
use tokio::runtime::Handle;
use tokio::sync::{Mutex, OwnedMappedMutexGuard, OwnedMutexGuard};

use super::{Store, StoreError, sql};

/// The connections to one database.
#[derive(Clone, Debug)]
pub(super) enum Pool {
    /// SQLite: one connection that writes, several that read beside it.
    Sqlite {
        /// The one that writes.
        writer: Writer,
        /// Those that read.
        reader: SqlitePool,
    },
    /// PostgreSQL.
    Postgres(PgPool),
}

/// The one connection that writes to SQLite, one user at a time and in turn. Empty once it is closed.
#[derive(Clone)]
pub(super) struct Writer(Arc<Mutex<Option<SqliteConnection>>>);

/// The writer, in use.
pub(super) type Held = OwnedMappedMutexGuard<Option<SqliteConnection>, SqliteConnection>;

impl fmt::Debug for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Writer")
    }
}

impl Writer {
    /// Holds a connection from now on.
    pub(super) fn new(connection: SqliteConnection) -> Self {
        Self(Arc::new(Mutex::new(Some(connection))))
    }

    /// Waits for its turn.
    ///
    /// # Errors
    /// When the store is closed.
    pub(super) async fn hold(&self) -> Result<Held, sqlx::Error> {
        let held = Arc::clone(&self.0).lock_owned().await;
        OwnedMutexGuard::try_map(held, Option::as_mut).map_err(|_| sqlx::Error::PoolClosed)
    }

    /// Closes it, when its last user is done.
    pub(super) async fn close(&self) {
        if let Some(connection) = self.0.lock().await.take()
            && let Err(error) = connection.close().await
        {
            tracing::warn!(%error, "the database was closed in disorder; its log is read at the next start");
        }
    }
}

/// Runs a query body on whichever pool reads.
macro_rules! on_reader {
    ($store:expr, $pool:ident => $body:expr) => {
        match &$store.pool {
            $crate::store::conn::Pool::Sqlite { reader: $pool, .. } => $body,
            $crate::store::conn::Pool::Postgres($pool) => $body,
        }
    };
}

/// Runs a single writing statement on whichever connection writes; it commits by itself.
macro_rules! on_writer {
    ($store:expr, $conn:ident => $body:expr) => {
        match &$store.pool {
            $crate::store::conn::Pool::Sqlite { writer, .. } => match writer.hold().await {
                Ok(mut held) => {
                    let $conn = &mut *held;
                    $body
                }
                Err(error) => Err(error),
            },
            $crate::store::conn::Pool::Postgres($conn) => $body,
        }
    };
}

/// Runs a query body on a transaction's connection.
macro_rules! on_tx {
    ($tx:expr, $conn:ident => $body:expr) => {
        match $tx {
            $crate::store::conn::Transaction::Sqlite(transaction) => match transaction.connection() {
                Ok($conn) => $body,
                Err(error) => Err(error),
            },
            $crate::store::conn::Transaction::Postgres(transaction) => {
                let $conn = &mut **transaction;
                $body
            }
        }
    };
}

/// Runs a query body on a snapshot's connection.
macro_rules! on_snapshot {
    ($snapshot:expr, $conn:ident => $body:expr) => {
        match $snapshot {
            $crate::store::conn::Snapshot::Sqlite(snapshot) => {
                let $conn = &mut **snapshot;
                $body
            }
            $crate::store::conn::Snapshot::Postgres(snapshot) => {
                let $conn = &mut **snapshot;
                $body
            }
        }
    };
}

pub(super) use {on_reader, on_snapshot, on_tx, on_writer};

/// The database as it stood at one moment, whatever is written meanwhile. Only for reading.
pub(super) enum Snapshot {
    /// On SQLite: what the first statement saw, all of them see.
    Sqlite(sqlx::Transaction<'static, Sqlite>),
    /// On PostgreSQL.
    Postgres(sqlx::Transaction<'static, Postgres>),
}

impl Snapshot {
    /// Takes one.
    pub(super) async fn take(store: &Store) -> Result<Self, StoreError> {
        match &store.pool {
            Pool::Sqlite { reader, .. } => reader.begin().await.map(Self::Sqlite),
            Pool::Postgres(pool) => pool.begin_with(sql::POSTGRES_SNAPSHOT).await.map(Self::Postgres),
        }
        .map_err(StoreError::query("snapshot"))
    }
}

/// A transaction that writes. Dropped without [`Transaction::commit`], it leaves nothing behind.
pub(super) enum Transaction {
    /// On SQLite, begun IMMEDIATE.
    Sqlite(SqliteTransaction),
    /// On PostgreSQL.
    Postgres(sqlx::Transaction<'static, Postgres>),
}

/// A transaction on the writer, which is held as long as it lasts.
pub(super) struct SqliteTransaction {
    /// Empty once it is committed.
    held: Option<Held>,
}

impl SqliteTransaction {
    async fn begin(writer: &Writer) -> Result<Self, sqlx::Error> {
        // Made before it is begun: dropped while it is being begun, it is taken back all the same.
        let mut transaction = Self { held: Some(writer.hold().await?) };
        sqlx::query(sql::BEGIN_IMMEDIATE).execute(transaction.connection()?).await?;
        Ok(transaction)
    }

    pub(super) fn connection(&mut self) -> Result<&mut SqliteConnection, sqlx::Error> {
        self.held.as_deref_mut().ok_or(sqlx::Error::PoolClosed)
    }

    async fn commit(mut self) -> Result<(), sqlx::Error> {
        sqlx::query(sql::COMMIT).execute(self.connection()?).await?;
        self.held = None;
        Ok(())
    }
}

/// Takes back what was not committed, before anybody else gets the writer.
impl Drop for SqliteTransaction {
    fn drop(&mut self) {
        // Without a runtime the process is ending, and SQLite takes it back at the next start.
        if let (Some(mut held), Ok(runtime)) = (self.held.take(), Handle::try_current()) {
            runtime.spawn(async move {
                // Refused when the database took it back by itself, as it does when the disk is full.
                let _ = sqlx::query(sql::ROLLBACK).execute(&mut *held).await;
            });
        }
    }
}

impl Transaction {
    /// Begins a transaction that will write. A deferred one would fail when it first writes after reading while
    /// another process wrote in between; an immediate one waits instead.
    pub(super) async fn begin(store: &Store) -> Result<Self, StoreError> {
        match &store.pool {
            Pool::Sqlite { writer, .. } => SqliteTransaction::begin(writer).await.map(Self::Sqlite),
            Pool::Postgres(pool) => pool.begin().await.map(Self::Postgres),
        }
        .map_err(StoreError::query("begin"))
    }

    /// Lets one intake at a time through, also between nodes, as SQLite does by itself. Two nodes that file the
    /// same letter from two mailboxes would otherwise both find no duplicate.
    pub(super) async fn serialise_intake(&mut self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(_) => Ok(()),
            Self::Postgres(transaction) => sqlx::query(sql::POSTGRES_INTAKE_LOCK)
                .execute(&mut **transaction)
                .await
                .map(|_| ())
                .map_err(StoreError::query("intake_lock")),
        }
    }

    /// Makes it durable.
    pub(super) async fn commit(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(transaction) => transaction.commit().await,
            Self::Postgres(transaction) => transaction.commit().await,
        }
        .map_err(StoreError::query("commit"))
    }
}
