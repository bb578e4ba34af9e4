//! The first half of filing, for several letters at once: who was here before, then bytes and arrivals.
//!
//! What a letter is does not matter yet, so nothing here depends on what an earlier letter of the group became; only
//! on whether it is the same letter, and that is told from the letters themselves.

use std::collections::{HashMap, HashSet};

use indgang_channels::message::Channel;
use sha2::{Digest, Sha256};

use super::conn::{Transaction, on_tx};
use super::letters::Letter;
use super::sql::{self, ROWS};
use super::{StoreError, clean, to_stored};
use crate::domain::arrival::ArrivalId;

/// What is known of a letter once it is recorded.
#[derive(Clone, Copy, Debug)]
pub(super) struct Arrived {
    /// Its arrival: the earlier one when it was only delivered again.
    pub(super) id: ArrivalId,
    /// It had been filed before.
    pub(super) redelivered: bool,
    /// The first arrival of the same letter by another path.
    pub(super) duplicate_of: Option<ArrivalId>,
    /// The sender's address may be known from before this group. When not, nobody need be asked for it.
    pub(super) sender_known: bool,
}

/// Who was here before: place, the same delivery, the same bytes, the same content.
type TwinRow = (i64, Option<i64>, Option<i64>, Option<i64>);

/// One letter and its keys.
struct Candidate<'a> {
    letter: &'a Letter,
    external_id: String,
    hash: [u8; 32],
    sender: (&'static str, String),
}

/// Where a letter was found again.
#[derive(Clone, Copy)]
enum Found {
    /// In the database.
    Stored(i64),
    /// Earlier among the same letters.
    Beside(usize),
}

/// Records the arrivals of one letter, or of [`ROWS`].
///
/// # Errors
/// When the database refuses; the transaction is then void.
pub(super) async fn arrive(
    tx: &mut Transaction,
    letters: &[Letter],
    now: i64,
) -> Result<Vec<Arrived>, StoreError> {
    let candidates: Vec<Candidate<'_>> = letters.iter().map(Candidate::of).collect();
    let stored = twins(tx, &candidates).await?;
    let mut again: Vec<Option<Found>> = Vec::with_capacity(candidates.len());
    let mut twin: Vec<Option<Found>> = Vec::with_capacity(candidates.len());
    for (place, candidate) in candidates.iter().enumerate() {
        let (same, alike) = stored.get(&place).copied().unwrap_or_default();
        // What was only delivered again left no row of its own to be a twin of.
        let beside = |is: &dyn Fn(&Candidate<'_>) -> bool| {
            (0..place).find(|&other| again[other].is_none() && is(&candidates[other])).map(Found::Beside)
        };
        let delivered_again =
            same.map(Found::Stored).or_else(|| beside(&|other| candidate.is_same_delivery(other)));
        // Whatever is stored came earlier than whatever is filed now.
        let found = alike.map(Found::Stored).or_else(|| beside(&|other| candidate.is_same_letter(other)));
        again.push(delivered_again);
        twin.push(found);
    }
    let fresh: Vec<&Candidate<'_>> =
        candidates.iter().zip(&again).filter(|(_, again)| again.is_none()).map(|(one, _)| one).collect();
    let ids = record(tx, &fresh, now).await?;
    let senders = senders(tx, &candidates).await?;
    let own = |candidate: &Candidate<'_>| ids.get(&candidate.delivery()).copied();
    let resolve = |found: Found| match found {
        Found::Stored(id) => Some(id),
        Found::Beside(other) => own(&candidates[other]),
    };
    let arrived = candidates.iter().enumerate().map(|(place, candidate)| {
        let id = again[place].map_or_else(|| own(candidate), resolve);
        Ok(Arrived {
            // The database says so for every row that it takes, or takes none.
            id: ArrivalId(id.ok_or_else(|| StoreError::query("arrival_record")(sqlx::Error::RowNotFound))?),
            redelivered: again[place].is_some(),
            duplicate_of: twin[place].and_then(resolve).map(ArrivalId),
            sender_known: senders.contains(&place),
        })
    });
    arrived.collect()
}

impl<'a> Candidate<'a> {
    fn of(letter: &'a Letter) -> Self {
        let incoming = &letter.incoming;
        let sender = incoming.sender.as_ref().map(|sender| &sender.address);
        Self {
            letter,
            external_id: clean(&incoming.external_id.0).into_owned(),
            hash: Sha256::digest(&letter.raw).into(),
            sender: sender
                .map(|address| (address.kind(), clean(&address.key()).into_owned()))
                .unwrap_or_default(),
        }
    }

    /// The number that a text came from: how many came from it lately will be asked. Nobody asks it of letters.
    fn texter(&self) -> Option<&str> {
        let is_text = self.letter.incoming.channel == Channel::Sms && self.sender.0 == "phone";
        is_text.then_some(self.sender.1.as_str())
    }

    fn delivery(&self) -> (String, String) {
        (self.letter.incoming.account.clone(), self.external_id.clone())
    }

