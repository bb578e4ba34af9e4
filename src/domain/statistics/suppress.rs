//! Small numbers that are not published, so that nobody can be known by them.
//!
//! Counts from 1 up to a limit are hidden, and with them as many others as it takes that no hidden count follows from what is
//! shown by adding and subtracting, in one table or across all of them: the same count stands in several. What adds up to
//! what is read from the tables' [`Division`](super::table::Division)s; a hidden count is safe when the equations that are
//! left do not determine it, which is tested by elimination, and when the hidden parts of a sum come to so many that neither
//! each nor all of them together is a small number: one and one are known from their sum. Of rows that overlap, those that are
//! left of the total are a count too («43 of 45 without a case»).
//!
//! Hiding is by the book alone and the same every time: two prints of one report together tell no more than one.

use std::collections::{BTreeMap, BTreeSet};

use super::book::Book;
use super::chart::{Series, Shape};
use super::table::{TOTAL, Table, Value};

/// Arithmetic is modulo this prime: sums have the coefficients 1 and -1 only, which no reduction confuses.
const PRIME: i64 = 2_147_483_647;

/// What a count is of, wherever it stands: the same key is the same number.
type Key = String;

/// The counts of a book, and which of them add up to which.
#[derive(Debug, Default)]
struct Sums {
    counts: BTreeMap<Key, i64>,
    /// Each a total and its parts.
    sums: BTreeSet<(Key, Vec<Key>)>,
}

/// Hides counts from 1 up to but not including `below`, and what they follow from.
#[must_use]
pub fn hide_small(mut book: Book, below: i64) -> Book {
    if below < 2 {
        return book;
    }
    let sums = Sums::of(&book);
    let hidden = sums.hide(below);
    for figure in &mut book.figures {
        if blank(&mut figure.table, &hidden)
            && let Some(mut chart) = figure.chart.take()
        {
            // A sentence or a picture of parts could say what the table does not.
            chart.finding.clone_from(&figure.title);
            chart.description.clone_from(&figure.table.caption);
            figure.chart =
                whole(&chart.shape, &figure.table).map(|shape| super::chart::Chart { shape, ..chart });
        }
    }
    let hidden_in_table = |key: &str| {
        let (figure, row, column) = match key {
            "kept" => ("reply", TOTAL, "share_kept"),
            "reply" => ("reply", TOTAL, "p50"),
            "days" => ("duration", "median", TOTAL),
            _ => return false,
        };
        let table = book.figures.iter().find(|one| one.key == figure).map(|one| &one.table);
        let value = table.and_then(|table| table.total(row)?.values.get(table.column(column)?));
        value == Some(&Value::Hidden)
    };
    let hides: Vec<bool> = book
        .headlines
        .iter()
        .map(|one| {
            one.value.count().is_some_and(|count| (1..below).contains(&count)) || hidden_in_table(&one.key)
        })
        .collect();
    let duration = book.figures.iter().find(|one| one.key == "duration");
    let hides_median = duration
        .and_then(|figure| figure.table.total("median"))
        .is_some_and(|medians| medians.values.contains(&Value::Hidden));
    for (headline, hides) in book.headlines.iter_mut().zip(hides) {
        if hides {
            headline.value = Value::Hidden;
        }
        // It says the medians of the types.
        let hides = hides || headline.key == "days" && hides_median;
        // A number in words beside it is a number too.
        if hides || numbers(&headline.detail).any(|number| (1..below).contains(&number)) {
            headline.detail = String::new();
        }
    }
    book
}

/// The whole numbers that stand in a text.
fn numbers(text: &str) -> impl Iterator<Item = i64> {
    text.split(|letter: char| !letter.is_ascii_digit()).filter_map(|digits| digits.parse().ok())
}

/// The key of a cell of a table; `None` for what is no count.
fn key(table: &Table, row: &str, column: &str, is_total_row: bool) -> Key {
    let Some(division) = &table.division else { return format!("{}/{row}/{column}", table.key) };
    let mut places = Vec::new();
    if !is_total_row {
        places.push(format!("{}={row}", division.rows_by));
    }
    let mut of = division.of.clone();
    let at = table.column(column).unwrap_or(0);
    match &division.columns_by {
        Some(by) if at < table.parts() => places.push(format!("{by}={column}")),
        Some(_) if column == TOTAL => {}
        None if column == "count" => {}
        // Counts of another time or of other things beside it.
        _ => of = format!("{of}@{column}"),
    }
    places.sort();
    format!("{of}:{}", places.join("&"))
}

impl Sums {
    fn of(book: &Book) -> Self {
        let mut all = Self::default();
        for table in book.figures.iter().map(|figure| &figure.table) {
            let rows = table.rows.iter().map(|row| (row, false));
            for (row, is_total) in rows.chain(table.totals.iter().map(|row| (row, true))) {
                for (column, value) in table.columns.iter().zip(&row.values) {
                    if let Some(count) = value.count() {
                        all.counts.insert(key(table, &row.key, &column.key, is_total), count);
                    }
                }
            }
            match &table.division {
                Some(division) => all.add(table, division.columns_by.is_some()),
                None => all.add_overlapping(table),
            }
        }
        all
    }

