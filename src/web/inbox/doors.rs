//! What the inbox is given from outside, so that it knows neither configuration nor worker.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use indgang_channels::email::Limits;
use indgang_signon::oidc::Provider;
use indgang_signon::passkey::Passkeys;
use jiff::SignedDuration;
use jiff::civil::Date;

use crate::clock::Clock;
use crate::domain::area::{AreaId, Areas};
use crate::domain::enquiry::EnquiryId;
use crate::domain::statistics::book::Shown;
use crate::domain::statistics::counted::Asked;
use crate::domain::triage::Step;
use crate::domain::webhook::Reach;
use crate::store::inbox::Actor;
use crate::store::inbox::change::Seen;
use crate::store::inbox::reply::Queued;
use crate::store::letters::Desk;
use crate::store::{Store, StoreError};
use crate::texts::OfficeWords;

/// An answer for a private page, with all that goes with it.
pub struct PageAsk {
    /// The enquiry whose page it is.
    pub page: EnquiryId,
    /// The words.
    pub body: String,
    /// What keeps the same answer from being given twice.
    pub token: String,
    /// The adviser.
    pub who: Actor,
    /// The enquiry that it is written on.
    pub enquiry: EnquiryId,
    /// The steps that go with it.
    pub steps: Vec<Step>,
    /// A promise that is moved with it: to when, why, and what is waited for.
    pub moved: Option<(Date, String, String)>,
    /// The number of the act.
    pub act_id: String,
    /// What it is called.
    pub what: &'static str,
    /// What had been seen.
    pub seen: Option<Seen>,
    /// What it is for.
    pub occasion: &'static str,
    /// Whether it was written as the draft.
    pub from_draft: bool,
}

/// Puts an answer on a private page and tells its reader; says why not in words for the adviser.
pub type PageAnswer =
    Arc<dyn Fn(PageAsk) -> Pin<Box<dyn Future<Output = Result<Queued, String>> + Send>> + Send + Sync>;

/// Makes the book of figures that is asked for.
pub type Figures =
    Arc<dyn Fn(Asked) -> Pin<Box<dyn Future<Output = Result<Shown, StoreError>> + Send>> + Send + Sync>;

/// Closes a year with its figures; whether it was open.
pub type CloseYear =
    Arc<dyn Fn(Actor, i16) -> Pin<Box<dyn Future<Output = Result<bool, StoreError>> + Send>> + Send + Sync>;

/// Where the inbox reaches the rest of the house.
#[derive(Clone)]
pub struct Doors {
    /// The store.
    pub store: Store,
    /// Who is asked about promises and references.
    pub desk: Arc<dyn Desk + Send + Sync>,
    /// Draws 32 random bytes.
    pub draw: Arc<dyn Fn() -> [u8; 32] + Send + Sync>,
    /// Answers in confidence; `None` where there is no private page.
    pub page_answer: Option<PageAnswer>,
    /// Makes books of figures.
    pub figures: Figures,
    /// Closes a year.
    pub close_year: CloseYear,
    /// The municipality's own sign-on; `None` where there is none.
    pub signon: Option<Arc<Provider>>,
    /// The clock.
    pub clock: Clock,
}

impl fmt::Debug for Doors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Doors")
    }
}

/// A department of the administration that letters are sent on to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Department {
    /// Its word in the configuration.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// Where it is reached.
    pub address: String,
    /// The area that consent must cover.
    pub area: AreaId,
}

/// How the office wants its inbox.
#[derive(Clone, Debug)]
pub struct Settings {
    /// What the office is called in the bar.
    pub municipality: String,
    /// The areas.
    pub areas: Areas,
    /// Their names in English, where they have one.
    pub areas_en: Vec<(AreaId, String)>,
    /// The mailboxes that letters go out from: account and address.
    pub mailboxes: Vec<(String, String)>,
    /// The accounts that texts go out through: account and number of ours.
    pub texts: Vec<(String, String)>,
    /// Where letters are sent on to.
    pub departments: Vec<Department>,
    /// What the texts say of the office.
    pub office: OfficeWords,
    /// Whether browsers reach it over an encrypted connection.
    pub https: bool,
    /// Passkeys of the address that browsers reach it by; `None` where it has no name that they could be kept for.
    pub passkeys: Option<Passkeys>,
    /// What stands on the button of the municipality's sign-on, where the office says so.
    pub signon_button: Option<String>,
    /// Counts from 1 up to but not including this are hidden in what is published; 0 shows all.
    pub hide_below: i64,
    /// How long somebody stays signed in who does nothing.
    pub idle: SignedDuration,
    /// How long what was sent can be taken back.
    pub undo: SignedDuration,
    /// The domain that our Message-IDs end in.
    pub message_id_domain: String,
    /// Most segments of an account's replies in 24 hours.
    pub most_segments: u32,
    /// The largest file that goes along with an answer, in bytes.
    pub most_file_bytes: usize,
    /// Which other systems may be told.
    pub reach: Reach,
    /// What reading a letter may cost.
    pub limits: Limits,
}

impl Settings {
    /// What an area is called in a language.
    pub fn area_name(&self, id: AreaId, english: bool) -> String {
        let translated = self.areas_en.iter().find(|(area, _)| *area == id && english);
        translated
            .map(|(_, name)| name.clone())
            .or_else(|| self.areas.get(id).map(|area| area.name.clone()))
            .unwrap_or_else(|| format!("({})", id.0))
    }

    /// The areas to choose from on a day.
    pub fn areas_on(&self, day: Date, english: bool) -> Vec<(AreaId, String)> {
        self.areas.in_force(day).map(|area| (area.id, self.area_name(area.id, english))).collect()
    }
}
