//! The figures: facts of enquiries that name nobody, and their sums by month.
//!
//! What happens is noted by triggers and added up later ([`Store::figures_refresh`]): what changed on an enquiry is taken out
//! of the sums of its months and put in again, so that the cost is that of the change, and a page over ten years reads a
//! hundred and twenty rows. Sums are kept of all enquiries and of every choice among them by area, type and way in. A period
//! that begins or ends within a month reads the sums of those days besides; of a choice, their facts.

use std::collections::{BTreeMap, BTreeSet};

use indgang_channels::message::Channel;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::de::DeserializeOwned;

use super::conn::{Snapshot, Transaction, on_reader, on_snapshot, on_tx};

use super::{Store, StoreError, clean, from_stored, sql, to_stored};
use crate::domain::area::AreaId;
use crate::domain::calendar;
use crate::domain::enquiry::Kind;
use crate::domain::statistics::counted::{Chosen, Counted};
use crate::domain::statistics::fact::{Acknowledged, Before, Chain, Fact};
use crate::domain::statistics::period::{Month, Period};
use crate::domain::statistics::tally::{Tally, Traffic};
use crate::domain::task::Task;
use crate::domain::triage::Purpose;

#[derive(sqlx::FromRow)]
struct FactRow {
    id: i64,
    enquirer_id: i64,
    purpose: String,
    joined: bool,
    first_contact_at: i64,
    intake_channel: String,
    area_id: Option<i64>,
    kind: Option<String>,
    primary_contact_form: Option<String>,
    ended_at: Option<i64>,
    reopened: i64,
    after_closing: bool,
    ack_state: Option<String>,
    ack_sent_at: Option<i64>,
    ack_returned: bool,
    promised_reply_date: String,
    moved: i64,
    answered_at: Option<i64>,
    tasks: Option<String>,
    themes: Option<String>,
    is_case: bool,
    outside: bool,
    forwarded: bool,
    referred: bool,
    messages_in: i64,
    messages_out: i64,
}

impl FactRow {
    /// The facts, but for what came before of the same person.
    fn read(self) -> Result<(i64, Fact), StoreError> {
        let id = self.id;
        let corrupt = |column| StoreError::Corrupt { table: "enquiry", column, row: id };
        let moment = |at: i64, column| from_stored(at, "enquiry", column, id);
        let maybe = |at: Option<i64>, column| at.map(|at| moment(at, column)).transpose();
        let few = |count: i64| u32::try_from(count).unwrap_or(u32::MAX);
        let acknowledged = match (self.ack_state.as_deref(), maybe(self.ack_sent_at, "sent_at")?) {
            (Some("sent"), Some(at)) if self.ack_returned => Acknowledged::Returned(at),
            (Some("sent"), Some(at)) => Acknowledged::Sent(at),
            (Some("queued" | "sending"), _) => Acknowledged::Waiting,
            (Some("failed" | "unknown"), _) => Acknowledged::Failed,
            _ => Acknowledged::NotDue,
        };
        let fact = Fact {
            person: self.enquirer_id,
            before: Before::default(),
            purpose: Purpose::parse(&self.purpose).ok_or(corrupt("purpose"))?,
            joined: self.joined,
            began: moment(self.first_contact_at, "first_contact_at")?,
            is_timed: true,
            channel: Channel::parse(&self.intake_channel).ok_or(corrupt("intake_channel"))?,
            area: self.area_id.map(AreaId),
            kind: self.kind.as_deref().and_then(Kind::parse),
            form: self.primary_contact_form.as_deref().and_then(Channel::parse),
            ended: maybe(self.ended_at, "closed_at")?,
            reopened: few(self.reopened),
            after_closing: self.after_closing,
            acknowledged,
            promised: Some(self.promised_reply_date.parse().map_err(|_| corrupt("promised_reply_date"))?),
            moved: few(self.moved),
            answered: maybe(self.answered_at, "answered_at")?,
            tasks: self.tasks.iter().flat_map(|tasks| tasks.split(' ')).filter_map(Task::parse).collect(),
            themes: self.themes.iter().flat_map(|themes| themes.split('\n')).map(str::to_owned).collect(),
            case: Some(self.is_case),
            forwarded: self.forwarded,
            referred: self.referred,
            outside: self.outside,
            messages_in: few(self.messages_in),
            messages_out: few(self.messages_out),
            is_recorded: true,
        };
        Ok((id, fact))
    }
}

