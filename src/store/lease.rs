//! Which node does a piece of work that only one may do at a time.

use jiff::Timestamp;

use super::conn::on_writer;
use super::{Store, StoreError, sql, to_stored};

impl Store {
    /// Takes or renews a lease until a moment; `false` while another holder's runs.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn lease_take(
        &self,
        name: &str,
        holder: &str,
        until: Timestamp,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        on_writer!(self, pool => sqlx::query(sql::LEASE_TAKE)
            .bind(name).bind(holder).bind(to_stored(until)).bind(to_stored(now))
            .execute(pool).await.map(|done| done.rows_affected() == 1))
        .map_err(StoreError::query("lease_take"))
    }

    /// Gives a lease back, so that another node need not wait for its end.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn lease_release(&self, name: &str, holder: &str) -> Result<(), StoreError> {
        on_writer!(self, pool => sqlx::query(sql::LEASE_RELEASE)
            .bind(name).bind(holder).execute(pool).await.map(|_| ()))
        .map_err(StoreError::query("lease_release"))
    }
}
