use rstest::rstest;

use super::*;
use crate::document::Column;

fn written(block: &Block) -> String {
    let mut sheet = Sheet { language: Language::Danish, parts: Vec::new(), level: 1, listed: false };
    sheet.block(block);
    sheet.parts.join("\n\n")
}

#[rstest]
#[case("§ 65 e – 96 % (i alt) & \"mere\"", "§ 65 e – 96 % (i alt) & \"mere\"")]
#[case(
    "*a* _b_ `c` [d](e) <f> #g |h| ~~i~~ \\",
    "\\*a\\* \\_b\\_ \\`c\\` \\[d\\](e) \\<f> \\#g \\|h\\| \\~\\~i\\~\\~ \\\\"
)]
#[case("&copy; &#60; R&D", "\\&copy; \\&#60; R\\&D")]
#[case(
    "- a\n+ b\n2025. c\n3) d\n> e\n===\n1.5 f",
    "\\- a\\\n\\+ b\\\n2025\\. c\\\n3\\) d\\\n\\> e\\\n\\===\\\n1\\.5 f"
)]
fn words_stay_words(#[case] text: &str, #[case] expected: &str) {
    let expected = expected.replace("\\&#60;", "\\&\\#60;");
    assert_eq!(written(&Block::paragraph(text)), expected);
}

#[rstest]
#[case(&[("De ", false), ("åbne", true), (" sager", false)], "De **åbne** sager")]
#[case(&[("Et tal:", true), (" 5", false)], "**Et tal:** 5")]
#[case(&[("(a)", true), ("b", false)], "(a)b")]
#[case(&[("a", true), ("b", true), ("", false), ("c", true)], "**abc**")]
#[case(&[(" a ", true)], "a")]
#[case(&[("Anna\nHolm", true), ("\nRådgiver", false)], "**Anna**\\\n**Holm**\\\nRådgiver")]
fn what_stands_out_does_so_where_it_would_be_read(#[case] runs: &[(&str, bool)], #[case] expected: &str) {
    let runs = runs.iter().map(|(text, strong)| Run { text: (*text).to_owned(), strong: *strong }).collect();
    assert_eq!(written(&Block::Paragraph { runs }), expected);
}

#[test]
fn a_table_has_pipes_and_sides() {
    let row = |head: &str, cells: [&str; 2]| Row {
        head: head.to_owned(),
        cells: cells.map(str::to_owned).to_vec(),
    };
    let column = |head: &str, figures| Column { head: head.to_owned(), figures };
    let table = Table {
        caption: "Alt".to_owned(),
        stub: "Om|råde".to_owned(),
        columns: vec![column("Antal", true), column("Ord", false)],
        rows: vec![row("Handicap", ["57", "a|b"])],
        totals: vec![row("I alt", ["57", ""])],
        notes: vec!["Små tal".to_owned()],
    };
    assert_eq!(
        written(&Block::Table(table)),
        "**Alt**\n\n| Om\\|råde | Antal | Ord |\n| --- | ---: | --- |\n| Handicap | 57 | a\\|b |\n| **I alt** | **57** |  |\n\nSmå tal"
    );
}

#[test]
fn one_list_does_not_run_into_the_next() {
    let list = |items: &[&str], numbered| {
        Block::List(List { numbered, items: items.iter().map(|&item| item.to_owned()).collect() })
    };
    let mut sheet = Sheet { language: Language::Danish, parts: Vec::new(), level: 1, listed: false };
    sheet.block(&list(&["a\nb\n\nc", "d"], true));
    sheet.block(&list(&["e"], true));
    assert_eq!(sheet.parts, ["1. a\\\n   b\n\n   c\n2. d", "<!-- -->", "1. e"]);
}
