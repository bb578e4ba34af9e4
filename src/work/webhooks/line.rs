//! One call to another system, and whether it was heard.
//!
//! Goes where it was sent and nowhere else: no redirect is followed, no proxy of the environment's is asked, and the address
//! that a name leads to is looked at when the connection is made, so that a name cannot lead inside between two looks.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use indgang_channels::email::tls::{self, TlsError};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Client, Url};

use crate::domain::webhook::Reach;

/// How long a call may take. Shorter than a claim holds.
const TIMEOUT: Duration = Duration::from_secs(15);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// The way to other systems.
#[derive(Clone, Debug)]
pub struct Line {
    client: Client,
    reach: Arc<Reach>,
}

impl Line {
    /// To those within `reach`.
    ///
    /// # Errors
    /// When no TLS can be set up.
    pub fn new(reach: Reach) -> Result<Self, TlsError> {
        let tls = tls::client_config(None)?;
        let reach = Arc::new(reach);
        let client = Client::builder()
            .tls_backend_preconfigured(Arc::unwrap_or_clone(tls))
            .dns_resolver(Guarded(Arc::clone(&reach)))
            .user_agent("indgang")
            .timeout(TIMEOUT)
            .connect_timeout(CONNECT_TIMEOUT)
            .pool_max_idle_per_host(0)
            .retry(reqwest::retry::never())
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .no_proxy()
            .http1_only()
            .build()
            .map_err(|_| TlsError::from(rustls::Error::General("no HTTP client can be made".to_owned())))?;
        Ok(Self { client, reach })
    }

    /// Calls; heard is what is answered with 2xx.
    ///
    /// # Errors
    /// Why it was not heard, in words that hold no address: it may hold a secret of the receiver's.
    pub async fn call(
        &self,
        url: &str,
        id: &str,
        at: i64,
        signature: &str,
        body: String,
    ) -> Result<(), String> {
        let url = Url::parse(url).map_err(|_| "the address cannot be read")?;
        // An address in numbers is not looked up, so it is looked at here.
        let host = url.host_str().unwrap_or_default();
        if self.reach.takes(url.scheme(), host).is_err() {
            return Err("the address may not be called".to_owned());
        }
        let request = self
            .client
            .post(url)
            .header("content-type", "application/json")
            .header("webhook-id", id)
            .header("webhook-timestamp", at.to_string())
            .header("webhook-signature", signature)
            .body(body);
        let answer = request.send().await.map_err(|error| words(&error).to_owned())?;
        let status = answer.status();
        // What else is answered is nobody's to read.
        if status.is_success() { Ok(()) } else { Err(format!("HTTP {}", status.as_u16())) }
    }
}

fn words(error: &reqwest::Error) -> &'static str {
    match error {
        _ if error.is_timeout() => "no answer in time",
        _ if error.is_connect() => {
            "no connection: the name is not found, leads inside, or nobody who can be trusted answers"
        }
        _ => "the connection ended or the answer was no HTTP",
    }
}

/// Looks names up, and leaves out what may not be called.
struct Guarded(Arc<Reach>);

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = Arc::clone(&self.0);
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let fit: Vec<SocketAddr> = found.filter(|address| reach.holds(address.ip())).collect();
            if fit.is_empty() {
                return Err("the name leads to no address that may be called".into());
            }
            Ok(Box::new(fit.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_name_that_leads_inside_is_not_called() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let line = Line::new(Reach::default()).unwrap();
        for url in [
            format!("https://localhost:{port}/"),
            format!("https://127.0.0.1:{port}/"),
            format!("https://2130706433:{port}/"),
            format!("https://[::ffff:127.0.0.1]:{port}/"),
            format!("http://127.0.0.1:{port}/"),
            "https://169.254.169.254/latest/meta-data".to_owned(),
        ] {
            assert!(line.call(&url, "evt", 0, "v1,", String::new()).await.is_err(), "{url}");
        }
        let nobody = tokio::time::timeout(Duration::from_millis(100), listener.accept()).await;
        assert!(nobody.is_err(), "nobody was called");
    }
}
