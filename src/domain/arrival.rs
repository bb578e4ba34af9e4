//! One arrival: a message that reached us on a channel, and the one disposition that it ended as.

use serde::{Deserialize, Serialize};

/// Identifies an arrival in the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ArrivalId(pub i64);

/// What an arrival ended as. Every arrival has exactly one, and the ledger adds them up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Disposition {
    /// It started a new enquiry (S1).
    Enquiry,
    /// It joined an enquiry that exists (S3): no new count.
    FollowUp,
    /// A machine wrote it; kept, never answered.
    Automatic,
    /// It reports that a letter of ours did not arrive.
    Bounce,
    /// It is the same letter as an earlier arrival.
    Duplicate,
    /// Its sender is blocked by a recorded, time-limited decision.
    Blocked,
    /// A person must look at it first.
    Hold,
}

impl Disposition {
    /// All of them, in the order that the ledger prints them.
    pub const ALL: [Self; 7] = [
        Self::Enquiry,
        Self::FollowUp,
        Self::Automatic,
        Self::Bounce,
        Self::Duplicate,
        Self::Blocked,
        Self::Hold,
    ];

    /// The word that is stored and printed.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Enquiry => "enquiry",
            Self::FollowUp => "follow_up",
            Self::Automatic => "automatic",
            Self::Bounce => "bounce",
            Self::Duplicate => "duplicate",
            Self::Blocked => "blocked",
            Self::Hold => "hold",
        }
    }

    /// Reads back what [`Disposition::as_str`] wrote.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == word)
    }
}
