//! How long it took and which promises were kept: figures 7 and 8 of the catalogue.

use std::collections::BTreeMap;

use indgang_channels::message::Channel;
use jiff::civil::Date;

use super::making::{Head, Making, column, part};
use super::matters::without_empty_unknown;
use crate::domain::statistics::book::Figure;
use crate::domain::statistics::chart::{Range, Shape};
use crate::domain::statistics::counted::Counted;
use crate::domain::statistics::fact::Promise;
use crate::domain::statistics::table::{Column, Row, TOTAL, Table, Value};
use crate::domain::statistics::tally::{AckState, Counts, KindKey};

/// An acknowledgement that leaves within this many seconds leaves at once.
const AT_ONCE: i64 = 60;

pub(super) fn all(making: &Making<'_>) -> Vec<Figure> {
    vec![acknowledgement(making), reply(making), duration(making)]
}

fn merged<K: Ord>(counts: &BTreeMap<K, Counts<i64>>) -> Counts<i64> {
    let mut all = Counts::default();
    for one in counts.values() {
        all.merge(one);
    }
    all
}

/// Hundredths of working days until a person answered, of all channels.
pub(super) fn waited(counted: &Counted) -> Counts<i64> {
    merged(&counted.tally.waited)
}

/// Calendar days of what ended, of all types.
pub(super) fn durations(counted: &Counted) -> Counts<i64> {
    merged(&counted.tally.ended)
}

/// The share of promises that were kept, of those of which it is known; `None` of nothing.
pub(super) fn kept(counted: &Counted, today: Date) -> Option<f64> {
    let promises = counted.tally.promises_on(today);
    let all = |promise: Promise| -> i64 {
        promises.iter().filter(|((_, one), _)| *one == promise).map(|(_, count)| count).sum()
    };
    let (kept, broken) = (all(Promise::Kept), all(Promise::Broken));
    (kept + broken > 0).then(|| part(kept, kept + broken))
}

/// «Afgrænset 4, åben 31 dage»; empty when nothing ended.
pub(super) fn median_by_kind(making: &Making<'_>) -> String {
    let ended = &making.basis.counted.tally.ended;
    let median = |kind: KindKey| ended.get(&kind).and_then(Counts::median);
    match (median(KindKey::Delimited), median(KindKey::OpenEnded)) {
        (Some(delimited), Some(open)) => making.with(
            "headline.by_kind",
            &[
                ("afgraenset", &making.numerals.amount(delimited)),
                ("aaben", &making.numerals.alone(&Value::Days(open))),
            ],
        ),
        _ => String::new(),
    }
}

/// Adds columns to a table whose rows are channels, and to its totals.
fn add_columns(
    table: &mut Table,
    columns: Vec<Column>,
    of: impl Fn(&str) -> Option<Vec<Value>>,
    of_all: &[Value],
) {
    let width = columns.len();
    table.columns.extend(columns);
    for row in &mut table.rows {
        row.values.extend(of(&row.key).unwrap_or_else(|| vec![Value::Nothing; width]));
    }
    for row in &mut table.totals {
        row.values.extend_from_slice(of_all);
    }
}

fn acknowledgement(making: &Making<'_>) -> Figure {
    let tally = &making.basis.counted.tally;
    let states = [
        ("sent", AckState::Sent),
        ("returned", AckState::Returned),
        ("failed", AckState::Failed),
        ("waiting", AckState::Waiting),
        ("not_due", AckState::NotDue),
    ]
    .map(|(key, is)| Head { key: key.to_owned(), head: making.t(&format!("word.{key}")).to_owned(), is });
    let mut table = making.cross(
        "acknowledgement",
        ("begun", "channel", "acknowledged"),
        (&making.channels(), &states),
        |channel, state| tally.acknowledged.get(&(*channel, *state)),
        |_| None,
        (making.begun(), 0),
    );
    drop_share(&mut table);
    let values = |counts: &Counts<i64>| {
        let quick = (counts.sum() > 0).then(|| part(counts.at_most(AT_ONCE), counts.sum()));
        vec![
            quick.map_or(Value::Nothing, Value::Share),
            counts.median().map_or(Value::Nothing, Value::Seconds),
            seconds(counts.quantile(0.95)),
        ]
    };
    let all = merged(&tally.latency);
    let columns = [("at_once", "word.at_once"), ("p50", "word.half"), ("p95", "word.nineteen_of_twenty")];
    add_columns(
        &mut table,
        columns.map(|(key, head)| column(key, making.t(head))).to_vec(),
        |key| channel(key).and_then(|channel| tally.latency.get(&channel)).map(values),
        &values(&all),
    );
    let finding = match all.median() {
        Some(median) => {
            making.with("finding.acknowledged", &[("tid", &making.numerals.cell(&Value::Seconds(median)))])
        }
        None => making.t("finding.acknowledged_none").to_owned(),
    };
    let shape = making.bars(&table);
    making.figure(table, Some((finding, shape)))
}

