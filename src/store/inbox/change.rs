//! Steps on enquiries, written with what was before them, and taken back.

use std::collections::BTreeSet;

use indgang_channels::message::Channel;
use jiff::Timestamp;
use jiff::civil::Date;

use super::{Actor, seen_by};
use crate::domain::account::AccountId;
use crate::domain::area::AreaId;
use crate::domain::enquirer::EnquirerId;
use crate::domain::enquiry::{EnquiryId, Kind, State};
use crate::domain::reference::Reference;
use crate::domain::task::Task;
use crate::domain::triage::{self, Closed, Facts, Purpose, Refused, Step, WaitsFor, Welcome};
use crate::store::conn::{Transaction, on_reader, on_tx};
use crate::store::{Store, StoreError, clean, from_stored, log, sql, to_stored};

/// An enquiry's own row.
#[derive(Clone, PartialEq, Eq)]
pub struct Row {
    /// The enquiry.
    pub id: EnquiryId,
    /// The number that the citizen has: that of the conversation.
    pub reference: Reference,
    /// Which part of a conversation that was split it is; 0 for the first.
    pub part: i64,
    /// Whose it is.
    pub enquirer: EnquirerId,
    /// The way that it came in.
    pub intake_channel: Channel,
    /// The account that it came in by.
    pub intake_account: String,
    /// When it began.
    pub first_contact_at: Timestamp,
    /// It answers something that is closed.
    pub after_closing: bool,
    /// How often the citizen has reminded us.
    pub reminders: i64,
    /// When the citizen wrote last.
    pub last_in_at: Timestamp,
    /// Which writing of it this is: for ETags.
    pub version: i64,
    /// What a step can change.
    pub facts: Facts,
}

/// Never prints the title.
impl std::fmt::Debug for Row {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Row({}, {:?})", self.id.0, self.facts.state)
    }
}

impl Row {
    /// The enquiry whose conversation it shares, or its own.
    pub fn conversation(&self) -> i64 {
        self.facts.conversation.unwrap_or(self.id.0)
    }
}

#[derive(sqlx::FromRow)]
struct FactsRow {
    id: i64,
    reference: String,
    part: i64,
    enquirer_id: i64,
    intake_channel: String,
    intake_account: String,
    first_contact_at: i64,
    after_closing: bool,
    reminders: i64,
    last_in_at: i64,
    version: i64,
    state: String,
    waits_for: Option<String>,
    purpose: String,
    title: String,
    kind: Option<String>,
    area_id: Option<i64>,
    priority: i64,
    primary_contact_form: Option<String>,
    appeal_deadline: Option<String>,
    promised_reply_date: String,
    reply_due: Option<String>,
    remind_on: Option<String>,
    assigned_to: Option<i64>,
    case_at: Option<i64>,
    aligned_at: Option<i64>,
    answered_at: Option<i64>,
    language: String,
    unread: bool,
    joined_into: Option<i64>,
    conversation_id: Option<i64>,
    outside: bool,
}

