use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::domain::statistics::book::{Figure, Headline};
use crate::domain::statistics::catalogue::{AreaName, Basis, Rules, book};
use crate::domain::statistics::counted::{Chosen, Counted};
use crate::domain::statistics::period::Period;
use crate::domain::statistics::table::{Column, Division, Row};
use crate::domain::statistics::tally::Tally;
use crate::domain::statistics::tally::tests::facts;
use crate::texts::load_figures;

fn figure(rows: &[&[i64]], key: &str, by: (&str, &str)) -> Figure {
    let width = rows[0].len();
    let column = |at: usize| {
        let key = if at == width { TOTAL.to_owned() } else { format!("c{at}") };
        Column { head: key.clone(), key }
    };
    let row = |key: String, counts: Vec<i64>| {
        let sum = counts.iter().sum();
        Row { head: key.clone(), key, values: counts.into_iter().chain([sum]).map(Value::Count).collect() }
    };
    let sums = (0..width).map(|at| rows.iter().map(|row| row[at]).sum()).collect();
    let table = Table {
        key: key.to_owned(),
        caption: String::new(),
        stub: String::new(),
        columns: (0..=width).map(column).collect(),
        rows: rows.iter().enumerate().map(|(at, counts)| row(format!("r{at}"), counts.to_vec())).collect(),
        totals: vec![row(TOTAL.to_owned(), sums)],
        division: Some(Division {
            of: "begun".to_owned(),
            rows_by: by.0.to_owned(),
            columns_by: Some(by.1.to_owned()),
        }),
        notes: Vec::new(),
    };
    Figure { key: key.to_owned(), title: key.to_owned(), definition: String::new(), table, chart: None }
}

fn of(figures: Vec<Figure>) -> Book {
    Book {
        language: "da".to_owned(),
        title: String::new(),
        subtitle: String::new(),
        period: Period::year(2025),
        compared: None,
        headlines: vec![Headline {
            key: "open".to_owned(),
            label: String::new(),
            value: Value::Count(2),
            detail: "2 i 2024".to_owned(),
        }],
        figures,
        notes: Vec::new(),
    }
}

/// What is hidden in a table, by row and column.
fn hidden(figure: &Figure) -> Vec<(usize, usize)> {
    let rows = figure.table.rows.iter().chain(&figure.table.totals).enumerate();
    rows.flat_map(|(at, row)| {
        let hidden = row.values.iter().enumerate().filter(|(_, value)| **value == Value::Hidden);
        hidden.map(|(column, _)| (at, column)).collect::<Vec<_>>()
    })
    .collect()
}

#[test]
fn one_small_count_takes_a_rectangle_with_it() {
    let book =
        hide_small(of(vec![figure(&[&[2, 20, 30], &[11, 21, 31], &[12, 22, 32]], "a", ("area", "kind"))]), 3);
    assert_eq!(hidden(&book.figures[0]), [(0, 0), (0, 1), (1, 0), (1, 1)]);
    assert_eq!((book.headlines[0].value.clone(), book.headlines[0].detail.as_str()), (Value::Hidden, ""));
}

#[test]
fn what_is_hidden_here_is_not_shown_there() {
    // The areas alone, and by channel: the total of a row is the same number in both.
    let by_kind = figure(&[&[1, 1], &[10, 20], &[30, 40]], "kind", ("area", "kind"));
    let by_channel = figure(&[&[2, 0], &[15, 15], &[35, 35]], "channel", ("area", "channel"));
    let book = hide_small(of(vec![by_kind, by_channel]), 3);
    assert_eq!(book.figures[0].table.rows[0].values[2], Value::Hidden);
    assert_eq!(book.figures[1].table.rows[0].values[2], Value::Hidden);
}

/// One and one follow from their sum, since nothing that is hidden is zero.
#[test]
fn small_counts_do_not_keep_each_other_safe() {
    let book =
        hide_small(of(vec![figure(&[&[1, 0], &[1, 0], &[20, 0], &[23, 0]], "a", ("area", "kind"))]), 5);
    let rows: BTreeSet<usize> = hidden(&book.figures[0]).into_iter().map(|(row, _)| row).collect();
    assert_eq!(rows.into_iter().collect::<Vec<_>>(), [0, 1, 2]);
}

#[test]
fn nothing_small_hides_nothing() {
    let book = of(vec![figure(&[&[0, 20], &[11, 21]], "a", ("area", "kind"))]);
    assert_eq!(hidden(&hide_small(book.clone(), 3).figures[0]), []);
    assert_eq!(hide_small(book.clone(), 0), book);
}

