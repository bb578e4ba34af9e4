//! What the adviser sends: queued with everything that sending it changes, and taken back while it waits.
//!
//! The text goes into the outbox, its draft ends, its files go along, the enquiry is answered, the log says so: all in one
//! transaction, so that no half of it can be lost. How an answer is carried is the outbox's business.

use indgang_channels::message::{Channel, Thread};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use super::Actor;
use super::change::{Act, Row, is_outrun, read, undo_in, write};
use super::enquiry::Details;
use crate::domain::enquiry::{EnquiryId, State};
use crate::domain::triage::{self, Facts, Refused, Step};
use crate::store::conn::{Transaction, on_reader, on_tx};
use crate::store::filing::lineage;
use crate::store::later::{Later, TieRow};
use crate::store::texts::conversation_of;
use crate::store::{Store, StoreError, clean, log, sql, to_stored};

/// Something that is to be sent.
#[derive(Clone, Copy)]
pub struct NewReply<'a> {
    /// The enquiry that it is written on.
    pub enquiry: EnquiryId,
    /// By mail or by text.
    pub channel: Channel,
    /// The account that it goes out through.
    pub account: &'a str,
    /// The number of ours that a text goes out from.
    pub sender: Option<&'a str>,
    /// The recipient, as written.
    pub recipient: &'a str,
    /// The form that all spellings of it share.
    pub recipient_key: &'a str,
    /// The subject of a letter; the program's own words when it has none.
    pub subject: Option<&'a str>,
    /// The words.
    pub body: &'a str,
    /// What it is for: `answer`, `closing`, `delay`, `ask`, `forwarded`, `forward` or `align`.
    pub occasion: &'static str,
    /// The Message-ID of a letter, or the token of a text; also what keeps it from being queued twice.
    pub message_id: &'a str,
    /// Segments of a text.
    pub segments: u32,
    /// Most segments of an account's replies in 24 hours.
    pub ceiling_day: u32,
    /// When it goes out.
    pub due_at: Timestamp,
    /// Whether it was written as the draft, which it then ends: a notice beside it leaves the half-written answer alone.
    pub from_draft: bool,
    /// Whether the files of the draft go along.
    pub with_files: bool,
    /// Whether it belongs to the citizen's thread: what they answer then joins the enquiry.
    pub in_thread: bool,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Queued {
    /// It waits, under this number.
    Yes(i64),
    /// It had been queued before.
    Already,
    /// It had been queued before, and was taken back: to send it again is to send another.
    TakenBack,
    /// The enquiry is not there, or not to be seen.
    Missing,
    /// A step that goes with it is not possible.
    Refused(Refused),
    /// Somebody else answered after the writer looked last.
    Overtaken,
    /// The ceiling for texts is met.
    CeilingMet {
        /// Segments that are reserved already.
        reserved: u32,
    },
}

/// A promised date that is moved with a delay notice.
#[derive(Clone, Copy)]
pub struct Moved<'a> {
    /// To this day.
    pub to: Date,
    /// Why, as the citizen is told.
    pub reason: &'a str,
    /// What the matter waits for.
    pub waits_for: &'a str,
}

