//! Enquiries: listed, one by one, and changed without anybody's change being lost.
//!
//! The ETag of an enquiry is what all that is said of it comes to, with when it was last heard from. A change must name the
//! one that it was made from (RFC 9110 section 13.1.1): what somebody else changed since is never written over, and nothing
//! is ended over a letter that came in meanwhile.

use std::str::FromStr;

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, QueryRejection};
use axum::extract::{Extension, Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use indgang_channels::message::Channel;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use super::Api;
use super::guard::Caller;
use super::problem::Problem;
use super::shapes::{Enquiries, Enquiry, EnquiryChange, WelcomeBack};
use crate::domain::area::AreaId;
use crate::domain::enquiry::{EnquiryId, Kind, State as Stands};
use crate::domain::program::Right;
use crate::domain::triage::{Step, Welcome};
use crate::store::api::{ApiAsk, ApiEnquiry, ApiStepped};

/// Enquiries on a page, unless fewer are asked for.
const PAGE: u32 = 100;

pub(super) type Asked = Result<Query<Vec<(String, String)>>, QueryRejection>;

/// Enquiries, by number: what comes in meanwhile comes last, so that paging passes nothing over.
#[utoipa::path(
    get,
    path = "/api/v1/enquiries",
    tag = "enquiries",
    security(("token" = ["enquiries:read"])),
    params(
        ("state" = Option<String>, Query, description = "new, in_progress, waiting or closed"),
        ("channel" = Option<String>, Query, description = "email, sms, web, call or meeting"),
        ("kind" = Option<String>, Query, description = "delimited or open_ended"),
        ("area" = Option<i64>, Query, description = "the number of an area"),
        ("from" = Option<String>, Query, format = Date, description = "began on this day or later"),
        ("to" = Option<String>, Query, format = Date, description = "began on this day or before"),
        ("updated_since" = Option<String>, Query, format = DateTime,
         description = "heard from, or changed, at this moment or later"),
        ("limit" = Option<u32>, Query, description = "how many on a page: 1 to 100"),
        ("cursor" = Option<String>, Query, description = "`next` of the page before"),
    ),
    responses(
        (status = 200, description = "A page", body = Enquiries,
         headers(("Link" = String, description = "rel=next (RFC 8288), where there is a next page"))),
        (status = 400, description = "A parameter cannot be read", body = Problem,
         content_type = "application/problem+json"),
    ),
)]
pub(super) async fn list(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    asked: Asked,
) -> Result<Response, Problem> {
    let Ok(Query(asked)) = asked else {
        return Err(Problem::parameter("The query cannot be read."));
    };
    let (mut ask, mut limit) = (ApiAsk::default(), PAGE);
    for (name, value) in &asked {
        match name.as_str() {
            "state" => {
                let state = Stands::parse(value);
                ask.state = Some(
                    state.ok_or_else(|| Problem::parameter("state: new, in_progress, waiting or closed"))?,
                );
            }
            "channel" => {
                ask.channel = Some(word::<Channel>(value, "channel: email, sms, web, call or meeting")?);
            }
            "kind" => ask.kind = Some(word::<Kind>(value, "kind: delimited or open_ended")?),
            "area" => ask.area = Some(AreaId(parsed(value, "area: the number of an area")?)),
            "from" => ask.from = Some(parsed(value, "from: a day such as 2026-01-31")?),
            "to" => ask.to = Some(parsed(value, "to: a day such as 2026-01-31")?),
            "updated_since" => {
                let expected = "updated_since: a moment such as 2026-01-31T12:00:00Z";
                ask.updated_since = Some(parsed(value, expected)?);
            }
            "limit" => limit = parsed::<u32>(value, "limit: 1 to 100")?.clamp(1, PAGE),
            "cursor" => {
                let place = place(value);
                ask.after = place.ok_or_else(|| Problem::parameter("cursor: `next` of the page before"))?;
            }
            _ => return Err(Problem::parameter("There is a parameter that this path does not take.")),
        }
    }
    let mut found = api.store().api_enquiries(&caller.actor, &ask, limit + 1).await?;
    let more = found.len() > limit as usize;
    found.truncate(limit as usize);
    let next = found.last().filter(|_| more).map(|last| cursor(last.id));
    let link = next.as_ref().map(|next| {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(asked.iter().filter(|(name, _)| name != "cursor")).append_pair("cursor", next);
        format!("</api/v1/enquiries?{}>; rel=\"next\"", query.finish())
    });
    let enquiries = found.into_iter().map(Enquiry::from).collect();
    let mut response = Json(Enquiries { enquiries, next }).into_response();
    if let Some(link) = link.and_then(|link| HeaderValue::from_str(&link).ok()) {
        response.headers_mut().insert(header::LINK, link);
    }
    Ok(response)
}

