use rstest::rstest;
use secrecy::ExposeSecret;

use super::*;

#[test]
fn codes_are_readable_and_come_back() {
    let random: Vec<u8> = (0..80).map(|byte: u8| byte.wrapping_mul(37)).collect();
    let codes = recovery_codes(&random);
    assert_eq!(codes.len(), 10);
    for code in &codes {
        let code = code.expose_secret();
        let plain = code.replace('-', "");
        assert_eq!((code.len(), plain.len()), (19, 16), "{code}");
        assert_eq!(normalised(code).unwrap().expose_secret(), plain);
    }
}

/// Which half of a byte becomes which letter must never change: hashes of old codes would fit no more.
#[test]
fn the_letters_stay_where_they_are() {
    let codes = recovery_codes(&[0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef]);
    assert_eq!(codes[0].expose_secret(), "ACDE-FHJK-MNPR-TWXY");
}

#[rstest]
#[case("ACDE-FHJK-MNPR-TWXY", true)]
#[case("acde fhjk mnpr twxy", true)]
#[case("  acdefhjkmnprtwxy\n", true)]
#[case("ACDE–FHJK—MNPR−TWXY.", true)]
#[case("ACDE\u{a0}FHJK,MNPR_TWXY", true)]
#[case("ACDE-FHJK-MNPR-TWX", false)]
#[case("ACDE-FHJK-MNPR-TWXYA", false)]
#[case("ACDE-FHJK-MNPR-TWXB", false)]
#[case("ACDE-FHJK-MNPR-TWX0", false)]
#[case("ÅCDE-FHJK-MNPR-TWXY", false)]
#[case("", false)]
fn what_is_typed_from_the_sheet(#[case] typed: &str, #[case] good: bool) {
    let code = normalised(typed);
    assert_eq!(code.map(|code| code.expose_secret().to_owned()), good.then(|| "ACDEFHJKMNPRTWXY".to_owned()));
}

#[rstest]
#[case(0, 0)]
#[case(7, 0)]
#[case(8, 1)]
#[case(17, 2)]
fn what_is_left_over_is_not_used(#[case] bytes: usize, #[case] codes: usize) {
    assert_eq!(recovery_codes(&vec![9; bytes]).len(), codes);
}

#[test]
fn a_megabyte_of_letters_is_refused_early() {
    assert!(normalised(&"A".repeat(1 << 20)).is_none());
}
