//! Talks to one gateway: hands it texts, asks it for texts where it does not bring them, tries whether it can be reached.
//!
//! What is said stands in the gateway's preset; here is only how far it got. Never tries anything a second time and never
//! decides whether to: says whether a text was taken, was not taken, or whether nobody knows.

mod line;
mod reach;
#[cfg(test)]
mod tests;

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use reqwest::Url;

use self::line::{Failure, Line};
use super::preset::{Collecting, Preset};
use super::wire::{Credentials, Outcome, OutgoingText, Request};
use crate::email::tls::TlsError;

/// The largest answer that is read where a gateway only says whether it took a text: an honest one is a few hundred bytes.
const ANSWER_CAP: usize = 64 << 10;
/// The largest answer that is read where a gateway hands out what it keeps. Far more than a full list of the longest texts
/// (250 of ten parts are under 1 MiB), since a list that is given once and not read is lost.
const COLLECTED_CAP: usize = 8 << 20;

/// One account with one gateway.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The account's name in the configuration.
    pub name: String,
    /// What the gateway wants.
    pub preset: Preset,
    /// What the account is proved by.
    pub credentials: Credentials,
    /// Where the gateway is, in place of what the preset says. May be `http` where the preset allows it.
    pub base_url: Option<String>,
    /// Certificates (PEM) to trust besides the system's.
    pub extra_ca: Option<PathBuf>,
    /// The longest wait for a whole answer. Half of it is the longest wait for a connection.
    pub timeout: Duration,
}

/// Why a gateway could not be used. In words that name the account's settings, never an address with its secrets.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GatewayError {
    /// The configured address cannot be used.
    #[error("base_url must be an address that begins with https:// (http:// in one's own network)")]
    Address,
    /// TLS could not be set up.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// No request can be made of the preset and the account.
    #[error("{words}")]
    NotMade {
        /// What is missing.
        words: String,
    },
    /// There was no connection. Nothing was asked, and nothing is lost.
    #[error("the gateway is out of reach ({words})")]
    Unreachable {
        /// Why.
        words: String,
    },
    /// The gateway answered, and the answer was no. Nothing is lost.
    #[error("the gateway refused ({words})")]
    Refused {
        /// Its status and code.
        words: String,
    },
    /// The connection stood and no whole answer came. What a gateway hands out only once may be lost with it.
    #[error("the gateway's answer broke off ({words})")]
    Broken {
        /// What was seen.
        words: String,
        /// What there was of the answer, for a person to look at: it may hold texts that nobody else has any more.
        received: Remnant,
    },
    /// The preset has no way to ask for this.
    #[error("this gateway keeps nothing to be asked for: it calls us")]
    NothingToCollect,
}

/// The beginning of an answer that broke off.
#[derive(Clone, PartialEq, Eq)]
pub struct Remnant(pub Vec<u8>);

/// Counts only: it may hold what citizens wrote.
impl fmt::Debug for Remnant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Remnant({} bytes)", self.0.len())
    }
}

/// One account with one gateway, ready to be used.
pub struct Gateway {
    settings: Settings,
    line: Line,
}

/// The account's name and nothing of its credentials.
impl fmt::Debug for Gateway {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Gateway({}, {})", self.settings.name, self.settings.preset.name)
    }
}

impl Gateway {
    /// A gateway that nothing was said to yet.
    ///
    /// # Errors
    /// When the configured address is none, or the extra certificates cannot be used.
    pub fn new(settings: Settings) -> Result<Self, GatewayError> {
        let base = match &settings.base_url {
            None => None,
            Some(written) => Some(Url::parse(written).map_err(|_| GatewayError::Address)?),
        };
        if base.as_ref().is_some_and(|url| !matches!(url.scheme(), "https" | "http") || !url.has_host()) {
            return Err(GatewayError::Address);
        }
        let line = Line::new(base, settings.extra_ca.as_deref(), settings.timeout)?;
        Ok(Self { settings, line })
    }

    /// The account's name in the configuration.
    pub fn name(&self) -> &str {
        &self.settings.name
    }

