//! What kind of sender a gateway names, and its number in one form (E.164), so that two spellings are one sender.
//!
//! The kind is found before the number is put into shape, never after: a short code forced into shape becomes a number
//! (`1204` would be `+451204`) that somebody might be sent a text at.
//!
//! Knows the shape of Danish, Faroese and Greenlandic numbers and the world's country codes. Deliberately does not know
//! who has a number, whether it is in use, or the numbering plan of any other country. Decides nothing: a number proves
//! nobody's identity (a sender's number is easily forged), and whom we answer is not settled here.

mod plan;
#[cfg(test)]
mod tests;
mod written;

use std::fmt;

use plan::{country_code, place};
use written::{Written, is_unseen, read, says_hidden, without_scheme};

/// The longest sender that is kept, in characters. A number has at most 15 digits and a name 11 characters
/// (TS 23.040 section 9.1.2.5); with separators and `tel:` in front that leaves ample room.
const LONGEST: usize = 64;

/// What kind of sender it is. Only [`Class::Ordinary`] is somebody's telephone as far as one can see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// A Danish (`+45`), Faroese (`+298`) or Greenlandic (`+299`) number that can be texted. Whether it is a mobile
    /// cannot be told: in Denmark fixed lines and mobiles share the series, and numbers are moved between them.
    Ordinary,
    /// A service rather than somebody's telephone, whoever pays for it: Danish 90 and 80 numbers, Faroese 90 and 80,
    /// Greenlandic 80, and the international service codes `+800`, `+808` and `+979`.
    Premium,
    /// A number of another country. Only its country code and its length have been looked at.
    Foreign,
    /// A short code or service number of at most six digits (`1204`, `112`), with or without `+45`.
    ShortCode,
    /// A name in letters (`SKAT`), or an address: nothing that can be answered.
    Name,
    /// No sender, or a word that says so.
    Hidden,
    /// Meant to be a number, but none.
    Malformed,
}

/// A sender, or anybody else a gateway names by number.
///
/// Two are equal when they were also written alike; compare [`Number::e164`] to find the same sender.
#[derive(Clone, PartialEq, Eq)]
pub struct Number {
    class: Class,
    e164: Option<String>,
    raw: String,
}

impl Number {
    /// What kind of sender it is.
    pub fn class(&self) -> Class {
        self.class
    }

    /// The number as `+` and 7 to 15 digits (ITU-T E.164); `Some` for [`Class::Ordinary`], [`Class::Premium`] and
    /// [`Class::Foreign`] alone.
    pub fn e164(&self) -> Option<&str> {
        self.e164.as_deref()
    }

    /// The sender as the gateway wrote it: trimmed, without control characters and others that are not seen, and
    /// at most 64 characters. To be shown, not to be compared.
    pub fn raw(&self) -> &str {
        &self.raw
    }
}

/// Tells the kind and not the number: it is personal data.
impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Number({:?})", self.class)
    }
}

/// Finds out what kind of sender a gateway names, and its number when it has one.
///
/// A number may be written with or without `+` or `00`, with spaces, brackets, hyphens, dots and strokes, with a `(0)`
/// after the country code, or as a `tel:`, `sms:` or `sip:` address. Eight digits are a Danish number, also when they
/// begin with 45; a longer one without `+` begins with its country code, as most gateways write it. A number as written
/// inside another country, with a `0` in front, cannot be told apart and is [`Class::Malformed`].
pub fn classify(raw: &str) -> Number {
    let mut seen = raw.trim().chars().filter(|&character| !is_unseen(character));
    let kept: String = seen.by_ref().take(LONGEST).collect();
    let (class, e164) = if seen.next().is_some() { (Class::Malformed, None) } else { find(kept.trim()) };
    Number { class, e164, raw: kept.trim().to_owned() }
}

/// A number without its `+`, as many gateways want it.
pub fn msisdn(e164: &str) -> &str {
    e164.strip_prefix('+').unwrap_or(e164)
}

/// A number as written at home: without `+45`, `+298` or `+299`. A foreign one keeps its country code, without `+`.
pub fn national(e164: &str) -> &str {
    let digits = msisdn(e164);
    match country_code(digits) {
        Some(code @ ("45" | "298" | "299")) => &digits[code.len()..],
        _ => digits,
    }
}

/// Whether a number begins with a prefix from a list of countries, such as `+46`, or `+1 242` for a part of a country
/// code. The prefix must hold the whole country code: `+4` matches nothing, and an empty line does not match everything.
pub fn country_code_matches(e164: &str, prefix: &str) -> bool {
    let digits = msisdn(e164);
    let Written::Digits { digits: prefix, .. } = read(prefix) else { return false };
    let prefix = prefix.strip_prefix("00").unwrap_or(&prefix);
    country_code(digits).is_some_and(|code| prefix.len() >= code.len() && digits.starts_with(prefix))
}

/// The kind of a trimmed sender, and its number in E.164 form.
fn find(sender: &str) -> (Class, Option<String>) {
    if says_hidden(sender) {
        return (Class::Hidden, None);
    }
    match without_scheme(sender).map(read) {
        Some(Written::Digits { plus, digits }) => {
            let (class, digits) = place(plus, &digits);
            (class, digits.map(|digits| format!("+{digits}")))
        }
        Some(Written::Letters) => (Class::Name, None),
        Some(Written::Neither) | None => (Class::Malformed, None),
    }
}
