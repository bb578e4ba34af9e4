//! Every SQL text, once, for both databases. A test prepares each on both.
//!
//! `$n` is understood by both. Lists are of a fixed length and padded by repeating, because neither database takes
//! an array in a way that the other knows. For the same reason a statement that takes several rows has a text for
//! one row and a text for [`ROWS`], and no other number: the two are prepared once and stay so.

pub mod api;
pub mod erase;
pub mod figures;
pub mod find;
pub mod history;
pub mod inbox;
pub mod pages;
pub mod people;
pub mod webhooks;
pub mod years;

use std::sync::OnceLock;

/// How many thread identifiers one look-up takes.
pub const THREAD_IDS: usize = 12;
/// How many rows the larger form of a statement that takes rows has.
pub const ROWS: usize = 16;
/// How many quoted references one look-up takes.
pub const QUOTED: usize = 4;

/// A sign of life.
pub const PING: &str = "SELECT CAST(1 AS BIGINT)";
/// Begins a writing transaction on SQLite.
pub const BEGIN_IMMEDIATE: &str = "BEGIN IMMEDIATE";
/// Makes a transaction on SQLite durable.
pub const COMMIT: &str = "COMMIT";
/// Takes a transaction on SQLite back.
pub const ROLLBACK: &str = "ROLLBACK";
/// Begins a transaction that sees one moment of the database, on PostgreSQL.
pub const POSTGRES_SNAPSHOT: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
/// One intake at a time on PostgreSQL; the number is the project's own, «indgang» in ASCII.
pub const POSTGRES_INTAKE_LOCK: &str = "SELECT pg_advisory_xact_lock(29676636476435047)";

/// Of each letter, earlier arrivals that are this one again, or the same letter by another path.
pub static ARRIVAL_TWINS: Rows = Rows::select(
    "SELECT CAST(? AS BIGINT),
            (SELECT id FROM arrival WHERE account = ? AND external_id = ?),
            (SELECT MIN(id) FROM arrival WHERE raw_hash = ?),
            (SELECT MIN(id) FROM arrival WHERE fingerprint = ?)",
);
/// Keeps the bytes once.
pub static RAW_KEEP: Rows = Rows::insert(
    "INSERT INTO raw_message (hash, size, bytes, kept_at) VALUES ",
    "(?, ?, ?, ?)",
    " ON CONFLICT (hash) DO NOTHING",
);
/// Gives the bytes back.
pub const RAW_FETCH: &str = "
    SELECT r.bytes FROM raw_message r JOIN arrival a ON a.raw_hash = r.hash WHERE a.id = $1";
/// Records arrivals.
pub static ARRIVAL_RECORD: Rows = Rows::insert(
    "INSERT INTO arrival (account, external_id, channel, raw_hash, fingerprint, received_at, recorded_at,
                          sender_key) VALUES ",
    "(?, ?, ?, ?, ?, ?, ?, ?)",
    " RETURNING id, account, external_id",
);
/// Which external identifiers of an account are recorded, beginning with a prefix and above a point.
pub const ARRIVAL_EXTERNAL_IDS: &str = "
    SELECT external_id FROM arrival WHERE account = $1 AND external_id >= $2 AND external_id < $3";

/// Which of the senders have written before.
pub static KNOWN_SENDERS: Rows = Rows::select(
    "SELECT CAST(? AS BIGINT)
     WHERE EXISTS (SELECT 1 FROM enquirer_address WHERE kind = ? AND address_key = ?)
        OR EXISTS (SELECT 1 FROM enquiry_contact WHERE kind = ? AND address_key = ?)",
);
/// The sender's enquirer, with their enquiries, newest first, and every address of theirs. One line with an enquirer
/// and nothing else when they have no enquiry.
pub const KNOWN_OF_SENDER: &str = "
    SELECT s.enquirer_id, e.id, e.reference, e.state, a.address_key
    FROM enquirer_address s
    LEFT JOIN (SELECT q.id, q.reference, q.enquirer_id,
                      CASE WHEN q.state = 'closed' AND EXISTS (
                          SELECT 1 FROM enquiry p
                          WHERE p.conversation_id = q.id AND p.joined_into IS NULL AND p.state <> 'closed')
                      THEN 'in_progress' ELSE q.state END AS state
               FROM enquirer_address t JOIN enquiry q ON q.enquirer_id = t.enquirer_id AND q.conversation_id IS NULL
               WHERE t.kind = $1 AND t.address_key = $2
               ORDER BY q.id DESC LIMIT 20) e ON e.enquirer_id = s.enquirer_id
    LEFT JOIN enquirer_address a ON a.enquirer_id = e.enquirer_id
    WHERE s.kind = $1 AND s.address_key = $2
    ORDER BY e.id DESC, a.id";
