//! Text messages: reads what gateways bring (pure), and talks to gateways (I/O).
//!
//! A gateway is described by a preset, a TOML file; code stands here only for what a preset cannot say. Never decides
//! whether a text is answered, and knows no enquiry.

pub mod alphabet;
pub mod assemble;
pub mod gateway;
pub mod number;
pub mod preset;
pub mod read;
pub mod verify;
pub mod wire;
