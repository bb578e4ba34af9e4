//! Marks signatures, the lines that phones add, and notices, at the end of what the writer wrote.
//!
//! Looks only at the tail of the visible text: before a quote that nothing visible follows, or at the end of the
//! letter. What is not clearly a signature stays: thanks, a lone name, a postscript.

use super::Marks;
use super::lines::Line;
use super::notice::{notices_begin, trim_blank};
use super::scan::has_word;
use super::words::{CLOSINGS, DEVICES, SENT_FROM};
use crate::message::FoldReason;

/// A signature has at most so many lines with words on them.
const MOST_LINES: usize = 14;
/// …and begins at most so many lines above the end, blank ones counted.
const LOOKED_AT: usize = 40;
/// A line of a signature is at most so wide, in characters.
const WIDEST: usize = 90;
/// From here upwards a line is read as a sentence, in words.
const SENTENCE_WORDS: usize = 9;

/// Marks what ends the writer's own text.
pub(super) fn mark(lines: &[Line], marks: &mut Marks) {
    mark_delimiters_above(lines, marks);
    let mut to = lines.len();
    while to > 0 {
        // The last visible stretch not yet looked at.
        let Some(last) = (0..to).rev().find(|&at| marks[at].is_none() && !lines[at].blank) else { return };
        let from = (0..last).rev().find(|&at| marks[at].is_some()).map_or(0, |at| at + 1);
        let end = mark_tail(lines, marks, from, last + 1);
        if end > from {
            // Own words stand here, so nothing above is an end.
            return;
        }
        to = from;
    }
}

/// A delimiter right above what the HTML marked as a signature belongs to it.
fn mark_delimiters_above(lines: &[Line], marks: &mut Marks) {
    let mut below = None;
    for at in (0..lines.len()).rev().filter(|&at| !lines[at].blank) {
        if marks[at].is_none() && below == Some(FoldReason::Signature) && delimiter(&lines[at]).is_some() {
            marks[at] = below;
        }
        below = marks[at];
    }
}

/// Marks the tail of `lines[from..to]` and gives where the text before it ends.
fn mark_tail(lines: &[Line], marks: &mut Marks, from: usize, to: usize) -> usize {
    let mut end = trim_blank(lines, from, to);
    // Each round takes one layer off: a notice, a phone's line, a signature, a closing formula.
    for _ in 0..6 {
        let layers = [
            (notices_begin(lines, from, end), FoldReason::Disclaimer),
            (phone_line(lines, from, end), FoldReason::Signature),
            (delimited(lines, from, end), FoldReason::Signature),
            (closing(lines, from, end), FoldReason::Signature),
        ];
        let Some((begin, reason)) = layers.into_iter().find(|(begin, _)| *begin < end) else { break };
        marks[begin..end].fill(Some(reason));
        end = trim_blank(lines, from, begin);
    }
    end
}

/// Where in `lines[from..to]`, which the HTML marks as a signature, the signature can begin.
pub(super) fn after_last_sentence(lines: &[Line], from: usize, to: usize) -> usize {
    let filled = lines[from..to].iter().filter(|line| !line.blank).count();
    if filled > 2 * MOST_LINES {
        return to;
    }
    (from..to).rev().find(|&at| is_sentence(&lines[at])).map_or(from, |at| at + 1)
}

/// The line that a phone or an app adds, last in the text; it may be wrapped over two lines.
fn phone_line(lines: &[Line], from: usize, end: usize) -> usize {
    let Some(last) = end.checked_sub(1).filter(|&last| last >= from) else { return end };
    if is_phone_line(&lines[last].lower) {
        return last;
    }
    if last > from && !lines[last - 1].blank && lines[last].width <= 60 {
        let joined = format!("{} {}", lines[last - 1].lower, lines[last].lower);
        if lines[last - 1].width > 20 && is_phone_line(&joined) {
            return last - 1;
        }
    }
    end
}