/// The enquiries that Message-IDs lead to, with every address of their enquirer and those that were given for them alone.
/// What was split off or joined leads to the enquiry whose conversation it shares, which is closed when all of them are.
pub const KNOWN_THREADS: &str = "
    SELECT e.id, e.reference,
           CASE WHEN e.state = 'closed' AND EXISTS (
               SELECT 1 FROM enquiry p
               WHERE p.conversation_id = e.id AND p.joined_into IS NULL AND p.state <> 'closed')
           THEN 'in_progress' ELSE e.state END,
           e.enquirer_id, a.address_key
    FROM (SELECT DISTINCT COALESCE(j.conversation_id, j.id) AS id
          FROM thread_message m JOIN enquiry j ON j.id = m.enquiry_id
          WHERE m.message_id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)) t
    JOIN enquiry e ON e.id = t.id
    LEFT JOIN enquirer_address a ON a.enquirer_id = e.enquirer_id
    UNION ALL
    SELECT e.id, e.reference,
           CASE WHEN e.state = 'closed' AND EXISTS (
               SELECT 1 FROM enquiry p
               WHERE p.conversation_id = e.id AND p.joined_into IS NULL AND p.state <> 'closed')
           THEN 'in_progress' ELSE e.state END,
           e.enquirer_id, c.address_key
    FROM (SELECT DISTINCT COALESCE(j.conversation_id, j.id) AS id
          FROM thread_message m JOIN enquiry j ON j.id = m.enquiry_id
          WHERE m.message_id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)) t
    JOIN enquiry e ON e.id = t.id
    JOIN enquiry_contact c ON c.enquiry_id = e.id
    ORDER BY 1 DESC, 5";
/// The same for references.
pub const KNOWN_QUOTED: &str = "
    SELECT e.id, e.reference,
           CASE WHEN e.state = 'closed' AND EXISTS (
               SELECT 1 FROM enquiry p
               WHERE p.conversation_id = e.id AND p.joined_into IS NULL AND p.state <> 'closed')
           THEN 'in_progress' ELSE e.state END,
           e.enquirer_id, a.address_key
    FROM (SELECT DISTINCT COALESCE(j.conversation_id, j.id) AS id
          FROM enquiry j WHERE j.reference IN ($1, $2, $3, $4)) t
    JOIN enquiry e ON e.id = t.id
    LEFT JOIN enquirer_address a ON a.enquirer_id = e.enquirer_id
    UNION ALL
    SELECT e.id, e.reference,
           CASE WHEN e.state = 'closed' AND EXISTS (
               SELECT 1 FROM enquiry p
               WHERE p.conversation_id = e.id AND p.joined_into IS NULL AND p.state <> 'closed')
           THEN 'in_progress' ELSE e.state END,
           e.enquirer_id, c.address_key
    FROM (SELECT DISTINCT COALESCE(j.conversation_id, j.id) AS id
          FROM enquiry j WHERE j.reference IN ($1, $2, $3, $4)) t
    JOIN enquiry e ON e.id = t.id
    JOIN enquiry_contact c ON c.enquiry_id = e.id
    ORDER BY 1 DESC, 5";
/// The letter of ours that a Message-ID names.
pub const KNOWN_BOUNCED: &str =
    "SELECT id, enquiry_id, recipient_key FROM outbox WHERE message_id = $1 LIMIT 1";
/// Blocks in force.
pub const KNOWN_BLOCKS: &str = "SELECT address_key, reason FROM sender_block WHERE until > $1";
/// Acknowledgements to one sender since a moment.
pub const KNOWN_ACKNOWLEDGED_SENDER: &str = "
    SELECT CAST(COUNT(*) AS BIGINT) FROM outbox
    WHERE recipient_key = $1 AND created_at > $2 AND kind = 'acknowledgement' AND state <> 'suppressed'";
/// Acknowledgements by mail since a moment, counted no further than a bound. Texts have ceilings of their own.
pub const KNOWN_ACKNOWLEDGED_ALL: &str = "
    SELECT CAST(COUNT(*) AS BIGINT)
    FROM (SELECT 1 FROM outbox
          WHERE created_at > $1 AND kind = 'acknowledgement' AND channel <> 'sms' AND state <> 'suppressed'
          LIMIT $2) counted";
