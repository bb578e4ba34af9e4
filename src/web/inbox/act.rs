//! What is done to an enquiry with one click or one key: steps of triage, splitting, joining, notes, consent, persons.
//!
//! Each is a form that leads back to where it was sent from, with what was done and a way to undo it.

use std::collections::BTreeSet;

use axum::Form;
use axum::extract::{Extension, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use indgang_channels::message::Address;
use indgang_channels::sms::number::{Class, classify};
use jiff::civil::{Date, DateTime};
use jiff::{SignedDuration, Timestamp};

use super::list::{Asking, channel_of, kind_of};
use super::{Fields, Inbox, Seat, all, field, on_to, seen};
use crate::domain::account::AccountId;
use crate::domain::area::AreaId;
use crate::domain::calendar;
use crate::domain::enquirer::EnquirerId;
use crate::domain::enquiry::EnquiryId;
use crate::domain::task::Task;
use crate::domain::triage::{Purpose, Refused, Step, WaitsFor};
use crate::store::inbox::change::Act;
use crate::store::inbox::erase::NotErased;
use crate::store::inbox::write::{NewNote, note_kind};

/// The longest line that is taken into a field, in characters.
const LONGEST: usize = 300;
/// How long somebody is blocked at most.
pub(super) const LONGEST_BLOCK: SignedDuration = SignedDuration::from_hours(24 * 365);

/// A line as it is kept.
pub(super) fn line(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(LONGEST).collect::<String>().trim().to_owned()
}

/// Back to where a form was sent from.
pub(super) fn back(id: i64, fields: &[(String, String)], done: &[(&str, &str)]) -> Response {
    let asking = Asking::parse(field(fields, "liste"));
    let mut query = asking.query();
    for (name, value) in done.iter().filter(|(_, value)| !value.is_empty()) {
        if !query.is_empty() {
            query.push('&');
        }
        query.push_str(&format!("{name}={value}"));
    }
    let mark = if query.is_empty() { "" } else { "?" };
    let path = match field(fields, "videre").parse::<i64>() {
        // On to the next one, where there is one.
        Ok(next) => format!("/indbakke/h/{next}"),
        Err(_) if field(fields, "videre") == "liste" => "/indbakke".to_owned(),
        Err(_) => format!("/indbakke/h/{id}"),
    };
    on_to(&format!("{path}{mark}{query}"))
}

/// Why something was not possible, in words for whoever did it.
pub(super) fn refusal(why: Refused) -> &'static str {
    match why {
        Refused::Closed => "refused_closed",
        Refused::NotClosed => "refused_not_closed",
        Refused::NoContactForm => "refused_form",
        Refused::NoWelcome => "refused_welcome",
        Refused::NoEnquiry => "refused_kind",
        Refused::Joined => "refused_joined",
        Refused::NoTitle => "refused_title",
        Refused::NewMessage => "refused_new",
        Refused::ChangedSince => "refused_changed",
    }
}

/// The steps that a form asks for: each field that is there is one. `None` when one of them says nothing that can be done.
pub(super) fn steps(fields: &[(String, String)], today: Date) -> Option<Vec<Step>> {
    let mut steps = Vec::new();
    let day = |text: &str| {
        let text = text.trim();
        if text.is_empty() { Some(None) } else { text.parse::<Date>().ok().map(Some) }
    };
    for (name, value) in fields {
        match name.as_str() {
            "status" => match value.as_str() {
                "" => {}
                "igang" => steps.push(Step::TakeUp),
                "venter" => steps.push(Step::Wait(None)),
                "borger" => steps.push(Step::Wait(Some(WaitsFor::Citizen))),
                "forvaltning" => steps.push(Step::Wait(Some(WaitsFor::Administration))),
                "genaabn" => steps.push(Step::Reopen),
                _ => return None,
            },
            "omraade" if value.is_empty() => steps.push(Step::Area(None)),
            "omraade" => steps.push(Step::Area(Some(AreaId(value.parse().ok()?)))),
            "type" => steps.push(Step::Kind(kind_of(value)?)),
            "formaal" => steps.push(Step::Purpose(Purpose::parse(value)?)),
            "titel" => steps.push(Step::Title(line(value))),
            "haster" => steps.push(Step::Urgent(value == "1")),
            "form" if value.is_empty() => steps.push(Step::ContactForm(None)),
            "form" => steps.push(Step::ContactForm(Some(channel_of(value)?))),
            "klagefrist" => steps.push(Step::Appeal(day(value)?)),
            "husk" => steps.push(Step::Remind(day(value)?)),
            "udsaet" => {
                let days: i32 = value.parse().ok()?;
                let to = today.checked_add(jiff::Span::new().days(days.clamp(1, 400))).ok()?;
                steps.push(Step::Remind(Some(to)));
            }
            "hvem" if value.is_empty() => steps.push(Step::Assign(None)),
            "hvem" => steps.push(Step::Assign(Some(AccountId(value.parse().ok()?)))),
            "sag" => steps.push(Step::Case(value == "1")),
            "udenfor" => steps.push(Step::Outside(value == "1")),
            "sprog" if matches!(value.as_str(), "da" | "en") => steps.push(Step::Language(value.clone())),
            "laest" => steps.push(Step::Read(value == "1")),
            "temaer" => {
                let themes = value.split(',').map(line).filter(|theme| !theme.is_empty());
                steps.push(Step::Themes(themes.take(20).collect()));
            }
            "opgaver" => {
                let tasks = all(fields, "opgave").into_iter().filter_map(Task::parse);
                steps.push(Step::Tasks(tasks.collect::<BTreeSet<_>>()));
            }
            _ => {}
        }
    }
    Some(steps)
}