/// What of an enquiry lies in a month or on a day.
#[derive(Clone, Copy)]
enum Moment {
    Began,
    Ended,
    Settled,
}

/// What is summed up: a day of all, or a month of all or of a choice.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Sum {
    Day(Date),
    Month(Month, Chosen),
}

/// A choice as the tables write it.
fn sides(chosen: Chosen) -> (i64, &'static str, &'static str) {
    (
        chosen.area.map_or(0, |area| area.0),
        chosen.kind.map_or("", Kind::as_str),
        chosen.channel.map_or("", Channel::as_str),
    )
}

/// What changed: what was kept before, and what is now.
pub(super) type Changes = BTreeMap<i64, (Option<Fact>, Fact)>;

impl Store {
    /// Adds up what was touched, at most `most` of it; how much there was.
    ///
    /// # Errors
    /// When the database does not answer; then nothing was added up.
    pub async fn figures_refresh(&self, most: u32) -> Result<usize, StoreError> {
        // Looked for without the writer, since there mostly is nothing.
        if self.figures_waiting(1).await? == 0 {
            return Ok(0);
        }
        let mut tx = Transaction::begin(self).await?;
        on_tx!(&mut tx, conn => sqlx::query(sql::figures::TURN).execute(conn).await.map(|_| ()))
            .map_err(StoreError::query("figure_turn"))?;
        let touched: Vec<(i64, i64, i64)> = on_tx!(&mut tx, conn => sqlx::query_as(sql::figures::TOUCHED)
            .bind(i64::from(most)).fetch_all(conn).await)
        .map_err(StoreError::query("figure_touched"))?;
        let enquiries: BTreeSet<i64> = touched.iter().map(|one| one.1).filter(|id| *id != 0).collect();
        let days: BTreeSet<Date> = touched
            .iter()
            .filter(|one| one.2 != 0)
            .filter_map(|one| Timestamp::from_millisecond(one.2).ok())
            .map(|at| calendar::local(at).date())
            .collect();
        let changes = facts_renew(&mut tx, &enquiries).await?;
        sums_renew(&mut tx, &changes).await?;
        traffic_renew(&mut tx, &days).await?;
        forget(&mut tx, &touched).await?;
        tx.commit().await?;
        Ok(touched.len())
    }

    /// How much waits to be added up, at most `most`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn figures_waiting(&self, most: u32) -> Result<i64, StoreError> {
        on_reader!(self, pool => sqlx::query_scalar(sql::figures::TOUCHED_COUNT)
            .bind(i64::from(most)).fetch_one(pool).await)
        .map_err(StoreError::query("figures_waiting"))
    }

    /// The figures of a period, as far as they have been added up.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn figures(&self, period: Period, chosen: Chosen) -> Result<Counted, StoreError> {
        let mut snapshot = Snapshot::take(self).await?;
        let mut counted = counted(&mut snapshot, period, chosen).await?;
        counted.open = open_at(&mut snapshot, period.until, chosen).await?;
        Ok(counted)
    }

    /// The day on which the first enquiry began; `None` when there is none.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn figures_begin(&self) -> Result<Option<Date>, StoreError> {
        let first: Option<i64> =
            on_reader!(self, pool => sqlx::query_scalar(sql::figures::FIRST_BEGAN).fetch_one(pool).await)
                .map_err(StoreError::query("figures_begin"))?;
        let first = first.map(|at| from_stored(at, "enquiry_fact", "began_at", 0)).transpose()?;
        Ok(first.map(|at| calendar::local(at).date()))
    }
}

impl Store {
    /// The day on which the first account was made; `None` before it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn set_up_on(&self) -> Result<Option<Date>, StoreError> {
        let first: Option<i64> =
            on_reader!(self, pool => sqlx::query_scalar(sql::figures::FIRST_ACCOUNT).fetch_one(pool).await)
                .map_err(StoreError::query("set_up_on"))?;
        let first = first.map(|at| from_stored(at, "account", "made_at", 0)).transpose()?;
        Ok(first.map(|at| calendar::local(at).date()))
    }
}

