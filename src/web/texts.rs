//! `/sms/{account}/…`: where gateways call.
//!
//! Turns an HTTP request into a [`Call`] and an [`Answer`] into an HTTP response, and knows nothing between. What the
//! request holds is never logged, and stands in no error: the address of some gateways' calls holds the citizen's words.

use std::pin::Pin;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Path, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use indgang_channels::sms::wire::{Answer, Call};

/// The largest body that is read, in bytes. A text is at most 39,015 characters (255 parts); gateways add little.
const LARGEST_BODY: usize = 64 << 10;
/// The longest query, in bytes.
const LONGEST_QUERY: usize = 64 << 10;

/// Takes the calls: the account, the secret that stood in the path, and the call.
pub type Take =
    Arc<dyn Fn(String, Option<String>, Call) -> Pin<Box<dyn Future<Output = Answer> + Send>> + Send + Sync>;

/// The routes of this room.
pub(super) fn routes(take: Take) -> Router {
    Router::new().route("/sms/{account}/{*rest}", any(call)).with_state(take)
}

async fn call(
    State(take): State<Take>,
    Path((account, rest)): Path<(String, String)>,
    request: Request,
) -> Response {
    let Some((secret, rest)) = parts_of(&rest) else { return StatusCode::NOT_FOUND.into_response() };
    let method = request.method().as_str().to_owned();
    if !matches!(method.as_str(), "GET" | "POST") {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let query = request.uri().query().unwrap_or_default().to_owned();
    if query.len() > LONGEST_QUERY {
        return StatusCode::URI_TOO_LONG.into_response();
    }
    let headers = request.headers().iter().filter_map(|(name, value)| {
        // Header values are Latin-1 on the wire; a gateway's are ASCII.
        Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
    });
    let headers: Vec<(String, String)> = headers.collect();
    let Some(body) = body_of(request.into_body()).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let path = format!("/sms/{account}/{rest}");
    let answer = take(account, secret, Call { method, path, query, headers, body }).await;
    response(answer)
}

/// The secret, if any, and what follows it: `in`, `report`, or `report/` and a token.
fn parts_of(rest: &str) -> Option<(Option<String>, String)> {
    let pieces: Vec<&str> = rest.trim_end_matches('/').split('/').collect();
    let (secret, known) = match pieces.as_slice() {
        known @ (["in" | "report"] | ["report", _]) => (None, known),
        [secret, known @ ..] if matches!(known, ["in" | "report"] | ["report", _]) => {
            (Some((*secret).to_owned()), known)
        }
        _ => return None,
    };
    Some((secret, known.join("/")))
}

/// The whole body; `None` when it is too large, or does not come to its end.
async fn body_of(body: Body) -> Option<Vec<u8>> {
    to_bytes(body, LARGEST_BODY).await.ok().map(|bytes| bytes.to_vec())
}

fn response(answer: Answer) -> Response {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, answer.body).into_response();
    response.headers_mut().remove(header::CONTENT_TYPE);
    if let Ok(media_type) = answer.media_type.parse()
        && !answer.media_type.is_empty()
    {
        response.headers_mut().insert(header::CONTENT_TYPE, media_type);
    }
    if status == StatusCode::TOO_MANY_REQUESTS || status == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(header::RETRY_AFTER, header::HeaderValue::from_static("2"));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::parts_of;

    #[test]
    fn a_path_has_a_secret_or_not() {
        let some = |secret: Option<&str>, rest: &str| Some((secret.map(str::to_owned), rest.to_owned()));
        for (path, expected) in [
            ("in", some(None, "in")),
            ("in/", some(None, "in")),
            ("s3cret/in", some(Some("s3cret"), "in")),
            ("report", some(None, "report")),
            ("report/t0ken", some(None, "report/t0ken")),
            ("s3cret/report/t0ken", some(Some("s3cret"), "report/t0ken")),
            ("s3cret/report", some(Some("s3cret"), "report")),
            ("", None),
            ("s3cret", None),
            ("a/b/in", None),
            ("a/b/c/d", None),
        ] {
            assert_eq!(parts_of(path), expected, "{path}");
        }
    }
}
