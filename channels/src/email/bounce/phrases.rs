//! Words that mail systems use: tables by what the words do, not by which program writes them.
//!
//! Everything is lower case with single spaces. Longer phrases are preferred: «fejl» alone stands in any letter.

mod returned;
mod senders;
mod sentences;
mod subjects;

use self::returned::{HEADINGS, SENTENCES};
pub(super) use self::senders::{DAEMONS, OFFICES, POSTMASTERS, PROGRAMS};
pub(super) use self::sentences::{CONTACTS, DIAGNOSES, LABELS};
use self::sentences::{DELAYS, FAILURES, INTRODUCTIONS};
pub(super) use self::subjects::{ANSWERS, FORWARDS};
use self::subjects::{SUBJECT_WORDS, SUBJECTS};
use super::status;

/// Weight of a subject: 2 when it begins as a report's, 1 when it holds a report's words, 0 otherwise.
pub(super) fn subject_weight(subject: &str) -> u32 {
    let subject = squeezed(subject);
    // A tag in square brackets may stand before it.
    let bare = subject
        .strip_prefix('[')
        .and_then(|rest| rest.split_once(']'))
        .map_or(subject.as_str(), |(_, rest)| rest.trim_start());
    let bare = bare.trim_start_matches(['*', '-', '!', '<', '"', '【', '「', ' ']);
    if SUBJECTS.iter().any(|words| bare.starts_with(words)) {
        2
    } else {
        u32::from(holds(&subject, SUBJECT_WORDS))
    }
}

/// How many lines at the beginning count as a report's opening words.
const OPENING_LINES: usize = 24;
/// No more of each line counts.
const LONGEST_LINE: usize = 1_000;

/// Weight of the text's opening words: 2 when they are a report's, 3 when a reply code stands with them. Quoted lines
/// do not count: people quote reports.
pub(super) fn opening_weight(told: &str) -> u32 {
    let mut opening = String::new();
    for line in told.lines().filter(|line| !line.trim().is_empty()).take(OPENING_LINES) {
        if !line.trim_start().starts_with('>') || line.trim_start().starts_with(">>>") {
            opening.push_str(&line[..line.floor_char_boundary(LONGEST_LINE)]);
            opening.push(' ');
        }
    }
    let opening = squeezed(&opening);
    let coded = status::enhanced(&opening).is_some() || status::reply_class(&opening).is_some();
    if holds(&opening, FAILURES) || holds(&opening, DELAYS) {
        2 + u32::from(coded)
    } else if coded && holds(&opening, DIAGNOSES) {
        2
    } else {
        0
    }
}

/// Whether `text` (squeezed) announces who was not reached.
pub(super) fn announces(text: &str) -> bool {
    holds(text, FAILURES) || holds(text, INTRODUCTIONS)
}

/// Whether a report without a status part says that the letter is still being tried.
pub(super) fn says_delayed(subject: &str, told: &str) -> bool {
    let subject = squeezed(subject);
    let told = squeezed(told);
    let given_up = [
        "permanent error",
        "given up",
        "giving up",
        "failed permanently",
        "permanent fatal",
        "permanent failure",
        "not going to try again",
    ];
    (holds(&subject, DELAYS) || holds(&told, DELAYS) || subject.starts_with("warning: could not send"))
        && !holds(&told, &given_up)
}

/// Whether the line (squeezed) is where the returned letter begins.
pub(super) fn begins_returned(line: &str) -> bool {
    let bare = line.trim_matches(|c: char| {
        c.is_whitespace()
            || matches!(c, '-' | '=' | '_' | '*' | '|' | '>' | '#' | '~' | ':' | '[' | ']' | '<')
    });
    let ruled = line.trim_start().starts_with(['-', '=', '*', '|', '_']);
    if HEADINGS.iter().any(|heading| bare == *heading || (ruled && bare.starts_with(heading))) {
        return true;
    }
    if SENTENCES.iter().any(|sentence| bare.starts_with(sentence)) {
        return true;
    }
    [
        "received: ",
        "received:from",
        "return-path:",
        "dkim-signature:",
        "delivered-to:",
        "x-google-smtp-source:",
    ]
    .iter()
    .any(|field| bare.starts_with(field))
}

/// Whether `text` (squeezed) holds any of the phrases.
pub(super) fn holds(text: &str, phrases: &[&str]) -> bool {
    phrases.iter().any(|phrase| text.contains(phrase))
}

/// Whether `from` (lower case) holds any of the names at the beginning of a word: `admin` is not in `badminton@…`.
pub(super) fn names(from: &str, names: &[&str]) -> bool {
    names.iter().any(|name| {
        let begins = |at: usize| {
            !name.starts_with(char::is_alphanumeric)
                || !from[..at].chars().next_back().is_some_and(char::is_alphanumeric)
        };
        from.match_indices(name).any(|(at, _)| begins(at))
    })
}

/// Lower case, runs of white space as one space, typographic apostrophes as plain ones.
pub(super) fn squeezed(text: &str) -> String {
    let mut squeezed = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !squeezed.is_empty() {
            squeezed.push(' ');
        }
        squeezed.extend(
            word.chars().map(|c| if matches!(c, '’' | '‘') { '\'' } else { c }).flat_map(char::to_lowercase),
        );
    }
    squeezed
}
