//! What came in lately, for the terminal. Deliberately holds no name, address, subject or text.

use jiff::Timestamp;

use super::conn::on_reader;
use super::{Store, StoreError, from_stored, sql};
use crate::domain::arrival::{ArrivalId, Disposition};

/// One arrival, and what became of it.
#[derive(Clone, Debug)]
pub struct Latest {
    /// The arrival.
    pub arrival: ArrivalId,
    /// The channel's word; see [`indgang_channels::message::Channel::as_str`].
    pub channel: String,
    /// When it came.
    pub received_at: Timestamp,
    /// What it became.
    pub disposition: Disposition,
    /// Why.
    pub reason: String,
    /// The reference of its enquiry.
    pub reference: Option<String>,
    /// The date that is promised for it.
    pub promised_reply_date: Option<String>,
    /// The state of its acknowledgement.
    pub acknowledgement: Option<String>,
}

type LatestRow = (i64, String, i64, String, String, Option<String>, Option<String>, Option<String>);

impl Store {
    /// Arrivals after `after`, oldest first, at most `limit`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn latest(&self, after: ArrivalId, limit: u32) -> Result<Vec<Latest>, StoreError> {
        let rows: Vec<LatestRow> = on_reader!(self, pool => sqlx::query_as(sql::OVERVIEW_LATEST)
            .bind(after.0).bind(i64::from(limit)).fetch_all(pool).await)
        .map_err(StoreError::query("latest"))?;
        rows.into_iter()
            .map(|(id, channel, at, disposition, reason, reference, promised, acknowledgement)| {
                Ok(Latest {
                    arrival: ArrivalId(id),
                    channel,
                    received_at: from_stored(at, "arrival", "received_at", id)?,
                    disposition: Disposition::parse(&disposition).ok_or(StoreError::Corrupt {
                        table: "message",
                        column: "disposition",
                        row: id,
                    })?,
                    reason,
                    reference,
                    promised_reply_date: promised,
                    acknowledgement,
                })
            })
            .collect()
    }
}
