//! Settings: one's own, the office's texts and blocks, accounts, the log, and how the system runs.

use axum::Form;
use axum::extract::{Extension, Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::act::{LONGEST_BLOCK, line, moment};
use super::list::Asking;
use super::signin::{Proof, SHORTEST, hashed, prove};
use super::views::{AccountsPage, Choice, KeysPage, LogPage, OperationsPage, SettingsPage};
use super::{Fields, Inbox, Seat, field, on_to, written};
use crate::domain::account::{AccountId, Act, Role, may};
use crate::domain::enquiry::EnquiryId;
use crate::store::StoreError;
use crate::store::accounts::NewAccount;
use crate::store::inbox::own::StandardText;
use crate::store::log::LogLine;

/// How long a one-time link holds.
const LINK_TIME: SignedDuration = SignedDuration::from_hours(48);
/// Entries of the log on a page.
const PAGE: u32 = 100;

/// What was just done.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Said {
    hvad: String,
    foer: Option<i64>,
}

pub(super) async fn page(
    State(inbox): State<Inbox>,
    Extension(seat): Extension<Seat>,
    Query(said): Query<Said>,
) -> Response {
    let words = inbox.words(&seat.account().language);
    let text = words.t(&format!("done.{}", said.hvad));
    let notice = (!said.hvad.is_empty() && !text.is_empty()).then(|| ("info", text.to_owned()));
    show(&inbox, &seat, notice, StatusCode::OK).await
}

