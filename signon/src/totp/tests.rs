use rstest::rstest;

use super::*;

/// The shared secret of the vectors in RFC 6238, appendix B.
const RFC_SECRET: &[u8] = b"12345678901234567890";

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn rfc() -> Secret {
    Secret::new(RFC_SECRET).unwrap()
}

/// RFC 6238 appendix B, the rows for SHA-1. The RFC prints eight digits; six are the last six of them (RFC 4226
/// section 5.3 takes the remainder).
#[rstest]
#[case(59, "94287082", 0x1)]
#[case(1_111_111_109, "07081804", 0x0235_23EC)]
#[case(1_111_111_111, "14050471", 0x0235_23ED)]
#[case(1_234_567_890, "89005924", 0x0273_EF07)]
#[case(2_000_000_000, "69279037", 0x03F9_40AA)]
#[case(20_000_000_000, "65353130", 0x27BC_86AA)]
fn the_vectors_of_the_rfc(#[case] second: i64, #[case] eight: &str, #[case] step: i64) {
    assert_eq!(rfc().verify(&eight[2..], at(second), None), Some(step));
}

/// Steps around 1111111111, which is in step 37037037 with the code 050471.
#[rstest]
#[case::now(0, None, true)]
#[case::phone_is_behind(30, None, true)]
#[case::phone_is_ahead(-30, None, true)]
#[case::too_old(60, None, false)]
#[case::too_early(-60, None, false)]
#[case::used(0, Some(37_037_037), false)]
#[case::used_and_looked_at_a_step_later(30, Some(37_037_037), false)]
#[case::a_later_one_was_used(0, Some(37_037_038), false)]
#[case::the_one_before_was_used(0, Some(37_037_036), true)]
fn drift_and_replay(#[case] offset: i64, #[case] last: Option<i64>, #[case] fits: bool) {
    let expected = fits.then_some(37_037_037);
    assert_eq!(rfc().verify("050471", at(1_111_111_111 + offset), last), expected);
}

#[rstest]
#[case("050471", true)]
#[case(" 050 471 ", true)]
#[case("050-471", true)]
#[case("050\u{a0}471", true)]
#[case("050472", false)]
#[case("50471", false)]
#[case("0504711", false)]
#[case("14050471", false)]
#[case("+50471", false)]
#[case("05047a", false)]
#[case("٠٥٠٤٧١", false)]
#[case("", false)]
fn what_is_typed(#[case] typed: &str, #[case] fits: bool) {
    assert_eq!(rfc().verify(typed, at(1_111_111_111), None).is_some(), fits);
}

#[test]
fn a_clock_before_1970_or_at_the_end_of_time_refuses_and_does_not_panic() {
    for now in [Timestamp::MIN, at(-1), at(0), Timestamp::MAX] {
        assert_eq!(rfc().verify("000000", now, None), None, "{now}");
    }
}

#[rstest]
#[case(0, false)]
#[case(16, false)]
#[case(19, false)]
#[case(20, true)]
#[case(64, true)]
fn a_secret_is_long_enough(#[case] bytes: usize, #[case] good: bool) {
    assert_eq!(Secret::new(&vec![7; bytes]).is_ok(), good);
}

#[test]
fn a_secret_survives_being_kept() {
    let text = rfc().to_base32();
    assert_eq!(text.expose_secret(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    let again = Secret::from_base32(&text).unwrap();
    assert_eq!(again.verify("050471", at(1_111_111_111), None), Some(37_037_037));
    assert_eq!(rfc().to_be_typed().expose_secret(), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
    for broken in ["", "GEZDGNBVGY3TQOJQ", "not base32!", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJ1"] {
        assert_eq!(Secret::from_base32(&broken.into()).unwrap_err(), TotpError::Unreadable, "{broken}");
    }
}

#[test]
fn the_address_for_apps() {
    let url = rfc().url("Borgerrådgiveren i Ærø", "karen@example.org").unwrap();
    assert_eq!(
        url.expose_secret(),
        "otpauth://totp/Borgerr%C3%A5dgiveren%20i%20%C3%86r%C3%B8:karen%40example.org\
         ?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Borgerr%C3%A5dgiveren%20i%20%C3%86r%C3%B8"
    );
}

#[rstest]
#[case("", "karen", TotpError::Issuer)]
#[case("a:b", "karen", TotpError::Issuer)]
#[case("Indgang", " ", TotpError::Account)]
#[case("Indgang", "a:b", TotpError::Account)]
fn names_that_an_app_would_misread(#[case] issuer: &str, #[case] account: &str, #[case] error: TotpError) {
    assert_eq!(rfc().url(issuer, account).unwrap_err(), error);
}

#[test]
fn a_name_too_long_for_a_qr_code_is_said() {
    let error = rfc().qr_svg(&"Æ".repeat(2000), "karen", "QR").unwrap_err();
    assert_eq!(error, TotpError::TooLong);
}

#[test]
fn nothing_is_shown_by_accident() {
    let secret = rfc();
    let shown = format!("{secret:?} {:?} {:?}", secret.to_base32(), secret.url("Indgang", "karen").unwrap());
    assert!(!shown.contains("GEZD") && !shown.contains("1234"), "{shown}");
}
