//! Search over everything: what waits is made searchable in turn, and what is asked is found in both databases alike.
//!
//! Texts are brought to their stems before either database sees them ([`crate::domain::words`]), so that «afgørelsen»
//! finds «afgørelse» on both, and SQLite needs no stemmer that it has not. The newest come first: a list that is ordered
//! needs no ranking, and the newest is what an adviser looks for. A filing does not wait for it: a trigger notes what is
//! new, and [`Store::search_index`] works it off.

use jiff::Timestamp;

use super::Actor;
use super::enquiry::Details;
use super::list::Line;
use crate::domain::account::Scope;
use crate::domain::enquiry::EnquiryId;
use crate::domain::words::{self, Asked};
use crate::store::conn::{Pool, Transaction, on_reader, on_tx};
use crate::store::{Store, StoreError, clean, sql};

/// Of so many documents that are found, the enquiries are shown.
const MOST_DOCUMENTS: i64 = 400;
/// At most so many enquiries are shown.
const MOST_ENQUIRIES: usize = 50;
/// Beyond this PostgreSQL takes no list of words, in bytes; it stops at a mebibyte.
const LONGEST_WORDS: usize = 900_000;

/// What a search found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The enquiries, the newest find first.
    pub lines: Vec<Line>,
    /// Where in the enquiry: the text that holds the words, by the enquiry.
    pub stretches: Vec<(EnquiryId, String)>,
    /// There may be more than are shown.
    pub more: bool,
}