/// How many were open when a day began: what began until then without what had settled, by months and the days after them.
async fn open_at(at: &mut Snapshot, until: Date, chosen: Chosen) -> Result<i64, StoreError> {
    let (area, kind, channel) = sides(chosen);
    let month = Month::of(until);
    let months: i64 = on_snapshot!(at, conn => sqlx::query_scalar(sql::figures::OPEN_MONTHS)
        .bind(area).bind(kind).bind(channel).bind(month.first().to_string()).fetch_one(conn).await)
    .map_err(StoreError::query("open_months"))?;
    if month.first() == until {
        return Ok(months);
    }
    let days = Period { from: month.first(), until };
    if chosen.is_everything() {
        let days: i64 = on_snapshot!(at, conn => sqlx::query_scalar(sql::figures::OPEN_DAYS)
            .bind(days.from.to_string()).bind(days.until.to_string()).fetch_one(conn).await)
        .map_err(StoreError::query("open_days"))?;
        return Ok(months + days);
    }
    let (from, until) = days.moments();
    let (began, settled): (i64, i64) = on_snapshot!(at, conn => sqlx::query_as(sql::figures::OPEN_ASKED)
        .bind(to_stored(from)).bind(to_stored(until)).bind(area).bind(kind).bind(channel).fetch_one(conn).await)
    .map_err(StoreError::query("open_asked"))?;
    Ok(months + began - settled)
}

/// The sums of whole months, with the days besides.
async fn counted(at: &mut Snapshot, period: Period, chosen: Chosen) -> Result<Counted, StoreError> {
    let mut counted = Counted::default();
    let pieces = period.pieces();
    if let Some((begin, end)) = pieces.whole {
        let (area, kind, channel) = sides(chosen);
        let rows: Vec<(String, String)> = on_snapshot!(at, conn => sqlx::query_as(sql::figures::MONTHS)
            .bind(area).bind(kind).bind(channel)
            .bind(begin.first().to_string()).bind(end.first().to_string()).fetch_all(conn).await)
        .map_err(StoreError::query("figure_months"))?;
        add_rows(&mut counted.tally, &rows)?;
        counted.persons = counted.tally.persons_from(begin);
        if period.from < begin.first() {
            // Who began in the days before the first whole month is counted there.
            let days = Period { from: period.from, until: begin.first() };
            let months = Period { from: begin.first(), until: end.first() };
            counted.persons -= known(at, days, months, chosen).await?;
        }
    }
    for piece in pieces.loose {
        counted.persons += if chosen.is_everything() {
            days(at, piece, period, &mut counted.tally).await?
        } else {
            facts(at, piece, period, chosen, &mut counted.tally).await?
        };
    }
    Ok(counted)
}

fn add_rows(tally: &mut Tally, rows: &[(String, String)]) -> Result<(), StoreError> {
    for (sums, traffic) in rows {
        tally.merge(&parsed(sums)?);
        tally.merge(&parsed(traffic)?);
    }
    Ok(())
}

/// How many persons began something in some days and then in the months after them.
async fn known(at: &mut Snapshot, days: Period, months: Period, chosen: Chosen) -> Result<i64, StoreError> {
    let ((from, until), (begins, ends)) = (days.moments(), months.moments());
    let (from, until) = (to_stored(from), to_stored(until));
    let (begins, ends) = (to_stored(begins), to_stored(ends));
    if chosen.is_everything() {
        return on_snapshot!(at, conn => sqlx::query_scalar(sql::figures::KNOWN_BETWEEN)
            .bind(from).bind(until).bind(begins).bind(ends).fetch_one(conn).await)
        .map_err(StoreError::query("figure_known"));
    }
    let (area, kind, channel) = sides(chosen);
    on_snapshot!(at, conn => sqlx::query_scalar(sql::figures::KNOWN_ASKED)
        .bind(from).bind(until).bind(begins).bind(ends).bind(area).bind(kind).bind(channel).fetch_one(conn).await)
    .map_err(StoreError::query("figure_known_asked"))
}

/// Adds the sums of some days of a period; how many persons are new in them.
async fn days(
    at: &mut Snapshot,
    piece: Period,
    period: Period,
    tally: &mut Tally,
) -> Result<i64, StoreError> {
    let rows: Vec<(String, String)> = on_snapshot!(at, conn => sqlx::query_as(sql::figures::DAYS)
        .bind(piece.from.to_string()).bind(piece.until.to_string()).fetch_all(conn).await)
    .map_err(StoreError::query("figure_days"))?;
    add_rows(tally, &rows)?;
    let (from, until) = piece.moments();
    on_snapshot!(at, conn => sqlx::query_scalar(sql::figures::NEW_BETWEEN)
        .bind(to_stored(from)).bind(to_stored(until)).bind(to_stored(period.moments().0)).fetch_one(conn).await)
    .map_err(StoreError::query("figure_new"))
}