/// Whether a hidden count follows from what is shown, by another way than the one that is tested: the solutions of all sums
/// with what is shown held still are walked along a basis of what may still move.
fn follows(sums: &Sums, hidden: &BTreeSet<Key>) -> Vec<Key> {
    let keys: Vec<&Key> = hidden.iter().collect();
    let width = keys.len();
    let mut matrix: Vec<Vec<f64>> = sums
        .sums
        .iter()
        .map(|(total, parts)| {
            let sign = |key: &Key| {
                let as_part = parts.iter().filter(|part| *part == key).count() as f64;
                as_part - f64::from(u8::from(total == key))
            };
            keys.iter().map(|key| sign(key)).collect()
        })
        .collect();
    let mut pivots = Vec::new();
    let mut line = 0;
    for column in 0..width {
        let Some(best) =
            (line..matrix.len()).max_by(|a, b| matrix[*a][column].abs().total_cmp(&matrix[*b][column].abs()))
        else {
            break;
        };
        if matrix[best][column].abs() < 1e-9 {
            continue;
        }
        matrix.swap(line, best);
        let scale = matrix[line][column];
        matrix[line].iter_mut().for_each(|value| *value /= scale);
        let pivot = matrix[line].clone();
        for (at, other) in matrix.iter_mut().enumerate() {
            let factor = other[column];
            if at != line && factor.abs() > 1e-12 {
                other.iter_mut().zip(&pivot).for_each(|(value, by)| *value -= factor * by);
            }
        }
        pivots.push((line, column));
        line += 1;
    }
    let moves = |at: usize| match pivots.iter().find(|(_, column)| *column == at) {
        // A variable without a pivot may be anything.
        None => true,
        Some((line, _)) => (0..width).any(|free| free != at && matrix[*line][free].abs() > 1e-9),
    };
    (0..width).filter(|at| !moves(*at)).map(|at| keys[at].clone()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn no_small_count_is_shown_or_follows(
        all in proptest::collection::vec(facts(), 0..80),
        below in 2_i64..8,
        months in 1_i32..20,
    ) {
        let from = date(2025, 1, 1);
        let period = Period { from, until: from.saturating_add(jiff::Span::new().months(months)) };
        let counted = |period| Counted { persons: 4, open: 2, tally: Tally::of(&all, period, Chosen::default()) };
        let was = period.before().unwrap();
        let (now, before) = (counted(period), counted(was));
        let areas: Vec<AreaName> =
            (1..6).map(|id| AreaName { id, name: format!("Område {id}"), in_force: true }).collect();
        let rules = Rules::default();
        let [words, _] = load_figures(None).unwrap();
        let whole = book(&Basis {
            period,
            counted: &now,
            before: Some((was, &before)),
            incomparable: false,
            is_behind: false,
            began: None,
            today: date(2026, 6, 1),
            areas: &areas,
            rules: &rules,
            stories: 0,
            limits: "",
            words: &words,
        });
        let sums = Sums::of(&whole);
        let hidden = sums.hide(below);
        prop_assert_eq!(follows(&sums, &hidden), Vec::<Key>::new());
        // What is left of a total by what is shown of it is no small number either, and more than one for each that is hidden.
        for (total, parts) in sums.sums.iter().filter(|(total, _)| !hidden.contains(total)) {
            let unseen: Vec<i64> =
                parts.iter().filter(|part| hidden.contains(*part)).map(|part| sums.counts[part]).collect();
            let left: i64 = unseen.iter().sum();
            prop_assert!(left == 0 || left >= below.max(unseen.len() as i64 + 1), "{total}: {unseen:?}");
        }
        let shown = hide_small(whole.clone(), below);
        for headline in &shown.headlines {
            prop_assert!(!numbers(&headline.detail).any(|number| (1..below).contains(&number)));
        }
        for figure in &shown.figures {
            for row in figure.table.rows.iter().chain(&figure.table.totals) {
                let small = row.values.iter().filter_map(Value::count).find(|count| (1..below).contains(count));
                prop_assert_eq!(small, None, "{} {}", figure.key, row.key);
            }
            prop_assert_eq!(figure.table.check(), Ok(()));
            // The numbers of the sentences are in the table, or the sentence is gone.
            let any = figure.table.rows.iter().any(|row| row.values.contains(&Value::Hidden));
            if let (true, Some(chart)) = (any, &figure.chart) {
                prop_assert_eq!(&chart.finding, &figure.title);
            }
        }
        prop_assert_eq!(hide_small(whole, below), shown, "the same every time");
    }
}
