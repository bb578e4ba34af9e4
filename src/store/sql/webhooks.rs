//! The SQL of telling other systems. What is told is written by triggers, in the transaction of what it tells of.

/// Tells somebody from now on.
pub const WEBHOOK_MAKE: &str = "INSERT INTO webhook (url, secret, made_at) VALUES ($1, $2, $3) RETURNING id";
/// Tells them no more.
pub const WEBHOOK_END: &str = "UPDATE webhook SET ended_at = $1 WHERE id = $2 AND ended_at IS NULL";
/// Nor what waits.
pub const WEBHOOK_CALLS_END: &str =
    "UPDATE webhook_call SET done_at = $1, given_up = TRUE WHERE webhook_id = $2 AND done_at IS NULL";
/// Who is told, and how that goes.
pub const WEBHOOKS: &str = "
    SELECT w.id, w.url,
           (SELECT CAST(COUNT(*) AS BIGINT) FROM webhook_call c WHERE c.webhook_id = w.id AND c.done_at IS NULL) AS waiting,
           (SELECT CAST(COUNT(*) AS BIGINT) FROM webhook_call c WHERE c.webhook_id = w.id AND c.given_up) AS given_up,
           (SELECT MAX(c.done_at) FROM webhook_call c WHERE c.webhook_id = w.id AND NOT c.given_up) AS told_at,
           (SELECT c.last_error FROM webhook_call c
            WHERE c.webhook_id = w.id AND c.last_error IS NOT NULL AND (c.done_at IS NULL OR c.given_up)
            ORDER BY c.due_at DESC, c.id DESC LIMIT 1) AS last_error
    FROM webhook w WHERE w.ended_at IS NULL ORDER BY w.id";

/// Whether anything is due.
pub const CALLS_DUE: &str = "
    SELECT EXISTS (SELECT 1 FROM webhook_call WHERE done_at IS NULL AND due_at <= $1)";
/// Claims what is due first, until a moment.
pub const CALL_CLAIM: &str = "
    UPDATE webhook_call SET due_at = $1, attempts = attempts + 1
    WHERE id = (SELECT c.id FROM webhook_call c WHERE c.done_at IS NULL AND c.due_at <= $2 ORDER BY c.due_at, c.id LIMIT 1)
      AND done_at IS NULL AND due_at <= $2
    RETURNING id, webhook_id, event, token, enquiry_id, at, attempts";
/// Whom it is told to, and the number that the citizen has.
pub const CALL_TARGET: &str = "
    SELECT w.url, w.secret,
           (SELECT COALESCE(h.reference, e.reference) FROM enquiry e LEFT JOIN enquiry h ON h.id = e.conversation_id
            WHERE e.id = $2)
    FROM webhook w WHERE w.id = $1";
/// It was told.
pub const CALL_DONE: &str = "
    UPDATE webhook_call SET done_at = $1, last_error = NULL WHERE id = $2 AND done_at IS NULL";
/// It is told later.
pub const CALL_LATER: &str = "
    UPDATE webhook_call SET due_at = $1, last_error = $2 WHERE id = $3 AND done_at IS NULL";
/// And so is what else waits for the same receiver: one who does not answer keeps nobody else waiting.
pub const CALLS_LATER: &str = "
    UPDATE webhook_call SET due_at = $1 WHERE webhook_id = $2 AND done_at IS NULL AND due_at < $1";
/// It is not told.
pub const CALL_GIVE_UP: &str = "
    UPDATE webhook_call SET done_at = $1, given_up = TRUE, last_error = $2 WHERE id = $3 AND done_at IS NULL";
/// Forgets what was told before a moment.
pub const CALLS_FORGET: &str = "DELETE FROM webhook_call WHERE done_at < $1";

/// All of them, with their names.
pub const ALL: &[(&str, &str)] = &[
    ("WEBHOOK_MAKE", WEBHOOK_MAKE),
    ("WEBHOOK_END", WEBHOOK_END),
    ("WEBHOOK_CALLS_END", WEBHOOK_CALLS_END),
    ("WEBHOOKS", WEBHOOKS),
    ("CALLS_DUE", CALLS_DUE),
    ("CALL_CLAIM", CALL_CLAIM),
    ("CALL_TARGET", CALL_TARGET),
    ("CALL_DONE", CALL_DONE),
    ("CALL_LATER", CALL_LATER),
    ("CALLS_LATER", CALLS_LATER),
    ("CALL_GIVE_UP", CALL_GIVE_UP),
    ("CALLS_FORGET", CALLS_FORGET),
];
