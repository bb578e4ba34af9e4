-- What arrived, what became of it, and what is to go out. Instants are Unix milliseconds; dates are ISO 8601 text.

-- Every letter as it came, once, by the SHA-256 of its bytes. Never altered, only removed by retention.
CREATE TABLE raw_message (
    hash     BLOB    NOT NULL PRIMARY KEY,
    size     BIGINT  NOT NULL,
    bytes    BLOB    NOT NULL,
    kept_at  BIGINT  NOT NULL
);

-- The ledger's receipts: one row a message that reached us. What it became is in `message`.
CREATE TABLE arrival (
    id           INTEGER NOT NULL PRIMARY KEY,
    account      TEXT    NOT NULL,
    external_id  TEXT    NOT NULL,
    channel      TEXT    NOT NULL CHECK (channel IN ('email', 'sms', 'web', 'call', 'meeting')),
    raw_hash     BLOB    NOT NULL REFERENCES raw_message (hash),
    fingerprint  BLOB    NOT NULL,
    received_at  BIGINT  NOT NULL,
    recorded_at  BIGINT  NOT NULL,
    UNIQUE (account, external_id)
);
CREATE INDEX arrival_raw_hash ON arrival (raw_hash);
CREATE INDEX arrival_fingerprint ON arrival (fingerprint);

-- How far each mailbox folder has been read.
CREATE TABLE mailbox_cursor (
    account       TEXT    NOT NULL,
    folder        TEXT    NOT NULL,
    uid_validity  BIGINT  NOT NULL,
    last_uid      BIGINT  NOT NULL,
    updated_at    BIGINT  NOT NULL,
    PRIMARY KEY (account, folder)
);

-- Who writes: a citizen or a company.
CREATE TABLE enquirer (
    id          INTEGER NOT NULL PRIMARY KEY,
    kind        TEXT    CHECK (kind IN ('citizen', 'company')),
    name        TEXT,
    created_at  BIGINT  NOT NULL
);

CREATE TABLE enquirer_address (
    id                    INTEGER NOT NULL PRIMARY KEY,
    enquirer_id           BIGINT  NOT NULL REFERENCES enquirer (id),
    kind                  TEXT    NOT NULL CHECK (kind IN ('email', 'phone')),
    address_key           TEXT    NOT NULL,
    address               TEXT    NOT NULL,
    undeliverable_since   BIGINT,
    undeliverable_status  TEXT,
    UNIQUE (kind, address_key)
);
CREATE INDEX enquirer_address_enquirer ON enquirer_address (enquirer_id);

-- Area, type and case are the adviser's to set (S6, S7, S13), so they start empty.
CREATE TABLE enquiry (
    id                   INTEGER NOT NULL PRIMARY KEY,
    reference            TEXT    NOT NULL UNIQUE,
    enquirer_id          BIGINT  NOT NULL REFERENCES enquirer (id),
    intake_channel       TEXT    NOT NULL CHECK (intake_channel IN ('email', 'sms', 'web', 'call', 'meeting')),
    intake_account       TEXT    NOT NULL,
    started_by           BIGINT  NOT NULL UNIQUE REFERENCES arrival (id),
    language             TEXT    NOT NULL,
    state                TEXT    NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'in_progress', 'waiting', 'closed')),
    kind                 TEXT    CHECK (kind IN ('delimited', 'open_ended')),
    area                 TEXT,
    first_contact_at     BIGINT  NOT NULL,
    promised_reply_date  TEXT    NOT NULL,
    after_closing        BOOLEAN NOT NULL DEFAULT FALSE,
    closed_at            BIGINT
);
CREATE INDEX enquiry_enquirer ON enquiry (enquirer_id);

-- What each arrival became: exactly one row, with the one disposition and its reason.
CREATE TABLE message (
    id              INTEGER NOT NULL PRIMARY KEY,
    arrival_id      BIGINT  NOT NULL UNIQUE REFERENCES arrival (id),
    disposition     TEXT    NOT NULL CHECK (disposition IN
                        ('enquiry', 'follow_up', 'automatic', 'bounce', 'duplicate', 'blocked', 'hold')),
    reason          TEXT    NOT NULL,
    acknowledgement TEXT    NOT NULL,
    enquiry_id      BIGINT  REFERENCES enquiry (id),
    duplicate_of    BIGINT  REFERENCES arrival (id),
    offers          TEXT    NOT NULL,
    subject         TEXT    NOT NULL,
    text            TEXT    NOT NULL,
    details         TEXT    NOT NULL
);
CREATE INDEX message_enquiry ON message (enquiry_id);
CREATE INDEX message_disposition ON message (disposition);

-- Which Message-ID, the citizen's or our own, belongs to which enquiry.
CREATE TABLE thread_message (
    message_id  TEXT    NOT NULL,
    enquiry_id  BIGINT  NOT NULL REFERENCES enquiry (id),
    ours        BOOLEAN NOT NULL,
    PRIMARY KEY (message_id, enquiry_id)
);

-- A recorded, time-limited decision not to take a sender's messages in (R25).
CREATE TABLE sender_block (
    id           INTEGER NOT NULL PRIMARY KEY,
    address_key  TEXT    NOT NULL,
    reason       TEXT    NOT NULL,
    until        BIGINT  NOT NULL
);
CREATE INDEX sender_block_address ON sender_block (address_key);

-- What is to go out. `unique_key` lets one enquiry have one acknowledgement, whatever happens.
CREATE TABLE outbox (
    id                INTEGER NOT NULL PRIMARY KEY,
    unique_key        TEXT    NOT NULL UNIQUE,
    kind              TEXT    NOT NULL CHECK (kind IN ('acknowledgement')),
    enquiry_id        BIGINT  NOT NULL REFERENCES enquiry (id),
    channel           TEXT    NOT NULL CHECK (channel IN ('email', 'sms', 'web', 'call', 'meeting')),
    account           TEXT    NOT NULL,
    recipient_key     TEXT    NOT NULL,
    recipient         TEXT    NOT NULL,
    language          TEXT    NOT NULL,
    promise           TEXT    NOT NULL,
    reference         TEXT    NOT NULL,
    message_id        TEXT    NOT NULL,
    in_reply_to       TEXT,
    refers_to         TEXT    NOT NULL,
    reason            TEXT    NOT NULL,
    state             TEXT    NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'failed', 'suppressed')),
    created_at        BIGINT  NOT NULL,
    due_at            BIGINT  NOT NULL,
    claimed_by        TEXT,
    attempts          BIGINT  NOT NULL DEFAULT 0,
    last_error        TEXT,
    sent_at           BIGINT,
    sent_text         TEXT,
    text_version      TEXT,
    bounced_at        BIGINT,
    bounce_status     TEXT
);
CREATE INDEX outbox_due ON outbox (due_at) WHERE state IN ('queued', 'sending');
CREATE INDEX outbox_recipient ON outbox (recipient_key, created_at);
CREATE INDEX outbox_created ON outbox (created_at);
CREATE INDEX outbox_message_id ON outbox (message_id);
CREATE INDEX outbox_enquiry ON outbox (enquiry_id);

-- Which node does a piece of work that only one may do at a time (reading one mailbox).
CREATE TABLE lease (
    name    TEXT    NOT NULL PRIMARY KEY,
    holder  TEXT    NOT NULL,
    until   BIGINT  NOT NULL
);
