//! Tables of cases, laws, and the counts of two other programs (`testdata/sms/oracles/segments.json`).

use proptest::prelude::*;
use rstest::rstest;
use serde::Deserialize;

use super::{Encoding, Measure, decode_utf16, is_gsm7, measure, plain, segments};

/// TS 23.038 section 6.2.1 in the order of its codes, 0x00 to 0x7F without the escape 0x1B.
const DEFAULT_ALPHABET: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTU\
                                VWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
/// TS 23.038 section 6.2.1.1.
const EXTENSION: &str = "\u{c}^{}\\[~]|€";

fn lengths(text: &str) -> Vec<usize> {
    segments(text).iter().map(|segment| segment.chars().count()).collect()
}

#[test]
fn the_alphabet_is_the_standards() {
    assert_eq!((DEFAULT_ALPHABET.chars().count(), EXTENSION.chars().count()), (127, 10));
    for character in '\0'..=char::MAX {
        let expected = match character {
            _ if DEFAULT_ALPHABET.contains(character) => Some(1),
            _ if EXTENSION.contains(character) => Some(2),
            _ => None,
        };
        assert_eq!(super::septets(character), expected, "{character:?}");
        assert_eq!(is_gsm7(character), expected.is_some(), "{character:?}");
    }
}

#[rstest]
#[case::nothing("", Encoding::Gsm7, 0, &[0])]
#[case::danish("Rød grød med fløde på Åen, dér", Encoding::Gsm7, 30, &[30])]
#[case::full("a".repeat(160), Encoding::Gsm7, 160, &[160])]
#[case::one_too_many("a".repeat(161), Encoding::Gsm7, 161, &[153, 8])]
#[case::two_full("å".repeat(306), Encoding::Gsm7, 306, &[153, 153])]
#[case::three("å".repeat(307), Encoding::Gsm7, 307, &[153, 153, 1])]
#[case::full_of_pairs("€".repeat(80), Encoding::Gsm7, 160, &[80])]
#[case::pairs_never_fill_an_odd_segment("€".repeat(81), Encoding::Gsm7, 162, &[76, 5])]
#[case::pair_at_the_border(format!("{}€{}", "a".repeat(152), "b".repeat(10)), Encoding::Gsm7, 164, &[152, 11])]
#[case::pair_at_the_end_of_one(format!("{}€", "a".repeat(158)), Encoding::Gsm7, 160, &[159])]
#[case::pair_over_the_end_of_one(format!("{}€", "a".repeat(159)), Encoding::Gsm7, 161, &[153, 7])]
#[case::packing_costs_a_segment(format!("{}€{}", "a".repeat(152), "b".repeat(152)), Encoding::Gsm7, 306, &[152, 152, 1])]
#[case::small_c_with_cedilla("garçon", Encoding::Ucs2, 6, &[6])]
#[case::ucs2_full("ł".repeat(70), Encoding::Ucs2, 70, &[70])]
#[case::ucs2_one_too_many("ł".repeat(71), Encoding::Ucs2, 71, &[67, 4])]
#[case::emoji_full("🙂".repeat(35), Encoding::Ucs2, 70, &[35])]
#[case::emoji_never_fill_an_odd_segment("🙂".repeat(36), Encoding::Ucs2, 72, &[33, 3])]
#[case::emoji_at_the_border(format!("{}🙂{}", "a".repeat(66), "b".repeat(10)), Encoding::Ucs2, 78, &[66, 11])]
#[case::extension_characters_are_one_unit_there(format!("ł{}", "€".repeat(69)), Encoding::Ucs2, 70, &[70])]
fn measured(
    #[case] text: impl AsRef<str>,
    #[case] encoding: Encoding,
    #[case] units: usize,
    #[case] cut: &[usize],
) {
    let text = text.as_ref();
    assert_eq!(measure(text), Measure { encoding, units, segments: cut.len() });
    assert_eq!(lengths(text), cut);
}