/// Adds the facts of a choice of some days of a period; how many persons are new in them.
async fn facts(
    at: &mut Snapshot,
    piece: Period,
    period: Period,
    chosen: Chosen,
    tally: &mut Tally,
) -> Result<i64, StoreError> {
    let ((from, until), begins) = (piece.moments(), period.moments().0);
    let (area, kind, channel) = sides(chosen);
    let facts: Vec<String> = on_snapshot!(at, conn => sqlx::query_scalar(sql::figures::FACTS_BETWEEN)
        .bind(to_stored(from)).bind(to_stored(until)).bind(area).bind(kind).bind(channel).fetch_all(conn).await)
    .map_err(StoreError::query("facts_between"))?;
    let facts = facts.iter().map(|fact| parsed(fact)).collect::<Result<Vec<Fact>, _>>()?;
    tally.merge(&Tally::of(&facts, piece, chosen));
    let is_new = |fact: &&Fact| {
        let within = from <= fact.began && fact.began < until;
        fact.counts() && within && fact.before.of(chosen).is_none_or(|before| before < begins)
    };
    Ok(i64::try_from(facts.iter().filter(is_new).count()).unwrap_or(i64::MAX))
}

pub(super) fn parsed<T: DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    let corrupt = |_| StoreError::Corrupt { table: "figure_month", column: "tally", row: 0 };
    serde_json::from_str(text).map_err(corrupt)
}

/// Reads the facts of enquiries anew and keeps them.
async fn facts_renew(tx: &mut Transaction, enquiries: &BTreeSet<i64>) -> Result<Changes, StoreError> {
    let mut changes = Changes::new();
    let mut persons = BTreeSet::new();
    let mut all = enquiries.clone();
    for id in enquiries {
        // What happens on a joined enquiry happens on that which it was joined into.
        let roots: Vec<i64> = on_tx!(tx, conn => sqlx::query_scalar(sql::figures::JOINED_INTO)
            .bind(id).fetch_all(conn).await)
        .map_err(StoreError::query("joined_into"))?;
        all.extend(roots);
    }
    for (first, last) in stretches(&all) {
        let rows: Vec<FactRow> = on_tx!(tx, conn => sqlx::query_as(sql::figures::FACTS)
            .bind(first).bind(last).fetch_all(conn).await)
        .map_err(StoreError::query("facts"))?;
        for row in rows {
            let (id, mut fact) = match row.read() {
                Ok(read) => read,
                Err(error) => {
                    // One that cannot be read must not keep all others from being counted.
                    tracing::error!(%error, "an enquiry is left out of the figures");
                    continue;
                }
            };
            let kept: Option<String> = on_tx!(tx, conn => sqlx::query_scalar(sql::figures::FACT)
                .bind(id).fetch_optional(conn).await)
            .map_err(StoreError::query("fact"))?;
            let kept: Option<Fact> = kept.as_deref().map(parsed).transpose()?;
            fact.before = kept.as_ref().map(|kept| kept.before.clone()).unwrap_or_default();
            if kept.as_ref() == Some(&fact) {
                continue;
            }
            let place =
                |fact: &Fact| (fact.person, fact.began, fact.counts(), fact.area, fact.kind, fact.channel);
            if kept.as_ref().map(place) != Some(place(&fact)) {
                persons.insert(fact.person);
                persons.extend(kept.as_ref().map(|kept| kept.person));
            }
            fact_keep(tx, id, &fact).await?;
            changes.insert(id, (kept, fact));
        }
    }
    for person in persons {
        chain_renew(tx, person, &mut changes).await?;
    }
    Ok(changes)
}

/// Says of each enquiry of a person anew which came before it. What counts no more has nothing before it that mattered.
pub(super) async fn chain_renew(
    tx: &mut Transaction,
    person: i64,
    changes: &mut Changes,
) -> Result<(), StoreError> {
    let rows: Vec<(i64, String)> = on_tx!(tx, conn => sqlx::query_as(sql::figures::PERSON_FACTS)
        .bind(person).fetch_all(conn).await)
    .map_err(StoreError::query("person_facts"))?;
    let mut chain = Chain::default();
    for (id, text) in rows {
        let kept: Fact = parsed(&text)?;
        let before = chain.next(&kept);
        if before == kept.before {
            continue;
        }
        let fact = Fact { before, ..kept.clone() };
        fact_keep(tx, id, &fact).await?;
        // What it was before all of this is taken out of the sums, not what it was meanwhile.
        let was = changes.remove(&id).map_or(Some(kept), |(was, _)| was);
        changes.insert(id, (was, fact));
    }
    Ok(())
}

