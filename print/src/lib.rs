//! Prints a report: as an accessible PDF for paper and archive, as a page, and as text to go on with.
//!
//! [`Document`] says what a report is made of; [`pdf`], [`html`] and [`text`] say what it looks like. Deliberately does
//! not know what an enquiry is, how a figure is counted or written, or where a report is kept: every string comes
//! ready to be read.
//!
//! # What every part keeps to
//!
//! - Text is text. Whatever somebody wrote, it appears as they wrote it, and never as markup.
//! - Nothing is read but the document: no files, no network, no clock. The same document gives the same bytes.
//! - What the document says for eyes it says for ears: drawings are described, tables have heads, headings skip no
//!   level, and the language is named.
//! - An error says what to do about it.

mod document;
mod drawing;
mod fonts;
mod html;
mod letters;
mod pdf;
mod text;
mod tidy;
mod words;
mod world;

pub use document::{Block, Column, Document, KeyFigure, Language, List, Picture, Row, Run, Table};
pub use drawing::DrawingError;
pub use html::html;
pub use letters::unprintable;
pub use pdf::{PrintError, pdf};
pub use text::text;
