//! Figures as CSV that a Danish Excel opens right with a double click, and that programs read back without guessing.
//!
//! UTF-8 with a byte order mark (without one, Excel takes æ for Ã¦), semicolons, CRLF, decimal comma and no thousands
//! separator; quotes as RFC 4180 says, and every line has equally many fields. This is so in every language, for it follows
//! the reader's machine and not the words.
//!
//! Shares and changes are parts of one (`0,392`): a per cent sign makes words of a number in some programs, which a sum then
//! passes over. What is hidden is a word, and what there is nothing to say of is empty, so that neither is taken for zero.
//! Words that a spreadsheet would take for a formula or a date get a leading apostrophe; numbers keep their sign.

use super::cell::{Content, clean, content, is_like_a_date, is_like_a_formula};
use crate::domain::statistics::book::{Book, Figure};
use crate::domain::statistics::table::{Row, Table, Value};
use crate::domain::statistics::written::Numerals;

/// All figures, one table after another, each with its title and definition above it and its notes beneath.
pub fn csv(book: &Book) -> Vec<u8> {
    let widest = book.figures.iter().map(|figure| figure.table.columns.len()).max().unwrap_or(0);
    let mut sheet =
        Sheet { fields: 1 + widest.max(2), numerals: Numerals::of(&book.language), lines: Vec::new() };
    sheet.words(&book.title);
    sheet.words(&book.subtitle);
    for headline in &book.headlines {
        let value = sheet.field(&headline.value);
        sheet.line([text(&headline.label), value, text(&headline.detail)]);
    }
    for note in &book.notes {
        sheet.words(note);
    }
    for figure in &book.figures {
        sheet.line([]);
        sheet.words(&figure.title);
        sheet.words(&figure.table.caption);
        sheet.words(&figure.definition);
        sheet.table(&figure.table);
        for note in &figure.table.notes {
            sheet.words(note);
        }
        if let Err(fault) = figure.table.check() {
            sheet.words(&fault.to_string());
        }
    }
    sheet.finish()
}

/// One figure, tidy: its heads first, then its rows and its totals, and nothing else, so that it can be sorted, filtered and
/// read by a program as it is.
pub fn csv_table(book: &Book, figure: &Figure) -> Vec<u8> {
    let mut sheet = Sheet {
        fields: 1 + figure.table.columns.len(),
        numerals: Numerals::of(&book.language),
        lines: Vec::new(),
    };
    sheet.table(&figure.table);
    sheet.finish()
}

struct Sheet {
    fields: usize,
    numerals: Numerals,
    lines: Vec<Vec<String>>,
}

impl Sheet {
    /// A line, filled up with empty fields.
    fn line(&mut self, fields: impl IntoIterator<Item = String>) {
        let mut line: Vec<String> = fields.into_iter().take(self.fields).collect();
        line.resize(self.fields, String::new());
        self.lines.push(line);
    }

    fn words(&mut self, words: &str) {
        if !words.is_empty() {
            self.line([text(words)]);
        }
    }

    fn table(&mut self, table: &Table) {
        let heads = table.columns.iter().map(|column| text(&column.head));
        self.line(std::iter::once(text(&table.stub)).chain(heads));
        for row in table.rows.iter().chain(&table.totals) {
            self.row(row);
        }
    }

    fn row(&mut self, row: &Row) {
        let values: Vec<String> = row.values.iter().map(|value| self.field(value)).collect();
        self.line(std::iter::once(text(&row.head)).chain(values));
    }

    /// A value as it stands in a field. As many digits as it takes to read the same number back.
    fn field(&self, value: &Value) -> String {
        match content(value) {
            Content::Number(number) => number.to_string().replace('.', ","),
            Content::Text(words) => text(&words),
            Content::Hidden => self.numerals.cell(&Value::Hidden),
            Content::Nothing => String::new(),
        }
    }

