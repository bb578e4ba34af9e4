//! What is somebody's own: views, standard texts, drafts; and who else is at an enquiry.

use jiff::{SignedDuration, Timestamp};

use super::Actor;
use crate::domain::account::AccountId;
use crate::domain::enquiry::EnquiryId;
use crate::store::conn::{on_reader, on_writer};
use crate::store::{Store, StoreError, clean, from_stored, sql, to_stored};

/// Who is taken to have an enquiry open: whoever gave a sign of life within this time.
pub const PRESENT: SignedDuration = SignedDuration::from_secs(45);

/// What somebody has begun to write.
#[derive(Clone, PartialEq, Eq)]
pub struct Draft {
    /// Who.
    pub account: AccountId,
    /// What they are called.
    pub name: String,
    /// `reply` or `note`.
    pub kind: String,
    /// The way that it is to go out by.
    pub via: String,
    /// The words.
    pub body: String,
    /// When they were saved last.
    pub saved_at: Timestamp,
}

/// A standard text.
#[derive(Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct StandardText {
    /// Its number.
    pub id: i64,
    /// What it is called.
    pub title: String,
    /// `da` or `en`.
    pub language: String,
    /// The words, with placeholders in braces.
    pub body: String,
}

/// A view of one's own.
#[derive(Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct SavedView {
    /// Its number.
    pub id: i64,
    /// What it is called.
    pub name: String,
    /// What is asked, as the list's address says it.
    pub query: String,
}

/// A file that waits in a draft.
#[derive(Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct DraftFile {
    /// Its number.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// Its size in bytes.
    pub size: i64,
}