/// What bears on answering a number by a text: whether it wants none, whether it is paused, whether several people
/// write from it, how many texts came from it lately up to this one, and what was reserved for it in a day and in a month.
pub const KNOWN_TEXTING: &str = "
    SELECT (SELECT CAST(COUNT(*) AS BIGINT) FROM text_opt_out WHERE account = $1 AND address_key = $2),
           (SELECT CAST(COUNT(*) AS BIGINT) FROM text_pause WHERE account = $1 AND address_key = $2 AND until > $3),
           (SELECT CAST(COUNT(*) AS BIGINT) FROM enquirer_address
            WHERE kind = 'phone' AND address_key = $2 AND shared)
           + (SELECT CAST(COUNT(*) AS BIGINT) FROM enquiry_contact
              WHERE kind = 'phone' AND address_key = $2 AND shared),
           (SELECT CAST(COUNT(*) AS BIGINT) FROM arrival
            WHERE sender_key = $2 AND recorded_at > $4 AND id <= $7),
           (SELECT CAST(COALESCE(SUM(segments), 0) AS BIGINT) FROM outbox
            WHERE account = $1 AND recipient_key = $2 AND channel = 'sms' AND created_at > $5 AND kind <> 'reply'
              AND state NOT IN ('suppressed', 'failed')),
           (SELECT CAST(COALESCE(SUM(segments), 0) AS BIGINT) FROM outbox
            WHERE account = $1 AND recipient_key = $2 AND channel = 'sms' AND created_at > $6 AND kind <> 'reply'
              AND state NOT IN ('suppressed', 'failed'))";
/// Segments that automatic texts of an account have reserved since a moment.
pub const KNOWN_SEGMENTS: &str = "
    SELECT CAST(COALESCE(SUM(segments), 0) AS BIGINT) FROM outbox
    WHERE created_at > $1 AND account = $2 AND channel = 'sms' AND kind <> 'reply'
      AND state NOT IN ('suppressed', 'failed')";
/// The last texts of ours to a number.
pub const KNOWN_SENT_TEXTS: &str = "
    SELECT sent_text FROM outbox
    WHERE recipient_key = $1 AND channel = 'sms' AND sent_text IS NOT NULL AND created_at > $2
    ORDER BY created_at DESC LIMIT 5";

/// Makes an enquirer.
pub const ENQUIRER_MAKE: &str = "INSERT INTO enquirer (name, created_at) VALUES ($1, $2) RETURNING id";
/// Gives enquirers addresses.
pub static ENQUIRER_ADDRESS_MAKE: Rows = Rows::insert(
    "INSERT INTO enquirer_address (enquirer_id, kind, address_key, address) VALUES ",
    "(?, ?, ?, ?)",
    "",
);
/// Marks an enquirer's address as one that letters come back from.
pub const ENQUIRER_ADDRESS_UNDELIVERABLE: &str = "
    UPDATE enquirer_address SET undeliverable_since = $1, undeliverable_status = $2
    WHERE kind = 'email' AND address_key = $3 AND undeliverable_since IS NULL";
/// Starts an enquiry; gives nothing back when the reference is taken.
pub const ENQUIRY_START: &str = "
    INSERT INTO enquiry (reference, enquirer_id, intake_channel, intake_account, started_by, language,
                         first_contact_at, promised_reply_date, after_closing, title, snippet, reply_due, due_on,
                         last_in_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $8, $8, $7)
    ON CONFLICT (reference) DO NOTHING
    RETURNING id";
/// An enquiry, and those that share its conversation, have heard from the citizen again. A further message while an answer
/// is due is a reminder (*rykker*), unless it comes within a day of the one before.
pub const ENQUIRY_HEARS: &str = "
    UPDATE enquiry SET
        unread = TRUE, snippet = $2,
        reminders = reminders + CASE WHEN reply_due IS NOT NULL AND last_in_at < $5 THEN 1 ELSE 0 END,
        priority = CASE WHEN reply_due IS NOT NULL AND last_in_at < $5 THEN 0 ELSE priority END,
        due_on = CASE WHEN reply_due IS NULL AND due_on > $3 THEN $3 ELSE due_on END,
        reply_due = COALESCE(reply_due, $3),
        state = CASE WHEN state = 'waiting' THEN 'in_progress' ELSE state END,
        waits_for = NULL, last_in_at = $1, version = version + 1
    WHERE (id = $4 OR conversation_id = $4) AND state <> 'closed' AND joined_into IS NULL";
/// Files what arrivals became.
pub static MESSAGE_FILE: Rows = Rows::insert(
    "INSERT INTO message (arrival_id, disposition, reason, acknowledgement, enquiry_id, duplicate_of, offers, subject,
                          text, details) VALUES ",
    "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    "",
);
/// Ties Message-IDs to enquiries.
pub static THREAD_TIE: Rows = Rows::insert(
    "INSERT INTO thread_message (message_id, enquiry_id, ours) VALUES ",
    "(?, ?, ?)",
    " ON CONFLICT (message_id, enquiry_id) DO NOTHING",
);

