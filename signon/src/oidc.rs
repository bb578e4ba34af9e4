//! The municipality's own sign-on: OpenID Connect Core 1.0, authorization code flow with PKCE.
//!
//! A relying party of one provider. Deliberately does not know accounts or cookies: [`Provider::begin`] gives what the
//! caller must keep for one browser, [`Provider::finish`] says who came back with it.
//!
//! # What is kept to
//!
//! - State, nonce and PKCE verifier (S256, RFC 7636) are fresh for every sign-in and drawn by the caller's randomness.
//! - The answer is believed when its state is the browser's, its issuer (RFC 9207, where given) is ours, and the ID token
//!   is signed by the provider's keys for us, in time, with the nonce; unsigned tokens and shared-secret signatures never are.
//! - What the provider says of itself is kept for an hour; a signature by a key that is not known asks once more, since
//!   providers change their keys.
//! - An address of theirs counts when the provider says that it verified it, or the operator says that all of them are.
//! - Answers are bounded in time and size, and no redirect is followed.

use std::fmt;
use std::pin::Pin;
use std::sync::Mutex;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreJwsSigningAlgorithm, CoreProviderMetadata, CoreTokenResponse,
};
use openidconnect::{
    AsyncHttpClient, AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret, CsrfToken,
    HttpRequest, HttpResponse, IssuerUrl, Nonce, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope,
    SignatureVerificationError, TokenResponse as _,
};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// How long what the provider says of itself is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(1);
/// How long one answer of the provider's may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// The largest answer that is read, in bytes.
const LARGEST: usize = 1 << 20;

/// What the operator configured.
#[derive(Clone, Debug)]
pub struct Registration {
    /// The provider's issuer identifier (OpenID Connect Discovery 1.0 section 4).
    pub issuer: String,
    /// What we are called there.
    pub client_id: String,
    /// What proves it.
    pub client_secret: SecretString,
    /// Where browsers come back to.
    pub redirect: String,
    /// Every address of the provider's is the municipality's own, so none needs the `email_verified` claim.
    pub addresses_are_verified: bool,
}

/// What must be kept for one browser between leaving and coming back.
#[derive(Clone, Serialize, Deserialize)]
pub struct Begun {
    state: String,
    nonce: String,
    verifier: String,
}

impl fmt::Debug for Begun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Begun(…)")
    }
}

/// What a browser brings back (RFC 6749 section 4.1.2, RFC 9207).
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct Answer {
    /// What proves that it left from here.
    pub state: String,
    /// What the tokens are fetched with.
    pub code: String,
    /// Why there is no code.
    pub error: String,
    /// Who answers.
    pub iss: String,
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Answer(…)")
    }
}

/// Who came back.
#[derive(Clone, PartialEq, Eq)]
pub struct Identity {
    /// Issuer and subject together, which never name anybody else.
    pub subject: String,
    /// Their e-mail address in lower case, where it is verified.
    pub email: Option<String>,
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Identity(…)")
    }
}

/// Why a sign-on failed. Holds no code, no token and no person.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OidcError {
    /// The configuration cannot be right.
    #[error("{0}")]
    Configuration(String),
    /// The provider cannot be reached, or answers with something else than it should; later may be better.
    #[error("the sign-on provider: {0}")]
    Provider(String),
    /// The person changed their mind, or the provider refused them.
    #[error("the sign-on provider let nobody in")]
    Refused,
    /// What came back is not believed.
    #[error("the sign-on is not believed: {0}")]
    Unbelieved(&'static str),
}

/// The municipality's provider. What it says of itself is fetched when it is first needed.
pub struct Provider {
    registration: Registration,
    http: Http,
    known: Mutex<Option<(CoreProviderMetadata, Timestamp)>>,
}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Provider({})", self.registration.issuer)
    }
}

impl Provider {
    /// A provider, not asked yet.
    ///
    /// # Errors
    /// When an address is none.
    pub fn new(registration: Registration, tls: rustls::ClientConfig) -> Result<Self, OidcError> {
        let wrong = |what: &str| OidcError::Configuration(format!("{what} is no address"));
        IssuerUrl::new(registration.issuer.clone()).map_err(|_| wrong("the issuer"))?;
        RedirectUrl::new(registration.redirect.clone()).map_err(|_| wrong("our own"))?;
        let http = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .timeout(PATIENCE)
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .build()
            .map_err(|_| OidcError::Configuration("no HTTP client can be made".to_owned()))?;
        Ok(Self { registration, http: Http(http), known: Mutex::new(None) })
    }

