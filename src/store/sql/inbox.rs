//! The SQL of the inbox: enquiries as the adviser works with them, their conversations, notes, drafts and changes.

/// Everything about one enquiry that stands in its own row.
pub const FACTS: &str = "
    SELECT e.id, COALESCE(h.reference, e.reference) AS reference, e.part, e.enquirer_id, e.intake_channel,
           e.intake_account, e.first_contact_at, e.after_closing, e.reminders, e.last_in_at, e.version, e.snippet,
           e.state, e.waits_for, e.purpose, e.title, e.kind, e.area_id, e.priority, e.primary_contact_form,
           e.appeal_deadline, e.promised_reply_date, e.reply_due, e.remind_on, e.assigned_to, e.case_at, e.aligned_at,
           e.answered_at, e.language, e.unread, e.joined_into, e.conversation_id, e.outside
    FROM enquiry e LEFT JOIN enquiry h ON h.id = e.conversation_id WHERE e.id = $1";
/// The tasks of an enquiry.
pub const TASKS: &str = "SELECT task FROM enquiry_task WHERE enquiry_id = $1";
/// Its themes.
pub const THEMES: &str = "SELECT theme FROM enquiry_theme WHERE enquiry_id = $1";
/// Its closings.
pub const CLOSINGS: &str =
    "SELECT at, account_id, welcome_back, reopened_at FROM closing WHERE enquiry_id = $1 ORDER BY id";
/// Writes what a step made of it, unless somebody was quicker.
pub const FACTS_WRITE: &str = "
    UPDATE enquiry SET state = $1, waits_for = $2, purpose = $3, title = $4, kind = $5, area_id = $6, priority = $7,
        primary_contact_form = $8, appeal_deadline = $9, promised_reply_date = $10, reply_due = $11, remind_on = $12,
        due_on = $13, assigned_to = $14, case_at = $15, aligned_at = $16, answered_at = $17, language = $18,
        unread = $19, joined_into = $20, conversation_id = $21, closed_at = $22, outside = $23, version = version + 1
    WHERE id = $24 AND version = $25";
/// Forgets its tasks.
pub const TASKS_CLEAR: &str = "DELETE FROM enquiry_task WHERE enquiry_id = $1";
/// Notes one.
pub const TASK_ADD: &str = "INSERT INTO enquiry_task (enquiry_id, task) VALUES ($1, $2)";
/// Forgets its themes.
pub const THEMES_CLEAR: &str = "DELETE FROM enquiry_theme WHERE enquiry_id = $1";
/// Notes one.
pub const THEME_ADD: &str = "INSERT INTO enquiry_theme (enquiry_id, theme) VALUES ($1, $2)";
/// Themes that were used before.
pub const THEMES_USED: &str = "SELECT DISTINCT theme FROM enquiry_theme ORDER BY theme LIMIT 200";
/// Forgets its closings.
pub const CLOSINGS_CLEAR: &str = "DELETE FROM closing WHERE enquiry_id = $1";
/// Notes one.
pub const CLOSING_ADD: &str = "
    INSERT INTO closing (enquiry_id, at, account_id, welcome_back, reopened_at) VALUES ($1, $2, $3, $4, $5)";
/// Whether an old enquiry was granted to somebody.
pub const GRANTED: &str =
    "SELECT CAST(COUNT(*) AS BIGINT) FROM access_grant WHERE enquiry_id = $1 AND account_id = $2";
/// Grants one.
pub const GRANT: &str = "
    INSERT INTO access_grant (enquiry_id, account_id, given_by, given_at) VALUES ($1, $2, $3, $4)
    ON CONFLICT (enquiry_id, account_id) DO NOTHING";
/// Takes the grant back.
pub const GRANT_END: &str = "DELETE FROM access_grant WHERE enquiry_id = $1 AND account_id = $2";
/// Who was granted an enquiry.
pub const GRANTS: &str = "
    SELECT a.id, a.name FROM access_grant g JOIN account a ON a.id = g.account_id WHERE g.enquiry_id = $1 ORDER BY a.id";

/// Records a change.
pub const CHANGE_NOTE: &str = "
    INSERT INTO change (act_id, enquiry_id, account_id, at, what, before, after) VALUES ($1, $2, $3, $4, $5, $6, $7)";
/// The changes of one act, newest first.
pub const CHANGES_OF_ACT: &str = "
    SELECT id, enquiry_id, before, after, at FROM change
    WHERE act_id = $1 AND account_id = $2 AND undone_at IS NULL ORDER BY id DESC";
