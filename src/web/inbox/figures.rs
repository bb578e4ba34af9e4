//! The statistics: one page that says how citizens reached the adviser, about what, how long it took and which promises were
//! kept.
//!
//! What is asked for stands in the address: days, an area, a type, a channel, and nothing that names anybody.

pub mod asked;
pub mod shown;

use axum::extract::{Extension, Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::files::download;
use super::views::StatisticsPage;
use super::{Inbox, Seat};
use crate::domain::statistics::book::Shown;
use crate::domain::statistics::counted::Asked;
use crate::report::{csv, json, svg, xlsx};
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
        query: question.written(question.asked.period),
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

/// The same figures as a file.
pub(super) async fn file(
    State(inbox): State<Inbox>,
    Extension(seat): Extension<Seat>,
    RawQuery(query): RawQuery,
) -> Response {
    let query = query.unwrap_or_default();
    let english = seat.account().language == "en";
    let asked = Asked { english, ..Question::read(&query, inbox.today()).asked };
    let book = match (inbox.doors().figures)(asked).await {
        Ok(shown) => shown.book,
        Err(error) => return inbox.failed(Some(&seat), &error),
    };
    let format = form_urlencoded::parse(query.as_bytes()).into_owned().find(|(name, _)| name == "format");
    let format = format.map(|(_, format)| format).unwrap_or_default();
    let named = if english { "statistics" } else { "statistik" };
    let name = format!("{named}-{}-{}", asked.period.from, asked.period.last());
    let Ok(_turn) = inbox.setting().acquire().await else { return inbox.missing(&seat) };
    let made = tokio::task::spawn_blocking(move || match format.as_str() {
        "csv" => Some(("csv", csv::csv(&book))),
        "json" => Some(("json", json::json(&book).into_bytes())),
        "xlsx" => match xlsx::xlsx(&book) {
            Ok(bytes) => Some(("xlsx", bytes)),
            Err(error) => {
                tracing::error!(%error, "a workbook cannot be written");
                None
            }
        },
        _ => None,
    });
    match made.await {
        Ok(Some((end, bytes))) => {
            download(&inbox, &format!("{name}.{end}"), "application/octet-stream", bytes)
        }
        _ => inbox.missing(&seat),
    }
}

/// One picture, as it stands on paper: `area.svg`, `area.png`.
pub(super) async fn picture(
    State(inbox): State<Inbox>,
    Extension(seat): Extension<Seat>,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    /// Pixels for each of the drawing's own, so that a printer has enough.
    const SCALE: f32 = 2.0;
    let english = seat.account().language == "en";
    let asked =
        Asked { english, ..Question::read(query.as_deref().unwrap_or_default(), inbox.today()).asked };
    let Some((key, format)) = name.rsplit_once('.') else { return inbox.missing(&seat) };
    let book = match (inbox.doors().figures)(asked).await {
        Ok(shown) => shown.book,
        Err(error) => return inbox.failed(Some(&seat), &error),
    };
    let Some(chart) = book.figure(key).and_then(|figure| figure.chart.clone()) else {
        return inbox.missing(&seat);
    };
    let drawn = svg::draw(&chart, svg::Style::Print, &svg::Words::of(&book.language));
    let bytes = match format {
        "svg" => drawn.into_bytes(),
        "png" => {
            let Ok(_turn) = inbox.setting().acquire().await else { return inbox.missing(&seat) };
            match tokio::task::spawn_blocking(move || svg::png(&drawn, SCALE)).await {
                Ok(Ok(bytes)) => bytes,
                _ => return inbox.missing(&seat),
            }
        }
        _ => return inbox.missing(&seat),
    };
    download(&inbox, &format!("{key}.{format}"), "application/octet-stream", bytes)
}
