//! What enquiries are about: figures 2, 3, 9 and 10 of the catalogue.

use std::collections::BTreeMap;

use super::making::{Head, Line, Making, UNKNOWN, float, part};
use crate::domain::enquiry::Kind;
use crate::domain::statistics::book::Figure;
use crate::domain::statistics::chart::Shape;
use crate::domain::statistics::table::Table;
use crate::domain::statistics::tally::{Counts, KindKey};
use crate::domain::task::Task;

/// Themes beyond so many stand together.
const MOST_THEMES: usize = 30;

pub(super) fn all(making: &Making<'_>) -> Vec<Figure> {
    vec![area(making), kind(making), task(making), theme(making)]
}

/// The types, and none.
pub(super) fn kinds(making: &Making<'_>) -> Vec<Head<Option<Kind>>> {
    let known = |kind: Kind, key: &str| Head {
        key: key.to_owned(),
        head: making.t(&format!("kind.{key}")).to_owned(),
        is: Some(kind),
    };
    vec![known(Kind::Delimited, "delimited"), known(Kind::OpenEnded, "open_ended"), making.unknown()]
}

/// The areas: those in force, those that have enquiries, and none where some have none.
fn areas(making: &Making<'_>) -> Vec<Head<Option<i64>>> {
    let (now, before) = making.both(|counted| &counted.tally.areas);
    let count = |counts: &Counts<(Option<i64>, Option<Kind>)>, id: Option<i64>| {
        counts.iter().any(|((area, _), count)| *area == id && count != 0)
    };
    let has = |id: Option<i64>| count(now, id) || before.is_some_and(|before| count(before, id));
    let listed = making.basis.areas.iter().filter(|area| area.in_force || has(Some(area.id)));
    let mut heads: Vec<Head<Option<i64>>> = listed
        .map(|area| Head { key: area.id.to_string(), head: area.name.clone(), is: Some(area.id) })
        .collect();
    let known = |id: i64| making.basis.areas.iter().any(|area| area.id == id);
    let mut lost: Vec<i64> = now.iter().filter_map(|((area, _), _)| *area).filter(|id| !known(*id)).collect();
    lost.extend(
        before.into_iter().flat_map(Counts::iter).filter_map(|((area, _), _)| *area).filter(|id| !known(*id)),
    );
    lost.sort_unstable();
    lost.dedup();
    // An area that is not in the list any more keeps its enquiries.
    heads.extend(lost.into_iter().map(|id| Head {
        key: id.to_string(),
        head: making.with("word.lost_area", &[("nummer", &id.to_string())]),
        is: Some(id),
    }));
    if has(None) {
        heads.push(making.unknown());
    }
    heads
}

fn area(making: &Making<'_>) -> Figure {
    let (now, before) = making.both(|counted| &counted.tally.areas);
    let all = |counts: &Counts<(Option<i64>, Option<Kind>)>, area: Option<i64>| -> i64 {
        counts.iter().filter(|((one, _), _)| *one == area).map(|(_, count)| count).sum()
    };
    let mut heads = areas(making);
    // The largest first, as one reads it; what is unknown comes last whatever it is.
    heads.sort_by_key(|head| (head.is.is_none(), -all(now, head.is)));
    let table = making.cross(
        "area",
        ("begun", "area", "kind"),
        (&heads, &kinds(making)),
        |area, kind| now.get(&(*area, *kind)),
        |area| before.map(|before| all(before, *area)),
        (making.begun(), making.begun_before()),
    );
    let mut table = without_empty_unknown(table);
    table.notes.push(making.t("book.not_problems").to_owned());
    let finding = half(making, &table);
    let shape = making.bars(&table);
    making.figure(table, Some((finding, shape)))
}

/// Takes a column of unknowns out that is empty throughout: it divides nothing.
pub(super) fn without_empty_unknown(mut table: Table) -> Table {
    let empty = |at: usize| {
        let mut all = table.rows.iter().chain(&table.totals);
        all.all(|row| row.values[at].count() == Some(0))
    };
    if let Some(at) = table.column(UNKNOWN).filter(|at| empty(*at)) {
        table.columns.remove(at);
        for row in table.rows.iter_mut().chain(&mut table.totals) {
            row.values.remove(at);
        }
    }
    table
}

/// How many areas make up more than half.
fn half(making: &Making<'_>, table: &Table) -> String {
    let Some(at) = table.column(crate::domain::statistics::table::TOTAL) else { return String::new() };
    let mut counts: Vec<(&str, i64)> = table
        .rows
        .iter()
        .filter(|row| row.key != UNKNOWN)
        .map(|row| (row.head.as_str(), row.values[at].count().unwrap_or(0)))
        .filter(|(_, count)| *count > 0)
        .collect();
    counts.sort_by_key(|(_, count)| -count);
    let total = making.begun();
    let mut sum = 0;
    for (place, (name, count)) in counts.iter().enumerate() {
        sum += count;
        if sum * 2 > total {
            return match place {
                0 => making.with("finding.area_one", &[("navn", name)]),
                1..=3 => making.t(&format!("finding.area_{}", place + 1)).to_owned(),
                _ => making.with("finding.area_many", &[("antal", &counts.len().to_string())]),
            };
        }
    }
    making.t("finding.area_unknown").to_owned()
}

