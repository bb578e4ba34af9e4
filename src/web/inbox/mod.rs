//! The adviser's side: the shared inbox, behind signing in.
//!
//! Every request passes one guard ([`guard`]): the route must stand in the [`table`], whoever asks must be signed in and
//! allowed, and what changes something must come from a page of ours. Handlers are handed a [`Seat`] and need ask no more;
//! which enquiries somebody sees is kept by the store.

pub mod act;
pub mod activities;
pub mod annual;
pub mod codes;
pub mod compose;
pub mod doors;
pub mod enquiry;
pub mod enter;
pub mod figures;
pub mod files;
pub mod history;
pub mod list;
pub mod live;
pub mod oidc;
pub mod passkeys;
pub mod programs;
pub mod second;
pub mod settings;
pub mod shelf;
pub mod signin;
pub mod table;
pub mod views;
pub mod written;

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use askama::Template;
use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Router, middleware};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

use crate::domain::account::{Account, Act, may};
use crate::domain::calendar;
use crate::domain::enquiry::EnquiryId;
use crate::domain::network::Network;
use crate::store::StoreError;
use crate::store::inbox::Actor;
use crate::store::inbox::change::Seen;
use crate::store::inbox::list::Counts;
use crate::store::sessions::SignedIn;
use crate::texts::{InboxWords, TextLanguage};
use crate::web::assets::Assets;
use crate::web::caller;
use crate::web::public::headers::{Headers, Sort};
use crate::web::public::limits::Limits;
use crate::web::public::pages::is_from_here;
use doors::{Doors, Settings};
use table::Need;
use views::{Problem, Shell};

/// Passwords that are tried at a time: each takes 19 MiB and a core for a moment.
const TRIED_AT_ONCE: usize = 2;
/// What a form may hold beside files, in bytes.
const LARGEST_FORM: usize = 2 << 20;

/// What the handlers share. Cheap to clone.
#[derive(Clone)]
pub struct Inbox(Arc<Inner>);

struct Inner {
    doors: Doors,
    settings: Settings,
    danish: Arc<InboxWords>,
    english: Arc<InboxWords>,
    assets: Assets,
    headers: Headers,
    trusted: Vec<Network>,
    tried: Limits,
    hashing: Semaphore,
    setting: Semaphore,
}

/// What the inbox is made of.
pub struct Parts {
    /// What it is given from outside.
    pub doors: Doors,
    /// How the office wants it.
    pub settings: Settings,
    /// Its words: Danish, English.
    pub words: [InboxWords; 2],
    /// Styles and scripts.
    pub assets: Assets,
    /// What its pages tell the browser.
    pub headers: Headers,
    /// Proxies whose word is believed.
    pub trusted: Vec<Network>,
    /// Counts tries to sign in.
    pub tried: Limits,
}

/// Somebody who is signed in and allowed what they ask for.
#[derive(Clone)]
pub struct Seat {
    /// Who.
    pub signed_in: SignedIn,
    /// The same for the store.
    pub actor: Actor,
}

impl Seat {
    /// The account.
    pub fn account(&self) -> &Account {
        &self.signed_in.account
    }
}

impl Inbox {
    /// Puts the parts together.
    pub fn new(parts: Parts) -> Self {
        let [danish, english] = parts.words;
        Self(Arc::new(Inner {
            doors: parts.doors,
            settings: parts.settings,
            danish: Arc::new(danish),
            english: Arc::new(english),
            assets: parts.assets,
            headers: parts.headers,
            trusted: parts.trusted,
            tried: parts.tried,
            hashing: Semaphore::new(TRIED_AT_ONCE),
            setting: Semaphore::new(1),
        }))
    }

    fn doors(&self) -> &Doors {
        &self.0.doors
    }

    /// Whose turn it is to set a report.
    fn setting(&self) -> &Semaphore {
        &self.0.setting
    }

    fn settings(&self) -> &Settings {
        &self.0.settings
    }

    fn now(&self) -> Timestamp {
        self.0.doors.clock.now()
    }

    fn today(&self) -> jiff::civil::Date {
        calendar::local(self.now()).date()
    }

    fn words(&self, language: &str) -> &Arc<InboxWords> {
        if language == "en" { &self.0.english } else { &self.0.danish }
    }

