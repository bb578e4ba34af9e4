//! What the adviser sends, and what became of everything that went out on an enquiry.
//!
//! Knows no gateway and no alphabet: how many segments a text takes is told.

use jiff::{SignedDuration, Timestamp};

use super::conn::{Transaction, on_reader, on_tx};
use super::later::{Later, OutboxRow, TieRow};
use super::outbox::OutboxId;
use super::{Store, StoreError, clean, sql, texts, to_stored};
use crate::domain::enquiry::EnquiryId;

/// A reply by text that is to be queued.
#[derive(Clone, Copy)]
pub struct NewTextReply<'a> {
    /// The enquiry that it belongs to; what the citizen answers joins it.
    pub enquiry: EnquiryId,
    /// The account that it goes out through.
    pub account: &'a str,
    /// The number that it goes out from: the one that the citizen wrote to.
    pub sender: &'a str,
    /// The citizen's number, in E.164 form.
    pub recipient: &'a str,
    /// The words.
    pub body: &'a str,
    /// How many segments they take, which are reserved.
    pub segments: u32,
    /// What the gateway is to name it by; also keeps the same reply from being queued twice.
    pub token: &'a str,
    /// Most segments of an account's replies in 24 hours.
    pub ceiling_day: u32,
}

/// What came of queueing a reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReplyQueued {
    /// It waits to be sent.
    Queued,
    /// It had been queued before.
    Already,
    /// The ceiling for an account's replies in a day would be broken; nothing was queued.
    CeilingMet {
        /// Segments that are reserved already.
        reserved: u32,
    },
}

/// Something that went out, or is to.
#[derive(Clone, PartialEq, Eq)]
pub struct Gone {
    /// The row.
    pub id: OutboxId,
    /// `acknowledgement`, `opt_out` or `reply`.
    pub kind: String,
    /// `email` or `sms`.
    pub channel: String,
    /// `queued`, `sending`, `sent`, `failed`, `unknown` or `suppressed`.
    pub state: String,
    /// Why it goes out, or why not, in words.
    pub reason: String,
    /// What went wrong last.
    pub last_error: Option<String>,
    /// What the gateway says of it: `pending`, `delivered`, `failed` or `unknown`.
    pub delivery: Option<String>,
    /// The gateway's own word for that.
    pub delivery_detail: Option<String>,
    /// How many segments it took, or has reserved.
    pub segments: u32,
}

impl std::fmt::Debug for Gone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Gone({} {} {} {:?})", self.channel, self.kind, self.state, self.delivery)
    }
}

type GoneRow = (i64, String, String, String, String, Option<String>, Option<String>, Option<String>, i64);

impl Store {
    /// Queues a reply by text, reserves its segments and makes the conversation lead to its enquiry, in one transaction.
    ///
    /// # Errors
    /// When the database does not answer, or the enquiry does not exist.
    pub async fn text_reply_queue(
        &self,
        reply: &NewTextReply<'_>,
        now: Timestamp,
    ) -> Result<ReplyQueued, StoreError> {
        let mut tx = Transaction::begin(self).await?;
        // Between two nodes, each could otherwise find room for the last segment.
        tx.serialise_intake().await?;
        let day_ago = to_stored(now - SignedDuration::from_hours(24));
        let reserved: i64 = on_tx!(&mut tx, conn => sqlx::query_scalar(sql::REPLY_SEGMENTS)
            .bind(day_ago).bind(reply.account).fetch_one(conn).await)
        .map_err(StoreError::query("reply_segments"))?;
        let reserved = u32::try_from(reserved).unwrap_or(u32::MAX);
        let before: Option<i64> = on_tx!(&mut tx, conn => sqlx::query_scalar(sql::OUTBOX_BY_TOKEN)
            .bind(reply.token).bind(reply.account).fetch_optional(conn).await)
        .map_err(StoreError::query("outbox_by_token"))?;
        if before.is_some() {
            return Ok(ReplyQueued::Already);
        }
        if reserved.saturating_add(reply.segments) > reply.ceiling_day {
            return Ok(ReplyQueued::CeilingMet { reserved });
        }
        let (reference, language) = texts::enquiry_words(&mut tx, reply.enquiry).await?;
        let mut later = Later::default();
        later.ties.push(TieRow {
            message_id: texts::conversation_of(reply.account, reply.recipient),
            enquiry: reply.enquiry.0,
            ours: false,
        });
        later.outbox.push(OutboxRow {
            unique_key: format!("reply:{}", reply.token),
            kind: "reply",
            enquiry: reply.enquiry.0,
            channel: "sms",
            account: reply.account.to_owned(),
            sender: Some(reply.sender.to_owned()),
            recipient_key: clean(reply.recipient).into_owned(),
            recipient: clean(reply.recipient).into_owned(),
            language,
            promise: None,
            body: Some(clean(reply.body).into_owned()),
            reference: reference.as_str().to_owned(),
            message_id: reply.token.to_owned(),
            in_reply_to: None,
            refers_to: String::new(),
            reason: "The adviser wrote it.".to_owned(),
            state: "queued",
            segments: reply.segments,
            at: to_stored(now),
        });
        later.write(&mut tx).await?;
        tx.commit().await?;
        Ok(ReplyQueued::Queued)
    }

    /// What went out on an enquiry, or is to, in the order in which it was queued.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn gone_of_enquiry(&self, enquiry: EnquiryId) -> Result<Vec<Gone>, StoreError> {
        let rows: Vec<GoneRow> = on_reader!(self, pool => sqlx::query_as(sql::OUTBOX_OF_ENQUIRY)
            .bind(enquiry.0).fetch_all(pool).await)
        .map_err(StoreError::query("gone_of_enquiry"))?;
        Ok(rows.into_iter().map(gone).collect())
    }
}

fn gone(row: GoneRow) -> Gone {
    let (id, kind, channel, state, reason, last_error, delivery, delivery_detail, segments) = row;
    Gone {
        id: OutboxId(id),
        kind,
        channel,
        state,
        reason,
        last_error,
        delivery,
        delivery_detail,
        segments: u32::try_from(segments).unwrap_or(0),
    }
}
