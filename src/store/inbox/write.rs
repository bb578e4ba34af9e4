//! What the adviser writes down: notes, calls, meetings, visits; consent; who acts for whom.

use jiff::Timestamp;

use super::Actor;
use super::change::{Act, read, write};
use crate::domain::area::AreaId;
use crate::domain::enquiry::EnquiryId;
use crate::domain::triage::{self, Refused, Step};
use crate::store::conn::{Transaction, on_reader, on_tx};
use crate::store::{Store, StoreError, clean, from_stored, log, sql, to_stored};

/// Something that is written down.
#[derive(Clone, Copy)]
pub struct NewNote<'a> {
    /// `note`, `call`, `meeting`, `visit`, `alignment` or `referral`.
    pub kind: &'static str,
    /// When it happened, or will.
    pub at: Timestamp,
    /// How long it took, in minutes.
    pub minutes: Option<i64>,
    /// Where.
    pub place: Option<&'a str>,
    /// Who was there.
    pub participants: Option<&'a str>,
    /// The words.
    pub body: &'a str,
}

/// Consent to contact an area (S17).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentLine {
    /// Its number.
    pub id: i64,
    /// The area.
    pub area: AreaId,
    /// When it was given.
    pub given_at: Timestamp,
    /// `page`, `said` or `written`.
    pub how: String,
    /// What it covers, in words.
    pub scope: String,
    /// When it was withdrawn.
    pub withdrawn_at: Option<Timestamp>,
}

/// Somebody who acts for the enquirer.
#[derive(Clone, PartialEq, Eq)]
pub struct Representative {
    /// Their number.
    pub id: i64,
    /// What they are called.
    pub name: String,
    /// Where they are reached.
    pub address: String,
    /// When their power of attorney (*fuldmagt*) was seen.
    pub power_seen_at: Option<Timestamp>,
}

/// The kinds of notes, by their stored word.
pub fn note_kind(word: &str) -> Option<&'static str> {
    ["note", "call", "meeting", "visit", "alignment", "referral"].into_iter().find(|one| *one == word)
}

impl Store {
    /// Writes something down on an enquiry. An expectation alignment is a dated step of the enquiry, too (S16).
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn note_make(
        &self,
        who: &Actor,
        enquiry: EnquiryId,
        note: &NewNote<'_>,
        steps: &[Step],
        act: Act<'_>,
        now: Timestamp,
    ) -> Result<Option<Result<(), Refused>>, StoreError> {
        let mut tx = Transaction::begin(self).await?;
        tx.serialise_intake().await?;
        let Some(row) = read(&mut tx, who, enquiry).await? else { return Ok(None) };
        let aligned = (note.kind == "alignment").then_some(Step::Aligned);
        let after = steps
            .iter()
            .chain(&aligned)
            .try_fold(row.facts.clone(), |facts, step| triage::apply(&facts, step, who.account, now));
        let after = match after {
            Ok(after) => after,
            Err(why) => return Ok(Some(Err(why))),
        };
        note_put(&mut tx, who, enquiry, note, now).await?;
        write(&mut tx, who, &row, &after, (act.id, act.what), now).await?;
        on_tx!(&mut tx, conn => sqlx::query(sql::inbox::DRAFT_FORGET)
            .bind(who.account.0).bind(enquiry.0).bind("note").execute(conn).await.map(|_| ()))
        .map_err(StoreError::query("draft_forget"))?;
        log::append(&mut tx, &who.deed("note", enquiry, note.kind), now).await?;
        tx.commit().await?;
        Ok(Some(Ok(())))
    }

