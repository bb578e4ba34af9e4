//! `[email]`: the mailboxes, the limits on what one letter may cost, and sending.

use std::collections::HashMap;

use indgang_channels::email::Limits;

use super::mailbox::Mailbox;
use super::reader::{Report, Section};
use super::submit::Submit;

/// Everything about electronic mail.
#[derive(Clone, Debug)]
pub struct Email {
    /// The mailboxes, in the order of their names.
    pub mailboxes: Vec<Mailbox>,
    /// What one letter may cost.
    pub limits: Limits,
    /// How letters are sent.
    pub submit: Submit,
}

impl Email {
    pub(super) fn read(section: &mut Section<'_>) -> Self {
        let defaults = section.peek_table("mailbox_defaults");
        // Read once by itself, so that a mistake in it is reported under its own name even without a mailbox.
        section.section("mailbox_defaults", |defaults| Mailbox::read("", defaults));
        Self {
            mailboxes: section.named("mailboxes", &defaults, Mailbox::read),
            limits: section.section("limits", |limits| Limits {
                size: limits.size("size", 1 << 10..=1 << 30),
                depth: limits.integer("depth", 1..=100) as usize,
                parts: limits.integer("parts", 1..=100_000) as usize,
                text: limits.size("text", 1 << 10..=1 << 30),
            }),
            submit: section.section("submit", Submit::read),
        }
    }

    /// The addresses that are our own, lower-cased: a letter from one of them is our own, come back.
    pub fn own_addresses(&self) -> Vec<String> {
        let mut addresses: Vec<String> = self
            .mailboxes
            .iter()
            .map(|mailbox| &mailbox.address)
            .chain(&self.submit.from)
            .filter(|address| !address.is_empty())
            .map(|address| address.to_lowercase())
            .collect();
        addresses.sort();
        addresses.dedup();
        addresses
    }

    pub(super) fn validate(&self, report: &mut Report) {
        for mailbox in &self.mailboxes {
            mailbox.validate(report);
        }
        self.submit.validate(report, self.mailboxes.iter().any(|mailbox| mailbox.enabled));
        self.validate_distinct(report);
        if self.limits.text > self.limits.size && !report.is_wrong("email.limits.size") {
            report.wrong("email.limits.text", "must not be larger than email.limits.size");
        }
    }

    /// Two accounts on one mailbox would fetch every letter twice, and one address on two mailboxes would leave it
    /// open which of them a bounce belongs to.
    fn validate_distinct(&self, report: &mut Report) {
        let mut addresses: HashMap<String, &str> = HashMap::new();
        let mut places: HashMap<(String, u16, &str, &str), &str> = HashMap::new();
        for mailbox in self.mailboxes.iter().filter(|mailbox| mailbox.enabled) {
            let path = format!("email.mailboxes.{}", mailbox.name);
            if let Some(other) = addresses.insert(mailbox.address.to_lowercase(), &mailbox.name) {
                let sentence = format!("is also the address of email.mailboxes.{other}; each needs its own");
                report.wrong(&format!("{path}.address"), sentence);
            }
            let place = (mailbox.host.to_lowercase(), mailbox.port, &*mailbox.user, &*mailbox.folder);
            if let Some(other) = places.insert(place, &mailbox.name) {
                let sentence = format!("is the same folder of the same account as email.mailboxes.{other}");
                report.wrong(&format!("{path}.folder"), sentence);
            }
        }
    }
}
