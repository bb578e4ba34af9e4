//! The hold shelf: what a person must look at first, and what becomes of it.

use std::sync::Arc;

use axum::Form;
use axum::extract::{Extension, Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::files;
use super::list::{self, Asking};
use super::views::{HeldView, OfferView, Row, ShelfPage};
use super::written::{self, channel_look, channel_name, masked, moment, moment_short, state_name};
use super::{Fields, Inbox, Seat, field, on_to};
use crate::domain::arrival::{ArrivalId, Disposition};
use crate::domain::enquiry::{EnquiryId, State as Work};
use crate::domain::reference::Reference;
use crate::store::StoreError;
use crate::store::inbox::shelf::{Decided, Held, Verdict};

/// Lines of what was set aside on a page.
const PAGE: u32 = 50;

/// Which part of the shelf is asked for.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Part {
    /// `tilside` for what was set aside.
    vis: String,
    /// Goes on before this arrival.
    foer: Option<i64>,
    /// What was just set aside.
    lagt: Option<i64>,
}

pub(super) async fn page(
    State(inbox): State<Inbox>,
    Extension(seat): Extension<Seat>,
    Query(part): Query<Part>,
) -> Response {
    show(&inbox, &seat, None, &part, None, StatusCode::OK).await
}

pub(super) async fn item(
    State(inbox): State<Inbox>,
    Extension(seat): Extension<Seat>,
    Path(arrival): Path<i64>,
) -> Response {
    show(&inbox, &seat, Some(ArrivalId(arrival)), &Part::default(), None, StatusCode::OK).await
}

async fn show(
    inbox: &Inbox,
    seat: &Seat,
    arrival: Option<ArrivalId>,
    part: &Part,
    error: Option<String>,
    status: StatusCode,
) -> Response {
    match made(inbox, seat, arrival, part, error).await {
        Ok(Some(page)) => inbox.answer(status, &page),
        Ok(None) => inbox.missing(seat),
        Err(error) => inbox.failed(Some(seat), &error),
    }
}

async fn made(
    inbox: &Inbox,
    seat: &Seat,
    arrival: Option<ArrivalId>,
    part: &Part,
    error: Option<String>,
) -> Result<Option<ShelfPage>, StoreError> {
    let words = inbox.words(&seat.account().language);
    let today = inbox.today();
    let store = &inbox.doors().store;
    let mut aside = part.vis == "tilside";
    let open = match arrival {
        None => None,
        Some(arrival) => match store.shelf_open(&seat.actor, arrival, inbox.now()).await? {
            None => return Ok(None),
            Some(held) => {
                aside = held.disposition != Disposition::Hold;
                Some(Box::new(view(inbox, seat, &held, error).await?))
            }
        },
    };
    let held = match aside {
        true => {
            let before = part.foer.or(arrival.map(|arrival| arrival.0 + 1)).unwrap_or(i64::MAX);
            store.set_aside(&seat.actor, ArrivalId(before), PAGE).await?
        }
        false => store.shelf(&seat.actor).await?,
    };
    let more = (aside && held.len() == PAGE as usize)
        .then(|| held.last().map(|last| format!("/indbakke/hold?vis=tilside&foer={}", last.arrival.0)))
        .flatten();
    let rows = held
        .iter()
        .map(|one| {
            let (channel_class, channel_icon) = channel_look(one.channel);
            let snippet: String =
                one.text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(160).collect();
            Row {
                id: one.arrival.0,
                url: format!("/indbakke/hold/{}", one.arrival.0),
                channel_class,
                channel_icon,
                spoken: format!("{}, ", channel_name(one.channel, words)),
                who: who(one, words),
                named: vec![(who(one, words), false)],
                time: moment_short(one.received_at, today, words.language),
                time_iso: written::iso(one.received_at),
                title: masked(&one.subject),
                titled: vec![(masked(&one.subject), false)],
                snippet: vec![(masked(&snippet), false)],
                lang: None,
                due_class: if aside { "plain" } else { "warn" },
                due: words.t(&format!("disposition.{}", one.disposition.as_str())).to_owned(),
                meta: String::new(),
                unread: false,
                urgent: false,
                draft: false,
                current: arrival == Some(one.arrival),
                after_closing: false,
            }
        })
        .collect();
    let counts = inbox.counts(seat).await;
    let asking = Asking::of_shelf();
    let rail = list::rail(inbox, seat, &asking, &counts).await?;
    let shell = inbox.shell(Some(seat), words.t(if aside { "shelf.aside" } else { "view.hold" }), "indbakke");
    Ok(Some(ShelfPage {
        aside,
        more,
        back: part.lagt,
        shell,
        rail,
        rows,
        reasons: held.iter().map(|one| words.why(&one.reason)).collect(),
        open,
    }))
}

fn who(held: &Held, words: &crate::texts::InboxWords) -> String {
    let sender = held.details.sender.as_ref();
    let name = sender.and_then(|sender| sender.name.clone());
    let address = sender.map(|sender| written::phone(sender.address.as_str()));
    masked(&name.or(address).unwrap_or_else(|| words.t("list.nobody").to_owned()))
}

