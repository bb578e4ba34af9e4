//! The hold shelf, and what the adviser enters herself: both start enquiries in the ledger as letters do, so that what was
//! received always adds up to what became of it.

use indgang_channels::message::{Address, Channel, ExternalId, Incoming, Party, SenderCheck, Thread};
use jiff::Timestamp;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::Actor;
use super::change::{Act, read, write};
use super::enquiry::{Details, incoming_of};
use super::write::{NewNote, note_put};
use crate::domain::account::Scope;
use crate::domain::arrival::{ArrivalId, Disposition};
use crate::domain::enquiry::{EnquiryId, State};
use crate::domain::promise::Promise;
use crate::domain::reference::Reference;
use crate::domain::triage::{self, Refused, Step};
use crate::intake::texting::TextEffects;
use crate::intake::{Acknowledgement, Known, Offer, Routing};
use crate::store::arrive;
use crate::store::conn::{Transaction, on_reader, on_tx};
use crate::store::filing::Group;
use crate::store::known::{Context, Knowledge};
use crate::store::later::{Later, TieRow};
use crate::store::letters::{Desk, Letter};
use crate::store::texts;
use crate::store::{Store, StoreError, clean, from_stored, log, sql, to_stored};

/// The account that the adviser's own entries come in by.
pub const ENTERED: &str = "kontoret";

/// Something on the hold shelf.
#[derive(Clone)]
pub struct Held {
    /// The arrival.
    pub arrival: ArrivalId,
    /// The way it came.
    pub channel: Channel,
    /// When.
    pub received_at: Timestamp,
    /// Why a person must look at it first.
    pub reason: String,
    /// The subject.
    pub subject: String,
    /// The beginning of the text, or all of it.
    pub text: String,
    /// Everything else.
    pub details: Details,
    /// Enquiries that it may belong to.
    pub offers: Vec<Offer>,
    /// What it was filed as.
    pub disposition: Disposition,
}

/// What becomes of something on the hold shelf.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It starts an enquiry; acknowledged or not.
    Enquiry {
        /// Whether it is acknowledged.
        acknowledge: bool,
    },
    /// It belongs to one that exists.
    FollowUp(EnquiryId),
    /// A machine wrote it: kept, never answered.
    Automatic,
    /// Nobody's enquiry.
    Spam,
    /// It waits for a person, again: what was set aside may be a citizen's letter after all.
    Hold,
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decided {
    /// It is on this enquiry now.
    On(EnquiryId),
    /// It is kept apart.
    Apart,
    /// Somebody else was quicker, or it was never there.
    Gone,
}

/// A call, a meeting or a visit.
#[derive(Clone, Copy)]
pub struct Entry<'a> {
    /// [`Channel::Call`] or [`Channel::Meeting`].
    pub channel: Channel,
    /// What they call themselves.
    pub name: &'a str,
    /// Where they are reached, if they said.
    pub address: Option<&'a Address>,
    /// What it is called in the list.
    pub title: &'a str,
    /// What is written down.
    pub note: NewNote<'a>,
    /// The language that they speak.
    pub language: &'a str,
}

#[derive(Serialize)]
struct Record<'a> {
    entered_by: i64,
    channel: &'a str,
    at: String,
}