/// The changes of an act are taken back.
pub const CHANGES_UNDONE: &str =
    "UPDATE change SET undone_at = $1 WHERE act_id = $2 AND account_id = $3 AND undone_at IS NULL";
/// Messages of a conversation that came after one.
pub const MESSAGES_SINCE: &str = "
    SELECT CAST(COUNT(*) AS BIGINT) FROM message m JOIN enquiry e ON e.id = m.enquiry_id
    WHERE m.id > $1 AND COALESCE(e.conversation_id, e.id) = $2 AND m.disposition IN ('enquiry', 'follow_up')";
/// The newest move of a promise by somebody is none.
pub const PROMISE_UNMOVED: &str = "
    DELETE FROM promise_change WHERE id =
        (SELECT MAX(id) FROM promise_change WHERE enquiry_id = $1 AND account_id = $2)";
/// Whose an answer on the page is, and what it is for.
pub const PAGE_REPLY_BY: &str =
    "UPDATE outbox SET account_id = $1, occasion = $2 WHERE unique_key = $3 RETURNING id";
/// Messages of a conversation that came in after a moment.
pub const MESSAGES_AFTER: &str = "
    SELECT CAST(COUNT(*) AS BIGINT) FROM message m JOIN arrival a ON a.id = m.arrival_id
    JOIN enquiry e ON e.id = m.enquiry_id
    WHERE a.recorded_at > $1 AND COALESCE(e.conversation_id, e.id) = $2 AND m.disposition IN ('enquiry', 'follow_up')";
/// When the oldest enquiry of a conversation began.
pub const CONVERSATION_BEGAN: &str =
    "SELECT MIN(first_contact_at) FROM enquiry WHERE id = $1 OR conversation_id = $1";
/// Answers of others in a conversation after one.
pub const ANSWERED_SINCE: &str = "
    SELECT CAST(COUNT(*) AS BIGINT) FROM outbox o JOIN enquiry e ON e.id = o.enquiry_id
    WHERE o.id > $1 AND COALESCE(e.conversation_id, e.id) = $2 AND o.kind = 'reply' AND o.state <> 'suppressed'
      AND o.account_id <> $3";
/// What was changed on an enquiry.
pub const CHANGES: &str = "
    SELECT c.id, c.at, c.what, c.before, c.after, a.name FROM change c JOIN account a ON a.id = c.account_id
    WHERE c.enquiry_id = $1 AND c.undone_at IS NULL ORDER BY c.id";
/// Somebody's newest change that can be taken back by a key. What sent a letter is taken back with the letter, or not at all.
pub const CHANGE_NEWEST: &str = "
    SELECT act_id FROM change WHERE account_id = $1 AND at > $2 AND undone_at IS NULL
      AND what NOT IN ('sent', 'closed_sent', 'delay', 'forward') AND act_id NOT LIKE 'shelf-%' ORDER BY id DESC LIMIT 1";

/// The messages of a conversation, the newest first.
pub const CONVERSATION: &str = "
    SELECT m.id, m.arrival_id, a.channel, a.account, a.received_at, m.disposition, m.reason, m.acknowledgement, m.offers,
           m.subject, m.text, m.details
    FROM message m JOIN arrival a ON a.id = m.arrival_id
    WHERE m.enquiry_id IN (SELECT id FROM enquiry WHERE id = $1
                           UNION SELECT id FROM enquiry WHERE conversation_id = $1)
    ORDER BY a.received_at DESC, a.id DESC LIMIT $2";
/// What went out in it, the newest first.
pub const CONVERSATION_GONE: &str = "
    SELECT o.id, o.kind, o.occasion, o.channel, o.recipient, o.state, o.reason, o.body, o.subject, o.sent_text,
           o.created_at, o.due_at, o.sent_at, o.last_error, o.delivery, o.delivery_detail, o.delivery_at, o.bounced_at,
           o.bounce_status, o.attempts, o.segments, a.name, o.enquiry_id, o.account_id, o.act_id,
           o.settled_at IS NOT NULL AS settled
    FROM outbox o LEFT JOIN account a ON a.id = o.account_id
    WHERE o.kind <> 'code' AND o.enquiry_id IN (SELECT id FROM enquiry WHERE id = $1
                           UNION SELECT id FROM enquiry WHERE conversation_id = $1)
    ORDER BY o.created_at DESC, o.id DESC LIMIT $2";
