//! A Maildir, written and read from outside.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use crate::PeerError;
use crate::ground::User;

/// One mail in a Maildir.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// Its bytes.
    pub raw: Vec<u8>,
    /// Its flags as Maildir letters: `S` seen, `T` deleted, `a`–`z` keywords.
    pub flags: String,
}

impl Mail {
    /// The value of the first header of this name, unfolded; for tests that look at what was delivered.
    pub fn header(&self, name: &str) -> Option<String> {
        let text = String::from_utf8_lossy(&self.raw).replace("\r\n", "\n");
        let head = text.split("\n\n").next()?.replace("\n ", " ").replace("\n\t", " ");
        head.lines().find_map(|line| {
            let (have, value) = line.split_once(':')?;
            have.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
        })
    }
}

/// A Maildir.
#[derive(Clone, Debug)]
pub struct Maildir {
    path: PathBuf,
    user: User,
}

static DELIVERED: AtomicU64 = AtomicU64::new(0);

impl Maildir {
    pub(crate) fn make(path: PathBuf, user: &User) -> Result<Self, PeerError> {
        for part in ["", "tmp", "new", "cur"] {
            user.folder(&path.join(part))?;
        }
        Ok(Self { path, user: user.clone() })
    }

    pub(crate) fn at(path: PathBuf, user: &User) -> Self {
        Self { path, user: user.clone() }
    }

    /// Its directory.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Delivers a mail as a mail server would: written aside, then moved into `new`, so that nobody sees half of it.
    ///
    /// The name states the size (`S=`), as Dovecot's and Postfix's own deliveries do.
    ///
    /// # Errors
    /// When the file system refuses.
    pub fn deliver(&self, raw: &[u8]) -> Result<(), PeerError> {
        let number = DELIVERED.fetch_add(1, Ordering::Relaxed);
        // Zero-padded, so that a folder is numbered in the order of delivery.
        let name = format!(
            "{:010}.P{}Q{number:08}.localhost,S={}",
            1_700_000_000 + number,
            std::process::id(),
            raw.len()
        );
        let aside = self.path.join("tmp").join(&name);
        fs::write(&aside, raw)?;
        self.user.own(&aside)?;
        Ok(fs::rename(&aside, self.path.join("new").join(&name))?)
    }

    /// Takes every flag from every mail, while nobody has the folder open.
    ///
    /// # Errors
    /// When the file system refuses.
    pub fn unmark(&self) -> Result<(), PeerError> {
        let folder = self.path.join("cur");
        for entry in fs::read_dir(&folder)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if let Some((base, flags)) = name.rsplit_once(":2,")
                && !flags.is_empty()
            {
                fs::rename(entry.path(), folder.join(format!("{base}:2,")))?;
            }
        }
        Ok(())
    }

    /// Every mail in it, in order of file name.
    ///
    /// # Errors
    /// When the file system refuses.
    pub fn mails(&self) -> Result<Vec<Mail>, PeerError> {
        let mut found = Vec::new();
        for part in ["new", "cur"] {
            let folder = self.path.join(part);
            if !folder.exists() {
                continue;
            }
            for entry in fs::read_dir(&folder)? {
                let entry = entry?;
                let name = entry.file_name().to_string_lossy().into_owned();
                // Somebody else may move it between listing and reading.
                let Ok(raw) = fs::read(entry.path()) else { continue };
                let flags = name.rsplit_once(":2,").map(|(_, flags)| flags.to_owned()).unwrap_or_default();
                found.push((name, Mail { raw, flags }));
            }
        }
        found.sort_by(|a, b| a.0.cmp(&b.0));
        Ok(found.into_iter().map(|(_, mail)| mail).collect())
    }

    /// How many mails are in it.
    ///
    /// # Errors
    /// When the file system refuses.
    pub fn count(&self) -> Result<usize, PeerError> {
        let mut count = 0;
        for part in ["new", "cur"] {
            let folder = self.path.join(part);
            if folder.exists() {
                count += fs::read_dir(&folder)?.count();
            }
        }
        Ok(count)
    }
}