/// Queues (or records as suppressed) acknowledgements; the unique key keeps each the only one.
pub static OUTBOX_QUEUE: Rows = Rows::insert(
    "INSERT INTO outbox (unique_key, kind, enquiry_id, channel, account, sender, recipient_key, recipient, language,
                         promise, body, reference, message_id, in_reply_to, refers_to, reason, state, segments,
                         created_at, due_at) VALUES ",
    "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    "",
);
/// Claims what is due and goes by mail. The outer condition is looked at again once a row is locked, so two nodes never
/// both win it. A claim that nobody settled is due again: a second copy under the same Message-ID is one letter.
pub const OUTBOX_CLAIM_LETTERS: &str = "
    UPDATE outbox SET state = 'sending', claimed_by = $1, due_at = $2, attempts = attempts + 1
    WHERE id IN (SELECT id FROM outbox WHERE state IN ('queued', 'sending') AND due_at <= $3 AND channel <> 'sms'
                 ORDER BY due_at LIMIT $4)
      AND state IN ('queued', 'sending') AND due_at <= $3
    RETURNING id, kind, channel, account, sender, recipient, language, promise, body, reference, message_id,
              in_reply_to, refers_to, attempts, created_at, enquiry_id, subject";
/// The same for texts. A claim that nobody settled may have been sent, so it is never claimed again.
pub const OUTBOX_CLAIM_TEXTS: &str = "
    UPDATE outbox SET state = 'sending', claimed_by = $1, due_at = $2, attempts = attempts + 1
    WHERE id IN (SELECT id FROM outbox WHERE state = 'queued' AND due_at <= $3 AND channel = 'sms'
                 ORDER BY due_at LIMIT $4)
      AND state = 'queued' AND due_at <= $3
    RETURNING id, kind, channel, account, sender, recipient, language, promise, body, reference, message_id,
              in_reply_to, refers_to, attempts, created_at, enquiry_id, subject";
/// Gives back the letters that a node of this name had claimed when it died.
pub const OUTBOX_RELEASE_LETTERS: &str = "
    UPDATE outbox SET state = 'queued', claimed_by = NULL, due_at = $1
    WHERE state = 'sending' AND channel <> 'sms' AND claimed_by = $2";
/// Says of the texts that a node of this name had claimed when it died that nobody knows what became of them.
pub const OUTBOX_RELEASE_TEXTS: &str = "
    UPDATE outbox SET state = 'unknown', claimed_by = NULL, last_error = $1,
                      body = CASE WHEN kind IN ('code', 'news') THEN NULL ELSE body END
    WHERE state = 'sending' AND channel = 'sms' AND claimed_by = $2";
/// The same for letters of nodes that have not renewed their lease: they are gone.
pub const OUTBOX_ORPHANED_LETTERS: &str = "
    UPDATE outbox SET state = 'queued', claimed_by = NULL, due_at = $1
    WHERE state = 'sending' AND channel <> 'sms'
      AND NOT EXISTS (SELECT 1 FROM lease WHERE lease.name = 'outbox:' || outbox.claimed_by AND lease.until >= $1)";
/// The same for texts.
pub const OUTBOX_ORPHANED_TEXTS: &str = "
    UPDATE outbox SET state = 'unknown', claimed_by = NULL, last_error = $2,
                      body = CASE WHEN kind IN ('code', 'news') THEN NULL ELSE body END
    WHERE state = 'sending' AND channel = 'sms'
      AND NOT EXISTS (SELECT 1 FROM lease WHERE lease.name = 'outbox:' || outbox.claimed_by AND lease.until >= $1)";
/// Marks one as sent, by itself, with the text as it went out: also when another node, or a gateway's quick report,
/// meanwhile said something else, since what was accepted was accepted.
pub const OUTBOX_SENT: &str = "
    UPDATE outbox SET state = 'sent', sent_at = COALESCE(sent_at, $1), sent_text = $2, text_version = $3,
                      last_error = NULL, provider_id = $4, segments = $5,
                      body = CASE WHEN kind IN ('code', 'news') THEN NULL ELSE body END
    WHERE id = $6 AND state <> 'suppressed' AND sent_text IS NULL";
/// Puts one back for later.
pub const OUTBOX_RETRY: &str = "
    UPDATE outbox SET state = 'queued', claimed_by = NULL, due_at = $1, last_error = $2
    WHERE id = $3 AND state = 'sending'";
/// Gives one up; it stays visible on its enquiry.
pub const OUTBOX_FAIL: &str = "
    UPDATE outbox SET state = 'failed', claimed_by = NULL, last_error = $1,
                      body = CASE WHEN kind IN ('code', 'news') THEN NULL ELSE body END
    WHERE id = $2 AND state = 'sending'";
/// Says that nobody knows what became of a text; it stays visible on its enquiry.
pub const OUTBOX_UNKNOWN: &str = "
    UPDATE outbox SET state = 'unknown', claimed_by = NULL, last_error = $1, sent_text = $2, text_version = $3,
                      segments = $4, body = CASE WHEN kind IN ('code', 'news') THEN NULL ELSE body END
    WHERE id = $5 AND state = 'sending'";
