//! What filing a text does beside the text itself: automatic texts to its number are turned off or on, or paused, and what
//! is reserved for them is counted on.

use indgang_channels::message::Incoming;

use super::conn::{Transaction, on_tx};
use super::filing::Group;
use super::later::OutboxRow;
use super::{StoreError, sql, texts, to_stored};
use crate::domain::arrival::ArrivalId;
use crate::domain::enquiry::EnquiryId;
use crate::intake::Routing;
use crate::intake::texting::{OPT_OUT_SEGMENTS, Wish};

impl Group<'_> {
    /// Counts segments on, so that the next text of the group finds them reserved.
    pub(super) fn segments_reserve(&mut self, account: &str, segments: u32) {
        if let Some(reserved) = self.knowledge.segments.get_mut(account) {
            *reserved = reserved.saturating_add(segments);
        }
    }

    /// What a text does beside being filed: turns automatic texts to its number off or on, or pauses them.
    pub(super) async fn text_effects(
        &mut self,
        tx: &mut Transaction,
        incoming: &Incoming,
        arrival: ArrivalId,
        routing: &Routing,
        enquiry: Option<EnquiryId>,
    ) -> Result<(), StoreError> {
        let Some(number) = texts::number(incoming) else { return Ok(()) };
        let (account, effects) = (incoming.account.as_str(), &routing.texting);
        if effects.pause {
            let until = to_stored(self.now + texts::PAUSE);
            on_tx!(tx, conn => sqlx::query(sql::TEXT_PAUSE)
                .bind(account).bind(&number).bind(until).execute(conn).await.map(|_| ()))
            .map_err(StoreError::query("text_pause"))?;
        }
        match effects.wish {
            None => {}
            Some(Wish::Start) => on_tx!(tx, conn => sqlx::query(sql::TEXT_OPT_IN)
                .bind(account).bind(&number).execute(conn).await.map(|_| ()))
            .map_err(StoreError::query("text_opt_in"))?,
            Some(Wish::Stop) => {
                let fresh: u64 = on_tx!(tx, conn => sqlx::query(sql::TEXT_OPT_OUT)
                    .bind(account).bind(&number).bind(to_stored(self.now)).execute(conn).await
                    .map(|done| done.rows_affected()))
                .map_err(StoreError::query("text_opt_out"))?;
                // What waits to be written must be there to be taken back.
                self.later.write(tx).await?;
                on_tx!(tx, conn => sqlx::query(sql::OUTBOX_OPTED_OUT)
                    .bind("Its number asked for no automatic texts (STOP) before it was sent.")
                    .bind(&number).bind(account).execute(conn).await.map(|_| ()))
                .map_err(StoreError::query("outbox_opted_out"))?;
                if let (Some(enquiry), true) = (enquiry, effects.confirm && fresh > 0) {
                    self.opt_out_confirm(tx, incoming, arrival, enquiry).await?;
                }
            }
        }
        Ok(())
    }

    /// Queues the one confirmation that no more automatic texts come.
    async fn opt_out_confirm(
        &mut self,
        tx: &mut Transaction,
        incoming: &Incoming,
        arrival: ArrivalId,
        enquiry: EnquiryId,
    ) -> Result<(), StoreError> {
        let (reference, language) = texts::enquiry_words(tx, enquiry).await?;
        let row = OutboxRow {
            unique_key: format!("opt_out:{}", arrival.0),
            kind: "opt_out",
            language,
            message_id: self.desk.acknowledgement_id(&reference, incoming),
            reason: "It confirms that no more automatic texts come.".to_owned(),
            segments: OPT_OUT_SEGMENTS,
            ..self.outbox_row(incoming, enquiry, &reference)
        };
        self.later.outbox.push(row);
        self.segments_reserve(&incoming.account, OPT_OUT_SEGMENTS);
        Ok(())
    }
}
