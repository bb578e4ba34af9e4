//! `[acknowledgement]`: how many go out, how hard they are tried, and where their texts are.

use std::path::PathBuf;
use std::time::Duration;

use super::reader::{Report, Section};

/// Rules for acknowledgements (*kvitteringer*).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acknowledgement {
    /// Most to one sender in 24 hours.
    pub ceiling_sender: u32,
    /// Most in all in 24 hours.
    pub ceiling_all: u32,
    /// The wait before the first new try after a transient refusal.
    pub retry_min: Duration,
    /// The longest wait between two tries.
    pub retry_max: Duration,
    /// How long it is tried before it shows on the enquiry as failed.
    pub max_age: Duration,
    /// How long after it came a letter is still acknowledged.
    pub within: Duration,
    /// A folder with `da/` and `en/` whose files replace the embedded texts of the same name.
    pub texts_folder: Option<PathBuf>,
}

impl Acknowledgement {
    pub(super) fn read(section: &mut Section<'_>) -> Self {
        let second = Duration::from_secs(1);
        let day = 86_400 * second;
        Self {
            ceiling_sender: section.integer("ceiling_sender", 1..=1_000),
            ceiling_all: section.integer("ceiling_all", 1..=1_000_000),
            retry_min: section.duration("retry_min", second..=day),
            retry_max: section.duration("retry_max", second..=day),
            max_age: section.duration("max_age", 60 * second..=30 * day),
            within: section.duration("within", day..=365 * day),
            texts_folder: section.optional_path("texts_folder"),
        }
    }

    pub(super) fn validate(&self, report: &mut Report) {
        if self.retry_min > self.retry_max && !report.is_wrong("acknowledgement.retry_max") {
            report.wrong("acknowledgement.retry_min", "must not be longer than acknowledgement.retry_max");
        }
        if self.ceiling_sender > self.ceiling_all && !report.is_wrong("acknowledgement.ceiling_all") {
            let sentence = "must not be larger than acknowledgement.ceiling_all";
            report.wrong("acknowledgement.ceiling_sender", sentence);
        }
    }
}
