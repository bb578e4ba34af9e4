//! The figures: facts of enquiries that name nobody, and their sums by month.
//!
//! What happens is noted by triggers and added up later ([`Store::figures_refresh`]): what changed on an enquiry is taken out
//! of the sums of its months and put in again, so that the cost is that of the change, and a page over ten years reads a
//! hundred and twenty rows. A period that begins or ends within a month reads the facts of those days besides.

use std::collections::{BTreeMap, BTreeSet};

use indgang_channels::message::Channel;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::de::DeserializeOwned;

use super::conn::{Snapshot, Transaction, on_reader, on_snapshot, on_tx};

use super::{Store, StoreError, clean, from_stored, sql, to_stored};
use crate::domain::area::AreaId;
use crate::domain::enquiry::Kind;
use crate::domain::statistics::counted::{Chosen, Counted};
use crate::domain::statistics::fact::{Acknowledged, Fact};
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
            before: None,
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
            case: self.is_case,
            forwarded: self.forwarded,
            referred: self.referred,
            outside: self.outside,
            messages_in: few(self.messages_in),
            messages_out: few(self.messages_out),
        };
        Ok((id, fact))
    }
}

/// What of an enquiry lies in a month.
#[derive(Clone, Copy)]
enum Moment {
    Began,
    Ended,
    Settled,
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
        let months: BTreeSet<Month> = touched
            .iter()
            .filter(|one| one.2 != 0)
            .filter_map(|one| Timestamp::from_millisecond(one.2).ok())
            .map(Month::at)
            .collect();
        let changes = facts_renew(&mut tx, &enquiries).await?;
        months_renew(&mut tx, &changes).await?;
        for month in months {
            traffic_renew(&mut tx, month).await?;
        }
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
        let at = &mut snapshot;
        let until = period.moments().1;
        let mut counted = if chosen.is_everything() {
            whole(at, period).await?
        } else {
            chosen_facts(at, period, chosen).await?
        };
        counted.open = if chosen.is_everything() {
            open_at(at, until).await?
        } else {
            on_snapshot!(at, conn => sqlx::query_scalar(sql::figures::OPEN_ASKED)
                .bind(to_stored(until)).bind(chosen.area.map_or(0, |area| area.0))
                .bind(chosen.kind.map_or("", Kind::as_str)).bind(chosen.channel.map_or("", Channel::as_str))
                .fetch_one(conn).await)
            .map_err(StoreError::query("figures_open_asked"))?
        };
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
        Ok(first.map(|at| crate::domain::calendar::local(at).date()))
    }
}

/// How many were open at a moment: what began until then without what had settled, by months and the days after them.
async fn open_at(at: &mut Snapshot, until: Timestamp) -> Result<i64, StoreError> {
    let month = Month::at(until);
    let months: i64 = on_snapshot!(at, conn => sqlx::query_scalar(sql::figures::OPEN_MONTHS)
        .bind(month.first().to_string()).fetch_one(conn).await)
    .map_err(StoreError::query("open_months"))?;
    let begins = month.period().moments().0;
    let (began, settled): (i64, i64) = on_snapshot!(at, conn => sqlx::query_as(sql::figures::OPEN_DAYS)
        .bind(to_stored(begins)).bind(to_stored(until)).fetch_one(conn).await)
    .map_err(StoreError::query("open_days"))?;
    Ok(months + began - settled)
}

