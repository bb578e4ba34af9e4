//! Figures as a workbook: an overview, and a sheet for each figure with real numbers and a native chart that can be pasted
//! into a text and stays one that can be edited.
//!
//! Same figures, same bytes: the workbook is dated by the period, not by the clock.

mod chart;
mod formats;
mod sheet;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use formats::{Formats, Place};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Url, Workbook, Worksheet, XlsxError};

use super::cell::clean;
use crate::domain::statistics::book::Book;
use crate::domain::statistics::written::Numerals;
use crate::report::svg;

/// The longest name of a sheet.
const LONGEST_NAME: usize = 31;
/// The longest text of a cell.
const LONGEST_TEXT: usize = 32_000;
/// The widths of the overview's columns, in characters.
const OVERVIEW: [u32; 3] = [50, 12, 34];

/// The words of a workbook.
struct Words {
    overview: &'static str,
    contents: &'static str,
    back: &'static str,
    chart_data: &'static str,
    count: &'static str,
    drawn: svg::Words,
}

const DANISH: Words = Words {
    overview: "Overblik",
    contents: "Ark",
    back: "Til overblikket",
    chart_data: "Tal til diagrammet",
    count: "Antal",
    drawn: svg::Words::DANISH,
};
const ENGLISH: Words = Words {
    overview: "Overview",
    contents: "Sheets",
    back: "To the overview",
    chart_data: "Figures of the chart",
    count: "Number",
    drawn: svg::Words::ENGLISH,
};

/// The whole book as a workbook.
///
/// # Errors
/// When a sheet cannot be written, which no figure of the catalogue leads to.
pub fn xlsx(book: &Book) -> Result<Vec<u8>, XlsxError> {
    let words = if book.language == "en" { &ENGLISH } else { &DANISH };
    let formats = Formats::new(Numerals::of(&book.language));
    let mut workbook = Workbook::new();
    workbook.set_properties(&properties(book)?);
    let names = names(book, words.overview);
    overview(workbook.add_worksheet(), book, &names, (words, &formats))?;
    for (figure, name) in book.figures.iter().zip(&names) {
        let sheet = workbook.add_worksheet();
        sheet.set_name(name)?;
        sheet::fill(sheet, figure, name, (words, &formats))?;
    }
    workbook.save_to_buffer()
}

/// What the file says of itself. Its language is a property of our own: the writer has none for it.
fn properties(book: &Book) -> Result<DocProperties, XlsxError> {
    let last = book.period.last();
    // Excel's calendar begins with 1900, where 29 February may be missing.
    let (year, day) = match u16::try_from(last.year()) {
        Ok(year @ 1900..=9999) => (year, last.day().unsigned_abs()),
        _ => (1900, last.day().unsigned_abs().min(28)),
    };
    let dated = ExcelDateTime::from_ymd(year, last.month().unsigned_abs(), day)?;
    let language = if book.language == "en" { "en-GB" } else { "da-DK" };
    Ok(DocProperties::new()
        .set_title(property(&book.title))
        .set_subject(property(&book.subtitle))
        .set_author("Indgang")
        .set_custom_property("Language", language)
        .set_creation_datetime(&dated))
}

/// One line, as long as a property may be.
fn property(text: &str) -> String {
    shortened(&clean(text).replace(['\n', '\t'], " "), 255)
}

/// A name for each figure's sheet: its title, without what a name may not hold, and none twice.
fn names(book: &Book, overview: &str) -> Vec<String> {
    let mut used: BTreeSet<String> = BTreeSet::from([overview.to_lowercase(), "history".to_owned()]);
    let mut names = Vec::new();
    for figure in &book.figures {
        let plain: String = clean(&figure.title)
            .chars()
            .map(|letter| if "[]:*?/\\'\n\t".contains(letter) { ' ' } else { letter })
            .collect();
        let plain = plain.split_whitespace().collect::<Vec<_>>().join(" ");
        let plain = if plain.is_empty() { figure.key.clone() } else { plain };
        let mut number = 1;
        let name = loop {
            let end = if number == 1 { String::new() } else { format!(" {number}") };
            let name = shortened(&plain, LONGEST_NAME - end.len()) + &end;
            if used.insert(name.to_lowercase()) {
                break name;
            }
            number += 1;
        };
        names.push(name);
    }
    names
}

/// At most so many characters, counted as Excel does (UTF-16).
fn shortened(text: &str, longest: usize) -> String {
    let mut length = 0;
    let kept = text.chars().take_while(|letter| {
        length += letter.len_utf16();
        length <= longest
    });
    kept.collect::<String>().trim().to_owned()
}

fn bounded(text: &str) -> String {
    clean(text).chars().take(LONGEST_TEXT).collect()
}

fn overview(
    sheet: &mut Worksheet,
    book: &Book,
    names: &[String],
    (words, formats): (&Words, &Formats),
) -> Result<(), XlsxError> {
    sheet.set_name(words.overview)?;
    paper(sheet, None, false)?;
    for (at, width) in OVERVIEW.iter().enumerate() {
        sheet.set_column_width(column_of(at), *width)?;
    }
    let whole = (2, OVERVIEW.iter().sum());
    sheet.write_string_with_format(0, 0, bounded(&book.title), &formats.title)?;
    sheet.write_string(1, 0, bounded(&book.subtitle))?;
    let mut line = 3;
    for headline in &book.headlines {
        sheet.write_string_with_format(line, 0, bounded(&headline.label), &formats.words)?;
        sheet::put(sheet, (line, 1), &headline.value, Place::Row, formats)?;
        sheet.write_string_with_format(line, 2, bounded(&headline.detail), &formats.detail)?;
        line += 1;
    }
    line += 1;
    for note in &book.notes {
        line += sheet::paragraph(sheet, line, whole, note, formats)?;
    }
    line += 1;
    for (column, text) in [(0, words.contents), (1, ""), (2, "")] {
        sheet.write_string_with_format(line, column, text, &formats.head)?;
    }
    for (figure, name) in book.figures.iter().zip(names) {
        line += 1;
        let finding = figure.chart.as_ref().map(|chart| bounded(&chart.finding)).unwrap_or_default();
        sheet.merge_range(line, 1, line, 2, &finding, &formats.detail)?;
        let lines = sheet::lines(&finding, OVERVIEW[1] + OVERVIEW[2]);
        sheet.set_row_height(line, lines.max(sheet::lines(&figure.title, OVERVIEW[0])) * 15)?;
        let title = if figure.title.is_empty() { name.clone() } else { bounded(&figure.title) };
        let link = Url::new(format!("internal:'{name}'!A1")).set_text(title);
        sheet.write_url_with_format(line, 0, link, &formats.link)?;
    }
    Ok(())
}

fn column_of(at: usize) -> u16 {
    u16::try_from(at).unwrap_or(u16::MAX).min(16_000)
}

/// A4, as wide as a page, with its number below; the heads again on every page.
fn paper(sheet: &mut Worksheet, heads: Option<u32>, lying: bool) -> Result<(), XlsxError> {
    sheet.set_paper_size(9).set_print_fit_to_pages(1, 0).set_footer("&C&P / &N");
    sheet.set_margins(0.5, 0.5, 0.6, 0.7, 0.3, 0.3);
    if lying {
        sheet.set_landscape();
    }
    if let Some(heads) = heads {
        sheet.set_repeat_rows(heads, heads)?;
    }
    Ok(())
}
