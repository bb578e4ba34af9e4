//! Whether the texts say what they must.

use super::LetterText;
use super::kind::Kind;
use super::mistake::TextMistake;
use super::template::{Block, Line, Part, Placeholder, Template};

/// Checks that a letter says what it must.
pub(super) fn letter(file: &str, which: LetterText, template: &Template, mistakes: &mut Vec<TextMistake>) {
    let mut wrong =
        |line, sentence: String| mistakes.push(TextMistake { file: file.to_owned(), line, sentence });
    let strange = |one: Placeholder| match one {
        Placeholder::Code => which != LetterText::Code,
        Placeholder::Link => which != LetterText::News,
        // Neither is an answer to a letter.
        Placeholder::ReplyBy | Placeholder::ClosedThrough | Placeholder::Substitute => {
            which != LetterText::Acknowledgement
        }
        _ => false,
    };
    for line in template.sentences().flat_map(|sentence| &sentence.0) {
        for (word, placeholder) in Placeholder::ALL {
            if strange(placeholder) && line.placeholders().any(|one| one == placeholder) {
                wrong(Some(line.number), format!("{{{word}}} has no value in this text"));
            }
        }
    }
    match &template.subject {
        None => wrong(None, "has no subject; a line must begin with \"emne:\" or \"subject:\"".to_owned()),
        // What shows in a list of letters, and on a locked screen.
        Some(subject) if which == LetterText::Code => {
            if subject.placeholders().next().is_some() {
                wrong(
                    Some(subject.number),
                    "the subject may hold no values: a code must not show in it".to_owned(),
                );
            }
        }
        Some(subject) => {
            if !subject.placeholders().any(|one| one == Placeholder::Reference) {
                wrong(Some(subject.number), "the subject must hold {ref}".to_owned());
            }
            if !subject.placeholders().all(is_always_set) {
                let sentence = "the subject may hold only {ref} and {dato}: other values can be unset";
                wrong(Some(subject.number), sentence.to_owned());
            }
        }
    }
    let must_hold: &[(&str, Placeholder)] = match which {
        LetterText::Acknowledgement => &[("{ref}", Placeholder::Reference), ("{dato}", Placeholder::ReplyBy)],
        LetterText::News => &[("{ref}", Placeholder::Reference)],
        LetterText::Code => &[("{kode}", Placeholder::Code)],
    };
    for &(word, placeholder) in must_hold {
        let certain = |line: &Line| {
            let set = |one: Placeholder| is_always_set(one) || one == placeholder;
            line.placeholders().any(|one| one == placeholder) && line.placeholders().all(set)
        };
        if !template.sentences().any(|sentence| sentence.0.first().is_some_and(certain)) {
            let sentence =
                format!("must hold {word} below the subject, in a line without words that can be unset");
            wrong(None, sentence);
        }
    }
    for (name, block) in Block::ALL {
        let needed = match which {
            LetterText::Acknowledgement => block != Block::Privacy,
            LetterText::News => block == Block::Deadline,
            LetterText::Code => false,
        };
        if needed && !template.parts.contains(&Part::Block(block)) {
            wrong(None, format!("must put in the block [{name}]"));
        }
    }
}

/// Checks a block's own file: it says something, whatever is set, and only itself.
pub(super) fn block(file: &str, block: Block, template: &Template, mistakes: &mut Vec<TextMistake>) {
    let mut wrong =
        |line, sentence: String| mistakes.push(TextMistake { file: file.to_owned(), line, sentence });
    if let Some(subject) = &template.subject {
        wrong(Some(subject.number), "a block has no subject; only acknowledgement.txt has one".to_owned());
    }
    if template.parts.iter().any(|part| matches!(part, Part::Block(_))) {
        wrong(None, "is itself a block, and cannot put in another".to_owned());
    }
    if template.sentences().next().is_none() {
        return wrong(None, "is empty".to_owned());
    }
    let set = |one: Placeholder| {
        is_always_set(one) || (block == Block::Closed && one == Placeholder::ClosedThrough)
    };
    for line in template.sentences().flat_map(|sentence| &sentence.0) {
        for (word, placeholder) in [("link", Placeholder::Link), ("kode", Placeholder::Code)] {
            if line.placeholders().any(|one| one == placeholder) {
                wrong(Some(line.number), format!("{{{word}}} has no value in this text"));
            }
        }
    }
    // A block that can vanish would break the promise that every letter says it; PRIVACY is allowed to.
    let stays =
        template.sentences().any(|sentence| sentence.0.iter().any(|line| line.placeholders().all(set)));
    if !stays && block != Block::Privacy {
        let sentence = "every line needs a value that can be unset, so nothing might be left; add a line \
                        without one";
        wrong(None, sentence.to_owned());
    }
    let through = |line: &Line| line.placeholders().any(|one| one == Placeholder::ClosedThrough);
    if block == Block::Closed && !template.sentences().any(|one| one.0.first().is_some_and(through)) {
        wrong(None, "must hold {luk}, the last day on which the office is closed".to_owned());
    }
}

/// Checks a text message's file: one text that says what it must, whatever is set. How long it is depends on the values
/// too, and is checked with them.
pub(super) fn short(file: &str, kind: Kind, template: &Template, mistakes: &mut Vec<TextMistake>) {
    let mut wrong =
        |line, sentence: String| mistakes.push(TextMistake { file: file.to_owned(), line, sentence });
    if let Some(subject) = &template.subject {
        wrong(Some(subject.number), "a text message has no subject".to_owned());
    }
    if template.parts.iter().any(|part| matches!(part, Part::Block(_))) {
        wrong(None, "is a whole text message, and cannot put in a block".to_owned());
    }
    for line in template.sentences().flat_map(|sentence| &sentence.0) {
        for (word, placeholder) in Placeholder::ALL {
            if !kind.may_hold(placeholder) && line.placeholders().any(|one| one == placeholder) {
                wrong(Some(line.number), format!("{{{word}}} has no value in this text"));
            }
        }
    }
    // Said by each alternative, of which the last can always be used.
    let always_says = |says: &dyn Fn(&Line) -> bool| {
        let set = |line: &Line| line.placeholders().all(|one| kind.is_always_set(one));
        template.sentences().any(|one| one.0.iter().all(says) && one.0.last().is_some_and(set))
    };
    for (word, placeholder) in kind.must_hold() {
        if !always_says(&|line| line.placeholders().any(|one| one == *placeholder)) {
            let sentence = format!(
                "must hold {word} in a line without words that can be unset, or in one and in all its alternatives, \
                 the last without such words"
            );
            wrong(None, sentence);
        }
    }
    if kind == Kind::Stopped && !always_says(&|line| line.says("START")) {
        let sentence = "must say START, which brings the automatic texts back, in a line without words that can be \
                        unset";
        wrong(None, sentence.to_owned());
    }
}

fn is_always_set(placeholder: Placeholder) -> bool {
    matches!(placeholder, Placeholder::Reference | Placeholder::ReplyBy)
}
