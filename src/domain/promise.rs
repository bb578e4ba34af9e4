//! The promised reply date (*lovet svardato*), counted in Danish working days.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What the office has said of its working time. Built from configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Office {
    /// How many working days an answer may take.
    pub working_days: u32,
}

/// What is promised to a citizen who writes at a given moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promise {
    /// The last day on which the answer comes.
    pub reply_by: Date,
    /// Set when the office is closed at that moment: through which day, and who stands in.
    pub closed: Option<Closed>,
}

/// The office is closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {
    /// The last day of the absence.
    pub through: Date,
    /// The substitute's name, when the absence is covered.
    pub substitute: Option<String>,
}

/// The promise to somebody whose message reached us at `received_at`.
pub fn promise(_office: &Office, received_at: Timestamp) -> Promise {
    Promise { reply_by: received_at.to_zoned(jiff::tz::TimeZone::UTC).date(), closed: None }
}
