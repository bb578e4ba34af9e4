//! `[email.submit]`: how letters are sent.

use std::path::PathBuf;
use std::time::Duration;

use secrecy::SecretString;

use super::mailbox::{is_address, is_loopback};
use super::reader::{Report, Section};

/// How letters are sent.
#[derive(Clone, Debug)]
pub struct Submit {
    /// To a server, or into a folder.
    pub mode: SubmitMode,
    /// The folder that letters are written to.
    pub folder: Option<PathBuf>,
    /// The SMTP server.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub tls: SubmitTls,
    /// Certificates (PEM) to trust besides the usual ones.
    pub ca_file: Option<PathBuf>,
    /// The log-in name; `None` when the server asks for none.
    pub user: Option<String>,
    /// The password; set exactly when `user` is.
    pub password: Option<SecretString>,
    /// How many connections are open at most.
    pub connections: u32,
    /// How long one step of the conversation may take.
    pub timeout: Duration,
    /// The sender's address; `None` means the address of the mailbox that the letter came to.
    pub from: Option<String>,
    /// The sender's name.
    pub from_name: String,
}

/// Where letters go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubmitMode {
    /// To a submission server.
    Smtp,
    /// Into a folder, as `.eml` files.
    Folder,
}

/// How the connection to the submission server is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubmitTls {
    /// Plain at first, then TLS or nothing is sent.
    StartTls,
    /// TLS from the first byte.
    Implicit,
    /// TLS if the server offers it.
    Opportunistic,
    /// None.
    Plain,
}

impl Submit {
    pub(super) fn read(section: &mut Section<'_>) -> Self {
        let tls = section.choice(
            "tls",
            &[
                ("starttls", SubmitTls::StartTls),
                ("implicit", SubmitTls::Implicit),
                ("opportunistic", SubmitTls::Opportunistic),
                ("plain", SubmitTls::Plain),
            ],
        );
        let port = match (section.integer("port", 0..=65_535), tls) {
            (0, SubmitTls::StartTls) => 587,
            (0, SubmitTls::Implicit) => 465,
            (0, SubmitTls::Opportunistic | SubmitTls::Plain) => 25,
            (port, _) => u16::try_from(port).unwrap_or(u16::MAX),
        };
        let second = Duration::from_secs(1);
        Self {
            mode: section.choice("mode", &[("smtp", SubmitMode::Smtp), ("folder", SubmitMode::Folder)]),
            folder: section.optional_path("folder"),
            host: section.text("host"),
            port,
            tls,
            ca_file: section.optional_path("ca_file"),
            user: section.optional("user"),
            password: section.secret("password"),
            connections: section.integer("connections", 1..=64),
            timeout: section.duration("timeout", second..=600 * second),
            from: section.optional("from"),
            from_name: section.text("from_name"),
        }
    }

    pub(super) fn validate(&self, report: &mut Report, needed: bool) {
        if self.mode == SubmitMode::Folder && self.folder.is_none() {
            report
                .wrong("email.submit.folder", "must name a folder, because email.submit.mode is \"folder\"");
        }
        if self.mode == SubmitMode::Smtp && self.host.is_empty() && needed {
            let sentence = "must be the name of the SMTP server, because a mailbox is enabled";
            report.wrong("email.submit.host", sentence);
        }
        match (&self.user, &self.password) {
            (Some(_), None) => {
                let sentence = "must be set beside email.submit.user, or password_file must name a file \
                                that holds it";
                report.wrong_secret("email.submit.password", sentence);
            }
            (None, Some(_)) => report.wrong("email.submit.user", "must be set beside email.submit.password"),
            _ => {}
        }
        let readable = matches!(self.tls, SubmitTls::Plain | SubmitTls::Opportunistic);
        if readable && self.user.is_some() && !is_loopback(&self.host) {
            let sentence = "must be \"starttls\" or \"implicit\" when a password is sent to another machine";
            report.wrong("email.submit.tls", sentence);
        }
        if self.from.as_ref().is_some_and(|from| !is_address(from)) {
            let sentence = "must be an address such as \"name@kommune.example\", or empty";
            report.wrong("email.submit.from", sentence);
        }
    }
}
