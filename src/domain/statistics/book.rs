//! What is shown, printed and exported of a period: its figures, one after the other, each with its definition.
//!
//! The same book is the page, the files and the yearly report, and is what is kept when a year is closed. Knows no page and no
//! file format.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::chart::Chart;
use super::compare::Difference;
use super::period::Period;
use super::table::{DoesNotSum, Table, Value};

/// One figure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// What programs call it; the same as its table's.
    pub key: String,
    /// What it is called.
    pub title: String,
    /// What is counted, and what is not.
    pub definition: String,
    /// The figure.
    pub table: Table,
    /// The same as a picture.
    pub chart: Option<Chart>,
}

/// A number that opens a report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Headline {
    /// What programs call it.
    pub key: String,
    /// What it counts.
    pub label: String,
    /// The number.
    pub value: Value,
    /// What it is compared with, or what it is made of.
    pub detail: String,
}

/// The figures of a period.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Book {
    /// The language of every word in it: `da` or `en`.
    pub language: String,
    /// What it is called, such as `Statistik 2026`.
    pub title: String,
    /// The period in words, and what it is compared with.
    pub subtitle: String,
    /// Enquiries that began, and those that ended, from a day until another.
    pub period: Period,
    /// The period that it is compared with, where they can be compared.
    pub compared: Option<Period>,
    /// The numbers that open it.
    pub headlines: Vec<Headline>,
    /// In order.
    pub figures: Vec<Figure>,
    /// What must be said of all of them: a part of a year, why nothing is compared, small numbers.
    pub notes: Vec<String>,
}

/// A book, and what is to be said of it when its year was closed.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// The figures: those that were published, where the year is closed.
    pub book: Book,
    /// The closing of the year.
    pub closed: Option<Closed>,
}

/// A year whose figures were published.
#[derive(Clone, Debug, PartialEq)]
pub struct Closed {
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
    /// The checksum of what was published (SHA-256, hexadecimal).
    pub checksum: String,
    /// Whether what is kept still has that checksum.
    pub intact: bool,
    /// Where today's data would give another number.
    pub differences: Vec<Difference>,
}

impl Book {
    /// A figure by its key.
    pub fn figure(&self, key: &str) -> Option<&Figure> {
        self.figures.iter().find(|figure| figure.key == key)
    }

    /// Every table that does not add up to its total.
    pub fn faults(&self) -> Vec<DoesNotSum> {
        self.figures.iter().filter_map(|figure| figure.table.check().err()).collect()
    }
}
