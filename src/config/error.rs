//! What is wrong with a configuration, said so that an operator can put it right without reading code.
//!
//! Knows no key. Never holds the value of a secret: the reader that makes a [`Mistake`] decides what may be quoted.

use std::fmt;
use std::path::PathBuf;

/// Where a value was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The defaults inside the binary (`config/default.toml`).
    Default {
        /// Counted from 1.
        line: usize,
    },
    /// The operator's file.
    File {
        /// As given on the command line.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
    },
    /// An environment variable.
    Environment {
        /// Its name.
        name: String,
    },
}

impl Origin {
    /// Layers laid later count more.
    pub(super) fn layer(&self) -> u8 {
        match self {
            Self::Default { .. } => 0,
            Self::File { .. } => 1,
            Self::Environment { .. } => 2,
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // Without its line: the mistake is what the operator has not written yet, not what stands there.
            Self::Default { .. } => write!(f, "built-in default"),
            Self::File { path, line } => write!(f, "{} line {line}", path.display()),
            Self::Environment { name } => write!(f, "environment variable {name}"),
        }
    }
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The full name of the key (`email.submit.port`), or the file when the file itself is wrong.
    pub key: String,
    /// What is wrong and what would be right.
    pub sentence: String,
    /// Where it was written; `None` when the mistake is that it was not written anywhere.
    pub origin: Option<Origin>,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.key, self.sentence)?;
        match &self.origin {
            Some(origin) => write!(f, " ({origin})"),
            None => Ok(()),
        }
    }
}

/// Everything that is wrong with a configuration, found in one reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// At least one.
    pub mistakes: Vec<Mistake>,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.mistakes.as_slice() {
            [one] => write!(f, "the configuration is wrong: {one}"),
            several => {
                write!(f, "the configuration has {} mistakes:", several.len())?;
                several.iter().try_for_each(|one| write!(f, "\n  {one}"))
            }
        }
    }
}

impl std::error::Error for ConfigError {}

/// The candidate that a mistyped `word` most likely meant: few letters changed, swapped, added or left out.
pub(super) fn nearest<'a>(word: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let allowed = (word.chars().count() / 3).clamp(1, 3);
    candidates
        .map(|candidate| (distance(word, candidate), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min()
        .map(|(_, candidate)| candidate)
}

/// The number of edits between two words, a swap of neighbours counting as one (optimal string alignment).
fn distance(one: &str, other: &str) -> usize {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    // Keys are short; a name longer than any key of ours is near to none of them.
    if one.len().max(other.len()) > 64 {
        return usize::MAX;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in other.iter().enumerate() {
            let mut least = (above[j] + usize::from(a != b)).min(above[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *a == other[j - 1] && one[i - 1] == *b {
                least = least.min(before[j - 1] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut above, row);
    }
    above[other.len()]
}
