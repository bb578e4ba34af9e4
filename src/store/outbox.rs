//! What is to go out: claimed by one node at a time, marked one by one.
//!
//! Knows nothing of SMTP, of gateways or of what the texts say.

use std::fmt;

use indgang_channels::message::Address;
use jiff::Timestamp;

use super::conn::{on_reader, on_writer};
use super::{Store, StoreError, clean, from_stored, sql, to_stored};
use crate::domain::enquiry::EnquiryId;
use crate::domain::promise::Promise;
use crate::domain::reference::Reference;

/// Identifies one row of the outbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OutboxId(pub i64);

/// The two ways out. Each has a worker of its own, because they part ways where nobody knows what became of something:
/// a letter may be sent again under the same Message-ID, a text never.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Way {
    /// By mail.
    Letters,
    /// By text message.
    Texts,
}

/// What goes out.
#[derive(Clone, PartialEq, Eq)]
pub enum Content {
    /// The automatic answer to a message that started an enquiry.
    Acknowledgement {
        /// What it promises.
        promise: Promise,
    },
    /// The one automatic word to a number that wants no automatic texts.
    OptOut,
    /// What the adviser wrote.
    Reply {
        /// The subject of a letter; the program's own words when it has none.
        subject: Option<String>,
        /// The words.
        body: String,
        /// The files that go along.
        files: Vec<OutboxFile>,
    },
    /// That there is news on the private page; never what.
    News {
        /// The page's address, when it is told again.
        link: Option<String>,
    },
    /// A code that opens the private page.
    Code {
        /// The digits; empty when they are gone.
        code: String,
    },
}

/// A file that goes along with a letter.
#[derive(Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct OutboxFile {
    /// Its name.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Never prints the words.
impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind())
    }
}

impl Content {
    /// The word that is stored.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Acknowledgement { .. } => "acknowledgement",
            Self::OptOut => "opt_out",
            Self::Reply { .. } => "reply",
            Self::News { .. } => "news",
            Self::Code { .. } => "code",
        }
    }
}

/// One row of the outbox that this node has claimed and must now send.
#[derive(Clone, Debug)]
pub struct Claimed {
    /// The row.
    pub id: OutboxId,
    /// The enquiry that it belongs to.
    pub enquiry: EnquiryId,
    /// The account that the message came through, and the answer goes out from.
    pub account: String,
    /// The number that a text goes out from: the one that the citizen wrote to. `None` for letters.
    pub sender: Option<String>,
    /// Who gets it.
    pub recipient: Address,
    /// The language of its text.
    pub language: String,
    /// What it says.
    pub content: Content,
    /// The enquiry's number.
    pub reference: Reference,
    /// A letter's Message-ID, or what a gateway is to name the text by; the same at every try.
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

/// What went out.
#[derive(Clone, Copy)]
pub struct Sent<'a> {
    /// The text as it went out.
    pub text: &'a str,
    /// The version of its template.
    pub version: &'a str,
    /// A gateway's number for it.
    pub provider_id: Option<&'a str>,
    /// How many segments it took; 0 for letters.
    pub segments: u32,
}

/// How much waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Depth {
    /// How many are queued or being sent.
    pub waiting: u64,
    /// When the oldest of them was queued.
    pub oldest: Option<Timestamp>,
}

/// What the adviser reads of a text whose sender died, or could not write down what came of it.
const NOBODY_KNOWS: &str = "The program stopped while it was handing the text over, so it may have been sent. It is not \
                            sent again by itself.";

#[derive(sqlx::FromRow)]
struct ClaimedRow {
    id: i64,
    kind: String,
    channel: String,
    account: String,
    sender: Option<String>,
    recipient: String,
    language: String,
    promise: Option<String>,
    body: Option<String>,
    reference: String,
    message_id: String,
    in_reply_to: Option<String>,
    refers_to: String,
    attempts: i64,
    created_at: i64,
    enquiry_id: i64,
    subject: Option<String>,
}

