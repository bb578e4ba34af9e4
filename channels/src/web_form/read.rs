//! A [`Submission`] to one [`Incoming`].
//!
//! Says by what way it may be answered, as far as the writer chose and the address allows; never decides whether.

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::{File, Scan, Submission};
use crate::files::safe_name;
use crate::language;
use crate::message::{
    Address, AnswerBy, AnswerWay, Attachment, Channel, Doubt, DoubtKind, ExternalId, FormAnswers, Incoming,
    Party, SenderCheck, Thread,
};
use crate::sms::read::why_no_text;

/// What begins every identifier of a form's or a page's thread. The blank keeps it apart from any Message-ID.
pub const THREAD: &str = "web ";

/// The ways that an automatic answer can take.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AnswerWays {
    /// By mail; `None` when none goes out.
    pub email: Option<AnswerWay>,
    /// By text; `None` when none goes out.
    pub sms: Option<AnswerWay>,
}

/// Where something was written, and so what proves that it belongs to something earlier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place<'a> {
    /// In a form, for the first time.
    Form {
        /// What the form is known by.
        thread: &'a str,
    },
    /// In the same form again: it was changed and sent once more.
    FormAgain {
        /// What the form is known by.
        thread: &'a str,
    },
    /// On the private page of an enquiry.
    PrivatePage {
        /// What the page is known by.
        thread: &'a str,
    },
}

/// What the reader must know that does not stand in the submission.
#[derive(Clone, Copy, Debug)]
pub struct ReadContext<'a> {
    /// The account that forms come through.
    pub account: &'a str,
    /// When it came.
    pub received_at: Timestamp,
    /// The ways that an automatic answer can take.
    pub answer_ways: &'a AnswerWays,
    /// Our own numbers: no text is sent to them.
    pub own_numbers: &'a [String],
    /// Countries beside Denmark, the Faroe Islands and Greenland whose numbers get automatic texts, such as `+46`.
    pub foreign: &'a [String],
    /// Where it was written.
    pub place: Place<'a>,
}

impl Place<'_> {
    fn thread(self) -> String {
        let (Self::Form { thread } | Self::FormAgain { thread } | Self::PrivatePage { thread }) = self;
        format!("{THREAD}{thread}")
    }

    /// What proves who wrote.
    fn proof(self) -> SenderCheck {
        match self {
            Self::Form { .. } => SenderCheck::Unknown,
            Self::FormAgain { .. } => {
                SenderCheck::Passed("It was sent from the form that was still open.".to_owned())
            }
            Self::PrivatePage { .. } => {
                SenderCheck::Passed("It was written on the private page of the enquiry.".to_owned())
            }
        }
    }
}

/// Reads a submission. Always yields something.
pub fn read(submission: &Submission, external_id: ExternalId, context: &ReadContext<'_>) -> Incoming {
    let email = submission.email.clone().map(Address::Email);
    let phone = submission.phone.clone().map(Address::Phone);
    let silent =
        phone.as_ref().and_then(|phone| why_no_text(phone.as_str(), context.own_numbers, context.foreign));
    let (by_email, by_sms) = (context.answer_ways.email.clone(), context.answer_ways.sms.clone());
    let mail = || email.clone().zip(by_email.clone());
    let text = || phone.clone().filter(|_| silent.is_none()).zip(by_sms.clone());
    // What was chosen comes first, and what else there is after it: a receipt by another way is better than none.
    let answer = match submission.answer_by {
        Some(AnswerBy::Sms) => text().or_else(mail),
        _ => mail().or_else(text),
    };
    let spoken_to = match submission.answer_by {
        Some(AnswerBy::Call | AnswerBy::Sms | AnswerBy::Meeting) => phone.clone().or(email.clone()),
        _ => email.clone().or(phone.clone()),
    };
    let address = answer.as_ref().map(|(address, _)| address.clone()).or(spoken_to);
    let thread_id = context.place.thread();
    let in_reply_to = match context.place {
        Place::Form { .. } => Vec::new(),
        Place::FormAgain { .. } | Place::PrivatePage { .. } => vec![thread_id.clone()],
    };
    let text = tidy(&submission.message);
    Incoming {
        channel: Channel::Web,
        account: context.account.to_owned(),
        external_id,
        fingerprint: fingerprint(submission, &thread_id),
        received_at: context.received_at,
        sent_at: None,
        sender: address.map(|address| Party { address, name: submission.name.clone() }),
        reply_to: Vec::new(),
        recipients: Vec::new(),
        subject: String::new(),
        folded: Vec::new(),
        language: submission.language.clone().or_else(|| language::detect(&text)),
        doubts: doubts(submission, &text),
        text,
        attachments: submission.files.iter().enumerate().map(attachment).collect(),
        thread: Thread { message_id: Some(thread_id), in_reply_to, references: Vec::new() },
        automatic: None,
        bounce: None,
        sender_check: context.place.proof(),
        suppress_reply: None,
        form: Some(FormAnswers {
            name: submission.name.clone(),
            answer_by: submission.answer_by,
            deadline: submission.deadline.clone(),
            area: submission.area.clone(),
            contacts: email.into_iter().chain(phone).collect(),
            answer_way: answer.map(|(_, way)| way),
        }),
    }
}

