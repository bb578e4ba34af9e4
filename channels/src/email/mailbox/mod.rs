//! One mailbox on an IMAP server (RFC 3501): connects, fetches what is new, waits for more, and marks what is done.
//!
//! Never decides what a letter is, keeps no state between connections, and never writes to the server except in
//! [`Mailbox::finish`], which the caller calls after its commit.
//!
//! - `dial` opens the connection, `login` proves who we are, `fetch` reads letters, `watch` waits, `finish` flags or
//!   moves.
//! - Every wait is limited. After an error (other than a refused command), or when a call was dropped before it ended,
//!   the connection is not used again: drop the [`Mailbox`] and connect anew.

mod dial;
mod error;
mod fetch;
mod finish;
mod listing;
mod login;
mod names;
mod watch;
mod wire;

use std::path::PathBuf;
use std::time::Duration;

use secrecy::SecretString;

pub use error::{MailboxError, MailboxErrorKind};
pub use fetch::{Budget, Fetched, FetchedBody, Letter};
pub use finish::Action;
pub use watch::{Watch, Woken};

use self::wire::{End, Notice, Wire};
use crate::email::oauth::TokenSource;

/// How the connection to a mailbox is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tls {
    /// TLS from the first byte (RFC 8314), port 993.
    Implicit,
    /// Plain at first, then TLS or nothing, port 143.
    StartTls,
    /// None; refused unless the host is this machine itself.
    Plain,
}

/// What proves the log-in name.
#[derive(Clone, Debug)]
pub enum Auth {
    /// A password.
    Password(SecretString),
    /// An access token (SASL XOAUTH2).
    XOAuth2(TokenSource),
}

/// One mailbox as configured.
#[derive(Clone, Debug)]
pub struct Account {
    /// The configured name; the only thing of an account that errors show.
    pub name: String,
    /// The server: a DNS name or an IP address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub tls: Tls,
    /// Certificates (PEM) to trust besides the system's.
    pub extra_ca: Option<PathBuf>,
    /// The log-in name.
    pub user: String,
    /// What proves it.
    pub auth: Auth,
    /// The folder that is read, in plain text (it is encoded for the wire).
    pub folder: String,
    /// The longest wait for a connection, TLS included.
    pub connect_timeout: Duration,
    /// The longest silence of the server in the middle of a conversation. Every wait for bytes is limited by it, so a
    /// large letter on a slow line is no failure, and a server that has hung is one.
    pub silence: Duration,
}

impl Account {
    /// An account with the usual limits: 20 s to connect, 60 s of silence.
    pub fn new(name: &str, host: &str, port: u16, tls: Tls, user: &str, auth: Auth) -> Self {
        Self {
            name: name.to_owned(),
            host: host.to_owned(),
            port,
            tls,
            extra_ca: None,
            user: user.to_owned(),
            auth,
            folder: "INBOX".to_owned(),
            connect_timeout: Duration::from_secs(20),
            silence: Duration::from_secs(60),
        }
    }
}

/// The folder as the server states it on selecting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Selected {
    /// Under which numbering the UIDs stand. When it differs from what the caller stored, every stored UID is void:
    /// fetch from 0 and let the content tell what is known already.
    pub uid_validity: u32,
    /// The UID that the next letter will get at the earliest, when the server says.
    pub uid_next: Option<u32>,
    /// Letters in the folder.
    pub exists: u32,
}

/// A connection to one mailbox, logged in.
pub struct Mailbox {
    account: Account,
    wire: Wire,
    capabilities: Vec<String>,
    selected: Option<Selected>,
    /// Letters in the folder, as last heard.
    exists: u32,
    /// Whether the folder grew since the last search began.
    pending: bool,
    /// The flags that the server keeps for good; `None` when it did not say.
    permanent_flags: Option<Vec<String>>,
    /// Set while a conversation is under way, and for good when one failed or was dropped in the middle: the answers
    /// to it would be taken for answers to the next.
    broken: bool,
}

/// Never prints the log-in name.
impl std::fmt::Debug for Mailbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Mailbox({}, {:?}, broken: {})", self.account.name, self.selected, self.broken)
    }
}

impl Mailbox {
    /// Connects and logs in. A refused access token is fetched anew once.
    ///
    /// # Errors
    /// Every [`MailboxErrorKind`] about connecting and logging in.
    pub async fn connect(account: &Account) -> Result<Self, MailboxError> {
        let fail = |kind| MailboxError { account: account.name.clone(), kind };
        let dialled = tokio::time::timeout(account.connect_timeout, dial::dial(account));
        let mut wire = match dialled.await {
            Ok(wire) => wire.map_err(fail)?,
            Err(_) => {
                let after = account.connect_timeout;
                return Err(fail(MailboxErrorKind::TimedOut {
                    doing: "the connection was being opened",
                    after,
                }));
            }
        };
        let capabilities = login::login(&mut wire, account).await.map_err(fail)?;
        Ok(Self {
            account: account.clone(),
            wire,
            capabilities,
            selected: None,
            exists: 0,
            pending: false,
            permanent_flags: None,
            broken: false,
        })
    }

