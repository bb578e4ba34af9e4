//! Tables of cases, laws, and what another program makes of numbers (`testdata/sms/oracles/numbers.json`). The numbers
//! are invented.

use std::collections::{HashMap, HashSet};

use proptest::prelude::*;
use rstest::rstest;
use serde::Deserialize;

use super::plan::country_code;
use super::{Class, LONGEST, classify, country_code_matches, msisdn, national};

const LIE: &str = "+4520123456";

#[rstest]
#[case::national("20123456")]
#[case::spaced("20 12 34 56")]
#[case::spaces_that_do_not_break("20\u{a0}12\u{202f}34\u{2009}56")]
#[case::dotted("20.12.34.56")]
#[case::stroke("20/123456")]
#[case::international("+4520123456")]
#[case::spaced_international("+45 20 12 34 56")]
#[case::hyphens("+45-20-12-34-56")]
#[case::typographic_hyphens("+45\u{2011}2012\u{2013}3456")]
#[case::country_code_in_brackets("(+45) 20123456")]
#[case::number_in_brackets("+45 (20) 123456")]
#[case::msisdn("4520123456")]
#[case::zeros("004520123456")]
#[case::zeros_spaced("00 45 20 12 34 56")]
#[case::plus_and_zeros("+004520123456")]
#[case::two_pluses("++4520123456")]
#[case::home_zero("+45(0)20123456")]
#[case::home_zero_spaced("+45 (0) 20 12 34 56")]
#[case::home_zero_after_zeros("0045 (0)20123456")]
#[case::tel("tel:+45-20-12-34-56")]
#[case::tel_short("TEL: 20 12 34 56")]
#[case::tel_parameters("tel:+4520123456;phone-context=example.org")]
#[case::sms("sms:+4520123456?body=hej")]
#[case::sip("sip:+4520123456@ims.example;user=phone")]
#[case::arabic_digits("٢٠١٢٣٤٥٦")]
#[case::persian_digits("+۴۵۲۰۱۲۳۴۵۶")]
#[case::devanagari_digits("२०१२३४५६")]
#[case::wide("＋４５　２０１２３４５６")]
#[case::direction_marks("\u{202a}+45 20 12 34 56\u{202c}")]
#[case::line_end("+4520123456\r\n")]
#[case::tab("\t+4520123456 ")]
fn one_telephone_many_spellings(#[case] raw: &str) {
    let number = classify(raw);
    assert_eq!((number.class(), number.e164()), (Class::Ordinary, Some(LIE)));
}

