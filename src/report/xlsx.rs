//! Figures as a workbook: an overview, and a sheet for each figure with real numbers and a native chart that can be pasted
//! into a text and stays one that can be edited.
//!
//! Same figures, same bytes: the workbook is dated by the period, not by the clock.

mod chart;

use std::collections::BTreeSet;

use rust_xlsxwriter::{
    ConditionalFormat2ColorScale, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Url,
    Workbook, Worksheet, XlsxError,
};

use super::cell::{Content, clean, content};
use crate::domain::statistics::book::{Book, Figure};
use crate::domain::statistics::chart::Shape;
use crate::domain::statistics::table::{Row, Table, Value};
use crate::domain::statistics::written::Numerals;

/// The longest name of a sheet.
const LONGEST_NAME: usize = 31;
/// The row of a table's heads, from 0: title, finding, definition and an empty line stand above.
const HEADS: u32 = 4;
/// The widest column, in characters.
const WIDEST: usize = 48;
/// The longest text of a cell.
const LONGEST_TEXT: usize = 32_000;

/// The words of a workbook.
struct Words {
    overview: &'static str,
    contents: &'static str,
    back: &'static str,
    chart_data: &'static str,
}

const DANISH: Words = Words {
    overview: "Overblik",
    contents: "Ark",
    back: "Til overblikket",
    chart_data: "Tal til diagrammet",
};
const ENGLISH: Words = Words {
    overview: "Overview",
    contents: "Sheets",
    back: "To the overview",
    chart_data: "Figures of the chart",
};

