//! Makes bytes ready for the parser: line ends that it understands, no mbox line, a head that ends, parts that are
//! closed, and no more than the limits allow.

use std::borrow::Cow;

use super::structure::{self, Structure};
use crate::email::Limits;
use crate::message::{Doubt, DoubtKind};

/// Bytes that are ready.
pub(super) struct Prepared<'a> {
    /// The bytes.
    pub(super) bytes: Cow<'a, [u8]>,
    /// Whether only the header section may be read.
    pub(super) only_head: bool,
    /// Whether there is no header section: all of it is text.
    pub(super) headless: bool,
    /// What is odd about them.
    pub(super) doubts: Vec<Doubt>,
}

/// How much is read of a letter of which only the head is read, in bytes.
const HEAD: usize = 256 << 10;

pub(super) fn prepare<'a>(raw: &'a [u8], limits: &Limits) -> Prepared<'a> {
    let mut doubts = Vec::new();
    if raw.len() > limits.size {
        doubts.push(over(format!(
            "It is {} MiB, over the limit of {} MiB; only its head was read.",
            raw.len() >> 20,
            limits.size >> 20
        )));
        return head_only(raw, doubts);
    }
    let bytes = with_line_feeds(without_envelope_line(raw));
    let Some(bytes) = head(bytes, &mut doubts) else {
        return Prepared { bytes: Cow::Borrowed(raw), only_head: false, headless: true, doubts };
    };
    let structure = structure::scan(&bytes, limits);
    if let Some(reason) = structure.over {
        doubts.push(over(reason));
        return head_only(raw, doubts);
    }
    let bytes = closed(bytes, &structure, &mut doubts);
    Prepared { bytes, only_head: false, headless: false, doubts }
}

fn head_only(raw: &[u8], mut doubts: Vec<Doubt>) -> Prepared<'_> {
    let start = &raw[..raw.len().min(HEAD)];
    match head(with_line_feeds(without_envelope_line(start)), &mut doubts) {
        Some(bytes) => Prepared { bytes, only_head: true, headless: false, doubts },
        None => Prepared { bytes: Cow::Borrowed(start), only_head: true, headless: true, doubts },
    }
}

fn over(detail: String) -> Doubt {
    Doubt { kind: DoubtKind::OverLimit, detail }
}

fn malformed(doubts: &mut Vec<Doubt>, detail: &str) {
    if !doubts.iter().any(|doubt| doubt.kind == DoubtKind::Malformed) {
        doubts.push(Doubt { kind: DoubtKind::Malformed, detail: detail.to_owned() });
    }
}

/// A first line `From sender date` belongs to an mbox file, not to the letter; neither do blank lines before the head.
fn without_envelope_line(mut bytes: &[u8]) -> &[u8] {
    while let [b'\r' | b'\n', rest @ ..] = bytes {
        bytes = rest;
    }
    if bytes.starts_with(b"From ") || bytes.starts_with(b">From ") {
        let end =
            bytes.iter().position(|&byte| byte == b'\n' || byte == b'\r').map_or(bytes.len(), |at| at + 1);
        bytes = &bytes[end..];
        if let [b'\n', rest @ ..] = bytes {
            bytes = rest;
        }
    }
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

/// Old Macintosh programs end lines with CR alone; the parser knows LF and CRLF.
fn with_line_feeds(bytes: &[u8]) -> Cow<'_, [u8]> {
    let head = &bytes[..bytes.len().min(64 << 10)];
    let feeds = head.iter().filter(|&&byte| byte == b'\n').count();
    let returns = head.iter().filter(|&&byte| byte == b'\r').count();
    if returns > 0 && feeds == 0 {
        Cow::Owned(bytes.iter().map(|&byte| if byte == b'\r' { b'\n' } else { byte }).collect())
    } else {
        Cow::Borrowed(bytes)
    }
}

/// Fields that may stand once (RFC 5322 section 3.6, RFC 2045), and what replaces the first letter of a second one's
/// name so that the parser, which believes the last, believes the first as everyone else does.
const ONCE: [&[u8]; 7] =
    [b"content-type", b"content-transfer-encoding", b"from", b"sender", b"subject", b"date", b"message-id"];

