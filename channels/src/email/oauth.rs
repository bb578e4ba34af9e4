//! Access tokens by client credentials (RFC 6749 section 4.4): Microsoft 365 lets a server log in in no other way.
//!
//! Knows nothing of mail. Keeps one token in memory, fetches the next before it runs out, and never shows either.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::tls;

/// Fetched anew this long before it runs out, so that a log-in never carries a token that expires on the way.
const MARGIN: Duration = Duration::from_secs(120);
/// Assumed when the server does not say how long a token holds (RFC 6749 section 5.1 lets it be silent).
const UNSTATED: Duration = Duration::from_secs(300);
/// The longest wait for the token endpoint.
const TIMEOUT: Duration = Duration::from_secs(20);
/// The largest answer that is read: an honest one is a few kilobytes.
const ANSWER_CAP: usize = 64 << 10;

/// Where and as whom a token is fetched.
#[derive(Clone, Debug)]
pub struct ClientCredentials {
    /// The token endpoint: https, or http on this machine itself.
    pub token_url: String,
    /// The application's name there.
    pub client_id: String,
    /// Its secret.
    pub client_secret: SecretString,
    /// What is asked for.
    pub scope: String,
    /// Certificates (PEM) to trust besides the system's.
    pub extra_ca: Option<std::path::PathBuf>,
}

/// Why there is no token. Names what to look at; never holds a secret or what the endpoint answered in full.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TokenError {
    /// The endpoint's address cannot be used.
    #[error("token_url must be an https address")]
    Url,
    /// TLS could not be set up.
    #[error(transparent)]
    Tls(#[from] tls::TlsError),
    /// The endpoint cannot be reached or does not answer in time.
    #[error("the token endpoint is out of reach ({0})")]
    Unreachable(&'static str),
    /// The endpoint refuses (RFC 6749 section 5.2).
    #[error("the token endpoint refused (HTTP {status}, {code})")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// The error code of the RFC, such as `invalid_client`; `no code` when there is none.
        code: String,
    },
    /// The endpoint answered something that is no token.
    #[error("the token endpoint's answer holds no access token")]
    Answer,
}

/// Hands out the current token, shared between connections.
#[derive(Clone)]
pub struct TokenSource(Arc<Inner>);

struct Inner {
    credentials: ClientCredentials,
    http: reqwest::Client,
    current: Mutex<Option<Token>>,
}

struct Token {
    secret: SecretString,
    good_until: Instant,
}

impl fmt::Debug for TokenSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenSource(…)")
    }
}

#[derive(Deserialize)]
struct Answer {
    access_token: String,
    expires_in: Option<u64>,
}

#[derive(Deserialize)]
struct Refusal {
    error: String,
}

impl TokenSource {
    /// A source that has asked for nothing yet.
    ///
    /// # Errors
    /// When the endpoint's address is neither https nor on this machine, or TLS cannot be set up.
    pub fn new(credentials: ClientCredentials) -> Result<Self, TokenError> {
        let url = reqwest::Url::parse(&credentials.token_url).map_err(|_| TokenError::Url)?;
        let safe = match url.scheme() {
            "https" => true,
            "http" => url.host_str().is_some_and(tls::is_loopback),
            _ => false,
        };
        if !safe {
            return Err(TokenError::Url);
        }
        let tls = tls::client_config(credentials.extra_ca.as_deref())?;
        let http = reqwest::Client::builder()
            .tls_backend_preconfigured(Arc::unwrap_or_clone(tls))
            .timeout(TIMEOUT)
            // A redirect would carry the client's secret to an address that nobody configured.
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|_| TokenError::Unreachable("no HTTP client"))?;
        Ok(Self(Arc::new(Inner { credentials, http, current: Mutex::new(None) })))
    }

    /// The current token, fetched when there is none that holds for a while. Callers who come together wait for one
    /// fetch.
    ///
    /// # Errors
    /// When the endpoint refuses or is out of reach and no token is left.
    pub async fn token(&self) -> Result<SecretString, TokenError> {
        let mut current = self.0.current.lock().await;
        if let Some(token) = current.as_ref()
            && Instant::now() < token.good_until
        {
            return Ok(token.secret.clone());
        }
        let token = self.fetch().await?;
        let secret = token.secret.clone();
        *current = Some(token);
        Ok(secret)
    }

    /// Forgets `refused`, which a server did not take. A newer one, fetched by somebody else meanwhile, is kept.
    pub async fn discard(&self, refused: &SecretString) {
        let mut current = self.0.current.lock().await;
        if current.as_ref().is_some_and(|token| token.secret.expose_secret() == refused.expose_secret()) {
            *current = None;
        }
    }

    async fn fetch(&self) -> Result<Token, TokenError> {
        let credentials = &self.0.credentials;
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", &credentials.client_id),
            ("client_secret", credentials.client_secret.expose_secret()),
            ("scope", &credentials.scope),
        ];
        let asked_at = Instant::now();
        let request = self.0.http.post(&credentials.token_url).form(&form);
        let mut response = request.send().await.map_err(|error| unreachable(&error))?;
        let status = response.status();
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| unreachable(&error))? {
            if body.len() + chunk.len() > ANSWER_CAP {
                return Err(TokenError::Answer);
            }
            body.extend_from_slice(&chunk);
        }
        if !status.is_success() {
            return Err(TokenError::Refused { status: status.as_u16(), code: refusal_code(&body) });
        }
        let answer: Answer = serde_json::from_slice(&body).map_err(|_| TokenError::Answer)?;
        // Control characters would break the log-in's own framing.
        if answer.access_token.is_empty() || !answer.access_token.bytes().all(|byte| byte.is_ascii_graphic())
        {
            return Err(TokenError::Answer);
        }
        let holds = answer.expires_in.map_or(UNSTATED, Duration::from_secs).min(Duration::from_secs(86_400));
        // One that holds for less than the margin is used for half its time rather than never.
        let use_for = holds.checked_sub(MARGIN).unwrap_or_default().max(holds / 2);
        Ok(Token { secret: answer.access_token.into(), good_until: asked_at + use_for })
    }
}

/// The RFC's error code, kept only when it looks like one: the answer is the other side's text.
fn refusal_code(body: &[u8]) -> String {
    serde_json::from_slice::<Refusal>(body)
        .ok()
        .map(|refusal| refusal.error)
        .filter(|code| code.len() <= 40 && code.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'))
        .unwrap_or_else(|| "no code".to_owned())
}

fn unreachable(error: &reqwest::Error) -> TokenError {
    TokenError::Unreachable(if error.is_timeout() {
        "no answer in time"
    } else if error.is_connect() {
        "no connection"
    } else {
        "the answer broke off"
    })
}
