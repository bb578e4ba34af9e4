//! Puts a preset together from the sections of its file.

use super::calls::{Calls, When};
use super::collect::{Collect, Collecting};
use super::outcome::Interpreting;
use super::rule::Rule;
use super::section::Section;
use super::send::{Auth, Making, Sending};
use super::source::Incoming;
use super::template::Place;
use super::verify::Verify;
use super::{Preset, inbound, report};
use crate::sms::wire::Answer;

impl Preset {
    /// Reads the whole file. `None` when something must be there that is not, and then it has been said.
    pub(super) fn read_root(name: &str, root: &Section<'_>) -> Option<Self> {
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
        if texts.is_none() && collect_texts.is_none() {
            root.mistake("inbound", "is missing or wrong, and so is [collect.texts]: no text could come in");
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
            let incoming = texts.as_ref().map(|calls| calls.incoming);
            let incoming = incoming.or_else(|| reports.as_ref().map(|calls| calls.incoming));
            When::read(&section, incoming.unwrap_or(Incoming::JSON))
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
