-- What is told to other systems is written by the database itself, in the transaction of what it tells of: no way of filing
-- a letter or closing an enquiry can forget it. `token` is what a receiver knows an event by: numbers may come again.
-- `due_at` is 0 until it is tried; whoever tries it moves it ahead first, so that a node that dies is followed by another.
ALTER TABLE webhook_call ADD COLUMN enquiry_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE webhook_call ADD COLUMN token TEXT NOT NULL DEFAULT '';
ALTER TABLE webhook_call ADD COLUMN at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE webhook_call ADD COLUMN given_up BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX webhook_call_webhook ON webhook_call (webhook_id, done_at);

CREATE TRIGGER webhook_enquiry_created AFTER INSERT ON enquiry
    BEGIN
        INSERT INTO webhook_call (webhook_id, event, body, due_at, enquiry_id, token, at)
        SELECT id, 'enquiry.created', '', 0, NEW.id, LOWER(HEX(RANDOMBLOB(16))), CAST(UNIXEPOCH('subsec') * 1000 AS INTEGER)
        FROM webhook WHERE ended_at IS NULL;
    END;
CREATE TRIGGER webhook_enquiry_closed AFTER UPDATE OF state ON enquiry WHEN NEW.state = 'closed' AND OLD.state <> 'closed'
    BEGIN
        INSERT INTO webhook_call (webhook_id, event, body, due_at, enquiry_id, token, at)
        SELECT id, 'enquiry.closed', '', 0, NEW.id, LOWER(HEX(RANDOMBLOB(16))), CAST(UNIXEPOCH('subsec') * 1000 AS INTEGER)
        FROM webhook WHERE ended_at IS NULL;
    END;
CREATE TRIGGER webhook_enquiry_reopened AFTER UPDATE OF state ON enquiry WHEN NEW.state <> 'closed' AND OLD.state = 'closed'
    BEGIN
        INSERT INTO webhook_call (webhook_id, event, body, due_at, enquiry_id, token, at)
        SELECT id, 'enquiry.reopened', '', 0, NEW.id, LOWER(HEX(RANDOMBLOB(16))), CAST(UNIXEPOCH('subsec') * 1000 AS INTEGER)
        FROM webhook WHERE ended_at IS NULL;
    END;
CREATE TRIGGER webhook_message_received AFTER INSERT ON message
    WHEN NEW.enquiry_id IS NOT NULL AND NEW.disposition IN ('enquiry', 'follow_up')
    BEGIN
        INSERT INTO webhook_call (webhook_id, event, body, due_at, enquiry_id, token, at)
        SELECT id, 'message.received', '', 0, NEW.enquiry_id, LOWER(HEX(RANDOMBLOB(16))),
               CAST(UNIXEPOCH('subsec') * 1000 AS INTEGER)
        FROM webhook WHERE ended_at IS NULL;
    END;
CREATE TRIGGER webhook_message_decided AFTER UPDATE OF enquiry_id ON message
    WHEN OLD.enquiry_id IS NULL AND NEW.enquiry_id IS NOT NULL AND NEW.disposition IN ('enquiry', 'follow_up')
    BEGIN
        INSERT INTO webhook_call (webhook_id, event, body, due_at, enquiry_id, token, at)
        SELECT id, 'message.received', '', 0, NEW.enquiry_id, LOWER(HEX(RANDOMBLOB(16))),
               CAST(UNIXEPOCH('subsec') * 1000 AS INTEGER)
        FROM webhook WHERE ended_at IS NULL;
    END;