impl Store {
    /// Claims up to `limit` that go `way` and are due at `now`. A letter's claim that is not settled by `until` falls
    /// back to whoever asks; a text's never does.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn outbox_claim(
        &self,
        way: Way,
        holder: &str,
        now: Timestamp,
        until: Timestamp,
        limit: u32,
    ) -> Result<Vec<Claimed>, StoreError> {
        let statement = match way {
            Way::Letters => sql::OUTBOX_CLAIM_LETTERS,
            Way::Texts => sql::OUTBOX_CLAIM_TEXTS,
        };
        let rows: Vec<ClaimedRow> = on_writer!(self, pool => sqlx::query_as(statement)
            .bind(holder).bind(to_stored(until)).bind(to_stored(now)).bind(i64::from(limit))
            .fetch_all(pool).await)
        .map_err(StoreError::query("outbox_claim"))?;
        let mut claimed: Vec<Claimed> = rows.into_iter().map(claimed).collect::<Result<_, _>>()?;
        claimed.sort_by_key(|one| one.id);
        for one in &mut claimed {
            if let (Content::Reply { files, .. }, Way::Letters) = (&mut one.content, way) {
                *files = on_reader!(self, pool => sqlx::query_as(sql::inbox::OUTBOX_FILES)
                    .bind(one.id.0).fetch_all(pool).await)
                .map_err(StoreError::query("outbox_files"))?;
            }
        }
        Ok(claimed)
    }

    /// Settles what this holder has claimed and nobody is sending: letters wait again, of texts nobody knows.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn outbox_release(&self, way: Way, holder: &str, now: Timestamp) -> Result<u64, StoreError> {
        match way {
            Way::Letters => on_writer!(self, pool => sqlx::query(sql::OUTBOX_RELEASE_LETTERS)
                .bind(to_stored(now)).bind(holder).execute(pool).await.map(|done| done.rows_affected())),
            Way::Texts => on_writer!(self, pool => sqlx::query(sql::OUTBOX_RELEASE_TEXTS)
                .bind(NOBODY_KNOWS).bind(holder).execute(pool).await.map(|done| done.rows_affected())),
        }
        .map_err(StoreError::query("outbox_release"))
    }

    /// Says that `holder` is alive until a moment, and settles what nodes that are not had claimed.
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
        let letters: u64 = on_writer!(self, pool => sqlx::query(sql::OUTBOX_ORPHANED_LETTERS)
            .bind(to_stored(now)).execute(pool).await.map(|done| done.rows_affected()))
        .map_err(StoreError::query("outbox_heartbeat"))?;
        let texts: u64 = on_writer!(self, pool => sqlx::query(sql::OUTBOX_ORPHANED_TEXTS)
            .bind(to_stored(now)).bind(NOBODY_KNOWS).execute(pool).await.map(|done| done.rows_affected()))
        .map_err(StoreError::query("outbox_heartbeat"))?;
        Ok(letters + texts)
    }

    /// Marks one as sent.
    ///
    /// # Errors
    /// When the database does not answer; a letter is then sent again later, under the same Message-ID.
    pub async fn outbox_sent(&self, id: OutboxId, sent: Sent<'_>, now: Timestamp) -> Result<(), StoreError> {
        on_writer!(self, pool => sqlx::query(sql::OUTBOX_SENT)
            .bind(to_stored(now)).bind(clean(sent.text).as_ref()).bind(sent.version)
            .bind(sent.provider_id.map(clean).as_deref()).bind(i64::from(sent.segments)).bind(id.0)
            .execute(pool).await.map(|_| ()))
        .map_err(StoreError::query("outbox_sent"))
    }

    /// Puts one back until `due`, with what went wrong.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn outbox_retry(&self, id: OutboxId, due: Timestamp, error: &str) -> Result<(), StoreError> {
        on_writer!(self, pool => sqlx::query(sql::OUTBOX_RETRY)
            .bind(to_stored(due)).bind(clean(error).as_ref()).bind(id.0).execute(pool).await.map(|_| ()))
        .map_err(StoreError::query("outbox_retry"))
    }

    /// Gives one up, with what went wrong.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn outbox_fail(&self, id: OutboxId, error: &str) -> Result<(), StoreError> {
        on_writer!(self, pool => sqlx::query(sql::OUTBOX_FAIL)
            .bind(clean(error).as_ref()).bind(id.0).execute(pool).await.map(|_| ()))
        .map_err(StoreError::query("outbox_fail"))
    }

    /// Says that nobody knows what became of a text, with what was seen and what it said.
    ///
    /// # Errors
    /// When the database does not answer; it is then said at the next start.
    pub async fn outbox_unknown(&self, id: OutboxId, error: &str, tried: Sent<'_>) -> Result<(), StoreError> {
        on_writer!(self, pool => sqlx::query(sql::OUTBOX_UNKNOWN)
            .bind(clean(error).as_ref()).bind(clean(tried.text).as_ref()).bind(tried.version)
            .bind(i64::from(tried.segments)).bind(id.0).execute(pool).await.map(|_| ()))
        .map_err(StoreError::query("outbox_unknown"))
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
    let id = row.id;
    let corrupt = |column| StoreError::Corrupt { table: "outbox", column, row: id };
    let content = match (row.kind.as_str(), row.promise, row.body) {
        ("acknowledgement", Some(promise), _) => Content::Acknowledgement {
            promise: serde_json::from_str(&promise).map_err(|_| corrupt("promise"))?,
        },
        ("acknowledgement", None, _) => return Err(corrupt("promise")),
        ("opt_out", _, _) => Content::OptOut,
        ("reply", _, Some(body)) => Content::Reply { subject: row.subject, body, files: Vec::new() },
        ("reply", _, None) => return Err(corrupt("body")),
        ("news", _, link) => Content::News { link },
        // Sent already, as far as the row knows: the digits were taken out of it.
        ("code", _, code) => Content::Code { code: code.unwrap_or_default() },
        _ => return Err(corrupt("kind")),
    };
    Ok(Claimed {
        id: OutboxId(id),
        enquiry: EnquiryId(row.enquiry_id),
        account: row.account,
        sender: row.sender,
        recipient: address(&row.channel, row.recipient),
        language: row.language,
        content,
        reference: Reference::parse(&row.reference).ok_or_else(|| corrupt("reference"))?,
        message_id: row.message_id,
        in_reply_to: row.in_reply_to,
        references: row.refers_to.split_whitespace().map(str::to_owned).collect(),
        attempts: u32::try_from(row.attempts).unwrap_or(u32::MAX),
        created_at: from_stored(row.created_at, "outbox", "created_at", id)?,
    })
}

/// The recipient as a typed address again.
fn address(channel: &str, value: String) -> Address {
    match channel {
        "sms" => Address::Phone(value),
        _ => Address::Email(value),
    }
}
