//! Weighs whether a letter is a delivery report.
//!
//! Two sides must agree: who sends it (a mail system, or nobody to send errors to) and what it says (a report's
//! structure, a report's subject, a report's opening words). A citizen who quotes a report has the second side only;
//! a postmaster who writes a letter has the first only.

use super::notice::Notice;
use super::{Letter, forwarded, phrases};

/// What was found on each side.
pub(super) struct Evidence {
    /// Weight of the sender's side.
    pub(super) sender: u32,
    /// Whether the sender is a mail system, or forbids reports to itself.
    pub(super) system: bool,
    /// Weight of the content.
    pub(super) content: u32,
    /// The strongest sign, in words.
    pub(super) reason: &'static str,
}

/// Both sides together must weigh this much.
const ENOUGH: u32 = 4;

impl Evidence {
    /// Whether this is a delivery report.
    pub(super) fn suffices(&self) -> bool {
        // A role alone sends parcel notices too: then subject and opening words must both be a report's.
        let content = if self.system { 1 } else { ENOUGH };
        self.sender > 0 && self.content >= content && self.sender + self.content >= ENOUGH
    }

    pub(super) fn weigh(letter: &Letter<'_>, notice: &Notice) -> Self {
        let subject = letter.message.subject().unwrap_or_default();
        let (sender, system) = sender(letter);
        let report = letter.report_type().as_deref() == Some("delivery-status");
        if report && notice.status.is_some() {
            // No program that people write with makes this structure, whoever stands in From.
            let reason = "multipart/report with a delivery-status part (RFC 3464)";
            return Self { sender: sender + 1, system: true, content: ENOUGH, reason };
        }
        if letter.headers.has("x-failed-recipients") && sender > 0 {
            return Self {
                sender,
                system,
                content: ENOUGH,
                reason: "X-Failed-Recipients names who was not reached",
            };
        }
        let mut evidence = Self {
            sender,
            system,
            content: 0,
            reason: "a mail system sends it, and its text is a delivery notice",
        };
        if report || (notice.status.is_some() && sender > 0) {
            evidence.content += 2;
            evidence.reason = "a mail system sends it with a delivery-status part (RFC 3464)";
        }
        if !forwarded(subject) {
            evidence.content += phrases::subject_weight(subject);
        }
        if sender > 0 && phrases::opens_as_report(&notice.told) {
            evidence.content += 2;
        }
        evidence
    }
}

/// How much the sender's side looks like a mail system, and whether it is one for certain.
fn sender(letter: &Letter<'_>) -> (u32, bool) {
    let headers = letter.headers;
    let from = format!(
        "{} {}",
        headers.first("from").unwrap_or_default(),
        letter.message.from().and_then(|from| from.first()).and_then(|from| from.name()).unwrap_or_default()
    )
    .to_lowercase();
    let path = headers.first("return-path").unwrap_or_default().to_lowercase();
    let nobody = headers.first("from").is_some_and(|from| !from.contains('@'));
    let mut weight = 0;
    if phrases::DAEMONS.iter().any(|daemon| from.contains(daemon)) {
        weight += 3;
    } else if phrases::POSTMASTERS.iter().any(|postmaster| from.contains(postmaster)) || nobody {
        weight += 2;
    } else if !headers.has("from") || phrases::ROLES.iter().any(|role| from.contains(role)) {
        weight += 1;
    }
    if headers.null_return_path() || path.contains("mailer-daemon") {
        weight += 2;
    }
    if headers.has("x-failed-recipients") {
        weight += 2;
    }
    let system = weight >= 2;
    if headers
        .first("auto-submitted")
        .is_some_and(|value| value.to_ascii_lowercase().trim_start().starts_with("auto-"))
    {
        weight += 1;
    }
    if headers.first("precedence").is_some_and(|value| !value.to_ascii_lowercase().contains("list")) {
        weight += 1;
    }
    (weight, system)
}
