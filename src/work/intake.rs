//! The one door that letters go in by: groups what waits into one commit, and tells each sender when it is durable.
//!
//! A lone letter is committed at once; a backlog is committed in groups, because one wait for the disk is then
//! shared by all of them. Grouping needs no timer: while one group is being committed the next one gathers.

use std::sync::Arc;

use indgang_channels::message::{Doubt, DoubtKind};
use tokio::sync::{Notify, mpsc, oneshot};

use super::file_check::FileCheck;
use crate::clock::Clock;
use crate::domain::arrival::Disposition;
use crate::store::letters::{Desk, Filed, Letter};
use crate::store::{Store, StoreError};

/// Most letters in one commit. Measured: more gains little, and holds the other writers up.
const GROUP: usize = 64;

/// How many letters may wait at the door before whoever brings more has to wait too.
const WAITING: usize = 128;

/// The door. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Intake {
    jobs: mpsc::Sender<Job>,
    files: Option<Arc<FileCheck>>,
}

#[derive(Debug)]
struct Job {
    letter: Letter,
    done: oneshot::Sender<Result<Filed, IntakeError>>,
}

/// A letter is not filed: keep it where it is, and bring it again.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    /// The database could not take it now.
    #[error("the letter is not filed, because {0}")]
    Store(#[source] Arc<StoreError>),
    /// The server is stopping.
    #[error("the letter is not filed, because the server is stopping")]
    Stopping,
}

/// A letter on its way through the door.
#[derive(Debug)]
pub struct Receipt(oneshot::Receiver<Result<Filed, IntakeError>>);

impl Receipt {
    /// Waits until the letter is durable.
    ///
    /// # Errors
    /// When it is not filed.
    pub async fn wait(self) -> Result<Filed, IntakeError> {
        self.0.await.unwrap_or(Err(IntakeError::Stopping))
    }
}

impl Intake {
    /// Opens the door. Each of `outboxes` is woken whenever something was queued. The returned future does the work; it ends
    /// when the last clone of the door is gone and everything handed in is filed.
    pub fn open(
        store: Store,
        desk: Arc<dyn Desk + Send + Sync>,
        outboxes: Vec<Arc<Notify>>,
        files: Option<FileCheck>,
        clock: Clock,
    ) -> (Self, impl Future<Output = ()> + Send) {
        let (jobs, mut queue) = mpsc::channel::<Job>(WAITING);
        let work = async move {
            let mut group = Vec::with_capacity(GROUP);
            while queue.recv_many(&mut group, GROUP).await > 0 {
                file(&store, desk.as_ref(), &outboxes, &clock, std::mem::take(&mut group)).await;
            }
        };
        (Self { jobs, files: files.map(Arc::new) }, work)
    }

    /// Hands a letter in. Waits while its files are looked at, and while the door is crowded.
    ///
    /// # Errors
    /// When the server is stopping.
    pub async fn submit(&self, mut letter: Letter) -> Result<Receipt, IntakeError> {
        if let Some(files) = &self.files {
            files.look(&mut letter).await;
        }
        let (done, receipt) = oneshot::channel();
        self.jobs.send(Job { letter, done }).await.map_err(|_| IntakeError::Stopping)?;
        Ok(Receipt(receipt))
    }
}

async fn file(store: &Store, desk: &dyn Desk, outboxes: &[Arc<Notify>], clock: &Clock, group: Vec<Job>) {
    let (letters, dones): (Vec<Letter>, Vec<_>) = group.into_iter().map(|job| (job.letter, job.done)).unzip();
    match store.letters_file(&letters, desk, clock.now()).await {
        Ok(filed) => {
            for (filed, done) in filed.into_iter().zip(dones) {
                settle(outboxes, Ok(filed), done);
            }
        }
        Err(error) if error.is_transient() => {
            tracing::error!(letters = letters.len(), %error, "letters are not filed; they will be brought again");
            let error = Arc::new(error);
            for done in dones {
                settle(outboxes, Err(IntakeError::Store(Arc::clone(&error))), done);
            }
        }
        // One letter of the group is one that the database refuses: file them singly, so it costs only itself.
        Err(_) => {
            for (letter, done) in letters.into_iter().zip(dones) {
                let filed = file_alone(store, desk, clock, letter).await;
                settle(outboxes, filed, done);
            }
        }
    }
}

/// Files one letter; one that the database refuses goes to the hold shelf with its bytes and little else.
async fn file_alone(
    store: &Store,
    desk: &dyn Desk,
    clock: &Clock,
    mut letter: Letter,
) -> Result<Filed, IntakeError> {
    let mut result = store.letters_file(std::slice::from_ref(&letter), desk, clock.now()).await;
    if let Err(error) = &result
        && !error.is_transient()
    {
        tracing::error!(account = letter.incoming.account, %error, "a letter is filed on the hold shelf");
        reduce_to_shell(&mut letter, error);
        result = store.letters_file(std::slice::from_ref(&letter), desk, clock.now()).await;
    }
    result.map(|mut filed| filed.remove(0)).map_err(|error| IntakeError::Store(Arc::new(error)))
}

/// Leaves of what was read only what cannot be the reason for a refusal; the bytes stay whole.
fn reduce_to_shell(letter: &mut Letter, error: &StoreError) {
    let incoming = &mut letter.incoming;
    incoming.sender = None;
    incoming.reply_to.clear();
    incoming.recipients.clear();
    incoming.subject.clear();
    incoming.text.clear();
    incoming.folded.clear();
    incoming.attachments.clear();
    incoming.thread = Default::default();
    incoming.bounce = None;
    incoming.automatic = None;
    incoming.doubts.push(Doubt {
        kind: DoubtKind::Unreadable,
        detail: format!("What was read could not be stored: {error}."),
    });
}

fn settle(
    outboxes: &[Arc<Notify>],
    filed: Result<Filed, IntakeError>,
    done: oneshot::Sender<Result<Filed, IntakeError>>,
) {
    if let Ok(Filed { routing: Some(routing), arrival, .. }) = &filed {
        metrics::counter!("indgang_arrivals_total", "disposition" => routing.disposition.as_str())
            .increment(1);
        if routing.texting.pause {
            metrics::counter!("indgang_text_pauses_total").increment(1);
            tracing::warn!(
                arrival = arrival.0,
                "texts come from one number as from a machine; nothing automatic is sent to it for a day"
            );
        }
        if routing.disposition == Disposition::Enquiry || routing.texting.confirm {
            outboxes.iter().for_each(|outbox| outbox.notify_one());
        }
    }
    // Whoever brought the letter may have gone; the letter is filed all the same.
    let _ = done.send(filed);
}
