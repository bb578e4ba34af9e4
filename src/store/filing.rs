//! Files letters: raw bytes, arrival, message, enquiry, outbox row and mailbox cursor in one transaction.
//!
//! The unique (account, external id) makes a second delivery of the same message harmless, and the serialised intake
//! makes «is this a duplicate?» a question with one answer, also between nodes.

use indgang_channels::message::{
    Address, Attachment, Automatic, Bounce, Channel, Doubt, Fold, FormAnswers, Incoming, Language, Party,
    SenderCheck, Thread,
};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::arrive::{self, Arrived};
use super::conn::{Transaction, on_tx};
use super::cursor::{self, CursorStep};
use super::known::{Context, Knowledge, THREAD_ID_LENGTH, is_thread_id};
use super::later::{AddressRow, ContactRow, Later, MessageRow, OutboxRow, TieRow};
use super::letters::{Desk, Filed, Letter};
use super::{Store, StoreError, clean, sql, texts, to_stored};
use crate::domain::arrival::{ArrivalId, Disposition};
use crate::domain::enquiry::EnquiryId;
use crate::domain::promise::Promise;
use crate::domain::reference::Reference;
use crate::intake::texting::ACKNOWLEDGEMENT_SEGMENTS;
use crate::intake::{Acknowledgement, Routing};

/// About how many characters of a message the list keeps.
const SNIPPET: usize = 160;

/// What a letter's row keeps beside subject and text: everything that the reader found out.
#[derive(Serialize)]
struct Details<'a> {
    sender: &'a Option<Party>,
    reply_to: &'a [Party],
    recipients: &'a [Party],
    sent_at: Option<Timestamp>,
    folded: &'a [Fold],
    language: &'a Option<Language>,
    attachments: &'a [Attachment],
    thread: &'a Thread,
    automatic: &'a Option<Automatic>,
    bounce: &'a Option<Bounce>,
    sender_check: &'a SenderCheck,
    suppress_reply: &'a Option<String>,
    doubts: &'a [Doubt],
    #[serde(skip_serializing_if = "Option::is_none")]
    form: &'a Option<FormAnswers>,
    after_closing: bool,
}

impl Store {
    /// Files letters, all of them in one transaction, in order: a later one sees what an earlier one became.
    ///
    /// # Errors
    /// Then none of them is filed. When the error is not transient, the caller files them one by one, so that a
    /// letter that the database refuses costs only itself.
    pub async fn letters_file(
        &self,
        letters: &[Letter],
        desk: &dyn Desk,
        now: Timestamp,
    ) -> Result<Vec<Filed>, StoreError> {
        let mut tx = Transaction::begin(self).await?;
        tx.serialise_intake().await?;
        let mut group = Group::begin(&mut tx, desk, now).await?;
        let mut filed = Vec::with_capacity(letters.len());
        let (many, few) = letters.split_at(letters.len() - letters.len() % sql::ROWS);
        for some in many.chunks(sql::ROWS).chain(few.chunks(1)) {
            let arrived = arrive::arrive(&mut tx, some, to_stored(now)).await?;
            for (letter, arrived) in some.iter().zip(arrived) {
                filed.push(group.file(&mut tx, letter, arrived).await?);
            }
        }
        group.later.write(&mut tx).await?;
        cursors_advance(&mut tx, letters, now).await?;
        tx.commit().await?;
        Ok(filed)
    }
}

/// A group of letters while they are filed.
pub(super) struct Group<'a> {
    pub(super) desk: &'a dyn Desk,
    pub(super) now: Timestamp,
    pub(super) knowledge: Knowledge,
    pub(super) later: Later,
}

impl<'a> Group<'a> {
    async fn begin(tx: &mut Transaction, desk: &'a dyn Desk, now: Timestamp) -> Result<Self, StoreError> {
        let knowledge = Knowledge::gather(tx, desk.ceiling_all(), now).await?;
        Ok(Self { desk, now, knowledge, later: Later::default() })
    }