/// The sums of whole months, with the facts of the days besides.
async fn whole(at: &mut Snapshot, period: Period) -> Result<Counted, StoreError> {
    let mut counted = Counted::default();
    let pieces = period.pieces();
    let begins = to_stored(period.moments().0);
    let mut earlier = 0;
    if let Some((begin, end)) = pieces.whole {
        let rows: Vec<(String, String)> = on_snapshot!(at, conn => sqlx::query_as(sql::figures::MONTHS)
            .bind(begin.first().to_string()).bind(end.first().to_string()).fetch_all(conn).await)
        .map_err(StoreError::query("figure_months"))?;
        for (tally, traffic) in rows {
            counted.tally.merge(&parsed(&tally)?);
            counted.tally.merge(&parsed(&traffic)?);
        }
        counted.persons = counted.tally.persons_from(begin);
        if period.from < begin.first() {
            // Who began in the days before the first whole month is counted there.
            let months = Period { from: begin.first(), until: end.first() }.moments();
            earlier = on_snapshot!(at, conn => sqlx::query_scalar::<_, i64>(sql::figures::KNOWN_BETWEEN)
                .bind(begins).bind(to_stored(months.0)).bind(to_stored(months.0)).bind(to_stored(months.1))
                .fetch_one(conn).await)
            .map_err(StoreError::query("figure_known"))?;
        }
    }
    counted.persons -= earlier;
    for piece in pieces.loose {
        let (from, until) = piece.moments();
        let facts: Vec<(i64, String)> = on_snapshot!(at, conn => sqlx::query_as(sql::figures::FACTS_BETWEEN)
            .bind(to_stored(from)).bind(to_stored(until)).fetch_all(conn).await)
        .map_err(StoreError::query("facts_between"))?;
        let facts = facts.iter().map(|(_, fact)| parsed(fact)).collect::<Result<Vec<Fact>, _>>()?;
        counted.tally.merge(&Tally::of(&facts, piece));
        counted.tally.merge(&traffic(at, piece).await?);
        let is_new = |fact: &&Fact| {
            let within = from <= fact.began && fact.began < until;
            fact.counts() && within && fact.before.is_none_or(|before| to_stored(before) < begins)
        };
        counted.persons += facts.iter().filter(is_new).count() as i64;
    }
    Ok(counted)
}

/// The figures of some enquiries only, one by one.
async fn chosen_facts(at: &mut Snapshot, period: Period, chosen: Chosen) -> Result<Counted, StoreError> {
    let (from, until) = period.moments();
    let rows: Vec<(i64, String)> = on_snapshot!(at, conn => sqlx::query_as(sql::figures::FACTS_ASKED)
        .bind(to_stored(from)).bind(to_stored(until)).bind(chosen.area.map_or(0, |area| area.0))
        .bind(chosen.kind.map_or("", Kind::as_str)).bind(chosen.channel.map_or("", Channel::as_str))
        .fetch_all(conn).await)
    .map_err(StoreError::query("facts_asked"))?;
    let facts = rows.iter().map(|(_, fact)| parsed(fact)).collect::<Result<Vec<Fact>, _>>()?;
    let began = |fact: &&Fact| fact.counts() && from <= fact.began && fact.began < until;
    let persons: BTreeSet<i64> = facts.iter().filter(began).map(|fact| fact.person).collect();
    Ok(Counted { tally: Tally::of(&facts, period), persons: persons.len() as i64, open: 0 })
}

pub(super) fn parsed<T: DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    let corrupt = |_| StoreError::Corrupt { table: "figure_month", column: "tally", row: 0 };
    serde_json::from_str(text).map_err(corrupt)
}