#[rstest]
#[case::begins_with_45("45201234", Class::Ordinary, Some("+4545201234"))]
#[case::begins_with_45_twice("4545201234", Class::Ordinary, Some("+4545201234"))]
#[case::number_that_looks_like_a_country("46701234", Class::Ordinary, Some("+4546701234"))]
#[case::fixed_line("33 12 34 56", Class::Ordinary, Some("+4533123456"))]
#[case::switchboard("70123456", Class::Ordinary, Some("+4570123456"))]
#[case::faroes("+298 212345", Class::Ordinary, Some("+298212345"))]
#[case::faroes_msisdn("298212345", Class::Ordinary, Some("+298212345"))]
#[case::greenland("00299 52 12 34", Class::Ordinary, Some("+299521234"))]
#[case::greenland_nineteen("+299191234", Class::Ordinary, Some("+299191234"))]
#[case::greenland_ninety("+299901234", Class::Ordinary, Some("+299901234"))]
#[case::dear("90123456", Class::Premium, Some("+4590123456"))]
#[case::dear_international("+45 90 12 34 56", Class::Premium, Some("+4590123456"))]
#[case::free("80123456", Class::Premium, Some("+4580123456"))]
#[case::faroes_dear("+298901115", Class::Premium, Some("+298901115"))]
#[case::faroes_free("298802123", Class::Premium, Some("+298802123"))]
#[case::greenland_free("+299801234", Class::Premium, Some("+299801234"))]
#[case::international_free("+80012345678", Class::Premium, Some("+80012345678"))]
#[case::international_shared("+808 1234 5678", Class::Premium, Some("+80812345678"))]
#[case::international_dear("979123456789", Class::Premium, Some("+979123456789"))]
#[case::sweden("+46 70 123 45 67", Class::Foreign, Some("+46701234567"))]
#[case::sweden_msisdn("46701234567", Class::Foreign, Some("+46701234567"))]
#[case::sweden_home_zero("+46(0)701234567", Class::Foreign, Some("+46701234567"))]
#[case::norway_msisdn("4741234567", Class::Foreign, Some("+4741234567"))]
#[case::america("12025550123", Class::Foreign, Some("+12025550123"))]
#[case::satellite("+8816 1234 5678", Class::Foreign, Some("+881612345678"))]
#[case::short_country("+6834002", Class::Foreign, Some("+6834002"))]
#[case::longest("+491234567890123", Class::Foreign, Some("+491234567890123"))]
#[case::short_code("1204", Class::ShortCode, None)]
#[case::short_code_forced("+451204", Class::ShortCode, None)]
#[case::short_code_zeros("00451204", Class::ShortCode, None)]
#[case::emergency("112", Class::ShortCode, None)]
#[case::harmonised("116 111", Class::ShortCode, None)]
#[case::one_digit("5", Class::ShortCode, None)]
#[case::faroese_short_code("+298118", Class::ShortCode, None)]
#[case::name("SKAT", Class::Name, None)]
#[case::name_with_danish_letters("Hjælp", Class::Name, None)]
#[case::name_with_digits("Info1204", Class::Name, None)]
#[case::name_that_begins_like_a_number("45kommune", Class::Name, None)]
#[case::keypad_letters("+45 20 TAXA 12", Class::Name, None)]
#[case::extension("20123456 lokal 12", Class::Name, None)]
#[case::mail_address("citizen@mail.example", Class::Name, None)]
#[case::number_at_a_gateway("20123456@gateway.example", Class::Name, None)]
#[case::number_at_an_address("20123456@192.0.2.1", Class::Malformed, None)]
#[case::colon_in_a_name("Kommune: nyt", Class::Name, None)]
#[case::nothing("", Class::Hidden, None)]
#[case::space(" \t\u{a0}", Class::Hidden, None)]
#[case::unseen("\u{0}\u{200b}\u{202c}", Class::Hidden, None)]
#[case::anonymous("anonymous", Class::Hidden, None)]
#[case::anonymous_loud(" ANONYMOUS ", Class::Hidden, None)]
#[case::anonymous_address("sip:Anonymous@anonymous.invalid", Class::Hidden, None)]
#[case::unknown("Unknown", Class::Hidden, None)]
#[case::private("private", Class::Hidden, None)]
#[case::withheld("withheld", Class::Hidden, None)]
#[case::danish_word("Hemmeligt nummer", Class::Hidden, None)]
#[case::empty_tel("tel:", Class::Hidden, None)]
#[case::plus_only("+", Class::Malformed, None)]
#[case::separators_only("-- ()", Class::Malformed, None)]
#[case::country_code_only("0045", Class::Malformed, None)]
#[case::country_code_only_plus("+45", Class::Malformed, None)]
#[case::zeros_only("0000000000", Class::Malformed, None)]
#[case::seven("2012345", Class::Malformed, None)]
#[case::seven_international("+452012345", Class::Malformed, None)]
#[case::nine("201234567", Class::Malformed, None)]
#[case::nine_international("+45201234567", Class::Malformed, None)]
#[case::begins_with_one("10123456", Class::Malformed, None)]
#[case::begins_with_one_international("+4510123456", Class::Malformed, None)]
#[case::begins_with_zero("00123456", Class::Malformed, None)]
#[case::home_zero_without_brackets("+45020123456", Class::Malformed, None)]
#[case::bracketed_zero_at_home("20(0)12345", Class::Ordinary, Some("+4520012345"))]
#[case::swedish_at_home("0701234567", Class::Malformed, None)]
#[case::plus_before_national("+20123456", Class::Malformed, None)]
#[case::plus_within("20+123456", Class::Malformed, None)]
#[case::plus_after_a_digit("4+520123456", Class::Malformed, None)]
#[case::home_zero_before_the_country("+(0)4520123456", Class::Malformed, None)]
#[case::home_zero_right_after_zeros("00(0)4520123456", Class::Malformed, None)]
#[case::service_code_too_short("+800123", Class::Malformed, None)]
#[case::local_sip_without_host("sip:20123456", Class::Malformed, None)]
#[case::plus_behind("20123456+", Class::Malformed, None)]
#[case::seven_faroese("+2982123456", Class::Malformed, None)]
#[case::greenland_zero("+299012345", Class::Malformed, None)]
#[case::no_such_country("+210123456789", Class::Malformed, None)]
#[case::too_long("+4912345678901234", Class::Malformed, None)]
#[case::far_too_long("45201234564520123456", Class::Malformed, None)]
#[case::american_too_short("+1202555012", Class::Malformed, None)]
#[case::swedish_short_code("+4671700", Class::Malformed, None)]
#[case::keypad_command("*100#", Class::Malformed, None)]
#[case::two_numbers("20123456, 20123457", Class::Malformed, None)]
#[case::two_numbers_in_a_row("20123456 20123457", Class::Malformed, None)]
#[case::local_tel("tel:20123456;phone-context=+46", Class::Malformed, None)]
#[case::local_sip("sip:20123456@pbx.example", Class::Malformed, None)]
#[case::emoji("📞", Class::Malformed, None)]
fn placed(#[case] raw: &str, #[case] class: Class, #[case] e164: Option<&str>) {
    let number = classify(raw);
    assert_eq!((number.class(), number.e164()), (class, e164));
}

