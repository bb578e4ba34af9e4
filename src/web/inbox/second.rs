//! The second step of signing in: a one-time code from an app, or a recovery code, after the right password.
//!
//! Between the two there is no session, only a step that lives ten minutes: the browser holds its secret in a cookie, the
//! database its hash, and with it what was being written when a session ran out. Tries are counted before they are made, for
//! the account and not for the browser, so that a thousand browsers have no more of them than one.

use axum::Form;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use indgang_signon::recovery;
use indgang_signon::totp::Secret;
use jiff::SignedDuration;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::signin::{self, keep};
use super::views::SecondStep;
use super::{Fields, Inbox, field, on_to};
use crate::domain::account::AccountId;
use crate::store::StoreError;
use crate::store::accounts::Proofs;

/// How long the second step may take.
const STEP_TIME: SignedDuration = SignedDuration::from_mins(10);
/// The page that asks for it.
const PAGE: &str = "/indbakke/log-ind/kode";

/// What goes along from the first step.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(super) struct Onward {
    /// Where the sign-in leads.
    pub(super) to: String,
    /// The login, to ask for what proves it.
    pub(super) login: String,
    /// The enquiry that something was written on, and what.
    pub(super) kept: Option<(String, String)>,
}

/// After the right password of an account that has codes: on to the page that asks for one.
pub(super) async fn begin(
    inbox: &Inbox,
    account: AccountId,
    onward: &Onward,
) -> Result<Response, StoreError> {
    let secret = (inbox.doors().draw)();
    keep_step(inbox, &Sha256::digest(secret).into(), account, onward).await?;
    let mut response = on_to(PAGE);
    put_cookie(inbox, &mut response, &URL_SAFE_NO_PAD.encode(secret), STEP_TIME.as_secs());
    Ok(response)
}

async fn keep_step(
    inbox: &Inbox,
    hash: &[u8; 32],
    account: AccountId,
    onward: &Onward,
) -> Result<(), StoreError> {
    let state = serde_json::to_string(onward).unwrap_or_default();
    let until = inbox.now() + STEP_TIME;
    inbox.doors().store.sign_in_step_keep(hash, "second", Some(account), &state, until).await
}

fn cookie_name(inbox: &Inbox) -> &'static str {
    if inbox.settings().https { "__Host-indbakke-trin" } else { "indbakke-trin" }
}

pub(super) fn put_cookie(inbox: &Inbox, response: &mut Response, value: &str, seconds: i64) {
    let secure = if inbox.settings().https { "; Secure" } else { "" };
    let name = cookie_name(inbox);
    let cookie = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}");
    if let Ok(cookie) = cookie.parse() {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}

pub(super) fn hash_of(inbox: &Inbox, headers: &HeaderMap) -> Option<[u8; 32]> {
    let secret = URL_SAFE_NO_PAD.decode(inbox.cookie_value(headers, cookie_name(inbox))?).ok()?;
    (secret.len() == 32).then(|| Sha256::digest(&secret).into())
}

pub(super) async fn page(State(inbox): State<Inbox>, headers: HeaderMap) -> Response {
    if hash_of(&inbox, &headers).is_none() {
        return on_to("/indbakke/log-ind");
    }
    show(&inbox, None, StatusCode::OK)
}

fn show(inbox: &Inbox, error: Option<&str>, status: StatusCode) -> Response {
    let words = inbox.words("da");
    let mut shell = inbox.shell(None, words.t("second.title"), "");
    if error.is_some() {
        shell.title = format!("{}: {}", words.t("site.error"), shell.title);
    }
    inbox.answer(status, &SecondStep { error: error.map(|key| words.t(key).to_owned()), shell })
}

pub(super) async fn enter(State(inbox): State<Inbox>, headers: HeaderMap, Form(fields): Fields) -> Response {
    let Some(hash) = hash_of(&inbox, &headers) else { return on_to("/indbakke/log-ind") };
    match tried(&inbox, &headers, &hash, field(&fields, "kode")).await {
        Ok(response) => response,
        Err(error) => inbox.failed(None, &error),
    }
}

async fn tried(
    inbox: &Inbox,
    headers: &HeaderMap,
    hash: &[u8; 32],
    typed: &str,
) -> Result<Response, StoreError> {
    let store = &inbox.doors().store;
    // Taken, so that two tries at once are two tries; put back when the code was wrong.
    let Some((Some(account), state)) = store.sign_in_step_take(hash, "second", inbox.now()).await? else {
        return Ok(on_to("/indbakke/log-ind"));
    };
    let onward: Onward = serde_json::from_str(&state).unwrap_or_default();
    let Some(proofs) = store.account_proofs(&onward.login).await?.filter(|one| one.account == account) else {
        return Ok(on_to("/indbakke/log-ind"));
    };
    // No address: no login that anybody types is counted under this.
    let counted = format!("kode {}", account.0);
    if store.sign_in_try(&counted, inbox.now()).await?.is_err() {
        keep_step(inbox, hash, account, &onward).await?;
        return Ok(show(inbox, Some("login.closed"), StatusCode::TOO_MANY_REQUESTS));
    }
    let Some(how) = proven(inbox, &proofs, typed).await? else {
        keep_step(inbox, hash, account, &onward).await?;
        return Ok(show(inbox, Some("second.wrong"), StatusCode::UNPROCESSABLE_ENTITY));
    };
    store.sign_in_clear(&counted).await?;
    let cookie = signin::sign_in(inbox, headers, account, how).await?;
    if let Some((enquiry, text)) = &onward.kept {
        keep(inbox, account, enquiry, text).await;
    }
    let mut response = on_to(&onward.to);
    if let Ok(cookie) = cookie.parse() {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    put_cookie(inbox, &mut response, "", 0);
    Ok(response.into_response())
}

/// What proved it: the app's code, which is then used up, or a recovery code, which is gone.
async fn proven(inbox: &Inbox, proofs: &Proofs, typed: &str) -> Result<Option<&'static str>, StoreError> {
    let store = &inbox.doors().store;
    if let Some(secret) = secret(proofs)
        && let Some(step) = secret.verify(typed, inbox.now(), proofs.totp_step)
    {
        let first = store.account_totp_used(proofs.account, step).await?;
        return Ok(first.then_some("password and code"));
    }
    let Some(code) = recovery::normalised(typed) else { return Ok(None) };
    let hash = recovery_hash(proofs.account, &code);
    let used = store.account_recovery_use(proofs.account, &hash, inbox.now()).await?;
    Ok(used.then_some("password and recovery code"))
}

/// The seed of somebody's codes, as it is kept: the base32 text that apps take.
pub(super) fn secret(proofs: &Proofs) -> Option<Secret> {
    let text = String::from_utf8(proofs.totp_secret.clone()?).ok()?;
    Secret::from_base32(&SecretString::from(text)).ok()
}

/// A recovery code as it is kept: 64 random bits need no slow hash.
pub(super) fn recovery_hash(account: AccountId, code: &SecretString) -> String {
    let mut hash = Sha256::new();
    hash.update(b"indgang recovery\0");
    hash.update(account.0.to_be_bytes());
    hash.update(code.expose_secret().as_bytes());
    let hash: [u8; 32] = hash.finalize().into();
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}
