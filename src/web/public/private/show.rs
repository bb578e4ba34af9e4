//! The private page, opened.

use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::super::fields::{Field, Problem};
use super::super::form;
use super::super::headers::Sort;
use super::super::pages::{Public, Tongue};
use super::super::shown;
use super::super::token::Token;
use super::super::views::{ConsentView, EntryView, FieldView, Notice, Page, PrivatePageView, size};
use crate::domain::calendar;
use crate::domain::enquiry::State;
use crate::store::StoreError;
use crate::store::form_files::FormFile;
use crate::store::pages::{Entry, PrivatePage, ReceiptEnquiry};
use crate::store::private::Session;

/// What is being written on the page.
#[derive(Debug)]
pub(super) struct Writing {
    /// The form's token.
    pub(super) token: Token,
    /// The message.
    pub(super) message: String,
    /// The files that are kept.
    pub(super) kept: Vec<FormFile>,
    /// What is wrong.
    pub(super) problems: Vec<(Field, Problem)>,
    /// What is said on top.
    pub(super) said: Option<Said>,
}

/// What is said on top.
#[derive(Debug)]
pub(super) enum Said {
    /// It joined the enquiry.
    Joined,
    /// It began another, because this one is closed.
    Began(ReceiptEnquiry),
    /// A person looks first.
    Held,
    /// It must be sent again.
    Again(form::Notice),
}

impl Writing {
    /// Nothing yet.
    pub(super) fn fresh(public: &Public) -> Self {
        let now = public.doors().clock.now();
        Self {
            token: form::new_token(public.doors(), public.settings(), false, now),
            message: String::new(),
            kept: Vec::new(),
            problems: Vec::new(),
            said: None,
        }
    }
}

/// Shows the page, and notes that its answers were seen.
pub(super) async fn page(
    public: &Public,
    headers: &HeaderMap,
    tongue: Tongue,
    session: Session,
    writing: Writing,
    status: StatusCode,
) -> Response {
    match found(public, session).await {
        Ok(private) => {
            let view = view(public, tongue, &private, writing);
            public.answer(headers, status, Sort::Private, &view)
        }
        Err(error) => public.failed(headers, tongue, &error),
    }
}

async fn found(public: &Public, session: Session) -> Result<PrivatePage, StoreError> {
    let doors = public.doors();
    let page = doors.store.private_page(session.enquiry).await?;
    doors.store.private_page_seen(session.enquiry, doors.clock.now()).await?;
    Ok(page)
}

fn view(public: &Public, tongue: Tongue, private: &PrivatePage, writing: Writing) -> PrivatePageView {
    let settings = public.settings();
    let words = public.words(tongue);
    let (own, other) = tongue.pick((Tongue::Danish, Tongue::English), (Tongue::English, Tongue::Danish));
    let mut page = public.page(tongue, words.t("private.title"), super::path(own), Some(super::path(other)));
    let (errors, errors_heading) = shown::errors(&page, &writing.problems);
    if !errors.is_empty() {
        page.title = format!("{}: {}", words.t("site.error"), page.title);
    }
    let reference = private.reference.as_str();
    let promise = match private.state {
        State::Closed => words.t("private.closed").to_owned(),
        _ => words.with("private.reply_by", &[("dato", &page.day(private.reply_by))]),
    };
    let changes = private.changes.iter().map(|change| {
        let (old, new) = (page.day(change.old), page.day(change.new));
        words.with("private.changed", &[("gammel", &old), ("ny", &new), ("grund", &change.reason)])
    });
    let today = calendar::local(public.doors().clock.now()).date();
    let areas = settings.areas_on(today, page.lang).into_iter().map(|(id, name)| {
        let given = private.consents.iter().find(|one| one.area == id && one.withdrawn_at.is_none());
        let given =
            given.map(|one| words.with("private.consent_given", &[("dato", &page.moment(one.given_at).0)]));
        ConsentView { id: id.0, name, given }
    });
    let minutes = settings.session.as_mins().to_string();
    PrivatePageView {
        heading: words.with("private.heading", &[("ref", reference)]),
        errors,
        errors_heading,
        said: writing.said.as_ref().map(|said| notice(&page, said, reference)),
        promise,
        changes: changes.collect(),
        entries: private.entries.iter().map(|entry| entry_view(&page, entry)).collect(),
        token: writing.token.as_str().to_owned(),
        message: FieldView {
            value: writing.message,
            error: shown::error_of(&page, &writing.problems, Field::Message),
        },
        files_error: shown::error_of(&page, &writing.problems, Field::Files),
        files_hint: shown::files_hint(&page, settings),
        most_file_bytes: settings.most_file_bytes,
        too_large: shown::too_large(&page, settings),
        kept: shown::kept(&page, &writing.kept),
        areas: areas.collect(),
        expires: words.with("private.expires", &[("antal", &minutes)]),
        page,
    }
}

fn notice(page: &Page, said: &Said, reference: &str) -> Notice {
    let words = &page.words;
    let good = |text: String| Notice { text, ..Notice::default() };
    match said {
        Said::Joined => good(words.with("private.sent", &[("ref", reference)])),
        Said::Held => good(words.t("private.sent_held").to_owned()),
        Said::Began(enquiry) => {
            let day = page.day(enquiry.reply_by);
            good(words.with("private.sent_new", &[("ref", enquiry.reference.as_str()), ("dato", &day)]))
        }
        Said::Again(why) => shown::notice(page, *why),
    }
}

fn entry_view(page: &Page, entry: &Entry) -> EntryView {
    let (day, time) = page.moment(entry.at);
    let who = if entry.ours { "private.adviser" } else { "private.you" };
    let language = page.words.language;
    EntryView {
        ours: entry.ours,
        who: page.words.with(who, &[("dato", &day), ("tid", &time)]),
        paragraphs: entry
            .text
            .split("\n\n")
            .map(|one| one.trim().to_owned())
            .filter(|one| !one.is_empty())
            .collect(),
        files: entry
            .files
            .iter()
            .map(|(name, bytes)| format!("{name} ({})", size(*bytes, language)))
            .collect(),
    }
}
