//! How citizens reach the adviser: the front page. Figures 4, 5 and 6 of the catalogue, and what goes to and fro.

use std::collections::BTreeMap;

use indgang_channels::message::Channel;

use super::making::{CHANNELS, Head, Line, Making, column, float, heads, part, series, within};
use crate::domain::statistics::book::Figure;
use crate::domain::statistics::chart::Shape;
use crate::domain::statistics::table::{Division, Row, TOTAL, Table, Value};
use crate::domain::statistics::tally::{Counts, Traffic, UNTIMED};

/// Hours of the day that always have a column, whether anybody wrote or not.
const OFFICE_HOURS: std::ops::RangeInclusive<i8> = 8..=16;
/// How many messages an enquiry took: the last number of each group but the last.
const MESSAGE_GROUPS: [i64; 5] = [0, 1, 2, 5, 10];

pub(super) fn all(making: &Making<'_>) -> Vec<Figure> {
    vec![
        intake_by_month(making),
        form_by_month(making),
        intake(making),
        form(making),
        intake_and_form(making),
        hours(making),
        messages(making),
        contacts(making),
    ]
}

/// How many of each by channel.
fn sums<K: Ord + Clone>(counts: &Counts<(crate::domain::statistics::period::Month, K)>) -> BTreeMap<K, i64> {
    let mut sums = BTreeMap::new();
    for ((_, key), count) in counts.iter() {
        *sums.entry(key.clone()).or_insert(0) += count;
    }
    sums
}

fn intake_by_month(making: &Making<'_>) -> Figure {
    let (now, before) = making.both(|counted| &counted.tally.channels);
    let stretches = making.stretches();
    let compared = |stretch: Option<(_, _)>| {
        Some(CHANNELS.iter().map(|channel| within(before?, stretch?, channel).into()).sum::<Option<i64>>())
            .flatten()
    };
    let table = making.cross(
        "channel-by-month",
        ("begun", "month", "channel"),
        (&stretches, &making.channels()),
        |stretch, channel| within(now, stretch.now, channel),
        |stretch| compared(stretch.before),
        (making.begun(), making.begun_before()),
    );
    let shape = columns(making, &table);
    making.figure(table, Some((growing(making), shape)))
}

fn form_by_month(making: &Making<'_>) -> Figure {
    let (now, _) = making.both(|counted| &counted.tally.forms);
    let table = making.cross(
        "form-by-month",
        ("begun", "month", "form"),
        (&making.stretches(), &making.forms()),
        |stretch, form| within(now, stretch.now, form),
        |_| None,
        (making.begun(), 0),
    );
    let shape = columns(making, &table);
    let finding = largest(making, "finding.form", &table, 0);
    making.figure(table, Some((finding, shape)))
}

/// Columns of the parts, with a stroke for what there was in the period before.
fn columns(making: &Making<'_>, table: &Table) -> Shape {
    let compared = table.column("before").zip(making.basis.before).map(|(at, (period, _))| {
        let strokes = table.rows.iter().map(|row| row.values[at].count().map(|count| float(Some(count))));
        (making.with("word.all_in", &[("periode", &making.named(period))]), strokes.collect())
    });
    Shape::Columns { categories: heads(table), series: series(table), compared }
}

fn intake(making: &Making<'_>) -> Figure {
    let (now, before) = making.both(|counted| sums(&counted.tally.channels));
    let count = |sums: &BTreeMap<Channel, i64>, channel| sums.get(&channel).copied().unwrap_or(0);
    let line = |head: Head<Channel>| Line {
        now: count(&now, head.is),
        before: before.as_ref().map(|before| count(before, head.is)),
        key: head.key,
        head: head.head,
    };
    let lines = making.channels().into_iter().map(line).collect();
    let total = (making.begun(), making.begun_before());
    let table = making.single("intake", Some(("begun", "channel")), lines, total);
    let shape = making.bars(&table);
    let finding = largest(making, "finding.intake", &table, 0);
    making.figure(table, Some((finding, shape)))
}

fn form(making: &Making<'_>) -> Figure {
    let (now, before) = making.both(|counted| sums(&counted.tally.forms));
    let count = |sums: &BTreeMap<Option<Channel>, i64>, form| sums.get(&form).copied().unwrap_or(0);
    let line = |head: Head<Option<Channel>>| Line {
        now: count(&now, head.is),
        before: before.as_ref().map(|before| count(before, head.is)),
        key: head.key,
        head: head.head,
    };
    let lines = making.forms().into_iter().map(line).collect();
    let total = (making.begun(), making.begun_before());
    let table = making.single("form", Some(("begun", "form")), lines, total);
    let shape = making.bars(&table);
    let finding = largest(making, "finding.form", &table, 0);
    making.figure(table, Some((finding, shape)))
}

