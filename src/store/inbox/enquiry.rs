//! One enquiry whole: its conversation across channels, what went out, notes, changes, persons.
//!
//! Opening one is a reading, and stands in the log before anything of it is shown.

use indgang_channels::message::{
    Attachment, Channel, Doubt, Fold, FormAnswers, Incoming, Language, Party, SenderCheck, Thread,
};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use super::Actor;
use super::change::{Row, read};
use super::write::{ConsentLine, Representative};
use crate::domain::account::{AccountId, Scope};
use crate::domain::area::AreaId;
use crate::domain::arrival::{ArrivalId, Disposition};
use crate::domain::enquiry::{EnquiryId, State};
use crate::domain::triage::Facts;
use crate::intake::Offer;
use crate::store::conn::{Transaction, on_reader, on_tx};
use crate::store::pages::PromiseChange;
use crate::store::{Store, StoreError, from_stored, log, sql, to_stored};

/// Of a conversation, so many messages and so many letters of ours are shown: the newest.
const SHOWN: i64 = 200;
/// The same enquiry opened again by the same person within this time is the same reading.
const SAME_READING: SignedDuration = SignedDuration::from_mins(5);

/// What a message's row keeps beside subject and text, read back.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Details {
    /// Who wrote it.
    pub sender: Option<Party>,
    /// Where answers are wanted.
    pub reply_to: Vec<Party>,
    /// Whom it was written to.
    pub recipients: Vec<Party>,
    /// When the sender says that it was written.
    pub sent_at: Option<Timestamp>,
    /// What is folded.
    pub folded: Vec<Fold>,
    /// Its language.
    pub language: Option<Language>,
    /// The files.
    pub attachments: Vec<Attachment>,
    /// Its thread.
    pub thread: Thread,
    /// Whether the sender is who it says.
    pub sender_check: SenderCheck,
    /// What is odd about it.
    pub doubts: Vec<Doubt>,
    /// What the web form asks.
    pub form: Option<FormAnswers>,
    /// Why no acknowledgement may go out.
    pub suppress_reply: Option<String>,
}

/// A message of the conversation.
#[derive(Clone)]
pub struct Message {
    /// The arrival that it is.
    pub arrival: ArrivalId,
    /// The way it came.
    pub channel: Channel,
    /// When.
    pub received_at: Timestamp,
    /// What became of it.
    pub disposition: Disposition,
    /// Why, in words.
    pub reason: String,
    /// Whether it is acknowledged, and why, as stored.
    pub acknowledgement: String,
    /// Enquiries that it may belong to.
    pub offers: Vec<Offer>,
    /// The subject.
    pub subject: String,
    /// The whole readable text.
    pub text: String,
    /// Everything else.
    pub details: Details,
}

/// Something that went out, or is to.
#[derive(Clone)]
pub struct Sent {
    /// Its number.
    pub id: i64,
    /// `acknowledgement`, `opt_out`, `reply` or `news`.
    pub kind: String,
    /// What a reply is for.
    pub occasion: String,
    /// The way it goes.
    pub channel: Channel,
    /// To whom.
    pub recipient: String,
    /// `queued`, `sending`, `sent`, `failed`, `unknown` or `suppressed`.
    pub state: String,
    /// Why it goes out, or why not.
    pub reason: String,
    /// The words: as they were sent, or as they will be.
    pub text: Option<String>,
    /// When it was queued.
    pub created_at: Timestamp,
    /// When it is to go out.
    pub due_at: Timestamp,
    /// When it went.
    pub sent_at: Option<Timestamp>,
    /// What went wrong last.
    pub last_error: Option<String>,
    /// What the gateway says: `pending`, `delivered`, `failed`, `unknown`.
    pub delivery: Option<String>,
    /// When it says so.
    pub delivery_at: Option<Timestamp>,
    /// When it came back.
    pub bounced_at: Option<Timestamp>,
    /// With which status.
    pub bounce_status: Option<String>,
    /// How often it was tried.
    pub attempts: i64,
    /// Segments of a text.
    pub segments: i64,
    /// Who wrote it; `None` for what is automatic.
    pub name: Option<String>,
    /// Files that went along: number, name, size.
    pub files: Vec<(i64, String, i64)>,
    /// The enquiry that it was written on: another part of the conversation, perhaps.
    pub enquiry: EnquiryId,
    /// Whose account wrote it.
    pub account: Option<AccountId>,
    /// The act that it was sent by.
    pub act: Option<String>,
    /// Somebody knows that it did not arrive, if it did not.
    pub settled: bool,
}

