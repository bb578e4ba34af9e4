//! What a report is before it has a shape: a title, who is behind it, and one block after the other.
//!
//! Every string is plain text. Nothing in it is markup in any of the three shapes: a `*` is a star, a `<b>` is four
//! characters, and `#include` is nine. A line feed breaks the line where a block has room for more than one line, and
//! is a space elsewhere. The blocks are plain data that anybody may build; what does not fit (a heading without
//! text, a row that is too short) is put right when it is printed, not refused.

use jiff::civil::Date;
use serde::Serialize;

/// The language of a report: how words are hyphenated and read aloud, and what the few words are that come from here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Language {
    /// Danish.
    #[serde(rename = "da")]
    Danish,
    /// English.
    #[serde(rename = "en")]
    English,
}

/// A report.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Document {
    /// What it is called, on the cover and in the list of a reader's open files.
    pub title: String,
    /// What stands below the title: the year. May be empty.
    pub subtitle: String,
    /// Whose report it is: the municipality. Above the title.
    pub organisation: String,
    /// Who wrote it. Kept in the file, shown nowhere else. May be empty.
    pub author: String,
    /// The language of everything in it.
    pub language: Language,
    /// The day that it is dated, which also makes two prints of the same report the same bytes.
    pub date: Date,
    /// Fills the lower half of the cover.
    pub cover: Option<Picture>,
    /// Whether it opens with its contents, as links to the chapters.
    pub contents: bool,
    /// From first to last.
    pub blocks: Vec<Block>,
}

/// A drawing.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Picture {
    /// The drawing as one SVG element with a `viewBox` or a `width` and a `height`. Text in it is set in IBM Plex Sans,
    /// regular or semibold, whatever it asks for. It holds all that it shows: an address in it is refused.
    pub svg: String,
    /// What it shows, for who does not see it.
    pub alt: String,
}

/// Some words of a paragraph.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Run {
    /// The words, with the spaces around them.
    pub text: String,
    /// Whether they stand out.
    pub strong: bool,
}

impl Run {
    /// Words as they are.
    pub fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), strong: false }
    }

    /// Words that stand out.
    pub fn strong(text: impl Into<String>) -> Self {
        Self { text: text.into(), strong: true }
    }
}

/// A figure that opens a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KeyFigure {
    /// The figure with its unit: `280`, `96 %`, `7 dage`.
    pub value: String,
    /// What it counts.
    pub label: String,
    /// What it is compared with, or what it is made of. May be empty.
    pub detail: String,
}

/// A list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct List {
    /// Numbered from 1 on, or with dashes.
    pub numbered: bool,
    /// From first to last.
    pub items: Vec<String>,
}

/// A column of a table, besides the first, which holds what the rows are called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Column {
    /// What stands above it.
    pub head: String,
    /// Whether it holds figures, which end at the right; words begin at the left.
    pub figures: bool,
}

/// A row of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    /// What it is called.
    pub head: String,
    /// One for each column, already written as it is to be read. Those that are missing are empty.
    pub cells: Vec<String>,
}

/// A table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Table {
    /// What it shows.
    pub caption: String,
    /// What stands above what the rows are called.
    pub stub: String,
    /// Besides the first.
    pub columns: Vec<Column>,
    /// From first to last.
    pub rows: Vec<Row>,
    /// Sums, shares and medians, after a line.
    pub totals: Vec<Row>,
    /// What must be known to read it, below.
    pub notes: Vec<String>,
}

/// A part of a report.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum Block {
    /// Opens a chapter or a section.
    Heading {
        /// 1 for a chapter, 2 for a section, 3 below that. One that skips a level is moved up, so that nobody who
        /// listens to the headings believes to have missed one.
        level: u8,
        /// What it is about.
        text: String,
    },
    /// What a chapter says, in a sentence or two, larger than the rest.
    Lede {
        /// The sentences.
        text: String,
    },
    /// A paragraph.
    Paragraph {
        /// Its words.
        runs: Vec<Run>,
    },
    /// A list.
    List(List),
    /// The figures that matter most, up to four beside each other.
    KeyFigures {
        /// From first to last.
        figures: Vec<KeyFigure>,
    },
    /// A drawing with what it shows above.
    Figure {
        /// The drawing.
        picture: Picture,
        /// What it shows, as a sentence.
        caption: String,
        /// What is drawn, below the caption. May be empty.
        detail: String,
    },
    /// A table.
    Table(Table),
    /// Small print: what is counted, what is left out.
    Note {
        /// The sentences.
        text: String,
    },
    /// A story from the year, with a line down its side.
    Case {
        /// What it is about: a heading one level below the last.
        heading: String,
        /// The story. A blank line begins a new paragraph.
        text: String,
    },
    /// A tinted box for what the reader should take away.
    Panel {
        /// A heading one level below the last. May be empty.
        heading: String,
        /// Before the list. A blank line begins a new paragraph. May be empty.
        text: String,
        /// What it lists, if anything.
        list: Option<List>,
    },
    /// What follows begins on a new page.
    PageBreak,
}

impl Block {
    /// One paragraph without anything that stands out.
    pub fn paragraph(text: impl Into<String>) -> Self {
        Self::Paragraph { runs: vec![Run::plain(text)] }
    }

    /// Text as somebody typed it, as paragraphs: a blank line begins a new one. None for text without words.
    #[must_use]
    pub fn paragraphs(text: &str) -> Vec<Self> {
        split(text).into_iter().map(Self::paragraph).collect()
    }
}

/// The paragraphs of a text, trimmed: what stands between blank lines.
pub(crate) fn split(text: &str) -> Vec<String> {
    let mut paragraphs = vec![String::new()];
    for line in text.lines().map(str::trim) {
        match (line.is_empty(), paragraphs.last_mut()) {
            (false, Some(last)) => {
                if !last.is_empty() {
                    last.push('\n');
                }
                last.push_str(line);
            }
            _ => paragraphs.push(String::new()),
        }
    }
    paragraphs.retain(|paragraph| !paragraph.is_empty());
    paragraphs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blank_line_begins_a_new_paragraph() {
        assert_eq!(split("  Et \n to\r\n\r\n \n\ntre\n"), ["Et\nto", "tre"]);
        assert!(split(" \n \n").is_empty());
        assert_eq!(Block::paragraphs("a\n\nb"), [Block::paragraph("a"), Block::paragraph("b")]);
    }
}
