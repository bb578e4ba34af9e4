//! `[sms]`: the gateways that texts come and go through, and how many automatic texts there may be.
//!
//! Which of an account's keys its gateway needs stands in the gateway's preset, which is not read here: the account's
//! keys are checked against it when the gateway is set up, by `indgang check` too.

use std::collections::HashMap;
use std::path::PathBuf;
use std::time::Duration;

use indgang_channels::sms::number::{self, Class};
use indgang_channels::sms::read::number_key;
use secrecy::{ExposeSecret, SecretString};

use super::reader::{Report, Section};

/// The fewest characters of a secret that stands in a path: 128 bits, also when it is written in hexadecimal digits.
const SHORTEST_PATH_SECRET: usize = 32;

/// Everything about text messages.
#[derive(Clone, Debug)]
pub struct Sms {
    /// The accounts, in the order of their names.
    pub accounts: Vec<SmsAccount>,
    /// Countries whose numbers are answered automatically beside Denmark's, the Faroe Islands' and Greenland's.
    pub foreign: Vec<String>,
    /// Most segments of automatic texts to one number in 24 hours.
    pub ceiling_number_day: u32,
    /// Most segments of automatic texts to one number in 30 days.
    pub ceiling_number_month: u32,
    /// Most segments of an account's automatic texts in 24 hours.
    pub ceiling_day: u32,
    /// Most segments of an account's replies in 24 hours.
    pub ceiling_replies_day: u32,
    /// So many texts from one number within ten minutes pause automatic answers to it.
    pub loop_texts: u32,
    /// How long the parts of a text wait for each other.
    pub parts_wait: Duration,
    /// Most calls of one gateway in a second, over longer times.
    pub calls_per_second: u32,
}

/// One account with a gateway.
#[derive(Clone, Debug)]
pub struct SmsAccount {
    /// The name of the account: what stands after `sms.accounts.`.
    pub name: String,
    /// Whether texts are taken and sent.
    pub enabled: bool,
    /// A shipped preset, or the path of a preset's file.
    pub gateway: String,
    /// The account's own numbers, as [`number_key`] writes them; the first one is the usual sender.
    pub numbers: Vec<String>,
    /// Where the gateway is reached, for presets that leave it open.
    pub base_url: Option<String>,
    /// Where the gateway reaches us, without the path.
    pub public_url: Option<String>,
    /// Certificates (PEM) to trust besides the usual ones.
    pub ca_file: Option<PathBuf>,
    /// The account's name at the gateway.
    pub user: Option<String>,
    /// Its password, token or key.
    pub password: Option<SecretString>,
    /// What the gateway signs with.
    pub signing_secret: Option<SecretString>,
    /// What stands in the path of the gateway's calls.
    pub path_secret: Option<SecretString>,
    /// How long one request may take.
    pub timeout: Duration,
    /// How many requests are made at a time.
    pub connections: u32,
    /// How often a gateway is asked that does not call.
    pub collect_interval: Duration,
}

impl Sms {
    pub(super) fn read(section: &mut Section<'_>) -> Self {
        let defaults = section.peek_table("account_defaults");
        // Read once by itself, so that a mistake in it is reported under its own name even without an account.
        section.section("account_defaults", |defaults| SmsAccount::read("", defaults));
        let second = Duration::from_secs(1);
        Self {
            accounts: section.named("accounts", &defaults, SmsAccount::read),
            foreign: section.list("foreign", "a country code such as \"+46\"", country_code),
            ceiling_number_day: section.integer("ceiling_number_day", 0..=1_000),
            ceiling_number_month: section.integer("ceiling_number_month", 0..=10_000),
            ceiling_day: section.integer("ceiling_day", 0..=1_000_000),
            ceiling_replies_day: section.integer("ceiling_replies_day", 0..=1_000_000),
            loop_texts: section.integer("loop_texts", 2..=1_000),
            parts_wait: section.duration("parts_wait", second..=86_400 * second),
            calls_per_second: section.integer("calls_per_second", 1..=100_000),
        }
    }

    /// The accounts that texts come and go through.
    pub fn enabled(&self) -> impl Iterator<Item = &SmsAccount> {
        self.accounts.iter().filter(|account| account.enabled)
    }

