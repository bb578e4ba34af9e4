//! The sheet of a figure: its table, what must be said with it, and its chart beneath, so that it prints on one page's width.

use rust_xlsxwriter::{ConditionalFormat3ColorScale, Url, Worksheet, XlsxError};

use super::chart;
use super::formats::{Formats, Place};
use super::{Words, bounded, column_of, paper};
use crate::domain::statistics::book::Figure;
use crate::domain::statistics::chart::Shape;
use crate::domain::statistics::table::{Row, Table, Value};
use crate::report::cell::{Content, content};

/// The row of a table's heads, from 0: title, finding and caption stand above and stay in sight, so they are short.
const HEADS: u32 = 3;
/// The widest and the narrowest column, in characters.
const WIDEST: usize = 48;
const NARROWEST: usize = 3;
/// The width of a column that nobody has set, in characters.
const USUAL: u32 = 8;
/// How wide text may run, in characters: about as wide as a chart, and as an upright page.
pub(super) const LINE: u32 = 92;
/// How tall a line of text is, in points.
const TALL: u32 = 15;
/// The tallest row that there is, in points.
const TALLEST: u32 = 409;

/// Fills the sheet of a figure.
pub(super) fn fill(
    sheet: &mut Worksheet,
    figure: &Figure,
    name: &str,
    (words, formats): (&Words, &Formats),
) -> Result<(), XlsxError> {
    let table = &figure.table;
    let widths = widths(sheet, table, formats)?;
    let wide: u32 = widths.iter().sum();
    paper(sheet, Some(HEADS), wide > LINE)?;
    sheet.write_string_with_format(0, 0, bounded(&figure.title), &formats.title)?;
    if let Some(chart) = &figure.chart {
        sheet.write_string_with_format(1, 0, bounded(&chart.finding), &formats.finding)?;
    }
    sheet.write_string(2, 0, bounded(&table.caption))?;
    let mut line = rows(sheet, table, &widths, formats)?;
    if let Some(Shape::Grid { columns, .. }) = figure.chart.as_ref().map(|chart| &chart.shape) {
        shade(sheet, table, columns.len())?;
    }
    let across = across(&widths);
    line += 2;
    let fault = table.check().err().map(|fault| fault.to_string());
    for text in [&figure.definition].into_iter().chain(&table.notes).chain(&fault) {
        line += paragraph(sheet, line, across, text, formats)?;
    }
    let back = Url::new(format!("internal:'{}'!A1", words.overview)).set_text(words.back);
    sheet.write_url(line, 0, back)?;
    if let Some(chart) = &figure.chart {
        let data = chart::Data { name, at: line + 2, finding: 1, words, formats };
        line = chart::put(sheet, chart, &data)?;
    }
    // The numbers of the chart are those of the table, and need no paper.
    sheet.set_print_area(0, 0, line, last_printed(&widths, across.0))?;
    sheet.set_freeze_panes(HEADS + 1, 1)?;
    Ok(())
}

/// The heads, the rows and the totals; the last line of them. Columns are so many characters wide.
fn rows(sheet: &mut Worksheet, table: &Table, widths: &[u32], formats: &Formats) -> Result<u32, XlsxError> {
    sheet.write_string_with_format(HEADS, 0, bounded(&table.stub), &formats.head)?;
    for (at, column) in table.columns.iter().enumerate() {
        let place = column_of(at + 1);
        sheet.write_string_with_format(HEADS, place, bounded(&column.head), &formats.head_right)?;
    }
    let heads = [&table.stub].into_iter().chain(table.columns.iter().map(|column| &column.head));
    let tall = heads.zip(widths).map(|(head, width)| head_lines(head, *width)).max().unwrap_or(1);
    if tall > 1 {
        sheet.set_row_height(HEADS, (tall * TALL).min(TALLEST))?;
    }
    let first = widths.first().copied().unwrap_or(USUAL);
    let totals = table.totals.iter().enumerate();
    let totals = totals.map(|(at, row)| (row, if at == 0 { Place::FirstTotal } else { Place::Total }));
    let mut line = HEADS;
    for (row, place) in table.rows.iter().map(|row| (row, Place::Row)).chain(totals) {
        line += 1;
        self::row(sheet, line, row, (place, table.columns.len(), first), formats)?;
    }
    Ok(line)
}

fn row(
    sheet: &mut Worksheet,
    line: u32,
    row: &Row,
    (place, columns, first): (Place, usize, u32),
    formats: &Formats,
) -> Result<(), XlsxError> {
    sheet.write_string_with_format(line, 0, bounded(&row.head), &formats.row_head(place))?;
    let tall = lines(&row.head, first);
    if tall > 1 {
        sheet.set_row_height(line, (tall * TALL).min(TALLEST))?;
    }
    // A value without a column has no head that says what it is.
    for (at, value) in row.values.iter().take(columns).enumerate() {
        put(sheet, (line, column_of(at + 1)), value, place, formats)?;
    }
    Ok(())
}

/// Writes a value: numbers as numbers, words never as a formula.
pub(super) fn put(
    sheet: &mut Worksheet,
    (line, column): (u32, u16),
    value: &Value,
    place: Place,
    formats: &Formats,
) -> Result<(), XlsxError> {
    let format = formats.value(value, place);
    match content(value) {
        Content::Number(number) => sheet.write_number_with_format(line, column, number, &format)?,
        Content::Text(words) => sheet.write_string_with_format(line, column, bounded(&words), &format)?,
        Content::Hidden => {
            let hidden = formats.numerals.cell(&Value::Hidden);
            sheet.write_string_with_format(line, column, hidden, &format)?
        }
        Content::Nothing => sheet.write_blank(line, column, &format)?,
    };
    Ok(())
}

