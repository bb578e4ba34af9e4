//! Marks quoted text: lines with `>`, and what an attribution, a header block or a separator announces.
//!
//! Does not know signatures. Answers between quoted lines stay visible, and so does everything when the writer
//! says that the answers stand inside the quote.

use super::Marks;
use super::attribution::{Trust, attribution};
use super::header::{announcement, next_filled};
use super::lines::Line;
use super::scan::has_word;
use super::words::ANSWERS_INSIDE;
use crate::message::FoldReason;

/// A quoted line wider than this, with the next word, was broken by a client and not by the writer.
const WRAP_WIDTH: usize = 72;
/// The same in a letter whose client is known to break lines.
const KNOWN_WRAP_WIDTH: usize = 64;

/// Marks the quotes of a letter.
pub(super) fn mark(lines: &[Line], marks: &mut Marks) {
    for (line, mark) in lines.iter().zip(marks.iter_mut()) {
        if line.depth > 0 {
            *mark = Some(FoldReason::Quote);
        }
    }
    mark_broken_lines(lines, marks);
    mark_announced(lines, marks);
}

/// Looks for announcements among the lines that are not quoted by marks.
fn mark_announced(lines: &[Line], marks: &mut Marks) {
    // Looked for once, before the first announcement: looking again at each would cost the square of the text.
    let mut inside = None;
    let mut at = 0;
    while at < lines.len() {
        if lines[at].depth > 0 || lines[at].blank {
            at += 1;
            continue;
        }
        let Some((last, trust)) = attribution(lines, at).or_else(|| announcement(lines, at)) else {
            at += 1;
            continue;
        };
        let marked_beneath = next_filled(lines, last + 1).is_some_and(|next| lines[next].depth > 0);
        let first = with_rule_above(lines, at);
        if marked_beneath {
            marks[first..=last].fill(Some(FoldReason::Quote));
        } else if trust == Trust::Sure
            && !*inside.get_or_insert_with(|| answers_announced(&lines[..at]).is_some())
        {
            marks[first..].fill(Some(FoldReason::Quote));
            return;
        }
        at = last + 1;
    }
}

/// The rule that Outlook draws above its header belongs to it.
fn with_rule_above(lines: &[Line], at: usize) -> usize {
    let above = (0..at).rev().take(4).find(|&here| !lines[here].blank);
    above.filter(|&here| lines[here].depth == lines[at].depth && lines[here].is_rule(3)).unwrap_or(at)
}

/// The first line on which the writer says, in words of their own, that answers stand inside the quote.
pub(super) fn answers_announced(lines: &[Line]) -> Option<usize> {
    lines
        .iter()
        .position(|line| line.depth == 0 && ANSWERS_INSIDE.iter().any(|phrase| has_word(&line.lower, phrase)))
}

/// Some clients break a quoted line and leave the rest without a mark. The rest is told from an answer by its
/// place: directly between two quoted lines, the upper of which was full, and beginning inside a sentence.
fn mark_broken_lines(lines: &[Line], marks: &mut Marks) {
    let fits = |at: usize, width: usize| {
        let (Some(above), Some(below)) = (lines.get(at.wrapping_sub(1)), lines.get(at + 1)) else {
            return false;
        };
        let line = &lines[at];
        let first_word = line.clean.split(' ').next().map_or(0, |word| word.chars().count());
        line.depth == 0
            && !line.blank
            && above.depth > 0
            && below.depth > 0
            && !above.blank
            && above.width + 1 + first_word > width
            && line.width < above.width
            && line.clean.starts_with(char::is_lowercase)
    };
    let inside_sentence = |at: usize| !lines[at - 1].clean.ends_with(['.', '?', '!', ':']);
    // One certain break shows that the client breaks lines. If the writer also answers on top, then what begins
    // in the middle of a sentence elsewhere in the quote is not an answer either.
    let on_top = lines.iter().find(|line| !line.blank).is_some_and(|line| line.depth == 0);
    let certain: Vec<usize> =
        (1..lines.len()).filter(|&at| fits(at, WRAP_WIDTH) && inside_sentence(at)).collect();
    let broken = if on_top && !certain.is_empty() {
        (1..lines.len()).filter(|&at| fits(at, KNOWN_WRAP_WIDTH)).collect()
    } else {
        certain
    };
    for at in broken {
        marks[at] = Some(FoldReason::Quote);
    }
}
