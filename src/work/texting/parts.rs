//! Puts the parts of longer texts together once they are all there, or once nobody waits for the rest any longer.
//!
//! Parts are durable before the gateway is answered, so nothing here can lose one: what a crash cuts short is done again,
//! and a text that is filed twice is filed once.

use std::sync::Arc;
use std::time::Duration;

use indgang_channels::message::ExternalId;
use indgang_channels::sms::assemble::{Assembled, Piece, assemble};
use indgang_channels::sms::read::{self, ReadContext};
use indgang_channels::sms::wire::InboundText;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::{Accounts, say_incomplete, sha256};
use crate::clock::Clock;
use crate::store::letters::Letter;
use crate::store::texts::WaitingPart;
use crate::store::{Store, StoreError};
use crate::work::intake::{Intake, IntakeError};

/// How often it is looked whether somebody has waited long enough.
const LOOK: Duration = Duration::from_secs(2);

/// Most parts that are looked at together: many more than ever wait, and few enough to be quick.
const AT_A_TIME: u32 = 10_000;

/// Puts parts together.
#[derive(Debug)]
pub struct Parts {
    /// Where they wait.
    pub store: Store,
    /// Where whole texts go in.
    pub door: Intake,
    /// Whose texts they are.
    pub accounts: Accounts,
    /// How long they wait for each other.
    pub patience: Duration,
    /// Rung when a part has come.
    pub ring: Arc<Notify>,
    /// The clock.
    pub clock: Clock,
}

#[derive(Debug, thiserror::Error)]
enum NotAssembled {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Intake(#[from] IntakeError),
}

impl Parts {
    /// Goes on until told to stop.
    pub async fn run(&self, stop: &CancellationToken) {
        while !stop.is_cancelled() {
            if let Err(error) = self.run_one().await {
                tracing::error!(%error, "parts of texts are not put together; it is tried again");
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = self.ring.notified() => {}
                () = tokio::time::sleep(LOOK) => {}
            }
        }
    }

    /// Files every text that is ready; gives how many were.
    async fn run_one(&self) -> Result<usize, NotAssembled> {
        let waiting = self.store.text_parts_waiting(AT_A_TIME).await?;
        if waiting.is_empty() {
            return Ok(0);
        }
        let now = self.clock.now();
        let patience = SignedDuration::try_from(self.patience).unwrap_or(SignedDuration::MAX);
        let pieces: Vec<Piece<'_>> = waiting
            .iter()
            .map(|part| Piece {
                key: part.id,
                account: &part.account,
                from: &part.sender,
                to: &part.recipient,
                part: &part.part,
                body: &part.body,
                overdue: now.duration_since(part.recorded_at) >= patience,
            })
            .collect();
        let ready = assemble(&pieces);
        for text in &ready {
            let letter = self.letter(text, &waiting, now);
            self.door.submit(letter).await?.wait().await?;
            let done: Vec<i64> = text.keys.iter().chain(&text.repeats).copied().collect();
            self.store.text_parts_filed(&done, now).await?;
        }
        Ok(ready.len())
    }

    /// One whole text, with the calls that brought its parts as its original.
    fn letter(&self, text: &Assembled, waiting: &[WaitingPart], now: Timestamp) -> Letter {
        let of = |key: &i64| waiting.iter().find(|part| part.id == *key);
        let parts: Vec<&WaitingPart> = text.keys.iter().filter_map(of).collect();
        let ids: Vec<&str> = parts.iter().map(|part| part.external_id.as_str()).collect();
        let external_id = ExternalId(format!("parts:{}", sha256(ids.join("\n").as_bytes())));
        let first = parts.first();
        let account = first.map(|part| part.account.as_str()).unwrap_or_default();
        let whole = InboundText {
            id: Some(external_id.0.clone()),
            from: first.map(|part| part.sender.clone()).unwrap_or_default(),
            to: first.map(|part| part.recipient.clone()).filter(|to| !to.is_empty()),
            body: text.body.clone(),
            sent_at: parts.iter().filter_map(|part| part.sent_at.or(Some(part.recorded_at))).min(),
            part: None,
            files: 0,
        };
        // An account that is configured no more still has citizens who wrote to it.
        let context = self
            .accounts
            .get(account)
            .map_or(ReadContext { account, own_numbers: &[], foreign: &[], now }, |account| {
                account.context(now)
            });
        let mut incoming = read::read(&whole, external_id, &context);
        say_incomplete(&mut incoming, text.missing, parts.len() + usize::from(text.missing));
        Letter { raw: parts.iter().flat_map(|part| part.raw.clone()).collect(), incoming, cursor: None }
    }
}