#[test]
fn what_is_kept_is_short_and_clean() {
    assert_eq!(classify(" +45 20\u{0}12\u{202e}34\n56\u{200b} ").raw(), "+45 20123456");
    assert_eq!(classify("  SKAT\r\nBcc: x ").raw(), "SKATBcc: x");
    let long = classify(&"7".repeat(100_000));
    assert_eq!((long.class(), long.raw().len()), (Class::Malformed, LONGEST));
    let long = classify(&format!("+4520123456{}1", " ".repeat(LONGEST)));
    assert_eq!((long.class(), long.raw()), (Class::Malformed, LIE));
}

#[test]
fn debug_does_not_tell() {
    assert_eq!(format!("{:?}", classify("+45 20 12 34 56")), "Number(Ordinary)");
    assert_eq!(format!("{:?}", classify("SKAT")), "Number(Name)");
}

#[rstest]
#[case("+4520123456", "4520123456", "20123456")]
#[case("+298212345", "298212345", "212345")]
#[case("+299521234", "299521234", "521234")]
#[case("+46701234567", "46701234567", "46701234567")]
#[case("+2901234", "2901234", "2901234")]
#[case("", "", "")]
fn other_forms(#[case] e164: &str, #[case] without_plus: &str, #[case] at_home: &str) {
    assert_eq!((msisdn(e164), national(e164)), (without_plus, at_home));
}

#[rstest]
#[case("+46701234567", "+46", true)]
#[case("+46701234567", "46", true)]
#[case("+46701234567", "0046", true)]
#[case("+46701234567", " + 46 ", true)]
#[case("+46701234567", "+467", true)]
#[case("+46701234567", "+47", false)]
#[case("+46701234567", "+4", false)]
#[case("+46701234567", "+", false)]
#[case("+46701234567", "", false)]
#[case("+46701234567", "Sverige", false)]
#[case("+358401234567", "+35", false)]
#[case("+358401234567", "+358", true)]
#[case("+12425550123", "+1", true)]
#[case("+12425550123", "+1 242", true)]
#[case("+12025550123", "+1242", false)]
#[case("+4520123456", "+452", true)]
#[case("+210123456", "+210", false)]
#[case("", "", false)]
fn countries(#[case] e164: &str, #[case] prefix: &str, #[case] matches: bool) {
    assert_eq!(country_code_matches(e164, prefix), matches);
}

fn e164_of(raw: &str) -> Option<String> {
    classify(raw).e164().map(str::to_owned)
}

/// What a gateway may write: anything, but mostly digits with something between them.
fn senders() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        6 => "[0-9]{1,6}",
        2 => prop::sample::select(vec!["+", "00", "45", "298", "299", "+45", "(0)", "46", "1"]).prop_map(str::to_owned),
        2 => prop::sample::select(vec![" ", "-", ".", "(", ")", "/", "\u{a0}", "\u{200b}", "٣", "tel:", "sip:", "@", ";"])
            .prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ];
    prop_oneof![3 => prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat()), 1 => any::<String>()]
}