pub(super) async fn fact_keep(tx: &mut Transaction, id: i64, fact: &Fact) -> Result<(), StoreError> {
    let text = serde_json::to_string(fact).unwrap_or_default();
    on_tx!(tx, conn => sqlx::query(sql::figures::FACT_KEEP)
        .bind(id).bind(fact.person).bind(fact.counts()).bind(to_stored(fact.began))
        .bind(fact.before.of(Chosen::default()).map(to_stored)).bind(fact.ended.map(to_stored)).bind(fact.area.map(|area| area.0))
        .bind(fact.kind.map(Kind::as_str)).bind(fact.channel.as_str()).bind(clean(&text).as_ref())
        .bind(fact.settled().map(to_stored)).execute(conn).await.map(|_| ()))
    .map_err(StoreError::query("fact_keep"))
}

/// Takes what was kept out of the sums of its months and days, and puts in what is now.
pub(super) async fn sums_renew(tx: &mut Transaction, changes: &Changes) -> Result<(), StoreError> {
    let mut sums: BTreeMap<Sum, Vec<(&Fact, i64, Moment)>> = BTreeMap::new();
    for (kept, now) in changes.values() {
        for (fact, sign) in kept.iter().map(|kept| (kept, -1)).chain([(now, 1)]) {
            let moments = [
                (Some(fact.began), Moment::Began),
                (fact.ended, Moment::Ended),
                (fact.settled(), Moment::Settled),
            ];
            for (at, moment) in moments {
                let Some(day) = at.map(|at| calendar::local(at).date()) else { continue };
                let months = Chosen::each_of(fact).map(|chosen| Sum::Month(Month::of(day), chosen));
                for sum in months.chain([Sum::Day(day)]) {
                    sums.entry(sum).or_default().push((fact, sign, moment));
                }
            }
        }
    }
    for (sum, facts) in sums {
        let mut tally = sum_kept(tx, sum).await?;
        let chosen = match sum {
            Sum::Day(_) => Chosen::default(),
            Sum::Month(_, chosen) => chosen,
        };
        let mut settled = 0;
        for (fact, sign, moment) in facts {
            match moment {
                Moment::Began => tally.begin(fact, chosen, sign),
                Moment::Ended => tally.end(fact, sign),
                Moment::Settled => settled += sign,
            }
        }
        sum_keep(tx, sum, &tally, settled).await?;
    }
    Ok(())
}

async fn sum_kept(tx: &mut Transaction, sum: Sum) -> Result<Tally, StoreError> {
    let kept: Option<String> = match sum {
        Sum::Day(day) => on_tx!(tx, conn => sqlx::query_scalar(sql::figures::DAY)
            .bind(day.to_string()).fetch_optional(conn).await)
        .map_err(StoreError::query("figure_day"))?,
        Sum::Month(month, chosen) => {
            let (area, kind, channel) = sides(chosen);
            on_tx!(tx, conn => sqlx::query_scalar(sql::figures::MONTH)
                .bind(area).bind(kind).bind(channel).bind(month.first().to_string()).fetch_optional(conn).await)
            .map_err(StoreError::query("figure_month"))?
        }
    };
    Ok(kept.as_deref().map(parsed).transpose()?.unwrap_or_default())
}

async fn sum_keep(tx: &mut Transaction, sum: Sum, tally: &Tally, settled: i64) -> Result<(), StoreError> {
    let text = serde_json::to_string(tally).unwrap_or_default();
    match sum {
        Sum::Day(day) => on_tx!(tx, conn => sqlx::query(sql::figures::DAY_KEEP)
            .bind(day.to_string()).bind(text).bind(tally.begun()).bind(settled).execute(conn).await.map(|_| ()))
        .map_err(StoreError::query("day_keep")),
        Sum::Month(month, chosen) => {
            let (area, kind, channel) = sides(chosen);
            on_tx!(tx, conn => sqlx::query(sql::figures::MONTH_KEEP)
                .bind(area).bind(kind).bind(channel).bind(month.first().to_string())
                .bind(text).bind(tally.begun()).bind(settled).execute(conn).await.map(|_| ()))
            .map_err(StoreError::query("month_keep"))
        }
    }
}

type Went = (String, i64, i64, i64, i64);
type Did = (String, i64, Option<i64>);

