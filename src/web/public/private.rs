//! The private page of an enquiry: what opens it, what it shows, and what is done on it.
//!
//! A link alone shows nothing, not even that it leads to an enquiry with a certain number. Words and codes are slow to try and
//! counted; every opening is in the enquiry's own log. Nothing that was said in another channel is ever shown here.

mod open;
mod show;

use axum::Form;
use axum::Router;
use axum::extract::{ConnectInfo, Path, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use indgang_channels::message::{Address, ExternalId};
use indgang_channels::web_form::Submission;
use indgang_channels::web_form::read::Place;
use serde::Deserialize;
use std::net::SocketAddr;

use super::door::ACCOUNT;
use super::fields::{Field, Problem};
use super::form;
use super::limits::Standing;
use super::multipart::End;
use super::pages::{Public, Tongue, is_from_here};
use super::routes::read;
use super::secrets::hash_token;
use super::token::Token;
use crate::domain::area::AreaId;
use crate::domain::arrival::Disposition;
use crate::domain::calendar;
use crate::store::StoreError;
use crate::store::private::{Session, page_thread};
use show::{Said, Writing};

/// The first part of a page's address.
pub(super) fn path(tongue: Tongue) -> &'static str {
    tongue.pick("/side", "/en/page")
}

/// The routes of this room.
pub(super) fn routes() -> Router<Public> {
    let mut router = Router::new();
    for tongue in [Tongue::Danish, Tongue::English] {
        let base = path(tongue);
        let (consent_path, leave_path) = tongue.pick(("samtykke", "luk"), ("consent", "leave"));
        router = router
            .route(
                base,
                get(move |state, headers| look(state, headers, tongue))
                    .post(move |state, connection, request| write(state, connection, request, tongue)),
            )
            .route(
                &format!("{base}/{{token}}"),
                get(move |state, token, headers| ask(state, token, headers, tongue)).post(
                    move |state, token, connection, headers, form| {
                        answer(state, token, connection, headers, form, tongue)
                    },
                ),
            )
            .route(
                &format!("{base}/{consent_path}"),
                post(move |state, headers, form| consent(state, headers, form, tongue)),
            )
            .route(
                &format!("{base}/{leave_path}"),
                post(move |state, headers| leave(state, headers, tongue)),
            );
    }
    router
}

async fn ask(
    State(public): State<Public>,
    Path(token): Path<String>,
    headers: HeaderMap,
    tongue: Tongue,
) -> Response {
    match open::find(&public, &token).await {
        Ok(Some(link)) => open::show(&public, &headers, tongue, &token, &link, &open::Step::default()),
        Ok(None) => public.say(&headers, tongue, StatusCode::NOT_FOUND, "link.gone"),
        Err(error) => public.failed(&headers, tongue, &error),
    }
}

/// What is typed to open a page.
#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    handling: String,
    #[serde(default)]
    ord: String,
    #[serde(default)]
    kode: String,
    #[serde(default)]
    til: String,
}

async fn answer(
    State(public): State<Public>,
    Path(token): Path<String>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Form(answer): Form<Answer>,
    tongue: Tongue,
) -> Response {
    if !is_from_here(&headers) {
        return public.say(&headers, tongue, StatusCode::FORBIDDEN, "problem.foreign");
    }
    let now = public.doors().clock.now();
    if public.tried().note(public.caller(peer, &headers), now) != Standing::Fine {
        return public.say(&headers, tongue, StatusCode::TOO_MANY_REQUESTS, "problem.wait");
    }
    let link = match open::find(&public, &token).await {
        Ok(Some(link)) => link,
        Ok(None) => return public.say(&headers, tongue, StatusCode::NOT_FOUND, "link.gone"),
        Err(error) => return public.failed(&headers, tongue, &error),
    };
    if let Some(until) = link.closed_until {
        return open::closed(&public, &headers, tongue, until);
    }
    let step = match answer.handling.as_str() {
        "ord" => open::by_word(&public, &link, &answer.ord).await,
        "kode" => open::by_code(&public, &token, &link, &answer.kode).await,
        _ => open::send_code(&public, &token, &link, &answer.til).await,
    };
    match step {
        Ok(open::Opened::Yes) => enter(&public, &headers, tongue, &link).await,
        Ok(open::Opened::Closed(until)) => open::closed(&public, &headers, tongue, until),
        Ok(open::Opened::Gone) => public.say(&headers, tongue, StatusCode::NOT_FOUND, "link.gone"),
        Ok(open::Opened::Not(step)) => open::show(&public, &headers, tongue, &token, &link, &step),
        Err(error) => public.failed(&headers, tongue, &error),
    }
}

