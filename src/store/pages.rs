//! What a receipt and a private page show, and what the adviser puts on the page.
//!
//! A page shows what was written in the form and on the page, and nothing that came another way: whoever holds a link and a
//! word is proven to be whoever wrote there, and nobody else.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use super::conn::{Transaction, on_reader, on_tx, on_writer};
use super::later::{Later, OutboxRow, TieRow};
use super::private::{GivenBy, link_make};
use super::texts::{conversation_of, enquiry_words};
use super::{Store, StoreError, clean, from_stored, sql, to_stored};
use crate::domain::area::AreaId;
use crate::domain::arrival::Disposition;
use crate::domain::enquiry::{EnquiryId, State};
use crate::domain::promise::Closed;
use crate::domain::reference::Reference;
use crate::intake::Acknowledgement;
use indgang_channels::message::{Address, AnswerWay, Attachment, Channel};

/// What a receipt says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// What became of the message.
    pub disposition: Disposition,
    /// The enquiry, its number and its date; `None` when a person must look first.
    pub enquiry: Option<ReceiptEnquiry>,
    /// When it came.
    pub received_at: Timestamp,
    /// Why it may take longer.
    pub closed: Option<Closed>,
    /// The channel that an acknowledgement takes besides; `None` when the receipt is all.
    pub acknowledged_by: Option<Channel>,
}

/// An enquiry as its receipt names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptEnquiry {
    /// The enquiry.
    pub id: EnquiryId,
    /// Its number.
    pub reference: Reference,
    /// The last day on which the answer comes.
    pub reply_by: Date,
}

/// What a private page shows.
#[derive(Clone, PartialEq, Eq)]
pub struct PrivatePage {
    /// The enquiry's number.
    pub reference: Reference,
    /// Where the work stands.
    pub state: State,
    /// The enquiry's language.
    pub language: String,
    /// The last day on which the answer comes.
    pub reply_by: Date,
    /// When the enquiry began.
    pub began_at: Timestamp,
    /// Each change of that day, oldest first.
    pub changes: Vec<PromiseChange>,
    /// What was written, by both, oldest first.
    pub entries: Vec<Entry>,
    /// Consent, oldest first.
    pub consents: Vec<Consent>,
}

/// A change of the promised date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PromiseChange {
    /// When it was changed.
    pub at: Timestamp,
    /// From.
    pub old: Date,
    /// To.
    pub new: Date,
    /// Why, as the citizen is told.
    pub reason: String,
}

/// Something that was written.
#[derive(Clone, PartialEq, Eq)]
pub struct Entry {
    /// By the adviser, or else by the citizen.
    pub ours: bool,
    /// When.
    pub at: Timestamp,
    /// The words.
    pub text: String,
    /// The files that came along: name and size.
    pub files: Vec<(String, u64)>,
}

/// Consent to contact an area of the administration (S17).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    /// The area.
    pub area: AreaId,
    /// When it was given.
    pub given_at: Timestamp,
    /// `page`, `said` or `written`.
    pub how: String,
    /// When it was withdrawn.
    pub withdrawn_at: Option<Timestamp>,
}

/// An answer that is to be read on the private page.
#[derive(Clone, Copy)]
pub struct NewPageReply<'a> {
    /// The enquiry.
    pub enquiry: EnquiryId,
    /// The words.
    pub body: &'a str,
    /// What keeps the same answer from being given twice.
    pub token: &'a str,
    /// A link that is told with the news: its hash, and its address in full.
    pub link: Option<(&'a [u8; 32], &'a str)>,
    /// Until when the enquiry's links hold from now on.
    pub links_until: Timestamp,
    /// Who is told that there is news, and how; nobody when there is no address.
    pub news: Option<(&'a AnswerWay, &'a Address)>,
}