fn intake_and_form(making: &Making<'_>) -> Figure {
    let ways = &making.basis.counted.tally.ways;
    let table = making.cross(
        "intake-and-form",
        ("begun", "channel", "form"),
        (&making.channels(), &making.forms()),
        |channel, form| ways.get(&(*channel, *form)),
        |_| None,
        (making.begun(), 0),
    );
    let known: i64 = ways.iter().filter(|((_, form), _)| form.is_some()).map(|(_, count)| count).sum();
    let other: i64 = ways
        .iter()
        .filter(|((way, form), _)| form.is_some_and(|form| form != *way))
        .map(|(_, count)| count)
        .sum();
    let finding = if known == 0 {
        making.t("finding.ways_none").to_owned()
    } else {
        making.with("finding.ways", &[("andel", &making.numerals.share(part(other, known)))])
    };
    let shape = making.bars(&table);
    making.figure(table, Some((finding, shape)))
}

fn hours(making: &Making<'_>) -> Figure {
    let counts = &making.basis.counted.tally.hours;
    let seen = |hour: i8| counts.iter().any(|((_, one), _)| *one == hour);
    let mut hours: Vec<Head<i8>> = (0..24)
        .filter(|hour| OFFICE_HOURS.contains(hour) || seen(*hour))
        .map(|hour| Head { key: format!("{hour:02}"), head: format!("{hour:02}"), is: hour })
        .collect();
    let drawn = hours.clone();
    if seen(UNTIMED) {
        let Head { key, head, .. } = making.unknown::<()>();
        hours.push(Head { key, head, is: UNTIMED });
    }
    let days: Vec<Head<i8>> = (0..7)
        .map(|day| Head { key: (day + 1).to_string(), head: making.basis.words.weekday(day), is: day })
        .collect();
    let table = making.cross(
        "channel-by-hour",
        ("begun", "weekday", "hour"),
        (&days, &hours),
        |day, hour| counts.get(&(*day, *hour)),
        |_| None,
        (making.begun(), 0),
    );
    let timed = || counts.iter().filter(|((_, hour), _)| *hour != UNTIMED);
    let busiest = timed().max_by_key(|((day, hour), count)| (*count, -i32::from(*day), -i32::from(*hour)));
    let finding = busiest.map_or(String::new(), |((day, hour), most)| {
        if timed().filter(|(_, count)| *count == most).count() > 1 {
            return making.t("finding.hours_equal").to_owned();
        }
        let (from, to) = (format!("{hour}"), format!("{}", (hour + 1) % 24));
        let day = making.basis.words.weekday(*day);
        making.with(
            "finding.hours",
            &[("dag", &day.to_lowercase()), ("Dag", &day), ("fra", &from), ("til", &to)],
        )
    });
    let values = days.iter().map(|day| drawn.iter().map(|hour| counts.get(&(day.is, hour.is))).collect());
    let shape = Shape::Grid {
        rows: heads(&table),
        columns: drawn.iter().map(|hour| hour.head.clone()).collect(),
        values: values.collect(),
    };
    making.figure(table, Some((finding, shape)))
}

fn messages(making: &Making<'_>) -> Figure {
    let traffic = &making.basis.counted.tally.traffic;
    let price = making.basis.rules.segment_ore;
    let values = |traffic: Traffic| {
        let counts =
            [traffic.incoming, traffic.outgoing, traffic.automatic, traffic.failed, traffic.segments];
        let cost = (price > 0).then_some(Value::Money(traffic.segments * price));
        counts.map(Value::Count).into_iter().chain(cost).collect::<Vec<_>>()
    };
    let of = |channel: Channel| traffic.get(&channel).copied().unwrap_or_default();
    let mut all = Traffic::default();
    for one in traffic.values() {
        all.incoming += one.incoming;
        all.outgoing += one.outgoing;
        all.automatic += one.automatic;
        all.failed += one.failed;
        all.segments += one.segments;
    }
    let rows = making.channels().into_iter().map(|one| Row {
        values: values(of(one.is)),
        key: one.key,
        head: one.head,
    });
    let keys = ["incoming", "outgoing", "automatic", "failed", "segments"];
    let cost = (price > 0).then_some("cost");
    let table = Table {
        key: "messages".to_owned(),
        caption: String::new(),
        stub: making.t("figure.messages.stub").to_owned(),
        columns: keys
            .into_iter()
            .chain(cost)
            .map(|key| column(key, making.t(&format!("word.{key}"))))
            .collect(),
        rows: rows.collect(),
        totals: vec![Row {
            key: TOTAL.to_owned(),
            head: making.t("word.total").to_owned(),
            values: values(all),
        }],
        division: Some(Division {
            of: "messages".to_owned(),
            rows_by: "channel".to_owned(),
            columns_by: None,
        }),
        notes: Vec::new(),
    };
    let finding = making.with(
        "finding.messages",
        &[("ind", &making.numerals.count(all.incoming)), ("ud", &making.numerals.count(all.outgoing))],
    );
    let mut shape = making.bars(&table);
    if let Shape::Bars { series: shown, .. } = &mut shape {
        *shown = ["incoming", "outgoing"].iter().filter_map(|key| series_of(&table, key)).collect();
    }
    making.figure(table, Some((finding, shape)))
}

