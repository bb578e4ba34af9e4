//! `[email.mailboxes.<name>]`: one mailbox that letters are fetched from.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use secrecy::SecretString;

use super::reader::{Report, Section};

/// One mailbox.
#[derive(Clone, Debug)]
pub struct Mailbox {
    /// The name of the account: what stands after `email.mailboxes.`.
    pub name: String,
    /// Whether letters are fetched.
    pub enabled: bool,
    /// The mailbox's own address, and the sender of its acknowledgements.
    pub address: String,
    /// The IMAP server.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub tls: MailboxTls,
    /// Certificates (PEM) to trust besides the usual ones.
    pub ca_file: Option<PathBuf>,
    /// The log-in name.
    pub user: String,
    /// What proves it.
    pub credentials: Credentials,
    /// The folder that is read.
    pub folder: String,
    /// What becomes of a letter on the server once it is ours.
    pub after_commit: AfterCommit,
    /// The name that the receiving server writes in its Authentication-Results (RFC 8601).
    pub authserv_id: Option<String>,
    /// How new letters are noticed.
    pub watch: Watch,
    /// How often the mailbox is looked at although it is being watched.
    pub poll_interval: Duration,
    /// How often it is looked at when looking is how it is watched.
    pub near_poll: Duration,
}

/// How the connection to a mailbox is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailboxTls {
    /// TLS from the first byte.
    Implicit,
    /// Plain at first, then TLS or nothing.
    StartTls,
    /// None: only to this machine.
    Plain,
}

/// What proves the log-in name.
#[derive(Clone, Debug)]
pub enum Credentials {
    /// A password; `None` only when the mailbox is not enabled.
    Password(Option<SecretString>),
    /// An access token (SASL XOAUTH2) fetched with client credentials.
    OAuth(OAuth),
}

/// Where and how an access token is fetched (RFC 6749 section 4.4).
#[derive(Clone, Debug)]
pub struct OAuth {
    /// The token endpoint.
    pub token_url: String,
    /// The application's name there.
    pub client_id: String,
    /// Its secret; `None` only when the mailbox is not enabled.
    pub client_secret: Option<SecretString>,
    /// What is asked for.
    pub scope: String,
}

/// What becomes of a letter on the server once it is ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AfterCommit {
    /// It gets this flag.
    Flag(String),
    /// It is moved to this folder.
    Move(String),
    /// Nothing.
    Keep,
}

/// How new letters are noticed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Watch {
    /// By looking, where the server is near; otherwise the server tells.
    Auto,
    /// The server tells (RFC 2177), and a slow poll stands beside it.
    Idle,
    /// By looking again and again.
    Poll,
}

#[derive(Clone, Copy)]
enum After {
    Flag,
    Move,
    Keep,
}

impl Mailbox {
    pub(super) fn read(name: &str, section: &mut Section<'_>) -> Self {
        let tls = section.choice(
            "tls",
            &[
                ("implicit", MailboxTls::Implicit),
                ("starttls", MailboxTls::StartTls),
                ("plain", MailboxTls::Plain),
            ],
        );
        let port = match section.integer("port", 0..=65_535) {
            0 if tls == MailboxTls::Implicit => 993,
            0 => 143,
            port => u16::try_from(port).unwrap_or(u16::MAX),
        };
        let oauth = section.section("oauth", |oauth| OAuth {
            token_url: oauth.text("token_url"),
            client_id: oauth.text("client_id"),
            client_secret: oauth.secret("client_secret"),
            scope: oauth.text("scope"),
        });
        let password = section.secret("password");
        let credentials = if section.choice("auth", &[("password", false), ("xoauth2", true)]) {
            Credentials::OAuth(oauth)
        } else {
            Credentials::Password(password)
        };
        let (flag, folder) = (section.text("flag"), section.text("move_to"));
        let after = [("flag", After::Flag), ("move", After::Move), ("keep", After::Keep)];
        let after_commit = match section.choice("after_commit", &after) {
            After::Flag => AfterCommit::Flag(flag),
            After::Move => AfterCommit::Move(folder),
            After::Keep => AfterCommit::Keep,
        };
        let second = Duration::from_secs(1);
        Self {
            name: name.to_owned(),
            enabled: section.boolean("enabled"),
            address: section.text("address"),
            host: section.text("host"),
            port,
            tls,
            ca_file: section.optional_path("ca_file"),
            user: section.text("user"),
            credentials,
            folder: section.text("folder"),
            after_commit,
            authserv_id: section.optional("authserv_id"),
            watch: section
                .choice("watch", &[("auto", Watch::Auto), ("idle", Watch::Idle), ("poll", Watch::Poll)]),
            poll_interval: section.duration("poll_interval", second..=3_600 * second),
            near_poll: section.duration("near_poll", second / 50..=3_600 * second),
        }
    }

