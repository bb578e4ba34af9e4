//! Sends what is queued: claims, renders, sends, marks. Each letter is marked by itself, before its connection takes
//! the next one, so that a crash repeats at most the few that are on the wire, and those under the same Message-ID.
//!
//! Decides nothing about whom to answer; that was decided when the letter was filed.

use std::time::Duration;

use futures_util::StreamExt;
use indgang_channels::email::compose::{self, Composed, Outgoing};
use indgang_channels::email::submit::SendError;
use indgang_channels::message::Address;
use jiff::{SignedDuration, Timestamp};
use rand::RngExt;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::retry::Backoff;
use super::transport::Transport;
use crate::clock::Clock;
use crate::store::outbox::Claimed;
use crate::store::{Store, StoreError};
use crate::texts::{self, AckValues, OfficeWords, Rendered, TextLanguage, Texts};

/// Most letters claimed at a time. A claim is one commit, shared by all of them.
const CLAIM: u32 = 64;

/// How long a claim holds that nobody settles: longer than the slowest tries of all that are claimed at a time. What a
/// dead node had claimed is not waited for; see [`Outbox::beat`].
const CLAIM_TIME: SignedDuration = SignedDuration::from_hours(2);

/// How long a node on a shared database counts as alive after its last beat, and how often it beats.
const ALIVE: SignedDuration = SignedDuration::from_secs(30);
const BEAT: Duration = Duration::from_secs(8);

/// How often the outbox is looked into although nobody rang: what another process queued rings nowhere.
const LOOK: Duration = Duration::from_secs(1);

/// Sends what is queued.
#[derive(Debug)]
pub struct Outbox {
    /// Where it is queued.
    pub store: Store,
    /// What carries it.
    pub transport: Transport,
    /// The letters' texts.
    pub texts: Texts,
    /// The office's words in them.
    pub words: OfficeWords,
    /// The sender of each account's letters, by account; the first is for accounts that have none.
    pub senders: Vec<Sender>,
    /// How letters wait after a refusal that may pass.
    pub backoff: Backoff,
    /// How long they are tried.
    pub max_age: Duration,
    /// How many are on the wire at a time.
    pub connections: usize,
    /// This node's name.
    pub node: String,
    /// The clock.
    pub clock: Clock,
}

/// Who a letter comes from.
#[derive(Clone, Debug)]
pub struct Sender {
    /// The account whose letters it answers.
    pub account: String,
    /// The address.
    pub address: String,
    /// The name beside it.
    pub name: String,
}

/// What one round did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Round {
    /// Letters that were claimed.
    pub claimed: usize,
    /// Letters that the next server accepted.
    pub sent: usize,
    /// The next server could not be reached: wait before asking it again.
    pub unreachable: bool,
}

enum Outcome {
    Sent,
    Put,
    Unreachable,
}

impl Outbox {
    /// Goes on until told to stop; then finishes what it has begun.
    pub async fn run(&self, ring: &Notify, stop: &CancellationToken) {
        if matches!(self.transport, Transport::Unset) {
            // Claiming what cannot be sent would only wear the letters' tries out.
            tracing::info!("nothing is sent: no submission server is configured (email.submit.host)");
            return stop.cancelled().await;
        }
        if self.store.is_shared() {
            tokio::select! {
                () = self.work(ring, stop) => {}
                () = self.beat() => {}
            }
        } else {
            self.work(ring, stop).await;
        }
    }

    /// Tells the other nodes that this one is alive, and takes over what dead ones had claimed. Never ends.
    async fn beat(&self) {
        loop {
            let now = self.clock.now();
            match self.store.outbox_heartbeat(&self.node, now + ALIVE, now).await {
                Ok(0) => {}
                Ok(count) => tracing::warn!(
                    count,
                    "acknowledgements that a node had begun when it died are taken over"
                ),
                Err(error) => tracing::error!(%error, "this node cannot say that it is alive"),
            }
            tokio::time::sleep(BEAT).await;
        }
    }

