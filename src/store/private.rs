//! Links to private pages, what opens them, and pages that are open.
//!
//! Every secret is given and kept as a hash. Whether a word is right is found out elsewhere: that is slow on purpose.

use indgang_channels::message::Address;
use indgang_channels::web_form;
use jiff::Timestamp;

use super::conn::{Transaction, on_reader, on_tx, on_writer};
use super::inbox::enquiry::Details;
use super::{Store, StoreError, clean, from_stored, sql, to_stored};
use crate::domain::enquiry::EnquiryId;
use crate::domain::private::{AfterFailure, after_failure};

/// Identifies a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LinkId(pub i64);

/// Who gave a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GivenBy {
    /// The receipt of the form.
    Receipt,
    /// An answer of the adviser's.
    Reply,
}

impl GivenBy {
    fn as_str(self) -> &'static str {
        match self {
            Self::Receipt => "receipt",
            Self::Reply => "reply",
        }
    }
}

/// A link that holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrivateLink {
    /// The link.
    pub id: LinkId,
    /// The enquiry whose page it leads to.
    pub enquiry: EnquiryId,
    /// The enquiry's language.
    pub language: String,
    /// Whether a word was chosen.
    pub has_word: bool,
    /// Where a code can be sent. Telephones that several people use and addresses that letters come back from are none.
    pub contacts: Vec<Address>,
    /// Closed until then, because wrong words were given.
    pub closed_until: Option<Timestamp>,
}

/// A page that is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Session {
    /// The link that it was opened by.
    pub link: LinkId,
    /// The enquiry.
    pub enquiry: EnquiryId,
}

/// Something that happened with a private page: `made`, `code_sent`, `opened`, `refused`, `closed`, `revoked` or `left`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrivateEvent {
    /// When.
    pub at: Timestamp,
    /// What.
    pub what: String,
}

type LinkRow = (i64, i64, String, Option<i64>, i64);

