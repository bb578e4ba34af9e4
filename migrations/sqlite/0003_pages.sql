-- The web form, and the private page of an enquiry. Instants are Unix milliseconds; secrets are kept as hashes.

-- Addresses that somebody gave for one enquiry alone. Nothing proves that they are theirs, so they lead to no other.
CREATE TABLE enquiry_contact (
    enquiry_id   BIGINT  NOT NULL REFERENCES enquiry (id),
    kind         TEXT    NOT NULL CHECK (kind IN ('email', 'phone')),
    address_key  TEXT    NOT NULL,
    address      TEXT    NOT NULL,
    shared       BOOLEAN NOT NULL DEFAULT FALSE,
    undeliverable_since  BIGINT,
    PRIMARY KEY (enquiry_id, kind, address_key)
);
CREATE INDEX enquiry_contact_address ON enquiry_contact (kind, address_key);

-- What all nodes must know and nobody else: drawn once, by whoever comes first.
CREATE TABLE server_secret (
    name   TEXT    NOT NULL PRIMARY KEY,
    value  BLOB    NOT NULL
);

-- Files of a form that is not sent yet: kept so that no error costs a citizen a second upload.
CREATE TABLE form_file (
    id          INTEGER NOT NULL PRIMARY KEY,
    form        BLOB    NOT NULL,
    name        TEXT    NOT NULL,
    media_type  TEXT    NOT NULL,
    scan        TEXT    NOT NULL,
    size        BIGINT  NOT NULL,
    bytes       BLOB    NOT NULL,
    kept_at     BIGINT  NOT NULL
);
CREATE INDEX form_file_form ON form_file (form);
CREATE INDEX form_file_kept ON form_file (kept_at);

-- The word that a citizen chose on the form, as argon2id writes it.
CREATE TABLE private_word (
    enquiry_id  BIGINT  NOT NULL PRIMARY KEY REFERENCES enquiry (id),
    hash        TEXT    NOT NULL
);

-- A link to the private page of one enquiry, by the SHA-256 of what stands in it.
CREATE TABLE private_link (
    id          INTEGER NOT NULL PRIMARY KEY,
    enquiry_id  BIGINT  NOT NULL REFERENCES enquiry (id),
    token_hash  BLOB    NOT NULL UNIQUE,
    given_by    TEXT    NOT NULL CHECK (given_by IN ('receipt', 'reply')),
    made_at     BIGINT  NOT NULL,
    expires_at  BIGINT  NOT NULL,
    revoked_at  BIGINT,
    failures    BIGINT  NOT NULL DEFAULT 0,
    closed_until BIGINT
);
CREATE INDEX private_link_enquiry ON private_link (enquiry_id);

-- A code that was sent to an address on file, by its SHA-256 with the link's token; one at a time for each link.
CREATE TABLE private_code (
    link_id     BIGINT  NOT NULL PRIMARY KEY REFERENCES private_link (id),
    code_hash   BLOB    NOT NULL,
    sent_at     BIGINT  NOT NULL,
    expires_at  BIGINT  NOT NULL,
    sent_today  BIGINT  NOT NULL,
    day         BIGINT  NOT NULL
);

-- A private page that is open, by the SHA-256 of what the browser was given.
CREATE TABLE private_session (
    token_hash  BLOB    NOT NULL PRIMARY KEY,
    link_id     BIGINT  NOT NULL REFERENCES private_link (id),
    opened_at   BIGINT  NOT NULL,
    seen_at     BIGINT  NOT NULL,
    expires_at  BIGINT  NOT NULL
);
CREATE INDEX private_session_expires ON private_session (expires_at);

-- What happened with a private page: every opening, every wrong word. Never altered.
CREATE TABLE private_event (
    id          INTEGER NOT NULL PRIMARY KEY,
    enquiry_id  BIGINT  NOT NULL REFERENCES enquiry (id),
    link_id     BIGINT  NOT NULL REFERENCES private_link (id),
    at          BIGINT  NOT NULL,
    what        TEXT    NOT NULL CHECK (what IN ('made', 'code_sent', 'opened', 'refused', 'closed', 'revoked', 'left'))
);
CREATE INDEX private_event_enquiry ON private_event (enquiry_id);