/// Numbers of every class that has one, in E.164 form.
fn numbers() -> impl Strategy<Value = String> {
    let codes =
        vec!["45", "298", "299", "46", "47", "49", "44", "48", "1", "7", "358", "354", "683", "800", "979"];
    let number = prop::sample::select(codes).prop_flat_map(|code| {
        let rest = match code {
            "45" => "[2-9][0-9]{7}",
            "298" | "299" => "[2-9][0-9]{5}",
            "1" | "7" => "[2-9][0-9]{9}",
            _ => "[1-9][0-9]{7,10}",
        };
        rest.prop_map(move |rest| format!("+{code}{rest}"))
    });
    number.prop_filter("not beyond 15 digits", |number| number.len() <= 16)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn whatever_is_written(raw in senders()) {
        let number = classify(&raw);
        prop_assert!(number.raw().chars().count() <= LONGEST);
        prop_assert!(!number.raw().chars().any(char::is_control));
        prop_assert_eq!(number.raw().trim(), number.raw());
        prop_assert_eq!(format!("{number:?}"), format!("Number({:?})", number.class()));
        prop_assert_eq!(classify(number.raw()).class(), number.class());
        let has_number = matches!(number.class(), Class::Ordinary | Class::Premium | Class::Foreign);
        prop_assert_eq!(number.e164().is_some(), has_number);
        if let Some(e164) = number.e164() {
            prop_assert!((7..=15).contains(&msisdn(e164).len()));
            prop_assert!(e164.starts_with('+') && msisdn(e164).bytes().all(|byte| byte.is_ascii_digit()));
            // What is in shape stays as it is, and so does its class.
            prop_assert_eq!(e164_of(e164), Some(e164.to_owned()));
            prop_assert_eq!(classify(e164).class(), number.class());
            prop_assert!(e164.ends_with(national(e164)));
        }
    }

    #[test]
    fn a_number_is_the_same_however_it_is_written(
        e164 in numbers(),
        between in prop::sample::select(vec![" ", "-", ".", "\u{a0}", "\u{2011}", "\u{200b}"]),
    ) {
        let digits = msisdn(&e164);
        let spread: String = digits.chars().flat_map(|digit| [digit.to_string(), between.to_owned()]).collect();
        let spellings = [e164.clone(), format!("00{digits}"), format!("+{spread}"), format!("00 {spread}"), format!("(+{digits})")];
        for spelling in &spellings {
            prop_assert_eq!(e164_of(spelling), Some(e164.clone()), "{}", spelling);
        }
        let ours = ["+45", "+298", "+299"].iter().any(|code| e164.starts_with(code));
        prop_assert_eq!(classify(&e164).class() == Class::Foreign, !ours && !e164.starts_with("+800") && !e164.starts_with("+979"));
        // Without plus, a shorter one could be a Danish number or one with a digit too many.
        if digits.len() > 9 || ours {
            prop_assert_eq!(e164_of(digits), Some(e164.clone()));
        }
        // Eight digits are at home in Denmark alone: six at home on the Faroes are a short code here.
        let at_home = classify(national(&e164));
        prop_assert!(!e164.starts_with("+45") || at_home.e164() == Some(e164.as_str()));
        prop_assert!(!e164.starts_with("+29") || !ours || at_home.class() == Class::ShortCode);
    }
}

/// What the library phonenumbers makes of senders, in `testdata/sms/oracles`; `numbers.py` there writes it.
#[derive(Deserialize)]
struct Oracle {
    reasons: HashMap<String, String>,
    country_codes: Vec<u16>,
    numbers: Vec<OracleNumber>,
}

#[derive(Deserialize)]
struct OracleNumber {
    raw: String,
    /// What it makes of it when it holds it valid.
    e164: Option<String>,
    /// The kind of line.
    r#type: Option<String>,
    /// Why we differ, when we do.
    reason: Option<String>,
}

fn oracle() -> Oracle {
    serde_json::from_str(include_str!("../../../testdata/sms/oracles/numbers.json")).unwrap()
}

#[test]
fn another_program_knows_the_same_country_codes() {
    let ours: Vec<u16> =
        (0..=999).filter(|code| country_code(&code.to_string()) == Some(&code.to_string())).collect();
    assert_eq!(ours, oracle().country_codes);
}

#[test]
fn another_program_makes_the_same_of_a_sender() {
    let Oracle { reasons, numbers, .. } = oracle();
    assert!(numbers.len() >= 300);
    let mut wrong = Vec::new();
    for OracleNumber { raw, e164, reason, .. } in &numbers {
        let ours = classify(raw);
        if (ours.e164() != e164.as_deref()) != reason.is_some() {
            wrong.push(format!(
                "{raw:?}: we {:?} {:?}, they {e164:?}, reason {reason:?}",
                ours.class(),
                ours.e164()
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let given: HashSet<&String> = numbers.iter().filter_map(|number| number.reason.as_ref()).collect();
    assert_eq!(given, reasons.keys().collect(), "every reason is explained, and none is left over");
}

#[test]
fn another_program_calls_the_same_numbers_services() {
    for OracleNumber { raw, r#type, reason, .. } in oracle().numbers {
        let Some(kind) = r#type.filter(|_| reason.is_none()) else { continue };
        let expected = matches!(kind.as_str(), "premium_rate" | "toll_free");
        assert_eq!(classify(&raw).class() == Class::Premium, expected, "{raw} is {kind}");
    }
}
