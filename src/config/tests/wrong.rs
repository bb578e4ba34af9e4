//! Tables of wrong configurations, each with the sentences that it earns.

use rstest::rstest;

use super::{SMALL, mistakes};

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
    "[web]\nxyzzy = 1", &["web.xyzzy: unknown key; known here: listen, public_url, trusted_proxies, head_timeout, body_timeout, connections, drain (indgang.toml line 2)"]
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
    "[office]\nphone = 12345678", &["office.phone: must be a line of text, not 12345678 (indgang.toml line 2)"]
)]
#[case::two_lines(
    "[office]\nplace = \"a\\nb\"",
    &["office.place: must be a line of text, not \"a\\nb\" (indgang.toml line 2)"]
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
       (environment variable INDGANG__EMAIL__MAILBOXES__BORGER__PASSWORD_FILE)"]
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
