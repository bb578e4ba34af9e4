//! The inbox's side of the store: lists, one enquiry whole, changes, notes, drafts, answers, the hold shelf, persons.
//!
//! Whoever asks hands in an [`Actor`]; what lies outside their sight is never read, and what they do is in the log within
//! the same transaction. Nothing here decides what a step makes of an enquiry: that is [`crate::domain::triage`]'s.

pub mod change;
pub mod enquiry;
pub mod erase;
pub mod find;
pub mod list;
pub mod own;
pub mod page;
pub mod people;
pub mod reply;
pub mod shelf;
pub mod write;

use jiff::Timestamp;

use super::conn::{Transaction, on_tx};
use super::{StoreError, from_stored, sql};
use crate::domain::account::{AccountId, Deed, Scope, Sight, sight};
use crate::domain::enquiry::EnquiryId;

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The account.
    pub account: AccountId,
    /// The enquiries that they see.
    pub scope: Scope,
}

impl Actor {
    pub(in crate::store) fn deed(
        &self,
        act: &'static str,
        enquiry: EnquiryId,
        detail: impl Into<String>,
    ) -> Deed {
        Deed { account: Some(self.account), act, enquiry: Some(enquiry), detail: detail.into() }
    }
}

/// How an enquiry that began at a moment stands to somebody; `None` when they do not see it.
async fn seen_by(
    tx: &mut Transaction,
    who: &Actor,
    enquiry: EnquiryId,
    conversation: i64,
) -> Result<Option<Sight>, StoreError> {
    // What is shared is read as a whole, so its oldest part counts: an old case that was joined in stays out of sight.
    let began_at = match who.scope {
        Scope::Since { .. } => {
            let oldest: Option<i64> = on_tx!(tx, conn => sqlx::query_scalar(sql::inbox::CONVERSATION_BEGAN)
                .bind(conversation).fetch_one(conn).await)
            .map_err(StoreError::query("conversation_began"))?;
            oldest.map_or(Ok(Timestamp::MIN), |at| {
                from_stored(at, "enquiry", "first_contact_at", conversation)
            })?
        }
        Scope::All | Scope::None => Timestamp::MIN,
    };
    let plain = sight(who.scope, began_at, false);
    if plain.is_some() || who.scope == Scope::None {
        return Ok(plain);
    }
    let granted: i64 = on_tx!(tx, conn => sqlx::query_scalar(sql::inbox::GRANTED)
        .bind(enquiry.0).bind(who.account.0).fetch_one(conn).await)
    .map_err(StoreError::query("granted"))?;
    Ok(sight(who.scope, began_at, granted > 0))
}
