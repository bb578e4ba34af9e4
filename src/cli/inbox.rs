//! Builds the adviser's side from the configuration, and makes the first account.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use indgang_signon::oidc::{Provider, Registration};
use indgang_signon::passkey::Passkeys;
use jiff::SignedDuration;
use sha2::{Digest, Sha256};
use tokio_util::sync::CancellationToken;

use super::{assemble, connections, programs, terminal, web_form};
use crate::clock::Clock;
use crate::config::Config;
use crate::domain::account::{AccountId, Role};
use crate::domain::area::AreaId;
use crate::store::Store;
use crate::store::accounts::NewAccount;
use crate::store::inbox::change::Act;
use crate::store::inbox::page::PageBy;
use crate::store::inbox::reply::Moved;
use crate::texts::{TextLanguage, load_figures, load_inbox};
use crate::web::assets::Assets;
use crate::web::inbox::doors::{Department, Doors, PageAnswer, PageAsk, Settings};
use crate::web::inbox::{Inbox, Parts};
use crate::web::public::headers::Headers;
use crate::web::public::limits::Limits;
use crate::work::desk::OfficeDesk;
use crate::work::figures::{Figures, Office};
use crate::work::monthly::Monthly;
use crate::work::page_reply::{self, Answer, Pages};
use crate::work::server::Source;

/// How often one address may try to sign in within ten minutes.
const TRIES: u32 = 30;
/// What many together do is only counted so far.
const ATTACK: u32 = 100_000;
/// How long the first link holds.
const FIRST_LINK: SignedDuration = SignedDuration::from_hours(48);
/// What is made searchable at a time, and how long is waited when nothing is. Letters go before: they wait for the same writer,
/// so little is done at a time, and twice as long is left to them.
const INDEXED: u32 = 50;
const INDEX_WAIT: Duration = Duration::from_millis(500);

/// The adviser's side.
///
/// # Errors
/// When a text of `acknowledgement.texts_folder` is wrong.
pub fn inbox(config: &Config, store: &Store, desk: Arc<OfficeDesk>, clock: &Clock) -> anyhow::Result<Inbox> {
    let form = web_form::settings(config)?;
    let span = |duration| SignedDuration::try_from(duration).unwrap_or(SignedDuration::MAX);
    let https = config.web.public_url.as_ref().is_some_and(|url| url.starts_with("https://"));
    let mailboxes = config.email.mailboxes.iter().filter(|mailbox| mailbox.enabled);
    let mut mailboxes: Vec<(String, String)> =
        mailboxes.map(|mailbox| (mailbox.name.clone(), mailbox.address.clone())).collect();
    // Letters can go out although none come in.
    if let (true, Some(from)) = (mailboxes.is_empty(), &config.email.submit.from) {
        mailboxes.push((String::new(), from.clone()));
    }
    let texts = config
        .sms
        .enabled()
        .filter_map(|account| Some((account.name.clone(), account.numbers.first()?.clone())));
    let departments = config.inbox.departments.iter().enumerate().map(|(place, one)| Department {
        id: place.to_string(),
        name: one.name.clone(),
        address: one.address.clone(),
        area: AreaId(i64::from(one.area)),
    });
    let page_answer = config.web.public_url.clone().map(|public_url| -> PageAnswer {
        let pages = Arc::new(Pages {
            public_url,
            by_email: form.by_email.clone(),
            by_text: form.by_text.clone(),
            link_time: form.link_time,
            message_id_domain: form.message_id_domain.clone(),
        });
        let (store, clock) = (store.clone(), clock.clone());
        Arc::new(move |ask: PageAsk| {
            let (store, clock, pages) = (store.clone(), clock.clone(), Arc::clone(&pages));
            Box::pin(async move {
                let answer = Answer { enquiry: ask.page, body: &ask.body, token: &ask.token };
                let moved = ask.moved.as_ref();
                let by = PageBy {
                    who: &ask.who,
                    enquiry: ask.enquiry,
                    steps: &ask.steps,
                    moved: moved.map(|(to, reason, waits_for)| Moved { to: *to, reason, waits_for }),
                    act: Act::new(&ask.act_id, ask.what).having_seen(ask.seen),
                    occasion: ask.occasion,
                    from_draft: ask.from_draft,
                };
                let answered = page_reply::answer(&store, &pages, &answer, Some(&by), clock.now()).await;
                answered.map(|(queued, _)| queued).map_err(|why| why.to_string())
            })
        })
    });
    let (_, office) = assemble::texts(config)?;
    let sums = figures(config, store, clock)?;
    Ok(Inbox::new(Parts {
        doors: Doors {
            store: store.clone(),
            desk,
            draw: Arc::new(rand::random),
            page_answer,
            figures: {
                let sums = sums.clone();
                Arc::new(move |asked| {
                    let sums = sums.clone();
                    Box::pin(async move { sums.shown(asked).await })
                })
            },
            close_year: Arc::new(move |who, year| {
                let sums = sums.clone();
                Box::pin(async move { sums.close(&who, year).await })
            }),
            signon: provider(config)?.map(Arc::new),
            clock: clock.clone(),
        },
        settings: Settings {
            municipality: config.office.municipality.clone(),
            areas: form.areas,
            areas_en: form.areas_en,
            mailboxes,
            texts: texts.collect(),
            departments: departments.collect(),
            office,
            https,
            passkeys: passkeys(config),
            signon_button: config.inbox.signon.button.clone(),
            hide_below: i64::from(config.statistics.hide_below),
            idle: span(config.inbox.session),
            undo: span(config.inbox.undo),
            message_id_domain: form.message_id_domain,
            most_segments: config.sms.ceiling_replies_day,
            most_file_bytes: config.inbox.most_file_bytes,
            reach: programs::reach(config),
            limits: config.email.limits.clone(),
        },
        words: load_inbox(config.acknowledgement.texts_folder.as_deref())?,
        assets: Assets::new(&config.web_form.accent.to_string(), &config.web_form.bar.to_string()),
        headers: Headers::new(&[], https),
        trusted: config.web.trusted_proxies.clone(),
        tried: Limits::new(TRIES, ATTACK, rand::random()),
    }))
}

