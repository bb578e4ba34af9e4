//! How a letter is put together, seen from its lines: guards the parser, which follows any nesting, and finds parts
//! that were never closed. One pass over the lines; memory for the open parts only.

use memchr::{memchr, memchr_iter, memmem};

use super::prepare::{field_name, text_begins};
use super::transfer::Transfer;
use crate::email::Limits;

/// What was found.
#[derive(Default)]
pub(super) struct Structure {
    /// Which limit it is over, in words.
    pub(super) over: Option<String>,
    /// What is missing where: closing delimiters, and the blank line after a part's head.
    pub(super) missing: Vec<(usize, Vec<u8>)>,
}

/// How much searching for boundaries that never come the parser may be put to, in bytes.
const SEARCH: usize = 256 << 20;
/// Letters inside letters are dropped one inside the other: more mentions than this are not handed on.
const MENTIONS: usize = 1_000;
/// The parser opens encoded letters inside encoded letters this deep.
const ENCODED: usize = 3;

/// Looks at the lines of a letter.
pub(super) fn scan(bytes: &[u8], limits: &Limits) -> Structure {
    scan_inner(bytes, limits, ENCODED)
}

struct Open<'a> {
    boundary: &'a [u8],
    letters: usize,
    digest: bool,
}

/// What the head of the part at hand says.
#[derive(Default)]
struct Head<'a> {
    boundary: Option<&'a [u8]>,
    letter: bool,
    typed: bool,
    digest: bool,
    transfer: Option<Transfer>,
}

fn scan_inner(bytes: &[u8], limits: &Limits, encoded: usize) -> Structure {
    let mut structure = Structure::default();
    if memmem::find(bytes, b"\n--").is_none() && mentions(bytes) == 0 {
        return structure;
    }
    let mut open = vec![Open { boundary: b"", letters: 0, digest: false }];
    let (mut head, mut in_head, mut pending) = (Head::default(), true, None);
    let (mut parts, mut declared, mut opened) = (1usize, 0usize, 0usize);
    let mut letter_from: Option<(usize, Transfer)> = None;
    let mut at = 0;
    while at < bytes.len() {
        let end = memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |end| at + end + 1);
        let line = bytes[at..end].trim_ascii_end();
        if let Some(name) = line.strip_prefix(b"--")
            && let Some((level, closing)) = delimiter(name, &open, pending)
        {
            if let Some((from, transfer)) = letter_from.take() {
                structure.over = structure.over.or(inside(&bytes[from..at], transfer, limits, encoded));
            }
            if level == open.len() {
                let boundary = pending.take().unwrap_or_default();
                open.push(Open { boundary, letters: 0, digest: head.digest });
                opened += 1;
            } else {
                for left in open.drain(level + 1..).rev() {
                    structure.missing.push((at, closing_line(left.boundary)));
                }
            }
            if closing {
                open.truncate(level.max(1));
            } else {
                open.iter_mut().skip(level).for_each(|open| open.letters = 0);
            }
            pending = None;
            (head, in_head) = (Head::default(), !closing);
            parts += 1;
        } else if in_head && line.is_empty() {
            declared += usize::from(head.boundary.is_some());
            pending = head.boundary;
            in_head = false;
            let implied = open.last().is_some_and(|open| open.digest) && !head.typed;
            if head.letter || implied {
                match head.transfer {
                    Some(transfer) if transfer != Transfer::Identity => letter_from = Some((end, transfer)),
                    _ => {
                        open.iter_mut().next_back().into_iter().for_each(|open| open.letters += 1);
                        let kept = Head { digest: false, ..Head::default() };
                        (head, in_head) = (kept, true);
                    }
                }
            }
        } else if in_head {
            let field = bytes[at].is_ascii_whitespace() || field_name(line).is_some();
            if !field && parts > 1 && text_begins(bytes, at) {
                structure.missing.push((at, b"\n".to_vec()));
                in_head = false;
            }
            head.field(line);
        }
        let depth = open.len() - 1 + open.iter().map(|open| open.letters).sum::<usize>();
        if depth > limits.depth {
            structure.over = Some(format!(
                "Its parts are nested deeper than the limit of {}; only its head was read.",
                limits.depth
            ));
            return structure;
        }
        at = end;
    }
    if let Some((from, transfer)) = letter_from {
        structure.over = structure.over.or(inside(&bytes[from..], transfer, limits, encoded));
    }
    for left in open.drain(1..).rev() {
        structure.missing.push((bytes.len(), closing_line(left.boundary)));
    }
    let fruitless = declared.max(memmem_count(bytes, b"boundary=")).saturating_sub(opened);
    if parts > limits.parts {
        structure.over =
            Some(format!("It has more parts than the limit of {}; only its head was read.", limits.parts));
    } else if fruitless.saturating_mul(bytes.len()) > SEARCH || mentions(bytes) > MENTIONS {
        structure.over = Some("It announces more parts than it has; only its head was read.".to_owned());
    }
    structure
}

