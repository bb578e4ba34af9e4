//! A picture of figures, before it is drawn: what is compared with what, in words and numbers.
//!
//! Knows no colours and no coordinates. Every picture has its table beside it, so a picture may leave out what a table says
//! better, but never shows anything else.

use serde::{Deserialize, Serialize};

/// What belongs together in a picture: one colour, one pattern, one name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Series {
    /// What it is, so that the same thing has the same colour everywhere: `email`, `sms`, `web`, `call`, `meeting`,
    /// `delimited`, `open_ended`, `unknown`; anything else gets a colour by its place.
    pub key: String,
    /// What the reader calls it.
    pub label: String,
    /// One for each category.
    pub values: Vec<f64>,
}

/// How long something takes: half of them at most `p50`, four of five at most `p80`, 19 of 20 at most `p95`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Range {
    /// Who or what.
    pub label: String,
    /// The median.
    pub p50: f64,
    /// The 80th percentile.
    pub p80: f64,
    /// The 95th percentile.
    pub p95: f64,
}

/// What is drawn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "shape")]
pub enum Shape {
    /// Upright columns, one for each category (a month), stacked of the series, with the sum above.
    Columns {
        /// Below the columns.
        categories: Vec<String>,
        /// From below.
        series: Vec<Series>,
        /// What it is compared with: a name, and a stroke at a height for each category that has one.
        compared: Option<(String, Vec<Option<f64>>)>,
    },
    /// Bars to the right, one for each category, of the series one after the other, with the sum behind.
    Bars {
        /// Before the bars.
        categories: Vec<String>,
        /// From the left.
        series: Vec<Series>,
    },
    /// One bar of parts of a whole.
    Parts {
        /// Key, name and how many.
        parts: Vec<(String, String, f64)>,
    },
    /// How long things take, with a target where there is one.
    Ranges {
        /// One line each.
        rows: Vec<Range>,
        /// What was promised, in the same unit.
        target: Option<f64>,
        /// What stands at the target.
        target_label: String,
    },
    /// A field for each pair, darker the more there are: weekdays down, hours across.
    Grid {
        /// Before the rows.
        rows: Vec<String>,
        /// Above the columns.
        columns: Vec<String>,
        /// Row by row.
        values: Vec<Vec<i64>>,
    },
}

/// A picture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Chart {
    /// The same as its table's.
    pub key: String,
    /// What it shows, as a sentence: the title.
    pub finding: String,
    /// What is drawn, below the title.
    pub subtitle: String,
    /// For who does not see it: the same in words.
    pub description: String,
    /// What is drawn.
    pub shape: Shape,
}