/// Takes back the automatic texts to a number that wait: it wants none.
pub const OUTBOX_OPTED_OUT: &str = "
    UPDATE outbox SET state = 'suppressed', reason = $1
    WHERE recipient_key = $2 AND account = $3 AND channel = 'sms' AND kind = 'acknowledgement' AND state = 'queued'";
/// What was queued under a key.
pub const OUTBOX_BY_KEY: &str = "SELECT id FROM outbox WHERE unique_key = $1";
/// The text that a report is about, by our token.
pub const OUTBOX_BY_TOKEN: &str = "
    SELECT id FROM outbox WHERE message_id = $1 AND account = $2 AND channel = 'sms'";
/// The text that a report is about, by the gateway's number.
pub const OUTBOX_BY_PROVIDER: &str = "
    SELECT id FROM outbox WHERE provider_id = $1 AND account = $2 AND channel = 'sms' ORDER BY id DESC LIMIT 1";
/// What a gateway says of a text. Nothing moves backwards: what is final stays, and nothing known gives way to «unknown».
/// A report of any kind proves that the gateway had the text.
pub const OUTBOX_DELIVERY: &str = "
    UPDATE outbox SET delivery = $1, delivery_detail = $2, delivery_at = $3,
                      sent_at = COALESCE(sent_at, $3),
                      state = CASE WHEN state IN ('queued', 'sending', 'unknown', 'failed') THEN 'sent' ELSE state END,
                      last_error = CASE WHEN state IN ('queued', 'sending', 'unknown', 'failed') THEN NULL ELSE last_error END,
                      body = CASE WHEN kind IN ('code', 'news') THEN NULL ELSE body END
    WHERE id = $4 AND (delivery IS NULL OR (delivery = 'unknown' AND $1 <> 'unknown')
                       OR (delivery = 'pending' AND $1 IN ('failed', 'delivered')))";
/// Records that it came back.
pub const OUTBOX_BOUNCED: &str = "
    UPDATE outbox SET bounced_at = $1, bounce_status = $2 WHERE id = $3 AND bounced_at IS NULL";
/// How many wait, and since when the oldest was due.
pub const OUTBOX_DEPTH: &str = "
    SELECT CAST(COUNT(*) AS BIGINT), MIN(created_at) FROM outbox WHERE state IN ('queued', 'sending')";
/// When the next one is due.
pub const OUTBOX_NEXT_DUE: &str = "SELECT MIN(due_at) FROM outbox WHERE state IN ('queued', 'sending')";

/// Arrivals in all.
pub const LEDGER_RECEIVED: &str = "SELECT CAST(COUNT(*) AS BIGINT) FROM arrival";
/// Messages by disposition.
pub const LEDGER_DISPOSITIONS: &str = "
    SELECT disposition, CAST(COUNT(*) AS BIGINT) FROM message GROUP BY disposition";
/// Parts of texts that wait.
pub const LEDGER_PARTS: &str = "SELECT CAST(COUNT(*) AS BIGINT) FROM text_part WHERE filed_at IS NULL";
/// Acknowledgements by state.
pub const LEDGER_ACKNOWLEDGEMENTS: &str = "
    SELECT state, CAST(COUNT(*) AS BIGINT) FROM outbox WHERE kind = 'acknowledgement' GROUP BY state";
/// Arrivals that became nothing.
pub const LEDGER_UNFILED: &str = "
    SELECT CAST(COUNT(*) AS BIGINT) FROM arrival a
    WHERE NOT EXISTS (SELECT 1 FROM message m WHERE m.arrival_id = a.id)";
/// Arrivals whose bytes are gone.
pub const LEDGER_WITHOUT_RAW: &str = "
    SELECT CAST(COUNT(*) AS BIGINT) FROM arrival a
    WHERE NOT EXISTS (SELECT 1 FROM raw_message r WHERE r.hash = a.raw_hash)";
/// Messages that should have started an enquiry, and did not.
pub const LEDGER_WITHOUT_ENQUIRY: &str = "
    SELECT CAST(COUNT(*) AS BIGINT) FROM message m
    WHERE m.disposition = 'enquiry'
      AND NOT EXISTS (SELECT 1 FROM enquiry e WHERE e.started_by = m.arrival_id AND e.id = m.enquiry_id)";
/// Follow-ups that hang in the air.
pub const LEDGER_LOOSE_FOLLOW_UPS: &str = "
    SELECT CAST(COUNT(*) AS BIGINT) FROM message WHERE disposition = 'follow_up' AND enquiry_id IS NULL";
