//! The list: which enquiries stand in a view, in which order, and how many in each.
//!
//! A condition stands in the statement only when it is asked for, so that each database can use the index that fits it;
//! the pieces are constants, and no value is ever part of the text. What is not closed is sorted by what is due first, and
//! everything else by when the citizen wrote last.

use jiff::Timestamp;
use jiff::civil::Date;
use sqlx::AssertSqlSafe;

use super::Actor;
use crate::domain::account::Scope;
use crate::domain::area::AreaId;
use crate::domain::due::{self, Dates};
use crate::domain::enquiry::{EnquiryId, Kind, State};
use crate::domain::reference::Reference;
use crate::domain::triage::{Purpose, WaitsFor};
use crate::store::conn::on_reader;
use crate::store::{Store, StoreError, from_stored, to_stored};
use indgang_channels::message::Channel;

/// A view.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum View {
    /// What somebody must do something about: everything open that does not wait, and what is due of what waits.
    #[default]
    Todo,
    /// *Ny*.
    New,
    /// Due today or before.
    Today,
    /// With an appeal deadline.
    Deadline,
    /// What was sent did not arrive, and nobody has seen it; also what is closed.
    Undelivered,
    /// *I gang*.
    InProgress,
    /// *Afventer*, for whom ever.
    Waiting,
    /// *Sparring*.
    Sparring,
    /// *Afsluttet*.
    Closed,
    /// Spam.
    Spam,
    /// Everything.
    All,
}

impl View {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Todo,
        Self::New,
        Self::Today,
        Self::Deadline,
        Self::Undelivered,
        Self::InProgress,
        Self::Waiting,
        Self::Sparring,
        Self::Closed,
        Self::Spam,
        Self::All,
    ];

    /// Its word in an address.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Todo => "handling",
            Self::New => "ny",
            Self::Today => "idag",
            Self::Deadline => "frist",
            Self::Undelivered => "ikke-leveret",
            Self::InProgress => "igang",
            Self::Waiting => "venter",
            Self::Sparring => "sparring",
            Self::Closed => "afsluttet",
            Self::Spam => "spam",
            Self::All => "alle",
        }
    }

    /// Reads back what [`View::as_str`] wrote.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == word)
    }

    /// Whether it is sorted by what is due.
    pub fn is_by_due(self) -> bool {
        !matches!(self, Self::Undelivered | Self::Closed | Self::Spam | Self::All | Self::Sparring)
    }

    fn condition(self) -> &'static str {
        match self {
            Self::Todo => {
                "e.state <> 'closed' AND e.purpose <> 'spam' AND (e.state <> 'waiting' OR e.due_on <= ? OR e.unread)"
            }
            Self::New => "e.state <> 'closed' AND e.state = 'new'",
            Self::Today => "e.state <> 'closed' AND e.due_on <= ?",
            Self::Deadline => "e.state <> 'closed' AND e.appeal_deadline IS NOT NULL",
            Self::Undelivered => {
                "e.id IN (SELECT COALESCE(x.joined_into, x.id) FROM outbox o JOIN enquiry x ON x.id = o.enquiry_id
                          WHERE o.kind = 'reply' AND o.settled_at IS NULL AND (o.state IN ('failed', 'unknown')
                                OR o.bounced_at IS NOT NULL OR o.delivery = 'failed'))"
            }
            Self::InProgress => "e.state <> 'closed' AND e.state = 'in_progress'",
            Self::Waiting => "e.state <> 'closed' AND e.state = 'waiting'",
            Self::Sparring => "e.purpose <> 'enquiry' AND e.purpose = 'sparring'",
            Self::Closed => "e.state = 'closed' AND e.purpose <> 'spam'",
            Self::Spam => "e.purpose <> 'enquiry' AND e.purpose = 'spam'",
            Self::All => "e.purpose <> 'spam'",
        }
    }
}

/// What is asked of the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ask {
    /// The view.
    pub view: View,
    /// Only what came in by this channel.
    pub channel: Option<Channel>,
    /// Only of this area.
    pub area: Option<AreaId>,
    /// Only those without an area.
    pub no_area: bool,
    /// Only of this type.
    pub kind: Option<Kind>,
    /// Only those that wait for them.
    pub waits_for: Option<WaitsFor>,
    /// Only what is somebody's.
    pub mine: bool,
    /// Only those whose first contact came on this day or later.
    pub from: Option<Date>,
    /// And on this day or before.
    pub through: Option<Date>,
    /// Goes on after this line.
    pub after: Option<Cursor>,
}

