//! Cuts a text into lines and says of each what the finders ask: how deep it is quoted, and how it reads when
//! marks, invisible characters and case are set aside. Knows nothing of languages.

use std::ops::Range;

/// A line longer than this (in bytes, marks included) is prose: nothing that a mail client writes around a
/// quote is so long, and leaving such lines unexamined keeps the work linear on hostile input.
const LONGEST_EXAMINED: usize = 480;

/// Quote marks beyond this depth are not counted: no conversation is so deep.
const DEEPEST: u8 = 60;

/// One line of the text.
#[derive(Debug)]
pub(super) struct Line {
    /// Its bytes in the text, line end included.
    pub(super) span: Range<usize>,
    /// How many `>` it begins with.
    pub(super) depth: u8,
    /// Nothing but white space and quote marks.
    pub(super) blank: bool,
    /// Too long to be examined; `clean` and `lower` are empty then.
    pub(super) long: bool,
    /// Its length in characters, quote marks included and the line end not.
    pub(super) width: usize,
    /// The words without quote marks, invisible characters and emphasis; inner white space single.
    pub(super) clean: String,
    /// `clean` in lower case.
    pub(super) lower: String,
}

impl Line {
    /// Nothing but dashes, underscores, equals signs or asterisks: a rule, not text. Invisible emphasis is
    /// already gone, so `clean` may be empty for a line of asterisks.
    pub(super) fn is_rule(&self, shortest: usize) -> bool {
        !self.blank
            && self.clean.chars().filter(|c| is_rule_char(*c)).count() >= shortest
            && self.clean.chars().all(|c| is_rule_char(c) || c == ' ')
    }

    /// The number of words.
    pub(super) fn words(&self) -> usize {
        self.clean.split(' ').filter(|word| word.chars().any(char::is_alphanumeric)).count()
    }
}

/// Characters that rules and separators are drawn with.
pub(super) fn is_rule_char(c: char) -> bool {
    matches!(c, '-' | '_' | '=' | '~' | '*' | '#' | '\u{2010}'..='\u{2015}' | '\u{2500}' | '\u{2501}')
}

/// Cuts `text` into lines at LF, CRLF or lone CR. The spans cover the text without a gap.
pub(super) fn lines(text: &str) -> Vec<Line> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut start = 0;
    while start < bytes.len() {
        let content_end = bytes[start..]
            .iter()
            .position(|b| matches!(b, b'\n' | b'\r'))
            .map_or(bytes.len(), |at| start + at);
        let end = match (bytes.get(content_end), bytes.get(content_end + 1)) {
            (Some(b'\r'), Some(b'\n')) => content_end + 2,
            (Some(_), _) => content_end + 1,
            (None, _) => content_end,
        };
        found.push(line(&text[start..content_end], start..end));
        start = end;
    }
    unmark_escaped_from(text, &mut found);
    found
}

fn line(content: &str, span: Range<usize>) -> Line {
    let (depth, rest) = strip_quote_marks(content);
    let blank = rest.chars().all(|c| c.is_whitespace() || is_invisible(c));
    let long = rest.len() > LONGEST_EXAMINED;
    let clean = if long || blank { String::new() } else { clean(rest) };
    let lower = clean.to_lowercase();
    let width = content.chars().count();
    Line { span, depth, blank, long, width, clean, lower }
}

/// Counts the leading `>`, which may stand apart, and gives what follows them. More than three spaces before the
/// first is a code block or a diagram, not a quote.
fn strip_quote_marks(content: &str) -> (u8, &str) {
    // ">>> read this <<<" is an ornament.
    if content.trim_end().ends_with("<<") {
        return (0, content);
    }
    let mut rest = content;
    let mut depth = 0;
    loop {
        let unindented = rest.trim_start_matches([' ', '\u{a0}']);
        let indent = rest.len() - unindented.len();
        match unindented.strip_prefix('>') {
            // A client that wraps an attribution after the address leaves ">:" on the next line.
            Some(after) if after.trim_end() == ":" => return (depth, rest),
            Some(after) if depth > 0 || indent <= 3 => {
                depth = DEEPEST.min(depth + 1);
                rest = after;
            }
            _ => return (depth, rest),
        }
    }
}

/// Old mailboxes write a line that begins with "From " as ">From ". Standing alone it is the writer's own.
fn unmark_escaped_from(text: &str, lines: &mut [Line]) {
    for at in 0..lines.len() {
        let alone = |other: Option<&Line>| other.is_none_or(|line| line.depth == 0);
        let before = at.checked_sub(1).and_then(|at| lines.get(at));
        if lines[at].depth == 1
            && text[lines[at].span.clone()].starts_with(">From ")
            && alone(before)
            && alone(lines.get(at + 1))
        {
            lines[at].depth = 0;
        }
    }
}

/// The words of a line as a reader sees them.
fn clean(content: &str) -> String {
    let decoded = if content.contains('&') { decode_entities(content) } else { content.to_owned() };
    let mut cleaned = String::with_capacity(decoded.len());
    let mut space = false;
    for c in decoded.chars() {
        if c.is_whitespace() {
            space = !cleaned.is_empty();
        } else if !is_invisible(c) && c != '*' {
            if space {
                cleaned.push(' ');
                space = false;
            }
            cleaned.push(c);
        }
    }
    cleaned
}

/// Some gateways leave the angle brackets of an attribution as entities in plain text.
fn decode_entities(content: &str) -> String {
    content
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&nbsp;", " ")
        .replace("&amp;", "&")
}

/// Direction marks, joiners and other characters without a shape.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{34f}'
    )
}
