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

#[rstest]
#[case::unknown_key(
    "[office]\nworking_dais = 3",
    &["office.working_dais: unknown key; did you mean office.working_days? (indgang.toml line 2)"]
)]
#[case::unknown_section(
    "[databse]\nreaders = 3",
    &["databse: unknown section; did you mean database? (indgang.toml line 1)"]
)]
#[case::key_of_another_section(
    "[office]\nsynchronous = \"full\"",
    &["office.synchronous: unknown key; did you mean database.synchronous? (indgang.toml line 2)"]
)]
#[case::unknown_key_unlike_any(
    "[web]\nxyzzy = 1", &["web.xyzzy: unknown key; known here: listen, drain (indgang.toml line 2)"]
)]
#[case::wrong_type(
    "[office]\nworking_days = \"five\"",
    &["office.working_days: must be a whole number from 1 to 60, not \"five\" (indgang.toml line 2)"]
)]
#[case::decimals(
    "[office]\nworking_days = 2.5",
    &["office.working_days: must be a whole number from 1 to 60, not a number with decimals (indgang.toml line 2)"]
)]
#[case::out_of_range(
    "[office]\nworking_days = 0",
    &["office.working_days: must be a whole number from 1 to 60, not 0 (indgang.toml line 2)"]
)]
#[case::text_expected(
    "[office]\nphone = 12345678", &["office.phone: must be a text, not 12345678 (indgang.toml line 2)"]
)]
#[case::value_for_a_section(
    "office = 5", &["office: is a section, and cannot have a value of its own (indgang.toml line 1)"]
)]
#[case::bad_cut_off(
    "[office]\ncut_off = \"25:00\"",
    &["office.cut_off: must be a time of day such as \"15:00\", not \"25:00\" (indgang.toml line 2)"]
)]
#[case::bad_dates(
    "[office]\nclosure_days = [\n\"2026-02-30\",\n\"12-24\", \"13-01\", 5]",
    &["office.closure_days[0]: must be a date such as \"2026-05-15\", or \"12-24\" for every year, \
       not \"2026-02-30\" (indgang.toml line 3)",
      "office.closure_days[2]: must be a date such as \"2026-05-15\", or \"12-24\" for every year, \
       not \"13-01\" (indgang.toml line 4)",
      "office.closure_days[3]: must be a date such as \"2026-05-15\", or \"12-24\" for every year, \
       not 5 (indgang.toml line 4)"]
)]
#[case::absences(
    "[[office.absences]]\nfrom = 2026-12-21\nthrough = 2026-12-20\n[[office.absences]]\nfrom = \"x\"\nsubstitut = \"O\"",
    &["office.absences[1].from: must be a date such as \"2026-12-21\", not \"x\" (indgang.toml line 5)",
      "office.absences[1].through: must be set",
      "office.absences[1].substitut: unknown key; did you mean office.absences[1].substitute? (indgang.toml line 6)",
      "office.absences[0].through: must not be before its first day: from 2026-12-21 through 2026-12-20 \
       (indgang.toml line 3)"]
)]
#[case::insecure_secure_page(
    "[office]\nsecure_url = \"http://kommune.example\"",
    &["office.secure_url: must be an address that begins with https:// and holds no blank, or empty \
       (indgang.toml line 2)"]
)]
#[case::brace_in_the_letters(
    "[office]\nphone_hours = \"{tlf}\"",
    &["office.phone_hours: must not hold a brace: it is put into the letters as it is (indgang.toml line 2)"]
)]
#[case::bare_duration(
    "[web]\ndrain = 20",
    &["web.drain: must be a duration from 1s to 10m, such as \"60s\", \"5m\" or \"24h\", not 20 (indgang.toml line 2)"]
)]
#[case::size(
    "[email.limits]\nsize = \"40 MB\"",
    &["email.limits.size: must be a size from 1 KiB to 1 GiB, such as \"64 KiB\" or \"40 MiB\", not \"40 MB\" \
       (indgang.toml line 2)"]
)]
#[case::one_limit_beyond_another(
    "[email.limits]\nsize = \"1 MiB\"",
    &["email.limits.text: must not be larger than email.limits.size (built-in default)"]
)]
#[case::word(
    "[log]\nformat = \"xml\"",
    &["log.format: must be one of \"human\", \"json\", not \"xml\" (indgang.toml line 2)"]
)]
#[case::filter(
    "[log]\nfilter = \"loud\"",
    &["log.filter: must be a level (off, error, warn, info, debug, trace), or a list such as \"info,indgang=debug\", \
       not \"loud\" (indgang.toml line 2)"]
)]
#[case::listen(
    "[web]\nlisten = \"8080\"",
    &["web.listen: must be an address and a port, such as \"127.0.0.1:8080\" or \"[::1]:8080\", not \"8080\" \
       (indgang.toml line 2)"]
)]
#[case::database(
    "[database]\nurl = \"mysql://root:hemmelig@db/x\"",
    &["database.url: must begin with \"sqlite:\" and name a file, or with \"postgres://\" (indgang.toml line 2)"]
)]
#[case::retry(
    "[acknowledgement]\nretry_min = \"2h\"",
    &["acknowledgement.retry_min: must not be longer than acknowledgement.retry_max (indgang.toml line 2)"]
)]
#[case::folder_mode(
    "[email.submit]\nmode = \"folder\"",
    &["email.submit.folder: must name a folder, because email.submit.mode is \"folder\" \
       (built-in default)"]
)]
#[case::password_without_tls(
    "[email.submit]\nhost = \"smtp.example\"\ntls = \"opportunistic\"\nuser = \"u\"\npassword = \"hemmelig\"",
    &["email.submit.tls: must be \"starttls\" or \"implicit\" when a password is sent to another machine \
       (indgang.toml line 3)"]
)]
#[case::sender(
    "[email.submit]\nfrom = \"a@b@c\"",
    &["email.submit.from: must be an address such as \"name@kommune.example\", or empty (indgang.toml line 2)"]
)]
#[case::user_without_password(
    "[email.submit]\nuser = \"u\"",
    &["email.submit.password: must be set beside email.submit.user, or password_file must name a file that holds it \
       (built-in default)"]
)]
#[case::a_mailbox_says_nothing(
    "[email.mailboxes.borger]",
    &["email.mailboxes.borger.host: must be the name of the IMAP server (built-in default)",
      "email.mailboxes.borger.user: must be the log-in name of the mailbox (built-in default)",
      "email.mailboxes.borger.address: must be the mailbox's own address, such as \"name@kommune.example\" \
       (built-in default)",
      "email.mailboxes.borger.password: must be set, or password_file must name a file that holds it \
       (built-in default)",
      "email.submit.host: must be the name of the SMTP server, because a mailbox is enabled \
       (built-in default)",
      "office.municipality: must be the name of the municipality: the acknowledgements say it \
       (built-in default)",
      "office.phone: must be the number that citizens can call: the acknowledgements say it \
       (built-in default)"]
)]
#[case::a_mailbox_that_is_not_enabled_may_be_half_filled_in(
    "[email.mailboxes.borger]\nenabled = false\nhost = \"imap.example\"", &[]
)]
#[case::account_name(
    "[email.mailboxes.Borger-1]\nenabled = false",
    &["email.mailboxes.Borger-1: a name must consist of lower-case letters a-z, digits and single underscores, so \
       that an environment variable can name it too (indgang.toml line 1)"]
)]
#[case::a_mistake_in_the_mailbox_defaults(
    "[email.mailbox_defaults]\nfoldr = \"INBOX\"",
    &["email.mailbox_defaults.foldr: unknown key; did you mean email.mailbox_defaults.folder? (indgang.toml line 2)"]
)]
#[case::not_toml(
    "[office]\npassword = hemmelig\n",
    &["indgang.toml: is not valid TOML: string values must be quoted, expected literal string (indgang.toml line 2)"]
)]
#[case::several_at_once(
    "[web]\ndrain = \"0s\"\n[log]\nformat = 1\nlevel = \"info\"",
    &["web.drain: must be a duration from 1s to 10m, such as \"60s\", \"5m\" or \"24h\", not \"0s\" (indgang.toml line 2)",
      "log.format: must be one of \"human\", \"json\", not 1 (indgang.toml line 4)",
      "log.level: unknown key; known here: format, filter (indgang.toml line 5)"]
)]
fn wrong_files(#[case] text: &str, #[case] expected: &[&str]) {
    assert_eq!(mistakes(text, &[]), expected);
}