impl FactsRow {
    fn read(
        self,
        tasks: &[String],
        themes: Vec<String>,
        closings: Vec<(i64, i64, String, Option<i64>)>,
    ) -> Result<Row, StoreError> {
        let id = self.id;
        let corrupt = |column| StoreError::Corrupt { table: "enquiry", column, row: id };
        let moment =
            |at: Option<i64>, column| at.map(|at| from_stored(at, "enquiry", column, id)).transpose();
        let day = |day: Option<String>, column| {
            day.map(|day| day.parse::<Date>().map_err(|_| corrupt(column))).transpose()
        };
        let closings = closings
            .into_iter()
            .map(|(at, by, welcome_back, reopened_at)| {
                Ok(Closed {
                    at: from_stored(at, "closing", "at", id)?,
                    by: AccountId(by),
                    welcome_back: Welcome::parse(&welcome_back).ok_or(corrupt("welcome_back"))?,
                    reopened_at: moment(reopened_at, "reopened_at")?,
                })
            })
            .collect::<Result<_, StoreError>>()?;
        Ok(Row {
            id: EnquiryId(id),
            reference: Reference::parse(&self.reference).ok_or(corrupt("reference"))?,
            part: self.part,
            enquirer: EnquirerId(self.enquirer_id),
            intake_channel: Channel::parse(&self.intake_channel).ok_or(corrupt("intake_channel"))?,
            intake_account: self.intake_account,
            first_contact_at: from_stored(self.first_contact_at, "enquiry", "first_contact_at", id)?,
            after_closing: self.after_closing,
            reminders: self.reminders,
            last_in_at: from_stored(self.last_in_at, "enquiry", "last_in_at", id)?,
            version: self.version,
            facts: Facts {
                state: State::parse(&self.state).ok_or(corrupt("state"))?,
                waits_for: self.waits_for.as_deref().and_then(WaitsFor::parse),
                purpose: Purpose::parse(&self.purpose).ok_or(corrupt("purpose"))?,
                title: self.title,
                kind: self.kind.as_deref().and_then(Kind::parse),
                area: self.area_id.map(AreaId),
                urgent: self.priority == 0,
                primary_contact_form: self.primary_contact_form.as_deref().and_then(Channel::parse),
                appeal_deadline: day(self.appeal_deadline, "appeal_deadline")?,
                promised: self.promised_reply_date.parse().map_err(|_| corrupt("promised_reply_date"))?,
                reply_due: day(self.reply_due, "reply_due")?,
                remind_on: day(self.remind_on, "remind_on")?,
                assigned_to: self.assigned_to.map(AccountId),
                case_at: moment(self.case_at, "case_at")?,
                outside: self.outside,
                aligned_at: moment(self.aligned_at, "aligned_at")?,
                answered_at: moment(self.answered_at, "answered_at")?,
                language: self.language,
                unread: self.unread,
                joined_into: self.joined_into,
                conversation: self.conversation_id,
                tasks: tasks.iter().filter_map(|task| Task::parse(task)).collect(),
                themes: themes.into_iter().collect::<BTreeSet<_>>(),
                closings,
            },
        })
    }
}

/// Reads an enquiry within a transaction, if `who` sees it.
pub(in crate::store) async fn read(
    tx: &mut Transaction,
    who: &Actor,
    id: EnquiryId,
) -> Result<Option<Row>, StoreError> {
    let row: Option<FactsRow> = on_tx!(tx, conn => sqlx::query_as(sql::inbox::FACTS)
        .bind(id.0).fetch_optional(conn).await)
    .map_err(StoreError::query("facts"))?;
    let Some(row) = row else { return Ok(None) };
    let tasks: Vec<String> =
        on_tx!(tx, conn => sqlx::query_scalar(sql::inbox::TASKS).bind(id.0).fetch_all(conn).await)
            .map_err(StoreError::query("tasks"))?;
    let themes: Vec<String> =
        on_tx!(tx, conn => sqlx::query_scalar(sql::inbox::THEMES).bind(id.0).fetch_all(conn).await)
            .map_err(StoreError::query("themes"))?;
    let closings: Vec<(i64, i64, String, Option<i64>)> =
        on_tx!(tx, conn => sqlx::query_as(sql::inbox::CLOSINGS).bind(id.0).fetch_all(conn).await)
            .map_err(StoreError::query("closings"))?;
    let row = row.read(&tasks, themes, closings)?;
    Ok(seen_by(tx, who, id, row.conversation()).await?.map(|_| row))
}

/// Writes new facts over those of `row`, and records what was changed.
pub(in crate::store) async fn write(
    tx: &mut Transaction,
    who: &Actor,
    row: &Row,
    after: &Facts,
    act: (&str, &str),
    now: Timestamp,
) -> Result<(), StoreError> {
    let before = &row.facts;
    if before == after {
        return Ok(());
    }
    put(tx, row, after).await?;
    let (act_id, what) = act;
    let stored = |facts: &Facts| serde_json::to_string(facts).unwrap_or_default();
    on_tx!(tx, conn => sqlx::query(sql::inbox::CHANGE_NOTE)
        .bind(act_id).bind(row.id.0).bind(who.account.0).bind(to_stored(now)).bind(what)
        .bind(stored(before)).bind(stored(after)).execute(conn).await.map(|_| ()))
    .map_err(StoreError::query("change_note"))
}

