//! How tables are put together, so that every one has its shares, its comparison and its totals by the same rule.

use std::collections::BTreeMap;

use indgang_channels::message::Channel;

use super::{Basis, fill, written_period};
use crate::domain::statistics::book::Figure;
use crate::domain::statistics::chart::{Chart, Series, Shape};
use crate::domain::statistics::period::{Month, Period};
use crate::domain::statistics::table::{Column, Division, Row, TOTAL, Table, Value};
use crate::domain::statistics::tally::Counts;
use crate::domain::statistics::written::Numerals;

/// Beyond so many months a table goes by years.
const MOST_MONTHS: usize = 36;
/// A change in per cent of fewer than this says nothing.
const FEWEST_COMPARED: i64 = 10;
/// Periods whose lengths differ by less than this part are compared in per cent.
const ALIKE: f64 = 0.05;
/// What has no answer.
pub(super) const UNKNOWN: &str = "unknown";

/// The channels in the order in which they are always shown.
pub(super) const CHANNELS: [Channel; 5] =
    [Channel::Email, Channel::Call, Channel::Web, Channel::Sms, Channel::Meeting];

/// A row or a column of a table that is to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Head<T> {
    pub(super) key: String,
    pub(super) head: String,
    pub(super) is: T,
}

/// One line of a table with a single count.
pub(super) struct Line {
    pub(super) key: String,
    pub(super) head: String,
    pub(super) now: i64,
    /// `None` where nobody knows, or nothing is compared.
    pub(super) before: Option<i64>,
}

/// A stretch of months, and the one that it is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stretch {
    pub(super) now: (Month, Month),
    pub(super) before: Option<(Month, Month)>,
}

/// Makes figures from a basis.
pub(super) struct Making<'a> {
    pub(super) basis: &'a Basis<'a>,
    pub(super) numerals: Numerals,
}

impl<'a> Making<'a> {
    pub(super) fn new(basis: &'a Basis<'a>) -> Self {
        Self { basis, numerals: Numerals::of(basis.words.language()) }
    }

    pub(super) fn t(&self, key: &str) -> &str {
        self.basis.words.say(key)
    }

    pub(super) fn with(&self, key: &str, values: &[(&str, &str)]) -> String {
        fill(self.t(key), values)
    }

    /// Enquiries that began in the period.
    pub(super) fn begun(&self) -> i64 {
        self.basis.counted.tally.begun()
    }

    /// Those of the period before; 0 where nothing is compared.
    pub(super) fn begun_before(&self) -> i64 {
        self.basis.before.map_or(0, |(_, counted)| counted.tally.begun())
    }

