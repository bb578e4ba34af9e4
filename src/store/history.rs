//! Earlier years that were brought in from a file: facts like those of enquiries, under numbers of their own.
//!
//! They stand beside the enquiries' in every figure and nowhere else: no list, no search and no person knows of them. Their
//! numbers are below zero, so that they meet no enquiry's and nobody's. A file is brought in whole or not at all, and can be
//! taken out again whole.

use jiff::Timestamp;
use jiff::civil::Date;

use super::conn::{Transaction, on_reader, on_tx};
use super::figures::{Changes, chain_renew, fact_keep, parsed, sums_renew};
use super::inbox::Actor;
use super::{Store, StoreError, from_stored, log, sql, to_stored};
use crate::domain::account::Deed;
use crate::domain::statistics::fact::Fact;
use crate::domain::statistics::history::History;

/// A file that was brought in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// Its number.
    pub id: i64,
    /// When.
    pub made_at: Timestamp,
    /// How many enquiries.
    pub enquiries: i64,
    /// The first day on which one began.
    pub first: Date,
    /// The last.
    pub last: Date,
}

/// Why a file is not brought in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// There is nothing in it.
    Empty,
    /// Some of its days lie within those of a file that is in already.
    Overlaps(Date, Date),
    /// Enquiries are counted here from this day on already.
    CountedFrom(Date),
}

impl Store {
    /// Brings a file in; its number, or why it was not. `who` is nobody when the operator does it.
    ///
    /// # Errors
    /// When the database does not answer; then nothing was brought in.
    pub async fn history_import(
        &self,
        who: Option<&Actor>,
        history: &History,
        now: Timestamp,
    ) -> Result<Result<i64, Refused>, StoreError> {
        let Some((first, last)) = history.days() else { return Ok(Err(Refused::Empty)) };
        let mut tx = Transaction::begin(self).await?;
        // One at a time, and not while somebody adds up.
        on_tx!(&mut tx, conn => sqlx::query(sql::figures::TURN).execute(conn).await.map(|_| ()))
            .map_err(StoreError::query("figure_turn"))?;
        let overlap: Option<(String, String)> = on_tx!(&mut tx, conn => sqlx::query_as(sql::history::OVERLAP)
            .bind(last.to_string()).bind(first.to_string()).fetch_optional(conn).await)
        .map_err(StoreError::query("history_overlap"))?;
        if let Some((first, last)) = overlap {
            return Ok(Err(Refused::Overlaps(day(&first)?, day(&last)?)));
        }
        let counted: Option<i64> = on_tx!(&mut tx, conn => sqlx::query_scalar(sql::history::COUNTED_FROM)
            .fetch_one(conn).await)
        .map_err(StoreError::query("history_counted"))?;
        if let Some(counted) = counted {
            let from =
                crate::domain::calendar::local(from_stored(counted, "enquiry", "first_contact_at", 0)?)
                    .date();
            if last >= from {
                return Ok(Err(Refused::CountedFrom(from)));
            }
        }
        let count = i64::try_from(history.facts.len()).unwrap_or(i64::MAX);
        let id: i64 = on_tx!(&mut tx, conn => sqlx::query_scalar(sql::history::MAKE)
            .bind(to_stored(now)).bind(who.map(|who| who.account.0)).bind(count)
            .bind(first.to_string()).bind(last.to_string()).fetch_one(conn).await)
        .map_err(StoreError::query("history_make"))?;
        let lowest: (Option<i64>, Option<i64>) =
            on_tx!(&mut tx, conn => sqlx::query_as(sql::history::LOWEST).fetch_one(conn).await)
                .map_err(StoreError::query("history_lowest"))?;
        let (mut number, people) = (lowest.0.unwrap_or(0).min(0), lowest.1.unwrap_or(0).min(0));
        let mut changes = Changes::new();
        for fact in &history.facts {
            number -= 1;
            let fact = Fact { person: people - fact.person, ..fact.clone() };
            fact_keep(&mut tx, number, &fact).await?;
            on_tx!(&mut tx, conn => sqlx::query(sql::history::OF_IMPORT)
                .bind(id).bind(number).execute(conn).await.map(|_| ()))
            .map_err(StoreError::query("history_of_import"))?;
            changes.insert(number, (None, fact));
        }
        let persons: std::collections::BTreeSet<i64> =
            changes.values().map(|(_, fact)| fact.person).collect();
        for person in persons {
            chain_renew(&mut tx, person, &mut changes).await?;
        }
        sums_renew(&mut tx, &changes).await?;
        note(&mut tx, who, "history_import", count, now).await?;
        tx.commit().await?;
        Ok(Ok(id))
    }