    /// Asks the provider what it is, to see whether it can be used.
    ///
    /// # Errors
    /// When it does not answer as it should.
    pub async fn check(&self, now: Timestamp) -> Result<(), OidcError> {
        self.learn(now).await.map(|_| ())
    }

    /// Where a browser goes to, and what is kept for it. `random` is 96 bytes that nobody can guess.
    ///
    /// # Errors
    /// When the provider does not answer as it should.
    pub async fn begin(&self, random: &[u8; 96], now: Timestamp) -> Result<(String, Begun), OidcError> {
        let metadata = self.metadata(now).await?;
        let word = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let begun =
            Begun { state: word(&random[..32]), nonce: word(&random[32..64]), verifier: word(&random[64..]) };
        let verifier = PkceCodeVerifier::new(begun.verifier.clone());
        let (state, nonce) = (begun.state.clone(), begun.nonce.clone());
        let client = CoreClient::from_provider_metadata(
            metadata,
            ClientId::new(self.registration.client_id.clone()),
            Some(self.client_secret()),
        )
        .set_redirect_uri(self.redirect()?);
        let (url, _, _) = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                move || CsrfToken::new(state),
                move || Nonce::new(nonce),
            )
            .add_scope(Scope::new("email".to_owned()))
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
            .url();
        Ok((url.to_string(), begun))
    }

    /// Who came back.
    ///
    /// # Errors
    /// When what came back is not believed, or the provider does not answer as it should.
    pub async fn finish(
        &self,
        begun: &Begun,
        answer: &Answer,
        now: Timestamp,
    ) -> Result<Identity, OidcError> {
        if !bool::from(begun.state.as_bytes().ct_eq(answer.state.as_bytes())) {
            return Err(OidcError::Unbelieved("it did not leave from this browser"));
        }
        if !answer.iss.is_empty() && answer.iss != self.registration.issuer {
            return Err(OidcError::Unbelieved("another provider answered"));
        }
        if !answer.error.is_empty() || answer.code.is_empty() {
            return Err(OidcError::Refused);
        }
        let metadata = self.metadata(now).await?;
        let tokens = self.exchange(metadata.clone(), begun, &answer.code).await?;
        match self.believe(metadata, &tokens, begun, now) {
            Err(Disbelief::Key) => {
                let renewed = self.learn(now).await?;
                self.believe(renewed, &tokens, begun, now).map_err(Disbelief::said)
            }
            other => other.map_err(Disbelief::said),
        }
    }

    async fn exchange(
        &self,
        metadata: CoreProviderMetadata,
        begun: &Begun,
        code: &str,
    ) -> Result<CoreTokenResponse, OidcError> {
        let client = CoreClient::from_provider_metadata(
            metadata,
            ClientId::new(self.registration.client_id.clone()),
            Some(self.client_secret()),
        )
        .set_redirect_uri(self.redirect()?);
        let request = client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(|_| OidcError::Provider("it names no token endpoint".to_owned()))?
            .set_pkce_verifier(PkceCodeVerifier::new(begun.verifier.clone()));
        // What the library says of a failure may quote the answer.
        request
            .request_async(&self.http)
            .await
            .map_err(|_| OidcError::Provider("it gave no tokens for the code".to_owned()))
    }

    fn believe(
        &self,
        metadata: CoreProviderMetadata,
        tokens: &CoreTokenResponse,
        begun: &Begun,
        now: Timestamp,
    ) -> Result<Identity, Disbelief> {
        let client = CoreClient::from_provider_metadata(
            metadata,
            ClientId::new(self.registration.client_id.clone()),
            Some(self.client_secret()),
        );
        let instant = move || chrono::DateTime::from_timestamp(now.as_second(), 0).unwrap_or_default();
        let verifier = client
            .id_token_verifier()
            .set_allowed_algs([
                CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
                CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
                CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
                CoreJwsSigningAlgorithm::RsaSsaPssSha256,
                CoreJwsSigningAlgorithm::RsaSsaPssSha384,
                CoreJwsSigningAlgorithm::RsaSsaPssSha512,
                CoreJwsSigningAlgorithm::EcdsaP256Sha256,
                CoreJwsSigningAlgorithm::EcdsaP384Sha384,
                CoreJwsSigningAlgorithm::EdDsa,
            ])
            .set_time_fn(instant);
        let token = tokens.id_token().ok_or(Disbelief::Token("it holds no ID token"))?;
        let claims =
            token.claims(&verifier, &Nonce::new(begun.nonce.clone())).map_err(|why| Disbelief::of(&why))?;
        let email = claims.email().map(|email| email.as_str().trim().to_lowercase());
        let verified = claims.email_verified() == Some(true) || self.registration.addresses_are_verified;
        Ok(Identity {
            subject: format!("{} {}", claims.issuer().as_str(), claims.subject().as_str()),
            email: email.filter(|email| verified && email.contains('@')),
        })
    }

    async fn metadata(&self, now: Timestamp) -> Result<CoreProviderMetadata, OidcError> {
        let known = self.known.lock().map_or(None, |known| known.clone());
        match known {
            Some((metadata, at)) if now.duration_since(at).abs() < KEPT => Ok(metadata),
            _ => self.learn(now).await,
        }
    }

    async fn learn(&self, now: Timestamp) -> Result<CoreProviderMetadata, OidcError> {
        let issuer = IssuerUrl::new(self.registration.issuer.clone())
            .map_err(|_| OidcError::Configuration("the issuer is no address".to_owned()))?;
        let metadata = CoreProviderMetadata::discover_async(issuer, &self.http).await.map_err(|why| {
            let why = match why {
                openidconnect::DiscoveryError::Request(why) => why.to_string(),
                openidconnect::DiscoveryError::Validation(_) => {
                    "it names another issuer than the one that is configured".to_owned()
                }
                _ => "what it says of itself (/.well-known/openid-configuration) cannot be read".to_owned(),
            };
            OidcError::Provider(why)
        })?;
        if let Ok(mut known) = self.known.lock() {
            *known = Some((metadata.clone(), now));
        }
        Ok(metadata)
    }

    fn client_secret(&self) -> ClientSecret {
        ClientSecret::new(self.registration.client_secret.expose_secret().to_owned())
    }

    fn redirect(&self) -> Result<RedirectUrl, OidcError> {
        RedirectUrl::new(self.registration.redirect.clone())
            .map_err(|_| OidcError::Configuration("our own address is none".to_owned()))
    }
}