/// The whole book as a workbook.
///
/// # Errors
/// When a sheet cannot be written, which no figure of the catalogue leads to.
pub fn xlsx(book: &Book) -> Result<Vec<u8>, XlsxError> {
    let words = if book.language == "en" { &ENGLISH } else { &DANISH };
    let formats = Formats::new(Numerals::of(&book.language));
    let mut workbook = Workbook::new();
    let last = book.period.last();
    let dated = ExcelDateTime::from_ymd(
        u16::try_from(last.year()).unwrap_or(2000).clamp(1900, 9999),
        last.month().unsigned_abs(),
        last.day().unsigned_abs(),
    )?;
    let properties = DocProperties::new().set_title(clean(&book.title)).set_creation_datetime(&dated);
    workbook.set_properties(&properties);
    let names = names(book, words.overview);
    overview(workbook.add_worksheet(), book, &names, (words, &formats))?;
    for (figure, name) in book.figures.iter().zip(&names) {
        let sheet = workbook.add_worksheet();
        sheet.set_name(name)?;
        figure_on(sheet, figure, name, (words, &formats))?;
    }
    workbook.save_to_buffer()
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

struct Formats {
    numerals: Numerals,
    title: Format,
    finding: Format,
    words: Format,
    head: Format,
    head_right: Format,
    total_words: Format,
}

impl Formats {
    fn new(numerals: Numerals) -> Self {
        let head = Format::new().set_bold().set_border_bottom(FormatBorder::Thin).set_text_wrap();
        Self {
            numerals,
            title: Format::new().set_bold().set_font_size(14),
            finding: Format::new().set_bold(),
            words: Format::new().set_text_wrap().set_align(FormatAlign::Top),
            head_right: head.clone().set_align(FormatAlign::Right),
            head,
            total_words: Format::new().set_bold().set_border_top(FormatBorder::Thin),
        }
    }

    /// How a number of a value is shown.
    fn number(&self, value: &Value, total: bool) -> Format {
        let code = match value {
            Value::Count(_) => "#,##0",
            Value::Share(_) => "0%",
            Value::Change(_) => "+0%;-0%;0%",
            Value::Days(_) => "#,##0.#",
            Value::WorkingDays(_) | Value::Mean(_) => "#,##0.0",
            Value::Seconds(_) => "#,##0 \"s\"",
            Value::Money(_) => "#,##0.00",
            Value::Text(_) | Value::Hidden | Value::Nothing => "General",
        };
        let format = Format::new().set_num_format(code).set_align(FormatAlign::Right);
        if total { format.set_bold().set_border_top(FormatBorder::Thin) } else { format }
    }
}

fn overview(
    sheet: &mut Worksheet,
    book: &Book,
    names: &[String],
    (words, formats): (&Words, &Formats),
) -> Result<(), XlsxError> {
    sheet.set_name(words.overview)?;
    paper(sheet, 0)?;
    sheet.set_column_width(0, 44)?.set_column_width(1, 16)?.set_column_width(2, 60)?;
    sheet.write_string_with_format(0, 0, bounded(&book.title), &formats.title)?;
    sheet.write_string(1, 0, bounded(&book.subtitle))?;
    let mut line = 3;
    for headline in &book.headlines {
        sheet.write_string(line, 0, bounded(&headline.label))?;
        put(sheet, line, 1, &headline.value, false, formats)?;
        sheet.write_string_with_format(line, 2, bounded(&headline.detail), &formats.words)?;
        line += 1;
    }
    line += 1;
    for note in &book.notes {
        sheet.merge_range(line, 0, line, 2, &bounded(note), &formats.words)?;
        line += 1;
    }
    line += 1;
    sheet.write_string_with_format(line, 0, words.contents, &formats.head)?;
    for (figure, name) in book.figures.iter().zip(names) {
        line += 1;
        let link = Url::new(format!("internal:'{name}'!A1")).set_text(bounded(&figure.title));
        sheet.write_url(line, 0, link)?;
        let finding = figure.chart.as_ref().map(|chart| bounded(&chart.finding)).unwrap_or_default();
        sheet.merge_range(line, 1, line, 2, &finding, &formats.words)?;
    }
    Ok(())
}

fn figure_on(
    sheet: &mut Worksheet,
    figure: &Figure,
    name: &str,
    (words, formats): (&Words, &Formats),
) -> Result<(), XlsxError> {
    let table = &figure.table;
    let columns = column_of(table.columns.len());
    paper(sheet, HEADS)?;
    sheet.write_string_with_format(0, 0, bounded(&figure.title), &formats.title)?;
    if let Some(chart) = &figure.chart {
        sheet.write_string_with_format(1, 0, bounded(&chart.finding), &formats.finding)?;
    }
    let widths = widths(sheet, table, formats)?;
    // As far as the table, and further where it is narrow: columns beyond it have the usual width.
    let across = columns.max(7);
    let width: u32 = (0..=across).map(|at| widths.get(usize::from(at)).copied().unwrap_or(8)).sum();
    sheet.merge_range(2, 0, 2, across, &bounded(&figure.definition), &formats.words)?;
    let lines = u32::try_from(figure.definition.chars().count()).unwrap_or(1) / width.max(1) + 2;
    sheet.set_row_height(2, (lines * 15).min(400))?;
    sheet.write_string_with_format(HEADS, 0, bounded(&table.stub), &formats.head)?;
    for (at, column) in table.columns.iter().enumerate() {
        sheet.write_string_with_format(
            HEADS,
            column_of(at + 1),
            bounded(&column.head),
            &formats.head_right,
        )?;
    }
    let mut line = HEADS;
    for (row, total) in
        table.rows.iter().map(|row| (row, false)).chain(table.totals.iter().map(|row| (row, true)))
    {
        line += 1;
        row_on(sheet, line, row, total, formats)?;
    }
    if let Some(Shape::Grid { columns: drawn, .. }) = figure.chart.as_ref().map(|chart| &chart.shape)
        && !table.rows.is_empty()
    {
        let scale =
            ConditionalFormat2ColorScale::new().set_minimum_color("FFFFFF").set_maximum_color("3F7B8C");
        let last = HEADS + u32::try_from(table.rows.len()).unwrap_or(0);
        sheet.add_conditional_format(HEADS + 1, 1, last, column_of(drawn.len().max(1)), &scale)?;
    }
    line += 1;
    let fault = table.check().err().map(|fault| fault.to_string());
    for note in table.notes.iter().chain(&fault) {
        line += 1;
        sheet.merge_range(line, 0, line, across, &bounded(note), &formats.words)?;
    }
    line += 2;
    if let Some(chart) = &figure.chart {
        let data = chart::Data { name, at: line, title: words.chart_data, label: &formats.finding };
        line = chart::put(sheet, chart, (across + 2, HEADS), &data, &formats.head)? + 1;
    }
    let back = Url::new(format!("internal:'{}'!A1", words.overview)).set_text(words.back);
    sheet.write_url(line + 1, 0, back)?;
    sheet.set_freeze_panes(HEADS + 1, 1)?;
    Ok(())
}

fn row_on(
    sheet: &mut Worksheet,
    line: u32,
    row: &Row,
    total: bool,
    formats: &Formats,
) -> Result<(), XlsxError> {
    if total {
        sheet.write_string_with_format(line, 0, bounded(&row.head), &formats.total_words)?;
    } else {
        sheet.write_string(line, 0, bounded(&row.head))?;
    }
    for (at, value) in row.values.iter().enumerate() {
        put(sheet, line, column_of(at + 1), value, total, formats)?;
    }
    Ok(())
}

fn put(
    sheet: &mut Worksheet,
    line: u32,
    column: u16,
    value: &Value,
    total: bool,
    formats: &Formats,
) -> Result<(), XlsxError> {
    let format = formats.number(value, total);
    match content(value) {
        Content::Number(number) => sheet.write_number_with_format(line, column, number, &format)?,
        Content::Text(words) => sheet.write_string_with_format(line, column, bounded(&words), &format)?,
        Content::Hidden => {
            sheet.write_string_with_format(line, column, formats.numerals.cell(&Value::Hidden), &format)?
        }
        Content::Nothing => sheet.write_blank(line, column, &format)?,
    };
    Ok(())
}

/// Columns as wide as what stands in them.
fn widths(sheet: &mut Worksheet, table: &Table, formats: &Formats) -> Result<Vec<u32>, XlsxError> {
    let rows = || table.rows.iter().chain(&table.totals);
    let heads = rows().map(|row| row.head.chars().count()).chain([table.stub.chars().count()]).max();
    // As wide as the line above the chart's numbers at least.
    let mut widths = vec![width_of(heads.unwrap_or(0)).max(22)];
    for (at, column) in table.columns.iter().enumerate() {
        // A head is broken between words; what stands below is not.
        let word = column.head.split_whitespace().map(|word| word.chars().count()).max().unwrap_or(0);
        let cell = rows()
            .filter_map(|row| row.values.get(at))
            .map(|value| formats.numerals.cell(value).chars().count());
        widths.push(width_of(cell.chain([word]).max().unwrap_or(0)));
    }
    for (at, width) in widths.iter().enumerate() {
        sheet.set_column_width(column_of(at), *width)?;
    }
    Ok(widths)
}

fn width_of(letters: usize) -> u32 {
    u32::try_from(letters.clamp(7, WIDEST) + 2).unwrap_or(10)
}

fn column_of(at: usize) -> u16 {
    u16::try_from(at).unwrap_or(u16::MAX).min(16_000)
}

/// A4, lying, as wide as a page; the heads again on every page.
fn paper(sheet: &mut Worksheet, heads: u32) -> Result<(), XlsxError> {
    sheet.set_paper_size(9).set_landscape().set_print_fit_to_pages(1, 0);
    if heads > 0 {
        sheet.set_repeat_rows(heads, heads)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::book;

    #[test]
    fn the_same_figures_are_the_same_bytes() {
        let book = book(false, "=HYPERLINK(\"https://x.example\")");
        let first = xlsx(&book).unwrap();
        assert!(first.starts_with(b"PK"));
        assert_eq!(first, xlsx(&book).unwrap());
    }

    #[test]
    fn names_of_sheets_are_short_and_different() {
        let mut book = book(false, "Øvrige");
        for (at, figure) in book.figures.iter_mut().enumerate() {
            figure.title = match at {
                0 => "Overblik".to_owned(),
                1 => "a/b:c*[d]?\\".to_owned(),
                2 => String::new(),
                _ => format!("En meget lang overskrift, der ikke kan stå på et ark {at}"),
            };
        }
        let names = names(&book, "Overblik");
        assert_eq!(names[0], "Overblik 2");
        assert_eq!(names[1], "a b c d");
        let different: BTreeSet<String> = names.iter().map(|name| name.to_lowercase()).collect();
        assert_eq!(different.len(), names.len());
        assert!(names.iter().all(|name| (1..=31).contains(&name.encode_utf16().count())));
        assert!(xlsx(&book).is_ok());
    }

    #[test]
    fn odd_words_and_nothing_are_written_too() {
        for words in
            ["", "\u{0}\u{b}", "'", "🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂", "=1", &"x".repeat(40_000)]
        {
            let mut book = book(true, words);
            words.clone_into(&mut book.title);
            words.clone_into(&mut book.figures[3].title);
            words.clone_into(&mut book.figures[3].definition);
            words.clone_into(&mut book.figures[3].table.stub);
            assert!(xlsx(&book).is_ok(), "{}", words.len());
        }
    }
}
