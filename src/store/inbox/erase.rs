//! Erasing a person (GDPR article 17): who they are and everything that was said goes, for good; what is counted stays, since
//! it leads back to nobody.
//!
//! The rows themselves stay, empty: the ledger adds up, numbers of enquiries are not given again, and every figure of the
//! years before is the same. Whoever writes from the same address afterwards is somebody new. What keeps a machine from
//! writing to them (STOP, a block) stays as well: it is kept for their sake.
//!
//! A person is who the adviser has said is one: whoever was merged into them goes with them. What another wrote that was only
//! joined into an enquiry of theirs is the other's, and stays; what others wrote on an enquiry of theirs goes.

use jiff::Timestamp;

use super::Actor;
use super::change::read;
use crate::domain::account::Scope;
use crate::domain::enquiry::EnquiryId;
use crate::store::conn::{Transaction, on_tx};
use crate::store::{Store, StoreError, log, sql, to_stored};

/// Up to so many texts, the words that they are found by are written anew at once; of more, they go as the index is tidied up
/// while letters come in. They stand alone there, without order, and lead to nothing.
const REWRITTEN: i64 = 50_000;

/// Why somebody is not erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotErased {
    /// There is no such enquiry in sight, or they see only some of the enquiries.
    Missing,
    /// An enquiry of theirs is not closed, a letter to them is on its way, or one of theirs waits on the shelf.
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
        let run = async |tx: &mut Transaction, what: &'static str, text: &'static str| {
            on_tx!(tx, conn => sqlx::query(text).execute(conn).await.map(|_| ()))
                .map_err(StoreError::query(what))
        };
        run(&mut tx, "erase_begun", sql::erase::DONE).await?;
        on_tx!(&mut tx, conn => sqlx::query(sql::erase::WHO)
            .bind(row.enquirer.0).execute(conn).await.map(|_| ()))
        .map_err(StoreError::query("erase_who"))?;
        for &(what, text) in sql::erase::GATHERED {
            run(&mut tx, what, text).await?;
        }
        let undone: i64 =
            on_tx!(&mut tx, conn => sqlx::query_scalar(sql::erase::UNDONE).fetch_one(conn).await)
                .map_err(StoreError::query("erase_undone"))?;
        if undone > 0 {
            return Ok(Err(NotErased::Open));
        }
        let erased = on_tx!(&mut tx, conn => sqlx::query(sql::erase::PERSON)
            .bind(to_stored(now)).execute(conn).await.map(|done| done.rows_affected()))
        .map_err(StoreError::query("erase_person"))?;
        if erased == 0 {
            return Ok(Err(NotErased::Done));
        }
        let nothing: &[u8] = &[];
        on_tx!(&mut tx, conn => sqlx::query(sql::erase::RAW)
            .bind(nothing).bind(to_stored(now)).execute(conn).await.map(|_| ()))
        .map_err(StoreError::query("erase_raw"))?;
        for &(what, text) in sql::erase::EMPTIED {
            run(&mut tx, what, text).await?;
        }
        let words = match &tx {
            Transaction::Sqlite(_) => sql::erase::SQLITE_WORDS,
            Transaction::Postgres(_) => sql::erase::POSTGRES_WORDS,
        };
        run(&mut tx, "words", words).await?;
        run(&mut tx, "documents", sql::erase::DOCUMENTS).await?;
        run(&mut tx, "erase_done", sql::erase::DONE).await?;
        let searchable: i64 = on_tx!(&mut tx, conn => sqlx::query_scalar(sql::erase::SEARCHABLE)
            .bind(REWRITTEN + 1).fetch_one(conn).await)
        .map_err(StoreError::query("searchable"))?;
        if matches!(tx, Transaction::Sqlite(_)) && searchable <= REWRITTEN {
            run(&mut tx, "index_anew", sql::erase::SQLITE_INDEX_ANEW).await?;
        }
        log::append(&mut tx, &who.deed("erase", enquiry, String::new()), now).await?;
        tx.commit().await?;
        Ok(Ok(()))
    }
}
