//! Cases as files (`testdata/fold/<case>.txt` beside `<case>.expected.txt`, the visible text), and laws.

use std::fs;
use std::path::Path;

use proptest::prelude::*;

use super::*;

fn visible(text: &str, folds: &[Fold]) -> String {
    let mut visible = String::new();
    let mut from = 0;
    for fold in folds {
        visible.push_str(&text[from..fold.start]);
        from = fold.end;
    }
    visible + &text[from..]
}

/// Line ends as LF, and no blank lines at the ends or doubled: where a fold begins among blank lines is taste.
fn settled(text: &str) -> String {
    let mut lines: Vec<&str> = Vec::new();
    for line in text.lines().map(str::trim_end) {
        if !(line.is_empty() && lines.last().is_none_or(|last| last.is_empty())) {
            lines.push(line);
        }
    }
    lines.join("\n").trim_end().to_owned()
}

#[test]
fn every_case_shows_what_it_should() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/fold");
    let mut wrong = Vec::new();
    let mut seen = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let Some(case) = name.strip_suffix(".txt").filter(|case| !case.ends_with(".expected")) else {
            continue;
        };
        let text = fs::read_to_string(&path).unwrap();
        let expected = fs::read_to_string(path.with_file_name(format!("{case}.expected.txt"))).unwrap();
        let shown = visible(&text, &fold(&text, &[]));
        seen += 1;
        if settled(&shown) != settled(&expected) {
            wrong.push(format!("--- {case}: shown\n{shown}\n--- expected\n{expected}"));
        }
    }
    assert!(seen > 80, "only {seen} cases found");
    assert!(wrong.is_empty(), "{} of {seen} wrong\n{}", wrong.len(), wrong.join("\n"));
}

/// Scraps that meet in letters, so that the laws are tried where the finders have something to find.
fn scrap() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[ -~æøåß\u{200b}\u{a0}🎉]{0,40}",
        1 => Just("Den 3. nov. 2026 kl. 10.12 skrev Ib Bæk <ib@example.org>:".to_owned()),
        1 => Just("On Tue, Nov 3, 2026 at 10:12 AM Kim <kim@example.org>".to_owned()),
        1 => Just("wrote:".to_owned()),
        1 => Just("Fra: Ib Bæk <ib@example.org>".to_owned()),
        1 => Just("Sendt: 3. november 2026".to_owned()),
        1 => Just("Til: Karen".to_owned()),
        1 => Just("Emne: Sag".to_owned()),
        1 => Just("-- ".to_owned()),
        1 => Just("________________".to_owned()),
        1 => Just("Mvh Karen".to_owned()),
        1 => Just("Sendt fra min iPhone".to_owned()),
        1 => Just("-----Oprindelig meddelelse-----".to_owned()),
        2 => "(> ?){1,4}[a-zæøå ]{0,90}",
        2 => Just(String::new()),
    ]
}

fn letter() -> impl Strategy<Value = String> {
    prop::collection::vec((scrap(), prop_oneof![Just("\n"), Just("\r\n"), Just("\r")]), 0..40)
        .prop_map(|lines| lines.into_iter().flat_map(|(line, end)| [line, end.to_owned()]).collect())
}

fn any_hints() -> impl Strategy<Value = Vec<Fold>> {
    let reason =
        prop_oneof![Just(FoldReason::Quote), Just(FoldReason::Signature), Just(FoldReason::Disclaimer)];
    prop::collection::vec((0..600_usize, 0..600_usize, reason), 0..4)
        .prop_map(|hints| hints.into_iter().map(|(start, end, reason)| Fold { start, end, reason }).collect())
}

fn has_words(text: &str) -> bool {
    text.chars().any(char::is_alphanumeric)
}

proptest! {
    #[test]
    fn folds_are_sorted_apart_and_at_character_boundaries(text in letter(), hints in any_hints()) {
        let folds = fold(&text, &hints);
        let mut from = 0;
        for fold in &folds {
            prop_assert!(from <= fold.start && fold.start < fold.end && fold.end <= text.len());
            prop_assert!(text.is_char_boundary(fold.start) && text.is_char_boundary(fold.end));
            from = fold.end;
        }
    }

    #[test]
    fn words_are_never_all_hidden(text in letter(), hints in any_hints()) {
        let shown = visible(&text, &fold(&text, &hints));
        prop_assert!(!has_words(&text) || has_words(&shown) || shown.contains('🎉'), "{text:?}");
    }

    #[test]
    fn visible_and_folded_are_the_text(text in letter()) {
        let folds = fold(&text, &[]);
        let folded: usize = folds.iter().map(|fold| fold.end - fold.start).sum();
        prop_assert_eq!(visible(&text, &folds).len() + folded, text.len());
    }

    #[test]
    fn a_plain_answer_above_a_quote_is_all_that_is_seen(answer in "[a-zæøå]{1,12}( [a-zæøå]{1,12}){2,9}\\.") {
        let quote = "\n\nDen 3. nov. 2026 kl. 10.12 skrev Ib Bæk <ib@example.org>:\n\n> Hej\n";
        let text = format!("{answer}{quote}");
        let shown = visible(&text, &fold(&text, &[]));
        prop_assert_eq!(shown.trim(), answer);
    }

    #[test]
    fn line_ends_make_no_difference(text in letter()) {
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        let shown = visible(&text, &fold(&text, &[]));
        let crlf = text.replace('\n', "\r\n");
        prop_assert_eq!(shown.replace('\n', "\r\n"), visible(&crlf, &fold(&crlf, &[])));
    }

    #[test]
    fn any_text_is_survived(text in any::<String>(), hints in any_hints()) {
        fold(&text, &hints);
    }
}

/// Inputs on which a backtracking or quadratic finder would stand still. The bound is loose (a debug build on a
/// busy machine): what is linear takes a fraction of it, what is quadratic takes hours.
#[test]
fn hostile_input_takes_time_in_proportion() {
    let hostile = [
        "On ".repeat(200_000),
        "On 1\n".repeat(50_000),
        "Fra: a\n".repeat(40_000),
        "Fra: a@b Sendt: c\n\n".repeat(20_000),
        "> ".repeat(200_000),
        "> a\nb\n".repeat(40_000),
        "-- \n".repeat(50_000),
        "Mvh\n".repeat(50_000),
        "a\n\n\n\n\n\n".repeat(40_000),
        "\n".repeat(300_000),
        "_".repeat(300_000),
        "@".repeat(300_000),
        "> On Mon, 1 Jan 2026 10:00 a@b\n".repeat(50_000),
    ];
    for text in hostile {
        let start = std::time::Instant::now();
        fold(&text, &[]);
        let taken = start.elapsed();
        assert!(taken.as_secs() < 20, "{taken:?} for {:?}", &text[..8]);
    }
}
