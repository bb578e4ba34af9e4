//! Reads delivery reports (RFC 3464), complaints (RFC 5965) and their free-text forerunners.
//!
//! Knows nothing of enquiries: it says who was not reached, how finally, and which letter it was.

mod address;
mod arf;
mod dsn;
mod evidence;
mod freetext;
mod json;
mod notice;
mod original;
mod phrases;
mod status;

use mail_parser::{Message, MimeHeaders};

use self::dsn::{Action, Outcome};
use self::evidence::Evidence;
use self::notice::Notice;
use crate::email::automatic::header_block::HeaderBlock;
use crate::message::{AutomaticKind, Bounce, BouncedRecipient};

/// A letter, as the rules of this folder see it.
pub(crate) struct Letter<'a> {
    /// The parsed letter.
    pub(crate) message: &'a Message<'a>,
    /// Its bytes.
    pub(crate) raw: &'a [u8],
    /// Its readable text.
    pub(crate) text: &'a str,
    /// Its own header.
    pub(crate) headers: &'a HeaderBlock,
    /// Our own addresses, lower-cased: never reported as not reached.
    pub(crate) own_addresses: &'a [String],
}

impl Letter<'_> {
    /// The report type of a `multipart/report` (RFC 6522), lower-cased.
    pub(crate) fn report_type(&self) -> Option<String> {
        let kind = self.message.content_type()?;
        let report = kind.ctype().eq_ignore_ascii_case("multipart")
            && kind.subtype().is_some_and(|subtype| subtype.eq_ignore_ascii_case("report"));
        report.then(|| kind.attribute("report-type").unwrap_or("delivery-status").trim().to_ascii_lowercase())
    }
}

/// A letter that reports on one of ours.
pub(crate) struct Report {
    /// `Bounce`, `Delay`, `Complaint`; `AutoReply` for news of a delivery that went well.
    pub(crate) kind: AutomaticKind,
    /// What says so, in words.
    pub(crate) reason: String,
    /// What it reports.
    pub(crate) bounce: Option<Bounce>,
}

/// Whether the subject begins with a prefix for forwarding or answering: then a person passed the report on.
pub(crate) fn forwarded(subject: &str) -> bool {
    forwards(subject) || prefixed(subject, phrases::ANSWERS)
}

/// Whether the subject begins with a prefix for forwarding.
pub(crate) fn forwards(subject: &str) -> bool {
    prefixed(subject, phrases::FORWARDS)
}

fn prefixed(subject: &str, prefixes: &[&str]) -> bool {
    let subject = subject.trim_start().to_lowercase();
    prefixes.iter().any(|prefix| {
        subject.strip_prefix(prefix).is_some_and(|rest| rest.trim_start().starts_with([':', '：']))
    })
}

/// Reads `letter` when it is a delivery report or a complaint.
pub(crate) fn read(letter: &Letter<'_>) -> Option<Report> {
    let notice = Notice::of(letter);
    complaint(letter, &notice).or_else(|| notification(letter, &notice)).or_else(|| delivery(letter, &notice))
}

fn complaint(letter: &Letter<'_>, notice: &Notice) -> Option<Report> {
    let subject = letter.message.subject().unwrap_or_default();
    let (recipients, reason) = match &notice.feedback {
        Some(feedback) if letter.report_type().is_some() => {
            (arf::complainants(feedback)?, "multipart/report with a feedback report (RFC 5965)")
        }
        None if letter.report_type().as_deref() == Some("feedback-report") => {
            (Vec::new(), "multipart/report that says it is a feedback report (RFC 5965)")
        }
        None if notice.returns && arf::complaint_subject(subject) => {
            (Vec::new(), "the subject is that of a provider's complaint, with the letter enclosed")
        }
        _ => return None,
    };
    let original_message_id = original::message_id(letter, &[]);
    Some(Report {
        kind: AutomaticKind::Complaint,
        reason: reason.to_owned(),
        bounce: Some(Bounce { recipients: kept(letter, recipients), original_message_id }),
    })
}