    pub(super) fn validate(&self, report: &mut Report) {
        if !self.enabled {
            return;
        }
        let key = |key: &str| format!("email.mailboxes.{}.{key}", self.name);
        let needed = [
            ("host", &self.host, "the name of the IMAP server"),
            ("user", &self.user, "the log-in name of the mailbox"),
            ("folder", &self.folder, "the folder to read, usually \"INBOX\""),
        ];
        for (name, value, what) in needed {
            if value.is_empty() {
                report.wrong(&key(name), format!("must be {what}"));
            }
        }
        if !is_address(&self.address) {
            report.wrong(
                &key("address"),
                "must be the mailbox's own address, such as \"name@kommune.example\"",
            );
        }
        if self.tls == MailboxTls::Plain && !is_loopback(&self.host) {
            let sentence = "must be \"implicit\" or \"starttls\": \"plain\" would send the password and the \
                            letters readable over the network, and is only for a server on this machine";
            report.wrong(&key("tls"), sentence);
        }
        match &self.after_commit {
            AfterCommit::Flag(flag) if !is_flag(flag) => {
                let sentence = "must be one IMAP flag, such as \"\\\\Seen\" or \"$Indgang\"";
                report.wrong(&key("flag"), sentence);
            }
            AfterCommit::Move(folder) if folder.is_empty() || *folder == self.folder => {
                let sentence = "must be a folder other than the one that is read";
                report.wrong(&key("move_to"), sentence);
            }
            _ => {}
        }
        match &self.credentials {
            Credentials::Password(None) => {
                report.wrong_secret(
                    &key("password"),
                    "must be set, or password_file must name a file that holds it",
                );
            }
            Credentials::Password(Some(_)) => {}
            Credentials::OAuth(oauth) => self.validate_oauth(oauth, report),
        }
    }

    fn validate_oauth(&self, oauth: &OAuth, report: &mut Report) {
        let key = |key: &str| format!("email.mailboxes.{}.oauth.{key}", self.name);
        let local = oauth.token_url.strip_prefix("http://").is_some_and(|rest| {
            let host = rest.split('/').next().unwrap_or_default();
            is_loopback(host.rsplit_once(':').map_or(host, |(host, _)| host))
        });
        if !oauth.token_url.starts_with("https://") && !local {
            report.wrong(&key("token_url"), "must be an address that begins with https://");
        }
        if oauth.client_id.is_empty() {
            report.wrong(&key("client_id"), "must be the application's name at the token endpoint");
        }
        if oauth.client_secret.is_none() {
            let sentence = "must be set, or client_secret_file must name a file that holds it";
            report.wrong_secret(&key("client_secret"), sentence);
        }
    }
}

/// Whether a host is this machine. A name other than `localhost` is not: what it leads to can change.
pub(super) fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare.eq_ignore_ascii_case("localhost") || bare.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}

/// Whether a text can be the sender of a letter: `local@domain`, and nothing that a header could break on.
pub(super) fn is_address(text: &str) -> bool {
    let bad = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | ',' | ';' | '"' | '@');
    text.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty() && !domain.is_empty() && !text_has(local, domain, bad)
    })
}

fn text_has(local: &str, domain: &str, bad: impl Fn(char) -> bool) -> bool {
    local.chars().chain(domain.chars()).any(bad)
}

/// An IMAP flag: a keyword atom, or a system flag with its backslash (RFC 3501 section 9).
fn is_flag(flag: &str) -> bool {
    let atom = flag.strip_prefix('\\').unwrap_or(flag);
    !atom.is_empty() && atom.chars().all(|c| c.is_ascii_graphic() && !r#"(){%*"\]"#.contains(c))
}
