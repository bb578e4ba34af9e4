//! The form's token: which form this is, when it was opened, and how hard a puzzle its browser was set.
//!
//! Pure. Signed (HMAC-SHA-256) and kept nowhere: a form that is only looked at costs no row. Whoever has a token has the
//! form, its receipt and the link to its private page, which is why it never stands in a log.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// The bytes that are signed: the form, the second that it was opened, the puzzle.
const SIGNED: usize = 16 + 8 + 1;
/// The bytes of the signature.
const SIGNATURE: usize = 32;

/// A form's token.
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    id: [u8; 16],
    opened_at: Timestamp,
    puzzle_bits: u8,
    text: String,
}

/// Something is no token of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoToken;

impl Token {
    /// A token for a form that is opened `now`; `id` is random.
    pub fn issue(secret: &[u8; 32], id: [u8; 16], now: Timestamp, puzzle_bits: u8) -> Self {
        // Whole seconds: what is read back is what was issued.
        let opened_at = Timestamp::from_second(now.as_second()).unwrap_or(now);
        let mut bytes = Vec::with_capacity(SIGNED + SIGNATURE);
        bytes.extend_from_slice(&id);
        bytes.extend_from_slice(&opened_at.as_second().to_be_bytes());
        bytes.push(puzzle_bits);
        let signature = sign(secret, b"form", &bytes);
        bytes.extend_from_slice(&signature);
        Self { id, opened_at, puzzle_bits, text: URL_SAFE_NO_PAD.encode(bytes) }
    }

    /// Reads a token.
    ///
    /// # Errors
    /// When it was not issued with this secret.
    pub fn read(secret: &[u8; 32], text: &str) -> Result<Self, NoToken> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| NoToken)?;
        let (signed, signature) = bytes.split_at_checked(SIGNED).ok_or(NoToken)?;
        if !bool::from(sign(secret, b"form", signed)[..].ct_eq(signature)) {
            return Err(NoToken);
        }
        let (id, rest) = signed.split_first_chunk::<16>().ok_or(NoToken)?;
        let (second, rest) = rest.split_first_chunk::<8>().ok_or(NoToken)?;
        let opened_at = Timestamp::from_second(i64::from_be_bytes(*second)).map_err(|_| NoToken)?;
        let puzzle_bits = rest.first().copied().ok_or(NoToken)?;
        Ok(Self { id: *id, opened_at, puzzle_bits, text: text.to_owned() })
    }

    /// As it stands in the page and in the receipt's address.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// How long ago the form was opened; nothing when a clock is behind.
    pub fn age(&self, now: Timestamp) -> SignedDuration {
        now.duration_since(self.opened_at).max(SignedDuration::ZERO)
    }

    /// How hard the puzzle is, in bits; 0 for none.
    pub fn puzzle_bits(&self) -> u8 {
        self.puzzle_bits
    }

    /// What the form's files are kept under.
    pub fn form_id(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(b"indgang form\0");
        hash.update(self.id);
        hash.finalize().into()
    }

    /// What the form's message is known by. Nobody who reads it in the database has the token.
    pub fn external_id(&self) -> String {
        self.form_id().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
    }

    /// What stands in the link to the private page of the enquiry that the form becomes.
    pub fn private_link(&self, secret: &[u8; 32]) -> [u8; 32] {
        sign(secret, b"private link", &self.id)
    }
}

/// Whether a browser has solved the puzzle: SHA-256 of the token, a colon and the counter begins with so many zero bits.
pub fn is_solved(token: &str, counter: &str, bits: u8) -> bool {
    if counter.is_empty() || counter.len() > 20 || !counter.bytes().all(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let hash = Sha256::digest(format!("{token}:{counter}"));
    let first = hash.first_chunk::<8>().map_or(u64::MAX, |first| u64::from_be_bytes(*first));
    first.leading_zeros() >= u32::from(bits)
}

/// Signs for one purpose: what is signed for one says nothing for another.
pub fn sign(secret: &[u8; 32], purpose: &[u8], bytes: &[u8]) -> [u8; 32] {
    // HMAC takes keys of any length, so there is no failure to report.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret) else { return [0; 32] };
    mac.update(&(purpose.len() as u64).to_be_bytes());
    mac.update(purpose);
    mac.update(bytes);
    mac.finalize().into_bytes().into()
}

/// Never prints the token.
impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Token(opened {}, {} bits)", self.opened_at, self.puzzle_bits)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn now() -> Timestamp {
        "2026-04-30T08:00:00.5Z".parse().unwrap()
    }

    #[test]
    fn what_is_issued_is_read() {
        let token = Token::issue(&[1; 32], [2; 16], now(), 16);
        let read = Token::read(&[1; 32], token.as_str()).unwrap();
        assert_eq!(read, token);
        assert_eq!(read.age(now() + SignedDuration::from_secs(10)), SignedDuration::from_millis(10_500));
        assert_eq!(read.age(now() - SignedDuration::from_secs(10)), SignedDuration::ZERO);
        assert_eq!(read.puzzle_bits(), 16);
        assert_eq!(Token::read(&[3; 32], token.as_str()), Err(NoToken));
    }

    #[test]
    fn each_form_has_its_own_of_everything() {
        let one = Token::issue(&[1; 32], [2; 16], now(), 0);
        let two = Token::issue(&[1; 32], [3; 16], now(), 0);
        assert_ne!(one.external_id(), two.external_id());
        assert_ne!(one.private_link(&[1; 32]), two.private_link(&[1; 32]));
        assert_ne!(one.private_link(&[1; 32]), one.private_link(&[2; 32]));
        assert_ne!(one.private_link(&[1; 32]), one.form_id());
        // Opened again by going back is the same form.
        assert_eq!(
            one.external_id(),
            Token::issue(&[1; 32], [2; 16], Timestamp::UNIX_EPOCH, 9).external_id()
        );
    }

    #[test]
    fn a_puzzle_is_solved_or_not() {
        let solve = |bits| (0_u64..).map(|n| n.to_string()).find(|n| is_solved("t", n, bits)).unwrap();
        let counter = solve(10);
        assert!(is_solved("t", &counter, 10) && is_solved("t", &counter, 0));
        assert!(!is_solved("another", &counter, 10));
        for wrong in ["", "-1", "1 ", "one", "123456789012345678901"] {
            assert!(!is_solved("t", wrong, 0), "{wrong:?}");
        }
    }

    proptest! {
        #[test]
        fn nothing_else_is_a_token(text in ".{0,120}") {
            prop_assert_eq!(Token::read(&[1; 32], &text), Err(NoToken));
        }

        #[test]
        fn a_changed_token_is_none(place in 0..76_usize, with in "[A-Za-z0-9_-]") {
            let token = Token::issue(&[1; 32], [2; 16], now(), 16);
            let mut text = token.as_str().to_owned();
            text.replace_range(place..place + 1, &with);
            // The last letter holds bits that mean nothing, and only one spelling of them is taken.
            prop_assert_eq!(Token::read(&[1; 32], &text).is_ok(), text == token.as_str());
        }

        #[test]
        fn a_shorter_token_is_none(length in 0..76_usize) {
            let token = Token::issue(&[1; 32], [2; 16], now(), 16);
            prop_assert_eq!(Token::read(&[1; 32], &token.as_str()[..length]), Err(NoToken));
        }
    }
}
