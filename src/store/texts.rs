//! What only texts need of the store: their conversations, parts that wait for each other, what gateways report, and
//! replies.
//!
//! Knows no gateway and no alphabet: how many segments a text takes is told.

use indgang_channels::message::{Address, Channel, Incoming};
use indgang_channels::sms::wire::{About, Body, Part, Report};
use indgang_channels::web_form;
use jiff::{SignedDuration, Timestamp};

use super::conn::{Transaction, on_reader, on_tx, on_writer};
use super::outbox::OutboxId;
use super::{Store, StoreError, clean, from_stored, sql, to_stored};
use crate::domain::enquiry::EnquiryId;
use crate::domain::reference::Reference;

/// How long automatic texts to a number are paused by the loop breaker.
pub(super) const PAUSE: SignedDuration = SignedDuration::from_hours(24);

/// How long a report that names a text is looked for before it is taken to be about none of ours, and how long parts
/// that are filed are remembered: gateways try for a day or two.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(72);

/// What the identifier of a conversation begins with. A Message-ID holds no blank.
const CONVERSATION: &str = "sms ";

/// The thread of a text: the conversation between its number and the account. `None` for what is no text, and where no
/// number stands.
pub(super) fn conversation(incoming: &Incoming) -> Option<String> {
    number(incoming).map(|number| conversation_of(&incoming.account, &number))
}

pub(super) fn conversation_of(account: &str, number: &str) -> String {
    format!("{CONVERSATION}{account} {number}")
}

/// Whether a thread identifier is one that only we give: a conversation's, a form's or a private page's.
pub(super) fn is_reserved(id: &str) -> bool {
    id.starts_with(CONVERSATION) || id.starts_with(web_form::read::THREAD)
}

/// The number that a text came from, as it is stored.
pub(super) fn number(incoming: &Incoming) -> Option<String> {
    match incoming.sender.as_ref().map(|sender| &sender.address) {
        Some(address @ Address::Phone(_)) if incoming.channel == Channel::Sms => {
            Some(clean(&address.key()).into_owned())
        }
        _ => None,
    }
}

/// The reference and the language of an enquiry.
pub(super) async fn enquiry_words(
    tx: &mut Transaction,
    enquiry: EnquiryId,
) -> Result<(Reference, String), StoreError> {
    let (reference, language): (String, String) = on_tx!(tx, conn => sqlx::query_as(sql::REPLY_ENQUIRY)
        .bind(enquiry.0).fetch_one(conn).await)
    .map_err(StoreError::query("enquiry_words"))?;
    let corrupt = StoreError::Corrupt { table: "enquiry", column: "reference", row: enquiry.0 };
    Ok((Reference::parse(&reference).ok_or(corrupt)?, language))
}

/// A part of a text that is kept until the others are there.
#[derive(Clone)]
pub struct NewPart<'a> {
    /// The account that it came through.
    pub account: &'a str,
    /// What identifies it there.
    pub external_id: &'a str,
    /// The sender as the gateway wrote it.
    pub sender: &'a str,
    /// The number that it was sent to, as the gateway wrote it; may be empty.
    pub recipient: &'a str,
    /// Which part of which text.
    pub part: &'a Part,
    /// Its words.
    pub body: &'a Body,
    /// The call that brought it, in its written form.
    pub raw: &'a [u8],
    /// When the gateway got it.
    pub sent_at: Option<Timestamp>,
}

/// A part that waits.
#[derive(Clone)]
pub struct WaitingPart {
    /// The row.
    pub id: i64,
    /// The account that it came through.
    pub account: String,
    /// What identifies it there.
    pub external_id: String,
    /// The sender as the gateway wrote it.
    pub sender: String,
    /// The number that it was sent to.
    pub recipient: String,
    /// Which part of which text.
    pub part: Part,
    /// Its words.
    pub body: Body,
    /// The call that brought it.
    pub raw: Vec<u8>,
    /// When the gateway got it.
    pub sent_at: Option<Timestamp>,
    /// When we did.
    pub recorded_at: Timestamp,
}

/// Never prints the words or the numbers.
impl std::fmt::Debug for WaitingPart {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "WaitingPart({}, {} of {})", self.id, self.part.number, self.part.total)
    }
}

