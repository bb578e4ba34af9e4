//! The header that a text's user data can begin with (TS 23.040 section 9.2.3.24): read for one thing, whether the text is
//! a part of a longer one.

use crate::sms::wire::Part;

const CONCATENATED_8_BIT: u8 = 0x00;
const CONCATENATED_16_BIT: u8 = 0x08;

/// Which part the header says. Takes it with its length octet or without: gateways differ.
pub(super) fn part(header: &[u8]) -> Option<Part> {
    let elements = match header.split_first() {
        Some((length, rest)) if usize::from(*length) == rest.len() => rest,
        _ => header,
    };
    let mut rest = elements;
    while let [identifier, length, following @ ..] = rest {
        let (data, next) = following.split_at_checked(usize::from(*length))?;
        let (reference, total, number) = match (*identifier, data) {
            (CONCATENATED_8_BIT, [reference, total, number]) => (u16::from(*reference), *total, *number),
            (CONCATENATED_16_BIT, [high, low, total, number]) => {
                (u16::from_be_bytes([*high, *low]), *total, *number)
            }
            _ => {
                rest = next;
                continue;
            }
        };
        return checked(reference.to_string(), total, number);
    }
    None
}

/// A part, unless its numbers make no sense: such a text counts as whole (TS 23.040 section 9.2.3.24.1 says the element
/// is then to be ignored). One of one is whole too.
pub(super) fn checked(reference: String, total: u8, number: u8) -> Option<Part> {
    (total >= 2 && (1..=total).contains(&number)).then_some(Part { reference, total, number })
}