    async fn file(
        &mut self,
        tx: &mut Transaction,
        letter: &Letter,
        arrived: Arrived,
    ) -> Result<Filed, StoreError> {
        let incoming = &letter.incoming;
        let arrival = arrived.id;
        if arrived.redelivered {
            return Ok(Filed { arrival, redelivered: true, routing: None, reference: None });
        }
        let context = self.knowledge.context(tx, &mut self.later, incoming, &arrived).await?;
        let routing = self.desk.route(incoming, &context.known);
        let started = match &routing.acknowledgement {
            Acknowledgement::Send { promise, reason } => Some(
                self.enquiry_start(tx, incoming, arrival, &routing, &context, promise, reason, true).await?,
            ),
            Acknowledgement::Suppressed { promise, reason } => Some(
                self.enquiry_start(tx, incoming, arrival, &routing, &context, promise, reason, false).await?,
            ),
            Acknowledgement::NotDue { .. } => None,
        };
        let enquiry = started.as_ref().map(|(id, _)| *id).or(routing.enquiry);
        self.message_file(incoming, arrival, &routing, enquiry, context.known.duplicate_of);
        if let (Some(own), Some(enquiry)) = (&incoming.thread.message_id, enquiry)
            && matches!(routing.disposition, Disposition::Enquiry | Disposition::FollowUp)
        {
            match incoming.channel {
                // Ours, and no Message-ID that somebody chose.
                Channel::Web => {
                    self.later.ties.push(TieRow { message_id: own.clone(), enquiry: enquiry.0, ours: false });
                }
                _ => self.thread_tie(own, enquiry, false),
            }
        }
        if routing.disposition == Disposition::FollowUp
            && let Some(enquiry) = enquiry
        {
            self.enquiry_hears(tx, incoming, enquiry).await?;
        }
        if routing.disposition == Disposition::Bounce && routing.enquiry.is_some() {
            self.bounce_record(tx, incoming, &context).await?;
        }
        if incoming.channel == Channel::Sms {
            self.text_effects(tx, incoming, arrival, &routing, enquiry).await?;
        }
        let reference = started.map(|(_, reference)| reference);
        Ok(Filed { arrival, redelivered: false, routing: Some(routing), reference })
    }

    #[expect(clippy::too_many_arguments, reason = "one step of filing, named here only to be read apart")]
    pub(super) async fn enquiry_start(
        &mut self,
        tx: &mut Transaction,
        incoming: &Incoming,
        arrival: ArrivalId,
        routing: &Routing,
        context: &Context,
        promise: &Promise,
        reason: &str,
        send: bool,
    ) -> Result<(EnquiryId, Reference), StoreError> {
        let language = self.desk.language(incoming);
        let enquirer = self.enquirer(tx, incoming, context).await?;
        let (enquiry, reference) = loop {
            let reference = self.desk.draw_reference();
            let id: Option<i64> = on_tx!(tx, conn => sqlx::query_scalar(sql::ENQUIRY_START)
                .bind(reference.as_str()).bind(enquirer).bind(incoming.channel.as_str())
                .bind(&incoming.account).bind(arrival.0).bind(&language)
                .bind(to_stored(incoming.received_at)).bind(promise.reply_by.to_string())
                .bind(routing.after_closing).bind(clean(&incoming.subject).as_ref()).bind(snippet(incoming))
                .fetch_optional(conn).await)
            .map_err(StoreError::query("enquiry_start"))?;
            if let Some(id) = id {
                break (EnquiryId(id), reference);
            }
        };
        let message_id = self.desk.acknowledgement_id(&reference, incoming);
        let is_text = incoming.answer_channel() == Some(Channel::Sms);
        let segments = if is_text && send { ACKNOWLEDGEMENT_SEGMENTS } else { 0 };
        let row = OutboxRow {
            unique_key: format!("acknowledgement:{}", enquiry.0),
            kind: "acknowledgement",
            language,
            promise: Some(serde_json::to_string(promise).unwrap_or_default()),
            message_id: message_id.clone(),
            reason: reason.to_owned(),
            state: if send { "queued" } else { "suppressed" },
            segments,
            ..self.outbox_row(incoming, enquiry, &reference)
        };
        self.later.outbox.push(row);
        // Who is told by text can answer by text.
        let told_by_text = || match incoming.sender.as_ref().map(|sender| &sender.address) {
            Some(number @ Address::Phone(_)) if is_text && send => {
                Some(texts::conversation_of(incoming.answer_account(), &clean(&number.key())))
            }
            _ => None,
        };
        if let Some(conversation) = texts::conversation(incoming).or_else(told_by_text) {
            self.later.ties.push(TieRow { message_id: conversation, enquiry: enquiry.0, ours: false });
        }
        self.contacts_add(incoming, enquiry);
        if send && is_text {
            self.segments_reserve(incoming.answer_account(), segments);
        } else if send {
            self.knowledge.acknowledged_all = self.knowledge.acknowledged_all.saturating_add(1);
            self.thread_tie(&message_id, enquiry, true);
        }
        Ok((enquiry, reference))
    }

