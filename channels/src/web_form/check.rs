//! Whether what somebody typed into a field can be used: pure checks of an address, a number and a name.
//!
//! Generous with how people write, strict with what would go wrong later: an address that a mail server must refuse, a
//! number that nobody can call.

use crate::message::Address;
use crate::sms::number::{Class, classify};

/// The longest address and its longest part before the @ (RFC 5321 section 4.5.3.1), in bytes.
const LONGEST_ADDRESS: usize = 254;
const LONGEST_LOCAL: usize = 64;
/// The longest name, in characters.
const LONGEST_NAME: usize = 200;

/// An e-mail address as people type it: an addr-spec without quotes or comments. Letters beyond ASCII are taken in the
/// domain alone, which becomes its ASCII form (RFC 5891), so that every server can send there; before the @ they would need
/// SMTPUTF8, which few have.
pub fn email(typed: &str) -> Option<Address> {
    let (local, domain) = typed.trim().rsplit_once('@')?;
    let domain =
        if domain.is_ascii() { domain.to_owned() } else { idna::domain_to_ascii_strict(domain).ok()? };
    let typed = format!("{local}@{domain}");
    let is_local = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
    let local_is_right = !local.is_empty()
        && local.len() <= LONGEST_LOCAL
        && local.chars().all(is_local)
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..");
    let labels: Vec<&str> = domain.split('.').collect();
    let is_label = |label: &&str| {
        (1..=63).contains(&label.len())
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let last_is_a_name = labels
        .last()
        .is_some_and(|last| last.chars().all(|c| c.is_alphabetic() || c == '-') || last.starts_with("xn--"));
    let right = local_is_right
        && typed.len() <= LONGEST_ADDRESS
        && labels.len() >= 2
        && labels.iter().all(is_label)
        && last_is_a_name;
    right.then_some(Address::Email(typed))
}

/// A telephone number that can be called: eight digits, or any with its country's code behind + or 00. A digit too many must
/// not make an Egyptian of a Dane.
pub fn phone(typed: &str) -> Option<Address> {
    let typed = typed.trim();
    let digits = typed.chars().filter(char::is_ascii_digit).count();
    if digits != 8 && !typed.starts_with(['+', '(']) && !typed.starts_with("00") {
        return None;
    }
    let number = classify(typed);
    match number.class() {
        Class::Ordinary | Class::Foreign => number.e164().map(|number| Address::Phone(number.to_owned())),
        _ => None,
    }
}

/// A name on one line, without what turns the direction of writing; `None` when nothing is left.
pub fn name(typed: &str) -> Option<String> {
    let is_mark = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    let line: String =
        typed.chars().map(|c| if c.is_control() { ' ' } else { c }).filter(|c| !is_mark(*c)).collect();
    let name: String =
        line.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(LONGEST_NAME).collect();
    Some(name).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("daniel@post.example.org", true)]
    #[case(" daniel@post.example.org ", true)]
    #[case("d.a+n-i_el@post.example", true)]
    #[case("o'brien@post.example", true)]
    #[case("rikke@rødgrød.example", true)]
    #[case("rikke@xn--rdgrd-vuad.example", true)]
    #[case("rødgrød@post.example", false)]
    #[case("daniel", false)]
    #[case("daniel@post", false)]
    #[case("daniel@", false)]
    #[case("@post.example", false)]
    #[case("daniel@@post.example", false)]
    #[case("daniel @post.example", false)]
    #[case("daniel@post..example", false)]
    #[case("daniel@-post.example", false)]
    #[case("daniel@192.0.2.1", false)]
    #[case(".daniel@post.example", false)]
    #[case("daniel@post.example\r\nBcc: anna@post.example", false)]
    #[case("daniel@post.example\0", false)]
    #[case("<daniel@post.example>", false)]
    #[case("\"daniel\"@post.example", false)]
    #[case("daniel@post.example,anna@post.example", false)]
    fn an_address(#[case] typed: &str, #[case] expected: bool) {
        assert_eq!(email(typed).is_some(), expected, "{typed:?}");
    }

    #[test]
    fn a_domain_with_danish_letters_becomes_what_servers_know() {
        let address = email("Rikke@Rødgrød.example").unwrap();
        assert_eq!(address.as_str(), "Rikke@xn--rdgrd-vuad.example");
    }

    #[rstest]
    #[case("20 12 34 56", Some("+4520123456"))]
    #[case("20123456", Some("+4520123456"))]
    #[case("+45 20 12 34 56", Some("+4520123456"))]
    #[case("0045 20123456", Some("+4520123456"))]
    #[case("+46 70 123 45 67", Some("+46701234567"))]
    #[case("112", None)]
    #[case("20 12 34 56 12", None)]
    #[case("45 20 12 34 56", None)]
    #[case("20 12 34 56 lok. 12", None)]
    #[case("1999", None)]
    #[case("20 12 34", None)]
    #[case("ring bare", None)]
    #[case("", None)]
    fn a_number(#[case] typed: &str, #[case] expected: Option<&str>) {
        assert_eq!(phone(typed).map(|phone| phone.as_str().to_owned()).as_deref(), expected);
    }

    #[rstest]
    #[case(" Rikke \t Holmgaard ", Some("Rikke Holmgaard"))]
    #[case("Rikke\r\nBcc: x", Some("Rikke Bcc: x"))]
    #[case("\u{202e}ekkiR", Some("ekkiR"))]
    #[case(" \u{feff} ", None)]
    fn a_name(#[case] typed: &str, #[case] expected: Option<&str>) {
        assert_eq!(name(typed).as_deref(), expected);
    }

    proptest! {
        #[test]
        fn nothing_that_passes_breaks_a_header(typed in ".{0,80}") {
            for passed in [email(&typed).map(|one| one.as_str().to_owned()), name(&typed)].into_iter().flatten() {
                prop_assert!(!passed.chars().any(char::is_control));
                prop_assert!(!passed.is_empty());
            }
        }
    }
}
