//! What an enquiry took of the adviser's tasks (§ 5 of the statutes; S22). One enquiry can take several.

use serde::{Deserialize, Serialize};

/// A task of § 5.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Task {
    /// Help to understand decisions and other information.
    Understand,
    /// Guidance on rights, and on how to complain.
    Rights,
    /// Passing a complaint on to where it belongs.
    PassOn,
    /// Creating dialogue between the citizen and the administration.
    Dialogue,
    /// Finding one's way in the organisation.
    Organisation,
    /// Finding one's way in the system of complaints.
    Complaints,
}

impl Task {
    /// All of them, in the order of the statutes.
    pub const ALL: [Self; 6] =
        [Self::Understand, Self::Rights, Self::PassOn, Self::Dialogue, Self::Organisation, Self::Complaints];

    /// The word that is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Understand => "understand",
            Self::Rights => "rights",
            Self::PassOn => "pass_on",
            Self::Dialogue => "dialogue",
            Self::Organisation => "organisation",
            Self::Complaints => "complaints",
        }
    }

    /// Reads back what [`Task::as_str`] wrote.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == word)
    }
}
