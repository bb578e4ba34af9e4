//! Which programs of the municipality's come in, and what each may do.

use askama::Template;
use axum::Form;
use axum::extract::{Extension, State};
use axum::http::StatusCode;
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::SignedDuration;
use sha2::{Digest, Sha256};

use super::act::line;
use super::views::Shell;
use super::{Fields, Inbox, Seat, all, field, written};
use crate::domain::program::{Right, Rights};
use crate::store::StoreError;
use crate::store::programs::NewProgram;

/// What a token begins with, so that one that has got lost is known for what it is.
const PREFIX: &str = "indgang_";
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
    Ok(ProgramsPage {
        notice: said.notice,
        secret: said.secret,
        programs: programs.collect(),
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
