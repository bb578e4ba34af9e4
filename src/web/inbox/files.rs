//! Files of a conversation: originals, attachments, letters as they look, calendar files. Each is a reading, and in the log.
//!
//! What a citizen sent is never shown as a page of ours: it is saved, or shown where nothing in it can run, and only sorts
//! that a browser shows without running anything are shown at all.

use axum::extract::{Extension, Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use indgang_channels::calendar::{self, Meeting};
use indgang_channels::email;
use indgang_channels::message::Channel;
use indgang_channels::web_form;

use jiff::SignedDuration;

use super::{Inbox, Seat};
use crate::domain::arrival::ArrivalId;
use crate::domain::enquiry::EnquiryId;
use crate::web::public::headers::Sort;

/// Sorts that a browser shows without running anything in them.
const SHOWN: [&str; 6] =
    ["image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf", "text/plain"];

/// What is shown of a citizen's may do nothing, wherever it is opened.
const NOTHING: &str =
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'";

/// The name that an original is saved under: it says nothing of anybody.
pub(super) fn original_name(channel: Channel, arrival: i64) -> String {
    let ending = match channel {
        Channel::Email => "eml",
        Channel::Sms => "json",
        Channel::Web | Channel::Call | Channel::Meeting => "bin",
    };
    format!("original-{arrival}.{ending}")
}

/// A file to save, whatever it is.
pub(super) fn download(inbox: &Inbox, name: &str, media_type: &str, bytes: Vec<u8>) -> Response {
    served(inbox, name, media_type, bytes, false)
}

fn served(inbox: &Inbox, name: &str, media_type: &str, bytes: Vec<u8>, shown: bool) -> Response {
    let way = if shown { "inline" } else { "attachment" };
    // RFC 6266 with RFC 8187: a plain name for old programs, the real one for the others.
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || ".-_ ".contains(c) { c } else { '_' }).collect();
    let encoded: String = name
        .bytes()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() || b".-_".contains(&byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect();
    let disposition = format!("{way}; filename=\"{plain}\"; filename*=UTF-8''{encoded}");
    let mut response = inbox.0.headers.put(Sort::Private, bytes.into_response());
    let headers = response.headers_mut();
    let sort = if shown { media_type } else { "application/octet-stream" };
    let value = |text: &str| {
        HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static("application/octet-stream"))
    };
    let sort = if sort == "text/plain" { "text/plain; charset=utf-8" } else { sort };
    headers.insert(header::CONTENT_TYPE, value(sort));
    headers.insert(header::CONTENT_DISPOSITION, value(&disposition));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(NOTHING));
    response
}

pub(super) async fn original(
    State(inbox): State<Inbox>,
    Extension(seat): Extension<Seat>,
    Path((id, arrival)): Path<(i64, i64)>,
) -> Response {
    let store = &inbox.doors().store;
    match store.message_raw(&seat.actor, EnquiryId(id), ArrivalId(arrival), "original", inbox.now()).await {
        Ok(Some((channel, _, bytes))) => download(&inbox, &original_name(channel, arrival), "", bytes),
        Ok(None) => inbox.missing(&seat),
        Err(error) => inbox.failed(Some(&seat), &error),
    }
}

pub(super) async fn file(
    State(inbox): State<Inbox>,
    Extension(seat): Extension<Seat>,
    Path((id, arrival, number)): Path<(i64, i64, usize)>,
) -> Response {
    let store = &inbox.doors().store;
    let found = store.message_raw(&seat.actor, EnquiryId(id), ArrivalId(arrival), "file", inbox.now()).await;
    let (channel, details, raw) = match found {
        Ok(Some(found)) => found,
        Ok(None) => return inbox.missing(&seat),
        Err(error) => return inbox.failed(Some(&seat), &error),
    };
    let Some(attachment) = details.attachments.get(number) else { return inbox.missing(&seat) };
    let limits = inbox.settings().limits.clone();
    let bytes = match channel {
        Channel::Email => {
            let attachments = details.attachments.clone();
            // Reading a letter can take a moment and must not hold others up.
            tokio::task::spawn_blocking(move || {
                email::file(&raw, &attachments, number, &limits).map(|part| part.bytes)
            })
            .await
            .ok()
            .flatten()
        }
        Channel::Web => web_form::record::file_bytes(&raw, attachment.part).ok().map(<[u8]>::to_vec),
        _ => None,
    };
    let Some(bytes) = bytes else { return inbox.missing(&seat) };
    let name = attachment.name.clone().unwrap_or_else(|| format!("fil-{number}"));
    // What nobody could scan, or what is infected, is never opened by a click.
    let shown = attachment.quarantine.is_none() && SHOWN.contains(&attachment.media_type.as_str());
    served(&inbox, &name, &attachment.media_type, bytes, shown)
}

