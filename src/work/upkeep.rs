//! Forgets what has had its time: files of forms that were never sent, private pages that were left open, sessions that
//! have run out.
//!
//! What a citizen sent is never forgotten here: that is retention's, by rules of its own.

use std::time::Duration;

use jiff::SignedDuration;
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::store::{Store, StoreError};

/// How often it is looked.
const EVERY: Duration = Duration::from_secs(10 * 60);

/// The work.
#[derive(Clone, Debug)]
pub struct Upkeep {
    /// Where everything is kept.
    pub store: Store,
    /// The clock.
    pub clock: Clock,
    /// How long files of a form that is not sent are kept.
    pub keep_files: SignedDuration,
}

impl Upkeep {
    /// Looks now and then until it is stopped.
    pub async fn run(self, stop: &CancellationToken) {
        loop {
            if let Err(error) = self.run_one().await {
                tracing::warn!(%error, "what has had its time could not be forgotten; it is tried again");
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(EVERY) => {}
            }
        }
    }

    /// Looks once.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn run_one(&self) -> Result<(), StoreError> {
        let now = self.clock.now();
        let files = self.store.form_files_forget(now - self.keep_files).await?;
        let pages = self.store.private_sessions_forget(now).await?;
        self.store.sign_in_forget(now).await?;
        if files + pages > 0 {
            tracing::debug!(files, pages, "forgot what has had its time");
        }
        Ok(())
    }
}
