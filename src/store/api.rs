//! What programs read and change, on the same ground as the inbox: nothing outside their account's sight, every reading of
//! content in the log before it is handed out, every change through [`crate::domain::triage`] and undoable.
//!
//! [`ApiEnquiry`] is what may be known without reading: no title, no name, no address, for a title is what the citizen wrote.

use indgang_channels::message::{Address, Attachment, Channel};
use jiff::Timestamp;
use jiff::civil::Date;

use super::conn::{Transaction, on_reader, on_tx};
use super::inbox::Actor;
use super::inbox::change::{self, read};
use super::inbox::enquiry::Details;
use super::{Store, StoreError, from_stored, log, sql, to_stored};
use crate::domain::account::Scope;
use crate::domain::area::AreaId;
use crate::domain::arrival::ArrivalId;
use crate::domain::calendar;
use crate::domain::enquiry::{EnquiryId, Kind, State};
use crate::domain::task::Task;
use crate::domain::triage::{self, Purpose, Refused, Step, WaitsFor};

/// Where an enquiry stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiEnquiry {
    /// The enquiry.
    pub id: EnquiryId,
    /// The number that the citizen has.
    pub reference: String,
    /// Which part of a conversation that was split it is.
    pub part: i64,
    /// The enquiry whose conversation it shares.
    pub conversation: Option<EnquiryId>,
    /// The enquiry that it was joined into.
    pub joined_into: Option<EnquiryId>,
    /// Where the work stands.
    pub state: State,
    /// Whom it waits for.
    pub waits_for: Option<WaitsFor>,
    /// What it is counted as.
    pub purpose: Purpose,
    /// Its type.
    pub kind: Option<Kind>,
    /// Its area.
    pub area: Option<AreaId>,
    /// The way it came in.
    pub channel: Channel,
    /// The contact form that mattered most.
    pub primary_contact_form: Option<Channel>,
    /// Before others of its day.
    pub urgent: bool,
    /// The last day to appeal.
    pub appeal_deadline: Option<Date>,
    /// The day that the citizen was promised an answer by.
    pub promised: Date,
    /// The day by which our answer is due.
    pub reply_due: Option<Date>,
    /// When the adviser is reminded.
    pub remind_on: Option<Date>,
    /// When it began.
    pub first_contact_at: Timestamp,
    /// When the citizen wrote last.
    pub last_in_at: Timestamp,
    /// When a person answered first.
    pub answered_at: Option<Timestamp>,
    /// When it was closed, if it is.
    pub closed_at: Option<Timestamp>,
    /// When a case was made of it.
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
    pub tasks: Vec<Task>,
    /// Which writing of it this is.
    pub version: i64,
}

/// What is asked of the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ApiAsk {
    /// Only in this state.
    pub state: Option<State>,
    /// Only what came in by this channel.
    pub channel: Option<Channel>,
    /// Only of this type.
    pub kind: Option<Kind>,
    /// Only of this area.
    pub area: Option<AreaId>,
    /// Only those that began on this day or later.
    pub from: Option<Date>,
    /// And on this day or before.
    pub to: Option<Date>,
    /// Only those that something happened to since.
    pub updated_since: Option<Timestamp>,
    /// Goes on after this enquiry.
    pub after: i64,
}

/// What came of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ApiStepped {
    /// It is not there, or not to be seen.
    Missing,
    /// It is not what it was when it was read.
    Stale,
    /// A step is not possible.
    Refused(Refused),
    /// It was done.
    Done(Box<ApiEnquiry>),
}

/// A message of a conversation.
#[derive(Clone)]
pub struct ApiMessage {
    /// Whether it went out.
    pub went: bool,
    /// The arrival's number, or the outbox's.
    pub id: i64,
    /// The enquiry that it belongs to.
    pub enquiry: EnquiryId,
    /// The way.
    pub channel: Channel,
    /// When.
    pub at: Timestamp,
    /// What became of it.
    pub state: String,
    /// The subject.
    pub subject: String,
    /// The whole readable text.
    pub text: String,
    /// Who wrote it: name and address.
    pub sender: Option<(Option<String>, Address)>,
    /// The files.
    pub files: Vec<Attachment>,
}

#[derive(sqlx::FromRow)]
struct FactsRow {
    id: i64,
    reference: String,
    part: i64,
    conversation_id: Option<i64>,
    joined_into: Option<i64>,
    state: String,
    waits_for: Option<String>,
    purpose: String,
    kind: Option<String>,
    area_id: Option<i64>,
    intake_channel: String,
    primary_contact_form: Option<String>,
    priority: i64,
    appeal_deadline: Option<String>,
    promised_reply_date: String,
    reply_due: Option<String>,
    remind_on: Option<String>,
    first_contact_at: i64,
    last_in_at: i64,
    answered_at: Option<i64>,
    closed_at: Option<i64>,
    case_at: Option<i64>,
    aligned_at: Option<i64>,
    reminders: i64,
    language: String,
    after_closing: bool,
    version: i64,
    tasks: Option<String>,
}

