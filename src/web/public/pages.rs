//! What all handlers of the citizens' pages share: the state, and how a page becomes an answer.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use askama::Template;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use indgang_channels::message::Address;
use tokio::sync::Semaphore;

use super::door::{Doors, Settings};
use super::headers::{Headers, Sort};
use super::limits::Limits;
use super::views::{Page, ProblemPage, Site};
use crate::domain::network::Network;
use crate::store::StoreError;
use crate::texts::PageWords;
use crate::web::assets::{Assets, compressed};
use crate::web::caller;

/// Words that are tried at a time: each takes 19 MiB and a core for a moment.
const TRIED_AT_ONCE: usize = 2;
/// Files that are on their way at a time, all together, in KiB: the rest waits its turn.
const UPLOADS: usize = 512 << 10;

/// What the handlers share. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Public(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    doors: Doors,
    settings: Settings,
    danish: Arc<PageWords>,
    english: Arc<PageWords>,
    /// `None` while the municipality's name or number is not set.
    site: Option<Arc<Site>>,
    assets: Assets,
    headers: Headers,
    trusted: Vec<Network>,
    sent: Limits,
    tried: Limits,
    words_tried: Semaphore,
    uploads: Semaphore,
}

/// What the pages are made of.
pub struct Parts {
    /// What they are given from outside.
    pub doors: Doors,
    /// How the office wants the form.
    pub settings: Settings,
    /// The words: Danish, English.
    pub words: [PageWords; 2],
    /// What they say of the office; `None` while that is not set up.
    pub site: Option<Site>,
    /// Styles and scripts.
    pub assets: Assets,
    /// What they tell the browser.
    pub headers: Headers,
    /// Proxies whose word is believed.
    pub trusted: Vec<Network>,
    /// Counts what is sent.
    pub sent: Limits,
    /// Counts tries to open a page.
    pub tried: Limits,
}

/// A language of the pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tongue {
    /// *Dansk*.
    Danish,
    /// English.
    English,
}

impl Tongue {
    /// Its code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Danish => "da",
            Self::English => "en",
        }
    }

    /// One of two.
    pub fn pick<T>(self, danish: T, english: T) -> T {
        match self {
            Self::Danish => danish,
            Self::English => english,
        }
    }
}

impl Public {
    /// Puts the parts together.
    pub fn new(parts: Parts) -> Self {
        let [danish, english] = parts.words;
        Self(Arc::new(Inner {
            doors: parts.doors,
            settings: parts.settings,
            danish: Arc::new(danish),
            english: Arc::new(english),
            site: parts.site.map(Arc::new),
            assets: parts.assets,
            headers: parts.headers,
            trusted: parts.trusted,
            sent: parts.sent,
            tried: parts.tried,
            words_tried: Semaphore::new(TRIED_AT_ONCE),
            uploads: Semaphore::new(UPLOADS),
        }))
    }

    /// What is given from outside.
    pub fn doors(&self) -> &Doors {
        &self.0.doors
    }

    /// How the office wants the form.
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// The styles and scripts.
    pub fn assets(&self) -> &Assets {
        &self.0.assets
    }

    /// Counts what is sent.
    pub fn sent(&self) -> &Limits {
        &self.0.sent
    }

    /// Counts tries to open a page.
    pub fn tried(&self) -> &Limits {
        &self.0.tried
    }

    /// Room to try a word in.
    pub fn words_tried(&self) -> &Semaphore {
        &self.0.words_tried
    }

    /// Room for files on their way, in KiB.
    pub fn uploads(&self) -> &Semaphore {
        &self.0.uploads
    }

    /// The words of a language.
    pub fn words(&self, tongue: Tongue) -> &Arc<PageWords> {
        tongue.pick(&self.0.danish, &self.0.english)
    }

    /// Whether there is a form.
    pub fn is_set_up(&self) -> bool {
        self.0.site.is_some()
    }

    /// Whether cookies can be kept to encrypted connections.
    pub fn is_https(&self) -> bool {
        self.settings().public_url.as_ref().is_some_and(|url| url.starts_with("https://"))
    }

