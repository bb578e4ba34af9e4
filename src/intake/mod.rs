//! Decides what an incoming message is, as a pure function of the message, what is known, and the time.
//!
//! Knows no storage, no channel's wire format, no clock. Every decision carries its reason in words, so that the
//! adviser, `indgang explain` and a test read the same sentence.
//!
//! A reason may name the reference of an enquiry, for the adviser reads it; it never holds an address, a name, the
//! subject or the text. Words that a channel has made for the adviser (what says that a machine wrote it) are
//! passed on, for `channels::message` keeps them to the same rule.

pub mod acknowledge;
mod aside;
mod matching;
pub mod texting;

use std::fmt;

use indgang_channels::message::Incoming;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::domain::arrival::{ArrivalId, Disposition};
use crate::domain::enquiry::{EnquiryId, State};
use crate::domain::promise::{Office, Promise};
use crate::domain::reference::Reference;
use texting::{TextEffects, TextRules, Texting};

/// The longest stretch of a channel's own words that a reason passes on, in characters.
const LONGEST_WORDS: usize = 200;

/// What the store knows that bears on one message.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Known {
    /// An earlier arrival with the same bytes or the same fingerprint.
    pub duplicate_of: Option<ArrivalId>,
    /// Enquiries that the message's thread leads to: a letter's In-Reply-To and References, a text's conversation
    /// between two numbers.
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
    /// Acknowledgements by mail in all in the last 24 hours.
    pub acknowledged_all: u32,
    /// What bears on answering by a text; `None` for what is no text, or has no number that could be answered.
    pub texting: Option<Texting>,
}

/// Leaves out why a sender is blocked: an adviser wrote that, and may have named somebody.
impl fmt::Debug for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Known")
            .field("duplicate_of", &self.duplicate_of)
            .field("threads", &self.threads)
            .field("quoted", &self.quoted)
            .field("of_sender", &self.of_sender)
            .field("bounced", &self.bounced)
            .field("blocked", &self.blocked.is_some())
            .field("acknowledged_sender", &self.acknowledged_sender)
            .field("acknowledged_all", &self.acknowledged_all)
            .field("texting", &self.texting)
            .finish()
    }
}

/// An enquiry as far as routing needs it.
#[derive(Clone, PartialEq, Eq)]
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

/// Never prints the addresses: a debug line is a log line waiting to happen.
impl fmt::Debug for KnownEnquiry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, reference, state, addresses } = self;
        write!(f, "KnownEnquiry({}, {reference}, {state:?}, {} addresses)", id.0, addresses.len())
    }
}

/// The office's rules that routing needs: configuration, not knowledge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Working time, holidays, absences.
    pub office: Office,
    /// Most acknowledgements by mail to one sender in 24 hours.
    pub ceiling_sender: u32,
    /// Most acknowledgements by mail in all in 24 hours.
    pub ceiling_all: u32,
    /// How long after it came a letter is still acknowledged. Longer than the longest outage that is likely, Easter
    /// included; shorter than the age of the letters in a mailbox that is connected for the first time.
    pub acknowledge_within: SignedDuration,
    /// Our own addresses, lower-cased, and our own numbers.
    pub own_addresses: Vec<String>,
    /// Automatic texts.
    pub texting: TextRules,
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
    /// What is done beside, for a text.
    pub texting: TextEffects,
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
///
/// - What neither starts nor joins an enquiry is set aside first ([`aside`]).
/// - What is proven to belong to an enquiry joins it, by the thread *and* the sender ([`matching`]).
/// - Everything else starts an enquiry of its own, offers those that it may belong to, and is acknowledged unless
///   something speaks against it ([`acknowledge`]).
pub fn route(incoming: &Incoming, known: &Known, rules: &Rules, now: Timestamp) -> Routing {
    let matched = matching::find(incoming, known, rules);
    let effects = texting::effects(incoming, known, rules);
    if let Some(routing) = aside::set_aside(incoming, known, rules, &matched) {
        return Routing { texting: effects, ..routing };
    }
    match matched.joins {
        Some(proven) => Routing {
            disposition: Disposition::FollowUp,
            reason: proven.reason,
            enquiry: Some(proven.enquiry),
            offers: matched.offers,
            after_closing: false,
            acknowledgement: Acknowledgement::NotDue {
                reason: "It joins an enquiry that has been acknowledged.".to_owned(),
            },
            texting: effects,
        },
        None => Routing {
            disposition: Disposition::Enquiry,
            reason: matched.reason,
            enquiry: None,
            offers: matched.offers,
            after_closing: matched.after_closing,
            acknowledgement: acknowledge::decide(incoming, known, rules, now),
            texting: effects,
        },
    }
}

/// A sentence, with what a channel said in brackets, on one line and bounded.
fn with_words(sentence: &str, said: &str) -> String {
    let said = said.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    let said: String = said.collect::<Vec<_>>().join(" ").chars().take(LONGEST_WORDS).collect();
    match said.trim_end_matches('.') {
        "" => format!("{sentence}."),
        said => format!("{sentence} ({said})."),
    }
}

#[cfg(test)]
mod tests;
