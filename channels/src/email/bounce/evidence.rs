//! Weighs whether a letter is a delivery report.
//!
//! Two sides must agree: who sends it (a mail system, or nobody to send errors to) and what it says (a report's
//! structure, a report's subject, a report's opening words). A citizen who quotes a report has the second side only;
//! a postmaster who writes a letter has the first only.

use super::notice::Notice;
use super::{Letter, forwarded, phrases};

/// What was found on each side.
pub(super) struct Evidence {
    sender: Sender,
    /// Weight of the content.
    content: u32,
    /// The strongest sign, in words.
    pub(super) reason: &'static str,
}

/// The sender's side.
struct Sender {
    /// How much it looks like a mail system.
    weight: u32,
    kind: Kind,
}

/// Who may stand behind the sender's side.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A mail system for certain, or a sender who forbids reports to itself.
    System,
    /// A mail system or the person who runs it.
    Postmaster,
    /// A person's address that forbids reports to itself, as answering machines do.
    Silent,
    /// Any other program, or any person.
    Other,
}

/// Both sides together must weigh this much.
const ENOUGH: u32 = 4;

impl Evidence {
    /// Whether this is a delivery report.
    pub(super) fn suffices(&self) -> bool {
        // Programs send parcel notices too: then the subject as well as the opening words must be a report's.
        // Postmasters write letters too, and answering machines tell who left: then one of the two must be beyond
        // doubt.
        let (sender, content) = match self.sender.kind {
            Kind::System => (1, 1),
            Kind::Postmaster | Kind::Silent => (2, 3),
            Kind::Other => (2, 4),
        };
        self.sender.weight >= sender && self.content >= content && self.sender.weight + self.content >= ENOUGH
    }

    pub(super) fn weigh(letter: &Letter<'_>, notice: &Notice) -> Self {
        let subject = letter.message.subject().unwrap_or_default();
        let sender = Sender::of(letter);
        let report = letter.report_type().as_deref() == Some("delivery-status");
        if report && notice.status.is_some() {
            // No program that people write with makes this structure, whoever stands in From.
            let reason = "multipart/report with a delivery-status part (RFC 3464)";
            let sender = Sender { weight: ENOUGH, kind: Kind::System };
            return Self { sender, content: ENOUGH, reason };
        }
        if letter.headers.has("x-failed-recipients") {
            return Self { sender, content: ENOUGH, reason: "X-Failed-Recipients names who was not reached" };
        }
        let mut evidence =
            Self { sender, content: 0, reason: "a mail system sends it, and its text is a delivery notice" };
        if report || (notice.status.is_some() && evidence.sender.weight > 0) {
            evidence.content += 2;
            evidence.reason = "a mail system sends it with a delivery-status part (RFC 3464)";
        }
        if !forwarded(subject) {
            let weight = phrases::subject_weight(subject);
            // Few people begin a subject like that by hand.
            let handwritten = matches!(evidence.sender.kind, Kind::Postmaster | Kind::Silent);
            evidence.content += weight + u32::from(weight == 2 && handwritten);
        }
        if evidence.sender.weight > 0 {
            evidence.content += phrases::opening_weight(&notice.told);
        }
        evidence
    }
}

impl Sender {
    fn of(letter: &Letter<'_>) -> Self {
        let headers = letter.headers;
        let written = headers.first("from").unwrap_or_default();
        let name = letter
            .message
            .from()
            .and_then(|from| from.first())
            .and_then(|from| from.name())
            .unwrap_or_default();
        let from = format!("{written} {name}").to_lowercase();
        let path = headers.first("return-path").unwrap_or_default().to_lowercase();
        let empty = headers.has("from") && written.chars().all(|c| matches!(c, '<' | '>' | ' '));
        let (mut weight, mut kind) = if phrases::names(&from, phrases::DAEMONS) {
            (3, Kind::System)
        } else if phrases::names(&from, phrases::POSTMASTERS) {
            (2, Kind::Postmaster)
        } else if empty {
            (2, Kind::System)
        } else if phrases::names(&from, phrases::PROGRAMS) {
            (2, Kind::Other)
        } else {
            (u32::from(!written.contains('@') || phrases::names(&from, phrases::OFFICES)), Kind::Other)
        };
        if path.contains("mailer-daemon") || headers.has("x-failed-recipients") {
            kind = Kind::System;
            weight += 2;
        } else if headers.null_return_path() {
            kind = if weight >= 2 { Kind::System } else { Kind::Silent };
            weight += 2;
        }
        if headers
            .first("auto-submitted")
            .is_some_and(|value| value.to_ascii_lowercase().trim_start().starts_with("auto-"))
        {
            weight += 1;
        }
        let precedence = headers.first("precedence").unwrap_or_default().to_ascii_lowercase();
        if ["bulk", "junk", "auto"].iter().any(|word| precedence.contains(word)) {
            weight += 1;
        }
        Self { weight, kind }
    }
}
