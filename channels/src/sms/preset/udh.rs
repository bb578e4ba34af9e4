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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::eight_bits(&[5, 0, 3, 0xcc, 2, 1], "204", 2, 1)]
    #[case::sixteen_bits(&[6, 8, 4, 1, 2, 3, 3], "258", 3, 3)]
    #[case::without_the_length(&[0, 3, 9, 2, 2], "9", 2, 2)]
    #[case::behind_another_element(&[11, 5, 4, 0x0b, 0x84, 0x23, 0xf0, 0, 3, 9, 2, 2], "9", 2, 2)]
    fn a_part_is_found(
        #[case] header: &[u8],
        #[case] reference: &str,
        #[case] total: u8,
        #[case] number: u8,
    ) {
        assert_eq!(part(header), Some(Part { reference: reference.to_owned(), total, number }));
    }

    #[rstest]
    #[case::nothing(&[])]
    #[case::one_of_one(&[5, 0, 3, 9, 1, 1])]
    #[case::part_nought(&[5, 0, 3, 9, 2, 0])]
    #[case::three_of_two(&[5, 0, 3, 9, 2, 3])]
    #[case::of_nought(&[5, 0, 3, 9, 0, 0])]
    #[case::cut_off(&[5, 0, 3, 9, 2])]
    #[case::ports_alone(&[6, 5, 4, 0x0b, 0x84, 0x23, 0xf0])]
    #[case::an_element_of_the_wrong_length(&[4, 0, 2, 9, 2])]
    fn a_text_that_is_no_part(#[case] header: &[u8]) {
        assert_eq!(part(header), None);
    }

    proptest! {
        #[test]
        fn any_bytes_give_a_part_that_makes_sense_or_none(header in prop::collection::vec(any::<u8>(), 0..20)) {
            if let Some(part) = part(&header) {
                prop_assert!(part.total >= 2 && (1..=part.total).contains(&part.number));
            }
        }
    }
}