/// Reads the facts of enquiries anew and keeps them.
async fn facts_renew(tx: &mut Transaction, enquiries: &BTreeSet<i64>) -> Result<Changes, StoreError> {
    let mut changes = Changes::new();
    let mut persons = BTreeSet::new();
    for (first, last) in stretches(enquiries) {
        let rows: Vec<FactRow> = on_tx!(tx, conn => sqlx::query_as(sql::figures::FACTS)
            .bind(first).bind(last).fetch_all(conn).await)
        .map_err(StoreError::query("facts"))?;
        for row in rows {
            let (id, mut fact) = row.read()?;
            let kept: Option<String> = on_tx!(tx, conn => sqlx::query_scalar(sql::figures::FACT)
                .bind(id).fetch_optional(conn).await)
            .map_err(StoreError::query("fact"))?;
            let kept: Option<Fact> = kept.as_deref().map(parsed).transpose()?;
            fact.before = kept.as_ref().and_then(|kept| kept.before);
            if kept.as_ref() == Some(&fact) {
                continue;
            }
            let place = |fact: &Fact| (fact.person, fact.began, fact.counts());
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

/// Says of each enquiry of a person anew which came before it.
pub(super) async fn chain_renew(
    tx: &mut Transaction,
    person: i64,
    changes: &mut Changes,
) -> Result<(), StoreError> {
    let chain: Vec<(i64, i64, Option<i64>)> = on_tx!(tx, conn => sqlx::query_as(sql::figures::PERSON_FACTS)
        .bind(person).fetch_all(conn).await)
    .map_err(StoreError::query("person_facts"))?;
    let mut before: Option<i64> = None;
    for (id, began, known) in chain {
        if known != before {
            let (kept, mut fact) = match changes.remove(&id) {
                Some(change) => change,
                None => {
                    let text: String = on_tx!(tx, conn => sqlx::query_scalar(sql::figures::FACT)
                        .bind(id).fetch_one(conn).await)
                    .map_err(StoreError::query("fact"))?;
                    let fact: Fact = parsed(&text)?;
                    (Some(fact.clone()), fact)
                }
            };
            fact.before = before.map(|at| from_stored(at, "enquiry_fact", "before_at", id)).transpose()?;
            fact_keep(tx, id, &fact).await?;
            changes.insert(id, (kept, fact));
        }
        before = Some(began);
    }
    // What counts no more has nothing before it.
    Ok(())
}

pub(super) async fn fact_keep(tx: &mut Transaction, id: i64, fact: &Fact) -> Result<(), StoreError> {
    let text = serde_json::to_string(fact).unwrap_or_default();
    on_tx!(tx, conn => sqlx::query(sql::figures::FACT_KEEP)
        .bind(id).bind(fact.person).bind(fact.counts()).bind(to_stored(fact.began))
        .bind(fact.before.map(to_stored)).bind(fact.ended.map(to_stored)).bind(fact.area.map(|area| area.0))
        .bind(fact.kind.map(Kind::as_str)).bind(fact.channel.as_str()).bind(clean(&text).as_ref())
        .bind(fact.settled().map(to_stored)).execute(conn).await.map(|_| ()))
    .map_err(StoreError::query("fact_keep"))
}

/// Takes what was kept out of the sums of its months, and puts in what is now.
pub(super) async fn months_renew(tx: &mut Transaction, changes: &Changes) -> Result<(), StoreError> {
    let mut months: BTreeMap<Month, Vec<(&Fact, i64, Moment)>> = BTreeMap::new();
    for (kept, now) in changes.values() {
        for (fact, sign) in kept.iter().map(|kept| (kept, -1)).chain([(now, 1)]) {
            let moments = [
                (Some(fact.began), Moment::Began),
                (fact.ended, Moment::Ended),
                (fact.settled(), Moment::Settled),
            ];
            for (at, moment) in moments {
                if let Some(at) = at {
                    months.entry(Month::at(at)).or_default().push((fact, sign, moment));
                }
            }
        }
    }
    for (month, facts) in months {
        let day = month.first().to_string();
        let kept: Option<String> = on_tx!(tx, conn => sqlx::query_scalar(sql::figures::MONTH)
            .bind(&day).fetch_optional(conn).await)
        .map_err(StoreError::query("figure_month"))?;
        let mut tally: Tally = kept.as_deref().map(parsed).transpose()?.unwrap_or_default();
        let mut settled = 0;
        for (fact, sign, moment) in facts {
            match moment {
                Moment::Began => tally.begin(fact, sign),
                Moment::Ended => tally.end(fact, sign),
                Moment::Settled => settled += sign,
            }
        }
        let text = serde_json::to_string(&tally).unwrap_or_default();
        on_tx!(tx, conn => sqlx::query(sql::figures::MONTH_KEEP)
            .bind(&day).bind(text).bind(tally.begun()).bind(settled).execute(conn).await.map(|_| ()))
        .map_err(StoreError::query("month_keep"))?;
    }
    Ok(())
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

async fn traffic(at: &mut Snapshot, period: Period) -> Result<Tally, StoreError> {
    let (from, until) = period.moments();
    let came = on_snapshot!(at, conn => sqlx::query_as(sql::figures::CAME)
        .bind(to_stored(from)).bind(to_stored(until)).fetch_all(conn).await)
    .map_err(StoreError::query("figures_came"))?;
    let went = on_snapshot!(at, conn => sqlx::query_as(sql::figures::WENT)
        .bind(to_stored(from)).bind(to_stored(until)).fetch_all(conn).await)
    .map_err(StoreError::query("figures_went"))?;
    let did = on_snapshot!(at, conn => sqlx::query_as(sql::figures::DID)
        .bind(period.from.to_string()).bind(period.until.to_string()).fetch_all(conn).await)
    .map_err(StoreError::query("figures_did"))?;
    Ok(read_traffic(came, went, did))
}

async fn traffic_renew(tx: &mut Transaction, month: Month) -> Result<(), StoreError> {
    let period = month.period();
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
    on_tx!(tx, conn => sqlx::query(sql::figures::TRAFFIC_KEEP)
        .bind(month.first().to_string()).bind(text).execute(conn).await.map(|_| ()))
    .map_err(StoreError::query("traffic_keep"))
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
