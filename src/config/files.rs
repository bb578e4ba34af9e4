//! `[files]`: what is done with files that come along, on every channel.

use std::time::Duration;

use super::reader::Section;

/// Files that come along.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Files {
    /// The virus scanner's socket: a path, or an address and a port; `None` when files are not scanned.
    pub clamav: Option<String>,
    /// How long the scanner may take for a file.
    pub clamav_timeout: Duration,
}

impl Files {
    pub(super) fn read(section: &mut Section<'_>) -> Self {
        let second = Duration::from_secs(1);
        Self {
            clamav: section.optional("clamav"),
            clamav_timeout: section.duration("clamav_timeout", second..=300 * second),
        }
    }
}
