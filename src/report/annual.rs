//! The yearly report: the figures of a book and the adviser's own words, in chapters, for paper, page and editing.
//!
//! Decides the order and what stands beside what; what it looks like on paper is
//! [`indgang_print`]'s. No figure and no word is lost: what belongs to no chapter comes in the last.

mod words;

#[cfg(test)]
mod tests;

use indgang_print::{
    Block, Column, Document, KeyFigure, Language, List, Picture, PrintError, Row, Run, Table as Printed,
};
use jiff::civil::Date;

use self::words::Words;
use super::cover::cover;
use super::svg::{self, Style};
use crate::domain::statistics::book::{Book, Figure, Headline};
use crate::domain::statistics::story::Story;
use crate::domain::statistics::table::{Table, Value};
use crate::domain::statistics::written::Numerals;

/// The chapters, and the figures of each, in their order.
const CHAPTERS: [(&str, &[&str]); 5] = [
    ("matters", &["area", "kind", "task", "theme"]),
    (
        "channels",
        &["form", "intake", "channel-by-month", "form-by-month", "intake-and-form", "channel-by-hour"],
    ),
    ("times", &["duration", "reply", "acknowledgement"]),
    ("messages", &["total", "messages", "contacts"]),
    ("course", &["course", "referral", "activity", "anonymised"]),
];

/// Whose report it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Publisher {
    /// The municipality.
    pub municipality: String,
    /// The day that the report is dated.
    pub date: Date,
}

/// The report, before it has a shape.
pub fn document(book: &Book, story: &Story, publisher: &Publisher) -> Document {
    let words = Words::of(&book.language);
    let making = Making { words, numerals: Numerals::of(&book.language), book, story };
    let mut blocks = Vec::new();
    making.opening(&mut blocks);
    for (place, (chapter, _)) in CHAPTERS.iter().enumerate() {
        making.chapter(place, chapter, &mut blocks);
    }
    making.ending(&mut blocks);
    let period = match book.period.whole_year() {
        Some(year) => year.to_string(),
        None => book.subtitle.clone(),
    };
    Document {
        title: words.title.to_owned(),
        subtitle: period,
        organisation: publisher.municipality.clone(),
        author: story.signature.clone(),
        language: if book.language == "en" { Language::English } else { Language::Danish },
        date: publisher.date,
        cover: cover(book, &words.cover).map(|(svg, alt)| Picture { svg, alt }),
        contents: true,
        blocks,
    }
}

/// The report on paper: a tagged PDF in A4.
///
/// # Errors
/// When it cannot be set.
pub fn pdf(book: &Book, story: &Story, publisher: &Publisher) -> Result<Vec<u8>, PrintError> {
    indgang_print::pdf(&document(book, story, publisher))
}

/// The report as one page that needs nothing beside it.
pub fn html(book: &Book, story: &Story, publisher: &Publisher) -> String {
    indgang_print::html(&document(book, story, publisher))
}

/// The report as text to go on with.
pub fn text(book: &Book, story: &Story, publisher: &Publisher) -> String {
    indgang_print::text(&document(book, story, publisher))
}

struct Making<'a> {
    words: &'static Words,
    numerals: Numerals,
    book: &'a Book,
    story: &'a Story,
}

