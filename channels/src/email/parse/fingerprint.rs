//! What makes a letter this one and no other, whatever path it took.

use sha2::{Digest, Sha256};

use crate::message::Incoming;

/// Of bytes of which nothing was read.
pub(super) fn of_bytes(raw: &[u8]) -> [u8; 32] {
    Sha256::digest(raw).into()
}

/// Of a letter that was read. Message-ID and date alone are not enough: scanners and broken programs repeat them.
/// Without either, two equal texts may well be two letters, so then only equal bytes are.
pub(super) fn of(incoming: &Incoming, bytes: &[u8]) -> [u8; 32] {
    let (Some(message_id), Some(sent_at)) = (&incoming.thread.message_id, incoming.sent_at) else {
        return of_bytes(bytes);
    };
    let mut digest = Sha256::new();
    let mut add = |field: &[u8]| {
        digest.update((field.len() as u64).to_le_bytes());
        digest.update(field);
    };
    add(b"letter");
    add(message_id.as_bytes());
    add(&sent_at.as_second().to_le_bytes());
    add(incoming.sender.as_ref().map(|sender| sender.address.key()).unwrap_or_default().as_bytes());
    add(incoming.subject.as_bytes());
    // Servers on the way change white space, never words.
    for word in incoming.text.split_whitespace() {
        add(word.as_bytes());
    }
    for attachment in &incoming.attachments {
        add(attachment.name.as_deref().unwrap_or_default().as_bytes());
        add(&attachment.size.to_le_bytes());
    }
    digest.finalize().into()
}