/// What went to and fro, from the rows that say so.
fn read_traffic(came: Vec<(String, i64)>, went: Vec<Went>, did: Vec<Did>) -> Tally {
    let mut tally = Tally::default();
    for (by, count) in came {
        if let Some(by) = Channel::parse(&by) {
            tally.traffic.entry(by).or_default().incoming = count;
        }
    }
    for (by, outgoing, automatic, failed, segments) in went {
        if let Some(by) = Channel::parse(&by) {
            let held = tally.traffic.entry(by).or_default();
            *held = Traffic { outgoing, automatic, failed, segments, ..*held };
        }
    }
    for (kind, count, participants) in did {
        tally.activities.add(kind.clone(), count);
        tally.participants.add(kind, participants.unwrap_or(0));
    }
    tally
}

/// Counts anew what went to and fro on some days, and adds up their months.
async fn traffic_renew(tx: &mut Transaction, days: &BTreeSet<Date>) -> Result<(), StoreError> {
    for &day in days {
        let period = Period { from: day, until: day.tomorrow().unwrap_or(day) };
        let (from, until) = period.moments();
        let came = on_tx!(tx, conn => sqlx::query_as(sql::figures::CAME)
            .bind(to_stored(from)).bind(to_stored(until)).fetch_all(conn).await)
        .map_err(StoreError::query("figures_came"))?;
        let went = on_tx!(tx, conn => sqlx::query_as(sql::figures::WENT)
            .bind(to_stored(from)).bind(to_stored(until)).fetch_all(conn).await)
        .map_err(StoreError::query("figures_went"))?;
        let did = on_tx!(tx, conn => sqlx::query_as(sql::figures::DID)
            .bind(period.from.to_string()).bind(period.until.to_string()).fetch_all(conn).await)
        .map_err(StoreError::query("figures_did"))?;
        let text = serde_json::to_string(&read_traffic(came, went, did)).unwrap_or_default();
        on_tx!(tx, conn => sqlx::query(sql::figures::DAY_TRAFFIC_KEEP)
            .bind(day.to_string()).bind(text).execute(conn).await.map(|_| ()))
        .map_err(StoreError::query("day_traffic_keep"))?;
    }
    let months: BTreeSet<Month> = days.iter().copied().map(Month::of).collect();
    for period in months.into_iter().map(Month::period) {
        let days: Vec<String> = on_tx!(tx, conn => sqlx::query_scalar(sql::figures::DAYS_TRAFFIC)
            .bind(period.from.to_string()).bind(period.until.to_string()).fetch_all(conn).await)
        .map_err(StoreError::query("days_traffic"))?;
        let mut month = Tally::default();
        for day in days {
            month.merge(&parsed(&day)?);
        }
        let text = serde_json::to_string(&month).unwrap_or_default();
        on_tx!(tx, conn => sqlx::query(sql::figures::MONTH_TRAFFIC_KEEP)
            .bind(period.from.to_string()).bind(text).execute(conn).await.map(|_| ()))
        .map_err(StoreError::query("month_traffic_keep"))?;
    }
    Ok(())
}

/// Forgets what was added up. Numbers are given before a transaction ends, so on PostgreSQL a smaller one may come into sight
/// later: each is forgotten by itself there.
async fn forget(tx: &mut Transaction, touched: &[(i64, i64, i64)]) -> Result<(), StoreError> {
    let forgotten = StoreError::query("figure_touched_done");
    if let Transaction::Sqlite(_) = tx {
        let last = touched.last().map_or(0, |one| one.0);
        return on_tx!(tx, conn => sqlx::query(sql::figures::TOUCHED_DONE_THROUGH)
            .bind(last).execute(conn).await.map(|_| ()))
        .map_err(forgotten);
    }
    for (id, ..) in touched {
        on_tx!(tx, conn => sqlx::query(sql::figures::TOUCHED_DONE).bind(id).execute(conn).await.map(|_| ()))
            .map_err(StoreError::query("figure_touched_done"))?;
    }
    Ok(())
}

/// Numbers that follow each other, as first and last.
fn stretches(ids: &BTreeSet<i64>) -> Vec<(i64, i64)> {
    let mut stretches: Vec<(i64, i64)> = Vec::new();
    for &id in ids {
        match stretches.last_mut() {
            Some((_, last)) if *last + 1 == id => *last = id,
            _ => stretches.push((id, id)),
        }
    }
    stretches
}
