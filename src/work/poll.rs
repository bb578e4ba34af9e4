//! Reads one mailbox: everything after the stored cursor, then waits for more, through every failure.
//!
//! Nothing on the server is touched before the commit. A crash between the commit and the mark on the server leaves a
//! stray unread letter, never a lost one; the next connection finds it and marks it.

use std::sync::Arc;
use std::time::Duration;

use indgang_channels::email::mailbox::{
    Account, Action, Budget, Fetched, FetchedBody, Letter as MailboxLetter, Mailbox, MailboxError,
    MailboxErrorKind, Selected, Watch,
};
use indgang_channels::message::{Doubt, DoubtKind, ExternalId};
use jiff::SignedDuration;
use rand::RngExt;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::claim::Claim;
use super::intake::{Intake, IntakeError, Receipt};
use super::read::Reader;
use super::retry::Backoff;
use crate::clock::Clock;
use crate::health::{Health, MailboxState};
use crate::store::cursor::{Cursor, CursorStep, external_id};
use crate::store::letters::Letter;
use crate::store::{Store, StoreError};

/// Letters of one mailbox that may be on their way to the database.
const UNDER_WAY: usize = 128;

/// How long this node may read a mailbox without renewing its claim on it. When it dies, another takes over after
/// that. A claim that runs out in the middle of a long catching-up costs double work and nothing else: a letter that two
/// nodes file is filed once.
pub const LEASE: SignedDuration = SignedDuration::from_secs(30);

/// How often a node renews its claim, or asks whether it may have it.
const LEASE_LOOK: Duration = Duration::from_secs(10);

/// Waits between attempts to reach a server that fails.
const RECONNECT: Backoff = Backoff { first: Duration::from_secs(1), longest: Duration::from_secs(60) };

/// Waits where somebody must act first: asked seldom, because servers lock accounts that knock too often.
const REFUSED: Backoff = Backoff { first: Duration::from_secs(10), longest: Duration::from_secs(300) };

/// Reads one mailbox.
#[derive(Debug)]
pub struct Poll {
    /// The mailbox.
    pub account: Account,
    /// What becomes of a letter on the server after the commit.
    pub action: Action,
    /// How it is watched.
    pub watch: Watching,
    /// How often it is looked at all the same.
    pub interval: Duration,
    /// The largest letter that is fetched, in bytes.
    pub size_limit: u64,
    /// Reads its letters.
    pub reader: Arc<Reader>,
    /// Where they go in.
    pub intake: Intake,
    /// Where the cursor is kept.
    pub store: Store,
    /// Memory that all mailboxes share.
    pub budget: Budget,
    /// Where its state is told.
    pub health: Health,
    /// This node's claim to read it.
    pub claim: Claim,
    /// The clock.
    pub clock: Clock,
}

/// How a mailbox is watched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Watching {
    /// As the server's distance says: one that is near is asked this often, one that is not tells by itself.
    Auto {
        /// How often a near one is asked.
        near: Duration,
    },
    /// Always so.
    Always(Watch),
}

/// A server that answers this quickly is near: asking it ten times a second costs neither side anything.
const NEAR: Duration = Duration::from_millis(5);

/// How often a server is asked that is to tell by itself, and cannot.
pub const NO_IDLE_LOOK: Duration = Duration::from_secs(10);

/// How a mailbox is watched whose server answers after `distance`.
fn watch_at(watching: Watching, distance: Duration) -> Watch {
    match watching {
        Watching::Always(watch) => watch,
        Watching::Auto { near } if distance <= NEAR => Watch::Poll(near),
        Watching::Auto { .. } => Watch::Idle { fallback: NO_IDLE_LOOK },
    }
}

/// Why reading stopped.
#[derive(Debug, thiserror::Error)]
enum PollError {
    #[error(transparent)]
    Mailbox(#[from] MailboxError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Intake(#[from] IntakeError),
    #[error("another node reads the mailbox")]
    Elsewhere,
}

impl Poll {
    /// Goes on until told to stop. A failure costs this mailbox a wait, and no other anything.
    pub async fn run(&self, stop: &CancellationToken) {
        let mut failures = 0;
        self.tell(MailboxState::Connecting, None);
        while !stop.is_cancelled() {
            let Err(error) = self.read(stop, &mut failures).await else { break };
            let wait = self.failed(&error, &mut failures);
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(wait) => {}
            }
        }
        self.claim.release().await;
    }

    /// Says what went wrong, once, and how long to wait.
    fn failed(&self, error: &PollError, failures: &mut u32) -> Duration {
        let dice = rand::rng().random();
        if matches!(error, PollError::Elsewhere) {
            self.tell(MailboxState::ElsewhereRead, None);
            return LEASE_LOOK;
        }
        *failures += 1;
        tracing::warn!(mailbox = self.account.name, failures, %error, "the mailbox cannot be read; it is tried again");
        self.tell(MailboxState::Failing, Some(error.to_string()));
        let operator = matches!(error, PollError::Mailbox(error) if error.needs_operator());
        if operator { REFUSED.wait(*failures, dice) } else { RECONNECT.wait(*failures, dice) }
    }

