//! Where two books say different things: what was published, and what today's data would give.

use super::book::Book;
use super::table::{Row, Value};

/// One cell that is not the same.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// The figure's title.
    pub figure: String,
    /// The head of the row.
    pub row: String,
    /// The head of the column.
    pub column: String,
    /// What was published; [`Value::Nothing`] where there was no such cell.
    pub published: Value,
    /// What today's data give.
    pub today: Value,
}

/// Whether two cells say different things. A cell that is not there is a count of none.
fn differ(published: Option<&Value>, today: Option<&Value>) -> bool {
    let apart = |one: f64, other: f64| (one - other).abs() > 1e-9;
    match (published.unwrap_or(&Value::Count(0)), today.unwrap_or(&Value::Count(0))) {
        (Value::Count(one), Value::Count(other)) => one != other,
        (Value::Days(one), Value::Days(other))
        | (Value::WorkingDays(one), Value::WorkingDays(other))
        | (Value::Seconds(one), Value::Seconds(other)) => apart(*one, *other),
        (Value::Nothing, Value::Days(_) | Value::WorkingDays(_) | Value::Seconds(_))
        | (Value::Days(_) | Value::WorkingDays(_) | Value::Seconds(_), Value::Nothing) => true,
        _ => false,
    }
}

/// Everything that differs, figure by figure, by the keys of figure, row and column. What is hidden in one differs from
/// nothing; shares follow from counts and are not told again.
pub fn differences(published: &Book, today: &Book) -> Vec<Difference> {
    let mut found = Vec::new();
    for figure in &today.figures {
        let Some(was) = published.figure(&figure.key) else { continue };
        let (old, new) = (&was.table, &figure.table);
        let rows = |table: &super::table::Table| -> Vec<Row> {
            table.rows.iter().chain(&table.totals).cloned().collect()
        };
        let (old_rows, new_rows) = (rows(old), rows(new));
        let keys = new_rows
            .iter()
            .chain(old_rows.iter().filter(|row| !new_rows.iter().any(|one| one.key == row.key)));
        for row in keys {
            let columns =
                new.columns.iter().chain(old.columns.iter().filter(|one| new.column(&one.key).is_none()));
            // What a year is compared with has a book of its own.
            for column in columns.filter(|column| !matches!(column.key.as_str(), "before" | "change")) {
                let cell = |table: &super::table::Table, rows: &[Row]| {
                    let at = table.column(&column.key)?;
                    rows.iter().find(|one| one.key == row.key)?.values.get(at).cloned()
                };
                let (was, is) = (cell(old, &old_rows), cell(new, &new_rows));
                if differ(was.as_ref(), is.as_ref()) {
                    found.push(Difference {
                        figure: figure.title.clone(),
                        row: row.head.clone(),
                        column: column.head.clone(),
                        published: was.unwrap_or(Value::Nothing),
                        today: is.unwrap_or(Value::Nothing),
                    });
                }
            }
        }
    }
    found
}
