//! Recognises how Outlook and its kin announce a quote: a block of header lines (Fra, Sendt, Til, Emne), the
//! separators above it, forward markers, and help-desk lines. Does not know what follows.

use super::attribution::Trust;
use super::lines::{Line, is_rule_char};
use super::scan::{has_address, has_time, has_year};
use super::words::{FORWARD_BEGINS, LABELS, Label, REPLY_ABOVE, SEPARATORS};

/// A header block is looked at for so many lines.
const WINDOW: usize = 24;
/// Text between two labelled lines: a long list of recipients, or a wrapped name.
const MOST_CONTINUED: usize = 6;

/// What announces a quote at `at`: its last line and how far to trust it.
pub(super) fn announcement(lines: &[Line], at: usize) -> Option<(usize, Trust)> {
    let line = &lines[at];
    if line.blank || line.long {
        return None;
    }
    if is_reply_above(&line.lower) {
        return Some((at, Trust::Sure));
    }
    if let Some(kind) = separator(&line.lower) {
        let block = next_filled(lines, at + 1).and_then(|next| header_block(lines, next, true));
        return match (block, kind) {
            (Some(last), _) => Some((last, Trust::Sure)),
            (None, Separator::Dashed) => Some((at, Trust::Sure)),
            (None, Separator::Plain) => None,
        };
    }
    header_block(lines, at, false).map(|last| (last, Trust::Sure))
}

/// The first line at or after `from` that is not blank.
pub(super) fn next_filled(lines: &[Line], from: usize) -> Option<usize> {
    (from..lines.len()).find(|&at| !lines[at].blank)
}

/// A help-desk line: the phrase stands within the first words of a short line, so that speaking of it is not
/// mistaken for it.
fn is_reply_above(lower: &str) -> bool {
    const LONGEST: usize = 140;
    let core = lower.trim_start_matches(|c: char| !c.is_alphanumeric());
    let starts = std::iter::once(0).chain(core.match_indices(' ').map(|(at, _)| at + 1)).take(3);
    core.len() <= LONGEST
        && starts.map(|at| &core[at..]).any(|rest| REPLY_ABOVE.iter().any(|phrase| rest.starts_with(phrase)))
}

#[derive(Clone, Copy)]
enum Separator {
    /// Between dashes: enough by itself.
    Dashed,
    /// Without: a header block must follow.
    Plain,
}

fn separator(lower: &str) -> Option<Separator> {
    let core = lower.trim_matches(|c: char| is_rule_char(c) || c == ' ' || c == ':' || c == '|' || c == '：');
    if core.is_empty() || core.len() > 160 {
        return None;
    }
    let before = lower.chars().take_while(|c| is_rule_char(*c)).count();
    let after = lower.chars().rev().take_while(|c| is_rule_char(*c) || *c == ':').count();
    if before >= 2 && (after >= 2 || SEPARATORS.contains(&core)) {
        let by = core.ends_with("by") || core.ends_with("af");
        let known = SEPARATORS.iter().any(|phrase| {
            core.strip_prefix(phrase)
                .is_some_and(|rest| rest.is_empty() || (rest.starts_with(' ') && rest.len() < 90))
        });
        if known && !by {
            return Some(Separator::Dashed);
        }
        return Some(Separator::Plain);
    }
    FORWARD_BEGINS.iter().chain(SEPARATORS).any(|phrase| core == *phrase).then_some(Separator::Plain)
}

/// The header block that begins at `at`: its last line. `announced` when a separator stands above it.
fn header_block(lines: &[Line], at: usize, announced: bool) -> Option<usize> {
    let first = &lines[at];
    label(&first.lower)?;
    let mut seen = Seen::default();
    let mut last = at;
    let mut blanks = 0;
    let mut continued = 0;
    for (here, line) in lines.iter().enumerate().skip(at).take(WINDOW) {
        if line.blank {
            blanks += 1;
            if blanks > 2 {
                break;
            }
            continue;
        }
        if line.depth != first.depth {
            break;
        }
        if line.long {
            // A list of many recipients; it continues a block but does not begin one.
            if blanks > 0 || here == at {
                break;
            }
            continue;
        }
        match label(&line.lower) {
            // The same label again is a new letter's header, or prose.
            Some(kind)
                if seen.has(kind) && kind != Label::Other && kind != Label::Sent && kind != Label::Date =>
            {
                break;
            }
            Some(_) => {
                seen.note_line(&line.lower);
                last = here;
                blanks = 0;
                continued = 0;
            }
            None if blanks == 0 && continued < MOST_CONTINUED => {
                continued += 1;
                seen.address |= continued <= 2 && has_address(&line.lower);
            }
            None => break,
        }
    }
    // Wrapped recipients after the last label belong to the block, until a blank line; a subject is one line.
    if seen.last != Some(Label::Subject) {
        last = (last + 1..lines.len().min(last + MOST_CONTINUED))
            .take_while(|&here| {
                !lines[here].blank && lines[here].depth == first.depth && has_address(&lines[here].lower)
            })
            .last()
            .unwrap_or(last);
    }
    seen.is_header(announced).then_some(last)
}

/// The labels met in a block.
#[derive(Default)]
struct Seen {
    kinds: Vec<Label>,
    last: Option<Label>,
    address: bool,
    /// A date with year and time, as clients write it.
    stamped: bool,
}

impl Seen {
    fn has(&self, kind: Label) -> bool {
        self.kinds.contains(&kind)
    }

    /// Notes the label at the start of the line, and those inside it: flattened HTML puts several on one line.
    fn note_line(&mut self, lower: &str) {
        self.address |= has_address(lower);
        let kind = label(lower);
        self.stamped |= matches!(kind, Some(Label::Date | Label::Sent)) && has_time(lower) && has_year(lower);
        self.note(kind);
        for (at, _) in lower.match_indices(':').skip(1).take(8) {
            let before = &lower[..at];
            let word = before.rsplit(' ').find(|word| !word.is_empty()).unwrap_or(before);
            self.note(lookup(word));
        }
    }

    fn note(&mut self, kind: Option<Label>) {
        if let Some(kind) = kind {
            self.last = Some(kind);
            if !self.has(kind) {
                self.kinds.push(kind);
            }
        }
    }

    /// Three labels with the sender among them, and something that only a mail client puts there: people list
    /// from, to and date of a journey too.
    fn is_header(&self, announced: bool) -> bool {
        let core = self.kinds.iter().filter(|kind| !matches!(kind, Label::Other | Label::Copy)).count();
        let client =
            self.address || self.has(Label::Sent) && (self.has(Label::Subject) || self.has(Label::To));
        if announced {
            return self.has(Label::From) && core >= 2 || core >= 3 || self.has(Label::From) && self.address;
        }
        (self.has(Label::From) && core >= 3 && client) || (core >= 2 && self.stamped && self.address)
    }
}

/// The label that a line begins with.
fn label(lower: &str) -> Option<Label> {
    let core = lower.trim_start_matches(['|', '·', '•', '_', ' ']);
    let (name, _) = core.split_once([':', '：'])?;
    lookup(name)
}

fn lookup(name: &str) -> Option<Label> {
    let name = name.trim_matches(['_', ' ', '[', ']']);
    if name.len() > 40 {
        return None;
    }
    LABELS.iter().find(|(_, names)| names.contains(&name)).map(|(kind, _)| *kind)
}
