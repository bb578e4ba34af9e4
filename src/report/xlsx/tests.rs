use super::*;
use crate::report::tests::book;

#[test]
fn the_same_figures_are_the_same_bytes() {
    let book = book(false, "=HYPERLINK(\"https://x.example\")");
    let first = xlsx(&book).unwrap();
    assert!(first.starts_with(b"PK"));
    assert_eq!(first, xlsx(&book).unwrap());
}

#[test]
fn names_of_sheets_are_short_and_different() {
    let mut book = book(false, "Øvrige");
    for (at, figure) in book.figures.iter_mut().enumerate() {
        figure.title = match at {
            0 => "Overblik".to_owned(),
            1 => "a/b:c*[d]?\\".to_owned(),
            2 => String::new(),
            _ => format!("En meget lang overskrift, der ikke kan stå på et ark {at}"),
        };
    }
    let names = names(&book, "Overblik");
    assert_eq!(names[0], "Overblik 2");
    assert_eq!(names[1], "a b c d");
    let different: BTreeSet<String> = names.iter().map(|name| name.to_lowercase()).collect();
    assert_eq!(different.len(), names.len());
    assert!(names.iter().all(|name| (1..=31).contains(&name.encode_utf16().count())));
    assert!(xlsx(&book).is_ok());
}

#[test]
fn odd_words_and_nothing_are_written_too() {
    for words in ["", "\u{0}\u{b}", "'", "🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂", "=1", &"x".repeat(40_000)]
    {
        let mut book = book(true, words);
        words.clone_into(&mut book.title);
        words.clone_into(&mut book.figures[3].title);
        words.clone_into(&mut book.figures[3].definition);
        words.clone_into(&mut book.figures[3].table.stub);
        assert!(xlsx(&book).is_ok(), "{}", words.len());
    }
}
