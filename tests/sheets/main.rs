//! A workbook of figures as LibreOffice reads it: every number, every word, and what is printed.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that meets an error has failed")]

mod sample;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use indgang::domain::statistics::book::{Book, Figure};
use indgang::domain::statistics::chart::{Series, Shape};
use indgang::domain::statistics::table::{Row, Value};
use indgang::report::xlsx::xlsx;
use rstest::rstest;

/// The lines of a sheet.
type Lines = Vec<Vec<String>>;

/// Semicolons, quotes, UTF-8, numbers as they are held and not as they are shown, in English, each sheet by itself.
const AS_CSV: &str = "csv:Text - txt - csv (StarCalc):59,34,76,1,,1033,false,true,false,false,false,-1";

#[rstest]
#[case::danish("da")]
#[case::english("en")]
fn libreoffice_reads_every_number_and_every_word(#[case] language: &str) {
    let book = sample::book(language);
    let office = Office::open(&book);
    let sheets = office.sheets();
    assert_eq!(sheets.len(), 1 + book.figures.len(), "{:?}", sheets.keys());
    let overview = &sheets[if language == "en" { "Overview" } else { "Overblik" }];
    assert_eq!(overview[0][0], book.title);
    for headline in &book.headlines {
        let line = line_of(overview, &headline.label);
        is(&line[1], &headline.value, language, &headline.key);
        assert_eq!(line[2], headline.detail);
    }
    for note in &book.notes {
        line_of(overview, note);
    }
    for figure in &book.figures {
        line_of(overview, &figure.title);
        let lines = sheet_of(&sheets, figure);
        for words in [&figure.definition, &figure.table.caption].into_iter().chain(&figure.table.notes) {
            line_of(lines, words);
        }
        let head = lines.iter().position(|line| line[0] == figure.table.stub).expect("the heads");
        let heads = figure.table.columns.iter().map(|column| &column.head);
        assert!(heads.eq(lines[head][1..].iter().take(figure.table.columns.len())), "{}", figure.key);
        let rows: Vec<&Row> = figure.table.rows.iter().chain(&figure.table.totals).collect();
        for (row, line) in rows.iter().zip(&lines[head + 1..]) {
            assert_eq!(line[0], row.head, "{}", figure.key);
            for (value, cell) in row.values.iter().zip(&line[1..]) {
                is(cell, value, language, &figure.key);
            }
        }
        if let Some(numbers) = figure.chart.as_ref().and_then(|chart| drawn(&chart.shape)) {
            let label = if language == "en" { "Figures of the chart" } else { "Tal til diagrammet" };
            let block = lines.iter().position(|line| line[0] == label).expect("the numbers of the chart");
            for (numbers, line) in numbers.iter().zip(&lines[block + 3..]) {
                for (number, cell) in numbers.iter().zip(&line[1..]) {
                    let value = number.map_or(Value::Nothing, Value::Mean);
                    is(cell, &value, language, &figure.key);
                }
            }
            assert_eq!(lines.len(), block + 3 + numbers.len(), "{}", figure.key);
        }
    }
}

/// The numbers of a chart, a line for each category; `None` where the table itself is coloured.
fn drawn(shape: &Shape) -> Option<Vec<Vec<Option<f64>>>> {
    let stacked = |categories: &[String], series: &[Series]| -> Vec<Vec<Option<f64>>> {
        let of = |at: usize| series.iter().map(|one| one.values.get(at).copied()).collect();
        (0..categories.len()).map(of).collect()
    };
    match shape {
        Shape::Columns { categories, series, compared } => {
            let mut lines = stacked(categories, series);
            for (line, before) in lines.iter_mut().zip(compared.iter().flat_map(|(_, values)| values)) {
                line.push(*before);
            }
            Some(lines)
        }
        Shape::Bars { categories, series } => Some(stacked(categories, series)),
        Shape::Parts { parts } => Some(parts.iter().map(|(_, _, many)| vec![Some(*many)]).collect()),
        Shape::Ranges { rows, .. } => {
            Some(rows.iter().map(|row| [row.p50, row.p80, row.p95].map(Some).to_vec()).collect())
        }
        Shape::Grid { .. } => None,
    }
}

#[test]
fn what_is_printed_is_whole() {
    let book = sample::book("da");
    let office = Office::open(&book);
    let text = office.printed();
    // Words are broken into lines where they are printed.
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains(&book.title), "{text}");
    for figure in &book.figures {
        assert!(text.contains(&figure.title), "{}", figure.title);
    }
    // The note of the overview, and of each figure its definition and its note, to the last word.
    let ends = text.matches("Slut på noten.").count();
    assert_eq!(ends, 1 + 2 * book.figures.len(), "a long text is cut off: {text}");
}