/// One enquiry, without what was written.
#[utoipa::path(
    get,
    path = "/api/v1/enquiries/{id}",
    tag = "enquiries",
    security(("token" = ["enquiries:read"])),
    params(
        ("id" = i64, Path, description = "the enquiry's number"),
        ("If-None-Match" = Option<String>, Header, description = "the ETag of what is known already"),
    ),
    responses(
        (status = 200, description = "The enquiry", body = Enquiry,
         headers(("ETag" = String, description = "what If-Match and If-None-Match take"))),
        (status = 304, description = "It is what is known already"),
        (status = 404, description = "It is not there, or not to be seen", body = Problem,
         content_type = "application/problem+json"),
    ),
)]
pub(super) async fn one(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let id = number(&id)?;
    let found = api.store().api_enquiry(&caller.actor, id).await?.ok_or_else(Problem::missing)?;
    let tag = tag(&found);
    let known = tags(&headers, header::IF_NONE_MATCH);
    // RFC 9110 section 13.1.2: compared weakly.
    if known.iter().any(|one| one == "*" || one.trim_start_matches("W/") == tag) {
        return Ok(tagged(StatusCode::NOT_MODIFIED.into_response(), &tag));
    }
    Ok(tagged(Json(Enquiry::from(found)).into_response(), &tag))
}

/// Changes an enquiry as triage does: all that is named, or nothing. It stands in its history, and can be undone there.
#[utoipa::path(
    patch,
    path = "/api/v1/enquiries/{id}",
    tag = "enquiries",
    security(("token" = ["enquiries:write"])),
    params(
        ("id" = i64, Path, description = "the enquiry's number"),
        ("If-Match" = String, Header, description = "the ETag of what the change was made from"),
    ),
    request_body(content = EnquiryChange, content_type = "application/merge-patch+json"),
    responses(
        (status = 200, description = "The enquiry as it is now", body = Enquiry,
         headers(("ETag" = String, description = "of what it is now"))),
        (status = 204, description = "It was changed; this token may not read it",
         headers(("ETag" = String, description = "of what it is now"))),
        (status = 400, description = "The body cannot be read", body = Problem,
         content_type = "application/problem+json"),
        (status = 404, description = "It is not there, or not to be seen", body = Problem,
         content_type = "application/problem+json"),
        (status = 409, description = "Triage does not allow it", body = Problem,
         content_type = "application/problem+json"),
        (status = 412, description = "Somebody has changed it since", body = Problem,
         content_type = "application/problem+json"),
        (status = 413, description = "The body is too large", body = Problem,
         content_type = "application/problem+json"),
        (status = 422, description = "A value is not possible", body = Problem,
         content_type = "application/problem+json"),
        (status = 428, description = "If-Match is missing", body = Problem,
         content_type = "application/problem+json"),
    ),
)]
pub(super) async fn change(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    let id = number(&id)?;
    let body = body.map_err(|_| {
        Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "large", "Too large", "A change is smaller than 16 KiB.")
    })?;
    let from = tags(&headers, header::IF_MATCH);
    // «*» would say: whatever anybody else has changed.
    if from.is_empty() || from.iter().any(|one| one == "*") {
        let detail = "Send If-Match with the ETag of what the change was made from.";
        return Err(Problem::new(
            StatusCode::PRECONDITION_REQUIRED,
            "if-match",
            "If-Match is missing",
            detail,
        ));
    }
    let change: EnquiryChange = serde_json::from_slice(&body).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        let detail = format!("The body is not what this path takes: look at line {line}, column {column}.");
        Problem::new(StatusCode::BAD_REQUEST, "body", "The body cannot be read", detail)
    })?;
    let found = api.store().api_enquiry(&caller.actor, id).await?.ok_or_else(Problem::missing)?;
    if !from.contains(&tag(&found)) {
        return Err(stale());
    }
    let steps = steps(&api, &found, &change)?;
    let (act, detail) = (api.act(), caller.program.detail(""));
    let stepped = api.store().api_step(&caller.actor, &found, &steps, &act, &detail, api.now()).await?;
    match stepped {
        ApiStepped::Missing => Err(Problem::missing()),
        ApiStepped::Stale => Err(stale()),
        ApiStepped::Refused(why) => {
            let title = "Triage does not allow it";
            Err(Problem::new(StatusCode::CONFLICT, "refused", title, why.to_string()))
        }
        ApiStepped::Done(now) => {
            let tag = tag(&now);
            // Changing is not reading.
            if !caller.program.rights.has(Right::EnquiriesRead) {
                return Ok(tagged(StatusCode::NO_CONTENT.into_response(), &tag));
            }
            Ok(tagged(Json(Enquiry::from(*now)).into_response(), &tag))
        }
    }
}

