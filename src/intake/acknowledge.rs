//! Whether a message that starts an enquiry is acknowledged, what the acknowledgement promises, and why.
//!
//! Never decides whether a message starts an enquiry, and knows no text: which words go out, in which language, is
//! decided when the letter is sent.
//!
//! The promise is made in every case. Whether a receipt may go out is a matter of loops and forgery; that the
//! citizen is answered in time is not, so the adviser is held to the date all the same.

use indgang_channels::message::{Address, Channel, Incoming, SenderCheck};
use jiff::Timestamp;

use super::{Acknowledgement, Known, Rules, texting};
use crate::domain::calendar;
use crate::domain::promise::{Office, Promise, promise};

/// Decides for a message that starts an enquiry: at once, or when a person has taken it off the hold shelf.
pub fn decide(incoming: &Incoming, known: &Known, rules: &Rules, now: Timestamp) -> Acknowledgement {
    let promise = honest_promise(&rules.office, incoming.received_at, now);
    match why_not(incoming, known, rules, now) {
        Some(reason) => Acknowledgement::Suppressed { promise, reason },
        None => {
            let reason = "It starts an enquiry, and nothing speaks against answering its sender.".to_owned();
            Acknowledgement::Send { promise, reason }
        }
    }
}

/// Counts from receipt, for the citizen waits since then, unless that would promise what cannot be kept: after an
/// outage of ours the date may have passed, and a sender's clock may be ahead. Then it counts from now.
fn honest_promise(office: &Office, received_at: Timestamp, now: Timestamp) -> Promise {
    let today = calendar::local(now).date();
    let counted = promise(office, received_at.min(now));
    let mut honest = if counted.reply_by <= today { promise(office, now) } else { counted };
    // An absence that ended while the letter waited is no news.
    honest.closed = honest.closed.filter(|closed| closed.through >= today);
    honest
}

/// The first thing that speaks against answering. Those that are about the letter come before the ceilings, so that
/// a reason stays the same however much else came that day.
fn why_not(incoming: &Incoming, known: &Known, rules: &Rules, now: Timestamp) -> Option<String> {
    let because = |reason: &str| Some(reason.to_owned());
    if matches!(incoming.channel, Channel::Call | Channel::Meeting) {
        return because("The citizen has talked with the adviser, who keyed it in.");
    }
    if incoming.channel == Channel::Web && incoming.answer_channel().is_none() {
        return because("The receipt on the page has said everything, and there is no address for another.");
    }
    let Some(sender) = &incoming.sender else {
        return because("There is no address to answer.");
    };
    if matches!(incoming.sender_check, SenderCheck::Failed(_)) {
        return because("DMARC failed, so the answer could reach somebody who never wrote.");
    }
    // An answer goes to the sender or where the sender wants it, so neither may be us or a machine.
    let answered = || [sender].into_iter().chain(&incoming.reply_to).map(|party| &party.address);
    if answered().any(|address| rules.own_addresses.contains(&address.key())) {
        return because("The answer would come back to an address of our own.");
    }
    if answered().any(is_nobody) {
        return because("The sender's address says that nobody reads answers there.");
    }
    if let Some(wish) = &incoming.suppress_reply {
        let what = match incoming.answer_channel() {
            Some(Channel::Sms) => "Its number gets no automatic answer",
            _ => "The letter speaks against an automatic answer",
        };
        return Some(super::with_words(what, wish));
    }
    if now.duration_since(incoming.received_at) > rules.acknowledge_within {
        return because("It came so long ago that a receipt now would only confuse.");
    }
    if incoming.answer_channel() == Some(Channel::Sms) {
        return texting::why_not(incoming, known, rules);
    }
    if known.acknowledged_sender >= rules.ceiling_sender {
        return Some(format!(
            "The ceiling for one sender is met: {} acknowledgements in 24 hours.",
            rules.ceiling_sender
        ));
    }
    if known.acknowledged_all >= rules.ceiling_all {
        return Some(format!(
            "The ceiling for all is met: {} acknowledgements in 24 hours.",
            rules.ceiling_all
        ));
    }
    None
}

/// Whether an address says of itself that no person reads what is sent there: the system addresses of RFC 5230
/// section 4.6, and the names that senders of machine mail give theirs.
fn is_nobody(address: &Address) -> bool {
    let Address::Email(written) = address else { return matches!(address, Address::Label(_)) };
    let local = written.rsplit_once('@').map_or(written.as_str(), |(local, _)| local).to_lowercase();
    let bare: String = local.chars().filter(|c| !matches!(c, '.' | '-' | '_' | '+')).collect();
    ["noreply", "donotreply", "dontreply", "svarikke", "ikkesvar", "mailerdaemon"]
        .iter()
        .any(|name| bare.contains(name))
        || ["postmaster", "bounce", "bounces", "listserv", "majordomo"]
            .iter()
            .any(|name| local.split(['+', '-', '.']).next() == Some(name))
        || local.starts_with("owner-")
        || local.ends_with("-request")
}
