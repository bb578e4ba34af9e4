//! How many there are and what became of them: figures 1 and 11 to 14 of the catalogue.

use super::making::{Line, Making};
use crate::domain::statistics::book::Figure;
use crate::domain::statistics::counted::Counted;
use crate::domain::statistics::table::{Table, Value};

/// What the adviser does besides enquiries, as it is kept.
pub const ACTIVITIES: [&str; 4] = ["sparring", "talk", "network", "other"];

pub(super) fn all(making: &Making<'_>) -> Vec<Figure> {
    vec![course(making), referral(making), activity(making), anonymised(making)]
}

fn line(making: &Making<'_>, key: &str, row: &str, of: impl Fn(&Counted) -> i64) -> Line {
    let (now, before) = making.both(of);
    let head = making.t(&format!("figure.{key}.{row}")).to_owned();
    Line { key: row.to_owned(), head, now, before }
}

/// A line of what earlier years that were brought in do not tell.
fn recorded(making: &Making<'_>, key: &str, row: &str, of: impl Fn(&Counted) -> i64) -> Line {
    let (_, before) = making.both_recorded(&of);
    Line { before, ..line(making, key, row, of) }
}

/// Counts that are of different things: none is a share of another.
fn counts(making: &Making<'_>, key: &str, lines: Vec<Line>) -> Table {
    let mut table = making.single(key, None, lines, (0, 0));
    table.columns.remove(1);
    for row in &mut table.rows {
        row.values.remove(1);
    }
    table
}

/// Enquiries, enquirers and messages: three counts that are never one (S1, S3).
pub(super) fn total(making: &Making<'_>) -> Figure {
    let traffic = |counted: &Counted, of: fn(&crate::domain::statistics::tally::Traffic) -> i64| {
        counted.tally.traffic.values().map(of).sum()
    };
    let mut lines = vec![
        line(making, "total", "begun", |counted| counted.tally.begun()),
        line(making, "total", "persons", |counted| counted.persons),
        line(making, "total", "ended", |counted| counted.tally.closed()),
        line(making, "total", "open", |counted| counted.open),
    ];
    if making.basis.limits.is_empty() {
        lines.push(recorded(making, "total", "incoming", |counted| traffic(counted, |one| one.incoming)));
        lines.push(recorded(making, "total", "outgoing", |counted| traffic(counted, |one| one.outgoing)));
    }
    let table = counts(making, "total", lines);
    making.figure(table, None)
}

fn course(making: &Making<'_>) -> Figure {
    let mut lines = vec![
        line(making, "course", "no_case", |counted| counted.tally.no_case),
        line(making, "course", "case_unknown", |counted| counted.tally.case_unknown),
        recorded(making, "course", "reopened", |counted| counted.tally.reopened),
        recorded(making, "course", "after_closing", |counted| counted.tally.after_closing),
        recorded(making, "course", "moved", |counted| counted.tally.moved),
    ];
    // Only of earlier years may nobody have written it down.
    lines.retain(|line| line.key != "case_unknown" || line.now + line.before.unwrap_or(0) > 0);
    let table = making.single("course", None, lines, (making.begun(), making.begun_before()));
    let finding = making.with(
        "finding.course",
        &[
            ("antal", &making.numerals.count(making.basis.counted.tally.no_case)),
            ("i_alt", &making.numerals.count(making.begun())),
        ],
    );
    let shape = making.bars(&table);
    making.figure(table, Some((finding, shape)))
}

fn referral(making: &Making<'_>) -> Figure {
    let lines = vec![
        recorded(making, "referral", "referred", |counted| counted.tally.referred),
        recorded(making, "referral", "forwarded", |counted| counted.tally.forwarded),
        recorded(making, "referral", "outside", |counted| counted.tally.outside),
    ];
    let table = making.single("referral", None, lines, (making.begun(), making.begun_before()));
    let outside = making.numerals.count(making.basis.counted.tally.outside);
    let finding = making
        .with("finding.referral", &[("antal", &outside), ("i_alt", &making.numerals.count(making.begun()))]);
    let shape = making.bars(&table);
    making.figure(table, Some((finding, shape)))
}

/// Advice to staff and outreach (S4, S24): work that is no enquiry.
fn activity(making: &Making<'_>) -> Figure {
    let mut lines = vec![recorded(making, "activity", "letters", |counted| counted.tally.sparring)];
    for kind in ACTIVITIES {
        lines.push(recorded(making, "activity", kind, |counted| {
            counted.tally.activities.get(&kind.to_owned())
        }));
    }
    let mut table = counts(making, "activity", lines);
    let at = table.columns.len();
    table.columns.push(super::making::column("participants", making.t("word.participants")));
    for row in &mut table.rows {
        let known = ACTIVITIES.contains(&row.key.as_str());
        let people = making.basis.counted.tally.participants.get(&row.key);
        row.values.insert(at, if known { Value::Count(people) } else { Value::Nothing });
    }
    let done: i64 = table.rows.iter().filter_map(|row| row.values[0].count()).sum();
    let finding = making.with("finding.activity", &[("antal", &making.numerals.count(done))]);
    let shape = making.bars(&table);
    let mut figure = making.figure(table, Some((finding, shape)));
    // It is no enquiry, so it may be all there is.
    if let (Some(chart), true) = (&mut figure.chart, making.begun() == 0) {
        chart.finding = making.with("finding.activity", &[("antal", &making.numerals.count(done))]);
    }
    figure
}

/// Cases that are told so that nobody can be known by them (S23).
fn anonymised(making: &Making<'_>) -> Figure {
    let head = making.t("figure.anonymised.told").to_owned();
    let line = Line { key: "told".to_owned(), head, now: making.basis.stories, before: None };
    let mut table = counts(making, "anonymised", vec![line]);
    table.columns.truncate(1);
    for row in &mut table.rows {
        row.values.truncate(1);
    }
    making.figure(table, None)
}
