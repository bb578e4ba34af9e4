//! Figures as what stands on a page: written numbers, drawn pictures, grouped by what they are about.

use jiff::civil::Date;

use super::super::written;
use crate::domain::statistics::book::{Book, Closed, Figure, Headline};
use crate::domain::statistics::compare::Difference;
use crate::domain::statistics::table::{Row, TOTAL, Table};
use crate::domain::statistics::written::Numerals;
use crate::report::svg::{self, Style, Words};
use crate::texts::InboxWords;

/// The groups of the page, and the figures of each. A figure that stands in none comes in the last.
const GROUPS: [(&str, &[&str]); 4] = [
    (
        "channels",
        &[
            "channel-by-month",
            "channel-by-hour",
            "intake-and-form",
            "messages",
            "intake",
            "form",
            "form-by-month",
            "contacts",
            "acknowledgement",
        ],
    ),
    ("matters", &["area", "kind", "task", "theme"]),
    ("times", &["reply", "duration"]),
    ("course", &["total", "course", "referral", "activity", "anonymised"]),
];

/// A group of figures.
pub struct FigureGroup {
    /// Where links lead.
    pub id: &'static str,
    /// What it is called.
    pub name: String,
    /// The figures.
    pub figures: Vec<FigureView>,
}

/// A figure.
pub struct FigureView {
    /// Its key.
    pub key: String,
    /// What the picture finds, or what it is called.
    pub heading: String,
    /// What is drawn, or nothing.
    pub drawn: String,
    /// The picture.
    pub picture: Option<Picture>,
    /// The figure itself.
    pub table: TableView,
    /// What is counted.
    pub definition: String,
    /// What is wrong with it.
    pub fault: Option<String>,
    /// How wide it stands: a class.
    pub width: &'static str,
}

/// A picture.
pub struct Picture {
    /// The drawing: made of numbers and escaped words.
    pub svg: String,
    /// Mark, name, sum and share.
    pub legend: Vec<(String, String, String)>,
    /// Whether it needs room to the right.
    pub scrolls: bool,
}

/// A table.
pub struct TableView {
    /// What it shows.
    pub caption: String,
    /// Above the heads of the rows.
    pub stub: String,
    /// Above the columns.
    pub columns: Vec<String>,
    /// Head, and cells with whether they stand out.
    pub rows: Vec<(String, Vec<(String, bool)>)>,
    /// The same below a line.
    pub totals: Vec<(String, Vec<String>)>,
    /// What must be said with it.
    pub notes: Vec<String>,
}

/// A number that opens the page.
pub struct HeadlineView {
    /// What it counts.
    pub label: String,
    /// The number.
    pub value: String,
    /// Its unit.
    pub unit: &'static str,
    /// More of it.
    pub detail: String,
}

/// The numbers that open the page.
pub(in crate::web::inbox) fn headlines(book: &Book) -> Vec<HeadlineView> {
    let numerals = Numerals::of(&book.language);
    let line = |one: &Headline| {
        let (value, unit) = numerals.with_unit(&one.value);
        HeadlineView { label: one.label.clone(), value, unit, detail: one.detail.clone() }
    };
    book.headlines.iter().map(line).collect()
}

/// A closed year.
pub struct ClosedView {
    /// When and by whom, and the checksum.
    pub text: String,
    /// What was published cannot be trusted any more.
    pub broken: bool,
    /// What is said before the differences.
    pub differs: String,
    /// Where today's data give another number.
    pub differences: Vec<String>,
}

/// What is said of a closed year.
pub(in crate::web::inbox) fn closed(
    closed: &Closed,
    book: &Book,
    words: &InboxWords,
    today: Date,
) -> ClosedView {
    let numerals = Numerals::of(&book.language);
    let at = written::moment(closed.at, today, words);
    let text = words.with(
        "figures.closed",
        &[("dato", &at), ("navn", &closed.by), ("kontrol", closed.checksum.get(..16).unwrap_or_default())],
    );
    let line = |one: &Difference| {
        let values = [numerals.cell(&one.published), numerals.cell(&one.today)];
        let place = format!("{}: {}, {}", one.figure, one.row, one.column);
        words.with("figures.difference", &[("sted", &place), ("foer", &values[0]), ("nu", &values[1])])
    };
    let count = closed.differences.len();
    ClosedView {
        text,
        broken: !closed.intact,
        differs: if count == 0 {
            words.t("figures.same").to_owned()
        } else {
            words.with("figures.differs", &[("antal", &count.to_string())])
        },
        differences: closed.differences.iter().map(line).collect(),
    }
}

/// The groups with their figures.
pub(super) fn shown(book: &Book, words: &InboxWords) -> Vec<FigureGroup> {
    let numerals = Numerals::of(&book.language);
    let drawing = Words::of(&book.language);
    let is_of = |key: &str, place: usize| match GROUPS.iter().position(|(_, keys)| keys.contains(&key)) {
        Some(at) => at == place,
        None => place == GROUPS.len() - 1,
    };
    let group = |(place, (id, keys)): (usize, &(&'static str, &[&str]))| {
        let mut figures: Vec<&Figure> = book.figures.iter().filter(|one| is_of(&one.key, place)).collect();
        figures.sort_by_key(|one| keys.iter().position(|key| *key == one.key).unwrap_or(usize::MAX));
        FigureGroup {
            id,
            name: words.t(&format!("figures.{id}")).to_owned(),
            figures: figures.into_iter().map(|one| view(one, &numerals, &drawing, words)).collect(),
        }
    };
    GROUPS.iter().enumerate().map(group).collect()
}

fn view(figure: &Figure, numerals: &Numerals, drawing: &Words, words: &InboxWords) -> FigureView {
    let chart = figure.chart.as_ref();
    let fault = figure.table.check().err().map(|fault| {
        let [total, parts] = [fault.total, fault.parts].map(|count| numerals.count(count));
        words.with("figures.fault", &[("sted", &fault.place), ("i_alt", &total), ("dele", &parts)])
    });
    // The three counts that open the last group have all of its width: their difference is long to tell.
    let is_wide = chart.is_some_and(svg::is_wide) || figure.key == "total";
    FigureView {
        key: figure.key.clone(),
        heading: chart.map_or_else(|| figure.title.clone(), |chart| chart.finding.clone()),
        drawn: chart.map(|chart| chart.subtitle.clone()).unwrap_or_default(),
        picture: chart.map(|chart| Picture {
            svg: svg::draw(chart, Style::Screen, drawing),
            legend: svg::legend(chart, drawing)
                .into_iter()
                .map(|one| (one.swatch(), one.label, one.total.unwrap_or_default()))
                .collect(),
            scrolls: svg::is_wide(chart),
        }),
        table: table(&figure.table, numerals),
        definition: figure.definition.clone(),
        fault,
        width: if is_wide { "" } else { "w6" },
    }
}

fn table(table: &Table, numerals: &Numerals) -> TableView {
    let total = table.column(TOTAL);
    let cells = |row: &Row| -> Vec<String> { row.values.iter().map(|value| numerals.cell(value)).collect() };
    let row = |row: &Row| {
        let cells = cells(row).into_iter().enumerate().map(|(at, cell)| (cell, Some(at) == total));
        (row.head.clone(), cells.collect())
    };
    TableView {
        caption: table.caption.clone(),
        stub: table.stub.clone(),
        columns: table.columns.iter().map(|column| column.head.clone()).collect(),
        rows: table.rows.iter().map(row).collect(),
        totals: table.totals.iter().map(|row| (row.head.clone(), cells(row))).collect(),
        notes: table.notes.clone(),
    }
}
