//! Puts a report right before it is printed, so that no word in it can break what comes out.
//!
//! What stands in a report was typed by people and pasted from programs: control characters, half a page in a heading,
//! rows that are too short. The printers behind this may rely on what is listed at [`tidy`].

use unicode_normalization::UnicodeNormalization;

use crate::document::{Block, Column, Document, KeyFigure, Language, List, Picture, Row, Run, Table, split};
use crate::words::words;

/// The longest description of a drawing, in characters. A string in a PDF file ends at 32,767 bytes, of which a
/// character takes up to four.
const LONGEST_DESCRIPTION: usize = 4_000;
/// The longest title, heading or caption, in characters.
const LONGEST_LINE: usize = 500;
/// The longest cell, head of a row or head of a column, in characters. The heads stand on every page of a table, so
/// without an end they would leave no room for the table.
const LONGEST_CELL: usize = 150;
/// The longest cell below the heads, in characters: some rows may be several pages, and none has no end.
const LONGEST_ENTRY: usize = 600;
/// The deepest heading.
const DEEPEST: u8 = 3;

/// The report as it can be printed:
///
/// - composed characters (NFC), without controls, noncharacters and marks that turn the direction of writing around;
///   line feeds only in text that may have several lines;
/// - lines that end before a page does;
/// - a title, and a description for every drawing;
/// - no empty headings, paragraphs or lists, and no heading that skips a level;
/// - as many cells in every row as the table has columns.
///
/// `spell` has the last word on each piece of text, such as on what a font can write.
pub(crate) fn tidy(document: &Document, spell: &dyn Fn(String) -> String) -> Document {
    let tidy = Tidy { spell, language: document.language };
    let mut level = 0;
    let blocks = document.blocks.iter().filter_map(|block| tidy.block(block, &mut level)).collect();
    let words = words(document.language);
    Document {
        title: or(tidy.line(&document.title), words.untitled),
        subtitle: tidy.line(&document.subtitle),
        organisation: tidy.line(&document.organisation),
        author: tidy.line(&document.author),
        cover: document.cover.as_ref().map(|cover| tidy.picture(cover, "")),
        blocks,
        ..*document
    }
}

struct Tidy<'a> {
    spell: &'a dyn Fn(String) -> String,
    language: Language,
}

impl Tidy<'_> {
    fn block(&self, block: &Block, last: &mut u8) -> Option<Block> {
        let block = match block {
            Block::Heading { level, text } => {
                let text = some(self.line(text))?;
                *last = (*level).clamp(1, DEEPEST.min(*last + 1));
                Block::Heading { level: *last, text }
            }
            Block::Lede { text } => Block::Lede { text: some(self.text(text))? },
            Block::Paragraph { runs } => Block::Paragraph { runs: self.runs(runs)? },
            Block::List(list) => Block::List(self.list(list)?),
            Block::KeyFigures { figures } if figures.is_empty() => return None,
            Block::KeyFigures { figures } => Block::KeyFigures {
                figures: figures
                    .iter()
                    .map(|one| KeyFigure {
                        value: self.cell(&one.value),
                        label: self.cell(&one.label),
                        detail: self.cell(&one.detail),
                    })
                    .collect(),
            },
            Block::Figure { picture, caption, detail } => {
                let caption = self.line(caption);
                let picture = self.picture(picture, &caption);
                Block::Figure { picture, caption, detail: self.line(detail) }
            }
            Block::Table(table) => Block::Table(self.table(table)),
            Block::Note { text } => Block::Note { text: some(self.text(text))? },
            Block::Case { heading, text } => {
                Block::Case { heading: self.line(heading), text: self.text(text) }
            }
            Block::Panel { heading, text, list } => Block::Panel {
                heading: self.line(heading),
                text: self.text(text),
                list: list.as_ref().and_then(|list| self.list(list)),
            },
            Block::PageBreak => Block::PageBreak,
        };
        Some(block)
    }

    fn runs(&self, runs: &[Run]) -> Option<Vec<Run>> {
        let runs: Vec<Run> = runs
            .iter()
            .map(|run| Run { text: (self.spell)(safe(&run.text)), strong: run.strong })
            .filter(|run| !run.text.is_empty())
            .collect();
        runs.iter().any(|run| !run.text.trim().is_empty()).then_some(runs)
    }

    fn list(&self, list: &List) -> Option<List> {
        let items: Vec<String> = list.items.iter().filter_map(|item| some(self.text(item))).collect();
        (!items.is_empty()).then_some(List { numbered: list.numbered, items })
    }

    fn picture(&self, picture: &Picture, otherwise: &str) -> Picture {
        let alt =
            or(or(self.line_of(&picture.alt, LONGEST_DESCRIPTION), otherwise), words(self.language).drawing);
        Picture { svg: picture.svg.clone(), alt }
    }

    fn table(&self, table: &Table) -> Table {
        let width = table.columns.len();
        let rows = |rows: &[Row], longest| {
            rows.iter()
                .map(|row| {
                    let mut cells: Vec<String> =
                        row.cells.iter().map(|cell| self.line_of(cell, longest)).collect();
                    cells.resize(width, String::new());
                    Row { head: self.line_of(&row.head, longest), cells }
                })
                .collect()
        };
        let column = |column: &Column| Column { head: self.cell(&column.head), figures: column.figures };
        Table {
            caption: self.line(&table.caption),
            stub: self.cell(&table.stub),
            columns: table.columns.iter().map(column).collect(),
            rows: rows(&table.rows, LONGEST_ENTRY),
            // They stand together on one page.
            totals: rows(&table.totals, LONGEST_CELL),
            notes: table.notes.iter().filter_map(|note| some(self.text(note))).collect(),
        }
    }

    /// Text on one line.
    fn line(&self, text: &str) -> String {
        self.line_of(text, LONGEST_LINE)
    }

    /// Text on one line that leaves room for others.
    fn cell(&self, text: &str) -> String {
        self.line_of(text, LONGEST_CELL)
    }

    fn line_of(&self, text: &str, longest: usize) -> String {
        let mut line = String::new();
        for word in safe(text).split([' ', '\n']).filter(|word| !word.is_empty()) {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        if let Some((end, _)) = line.char_indices().nth(longest) {
            line.truncate(end);
            line.push('…');
        }
        (self.spell)(line)
    }

    /// Text that may have several lines and, where a blank one separates them, several paragraphs.
    fn text(&self, text: &str) -> String {
        (self.spell)(split(&safe(text)).join("\n\n"))
    }
}

/// Composed, with line feeds and spaces only where there was any kind of them, and without what nobody sees.
fn safe(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    let mut returned = false;
    for letter in text.nfc() {
        match letter {
            '\n' if returned => {}
            '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{b}' | '\u{c}' => safe.push('\n'),
            '\t' => safe.push(' '),
            _ if letter.is_control() || turns(letter) || is_noncharacter(letter) => {}
            _ => safe.push(letter),
        }
        returned = letter == '\r';
    }
    safe
}

/// Marks that turn the direction of what follows: what is read would not be what stands there. The byte order mark too.
fn turns(letter: char) -> bool {
    matches!(letter, '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// What Unicode promises never to give a meaning; XML forbids some of it.
fn is_noncharacter(letter: char) -> bool {
    matches!(letter, '\u{fdd0}'..='\u{fdef}') || (letter as u32) & 0xfffe == 0xfffe
}

/// None for nothing.
fn some(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

/// Something else for nothing.
fn or(text: String, otherwise: &str) -> String {
    if text.is_empty() { otherwise.to_owned() } else { text }
}

#[cfg(test)]
mod tests;
