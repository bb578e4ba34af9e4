//! `[database]`: where everything is kept.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

use super::reader::{Report, Section};

/// Where everything is kept, and how durably.
#[derive(Clone, Debug)]
pub struct Database {
    /// `sqlite:<file>` or `postgres://…`.
    pub url: DatabaseUrl,
    /// How many connections read at a time (SQLite), or are held in all (PostgreSQL).
    pub readers: u32,
    /// How durable a commit is (SQLite).
    pub synchronous: Synchronous,
}

/// The address of a database. A PostgreSQL address may hold a password, so it is never printed.
#[derive(Clone)]
pub struct DatabaseUrl(SecretString);

/// When a commit returns (SQLite's `PRAGMA synchronous`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Synchronous {
    /// When it survives a power failure.
    Full,
    /// When it survives a crash of the process, though not always a power failure. For trying out only.
    Normal,
}

impl DatabaseUrl {
    /// The address, for whoever opens the connection.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// The sort of database, which may be printed.
    pub fn kind(&self) -> &'static str {
        if self.is_sqlite() { "sqlite" } else { "postgres" }
    }

    /// Whether it is an SQLite file.
    pub fn is_sqlite(&self) -> bool {
        self.expose().starts_with("sqlite:")
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseUrl({}, not shown)", self.kind())
    }
}

impl Database {
    pub(super) fn read(section: &mut Section<'_>) -> Self {
        let url = DatabaseUrl(section.secret("url").unwrap_or_default());
        if url.is_sqlite() {
            section.show_last(url.expose());
        }
        Self {
            url,
            readers: section.integer("readers", 1..=100),
            synchronous: section
                .choice("synchronous", &[("full", Synchronous::Full), ("normal", Synchronous::Normal)]),
        }
    }

    pub(super) fn validate(&self, report: &mut Report) {
        let url = self.url.expose();
        let right = ["sqlite:", "postgres://", "postgresql://"]
            .iter()
            .any(|start| url.strip_prefix(start).is_some_and(|rest| !rest.is_empty()));
        if !right {
            report.wrong_secret(
                "database.url",
                "must begin with \"sqlite:\" and name a file, or with \"postgres://\"",
            );
        }
    }
}
