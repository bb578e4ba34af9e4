//! What changes while a page is open: told by the server (server-sent events), never by moving what somebody reads.
//!
//! One question a second is asked of the database for all who listen, so that several nodes need not know each other.

use std::convert::Infallible;
use std::time::Duration;

use axum::Json;
use axum::extract::{Extension, Path, Query, State};
use axum::http::StatusCode;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream::{self, Stream};
use serde::{Deserialize, Serialize};

use super::{Inbox, Seat};
use crate::domain::enquiry::EnquiryId;

/// How often the database is asked.
const ASKED: Duration = Duration::from_secs(1);
/// How long one connection lasts; the browser makes another by itself, and whoever's time is over gets none.
const LASTS: u32 = 600;

/// What a page has seen.
#[derive(Deserialize)]
pub(super) struct Since {
    #[serde(default)]
    siden: i64,
}

/// What is told.
#[derive(Serialize)]
struct News {
    /// New messages since the page was made.
    nye: i64,
    /// What must be done, for the window's title.
    handling: i64,
    /// Over its date.
    over: i64,
}

async fn news(inbox: &Inbox, seat: &Seat, since: i64) -> Option<News> {
    let store = &inbox.doors().store;
    let counts = store.enquiries_count(&seat.actor, inbox.today()).await.ok()?;
    Some(News { nye: store.news_since(since).await.ok()?, handling: counts.todo, over: counts.late })
}

pub(super) async fn numbers(
    State(inbox): State<Inbox>,
    Extension(seat): Extension<Seat>,
    Query(since): Query<Since>,
) -> Response {
    match news(&inbox, &seat, since.siden).await {
        Some(news) => Json(news).into_response(),
        None => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

pub(super) async fn events(
    State(inbox): State<Inbox>,
    Extension(seat): Extension<Seat>,
    Query(since): Query<Since>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let begin = (inbox, seat, None::<(i64, i64)>, LASTS);
    let stream = stream::unfold(begin, move |(inbox, seat, mut last, mut left)| async move {
        loop {
            left = left.checked_sub(1)?;
            tokio::time::sleep(ASKED).await;
            let Ok(pulse) = inbox.doors().store.pulse().await else { continue };
            if last == Some(pulse) {
                continue;
            }
            let first = last.replace(pulse).is_none();
            let Some(news) = news(&inbox, &seat, since.siden).await else { continue };
            if first && news.nye == 0 {
                continue;
            }
            let event = Event::default().json_data(&news).unwrap_or_default();
            return Some((Ok(event), (inbox, seat, last, left)));
        }
    });
    Sse::new(stream).keep_alive(KeepAlive::new().interval(Duration::from_secs(15)))
}

/// Somebody has an enquiry open: says who else has, and what they do.
pub(super) async fn here(
    State(inbox): State<Inbox>,
    Extension(seat): Extension<Seat>,
    Path(id): Path<i64>,
) -> Response {
    let (store, enquiry, now) = (&inbox.doors().store, EnquiryId(id), inbox.now());
    let words = inbox.words(&seat.account().language);
    let done = async {
        if store.enquiry_row(&seat.actor, enquiry).await?.is_none() {
            return Ok(None);
        }
        store.presence_note(&seat.actor, enquiry, now).await?;
        let writing = store.drafts(enquiry).await?;
        let lately = now - crate::store::inbox::own::PRESENT;
        let mut lines = Vec::new();
        for name in store.presence(&seat.actor, enquiry, now).await? {
            let writes = writing.iter().any(|draft| draft.name == name && draft.saved_at > lately);
            let key = if writes { "compose.writes_now" } else { "compose.here" };
            lines.push(words.with(key, &[("hvem", &name)]));
        }
        Ok::<_, crate::store::StoreError>(Some(lines))
    };
    match done.await {
        Ok(Some(lines)) => Json(lines).into_response(),
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}
