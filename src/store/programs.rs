//! Which programs were let in, by the hash of what each shows. A token that has run out, was revoked, or whose account has
//! ended is nobody's.

use jiff::{SignedDuration, Timestamp};

use super::accounts::AccountRow;
use super::conn::{Transaction, on_reader, on_tx, on_writer};
use super::{Store, StoreError, clean, from_stored, log, sql, to_stored};
use crate::domain::account::{AccountId, Deed};
use crate::domain::program::{Program, Rights};

/// That a token was used is written down no oftener than this: a request that only reads then writes nothing for it.
const NOTED: SignedDuration = SignedDuration::from_secs(60);

/// A program that is to be let in.
#[derive(Clone, Debug)]
pub struct NewProgram {
    /// What it is called.
    pub name: String,
    /// What it may do.
    pub rights: Rights,
    /// Whom it acts for.
    pub account: AccountId,
    /// When that ends.
    pub expires_at: Timestamp,
}

/// A token in the list of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenLine {
    /// Its number.
    pub id: i64,
    /// What the program is called.
    pub name: String,
    /// What it may do.
    pub rights: Rights,
    /// Whom it acts for.
    pub owner: String,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When it was used last.
    pub used_at: Option<Timestamp>,
    /// Whether it was revoked, or its account ended.
    pub ended: bool,
}

#[derive(sqlx::FromRow)]
struct TokenRow {
    id: i64,
    name: String,
    rights: String,
    owner: String,
    expires_at: i64,
    used_at: Option<i64>,
    revoked_at: Option<i64>,
    ownerless: bool,
}

#[derive(sqlx::FromRow)]
struct SeenRow {
    token_id: i64,
    program: String,
    rights: String,
    used_at: Option<i64>,
    #[sqlx(flatten)]
    account: AccountRow,
}

impl Store {
    /// Lets a program in that shows what `hash` is of.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn token_make(
        &self,
        new: &NewProgram,
        hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<i64, StoreError> {
        let mut tx = Transaction::begin(self).await?;
        let name = clean(new.name.trim());
        let rights = new.rights.to_string();
        let id: i64 = on_tx!(&mut tx, conn => sqlx::query_scalar(sql::api::TOKEN_MAKE)
            .bind(name.as_ref()).bind(&hash[..]).bind(&rights).bind(new.account.0).bind(to_stored(now))
            .bind(to_stored(new.expires_at)).fetch_one(conn).await)
        .map_err(StoreError::query("token_make"))?;
        let detail = format!("program {id} ({name}): {rights}");
        log::append(
            &mut tx,
            &Deed { account: Some(new.account), act: "token_make", enquiry: None, detail },
            now,
        )
        .await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Those that were let in, the newest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn tokens(&self) -> Result<Vec<TokenLine>, StoreError> {
        let rows: Vec<TokenRow> =
            on_reader!(self, pool => sqlx::query_as(sql::api::TOKENS).fetch_all(pool).await)
                .map_err(StoreError::query("tokens"))?;
        let line = |row: TokenRow| {
            let moment = |at, column| from_stored(at, "api_token", column, row.id);
            Ok(TokenLine {
                id: row.id,
                rights: Rights::parse(&row.rights),
                expires_at: moment(row.expires_at, "expires_at")?,
                used_at: row.used_at.map(|at| moment(at, "used_at")).transpose()?,
                ended: row.revoked_at.is_some() || row.ownerless,
                name: row.name,
                owner: row.owner,
            })
        };
        rows.into_iter().map(line).collect()
    }

    /// Lets one in no more.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn token_revoke(&self, id: i64, by: AccountId, now: Timestamp) -> Result<(), StoreError> {
        let mut tx = Transaction::begin(self).await?;
        let name: Option<String> = on_tx!(&mut tx, conn => sqlx::query_scalar(sql::api::TOKEN_REVOKE)
            .bind(to_stored(now)).bind(id).fetch_optional(conn).await)
        .map_err(StoreError::query("token_revoke"))?;
        let Some(name) = name else { return Ok(()) };
        let detail = format!("program {id} ({name})");
        log::append(&mut tx, &Deed { account: Some(by), act: "token_revoke", enquiry: None, detail }, now)
            .await?;
        tx.commit().await
    }

    /// Whose token it is, while it holds.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn token_see(&self, hash: &[u8; 32], now: Timestamp) -> Result<Option<Program>, StoreError> {
        let row: Option<SeenRow> = on_reader!(self, pool => sqlx::query_as(sql::api::TOKEN_SEE)
            .bind(&hash[..]).bind(to_stored(now)).fetch_optional(pool).await)
        .map_err(StoreError::query("token_see"))?;
        let Some(SeenRow { token_id, program, rights, used_at, account }) = row else { return Ok(None) };
        let account = account.read()?;
        if !account.is_in_time(now) {
            return Ok(None);
        }
        if used_at.is_none_or(|at| at < to_stored(now - NOTED)) {
            on_writer!(self, conn => sqlx::query(sql::api::TOKEN_USED)
                .bind(to_stored(now)).bind(token_id).execute(conn).await.map(|_| ()))
            .map_err(StoreError::query("token_used"))?;
        }
        Ok(Some(Program { id: token_id, name: program, rights: Rights::parse(&rights), account }))
    }
}
