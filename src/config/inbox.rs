//! `[inbox]`: how the adviser's side behaves, and whom letters are sent on to.

use std::time::Duration;

use super::reader::{Report, Section};
use super::signon::Signon;
use crate::domain::network::Network;

/// The adviser's side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inbox {
    /// How long somebody stays signed in who does nothing.
    pub session: Duration,
    /// How long what was sent can be taken back.
    pub undo: Duration,
    /// The largest file that goes along with an answer, in bytes.
    pub most_file_bytes: usize,
    /// The municipality's own sign-on.
    pub signon: Signon,
    /// Departments that letters are sent on to, with the citizen's consent.
    pub departments: Vec<Department>,
    /// Networks that other systems may be told in although they are not public.
    pub webhook_networks: Vec<Network>,
}

/// A department of the administration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Department {
    /// What it is called.
    pub name: String,
    /// Its mail address.
    pub address: String,
    /// The area that consent must cover.
    pub area: u32,
}

impl Department {
    fn read(section: &mut Section<'_>) -> Self {
        Self {
            name: section.text("name"),
            address: section.text("address"),
            area: section.integer("area", 1..=u32::MAX),
        }
    }
}

impl Inbox {
    pub(super) fn read(section: &mut Section<'_>) -> Self {
        let second = Duration::from_secs(1);
        Self {
            session: section.duration("session", 60 * second..=86_400 * second),
            undo: section.duration("undo", Duration::ZERO..=600 * second),
            most_file_bytes: section.size("most_file_bytes", 1 << 10..=100 << 20),
            signon: section.section("signon", Signon::read),
            departments: section.list_of_tables("departments", Department::read),
            webhook_networks: section.list(
                "webhook_networks",
                "an address such as \"10.0.0.1\", or a network such as \"10.0.0.0/8\"",
                Network::parse,
            ),
        }
    }

    pub(super) fn validate(&self, areas: &[super::AreaEntry], report: &mut Report) {
        for department in &self.departments {
            if department.name.trim().is_empty() {
                report.wrong("inbox.departments", "each department needs a name");
            }
            if !department.address.contains('@') {
                report.wrong("inbox.departments", "each department needs a mail address");
            }
            if !areas.iter().any(|area| area.id == department.area) {
                report.wrong(
                    "inbox.departments",
                    "`area` must be the id of one of office.areas: consent is asked for it",
                );
            }
        }
    }
}
