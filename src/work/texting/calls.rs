//! A gateway's call: checked, read, made durable, and only then answered.
//!
//! Knows no HTTP server: it is handed a [`Call`] and gives an [`Answer`]. A call that cannot be made durable is answered
//! with 503, and the gateway brings it again.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use indgang_channels::sms::read;
use indgang_channels::sms::verify::{self, NotVerified, Verified};
use indgang_channels::sms::wire::{Answer, Call, InboundText, Part, Tidings};
use jiff::Timestamp;
use tokio::sync::Notify;

use super::limit::Limit;
use super::{Accounts, TextAccount, original};
use crate::clock::Clock;
use crate::store::texts::NewPart;
use crate::store::{Store, StoreError};
use crate::work::intake::{Intake, IntakeError, Receipt};

/// How long a call is kept waiting. The least patient gateway waits five seconds; what is filed after all is recognised
/// when it comes again.
const FILE_TIME: Duration = Duration::from_millis(4_500);

/// Takes gateways' calls.
#[derive(Debug)]
pub struct Calls {
    accounts: Accounts,
    limits: BTreeMap<String, Limit>,
    /// How many refusals are worth a line of the log: whoever knocks without end must not fill it.
    refusals: Limit,
    door: Intake,
    store: Store,
    /// Rung when a part has come.
    parts: Arc<Notify>,
    clock: Clock,
}

/// Why a call is not answered with a 2xx although it is authentic.
#[derive(Debug, thiserror::Error)]
enum NotFiled {
    #[error(transparent)]
    Intake(#[from] IntakeError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the database takes too long")]
    Slow,
}

impl Calls {
    /// Calls for these accounts go in by `door`; `parts` is rung when a part of a text has come.
    pub fn new(
        accounts: Accounts,
        calls_per_second: u32,
        door: Intake,
        store: Store,
        parts: Arc<Notify>,
        clock: Clock,
    ) -> Self {
        let limits = accounts.keys().map(|name| (name.clone(), Limit::new(calls_per_second))).collect();
        Self { accounts, limits, refusals: Limit::new(1), door, store, parts, clock }
    }

    /// Takes one call to an account; `secret` is what stood in its path.
    pub async fn take(&self, account: &str, secret: Option<&str>, call: &Call) -> Answer {
        let (Some(account), Some(limit)) = (self.accounts.get(account), self.limits.get(account)) else {
            return refused(404);
        };
        let now = self.clock.now();
        // Before the limit: strangers must not use up the gateway's share of calls.
        let verified = match self.verify(account, secret, call, now) {
            Ok(verified) => verified,
            Err(why) => {
                count(account, "not_verified");
                if self.refusals.take(now) {
                    tracing::warn!(account = account.name, %why, "a call that claims to be the gateway's is refused");
                }
                return refused(403);
            }
        };
        if !account.gateway.preset().takes(&call.method) {
            return refused(405);
        }
        if !limit.take(now) {
            count(account, "too_many");
            return refused(429);
        }
        let filed = tokio::time::timeout(FILE_TIME, self.file(account, call, &verified, now)).await;
        match filed.unwrap_or(Err(NotFiled::Slow)) {
            Ok(()) => {
                count(account, "taken");
                account.gateway.preset().answer()
            }
            Err(error) => {
                count(account, "not_filed");
                tracing::error!(account = account.name, %error, "a gateway's call is not filed; it comes again");
                refused(503)
            }
        }
    }

    fn verify(
        &self,
        account: &TextAccount,
        secret: Option<&str>,
        call: &Call,
        now: Timestamp,
    ) -> Result<Verified, NotVerified> {
        let how = &account.gateway.preset().verify;
        // The address as the gateway was given it: behind a proxy ours is another.
        let path = call.path.strip_prefix(&format!("/sms/{}/", account.name)).unwrap_or_default();
        let public_url = account.public_url.as_ref().map(|url| format!("{url}{}", account.path(path)));
        let public_url = public_url.unwrap_or_default();
        verify::verify(call, secret, how, &account.credentials, &public_url, now)
    }

    /// Makes everything that a call tells durable.
    async fn file(
        &self,
        account: &TextAccount,
        call: &Call,
        verified: &Verified,
        now: Timestamp,
    ) -> Result<(), NotFiled> {
        let payload = match verified {
            Verified::AsIs => None,
            Verified::Payload(payload) => Some(payload.as_slice()),
        };
        let mut receipts: Vec<Receipt> = Vec::new();
        for tidings in account.gateway.preset().read(call, payload) {
            match tidings {
                Tidings::Text(InboundText { part: Some(ref part), ref body, .. }) if part.total > 1 => {
                    let Tidings::Text(text) = &tidings else { continue };
                    self.keep_part(account, call, text, part, body, now).await?;
                }
                Tidings::Text(text) => {
                    receipts.push(self.door.submit(account.letter(&text, call, now)).await?);
                }
                Tidings::Report(report) => self.store.report_file(&account.name, &report, now).await?,
                Tidings::Unreadable { detail } => {
                    tracing::warn!(
                        account = account.name,
                        why = detail,
                        "a gateway's call is put on the hold shelf"
                    );
                    receipts.push(self.door.submit(account.held(&detail, call, now)).await?);
                }
                Tidings::Nothing => {}
            }
        }
        for receipt in receipts {
            receipt.wait().await?;
        }
        Ok(())
    }

    async fn keep_part(
        &self,
        account: &TextAccount,
        call: &Call,
        text: &InboundText,
        part: &Part,
        body: &indgang_channels::sms::wire::Body,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let external_id = read::external_id(text, now);
        let part = NewPart {
            account: &account.name,
            external_id: &external_id.0,
            sender: &text.from,
            recipient: text.to.as_deref().unwrap_or_default(),
            part,
            body,
            raw: &original(call, &external_id.0),
            sent_at: text.sent_at,
        };
        self.store.text_part_keep(&part, now).await?;
        self.parts.notify_one();
        Ok(())
    }
}

/// An answer without a word: some gateways send our words to the citizen.
fn refused(status: u16) -> Answer {
    Answer { status, media_type: String::new(), body: String::new() }
}

fn count(account: &TextAccount, outcome: &'static str) {
    metrics::counter!("indgang_gateway_calls_total", "account" => account.name.clone(), "outcome" => outcome)
        .increment(1);
}
