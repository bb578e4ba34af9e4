//! Reads the PDF back with another program: what a reader, a screen reader and an archive will find in it.

use std::process::Command;

use indgang_print::{Block, Document, pdf};

mod common;
#[path = "common/skeleton.rs"]
mod skeleton;

/// What a program of Debian's package poppler-utils says of a PDF.
fn poppler(program: &str, arguments: &[&str], pdf: &[u8]) -> String {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("report.pdf");
    std::fs::write(&file, pdf).expect("a file");
    let mut command = Command::new(program);
    command.args(arguments).arg(&file);
    if program == "pdftotext" {
        command.arg("-");
    }
    let output = command.output().unwrap_or_else(|error| {
        panic!("{program} cannot be run ({error}): install Debian's package poppler-utils")
    });
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    // A heading's own name is printed as the bytes that it is.
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn printed(document: &Document) -> Vec<u8> {
    pdf(document).expect("it prints")
}

/// The text of each page.
fn pages(pdf: &[u8]) -> Vec<String> {
    let text = poppler("pdftotext", &["-layout"], pdf);
    text.trim_end_matches('\u{c}').split('\u{c}').map(str::to_owned).collect()
}

/// The tags of the structure, without text and attributes.
fn tags(pdf: &[u8]) -> Vec<String> {
    let tree = poppler("pdfinfo", &["-struct"], pdf);
    let lines = tree.lines().filter(|line| !line.trim_start().starts_with(['/', '"']));
    lines
        .filter(|line| !line.trim_start().starts_with("Object "))
        .map(|line| line.split(['"', ':']).next().unwrap_or_default().trim_end().to_owned())
        .collect()
}

#[test]
fn a_reader_finds_a_tagged_a4_document_with_its_title() {
    let about = poppler("pdfinfo", &[], &printed(&common::report()));
    let about: Vec<String> =
        about.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    for expected in [
        "Title: Borgerrådgiverens årsberetning",
        "Author: Anna Holm, borgerrådgiver",
        "Tagged: yes",
        "JavaScript: no",
        "Encrypted: no",
        "Pages: 9",
        "Page size: 595.276 x 841.89 pts (A4)",
        "CreationDate: Tue Feb 17 00:00:00 2026 UTC",
    ] {
        assert!(about.iter().any(|line| line == expected), "{expected}: {about:#?}");
    }
}

#[test]
fn an_archive_finds_both_standards_and_every_font_within() {
    let pdf = printed(&common::report());
    let meta = poppler("pdfinfo", &["-meta"], &pdf);
    for expected in ["<pdfuaid:part>1<", "<pdfaid:part>2<", "<pdfaid:conformance>A<", "<rdf:li>da<"] {
        assert!(meta.contains(expected), "{expected}: {meta}");
    }
    let fonts = poppler("pdffonts", &[], &pdf);
    let fonts: Vec<&str> = fonts.lines().skip(2).collect();
    assert_eq!(fonts.len(), 2, "{fonts:?}");
    assert!(
        fonts.iter().all(|font| font.contains("+IBMPlexSans") && font.contains("yes yes yes")),
        "{fonts:?}"
    );
}

#[test]
fn every_page_is_numbered_and_reads_as_danish() {
    let pages = pages(&printed(&common::report()));
    assert_eq!(pages.len(), 9);
    assert!(pages[0].contains("Vestersø Kommune") && !pages[0].contains("side 1"), "{}", pages[0]);
    for (index, page) in pages.iter().enumerate().skip(1) {
        assert!(page.contains(&format!("side {} af 9", index + 1)), "{page}");
        assert!(page.contains("Borgerrådgiverens årsberetning 2025"), "{page}");
    }
    for (index, expected) in [
        (1, "Indhold"),
        (2, "kommunestyrelseslovens § 65 e og er uafhængig af forvaltningerne"),
        (3, "Sundhed og ældre"),
        (4, "1–7 dage"),
        (8, "Klagevejledning: ”Det kan du ikke klage over”"),
    ] {
        assert!(pages[index].contains(expected), "{expected}: {}", pages[index]);
    }
}

#[test]
fn a_table_that_goes_on_repeats_its_heads() {
    let pages = pages(&printed(&common::report()));
    let heads =
        |page: &str| page.lines().filter(|line| line.starts_with("Uge ") && line.ends_with("I alt")).count();
    assert_eq!((heads(&pages[6]), heads(&pages[7])), (1, 1));
    assert!(pages[6].contains("Uge 28 ") && pages[7].contains("Uge 52 "));
}

#[test]
fn a_screen_reader_finds_headings_tables_lists_and_drawings() {
    let tree = poppler("pdfinfo", &["-struct-text"], &printed(&common::report()));
    let count = |tag: &str| {
        tree.lines()
            .filter(|line| {
                line.split_whitespace().next().is_some_and(|first| first.trim_end_matches(':') == tag)
            })
            .count()
    };
    assert_eq!((count("H1"), count("H2"), count("H3")), (8, 5, 1), "{tree}");
    assert_eq!((count("Table"), count("Caption")), (5, 7), "{tree}");
    // The heads of every column and of every row.
    assert_eq!(count("TH"), (5 + 5 + 7 + 14 + 4) + (9 + 7 + 6 + 4 + 52), "{tree}");
    assert_eq!((count("TOCI"), count("Figure"), count("L")), (8, 3, 2), "{tree}");
    // Each head says what it is the head of, and each cell which are its own: a column's and a row's.
    assert_eq!(
        (tree.matches("/Scope /Column").count(), tree.matches("/Scope /Row").count()),
        (35, 78),
        "{tree}"
    );
    assert!(tree.contains("/Headers [(U1x1y0) (U1x0y1)]\n            \"38\""), "{tree}");
}

#[test]
fn drawings_are_described() {
    let pdf = printed(&common::report());
    for alt in ["280 prikker, én for hver", "Søjler: flest henvendelser", "Søjler for hver måned"] {
        let hexadecimal: String = alt.encode_utf16().map(|unit| format!("{unit:04X}")).collect();
        let expected = format!("/Alt<FEFF{hexadecimal}");
        assert!(pdf.windows(expected.len()).any(|window| window == expected.as_bytes()), "{alt}");
    }
}

#[test]
fn the_same_report_is_the_same_bytes() {
    assert_eq!(printed(&common::report()), printed(&common::report()));
}

/// Wherever a page ends, a drawing and the first row of a table are on the page where their captions are, and a
/// heading is not the last thing on one.
#[test]
fn nothing_leaves_its_caption() {
    let report = common::report();
    let figure = report.blocks.iter().find(|block| matches!(block, Block::Figure { .. })).expect("a figure");
    let table = report.blocks.iter().find(|block| matches!(block, Block::Table(_))).expect("a table");
    for lines in 8..44 {
        let mut blocks = vec![Block::paragraph(vec!["fyld"; lines].join("\n"))];
        blocks.push(Block::Heading { level: 1, text: "Overskrift".to_owned() });
        blocks.extend([figure.clone(), table.clone()]);
        let document = Document { cover: None, contents: false, blocks, ..report.clone() };
        let pages = pages(&printed(&document));
        let page = |words: &str| {
            pages.iter().position(|page| page.contains(words)).unwrap_or_else(|| panic!("{words}"))
        };
        assert_eq!(page("Overskrift"), page("Arbejdsmarked og handicap fylder mest"), "{lines} lines");
        assert_eq!(page("Arbejdsmarked og handicap fylder mest"), page("Undervisning"), "{lines} lines");
        assert_eq!(page("Henvendelser pr. forvaltningsområde"), page("38 "), "{lines} lines");
    }
}

/// Nothing that is written becomes a heading, a table or a link.
#[test]
fn words_change_nothing_but_words() {
    let harmless = printed(&skeleton::skeleton(&mut || "x".to_owned()));
    for word in skeleton::NASTY {
        // One paragraph each, and something to see, since what is empty is left out.
        let word = format!(
            "x {}",
            word.replace(['\n', '\r', '\u{2028}', '\u{2029}', '\u{b}', '\u{c}', '\u{85}'], " ")
        );
        let nasty = printed(&skeleton::skeleton(&mut || word.clone()));
        assert_eq!(tags(&nasty), tags(&harmless), "{word:?}");
    }
}
