//! The second thing that opens a private page: a word that the citizen chose, or a code that was sent.
//!
//! Pure: whatever is random is handed in. A word is slow to try (argon2id, RFC 9106), because people choose words that
//! can be guessed; a code need not be, because it lives for a quarter of an hour and a handful of tries.

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use indgang_channels::message::Address;
use sha2::{Digest, Sha256};

/// How long a code holds, in minutes.
pub const CODE_MINUTES: i64 = 15;
/// How many codes one link sends in a day.
pub const CODES_A_DAY: u32 = 5;
/// How many codes go to one address in a day, whichever links they are for.
pub const CODES_TO_ONE: u32 = 8;
/// The digits of a code.
const CODE_DIGITS: u32 = 6;

/// Of a word that nobody chose: tried where there is none, so that an answer takes as long as it always does.
const NOBODYS: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$aW5kZ2FuZ2luZGdhbmc$Jq9wIqy6gZ7LAYFJzSFuq0vJqTnZ2Up3Pdu+yGgVdYg";

/// A word as it is stored (PHC string format), with 16 random bytes.
pub fn hash_word(word: &str, salt: &[u8; 16]) -> Option<String> {
    let hash = Argon2::default().hash_password_with_salt(word.as_bytes(), salt).ok()?;
    Some(hash.to_string())
}

/// Whether a word is the one that is stored. Takes as long when none is.
pub fn is_word(word: &str, stored: Option<&str>) -> bool {
    let Ok(hash) = PasswordHash::new(stored.unwrap_or(NOBODYS)) else { return false };
    Argon2::default().verify_password(word.as_bytes(), &hash).is_ok() && stored.is_some()
}

/// A code from random bits; each of a million is as likely as the others, but for one in 2⁴⁴.
pub fn code(random: u64) -> String {
    let most = 10_u64.pow(CODE_DIGITS);
    format!("{:0width$}", random % most, width = CODE_DIGITS as usize)
}

/// A code as it is stored: with its link, so that equal codes of two links look nothing alike.
pub fn hash_code(link: &[u8], code: &str) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(b"indgang code\0");
    hash.update(link);
    hash.update(code.as_bytes());
    hash.finalize().into()
}

/// The hash that a link or a session is found by.
pub fn hash_token(token: &[u8]) -> [u8; 32] {
    Sha256::digest(token).into()
}

/// The digits of what was typed as a code: people write it in two groups.
pub fn typed_code(typed: &str) -> Option<String> {
    let digits: String = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    let right = digits.len() == CODE_DIGITS as usize && digits.bytes().all(|byte| byte.is_ascii_digit());
    right.then_some(digits)
}

/// An address so that its owner knows it again and nobody else learns it: `r···@h···.example`, `··· ··56`.
pub fn masked(address: &Address) -> String {
    match address {
        Address::Email(written) => {
            let (local, domain) = written.rsplit_once('@').unwrap_or((written, ""));
            let (host, ending) = domain.rsplit_once('.').unwrap_or((domain, ""));
            let first = |text: &str| text.chars().next().map(String::from).unwrap_or_default();
            format!("{}···@{}···.{ending}", first(local), first(host))
        }
        Address::Phone(written) | Address::Label(written) => {
            let digits: Vec<char> = written.chars().filter(char::is_ascii_digit).collect();
            let last: String = digits[digits.len().saturating_sub(2)..].iter().collect();
            format!("·· ·· ·· {last}")
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[test]
    fn a_word_opens_and_no_other() {
        let stored = hash_word("grøn cykel", &[7; 16]).unwrap();
        assert!(stored.starts_with("$argon2id$"));
        assert!(is_word("grøn cykel", Some(&stored)));
        assert!(!is_word("grøn cykle", Some(&stored)));
        assert!(!is_word("grøn cykel", None));
        assert!(!is_word("", None));
        assert!(!is_word("grøn cykel", Some("no hash at all")));
    }

    #[test]
    fn nobodys_word_is_a_hash_that_can_be_tried() {
        assert!(PasswordHash::new(NOBODYS).is_ok());
        let work = |stored: &str| PasswordHash::new(stored).unwrap().params.to_string();
        assert_eq!(work(NOBODYS), work(&hash_word("x", &[7; 16]).unwrap()), "it takes as long as a real one");
    }

    #[rstest]
    #[case(0, "000000")]
    #[case(42, "000042")]
    #[case(1_999_999, "999999")]
    fn a_code_has_six_digits(#[case] random: u64, #[case] expected: &str) {
        assert_eq!(code(random), expected);
    }

    #[rstest]
    #[case("123456", Some("123456"))]
    #[case(" 123 456 ", Some("123456"))]
    #[case("123-456", Some("123456"))]
    #[case("12345", None)]
    #[case("1234567", None)]
    #[case("12345a", None)]
    #[case("١٢٣٤٥٦", None)]
    fn a_code_is_read_as_people_type(#[case] typed: &str, #[case] expected: Option<&str>) {
        assert_eq!(typed_code(typed).as_deref(), expected);
    }

    #[test]
    fn codes_of_two_links_look_nothing_alike() {
        assert_ne!(hash_code(&[1; 32], "123456"), hash_code(&[2; 32], "123456"));
        assert_ne!(hash_code(&[1; 32], "123456"), hash_code(&[1; 32], "123457"));
    }

    #[rstest]
    #[case(Address::Email("rikke@holm.example".to_owned()), "r···@h···.example")]
    #[case(Address::Email("ø@æ.example.org".to_owned()), "ø···@æ···.org")]
    #[case(Address::Phone("+4520123456".to_owned()), "·· ·· ·· 56")]
    #[case(Address::Phone("1".to_owned()), "·· ·· ·· 1")]
    fn an_address_is_masked(#[case] address: Address, #[case] expected: &str) {
        assert_eq!(masked(&address), expected);
    }
}