/// A workbook in a folder of its own, and the program that opens it.
struct Office {
    folder: tempfile::TempDir,
    file: PathBuf,
}

impl Office {
    fn open(book: &Book) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("book.xlsx");
        std::fs::write(&file, xlsx(book).unwrap()).unwrap();
        Self { folder, file }
    }

    fn convert(&self, format: &str) {
        let profile =
            format!("-env:UserInstallation=file://{}", self.folder.path().join("profile").display());
        let said = Command::new("soffice")
            .args([&profile, "--headless", "--convert-to", format, "--outdir"])
            .args([self.folder.path(), &self.file])
            .output()
            .expect("soffice is needed: install Debian's package libreoffice-calc-nogui");
        assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    }

    /// The sheets by their names.
    fn sheets(&self) -> BTreeMap<String, Lines> {
        self.convert(AS_CSV);
        let files = std::fs::read_dir(self.folder.path()).unwrap().map(|entry| entry.unwrap().path());
        files
            .filter(|file| file.extension().is_some_and(|end| end == "csv"))
            .map(|file| read(&file))
            .collect()
    }

    /// What stands on paper. The file stays in `target`, to be looked at.
    fn printed(&self) -> String {
        self.convert("pdf");
        let pdf = self.folder.path().join("book.pdf");
        let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/pictures");
        std::fs::create_dir_all(&kept).unwrap();
        std::fs::copy(&pdf, kept.join("sheets.pdf")).unwrap();
        std::fs::copy(&self.file, kept.join("sheets.xlsx")).unwrap();
        let said = Command::new("pdftotext").arg(&pdf).arg("-").output();
        let said = said.expect("pdftotext is needed: install Debian's package poppler-utils");
        assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
        String::from_utf8(said.stdout).unwrap()
    }
}

fn read(file: &Path) -> (String, Lines) {
    let name = file.file_stem().unwrap().to_str().unwrap().strip_prefix("book-").expect("the sheet's name");
    let mut reader =
        csv::ReaderBuilder::new().delimiter(b';').has_headers(false).flexible(true).from_path(file).unwrap();
    let lines = reader.records().map(|line| line.unwrap().iter().map(str::to_owned).collect());
    (name.to_owned(), lines.collect())
}

/// The sheet that opens with a figure's title. Those of figures with one title would be taken for one another.
fn sheet_of<'a>(sheets: &'a BTreeMap<String, Lines>, figure: &Figure) -> &'a Lines {
    let mut found = sheets.values().filter(|lines| lines[0][0] == figure.title);
    let lines = found.next().unwrap_or_else(|| panic!("no sheet of {}: {:?}", figure.title, sheets.keys()));
    assert!(found.next().is_none(), "two sheets of {}", figure.title);
    lines
}

fn line_of<'a>(lines: &'a Lines, head: &str) -> &'a [String] {
    lines.iter().find(|line| line[0] == head).unwrap_or_else(|| panic!("no line {head:?}: {lines:?}"))
}

/// What a cell must hold. Numbers come back in at most fifteen digits, as a spreadsheet holds them.
fn is(cell: &str, value: &Value, language: &str, place: &str) {
    let number = match value {
        Value::Count(count) => *count as f64,
        Value::Money(ore) => *ore as f64 / 100.0,
        Value::Share(number)
        | Value::Days(number)
        | Value::WorkingDays(number)
        | Value::Seconds(number)
        | Value::Mean(number)
        | Value::Change(number) => *number,
        Value::Text(words) => return assert_eq!(cell, words, "{place}"),
        Value::Hidden => {
            return assert_eq!(cell, if language == "en" { "hidden" } else { "skjult" }, "{place}");
        }
        Value::Nothing => return assert_eq!(cell, "", "{place}"),
    };
    if !number.is_finite() {
        return assert_eq!(cell, "", "{place}");
    }
    // Shares come back as hundredths, with their sign.
    let (digits, parts) = cell.strip_suffix('%').map_or((cell, 1.0), |digits| (digits, 100.0));
    let read: f64 = digits.parse().unwrap_or_else(|_| panic!("{place}: {cell:?} is no number, {value:?}"));
    assert!((read / parts - number).abs() <= number.abs() * 1e-12, "{place}: {cell} is not {value:?}");
}
