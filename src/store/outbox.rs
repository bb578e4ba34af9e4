//! What is to go out: claimed by one node at a time, marked one by one.
//!
//! Knows nothing of SMTP or texts.

use indgang_channels::message::Address;
use jiff::Timestamp;

use super::conn::{on_reader, on_writer};
use super::{Store, StoreError, from_stored, sql, to_stored};
use crate::domain::enquiry::EnquiryId;
use crate::domain::promise::Promise;
use crate::domain::reference::Reference;

/// Identifies one row of the outbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OutboxId(pub i64);

/// One acknowledgement that this node has claimed and must now send.
#[derive(Clone, Debug)]
pub struct Claimed {
    /// The row.
    pub id: OutboxId,
    /// The enquiry that it acknowledges.
    pub enquiry: EnquiryId,
    /// The account that the letter came through, and the answer goes out from.
    pub account: String,
    /// Who gets it.
    pub recipient: Address,
    /// The language of its text.
    pub language: String,
    /// What it promises.
    pub promise: Promise,
    /// The number that it gives.
    pub reference: Reference,
    /// Its Message-ID, the same at every try.
    pub message_id: String,
    /// The Message-ID that it answers.
    pub in_reply_to: Option<String>,
    /// The Message-IDs of its thread.
    pub references: Vec<String>,
    /// Which try this is, counted from 1.
    pub attempts: u32,
    /// When it was queued.
    pub created_at: Timestamp,
}

/// How much waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Depth {
    /// How many are queued or being sent.
    pub waiting: u64,
    /// When the oldest of them was queued.
    pub oldest: Option<Timestamp>,
}

type ClaimedRow =
    (i64, String, String, String, String, String, String, String, Option<String>, String, i64, i64, i64);

impl Store {
    /// Claims up to `limit` that are due at `now`. A claim that is not settled by `until` falls back to whoever asks.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn outbox_claim(
        &self,
        holder: &str,
        now: Timestamp,
        until: Timestamp,
        limit: u32,
    ) -> Result<Vec<Claimed>, StoreError> {
        let rows: Vec<ClaimedRow> = on_writer!(self, pool => sqlx::query_as(sql::OUTBOX_CLAIM)
            .bind(holder).bind(to_stored(until)).bind(to_stored(now)).bind(i64::from(limit))
            .fetch_all(pool).await)
        .map_err(StoreError::query("outbox_claim"))?;
        let mut claimed: Vec<Claimed> = rows.into_iter().map(claimed).collect::<Result<_, _>>()?;
        claimed.sort_by_key(|one| one.id);
        Ok(claimed)
    }

    /// Gives back what this holder had claimed when it died. Called once, before anything is claimed.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn outbox_release(&self, holder: &str, now: Timestamp) -> Result<u64, StoreError> {
        on_writer!(self, pool => sqlx::query(sql::OUTBOX_RELEASE)
            .bind(to_stored(now)).bind(holder).execute(pool).await.map(|done| done.rows_affected()))
        .map_err(StoreError::query("outbox_release"))
    }

    /// Says that `holder` is alive until a moment, and gives back what nodes that are not had claimed.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn outbox_heartbeat(
        &self,
        holder: &str,
        until: Timestamp,
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        self.lease_take(&format!("outbox:{holder}"), holder, until, now).await?;
        on_writer!(self, pool => sqlx::query(sql::OUTBOX_RELEASE_ORPHANS)
            .bind(to_stored(now)).execute(pool).await.map(|done| done.rows_affected()))
        .map_err(StoreError::query("outbox_heartbeat"))
    }

    /// Marks one as sent, with the text as it went out and the version of the template.
    ///
    /// # Errors
    /// When the database does not answer; the letter is then sent again later, under the same Message-ID.
    pub async fn outbox_sent(
        &self,
        id: OutboxId,
        text: &str,
        version: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        on_writer!(self, pool => sqlx::query(sql::OUTBOX_SENT)
            .bind(to_stored(now)).bind(text).bind(version).bind(id.0).execute(pool).await.map(|_| ()))
        .map_err(StoreError::query("outbox_sent"))
    }

    /// Puts one back until `due`, with what went wrong.
    ///
    /// # Errors
    /// When the database does not answer; the claim then runs out.
    pub async fn outbox_retry(&self, id: OutboxId, due: Timestamp, error: &str) -> Result<(), StoreError> {
        on_writer!(self, pool => sqlx::query(sql::OUTBOX_RETRY)
            .bind(to_stored(due)).bind(error).bind(id.0).execute(pool).await.map(|_| ()))
        .map_err(StoreError::query("outbox_retry"))
    }

    /// Gives one up, with what went wrong.
    ///
    /// # Errors
    /// When the database does not answer; the claim then runs out.
    pub async fn outbox_fail(&self, id: OutboxId, error: &str) -> Result<(), StoreError> {
        on_writer!(self, pool => sqlx::query(sql::OUTBOX_FAIL)
            .bind(error).bind(id.0).execute(pool).await.map(|_| ()))
        .map_err(StoreError::query("outbox_fail"))
    }

    /// How much waits.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn outbox_depth(&self) -> Result<Depth, StoreError> {
        let (waiting, oldest): (i64, Option<i64>) =
            on_reader!(self, pool => sqlx::query_as(sql::OUTBOX_DEPTH).fetch_one(pool).await)
                .map_err(StoreError::query("outbox_depth"))?;
        let oldest = oldest.map(|at| from_stored(at, "outbox", "created_at", 0)).transpose()?;
        Ok(Depth { waiting: u64::try_from(waiting).unwrap_or(0), oldest })
    }

    /// When the next one is due; `None` when nothing waits.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn outbox_next_due(&self) -> Result<Option<Timestamp>, StoreError> {
        let due: Option<i64> =
            on_reader!(self, pool => sqlx::query_scalar(sql::OUTBOX_NEXT_DUE).fetch_one(pool).await)
                .map_err(StoreError::query("outbox_next_due"))?;
        due.map(|at| from_stored(at, "outbox", "due_at", 0)).transpose()
    }
}

fn claimed(row: ClaimedRow) -> Result<Claimed, StoreError> {
    let (
        id,
        channel,
        account,
        recipient,
        language,
        promise,
        reference,
        message_id,
        in_reply_to,
        refers_to,
        attempts,
        created_at,
        enquiry,
    ) = row;
    let corrupt = |column| StoreError::Corrupt { table: "outbox", column, row: id };
    Ok(Claimed {
        id: OutboxId(id),
        enquiry: EnquiryId(enquiry),
        account,
        recipient: address(&channel, recipient),
        language,
        promise: serde_json::from_str(&promise).map_err(|_| corrupt("promise"))?,
        reference: Reference::parse(&reference).ok_or_else(|| corrupt("reference"))?,
        message_id,
        in_reply_to,
        references: refers_to.split_whitespace().map(str::to_owned).collect(),
        attempts: u32::try_from(attempts).unwrap_or(u32::MAX),
        created_at: from_stored(created_at, "outbox", "created_at", id)?,
    })
}

/// The recipient of an acknowledgement as a typed address again.
fn address(channel: &str, value: String) -> Address {
    match channel {
        "sms" => Address::Phone(value),
        _ => Address::Email(value),
    }
}
