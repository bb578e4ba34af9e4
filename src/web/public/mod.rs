//! What citizens see: the form, its receipt, and the private page of an enquiry.

pub mod door;
pub mod fields;
pub mod form;
pub mod headers;
pub mod limits;
pub mod multipart;
pub mod pages;
mod private;
mod routes;
pub mod secrets;
pub mod shown;
pub mod token;
pub mod views;

pub use routes::routes;
