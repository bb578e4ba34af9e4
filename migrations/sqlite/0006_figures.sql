-- The adviser says that an enquiry lies outside of what she may do.
ALTER TABLE enquiry ADD COLUMN outside BOOLEAN NOT NULL DEFAULT FALSE;

-- A person who was erased: nothing of them is left but what is counted. The originals of what they sent are emptied; their
-- hashes stay, so that the ledger adds up and nothing comes in again.
ALTER TABLE enquirer ADD COLUMN erased_at BIGINT;
ALTER TABLE raw_message ADD COLUMN erased_at BIGINT;
-- Who and what is being erased, within one transaction; empty outside of it.
CREATE TABLE erasing (
    what  TEXT    NOT NULL CHECK (what IN ('person', 'enquiry', 'arrival')),
    id    BIGINT  NOT NULL,
    PRIMARY KEY (what, id)
);

-- The figures. What is counted of an enquiry is kept apart from it, without anything that names anybody, and is added up by
-- month. What happens notes itself here by triggers, so that no way of changing an enquiry can leave a figure stale; nobody
-- waits for the adding up.
CREATE TABLE figure_touched (
    id          INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    enquiry_id  BIGINT  NOT NULL,
    at          BIGINT  NOT NULL
);
CREATE TABLE enquiry_fact (
    enquiry_id  INTEGER NOT NULL PRIMARY KEY,
    person      BIGINT  NOT NULL,
    counts      BOOLEAN NOT NULL,
    began_at    BIGINT  NOT NULL,
    before_at   BIGINT,
    ended_at    BIGINT,
    area_id     BIGINT,
    kind        TEXT,
    channel     TEXT    NOT NULL,
    fact        TEXT    NOT NULL,
    import_id   BIGINT,
    settled_at  BIGINT
);
CREATE INDEX enquiry_fact_began ON enquiry_fact (began_at);
CREATE INDEX enquiry_fact_ended ON enquiry_fact (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX enquiry_fact_before ON enquiry_fact (before_at, began_at) WHERE counts;
-- Which persons are new in some days, without reading a fact.
CREATE INDEX enquiry_fact_new ON enquiry_fact (began_at, before_at) WHERE counts;
-- When it began and ended, the later of the two: what counts, began and has not settled is open.
CREATE INDEX enquiry_fact_settled ON enquiry_fact (settled_at) WHERE settled_at IS NOT NULL;
CREATE INDEX enquiry_fact_import ON enquiry_fact (import_id) WHERE import_id IS NOT NULL;
CREATE INDEX enquiry_fact_person ON enquiry_fact (person, began_at, enquiry_id);
-- One month: what began and what ended, of all enquiries (area 0, nothing else) and of each choice among them by area, type
-- and way in. `day` is its first. The numbers of what began and what settled stand beside, so that what is open at any time is
-- a sum. What went to and fro belongs to all.
CREATE TABLE figure_month (
    area     BIGINT NOT NULL DEFAULT 0,
    kind     TEXT   NOT NULL DEFAULT '',
    channel  TEXT   NOT NULL DEFAULT '',
    day      TEXT   NOT NULL,
    tally    TEXT   NOT NULL,
    traffic  TEXT   NOT NULL DEFAULT '{}',
    begun    BIGINT NOT NULL DEFAULT 0,
    settled  BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (area, kind, channel, day)
);
-- One day of all enquiries: what a period that begins or ends within a month reads.
CREATE TABLE figure_day (
    day      TEXT NOT NULL PRIMARY KEY,
    tally    TEXT NOT NULL DEFAULT '{}',
    traffic  TEXT NOT NULL DEFAULT '{}',
    begun    BIGINT NOT NULL DEFAULT 0,
    settled  BIGINT NOT NULL DEFAULT 0
);
-- Whoever adds up holds this row, so that two nodes take turns.
CREATE TABLE figure_turn (
    id    INTEGER NOT NULL PRIMARY KEY,
    turn  BIGINT  NOT NULL
);
INSERT INTO figure_turn (id, turn) VALUES (1, 0);

CREATE INDEX arrival_received ON arrival (received_at);
CREATE INDEX enquiry_joined ON enquiry (joined_into) WHERE joined_into IS NOT NULL;

-- What the adviser does besides enquiries (S4, S24): talks, networks, advice to staff.
CREATE TABLE activity (
    id            INTEGER NOT NULL PRIMARY KEY,
    day           TEXT    NOT NULL,
    kind          TEXT    NOT NULL CHECK (kind IN ('sparring', 'talk', 'network', 'other')),
    participants  BIGINT  NOT NULL DEFAULT 0,
    note          TEXT    NOT NULL DEFAULT '',
    account_id    BIGINT  NOT NULL REFERENCES account (id),
    made_at       BIGINT  NOT NULL,
    removed_at    BIGINT
);
CREATE INDEX activity_day ON activity (day);

-- The adviser's own words of a year's report: one document, so that it is read and written whole.
CREATE TABLE year_story (
    year        BIGINT  NOT NULL PRIMARY KEY,
    story       TEXT    NOT NULL,
    version     BIGINT  NOT NULL,
    changed_at  BIGINT  NOT NULL,
    account_id  BIGINT  NOT NULL REFERENCES account (id)
);
-- The figures of a year as they were published. Nothing changes them; a year that was closed too early is opened again, and
-- what was published stays here.
CREATE TABLE year_closed (
    id           INTEGER NOT NULL PRIMARY KEY,
    year         BIGINT  NOT NULL,
    figures      TEXT    NOT NULL,
    checksum     TEXT    NOT NULL,
    closed_at    BIGINT  NOT NULL,
    account_id   BIGINT  NOT NULL REFERENCES account (id),
    reopened_at  BIGINT
);
CREATE UNIQUE INDEX year_closed_once ON year_closed (year) WHERE reopened_at IS NULL;
-- Which month's figures were mailed to whom the office names.
CREATE TABLE monthly_mail (
    month       TEXT    NOT NULL,
    recipient   TEXT    NOT NULL,
    claimed_at  BIGINT  NOT NULL,
    sent_at     BIGINT,
    PRIMARY KEY (month, recipient)
);
-- Enquiries of earlier years, as they were brought in from a file.
CREATE TABLE history_import (
    id          INTEGER NOT NULL PRIMARY KEY,
    made_at     BIGINT  NOT NULL,
    account_id  BIGINT,
    enquiries   BIGINT  NOT NULL,
    first_day   TEXT    NOT NULL,
    last_day    TEXT    NOT NULL,
    removed_at  BIGINT
);

INSERT INTO figure_touched (enquiry_id, at) SELECT id, 0 FROM enquiry;
INSERT INTO figure_touched (enquiry_id, at) SELECT 0, received_at FROM arrival;
INSERT INTO figure_touched (enquiry_id, at) SELECT 0, created_at FROM outbox;

CREATE TRIGGER figure_enquiry_made AFTER INSERT ON enquiry BEGIN
    INSERT INTO figure_touched (enquiry_id, at) VALUES (NEW.id, 0);
END;
CREATE TRIGGER figure_enquiry_changed AFTER UPDATE OF enquirer_id, state, kind, area_id, purpose, joined_into,
    primary_contact_form, promised_reply_date, answered_at, closed_at, case_at, first_contact_at, outside ON enquiry BEGIN
    INSERT INTO figure_touched (enquiry_id, at) VALUES (NEW.id, 0);
END;
-- What is no enquiry takes its messages out of the figures with it, day by day.
CREATE TRIGGER figure_purpose_changed AFTER UPDATE OF purpose ON enquiry WHEN NEW.purpose IS NOT OLD.purpose BEGIN
    INSERT INTO figure_touched (enquiry_id, at)
    SELECT 0, a.received_at FROM message m JOIN arrival a ON a.id = m.arrival_id WHERE m.enquiry_id = NEW.id;
    INSERT INTO figure_touched (enquiry_id, at) SELECT 0, created_at FROM outbox WHERE enquiry_id = NEW.id;
END;
-- What is joined takes its messages along.
CREATE TRIGGER figure_joined AFTER UPDATE OF joined_into ON enquiry WHEN NEW.joined_into IS NOT OLD.joined_into BEGIN
    INSERT INTO figure_touched (enquiry_id, at) SELECT OLD.joined_into, 0 WHERE OLD.joined_into IS NOT NULL;
END;
CREATE TRIGGER figure_task_made AFTER INSERT ON enquiry_task BEGIN
    INSERT INTO figure_touched (enquiry_id, at) VALUES (NEW.enquiry_id, 0);
END;
CREATE TRIGGER figure_task_gone AFTER DELETE ON enquiry_task BEGIN
    INSERT INTO figure_touched (enquiry_id, at) VALUES (OLD.enquiry_id, 0);
END;
CREATE TRIGGER figure_theme_made AFTER INSERT ON enquiry_theme BEGIN
    INSERT INTO figure_touched (enquiry_id, at) VALUES (NEW.enquiry_id, 0);
END;
CREATE TRIGGER figure_theme_gone AFTER DELETE ON enquiry_theme BEGIN
    INSERT INTO figure_touched (enquiry_id, at) VALUES (OLD.enquiry_id, 0);
END;
CREATE TRIGGER figure_closing_made AFTER INSERT ON closing BEGIN
    INSERT INTO figure_touched (enquiry_id, at) VALUES (NEW.enquiry_id, 0);
END;
CREATE TRIGGER figure_note_made AFTER INSERT ON note WHEN NEW.kind = 'referral' BEGIN
    INSERT INTO figure_touched (enquiry_id, at) VALUES (NEW.enquiry_id, 0);
END;
CREATE TRIGGER figure_note_gone AFTER UPDATE OF removed_at ON note WHEN NEW.kind = 'referral' BEGIN
    INSERT INTO figure_touched (enquiry_id, at) VALUES (NEW.enquiry_id, 0);
END;
CREATE TRIGGER figure_promise_moved AFTER INSERT ON promise_change BEGIN
    INSERT INTO figure_touched (enquiry_id, at) VALUES (NEW.enquiry_id, 0);
END;
CREATE TRIGGER figure_message_made AFTER INSERT ON message BEGIN
    INSERT INTO figure_touched (enquiry_id, at)
    SELECT COALESCE(NEW.enquiry_id, 0), received_at FROM arrival WHERE id = NEW.arrival_id;
END;
CREATE TRIGGER figure_message_changed AFTER UPDATE OF enquiry_id, disposition ON message BEGIN
    INSERT INTO figure_touched (enquiry_id, at)
    SELECT COALESCE(NEW.enquiry_id, 0), received_at FROM arrival WHERE id = NEW.arrival_id;
    INSERT INTO figure_touched (enquiry_id, at)
    SELECT OLD.enquiry_id, 0 WHERE OLD.enquiry_id IS NOT NULL AND OLD.enquiry_id IS NOT NEW.enquiry_id;
END;
CREATE TRIGGER figure_outbox_settled AFTER UPDATE OF state ON outbox
    WHEN NEW.state <> OLD.state AND NEW.state IN ('sent', 'failed', 'unknown', 'suppressed') BEGIN
    INSERT INTO figure_touched (enquiry_id, at) VALUES (NEW.enquiry_id, NEW.created_at);
END;
CREATE TRIGGER figure_outbox_made AFTER INSERT ON outbox WHEN NEW.state IN ('sent', 'failed', 'unknown', 'suppressed') BEGIN
    INSERT INTO figure_touched (enquiry_id, at) VALUES (NEW.enquiry_id, NEW.created_at);
END;
CREATE TRIGGER figure_outbox_returned AFTER UPDATE OF bounced_at, delivery, segments ON outbox BEGIN
    INSERT INTO figure_touched (enquiry_id, at) VALUES (NEW.enquiry_id, NEW.created_at);
END;
CREATE TRIGGER figure_outbox_gone AFTER DELETE ON outbox BEGIN
    INSERT INTO figure_touched (enquiry_id, at) VALUES (OLD.enquiry_id, OLD.created_at);
END;
