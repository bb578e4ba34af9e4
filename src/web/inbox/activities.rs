//! What the adviser does besides enquiries: noted by day, counted in the figures.

use axum::Form;
use axum::extract::{Extension, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::civil::Date;

use super::act::line;
use super::views::{ActivitiesPage, ActivityView, Choice, YearLink};
use super::{Fields, Inbox, Seat, field, on_to, written};
use crate::domain::statistics::catalogue::ACTIVITIES;
use crate::domain::statistics::period::Period;
use crate::store::StoreError;
use crate::store::activities::Activity;

/// More people than this come to no talk.
const MOST_PARTICIPANTS: i64 = 100_000;

pub(super) async fn page(
    State(inbox): State<Inbox>,
    Extension(seat): Extension<Seat>,
    RawQuery(query): RawQuery,
) -> Response {
    let pairs: Vec<(String, String)> =
        form_urlencoded::parse(query.unwrap_or_default().as_bytes()).into_owned().collect();
    let today = inbox.today();
    let year =
        field(&pairs, "aar").parse().ok().filter(|year| (1990..=2200).contains(year)).unwrap_or(today.year());
    match made(&inbox, &seat, year, None).await {
        Ok(page) => inbox.answer(StatusCode::OK, &page),
        Err(error) => inbox.failed(Some(&seat), &error),
    }
}

/// The page of a year; with what was typed, where it cannot be noted.
async fn made(
    inbox: &Inbox,
    seat: &Seat,
    year: i16,
    refused: Option<(&[(String, String)], &str)>,
) -> Result<ActivitiesPage, StoreError> {
    let words = inbox.words(&seat.account().language);
    let today = inbox.today();
    let listed = inbox.doors().store.activities(Period::year(year)).await?;
    let typed = |name: &str| refused.map_or("", |(fields, _)| field(fields, name)).to_owned();
    let kind = typed("slags");
    let kinds = ACTIVITIES.map(|one| Choice {
        value: one.to_owned(),
        name: words.t(&format!("activity.{one}")).to_owned(),
        chosen: one == kind,
    });
    let view = |one: Activity| ActivityView {
        id: one.id,
        day: written::day(one.day, today, words),
        kind: words.t(&format!("activity.{}", one.kind)).to_owned(),
        participants: one.participants,
        note: one.note,
    };
    let day = Some(typed("dag")).filter(|day| !day.is_empty()).unwrap_or_else(|| today.to_string());
    Ok(ActivitiesPage {
        error: refused.map(|(_, key)| words.t(key).to_owned()),
        years: (today.year() - 5..=today.year())
            .rev()
            .map(|one| YearLink { year: one, current: one == year })
            .collect(),
        activities: listed.into_iter().map(view).collect(),
        kinds: kinds.into(),
        day,
        participants: typed("deltagere"),
        note: typed("note"),
        shell: inbox.shell(Some(seat), words.t("activity.title"), "statistik"),
    })
}

pub(super) async fn change(
    State(inbox): State<Inbox>,
    Extension(seat): Extension<Seat>,
    Form(fields): Fields,
) -> Response {
    let (store, now) = (&inbox.doors().store, inbox.now());
    if let Ok(id) = field(&fields, "fjern").parse::<i64>() {
        return match store.activity_remove(&seat.actor, id, now).await {
            Ok(_) => on_to("/indbakke/aktiviteter"),
            Err(error) => inbox.failed(Some(&seat), &error),
        };
    }
    let one = match read(&fields, inbox.today()) {
        Ok(one) => one,
        Err(key) => {
            return match made(&inbox, &seat, inbox.today().year(), Some((&fields, key))).await {
                Ok(page) => inbox.answer(StatusCode::UNPROCESSABLE_ENTITY, &page),
                Err(error) => inbox.failed(Some(&seat), &error),
            };
        }
    };
    match store.activity_add(&seat.actor, &one, now).await {
        Ok(()) => on_to(&format!("/indbakke/aktiviteter?aar={}", one.day.year())),
        Err(error) => inbox.failed(Some(&seat), &error),
    }
}

fn read(fields: &[(String, String)], today: Date) -> Result<Activity, &'static str> {
    let day: Date = field(fields, "dag").parse().map_err(|_| "activity.wrong_day")?;
    if day > today || day.year() < 1990 {
        return Err("activity.wrong_day");
    }
    let kind =
        ACTIVITIES.into_iter().find(|one| *one == field(fields, "slags")).ok_or("activity.wrong_kind")?;
    let participants = match field(fields, "deltagere").trim() {
        "" => 0,
        text => text
            .parse()
            .ok()
            .filter(|count| (0..=MOST_PARTICIPANTS).contains(count))
            .ok_or("activity.wrong_count")?,
    };
    Ok(Activity { id: 0, day, kind: kind.to_owned(), participants, note: line(field(fields, "note")) })
}
