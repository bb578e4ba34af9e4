//! Recognises the line by which a mail client announces a quote: «Den 3. nov. 2025 kl. 10.12 skrev Jens <…>:».
//!
//! People write such lines too («Den 3. november skrev kommunen:») and what follows is then their own. So the
//! finder says how sure it is, and only what a client alone would write is trusted without `>` marks beneath.
//! Does not know what follows the line.

use super::lines::Line;
use super::words::{LEADS, NOT_A_NAME, WROTE, WROTE_BEFORE_NAME, YOU};

/// An attribution is wrapped over at most so many lines.
const MOST_LINES: usize = 5;
/// …and is at most so long, in bytes.
const LONGEST: usize = 600;

/// How far an attribution can be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trust {
    /// Only a client writes so: what follows is a quote, marked or not.
    Sure,
    /// A person might: it is an attribution if quoted lines follow.
    IfQuoted,
}

/// The attribution that begins at `at`: its last line, and how far to trust it.
pub(super) fn attribution(lines: &[Line], at: usize) -> Option<(usize, Trust)> {
    let first = &lines[at];
    if first.blank || first.long || !may_begin(first) {
        return None;
    }
    let mut clean = String::new();
    for (last, line) in lines.iter().enumerate().skip(at).take(MOST_LINES) {
        if line.blank || line.long || line.depth != first.depth || clean.len() + line.clean.len() > LONGEST {
            return None;
        }
        if !clean.is_empty() {
            clean.push(' ');
        }
        clean.push_str(&line.clean);
        if may_end(line)
            && let Some(trust) = weigh(&clean, last == at)
        {
            return Some((last, trust));
        }
        // A sentence that ends here is prose, and what comes next begins something new.
        if line.clean.ends_with(['!', '?', ':', ';']) || ends_a_sentence(&line.clean) {
            return None;
        }
    }
    None
}

/// Cheap look at a first line: it begins with a date, a lead word, or something like a name and an address.
fn may_begin(line: &Line) -> bool {
    let opening = strip_decoration(&line.lower);
    begins_with_date(opening)
        || line.clean.contains('@')
        || WROTE.iter().any(|verb| has_word(&line.lower, verb))
}

/// Cheap look at a last line: it ends as an attribution does.
fn may_end(line: &Line) -> bool {
    let stripped = strip_tail(&line.lower);
    line.lower.ends_with([':', '：']) || WROTE.iter().any(|verb| ends_with_word(stripped, verb))
}

fn weigh(clean: &str, single: bool) -> Option<Trust> {
    let clean = strip_decoration(clean);
    let lower = clean.to_lowercase();
    let colon =
        clean.trim_end_matches(['-', '"', ' ', '>']).ends_with([':', '：']) || clean.ends_with([':', '：']);
    let stripped = strip_tail(&lower);
    let address = has_address(&lower);
    let dated = begins_with_date(&lower);
    let time = has_time(&lower);
    let year = has_year(&lower);

    if let Some(verb) =
        WROTE.iter().filter(|verb| ends_with_word(stripped, verb)).max_by_key(|verb| verb.len())
    {
        let before = stripped[..stripped.len() - verb.len()].trim_end();
        return weigh_verb_last(before, clean, colon, Seen { address, dated, time, year, single });
    }
    if !colon {
        return None;
    }
    for verb in WROTE_BEFORE_NAME {
        if let Some(from) = find_word(&lower, verb)
            && dated
        {
            let name = strip_tail(&lower[from + verb.len()..]).trim();
            let named = is_name(name, clean);
            let you = YOU.contains(&name);
            return if (named && (address || time && year)) || (you && year) {
                Some(Trust::Sure)
            } else if name.split(' ').count() <= 8 {
                Some(Trust::IfQuoted)
            } else {
                None
            };
        }
    }
    // Without a verb: a date, a time, and the address last.
    let addressed_last = stripped.ends_with(['>', ']', ')']) && address;
    (addressed_last && dated && time && (year || single)).then_some(Trust::Sure)
}

