//! The server's working parts, started together and stopped in order.
//!
//! The order of a stop: no new messages are taken from mailboxes and gateways; what was taken is filed; what was claimed is
//! sent; then the database is closed. Whatever is cut short is picked up at the next start.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::task::{JoinHandle, JoinSet};
use tokio_util::sync::CancellationToken;

use super::file_check::FileCheck;
use super::intake::Intake;
use super::letters::Letters;
use super::outbox::{self, Carry, Outbox};
use super::texting::carry::Texts;
use crate::clock::Clock;
use crate::store::Store;
use crate::store::letters::Desk;

/// Something that brings messages to the door until it is told to stop.
pub type Source = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The parts, at work.
#[derive(Debug)]
pub struct Server {
    store: Store,
    sources: JoinSet<()>,
    intake: JoinHandle<()>,
    outbox: JoinHandle<()>,
    door: Option<Intake>,
    stop_sources: CancellationToken,
    stop_outbox: CancellationToken,
}

/// What the parts are made of.
pub struct Parts {
    /// The store.
    pub store: Store,
    /// Who decides.
    pub desk: Arc<dyn Desk + Send + Sync>,
    /// What sends letters.
    pub letters: Outbox<Letters>,
    /// What sends texts.
    pub texts: Outbox<Texts>,
    /// What looks at the files of letters; `None` when nothing does.
    pub files: Option<FileCheck>,
    /// The clock.
    pub clock: Clock,
}

impl Server {
    /// Starts the parts; `sources` makes what brings messages, from the door that they go in by and the sign to stop.
    pub fn start(parts: Parts, sources: impl FnOnce(&Intake, &CancellationToken) -> Vec<Source>) -> Self {
        let rings = [Arc::new(Notify::new()), Arc::new(Notify::new())];
        let (door, filing) =
            Intake::open(parts.store.clone(), parts.desk, rings.to_vec(), parts.files, parts.clock.clone());
        let stop_sources = CancellationToken::new();
        let stop_outbox = CancellationToken::new();
        let mut running = JoinSet::new();
        for source in sources(&door, &stop_sources) {
            running.spawn(source);
        }
        let intake = tokio::spawn(filing);
        let (stop, store, clock) = (stop_outbox.clone(), parts.store.clone(), parts.clock);
        let outbox = tokio::spawn(async move {
            let node = parts.letters.node.clone();
            let both = async {
                tokio::join!(parts.letters.run(&rings[0], &stop), parts.texts.run(&rings[1], &stop));
            };
            if store.is_shared() {
                tokio::select! {
                    () = both => {}
                    () = outbox::beat(&store, &node, &clock) => {}
                }
            } else {
                both.await;
            }
            parts.letters.carrier.close().await;
            parts.texts.carrier.close().await;
        });
        Self {
            store: parts.store,
            sources: running,
            intake,
            outbox,
            door: Some(door),
            stop_sources,
            stop_outbox,
        }
    }

    /// The door for messages that come by other ways.
    pub fn door(&self) -> Option<&Intake> {
        self.door.as_ref()
    }

    /// Stops, and waits at most `patience` for what has begun.
    pub async fn stop(mut self, patience: Duration) {
        self.stop_sources.cancel();
        let sources = async { while self.sources.join_next().await.is_some() {} };
        // A mail server that hangs must not cost the acknowledgements their time: what it owes us stays with it.
        if tokio::time::timeout(patience / 2, sources).await.is_err() {
            self.sources.shutdown().await;
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
