//! What is wrong with the texts, said to the clerk who edits them: which file, which line, what would be right.

use std::fmt;

use super::template::{Block, Part, Placeholder, Template};

/// One thing that is wrong with a text file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextMistake {
    /// The file, as `da/role.txt` inside the program or by its path in the operator's folder.
    pub file: String,
    /// The line, counted from 1; `None` when something is missing from the whole file.
    pub line: Option<usize>,
    /// What is wrong and what would be right.
    pub sentence: String,
}

impl fmt::Display for TextMistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{} line {line}: {}", self.file, self.sentence),
            None => write!(f, "{}: {}", self.file, self.sentence),
        }
    }
}

/// Everything that is wrong with the texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextError {
    /// At least one.
    pub mistakes: Vec<TextMistake>,
}

impl fmt::Display for TextError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the letter texts are wrong:")?;
        self.mistakes.iter().try_for_each(|one| write!(f, "\n  {one}"))
    }
}

impl std::error::Error for TextError {}

/// Checks that the acknowledgement says what it must.
pub(super) fn acknowledgement(file: &str, template: &Template, mistakes: &mut Vec<TextMistake>) {
    let mut wrong =
        |line, sentence: String| mistakes.push(TextMistake { file: file.to_owned(), line, sentence });
    match &template.subject {
        None => wrong(None, "has no subject; a line must begin with \"emne:\" or \"subject:\"".to_owned()),
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
    for (word, placeholder) in [("{ref}", Placeholder::Reference), ("{dato}", Placeholder::ReplyBy)] {
        let certain = |line: &super::template::Line| {
            line.placeholders().any(|one| one == placeholder) && line.placeholders().all(is_always_set)
        };
        if !template.sentences().any(|sentence| sentence.0.first().is_some_and(certain)) {
            let sentence =
                format!("must hold {word} below the subject, in a line without words that can be unset");
            wrong(None, sentence);
        }
    }
    for (name, block) in Block::ALL {
        if block != Block::Privacy && !template.parts.contains(&Part::Block(block)) {
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
    // A block that can vanish would break the promise that every letter says it; PRIVACY is allowed to.
    let stays =
        template.sentences().any(|sentence| sentence.0.iter().any(|line| line.placeholders().all(set)));
    if !stays && block != Block::Privacy {
        let sentence = "every line needs a value that can be unset, so nothing might be left; add a line \
                        without one";
        wrong(None, sentence.to_owned());
    }
    let through =
        |line: &super::template::Line| line.placeholders().any(|one| one == Placeholder::ClosedThrough);
    if block == Block::Closed && !template.sentences().any(|one| one.0.first().is_some_and(through)) {
        wrong(None, "must hold {luk}, the last day on which the office is closed".to_owned());
    }
}

fn is_always_set(placeholder: Placeholder) -> bool {
    matches!(placeholder, Placeholder::Reference | Placeholder::ReplyBy)
}
