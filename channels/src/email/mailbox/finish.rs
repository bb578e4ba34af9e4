//! Marks letters as done on the server, after our commit: a flag, another folder, or nothing.
//!
//! Everything here can be repeated: a UID that is no longer there is no failure, a flag that is set stays set.

use super::error::{MailboxError, MailboxErrorKind};
use super::wire::End;
use super::{Mailbox, names};

/// What becomes of a letter on the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// It gets this flag: a system flag such as `\Seen`, or a keyword.
    Flag(String),
    /// It is moved to this folder, which must exist.
    Move(String),
    /// Nothing.
    Keep,
}

/// UIDs per command. Commands stay under the 8,000 bytes that servers must take (RFC 7162 section 4) even when no two
/// UIDs are neighbours.
const BATCH: usize = 500;

impl Mailbox {
    /// Does `action` to the letters `uids` of the selected folder, in batches.
    ///
    /// # Errors
    /// [`MailboxErrorKind::Refused`] names the key to look at (`flag`, `move_to`) and leaves the connection usable.
    pub async fn finish(&mut self, uids: &[u32], action: &Action) -> Result<(), MailboxError> {
        let result = self.try_finish(uids, action).await;
        self.settle(result)
    }

    async fn try_finish(&mut self, uids: &[u32], action: &Action) -> Result<(), MailboxErrorKind> {
        self.usable()?;
        for batch in uids.chunks(BATCH) {
            let set = names::uid_set(batch);
            match action {
                Action::Keep => {}
                Action::Flag(flag) => self.flag(&set, flag).await?,
                Action::Move(folder) => self.move_to(&set, folder).await?,
            }
        }
        Ok(())
    }

    async fn flag(&mut self, set: &str, flag: &str) -> Result<(), MailboxErrorKind> {
        const REFUSED: MailboxErrorKind = MailboxErrorKind::Refused { doing: "to flag letters", key: "flag" };
        // A server that keeps a flag only for this session answers OK to it; the mark would be gone tomorrow.
        let kept = self.permanent_flags.as_ref().is_none_or(|kept| {
            kept.iter()
                .any(|kept| kept == "\\*" && !flag.starts_with('\\') || kept.eq_ignore_ascii_case(flag))
        });
        if !names::is_flag(flag) || !kept {
            return Err(REFUSED);
        }
        let command = format!("UID STORE {set} +FLAGS.SILENT ({flag})");
        match self.run(&command, "letters were being flagged").await? {
            End::Ok => Ok(()),
            End::No | End::Bad => Err(REFUSED),
        }
    }

    async fn move_to(&mut self, set: &str, folder: &str) -> Result<(), MailboxErrorKind> {
        const DOING: &str = "letters were being moved";
        const REFUSED: MailboxErrorKind =
            MailboxErrorKind::Refused { doing: "to move letters", key: "move_to" };
        let folder = names::quoted(&names::utf7(folder));
        if self.can("MOVE") {
            return match self.run(&format!("UID MOVE {set} {folder}"), DOING).await? {
                End::Ok => Ok(()),
                End::No | End::Bad => Err(REFUSED),
            };
        }
        // Without RFC 6851: copy, then delete. A crash in between leaves a second copy there, never a lost letter.
        let mut commands =
            vec![format!("UID COPY {set} {folder}"), format!("UID STORE {set} +FLAGS.SILENT (\\Deleted)")];
        // Plain EXPUNGE would also remove what a person has marked as deleted; without RFC 4315 the mark has to do.
        if self.can("UIDPLUS") {
            commands.push(format!("UID EXPUNGE {set}"));
        }
        for command in &commands {
            if self.run(command, DOING).await? != End::Ok {
                return Err(REFUSED);
            }
        }
        Ok(())
    }
}
