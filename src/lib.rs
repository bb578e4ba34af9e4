//! Indgang: the one way in to a municipal citizens' adviser.
//!
//! The house, its rooms and who may import whom stand in the README's section on architecture; a test keeps the
//! walls.

pub mod cli;
pub mod clock;
pub mod config;
pub mod domain;
pub mod health;
pub mod intake;
pub mod report;
pub mod store;
pub mod texts;
pub mod web;
pub mod work;
