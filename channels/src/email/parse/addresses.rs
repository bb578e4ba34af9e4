//! Who wrote, and to whom.

use mail_parser::{Addr, Message};

use super::{doubt, headers};
use crate::message::{Address, DoubtKind, Incoming, Party};

/// Most recipients that are kept.
const RECIPIENTS: usize = 200;

pub(super) fn fill(incoming: &mut Incoming, message: &Message<'_>) {
    let from = parties(message, "From", message.from());
    incoming.reply_to = parties(message, "Reply-To", message.reply_to());
    incoming.recipients = parties(message, "To", message.to());
    incoming.recipients.extend(parties(message, "Cc", message.cc()));
    incoming.recipients.truncate(RECIPIENTS);
    let distinct = from.iter().any(|party| party.address.key() != from[0].address.key());
    if distinct {
        doubt(
            incoming,
            DoubtKind::SeveralSenders,
            "Its From names more than one sender; the first is taken.",
        );
    }
    // From, and only where it names nobody whoever else says that they sent it.
    incoming.sender =
        from.into_iter().next().or_else(|| parties(message, "Sender", message.sender()).into_iter().next());
    if incoming.sender.is_none() {
        doubt(incoming, DoubtKind::NoSender, "It has no sender's address that an answer could go to.");
    }
}

fn parties(message: &Message<'_>, name: &str, address: Option<&mail_parser::Address<'_>>) -> Vec<Party> {
    let Some(address) = address else { return Vec::new() };
    address.iter().take(RECIPIENTS).filter_map(|one| party(message, name, one)).collect()
}

fn party(message: &Message<'_>, header: &str, one: &Addr<'_>) -> Option<Party> {
    let (written, mut name) = match (one.address.as_deref(), one.name.as_deref()) {
        (Some(address), name) => (address, name.unwrap_or_default().to_owned()),
        (None, Some(name)) => (name, String::new()),
        (None, None) => return None,
    };
    let outer = |c: char| c.is_whitespace() || "<>\"',;".contains(c);
    // A name without angle brackets after it: the last word with an @ is the address.
    let written = match written.trim().rsplit_once(char::is_whitespace) {
        Some((before, last)) if last.contains('@') && !written.starts_with('"') => {
            if name.is_empty() && !before.contains('@') {
                before.trim_matches(outer).clone_into(&mut name);
            }
            last
        }
        _ => written,
    };
    let address: String =
        written.trim_matches(outer).chars().filter(|c| !c.is_control() && !c.is_whitespace()).collect();
    let at = address.rfind('@')?;
    if at == 0 || at + 1 == address.len() || address.len() > 320 {
        return None;
    }
    if name.contains('\u{fffd}') {
        name = headers::repaired_phrase(message, header, &name);
    }
    let name: String = name.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let name = name.trim().to_owned();
    Some(Party { address: Address::Email(address), name: Some(name).filter(|name| !name.is_empty()) })
}