    fn is_same_delivery(&self, other: &Self) -> bool {
        self.letter.incoming.account == other.letter.incoming.account && self.external_id == other.external_id
    }

    /// Two citizens may write the same word, and one may ask the same twice: what was typed into a form is told apart by its
    /// form alone, which is the same delivery or another message.
    fn has_twins(&self) -> bool {
        self.letter.incoming.channel != Channel::Web
    }

    fn is_same_letter(&self, other: &Self) -> bool {
        self.has_twins() && other.has_twins() && self.is_alike(other)
    }

    fn is_alike(&self, other: &Self) -> bool {
        self.hash == other.hash || self.letter.incoming.fingerprint == other.letter.incoming.fingerprint
    }
}

fn place(index: usize) -> i64 {
    i64::try_from(index).unwrap_or(i64::MAX)
}

/// What the database knows of each: the same delivery, and the first of the same letter.
async fn twins(
    tx: &mut Transaction,
    candidates: &[Candidate<'_>],
) -> Result<HashMap<usize, (Option<i64>, Option<i64>)>, StoreError> {
    let text = text(&sql::ARRIVAL_TWINS, candidates.len());
    let rows: Vec<TwinRow> = on_tx!(tx, conn => {
        let mut query = sqlx::query_as(text);
        for (index, candidate) in candidates.iter().enumerate() {
            let incoming = &candidate.letter.incoming;
            // No letter has the hash of nothing at all.
            let (hash, fingerprint): (&[u8], &[u8]) = match candidate.has_twins() {
                true => (&candidate.hash, &incoming.fingerprint),
                false => (&[], &[]),
            };
            query = query.bind(place(index)).bind(&incoming.account).bind(&candidate.external_id)
                .bind(hash).bind(fingerprint);
        }
        query.fetch_all(conn).await
    })
    .map_err(StoreError::query("arrival_twins"))?;
    let first = |hash: Option<i64>, content: Option<i64>| hash.into_iter().chain(content).min();
    Ok(rows
        .into_iter()
        .filter_map(|(index, same, hash, content)| {
            Some((usize::try_from(index).ok()?, (same, first(hash, content))))
        })
        .collect())
}

/// Keeps the bytes and writes the arrivals; gives back their numbers by account and external id.
async fn record(
    tx: &mut Transaction,
    fresh: &[&Candidate<'_>],
    now: i64,
) -> Result<HashMap<(String, String), i64>, StoreError> {
    let mut ids = HashMap::with_capacity(fresh.len());
    let (many, few) = fresh.split_at(if fresh.len() == ROWS { ROWS } else { 0 });
    for rows in many.chunks(ROWS).chain(few.chunks(1)) {
        let (keep, record) = (text(&sql::RAW_KEEP, rows.len()), text(&sql::ARRIVAL_RECORD, rows.len()));
        on_tx!(tx, conn => {
            let mut query = sqlx::query(keep);
            for row in rows {
                let size = i64::try_from(row.letter.raw.len()).unwrap_or(i64::MAX);
                query = query.bind(&row.hash[..]).bind(size).bind(&row.letter.raw).bind(now);
            }
            query.execute(conn).await.map(|_| ())
        })
        .map_err(StoreError::query("raw_keep"))?;
        let recorded: Vec<(i64, String, String)> = on_tx!(tx, conn => {
            let mut query = sqlx::query_as(record);
            for row in rows {
                let incoming = &row.letter.incoming;
                query = query.bind(&incoming.account).bind(&row.external_id).bind(incoming.channel.as_str())
                    .bind(&row.hash[..]).bind(&incoming.fingerprint[..]).bind(to_stored(incoming.received_at))
                    .bind(now).bind(row.texter());
            }
            query.fetch_all(conn).await
        })
        .map_err(StoreError::query("arrival_record"))?;
        ids.extend(recorded.into_iter().map(|(id, account, external_id)| ((account, external_id), id)));
    }
    Ok(ids)
}

/// Which of the letters have a sender whose address is in the database.
async fn senders(tx: &mut Transaction, candidates: &[Candidate<'_>]) -> Result<HashSet<usize>, StoreError> {
    // A lone letter's sender is asked for anyway, and then with everything that there is.
    if candidates.len() < ROWS {
        return Ok((0..candidates.len()).collect());
    }
    let rows: Vec<i64> = on_tx!(tx, conn => {
        let mut query = sqlx::query_scalar(sql::KNOWN_SENDERS.many());
        for (index, candidate) in candidates.iter().enumerate() {
            let (kind, key) = &candidate.sender;
            query = query.bind(place(index)).bind(*kind).bind(key).bind(*kind).bind(key);
        }
        query.fetch_all(conn).await
    })
    .map_err(StoreError::query("known_senders"))?;
    Ok(rows.into_iter().filter_map(|index| usize::try_from(index).ok()).collect())
}

/// The statement's text for one row or for [`ROWS`]; nobody asks for another number.
fn text(statement: &'static sql::Rows, rows: usize) -> &'static str {
    if rows == ROWS { statement.many() } else { statement.one() }
}
