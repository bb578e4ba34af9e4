//! Letters that an Exchange inbox rule passed on.
//!
//! Exchange marks everything that a rule sends as `Auto-Submitted: auto-generated`, answers and forwarded letters
//! alike. Offices forward their citizens' letters to each other by such rules, so taking the mark at its word would
//! lose them. An answer comes from the mailbox that has the rule and is no forwarded letter.

use crate::email::automatic::header_block::HeaderBlock;
use crate::email::bounce;

/// How a rule passed a letter on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PassedOn {
    /// Forwarded: the mailbox with the rule stands in `From`.
    Forwarded,
    /// Redirected: the person who wrote it still stands in `From`.
    Redirected,
}

/// Whether a rule passed the letter on; `from` is the sender's address, lower-cased.
pub(super) fn passed_on(headers: &HeaderBlock, from: Option<&str>, subject: &str) -> Option<PassedOn> {
    let agent = headers.first("x-ms-exchange-generated-message-source").map(str::to_ascii_lowercase);
    let mailbox = headers.first("x-ms-exchange-inbox-rules-loop").map(str::to_ascii_lowercase);
    if mailbox.is_none() && !agent.is_some_and(|agent| agent.contains("mailbox rules agent")) {
        return None;
    }
    if bounce::forwards(subject) {
        return Some(PassedOn::Forwarded);
    }
    let elsewhere = match (&mailbox, from) {
        (Some(mailbox), Some(from)) => mailbox.contains('@') && !mailbox.contains(from),
        _ => false,
    };
    (elsewhere || headers.has("resent-from")).then_some(PassedOn::Redirected)
}
