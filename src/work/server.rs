//! The server's working parts, started together and stopped in order.
//!
//! The order of a stop: no new letters are taken from the mailboxes; what was taken is filed; what was claimed is sent;
//! then the database is closed. Whatever is cut short is picked up at the next start.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::task::{JoinHandle, JoinSet};
use tokio_util::sync::CancellationToken;

use super::intake::Intake;
use super::outbox::Outbox;
use super::poll::Poll;
use crate::clock::Clock;
use crate::store::Store;
use crate::store::letters::Desk;

/// The parts, at work.
#[derive(Debug)]
pub struct Server {
    store: Store,
    mailboxes: JoinSet<()>,
    intake: JoinHandle<()>,
    outbox: JoinHandle<()>,
    door: Option<Intake>,
    stop_mailboxes: CancellationToken,
    stop_outbox: CancellationToken,
}

/// What the parts are made of.
pub struct Parts {
    /// The store.
    pub store: Store,
    /// Who decides.
    pub desk: Arc<dyn Desk + Send + Sync>,
    /// What sends.
    pub outbox: Outbox,
    /// The clock.
    pub clock: Clock,
}

impl Server {
    /// Starts the parts; `mailbox` makes one reader for each mailbox from the door that its letters go in by.
    pub fn start(parts: Parts, mailboxes: impl FnOnce(&Intake) -> Vec<Poll>) -> Self {
        let ring = Arc::new(Notify::new());
        let (door, filing) = Intake::open(parts.store.clone(), parts.desk, Arc::clone(&ring), parts.clock);
        let stop_mailboxes = CancellationToken::new();
        let stop_outbox = CancellationToken::new();
        let mut readers = JoinSet::new();
        for poll in mailboxes(&door) {
            let stop = stop_mailboxes.clone();
            readers.spawn(async move { poll.run(&stop).await });
        }
        let intake = tokio::spawn(filing);
        let stop = stop_outbox.clone();
        let outbox = tokio::spawn(async move {
            parts.outbox.run(&ring, &stop).await;
            parts.outbox.transport.close().await;
        });
        Self {
            store: parts.store,
            mailboxes: readers,
            intake,
            outbox,
            door: Some(door),
            stop_mailboxes,
            stop_outbox,
        }
    }

    /// The door for letters that come by other ways.
    pub fn door(&self) -> Option<&Intake> {
        self.door.as_ref()
    }

    /// Stops, and waits at most `patience` for what has begun.
    pub async fn stop(mut self, patience: Duration) {
        self.stop_mailboxes.cancel();
        let mailboxes = async { while self.mailboxes.join_next().await.is_some() {} };
        // A mail server that hangs must not cost the acknowledgements their time: what it owes us stays with it.
        if tokio::time::timeout(patience / 2, mailboxes).await.is_err() {
            self.mailboxes.shutdown().await;
        }
        let stopped = tokio::time::timeout(patience, async {
            self.door.take();
            let _ = (&mut self.intake).await;
            self.stop_outbox.cancel();
            let _ = (&mut self.outbox).await;
        })
        .await;
        if stopped.is_err() {
            tracing::warn!(
                "not everything that had begun was finished in time; the next start goes on with it"
            );
        }
        self.store.close().await;
    }
}
