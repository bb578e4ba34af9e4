//! Decides what an incoming message is, as a pure function of the message, what is known, and the time.
//!
//! Knows no storage, no channel's wire format, no clock. Every decision carries its reason in words, so that the
//! adviser, `indgang explain` and a test read the same sentence.

use indgang_channels::message::Incoming;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::arrival::{ArrivalId, Disposition};
use crate::domain::enquiry::{EnquiryId, State};
use crate::domain::promise::{Office, Promise};
use crate::domain::reference::Reference;

/// What the store knows that bears on one message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// An earlier arrival with the same bytes or the same fingerprint.
    pub duplicate_of: Option<ArrivalId>,
    /// Enquiries that the letter's In-Reply-To and References lead to.
    pub threads: Vec<KnownEnquiry>,
    /// Enquiries whose reference stands in the subject or the visible text.
    pub quoted: Vec<KnownEnquiry>,
    /// Enquiries of the sender's address that are not closed, newest first, and those closed lately.
    pub of_sender: Vec<KnownEnquiry>,
    /// The enquiry whose letter of ours a bounce is about.
    pub bounced: Option<EnquiryId>,
    /// The sender is blocked: the recorded reason.
    pub blocked: Option<String>,
    /// Acknowledgements to this sender in the last 24 hours.
    pub acknowledged_sender: u32,
    /// Acknowledgements in all in the last 24 hours.
    pub acknowledged_all: u32,
}

/// An enquiry as far as routing needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownEnquiry {
    /// The enquiry.
    pub id: EnquiryId,
    /// Its reference.
    pub reference: Reference,
    /// Where the work stands.
    pub state: State,
    /// The [`indgang_channels::message::Address::key`]s of its enquirer.
    pub addresses: Vec<String>,
}

/// The office's rules that routing needs: configuration, not knowledge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Working time, holidays, absences.
    pub office: Office,
    /// Most acknowledgements to one sender in 24 hours.
    pub ceiling_sender: u32,
    /// Most acknowledgements in all in 24 hours.
    pub ceiling_all: u32,
    /// Our own addresses, lower-cased.
    pub own_addresses: Vec<String>,
}

/// What becomes of one message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Routing {
    /// The one disposition.
    pub disposition: Disposition,
    /// Why, in words for the adviser; never the citizen's text.
    pub reason: String,
    /// The enquiry that it joins, or that its bounce is about.
    pub enquiry: Option<EnquiryId>,
    /// Enquiries that it may belong to: offered to a person, never joined silently.
    pub offers: Vec<Offer>,
    /// It answers an enquiry that is closed: *efter afslutning*.
    pub after_closing: bool,
    /// Whether it is acknowledged, and why.
    pub acknowledgement: Acknowledgement,
}

/// An enquiry that a message may belong to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// The enquiry.
    pub enquiry: EnquiryId,
    /// Why it is offered, in words.
    pub reason: String,
}

/// Whether a message is acknowledged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "acknowledge")]
pub enum Acknowledgement {
    /// One goes out, and promises this.
    Send {
        /// What it promises.
        promise: Promise,
        /// Why, in words.
        reason: String,
    },
    /// It starts an enquiry, but none goes out (a ceiling, a failed DMARC, a wish of the sender's).
    Suppressed {
        /// The promise that the adviser is held to all the same.
        promise: Promise,
        /// Why none goes out, in words.
        reason: String,
    },
    /// It starts no enquiry, so none is due.
    NotDue {
        /// Why, in words.
        reason: String,
    },
}

/// Decides what becomes of `incoming`.
pub fn route(_incoming: &Incoming, _known: &Known, _rules: &Rules, _now: Timestamp) -> Routing {
    Routing {
        disposition: Disposition::Hold,
        reason: String::new(),
        enquiry: None,
        offers: Vec::new(),
        after_closing: false,
        acknowledgement: Acknowledgement::NotDue { reason: String::new() },
    }
}
