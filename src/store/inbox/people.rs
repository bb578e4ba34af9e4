//! Persons: what they are called, where they are reached, which of them are one, whom nothing is taken from for a time.

use indgang_channels::message::Address;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Actor;
use super::change::read;
use super::enquiry::Details;
use crate::domain::account::{AccountId, Deed, Scope};
use crate::domain::enquirer::EnquirerId;
use crate::domain::enquiry::EnquiryId;
use crate::store::conn::{Transaction, on_reader, on_tx};
use crate::store::{Store, StoreError, clean, from_stored, log, sql, to_stored};

/// What was moved when two were found to be one.
#[derive(Default, Serialize, Deserialize)]
struct Moved {
    enquiries: Vec<i64>,
    addresses: Vec<i64>,
}

/// Somebody who may be meant.
#[derive(Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Their number.
    pub id: EnquirerId,
    /// What they call themselves.
    pub name: Option<String>,
    /// One place where they are reached.
    pub address: Option<String>,
}

/// A block that holds.
#[derive(Clone, PartialEq, Eq)]
pub struct Block {
    /// Its number.
    pub id: i64,
    /// The address.
    pub address: String,
    /// Why.
    pub reason: String,
    /// Until when.
    pub until: Timestamp,
    /// Who decided it.
    pub name: Option<String>,
}

impl Store {
    /// Calls the enquirer of an enquiry something, and says whether they are a citizen or a company.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn person_name(
        &self,
        who: &Actor,
        enquiry: EnquiryId,
        name: &str,
        kind: Option<&str>,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut tx = Transaction::begin(self).await?;
        let Some(row) = read(&mut tx, who, enquiry).await? else { return Ok(false) };
        let name = Some(clean(name.trim())).filter(|name| !name.is_empty());
        on_tx!(&mut tx, conn => sqlx::query(sql::inbox::ENQUIRER_NAME)
            .bind(name.as_deref()).bind(kind).bind(row.enquirer.0).execute(conn).await.map(|_| ()))
        .map_err(StoreError::query("enquirer_name"))?;
        log::append(&mut tx, &who.deed("person", enquiry, "name"), now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Adds a place where the enquirer of an enquiry is reached. `false` when somebody else is reached there already: then
    /// the two may be one person, which is for the adviser to say.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn person_address(
        &self,
        who: &Actor,
        enquiry: EnquiryId,
        address: &Address,
        now: Timestamp,
    ) -> Result<Option<bool>, StoreError> {
        let mut tx = Transaction::begin(self).await?;
        let Some(row) = read(&mut tx, who, enquiry).await? else { return Ok(None) };
        let added = on_tx!(&mut tx, conn => sqlx::query(sql::inbox::ENQUIRER_ADDRESS_ADD)
            .bind(row.enquirer.0).bind(address.kind()).bind(clean(&address.key()).as_ref())
            .bind(clean(address.as_str()).as_ref()).execute(conn).await.map(|done| done.rows_affected()))
        .map_err(StoreError::query("enquirer_address_add"))?;
        log::append(&mut tx, &who.deed("person", enquiry, "address"), now).await?;
        tx.commit().await?;
        Ok(Some(added > 0))
    }

