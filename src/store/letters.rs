//! Letters on their way into the store, who is asked about them, and what they became.
//!
//! Never decides: a [`Desk`] is asked inside the transaction. How letters are filed stands in `filing`.

use indgang_channels::message::Incoming;

use jiff::Timestamp;
use jiff::civil::Date;

use super::conn::on_reader;
use super::cursor::CursorStep;
use super::{Store, StoreError, sql};
use crate::domain::arrival::ArrivalId;
use crate::domain::promise::Promise;
use crate::domain::reference::Reference;
use crate::intake::{Known, Routing};

/// Who is asked what becomes of a letter. Implemented where configuration and randomness are at hand.
pub trait Desk: Sync {
    /// Decides what the letter is.
    fn route(&self, incoming: &Incoming, known: &Known) -> Routing;
    /// Draws a reference; asked again when the one drawn is taken.
    fn draw_reference(&self) -> Reference;
    /// The language that the acknowledgement is written in.
    fn language(&self, incoming: &Incoming) -> String;
    /// The Message-ID of the acknowledgement of a letter, the same whenever it is asked for; for a text, a token that
    /// its gateway is to name it by, drawn anew.
    fn acknowledgement_id(&self, reference: &Reference, incoming: &Incoming) -> String;
    /// What is promised to somebody whose message comes at `received_at`.
    fn promise(&self, received_at: Timestamp) -> Promise;
    /// The last day on which an answer to a message that came at `received_at` is due.
    fn reply_by(&self, received_at: Timestamp) -> Date {
        self.promise(received_at).reply_by
    }
    /// How many acknowledgements in all are worth counting: the ceiling.
    fn ceiling_all(&self) -> u32;
}

/// One letter that is to be filed.
#[derive(Debug)]
pub struct Letter {
    /// Its bytes, as they came.
    pub raw: Vec<u8>,
    /// What was read of it.
    pub incoming: Incoming,
    /// How far its mailbox has been read with it; `None` when it came by another way.
    pub cursor: Option<CursorStep>,
}

/// What a letter became.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filed {
    /// Its arrival: the earlier one when it was only delivered again.
    pub arrival: ArrivalId,
    /// It had been filed before; nothing was changed.
    pub redelivered: bool,
    /// What became of it; `None` when it was only delivered again.
    pub routing: Option<Routing>,
    /// The reference of the enquiry that it started.
    pub reference: Option<Reference>,
}

impl Store {
    /// The bytes of an arrival.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn raw_fetch(&self, arrival: ArrivalId) -> Result<Option<Vec<u8>>, StoreError> {
        on_reader!(self, pool => sqlx::query_scalar::<_, Vec<u8>>(sql::RAW_FETCH)
            .bind(arrival.0).fetch_optional(pool).await)
        .map_err(StoreError::query("raw_fetch"))
    }
}
