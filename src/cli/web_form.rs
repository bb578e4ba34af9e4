//! Builds the citizens' pages from the configuration.

use std::sync::Arc;

use indgang_channels::message::{AnswerWay, Channel};
use indgang_channels::web_form::Scan;
use jiff::SignedDuration;

use tokio_util::sync::CancellationToken;

use super::assemble;
use crate::clock::Clock;
use crate::config::Config;
use crate::domain::area::AreaId;
use crate::store::Store;
use crate::texts::{PageValues, PageWords, load_pages};
use crate::web::assets::Assets;
use crate::web::public::door::{Doors, Settings};
use crate::web::public::fields::FieldRules;
use crate::web::public::headers::Headers;
use crate::web::public::limits::Limits;
use crate::web::public::pages::{Parts, Public};
use crate::web::public::views::Site;
use crate::work::file_check::FileCheck;
use crate::work::intake::Intake;
use crate::work::scan::Scanner;
use crate::work::server::Source;
use crate::work::upkeep::Upkeep;

/// Files of forms that are not sent yet may take so much together, in bytes: nobody fills the disk with them.
const MOST_KEPT: u64 = 1 << 30;
/// How often one address may try to open a page within ten minutes.
const TRIES: u32 = 40;
/// No puzzle is set there, so what many together do is only counted so far.
const ATTACK_ON_PAGES: u32 = 100_000;

/// The words of the pages.
///
/// # Errors
/// When a text of `acknowledgement.texts_folder` is wrong, naming file and key.
pub fn words(config: &Config) -> anyhow::Result<[PageWords; 2]> {
    let form = &config.web_form;
    let values = PageValues {
        office: config.office.words(),
        dpo: form.dpo_contact.clone(),
        retention: [form.retention_da.clone(), form.retention_en.clone()],
        accessibility_contact: form.accessibility_contact.clone(),
    };
    Ok(load_pages(config.acknowledgement.texts_folder.as_deref(), &values)?)
}

/// The scanner; `None` when there is none.
pub fn scanner(config: &Config) -> Option<Scanner> {
    let socket = config.files.clamav.as_deref()?;
    Some(Scanner::at(socket, config.files.clamav_timeout))
}

/// What looks at the files of letters; `None` when there is no scanner.
pub fn file_check(config: &Config) -> Option<FileCheck> {
    Some(FileCheck { scanner: scanner(config)?, limits: config.email.limits.clone() })
}

/// Forgets what has had its time.
pub fn upkeep(config: &Config, store: &Store, clock: &Clock, stop: &CancellationToken) -> Source {
    let keep_files = SignedDuration::try_from(config.web_form.keep_files).unwrap_or(SignedDuration::MAX);
    let upkeep = Upkeep { store: store.clone(), clock: clock.clone(), keep_files };
    let stop = stop.clone();
    Box::pin(async move { upkeep.run(&stop).await })
}

/// How acknowledgements, codes and news go out by mail.
fn by_email(config: &Config) -> Option<AnswerWay> {
    let mailboxes = &config.email.mailboxes;
    let chosen = match &config.web_form.reply_mailbox {
        Some(name) => mailboxes.iter().find(|mailbox| mailbox.name == *name),
        None => mailboxes.iter().find(|mailbox| mailbox.enabled),
    };
    let account = match (chosen, &config.email.submit.from) {
        (Some(mailbox), _) => mailbox.name.clone(),
        // Letters can go out although none come in.
        (None, Some(_)) => String::new(),
        (None, None) => return None,
    };
    Some(AnswerWay { channel: Channel::Email, account, sender: None })
}

/// The same by text.
fn by_text(config: &Config) -> Option<AnswerWay> {
    let chosen = match &config.web_form.reply_text_account {
        Some(name) => config.sms.enabled().find(|account| account.name == *name),
        None => config.sms.enabled().next(),
    }?;
    let sender = chosen.numbers.first().cloned();
    Some(AnswerWay { channel: Channel::Sms, account: chosen.name.clone(), sender })
}