/// One sort of line end, and no control characters but tabs.
fn tidy(text: &str) -> String {
    let lines = text.replace("\r\n", "\n").replace('\r', "\n");
    lines
        .trim_start_matches('\u{feff}')
        .chars()
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
        .collect()
}

/// What makes it this message and no other: where it was written and everything in it, but nothing that we found out
/// ourselves, so that the same form sent twice in one second is the same twice.
fn fingerprint(submission: &Submission, thread: &str) -> [u8; 32] {
    let mut hash = Sha256::new();
    let mut piece = |bytes: &[u8]| {
        hash.update((bytes.len() as u64).to_be_bytes());
        hash.update(bytes);
    };
    piece(thread.as_bytes());
    piece(submission.message.as_bytes());
    for field in
        [&submission.name, &submission.email, &submission.phone, &submission.deadline, &submission.area]
    {
        piece(&[u8::from(field.is_some())]);
        piece(field.as_deref().unwrap_or_default().as_bytes());
    }
    // The words that are stored, which stay when ours change.
    piece(serde_json::to_string(&submission.answer_by).unwrap_or_default().as_bytes());
    piece(submission.language.as_ref().map(|one| one.0.as_str()).unwrap_or_default().as_bytes());
    for file in &submission.files {
        piece(file.name.as_bytes());
        piece(&Sha256::digest(&file.bytes));
    }
    hash.finalize().into()
}

/// Why a file must not be opened unwarned; `None` when it may be.
pub fn quarantine(scan: &Scan) -> Option<String> {
    match scan {
        Scan::NotAsked | Scan::Clean => None,
        Scan::Infected(what) => Some(format!("The virus scanner found {what} in it.")),
        Scan::Unknown => Some("The virus scanner did not answer, so nobody has looked into it.".to_owned()),
    }
}

/// The same, said of a whole message: how many of its files are infected, and how many nobody could look into.
pub fn quarantine_doubts(infected: usize, unknown: usize) -> Vec<String> {
    let infected = (infected > 0).then(|| format!("{infected} of its files are infected."));
    let unknown = (unknown > 0).then(|| format!("{unknown} of its files could not be scanned for viruses."));
    infected.into_iter().chain(unknown).collect()
}

fn attachment((part, file): (usize, &File)) -> Attachment {
    Attachment {
        name: safe_name(&file.name),
        media_type: file.media_type.clone(),
        size: file.bytes.len() as u64,
        inline: false,
        part,
        quarantine: quarantine(&file.scan),
    }
}

fn doubts(submission: &Submission, text: &str) -> Vec<Doubt> {
    let mut doubts = Vec::new();
    let mut doubt = |kind, detail: String| doubts.push(Doubt { kind, detail });
    for suspicion in &submission.suspicions {
        doubt(DoubtKind::Suspicious, suspicion.clone());
    }
    let count = |is: &dyn Fn(&Scan) -> bool| submission.files.iter().filter(|file| is(&file.scan)).count();
    let infected = count(&|scan| matches!(scan, Scan::Infected(_)));
    let unknown = count(&|scan| *scan == Scan::Unknown);
    for detail in quarantine_doubts(infected, unknown) {
        doubt(DoubtKind::Quarantined, detail);
    }
    if text.trim().is_empty() && submission.files.is_empty() {
        doubt(DoubtKind::Empty, "It holds neither words nor files.".to_owned());
    }
    doubts
}

#[cfg(test)]
mod tests;