/// Where a page of the list ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// What is sorted by: a due date, or an instant in stored form.
    pub key: String,
    /// Before or among others of the day.
    pub priority: i64,
    /// The enquiry.
    pub id: i64,
}

/// A line of the list.
#[derive(Clone, PartialEq, Eq)]
pub struct Line {
    /// The enquiry.
    pub id: EnquiryId,
    /// The number that the citizen has.
    pub reference: Reference,
    /// Which part of a conversation that was split it is.
    pub part: i64,
    /// What it is called.
    pub title: String,
    /// The beginning of what was written last.
    pub snippet: String,
    /// Who: a name, or where they are reached.
    pub who: String,
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
    /// What is due.
    pub dates: Dates,
    /// When it was closed, if it is.
    pub closed_at: Option<Timestamp>,
    /// When the citizen wrote last.
    pub last_in_at: Timestamp,
    /// Nobody has read what came last.
    pub unread: bool,
    /// Before others.
    pub urgent: bool,
    /// It answers something that is closed.
    pub after_closing: bool,
    /// The language that it is written in.
    pub language: String,
    /// Somebody has begun to write on it.
    pub has_draft: bool,
    /// Which writing of it this is.
    pub version: i64,
}

/// Never prints who or what.
impl std::fmt::Debug for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Line({}, {:?})", self.id.0, self.state)
    }
}

impl Line {
    /// What is due first.
    pub fn due(&self) -> Option<(Date, due::Why)> {
        due::first(self.state, &self.dates)
    }

    /// Where a page that ends with this line ends.
    pub fn cursor(&self, view: View) -> Cursor {
        let key = if view.is_by_due() {
            due::on(self.state, &self.dates).to_string()
        } else {
            to_stored(self.last_in_at).to_string()
        };
        Cursor { key, priority: i64::from(!self.urgent), id: self.id.0 }
    }
}

/// How many stand in the views of what is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// [`View::Todo`].
    pub todo: i64,
    /// [`View::New`].
    pub new: i64,
    /// [`View::Today`].
    pub today: i64,
    /// [`View::Deadline`].
    pub deadline: i64,
    /// [`View::InProgress`].
    pub in_progress: i64,
    /// [`View::Waiting`].
    pub waiting: i64,
    /// Of those, for the citizen.
    pub waiting_citizen: i64,
    /// And for the administration.
    pub waiting_administration: i64,
    /// [`View::Sparring`], as far as it is open.
    pub sparring: i64,
    /// What is over its date.
    pub late: i64,
    /// [`View::Undelivered`].
    pub undelivered: i64,
    /// What lies on the hold shelf.
    pub hold: i64,
    /// By channel: mail, text, form, call, meeting.
    pub channels: [i64; 5],
}

#[derive(sqlx::FromRow)]
struct LineRow {
    id: i64,
    reference: String,
    part: i64,
    title: String,
    snippet: String,
    name: Option<String>,
    address: Option<String>,
    state: String,
    waits_for: Option<String>,
    purpose: String,
    kind: Option<String>,
    area_id: Option<i64>,
    intake_channel: String,
    appeal_deadline: Option<String>,
    reply_due: Option<String>,
    remind_on: Option<String>,
    closed_at: Option<i64>,
    last_in_at: i64,
    unread: bool,
    priority: i64,
    after_closing: bool,
    language: String,
    has_draft: bool,
    version: i64,
}