#[expect(clippy::cast_precision_loss, reason = "seconds are far below 2^52")]
fn seconds(seconds: Option<i64>) -> Value {
    seconds.map_or(Value::Nothing, |seconds| Value::Seconds(seconds as f64))
}

fn channel(key: &str) -> Option<Channel> {
    super::making::CHANNELS.into_iter().find(|channel| channel.as_str() == key)
}

/// Takes the share out: here it would be the channel's, which another table says.
fn drop_share(table: &mut Table) {
    if let Some(at) = table.column("share") {
        table.columns.remove(at);
        for row in table.rows.iter_mut().chain(&mut table.totals) {
            row.values.remove(at);
        }
    }
}

fn reply(making: &Making<'_>) -> Figure {
    let tally = &making.basis.counted.tally;
    let promises = tally.promises_on(making.basis.today);
    let states = [
        ("kept", Promise::Kept),
        ("broken", Promise::Broken),
        ("runs", Promise::Runs),
        ("ended", Promise::Ended),
        ("unknown", Promise::Unknown),
    ]
    .map(|(key, is)| Head {
        key: key.to_owned(),
        head: making.t(&format!("promise.{key}")).to_owned(),
        is,
    });
    let table = making.cross(
        "reply",
        ("begun", "channel", "promise"),
        (&making.channels(), &states),
        |channel, state| promises.get(&(*channel, *state)),
        |_| None,
        (making.begun(), 0),
    );
    let mut table = without_empty_unknown(table);
    drop_share(&mut table);
    let values = |kept: i64, broken: i64, counts: Option<&Counts<i64>>| {
        let share = (kept + broken > 0).then(|| part(kept, kept + broken));
        let at = |share: f64| days(counts.and_then(|counts| counts.quantile(share)));
        vec![
            share.map_or(Value::Nothing, Value::Share),
            making.working_days(counts.and_then(Counts::median)),
            at(0.8),
            at(0.95),
        ]
    };
    let of = |channel: Channel, promise| promises.get(&(channel, promise));
    let sum = |promise: Promise| -> i64 {
        promises.iter().filter(|((_, one), _)| *one == promise).map(|(_, count)| count).sum()
    };
    let all = waited(making.basis.counted);
    let columns = [
        ("share_kept", "word.share_kept"),
        ("p50", "word.half"),
        ("p80", "word.four_of_five"),
        ("p95", "word.nineteen_of_twenty"),
    ];
    let kept_of = |channel: Channel| {
        values(of(channel, Promise::Kept), of(channel, Promise::Broken), tally.waited.get(&channel))
    };
    add_columns(
        &mut table,
        columns.map(|(key, head)| column(key, making.t(head))).to_vec(),
        |key| channel(key).map(kept_of),
        &values(sum(Promise::Kept), sum(Promise::Broken), Some(&all)),
    );
    let (finding, shape) = (reply_finding(making, &all), ranges(making, &all));
    making.figure(table, Some((finding, shape)))
}

fn days(hundredths: Option<i64>) -> Value {
    #[expect(clippy::cast_precision_loss, reason = "working days are far below 2^52")]
    let days = hundredths.map(|hundredths| hundredths as f64 / 100.0);
    days.map_or(Value::Nothing, Value::WorkingDays)
}

fn reply_finding(making: &Making<'_>, all: &Counts<i64>) -> String {
    let at = days(all.quantile(0.95));
    if at == Value::Nothing {
        return making.t("finding.reply_none").to_owned();
    }
    making.with("finding.reply", &[("tid", &making.numerals.alone(&at))])
}

