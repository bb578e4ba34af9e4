//! The SQL of earlier years that were brought in from files.

/// A file that is in, some of whose days lie between two.
pub const OVERLAP: &str = "
    SELECT first_day, last_day FROM history_import
    WHERE removed_at IS NULL AND first_day <= $1 AND last_day >= $2 ORDER BY id LIMIT 1";
/// When the first enquiry of our own began.
pub const COUNTED_FROM: &str =
    "SELECT MIN(first_contact_at) FROM enquiry WHERE purpose = 'enquiry' AND joined_into IS NULL";
/// Notes a file.
pub const MAKE: &str = "
    INSERT INTO history_import (made_at, account_id, enquiries, first_day, last_day)
    VALUES ($1, $2, $3, $4, $5) RETURNING id";
/// The lowest numbers of an enquiry and of a person.
pub const LOWEST: &str = "SELECT MIN(enquiry_id), MIN(person) FROM enquiry_fact WHERE enquiry_id < 0";
/// Says that a fact came with a file.
pub const OF_IMPORT: &str = "UPDATE enquiry_fact SET import_id = $1 WHERE enquiry_id = $2";
/// The facts of a file.
pub const FACTS: &str = "SELECT enquiry_id, fact FROM enquiry_fact WHERE import_id = $1";
/// Forgets them.
pub const FORGET: &str = "DELETE FROM enquiry_fact WHERE import_id = $1";
/// The file is out.
pub const REMOVE: &str = "UPDATE history_import SET removed_at = $1 WHERE id = $2 AND removed_at IS NULL";
/// The files that are in.
pub const IMPORTS: &str = "
    SELECT id, made_at, enquiries, first_day, last_day FROM history_import
    WHERE removed_at IS NULL ORDER BY id DESC";

/// Each statement and its name, for the test that both databases understand them.
pub const ALL: &[(&str, &str)] = &[
    ("OVERLAP", OVERLAP),
    ("COUNTED_FROM", COUNTED_FROM),
    ("MAKE", MAKE),
    ("LOWEST", LOWEST),
    ("OF_IMPORT", OF_IMPORT),
    ("FACTS", FACTS),
    ("FORGET", FORGET),
    ("REMOVE", REMOVE),
    ("IMPORTS", IMPORTS),
];
