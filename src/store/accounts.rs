//! Who may sign in, and what proves it is they. Every secret is given and kept as a hash, but for the seed of one-time
//! codes, which cannot be.
//!
//! Whether a password is right is found out elsewhere: that is slow on purpose.

use jiff::{SignedDuration, Timestamp};

use super::conn::{Transaction, on_reader, on_tx, on_writer};
use super::{Store, StoreError, clean, from_stored, log, sql, to_stored};
use crate::domain::account::{Account, AccountId, Deed, Role};

/// After so many wrong passwords in a row a login is closed for a while, twice as long each time.
const FREE_TRIES: i64 = 5;
const FIRST_CLOSED: SignedDuration = SignedDuration::from_mins(1);
const LONGEST_CLOSED: SignedDuration = SignedDuration::from_hours(1);
/// Wrong passwords are forgotten after so long.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(24);

/// Somebody who is to sign in.
#[derive(Clone)]
pub struct NewAccount {
    /// Their e-mail address.
    pub login: String,
    /// What they are called.
    pub name: String,
    /// What they are here for.
    pub role: Role,
    /// The language of their pages.
    pub language: String,
    /// When their time begins and ends.
    pub time: (Option<Timestamp>, Option<Timestamp>),
}

/// An account in the list of them.
#[derive(Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct AccountLine {
    /// Its number.
    pub id: i64,
    /// The e-mail address.
    pub login: String,
    /// The name.
    pub name: String,
    /// `adviser`, `substitute` or `operator`.
    pub role: String,
    /// `da` or `en`.
    pub language: String,
    /// Whether single keys do something.
    pub single_keys: bool,
    /// When their time begins, in stored form.
    pub from_at: Option<i64>,
    /// When it ends.
    pub until_at: Option<i64>,
    /// When it was ended.
    pub ended_at: Option<i64>,
    /// Whether there is a password.
    pub has_password: bool,
    /// Whether one-time codes are asked for.
    pub has_totp: bool,
    /// Whether they sign on at the municipality.
    pub has_subject: bool,
    /// How many passkeys there are.
    pub passkeys: i64,
}

/// What proves that somebody is whom their login says.
#[derive(Clone)]
pub struct Proofs {
    /// The account.
    pub account: AccountId,
    /// The password's hash (PHC string).
    pub password_hash: Option<String>,
    /// The seed of one-time codes.
    pub totp_secret: Option<Vec<u8>>,
    /// The last step of them that was used.
    pub totp_step: Option<i64>,
}

#[derive(sqlx::FromRow)]
pub(super) struct AccountRow {
    id: i64,
    login: String,
    name: String,
    role: String,
    language: String,
    single_keys: bool,
    from_at: Option<i64>,
    until_at: Option<i64>,
}

impl AccountRow {
    pub(super) fn read(self) -> Result<Account, StoreError> {
        let corrupt = StoreError::Corrupt { table: "account", column: "role", row: self.id };
        let time =
            |at: Option<i64>, column| at.map(|at| from_stored(at, "account", column, self.id)).transpose();
        Ok(Account {
            id: AccountId(self.id),
            role: Role::parse(&self.role).ok_or(corrupt)?,
            from: time(self.from_at, "from_at")?,
            until: time(self.until_at, "until_at")?,
            login: self.login,
            name: self.name,
            language: self.language,
            single_keys: self.single_keys,
        })
    }
}

