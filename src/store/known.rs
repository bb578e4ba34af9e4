//! What the store knows that bears on one letter. Only what can bear on it is asked for: a first letter costs nothing
//! here.

use std::collections::{HashMap, HashSet};

use indgang_channels::message::{Address, Channel, Incoming, Party};
use jiff::{SignedDuration, Timestamp};

use super::arrive::Arrived;
use super::conn::{Transaction, on_tx};
use super::later::Later;
use super::{StoreError, clean, sql, texts, to_stored};
use crate::domain::enquiry::{EnquiryId, State};
use crate::domain::reference::Reference;
use crate::intake::texting::Texting;
use crate::intake::{Known, KnownEnquiry};

/// Longest Message-ID that is kept as a thread identifier, in bytes: RFC 5322 lines end at 998, and an index entry
/// of PostgreSQL at 2,700.
pub(super) const THREAD_ID_LENGTH: usize = 998;

/// What is known, and what filing needs beside it.
pub(super) struct Context {
    pub(super) known: Known,
    pub(super) enquirer: Option<i64>,
    pub(super) bounced_outbox: Option<(i64, String)>,
}

/// What holds for a whole group of letters, and is counted on while they are filed.
pub(super) struct Knowledge {
    now: Timestamp,
    day_ago: i64,
    blocks: Vec<(String, String)>,
    /// Acknowledgements in all in the last 24 hours, those of this group among them.
    pub(super) acknowledged_all: u32,
    /// Keys of the addresses that the group itself has made enquirers for.
    pub(super) made: HashSet<String>,
    /// Segments that each account's automatic texts have reserved in the last 24 hours, those of this group among
    /// them; for accounts that have been asked about.
    pub(super) segments: HashMap<String, u32>,
}

impl Knowledge {
    /// Asks what holds for every letter of a group. `ceiling` is how far acknowledgements are worth counting.
    pub(super) async fn gather(
        tx: &mut Transaction,
        ceiling: u32,
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        let day_ago = to_stored(now - SignedDuration::from_hours(24));
        let blocks: Vec<(String, String)> = on_tx!(tx, conn => sqlx::query_as(sql::KNOWN_BLOCKS)
            .bind(to_stored(now)).fetch_all(conn).await)
        .map_err(StoreError::query("known_blocks"))?;
        let all: i64 = on_tx!(tx, conn => sqlx::query_scalar(sql::KNOWN_ACKNOWLEDGED_ALL)
            .bind(day_ago).bind(i64::from(ceiling)).fetch_one(conn).await)
        .map_err(StoreError::query("known_acknowledged_all"))?;
        let acknowledged_all = u32::try_from(all).unwrap_or(u32::MAX);
        let (made, segments) = (HashSet::new(), HashMap::new());
        Ok(Self { now, day_ago, blocks, acknowledged_all, made, segments })
    }

    /// Fetches what bears on this letter. Only what can bear on it is asked for: a first letter costs one question.
    pub(super) async fn context(
        &mut self,
        tx: &mut Transaction,
        later: &mut Later,
        incoming: &Incoming,
        arrived: &Arrived,
    ) -> Result<Context, StoreError> {
        let mut known = Known {
            duplicate_of: arrived.duplicate_of,
            acknowledged_all: self.acknowledged_all,
            ..Known::default()
        };
        let mut enquirer = None;
        let mut met = false;
        if let Some(sender) = &incoming.sender {
            let key = sender.address.key();
            known.blocked =
                self.blocks.iter().find(|(address, _)| *address == key).map(|(_, reason)| reason.clone());
            met = arrived.sender_known || self.made.contains(clean(&key).as_ref());
            if met {
                enquirer = self.known_of_sender(tx, later, sender, &mut known).await?;
            }
        }
        if incoming.answer_channel() == Some(Channel::Sms) {
            known.texting = self.known_texting(tx, later, incoming, arrived, enquirer.is_some()).await?;
        }
        // A conversation begins with an enquirer.
        if met || incoming.channel != Channel::Sms {
            known.threads = self.known_threads(tx, later, incoming).await?;
        }
        known.quoted = self.known_quoted(tx, later, incoming).await?;
        let bounced_outbox = self.known_bounced(tx, later, incoming, &mut known).await?;
        Ok(Context { known, enquirer, bounced_outbox })
    }