async fn put(tx: &mut Transaction, row: &Row, after: &Facts) -> Result<(), StoreError> {
    let (id, before) = (row.id.0, &row.facts);
    let day = |day: Option<Date>| day.map(|day| day.to_string());
    let written = on_tx!(tx, conn => sqlx::query(sql::inbox::FACTS_WRITE)
        .bind(after.state.as_str()).bind(after.waits_for.map(WaitsFor::as_str)).bind(after.purpose.as_str())
        .bind(clean(&after.title).as_ref()).bind(after.kind.map(Kind::as_str)).bind(after.area.map(|area| area.0))
        .bind(i64::from(!after.urgent)).bind(after.primary_contact_form.map(Channel::as_str))
        .bind(day(after.appeal_deadline)).bind(after.promised.to_string()).bind(day(after.reply_due))
        .bind(day(after.remind_on)).bind(after.due_on().to_string()).bind(after.assigned_to.map(|who| who.0))
        .bind(after.case_at.map(to_stored)).bind(after.aligned_at.map(to_stored))
        .bind(after.answered_at.map(to_stored)).bind(&after.language).bind(after.unread)
        .bind(after.joined_into).bind(after.conversation).bind(after.closed_at().map(to_stored))
        .bind(after.outside).bind(id).bind(row.version).execute(conn).await.map(|done| done.rows_affected()))
    .map_err(StoreError::query("facts_write"))?;
    if written == 0 {
        // Somebody filed a message meanwhile, on another node: the caller's transaction is given up and tried again.
        return Err(StoreError::Query { work: "facts_write", source: sqlx::Error::RowNotFound });
    }
    if before.tasks != after.tasks {
        on_tx!(tx, conn => sqlx::query(sql::inbox::TASKS_CLEAR).bind(id).execute(conn).await.map(|_| ()))
            .map_err(StoreError::query("tasks_clear"))?;
        for task in &after.tasks {
            on_tx!(tx, conn => sqlx::query(sql::inbox::TASK_ADD)
                .bind(id).bind(task.as_str()).execute(conn).await.map(|_| ()))
            .map_err(StoreError::query("task_add"))?;
        }
    }
    if before.themes != after.themes {
        on_tx!(tx, conn => sqlx::query(sql::inbox::THEMES_CLEAR).bind(id).execute(conn).await.map(|_| ()))
            .map_err(StoreError::query("themes_clear"))?;
        for theme in &after.themes {
            on_tx!(tx, conn => sqlx::query(sql::inbox::THEME_ADD)
                .bind(id).bind(clean(theme).as_ref()).execute(conn).await.map(|_| ()))
            .map_err(StoreError::query("theme_add"))?;
        }
    }
    if before.closings != after.closings {
        on_tx!(tx, conn => sqlx::query(sql::inbox::CLOSINGS_CLEAR).bind(id).execute(conn).await.map(|_| ()))
            .map_err(StoreError::query("closings_clear"))?;
        for closing in &after.closings {
            on_tx!(tx, conn => sqlx::query(sql::inbox::CLOSING_ADD)
                .bind(id).bind(to_stored(closing.at)).bind(closing.by.0).bind(closing.welcome_back.as_str())
                .bind(closing.reopened_at.map(to_stored)).execute(conn).await.map(|_| ()))
            .map_err(StoreError::query("closing_add"))?;
        }
    }
    Ok(())
}

/// What came of steps on several enquiries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stepped {
    /// Those that were changed.
    pub changed: Vec<EnquiryId>,
    /// Those that could not be, and why.
    pub refused: Vec<(EnquiryId, Refused)>,
    /// Those that are not there, or not to be seen.
    pub missing: Vec<EnquiryId>,
}

/// What the adviser does at once, under one number that undoes all of it.
#[derive(Clone, Copy, Debug)]
pub struct Act<'a> {
    /// The number: drawn at random.
    pub id: &'a str,
    /// What it is called in the history and the log: one word.
    pub what: &'static str,
    /// What stood on the page that it was done from; `None` when it was done from none.
    pub seen: Option<Seen>,
}