#[rstest]
#[case::quotation_marks("’‘ “x” „y‟ «z» ‹q›", "'' \"x\" \"y\" \"z\" 'q'")]
#[case::dashes("a–b — c‑d −5 ‐ ‒ ― •", "a-b - c-d -5 - - - -")]
#[case::signs("3×2 ‚a‛ 5′ 6″ ´`", "3x2 'a' 5' 6\" ''")]
#[case::dots("Vent…", "Vent...")]
#[case::spaces("a\u{a0}b\tc\u{202f}d", "a b c d")]
#[case::unseen("bor\u{ad}ger\u{200b}rådgiver\u{feff}", "borgerrådgiver")]
#[case::lines("a\r\nb\u{2028}c\r\r\nd\re", "a\nb\nc\nd\re")]
#[case::letters_in_two("A\u{30a}rhus, A\u{30a}be\u{301}nra\u{30a}, c\u{327}", "Århus, Åbénrå, c\u{327}")]
#[case::something_unseen_between("a\u{200b}\u{30a} \r\u{200b}\u{2028}", "å \n")]
#[case::letters_stay("á í ó ç ł Ş Привет", "á í ó ç ł Ş Привет")]
#[case::emoji_stay("👩\u{200d}👧 ❤\u{fe0f}", "👩\u{200d}👧 ❤\u{fe0f}")]
#[case::plain_already("Tak for din sms [1] {2} 5 €", "Tak for din sms [1] {2} 5 €")]
#[case::nothing("", "")]
fn written_plainly(#[case] text: &str, #[case] expected: &str) {
    assert_eq!(plain(text), expected);
}

/// The letters of the alphabet that Unicode writes in two as well (its normalization form D).
#[test]
fn letters_written_in_two_are_put_together() {
    let in_two = "a\u{300}e\u{300}i\u{300}o\u{300}u\u{300}E\u{301}e\u{301}N\u{303}n\u{303}A\u{308}O\u{308}U\u{308}\
                  a\u{308}o\u{308}u\u{308}A\u{30a}a\u{30a}C\u{327}";
    assert_eq!(plain(in_two), "àèìòùÉéÑñÄÖÜäöüÅåÇ");
}

#[test]
fn dots_stay_where_spelling_them_out_would_cost_a_segment() {
    assert_eq!(plain(&"…".repeat(53)), "...".repeat(53));
    assert_eq!(plain(&"…".repeat(54)), "…".repeat(54));
    let with_emoji = format!("🙂{}…", "a".repeat(67));
    assert_eq!(plain(&with_emoji), with_emoji);
    assert_eq!(plain(&format!("“{}…", "a".repeat(67))), format!("\"{}...", "a".repeat(67)));
}

#[rstest]
#[case::nothing(&[], "", false)]
#[case::danish(&[0, b'B', 0, 0xE5, 0, b'l'], "Bål", false)]
#[case::emoji(&[0xD8, 0x3D, 0xDE, 0x42], "🙂", false)]
#[case::mark(&[0xFE, 0xFF, 0, b'a'], "a", false)]
#[case::little_endian_and_says_so(&[0xFF, 0xFE, b'a', 0], "a", false)]
#[case::mark_within(&[0, b'a', 0xFE, 0xFF], "a\u{feff}", false)]
#[case::high_without_low(&[0xD8, 0x3D, 0, b'a'], "\u{fffd}a", true)]
#[case::low_without_high(&[0xDE, 0x42], "\u{fffd}", true)]
#[case::wrong_way_round(&[0xDE, 0x42, 0xD8, 0x3D], "\u{fffd}\u{fffd}", true)]
#[case::cut_between(&[0, b'a', 0xD8, 0x3D], "a\u{fffd}", true)]
#[case::byte_left_over(&[0, b'a', 0], "a\u{fffd}", true)]
#[case::one_byte(b"a", "\u{fffd}", true)]
#[case::replacement_character_sent(&[0xFF, 0xFD], "\u{fffd}", false)]
fn decoded(#[case] bytes: &[u8], #[case] text: &str, #[case] broken: bool) {
    assert_eq!(decode_utf16(bytes), (text.to_owned(), broken));
}

/// Texts that stand near the borders: runs of characters of each weight, up to a few segments.
fn texts() -> impl Strategy<Value = String> {
    let character = prop_oneof![
        8 => prop::sample::select(DEFAULT_ALPHABET.chars().collect::<Vec<_>>()),
        4 => prop::sample::select(EXTENSION.chars().collect::<Vec<_>>()),
        2 => prop::sample::select("’“–…\u{a0}\u{ad}\u{300}\u{308}\u{30a}\u{2028}\r\t".chars().collect::<Vec<_>>()),
        1 => any::<char>(),
    ];
    let run = (character, 1_usize..170).prop_map(|(character, times)| character.to_string().repeat(times));
    prop_oneof![
        prop::collection::vec(run, 0..5).prop_map(|runs| runs.concat()),
        ".{0,200}",
        // Without the last strategy's odd characters, so that the small alphabet is reached often enough.
        prop::collection::vec(
            prop::sample::select(DEFAULT_ALPHABET.chars().chain(EXTENSION.chars()).collect::<Vec<_>>()),
            0..500
        )
        .prop_map(String::from_iter),
        prop::collection::vec(
            prop::sample::select("ae…'’\r\n\u{200b}\u{30a}🙂".chars().collect::<Vec<_>>()),
            0..200
        )
        .prop_map(String::from_iter),
    ]
}

