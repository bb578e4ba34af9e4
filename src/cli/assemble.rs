//! Builds the parts of the server from the configuration, for every command that needs them.

use std::path::Path;

use anyhow::{Context, bail};
use jiff::SignedDuration;

use super::arguments::Arguments;
use super::web_form;
use crate::clock::Clock;
use crate::config::{ClosureDay, Config, Mailbox, Synchronous};
use crate::domain::promise::{Absence, MonthDay, Office};
use crate::intake::Rules;
use crate::intake::texting::TextRules;
use crate::store::{Store, StoreOptions};
use crate::texts::{OfficeWords, Texts};
use crate::work::desk::OfficeDesk;
use crate::work::read::Reader;

/// The name of letters' account when no mailbox is configured.
const NO_MAILBOX: &str = "files";

/// Reads the configuration that the command line names, and the environment.
///
/// # Errors
/// Everything that is wrong with it.
pub fn config(arguments: &Arguments) -> anyhow::Result<Config> {
    config_of(arguments.config.as_deref())
}

/// Reads the configuration of a file, and the environment.
///
/// # Errors
/// Everything that is wrong with it.
pub fn config_of(file: Option<&Path>) -> anyhow::Result<Config> {
    // `vars` would panic on a variable of somebody else's that is not UTF-8.
    let environment = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    Ok(Config::load(file, environment)?)
}

/// The runtime that everything runs on. Two threads: a database's file and a mailbox's line are waited for, not
/// computed; more threads would only cost memory.
///
/// # Errors
/// When the operating system has no threads left.
pub fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .max_blocking_threads(16)
        .enable_all()
        .build()
        .context("the runtime cannot be started")
}

/// Opens the store.
///
/// # Errors
/// When the database cannot be opened.
pub async fn store(config: &Config) -> anyhow::Result<Store> {
    let options = StoreOptions {
        url: config.database.url.expose().to_owned(),
        connections: config.database.readers,
        durable: config.database.synchronous == Synchronous::Full,
    };
    Ok(Store::open(&options).await?)
}

/// The office's rules.
pub fn rules(config: &Config) -> Rules {
    let office = &config.office;
    let mut closed_on = std::collections::BTreeSet::new();
    let mut closed_every_year = std::collections::BTreeSet::new();
    for day in &office.closure_days {
        match *day {
            ClosureDay::Once(date) => {
                closed_on.insert(date);
            }
            ClosureDay::Yearly { month, day } => {
                closed_every_year.extend(format!("{month:02}-{day:02}").parse::<MonthDay>());
            }
        }
    }
    let absences = office.absences.iter().map(|absence| Absence {
        from: absence.from,
        through: absence.through,
        substitute: absence.substitute.clone(),
    });
    Rules {
        office: Office {
            working_days: office.working_days,
            cut_off: office.cut_off,
            closed_on,
            closed_every_year,
            absences: absences.collect(),
        },
        ceiling_sender: config.acknowledgement.ceiling_sender,
        ceiling_all: config.acknowledgement.ceiling_all,
        acknowledge_within: SignedDuration::try_from(config.acknowledgement.within)
            .unwrap_or(SignedDuration::MAX),
        own_addresses: [config.email.own_addresses(), config.sms.own_numbers()].concat(),
        texting: TextRules {
            number_day: config.sms.ceiling_number_day,
            number_month: config.sms.ceiling_number_month,
            all_day: config.sms.ceiling_day,
            loop_texts: config.sms.loop_texts,
        },
    }
}

/// The desk that the store asks.
pub fn desk(config: &Config, clock: Clock) -> OfficeDesk {
    OfficeDesk {
        rules: rules(config),
        message_id_domain: message_id_domain(config),
        language: config.office.language,
        clock,
    }
}

/// Our own domain: that of the sending address, or of the first mailbox.
pub fn message_id_domain(config: &Config) -> String {
    let mailboxes = config.email.mailboxes.iter().map(|mailbox| mailbox.address.as_str());
    config
        .email
        .submit
        .from
        .as_deref()
        .into_iter()
        .chain(mailboxes)
        .find_map(|address| address.rsplit_once('@').map(|(_, domain)| domain.to_ascii_lowercase()))
        .unwrap_or_else(|| "indgang.invalid".to_owned())
}

/// The reader of one mailbox's letters.
pub fn reader_of(config: &Config, mailbox: &Mailbox) -> Reader {
    Reader {
        account: mailbox.name.clone(),
        limits: config.email.limits.clone(),
        authserv_id: mailbox.authserv_id.clone(),
        own_addresses: config.email.own_addresses(),
    }
}

/// The reader of letters that come from files, read as coming through a configured mailbox when one is named or there
/// is only one.
///
/// # Errors
/// When the named mailbox is not configured.
pub fn reader(config: &Config, account: Option<&str>) -> anyhow::Result<Reader> {
    let mailboxes = &config.email.mailboxes;
    let mailbox = match account {
        Some(name) => match mailboxes.iter().find(|mailbox| mailbox.name == name) {
            Some(mailbox) => Some(mailbox),
            None => bail!("--account: no mailbox `{name}` is configured (email.mailboxes.{name})"),
        },
        None if mailboxes.len() == 1 => mailboxes.first(),
        None => None,
    };
    Ok(mailbox.map_or_else(
        || Reader {
            account: NO_MAILBOX.to_owned(),
            limits: config.email.limits.clone(),
            authserv_id: None,
            own_addresses: config.email.own_addresses(),
        },
        |mailbox| reader_of(config, mailbox),
    ))
}

/// The texts, and the words about the office that stand in them.
///
/// # Errors
/// When a text of `acknowledgement.texts_folder` is wrong, naming file and line.
pub fn texts(config: &Config) -> anyhow::Result<(Texts, OfficeWords)> {
    let texts = Texts::load(config.acknowledgement.texts_folder.as_deref())?;
    let mut words = config.office.words();
    // Our own form is a safe way, and tells what happens with personal data, unless the office names other pages.
    let public = config.web.public_url.as_ref().filter(|url| url.starts_with("https://"));
    if let (Some(url), true) = (public, web_form::site(config).is_some()) {
        words.secure_url.get_or_insert_with(|| url.clone());
        words.privacy_url.get_or_insert_with(|| format!("{url}/privatliv"));
    }
    Ok((texts, words))
}
