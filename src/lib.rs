//! Indgang: the one way in to a municipal citizens' adviser.

pub mod config;
pub mod domain;
pub mod intake;
pub mod texts;