#[derive(sqlx::FromRow)]
struct PartRow {
    id: i64,
    account: String,
    external_id: String,
    sender: String,
    recipient: String,
    reference: String,
    total: i64,
    number: i64,
    form: String,
    body: Vec<u8>,
    raw: Vec<u8>,
    sent_at: Option<i64>,
    recorded_at: i64,
}

/// How many parts wait, and since when.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PartsDepth {
    /// How many.
    pub waiting: u64,
    /// Since when the oldest does.
    pub oldest: Option<Timestamp>,
}

impl Store {
    /// Keeps a part; the same delivered again changes nothing.
    ///
    /// # Errors
    /// When the database does not answer; the gateway must then bring it again.
    pub async fn text_part_keep(&self, part: &NewPart<'_>, now: Timestamp) -> Result<(), StoreError> {
        let (form, body): (&str, &[u8]) = match part.body {
            Body::Text(text) => ("text", text.as_bytes()),
            Body::Utf16(bytes) => ("utf16", bytes),
            Body::Binary(bytes) => ("binary", bytes),
        };
        on_writer!(self, pool => sqlx::query(sql::TEXT_PART_KEEP)
            .bind(part.account).bind(clean(part.external_id).as_ref()).bind(clean(part.sender).as_ref())
            .bind(clean(part.recipient).as_ref()).bind(clean(&part.part.reference).as_ref())
            .bind(i64::from(part.part.total)).bind(i64::from(part.part.number)).bind(form).bind(body)
            .bind(part.raw).bind(part.sent_at.map(to_stored)).bind(to_stored(now))
            .execute(pool).await.map(|_| ()))
        .map_err(StoreError::query("text_part_keep"))
    }