async fn show(
    inbox: &Inbox,
    seat: &Seat,
    notice: Option<(&'static str, String)>,
    status: StatusCode,
) -> Response {
    match made(inbox, seat, notice).await {
        Ok(page) => inbox.answer(status, &page),
        Err(error) => inbox.failed(Some(seat), &error),
    }
}

/// The settings again, with what was wrong.
pub(super) async fn refused(inbox: &Inbox, seat: &Seat, key: &str) -> Response {
    let text = inbox.words(&seat.account().language).t(key).to_owned();
    show(inbox, seat, Some(("danger", text)), StatusCode::UNPROCESSABLE_ENTITY).await
}

async fn made(
    inbox: &Inbox,
    seat: &Seat,
    notice: Option<(&'static str, String)>,
) -> Result<SettingsPage, StoreError> {
    let words = inbox.words(&seat.account().language);
    let (store, today) = (&inbox.doors().store, inbox.today());
    let has_texts = may(seat.account().role, Act::Texts);
    let sessions = store.sessions(seat.account().id, inbox.now()).await?;
    let proofs = store.account_proofs(&seat.account().login).await?;
    let (mut texts, mut views, mut blocks) = (Vec::new(), Vec::new(), Vec::new());
    if has_texts {
        texts = store.standard_texts().await?;
        views = store.saved_views(&seat.actor).await?;
        blocks = store.sender_blocks(inbox.now()).await?;
    }
    Ok(SettingsPage {
        notice,
        languages: [("da", "language.da"), ("en", "language.en")]
            .map(|(value, key)| Choice {
                value: value.to_owned(),
                name: words.t(key).to_owned(),
                chosen: seat.account().language == value,
            })
            .into(),
        has_codes: proofs.is_some_and(|proofs| proofs.totp_secret.is_some()),
        sessions: sessions
            .into_iter()
            .map(|one| {
                let own = one.id == seat.signed_in.session;
                (one.id, format!("{} · {}", one.browser, written::moment(one.seen_at, today, words)), own)
            })
            .collect(),
        texts: texts.into_iter().map(|one| (one.id, one.title, one.language, one.body)).collect(),
        views: views.into_iter().map(|one| (one.id, one.name)).collect(),
        blocks: blocks
            .into_iter()
            .map(|one| {
                let until = written::moment(one.until, today, words);
                let by = one.name.unwrap_or_default();
                (
                    one.id,
                    words.with(
                        "settings.block",
                        &[
                            ("adresse", &one.address),
                            ("hvorfor", &one.reason),
                            ("tid", &until),
                            ("hvem", &by),
                        ],
                    ),
                )
            })
            .collect(),
        has_texts,
        shortest: SHORTEST,
        shell: inbox.shell(Some(seat), words.t("settings.title"), "indstillinger"),
    })
}

pub(super) async fn save(
    State(inbox): State<Inbox>,
    Extension(seat): Extension<Seat>,
    Form(fields): Fields,
) -> Response {
    let words = std::sync::Arc::clone(inbox.words(&seat.account().language));
    let store = &inbox.doors().store;
    let id = seat.account().id;
    let wrong = |text: String| show(&inbox, &seat, Some(("danger", text)), StatusCode::UNPROCESSABLE_ENTITY);
    match field(&fields, "handling") {
        "kode" => {
            let new = field(&fields, "ny");
            if new.chars().count() < SHORTEST || new.len() > 1_024 {
                return wrong(words.with("welcome.short", &[("antal", &SHORTEST.to_string())])).await;
            }
            match prove(&inbox, &seat.account().login, field(&fields, "nu")).await {
                Ok(Proof::Is(proofs)) if proofs.account == id => {}
                Ok(_) => return wrong(words.t("settings.wrong").to_owned()).await,
                Err(error) => return inbox.failed(Some(&seat), &error),
            }
            let Some(hash) = hashed(&inbox, new).await else {
                return wrong(words.t("problem.busy_text").to_owned()).await;
            };
            match store.account_password(id, &hash, Some(seat.signed_in.session), inbox.now()).await {
                Ok(()) => on_to("/indbakke/indstillinger?hvad=password"),
                Err(error) => inbox.failed(Some(&seat), &error),
            }
        }
        "session" => {
            let session = field(&fields, "nummer").parse().unwrap_or_default();
            match store.session_end(session, id, inbox.now()).await {
                Ok(()) => on_to("/indbakke/indstillinger?hvad=session"),
                Err(error) => inbox.failed(Some(&seat), &error),
            }
        }
        _ => {
            let language = if field(&fields, "sprog") == "en" { "en" } else { "da" };
            match store.account_likes(id, language, field(&fields, "taster") == "1").await {
                Ok(()) => on_to("/indbakke/indstillinger?hvad=settings"),
                Err(error) => inbox.failed(Some(&seat), &error),
            }
        }
    }
}

pub(super) async fn texts(
    State(inbox): State<Inbox>,
    Extension(seat): Extension<Seat>,
    Form(fields): Fields,
) -> Response {
    let store = &inbox.doors().store;
    let id = field(&fields, "nummer").parse().unwrap_or_default();
    let text = StandardText {
        id,
        title: line(field(&fields, "titel")),
        language: if field(&fields, "sprog") == "en" { "en" } else { "da" }.to_owned(),
        body: field(&fields, "tekst").replace("\r\n", "\n"),
    };
    let done = if field(&fields, "handling") == "fjern" {
        store.standard_text_remove(id).await
    } else if text.title.is_empty() || text.body.trim().is_empty() {
        let words = inbox.words(&seat.account().language);
        let notice = Some(("danger", words.t("settings.text_needs").to_owned()));
        return show(&inbox, &seat, notice, StatusCode::UNPROCESSABLE_ENTITY).await;
    } else {
        store.standard_text_save(&text, inbox.now()).await
    };
    match done {
        Ok(()) => on_to("/indbakke/indstillinger?hvad=texts"),
        Err(error) => inbox.failed(Some(&seat), &error),
    }
}

pub(super) async fn views(
    State(inbox): State<Inbox>,
    Extension(seat): Extension<Seat>,
    Form(fields): Fields,
) -> Response {
    let store = &inbox.doors().store;
    let query = Asking::parse(field(&fields, "liste")).lasting().query();
    let name = line(field(&fields, "navn"));
    let done = match field(&fields, "nummer").parse::<i64>() {
        Ok(id) => store.saved_view_remove(&seat.actor, id).await,
        Err(_) if name.is_empty() => Ok(()),
        Err(_) => store.saved_view_make(&seat.actor, &name, &query).await,
    };
    match done {
        Ok(()) => on_to(&format!("/indbakke?{query}")),
        Err(error) => inbox.failed(Some(&seat), &error),
    }
}

pub(super) async fn block(
    State(inbox): State<Inbox>,
    Extension(seat): Extension<Seat>,
    Form(fields): Fields,
) -> Response {
    let (store, now) = (&inbox.doors().store, inbox.now());
    if let Ok(id) = field(&fields, "nummer").parse::<i64>() {
        return match store.sender_block_end(&seat.actor, id, now).await {
            Ok(()) => on_to("/indbakke/indstillinger?hvad=block"),
            Err(error) => inbox.failed(Some(&seat), &error),
        };
    }
    let (address, reason) = (line(field(&fields, "adresse")), line(field(&fields, "aarsag")));
    let days: i64 = field(&fields, "dage").parse().unwrap_or_default();
    let time = SignedDuration::from_hours(24 * days.clamp(0, 400)).min(LONGEST_BLOCK);
    if address.is_empty() || reason.is_empty() || days < 1 {
        let words = inbox.words(&seat.account().language);
        let notice = Some(("danger", words.t("settings.block_needs").to_owned()));
        return show(&inbox, &seat, notice, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let key =
        super::act::address_of(&address).map_or_else(|| address.to_lowercase(), |address| address.key());
    match store.sender_block(&seat.actor, &key, &reason, now + time, now).await {
        Ok(()) => on_to("/indbakke/indstillinger?hvad=block"),
        Err(error) => inbox.failed(Some(&seat), &error),
    }
}

pub(super) async fn accounts(State(inbox): State<Inbox>, Extension(seat): Extension<Seat>) -> Response {
    show_accounts(&inbox, &seat, None, None, StatusCode::OK).await
}

async fn show_accounts(
    inbox: &Inbox,
    seat: &Seat,
    notice: Option<(&'static str, String)>,
    link: Option<String>,
    status: StatusCode,
) -> Response {
    let words = inbox.words(&seat.account().language);
    let today = inbox.today();
    let accounts = match inbox.doors().store.accounts().await {
        Ok(accounts) => accounts,
        Err(error) => return inbox.failed(Some(seat), &error),
    };
    let time = |at: Option<i64>| {
        at.and_then(|at| Timestamp::from_millisecond(at).ok()).map(|at| written::moment(at, today, words))
    };
    let lines = accounts
        .into_iter()
        .map(|one| {
            let mut facts = vec![words.t(&format!("role.{}", one.role)).to_owned()];
            if let (Some(from), until) = (time(one.from_at), time(one.until_at)) {
                facts.push(format!("{from} – {}", until.unwrap_or_default()));
            }
            let mut fact = |on: bool, key: &str| {
                if on {
                    facts.push(words.t(key).to_owned());
                }
            };
            fact(one.has_password, "accounts.password");
            fact(one.has_totp, "accounts.codes");
            fact(one.passkeys > 0, "accounts.passkeys");
            fact(one.ended_at.is_some(), "accounts.ended");
            let own = one.id == seat.account().id.0;
            (one.id, one.name, one.login, facts.join(" · "), one.ended_at.is_some(), own)
        })
        .collect();
    let page = AccountsPage {
        notice,
        link,
        accounts: lines,
        roles: Role::ALL
            .map(|role| Choice {
                value: role.as_str().to_owned(),
                name: words.t(&format!("role.{}", role.as_str())).to_owned(),
                chosen: role == Role::Substitute,
            })
            .into(),
        shell: inbox.shell(Some(seat), words.t("accounts.title"), "konti"),
    };
    inbox.answer(status, &page)
}

pub(super) async fn account(
    State(inbox): State<Inbox>,
    Extension(seat): Extension<Seat>,
    Form(fields): Fields,
) -> Response {
    let words = std::sync::Arc::clone(inbox.words(&seat.account().language));
    let (store, now) = (&inbox.doors().store, inbox.now());
    let number = field(&fields, "nummer").parse::<i64>().map(AccountId);
    let wrong = |key: &str| {
        let notice = Some(("danger", words.t(key).to_owned()));
        show_accounts(&inbox, &seat, notice, None, StatusCode::UNPROCESSABLE_ENTITY)
    };
    let id = match (field(&fields, "handling"), number) {
        ("slut", Ok(id)) if id == seat.account().id => return wrong("accounts.not_own").await,
        ("slut", Ok(id)) => {
            return match store.account_end(id, Some(seat.account().id), now).await {
                Ok(()) => on_to("/indbakke/konti"),
                Err(error) => inbox.failed(Some(&seat), &error),
            };
        }
        ("link", Ok(id)) => id,
        _ => {
            let role = Role::parse(field(&fields, "rolle")).unwrap_or(Role::Substitute);
            let (from, until) = (moment(field(&fields, "fra")), moment(field(&fields, "til")));
            let (login, name) = (line(field(&fields, "login")), line(field(&fields, "navn")));
            // A substitute's access is named and limited in time (T6).
            if role == Role::Substitute && (from.is_none() || until.is_none() || until <= from) {
                return wrong("accounts.needs_time").await;
            }
            if !login.contains('@') || name.is_empty() {
                return wrong("accounts.needs").await;
            }
            let time = if role == Role::Substitute { (from, until) } else { (None, None) };
            let new = NewAccount { login, name, role, language: "da".to_owned(), time };
            match store.account_make(&new, Some(seat.account().id), now).await {
                Ok(Some(id)) => id,
                Ok(None) => return wrong("accounts.taken").await,
                Err(error) => return inbox.failed(Some(&seat), &error),
            }
        }
    };
    let secret = URL_SAFE_NO_PAD.encode((inbox.doors().draw)());
    let hash: [u8; 32] = Sha256::digest(secret.as_bytes()).into();
    match store.sign_in_link_make(&hash, id, Some(seat.account().id), now + LINK_TIME, now).await {
        Ok(()) => {
            let link = Some(format!("/indbakke/velkommen/{secret}"));
            let notice = Some(("info", words.t("accounts.link").to_owned()));
            show_accounts(&inbox, &seat, notice, link, StatusCode::OK).await
        }
        Err(error) => inbox.failed(Some(&seat), &error),
    }
}

pub(super) async fn log(
    State(inbox): State<Inbox>,
    Extension(seat): Extension<Seat>,
    Query(said): Query<Said>,
) -> Response {
    show_log(&inbox, &seat, None, said.foer.unwrap_or(i64::MAX)).await
}

pub(super) async fn log_of(
    State(inbox): State<Inbox>,
    Extension(seat): Extension<Seat>,
    Path(id): Path<i64>,
    Query(said): Query<Said>,
) -> Response {
    show_log(&inbox, &seat, Some(EnquiryId(id)), said.foer.unwrap_or(i64::MAX)).await
}

async fn show_log(inbox: &Inbox, seat: &Seat, enquiry: Option<EnquiryId>, before: i64) -> Response {
    let words = inbox.words(&seat.account().language);
    let (store, today) = (&inbox.doors().store, inbox.today());
    let lines = match store.log_page(enquiry, before, PAGE).await {
        Ok(lines) => lines,
        Err(error) => return inbox.failed(Some(seat), &error),
    };
    let state = match store.log_verify().await {
        Ok(state) => state,
        Err(error) => return inbox.failed(Some(seat), &error),
    };
    let newest: String = state.newest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let sum = match state.broken_at {
        None => words.with("log.whole", &[("antal", &state.entries.to_string()), ("sum", &newest)]),
        Some(at) => words.with("log.broken", &[("antal", &at.to_string())]),
    };
    let path = enquiry.map_or_else(|| "/indbakke/log".to_owned(), |id| format!("/indbakke/h/{}/log", id.0));
    let more = (lines.len() == PAGE as usize)
        .then(|| lines.last().map(|line| format!("{path}?foer={}", line.seq)))
        .flatten();
    let line = |one: LogLine| {
        let act = words.t(&format!("act.{}", one.act));
        let act = if act.is_empty() { one.act.clone() } else { act.to_owned() };
        let who = one.name.unwrap_or_else(|| words.t("log.program").to_owned());
        let on = one.reference.unwrap_or_default();
        (one.seq, written::moment(one.at, today, words), who, act, on, one.detail)
    };
    let page = LogPage {
        lines: lines.into_iter().map(line).collect(),
        more,
        sum,
        whole: state.broken_at.is_none(),
        shell: inbox.shell(Some(seat), words.t("log.title"), "log"),
    };
    inbox.answer(StatusCode::OK, &page)
}

/// How the system runs, in numbers: nothing of anybody.
pub(super) async fn operations(State(inbox): State<Inbox>, Extension(seat): Extension<Seat>) -> Response {
    let words = inbox.words(&seat.account().language);
    let store = &inbox.doors().store;
    let done = async {
        let ledger = store.ledger(false).await?;
        let depth = store.outbox_depth().await?;
        let mut figures = vec![("operations.received", ledger.received.to_string())];
        figures.push(("operations.mistakes", ledger.mistakes.len().to_string()));
        figures.push(("operations.waiting", depth.waiting.to_string()));
        let oldest = depth
            .oldest
            .map(|at| written::moment(at, inbox.today(), words))
            .unwrap_or_else(|| "–".to_owned());
        figures.push(("operations.oldest", oldest));
        figures.push(("operations.database", store.kind().to_owned()));
        Ok::<_, StoreError>(figures)
    };
    match done.await {
        Ok(figures) => {
            let page = OperationsPage {
                figures: figures.into_iter().map(|(key, value)| (words.t(key).to_owned(), value)).collect(),
                shell: inbox.shell(Some(&seat), words.t("operations.title"), "drift"),
            };
            inbox.answer(StatusCode::OK, &page)
        }
        Err(error) => inbox.failed(Some(&seat), &error),
    }
}

/// The keys, for those whose browser runs no scripts; the dialog shows the same.
pub(super) async fn keys(State(inbox): State<Inbox>, Extension(seat): Extension<Seat>) -> Response {
    let words = inbox.words(&seat.account().language);
    let page = KeysPage { shell: inbox.shell(Some(&seat), words.t("keys.title"), "genveje") };
    inbox.answer(StatusCode::OK, &page)
}