    async fn work(&self, ring: &Notify, stop: &CancellationToken) {
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

    /// Gives back what this node holds and nobody is sending. Called between rounds only.
    async fn release(&self, unsettled: &mut bool) -> Result<(), StoreError> {
        if *unsettled {
            self.store.outbox_release(&self.node, self.clock.now()).await?;
            *unsettled = false;
        }
        Ok(())
    }

    /// Claims what is due and sends it. Empty when nothing was.
    ///
    /// # Errors
    /// When the database does not answer, after every letter of the round was seen to: whoever gives up in the middle
    /// cuts letters off that are on the wire, and leaves the others claimed by nobody who cares.
    pub async fn run_one(&self) -> Result<Round, StoreError> {
        let now = self.clock.now();
        let claimed = self.store.outbox_claim(&self.node, now, now + CLAIM_TIME, CLAIM).await?;
        let count = claimed.len();
        let mut outcomes = futures_util::stream::iter(claimed.into_iter().map(|one| self.send(one)))
            .buffer_unordered(self.connections);
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
        let rendered = self.render(&claimed);
        let letter = self.letter(&claimed, &rendered);
        let result = match letter {
            Ok(letter) => self.transport.send(&letter, &claimed.message_id).await,
            Err(words) => Err(SendError::Permanent(words)),
        };
        let now = self.clock.now();
        match result {
            Ok(()) => {
                let text = format!("{}\n\n{}", rendered.subject, rendered.body);
                self.store.outbox_sent(claimed.id, &text, &rendered.version, now).await?;
                record_latency(now, claimed.created_at);
                Ok(Outcome::Sent)
            }
            Err(SendError::Permanent(words)) => {
                metrics::counter!("indgang_acknowledgements_total", "outcome" => "failed").increment(1);
                tracing::warn!(
                    enquiry.id = claimed.enquiry.0,
                    why = words,
                    "an acknowledgement is refused for good"
                );
                self.store.outbox_fail(claimed.id, &words).await?;
                Ok(Outcome::Put)
            }
            // Nobody knows: a second copy under the same Message-ID is one letter to every mail program.
            Err(SendError::Transient(words) | SendError::Unknown(words)) => {
                self.put_back(&claimed, &words, now).await?;
                Ok(Outcome::Put)
            }
            Err(SendError::Unreachable(words)) => {
                self.put_back(&claimed, &words, now).await?;
                Ok(Outcome::Unreachable)
            }
        }
    }

    /// Puts a letter back for later, or gives it up when it has been tried long enough.
    async fn put_back(&self, claimed: &Claimed, words: &str, now: Timestamp) -> Result<(), StoreError> {
        let age = Duration::try_from(now.duration_since(claimed.created_at)).unwrap_or_default();
        if age > self.max_age {
            metrics::counter!("indgang_acknowledgements_total", "outcome" => "failed").increment(1);
            tracing::warn!(
                enquiry.id = claimed.enquiry.0,
                why = words,
                "an acknowledgement is given up after its longest age"
            );
            return self.store.outbox_fail(claimed.id, words).await;
        }
        metrics::counter!("indgang_acknowledgements_total", "outcome" => "put_back").increment(1);
        tracing::info!(
            enquiry.id = claimed.enquiry.0,
            attempt = claimed.attempts,
            why = words,
            "an acknowledgement waits for another try"
        );
        let wait = self.backoff.wait(claimed.attempts, rand::rng().random());
        let due = now + SignedDuration::try_from(wait).unwrap_or(SignedDuration::from_mins(1));
        self.store.outbox_retry(claimed.id, due, words).await
    }

    fn render(&self, claimed: &Claimed) -> Rendered {
        let language = TextLanguage::parse(&claimed.language).unwrap_or(TextLanguage::Danish);
        let values = AckValues {
            reference: &claimed.reference,
            reply_by: claimed.promise.reply_by,
            closed: claimed.promise.closed.as_ref(),
            office: &self.words,
        };
        texts::render(&self.texts, language, &values)
    }

    fn letter(&self, claimed: &Claimed, rendered: &Rendered) -> Result<Composed, String> {
        let Address::Email(recipient) = &claimed.recipient else {
            return Err("this channel has no way to send".to_owned());
        };
        let sender =
            self.senders.iter().find(|sender| sender.account == claimed.account).or(self.senders.first());
        let sender = sender.ok_or("no sender's address is configured (email.submit.from)")?;
        let outgoing = Outgoing {
            from: &sender.address,
            from_name: &sender.name,
            to: recipient,
            subject: &rendered.subject,
            body: &rendered.body,
            message_id: &claimed.message_id,
            in_reply_to: claimed.in_reply_to.as_deref(),
            references: &claimed.references,
            language: &claimed.language,
            // The moment that it was queued, not sent: every try is then the same letter to the byte.
            date: claimed.created_at,
        };
        compose::compose(&outgoing).map_err(|error| error.to_string())
    }

    fn pause(&self, failures: u32) -> Duration {
        // An outage ends unannounced, so the server is asked again within a minute, whatever a letter waits.
        let outage = Backoff { first: LOOK, longest: Duration::from_secs(60).min(self.backoff.longest) };
        outage.wait(failures, rand::rng().random())
    }
}

fn record_latency(now: Timestamp, queued: Timestamp) {
    metrics::counter!("indgang_acknowledgements_total", "outcome" => "sent").increment(1);
    metrics::histogram!("indgang_acknowledgement_latency_seconds")
        .record(now.duration_since(queued).as_secs_f64());
}
