//! The files that came along, with names that are safe to offer for saving.

use crate::files::safe_name;
use mail_parser::PartType;

use super::walk::{Leaf, Walk};
use crate::message::Attachment;

/// The files of the letter itself. Those of a letter inside it belong to that one, unless that one is all there is.
pub(super) fn list(walk: &Walk<'_>, only_forwarded: bool) -> Vec<Attachment> {
    let level = usize::from(only_forwarded);
    walk.leaves.iter().filter(|leaf| leaf.file && leaf.level <= level).map(attachment).collect()
}

fn attachment(leaf: &Leaf<'_>) -> Attachment {
    let size = match &leaf.part.body {
        PartType::Binary(bytes) | PartType::InlineBinary(bytes) => bytes.len(),
        _ => leaf.bytes().len(),
    };
    Attachment {
        name: leaf.name.as_deref().and_then(safe_name),
        media_type: leaf.media_type.clone(),
        size: size as u64,
        inline: leaf.inline,
        part: leaf.number,
        quarantine: None,
    }
}