    /// Counts of this period and of the one before.
    pub(super) fn both<T>(&self, of: impl Fn(&'a super::Counted) -> T) -> (T, Option<T>) {
        (of(self.basis.counted), self.basis.before.map(|(_, counted)| of(counted)))
    }

    /// What a period is called where it is compared with: «2025», «samme periode 2025».
    pub(super) fn named(&self, period: Period) -> String {
        if period.whole_year().is_none()
            && self.over().before() == Some(period)
            && period.from.year() == period.last().year()
        {
            return self.with("book.same", &[("aar", &period.from.year().to_string())]);
        }
        written_period(period, self.basis.words)
    }

    /// How much more there is now, where there was enough to say it, and the periods are about as long.
    pub(super) fn change(&self, now: i64, before: i64) -> Value {
        let days = |period: Period| f64::from(period.days().max(1));
        let alike = self.basis.before.is_some_and(|(period, _)| {
            // A leap year and a February are not another length.
            (days(period) / days(self.over()) - 1.0).abs() < ALIKE
        });
        if before < FEWEST_COMPARED || !alike {
            return Value::Nothing;
        }
        Value::Change(part(now - before, before))
    }

    /// As much of the period as is over: the rest of it counts nothing yet.
    fn over(&self) -> Period {
        self.basis.period.through_day(self.basis.today).unwrap_or(self.basis.period)
    }

    /// Counts of what only happens here: earlier years that were brought in do not tell of it, and are not compared.
    pub(super) fn both_recorded<T>(&self, of: impl Fn(&'a super::Counted) -> T) -> (T, Option<T>) {
        let (now, before) = self.both(of);
        (now, before.filter(|_| self.basis.before.is_some_and(|(_, counted)| counted.tally.unrecorded == 0)))
    }

    /// Hundredths of working days as working days.
    pub(super) fn working_days(&self, hundredths: Option<f64>) -> Value {
        hundredths.map_or(Value::Nothing, |hundredths| Value::WorkingDays(hundredths / 100.0))
    }

    /// A channel's name.
    pub(super) fn channel(&self, channel: Channel) -> Head<Channel> {
        let key = channel.as_str();
        Head { key: key.to_owned(), head: self.t(&format!("channel.{key}")).to_owned(), is: channel }
    }

    /// All channels.
    pub(super) fn channels(&self) -> Vec<Head<Channel>> {
        CHANNELS.map(|channel| self.channel(channel)).to_vec()
    }

    /// All contact forms, and none.
    pub(super) fn forms(&self) -> Vec<Head<Option<Channel>>> {
        let known =
            self.channels().into_iter().map(|one| Head { key: one.key, head: one.head, is: Some(one.is) });
        known.chain([self.unknown()]).collect()
    }

    /// What has no answer.
    pub(super) fn unknown<T>(&self) -> Head<Option<T>> {
        Head { key: UNKNOWN.to_owned(), head: self.t("word.unknown").to_owned(), is: None }
    }

    /// The columns that follow a count: its share, and what it is compared with.
    fn after(&self, share: bool) -> Vec<Column> {
        let mut columns = Vec::new();
        if share {
            columns.push(column("share", self.t("word.share")));
        }
        if let Some((period, _)) = self.basis.before {
            let named = self.named(period);
            let mut letters = named.chars();
            let head =
                letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect());
            columns.push(column("before", &head));
            columns.push(column("change", self.t("word.change")));
        }
        columns
    }

    fn after_values(&self, now: i64, before: Option<i64>, whole: Option<i64>) -> Vec<Value> {
        let mut values = Vec::new();
        if let Some(whole) = whole {
            values.push(if whole > 0 { Value::Share(part(now, whole)) } else { Value::Nothing });
        }
        if self.basis.before.is_some() {
            values.push(before.map_or(Value::Nothing, Value::Count));
            values.push(before.map_or(Value::Nothing, |before| self.change(now, before)));
        }
        values
    }

    /// A table with one count. `of` says what it divides and by what: then `total` stands below. Shares are of `total`.
    pub(super) fn single(
        &self,
        key: &str,
        of: Option<(&str, &str)>,
        lines: Vec<Line>,
        total: (i64, i64),
    ) -> Table {
        let row = |line: Line| Row {
            values: [Value::Count(line.now)]
                .into_iter()
                .chain(self.after_values(line.now, line.before, Some(total.0)))
                .collect(),
            key: line.key,
            head: line.head,
        };
        let totals = of.map(|_| Line {
            key: TOTAL.to_owned(),
            head: self.t("word.total").to_owned(),
            now: total.0,
            before: Some(total.1),
        });
        Table {
            key: key.to_owned(),
            caption: String::new(),
            stub: self.t(&format!("figure.{key}.stub")).to_owned(),
            columns: [column("count", self.t("word.count"))].into_iter().chain(self.after(true)).collect(),
            rows: lines.into_iter().map(row).collect(),
            totals: totals.into_iter().map(row).collect(),
            division: of.map(|(of, rows_by)| Division {
                of: of.to_owned(),
                rows_by: rows_by.to_owned(),
                columns_by: None,
            }),
            notes: Vec::new(),
        }
    }

    /// A table of two divisions at once. `before` gives a row's count in the period before.
    pub(super) fn cross<R, C>(
        &self,
        key: &str,
        by: (&str, &str, &str),
        heads: (&[Head<R>], &[Head<C>]),
        cell: impl Fn(&R, &C) -> i64,
        compared: impl Fn(&R) -> Option<i64>,
        total: (i64, i64),
    ) -> Table {
        let (rows, columns) = heads;
        let compares = self.basis.before.is_some() && rows.iter().all(|row| compared(&row.is).is_some());
        let after = |now, before| {
            let mut values = self.after_values(now, before, Some(total.0));
            values.truncate(if compares { 3 } else { 1 });
            values
        };
        let made = rows.iter().map(|row| {
            let counts: Vec<i64> = columns.iter().map(|column| cell(&row.is, &column.is)).collect();
            let sum = counts.iter().sum();
            let before = compared(&row.is);
            let values =
                counts.into_iter().chain([sum]).map(Value::Count).chain(after(sum, before)).collect();
            Row { key: row.key.clone(), head: row.head.clone(), values }
        });
        let sums = columns.iter().map(|column| rows.iter().map(|row| cell(&row.is, &column.is)).sum());
        // The total is counted by itself, so that what is lost between the rows shows.
        let totals = sums.chain([total.0]).map(Value::Count).chain(after(total.0, Some(total.1))).collect();
        let mut after_columns = self.after(true);
        after_columns.truncate(if compares { 3 } else { 1 });
        let of = |(of, rows_by, columns_by): (&str, &str, &str)| Division {
            of: of.to_owned(),
            rows_by: rows_by.to_owned(),
            columns_by: Some(columns_by.to_owned()),
        };
        Table {
            key: key.to_owned(),
            caption: String::new(),
            stub: self.t(&format!("figure.{key}.stub")).to_owned(),
            columns: columns
                .iter()
                .map(|head| column(&head.key, &head.head))
                .chain([column(TOTAL, self.t("word.total"))])
                .chain(after_columns)
                .collect(),
            rows: made.collect(),
            totals: vec![Row {
                key: TOTAL.to_owned(),
                head: self.t("word.total").to_owned(),
                values: totals,
            }],
            division: Some(of(by)),
            notes: Vec::new(),
        }
    }

    /// A figure around a table, with what its picture finds and shows.
    pub(super) fn figure(&self, mut table: Table, shown: Option<(String, Shape)>) -> Figure {
        let key = table.key.clone();
        let title = self.t(&format!("figure.{key}.title")).to_owned();
        let period = written_period(self.basis.period, self.basis.words);
        table.caption = format!("{title}, {period}");
        let note = self.t(&format!("figure.{key}.note"));
        if !note.is_empty() {
            table.notes.push(note.to_owned());
        }
        let chart = shown.map(|(finding, shape)| Chart {
            key: key.clone(),
            finding: if self.begun() == 0 { self.t("finding.none").to_owned() } else { finding },
            subtitle: self.t(&format!("figure.{key}.drawn")).to_owned(),
            description: self.described(&table),
            shape,
        });
        let definition = self.t(&format!("figure.{key}.definition")).to_owned();
        Figure { key, title, definition, table, chart }
    }

    /// The first count of each row in words.
    fn described(&self, table: &Table) -> String {
        let at = table.column(TOTAL).unwrap_or(0);
        let rows = table.rows.iter().filter_map(|row| {
            let value = row.values.get(at)?;
            (*value != Value::Nothing).then(|| format!("{}: {}", row.head, self.numerals.alone(value)))
        });
        let rows: Vec<String> = rows.take(40).collect();
        format!("{}. {}", table.caption, rows.join("; "))
    }

    /// Bars of the counts before `total`, or of the single count.
    pub(super) fn bars(&self, table: &Table) -> Shape {
        Shape::Bars { categories: heads(table), series: series(table) }
    }

    /// The months of the period, or its years when it is long.
    pub(super) fn stretches(&self) -> Vec<Head<Stretch>> {
        let months = self.basis.period.months();
        let before = self.basis.before.map(|(period, _)| period.months()).unwrap_or_default();
        let matched = |at: usize| before.get(at).copied().filter(|_| before.len() == months.len());
        if months.len() <= MOST_MONTHS {
            let years = self.basis.period.from.year() != self.basis.period.last().year();
            let head = |at: usize, month: Month| {
                let before = matched(at).map(|month| (month, month));
                let stretch = Stretch { now: (month, month), before };
                Head { key: month.to_string(), head: self.month_head(month, years), is: stretch }
            };
            return months.iter().enumerate().map(|(at, month)| head(at, *month)).collect();
        }
        let mut years: BTreeMap<i16, Vec<usize>> = BTreeMap::new();
        for (at, month) in months.iter().enumerate() {
            years.entry(month.year()).or_default().push(at);
        }
        let head = |(year, places): (i16, Vec<usize>)| {
            let (first, last) = (places[0], places[places.len() - 1]);
            let before = matched(first).zip(matched(last));
            let stretch = Stretch { now: (months[first], months[last]), before };
            Head { key: year.to_string(), head: year.to_string(), is: stretch }
        };
        years.into_iter().map(head).collect()
    }

    fn month_head(&self, month: Month, with_year: bool) -> String {
        let (period, words) = (self.basis.period, self.basis.words);
        let name = words.month(month);
        let name = if with_year { format!("{name} {}", month.year()) } else { name };
        let whole = month.period();
        let is_cut = period.from > whole.from || period.until < whole.until;
        if !is_cut {
            return name;
        }
        let from = period.from.max(whole.from).day().to_string();
        let to = period.until.min(whole.until).yesterday().map_or(1, |day| day.day()).to_string();
        self.with("word.part_of_month", &[("maaned", &name), ("fra", &from), ("til", &to)])
    }
}

pub(super) fn column(key: &str, head: &str) -> Column {
    Column { key: key.to_owned(), head: head.to_owned() }
}

/// A part of a whole that is not zero.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
pub(super) fn part(part: i64, whole: i64) -> f64 {
    part as f64 / whole as f64
}

/// What stands before the rows.
pub(super) fn heads(table: &Table) -> Vec<String> {
    table.rows.iter().map(|row| row.head.clone()).collect()
}

/// The counts before `total` as series; columns that are empty throughout are left out.
pub(super) fn series(table: &Table) -> Vec<Series> {
    let all = table.columns.iter().take(table.parts()).enumerate().map(|(at, column)| Series {
        key: column.key.clone(),
        label: column.head.clone(),
        values: table.rows.iter().map(|row| float(row.values[at].count())).collect(),
    });
    let all: Vec<Series> = all.collect();
    let drawn: Vec<Series> =
        all.iter().filter(|series| series.values.iter().any(|value| *value > 0.0)).cloned().collect();
    if drawn.is_empty() { all.into_iter().take(1).collect() } else { drawn }
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
pub(super) fn float(count: Option<i64>) -> f64 {
    count.unwrap_or(0) as f64
}

/// How many there are in a stretch of months.
pub(super) fn within<K: Ord + Copy>(
    counts: &Counts<(Month, K)>,
    (first, last): (Month, Month),
    key: &K,
) -> i64 {
    counts
        .iter()
        .filter(|((month, one), _)| first <= *month && *month <= last && one == key)
        .map(|(_, count)| count)
        .sum()
}
