//! Files that hold a letter's real content: `winmail.dat` and opaque S/MIME. What they hold is read as if it stood in
//! the letter itself; the container stays listed.

use mail_parser::MessageParser;

use super::attachments;
use super::body::{self, Readable};
use super::pkcs7::{self, Contained};
use super::walk::{Leaf, Walk};
use super::{prepare, tnef, walk};
use crate::email::{Limits, html};
use crate::message::{Attachment, Doubt, DoubtKind};

/// How many containers are opened, one inside the other.
const DEPTH: usize = 3;
/// How many of one letter are opened.
const MOST: usize = 8;

/// What stands in the containers of a letter.
#[derive(Default)]
pub(super) struct Opened {
    /// Files inside, by the number of the container that holds them.
    pub(super) attachments: Vec<Attachment>,
    /// The text inside, when the letter outside has none.
    pub(super) readable: Option<Readable>,
    /// What there is to say of it.
    pub(super) doubts: Vec<Doubt>,
}

/// Opens what can be opened.
pub(super) fn open(walk: &Walk<'_>, limits: &Limits, outside: &Readable) -> Opened {
    open_inner(walk, limits, outside.text.trim().is_empty(), DEPTH)
}

fn open_inner(walk: &Walk<'_>, limits: &Limits, wanted: bool, depth: usize) -> Opened {
    let mut opened = Opened::default();
    for leaf in walk.leaves.iter().filter(|leaf| leaf.level == 0).filter(|leaf| container(leaf)).take(MOST) {
        match leaf.media_type.as_str() {
            "application/pkcs7-mime" | "application/x-pkcs7-mime" => {
                signed(leaf, limits, depth, &mut opened);
            }
            _ => winmail(leaf, limits, &mut opened),
        }
    }
    if !wanted {
        opened.readable = None;
    }
    opened
}

fn container(leaf: &Leaf<'_>) -> bool {
    let winmail = leaf.name.as_deref().is_some_and(|name| name.eq_ignore_ascii_case("winmail.dat"));
    winmail
        || matches!(
            leaf.media_type.as_str(),
            "application/pkcs7-mime"
                | "application/x-pkcs7-mime"
                | "application/ms-tnef"
                | "application/vnd.ms-tnef"
        )
}

fn say(doubts: &mut Vec<Doubt>, kind: DoubtKind, detail: &str) {
    if !doubts.iter().any(|doubt| doubt.kind == kind) {
        doubts.push(Doubt { kind, detail: detail.to_owned() });
    }
}

fn signed(leaf: &Leaf<'_>, limits: &Limits, depth: usize, opened: &mut Opened) {
    let Contained::Signed(inner) = pkcs7::open(&leaf.bytes()) else {
        let detail = "It is encrypted (S/MIME); only the holder of the key can read it.";
        say(&mut opened.doubts, DoubtKind::Encrypted, detail);
        return;
    };
    say(&mut opened.doubts, DoubtKind::Signed, "It is signed (S/MIME); the signature was not checked.");
    let Some(depth) = depth.checked_sub(1) else { return };
    let prepared = prepare::prepare(&inner, limits);
    opened.doubts.extend(prepared.doubts.iter().cloned());
    if prepared.only_head || prepared.headless {
        return;
    }
    let Some(message) = MessageParser::default().parse(prepared.bytes.as_ref()) else { return };
    let walk = walk::walk(&message, limits.parts, limits.depth);
    let mut readable = body::readable(&message, &walk, limits);
    let within = open_inner(&walk, limits, readable.text.trim().is_empty(), depth);
    let files = attachments::list(&walk, readable.forwarded).into_iter().chain(within.attachments);
    opened.attachments.extend(files.map(|file| Attachment { part: leaf.number, ..file }));
    opened.doubts.extend(readable.doubts.drain(..).chain(within.doubts));
    let readable = within.readable.unwrap_or(readable);
    if opened.readable.is_none() && !readable.text.trim().is_empty() {
        opened.readable = Some(readable);
    }
}

fn winmail(leaf: &Leaf<'_>, limits: &Limits, opened: &mut Opened) {
    let bytes = leaf.bytes();
    let Some(tnef) = tnef::read(&bytes) else {
        say(&mut opened.doubts, DoubtKind::Tnef, "Its winmail.dat container could not be read.");
        return;
    };
    let detail = "Its content lies in a winmail.dat container, of which only text and file names were read.";
    say(&mut opened.doubts, DoubtKind::Tnef, detail);
    opened.attachments.extend(tnef.files.into_iter().take(limits.parts).map(|(name, size)| Attachment {
        name: name.as_deref().and_then(crate::files::safe_name),
        media_type: "application/octet-stream".to_owned(),
        size,
        inline: false,
        part: leaf.number,
        quarantine: None,
    }));
    let html = || tnef.html.as_deref().map(|markup| html::to_text(markup).text);
    let text = tnef.text.filter(|text| !text.trim().is_empty()).or_else(html);
    if let Some(text) = text.filter(|text| !text.trim().is_empty() && opened.readable.is_none()) {
        let (text, cut) = body::tidy(&text, limits.text);
        if cut {
            say(&mut opened.doubts, DoubtKind::OverLimit, "The text of its winmail.dat is over the limit.");
        }
        opened.readable = Some(Readable { text, ..Readable::default() });
    }
}