    /// Rows that overlap are each a part of all enquiries, and the rest is the other part.
    fn add_overlapping(&mut self, table: &Table) {
        let whole = "begun:".to_owned();
        let (Some(begun), Some(_)) = (self.counts.get(&whole).copied(), table.column("share")) else {
            return;
        };
        for row in &table.rows {
            let part = key(table, &row.key, "count", false);
            if let Some(count) = self.counts.get(&part).copied() {
                let rest = format!("{part}!");
                self.counts.insert(rest.clone(), begun - count);
                self.sums.insert((whole.clone(), vec![part, rest]));
            }
        }
    }

    fn add(&mut self, table: &Table, crossed: bool) {
        let total_row = table.total(TOTAL);
        if crossed && table.column(TOTAL).is_some() {
            let rows = table.rows.iter().map(|row| (row, false)).chain(total_row.map(|row| (row, true)));
            for (row, is_total) in rows {
                let parts = table.columns[..table.parts()].iter();
                let parts = parts.map(|column| key(table, &row.key, &column.key, is_total)).collect();
                self.sums.insert((key(table, &row.key, TOTAL, is_total), parts));
            }
        }
        let Some(total) = total_row else { return };
        for (column, value) in table.columns.iter().zip(&total.values) {
            if value.count().is_some() {
                let parts = table.rows.iter().map(|row| key(table, &row.key, &column.key, false)).collect();
                self.sums.insert((key(table, &total.key, &column.key, true), parts));
            }
        }
    }

    /// Which counts are hidden.
    fn hide(&self, below: i64) -> BTreeSet<Key> {
        let small = self.counts.iter().filter(|(_, count)| (1..below).contains(*count));
        let mut hidden: BTreeSet<Key> = small.map(|(key, _)| key.clone()).collect();
        loop {
            // One at a time, since each that is hidden may keep others safe. Where nothing is left to hide beside one, all of
            // its sums are hidden already.
            let other = self.thinnest(below, &hidden).or_else(|| {
                let known = self.determined(&hidden);
                self.companion(&known, &hidden)
            });
            let Some(other) = other else { return hidden };
            hidden.insert(other);
        }
    }

    /// The count that is hidden beside parts that come to a small number together, or to one each: the smallest of their sum,
    /// a part before the total.
    fn thinnest(&self, below: i64, hidden: &BTreeSet<Key>) -> Option<Key> {
        let count = |key: &Key| self.counts.get(key).copied().unwrap_or(0);
        let thin = self.sums.iter().filter(|(total, parts)| {
            let hidden_parts = || parts.iter().filter(|part| hidden.contains(*part));
            let (many, sum) = (hidden_parts().count() as i64, hidden_parts().map(count).sum::<i64>());
            !hidden.contains(total) && many > 0 && sum > 0 && sum < below.max(many + 1)
        });
        let others = thin.flat_map(|(total, parts)| {
            let parts = parts.iter().map(|part| (false, part));
            parts.chain([(true, total)]).filter(|(_, key)| !hidden.contains(*key) && count(key) > 0)
        });
        others.min_by_key(|(is_total, key)| (*is_total, count(key), *key)).map(|(_, key)| key.clone())
    }

    /// The count that is hidden beside those that are known: of the sum that has fewest hidden, the smallest that is not zero,
    /// a part before a total.
    fn companion(&self, known: &[Key], hidden: &BTreeSet<Key>) -> Option<Key> {
        let members = self.sums.iter().flat_map(|(total, parts)| {
            let all = || parts.iter().map(|part| (false, part)).chain([(true, total)]);
            let alone = all().filter(|(_, key)| hidden.contains(*key)).count();
            let concerns = all().any(|(_, key)| known.contains(key));
            all().filter(move |_| concerns).map(move |(is_total, key)| (alone, is_total, key))
        });
        members
            .filter(|(_, _, key)| !hidden.contains(*key))
            .min_by_key(|(alone, is_total, key)| {
                let count = self.counts.get(*key).copied().unwrap_or(0);
                (*alone, count == 0, *is_total, count, *key)
            })
            .map(|(_, _, key)| key.clone())
    }

    /// Which hidden counts follow from what is shown: those that stand alone in a line of the eliminated equations.
    fn determined(&self, hidden: &BTreeSet<Key>) -> Vec<Key> {
        let places: BTreeMap<&Key, usize> = hidden.iter().enumerate().map(|(at, key)| (key, at)).collect();
        let mut lines: Vec<BTreeMap<usize, i64>> = Vec::new();
        for (total, parts) in &self.sums {
            let mut line: BTreeMap<usize, i64> = BTreeMap::new();
            for part in parts {
                if let Some(at) = places.get(part) {
                    *line.entry(*at).or_insert(0) += 1;
                }
            }
            if let Some(at) = places.get(total) {
                *line.entry(*at).or_insert(0) -= 1;
            }
            line.retain(|_, coefficient| *coefficient != 0);
            if !line.is_empty() {
                lines.push(line);
            }
        }
        let keys: Vec<&Key> = hidden.iter().collect();
        let alone = eliminated(lines).into_iter().filter(|line| line.len() == 1);
        alone.filter_map(|line| line.keys().next().map(|at| keys[*at].clone())).collect()
    }
}

