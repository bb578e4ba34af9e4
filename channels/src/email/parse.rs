//! Turns a letter's bytes into one [`Incoming`].

use crate::email::ReadContext;
use crate::message::Incoming;

/// Reads one letter; see [`crate::email::read`].
pub fn read(_raw: &[u8], context: &ReadContext<'_>) -> Incoming {
    Incoming {
        channel: crate::message::Channel::Email,
        account: context.account.to_owned(),
        external_id: context.external_id.clone(),
        fingerprint: [0; 32],
        received_at: context.received_at,
        sent_at: None,
        sender: None,
        reply_to: Vec::new(),
        recipients: Vec::new(),
        subject: String::new(),
        text: String::new(),
        folded: Vec::new(),
        language: None,
        attachments: Vec::new(),
        thread: Default::default(),
        automatic: None,
        bounce: None,
        sender_check: Default::default(),
        suppress_reply: None,
        doubts: Vec::new(),
    }
}