const BORGER: &str = "INDGANG__EMAIL__MAILBOXES__BORGER";

#[rstest]
#[case::plain_over_the_network(
    &[("TLS", "plain")],
    &["email.mailboxes.borger.tls: must be \"implicit\" or \"starttls\": \"plain\" would send the password and the \
       letters readable over the network, and is only for a server on this machine \
       (environment variable INDGANG__EMAIL__MAILBOXES__BORGER__TLS)"]
)]
#[case::a_name_that_only_looks_local(
    &[("TLS", "plain"), ("HOST", "localhost.example")],
    &["email.mailboxes.borger.tls: must be \"implicit\" or \"starttls\": \"plain\" would send the password and the \
       letters readable over the network, and is only for a server on this machine \
       (environment variable INDGANG__EMAIL__MAILBOXES__BORGER__TLS)"]
)]
#[case::plain_to_this_machine(&[("TLS", "plain"), ("HOST", "127.0.0.1")], &[])]
#[case::plain_to_this_machine_by_name(&[("TLS", "plain"), ("HOST", "localhost")], &[])]
#[case::plain_to_this_machine_v6(&[("TLS", "plain"), ("HOST", "::1")], &[])]
#[case::flag(
    &[("FLAG", "two words")],
    &["email.mailboxes.borger.flag: must be one IMAP flag, such as \"\\\\Seen\" or \"$Indgang\" \
       (environment variable INDGANG__EMAIL__MAILBOXES__BORGER__FLAG)"]
)]
#[case::move_nowhere(
    &[("AFTER_COMMIT", "move")],
    &["email.mailboxes.borger.move_to: must be a folder other than the one that is read (built-in default)"]
)]
#[case::port(
    &[("PORT", "70000")],
    &["email.mailboxes.borger.port: must be a whole number from 0 to 65535, not \"70000\" \
       (environment variable INDGANG__EMAIL__MAILBOXES__BORGER__PORT)"]
)]
#[case::oauth_without_anything(
    &[("AUTH", "xoauth2")],
    &["email.mailboxes.borger.oauth.token_url: must be an address that begins with https:// \
       (built-in default)",
      "email.mailboxes.borger.oauth.client_id: must be the application's name at the token endpoint \
       (built-in default)",
      "email.mailboxes.borger.oauth.client_secret: must be set, or client_secret_file must name a file that holds it \
       (built-in default)"]
)]
#[case::oauth_that_looks_local(
    &[("AUTH", "xoauth2"), ("OAUTH__CLIENT_ID", "i"), ("OAUTH__CLIENT_SECRET", "s"),
      ("OAUTH__TOKEN_URL", "http://127.0.0.1.evil.example/token")],
    &["email.mailboxes.borger.oauth.token_url: must be an address that begins with https:// \
       (environment variable INDGANG__EMAIL__MAILBOXES__BORGER__OAUTH__TOKEN_URL)"]
)]
#[case::oauth(
    &[("AUTH", "xoauth2"), ("OAUTH__CLIENT_ID", "i"), ("OAUTH__CLIENT_SECRET", "s"),
      ("OAUTH__TOKEN_URL", "http://127.0.0.1:8090/token")],
    &[]
)]
#[case::secret_file_missing(
    &[("PASSWORD_FILE", "/nonexistent/secret")],
    &["email.mailboxes.borger.password_file: names the file /nonexistent/secret, which cannot be read: \
       No such file or directory (os error 2) \
       (environment variable INDGANG__EMAIL__MAILBOXES__BORGER__PASSWORD_FILE)",
      "email.mailboxes.borger.password: must be set, or password_file must name a file that holds it \
       (indgang.toml line 9)"]
)]
#[case::secret_and_file(
    &[("PASSWORD", "hemmelig-2"), ("PASSWORD_FILE", "/nonexistent/secret")],
    &["email.mailboxes.borger.password: is set beside email.mailboxes.borger.password_file; keep one of the two \
       (environment variable INDGANG__EMAIL__MAILBOXES__BORGER__PASSWORD)"]
)]
#[case::typo(
    &[("HSOT", "imap.example")],
    &["email.mailboxes.borger.hsot: unknown key; did you mean email.mailboxes.borger.host? \
       (environment variable INDGANG__EMAIL__MAILBOXES__BORGER__HSOT)"]
)]
fn wrong_mailboxes(#[case] pairs: &[(&str, &str)], #[case] expected: &[&str]) {
    let named: Vec<(String, &str)> =
        pairs.iter().map(|(key, value)| (format!("{BORGER}__{key}"), *value)).collect();
    let pairs: Vec<(&str, &str)> = named.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    assert_eq!(mistakes(SMALL, &pairs), expected);
}