    /// The sender's enquiries, and how many acknowledgements they were sent; gives back who they are.
    async fn known_of_sender(
        &self,
        tx: &mut Transaction,
        later: &mut Later,
        sender: &Party,
        known: &mut Known,
    ) -> Result<Option<i64>, StoreError> {
        let key = sender.address.key();
        if self.made.contains(clean(&key).as_ref()) {
            later.write(tx).await?;
        }
        let rows: Vec<SenderRow> = on_tx!(tx, conn => sqlx::query_as(sql::KNOWN_OF_SENDER)
            .bind(sender.address.kind()).bind(clean(&key).as_ref()).fetch_all(conn).await)
        .map_err(StoreError::query("known_of_sender"))?;
        let enquirer = rows.first().map(|row| row.0);
        known.of_sender = known_enquiries(rows.into_iter().filter_map(|row| {
            let (enquirer, id, reference, state, address) = row;
            Some((id?, reference?, state?, enquirer, address))
        }))?;
        if !known.of_sender.is_empty() {
            later.write(tx).await?;
            let count: i64 = on_tx!(tx, conn => sqlx::query_scalar(sql::KNOWN_ACKNOWLEDGED_SENDER)
                .bind(clean(&key).as_ref()).bind(self.day_ago).fetch_one(conn).await)
            .map_err(StoreError::query("known_acknowledged_sender"))?;
            known.acknowledged_sender = u32::try_from(count).unwrap_or(u32::MAX);
        }
        Ok(enquirer)
    }

    async fn known_threads(
        &self,
        tx: &mut Transaction,
        later: &mut Later,
        incoming: &Incoming,
    ) -> Result<Vec<KnownEnquiry>, StoreError> {
        // The newest ancestors come last in References, and In-Reply-To is the newest of all.
        let thread = &incoming.thread;
        let conversation = texts::conversation(incoming);
        let mut ids: Vec<&str> = conversation.iter().map(String::as_str).collect();
        for id in thread.in_reply_to.iter().chain(thread.references.iter().rev()) {
            // A letter may name any Message-ID; what the form and the pages are known by, only they can name.
            let is_ours = incoming.channel == Channel::Web && texts::is_reserved(id);
            let fits = ids.len() < sql::THREAD_IDS && (is_thread_id(id) || is_ours);
            if fits && !ids.contains(&id.as_str()) {
                ids.push(id);
            }
        }
        let Some(last) = ids.last().copied() else { return Ok(Vec::new()) };
        later.write(tx).await?;
        let rows = on_tx!(tx, conn => {
            let mut query = sqlx::query_as(sql::KNOWN_THREADS);
            for index in 0..sql::THREAD_IDS {
                query = query.bind(clean(ids.get(index).copied().unwrap_or(last)).into_owned());
            }
            query.fetch_all(conn).await
        })
        .map_err(StoreError::query("known_threads"))?;
        known_enquiries(rows)
    }

    async fn known_quoted(
        &self,
        tx: &mut Transaction,
        later: &mut Later,
        incoming: &Incoming,
    ) -> Result<Vec<KnownEnquiry>, StoreError> {
        let mut found = Reference::find_all(&incoming.subject);
        for reference in Reference::find_all(&incoming.text) {
            if !found.contains(&reference) {
                found.push(reference);
            }
        }
        found.truncate(sql::QUOTED);
        let Some(last) = found.last() else { return Ok(Vec::new()) };
        later.write(tx).await?;
        let rows = on_tx!(tx, conn => {
            let mut query = sqlx::query_as(sql::KNOWN_QUOTED);
            for index in 0..sql::QUOTED {
                query = query.bind(found.get(index).unwrap_or(last).as_str());
            }
            query.fetch_all(conn).await
        })
        .map_err(StoreError::query("known_quoted"))?;
        known_enquiries(rows)
    }