/// How far a page went: what came later was not seen by whoever acted from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The newest message that had come in anywhere.
    pub message: i64,
    /// The newest that had been sent on the enquiry.
    pub sent: i64,
}

impl<'a> Act<'a> {
    /// An act that is done from no page.
    pub const fn new(id: &'a str, what: &'static str) -> Self {
        Self { id, what, seen: None }
    }

    /// The same from a page.
    pub const fn having_seen(self, seen: Option<Seen>) -> Self {
        Self { seen, ..self }
    }
}

/// Whether a step says that nothing is left to be done: then nothing may have come that nobody has seen.
fn ends_work(step: &Step) -> bool {
    matches!(step, Step::Answered | Step::AnsweredAt(_) | Step::Close(_) | Step::Purpose(Purpose::Spam))
}

/// Whether steps would end work on something that came after the page that they are done from.
pub(super) async fn is_outrun(
    tx: &mut Transaction,
    row: &Row,
    steps: &[Step],
    act: Act<'_>,
) -> Result<bool, StoreError> {
    let Some(seen) = act.seen.filter(|_| steps.iter().any(ends_work)) else { return Ok(false) };
    let newer: i64 = on_tx!(tx, conn => sqlx::query_scalar(sql::inbox::MESSAGES_SINCE)
        .bind(seen.message).bind(row.conversation()).fetch_one(conn).await)
    .map_err(StoreError::query("messages_since"))?;
    Ok(newer > 0)
}

impl Store {
    /// Takes steps on enquiries. On one enquiry, all steps or none.
    ///
    /// # Errors
    /// When the database does not answer; then nothing was changed.
    pub async fn enquiries_step(
        &self,
        who: &Actor,
        enquiries: &[EnquiryId],
        steps: &[Step],
        act: Act<'_>,
        now: Timestamp,
    ) -> Result<Stepped, StoreError> {
        let mut tx = Transaction::begin(self).await?;
        tx.serialise_intake().await?;
        let mut stepped = Stepped::default();
        for &id in enquiries {
            let Some(row) = read(&mut tx, who, id).await? else {
                stepped.missing.push(id);
                continue;
            };
            if is_outrun(&mut tx, &row, steps, act).await? {
                stepped.refused.push((id, Refused::NewMessage));
                continue;
            }
            let after = steps
                .iter()
                .try_fold(row.facts.clone(), |facts, step| triage::apply(&facts, step, who.account, now));
            match after {
                Ok(after) => {
                    write(&mut tx, who, &row, &after, (act.id, act.what), now).await?;
                    log::append(&mut tx, &who.deed(act.what, id, ""), now).await?;
                    stepped.changed.push(id);
                }
                Err(why) => stepped.refused.push((id, why)),
            }
        }
        tx.commit().await?;
        Ok(stepped)
    }

