//! What the adviser makes of an enquiry: every step that triage knows, as a pure function of the facts before it.
//!
//! Knows no storage and no letter. A step gives new facts or says in words why it is not possible; whoever keeps both the
//! old and the new ones can undo it ([`undo`]). That is why everything that a step changes stands in [`Facts`].

use std::collections::BTreeSet;

use indgang_channels::message::Channel;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::account::AccountId;
use super::area::AreaId;
use super::due::{self, Dates};
use super::enquiry::{Kind, State};
use super::task::Task;

/// What an item in the inbox is counted as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// *Henvendelse*.
    Enquiry,
    /// *Sparring* for staff (S4): never an enquiry, in no figure of them.
    Sparring,
    /// Nobody's enquiry at all.
    Spam,
}

impl Purpose {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Enquiry, Self::Sparring, Self::Spam];

    /// The word that is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Enquiry => "enquiry",
            Self::Sparring => "sparring",
            Self::Spam => "spam",
        }
    }

    /// Reads back what [`Purpose::as_str`] wrote.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == word)
    }
}

/// Whom an enquiry waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WaitsFor {
    /// *Borger*.
    Citizen,
    /// *Forvaltning*.
    Administration,
}

impl WaitsFor {
    /// The word that is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Citizen => "citizen",
            Self::Administration => "administration",
        }
    }

    /// Reads back what [`WaitsFor::as_str`] wrote.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Citizen, Self::Administration].into_iter().find(|one| one.as_str() == word)
    }
}

/// How the enquirer was told that they may come again (S20).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Welcome {
    /// In the closing message.
    Written,
    /// By word of mouth, as the adviser notes.
    Said,
    /// Nobody need be told: sparring, spam, a part of an enquiry that goes on.
    None,
}

impl Welcome {
    /// The word that is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Written => "written",
            Self::Said => "said",
            Self::None => "none",
        }
    }

    /// Reads back what [`Welcome::as_str`] wrote.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Written, Self::Said, Self::None].into_iter().find(|one| one.as_str() == word)
    }
}

/// A closing, which stays when the enquiry is reopened (S3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: AccountId,
    /// How the enquirer was told to come again.
    pub welcome_back: Welcome,
    /// When the enquiry was reopened after it.
    pub reopened_at: Option<Timestamp>,
}

/// Everything about an enquiry that a step can change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// Where the work stands.
    pub state: State,
    /// Whom it waits for, while it does.
    pub waits_for: Option<WaitsFor>,
    /// What it is counted as.
    pub purpose: Purpose,
    /// What it is called in the list.
    pub title: String,
    /// Its type; unset while it is new (S6).
    pub kind: Option<Kind>,
    /// Its area (S7).
    pub area: Option<AreaId>,
    /// Before others of its day.
    pub urgent: bool,
    /// The contact form that mattered most (S10).
    pub primary_contact_form: Option<Channel>,
    /// The last day to appeal.
    pub appeal_deadline: Option<Date>,
    /// The day that the citizen was promised an answer by.
    pub promised: Date,
    /// The day by which our answer is due; `None` once it is given.
    pub reply_due: Option<Date>,
    /// The day that the adviser wants to be reminded on.
    pub remind_on: Option<Date>,
    /// Whose it is.
    pub assigned_to: Option<AccountId>,
    /// When the adviser made a case of it (S13).
    pub case_at: Option<Timestamp>,
    /// It lies outside of what the adviser may do: the citizen was shown another way.
    #[serde(default)]
    pub outside: bool,
    /// When role and expectations were talked over (*forventningsafstemning*, S16).
    pub aligned_at: Option<Timestamp>,
    /// When a person answered first.
    pub answered_at: Option<Timestamp>,
    /// The language that the citizen is written to in.
    pub language: String,
    /// Nobody has read what came last.
    pub unread: bool,
    /// The enquiry that this one was joined into, by number.
    pub joined_into: Option<i64>,
    /// The enquiry whose conversation this one shares, by number.
    pub conversation: Option<i64>,
    /// What it took of the tasks of § 5 (S22).
    pub tasks: BTreeSet<Task>,
    /// Its themes.
    pub themes: BTreeSet<String>,
    /// Its closings, the first one first.
    pub closings: Vec<Closed>,
}

