//! Years: the adviser's own words for the report, and the figures that were published.
//!
//! Does not know what stands in either: words and figures are documents to it. What was published is never written again.

use jiff::Timestamp;

use super::conn::{Transaction, on_reader, on_tx, on_writer};
use super::inbox::Actor;
use super::{Store, StoreError, clean, from_stored, log, sql, to_stored};
use crate::domain::account::Deed;

/// The figures of a year as they were published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// The document.
    pub figures: String,
    /// Its checksum, as it was written beside it.
    pub checksum: String,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
}

impl Store {
    /// The adviser's words of a year, and which writing of them it is; `None` before the first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn year_story(&self, year: i16) -> Result<Option<(String, i64)>, StoreError> {
        on_reader!(self, pool => sqlx::query_as(sql::years::STORY)
            .bind(i64::from(year)).fetch_optional(pool).await)
        .map_err(StoreError::query("year_story"))
    }

    /// The words of the newest year before another, to begin with.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn year_story_before(&self, year: i16) -> Result<Option<(i64, String)>, StoreError> {
        on_reader!(self, pool => sqlx::query_as(sql::years::STORY_BEFORE)
            .bind(i64::from(year)).fetch_optional(pool).await)
        .map_err(StoreError::query("year_story_before"))
    }

    /// Writes the words of a year, unless somebody wrote them since `version` was read (0 for never); whether it did.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn year_story_write(
        &self,
        who: &Actor,
        year: i16,
        (story, version): (&str, i64),
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut tx = Transaction::begin(self).await?;
        let (year, at) = (i64::from(year), to_stored(now));
        let written = if version == 0 {
            on_tx!(&mut tx, conn => sqlx::query(sql::years::STORY_MAKE)
                .bind(year).bind(clean(story).as_ref()).bind(at).bind(who.account.0)
                .execute(conn).await.map(|done| done.rows_affected()))
        } else {
            on_tx!(&mut tx, conn => sqlx::query(sql::years::STORY_CHANGE)
                .bind(clean(story).as_ref()).bind(at).bind(who.account.0).bind(year).bind(version)
                .execute(conn).await.map(|done| done.rows_affected()))
        }
        .map_err(StoreError::query("year_story_write"))?;
        if written == 0 {
            return Ok(false);
        }
        note(&mut tx, who, "year_story", year, now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// The figures that were published of a year; `None` while it is not closed.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn year_published(&self, year: i16) -> Result<Option<Published>, StoreError> {
        let row: Option<(String, String, i64, String)> =
            on_reader!(self, pool => sqlx::query_as(sql::years::CLOSED)
            .bind(i64::from(year)).fetch_optional(pool).await)
            .map_err(StoreError::query("year_published"))?;
        row.map(|(figures, checksum, at, by)| {
            let at = from_stored(at, "year_closed", "closed_at", i64::from(year))?;
            Ok(Published { figures, checksum, at, by })
        })
        .transpose()
    }

    /// Closes a year with its figures; whether it was open.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn year_close(
        &self,
        who: &Actor,
        year: i16,
        (figures, checksum): (&str, &str),
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut tx = Transaction::begin(self).await?;
        let year = i64::from(year);
        let closed = on_tx!(&mut tx, conn => sqlx::query(sql::years::CLOSE)
            .bind(year).bind(figures).bind(checksum).bind(to_stored(now)).bind(who.account.0)
            .execute(conn).await.map(|done| done.rows_affected()))
        .map_err(StoreError::query("year_close"))?;
        if closed == 0 {
            return Ok(false);
        }
        // The log is chained: whoever alters the figures with their checksum is found out by it.
        let detail = format!("{year}: {checksum}");
        let deed = Deed { account: Some(who.account), act: "year_close", enquiry: None, detail };
        log::append(&mut tx, &deed, now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Opens a year again, keeping what was published; whether it was closed.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn year_reopen(&self, who: &Actor, year: i16, now: Timestamp) -> Result<bool, StoreError> {
        let mut tx = Transaction::begin(self).await?;
        let year = i64::from(year);
        let opened = on_tx!(&mut tx, conn => sqlx::query(sql::years::REOPEN)
            .bind(to_stored(now)).bind(year).execute(conn).await.map(|done| done.rows_affected()))
        .map_err(StoreError::query("year_reopen"))?;
        if opened == 0 {
            return Ok(false);
        }
        note(&mut tx, who, "year_reopen", year, now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Claims the letter of a month to somebody; whether it is the caller's to send. A claim from before `stale` that led to
    /// nothing is taken over.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn monthly_claim(
        &self,
        month: &str,
        recipient: &str,
        now: Timestamp,
        stale: Timestamp,
    ) -> Result<bool, StoreError> {
        let claimed = on_writer!(self, conn => sqlx::query(sql::years::MONTHLY_CLAIM)
            .bind(month).bind(recipient).bind(to_stored(now)).bind(to_stored(stale))
            .execute(conn).await.map(|done| done.rows_affected()))
        .map_err(StoreError::query("monthly_claim"))?;
        Ok(claimed > 0)
    }

    /// The letter is sent.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn monthly_sent(&self, month: &str, recipient: &str, now: Timestamp) -> Result<(), StoreError> {
        on_writer!(self, conn => sqlx::query(sql::years::MONTHLY_SENT)
            .bind(to_stored(now)).bind(month).bind(recipient).execute(conn).await.map(|_| ()))
        .map_err(StoreError::query("monthly_sent"))
    }

    /// The years whose checksum is not the one that the log has of their closing.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn years_not_logged(&self) -> Result<Vec<i64>, StoreError> {
        on_reader!(self, pool => sqlx::query_scalar(sql::years::NOT_LOGGED).fetch_all(pool).await)
            .map_err(StoreError::query("years_not_logged"))
    }

    /// The years that are closed, the newest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn years_closed(&self) -> Result<Vec<i64>, StoreError> {
        on_reader!(self, pool => sqlx::query_scalar(sql::years::CLOSED_YEARS).fetch_all(pool).await)
            .map_err(StoreError::query("years_closed"))
    }
}

async fn note(
    tx: &mut Transaction,
    who: &Actor,
    act: &'static str,
    year: i64,
    now: Timestamp,
) -> Result<(), StoreError> {
    let deed = Deed { account: Some(who.account), act, enquiry: None, detail: year.to_string() };
    log::append(tx, &deed, now).await
}
