//! A gateway as a file describes it: how a text is handed over and what its answers mean, how its own requests prove
//! themselves and what they say.
//!
//! Pure: makes requests and reads answers, and sends nothing. Knows no gateway by name; the files stand in
//! `config/gateways`, where a README says what each key means. Whether a request is believed is decided in
//! [`super::verify`], before anything is read here.

mod calls;
mod collect;
mod fields;
mod form;
mod inbound;
mod outcome;
mod parse;
mod pointer;
mod report;
mod rule;
mod section;
mod send;
mod shipped;
mod source;
mod template;
#[cfg(test)]
mod tests;
mod time;
mod udh;
mod verify;

use std::cell::RefCell;

pub use collect::Collecting;
pub use section::{Mistake, PresetError};
pub use verify::{Algorithm, Encoding, Input, Verify};

use calls::{Calls, When};
use collect::Collect;
use outcome::Interpreting;
use rule::{Reply, Rule};
use section::Section;
use send::{Auth, Base, Making, Sending};
use template::{Place, Values};

use super::wire::{Answer, Call, Credentials, Outcome, OutgoingText, Request, Tidings};

/// Something of the configuration that a preset cannot do without.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Need {
    /// [`Credentials::user`]
    User,
    /// [`Credentials::password`]
    Password,
    /// [`Credentials::signing_secret`]
    SigningSecret,
    /// [`Credentials::path_secret`]
    PathSecret,
    /// Where the gateway is, which differs from office to office.
    BaseUrl,
}

/// A gateway's description.
#[derive(Clone, Debug)]
pub struct Preset {
    /// The file's name without its ending.
    pub name: String,
    /// What the gateway is called.
    pub title: String,
    /// Where the facts are from.
    pub source: String,
    /// What nobody has tried or found documented.
    pub unverified: Vec<String>,
    /// How its requests prove themselves.
    pub verify: Verify,
    base_url: Option<String>,
    plain_http: bool,
    auth: Auth,
    sending: Sending,
    interpreting: Interpreting,
    texts: Option<Calls<inbound::Reading>>,
    reports: Option<Calls<report::Reading>>,
    ignored: Option<When>,
    answer: Answer,
    check: Option<(Making, Rule)>,
    collect_texts: Option<Collect>,
    collect_reports: Option<Collect>,
}

impl Preset {
    /// Reads a preset. The error names every mistake with its key and line.
    pub fn parse(name: &str, toml: &str) -> Result<Self, PresetError> {
        let failed = |mistakes| PresetError { preset: name.to_owned(), mistakes };
        let root = section::tree(toml).map_err(|mistake| failed(vec![mistake]))?;
        let mistakes = RefCell::default();
        let preset = Section::new("", &root, &mistakes).and_then(|root| Self::read_root(name, &root));
        let mut mistakes = mistakes.into_inner();
        mistakes.sort_by_key(|mistake| mistake.line);
        match preset {
            Some(preset) if mistakes.is_empty() => Ok(preset),
            _ => Err(failed(mistakes)),
        }
    }

    /// A preset that comes with the program; `None` when there is none of that name.
    pub fn shipped(name: &str) -> Option<Result<Self, PresetError>> {
        shipped::source(name).map(|toml| Self::parse(name, toml))
    }

