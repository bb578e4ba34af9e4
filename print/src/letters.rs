//! Only letters that the font has: an archive's PDF must not hold a box where a letter was meant, so the typesetter
//! refuses a whole report for one emoji. Here it becomes the replacement character, which the font has.

use crate::fonts::{FONTS, Fonts};

/// What stands where a letter cannot be written.
const REPLACEMENT: char = '\u{fffd}';
/// The longest run of letters that is left to the rules of hyphenation, in characters. Longer ones are addresses or
/// accidents, and would run off the page.
const LONGEST_WORD: usize = 60;
/// How often an even longer one may break, in characters.
const PIECE: usize = 10;
/// Where a line may break without a hyphen.
const BREAK: char = '\u{200b}';

/// Which letters of a report the PDF cannot show, each once, in the order they are met. They are printed as `�`; emoji
/// and the scripts beyond Latin, Greek and Cyrillic are among them.
#[must_use]
pub fn unprintable(text: &str) -> Vec<char> {
    let mut letters = Vec::new();
    for letter in text.chars().filter(|&letter| !is_white(letter) && !is_unseen(letter)) {
        if !is_writable(&FONTS, letter) && !letters.contains(&letter) {
            letters.push(letter);
        }
    }
    letters
}

/// The text as the font can write it, with places to break where a word has no end.
#[expect(clippy::needless_pass_by_value, reason = "what it is handed to takes the text over")]
pub(crate) fn writable(text: String) -> String {
    let mut written = String::with_capacity(text.len());
    let mut run = 0;
    for letter in text.chars().filter(|&letter| !is_unseen(letter)) {
        run = if is_white(letter) || letter == '-' { 0 } else { run + 1 };
        if run > LONGEST_WORD && run % PIECE == 0 {
            written.push(BREAK);
        }
        written.push(write(&FONTS, letter));
    }
    written
}

/// The drawing as the font can write it. Letters may hide behind numbers (`&#128512;`); those that it cannot write are
/// replaced too, all others stay as they are.
pub(crate) fn writable_drawing(svg: &str) -> String {
    let mut written = String::with_capacity(svg.len());
    let mut rest = svg;
    while let Some(letter) = rest.chars().next() {
        let mut end = letter.len_utf8();
        if let Some((meant, length)) = reference(rest) {
            end = length;
            match meant {
                _ if is_unseen(meant) => {}
                _ if write(&FONTS, meant) == meant => written.push_str(&rest[..end]),
                _ => written.push(REPLACEMENT),
            }
        } else if !is_unseen(letter) {
            written.push(write(&FONTS, letter));
        }
        rest = &rest[end..];
    }
    written
}

/// The letter that a numbered reference at the start stands for, and how long the reference is, in bytes.
fn reference(text: &str) -> Option<(char, usize)> {
    let inner = text.strip_prefix("&#")?;
    let length = inner.find(';').filter(|&length| length < 12)?;
    let digits = &inner[..length];
    let number = match digits.strip_prefix('x') {
        Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16),
        None => digits.parse(),
    };
    Some((char::from_u32(number.ok()?)?, "&#".len() + length + 1))
}

fn write(fonts: &Fonts, letter: char) -> char {
    match letter {
        _ if is_white(letter) || is_writable(fonts, letter) => letter,
        _ if letter.is_whitespace() => ' ',
        _ => REPLACEMENT,
    }
}

/// What ends a word and is no glyph.
fn is_white(letter: char) -> bool {
    matches!(letter, ' ' | '\n' | '\t' | '\r')
}

/// In the font, and with the meaning that everybody gives it: the font has its maker's marks where nothing is agreed on.
fn is_writable(fonts: &Fonts, letter: char) -> bool {
    fonts.can_write(letter) && !matches!(letter, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..)
}

/// Joins, separates, or says which look of a letter is meant, and is nothing by itself.
fn is_unseen(letter: char) -> bool {
    matches!(
        letter,
        '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_font_has_stays() {
        let danish = "Rødgrød – ”med” fløde, 96\u{a0}% å Å æ Æ\nnæste";
        assert_eq!(writable(danish.to_owned()), danish);
        assert!(unprintable(danish).is_empty());
    }

    #[test]
    fn what_it_lacks_is_replaced_and_told() {
        assert_eq!(writable("Tak 👩‍👧 שלום".to_owned()), "Tak ��\u{20}����");
        assert_eq!(unprintable("👍 ש 👍 \u{efcc}"), ['👍', 'ש', '\u{efcc}']);
        assert_eq!(writable("*\u{fe0e}".to_owned()), "*");
    }

    #[test]
    fn a_word_without_end_may_break() {
        let long = "a".repeat(200);
        assert_eq!(writable(long.clone()).replace(BREAK, ""), long);
        assert!(writable(long).split(BREAK).all(|piece| piece.len() <= LONGEST_WORD + PIECE));
        assert!(!writable("menneskerettighedsorganisation".to_owned()).contains(BREAK));
    }

    #[test]
    fn a_drawing_hides_no_letters_behind_numbers() {
        assert_eq!(
            writable_drawing("<text>å &#229;&#xe5;&#128512;&#x1F600;&amp;&#; 👍</text>"),
            "<text>å &#229;&#xe5;��&amp;&#; �</text>"
        );
    }
}
