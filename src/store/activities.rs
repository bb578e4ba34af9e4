//! What the adviser does besides enquiries (S4, S24): kept day by day, counted in the figures, never an enquiry.

use jiff::Timestamp;
use jiff::civil::Date;

use super::conn::{Transaction, on_reader, on_tx};
use super::inbox::Actor;
use super::{Store, StoreError, clean, log, sql, to_stored};
use crate::domain::account::Deed;
use crate::domain::calendar;
use crate::domain::statistics::period::Period;

/// An activity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Activity {
    /// Its number; 0 for one that is to be noted.
    pub id: i64,
    /// The day.
    pub day: Date,
    /// What it was: one of [`ACTIVITIES`](crate::domain::statistics::catalogue::ACTIVITIES).
    pub kind: String,
    /// How many took part; 0 where nobody counted.
    pub participants: i64,
    /// What the adviser wants to remember. Shown to her alone.
    pub note: String,
}

impl Store {
    /// Notes an activity.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn activity_add(&self, who: &Actor, one: &Activity, now: Timestamp) -> Result<(), StoreError> {
        let mut tx = Transaction::begin(self).await?;
        on_tx!(&mut tx, conn => sqlx::query(sql::years::ACTIVITY_ADD)
            .bind(one.day.to_string()).bind(&one.kind).bind(one.participants).bind(clean(&one.note).as_ref())
            .bind(who.account.0).bind(to_stored(now)).execute(conn).await.map(|_| ()))
        .map_err(StoreError::query("activity_add"))?;
        touch(&mut tx, one.day).await?;
        let deed =
            Deed { account: Some(who.account), act: "activity", enquiry: None, detail: one.kind.clone() };
        log::append(&mut tx, &deed, now).await?;
        tx.commit().await
    }

    /// Takes an activity out again; whether it was there.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn activity_remove(&self, who: &Actor, id: i64, now: Timestamp) -> Result<bool, StoreError> {
        let mut tx = Transaction::begin(self).await?;
        let day: Option<String> = on_tx!(&mut tx, conn => sqlx::query_scalar(sql::years::ACTIVITY_REMOVE)
            .bind(to_stored(now)).bind(id).fetch_optional(conn).await)
        .map_err(StoreError::query("activity_remove"))?;
        let Some(day) = day else { return Ok(false) };
        let corrupt = |_| StoreError::Corrupt { table: "activity", column: "day", row: id };
        touch(&mut tx, day.parse().map_err(corrupt)?).await?;
        let deed =
            Deed { account: Some(who.account), act: "activity_remove", enquiry: None, detail: String::new() };
        log::append(&mut tx, &deed, now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// The activities of some days, the newest first; at most 500.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn activities(&self, period: Period) -> Result<Vec<Activity>, StoreError> {
        let rows: Vec<(i64, String, String, i64, String)> =
            on_reader!(self, pool => sqlx::query_as(sql::years::ACTIVITIES)
                .bind(period.from.to_string()).bind(period.until.to_string()).fetch_all(pool).await)
            .map_err(StoreError::query("activities"))?;
        let read = |(id, day, kind, participants, note): (i64, String, String, i64, String)| {
            let corrupt = |_| StoreError::Corrupt { table: "activity", column: "day", row: id };
            Ok(Activity { id, day: day.parse().map_err(corrupt)?, kind, participants, note })
        };
        rows.into_iter().map(read).collect()
    }
}

/// The month of a day is to be added up anew.
async fn touch(tx: &mut Transaction, day: Date) -> Result<(), StoreError> {
    let Some(at) = calendar::begins(day) else { return Ok(()) };
    on_tx!(tx, conn => sqlx::query(sql::years::TOUCH).bind(to_stored(at)).execute(conn).await.map(|_| ()))
        .map_err(StoreError::query("activity_touch"))
}