impl FactsRow {
    fn read(self) -> Result<ApiEnquiry, StoreError> {
        let id = self.id;
        let corrupt = |column| StoreError::Corrupt { table: "enquiry", column, row: id };
        let moment = |at: i64, column| from_stored(at, "enquiry", column, id);
        let maybe = |at: Option<i64>, column| at.map(|at| moment(at, column)).transpose();
        let day = |day: Option<String>, column| {
            day.map(|day| day.parse::<Date>().map_err(|_| corrupt(column))).transpose()
        };
        let mut tasks: Vec<Task> =
            self.tasks.iter().flat_map(|tasks| tasks.split(' ')).filter_map(Task::parse).collect();
        tasks.sort();
        Ok(ApiEnquiry {
            id: EnquiryId(id),
            reference: self.reference,
            part: self.part,
            conversation: self.conversation_id.map(EnquiryId),
            joined_into: self.joined_into.map(EnquiryId),
            state: State::parse(&self.state).ok_or(corrupt("state"))?,
            waits_for: self.waits_for.as_deref().and_then(WaitsFor::parse),
            purpose: Purpose::parse(&self.purpose).ok_or(corrupt("purpose"))?,
            kind: self.kind.as_deref().and_then(Kind::parse),
            area: self.area_id.map(AreaId),
            channel: Channel::parse(&self.intake_channel).ok_or(corrupt("intake_channel"))?,
            primary_contact_form: self.primary_contact_form.as_deref().and_then(Channel::parse),
            urgent: self.priority == 0,
            appeal_deadline: day(self.appeal_deadline, "appeal_deadline")?,
            promised: self.promised_reply_date.parse().map_err(|_| corrupt("promised_reply_date"))?,
            reply_due: day(self.reply_due, "reply_due")?,
            remind_on: day(self.remind_on, "remind_on")?,
            first_contact_at: moment(self.first_contact_at, "first_contact_at")?,
            last_in_at: moment(self.last_in_at, "last_in_at")?,
            answered_at: maybe(self.answered_at, "answered_at")?,
            closed_at: maybe(self.closed_at, "closed_at")?,
            case_at: maybe(self.case_at, "case_at")?,
            aligned_at: maybe(self.aligned_at, "aligned_at")?,
            reminders: self.reminders,
            language: self.language,
            after_closing: self.after_closing,
            tasks,
            version: self.version,
        })
    }
}

#[derive(sqlx::FromRow)]
struct MessageRow {
    went: i64,
    id: i64,
    enquiry_id: i64,
    channel: String,
    at: i64,
    subject: String,
    text: String,
    details: String,
    state: String,
}

impl MessageRow {
    fn read(self) -> Result<ApiMessage, StoreError> {
        let corrupt = StoreError::Corrupt { table: "message", column: "channel", row: self.id };
        let details: Details = serde_json::from_str(&self.details).unwrap_or_default();
        Ok(ApiMessage {
            went: self.went != 0,
            id: self.id,
            enquiry: EnquiryId(self.enquiry_id),
            channel: Channel::parse(&self.channel).ok_or(corrupt)?,
            at: from_stored(self.at, "message", "at", self.id)?,
            state: self.state,
            subject: self.subject,
            text: self.text,
            sender: details.sender.map(|party| (party.name, party.address)),
            files: details.attachments,
        })
    }
}

/// From when on somebody sees enquiries, and whose grants count; `None` for who sees nothing.
fn bounds(who: &Actor) -> Option<(i64, i64)> {
    match who.scope {
        Scope::All => Some((i64::MIN, 0)),
        Scope::None => None,
        Scope::Since { account, from } => Some((to_stored(from), account.0)),
    }
}