impl Store {
    /// Makes an account; `None` when the login is taken.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn account_make(
        &self,
        new: &NewAccount,
        by: Option<AccountId>,
        now: Timestamp,
    ) -> Result<Option<AccountId>, StoreError> {
        let mut tx = Transaction::begin(self).await?;
        let (from, until) = new.time;
        let id: Option<i64> = on_tx!(&mut tx, conn => sqlx::query_scalar(sql::people::ACCOUNT_MAKE)
            .bind(clean(&new.login.trim().to_lowercase()).as_ref()).bind(clean(new.name.trim()).as_ref())
            .bind(new.role.as_str()).bind(&new.language).bind(from.map(to_stored)).bind(until.map(to_stored))
            .bind(to_stored(now)).fetch_optional(conn).await)
        .map_err(StoreError::query("account_make"))?;
        let Some(id) = id else { return Ok(None) };
        let detail = format!("account {id}, {}", new.role.as_str());
        log::append(&mut tx, &Deed { account: by, act: "account_make", enquiry: None, detail }, now).await?;
        tx.commit().await?;
        Ok(Some(AccountId(id)))
    }

    /// Every account.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn accounts(&self) -> Result<Vec<AccountLine>, StoreError> {
        on_reader!(self, pool => sqlx::query_as(sql::people::ACCOUNTS).fetch_all(pool).await)
            .map_err(StoreError::query("accounts"))
    }

    /// How many can sign in.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn account_count(&self) -> Result<i64, StoreError> {
        on_reader!(self, pool => sqlx::query_scalar(sql::people::ACCOUNT_COUNT).fetch_one(pool).await)
            .map_err(StoreError::query("account_count"))
    }

    /// An account that has not ended.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn account_fetch(&self, id: AccountId) -> Result<Option<Account>, StoreError> {
        let row: Option<AccountRow> = on_reader!(self, pool => sqlx::query_as(sql::people::ACCOUNT_FETCH)
            .bind(id.0).fetch_optional(pool).await)
        .map_err(StoreError::query("account_fetch"))?;
        row.map(AccountRow::read).transpose()
    }

    /// What proves who somebody is, by their login.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn account_proofs(&self, login: &str) -> Result<Option<Proofs>, StoreError> {
        type Row = (i64, Option<String>, Option<Vec<u8>>, Option<i64>);
        let row: Option<Row> = on_reader!(self, pool => sqlx::query_as(sql::people::ACCOUNT_PROOFS)
            .bind(clean(&login.trim().to_lowercase()).as_ref()).fetch_optional(pool).await)
        .map_err(StoreError::query("account_proofs"))?;
        Ok(row.map(|(id, password_hash, totp_secret, totp_step)| Proofs {
            account: AccountId(id),
            password_hash,
            totp_secret,
            totp_step,
        }))
    }

    /// Ends an account, and with it every session of it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn account_end(
        &self,
        id: AccountId,
        by: Option<AccountId>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut tx = Transaction::begin(self).await?;
        on_tx!(&mut tx, conn => sqlx::query(sql::people::ACCOUNT_END)
            .bind(to_stored(now)).bind(id.0).execute(conn).await.map(|_| ()))
        .map_err(StoreError::query("account_end"))?;
        on_tx!(&mut tx, conn => sqlx::query(sql::people::SESSIONS_END)
            .bind(id.0).bind(0_i64).execute(conn).await.map(|_| ()))
        .map_err(StoreError::query("sessions_end"))?;
        let detail = format!("account {}", id.0);
        log::append(&mut tx, &Deed { account: by, act: "account_end", enquiry: None, detail }, now).await?;
        tx.commit().await
    }

    /// Sets a password, by its hash, and signs its owner out everywhere but in `keep`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn account_password(
        &self,
        id: AccountId,
        hash: &str,
        keep: Option<i64>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut tx = Transaction::begin(self).await?;
        on_tx!(&mut tx, conn => sqlx::query(sql::people::ACCOUNT_PASSWORD)
            .bind(hash).bind(id.0).execute(conn).await.map(|_| ()))
        .map_err(StoreError::query("account_password"))?;
        on_tx!(&mut tx, conn => sqlx::query(sql::people::SESSIONS_END)
            .bind(id.0).bind(keep.unwrap_or(0)).execute(conn).await.map(|_| ()))
        .map_err(StoreError::query("sessions_end"))?;
        // Whoever is between the two steps came there with the password of before.
        on_tx!(&mut tx, conn => sqlx::query(sql::people::STEPS_END).bind(id.0).execute(conn).await.map(|_| ()))
            .map_err(StoreError::query("steps_end"))?;
        let deed = Deed { account: Some(id), act: "password_set", enquiry: None, detail: String::new() };
        log::append(&mut tx, &deed, now).await?;
        tx.commit().await
    }

    /// Sets the seed of one-time codes with the hashes of its recovery codes, or removes both.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn account_totp(
        &self,
        id: AccountId,
        secret: Option<(&[u8], &[String])>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut tx = Transaction::begin(self).await?;
        let recovery = secret.map(|(_, hashes)| hashes.join(" "));
        on_tx!(&mut tx, conn => sqlx::query(sql::people::ACCOUNT_TOTP)
            .bind(secret.map(|(seed, _)| seed)).bind(recovery).bind(id.0).execute(conn).await.map(|_| ()))
        .map_err(StoreError::query("account_totp"))?;
        let act = if secret.is_some() { "codes_on" } else { "codes_off" };
        log::append(&mut tx, &Deed { account: Some(id), act, enquiry: None, detail: String::new() }, now)
            .await?;
        tx.commit().await
    }

    /// Says that the code of a step was used; `false` when it, or a later one, had been.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn account_totp_used(&self, id: AccountId, step: i64) -> Result<bool, StoreError> {
        on_writer!(self, conn => sqlx::query(sql::people::ACCOUNT_TOTP_USED)
            .bind(step).bind(id.0).execute(conn).await.map(|done| done.rows_affected() > 0))
        .map_err(StoreError::query("account_totp_used"))
    }

    /// Uses a recovery code, by its hash; `false` when it is none, or was used.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn account_recovery_use(
        &self,
        id: AccountId,
        hash: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut tx = Transaction::begin(self).await?;
        let used = on_tx!(&mut tx, conn => sqlx::query(sql::people::ACCOUNT_RECOVERY_USE)
            .bind(hash).bind(id.0).execute(conn).await.map(|done| done.rows_affected() > 0))
        .map_err(StoreError::query("account_recovery_use"))?;
        if used {
            let deed = Deed { account: Some(id), act: "recovery_used", enquiry: None, detail: String::new() };
            log::append(&mut tx, &deed, now).await?;
        }
        tx.commit().await?;
        Ok(used)
    }

    /// Takes away every proof but the password: for somebody who has lost their telephone and their recovery codes. Signs
    /// them out everywhere.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn account_reset(
        &self,
        id: AccountId,
        by: Option<AccountId>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut tx = Transaction::begin(self).await?;
        on_tx!(&mut tx, conn => sqlx::query(sql::people::ACCOUNT_TOTP)
            .bind(None::<Vec<u8>>).bind(None::<String>).bind(id.0).execute(conn).await.map(|_| ()))
        .map_err(StoreError::query("account_reset"))?;
        on_tx!(&mut tx, conn => sqlx::query(sql::people::PASSKEYS_FORGET)
            .bind(id.0).execute(conn).await.map(|_| ()))
        .map_err(StoreError::query("passkeys_forget"))?;
        on_tx!(&mut tx, conn => sqlx::query(sql::people::SESSIONS_END)
            .bind(id.0).bind(0_i64).execute(conn).await.map(|_| ()))
        .map_err(StoreError::query("sessions_end"))?;
        let detail = format!("account {}", id.0);
        log::append(&mut tx, &Deed { account: by, act: "account_reset", enquiry: None, detail }, now).await?;
        tx.commit().await
    }

    /// Whom a provider's subject is: the account that it belongs to, or, the first time, the one with this verified address,
    /// which it then belongs to for good. `None` for everybody else, and for accounts that have ended.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn account_of_subject(
        &self,
        subject: &str,
        email: Option<&str>,
        now: Timestamp,
    ) -> Result<Option<AccountId>, StoreError> {
        let mut tx = Transaction::begin(self).await?;
        tx.serialise_intake().await?;
        let known: Option<(i64, Option<i64>)> =
            on_tx!(&mut tx, conn => sqlx::query_as(sql::people::SUBJECT_FETCH)
                .bind(subject).fetch_optional(conn).await)
            .map_err(StoreError::query("subject_fetch"))?;
        if let Some((id, ended_at)) = known {
            return Ok(ended_at.is_none().then_some(AccountId(id)));
        }
        let Some(email) = email else { return Ok(None) };
        let linked: Option<i64> = on_tx!(&mut tx, conn => sqlx::query_scalar(sql::people::SUBJECT_LINK)
            .bind(subject).bind(clean(&email.trim().to_lowercase()).as_ref()).fetch_optional(conn).await)
        .map_err(StoreError::query("subject_link"))?;
        let Some(id) = linked.map(AccountId) else { return Ok(None) };
        let deed = Deed { account: Some(id), act: "signon_linked", enquiry: None, detail: String::new() };
        log::append(&mut tx, &deed, now).await?;
        tx.commit().await?;
        Ok(Some(id))
    }

    /// Sets what somebody likes: the language of their pages, and whether single keys do something.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn account_likes(
        &self,
        id: AccountId,
        language: &str,
        single_keys: bool,
    ) -> Result<(), StoreError> {
        on_writer!(self, conn => sqlx::query(sql::people::ACCOUNT_LIKES)
            .bind(language).bind(single_keys).bind(id.0).execute(conn).await.map(|_| ()))
        .map_err(StoreError::query("account_likes"))
    }

    /// Keeps a link that signs in once.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn sign_in_link_make(
        &self,
        token_hash: &[u8; 32],
        account: AccountId,
        by: Option<AccountId>,
        expires_at: Timestamp,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut tx = Transaction::begin(self).await?;
        on_tx!(&mut tx, conn => sqlx::query(sql::people::LINK_MAKE)
            .bind(&token_hash[..]).bind(account.0).bind(to_stored(expires_at)).execute(conn).await.map(|_| ()))
        .map_err(StoreError::query("sign_in_link_make"))?;
        // Whoever makes a link could use it: it must be seen who did.
        let detail = format!("account {}", account.0);
        log::append(&mut tx, &Deed { account: by, act: "link_make", enquiry: None, detail }, now).await?;
        tx.commit().await
    }

    /// Uses such a link; `None` when it was used, has run out, or never was.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn sign_in_link_use(
        &self,
        token_hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<Option<AccountId>, StoreError> {
        let id: Option<i64> = on_writer!(self, conn => sqlx::query_scalar(sql::people::LINK_USE)
            .bind(to_stored(now)).bind(&token_hash[..]).fetch_optional(conn).await)
        .map_err(StoreError::query("sign_in_link_use"))?;
        Ok(id.map(AccountId))
    }

    /// Counts a try to sign in before it is made: `Err(until)` while the login is closed. Whoever is right forgets it with
    /// [`Store::sign_in_clear`]. Counted before, so that a thousand tries at once are a thousand tries.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn sign_in_try(
        &self,
        login: &str,
        now: Timestamp,
    ) -> Result<Result<(), Timestamp>, StoreError> {
        let login = clean(&login.trim().to_lowercase()).chars().take(200).collect::<String>();
        let mut tx = Transaction::begin(self).await?;
        tx.serialise_intake().await?;
        let row: Option<(i64, i64, Option<i64>)> =
            on_tx!(&mut tx, conn => sqlx::query_as(sql::people::FAILURE_FETCH)
                .bind(&login).fetch_optional(conn).await)
            .map_err(StoreError::query("sign_in_failure"))?;
        let (mut failures, last_at, closed_until) = row.unwrap_or((0, to_stored(now), None));
        if last_at < to_stored(now - REMEMBERED) {
            failures = 0;
        }
        if let Some(until) = closed_until.filter(|until| *until > to_stored(now)) {
            return Ok(Err(from_stored(until, "sign_in_failure", "closed_until", 0)?));
        }
        failures += 1;
        let over = u32::try_from(failures - FREE_TRIES).unwrap_or(0).min(10);
        let closed = (failures >= FREE_TRIES).then(|| now + (FIRST_CLOSED * (1 << over)).min(LONGEST_CLOSED));
        on_tx!(&mut tx, conn => sqlx::query(sql::people::FAILURE_NOTE)
            .bind(&login).bind(failures).bind(to_stored(now)).bind(closed.map(to_stored))
            .execute(conn).await.map(|_| ()))
        .map_err(StoreError::query("sign_in_failure_note"))?;
        tx.commit().await?;
        Ok(Ok(()))
    }

    /// Forgets the wrong passwords of a login: the right one came.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn sign_in_clear(&self, login: &str) -> Result<(), StoreError> {
        let login = clean(&login.trim().to_lowercase()).chars().take(200).collect::<String>();
        on_writer!(self, conn => sqlx::query(sql::people::FAILURE_CLEAR)
            .bind(&login).execute(conn).await.map(|_| ()))
        .map_err(StoreError::query("sign_in_clear"))
    }

    /// Keeps what was begun in a browser and ends in a later request.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn sign_in_step_keep(
        &self,
        token_hash: &[u8; 32],
        kind: &'static str,
        account: Option<AccountId>,
        state: &str,
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        on_writer!(self, conn => sqlx::query(sql::people::STEP_KEEP)
            .bind(&token_hash[..]).bind(kind).bind(account.map(|id| id.0)).bind(state)
            .bind(to_stored(expires_at)).execute(conn).await.map(|_| ()))
        .map_err(StoreError::query("sign_in_step_keep"))
    }

    /// Takes it, once.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn sign_in_step_take(
        &self,
        token_hash: &[u8; 32],
        kind: &'static str,
        now: Timestamp,
    ) -> Result<Option<(Option<AccountId>, String)>, StoreError> {
        let row: Option<(Option<i64>, String)> =
            on_writer!(self, conn => sqlx::query_as(sql::people::STEP_TAKE)
            .bind(&token_hash[..]).bind(kind).bind(to_stored(now)).fetch_optional(conn).await)
            .map_err(StoreError::query("sign_in_step_take"))?;
        Ok(row.map(|(id, state)| (id.map(AccountId), state)))
    }
}