/// Lets somebody in: a cookie that names nothing, and on to the page.
async fn enter(
    public: &Public,
    headers: &HeaderMap,
    tongue: Tongue,
    link: &crate::store::private::PrivateLink,
) -> Response {
    let doors = public.doors();
    let now = doors.clock.now();
    let secret = (doors.draw)();
    let until = now + public.settings().session;
    match doors.store.private_session_open(&hash_token(&secret), link.id, until, now).await {
        Ok(true) => {
            let cookie = set_cookie(public, &URL_SAFE_NO_PAD.encode(secret));
            let to = path(tongue).to_owned();
            (StatusCode::SEE_OTHER, [(header::LOCATION, to), (header::SET_COOKIE, cookie)]).into_response()
        }
        Ok(false) => public.say(headers, tongue, StatusCode::NOT_FOUND, "link.gone"),
        Err(error) => public.failed(headers, tongue, &error),
    }
}

/// `__Host-` binds it to this very host (RFC 6265bis section 4.1.3.2); it needs an encrypted connection.
fn cookie_name(public: &Public) -> &'static str {
    if public.is_https() { "__Host-side" } else { "side" }
}

fn set_cookie(public: &Public, value: &str) -> String {
    let secure = if public.is_https() { "; Secure" } else { "" };
    let ends = if value.is_empty() { "; Max-Age=0" } else { "" };
    format!("{}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{ends}", cookie_name(public))
}

/// The page that the cookie has open.
async fn session(public: &Public, headers: &HeaderMap) -> Result<Option<Session>, StoreError> {
    let Some(hash) = cookie(public, headers) else { return Ok(None) };
    let now = public.doors().clock.now();
    public.doors().store.private_session_see(&hash, now + public.settings().session, now).await
}

fn cookie(public: &Public, headers: &HeaderMap) -> Option<[u8; 32]> {
    let name = cookie_name(public);
    let values = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let value = values
        .flat_map(|value| value.split(';'))
        .find_map(|pair| pair.trim().split_once('=').filter(|(one, _)| *one == name))
        .map(|(_, value)| value)?;
    let secret = URL_SAFE_NO_PAD.decode(value).ok()?;
    (secret.len() == 32).then(|| hash_token(&secret))
}

async fn look(State(public): State<Public>, headers: HeaderMap, tongue: Tongue) -> Response {
    match session(&public, &headers).await {
        Ok(Some(session)) => {
            let writing = Writing::fresh(&public);
            show::page(&public, &headers, tongue, session, writing, StatusCode::OK).await
        }
        Ok(None) => public.say(&headers, tongue, StatusCode::FORBIDDEN, "link.left"),
        Err(error) => public.failed(&headers, tongue, &error),
    }
}

async fn write(
    State(public): State<Public>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
    tongue: Tongue,
) -> Response {
    let headers = request.headers().clone();
    if !is_from_here(&headers) {
        return public.say(&headers, tongue, StatusCode::FORBIDDEN, "problem.foreign");
    }
    let session = match session(&public, &headers).await {
        Ok(Some(session)) => session,
        Ok(None) => return public.say(&headers, tongue, StatusCode::FORBIDDEN, "link.left"),
        Err(error) => return public.failed(&headers, tongue, &error),
    };
    let now = public.doors().clock.now();
    let standing = public.sent().note(public.caller(peer, &headers), now);
    let (fields, end) = match read(&public, request, standing).await {
        Ok(read) => read,
        Err(response) => return *response,
    };
    match written(&public, session, fields, end, standing).await {
        Ok((writing, status)) => show::page(&public, &headers, tongue, session, writing, status).await,
        Err(error) => public.failed(&headers, tongue, &error),
    }
}

