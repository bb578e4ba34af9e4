//! The report as text to go on with: Markdown, which is readable as it is and which every word processor takes in.
//!
//! Nothing that somebody wrote becomes markup: what a reader of Markdown would take for it has a backslash before it.

use crate::document::{Block, Document, Language, List, Row, Run, Table, split};
use crate::tidy::tidy;
use crate::words::words;

/// Ends a line within a paragraph.
const BREAK: &str = "\\\n";

/// The report as Markdown (CommonMark with pipe tables). Drawings are told in words; the cover's is left out.
#[must_use]
pub fn text(document: &Document) -> String {
    let document = tidy(document, &|text| text);
    let mut sheet = Sheet { language: document.language, parts: Vec::new(), level: 0, listed: false };
    let title = [document.title.as_str(), document.subtitle.as_str()].join(" ");
    sheet.add(format!("# {}", inline(title.trim())));
    if !document.organisation.is_empty() {
        sheet.add(lines(&document.organisation));
    }
    for block in &document.blocks {
        sheet.block(block);
    }
    sheet.parts.join("\n\n") + "\n"
}

struct Sheet {
    language: Language,
    /// Separated by blank lines.
    parts: Vec<String>,
    /// Of the last heading.
    level: u8,
    /// Whether the last part is a list, which would take in the items of the next.
    listed: bool,
}

impl Sheet {
    fn add(&mut self, part: String) {
        self.parts.push(part);
        self.listed = false;
    }

    fn items(&mut self, list: String) {
        if self.listed {
            self.add("<!-- -->".to_owned());
        }
        self.add(list);
        self.listed = true;
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading { level, text } => {
                self.level = *level;
                self.heading(level + 1, text);
            }
            Block::Lede { text } | Block::Note { text } => self.paragraphs(text),
            Block::Paragraph { runs } => self.add(paragraph(runs)),
            Block::List(list) => self.items(listing(list)),
            Block::KeyFigures { figures } => {
                let items: Vec<String> = figures
                    .iter()
                    .map(|one| {
                        let between = if one.detail.is_empty() { "" } else { ". " };
                        let detail = inline(&one.detail);
                        format!("- {} {}{between}{detail}", strong(&one.value), inline(&one.label))
                    })
                    .collect();
                self.items(items.join("\n"));
            }
            Block::Figure { picture, caption, detail } => {
                if !caption.is_empty() {
                    self.add(strong(caption));
                }
                self.paragraphs(detail);
                self.paragraphs(&format!("{}: {}", words(self.language).drawing, picture.alt));
            }
            Block::Table(table) => {
                if !table.caption.is_empty() {
                    self.add(strong(&table.caption));
                }
                self.add(pipes(table));
                table.notes.iter().for_each(|note| self.paragraphs(note));
            }
            Block::Case { heading, text } => self.boxed(heading, text, None),
            Block::Panel { heading, text, list } => self.boxed(heading, text, list.as_ref()),
            Block::PageBreak => {}
        }
    }

    fn heading(&mut self, level: u8, text: &str) {
        self.add(format!("{} {}", "#".repeat(level.into()), inline(text)));
    }

    fn paragraphs(&mut self, text: &str) {
        split(text).iter().for_each(|paragraph| self.add(lines(paragraph)));
    }

    fn boxed(&mut self, heading: &str, text: &str, list: Option<&List>) {
        if !heading.is_empty() {
            self.heading(self.level + 2, heading);
        }
        self.paragraphs(text);
        if let Some(list) = list {
            self.items(listing(list));
        }
    }
}

/// The runs line by line, since what stands out ends with its line.
fn paragraph(runs: &[Run]) -> String {
    let mut whole: Vec<Vec<Run>> = vec![Vec::new()];
    for run in runs {
        for (index, piece) in run.text.split('\n').enumerate() {
            if index > 0 {
                whole.push(Vec::new());
            }
            let Some(line) = whole.last_mut() else { continue };
            // Two stretches that stand out side by side would be none: they are one, in however many runs they come.
            match line.last_mut() {
                _ if piece.is_empty() => {}
                Some(last) if last.strong == run.strong => last.text.push_str(piece),
                _ => line.push(Run { text: piece.to_owned(), strong: run.strong }),
            }
        }
    }
    let whole = whole.iter().map(|line| stretches(line)).filter(|line| !line.is_empty());
    whole.collect::<Vec<_>>().join(BREAK)
}

