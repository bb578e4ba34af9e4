//! The files that came along, with names that are safe to offer for saving.

use crate::files::safe_name;
use mail_parser::PartType;

use super::walk::{Leaf, Walk};
use crate::message::Attachment;

/// The files of the letter itself. Those of a letter inside it belong to that one, unless that one is all there is.
pub(super) fn list(walk: &Walk<'_>, only_forwarded: bool) -> Vec<Attachment> {
    files(walk, only_forwarded).map(attachment).collect()
}

/// Their bytes, in the same order.
pub(super) fn bytes(walk: &Walk<'_>, only_forwarded: bool) -> impl Iterator<Item = Vec<u8>> {
    files(walk, only_forwarded).map(|leaf| leaf.bytes().into_owned())
}

fn files<'w, 'm>(walk: &'w Walk<'m>, only_forwarded: bool) -> impl Iterator<Item = &'w Leaf<'m>> {
    let level = usize::from(only_forwarded);
    walk.leaves.iter().filter(move |leaf| leaf.file && leaf.level <= level)
}

/// What there is to say of one.
pub(super) fn attachment(leaf: &Leaf<'_>) -> Attachment {
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