    /// Takes a file out again; whether it was in.
    ///
    /// # Errors
    /// When the database does not answer; then it is still in.
    pub async fn history_remove(
        &self,
        who: Option<&Actor>,
        id: i64,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut tx = Transaction::begin(self).await?;
        on_tx!(&mut tx, conn => sqlx::query(sql::figures::TURN).execute(conn).await.map(|_| ()))
            .map_err(StoreError::query("figure_turn"))?;
        let removed = on_tx!(&mut tx, conn => sqlx::query(sql::history::REMOVE)
            .bind(to_stored(now)).bind(id).execute(conn).await.map(|done| done.rows_affected()))
        .map_err(StoreError::query("history_remove"))?;
        if removed == 0 {
            return Ok(false);
        }
        let facts: Vec<(i64, String)> = on_tx!(&mut tx, conn => sqlx::query_as(sql::history::FACTS)
            .bind(id).fetch_all(conn).await)
        .map_err(StoreError::query("history_facts"))?;
        let mut changes = Changes::new();
        for (number, fact) in &facts {
            let fact: Fact = parsed(fact)?;
            // What counts no more adds nothing, so what was is taken out and nothing put in.
            changes.insert(*number, (Some(fact.clone()), Fact { joined: true, ..fact }));
        }
        sums_renew(&mut tx, &changes).await?;
        on_tx!(&mut tx, conn => sqlx::query(sql::history::FORGET).bind(id).execute(conn).await.map(|_| ()))
            .map_err(StoreError::query("history_forget"))?;
        let count = i64::try_from(facts.len()).unwrap_or(i64::MAX);
        note(&mut tx, who, "history_remove", count, now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// The files that are in, the newest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn history_imports(&self) -> Result<Vec<Import>, StoreError> {
        let rows: Vec<(i64, i64, i64, String, String)> =
            on_reader!(self, pool => sqlx::query_as(sql::history::IMPORTS).fetch_all(pool).await)
                .map_err(StoreError::query("history_imports"))?;
        let read = |(id, at, enquiries, first, last): (i64, i64, i64, String, String)| {
            let made_at = from_stored(at, "history_import", "made_at", id)?;
            Ok(Import { id, made_at, enquiries, first: day(&first)?, last: day(&last)? })
        };
        rows.into_iter().map(read).collect()
    }

    /// The day from which enquiries are counted here; `None` before the first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn history_until(&self) -> Result<Option<Date>, StoreError> {
        let counted: Option<i64> =
            on_reader!(self, pool => sqlx::query_scalar(sql::history::COUNTED_FROM).fetch_one(pool).await)
                .map_err(StoreError::query("history_until"))?;
        let read = |at| from_stored(at, "enquiry", "first_contact_at", 0);
        Ok(counted.map(read).transpose()?.map(|at| crate::domain::calendar::local(at).date()))
    }
}

fn day(text: &str) -> Result<Date, StoreError> {
    text.parse().map_err(|_| StoreError::Corrupt { table: "history_import", column: "first_day", row: 0 })
}

async fn note(
    tx: &mut Transaction,
    who: Option<&Actor>,
    act: &'static str,
    count: i64,
    now: Timestamp,
) -> Result<(), StoreError> {
    let deed = Deed { account: who.map(|who| who.account), act, enquiry: None, detail: count.to_string() };
    log::append(tx, &deed, now).await
}