/// The word that the history and the log call steps by: that of the one that matters most.
fn called(steps: &[Step]) -> &'static str {
    match steps {
        [Step::Area(_)] => "area",
        [Step::Kind(_)] => "kind",
        [Step::TakeUp | Step::Wait(_)] => "state",
        [Step::Remind(_)] => "remind",
        [Step::Appeal(_)] => "appeal",
        [Step::Purpose(Purpose::Sparring)] => "sparring",
        [Step::Purpose(Purpose::Spam)] => "spam",
        [Step::Reopen] => "reopen",
        [Step::Case(_)] => "case",
        [Step::Read(_)] => "read_mark",
        _ => "triage",
    }
}

/// Whether a script asks, that is content with a status.
fn is_script(headers: &HeaderMap) -> bool {
    headers.get("x-requested-with").is_some()
}

pub(super) async fn step(
    State(inbox): State<Inbox>,
    Extension(seat): Extension<Seat>,
    Path(id): Path<i64>,
    headers: HeaderMap,
    Form(fields): Fields,
) -> Response {
    let Some(steps) = steps(&fields, inbox.today()) else {
        return inbox.say(Some(&seat), StatusCode::UNPROCESSABLE_ENTITY, "unclear");
    };
    // The whole panel, sent without a script: what a colleague has set meanwhile is not overwritten with what stood there.
    if let Ok(version) = field(&fields, "udgave").parse::<i64>() {
        match inbox.doors().store.enquiry_row(&seat.actor, EnquiryId(id)).await {
            Ok(Some(row)) if row.version == version => {}
            Ok(Some(_)) => return inbox.say(Some(&seat), StatusCode::CONFLICT, "stale"),
            Ok(None) => return inbox.missing(&seat),
            Err(error) => return inbox.failed(Some(&seat), &error),
        }
    }
    let (act_id, what) = (inbox.token(), called(&steps));
    let act = Act::new(&act_id, what).having_seen(seen(&fields));
    let store = &inbox.doors().store;
    match store.enquiries_step(&seat.actor, &[EnquiryId(id)], &steps, act, inbox.now()).await {
        Ok(stepped) => match stepped.refused.first() {
            _ if stepped.changed.is_empty() && stepped.refused.is_empty() => inbox.missing(&seat),
            Some((_, why)) => inbox.say(Some(&seat), StatusCode::CONFLICT, refusal(*why)),
            None if is_script(&headers) => (StatusCode::OK, act_id).into_response(),
            None => back(id, &fields, &[("gjort", &act_id), ("hvad", what)]),
        },
        Err(error) => inbox.failed(Some(&seat), &error),
    }
}