/// Files what was written on the page; or says what must be mended, with everything kept.
async fn written(
    public: &Public,
    session: Session,
    mut fields: super::multipart::Fields,
    end: End,
    standing: Standing,
) -> Result<(Writing, StatusCode), StoreError> {
    let (doors, settings) = (public.doors(), public.settings());
    let now = doors.clock.now();
    let message = fields.text("besked").replace("\r\n", "\n");
    let files = std::mem::take(&mut fields.files);
    let token = Token::read(&doors.secret, fields.text("token"))
        .unwrap_or_else(|_| form::new_token(doors, settings, false, now));
    let form_id = token.form_id();
    let (fresh, mut problems) = form::take_files(doors, settings, files, &fields.left_out).await;
    let kept = doors.store.form_files(&form_id).await?;
    let remove = fields.text("fjern").parse::<i64>().ok();
    let count = kept.len() + fresh.len();
    if remove.is_none() && count > settings.most_files as usize {
        problems.push((Field::Files, Problem::TooManyFiles { most: settings.most_files }));
    }
    let length = message.trim().chars().count();
    if length == 0 && count == 0 && remove.is_none() {
        problems.push((Field::Message, Problem::Missing));
    } else if length > settings.fields.longest_message {
        let most = settings.fields.longest_message;
        problems.push((Field::Message, Problem::TooLong { most, over: length - most }));
    }
    let again = match (end, standing) {
        (End::Whole, Standing::Refused) => Some((form::Notice::Wait, StatusCode::TOO_MANY_REQUESTS)),
        (End::Whole, _) if remove.is_some() => Some((form::Notice::FileRemoved, StatusCode::OK)),
        (End::Whole, _) => None,
        _ => Some((form::Notice::BrokenOff, StatusCode::BAD_REQUEST)),
    };
    if again.is_some() || !problems.is_empty() {
        problems.extend(form::keep(doors, settings, &token, fresh, remove, now).await?);
        let kept = doors.store.form_files(&form_id).await?;
        let (said, status) = match again {
            Some((why, status)) => (Some(Said::Again(why)), status),
            None => (None, StatusCode::UNPROCESSABLE_ENTITY),
        };
        return Ok((Writing { token, message, kept, problems, said }, status));
    }
    let mut files = doors.store.form_files_take(&form_id).await?;
    files.extend(fresh.iter().cloned());
    let contacts = doors.store.enquiry_contacts(session.enquiry).await?;
    let of =
        |is: fn(&Address) -> bool| contacts.iter().find(|one| is(one)).map(|one| one.as_str().to_owned());
    // Where a new enquiry begins on the page of a closed one, whoever writes is reached where they were before.
    let submission = Submission {
        message: message.trim().to_owned(),
        email: of(|one| matches!(one, Address::Email(_))),
        phone: of(|one| matches!(one, Address::Phone(_))),
        files,
        ..Submission::default()
    };
    let thread = page_thread(session.enquiry);
    let id = format!("side:{}", token.external_id());
    let place = Place::PrivatePage { thread: &thread };
    let letter = form::letter(settings, &submission, ExternalId(id.clone()), place, now);
    match (doors.file)(letter).await {
        Some(_) => {
            let receipt = doors.store.receipt(ACCOUNT, &id).await?;
            let said = match receipt.map(|receipt| (receipt.disposition, receipt.enquiry)) {
                Some((Disposition::FollowUp, _)) => Said::Joined,
                Some((Disposition::Enquiry, Some(enquiry))) => Said::Began(enquiry),
                _ => Said::Held,
            };
            Ok((Writing { said: Some(said), ..Writing::fresh(public) }, StatusCode::OK))
        }
        None => {
            let problems = form::keep(doors, settings, &token, fresh, None, now).await?;
            let kept = doors.store.form_files(&form_id).await?;
            let said = Some(Said::Again(form::Notice::NotNow));
            Ok((Writing { token, message, kept, problems, said }, StatusCode::SERVICE_UNAVAILABLE))
        }
    }
}

/// Consent that is given or withdrawn.
#[derive(Deserialize)]
struct Consent {
    omraade: i64,
    ja: u8,
}

async fn consent(
    State(public): State<Public>,
    headers: HeaderMap,
    Form(consent): Form<Consent>,
    tongue: Tongue,
) -> Response {
    if !is_from_here(&headers) {
        return public.say(&headers, tongue, StatusCode::FORBIDDEN, "problem.foreign");
    }
    let doors = public.doors();
    let now = doors.clock.now();
    let session = match session(&public, &headers).await {
        Ok(Some(session)) => session,
        Ok(None) => return public.say(&headers, tongue, StatusCode::FORBIDDEN, "link.left"),
        Err(error) => return public.failed(&headers, tongue, &error),
    };
    let area = AreaId(consent.omraade);
    let today = calendar::local(now).date();
    let is_one = public.settings().areas.in_force(today).any(|one| one.id == area);
    let done = match (consent.ja, is_one) {
        (1, true) => doors.store.consent_give(session.enquiry, area, now).await,
        // An area that has come to an end can still be withdrawn from.
        (0, _) => doors.store.consent_withdraw(session.enquiry, area, now).await,
        _ => return public.say(&headers, tongue, StatusCode::NOT_FOUND, "problem.not_found"),
    };
    match done {
        Ok(()) => (StatusCode::SEE_OTHER, [(header::LOCATION, format!("{}#samtykke", path(tongue)))])
            .into_response(),
        Err(error) => public.failed(&headers, tongue, &error),
    }
}

async fn leave(State(public): State<Public>, headers: HeaderMap, tongue: Tongue) -> Response {
    if !is_from_here(&headers) {
        return public.say(&headers, tongue, StatusCode::FORBIDDEN, "problem.foreign");
    }
    let doors = public.doors();
    if let Some(hash) = cookie(&public, &headers)
        && let Err(error) = doors.store.private_session_end(&hash, doors.clock.now()).await
    {
        return public.failed(&headers, tongue, &error);
    }
    let mut response = public.say(&headers, tongue, StatusCode::OK, "link.left");
    if let Ok(cookie) = set_cookie(&public, "").parse() {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}
