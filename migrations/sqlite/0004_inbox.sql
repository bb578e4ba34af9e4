-- The shared inbox: who signs in, what they did, and what the adviser makes of an enquiry. Instants are Unix milliseconds;
-- dates are ISO 8601 text; secrets are kept as hashes.

-- Who may sign in. Nobody is ever deleted: the log names them.
CREATE TABLE account (
    id             INTEGER NOT NULL PRIMARY KEY,
    login          TEXT    NOT NULL UNIQUE,
    name           TEXT    NOT NULL,
    role           TEXT    NOT NULL CHECK (role IN ('adviser', 'substitute', 'operator')),
    language       TEXT    NOT NULL DEFAULT 'da',
    single_keys    BOOLEAN NOT NULL DEFAULT TRUE,
    password_hash  TEXT,
    totp_secret    BLOB,
    totp_step      BIGINT,
    recovery       TEXT,
    subject        TEXT    UNIQUE,
    from_at        BIGINT,
    until_at       BIGINT,
    made_at        BIGINT  NOT NULL,
    ended_at       BIGINT
);

-- A link that signs somebody in once, by the SHA-256 of what stands in it.
CREATE TABLE sign_in_link (
    token_hash  BLOB    NOT NULL PRIMARY KEY,
    account_id  BIGINT  NOT NULL REFERENCES account (id),
    expires_at  BIGINT  NOT NULL,
    used_at     BIGINT
);

-- A passkey, as the library writes it.
CREATE TABLE passkey (
    id          INTEGER NOT NULL PRIMARY KEY,
    account_id  BIGINT  NOT NULL REFERENCES account (id),
    label       TEXT    NOT NULL,
    credential  TEXT    NOT NULL,
    made_at     BIGINT  NOT NULL,
    used_at     BIGINT
);
CREATE INDEX passkey_account ON passkey (account_id);

-- Something that was begun in a browser and is ended in a later request: a sign-in with a second step, a passkey, a
-- sign-on at the municipality's own provider.
CREATE TABLE sign_in_step (
    token_hash  BLOB    NOT NULL PRIMARY KEY,
    kind        TEXT    NOT NULL CHECK (kind IN ('second', 'passkey', 'passkey_make', 'oidc', 'totp_make')),
    account_id  BIGINT  REFERENCES account (id),
    state       TEXT    NOT NULL,
    failures    BIGINT  NOT NULL DEFAULT 0,
    expires_at  BIGINT  NOT NULL
);

-- Wrong passwords, by the login that was typed.
CREATE TABLE sign_in_failure (
    login         TEXT    NOT NULL PRIMARY KEY,
    failures      BIGINT  NOT NULL,
    last_at       BIGINT  NOT NULL,
    closed_until  BIGINT
);

-- Somebody who is signed in, by the SHA-256 of what the browser was given.
CREATE TABLE session (
    id          INTEGER NOT NULL PRIMARY KEY,
    token_hash  BLOB    NOT NULL UNIQUE,
    account_id  BIGINT  NOT NULL REFERENCES account (id),
    made_at     BIGINT  NOT NULL,
    seen_at     BIGINT  NOT NULL,
    expires_at  BIGINT  NOT NULL,
    browser     TEXT    NOT NULL
);
CREATE INDEX session_account ON session (account_id);
CREATE INDEX session_expires ON session (expires_at);

-- Each reading and each change, in order, each with the hash of the one before it. Never altered.
CREATE TABLE log_entry (
    seq         BIGINT  NOT NULL PRIMARY KEY,
    at          BIGINT  NOT NULL,
    account_id  BIGINT,
    act         TEXT    NOT NULL,
    enquiry_id  BIGINT,
    detail      TEXT    NOT NULL,
    hash        BLOB    NOT NULL
);
CREATE TRIGGER log_entry_stays BEFORE UPDATE ON log_entry BEGIN SELECT RAISE(ABORT, 'the log is only added to'); END;
CREATE TRIGGER log_entry_kept BEFORE DELETE ON log_entry BEGIN SELECT RAISE(ABORT, 'the log is only added to'); END;
CREATE INDEX log_entry_enquiry ON log_entry (enquiry_id, seq) WHERE enquiry_id IS NOT NULL;