/// A code on its way.
#[derive(Clone, Copy)]
pub struct NewCode<'a> {
    /// The enquiry.
    pub enquiry: EnquiryId,
    /// The digits.
    pub code: &'a str,
    /// How it goes out.
    pub way: &'a AnswerWay,
    /// To whom.
    pub recipient: &'a Address,
    /// The letter's Message-ID, or the text's token.
    pub message_id: &'a str,
    /// Most codes to one address in 24 hours, whichever links they are for.
    pub most_to_one: u32,
    /// Most segments of the account's automatic texts in 24 hours.
    pub most_segments: u32,
}

/// Segments that a notice by text reserves.
const NEWS_SEGMENTS: u32 = 2;
const CODE_SEGMENTS: u32 = 1;

/// Never print what was written.
impl std::fmt::Debug for PrivatePage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PrivatePage({}, {:?}, {} entries)", self.reference, self.state, self.entries.len())
    }
}

impl std::fmt::Debug for Entry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Entry(ours: {}, {} files)", self.ours, self.files.len())
    }
}

type ReceiptRow = (
    String,
    Option<i64>,
    Option<String>,
    Option<String>,
    Option<String>,
    i64,
    String,
    Option<String>,
    Option<String>,
);

/// The part of a message's details that a page shows.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Shown {
    attachments: Vec<Attachment>,
}

