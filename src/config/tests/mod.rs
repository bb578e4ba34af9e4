//! Right configurations, what every one must keep, and the bench that the tables of wrong ones stand on.

mod texting;
mod wrong;

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

#[test]
fn every_sort_of_value_can_come_from_the_environment() {
    let dir = Dir::new("environment");
    let secret = dir.file("secret", "fra fil\r\n");
    let config = load(
        SMALL,
        &[
            ("PATH", "/bin"),
            ("INDGANG_CONFIG", "not ours"),
            ("INDGANG__OFFICE__MUNICIPALITY", "Ærø = 1 \"Kommune\""),
            ("INDGANG__OFFICE__PHONE", "12345678"),
            ("INDGANG__OFFICE__LANGUAGE", "en"),
            ("INDGANG__OFFICE__WORKING_DAYS", "10"),
            ("INDGANG__OFFICE__CUT_OFF", "14:30"),
            ("INDGANG__OFFICE__CLOSURE_DAYS", "05-01, 2026-05-15"),
            (
                "INDGANG__OFFICE__ABSENCES",
                "[{from = \"2026-12-21\", through = 2027-01-03, substitute = \"Ole\"}, {from = 2027-07-01, through = 2027-07-02}]",
            ),
            ("INDGANG__DATABASE__URL", "postgres://u:hemmelig-4@db/x"),
            ("INDGANG__EMAIL__MAILBOXES__BORGER__ENABLED", "false"),
            ("INDGANG__EMAIL__MAILBOXES__BORGER__PASSWORD_FILE", secret.to_str().unwrap()),
            ("INDGANG__EMAIL__LIMITS__SIZE", "2 MiB"),
            ("INDGANG__EMAIL__LIMITS__TEXT", "1 MiB"),
            ("INDGANG__EMAIL__SUBMIT__FOLDER", "/var/mail out"),
            ("INDGANG__ACKNOWLEDGEMENT__RETRY_MIN", "1500ms"),
            ("INDGANG__WEB__LISTEN", "[::1]:0"),
            ("INDGANG__LOG__FILTER", "warn,indgang::work=trace"),
        ],
    )
    .unwrap();
    assert_eq!(config.office.municipality, "Ærø = 1 \"Kommune\"");
    assert_eq!(config.office.phone.as_deref(), Some("12345678"));
    assert_eq!(config.office.language, TextLanguage::English);
    assert_eq!(config.office.working_days, 10);
    assert_eq!(config.office.cut_off, jiff::civil::time(14, 30, 0, 0));
    let closures =
        [ClosureDay::Yearly { month: 5, day: 1 }, ClosureDay::Once(jiff::civil::date(2026, 5, 15))];
    assert_eq!(config.office.closure_days, closures);
    assert_eq!(config.office.absences.len(), 2);
    assert_eq!(config.office.absences[0].through, jiff::civil::date(2027, 1, 3));
    assert_eq!(config.office.absences[0].substitute.as_deref(), Some("Ole"));
    assert_eq!(config.office.absences[1].substitute, None);
    assert_eq!(config.database.url.kind(), "postgres");
    let mailbox = &config.email.mailboxes[0];
    assert!(!mailbox.enabled);
    let Credentials::Password(Some(password)) = &mailbox.credentials else { panic!("a password") };
    assert_eq!(password.expose_secret(), "fra fil", "a later layer's file counts over an earlier password");
    assert_eq!(config.email.limits.size, 2 << 20);
    assert_eq!(config.email.submit.folder, Some("/var/mail out".into()));
    assert_eq!(config.acknowledgement.retry_min, Duration::from_millis(1500));
    assert_eq!(config.web.listen, "[::1]:0".parse().unwrap());
    assert_eq!(config.log.filter, "warn,indgang::work=trace");
}

#[test]
fn a_time_without_quotes_is_read_too() {
    let config = load("[office]\ncut_off = 14:30:00\nclosure_days = [2026-05-15]\n", &[]).unwrap();
    assert_eq!(config.office.cut_off, jiff::civil::time(14, 30, 0, 0));
    assert_eq!(config.office.closure_days, [ClosureDay::Once(jiff::civil::date(2026, 5, 15))]);
}

#[test]
fn no_secret_is_ever_shown() {
    let secrets = [
        ("INDGANG__DATABASE__URL", "postgres://u:hemmelig-4@db/x"),
        ("INDGANG__EMAIL__SUBMIT__USER", "u"),
        ("INDGANG__EMAIL__SUBMIT__PASSWORD", "hemmelig-3"),
        ("INDGANG__EMAIL__MAILBOXES__BORGER__OAUTH__CLIENT_SECRET", "hemmelig-5"),
    ];
    let config = load(SMALL, &secrets).unwrap();
    let shown = format!("{config:?}\n{config:#?}\n{}", config.describe());
    assert!(!shown.contains("hemmelig"), "{shown}");
    assert!(shown.contains("email.mailboxes.borger.password = set, not shown  # indgang.toml line 9\n"));
    assert!(shown.contains("database.readers = 4  # built-in default\n"));

    // The sorts of mistake that hold a secret's value in their hands.
    let wrong = "[database]\nurl = 1234567\n[email.submit]\nuser = \"u\"\npassword = [\"hemmelig\"]\npasword = \"hemmelig\"\n";
    let error = load(wrong, &[]).unwrap_err();
    assert!(error.mistakes.len() >= 3, "{error}");
    let shown = format!("{error} {error:?}");
    assert!(!shown.contains("hemmelig") && !shown.contains("1234567"), "{shown}");
}

