//! One enquiry as a page: the conversation across channels, and the panel beside it.

use std::collections::BTreeMap;

use axum::extract::{Extension, Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use indgang_channels::message::{AnswerBy, Channel, FoldReason, SenderCheck};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use super::compose;
use super::list::{self, Asking, kind_word, marked};
use super::views::{
    Choice, ConsentView, ContactView, Entry, FileLink, InboxPage, OfferView, Open, Panel, Stretch, Tick,
};
use super::written::{self, channel_look, channel_name, chip, kind_name, masked, moment, state_name};
use super::{Inbox, Seat};
use crate::domain::account::AccountId;
use crate::domain::arrival::Disposition;
use crate::domain::calendar;
use crate::domain::enquiry::{EnquiryId, Kind, State as Work};
use crate::domain::task::Task;
use crate::domain::triage::{Facts, Purpose, WaitsFor};
use crate::domain::words::Asked;
use crate::intake::Acknowledgement;
use crate::store::StoreError;
use crate::store::inbox::enquiry::{Contact, Message, Note, Sent, Whole};
use crate::texts::InboxWords;

/// What a composer is to say when a page is shown again: nothing for a page that is opened.
#[derive(Default)]
pub(super) struct Again {
    /// Why it did not go.
    pub(super) error: Option<String>,
    /// What must be looked at first.
    pub(super) warnings: Vec<String>,
    /// What was written.
    pub(super) text: Option<String>,
    /// The way that was chosen.
    pub(super) via: Option<String>,
    /// What it was for.
    pub(super) occasion: String,
    /// The panel that is to be open.
    pub(super) open: String,
}

pub(super) async fn page(
    State(inbox): State<Inbox>,
    Extension(seat): Extension<Seat>,
    Path(id): Path<i64>,
    Query(asking): Query<Asking>,
) -> Response {
    let again = Again { open: asking.vis.clone(), ..Again::default() };
    show(&inbox, &seat, EnquiryId(id), &asking, again, StatusCode::OK).await
}

/// The page of an enquiry.
pub(super) async fn show(
    inbox: &Inbox,
    seat: &Seat,
    id: EnquiryId,
    asking: &Asking,
    again: Again,
    status: StatusCode,
) -> Response {
    match made(inbox, seat, id, asking, again).await {
        Ok(Some(page)) => inbox.answer(status, &page),
        Ok(None) => inbox.missing(seat),
        Err(error) => inbox.failed(Some(seat), &error),
    }
}

async fn made(
    inbox: &Inbox,
    seat: &Seat,
    id: EnquiryId,
    asking: &Asking,
    again: Again,
) -> Result<Option<InboxPage>, StoreError> {
    let Some(whole) = inbox.doors().store.enquiry_open(&seat.actor, id, inbox.now()).await? else {
        return Ok(None);
    };
    let asking = &asking.clone().known(inbox, seat).await?;
    let counts = inbox.counts(seat).await;
    let (list, ids) = list::lines(inbox, seat, asking, Some(id), &counts).await?;
    let rail = list::rail(inbox, seat, asking, &counts).await?;
    let open = open(inbox, seat, &whole, asking, again, &ids).await?;
    let mut shell =
        inbox.shell(Some(seat), &format!("{} – {}", masked(&open.title), open.reference), "indbakke");
    shell.question.clone_from(&asking.q);
    shell.toast = list::toast(inbox, seat, asking, &format!("/indbakke/h/{}", id.0));
    Ok(Some(InboxPage { shell, rail, list, open: Some(Box::new(open)) }))
}

async fn open(
    inbox: &Inbox,
    seat: &Seat,
    whole: &Whole,
    asking: &Asking,
    again: Again,
    ids: &[EnquiryId],
) -> Result<Open, StoreError> {
    let words = inbox.words(&seat.account().language);
    let (id, facts, today) = (whole.row.id, &whole.row.facts, inbox.today());
    let query = asking.query();
    let mark = if query.is_empty() { "" } else { "?" };
    let beside = |id: EnquiryId| format!("/indbakke/h/{}{mark}{query}", id.0);
    let place = ids.iter().position(|one| *one == id);
    let next = place.and_then(|place| ids.get(place + 1)).copied().map(beside);
    let previous =
        place.and_then(|place| place.checked_sub(1)).and_then(|place| ids.get(place)).copied().map(beside);
    let asked = Asked::read(&asking.q);
    let offers = offers(inbox, seat, whole).await?;
    let who = person_name(whole, words);
    let (due_class, due) = match facts.state {
        Work::Closed => ("ok", words.t("state.closed").to_owned()),
        _ => chip(whole.row.facts.due_on_with_why(), today, words),
    };
    let mut chips =
        vec![(due_class, due), ("info text", state_name(facts.state, facts.waits_for, words).to_owned())];
    chips.extend(
        facts.area.map(|area| ("text", inbox.settings().area_name(area, seat.account().language == "en"))),
    );
    let phone = whole.person.contacts.iter().find(|contact| contact.kind == "phone");
    let title = if facts.title.trim().is_empty() {
        words.with("enquiry.untitled", &[("kanal", channel_name(whole.row.intake_channel, words))])
    } else {
        facts.title.clone()
    };
    Ok(Open {
        id: id.0,
        title,
        who,
        reference: whole.row.reference.to_string(),
        received: words.with(
            "enquiry.received",
            &[
                ("tid", &moment(whole.row.first_contact_at, today, words)),
                ("kanal", channel_name(whole.row.intake_channel, words)),
            ],
        ),
        chips,
        entries: entries(inbox, seat, whole, asked.as_ref(), today),
        after_closing: whole.row.after_closing
            && facts.joined_into.is_none()
            && !whole.changes.iter().any(|change| change.what == "keep_new"),
        joined: facts
            .joined_into
            .map(|into| (format!("/indbakke/h/{into}"), words.t("enquiry.joined").to_owned())),
        trouble: whole.sent.iter().any(|sent| sent.is_trouble() && !sent.settled),
        notices: notices(whole, today, words),
        panel: panel(inbox, seat, whole, today).await?,
        composer: compose::composer(inbox, seat, whole, again).await?,
        next_id: place
            .and_then(|place| ids.get(place + 1))
            .map_or_else(|| "liste".to_owned(), |id| id.0.to_string()),
        next,
        previous,
        back: if query.is_empty() { "/indbakke".to_owned() } else { format!("/indbakke?{query}") },
        call: phone.map(|contact| contact.address.clone()),
        offers,
        query,
    })
}

/// What somebody is called: a name, or where they are reached.
pub(super) fn person_name(whole: &Whole, words: &InboxWords) -> String {
    let person = &whole.person;
    person
        .name
        .clone()
        .filter(|name| !name.trim().is_empty())
        .or_else(|| person.contacts.first().map(|contact| written::phone(&contact.address)))
        .unwrap_or_else(|| words.t("list.nobody").to_owned())
}

/// What must not be overlooked.
fn notices(whole: &Whole, today: Date, words: &InboxWords) -> Vec<(&'static str, String)> {
    let facts = &whole.row.facts;
    let mut notices = Vec::new();
    if whole.sent.iter().any(|sent| sent.is_trouble() && !sent.settled) {
        notices.push(("danger", words.t("notice.trouble").to_owned()));
    }
    if facts.state == Work::Closed {
        return notices;
    }
    if let Some(due) = facts.reply_due.filter(|due| *due < today) {
        notices.push(("danger", words.with("notice.late", &[("dato", &written::day(due, today, words))])));
    }
    if let Some(appeal) = facts.appeal_deadline {
        let key = if appeal < today { "notice.appeal_over" } else { "notice.appeal" };
        notices.push(("warn", words.with(key, &[("dato", &written::day(appeal, today, words))])));
    }
    if whole.row.reminders > 0 && facts.reply_due.is_some() {
        notices.push(("warn", words.with("notice.reminded", &[("antal", &whole.row.reminders.to_string())])));
    }
    for contact in whole.person.contacts.iter().filter(|contact| contact.undeliverable) {
        notices.push(("danger", words.with("notice.undeliverable", &[("adresse", &contact.address)])));
    }
    if facts.case_at.is_none() && facts.purpose == Purpose::Enquiry && facts.state != Work::New {
        notices.push(("", words.t("notice.case").to_owned()));
    }
    notices
}

/// Enquiries that its first message may belong to.
async fn offers(inbox: &Inbox, seat: &Seat, whole: &Whole) -> Result<Vec<OfferView>, StoreError> {
    let words = inbox.words(&seat.account().language);
    let mut views: Vec<OfferView> = Vec::new();
    let facts = &whole.row.facts;
    if facts.joined_into.is_some() {
        return Ok(views);
    }
    for offer in whole.messages.iter().flat_map(|message| &message.offers) {
        let is_own = offer.enquiry == whole.row.id || offer.enquiry.0 == whole.row.conversation();
        if is_own || views.iter().any(|view| view.id == offer.enquiry.0) {
            continue;
        }
        let Some(row) = inbox.doors().store.enquiry_row(&seat.actor, offer.enquiry).await? else { continue };
        if row.facts.joined_into.is_some() {
            continue;
        }
        views.push(OfferView {
            id: row.id.0,
            reference: row.reference.to_string(),
            title: masked(&row.facts.title),
            state: state_name(row.facts.state, row.facts.waits_for, words).to_owned(),
            reason: words.why(&offer.reason),
            closed: row.facts.state == Work::Closed,
        });
    }
    Ok(views)
}

/// The conversation, oldest first.
fn entries(inbox: &Inbox, seat: &Seat, whole: &Whole, asked: Option<&Asked>, today: Date) -> Vec<Entry> {
    let words = inbox.words(&seat.account().language);
    let mut entries: Vec<(Timestamp, u8, Entry)> = Vec::new();
    for message in &whole.messages {
        // What the adviser entered herself stands in its note.
        if !matches!(message.channel, Channel::Call | Channel::Meeting) {
            entries.push((message.received_at, 0, of_message(whole, message, asked, today, words)));
        }
    }
    for sent in &whole.sent {
        if let Some(entry) = of_sent(sent, seat.actor.account, asked, today, words) {
            entries.push((sent.created_at, 1, entry));
        }
    }
    for note in &whole.notes {
        entries.push((note.at.min(note.made_at), 2, of_note(note, asked, today, words)));
    }
    for change in &whole.changes {
        if let Some(text) = told(inbox, seat, &change.what, &change.before, &change.after, today) {
            entries.push((
                change.at,
                3,
                event("check", format!("{}: {text}", change.name), change.at, today, words),
            ));
        }
    }
    entries.sort_by_key(|(at, order, _)| (*at, *order));
    let mut entries: Vec<Entry> = entries.into_iter().map(|(_, _, entry)| entry).collect();
    // Only the first of what is new is announced.
    let mut announced = false;
    for entry in &mut entries {
        entry.is_new = entry.is_new && !announced;
        announced |= entry.is_new;
    }
    entries
}

fn event(icon: &'static str, text: String, at: Timestamp, today: Date, words: &InboxWords) -> Entry {
    Entry {
        class: "event",
        anchor: String::new(),
        channel_class: "",
        icon,
        who: String::new(),
        what: String::new(),
        time: moment(at, today, words),
        time_iso: written::iso(at),
        label: String::new(),
        subject: None,
        text: vec![Stretch::Shown(vec![(text, false)])],
        lang: None,
        files: Vec::new(),
        state: None,
        reasons: Vec::new(),
        doubts: Vec::new(),
        original: None,
        shown: None,
        note: None,
        take_back: None,
        calendar: None,
        is_new: false,
    }
}

fn of_message(
    whole: &Whole,
    message: &Message,
    asked: Option<&Asked>,
    today: Date,
    words: &InboxWords,
) -> Entry {
    let (channel_class, icon) = channel_look(message.channel);
    let base = format!("/indbakke/h/{}/besked/{}", whole.row.id.0, message.arrival.0);
    let details = &message.details;
    let sender = details.sender.as_ref();
    let name = sender.and_then(|sender| sender.name.clone()).or_else(|| details.form.as_ref()?.name.clone());
    let who = name.or_else(|| sender.map(|sender| written::phone(sender.address.as_str())));
    let who = who.unwrap_or_else(|| words.t("list.nobody").to_owned());
    let what = channel_name(message.channel, words).to_owned();
    let time = moment(message.received_at, today, words);
    let mut reasons = vec![words.why(&message.reason)];
    match serde_json::from_str(&message.acknowledgement) {
        Ok(Acknowledgement::Send { reason, .. }) => {
            reasons.push(words.with("why.acknowledged", &[("hvorfor", &words.why(&reason))]));
        }
        Ok(Acknowledgement::Suppressed { reason, .. } | Acknowledgement::NotDue { reason }) => {
            reasons.push(words.with("why.not_acknowledged", &[("hvorfor", &words.why(&reason))]));
        }
        Err(_) => {}
    }
    match &details.sender_check {
        SenderCheck::Passed(reason) => {
            reasons.push(words.with("why.genuine", &[("hvorfor", &words.why(reason))]));
        }
        SenderCheck::Failed(reason) => {
            reasons.push(words.with("why.forged", &[("hvorfor", &words.why(reason))]));
        }
        SenderCheck::Unknown => {}
    }
    let files = details
        .attachments
        .iter()
        .enumerate()
        .map(|(number, file)| FileLink {
            url: format!("{base}/fil/{number}"),
            name: file.name.clone().unwrap_or_else(|| words.t("enquiry.unnamed_file").to_owned()),
            size: written::size(file.size, words.language),
            icon: file_icon(&file.media_type),
            warning: file.quarantine.as_deref().map(|why| words.why(why)),
        })
        .collect();
    let is_new = whole.seen_before.is_some_and(|seen| message.received_at > seen);
    let subject = Some(message.subject.clone())
        .filter(|subject| !subject.trim().is_empty() && *subject != whole.row.facts.title);
    let lang = details.language.as_ref().map(|language| language.0.clone());
    let follow = message.disposition == Disposition::FollowUp;
    Entry {
        class: "in",
        anchor: format!("b{}", message.arrival.0),
        channel_class,
        icon,
        label: words.with("entry.label", &[("hvad", &what), ("hvem", &who), ("tid", &time)]),
        who,
        what,
        time,
        time_iso: written::iso(message.received_at),
        subject,
        text: folded(&message.text, &details.folded, asked, words),
        lang: lang.filter(|lang| lang != words.language.as_str()),
        files,
        state: None,
        reasons: if follow { reasons.into_iter().take(1).collect() } else { reasons },
        doubts: details.doubts.iter().map(|doubt| words.why(&doubt.detail)).collect(),
        original: Some(format!("{base}/original")),
        shown: (message.channel == Channel::Email).then(|| format!("{base}/visning")),
        note: None,
        take_back: None,
        calendar: None,
        is_new,
    }
}

fn file_icon(media_type: &str) -> &'static str {
    match media_type {
        "application/pdf" => "file-pdf",
        one if one.starts_with("image/") => "file-image",
        _ => "document",
    }
}

