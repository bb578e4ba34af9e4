//! What carries our letters: a submission server, or a folder for a demonstration and for networks without mail.

use std::path::{Path, PathBuf};

use indgang_channels::email::compose::Composed;
use indgang_channels::email::submit::{SendError, Submitter};

/// What carries our letters.
#[derive(Debug)]
pub enum Transport {
    /// A submission server.
    Smtp(Submitter),
    /// Each letter as an `.eml` file in this folder.
    Folder(PathBuf),
    /// Nothing is configured: what is queued waits, visibly.
    Unset,
}

impl Transport {
    /// Sends one letter.
    ///
    /// # Errors
    /// See [`SendError`].
    pub async fn send(&self, letter: &Composed, message_id: &str) -> Result<(), SendError> {
        match self {
            Self::Unset => Err(unset()),
            Self::Smtp(submitter) => submitter.send(letter).await,
            Self::Folder(folder) => write(folder, letter, message_id).await.map_err(|error| {
                SendError::Unreachable(format!("email.submit.folder cannot be written to: {}", error.kind()))
            }),
        }
    }

    /// Tries it without sending.
    ///
    /// # Errors
    /// What is wrong.
    pub async fn check(&self) -> Result<(), SendError> {
        match self {
            Self::Unset => Err(unset()),
            Self::Smtp(submitter) => submitter.check().await,
            Self::Folder(folder) => tokio::fs::create_dir_all(folder).await.map_err(|error| {
                SendError::Unreachable(format!("email.submit.folder cannot be made: {}", error.kind()))
            }),
        }
    }

    /// Says goodbye.
    pub async fn close(&self) {
        if let Self::Smtp(submitter) = self {
            submitter.close().await;
        }
    }
}

fn unset() -> SendError {
    SendError::Unreachable("no submission server is configured (email.submit.host)".to_owned())
}

/// Writes a letter whole or not at all. The name follows from the Message-ID, so a second try replaces the first.
async fn write(folder: &Path, letter: &Composed, message_id: &str) -> std::io::Result<()> {
    let name: String = message_id
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || "-.@".contains(c) { c } else { '_' })
        .collect();
    tokio::fs::create_dir_all(folder).await?;
    let unfinished = folder.join(format!(".{name}.part"));
    tokio::fs::write(&unfinished, &letter.bytes).await?;
    tokio::fs::File::open(&unfinished).await?.sync_all().await?;
    tokio::fs::rename(&unfinished, folder.join(format!("{name}.eml"))).await
}