-- The enquiry as the adviser works with it. What starts one may be a letter, or the adviser's own entry, or a part that
-- was split off; SQLite changes no column in place, so the table is made anew. `conversation_id` is the enquiry whose
-- messages this one shares: NULL for its own. `priority` is 0 for what goes before others of its day.
PRAGMA defer_foreign_keys = ON;
CREATE TABLE enquiry_before AS SELECT * FROM enquiry;
DROP TABLE enquiry;
CREATE TABLE enquiry (
    id                    INTEGER NOT NULL PRIMARY KEY,
    reference             TEXT    NOT NULL UNIQUE,
    enquirer_id           BIGINT  NOT NULL REFERENCES enquirer (id),
    intake_channel        TEXT    NOT NULL CHECK (intake_channel IN ('email', 'sms', 'web', 'call', 'meeting')),
    intake_account        TEXT    NOT NULL,
    started_by            BIGINT  UNIQUE REFERENCES arrival (id),
    language              TEXT    NOT NULL,
    state                 TEXT    NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'in_progress', 'waiting', 'closed')),
    kind                  TEXT    CHECK (kind IN ('delimited', 'open_ended')),
    area_id               BIGINT,
    first_contact_at      BIGINT  NOT NULL,
    promised_reply_date   TEXT    NOT NULL,
    after_closing         BOOLEAN NOT NULL DEFAULT FALSE,
    closed_at             BIGINT,
    conversation_id       BIGINT  REFERENCES enquiry (id),
    part                  BIGINT  NOT NULL DEFAULT 0,
    joined_into           BIGINT  REFERENCES enquiry (id),
    purpose               TEXT    NOT NULL DEFAULT 'enquiry' CHECK (purpose IN ('enquiry', 'sparring', 'spam')),
    title                 TEXT    NOT NULL DEFAULT '',
    snippet               TEXT    NOT NULL DEFAULT '',
    priority              BIGINT  NOT NULL DEFAULT 1,
    primary_contact_form  TEXT    CHECK (primary_contact_form IN ('email', 'sms', 'web', 'call', 'meeting')),
    waits_for             TEXT    CHECK (waits_for IN ('citizen', 'administration')),
    reply_due             TEXT,
    appeal_deadline       TEXT,
    remind_on             TEXT,
    due_on                TEXT    NOT NULL,
    assigned_to           BIGINT  REFERENCES account (id),
    case_at               BIGINT,
    aligned_at            BIGINT,
    answered_at           BIGINT,
    reminders             BIGINT  NOT NULL DEFAULT 0,
    last_in_at            BIGINT  NOT NULL,
    unread                BOOLEAN NOT NULL DEFAULT TRUE,
    version               BIGINT  NOT NULL DEFAULT 0
);
INSERT INTO enquiry (id, reference, enquirer_id, intake_channel, intake_account, started_by, language, state, kind,
                     first_contact_at, promised_reply_date, after_closing, closed_at, title, snippet, reply_due, due_on,
                     last_in_at)
    SELECT b.id, b.reference, b.enquirer_id, b.intake_channel, b.intake_account, b.started_by, b.language, b.state, b.kind,
           b.first_contact_at, b.promised_reply_date, b.after_closing, b.closed_at,
           COALESCE((SELECT m.subject FROM message m WHERE m.arrival_id = b.started_by), ''),
           COALESCE((SELECT SUBSTR(m.text, 1, 200) FROM message m WHERE m.arrival_id = b.started_by), ''),
           b.promised_reply_date, b.promised_reply_date, b.first_contact_at
    FROM enquiry_before b;
DROP TABLE enquiry_before;
CREATE INDEX enquiry_enquirer ON enquiry (enquirer_id);
CREATE INDEX enquiry_conversation ON enquiry (conversation_id) WHERE conversation_id IS NOT NULL;
CREATE INDEX enquiry_work ON enquiry (due_on, priority, id) WHERE state <> 'closed';
CREATE INDEX enquiry_state ON enquiry (state, due_on, id) WHERE state <> 'closed';
CREATE INDEX enquiry_last ON enquiry (last_in_at, id);
CREATE INDEX enquiry_began ON enquiry (first_contact_at);
CREATE INDEX enquiry_area ON enquiry (area_id, last_in_at, id);
CREATE INDEX message_aside ON message (arrival_id) WHERE enquiry_id IS NULL;
CREATE INDEX enquiry_filter ON enquiry (area_id, intake_channel, kind, last_in_at, id);
CREATE INDEX enquiry_channel ON enquiry (intake_channel, last_in_at, id);
CREATE INDEX enquiry_kind ON enquiry (kind, last_in_at, id);
CREATE INDEX enquiry_purpose ON enquiry (purpose, last_in_at, id) WHERE purpose <> 'enquiry';