impl Store {
    /// Enquiries that `who` sees, by number, at most `most`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn api_enquiries(
        &self,
        who: &Actor,
        ask: &ApiAsk,
        most: u32,
    ) -> Result<Vec<ApiEnquiry>, StoreError> {
        let Some((from, account)) = bounds(who) else { return Ok(Vec::new()) };
        let begins = |day: Date| calendar::begins(day).map(to_stored);
        let end = ask.to.map(|day| day.tomorrow().ok().and_then(begins).unwrap_or(i64::MAX));
        let rows: Vec<FactsRow> = on_reader!(self, pool => sqlx::query_as(sql::api::API_ENQUIRIES)
            .bind(ask.after).bind(from).bind(account).bind(ask.state.map_or("", State::as_str))
            .bind(ask.channel.map_or("", Channel::as_str)).bind(ask.kind.map_or("", Kind::as_str))
            .bind(ask.area.map_or(0, |area| area.0))
            .bind(ask.from.and_then(begins).unwrap_or(i64::MIN)).bind(end.unwrap_or(i64::MAX))
            .bind(ask.updated_since.map_or(i64::MIN, to_stored)).bind(i64::from(most))
            .fetch_all(pool).await)
        .map_err(StoreError::query("api_enquiries"))?;
        rows.into_iter().map(FactsRow::read).collect()
    }

    /// One of them.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn api_enquiry(&self, who: &Actor, id: EnquiryId) -> Result<Option<ApiEnquiry>, StoreError> {
        let Some((from, account)) = bounds(who) else { return Ok(None) };
        let row: Option<FactsRow> = on_reader!(self, pool => sqlx::query_as(sql::api::API_ENQUIRY)
            .bind(id.0).bind(from).bind(account).fetch_optional(pool).await)
        .map_err(StoreError::query("api_enquiry"))?;
        row.map(FactsRow::read).transpose()
    }

    /// Takes steps on an enquiry that is still what was `found`: all of them or none. What came in since counts too, although
    /// it is nobody's change: who has not read it ends nothing.
    ///
    /// # Errors
    /// When the database does not answer; then nothing was changed.
    pub async fn api_step(
        &self,
        who: &Actor,
        found: &ApiEnquiry,
        steps: &[Step],
        act_id: &str,
        detail: &str,
        now: Timestamp,
    ) -> Result<ApiStepped, StoreError> {
        let mut tx = Transaction::begin(self).await?;
        // As every change does: nothing is filed to it meanwhile on another node.
        tx.serialise_intake().await?;
        let id = found.id;
        let Some(row) = read(&mut tx, who, id).await? else { return Ok(ApiStepped::Missing) };
        let is: Option<FactsRow> = on_tx!(&mut tx, conn => sqlx::query_as(sql::api::API_ENQUIRY)
            .bind(id.0).bind(i64::MIN).bind(0_i64).fetch_optional(conn).await)
        .map_err(StoreError::query("api_enquiry"))?;
        if is.map(FactsRow::read).transpose()?.as_ref() != Some(found) {
            return Ok(ApiStepped::Stale);
        }
        let after = steps
            .iter()
            .try_fold(row.facts.clone(), |facts, step| triage::apply(&facts, step, who.account, now));
        let after = match after {
            Ok(after) => after,
            Err(why) => return Ok(ApiStepped::Refused(why)),
        };
        if after != row.facts {
            change::write(&mut tx, who, &row, &after, (act_id, "triage"), now).await?;
            log::append(&mut tx, &who.deed("triage", id, detail), now).await?;
            tx.commit().await?;
        } else {
            drop(tx);
        }
        Ok(match self.api_enquiry(who, id).await? {
            Some(enquiry) => ApiStepped::Done(Box::new(enquiry)),
            None => ApiStepped::Missing,
        })
    }

    /// The conversation of an enquiry, oldest first, after the reading is in the log.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn api_messages(
        &self,
        who: &Actor,
        id: EnquiryId,
        detail: &str,
        now: Timestamp,
    ) -> Result<Option<Vec<ApiMessage>>, StoreError> {
        let mut tx = Transaction::begin(self).await?;
        let Some(row) = read(&mut tx, who, id).await? else { return Ok(None) };
        log::append(&mut tx, &who.deed("read", id, detail), now).await?;
        tx.commit().await?;
        let rows: Vec<MessageRow> = on_reader!(self, pool => sqlx::query_as(sql::api::API_MESSAGES)
            .bind(row.conversation()).fetch_all(pool).await)
        .map_err(StoreError::query("api_messages"))?;
        rows.into_iter().map(MessageRow::read).collect::<Result<_, _>>().map(Some)
    }

    /// One message, after the reading is in the log.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn api_message(
        &self,
        who: &Actor,
        went: bool,
        id: i64,
        detail: &str,
        now: Timestamp,
    ) -> Result<Option<ApiMessage>, StoreError> {
        let text = if went { sql::api::API_MESSAGE_OUT } else { sql::api::API_MESSAGE_IN };
        let mut tx = Transaction::begin(self).await?;
        let found: Option<MessageRow> =
            on_tx!(&mut tx, conn => sqlx::query_as(text).bind(id).fetch_optional(conn).await)
                .map_err(StoreError::query("api_message"))?;
        let Some(found) = found else { return Ok(None) };
        let enquiry = EnquiryId(found.enquiry_id);
        if read(&mut tx, who, enquiry).await?.is_none() {
            return Ok(None);
        }
        log::append(&mut tx, &who.deed("read", enquiry, detail), now).await?;
        tx.commit().await?;
        found.read().map(Some)
    }

    /// The bytes that came in, after the reading is in the log.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn api_original(
        &self,
        who: &Actor,
        arrival: ArrivalId,
        detail: &str,
        now: Timestamp,
    ) -> Result<Option<(Channel, Vec<u8>)>, StoreError> {
        let mut tx = Transaction::begin(self).await?;
        let found: Option<MessageRow> = on_tx!(&mut tx, conn => sqlx::query_as(sql::api::API_MESSAGE_IN)
            .bind(arrival.0).fetch_optional(conn).await)
        .map_err(StoreError::query("api_original"))?;
        let Some(found) = found else { return Ok(None) };
        let enquiry = EnquiryId(found.enquiry_id);
        if read(&mut tx, who, enquiry).await?.is_none() {
            return Ok(None);
        }
        log::append(&mut tx, &who.deed("original", enquiry, detail), now).await?;
        tx.commit().await?;
        let message = found.read()?;
        Ok(self.raw_fetch(arrival).await?.map(|bytes| (message.channel, bytes)))
    }
}