    fn caller(&self, peer: SocketAddr, headers: &HeaderMap) -> IpAddr {
        let forwarded: Vec<&str> =
            headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok()).collect();
        caller::address(peer.ip(), &forwarded, &self.0.trusted)
    }

    /// A random word for what is done once: 128 bits.
    fn token(&self) -> String {
        (self.0.doors.draw)().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
    }

    /// What surrounds every page.
    fn shell(&self, seat: Option<&Seat>, title: &str, nav: &'static str) -> Shell {
        let language = seat.map_or("da", |seat| seat.account().language.as_str());
        let words = Arc::clone(self.words(language));
        let allowed = |act| seat.is_some_and(|seat| may(seat.account().role, act));
        Shell {
            lang: words.language.as_str(),
            english: words.language == TextLanguage::English,
            title: title.to_owned(),
            nav,
            municipality: self.settings().municipality.clone(),
            name: seat.map(|seat| seat.account().name.clone()).unwrap_or_default(),
            initials: seat.map(|seat| seat.account().initials()).unwrap_or_default(),
            single_keys: seat.is_some_and(|seat| seat.account().single_keys),
            is_adviser: allowed(Act::Accounts),
            has_inbox: allowed(Act::List),
            has_figures: allowed(Act::Figures),
            has_operations: allowed(Act::Operations),
            idle_seconds: self.settings().idle.as_secs(),
            question: String::new(),
            toast: None,
            words,
            assets: self.0.assets.clone(),
        }
    }

    /// A page as an answer. Never compressed: what belongs to one enquiry stands on nearly all of them (BREACH).
    fn answer(&self, status: StatusCode, page: &impl Template) -> Response {
        let Ok(html) = page.render() else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
        let mut response = html.into_response();
        response.headers_mut().remove(header::CONTENT_TYPE);
        *response.status_mut() = status;
        self.0.headers.put(Sort::Private, response)
    }

    /// A page that says what cannot be done.
    fn say(&self, seat: Option<&Seat>, status: StatusCode, what: &str) -> Response {
        let language = seat.map_or("da", |seat| seat.account().language.as_str());
        let words = self.words(language);
        let heading = words.t(&format!("problem.{what}")).to_owned();
        let text = words.t(&format!("problem.{what}_text")).to_owned();
        let shell = self.shell(seat, &heading, "");
        self.answer(status, &Problem { heading, text, shell })
    }

    /// The database did not answer.
    fn failed(&self, seat: Option<&Seat>, error: &StoreError) -> Response {
        tracing::error!(%error, "a page of the inbox cannot be shown");
        self.say(seat, StatusCode::SERVICE_UNAVAILABLE, "busy")
    }

    fn missing(&self, seat: &Seat) -> Response {
        self.say(Some(seat), StatusCode::NOT_FOUND, "missing")
    }

    /// The counts of the views, or none where they cannot be had: a number is no reason to show nothing.
    async fn counts(&self, seat: &Seat) -> Counts {
        self.doors().store.enquiries_count(&seat.actor, self.today()).await.unwrap_or_default()
    }

    fn cookie_name(&self) -> &'static str {
        if self.settings().https { "__Host-indbakke" } else { "indbakke" }
    }

    fn set_cookie(&self, value: &str) -> String {
        let secure = if self.settings().https { "; Secure" } else { "" };
        let ends = if value.is_empty() { "; Max-Age=0" } else { "" };
        format!("{}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{ends}", self.cookie_name())
    }

    fn cookie_value<'a>(&self, headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
        let values = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        values
            .flat_map(|value| value.split(';'))
            .find_map(|pair| pair.trim().split_once('=').filter(|(one, _)| *one == name))
            .map(|(_, value)| value)
    }

    fn cookie(&self, headers: &HeaderMap) -> Option<[u8; 32]> {
        let value = self.cookie_value(headers, self.cookie_name())?;
        let secret = URL_SAFE_NO_PAD.decode(value).ok()?;
        (secret.len() == 32).then(|| Sha256::digest(&secret).into())
    }

    async fn seat(&self, headers: &HeaderMap, by_itself: bool) -> Result<Option<Seat>, StoreError> {
        let Some(hash) = self.cookie(headers) else { return Ok(None) };
        let idle = (!by_itself).then_some(self.settings().idle);
        let seen = self.doors().store.session_see(&hash, idle, self.now()).await?;
        Ok(seen.map(|signed_in| {
            let actor = Actor { account: signed_in.account.id, scope: signed_in.account.scope() };
            Seat { signed_in, actor }
        }))
    }
}

