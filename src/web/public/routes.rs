//! The addresses of the form, its receipt and the long pages, in both languages.

use std::net::SocketAddr;

use axum::Router;
use axum::extract::{ConnectInfo, DefaultBodyLimit, Path, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use indgang_channels::message::Channel;
use jiff::SignedDuration;

use super::door::ACCOUNT;
use super::form::{self, Again, Notice as Why, Request as Sending, Sent};
use super::headers::Sort;
use super::limits::Standing;
use super::multipart::{self, End, Fields, FormBody, MultipartLimits};
use super::pages::{Public, Tongue};
use super::private;
use super::secrets::hash_token;
use super::shown;
use super::token::Token;
use super::views::{FiledView, InfoPage, PrivateLinkView, ReceiptPage};
use crate::domain::arrival::Disposition;
use crate::domain::calendar;
use crate::store::StoreError;
use crate::store::pages::{Receipt, ReceiptEnquiry};
use crate::store::private::GivenBy;
use crate::texts::written_short;

/// At least so much is read through, in bytes: the largest film that a telephone sends without asking.
const LEAST_DRAINED: usize = 400 << 20;
/// A body below this is small, in bytes.
const SMALL: usize = 256 << 10;
/// How long a receipt is shown.
const RECEIPT_SHOWN: SignedDuration = SignedDuration::from_hours(24);
/// Room for the other fields beside the message, in bytes.
const OTHER_FIELDS: usize = 4_096;
/// So many times what may be sent is read through, so that the page can say which file was too large.
const DRAINED: usize = 8;

/// All routes of the citizens' pages.
pub fn routes(public: Public) -> Router {
    use Tongue::{Danish, English};
    let form = |tongue: Tongue| {
        get(move |state, headers| open(state, headers, tongue))
            .post(move |state, connection, request| send(state, connection, request, tongue))
    };
    let receipt = |tongue: Tongue| get(move |state, token, headers| receipt(state, token, headers, tongue));
    let long = |tongue: Tongue, which: Long| {
        get(move |State(public): State<Public>, headers: HeaderMap| async move {
            which.page(&public, &headers, tongue)
        })
    };
    Router::new()
        .route("/", form(Danish))
        .route("/en", form(English))
        .route("/kvittering/{token}", receipt(Danish))
        .route("/en/receipt/{token}", receipt(English))
        .route("/privatliv", long(Danish, Long::Privacy))
        .route("/en/privacy", long(English, Long::Privacy))
        .route("/tilgaengelighed", long(Danish, Long::Accessibility))
        .route("/en/accessibility", long(English, Long::Accessibility))
        .merge(private::routes())
        .fallback(|State(public): State<Public>, headers: HeaderMap| async move {
            public.say(&headers, Danish, StatusCode::NOT_FOUND, "problem.not_found")
        })
        // How much is read is decided where it is read.
        .layer(DefaultBodyLimit::disable())
        .with_state(public)
}

async fn open(State(public): State<Public>, headers: HeaderMap, tongue: Tongue) -> Response {
    if !public.is_set_up() {
        return public.say(&headers, tongue, StatusCode::SERVICE_UNAVAILABLE, "problem.not_configured");
    }
    let now = public.doors().clock.now();
    let attack = public.sent().is_attack(now);
    let token = form::new_token(public.doors(), public.settings(), attack, now);
    show(&public, &headers, tongue, &shown::empty(token), StatusCode::OK)
}

fn show(public: &Public, headers: &HeaderMap, tongue: Tongue, again: &Again, status: StatusCode) -> Response {
    let title = public.words(tongue).t("form.title").to_owned();
    let (own, other) = tongue.pick(("/", "/en"), ("/en", "/"));
    let page = public.page(tongue, &title, own, Some(other));
    let today = calendar::local(public.doors().clock.now()).date();
    public.answer(headers, status, Sort::Open, &shown::form(page, public.settings(), again, today))
}

async fn send(
    State(public): State<Public>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
    tongue: Tongue,
) -> Response {
    let headers = request.headers().clone();
    if !public.is_set_up() {
        return public.say(&headers, tongue, StatusCode::SERVICE_UNAVAILABLE, "problem.not_configured");
    }
    let now = public.doors().clock.now();
    let standing = public.sent().note(public.caller(peer, &headers), now);
    let attack = public.sent().is_attack(now);
    let (fields, end) = match read(&public, request, standing).await {
        Ok(read) => read,
        Err(response) => return *response,
    };
    if end == End::TooMuch && fields.text("token").is_empty() {
        return public.say(&headers, tongue, StatusCode::PAYLOAD_TOO_LARGE, "problem.too_large");
    }
    let sending = Sending { fields, end, standing, attack, language: tongue.code() };
    match form::take(public.doors(), public.settings(), sending).await {
        Ok(Sent::Filed(token)) => {
            let receipt = tongue.pick("/kvittering", "/en/receipt");
            (StatusCode::SEE_OTHER, [(header::LOCATION, format!("{receipt}/{}", token.as_str()))])
                .into_response()
        }
        Ok(Sent::Again(again)) => {
            let status = match again.notice {
                Some(Why::NotNow) => StatusCode::SERVICE_UNAVAILABLE,
                Some(Why::Wait) => StatusCode::TOO_MANY_REQUESTS,
                Some(Why::BrokenOff) => StatusCode::BAD_REQUEST,
                Some(Why::FileRemoved) => StatusCode::OK,
                Some(Why::HoldsCpr | Why::OpenTooLong) | None => StatusCode::UNPROCESSABLE_ENTITY,
            };
            let mut response = show(&public, &headers, tongue, &again, status);
            if standing == Standing::Refused {
                response.headers_mut().insert(header::RETRY_AFTER, header::HeaderValue::from_static("600"));
            }
            response
        }
        Err(error) => public.failed(&headers, tongue, &error),
    }
}

/// Reads a form's body.
///
/// # Errors
/// The answer, when it is no form at all.
pub(super) async fn read(
    public: &Public,
    request: Request,
    standing: Standing,
) -> Result<(Fields, End), Box<Response>> {
    let settings = public.settings();
    let length =
        request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    let size = length.unwrap_or(usize::MAX).min(settings.most_file_bytes);
    // Held while it comes. What is small needs none, so that nobody who only writes ever waits.
    let _room = match size {
        0..SMALL => None,
        _ => public.uploads().acquire_many(u32::try_from(size >> 10).unwrap_or(u32::MAX)).await.ok(),
    };
    let limits = MultipartLimits {
        parts: 100,
        // Every character may take four bytes, and one that is too long is told by how much.
        field_bytes: settings.fields.longest_message * 8 + OTHER_FIELDS,
        // Whoever must wait is shown what they typed, and costs no more than that.
        file_bytes: if standing == Standing::Refused { 0 } else { settings.most_file_bytes },
        drained_bytes: settings.most_file_bytes.saturating_mul(DRAINED).max(LEAST_DRAINED),
    };
    match FormBody::of(request).await {
        Some(body) => Ok(multipart::read(body, limits).await),
        None => Err(Box::new(StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response())),
    }
}

async fn receipt(
    State(public): State<Public>,
    Path(token): Path<String>,
    headers: HeaderMap,
    tongue: Tongue,
) -> Response {
    let doors = public.doors();
    let now = doors.clock.now();
    let Ok(token) = Token::read(&doors.secret, &token) else {
        return public.say(&headers, tongue, StatusCode::NOT_FOUND, "problem.not_found");
    };
    if token.age(now) > RECEIPT_SHOWN + form::LONGEST_TIME {
        return public.say(&headers, tongue, StatusCode::GONE, "receipt.expired");
    }
    match doors.store.receipt(ACCOUNT, &token.external_id()).await {
        Ok(Some(found)) => match link(&public, &token, &found, tongue).await {
            Ok(private) => show_receipt(&public, &headers, tongue, &found, private),
            Err(error) => public.failed(&headers, tongue, &error),
        },
        Ok(None) => public.say(&headers, tongue, StatusCode::NOT_FOUND, "problem.not_found"),
        Err(error) => public.failed(&headers, tongue, &error),
    }
}

/// The link to the private page, made when the receipt is first shown; `None` when nothing would open it.
async fn link(
    public: &Public,
    token: &Token,
    receipt: &Receipt,
    tongue: Tongue,
) -> Result<Option<PrivateLinkView>, StoreError> {
    let (Some(url), Some(ReceiptEnquiry { id, .. })) = (&public.settings().public_url, &receipt.enquiry)
    else {
        return Ok(None);
    };
    let doors = public.doors();
    let now = doors.clock.now();
    let secret = token.private_link(&doors.secret);
    let hash = hash_token(&secret);
    let until = now + public.settings().link_time;
    doors.store.private_link_make(*id, &hash, GivenBy::Receipt, until, now).await?;
    let Some(link) = doors.store.private_link_find(&hash, now).await? else { return Ok(None) };
    let can_get_code = link.contacts.iter().any(|contact| public.way_to(contact).is_some());
    let hint = match (link.has_word, can_get_code) {
        (true, _) => "receipt.private_hint_word",
        (false, true) => "receipt.private_hint_code",
        (false, false) => return Ok(None),
    };
    let path = format!("{}/{}", private::path(tongue), URL_SAFE_NO_PAD.encode(secret));
    Ok(Some(PrivateLinkView {
        url: format!("{url}{path}"),
        path,
        hint: public.words(tongue).t(hint).to_owned(),
    }))
}

fn show_receipt(
    public: &Public,
    headers: &HeaderMap,
    tongue: Tongue,
    receipt: &Receipt,
    private: Option<PrivateLinkView>,
) -> Response {
    let words = public.words(tongue);
    let page = public.page(tongue, words.t("receipt.title"), "", None);
    let enquiry = receipt.enquiry.as_ref().filter(|_| receipt.disposition == Disposition::Enquiry);
    let filed = enquiry.map(|enquiry| {
        let day = page.day(enquiry.reply_by);
        FiledView {
            reference: enquiry.reference.as_str().to_owned(),
            reply_by: words.with("receipt.reply_by", &[("dato", &day)]),
            answer: words.with("receipt.answer", &[("dato", &day)]),
        }
    });
    let (day, time) = page.moment(receipt.received_at);
    let closed = receipt.closed.as_ref().map(|closed| {
        let through = written_short(closed.through, words.language);
        let first = words.with("receipt.closed", &[("luk", &through)]);
        let second = match &closed.substitute {
            Some(name) => words.with("receipt.closed_substitute", &[("navn", name)]),
            None => words.t("receipt.closed_nobody").to_owned(),
        };
        format!("{first} {second}")
    });
    let acknowledged = filed.as_ref().and(receipt.acknowledged_by).and_then(|channel| match channel {
        Channel::Email => Some(words.t("receipt.sent_email").to_owned()),
        Channel::Sms => Some(words.t("receipt.sent_sms").to_owned()),
        _ => None,
    });
    let talk = if page.site.phone_hours.is_some() { "receipt.talk" } else { "receipt.talk_short" };
    let more = filed.as_ref().map(|filed| match receipt.acknowledged_by {
        Some(Channel::Email) => words.with("receipt.more_email", &[("ref", &filed.reference)]),
        _ => words.t("receipt.more_call").to_owned(),
    });
    let days = page.site.working_days.to_string();
    let view = ReceiptPage {
        heading: words.t(if filed.is_some() { "receipt.heading" } else { "receipt.held_heading" }).to_owned(),
        held_text: words.with("receipt.held_text", &[("antal", &days)]),
        filed,
        acknowledged,
        closed,
        received: words.with("receipt.received", &[("dato", &day), ("tid", &time)]),
        talk: words.t(talk).to_owned(),
        private,
        more,
        page,
    };
    public.answer(headers, StatusCode::OK, Sort::Private, &view)
}

/// A long page.
#[derive(Clone, Copy)]
enum Long {
    Privacy,
    Accessibility,
}

impl Long {
    fn page(self, public: &Public, headers: &HeaderMap, tongue: Tongue) -> Response {
        let words = public.words(tongue);
        let (long, own, other) = match self {
            Self::Privacy => (&words.privacy, "/privatliv", "/en/privacy"),
            Self::Accessibility => (&words.accessibility, "/tilgaengelighed", "/en/accessibility"),
        };
        let (own, other) = tongue.pick((own, other), (other, own));
        let view =
            InfoPage { page: public.page(tongue, &long.title, own, Some(other)), body: long.body.clone() };
        public.answer(headers, StatusCode::OK, Sort::Open, &view)
    }
}