impl Store {
    /// Makes a link, unless the same one is there; `true` when it was made now.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn private_link_make(
        &self,
        enquiry: EnquiryId,
        token_hash: &[u8; 32],
        given_by: GivenBy,
        expires_at: Timestamp,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut tx = Transaction::begin(self).await?;
        let made = link_make(&mut tx, enquiry, token_hash, given_by, expires_at, now).await?;
        tx.commit().await?;
        Ok(made)
    }

    /// A link that holds; `None` for one that has expired, was revoked, or never was.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn private_link_find(
        &self,
        token_hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<Option<PrivateLink>, StoreError> {
        let row: Option<LinkRow> = on_reader!(self, pool => sqlx::query_as(sql::pages::LINK_FIND)
            .bind(&token_hash[..]).bind(to_stored(now)).fetch_optional(pool).await)
        .map_err(StoreError::query("private_link_find"))?;
        let Some((id, enquiry, language, closed_until, words)) = row else { return Ok(None) };
        let closed_until =
            closed_until.map(|at| from_stored(at, "private_link", "closed_until", id)).transpose()?;
        Ok(Some(PrivateLink {
            id: LinkId(id),
            enquiry: EnquiryId(enquiry),
            language,
            has_word: words > 0,
            contacts: self.enquiry_contacts(EnquiryId(enquiry)).await?,
            closed_until: closed_until.filter(|until| *until > now),
        }))
    }

    /// Where whoever wrote an enquiry is reached: what was given for it, and its enquirer's addresses. Telephones that
    /// several people use and addresses that letters come back from are none.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn enquiry_contacts(&self, enquiry: EnquiryId) -> Result<Vec<Address>, StoreError> {
        let contacts: Vec<(String, String, String)> =
            on_reader!(self, pool => sqlx::query_as(sql::pages::LINK_CONTACTS)
                .bind(enquiry.0).fetch_all(pool).await)
            .map_err(StoreError::query("enquiry_contacts"))?;
        let contact = |(kind, _, address): (String, String, String)| match kind.as_str() {
            "phone" => Address::Phone(address),
            _ => Address::Email(address),
        };
        let mut contacts: Vec<Address> = contacts.into_iter().map(contact).collect();
        let last: Option<String> = on_reader!(self, pool => sqlx::query_scalar(sql::pages::LAST_SENDER)
            .bind(enquiry.0).fetch_optional(pool).await)
        .map_err(StoreError::query("last_sender"))?;
        // Who wrote last comes first: that is whom an answer is for.
        let last = last
            .and_then(|details| serde_json::from_str::<Details>(&details).ok())
            .and_then(|details| details.sender)
            .map(|sender| sender.address.key());
        contacts.sort_by_key(|contact| Some(contact.key()) != last);
        Ok(contacts)
    }

    /// Ends every link of an enquiry, and with them the pages that are open.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn private_links_revoke(&self, enquiry: EnquiryId, now: Timestamp) -> Result<u64, StoreError> {
        let mut tx = Transaction::begin(self).await?;
        let links: Vec<i64> = on_tx!(&mut tx, conn => sqlx::query_scalar(sql::pages::LINKS_REVOKE)
            .bind(to_stored(now)).bind(enquiry.0).fetch_all(conn).await)
        .map_err(StoreError::query("private_links_revoke"))?;
        for link in &links {
            note(&mut tx, enquiry.0, *link, "revoked", now).await?;
        }
        tx.commit().await?;
        Ok(links.len() as u64)
    }

    /// Keeps the word that opens an enquiry's page; the first one stays.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn private_word_set(&self, enquiry: EnquiryId, hash: &str) -> Result<(), StoreError> {
        on_writer!(self, conn => sqlx::query(sql::pages::WORD_SET)
            .bind(enquiry.0).bind(hash).execute(conn).await.map(|_| ()))
        .map_err(StoreError::query("private_word_set"))
    }

    /// The word as it is kept.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn private_word_fetch(&self, enquiry: EnquiryId) -> Result<Option<String>, StoreError> {
        on_reader!(self, pool => sqlx::query_scalar(sql::pages::WORD_FETCH)
            .bind(enquiry.0).fetch_optional(pool).await)
        .map_err(StoreError::query("private_word_fetch"))
    }

    /// Counts a try to open a page before it is made, so that a thousand at once are no more than a thousand in a row;
    /// `None` when none is allowed now. What is said holds if the try turns out to be wrong; a right one forgets it all.
    ///
    /// # Errors
    /// When the database does not answer; nobody is let in then.
    pub async fn private_try(
        &self,
        link: LinkId,
        now: Timestamp,
    ) -> Result<Option<AfterFailure>, StoreError> {
        let mut tx = Transaction::begin(self).await?;
        let failures: Option<i64> = on_tx!(&mut tx, conn => sqlx::query_scalar(sql::pages::LINK_TRY)
            .bind(link.0).bind(to_stored(now)).fetch_optional(conn).await)
        .map_err(StoreError::query("private_try"))?;
        let Some(failures) = failures else { return Ok(None) };
        let after = after_failure(u32::try_from(failures).unwrap_or(u32::MAX), now);
        let (closed_until, revoked_at) = match after {
            AfterFailure::Open => (None, None),
            AfterFailure::Closed(until) => (Some(to_stored(until)), None),
            AfterFailure::Revoked => (None, Some(to_stored(now))),
        };
        if after != AfterFailure::Open {
            on_tx!(&mut tx, conn => sqlx::query(sql::pages::LINK_CLOSE)
                .bind(closed_until).bind(revoked_at).bind(link.0).execute(conn).await.map(|_| ()))
            .map_err(StoreError::query("private_link_close"))?;
        }
        tx.commit().await?;
        Ok(Some(after))
    }

    /// Notes that a try was wrong, and what came of it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn private_refused(
        &self,
        link: &PrivateLink,
        after: AfterFailure,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut tx = Transaction::begin(self).await?;
        note(&mut tx, link.enquiry.0, link.id.0, "refused", now).await?;
        match after {
            AfterFailure::Open => {}
            AfterFailure::Closed(_) => note(&mut tx, link.enquiry.0, link.id.0, "closed", now).await?,
            AfterFailure::Revoked => note(&mut tx, link.enquiry.0, link.id.0, "revoked", now).await?,
        }
        tx.commit().await
    }

    /// Gives a link a code; `false` when it has had `most_a_day` that day.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn private_code_set(
        &self,
        link: &PrivateLink,
        code_hash: &[u8; 32],
        expires_at: Timestamp,
        most_a_day: u32,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let day = now.as_second().div_euclid(86_400);
        let mut tx = Transaction::begin(self).await?;
        let set: u64 = on_tx!(&mut tx, conn => sqlx::query(sql::pages::CODE_SET)
            .bind(link.id.0).bind(&code_hash[..]).bind(to_stored(now)).bind(to_stored(expires_at)).bind(day)
            .bind(i64::from(most_a_day)).execute(conn).await.map(|done| done.rows_affected()))
        .map_err(StoreError::query("private_code_set"))?;
        if set > 0 {
            note(&mut tx, link.enquiry.0, link.id.0, "code_sent", now).await?;
            tx.commit().await?;
        }
        Ok(set > 0)
    }

    /// Uses a code up; `true` when it was the right one, in time, for the first time.
    ///
    /// # Errors
    /// When the database does not answer; nobody is let in then.
    pub async fn private_code_use(
        &self,
        link: LinkId,
        code_hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        on_writer!(self, conn => sqlx::query(sql::pages::CODE_USE)
            .bind(link.0).bind(&code_hash[..]).bind(to_stored(now))
            .execute(conn).await.map(|done| done.rows_affected() > 0))
        .map_err(StoreError::query("private_code_use"))
    }

    /// Opens a page; `false` when the link does not hold any more.
    ///
    /// # Errors
    /// When the database does not answer; nobody is let in then.
    pub async fn private_session_open(
        &self,
        token_hash: &[u8; 32],
        link: LinkId,
        expires_at: Timestamp,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut tx = Transaction::begin(self).await?;
        let enquiry: Option<i64> = on_tx!(&mut tx, conn => sqlx::query_scalar(sql::pages::LINK_OPENED)
            .bind(link.0).bind(to_stored(now)).fetch_optional(conn).await)
        .map_err(StoreError::query("private_link_opened"))?;
        let Some(enquiry) = enquiry else { return Ok(false) };
        on_tx!(&mut tx, conn => sqlx::query(sql::pages::SESSION_OPEN)
            .bind(&token_hash[..]).bind(link.0).bind(to_stored(now)).bind(to_stored(expires_at))
            .execute(conn).await.map(|_| ()))
        .map_err(StoreError::query("private_session_open"))?;
        note(&mut tx, enquiry, link.0, "opened", now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// A page that is open, kept open until `until` by being looked at.
    ///
    /// # Errors
    /// When the database does not answer; nothing is shown then.
    pub async fn private_session_see(
        &self,
        token_hash: &[u8; 32],
        until: Timestamp,
        now: Timestamp,
    ) -> Result<Option<Session>, StoreError> {
        let row: Option<(i64, i64)> = on_writer!(self, conn => sqlx::query_as(sql::pages::SESSION_SEE)
            .bind(to_stored(now)).bind(to_stored(until)).bind(&token_hash[..]).fetch_optional(conn).await)
        .map_err(StoreError::query("private_session_see"))?;
        Ok(row.map(|(link, enquiry)| Session { link: LinkId(link), enquiry: EnquiryId(enquiry) }))
    }

    /// Closes a page.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn private_session_end(&self, token_hash: &[u8; 32], now: Timestamp) -> Result<(), StoreError> {
        let mut tx = Transaction::begin(self).await?;
        let row: Option<(i64, i64)> = on_tx!(&mut tx, conn => sqlx::query_as(sql::pages::SESSION_END)
            .bind(&token_hash[..]).fetch_optional(conn).await)
        .map_err(StoreError::query("private_session_end"))?;
        if let Some((link, enquiry)) = row {
            note(&mut tx, enquiry, link, "left", now).await?;
        }
        tx.commit().await
    }

    /// Forgets pages that were left open.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn private_sessions_forget(&self, before: Timestamp) -> Result<u64, StoreError> {
        on_writer!(self, conn => sqlx::query(sql::pages::SESSIONS_FORGET)
            .bind(to_stored(before)).execute(conn).await.map(|done| done.rows_affected()))
        .map_err(StoreError::query("private_sessions_forget"))
    }

    /// What happened with an enquiry's private pages, oldest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn private_events(&self, enquiry: EnquiryId) -> Result<Vec<PrivateEvent>, StoreError> {
        let rows: Vec<(i64, String)> = on_reader!(self, pool => sqlx::query_as(sql::pages::EVENTS)
            .bind(enquiry.0).fetch_all(pool).await)
        .map_err(StoreError::query("private_events"))?;
        let event =
            |(at, what)| Ok(PrivateEvent { at: from_stored(at, "private_event", "at", enquiry.0)?, what });
        rows.into_iter().map(event).collect()
    }
}

