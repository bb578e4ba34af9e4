//! How far each mailbox folder has been read: UIDVALIDITY and UID, kept durably with the letters themselves.

use std::collections::HashSet;

use jiff::Timestamp;

use super::conn::{Transaction, on_reader, on_tx};
use super::{Store, StoreError, sql, to_stored};

/// One step of a mailbox cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CursorStep {
    /// The folder.
    pub folder: String,
    /// The folder's UIDVALIDITY (RFC 3501 section 2.3.1.1).
    pub uid_validity: u32,
    /// The letter's UID.
    pub uid: u32,
}

/// Where a folder was read to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The folder's UIDVALIDITY at the time.
    pub uid_validity: u32,
    /// The highest UID that is filed.
    pub last_uid: u32,
}

impl Store {
    /// Where `folder` of `account` was read to; `None` when it never was.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn cursor_fetch(&self, account: &str, folder: &str) -> Result<Option<Cursor>, StoreError> {
        let row: Option<(i64, i64)> = on_reader!(self, pool => sqlx::query_as(sql::CURSOR_FETCH)
            .bind(account).bind(folder).fetch_optional(pool).await)
        .map_err(StoreError::query("cursor_fetch"))?;
        Ok(row.map(|(uid_validity, last_uid)| Cursor {
            uid_validity: u32::try_from(uid_validity).unwrap_or(0),
            last_uid: u32::try_from(last_uid).unwrap_or(0),
        }))
    }

    /// The UIDs of a folder that are filed, under one UIDVALIDITY.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn cursor_filed_uids(
        &self,
        account: &str,
        folder: &str,
        uid_validity: u32,
    ) -> Result<HashSet<u32>, StoreError> {
        let prefix = external_id_prefix(folder, uid_validity);
        // The colon is followed in ASCII by the semicolon: everything between is what begins with the prefix.
        let end = format!("{};", &prefix[..prefix.len() - 1]);
        let ids: Vec<String> = on_reader!(self, pool => sqlx::query_scalar(sql::ARRIVAL_EXTERNAL_IDS)
            .bind(account).bind(&prefix).bind(end).fetch_all(pool).await)
        .map_err(StoreError::query("cursor_filed_uids"))?;
        Ok(ids.iter().filter_map(|id| id[prefix.len()..].parse().ok()).collect())
    }
}

/// The external id of a letter in a mailbox: `folder:uidvalidity:uid`.
pub fn external_id(folder: &str, uid_validity: u32, uid: u32) -> String {
    format!("{}{uid}", external_id_prefix(folder, uid_validity))
}

fn external_id_prefix(folder: &str, uid_validity: u32) -> String {
    format!("{folder}:{uid_validity}:")
}

pub(super) async fn advance(
    tx: &mut Transaction,
    account: &str,
    step: &CursorStep,
    now: Timestamp,
) -> Result<(), StoreError> {
    on_tx!(tx, conn => sqlx::query(sql::CURSOR_ADVANCE)
        .bind(account).bind(&step.folder).bind(i64::from(step.uid_validity)).bind(i64::from(step.uid))
        .bind(to_stored(now)).execute(conn).await.map(|_| ()))
    .map_err(StoreError::query("cursor_advance"))
}