/// Something that the adviser wrote down.
#[derive(Clone)]
pub struct Note {
    /// Its number.
    pub id: i64,
    /// On which enquiry of the conversation.
    pub enquiry: EnquiryId,
    /// `note`, `call`, `meeting`, `visit`, `alignment` or `referral`.
    pub kind: String,
    /// When it happened, or will.
    pub at: Timestamp,
    /// How long it took, in minutes.
    pub minutes: Option<i64>,
    /// Where.
    pub place: Option<String>,
    /// Who was there.
    pub participants: Option<String>,
    /// The words.
    pub body: String,
    /// When it was written.
    pub made_at: Timestamp,
    /// By whom.
    pub name: String,
}

/// A change in the history.
#[derive(Clone)]
pub struct Change {
    /// When.
    pub at: Timestamp,
    /// What, in one word.
    pub what: String,
    /// Before.
    pub before: Facts,
    /// After.
    pub after: Facts,
    /// By whom.
    pub name: String,
}

/// Where somebody is reached.
#[derive(Clone, PartialEq, Eq)]
pub struct Contact {
    /// `email` or `phone`.
    pub kind: String,
    /// As written.
    pub address: String,
    /// The form that all spellings share.
    pub key: String,
    /// Letters come back from it.
    pub undeliverable: bool,
    /// Several people write from it.
    pub shared: bool,
    /// It is theirs; or else it was given for this enquiry alone, and nothing proves it.
    pub proven: bool,
}

/// Who enquires.
#[derive(Clone)]
pub struct Person {
    /// Their number.
    pub id: i64,
    /// `citizen` or `company`, once the adviser has said so.
    pub kind: Option<String>,
    /// What they call themselves.
    pub name: Option<String>,
    /// Where they are reached.
    pub contacts: Vec<Contact>,
    /// Their other enquiries: id, reference, title, state, since when.
    pub others: Vec<(EnquiryId, String, String, State, Timestamp)>,
    /// Others that were found to be them: number of the finding, when, what they were called.
    pub merges: Vec<(i64, Timestamp, Option<String>)>,
}

/// A part of a conversation that was split.
#[derive(Clone)]
pub struct Part {
    /// The enquiry.
    pub id: EnquiryId,
    /// Which part.
    pub part: i64,
    /// What it is called.
    pub title: String,
    /// Where the work stands.
    pub state: State,
    /// Its area.
    pub area: Option<AreaId>,
}

/// An enquiry with everything that belongs to it.
#[derive(Clone)]
pub struct Whole {
    /// Its own row.
    pub row: Row,
    /// The parts of its conversation; itself alone when it was not split.
    pub parts: Vec<Part>,
    /// Messages, oldest first.
    pub messages: Vec<Message>,
    /// What went out, oldest first.
    pub sent: Vec<Sent>,
    /// Notes, oldest first.
    pub notes: Vec<Note>,
    /// Changes, oldest first.
    pub changes: Vec<Change>,
    /// Moves of the promised date, oldest first.
    pub promises: Vec<PromiseChange>,
    /// Consents, oldest first.
    pub consents: Vec<ConsentLine>,
    /// Who acts for the enquirer.
    pub representatives: Vec<Representative>,
    /// The enquirer.
    pub person: Person,
    /// When whoever asks looked last, if ever.
    pub seen_before: Option<Timestamp>,
    /// Who was granted it: number and name.
    pub grants: Vec<(i64, String)>,
}