    /// Who may be meant by a name, an address or a number.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn persons_like(&self, who: &Actor, typed: &str) -> Result<Vec<Candidate>, StoreError> {
        // Old persons would tell a substitute of old enquiries.
        if typed.trim().chars().count() < 2 || who.scope != Scope::All {
            return Ok(Vec::new());
        }
        let plain: String = clean(typed.trim()).to_lowercase().replace(['%', '_'], " ");
        let digits: String = plain.chars().filter(char::is_ascii_digit).collect();
        let by_address = if digits.len() >= 4 { format!("%{digits}%") } else { format!("{plain}%") };
        let rows: Vec<(i64, Option<String>, Option<String>)> =
            on_reader!(self, pool => sqlx::query_as(sql::inbox::ENQUIRERS_LIKE)
                .bind(format!("%{plain}%")).bind(by_address).fetch_all(pool).await)
            .map_err(StoreError::query("enquirers_like"))?;
        Ok(rows
            .into_iter()
            .map(|(id, name, address)| Candidate { id: EnquirerId(id), name, address })
            .collect())
    }

    /// Says that another enquirer is the same person as that of an enquiry: their enquiries and addresses become one
    /// person's. Only for those who see everything.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn persons_merge(
        &self,
        who: &Actor,
        enquiry: EnquiryId,
        other: EnquirerId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut tx = Transaction::begin(self).await?;
        tx.serialise_intake().await?;
        let Some(row) = read(&mut tx, who, enquiry).await? else { return Ok(false) };
        let kept = row.enquirer;
        if kept == other || who.scope != Scope::All {
            return Ok(false);
        }
        let list = |text: &'static str| (text, other.0);
        let (text, id) = list(sql::inbox::ENQUIRER_ENQUIRIES);
        let enquiries: Vec<i64> =
            on_tx!(&mut tx, conn => sqlx::query_scalar(text).bind(id).fetch_all(conn).await)
                .map_err(StoreError::query("enquirer_enquiries"))?;
        let (text, id) = list(sql::inbox::ENQUIRER_ADDRESSES);
        let addresses: Vec<i64> =
            on_tx!(&mut tx, conn => sqlx::query_scalar(text).bind(id).fetch_all(conn).await)
                .map_err(StoreError::query("enquirer_addresses"))?;
        let moved = Moved { enquiries, addresses };
        shift(&mut tx, &moved, kept.0).await?;
        let written = serde_json::to_string(&moved).unwrap_or_default();
        on_tx!(&mut tx, conn => sqlx::query(sql::inbox::MERGE_NOTE)
            .bind(kept.0).bind(other.0).bind(written).bind(who.account.0).bind(to_stored(now))
            .execute(conn).await.map(|_| ()))
        .map_err(StoreError::query("merge_note"))?;
        log::append(
            &mut tx,
            &who.deed("merge", enquiry, format!("enquirer {} into {}", other.0, kept.0)),
            now,
        )
        .await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Says that they are two after all: what was moved goes back.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn persons_part(
        &self,
        who: &Actor,
        enquiry: EnquiryId,
        merge: i64,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut tx = Transaction::begin(self).await?;
        tx.serialise_intake().await?;
        let Some(kept) = read(&mut tx, who, enquiry).await?.map(|row| row.enquirer) else { return Ok(false) };
        if who.scope != Scope::All {
            return Ok(false);
        }
        let row: Option<(i64, String, i64)> = on_tx!(&mut tx, conn => sqlx::query_as(sql::inbox::MERGE_UNDO)
            .bind(to_stored(now)).bind(merge).bind(kept.0).fetch_optional(conn).await)
        .map_err(StoreError::query("merge_undo"))?;
        let Some((merged, moved, at)) = row else { return Ok(false) };
        let corrupt = |_| StoreError::Corrupt { table: "enquirer_merge", column: "moved", row: merge };
        let mut moved: Moved = serde_json::from_str(&moved).map_err(corrupt)?;
        // What the other wrote meanwhile is the other's too: left behind, it would be answered to a stranger.
        let written = written_since(&mut tx, kept, &moved.addresses, at).await?;
        moved.enquiries.extend(written);
        shift(&mut tx, &moved, merged).await?;
        log::append(&mut tx, &who.deed("part", enquiry, format!("enquirer {merged}")), now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Takes nothing in from an address until a moment, by a recorded decision (R25).
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn sender_block(
        &self,
        who: &Actor,
        key: &str,
        reason: &str,
        until: Timestamp,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut tx = Transaction::begin(self).await?;
        on_tx!(&mut tx, conn => sqlx::query(sql::inbox::BLOCK)
            .bind(clean(key).as_ref()).bind(clean(reason).as_ref()).bind(to_stored(until)).bind(who.account.0)
            .bind(to_stored(now)).execute(conn).await.map(|_| ()))
        .map_err(StoreError::query("block"))?;
        let deed = Deed {
            account: Some(who.account),
            act: "block",
            enquiry: None,
            detail: format!("until {until}"),
        };
        log::append(&mut tx, &deed, now).await?;
        tx.commit().await
    }

    /// Blocks that hold.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn sender_blocks(&self, now: Timestamp) -> Result<Vec<Block>, StoreError> {
        let rows: Vec<(i64, String, String, i64, Option<String>)> =
            on_reader!(self, pool => sqlx::query_as(sql::inbox::BLOCKS).bind(to_stored(now)).fetch_all(pool).await)
                .map_err(StoreError::query("blocks"))?;
        rows.into_iter()
            .map(|(id, address, reason, until, name)| {
                let until = from_stored(until, "sender_block", "until", id)?;
                Ok(Block { id, address, reason, until, name })
            })
            .collect()
    }

    /// Ends a block before its time.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn sender_block_end(&self, who: &Actor, id: i64, now: Timestamp) -> Result<(), StoreError> {
        let mut tx = Transaction::begin(self).await?;
        on_tx!(&mut tx, conn => sqlx::query(sql::inbox::BLOCK_END)
            .bind(to_stored(now)).bind(id).execute(conn).await.map(|_| ()))
        .map_err(StoreError::query("block_end"))?;
        let deed = Deed {
            account: Some(who.account),
            act: "block_end",
            enquiry: None,
            detail: format!("block {id}"),
        };
        log::append(&mut tx, &deed, now).await?;
        tx.commit().await
    }

    /// Lets a substitute see an old enquiry, or no longer.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn enquiry_grant(
        &self,
        who: &Actor,
        enquiry: EnquiryId,
        to: AccountId,
        granted: bool,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut tx = Transaction::begin(self).await?;
        if who.scope != Scope::All || read(&mut tx, who, enquiry).await?.is_none() {
            return Ok(false);
        }
        if granted {
            on_tx!(&mut tx, conn => sqlx::query(sql::inbox::GRANT)
                .bind(enquiry.0).bind(to.0).bind(who.account.0).bind(to_stored(now))
                .execute(conn).await.map(|_| ()))
        } else {
            on_tx!(&mut tx, conn => sqlx::query(sql::inbox::GRANT_END)
                .bind(enquiry.0).bind(to.0).execute(conn).await.map(|_| ()))
        }
        .map_err(StoreError::query("grant"))?;
        let act = if granted { "grant" } else { "grant_end" };
        log::append(&mut tx, &who.deed(act, enquiry, format!("account {}", to.0)), now).await?;
        tx.commit().await?;
        Ok(true)
    }
}

