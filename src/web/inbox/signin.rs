//! Signing in and out. A wrong login and a wrong password look alike and take as long; tries are counted before they are
//! made; what the browser held before is never taken over.

use axum::Form;
use axum::body::to_bytes;
use axum::extract::{Extension, Path, Query, Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::second;
use super::views::{LogIn, Welcome};
use super::{Caller, Fields, Inbox, LARGEST_FORM, Seat, field, on_to};
use crate::domain::account::AccountId;
use crate::domain::enquiry::EnquiryId;
use crate::store::StoreError;
use crate::store::accounts::Proofs;
use crate::store::inbox::Actor;
use crate::web::public::limits::Standing;
use crate::web::public::secrets::{hash_word, is_word};

/// The shortest password, in characters: length is what counts (NIST SP 800-63B section 3.1.1.2).
pub(super) const SHORTEST: usize = 12;
/// The longest that is tried, in bytes.
const LONGEST: usize = 1_024;

/// Where the sign-in leads.
#[derive(Default, Deserialize)]
pub(super) struct Onward {
    #[serde(default)]
    til: String,
    #[serde(default)]
    ud: String,
}

pub(super) async fn page(
    State(inbox): State<Inbox>,
    seat: Option<Extension<Seat>>,
    Query(onward): Query<Onward>,
) -> Response {
    if seat.is_some() {
        return on_to(&onward.til);
    }
    let notice = (onward.ud == "1").then(|| inbox.words("da").t("login.left").to_owned());
    show(&inbox, StatusCode::OK, LogInState { onward: onward.til, notice, ..LogInState::default() })
}

/// What the page holds beside its words.
#[derive(Default)]
pub(super) struct LogInState {
    pub(super) onward: String,
    pub(super) login: String,
    pub(super) notice: Option<String>,
    pub(super) error: Option<String>,
    /// What was written when the session had run out: enquiry and words.
    pub(super) kept: Option<(String, String)>,
}

/// What was written when the session had run out, as the form of the page holds it.
pub(super) fn kept_of(fields: &[(String, String)]) -> Option<(String, String)> {
    Some((field(fields, "kladde_til").to_owned(), field(fields, "kladde").to_owned()))
        .filter(|(enquiry, text)| !enquiry.is_empty() && !text.trim().is_empty())
}

pub(super) fn show(inbox: &Inbox, status: StatusCode, state: LogInState) -> Response {
    let words = inbox.words("da");
    let mut shell = inbox.shell(None, words.t("login.title"), "");
    if state.error.is_some() {
        shell.title = format!("{}: {}", words.t("site.error"), shell.title);
    }
    let (kept_for, kept) = state.kept.unwrap_or_default();
    let settings = inbox.settings();
    let signon = inbox
        .doors()
        .signon
        .is_some()
        .then(|| settings.signon_button.clone().unwrap_or_else(|| words.t("signon.button").to_owned()));
    let page = LogIn {
        signon,
        onward: state.onward,
        login: state.login,
        notice: state.notice,
        error: state.error,
        kept_for,
        kept,
        has_passkeys: inbox.settings().passkeys.is_some(),
        shell,
    };
    inbox.answer(status, &page)
}

/// A session has run out: the page asks again, and leads back. What was written in a form goes along through the sign-in and
/// becomes a draft, so that none of it is lost.
pub(super) async fn ask_again(inbox: &Inbox, request: Request) -> Response {
    let had_one = inbox.cookie(request.headers()).is_some();
    let notice = had_one.then(|| inbox.words("da").t("login.expired").to_owned());
    let path = request.uri().path_and_query().map(|path| path.as_str().to_owned()).unwrap_or_default();
    if *request.method() != Method::POST {
        return show(
            inbox,
            StatusCode::UNAUTHORIZED,
            LogInState { onward: path, notice, ..LogInState::default() },
        );
    }
    let enquiry =
        path.strip_prefix("/indbakke/h/").and_then(|rest| rest.split('/').next()).unwrap_or_default();
    let onward = if enquiry.is_empty() { "/indbakke".to_owned() } else { format!("/indbakke/h/{enquiry}") };
    let is_plain = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
    let is_note = path.split('?').next().is_some_and(|path| path.ends_with("/note"));
    let enquiry = enquiry.to_owned();
    let mut kept = None;
    if is_plain && let Ok(body) = to_bytes(request.into_body(), LARGEST_FORM).await {
        let fields: Vec<(String, String)> = form_urlencoded::parse(&body).into_owned().collect();
        let text = field(&fields, "tekst");
        if !text.trim().is_empty() && !enquiry.is_empty() {
            // A note is nothing to send.
            let of = if is_note { format!("{enquiry}:note") } else { enquiry };
            kept = Some((of, text.to_owned()));
        }
    }
    show(inbox, StatusCode::UNAUTHORIZED, LogInState { onward, notice, kept, ..LogInState::default() })
}

pub(super) async fn enter(
    State(inbox): State<Inbox>,
    Extension(Caller(caller)): Extension<Caller>,
    headers: HeaderMap,
    Form(fields): Fields,
) -> Response {
    let words = inbox.words("da");
    let (login, password) = (field(&fields, "bruger").trim().to_owned(), field(&fields, "kode"));
    let kept = kept_of(&fields);
    let state = |error: String| LogInState {
        onward: field(&fields, "til").to_owned(),
        login: login.clone(),
        error: Some(error),
        notice: None,
        kept: kept.clone(),
    };
    let refused = |status, key: &str| show(&inbox, status, state(words.t(key).to_owned()));
    let now = inbox.now();
    if caller.is_some_and(|caller| inbox.0.tried.note(caller, now) != Standing::Fine) {
        return refused(StatusCode::TOO_MANY_REQUESTS, "login.wait");
    }
    match prove(&inbox, &login, password).await {
        Ok(Proof::Is(proofs)) if proofs.totp_secret.is_some() => {
            let onward = second::Onward { to: field(&fields, "til").to_owned(), login, kept };
            second::begin(&inbox, proofs.account, &onward)
                .await
                .unwrap_or_else(|error| inbox.failed(None, &error))
        }
        Ok(Proof::Is(Proofs { account, .. })) => match sign_in(&inbox, &headers, account, "password").await {
            Ok(cookie) => {
                if let Some((enquiry, text)) = kept {
                    keep(&inbox, account, &enquiry, &text).await;
                }
                let mut response = on_to(field(&fields, "til"));
                if let Ok(cookie) = cookie.parse() {
                    response.headers_mut().insert(header::SET_COOKIE, cookie);
                }
                response
            }
            Err(error) => inbox.failed(None, &error),
        },
        Ok(Proof::Not) => refused(StatusCode::UNPROCESSABLE_ENTITY, "login.wrong"),
        Ok(Proof::Closed) => refused(StatusCode::TOO_MANY_REQUESTS, "login.closed"),
        Err(error) => inbox.failed(None, &error),
    }
}

/// What was written when a session had run out becomes a draft, if whoever signs in sees the enquiry and has none.
pub(super) async fn keep(inbox: &Inbox, account: AccountId, enquiry: &str, text: &str) {
    let (enquiry, kind) = match enquiry.split_once(':') {
        Some((enquiry, "note")) => (enquiry, "note"),
        _ => (enquiry, "reply"),
    };
    let (Ok(id), Ok(Some(account))) = (enquiry.parse(), inbox.doors().store.account_fetch(account).await)
    else {
        return;
    };
    let who = Actor { account: account.id, scope: account.scope() };
    let id = EnquiryId(id);
    let store = &inbox.doors().store;
    if let Ok(Some(_)) = store.enquiry_row(&who, id).await
        && let Err(error) = store.draft_keep(&who, id, kind, text, inbox.now()).await
    {
        tracing::error!(%error, "a draft that came through signing in could not be kept");
    }
}

/// What came of a password.
pub(super) enum Proof {
    /// It is they.
    Is(Proofs),
    /// It is not, or there is nobody of that name.
    Not,
    /// Too many were wrong lately.
    Closed,
}

/// Tries a password, at most a few at a time.
pub(super) async fn prove(inbox: &Inbox, login: &str, password: &str) -> Result<Proof, StoreError> {
    let store = &inbox.doors().store;
    if store.sign_in_try(login, inbox.now()).await?.is_err() {
        return Ok(Proof::Closed);
    }
    let proofs = store.account_proofs(login).await?;
    let stored = proofs.as_ref().and_then(|proofs| proofs.password_hash.clone());
    let typed = password.to_owned();
    let Ok(_room) = inbox.0.hashing.acquire().await else { return Ok(Proof::Not) };
    let right = typed.len() <= LONGEST
        && tokio::task::spawn_blocking(move || is_word(&typed, stored.as_deref())).await.unwrap_or(false);
    match proofs {
        Some(proofs) if right => {
            store.sign_in_clear(login).await?;
            Ok(Proof::Is(proofs))
        }
        _ => Ok(Proof::Not),
    }
}

/// A password as it is stored.
pub(super) async fn hashed(inbox: &Inbox, password: &str) -> Option<String> {
    let random = (inbox.doors().draw)();
    let salt: [u8; 16] = *random.first_chunk()?;
    let typed = password.to_owned();
    let _room = inbox.0.hashing.acquire().await.ok()?;
    tokio::task::spawn_blocking(move || hash_word(&typed, &salt)).await.ok()?
}

/// Opens a session, and gives the cookie that it is known by.
pub(super) async fn sign_in(
    inbox: &Inbox,
    headers: &HeaderMap,
    account: AccountId,
    how: &str,
) -> Result<String, StoreError> {
    let secret = (inbox.doors().draw)();
    let hash: [u8; 32] = Sha256::digest(secret).into();
    let browser = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let now = inbox.now();
    let until = now + inbox.settings().idle;
    inbox.doors().store.session_open(&hash, account, browser, how, until, now).await?;
    Ok(inbox.set_cookie(&URL_SAFE_NO_PAD.encode(secret)))
}

pub(super) async fn leave(State(inbox): State<Inbox>, Extension(seat): Extension<Seat>) -> Response {
    let (session, account) = (seat.signed_in.session, seat.account().id);
    if let Err(error) = inbox.doors().store.session_end(session, account, inbox.now()).await {
        return inbox.failed(Some(&seat), &error);
    }
    let to = "/indbakke/log-ind?ud=1".to_owned();
    (StatusCode::SEE_OTHER, [(header::LOCATION, to), (header::SET_COOKIE, inbox.set_cookie(""))])
        .into_response()
}

/// The page behind a one-time link: it asks for a password, and nothing is used up by looking at it.
pub(super) async fn welcome(State(inbox): State<Inbox>, Path(token): Path<String>) -> Response {
    let words = inbox.words("da");
    let shell = inbox.shell(None, words.t("welcome.title"), "");
    let hint = words.with("welcome.hint", &[("antal", &SHORTEST.to_string())]);
    inbox.answer(StatusCode::OK, &Welcome { token, error: None, shortest: SHORTEST, hint, shell })
}

/// Sets the first password, and signs in: the link is used up by that.
pub(super) async fn first(
    State(inbox): State<Inbox>,
    Path(token): Path<String>,
    headers: HeaderMap,
    Form(fields): Fields,
) -> Response {
    let words = inbox.words("da");
    let password = field(&fields, "kode");
    if password.chars().count() < SHORTEST || password.len() > LONGEST {
        let error = Some(words.with("welcome.short", &[("antal", &SHORTEST.to_string())]));
        let mut shell = inbox.shell(None, words.t("welcome.title"), "");
        shell.title = format!("{}: {}", words.t("site.error"), shell.title);
        let hint = words.with("welcome.hint", &[("antal", &SHORTEST.to_string())]);
        let page = Welcome { token, error, shortest: SHORTEST, hint, shell };
        return inbox.answer(StatusCode::UNPROCESSABLE_ENTITY, &page);
    }
    let Some(hash) = hashed(&inbox, password).await else {
        return inbox.say(None, StatusCode::INTERNAL_SERVER_ERROR, "busy");
    };
    let link: [u8; 32] = Sha256::digest(token.as_bytes()).into();
    let store = &inbox.doors().store;
    let done = async {
        let Some(account) = store.sign_in_link_use(&link, inbox.now()).await? else { return Ok(None) };
        store.account_password(account, &hash, None, inbox.now()).await?;
        // The link is for a lost password. Whoever has codes is asked for one all the same, or an adviser who makes links
        // for colleagues could sign in as them; for a lost telephone there are recovery codes, and `indgang user reset`.
        let login = store.account_fetch(account).await?.map(|account| account.login).unwrap_or_default();
        if store.account_proofs(&login).await?.is_some_and(|proofs| proofs.totp_secret.is_some()) {
            let onward = second::Onward { to: "/indbakke".to_owned(), login, kept: None };
            return second::begin(&inbox, account, &onward).await.map(Some);
        }
        let cookie = sign_in(&inbox, &headers, account, "link").await?;
        let to = "/indbakke".to_owned();
        let answer = [(header::LOCATION, to), (header::SET_COOKIE, cookie)];
        Ok(Some((StatusCode::SEE_OTHER, answer).into_response()))
    };
    match done.await {
        Ok(Some(response)) => response,
        Ok(None) => inbox.say(None, StatusCode::GONE, "link"),
        Err(error) => inbox.failed(None, &error),
    }
}