    /// The caller's address.
    pub fn caller(&self, peer: SocketAddr, headers: &HeaderMap) -> IpAddr {
        let forwarded: Vec<&str> =
            headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok()).collect();
        caller::address(peer.ip(), &forwarded, &self.0.trusted)
    }

    /// A page of which only the title and the addresses are known yet.
    pub fn page(&self, tongue: Tongue, title: &str, path: &str, other: Option<&str>) -> Page {
        let unset = || {
            Arc::new(Site {
                municipality: self.words(tongue).t("site.adviser").to_owned(),
                phone: String::new(),
                phone_dial: String::new(),
                phone_hours: None,
                text_number: None,
                mail: None,
                address: None,
                about_url: None,
                working_days: 0,
            })
        };
        Page {
            lang: tongue.code(),
            title: title.to_owned(),
            path: path.to_owned(),
            other_language: other.map(str::to_owned),
            site: self.0.site.clone().unwrap_or_else(unset),
            words: Arc::clone(self.words(tongue)),
            assets: self.0.assets.clone(),
        }
    }

    /// A page as an answer. What belongs to one enquiry is not compressed: how well it compresses would tell something of
    /// it to whoever can make the page say a word of their own (BREACH).
    pub fn answer(
        &self,
        request: &HeaderMap,
        status: StatusCode,
        sort: Sort,
        page: &impl Template,
    ) -> Response {
        let Ok(html) = page.render() else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
        let mut response = match sort {
            Sort::Open => compressed(request, html),
            Sort::Private => html.into_response(),
        };
        response.headers_mut().remove(header::CONTENT_TYPE);
        *response.status_mut() = status;
        self.0.headers.put(sort, response)
    }

    /// A page that says what cannot be done: the words `{what}_heading` and `{what}_text`.
    pub fn say(&self, request: &HeaderMap, tongue: Tongue, status: StatusCode, what: &str) -> Response {
        self.say_with(request, tongue, status, what, &[])
    }

    /// The same with values in the text.
    pub fn say_with(
        &self,
        request: &HeaderMap,
        tongue: Tongue,
        status: StatusCode,
        what: &str,
        values: &[(&str, &str)],
    ) -> Response {
        let words = self.words(tongue);
        let text = words.with(&format!("{what}_text"), values);
        // Some say the number by themselves.
        let number = self.0.site.as_ref().map(|site| site.phone.as_str());
        let page = ProblemPage {
            page: self.page(tongue, words.t(&format!("{what}_heading")), "", None),
            calls: number.is_some_and(|number| !text.contains(number)),
            text,
            goes_home: self.is_set_up(),
        };
        self.answer(request, status, Sort::Private, &page)
    }

    /// The same for what the database did not do.
    pub fn failed(&self, request: &HeaderMap, tongue: Tongue, error: &StoreError) -> Response {
        tracing::error!(%error, "a page could not be shown");
        self.say(request, tongue, StatusCode::SERVICE_UNAVAILABLE, "problem.failed")
    }

    /// How something can be sent to an address, unless it is one of our own or none that gets automatic texts.
    pub fn way_to(&self, address: &Address) -> Option<&indgang_channels::message::AnswerWay> {
        let settings = self.settings();
        if settings.own_addresses.contains(&address.key()) {
            return None;
        }
        if let Address::Phone(number) = address
            && indgang_channels::sms::read::why_no_text(number, &settings.own_addresses, &settings.foreign)
                .is_some()
        {
            return None;
        }
        settings.way_to(address)
    }
}

/// Whether a request was made by a page of ours. Browsers say so by themselves (Fetch Metadata, or the Origin of RFC
/// 6454); one so old that it says neither is kept out by its cookie's SameSite or not at all.
pub fn is_from_here(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    match (text("origin"), text("host")) {
        (Some(origin), Some(host)) => origin.split_once("://").is_some_and(|(_, rest)| rest == host),
        (Some(_), None) => false,
        (None, _) => true,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::ours(&[("sec-fetch-site", "same-origin")], true)]
    #[case::typed(&[("sec-fetch-site", "none")], true)]
    #[case::a_sister(&[("sec-fetch-site", "same-site")], false)]
    #[case::anothers(&[("sec-fetch-site", "cross-site")], false)]
    #[case::older(&[("origin", "https://br.example"), ("host", "br.example")], true)]
    #[case::older_anothers(&[("origin", "https://evil.example"), ("host", "br.example")], false)]
    #[case::hidden(&[("origin", "null"), ("host", "br.example")], false)]
    #[case::alike(&[("origin", "https://br.example.evil"), ("host", "br.example")], false)]
    #[case::silent(&[("host", "br.example")], true)]
    fn a_request_is_from_here(#[case] said: &[(&'static str, &'static str)], #[case] expected: bool) {
        let mut headers = HeaderMap::new();
        for (name, value) in said {
            headers.insert(*name, value.parse().unwrap());
        }
        assert_eq!(is_from_here(&headers), expected);
    }
}
