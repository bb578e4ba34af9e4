//! What citizens see: the form, its receipt, and the private page of an enquiry.

pub mod secrets;
