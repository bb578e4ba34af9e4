//! The figures: what is counted, by which rule, and the tables and pictures that say it.
//!
//! Enquiries, enquirers and messages are three different counts (S1, S3) and never meet in one sum. Knows no database, no
//! page and no file format: it is given facts, and gives tables.

pub mod book;
pub mod catalogue;
pub mod chart;
pub mod compare;
pub mod counted;
pub mod fact;
pub mod history;
pub mod period;
pub mod story;
pub mod suppress;
pub mod table;
pub mod tally;
pub mod written;