/// The one door of the inbox.
async fn guard(State(inbox): State<Inbox>, mut request: Request, next: Next) -> Response {
    let headers = request.headers().clone();
    let path =
        request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned()).unwrap_or_default();
    let Some(need) = table::need(request.method(), &path) else {
        return inbox.say(None, StatusCode::NOT_FOUND, "missing");
    };
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD);
    if changes && !is_ours(&headers) {
        return inbox.say(None, StatusCode::FORBIDDEN, "foreign");
    }
    let seat = match inbox.seat(&headers, is_quiet(&path)).await {
        Ok(seat) => seat,
        Err(error) => return inbox.failed(None, &error),
    };
    if !table::opens(seat.as_ref().map(|seat| seat.account().role), need) {
        return match seat {
            Some(seat) => inbox.say(Some(&seat), StatusCode::FORBIDDEN, "forbidden"),
            None if is_quiet(&path) => StatusCode::UNAUTHORIZED.into_response(),
            None => signin::ask_again(&inbox, request).await,
        };
    }
    if let Some(seat) = seat {
        // Whoever does not see an enquiry learns nothing from what its forms refuse.
        if changes && let Some(enquiry) = enquiry_of(request.uri().path()) {
            match inbox.doors().store.enquiry_row(&seat.actor, enquiry).await {
                Ok(Some(_)) => {}
                Ok(None) => return inbox.missing(&seat),
                Err(error) => return inbox.failed(Some(&seat), &error),
            }
        }
        request.extensions_mut().insert(seat);
    } else if need != Need::Nobody {
        return inbox.say(None, StatusCode::FORBIDDEN, "forbidden");
    }
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| *peer);
    let caller = peer.map(|peer| inbox.caller(peer, &headers));
    request.extensions_mut().insert(Caller(caller));
    next.run(request).await
}

/// The enquiry that an address is about.
fn enquiry_of(path: &str) -> Option<EnquiryId> {
    path.strip_prefix("/indbakke/h/")?.split('/').next()?.parse().ok().map(EnquiryId)
}

/// The caller's address, for counting alone.
#[derive(Clone, Copy)]
struct Caller(Option<IpAddr>);

/// Whether a form that changes something was sent from a page of ours: a browser says where it comes from (RFC 6454), and
/// what does not say so is not a browser that anybody signs in with.
fn is_ours(headers: &HeaderMap) -> bool {
    let says = headers.contains_key("sec-fetch-site") || headers.contains_key(header::ORIGIN);
    says && is_from_here(headers)
}

/// What a script asks for: it is answered with a status, not with a page.
fn is_quiet(path: &str) -> bool {
    matches!(path, "/indbakke/nyt" | "/indbakke/tal" | "/indbakke/h/{id}/her")
}

/// Fields of a form, in order.
type Fields = axum::Form<Vec<(String, String)>>;

/// A field by name; empty when it is not there.
fn field<'a>(fields: &'a [(String, String)], name: &str) -> &'a str {
    fields.iter().find(|(one, _)| one == name).map_or("", |(_, value)| value.as_str())
}

/// All values of a field.
fn all<'a>(fields: &'a [(String, String)], name: &str) -> Vec<&'a str> {
    fields.iter().filter(|(one, _)| one == name).map(|(_, value)| value.as_str()).collect()
}

/// How far the page went that a form was sent from.
fn seen(fields: &[(String, String)]) -> Option<Seen> {
    let message = field(fields, "siden").parse().ok()?;
    Some(Seen { message, sent: field(fields, "set").parse().unwrap_or(i64::MAX) })
}

/// After something was done: on to a page, by GET.
fn on_to(path: &str) -> Response {
    // Only within the inbox, whatever a form says.
    let inside = path == "/indbakke" || path.starts_with("/indbakke/") || path.starts_with("/indbakke?");
    let plain = path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    Redirect::to(if inside && plain { path } else { "/indbakke" }).into_response()
}