/// The notes of it.
pub const CONVERSATION_NOTES: &str = "
    SELECT n.id, n.enquiry_id, n.kind, n.at, n.minutes, n.place, n.participants, n.body, n.made_at, a.name
    FROM note n JOIN account a ON a.id = n.account_id
    WHERE n.removed_at IS NULL AND n.enquiry_id IN (SELECT id FROM enquiry WHERE id = $1
                           UNION SELECT id FROM enquiry WHERE conversation_id = $1)
    ORDER BY n.at, n.id";
/// Names and sizes of the files that went out in it.
pub const CONVERSATION_FILES: &str = "
    SELECT f.id, f.outbox_id, f.name, f.size FROM draft_file f
    WHERE f.outbox_id IS NOT NULL AND f.enquiry_id IN (SELECT id FROM enquiry WHERE id = $1
                           UNION SELECT id FROM enquiry WHERE conversation_id = $1)
    ORDER BY f.id";
/// The parts that a conversation was split into, the first one too.
pub const PARTS: &str = "
    SELECT id, part, title, state, area_id FROM enquiry
    WHERE (id = $1 OR conversation_id = $1) AND joined_into IS NULL ORDER BY part, id";
/// The enquirer.
pub const ENQUIRER: &str = "SELECT id, kind, name FROM enquirer WHERE id = $1";
/// Where they are reached: their own, and what was given for this enquiry alone.
pub const ENQUIRER_CONTACTS: &str = "
    SELECT kind, address, address_key, undeliverable_since IS NOT NULL, shared, TRUE
    FROM enquirer_address WHERE enquirer_id = $1
    UNION ALL
    SELECT kind, address, address_key, undeliverable_since IS NOT NULL, shared, FALSE
    FROM enquiry_contact WHERE enquiry_id = $2";
/// Their other enquiries, newest first.
pub const ENQUIRER_OTHERS: &str = "
    SELECT id, reference, title, state, first_contact_at FROM enquiry
    WHERE enquirer_id = $1 AND id <> $2 AND joined_into IS NULL AND conversation_id IS NULL
    ORDER BY first_contact_at DESC LIMIT 50";

/// The message that an arrival became, and where it belongs.
pub const MESSAGE_OF_ARRIVAL: &str = "
    SELECT m.id, m.enquiry_id, m.disposition, m.details, a.channel
    FROM message m JOIN arrival a ON a.id = m.arrival_id WHERE m.arrival_id = $1";