impl Store {
    /// Queues what the adviser sends, takes the steps that go with it, and ends the draft.
    ///
    /// # Errors
    /// When the database does not answer; then nothing was done.
    pub async fn reply_queue(
        &self,
        who: &Actor,
        reply: &NewReply<'_>,
        steps: &[Step],
        moved: Option<Moved<'_>>,
        act: Act<'_>,
        now: Timestamp,
    ) -> Result<Queued, StoreError> {
        let mut tx = Transaction::begin(self).await?;
        tx.serialise_intake().await?;
        let unique_key = format!("reply:{}", reply.message_id);
        let before: Option<String> = on_tx!(&mut tx, conn => sqlx::query_scalar(sql::inbox::REPLY_BY_KEY)
            .bind(&unique_key).fetch_optional(conn).await)
        .map_err(StoreError::query("reply_by_key"))?;
        match before.as_deref() {
            None => {}
            Some("suppressed") => return Ok(Queued::TakenBack),
            Some(_) => return Ok(Queued::Already),
        }
        let Some(row) = read(&mut tx, who, reply.enquiry).await? else { return Ok(Queued::Missing) };
        if is_outrun(&mut tx, &row, steps, act).await? {
            return Ok(Queued::Refused(Refused::NewMessage));
        }
        if answered_since(&mut tx, who, &row, act).await? {
            return Ok(Queued::Overtaken);
        }
        let is_text = reply.channel == Channel::Sms;
        if is_text {
            let day_ago = to_stored(now - SignedDuration::from_hours(24));
            let reserved: i64 = on_tx!(&mut tx, conn => sqlx::query_scalar(sql::REPLY_SEGMENTS)
                .bind(day_ago).bind(reply.account).fetch_one(conn).await)
            .map_err(StoreError::query("reply_segments"))?;
            let reserved = u32::try_from(reserved).unwrap_or(u32::MAX);
            if reserved.saturating_add(reply.segments) > reply.ceiling_day {
                return Ok(Queued::CeilingMet { reserved });
            }
        }
        let after = steps
            .iter()
            .try_fold(row.facts.clone(), |facts, step| triage::apply(&facts, step, who.account, now));
        let after = match after {
            Ok(after) => after,
            Err(why) => return Ok(Queued::Refused(why)),
        };
        let head = row.conversation();
        let (in_reply_to, refers_to) = match reply.channel {
            Channel::Email if reply.in_thread => newest_lineage(&mut tx, head).await?,
            _ => (None, String::new()),
        };
        let id: i64 = on_tx!(&mut tx, conn => sqlx::query_scalar(sql::inbox::REPLY_QUEUE)
            .bind(&unique_key).bind(reply.enquiry.0).bind(reply.channel.as_str()).bind(reply.account)
            .bind(reply.sender.filter(|_| is_text)).bind(clean(reply.recipient_key).as_ref())
            .bind(clean(reply.recipient).as_ref()).bind(&row.facts.language).bind(clean(reply.body).as_ref())
            .bind(row.reference.as_str()).bind(reply.message_id).bind(in_reply_to).bind(refers_to)
            .bind("The adviser wrote it.").bind("queued").bind(i64::from(reply.segments))
            .bind(to_stored(now)).bind(to_stored(reply.due_at)).bind(reply.occasion)
            .bind(reply.subject.map(clean).as_deref()).bind(who.account.0).bind(act.id)
            .fetch_one(conn).await)
        .map_err(StoreError::query("reply_queue"))?;
        if reply.with_files {
            on_tx!(&mut tx, conn => sqlx::query(sql::inbox::DRAFT_FILES_SEND)
                .bind(id).bind(reply.enquiry.0).bind(who.account.0).execute(conn).await.map(|_| ()))
            .map_err(StoreError::query("draft_files_send"))?;
        }
        if reply.from_draft {
            on_tx!(&mut tx, conn => sqlx::query(sql::inbox::DRAFT_FORGET)
                .bind(who.account.0).bind(reply.enquiry.0).bind("reply").execute(conn).await.map(|_| ()))
            .map_err(StoreError::query("draft_forget"))?;
        }
        if let Some(moved) = moved {
            promise_moved(&mut tx, who, &row, moved, now).await?;
        }
        if reply.in_thread {
            let message_id = if is_text {
                conversation_of(reply.account, reply.recipient_key)
            } else {
                reply.message_id.to_owned()
            };
            let mut later = Later::default();
            later.ties.push(TieRow { message_id, enquiry: reply.enquiry.0, ours: !is_text });
            later.write(&mut tx).await?;
        }
        // Who writes again has seen what did not arrive.
        settle(&mut tx, row.conversation(), now).await?;
        write(&mut tx, who, &row, &after, (act.id, act.what), now).await?;
        let detail = format!("{}, outbox {id}", reply.occasion);
        log::append(&mut tx, &who.deed("send", reply.enquiry, detail), now).await?;
        tx.commit().await?;
        Ok(Queued::Yes(id))
    }

