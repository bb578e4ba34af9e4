//! Rows of a group of letters that nothing in the group has to see yet: gathered, and written several at a time.
//!
//! Every statement is a turn to the database and back, and for a backlog those turns are most of what filing costs.
//! Whoever asks a question that such a row could answer writes them first ([`Later::write`]); the transaction writes
//! the rest before it commits.

use super::StoreError;
use super::conn::{Transaction, on_tx};
use super::sql::{self, ROWS};

/// What an arrival became; the columns of `message`.
pub(super) struct MessageRow {
    pub(super) arrival: i64,
    pub(super) disposition: &'static str,
    pub(super) reason: String,
    pub(super) acknowledgement: String,
    pub(super) enquiry: Option<i64>,
    pub(super) duplicate_of: Option<i64>,
    pub(super) offers: String,
    pub(super) subject: String,
    pub(super) text: String,
    pub(super) details: String,
}

/// A Message-ID of an enquiry.
pub(super) struct TieRow {
    pub(super) message_id: String,
    pub(super) enquiry: i64,
    pub(super) ours: bool,
}

/// An enquirer's address.
pub(super) struct AddressRow {
    pub(super) enquirer: i64,
    pub(super) kind: &'static str,
    pub(super) key: String,
    pub(super) address: String,
}

/// An address that was given for one enquiry.
pub(super) struct ContactRow {
    pub(super) enquiry: i64,
    pub(super) kind: &'static str,
    pub(super) key: String,
    pub(super) address: String,
}

/// Something that is queued to go out, or recorded as suppressed.
pub(super) struct OutboxRow {
    pub(super) unique_key: String,
    pub(super) kind: &'static str,
    pub(super) enquiry: i64,
    pub(super) channel: &'static str,
    pub(super) account: String,
    pub(super) sender: Option<String>,
    pub(super) recipient_key: String,
    pub(super) recipient: String,
    pub(super) language: String,
    pub(super) promise: Option<String>,
    pub(super) body: Option<String>,
    pub(super) reference: String,
    pub(super) message_id: String,
    pub(super) in_reply_to: Option<String>,
    pub(super) refers_to: String,
    pub(super) reason: String,
    pub(super) state: &'static str,
    pub(super) segments: u32,
    pub(super) at: i64,
}

/// What is still to be written.
#[derive(Default)]
pub(super) struct Later {
    pub(super) addresses: Vec<AddressRow>,
    pub(super) contacts: Vec<ContactRow>,
    pub(super) ties: Vec<TieRow>,
    pub(super) outbox: Vec<OutboxRow>,
    pub(super) messages: Vec<MessageRow>,
}

/// Writes all of `$rows` with the statement `$sql`, as many at a time as it has room for.
macro_rules! write_rows {
    ($tx:expr, $rows:expr, $sql:expr, $work:literal, $row:ident => [$($value:expr),+ $(,)?]) => {{
        let mut rows = std::mem::take($rows).into_iter();
        while rows.len() > 0 {
            let (text, count) = if rows.len() >= ROWS { ($sql.many(), ROWS) } else { ($sql.one(), 1) };
            on_tx!($tx, conn => {
                let mut query = sqlx::query(text);
                for $row in rows.by_ref().take(count) {
                    query = query$(.bind($value))+;
                }
                query.execute(conn).await.map(|_| ())
            })
            .map_err(StoreError::query($work))?;
        }
    }};
}

impl Later {
    /// Writes everything.
    pub(super) async fn write(&mut self, tx: &mut Transaction) -> Result<(), StoreError> {
        write_rows!(tx, &mut self.addresses, sql::ENQUIRER_ADDRESS_MAKE, "enquirer_address_make", row => [
            row.enquirer, row.kind, row.key, row.address,
        ]);
        write_rows!(tx, &mut self.contacts, sql::pages::ENQUIRY_CONTACT_ADD, "enquiry_contact_add", row => [
            row.enquiry, row.kind, row.key, row.address,
        ]);
        write_rows!(tx, &mut self.ties, sql::THREAD_TIE, "thread_tie", row => [
            row.message_id, row.enquiry, row.ours,
        ]);
        write_rows!(tx, &mut self.outbox, sql::OUTBOX_QUEUE, "outbox_queue", row => [
            row.unique_key, row.kind, row.enquiry, row.channel, row.account, row.sender, row.recipient_key,
            row.recipient, row.language, row.promise, row.body, row.reference, row.message_id, row.in_reply_to,
            row.refers_to, row.reason, row.state, i64::from(row.segments), row.at, row.at,
        ]);
        write_rows!(tx, &mut self.messages, sql::MESSAGE_FILE, "message_file", row => [
            row.arrival, row.disposition, row.reason, row.acknowledgement, row.enquiry, row.duplicate_of,
            row.offers, row.subject, row.text, row.details,
        ]);
        Ok(())
    }
}
