//! The SQL of programs: tokens, and what is read through the API.

/// Lets a program in.
pub const TOKEN_MAKE: &str = "
    INSERT INTO api_token (name, token_hash, rights, account_id, made_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)
    RETURNING id";
/// Those that were let in, the newest first.
pub const TOKENS: &str = "
    SELECT t.id, t.name, t.rights, a.name AS owner, t.made_at, t.expires_at, t.used_at, t.revoked_at,
           a.ended_at IS NOT NULL AS ownerless
    FROM api_token t JOIN account a ON a.id = t.account_id ORDER BY t.id DESC LIMIT 200";
/// Lets one in no more.
pub const TOKEN_REVOKE: &str =
    "UPDATE api_token SET revoked_at = $1 WHERE id = $2 AND revoked_at IS NULL RETURNING name";
/// Whose token it is, while it holds and its account does.
pub const TOKEN_SEE: &str = "
    SELECT t.id AS token_id, t.name AS program, t.rights, t.used_at, a.id, a.login, a.name, a.role, a.language,
           a.single_keys, a.from_at, a.until_at
    FROM api_token t JOIN account a ON a.id = t.account_id
    WHERE t.token_hash = $1 AND t.expires_at > $2 AND t.revoked_at IS NULL AND a.ended_at IS NULL";
/// It was used.
pub const TOKEN_USED: &str = "UPDATE api_token SET used_at = $1 WHERE id = $2";

/// What is said of an enquiry to whoever may not read what was written.
macro_rules! facts {
    ($where:literal) => {
        concat!(
            "
    SELECT e.id, COALESCE(h.reference, e.reference) AS reference, e.part, e.conversation_id, e.joined_into, e.state,
           e.waits_for, e.purpose, e.kind, e.area_id, e.intake_channel, e.primary_contact_form, e.priority,
           e.appeal_deadline, e.promised_reply_date, e.reply_due, e.remind_on, e.first_contact_at, e.last_in_at,
           e.answered_at, e.closed_at, e.case_at, e.aligned_at, e.reminders, e.language, e.after_closing, e.version,
           (SELECT STRING_AGG(t.task, ' ') FROM enquiry_task t WHERE t.enquiry_id = e.id) AS tasks
    FROM enquiry e LEFT JOIN enquiry h ON h.id = e.conversation_id
    WHERE ",
            $where
        )
    };
}
/// One enquiry, as far as somebody sees it.
pub const API_ENQUIRY: &str = facts!(
    "e.id = $1 AND (e.first_contact_at >= $2
                OR EXISTS (SELECT 1 FROM access_grant g WHERE g.enquiry_id = e.id AND g.account_id = $3))"
);
/// Those behind one, as far as somebody sees them. Sorted by number: what comes in meanwhile comes last, so that nothing is
/// passed over and nothing comes twice.
pub const API_ENQUIRIES: &str = facts!(
    "e.joined_into IS NULL AND e.id > $1
      AND (e.first_contact_at >= $2
           OR EXISTS (SELECT 1 FROM access_grant g WHERE g.enquiry_id = e.id AND g.account_id = $3))
      AND ($4 = '' OR e.state = $4) AND ($5 = '' OR e.intake_channel = $5) AND ($6 = '' OR e.kind = $6)
      AND (CAST($7 AS BIGINT) = 0 OR e.area_id = $7) AND e.first_contact_at >= $8 AND e.first_contact_at < $9
      AND (e.last_in_at >= $10 OR EXISTS (SELECT 1 FROM change c WHERE c.enquiry_id = e.id
                                                              AND (c.at >= $10 OR c.undone_at >= $10)))
    ORDER BY e.id LIMIT $11"
);

/// What came in and what went out in a conversation, in the order in which it did. What is automatic has no words of
/// anybody, and a code is for the citizen's eyes alone.
pub const API_MESSAGES: &str = "
    SELECT CAST(0 AS BIGINT) AS went, m.arrival_id AS id, m.enquiry_id, a.channel, a.received_at AS at, m.subject, m.text,
           m.details, m.disposition AS state
    FROM message m JOIN arrival a ON a.id = m.arrival_id
    WHERE m.enquiry_id IN (SELECT id FROM enquiry WHERE id = $1 UNION SELECT id FROM enquiry WHERE conversation_id = $1)
    UNION ALL
    SELECT CAST(1 AS BIGINT), o.id, o.enquiry_id, o.channel, COALESCE(o.sent_at, o.created_at), COALESCE(o.subject, ''),
           COALESCE(o.sent_text, o.body, ''), '{}', o.state
    FROM outbox o
    WHERE o.kind = 'reply'
      AND o.enquiry_id IN (SELECT id FROM enquiry WHERE id = $1 UNION SELECT id FROM enquiry WHERE conversation_id = $1)
    ORDER BY 5, 1, 2 LIMIT 1000";
/// One that came in.
pub const API_MESSAGE_IN: &str = "
    SELECT CAST(0 AS BIGINT) AS went, m.arrival_id AS id, m.enquiry_id, a.channel, a.received_at AS at, m.subject, m.text,
           m.details, m.disposition AS state
    FROM message m JOIN arrival a ON a.id = m.arrival_id WHERE m.arrival_id = $1 AND m.enquiry_id IS NOT NULL";
/// One that went out.
pub const API_MESSAGE_OUT: &str = "
    SELECT CAST(1 AS BIGINT) AS went, o.id, o.enquiry_id, o.channel, COALESCE(o.sent_at, o.created_at) AS at,
           COALESCE(o.subject, '') AS subject, COALESCE(o.sent_text, o.body, '') AS text, '{}' AS details, o.state
    FROM outbox o WHERE o.id = $1 AND o.kind = 'reply'";

/// All of them, with their names.
pub const ALL: &[(&str, &str)] = &[
    ("TOKEN_MAKE", TOKEN_MAKE),
    ("TOKENS", TOKENS),
    ("TOKEN_REVOKE", TOKEN_REVOKE),
    ("TOKEN_SEE", TOKEN_SEE),
    ("TOKEN_USED", TOKEN_USED),
    ("API_ENQUIRY", API_ENQUIRY),
    ("API_ENQUIRIES", API_ENQUIRIES),
    ("API_MESSAGES", API_MESSAGES),
    ("API_MESSAGE_IN", API_MESSAGE_IN),
    ("API_MESSAGE_OUT", API_MESSAGE_OUT),
];