impl Store {
    /// What the receipt of a message says; `None` when there is no such message.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn receipt(&self, account: &str, external_id: &str) -> Result<Option<Receipt>, StoreError> {
        let row: Option<ReceiptRow> = on_reader!(self, pool => sqlx::query_as(sql::pages::RECEIPT)
            .bind(account).bind(external_id).fetch_optional(pool).await)
        .map_err(StoreError::query("receipt"))?;
        let Some((disposition, id, reference, _, reply_by, received_at, acknowledgement, channel, state)) =
            row
        else {
            return Ok(None);
        };
        let corrupt = |table, column| StoreError::Corrupt { table, column, row: id.unwrap_or_default() };
        let enquiry = match (id, reference, reply_by) {
            (Some(id), Some(reference), Some(reply_by)) => Some(ReceiptEnquiry {
                id: EnquiryId(id),
                reference: Reference::parse(&reference).ok_or(corrupt("enquiry", "reference"))?,
                reply_by: reply_by.parse().map_err(|_| corrupt("enquiry", "promised_reply_date"))?,
            }),
            _ => None,
        };
        let closed = match serde_json::from_str(&acknowledgement) {
            Ok(Acknowledgement::Send { promise, .. } | Acknowledgement::Suppressed { promise, .. }) => {
                promise.closed
            }
            _ => None,
        };
        let goes_out = state.is_some_and(|state| !matches!(state.as_str(), "suppressed" | "failed"));
        let acknowledged_by = match channel.as_deref() {
            Some("email") if goes_out => Some(Channel::Email),
            Some("sms") if goes_out => Some(Channel::Sms),
            _ => None,
        };
        Ok(Some(Receipt {
            disposition: Disposition::ALL
                .into_iter()
                .find(|one| one.as_str() == disposition)
                .ok_or(corrupt("message", "disposition"))?,
            enquiry,
            received_at: from_stored(received_at, "arrival", "received_at", 0)?,
            closed,
            acknowledged_by,
        }))
    }

    /// What the private page of an enquiry shows.
    ///
    /// # Errors
    /// When the database does not answer, or there is no such enquiry.
    pub async fn private_page(&self, enquiry: EnquiryId) -> Result<PrivatePage, StoreError> {
        let corrupt = |table, column| StoreError::Corrupt { table, column, row: enquiry.0 };
        let (reference, state, language, reply_by, began_at): (String, String, String, String, i64) =
            on_reader!(self, pool => sqlx::query_as(sql::pages::PAGE_ENQUIRY).bind(enquiry.0).fetch_one(pool).await)
                .map_err(StoreError::query("page_enquiry"))?;
        let written: Vec<(i64, i64, String, String)> =
            on_reader!(self, pool => sqlx::query_as(sql::pages::PAGE_WRITTEN).bind(enquiry.0).fetch_all(pool).await)
                .map_err(StoreError::query("page_written"))?;
        let answers: Vec<(i64, i64, String)> =
            on_reader!(self, pool => sqlx::query_as(sql::pages::PAGE_ANSWERS).bind(enquiry.0).fetch_all(pool).await)
                .map_err(StoreError::query("page_answers"))?;
        let mut entries = Vec::with_capacity(written.len() + answers.len());
        for (id, at, text, details) in written {
            let shown: Shown = serde_json::from_str(&details).unwrap_or_default();
            let file = |one: Attachment| (one.name.unwrap_or_default(), one.size);
            entries.push(Entry {
                ours: false,
                at: from_stored(at, "arrival", "received_at", id)?,
                text,
                files: shown.attachments.into_iter().map(file).collect(),
            });
        }
        for (id, at, text) in answers {
            entries.push(Entry {
                ours: true,
                at: from_stored(at, "outbox", "created_at", id)?,
                text,
                files: Vec::new(),
            });
        }
        entries.sort_by_key(|entry| entry.at);
        Ok(PrivatePage {
            reference: Reference::parse(&reference).ok_or(corrupt("enquiry", "reference"))?,
            state: State::parse(&state).ok_or(corrupt("enquiry", "state"))?,
            language,
            reply_by: reply_by.parse().map_err(|_| corrupt("enquiry", "promised_reply_date"))?,
            began_at: from_stored(began_at, "enquiry", "first_contact_at", enquiry.0)?,
            changes: self.promise_changes(enquiry).await?,
            entries,
            consents: self.consents(enquiry).await?,
        })
    }

    /// Says that the answers on a page were seen.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn private_page_seen(&self, enquiry: EnquiryId, now: Timestamp) -> Result<(), StoreError> {
        on_writer!(self, conn => sqlx::query(sql::pages::PAGE_SEEN)
            .bind(to_stored(now)).bind(enquiry.0).execute(conn).await.map(|_| ()))
        .map_err(StoreError::query("page_seen"))
    }

    /// Puts an answer on the private page, makes the link that is told with it, and queues the news; all or nothing.
    /// `false` when the same answer was given before.
    ///
    /// # Errors
    /// When the database does not answer, or there is no such enquiry.
    pub async fn page_reply(&self, reply: &NewPageReply<'_>, now: Timestamp) -> Result<bool, StoreError> {
        let mut tx = Transaction::begin(self).await?;
        tx.serialise_intake().await?;
        let given = page_reply_in(&mut tx, reply, now).await?;
        tx.commit().await?;
        Ok(given)
    }

    /// Queues a code; `false` when its address has had too many, or wants no texts. Whoever typed somebody else's address
    /// into many forms could otherwise have it written to without end.
    ///
    /// # Errors
    /// When the database does not answer, or there is no such enquiry.
    pub async fn code_queue(&self, new: &NewCode<'_>, now: Timestamp) -> Result<bool, StoreError> {
        let mut tx = Transaction::begin(self).await?;
        // Between two nodes, each could otherwise find room for the last one.
        tx.serialise_intake().await?;
        let key = clean(&new.recipient.key()).into_owned();
        let day_ago = to_stored(now - SignedDuration::from_hours(24));
        let (codes, segments, opted_out): (i64, i64, i64) =
            on_tx!(&mut tx, conn => sqlx::query_as(sql::pages::CODES_TO)
                .bind(&key).bind(&new.way.account).bind(day_ago).fetch_one(conn).await)
            .map_err(StoreError::query("codes_to"))?;
        let by_text = new.way.channel == Channel::Sms;
        if codes >= i64::from(new.most_to_one)
            || by_text && (opted_out > 0 || segments >= i64::from(new.most_segments))
        {
            return Ok(false);
        }
        let (reference, language) = enquiry_words(&mut tx, new.enquiry).await?;
        let is_text = new.way.channel == Channel::Sms;
        let mut later = Later::default();
        later.outbox.push(OutboxRow {
            unique_key: format!("code:{}", new.message_id),
            kind: "code",
            enquiry: new.enquiry.0,
            channel: new.way.channel.as_str(),
            account: new.way.account.clone(),
            sender: new.way.sender.clone().filter(|_| is_text),
            recipient_key: key,
            recipient: clean(new.recipient.as_str()).into_owned(),
            language,
            promise: None,
            body: Some(new.code.to_owned()),
            reference: reference.as_str().to_owned(),
            message_id: new.message_id.to_owned(),
            in_reply_to: None,
            refers_to: String::new(),
            reason: "Somebody wants to open the private page.".to_owned(),
            state: "queued",
            segments: if is_text { CODE_SEGMENTS } else { 0 },
            at: to_stored(now),
        });
        later.write(&mut tx).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Consent on an enquiry, oldest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn consents(&self, enquiry: EnquiryId) -> Result<Vec<Consent>, StoreError> {
        let rows: Vec<(i64, i64, String, Option<i64>)> =
            on_reader!(self, pool => sqlx::query_as(sql::pages::CONSENTS).bind(enquiry.0).fetch_all(pool).await)
                .map_err(StoreError::query("consents"))?;
        let at = |at| from_stored(at, "contact_consent", "given_at", enquiry.0);
        rows.into_iter()
            .map(|(area, given_at, how, withdrawn_at)| {
                let withdrawn_at = withdrawn_at.map(at).transpose()?;
                Ok(Consent { area: AreaId(area), given_at: at(given_at)?, how, withdrawn_at })
            })
            .collect()
    }

    /// Gives consent on the page; nothing when it is given already.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn consent_give(
        &self,
        enquiry: EnquiryId,
        area: AreaId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut tx = Transaction::begin(self).await?;
        // Two presses at once would otherwise both find none.
        tx.serialise_intake().await?;
        on_tx!(&mut tx, conn => sqlx::query(sql::pages::CONSENT_GIVE)
            .bind(enquiry.0).bind(area.0).bind(to_stored(now)).bind("page").execute(conn).await.map(|_| ()))
        .map_err(StoreError::query("consent_give"))?;
        tx.commit().await
    }

    /// Withdraws consent.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn consent_withdraw(
        &self,
        enquiry: EnquiryId,
        area: AreaId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        on_writer!(self, conn => sqlx::query(sql::pages::CONSENT_WITHDRAW)
            .bind(to_stored(now)).bind(enquiry.0).bind(area.0).execute(conn).await.map(|_| ()))
        .map_err(StoreError::query("consent_withdraw"))
    }

    /// Changes the promised date, and keeps the one before with the reason.
    ///
    /// # Errors
    /// When the database does not answer, or there is no such enquiry.
    pub async fn promise_change(
        &self,
        enquiry: EnquiryId,
        new: Date,
        reason: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut tx = Transaction::begin(self).await?;
        tx.serialise_intake().await?;
        let old: String = on_tx!(&mut tx, conn => sqlx::query_scalar(sql::pages::PROMISE_NOW)
            .bind(enquiry.0).fetch_one(conn).await)
        .map_err(StoreError::query("promise_now"))?;
        on_tx!(&mut tx, conn => sqlx::query(sql::pages::PROMISE_CHANGE)
            .bind(new.to_string()).bind(enquiry.0).execute(conn).await.map(|_| ()))
        .map_err(StoreError::query("promise_change"))?;
        on_tx!(&mut tx, conn => sqlx::query(sql::pages::PROMISE_NOTE)
            .bind(enquiry.0).bind(to_stored(now)).bind(&old).bind(new.to_string()).bind(clean(reason).as_ref())
            .execute(conn).await.map(|_| ()))
        .map_err(StoreError::query("promise_note"))?;
        tx.commit().await
    }

    /// The changes of an enquiry's promised date, oldest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn promise_changes(&self, enquiry: EnquiryId) -> Result<Vec<PromiseChange>, StoreError> {
        let rows: Vec<(i64, String, String, String)> =
            on_reader!(self, pool => sqlx::query_as(sql::pages::PROMISE_CHANGES).bind(enquiry.0).fetch_all(pool).await)
                .map_err(StoreError::query("promise_changes"))?;
        let date = |text: String, column| {
            text.parse().map_err(|_| StoreError::Corrupt { table: "promise_change", column, row: enquiry.0 })
        };
        rows.into_iter()
            .map(|(at, old, new, reason)| {
                Ok(PromiseChange {
                    at: from_stored(at, "promise_change", "at", enquiry.0)?,
                    old: date(old, "old")?,
                    new: date(new, "new")?,
                    reason,
                })
            })
            .collect()
    }
}

