//! Sends what is queued: claims, hands over, marks. Each row is marked by itself, so that a crash repeats at most the few
//! letters that are on the wire, and those under the same Message-ID, and repeats no text at all.
//!
//! Decides nothing about whom to answer; that was decided when the message was filed. Knows neither SMTP nor gateways:
//! what hands over is a [`Carry`].

use std::time::Duration;

use futures_util::StreamExt;
use jiff::{SignedDuration, Timestamp};
use rand::RngExt;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::retry::Backoff;
use crate::clock::Clock;
use crate::store::outbox::{Claimed, Content, Sent, Way};
use crate::store::{Store, StoreError};

/// How long a letter's claim holds that nobody settles: longer than the slowest tries of all that are claimed at a time.
/// What a dead node had claimed is not waited for; see [`beat`].
const CLAIM_TIME: SignedDuration = SignedDuration::from_hours(2);

/// How long a node on a shared database counts as alive after its last beat, and how often it beats.
const ALIVE: SignedDuration = SignedDuration::from_secs(30);
const BEAT: Duration = Duration::from_secs(8);

/// How often the outbox is looked into although nobody rang: what another process queued rings nowhere.
const LOOK: Duration = Duration::from_secs(1);

/// Hands one row over to whoever brings it further.
pub trait Carry: Send + Sync {
    /// Which rows it carries.
    fn way(&self) -> Way;

    /// Whether there is anybody to hand over to. When not, nothing is claimed: that would only wear tries out.
    fn is_ready(&self) -> bool;

    /// How many are handed over at a time.
    fn at_a_time(&self) -> usize;

    /// How many are claimed at a time. A claim is one commit, shared by all of them; but of a text that is claimed when
    /// the program is killed nobody knows whether it was sent.
    fn claim(&self) -> u32;

    /// Hands one over.
    fn carry(&self, claimed: &Claimed) -> impl Future<Output = Carried> + Send;

    /// Says goodbye.
    fn close(&self) -> impl Future<Output = ()> + Send;
}

/// What came of handing one over. The words never hold a name, an address or a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Carried {
    /// It was taken.
    Sent(Spoken),
    /// It was refused for good.
    Refused(String),
    /// It was not taken, and may be later.
    Later {
        /// Why.
        words: String,
        /// The shortest wait that was asked for.
        after: Option<Duration>,
        /// How many tries in all make sense; `None` when only age limits them.
        tries: Option<u32>,
    },
    /// Nobody could be reached; who else is reached by the same way will not be either.
    Unreachable(String),
    /// Nobody knows, and it must not be tried again.
    Unknown(String, Spoken),
}

/// How long a code may wait to be sent: it is worth nothing afterwards.
const CODE_LIFE: SignedDuration = SignedDuration::from_mins(15);
/// What is said of a code that waited longer.
pub(super) const STALE: &str =
    "The code had waited for so long that it was worth nothing; a new one can be asked for.";

/// Whether a code has waited for too long.
pub(super) fn is_stale(claimed: &Claimed, now: Timestamp) -> bool {
    now.duration_since(claimed.created_at) > CODE_LIFE
}

/// What is kept of what was said: what opens a private page is gone as soon as it is sent.
pub(super) fn without_secrets(text: &str, content: &Content) -> String {
    match content {
        Content::Code { code: secret } | Content::News { link: Some(secret) } if !secret.is_empty() => {
            text.replace(secret.as_str(), "······")
        }
        _ => text.to_owned(),
    }
}

/// What was said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spoken {
    /// The text as it went out.
    pub text: String,
    /// The version of its template.
    pub version: String,
    /// A gateway's number for it.
    pub provider_id: Option<String>,
    /// How many segments it took; 0 for letters.
    pub segments: u32,
}

impl Spoken {
    fn as_sent(&self) -> Sent<'_> {
        Sent {
            text: &self.text,
            version: &self.version,
            provider_id: self.provider_id.as_deref(),
            segments: self.segments,
        }
    }
}

