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
    /// What must be said with it: exclusions, small numbers, a part of a year (S8).
    pub notes: Vec<String>,
}
