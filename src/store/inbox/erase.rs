//! Erasing a person (GDPR article 17): who they are and everything that was said goes, for good; what is counted stays, since
//! it leads back to nobody.
//!
//! The rows themselves stay, empty: the ledger adds up, numbers of enquiries are not given again, and every figure of the
//! years before is the same. Whoever writes from the same address afterwards is somebody new. What keeps a machine from
//! writing to them (STOP, a block) stays as well: it is kept for their sake.

use jiff::Timestamp;

use super::Actor;
use super::change::read;
use crate::domain::account::Scope;
use crate::domain::enquiry::EnquiryId;
use crate::store::conn::{Transaction, on_tx};
use crate::store::{Store, StoreError, log, sql, to_stored};

/// Why somebody is not erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotErased {
    /// There is no such enquiry in sight, or they see only some of the enquiries.
    Missing,
    /// An enquiry of theirs is not closed, or a letter to them is on its way.
    Open,
    /// It was done already.
    Done,
}

impl Store {
    /// Erases the person of an enquiry, in all of their enquiries. Only for those who see everything.
    ///
    /// # Errors
    /// When the database does not answer; then nothing was erased.
    pub async fn person_erase(
        &self,
        who: &Actor,
        enquiry: EnquiryId,
        now: Timestamp,
    ) -> Result<Result<(), NotErased>, StoreError> {
        let mut tx = Transaction::begin(self).await?;
        // No letter of theirs comes in meanwhile.
        tx.serialise_intake().await?;
        let Some(row) = read(&mut tx, who, enquiry).await? else { return Ok(Err(NotErased::Missing)) };
        if who.scope != Scope::All {
            return Ok(Err(NotErased::Missing));
        }
        let person = row.enquirer.0;
        let undone: i64 = on_tx!(&mut tx, conn => sqlx::query_scalar(sql::erase::UNDONE)
            .bind(person).fetch_one(conn).await)
        .map_err(StoreError::query("erase_undone"))?;
        if undone > 0 {
            return Ok(Err(NotErased::Open));
        }
        let erased = on_tx!(&mut tx, conn => sqlx::query(sql::erase::PERSON)
            .bind(person).bind(to_stored(now)).execute(conn).await.map(|done| done.rows_affected()))
        .map_err(StoreError::query("erase_person"))?;
        if erased == 0 {
            return Ok(Err(NotErased::Done));
        }
        let nothing: &[u8] = &[];
        on_tx!(&mut tx, conn => sqlx::query(sql::erase::RAW)
            .bind(person).bind(nothing).bind(to_stored(now)).execute(conn).await.map(|_| ()))
        .map_err(StoreError::query("erase_raw"))?;
        let words = match &tx {
            Transaction::Sqlite(_) => sql::erase::SQLITE_WORDS,
            Transaction::Postgres(_) => sql::erase::POSTGRES_WORDS,
        };
        let found = [("words", words), ("documents", sql::erase::DOCUMENTS)];
        for &(what, text) in sql::erase::EMPTIED.iter().chain(&found) {
            on_tx!(&mut tx, conn => sqlx::query(text).bind(person).execute(conn).await.map(|_| ()))
                .map_err(StoreError::query(what))?;
        }
        log::append(&mut tx, &who.deed("erase", enquiry, String::new()), now).await?;
        tx.commit().await?;
        Ok(Ok(()))
    }
}
