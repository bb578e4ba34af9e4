//! The chain that makes the log tamper-evident: each entry's hash holds the one before it.
//!
//! Whoever changes, removes or inserts an entry must make every later hash anew. That does not stop somebody who owns the
//! database and the program; it makes what they did visible to whoever has kept one later hash, which is why
//! `indgang check` prints the newest and the adviser's page shows it.

use jiff::Timestamp;
use sha2::{Digest, Sha256};

/// The hash of an entry.
pub type Link = [u8; 32];

/// What the first entry stands on.
pub const BEGINNING: Link = [0; 32];

/// An entry, as it is hashed.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// Its number, from 1 on without gaps.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// Who, by the account's number.
    pub account: Option<i64>,
    /// What.
    pub act: &'a str,
    /// On which enquiry.
    pub enquiry: Option<i64>,
    /// What more.
    pub detail: &'a str,
}

/// The hash of `entry` after `before`. Every field stands with its length, so that no two entries are written alike.
pub fn link(before: &Link, entry: &Entry<'_>) -> Link {
    let mut hash = Sha256::new();
    hash.update(b"indgang log 1\0");
    hash.update(before);
    let mut field = |bytes: &[u8]| {
        hash.update((bytes.len() as u64).to_be_bytes());
        hash.update(bytes);
    };
    field(&entry.seq.to_be_bytes());
    field(&entry.at.as_millisecond().to_be_bytes());
    field(entry.account.map(i64::to_be_bytes).as_ref().map_or(&[], |bytes| bytes));
    field(entry.act.as_bytes());
    field(entry.enquiry.map(i64::to_be_bytes).as_ref().map_or(&[], |bytes| bytes));
    field(entry.detail.as_bytes());
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn entry(detail: &str) -> Entry<'_> {
        Entry { seq: 1, at: Timestamp::UNIX_EPOCH, account: Some(1), act: "read", enquiry: Some(7), detail }
    }

    #[test]
    fn a_hash_stays_what_it_is() {
        // Written down once, and computed apart: entries of years ago must still add up.
        let hex: String = link(&BEGINNING, &entry("x")).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, "7d68421d108ce4422ad6d51ffce656fc6d9cb6b0c8dc521688e26c5a4df91622");
    }

    #[test]
    fn every_field_counts() {
        let base = entry("x");
        let all = [
            base,
            Entry { seq: 2, ..base },
            Entry { at: Timestamp::UNIX_EPOCH + jiff::SignedDuration::from_millis(1), ..base },
            Entry { account: None, ..base },
            Entry { account: Some(2), ..base },
            Entry { act: "reply", ..base },
            Entry { enquiry: None, ..base },
            Entry { detail: "y", ..base },
        ];
        let links: std::collections::BTreeSet<Link> = all.iter().map(|one| link(&BEGINNING, one)).collect();
        assert_eq!(links.len(), all.len());
        assert_ne!(link(&BEGINNING, &base), link(&[1; 32], &base));
    }

    proptest! {
        #[test]
        fn nothing_moves_between_fields(a in "[a-z]{0,4}", b in "[a-z]{0,4}", c in "[a-z]{0,4}", d in "[a-z]{0,4}") {
            let of = |act: &str, detail: &str| link(&BEGINNING, &Entry { act, detail, ..entry("") });
            prop_assert_eq!(of(&a, &b) == of(&c, &d), a == c && b == d);
        }
    }
}
