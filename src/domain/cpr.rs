//! Civil registration numbers (*cpr-numre*) in running text: found so that they can be masked when shown, and kept out of
//! what goes out.
//!
//! A number is one by its form: six digits that are a day, a month and a year, then four more, with a hyphen or a blank
//! between or nothing. Modulus 11 is not asked: since 2007 numbers are given that do not keep it. What is found may be
//! something else (an invoice, a telephone with a prefix), so the original is never altered.

use std::ops::Range;

/// Digits of the date, and those behind it.
const DATE: usize = 6;
const REST: usize = 4;

/// Where numbers stand in `text`, in bytes, in order. Linear in the text's length.
pub fn find(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        // A number stands alone: neither behind a digit or letter, nor before one.
        let starts = at == 0 || !is_word(text[..at].chars().next_back());
        match starts.then(|| length_at(&bytes[at..])).flatten() {
            Some(length) if !is_word(text[at + length..].chars().next()) => {
                found.push(at..at + length);
                at += length;
            }
            _ => at += text[at..].chars().next().map_or(1, char::len_utf8),
        }
    }
    found
}

/// How many bytes a number takes that `bytes` begin with.
fn length_at(bytes: &[u8]) -> Option<usize> {
    let date = digits(bytes.get(..DATE)?)?;
    let (day, month) = (date / 10_000, date / 100 % 100);
    // 61 to 91: what is given to those who have no number of their own has 60 added to the day.
    let day_is_one = matches!(day, 1..=31 | 61..=91);
    if !day_is_one || !(1..=12).contains(&month) {
        return None;
    }
    let gap = usize::from(matches!(bytes.get(DATE), Some(b'-' | b' ')));
    digits(bytes.get(DATE + gap..DATE + gap + REST)?)?;
    Some(DATE + gap + REST)
}

fn digits(bytes: &[u8]) -> Option<u32> {
    bytes
        .iter()
        .try_fold(0, |number, byte| byte.is_ascii_digit().then(|| number * 10 + u32::from(byte - b'0')))
}

fn is_word(character: Option<char>) -> bool {
    character.is_some_and(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("Mit nummer er 010170-0000.", &["010170-0000"])]
    #[case("010170 0000 og 3112991234", &["010170 0000", "3112991234"])]
    #[case("(6101701234)", &["6101701234"])]
    #[case("æ010170-0000", &[])]
    #[case("0101700000æ", &[])]
    #[case("32017000000", &[])]
    #[case("320170-0000 og 011370-0000", &[])]
    #[case("010170--0000 0101-700000 010170-000", &[])]
    #[case("tlf. 20 12 34 56, +4520123456", &[])]
    #[case("", &[])]
    fn numbers_are_found_by_their_form(#[case] text: &str, #[case] expected: &[&str]) {
        let found: Vec<&str> = find(text).into_iter().map(|range| &text[range]).collect();
        assert_eq!(found, expected);
    }

    proptest! {
        #[test]
        fn ranges_are_in_order_and_at_characters(text in "[01æ -]{0,60}") {
            let mut last = 0;
            for range in find(&text) {
                prop_assert!(range.start >= last && text.is_char_boundary(range.start));
                prop_assert!(text[range.clone()].bytes().filter(u8::is_ascii_digit).count() == DATE + REST);
                last = range.end;
            }
        }
    }
}