fn stretches(line: &[Run]) -> String {
    let mut text = String::new();
    for (index, run) in line.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|before| line[before].text.chars().next_back());
        let after = line.get(index + 1).and_then(|after| after.text.chars().next());
        if run.strong && may_stand_out(before, &run.text, after) {
            text.push_str(&format!("**{}**", inline(&run.text)));
        } else {
            text.push_str(&inline(&run.text));
        }
    }
    start(text.trim())
}

/// Whether two stars on each side would be read as such: not beside a space within, nor between a mark within and a
/// letter outside.
fn may_stand_out(before: Option<char>, text: &str, after: Option<char>) -> bool {
    let (Some(first), Some(last)) = (text.chars().next(), text.chars().next_back()) else { return false };
    let free = |outside: Option<char>| outside.is_none_or(|outside| outside == ' ');
    !first.is_whitespace()
        && !last.is_whitespace()
        && (first.is_alphanumeric() || free(before))
        && (last.is_alphanumeric() || free(after))
}

/// A line, or a cell, that stands out as a whole.
fn strong(text: &str) -> String {
    match text.trim() {
        "" => String::new(),
        text => format!("**{}**", inline(text)),
    }
}

/// A list of one kind. What follows in an item is moved below its first word.
fn listing(list: &List) -> String {
    let items = list.items.iter().enumerate().map(|(index, item)| {
        let mark = if list.numbered { format!("{}. ", index + 1) } else { "- ".to_owned() };
        let below = format!("\n{}", " ".repeat(mark.len()));
        let paragraphs: Vec<String> = split(item).iter().map(|paragraph| lines(paragraph)).collect();
        let item = paragraphs.join("\n\n").replace('\n', &below).replace(&format!("{below}\n"), "\n\n");
        mark + &item
    });
    items.collect::<Vec<_>>().join("\n")
}

fn pipes(table: &Table) -> String {
    let mut text = format!("| {} |", inline(&table.stub));
    let mut rule = "\n| --- |".to_owned();
    for column in &table.columns {
        text.push_str(&format!(" {} |", inline(&column.head)));
        rule.push_str(if column.figures { " ---: |" } else { " --- |" });
    }
    text.push_str(&rule);
    let mut add = |rows: &[Row], written: &dyn Fn(&str) -> String| {
        for row in rows {
            text.push_str(&format!("\n| {} |", written(&row.head)));
            row.cells.iter().for_each(|cell| text.push_str(&format!(" {} |", written(cell))));
        }
    };
    add(&table.rows, &inline);
    add(&table.totals, &strong);
    text
}

/// Lines of one paragraph.
fn lines(text: &str) -> String {
    text.lines().map(|line| start(inline(line).trim())).collect::<Vec<_>>().join(BREAK)
}

/// What means nothing but itself, wherever it stands in a line.
fn inline(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let means = match letter {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '#' | '|' | '~' => true,
            // Only before a letter or a number could it be a character's name.
            '&' => letters.peek().is_some_and(|next| next.is_ascii_alphanumeric() || *next == '#'),
            _ => false,
        };
        if means {
            written.push('\\');
        }
        written.push(letter);
    }
    written
}

/// What means nothing but itself at the start of a line either: no list, no quotation, no underline of a heading.
fn start(line: &str) -> String {
    let digits = line.len() - line.trim_start_matches(|letter: char| letter.is_ascii_digit()).len();
    let mark = match line[digits..].chars().next() {
        Some('.' | ')') if digits > 0 => Some(digits),
        Some('-' | '+' | '=' | '>') if digits == 0 => Some(0),
        _ => None,
    };
    match mark {
        Some(at) => format!("{}\\{}", &line[..at], &line[at..]),
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests;