/// The same step on all that are chosen; what cannot be done on one is done on the others.
pub(super) async fn chosen(
    State(inbox): State<Inbox>,
    Extension(seat): Extension<Seat>,
    Form(fields): Fields,
) -> Response {
    let ids: Vec<EnquiryId> =
        all(&fields, "valgt").into_iter().filter_map(|id| id.parse().ok()).map(EnquiryId).take(200).collect();
    let query = Asking::parse(field(&fields, "liste")).query();
    let to = |more: &str| {
        let mark = if query.is_empty() || more.is_empty() { "" } else { "&" };
        on_to(&format!("/indbakke?{query}{mark}{more}"))
    };
    if ids.is_empty() {
        return to("");
    }
    let (act_id, now) = (inbox.token(), inbox.now());
    let store = &inbox.doors().store;
    if field(&fields, "handling") == "saml" {
        let act = Act::new(&act_id, "join");
        let mut ids = ids;
        ids.sort();
        let (into, rest) = (ids[0], ids[1..].to_vec());
        // Looked at first, so that nothing is done by halves; and what belongs to two people is never one enquiry by a slip.
        let mut person = None;
        for id in &ids {
            match store.enquiry_row(&seat.actor, *id).await {
                Ok(Some(row)) if row.facts.joined_into.is_some() => {
                    return inbox.say(Some(&seat), StatusCode::CONFLICT, refusal(Refused::ChangedSince));
                }
                Ok(Some(row)) if person.is_some_and(|person| person != row.enquirer) => {
                    return inbox.say(Some(&seat), StatusCode::CONFLICT, "two_people");
                }
                Ok(Some(row)) => person = Some(row.enquirer),
                Ok(None) => return inbox.missing(&seat),
                Err(error) => return inbox.failed(Some(&seat), &error),
            }
        }
        for id in rest {
            match store.enquiry_join(&seat.actor, id, into, false, act, now).await {
                Ok(Some(Ok(()))) => {}
                Ok(Some(Err(why))) => return inbox.say(Some(&seat), StatusCode::CONFLICT, refusal(why)),
                Ok(None) => return inbox.missing(&seat),
                Err(error) => return inbox.failed(Some(&seat), &error),
            }
        }
        return to(&format!("gjort={act_id}&hvad=join"));
    }
    let picked: Vec<(String, String)> = fields
        .iter()
        .filter(|(name, value)| {
            !value.is_empty()
                && matches!(name.as_str(), "status" | "omraade" | "udsaet" | "laest" | "formaal" | "hvem")
        })
        .cloned()
        .collect();
    let Some(steps) = steps(&picked, inbox.today()).filter(|steps| !steps.is_empty()) else { return to("") };
    let what = called(&steps);
    match store
        .enquiries_step(&seat.actor, &ids, &steps, Act::new(&act_id, what).having_seen(seen(&fields)), now)
        .await
    {
        Ok(stepped) if stepped.changed.is_empty() => match stepped.refused.first() {
            Some((_, why)) => inbox.say(Some(&seat), StatusCode::CONFLICT, refusal(*why)),
            None => inbox.missing(&seat),
        },
        Ok(_) => to(&format!("gjort={act_id}&hvad={what}")),
        Err(error) => inbox.failed(Some(&seat), &error),
    }
}

pub(super) async fn undo(
    State(inbox): State<Inbox>,
    Extension(seat): Extension<Seat>,
    Form(fields): Fields,
) -> Response {
    let store = &inbox.doors().store;
    let mut act = field(&fields, "gjort").to_owned();
    if act.is_empty() {
        // The key: what was done last, within the last ten minutes.
        match store.act_newest(&seat.actor, inbox.now() - SignedDuration::from_mins(10)).await {
            Ok(newest) => act = newest.unwrap_or_default(),
            Err(error) => return inbox.failed(Some(&seat), &error),
        }
    }
    match store.act_undo(&seat.actor, &act, inbox.now()).await {
        Ok(Ok(_)) => on_to(field(&fields, "tilbage")),
        Ok(Err(why)) => inbox.say(Some(&seat), StatusCode::CONFLICT, refusal(why)),
        Err(error) => inbox.failed(Some(&seat), &error),
    }
}

pub(super) async fn split(
    State(inbox): State<Inbox>,
    Extension(seat): Extension<Seat>,
    Path(id): Path<i64>,
    Form(fields): Fields,
) -> Response {
    let areas: Vec<AreaId> =
        all(&fields, "til").into_iter().filter_map(|id| id.parse().ok()).map(AreaId).take(12).collect();
    if areas.is_empty() {
        return back(id, &fields, &[]);
    }
    let act_id = inbox.token();
    let desk = std::sync::Arc::clone(&inbox.doors().desk);
    let draw = || desk.draw_reference();
    let act = Act::new(&act_id, "split");
    let store = &inbox.doors().store;
    match store.enquiry_split(&seat.actor, EnquiryId(id), &areas, &draw, act, inbox.now()).await {
        Ok(Some(_)) => back(id, &fields, &[("gjort", &act_id), ("hvad", "split")]),
        Ok(None) => inbox.missing(&seat),
        Err(error) => inbox.failed(Some(&seat), &error),
    }
}

