//! What an operator can set: typed sections, read from the embedded defaults, a file, and environment variables,
//! in that order.
//!
//! Reads files and nothing else: whether a host answers or a password is right is for `indgang check` to try. Every
//! key is explained in `config/default.toml`, and nowhere else.

mod acknowledgement;
mod database;
mod email;
mod error;
mod files;
mod inbox;
mod log;
mod mailbox;
mod office;
mod reader;
mod secret;
mod signon;
mod sms;
mod statistics;
mod submit;
mod tree;
mod units;
mod web;
mod web_form;

#[cfg(test)]
mod tests;

use std::fmt;
use std::path::Path;

pub use acknowledgement::Acknowledgement;
pub use database::{Database, DatabaseUrl, Synchronous};
pub use email::Email;
pub use error::{ConfigError, Mistake, Origin};
pub use files::Files;
pub use inbox::{Department, Inbox};
pub use log::{Log, LogFormat};
pub use mailbox::{AfterCommit, Credentials, Mailbox, MailboxTls, OAuth, Watch};
pub use office::{Absence, AreaEntry, ClosureDay, Office};
pub use signon::Signon;
pub use sms::{Sms, SmsAccount};
pub use statistics::Statistics;
pub use submit::{Submit, SubmitMode, SubmitTls};
pub use web::Web;
pub use web_form::{Colour, WebForm};

use reader::{Report, Section};

/// The embedded defaults: every key there is, explained.
pub const DEFAULTS: &str = include_str!("../../config/default.toml");

/// The whole configuration, checked. Safe to print with `Debug`: secrets show as redacted.
#[derive(Clone, Debug)]
pub struct Config {
    /// What the letters say of the office, and its working time.
    pub office: Office,
    /// Where everything is kept.
    pub database: Database,
    /// Mailboxes, limits on letters, and sending.
    pub email: Email,
    /// The gateways that texts come and go through.
    pub sms: Sms,
    /// How many acknowledgements go out, and how hard they are tried.
    pub acknowledgement: Acknowledgement,
    /// The web server.
    pub web: Web,
    /// The form and the private pages.
    pub web_form: WebForm,
    /// `[files]`.
    pub files: Files,
    /// `[inbox]`.
    pub inbox: Inbox,
    /// `[statistics]`.
    pub statistics: Statistics,
    /// What is logged, and how.
    pub log: Log,
    shown: Vec<(String, String, Origin)>,
}

impl Config {
    /// Reads the defaults, then `file`, then the variables of `environment` that begin with `INDGANG__`.
    ///
    /// # Errors
    /// Everything that is wrong, each with its key, where it was written, and what would be right.
    pub fn load(
        file: Option<&Path>,
        environment: impl Iterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        let mut report = Report::default();
        let (mut table, mistakes) = tree::parse(DEFAULTS, &|line| Origin::Default { line }, "default.toml");
        report.mistakes.extend(mistakes);
        tree::paths(&table, "", &mut report.all_keys);
        if let Some(path) = file {
            let name = tree::file_name(path);
            match std::fs::read_to_string(path) {
                Ok(text) => {
                    let origin = |line| Origin::File { path: path.to_owned(), line };
                    let (layer, mistakes) = tree::parse(&text, &origin, &name);
                    // What a broken file says cannot be relied on: a stray quote swallows the keys after it.
                    if !mistakes.is_empty() {
                        return Err(ConfigError { mistakes });
                    }
                    tree::lay_over(&mut table, layer);
                }
                Err(error) => report.wrong(&name, format!("cannot be read: {error}")),
            }
        }
        let (layer, mistakes) = tree::from_environment(environment);
        report.mistakes.extend(mistakes);
        tree::lay_over(&mut table, layer);
        Self::read(table, report)
    }

    fn read(table: tree::Table, mut report: Report) -> Result<Self, ConfigError> {
        let mut root = Section::root(table, &mut report);
        let mut config = Self {
            office: root.section("office", Office::read),
            database: root.section("database", Database::read),
            email: root.section("email", Email::read),
            sms: root.section("sms", Sms::read),
            acknowledgement: root.section("acknowledgement", Acknowledgement::read),
            web: root.section("web", Web::read),
            web_form: root.section("web_form", WebForm::read),
            files: root.section("files", Files::read),
            inbox: root.section("inbox", Inbox::read),
            statistics: root.section("statistics", Statistics::read),
            log: root.section("log", Log::read),
            shown: Vec::new(),
        };
        root.finish();
        config.validate(&mut report);
        if report.mistakes.is_empty() {
            config.shown = report.shown;
            Ok(config)
        } else {
            Err(ConfigError { mistakes: report.mistakes })
        }
    }

    fn validate(&self, report: &mut Report) {
        self.office.validate(report);
        self.database.validate(report);
        self.email.validate(report);
        self.sms.validate(&self.email.mailboxes, report);
        self.acknowledgement.validate(report);
        self.web.validate(report);
        self.web_form.validate(&self.email.mailboxes, &self.sms, report);
        self.inbox.validate(&self.office.areas, report);
        self.statistics.validate(report);
        self.inbox.signon.validate(self.web.public_url.is_some(), report);
        // A letter to a citizen must say who writes and where to call: only when letters can come is that needed.
        if self.email.mailboxes.iter().any(|mailbox| mailbox.enabled) || self.sms.enabled().next().is_some() {
            let needed = [
                ("office.municipality", self.office.municipality.is_empty(), "the name of the municipality"),
                ("office.phone", self.office.phone.is_none(), "the number that citizens can call"),
            ];
            for (key, missing, what) in needed {
                if missing {
                    report.wrong(key, format!("must be {what}: the acknowledgements say it"));
                }
            }
        }
    }

    /// Every key with its value and where that was written, one a line, for `indgang check`. Secrets are not in it.
    pub fn describe(&self) -> impl fmt::Display + '_ {
        Description(&self.shown)
    }
}

struct Description<'a>(&'a [(String, String, Origin)]);

impl fmt::Display for Description<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|(key, value, origin)| writeln!(f, "{key} = {value}  # {origin}"))
    }
}
