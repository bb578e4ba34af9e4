use proptest::prelude::*;

use super::*;

fn part(reference: &str, number: u8, total: u8) -> Part {
    Part { reference: reference.to_owned(), total, number }
}

fn text(words: &str) -> Body {
    Body::Text(words.to_owned())
}

/// Pieces of one sender: key, reference, number, total, words, overdue.
fn assembled(pieces: &[(i64, &str, u8, u8, Body, bool)]) -> Vec<Assembled> {
    let parts: Vec<Part> =
        pieces.iter().map(|(_, reference, number, total, ..)| part(reference, *number, *total)).collect();
    let pieces: Vec<Piece<'_>> = pieces
        .iter()
        .zip(&parts)
        .map(|((key, _, _, _, body, overdue), part)| Piece {
            key: *key,
            account: "borger",
            from: "+4520123456",
            to: "1204",
            part,
            body,
            overdue: *overdue,
        })
        .collect();
    assemble(&pieces)
}

#[test]
fn parts_in_any_order_become_one_text() {
    let texts = assembled(&[
        (1, "7", 3, 3, text("kommunen"), false),
        (2, "7", 1, 3, text("Forstår ikke "), false),
        (3, "7", 2, 3, text("brevet fra "), false),
    ]);
    assert_eq!(texts.len(), 1);
    assert_eq!(texts[0].body, text("Forstår ikke brevet fra kommunen"));
    assert_eq!((texts[0].keys.as_slice(), texts[0].missing), ([2, 3, 1].as_slice(), 0));
}

#[test]
fn an_incomplete_text_waits_until_it_is_overdue_and_then_shows_its_gap() {
    let waiting = [(1, "7", 1, 3, text("Forstår"), false), (2, "7", 3, 3, text("kommunen"), false)];
    assert!(assembled(&waiting).is_empty());
    let overdue = [(1, "7", 1, 3, text("Forstår"), true), (2, "7", 3, 3, text("kommunen"), false)];
    let texts = assembled(&overdue);
    assert_eq!((texts[0].body.clone(), texts[0].missing), (text("Forstår […] kommunen"), 1));
}

#[test]
fn a_part_that_comes_twice_counts_once() {
    let texts = assembled(&[
        (1, "7", 1, 2, text("a"), false),
        (2, "7", 1, 2, text("a"), false),
        (3, "7", 2, 2, text("b"), false),
    ]);
    assert_eq!(texts.len(), 1);
    assert_eq!((texts[0].keys.as_slice(), texts[0].repeats.as_slice()), ([1, 3].as_slice(), [2].as_slice()));
}

#[test]
fn a_reference_that_is_used_again_begins_another_text() {
    let texts = assembled(&[
        (1, "7", 1, 2, text("a"), false),
        (2, "7", 1, 2, text("x"), false),
        (3, "7", 2, 2, text("b"), false),
        (4, "7", 2, 2, text("y"), false),
    ]);
    assert_eq!(texts.iter().map(|text| text.keys.clone()).collect::<Vec<_>>(), [vec![1, 3], vec![2, 4]]);
}

#[test]
fn a_character_across_a_border_survives() {
    let units: Vec<u8> = "hej 😀 du".encode_utf16().flat_map(u16::to_be_bytes).collect();
    // Between the two halves of the emoji.
    let (first, second) = units.split_at(10);
    let texts = assembled(&[
        (1, "7", 2, 2, Body::Utf16(second.to_vec()), false),
        (2, "7", 1, 2, Body::Utf16(first.to_vec()), false),
    ]);
    let Body::Utf16(bytes) = &texts[0].body else { panic!("it stays UTF-16") };
    assert_eq!(super::super::alphabet::decode_utf16(bytes), ("hej 😀 du".to_owned(), false));
}

#[test]
fn numbers_beyond_the_total_and_zero_lose_nothing() {
    let texts = assembled(&[(1, "7", 5, 2, text("a"), true), (2, "8", 0, 0, text("b"), true)]);
    let mut keys: Vec<i64> = texts.iter().flat_map(|text| text.keys.clone()).collect();
    keys.sort_unstable();
    assert_eq!(keys, [1, 2]);
}

proptest! {
    /// Whatever comes in whatever order: once everything is overdue, every piece is in exactly one text.
    #[test]
    fn no_piece_is_lost_or_used_twice(
        pieces in prop::collection::vec((0_u8..3, 0_u8..5, 0_u8..5, "[ab]"), 0..40)
    ) {
        let pieces: Vec<_> = pieces
            .into_iter()
            .enumerate()
            .map(|(key, (reference, number, total, words))| (i64::try_from(key).unwrap(), reference, number, total, words))
            .collect();
        let references: Vec<String> = pieces.iter().map(|piece| piece.1.to_string()).collect();
        let given: Vec<_> = pieces
            .iter()
            .zip(&references)
            .map(|((key, _, number, total, words), reference)| {
                (*key, reference.as_str(), *number, *total, text(words), true)
            })
            .collect();
        let mut keys: Vec<i64> = assembled(&given)
            .into_iter()
            .flat_map(|text| [text.keys, text.repeats].concat())
            .collect();
        keys.sort_unstable();
        prop_assert_eq!(keys, (0..i64::try_from(given.len()).unwrap()).collect::<Vec<_>>());
    }
}
