//! Prints figures: tables and charts become pictures, pages and files. Counts nothing, and knows no database.

pub mod annual;
pub mod cover;
pub mod svg;