/// What a segment weighs, counted from the standard's tables.
fn weight(segment: &str, encoding: Encoding) -> usize {
    match encoding {
        Encoding::Gsm7 => segment.chars().map(|one| if EXTENSION.contains(one) { 2 } else { 1 }).sum(),
        Encoding::Ucs2 => segment.encode_utf16().count(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn cutting_keeps_the_text_and_the_limits(text in texts()) {
        let measured = measure(&text);
        let cut = segments(&text);
        prop_assert_eq!(cut.concat(), text.as_str());
        prop_assert_eq!(cut.len(), measured.segments);
        prop_assert_eq!(cut.iter().map(|one| weight(one, measured.encoding)).sum::<usize>(), measured.units);
        let (alone, in_a_row) = match measured.encoding { Encoding::Gsm7 => (160, 153), Encoding::Ucs2 => (70, 67) };
        let limit = if cut.len() == 1 { alone } else { in_a_row };
        prop_assert!(cut.iter().all(|one| weight(one, measured.encoding) <= limit));
        prop_assert!(cut.len() == 1 || measured.units > alone);
        // As full as they go: the next segment's first character would not have fitted.
        for pair in cut.windows(2) {
            let first = pair[1].chars().next().unwrap().to_string();
            prop_assert!(weight(pair[0], measured.encoding) + weight(&first, measured.encoding) > in_a_row);
        }
    }

    #[test]
    fn plain_is_idempotent_and_never_dearer(text in texts()) {
        let once = plain(&text);
        prop_assert_eq!(plain(&once), once.as_str());
        prop_assert!(measure(&once).segments <= measure(&text).segments);
    }

    #[test]
    fn utf16_comes_back(text in any::<String>().prop_filter("a mark in front is dropped", |text| !text.starts_with(['\u{feff}', '\u{fffe}']))) {
        let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        prop_assert_eq!(decode_utf16(&bytes), (text, false));
    }

    #[test]
    fn any_bytes_decode(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let (text, broken) = decode_utf16(&bytes);
        prop_assert!(text.chars().count() <= bytes.len().div_ceil(2));
        prop_assert!(!broken || text.contains(char::REPLACEMENT_CHARACTER));
        prop_assert!(broken || bytes.len().is_multiple_of(2));
    }
}

/// What two other programs count, in `testdata/sms/oracles`; `segments.mjs` there writes it.
#[derive(Deserialize)]
struct Oracle {
    alphabet: Vec<OracleAlphabet>,
    cases: Vec<OracleCase>,
}

/// The characters of the basic plane that a program counts as one septet and as two.
#[derive(Deserialize)]
struct OracleAlphabet {
    package: String,
    one: String,
    two: String,
}

#[derive(Deserialize)]
struct OracleCase {
    name: String,
    text: String,
    encoding: String,
    units: usize,
    /// The UTF-16 units of each segment.
    cut: Vec<usize>,
    /// The same by the program that does not cut between what a reader sees as one character, where that differs.
    graphemes_kept: Option<Vec<usize>>,
}

fn oracle() -> Oracle {
    serde_json::from_str(include_str!("../../../testdata/sms/oracles/segments.json")).unwrap()
}

#[test]
fn other_programs_have_the_same_alphabet() {
    let sorted = |text: &str| {
        let mut characters: Vec<char> = text.chars().collect();
        characters.sort_unstable();
        characters
    };
    let alphabets = oracle().alphabet;
    assert_eq!(alphabets.len(), 2);
    for OracleAlphabet { package, one, two } in alphabets {
        assert_eq!(sorted(&one), sorted(DEFAULT_ALPHABET), "{package}");
        assert_eq!(sorted(&two), sorted(EXTENSION), "{package}");
    }
}

#[test]
fn other_programs_count_and_cut_the_same() {
    let cases = oracle().cases;
    assert!(cases.len() >= 300);
    for OracleCase { name, text, encoding, units, cut, graphemes_kept } in cases {
        let encoding = if encoding == "gsm7" { Encoding::Gsm7 } else { Encoding::Ucs2 };
        assert_eq!(measure(&text), Measure { encoding, units, segments: cut.len() }, "{name}");
        let ours: Vec<usize> = segments(&text).iter().map(|one| one.encode_utf16().count()).collect();
        assert_eq!(ours, cut, "{name}");
        // Where we knowingly differ: only in where it is cut, only in UCS-2, and never dearer.
        if let Some(kept) = graphemes_kept {
            assert!(kept != cut && kept.len() >= cut.len() && encoding == Encoding::Ucs2, "{name}");
        }
    }
}
