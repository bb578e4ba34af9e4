//! Prints figures: tables and charts become pictures, pages and files. Counts nothing, and knows no database.

pub mod annual;
mod cell;
pub mod cover;
pub mod csv;
pub mod json;
pub mod svg;
#[cfg(test)]
pub(crate) mod tests;
pub mod xlsx;
