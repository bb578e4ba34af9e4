//! Plain data that every channel speaks: what came in, and what is to go out.
//!
//! Knows no wire format and makes no decision. Everything here is owned, comparable and serialisable, so that a
//! table of cases can be written down by hand.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The way a message came in (`intake_channel`, l.444 of the source report). Never changes afterwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// Electronic mail.
    Email,
    /// A text message.
    Sms,
    /// The web form.
    Web,
    /// A telephone call, keyed in by the adviser.
    Call,
    /// A meeting or a visit at the counter, keyed in by the adviser.
    Meeting,
}

impl Channel {
    /// The word that is stored and shown in figures: the same as the serialised form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Sms => "sms",
            Self::Web => "web",
            Self::Call => "call",
            Self::Meeting => "meeting",
        }
    }

    /// Reads back what [`Channel::as_str`] wrote.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Email, Self::Sms, Self::Web, Self::Call, Self::Meeting]
            .into_iter()
            .find(|one| one.as_str() == word)
    }
}

/// What identifies a message on its channel account, the same at every redelivery.
///
/// For a mailbox `uidvalidity:uid`; for a file or a pipe the hash of the bytes; for a text what its gateway numbers it. Never the Message-ID: senders
/// choose that, and scanners and broken clients repeat it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ExternalId(pub String);

/// An address that a person can be reached at.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "value")]
pub enum Address {
    /// An addr-spec (RFC 5322 section 3.4.1) as written, without angle brackets.
    Email(String),
    /// A telephone number in E.164 form.
    Phone(String),
    /// What stands where a number should and cannot be answered: a name that the sender chose (TS 23.040 section
    /// 9.1.2.5) or a short code. Anybody may use any name, so it never tells who somebody is.
    Label(String),
}

impl Address {
    /// The address as written.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Email(value) | Self::Phone(value) | Self::Label(value) => value,
        }
    }

    /// The form that two spellings of one address share. Mail servers treat the local part without regard to
    /// case in practice, though RFC 5321 section 2.4 lets them differ, so the whole address is lower-cased.
    pub fn key(&self) -> String {
        match self {
            Self::Email(value) => value.to_lowercase(),
            Self::Phone(value) | Self::Label(value) => value.clone(),
        }
    }

    /// `email`, `phone` or `label`: the word that is stored beside [`Address::key`].
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Email(_) => "email",
            Self::Phone(_) => "phone",
            Self::Label(_) => "label",
        }
    }
}

/// Never prints the address: a debug line is a log line waiting to happen.
impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address::{}(…)", self.kind())
    }
}

/// Somebody named in a header: an address, and the name written beside it.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Party {
    /// Where they are reached.
    pub address: Address,
    /// The display name, decoded; `None` when absent or empty.
    pub name: Option<String>,
}

impl fmt::Debug for Party {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Party({:?})", self.address)
    }
}

/// What the letter says of its own thread (RFC 5322 section 3.6.4). Identifiers without angle brackets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thread {
    /// The letter's own identifier, chosen by the sender.
    pub message_id: Option<String>,
    /// The letters that it answers.
    pub in_reply_to: Vec<String>,
    /// The letters that came before, oldest first.
    pub references: Vec<String>,
}

/// A language that a letter is written in: an ISO 639-1 code in lower case (`da`, `en`, `nb`, …).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Language(pub String);

/// A stretch of [`Incoming::text`] that is not shown until asked for. Never removed: visible and folded stretches
/// together are the text, always.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fold {
    /// First byte of the stretch in `text`; always at a character boundary.
    pub start: usize,
    /// One past the last byte of the stretch in `text`.
    pub end: usize,
    /// Why it is folded.
    pub reason: FoldReason,
}

/// Why a stretch is folded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FoldReason {
    /// Text of an earlier letter, and the line that announces it.
    Quote,
    /// The sender's signature.
    Signature,
    /// A confidentiality notice or another text that the sender's server added.
    Disclaimer,
}

/// A file that came along. Its bytes stay in the raw letter; `part` finds them again.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// A name that is safe to offer for saving (no path, no control or direction characters), as the sender
    /// wrote it otherwise; `None` when the letter gives none.
    pub name: Option<String>,
    /// The media type that the letter states, in lower case, without parameters.
    pub media_type: String,
    /// Size in bytes after the transfer encoding is undone.
    pub size: u64,
    /// Shown inside the text (RFC 2183 `inline`, or referred to by Content-ID).
    pub inline: bool,
    /// The part's number in the parsed letter, counted from 0.
    pub part: usize,
    /// Why nobody may open it unwarned (a virus, or a scanner that did not answer), in words for the adviser.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quarantine: Option<String>,
}

impl fmt::Debug for Attachment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Attachment({}, {} bytes)", self.media_type, self.size)
    }
}