/// What the pages say of the office; `None` while its name and number are not set, or no form is wanted.
pub fn site(config: &Config) -> Option<Site> {
    let office = &config.office;
    let phone = office.phone.clone()?;
    if !config.web_form.enabled || office.municipality.is_empty() {
        return None;
    }
    let mailbox = config.email.mailboxes.iter().find(|mailbox| mailbox.enabled);
    Some(Site {
        municipality: office.municipality.clone(),
        phone_dial: phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect(),
        phone,
        phone_hours: office.phone_hours.clone(),
        text_number: config.sms.enabled().next().and_then(|account| account.numbers.first().cloned()),
        mail: mailbox.map(|mailbox| mailbox.address.clone()).filter(|address| !address.is_empty()),
        address: office.address.clone(),
        about_url: office.about_url.clone(),
        working_days: office.working_days,
    })
}

/// How the office wants the form.
///
/// # Errors
/// When the list of areas is wrong.
pub fn settings(config: &Config) -> anyhow::Result<Settings> {
    let form = &config.web_form;
    let english = |area: &crate::config::AreaEntry| Some((AreaId(i64::from(area.id)), area.name_en.clone()?));
    let span = |duration| SignedDuration::try_from(duration).unwrap_or(SignedDuration::MAX);
    Ok(Settings {
        fields: FieldRules { longest_message: form.longest_message as usize },
        most_files: form.most_files,
        most_file_bytes: form.most_file_bytes,
        file_types: form.file_types.clone(),
        most_kept_bytes: MOST_KEPT,
        shortest_time: span(form.shortest_time),
        puzzle_bits: u8::try_from(form.puzzle_bits).unwrap_or(16),
        areas: config.office.area_list()?,
        areas_en: config.office.areas.iter().filter_map(english).collect(),
        by_email: by_email(config),
        by_text: by_text(config),
        own_addresses: assemble::rules(config).own_addresses,
        foreign: config.sms.foreign.clone(),
        public_url: config.web.public_url.clone(),
        most_segments: config.sms.ceiling_day,
        message_id_domain: assemble::message_id_domain(config),
        link_time: SignedDuration::from_hours(24 * i64::from(form.link_days)),
        session: span(form.session),
    })
}

/// The citizens' pages.
///
/// # Errors
/// When a text is wrong, or the database does not answer.
pub async fn public(config: &Config, store: &Store, door: &Intake, clock: &Clock) -> anyhow::Result<Public> {
    let secret = store.secret_fetch_or_make("form", &rand::random()).await?;
    let door = door.clone();
    let file = Arc::new(move |letter| {
        let door = door.clone();
        let filed = async move {
            let receipt = door.submit(letter).await.ok()?;
            receipt.wait().await.ok()
        };
        Box::pin(filed) as std::pin::Pin<Box<dyn Future<Output = _> + Send>>
    });
    let scan = scanner(config).map(|scanner| {
        let ask: crate::web::public::door::Ask = Arc::new(move |bytes: Vec<u8>| {
            let scanner = scanner.clone();
            Box::pin(async move {
                let scan: Scan = scanner.scan(&bytes).await;
                (bytes, scan)
            })
        });
        ask
    });
    let form = &config.web_form;
    let https = config.web.public_url.as_ref().is_some_and(|url| url.starts_with("https://"));
    Ok(Public::new(Parts {
        doors: Doors {
            store: store.clone(),
            file,
            scan,
            draw: Arc::new(rand::random),
            clock: clock.clone(),
            secret,
        },
        settings: settings(config)?,
        words: words(config)?,
        site: site(config),
        assets: Assets::new(&form.accent.to_string(), &form.bar.to_string()),
        headers: Headers::new(&form.embed_origins, https),
        trusted: config.web.trusted_proxies.clone(),
        sent: Limits::new(form.per_address, form.attack_per_minute, rand::random()),
        tried: Limits::new(TRIES, ATTACK_ON_PAGES, rand::random()),
    }))
}