/// Enquiries that came in by a channel and have no acknowledgement, sent or suppressed.
pub const LEDGER_UNACKNOWLEDGED: &str = "
    SELECT CAST(COUNT(*) AS BIGINT) FROM enquiry e
    WHERE e.started_by IS NOT NULL AND e.intake_channel NOT IN ('call', 'meeting')
      AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.enquiry_id = e.id AND o.kind = 'acknowledgement')";
/// Walks the raw letters in order, to check each against its hash.
pub const LEDGER_RAW_WALK: &str =
    "SELECT hash, bytes FROM raw_message WHERE hash > $1 AND erased_at IS NULL ORDER BY hash LIMIT 1";

/// Where a mailbox folder was read to.
pub const CURSOR_FETCH: &str = "
    SELECT uid_validity, last_uid FROM mailbox_cursor WHERE account = $1 AND folder = $2";
/// Moves a folder's cursor forward; a new UIDVALIDITY starts it anew.
pub const CURSOR_ADVANCE: &str = "
    INSERT INTO mailbox_cursor (account, folder, uid_validity, last_uid, updated_at) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (account, folder) DO UPDATE SET
        last_uid = CASE WHEN mailbox_cursor.uid_validity = excluded.uid_validity
                         AND mailbox_cursor.last_uid > excluded.last_uid
                        THEN mailbox_cursor.last_uid ELSE excluded.last_uid END,
        uid_validity = excluded.uid_validity,
        updated_at = excluded.updated_at";

/// Keeps a gateway's report; the same again changes nothing.
pub const REPORT_KEEP: &str = "
    INSERT INTO delivery_report (account, about_kind, about, status, detail, received_at, outbox_id)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (account, about_kind, about, status, detail) DO NOTHING";
/// Reports that came before the text that they are about had the gateway's number.
pub const REPORT_EARLY: &str = "
    SELECT id, status, detail, received_at FROM delivery_report
    WHERE account = $1 AND about_kind = 'provider' AND about = $2 AND outbox_id IS NULL
    ORDER BY id";
/// Forgets reports that no text ever came for: the account also sends for somebody else.
pub const REPORT_FORGET: &str = "DELETE FROM delivery_report WHERE outbox_id IS NULL AND received_at < $1";
/// Ties a report to its text.
pub const REPORT_TIE: &str = "UPDATE delivery_report SET outbox_id = $1 WHERE id = $2";

