//! Who is told that something happened, and what waits to be told: which event, on which enquiry, and when. Never what it
//! was about.

use jiff::Timestamp;

use super::conn::{Transaction, on_reader, on_tx, on_writer};
use super::{Store, StoreError, clean, from_stored, log, sql, to_stored};
use crate::domain::account::{AccountId, Deed};
use crate::domain::enquiry::EnquiryId;

/// Somebody who is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookLine {
    /// The number.
    pub id: i64,
    /// Where.
    pub url: String,
    /// How much waits.
    pub waiting: i64,
    /// How much was given up.
    pub given_up: i64,
    /// When they were told last.
    pub told_at: Option<Timestamp>,
    /// What went wrong last, while something waits or was given up.
    pub last_error: Option<String>,
}

/// An event that is to be told, claimed by whoever holds this.
#[derive(Clone)]
pub struct Call {
    /// Its number.
    pub id: i64,
    /// Whom it is told to.
    pub webhook: i64,
    /// Where.
    pub url: String,
    /// What it is signed with.
    pub secret: Vec<u8>,
    /// What happened.
    pub event: String,
    /// What the receiver knows the event by.
    pub token: String,
    /// On which enquiry.
    pub enquiry: EnquiryId,
    /// The number that the citizen has; `None` when the enquiry is no more.
    pub reference: Option<String>,
    /// When it was written down, by the database's clock.
    pub at: Timestamp,
    /// How often it was tried, this time included.
    pub attempts: u32,
}

/// Never prints where or the secret.
impl std::fmt::Debug for Call {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Call({} {})", self.id, self.event)
    }
}

