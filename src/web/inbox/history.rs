//! Earlier years from a file: a template, a try that changes nothing, and the files that are in.

use axum::extract::{Extension, Multipart, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::files::download;
use super::views::{HistoryPage, ImportView};
use super::{Inbox, Seat, field, written};
use crate::domain::statistics::catalogue::AreaName;
use crate::domain::statistics::history::{self, History, Mistake, TEMPLATE};
use crate::store::StoreError;
use crate::store::history::Refused;
use crate::texts::InboxWords;

/// What is said of a file that was sent.
#[derive(Default)]
struct Said {
    /// How it is said: a class and a sentence.
    notice: Option<(&'static str, String)>,
    /// Line, column and what is wrong.
    mistakes: Vec<(String, String, String)>,
}

pub(super) async fn page(State(inbox): State<Inbox>, Extension(seat): Extension<Seat>) -> Response {
    show(&inbox, &seat, StatusCode::OK, Said::default()).await
}

async fn show(inbox: &Inbox, seat: &Seat, status: StatusCode, said: Said) -> Response {
    let words = inbox.words(&seat.account().language);
    match inbox.doors().store.history_imports().await {
        Ok(imports) => {
            let today = inbox.today();
            let view = |one: crate::store::history::Import| ImportView {
                id: one.id,
                made: written::moment(one.made_at, today, words),
                days: format!(
                    "{}\u{2013}{}",
                    written::day(one.first, today, words),
                    written::day(one.last, today, words)
                ),
                enquiries: one.enquiries,
            };
            let page = HistoryPage {
                notice: said.notice,
                mistakes: said.mistakes,
                imports: imports.into_iter().map(view).collect(),
                shell: inbox.shell(Some(seat), words.t("history.title"), "statistik"),
            };
            inbox.answer(status, &page)
        }
        Err(error) => inbox.failed(Some(seat), &error),
    }
}

pub(super) async fn template(State(inbox): State<Inbox>) -> Response {
    download(&inbox, "tidligere-aar.csv", "application/octet-stream", TEMPLATE.as_bytes().to_vec())
}

pub(super) async fn change(
    State(inbox): State<Inbox>,
    Extension(seat): Extension<Seat>,
    mut form: Multipart,
) -> Response {
    let mut fields: Vec<(String, String)> = Vec::new();
    let mut file = None;
    loop {
        match form.next_field().await {
            Ok(Some(part)) if part.name() == Some("fil") => match part.bytes().await {
                Ok(bytes) => file = Some(bytes),
                Err(_) => return inbox.say(Some(&seat), StatusCode::PAYLOAD_TOO_LARGE, "too_large"),
            },
            Ok(Some(part)) => {
                let name = part.name().unwrap_or_default().to_owned();
                fields.push((name, part.text().await.unwrap_or_default()));
            }
            Ok(None) => break,
            Err(_) => return inbox.say(Some(&seat), StatusCode::PAYLOAD_TOO_LARGE, "too_large"),
        }
    }
    match done(&inbox, &seat, &fields, file.as_deref()).await {
        Ok(said) => {
            let wrong = said.notice.as_ref().is_some_and(|(kind, _)| *kind == "danger");
            let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
            show(&inbox, &seat, status, said).await
        }
        Err(error) => inbox.failed(Some(&seat), &error),
    }
}

async fn done(
    inbox: &Inbox,
    seat: &Seat,
    fields: &[(String, String)],
    file: Option<&[u8]>,
) -> Result<Said, StoreError> {
    let words = inbox.words(&seat.account().language);
    let (store, now) = (&inbox.doors().store, inbox.now());
    let wrong = |key: &str| Said { notice: Some(("danger", words.t(key).to_owned())), mistakes: Vec::new() };
    let right = |text: String| Said { notice: Some(("info", text)), mistakes: Vec::new() };
    if let Ok(number) = field(fields, "fjern").parse::<i64>() {
        return Ok(if store.history_remove(Some(&seat.actor), number, now).await? {
            right(words.t("history.removed").to_owned())
        } else {
            wrong("history.not_in")
        });
    }
    let Some(file) = file.filter(|file| !file.is_empty()) else { return Ok(wrong("history.no_file")) };
    let areas: Vec<AreaName> = inbox
        .settings()
        .areas
        .all()
        .map(|area| AreaName { id: area.id.0, name: area.name.clone(), in_force: true })
        .collect();
    let today = inbox.today();
    let until = store.history_until().await?.unwrap_or(today);
    let bytes = file.to_vec();
    // A file of many lines takes a core for a moment.
    let read = tokio::task::spawn_blocking(move || history::read(&bytes, &areas, until, today)).await;
    let history = match read {
        Ok(Ok(history)) => history,
        Ok(Err(mistakes)) => {
            let told = mistakes.iter().map(|mistake| told(mistake, words)).collect();
            return Ok(Said { mistakes: told, ..wrong("history.wrong") });
        }
        Err(_) => return Ok(wrong("history.wrong")),
    };
    if field(fields, "handling") != "hent" {
        return Ok(right(summary(&history, "history.could", words)));
    }
    Ok(match store.history_import(Some(&seat.actor), &history, now).await? {
        Ok(_) => right(summary(&history, "history.done", words)),
        Err(Refused::Empty) => wrong("history.wrong"),
        Err(Refused::Overlaps(first, last)) => {
            let days = [("fra", first.to_string()), ("til", last.to_string())];
            let values = [("fra", days[0].1.as_str()), ("til", days[1].1.as_str())];
            Said { notice: Some(("danger", words.with("history.overlaps", &values))), mistakes: Vec::new() }
        }
        Err(Refused::CountedFrom(day)) => {
            let text = words.with("history.counted", &[("dag", &day.to_string())]);
            Said { notice: Some(("danger", text)), mistakes: Vec::new() }
        }
    })
}

fn told(mistake: &Mistake, words: &InboxWords) -> (String, String, String) {
    let line = if mistake.line == 0 { String::new() } else { mistake.line.to_string() };
    (line, mistake.column.clone(), words.t(&format!("history.{}", mistake.what.as_str())).to_owned())
}

fn summary(history: &History, key: &str, words: &InboxWords) -> String {
    let (first, last) =
        history.days().map(|(first, last)| (first.to_string(), last.to_string())).unwrap_or_default();
    let count = history.facts.len().to_string();
    words.with(key, &[("antal", &count), ("fra", &first), ("til", &last)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::statistics::history::What;
    use crate::texts::load_inbox;

    #[test]
    fn every_mistake_has_its_sentence() {
        for words in load_inbox(None).unwrap() {
            for what in What::ALL {
                let (line, column, text) =
                    told(&Mistake { line: 3, column: "dato".to_owned(), what }, &words);
                assert!(line == "3" && column == "dato" && !text.is_empty(), "{what:?}");
            }
        }
    }
}
