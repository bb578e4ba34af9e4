//! What the API answers, and what it takes: the shapes that the OpenAPI document is made of.

use std::collections::{BTreeMap, BTreeSet};

use indgang_channels::message::Channel;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use crate::domain::enquiry::{Kind, State};
use crate::domain::task::Task;
use crate::domain::triage::{Purpose, WaitsFor};
use crate::store::api::{ApiEnquiry, ApiMessage};
use crate::store::ledger::Ledger;
use crate::web::inbox::written::masked;

/// Where the work stands.
#[derive(ToSchema)]
#[schema(as = State, rename_all = "snake_case")]
pub enum StateWord {
    /// *Ny*.
    New,
    /// *I gang*.
    InProgress,
    /// *Afventer*.
    Waiting,
    /// *Afsluttet*.
    Closed,
}

/// A way that messages come and go.
#[derive(ToSchema)]
#[schema(as = Channel, rename_all = "snake_case")]
pub enum ChannelWord {
    /// E-mail.
    Email,
    /// A text.
    Sms,
    /// The web form.
    Web,
    /// A call.
    Call,
    /// A meeting or a visit.
    Meeting,
}

/// The type of an enquiry.
#[derive(ToSchema)]
#[schema(as = Kind, rename_all = "snake_case")]
pub enum KindWord {
    /// *Afgrænset*.
    Delimited,
    /// *Åben*.
    OpenEnded,
}

/// Whom an enquiry waits for.
#[derive(ToSchema)]
#[schema(as = WaitsFor, rename_all = "snake_case")]
pub enum WaitsForWord {
    /// *Borger*.
    Citizen,
    /// *Forvaltning*.
    Administration,
}

/// What an item is counted as.
#[derive(ToSchema)]
#[schema(as = Purpose, rename_all = "snake_case")]
pub enum PurposeWord {
    /// *Henvendelse*.
    Enquiry,
    /// *Sparring* for staff.
    Sparring,
    /// Nobody's enquiry.
    Spam,
}

/// A task of § 5 of the statutes.
#[derive(ToSchema)]
#[schema(as = Task, rename_all = "snake_case")]
pub enum TaskWord {
    /// Help to understand decisions.
    Understand,
    /// Guidance on rights.
    Rights,
    /// Passing a complaint on.
    PassOn,
    /// Creating dialogue.
    Dialogue,
    /// Finding one's way in the organisation.
    Organisation,
    /// Finding one's way in the system of complaints.
    Complaints,
}

/// How the enquirer was told that they may come again. A closing letter is written in the inbox, not here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WelcomeBack {
    /// By word of mouth.
    Said,
    /// Nobody need be told: sparring, spam.
    None,
}

/// An enquiry without what was written: no title, no name, no address.
#[derive(Debug, Serialize, ToSchema)]
pub struct Enquiry {
    /// Its number here.
    pub id: i64,
    /// The number that the citizen has.
    pub reference: String,
    /// Which part of a conversation that was split it is; 0 for the first.
    pub part: i64,
    /// The enquiry whose conversation it shares.
    pub conversation: Option<i64>,
    /// The enquiry that it was joined into: it is counted no more.
    pub joined_into: Option<i64>,
    /// Where the work stands.
    #[schema(value_type = StateWord)]
    pub state: State,
    /// Whom it waits for, while it does.
    #[schema(value_type = Option<WaitsForWord>)]
    pub waits_for: Option<WaitsFor>,
    /// What it is counted as.
    #[schema(value_type = PurposeWord)]
    pub purpose: Purpose,
    /// Its type; unset while it is new.
    #[schema(value_type = Option<KindWord>)]
    pub kind: Option<Kind>,
    /// The number of its area.
    pub area: Option<i64>,
    /// The way it came in.
    #[schema(value_type = ChannelWord)]
    pub channel: Channel,
    /// The contact form that mattered most.
    #[schema(value_type = Option<ChannelWord>)]
    pub primary_contact_form: Option<Channel>,
    /// Before others of its day.
    pub urgent: bool,
    /// The last day to appeal.
    pub appeal_deadline: Option<Date>,
    /// The day that the citizen was promised an answer by.
    pub promised: Date,
    /// The day by which our answer is due; unset once it is given.
    pub reply_due: Option<Date>,
    /// The day that the adviser is reminded on.
    pub remind_on: Option<Date>,
    /// When it began.
    pub first_contact_at: Timestamp,
    /// When the citizen wrote last.
    pub last_in_at: Timestamp,
    /// When a person answered first.
    pub answered_at: Option<Timestamp>,
    /// When it was closed, while it is.
    pub closed_at: Option<Timestamp>,
    /// When the adviser made a case of it.
    pub case_at: Option<Timestamp>,
    /// When role and expectations were talked over.
    pub aligned_at: Option<Timestamp>,
    /// How often the citizen has reminded us.
    pub reminders: i64,
    /// The language that the citizen is written to in.
    pub language: String,
    /// It answers something that is closed.
    pub after_closing: bool,
    /// What it took of the tasks.
    #[schema(value_type = Vec<TaskWord>)]
    pub tasks: Vec<Task>,
}