    /// An enquiry has heard from the citizen again: it is unread, and an answer is due.
    pub(super) async fn enquiry_hears(
        &self,
        tx: &mut Transaction,
        incoming: &Incoming,
        enquiry: EnquiryId,
    ) -> Result<(), StoreError> {
        let day_before = incoming.received_at - SignedDuration::from_hours(24);
        on_tx!(tx, conn => sqlx::query(sql::ENQUIRY_HEARS)
            .bind(to_stored(incoming.received_at)).bind(snippet(incoming))
            .bind(self.desk.reply_by(incoming.received_at).to_string()).bind(enquiry.0)
            .bind(to_stored(day_before)).execute(conn).await.map(|_| ()))
        .map_err(StoreError::query("enquiry_hears"))
    }

    /// Addresses that were typed into the form belong to this enquiry alone.
    fn contacts_add(&mut self, incoming: &Incoming, enquiry: EnquiryId) {
        for address in incoming.form.iter().flat_map(|form| &form.contacts) {
            self.later.contacts.push(ContactRow {
                enquiry: enquiry.0,
                kind: address.kind(),
                key: clean(&address.key()).into_owned(),
                address: clean(address.as_str()).into_owned(),
            });
        }
    }

    /// What any answer to `incoming` has in common; to nobody when it names no sender.
    pub(super) fn outbox_row(
        &self,
        incoming: &Incoming,
        enquiry: EnquiryId,
        reference: &Reference,
    ) -> OutboxRow {
        let recipient = incoming.sender.as_ref().map(|sender| &sender.address);
        let (in_reply_to, refers_to) = match incoming.channel {
            // What a form is known by is nobody's Message-ID.
            Channel::Web => (None, String::new()),
            _ => lineage(&incoming.thread),
        };
        let by_text = incoming.answer_channel() == Some(Channel::Sms);
        let sender = incoming.answer_sender().filter(|_| by_text);
        OutboxRow {
            unique_key: String::new(),
            kind: "",
            enquiry: enquiry.0,
            channel: incoming.answer_channel().unwrap_or(incoming.channel).as_str(),
            account: incoming.answer_account().to_owned(),
            sender: sender.map(|number| clean(number).into_owned()),
            recipient_key: recipient.map(|one| clean(&one.key()).into_owned()).unwrap_or_default(),
            recipient: recipient.map(|one| clean(one.as_str()).into_owned()).unwrap_or_default(),
            language: String::new(),
            promise: None,
            body: None,
            reference: reference.as_str().to_owned(),
            message_id: String::new(),
            in_reply_to,
            refers_to,
            reason: String::new(),
            state: "queued",
            segments: 0,
            at: to_stored(self.now),
        }
    }

    async fn enquirer(
        &mut self,
        tx: &mut Transaction,
        incoming: &Incoming,
        context: &Context,
    ) -> Result<i64, StoreError> {
        if let Some(id) = context.enquirer {
            return Ok(id);
        }
        let address = incoming.sender.as_ref().map(|sender| &sender.address);
        // Who gives no address in the form may give a name all the same.
        let named = incoming.sender.as_ref().and_then(|sender| sender.name.as_deref());
        let name = named.or_else(|| incoming.form.as_ref()?.name.as_deref()).map(clean);
        let id: i64 = on_tx!(tx, conn => sqlx::query_scalar(sql::ENQUIRER_MAKE)
            .bind(name.as_deref()).bind(to_stored(self.now)).fetch_one(conn).await)
        .map_err(StoreError::query("enquirer_make"))?;
        if let Some(address) = address {
            let key = clean(&address.key()).into_owned();
            self.knowledge.made.insert(key.clone());
            self.later.addresses.push(AddressRow {
                enquirer: id,
                kind: address.kind(),
                key,
                address: clean(address.as_str()).into_owned(),
            });
        }
        Ok(id)
    }

    pub(super) fn message_file(
        &mut self,
        incoming: &Incoming,
        arrival: ArrivalId,
        routing: &Routing,
        enquiry: Option<EnquiryId>,
        duplicate_of: Option<ArrivalId>,
    ) {
        let details = Details {
            sender: &incoming.sender,
            reply_to: &incoming.reply_to,
            recipients: &incoming.recipients,
            sent_at: incoming.sent_at,
            folded: &incoming.folded,
            language: &incoming.language,
            attachments: &incoming.attachments,
            thread: &incoming.thread,
            automatic: &incoming.automatic,
            bounce: &incoming.bounce,
            sender_check: &incoming.sender_check,
            suppress_reply: &incoming.suppress_reply,
            doubts: &incoming.doubts,
            form: &incoming.form,
            after_closing: routing.after_closing,
        };
        // JSON writes a NUL as an escape, so only the two plain texts need cleaning.
        let details = serde_json::to_string(&details).unwrap_or_default();
        let offers = serde_json::to_string(&routing.offers).unwrap_or_default();
        let acknowledgement = serde_json::to_string(&routing.acknowledgement).unwrap_or_default();
        self.later.messages.push(MessageRow {
            arrival: arrival.0,
            disposition: routing.disposition.as_str(),
            reason: routing.reason.clone(),
            acknowledgement,
            enquiry: enquiry.map(|id| id.0),
            duplicate_of: duplicate_of.map(|id| id.0),
            offers,
            subject: clean(&incoming.subject).into_owned(),
            text: clean(&incoming.text).into_owned(),
            details,
        });
    }

