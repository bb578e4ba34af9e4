//! Entering a call, a meeting or a visit: name or number, a note, done. Everything else can wait.

use axum::Form;
use axum::extract::{Extension, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use indgang_channels::message::Channel;
use serde::Deserialize;

use super::act::{address_of, line, note_of, refusal, steps};
use super::list::kind_word;
use super::views::{Choice, EnterPage};
use super::written::{kind_name, masked, state_name};
use super::{Fields, Inbox, Seat, field, on_to};
use crate::domain::enquiry::{EnquiryId, Kind};
use crate::domain::triage::Step;
use crate::store::StoreError;
use crate::store::inbox::change::Act;
use crate::store::inbox::shelf::Entry;

/// What the page may be opened with.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Opening {
    hvem: String,
}

pub(super) async fn page(
    State(inbox): State<Inbox>,
    Extension(seat): Extension<Seat>,
    Query(opening): Query<Opening>,
) -> Response {
    let fields = vec![("hvem".to_owned(), opening.hvem)];
    show(&inbox, &seat, &fields, Vec::new(), StatusCode::OK).await
}

async fn show(
    inbox: &Inbox,
    seat: &Seat,
    fields: &[(String, String)],
    errors: Vec<(&'static str, String)>,
    status: StatusCode,
) -> Response {
    match made(inbox, seat, fields, errors).await {
        Ok(page) => inbox.answer(status, &page),
        Err(error) => inbox.failed(Some(seat), &error),
    }
}

async fn made(
    inbox: &Inbox,
    seat: &Seat,
    fields: &[(String, String)],
    errors: Vec<(&'static str, String)>,
) -> Result<EnterPage, StoreError> {
    let words = inbox.words(&seat.account().language);
    let english = seat.account().language == "en";
    let mut shell = inbox.shell(Some(seat), words.t("enter.title"), "ny");
    if !errors.is_empty() {
        shell.title = format!("{}: {}", words.t("site.error"), shell.title);
    }
    let chosen = |name: &str, value: &str| field(fields, name) == value;
    let sort = match field(fields, "slags") {
        "" => "call",
        other => other,
    };
    let sorts = [("call", "note.call"), ("meeting", "note.meeting"), ("visit", "note.visit")];
    let who = field(fields, "hvem").to_owned();
    let mut known = Vec::new();
    for person in inbox.doors().store.persons_like(&seat.actor, &who).await? {
        let name = person.name.clone().or(person.address.clone()).unwrap_or_default();
        for line in inbox.doors().store.enquiries_of(&seat.actor, person.id).await? {
            let state = state_name(line.state, line.waits_for, words);
            known.push((
                line.id.0,
                format!("{name} · {} · {} · {state}", masked(&line.title), line.reference),
            ));
        }
    }
    let mut areas = vec![Choice {
        value: String::new(),
        name: words.t("panel.no_area").to_owned(),
        chosen: chosen("omraade", ""),
    }];
    areas.extend(inbox.settings().areas_on(inbox.today(), english).into_iter().map(|(id, name)| {
        let value = id.0.to_string();
        Choice { chosen: chosen("omraade", &value), value, name }
    }));
    let token = Some(field(fields, "token")).filter(|token| token.len() == 32).map(str::to_owned);
    Ok(EnterPage {
        sorts: sorts
            .into_iter()
            .map(|(value, key)| Choice {
                value: value.to_owned(),
                name: words.t(key).to_owned(),
                chosen: sort == value,
            })
            .collect(),
        who,
        title: field(fields, "titel").to_owned(),
        note: field(fields, "tekst").to_owned(),
        minutes: field(fields, "minutter").to_owned(),
        at: field(fields, "hvornaar").to_owned(),
        place: field(fields, "sted").to_owned(),
        participants: field(fields, "deltagere").to_owned(),
        areas,
        kinds: [Kind::Delimited, Kind::OpenEnded]
            .map(|kind| Choice {
                value: kind_word(kind).to_owned(),
                name: kind_name(kind, words).to_owned(),
                chosen: chosen("type", kind_word(kind)),
            })
            .into(),
        errors,
        known,
        token: token.unwrap_or_else(|| inbox.token()),
        referred: chosen("henvist", "1"),
        remind: field(fields, "husk").to_owned(),
        shell,
    })
}

pub(super) async fn enter(
    State(inbox): State<Inbox>,
    Extension(seat): Extension<Seat>,
    Form(fields): Fields,
) -> Response {
    let words = std::sync::Arc::clone(inbox.words(&seat.account().language));
    let store = &inbox.doors().store;
    let (kind, channel) = match field(&fields, "slags") {
        "meeting" => ("meeting", Channel::Meeting),
        "visit" => ("visit", Channel::Meeting),
        _ => ("call", Channel::Call),
    };
    let note = note_of(&fields, kind, inbox.now());
    // Looked up first: who it may be.
    if field(&fields, "handling") == "find" {
        return show(&inbox, &seat, &fields, Vec::new(), StatusCode::OK).await;
    }
    let act_id = inbox.token();
    if let Ok(existing) = field(&fields, "til").parse::<i64>() {
        let act = Act::new(&act_id, "note");
        let steps = [Step::AnsweredAt(note.at)];
        return match store.note_make(&seat.actor, EnquiryId(existing), &note, &steps, act, inbox.now()).await
        {
            Ok(Some(Ok(()))) => on_to(&format!("/indbakke/h/{existing}?hvad=note")),
            Ok(Some(Err(why))) => inbox.say(Some(&seat), StatusCode::CONFLICT, refusal(why)),
            Ok(None) => inbox.missing(&seat),
            Err(error) => inbox.failed(Some(&seat), &error),
        };
    }
    let mut errors = Vec::new();
    let body = field(&fields, "tekst");
    let title = match line(field(&fields, "titel")) {
        title if title.is_empty() => line(body.lines().next().unwrap_or_default()).chars().take(80).collect(),
        title => title,
    };
    if title.is_empty() {
        errors.push(("ny-note", words.t("enter.needs").to_owned()));
    }
    if note.at > inbox.now() && kind == "call" {
        errors.push(("ny-hvornaar", words.t("enter.future_call").to_owned()));
    }
    if !errors.is_empty() {
        return show(&inbox, &seat, &fields, errors, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let who = line(field(&fields, "hvem"));
    let address = address_of(&who);
    let name = if address.is_some() { String::new() } else { who };
    let picked: Vec<(String, String)> = fields
        .iter()
        .filter(|(name, value)| matches!(name.as_str(), "omraade" | "type" | "husk") && !value.is_empty())
        .cloned()
        .collect();
    let Some(mut more) = steps(&picked, inbox.today()) else {
        return inbox.say(Some(&seat), StatusCode::UNPROCESSABLE_ENTITY, "unclear");
    };
    more.sort_by_key(|step| !matches!(step, Step::Kind(_)));
    let language = if field(&fields, "sprog") == "en" { "en" } else { "da" };
    let entry = Entry { channel, name: &name, address: address.as_ref(), title: &title, note, language };
    let token = field(&fields, "token");
    let token = if token.len() == 32 { token.to_owned() } else { inbox.token() };
    let act = Act::new(&act_id, "enter");
    let desk = std::sync::Arc::clone(&inbox.doors().desk);
    match store.enquiry_enter(&seat.actor, &entry, &more, &token, &*desk, act, inbox.now()).await {
        Ok(Ok(id)) => on_to(&format!("/indbakke/h/{}?hvad=enter", id.0)),
        Ok(Err(why)) => inbox.say(Some(&seat), StatusCode::CONFLICT, refusal(why)),
        Err(error) => inbox.failed(Some(&seat), &error),
    }
}
