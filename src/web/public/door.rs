//! What the citizens' pages are given from outside: the intake's door, the scanner, randomness, the office's settings.
//!
//! The pages know no configuration file and no worker: whoever starts the server hands in what they need, as functions
//! and plain values.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use indgang_channels::message::{Address, AnswerWay};
use indgang_channels::web_form::Scan;
use jiff::SignedDuration;
use jiff::civil::Date;

use super::fields::FieldRules;
use crate::clock::Clock;
use crate::domain::area::{AreaId, Areas};
use crate::store::Store;
use crate::store::letters::{Filed, Letter};

/// Files one letter and waits until it is durable; `None` when it is not, and should be brought again.
pub type File = Arc<dyn Fn(Letter) -> Pin<Box<dyn Future<Output = Option<Filed>> + Send>> + Send + Sync>;
/// Asks the scanner about a file.
pub type Ask = Arc<dyn Fn(Vec<u8>) -> Pin<Box<dyn Future<Output = (Vec<u8>, Scan)> + Send>> + Send + Sync>;
/// Draws 32 random bytes.
pub type Draw = Arc<dyn Fn() -> [u8; 32] + Send + Sync>;

/// The account that everything from the form and the private pages comes through.
pub const ACCOUNT: &str = "web";

/// What the pages are given.
#[derive(Clone)]
pub struct Doors {
    /// Where everything is kept.
    pub store: Store,
    /// The intake's door.
    pub file: File,
    /// The scanner; `None` when there is none.
    pub scan: Option<Ask>,
    /// Randomness.
    pub draw: Draw,
    /// The clock.
    pub clock: Clock,
    /// What all nodes know and nobody else.
    pub secret: [u8; 32],
}

impl fmt::Debug for Doors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Doors")
    }
}

/// How the office wants the form.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The bounds of the fields.
    pub fields: FieldRules,
    /// How many files.
    pub most_files: u32,
    /// How much all files together, in bytes.
    pub most_file_bytes: usize,
    /// Which files, by their usual endings.
    pub file_types: Vec<String>,
    /// How much the files of all forms that are not sent yet may take, in bytes.
    pub most_kept_bytes: u64,
    /// A form that is sent sooner was filled in by a machine.
    pub shortest_time: SignedDuration,
    /// How hard the puzzle is, in bits.
    pub puzzle_bits: u8,
    /// The areas of the administration.
    pub areas: Areas,
    /// What each area is called in English.
    pub areas_en: Vec<(AreaId, String)>,
    /// How acknowledgements, codes and news go out by mail; `None` when they do not.
    pub by_email: Option<AnswerWay>,
    /// The same by text.
    pub by_text: Option<AnswerWay>,
    /// Our own addresses and numbers: nothing automatic is sent to them.
    pub own_addresses: Vec<String>,
    /// Countries whose numbers get automatic texts beside Denmark's own.
    pub foreign: Vec<String>,
    /// The address that citizens reach the server by; `None` when no link can be given.
    pub public_url: Option<String>,
    /// Most segments of the account's automatic texts in 24 hours.
    pub most_segments: u32,
    /// The domain that our Message-IDs end in.
    pub message_id_domain: String,
    /// How long a link to a private page holds.
    pub link_time: SignedDuration,
    /// How long a private page stays open without a word.
    pub session: SignedDuration,
}

impl Settings {
    /// The areas to choose from today, with their names in a language.
    pub fn areas_on(&self, day: Date, language: &str) -> Vec<(AreaId, String)> {
        let english =
            |id: AreaId| self.areas_en.iter().find(|(one, _)| *one == id).map(|(_, name)| name.clone());
        self.areas
            .in_force(day)
            .map(|area| {
                let name = if language == "en" { english(area.id) } else { None };
                (area.id, name.unwrap_or_else(|| area.name.clone()))
            })
            .collect()
    }

    /// How something can be sent to an address.
    pub fn way_to(&self, address: &Address) -> Option<&AnswerWay> {
        match address {
            Address::Email(_) => self.by_email.as_ref(),
            Address::Phone(_) => self.by_text.as_ref(),
            Address::Label(_) => None,
        }
    }
}