/// The fields of a grid are darker the more there are.
fn shade(sheet: &mut Worksheet, table: &Table, columns: usize) -> Result<(), XlsxError> {
    let (Ok(rows), Ok(columns)) = (u32::try_from(table.rows.len()), u16::try_from(columns)) else {
        return Ok(());
    };
    if rows == 0 || columns == 0 {
        return Ok(());
    }
    // Dark figures must be read on the darkest field.
    let scale = ConditionalFormat3ColorScale::new()
        .set_minimum_color("FFFFFF")
        .set_midpoint_color("CFE3E8")
        .set_maximum_color("98C0CB");
    sheet.add_conditional_format(
        HEADS + 1,
        1,
        HEADS + rows,
        columns.min(column_of(table.columns.len())),
        &scale,
    )?;
    Ok(())
}

/// A text over the columns until `across`, as tall as it needs; how many rows it takes. A cell over several columns
/// does not grow by itself. What the tallest row cannot show is still in the cell.
pub(super) fn paragraph(
    sheet: &mut Worksheet,
    line: u32,
    (across, width): (u16, u32),
    text: &str,
    formats: &Formats,
) -> Result<u32, XlsxError> {
    let text = bounded(text);
    if text.is_empty() {
        return Ok(0);
    }
    sheet.merge_range(line, 0, line, across, &text, &formats.words)?;
    sheet.set_row_height(line, (lines(&text, width) * TALL).min(TALLEST))?;
    Ok(1)
}

/// How many lines a text takes in so many characters, with room for words that are not broken.
pub(super) fn lines(text: &str, width: u32) -> u32 {
    let of = |part: &str| {
        let letters = u32::try_from(part.chars().count()).unwrap_or(u32::MAX);
        // A line holds more letters than the figures that widths are counted in, and its end is lost to whole words.
        letters.saturating_sub(letters / 12).div_ceil(width.max(1)).max(1)
    };
    text.lines().map(of).fold(0, u32::saturating_add).clamp(1, TALLEST)
}

/// How many lines a head takes, broken between words; its letters are bold, and the column two wider than its longest word.
fn head_lines(head: &str, width: u32) -> u32 {
    let width = usize::try_from(width).unwrap_or(usize::MAX).saturating_sub(1).max(1);
    let (mut lines, mut used) = (1, 0);
    for word in bounded(head).split_whitespace().map(|word| word.chars().count()) {
        if used > 0 && used + 1 + word > width {
            (lines, used) = (lines + 1, word);
        } else {
            used += word + usize::from(used > 0);
        }
        // A word that is longer than the column is broken too.
        lines += u32::try_from(used.saturating_sub(1) / width).unwrap_or(TALLEST);
        used = used.saturating_sub(1) % width + 1;
    }
    lines.min(TALLEST)
}

/// The last column that text may run over, and how wide it is until there: over the whole table, and further where the
/// table is narrow.
fn across(widths: &[u32]) -> (u16, u32) {
    let (mut column, mut width) = (0, 0);
    for at in 0.. {
        let next = widths.get(at).copied().unwrap_or(USUAL);
        if at > 1 && width + next > LINE {
            break;
        }
        (column, width) = (column_of(at), width + next);
    }
    (column, width)
}

/// The last column that is printed: the table, the text and the chart stand before its end.
fn last_printed(widths: &[u32], text: u16) -> u16 {
    let (mut at, mut wide) = (0, 0);
    while at < widths.len() || wide < chart::WIDE {
        // So many pixels is a column wide, with its edge.
        wide += widths.get(at).copied().unwrap_or(USUAL) * 7 + 5;
        at += 1;
    }
    column_of(at.saturating_sub(1)).max(text)
}

/// Columns as wide as what stands in them.
fn widths(sheet: &mut Worksheet, table: &Table, formats: &Formats) -> Result<Vec<u32>, XlsxError> {
    let rows = || table.rows.iter().chain(&table.totals);
    let heads = rows().map(|row| row.head.chars().count()).chain([table.stub.chars().count(), 12]).max();
    let mut widths = vec![width_of(heads.unwrap_or(0))];
    for (at, column) in table.columns.iter().enumerate() {
        // A head is broken between words; what stands below is not.
        let word = column.head.split_whitespace().map(|word| word.chars().count()).max().unwrap_or(0);
        let cells = rows().filter_map(|row| row.values.get(at));
        let longest = cells.map(|value| formats.numerals.cell(value).chars().count());
        widths.push(width_of(longest.chain([word]).max().unwrap_or(0)));
    }
    for (at, width) in widths.iter().enumerate() {
        sheet.set_column_width(column_of(at), *width)?;
    }
    Ok(widths)
}

fn width_of(letters: usize) -> u32 {
    u32::try_from(letters.clamp(NARROWEST, WIDEST) + 2).unwrap_or(10)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::nothing("", 9, 1)]
    #[case::one("Sendt", 7, 1)]
    #[case::two("Kom retur", 7, 2)]
    #[case::three("Sendt inden for et minut", 8, 4)]
    #[case::all_on_one("Inden for et minut", 40, 1)]
    #[case::a_long_word("Beskæftigelsesforvaltningen", 11, 3)]
    #[case::no_width("abc", 0, 3)]
    fn a_head_is_broken_between_words(#[case] head: &str, #[case] width: u32, #[case] lines: u32) {
        assert_eq!(head_lines(head, width), lines);
    }

    #[rstest]
    #[case::narrow(&[14, 8], 92)]
    #[case::wide(&[50, 40, 40, 40], 90)]
    #[case::no_column(&[], 92)]
    fn text_runs_no_further_than_a_page(#[case] widths: &[u32], #[case] most: u32) {
        let (column, width) = across(widths);
        assert!(width <= most && column >= 1, "{column} {width}");
    }
}
