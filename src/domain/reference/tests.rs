//! What a reference promises: exhaustively where that can be done, else as laws.

use proptest::prelude::*;
use rstest::rstest;

use super::*;

/// Any reference, over the whole range of draws.
fn any_reference() -> impl Strategy<Value = Reference> {
    any::<u64>().prop_map(Reference::from_random)
}

fn bare(reference: &Reference) -> Vec<char> {
    reference.as_str().chars().filter(|c| *c != '-').collect()
}

fn sample() -> Reference {
    Reference::parse("7K3M-9WPT-4J").expect("the example of the documentation is a reference")
}

#[test]
fn the_alphabet_is_what_the_check_depends_on() {
    assert!((2..BASE).all(|divisor| !BASE.is_multiple_of(divisor)), "its size is a prime");
    assert!(LENGTH as u64 <= BASE, "no two weights are equal modulo the prime");
    for (place, character) in ALPHABET.iter().enumerate() {
        assert_eq!(value(char::from(*character)), Some(place as u64));
        assert_eq!(value(char::from(character.to_ascii_lowercase())), Some(place as u64));
    }
}

#[test]
fn it_cannot_be_guessed() {
    let ways = |digits: u32| {
        let chosen = (0..u64::from(digits)).fold(1, |ways, k| ways * (DRAWN as u64 - k) / (k + 1));
        chosen * 10_u64.pow(digits) * 13_u64.pow(DRAWN as u32 - digits)
    };
    let all: u64 = (OF_EACH_SORT as u32..=(DRAWN - OF_EACH_SORT) as u32).map(ways).sum();
    assert!(all > 1 << 40, "{all} references");
}

#[test]
fn all_bits_make_one_and_the_same_bits_the_same() {
    // The all-digit draws next to 0 are redrawn.
    for bits in (0..100_000).chain(u64::MAX - 1000..=u64::MAX) {
        let made = Reference::from_random(bits);
        assert_eq!(made, Reference::from_random(bits));
        assert_eq!(Reference::parse(made.as_str()).as_ref(), Some(&made));
        assert_eq!(made.as_str().len(), 12);
    }
}

#[test]
fn every_character_is_drawn_at_every_place() {
    let mut seen = [[false; BASE as usize]; LENGTH];
    for step in 0..20_000_u64 {
        let made = Reference::from_random(step.wrapping_mul(0xD134_2543_DE82_EF95));
        for (place, character) in bare(&made).into_iter().enumerate() {
            seen[place][value(character).unwrap() as usize] = true;
        }
    }
    assert!(seen.iter().flatten().all(|seen| *seen));
}

/// Every single wrong character and every two that changed places, in 3,000 references.
#[test]
fn a_wrong_character_and_a_swap_always_show() {
    for step in 0..3_000_u64 {
        let made = Reference::from_random(step.wrapping_mul(0x9E6C_63D0_876A_68EE));
        let right = bare(&made);
        for place in 0..LENGTH {
            for wrong in (' '..='~').filter(|c| !is_separator(*c) && value(*c) != value(right[place])) {
                let mut typed = right.clone();
                typed[place] = wrong;
                assert_eq!(Reference::parse(&typed.into_iter().collect::<String>()), None);
            }
            for other in place + 1..LENGTH {
                let mut typed = right.clone();
                typed.swap(place, other);
                let read = Reference::parse(&typed.iter().collect::<String>());
                assert_eq!(read.is_some(), right[place] == right[other], "{made} as {typed:?}");
            }
        }
    }
}

#[rstest]
#[case::as_given("7K3M-9WPT-4J")]
#[case::lower_case("7k3m-9wpt-4j")]
#[case::no_hyphens("7K3M9WPT4J")]
#[case::spaces(" 7K3M 9WPT 4J ")]
#[case::groups_of_two("7K 3M 9W PT 4J")]
#[case::dashes_of_a_telephone("7K3M–9WPT—4J")]
#[case::non_breaking_hyphen("7K3M\u{2011}9WPT\u{2011}4J")]
#[case::heard_n_for_m("7K3N-9WPT-4J")]
fn a_person_may_write_it(#[case] written: &str) {
    assert_eq!(Reference::parse(written), Some(sample()));
    assert_eq!(Reference::parse(written).unwrap().as_str(), "7K3M-9WPT-4J");
}

#[test]
fn look_alikes_are_read_as_meant() {
    let made = (0..).map(Reference::from_random).find(|r| "01258".chars().all(|c| r.as_str().contains(c)));
    let made = made.unwrap();
    let typed: String = made
        .as_str()
        .chars()
        .map(|c| match c {
            '0' => 'o',
            '1' => 'l',
            '2' => 'z',
            '5' => 'S',
            '8' => 'B',
            other => other,
        })
        .collect();
    assert_eq!(Reference::parse(&typed), Some(made.clone()));
    assert_eq!(Reference::parse(&typed.replace('B', "b")), None, "a small b may be a 6");
    assert_eq!(Reference::parse(&typed.replace('l', "I")), Some(made));
}

