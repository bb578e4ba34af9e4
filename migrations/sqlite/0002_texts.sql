-- Text messages. Instants are Unix milliseconds.

-- The number that a text came from: how many came from it lately is asked for every text.
ALTER TABLE arrival ADD COLUMN sender_key TEXT;
CREATE INDEX arrival_sender ON arrival (sender_key, recorded_at) WHERE sender_key IS NOT NULL;

-- A telephone that several people write from, as a person has found out.
ALTER TABLE enquirer_address ADD COLUMN shared BOOLEAN NOT NULL DEFAULT FALSE;

-- Parts of longer texts. Those that are filed stay a while, so that a part that is delivered again is recognised.
CREATE TABLE text_part (
    id           INTEGER NOT NULL PRIMARY KEY,
    account      TEXT    NOT NULL,
    external_id  TEXT    NOT NULL,
    sender       TEXT    NOT NULL,
    recipient    TEXT    NOT NULL,
    reference    TEXT    NOT NULL,
    total        BIGINT  NOT NULL,
    number       BIGINT  NOT NULL,
    form         TEXT    NOT NULL CHECK (form IN ('text', 'utf16', 'binary')),
    body         BLOB    NOT NULL,
    raw          BLOB    NOT NULL,
    sent_at      BIGINT,
    recorded_at  BIGINT  NOT NULL,
    filed_at     BIGINT,
    UNIQUE (account, external_id)
);
CREATE INDEX text_part_waiting ON text_part (recorded_at) WHERE filed_at IS NULL;
CREATE INDEX text_part_filed ON text_part (filed_at) WHERE filed_at IS NOT NULL;

-- Who wants no automatic texts.
CREATE TABLE text_opt_out (
    account      TEXT    NOT NULL,
    address_key  TEXT    NOT NULL,
    since        BIGINT  NOT NULL,
    PRIMARY KEY (account, address_key)
);

-- Whose texts came too quickly for a person, and get no automatic answer for a time.
CREATE TABLE text_pause (
    account      TEXT    NOT NULL,
    address_key  TEXT    NOT NULL,
    until        BIGINT  NOT NULL,
    PRIMARY KEY (account, address_key)
);

-- The outbox learns texts: a reply's words, the number that a text goes out from, what it costs, and what its gateway
-- says of it. SQLite changes no CHECK in place, so the table is made anew.
CREATE TABLE outbox_with_texts (
    id                INTEGER NOT NULL PRIMARY KEY,
    unique_key        TEXT    NOT NULL UNIQUE,
    kind              TEXT    NOT NULL CHECK (kind IN ('acknowledgement', 'opt_out', 'reply')),
    enquiry_id        BIGINT  NOT NULL REFERENCES enquiry (id),
    channel           TEXT    NOT NULL CHECK (channel IN ('email', 'sms', 'web', 'call', 'meeting')),
    account           TEXT    NOT NULL,
    sender            TEXT,
    recipient_key     TEXT    NOT NULL,
    recipient         TEXT    NOT NULL,
    language          TEXT    NOT NULL,
    promise           TEXT,
    body              TEXT,
    reference         TEXT    NOT NULL,
    message_id        TEXT    NOT NULL,
    in_reply_to       TEXT,
    refers_to         TEXT    NOT NULL,
    reason            TEXT    NOT NULL,
    state             TEXT    NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'failed', 'unknown', 'suppressed')),
    segments          BIGINT  NOT NULL DEFAULT 0,
    created_at        BIGINT  NOT NULL,
    due_at            BIGINT  NOT NULL,
    claimed_by        TEXT,
    attempts          BIGINT  NOT NULL DEFAULT 0,
    last_error        TEXT,
    sent_at           BIGINT,
    sent_text         TEXT,
    text_version      TEXT,
    provider_id       TEXT,
    delivery          TEXT    CHECK (delivery IN ('unknown', 'pending', 'failed', 'delivered')),
    delivery_detail   TEXT,
    delivery_at       BIGINT,
    bounced_at        BIGINT,
    bounce_status     TEXT
);
INSERT INTO outbox_with_texts (id, unique_key, kind, enquiry_id, channel, account, recipient_key, recipient, language,
                               promise, reference, message_id, in_reply_to, refers_to, reason, state, created_at,
                               due_at, claimed_by, attempts, last_error, sent_at, sent_text, text_version, bounced_at,
                               bounce_status)
    SELECT id, unique_key, kind, enquiry_id, channel, account, recipient_key, recipient, language, promise, reference,
           message_id, in_reply_to, refers_to, reason, state, created_at, due_at, claimed_by, attempts, last_error,
           sent_at, sent_text, text_version, bounced_at, bounce_status
    FROM outbox;
DROP TABLE outbox;
ALTER TABLE outbox_with_texts RENAME TO outbox;
CREATE INDEX outbox_due ON outbox (due_at) WHERE state IN ('queued', 'sending');
CREATE INDEX outbox_recipient ON outbox (recipient_key, created_at);
CREATE INDEX outbox_created ON outbox (created_at);
CREATE INDEX outbox_message_id ON outbox (message_id);
CREATE INDEX outbox_enquiry ON outbox (enquiry_id);
CREATE INDEX outbox_provider ON outbox (account, provider_id) WHERE provider_id IS NOT NULL;

-- What gateways report of our texts, in the order in which it came. A report can come before the gateway's answer to
-- the text that it is about; `outbox_id` is then filled in later.
CREATE TABLE delivery_report (
    id           INTEGER NOT NULL PRIMARY KEY,
    account      TEXT    NOT NULL,
    about_kind   TEXT    NOT NULL CHECK (about_kind IN ('token', 'provider')),
    about        TEXT    NOT NULL,
    status       TEXT    NOT NULL CHECK (status IN ('unknown', 'pending', 'failed', 'delivered')),
    detail       TEXT    NOT NULL,
    received_at  BIGINT  NOT NULL,
    outbox_id    BIGINT  REFERENCES outbox (id),
    UNIQUE (account, about_kind, about, status, detail)
);
CREATE INDEX delivery_report_outbox ON delivery_report (outbox_id);
