//! The desk that the store asks: configuration, time and randomness brought together with the pure decision.

use indgang_channels::message::{Channel, Incoming};
use jiff::Timestamp;
use rand::RngExt;

use crate::clock::Clock;
use crate::domain::promise::{self, Promise};
use crate::domain::reference::Reference;
use crate::intake::{self, Known, Routing, Rules};
use crate::store::letters::Desk;
use crate::texts::{self, TextLanguage};

/// The desk of a running server.
#[derive(Debug)]
pub struct OfficeDesk {
    /// The office's rules.
    pub rules: Rules,
    /// The domain that our Message-IDs end in.
    pub message_id_domain: String,
    /// The language of those who give no sign of theirs.
    pub language: TextLanguage,
    /// The clock.
    pub clock: Clock,
}

impl Desk for OfficeDesk {
    fn route(&self, incoming: &Incoming, known: &Known) -> Routing {
        intake::route(incoming, known, &self.rules, self.clock.now())
    }

    fn draw_reference(&self) -> Reference {
        Reference::from_random(rand::rng().random())
    }

    fn language(&self, incoming: &Incoming) -> String {
        texts::choose_language(incoming.language.as_ref(), self.language).as_str().to_owned()
    }

    fn acknowledgement_id(&self, reference: &Reference, incoming: &Incoming) -> String {
        match incoming.answer_channel() {
            Some(Channel::Sms) => draw_token(),
            _ => acknowledgement_id(reference, &self.message_id_domain),
        }
    }

    fn promise(&self, received_at: Timestamp) -> Promise {
        promise::promise(&self.rules.office, received_at)
    }

    fn ceiling_all(&self) -> u32 {
        self.rules.ceiling_all
    }
}

/// What a gateway names a text of ours by: 128 random bits, because whoever knows it can report on the text.
pub fn draw_token() -> String {
    format!("{:032x}", rand::rng().random::<u128>())
}

/// The Message-ID of an enquiry's acknowledgement: a function of the reference alone, so that every try, before and
/// after a crash, carries the same. The reference cannot be guessed, so neither can this.
pub fn acknowledgement_id(reference: &Reference, domain: &str) -> String {
    format!("kvittering.{}@{domain}", reference.as_str().to_ascii_lowercase())
}