#[rstest]
#[case::nothing("")]
#[case::only_hyphens("--")]
#[case::too_short("7K3M-9WPT-4")]
#[case::too_long("7K3M-9WPT-4J0")]
#[case::a_cpr_number_without_hyphen("0101700000")]
#[case::a_cpr_number("010170-0000")]
#[case::a_refused_letter("7K3M-9WPT-4D")]
#[case::other_scripts("７K3M-9WPT-4J")]
fn other_texts_are_none(#[case] written: &str) {
    assert_eq!(Reference::parse(written), None);
}

#[test]
fn no_number_of_ten_digits_is_one() {
    for number in (0..10_000_000_000_u64).step_by(9_999_991) {
        assert_eq!(Reference::parse(&format!("{number:010}")), None);
    }
}

#[test]
fn a_stored_reference_is_checked_when_read_back() {
    let stored = serde_json::to_string(&sample()).unwrap();
    assert_eq!(stored, "\"7K3M-9WPT-4J\"");
    assert_eq!(serde_json::from_str::<Reference>(&stored).unwrap(), sample());
    let error = serde_json::from_str::<Reference>("\"7K3M-9WPT-4X\"").unwrap_err().to_string();
    assert!(error.starts_with("not a reference") && !error.contains("4X"), "{error}");
}

#[rstest]
#[case::in_a_subject("SV: Din henvendelse er modtaget – 7K3M-9WPT-4J")]
#[case::in_brackets("Hej (7k3m-9wpt-4j), tak for sidst")]
#[case::in_a_sentence("Mit nummer er 7K3M 9WPT 4J.")]
#[case::without_hyphens("nr 7K3M9WPT4J")]
#[case::wrapped_after_a_hyphen("det drejer sig om 7K3M-\r\n9WPT-4J, som jeg skrev")]
#[case::with_a_word_joined_on("7K3M-9WPT-4J-sagen")]
#[case::twice("7K3M-9WPT-4J og igen 7k3m9wpt4j")]
#[case::after_a_number("1 7K3M-9WPT-4J")]
#[case::right_after_a_mistyped_one("7K3M-9WPT-4P 7K3M-9WPT-4J")]
#[case::after_danish_letters("æøå 7K3M-9WPT-4J æøå")]
fn it_is_found_in_a_text(#[case] text: &str) {
    assert_eq!(Reference::find_all(text), [sample()]);
}

#[rstest]
#[case::inside_a_longer_word("x7K3M-9WPT-4J")]
#[case::with_more_behind_it("7K3M-9WPT-4J7")]
#[case::with_a_danish_letter_behind_it("7K3M-9WPT-4Jå")]
#[case::a_gap_in_a_group("7K-3M9WPT-4J")]
#[case::a_wide_gap("7K3M    9WPT-4J")]
#[case::words_only("mappen på trappen tror jeg nok som sagt")]
#[case::numbers("Tlf. 72 33 33 33, cpr 010170-0000, konto 9070 1234567890, 2026-11-23 10:00")]
fn nothing_is_found(#[case] text: &str) {
    assert_eq!(Reference::find_all(text), []);
}

#[test]
fn several_are_found_in_order_and_not_without_end() {
    let all: Vec<_> = (1..=40).map(|n| Reference::from_random(n * 0x1234_5678_9ABC)).collect();
    let text: String = all.iter().map(|r| format!("se {r}; ")).collect();
    assert_eq!(Reference::find_all(&text), all[..MOST_FOUND]);
}

#[test]
fn a_hostile_text_takes_no_longer_than_its_length() {
    // Each would take minutes if every start were read to the end of its run.
    for text in ["7K3M-9WPT-".repeat(400_000), "7".repeat(4_000_000), "7K3M ".repeat(800_000)] {
        let begun = std::time::Instant::now();
        assert_eq!(Reference::find_all(&text), []);
        assert!(begun.elapsed().as_secs() < 20);
    }
}

proptest! {
    #[test]
    fn written_in_a_text_it_is_found(made in any_reference(), before in "[^A-Za-z0-9]{0,20}", lower: bool) {
        let written = if lower { made.as_str().to_lowercase() } else { made.as_str().to_owned() };
        let before: String = before.chars().filter(|c| !c.is_alphanumeric()).collect();
        prop_assert_eq!(Reference::find_all(&format!("{before}{written}. Hilsen")), [made]);
    }

    #[test]
    fn any_text_is_read_without_panic(text: String) {
        prop_assert!(Reference::find_all(&text).len() <= MOST_FOUND);
        if let Some(read) = Reference::parse(&text) {
            let again = Reference::parse(read.as_str());
            prop_assert_eq!(again, Some(read));
        }
    }
}