/// Never prints anything of it.
impl std::fmt::Debug for Whole {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Whole({:?}, {} messages)", self.row, self.messages.len())
    }
}

#[derive(sqlx::FromRow)]
struct MessageRow {
    id: i64,
    arrival_id: i64,
    channel: String,
    received_at: i64,
    disposition: String,
    reason: String,
    acknowledgement: String,
    offers: String,
    subject: String,
    text: String,
    details: String,
}

impl MessageRow {
    fn read(self) -> Result<Message, StoreError> {
        let id = self.id;
        let corrupt = |column| StoreError::Corrupt { table: "message", column, row: id };
        Ok(Message {
            arrival: ArrivalId(self.arrival_id),
            channel: Channel::parse(&self.channel).ok_or(corrupt("channel"))?,
            received_at: from_stored(self.received_at, "arrival", "received_at", self.arrival_id)?,
            disposition: Disposition::parse(&self.disposition).ok_or(corrupt("disposition"))?,
            reason: self.reason,
            acknowledgement: self.acknowledgement,
            offers: serde_json::from_str(&self.offers).unwrap_or_default(),
            subject: self.subject,
            text: self.text,
            // What cannot be read of it is not shown; the original is there all the same.
            details: serde_json::from_str(&self.details).unwrap_or_default(),
        })
    }
}

#[derive(sqlx::FromRow)]
struct SentRow {
    id: i64,
    kind: String,
    occasion: String,
    channel: String,
    recipient: String,
    state: String,
    reason: String,
    body: Option<String>,
    sent_text: Option<String>,
    created_at: i64,
    due_at: i64,
    sent_at: Option<i64>,
    last_error: Option<String>,
    delivery: Option<String>,
    delivery_at: Option<i64>,
    bounced_at: Option<i64>,
    bounce_status: Option<String>,
    attempts: i64,
    segments: i64,
    name: Option<String>,
    enquiry_id: i64,
    account_id: Option<i64>,
    act_id: Option<String>,
    settled: bool,
}

impl Sent {
    /// Whether it waits, and its writer can take it back.
    pub fn waits(&self) -> bool {
        self.kind == "reply" && self.state == "queued" && self.attempts == 0
    }

    /// Whether it did not arrive, or nobody knows.
    pub fn is_trouble(&self) -> bool {
        let failed = matches!(self.state.as_str(), "failed" | "unknown");
        self.kind == "reply"
            && (failed || self.bounced_at.is_some() || self.delivery.as_deref() == Some("failed"))
    }
}

impl SentRow {
    fn read(self, files: &[(i64, i64, String, i64)]) -> Result<Sent, StoreError> {
        let id = self.id;
        let moment = |at: Option<i64>, column| at.map(|at| from_stored(at, "outbox", column, id)).transpose();
        let is_reply = self.kind == "reply";
        Ok(Sent {
            id,
            channel: Channel::parse(&self.channel).ok_or(StoreError::Corrupt {
                table: "outbox",
                column: "channel",
                row: id,
            })?,
            // A link or a code is for the citizen's eyes alone.
            text: if is_reply { self.body.or(self.sent_text) } else { self.sent_text },
            kind: self.kind,
            enquiry: EnquiryId(self.enquiry_id),
            account: self.account_id.map(AccountId),
            act: self.act_id,
            settled: self.settled,
            occasion: self.occasion,
            recipient: self.recipient,
            state: self.state,
            reason: self.reason,
            created_at: from_stored(self.created_at, "outbox", "created_at", id)?,
            due_at: from_stored(self.due_at, "outbox", "due_at", id)?,
            sent_at: moment(self.sent_at, "sent_at")?,
            last_error: self.last_error,
            delivery: self.delivery,
            delivery_at: moment(self.delivery_at, "delivery_at")?,
            bounced_at: moment(self.bounced_at, "bounced_at")?,
            bounce_status: self.bounce_status,
            attempts: self.attempts,
            segments: self.segments,
            name: self.name,
            files: files
                .iter()
                .filter(|(_, outbox, _, _)| *outbox == id)
                .map(|(file, _, name, size)| (*file, name.clone(), *size))
                .collect(),
        })
    }
}