impl Store {
    /// Makes at most `most` of what waits searchable; how many there were.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn search_index(&self, most: u32) -> Result<usize, StoreError> {
        let mut tx = Transaction::begin(self).await?;
        tx.serialise_intake().await?;
        let waiting: Vec<(i64, String, i64)> =
            on_tx!(&mut tx, conn => sqlx::query_as(sql::find::WAITING).bind(i64::from(most)).fetch_all(conn).await)
                .map_err(StoreError::query("search_waiting"))?;
        for (id, source, source_id) in &waiting {
            self.search_one(&mut tx, source, *source_id).await?;
            on_tx!(&mut tx, conn => sqlx::query(sql::find::WAITING_DONE).bind(id).execute(conn).await.map(|_| ()))
                .map_err(StoreError::query("search_waiting_done"))?;
        }
        tx.commit().await?;
        Ok(waiting.len())
    }

    async fn search_one(&self, tx: &mut Transaction, source: &str, id: i64) -> Result<(), StoreError> {
        let text = match source {
            "message" => sql::find::TEXT_OF_MESSAGE,
            "reply" => sql::find::TEXT_OF_REPLY,
            "note" => sql::find::TEXT_OF_NOTE,
            _ => sql::find::TEXT_OF_ENQUIRY,
        };
        let found: Option<(i64, String)> =
            on_tx!(tx, conn => sqlx::query_as(text).bind(id).fetch_optional(conn).await)
                .map_err(StoreError::query("search_text"))?;
        let before: Option<i64> = on_tx!(tx, conn => sqlx::query_scalar(sql::find::DOCUMENT_OF)
            .bind(source).bind(id).fetch_optional(conn).await)
        .map_err(StoreError::query("search_document_of"))?;
        if let Some(document) = before {
            let forget = match tx {
                Transaction::Sqlite(_) => sql::find::SQLITE_FORGET,
                Transaction::Postgres(_) => sql::find::POSTGRES_FORGET,
            };
            for text in [forget, sql::find::DOCUMENT_FORGET] {
                on_tx!(tx, conn => sqlx::query(text).bind(document).execute(conn).await.map(|_| ()))
                    .map_err(StoreError::query("search_forget"))?;
            }
        }
        let Some((enquiry, text)) = found else { return Ok(()) };
        let document: i64 = on_tx!(tx, conn => sqlx::query_scalar(sql::find::DOCUMENT_MAKE)
            .bind(source).bind(id).bind(enquiry).fetch_one(conn).await)
        .map_err(StoreError::query("search_document_make"))?;
        let mut text = text;
        if source == "message" {
            let details: Option<String> =
                on_tx!(tx, conn => sqlx::query_scalar(sql::find::DETAILS_OF_MESSAGE)
                    .bind(id).fetch_optional(conn).await)
                .map_err(StoreError::query("search_details"))?;
            let details: Details =
                details.and_then(|details| serde_json::from_str(&details).ok()).unwrap_or_default();
            for name in details.attachments.iter().filter_map(|file| file.name.as_deref()) {
                text.push(' ');
                text.push_str(name);
            }
        }
        let mut stems = words::stems(&text);
        if stems.len() > LONGEST_WORDS {
            let end = stems[..LONGEST_WORDS].rfind(' ').unwrap_or(0);
            stems.truncate(end);
        }
        let keep = match tx {
            Transaction::Sqlite(_) => sql::find::SQLITE_KEEP,
            Transaction::Postgres(_) => sql::find::POSTGRES_KEEP,
        };
        on_tx!(tx, conn => sqlx::query(keep).bind(document).bind(clean(&stems).as_ref()).execute(conn).await.map(|_| ()))
            .map_err(StoreError::query("search_keep"))
    }

    /// Looks for enquiries by the words in them; the search itself is in the log, its words are not.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn search(&self, who: &Actor, asked: &Asked, now: Timestamp) -> Result<Found, StoreError> {
        let deed = crate::domain::account::Deed {
            account: Some(who.account),
            act: "search",
            enquiry: None,
            detail: String::new(),
        };
        self.log_write(&deed, now).await?;
        let mut hits = self.search_documents(asked, false).await?;
        // Words that are not finished: only when whole words do not fill the page.
        if hits.len() < MOST_ENQUIRIES {
            for hit in self.search_documents(asked, true).await? {
                if !hits.contains(&hit) {
                    hits.push(hit);
                }
            }
        }
        let mut ids: Vec<EnquiryId> = Vec::new();
        for (_, enquiry) in &hits {
            if !ids.contains(&EnquiryId(*enquiry)) {
                ids.push(EnquiryId(*enquiry));
            }
        }
        let more =
            ids.len() > MOST_ENQUIRIES || i64::try_from(hits.len()).unwrap_or(i64::MAX) >= MOST_DOCUMENTS;
        // Who sees only some of them must not find less because of those that they do not see.
        if who.scope == Scope::All {
            ids.truncate(MOST_ENQUIRIES);
        }
        let mut lines = self.enquiries_lines(who, &ids).await?;
        lines.truncate(MOST_ENQUIRIES);
        let mut stretches = Vec::with_capacity(lines.len());
        for line in &lines {
            let Some((document, _)) = hits.iter().find(|(_, enquiry)| *enquiry == line.id.0) else {
                continue;
            };
            let text: Option<String> =
                on_reader!(self, pool => sqlx::query_scalar(sql::find::TEXT_OF_DOCUMENT)
                .bind(document).fetch_optional(pool).await)
                .map_err(StoreError::query("text_of_document"))?;
            if let Some(text) = text {
                stretches.push((line.id, asked.around(&text, 160).to_owned()));
            }
        }
        Ok(Found { lines, stretches, more })
    }

    /// Documents that hold every word: number and enquiry, the newest first.
    async fn search_documents(&self, asked: &Asked, begun: bool) -> Result<Vec<(i64, i64)>, StoreError> {
        // A single letter among other words is one of an address or a number, and begins half of all words.
        let single = asked.words.len() > 1;
        let begins = |typed: &str| begun && !(single && typed.chars().nth(1).is_none());
        let question = match &self.pool {
            Pool::Sqlite { .. } => {
                let word = |(typed, stem): &(String, String)| {
                    if begins(typed) {
                        format!("(\"{stem}\" OR \"{typed}\"*)")
                    } else {
                        format!("\"{stem}\"")
                    }
                };
                asked.words.iter().map(word).collect::<Vec<_>>().join(" AND ")
            }
            Pool::Postgres(_) => {
                let word = |(typed, stem): &(String, String)| {
                    if begins(typed) { format!("('{stem}' | '{typed}':*)") } else { format!("'{stem}'") }
                };
                asked.words.iter().map(word).collect::<Vec<_>>().join(" & ")
            }
        };
        let texts: &[&'static str] = match &self.pool {
            Pool::Sqlite { .. } => &[sql::find::SQLITE_FIND],
            Pool::Postgres(_) => &[sql::find::POSTGRES_FIND_NEWEST, sql::find::POSTGRES_FIND],
        };
        let mut found: Vec<(i64, i64)> = Vec::new();
        for text in texts {
            found = on_reader!(self, pool => sqlx::query_as(*text)
                .bind(&question).bind(MOST_DOCUMENTS).fetch_all(pool).await)
            .map_err(StoreError::query("search_find"))?;
            if found.len() as i64 >= MOST_DOCUMENTS {
                break;
            }
        }
        Ok(found)
    }
}