impl From<ApiEnquiry> for Enquiry {
    fn from(one: ApiEnquiry) -> Self {
        Self {
            id: one.id.0,
            reference: one.reference,
            part: one.part,
            conversation: one.conversation.map(|id| id.0),
            joined_into: one.joined_into.map(|id| id.0),
            state: one.state,
            waits_for: one.waits_for,
            purpose: one.purpose,
            kind: one.kind,
            area: one.area.map(|area| area.0),
            channel: one.channel,
            primary_contact_form: one.primary_contact_form,
            urgent: one.urgent,
            appeal_deadline: one.appeal_deadline,
            promised: one.promised,
            reply_due: one.reply_due,
            remind_on: one.remind_on,
            first_contact_at: one.first_contact_at,
            last_in_at: one.last_in_at,
            answered_at: one.answered_at,
            closed_at: one.closed_at,
            case_at: one.case_at,
            aligned_at: one.aligned_at,
            reminders: one.reminders,
            language: one.language,
            after_closing: one.after_closing,
            tasks: one.tasks,
        }
    }
}

/// A page of enquiries.
#[derive(Debug, Serialize, ToSchema)]
pub struct Enquiries {
    /// The enquiries, by number.
    pub enquiries: Vec<Enquiry>,
    /// Where the next page begins; unset on the last one.
    pub next: Option<String>,
}

/// What is to be changed (RFC 7396): what is not named stays, and null empties what can be empty.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EnquiryChange {
    /// `in_progress` takes it up or reopens it, `waiting` puts it by, `closed` closes it.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = StateWord)]
    pub state: Option<State>,
    /// Whom it waits for.
    #[serde(default, deserialize_with = "named")]
    #[schema(value_type = Option<WaitsForWord>)]
    pub waits_for: Option<Option<WaitsFor>>,
    /// Needed to close.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = WelcomeBack)]
    pub welcome_back: Option<WelcomeBack>,
    /// What it is counted as.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = PurposeWord)]
    pub purpose: Option<Purpose>,
    /// Its type.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = KindWord)]
    pub kind: Option<Kind>,
    /// The number of its area.
    #[serde(default, deserialize_with = "named")]
    #[schema(value_type = Option<i64>)]
    pub area: Option<Option<i64>>,
    /// Before others of its day.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = bool)]
    pub urgent: Option<bool>,
    /// The contact form that mattered most.
    #[serde(default, deserialize_with = "named")]
    #[schema(value_type = Option<ChannelWord>)]
    pub primary_contact_form: Option<Option<Channel>>,
    /// The last day to appeal.
    #[serde(default, deserialize_with = "named")]
    #[schema(value_type = Option<Date>)]
    pub appeal_deadline: Option<Option<Date>>,
    /// The day that the adviser is reminded on.
    #[serde(default, deserialize_with = "named")]
    #[schema(value_type = Option<Date>)]
    pub remind_on: Option<Option<Date>>,
    /// What it took of the tasks.
    #[serde(default, deserialize_with = "named")]
    #[schema(value_type = Option<Vec<TaskWord>>)]
    pub tasks: Option<Option<BTreeSet<Task>>>,
}

/// Takes no null: this cannot be empty.
fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(from: D) -> Result<Option<T>, D::Error> {
    T::deserialize(from).map(Some)
}

/// Tells null from what is not named.
fn named<'de, T: Deserialize<'de>, D: Deserializer<'de>>(from: D) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(from).map(Some)
}

/// Which way a message went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// From a citizen to us.
    In,
    /// From us.
    Out,
}

/// A message in a list. What looks like a CPR number is masked.
#[derive(Debug, Serialize, ToSchema)]
pub struct MessageLine {
    /// Its number here.
    pub id: String,
    /// The enquiry that it belongs to.
    pub enquiry: i64,
    /// Which way it went.
    pub direction: Direction,
    /// The way that it came or went.
    #[schema(value_type = ChannelWord)]
    pub channel: Channel,
    /// When.
    pub at: Timestamp,
    /// What became of it: of a letter that came in where it was filed, of one of ours whether it was sent.
    pub state: String,
    /// The subject.
    pub subject: String,
    /// How many files came with it.
    pub files: usize,
}

impl From<&ApiMessage> for MessageLine {
    fn from(one: &ApiMessage) -> Self {
        Self {
            id: format!("{}-{}", if one.went { "out" } else { "in" }, one.id),
            enquiry: one.enquiry.0,
            direction: if one.went { Direction::Out } else { Direction::In },
            channel: one.channel,
            at: one.at,
            state: one.state.clone(),
            subject: masked(&one.subject),
            files: one.files.len(),
        }
    }
}

