//! The adviser's world as data and rules: no clock, no I/O, no storage.
//!
//! The words are those of the source report (S1-S24). Area, type and case are the adviser's to set; nothing here
//! guesses them.

pub mod account;
pub mod area;
pub mod arrival;
pub mod calendar;
pub mod chain;
pub mod cpr;
pub mod due;
pub mod enquirer;
pub mod enquiry;
pub mod network;
pub mod private;
pub mod program;
pub mod promise;
pub mod reference;
pub mod statistics;
pub mod task;
pub mod triage;
pub mod webhook;
pub mod words;