/// A sending service's notification in JSON. Anyone may write a letter that begins with a brace, so the sender must
/// not be a person.
fn notification(letter: &Letter<'_>, notice: &Notice) -> Option<Report> {
    let from = letter.headers.first("from").unwrap_or_default().to_lowercase();
    if !from.contains("no-reply@") && !from.contains("noreply@") {
        return None;
    }
    let (kind, bounce) = json::read(&notice.told)?;
    let bounce = bounce.map(|bounce| Bounce { recipients: kept(letter, bounce.recipients), ..bounce });
    Some(Report { kind, reason: "a sending service's notification in JSON".to_owned(), bounce })
}

fn delivery(letter: &Letter<'_>, notice: &Notice) -> Option<Report> {
    let evidence = Evidence::weigh(letter, notice);
    if !evidence.suffices() {
        return None;
    }
    let told = freetext::told(&notice.told);
    let outcomes = notice.status.as_deref().map(dsn::outcomes).filter(|found| !found.is_empty());
    if let Some(outcomes) = &outcomes
        && outcomes.iter().all(|outcome| outcome.action == Action::Succeeded)
    {
        return None;
    }
    let late = match &outcomes {
        Some(outcomes) => outcomes.iter().all(|outcome| outcome.action != Action::Failed),
        None => phrases::says_delayed(letter.message.subject().unwrap_or_default(), &told),
    };
    let mut recipients = recipients(letter, notice, outcomes, &told);
    let stated = notice.status.as_deref().and_then(dsn::any_status);
    for recipient in &mut recipients {
        if recipient.status.is_none()
            && let Some(stated) = &stated
        {
            recipient.permanent = !stated.starts_with('4');
            recipient.status = Some(stated.clone());
        }
        recipient.permanent &= !late;
    }
    Some(Report {
        kind: if late { AutomaticKind::Delay } else { AutomaticKind::Bounce },
        reason: evidence.reason.to_owned(),
        bounce: Some(Bounce {
            recipients,
            original_message_id: original::message_id(letter, &[&notice.told, letter.text]),
        }),
    })
}

/// Who was not reached, from the most reliable source that names anyone.
fn recipients(
    letter: &Letter<'_>,
    notice: &Notice,
    outcomes: Option<Vec<Outcome>>,
    told: &str,
) -> Vec<BouncedRecipient> {
    let unreached = |outcomes: Vec<Outcome>| {
        let outcomes = outcomes.into_iter().filter(|outcome| outcome.action != Action::Succeeded);
        outcomes.map(|outcome| outcome.recipient).collect::<Vec<_>>()
    };
    let found = kept(letter, outcomes.map(unreached).unwrap_or_default());
    if !found.is_empty() {
        return found;
    }
    let found = kept(letter, freetext::failed_header(letter, told));
    if !found.is_empty() {
        return found;
    }
    for fields in [notice.retyped.as_deref(), Some(told)].into_iter().flatten() {
        let found = kept(letter, unreached(dsn::outcomes(fields)));
        if !found.is_empty() {
            return found;
        }
    }
    for text in [told, &freetext::told(letter.text)] {
        let found = kept(letter, freetext::recipients(letter, text));
        if !found.is_empty() {
            return found;
        }
    }
    // A filter that refuses for a person; a gateway that wraps the whole report in a letter of its own.
    let inner = notice.inner.as_ref().and_then(|inner| inner.status.as_deref());
    for fields in [notice.disposition.as_deref(), inner].into_iter().flatten() {
        let found = kept(letter, unreached(dsn::outcomes(fields)));
        if !found.is_empty() {
            return found;
        }
    }
    // Nothing names anyone, but the returned letter went to one person only.
    let addressee = original::only_addressee(letter, &notice.told);
    kept(letter, addressee.map(|address| freetext::judged(address, told)).into_iter().collect())
}

/// The same recipients, each once, without our own addresses.
fn kept(letter: &Letter<'_>, recipients: Vec<BouncedRecipient>) -> Vec<BouncedRecipient> {
    let mut seen = std::collections::HashSet::new();
    recipients
        .into_iter()
        .filter(|recipient| {
            let key = recipient.address.to_lowercase();
            !letter.own_addresses.contains(&key) && seen.insert(key)
        })
        .collect()
}