impl Store {
    /// Says in the log that somebody read a file of ours on an enquiry.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn file_read(&self, who: &Actor, enquiry: EnquiryId, now: Timestamp) -> Result<(), StoreError> {
        self.log_write(&who.deed("file", enquiry, "sent"), now).await
    }

    /// Keeps what came through signing in: as the draft where there is none, beneath it where it says something else.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn draft_keep(
        &self,
        who: &Actor,
        enquiry: EnquiryId,
        kind: &'static str,
        text: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let drafts = self.drafts(enquiry).await?;
        let begun = drafts.into_iter().find(|draft| draft.account == who.account && draft.kind == kind);
        match begun {
            Some(draft) if draft.body.contains(text.trim()) => Ok(()),
            // What was typed last begins with what was saved last.
            Some(draft) if text.contains(draft.body.trim()) => {
                self.draft_save(who, enquiry, kind, &draft.via, text, now).await
            }
            Some(draft) => {
                let both = format!("{}\n\n{text}", draft.body);
                self.draft_save(who, enquiry, kind, &draft.via, &both, now).await
            }
            None => self.draft_save(who, enquiry, kind, "", text, now).await,
        }
    }

    /// Saves what somebody writes; nothing is left of it when it is empty.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn draft_save(
        &self,
        who: &Actor,
        enquiry: EnquiryId,
        kind: &str,
        via: &str,
        body: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        if body.trim().is_empty() {
            return on_writer!(self, conn => sqlx::query(sql::inbox::DRAFT_FORGET)
                .bind(who.account.0).bind(enquiry.0).bind(kind).execute(conn).await.map(|_| ()))
            .map_err(StoreError::query("draft_forget"));
        }
        on_writer!(self, conn => sqlx::query(sql::inbox::DRAFT_SAVE)
            .bind(who.account.0).bind(enquiry.0).bind(kind).bind(clean(via).as_ref())
            .bind(clean(body).as_ref()).bind(to_stored(now)).execute(conn).await.map(|_| ()))
        .map_err(StoreError::query("draft_save"))
    }

    /// What is begun on an enquiry, by anybody.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn drafts(&self, enquiry: EnquiryId) -> Result<Vec<Draft>, StoreError> {
        let rows: Vec<(i64, String, String, String, String, i64)> =
            on_reader!(self, pool => sqlx::query_as(sql::inbox::DRAFTS).bind(enquiry.0).fetch_all(pool).await)
                .map_err(StoreError::query("drafts"))?;
        rows.into_iter()
            .map(|(account, name, kind, via, body, saved_at)| {
                let saved_at = from_stored(saved_at, "draft", "saved_at", account)?;
                Ok(Draft { account: AccountId(account), name, kind, via, body, saved_at })
            })
            .collect()
    }

    /// Adds a file to a draft.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn draft_file_add(
        &self,
        who: &Actor,
        enquiry: EnquiryId,
        name: &str,
        media_type: &str,
        bytes: &[u8],
    ) -> Result<(), StoreError> {
        on_writer!(self, conn => sqlx::query(sql::inbox::DRAFT_FILE_ADD)
            .bind(who.account.0).bind(enquiry.0).bind(clean(name).as_ref()).bind(clean(media_type).as_ref())
            .bind(i64::try_from(bytes.len()).unwrap_or(i64::MAX)).bind(bytes).execute(conn).await.map(|_| ()))
        .map_err(StoreError::query("draft_file_add"))
    }

    /// The files of somebody's draft.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn draft_files(&self, who: &Actor, enquiry: EnquiryId) -> Result<Vec<DraftFile>, StoreError> {
        on_reader!(self, pool => sqlx::query_as(sql::inbox::DRAFT_FILES)
            .bind(enquiry.0).bind(who.account.0).fetch_all(pool).await)
        .map_err(StoreError::query("draft_files"))
    }

    /// Takes a file out of a draft of one's own.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn draft_file_remove(
        &self,
        who: &Actor,
        enquiry: EnquiryId,
        file: i64,
    ) -> Result<(), StoreError> {
        on_writer!(self, conn => sqlx::query(sql::inbox::DRAFT_FILE_REMOVE)
            .bind(file).bind(who.account.0).bind(enquiry.0).execute(conn).await.map(|_| ()))
        .map_err(StoreError::query("draft_file_remove"))
    }

    /// A file of one's own draft, or one that went out: name, media type, bytes.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn draft_file(
        &self,
        who: &Actor,
        enquiry: EnquiryId,
        file: i64,
    ) -> Result<Option<(String, String, Vec<u8>)>, StoreError> {
        on_reader!(self, pool => sqlx::query_as(sql::inbox::DRAFT_FILE)
            .bind(file).bind(enquiry.0).bind(who.account.0).fetch_optional(pool).await)
        .map_err(StoreError::query("draft_file"))
    }

    /// Says that somebody has an enquiry open.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn presence_note(
        &self,
        who: &Actor,
        enquiry: EnquiryId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        on_writer!(self, conn => sqlx::query(sql::inbox::PRESENCE_NOTE)
            .bind(enquiry.0).bind(who.account.0).bind(to_stored(now)).execute(conn).await.map(|_| ()))
        .map_err(StoreError::query("presence_note"))
    }

    /// Who else has an enquiry open: names.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn presence(
        &self,
        who: &Actor,
        enquiry: EnquiryId,
        now: Timestamp,
    ) -> Result<Vec<String>, StoreError> {
        let rows: Vec<(i64, String, i64, Option<i64>)> =
            on_reader!(self, pool => sqlx::query_as(sql::inbox::PRESENCE).bind(enquiry.0).fetch_all(pool).await)
                .map_err(StoreError::query("presence"))?;
        let since = to_stored(now - PRESENT);
        let others = rows.into_iter().filter(|(account, _, at, _)| *account != who.account.0 && *at > since);
        Ok(others.map(|(_, name, ..)| name).collect())
    }

    /// All standard texts, by title.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn standard_texts(&self) -> Result<Vec<StandardText>, StoreError> {
        on_reader!(self, pool => sqlx::query_as(sql::inbox::STANDARD_TEXTS).fetch_all(pool).await)
            .map_err(StoreError::query("standard_texts"))
    }

    /// Makes a standard text, or changes one.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn standard_text_save(&self, text: &StandardText, now: Timestamp) -> Result<(), StoreError> {
        let (title, body) = (clean(&text.title), clean(&text.body));
        match text.id {
            0 => on_writer!(self, conn => sqlx::query(sql::inbox::STANDARD_TEXT_MAKE)
                .bind(title.as_ref()).bind(&text.language).bind(body.as_ref()).bind(to_stored(now))
                .execute(conn).await.map(|_| ())),
            id => on_writer!(self, conn => sqlx::query(sql::inbox::STANDARD_TEXT_CHANGE)
                .bind(title.as_ref()).bind(&text.language).bind(body.as_ref()).bind(id)
                .execute(conn).await.map(|_| ())),
        }
        .map_err(StoreError::query("standard_text_save"))
    }

    /// Removes one.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn standard_text_remove(&self, id: i64) -> Result<(), StoreError> {
        on_writer!(self, conn => sqlx::query(sql::inbox::STANDARD_TEXT_REMOVE)
            .bind(id).execute(conn).await.map(|_| ()))
        .map_err(StoreError::query("standard_text_remove"))
    }

    /// Somebody's own views.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn saved_views(&self, who: &Actor) -> Result<Vec<SavedView>, StoreError> {
        on_reader!(self, pool => sqlx::query_as(sql::inbox::SAVED_VIEWS).bind(who.account.0).fetch_all(pool).await)
            .map_err(StoreError::query("saved_views"))
    }

    /// Keeps a view.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn saved_view_make(&self, who: &Actor, name: &str, query: &str) -> Result<(), StoreError> {
        on_writer!(self, conn => sqlx::query(sql::inbox::SAVED_VIEW_MAKE)
            .bind(who.account.0).bind(clean(name).as_ref()).bind(clean(query).as_ref())
            .execute(conn).await.map(|_| ()))
        .map_err(StoreError::query("saved_view_make"))
    }

    /// Removes a view of one's own.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn saved_view_remove(&self, who: &Actor, id: i64) -> Result<(), StoreError> {
        on_writer!(self, conn => sqlx::query(sql::inbox::SAVED_VIEW_REMOVE)
            .bind(id).bind(who.account.0).execute(conn).await.map(|_| ()))
        .map_err(StoreError::query("saved_view_remove"))
    }
}

