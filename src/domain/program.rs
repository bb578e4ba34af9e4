//! Programs that read or write through the API, and what each may do there.
//!
//! Knows no secret. A program has no right that was not given to it by name, and acts for the account that let it in: it
//! sees no more than they do.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::account::Account;

/// What a program may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Right {
    /// Which enquiries there are, and where each stands. Nothing that anybody wrote, and no name.
    #[serde(rename = "enquiries:read")]
    EnquiriesRead,
    /// What was written, by whom, and the originals.
    #[serde(rename = "messages:read")]
    MessagesRead,
    /// Triage.
    #[serde(rename = "enquiries:write")]
    EnquiriesWrite,
    /// The ledger of arrivals.
    #[serde(rename = "ledger:read")]
    LedgerRead,
    /// Sums over a period.
    #[serde(rename = "statistics:read")]
    StatisticsRead,
}

impl Right {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::EnquiriesRead,
        Self::MessagesRead,
        Self::EnquiriesWrite,
        Self::LedgerRead,
        Self::StatisticsRead,
    ];

    /// The word that is stored and shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::EnquiriesRead => "enquiries:read",
            Self::MessagesRead => "messages:read",
            Self::EnquiriesWrite => "enquiries:write",
            Self::LedgerRead => "ledger:read",
            Self::StatisticsRead => "statistics:read",
        }
    }

    /// Reads back what [`Right::as_str`] wrote.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == word)
    }
}

/// Rights; none to begin with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rights(pub BTreeSet<Right>);

impl Rights {
    /// Reads words with blanks between. A word of a later version gives nothing.
    pub fn parse(words: &str) -> Self {
        Self(words.split_whitespace().filter_map(Right::parse).collect())
    }

    /// Whether a right is among them.
    pub fn has(&self, right: Right) -> bool {
        self.0.contains(&right)
    }
}

impl fmt::Display for Rights {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<&str> = self.0.iter().map(|right| right.as_str()).collect();
        f.write_str(&words.join(" "))
    }
}

/// A program that has shown its token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// The token's number.
    pub id: i64,
    /// What the adviser calls it.
    pub name: String,
    /// What it may do.
    pub rights: Rights,
    /// Whom it acts for.
    pub account: Account,
}

impl Program {
    /// How the log names it.
    pub fn detail(&self, more: &str) -> String {
        let end = if more.is_empty() { String::new() } else { format!(": {more}") };
        format!("program {} ({}){end}", self.id, self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rights_are_words_and_there_are_none_by_default() {
        assert_eq!(Rights::parse(""), Rights::default());
        let some = Rights::parse("ledger:read  everything enquiries:read");
        assert_eq!(some.to_string(), "enquiries:read ledger:read");
        assert!(some.has(Right::LedgerRead) && !some.has(Right::MessagesRead));
        for right in Right::ALL {
            assert_eq!(Right::parse(right.as_str()), Some(right));
            assert_eq!(serde_json::to_string(&right).unwrap(), format!("\"{}\"", right.as_str()));
        }
    }
}
