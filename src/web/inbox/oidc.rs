//! The municipality's own sign-on: away to its provider and back.
//!
//! What belongs to one browser (state, nonce, verifier, and what was being written when a session ran out) is kept as a step
//! and found again by the browser's cookie, once. The provider proves who somebody is; whether they may work here is
//! ours: an account must exist. It is found by the provider's subject, and the first time by a verified address, so that
//! nobody gets in by renaming themselves later.

use std::sync::Arc;

use axum::Form;
use axum::extract::{Extension, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use indgang_signon::oidc::{Answer, Begun, OidcError, Provider, stored};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::second::{hash_of, put_cookie};
use super::signin::{LogInState, keep, kept_of, show, sign_in};
use super::views::Away;
use super::{Caller, Fields, Inbox, field, on_to};
use crate::store::StoreError;
use crate::web::public::limits::Standing;

/// How long somebody may be away.
const STEP_TIME: SignedDuration = SignedDuration::from_mins(15);

/// What is kept while somebody is away.
#[derive(Serialize, Deserialize)]
struct Kept {
    begun: Begun,
    to: String,
    draft: Option<(String, String)>,
}

fn provider(inbox: &Inbox) -> Option<Arc<Provider>> {
    inbox.doors().signon.clone()
}

fn refused(
    inbox: &Inbox,
    status: StatusCode,
    key: &str,
    kept: Option<(String, String)>,
    to: &str,
) -> Response {
    let error = Some(inbox.words("da").t(key).to_owned());
    show(inbox, status, LogInState { onward: to.to_owned(), error, kept, ..LogInState::default() })
}

/// Away. The answer is a page of ours that leads on, not a redirect: browsers hold the rule that forms go nowhere else
/// (`form-action`) against redirects too, and the rule is worth more than the moment.
pub(super) async fn begin(
    State(inbox): State<Inbox>,
    Extension(Caller(caller)): Extension<Caller>,
    Form(fields): Fields,
) -> Response {
    let Some(provider) = provider(&inbox) else { return on_to("/indbakke/log-ind") };
    let (kept, to) = (kept_of(&fields), field(&fields, "til"));
    let now = inbox.now();
    if caller.is_some_and(|caller| inbox.0.tried.note(caller, now) != Standing::Fine) {
        return refused(&inbox, StatusCode::TOO_MANY_REQUESTS, "login.wait", kept, to);
    }
    let mut random = [0; 96];
    for piece in random.chunks_exact_mut(32) {
        piece.copy_from_slice(&(inbox.doors().draw)());
    }
    let (url, begun) = match provider.begin(&random, now).await {
        Ok(begun) => begun,
        Err(why) => {
            tracing::error!(%why, "nobody can sign in at the municipality");
            return refused(&inbox, StatusCode::BAD_GATEWAY, "signon.away", kept, to);
        }
    };
    let secret = (inbox.doors().draw)();
    let hash: [u8; 32] = Sha256::digest(secret).into();
    let state = serde_json::to_string(&Kept { begun, to: to.to_owned(), draft: kept }).unwrap_or_default();
    if let Err(error) =
        inbox.doors().store.sign_in_step_keep(&hash, "oidc", None, &state, now + STEP_TIME).await
    {
        return inbox.failed(None, &error);
    }
    let shell = inbox.shell(None, inbox.words("da").t("signon.title"), "");
    let mut response = inbox.answer(StatusCode::OK, &Away { url, shell });
    put_cookie(&inbox, &mut response, &URL_SAFE_NO_PAD.encode(secret), STEP_TIME.as_secs());
    response
}

/// And back.
pub(super) async fn back(
    State(inbox): State<Inbox>,
    headers: HeaderMap,
    Query(answer): Query<Answer>,
) -> Response {
    let (Some(provider), Some(hash)) = (provider(&inbox), hash_of(&inbox, &headers)) else {
        return refused(&inbox, StatusCode::BAD_REQUEST, "signon.late", None, "");
    };
    match came(&inbox, &headers, &provider, &hash, &answer).await {
        Ok(response) => response,
        Err(error) => inbox.failed(None, &error),
    }
}

async fn came(
    inbox: &Inbox,
    headers: &HeaderMap,
    provider: &Provider,
    hash: &[u8; 32],
    answer: &Answer,
) -> Result<Response, StoreError> {
    let (store, now) = (&inbox.doors().store, inbox.now());
    let step = store.sign_in_step_take(hash, "oidc", now).await?;
    let kept = step.and_then(|(_, state)| serde_json::from_str::<Kept>(&state).ok());
    let Some(Kept { begun, to, draft }) = kept else {
        return Ok(refused(inbox, StatusCode::BAD_REQUEST, "signon.late", None, ""));
    };
    let identity = match provider.finish(&begun, answer, now).await {
        Ok(identity) => identity,
        Err(OidcError::Refused) => {
            return Ok(refused(inbox, StatusCode::UNAUTHORIZED, "signon.refused", draft, &to));
        }
        Err(why) => {
            tracing::error!(%why, "a sign-on at the municipality failed");
            return Ok(refused(inbox, StatusCode::BAD_GATEWAY, "signon.failed", draft, &to));
        }
    };
    let subject = stored(&identity.subject);
    let account = store.account_of_subject(&subject, identity.email.as_deref(), now).await?;
    let Some(account) = account else {
        return Ok(refused(inbox, StatusCode::FORBIDDEN, "signon.unknown", draft, &to));
    };
    let cookie = sign_in(inbox, headers, account, "sign-on").await?;
    if let Some((enquiry, text)) = &draft {
        keep(inbox, account, enquiry, text).await;
    }
    let mut response = on_to(&to);
    if let Ok(cookie) = cookie.parse() {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    put_cookie(inbox, &mut response, "", 0);
    Ok(response)
}