/// Joins an enquiry into another; or keeps it as a new one, where it came after closing (S3).
pub(super) async fn join(
    State(inbox): State<Inbox>,
    Extension(seat): Extension<Seat>,
    Path(id): Path<i64>,
    Form(fields): Fields,
) -> Response {
    let (act_id, now) = (inbox.token(), inbox.now());
    let store = &inbox.doors().store;
    let own = EnquiryId(id);
    if field(&fields, "valg") == "ny" {
        let act = Act::new(&act_id, "keep_new");
        let done = store.enquiries_step(&seat.actor, &[own], &[Step::TakeUp], act, now).await;
        return match done {
            Ok(stepped) if stepped.changed.is_empty() => inbox.missing(&seat),
            Ok(_) => back(id, &fields, &[("gjort", &act_id), ("hvad", "keep_new")]),
            Err(error) => inbox.failed(Some(&seat), &error),
        };
    }
    let reopen = field(&fields, "valg") == "genaabn";
    let what = if reopen { "reopen_join" } else { "join" };
    let Ok(into) = field(&fields, "til").trim().parse::<i64>().map(EnquiryId) else {
        return inbox.missing(&seat);
    };
    match store.enquiry_join(&seat.actor, own, into, reopen, Act::new(&act_id, what), now).await {
        Ok(Some(Ok(()))) => back(into.0, &fields, &[("gjort", &act_id), ("hvad", what)]),
        Ok(Some(Err(why))) => inbox.say(Some(&seat), StatusCode::CONFLICT, refusal(why)),
        Ok(None) => inbox.missing(&seat),
        Err(error) => inbox.failed(Some(&seat), &error),
    }
}

/// A moment as a browser's field writes it, on Danish clocks.
pub(super) fn moment(text: &str) -> Option<Timestamp> {
    let at: DateTime = text.trim().parse().ok()?;
    at.to_zoned(calendar::copenhagen().clone()).ok().map(|at| at.timestamp())
}

/// What a form says of a note.
pub(super) fn note_of<'a>(fields: &'a [(String, String)], kind: &'static str, now: Timestamp) -> NewNote<'a> {
    NewNote {
        kind,
        at: moment(field(fields, "hvornaar")).unwrap_or(now),
        minutes: field(fields, "minutter")
            .trim()
            .parse()
            .ok()
            .filter(|minutes| (0..=6_000).contains(minutes)),
        place: Some(field(fields, "sted")).filter(|place| !place.is_empty()),
        participants: Some(field(fields, "deltagere")).filter(|who| !who.is_empty()),
        body: field(fields, "tekst"),
    }
}

pub(super) async fn note(
    State(inbox): State<Inbox>,
    Extension(seat): Extension<Seat>,
    Path(id): Path<i64>,
    Form(fields): Fields,
) -> Response {
    let Some(kind) = note_kind(field(&fields, "slags")).or(Some("note")) else { return inbox.missing(&seat) };
    let note = note_of(&fields, kind, inbox.now());
    let has_more = note.minutes.is_some() || note.participants.is_some() || note.kind != "note";
    if note.body.trim().is_empty() && !has_more {
        return back(id, &fields, &[]);
    }
    let act_id = inbox.token();
    // Whoever was spoken with has been answered.
    let spoken = matches!(kind, "call" | "meeting" | "visit") && note.at <= inbox.now();
    let steps: Vec<Step> = if spoken && field(&fields, "besvaret") == "1" {
        vec![Step::AnsweredAt(note.at)]
    } else {
        Vec::new()
    };
    let act = Act::new(&act_id, "note");
    let store = &inbox.doors().store;
    match store.note_make(&seat.actor, EnquiryId(id), &note, &steps, act, inbox.now()).await {
        Ok(Some(Ok(()))) => back(id, &fields, &[("hvad", "note")]),
        Ok(Some(Err(why))) => inbox.say(Some(&seat), StatusCode::CONFLICT, refusal(why)),
        Ok(None) => inbox.missing(&seat),
        Err(error) => inbox.failed(Some(&seat), &error),
    }
}

