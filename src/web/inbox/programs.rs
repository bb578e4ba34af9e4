//! Which programs of the municipality's come in, and what each may do.

use askama::Template;
use axum::Form;
use axum::extract::{Extension, State};
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jiff::SignedDuration;
use sha2::{Digest, Sha256};

use super::act::line;
use super::views::Shell;
use super::{Fields, Inbox, Seat, all, field, written};
use crate::domain::program::{Right, Rights};
use crate::domain::webhook::Unfit;
use crate::store::StoreError;
use crate::store::programs::NewProgram;

/// What a token begins with, so that one that has got lost is known for what it is.
const PREFIX: &str = "indgang_";
/// What the secret of a webhook begins with (Standard Webhooks).
const SECRET_PREFIX: &str = "whsec_";
/// The longest address that is told something.
const LONGEST_ADDRESS: usize = 1_000;
/// The longest name of a program.
const LONGEST_NAME: usize = 80;
/// The longest time that a program is let in for, in days.
const LONGEST: i64 = 400;

/// The page.
#[derive(Template)]
#[template(path = "inbox/programs.html")]
struct ProgramsPage {
    shell: Shell,
    /// What was done or was wrong.
    notice: Option<(&'static str, String)>,
    /// A token or a secret that was made, told once.
    secret: Option<String>,
    /// The programs: number, name, words, whether it is over.
    programs: Vec<(i64, String, String, bool)>,
    /// Who is told: number, address, words.
    webhooks: Vec<(i64, String, String)>,
    /// What may be chosen: word, in words.
    rights: Vec<(&'static str, String)>,
}

/// What is said on the page beside what is always there.
#[derive(Default)]
struct Said {
    notice: Option<(&'static str, String)>,
    secret: Option<String>,
}

pub(super) async fn page(State(inbox): State<Inbox>, Extension(seat): Extension<Seat>) -> Response {
    show(&inbox, &seat, Said::default(), StatusCode::OK).await
}

async fn show(inbox: &Inbox, seat: &Seat, said: Said, status: StatusCode) -> Response {
    match made(inbox, seat, said).await {
        Ok(page) => inbox.answer(status, &page),
        Err(error) => inbox.failed(Some(seat), &error),
    }
}

async fn made(inbox: &Inbox, seat: &Seat, said: Said) -> Result<ProgramsPage, StoreError> {
    let words = inbox.words(&seat.account().language);
    let (today, now) = (inbox.today(), inbox.now());
    let programs = inbox.doors().store.tokens().await?.into_iter().map(|one| {
        let until = written::moment(one.expires_at, today, words);
        let rights = one.rights.to_string();
        let values = [("rettigheder", rights.as_str()), ("hvem", &one.owner), ("udloeb", &until)];
        let used = match one.used_at {
            Some(at) => words.with("programs.used", &[("tid", &written::moment(at, today, words))]),
            None => words.t("programs.unused").to_owned(),
        };
        let over = one.ended || one.expires_at <= now;
        let mut text = format!("{} · {used}", words.with("programs.line", &values));
        if over {
            text = format!("{text} · {}", words.t("programs.over"));
        }
        (one.id, one.name, text, over)
    });
    let programs: Vec<_> = programs.collect();
    let webhooks = inbox.doors().store.webhooks().await?.into_iter().map(|one| {
        let told = match one.told_at {
            Some(at) => words.with("webhooks.told", &[("tid", &written::moment(at, today, words))]),
            None => words.t("webhooks.untold").to_owned(),
        };
        let counts = [("venter", one.waiting.to_string()), ("opgivet", one.given_up.to_string())];
        let counts = counts.each_ref().map(|(name, value)| (*name, value.as_str()));
        let mut text = format!("{told} · {}", words.with("webhooks.line", &counts));
        if let Some(error) = &one.last_error {
            text = format!("{text} · {}", words.with("webhooks.error", &[("fejl", error)]));
        }
        (one.id, one.url, text)
    });
    Ok(ProgramsPage {
        notice: said.notice,
        secret: said.secret,
        programs,
        webhooks: webhooks.collect(),
        rights: Right::ALL
            .map(|right| (right.as_str(), words.t(&format!("right.{}", right.as_str())).to_owned()))
            .into(),
        shell: inbox.shell(Some(seat), words.t("programs.title"), "indstillinger"),
    })
}

pub(super) async fn decide(
    State(inbox): State<Inbox>,
    Extension(seat): Extension<Seat>,
    Form(fields): Fields,
) -> Response {
    let words = std::sync::Arc::clone(inbox.words(&seat.account().language));
    let (store, now) = (&inbox.doors().store, inbox.now());
    let say = |class, key: &str| Some((class, words.t(key).to_owned()));
    let number = field(&fields, "nummer").parse::<i64>();
    let done = match (field(&fields, "handling"), number) {
        ("luk", Ok(id)) => {
            let done = store.token_revoke(id, seat.account().id, now).await;
            done.map(|()| Said { notice: say("info", "programs.revoked"), secret: None })
        }
        ("slut", Ok(id)) => {
            let done = store.webhook_end(id, seat.account().id, now).await;
            done.map(|()| Said { notice: say("info", "webhooks.ended"), secret: None })
        }
        ("besked", _) => {
            let url = field(&fields, "adresse").trim();
            if let Err(key) = fit(&inbox, url) {
                let said = Said { notice: say("danger", key), secret: None };
                return show(&inbox, &seat, said, StatusCode::UNPROCESSABLE_ENTITY).await;
            }
            let secret = (inbox.doors().draw)();
            let done = store.webhook_make(url, &secret, seat.account().id, now).await;
            let shown = format!("{SECRET_PREFIX}{}", STANDARD.encode(secret));
            done.map(|_| Said { notice: say("info", "webhooks.shown"), secret: Some(shown) })
        }
        _ => {
            let name: String = line(field(&fields, "navn")).chars().take(LONGEST_NAME).collect();
            let days: i64 = field(&fields, "dage").parse().unwrap_or_default();
            let rights = Rights::parse(&all(&fields, "ret").join(" "));
            if name.is_empty() || rights == Rights::default() || !(1..=LONGEST).contains(&days) {
                let said = Said { notice: say("danger", "programs.needs"), secret: None };
                return show(&inbox, &seat, said, StatusCode::UNPROCESSABLE_ENTITY).await;
            }
            let token = format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode((inbox.doors().draw)()));
            let hash: [u8; 32] = Sha256::digest(token.as_bytes()).into();
            let expires_at = now + SignedDuration::from_hours(24 * days);
            let new = NewProgram { name, rights, account: seat.account().id, expires_at };
            let done = store.token_make(&new, &hash, now).await;
            done.map(|_| Said { notice: say("info", "programs.shown"), secret: Some(token) })
        }
    };
    match done {
        Ok(said) => show(&inbox, &seat, said, StatusCode::OK).await,
        Err(error) => inbox.failed(Some(&seat), &error),
    }
}

/// Whether an address can be told something, or the key of why not. Where a name leads is looked at when it is called.
fn fit(inbox: &Inbox, url: &str) -> Result<(), &'static str> {
    let uri: Uri = url.parse().ok().filter(|_| url.len() <= LONGEST_ADDRESS).ok_or("webhooks.form")?;
    let is_plain = uri.authority().is_some_and(|authority| !authority.as_str().contains('@'));
    let (Some(scheme), Some(host), true) = (uri.scheme_str(), uri.host(), is_plain) else {
        return Err("webhooks.form");
    };
    inbox.settings().reach.takes(scheme, host).map_err(|why| match why {
        Unfit::Clear => "webhooks.clear",
        Unfit::Form => "webhooks.form",
        Unfit::Inside => "webhooks.inside",
    })
}
