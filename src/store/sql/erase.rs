//! The SQL of erasing a person: what was said and who said it goes, and what can be counted without them stays.
//!
//! First it is written down who and what goes ([`GATHERED`]), then it goes ([`EMPTIED`]).

/// Enquiries of those who go that are not closed, letters to them that are on their way, and letters of theirs that wait to be
/// decided on.
pub const UNDONE: &str = "
    SELECT (SELECT CAST(COUNT(*) AS BIGINT) FROM enquiry e
            WHERE e.id IN (SELECT id FROM erasing WHERE what = 'enquiry')
              AND (e.state <> 'closed' AND e.joined_into IS NULL
                   OR EXISTS (SELECT 1 FROM outbox o WHERE o.enquiry_id = e.id AND o.state IN ('queued', 'sending'))))
         + (SELECT CAST(COUNT(*) AS BIGINT) FROM message m
            WHERE m.disposition = 'hold' AND m.arrival_id IN (SELECT id FROM erasing WHERE what = 'arrival'))";
/// The originals of what they sent. Their hashes stay, so that the ledger still adds up and nothing comes in again.
pub const RAW: &str = "
    UPDATE raw_message SET bytes = $1, size = 0, erased_at = $2 WHERE erased_at IS NULL AND hash IN (
        SELECT a.raw_hash FROM arrival a WHERE a.id IN (SELECT id FROM erasing WHERE what = 'arrival'))";
/// The person, and those that the adviser had said were the same.
pub const PERSON: &str = "
    UPDATE enquirer SET name = NULL, erased_at = $1
    WHERE erased_at IS NULL AND id IN (SELECT id FROM erasing WHERE what = 'person')";
/// The person, and whoever was merged into them, and into those.
pub const WHO: &str = "
    INSERT INTO erasing (what, id)
    WITH RECURSIVE same(id) AS
        (SELECT CAST($1 AS BIGINT)
         UNION SELECT m.merged FROM enquirer_merge m JOIN same ON m.kept = same.id WHERE m.undone_at IS NULL)
    SELECT 'person', id FROM same";

/// What of theirs goes, in this order.
pub const GATHERED: &[(&str, &str)] = &[
    (
        "enquiries",
        "INSERT INTO erasing (what, id) SELECT 'enquiry', id FROM enquiry
         WHERE enquirer_id IN (SELECT id FROM erasing WHERE what = 'person')",
    ),
    (
        "arrivals",
        "INSERT INTO erasing (what, id) SELECT 'arrival', arrival_id FROM message
         WHERE enquiry_id IN (SELECT id FROM erasing WHERE what = 'enquiry')",
    ),
    // What was put aside belongs to no enquiry: copies of what is theirs, and what came from an address of theirs alone. How
    // `details` begins is how a letter's row is written, with its sender first.
    (
        "asides",
        r#"INSERT INTO erasing (what, id) SELECT 'arrival', m.arrival_id FROM message m JOIN arrival a ON a.id = m.arrival_id
         WHERE m.enquiry_id IS NULL
           AND (m.duplicate_of IN (SELECT id FROM erasing WHERE what = 'arrival')
                OR a.fingerprint IN (SELECT b.fingerprint FROM arrival b
                                     WHERE b.id IN (SELECT id FROM erasing WHERE what = 'arrival'))
                OR EXISTS (SELECT 1 FROM enquirer_address x
                           WHERE x.enquirer_id IN (SELECT id FROM erasing WHERE what = 'person') AND NOT x.shared
                             AND LOWER(SUBSTR(m.details, 1, LENGTH('{"sender":{"address":{"kind":"' || x.kind || '","value":"'
                                                                   || x.address_key || '"'))) =
                                 '{"sender":{"address":{"kind":"' || x.kind || '","value":"' || LOWER(x.address_key) || '"'))"#,
    ),
];

