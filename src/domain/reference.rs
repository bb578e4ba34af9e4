//! The number that a citizen is given (*nummer*): can be read out on the phone, reveals no volume, cannot be
//! guessed, and detects a mistyped character.
//!
//! Knows no enquiry: whether a reference belongs to one is for the store to say. Written `7K3M-9WPT-4J`: nine
//! random characters and one check character, twelve in all with the hyphens, so that every text message of the
//! catalogue keeps its number of segments.
//!
//! **Alphabet.** The ten digits and the letters `A F H J K M P Q R T W X Y`. Left out are the letters that look
//! like a digit (O I L Z S B G D), those that sound like one that is kept (N like M; B C D E G V like P and T, in
//! Danish and in English alike), U (like V on paper, like Q in the ear), and thereby every vowel but A and Y, so
//! that a reference does not spell a word. H and K (*hå*, *kå*) and P and T stay although they can be misheard:
//! without them ten characters would no longer hold 40 bits, and the check character catches the mistake.
//!
//! **Check.** The alphabet has 23 characters, a prime. The characters' values, weighted 10, 9, … 1, sum to a
//! multiple of 23. No weight is 0 and no two are equal modulo 23, hence one wrong character always shows, and so
//! do any two characters that changed places, neighbours or not. Rejected: ISO 7064 MOD 37-2 and the like, whose
//! check character comes from a larger alphabet than the rest, and Damm, which needs a table for what a sum does.
//!
//! **Entropy.** 23⁹ draws less those that look like another number are 40.6 bits.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The characters, each at the place that is its value.
const ALPHABET: [u8; 23] = *b"0123456789AFHJKMPQRTWXY";
/// How many characters there are: a prime, which the check depends on.
const BASE: u64 = ALPHABET.len() as u64;
/// Characters in a reference without its hyphens; the last one is the check character.
const LENGTH: usize = 10;
/// Characters that are drawn.
const DRAWN: usize = LENGTH - 1;
/// A hyphen follows after so many characters.
const GROUP_ENDS: [usize; 2] = [4, 8];
/// At least so many of the drawn characters are digits, and at least so many are letters: a reference is never
/// mistaken for a CPR number, a telephone number or a word, nor one of those for a reference.
const OF_EACH_SORT: usize = 2;
/// The longest text that [`Reference::parse`] looks at, in bytes.
const LONGEST_WRITTEN: usize = 64;
/// The most references that [`Reference::find_all`] finds in one text. A letter that quotes more is no answer to
/// any of them.
const MOST_FOUND: usize = 16;
/// The most hyphens and spaces that a reference in running text has between two groups.
const WIDEST_GAP: usize = 3;

/// A reference, in its canonical written form.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Reference(String);

/// A text that is no reference, or a mistyped one. Does not say which text: it may be anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a reference: it has ten characters like 7K3M-9WPT-4J, and the last one checks the others")]
pub struct NotAReference;

impl Reference {
    /// Makes a reference of 64 random bits; the same bits make the same reference.
    ///
    /// Two draws may make the same one (the 64 bits are folded to 40.6), so the store keeps them unique and draws
    /// again.
    pub fn from_random(bits: u64) -> Self {
        let mut bits = bits;
        loop {
            let mut values = [0; LENGTH];
            let mut rest = bits;
            for value in &mut values[..DRAWN] {
                *value = rest % BASE;
                rest /= BASE;
            }
            values[DRAWN] = (BASE - weighted_sum(&values)) % BASE;
            if is_mixed(&values) {
                return Self::written(&values);
            }
            // One draw in 19 lacks digits or letters. The step is odd, so the counter visits every 64-bit number
            // before it repeats one: the loop ends for all bits.
            bits = bits.wrapping_add(0x9E37_79B9_7F4A_7C15);
        }
    }

    /// Reads a reference as a person writes it; `None` when it is none, or mistyped.
    ///
    /// Upper and lower case, spaces and hyphens (or none) make no difference. A letter that is no part of the
    /// alphabet and can only be meant as one of it is read so: O as 0, I and L as 1, Z as 2, S as 5, a capital B
    /// as 8 (a small b may be a 6), N as M. D, G, C, E, U and V have two readings or none, and are refused.
    pub fn parse(written: &str) -> Option<Self> {
        if written.len() > LONGEST_WRITTEN {
            return None;
        }
        let mut values = [0; LENGTH];
        let mut count = 0;
        for character in written.chars().filter(|c| !is_separator(*c)) {
            *values.get_mut(count)? = value(character)?;
            count += 1;
        }
        if count == LENGTH { Self::checked(&values) } else { None }
    }