impl Store {
    /// Tells somebody from now on.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn webhook_make(
        &self,
        url: &str,
        secret: &[u8; 32],
        by: AccountId,
        now: Timestamp,
    ) -> Result<i64, StoreError> {
        let mut tx = Transaction::begin(self).await?;
        let id: i64 = on_tx!(&mut tx, conn => sqlx::query_scalar(sql::webhooks::WEBHOOK_MAKE)
            .bind(clean(url).as_ref()).bind(&secret[..]).bind(to_stored(now)).fetch_one(conn).await)
        .map_err(StoreError::query("webhook_make"))?;
        // The address may hold a secret of the receiver's.
        let detail = format!("webhook {id}");
        log::append(&mut tx, &Deed { account: Some(by), act: "webhook_make", enquiry: None, detail }, now)
            .await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Tells them no more, nor what waits.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn webhook_end(&self, id: i64, by: AccountId, now: Timestamp) -> Result<(), StoreError> {
        let mut tx = Transaction::begin(self).await?;
        let ended = on_tx!(&mut tx, conn => sqlx::query(sql::webhooks::WEBHOOK_END)
            .bind(to_stored(now)).bind(id).execute(conn).await.map(|done| done.rows_affected()))
        .map_err(StoreError::query("webhook_end"))?;
        if ended == 0 {
            return Ok(());
        }
        on_tx!(&mut tx, conn => sqlx::query(sql::webhooks::WEBHOOK_CALLS_END)
            .bind(to_stored(now)).bind(id).execute(conn).await.map(|_| ()))
        .map_err(StoreError::query("webhook_calls_end"))?;
        let detail = format!("webhook {id}");
        log::append(&mut tx, &Deed { account: Some(by), act: "webhook_end", enquiry: None, detail }, now)
            .await?;
        tx.commit().await
    }

    /// Who is told.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn webhooks(&self) -> Result<Vec<WebhookLine>, StoreError> {
        type Row = (i64, String, i64, i64, Option<i64>, Option<String>);
        let rows: Vec<Row> =
            on_reader!(self, pool => sqlx::query_as(sql::webhooks::WEBHOOKS).fetch_all(pool).await)
                .map_err(StoreError::query("webhooks"))?;
        let line = |(id, url, waiting, given_up, told_at, last_error): Row| {
            let told_at = told_at.map(|at| from_stored(at, "webhook_call", "done_at", id)).transpose()?;
            Ok(WebhookLine { id, url, waiting, given_up, told_at, last_error })
        };
        rows.into_iter().map(line).collect()
    }

    /// Claims what is due first until a moment; whoever has not settled it by then is taken for dead. `None` when nothing is
    /// due.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn webhook_claim(&self, until: Timestamp, now: Timestamp) -> Result<Option<Call>, StoreError> {
        type Row = (i64, i64, String, String, i64, i64, i64);
        type Target = (String, Vec<u8>, Option<String>);
        // Looked for without the writer, since there mostly is nothing.
        let due: bool = on_reader!(self, pool => sqlx::query_scalar(sql::webhooks::CALLS_DUE)
            .bind(to_stored(now)).fetch_one(pool).await)
        .map_err(StoreError::query("webhook_calls_due"))?;
        if !due {
            return Ok(None);
        }
        let row: Option<Row> = on_writer!(self, conn => sqlx::query_as(sql::webhooks::CALL_CLAIM)
            .bind(to_stored(until)).bind(to_stored(now)).fetch_optional(conn).await)
        .map_err(StoreError::query("webhook_claim"))?;
        let Some((id, webhook, event, token, enquiry, at, attempts)) = row else { return Ok(None) };
        let (url, secret, reference): Target = on_reader!(self, pool =>
            sqlx::query_as(sql::webhooks::CALL_TARGET).bind(webhook).bind(enquiry).fetch_one(pool).await)
        .map_err(StoreError::query("webhook_target"))?;
        Ok(Some(Call {
            id,
            webhook,
            url,
            secret,
            event,
            token,
            enquiry: EnquiryId(enquiry),
            reference,
            at: from_stored(at, "webhook_call", "at", id)?,
            attempts: u32::try_from(attempts).unwrap_or(u32::MAX),
        }))
    }

    /// It was told.
    ///
    /// # Errors
    /// When the database does not answer. Then it is told again, under the same name.
    pub async fn webhook_told(&self, id: i64, now: Timestamp) -> Result<(), StoreError> {
        on_writer!(self, conn => sqlx::query(sql::webhooks::CALL_DONE)
            .bind(to_stored(now)).bind(id).execute(conn).await.map(|_| ()))
        .map_err(StoreError::query("webhook_told"))
    }

    /// It is told later, and so is everything that waits for the same receiver.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn webhook_later(&self, call: &Call, due: Timestamp, why: &str) -> Result<(), StoreError> {
        let mut tx = Transaction::begin(self).await?;
        on_tx!(&mut tx, conn => sqlx::query(sql::webhooks::CALL_LATER)
            .bind(to_stored(due)).bind(clean(why).as_ref()).bind(call.id).execute(conn).await.map(|_| ()))
        .map_err(StoreError::query("webhook_later"))?;
        on_tx!(&mut tx, conn => sqlx::query(sql::webhooks::CALLS_LATER)
            .bind(to_stored(due)).bind(call.webhook).execute(conn).await.map(|_| ()))
        .map_err(StoreError::query("webhook_calls_later"))?;
        tx.commit().await
    }

    /// It is not told: it was tried long enough.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn webhook_give_up(&self, id: i64, why: &str, now: Timestamp) -> Result<(), StoreError> {
        on_writer!(self, conn => sqlx::query(sql::webhooks::CALL_GIVE_UP)
            .bind(to_stored(now)).bind(clean(why).as_ref()).bind(id).execute(conn).await.map(|_| ()))
        .map_err(StoreError::query("webhook_give_up"))
    }

    /// Forgets what was told, or given up, before a moment.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn webhooks_forget(&self, before: Timestamp) -> Result<(), StoreError> {
        on_writer!(self, conn => sqlx::query(sql::webhooks::CALLS_FORGET)
            .bind(to_stored(before)).execute(conn).await.map(|_| ()))
        .map_err(StoreError::query("webhooks_forget"))
    }
}