    fn finish(self) -> Vec<u8> {
        let mut bytes = "\u{feff}".as_bytes().to_vec();
        let mut writer = csv::WriterBuilder::new()
            .delimiter(b';')
            .terminator(csv::Terminator::CRLF)
            .from_writer(&mut bytes);
        for line in &self.lines {
            // Memory takes every line, and all are equally long.
            let _ = writer.write_record(line);
        }
        let _ = writer.flush();
        drop(writer);
        bytes
    }
}

/// Words as they stand in a field, before quotes.
fn text(words: &str) -> String {
    let words = clean(words);
    if is_like_a_formula(&words) || is_like_a_date(&words) { format!("'{words}") } else { words.into_owned() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::report::tests::{book, every_value};

    fn read(bytes: &[u8]) -> Vec<Vec<String>> {
        let text = std::str::from_utf8(bytes).unwrap().strip_prefix('\u{feff}').expect("a byte order mark");
        let mut reader =
            csv::ReaderBuilder::new().delimiter(b';').has_headers(false).from_reader(text.as_bytes());
        reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
    }

    /// A field as Danish Excel reads it.
    fn number(field: &str) -> Option<f64> {
        if field.contains('.') { None } else { field.replace(',', ".").parse().ok() }
    }

    #[test]
    fn every_number_is_read_back_with_danish_separators() {
        let book = book(false, "Øvrige");
        let lines = read(&csv(&book));
        for figure in &book.figures {
            let at =
                lines.iter().position(|line| line[0] == text(&figure.table.caption)).expect("its caption");
            let rows = figure.table.rows.iter().chain(&figure.table.totals);
            for (row, line) in rows.zip(&lines[at + 3..]) {
                assert_eq!(line[0], text(&row.head));
                for (value, field) in row.values.iter().zip(&line[1..]) {
                    match content(value) {
                        Content::Number(expected) => {
                            assert_eq!(number(field), Some(expected), "{}", figure.key);
                        }
                        Content::Nothing => assert_eq!(field, ""),
                        Content::Hidden => assert_eq!(field, "skjult"),
                        Content::Text(words) => assert_eq!(*field, text(&words)),
                    }
                }
            }
        }
    }

    #[test]
    fn one_figure_is_its_heads_and_rows_and_nothing_else() {
        let book = book(true, "=1");
        for figure in &book.figures {
            let (table, lines) = (&figure.table, read(&csv_table(&book, figure)));
            assert_eq!(lines.len(), 1 + table.rows.len() + table.totals.len(), "{}", figure.key);
            assert!(lines.iter().all(|line| line.len() == 1 + table.columns.len()), "{}", figure.key);
            assert_eq!(lines[0][0], text(&table.stub));
        }
    }

    #[test]
    fn lines_end_as_excel_wants_and_letters_are_right() {
        let bytes = csv(&book(false, "Børn og familie"));
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.contains("\r\n") && !text.replace("\r\n", "").contains('\r'));
        assert!(text.contains("Børn og familie"));
    }

    #[test]
    fn each_value_has_its_way() {
        let sheet = Sheet { fields: 3, numerals: Numerals::DANISH, lines: Vec::new() };
        let fields: Vec<String> = every_value().iter().map(|value| sheet.field(value)).collect();
        assert_eq!(
            fields,
            ["1280", "0,392", "7", "0,5", "4", "3,6", "1234,5", "-0,25", "'=1+1", "skjult", ""]
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn no_words_break_a_line_or_become_a_formula(words in "\\PC*|[=+@;\"\r\n\t -]{0,6}.*") {
            let book = book(false, &words);
            let lines = read(&csv(&book));
            let width = lines[0].len();
            prop_assert!(lines.iter().all(|line| line.len() == width));
            prop_assert!(lines.iter().flatten().all(|field| number(field).is_some() || !is_like_a_formula(field)));
            prop_assert!(lines.iter().any(|line| line[0] == text(&words)));
        }
    }
}
