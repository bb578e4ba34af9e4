//! Looks for words, dates, times and addresses in a line. All arguments are in lower case, all work is linear.

/// Whether `hay` ends with `word`, as a word.
pub(super) fn ends_with_word(hay: &str, word: &str) -> bool {
    hay.strip_suffix(word).is_some_and(|before| bounded(before, word))
}

/// Whether `word` stands in `hay` as a word.
pub(super) fn has_word(hay: &str, word: &str) -> bool {
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
pub(super) fn has_time(lower: &str) -> bool {
    let bytes = lower.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    (1..bytes.len()).any(|at| {
        let separator = matches!(bytes[at], b':' | b'.' | b'h');
        if !(separator && digit(at - 1) && digit(at + 1) && digit(at + 2) && !digit(at + 3)) {
            return false;
        }
        let start = if at >= 2 && digit(at - 2) { at - 2 } else { at - 1 };
        let before = start.checked_sub(1).map(|at| bytes[at]);
        let dated_before = before.is_some_and(|b| b.is_ascii_digit())
            || (matches!(before, Some(b'.' | b'/' | b'-')) && start >= 2 && digit(start - 2));
        let dated_after = matches!(bytes.get(at + 3), Some(b'.' | b'/' | b'-')) && digit(at + 4);
        !dated_before && (bytes[at] != b'.' || !dated_after)
    })
}

/// A year: `2025`, or the last part of `3.11.25`.
pub(super) fn has_year(lower: &str) -> bool {
    let mut numbers = lower.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
    if numbers.any(|part| part.len() == 4 && (part.starts_with("19") || part.starts_with("20"))) {
        return true;
    }
    lower.split([' ', ',']).any(|word| date_parts(word, 2))
}

/// A date all in numbers: `03-11-2026`, `3.11.26`, `2026/11/03`.
pub(super) fn has_numeric_date(lower: &str) -> bool {
    lower.split([' ', ',', 't']).any(|word| date_parts(word, 4))
}

/// "10:12 am": the half of the day after a number ("am" begins a German date).
pub(super) fn has_half_of_day(lower: &str) -> bool {
    let after_number = |at: usize| lower[..at].trim_end().ends_with(|c: char| c.is_ascii_digit());
    ["am", "pm", "a.m", "p.m"].iter().any(|half| lower.match_indices(half).any(|(at, _)| after_number(at)))
}

/// Three numbers of at most `longest` digits, apart by dots, slashes or dashes.
fn date_parts(word: &str, longest: usize) -> bool {
    let mut parts = word.trim_end_matches(['.', ':']).split(['.', '/', '-']);
    let number = |part: Option<&str>| {
        part.is_some_and(|part| {
            (1..=longest).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit())
        })
    };
    number(parts.next()) && number(parts.next()) && number(parts.next())
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
