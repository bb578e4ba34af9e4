//! Asks gateways that do not call us what has come. Such a gateway tells each text once, so what it told is filed before it
//! is asked again, however long that takes, and one node alone asks.

use std::sync::Arc;
use std::time::Duration;

use indgang_channels::sms::gateway::{GatewayError, Remnant};
use indgang_channels::sms::preset::Collecting;
use indgang_channels::sms::wire::{Call, Tidings};
use jiff::SignedDuration;
use rand::RngExt;
use tokio_util::sync::CancellationToken;

use super::{TextAccount, sha256};
use crate::clock::Clock;
use crate::health::{Health, MailboxState};
use crate::store::letters::Letter;
use crate::store::{Store, StoreError};
use crate::work::claim::Claim;
use crate::work::intake::{Intake, IntakeError};
use crate::work::retry::Backoff;

/// How long this node may ask without renewing its claim.
pub const LEASE: SignedDuration = SignedDuration::from_secs(60);

/// Waits between attempts that fail.
const AGAIN: Backoff = Backoff { first: Duration::from_secs(1), longest: Duration::from_secs(60) };

/// Asks one account's gateway.
#[derive(Debug)]
pub struct Collect {
    /// The account.
    pub account: Arc<TextAccount>,
    /// How often.
    pub interval: Duration,
    /// Where texts go in.
    pub door: Intake,
    /// Where reports and the claim to ask are kept.
    pub store: Store,
    /// Where its state is told.
    pub health: Health,
    /// This node's claim to ask.
    pub claim: Claim,
    /// The clock.
    pub clock: Clock,
}

/// Why nothing was collected.
#[derive(Debug, thiserror::Error)]
enum CollectError {
    #[error(transparent)]
    Gateway(#[from] GatewayError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Intake(#[from] IntakeError),
    #[error("another node asks the gateway")]
    Elsewhere,
}

impl Collect {
    /// Goes on until told to stop.
    pub async fn run(&self, stop: &CancellationToken) {
        let mut failures = 0;
        self.tell(MailboxState::Connecting, None);
        while !stop.is_cancelled() {
            let pause = match self.run_one(stop).await {
                Ok(count) => {
                    failures = 0;
                    self.tell(MailboxState::Reading, None);
                    // A full answer may have left some behind.
                    if count > 0 { Duration::from_millis(100) } else { self.interval }
                }
                Err(CollectError::Elsewhere) => {
                    self.tell(MailboxState::ElsewhereRead, None);
                    self.interval
                }
                Err(error) => {
                    failures += 1;
                    tracing::warn!(account = self.account.name, failures, %error, "the gateway cannot be asked");
                    self.tell(MailboxState::Failing, Some(error.to_string()));
                    AGAIN.wait(failures, rand::rng().random()).max(self.interval)
                }
            };
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
        self.claim.release().await;
    }

    /// Asks once, and files all that was told.
    async fn run_one(&self, stop: &CancellationToken) -> Result<usize, CollectError> {
        if !self.claim.hold().await? {
            return Err(CollectError::Elsewhere);
        }
        // What is told while it cannot be filed would only wait in memory.
        self.store.ping().await?;
        let mut count = 0;
        for what in [Collecting::Texts, Collecting::Reports] {
            let body = match self.account.gateway.collect(what).await {
                Ok(body) => body,
                Err(GatewayError::NothingToCollect) => continue,
                Err(GatewayError::Broken { words, received: Remnant(rest) }) if !rest.is_empty() => {
                    let detail = "the gateway's answer broke off, and what came of it may hold texts that it has \
                                  given away and nobody else has";
                    self.file(&rest, &Tidings::Unreadable { detail: detail.to_owned() }, stop).await?;
                    return Err(GatewayError::Broken { words, received: Remnant(rest) }.into());
                }
                Err(error) => return Err(error.into()),
            };
            let items = self.account.gateway.preset().collected(what, &body);
            count += items.len();
            for (item, tidings) in items {
                self.file(&item, &tidings, stop).await?;
            }
        }
        Ok(count)
    }

    /// Files one item, and tries until it is filed: nobody else has it any more.
    async fn file(
        &self,
        item: &[u8],
        tidings: &Tidings,
        stop: &CancellationToken,
    ) -> Result<(), CollectError> {
        let mut failures = 0;
        loop {
            let Err(error) = self.file_once(item, tidings).await else { return Ok(()) };
            failures += 1;
            tracing::error!(account = self.account.name, failures, %error,
                "what the gateway told, and tells once, is not filed yet; it is tried until it is");
            if matches!(error, CollectError::Intake(IntakeError::Stopping))
                || (stop.is_cancelled() && failures > 3)
            {
                return Err(error);
            }
            let wait = AGAIN.wait(failures, rand::rng().random());
            tokio::time::sleep(wait).await;
        }
    }

    async fn file_once(&self, item: &[u8], tidings: &Tidings) -> Result<(), CollectError> {
        let now = self.clock.now();
        let call = Call {
            method: "POST".to_owned(),
            path: format!("/sms/{}/collected", self.account.name),
            query: String::new(),
            headers: vec![("content-type".to_owned(), "application/json".to_owned())],
            body: item.to_vec(),
        };
        let letter: Letter = match tidings {
            Tidings::Text(text) => {
                let mut text = text.clone();
                // The whole item, its time included: the same words tomorrow are another item.
                text.id.get_or_insert_with(|| format!("item:{}", sha256(item)));
                self.account.letter(&text, &call, now)
            }
            Tidings::Report(report) => {
                self.store.report_file(&self.account.name, report, now).await?;
                return Ok(());
            }
            Tidings::Unreadable { detail } => self.account.held(detail, &call, now),
            Tidings::Nothing => return Ok(()),
        };
        self.door.submit(letter).await?.wait().await?;
        Ok(())
    }

    fn tell(&self, state: MailboxState, trouble: Option<String>) {
        self.health.report(&self.account.name, state, trouble, self.clock.now());
    }
}
