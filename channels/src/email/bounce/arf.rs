//! Complaints in the abuse reporting format (RFC 5965), and the two that forerunners and providers write instead.

use super::address;
use crate::message::BouncedRecipient;

/// The recipients that a feedback report names, when its type is a complaint.
///
/// `None` for `not-spam` (RFC 6430 says that somebody wants the mail after all).
pub(super) fn complainants(report: &str) -> Option<Vec<BouncedRecipient>> {
    let mut recipients: Vec<BouncedRecipient> = Vec::new();
    for line in report.lines().take(500) {
        let Some((name, value)) = line.split_once(':') else { continue };
        match name.trim().to_ascii_lowercase().as_str() {
            "feedback-type" if value.trim().eq_ignore_ascii_case("not-spam") => return None,
            "original-rcpt-to" | "removal-recipient" | "x-hmxmroriginalrecipient" => {
                recipients.extend(address::first(value).map(complained));
            }
            _ => {}
        }
    }
    recipients.dedup();
    Some(recipients)
}

/// A recipient who complained. Their address works, so nothing failed for good.
pub(super) fn complained(address: String) -> BouncedRecipient {
    BouncedRecipient { address, status: None, permanent: false }
}

/// Whether the subject is that of a provider's complaint without a feedback report
/// («complaint about message from 192.0.2.1»).
pub(super) fn complaint_subject(subject: &str) -> bool {
    let subject = subject.trim().to_ascii_lowercase();
    subject
        .strip_prefix("complaint about message from ")
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}