-- Each closing, and the reopening after it (S3): both stay.
CREATE TABLE closing (
    id            INTEGER NOT NULL PRIMARY KEY,
    enquiry_id    BIGINT  NOT NULL REFERENCES enquiry (id),
    at            BIGINT  NOT NULL,
    account_id    BIGINT  NOT NULL REFERENCES account (id),
    welcome_back  TEXT    NOT NULL CHECK (welcome_back IN ('written', 'said', 'none')),
    reopened_at   BIGINT
);
CREATE INDEX closing_enquiry ON closing (enquiry_id);

-- What an enquiry took of the adviser's tasks (§ 5 of the statutes, S22), and its themes.
CREATE TABLE enquiry_task (
    enquiry_id  BIGINT  NOT NULL REFERENCES enquiry (id),
    task        TEXT    NOT NULL,
    PRIMARY KEY (enquiry_id, task)
);
CREATE TABLE enquiry_theme (
    enquiry_id  BIGINT  NOT NULL REFERENCES enquiry (id),
    theme       TEXT    NOT NULL,
    PRIMARY KEY (enquiry_id, theme)
);

-- What the adviser writes down for herself: notes, calls, meetings, visits, expectation alignment (S16). `at` is when it
-- happened or will.
CREATE TABLE note (
    id            INTEGER NOT NULL PRIMARY KEY,
    enquiry_id    BIGINT  NOT NULL REFERENCES enquiry (id),
    kind          TEXT    NOT NULL CHECK (kind IN ('note', 'call', 'meeting', 'visit', 'alignment', 'referral')),
    at            BIGINT  NOT NULL,
    minutes       BIGINT,
    place         TEXT,
    participants  TEXT,
    body          TEXT    NOT NULL,
    account_id    BIGINT  NOT NULL REFERENCES account (id),
    made_at       BIGINT  NOT NULL,
    removed_at    BIGINT
);
CREATE INDEX note_enquiry ON note (enquiry_id);

-- A change of an enquiry, with what it was before: what is undone by, and what its history is. Changes of one act share
-- a number.
CREATE TABLE change (
    id          INTEGER NOT NULL PRIMARY KEY,
    act_id      TEXT    NOT NULL,
    enquiry_id  BIGINT  NOT NULL REFERENCES enquiry (id),
    account_id  BIGINT  NOT NULL REFERENCES account (id),
    at          BIGINT  NOT NULL,
    what        TEXT    NOT NULL,
    before      TEXT    NOT NULL,
    after       TEXT    NOT NULL,
    undone_at   BIGINT
);
CREATE INDEX change_enquiry ON change (enquiry_id);
CREATE INDEX change_act ON change (act_id);

-- What somebody has begun to write on an enquiry, saved as they type.
CREATE TABLE draft (
    account_id  BIGINT  NOT NULL REFERENCES account (id),
    enquiry_id  BIGINT  NOT NULL REFERENCES enquiry (id),
    kind        TEXT    NOT NULL CHECK (kind IN ('reply', 'note')),
    via         TEXT    NOT NULL,
    body        TEXT    NOT NULL,
    saved_at    BIGINT  NOT NULL,
    PRIMARY KEY (account_id, enquiry_id, kind)
);
CREATE INDEX draft_enquiry ON draft (enquiry_id);

-- Files that wait in a draft, and those that went out with a reply.
CREATE TABLE draft_file (
    id          INTEGER NOT NULL PRIMARY KEY,
    account_id  BIGINT  NOT NULL REFERENCES account (id),
    enquiry_id  BIGINT  NOT NULL REFERENCES enquiry (id),
    outbox_id   BIGINT  REFERENCES outbox (id),
    name        TEXT    NOT NULL,
    media_type  TEXT    NOT NULL,
    size        BIGINT  NOT NULL,
    bytes       BLOB    NOT NULL
);
CREATE INDEX draft_file_draft ON draft_file (enquiry_id, account_id);
CREATE INDEX draft_file_outbox ON draft_file (outbox_id) WHERE outbox_id IS NOT NULL;

