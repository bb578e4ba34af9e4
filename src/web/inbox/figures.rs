//! The statistics: one page that says how citizens reached the adviser, about what, how long it took and which promises were
//! kept.
//!
//! What is asked for stands in the address: days, an area, a type, a channel, and nothing that names anybody.

pub mod asked;
pub mod shown;

use axum::extract::{Extension, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::views::StatisticsPage;
use super::{Inbox, Seat};
use crate::domain::statistics::book::Shown;
use crate::domain::statistics::counted::Asked;
use asked::Question;
use shown::shown;

pub(super) async fn page(
    State(inbox): State<Inbox>,
    Extension(seat): Extension<Seat>,
    RawQuery(query): RawQuery,
) -> Response {
    let words = inbox.words(&seat.account().language);
    let english = seat.account().language == "en";
    let question = Question::read(query.as_deref().unwrap_or_default(), inbox.today());
    let asked = Asked { english, ..question.asked };
    let figures = (inbox.doors().figures)(asked);
    let (made, began) = match tokio::try_join!(figures, inbox.doors().store.figures_begin()) {
        Ok(found) => found,
        Err(error) => return inbox.failed(Some(&seat), &error),
    };
    let Shown { book, closed } = made;
    let settings = inbox.settings();
    let areas = settings.areas.all().map(|area| {
        let translated = settings.areas_en.iter().find(|(id, _)| *id == area.id).filter(|_| english);
        (area.id.0.to_string(), translated.map_or_else(|| area.name.clone(), |(_, name)| name.clone()))
    });
    let page = StatisticsPage {
        closed: closed.map(|closed| shown::closed(&closed, &book, words, inbox.today())),
        notices: book.notes.clone(),
        fields: question.fields(words, &areas.collect::<Vec<_>>()),
        links: question.links(words, began, inbox.today()),
        downloads: question.downloads(),
        mistake: question.mistake.map(|key| words.t(key).to_owned()),
        groups: shown(&book, words),
        headlines: shown::headlines(&book),
        heading: words.t("figures.title").to_owned(),
        subtitle: book.subtitle,
        shell: inbox.shell(Some(&seat), words.t("figures.title"), "statistik"),
    };
    inbox.answer(StatusCode::OK, &page)
}
