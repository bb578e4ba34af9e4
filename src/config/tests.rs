//! Tables of configurations, right and wrong.

use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

use rstest::rstest;
use secrecy::ExposeSecret;

use super::*;
use crate::texts::TextLanguage;

/// A configuration with one mailbox, as an operator would write it.
const SMALL: &str = r#"
[office]
municipality = "Eksempel Kommune"
phone = "12 34 56 78"
[email.mailboxes.borger]
address = "raad@kommune.example"
host = "imap.kommune.example"
user = "raad"
password = "hemmelig-1"
[email.submit]
host = "smtp.kommune.example"
"#;

struct Dir(PathBuf);

impl Dir {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("indgang-config-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.join(name);
        std::fs::File::create(&path).unwrap().write_all(text.as_bytes()).unwrap();
        path
    }
}

impl Drop for Dir {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn environment(pairs: &[(&str, &str)]) -> impl Iterator<Item = (String, String)> {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect::<Vec<_>>()
        .into_iter()
}

/// Reads `text` as the file `indgang.toml`.
fn load(text: &str, pairs: &[(&str, &str)]) -> Result<Config, ConfigError> {
    let (mut table, mut report) = (tree::Table::new(), Report::default());
    let layers: [(&str, &dyn Fn(usize) -> Origin); 2] = [
        (DEFAULTS, &|line| Origin::Default { line }),
        (text, &|line| Origin::File { path: "indgang.toml".into(), line }),
    ];
    for (text, origin) in layers {
        let (layer, mistakes) = tree::parse(text, origin, "indgang.toml");
        if !mistakes.is_empty() {
            return Err(ConfigError { mistakes });
        }
        if report.all_keys.is_empty() {
            tree::paths(&layer, "", &mut report.all_keys);
        }
        tree::lay_over(&mut table, layer);
    }
    let (layer, mistakes) = tree::from_environment(environment(pairs));
    report.mistakes.extend(mistakes);
    tree::lay_over(&mut table, layer);
    Config::read(table, report)
}

fn mistakes(text: &str, pairs: &[(&str, &str)]) -> Vec<String> {
    match load(text, pairs) {
        Ok(_) => Vec::new(),
        Err(error) => error.mistakes.iter().map(ToString::to_string).collect(),
    }
}

#[test]
fn the_defaults_alone_are_right() {
    let config = load("", &[]).unwrap();
    assert!(config.email.mailboxes.is_empty());
    assert_eq!(config.database.url.expose(), "sqlite:indgang.sqlite");
    assert_eq!(config.email.limits, indgang_channels::email::Limits::default());
    assert_eq!(config.office.working_days, 5);
    assert_eq!(config.office.language, TextLanguage::Danish);
    assert_eq!(config.web.listen, "127.0.0.1:8080".parse().unwrap());
}

#[test]
fn a_mailbox_takes_from_the_mailbox_defaults_what_it_does_not_say() {
    let config = load(SMALL, &[("INDGANG__EMAIL__MAILBOX_DEFAULTS__TLS", "starttls")]).unwrap();
    let [mailbox] = config.email.mailboxes.as_slice() else { panic!("one mailbox") };
    assert_eq!((mailbox.tls, mailbox.port), (MailboxTls::StartTls, 143));
    assert_eq!(mailbox.folder, "INBOX");
    assert_eq!(mailbox.after_commit, AfterCommit::Flag("\\Seen".to_owned()));
    assert_eq!(config.email.submit.port, 587);
    assert_eq!(config.email.own_addresses(), ["raad@kommune.example"]);
    let Credentials::Password(Some(password)) = &mailbox.credentials else { panic!("a password") };
    assert_eq!(password.expose_secret(), "hemmelig-1");
}