-- Who has an enquiry open just now.
CREATE TABLE presence (
    enquiry_id  BIGINT  NOT NULL REFERENCES enquiry (id),
    account_id  BIGINT  NOT NULL REFERENCES account (id),
    seen_at     BIGINT  NOT NULL,
    read_at     BIGINT,
    PRIMARY KEY (enquiry_id, account_id)
);

-- Old enquiries that a substitute may see besides the new ones.
CREATE TABLE access_grant (
    enquiry_id  BIGINT  NOT NULL REFERENCES enquiry (id),
    account_id  BIGINT  NOT NULL REFERENCES account (id),
    given_by    BIGINT  NOT NULL REFERENCES account (id),
    given_at    BIGINT  NOT NULL,
    PRIMARY KEY (enquiry_id, account_id)
);
CREATE INDEX access_grant_account ON access_grant (account_id);

-- Views of somebody's own.
CREATE TABLE saved_view (
    id          INTEGER NOT NULL PRIMARY KEY,
    account_id  BIGINT  NOT NULL REFERENCES account (id),
    name        TEXT    NOT NULL,
    query       TEXT    NOT NULL
);
CREATE INDEX saved_view_account ON saved_view (account_id);

-- What somebody looks for, for a day: a name must not stand in an address.
CREATE TABLE question (
    token       TEXT    NOT NULL PRIMARY KEY,
    account_id  BIGINT  NOT NULL REFERENCES account (id),
    words       TEXT    NOT NULL,
    at          BIGINT  NOT NULL
);

-- Texts that are written again and again.
CREATE TABLE standard_text (
    id        INTEGER NOT NULL PRIMARY KEY,
    title     TEXT    NOT NULL,
    language  TEXT    NOT NULL,
    body      TEXT    NOT NULL,
    made_at   BIGINT  NOT NULL
);

-- Somebody who acts for an enquirer (partsrepræsentant), for one enquiry.
CREATE TABLE representative (
    id             INTEGER NOT NULL PRIMARY KEY,
    enquiry_id     BIGINT  NOT NULL REFERENCES enquiry (id),
    name           TEXT    NOT NULL,
    address        TEXT    NOT NULL,
    power_seen_at  BIGINT,
    ended_at       BIGINT
);
CREATE INDEX representative_enquiry ON representative (enquiry_id);

-- Two enquirers that were found to be one person, with what was moved: it can be undone.
CREATE TABLE enquirer_merge (
    id          INTEGER NOT NULL PRIMARY KEY,
    kept        BIGINT  NOT NULL REFERENCES enquirer (id),
    merged      BIGINT  NOT NULL REFERENCES enquirer (id),
    moved       TEXT    NOT NULL,
    account_id  BIGINT  NOT NULL REFERENCES account (id),
    at          BIGINT  NOT NULL,
    undone_at   BIGINT
);
CREATE INDEX enquirer_merge_kept ON enquirer_merge (kept);

-- Consent says what it covers, and who wrote it down.
ALTER TABLE contact_consent ADD COLUMN scope TEXT NOT NULL DEFAULT '';
ALTER TABLE contact_consent ADD COLUMN account_id BIGINT REFERENCES account (id);
ALTER TABLE contact_consent ADD COLUMN withdrawn_how TEXT;
ALTER TABLE promise_change ADD COLUMN waits_for TEXT NOT NULL DEFAULT '';
ALTER TABLE promise_change ADD COLUMN account_id BIGINT REFERENCES account (id);
ALTER TABLE sender_block ADD COLUMN account_id BIGINT REFERENCES account (id);
ALTER TABLE sender_block ADD COLUMN made_at BIGINT;

-- What a letter of the adviser's is for, its own subject, and who wrote it.
ALTER TABLE outbox ADD COLUMN occasion TEXT NOT NULL DEFAULT 'answer' CHECK (occasion IN
    ('answer', 'closing', 'delay', 'ask', 'forwarded', 'forward', 'align'));
ALTER TABLE outbox ADD COLUMN subject TEXT;
ALTER TABLE outbox ADD COLUMN account_id BIGINT REFERENCES account (id);
-- The act that it was sent by, so that it can be taken back as long as it waits; and when somebody saw that it never arrived.
ALTER TABLE outbox ADD COLUMN act_id TEXT;
ALTER TABLE outbox ADD COLUMN settled_at BIGINT;
CREATE INDEX outbox_trouble ON outbox (enquiry_id) WHERE kind = 'reply' AND settled_at IS NULL
    AND (state IN ('failed', 'unknown') OR bounced_at IS NOT NULL OR delivery = 'failed');

