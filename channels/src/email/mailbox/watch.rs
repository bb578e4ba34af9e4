//! Waits until the folder grows: the server tells (IDLE, RFC 2177), or it is asked again and again (NOOP).
//!
//! Says only that it is worth looking; what is new is found by `fetch`, by UID.

use std::time::Duration;

use tokio::time::{Instant, sleep_until, timeout_at};

use super::Mailbox;
use super::error::{MailboxError, MailboxErrorKind};
use super::wire::End;

/// How a mailbox is watched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Watch {
    /// The server tells; asking every `fallback` where it cannot.
    Idle {
        /// How often a server without IDLE is asked.
        fallback: Duration,
    },
    /// The server is asked this often. For a server near by, this beats IDLE: Dovecot, for one, gathers news for half
    /// a second before it tells, and answers NOOP in well under a millisecond.
    Poll(Duration),
}

/// Why a wait ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Woken {
    /// The folder grew: fetch.
    News,
    /// Nothing was heard. Fetch all the same from time to time: servers forget to tell.
    Quiet,
}

/// An IDLE is renewed after this long: servers hang up on a client that is silent for 30 minutes, and the routers in
/// between forget a connection earlier than that.
const IDLE_RENEW: Duration = Duration::from_secs(300);

impl Mailbox {
    /// Waits for new letters for at most `max`. Returns at once when the folder grew since the last fetch began.
    ///
    /// # Errors
    /// A dead connection shows within the account's `silence` after the next sign of life is due: with IDLE that is
    /// five minutes, or `max` if shorter.
    pub async fn wait(&mut self, watch: Watch, max: Duration) -> Result<Woken, MailboxError> {
        let deadline = Instant::now() + max;
        let result = match watch {
            Watch::Idle { .. } if self.can_idle() => self.idle(deadline).await,
            Watch::Idle { fallback: every } | Watch::Poll(every) => self.poll(every, deadline).await,
        };
        self.settle(result)
    }

    /// How long the server takes to answer when it has nothing to do: the shortest of three.
    ///
    /// # Errors
    /// As for every command.
    pub async fn distance(&mut self) -> Result<Duration, MailboxError> {
        let result = self.try_distance().await;
        self.settle(result)
    }

    async fn try_distance(&mut self) -> Result<Duration, MailboxErrorKind> {
        self.usable()?;
        let mut shortest = Duration::MAX;
        for _ in 0..3 {
            let asked = Instant::now();
            if self.run("NOOP", "its distance was being measured").await? != End::Ok {
                return Err(MailboxErrorKind::Protocol("it refuses NOOP"));
            }
            shortest = shortest.min(asked.elapsed());
        }
        Ok(shortest)
    }

    async fn poll(&mut self, every: Duration, deadline: Instant) -> Result<Woken, MailboxErrorKind> {
        self.usable()?;
        while !self.pending {
            let now = Instant::now();
            if now >= deadline {
                return Ok(Woken::Quiet);
            }
            sleep_until(deadline.min(now + every)).await;
            if self.run("NOOP", "news was asked for").await? != End::Ok {
                return Err(MailboxErrorKind::Protocol("it refuses NOOP"));
            }
        }
        Ok(Woken::News)
    }

    async fn idle(&mut self, deadline: Instant) -> Result<Woken, MailboxErrorKind> {
        const DOING: &str = "the server was to watch the folder";
        self.usable()?;
        while !self.pending {
            let until = deadline.min(Instant::now() + IDLE_RENEW);
            if Instant::now() >= deadline {
                return Ok(Woken::Quiet);
            }
            let tag = self.wire.send("IDLE").await?;
            loop {
                self.next(DOING).await?;
                if self.wire.begins(b"+") {
                    break;
                }
                if self.wire.end_of(&tag)?.is_some() {
                    return Err(MailboxErrorKind::Protocol("it offers IDLE and refuses it"));
                }
            }
            while !self.pending {
                // Silence is what IDLE is for, so only `until` limits it; `next` would call it a failure.
                let quiet = self.wire.patience(IDLE_RENEW * 2);
                let heard = timeout_at(until, self.next(DOING)).await;
                self.wire.patience(quiet);
                match heard {
                    Err(_) => break,
                    Ok(heard) => heard?,
                }
                if self.wire.end_of(&tag)?.is_some() {
                    return Err(MailboxErrorKind::Protocol("it stopped watching by itself"));
                }
            }
            self.wire.send_raw("DONE\r\n").await?;
            loop {
                self.next(DOING).await?;
                if let Some(end) = self.wire.end_of(&tag)? {
                    if end != End::Ok {
                        return Err(MailboxErrorKind::Protocol("it ended IDLE with a refusal"));
                    }
                    break;
                }
            }
        }
        Ok(Woken::News)
    }
}