type NoteRow = (i64, i64, String, i64, Option<i64>, Option<String>, Option<String>, String, i64, String);

fn note(row: NoteRow) -> Result<Note, StoreError> {
    let (id, enquiry, kind, at, minutes, place, participants, body, made_at, name) = row;
    Ok(Note {
        id,
        enquiry: EnquiryId(enquiry),
        kind,
        at: from_stored(at, "note", "at", id)?,
        minutes,
        place,
        participants,
        body,
        made_at: from_stored(made_at, "note", "made_at", id)?,
        name,
    })
}

impl Store {
    /// Opens an enquiry: everything of it, after the reading is in the log. `None` when it is not there, or not to be seen.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn enquiry_open(
        &self,
        who: &Actor,
        id: EnquiryId,
        now: Timestamp,
    ) -> Result<Option<Whole>, StoreError> {
        let mut tx = Transaction::begin(self).await?;
        let Some(mut row) = read(&mut tx, who, id).await? else { return Ok(None) };
        let seen: Vec<(i64, String, i64, Option<i64>)> =
            on_tx!(&mut tx, conn => sqlx::query_as(sql::inbox::PRESENCE).bind(id.0).fetch_all(conn).await)
                .map_err(StoreError::query("presence"))?;
        let seen_before =
            seen.iter().find(|(account, ..)| *account == who.account.0).and_then(|(_, _, _, at)| *at);
        // Looking again within a moment is one reading, unless something has come since.
        let is_same = seen_before.is_some_and(|at| at > to_stored(now - SAME_READING)) && !row.facts.unread;
        if !is_same {
            on_tx!(&mut tx, conn => sqlx::query(sql::inbox::PRESENCE_READ)
                .bind(id.0).bind(who.account.0).bind(to_stored(now)).execute(conn).await.map(|_| ()))
            .map_err(StoreError::query("presence_note"))?;
            on_tx!(&mut tx, conn => sqlx::query(sql::inbox::READ).bind(id.0).execute(conn).await.map(|_| ()))
                .map_err(StoreError::query("enquiry_read"))?;
            log::append(&mut tx, &who.deed("read", id, ""), now).await?;
            tx.commit().await?;
            row.facts.unread = false;
        } else {
            drop(tx);
        }
        let seen_before = seen_before.map(|at| from_stored(at, "presence", "seen_at", id.0)).transpose()?;
        Ok(Some(self.whole(who, row, seen_before).await?))
    }

    /// An enquiry's own row, if `who` sees it. What a citizen wrote is not read.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn enquiry_row(&self, who: &Actor, id: EnquiryId) -> Result<Option<Row>, StoreError> {
        let mut tx = Transaction::begin(self).await?;
        read(&mut tx, who, id).await
    }

    async fn whole(
        &self,
        who: &Actor,
        row: Row,
        seen_before: Option<Timestamp>,
    ) -> Result<Whole, StoreError> {
        let head = row.conversation();
        let parts: Vec<(i64, i64, String, String, Option<i64>)> =
            on_reader!(self, pool => sqlx::query_as(sql::inbox::PARTS).bind(head).fetch_all(pool).await)
                .map_err(StoreError::query("parts"))?;
        let messages: Vec<MessageRow> = on_reader!(self, pool => sqlx::query_as(sql::inbox::CONVERSATION)
            .bind(head).bind(SHOWN).fetch_all(pool).await)
        .map_err(StoreError::query("conversation"))?;
        let sent: Vec<SentRow> = on_reader!(self, pool => sqlx::query_as(sql::inbox::CONVERSATION_GONE)
            .bind(head).bind(SHOWN).fetch_all(pool).await)
        .map_err(StoreError::query("conversation_gone"))?;
        let files: Vec<(i64, i64, String, i64)> =
            on_reader!(self, pool => sqlx::query_as(sql::inbox::CONVERSATION_FILES).bind(head).fetch_all(pool).await)
                .map_err(StoreError::query("conversation_files"))?;
        let notes: Vec<NoteRow> =
            on_reader!(self, pool => sqlx::query_as(sql::inbox::CONVERSATION_NOTES).bind(head).fetch_all(pool).await)
                .map_err(StoreError::query("conversation_notes"))?;
        let changes: Vec<(i64, i64, String, String, String, String)> =
            on_reader!(self, pool => sqlx::query_as(sql::inbox::CHANGES).bind(row.id.0).fetch_all(pool).await)
                .map_err(StoreError::query("changes"))?;
        let grants: Vec<(i64, String)> =
            on_reader!(self, pool => sqlx::query_as(sql::inbox::GRANTS).bind(row.id.0).fetch_all(pool).await)
                .map_err(StoreError::query("grants"))?;
        Ok(Whole {
            parts: parts.into_iter().map(part).collect::<Result<_, _>>()?,
            messages: messages.into_iter().rev().map(MessageRow::read).collect::<Result<_, _>>()?,
            sent: sent.into_iter().rev().map(|row| row.read(&files)).collect::<Result<_, _>>()?,
            notes: notes.into_iter().map(note).collect::<Result<_, _>>()?,
            changes: changes.into_iter().map(change).collect::<Result<_, _>>()?,
            promises: self.promise_changes(row.id).await?,
            consents: self.consent_lines(head).await?,
            representatives: self.representatives(row.id).await?,
            person: self.person(who, &row).await?,
            seen_before,
            grants,
            row,
        })
    }

    async fn person(&self, who: &Actor, row: &Row) -> Result<Person, StoreError> {
        let id = row.enquirer.0;
        let (id, kind, name): (i64, Option<String>, Option<String>) =
            on_reader!(self, pool => sqlx::query_as(sql::inbox::ENQUIRER).bind(id).fetch_one(pool).await)
                .map_err(StoreError::query("enquirer"))?;
        let contacts: Vec<(String, String, String, bool, bool, bool)> =
            on_reader!(self, pool => sqlx::query_as(sql::inbox::ENQUIRER_CONTACTS)
                .bind(id).bind(row.conversation()).fetch_all(pool).await)
            .map_err(StoreError::query("enquirer_contacts"))?;
        let others: Vec<(i64, String, String, String, i64)> =
            on_reader!(self, pool => sqlx::query_as(sql::inbox::ENQUIRER_OTHERS)
                .bind(id).bind(row.conversation()).fetch_all(pool).await)
            .map_err(StoreError::query("enquirer_others"))?;
        let merges: Vec<(i64, i64, Option<String>)> =
            on_reader!(self, pool => sqlx::query_as(sql::inbox::MERGES).bind(id).fetch_all(pool).await)
                .map_err(StoreError::query("merges"))?;
        let mut known: Vec<Contact> = Vec::with_capacity(contacts.len());
        for (kind, address, key, undeliverable, shared, proven) in contacts {
            match known.iter_mut().find(|one| one.kind == kind && one.key == key) {
                Some(one) => one.proven |= proven,
                None => known.push(Contact { kind, address, key, undeliverable, shared, proven }),
            }
        }
        // A substitute is not told of what came before their time.
        let is_seen = |at: i64| match who.scope {
            Scope::All => true,
            Scope::None => false,
            Scope::Since { from, .. } => at >= to_stored(from),
        };
        let others = others.into_iter().filter(|(_, _, _, _, at)| is_seen(*at)).map(
            |(id, reference, title, state, at)| {
                let corrupt = StoreError::Corrupt { table: "enquiry", column: "state", row: id };
                let at = from_stored(at, "enquiry", "first_contact_at", id)?;
                Ok((EnquiryId(id), reference, title, State::parse(&state).ok_or(corrupt)?, at))
            },
        );
        let merges = merges.into_iter().map(|(id, at, name)| {
            Ok::<_, StoreError>((id, from_stored(at, "enquirer_merge", "at", id)?, name))
        });
        Ok(Person {
            id,
            kind,
            name,
            contacts: known,
            others: others.collect::<Result<_, StoreError>>()?,
            merges: merges.collect::<Result<_, StoreError>>()?,
        })
    }

    /// The bytes of a message of an enquiry's conversation, after the reading is in the log; `None` when it is not there,
    /// not of this conversation, or not to be seen.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn message_raw(
        &self,
        who: &Actor,
        enquiry: EnquiryId,
        arrival: ArrivalId,
        what: &'static str,
        now: Timestamp,
    ) -> Result<Option<(Channel, Details, Vec<u8>)>, StoreError> {
        let mut tx = Transaction::begin(self).await?;
        let Some(row) = read(&mut tx, who, enquiry).await? else { return Ok(None) };
        let found: Option<(i64, Option<i64>, String, String, String)> =
            on_tx!(&mut tx, conn => sqlx::query_as(sql::inbox::MESSAGE_OF_ARRIVAL)
                .bind(arrival.0).fetch_optional(conn).await)
            .map_err(StoreError::query("message_of_arrival"))?;
        let Some((id, Some(belongs_to), _, details, by)) = found else { return Ok(None) };
        let Some(other) = read(&mut tx, &Actor { scope: Scope::All, ..*who }, EnquiryId(belongs_to)).await?
        else {
            return Ok(None);
        };
        if other.conversation() != row.conversation() {
            return Ok(None);
        }
        log::append(&mut tx, &who.deed(what, enquiry, format!("arrival {}", arrival.0)), now).await?;
        tx.commit().await?;
        let corrupt = StoreError::Corrupt { table: "arrival", column: "channel", row: id };
        let Some(bytes) = self.raw_fetch(arrival).await? else { return Ok(None) };
        Ok(Some((
            Channel::parse(&by).ok_or(corrupt)?,
            serde_json::from_str(&details).unwrap_or_default(),
            bytes,
        )))
    }
}

