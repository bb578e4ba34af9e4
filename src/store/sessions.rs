//! Who is signed in. What the browser holds is kept as a hash; a session runs out when nobody uses it.

use jiff::{SignedDuration, Timestamp};

use super::accounts::AccountRow;
use super::conn::{Transaction, on_reader, on_tx, on_writer};
use super::{Store, StoreError, clean, from_stored, log, sql, to_stored};
use crate::domain::account::{Account, AccountId, Deed};

/// A session is renewed no oftener than this: a request that only reads then writes nothing.
const RENEWED: SignedDuration = SignedDuration::from_secs(60);

/// Somebody who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedIn {
    /// The session's number.
    pub session: i64,
    /// Who.
    pub account: Account,
    /// When they signed in.
    pub since: Timestamp,
}

/// A session in the list of one's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionLine {
    /// Its number.
    pub id: i64,
    /// Since when.
    pub made_at: Timestamp,
    /// When it was used last.
    pub seen_at: Timestamp,
    /// What the browser calls itself, shortened.
    pub browser: String,
}

#[derive(sqlx::FromRow)]
struct SeenRow {
    session_id: i64,
    seen_at: i64,
    session_made_at: i64,
    #[sqlx(flatten)]
    account: AccountRow,
}

impl Store {
    /// Signs somebody in. Always a new session: what the browser brought along is never taken over (session fixation).
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn session_open(
        &self,
        token_hash: &[u8; 32],
        account: AccountId,
        browser: &str,
        how: &str,
        expires_at: Timestamp,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut tx = Transaction::begin(self).await?;
        let browser: String = clean(browser).chars().filter(|c| !c.is_control()).take(120).collect();
        on_tx!(&mut tx, conn => sqlx::query(sql::people::SESSION_OPEN)
            .bind(&token_hash[..]).bind(account.0).bind(to_stored(now)).bind(to_stored(expires_at)).bind(browser)
            .execute(conn).await.map(|_| ()))
        .map_err(StoreError::query("session_open"))?;
        let deed = Deed { account: Some(account), act: "sign_in", enquiry: None, detail: how.to_owned() };
        log::append(&mut tx, &deed, now).await?;
        tx.commit().await
    }

    /// Who is signed in with this, and goes on being so for `idle`; nobody whose time is over. Without `idle` a page asks by
    /// itself, and nobody need be there.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn session_see(
        &self,
        token_hash: &[u8; 32],
        idle: Option<SignedDuration>,
        now: Timestamp,
    ) -> Result<Option<SignedIn>, StoreError> {
        let row: Option<SeenRow> = on_reader!(self, pool => sqlx::query_as(sql::people::SESSION_SEE)
            .bind(&token_hash[..]).bind(to_stored(now)).fetch_optional(pool).await)
        .map_err(StoreError::query("session_see"))?;
        let Some(SeenRow { session_id, seen_at, session_made_at, account }) = row else { return Ok(None) };
        let account = account.read()?;
        if !account.is_in_time(now) {
            return Ok(None);
        }
        if let Some(idle) = idle
            && seen_at < to_stored(now - RENEWED)
        {
            on_writer!(self, conn => sqlx::query(sql::people::SESSION_RENEW)
                .bind(to_stored(now)).bind(to_stored(now + idle)).bind(session_id)
                .execute(conn).await.map(|_| ()))
            .map_err(StoreError::query("session_renew"))?;
        }
        let since = from_stored(session_made_at, "session", "made_at", session_id)?;
        Ok(Some(SignedIn { session: session_id, account, since }))
    }

    /// Somebody's sessions, the one used last first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn sessions(&self, account: AccountId, now: Timestamp) -> Result<Vec<SessionLine>, StoreError> {
        let rows: Vec<(i64, i64, i64, String)> =
            on_reader!(self, pool => sqlx::query_as(sql::people::SESSIONS)
            .bind(account.0).bind(to_stored(now)).fetch_all(pool).await)
            .map_err(StoreError::query("sessions"))?;
        rows.into_iter()
            .map(|(id, made_at, seen_at, browser)| {
                Ok(SessionLine {
                    id,
                    made_at: from_stored(made_at, "session", "made_at", id)?,
                    seen_at: from_stored(seen_at, "session", "seen_at", id)?,
                    browser,
                })
            })
            .collect()
    }

    /// Signs out of one of one's own sessions.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn session_end(
        &self,
        session: i64,
        account: AccountId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut tx = Transaction::begin(self).await?;
        let ended = on_tx!(&mut tx, conn => sqlx::query(sql::people::SESSION_END)
            .bind(session).bind(account.0).execute(conn).await.map(|done| done.rows_affected()))
        .map_err(StoreError::query("session_end"))?;
        if ended > 0 {
            let deed = Deed { account: Some(account), act: "sign_out", enquiry: None, detail: String::new() };
            log::append(&mut tx, &deed, now).await?;
        }
        tx.commit().await
    }

    /// Forgets sessions, steps of signing in and wrong passwords that are over.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn sign_in_forget(&self, now: Timestamp) -> Result<(), StoreError> {
        let day_ago = to_stored(now - SignedDuration::from_hours(24));
        for (text, at) in [
            (sql::people::SESSIONS_FORGET, to_stored(now)),
            (sql::people::STEPS_FORGET, to_stored(now)),
            (sql::people::FAILURES_FORGET, day_ago),
            (sql::inbox::QUESTIONS_FORGET, day_ago),
        ] {
            on_writer!(self, conn => sqlx::query(text).bind(at).execute(conn).await.map(|_| ()))
                .map_err(StoreError::query("sign_in_forget"))?;
        }
        Ok(())
    }
}
