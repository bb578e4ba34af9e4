//! Passkeys: signing in with one, and one's own in the settings.
//!
//! A passkey stands for the password and the code together, because the authenticator verifies its owner before it
//! answers. Making one asks for the password again, as turning codes on does: whoever finds an open screen must not be able
//! to leave a key of their own behind. Each answer of a browser is checked against a step that is taken out of the database
//! first, so that none is believed twice.
//!
//! This is the one part of the inbox that needs a script: browsers hand passkeys to nothing else. Without it the password
//! is there as always.

use axum::Form;
use axum::extract::{Extension, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use indgang_signon::passkey::{Begun, HANDLE_BYTES, Passkeys, is_credential};
use jiff::SignedDuration;
use sha2::{Digest, Sha256};

use super::act::line;
use super::second::{hash_of, put_cookie};
use super::signin::{LogInState, Proof, keep, kept_of, prove, show, sign_in};
use super::views::PasskeysPage;
use super::{Caller, Fields, Inbox, Seat, field, on_to, written};
use crate::domain::account::{AccountId, Deed};
use crate::store::StoreError;
use crate::web::public::headers::Sort;
use crate::web::public::limits::Standing;

/// The page of one's own passkeys.
const PAGE: &str = "/indbakke/noegler";
/// How long the browser's dialogue may stay open.
const STEP_TIME: SignedDuration = SignedDuration::from_mins(5);
/// How many passkeys somebody has at most.
const MOST: usize = 20;
/// The longest answer that is read, in bytes: the largest that authenticators give are a few thousand.
const LONGEST: usize = 64 << 10;
/// The longest label, in characters.
const LONGEST_LABEL: usize = 60;

/// An account as authenticators keep it: its number, which says nothing of anybody.
fn handle_of(account: AccountId) -> [u8; HANDLE_BYTES] {
    u128::from(account.0.unsigned_abs()).to_be_bytes()
}

fn account_of(handle: [u8; HANDLE_BYTES]) -> Option<AccountId> {
    i64::try_from(u128::from_be_bytes(handle)).ok().map(AccountId)
}

/// What a script is answered: the options for its browser, and the cookie of the step.
async fn begun(
    inbox: &Inbox,
    begun: &Begun,
    kind: &'static str,
    account: Option<AccountId>,
) -> Result<Response, StoreError> {
    let secret = (inbox.doors().draw)();
    let until = inbox.now() + STEP_TIME;
    let hash: [u8; 32] = Sha256::digest(secret).into();
    inbox.doors().store.sign_in_step_keep(&hash, kind, account, &begun.state, until).await?;
    let mut response = ([(header::CONTENT_TYPE, "application/json")], begun.options.clone()).into_response();
    put_cookie(inbox, &mut response, &URL_SAFE_NO_PAD.encode(secret), STEP_TIME.as_secs());
    Ok(inbox.0.headers.put(Sort::Private, response))
}

/// What a script is told, to be shown as it is.
fn told(inbox: &Inbox, status: StatusCode, text: &str) -> Response {
    let plain = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
    inbox.0.headers.put(Sort::Private, (status, plain, text.to_owned()).into_response())
}

/// Begins a sign-in. Names nobody: which accounts there are is told to nobody.
pub(super) async fn start(
    State(inbox): State<Inbox>,
    Extension(Caller(caller)): Extension<Caller>,
) -> Response {
    let words = inbox.words("da");
    let Some(passkeys) = &inbox.settings().passkeys else {
        return told(&inbox, StatusCode::NOT_FOUND, words.t("problem.missing_text"));
    };
    if caller.is_some_and(|caller| inbox.0.tried.note(caller, inbox.now()) != Standing::Fine) {
        return told(&inbox, StatusCode::TOO_MANY_REQUESTS, words.t("login.wait"));
    }
    let Ok(options) = passkeys.begin() else {
        return told(&inbox, StatusCode::SERVICE_UNAVAILABLE, words.t("problem.busy_text"));
    };
    match begun(&inbox, &options, "passkey", None).await {
        Ok(response) => response,
        Err(error) => inbox.failed(None, &error),
    }
}

/// Ends it: the browser's answer comes as any form does, and what was being written comes along.
pub(super) async fn enter(State(inbox): State<Inbox>, headers: HeaderMap, Form(fields): Fields) -> Response {
    let kept = kept_of(&fields);
    match proven(&inbox, &headers, field(&fields, "svar")).await {
        Ok(Some(account)) => match sign_in(&inbox, &headers, account, "passkey").await {
            Ok(cookie) => {
                if let Some((enquiry, text)) = &kept {
                    keep(&inbox, account, enquiry, text).await;
                }
                let mut response = on_to(field(&fields, "til"));
                if let Ok(cookie) = cookie.parse() {
                    response.headers_mut().append(header::SET_COOKIE, cookie);
                }
                put_cookie(&inbox, &mut response, "", 0);
                response
            }
            Err(error) => inbox.failed(None, &error),
        },
        Ok(None) => {
            let error = Some(inbox.words("da").t("login.passkey_wrong").to_owned());
            let onward = field(&fields, "til").to_owned();
            let state = LogInState { onward, error, kept, ..LogInState::default() };
            show(&inbox, StatusCode::UNPROCESSABLE_ENTITY, state)
        }
        Err(error) => inbox.failed(None, &error),
    }
}

/// Whose passkey it is, when all of it fits.
async fn proven(inbox: &Inbox, headers: &HeaderMap, answer: &str) -> Result<Option<AccountId>, StoreError> {
    let store = &inbox.doors().store;
    let Some(passkeys) = &inbox.settings().passkeys else { return Ok(None) };
    let Some(hash) = hash_of(inbox, headers).filter(|_| answer.len() <= LONGEST) else { return Ok(None) };
    let Some((_, state)) = store.sign_in_step_take(&hash, "passkey", inbox.now()).await? else {
        return Ok(None);
    };
    let Ok(claim) = passkeys.whose(answer) else { return Ok(None) };
    let Some(account) = account_of(claim.handle) else { return Ok(None) };
    let kept = store.passkey_credentials(account).await?;
    let Some((id, before)) = kept.into_iter().find(|(_, one)| is_credential(one, &claim.id)) else {
        return Ok(None);
    };
    let after = passkeys.end(&state, answer, &before).ok();
    if let Some(after) = after
        && store.passkey_used(id, &before, &after, inbox.now()).await?
    {
        return Ok(Some(account));
    }
    // Somebody has the identifier of a key and not the key, or a copy of it that counts for itself.
    let detail = format!("passkey {id}, account {}", account.0);
    let deed = Deed { account: None, act: "passkey_refused", enquiry: None, detail };
    store.log_write(&deed, inbox.now()).await?;
    Ok(None)
}

pub(super) async fn page(State(inbox): State<Inbox>, Extension(seat): Extension<Seat>) -> Response {
    show_own(&inbox, &seat, None).await.unwrap_or_else(|error| inbox.failed(Some(&seat), &error))
}

async fn show_own(inbox: &Inbox, seat: &Seat, error: Option<&str>) -> Result<Response, StoreError> {
    let words = inbox.words(&seat.account().language);
    let today = inbox.today();
    let passkeys = inbox.doors().store.passkeys(seat.account().id).await?;
    let told = |label: &str, made, used: Option<_>| {
        let made = words.with("passkeys.made", &[("tid", &written::moment(made, today, words))]);
        let used = used.map_or_else(
            || words.t("passkeys.unused").to_owned(),
            |used| words.with("passkeys.used", &[("tid", &written::moment(used, today, words))]),
        );
        format!("{label} · {made} · {used}")
    };
    let title = words.t("passkeys.title");
    let title = error.map_or_else(|| title.to_owned(), |_| format!("{}: {title}", words.t("site.error")));
    let page = PasskeysPage {
        error: error.map(|key| words.t(key).to_owned()),
        passkeys: passkeys
            .into_iter()
            .map(|one| (one.id, told(&one.label, one.made_at, one.used_at), one.label))
            .collect(),
        available: inbox.settings().passkeys.is_some(),
        longest: LONGEST_LABEL,
        shell: inbox.shell(Some(seat), &title, "indstillinger"),
    };
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(inbox.answer(status, &page))
}

/// Begins to make a passkey, for the script.
pub(super) async fn begin(
    State(inbox): State<Inbox>,
    Extension(seat): Extension<Seat>,
    Form(fields): Fields,
) -> Response {
    let words = inbox.words(&seat.account().language);
    let Some(passkeys) = &inbox.settings().passkeys else {
        return told(&inbox, StatusCode::NOT_FOUND, words.t("problem.missing_text"));
    };
    let wrong = |key: &str| Ok(told(&inbox, StatusCode::UNPROCESSABLE_ENTITY, words.t(key)));
    let done: Result<Response, StoreError> = async {
        let account = seat.account();
        // Nothing is tried, or counted as a try, where nothing was typed.
        let password = field(&fields, "nu");
        if password.is_empty() {
            return wrong("settings.wrong");
        }
        match prove(&inbox, &account.login, password).await? {
            Proof::Is(proofs) if proofs.account == account.id => {}
            Proof::Closed => return wrong("login.closed"),
            _ => return wrong("settings.wrong"),
        }
        let existing = inbox.doors().store.passkey_credentials(account.id).await?;
        if existing.len() >= MOST {
            return wrong("passkeys.many");
        }
        let existing: Vec<String> = existing.into_iter().map(|(_, credential)| credential).collect();
        match options(passkeys, &seat, &existing) {
            Some(options) => begun(&inbox, &options, "passkey_make", Some(account.id)).await,
            None => wrong("problem.busy_text"),
        }
    }
    .await;
    done.unwrap_or_else(|error| inbox.failed(Some(&seat), &error))
}

fn options(passkeys: &Passkeys, seat: &Seat, existing: &[String]) -> Option<Begun> {
    let account = seat.account();
    let begun = passkeys.begin_make(handle_of(account.id), &account.login, &account.name, existing);
    begun.inspect_err(|error| tracing::error!(%error, "a passkey cannot be made")).ok()
}

/// Keeps a passkey that the browser has made, or removes one.
pub(super) async fn change(
    State(inbox): State<Inbox>,
    Extension(seat): Extension<Seat>,
    headers: HeaderMap,
    Form(fields): Fields,
) -> Response {
    let done = match field(&fields, "handling") {
        "tilfoej" => add(&inbox, &seat, &headers, &fields).await,
        "fjern" => {
            let id = field(&fields, "nummer").parse().unwrap_or_default();
            let removed = inbox.doors().store.passkey_remove(id, seat.account().id, inbox.now()).await;
            removed.map(|_| on_to(PAGE))
        }
        _ => Ok(on_to(PAGE)),
    };
    done.unwrap_or_else(|error| inbox.failed(Some(&seat), &error))
}

async fn add(
    inbox: &Inbox,
    seat: &Seat,
    headers: &HeaderMap,
    fields: &[(String, String)],
) -> Result<Response, StoreError> {
    let store = &inbox.doors().store;
    let (account, answer) = (seat.account().id, field(fields, "svar"));
    let Some(passkeys) = &inbox.settings().passkeys else { return Ok(inbox.missing(seat)) };
    let Some(hash) = hash_of(inbox, headers).filter(|_| answer.len() <= LONGEST) else {
        return show_own(inbox, seat, Some("passkeys.failed")).await;
    };
    let step = store.sign_in_step_take(&hash, "passkey_make", inbox.now()).await?;
    let state = step.filter(|(owner, _)| *owner == Some(account)).map(|(_, state)| state);
    let Some(credential) = state.and_then(|state| passkeys.end_make(&state, answer).ok()) else {
        return show_own(inbox, seat, Some("passkeys.failed")).await;
    };
    let label: String = line(field(fields, "navn")).chars().take(LONGEST_LABEL).collect();
    let words = inbox.words(&seat.account().language);
    let label = if label.is_empty() { words.t("passkeys.one").to_owned() } else { label };
    store.passkey_add(account, &label, &credential, inbox.now()).await?;
    let mut response = on_to(PAGE);
    put_cookie(inbox, &mut response, "", 0);
    Ok(response)
}