/// A text with what is folded apart; shown and folded together are the text.
fn folded(
    text: &str,
    folds: &[indgang_channels::message::Fold],
    asked: Option<&Asked>,
    words: &InboxWords,
) -> Vec<Stretch> {
    let mut stretches = Vec::new();
    let mut from = 0;
    for fold in folds {
        let (Some(before), Some(inside)) = (text.get(from..fold.start), text.get(fold.start..fold.end))
        else {
            break;
        };
        if !before.trim().is_empty() {
            stretches.push(Stretch::Shown(marked(before.trim_end(), asked)));
        }
        let name = words.t(match fold.reason {
            FoldReason::Quote => "fold.quote",
            FoldReason::Signature => "fold.signature",
            FoldReason::Disclaimer => "fold.disclaimer",
        });
        stretches.push(Stretch::Folded(name.to_owned(), inside.trim_matches('\n').to_owned()));
        from = fold.end;
    }
    let rest = text.get(from..).unwrap_or_default();
    if !rest.trim().is_empty() {
        stretches.push(Stretch::Shown(marked(rest.trim_matches('\n'), asked)));
    }
    stretches
}

fn of_sent(
    sent: &Sent,
    reader: AccountId,
    asked: Option<&Asked>,
    today: Date,
    words: &InboxWords,
) -> Option<Entry> {
    let (channel_class, icon) = channel_look(sent.channel);
    let state = sent_state(sent, today, words);
    let way = channel_name(sent.channel, words);
    if sent.kind != "reply" {
        let key = match sent.kind.as_str() {
            "acknowledgement" => "sent.acknowledgement",
            "news" => "sent.news",
            _ => "sent.opt_out",
        };
        // When it went stands in what became of it.
        let text = format!("{} · {}", words.with(key, &[("kanal", way)]), state.0);
        let icon = if state.1 == "danger" { "error" } else { "success" };
        let mut entry = event(icon, text, sent.sent_at.unwrap_or(sent.created_at), today, words);
        entry.state = Some((String::new(), state.1));
        entry
            .text
            .extend(sent.text.clone().map(|text| Stretch::Folded(words.t("sent.text").to_owned(), text)));
        return Some(entry);
    }
    if sent.state == "suppressed" {
        return None;
    }
    let who = sent.name.clone().unwrap_or_else(|| words.t("sent.us").to_owned());
    let to = match sent.channel {
        Channel::Web => words.t("sent.on_page").to_owned(),
        _ => words.with("sent.to", &[("kanal", way), ("adresse", &written::phone(&sent.recipient))]),
    };
    let occasion = words.t(&format!("occasion.{}", sent.occasion));
    let what = if sent.occasion == "answer" { to } else { format!("{occasion} · {to}") };
    let time = moment(sent.created_at, today, words);
    let files = sent
        .files
        .iter()
        .map(|(id, name, size)| FileLink {
            url: format!("/indbakke/h/{}/sendt/{id}", sent.enquiry.0),
            name: name.clone(),
            size: written::size(u64::try_from(*size).unwrap_or(0), words.language),
            icon: "document",
            warning: None,
        })
        .collect();
    let back = sent
        .act
        .clone()
        .filter(|_| sent.waits() && sent.account == Some(reader))
        .map(|act| (format!("/indbakke/h/{}/tilbage", sent.enquiry.0), sent.id, act));
    Some(Entry {
        class: "out",
        anchor: format!("s{}", sent.id),
        channel_class,
        icon,
        label: words.with("entry.label", &[("hvad", &what), ("hvem", &who), ("tid", &time)]),
        who,
        what,
        time,
        time_iso: written::iso(sent.created_at),
        subject: None,
        text: vec![Stretch::Shown(marked(sent.text.as_deref().unwrap_or_default(), asked))],
        lang: None,
        files,
        state: Some(state),
        reasons: Vec::new(),
        doubts: Vec::new(),
        original: None,
        shown: None,
        note: None,
        take_back: back,
        calendar: None,
        is_new: false,
    })
}