impl Store {
    /// What lies on the hold shelf, oldest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn shelf(&self, who: &Actor) -> Result<Vec<Held>, StoreError> {
        if who.scope == Scope::None {
            return Ok(Vec::new());
        }
        let rows: Vec<HeldRow> =
            on_reader!(self, pool => sqlx::query_as(sql::inbox::SHELF).bind(since(who)).fetch_all(pool).await)
                .map_err(StoreError::query("shelf"))?;
        rows.into_iter().map(line).collect()
    }

    /// What was set aside, before an arrival, the newest first: whatever the program or a person found to be nobody's
    /// enquiry stays where a person can look, and change it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn set_aside(
        &self,
        who: &Actor,
        before: ArrivalId,
        most: u32,
    ) -> Result<Vec<Held>, StoreError> {
        if who.scope == Scope::None {
            return Ok(Vec::new());
        }
        let rows: Vec<HeldRow> = on_reader!(self, pool => sqlx::query_as(sql::inbox::ASIDE)
            .bind(before.0).bind(i64::from(most)).fetch_all(pool).await)
        .map_err(StoreError::query("set_aside"))?;
        rows.into_iter().filter(|row| is_in_time(who, row.2)).map(line).collect()
    }

    /// One item of the shelf, after the reading is in the log.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn shelf_open(
        &self,
        who: &Actor,
        arrival: ArrivalId,
        now: Timestamp,
    ) -> Result<Option<Held>, StoreError> {
        let mut tx = Transaction::begin(self).await?;
        let Some((incoming, reason, offers, details, disposition)) = held(&mut tx, arrival).await? else {
            return Ok(None);
        };
        if !is_in_time(who, to_stored(incoming.received_at)) {
            return Ok(None);
        }
        let deed = crate::domain::account::Deed {
            account: Some(who.account),
            act: "read_held",
            enquiry: None,
            detail: format!("arrival {}", arrival.0),
        };
        log::append(&mut tx, &deed, now).await?;
        tx.commit().await?;
        Ok(Some(Held {
            arrival,
            channel: incoming.channel,
            received_at: incoming.received_at,
            reason,
            subject: incoming.subject,
            text: incoming.text,
            details,
            offers,
            disposition,
        }))
    }

    /// The bytes of something on the shelf.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn shelf_raw(
        &self,
        who: &Actor,
        arrival: ArrivalId,
        now: Timestamp,
    ) -> Result<Option<(Channel, Details, Vec<u8>)>, StoreError> {
        let Some(held) = self.shelf_open(who, arrival, now).await? else { return Ok(None) };
        Ok(self.raw_fetch(arrival).await?.map(|bytes| (held.channel, held.details, bytes)))
    }

    /// Decides what becomes of something on the shelf.
    ///
    /// # Errors
    /// When the database does not answer; then it lies there still.
    pub async fn shelf_decide(
        &self,
        who: &Actor,
        arrival: ArrivalId,
        verdict: Verdict,
        desk: &dyn Desk,
        now: Timestamp,
    ) -> Result<Decided, StoreError> {
        if who.scope == Scope::None {
            return Ok(Decided::Gone);
        }
        let mut tx = Transaction::begin(self).await?;
        tx.serialise_intake().await?;
        let Some((incoming, ..)) = held(&mut tx, arrival).await? else { return Ok(Decided::Gone) };
        if !is_in_time(who, to_stored(incoming.received_at)) {
            return Ok(Decided::Gone);
        }
        let knowledge = Knowledge::gather(&mut tx, desk.ceiling_all(), now).await?;
        let mut group = Group { desk, now, knowledge, later: Later::default() };
        let (disposition, reason, enquiry, acknowledgement) = match verdict {
            Verdict::Enquiry { acknowledge } => {
                let promise = desk.promise(now);
                let (id, acknowledgement) =
                    start(&mut group, &mut tx, &incoming, arrival, &promise, acknowledge).await?;
                (Disposition::Enquiry, "A person took it off the hold shelf.", Some(id), acknowledgement)
            }
            Verdict::FollowUp(into) => {
                let Some(mut row) = read(&mut tx, who, into).await? else { return Ok(Decided::Gone) };
                if let Some(joined) = row.facts.joined_into {
                    match read(&mut tx, who, EnquiryId(joined)).await? {
                        Some(other) => row = other,
                        None => return Ok(Decided::Gone),
                    }
                }
                // Filed where nobody looks any more, it would be lost: a person who files it there opens it again (S3).
                if row.facts.state == State::Closed
                    && let Ok(open) = triage::apply(&row.facts, &Step::Reopen, who.account, now)
                {
                    let act = format!("shelf-{}", arrival.0);
                    write(&mut tx, who, &row, &open, (&act, "reopen"), now).await?;
                }
                let into = row.id;
                group.enquiry_hears(&mut tx, &incoming, EnquiryId(row.conversation())).await?;
                let reason = "A person filed it from the hold shelf.".to_owned();
                (
                    Disposition::FollowUp,
                    "A person filed it from the hold shelf.",
                    Some(into),
                    Acknowledgement::NotDue { reason },
                )
            }
            Verdict::Automatic | Verdict::Spam | Verdict::Hold => {
                let (disposition, reason) = match verdict {
                    Verdict::Hold => (Disposition::Hold, "A person put it back on the hold shelf."),
                    Verdict::Automatic => (Disposition::Automatic, "A person found that a machine wrote it."),
                    _ => (Disposition::Blocked, "A person set it aside as spam."),
                };
                (disposition, reason, None, Acknowledgement::NotDue { reason: reason.to_owned() })
            }
        };
        if let (Some(own), Some(enquiry)) = (&incoming.thread.message_id, enquiry) {
            group.later.ties.push(TieRow { message_id: own.clone(), enquiry: enquiry.0, ours: false });
        }
        group.later.write(&mut tx).await?;
        let written = serde_json::to_string(&acknowledgement).unwrap_or_default();
        on_tx!(&mut tx, conn => sqlx::query(sql::inbox::SHELF_DECIDE)
            .bind(disposition.as_str()).bind(reason).bind(enquiry.map(|id| id.0)).bind(written)
            .bind(arrival.0).execute(conn).await.map(|_| ()))
        .map_err(StoreError::query("shelf_decide"))?;
        let deed = crate::domain::account::Deed {
            account: Some(who.account),
            act: "hold_decided",
            enquiry,
            detail: format!("arrival {}: {}", arrival.0, disposition.as_str()),
        };
        log::append(&mut tx, &deed, now).await?;
        tx.commit().await?;
        Ok(enquiry.map_or(Decided::Apart, Decided::On))
    }

    /// Enters a call, a meeting or a visit that starts an enquiry. A person has spoken with them: it is answered.
    ///
    /// # Errors
    /// When the database does not answer; then nothing was entered.
    #[expect(clippy::too_many_arguments, reason = "who enters what, once, and when")]
    pub async fn enquiry_enter(
        &self,
        who: &Actor,
        entry: &Entry<'_>,
        steps: &[Step],
        token: &str,
        desk: &dyn Desk,
        act: Act<'_>,
        now: Timestamp,
    ) -> Result<Result<EnquiryId, Refused>, StoreError> {
        let record = Record {
            entered_by: who.account.0,
            channel: entry.channel.as_str(),
            at: entry.note.at.to_string(),
        };
        let raw = serde_json::to_vec(&(token, said(entry), record)).unwrap_or_default();
        let sender = entry.address.map(|address| Party {
            address: address.clone(),
            name: Some(entry.name.to_owned()).filter(|name| !name.is_empty()),
        });
        let incoming = Incoming {
            channel: entry.channel,
            account: ENTERED.to_owned(),
            // The same form sent twice is one entry; gone back to and filled in anew, it is another.
            external_id: ExternalId(format!("{token}:{}", said(entry))),
            fingerprint: Sha256::digest(&raw).into(),
            received_at: entry.note.at.min(now),
            sent_at: None,
            sender,
            reply_to: Vec::new(),
            recipients: Vec::new(),
            subject: entry.title.to_owned(),
            text: String::new(),
            folded: Vec::new(),
            language: Some(indgang_channels::message::Language(entry.language.to_owned())),
            attachments: Vec::new(),
            thread: Thread::default(),
            automatic: None,
            bounce: None,
            sender_check: SenderCheck::Unknown,
            suppress_reply: None,
            doubts: Vec::new(),
            form: Some(indgang_channels::message::FormAnswers {
                name: Some(entry.name.to_owned()).filter(|name| !name.is_empty()),
                ..Default::default()
            }),
        };
        let mut tx = Transaction::begin(self).await?;
        tx.serialise_intake().await?;
        let letter = Letter { raw, incoming, cursor: None };
        let arrived = arrive::arrive(&mut tx, std::slice::from_ref(&letter), to_stored(now)).await?;
        let Some(arrived) = arrived.into_iter().next() else {
            return Err(StoreError::Query { work: "enquiry_enter", source: sqlx::Error::RowNotFound });
        };
        if arrived.redelivered {
            // The same form sent twice is one entry.
            let found: Option<(i64, Option<i64>, String, String, String)> =
                on_tx!(&mut tx, conn => sqlx::query_as(sql::inbox::MESSAGE_OF_ARRIVAL)
                    .bind(arrived.id.0).fetch_optional(conn).await)
                .map_err(StoreError::query("message_of_arrival"))?;
            let id = found.and_then(|(_, id, _, _, _)| id).unwrap_or_default();
            return Ok(Ok(EnquiryId(id)));
        }
        let incoming = &letter.incoming;
        let knowledge = Knowledge::gather(&mut tx, desk.ceiling_all(), now).await?;
        let mut group = Group { desk, now, knowledge, later: Later::default() };
        let promise = desk.promise(incoming.received_at);
        let (id, acknowledgement) = start(&mut group, &mut tx, incoming, arrived.id, &promise, false).await?;
        group.message_file(
            incoming,
            arrived.id,
            &routing(acknowledgement, "The adviser entered it."),
            Some(id),
            None,
        );
        group.later.write(&mut tx).await?;
        note_put(&mut tx, who, id, &entry.note, now).await?;
        let everything = Actor { scope: Scope::All, ..*who };
        let Some(row) = read(&mut tx, &everything, id).await? else {
            return Err(StoreError::Query { work: "enquiry_enter", source: sqlx::Error::RowNotFound });
        };
        let after = [Step::TakeUp, Step::AnsweredAt(entry.note.at)]
            .iter()
            .chain(steps)
            .try_fold(row.facts.clone(), |facts, step| triage::apply(&facts, step, who.account, now));
        let after = match after {
            Ok(after) => after,
            Err(why) => return Ok(Err(why)),
        };
        write(&mut tx, who, &row, &after, (act.id, act.what), now).await?;
        log::append(&mut tx, &who.deed("enter", id, entry.channel.as_str()), now).await?;
        tx.commit().await?;
        Ok(Ok(id))
    }
}