/// The other direction of «every key is known» ([`the_defaults_alone_are_right`] fails on an unknown one): a field
/// that is read but has no default is the mistake `must be set`, so here every key is taken out in turn.
#[test]
fn every_key_that_is_read_stands_in_the_defaults_and_is_explained() {
    let (table, _) = tree::parse(DEFAULTS, &|line| Origin::Default { line }, "");
    let mut keys = Vec::new();
    tree::paths(&table, "", &mut keys);
    assert!(keys.len() > 60);
    for key in &keys {
        let line = key.rsplit('.').next().unwrap();
        let starts: Vec<usize> = DEFAULTS
            .lines()
            .enumerate()
            .filter(|(_, text)| text.starts_with(&format!("{line} = ")))
            .map(|(number, _)| number)
            .collect();
        assert!(!starts.is_empty(), "{key}");
        for start in starts {
            let mut lines: Vec<&str> = DEFAULTS.lines().collect();
            // A key's explanation is right above it; a pair such as password and password_file shares one.
            assert!(
                !lines[start - 1].is_empty() && !lines[start - 1].starts_with('['),
                "{key} is not explained"
            );
            lines.remove(start);
            let (table, mistakes) = tree::parse(&lines.join("\n"), &|line| Origin::Default { line }, "");
            assert!(mistakes.is_empty());
            let error = Config::read(table, Report::default()).expect_err(key);
            assert!(error.mistakes.iter().any(|one| one.sentence == "must be set"), "{key}: {error}");
        }
    }
}

#[test]
fn a_file_is_read_from_disk_and_a_missing_one_is_named() {
    let dir = Dir::new("file");
    let path = dir.file("indgang.toml", "[web]\nlisten = \"127.0.0.1:9\"\ndrian = \"5s\"\n");
    let error = Config::load(Some(&path), environment(&[])).unwrap_err();
    let expected = format!(
        "the configuration is wrong: web.drian: unknown key; did you mean web.drain? ({} line 3)",
        path.display()
    );
    assert_eq!(error.to_string(), expected);
    let missing = dir.0.join("missing.toml");
    let error = Config::load(Some(&missing), environment(&[])).unwrap_err();
    assert!(error.to_string().contains("missing.toml: cannot be read: "));
}

#[rstest]
#[case("60s", Some(60_000))]
#[case("500ms", Some(500))]
#[case("5 m", Some(300_000))]
#[case("24h", Some(86_400_000))]
#[case("2d", Some(172_800_000))]
#[case("60", None)]
#[case("s", None)]
#[case("-5s", None)]
#[case("1.5h", None)]
#[case("99999999999999999999s", None)]
#[case("18446744073709551615d", None)]
#[case("5æ", None)]
fn durations(#[case] text: &str, #[case] milliseconds: Option<u64>) {
    assert_eq!(units::parse_duration(text), milliseconds.map(Duration::from_millis));
}

#[rstest]
#[case("40 MiB", Some(40 << 20))]
#[case("1GiB", Some(1 << 30))]
#[case("512 B", Some(512))]
#[case("64 kib", None)]
#[case("17179869184 GiB", None)]
fn sizes(#[case] text: &str, #[case] bytes: Option<u64>) {
    assert_eq!(units::parse_size(text), bytes);
}

#[rstest]
#[case::unfinished("password = \"hemmelig\n")]
#[case::escape("password = \"hemmelig\\q\"\n")]
#[case::twice("password = \"hemmelig\"\npassword = \"hemmelig\"\n")]
#[case::bare("password = hemmelig\n")]
#[case::two_values("password = \"hemmelig\" \"hemmelig\"\n")]
fn a_file_that_is_not_toml_shows_no_secret(#[case] text: &str) {
    let shown = mistakes(text, &[]).join("\n");
    assert!(shown.contains("is not valid TOML") && !shown.contains("hemmelig"), "{shown}");
}

#[rstest]
#[case::empty("\n", "is empty")]
#[case::two_lines("hemmelig\nmere\n", "holds more than one line")]
fn a_secret_file_holds_one_line(#[case] text: &str, #[case] trouble: &str) {
    let dir = Dir::new(trouble);
    let path = dir.file("secret", text);
    let shown = mistakes(SMALL, &[("INDGANG__DATABASE__URL_FILE", path.to_str().unwrap())]);
    let expected = format!(
        "database.url_file: names the file {}, which {trouble} (environment variable INDGANG__DATABASE__URL_FILE)",
        path.display()
    );
    assert_eq!(shown, [expected]);
}

#[test]
fn what_is_wrong_for_all_mailboxes_is_told_once() {
    let text = "[email.mailbox_defaults]\nport = 70000\n[email.mailboxes.a]\n[email.mailboxes.b]\n";
    let shown = mistakes(text, &[]);
    assert_eq!(shown.iter().filter(|one| one.contains("port: must be")).count(), 1, "{shown:#?}");
    assert_eq!(shown.iter().filter(|one| one.contains("host: must be the name of the IMAP")).count(), 2);
}

#[test]
fn of_a_secret_and_its_file_the_later_layer_counts() {
    let dir = Dir::new("layers");
    let path = dir.file("url", "postgres://u:p@db/x\n");
    let file = format!("[database]\nurl_file = {:?}\n", path.to_str().unwrap());
    let over_default = load(&file, &[]).unwrap();
    assert_eq!(over_default.database.url.expose(), "postgres://u:p@db/x");
    let over_file = load(&file, &[("INDGANG__DATABASE__URL", "sqlite:other.sqlite")]).unwrap();
    assert_eq!(over_file.database.url.expose(), "sqlite:other.sqlite");
    assert!(
        over_file.describe().to_string().contains("database.url = \"sqlite:other.sqlite\"  # environment")
    );
}