#[test]
fn two_mailboxes_share_neither_address_nor_folder() {
    let second = "[email.mailboxes.second]\naddress = \"Raad@kommune.example\"\nhost = \"IMAP.kommune.example\"\n\
                  user = \"raad\"\npassword = \"x\"\n";
    assert_eq!(
        mistakes(&format!("{SMALL}{second}"), &[]),
        [
            "email.mailboxes.second.address: is also the address of email.mailboxes.borger; each needs its own \
             (indgang.toml line 13)",
            "email.mailboxes.second.folder: is the same folder of the same account as email.mailboxes.borger \
             (built-in default)",
        ]
    );
}

#[rstest]
#[case("INDGANG__", "INDGANG__: does not name a key; the form is INDGANG__SECTION__KEY")]
#[case(
    "INDGANG__WEB____LISTEN",
    "INDGANG__WEB____LISTEN: does not name a key; the form is INDGANG__SECTION__KEY"
)]
#[case(
    "INDGANG__DATABASE",
    "database: is a section, and cannot have a value of its own (environment variable INDGANG__DATABASE)"
)]
#[case(
    "INDGANG__WEB__LISTN",
    "web.listn: unknown key; did you mean web.listen? (environment variable INDGANG__WEB__LISTN)"
)]
fn wrong_variables(#[case] name: &str, #[case] expected: &str) {
    assert_eq!(mistakes("", &[(name, "x")])[0], expected);
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
