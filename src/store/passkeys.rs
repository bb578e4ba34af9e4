//! Passkeys, as the library writes them. Whether one proves anything is found out elsewhere.

use jiff::Timestamp;

use super::conn::{Transaction, on_reader, on_tx, on_writer};
use super::{Store, StoreError, clean, from_stored, log, sql, to_stored};
use crate::domain::account::{AccountId, Deed};

/// A passkey in the list of one's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasskeyLine {
    /// Its number.
    pub id: i64,
    /// What its owner calls it.
    pub label: String,
    /// Since when.
    pub made_at: Timestamp,
    /// When it was used last.
    pub used_at: Option<Timestamp>,
}

impl Store {
    /// Somebody's passkeys, the oldest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn passkeys(&self, account: AccountId) -> Result<Vec<PasskeyLine>, StoreError> {
        let rows: Vec<(i64, String, i64, Option<i64>)> =
            on_reader!(self, pool => sqlx::query_as(sql::people::PASSKEYS)
            .bind(account.0).fetch_all(pool).await)
            .map_err(StoreError::query("passkeys"))?;
        let time = |at, column, id| from_stored(at, "passkey", column, id);
        rows.into_iter()
            .map(|(id, label, made_at, used_at)| {
                Ok(PasskeyLine {
                    id,
                    label,
                    made_at: time(made_at, "made_at", id)?,
                    used_at: used_at.map(|at| time(at, "used_at", id)).transpose()?,
                })
            })
            .collect()
    }

    /// The credentials of an account with their numbers; none of one that has ended.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn passkey_credentials(&self, account: AccountId) -> Result<Vec<(i64, String)>, StoreError> {
        on_reader!(self, pool => sqlx::query_as(sql::people::PASSKEY_CREDENTIALS)
            .bind(account.0).fetch_all(pool).await)
        .map_err(StoreError::query("passkey_credentials"))
    }

    /// Keeps a passkey.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn passkey_add(
        &self,
        account: AccountId,
        label: &str,
        credential: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut tx = Transaction::begin(self).await?;
        let id: i64 = on_tx!(&mut tx, conn => sqlx::query_scalar(sql::people::PASSKEY_ADD)
            .bind(account.0).bind(clean(label).as_ref()).bind(credential).bind(to_stored(now))
            .fetch_one(conn).await)
        .map_err(StoreError::query("passkey_add"))?;
        let detail = format!("passkey {id}");
        let deed = Deed { account: Some(account), act: "passkey_add", enquiry: None, detail };
        log::append(&mut tx, &deed, now).await?;
        tx.commit().await
    }

    /// Removes one of somebody's passkeys; `false` when it is not theirs, or gone.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn passkey_remove(
        &self,
        id: i64,
        account: AccountId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut tx = Transaction::begin(self).await?;
        let removed = on_tx!(&mut tx, conn => sqlx::query(sql::people::PASSKEY_REMOVE)
            .bind(id).bind(account.0).execute(conn).await.map(|done| done.rows_affected() > 0))
        .map_err(StoreError::query("passkey_remove"))?;
        if removed {
            let detail = format!("passkey {id}");
            let deed = Deed { account: Some(account), act: "passkey_remove", enquiry: None, detail };
            log::append(&mut tx, &deed, now).await?;
        }
        tx.commit().await?;
        Ok(removed)
    }

    /// Writes a credential as it is after its use, in place of what it was before; `false` when it was used or removed
    /// in between.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn passkey_used(
        &self,
        id: i64,
        before: &str,
        after: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        on_writer!(self, conn => sqlx::query(sql::people::PASSKEY_USED)
            .bind(after).bind(to_stored(now)).bind(id).bind(before)
            .execute(conn).await.map(|done| done.rows_affected() > 0))
        .map_err(StoreError::query("passkey_used"))
    }
}