/// Asks the provider: bounded, and following nothing.
struct Http(reqwest::Client);

impl<'c> AsyncHttpClient<'c> for Http {
    type Error = HttpError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, HttpError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.ask(request))
    }
}

impl Http {
    async fn ask(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let (parts, body) = request.into_parts();
        let mut builder = self.0.request(parts.method, parts.uri.to_string()).body(body);
        for (name, value) in &parts.headers {
            builder = builder.header(name, value);
        }
        let mut answer = builder.send().await.map_err(|why| HttpError::of(&why))?;
        let mut response = http::Response::builder().status(answer.status());
        for (name, value) in answer.headers() {
            response = response.header(name, value);
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(|why| HttpError::of(&why))? {
            if bytes.len() + chunk.len() > LARGEST {
                return Err(HttpError("its answer is larger than 1 MiB"));
            }
            bytes.extend_from_slice(&chunk);
        }
        response.body(bytes).map_err(|_| HttpError("its answer cannot be read"))
    }
}

/// An answer that did not come.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct HttpError(&'static str);

impl HttpError {
    /// Without the address, which holds the code in some providers' redirects.
    fn of(why: &reqwest::Error) -> Self {
        Self(match why {
            why if why.is_timeout() => "it does not answer in time",
            why if why.is_connect() => "it cannot be reached",
            _ => "its answer broke off",
        })
    }
}

/// Why an ID token is not believed.
enum Disbelief {
    /// No key of the provider's that we know signed it.
    Key,
    Token(&'static str),
}

impl Disbelief {
    fn of(why: &ClaimsVerificationError) -> Self {
        match why {
            ClaimsVerificationError::SignatureVerification(
                SignatureVerificationError::NoMatchingKey | SignatureVerificationError::CryptoError(_),
            ) => Self::Key,
            ClaimsVerificationError::SignatureVerification(_) => Self::Token("the ID token's signature"),
            ClaimsVerificationError::Expired(_) => Self::Token("the ID token is too old: compare the clocks"),
            ClaimsVerificationError::InvalidAudience(_) => Self::Token("the ID token is for somebody else"),
            ClaimsVerificationError::InvalidIssuer(_) => Self::Token("the ID token is from somebody else"),
            ClaimsVerificationError::InvalidNonce(_) => Self::Token("the ID token is for another sign-in"),
            _ => Self::Token("the ID token"),
        }
    }

    fn said(self) -> OidcError {
        OidcError::Unbelieved(match self {
            Self::Key => "no key of the provider's signed the ID token",
            Self::Token(what) => what,
        })
    }
}

/// A subject as it is stored: a hash says as much, and names nobody to whoever reads the database.
pub fn stored(subject: &str) -> String {
    Sha256::digest(subject.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests;
