//! Finds quotes, signatures and disclaimers. Marks them, never removes them.
//!
//! Works on lines, with tables of words and no regular expressions, so the time is linear in the text. In doubt
//! a line stays visible: a hidden sentence of a citizen costs more than a visible signature. Does not know which
//! client wrote the letter, nor anything of HTML but the hints it is given.

mod attribution;
mod header;
mod lines;
mod notice;
mod quote;
mod scan;
mod signature;
#[cfg(test)]
mod tests;
// Tables: one word a line would make them ten screens long.
#[rustfmt::skip]
mod words;

use crate::message::{Fold, FoldReason};
use lines::Line;

/// Finds the stretches of `text` that are not the writer's own words here. `hints` are stretches that the HTML
/// already marked. The result is sorted, without overlap, at character boundaries, and each stretch is whole
/// lines.
///
/// A letter is never folded away whole: when nothing of a person's would stay visible (a forwarded decision
/// without a word of one's own, a letter that is only a greeting and a name), its quotes or its signature stay.
pub fn fold(text: &str, hints: &[Fold]) -> Vec<Fold> {
    let lines = lines::lines(text);
    let mut marks = vec![None; lines.len()];
    note_hints(&lines, hints, &mut marks);
    quote::mark(&lines, &mut marks);
    signature::mark(&lines, &mut marks);
    keep_something_visible(text, &lines, &mut marks);
    join_over_blanks(&lines, &mut marks);
    stretches(&lines, &marks)
}

/// What is known of each line; `None` is visible.
type Marks = [Option<FoldReason>];

/// Marks the lines that lie wholly within a hint. What the HTML marks as the old letter is left alone when the
/// writer has said above that the answers stand in it; of a signature only what follows the last sentence is
/// taken, since some apps keep what is typed beneath the signature inside its element.
fn note_hints(lines: &[Line], hints: &[Fold], marks: &mut Marks) {
    let quotes = hints.iter().any(|hint| hint.reason == FoldReason::Quote);
    let answers = if quotes { quote::answers_announced(lines) } else { None };
    for hint in hints {
        let mut first = lines.partition_point(|line| line.span.start < hint.start);
        // The end of a hint is where its words end; the line end after them may be CR LF.
        let within = |line: &&Line| line.span.end <= hint.end.saturating_add(2);
        let end = first + lines[first..].iter().take_while(within).count();
        if hint.reason == FoldReason::Quote && answers.is_some_and(|at| at < first) {
            continue;
        }
        if hint.reason == FoldReason::Signature {
            first = signature::after_last_sentence(lines, first, end);
        }
        marks[first..end].fill(Some(hint.reason));
    }
}

/// Withdraws reason after reason until a word is visible, when folding left none.
fn keep_something_visible(text: &str, lines: &[Line], marks: &mut Marks) {
    for reason in [FoldReason::Quote, FoldReason::Signature, FoldReason::Disclaimer] {
        let visible = lines.iter().zip(&*marks).any(|(line, mark)| mark.is_none() && has_content(text, line));
        if visible {
            return;
        }
        marks.iter_mut().filter(|mark| **mark == Some(reason)).for_each(|mark| *mark = None);
    }
}

/// Something that a person might have meant: a letter, a digit, a pictogram.
fn has_content(text: &str, line: &Line) -> bool {
    !line.blank
        && text[line.span.clone()]
            .chars()
            .any(|c| c.is_alphanumeric() || (c > '\u{2190}' && !lines::is_rule_char(c)))
}

/// Blank lines between two folded lines of one reason are folded with them.
fn join_over_blanks(lines: &[Line], marks: &mut Marks) {
    let mut before = None;
    let mut at = 0;
    while at < lines.len() {
        if marks[at].is_some() || !lines[at].blank {
            before = marks[at];
            at += 1;
            continue;
        }
        let end = (at..lines.len())
            .find(|&here| !lines[here].blank || marks[here].is_some())
            .unwrap_or(lines.len());
        let after = marks.get(end).copied().flatten();
        if before.is_some() && (after == before || end == lines.len()) {
            marks[at..end].fill(before);
        }
        at = end;
    }
}

fn stretches(lines: &[Line], marks: &Marks) -> Vec<Fold> {
    let mut folds: Vec<Fold> = Vec::new();
    for (line, mark) in lines.iter().zip(marks) {
        let Some(reason) = *mark else { continue };
        match folds.last_mut() {
            Some(fold) if fold.end == line.span.start && fold.reason == reason => fold.end = line.span.end,
            _ => folds.push(Fold { start: line.span.start, end: line.span.end, reason }),
        }
    }
    folds
}