/// What became of something that went out, and how bad that is.
fn sent_state(sent: &Sent, today: Date, words: &InboxWords) -> (String, &'static str) {
    if let Some(at) = sent.bounced_at {
        let status = sent.bounce_status.clone().unwrap_or_default();
        return (
            words.with("sent.bounced", &[("tid", &moment(at, today, words)), ("status", &status)]),
            "danger",
        );
    }
    let when = |at: Option<Timestamp>| at.map(|at| moment(at, today, words)).unwrap_or_default();
    match (sent.state.as_str(), sent.delivery.as_deref()) {
        ("failed", _) => {
            (words.with("sent.failed", &[("fejl", sent.last_error.as_deref().unwrap_or_default())]), "danger")
        }
        (_, Some("failed")) => {
            (words.with("sent.undelivered", &[("tid", &when(sent.delivery_at))]), "danger")
        }
        (_, Some("delivered")) => (words.with("sent.delivered", &[("tid", &when(sent.delivery_at))]), "ok"),
        ("unknown", _) => (words.t("sent.unknown").to_owned(), "warn"),
        ("suppressed", _) => (words.with("sent.suppressed", &[("hvorfor", &words.why(&sent.reason))]), ""),
        ("sent", _) if sent.channel == Channel::Web => (words.t("sent.lies").to_owned(), "ok"),
        ("sent", _) => (words.with("sent.sent", &[("tid", &when(sent.sent_at))]), "ok"),
        _ if sent.attempts > 0 && sent.last_error.is_some() => (
            words.with(
                "sent.again",
                &[
                    ("tid", &moment(sent.due_at, today, words)),
                    ("fejl", sent.last_error.as_deref().unwrap_or_default()),
                ],
            ),
            "warn",
        ),
        _ => (words.with("sent.waits", &[("tid", &moment(sent.due_at, today, words))]), ""),
    }
}