    /// Takes back what waits, with everything that sending it changed, and makes a draft of it again. `false` when it is on
    /// its way already.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn reply_take_back(
        &self,
        who: &Actor,
        enquiry: EnquiryId,
        outbox: i64,
        act_id: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut tx = Transaction::begin(self).await?;
        tx.serialise_intake().await?;
        let taken: Option<(String, String, Option<String>, String)> =
            on_tx!(&mut tx, conn => sqlx::query_as(sql::inbox::REPLY_TAKE_BACK)
                .bind(outbox).bind(enquiry.0).bind(who.account.0).fetch_optional(conn).await)
            .map_err(StoreError::query("reply_take_back"))?;
        let Some((channel, recipient, body, occasion)) = taken else { return Ok(false) };
        on_tx!(&mut tx, conn => sqlx::query(sql::inbox::DRAFT_FILES_RETURN)
            .bind(outbox).execute(conn).await.map(|_| ()))
        .map_err(StoreError::query("draft_files_return"))?;
        // An answer is a draft again. What was sent beside one becomes a draft only where none is, and what went to a
        // department is never addressed to the citizen: it is a note that is not kept yet.
        let (keep, kind, via) = match occasion.as_str() {
            "forward" => (sql::inbox::DRAFT_KEEP, "note", String::new()),
            "closing" | "delay" => (sql::inbox::DRAFT_KEEP, "reply", format!("{channel}:{recipient}")),
            _ => (sql::inbox::DRAFT_SAVE, "reply", format!("{channel}:{recipient}")),
        };
        on_tx!(&mut tx, conn => sqlx::query(keep)
            .bind(who.account.0).bind(enquiry.0).bind(kind).bind(via)
            .bind(body.unwrap_or_default()).bind(to_stored(now)).execute(conn).await.map(|_| ()))
        .map_err(StoreError::query("draft_save"))?;
        if occasion == "delay" {
            // The citizen was never told of it.
            on_tx!(&mut tx, conn => sqlx::query(sql::inbox::PROMISE_UNMOVED)
                .bind(enquiry.0).bind(who.account.0).execute(conn).await.map(|_| ()))
            .map_err(StoreError::query("promise_unmoved"))?;
        }
        // What has been changed since stays as it is, but for what is owed: nobody was answered.
        let owed = owed_before(&mut tx, who, act_id, enquiry).await?;
        if undo_in(&mut tx, who, act_id, now).await?.is_err()
            && let (Some(before), Some(row)) = (owed, read(&mut tx, who, enquiry).await?)
        {
            let mut facts = row.facts.clone();
            // What the citizen was never told is not over.
            if facts.state == State::Closed && before.state != State::Closed {
                facts = triage::apply(&facts, &Step::Reopen, who.account, now).unwrap_or(facts);
            }
            facts.reply_due = facts.reply_due.or(before.reply_due);
            facts.answered_at = before.answered_at;
            write(&mut tx, who, &row, &facts, (act_id, "take_back"), now).await?;
        }
        log::append(&mut tx, &who.deed("take_back", enquiry, format!("outbox {outbox}")), now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Says that it is known that what went out on an enquiry did not arrive. `false` when it is not there, or not to be seen.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn trouble_settle(
        &self,
        who: &Actor,
        enquiry: EnquiryId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut tx = Transaction::begin(self).await?;
        let Some(row) = read(&mut tx, who, enquiry).await? else { return Ok(false) };
        settle(&mut tx, row.conversation(), now).await?;
        log::append(&mut tx, &who.deed("trouble_settled", enquiry, ""), now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// The account and the number of ours that a telephone wrote to last in a conversation.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn text_way(
        &self,
        conversation: i64,
        number: &str,
    ) -> Result<Option<(String, Option<String>)>, StoreError> {
        let row: Option<(String, String)> = on_reader!(self, pool => sqlx::query_as(sql::inbox::NEWEST_TEXT)
            .bind(conversation).bind(number).fetch_optional(pool).await)
        .map_err(StoreError::query("newest_text"))?;
        Ok(row.map(|(account, details)| {
            let details: Details = serde_json::from_str(&details).unwrap_or_default();
            (account, details.recipients.first().map(|own| own.address.as_str().to_owned()))
        }))
    }
}

/// Somebody knows that what went out in a conversation did not arrive.
pub(super) async fn settle(tx: &mut Transaction, head: i64, now: Timestamp) -> Result<(), StoreError> {
    on_tx!(tx, conn => sqlx::query(sql::inbox::TROUBLE_SETTLE)
        .bind(to_stored(now)).bind(head).execute(conn).await.map(|_| ()))
    .map_err(StoreError::query("trouble_settle"))
}

/// Whether somebody else answered after the page that is acted from was made.
pub(super) async fn answered_since(
    tx: &mut Transaction,
    who: &Actor,
    row: &Row,
    act: Act<'_>,
) -> Result<bool, StoreError> {
    let Some(seen) = act.seen else { return Ok(false) };
    let answered: i64 = on_tx!(tx, conn => sqlx::query_scalar(sql::inbox::ANSWERED_SINCE)
        .bind(seen.sent).bind(row.conversation()).bind(who.account.0).fetch_one(conn).await)
    .map_err(StoreError::query("answered_since"))?;
    Ok(answered > 0)
}

/// Notes that a promise was moved, and why.
pub(super) async fn promise_moved(
    tx: &mut Transaction,
    who: &Actor,
    row: &Row,
    Moved { to, reason, waits_for }: Moved<'_>,
    now: Timestamp,
) -> Result<(), StoreError> {
    on_tx!(tx, conn => sqlx::query(sql::inbox::PROMISE_MOVED)
        .bind(row.id.0).bind(to_stored(now)).bind(row.facts.promised.to_string())
        .bind(to.to_string()).bind(clean(reason).as_ref()).bind(clean(waits_for).as_ref())
        .bind(who.account.0).execute(conn).await.map(|_| ()))
    .map_err(StoreError::query("promise_moved"))
}

/// What an enquiry was before an act.
async fn owed_before(
    tx: &mut Transaction,
    who: &Actor,
    act_id: &str,
    enquiry: EnquiryId,
) -> Result<Option<Facts>, StoreError> {
    let changes: Vec<(i64, i64, String, String, i64)> =
        on_tx!(tx, conn => sqlx::query_as(sql::inbox::CHANGES_OF_ACT)
            .bind(act_id).bind(who.account.0).fetch_all(conn).await)
        .map_err(StoreError::query("changes_of_act"))?;
    let before = changes.iter().find(|(_, of, ..)| *of == enquiry.0).map(|(_, _, before, ..)| before);
    Ok(before.and_then(|before| serde_json::from_str(before).ok()))
}

/// Under which letter an answer stands.
async fn newest_lineage(tx: &mut Transaction, head: i64) -> Result<(Option<String>, String), StoreError> {
    let details: Option<String> = on_tx!(tx, conn => sqlx::query_scalar(sql::inbox::NEWEST_LETTER)
        .bind(head).fetch_optional(conn).await)
    .map_err(StoreError::query("newest_letter"))?;
    let thread: Thread = details
        .and_then(|details| serde_json::from_str::<Details>(&details).ok())
        .map(|details| details.thread)
        .unwrap_or_default();
    Ok(lineage(&thread))
}