    /// Takes a note away again. It is shown no more, and stays in the database.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn note_remove(
        &self,
        who: &Actor,
        enquiry: EnquiryId,
        note: i64,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut tx = Transaction::begin(self).await?;
        let Some(row) = read(&mut tx, who, enquiry).await? else { return Ok(false) };
        let removed = on_tx!(&mut tx, conn => sqlx::query(sql::inbox::NOTE_REMOVE)
            .bind(to_stored(now)).bind(note).bind(row.conversation())
            .execute(conn).await.map(|done| done.rows_affected()))
        .map_err(StoreError::query("note_remove"))?;
        if removed == 0 {
            return Ok(false);
        }
        log::append(&mut tx, &who.deed("note_remove", enquiry, format!("note {note}")), now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Every consent of a conversation, oldest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn consent_lines(&self, conversation: i64) -> Result<Vec<ConsentLine>, StoreError> {
        type Row = (i64, i64, i64, String, String, Option<i64>);
        let rows: Vec<Row> = on_reader!(self, pool => sqlx::query_as(sql::inbox::CONSENTS_ALL)
            .bind(conversation).fetch_all(pool).await)
        .map_err(StoreError::query("consents_all"))?;
        rows.into_iter()
            .map(|(id, area, given_at, how, scope, withdrawn_at)| {
                Ok(ConsentLine {
                    id,
                    area: AreaId(area),
                    given_at: from_stored(given_at, "contact_consent", "given_at", id)?,
                    how,
                    scope,
                    withdrawn_at: withdrawn_at
                        .map(|at| from_stored(at, "contact_consent", "withdrawn_at", id))
                        .transpose()?,
                })
            })
            .collect()
    }

    /// Notes a consent that was given otherwise than on the private page.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn consent_note(
        &self,
        who: &Actor,
        enquiry: EnquiryId,
        area: AreaId,
        how: &'static str,
        scope: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut tx = Transaction::begin(self).await?;
        if read(&mut tx, who, enquiry).await?.is_none() {
            return Ok(false);
        }
        on_tx!(&mut tx, conn => sqlx::query(sql::inbox::CONSENT_GIVE)
            .bind(enquiry.0).bind(area.0).bind(to_stored(now)).bind(how).bind(clean(scope).as_ref())
            .bind(who.account.0).execute(conn).await.map(|_| ()))
        .map_err(StoreError::query("consent_give"))?;
        log::append(&mut tx, &who.deed("consent", enquiry, format!("area {}, {how}", area.0)), now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Notes that a consent was withdrawn.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn consent_end(
        &self,
        who: &Actor,
        enquiry: EnquiryId,
        consent: i64,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut tx = Transaction::begin(self).await?;
        let Some(row) = read(&mut tx, who, enquiry).await? else { return Ok(false) };
        let ended = on_tx!(&mut tx, conn => sqlx::query(sql::inbox::CONSENT_WITHDRAW)
            .bind(to_stored(now)).bind("said").bind(consent).bind(row.conversation())
            .execute(conn).await.map(|done| done.rows_affected()))
        .map_err(StoreError::query("consent_withdraw"))?;
        if ended == 0 {
            return Ok(false);
        }
        log::append(&mut tx, &who.deed("consent_end", enquiry, format!("consent {consent}")), now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Who acts for the enquirer in an enquiry.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn representatives(&self, enquiry: EnquiryId) -> Result<Vec<Representative>, StoreError> {
        let rows: Vec<(i64, String, String, Option<i64>)> =
            on_reader!(self, pool => sqlx::query_as(sql::inbox::REPRESENTATIVES)
                .bind(enquiry.0).fetch_all(pool).await)
            .map_err(StoreError::query("representatives"))?;
        rows.into_iter()
            .map(|(id, name, address, seen)| {
                let power_seen_at =
                    seen.map(|at| from_stored(at, "representative", "power_seen_at", id)).transpose()?;
                Ok(Representative { id, name, address, power_seen_at })
            })
            .collect()
    }

    /// Notes that somebody acts for the enquirer.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn representative_add(
        &self,
        who: &Actor,
        enquiry: EnquiryId,
        name: &str,
        address: &str,
        power_seen: bool,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut tx = Transaction::begin(self).await?;
        if read(&mut tx, who, enquiry).await?.is_none() {
            return Ok(false);
        }
        on_tx!(&mut tx, conn => sqlx::query(sql::inbox::REPRESENTATIVE_ADD)
            .bind(enquiry.0).bind(clean(name).as_ref()).bind(clean(address).as_ref())
            .bind(power_seen.then(|| to_stored(now))).execute(conn).await.map(|_| ()))
        .map_err(StoreError::query("representative_add"))?;
        log::append(&mut tx, &who.deed("representative", enquiry, ""), now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Notes that they no longer do.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn representative_end(
        &self,
        who: &Actor,
        enquiry: EnquiryId,
        id: i64,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut tx = Transaction::begin(self).await?;
        if read(&mut tx, who, enquiry).await?.is_none() {
            return Ok(false);
        }
        on_tx!(&mut tx, conn => sqlx::query(sql::inbox::REPRESENTATIVE_END)
            .bind(to_stored(now)).bind(id).bind(enquiry.0).execute(conn).await.map(|_| ()))
        .map_err(StoreError::query("representative_end"))?;
        log::append(&mut tx, &who.deed("representative_end", enquiry, ""), now).await?;
        tx.commit().await?;
        Ok(true)
    }
}

/// Writes a note within a transaction.
pub(super) async fn note_put(
    tx: &mut Transaction,
    who: &Actor,
    enquiry: EnquiryId,
    note: &NewNote<'_>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let text =
        |text: Option<&str>| text.filter(|text| !text.trim().is_empty()).map(|text| clean(text).into_owned());
    on_tx!(tx, conn => sqlx::query(sql::inbox::NOTE_MAKE)
        .bind(enquiry.0).bind(note.kind).bind(to_stored(note.at)).bind(note.minutes)
        .bind(text(note.place)).bind(text(note.participants)).bind(clean(note.body).as_ref())
        .bind(who.account.0).bind(to_stored(now)).execute(conn).await.map(|_| ()))
    .map_err(StoreError::query("note_make"))
}
