//! The SQL of the form's files and of the private pages.

use super::Rows;

/// Notes addresses that were given for one enquiry alone.
pub static ENQUIRY_CONTACT_ADD: Rows = Rows::insert(
    "INSERT INTO enquiry_contact (enquiry_id, kind, address_key, address) VALUES ",
    "(?, ?, ?, ?)",
    " ON CONFLICT (enquiry_id, kind, address_key) DO NOTHING",
);

/// Marks an address that was given in a form as one that letters come back from.
pub const CONTACT_UNDELIVERABLE: &str = "
    UPDATE enquiry_contact SET undeliverable_since = $1
    WHERE kind = 'email' AND address_key = $2 AND undeliverable_since IS NULL";
/// Says whether several people write from a number that was given in a form.
pub const CONTACT_SHARE: &str =
    "UPDATE enquiry_contact SET shared = $1 WHERE kind = 'phone' AND address_key = $2";

/// Keeps a secret, unless another node was quicker.
pub const SECRET_MAKE: &str =
    "INSERT INTO server_secret (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING";
/// A secret.
pub const SECRET_FETCH: &str = "SELECT value FROM server_secret WHERE name = $1";

/// What makes an arrival this message and no other.
pub const ARRIVAL_FINGERPRINT: &str = "SELECT fingerprint FROM arrival WHERE id = $1";

/// How many files a form has, and how much they are; and how much those of all forms are.
pub const FORM_FILE_SIZES: &str = "
    SELECT CAST(COUNT(*) AS BIGINT), CAST(COALESCE(SUM(size), 0) AS BIGINT),
           (SELECT CAST(COALESCE(SUM(size), 0) AS BIGINT) FROM form_file)
    FROM form_file WHERE form = $1";