    /// One connection, for as long as it lasts. Ends without an error when told to stop.
    async fn read(&self, stop: &CancellationToken, failures: &mut u32) -> Result<(), PollError> {
        self.lease().await?;
        let mut mailbox = Mailbox::connect(&self.account).await?;
        let selected = mailbox.select().await?;
        let mut cursor = self.cursor(&selected).await?;
        cursor = self.reconcile(&mut mailbox, cursor).await?;
        let watch = watch_at(self.watch, mailbox.distance().await?);
        while !stop.is_cancelled() {
            self.lease().await?;
            let before = cursor;
            cursor = self.catch_up(&mut mailbox, cursor, stop).await?;
            *failures = 0;
            self.tell(MailboxState::Reading, None);
            if cursor != before {
                continue;
            }
            let longest = if self.store.is_shared() { self.interval.min(LEASE_LOOK) } else { self.interval };
            let woken = tokio::select! {
                () = stop.cancelled() => break,
                woken = mailbox.wait(watch, longest) => woken,
            };
            woken?;
        }
        mailbox.close().await;
        Ok(())
    }

    /// Where to go on. A new UIDVALIDITY voids every stored UID, so all is fetched again, and what is known already is
    /// recognised by its content.
    async fn cursor(&self, selected: &Selected) -> Result<Cursor, PollError> {
        let fresh = Cursor { uid_validity: selected.uid_validity, last_uid: 0 };
        Ok(match self.store.cursor_fetch(&self.account.name, &self.account.folder).await? {
            Some(stored) if stored.uid_validity == selected.uid_validity => stored,
            Some(_) => {
                tracing::warn!(
                    mailbox = self.account.name,
                    "the folder was rebuilt (UIDVALIDITY); it is read again from the start"
                );
                fresh
            }
            None => fresh,
        })
    }

    /// Compares the server with the ledger, below the cursor: what was filed but not marked before a crash is marked
    /// now, and a letter that was never filed, which no crash of ours can bring about, is fetched.
    async fn reconcile(&self, mailbox: &mut Mailbox, cursor: Cursor) -> Result<Cursor, PollError> {
        if cursor.last_uid == 0 {
            return Ok(cursor);
        }
        let folder = &self.account.folder;
        let filed = self.store.cursor_filed_uids(&self.account.name, folder, cursor.uid_validity).await?;
        let present = mailbox.uids_through(cursor.last_uid, None).await?;
        let missed = present.iter().copied().filter(|uid| !filed.contains(uid)).min();
        let unmarked = match &self.action {
            Action::Keep => Vec::new(),
            // Where the server cannot move, a copy was made and the letter marked as deleted; that was all.
            Action::Move(_) => mailbox.uids_through(cursor.last_uid, Some("\\Deleted")).await?,
            Action::Flag(flag) => mailbox.uids_through(cursor.last_uid, Some(flag)).await?,
        };
        let unmarked: Vec<u32> = unmarked.into_iter().filter(|uid| filed.contains(uid)).collect();
        self.finish(mailbox, &unmarked).await?;
        Ok(match missed {
            Some(uid) => {
                tracing::warn!(
                    mailbox = self.account.name,
                    uid,
                    "a letter below the cursor is not filed; it is fetched now"
                );
                Cursor { last_uid: uid - 1, ..cursor }
            }
            None => cursor,
        })
    }