    /// The numbers that are our own: nothing automatic is sent to them.
    pub fn own_numbers(&self) -> Vec<String> {
        self.accounts.iter().flat_map(|account| account.numbers.iter().cloned()).collect()
    }

    pub(super) fn validate(&self, mailboxes: &[super::Mailbox], report: &mut Report) {
        let mut numbers: HashMap<&str, &str> = HashMap::new();
        for account in self.enabled() {
            account.validate(report);
            let path = format!("sms.accounts.{}", account.name);
            if mailboxes.iter().any(|mailbox| mailbox.name == account.name) {
                let sentence = "is also the name of a mailbox; each account needs its own";
                report.wrong(&path, sentence);
            }
            for number in &account.numbers {
                if let Some(other) = numbers.insert(number, &account.name)
                    && other != account.name
                {
                    let sentence = format!("holds a number that sms.accounts.{other} has too");
                    report.wrong(&format!("{path}.numbers"), sentence);
                }
            }
        }
    }
}

impl SmsAccount {
    fn read(name: &str, section: &mut Section<'_>) -> Self {
        let second = Duration::from_secs(1);
        Self {
            name: name.to_owned(),
            enabled: section.boolean("enabled"),
            gateway: section.text("gateway"),
            numbers: section.list(
                "numbers",
                "a number such as \"+45 21 23 45 67\", or a short code",
                own_number,
            ),
            base_url: section.optional("base_url"),
            public_url: section.optional("public_url"),
            ca_file: section.optional_path("ca_file"),
            user: section.optional("user"),
            password: section.secret("password"),
            signing_secret: section.secret("signing_secret"),
            path_secret: section.secret("path_secret"),
            timeout: section.duration("timeout", second..=120 * second),
            connections: section.integer("connections", 1..=64),
            collect_interval: section.duration("collect_interval", second..=3_600 * second),
        }
    }

    fn validate(&self, report: &mut Report) {
        let key = |key: &str| format!("sms.accounts.{}.{key}", self.name);
        if self.gateway.is_empty() {
            let sentence =
                "must be the name of a gateway such as \"gatewayapi\", or the path of a preset's file";
            report.wrong(&key("gateway"), sentence);
        }
        if self.numbers.is_empty() {
            report.wrong(&key("numbers"), "must hold the number that citizens write to");
        }
        for (name, url) in [("base_url", &self.base_url), ("public_url", &self.public_url)] {
            if url.as_ref().is_some_and(|url| !is_base_url(url)) {
                let sentence =
                    "must be an address such as \"https://sms.kommune.example\", without ? and #, or empty";
                report.wrong(&key(name), sentence);
            }
        }
        let secret = self.path_secret.as_ref().map(ExposeSecret::expose_secret);
        if secret.is_some_and(|secret| !is_path_secret(secret)) {
            let sentence = format!(
                "must be at least {SHORTEST_PATH_SECRET} letters, digits, - or _, drawn at random: whoever knows it \
                 can write to the inbox in anybody's name"
            );
            report.wrong_secret(&key("path_secret"), sentence);
        }
    }
}

/// A country code with its plus sign.
fn country_code(text: &str) -> Option<String> {
    let digits = text.trim().strip_prefix('+')?;
    let right = (1..=3).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    (right && !digits.starts_with('0')).then(|| format!("+{digits}"))
}

fn own_number(text: &str) -> Option<String> {
    let number = number::classify(text);
    let usable = matches!(number.class(), Class::Ordinary | Class::Foreign | Class::ShortCode);
    usable.then(|| number_key(text))
}

fn is_base_url(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://")).unwrap_or_default();
    rest.starts_with(|c: char| c.is_alphanumeric() || c == '[')
        && !url.contains(|c: char| {
            c.is_whitespace() || c.is_control() || matches!(c, '?' | '#' | '<' | '>' | '"' | '@')
        })
}

/// Long enough, safe in a path, and of more than a few different characters.
fn is_path_secret(secret: &str) -> bool {
    let mut different: Vec<char> = secret.chars().collect();
    different.sort_unstable();
    different.dedup();
    secret.len() >= SHORTEST_PATH_SECRET
        && different.len() >= 8
        && secret.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
}
