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
    /// The bytes of those files, in the same order, when they were asked for.
    pub(super) bytes: Vec<Vec<u8>>,
    /// The text inside, when the letter outside has none.
    pub(super) readable: Option<Readable>,
    /// What there is to say of it.
    pub(super) doubts: Vec<Doubt>,
}

/// Opens what can be opened, to say what is inside.
pub(super) fn open(walk: &Walk<'_>, limits: &Limits, outside: &Readable) -> Opened {
    open_inner(walk, How { limits, bytes: false, depth: DEPTH }, outside.text.trim().is_empty())
}

/// The bytes of the files inside one part, in the order in which [`open`] lists them.
pub(super) fn files(walk: &Walk<'_>, number: usize, limits: &Limits) -> Vec<(Attachment, Vec<u8>)> {
    let how = How { limits, bytes: true, depth: DEPTH };
    let mut opened = Opened::default();
    for leaf in containers(walk).filter(|leaf| leaf.number == number) {
        open_one(leaf, how, &mut opened);
    }
    opened.attachments.into_iter().zip(opened.bytes).collect()
}

/// The letter inside an opaque signature, when a part is one.
pub(super) fn letter(leaf: &Leaf<'_>) -> Option<Vec<u8>> {
    if !is_pkcs7(leaf) {
        return None;
    }
    match pkcs7::open(&leaf.bytes()) {
        Contained::Signed(inner) => Some(inner),
        Contained::Closed => None,
    }
}

/// The HTML of a `winmail.dat`, when a part is one and has it.
pub(super) fn winmail_html(leaf: &Leaf<'_>) -> Option<String> {
    if is_pkcs7(leaf) { None } else { tnef::read(&leaf.bytes())?.html }
}

/// The parts that hold a letter's content, outermost ones alone.
pub(super) fn containers<'w, 'm>(walk: &'w Walk<'m>) -> impl Iterator<Item = &'w Leaf<'m>> {
    walk.leaves.iter().filter(|leaf| leaf.level == 0).filter(|leaf| container(leaf)).take(MOST)
}

/// How containers are opened.
#[derive(Clone, Copy)]
struct How<'a> {
    limits: &'a Limits,
    /// Whether the files' bytes are wanted too.
    bytes: bool,
    /// How many more may be opened one inside the other.
    depth: usize,
}

fn open_inner(walk: &Walk<'_>, how: How<'_>, wanted: bool) -> Opened {
    let mut opened = Opened::default();
    for leaf in containers(walk) {
        open_one(leaf, how, &mut opened);
    }
    if !wanted {
        opened.readable = None;
    }
    opened
}

fn open_one(leaf: &Leaf<'_>, how: How<'_>, opened: &mut Opened) {
    if is_pkcs7(leaf) { signed(leaf, how, opened) } else { winmail(leaf, how, opened) }
}

fn is_pkcs7(leaf: &Leaf<'_>) -> bool {
    matches!(leaf.media_type.as_str(), "application/pkcs7-mime" | "application/x-pkcs7-mime")
}

fn container(leaf: &Leaf<'_>) -> bool {
    let winmail = leaf.name.as_deref().is_some_and(|name| name.eq_ignore_ascii_case("winmail.dat"));
    let tnef = matches!(leaf.media_type.as_str(), "application/ms-tnef" | "application/vnd.ms-tnef");
    winmail || tnef || is_pkcs7(leaf)
}

fn say(doubts: &mut Vec<Doubt>, kind: DoubtKind, detail: &str) {
    if !doubts.iter().any(|doubt| doubt.kind == kind) {
        doubts.push(Doubt { kind, detail: detail.to_owned() });
    }
}

fn signed(leaf: &Leaf<'_>, how: How<'_>, opened: &mut Opened) {
    let limits = how.limits;
    let Contained::Signed(inner) = pkcs7::open(&leaf.bytes()) else {
        let detail = "It is encrypted (S/MIME); only the holder of the key can read it.";
        say(&mut opened.doubts, DoubtKind::Encrypted, detail);
        return;
    };
    say(&mut opened.doubts, DoubtKind::Signed, "It is signed (S/MIME); the signature was not checked.");
    let Some(depth) = how.depth.checked_sub(1) else { return };
    let prepared = prepare::prepare(&inner, limits);
    opened.doubts.extend(prepared.doubts.iter().cloned());
    if prepared.only_head || prepared.headless {
        return;
    }
    let Some(message) = MessageParser::default().parse(prepared.bytes.as_ref()) else { return };
    let walk = walk::walk(&message, limits.parts, limits.depth, walk::Prefer::Plain);
    let mut readable = body::readable(&message, &walk, limits);
    let within = open_inner(&walk, How { depth, ..how }, readable.text.trim().is_empty());
    if how.bytes {
        opened.bytes.extend(attachments::bytes(&walk, readable.forwarded).chain(within.bytes));
    }
    let files = attachments::list(&walk, readable.forwarded).into_iter().chain(within.attachments);
    opened.attachments.extend(files.map(|file| Attachment { part: leaf.number, ..file }));
    opened.doubts.extend(readable.doubts.drain(..).chain(within.doubts));
    let readable = within.readable.unwrap_or(readable);
    if opened.readable.is_none() && !readable.text.trim().is_empty() {
        opened.readable = Some(readable);
    }
}

fn winmail(leaf: &Leaf<'_>, how: How<'_>, opened: &mut Opened) {
    let limits = how.limits;
    let bytes = leaf.bytes();
    let Some(tnef) = tnef::read(&bytes) else {
        say(&mut opened.doubts, DoubtKind::Tnef, "Its winmail.dat container could not be read.");
        return;
    };
    let detail = "Its content lies in a winmail.dat container, of which only text and file names were read.";
    say(&mut opened.doubts, DoubtKind::Tnef, detail);
    if how.bytes {
        opened.bytes.extend(tnef.files.iter().take(limits.parts).map(|(_, bytes)| bytes.to_vec()));
    }
    opened.attachments.extend(tnef.files.into_iter().take(limits.parts).map(|(name, bytes)| Attachment {
        name: name.as_deref().and_then(crate::files::safe_name),
        media_type: "application/octet-stream".to_owned(),
        size: bytes.len() as u64,
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