/// Sends what is queued by one way.
#[derive(Debug)]
pub struct Outbox<C> {
    /// Where it is queued.
    pub store: Store,
    /// What hands it over.
    pub carrier: C,
    /// How rows wait after a refusal that may pass.
    pub backoff: Backoff,
    /// How long they are tried.
    pub max_age: Duration,
    /// This node's name.
    pub node: String,
    /// The clock.
    pub clock: Clock,
}

/// What one round did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Round {
    /// Rows that were claimed.
    pub claimed: usize,
    /// Rows that were taken.
    pub sent: usize,
    /// Nobody could be reached: wait before asking again.
    pub unreachable: bool,
}

enum Outcome {
    Sent,
    Put,
    Unreachable,
}

/// Tells the other nodes on a shared database that this one is alive, and settles what dead ones had claimed. Never ends.
pub async fn beat(store: &Store, node: &str, clock: &Clock) {
    loop {
        let now = clock.now();
        match store.outbox_heartbeat(node, now + ALIVE, now).await {
            Ok(0) => {}
            Ok(count) => tracing::warn!(count, "what a node had begun to send when it died is settled"),
            Err(error) => tracing::error!(%error, "this node cannot say that it is alive"),
        }
        tokio::time::sleep(BEAT).await;
    }
}

impl<C: Carry> Outbox<C> {
    /// Goes on until told to stop; then finishes what it has begun.
    pub async fn run(&self, ring: &Notify, stop: &CancellationToken) {
        if !self.carrier.is_ready() {
            return stop.cancelled().await;
        }
        // Before the first claim, or another node would take it for an orphan.
        if self.store.is_shared() {
            let now = self.clock.now();
            let _ = self.store.outbox_heartbeat(&self.node, now + ALIVE, now).await;
        }
        let mut failures = 0;
        // At first what an earlier process had claimed; later what a round had claimed that the database failed.
        let mut unsettled = true;
        while !stop.is_cancelled() {
            let round = match self.release(&mut unsettled).await {
                Ok(()) => self.run_one().await,
                Err(error) => Err(error),
            };
            let pause = match round {
                Ok(Round { unreachable: true, .. }) => {
                    failures += 1;
                    self.pause(failures)
                }
                Ok(Round { claimed: 0, .. }) => LOOK,
                Ok(_) => {
                    failures = 0;
                    continue;
                }
                Err(error) => {
                    failures += 1;
                    unsettled = true;
                    tracing::error!(%error, "the outbox cannot be read or marked; it is tried again");
                    self.pause(failures)
                }
            };
            tokio::select! {
                () = stop.cancelled() => {}
                () = ring.notified(), if pause == LOOK => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// Settles what this node holds and nobody is sending. Called between rounds only.
    async fn release(&self, unsettled: &mut bool) -> Result<(), StoreError> {
        if *unsettled {
            self.store.outbox_release(self.carrier.way(), &self.node, self.clock.now()).await?;
            *unsettled = false;
        }
        Ok(())
    }

    /// Claims what is due and sends it. Empty when nothing was.
    ///
    /// # Errors
    /// When the database does not answer, after every row of the round was seen to: whoever gives up in the middle cuts
    /// off what is on the wire, and leaves the others claimed by nobody who cares.
    pub async fn run_one(&self) -> Result<Round, StoreError> {
        let now = self.clock.now();
        let way = self.carrier.way();
        let claimed =
            self.store.outbox_claim(way, &self.node, now, now + CLAIM_TIME, self.carrier.claim()).await?;
        let count = claimed.len();
        let mut outcomes = futures_util::stream::iter(claimed.into_iter().map(|one| self.send(one)))
            .buffer_unordered(self.carrier.at_a_time());
        let mut round = Round { claimed: count, ..Round::default() };
        let mut failed = None;
        while let Some(outcome) = outcomes.next().await {
            match outcome {
                Ok(Outcome::Sent) => round.sent += 1,
                Ok(Outcome::Put) => {}
                Ok(Outcome::Unreachable) => round.unreachable = true,
                Err(error) => failed = failed.or(Some(error)),
            }
        }
        match failed {
            None => Ok(round),
            Some(error) => Err(error),
        }
    }

    async fn send(&self, claimed: Claimed) -> Result<Outcome, StoreError> {
        let carried = self.carrier.carry(&claimed).await;
        let now = self.clock.now();
        match carried {
            Carried::Sent(spoken) => {
                self.store.outbox_sent(claimed.id, spoken.as_sent(), now).await?;
                if let Some(provider_id) = &spoken.provider_id {
                    self.store.reports_early(claimed.id, &claimed.account, provider_id).await?;
                }
                self.count("sent", &claimed.content);
                if matches!(claimed.content, Content::Acknowledgement { .. }) {
                    metrics::histogram!("indgang_acknowledgement_latency_seconds")
                        .record(now.duration_since(claimed.created_at).as_secs_f64());
                }
                Ok(Outcome::Sent)
            }
            Carried::Refused(words) => {
                self.give_up(&claimed, &words, "it is refused for good").await?;
                Ok(Outcome::Put)
            }
            Carried::Later { words, after, tries } => {
                if tries.is_some_and(|tries| claimed.attempts >= tries) {
                    self.give_up(&claimed, &words, "it was tried as often as makes sense").await?;
                } else {
                    self.put_back(&claimed, &words, after, now).await?;
                }
                Ok(Outcome::Put)
            }
            Carried::Unreachable(words) => {
                self.put_back(&claimed, &words, None, now).await?;
                Ok(Outcome::Unreachable)
            }
            Carried::Unknown(words, spoken) => {
                self.count("unknown", &claimed.content);
                tracing::warn!(
                    enquiry.id = claimed.enquiry.0,
                    why = words,
                    "nobody knows whether a text was sent; it is not sent again by itself"
                );
                self.store.outbox_unknown(claimed.id, &words, spoken.as_sent()).await?;
                Ok(Outcome::Put)
            }
        }
    }

    async fn give_up(&self, claimed: &Claimed, words: &str, what: &str) -> Result<(), StoreError> {
        self.count("failed", &claimed.content);
        let kind = claimed.content.kind();
        tracing::warn!(enquiry.id = claimed.enquiry.0, kind, what, why = words, "something is not sent");
        self.store.outbox_fail(claimed.id, words).await
    }

    /// Puts a row back for later, or gives it up when it has been tried long enough.
    async fn put_back(
        &self,
        claimed: &Claimed,
        words: &str,
        after: Option<Duration>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let age = Duration::try_from(now.duration_since(claimed.created_at)).unwrap_or_default();
        if age > self.max_age {
            return self.give_up(claimed, words, "its longest age is reached").await;
        }
        self.count("put_back", &claimed.content);
        tracing::info!(
            enquiry.id = claimed.enquiry.0,
            kind = claimed.content.kind(),
            attempt = claimed.attempts,
            why = words,
            "something waits for another try"
        );
        let wait = self.backoff.wait(claimed.attempts, rand::rng().random());
        // Whoever asks for more than our longest wait gets no more than that.
        let wait = wait.max(after.unwrap_or_default().min(self.backoff.longest));
        let due = now + SignedDuration::try_from(wait).unwrap_or(SignedDuration::from_mins(1));
        self.store.outbox_retry(claimed.id, due, words).await
    }

    fn count(&self, outcome: &'static str, content: &Content) {
        let channel = match self.carrier.way() {
            Way::Letters => "email",
            Way::Texts => "sms",
        };
        match content {
            Content::Acknowledgement { .. } => metrics::counter!(
                "indgang_acknowledgements_total", "outcome" => outcome, "channel" => channel
            )
            .increment(1),
            Content::News { .. } | Content::Code { .. } => metrics::counter!(
                "indgang_page_notices_total", "outcome" => outcome, "channel" => channel
            )
            .increment(1),
            Content::OptOut | Content::Reply { .. } => metrics::counter!(
                "indgang_replies_total", "outcome" => outcome, "channel" => channel
            )
            .increment(1),
        }
    }

    fn pause(&self, failures: u32) -> Duration {
        // An outage ends unannounced, so the server is asked again within a minute, whatever a row waits.
        let outage = Backoff { first: LOOK, longest: Duration::from_secs(60).min(self.backoff.longest) };
        outage.wait(failures, rand::rng().random())
    }
}