/// It is known that something did not arrive.
pub(super) async fn settle(
    State(inbox): State<Inbox>,
    Extension(seat): Extension<Seat>,
    Path(id): Path<i64>,
    Form(fields): Fields,
) -> Response {
    match inbox.doors().store.trouble_settle(&seat.actor, EnquiryId(id), inbox.now()).await {
        Ok(true) => back(id, &fields, &[]),
        Ok(false) => inbox.missing(&seat),
        Err(error) => inbox.failed(Some(&seat), &error),
    }
}

pub(super) async fn note_remove(
    State(inbox): State<Inbox>,
    Extension(seat): Extension<Seat>,
    Path((id, note)): Path<(i64, i64)>,
    Form(fields): Fields,
) -> Response {
    match inbox.doors().store.note_remove(&seat.actor, EnquiryId(id), note, inbox.now()).await {
        Ok(true) => back(id, &fields, &[("hvad", "note_remove")]),
        Ok(false) => inbox.missing(&seat),
        Err(error) => inbox.failed(Some(&seat), &error),
    }
}

pub(super) async fn consent(
    State(inbox): State<Inbox>,
    Extension(seat): Extension<Seat>,
    Path(id): Path<i64>,
    Form(fields): Fields,
) -> Response {
    let (store, now) = (&inbox.doors().store, inbox.now());
    let ended = field(&fields, "traek").parse::<i64>();
    let done = match (ended, field(&fields, "omraade").parse::<i64>()) {
        (Ok(consent), _) => store.consent_end(&seat.actor, EnquiryId(id), consent, now).await,
        (_, Ok(area)) => {
            let how = if field(&fields, "hvordan") == "written" { "written" } else { "said" };
            let scope = line(field(&fields, "omfang"));
            store.consent_note(&seat.actor, EnquiryId(id), AreaId(area), how, &scope, now).await
        }
        _ => Ok(false),
    };
    match done {
        Ok(true) => back(id, &fields, &[("hvad", "consent")]),
        Ok(false) => inbox.missing(&seat),
        Err(error) => inbox.failed(Some(&seat), &error),
    }
}

/// An address as somebody typed it: a number, or mail.
pub(super) fn address_of(typed: &str) -> Option<Address> {
    let typed = line(typed);
    if typed.contains('@') {
        let (local, domain) = typed.rsplit_once('@')?;
        let plain = !typed.contains(char::is_whitespace) && !local.is_empty() && domain.contains('.');
        return plain.then_some(Address::Email(typed));
    }
    let digits: String = typed.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
    if digits.len() < 8 || typed.chars().any(char::is_alphabetic) {
        return None;
    }
    let written =
        if digits.starts_with('+') || digits.starts_with("00") { digits } else { format!("+45{digits}") };
    let number = classify(&written);
    if !matches!(number.class(), Class::Ordinary | Class::Foreign) {
        return None;
    }
    number.e164().map(|number| Address::Phone(number.to_owned()))
}

pub(super) async fn person(
    State(inbox): State<Inbox>,
    Extension(seat): Extension<Seat>,
    Path(id): Path<i64>,
    Form(fields): Fields,
) -> Response {
    let (store, now, enquiry) = (&inbox.doors().store, inbox.now(), EnquiryId(id));
    let who = &seat.actor;
    let number = |name: &str| field(&fields, name).parse::<i64>().unwrap_or_default();
    let done = match field(&fields, "handling") {
        "navn" => {
            let kind = Some(field(&fields, "slags")).filter(|kind| matches!(*kind, "citizen" | "company"));
            store.person_name(who, enquiry, &line(field(&fields, "navn")), kind, now).await
        }
        "adresse" => match address_of(field(&fields, "adresse")) {
            None => return inbox.say(Some(&seat), StatusCode::UNPROCESSABLE_ENTITY, "address"),
            Some(address) => match store.person_address(who, enquiry, &address, now).await {
                Ok(Some(true)) => Ok(true),
                // Somebody is reached there already: the adviser says whether the two are one.
                Ok(Some(false)) => return inbox.say(Some(&seat), StatusCode::CONFLICT, "address_taken"),
                Ok(None) => Ok(false),
                Err(error) => Err(error),
            },
        },
        "samme" => match store.enquiry_row(who, EnquiryId(number("henvendelse"))).await {
            Ok(Some(other)) => store.persons_merge(who, enquiry, other.enquirer, now).await,
            Ok(None) => Ok(false),
            Err(error) => Err(error),
        },
        "samme_person" => store.persons_merge(who, enquiry, EnquirerId(number("person")), now).await,
        "skil" => store.persons_part(who, enquiry, number("fund"), now).await,
        "partsrepraesentant" => {
            let (name, address) = (line(field(&fields, "navn")), line(field(&fields, "adresse")));
            let seen = field(&fields, "fuldmagt") == "1";
            store.representative_add(who, enquiry, &name, &address, seen, now).await
        }
        "partsrepraesentant_slut" => store.representative_end(who, enquiry, number("nummer"), now).await,
        _ => Ok(false),
    };
    match done {
        Ok(true) => back(id, &fields, &[("hvad", "person")]),
        Ok(false) => inbox.missing(&seat),
        Err(error) => inbox.failed(Some(&seat), &error),
    }
}