struct Seen {
    address: bool,
    dated: bool,
    time: bool,
    year: bool,
    single: bool,
}

/// "On …, Jane Doe <jane@…> wrote:"; `before` is everything before the verb, in lower case.
fn weigh_verb_last(before: &str, clean: &str, colon: bool, seen: Seen) -> Option<Trust> {
    let name = before.rsplit([',', ';']).next().unwrap_or(before).trim();
    let last_word = before.rsplit(' ').next().unwrap_or(before).trim_matches(|c: char| !c.is_alphanumeric());
    let story = name.split(' ').any(|word| NOT_A_NAME.contains(&word)) && !seen.address;
    if seen.dated {
        return if seen.address && (colon || seen.time) {
            Some(Trust::Sure)
        } else if colon && YOU.contains(&last_word) && seen.year {
            Some(Trust::Sure)
        } else if story || !colon {
            colon.then_some(Trust::IfQuoted)
        } else if seen.time && seen.year {
            Some(Trust::Sure)
        } else {
            Some(Trust::IfQuoted)
        };
    }
    if !seen.single || !colon {
        return None;
    }
    // "Jane Doe <jane@…> wrote:", or Usenet's "jane wrote:".
    let opening = before.split(['<', '(', '[']).next().unwrap_or(before);
    let words = opening.split_whitespace().count();
    if seen.address && words <= 5 && is_name(opening.trim(), clean) {
        Some(Trust::Sure)
    } else if words <= 5 {
        Some(Trust::IfQuoted)
    } else {
        None
    }
}

/// Whether `name` (lower case) reads as a person's or an organisation's name, as written in `clean`.
fn is_name(name: &str, clean: &str) -> bool {
    let bare = name
        .split(['<', '(', '['])
        .next()
        .unwrap_or(name)
        .trim()
        .trim_matches(['"', '\'', '”', '“', '»', '«']);
    if bare.is_empty() {
        return name.contains('@');
    }
    let mut words = bare.split_whitespace();
    if words.clone().count() > 8 || words.clone().any(|word| NOT_A_NAME.contains(&word)) {
        return false;
    }
    // Lower case has been folded away; a name is one whose words stand capitalised in the line as written.
    words.all(|word| {
        !word.chars().next().is_some_and(|c| c.is_lowercase() && c.is_alphabetic() && has_case(c))
            || word.contains('@')
            || [
                "von", "van", "af", "den", "der", "de", "la", "le", "du", "til", "ter", "og", "and", "und",
                "via",
            ]
            .contains(&word)
            || clean.split(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '(' | '<')).any(
                |written| {
                    written.chars().next().is_some_and(char::is_uppercase)
                        && written.to_lowercase().starts_with(word)
                },
            )
    })
}

fn has_case(c: char) -> bool {
    c.to_uppercase().next().is_some_and(|upper| upper != c)
}

/// A digit soon, after nothing or a word that attributions begin with.
fn begins_with_date(lower: &str) -> bool {
    let Some(digit) = lower.char_indices().take(36).find(|(_, c)| c.is_ascii_digit()).map(|(at, _)| at)
    else {
        return false;
    };
    let before = lower[..digit].trim();
    if before.is_empty() {
        return true;
    }
    let first = before.split([' ', ',']).next().unwrap_or(before);
    LEADS.contains(&first)
        || LEADS.contains(&before.trim_end_matches(','))
        || LEADS.iter().any(|lead| lead.contains(' ') && before.starts_with(lead))
}

/// Drops dashes and quote marks that some clients set around an attribution.
fn strip_decoration(clean: &str) -> &str {
    clean.trim_start_matches(['-', '_', '=', '>', '|', ' ', '~'])
}

/// Drops what may follow the verb or the address: colon, dashes, a closing quotation mark.
fn strip_tail(lower: &str) -> &str {
    lower.trim_end_matches([':', '：', '-', ' ', '_', '=', '"', '.', ','])
}