impl Store {
    /// The newest message: what comes after it is news.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn news_newest(&self) -> Result<i64, StoreError> {
        let (message, _): (i64, i64) =
            on_reader!(self, pool => sqlx::query_as(sql::inbox::PULSE).fetch_one(pool).await)
                .map_err(StoreError::query("pulse"))?;
        Ok(message)
    }

    /// Numbers that change when anything in the inbox does: the newest message, and the newest entry of the log.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn pulse(&self) -> Result<(i64, i64), StoreError> {
        on_reader!(self, pool => sqlx::query_as(sql::inbox::PULSE).fetch_one(pool).await)
            .map_err(StoreError::query("pulse"))
    }

    /// How many messages that matter came after one.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn news_since(&self, message: i64) -> Result<i64, StoreError> {
        on_reader!(self, pool => sqlx::query_scalar(sql::inbox::NEWS).bind(message).fetch_one(pool).await)
            .map_err(StoreError::query("news"))
    }
}

impl Store {
    /// Keeps what somebody looks for under a token that can stand in an address.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn question_keep(
        &self,
        who: &Actor,
        token: &str,
        words: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        on_writer!(self, conn => sqlx::query(sql::inbox::QUESTION_KEEP)
            .bind(token).bind(who.account.0).bind(clean(words).as_ref()).bind(to_stored(now))
            .execute(conn).await.map(|_| ()))
        .map_err(StoreError::query("question_keep"))
    }

    /// What it was; nothing for anybody else's, and after a day.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn question_fetch(&self, who: &Actor, token: &str) -> Result<Option<String>, StoreError> {
        on_reader!(self, pool => sqlx::query_scalar(sql::inbox::QUESTION_FETCH)
            .bind(token).bind(who.account.0).fetch_optional(pool).await)
        .map_err(StoreError::query("question_fetch"))
    }
}