/// Keeps a file.
pub const FORM_FILE_KEEP: &str = "
    INSERT INTO form_file (form, name, media_type, scan, size, bytes, kept_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
/// The files of a form without their bytes.
pub const FORM_FILES: &str = "SELECT id, name, size FROM form_file WHERE form = $1 ORDER BY id";
/// The files of a form.
pub const FORM_FILES_TAKE: &str =
    "SELECT name, media_type, scan, bytes FROM form_file WHERE form = $1 ORDER BY id";
/// Takes one away.
pub const FORM_FILE_REMOVE: &str = "DELETE FROM form_file WHERE form = $1 AND id = $2";
/// Forgets those that were kept before a moment.
pub const FORM_FILES_FORGET: &str = "DELETE FROM form_file WHERE kept_at < $1";

/// What a receipt says, by what its message is known by.
pub const RECEIPT: &str = "
    SELECT m.disposition, e.id, e.reference, e.language, e.promised_reply_date, a.received_at, m.acknowledgement,
           o.channel, o.state
    FROM arrival a
    JOIN message m ON m.arrival_id = a.id
    LEFT JOIN enquiry e ON e.id = m.enquiry_id
    LEFT JOIN outbox o ON o.enquiry_id = e.id AND o.kind = 'acknowledgement'
    WHERE a.account = $1 AND a.external_id = $2";

/// Keeps the word that a citizen chose; the first one stays.
pub const WORD_SET: &str =
    "INSERT INTO private_word (enquiry_id, hash) VALUES ($1, $2) ON CONFLICT (enquiry_id) DO NOTHING";
/// The word.
pub const WORD_FETCH: &str = "SELECT hash FROM private_word WHERE enquiry_id = $1";

/// Makes a link; the same again changes nothing.
pub const LINK_MAKE: &str = "
    INSERT INTO private_link (enquiry_id, token_hash, given_by, made_at, expires_at) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (token_hash) DO NOTHING RETURNING id";
/// A link that holds.
pub const LINK_FIND: &str = "
    SELECT l.id, l.enquiry_id, e.language, l.closed_until,
           (SELECT CAST(COUNT(*) AS BIGINT) FROM private_word w WHERE w.enquiry_id = l.enquiry_id)
    FROM private_link l JOIN enquiry e ON e.id = l.enquiry_id
    WHERE l.token_hash = $1 AND l.expires_at > $2 AND l.revoked_at IS NULL";
/// Makes the links of an enquiry hold longer.
pub const LINKS_EXTEND: &str = "
    UPDATE private_link SET expires_at = $1
    WHERE enquiry_id = $2 AND revoked_at IS NULL AND expires_at < $1 AND expires_at > $3";
/// Ends the links of an enquiry.
pub const LINKS_REVOKE: &str =
    "UPDATE private_link SET revoked_at = $1 WHERE enquiry_id = $2 AND revoked_at IS NULL RETURNING id";
/// Addresses on file for an enquiry: what was given for it, and its enquirer's. Those that letters come back from are none.
pub const LINK_CONTACTS: &str = "
    SELECT kind, address_key, MIN(address) FROM (
        SELECT kind, address_key, address FROM enquiry_contact WHERE enquiry_id = $1
        UNION ALL
        SELECT a.kind, a.address_key, a.address FROM enquiry e JOIN enquirer_address a ON a.enquirer_id = e.enquirer_id
        WHERE e.id = $1) c
    WHERE NOT EXISTS (SELECT 1 FROM enquirer_address u
                      WHERE u.kind = c.kind AND u.address_key = c.address_key
                        AND (u.undeliverable_since IS NOT NULL OR u.shared))
      AND NOT EXISTS (SELECT 1 FROM enquiry_contact u
                      WHERE u.kind = c.kind AND u.address_key = c.address_key
                        AND (u.undeliverable_since IS NOT NULL OR u.shared))
    GROUP BY kind, address_key ORDER BY kind, address_key";

/// Who wrote last in the conversation of an enquiry.
pub const LAST_SENDER: &str = "
    SELECT m.details FROM message m JOIN enquiry e ON e.id = m.enquiry_id
    WHERE m.disposition IN ('enquiry', 'follow_up')
      AND COALESCE(e.conversation_id, e.id) = (SELECT COALESCE(h.conversation_id, h.id) FROM enquiry h WHERE h.id = $1)
    ORDER BY m.id DESC LIMIT 1";

/// Counts a try on a link that is not closed, and locks its row.
pub const LINK_TRY: &str = "
    UPDATE private_link SET failures = failures + 1
    WHERE id = $1 AND revoked_at IS NULL AND expires_at > $2 AND (closed_until IS NULL OR closed_until <= $2)
    RETURNING failures";
/// Closes a link for a while, or for good.
pub const LINK_CLOSE: &str = "UPDATE private_link SET closed_until = $1, revoked_at = $2 WHERE id = $3";
/// Forgets the failures of a link that was opened.
pub const LINK_OPENED: &str = "
    UPDATE private_link SET failures = 0, closed_until = NULL
    WHERE id = $1 AND revoked_at IS NULL AND expires_at > $2 RETURNING enquiry_id";
/// Notes what happened.
pub const EVENT_NOTE: &str =
    "INSERT INTO private_event (enquiry_id, link_id, at, what) VALUES ($1, $2, $3, $4)";
/// What happened with the pages of an enquiry.
pub const EVENTS: &str = "SELECT at, what FROM private_event WHERE enquiry_id = $1 ORDER BY id";

/// Gives a link a code, unless it has had too many that day; the one before it is void.
pub const CODE_SET: &str = "
    INSERT INTO private_code (link_id, code_hash, sent_at, expires_at, sent_today, day) VALUES ($1, $2, $3, $4, 1, $5)
    ON CONFLICT (link_id) DO UPDATE SET
        code_hash = excluded.code_hash, sent_at = excluded.sent_at, expires_at = excluded.expires_at,
        sent_today = CASE WHEN private_code.day = excluded.day THEN private_code.sent_today + 1 ELSE 1 END,
        day = excluded.day
    WHERE private_code.day <> excluded.day OR private_code.sent_today < $6";
/// Codes that went to an address in a day whoever asked for them, segments of its account's automatic texts, and whether
/// it wants none.
pub const CODES_TO: &str = "
    SELECT (SELECT CAST(COUNT(*) AS BIGINT) FROM outbox
            WHERE recipient_key = $1 AND created_at > $3 AND kind = 'code'),
           (SELECT CAST(COALESCE(SUM(segments), 0) AS BIGINT) FROM outbox
            WHERE created_at > $3 AND account = $2 AND channel = 'sms' AND kind <> 'reply'
              AND state NOT IN ('suppressed', 'failed')),
           (SELECT CAST(COUNT(*) AS BIGINT) FROM text_opt_out WHERE account = $2 AND address_key = $1)";
/// Uses a code up: it opens once.
pub const CODE_USE: &str = "
    UPDATE private_code SET expires_at = 0 WHERE link_id = $1 AND code_hash = $2 AND expires_at > $3";

/// Opens a page.
pub const SESSION_OPEN: &str = "
    INSERT INTO private_session (token_hash, link_id, opened_at, seen_at, expires_at) VALUES ($1, $2, $3, $3, $4)";
/// A page that is open, kept open by being looked at.
pub const SESSION_SEE: &str = "
    UPDATE private_session SET seen_at = $1, expires_at = $2
    WHERE token_hash = $3 AND expires_at > $1
      AND link_id IN (SELECT id FROM private_link WHERE revoked_at IS NULL AND expires_at > $1)
    RETURNING link_id, (SELECT enquiry_id FROM private_link l WHERE l.id = private_session.link_id)";
/// Closes a page.
pub const SESSION_END: &str = "
    DELETE FROM private_session WHERE token_hash = $1
    RETURNING link_id, (SELECT enquiry_id FROM private_link l WHERE l.id = private_session.link_id)";
/// Forgets pages that nobody looks at any more.
pub const SESSIONS_FORGET: &str = "DELETE FROM private_session WHERE expires_at < $1";

/// What a private page says of its enquiry.
pub const PAGE_ENQUIRY: &str =
    "SELECT reference, state, language, promised_reply_date, first_contact_at FROM enquiry WHERE id = $1";
/// What the citizen wrote in the form and on the page. Nothing that came by another channel.
pub const PAGE_WRITTEN: &str = "
    SELECT a.id, a.received_at, m.text, m.details
    FROM message m JOIN arrival a ON a.id = m.arrival_id
    WHERE m.enquiry_id = $1 AND a.channel = 'web' AND m.disposition IN ('enquiry', 'follow_up')
    ORDER BY a.id";
/// What the adviser answered on the page.
pub const PAGE_ANSWERS: &str = "
    SELECT id, created_at, body FROM outbox
    WHERE enquiry_id = $1 AND channel = 'web' AND kind = 'reply' AND body IS NOT NULL ORDER BY id";
/// Says that the answers were seen.
pub const PAGE_SEEN: &str = "
    UPDATE outbox SET delivery = 'delivered', delivery_at = $1
    WHERE enquiry_id = $2 AND channel = 'web' AND kind = 'reply' AND delivery IS NULL";

/// Consent in force and withdrawn, oldest first.
pub const CONSENTS: &str = "
    SELECT area_id, given_at, how, withdrawn_at FROM contact_consent WHERE enquiry_id = $1 ORDER BY id";
/// Gives consent, unless it is given already.
pub const CONSENT_GIVE: &str = "
    INSERT INTO contact_consent (enquiry_id, area_id, given_at, how)
    SELECT CAST($1 AS BIGINT), CAST($2 AS BIGINT), CAST($3 AS BIGINT), CAST($4 AS TEXT)
    WHERE NOT EXISTS (SELECT 1 FROM contact_consent
                      WHERE enquiry_id = $1 AND area_id = $2 AND withdrawn_at IS NULL)";
/// Withdraws it.
pub const CONSENT_WITHDRAW: &str = "
    UPDATE contact_consent SET withdrawn_at = $1 WHERE enquiry_id = $2 AND area_id = $3 AND withdrawn_at IS NULL";

/// The date that is promised now, with its row locked by being written.
pub const PROMISE_CHANGE: &str = "UPDATE enquiry SET promised_reply_date = $1 WHERE id = $2";
/// The date that is promised now.
pub const PROMISE_NOW: &str = "SELECT promised_reply_date FROM enquiry WHERE id = $1";
/// Notes a change.
pub const PROMISE_NOTE: &str =
    "INSERT INTO promise_change (enquiry_id, at, old, new, reason) VALUES ($1, $2, $3, $4, $5)";
/// The changes.
pub const PROMISE_CHANGES: &str =
    "SELECT at, old, new, reason FROM promise_change WHERE enquiry_id = $1 ORDER BY id";

/// All of them that are constant, with their names: what the test walks through.
pub const ALL: &[(&str, &str)] = &[
    ("CONTACT_UNDELIVERABLE", CONTACT_UNDELIVERABLE),
    ("CONTACT_SHARE", CONTACT_SHARE),
    ("SECRET_MAKE", SECRET_MAKE),
    ("SECRET_FETCH", SECRET_FETCH),
    ("ARRIVAL_FINGERPRINT", ARRIVAL_FINGERPRINT),
    ("FORM_FILE_SIZES", FORM_FILE_SIZES),
    ("FORM_FILE_KEEP", FORM_FILE_KEEP),
    ("FORM_FILES", FORM_FILES),
    ("FORM_FILES_TAKE", FORM_FILES_TAKE),
    ("FORM_FILE_REMOVE", FORM_FILE_REMOVE),
    ("FORM_FILES_FORGET", FORM_FILES_FORGET),
    ("RECEIPT", RECEIPT),
    ("WORD_SET", WORD_SET),
    ("WORD_FETCH", WORD_FETCH),
    ("LINK_MAKE", LINK_MAKE),
    ("LINK_FIND", LINK_FIND),
    ("LINKS_EXTEND", LINKS_EXTEND),
    ("LINKS_REVOKE", LINKS_REVOKE),
    ("LINK_CONTACTS", LINK_CONTACTS),
    ("LAST_SENDER", LAST_SENDER),
    ("LINK_TRY", LINK_TRY),
    ("CODES_TO", CODES_TO),
    ("LINK_CLOSE", LINK_CLOSE),
    ("LINK_OPENED", LINK_OPENED),
    ("EVENT_NOTE", EVENT_NOTE),
    ("EVENTS", EVENTS),
    ("CODE_SET", CODE_SET),
    ("CODE_USE", CODE_USE),
    ("SESSION_OPEN", SESSION_OPEN),
    ("SESSION_SEE", SESSION_SEE),
    ("SESSION_END", SESSION_END),
    ("SESSIONS_FORGET", SESSIONS_FORGET),
    ("PAGE_ENQUIRY", PAGE_ENQUIRY),
    ("PAGE_WRITTEN", PAGE_WRITTEN),
    ("PAGE_ANSWERS", PAGE_ANSWERS),
    ("PAGE_SEEN", PAGE_SEEN),
    ("CONSENTS", CONSENTS),
    ("CONSENT_GIVE", CONSENT_GIVE),
    ("CONSENT_WITHDRAW", CONSENT_WITHDRAW),
    ("PROMISE_CHANGE", PROMISE_CHANGE),
    ("PROMISE_NOW", PROMISE_NOW),
    ("PROMISE_NOTE", PROMISE_NOTE),
    ("PROMISE_CHANGES", PROMISE_CHANGES),
];