/// Who is told by text can answer by text.
fn tie(way: &AnswerWay, address: &Address, enquiry: EnquiryId) -> Option<TieRow> {
    matches!(address, Address::Phone(_)).then(|| TieRow {
        message_id: conversation_of(&way.account, &clean(&address.key())),
        enquiry: enquiry.0,
        ours: false,
    })
}

/// The same in a transaction that does more.
pub(super) async fn page_reply_in(
    tx: &mut Transaction,
    reply: &NewPageReply<'_>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let before: Option<i64> = on_tx!(tx, conn => sqlx::query_scalar(sql::OUTBOX_BY_KEY)
        .bind(format!("page:{}", reply.token)).fetch_optional(conn).await)
    .map_err(StoreError::query("outbox_by_key"))?;
    if before.is_some() {
        return Ok(false);
    }
    let (reference, language) = enquiry_words(tx, reply.enquiry).await?;
    if let Some((hash, _)) = reply.link {
        link_make(tx, reply.enquiry, hash, GivenBy::Reply, reply.links_until, now).await?;
    }
    on_tx!(tx, conn => sqlx::query(sql::pages::LINKS_EXTEND)
        .bind(to_stored(reply.links_until)).bind(reply.enquiry.0).bind(to_stored(now)).execute(conn).await.map(|_| ()))
    .map_err(StoreError::query("private_links_extend"))?;
    let row = |unique_key: String, kind, channel| OutboxRow {
        unique_key,
        kind,
        enquiry: reply.enquiry.0,
        channel,
        account: String::new(),
        sender: None,
        recipient_key: String::new(),
        recipient: String::new(),
        language: language.clone(),
        promise: None,
        body: None,
        reference: reference.as_str().to_owned(),
        message_id: reply.token.to_owned(),
        in_reply_to: None,
        refers_to: String::new(),
        reason: "The adviser wrote it.".to_owned(),
        state: "queued",
        segments: 0,
        at: to_stored(now),
    };
    let mut later = Later::default();
    later.outbox.push(OutboxRow {
        body: Some(clean(reply.body).into_owned()),
        // It is where it is read.
        state: "sent",
        ..row(format!("page:{}", reply.token), "reply", "web")
    });
    if let Some((way, address)) = reply.news {
        let is_text = way.channel == Channel::Sms;
        later.outbox.push(OutboxRow {
            account: way.account.clone(),
            sender: way.sender.clone().filter(|_| is_text),
            recipient_key: clean(&address.key()).into_owned(),
            recipient: clean(address.as_str()).into_owned(),
            body: reply.link.map(|(_, link)| link.to_owned()),
            message_id: format!("nyt.{}", reply.token),
            reason: "There is an answer on the private page.".to_owned(),
            segments: if is_text { NEWS_SEGMENTS } else { 0 },
            ..row(format!("news:{}", reply.token), "news", way.channel.as_str())
        });
        later.ties.extend(tie(way, address, reply.enquiry));
    }
    later.write(tx).await?;
    Ok(true)
}