/// The reduced lines of a system of equations.
fn eliminated(lines: Vec<BTreeMap<usize, i64>>) -> Vec<BTreeMap<usize, i64>> {
    let mut reduced: BTreeMap<usize, BTreeMap<usize, i64>> = BTreeMap::new();
    for mut line in lines {
        for coefficient in line.values_mut() {
            *coefficient = coefficient.rem_euclid(PRIME);
        }
        let pivots: Vec<usize> = line.keys().copied().filter(|at| reduced.contains_key(at)).collect();
        for at in pivots {
            let factor = line.get(&at).copied().unwrap_or(0);
            subtract(&mut line, &reduced[&at], factor);
        }
        let Some((&pivot, &first)) = line.iter().next() else { continue };
        let inverse = power(first, PRIME - 2);
        for coefficient in line.values_mut() {
            *coefficient = *coefficient * inverse % PRIME;
        }
        for other in reduced.values_mut() {
            let factor = other.get(&pivot).copied().unwrap_or(0);
            subtract(other, &line, factor);
        }
        reduced.insert(pivot, line);
    }
    reduced.into_values().collect()
}

fn subtract(line: &mut BTreeMap<usize, i64>, other: &BTreeMap<usize, i64>, factor: i64) {
    if factor == 0 {
        return;
    }
    for (at, coefficient) in other {
        let entry = line.entry(*at).or_insert(0);
        *entry = (*entry - factor * coefficient % PRIME).rem_euclid(PRIME);
    }
    line.retain(|_, coefficient| *coefficient != 0);
}

fn power(mut base: i64, mut exponent: i64) -> i64 {
    let mut result = 1;
    while exponent > 0 {
        if exponent % 2 == 1 {
            result = result * base % PRIME;
        }
        base = base * base % PRIME;
        exponent /= 2;
    }
    result
}

/// Puts nothing where hidden counts stand, nor where something follows from them; whether there were any.
fn blank(table: &mut Table, hidden: &BTreeSet<Key>) -> bool {
    let shape = table.clone();
    let mut any = false;
    let mut columns_hidden = BTreeSet::new();
    let count_at = shape.column(TOTAL).unwrap_or(0);
    let blank_row = |row: &mut super::table::Row, is_total: bool, columns_hidden: &mut BTreeSet<usize>| {
        let is_hidden: Vec<bool> = shape
            .columns
            .iter()
            .zip(&row.values)
            .map(|(column, value)| {
                value.count().is_some() && hidden.contains(&key(&shape, &row.key, &column.key, is_total))
            })
            .collect();
        if !is_hidden.contains(&true) {
            return false;
        }
        for (at, column) in shape.columns.iter().enumerate() {
            let follows = match column.key.as_str() {
                "share" => is_hidden[count_at],
                "change" => {
                    is_hidden[count_at] || shape.column("before").is_some_and(|before| is_hidden[before])
                }
                _ => true,
            };
            let is_number = !matches!(row.values[at], Value::Count(_) | Value::Nothing | Value::Text(_));
            if is_hidden[at] || (is_number && follows) {
                row.values[at] = Value::Hidden;
            }
            if is_total && is_hidden[at] {
                columns_hidden.insert(at);
            }
        }
        true
    };
    for row in &mut table.rows {
        any |= blank_row(row, false, &mut columns_hidden);
    }
    for row in table.totals.iter_mut().filter(|row| row.key == TOTAL) {
        any |= blank_row(row, true, &mut columns_hidden);
    }
    // Medians below a sum that is hidden.
    for row in table.totals.iter_mut().filter(|row| row.key != TOTAL) {
        for at in &columns_hidden {
            row.values[*at] = Value::Hidden;
        }
    }
    any
}

/// The picture of what is left: one bar for each row whose total is shown. `None` where that says nothing.
fn whole(shape: &Shape, table: &Table) -> Option<Shape> {
    let at = table.column(TOTAL).unwrap_or(0);
    let shown: Vec<(String, f64)> = table
        .rows
        .iter()
        .filter_map(|row| {
            #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
            let count = row.values.get(at)?.count()? as f64;
            Some((row.head.clone(), count))
        })
        .collect();
    if shown.is_empty() {
        return None;
    }
    let head = table.columns.get(at)?.head.clone();
    let (categories, values): (Vec<String>, Vec<f64>) = shown.into_iter().unzip();
    let series = vec![Series { key: TOTAL.to_owned(), label: head, values }];
    match shape {
        Shape::Columns { .. } => Some(Shape::Columns { categories, series, compared: None }),
        Shape::Bars { .. } | Shape::Parts { .. } => Some(Shape::Bars { categories, series }),
        Shape::Ranges { .. } | Shape::Grid { .. } => None,
    }
}

#[cfg(test)]
mod tests;