/// One column as a series.
fn series_of(table: &Table, key: &str) -> Option<crate::domain::statistics::chart::Series> {
    let at = table.column(key)?;
    Some(crate::domain::statistics::chart::Series {
        key: key.to_owned(),
        label: table.columns[at].head.clone(),
        values: table.rows.iter().map(|row| float(row.values[at].count())).collect(),
    })
}

fn contacts(making: &Making<'_>) -> Figure {
    let (now, before) = making.both_recorded(|counted| &counted.tally.messages);
    let among = |counts: &Counts<i64>, from: i64, to: i64| counts.at_most(to) - counts.at_most(from - 1);
    let mut from = 0;
    let mut lines = Vec::new();
    for last in MESSAGE_GROUPS.into_iter().chain([i64::MAX]) {
        let head = match (from, last) {
            (0, 0) => making.t("word.no_messages").to_owned(),
            (from, i64::MAX) => making.with("word.more_than", &[("antal", &(from - 1).to_string())]),
            (from, last) if from == last => last.to_string(),
            (from, last) => format!("{from}\u{2013}{last}"),
        };
        let before = before.map(|before| among(before, from, last));
        let line = Line { key: format!("from-{from}"), head, now: among(now, from, last), before };
        // Only parts of a split enquiry and enquiries of earlier years have none of their own.
        if last > 0 || line.now + line.before.unwrap_or(0) > 0 {
            lines.push(line);
        }
        from = last.saturating_add(1);
    }
    let total = (making.begun(), making.begun_before());
    let table = making.single("contacts", Some(("begun", "messages")), lines, total);
    let all: i64 = now.iter().map(|(messages, count)| messages * count).sum();
    let finding = if now.sum() == 0 {
        String::new()
    } else {
        making.with("finding.contacts", &[("antal", &making.numerals.number(part(all, now.sum()), 1))])
    };
    let shape = making.bars(&table);
    making.figure(table, Some((finding, shape)))
}

/// The row of which there are most, in a sentence with {navn}, {antal}, {i_alt} and {andel}. What is unknown is none.
pub(super) fn largest(making: &Making<'_>, key: &str, table: &Table, at: usize) -> String {
    let column = table.column(TOTAL).unwrap_or(at);
    let by_column = table.column(TOTAL).is_some();
    let candidates: Vec<(String, String, i64)> = if by_column {
        let total = table.total(TOTAL);
        let count = |at: usize| total.and_then(|row| row.values[at].count()).unwrap_or(0);
        table.columns[..column]
            .iter()
            .enumerate()
            .map(|(at, one)| (one.key.clone(), one.head.clone(), count(at)))
            .collect()
    } else {
        let count = |row: &Row| row.values[column].count().unwrap_or(0);
        table.rows.iter().map(|row| (row.key.clone(), row.head.clone(), count(row))).collect()
    };
    // The first of those that are equal, so that the sentence is the same every time.
    let most = candidates
        .iter()
        .filter(|(key, _, count)| key != super::making::UNKNOWN && *count > 0)
        .max_by(|one, other| one.2.cmp(&other.2).then(std::cmp::Ordering::Greater));
    let Some((_, name, count)) = most else { return making.t("finding.all_unknown").to_owned() };
    if candidates.iter().filter(|(key, _, one)| key != super::making::UNKNOWN && one == count).count() > 1 {
        return making.t("finding.equal").to_owned();
    }
    let total: i64 = candidates.iter().map(|(_, _, count)| count).sum();
    let values = [
        ("navn", name.as_str()),
        ("antal", &making.numerals.count(*count)),
        ("i_alt", &making.numerals.count(total)),
        ("andel", &making.numerals.share(part(*count, total))),
    ];
    making.with(key, &values)
}

/// What citizens write by most, and what grew most where that can be said.
fn growing(making: &Making<'_>) -> String {
    let (now, before) = making.both(|counted| sums(&counted.tally.channels));
    let count = |sums: &BTreeMap<Channel, i64>, channel: &Channel| sums.get(channel).copied().unwrap_or(0);
    let Some(most) = CHANNELS.iter().max_by_key(|channel| count(&now, channel)) else { return String::new() };
    if CHANNELS.iter().filter(|channel| count(&now, channel) == count(&now, most)).count() > 1 {
        return making.t("finding.equal").to_owned();
    }
    let name = making.channel(*most).head;
    let grown = before.as_ref().and_then(|before| {
        let grown =
            CHANNELS.iter().filter(|one| count(before, one) >= 10 && count(&now, one) > count(before, one));
        grown.max_by(|one, other| {
            let growth = |channel: &Channel| part(count(&now, channel), count(before, channel));
            growth(one).total_cmp(&growth(other))
        })
    });
    match grown {
        Some(grown) if grown != most => {
            let grown = making.channel(*grown).head;
            making.with("finding.grows", &[("vokser", &grown), ("navn", &name.to_lowercase())])
        }
        _ => {
            let share = making.numerals.share(part(count(&now, most), making.begun().max(1)));
            making.with("finding.channel", &[("navn", &name), ("andel", &share)])
        }
    }
}
