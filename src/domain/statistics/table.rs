//! A table of figures: the one shape in which every figure is shown, printed and exported.
//!
//! Words come from outside, so that the same table is in Danish or in English. Deliberately does not know how a number is
//! written: that is the page's and the file's.

use serde::{Deserialize, Serialize};

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is", content = "value")]
pub enum Value {
    /// How many.
    Count(i64),
    /// A part of a whole: 0 to 1.
    Share(f64),
    /// Calendar days.
    Days(f64),
    /// Working days, of which a part of one counts too.
    WorkingDays(f64),
    /// Seconds.
    Seconds(f64),
    /// A mean, such as messages per enquiry.
    Mean(f64),
    /// Danish øre.
    Money(i64),
    /// Compared with the period before: the change as a part of it, -1 and more.
    Change(f64),
    /// Words.
    Text(String),
    /// So small a group that it is not shown.
    Hidden,
    /// There is nothing to say, such as the median of no enquiries.
    Nothing,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// What programs call it, such as `delimited`.
    pub key: String,
    /// What stands above it.
    pub head: String,
}

/// A row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// What programs call it, such as an area's number.
    pub key: String,
    /// What stands before it.
    pub head: String,
    /// One for each column.
    pub values: Vec<Value>,
}

/// What a table divides: each of something stands in exactly one row, and in exactly one of the columns before `total`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Division {
    /// What is divided, such as `begun`: enquiries that began in the period.
    pub of: String,
    /// What the rows are, such as `area`.
    pub rows_by: String,
    /// What the columns before `total` are, such as `kind`; `None` for a single column.
    pub columns_by: Option<String>,
}

/// A table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Table {
    /// What programs and file names call it: lower-case words joined by hyphens, such as `channel-by-month`.
    pub key: String,
    /// What is shown, the period, and how many there are in it.
    pub caption: String,
    /// What stands above the heads of the rows.
    pub stub: String,
    /// The columns besides the heads of the rows.
    pub columns: Vec<Column>,
    /// The rows.
    pub rows: Vec<Row>,
    /// Totals, medians and shares, after a line.
    pub totals: Vec<Row>,
    /// What it divides; `None` for one that adds up to nothing, such as waiting times, or tasks of which an enquiry has
    /// several.
    pub division: Option<Division>,
    /// What must be said with it: exclusions, small numbers, a part of a year (S8).
    pub notes: Vec<String>,
}

/// A table that does not add up to its total: what stands there, and what the parts give.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("table {table}, {place}: the total is {total}, and its parts are {parts}")]
pub struct DoesNotSum {
    /// The table's key.
    pub table: String,
    /// The key of the row or of the column.
    pub place: String,
    /// What the total says.
    pub total: i64,
    /// What the parts add up to.
    pub parts: i64,
}

/// The key of the column of totals, and of the row of totals.
pub const TOTAL: &str = "total";

impl Value {
    /// The number of a count.
    pub fn count(&self) -> Option<i64> {
        match self {
            Self::Count(count) => Some(*count),
            _ => None,
        }
    }
}

impl Table {
    /// Where a column stands.
    pub fn column(&self, key: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.key == key)
    }

    /// A row of totals.
    pub fn total(&self, key: &str) -> Option<&Row> {
        self.totals.iter().find(|row| row.key == key)
    }

    /// How many columns the division goes over: those before `total`, or one.
    pub fn parts(&self) -> usize {
        self.column(TOTAL).unwrap_or(1)
    }

    /// Whether the parts of a division add up to their totals (S7). Cells that are not shown are skipped.
    ///
    /// # Errors
    /// The first place where they do not.
    pub fn check(&self) -> Result<(), DoesNotSum> {
        if self.division.is_none() {
            return Ok(());
        }
        let fault = |place: &str, total: i64, parts: i64| {
            Err(DoesNotSum { table: self.key.clone(), place: place.to_owned(), total, parts })
        };
        let sum = |values: &mut dyn Iterator<Item = &Value>| {
            values.map(Value::count).try_fold(0, |sum, count| Some(sum + count?))
        };
        let total_row = self.total(TOTAL);
        if let Some(at) = self.column(TOTAL) {
            for row in self.rows.iter().chain(total_row) {
                let total = row.values.get(at).and_then(Value::count);
                if let (Some(total), Some(parts)) = (total, sum(&mut row.values.iter().take(at)))
                    && total != parts
                {
                    return fault(&row.key, total, parts);
                }
            }
        }
        for (at, column) in self.columns.iter().enumerate() {
            let total = total_row.and_then(|row| row.values.get(at)).and_then(Value::count);
            let parts = sum(&mut self.rows.iter().filter_map(|row| row.values.get(at)));
            if let (Some(total), Some(parts)) = (total, parts)
                && total != parts
            {
                return fault(&column.key, total, parts);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &[[i64; 3]], total: [i64; 3]) -> Table {
        let column = |key: &str| Column { key: key.to_owned(), head: key.to_owned() };
        let row = |key: String, values: &[i64; 3]| Row {
            head: key.clone(),
            key,
            values: values.iter().map(|value| Value::Count(*value)).collect(),
        };
        Table {
            key: "area".to_owned(),
            caption: String::new(),
            stub: String::new(),
            columns: ["delimited", "open_ended", "total"].map(column).to_vec(),
            rows: rows.iter().enumerate().map(|(at, values)| row(at.to_string(), values)).collect(),
            totals: vec![row("total".to_owned(), &total)],
            division: Some(Division {
                of: "begun".to_owned(),
                rows_by: "area".to_owned(),
                columns_by: Some("kind".to_owned()),
            }),
            notes: Vec::new(),
        }
    }

    #[test]
    fn a_table_that_does_not_add_up_says_where() {
        assert_eq!(table(&[[8, 4, 12], [10, 4, 14]], [18, 8, 26]).check(), Ok(()));
        let error = table(&[[8, 4, 12], [10, 4, 14]], [18, 42, 60]).check().unwrap_err();
        assert_eq!((error.place.as_str(), error.total, error.parts), ("open_ended", 42, 8));
        let error = table(&[[8, 4, 13]], [8, 4, 13]).check().unwrap_err();
        assert_eq!((error.place.as_str(), error.total, error.parts), ("0", 13, 12));
        let mut hidden = table(&[[8, 4, 13]], [8, 4, 13]);
        hidden.rows[0].values[1] = Value::Hidden;
        hidden.totals[0].values[1] = Value::Hidden;
        assert_eq!(hidden.check(), Ok(()));
    }
}
