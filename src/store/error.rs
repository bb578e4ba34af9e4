//! What can go wrong with the store, in words for the operator. Never holds a stored value: those are people's.

/// The store could not do what was asked. Nothing was half done: every unit of work is one transaction.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database cannot be reached or opened.
    #[error("the database of `database.url` cannot be opened: {0}")]
    Connect(#[source] sqlx::Error),
    /// The tables cannot be brought up to date.
    #[error("the database's tables cannot be brought up to date: {0}")]
    Migrate(#[source] sqlx::migrate::MigrateError),
    /// A unit of work failed.
    #[error("the database refused `{work}`: {source}")]
    Query {
        /// Which unit of work.
        work: &'static str,
        /// What the database said.
        #[source]
        source: sqlx::Error,
    },
    /// A stored value cannot be read back.
    #[error("the value in {table}.{column} of row {row} cannot be read")]
    Corrupt {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// The row's number.
        row: i64,
    },
}

impl StoreError {
    /// Names the unit of work that failed.
    pub(super) fn query(work: &'static str) -> impl FnOnce(sqlx::Error) -> Self {
        move |source| Self::Query { work, source }
    }

    /// The connection could not be made.
    pub(super) fn connect(source: sqlx::Error) -> Self {
        Self::Connect(source)
    }

    /// Whether the same work may well succeed later without anybody doing anything: the connection, not the data,
    /// is at fault. A constraint or a value that the database refuses is not.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Connect(_) => true,
            Self::Migrate(_) | Self::Corrupt { .. } => false,
            Self::Query { source, .. } => match source {
                sqlx::Error::Io(_)
                | sqlx::Error::Tls(_)
                | sqlx::Error::Protocol(_)
                | sqlx::Error::PoolTimedOut
                | sqlx::Error::PoolClosed
                | sqlx::Error::WorkerCrashed => true,
                sqlx::Error::Database(error) => error.code().is_some_and(|code| is_transient_code(&code)),
                _ => false,
            },
        }
    }
}

/// SQLite: busy, locked, I/O, full, cannot open. PostgreSQL: connection, resources, operator intervention,
/// serialisation and deadlock classes.
fn is_transient_code(code: &str) -> bool {
    if code.len() == 5 {
        return ["08", "53", "57", "58", "40"].iter().any(|class| code.starts_with(class));
    }
    code.parse::<u32>().is_ok_and(|code| matches!(code & 0xff, 5 | 6 | 10 | 13 | 14))
}
