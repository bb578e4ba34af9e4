//! What was written. Each answer is a reading, and stands in the log before it is handed out, under the account that the
//! token belongs to, with the name of the program.

use axum::Json;
use axum::extract::{Extension, Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use indgang_channels::message::Channel;

use super::Api;
use super::guard::Caller;
use super::problem::Problem;
use super::shapes::{Message, MessageLine, Messages};
use crate::domain::arrival::ArrivalId;
use crate::domain::enquiry::EnquiryId;

/// The messages of an enquiry's conversation, oldest first: what came in, and what an adviser answered.
#[utoipa::path(
    get,
    path = "/api/v1/enquiries/{id}/messages",
    tag = "messages",
    security(("token" = ["messages:read"])),
    params(("id" = i64, Path, description = "the enquiry's number")),
    responses(
        (status = 200, description = "The messages, without their texts", body = Messages),
        (status = 404, description = "It is not there, or not to be seen", body = Problem,
         content_type = "application/problem+json"),
    ),
)]
pub(super) async fn list(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<Json<Messages>, Problem> {
    let id = id.parse().map(EnquiryId).map_err(|_| Problem::missing())?;
    let detail = caller.program.detail("list");
    let found = api.store().api_messages(&caller.actor, id, &detail, api.now()).await?;
    let found = found.ok_or_else(Problem::missing)?;
    Ok(Json(Messages { messages: found.iter().map(MessageLine::from).collect() }))
}

/// One message whole, as it was written.
#[utoipa::path(
    get,
    path = "/api/v1/messages/{id}",
    tag = "messages",
    security(("token" = ["messages:read"])),
    params(("id" = String, Path, description = "the message's number, such as in-12 or out-7")),
    responses(
        (status = 200, description = "The message", body = Message),
        (status = 404, description = "It is not there, or not to be seen", body = Problem,
         content_type = "application/problem+json"),
    ),
)]
pub(super) async fn one(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<Json<Message>, Problem> {
    let (went, number) = numbered(&id).ok_or_else(Problem::missing)?;
    let way = if went { "out" } else { "in" };
    let detail = caller.program.detail(&format!("message {way}-{number}"));
    let found = api.store().api_message(&caller.actor, went, number, &detail, api.now()).await?;
    Ok(Json(found.ok_or_else(Problem::missing)?.into()))
}

/// What came in, byte for byte. Only what came in has an original.
#[utoipa::path(
    get,
    path = "/api/v1/messages/{id}/original",
    tag = "messages",
    security(("token" = ["messages:read"])),
    params(("id" = String, Path, description = "the message's number, such as in-12")),
    responses(
        (status = 200, description = "The bytes: of a letter, message/rfc822", body = Vec<u8>,
         content_type = "application/octet-stream"),
        (status = 404, description = "It is not there, or not to be seen", body = Problem,
         content_type = "application/problem+json"),
    ),
)]
pub(super) async fn original(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let Some((false, number)) = numbered(&id) else { return Err(Problem::missing()) };
    let detail = caller.program.detail(&format!("message in-{number}"));
    let found = api.store().api_original(&caller.actor, ArrivalId(number), &detail, api.now()).await?;
    let (channel, bytes) = found.ok_or_else(Problem::missing)?;
    let ending = if channel == Channel::Email { "eml" } else { "bin" };
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    // Whatever it is: a browser that gets hold of it must not show it.
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    if let Ok(name) = HeaderValue::from_str(&format!("attachment; filename=\"original-{number}.{ending}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    Ok(response)
}

/// Whether it went out, and its number.
fn numbered(id: &str) -> Option<(bool, i64)> {
    let (way, number) = id.split_once('-')?;
    let went = match way {
        "in" => false,
        "out" => true,
        _ => return None,
    };
    number.bytes().all(|byte| byte.is_ascii_digit()).then_some(())?;
    Some((went, number.parse().ok()?))
}