/// The letter with a head that ends where it ends; `None` when it has none at all.
fn head<'a>(bytes: Cow<'a, [u8]>, doubts: &mut Vec<Doubt>) -> Option<Cow<'a, [u8]>> {
    let mut insert: Vec<(usize, &[u8])> = Vec::new();
    let mut rename: Vec<usize> = Vec::new();
    let mut seen = [false; ONCE.len()];
    let (mut at, mut first, mut fields, mut continues) = (0, 0, 0usize, false);
    while at < bytes.len() {
        let line = line_at(&bytes, at);
        let content = line.trim_ascii_end();
        let field = field_name(line);
        if content.is_empty() {
            break;
        } else if let Some(name) = field {
            fields += 1;
            if let Some(index) = ONCE.iter().position(|once| name.eq_ignore_ascii_case(once)) {
                if seen[index] {
                    rename.push(at);
                    if name.eq_ignore_ascii_case(b"from") {
                        doubts.push(Doubt {
                            kind: DoubtKind::SeveralSenders,
                            detail: "It has more than one From field; the first is taken.".to_owned(),
                        });
                    }
                }
                seen[index] = true;
            }
        } else if !matches!(line.first(), Some(b' ' | b'\t')) {
            let text = text_begins(&bytes, at);
            if fields == 0 && text {
                return None;
            }
            malformed(doubts, "Its head holds a line that is no header field.");
            if continues {
                // A field that broke off after a semicolon, whose next line lost its indent.
                insert.push((at, b" "));
            } else if text {
                insert.push((at, b"\n"));
                break;
            } else if fields == 0 {
                first = at + line.len();
            }
        }
        continues = content.ends_with(b";");
        at += line.len();
    }
    if fields == 0 {
        return None;
    }
    if insert.is_empty() && rename.is_empty() && first == 0 {
        return Some(bytes);
    }
    let mut owned = bytes.into_owned();
    rename.into_iter().for_each(|at| owned[at] = b'X');
    let mut owned = spliced(&owned, &insert);
    owned.drain(..first);
    Some(Cow::Owned(owned))
}

/// The line that begins at `at`, with its end.
pub(super) fn line_at(bytes: &[u8], at: usize) -> &[u8] {
    let rest = bytes.get(at..).unwrap_or_default();
    let end = rest.iter().position(|byte| *byte == b'\n').map_or(rest.len(), |end| end + 1);
    &rest[..end]
}

/// Whether a line of a head that is no field is where the text begins, because no field that letters have follows
/// before the next blank line.
pub(super) fn text_begins(bytes: &[u8], mut at: usize) -> bool {
    for index in 0..40 {
        let line = line_at(bytes, at);
        if line.trim_ascii().is_empty() || line.starts_with(b"--") {
            return true;
        }
        if index > 0 && field_name(line).is_some_and(usual) {
            return false;
        }
        at += line.len();
    }
    true
}

/// Fields that letters have, as against words before a colon.
fn usual(name: &[u8]) -> bool {
    const USUAL: [&[u8]; 12] = [
        b"from",
        b"to",
        b"cc",
        b"subject",
        b"date",
        b"sender",
        b"reply-to",
        b"message-id",
        b"received",
        b"return-path",
        b"mime-version",
        b"references",
    ];
    let starts = |start: &[u8]| name.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start));
    starts(b"x-") || starts(b"content-") || USUAL.iter().any(|usual| name.eq_ignore_ascii_case(usual))
}

/// The name of the field that a line begins (RFC 5322 section 2.2, and the blanks before the colon of section 4.5).
pub(super) fn field_name(line: &[u8]) -> Option<&[u8]> {
    let colon = line.iter().take(200).position(|byte| *byte == b':')?;
    let name = line[..colon].trim_ascii_end();
    // Private fields are named with anything by the programs that make them.
    let private = name.get(..2).is_some_and(|start| start.eq_ignore_ascii_case(b"x-"));
    let printable = !name.is_empty() && name.iter().all(u8::is_ascii_graphic);
    (printable || private).then_some(name)
}

/// Closes what the sender left open, so that the parts behind it are found.
fn closed<'a>(bytes: Cow<'a, [u8]>, structure: &Structure, doubts: &mut Vec<Doubt>) -> Cow<'a, [u8]> {
    if structure.missing.is_empty() {
        return bytes;
    }
    malformed(doubts, "Not all of its parts begin and end as they should.");
    Cow::Owned(spliced(&bytes, &structure.missing))
}

fn spliced<T: AsRef<[u8]>>(bytes: &[u8], insert: &[(usize, T)]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() + insert.len());
    let mut from = 0;
    for (at, what) in insert {
        out.extend_from_slice(&bytes[from..*at]);
        out.extend_from_slice(what.as_ref());
        from = *at;
    }
    out.extend_from_slice(&bytes[from..]);
    out
}
