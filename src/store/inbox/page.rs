//! What the adviser answers in confidence, with everything that answering changes: in one transaction, so that an enquiry is
//! never answered or closed without the answer that it says it has.

use jiff::Timestamp;

use super::Actor;
use super::change::{Act, is_outrun, read, write};
use super::reply::{Moved, Queued, answered_since, promise_moved, settle};
use crate::domain::enquiry::EnquiryId;
use crate::domain::triage::{self, Refused, Step};
use crate::store::conn::{Transaction, on_tx};
use crate::store::pages::{NewPageReply, page_reply_in};
use crate::store::{Store, StoreError, log, sql};

/// Who answers on a page, and what goes with it.
#[derive(Clone, Copy)]
pub struct PageBy<'a> {
    /// The adviser.
    pub who: &'a Actor,
    /// The enquiry that it is written on; the page is its conversation's.
    pub enquiry: EnquiryId,
    /// The steps that go with it.
    pub steps: &'a [Step],
    /// A promise that is moved with it.
    pub moved: Option<Moved<'a>>,
    /// The act.
    pub act: Act<'a>,
    /// What it is for, as in [`super::reply::NewReply`].
    pub occasion: &'static str,
    /// Whether it was written as the draft, which it then ends.
    pub from_draft: bool,
}

impl Store {
    /// Puts an answer on the private page, and takes the steps that go with it.
    ///
    /// # Errors
    /// When the database does not answer; then nothing was done.
    pub async fn page_answer(
        &self,
        reply: &NewPageReply<'_>,
        by: &PageBy<'_>,
        now: Timestamp,
    ) -> Result<Queued, StoreError> {
        let mut tx = Transaction::begin(self).await?;
        tx.serialise_intake().await?;
        let Some(row) = read(&mut tx, by.who, by.enquiry).await? else { return Ok(Queued::Missing) };
        if is_outrun(&mut tx, &row, by.steps, by.act).await? {
            return Ok(Queued::Refused(Refused::NewMessage));
        }
        if answered_since(&mut tx, by.who, &row, by.act).await? {
            return Ok(Queued::Overtaken);
        }
        let after = by
            .steps
            .iter()
            .try_fold(row.facts.clone(), |facts, step| triage::apply(&facts, step, by.who.account, now));
        let after = match after {
            Ok(after) => after,
            Err(why) => return Ok(Queued::Refused(why)),
        };
        if !page_reply_in(&mut tx, reply, now).await? {
            return Ok(Queued::Already);
        }
        let id: i64 = on_tx!(&mut tx, conn => sqlx::query_scalar(sql::inbox::PAGE_REPLY_BY)
            .bind(by.who.account.0).bind(by.occasion).bind(format!("page:{}", reply.token))
            .fetch_one(conn).await)
        .map_err(StoreError::query("page_reply_by"))?;
        if let Some(moved) = by.moved {
            promise_moved(&mut tx, by.who, &row, moved, now).await?;
        }
        if by.from_draft {
            on_tx!(&mut tx, conn => sqlx::query(sql::inbox::DRAFT_FORGET)
                .bind(by.who.account.0).bind(by.enquiry.0).bind("reply").execute(conn).await.map(|_| ()))
            .map_err(StoreError::query("draft_forget"))?;
        }
        settle(&mut tx, row.conversation(), now).await?;
        write(&mut tx, by.who, &row, &after, (by.act.id, by.act.what), now).await?;
        let detail = format!("{}, outbox {id}, on the page", by.occasion);
        log::append(&mut tx, &by.who.deed("send", by.enquiry, detail), now).await?;
        tx.commit().await?;
        Ok(Queued::Yes(id))
    }
}
