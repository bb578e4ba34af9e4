//! Makes bytes ready for the parser: line ends that it understands, no mbox line, and no more than the limits allow.

use std::borrow::Cow;

use crate::email::Limits;
use crate::message::{Doubt, DoubtKind};

/// Bytes that are ready.
pub(super) struct Prepared<'a> {
    /// The bytes.
    pub(super) bytes: Cow<'a, [u8]>,
    /// Whether only the header section may be read.
    pub(super) only_head: bool,
    /// What is odd about them.
    pub(super) doubts: Vec<Doubt>,
}

/// A boundary line costs the parser some hundred bytes of memory, however empty the part is.
const LINES_A_PART: usize = 20;

pub(super) fn prepare<'a>(raw: &'a [u8], limits: &Limits) -> Prepared<'a> {
    let mut doubts = Vec::new();
    let mut only_head = false;
    let mut over = |detail: String| {
        only_head = true;
        doubts.push(Doubt { kind: DoubtKind::OverLimit, detail });
    };
    if raw.len() > limits.size {
        over(format!(
            "It is {} MiB, over the limit of {} MiB; only its head was read.",
            raw.len() >> 20,
            limits.size >> 20
        ));
    } else if boundaries(raw) > limits.parts.saturating_mul(LINES_A_PART) {
        over(format!("It has more parts than the limit of {}; only its head was read.", limits.parts));
    } else if nesting(raw) > limits.depth.saturating_mul(4) {
        over(format!(
            "Its parts are nested deeper than the limit of {}; only its head was read.",
            limits.depth
        ));
    }
    let bytes = if only_head { &raw[..raw.len().min(256 << 10)] } else { raw };
    let bytes = without_envelope_line(bytes);
    Prepared { bytes: with_line_feeds(bytes), only_head, doubts }
}

/// Lines that can be boundaries.
fn boundaries(raw: &[u8]) -> usize {
    raw.windows(3).filter(|window| *window == b"\n--").count()
}

/// How many multiparts announce themselves: an upper bound of how deep they can be nested.
fn nesting(raw: &[u8]) -> usize {
    raw.windows(9).filter(|window| window.eq_ignore_ascii_case(b"boundary=")).count()
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
    bytes
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
