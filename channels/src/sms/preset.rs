//! A gateway as a file describes it: how a text is handed over and what its answers mean, how its own requests prove
//! themselves and what they say.
//!
//! Pure: makes requests and reads answers, and sends nothing. Knows no gateway by name; the files stand in
//! `config/gateways`, where a README says what each key means. Whether a request is believed is decided in
//! [`super::verify`], before anything is read here.

mod collect;
mod fields;
mod form;
mod inbound;
mod outcome;
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

use collect::Collect;
use outcome::Interpreting;
use pointer::Pointer;
use rule::{Reply, Rule};
use section::Section;
use send::{Auth, Base, Making, Sending};
use source::{Document, Incoming, Locator};
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

/// What the gateway calls us with.
#[derive(Clone, Debug)]
struct Calls<R> {
    methods: Vec<&'static str>,
    incoming: Incoming,
    items: Option<Pointer>,
    when: Option<When>,
    reading: R,
}

/// What tells calls of one kind from others that come to the same address.
#[derive(Clone, Debug)]
struct When {
    incoming: Incoming,
    at: Locator,
    is: Vec<String>,
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

    fn read_root(name: &str, root: &Section<'_>) -> Option<Self> {
        let (title, source) = (root.text("title"), root.text("source"));
        let unverified = root.maybe_texts("unverified");
        let needed = |key: &str| {
            let section = root.section(key);
            if root.node(key).is_none() {
                root.mistake(key, "is missing");
            }
            section
        };
        let verify = needed("verify").and_then(|section| Verify::read(&section));
        let base_url = root.maybe_text("base_url");
        if base_url.as_ref().is_some_and(|url| !url.starts_with("https://")) {
            root.mistake("base_url", "must begin with https://");
        }
        let auth = root.section("auth").map(|section| Auth::read(&section)).unwrap_or_default();
        let send = needed("send");
        let sending = send.as_ref().and_then(Sending::read);
        let interpreting = send.as_ref().map(Interpreting::read);
        drop(send);

        let texts = root.section("inbound").and_then(|section| Calls::read(&section, inbound::Reading::read));
        let reports = root.section("report").and_then(|section| Calls::read(&section, report::Reading::read));
        let collect = |section: &Section<'_>, key: &str, what| {
            section.section(key).and_then(|section| Collect::read(&section, what))
        };
        let (collect_texts, collect_reports) = match root.section("collect") {
            None => (None, None),
            Some(section) => (
                collect(&section, "texts", Collecting::Texts),
                collect(&section, "reports", Collecting::Reports),
            ),
        };
        if root.node("inbound").is_none() && root.node("collect").is_none() {
            root.mistake("inbound", "is missing, and so is [collect.texts]: no text could come in");
        }
        if let (Some(sending), Some(reports), Some(verify)) = (&sending, &reports, &verify)
            && !reports.reading.names_the_text()
            && !(verify.covers_the_address() && sending.making().has(Place::ReportUrl))
        {
            let why =
                "has neither id nor token, and [send] sends no {report_url} whose token [verify] proves";
            root.mistake("report", why);
        }
        let ignored = root.section("ignore").and_then(|section| {
            let json = matches!((&texts, &reports), (Some(Calls { incoming, .. }), _) if incoming.is_json())
                || matches!((&texts, &reports), (_, Some(Calls { incoming, .. })) if incoming.is_json());
            When::read(&section, if json { Incoming::JSON } else { Incoming::FORM })
        });
        let answer = root.section("answer").map_or_else(empty_answer, |section| read_answer(&section));
        let check = root.section("check").and_then(|section| {
            let rule = section.section("ok").map(|section| Rule::read(&section)).unwrap_or_default();
            if rule.is_empty() {
                section.mistake("ok", "is missing or has no condition");
            }
            Some((Making::read(&section, false)?, rule))
        });
        let plain_http = root.truth("plain_http");
        Some(Self {
            name: name.to_owned(),
            title: title?,
            source: source?,
            unverified,
            verify: verify?,
            base_url,
            plain_http,
            auth,
            sending: sending?,
            interpreting: interpreting?,
            texts,
            reports,
            ignored,
            answer,
            check,
            collect_texts,
            collect_reports,
        })
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
            (Need::Password, uses(Place::Password)),
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

