//! The log of each reading and each change: appended to, hash-chained, never altered.
//!
//! An entry is written in the transaction of what it tells of, so that neither is there without the other.

use jiff::Timestamp;

use super::conn::{Transaction, on_reader, on_tx};
use super::{Store, StoreError, clean, from_stored, sql, to_stored};
use crate::domain::account::Deed;
use crate::domain::chain::{self, BEGINNING, Link};
use crate::domain::enquiry::EnquiryId;

/// An entry as it is shown.
#[derive(Clone, PartialEq, Eq)]
pub struct LogLine {
    /// Its number.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// What.
    pub act: String,
    /// What more.
    pub detail: String,
    /// On which enquiry.
    pub enquiry: Option<EnquiryId>,
    /// The enquiry's number.
    pub reference: Option<String>,
    /// Who; `None` for the program itself.
    pub name: Option<String>,
}

/// Never prints who.
impl std::fmt::Debug for LogLine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "LogLine({} {})", self.seq, self.act)
    }
}

/// Whether the log adds up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogState {
    /// How many entries there are.
    pub entries: i64,
    /// The newest hash: whoever keeps it can tell later whether anything before it was changed.
    pub newest: Link,
    /// The first entry that does not follow from the one before; `None` when all do.
    pub broken_at: Option<i64>,
}

type LineRow = (i64, i64, String, String, Option<i64>, Option<String>, Option<String>);

/// Appends an entry to what `tx` does. Last, so that others wait for the chain no longer than they must.
pub(super) async fn append(tx: &mut Transaction, deed: &Deed, now: Timestamp) -> Result<(), StoreError> {
    if let Transaction::Postgres(postgres) = tx {
        sqlx::query(sql::people::POSTGRES_LOG_LOCK)
            .execute(&mut **postgres)
            .await
            .map_err(StoreError::query("log_lock"))?;
    }
    let last: Option<(i64, Vec<u8>)> =
        on_tx!(tx, conn => sqlx::query_as(sql::people::LOG_LAST).fetch_optional(conn).await)
            .map_err(StoreError::query("log_last"))?;
    let (seq, before) = match last {
        None => (1, BEGINNING),
        Some((seq, hash)) => {
            let corrupt = StoreError::Corrupt { table: "log_entry", column: "hash", row: seq };
            (seq + 1, hash.try_into().map_err(|_| corrupt)?)
        }
    };
    // As it is read back: in whole milliseconds.
    let at = Timestamp::from_millisecond(to_stored(now)).unwrap_or(now);
    let detail = clean(&deed.detail);
    let (account, enquiry) = (deed.account.map(|id| id.0), deed.enquiry.map(|id| id.0));
    let entry = chain::Entry { seq, at, account, act: deed.act, enquiry, detail: &detail };
    let hash = chain::link(&before, &entry);
    on_tx!(tx, conn => sqlx::query(sql::people::LOG_WRITE)
        .bind(seq).bind(to_stored(at)).bind(account).bind(deed.act).bind(enquiry)
        .bind(detail.as_ref()).bind(&hash[..]).execute(conn).await.map(|_| ()))
    .map_err(StoreError::query("log_write"))
}

impl Store {
    /// Writes an entry by itself: something was read, or somebody signed in.
    ///
    /// # Errors
    /// When the database does not answer. Then what was read must not be shown.
    pub async fn log_write(&self, deed: &Deed, now: Timestamp) -> Result<(), StoreError> {
        let mut tx = Transaction::begin(self).await?;
        append(&mut tx, deed, now).await?;
        tx.commit().await
    }

    /// The newest entries before one (`i64::MAX` for the newest of all), of all or of one enquiry.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn log_page(
        &self,
        enquiry: Option<EnquiryId>,
        before: i64,
        most: u32,
    ) -> Result<Vec<LogLine>, StoreError> {
        let rows: Vec<LineRow> = match enquiry {
            None => on_reader!(self, pool => sqlx::query_as(sql::people::LOG_PAGE)
                .bind(before).bind(i64::from(most)).fetch_all(pool).await),
            Some(enquiry) => on_reader!(self, pool => sqlx::query_as(sql::people::LOG_OF_ENQUIRY)
                .bind(enquiry.0).bind(before).bind(i64::from(most)).fetch_all(pool).await),
        }
        .map_err(StoreError::query("log_page"))?;
        let line = |(seq, at, act, detail, enquiry, name, reference): LineRow| {
            let at = from_stored(at, "log_entry", "at", seq)?;
            Ok(LogLine { seq, at, act, detail, enquiry: enquiry.map(EnquiryId), reference, name })
        };
        rows.into_iter().map(line).collect()
    }

    /// Adds the log up from its beginning.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn log_verify(&self) -> Result<LogState, StoreError> {
        type Row = (i64, i64, Option<i64>, String, Option<i64>, String, Vec<u8>);
        let (mut seq, mut before) = (0_i64, BEGINNING);
        loop {
            let rows: Vec<Row> = on_reader!(self, pool => sqlx::query_as(sql::people::LOG_WALK)
                .bind(seq).fetch_all(pool).await)
            .map_err(StoreError::query("log_walk"))?;
            if rows.is_empty() {
                return Ok(LogState { entries: seq, newest: before, broken_at: None });
            }
            for (number, at, account, act, enquiry, detail, hash) in rows {
                let at = from_stored(at, "log_entry", "at", number)?;
                let entry = chain::Entry { seq: number, at, account, act: &act, enquiry, detail: &detail };
                let expected = chain::link(&before, &entry);
                if number != seq + 1 || hash != expected {
                    return Ok(LogState { entries: seq, newest: before, broken_at: Some(number) });
                }
                (seq, before) = (number, expected);
            }
        }
    }
}
