//! The letter texts.

/// A language that our letters are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TextLanguage {
    /// *Dansk*.
    Danish,
    /// English.
    English,
}
