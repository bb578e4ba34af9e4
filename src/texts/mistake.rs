//! What is wrong with the texts, said to the clerk who edits them: which file, which line, what would be right.

use std::fmt;

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
        write!(f, "the texts are wrong:")?;
        self.mistakes.iter().try_for_each(|one| write!(f, "\n  {one}"))
    }
}

impl std::error::Error for TextError {}
