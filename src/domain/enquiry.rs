//! An enquiry (*henvendelse*): one enquirer, one matter, one area (S1). Its state, type and area.
//!
//! Knows no letter and no storage. Type and area are the adviser's to set (S6, S7): nothing here guesses them. An
//! enquiry counts once from its first contact on, however often it is closed and reopened (S3), so there is nothing
//! here to count: the figures count enquiries.

use indgang_channels::message::Channel;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::area::AreaId;
use super::calendar;
use super::enquirer::EnquirerId;
use super::reference::Reference;

/// Identifies an enquiry inside the system. Citizens are given a [`crate::domain::reference::Reference`] instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct EnquiryId(pub i64);

/// Where the adviser's work on an enquiry stands. Never «open»: *åben* is a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// *Ny*: nobody has looked at it.
    New,
    /// *I gang*.
    InProgress,
    /// *Afventer*.
    Waiting,
    /// *Afsluttet*.
    Closed,
}

impl State {
    /// All of them, in the order of the work.
    pub const ALL: [Self; 4] = [Self::New, Self::InProgress, Self::Waiting, Self::Closed];

    /// The word that is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::InProgress => "in_progress",
            Self::Waiting => "waiting",
            Self::Closed => "closed",
        }
    }

    /// Reads back what [`State::as_str`] wrote.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == word)
    }

    /// Whether the work may go from here to `next`. What was looked at is never new again, and out of
    /// [`State::Closed`] leads only reopening.
    pub fn may_become(self, next: Self) -> bool {
        match (self, next) {
            (_, Self::New) => false,
            (Self::Closed, next) => next == Self::InProgress,
            (from, next) => from != next,
        }
    }
}

/// The type (*type*) of the task that an enquiry makes for the adviser (S6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// *Afgrænset*: guidance on a question with edges, such as how to complain of one decision.
    Delimited,
    /// *Åben*: difficulties between the citizen and the municipality.
    OpenEnded,
}

impl Kind {
    /// The word that is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Delimited => "delimited",
            Self::OpenEnded => "open_ended",
        }
    }

    /// Reads back what [`Kind::as_str`] wrote.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Delimited, Self::OpenEnded].into_iter().find(|one| one.as_str() == word)
    }
}

/// How the enquirer was told that they are welcome to come again (S20).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WelcomeBack {
    /// In the closing message.
    Written,
    /// By word of mouth, as the adviser notes.
    Said,
}

/// One closing (*afslutning*). Stays when the enquiry is reopened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closing {
    /// When.
    pub at: Timestamp,
    /// How the enquirer was told to come again.
    pub welcome_back: WelcomeBack,
    /// When the enquiry was reopened after it.
    pub reopened_at: Option<Timestamp>,
}

/// One enquiry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enquiry {
    /// The enquiry.
    pub id: EnquiryId,
    /// The number that the citizen has.
    pub reference: Reference,
    /// Whose it is.
    pub enquirer: EnquirerId,
    /// The area that it belongs to, once the adviser has said so.
    pub area: Option<AreaId>,
    /// The contact form that mattered most, as the adviser confirms (S10): not the way that it came in, and not
    /// switched by holding a meeting.
    pub primary_contact_form: Option<Channel>,
    intake_channel: Channel,
    first_contact_at: Timestamp,
    state: State,
    kind: Option<Kind>,
    closings: Vec<Closing>,
}

/// Why the adviser cannot do something with an enquiry just now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EnquiryError {
    /// The work cannot go from the one state to the other.
    #[error("the enquiry cannot go from {} to {}", .0.as_str(), .1.as_str())]
    NoSuchStep(State, State),
    /// The type is unset while nobody has looked at it (S6).
    #[error("the enquiry is new: take it up before its type is set")]
    StillNew,
    /// Closing needs the primary contact form (S10).
    #[error("say what the primary contact form was before the enquiry is closed")]
    NoContactForm,
    /// A closing or reopening would come before what went before it.
    #[error("that moment lies before what happened to the enquiry last")]
    BeforeTheLast,
}

impl Enquiry {
    /// A new enquiry: nobody has looked at it, so it has neither type nor area.
    pub fn new(
        id: EnquiryId,
        reference: Reference,
        enquirer: EnquirerId,
        intake_channel: Channel,
        first_contact_at: Timestamp,
    ) -> Self {
        Self {
            id,
            reference,
            enquirer,
            area: None,
            primary_contact_form: None,
            intake_channel,
            first_contact_at,
            state: State::New,
            kind: None,
            closings: Vec::new(),
        }
    }

    /// The way that it came in. Never changes (S10).
    pub fn intake_channel(&self) -> Channel {
        self.intake_channel
    }

    /// When the enquirer first made contact.
    pub fn first_contact_at(&self) -> Timestamp {
        self.first_contact_at
    }

    /// Where the work stands.
    pub fn state(&self) -> State {
        self.state
    }

    /// Its type; `None` until the adviser has set it.
    pub fn kind(&self) -> Option<Kind> {
        self.kind
    }

    /// All its closings, the first one first.
    pub fn closings(&self) -> &[Closing] {
        &self.closings
    }

    /// Sets or changes the type.
    pub fn classify(&mut self, kind: Kind) -> Result<(), EnquiryError> {
        if self.state == State::New {
            return Err(EnquiryError::StillNew);
        }
        self.kind = Some(kind);
        Ok(())
    }

    /// Takes it up: *I gang*.
    pub fn take_up(&mut self) -> Result<(), EnquiryError> {
        if self.state == State::Closed {
            return Err(EnquiryError::NoSuchStep(self.state, State::InProgress));
        }
        self.step(State::InProgress)
    }

    /// Puts it by until somebody answers: *Afventer*.
    pub fn wait(&mut self) -> Result<(), EnquiryError> {
        self.step(State::Waiting)
    }

    /// Closes it: *Afsluttet*.
    pub fn close(&mut self, at: Timestamp, welcome_back: WelcomeBack) -> Result<(), EnquiryError> {
        if !self.state.may_become(State::Closed) {
            return Err(EnquiryError::NoSuchStep(self.state, State::Closed));
        }
        if self.primary_contact_form.is_none() {
            return Err(EnquiryError::NoContactForm);
        }
        let last = self.closings.last().and_then(|closing| closing.reopened_at);
        if at < last.unwrap_or(self.first_contact_at) {
            return Err(EnquiryError::BeforeTheLast);
        }
        self.state = State::Closed;
        self.closings.push(Closing { at, welcome_back, reopened_at: None });
        Ok(())
    }

    /// *Genåbn*: goes on with it, as the same enquiry (S3). The closing stays.
    pub fn reopen(&mut self, at: Timestamp) -> Result<(), EnquiryError> {
        match self.closings.last_mut() {
            Some(closing) if self.state == State::Closed => {
                if at < closing.at {
                    return Err(EnquiryError::BeforeTheLast);
                }
                closing.reopened_at = Some(at);
                self.state = State::InProgress;
                Ok(())
            }
            _ => Err(EnquiryError::NoSuchStep(self.state, State::InProgress)),
        }
    }

    /// How many calendar days it took from first contact to the last closing (S21); `None` while it is not closed.
    pub fn duration_days(&self) -> Option<i32> {
        let closing = self.closings.last().filter(|_| self.state == State::Closed)?;
        let from = calendar::local(self.first_contact_at).date();
        from.until(calendar::local(closing.at).date()).ok().map(|span| span.get_days())
    }

    fn step(&mut self, next: State) -> Result<(), EnquiryError> {
        if !self.state.may_become(next) {
            return Err(EnquiryError::NoSuchStep(self.state, next));
        }
        self.state = next;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
