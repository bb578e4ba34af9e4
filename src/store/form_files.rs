//! Files of forms that are not sent yet, and what all nodes must know and nobody else.

use indgang_channels::web_form::{File, Scan};
use jiff::Timestamp;

use super::conn::{Transaction, on_reader, on_tx, on_writer};
use super::{Store, StoreError, clean, sql, to_stored};
use crate::domain::arrival::ArrivalId;

/// A file of a form, without its bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct FormFile {
    /// What it is taken away by.
    pub id: i64,
    /// Its name, as it came.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
}

/// Prints the size alone.
impl std::fmt::Debug for FormFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "FormFile({}, {} bytes)", self.id, self.size)
    }
}

/// How much is kept.
#[derive(Clone, Copy, Debug)]
pub struct FormFileLimits {
    /// Most files of one form.
    pub most_files: u32,
    /// Most bytes of one form's files.
    pub most_bytes: u64,
    /// Most bytes of all forms' files.
    pub most_bytes_of_all: u64,
}

/// What came of keeping a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormFileKept {
    /// It is kept.
    Kept,
    /// The form has too many already.
    TooMany,
    /// It would be too much.
    TooMuch,
}

impl Store {
    /// The secret of a name; `fresh` when there was none. All nodes get the same.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn secret_fetch_or_make(&self, name: &str, fresh: &[u8; 32]) -> Result<[u8; 32], StoreError> {
        on_writer!(self, conn => sqlx::query(sql::pages::SECRET_MAKE)
            .bind(name).bind(&fresh[..]).execute(conn).await.map(|_| ()))
        .map_err(StoreError::query("secret_make"))?;
        let value: Vec<u8> = on_writer!(self, conn => sqlx::query_scalar(sql::pages::SECRET_FETCH)
            .bind(name).fetch_one(conn).await)
        .map_err(StoreError::query("secret_fetch"))?;
        value.try_into().map_err(|_| StoreError::Corrupt { table: "server_secret", column: "value", row: 0 })
    }

    /// What makes an arrival this message and no other.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn arrival_fingerprint(&self, arrival: ArrivalId) -> Result<Option<[u8; 32]>, StoreError> {
        let found: Option<Vec<u8>> =
            on_writer!(self, conn => sqlx::query_scalar(sql::pages::ARRIVAL_FINGERPRINT)
            .bind(arrival.0).fetch_optional(conn).await)
            .map_err(StoreError::query("arrival_fingerprint"))?;
        Ok(found.and_then(|bytes| bytes.try_into().ok()))
    }

    /// Keeps a file for a form, unless that is too many or too much.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn form_file_keep(
        &self,
        form: &[u8; 32],
        file: &File,
        limits: FormFileLimits,
        now: Timestamp,
    ) -> Result<FormFileKept, StoreError> {
        let mut tx = Transaction::begin(self).await?;
        // Two requests of one form would otherwise both find room for the last one.
        tx.serialise_intake().await?;
        let (count, bytes, all): (i64, i64, i64) =
            on_tx!(&mut tx, conn => sqlx::query_as(sql::pages::FORM_FILE_SIZES)
            .bind(&form[..]).fetch_one(conn).await)
            .map_err(StoreError::query("form_file_sizes"))?;
        let with = |sum: i64| u64::try_from(sum).unwrap_or(0).saturating_add(file.bytes.len() as u64);
        if count >= i64::from(limits.most_files) {
            return Ok(FormFileKept::TooMany);
        }
        if with(bytes) > limits.most_bytes || with(all) > limits.most_bytes_of_all {
            return Ok(FormFileKept::TooMuch);
        }
        let scan = serde_json::to_string(&file.scan).unwrap_or_default();
        on_tx!(&mut tx, conn => sqlx::query(sql::pages::FORM_FILE_KEEP)
            .bind(&form[..]).bind(clean(&file.name).as_ref()).bind(&file.media_type).bind(&scan)
            .bind(i64::try_from(file.bytes.len()).unwrap_or(i64::MAX)).bind(&file.bytes).bind(to_stored(now))
            .execute(conn).await.map(|_| ()))
        .map_err(StoreError::query("form_file_keep"))?;
        tx.commit().await?;
        Ok(FormFileKept::Kept)
    }

    /// The files that are kept for a form, in the order in which they came.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn form_files(&self, form: &[u8; 32]) -> Result<Vec<FormFile>, StoreError> {
        let rows: Vec<(i64, String, i64)> = on_reader!(self, pool => sqlx::query_as(sql::pages::FORM_FILES)
            .bind(&form[..]).fetch_all(pool).await)
        .map_err(StoreError::query("form_files"))?;
        let file = |(id, name, size)| FormFile { id, name, size: u64::try_from(size).unwrap_or(0) };
        Ok(rows.into_iter().map(file).collect())
    }

    /// The same with their bytes. They stay until they are forgotten: a form that is sent twice is the same twice.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn form_files_take(&self, form: &[u8; 32]) -> Result<Vec<File>, StoreError> {
        let rows: Vec<(String, String, String, Vec<u8>)> =
            on_reader!(self, pool => sqlx::query_as(sql::pages::FORM_FILES_TAKE)
                .bind(&form[..]).fetch_all(pool).await)
            .map_err(StoreError::query("form_files_take"))?;
        let file = |(name, media_type, scan, bytes): (String, String, String, Vec<u8>)| File {
            name,
            media_type,
            bytes,
            scan: serde_json::from_str(&scan).unwrap_or(Scan::Unknown),
        };
        Ok(rows.into_iter().map(file).collect())
    }

    /// Takes one away from a form.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn form_file_remove(&self, form: &[u8; 32], id: i64) -> Result<(), StoreError> {
        on_writer!(self, conn => sqlx::query(sql::pages::FORM_FILE_REMOVE)
            .bind(&form[..]).bind(id).execute(conn).await.map(|_| ()))
        .map_err(StoreError::query("form_file_remove"))
    }

    /// Forgets the files that were kept before a moment.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn form_files_forget(&self, before: Timestamp) -> Result<u64, StoreError> {
        on_writer!(self, conn => sqlx::query(sql::pages::FORM_FILES_FORGET)
            .bind(to_stored(before)).execute(conn).await.map(|done| done.rows_affected()))
        .map_err(StoreError::query("form_files_forget"))
    }
}
