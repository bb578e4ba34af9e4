//! Which database is spoken to, and the macros that compile one query's body for both.
//!
//! `sqlx::Any` was rejected: it cannot read a SQLite BOOLEAN, and its query builder writes `?`, which PostgreSQL
//! refuses. Generic functions were rejected: each repeats half a dozen bounds.

use sqlx::postgres::PgPool;
use sqlx::sqlite::SqlitePool;
use sqlx::{Postgres, Sqlite};

use super::{Store, StoreError, sql};

/// The connections to one database.
#[derive(Clone, Debug)]
pub(super) enum Pool {
    /// SQLite: one connection that writes, several that read beside it.
    Sqlite {
        /// The one that writes.
        writer: SqlitePool,
        /// Those that read.
        reader: SqlitePool,
    },
    /// PostgreSQL.
    Postgres(PgPool),
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

/// Runs a single writing statement on whichever pool writes; it commits by itself.
macro_rules! on_writer {
    ($store:expr, $pool:ident => $body:expr) => {
        match &$store.pool {
            $crate::store::conn::Pool::Sqlite { writer: $pool, .. } => $body,
            $crate::store::conn::Pool::Postgres($pool) => $body,
        }
    };
}

/// Runs a query body on a transaction's connection.
macro_rules! on_tx {
    ($tx:expr, $conn:ident => $body:expr) => {
        match $tx {
            $crate::store::conn::Transaction::Sqlite(transaction) => {
                let $conn = &mut **transaction;
                $body
            }
            $crate::store::conn::Transaction::Postgres(transaction) => {
                let $conn = &mut **transaction;
                $body
            }
        }
    };
}

pub(super) use {on_reader, on_tx, on_writer};

/// A transaction that writes. Dropped without [`Transaction::commit`], it leaves nothing behind.
pub(super) enum Transaction {
    /// On SQLite, begun IMMEDIATE.
    Sqlite(sqlx::Transaction<'static, Sqlite>),
    /// On PostgreSQL.
    Postgres(sqlx::Transaction<'static, Postgres>),
}

impl Transaction {
    /// Begins a transaction that will write. A deferred one would fail when it first writes after reading while
    /// another process wrote in between; an immediate one waits instead.
    pub(super) async fn begin(store: &Store) -> Result<Self, StoreError> {
        match &store.pool {
            Pool::Sqlite { writer, .. } => writer.begin_with(sql::BEGIN_IMMEDIATE).await.map(Self::Sqlite),
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