impl LineRow {
    fn read(self) -> Result<Line, StoreError> {
        let id = self.id;
        let corrupt = |column| StoreError::Corrupt { table: "enquiry", column, row: id };
        let day = |day: Option<String>, column| {
            day.map(|day| day.parse::<Date>().map_err(|_| corrupt(column))).transpose()
        };
        Ok(Line {
            id: EnquiryId(id),
            reference: Reference::parse(&self.reference).ok_or(corrupt("reference"))?,
            part: self.part,
            title: self.title,
            snippet: self.snippet,
            who: self.name.filter(|name| !name.is_empty()).or(self.address).unwrap_or_default(),
            state: State::parse(&self.state).ok_or(corrupt("state"))?,
            waits_for: self.waits_for.as_deref().and_then(WaitsFor::parse),
            purpose: Purpose::parse(&self.purpose).ok_or(corrupt("purpose"))?,
            kind: self.kind.as_deref().and_then(Kind::parse),
            area: self.area_id.map(AreaId),
            channel: Channel::parse(&self.intake_channel).ok_or(corrupt("intake_channel"))?,
            dates: Dates {
                appeal: day(self.appeal_deadline, "appeal_deadline")?,
                reply: day(self.reply_due, "reply_due")?,
                remind: day(self.remind_on, "remind_on")?,
            },
            closed_at: self.closed_at.map(|at| from_stored(at, "enquiry", "closed_at", id)).transpose()?,
            last_in_at: from_stored(self.last_in_at, "enquiry", "last_in_at", id)?,
            unread: self.unread,
            urgent: self.priority == 0,
            after_closing: self.after_closing,
            language: self.language,
            has_draft: self.has_draft,
            version: self.version,
        })
    }
}

/// What a line shows.
const COLUMNS: &str = "
    SELECT e.id, COALESCE(h.reference, e.reference) AS reference, e.part, e.title, e.snippet, q.name,
           (SELECT MIN(a.address) FROM enquirer_address a WHERE a.enquirer_id = e.enquirer_id) AS address,
           e.state, e.waits_for, e.purpose, e.kind, e.area_id, e.intake_channel, e.appeal_deadline, e.reply_due,
           e.remind_on, e.closed_at, e.last_in_at, e.unread, e.priority, e.after_closing, e.language, e.version,
           EXISTS (SELECT 1 FROM draft d WHERE d.enquiry_id = e.id) AS has_draft";
/// Lines that are chosen by what follows.
const LINES: &str = "
    FROM enquiry e
    JOIN enquirer q ON q.id = e.enquirer_id
    LEFT JOIN enquiry h ON h.id = e.conversation_id
    WHERE e.joined_into IS NULL";
/// The lines of one page are picked first, by what is sorted by, and only they are written out: a month of some thousand
/// enquiries took 15 ms when each was written out before it was sorted.
const PICKED: &str = "
    FROM (SELECT e.id FROM enquiry e WHERE e.joined_into IS NULL";
const PICKED_END: &str = ") p
    JOIN enquiry e ON e.id = p.id
    JOIN enquirer q ON q.id = e.enquirer_id
    LEFT JOIN enquiry h ON h.id = e.conversation_id";
const BY_DUE: &str = " ORDER BY e.due_on, e.priority, e.id";
const BY_LAST: &str = " ORDER BY e.last_in_at DESC, e.id DESC";

const COUNTS: &str = "
    SELECT e.state, e.purpose, COALESCE(e.waits_for, ''), e.intake_channel, e.due_on <= ?, e.due_on < ?,
           e.appeal_deadline IS NOT NULL, e.unread, CAST(COUNT(*) AS BIGINT)
    FROM enquiry e WHERE e.state <> 'closed' AND e.joined_into IS NULL";
const COUNTS_GROUP: &str = " GROUP BY 1, 2, 3, 4, 5, 6, 7, 8";
const COUNT: &str = "SELECT CAST(COUNT(*) AS BIGINT) FROM enquiry e WHERE e.joined_into IS NULL";
const HELD: &str = "
    SELECT CAST(COUNT(*) AS BIGINT) FROM message m JOIN arrival a ON a.id = m.arrival_id
    WHERE m.disposition = 'hold' AND a.received_at >= $1";

/// A value of a condition.
#[derive(Clone)]
enum Value {
    Text(String),
    Number(i64),
}

/// A statement that is put together of constants.
struct Statement {
    text: String,
    values: Vec<Value>,
}

impl Statement {
    fn new(text: &'static str, values: Vec<Value>) -> Self {
        let mut statement = Self { text: String::with_capacity(1024), values: Vec::new() };
        statement.push(text, values);
        statement
    }

    /// Adds a piece; each `?` in it becomes the next `$n`.
    fn push(&mut self, piece: &'static str, values: Vec<Value>) {
        let mut number = self.values.len();
        for (index, part) in piece.split('?').enumerate() {
            if index > 0 {
                number += 1;
                self.text.push_str(&format!("${number}"));
            }
            self.text.push_str(part);
        }
        self.values.extend(values);
    }

    fn and(&mut self, condition: &'static str, values: Vec<Value>) {
        self.push(" AND ", Vec::new());
        self.push(condition, values);
    }

    /// Nothing outside somebody's sight.
    fn within(&mut self, who: &Actor) {
        match who.scope {
            Scope::All => {}
            Scope::None => self.and("1 = 0", Vec::new()),
            Scope::Since { account, from } => self.and(
                "((e.first_contact_at >= ? AND NOT EXISTS (
                     SELECT 1 FROM enquiry o WHERE o.first_contact_at < ?
                     AND (o.id = COALESCE(e.conversation_id, e.id) OR o.conversation_id = COALESCE(e.conversation_id, e.id))))
                  OR EXISTS (SELECT 1 FROM access_grant g WHERE g.enquiry_id = e.id AND g.account_id = ?))",
                vec![Value::Number(to_stored(from)), Value::Number(to_stored(from)), Value::Number(account.0)],
            ),
        }
    }

    fn filtered(&mut self, who: &Actor, ask: &Ask) {
        let mut text = |condition, value: Option<&str>| {
            if let Some(value) = value {
                self.and(condition, vec![Value::Text(value.to_owned())]);
            }
        };
        text("e.intake_channel = ?", ask.channel.map(Channel::as_str));
        text("e.kind = ?", ask.kind.map(Kind::as_str));
        text("e.waits_for = ?", ask.waits_for.map(WaitsFor::as_str));
        if ask.no_area {
            self.and("e.area_id IS NULL", Vec::new());
        } else if let Some(area) = ask.area {
            self.and("e.area_id = ?", vec![Value::Number(area.0)]);
        }
        if ask.mine {
            self.and("e.assigned_to = ?", vec![Value::Number(who.account.0)]);
        }
        let begins = |day: Date| crate::domain::calendar::begins(day).map(to_stored);
        if let Some(from) = ask.from.and_then(begins) {
            self.and("e.first_contact_at >= ?", vec![Value::Number(from)]);
        }
        if let Some(end) = ask.through.and_then(|day| day.tomorrow().ok()).and_then(begins) {
            self.and("e.first_contact_at < ?", vec![Value::Number(end)]);
        }
    }
}

