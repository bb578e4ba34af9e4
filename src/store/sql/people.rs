//! The SQL of those who work here: accounts, sign-in, sessions, the log.

/// Makes an account.
pub const ACCOUNT_MAKE: &str = "
    INSERT INTO account (login, name, role, language, from_at, until_at, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (login) DO NOTHING RETURNING id";
/// Every account, those that have ended last.
pub const ACCOUNTS: &str = "
    SELECT id, login, name, role, language, single_keys, from_at, until_at, ended_at,
           password_hash IS NOT NULL AS has_password, totp_secret IS NOT NULL AS has_totp, subject IS NOT NULL AS has_subject,
           (SELECT CAST(COUNT(*) AS BIGINT) FROM passkey p WHERE p.account_id = account.id) AS passkeys
    FROM account ORDER BY ended_at IS NOT NULL, id";
/// One account, by its number.
pub const ACCOUNT_FETCH: &str = "
    SELECT id, login, name, role, language, single_keys, from_at, until_at
    FROM account WHERE id = $1 AND ended_at IS NULL";
/// What proves that somebody is whom their login says.
pub const ACCOUNT_PROOFS: &str = "
    SELECT id, password_hash, totp_secret, totp_step FROM account WHERE login = $1 AND ended_at IS NULL";
/// How many accounts there are that can sign in.
pub const ACCOUNT_COUNT: &str = "SELECT CAST(COUNT(*) AS BIGINT) FROM account WHERE ended_at IS NULL";
/// Ends an account.
pub const ACCOUNT_END: &str = "UPDATE account SET ended_at = $1 WHERE id = $2 AND ended_at IS NULL";
/// Sets the time of an account.
pub const ACCOUNT_TIME: &str = "UPDATE account SET from_at = $1, until_at = $2 WHERE id = $3";
/// Sets a password.
pub const ACCOUNT_PASSWORD: &str = "UPDATE account SET password_hash = $1 WHERE id = $2";
/// Sets what somebody likes.
pub const ACCOUNT_LIKES: &str = "UPDATE account SET language = $1, single_keys = $2 WHERE id = $3";
/// Sets or removes the second step.
pub const ACCOUNT_TOTP: &str =
    "UPDATE account SET totp_secret = $1, totp_step = NULL, recovery = $2 WHERE id = $3";
/// Uses a recovery code: its hash is taken out of the list.
pub const ACCOUNT_RECOVERY_USE: &str = "
    UPDATE account SET recovery = REPLACE(recovery, $1, '') WHERE id = $2 AND recovery LIKE '%' || $1 || '%'";
/// Somebody's passkeys.
pub const PASSKEYS: &str = "
    SELECT id, label, made_at, used_at FROM passkey WHERE account_id = $1 ORDER BY id";
/// The credentials of somebody who may sign in.
pub const PASSKEY_CREDENTIALS: &str = "
    SELECT p.id, p.credential FROM passkey p JOIN account a ON a.id = p.account_id
    WHERE p.account_id = $1 AND a.ended_at IS NULL ORDER BY p.id";
/// Keeps a passkey.
pub const PASSKEY_ADD: &str = "
    INSERT INTO passkey (account_id, label, credential, made_at) VALUES ($1, $2, $3, $4) RETURNING id";
/// Removes one.
pub const PASSKEY_REMOVE: &str = "DELETE FROM passkey WHERE id = $1 AND account_id = $2";
/// A passkey was used, and is what it was.
pub const PASSKEY_USED: &str = "
    UPDATE passkey SET credential = $1, used_at = $2 WHERE id = $3 AND credential = $4";
/// The account of a provider's subject, and when it ended.
pub const SUBJECT_FETCH: &str = "SELECT id, ended_at FROM account WHERE subject = $1";
/// Gives a subject to the account of an address, once.
pub const SUBJECT_LINK: &str = "
    UPDATE account SET subject = $1 WHERE login = $2 AND subject IS NULL AND ended_at IS NULL RETURNING id";
/// Removes somebody's passkeys.
pub const PASSKEYS_FORGET: &str = "DELETE FROM passkey WHERE account_id = $1";
/// A code was used: it is not used again.
pub const ACCOUNT_TOTP_USED: &str = "
    UPDATE account SET totp_step = $1 WHERE id = $2 AND (totp_step IS NULL OR totp_step < $1)";

/// A link that signs in once.
pub const LINK_MAKE: &str =
    "INSERT INTO sign_in_link (token_hash, account_id, expires_at) VALUES ($1, $2, $3)";
/// Uses it.
pub const LINK_USE: &str = "
    UPDATE sign_in_link SET used_at = $1
    WHERE token_hash = $2 AND used_at IS NULL AND expires_at > $1 RETURNING account_id";

/// Keeps what was begun.
pub const STEP_KEEP: &str = "
    INSERT INTO sign_in_step (token_hash, kind, account_id, state, expires_at) VALUES ($1, $2, $3, $4, $5)";
/// Takes it, once.
pub const STEP_TAKE: &str = "
    DELETE FROM sign_in_step WHERE token_hash = $1 AND kind = $2 AND expires_at > $3 RETURNING account_id, state";
/// Forgets whatever somebody has begun.
pub const STEPS_END: &str = "DELETE FROM sign_in_step WHERE account_id = $1";
/// Forgets what nobody ended.
pub const STEPS_FORGET: &str = "DELETE FROM sign_in_step WHERE expires_at <= $1";

/// Until when a login is closed.
pub const FAILURE_FETCH: &str =
    "SELECT failures, last_at, closed_until FROM sign_in_failure WHERE login = $1";
/// Counts a try before it is made.
pub const FAILURE_NOTE: &str = "
    INSERT INTO sign_in_failure (login, failures, last_at, closed_until) VALUES ($1, $2, $3, $4)
    ON CONFLICT (login) DO UPDATE SET failures = excluded.failures, last_at = excluded.last_at,
                                      closed_until = excluded.closed_until";
/// A right password forgets the wrong ones.
pub const FAILURE_CLEAR: &str = "DELETE FROM sign_in_failure WHERE login = $1";
/// Forgets those of long ago.
pub const FAILURES_FORGET: &str = "DELETE FROM sign_in_failure WHERE last_at < $1";

/// Signs somebody in.
pub const SESSION_OPEN: &str = "
    INSERT INTO session (token_hash, account_id, made_at, seen_at, expires_at, browser) VALUES ($1, $2, $3, $3, $4, $5)";
/// Who is signed in.
pub const SESSION_SEE: &str = "
    SELECT s.id AS session_id, s.seen_at, s.made_at AS session_made_at, a.id, a.login, a.name, a.role, a.language,
           a.single_keys, a.from_at, a.until_at
    FROM session s JOIN account a ON a.id = s.account_id
    WHERE s.token_hash = $1 AND s.expires_at > $2 AND a.ended_at IS NULL";
/// Goes on with a session.
pub const SESSION_RENEW: &str = "UPDATE session SET seen_at = $1, expires_at = $2 WHERE id = $3";
/// Signs out.
pub const SESSION_END: &str = "DELETE FROM session WHERE id = $1 AND account_id = $2";
/// Signs somebody out everywhere else.
pub const SESSIONS_END: &str = "DELETE FROM session WHERE account_id = $1 AND id <> $2";
/// Somebody's sessions.
pub const SESSIONS: &str = "
    SELECT id, made_at, seen_at, browser FROM session WHERE account_id = $1 AND expires_at > $2 ORDER BY seen_at DESC";
/// Forgets those that have run out.
pub const SESSIONS_FORGET: &str = "DELETE FROM session WHERE expires_at <= $1";

/// One entry at a time on PostgreSQL.
pub const POSTGRES_LOG_LOCK: &str = "SELECT pg_advisory_xact_lock(29676636476435048)";
/// The newest entry.
pub const LOG_LAST: &str = "SELECT seq, hash FROM log_entry ORDER BY seq DESC LIMIT 1";
/// Writes one.
pub const LOG_WRITE: &str = "
    INSERT INTO log_entry (seq, at, account_id, act, enquiry_id, detail, hash) VALUES ($1, $2, $3, $4, $5, $6, $7)";
/// The entries before one, newest first.
pub const LOG_PAGE: &str = "
    SELECT l.seq, l.at, l.act, l.detail, l.enquiry_id, a.name, e.reference
    FROM log_entry l LEFT JOIN account a ON a.id = l.account_id LEFT JOIN enquiry e ON e.id = l.enquiry_id
    WHERE l.seq < $1 ORDER BY l.seq DESC LIMIT $2";
/// The same of one enquiry.
pub const LOG_OF_ENQUIRY: &str = "
    SELECT l.seq, l.at, l.act, l.detail, l.enquiry_id, a.name, e.reference
    FROM log_entry l LEFT JOIN account a ON a.id = l.account_id LEFT JOIN enquiry e ON e.id = l.enquiry_id
    WHERE l.enquiry_id = $1 AND l.seq < $2 ORDER BY l.seq DESC LIMIT $3";
/// Walks the log in order, to add it up.
pub const LOG_WALK: &str = "
    SELECT seq, at, account_id, act, enquiry_id, detail, hash FROM log_entry WHERE seq > $1 ORDER BY seq LIMIT 1000";

/// All of them, with their names.
pub const ALL: &[(&str, &str)] = &[
    ("ACCOUNT_MAKE", ACCOUNT_MAKE),
    ("ACCOUNTS", ACCOUNTS),
    ("ACCOUNT_FETCH", ACCOUNT_FETCH),
    ("ACCOUNT_PROOFS", ACCOUNT_PROOFS),
    ("ACCOUNT_COUNT", ACCOUNT_COUNT),
    ("ACCOUNT_END", ACCOUNT_END),
    ("ACCOUNT_TIME", ACCOUNT_TIME),
    ("ACCOUNT_PASSWORD", ACCOUNT_PASSWORD),
    ("ACCOUNT_LIKES", ACCOUNT_LIKES),
    ("ACCOUNT_TOTP", ACCOUNT_TOTP),
    ("ACCOUNT_RECOVERY_USE", ACCOUNT_RECOVERY_USE),
    ("PASSKEYS", PASSKEYS),
    ("PASSKEY_CREDENTIALS", PASSKEY_CREDENTIALS),
    ("PASSKEY_ADD", PASSKEY_ADD),
    ("PASSKEY_REMOVE", PASSKEY_REMOVE),
    ("PASSKEY_USED", PASSKEY_USED),
    ("SUBJECT_FETCH", SUBJECT_FETCH),
    ("SUBJECT_LINK", SUBJECT_LINK),
    ("PASSKEYS_FORGET", PASSKEYS_FORGET),
    ("ACCOUNT_TOTP_USED", ACCOUNT_TOTP_USED),
    ("LINK_MAKE", LINK_MAKE),
    ("LINK_USE", LINK_USE),
    ("STEP_KEEP", STEP_KEEP),
    ("STEP_TAKE", STEP_TAKE),
    ("STEPS_END", STEPS_END),
    ("STEPS_FORGET", STEPS_FORGET),
    ("FAILURE_FETCH", FAILURE_FETCH),
    ("FAILURE_NOTE", FAILURE_NOTE),
    ("FAILURE_CLEAR", FAILURE_CLEAR),
    ("FAILURES_FORGET", FAILURES_FORGET),
    ("SESSION_OPEN", SESSION_OPEN),
    ("SESSION_SEE", SESSION_SEE),
    ("SESSION_RENEW", SESSION_RENEW),
    ("SESSION_END", SESSION_END),
    ("SESSIONS_END", SESSIONS_END),
    ("SESSIONS", SESSIONS),
    ("SESSIONS_FORGET", SESSIONS_FORGET),
    ("LOG_LAST", LOG_LAST),
    ("LOG_WRITE", LOG_WRITE),
    ("LOG_PAGE", LOG_PAGE),
    ("LOG_OF_ENQUIRY", LOG_OF_ENQUIRY),
    ("LOG_WALK", LOG_WALK),
];