/// All routes of the inbox.
pub fn routes(inbox: Inbox) -> Router {
    let one = |path: &str| format!("/indbakke/h/{{id}}{path}");
    Router::new()
        .route("/indbakke/log-ind", get(signin::page).post(signin::enter))
        .route("/indbakke/log-ind/kommune", get(oidc::back).post(oidc::begin))
        .route("/indbakke/log-ind/kode", get(second::page).post(second::enter))
        .route("/indbakke/log-ind/noegle/begynd", post(passkeys::start))
        .route("/indbakke/log-ind/noegle", post(passkeys::enter))
        .route("/indbakke/velkommen/{token}", get(signin::welcome).post(signin::first))
        .route("/indbakke/log-ud", post(signin::leave))
        .route("/indbakke", get(list::page))
        .route(&one(""), get(enquiry::page))
        .route(&one("/besked/{arrival}/original"), get(files::original))
        .route(&one("/besked/{arrival}/visning"), get(files::shown))
        .route(&one("/moede/{note}"), get(files::invitation))
        .route(&one("/besked/{arrival}/fil/{number}"), get(files::file))
        .route(&one("/sendt/{file}"), get(files::sent))
        .route(&one("/log"), get(settings::log_of))
        .route(&one("/trin"), post(act::step))
        .route(&one("/svar"), post(compose::send))
        .route(&one("/kladde"), post(compose::save))
        .route(&one("/fil"), post(compose::attach))
        .route(&one("/note"), post(act::note))
        .route(&one("/note/{note}/fjern"), post(act::note_remove))
        .route(&one("/set"), post(act::settle))
        .route(&one("/afslut"), post(compose::close))
        .route(&one("/forsinkelse"), post(compose::delay))
        .route(&one("/videresend"), post(compose::forward))
        .route(&one("/samtykke"), post(act::consent))
        .route(&one("/opdel"), post(act::split))
        .route(&one("/saml"), post(act::join))
        .route(&one("/tilbage"), post(compose::take_back))
        .route(&one("/person"), post(act::person))
        .route(&one("/adgang"), post(act::grant))
        .route(&one("/slet"), post(act::erase))
        .route(&one("/her"), post(live::here))
        .route("/indbakke/fortryd", post(act::undo))
        .route("/indbakke/valgte", post(act::chosen))
        .route("/indbakke/soeg", post(list::search))
        .route("/indbakke/hold", get(shelf::page))
        .route("/indbakke/hold/{arrival}", get(shelf::item).post(shelf::decide))
        .route("/indbakke/hold/{arrival}/original", get(shelf::original))
        .route("/indbakke/ny", get(enter::page).post(enter::enter))
        .route("/indbakke/nyt", get(live::events))
        .route("/indbakke/tal", get(live::numbers))
        .route("/indbakke/blokering", post(settings::block))
        .route("/indbakke/visninger", post(settings::views))
        .route("/indbakke/indstillinger", get(settings::page).post(settings::save))
        .route("/indbakke/koder", get(codes::page).post(codes::change))
        .route("/indbakke/noegler", get(passkeys::page).post(passkeys::change))
        .route("/indbakke/noegler/begynd", post(passkeys::begin))
        .route("/indbakke/standardtekster", post(settings::texts))
        .route("/indbakke/konti", get(settings::accounts).post(settings::account))
        .route("/indbakke/programmer", get(programs::page).post(programs::decide))
        .route("/indbakke/log", get(settings::log))
        .route("/indbakke/statistik", get(figures::page))
        .route("/indbakke/statistik/hent", get(figures::file))
        .route("/indbakke/statistik/billede/{name}", get(figures::picture))
        .route("/indbakke/aktiviteter", get(activities::page).post(activities::change))
        .route("/indbakke/historik", get(history::page).post(history::change))
        .route("/indbakke/historik/skabelon", get(history::template))
        .route("/indbakke/beretning", get(annual::page).post(annual::save))
        .route("/indbakke/beretning/hent", get(annual::file))
        .route("/indbakke/drift", get(settings::operations))
        .route("/indbakke/genveje", get(settings::keys))
        .layer(axum::extract::DefaultBodyLimit::max(
            LARGEST_FORM.max(inbox.settings().most_file_bytes + LARGEST_FORM),
        ))
        .route_layer(middleware::from_fn_with_state(inbox.clone(), guard))
        .with_state(inbox)
}
