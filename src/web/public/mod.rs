//! What citizens see: the form, its receipt, and the private page of an enquiry.

pub mod fields;
pub mod limits;
pub mod multipart;
pub mod secrets;
pub mod token;
