//! Lists what lies in the folder, without fetching any of it: for comparing the server with the ledger.

use super::error::{MailboxError, MailboxErrorKind};
use super::{Mailbox, names};

impl Mailbox {
    /// The UIDs up to and with `last_uid` that lie in the folder; with `without` only those that lack that flag.
    ///
    /// # Errors
    /// As for every command.
    pub async fn uids_through(
        &mut self,
        last_uid: u32,
        without: Option<&str>,
    ) -> Result<Vec<u32>, MailboxError> {
        let result = self.try_uids_through(last_uid, without).await;
        self.settle(result)
    }

    async fn try_uids_through(
        &mut self,
        last_uid: u32,
        without: Option<&str>,
    ) -> Result<Vec<u32>, MailboxErrorKind> {
        self.usable()?;
        let lacking = match without {
            None => String::new(),
            Some(flag) if !names::is_flag(flag) => return Err(REFUSED),
            // RFC 3501 section 6.4.4: the system flags have keys of their own.
            Some(flag) => match flag.strip_prefix('\\').map(str::to_ascii_uppercase).as_deref() {
                Some(key @ ("SEEN" | "DELETED" | "ANSWERED" | "FLAGGED" | "DRAFT")) => format!(" UN{key}"),
                Some(_) => return Err(REFUSED),
                None => format!(" UNKEYWORD {flag}"),
            },
        };
        let mut uids = self.search(&format!("1:{}{lacking}", last_uid.max(1))).await?;
        uids.retain(|uid| *uid <= last_uid);
        uids.sort_unstable();
        uids.dedup();
        Ok(uids)
    }
}

const REFUSED: MailboxErrorKind =
    MailboxErrorKind::Refused { doing: "to list letters by their flag", key: "flag" };
