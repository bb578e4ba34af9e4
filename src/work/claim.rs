//! The claim of one node to a piece of work that only one may do at a time. On a database of one's own there is nobody to
//! claim it from.

use jiff::SignedDuration;

use crate::clock::Clock;
use crate::store::{Store, StoreError};

/// A claim.
#[derive(Debug)]
pub struct Claim {
    /// Where it is kept.
    pub store: Store,
    /// The piece of work.
    pub name: String,
    /// This node.
    pub node: String,
    /// How long it holds without being renewed. When the node dies, another takes over after that.
    pub length: SignedDuration,
    /// The clock.
    pub clock: Clock,
}

impl Claim {
    /// Takes or renews it; `false` while another node holds it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn hold(&self) -> Result<bool, StoreError> {
        if !self.store.is_shared() {
            return Ok(true);
        }
        let now = self.clock.now();
        self.store.lease_take(&self.name, &self.node, now + self.length, now).await
    }

    /// Gives it back, so that another node need not wait for its end.
    pub async fn release(&self) {
        if self.store.is_shared() {
            let _ = self.store.lease_release(&self.name, &self.node).await;
        }
    }
}