    fn thread_tie(&mut self, message_id: &str, enquiry: EnquiryId, ours: bool) {
        if is_thread_id(message_id) {
            let message_id = clean(message_id).into_owned();
            self.later.ties.push(TieRow { message_id, enquiry: enquiry.0, ours });
        }
    }

    /// Marks the letter of ours that came back, and the address when trying again is pointless.
    async fn bounce_record(
        &self,
        tx: &mut Transaction,
        incoming: &Incoming,
        context: &Context,
    ) -> Result<(), StoreError> {
        let (Some(bounce), Some((outbox, recipient))) = (&incoming.bounce, &context.bounced_outbox) else {
            return Ok(());
        };
        let failed = bounce
            .recipients
            .iter()
            .find(|failed| failed.address.to_lowercase() == *recipient)
            .or(bounce.recipients.first());
        let status = failed.and_then(|failed| failed.status.as_deref());
        on_tx!(tx, conn => sqlx::query(sql::OUTBOX_BOUNCED)
            .bind(to_stored(self.now)).bind(status.map(clean).as_deref()).bind(outbox)
            .execute(conn).await.map(|_| ()))
        .map_err(StoreError::query("outbox_bounced"))?;
        if failed.is_some_and(|failed| failed.permanent) {
            on_tx!(tx, conn => sqlx::query(sql::ENQUIRER_ADDRESS_UNDELIVERABLE)
                .bind(to_stored(self.now)).bind(status.map(clean).as_deref()).bind(recipient)
                .execute(conn).await.map(|_| ()))
            .map_err(StoreError::query("enquirer_address_undeliverable"))?;
            on_tx!(tx, conn => sqlx::query(sql::pages::CONTACT_UNDELIVERABLE)
                .bind(to_stored(self.now)).bind(recipient).execute(conn).await.map(|_| ()))
            .map_err(StoreError::query("contact_undeliverable"))?;
        }
        Ok(())
    }
}

/// The beginning of what is visible, on one line: what the list shows beside the subject.
pub(super) fn snippet(incoming: &Incoming) -> String {
    let visible = incoming.reply_text();
    let mut snippet = String::with_capacity(SNIPPET * 2);
    let mut length = 0;
    for word in visible.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()) {
        if length >= SNIPPET {
            break;
        }
        if length > 0 {
            snippet.push(' ');
        }
        snippet.extend(word.chars().take(SNIPPET));
        length += word.chars().count() + 1;
    }
    snippet
}

/// In-Reply-To and References of an answer (RFC 5322 section 3.6.4): the parent's References, then its Message-ID.
pub(super) fn lineage(thread: &Thread) -> (Option<String>, String) {
    let own = thread.message_id.as_deref().filter(|id| id.len() <= THREAD_ID_LENGTH).map(clean);
    let mut references: Vec<String> = thread.references.iter().map(|id| clean(id).into_owned()).collect();
    if references.is_empty() && thread.in_reply_to.len() == 1 {
        references = thread.in_reply_to.iter().map(|id| clean(id).into_owned()).collect();
    }
    references.extend(own.iter().map(|id| id.to_string()));
    // Long threads: the first and the newest are what clients thread by.
    if references.len() > 20 {
        references.drain(1..references.len() - 19);
    }
    (own.map(std::borrow::Cow::into_owned), references.join(" "))
}

/// Advances each folder's cursor once, to the highest UID of the group.
async fn cursors_advance(tx: &mut Transaction, letters: &[Letter], now: Timestamp) -> Result<(), StoreError> {
    let mut highest: Vec<(&str, &CursorStep)> = Vec::new();
    for letter in letters {
        let Some(step) = &letter.cursor else { continue };
        let account = letter.incoming.account.as_str();
        match highest
            .iter_mut()
            .find(|(a, s)| *a == account && s.folder == step.folder && s.uid_validity == step.uid_validity)
        {
            Some(entry) if entry.1.uid < step.uid => entry.1 = step,
            Some(_) => {}
            None => highest.push((account, step)),
        }
    }
    for (account, step) in highest {
        cursor::advance(tx, account, step, now).await?;
    }
    Ok(())
}
