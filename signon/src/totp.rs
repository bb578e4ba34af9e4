//! Time-based one-time passwords (RFC 6238): the six digits that an authenticator app shows.
//!
//! Makes and shows the shared secret and checks what is typed. Does not know whose secret it is, where it is kept, or
//! how many times somebody may guess: six digits hold only behind a limit on attempts, which is the caller's.
//!
//! SHA-1, six digits and thirty seconds are not choices to be proud of but the only ones that every app honours: some
//! take a QR code that asks for more, ignore it, and show codes that never fit. The collisions of SHA-1 do not touch
//! its use here (RFC 4226 appendix B.2).

use std::fmt;

use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;
use totp_rs::{Builder, Totp};

use crate::qr;

/// How long a code is shown, in seconds: a step of RFC 6238.
pub const STEP_SECONDS: i64 = 30;
/// The fewest random bytes that make a secret: the 160 bits that RFC 4226 section 4 recommends.
pub const SECRET_BYTES: usize = 20;

/// How many digits a code has.
const DIGITS: usize = 6;
/// How many steps a phone's clock may be off, each way (RFC 6238 section 5.2 recommends one).
const DRIFT: i64 = 1;

/// Why a secret cannot be made or shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TotpError {
    /// Too few random bytes.
    #[error("a one-time password's secret needs at least {SECRET_BYTES} random bytes")]
    Short,
    /// What was kept is no secret.
    #[error("the secret that was kept cannot be read: let the user set up their authenticator app again")]
    Unreadable,
    /// The name of this service cannot stand in an address for apps.
    #[error("the issuer must not be empty and must hold no colon: it is shown in the authenticator app")]
    Issuer,
    /// The name of the account cannot stand in an address for apps.
    #[error(
        "the account's name must not be empty and must hold no colon: it is shown in the authenticator app"
    )]
    Account,
    /// Too much for a QR code.
    #[error("the issuer and the account's name are too long for a QR code: shorten the issuer")]
    TooLong,
}

/// The secret that the server and an authenticator app share. Wiped from memory when dropped.
pub struct Secret(Totp);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Secret {
    /// A secret of random bytes, which must come from a cryptographic source.
    ///
    /// # Errors
    /// When there are fewer than [`SECRET_BYTES`].
    pub fn new(random: &[u8]) -> Result<Self, TotpError> {
        if random.len() < SECRET_BYTES {
            return Err(TotpError::Short);
        }
        // The builder's other values stand: SHA-1, six digits, thirty seconds.
        Builder::new().with_secret(random).build().map(Self).map_err(|_| TotpError::Short)
    }

    /// The secret that [`Secret::to_base32`] wrote.
    ///
    /// # Errors
    /// When it is not base32 or too short to be one of ours.
    pub fn from_base32(text: &SecretString) -> Result<Self, TotpError> {
        let secret =
            totp_rs::Secret::try_from_base32(text.expose_secret()).map_err(|_| TotpError::Unreadable)?;
        Self::new(secret.as_bytes()).map_err(|_| TotpError::Unreadable)
    }

    /// The secret as base32 without padding (RFC 4648), to be kept. Whoever reads it can make codes, so it is kept as
    /// carefully as a password in clear.
    pub fn to_base32(&self) -> SecretString {
        self.0.secret().to_base32().into()
    }

    /// The same in groups of four, for somebody whose phone cannot read the QR code. Apps ignore the spaces.
    pub fn to_be_typed(&self) -> SecretString {
        let text = self.to_base32();
        let mut grouped = String::new();
        for (index, letter) in text.expose_secret().chars().enumerate() {
            if index > 0 && index % 4 == 0 {
                grouped.push(' ');
            }
            grouped.push(letter);
        }
        grouped.into()
    }

    /// The address that an authenticator app takes the secret from: `otpauth://totp/Issuer:account?secret=…`.
    /// `issuer` is this service's name and `account` the user's, as the app shows them.
    ///
    /// # Errors
    /// When a name is empty or holds a colon, which separates the two.
    pub fn url(&self, issuer: &str, account: &str) -> Result<SecretString, TotpError> {
        let sound = |name: &str| !name.trim().is_empty() && !name.contains(':');
        if !sound(issuer) {
            return Err(TotpError::Issuer);
        }
        if !sound(account) {
            return Err(TotpError::Account);
        }
        let named = Builder::new()
            .with_secret(self.0.secret().as_bytes())
            .with_issuer(Some(issuer))
            .with_account_name(account)
            .build();
        named.and_then(|totp| totp.to_url()).map(Into::into).map_err(|_| TotpError::Account)
    }

    /// [`Secret::url`] as a QR code: one `<svg>` element to be put into a page as it is. `label` is what somebody who
    /// cannot see it is told; it is escaped here.
    ///
    /// # Errors
    /// As [`Secret::url`], and when the names are too long.
    pub fn qr_svg(&self, issuer: &str, account: &str, label: &str) -> Result<SecretString, TotpError> {
        let url = self.url(issuer, account)?;
        qr::svg(url.expose_secret(), label).map(Into::into).ok_or(TotpError::TooLong)
    }

    /// Checks what somebody typed. Gives the step that the code belongs to, which the caller keeps as `last_step`: a
    /// step at or before it is refused, so that a code that was looked at over a shoulder is worth nothing
    /// (RFC 6238 section 5.2). Spaces and hyphens in `typed` do not matter.
    ///
    /// The caller must write the step with a condition (`… WHERE last_step < new`), or two who type the same code at
    /// the same moment both get in.
    ///
    /// Every step that could fit is computed and compared in full, so that the time taken says nothing of how much of
    /// a guess was right.
    pub fn verify(&self, typed: &str, now: Timestamp, last_step: Option<i64>) -> Option<i64> {
        let code = digits(typed)?;
        let current = now.as_second().div_euclid(STEP_SECONDS);
        let mut found = None;
        for step in current - DRIFT..=current + DRIFT {
            let Ok(time) = u64::try_from(step * STEP_SECONDS) else { continue };
            let expected = self.0.generate(time).to_string();
            let equal = bool::from(expected.as_bytes().ct_eq(code.as_bytes()));
            let unused = last_step.is_none_or(|last| step > last);
            if equal && unused && found.is_none() {
                found = Some(step);
            }
        }
        found
    }
}

/// The digits of a code, when it is as many as a code has and nothing else.
fn digits(typed: &str) -> Option<String> {
    let code: String = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    (code.len() == DIGITS && code.bytes().all(|byte| byte.is_ascii_digit())).then_some(code)
}

#[cfg(test)]
mod tests;
