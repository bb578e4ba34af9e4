//! An enquiry (*henvendelse*): one enquirer, one matter, one area (S1). Its state, type and area.

use serde::{Deserialize, Serialize};

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
}