/// The steps that a change asks for, in the order in which they can be taken together.
fn steps(api: &Api, found: &ApiEnquiry, change: &EnquiryChange) -> Result<Vec<Step>, Problem> {
    let mut steps = Vec::new();
    let is_closed = found.state == Stands::Closed;
    // What is closed is reopened before anything else is done to it.
    if change.state == Some(Stands::InProgress) && is_closed {
        steps.push(Step::Reopen);
    }
    if let Some(purpose) = change.purpose.filter(|purpose| *purpose != found.purpose) {
        steps.push(Step::Purpose(purpose));
    }
    if let Some(kind) = change.kind {
        steps.push(Step::Kind(kind));
    }
    if let Some(area) = change.area {
        if area.is_some_and(|area| api.areas().get(AreaId(area)).is_none()) {
            return Err(Problem::value("area: the office has no area of this number"));
        }
        steps.push(Step::Area(area.map(AreaId)));
    }
    if let Some(form) = change.primary_contact_form {
        steps.push(Step::ContactForm(form));
    }
    if let Some(day) = change.appeal_deadline {
        steps.push(Step::Appeal(day));
    }
    if let Some(tasks) = &change.tasks {
        steps.push(Step::Tasks(tasks.clone().unwrap_or_default()));
    }
    if let Some(urgent) = change.urgent {
        steps.push(Step::Urgent(urgent));
    }
    if let Some(day) = change.remind_on {
        steps.push(Step::Remind(day));
    }
    let waits_for = change.waits_for.unwrap_or(found.waits_for);
    match change.state {
        Some(Stands::New) => return Err(Problem::value("state: what was taken up is never new again")),
        Some(Stands::InProgress) if !is_closed => steps.push(Step::TakeUp),
        Some(Stands::Waiting) => steps.push(Step::Wait(waits_for)),
        None if change.waits_for.is_some() && found.state == Stands::Waiting => {
            steps.push(Step::Wait(waits_for));
        }
        _ if change.waits_for.is_some_and(|whom| whom.is_some()) => {
            return Err(Problem::value("waits_for: only what is waiting waits for somebody"));
        }
        Some(Stands::Closed) if !is_closed => {
            let welcome = match change.welcome_back {
                Some(WelcomeBack::Said) => Welcome::Said,
                Some(WelcomeBack::None) => Welcome::None,
                None => return Err(Problem::value("welcome_back: say whether it was said, to close")),
            };
            steps.push(Step::Close(welcome));
        }
        _ => {}
    }
    Ok(steps)
}

fn stale() -> Problem {
    let detail = "Somebody has changed it since it was read. Read it again, and make the change from that.";
    Problem::new(StatusCode::PRECONDITION_FAILED, "stale", "It has been changed since", detail)
}

fn number(id: &str) -> Result<EnquiryId, Problem> {
    id.parse().map(EnquiryId).map_err(|_| Problem::missing())
}

/// Strong: the same for the same representation only. The number of the version alone would not do, since what comes in
/// changes an enquiry without being anybody's change of it.
fn tag(enquiry: &ApiEnquiry) -> String {
    let said = serde_json::to_vec(&Enquiry::from(enquiry.clone())).unwrap_or_default();
    let sum = Sha256::digest(&said);
    format!("\"{}-{}-{}\"", enquiry.id.0, enquiry.version, URL_SAFE_NO_PAD.encode(&sum[..12]))
}

fn tagged(mut response: Response, tag: &str) -> Response {
    if let Ok(tag) = HeaderValue::from_str(tag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

/// The tags of a header. Ours hold no comma.
fn tags(headers: &HeaderMap, name: header::HeaderName) -> Vec<String> {
    let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).map(|tag| tag.trim().to_owned()).collect()
}

/// A cursor is nobody's to take apart: another version may sort by something else.
fn cursor(id: EnquiryId) -> String {
    URL_SAFE_NO_PAD.encode(format!("1.{}", id.0))
}

fn place(cursor: &str) -> Option<i64> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
    std::str::from_utf8(&bytes).ok()?.strip_prefix("1.")?.parse().ok()
}

fn word<T: DeserializeOwned>(value: &str, expected: &str) -> Result<T, Problem> {
    serde_json::from_value(serde_json::Value::String(value.to_owned()))
        .map_err(|_| Problem::parameter(expected))
}

pub(super) fn parsed<T: FromStr>(value: &str, expected: &str) -> Result<T, Problem> {
    value.parse().map_err(|_| Problem::parameter(expected))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_back_and_nothing_else_is() {
        assert_eq!(place(&cursor(EnquiryId(712))), Some(712));
        for wrong in ["", "712", "MS4", "!!", "Mi43MTI"] {
            assert_eq!(place(wrong), None, "{wrong}");
        }
    }
}
