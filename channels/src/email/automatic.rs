//! Recognises letters that no person wrote. Never decides what becomes of them.
//!
//! A wrong "machine" costs most: a citizen would get no acknowledgement. So a letter is a delivery report only when
//! both its sender's side and its content say so, and what people quote or forward never counts.

pub(crate) mod header_block;
mod inbox_rule;
mod rules;
mod subject;
#[cfg(test)]
mod tests;

use mail_parser::{Address, Message};

use self::header_block::HeaderBlock;
use self::inbox_rule::PassedOn;
use crate::email::bounce;
use crate::message::{Automatic, AutomaticKind, Bounce};

/// What is found out about a letter's origin.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// Set when no person wrote it.
    pub automatic: Option<Automatic>,
    /// What it reports of a letter of ours.
    pub bounce: Option<Bounce>,
    /// Why no acknowledgement may go out although a person may have written it.
    pub suppress_reply: Option<String>,
}

/// Tells whether a machine wrote `message`, whose readable text is `text`. `raw` is the whole letter;
/// `own_addresses` are ours, lower-cased.
///
/// Delivery reports and complaints come first, because a report about a letter of ours may well carry our address
/// and our headers; then our own letters come back; then the headers of [`rules`]; then subjects.
pub fn origin(message: &Message<'_>, raw: &[u8], text: &str, own_addresses: &[String]) -> Origin {
    let headers = HeaderBlock::of(raw);
    let letter = bounce::Letter { message, raw, text, headers: &headers, own_addresses };
    if let Some(report) = bounce::read(&letter) {
        return Origin {
            automatic: Some(Automatic { kind: report.kind, reason: report.reason }),
            bounce: report.bounce,
            suppress_reply: None,
        };
    }
    let automatic = own(&letter).or_else(|| machine(&letter));
    let suppress_reply = if automatic.is_some() { None } else { silence(&letter) };
    Origin {
        automatic: automatic.map(|(kind, reason)| Automatic { kind, reason: reason.to_owned() }),
        bounce: None,
        suppress_reply: suppress_reply.map(str::to_owned),
    }
}

/// Our own letter, come back: by our header, or because the sender's address is ours.
fn own(letter: &bounce::Letter<'_>) -> Option<(AutomaticKind, &'static str)> {
    if letter.headers.has("x-indgang-loop") || letter.headers.has("x-indgang") {
        return Some((AutomaticKind::Own, "the header X-Indgang: this installation sent it"));
    }
    let from = sender(letter.message)?;
    letter.own_addresses.contains(&from).then_some((AutomaticKind::Own, "From is one of our own addresses"))
}

/// The address in `From`, lower-cased.
fn sender(message: &Message<'_>) -> Option<String> {
    message
        .from()
        .and_then(Address::first)
        .and_then(|from| from.address())
        .map(|address| address.to_lowercase())
}

fn machine(letter: &bounce::Letter<'_>) -> Option<(AutomaticKind, &'static str)> {
    let subject = letter.message.subject().unwrap_or_default();
    if let Some(reason) = receipt(letter) {
        return Some((AutomaticKind::AutoReply, reason));
    }
    if let Some(found) = rules::machine(letter.headers, passed_on(letter).is_some()) {
        return Some(found);
    }
    if subject::marked_automatic(subject) {
        return Some((AutomaticKind::AutoReply, "the subject begins with a program's own mark"));
    }
    if subject::dmarc_report(subject) {
        return Some((AutomaticKind::AutoReply, "the subject is that of a DMARC report (RFC 7489)"));
    }
    // A citizen may begin a new letter with the words «Automatisk svar: …», so the subject needs a second sign:
    // the letter answers another one, or the mail system was told not to report on it.
    let answers = ["in-reply-to", "references"].iter().any(|name| letter.headers.has(name));
    let quiet = letter.headers.null_return_path() || letter.headers.has("x-auto-response-suppress");
    if (answers || quiet) && subject::begins_automatic(subject) {
        return Some((
            AutomaticKind::AutoReply,
            "the subject begins as an answering machine's, and the letter is an answer",
        ));
    }
    None
}

/// A receipt (RFC 8098) or another report that is about no delivery.
fn receipt(letter: &bounce::Letter<'_>) -> Option<&'static str> {
    match letter.report_type()?.as_str() {
        "disposition-notification" => Some("multipart/report with a disposition notification (RFC 8098)"),
        "tlsrpt" => Some("multipart/report with a TLS report (RFC 8460)"),
        "delivery-status" => Some("multipart/report of a delivery that did not fail (RFC 3464)"),
        _ => None,
    }
}

/// Whether an inbox rule passed the letter on.
fn passed_on(letter: &bounce::Letter<'_>) -> Option<PassedOn> {
    let subject = letter.message.subject().unwrap_or_default();
    inbox_rule::passed_on(letter.headers, sender(letter.message).as_deref(), subject)
}

fn silence(letter: &bounce::Letter<'_>) -> Option<&'static str> {
    let headers = letter.headers;
    if headers.null_return_path() {
        return Some("Return-Path is empty: nothing may be sent back (RFC 5321)");
    }
    match passed_on(letter) {
        // Whoever wrote it still stands in From, so an answer reaches them and not the rule.
        Some(PassedOn::Redirected) => {}
        Some(PassedOn::Forwarded) => return Some("an inbox rule forwarded it, so From is not who wrote it"),
        None if headers.has("x-ms-exchange-inbox-rules-loop") => {
            return Some("X-MS-Exchange-Inbox-Rules-Loop: an inbox rule sent it");
        }
        None => {}
    }
    if let Some(reason) = rules::silence(headers) {
        return Some(reason);
    }
    // A form elsewhere may send on a citizen's behalf; then Reply-To says where to answer.
    let from = headers.first("from").unwrap_or_default().to_lowercase();
    let nobody =
        ["noreply@", "no-reply@", "donotreply@", "do-not-reply@", "no_reply@", "ingensvar@", "svarikke@"];
    (!headers.has("reply-to") && nobody.iter().any(|local| from.contains(local)))
        .then_some("From is an address that nobody reads")
}