    /// Takes an act of one's own back, on every enquiry that it changed; all of it or nothing.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn act_undo(
        &self,
        who: &Actor,
        act_id: &str,
        now: Timestamp,
    ) -> Result<Result<Vec<EnquiryId>, Refused>, StoreError> {
        let mut tx = Transaction::begin(self).await?;
        tx.serialise_intake().await?;
        match undo_in(&mut tx, who, act_id, now).await? {
            Ok(undone) => {
                tx.commit().await?;
                Ok(Ok(undone))
            }
            Err(why) => Ok(Err(why)),
        }
    }

    /// The number of somebody's newest act since a moment that can be taken back.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn act_newest(&self, who: &Actor, since: Timestamp) -> Result<Option<String>, StoreError> {
        on_reader!(self, pool => sqlx::query_scalar(sql::inbox::CHANGE_NEWEST)
            .bind(who.account.0).bind(to_stored(since)).fetch_optional(pool).await)
        .map_err(StoreError::query("act_newest"))
    }

    /// Splits parts off an enquiry, one for each area: each is an enquiry that is counted (S2), and all of them share one
    /// conversation and the number that the citizen has.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn enquiry_split(
        &self,
        who: &Actor,
        id: EnquiryId,
        areas: &[AreaId],
        draw: &(dyn Fn() -> Reference + Sync),
        act: Act<'_>,
        now: Timestamp,
    ) -> Result<Option<Vec<EnquiryId>>, StoreError> {
        let mut tx = Transaction::begin(self).await?;
        tx.serialise_intake().await?;
        let Some(row) = read(&mut tx, who, id).await? else { return Ok(None) };
        if row.facts.joined_into.is_some() {
            return Ok(None);
        }
        let mut made = Vec::with_capacity(areas.len());
        for area in areas {
            let part = loop {
                let part: Option<i64> = on_tx!(&mut tx, conn => sqlx::query_scalar(sql::inbox::PART_MAKE)
                    .bind(draw().as_str()).bind(area.0).bind(row.conversation()).bind(id.0)
                    .fetch_optional(conn).await)
                .map_err(StoreError::query("part_make"))?;
                if let Some(part) = part {
                    break EnquiryId(part);
                }
            };
            // Taken back, a part is joined into what it came from.
            if let Some(new) = read(&mut tx, who, part).await? {
                let before = Facts { joined_into: Some(id.0), state: State::Closed, ..new.facts.clone() };
                let stored = |facts: &Facts| serde_json::to_string(facts).unwrap_or_default();
                on_tx!(&mut tx, conn => sqlx::query(sql::inbox::CHANGE_NOTE)
                    .bind(act.id).bind(part.0).bind(who.account.0).bind(to_stored(now)).bind(act.what)
                    .bind(stored(&before)).bind(stored(&new.facts)).execute(conn).await.map(|_| ()))
                .map_err(StoreError::query("change_note"))?;
            }
            log::append(&mut tx, &who.deed(act.what, part, format!("from enquiry {}", id.0)), now).await?;
            made.push(part);
        }
        tx.commit().await?;
        Ok(Some(made))
    }

    /// Joins an enquiry into another: one conversation, counted once. A closed one goes on when `reopen` (S3).
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn enquiry_join(
        &self,
        who: &Actor,
        id: EnquiryId,
        into: EnquiryId,
        reopen: bool,
        act: Act<'_>,
        now: Timestamp,
    ) -> Result<Option<Result<(), Refused>>, StoreError> {
        let mut tx = Transaction::begin(self).await?;
        tx.serialise_intake().await?;
        let (Some(row), Some(target)) = (read(&mut tx, who, id).await?, read(&mut tx, who, into).await?)
        else {
            return Ok(None);
        };
        if row.facts.joined_into.is_some() || target.facts.joined_into.is_some() || id == into {
            return Ok(Some(Err(Refused::Joined)));
        }
        let mut there = target.facts.clone();
        if there.state == State::Closed {
            if !reopen {
                return Ok(Some(Err(Refused::Closed)));
            }
            there = match triage::apply(&there, &Step::Reopen, who.account, now) {
                Ok(facts) => facts,
                Err(why) => return Ok(Some(Err(why))),
            };
        }
        // What was promised there is owed here.
        there.reply_due = [there.reply_due, row.facts.reply_due].into_iter().flatten().min();
        there.appeal_deadline =
            [there.appeal_deadline, row.facts.appeal_deadline].into_iter().flatten().min();
        there.unread |= row.facts.unread;
        write(&mut tx, who, &target, &there, (act.id, act.what), now).await?;
        let head = target.conversation();
        let sharing: Vec<i64> = on_tx!(&mut tx, conn => sqlx::query_scalar(sql::inbox::SHARING)
            .bind(id.0).fetch_all(conn).await)
        .map_err(StoreError::query("sharing"))?;
        for one in sharing.into_iter().filter(|one| *one != into.0) {
            if let Some(row) = read(&mut tx, who, EnquiryId(one)).await? {
                let after = Facts { conversation: Some(head), ..row.facts.clone() };
                write(&mut tx, who, &row, &after, (act.id, act.what), now).await?;
            }
        }
        let after = Facts {
            joined_into: Some(into.0),
            conversation: Some(head),
            state: State::Closed,
            waits_for: None,
            reply_due: None,
            remind_on: None,
            unread: false,
            ..row.facts.clone()
        };
        // A part that is joined into its own conversation's first is where it was.
        let after = Facts { conversation: after.conversation.filter(|head| *head != id.0), ..after };
        write(&mut tx, who, &row, &after, (act.id, act.what), now).await?;
        log::append(&mut tx, &who.deed(act.what, id, format!("into enquiry {}", into.0)), now).await?;
        log::append(&mut tx, &who.deed(act.what, into, format!("from enquiry {}", id.0)), now).await?;
        tx.commit().await?;
        Ok(Some(Ok(())))
    }
}