fn ends_a_sentence(clean: &str) -> bool {
    // "nov." ends a wrapped line of an attribution; "kommunen." ends a sentence.
    clean.strip_suffix('.').is_some_and(|rest| {
        let word = rest.rsplit(' ').next().unwrap_or(rest);
        word.chars().count() > 4 && word.chars().all(char::is_alphabetic)
    })
}

/// Whether `hay` ends with `word`, as a word.
fn ends_with_word(hay: &str, word: &str) -> bool {
    hay.strip_suffix(word).is_some_and(|before| bounded(before, word))
}

fn has_word(hay: &str, word: &str) -> bool {
    find_word(hay, word).is_some()
}

/// Where `word` stands in `hay` as a word.
pub(super) fn find_word(hay: &str, word: &str) -> Option<usize> {
    hay.match_indices(word).map(|(at, _)| at).find(|&at| {
        bounded(&hay[..at], word)
            && hay[at + word.len()..].chars().next().is_none_or(|c| !c.is_alphanumeric() || is_unspaced(c))
    })
}

/// A word begins after anything but a letter; scripts without spaces have no such boundary.
fn bounded(before: &str, word: &str) -> bool {
    let unspaced = word.chars().next().is_some_and(is_unspaced);
    unspaced || before.chars().next_back().is_none_or(|c| !c.is_alphanumeric() || is_unspaced(c))
}

/// Scripts that are written without spaces between words.
fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{e7f}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}')
}

/// Something like an address: an at sign between characters that are neither blank nor brackets.
pub(super) fn has_address(lower: &str) -> bool {
    let bytes = lower.as_bytes();
    lower.match_indices('@').any(|(at, _)| {
        let fits = |b: Option<&u8>| {
            b.is_some_and(|b| {
                b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b'+') || *b >= 0x80
            })
        };
        at > 0 && fits(bytes.get(at - 1)) && fits(bytes.get(at + 1))
    })
}

/// A time of day: `10:12`, `10.12`, `10h30`; not a part of a date.
fn has_time(lower: &str) -> bool {
    let bytes = lower.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    (1..bytes.len()).any(|at| {
        let separator = matches!(bytes[at], b':' | b'.' | b'h');
        if !(separator && digit(at - 1) && digit(at + 1) && digit(at + 2) && !digit(at + 3)) {
            return false;
        }
        let start = if at >= 2 && digit(at - 2) { at - 2 } else { at - 1 };
        let before = start.checked_sub(1).map(|at| bytes[at]);
        let dated_before = before.is_some_and(|b| b.is_ascii_digit() || matches!(b, b'/' | b'-'))
            || (before == Some(b'.') && start >= 2 && digit(start - 2));
        let dated_after = matches!(bytes.get(at + 3), Some(b'.' | b'/' | b'-')) && digit(at + 4);
        !dated_before && (bytes[at] != b'.' || !dated_after)
    })
}

/// A year: `2025`, or the last part of `3.11.25`.
fn has_year(lower: &str) -> bool {
    let mut numbers = lower.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
    if numbers.any(|part| part.len() == 4 && (part.starts_with("19") || part.starts_with("20"))) {
        return true;
    }
    lower.split([' ', ',']).any(|word| {
        let parts: Vec<&str> = word.split(['.', '/', '-']).collect();
        parts.len() >= 3
            && parts
                .iter()
                .take(3)
                .all(|part| (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_not_a_date() {
        for (text, expected) in [
            ("kl. 10.12 skrev", true),
            ("18.30,", true),
            ("at 2:47,", true),
            ("13.12.2017 kom", false),
            ("13.12.17", false),
            ("3/11/25", false),
            ("version 1.2", false),
            ("10h30", true),
        ] {
            assert_eq!(has_time(text), expected, "{text}");
        }
    }

    #[test]
    fn a_year_is_four_digits_or_the_end_of_a_date() {
        for (text, expected) in
            [("3. nov. 2025", true), ("01/03/11", true), ("kl. 10.12", false), ("1.500 kr.", false)]
        {
            assert_eq!(has_year(text), expected, "{text}");
        }
    }
}