/// What the adviser does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Takes it up: *I gang*.
    TakeUp,
    /// Puts it by until somebody answers: *Afventer*.
    Wait(Option<WaitsFor>),
    /// Counts it as an enquiry, as sparring, as spam.
    Purpose(Purpose),
    /// Calls it something.
    Title(String),
    /// Says what type it is.
    Kind(Kind),
    /// Says which area it belongs to.
    Area(Option<AreaId>),
    /// Puts it before others, or back among them.
    Urgent(bool),
    /// Confirms the primary contact form.
    ContactForm(Option<Channel>),
    /// Notes the last day to appeal.
    Appeal(Option<Date>),
    /// Wants to be reminded.
    Remind(Option<Date>),
    /// Gives it to somebody.
    Assign(Option<AccountId>),
    /// Makes a case of it, or not.
    Case(bool),
    /// Says that it lies outside of what the adviser may do, or that it does not.
    Outside(bool),
    /// Notes that role and expectations were talked over.
    Aligned,
    /// The citizen is written to in this language.
    Language(String),
    /// Has read it, or wants to read it again.
    Read(bool),
    /// Which tasks it took.
    Tasks(BTreeSet<Task>),
    /// Its themes.
    Themes(BTreeSet<String>),
    /// A person has answered.
    Answered,
    /// A person answered at this moment: what was said on the telephone and is entered later.
    AnsweredAt(Timestamp),
    /// Another day was promised.
    Promise(Date),
    /// Closes it: *Afslut*.
    Close(Welcome),
    /// *Genåbn* (S3).
    Reopen,
}

/// Why a step is not possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It is closed: reopen it first.
    #[error("the enquiry is closed; reopen it first")]
    Closed,
    /// It is not closed.
    #[error("the enquiry is not closed")]
    NotClosed,
    /// Closing needs the primary contact form (S10).
    #[error("say what the primary contact form was before the enquiry is closed")]
    NoContactForm,
    /// Closing needs the welcome-back, or the note that it was said (S20).
    #[error("the citizen has not been told that they may come again; write it, or note that it was said")]
    NoWelcome,
    /// The type is a citizen's enquiry's (S6).
    #[error("only an enquiry has a type")]
    NoEnquiry,
    /// It was joined into another.
    #[error("the enquiry was joined into another; work on that one")]
    Joined,
    /// A title must say something.
    #[error("give it a title")]
    NoTitle,
    /// Something came in that whoever acts has not seen.
    #[error("the citizen has written again; read it first")]
    NewMessage,
    /// What was changed has been changed again since.
    #[error("it has been changed again since and cannot be undone")]
    ChangedSince,
}

impl Facts {
    /// What is due follows from these.
    pub fn dates(&self) -> Dates {
        Dates { appeal: self.appeal_deadline, reply: self.reply_due, remind: self.remind_on }
    }

    /// The date that it is sorted by.
    pub fn due_on(&self) -> Date {
        due::on(self.state, &self.dates())
    }

    /// What is due first, and why.
    pub fn due_on_with_why(&self) -> Option<(Date, due::Why)> {
        due::first(self.state, &self.dates())
    }

    /// When it was closed, while it is.
    pub fn closed_at(&self) -> Option<Timestamp> {
        let last = self.closings.last().filter(|_| self.state == State::Closed)?;
        Some(last.at)
    }

    /// A deed on a new enquiry takes it up.
    fn begin(&mut self) {
        if self.state == State::New {
            self.state = State::InProgress;
        }
    }
}

