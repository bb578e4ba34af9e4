//! The bytes of one file of a letter, found again by the number that the reading gave it.
//!
//! Reads the letter anew, with the same repairs and limits, so that the numbers are the same. Never decides whether a file
//! may be opened: what a scanner said stands in [`Attachment::quarantine`].

use std::panic::{AssertUnwindSafe, catch_unwind};

use mail_parser::MessageParser;

use super::attachments;
use super::containers;
use super::prepare;
use super::walk::{self, Prefer, Walk};
use crate::email::Limits;
use crate::message::Attachment;

/// One file of a letter.
#[derive(Clone, PartialEq, Eq)]
pub struct Part {
    /// A name that is safe to offer for saving, as in [`Attachment::name`].
    pub name: Option<String>,
    /// The media type that the letter states, as in [`Attachment::media_type`]. A sender can write anything here.
    pub media_type: String,
    /// Its bytes, with the transfer encoding undone. Of a letter inside the letter, that letter.
    pub bytes: Vec<u8>,
}

/// Prints the size alone.
impl std::fmt::Debug for Part {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Part({} bytes)", self.bytes.len())
    }
}

/// The file that stands at a place among the attachments that the reading of this letter gave.
///
/// Files inside a container (`winmail.dat`, an opaque S/MIME signature) bear the container's number, so a number alone
/// does not find them; the place does. `None` when the letter has no such file.
///
/// What cannot be had: files inside something encrypted, what a `winmail.dat` holds as an embedded Outlook object (its
/// bytes come out, but only Outlook knows the format), and files of a letter over the limits.
pub fn file(raw: &[u8], attachments: &[Attachment], index: usize, limits: &Limits) -> Option<Part> {
    let wanted = attachments.get(index)?;
    let before = attachments[..index].iter().filter(|other| other.part == wanted.part).count();
    match before.checked_sub(1) {
        None => part(raw, wanted.part, limits),
        Some(inside) => with_walk(raw, limits, |walk| {
            containers::files(walk, wanted.part, limits).into_iter().nth(inside).map(|(file, bytes)| Part {
                name: file.name,
                media_type: file.media_type,
                bytes,
            })
        }),
    }
}

/// The part that has a number ([`Attachment::part`]): parts are counted from the outermost, letters inside letters
/// included, multiparts too.
///
/// Of a file inside a container this gives the container itself; [`file()`] gives the file. `None` for numbers that no part
/// has, or a multipart has.
pub fn part(raw: &[u8], number: usize, limits: &Limits) -> Option<Part> {
    with_walk(raw, limits, |walk| {
        let leaf = walk.leaves.iter().find(|leaf| leaf.number == number)?;
        let Attachment { name, media_type, .. } = attachments::attachment(leaf);
        Some(Part { name, media_type, bytes: leaf.bytes().into_owned() })
    })
}

/// Hands on the letter taken apart as the reading takes it apart.
fn with_walk<T>(raw: &[u8], limits: &Limits, see: impl FnOnce(&Walk<'_>) -> Option<T>) -> Option<T> {
    let look = || {
        let prepared = prepare::prepare(raw, limits);
        if prepared.headless || prepared.only_head {
            return None;
        }
        let message = MessageParser::default().parse(prepared.bytes.as_ref())?;
        see(&walk::walk(&message, limits.parts, limits.depth, Prefer::Plain))
    };
    catch_unwind(AssertUnwindSafe(look)).ok().flatten()
}