/// How long citizens wait, all together and by channel.
fn ranges(making: &Making<'_>, all: &Counts<i64>) -> Shape {
    let row = |label: String, counts: &Counts<i64>| {
        let at = |share: f64| match days(counts.quantile(share)) {
            Value::WorkingDays(days) => days,
            _ => 0.0,
        };
        let p50 = counts.median().unwrap_or(0.0) / 100.0;
        // The middle of two may lie above neither.
        Range { label, p50: p50.min(at(0.8)), p80: at(0.8), p95: at(0.95) }
    };
    let mut rows = Vec::new();
    if all.sum() > 0 {
        rows.push(row(making.t("word.all").to_owned(), all));
        let waited = &making.basis.counted.tally.waited;
        let channels = making.channels().into_iter();
        rows.extend(channels.filter_map(|one| Some(row(one.head, waited.get(&one.is)?))));
    }
    Shape::Ranges { rows, target: None, target_label: String::new() }
}

fn duration(making: &Making<'_>) -> Figure {
    let ended = &making.basis.counted.tally.ended;
    let mut from = 0;
    let mut rows: Vec<Head<(i64, i64)>> = Vec::new();
    for last in making.basis.rules.buckets.iter().copied().chain([i64::MAX]) {
        let head = match (from, last) {
            (0, 0) => making.t("word.same_day").to_owned(),
            (from, i64::MAX) => making.with("word.over_days", &[("dage", &(from - 1).to_string())]),
            (from, last) if from == last => making.with("word.on_day", &[("dage", &last.to_string())]),
            (from, last) => {
                making.with("word.days", &[("fra", &from.to_string()), ("til", &last.to_string())])
            }
        };
        rows.push(Head { key: format!("from-{from}"), head, is: (from, last) });
        from = last.saturating_add(1);
    }
    let kinds = super::matters::kinds(making);
    let kinds: Vec<Head<KindKey>> =
        kinds.into_iter().map(|one| Head { key: one.key, head: one.head, is: one.is.into() }).collect();
    let among =
        |counts: &Counts<i64>, (from, last): (i64, i64)| counts.at_most(last) - counts.at_most(from - 1);
    let before = making.basis.before.map(|(_, counted)| durations(counted));
    let closed_before = making.basis.before.map_or(0, |(_, counted)| counted.tally.closed());
    let closed = making.basis.counted.tally.closed();
    let mut table = making.cross(
        "duration",
        ("ended", "duration", "kind"),
        (&rows, &kinds),
        |row, kind| ended.get(kind).map_or(0, |counts| among(counts, *row)),
        |row| before.as_ref().map(|before| among(before, *row)),
        (closed, closed_before),
    );
    let all = durations(making.basis.counted);
    // A line of medians below the sums, in the columns where there is something to say.
    let medians = table.columns.iter().map(|column| {
        let median = match column.key.as_str() {
            TOTAL => all.median(),
            "before" => before.as_ref().and_then(Counts::median),
            key => kinds
                .iter()
                .find(|kind| kind.key == key)
                .and_then(|kind| ended.get(&kind.is))
                .and_then(Counts::median),
        };
        median.map_or(Value::Nothing, Value::Days)
    });
    let values = medians.collect();
    table.totals.push(Row {
        key: "median".to_owned(),
        head: making.t("word.median_days").to_owned(),
        values,
    });
    let table = without_unknown_kind(table);
    let finding = match all.median() {
        None => making.t("finding.duration_none").to_owned(),
        Some(days) if days < 1.0 => making.t("finding.duration_day").to_owned(),
        Some(days) => making.with("finding.duration", &[("tid", &making.numerals.alone(&Value::Days(days)))]),
    };
    let shape = making.bars(&table);
    let mut figure = making.figure(table, Some((finding, shape)));
    // Of what ended, not of what began: a year may close enquiries and receive none.
    if let (Some(chart), true) = (&mut figure.chart, closed == 0) {
        chart.finding = making.t("finding.duration_none").to_owned();
    }
    figure
}

/// The same as [`without_empty_unknown`] where the last line holds medians.
fn without_unknown_kind(mut table: Table) -> Table {
    let medians = table.totals.pop();
    let width = table.columns.len();
    let unknown = table.column(super::making::UNKNOWN);
    let mut table = without_empty_unknown(table);
    if let Some(mut medians) = medians {
        if let (Some(at), true) = (unknown, table.columns.len() < width) {
            medians.values.remove(at);
        }
        table.totals.push(medians);
    }
    table
}
