//! Recognises the line by which a mail client announces a quote: «Den 3. nov. 2025 kl. 10.12 skrev Jens <…>:».
//!
//! People write such lines too («Den 3. november skrev kommunen:») and what follows is then their own. So the
//! finder says how sure it is, and only what a client alone would write is trusted without `>` marks beneath.
//! Does not know what follows the line.

use super::lines::Line;
use super::scan::{
    ends_with_word, find_word, has_address, has_half_of_day, has_numeric_date, has_time, has_year,
};
use super::words::{LEADS, NOT_A_NAME, WROTE, WROTE_BEFORE_NAME};

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
        if may_end(line) {
            if let Some(trust) = weigh(&clean, last == at) {
                return Some((last, trust));
            }
            // In a language without a table the beginning cannot be told, so the latest that will do is taken.
            if is_wordless(&clean) && !(at + 1..=last).any(|later| attribution(lines, later).is_some()) {
                return Some((last, Trust::Sure));
            }
        }
        if continues_into_quote(&clean) {
            return Some((last, Trust::Sure));
        }
        // A sentence that ends here is prose, and what comes next begins something new.
        if line.clean.ends_with(['!', '?', ':', ';']) || ends_a_sentence(&line.clean) {
            return None;
        }
    }
    None
}

/// Cheap look at a first line, since most lines of most letters are asked: a number near the beginning, an
/// address, or a colon at the end.
fn may_begin(line: &Line) -> bool {
    digit_soon(strip_decoration(&line.lower)).is_some()
        || line.clean.contains('@')
        || line.lower.ends_with([':', '：'])
}

/// Cheap look at a last line: it ends as an attribution does.
fn may_end(line: &Line) -> bool {
    let stripped = strip_tail(&line.lower);
    line.lower.ends_with([':', '：']) || WROTE.iter().any(|verb| ends_with_word(stripped, verb))
}

fn weigh(clean: &str, single: bool) -> Option<Trust> {
    // Dashes on both sides say what a colon says.
    let framed = clean.starts_with("--") && clean.ends_with("--");
    let clean = strip_decoration(clean);
    let lower = clean.to_lowercase();
    let colon = framed || clean.trim_end_matches(['-', '"', ' ', '>']).ends_with([':', '：']);
    let stripped = strip_tail(&lower);
    let address = has_address(&lower);
    let dated = begins_with_date(&lower);
    let time = has_time(&lower);
    let year = has_year(&lower);
    let stamped = time && year && (framed || has_numeric_date(&lower) || has_half_of_day(&lower));

    if let Some(verb) =
        WROTE.iter().filter(|verb| ends_with_word(stripped, verb)).max_by_key(|verb| verb.len())
    {
        let before = stripped[..stripped.len() - verb.len()].trim_end();
        return weigh_verb_last(before, clean, colon, Seen { address, dated, time, year, stamped, single });
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
            return if named && (address || stamped) {
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

#[derive(Clone, Copy)]
struct Seen {
    address: bool,
    dated: bool,
    time: bool,
    year: bool,
    /// Written as only a machine does: people retelling a letter write the month as a word and no time.
    stamped: bool,
    single: bool,
}

/// "On …, Jane Doe <jane@…> wrote:"; `before` is everything before the verb, in lower case.
fn weigh_verb_last(before: &str, clean: &str, colon: bool, seen: Seen) -> Option<Trust> {
    let name = before.rsplit([',', ';']).next().unwrap_or(before).trim();
    let last_word = before.rsplit(' ').next().unwrap_or(before).trim_matches(|c: char| !c.is_alphanumeric());
    let story = name.split(' ').any(|word| NOT_A_NAME.contains(&word)) && !seen.address;
    if seen.dated {
        return if seen.address && (colon || seen.time) || (colon && last_word == "you" && seen.year) {
            Some(Trust::Sure)
        } else if story || !colon {
            colon.then_some(Trust::IfQuoted)
        } else if seen.stamped {
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

/// Yahoo's app puts the quote on the attribution's own line: "On …, Jane<jane@…> wrote:   Dear Kim".
fn continues_into_quote(clean: &str) -> bool {
    let after_address = clean.find("> ").map(|at| at + 2);
    let Some((head, _)) = after_address
        .and_then(|from| Some((from, clean[from..].find(':')?)))
        .map(|(from, colon)| clean.split_at(from + colon + 1))
    else {
        return false;
    };
    let lower = head.to_lowercase();
    let verb = WROTE.iter().any(|verb| ends_with_word(strip_tail(&lower), verb));
    verb && has_time(&lower) && weigh(head, false) == Some(Trust::Sure)
}

/// Where the first digit stands, if near the beginning.
fn digit_soon(lower: &str) -> Option<usize> {
    lower.char_indices().take(36).find(|(_, c)| c.is_ascii_digit()).map(|(at, _)| at)
}

/// An attribution known by its parts alone, in any language: a bracketed address, a year, a time, and a colon at
/// the end; and nobody who speaks of themselves.
fn is_wordless(clean: &str) -> bool {
    let clean = strip_decoration(clean);
    let lower = clean.to_lowercase();
    let story =
        lower.split(' ').any(|word| matches!(word, "jeg" | "i" | "ich" | "jag" | "vi" | "we" | "wir" | "eg"));
    let bracketed = lower.split(['<', '(', '[']).skip(1).any(|part| {
        part.split(['>', ')', ']'])
            .next()
            .is_some_and(|inner| has_address(inner) && inner.split_whitespace().count() == 1)
    });
    clean.len() <= LONGEST / 2
        && lower.ends_with([':', '：'])
        && bracketed
        && has_time(&lower)
        && has_year(&lower)
        && !story
}

/// A digit soon, after nothing or a word that attributions begin with.
fn begins_with_date(lower: &str) -> bool {
    let Some(digit) = digit_soon(lower) else { return false };
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