pub(super) async fn grant(
    State(inbox): State<Inbox>,
    Extension(seat): Extension<Seat>,
    Path(id): Path<i64>,
    Form(fields): Fields,
) -> Response {
    let Ok(to) = field(&fields, "konto").parse::<i64>().map(AccountId) else { return inbox.missing(&seat) };
    let granted = field(&fields, "ja") == "1";
    match inbox.doors().store.enquiry_grant(&seat.actor, EnquiryId(id), to, granted, inbox.now()).await {
        Ok(true) => back(id, &fields, &[("hvad", "grant")]),
        Ok(false) => inbox.missing(&seat),
        Err(error) => inbox.failed(Some(&seat), &error),
    }
}

/// Erases the person of an enquiry, for good. The form asks for a tick, so that nobody does it by a slip.
pub(super) async fn erase(
    State(inbox): State<Inbox>,
    Extension(seat): Extension<Seat>,
    Path(id): Path<i64>,
    Form(fields): Fields,
) -> Response {
    if field(&fields, "sikker") != "1" {
        return inbox.say(Some(&seat), StatusCode::UNPROCESSABLE_ENTITY, "not_sure");
    }
    match inbox.doors().store.person_erase(&seat.actor, EnquiryId(id), inbox.now()).await {
        Ok(Ok(()) | Err(NotErased::Done)) => on_to("/indbakke"),
        Ok(Err(NotErased::Open)) => inbox.say(Some(&seat), StatusCode::CONFLICT, "still_open"),
        Ok(Err(NotErased::Missing)) => inbox.missing(&seat),
        Err(error) => inbox.failed(Some(&seat), &error),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use rstest::rstest;

    use super::*;
    use crate::domain::enquiry::Kind;

    fn pairs(text: &str) -> Vec<(String, String)> {
        form_urlencoded::parse(text.as_bytes()).into_owned().collect()
    }

    #[rstest]
    #[case("status=igang", Some(vec![Step::TakeUp]))]
    #[case("status=borger", Some(vec![Step::Wait(Some(WaitsFor::Citizen))]))]
    #[case("status=", Some(vec![]))]
    #[case("status=nonsens", None)]
    #[case("type=aaben&omraade=3", Some(vec![Step::Kind(Kind::OpenEnded), Step::Area(Some(AreaId(3)))]))]
    #[case("omraade=", Some(vec![Step::Area(None)]))]
    #[case("omraade=x", None)]
    #[case("klagefrist=2026-12-30", Some(vec![Step::Appeal(Some(date(2026, 12, 30)))]))]
    #[case("klagefrist=", Some(vec![Step::Appeal(None)]))]
    #[case("klagefrist=30.12", None)]
    #[case("udsaet=7", Some(vec![Step::Remind(Some(date(2026, 11, 30)))]))]
    #[case("opgaver=1&opgave=rights&opgave=nonsens", Some(vec![Step::Tasks(BTreeSet::from([Task::Rights]))]))]
    #[case("liste=x&ukendt=y", Some(vec![]))]
    fn a_form_asks_for_steps(#[case] form: &str, #[case] expected: Option<Vec<Step>>) {
        assert_eq!(steps(&pairs(form), date(2026, 11, 23)), expected);
    }

    #[rstest]
    #[case("20 12 34 56", Some("+4520123456"))]
    #[case("+4520123456", Some("+4520123456"))]
    #[case("villy@post.example", Some("villy@post.example"))]
    #[case("villy@post", None)]
    #[case("Villy", None)]
    #[case("1234", None)]
    fn an_address_is_read(#[case] typed: &str, #[case] expected: Option<&str>) {
        assert_eq!(address_of(typed).as_ref().map(Address::as_str), expected);
    }
}
