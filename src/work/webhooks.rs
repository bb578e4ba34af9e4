//! Tells other systems that something happened: claims, calls, marks. At least once, each time under the same name, so that a
//! receiver can tell what it has heard.
//!
//! Signed as Standard Webhooks asks (`webhook-id`, `webhook-timestamp`, `webhook-signature`). Says which enquiry and what
//! happened to it; what anybody wrote, and who, is fetched through the API by whoever may.

mod line;

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures_util::StreamExt;
use hmac::{Hmac, KeyInit, Mac};
use jiff::{SignedDuration, Timestamp};
use rand::RngExt;
use serde_json::json;
use sha2::Sha256;
use tokio_util::sync::CancellationToken;

use super::retry::Backoff;
use crate::clock::Clock;
use crate::store::webhooks::Call;
use crate::store::{Store, StoreError};
pub use line::Line;

/// How long a claim holds that nobody settles: longer than the slowest call.
const CLAIM_TIME: SignedDuration = SignedDuration::from_secs(60);
/// How many are called at a time.
const AT_A_TIME: usize = 8;
/// How often it is looked for more.
const LOOK: Duration = Duration::from_secs(1);
/// How long one who does not answer is tried.
const MAX_AGE: SignedDuration = SignedDuration::from_hours(72);
/// How long it is remembered what was told.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(30 * 24);
/// How often that is forgotten.
const FORGET: SignedDuration = SignedDuration::from_hours(1);
const BACKOFF: Backoff = Backoff { first: Duration::from_secs(5), longest: Duration::from_secs(3600) };

/// Tells what waits.
#[derive(Debug)]
pub struct Webhooks {
    /// Where it waits.
    pub store: Store,
    /// What it is told by.
    pub line: Line,
    /// The clock.
    pub clock: Clock,
}

impl Webhooks {
    /// Goes on until told to stop; then finishes what it has begun.
    pub async fn run(self, stop: &CancellationToken) {
        let mut forgot_at = None;
        while !stop.is_cancelled() {
            let now = self.clock.now();
            if forgot_at.is_none_or(|at: Timestamp| now.duration_since(at) > FORGET) {
                forgot_at = Some(now);
                if let Err(error) = self.store.webhooks_forget(now - REMEMBERED).await {
                    tracing::warn!(%error, "what was told to other systems could not be forgotten");
                }
            }
            let pause = match self.run_one().await {
                Ok(0) => LOOK,
                Ok(_) => continue,
                Err(error) => {
                    tracing::error!(%error, "other systems cannot be told; it is tried again");
                    10 * LOOK
                }
            };
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// Claims what is due and tells it; says how much that was.
    ///
    /// # Errors
    /// When the database does not answer, after everything that was claimed was seen to.
    pub async fn run_one(&self) -> Result<usize, StoreError> {
        let now = self.clock.now();
        let mut claimed = Vec::new();
        while claimed.len() < AT_A_TIME
            && let Some(call) = self.store.webhook_claim(now + CLAIM_TIME, now).await?
        {
            claimed.push(call);
        }
        let count = claimed.len();
        let mut told = futures_util::stream::iter(claimed.into_iter().map(|call| self.tell(call)))
            .buffer_unordered(AT_A_TIME);
        let mut failed = None;
        while let Some(done) = told.next().await {
            failed = failed.or(done.err());
        }
        failed.map_or(Ok(count), Err)
    }

    async fn tell(&self, call: Call) -> Result<(), StoreError> {
        let body = body(&call);
        let id = format!("evt_{}", call.token);
        let at = self.clock.now().as_second();
        let signature = signature(&call.secret, &id, at, &body);
        let told = self.line.call(&call.url, &id, at, &signature, body).await;
        let now = self.clock.now();
        let Err(why) = told else { return self.store.webhook_told(call.id, now).await };
        if now.duration_since(call.at) > MAX_AGE {
            tracing::warn!(webhook = call.webhook, event = call.event, why, "another system is not told");
            return self.store.webhook_give_up(call.id, &why, now).await;
        }
        tracing::info!(
            webhook = call.webhook,
            event = call.event,
            attempt = call.attempts,
            why,
            "told later"
        );
        let wait = BACKOFF.wait(call.attempts, rand::rng().random());
        let due = now + SignedDuration::try_from(wait).unwrap_or(SignedDuration::from_mins(1));
        self.store.webhook_later(&call, due, &why).await
    }
}

/// What is told. The same at each try.
fn body(call: &Call) -> String {
    json!({
        "type": call.event,
        "timestamp": call.at,
        "data": { "event": format!("evt_{}", call.token), "enquiry": call.enquiry.0, "reference": call.reference },
    })
    .to_string()
}

/// The signature of Standard Webhooks, version 1: HMAC-SHA256 of name, time and body.
fn signature(secret: &[u8], id: &str, at: i64, body: &str) -> String {
    // HMAC takes a key of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret) else { return String::new() };
    mac.update(format!("{id}.{at}.{body}").as_bytes());
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification's own libraries.
    #[test]
    fn the_signature_is_that_of_the_specification() {
        let secret = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let signed =
            signature(&secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }
}