fn is_phone_line(lower: &str) -> bool {
    let mut bare = without_links(lower);
    for lead in ["--", "-", "—", "/", "("] {
        bare = bare.strip_prefix(lead).map(|rest| rest.trim().to_owned()).unwrap_or(bare);
    }
    let bare = bare.trim_end_matches(['.', '!', ')', ' ']);
    let words = bare.split_whitespace().count();
    if words > 9 || bare.contains([',', '?', ';', '!']) || bare.contains(". ") {
        return false;
    }
    SENT_FROM.iter().any(|phrase| {
        let Some(rest) = bare.strip_prefix(phrase) else { return false };
        let whole = rest.is_empty() || rest.starts_with([' ', '-', ':']) || !phrase.is_ascii();
        let mine = phrase.split(' ').any(|word| {
            matches!(word, "my" | "min" | "mit" | "mon" | "mijn" | "meinem" | "mi" | "meu" | "mio")
        });
        let device = DEVICES.iter().any(|device| has_word(rest, device));
        let product = lower.contains("http") || device;
        whole && (product || (mine && words <= 7 && !rest.is_empty() && is_device_like(rest)))
    })
}

/// What follows "my" is a thing's name, not a clause.
fn is_device_like(rest: &str) -> bool {
    let words: Vec<&str> = rest.split_whitespace().collect();
    !words.is_empty()
        && words.len() <= 4
        && !words.iter().any(|word| {
            matches!(
                *word,
                "is" | "and"
                    | "to"
                    | "er"
                    | "og"
                    | "til"
                    | "der"
                    | "som"
                    | "at"
                    | "the"
                    | "heart"
                    | "hjerte"
                    | "kommune"
                    | "sagsbehandler"
                    | "och"
                    | "und"
                    | "adresse"
                    | "mail"
                    | "konto"
                    | "account"
                    | "address"
                    | "gamle"
                    | "old"
                    | "side"
            )
        })
}

/// Drops `<…>` and bare addresses of pages.
fn without_links(lower: &str) -> String {
    let mut bare = String::with_capacity(lower.len());
    let mut depth = 0_usize;
    for c in lower.chars() {
        match c {
            '<' | '[' => depth += 1,
            '>' | ']' => depth = depth.saturating_sub(1),
            _ if depth == 0 => bare.push(c),
            _ => {}
        }
    }
    let words: Vec<&str> =
        bare.split_whitespace().filter(|word| !word.trim_start_matches('(').starts_with("http")).collect();
    words.join(" ")
}

/// What follows a delimiter line (`-- `, RFC 3676 section 4.3, or a rule).
fn delimited(lines: &[Line], from: usize, end: usize) -> usize {
    let fits = |at: usize| delimiter(&lines[at]).is_some_and(|kind| kind.fits(&lines[at + 1..end]));
    (from.max(end.saturating_sub(LOOKED_AT))..end).find(|&at| fits(at)).unwrap_or(end)
}

#[derive(Clone, Copy)]
enum Delimiter {
    /// Two dashes and a space alone: the agreed mark (RFC 3676 section 4.3), which nobody types by chance.
    Agreed,
    /// Two dashes alone.
    Dashes,
    /// A longer rule: also drawn under headings and between paragraphs.
    Rule,
}

fn delimiter(line: &Line) -> Option<Delimiter> {
    match line.clean.as_str() {
        "--" if line.width == 3 => Some(Delimiter::Agreed),
        "--" | "—" | "–" | "__" => Some(Delimiter::Dashes),
        _ if line.is_rule(4) => Some(Delimiter::Rule),
        _ => None,
    }
}