/// A letter that no person wrote, or that no person should be answered for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Automatic {
    /// Which sort of machine mail it is.
    pub kind: AutomaticKind,
    /// What in the letter says so, in words for the adviser. Names headers and rules, never the citizen's text.
    pub reason: String,
}

/// The sorts of machine mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AutomaticKind {
    /// An answer by a machine (RFC 3834): out of office, ticket receipt, notification.
    AutoReply,
    /// A letter that could not be delivered (RFC 3464 and its free-text forerunners).
    Bounce,
    /// A letter that is still being tried (RFC 3464 `delayed`).
    Delay,
    /// A complaint from a recipient by way of their provider (RFC 5965), or an opt-out.
    Complaint,
    /// From a mailing list (RFC 2369, RFC 2919).
    List,
    /// Sent in bulk (`Precedence: bulk` and its like).
    Bulk,
    /// Our own letter, come back.
    Own,
}

/// What a delivery report says of a letter of ours.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bounce {
    /// The recipients that failed or are delayed.
    pub recipients: Vec<BouncedRecipient>,
    /// The Message-ID of the letter that could not be delivered, without angle brackets.
    pub original_message_id: Option<String>,
}

/// One recipient of a delivery report.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BouncedRecipient {
    /// The address that failed.
    pub address: String,
    /// The enhanced status code (RFC 3463) where the report gives one, such as `5.1.1`.
    pub status: Option<String>,
    /// Whether trying again is pointless.
    pub permanent: bool,
}

impl fmt::Debug for BouncedRecipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BouncedRecipient({:?}, permanent: {})", self.status, self.permanent)
    }
}

/// What our own receiving server found out about the sender (RFC 8601), read only from the header that carries the
/// configured server's name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "result", content = "reason")]
pub enum SenderCheck {
    /// The receiving server says nothing, or no server's name is configured.
    #[default]
    Unknown,
    /// DMARC passed, or an aligned DKIM or SPF did.
    Passed(String),
    /// DMARC failed: the letter is not from whom it says.
    Failed(String),
}

/// Something odd about a letter, in words for the adviser.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doubt {
    /// Which oddity.
    pub kind: DoubtKind,
    /// What was seen, in a sentence; never the citizen's own text.
    pub detail: String,
}

/// The oddities that a channel can report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DoubtKind {
    /// The letter could not be read as a letter at all.
    Unreadable,
    /// Encrypted: only the adviser's own key can open it.
    Encrypted,
    /// A limit on size, depth, parts or time was met; what lies beyond it was not read.
    OverLimit,
    /// The letter has no sender address that an answer could go to.
    NoSender,
    /// The letter holds neither text nor attachments.
    Empty,
    /// The declared character set was missing, unknown or wrong, and another was used.
    Charset,
    /// The structure breaks the standard and was repaired as well as could be.
    Malformed,
    /// Signed by the sender; the signature was not checked.
    Signed,
    /// A `winmail.dat` container (TNEF) of which only what could be read is shown.
    Tnef,
    /// More than one sender stands in `From`, or `From` and `Sender` tell different stories.
    SeveralSenders,
    /// A part of a text message never came.
    Incomplete,
    /// The gateway numbers its texts not at all, so the same words again soon after are taken for the same text.
    Unnumbered,
    /// Pictures or other files came along that only the gateway keeps.
    FilesElsewhere,
    /// It came in a way in which machines fill in forms.
    Suspicious,
    /// A file came along that is infected, or that nobody could scan.
    Quarantined,
    /// A file came along that the form does not take, and only its name and size were kept.
    FileLeftOut,
}

impl DoubtKind {
    /// Whether this oddity alone puts the letter on the hold shelf, where a person looks at it first.
    pub fn holds(self) -> bool {
        matches!(
            self,
            Self::Unreadable
                | Self::Encrypted
                | Self::OverLimit
                | Self::NoSender
                | Self::Empty
                | Self::Suspicious
        )
    }
}

/// How somebody who fills in the form wants to be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerBy {
    /// By electronic mail.
    Email,
    /// By text message.
    Sms,
    /// By a call.
    Call,
    /// At a meeting.
    Meeting,
    /// On the private page of the enquiry.
    Page,
}

/// The way that an automatic answer takes when it is not the way that the message came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerWay {
    /// [`Channel::Email`] or [`Channel::Sms`].
    pub channel: Channel,
    /// The configured account that it goes out through.
    pub account: String,
    /// The number of ours that a text goes out from.
    pub sender: Option<String>,
}

/// What the web form asks beside the message. All of it is optional, and none of it is proven.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormAnswers {
    /// What the writer calls themselves; stands beside the sender's address too, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// How the writer wants to be answered.
    pub answer_by: Option<AnswerBy>,
    /// What the writer says of a deadline (*frist*), as typed.
    pub deadline: Option<String>,
    /// The area of the municipality that the writer believes it is about; never decides the enquiry's area (S7).
    pub area: Option<String>,
    /// Every address that was typed.
    pub contacts: Vec<Address>,
    /// The way that the acknowledgement takes; `None` when the receipt on the page is all there is.
    pub answer_way: Option<AnswerWay>,
}