fn part(row: (i64, i64, String, String, Option<i64>)) -> Result<Part, StoreError> {
    let (id, part, title, state, area) = row;
    let corrupt = StoreError::Corrupt { table: "enquiry", column: "state", row: id };
    let state = State::parse(&state).ok_or(corrupt)?;
    Ok(Part { id: EnquiryId(id), part, title, state, area: area.map(AreaId) })
}

fn change(row: (i64, i64, String, String, String, String)) -> Result<Change, StoreError> {
    let (id, at, what, before, after, name) = row;
    let facts = |text: &str, column| {
        serde_json::from_str(text).map_err(|_| StoreError::Corrupt { table: "change", column, row: id })
    };
    Ok(Change {
        at: from_stored(at, "change", "at", id)?,
        what,
        before: facts(&before, "before")?,
        after: facts(&after, "after")?,
        name,
    })
}

/// A message as it came in, put together again from what is stored of it.
#[expect(clippy::too_many_arguments, reason = "the columns of one message")]
pub(super) fn incoming_of(
    channel: Channel,
    account: String,
    external_id: String,
    fingerprint: &[u8],
    received_at: Timestamp,
    subject: String,
    text: String,
    details: Details,
) -> Incoming {
    let mut print = [0; 32];
    if let Ok(bytes) = fingerprint.try_into() {
        print = bytes;
    }
    Incoming {
        channel,
        account,
        external_id: indgang_channels::message::ExternalId(external_id),
        fingerprint: print,
        received_at,
        sent_at: details.sent_at,
        sender: details.sender,
        reply_to: details.reply_to,
        recipients: details.recipients,
        subject,
        text,
        folded: details.folded,
        language: details.language,
        attachments: details.attachments,
        thread: details.thread,
        automatic: None,
        bounce: None,
        sender_check: details.sender_check,
        suppress_reply: details.suppress_reply,
        doubts: details.doubts,
        form: details.form,
    }
}
