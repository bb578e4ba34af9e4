//! The yearly report: the adviser's own words beside the year's figures, the closing of a year, and the report as files.

use axum::Form;
use axum::extract::{Extension, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::files::download;
use super::views::{AnnualPage, FigureWordsView, YearLink};
use super::{Fields, Inbox, Seat, field, figures, on_to};
use crate::domain::statistics::book::Shown;
use crate::domain::statistics::counted::{Asked, Chosen, Compared};
use crate::domain::statistics::period::Period;
use crate::domain::statistics::story::{Case, Story};
use crate::report::annual::{self, Publisher};
use crate::store::StoreError;

/// Earlier than this nobody had a citizens' adviser's figures.
const YEARS: std::ops::RangeInclusive<i16> = 1990..=2200;
/// Empty places for further cases.
const MORE_CASES: usize = 2;

/// What an address says of the year.
struct Question {
    year: i16,
    english: bool,
    format: String,
    done: String,
}

impl Question {
    /// Last year in the first half of a year, when its report is written; then this one.
    fn read(query: &str, inbox: &Inbox, seat: &Seat) -> Self {
        let pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let value = |name: &str| field(&pairs, name).to_owned();
        let today = inbox.today();
        let usual = if today.month() <= 6 { today.year() - 1 } else { today.year() };
        let english = match value("sprog").as_str() {
            "en" => true,
            "da" => false,
            _ => seat.account().language == "en",
        };
        Self {
            year: value("aar").parse().ok().filter(|year| YEARS.contains(year)).unwrap_or(usual),
            english,
            format: value("format"),
            done: value("hvad"),
        }
    }
}

fn of_year(inbox: &Inbox, year: i16, english: bool) -> Asked {
    Asked {
        period: Period::year(year),
        compared: Compared::Before,
        chosen: Chosen::default(),
        english,
        hide_below: inbox.settings().hide_below,
    }
}

pub(super) async fn page(
    State(inbox): State<Inbox>,
    Extension(seat): Extension<Seat>,
    RawQuery(query): RawQuery,
) -> Response {
    let question = Question::read(query.as_deref().unwrap_or_default(), &inbox, &seat);
    let words = inbox.words(&seat.account().language);
    let text = words.t(&format!("annual.done_{}", question.done)).to_owned();
    let notice = (!question.done.is_empty() && !text.is_empty()).then_some(("info", text));
    match made(&inbox, &seat, question.year, None, notice).await {
        Ok(page) => inbox.answer(StatusCode::OK, &page),
        Err(error) => inbox.failed(Some(&seat), &error),
    }
}

/// The page of a year; with words that were not kept, where somebody else was quicker.
async fn made(
    inbox: &Inbox,
    seat: &Seat,
    year: i16,
    kept: Option<(Story, i64)>,
    notice: Option<(&'static str, String)>,
) -> Result<AnnualPage, StoreError> {
    let words = inbox.words(&seat.account().language);
    let store = &inbox.doors().store;
    let asked = Asked { hide_below: 0, ..of_year(inbox, year, seat.account().language == "en") };
    let Shown { book, closed } = (inbox.doors().figures)(asked).await?;
    let (mut story, mut version) = story_of(inbox, year).await?;
    let mut borrowed = false;
    if version == 0
        && let Some((_, before)) = store.year_story_before(year).await?
    {
        story = serde_json::from_str::<Story>(&before).unwrap_or_default().carried_on();
        borrowed = true;
    }
    if let Some((words, of)) = kept {
        (story, version) = (words, of);
    }
    let began = store.figures_begin().await?.map_or(year, |day| day.year());
    let years = (began.max(inbox.today().year() - 12)..=inbox.today().year()).rev();
    let before = book.figures.iter().map(|figure| FigureWordsView {
        key: figure.key.clone(),
        title: figure.title.clone(),
        finding: figure.chart.as_ref().map(|chart| chart.finding.clone()).unwrap_or_default(),
        text: story.before.get(&figure.key).cloned().unwrap_or_default(),
    });
    let cases = story.cases.iter().cloned().chain(std::iter::repeat_n(Case::default(), MORE_CASES));
    let heading = words.with("annual.title_of", &[("aar", &year.to_string())]);
    Ok(AnnualPage {
        year,
        version,
        notice,
        borrowed,
        years: years.map(|one| YearLink { year: one, current: one == year }).collect(),
        closed: closed.map(|closed| figures::shown::closed(&closed, &book, words, inbox.today())),
        headlines: figures::shown::headlines(&book),
        faults: book.faults().len(),
        can: story.can.join("\n"),
        cannot: story.cannot.join("\n"),
        learning: story.learning.join("\n"),
        before: before.collect(),
        cases: cases.map(|case| (case.title, case.text)).collect(),
        preface: story.preface,
        signature: story.signature,
        closing: story.closing,
        is_over: inbox.today().year() > year,
        shell: inbox.shell(Some(seat), &heading, "beretning"),
        heading,
    })
}

async fn story_of(inbox: &Inbox, year: i16) -> Result<(Story, i64), StoreError> {
    let kept = inbox.doors().store.year_story(year).await?;
    Ok(kept.map_or_else(
        || (Story::default(), 0),
        |(story, version)| (serde_json::from_str(&story).unwrap_or_default(), version),
    ))
}

/// The words as a form sends them.
fn told(fields: &[(String, String)]) -> Story {
    let lines = |name: &str| field(fields, name).lines().map(str::to_owned).collect();
    let named = |prefix: &str| {
        fields
            .iter()
            .filter_map(move |(name, value)| Some((name.strip_prefix(prefix)?.to_owned(), value.clone())))
            .collect::<Vec<_>>()
    };
    let (titles, texts) = (named("sag_titel_"), named("sag_tekst_"));
    let case = |(at, title): (String, String)| Case {
        title,
        text: texts.iter().find(|(one, _)| *one == at).map(|(_, text)| text.clone()).unwrap_or_default(),
    };
    Story {
        preface: field(fields, "forord").to_owned(),
        signature: field(fields, "underskrift").to_owned(),
        can: lines("kan"),
        cannot: lines("kan_ikke"),
        before: named("tal_").into_iter().collect(),
        cases: titles.into_iter().map(case).collect(),
        learning: lines("laering"),
        closing: field(fields, "slutning").to_owned(),
    }
    .clean()
}

pub(super) async fn save(
    State(inbox): State<Inbox>,
    Extension(seat): Extension<Seat>,
    Form(fields): Fields,
) -> Response {
    let Some(year) = field(&fields, "aar").parse::<i16>().ok().filter(|year| YEARS.contains(year)) else {
        return inbox.say(Some(&seat), StatusCode::UNPROCESSABLE_ENTITY, "unclear");
    };
    let (store, now) = (&inbox.doors().store, inbox.now());
    let back = |what: &str| on_to(&format!("/indbakke/beretning?aar={year}&hvad={what}"));
    match field(&fields, "handling") {
        "luk" => match (inbox.doors().close_year)(seat.actor, year).await {
            Ok(_) => back("closed"),
            Err(error) => inbox.failed(Some(&seat), &error),
        },
        "aabn" => match store.year_reopen(&seat.actor, year, now).await {
            Ok(_) => back("reopened"),
            Err(error) => inbox.failed(Some(&seat), &error),
        },
        _ => {
            let story = told(&fields);
            let version: i64 = field(&fields, "udgave").parse().unwrap_or(0);
            let text = serde_json::to_string(&story).unwrap_or_default();
            match store.year_story_write(&seat.actor, year, (&text, version), now).await {
                Ok(true) => back("saved"),
                Ok(false) => {
                    // Nothing that was typed is lost: it stands in the form, and the next saving lays it over.
                    let current = match story_of(&inbox, year).await {
                        Ok((_, current)) => current,
                        Err(error) => return inbox.failed(Some(&seat), &error),
                    };
                    let text = inbox.words(&seat.account().language).t("annual.stale").to_owned();
                    match made(&inbox, &seat, year, Some((story, current)), Some(("danger", text))).await {
                        Ok(page) => inbox.answer(StatusCode::CONFLICT, &page),
                        Err(error) => inbox.failed(Some(&seat), &error),
                    }
                }
                Err(error) => inbox.failed(Some(&seat), &error),
            }
        }
    }
}

pub(super) async fn file(
    State(inbox): State<Inbox>,
    Extension(seat): Extension<Seat>,
    RawQuery(query): RawQuery,
) -> Response {
    let question = Question::read(query.as_deref().unwrap_or_default(), &inbox, &seat);
    let asked = of_year(&inbox, question.year, question.english);
    let found =
        async { Ok(((inbox.doors().figures)(asked).await?.book, story_of(&inbox, question.year).await?.0)) };
    let (book, story) = match found.await {
        Ok(found) => found,
        Err(error) => return inbox.failed(Some(&seat), &error),
    };
    let publisher = Publisher { municipality: inbox.settings().municipality.clone(), date: inbox.today() };
    // Setting a report takes a while of a core: not while others wait for theirs.
    let Ok(_turn) = inbox.setting().acquire().await else { return inbox.missing(&seat) };
    let name = format!("{}-{}", if question.english { "report" } else { "beretning" }, question.year);
    let format = question.format;
    let file = tokio::task::spawn_blocking(move || match format.as_str() {
        "pdf" => annual::pdf(&book, &story, &publisher).map(|pdf| Some(("pdf", "application/pdf", pdf))),
        "html" => Ok(Some((
            "html",
            "application/octet-stream",
            annual::html(&book, &story, &publisher).into_bytes(),
        ))),
        "text" => {
            Ok(Some(("md", "application/octet-stream", annual::text(&book, &story, &publisher).into_bytes())))
        }
        _ => Ok(None),
    });
    match file.await {
        Ok(Ok(Some((end, media_type, bytes)))) => {
            download(&inbox, &format!("{name}.{end}"), media_type, bytes)
        }
        Ok(Ok(None)) => inbox.missing(&seat),
        Ok(Err(error)) => {
            tracing::error!(%error, "a report cannot be set");
            inbox.say(Some(&seat), StatusCode::INTERNAL_SERVER_ERROR, "busy")
        }
        Err(error) => {
            tracing::error!(%error, "setting a report came to no end");
            inbox.say(Some(&seat), StatusCode::INTERNAL_SERVER_ERROR, "busy")
        }
    }
}