/// Prints counts and kinds alone.
impl fmt::Debug for FormAnswers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FormAnswers")
            .field("answer_by", &self.answer_by)
            .field("contacts", &self.contacts.len())
            .field("answer_way", &self.answer_way.as_ref().map(|way| way.channel))
            .finish_non_exhaustive()
    }
}

/// One message as a channel read it: what every adapter normalises to.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Incoming {
    /// The way it came.
    pub channel: Channel,
    /// The configured account (mailbox, gateway, form) that it came through.
    pub account: String,
    /// What identifies it there, the same at every redelivery.
    pub external_id: ExternalId,
    /// SHA-256 of what makes it this letter and no other (sender, Message-ID, date, subject, readable text,
    /// attachments) whatever path it took; of the raw bytes when it has neither Message-ID nor date.
    pub fingerprint: [u8; 32],
    /// When our side got it: the mailbox's own date (IMAP INTERNALDATE) where there is one.
    pub received_at: Timestamp,
    /// When the sender says that it was written.
    pub sent_at: Option<Timestamp>,
    /// Who wrote it.
    pub sender: Option<Party>,
    /// Where the writer wants answers; empty when that is the sender.
    pub reply_to: Vec<Party>,
    /// Whom it was written to (To, then Cc).
    pub recipients: Vec<Party>,
    /// Its subject, decoded, on one line; empty when it has none.
    pub subject: String,
    /// The whole readable text, HTML turned into plain text.
    pub text: String,
    /// The stretches of `text` that are not shown until asked for; sorted, without overlap.
    pub folded: Vec<Fold>,
    /// The language that it is written in, when there is enough text to tell.
    pub language: Option<Language>,
    /// The files that came along.
    pub attachments: Vec<Attachment>,
    /// What it says of its own thread.
    pub thread: Thread,
    /// Set when no person wrote it.
    pub automatic: Option<Automatic>,
    /// What it reports of a letter of ours.
    pub bounce: Option<Bounce>,
    /// Whether the sender is who the letter says.
    pub sender_check: SenderCheck,
    /// A reason why no acknowledgement may go out although a person wrote it (`X-Auto-Response-Suppress`,
    /// `Precedence: junk`, an empty return path); `None` when there is none.
    pub suppress_reply: Option<String>,
    /// What is odd about it.
    pub doubts: Vec<Doubt>,
    /// What the web form asks beside the message; `None` for other channels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<FormAnswers>,
}

/// Prints where it came from, counts and kinds: nothing that the citizen wrote, and nobody's name or address.
impl fmt::Debug for Incoming {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Incoming")
            .field("channel", &self.channel)
            .field("account", &self.account)
            .field("external_id", &self.external_id)
            .field("text_bytes", &self.text.len())
            .field("folds", &self.folded.len())
            .field("attachments", &self.attachments.len())
            .field("recipients", &self.recipients.len())
            .field("references", &self.thread.references.len())
            .field("automatic", &self.automatic.as_ref().map(|automatic| automatic.kind))
            .field("doubts", &self.doubts.iter().map(|doubt| doubt.kind).collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

impl Incoming {
    /// The channel that an automatic answer takes: its own, or the one that was chosen on the form. `None` when there is
    /// none.
    pub fn answer_channel(&self) -> Option<Channel> {
        match self.channel {
            Channel::Email | Channel::Sms => Some(self.channel),
            Channel::Web => self.form.as_ref()?.answer_way.as_ref().map(|way| way.channel),
            Channel::Call | Channel::Meeting => None,
        }
    }

    /// The account that an automatic answer goes out through.
    pub fn answer_account(&self) -> &str {
        let way = self.form.as_ref().and_then(|form| form.answer_way.as_ref());
        way.map_or(self.account.as_str(), |way| way.account.as_str())
    }

    /// The number of ours that an answer by text goes out from: the one that the citizen wrote to, and no other.
    pub fn answer_sender(&self) -> Option<&str> {
        match self.channel {
            Channel::Sms => self.recipients.first().map(|number| number.address.as_str()),
            _ => self.form.as_ref()?.answer_way.as_ref()?.sender.as_deref(),
        }
    }

    /// The text that is visible when quotes, signature and disclaimers are folded away.
    pub fn reply_text(&self) -> String {
        let mut visible = String::with_capacity(self.text.len());
        let mut from = 0;
        for fold in &self.folded {
            visible.push_str(&self.text[from..fold.start]);
            from = fold.end;
        }
        visible.push_str(&self.text[from..]);
        visible
    }
}