/// Writes a note.
pub const NOTE_MAKE: &str = "
    INSERT INTO note (enquiry_id, kind, at, minutes, place, participants, body, account_id, made_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id";
/// Takes one away again: it stays in the database, and is shown no more.
pub const NOTE_REMOVE: &str = "
    UPDATE note SET removed_at = $1 WHERE id = $2 AND removed_at IS NULL
      AND enquiry_id IN (SELECT id FROM enquiry WHERE id = $3 UNION SELECT id FROM enquiry WHERE conversation_id = $3)";

/// Saves what somebody has begun to write.
pub const DRAFT_SAVE: &str = "
    INSERT INTO draft (account_id, enquiry_id, kind, via, body, saved_at) VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (account_id, enquiry_id, kind) DO UPDATE SET via = excluded.via, body = excluded.body,
                                                             saved_at = excluded.saved_at";
/// The same where nothing is begun.
pub const DRAFT_KEEP: &str = "
    INSERT INTO draft (account_id, enquiry_id, kind, via, body, saved_at) VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (account_id, enquiry_id, kind) DO NOTHING";
/// Forgets it.
pub const DRAFT_FORGET: &str = "DELETE FROM draft WHERE account_id = $1 AND enquiry_id = $2 AND kind = $3";
/// What is begun on an enquiry, by anybody.
pub const DRAFTS: &str = "
    SELECT d.account_id, a.name, d.kind, d.via, d.body, d.saved_at
    FROM draft d JOIN account a ON a.id = d.account_id WHERE d.enquiry_id = $1";
/// Files that wait in a draft.
pub const DRAFT_FILES: &str = "
    SELECT id, name, media_type, size FROM draft_file
    WHERE enquiry_id = $1 AND account_id = $2 AND outbox_id IS NULL ORDER BY id";
/// Adds one.
pub const DRAFT_FILE_ADD: &str = "
    INSERT INTO draft_file (account_id, enquiry_id, name, media_type, size, bytes) VALUES ($1, $2, $3, $4, $5, $6)";
/// Takes one away.
pub const DRAFT_FILE_REMOVE: &str = "
    DELETE FROM draft_file WHERE id = $1 AND account_id = $2 AND enquiry_id = $3 AND outbox_id IS NULL";
/// They go out with a reply.
pub const DRAFT_FILES_SEND: &str = "
    UPDATE draft_file SET outbox_id = $1 WHERE enquiry_id = $2 AND account_id = $3 AND outbox_id IS NULL";
/// They come back from a reply that was taken back.
pub const DRAFT_FILES_RETURN: &str = "UPDATE draft_file SET outbox_id = NULL WHERE outbox_id = $1";
/// What goes out with a reply.
pub const OUTBOX_FILES: &str =
    "SELECT name, media_type, bytes FROM draft_file WHERE outbox_id = $1 ORDER BY id";
/// One file, of a draft of one's own or of what went out.
pub const DRAFT_FILE: &str = "
    SELECT name, media_type, bytes FROM draft_file
    WHERE id = $1 AND enquiry_id = $2 AND (outbox_id IS NOT NULL OR account_id = $3)";

/// Somebody has an enquiry open.
pub const PRESENCE_NOTE: &str = "
    INSERT INTO presence (enquiry_id, account_id, seen_at) VALUES ($1, $2, $3)
    ON CONFLICT (enquiry_id, account_id) DO UPDATE SET seen_at = excluded.seen_at";
/// Somebody reads it: kept apart from having it open, for a reading is in the log.
pub const PRESENCE_READ: &str = "
    INSERT INTO presence (enquiry_id, account_id, seen_at, read_at) VALUES ($1, $2, $3, $3)
    ON CONFLICT (enquiry_id, account_id) DO UPDATE SET seen_at = excluded.seen_at, read_at = excluded.read_at";
/// Who has it open, and when they looked last.
pub const PRESENCE: &str = "
    SELECT p.account_id, a.name, p.seen_at, p.read_at FROM presence p JOIN account a ON a.id = p.account_id
    WHERE p.enquiry_id = $1";
/// It has been read.
pub const READ: &str = "UPDATE enquiry SET unread = FALSE WHERE id = $1 AND unread";

/// The last number that anything in the inbox changed at: asked to see whether there is news.
pub const PULSE: &str = "
    SELECT (SELECT COALESCE(MAX(id), 0) FROM message), (SELECT COALESCE(MAX(seq), 0) FROM log_entry)";
/// New enquiries and follow-ups since a message, counted no further than anybody reads.
pub const NEWS: &str = "
    SELECT CAST(COUNT(*) AS BIGINT)
    FROM (SELECT 1 FROM message WHERE id > $1 AND disposition IN ('enquiry', 'follow_up', 'hold')
          ORDER BY id DESC LIMIT 200) counted";

/// Queues what the adviser sends.
pub const REPLY_QUEUE: &str = "
    INSERT INTO outbox (unique_key, kind, enquiry_id, channel, account, sender, recipient_key, recipient, language, body,
                        reference, message_id, in_reply_to, refers_to, reason, state, segments, created_at, due_at,
                        occasion, subject, account_id, act_id)
    VALUES ($1, 'reply', $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)
    RETURNING id";
/// Takes back what waits and nobody has begun to send.
pub const REPLY_TAKE_BACK: &str = "
    UPDATE outbox SET state = 'suppressed', reason = 'The adviser took it back.'
    WHERE id = $1 AND enquiry_id = $2 AND account_id = $3 AND state = 'queued' AND attempts = 0
    RETURNING channel, recipient, body, COALESCE(occasion, '')";
/// What became of something that was queued under a key.
pub const REPLY_BY_KEY: &str = "SELECT state FROM outbox WHERE unique_key = $1";
/// Somebody knows that what went out in a conversation did not arrive.
pub const TROUBLE_SETTLE: &str = "
    UPDATE outbox SET settled_at = $1 WHERE kind = 'reply' AND settled_at IS NULL
      AND (state IN ('failed', 'unknown') OR bounced_at IS NOT NULL OR delivery = 'failed')
      AND enquiry_id IN (SELECT id FROM enquiry WHERE id = $2 UNION SELECT id FROM enquiry WHERE conversation_id = $2)";
/// What an answer by mail stands under: the newest letter of the conversation.
pub const NEWEST_LETTER: &str = "
    SELECT m.details FROM message m JOIN arrival a ON a.id = m.arrival_id
    WHERE a.channel = 'email' AND m.enquiry_id IN (SELECT id FROM enquiry WHERE id = $1
                           UNION SELECT id FROM enquiry WHERE conversation_id = $1)
    ORDER BY a.id DESC LIMIT 1";
/// The number of ours that a citizen wrote to last, and the account.
pub const NEWEST_TEXT: &str = "
    SELECT a.account, m.details FROM message m JOIN arrival a ON a.id = m.arrival_id
    WHERE a.channel = 'sms' AND a.sender_key = $2
      AND m.enquiry_id IN (SELECT id FROM enquiry WHERE id = $1 UNION SELECT id FROM enquiry WHERE conversation_id = $1)
    ORDER BY a.id DESC LIMIT 1";

/// Notes that a promised date was moved.
pub const PROMISE_MOVED: &str = "
    INSERT INTO promise_change (enquiry_id, at, old, new, reason, waits_for, account_id) VALUES ($1, $2, $3, $4, $5, $6, $7)";

/// Gives consent to contact an area.
pub const CONSENT_GIVE: &str = "
    INSERT INTO contact_consent (enquiry_id, area_id, given_at, how, scope, account_id) VALUES ($1, $2, $3, $4, $5, $6)";
/// Withdraws it.
pub const CONSENT_WITHDRAW: &str = "
    UPDATE contact_consent SET withdrawn_at = $1, withdrawn_how = $2
    WHERE id = $3 AND withdrawn_at IS NULL
      AND enquiry_id IN (SELECT id FROM enquiry WHERE id = $4 UNION SELECT id FROM enquiry WHERE conversation_id = $4)";
/// Every consent of a conversation.
pub const CONSENTS_ALL: &str = "
    SELECT id, area_id, given_at, how, scope, withdrawn_at FROM contact_consent
    WHERE enquiry_id IN (SELECT id FROM enquiry WHERE id = $1 UNION SELECT id FROM enquiry WHERE conversation_id = $1)
    ORDER BY id";

/// Makes an enquiry that no letter started: a part that was split off.
pub const PART_MAKE: &str = "
    INSERT INTO enquiry (reference, enquirer_id, intake_channel, intake_account, started_by, language, state,
                         first_contact_at, promised_reply_date, title, snippet, reply_due, due_on, last_in_at, unread,
                         area_id, conversation_id, part, appeal_deadline, answered_at)
    SELECT $1, enquirer_id, intake_channel, intake_account, NULL, language,
           CASE WHEN state = 'closed' THEN 'in_progress' ELSE state END, first_contact_at, promised_reply_date, title,
           snippet, reply_due, due_on, last_in_at, FALSE, $2, $3,
           (SELECT MAX(p.part) + 1 FROM enquiry p WHERE p.id = $3 OR p.conversation_id = $3), appeal_deadline,
           answered_at
    FROM enquiry WHERE id = $4
    ON CONFLICT (reference) DO NOTHING
    RETURNING id";
/// Those that share an enquiry's conversation.
pub const SHARING: &str = "SELECT id FROM enquiry WHERE conversation_id = $1";

/// What lies on the hold shelf, oldest first.
pub const SHELF: &str = "
    SELECT m.arrival_id, a.channel, a.received_at, m.reason, m.subject, SUBSTR(m.text, 1, 400), m.details, m.disposition
    FROM message m JOIN arrival a ON a.id = m.arrival_id
    WHERE m.disposition = 'hold' AND a.received_at >= $1 ORDER BY m.id LIMIT 500";
/// What was set aside without a person, or by one: what no enquiry holds and nobody need look at, the newest first.
pub const ASIDE: &str = "
    SELECT m.arrival_id, a.channel, a.received_at, m.reason, m.subject, SUBSTR(m.text, 1, 400), m.details, m.disposition
    FROM message m JOIN arrival a ON a.id = m.arrival_id
    WHERE m.enquiry_id IS NULL AND m.disposition <> 'hold' AND m.arrival_id < $1 ORDER BY m.arrival_id DESC LIMIT $2";
/// One item of either.
pub const SHELF_ITEM: &str = "
    SELECT a.channel, a.account, a.external_id, a.fingerprint, a.received_at, m.reason, m.offers, m.subject, m.text,
           m.details, m.disposition
    FROM message m JOIN arrival a ON a.id = m.arrival_id
    WHERE m.arrival_id = $1 AND m.enquiry_id IS NULL";
/// What became of it.
pub const SHELF_DECIDE: &str = "
    UPDATE message SET disposition = $1, reason = $2, enquiry_id = $3, acknowledgement = $4
    WHERE arrival_id = $5 AND enquiry_id IS NULL";

/// The enquiry of a reference, or the one that it was joined into.
pub const BY_REFERENCE: &str = "SELECT COALESCE(joined_into, id) FROM enquiry WHERE reference = $1";

/// Blocks a sender for a time.
pub const BLOCK: &str = "
    INSERT INTO sender_block (address_key, reason, until, account_id, made_at) VALUES ($1, $2, $3, $4, $5)";
/// Blocks that hold.
pub const BLOCKS: &str = "
    SELECT b.id, b.address_key, b.reason, b.until, a.name FROM sender_block b LEFT JOIN account a ON a.id = b.account_id
    WHERE b.until > $1 ORDER BY b.until";
/// Ends one.
pub const BLOCK_END: &str = "UPDATE sender_block SET until = $1 WHERE id = $2 AND until > $1";

/// Names somebody.
pub const ENQUIRER_NAME: &str = "UPDATE enquirer SET name = $1, kind = $2 WHERE id = $3";
/// An address that nobody has yet.
pub const ENQUIRER_ADDRESS_ADD: &str = "
    INSERT INTO enquirer_address (enquirer_id, kind, address_key, address) VALUES ($1, $2, $3, $4)
    ON CONFLICT (kind, address_key) DO NOTHING";
/// Who is reached at an address.
pub const ENQUIRER_AT: &str = "SELECT enquirer_id FROM enquirer_address WHERE kind = $1 AND address_key = $2";
/// Whose enquiries move when two are one person.
pub const ENQUIRER_ENQUIRIES: &str = "SELECT id FROM enquiry WHERE enquirer_id = $1 ORDER BY id";
/// And which addresses.
pub const ENQUIRER_ADDRESSES: &str = "SELECT id FROM enquirer_address WHERE enquirer_id = $1 ORDER BY id";
/// Moves an enquiry to somebody.
pub const ENQUIRY_MOVE: &str = "UPDATE enquiry SET enquirer_id = $1, version = version + 1 WHERE id = $2 OR (conversation_id = $2 AND part > 0)";
/// Moves an address.
pub const ADDRESS_MOVE: &str = "UPDATE enquirer_address SET enquirer_id = $1 WHERE id = $2";
/// Records that two were found to be one.
pub const MERGE_NOTE: &str = "INSERT INTO enquirer_merge (kept, merged, moved, account_id, at) VALUES ($1, $2, $3, $4, $5) RETURNING id";
/// Such findings about somebody.
pub const MERGES: &str = "
    SELECT m.id, m.at, e.name FROM enquirer_merge m JOIN enquirer e ON e.id = m.merged
    WHERE m.kept = $1 AND m.undone_at IS NULL ORDER BY m.id";
/// Takes one back.
pub const MERGE_UNDO: &str = "
    UPDATE enquirer_merge SET undone_at = $1 WHERE id = $2 AND kept = $3 AND undone_at IS NULL RETURNING merged, moved, at";
/// What began for somebody since, with who wrote.
pub const ENQUIRIES_SINCE_MERGE: &str = "
    SELECT e.id, m.details FROM enquiry e JOIN message m ON m.arrival_id = e.started_by
    WHERE e.enquirer_id = $1 AND e.first_contact_at >= $2";
/// The addresses of some numbers.
pub const ADDRESS_KEY: &str = "SELECT address_key FROM enquirer_address WHERE id = $1";
/// Who may be meant by a name, an address or a number.
pub const ENQUIRERS_LIKE: &str = "
    SELECT DISTINCT e.id, e.name, (SELECT MIN(x.address) FROM enquirer_address x WHERE x.enquirer_id = e.id) AS address
    FROM enquirer e LEFT JOIN enquirer_address a ON a.enquirer_id = e.id
    WHERE LOWER(e.name) LIKE $1 OR a.address_key LIKE $2
    ORDER BY e.id DESC LIMIT 8";

/// Standard texts.
pub const STANDARD_TEXTS: &str = "SELECT id, title, language, body FROM standard_text ORDER BY title, id";
/// Makes one.
pub const STANDARD_TEXT_MAKE: &str =
    "INSERT INTO standard_text (title, language, body, made_at) VALUES ($1, $2, $3, $4) RETURNING id";
/// Changes one.
pub const STANDARD_TEXT_CHANGE: &str =
    "UPDATE standard_text SET title = $1, language = $2, body = $3 WHERE id = $4";
/// Removes one.
pub const STANDARD_TEXT_REMOVE: &str = "DELETE FROM standard_text WHERE id = $1";
/// Keeps what somebody looks for.
pub const QUESTION_KEEP: &str = "INSERT INTO question (token, account_id, words, at) VALUES ($1, $2, $3, $4)";
/// What it was.
pub const QUESTION_FETCH: &str = "SELECT words FROM question WHERE token = $1 AND account_id = $2";
/// Forgets what was looked for before a moment.
pub const QUESTIONS_FORGET: &str = "DELETE FROM question WHERE at < $1";
/// Somebody's own views.
pub const SAVED_VIEWS: &str =
    "SELECT id, name, query FROM saved_view WHERE account_id = $1 ORDER BY name, id";
/// Keeps one.
pub const SAVED_VIEW_MAKE: &str = "INSERT INTO saved_view (account_id, name, query) VALUES ($1, $2, $3)";
/// Removes one.
pub const SAVED_VIEW_REMOVE: &str = "DELETE FROM saved_view WHERE id = $1 AND account_id = $2";

/// Somebody acts for an enquirer.
pub const REPRESENTATIVE_ADD: &str = "
    INSERT INTO representative (enquiry_id, name, address, power_seen_at) VALUES ($1, $2, $3, $4)";
/// No longer.
pub const REPRESENTATIVE_END: &str =
    "UPDATE representative SET ended_at = $1 WHERE id = $2 AND enquiry_id = $3 AND ended_at IS NULL";
/// Who does.
pub const REPRESENTATIVES: &str = "
    SELECT id, name, address, power_seen_at FROM representative WHERE enquiry_id = $1 AND ended_at IS NULL ORDER BY id";

/// All of them, with their names.
pub const ALL: &[(&str, &str)] = &[
    ("FACTS", FACTS),
    ("TASKS", TASKS),
    ("THEMES", THEMES),
    ("CLOSINGS", CLOSINGS),
    ("FACTS_WRITE", FACTS_WRITE),
    ("TASKS_CLEAR", TASKS_CLEAR),
    ("TASK_ADD", TASK_ADD),
    ("THEMES_CLEAR", THEMES_CLEAR),
    ("THEME_ADD", THEME_ADD),
    ("THEMES_USED", THEMES_USED),
    ("CLOSINGS_CLEAR", CLOSINGS_CLEAR),
    ("CLOSING_ADD", CLOSING_ADD),
    ("GRANTED", GRANTED),
    ("GRANT", GRANT),
    ("GRANT_END", GRANT_END),
    ("GRANTS", GRANTS),
    ("CHANGE_NOTE", CHANGE_NOTE),
    ("CHANGES_OF_ACT", CHANGES_OF_ACT),
    ("CHANGES_UNDONE", CHANGES_UNDONE),
    ("MESSAGES_SINCE", MESSAGES_SINCE),
    ("PROMISE_UNMOVED", PROMISE_UNMOVED),
    ("PAGE_REPLY_BY", PAGE_REPLY_BY),
    ("MESSAGES_AFTER", MESSAGES_AFTER),
    ("CONVERSATION_BEGAN", CONVERSATION_BEGAN),
    ("ANSWERED_SINCE", ANSWERED_SINCE),
    ("CHANGES", CHANGES),
    ("CHANGE_NEWEST", CHANGE_NEWEST),
    ("CONVERSATION", CONVERSATION),
    ("CONVERSATION_GONE", CONVERSATION_GONE),
    ("CONVERSATION_NOTES", CONVERSATION_NOTES),
    ("CONVERSATION_FILES", CONVERSATION_FILES),
    ("PARTS", PARTS),
    ("ENQUIRER", ENQUIRER),
    ("ENQUIRER_CONTACTS", ENQUIRER_CONTACTS),
    ("ENQUIRER_OTHERS", ENQUIRER_OTHERS),
    ("MESSAGE_OF_ARRIVAL", MESSAGE_OF_ARRIVAL),
    ("NOTE_MAKE", NOTE_MAKE),
    ("NOTE_REMOVE", NOTE_REMOVE),
    ("DRAFT_SAVE", DRAFT_SAVE),
    ("DRAFT_FORGET", DRAFT_FORGET),
    ("DRAFT_KEEP", DRAFT_KEEP),
    ("REPLY_BY_KEY", REPLY_BY_KEY),
    ("DRAFTS", DRAFTS),
    ("DRAFT_FILES", DRAFT_FILES),
    ("DRAFT_FILE_ADD", DRAFT_FILE_ADD),
    ("DRAFT_FILE_REMOVE", DRAFT_FILE_REMOVE),
    ("DRAFT_FILES_SEND", DRAFT_FILES_SEND),
    ("DRAFT_FILES_RETURN", DRAFT_FILES_RETURN),
    ("OUTBOX_FILES", OUTBOX_FILES),
    ("DRAFT_FILE", DRAFT_FILE),
    ("PRESENCE_NOTE", PRESENCE_NOTE),
    ("PRESENCE_READ", PRESENCE_READ),
    ("PRESENCE", PRESENCE),
    ("READ", READ),
    ("PULSE", PULSE),
    ("NEWS", NEWS),
    ("REPLY_QUEUE", REPLY_QUEUE),
    ("REPLY_TAKE_BACK", REPLY_TAKE_BACK),
    ("TROUBLE_SETTLE", TROUBLE_SETTLE),
    ("NEWEST_LETTER", NEWEST_LETTER),
    ("NEWEST_TEXT", NEWEST_TEXT),
    ("PROMISE_MOVED", PROMISE_MOVED),
    ("CONSENT_GIVE", CONSENT_GIVE),
    ("CONSENT_WITHDRAW", CONSENT_WITHDRAW),
    ("CONSENTS_ALL", CONSENTS_ALL),
    ("PART_MAKE", PART_MAKE),
    ("SHARING", SHARING),
    ("SHELF", SHELF),
    ("ASIDE", ASIDE),
    ("SHELF_ITEM", SHELF_ITEM),
    ("SHELF_DECIDE", SHELF_DECIDE),
    ("BY_REFERENCE", BY_REFERENCE),
    ("BLOCK", BLOCK),
    ("BLOCKS", BLOCKS),
    ("BLOCK_END", BLOCK_END),
    ("ENQUIRER_NAME", ENQUIRER_NAME),
    ("ENQUIRER_ADDRESS_ADD", ENQUIRER_ADDRESS_ADD),
    ("ENQUIRER_AT", ENQUIRER_AT),
    ("ENQUIRER_ENQUIRIES", ENQUIRER_ENQUIRIES),
    ("ENQUIRER_ADDRESSES", ENQUIRER_ADDRESSES),
    ("ENQUIRY_MOVE", ENQUIRY_MOVE),
    ("ADDRESS_MOVE", ADDRESS_MOVE),
    ("MERGE_NOTE", MERGE_NOTE),
    ("MERGES", MERGES),
    ("MERGE_UNDO", MERGE_UNDO),
    ("ENQUIRIES_SINCE_MERGE", ENQUIRIES_SINCE_MERGE),
    ("ADDRESS_KEY", ADDRESS_KEY),
    ("ENQUIRERS_LIKE", ENQUIRERS_LIKE),
    ("STANDARD_TEXTS", STANDARD_TEXTS),
    ("STANDARD_TEXT_MAKE", STANDARD_TEXT_MAKE),
    ("STANDARD_TEXT_CHANGE", STANDARD_TEXT_CHANGE),
    ("STANDARD_TEXT_REMOVE", STANDARD_TEXT_REMOVE),
    ("QUESTION_KEEP", QUESTION_KEEP),
    ("QUESTION_FETCH", QUESTION_FETCH),
    ("QUESTIONS_FORGET", QUESTIONS_FORGET),
    ("SAVED_VIEWS", SAVED_VIEWS),
    ("SAVED_VIEW_MAKE", SAVED_VIEW_MAKE),
    ("SAVED_VIEW_REMOVE", SAVED_VIEW_REMOVE),
    ("REPRESENTATIVE_ADD", REPRESENTATIVE_ADD),
    ("REPRESENTATIVE_END", REPRESENTATIVE_END),
    ("REPRESENTATIVES", REPRESENTATIVES),
];