/// What an entry says, in short.
fn said(entry: &Entry<'_>) -> String {
    let mut hash = Sha256::new();
    for piece in [entry.name, entry.title, entry.note.body, entry.channel.as_str()] {
        hash.update(piece.as_bytes());
        hash.update([0]);
    }
    hash.update(entry.address.map(Address::key).unwrap_or_default().as_bytes());
    let hash: [u8; 32] = hash.finalize().into();
    hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// From when on somebody sees what lies on the shelf.
fn since(who: &Actor) -> i64 {
    match who.scope {
        Scope::Since { from, .. } => to_stored(from),
        Scope::All | Scope::None => i64::MIN,
    }
}

/// Whether something on the shelf came in somebody's time: what a substitute sees begins with theirs.
fn is_in_time(who: &Actor, received_at: i64) -> bool {
    match who.scope {
        Scope::All => true,
        Scope::None => false,
        Scope::Since { from, .. } => received_at >= to_stored(from),
    }
}

fn routing(acknowledgement: Acknowledgement, reason: &str) -> Routing {
    Routing {
        disposition: Disposition::Enquiry,
        reason: reason.to_owned(),
        enquiry: None,
        offers: Vec::new(),
        after_closing: false,
        acknowledgement,
        texting: TextEffects::default(),
    }
}

/// Starts an enquiry of what a person has looked at.
async fn start(
    group: &mut Group<'_>,
    tx: &mut Transaction,
    incoming: &Incoming,
    arrival: ArrivalId,
    promise: &Promise,
    acknowledge: bool,
) -> Result<(EnquiryId, Acknowledgement), StoreError> {
    let enquirer: Option<i64> = match &incoming.sender {
        None => None,
        Some(sender) => on_tx!(tx, conn => sqlx::query_scalar(sql::inbox::ENQUIRER_AT)
            .bind(sender.address.kind()).bind(clean(&sender.address.key()).as_ref())
            .fetch_optional(conn).await)
        .map_err(StoreError::query("enquirer_at"))?,
    };
    let context = Context { known: Known::default(), enquirer, bounced_outbox: None };
    let has_way = incoming.answer_channel().is_some()
        && matches!(
            incoming.sender.as_ref().map(|sender| &sender.address),
            Some(Address::Email(_) | Address::Phone(_))
        );
    let send = acknowledge && has_way;
    let (promise, reason) = (promise.clone(), "A person looked at it first.".to_owned());
    let acknowledgement = if send {
        Acknowledgement::Send { promise: promise.clone(), reason: reason.clone() }
    } else {
        let reason = match incoming.channel {
            Channel::Call | Channel::Meeting => "A person has spoken with them.",
            _ => "A person decided that none goes out.",
        };
        Acknowledgement::Suppressed { promise: promise.clone(), reason: reason.to_owned() }
    };
    let why = match &acknowledgement {
        Acknowledgement::Send { reason, .. } | Acknowledgement::Suppressed { reason, .. } => reason.clone(),
        Acknowledgement::NotDue { reason } => reason.clone(),
    };
    let routing = routing(acknowledgement.clone(), &reason);
    let (id, _): (EnquiryId, Reference) =
        group.enquiry_start(tx, incoming, arrival, &routing, &context, &promise, &why, send).await?;
    if let Some(conversation) = texts::conversation(incoming) {
        group.later.ties.push(TieRow { message_id: conversation, enquiry: id.0, ours: false });
    }
    group.later.write(tx).await?;
    Ok((id, acknowledgement))
}

type HeldRow = (i64, String, i64, String, String, String, String, String);

fn line((id, by, at, reason, subject, text, details, filed): HeldRow) -> Result<Held, StoreError> {
    let corrupt = |table, column| StoreError::Corrupt { table, column, row: id };
    Ok(Held {
        arrival: ArrivalId(id),
        channel: Channel::parse(&by).ok_or(corrupt("arrival", "channel"))?,
        received_at: from_stored(at, "arrival", "received_at", id)?,
        reason,
        subject,
        text,
        details: serde_json::from_str(&details).unwrap_or_default(),
        offers: Vec::new(),
        disposition: Disposition::parse(&filed).ok_or(corrupt("message", "disposition"))?,
    })
}

type Item = (Incoming, String, Vec<Offer>, Details, Disposition);

async fn held(tx: &mut Transaction, arrival: ArrivalId) -> Result<Option<Item>, StoreError> {
    type Row = (String, String, String, Vec<u8>, i64, String, String, String, String, String, String);
    let row: Option<Row> = on_tx!(tx, conn => sqlx::query_as(sql::inbox::SHELF_ITEM)
        .bind(arrival.0).fetch_optional(conn).await)
    .map_err(StoreError::query("shelf_item"))?;
    let Some((by, account, external_id, fingerprint, at, reason, offers, subject, text, details, filed)) =
        row
    else {
        return Ok(None);
    };
    let corrupt = StoreError::Corrupt { table: "arrival", column: "channel", row: arrival.0 };
    let at = from_stored(at, "arrival", "received_at", arrival.0)?;
    let details: Details = serde_json::from_str(&details).unwrap_or_default();
    let by = Channel::parse(&by).ok_or(corrupt)?;
    let incoming = incoming_of(by, account, external_id, &fingerprint, at, subject, text, details.clone());
    let filed = Disposition::parse(&filed).ok_or(StoreError::Corrupt {
        table: "message",
        column: "disposition",
        row: arrival.0,
    })?;
    Ok(Some((incoming, reason, serde_json::from_str(&offers).unwrap_or_default(), details, filed)))
}

impl Store {
    /// The enquiry of a reference.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn enquiry_by_reference(&self, reference: &Reference) -> Result<Option<EnquiryId>, StoreError> {
        let id: Option<i64> = on_reader!(self, pool => sqlx::query_scalar(sql::inbox::BY_REFERENCE)
            .bind(reference.as_str()).fetch_optional(pool).await)
        .map_err(StoreError::query("by_reference"))?;
        Ok(id.map(EnquiryId))
    }
}
