//! Chooses what a person reads: plain text where there is some, else HTML turned into text, else what a forwarded
//! letter or an invitation says.

use mail_parser::{Message, MimeHeaders};

use super::walk::{Kind, Walk};
use super::{charset, flowed};
use crate::email::{Limits, html};
use crate::message::{Doubt, DoubtKind, Fold};

/// What a person reads.
#[derive(Default)]
pub(super) struct Readable {
    /// The text.
    pub(super) text: String,
    /// What its HTML marks as quoted or as a signature.
    pub(super) hints: Vec<Fold>,
    /// What is odd about it.
    pub(super) doubts: Vec<Doubt>,
    /// Whether it is the text of a letter inside the letter, which says nothing itself.
    pub(super) forwarded: bool,
}

pub(super) fn readable(message: &Message<'_>, walk: &Walk<'_>, limits: &Limits) -> Readable {
    let mut readable = of_leaves(walk, &walk.read, limits);
    if readable.text.trim().is_empty() {
        readable = of_the_rest(walk, limits).unwrap_or(readable);
    }
    protection(message, &mut readable);
    if walk.over {
        readable.doubts.push(Doubt {
            kind: DoubtKind::OverLimit,
            detail: format!(
                "It has more parts than the limit of {}, or they lie deeper than {}; the rest was not read.",
                limits.parts, limits.depth
            ),
        });
    }
    readable
}

/// When no part is there to be read: a report's own fields (RFC 3464), text of a sort that nobody names, and else a
/// letter that is only a forwarded one reads as that one.
fn of_the_rest(walk: &Walk<'_>, limits: &Limits) -> Option<Readable> {
    let own = walk.leaves.iter().position(|leaf| {
        let status = leaf.media_type == "message/delivery-status";
        leaf.level == 0 && (status || leaf.kind == Kind::OtherText && leaf.name.is_none())
    });
    let some =
        |leaves: &[usize]| Some(of_leaves(walk, leaves, limits)).filter(|read| !read.text.trim().is_empty());
    if let Some(own) = own {
        let status = walk.leaves[own].kind == Kind::File;
        let returned = walk.letters.first().filter(|_| status).into_iter().flatten();
        let all: Vec<usize> = std::iter::once(own).chain(returned.copied()).collect();
        if let Some(read) = some(&all) {
            return Some(read);
        }
    }
    let mut forwarded = walk.letters.iter().rev().find_map(|letter| some(letter))?;
    forwarded.forwarded = walk.letters.len() == 1;
    Some(forwarded)
}

fn of_leaves(walk: &Walk<'_>, places: &[usize], limits: &Limits) -> Readable {
    let mut readable = Readable::default();
    let mut budget = limits.text;
    for leaf in places.iter().filter_map(|at| walk.leaves.get(*at)) {
        if leaf.kind == Kind::Calendar && !readable.text.trim().is_empty() {
            continue;
        }
        let (text, doubt) = charset::decode(&leaf.bytes(), leaf.charset.as_deref());
        if !readable.doubts.iter().any(|known| Some(known.kind) == doubt.as_ref().map(|doubt| doubt.kind)) {
            readable.doubts.extend(doubt);
        }
        let (text, hints) = match leaf.kind {
            Kind::Html => {
                let read = html::to_text(&text);
                (read.text, read.hints)
            }
            Kind::Calendar => (calendar(&text), Vec::new()),
            _ => (flowed::unwrap(text, leaf.part), Vec::new()),
        };
        // What stands between two parts counts against the limit too.
        if budget > 0 && !readable.text.is_empty() && !readable.text.ends_with('\n') {
            readable.text.push('\n');
            budget -= 1;
        }
        let from = readable.text.len();
        let (text, cut) = if hints.is_empty() { tidy(&text, budget) } else { clipped(text, budget) };
        budget -= text.len().min(budget);
        readable.hints.extend(hints.into_iter().filter(|hint| hint.end <= text.len()).map(|hint| Fold {
            start: hint.start + from,
            end: hint.end + from,
            reason: hint.reason,
        }));
        readable.text.push_str(&text);
        if cut {
            readable.doubts.push(Doubt {
                kind: DoubtKind::OverLimit,
                detail: format!(
                    "Its text is longer than the limit of {} KiB; the rest stands in the original.",
                    limits.text >> 10
                ),
            });
            break;
        }
    }
    readable
}

/// Signed and encrypted letters (RFC 1847, RFC 8551, RFC 4880 in the text).
fn protection(message: &Message<'_>, readable: &mut Readable) {
    let mut say = |kind, detail: &str| {
        if !readable.doubts.iter().any(|doubt| doubt.kind == kind) {
            readable.doubts.push(Doubt { kind, detail: detail.to_owned() });
        }
    };
    for part in message.parts.iter().take(64) {
        let kind = part.content_type().and_then(|content| {
            Some(format!("{}/{}", content.ctype(), content.subtype()?).to_ascii_lowercase())
        });
        match kind.as_deref() {
            Some("multipart/encrypted") => {
                say(
                    DoubtKind::Encrypted,
                    "It is encrypted (OpenPGP); only the holder of the key can read it.",
                );
            }
            Some("multipart/signed") => {
                say(DoubtKind::Signed, "It is signed; the signature was not checked.");
            }
            _ => {}
        }
    }
    let text = readable.text.trim_start();
    if text.starts_with("-----BEGIN PGP MESSAGE-----") {
        readable.doubts.push(Doubt {
            kind: DoubtKind::Encrypted,
            detail: "Its text is encrypted (OpenPGP); only the holder of the key can read it.".to_owned(),
        });
    }
}

/// What an invitation (RFC 5545) says, a line each.
fn calendar(source: &str) -> String {
    let unfolded = source.replace("\r\n ", "").replace("\n ", "").replace("\r\n\t", "").replace("\n\t", "");
    let mut lines = Vec::new();
    for line in unfolded.lines().take(2_000) {
        let Some((name, value)) = line.split_once(':') else { continue };
        let label = match name.split(';').next().unwrap_or_default() {
            "SUMMARY" => "Emne",
            "DTSTART" => "Start",
            "DTEND" => "Slut",
            "LOCATION" => "Sted",
            "DESCRIPTION" => "Beskrivelse",
            _ => continue,
        };
        let value = value.replace("\\n", "\n").replace("\\N", "\n").replace("\\,", ",").replace("\\;", ";");
        lines.push(format!("{label}: {}", value.trim()));
        if lines.len() >= 20 {
            break;
        }
    }
    lines.join("\n")
}

/// LF line ends, no control characters, and no more than `limit` bytes. Says whether something was cut.
pub(super) fn tidy(text: &str, limit: usize) -> (String, bool) {
    let mut out = String::with_capacity(text.len().min(limit));
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let c = match c {
            '\r' => {
                if chars.peek() == Some(&'\n') {
                    continue;
                }
                '\n'
            }
            '\u{feff}' if out.is_empty() => continue,
            '\t' | '\n' => c,
            c if c.is_control() => continue,
            c => c,
        };
        if out.len() + c.len_utf8() > limit {
            return (out, true);
        }
        out.push(c);
    }
    (out, false)
}

/// Text that is tidy already and whose places are referred to.
fn clipped(mut text: String, limit: usize) -> (String, bool) {
    if text.len() <= limit {
        return (text, false);
    }
    let end = (0..=limit).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    text.truncate(end);
    (text, true)
}