fn kind(making: &Making<'_>) -> Figure {
    let sums = |counts: &Counts<(Option<i64>, Option<Kind>)>| {
        let mut sums: BTreeMap<KindKey, i64> = BTreeMap::new();
        for ((_, kind), count) in counts.iter() {
            *sums.entry((*kind).into()).or_insert(0) += count;
        }
        sums
    };
    let (now, before) = making.both(|counted| sums(&counted.tally.areas));
    let count =
        |sums: &BTreeMap<KindKey, i64>, kind: Option<Kind>| sums.get(&kind.into()).copied().unwrap_or(0);
    let line = |head: Head<Option<Kind>>| Line {
        now: count(&now, head.is),
        before: before.as_ref().map(|before| count(before, head.is)),
        key: head.key,
        head: head.head,
    };
    let lines: Vec<Line> = kinds(making).into_iter().map(line).collect();
    let parts = lines.iter().map(|line| (line.key.clone(), line.head.clone(), float(Some(line.now))));
    let shape = Shape::Parts { parts: parts.filter(|part| part.2 > 0.0).collect() };
    let (delimited, open) = (count(&now, Some(Kind::Delimited)), count(&now, Some(Kind::OpenEnded)));
    let finding = if delimited + open == 0 {
        making.t("finding.kind_unknown").to_owned()
    } else {
        let whole = delimited + open;
        let share = |count| making.numerals.share(part(count, whole));
        making.with("finding.kind", &[("afgraenset", &share(delimited)), ("aaben", &share(open))])
    };
    let total = (making.begun(), making.begun_before());
    let table = making.single("kind", Some(("begun", "kind")), lines, total);
    making.figure(table, Some((finding, shape)))
}

fn task(making: &Making<'_>) -> Figure {
    let (now, before) = making.both(|counted| &counted.tally.tasks);
    let known = Task::ALL.map(|task| Head {
        key: task.as_str().to_owned(),
        head: making.t(&format!("task.{}", task.as_str())).to_owned(),
        is: Some(task),
    });
    let line = |head: Head<Option<Task>>| Line {
        now: now.get(&head.is),
        before: before.map(|before| before.get(&head.is)),
        key: head.key,
        head: head.head,
    };
    let lines: Vec<Line> = known.into_iter().chain([making.unknown()]).map(line).collect();
    let table = making.single("task", None, lines, (making.begun(), making.begun_before()));
    let finding = most(making, "finding.task", &table);
    let shape = making.bars(&table);
    making.figure(table, Some((finding, shape)))
}

fn theme(making: &Making<'_>) -> Figure {
    let (now, before) = making.both(|counted| &counted.tally.themes);
    let mut themes: Vec<(Option<String>, i64)> =
        now.iter().map(|(theme, count)| (theme.clone(), count)).collect();
    themes.sort_by(|one, other| {
        (one.0.is_none(), -one.1, &one.0).cmp(&(other.0.is_none(), -other.1, &other.0))
    });
    let unknown = themes.iter().any(|(theme, _)| theme.is_none());
    let line = |theme: Option<String>, now: i64| Line {
        before: before.map(|before| before.get(&theme)),
        key: theme.clone().unwrap_or_else(|| UNKNOWN.to_owned()),
        head: theme.unwrap_or_else(|| making.t("word.no_theme").to_owned()),
        now,
    };
    let left_out = themes.len().saturating_sub(MOST_THEMES + usize::from(unknown));
    let shown =
        themes.into_iter().enumerate().filter(|(at, (theme, _))| *at < MOST_THEMES || theme.is_none());
    let lines: Vec<Line> = shown.map(|(_, (theme, count))| line(theme, count)).collect();
    let mut table = making.single("theme", None, lines, (making.begun(), making.begun_before()));
    if left_out > 0 {
        table.notes.push(making.with("word.more_themes", &[("antal", &left_out.to_string())]));
    }
    let finding = most(making, "finding.theme", &table);
    let shape = making.bars(&table);
    making.figure(table, Some((finding, shape)))
}

/// The row of which there are most, of a table whose rows overlap: shares are of the enquiries.
fn most(making: &Making<'_>, key: &str, table: &Table) -> String {
    let count = |row: &crate::domain::statistics::table::Row| row.values[0].count().unwrap_or(0);
    let rows = || table.rows.iter().filter(|row| row.key != UNKNOWN && count(row) > 0);
    let Some(row) = rows().max_by_key(|row| count(row)) else {
        return making.t("finding.all_unknown").to_owned();
    };
    if rows().filter(|other| count(other) == count(row)).count() > 1 {
        return making.t("finding.equal").to_owned();
    }
    let (number, total) = (making.numerals.count(count(row)), making.numerals.count(making.begun()));
    making.with(key, &[("navn", &row.head), ("antal", &number), ("i_alt", &total)])
}