/// The messages of a conversation.
#[derive(Debug, Serialize, ToSchema)]
pub struct Messages {
    /// The messages, oldest first.
    pub messages: Vec<MessageLine>,
}

/// Who wrote.
#[derive(Debug, Serialize, ToSchema)]
pub struct Sender {
    /// What they call themselves.
    pub name: Option<String>,
    /// A mail address or a number.
    pub address: String,
}

/// A file that came with a message; its bytes are in the original.
#[derive(Debug, Serialize, ToSchema)]
pub struct FileLine {
    /// What the sender calls it.
    pub name: Option<String>,
    /// The media type that the sender states.
    pub media_type: String,
    /// Its size in bytes.
    pub size: u64,
    /// It may do harm.
    pub quarantined: bool,
}

/// A message whole, as it was written.
#[derive(Debug, Serialize, ToSchema)]
pub struct Message {
    /// Its number here.
    pub id: String,
    /// The enquiry that it belongs to.
    pub enquiry: i64,
    /// Which way it went.
    pub direction: Direction,
    /// The way that it came or went.
    #[schema(value_type = ChannelWord)]
    pub channel: Channel,
    /// When.
    pub at: Timestamp,
    /// What became of it.
    pub state: String,
    /// The subject.
    pub subject: String,
    /// The whole readable text.
    pub text: String,
    /// Who wrote it; unset where the channel does not say, and for our own.
    pub sender: Option<Sender>,
    /// The files.
    pub files: Vec<FileLine>,
}

impl From<ApiMessage> for Message {
    fn from(one: ApiMessage) -> Self {
        let line = MessageLine::from(&one);
        let file = |file: indgang_channels::message::Attachment| FileLine {
            quarantined: file.quarantine.is_some(),
            name: file.name,
            media_type: file.media_type,
            size: file.size,
        };
        Self {
            id: line.id,
            enquiry: line.enquiry,
            direction: line.direction,
            channel: line.channel,
            at: line.at,
            state: line.state,
            subject: one.subject,
            text: one.text,
            sender: one.sender.map(|(name, address)| Sender { name, address: address.as_str().to_owned() }),
            files: one.files.into_iter().map(file).collect(),
        }
    }
}

/// Received = the sum of dispositions, at any time.
#[derive(Debug, Serialize, ToSchema)]
pub struct LedgerSums {
    /// Arrivals in all.
    pub received: u64,
    /// What they became.
    pub dispositions: BTreeMap<String, u64>,
    /// What became of the acknowledgements.
    pub acknowledgements: BTreeMap<String, u64>,
    /// Parts of texts that wait for the rest.
    pub parts_waiting: u64,
    /// What does not add up; empty when everything does.
    pub mistakes: Vec<String>,
}

impl From<Ledger> for LedgerSums {
    fn from(ledger: Ledger) -> Self {
        let dispositions = crate::domain::arrival::Disposition::ALL
            .into_iter()
            .map(|one| (one.as_str().to_owned(), ledger.dispositions.get(one)))
            .collect();
        let told = &ledger.acknowledgements;
        let acknowledgements = [
            ("queued", told.queued),
            ("sent", told.sent),
            ("failed", told.failed),
            ("suppressed", told.suppressed),
            ("unknown", told.unknown),
        ];
        Self {
            received: ledger.received,
            dispositions,
            acknowledgements: acknowledgements
                .into_iter()
                .map(|(word, count)| (word.to_owned(), count))
                .collect(),
            parts_waiting: ledger.parts_waiting,
            mistakes: ledger.mistakes,
        }
    }
}

/// Enquiries of an area.
#[derive(Debug, Serialize, ToSchema)]
pub struct AreaSum {
    /// The number of the area; unset for those without one.
    pub area: Option<i64>,
    /// What it is called.
    pub name: Option<String>,
    /// How many.
    pub count: i64,
}

/// What became of what was promised.
#[derive(Debug, Serialize, ToSchema)]
pub struct PromiseSums {
    /// Answered by the day that was promised.
    pub kept: i64,
    /// Answered later, or not yet although the day is over.
    pub broken: i64,
    /// Not answered, and the day is not over.
    pub open: i64,
    /// Closed without an answer, such as a call that needed none.
    pub ended: i64,
    /// Nobody wrote down what was promised: an enquiry of earlier years.
    pub unknown: i64,
}

/// Enquiries that began in a period, in sums.
#[derive(Debug, Serialize, ToSchema)]
pub struct Statistics {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
    /// All together.
    pub total: i64,
    /// Different citizens whose enquiries they are.
    pub persons: i64,
    /// Enquiries that were closed in the period, whenever they began.
    pub closed: i64,
    /// Enquiries that were open when the period ended.
    pub open: i64,
    /// By the channel that they came in by.
    pub channels: BTreeMap<String, i64>,
    /// By area.
    pub areas: Vec<AreaSum>,
    /// By type; `none` for those without one.
    pub kinds: BTreeMap<String, i64>,
    /// What became of what was promised.
    pub promises: PromiseSums,
}
