//! Recovery codes: a sheet of paper for the day the phone is lost.
//!
//! Makes them and reads what somebody types from the sheet. Does not keep them, and does not know which are used.

use secrecy::SecretString;

/// How many random bytes one code takes.
pub const CODE_BYTES: usize = 8;

/// Sixteen letters of which no two are easily taken for each other, in print or handwriting, and no digits, so that a
/// phone's keyboard need not be switched. Sixteen, so that half a byte is one letter and none is more likely.
const LETTERS: &[u8; 16] = b"ACDEFHJKMNPRTWXY";
/// How many letters stand together.
const GROUP: usize = 4;

/// As many codes as `random` holds [`CODE_BYTES`] for, as they are printed: `KTHM-PACX-WYRD-EFJN`. What is left over
/// is not used. The bytes must come from a cryptographic source.
///
/// A code holds 64 bits: far more than can be guessed at a log-in page, but few enough that a copied database could be
/// searched through, so what [`normalised`] makes of each is hashed as slowly as a password (NIST SP 800-63B section
/// 5.1.2.2), and a code that was used is deleted.
pub fn recovery_codes(random: &[u8]) -> Vec<SecretString> {
    random.chunks_exact(CODE_BYTES).map(|bytes| grouped(bytes).into()).collect()
}

/// What somebody typed, as it was hashed: capital letters without anything between them. None when it cannot be a
/// code, so that nothing needs to be hashed to refuse it.
///
/// Small letters, spaces, hyphens and dashes of every kind, dots and commas do not matter. Letters outside the
/// alphabet are not corrected: a guess at what was meant would make two codes one.
pub fn normalised(typed: &str) -> Option<SecretString> {
    let mut code = String::with_capacity(CODE_BYTES * 2);
    for letter in typed.chars() {
        if letter.is_whitespace()
            || matches!(letter, '-' | '.' | ',' | '_' | '\u{2010}'..='\u{2015}' | '\u{2212}')
        {
            continue;
        }
        let letter = letter.to_ascii_uppercase();
        if code.len() == CODE_BYTES * 2 || !LETTERS.contains(&u8::try_from(letter).ok()?) {
            return None;
        }
        code.push(letter);
    }
    (code.len() == CODE_BYTES * 2).then(|| code.into())
}

fn grouped(bytes: &[u8]) -> String {
    let letters =
        bytes.iter().flat_map(|byte| [byte >> 4, byte & 0xf]).map(|half| LETTERS[usize::from(half)]);
    let mut code = String::with_capacity(bytes.len() * 5 / 2);
    for (index, letter) in letters.enumerate() {
        if index > 0 && index % GROUP == 0 {
            code.push('-');
        }
        code.push(char::from(letter));
    }
    code
}

#[cfg(test)]
mod tests;