macro_rules! bound {
    ($query:expr, $values:expr) => {{
        let mut query = $query;
        for value in $values {
            query = match value {
                Value::Text(text) => query.bind(text.clone()),
                Value::Number(number) => query.bind(*number),
            };
        }
        query
    }};
}

/// The statement that a list asks.
fn statement(who: &Actor, ask: &Ask, today: Date, most: u32) -> Statement {
    let mut statement = Statement::new(COLUMNS, Vec::new());
    statement.push(PICKED, Vec::new());
    let condition = ask.view.condition();
    let days = condition.matches('?').map(|_| Value::Text(today.to_string())).collect();
    statement.and(condition, days);
    statement.within(who);
    statement.filtered(who, ask);
    if ask.view.is_by_due() {
        if let Some(after) = &ask.after {
            statement.and(
                "(e.due_on, e.priority, e.id) > (?, ?, ?)",
                vec![Value::Text(after.key.clone()), Value::Number(after.priority), Value::Number(after.id)],
            );
        }
    } else {
        if let Some((after, key)) =
            ask.after.as_ref().and_then(|after| Some((after, after.key.parse().ok()?)))
        {
            statement.and("(e.last_in_at, e.id) < (?, ?)", vec![Value::Number(key), Value::Number(after.id)]);
        }
    }
    let order = if ask.view.is_by_due() { BY_DUE } else { BY_LAST };
    statement.push(order, Vec::new());
    statement.push(" LIMIT ?", vec![Value::Number(i64::from(most))]);
    statement.push(PICKED_END, Vec::new());
    statement.push(order, Vec::new());
    statement
}