fn of_note(note: &Note, asked: Option<&Asked>, today: Date, words: &InboxWords) -> Entry {
    let icon = match note.kind.as_str() {
        "call" => "call",
        "meeting" | "visit" => "groups",
        "alignment" => "how-to-reg",
        "referral" => "link",
        _ => "edit",
    };
    let mut what = vec![words.t(&format!("note.{}", note.kind)).to_owned()];
    what.extend(note.minutes.map(|minutes| words.with("note.minutes", &[("antal", &minutes.to_string())])));
    what.extend(note.place.clone());
    what.extend(note.participants.clone());
    what.push(words.t("note.internal").to_owned());
    let what = what.join(" · ");
    let time = moment(note.at, today, words);
    Entry {
        class: "note",
        anchor: format!("n{}", note.id),
        channel_class: "",
        icon,
        label: words.with("entry.label", &[("hvad", &what), ("hvem", &note.name), ("tid", &time)]),
        who: note.name.clone(),
        what,
        time,
        time_iso: written::iso(note.at),
        subject: None,
        text: vec![Stretch::Shown(marked(&note.body, asked))],
        lang: None,
        files: Vec::new(),
        state: None,
        reasons: Vec::new(),
        doubts: Vec::new(),
        original: None,
        shown: None,
        note: Some(note.id),
        take_back: None,
        calendar: (note.kind == "meeting" && note.at > note.made_at)
            .then(|| format!("/indbakke/h/{}/moede/{}", note.enquiry.0, note.id)),
        is_new: false,
    }
}