    /// What bears on answering a number by a text. Nobody was sent a text who never wrote.
    async fn known_texting(
        &mut self,
        tx: &mut Transaction,
        later: &mut Later,
        incoming: &Incoming,
        arrived: &Arrived,
        has_written: bool,
    ) -> Result<Option<Texting>, StoreError> {
        let Some(Party { address: address @ Address::Phone(_), .. }) = &incoming.sender else {
            return Ok(None);
        };
        let (account, key) = (incoming.answer_account(), clean(&address.key()).into_owned());
        if self.made.contains(&key) {
            later.write(tx).await?;
        }
        let ago = |duration| to_stored(self.now - duration);
        let (opted_out, paused, shared, lately, day, month): (i64, i64, i64, i64, i64, i64) =
            on_tx!(tx, conn => sqlx::query_as(sql::KNOWN_TEXTING)
                .bind(account).bind(&key).bind(to_stored(self.now)).bind(ago(SignedDuration::from_mins(10)))
                .bind(self.day_ago).bind(ago(SignedDuration::from_hours(30 * 24))).bind(arrived.id.0)
                .fetch_one(conn).await)
            .map_err(StoreError::query("known_texting"))?;
        let segments_all = match self.segments.get(account) {
            Some(segments) => *segments,
            None => {
                let all: i64 = on_tx!(tx, conn => sqlx::query_scalar(sql::KNOWN_SEGMENTS)
                    .bind(self.day_ago).bind(account).fetch_one(conn).await)
                .map_err(StoreError::query("known_segments"))?;
                *self.segments.entry(account.to_owned()).or_insert(count(all))
            }
        };
        let sent: Vec<String> = match has_written {
            false => Vec::new(),
            true => on_tx!(tx, conn => sqlx::query_scalar(sql::KNOWN_SENT_TEXTS)
                .bind(&key).bind(ago(SignedDuration::from_hours(7 * 24))).fetch_all(conn).await)
            .map_err(StoreError::query("known_sent_texts"))?,
        };
        Ok(Some(Texting {
            opted_out: opted_out > 0,
            paused: paused > 0,
            shared: shared > 0,
            lately: count(lately),
            segments_day: count(day),
            segments_month: count(month),
            segments_all,
            sent,
        }))
    }

    async fn known_bounced(
        &self,
        tx: &mut Transaction,
        later: &mut Later,
        incoming: &Incoming,
        known: &mut Known,
    ) -> Result<Option<(i64, String)>, StoreError> {
        let Some(original) =
            incoming.bounce.as_ref().and_then(|bounce| bounce.original_message_id.as_deref())
        else {
            return Ok(None);
        };
        later.write(tx).await?;
        let row: Option<(i64, i64, String)> = on_tx!(tx, conn => sqlx::query_as(sql::KNOWN_BOUNCED)
            .bind(clean(original).as_ref()).fetch_optional(conn).await)
        .map_err(StoreError::query("known_bounced"))?;
        known.bounced = row.as_ref().map(|(_, enquiry, _)| EnquiryId(*enquiry));
        Ok(row.map(|(id, _, recipient)| (id, recipient)))
    }
}

/// Whether a Message-ID can be kept as a thread identifier, and is none of our own in disguise.
pub(super) fn is_thread_id(id: &str) -> bool {
    id.len() <= THREAD_ID_LENGTH && !texts::is_reserved(id)
}

fn count(number: i64) -> u32 {
    u32::try_from(number).unwrap_or(if number < 0 { 0 } else { u32::MAX })
}

/// One line of a look-up of enquiries: id, reference, state, enquirer, address.
type KnownRow = (i64, String, String, i64, Option<String>);

/// The same for a sender: enquirer, id, reference, state, address.
type SenderRow = (i64, Option<i64>, Option<String>, Option<String>, Option<String>);

/// Gathers the lines of one enquiry, which stand together, into one.
fn known_enquiries(rows: impl IntoIterator<Item = KnownRow>) -> Result<Vec<KnownEnquiry>, StoreError> {
    let mut enquiries: Vec<KnownEnquiry> = Vec::new();
    for (id, reference, state, _, address) in rows {
        match enquiries.last_mut() {
            Some(last) if last.id.0 == id => last.addresses.extend(address),
            _ => enquiries.push(KnownEnquiry {
                id: EnquiryId(id),
                reference: Reference::parse(&reference).ok_or(StoreError::Corrupt {
                    table: "enquiry",
                    column: "reference",
                    row: id,
                })?,
                state: State::parse(&state).ok_or(StoreError::Corrupt {
                    table: "enquiry",
                    column: "state",
                    row: id,
                })?,
                addresses: address.into_iter().collect(),
            }),
        }
    }
    Ok(enquiries)
}