async fn view(
    inbox: &Inbox,
    seat: &Seat,
    held: &Held,
    error: Option<String>,
) -> Result<HeldView, StoreError> {
    let words = inbox.words(&seat.account().language);
    let mut offers = Vec::new();
    for offer in &held.offers {
        if let Some(row) = inbox.doors().store.enquiry_row(&seat.actor, offer.enquiry).await? {
            offers.push(OfferView {
                id: row.id.0,
                reference: row.reference.to_string(),
                title: row.facts.title.clone(),
                state: state_name(row.facts.state, row.facts.waits_for, words).to_owned(),
                reason: words.why(&offer.reason),
                closed: row.facts.state == Work::Closed,
            });
        }
    }
    let address = held.details.sender.as_ref().map(|sender| sender.address.as_str().to_owned());
    let mut facts = vec![who(held, words)];
    facts.extend(address);
    facts.push(channel_name(held.channel, words).to_owned());
    facts.push(moment(held.received_at, inbox.today(), words));
    let title = Some(held.subject.clone()).filter(|subject| !subject.trim().is_empty());
    Ok(HeldView {
        id: held.arrival.0,
        title: title.unwrap_or_else(|| {
            words.with("enquiry.untitled", &[("kanal", channel_name(held.channel, words))])
        }),
        facts,
        reason: words.why(&held.reason),
        aside: held.disposition != Disposition::Hold,
        doubts: held.details.doubts.iter().map(|doubt| words.why(&doubt.detail)).collect(),
        text: held.text.clone(),
        files: held
            .details
            .attachments
            .iter()
            .map(|file| {
                let name = file.name.clone().unwrap_or_else(|| words.t("enquiry.unnamed_file").to_owned());
                format!("{name} · {}", written::size(file.size, words.language))
            })
            .collect(),
        offers,
        error,
    })
}

pub(super) async fn decide(
    State(inbox): State<Inbox>,
    Extension(seat): Extension<Seat>,
    Path(arrival): Path<i64>,
    Form(fields): Fields,
) -> Response {
    let arrival = ArrivalId(arrival);
    let words = Arc::clone(inbox.words(&seat.account().language));
    let store = &inbox.doors().store;
    let part = Part::default();
    let again = |key: &str| {
        let error = Some(words.t(key).to_owned());
        show(&inbox, &seat, Some(arrival), &part, error, StatusCode::UNPROCESSABLE_ENTITY)
    };
    // The button that files it on an offered enquiry says which, and nothing else.
    let verdict = match Some(field(&fields, "handling")).filter(|what| !what.is_empty()).unwrap_or("til") {
        "ny" => Verdict::Enquiry { acknowledge: field(&fields, "kvittering") == "1" },
        "maskine" => Verdict::Automatic,
        "spam" => Verdict::Spam,
        "hold" => Verdict::Hold,
        "til" if field(&fields, "til").trim().is_empty() => return again("shelf.choose").await,
        "til" => {
            let typed = field(&fields, "til").trim();
            let found = match typed.parse::<i64>() {
                Ok(id) => Ok(Some(EnquiryId(id))),
                Err(_) => match Reference::find_all(typed).first() {
                    Some(reference) => store.enquiry_by_reference(reference).await,
                    None => Ok(None),
                },
            };
            match found {
                Ok(Some(id)) => Verdict::FollowUp(id),
                Ok(None) => return again("shelf.no_such").await,
                Err(error) => return inbox.failed(Some(&seat), &error),
            }
        }
        _ => return again("shelf.choose").await,
    };
    let desk = Arc::clone(&inbox.doors().desk);
    match store.shelf_decide(&seat.actor, arrival, verdict, &*desk, inbox.now()).await {
        Ok(Decided::On(enquiry)) => on_to(&format!("/indbakke/h/{}?hvad=shelf", enquiry.0)),
        Ok(Decided::Apart) if verdict == Verdict::Hold => on_to(&format!("/indbakke/hold/{}", arrival.0)),
        Ok(Decided::Apart) => on_to(&format!("/indbakke/hold?lagt={}", arrival.0)),
        Ok(Decided::Gone) => inbox.say(Some(&seat), StatusCode::CONFLICT, "held_gone"),
        Err(error) => inbox.failed(Some(&seat), &error),
    }
}

pub(super) async fn original(
    State(inbox): State<Inbox>,
    Extension(seat): Extension<Seat>,
    Path(arrival): Path<i64>,
) -> Response {
    match inbox.doors().store.shelf_raw(&seat.actor, ArrivalId(arrival), inbox.now()).await {
        Ok(Some((channel, _, bytes))) => files::download(
            &inbox,
            &files::original_name(channel, arrival),
            "application/octet-stream",
            bytes,
        ),
        Ok(None) => inbox.missing(&seat),
        Err(error) => inbox.failed(Some(&seat), &error),
    }
}