/// Keeps a part of a text; the same again changes nothing.
pub const TEXT_PART_KEEP: &str = "
    INSERT INTO text_part (account, external_id, sender, recipient, reference, total, number, form, body, raw, sent_at,
                           recorded_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
    ON CONFLICT (account, external_id) DO NOTHING";
/// The parts that wait, oldest first.
pub const TEXT_PARTS_WAITING: &str = "
    SELECT id, account, external_id, sender, recipient, reference, total, number, form, body, raw, sent_at, recorded_at
    FROM text_part WHERE filed_at IS NULL ORDER BY id LIMIT $1";
/// Says that a part is filed.
pub const TEXT_PART_FILED: &str = "UPDATE text_part SET filed_at = $1 WHERE id = $2";
/// Forgets the parts that were filed before a moment.
pub const TEXT_PARTS_FORGET: &str = "DELETE FROM text_part WHERE filed_at < $1";
/// How many parts wait, and since when the oldest does.
pub const TEXT_PARTS_DEPTH: &str = "
    SELECT CAST(COUNT(*) AS BIGINT), MIN(recorded_at) FROM text_part WHERE filed_at IS NULL";

/// Notes that a number wants no automatic texts.
pub const TEXT_OPT_OUT: &str = "
    INSERT INTO text_opt_out (account, address_key, since) VALUES ($1, $2, $3)
    ON CONFLICT (account, address_key) DO NOTHING";
/// Notes that a number wants them again.
pub const TEXT_OPT_IN: &str = "DELETE FROM text_opt_out WHERE account = $1 AND address_key = $2";
/// Pauses automatic texts to a number.
pub const TEXT_PAUSE: &str = "
    INSERT INTO text_pause (account, address_key, until) VALUES ($1, $2, $3)
    ON CONFLICT (account, address_key) DO UPDATE SET until = excluded.until
    WHERE text_pause.until < excluded.until";
/// Says whether several people write from a number.
pub const PHONE_SHARE: &str =
    "UPDATE enquirer_address SET shared = $1 WHERE kind = 'phone' AND address_key = $2";

/// What a reply by text needs to know of its enquiry.
pub const REPLY_ENQUIRY: &str = "SELECT reference, language FROM enquiry WHERE id = $1";
/// Segments that an account's replies have reserved since a moment.
pub const REPLY_SEGMENTS: &str = "
    SELECT CAST(COALESCE(SUM(segments), 0) AS BIGINT) FROM outbox
    WHERE created_at > $1 AND account = $2 AND channel = 'sms' AND kind = 'reply'
      AND state NOT IN ('suppressed', 'failed')";
/// The texts of ours on an enquiry, with what became of each: what is shown beside the conversation.
pub const OUTBOX_OF_ENQUIRY: &str = "
    SELECT id, kind, channel, state, reason, last_error, delivery, delivery_detail, segments
    FROM outbox WHERE enquiry_id = $1 ORDER BY id";

/// Takes or renews a lease; changes nothing while another holds it.
pub const LEASE_TAKE: &str = "
    INSERT INTO lease (name, holder, until) VALUES ($1, $2, $3)
    ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
    WHERE lease.holder = excluded.holder OR lease.until < $4";
/// Gives a lease back.
pub const LEASE_RELEASE: &str = "DELETE FROM lease WHERE name = $1 AND holder = $2";

/// The newest arrivals with what became of them, for the terminal: no name, address, subject or text.
pub const OVERVIEW_LATEST: &str = "
    SELECT a.id, a.channel, a.received_at, m.disposition, m.reason, e.reference, e.promised_reply_date,
           o.state AS acknowledgement
    FROM arrival a
    JOIN message m ON m.arrival_id = a.id
    LEFT JOIN enquiry e ON e.id = m.enquiry_id
    LEFT JOIN outbox o ON o.enquiry_id = e.id AND m.disposition = 'enquiry'
    WHERE a.id > $1
    ORDER BY a.id LIMIT $2";

/// A statement that takes rows.
#[derive(Debug)]
pub struct Rows {
    head: &'static str,
    /// What stands for one row; each `?` becomes the next `$n`.
    row: &'static str,
    between: &'static str,
    tail: &'static str,
    one: OnceLock<String>,
    many: OnceLock<String>,
}

impl Rows {
    pub(super) const fn insert(head: &'static str, row: &'static str, tail: &'static str) -> Self {
        Self { head, row, between: ", ", tail, one: OnceLock::new(), many: OnceLock::new() }
    }

    /// Asks the same of every row. A join with a list of VALUES was rejected: PostgreSQL takes what stands in one for
    /// text unless it is told otherwise, in words that mean something else to SQLite.
    const fn select(row: &'static str) -> Self {
        Self { head: "", row, between: " UNION ALL ", tail: "", one: OnceLock::new(), many: OnceLock::new() }
    }

    /// The text for one row.
    pub fn one(&'static self) -> &'static str {
        self.one.get_or_init(|| self.text(1))
    }

    /// The text for [`ROWS`] rows, whose values follow each other row by row.
    pub fn many(&'static self) -> &'static str {
        self.many.get_or_init(|| self.text(ROWS))
    }

    fn text(&self, rows: usize) -> String {
        let rows = vec![self.row; rows].join(self.between);
        let mut text = self.head.to_owned();
        for (number, piece) in rows.split('?').enumerate() {
            if number > 0 {
                text.push_str(&format!("${number}"));
            }
            text.push_str(piece);
        }
        text.push_str(self.tail);
        text
    }
}

/// All of them that are constant, with their names: what the test walks through.
pub const ALL: &[(&str, &str)] = &[
    ("PING", PING),
    ("RAW_FETCH", RAW_FETCH),
    ("ARRIVAL_EXTERNAL_IDS", ARRIVAL_EXTERNAL_IDS),
    ("KNOWN_OF_SENDER", KNOWN_OF_SENDER),
    ("KNOWN_THREADS", KNOWN_THREADS),
    ("KNOWN_QUOTED", KNOWN_QUOTED),
    ("KNOWN_BOUNCED", KNOWN_BOUNCED),
    ("KNOWN_BLOCKS", KNOWN_BLOCKS),
    ("KNOWN_ACKNOWLEDGED_SENDER", KNOWN_ACKNOWLEDGED_SENDER),
    ("KNOWN_ACKNOWLEDGED_ALL", KNOWN_ACKNOWLEDGED_ALL),
    ("KNOWN_TEXTING", KNOWN_TEXTING),
    ("KNOWN_SEGMENTS", KNOWN_SEGMENTS),
    ("KNOWN_SENT_TEXTS", KNOWN_SENT_TEXTS),
    ("ENQUIRER_MAKE", ENQUIRER_MAKE),
    ("ENQUIRER_ADDRESS_UNDELIVERABLE", ENQUIRER_ADDRESS_UNDELIVERABLE),
    ("ENQUIRY_START", ENQUIRY_START),
    ("ENQUIRY_HEARS", ENQUIRY_HEARS),
    ("OUTBOX_CLAIM_LETTERS", OUTBOX_CLAIM_LETTERS),
    ("OUTBOX_CLAIM_TEXTS", OUTBOX_CLAIM_TEXTS),
    ("OUTBOX_RELEASE_LETTERS", OUTBOX_RELEASE_LETTERS),
    ("OUTBOX_RELEASE_TEXTS", OUTBOX_RELEASE_TEXTS),
    ("OUTBOX_ORPHANED_LETTERS", OUTBOX_ORPHANED_LETTERS),
    ("OUTBOX_ORPHANED_TEXTS", OUTBOX_ORPHANED_TEXTS),
    ("OUTBOX_SENT", OUTBOX_SENT),
    ("OUTBOX_RETRY", OUTBOX_RETRY),
    ("OUTBOX_FAIL", OUTBOX_FAIL),
    ("OUTBOX_UNKNOWN", OUTBOX_UNKNOWN),
    ("OUTBOX_OPTED_OUT", OUTBOX_OPTED_OUT),
    ("OUTBOX_BY_KEY", OUTBOX_BY_KEY),
    ("OUTBOX_BY_TOKEN", OUTBOX_BY_TOKEN),
    ("OUTBOX_BY_PROVIDER", OUTBOX_BY_PROVIDER),
    ("OUTBOX_DELIVERY", OUTBOX_DELIVERY),
    ("OUTBOX_BOUNCED", OUTBOX_BOUNCED),
    ("OUTBOX_DEPTH", OUTBOX_DEPTH),
    ("OUTBOX_NEXT_DUE", OUTBOX_NEXT_DUE),
    ("LEDGER_RECEIVED", LEDGER_RECEIVED),
    ("LEDGER_DISPOSITIONS", LEDGER_DISPOSITIONS),
    ("LEDGER_PARTS", LEDGER_PARTS),
    ("LEDGER_ACKNOWLEDGEMENTS", LEDGER_ACKNOWLEDGEMENTS),
    ("LEDGER_UNFILED", LEDGER_UNFILED),
    ("LEDGER_WITHOUT_RAW", LEDGER_WITHOUT_RAW),
    ("LEDGER_WITHOUT_ENQUIRY", LEDGER_WITHOUT_ENQUIRY),
    ("LEDGER_LOOSE_FOLLOW_UPS", LEDGER_LOOSE_FOLLOW_UPS),
    ("LEDGER_UNACKNOWLEDGED", LEDGER_UNACKNOWLEDGED),
    ("LEDGER_RAW_WALK", LEDGER_RAW_WALK),
    ("CURSOR_FETCH", CURSOR_FETCH),
    ("CURSOR_ADVANCE", CURSOR_ADVANCE),
    ("REPORT_KEEP", REPORT_KEEP),
    ("REPORT_EARLY", REPORT_EARLY),
    ("REPORT_FORGET", REPORT_FORGET),
    ("REPORT_TIE", REPORT_TIE),
    ("TEXT_PART_KEEP", TEXT_PART_KEEP),
    ("TEXT_PARTS_WAITING", TEXT_PARTS_WAITING),
    ("TEXT_PART_FILED", TEXT_PART_FILED),
    ("TEXT_PARTS_FORGET", TEXT_PARTS_FORGET),
    ("TEXT_PARTS_DEPTH", TEXT_PARTS_DEPTH),
    ("TEXT_OPT_OUT", TEXT_OPT_OUT),
    ("TEXT_OPT_IN", TEXT_OPT_IN),
    ("TEXT_PAUSE", TEXT_PAUSE),
    ("PHONE_SHARE", PHONE_SHARE),
    ("REPLY_ENQUIRY", REPLY_ENQUIRY),
    ("REPLY_SEGMENTS", REPLY_SEGMENTS),
    ("OUTBOX_OF_ENQUIRY", OUTBOX_OF_ENQUIRY),
    ("LEASE_TAKE", LEASE_TAKE),
    ("LEASE_RELEASE", LEASE_RELEASE),
    ("OVERVIEW_LATEST", OVERVIEW_LATEST),
];

/// All of them that take rows, with their names.
pub static ALL_ROWS: [(&str, &Rows); 9] = [
    ("ARRIVAL_TWINS", &ARRIVAL_TWINS),
    ("RAW_KEEP", &RAW_KEEP),
    ("ARRIVAL_RECORD", &ARRIVAL_RECORD),
    ("KNOWN_SENDERS", &KNOWN_SENDERS),
    ("ENQUIRER_ADDRESS_MAKE", &ENQUIRER_ADDRESS_MAKE),
    ("ENQUIRY_CONTACT_ADD", &pages::ENQUIRY_CONTACT_ADD),
    ("MESSAGE_FILE", &MESSAGE_FILE),
    ("THREAD_TIE", &THREAD_TIE),
    ("OUTBOX_QUEUE", &OUTBOX_QUEUE),
];