    /// The canonical written form.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The references that stand in a text, each once, in order; the first 16 of them.
    ///
    /// Stricter than [`Reference::parse`], because a text is full of words and numbers: the reference stands
    /// apart from other letters and digits, has spaces or hyphens only between its groups, and shows at least one
    /// digit. Each character is looked at a bounded number of times.
    pub fn find_all(text: &str) -> Vec<Self> {
        let mut found = Vec::new();
        let mut skip_to = 0;
        let mut before = None;
        for (at, character) in text.char_indices() {
            let starts_word = !before.is_some_and(char::is_alphanumeric);
            before = Some(character);
            if at < skip_to || !starts_word || value(character).is_none() {
                continue;
            }
            let Some((reference, length)) = Self::at_start_of(&text[at..]) else { continue };
            skip_to = at + length;
            if !found.contains(&reference) {
                found.push(reference);
            }
            if found.len() == MOST_FOUND {
                break;
            }
        }
        found
    }

    /// The reference that `text` begins with, and how many bytes it takes there.
    fn at_start_of(text: &str) -> Option<(Self, usize)> {
        let mut values = [0; LENGTH];
        let mut characters = text.char_indices().peekable();
        let mut digit_seen = false;
        for (place, read) in values.iter_mut().enumerate() {
            if GROUP_ENDS.contains(&place) {
                for _ in 0..WIDEST_GAP {
                    characters.next_if(|(_, c)| is_separator(*c));
                }
            }
            let (_, character) = characters.next()?;
            digit_seen |= character.is_ascii_digit();
            *read = value(character)?;
        }
        let end = characters.peek().map_or(text.len(), |(at, _)| *at);
        let stands_apart = !characters.peek().is_some_and(|(_, c)| c.is_alphanumeric());
        if digit_seen && stands_apart { Some((Self::checked(&values)?, end)) } else { None }
    }

    fn checked(values: &[u64; LENGTH]) -> Option<Self> {
        (weighted_sum(values) == 0 && is_mixed(values)).then(|| Self::written(values))
    }

    fn written(values: &[u64; LENGTH]) -> Self {
        let mut written = String::with_capacity(LENGTH + GROUP_ENDS.len());
        for (place, value) in values.iter().enumerate() {
            if GROUP_ENDS.contains(&place) {
                written.push('-');
            }
            written.push(char::from(ALPHABET[(value % BASE) as usize]));
        }
        Self(written)
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Reference {
    type Error = NotAReference;

    fn try_from(written: String) -> Result<Self, NotAReference> {
        Self::parse(&written).ok_or(NotAReference)
    }
}

impl From<Reference> for String {
    fn from(reference: Reference) -> Self {
        reference.0
    }
}

/// What a character counts for; `None` when it is no part of a reference.
fn value(character: char) -> Option<u64> {
    let meant = match character.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        'Z' => '2',
        'S' => '5',
        'B' if character == 'B' => '8',
        'N' => 'M',
        other => other,
    };
    ALPHABET.iter().position(|one| char::from(*one) == meant).map(|place| place as u64)
}

/// Spaces, and the hyphens and dashes that programs and telephones put for one.
fn is_separator(character: char) -> bool {
    character.is_whitespace()
        || matches!(
            character,
            '-' | '\u{AD}' | '\u{200B}' | '\u{2010}'..='\u{2015}' | '\u{2060}' | '\u{2212}'
        )
}

/// Whether there are digits and letters enough among the drawn characters.
fn is_mixed(values: &[u64; LENGTH]) -> bool {
    let digits = values[..DRAWN].iter().filter(|value| **value < 10).count();
    (OF_EACH_SORT..=DRAWN - OF_EACH_SORT).contains(&digits)
}

/// The sum that is 0 for every reference.
fn weighted_sum(values: &[u64; LENGTH]) -> u64 {
    values.iter().zip((1..=LENGTH as u64).rev()).map(|(value, weight)| value * weight).sum::<u64>() % BASE
}

#[cfg(test)]
mod tests;
