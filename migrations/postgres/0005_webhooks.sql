-- What is told to other systems is written by the database itself, in the transaction of what it tells of: no way of filing
-- a letter or closing an enquiry can forget it. `token` is what a receiver knows an event by: numbers may come again.
-- `due_at` is 0 until it is tried; whoever tries it moves it ahead first, so that a node that dies is followed by another.
ALTER TABLE webhook_call ADD COLUMN enquiry_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE webhook_call ADD COLUMN token TEXT NOT NULL DEFAULT '';
ALTER TABLE webhook_call ADD COLUMN at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE webhook_call ADD COLUMN given_up BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX webhook_call_webhook ON webhook_call (webhook_id, done_at);

CREATE FUNCTION webhook_tell(what TEXT, enquiry BIGINT) RETURNS void LANGUAGE sql AS
    'INSERT INTO webhook_call (webhook_id, event, body, due_at, enquiry_id, token, at)
     SELECT id, what, '''', 0, enquiry, REPLACE(CAST(GEN_RANDOM_UUID() AS TEXT), ''-'', ''''),
            CAST(EXTRACT(EPOCH FROM CLOCK_TIMESTAMP()) * 1000 AS BIGINT)
     FROM webhook WHERE ended_at IS NULL';
CREATE FUNCTION webhook_enquiry() RETURNS trigger LANGUAGE plpgsql AS
    'BEGIN PERFORM webhook_tell(TG_ARGV[0], NEW.id); RETURN NULL; END';
CREATE FUNCTION webhook_message() RETURNS trigger LANGUAGE plpgsql AS
    'BEGIN PERFORM webhook_tell(TG_ARGV[0], NEW.enquiry_id); RETURN NULL; END';
CREATE TRIGGER webhook_enquiry_created AFTER INSERT ON enquiry FOR EACH ROW
    EXECUTE FUNCTION webhook_enquiry('enquiry.created');
CREATE TRIGGER webhook_enquiry_closed AFTER UPDATE OF state ON enquiry FOR EACH ROW
    WHEN (NEW.state = 'closed' AND OLD.state <> 'closed') EXECUTE FUNCTION webhook_enquiry('enquiry.closed');
CREATE TRIGGER webhook_enquiry_reopened AFTER UPDATE OF state ON enquiry FOR EACH ROW
    WHEN (NEW.state <> 'closed' AND OLD.state = 'closed') EXECUTE FUNCTION webhook_enquiry('enquiry.reopened');
CREATE TRIGGER webhook_message_received AFTER INSERT ON message FOR EACH ROW
    WHEN (NEW.enquiry_id IS NOT NULL AND NEW.disposition IN ('enquiry', 'follow_up'))
    EXECUTE FUNCTION webhook_message('message.received');
CREATE TRIGGER webhook_message_decided AFTER UPDATE OF enquiry_id ON message FOR EACH ROW
    WHEN (OLD.enquiry_id IS NULL AND NEW.enquiry_id IS NOT NULL AND NEW.disposition IN ('enquiry', 'follow_up'))
    EXECUTE FUNCTION webhook_message('message.received');