    /// Files everything after the cursor, marks it on the server, and gives back where that ended.
    async fn catch_up(
        &self,
        mailbox: &mut Mailbox,
        cursor: Cursor,
        stop: &CancellationToken,
    ) -> Result<Cursor, PollError> {
        let (out, letters) = mpsc::channel::<Fetched>(UNDER_WAY);
        let (receipts, filing) = mpsc::channel::<(u32, bool, Receipt)>(UNDER_WAY);
        let (fetched, (handed, filed)) = {
            let fetch = async {
                let fetched = mailbox.fetch_after(cursor.last_uid, self.size_limit, &self.budget, &out).await;
                drop(out);
                fetched
            };
            let hand_in = self.hand_in(cursor.uid_validity, letters, receipts, stop);
            tokio::join!(fetch, async { tokio::join!(hand_in, wait_for(filing)) })
        };
        let (done, wait_error) = filed;
        // What is durable is marked, whatever else went wrong.
        let marked = match &fetched {
            Err(error) if !error.keeps_connection() && !matches!(error.kind, MailboxErrorKind::Abandoned) => {
                Ok(())
            }
            _ => self.finish(mailbox, &done).await,
        };
        if let Some(error) = wait_error {
            return Err(error.into());
        }
        handed?;
        match fetched {
            Ok(highest) => {
                marked?;
                Ok(Cursor { last_uid: highest.max(cursor.last_uid), ..cursor })
            }
            // We ourselves stopped taking letters.
            Err(error) if matches!(error.kind, MailboxErrorKind::Abandoned) && stop.is_cancelled() => {
                Ok(cursor)
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn hand_in(
        &self,
        uid_validity: u32,
        mut letters: mpsc::Receiver<Fetched>,
        receipts: mpsc::Sender<(u32, bool, Receipt)>,
        stop: &CancellationToken,
    ) -> Result<(), IntakeError> {
        while let Some(fetched) = letters.recv().await {
            if stop.is_cancelled() {
                return Ok(());
            }
            let Some(letter) = fetched.letter else { continue };
            let (uid, whole) = (letter.uid, matches!(letter.body, FetchedBody::Whole(_)));
            let letter = self.letter(letter, uid_validity, fetched.cursor).await;
            let receipt = self.intake.submit(letter).await?;
            // The waiter ends at the first letter that is not filed; so do we.
            if receipts.send((uid, whole, receipt)).await.is_err() {
                return Ok(());
            }
        }
        Ok(())
    }

    async fn letter(&self, mut fetched: MailboxLetter, uid_validity: u32, cursor: u32) -> Letter {
        let folder = &self.account.folder;
        let external_id = ExternalId(external_id(folder, uid_validity, fetched.uid));
        let received_at = fetched.received_at.unwrap_or_else(|| self.clock.now());
        let body = std::mem::replace(&mut fetched.body, FetchedBody::Withheld);
        let (raw, incoming) = match body {
            FetchedBody::Whole(raw) => self.reader.read(raw, external_id, received_at).await,
            FetchedBody::TooLarge(head) => {
                let detail = format!(
                    "The letter is {} KiB, larger than email.limits.size; only its head was fetched, and the whole letter stays in the mailbox.",
                    fetched.size >> 10
                );
                let incoming =
                    self.reader.shell(&head, external_id, received_at, DoubtKind::OverLimit, &detail);
                (head, incoming)
            }
            FetchedBody::Withheld => {
                // Bytes of its own, so that two such letters are not taken for the same one.
                let raw = format!("X-Indgang-Withheld: {} {}\r\n\r\n", self.account.name, external_id.0)
                    .into_bytes();
                let mut incoming = self.reader.shell(
                    &raw,
                    external_id,
                    received_at,
                    DoubtKind::Unreadable,
                    "The mail server lists the letter but does not give it out; it stays in the mailbox.",
                );
                incoming.doubts.retain(|doubt: &Doubt| doubt.kind == DoubtKind::Unreadable);
                (raw, incoming)
            }
        };
        let step = CursorStep { folder: folder.clone(), uid_validity, uid: cursor };
        Letter { raw, incoming, cursor: Some(step) }
    }

    async fn finish(&self, mailbox: &mut Mailbox, uids: &[u32]) -> Result<(), PollError> {
        if uids.is_empty() || self.action == Action::Keep {
            return Ok(());
        }
        Ok(mailbox.finish(uids, &self.action).await?)
    }

    /// On a shared database one node at a time reads a mailbox.
    async fn lease(&self) -> Result<(), PollError> {
        if self.claim.hold().await? { Ok(()) } else { Err(PollError::Elsewhere) }
    }

    fn tell(&self, state: MailboxState, trouble: Option<String>) {
        self.health.report(&self.account.name, state, trouble, self.clock.now());
    }
}

/// Waits for each letter in turn. Gives the UIDs that are durable and may be marked on the server (a letter that was
/// not fetched whole stays there untouched), and the first failure.
async fn wait_for(mut filing: mpsc::Receiver<(u32, bool, Receipt)>) -> (Vec<u32>, Option<IntakeError>) {
    let mut done = Vec::new();
    while let Some((uid, whole, receipt)) = filing.recv().await {
        match receipt.wait().await {
            Ok(_) if whole => done.push(uid),
            Ok(_) => {}
            Err(error) => return (done, Some(error)),
        }
    }
    (done, None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_near_server_is_asked_often() {
        let auto = Watching::Auto { near: Duration::from_millis(100) };
        let idle = Watch::Idle { fallback: NO_IDLE_LOOK };
        for (watching, milliseconds, expected) in [
            (auto, 0, Watch::Poll(Duration::from_millis(100))),
            (auto, 5, Watch::Poll(Duration::from_millis(100))),
            (auto, 6, idle),
            (Watching::Always(idle), 0, idle),
            (Watching::Always(Watch::Poll(NEAR)), 500, Watch::Poll(NEAR)),
        ] {
            assert_eq!(watch_at(watching, Duration::from_millis(milliseconds)), expected);
        }
    }
}