    /// The names of the presets that come with the program, sorted.
    pub fn shipped_names() -> Vec<&'static str> {
        shipped::names()
    }

    /// What the configuration must give, sorted.
    pub fn needs(&self) -> Vec<Need> {
        let makings = || {
            let check = self.check.iter().map(|(making, _)| making);
            let collect =
                self.collect_texts.iter().chain(&self.collect_reports).map(|collect| &collect.making);
            std::iter::once(self.sending.making()).chain(check).chain(collect)
        };
        let uses = |place| self.auth.has(place) || makings().any(|making| making.has(place));
        let verify = &self.verify;
        // Twilio signs with the password, the account's own token.
        let signed = !matches!(verify, Verify::PathSecret | Verify::Twilio);
        let needs = [
            (Need::User, uses(Place::User) || matches!(verify, Verify::Basic)),
            // What Twilio signs with is what it lets in with.
            (Need::Password, uses(Place::Password) || matches!(verify, Verify::Twilio)),
            (Need::SigningSecret, signed),
            (Need::PathSecret, matches!(verify, Verify::PathSecret)),
            (Need::BaseUrl, self.base_url.is_none() && makings().any(Making::is_relative)),
        ];
        needs.into_iter().filter(|(_, needed)| *needed).map(|(need, _)| need).collect()
    }

    /// The request that hands a text over. `base_url` is the configuration's, which goes before the preset's own. The
    /// error says why there can be none: a credential that is not configured, or a character that the gateway cannot
    /// carry; it holds nothing of the text, its numbers or the credentials.
    pub fn request(
        &self,
        text: &OutgoingText<'_>,
        credentials: &Credentials,
        base_url: Option<&str>,
    ) -> Result<Request, String> {
        self.sending.request(&self.base(base_url), &self.auth, text, credentials)
    }

    /// What the gateway's answer to a text means; never [`Outcome::Unreachable`].
    pub fn interpret(&self, status: u16, retry_after: Option<&str>, body: &[u8]) -> Outcome {
        self.interpreting.interpret(status, retry_after, body)
    }

    /// Whether the gateway makes requests with this method; others are answered 405.
    pub fn takes(&self, method: &str) -> bool {
        let texts = self.texts.iter().flat_map(|calls| &calls.methods);
        let reports = self.reports.iter().flat_map(|calls| &calls.methods);
        texts.chain(reports).any(|one| *one == method)
    }

    /// What a request of the gateway's tells, after it has been verified; at least one thing. `payload` is what was
    /// signed where that is not the body.
    pub fn read(&self, call: &Call, payload: Option<&[u8]>) -> Vec<Tidings> {
        let mut tidings = Vec::new();
        if let Err(detail) = self.read_into(call, payload, &mut tidings) {
            tidings.push(Tidings::Unreadable { detail });
        }
        if tidings.is_empty() {
            // An empty list: the gateway had nothing to say and said it.
            tidings.push(Tidings::Nothing);
        }
        tidings
    }

    /// What a request of the gateway's is answered when all is well.
    pub fn answer(&self) -> Answer {
        self.answer.clone()
    }

    /// A request that tries the account without sending anything; `None` when the gateway offers no way.
    pub fn check(
        &self,
        credentials: &Credentials,
        base_url: Option<&str>,
    ) -> Option<Result<Request, String>> {
        let (making, _) = self.check.as_ref()?;
        Some(self.make(making, credentials, base_url))
    }

    /// Whether the answer to [`Preset::check`] says that the account works; the error names status and code.
    pub fn check_passed(&self, status: u16, body: &[u8]) -> Result<(), String> {
        match &self.check {
            Some((_, rule)) if rule.holds(&Reply::new(status, body)) => Ok(()),
            _ => Err(self.interpreting.words(&Reply::new(status, body))),
        }
    }

    /// A request for what the gateway keeps for us; `None` when it calls us instead.
    pub fn collect(
        &self,
        what: Collecting,
        credentials: &Credentials,
        base_url: Option<&str>,
    ) -> Option<Result<Request, String>> {
        Some(self.make(&self.collector(what)?.making, credentials, base_url))
    }

    /// What a good answer to [`Preset::collect`] tells, each item with its own bytes. Gateways hand an item out once, so
    /// these are all that there is to keep.
    pub fn collected(&self, what: Collecting, body: &[u8]) -> Vec<(Vec<u8>, Tidings)> {
        self.collector(what).map(|collect| collect.collected(body)).unwrap_or_default()
    }

    fn collector(&self, what: Collecting) -> Option<&Collect> {
        match what {
            Collecting::Texts => self.collect_texts.as_ref(),
            Collecting::Reports => self.collect_reports.as_ref(),
        }
    }

    fn make(
        &self,
        making: &Making,
        credentials: &Credentials,
        base_url: Option<&str>,
    ) -> Result<Request, String> {
        making.make(&self.base(base_url), &self.auth, &Values::of_account(credentials), false)
    }

    fn base<'a>(&'a self, configured: Option<&'a str>) -> Base<'a> {
        Base { address: configured.or(self.base_url.as_deref()), plain_http: self.plain_http }
    }
}
