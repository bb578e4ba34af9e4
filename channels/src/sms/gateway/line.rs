//! One request to a gateway and its whole answer, or how far it came.
//!
//! Knows no preset. What it tells apart is the one thing that decides whether a text may be sent again: whether anything
//! can have reached the gateway. Every error is in words of our own: those of the client's hold the address, in which
//! some gateways want the account's secret and the citizen's number.

use std::error::Error;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use crate::email::tls;
use crate::sms::wire::Request;

/// What we call ourselves. Without a version and without a name of the office's: a gateway passes requests on and keeps
/// them.
const USER_AGENT: &str = "indgang";

/// A gateway's answer, complete.
pub(super) struct Reply {
    pub(super) status: u16,
    /// Names in lower case; what is no text is left out.
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl Reply {
    /// The first header field of a name, which is given in lower case.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(one, _)| one == name).map(|(_, value)| value.as_str())
    }
}

/// How far a request came that has no whole answer.
pub(super) enum Failure {
    /// It could not be made from what the preset and the configuration say. Nothing left the house.
    NotMade(String),
    /// There was no connection, so nothing was handed over.
    NoConnection(String),
    /// The connection stood and then something went wrong: nobody knows what the gateway has done.
    Broken {
        words: String,
        /// What there was of the answer's body.
        received: Vec<u8>,
    },
}

/// The way to one gateway.
pub(super) struct Line {
    client: reqwest::Client,
    /// The address that the office itself has configured for the gateway.
    base: Option<Url>,
}

impl Line {
    /// # Errors
    /// When the certificates cannot be used, or no client can be made of it all.
    pub(super) fn new(
        base: Option<Url>,
        extra_ca: Option<&Path>,
        timeout: Duration,
    ) -> Result<Self, tls::TlsError> {
        let tls = tls::client_config(extra_ca)?;
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(Arc::unwrap_or_clone(tls))
            .user_agent(USER_AGENT)
            .timeout(timeout)
            // Shorter than the whole, so that a connection that does not come about is never taken for an answer that
            // does not come: the one may be tried again, the other not.
            .connect_timeout(timeout / 2)
            // A text that meets a connection which the other side has just closed would be neither sent nor not sent:
            // nobody could tell, and a person would have to look. A handshake per text is cheap at this volume.
            .pool_max_idle_per_host(0)
            // Nor may the client try anything again on its own.
            .retry(reqwest::retry::never())
            // A redirect would carry the secret and the text to an address that nobody configured.
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            // What stands in the environment of a service is no decision of the office's.
            .no_proxy()
            .http1_only()
            .build()
            .map_err(|_| rustls::Error::General("no HTTP client can be made".to_owned()))?;
        Ok(Self { client, base })
    }

    /// Makes the request and reads its answer, of which the body may have `cap` bytes.
    pub(super) async fn exchange(&self, request: &Request, cap: usize) -> Result<Reply, Failure> {
        let made = self.made(request).map_err(|words| Failure::NotMade(words.to_owned()))?;
        let mut response = self.client.execute(made).await.map_err(|error| failure(&error, Vec::new()))?;
        let status = response.status().as_u16();
        let headers = response.headers().iter();
        let headers = headers
            .filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned())));
        let headers = headers.collect();
        let mut body = Vec::new();
        loop {
            match response.chunk().await {
                Ok(None) => return Ok(Reply { status, headers, body }),
                Ok(Some(chunk)) if body.len() + chunk.len() <= cap => body.extend_from_slice(&chunk),
                Ok(Some(_)) => {
                    let words = format!("HTTP {status} with more than {cap} bytes");
                    return Err(Failure::Broken { words, received: body });
                }
                Err(error) => {
                    let words = format!("HTTP {status}, but {}", after_connecting(&error));
                    return Err(Failure::Broken { words, received: body });
                }
            }
        }
    }

    /// The address of a request, if it is one that may be asked.
    pub(super) fn address(&self, request: &Request) -> Result<Url, &'static str> {
        let url = Url::parse(&request.url).map_err(|_| "the gateway's address cannot be read")?;
        if self.may_be_asked(&url) {
            Ok(url)
        } else {
            Err("the gateway's address does not begin with https://")
        }
    }

    fn made(&self, request: &Request) -> Result<reqwest::Request, &'static str> {
        let url = self.address(request)?;
        let method = match request.method {
            "GET" => reqwest::Method::GET,
            "POST" => reqwest::Method::POST,
            _ => return Err("the preset asks for a method other than GET and POST"),
        };
        let mut headers = HeaderMap::with_capacity(request.headers.len());
        for (name, value) in &request.headers {
            let name = HeaderName::try_from(name).map_err(|_| "the preset names no possible header field")?;
            let mut value = HeaderValue::try_from(value).map_err(
                |_| "a header field would hold a line break or the like: look at the account's credentials",
            )?;
            // Any of them may hold the secret: gateways have names of their own for it.
            value.set_sensitive(true);
            headers.append(name, value);
        }
        let mut made = reqwest::Request::new(method, url);
        *made.headers_mut() = headers;
        if !request.body.is_empty() || request.method == "POST" {
            *made.body_mut() = Some(request.body.clone().into());
        }
        Ok(made)
    }

    /// In clear only to this machine itself, or where the office has written `http` into its own configuration (a Kannel
    /// in its own network); never because a preset says so, nor because a value has slipped into the host.
    fn may_be_asked(&self, url: &Url) -> bool {
        match url.scheme() {
            "https" => true,
            "http" => {
                url.host_str().is_some_and(tls::is_loopback)
                    || self.base.as_ref().is_some_and(|base| url.origin() == base.origin())
            }
            _ => false,
        }
    }
}

fn failure(error: &reqwest::Error, received: Vec<u8>) -> Failure {
    if error.is_builder() {
        Failure::NotMade("the request cannot be made".to_owned())
    } else if error.is_connect() {
        Failure::NoConnection(before_connecting(error))
    } else {
        Failure::Broken { words: after_connecting(error).to_owned(), received }
    }
}

/// Why there was no connection.
fn before_connecting(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return "no connection in time".to_owned();
    }
    for cause in causes(error) {
        if let Some(words) = cause.downcast_ref().and_then(tls_words) {
            return words;
        }
        if let Some(io) = cause.downcast_ref::<io::Error>() {
            if let Some(words) = io.get_ref().and_then(|inner| inner.downcast_ref()).and_then(tls_words) {
                return words;
            }
            if io.kind() == io::ErrorKind::ConnectionRefused {
                return "the connection was refused".to_owned();
            }
        }
        if cause.to_string() == "dns error" {
            return "the host's name was not found".to_owned();
        }
    }
    "no connection".to_owned()
}

/// TLS's own words are the operator's best help, and name hosts and dates at most.
fn tls_words(error: &rustls::Error) -> Option<String> {
    let words: String = error.to_string().chars().filter(|c| !c.is_control()).take(200).collect();
    Some(format!("TLS failed: {words}"))
}

fn after_connecting(error: &reqwest::Error) -> &'static str {
    if error.is_timeout() {
        return "no whole answer in time";
    }
    let broken = causes(error)
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|io| matches!(io.kind(), io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe));
    if broken { "the connection was reset" } else { "the connection ended or the answer was no HTTP" }
}

fn causes<'a>(error: &'a reqwest::Error) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(error.source(), |&cause| cause.source())
}
