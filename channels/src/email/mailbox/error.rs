//! What can go wrong with a mailbox, in words for whoever runs the server.
//!
//! Each message names the account and the configuration key to look at; none holds a password, an address, a subject,
//! or what the server said (servers repeat names and addresses in their answers).

use std::fmt;
use std::time::Duration;

use crate::email::oauth::TokenError;
use crate::email::tls::TlsError;

/// A failure of one mailbox. The connection is of no use afterwards, unless [`MailboxError::keeps_connection`].
#[derive(Debug)]
pub struct MailboxError {
    /// The configured name of the mailbox.
    pub account: String,
    /// What went wrong.
    pub kind: MailboxErrorKind,
}

/// The sorts of failure.
#[derive(Debug)]
#[non_exhaustive]
pub enum MailboxErrorKind {
    /// The server does not accept the log-in name with what proves it.
    LoginRefused {
        /// The key under the mailbox that holds the proof: `password` or `oauth`.
        key: &'static str,
    },
    /// No access token could be had.
    Token(TokenError),
    /// The connection could not be protected.
    Tls(String),
    /// Plain text was asked for to another machine than this one.
    PlainRefused,
    /// The server offers no STARTTLS.
    NoStartTls,
    /// The server cannot be reached, or closed the connection.
    Unreachable(String),
    /// The server said nothing for this long.
    TimedOut {
        /// What was being waited for.
        doing: &'static str,
        /// How long.
        after: Duration,
    },
    /// The server refused a command (tagged NO or BAD).
    Refused {
        /// What was asked for.
        doing: &'static str,
        /// The key under the mailbox that bears on it.
        key: &'static str,
    },
    /// The server broke the protocol (RFC 3501).
    Protocol(&'static str),
    /// The folder was replaced or rebuilt: every UID means something else now (RFC 3501 section 2.3.1.1).
    UidValidityChanged {
        /// The value that was read first.
        was: u32,
        /// The value that the server states now.
        is: u32,
    },
    /// Whoever takes the letters has gone; nothing is wrong with the server.
    Abandoned,
    /// The connection failed earlier and is not used again.
    Broken,
}

impl MailboxError {
    /// Whether the same connection can be used further: a refused command leaves it in order.
    pub fn keeps_connection(&self) -> bool {
        matches!(self.kind, MailboxErrorKind::Refused { .. })
    }

    /// Whether trying again without a change of configuration is pointless. Tried again all the same, only seldom:
    /// passwords are corrected on the server, too.
    pub fn needs_operator(&self) -> bool {
        matches!(
            self.kind,
            MailboxErrorKind::LoginRefused { .. }
                | MailboxErrorKind::PlainRefused
                | MailboxErrorKind::NoStartTls
                | MailboxErrorKind::Tls(_)
                | MailboxErrorKind::Refused { .. }
        )
    }
}

impl fmt::Display for MailboxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = &self.account;
        let at = format_args!("email.mailboxes.{name}");
        write!(f, "mailbox {name}: ")?;
        match &self.kind {
            MailboxErrorKind::LoginRefused { key } => {
                write!(f, "the server refused the log-in; check {at}.user and {at}.{key}")
            }
            MailboxErrorKind::Token(error) => write!(f, "{error}; check {at}.oauth"),
            MailboxErrorKind::Tls(words) => {
                write!(f, "no trusted connection: {words}; check {at}.host, {at}.tls and {at}.ca_file")
            }
            MailboxErrorKind::PlainRefused => {
                write!(f, "plain text is only spoken to this machine itself; check {at}.tls")
            }
            MailboxErrorKind::NoStartTls => {
                write!(f, "the server offers no STARTTLS; check {at}.tls and {at}.port")
            }
            MailboxErrorKind::Unreachable(words) => {
                write!(f, "the server is out of reach: {words}; check {at}.host and {at}.port")
            }
            MailboxErrorKind::TimedOut { doing, after } => {
                write!(f, "the server said nothing for {} s while {doing}; check {at}.host", after.as_secs())
            }
            MailboxErrorKind::Refused { doing, key } => {
                write!(f, "the server refused {doing}; check {at}.{key}")
            }
            MailboxErrorKind::Protocol(words) => {
                write!(f, "the server broke the protocol: {words}; check {at}.host and {at}.port")
            }
            MailboxErrorKind::UidValidityChanged { was, is } => {
                write!(f, "the server renumbered {at}.folder (UIDVALIDITY {was} became {is})")
            }
            MailboxErrorKind::Abandoned => write!(f, "the fetch was called off from our side"),
            MailboxErrorKind::Broken => write!(f, "the connection failed earlier; connect anew"),
        }
    }
}

impl std::error::Error for MailboxError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.kind {
            MailboxErrorKind::Token(error) => Some(error),
            _ => None,
        }
    }
}

impl From<TlsError> for MailboxErrorKind {
    fn from(error: TlsError) -> Self {
        Self::Tls(error.to_string())
    }
}