/// The facts after `step`, which `by` takes at `now`.
///
/// # Errors
/// Why it is not possible.
pub fn apply(before: &Facts, step: &Step, by: AccountId, now: Timestamp) -> Result<Facts, Refused> {
    let mut facts = before.clone();
    if facts.joined_into.is_some() {
        return Err(Refused::Joined);
    }
    let is_closed = facts.state == State::Closed;
    let needs_work = matches!(
        step,
        Step::TakeUp | Step::Wait(_) | Step::Remind(_) | Step::Promise(_) | Step::Close(_) | Step::Urgent(_)
    );
    if is_closed && needs_work {
        return Err(Refused::Closed);
    }
    match step {
        Step::TakeUp => {
            facts.state = State::InProgress;
            facts.waits_for = None;
        }
        Step::Wait(whom) => {
            facts.state = State::Waiting;
            facts.waits_for = *whom;
        }
        // It may have been closed without what an enquiry needs.
        Step::Purpose(Purpose::Enquiry) if is_closed => return Err(Refused::Closed),
        Step::Purpose(purpose) => {
            facts.purpose = *purpose;
            if *purpose != Purpose::Enquiry {
                (facts.kind, facts.reply_due) = (None, None);
            }
            if *purpose == Purpose::Spam && !is_closed {
                close(&mut facts, by, Welcome::None, now);
            }
        }
        Step::Title(title) if title.trim().is_empty() => return Err(Refused::NoTitle),
        Step::Title(title) => facts.title = title.trim().to_owned(),
        Step::Kind(_) if facts.purpose != Purpose::Enquiry => return Err(Refused::NoEnquiry),
        Step::Kind(kind) => {
            facts.begin();
            facts.kind = Some(*kind);
        }
        Step::Area(area) => facts.area = *area,
        Step::Urgent(urgent) => facts.urgent = *urgent,
        Step::ContactForm(form) => facts.primary_contact_form = *form,
        Step::Appeal(day) => facts.appeal_deadline = *day,
        Step::Remind(day) => facts.remind_on = *day,
        Step::Assign(whom) => facts.assigned_to = *whom,
        Step::Case(made) => facts.case_at = made.then_some(facts.case_at.unwrap_or(now)),
        Step::Outside(outside) => facts.outside = *outside,
        Step::Aligned => facts.aligned_at = Some(now),
        Step::Language(language) => facts.language.clone_from(language),
        Step::Read(read) => facts.unread = !read,
        Step::Tasks(tasks) => facts.tasks.clone_from(tasks),
        Step::Themes(themes) => facts.themes.clone_from(themes),
        Step::Answered | Step::AnsweredAt(_) => {
            facts.begin();
            let at = if let Step::AnsweredAt(at) = step { (*at).min(now) } else { now };
            // The first answer is the earliest, whenever it is entered.
            facts.answered_at = Some(facts.answered_at.map_or(at, |known| known.min(at)));
            (facts.reply_due, facts.unread, facts.urgent) = (None, false, false);
        }
        Step::Promise(day) => {
            facts.begin();
            facts.promised = *day;
            facts.reply_due = Some(*day);
        }
        Step::Close(welcome) => {
            let counted = facts.purpose == Purpose::Enquiry;
            if counted && facts.primary_contact_form.is_none() {
                return Err(Refused::NoContactForm);
            }
            if counted && *welcome == Welcome::None {
                return Err(Refused::NoWelcome);
            }
            close(&mut facts, by, *welcome, now);
        }
        Step::Reopen => {
            if !is_closed {
                return Err(Refused::NotClosed);
            }
            if let Some(last) = facts.closings.last_mut() {
                last.reopened_at = Some(now);
            }
            facts.state = State::InProgress;
        }
    }
    Ok(facts)
}

fn close(facts: &mut Facts, by: AccountId, welcome_back: Welcome, now: Timestamp) {
    facts.state = State::Closed;
    (facts.waits_for, facts.reply_due, facts.remind_on, facts.unread) = (None, None, None, false);
    facts.closings.push(Closed { at: now, by, welcome_back, reopened_at: None });
}

/// Takes back what led from `before` to `after`, where nothing of it has been changed since: what else changed stays.
///
/// # Errors
/// When something of it was changed again.
pub fn undo(before: &Facts, after: &Facts, current: &Facts) -> Result<Facts, Refused> {
    let mut facts = current.clone();
    macro_rules! back {
        ($($field:ident),* $(,)?) => {$(
            if before.$field != after.$field {
                if current.$field != after.$field {
                    return Err(Refused::ChangedSince);
                }
                facts.$field.clone_from(&before.$field);
            }
        )*};
    }
    back!(
        state,
        waits_for,
        purpose,
        title,
        kind,
        area,
        urgent,
        primary_contact_form,
        appeal_deadline,
        promised,
        reply_due,
        remind_on,
        assigned_to,
        case_at,
        outside,
        aligned_at,
        answered_at,
        language,
        joined_into,
        conversation,
        tasks,
        themes,
        closings,
    );
    // Whether it was read is nothing that anybody undoes a reply for, but a reply that is taken back was none.
    if before.unread != after.unread && current.unread == after.unread {
        facts.unread = before.unread;
    }
    Ok(facts)
}

#[cfg(test)]
mod tests;