    /// The parts that wait, oldest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn text_parts_waiting(&self, limit: u32) -> Result<Vec<WaitingPart>, StoreError> {
        let rows: Vec<PartRow> = on_reader!(self, pool => sqlx::query_as(sql::TEXT_PARTS_WAITING)
            .bind(i64::from(limit)).fetch_all(pool).await)
        .map_err(StoreError::query("text_parts_waiting"))?;
        rows.into_iter().map(waiting_part).collect()
    }

    /// Says that parts are filed; they are remembered for a while.
    ///
    /// # Errors
    /// When the database does not answer; they are then filed again, which changes nothing.
    pub async fn text_parts_filed(&self, parts: &[i64], now: Timestamp) -> Result<(), StoreError> {
        let mut tx = Transaction::begin(self).await?;
        for part in parts {
            on_tx!(&mut tx, conn => sqlx::query(sql::TEXT_PART_FILED)
                .bind(to_stored(now)).bind(part).execute(conn).await.map(|_| ()))
            .map_err(StoreError::query("text_parts_filed"))?;
        }
        on_tx!(&mut tx, conn => sqlx::query(sql::TEXT_PARTS_FORGET)
            .bind(to_stored(now - REMEMBERED)).execute(conn).await.map(|_| ()))
        .map_err(StoreError::query("text_parts_forget"))?;
        tx.commit().await
    }

    /// How many parts wait.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn text_parts_depth(&self) -> Result<PartsDepth, StoreError> {
        let (waiting, oldest): (i64, Option<i64>) =
            on_reader!(self, pool => sqlx::query_as(sql::TEXT_PARTS_DEPTH).fetch_one(pool).await)
                .map_err(StoreError::query("text_parts_depth"))?;
        let oldest = oldest.map(|at| from_stored(at, "text_part", "recorded_at", 0)).transpose()?;
        Ok(PartsDepth { waiting: u64::try_from(waiting).unwrap_or(0), oldest })
    }

    /// Keeps what a gateway reports, and moves the text that it is about forward. A report about a text whose number at
    /// the gateway is not known yet waits for it.
    ///
    /// # Errors
    /// When the database does not answer; the gateway must then report again.
    pub async fn report_file(
        &self,
        account: &str,
        report: &Report,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut tx = Transaction::begin(self).await?;
        // A report and the gateway's answer that it overtook must not miss each other on two connections.
        tx.serialise_intake().await?;
        let (kind, about, statement) = match &report.about {
            About::Token(token) => ("token", token, sql::OUTBOX_BY_TOKEN),
            About::ProviderId(id) => ("provider", id, sql::OUTBOX_BY_PROVIDER),
        };
        let about = clean(about);
        let text: Option<i64> = on_tx!(&mut tx, conn => sqlx::query_scalar(statement)
            .bind(about.as_ref()).bind(account).fetch_optional(conn).await)
        .map_err(StoreError::query("outbox_of_report"))?;
        // Our tokens cannot be guessed: a report with another is about nothing of ours, and would only fill the table.
        if text.is_none() && kind == "token" {
            return Ok(());
        }
        let detail = clean(&report.detail);
        on_tx!(&mut tx, conn => sqlx::query(sql::REPORT_KEEP)
            .bind(account).bind(kind).bind(about.as_ref()).bind(report.status.as_str()).bind(detail.as_ref())
            .bind(to_stored(now)).bind(text).execute(conn).await.map(|_| ()))
        .map_err(StoreError::query("report_keep"))?;
        match text {
            Some(text) => {
                deliver(&mut tx, OutboxId(text), report.status.as_str(), &detail, to_stored(now)).await?;
            }
            None => on_tx!(&mut tx, conn => sqlx::query(sql::REPORT_FORGET)
                .bind(to_stored(now - REMEMBERED)).execute(conn).await.map(|_| ()))
            .map_err(StoreError::query("report_forget"))?,
        }
        tx.commit().await
    }

    /// Applies reports that came before the text had the gateway's number. Called once it has.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn reports_early(
        &self,
        id: OutboxId,
        account: &str,
        provider_id: &str,
    ) -> Result<(), StoreError> {
        let mut tx = Transaction::begin(self).await?;
        tx.serialise_intake().await?;
        let early: Vec<(i64, String, String, i64)> =
            on_tx!(&mut tx, conn => sqlx::query_as(sql::REPORT_EARLY)
            .bind(account).bind(clean(provider_id).as_ref()).fetch_all(conn).await)
            .map_err(StoreError::query("report_early"))?;
        for (report, status, detail, at) in early {
            on_tx!(&mut tx, conn => sqlx::query(sql::REPORT_TIE)
                .bind(id.0).bind(report).execute(conn).await.map(|_| ()))
            .map_err(StoreError::query("report_tie"))?;
            deliver(&mut tx, id, &status, &detail, at).await?;
        }
        tx.commit().await
    }

    /// Says whether several people write from a number.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn phone_share(&self, number: &str, shared: bool) -> Result<(), StoreError> {
        let mut tx = Transaction::begin(self).await?;
        for statement in [sql::PHONE_SHARE, sql::pages::CONTACT_SHARE] {
            on_tx!(&mut tx, conn => sqlx::query(statement)
                .bind(shared).bind(clean(number).as_ref()).execute(conn).await.map(|_| ()))
            .map_err(StoreError::query("phone_share"))?;
        }
        tx.commit().await
    }
}

async fn deliver(
    tx: &mut Transaction,
    id: OutboxId,
    status: &str,
    detail: &str,
    at: i64,
) -> Result<(), StoreError> {
    on_tx!(tx, conn => sqlx::query(sql::OUTBOX_DELIVERY)
        .bind(status).bind(detail).bind(at).bind(id.0).execute(conn).await.map(|_| ()))
    .map_err(StoreError::query("outbox_delivery"))
}

fn waiting_part(row: PartRow) -> Result<WaitingPart, StoreError> {
    let corrupt = |column| StoreError::Corrupt { table: "text_part", column, row: row.id };
    let body = match row.form.as_str() {
        "text" => Body::Text(String::from_utf8(row.body).map_err(|_| corrupt("body"))?),
        "utf16" => Body::Utf16(row.body),
        _ => Body::Binary(row.body),
    };
    Ok(WaitingPart {
        id: row.id,
        account: row.account,
        external_id: row.external_id,
        sender: row.sender,
        recipient: row.recipient,
        part: Part {
            reference: row.reference,
            total: u8::try_from(row.total).map_err(|_| corrupt("total"))?,
            number: u8::try_from(row.number).map_err(|_| corrupt("number"))?,
        },
        body,
        raw: row.raw,
        sent_at: row.sent_at.map(|at| from_stored(at, "text_part", "sent_at", row.id)).transpose()?,
        recorded_at: from_stored(row.recorded_at, "text_part", "recorded_at", row.id)?,
    })
}
