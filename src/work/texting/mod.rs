//! Texts at work: what gateways bring is filed, what is queued goes out, parts wait for each other.
//!
//! Decides nothing: what a text becomes is the intake's to say, what a gateway's words mean is its preset's.

pub mod calls;
pub mod carry;
pub mod collect;
pub mod limit;
pub mod parts;
pub mod reply;

use std::collections::BTreeMap;

use indgang_channels::message::Incoming;
use indgang_channels::sms::gateway::Gateway;
use indgang_channels::sms::preset::Collecting;
use indgang_channels::sms::read::{self, ReadContext};
use indgang_channels::sms::wire::{Call, Credentials, InboundText};
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};

use crate::store::letters::Letter;

/// Header fields of a call that are not kept with it: they prove who calls, and say nothing about the text.
const NOT_KEPT: [&str; 3] = ["authorization", "cookie", "proxy-authorization"];

/// The header field that names a kept call's text, so that two calls with the same words are two originals.
const IDENTITY: &str = "x-indgang-id";

/// One account with a gateway.
#[derive(Debug)]
pub struct TextAccount {
    /// Its name.
    pub name: String,
    /// The gateway.
    pub gateway: Gateway,
    /// What its calls are proved by.
    pub credentials: Credentials,
    /// Its own numbers; the first one is the usual sender.
    pub numbers: Vec<String>,
    /// Where the gateway reaches us, without the path and without a slash at the end.
    pub public_url: Option<String>,
    /// Foreign countries that may be answered.
    pub foreign: Vec<String>,
}

/// The accounts by their names.
pub type Accounts = BTreeMap<String, std::sync::Arc<TextAccount>>;

impl TextAccount {
    /// The path that the gateway calls, such as `/sms/borger/SECRET/in`.
    pub fn path(&self, rest: &str) -> String {
        let secret = self.credentials.path_secret.as_ref().map(SecretString::expose_secret);
        let secret = secret.map(|secret| format!("/{secret}")).unwrap_or_default();
        format!("/sms/{}{secret}/{rest}", self.name)
    }

    /// Where a gateway is to report what became of a text; empty when it cannot reach us.
    pub fn report_url(&self, token: &str) -> String {
        let path = self.path(&format!("report/{token}"));
        self.public_url.as_ref().map(|url| format!("{url}{path}")).unwrap_or_default()
    }

    /// Whether the gateway must be asked for texts, because it does not call.
    pub fn collects(&self) -> bool {
        [Collecting::Texts, Collecting::Reports]
            .into_iter()
            .any(|what| self.gateway.preset().collect(what, &self.credentials, None).is_some())
    }

    fn context(&self, now: Timestamp) -> ReadContext<'_> {
        ReadContext { account: &self.name, own_numbers: &self.numbers, foreign: &self.foreign, now }
    }

    /// A whole text, ready to be filed with the call that brought it.
    fn letter(&self, text: &InboundText, call: &Call, now: Timestamp) -> Letter {
        let external_id = read::external_id(text, now);
        let raw = original(call, &external_id.0);
        Letter { raw, incoming: read::read(text, external_id, &self.context(now)), cursor: None }
    }

    /// Something in which no text could be found, for the hold shelf.
    fn held(&self, detail: &str, call: &Call, now: Timestamp) -> Letter {
        // By its content: the gateway that brings it again means the same.
        let content = [call.query.as_bytes(), b"\n", &call.body].concat();
        let external_id = indgang_channels::message::ExternalId(format!("call:{}", sha256(&content)));
        let raw = original(call, &external_id.0);
        Letter { raw, incoming: read::unreadable(detail, external_id, &self.context(now)), cursor: None }
    }
}

/// A call in its written form, as a text's original.
fn original(call: &Call, external_id: &str) -> Vec<u8> {
    let mut kept = call.clone();
    kept.headers.retain(|(name, _)| !NOT_KEPT.contains(&name.as_str()));
    kept.headers.push((IDENTITY.to_owned(), external_id.to_owned()));
    kept.to_record()
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Says of a text that parts of it never came; `total` is how many there should have been.
pub fn say_incomplete(incoming: &mut Incoming, missing: u8, total: usize) {
    use indgang_channels::message::{Doubt, DoubtKind};
    if missing > 0 {
        incoming.doubts.push(Doubt {
            kind: DoubtKind::Incomplete,
            detail: format!("{missing} of its {total} parts never came; […] stands where they are missing."),
        });
    }
}