impl Delimiter {
    /// Whether what follows is a signature.
    fn fits(self, after: &[Line]) -> bool {
        let (filled, sentences) = count(after);
        if filled == 0 || has_postscript(after) {
            return false;
        }
        match self {
            Self::Agreed => filled <= 2 * MOST_LINES && !after.iter().any(|line| line.lower.ends_with('?')),
            Self::Dashes => filled <= MOST_LINES + 6 && sentences <= 1 + filled / 4,
            Self::Rule => {
                filled <= MOST_LINES
                    && sentences == 0
                    && after.iter().filter(|line| is_contact(line)).count() >= 1
            }
        }
    }
}

/// A closing formula and the few short lines after it.
fn closing(lines: &[Line], from: usize, end: usize) -> usize {
    let fits = |at: usize| {
        let after = &lines[at + 1..end];
        let (filled, sentences) = count(after);
        is_closing(&lines[at])
            && filled <= MOST_LINES
            && sentences == 0
            && !has_postscript(after)
            && after.iter().all(is_named)
    };
    (from.max(end.saturating_sub(LOOKED_AT))..end).find(|&at| fits(at)).unwrap_or(end)
}

/// A line that is a closing formula, with nothing after it but a name.
fn is_closing(line: &Line) -> bool {
    if line.blank || line.long || line.width > WIDEST {
        return false;
    }
    CLOSINGS.iter().any(|formula| {
        let Some(rest) = line.lower.strip_prefix(formula) else { return false };
        if rest.chars().next().is_some_and(char::is_alphanumeric) {
            return false;
        }
        // The formula's own length in the line as written: case may change lengths, words do not.
        let named = line.clean.split(' ').skip(formula.split(' ').count());
        let mut words = 0;
        named.filter(|word| word.chars().any(char::is_alphanumeric)).all(|word| {
            words += 1;
            let bare = word.trim_start_matches(|c: char| !c.is_alphanumeric());
            words <= 5
                && (bare.starts_with(|c: char| !c.is_lowercase())
                    || matches!(
                        bare,
                        "fra" | "from" | "og" | "and" | "und" | "och" | "von" | "af" | "de" | "av"
                    ))
        })
    })
}

/// Lines with words, and how many of them are sentences.
fn count(lines: &[Line]) -> (usize, usize) {
    let filled = lines.iter().filter(|line| !line.blank).count();
    (filled, lines.iter().filter(|line| is_sentence(line)).count())
}

/// A short line that reads as a name, a title or a way to reach somebody: not "ring til mig".
fn is_named(line: &Line) -> bool {
    if line.long || line.width > WIDEST {
        return false;
    }
    let initials = line.clean.split(' ').filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    let (plain, named): (Vec<char>, Vec<char>) = initials.partition(|c| c.is_lowercase());
    line.blank || is_contact(line) || plain.len() <= named.len() || line.lower.starts_with(['/', '|'])
}

/// A line that says something, as far as its form can tell.
fn is_sentence(line: &Line) -> bool {
    if line.long {
        return true;
    }
    let words = line.words();
    let contact = is_contact(line);
    line.lower.contains('?') && !line.lower.contains("http")
        || (words >= SENTENCE_WORDS && !contact)
        || (words >= 5 && line.clean.ends_with(['.', '!', ':']) && !contact)
        || words >= 2 * SENTENCE_WORDS
}

/// A number to call, an address, a page, a place.
fn is_contact(line: &Line) -> bool {
    let digits = line.clean.chars().filter(char::is_ascii_digit).count();
    let letters = line.clean.chars().filter(|c| c.is_alphabetic()).count();
    line.lower.contains("www.")
        || line.lower.contains("http")
        || (line.lower.contains('@') && line.words() <= 8)
        || (digits >= 6 && digits + 12 >= letters)
}

fn has_postscript(lines: &[Line]) -> bool {
    lines.iter().any(|line| {
        ["ps", "p.s", "ps.", "p.s.", "nb", "nb.", "obs", "n.b."].iter().any(|mark| {
            line.lower.strip_prefix(mark).is_some_and(|rest| rest.starts_with([':', ' ', '.', ',']))
        })
    })
}