/// What else is emptied or forgotten, in this order.
pub const EMPTIED: &[(&str, &str)] = &[
    (
        "messages",
        "UPDATE message SET subject = '', text = '', details = '{}'
         WHERE arrival_id IN (SELECT id FROM erasing WHERE what = 'arrival')",
    ),
    (
        "numbers",
        "UPDATE arrival SET sender_key = NULL WHERE id IN (SELECT id FROM erasing WHERE what = 'arrival')",
    ),
    (
        "parts",
        "DELETE FROM text_part WHERE filed_at IS NOT NULL AND sender IN (
            SELECT address_key FROM enquirer_address
            WHERE kind = 'phone' AND enquirer_id IN (SELECT id FROM erasing WHERE what = 'person'))",
    ),
    ("threads", "DELETE FROM thread_message WHERE enquiry_id IN (SELECT id FROM erasing WHERE what = 'enquiry')"),
    ("files", "DELETE FROM draft_file WHERE enquiry_id IN (SELECT id FROM erasing WHERE what = 'enquiry')"),
    ("drafts", "DELETE FROM draft WHERE enquiry_id IN (SELECT id FROM erasing WHERE what = 'enquiry')"),
    (
        "reports",
        "UPDATE delivery_report SET detail = '' WHERE about IN (
            SELECT o.message_id FROM outbox o WHERE o.enquiry_id IN (SELECT id FROM erasing WHERE what = 'enquiry')
            UNION SELECT o.provider_id FROM outbox o
            WHERE o.provider_id IS NOT NULL AND o.enquiry_id IN (SELECT id FROM erasing WHERE what = 'enquiry'))",
    ),
    (
        "letters",
        "UPDATE outbox SET recipient = '', recipient_key = '', subject = NULL, body = NULL, sent_text = NULL,
                in_reply_to = NULL, refers_to = '', last_error = NULL, delivery_detail = NULL
         WHERE enquiry_id IN (SELECT id FROM erasing WHERE what = 'enquiry')",
    ),
    (
        "notes",
        "UPDATE note SET body = '', place = NULL, participants = NULL
         WHERE enquiry_id IN (SELECT id FROM erasing WHERE what = 'enquiry')",
    ),
    // What a step was undone by holds titles, and nothing of an erased person is undone.
    ("changes", "DELETE FROM change WHERE enquiry_id IN (SELECT id FROM erasing WHERE what = 'enquiry')"),
    (
        "promises",
        "UPDATE promise_change SET reason = '', waits_for = ''
         WHERE enquiry_id IN (SELECT id FROM erasing WHERE what = 'enquiry')",
    ),
    (
        "consents",
        "UPDATE contact_consent SET scope = ''
         WHERE enquiry_id IN (SELECT id FROM erasing WHERE what = 'enquiry')",
    ),
    (
        "representatives",
        "DELETE FROM representative WHERE enquiry_id IN (SELECT id FROM erasing WHERE what = 'enquiry')",
    ),
    ("contacts", "DELETE FROM enquiry_contact WHERE enquiry_id IN (SELECT id FROM erasing WHERE what = 'enquiry')"),
    ("page words", "DELETE FROM private_word WHERE enquiry_id IN (SELECT id FROM erasing WHERE what = 'enquiry')"),
    (
        "page sessions",
        "DELETE FROM private_session WHERE link_id IN (SELECT l.id FROM private_link l
         WHERE l.enquiry_id IN (SELECT id FROM erasing WHERE what = 'enquiry'))",
    ),
    (
        "page codes",
        "DELETE FROM private_code WHERE link_id IN (SELECT l.id FROM private_link l
         WHERE l.enquiry_id IN (SELECT id FROM erasing WHERE what = 'enquiry'))",
    ),
    (
        "page links",
        "UPDATE private_link SET revoked_at = made_at
         WHERE revoked_at IS NULL AND enquiry_id IN (SELECT id FROM erasing WHERE what = 'enquiry')",
    ),
    (
        "merges",
        "DELETE FROM enquirer_merge WHERE kept IN (SELECT id FROM erasing WHERE what = 'person')
            OR merged IN (SELECT id FROM erasing WHERE what = 'person')",
    ),
    (
        "addresses",
        "DELETE FROM enquirer_address WHERE enquirer_id IN (SELECT id FROM erasing WHERE what = 'person')",
    ),
    (
        "titles",
        "UPDATE enquiry SET title = '', snippet = '', version = version + 1
         WHERE id IN (SELECT id FROM erasing WHERE what = 'enquiry')",
    ),
    (
        "waiting words",
        "DELETE FROM search_waiting
         WHERE source = 'enquiry' AND source_id IN (SELECT id FROM erasing WHERE what = 'enquiry')
            OR source = 'note' AND source_id IN (
                SELECT id FROM note WHERE enquiry_id IN (SELECT id FROM erasing WHERE what = 'enquiry'))
            OR source = 'message' AND source_id IN (
                SELECT id FROM message WHERE arrival_id IN (SELECT id FROM erasing WHERE what = 'arrival'))
            OR source = 'reply' AND source_id IN (
                SELECT id FROM outbox WHERE enquiry_id IN (SELECT id FROM erasing WHERE what = 'enquiry'))",
    ),
];
/// Words that they are found by, on SQLite.
pub const SQLITE_WORDS: &str = "
    DELETE FROM search_words WHERE rowid IN (
        SELECT id FROM search_document WHERE enquiry_id IN (SELECT id FROM erasing WHERE what = 'enquiry'))";
/// The same on PostgreSQL.
pub const POSTGRES_WORDS: &str = "
    DELETE FROM search_words WHERE document_id IN (
        SELECT id FROM search_document WHERE enquiry_id IN (SELECT id FROM erasing WHERE what = 'enquiry'))";
/// And what they led to.
pub const DOCUMENTS: &str =
    "DELETE FROM search_document WHERE enquiry_id IN (SELECT id FROM erasing WHERE what = 'enquiry')";
/// How much can be found, at most so much.
pub const SEARCHABLE: &str =
    "SELECT CAST(COUNT(*) AS BIGINT) FROM (SELECT id FROM search_document LIMIT $1) t";
/// Writes the index anew on SQLite, without the words that nothing leads to any more.
pub const SQLITE_INDEX_ANEW: &str = "INSERT INTO search_words (search_words) VALUES ('optimize')";
/// It is done.
pub const DONE: &str = "DELETE FROM erasing";

/// Each statement and its name, for the test that both databases understand them.
pub const ALL: &[(&str, &str)] = &[
    ("WHO", WHO),
    ("UNDONE", UNDONE),
    ("RAW", RAW),
    ("PERSON", PERSON),
    ("DOCUMENTS", DOCUMENTS),
    ("SEARCHABLE", SEARCHABLE),
    ("DONE", DONE),
];