/// What makes the books of figures.
///
/// # Errors
/// When a text of `acknowledgement.texts_folder` is wrong.
pub fn figures(config: &Config, store: &Store, clock: &Clock) -> anyhow::Result<Figures> {
    let office = Office {
        areas: config.office.areas.clone(),
        rules: config.statistics.rules(),
        since: config.statistics.since,
        words: load_figures(config.acknowledgement.texts_folder.as_deref())?,
    };
    Ok(Figures::new(store.clone(), clock.clone(), office))
}

/// What mails the figures of a month; `None` where nobody is named, or letters have no sender.
///
/// # Errors
/// When a text is wrong or the way out cannot be set up.
pub fn monthly(config: &Config, store: &Store, clock: &Clock) -> anyhow::Result<Option<Monthly>> {
    let statistics = &config.statistics;
    let mailbox = config.email.mailboxes.iter().find(|mailbox| mailbox.enabled);
    let submit = &config.email.submit;
    let from = submit.from.clone().or_else(|| mailbox.map(|mailbox| mailbox.address.clone()));
    let Some(from) = from.filter(|_| !statistics.mail_to.is_empty()) else { return Ok(None) };
    Ok(Some(Monthly {
        store: store.clone(),
        figures: figures(config, store, clock)?,
        transport: connections::transport(config)?,
        clock: clock.clone(),
        recipients: statistics.mail_to.clone(),
        day: i8::try_from(statistics.mail_day).unwrap_or(1),
        domain: web_form::settings(config)?.message_id_domain,
        sender: (from, submit.from_name.clone()),
        english: config.office.language == TextLanguage::English,
        hide_below: i64::from(statistics.hide_below),
    }))
}

/// The municipality's own sign-on; `None` where there is none.
///
/// # Errors
/// When what is configured cannot be right.
pub fn provider(config: &Config) -> anyhow::Result<Option<Provider>> {
    let signon = &config.inbox.signon;
    let (Some(issuer), Some(secret), Some(public)) =
        (&signon.issuer, &signon.client_secret, &config.web.public_url)
    else {
        return Ok(None);
    };
    let registration = Registration {
        issuer: issuer.clone(),
        client_id: signon.client_id.clone(),
        client_secret: secret.clone(),
        redirect: format!("{}/indbakke/log-ind/kommune", public.trim_end_matches('/')),
        addresses_are_verified: signon.addresses_are_verified,
    };
    let tls = indgang_channels::email::tls::client_config(None)?;
    Ok(Some(Provider::new(registration, Arc::unwrap_or_clone(tls))?))
}

/// Passkeys for the public address. A number has none, and nothing else is wrong with it.
fn passkeys(config: &Config) -> Option<Passkeys> {
    let name = format!("Borgerrådgiver {}", config.office.municipality);
    Passkeys::new(config.web.public_url.as_deref()?, name.trim()).ok()
}

/// Makes what is new searchable, as it comes.
pub fn index(store: &Store, stop: &CancellationToken) -> Source {
    let (store, stop) = (store.clone(), stop.clone());
    Box::pin(async move {
        loop {
            let begun = tokio::time::Instant::now();
            let wait = match store.search_index(INDEXED).await {
                Ok(0) => INDEX_WAIT,
                Ok(_) => 2 * begun.elapsed(),
                Err(error) => {
                    tracing::warn!(%error, "what is new could not be made searchable; it is tried again");
                    10 * INDEX_WAIT
                }
            };
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(wait) => {}
            }
        }
    })
}

/// On the first start, makes the adviser's account and prints a link that signs in once. To the terminal alone: whoever
/// reads a log later must not find a way in.
///
/// # Errors
/// When the database does not answer.
pub async fn first_link(
    config: &Config,
    store: &Store,
    clock: &Clock,
    address: SocketAddr,
) -> anyhow::Result<()> {
    if store.account_count().await? > 0 {
        return Ok(());
    }
    let login = format!("adviser@{}", assemble::message_id_domain(config));
    let new = NewAccount {
        login: login.clone(),
        name: "Borgerrådgiver".to_owned(),
        role: Role::Adviser,
        language: config.office.language.as_str().to_owned(),
        time: (None, None),
    };
    // Another node may have been quicker.
    let Some(account) = store.account_make(&new, None, clock.now()).await? else { return Ok(()) };
    let link = link(config, store, clock, account, Some(address)).await?;
    terminal::say(format!(
        "No account yet: {login} was made. Sign in once, within two days, at\n\n  {link}\n"
    ));
    Ok(())
}

/// A link that signs in once.
///
/// # Errors
/// When the database does not answer.
pub async fn link(
    config: &Config,
    store: &Store,
    clock: &Clock,
    account: AccountId,
    address: Option<SocketAddr>,
) -> anyhow::Result<String> {
    let secret = URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>());
    let hash: [u8; 32] = Sha256::digest(secret.as_bytes()).into();
    store
        .sign_in_link_make(&hash, account, None, clock.now() + FIRST_LINK, clock.now())
        .await
        .context("the link is not kept")?;
    let own = format!("http://{}", address.unwrap_or(config.web.listen));
    let base = config.web.public_url.clone().unwrap_or(own);
    Ok(format!("{base}/indbakke/velkommen/{secret}"))
}
