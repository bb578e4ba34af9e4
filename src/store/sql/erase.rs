//! The SQL of erasing a person: what was said and who said it goes, and what can be counted without them stays.

/// Enquiries of a person that are not closed, and letters to them that are on their way.
pub const UNDONE: &str = "
    SELECT CAST(COUNT(*) AS BIGINT) FROM enquiry e WHERE e.enquirer_id = $1
      AND (e.state <> 'closed' AND e.joined_into IS NULL
           OR EXISTS (SELECT 1 FROM outbox o WHERE o.enquiry_id = e.id AND o.state IN ('queued', 'sending')))";
/// The originals of what they sent. Their hashes stay, so that the ledger still adds up and nothing comes in again.
pub const RAW: &str = "
    UPDATE raw_message SET bytes = $2, size = 0, erased_at = $3 WHERE erased_at IS NULL AND hash IN (
        SELECT a.raw_hash FROM arrival a WHERE a.fingerprint IN (
            SELECT b.fingerprint FROM arrival b JOIN message m ON m.arrival_id = b.id
            JOIN enquiry e ON e.id = m.enquiry_id WHERE e.enquirer_id = $1))";
/// The person.
pub const PERSON: &str =
    "UPDATE enquirer SET name = NULL, erased_at = $2 WHERE id = $1 AND erased_at IS NULL";

/// What else is emptied or forgotten, in this order: each takes the person's number.
pub const EMPTIED: &[(&str, &str)] = &[
    (
        "messages",
        "UPDATE message SET subject = '', text = '', details = '{}'
         WHERE enquiry_id IN (SELECT id FROM enquiry WHERE enquirer_id = $1)",
    ),
    (
        "threads",
        "DELETE FROM thread_message WHERE enquiry_id IN (SELECT id FROM enquiry WHERE enquirer_id = $1)",
    ),
    (
        "files",
        "DELETE FROM draft_file WHERE enquiry_id IN (SELECT id FROM enquiry WHERE enquirer_id = $1)",
    ),
    ("drafts", "DELETE FROM draft WHERE enquiry_id IN (SELECT id FROM enquiry WHERE enquirer_id = $1)"),
    (
        "letters",
        "UPDATE outbox SET recipient = '', recipient_key = '', body = NULL, sent_text = NULL, in_reply_to = NULL,
                refers_to = '', last_error = NULL, delivery_detail = NULL
         WHERE enquiry_id IN (SELECT id FROM enquiry WHERE enquirer_id = $1)",
    ),
    (
        "notes",
        "UPDATE note SET body = '', place = NULL, participants = NULL
         WHERE enquiry_id IN (SELECT id FROM enquiry WHERE enquirer_id = $1)",
    ),
    // What a step was undone by holds titles, and nothing of an erased person is undone.
    ("changes", "DELETE FROM change WHERE enquiry_id IN (SELECT id FROM enquiry WHERE enquirer_id = $1)"),
    (
        "promises",
        "UPDATE promise_change SET reason = ''
         WHERE enquiry_id IN (SELECT id FROM enquiry WHERE enquirer_id = $1)",
    ),
    (
        "representatives",
        "DELETE FROM representative WHERE enquiry_id IN (SELECT id FROM enquiry WHERE enquirer_id = $1)",
    ),
    (
        "contacts",
        "DELETE FROM enquiry_contact WHERE enquiry_id IN (SELECT id FROM enquiry WHERE enquirer_id = $1)",
    ),
    (
        "page words",
        "DELETE FROM private_word WHERE enquiry_id IN (SELECT id FROM enquiry WHERE enquirer_id = $1)",
    ),
    (
        "page sessions",
        "DELETE FROM private_session WHERE link_id IN (SELECT l.id FROM private_link l
         JOIN enquiry e ON e.id = l.enquiry_id WHERE e.enquirer_id = $1)",
    ),
    (
        "page codes",
        "DELETE FROM private_code WHERE link_id IN (SELECT l.id FROM private_link l
         JOIN enquiry e ON e.id = l.enquiry_id WHERE e.enquirer_id = $1)",
    ),
    (
        "page links",
        "UPDATE private_link SET revoked_at = made_at
         WHERE revoked_at IS NULL AND enquiry_id IN (SELECT id FROM enquiry WHERE enquirer_id = $1)",
    ),
    ("merges", "DELETE FROM enquirer_merge WHERE kept = $1 OR merged = $1"),
    ("addresses", "DELETE FROM enquirer_address WHERE enquirer_id = $1"),
    ("titles", "UPDATE enquiry SET title = '', snippet = '', version = version + 1 WHERE enquirer_id = $1"),
    (
        "waiting words",
        "DELETE FROM search_waiting WHERE source = 'enquiry' AND source_id IN (SELECT id FROM enquiry WHERE enquirer_id = $1)
            OR source = 'note' AND source_id IN (SELECT n.id FROM note n
                                                 JOIN enquiry e ON e.id = n.enquiry_id WHERE e.enquirer_id = $1)
            OR source = 'message' AND source_id IN (SELECT m.id FROM message m
                                                    JOIN enquiry e ON e.id = m.enquiry_id WHERE e.enquirer_id = $1)
            OR source = 'reply' AND source_id IN (SELECT o.id FROM outbox o
                                                  JOIN enquiry e ON e.id = o.enquiry_id WHERE e.enquirer_id = $1)",
    ),
];
/// Words that they are found by, on SQLite.
pub const SQLITE_WORDS: &str = "
    DELETE FROM search_words WHERE rowid IN (SELECT d.id FROM search_document d
    JOIN enquiry e ON e.id = d.enquiry_id WHERE e.enquirer_id = $1)";
/// The same on PostgreSQL.
pub const POSTGRES_WORDS: &str = "
    DELETE FROM search_words WHERE document_id IN (SELECT d.id FROM search_document d
    JOIN enquiry e ON e.id = d.enquiry_id WHERE e.enquirer_id = $1)";
/// And what they led to.
pub const DOCUMENTS: &str = "
    DELETE FROM search_document WHERE enquiry_id IN (SELECT id FROM enquiry WHERE enquirer_id = $1)";

/// Each statement and its name, for the test that both databases understand them.
pub const ALL: &[(&str, &str)] =
    &[("UNDONE", UNDONE), ("RAW", RAW), ("PERSON", PERSON), ("DOCUMENTS", DOCUMENTS)];
