//! `[inbox.signon]`: the municipality's own sign-on, by OpenID Connect.

use secrecy::SecretString;

use super::mailbox::is_loopback;
use super::reader::{Report, Section};

/// The municipality's provider.
#[derive(Clone, Debug)]
pub struct Signon {
    /// The provider's issuer identifier; `None` where there is no sign-on.
    pub issuer: Option<String>,
    /// What this installation is called there.
    pub client_id: String,
    /// What proves it.
    pub client_secret: Option<SecretString>,
    /// What stands on the button, where the program's own words do not fit.
    pub button: Option<String>,
    /// Every address of the provider's is the municipality's own.
    pub addresses_are_verified: bool,
}

/// The secret is no part of what two configurations are compared by.
impl PartialEq for Signon {
    fn eq(&self, other: &Self) -> bool {
        (&self.issuer, &self.client_id, &self.button, self.addresses_are_verified)
            == (&other.issuer, &other.client_id, &other.button, other.addresses_are_verified)
    }
}

impl Eq for Signon {}

impl Signon {
    pub(super) fn read(section: &mut Section<'_>) -> Self {
        Self {
            issuer: section.optional("issuer"),
            client_id: section.text("client_id"),
            client_secret: section.secret("client_secret"),
            button: section.optional("button"),
            addresses_are_verified: section.boolean("addresses_are_verified"),
        }
    }

    pub(super) fn validate(&self, has_public_url: bool, report: &mut Report) {
        let Some(issuer) = &self.issuer else { return };
        let host = issuer.strip_prefix("http://").unwrap_or_default().split('/').next().unwrap_or_default();
        let local = is_loopback(host.rsplit_once(':').map_or(host, |(host, _)| host));
        if !issuer.starts_with("https://") && !local {
            report.wrong("inbox.signon.issuer", "must be an address that begins with https://");
        }
        if self.client_id.trim().is_empty() {
            report.wrong("inbox.signon.client_id", "must be the name that the provider knows us by");
        }
        if self.client_secret.is_none() {
            report.wrong("inbox.signon.client_secret", "must be set, or client_secret_file");
        }
        if !has_public_url {
            let sentence = "needs web.public_url: that is where browsers come back to";
            report.wrong("inbox.signon.issuer", sentence);
        }
    }
}
