//! Reads how a sender is written: its digits, whatever stands between them, and the words for "no sender".

/// What a sender is written with.
pub(super) enum Written {
    /// Digits and what separates them. There is at least one digit.
    Digits {
        /// Whether a `+` stands in front.
        plus: bool,
        /// The digits, in ASCII.
        digits: String,
    },
    /// Letters, with whatever else.
    Letters,
    /// Something else: other signs, a `+` out of place, or separators only.
    Neither,
}

/// Reads a sender. Letters that stand for digits on a keypad are letters: a name is not dialled.
pub(super) fn read(sender: &str) -> Written {
    if sender.chars().any(char::is_alphabetic) {
        return Written::Letters;
    }
    let (mut plus, mut digits, mut bracket) = (false, String::new(), None);
    for character in sender.chars() {
        if let Some(digit) = digit(character) {
            digits.push(digit);
            continue;
        }
        match character {
            // More than one: some put a plus in front without looking whether there is one.
            '+' | '＋' if digits.is_empty() => plus = true,
            '(' | '（' => bracket = Some(digits.len()),
            ')' | '）' => {
                if bracket.take().is_some_and(|at| is_home_zero(plus, &digits, at)) {
                    digits.pop();
                }
            }
            _ if separates(character) => {}
            _ => return Written::Neither,
        }
    }
    if digits.is_empty() { Written::Neither } else { Written::Digits { plus, digits } }
}

/// Whether the digits from a bracket on are the zero that is dialled at home and left out from abroad, as in
/// +45 (0) 20 12 34 56. Only behind a country code: elsewhere a zero in brackets is a digit like any other.
fn is_home_zero(plus: bool, digits: &str, bracket: usize) -> bool {
    let (before, bracketed) = digits.split_at(bracket);
    let country = if plus { before } else { before.strip_prefix("00").unwrap_or_default() };
    bracketed == "0" && !country.is_empty()
}

/// Whether a character stands between the digits of a number and means nothing.
fn separates(character: char) -> bool {
    character.is_whitespace()
        || matches!(
            character,
            '-' | '.' | '/' | '[' | ']' | '~' | '·' | '−' | '－' | '．' | '／' | '\u{2010}'..='\u{2015}'
        )
}

/// The digit that a character is, in the scripts that citizens of a Danish municipality may have on their telephones:
/// ours, Arabic, Persian and Urdu, Devanagari, and the wide form of East Asia.
fn digit(character: char) -> Option<char> {
    ['0', '\u{660}', '\u{6f0}', '\u{966}', '\u{ff10}']
        .into_iter()
        .filter_map(|zero| u32::from(character).checked_sub(u32::from(zero)))
        .find_map(|value| char::from_digit(value, 10))
}

/// Whether a character leaves no trace where it stands: control characters, and those that join, break or turn the
/// direction of writing. Telephones put such around a number that is copied from the list of contacts.
pub(super) fn is_unseen(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{ad}' | '\u{61c}' | '\u{feff}')
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
}

/// What gateways, exchanges and telephones write when the sender is not shown. `anonymous` is RFC 3323; the others are
/// met in the wild, and a word that is missing here is a name, which is not answered either.
const HIDDEN: [&str; 19] = [
    "anonymous",
    "blocked",
    "hemmeligt nummer",
    "hidden",
    "no caller id",
    "no number",
    "none",
    "null",
    "nummer skjult",
    "private",
    "private number",
    "restricted",
    "skjult",
    "skjult nummer",
    "ukendt",
    "unavailable",
    "undefined",
    "unknown",
    "withheld",
];

/// Whether a sender, trimmed, is nothing or a word that says there is none; also as an address, `anonymous@…`.
pub(super) fn says_hidden(sender: &str) -> bool {
    let sender = scheme(sender).map_or(sender, |(_, rest)| rest).trim();
    let word = sender.split('@').next().unwrap_or_default();
    sender.is_empty() || HIDDEN.iter().any(|hidden| word.eq_ignore_ascii_case(hidden))
}

/// The number of a `tel:` (RFC 3966), `sms:` (RFC 5724) or `sip:` (RFC 3261) address, or what is given when it is none.
///
/// `None` for an address whose number only means something in a place that the address names: one without `+` and with
/// parameters, or in a `sip:` address. Answering `20123456@mail.example` as a number would reach a stranger.
pub(super) fn without_scheme(sender: &str) -> Option<&str> {
    let Some((scheme, rest)) = scheme(sender) else { return Some(sender) };
    let number = rest.split([';', '?', '@']).next().unwrap_or_default().trim();
    let is_local = number.len() < rest.trim().len() || scheme.starts_with("sip");
    (number.starts_with('+') || !is_local).then_some(number)
}

fn scheme(sender: &str) -> Option<(&'static str, &str)> {
    ["tel", "sms", "smsto", "sip", "sips"].into_iter().find_map(|scheme| {
        let (written, rest) = sender.split_once(':')?;
        written.eq_ignore_ascii_case(scheme).then_some((scheme, rest))
    })
}
