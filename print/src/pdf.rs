//! The report as a PDF that everybody can read: PDF/UA-1 for those who listen to it, PDF/A-2a for the archive.
//!
//! A4 with a cover, contents and page numbers. Text reaches the typesetter as data of a constant template, so nothing
//! that an adviser writes is ever read as markup.

use std::fmt::Display;

use jiff::civil::Date;
use serde::Serialize;
use typst::diag::{At as _, SourceDiagnostic, SourceResult};
use typst::syntax::Span;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use crate::document::{Block, Document, Picture};
use crate::drawing::{DrawingError, proportion};
use crate::letters::{writable, writable_drawing};
use crate::tidy::tidy;
use crate::words::{Words, words};
use crate::world::Room;

/// How much of the title stands below every page, in characters.
const RUNNING: usize = 80;
/// The years that a PDF can be dated, each written with four digits.
const YEARS: std::ops::RangeInclusive<i16> = 1..=9999;
/// A box that holds less is kept on one page, in characters: what certainly fits on one.
const KEPT: usize = 1_200;

/// Why a report cannot be printed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PrintError {
    /// A drawing is none.
    #[error("the drawing “{described}” cannot be placed: {reason}")]
    Drawing {
        /// Its description.
        described: String,
        /// What is wrong with it.
        reason: DrawingError,
    },
    /// Dated outside the years that a PDF knows.
    #[error("a report must be dated in the years 1 to 9999")]
    Date,
    /// The template or the typesetter gave up. Whatever a report says, this is a mistake in here.
    #[error("the typesetter gave up: {0}")]
    Typesetter(String),
}

/// What the template reads.
#[derive(Serialize)]
struct Data {
    #[serde(flatten)]
    document: Document,
    words: Words,
    day: [i16; 3],
    running: String,
    tall: Vec<f64>,
    kept: usize,
}

/// Typesets the report. The same report gives the same bytes.
///
/// Takes a good part of a second of processor time for a long one, so an asynchronous caller hands it to a thread that
/// may block. Letters that the font lacks are printed as `�`: [`unprintable`](crate::unprintable) tells which.
///
/// # Errors
/// When a drawing is not one SVG element, or the date has not four digits.
pub fn pdf(document: &Document) -> Result<Vec<u8>, PrintError> {
    let report = serde_json::to_vec(&data(document)?).map_err(|error| inside(&error))?;
    let room = Room::new(report).ok_or_else(|| inside(&"its files have no names"))?;
    let bytes = typeset(&room).map_err(|errors| told(&room, &errors));
    // The typesetter remembers all that it has set, to be faster next time. The next report is another one, and what
    // this one says should not stay in memory longer than its file takes to be handed over.
    typst::comemo::evict(0);
    bytes
}

fn typeset(room: &Room) -> SourceResult<Vec<u8>> {
    let standards = PdfStandards::new(&[PdfStandard::Ua_1, PdfStandard::A_2a]).at(Span::detached())?;
    let pages = typst::compile::<PagedDocument>(room).output?;
    typst_pdf::pdf(&pages, &PdfOptions { standards, ..PdfOptions::default() })
}

fn data(document: &Document) -> Result<Data, PrintError> {
    let mut document = tidy(document, &writable);
    let mut tall = Vec::new();
    for block in &mut document.blocks {
        if let Block::Figure { picture, .. } = block {
            tall.push(placed(picture)?);
        }
    }
    tall.push(document.cover.as_mut().map_or(Ok(1.0), placed)?);
    Ok(Data {
        words: words(document.language),
        day: day(document.date)?,
        running: running(&document),
        tall,
        kept: KEPT,
        document,
    })
}

/// Makes a drawing ready and tells how tall it is for its width.
fn placed(picture: &mut Picture) -> Result<f64, PrintError> {
    picture.svg = writable_drawing(&picture.svg);
    proportion(&picture.svg).map_err(|reason| PrintError::Drawing { described: picture.alt.clone(), reason })
}

fn day(date: Date) -> Result<[i16; 3], PrintError> {
    if !YEARS.contains(&date.year()) {
        return Err(PrintError::Date);
    }
    Ok([date.year(), date.month().into(), date.day().into()])
}

/// What stands below every page: the title and its year, on one line.
fn running(document: &Document) -> String {
    let mut running = document.title.clone();
    if !document.subtitle.is_empty() {
        running.push(' ');
        running.push_str(&document.subtitle);
    }
    if let Some((end, _)) = running.char_indices().nth(RUNNING) {
        running.truncate(end);
        running.push('…');
    }
    running
}

fn told(room: &Room, errors: &[SourceDiagnostic]) -> PrintError {
    let told: Vec<String> = errors
        .iter()
        .map(|error| match room.line(error.span) {
            Some(line) => format!("{} (line {line} of the template)", error.message),
            None => error.message.to_string(),
        })
        .collect();
    PrintError::Typesetter(told.join("; "))
}

fn inside(error: &dyn Display) -> PrintError {
    PrintError::Typesetter(error.to_string())
}

#[cfg(test)]
mod tests;
