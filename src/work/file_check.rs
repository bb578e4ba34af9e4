//! Has a letter's files looked at before it is filed. What is infected, and what nobody could look at, is marked and
//! kept: a letter is never lost for what hangs on it (T2).
//!
//! Only letters: a form's files are scanned as they come, and texts bring none.

use indgang_channels::email::{self, Limits};
use indgang_channels::message::{Channel, Doubt, DoubtKind};
use indgang_channels::web_form::Scan;
use indgang_channels::web_form::read::{quarantine, quarantine_doubts};

use super::scan::Scanner;
use crate::store::letters::Letter;

/// The most files of one letter that are looked at; further ones are marked as not looked at.
const MOST_FILES: usize = 50;

/// Looks at files.
#[derive(Clone, Debug)]
pub struct FileCheck {
    /// The scanner.
    pub scanner: Scanner,
    /// What reading a letter may cost.
    pub limits: Limits,
}

impl FileCheck {
    /// Marks the files of a letter that must not be opened unwarned.
    pub async fn look(&self, letter: &mut Letter) {
        if letter.incoming.channel != Channel::Email || letter.incoming.attachments.is_empty() {
            return;
        }
        let (mut infected, mut unknown) = (0, 0);
        for index in 0..letter.incoming.attachments.len() {
            let scan = match index < MOST_FILES {
                true => self.scan(letter, index).await,
                false => Scan::Unknown,
            };
            match &scan {
                Scan::Infected(_) => infected += 1,
                Scan::Unknown => unknown += 1,
                Scan::NotAsked | Scan::Clean => {}
            }
            letter.incoming.attachments[index].quarantine = quarantine(&scan);
        }
        let details = quarantine_doubts(infected, unknown);
        let doubts = details.into_iter().map(|detail| Doubt { kind: DoubtKind::Quarantined, detail });
        letter.incoming.doubts.extend(doubts);
    }

    async fn scan(&self, letter: &Letter, index: usize) -> Scan {
        let (raw, attachments) = (letter.raw.clone(), letter.incoming.attachments.clone());
        let limits = self.limits.clone();
        // Taking a letter apart can take a moment and must not hold others up.
        let bytes = tokio::task::spawn_blocking(move || {
            email::file(&raw, &attachments, index, &limits).map(|file| file.bytes)
        });
        match bytes.await {
            Ok(Some(bytes)) => self.scanner.scan(&bytes).await,
            _ => Scan::Unknown,
        }
    }
}
