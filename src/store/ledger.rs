//! The ledger: received = the sum of dispositions, at any time, and every due acknowledgement accounted for.
//!
//! Counts what is stored. Receipts (`arrival`), outcomes (`message`), enquiries and outbox rows are counted apart,
//! so that a row that is missing in one of them shows.

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::conn::{Snapshot, on_reader, on_snapshot};
use super::{Store, StoreError, sql};
use crate::domain::arrival::Disposition;

/// The ledger as it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Ledger {
    /// Arrivals in all.
    pub received: u64,
    /// What they became.
    pub dispositions: Dispositions,
    /// What became of the acknowledgements.
    pub acknowledgements: Acknowledgements,
    /// Parts of texts that wait for the rest of their text: not received yet, and not lost.
    pub parts_waiting: u64,
    /// What does not add up, in words; empty when everything does.
    pub mistakes: Vec<String>,
}

/// Arrivals by disposition.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Dispositions {
    /// Started an enquiry.
    pub enquiry: u64,
    /// Joined one.
    pub follow_up: u64,
    /// Written by a machine.
    pub automatic: u64,
    /// A letter of ours that came back.
    pub bounce: u64,
    /// The same letter again.
    pub duplicate: u64,
    /// From a blocked sender.
    pub blocked: u64,
    /// Waits for a person.
    pub hold: u64,
}

impl Dispositions {
    /// The count of one disposition.
    pub fn get(&self, disposition: Disposition) -> u64 {
        match disposition {
            Disposition::Enquiry => self.enquiry,
            Disposition::FollowUp => self.follow_up,
            Disposition::Automatic => self.automatic,
            Disposition::Bounce => self.bounce,
            Disposition::Duplicate => self.duplicate,
            Disposition::Blocked => self.blocked,
            Disposition::Hold => self.hold,
        }
    }

    fn set(&mut self, disposition: Disposition, count: u64) {
        *match disposition {
            Disposition::Enquiry => &mut self.enquiry,
            Disposition::FollowUp => &mut self.follow_up,
            Disposition::Automatic => &mut self.automatic,
            Disposition::Bounce => &mut self.bounce,
            Disposition::Duplicate => &mut self.duplicate,
            Disposition::Blocked => &mut self.blocked,
            Disposition::Hold => &mut self.hold,
        } = count;
    }

    /// All of them together.
    pub fn sum(&self) -> u64 {
        Disposition::ALL.into_iter().map(|one| self.get(one)).sum()
    }
}

/// Acknowledgements by state.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Acknowledgements {
    /// Waiting to be sent, or being sent.
    pub queued: u64,
    /// Accepted by the next server.
    pub sent: u64,
    /// Given up.
    pub failed: u64,
    /// Never due to go out, with a recorded reason.
    pub suppressed: u64,
    /// Nobody knows whether they went out, and a person must look.
    pub unknown: u64,
}

impl Acknowledgements {
    /// All of them together.
    pub fn sum(&self) -> u64 {
        self.queued + self.sent + self.failed + self.suppressed + self.unknown
    }
}

impl Store {
    /// Adds everything up. `verify` also reads every kept letter and compares it with its hash.
    ///
    /// # Errors
    /// When the database does not answer. A ledger that does not add up is no error: see [`Ledger::mistakes`].
    pub async fn ledger(&self, verify: bool) -> Result<Ledger, StoreError> {
        // One moment of the database: letters come in while it is added up.
        let mut snapshot = Snapshot::take(self).await?;
        let at = &mut snapshot;
        let mut ledger = Ledger { received: count(at, sql::LEDGER_RECEIVED).await?, ..Ledger::default() };
        for (word, count) in counts(at, sql::LEDGER_DISPOSITIONS).await? {
            if let Some(disposition) = Disposition::parse(&word) {
                ledger.dispositions.set(disposition, count);
            }
        }
        for (state, count) in counts(at, sql::LEDGER_ACKNOWLEDGEMENTS).await? {
            match state.as_str() {
                "queued" | "sending" => ledger.acknowledgements.queued += count,
                "sent" => ledger.acknowledgements.sent = count,
                "failed" => ledger.acknowledgements.failed = count,
                "unknown" => ledger.acknowledgements.unknown = count,
                _ => ledger.acknowledgements.suppressed = count,
            }
        }
        ledger.parts_waiting = count(at, sql::LEDGER_PARTS).await?;
        ledger.mistakes = mistakes(at, &ledger).await?;
        drop(snapshot);
        if verify {
            let altered = self.raw_altered().await?;
            if altered > 0 {
                ledger.mistakes.push(format!("{altered} kept letters no longer match their hash"));
            }
        }
        Ok(ledger)
    }

    async fn raw_altered(&self) -> Result<u64, StoreError> {
        let mut altered = 0;
        let mut after: Vec<u8> = Vec::new();
        loop {
            let row: Option<(Vec<u8>, Vec<u8>)> =
                on_reader!(self, pool => sqlx::query_as(sql::LEDGER_RAW_WALK)
                .bind(&after).fetch_optional(pool).await)
                .map_err(StoreError::query("ledger_raw_walk"))?;
            let Some((hash, bytes)) = row else { return Ok(altered) };
            let found: [u8; 32] = Sha256::digest(&bytes).into();
            if hash != found {
                altered += 1;
            }
            after = hash;
        }
    }
}

/// What does not add up.
async fn mistakes(at: &mut Snapshot, ledger: &Ledger) -> Result<Vec<String>, StoreError> {
    let mut mistakes = Vec::new();
    if ledger.received != ledger.dispositions.sum() {
        mistakes.push(format!(
            "received {} but the dispositions add up to {}",
            ledger.received,
            ledger.dispositions.sum()
        ));
    }
    if ledger.dispositions.enquiry != ledger.acknowledgements.sum() {
        mistakes.push(format!(
            "{} arrivals started an enquiry but {} acknowledgements are accounted for",
            ledger.dispositions.enquiry,
            ledger.acknowledgements.sum()
        ));
    }
    for (statement, what) in [
        (sql::LEDGER_UNFILED, "arrivals have no disposition"),
        (sql::LEDGER_WITHOUT_RAW, "arrivals have lost their bytes"),
        (sql::LEDGER_WITHOUT_ENQUIRY, "arrivals should have started an enquiry and did not"),
        (sql::LEDGER_LOOSE_FOLLOW_UPS, "follow-ups belong to no enquiry"),
        (sql::LEDGER_UNACKNOWLEDGED, "enquiries have no acknowledgement, sent or suppressed"),
    ] {
        let count = count(at, statement).await?;
        if count > 0 {
            mistakes.push(format!("{count} {what}"));
        }
    }
    Ok(mistakes)
}

async fn count(at: &mut Snapshot, statement: &'static str) -> Result<u64, StoreError> {
    on_snapshot!(at, conn => sqlx::query_scalar::<_, i64>(statement).fetch_one(conn).await)
        .map(|count| u64::try_from(count).unwrap_or(0))
        .map_err(StoreError::query("ledger"))
}

async fn counts(at: &mut Snapshot, statement: &'static str) -> Result<Vec<(String, u64)>, StoreError> {
    let rows: Vec<(String, i64)> = on_snapshot!(at, conn => sqlx::query_as(statement).fetch_all(conn).await)
        .map_err(StoreError::query("ledger"))?;
    Ok(rows.into_iter().map(|(word, count)| (word, u64::try_from(count).unwrap_or(0))).collect())
}
