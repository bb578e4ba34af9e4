//! What digits say about a number: the world's country codes, and the little of the Danish, Faroese and Greenlandic
//! plans that decides whether a number is somebody's telephone.
//!
//! Which series of those plans are assigned is left out on purpose: plans change, and turning away a new series would
//! leave citizens without an answer, while a series that does not exist costs at most a text that arrives nowhere.

use super::Class;

/// Where digits belong, and the number with its country code and without `+` when there is one.
pub(super) fn place(plus: bool, digits: &str) -> (Class, Option<String>) {
    let (international, digits) = match digits.strip_prefix("00") {
        Some(rest) => (true, rest),
        None => (plus, digits),
    };
    if digits.starts_with('0') || digits.is_empty() || digits.len() > 15 {
        return (Class::Malformed, None);
    }
    if !international {
        match digits.len() {
            ..=6 => return (Class::ShortCode, None),
            7 => return (Class::Malformed, None),
            8 => return danish(digits),
            // Rather a Danish number with a digit too many than one of another country: what sends texts and is that
            // short has a code of three digits.
            9 if country_code(digits).is_none_or(|code| code.len() < 3) => return (Class::Malformed, None),
            _ => {}
        }
    }
    match country_code(digits) {
        Some("45") => danish(&digits[2..]),
        Some(code @ ("298" | "299")) => north_atlantic(code, &digits[3..]),
        Some(code) if is_as_long_as_abroad(code, &digits[code.len()..]) => {
            let class = if matches!(code, "800" | "808" | "979") { Class::Premium } else { Class::Foreign };
            (class, Some(digits.to_owned()))
        }
        _ => (Class::Malformed, None),
    }
}

/// Danish numbers have eight digits and begin with 2 to 9; 80 is free for the caller and 90 dear.
fn danish(national: &str) -> (Class, Option<String>) {
    match (national.len(), national.as_bytes()) {
        (1..=6, [b'1'..=b'9', ..]) => (Class::ShortCode, None),
        (8, [b'8' | b'9', b'0', ..]) => (Class::Premium, Some(format!("45{national}"))),
        (8, [b'2'..=b'9', ..]) => (Class::Ordinary, Some(format!("45{national}"))),
        _ => (Class::Malformed, None),
    }
}

/// Faroese and Greenlandic numbers have six digits; 80 is free for the caller in both, and 90 dear on the Faroes only.
fn north_atlantic(code: &str, national: &str) -> (Class, Option<String>) {
    let number = || Some(format!("{code}{national}"));
    match (code, national.len(), national.as_bytes()) {
        (_, 1..=5, [b'1'..=b'9', ..]) => (Class::ShortCode, None),
        (_, 6, [b'8', b'0', ..]) | ("298", 6, [b'9', b'0', ..]) => (Class::Premium, number()),
        (_, 6, [b'2'..=b'9', ..]) | ("299", 6, [b'1', ..]) => (Class::Ordinary, number()),
        _ => (Class::Malformed, None),
    }
}

/// Whether a number of another country is as long as a telephone's can be. North America and Russia, with the codes of
/// one digit, have ten; elsewhere only the countries that are small enough for a code of three digits have less than
/// seven. The very short fixed lines of Germany and Austria fall through here: what sends from such a number is rather
/// a short code with the country code in front, which nobody may answer.
fn is_as_long_as_abroad(code: &str, national: &str) -> bool {
    match code.len() {
        1 => national.len() == 10,
        2 => national.len() >= 7,
        _ => national.len() >= 4,
    }
}

/// The country code that a number begins with (ITU-T E.164, assigned as phonenumbers 9.0.43 has it); `None` when none is assigned. Takes
/// digits without `+`.
pub(super) fn country_code(digits: &str) -> Option<&str> {
    // No code is the beginning of another, so the order of looking does not matter.
    (1..=3).filter_map(|length| digits.get(..length)).find(|code| code.parse().is_ok_and(is_country_code))
}

fn is_country_code(code: u16) -> bool {
    matches!(code,
        1 | 7 | 20 | 27 | 30..=34 | 36 | 39 | 40 | 41 | 43..=49 | 51..=58 | 60..=66 | 81 | 82 | 84 | 86 | 90..=95 | 98
        | 211..=213 | 216 | 218 | 220..=258 | 260..=269 | 290 | 291 | 297..=299
        | 350..=359 | 370..=378 | 380..=383 | 385..=387 | 389 | 420 | 421 | 423
        | 500..=509 | 590..=599 | 670 | 672..=683 | 685..=692
        | 800 | 808 | 850 | 852 | 853 | 855 | 856 | 870 | 878 | 880..=883 | 886 | 888
        | 960..=968 | 970..=977 | 979 | 992..=996 | 998
    )
}