/// Moves enquiries and addresses to one person.
/// Enquiries that began for `kept` since a moment and came from one of some addresses.
async fn written_since(
    tx: &mut Transaction,
    kept: EnquirerId,
    addresses: &[i64],
    since: i64,
) -> Result<Vec<i64>, StoreError> {
    let mut keys = Vec::with_capacity(addresses.len());
    for address in addresses {
        let key: Option<String> = on_tx!(tx, conn => sqlx::query_scalar(sql::inbox::ADDRESS_KEY)
            .bind(address).fetch_optional(conn).await)
        .map_err(StoreError::query("address_key"))?;
        keys.extend(key);
    }
    let began: Vec<(i64, String)> = on_tx!(tx, conn => sqlx::query_as(sql::inbox::ENQUIRIES_SINCE_MERGE)
        .bind(kept.0).bind(since).fetch_all(conn).await)
    .map_err(StoreError::query("enquiries_since_merge"))?;
    let from = |details: &str| Some(serde_json::from_str::<Details>(details).ok()?.sender?.address.key());
    let theirs =
        began.into_iter().filter(|(_, details)| from(details).is_some_and(|key| keys.contains(&key)));
    Ok(theirs.map(|(id, _)| id).collect())
}

async fn shift(tx: &mut Transaction, moved: &Moved, to: i64) -> Result<(), StoreError> {
    for (text, ids) in
        [(sql::inbox::ENQUIRY_MOVE, &moved.enquiries), (sql::inbox::ADDRESS_MOVE, &moved.addresses)]
    {
        for id in ids {
            on_tx!(tx, conn => sqlx::query(text).bind(to).bind(id).execute(conn).await.map(|_| ()))
                .map_err(StoreError::query("persons_shift"))?;
        }
    }
    Ok(())
}

impl Store {
    /// The enquiries of somebody that go on, newest first: what a call may belong to.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn enquiries_of(
        &self,
        who: &Actor,
        enquirer: EnquirerId,
    ) -> Result<Vec<super::list::Line>, StoreError> {
        let ids: Vec<i64> = on_reader!(self, pool => sqlx::query_scalar(sql::inbox::ENQUIRER_ENQUIRIES)
            .bind(enquirer.0).fetch_all(pool).await)
        .map_err(StoreError::query("enquirer_enquiries"))?;
        let ids: Vec<EnquiryId> = ids.into_iter().rev().take(5).map(EnquiryId).collect();
        self.enquiries_lines(who, &ids).await
    }
}