-- What can be searched: one row for each message, reply, note and enquirer.
CREATE TABLE search_document (
    id          INTEGER NOT NULL PRIMARY KEY,
    source      TEXT    NOT NULL CHECK (source IN ('message', 'reply', 'note', 'enquiry')),
    source_id   BIGINT  NOT NULL,
    enquiry_id  BIGINT  NOT NULL,
    UNIQUE (source, source_id)
);
CREATE INDEX search_document_enquiry ON search_document (enquiry_id);
CREATE VIRTUAL TABLE search_words USING fts5 (
    words, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 0', prefix = '2 3 4', detail = 'none'
);
-- What waits to be made searchable.
CREATE TABLE search_waiting (
    id         INTEGER NOT NULL PRIMARY KEY,
    source     TEXT    NOT NULL,
    source_id  BIGINT  NOT NULL
);
CREATE TRIGGER search_message_new AFTER INSERT ON message WHEN NEW.enquiry_id IS NOT NULL
    BEGIN INSERT INTO search_waiting (source, source_id) VALUES ('message', NEW.id); END;
CREATE TRIGGER search_message_moved AFTER UPDATE OF enquiry_id ON message WHEN NEW.enquiry_id IS NOT NULL
    BEGIN INSERT INTO search_waiting (source, source_id) VALUES ('message', NEW.id); END;
CREATE TRIGGER search_reply_new AFTER INSERT ON outbox WHEN NEW.kind = 'reply'
    BEGIN INSERT INTO search_waiting (source, source_id) VALUES ('reply', NEW.id); END;
CREATE TRIGGER search_note_new AFTER INSERT ON note
    BEGIN INSERT INTO search_waiting (source, source_id) VALUES ('note', NEW.id); END;
CREATE TRIGGER search_note_changed AFTER UPDATE ON note
    BEGIN INSERT INTO search_waiting (source, source_id) VALUES ('note', NEW.id); END;
CREATE TRIGGER search_enquiry_new AFTER INSERT ON enquiry
    BEGIN INSERT INTO search_waiting (source, source_id) VALUES ('enquiry', NEW.id); END;
CREATE TRIGGER search_enquiry_changed AFTER UPDATE OF title, enquirer_id ON enquiry
    BEGIN INSERT INTO search_waiting (source, source_id) VALUES ('enquiry', NEW.id); END;
INSERT INTO search_waiting (source, source_id) SELECT 'message', id FROM message WHERE enquiry_id IS NOT NULL;
INSERT INTO search_waiting (source, source_id) SELECT 'reply', id FROM outbox WHERE kind = 'reply';
INSERT INTO search_waiting (source, source_id) SELECT 'enquiry', id FROM enquiry;

-- Programs of the municipality's that may read or write a limited part.
CREATE TABLE api_token (
    id          INTEGER NOT NULL PRIMARY KEY,
    name        TEXT    NOT NULL,
    token_hash  BLOB    NOT NULL UNIQUE,
    rights      TEXT    NOT NULL,
    account_id  BIGINT  NOT NULL REFERENCES account (id),
    made_at     BIGINT  NOT NULL,
    expires_at  BIGINT  NOT NULL,
    used_at     BIGINT,
    revoked_at  BIGINT
);

-- Whom is told that something happened, and what waits to be told. Never what it was about.
CREATE TABLE webhook (
    id          INTEGER NOT NULL PRIMARY KEY,
    url         TEXT    NOT NULL,
    secret      BLOB    NOT NULL,
    made_at     BIGINT  NOT NULL,
    ended_at    BIGINT
);
CREATE TABLE webhook_call (
    id          INTEGER NOT NULL PRIMARY KEY,
    webhook_id  BIGINT  NOT NULL REFERENCES webhook (id),
    event       TEXT    NOT NULL,
    body        TEXT    NOT NULL,
    due_at      BIGINT  NOT NULL,
    attempts    BIGINT  NOT NULL DEFAULT 0,
    done_at     BIGINT,
    last_error  TEXT
);
CREATE INDEX webhook_call_due ON webhook_call (due_at) WHERE done_at IS NULL;