    /// What the gateway wants.
    pub fn preset(&self) -> &Preset {
        &self.settings.preset
    }

    /// The account's credentials, for checking what the gateway sends.
    pub fn credentials(&self) -> &Credentials {
        &self.settings.credentials
    }

    /// Hands a text over, once.
    pub async fn send(&self, text: &OutgoingText<'_>) -> Outcome {
        let Settings { preset, credentials, .. } = &self.settings;
        let request = match preset.request(text, credentials, self.base_url()) {
            Ok(request) => request,
            Err(words) => return Outcome::Refused { words },
        };
        match self.line.exchange(&request, ANSWER_CAP).await {
            Ok(reply) => preset.interpret(reply.status, reply.header("retry-after"), &reply.body),
            Err(Failure::NotMade(words)) => Outcome::Refused { words },
            Err(Failure::NoConnection(words)) => Outcome::Unreachable { words },
            // Not even where the status was to be seen: a gateway that breaks off in the middle of an answer, or says far
            // more than it should, is not one whose first line settles whether a text was sent.
            Err(Failure::Broken { words, .. }) => Outcome::Unknown { words },
        }
    }

    /// Tries the gateway without sending anything. Says in words what was tried.
    ///
    /// # Errors
    /// When the gateway is out of reach or does not know the account.
    pub async fn check(&self) -> Result<String, GatewayError> {
        let Settings { preset, credentials, extra_ca, timeout, .. } = &self.settings;
        if let Some(request) = preset.check(credentials, self.base_url()) {
            let reply = self.exchange(request, ANSWER_CAP).await?;
            let passed = preset.check_passed(reply.status, &reply.body);
            passed.map_err(|words| GatewayError::Refused { words })?;
            return Ok("the gateway knows the account; nothing was sent".to_owned());
        }
        // A text that never leaves: where it would go is where to knock, and making it shows what the account lacks.
        let number = "+4512345678";
        let text = OutgoingText {
            to: number,
            from: number,
            text: "",
            token: "check",
            report_url: "https://check.invalid/",
        };
        let request = preset.request(&text, credentials, self.base_url());
        let request = request.map_err(|words| GatewayError::NotMade { words })?;
        let url =
            self.line.address(&request).map_err(|words| GatewayError::NotMade { words: words.to_owned() })?;
        reach::reach(&url, extra_ca.as_deref(), *timeout).await?;
        Ok("a connection was opened, and no more: this gateway's account cannot be tried without sending"
            .to_owned())
    }

    /// Asks for what the gateway keeps, and gives its answer's body, for [`Preset::collected`]. Gateways hand an item out
    /// once: the caller stores the body's items before it asks again, and is alone in asking.
    ///
    /// # Errors
    /// When there is no whole good answer; [`GatewayError::Broken`] holds what came of one.
    pub async fn collect(&self, what: Collecting) -> Result<Vec<u8>, GatewayError> {
        let Settings { preset, credentials, .. } = &self.settings;
        let request =
            preset.collect(what, credentials, self.base_url()).ok_or(GatewayError::NothingToCollect)?;
        let reply = self.exchange(request, COLLECTED_CAP).await?;
        match reply.status {
            200..=299 => Ok(reply.body),
            status => Err(GatewayError::Refused { words: format!("HTTP {status}") }),
        }
    }

    fn base_url(&self) -> Option<&str> {
        self.settings.base_url.as_deref()
    }

    async fn exchange(
        &self,
        request: Result<Request, String>,
        cap: usize,
    ) -> Result<line::Reply, GatewayError> {
        let request = request.map_err(|words| GatewayError::NotMade { words })?;
        self.line.exchange(&request, cap).await.map_err(|failure| match failure {
            Failure::NotMade(words) => GatewayError::NotMade { words },
            Failure::NoConnection(words) => GatewayError::Unreachable { words },
            Failure::Broken { words, received } => {
                GatewayError::Broken { words, received: Remnant(received) }
            }
        })
    }
}