-- Whether the adviser may contact an area of the administration about an enquiry (S17). One row each time it is given.
CREATE TABLE contact_consent (
    id            INTEGER NOT NULL PRIMARY KEY,
    enquiry_id    BIGINT  NOT NULL REFERENCES enquiry (id),
    area_id       BIGINT  NOT NULL,
    given_at      BIGINT  NOT NULL,
    how           TEXT    NOT NULL CHECK (how IN ('page', 'said', 'written')),
    withdrawn_at  BIGINT
);
CREATE INDEX contact_consent_enquiry ON contact_consent (enquiry_id);

-- Each change of a promised date. The date in force stands on the enquiry.
CREATE TABLE promise_change (
    id          INTEGER NOT NULL PRIMARY KEY,
    enquiry_id  BIGINT  NOT NULL REFERENCES enquiry (id),
    at          BIGINT  NOT NULL,
    old         TEXT    NOT NULL,
    new         TEXT    NOT NULL,
    reason      TEXT    NOT NULL
);
CREATE INDEX promise_change_enquiry ON promise_change (enquiry_id);

-- The outbox learns to say that there is news on a private page, and to send a code for one. SQLite changes no CHECK in
-- place, so the table is made anew, and with it the one that refers to it.
CREATE TABLE outbox_with_pages (
    id                INTEGER NOT NULL PRIMARY KEY,
    unique_key        TEXT    NOT NULL UNIQUE,
    kind              TEXT    NOT NULL CHECK (kind IN ('acknowledgement', 'opt_out', 'reply', 'news', 'code')),
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
INSERT INTO outbox_with_pages (id, unique_key, kind, enquiry_id, channel, account, sender, recipient_key, recipient,
                               language, promise, body, reference, message_id, in_reply_to, refers_to, reason, state,
                               segments, created_at, due_at, claimed_by, attempts, last_error, sent_at, sent_text,
                               text_version, provider_id, delivery, delivery_detail, delivery_at, bounced_at,
                               bounce_status)
    SELECT id, unique_key, kind, enquiry_id, channel, account, sender, recipient_key, recipient, language, promise,
           body, reference, message_id, in_reply_to, refers_to, reason, state, segments, created_at, due_at,
           claimed_by, attempts, last_error, sent_at, sent_text, text_version, provider_id, delivery, delivery_detail,
           delivery_at, bounced_at, bounce_status
    FROM outbox;
CREATE TABLE delivery_report_with_pages (
    id           INTEGER NOT NULL PRIMARY KEY,
    account      TEXT    NOT NULL,
    about_kind   TEXT    NOT NULL CHECK (about_kind IN ('token', 'provider')),
    about        TEXT    NOT NULL,
    status       TEXT    NOT NULL CHECK (status IN ('unknown', 'pending', 'failed', 'delivered')),
    detail       TEXT    NOT NULL,
    received_at  BIGINT  NOT NULL,
    outbox_id    BIGINT  REFERENCES outbox_with_pages (id),
    UNIQUE (account, about_kind, about, status, detail)
);
INSERT INTO delivery_report_with_pages (id, account, about_kind, about, status, detail, received_at, outbox_id)
    SELECT id, account, about_kind, about, status, detail, received_at, outbox_id FROM delivery_report;
DROP TABLE delivery_report;
DROP TABLE outbox;
ALTER TABLE outbox_with_pages RENAME TO outbox;
CREATE INDEX outbox_due ON outbox (due_at) WHERE state IN ('queued', 'sending');
CREATE INDEX outbox_recipient ON outbox (recipient_key, created_at);
CREATE INDEX outbox_created ON outbox (created_at);
CREATE INDEX outbox_message_id ON outbox (message_id);
CREATE INDEX outbox_enquiry ON outbox (enquiry_id);
CREATE INDEX outbox_provider ON outbox (account, provider_id) WHERE provider_id IS NOT NULL;
ALTER TABLE delivery_report_with_pages RENAME TO delivery_report;
CREATE INDEX delivery_report_outbox ON delivery_report (outbox_id);