/// A change in words; nothing for what is seen elsewhere.
fn told(
    inbox: &Inbox,
    seat: &Seat,
    what: &str,
    before: &Facts,
    after: &Facts,
    today: Date,
) -> Option<String> {
    let words = inbox.words(&seat.account().language);
    let english = seat.account().language == "en";
    let mut parts: Vec<String> = Vec::new();
    if matches!(what, "split" | "join" | "reopen_join" | "keep_new") {
        parts.push(words.t(&format!("change.{what}")).to_owned());
    }
    if before.state != after.state {
        let reopened = before.state == Work::Closed;
        parts.push(match (after.state, reopened) {
            (Work::Closed, _) => words.t("change.closed").to_owned(),
            (_, true) => words.t("change.reopened").to_owned(),
            (state, _) => words.with("change.state", &[("til", state_name(state, after.waits_for, words))]),
        });
    }
    let area = |facts: &Facts| facts.area.map(|area| inbox.settings().area_name(area, english));
    if before.area != after.area {
        let to = area(after).unwrap_or_else(|| words.t("change.nothing").to_owned());
        parts.push(words.with("change.area", &[("til", &to)]));
    }
    if before.kind != after.kind {
        let to = after.kind.map_or(words.t("change.nothing"), |kind| kind_name(kind, words));
        parts.push(words.with("change.kind", &[("til", to)]));
    }
    if before.purpose != after.purpose {
        parts.push(words.with("change.purpose", &[("til", written::purpose_name(after.purpose, words))]));
    }
    let day = |date: Option<Date>| {
        date.map_or_else(|| words.t("change.nothing").to_owned(), |date| written::day(date, today, words))
    };
    if before.appeal_deadline != after.appeal_deadline {
        parts.push(words.with("change.appeal", &[("til", &day(after.appeal_deadline))]));
    }
    if before.promised != after.promised {
        parts.push(words.with("change.promised", &[("til", &day(Some(after.promised)))]));
    }
    if before.remind_on != after.remind_on && after.state != Work::Closed {
        parts.push(words.with("change.remind", &[("til", &day(after.remind_on))]));
    }
    if before.title != after.title {
        parts.push(words.t("change.title").to_owned());
    }
    if before.case_at.is_none() && after.case_at.is_some() {
        parts.push(words.t("change.case").to_owned());
    }
    if before.primary_contact_form != after.primary_contact_form
        && let Some(form) = after.primary_contact_form
    {
        parts.push(words.with("change.form", &[("til", channel_name(form, words))]));
    }
    (!parts.is_empty()).then(|| parts.join(" · "))
}