impl Making<'_> {
    fn opening(&self, blocks: &mut Vec<Block>) {
        let (words, story) = (self.words, self.story);
        blocks.push(heading(1, words.in_figures));
        let figures: Vec<KeyFigure> = self.book.headlines.iter().map(|one| self.key_figure(one)).collect();
        // Four beside each other, so that five do not leave one alone.
        let beside = if figures.len() == 5 { 3 } else { 4 };
        blocks.extend(figures.chunks(beside).map(|figures| Block::KeyFigures { figures: figures.to_vec() }));
        blocks.extend(self.book.notes.iter().map(|note| Block::Note { text: note.clone() }));
        if !story.preface.is_empty() {
            blocks.push(heading(1, words.preface));
            blocks.extend(Block::paragraphs(&story.preface));
            if !story.signature.is_empty() {
                blocks.push(Block::Paragraph { runs: vec![Run::strong(story.signature.clone())] });
            }
        }
        for (title, items) in [(words.can, &story.can), (words.cannot, &story.cannot)] {
            if !items.is_empty() {
                let list = List { numbered: false, items: items.clone() };
                blocks.push(Block::Panel {
                    heading: title.to_owned(),
                    text: String::new(),
                    list: Some(list),
                });
            }
        }
    }

    fn chapter(&self, place: usize, chapter: &str, blocks: &mut Vec<Block>) {
        let last = CHAPTERS.len() - 1;
        let is_of = |key: &str| match CHAPTERS.iter().position(|(_, keys)| keys.contains(&key)) {
            Some(at) => at == place,
            None => place == last,
        };
        let keys = CHAPTERS[place].1;
        let mut figures: Vec<&Figure> =
            self.book.figures.iter().filter(|figure| is_of(&figure.key)).collect();
        figures.sort_by_key(|figure| keys.iter().position(|key| *key == figure.key).unwrap_or(usize::MAX));
        if figures.is_empty() {
            return;
        }
        blocks.push(Block::PageBreak);
        blocks.push(heading(1, self.words.chapter(chapter)));
        for figure in figures {
            self.figure(figure, blocks);
        }
    }

    fn figure(&self, figure: &Figure, blocks: &mut Vec<Block>) {
        blocks.push(heading(2, &figure.title));
        if let Some(text) = self.story.before.get(&figure.key) {
            blocks.extend(Block::paragraphs(text));
        }
        if let Err(fault) = figure.table.check() {
            let [total, parts] = [fault.total, fault.parts].map(|count| self.numerals.count(count));
            let text = self.words.fault.replace("{sted}", &fault.place).replace("{i_alt}", &total);
            let text = text.replace("{dele}", &parts);
            blocks.push(Block::Panel { heading: self.words.warning.to_owned(), text, list: None });
        }
        if let Some(chart) = &figure.chart {
            let picture = Picture {
                svg: svg::draw(chart, Style::Print, &svg::Words::of(&self.book.language)),
                alt: chart.description.clone(),
            };
            let (caption, detail) = (chart.finding.clone(), chart.subtitle.clone());
            blocks.push(Block::Figure { picture, caption, detail });
        }
        blocks.extend(self.tables(&figure.table).into_iter().map(Block::Table));
    }

    /// A table; one that is too wide for the paper as several, each with the rows' heads.
    fn tables(&self, table: &Table) -> Vec<Printed> {
        /// Columns that an A4 page holds beside the heads.
        const MOST_COLUMNS: usize = 9;
        let row = |row: &crate::domain::statistics::table::Row, columns: &[usize]| Row {
            head: row.head.clone(),
            cells: columns.iter().map(|at| self.cell(&row.values[*at])).collect(),
        };
        let all: Vec<usize> = (0..table.columns.len()).collect();
        let pieces: Vec<&[usize]> =
            all.chunks(all.len().div_ceil(all.len().div_ceil(MOST_COLUMNS).max(1)).max(1)).collect();
        let count = pieces.len();
        let piece = |(at, columns): (usize, &&[usize])| Printed {
            caption: if count > 1 {
                format!("{} ({} {} {count})", table.caption, at + 1, self.words.of)
            } else {
                table.caption.clone()
            },
            stub: table.stub.clone(),
            columns: columns
                .iter()
                .map(|at| Column { head: table.columns[*at].head.clone(), figures: true })
                .collect(),
            rows: table.rows.iter().map(|one| row(one, columns)).collect(),
            totals: table.totals.iter().map(|one| row(one, columns)).collect(),
            notes: if at + 1 == count { table.notes.clone() } else { Vec::new() },
        };
        pieces.iter().enumerate().map(piece).collect()
    }

    fn cell(&self, value: &Value) -> String {
        self.numerals.cell(value)
    }

    fn key_figure(&self, one: &Headline) -> KeyFigure {
        let (value, unit) = self.numerals.with_unit(&one.value);
        // A unit is too long a word to stand beside a figure of that size.
        let label = if unit.is_empty() { one.label.clone() } else { format!("{} ({unit})", one.label) };
        KeyFigure { value, label, detail: one.detail.clone() }
    }

    fn ending(&self, blocks: &mut Vec<Block>) {
        let (words, story) = (self.words, self.story);
        if !story.cases.is_empty() {
            blocks.push(Block::PageBreak);
            blocks.push(heading(1, words.cases));
            blocks.push(Block::paragraph(words.cases_text));
            for case in &story.cases {
                blocks.push(Block::Case { heading: case.title.clone(), text: case.text.clone() });
            }
        }
        if !story.learning.is_empty() {
            let list = List { numbered: true, items: story.learning.clone() };
            let heading = words.learning.to_owned();
            blocks.push(Block::Panel { heading, text: String::new(), list: Some(list) });
        }
        if !story.closing.is_empty() {
            blocks.push(heading(1, words.closing));
            blocks.extend(Block::paragraphs(&story.closing));
        }
        blocks.push(Block::PageBreak);
        blocks.push(heading(1, words.counted));
        for figure in &self.book.figures {
            let head = Run::strong(format!("{}. ", figure.title));
            blocks.push(Block::Paragraph { runs: vec![head, Run::plain(figure.definition.clone())] });
        }
    }
}

fn heading(level: u8, text: &str) -> Block {
    Block::Heading { level, text: text.to_owned() }
}
