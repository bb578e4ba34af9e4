//! Turning one-time codes on and off, in one's own settings.
//!
//! They count only when the app has shown that it has the seed: a first code is typed before anything is kept. Turning them
//! on or off asks for the password again, because whoever finds an open screen must not be able to.

use axum::Form;
use axum::extract::{Extension, State};
use axum::http::StatusCode;
use axum::response::Response;
use indgang_signon::recovery;
use indgang_signon::totp::Secret;
use jiff::SignedDuration;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

use super::second::recovery_hash;
use super::signin::{Proof, prove};
use super::views::CodesPage;
use super::{Fields, Inbox, Seat, field, on_to, settings};
use crate::store::StoreError;

/// How long setting an app up may take.
const SET_UP_TIME: SignedDuration = SignedDuration::from_mins(15);
/// How many recovery codes there are: 32 random bytes give four at a time.
const DRAWS: usize = 2;

/// Where the page leads, whoever comes by its address alone.
pub(super) async fn page() -> Response {
    on_to("/indbakke/indstillinger")
}

pub(super) async fn change(
    State(inbox): State<Inbox>,
    Extension(seat): Extension<Seat>,
    Form(fields): Fields,
) -> Response {
    let done = match field(&fields, "handling") {
        "begynd" => begin(&inbox, &seat, field(&fields, "nu")).await,
        "taend" => turn_on(&inbox, &seat, field(&fields, "trin"), field(&fields, "kode")).await,
        "sluk" => turn_off(&inbox, &seat, field(&fields, "nu")).await,
        _ => Ok(on_to("/indbakke/indstillinger")),
    };
    match done {
        Ok(response) => response,
        Err(error) => inbox.failed(Some(&seat), &error),
    }
}

/// Whether the password is theirs; a page that says it is not otherwise.
async fn not_theirs(inbox: &Inbox, seat: &Seat, password: &str) -> Result<Option<Response>, StoreError> {
    match prove(inbox, &seat.account().login, password).await? {
        Proof::Is(proofs) if proofs.account == seat.account().id => Ok(None),
        _ => Ok(Some(settings::refused(inbox, seat, "settings.wrong").await)),
    }
}

async fn begin(inbox: &Inbox, seat: &Seat, password: &str) -> Result<Response, StoreError> {
    if let Some(refused) = not_theirs(inbox, seat, password).await? {
        return Ok(refused);
    }
    let Ok(secret) = Secret::new(&(inbox.doors().draw)()) else {
        return Ok(settings::refused(inbox, seat, "problem.busy_text").await);
    };
    ask(inbox, seat, &secret, None).await
}

/// Asks for the first code, and keeps the seed until it comes.
async fn ask(
    inbox: &Inbox,
    seat: &Seat,
    secret: &Secret,
    error: Option<&str>,
) -> Result<Response, StoreError> {
    let words = inbox.words(&seat.account().language);
    let step = inbox.token();
    let hash: [u8; 32] = Sha256::digest(step.as_bytes()).into();
    let (store, until) = (&inbox.doors().store, inbox.now() + SET_UP_TIME);
    let seed = secret.to_base32();
    store.sign_in_step_keep(&hash, "totp_make", Some(seat.account().id), seed.expose_secret(), until).await?;
    let issuer = words.t("site.adviser").replace(':', " ");
    let picture = secret.qr_svg(&issuer, &seat.account().login.replace(':', " "), words.t("codes.picture"));
    let page = CodesPage {
        step,
        picture: picture.map(|svg| svg.expose_secret().to_owned()).unwrap_or_default(),
        typed: secret.to_be_typed().expose_secret().to_owned(),
        recovery: Vec::new(),
        error: error.map(|key| words.t(key).to_owned()),
        shell: inbox.shell(Some(seat), words.t("codes.title"), "indstillinger"),
    };
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(inbox.answer(status, &page))
}

async fn turn_on(inbox: &Inbox, seat: &Seat, step: &str, code: &str) -> Result<Response, StoreError> {
    let store = &inbox.doors().store;
    let hash: [u8; 32] = Sha256::digest(step.as_bytes()).into();
    let kept = store.sign_in_step_take(&hash, "totp_make", inbox.now()).await?;
    let seed = kept.filter(|(account, _)| *account == Some(seat.account().id)).map(|(_, seed)| seed);
    let Some(secret) = seed.and_then(|seed| Secret::from_base32(&SecretString::from(seed)).ok()) else {
        return Ok(settings::refused(inbox, seat, "codes.late").await);
    };
    let Some(first) = secret.verify(code, inbox.now(), None) else {
        return ask(inbox, seat, &secret, Some("second.wrong")).await;
    };
    let id = seat.account().id;
    let codes: Vec<SecretString> =
        (0..DRAWS).flat_map(|_| recovery::recovery_codes(&(inbox.doors().draw)())).collect();
    let hashes: Vec<String> = codes
        .iter()
        .filter_map(|code| recovery::normalised(code.expose_secret()))
        .map(|code| recovery_hash(id, &code))
        .collect();
    let seed = secret.to_base32();
    store.account_totp(id, Some((seed.expose_secret().as_bytes(), &hashes)), inbox.now()).await?;
    // The code that was just typed is used.
    store.account_totp_used(id, first).await?;
    let words = inbox.words(&seat.account().language);
    let page = CodesPage {
        step: String::new(),
        picture: String::new(),
        typed: String::new(),
        recovery: codes.iter().map(|code| code.expose_secret().to_owned()).collect(),
        error: None,
        shell: inbox.shell(Some(seat), words.t("codes.title"), "indstillinger"),
    };
    Ok(inbox.answer(StatusCode::OK, &page))
}

async fn turn_off(inbox: &Inbox, seat: &Seat, password: &str) -> Result<Response, StoreError> {
    if let Some(refused) = not_theirs(inbox, seat, password).await? {
        return Ok(refused);
    }
    inbox.doors().store.account_totp(seat.account().id, None, inbox.now()).await?;
    Ok(on_to("/indbakke/indstillinger?hvad=codes_off"))
}