    fn read_into(&self, call: &Call, payload: Option<&[u8]>, into: &mut Vec<Tidings>) -> Result<(), String> {
        let address = ReportAddress::of(&call.path);
        let mut reading = Unread { call, payload, read: Vec::new() };
        // What a call says of itself goes before the address that it comes to.
        if let Some(calls) = &self.texts
            && reading.says(&calls.when)?.unwrap_or(address.is_none())
        {
            let document = reading.document(calls.incoming)?;
            into.extend(document.items(calls.items.as_ref())?.iter().map(|item| calls.reading.tidings(item)));
            return Ok(());
        }
        if let Some(calls) = &self.reports
            && reading.says(&calls.when)?.unwrap_or(address.is_some())
        {
            let token =
                address.and_then(|address| address.token).filter(|_| self.verify.covers_the_address());
            let document = reading.document(calls.incoming)?;
            into.extend(
                document.items(calls.items.as_ref())?.iter().map(|item| calls.reading.tidings(item, token)),
            );
            return Ok(());
        }
        if self.ignored.is_some() && reading.says(&self.ignored)? == Some(true) {
            into.push(Tidings::Nothing);
            return Ok(());
        }
        Err("it is of a kind that the preset does not know".to_owned())
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

impl<R> Calls<R> {
    fn read(section: &Section<'_>, reading: impl Fn(&Section<'_>, Incoming) -> Option<R>) -> Option<Self> {
        let mut methods = Vec::new();
        for method in section.maybe_texts("methods") {
            match ["GET", "POST"].into_iter().find(|known| *known == method) {
                Some(method) => methods.push(method),
                None => section.mistake("methods", "must be \"GET\" or \"POST\" or both"),
            }
        }
        if methods.is_empty() {
            methods = vec!["GET", "POST"];
        }
        let incoming = Incoming::read(section);
        let items = section.maybe_text("items").and_then(|written| {
            if !incoming.is_json() {
                section.mistake("items", "is for JSON alone");
            }
            Pointer::parse(&written).map_err(|why| section.mistake("items", why)).ok()
        });
        let when = section.section("when").and_then(|section| When::read(&section, incoming));
        Some(Self { methods, incoming, items, when, reading: reading(section, incoming)? })
    }
}

impl When {
    fn read(section: &Section<'_>, incoming: Incoming) -> Option<Self> {
        let at = incoming.locator(section, "at");
        if at.is_none() {
            section.mistake("at", "is missing");
        }
        let is = section.texts("is");
        Some(Self { incoming, at: at?, is: is? })
    }
}

/// A request that is read in as few ways as the sections of a preset differ in.
struct Unread<'a> {
    call: &'a Call,
    payload: Option<&'a [u8]>,
    read: Vec<(Incoming, Document)>,
}

impl Unread<'_> {
    fn document(&mut self, incoming: Incoming) -> Result<&Document, String> {
        let known = self.read.iter().position(|(way, _)| *way == incoming);
        let at = match known {
            Some(at) => at,
            None => {
                self.read.push((incoming, incoming.document(self.call, self.payload)?));
                self.read.len() - 1
            }
        };
        Ok(&self.read[at].1)
    }

    /// Whether a section is about the request; `None` when it does not say what it is about.
    fn says(&mut self, when: &Option<When>) -> Result<Option<bool>, String> {
        let Some(when) = when else { return Ok(None) };
        let word = self.document(when.incoming)?.root().word(&when.at);
        Ok(Some(word.is_some_and(|word| when.is.contains(&word))))
    }
}

/// An address for delivery reports: it ends in `/report` or `/report/<token>`.
#[derive(Clone, Copy)]
struct ReportAddress<'a> {
    token: Option<&'a str>,
}

impl<'a> ReportAddress<'a> {
    fn of(path: &'a str) -> Option<Self> {
        let mut segments = path.trim_end_matches('/').rsplit('/');
        let last = segments.next()?;
        match segments.next() {
            Some("report") => Some(Self { token: report::is_token(last).then_some(last) }),
            _ => (last == "report").then_some(Self { token: None }),
        }
    }
}

fn empty_answer() -> Answer {
    Answer { status: 200, media_type: String::new(), body: String::new() }
}

fn read_answer(section: &Section<'_>) -> Answer {
    let body = section.maybe_text("body").unwrap_or_default();
    let media_type = section.maybe_text("type").unwrap_or_default();
    if body.is_empty() != media_type.is_empty() {
        section.mistake("body", "and type must stand here both or not at all");
    }
    let status = section.maybe_number("status", 200, 299).and_then(|status| u16::try_from(status).ok());
    Answer { status: status.unwrap_or(200), media_type, body }
}