impl Store {
    /// A page of the list: at most `most` lines.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn enquiries_list(
        &self,
        who: &Actor,
        ask: &Ask,
        today: Date,
        most: u32,
    ) -> Result<Vec<Line>, StoreError> {
        let Statement { text, values } = statement(who, ask, today, most);
        let rows: Vec<LineRow> = on_reader!(self, pool => {
            bound!(sqlx::query_as(AssertSqlSafe(text)), &values).fetch_all(pool).await
        })
        .map_err(StoreError::query("enquiries_list"))?;
        rows.into_iter().map(LineRow::read).collect()
    }

    /// The lines of certain enquiries that `who` sees, in the order asked for.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn enquiries_lines(&self, who: &Actor, ids: &[EnquiryId]) -> Result<Vec<Line>, StoreError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let mut statement = Statement::new(COLUMNS, Vec::new());
        statement.push(LINES, Vec::new());
        statement.within(who);
        for (index, id) in ids.iter().enumerate() {
            statement.push(if index == 0 { " AND e.id IN (?" } else { ", ?" }, vec![Value::Number(id.0)]);
        }
        statement.push(")", Vec::new());
        let Statement { text, values } = statement;
        let rows: Vec<LineRow> = on_reader!(self, pool => {
            bound!(sqlx::query_as(AssertSqlSafe(text)), &values).fetch_all(pool).await
        })
        .map_err(StoreError::query("enquiries_lines"))?;
        let mut lines = rows.into_iter().map(LineRow::read).collect::<Result<Vec<_>, _>>()?;
        lines.sort_by_key(|line| ids.iter().position(|id| *id == line.id));
        Ok(lines)
    }

    /// How many stand in each view of what is open.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn enquiries_count(&self, who: &Actor, today: Date) -> Result<Counts, StoreError> {
        type Row = (String, String, String, String, bool, bool, bool, bool, i64);
        let day = Value::Text(today.to_string());
        let mut statement = Statement::new(COUNTS, vec![day.clone(), day]);
        statement.within(who);
        statement.push(COUNTS_GROUP, Vec::new());
        let Statement { text, values } = statement;
        let rows: Vec<Row> = on_reader!(self, pool => {
            bound!(sqlx::query_as(AssertSqlSafe(text)), &values).fetch_all(pool).await
        })
        .map_err(StoreError::query("enquiries_count"))?;
        let mut counts = Counts::default();
        for (state, purpose, waits_for, intake, due, late, appeal, unread, count) in rows {
            let add = |to: &mut i64, when: bool| *to += if when { count } else { 0 };
            let is_waiting = state == "waiting";
            add(&mut counts.todo, purpose != "spam" && (!is_waiting || due || unread));
            add(&mut counts.new, state == "new");
            add(&mut counts.today, due);
            add(&mut counts.late, late);
            add(&mut counts.deadline, appeal);
            add(&mut counts.in_progress, state == "in_progress");
            add(&mut counts.waiting, is_waiting);
            add(&mut counts.waiting_citizen, is_waiting && waits_for == "citizen");
            add(&mut counts.waiting_administration, is_waiting && waits_for == "administration");
            add(&mut counts.sparring, purpose == "sparring");
            if let Some(place) = Channel::parse(&intake).map(place_of) {
                add(&mut counts.channels[place], true);
            }
        }
        let mut undelivered = Statement::new(COUNT, Vec::new());
        undelivered.and(View::Undelivered.condition(), Vec::new());
        undelivered.within(who);
        let Statement { text, values } = undelivered;
        counts.undelivered = on_reader!(self, pool => {
            bound!(sqlx::query_scalar(AssertSqlSafe(text)), &values).fetch_one(pool).await
        })
        .map_err(StoreError::query("undelivered"))?;
        let since = match who.scope {
            Scope::All => Some(i64::MIN),
            Scope::None => None,
            Scope::Since { from, .. } => Some(to_stored(from)),
        };
        if let Some(since) = since {
            counts.hold =
                on_reader!(self, pool => sqlx::query_scalar(HELD).bind(since).fetch_one(pool).await)
                    .map_err(StoreError::query("held"))?;
        }
        Ok(counts)
    }

    /// Prepares the statement of a list without running it: for the test that every view and filter is valid on both
    /// databases.
    ///
    /// # Errors
    /// When the database does not accept the text.
    pub async fn enquiries_list_prepare(
        &self,
        who: &Actor,
        ask: &Ask,
        today: Date,
    ) -> Result<(), StoreError> {
        self.enquiries_list(who, ask, today, 1).await.map(|_| ())
    }
}

fn place_of(channel: Channel) -> usize {
    match channel {
        Channel::Email => 0,
        Channel::Sms => 1,
        Channel::Web => 2,
        Channel::Call => 3,
        Channel::Meeting => 4,
    }
}