/// Takes an act back within a transaction.
pub(super) async fn undo_in(
    tx: &mut Transaction,
    who: &Actor,
    act_id: &str,
    now: Timestamp,
) -> Result<Result<Vec<EnquiryId>, Refused>, StoreError> {
    let changes: Vec<(i64, i64, String, String, i64)> =
        on_tx!(tx, conn => sqlx::query_as(sql::inbox::CHANGES_OF_ACT)
            .bind(act_id).bind(who.account.0).fetch_all(conn).await)
        .map_err(StoreError::query("changes_of_act"))?;
    // Another's act, or one that has been taken back.
    if changes.is_empty() {
        return Ok(Err(Refused::ChangedSince));
    }
    let mut undone = Vec::new();
    for (change, enquiry, before, after, at) in changes {
        let facts = |text: &str, column| {
            serde_json::from_str::<Facts>(text).map_err(|_| StoreError::Corrupt {
                table: "change",
                column,
                row: change,
            })
        };
        let (before, after) = (facts(&before, "before")?, facts(&after, "after")?);
        let Some(row) = read(tx, who, EnquiryId(enquiry)).await? else { continue };
        match triage::undo(&before, &after, &row.facts) {
            Ok(back) if back == row.facts => {}
            // What came in since would be put away unseen: where the undoing ends the work, it is not undone.
            Ok(back)
                if ends(tx, who, &row.facts, &back).await? && came_since(tx, &row, &after, at).await? =>
            {
                return Ok(Err(Refused::NewMessage));
            }
            Ok(back) => put(tx, &row, &back).await?,
            Err(why) => return Ok(Err(why)),
        }
        log::append(tx, &who.deed("undo", row.id, ""), now).await?;
        undone.push(row.id);
    }
    on_tx!(tx, conn => sqlx::query(sql::inbox::CHANGES_UNDONE)
        .bind(to_stored(now)).bind(act_id).bind(who.account.0).execute(conn).await.map(|_| ()))
    .map_err(StoreError::query("changes_undone"))?;
    Ok(Ok(undone))
}

/// Whether nothing is left to do by `back` that there was something to do by. A part that is joined into what somebody still
/// works on is not over: its letters are there.
async fn ends(tx: &mut Transaction, who: &Actor, current: &Facts, back: &Facts) -> Result<bool, StoreError> {
    if let Some(into) = back.joined_into.filter(|into| current.joined_into != Some(*into)) {
        let into = read(tx, who, EnquiryId(into)).await?;
        return Ok(
            into.is_none_or(|into| into.facts.state == State::Closed || into.facts.joined_into.is_some())
        );
    }
    let is_over = |facts: &Facts| facts.state == State::Closed || facts.purpose == Purpose::Spam;
    Ok(is_over(back) && !is_over(current))
}

/// Whether something came in on an enquiry after a change that led to `after`, or was filed to it since.
async fn came_since(tx: &mut Transaction, row: &Row, after: &Facts, at: i64) -> Result<bool, StoreError> {
    if row.facts.unread && !after.unread {
        return Ok(true);
    }
    let newer: i64 = on_tx!(tx, conn => sqlx::query_scalar(sql::inbox::MESSAGES_AFTER)
        .bind(at).bind(row.conversation()).fetch_one(conn).await)
    .map_err(StoreError::query("messages_after"))?;
    Ok(newer > 0)
}