/// What the private page of an enquiry is known by, for what is written there.
pub fn page_thread(enquiry: EnquiryId) -> String {
    format!("side {}", enquiry.0)
}

pub(super) async fn link_make(
    tx: &mut Transaction,
    enquiry: EnquiryId,
    token_hash: &[u8; 32],
    given_by: GivenBy,
    expires_at: Timestamp,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let made: Option<i64> = on_tx!(&mut *tx, conn => sqlx::query_scalar(sql::pages::LINK_MAKE)
        .bind(enquiry.0).bind(&token_hash[..]).bind(clean(given_by.as_str()).as_ref()).bind(to_stored(now))
        .bind(to_stored(expires_at)).fetch_optional(conn).await)
    .map_err(StoreError::query("private_link_make"))?;
    if let Some(link) = made {
        note(tx, enquiry.0, link, "made", now).await?;
        // What is written on the page finds its enquiry by this, however the enquiry began.
        on_tx!(&mut *tx, conn => sqlx::query(sql::THREAD_TIE.one())
            .bind(format!("{}{}", web_form::read::THREAD, page_thread(enquiry))).bind(enquiry.0).bind(false)
            .execute(conn).await.map(|_| ()))
        .map_err(StoreError::query("thread_tie"))?;
    }
    Ok(made.is_some())
}

async fn note(
    tx: &mut Transaction,
    enquiry: i64,
    link: i64,
    what: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    on_tx!(tx, conn => sqlx::query(sql::pages::EVENT_NOTE)
        .bind(enquiry).bind(link).bind(to_stored(now)).bind(what).execute(conn).await.map(|_| ()))
    .map_err(StoreError::query("private_event"))
}
