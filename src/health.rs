//! How the parts of the server are, for `/readyz`, `/metrics` and the operator. Holds no personal data: mailboxes
//! are named as the configuration names them.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use jiff::Timestamp;
use serde::Serialize;

/// How one mailbox is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MailboxHealth {
    /// Whether letters come in from it now.
    pub state: MailboxState,
    /// Since when it has been so.
    pub since: Timestamp,
    /// When the server last answered.
    pub last_contact: Option<Timestamp>,
    /// What is wrong, in words for the operator; names the configuration key, never a person.
    pub trouble: Option<String>,
}

/// Whether letters come in from a mailbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MailboxState {
    /// The first connection is being made.
    Connecting,
    /// Letters come in.
    Reading,
    /// Another node reads it.
    ElsewhereRead,
    /// It cannot be read; tried again by itself.
    Failing,
}

impl MailboxState {
    /// Whether an operator need not act.
    pub fn is_well(self) -> bool {
        matches!(self, Self::Reading | Self::ElsewhereRead)
    }
}

/// The health of all mailboxes. Cheap to clone; all clones are one.
#[derive(Clone, Debug, Default)]
pub struct Health(Arc<RwLock<BTreeMap<String, MailboxHealth>>>);

impl Health {
    /// Says how a mailbox is. Keeps `since` while the state stays the same.
    pub fn report(&self, mailbox: &str, state: MailboxState, trouble: Option<String>, now: Timestamp) {
        let mut mailboxes = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let before = mailboxes.get(mailbox);
        let since = before.filter(|old| old.state == state).map_or(now, |old| old.since);
        let last_contact = match state {
            MailboxState::Reading => Some(now),
            _ => before.and_then(|old| old.last_contact),
        };
        metrics::gauge!("indgang_mailbox_up", "mailbox" => mailbox.to_owned()).set(if state.is_well() {
            1.0
        } else {
            0.0
        });
        mailboxes.insert(mailbox.to_owned(), MailboxHealth { state, since, last_contact, trouble });
    }

    /// All mailboxes as they are.
    pub fn all(&self) -> BTreeMap<String, MailboxHealth> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
