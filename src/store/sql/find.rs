//! The SQL of the search. Where the databases differ, each has a text of its own.

/// What waits to be made searchable.
pub const WAITING: &str = "SELECT id, source, source_id FROM search_waiting ORDER BY id LIMIT $1";
/// It is done.
pub const WAITING_DONE: &str = "DELETE FROM search_waiting WHERE id = $1";
/// The document that something has become before.
pub const DOCUMENT_OF: &str = "SELECT id FROM search_document WHERE source = $1 AND source_id = $2";
/// Makes one.
pub const DOCUMENT_MAKE: &str =
    "INSERT INTO search_document (source, source_id, enquiry_id) VALUES ($1, $2, $3) RETURNING id";
/// Forgets one.
pub const DOCUMENT_FORGET: &str = "DELETE FROM search_document WHERE id = $1";

/// The enquiry and the words of a message.
pub const TEXT_OF_MESSAGE: &str =
    "SELECT enquiry_id, subject || ' ' || text FROM message WHERE id = $1 AND enquiry_id IS NOT NULL";
/// What else is known of a message: its files have names.
pub const DETAILS_OF_MESSAGE: &str = "SELECT details FROM message WHERE id = $1";
/// The same of a reply.
pub const TEXT_OF_REPLY: &str = "
    SELECT enquiry_id, COALESCE(subject, '') || ' ' || COALESCE(body, sent_text, '') FROM outbox
    WHERE id = $1 AND kind = 'reply'";
/// The same of a note.
pub const TEXT_OF_NOTE: &str = "
    SELECT enquiry_id, body || ' ' || COALESCE(participants, '') || ' ' || COALESCE(place, '') FROM note
    WHERE id = $1 AND removed_at IS NULL";
/// The same of an enquiry: its title, its number, its enquirer's name and addresses.
pub const TEXT_OF_ENQUIRY: &str = "
    SELECT e.id, e.title || ' ' || e.reference || ' ' || REPLACE(e.reference, '-', '') || ' ' || COALESCE(q.name, '') || ' '
           || COALESCE((SELECT MIN(a.address) || ' ' || MAX(a.address) FROM enquirer_address a
                        WHERE a.enquirer_id = e.enquirer_id), '') || ' '
           || COALESCE((SELECT MIN(REPLACE(a.address, '+45', '')) FROM enquirer_address a
                        WHERE a.enquirer_id = e.enquirer_id AND a.kind = 'phone'), '')
    FROM enquiry e JOIN enquirer q ON q.id = e.enquirer_id WHERE e.id = $1";
/// The words of a document, as they were written.
pub const TEXT_OF_DOCUMENT: &str = "
    SELECT CASE d.source
        WHEN 'message' THEN (SELECT SUBSTR(m.text, 1, 100000) FROM message m WHERE m.id = d.source_id)
        WHEN 'reply' THEN (SELECT SUBSTR(COALESCE(o.body, o.sent_text, ''), 1, 100000) FROM outbox o WHERE o.id = d.source_id)
        WHEN 'note' THEN (SELECT SUBSTR(n.body, 1, 100000) FROM note n WHERE n.id = d.source_id)
        ELSE '' END
    FROM search_document d WHERE d.id = $1";

/// Keeps the words, on SQLite.
pub const SQLITE_KEEP: &str = "INSERT INTO search_words (rowid, words) VALUES ($1, $2)";
/// Forgets them, on SQLite.
pub const SQLITE_FORGET: &str = "DELETE FROM search_words WHERE rowid = $1";
/// Finds documents, the newest first, on SQLite.
pub const SQLITE_FIND: &str = "
    SELECT d.id, COALESCE(x.joined_into, d.enquiry_id)
    FROM (SELECT rowid AS id FROM search_words WHERE search_words MATCH $1 ORDER BY rowid DESC LIMIT $2) f
    JOIN search_document d ON d.id = f.id JOIN enquiry x ON x.id = d.enquiry_id ORDER BY d.id DESC";

/// Keeps the words, on PostgreSQL.
pub const POSTGRES_KEEP: &str =
    "INSERT INTO search_words (document_id, words) VALUES ($1, ARRAY_TO_TSVECTOR(STRING_TO_ARRAY($2, ' ')))";
/// Forgets them, on PostgreSQL.
pub const POSTGRES_FORGET: &str = "DELETE FROM search_words WHERE document_id = $1";
/// Finds documents among the newest, on PostgreSQL: what is in most texts fills the page from there. Written as a function,
/// because for the operator the planner may fetch every text that has the word first.
pub const POSTGRES_FIND_NEWEST: &str = "
    SELECT d.id, COALESCE(x.joined_into, d.enquiry_id)
    FROM (SELECT document_id AS id FROM search_words
          WHERE document_id > (SELECT MAX(document_id) FROM search_words) - 10000
            AND TS_MATCH_VQ(words, CAST($1 AS TSQUERY))
          ORDER BY document_id DESC LIMIT $2) f
    JOIN search_document d ON d.id = f.id JOIN enquiry x ON x.id = d.enquiry_id ORDER BY d.id DESC";
/// Finds documents anywhere, the newest first, on PostgreSQL: for what is not in most texts. Sorted by a sum, because the
/// planner thinks a word common that it has never seen, and reads all texts from the newest on (half a second for a word
/// that is in none of a million).
pub const POSTGRES_FIND: &str = "
    SELECT d.id, COALESCE(x.joined_into, d.enquiry_id)
    FROM (SELECT document_id AS id FROM search_words WHERE words @@ CAST($1 AS TSQUERY)
          ORDER BY document_id + 0 DESC LIMIT $2) f
    JOIN search_document d ON d.id = f.id JOIN enquiry x ON x.id = d.enquiry_id ORDER BY d.id DESC";

/// Those that both databases take.
pub const ALL: &[(&str, &str)] = &[
    ("WAITING", WAITING),
    ("WAITING_DONE", WAITING_DONE),
    ("DOCUMENT_OF", DOCUMENT_OF),
    ("DOCUMENT_MAKE", DOCUMENT_MAKE),
    ("DOCUMENT_FORGET", DOCUMENT_FORGET),
    ("TEXT_OF_MESSAGE", TEXT_OF_MESSAGE),
    ("DETAILS_OF_MESSAGE", DETAILS_OF_MESSAGE),
    ("TEXT_OF_REPLY", TEXT_OF_REPLY),
    ("TEXT_OF_NOTE", TEXT_OF_NOTE),
    ("TEXT_OF_ENQUIRY", TEXT_OF_ENQUIRY),
    ("TEXT_OF_DOCUMENT", TEXT_OF_DOCUMENT),
];