/// The line that closes a boundary.
fn closing_line(boundary: &[u8]) -> Vec<u8> {
    [b"\n--", boundary, b"--\n"].concat()
}

/// Which open part a line `--…` belongs to, and whether it closes it. The part announced last counts as one more.
fn delimiter(name: &[u8], open: &[Open<'_>], pending: Option<&[u8]>) -> Option<(usize, bool)> {
    let bare = name.strip_suffix(b"--");
    let is = |boundary: &[u8]| {
        if boundary.is_empty() {
            None
        } else if name == boundary {
            Some(false)
        } else {
            (bare == Some(boundary)).then_some(true)
        }
    };
    if let Some(closing) = pending.and_then(is) {
        return Some((open.len(), closing));
    }
    open.iter().enumerate().rev().find_map(|(level, open)| Some((level, is(open.boundary)?)))
}

/// A letter that is encoded whole: what the parser would find in it.
fn inside(bytes: &[u8], transfer: Transfer, limits: &Limits, encoded: usize) -> Option<String> {
    let encoded = encoded.checked_sub(1)?;
    scan_inner(&transfer.undo(bytes), limits, encoded).over
}

impl<'a> Head<'a> {
    fn field(&mut self, line: &'a [u8]) {
        let starts =
            |name: &[u8]| line.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name));
        if starts(b"content-type:") {
            self.typed = true;
            self.letter |= has(line, b"message/rfc822") || has(line, b"message/global");
            self.digest |= has(line, b"multipart/digest");
        } else if starts(b"content-transfer-encoding:") {
            let value = std::str::from_utf8(&line[26..]).unwrap_or_default();
            self.transfer = Some(Transfer::of(value));
        } else if line.first().is_some_and(u8::is_ascii_whitespace) {
            self.letter |= has(line, b"message/rfc822");
        }
        if self.typed && self.boundary.is_none() {
            self.boundary = boundary(line);
        }
    }
}

/// The value of a boundary parameter on this line.
fn boundary(line: &[u8]) -> Option<&[u8]> {
    let at = position(line, b"boundary=")?;
    let value = line[at + 9..].trim_ascii_start();
    let value = match value.strip_prefix(b"\"") {
        Some(quoted) => quoted.split(|byte| *byte == b'"').next(),
        None => value.split(|byte| *byte == b';' || byte.is_ascii_whitespace()).next(),
    };
    value.filter(|value| !value.is_empty() && value.len() <= 200)
}

fn has(line: &[u8], needle: &[u8]) -> bool {
    position(line, needle).is_some()
}

fn position(line: &[u8], needle: &[u8]) -> Option<usize> {
    // Lines of a head are short; one of megabytes holds nothing that matters this far out.
    let line = &line[..line.len().min(4 << 10)];
    line.windows(needle.len()).position(|window| window.eq_ignore_ascii_case(needle))
}

/// How often a letter inside the letter is announced, at most.
fn mentions(bytes: &[u8]) -> usize {
    let followed = |at: usize, word: &[u8]| {
        bytes.get(at + 1..at + 1 + word.len()).is_some_and(|next| next.eq_ignore_ascii_case(word))
    };
    memchr_iter(b'/', bytes)
        .filter(|at| followed(*at, b"rfc822") || followed(*at, b"global") || followed(*at, b"digest"))
        .count()
}

fn memmem_count(bytes: &[u8], needle: &[u8]) -> usize {
    let last = needle.len() - 1;
    memchr_iter(needle[last], bytes)
        .filter(|at| at.checked_sub(last).is_some_and(|from| bytes[from..=*at].eq_ignore_ascii_case(needle)))
        .count()
}
