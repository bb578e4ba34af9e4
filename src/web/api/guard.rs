//! The one door of the API: the route stands in the [`table`], the token holds, it has the right, and it has
//! not asked too often.
//!
//! Only `Authorization: Bearer` is looked at. A cookie opens nothing, and no page of anybody's may read an answer (no CORS),
//! so that a browser that is signed in to the inbox cannot be made to ask.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};

use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use super::Api;
use super::problem::Problem;
use super::table::{self, Row};
use crate::domain::account::{Act, may};
use crate::domain::program::{Program, Right};
use crate::store::inbox::Actor;
use crate::web::caller;
use crate::web::public::limits::Standing;

/// How often a program may ask within a minute.
pub const MOST_A_MINUTE: u32 = 600;
const MINUTE: SignedDuration = SignedDuration::from_secs(60);
/// A token is no longer than this.
const LONGEST_TOKEN: usize = 200;

/// A program that may do what it asks for.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The program.
    pub program: Program,
    /// Whom it acts for.
    pub actor: Actor,
}

/// Counts what each program asks.
#[derive(Debug, Default)]
pub struct Asked(Mutex<HashMap<i64, (Timestamp, u32)>>);

impl Asked {
    /// Counts one more; the seconds to wait when it is one too many.
    pub fn note(&self, program: i64, now: Timestamp) -> Result<(), i64> {
        let mut asked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        asked.retain(|_, (since, _)| now.duration_since(*since) < MINUTE);
        let (since, count) = asked.entry(program).or_insert((now, 0));
        if *count >= MOST_A_MINUTE {
            return Err((MINUTE - now.duration_since(*since)).as_secs().max(1));
        }
        *count += 1;
        Ok(())
    }
}

/// Lets a request through, or says why not. What is answered is nobody's to keep, and is never shown as a page.
pub(super) async fn guard(State(api): State<Api>, request: Request, next: Next) -> Response {
    let mut response = match enter(&api, request).await {
        Ok(request) => next.run(request).await,
        Err(problem) => problem.into_response(),
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; sandbox; frame-ancestors 'none'"),
    );
    headers.insert(
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    );
    response
}

async fn enter(api: &Api, mut request: Request) -> Result<Request, Problem> {
    let path =
        request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned()).unwrap_or_default();
    let need = match table::row(request.method(), &path) {
        Row::Nothing => return Err(Problem::missing()),
        Row::Methods(methods) => {
            let detail = "This path does not take this method; see the header Allow.";
            let status = StatusCode::METHOD_NOT_ALLOWED;
            return Err(
                Problem::new(status, "method", "Method not allowed", detail).with(header::ALLOW, methods)
            );
        }
        Row::Needs(None) => return Ok(request),
        Row::Needs(Some(right)) => right,
    };
    let Some(program) = program(api, request.headers()).await? else {
        return Err(unknown(api, &request));
    };
    if let Err(wait) = api.asked().note(program.id, api.now()) {
        return Err(too_often(wait));
    }
    if !program.rights.has(need) {
        return Err(without(need));
    }
    let actor = Actor { account: program.account.id, scope: program.account.scope() };
    request.extensions_mut().insert(Caller { program, actor });
    Ok(request)
}

async fn program(api: &Api, headers: &HeaderMap) -> Result<Option<Program>, Problem> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return Ok(None) };
    let Some((scheme, token)) = value.to_str().ok().and_then(|value| value.split_once(' ')) else {
        return Ok(None);
    };
    if !scheme.eq_ignore_ascii_case("bearer") || token.len() > LONGEST_TOKEN {
        return Ok(None);
    }
    let hash: [u8; 32] = Sha256::digest(token.trim().as_bytes()).into();
    let found = api.store().token_see(&hash, api.now()).await?;
    // Who may let programs in no longer has let none in.
    Ok(found.filter(|program| may(program.account.role, Act::Programs)))
}

/// A token that nobody gave. Who tries many must wait.
fn unknown(api: &Api, request: &Request) -> Problem {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| *peer);
    if let Some(peer) = peer {
        let forwarded = request.headers().get_all("x-forwarded-for");
        let forwarded: Vec<&str> = forwarded.iter().filter_map(|value| value.to_str().ok()).collect();
        let caller = caller::address(peer.ip(), &forwarded, api.trusted());
        if api.tried().note(caller, api.now()) != Standing::Fine {
            return too_often(600);
        }
    }
    let detail = "Send «Authorization: Bearer» with a token that an adviser has made, that has not run out and was not revoked.";
    Problem::new(StatusCode::UNAUTHORIZED, "token", "No valid token", detail)
        .with(header::WWW_AUTHENTICATE, "Bearer realm=\"indgang\", error=\"invalid_token\"")
}

fn without(right: Right) -> Problem {
    let word = right.as_str();
    let detail = format!("This token does not have the right {word}. An adviser can make one that has.");
    Problem::new(StatusCode::FORBIDDEN, "right", "A right is missing", detail).with(
        header::WWW_AUTHENTICATE,
        format!("Bearer realm=\"indgang\", error=\"insufficient_scope\", scope=\"{word}\""),
    )
}

fn too_often(wait: i64) -> Problem {
    Problem::new(StatusCode::TOO_MANY_REQUESTS, "often", "Too many requests", "Wait, and ask less often.")
        .with(header::RETRY_AFTER, wait.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_asks_too_often_waits_and_nobody_else_does() {
        let (asked, now) = (Asked::default(), Timestamp::UNIX_EPOCH);
        assert!((0..MOST_A_MINUTE).all(|_| asked.note(1, now).is_ok()));
        assert_eq!(asked.note(1, now + SignedDuration::from_secs(20)), Err(40));
        assert_eq!(asked.note(2, now), Ok(()));
        assert_eq!(asked.note(1, now + MINUTE), Ok(()));
    }
}