/// The panel beside the conversation.
async fn panel(inbox: &Inbox, seat: &Seat, whole: &Whole, today: Date) -> Result<Panel, StoreError> {
    let words = inbox.words(&seat.account().language);
    let english = seat.account().language == "en";
    let facts = &whole.row.facts;
    let choice = |value: &str, name: &str, chosen: bool| Choice {
        value: value.to_owned(),
        name: name.to_owned(),
        chosen,
    };
    let iso = |date: Option<Date>| date.map(|date| date.to_string()).unwrap_or_default();
    let began = calendar::local(whole.row.first_contact_at).date();
    let in_force = inbox.settings().areas_on(began.max(today), english);
    let mut areas = vec![choice("", words.t("panel.no_area"), facts.area.is_none())];
    areas.extend(in_force.iter().map(|(id, name)| choice(&id.0.to_string(), name, facts.area == Some(*id))));
    // An old enquiry keeps an area that has come to an end.
    if let Some(area) = facts.area.filter(|area| !in_force.iter().any(|(id, _)| id == area)) {
        areas.push(choice(&area.0.to_string(), &inbox.settings().area_name(area, english), true));
    }
    let states: [(&str, Work, Option<WaitsFor>); 4] = [
        ("igang", Work::InProgress, None),
        ("venter", Work::Waiting, None),
        ("borger", Work::Waiting, Some(WaitsFor::Citizen)),
        ("forvaltning", Work::Waiting, Some(WaitsFor::Administration)),
    ];
    let mut state_choices = Vec::new();
    if matches!(facts.state, Work::New | Work::Closed) {
        state_choices.push(choice("", state_name(facts.state, None, words), true));
    }
    state_choices.extend(states.into_iter().map(|(value, state, waits)| {
        choice(value, state_name(state, waits, words), facts.state == state && facts.waits_for == waits)
    }));
    let forms = [Channel::Email, Channel::Sms, Channel::Web, Channel::Call, Channel::Meeting];
    let mut form_choices = vec![choice("", words.t("panel.no_form"), facts.primary_contact_form.is_none())];
    form_choices.extend(forms.into_iter().map(|form| {
        choice(form.as_str(), channel_name(form, words), facts.primary_contact_form == Some(form))
    }));
    let accounts = inbox.doors().store.accounts().await?;
    let mut colleagues = vec![choice("", words.t("panel.nobody"), facts.assigned_to.is_none())];
    let working = accounts.iter().filter(|one| one.ended_at.is_none() && one.role != "operator");
    colleagues.extend(working.clone().map(|one| {
        choice(&one.id.to_string(), &one.name, facts.assigned_to.is_some_and(|id| id.0 == one.id))
    }));
    let substitutes = working
        .filter(|one| one.role == "substitute")
        .map(|one| choice(&one.id.to_string(), &one.name, whole.grants.iter().any(|(id, _)| *id == one.id)))
        .collect();
    let named: BTreeMap<i64, &str> = accounts.iter().map(|one| (one.id, one.name.as_str())).collect();
    let history = whole
        .changes
        .iter()
        .rev()
        .filter_map(|change| {
            let text = told(inbox, seat, &change.what, &change.before, &change.after, today)?;
            Some(format!("{} · {} · {text}", moment(change.at, today, words), change.name))
        })
        .take(40)
        .collect();
    let closings = facts.closings.iter().map(|closing| {
        let by = named.get(&closing.by.0).copied().unwrap_or_default();
        words.with("panel.closing", &[("tid", &moment(closing.at, today, words)), ("hvem", by)])
    });
    let mut promises: Vec<String> = whole
        .promises
        .iter()
        .map(|moved| {
            words.with(
                "panel.promise_moved",
                &[
                    ("gammel", &written::day(moved.old, today, words)),
                    ("ny", &written::day(moved.new, today, words)),
                    ("hvorfor", &moved.reason),
                ],
            )
        })
        .collect();
    promises.extend(closings);
    let duration = facts.closed_at().and_then(|at| {
        let days = began.until(calendar::local(at).date()).ok()?.get_days();
        Some(words.with("panel.duration", &[("antal", &days.to_string())]))
    });
    let due = match facts.state {
        Work::Closed => ("ok", words.t("state.closed").to_owned()),
        _ => chip(facts.due_on_with_why(), today, words),
    };
    let person = person_name(whole, words);
    Ok(Panel {
        version: whole.row.version,
        states: state_choices,
        state: state_name(facts.state, facts.waits_for, words).to_owned(),
        closed: facts.state == Work::Closed,
        due,
        appeal: iso(facts.appeal_deadline),
        remind: iso(facts.remind_on),
        promised: match facts.answered_at {
            Some(at) => words.with("panel.answered", &[("tid", &moment(at, today, words))]),
            None => words.with("panel.promised", &[("dato", &written::day(facts.promised, today, words))]),
        },
        promises,
        areas,
        kinds: [Kind::Delimited, Kind::OpenEnded]
            .map(|kind| choice(kind_word(kind), kind_name(kind, words), facts.kind == Some(kind)))
            .into(),
        has_kind: facts.purpose == Purpose::Enquiry,
        purposes: Purpose::ALL
            .map(|purpose| {
                choice(purpose.as_str(), written::purpose_name(purpose, words), facts.purpose == purpose)
            })
            .into(),
        forms: form_choices,
        colleagues,
        title: facts.title.clone(),
        urgent: facts.urgent,
        outside: facts.outside,
        case: facts.case_at.is_some(),
        case_since: facts.case_at.map(|at| moment(at, today, words)).unwrap_or_default(),
        tasks: Task::ALL
            .map(|task| Tick {
                value: task.as_str().to_owned(),
                name: words.t(&format!("task.{}", task.as_str())).to_owned(),
                on: facts.tasks.contains(&task),
            })
            .into(),
        themes: facts.themes.iter().cloned().collect::<Vec<_>>().join(", "),
        consents: consents(inbox, seat, whole, today),
        consent_areas: in_force
            .iter()
            .map(|(id, name)| choice(&id.0.to_string(), name, facts.area == Some(*id)))
            .collect(),
        languages: vec![
            choice("da", words.t("language.da"), facts.language == "da"),
            choice("en", words.t("language.en"), facts.language == "en"),
        ],
        person_initials: initials(&person),
        person,
        wishes: wishes(whole, words),
        person_kinds: [("", "person.unknown"), ("citizen", "person.citizen"), ("company", "person.company")]
            .map(|(value, key)| {
                choice(value, words.t(key), whole.person.kind.as_deref().unwrap_or_default() == value)
            })
            .into(),
        contacts: whole.person.contacts.iter().map(|contact| contact_view(contact, words)).collect(),
        others: whole
            .person
            .others
            .iter()
            .map(|(id, reference, title, state, at)| {
                let state = state_name(*state, None, words);
                let title = masked(title);
                let text = format!("{title} · {reference} · {state} · {}", moment(*at, today, words));
                (format!("/indbakke/h/{}", id.0), text)
            })
            .collect(),
        merges: whole
            .person
            .merges
            .iter()
            .map(|(id, at, name)| {
                (*id, format!("{} · {}", name.clone().unwrap_or_default(), moment(*at, today, words)))
            })
            .collect(),
        representatives: whole
            .representatives
            .iter()
            .map(|one| {
                let key =
                    if one.power_seen_at.is_some() { "person.power_seen" } else { "person.power_missing" };
                (one.id, format!("{} · {} · {}", one.name, one.address, words.t(key)))
            })
            .collect(),
        parts: whole
            .parts
            .iter()
            .filter(|_| whole.parts.len() > 1)
            .map(|part| {
                let area = part.area.map(|area| inbox.settings().area_name(area, english));
                let area = area.unwrap_or_else(|| words.t("list.area_missing").to_owned());
                let text = format!("{area} · {}", state_name(part.state, None, words));
                (format!("/indbakke/h/{}", part.id.0), text, part.id == whole.row.id)
            })
            .collect(),
        split: in_force
            .iter()
            .filter(|(id, _)| !whole.parts.iter().any(|part| part.area == Some(*id)))
            .map(|(id, name)| choice(&id.0.to_string(), name, false))
            .collect(),
        history,
        substitutes,
        duration: duration.unwrap_or_default(),
    })
}

fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    let first = words.next();
    first.into_iter().chain(words.next_back()).flat_map(char::to_uppercase).collect()
}

fn consents(inbox: &Inbox, seat: &Seat, whole: &Whole, today: Date) -> Vec<ConsentView> {
    let words = inbox.words(&seat.account().language);
    let english = seat.account().language == "en";
    whole
        .consents
        .iter()
        .map(|consent| {
            let how = words.t(&format!("consent.{}", consent.how));
            let mut text = words
                .with("consent.given", &[("hvordan", how), ("tid", &moment(consent.given_at, today, words))]);
            if !consent.scope.is_empty() {
                text = format!("{text}: {}", consent.scope);
            }
            if let Some(at) = consent.withdrawn_at {
                text = format!(
                    "{text} · {}",
                    words.with("consent.withdrawn", &[("tid", &moment(at, today, words))])
                );
            }
            ConsentView {
                id: consent.id,
                area: inbox.settings().area_name(consent.area, english),
                text,
                holds: consent.withdrawn_at.is_none(),
            }
        })
        .collect()
}

/// How the citizen wants to be answered, and what they said of a deadline and of the area.
fn wishes(whole: &Whole, words: &InboxWords) -> Vec<String> {
    let Some(form) = whole.messages.iter().find_map(|message| message.details.form.as_ref()) else {
        return Vec::new();
    };
    let mut wishes = Vec::new();
    wishes.extend(form.answer_by.map(|by| {
        words
            .t(match by {
                AnswerBy::Email => "wish.email",
                AnswerBy::Sms => "wish.sms",
                AnswerBy::Call => "wish.call",
                AnswerBy::Meeting => "wish.meeting",
                AnswerBy::Page => "wish.page",
            })
            .to_owned()
    }));
    wishes.extend(form.deadline.as_ref().map(|said| words.with("wish.deadline", &[("frist", said)])));
    wishes.extend(form.area.as_ref().map(|said| words.with("wish.area", &[("omraade", said)])));
    wishes
}

fn contact_view(contact: &Contact, words: &InboxWords) -> ContactView {
    let mut remarks = Vec::new();
    let mut remark = |on: bool, key: &str| {
        if on {
            remarks.push(words.t(key).to_owned());
        }
    };
    remark(contact.undeliverable, "person.undeliverable");
    remark(contact.shared, "person.shared");
    remark(!contact.proven, "person.unproven");
    let is_phone = contact.kind == "phone";
    ContactView {
        kind: contact.kind.clone(),
        address: if is_phone { written::phone(&contact.address) } else { contact.address.clone() },
        link: if is_phone {
            format!("tel:{}", contact.address)
        } else {
            format!("mailto:{}", contact.address)
        },
        remarks,
    }
}

/// The moment before which nothing can be sent later.
pub(super) fn earliest(now: Timestamp) -> String {
    written::iso(now + SignedDuration::from_mins(1))
}