    /// Opens the configured folder for reading and writing. May be repeated.
    ///
    /// # Errors
    /// [`MailboxErrorKind::Refused`] with the key `folder` when it does not exist; [`MailboxErrorKind::Protocol`] when
    /// the server states no UIDVALIDITY, or one that does not hold: without it no cursor can be kept.
    pub async fn select(&mut self) -> Result<Selected, MailboxError> {
        let result = self.try_select().await;
        self.settle(result)
    }

    async fn try_select(&mut self) -> Result<Selected, MailboxErrorKind> {
        self.usable()?;
        self.selected = None;
        self.exists = 0;
        self.permanent_flags = None;
        let mut uid_validity = None;
        let mut uid_next = None;
        let mut sticky = true;
        let folder = names::quoted(&names::utf7(&self.account.folder));
        let tag = self.wire.send(&format!("SELECT {folder}")).await?;
        let end = loop {
            self.wire.next("the folder was being opened").await?;
            if let Some(end) = self.wire.end_of(&tag)? {
                break end;
            }
            let Some(response) = self.wire.response() else { continue };
            if let imap_proto::Response::Data { outcome, .. } = &response
                && let Some(imap_proto::ResponseCode::PermanentFlags(flags)) = &outcome.code
            {
                self.permanent_flags = Some(flags.iter().map(|flag| flag.to_string()).collect());
            }
            match wire::notice(&response) {
                Some(Notice::Exists(count)) => self.exists = count,
                Some(Notice::UidValidity(value)) => uid_validity = Some(value),
                Some(Notice::UidNext(value)) => uid_next = Some(value),
                Some(Notice::UidNotSticky) => sticky = false,
                Some(Notice::Expunged(_)) | None => {}
            }
        };
        if end != End::Ok {
            return Err(MailboxErrorKind::Refused { doing: "to open the folder", key: "folder" });
        }
        let uid_validity = match uid_validity {
            Some(value) if sticky => value,
            _ => return Err(MailboxErrorKind::Protocol("the folder has no lasting numbers (UIDVALIDITY)")),
        };
        let selected = Selected { uid_validity, uid_next, exists: self.exists };
        self.selected = Some(selected);
        // Whatever is in the folder has not been searched for yet.
        self.pending = self.exists > 0;
        Ok(selected)
    }

    /// Whether the server tells of new letters by itself (RFC 2177).
    pub fn can_idle(&self) -> bool {
        self.can("IDLE")
    }

    /// Says goodbye. Failures do not matter here: nothing is owed to the server.
    pub async fn close(mut self) {
        if !self.broken {
            let _ = self.wire.send("LOGOUT").await;
        }
    }

    fn can(&self, capability: &str) -> bool {
        self.capabilities.iter().any(|have| have == capability)
    }

    /// Begins a conversation; whoever is dropped before [`Mailbox::settle`] leaves the connection broken.
    fn usable(&mut self) -> Result<(), MailboxErrorKind> {
        if std::mem::replace(&mut self.broken, true) { Err(MailboxErrorKind::Broken) } else { Ok(()) }
    }

    /// Ends a conversation: names the account in an error, and says whether the connection can be used further.
    fn settle<T>(&mut self, result: Result<T, MailboxErrorKind>) -> Result<T, MailboxError> {
        let result = result.map_err(|kind| MailboxError { account: self.account.name.clone(), kind });
        self.broken = result.as_ref().is_err_and(|error| !error.keeps_connection());
        result
    }

    /// Reads the next response and takes note of what it says of the folder.
    async fn next(&mut self, doing: &'static str) -> Result<(), MailboxErrorKind> {
        self.wire.next(doing).await?;
        match self.wire.response().as_ref().and_then(wire::notice) {
            Some(Notice::Exists(count)) => {
                self.pending |= count > self.exists;
                self.exists = count;
            }
            Some(Notice::Expunged(count)) => self.exists = self.exists.saturating_sub(count),
            Some(Notice::UidValidity(is)) => match self.selected {
                Some(Selected { uid_validity: was, .. }) if was != is => {
                    return Err(MailboxErrorKind::UidValidityChanged { was, is });
                }
                _ => {}
            },
            Some(Notice::UidNext(_) | Notice::UidNotSticky) | None => {}
        }
        Ok(())
    }

    /// Sends one command and reads until it ends.
    async fn run(&mut self, command: &str, doing: &'static str) -> Result<End, MailboxErrorKind> {
        let tag = self.wire.send(command).await?;
        loop {
            self.next(doing).await?;
            if let Some(end) = self.wire.end_of(&tag)? {
                return Ok(end);
            }
        }
    }
}