/// A letter as it looks: cleaned, with nothing fetched, in a document that may do nothing.
pub(super) async fn shown(
    State(inbox): State<Inbox>,
    Extension(seat): Extension<Seat>,
    Path((id, arrival)): Path<(i64, i64)>,
) -> Response {
    let store = &inbox.doors().store;
    let found = store.message_raw(&seat.actor, EnquiryId(id), ArrivalId(arrival), "shown", inbox.now()).await;
    let (details, raw) = match found {
        Ok(Some((Channel::Email, details, raw))) => (details, raw),
        Ok(_) => return inbox.missing(&seat),
        Err(error) => return inbox.failed(Some(&seat), &error),
    };
    let limits = inbox.settings().limits.clone();
    let page = tokio::task::spawn_blocking(move || email::show::show(&raw, &limits)).await.ok().flatten();
    let Some(page) = page.filter(|page| !page.fragment.is_empty()) else {
        return inbox.say(Some(&seat), StatusCode::NOT_FOUND, "no_look");
    };
    let html = page.document(details.language.as_ref().map(|language| language.0.as_str()));
    let mut response = inbox.0.headers.put(Sort::Private, html.into_response());
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(email::show::CONTENT_SECURITY_POLICY),
    );
    response
}

/// A file that went out with an answer, or waits in one's own draft.
pub(super) async fn sent(
    State(inbox): State<Inbox>,
    Extension(seat): Extension<Seat>,
    Path((id, file)): Path<(i64, i64)>,
) -> Response {
    let store = &inbox.doors().store;
    match store.enquiry_row(&seat.actor, EnquiryId(id)).await {
        Ok(Some(_)) => {}
        Ok(None) => return inbox.missing(&seat),
        Err(error) => return inbox.failed(Some(&seat), &error),
    }
    match store.draft_file(&seat.actor, EnquiryId(id), file).await {
        Ok(Some((name, media_type, bytes))) => {
            if let Err(error) = store.file_read(&seat.actor, EnquiryId(id), inbox.now()).await {
                return inbox.failed(Some(&seat), &error);
            }
            download(&inbox, &name, &media_type, bytes)
        }
        Ok(None) => inbox.missing(&seat),
        Err(error) => inbox.failed(Some(&seat), &error),
    }
}

/// A meeting as a calendar file (RFC 5545) for the citizen: when and where, and nothing of what it is about.
pub(super) async fn invitation(
    State(inbox): State<Inbox>,
    Extension(seat): Extension<Seat>,
    Path((id, note)): Path<(i64, i64)>,
) -> Response {
    let whole = match inbox.doors().store.enquiry_open(&seat.actor, EnquiryId(id), inbox.now()).await {
        Ok(Some(whole)) => whole,
        Ok(None) => return inbox.missing(&seat),
        Err(error) => return inbox.failed(Some(&seat), &error),
    };
    let Some(note) = whole.notes.iter().find(|one| one.id == note && one.kind == "meeting") else {
        return inbox.missing(&seat);
    };
    let words = inbox.words(&whole.row.facts.language);
    let settings = inbox.settings();
    let meeting = Meeting {
        uid: &format!("moede.{}@{}", note.id, settings.message_id_domain),
        sequence: 0,
        stamp: note.made_at,
        start: note.at,
        end: note.at + SignedDuration::from_mins(note.minutes.unwrap_or(60)),
        summary: words.t("letter.meeting"),
        location: note.place.as_deref(),
        organizer_name: words.t("site.adviser"),
        organizer: settings.mailboxes.first().map_or("", |(_, address)| address.as_str()),
        cancelled: false,
    };
    served(&inbox, "moede.ics", "text/calendar", calendar::invitation(&meeting), false)
}
