//! A book as no office has it: every kind of value, every shape of a chart, and words that break what is not careful.

use indgang::domain::statistics::book::{Book, Figure, Headline};
use indgang::domain::statistics::chart::{Chart, Range, Series, Shape};
use indgang::domain::statistics::period::Period;
use indgang::domain::statistics::table::{Column, Row, Table, Value};

const DANISH: [&str; 12] =
    ["jan.", "feb.", "mar.", "apr.", "maj", "juni", "juli", "aug.", "sep.", "okt.", "nov.", "dec."];
const ENGLISH: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec"];

/// Areas whose names are formulas, dates, separators and line breaks to a careless program.
pub(crate) fn areas() -> Vec<String> {
    let mut names: Vec<String> = [
        "=HYPERLINK(\"https://x.example\";\"Børn\")",
        "+45 12 34 56 78",
        "-2+3",
        "@SUM(A1:A9)",
        "Kultur; teknik, \"miljø\"",
        "To\nlinjer",
        "'Ældre'",
        "3-5",
        "<Ærø> & Ø",
    ]
    .map(str::to_owned)
    .to_vec();
    names.push("Å".repeat(200));
    names
}

/// The book in one of the languages, `da` or `en`.
pub(crate) fn book(language: &str) -> Book {
    let english = language == "en";
    let say = |danish: &str, other: &str| if english { other.to_owned() } else { danish.to_owned() };
    let months = if english { ENGLISH } else { DANISH };
    let figures = vec![
        values(&say("Alle slags tal", "All kinds of numbers")),
        by_month(&say("Kanal efter måned", "Channel by month"), &months),
        by_area(&say("Område og type", "Area and kind")),
        parts(&say("Afgrænset eller åben", "Delimited or open-ended")),
        ranges(&say("Svartider: mål/løfte [dage]?", "Times: target/promise [days]?")),
        grid(&say("Ugen", "The week")),
        plain("twin-one", "Henvendelser uden for ombudsrollen, første udgave"),
        plain("twin-two", "Henvendelser uden for ombudsrollen, anden udgave"),
        Figure { table: Table { rows: Vec::new(), ..plain("empty", "").table }, ..plain("empty", "Tom") },
    ];
    Book {
        language: language.to_owned(),
        title: say("Statistik 2026: Ærø", "Statistics 2026: Ærø"),
        subtitle: say("1. januar – 31. december 2026", "1 January – 31 December 2026"),
        period: Period::year(2026),
        compared: Period::year(2026).before(),
        headlines: vec![
            headline("begun", &say("Henvendelser", "Enquiries"), Value::Count(1_280)),
            headline("kept", "=1+1", Value::Share(0.963)),
            headline("median", &say("Median", "Median"), Value::Days(4.5)),
            headline("hidden", &say("Skjult", "Hidden"), Value::Hidden),
        ],
        figures,
        notes: vec![long_note(), "@note".to_owned()],
    }
}

/// Longer than a line of any sheet is wide.
pub(crate) fn long_note() -> String {
    let sentence =
        "Mange henvendelser om et område er ikke nødvendigvis ensbetydende med problemer i området. ";
    sentence.repeat(6) + "Slut på noten."
}

fn headline(key: &str, label: &str, value: Value) -> Headline {
    Headline {
        key: key.to_owned(),
        label: label.to_owned(),
        value,
        detail: "-1 i forhold til 2025".to_owned(),
    }
}

fn figure(title: &str, table: Table, shape: Option<Shape>) -> Figure {
    let finding = format!("Det vigtigste om {title}");
    Figure {
        key: table.key.clone(),
        title: title.to_owned(),
        definition: long_note(),
        chart: shape.map(|shape| Chart {
            key: table.key.clone(),
            // Longer than what Excel takes as alternative text.
            description: format!("{finding}. {}", "Tallene står i tabellen. ".repeat(20)),
            finding,
            subtitle: String::new(),
            shape,
        }),
        table,
    }
}

fn table(key: &str, heads: &[&str], rows: Vec<Row>, totals: Vec<Row>) -> Table {
    let column = |(at, head): (usize, &&str)| Column { key: format!("c{at}"), head: (*head).to_owned() };
    Table {
        key: key.to_owned(),
        caption: format!("{key}, 2026 (n = 1.280)"),
        stub: "Område".to_owned(),
        columns: heads.iter().enumerate().map(column).collect(),
        rows,
        totals,
        division: None,
        notes: vec![long_note(), "=note".to_owned()],
    }
}

fn row(head: &str, values: Vec<Value>) -> Row {
    Row { key: head.to_lowercase(), head: head.to_owned(), values }
}

fn counts(head: &str, numbers: &[f64]) -> Row {
    row(head, numbers.iter().map(|number| Value::Count(*number as i64)).collect())
}

fn values(title: &str) -> Figure {
    let rows = vec![
        row(
            "Ærø",
            vec![
                Value::Count(1_234_567),
                Value::Share(1.0 / 3.0),
                Value::Days(7.0),
                Value::WorkingDays(0.5),
                Value::Seconds(4.25),
                Value::Mean(3.6),
                Value::Money(123_450),
                Value::Change(-0.25),
                Value::Text("=1+1".to_owned()),
                Value::Hidden,
            ],
        ),
        row(
            "Åbenrå",
            vec![
                Value::Count(0),
                Value::Share(0.0),
                Value::Days(4.5),
                Value::WorkingDays(12.0),
                Value::Seconds(7_200.0),
                Value::Mean(f64::NAN),
                Value::Money(-5),
                Value::Change(1.5),
                Value::Text("3-5".to_owned()),
                Value::Nothing,
            ],
        ),
    ];
    let total = row("I alt", rows[0].values.clone());
    let heads = [
        "Antal",
        "Andel",
        "Dage",
        "Arbejdsdage",
        "Sekunder",
        "Middel",
        "Kroner",
        "Ændring",
        "=Ord",
        "Skjult",
    ];
    figure(
        title,
        table("values", &heads, rows, vec![total.clone(), Row { head: "Heraf".to_owned(), ..total }]),
        None,
    )
}

fn series(key: &str, label: &str, values: &[f64]) -> Series {
    Series { key: key.to_owned(), label: label.to_owned(), values: values.to_vec() }
}

fn by_month(title: &str, months: &[&str]) -> Figure {
    let of = |step: usize| -> Vec<f64> { (0..12).map(|month| ((month * step) % 11 + 1) as f64).collect() };
    let series = vec![
        series("email", "E-mail", &of(3)),
        series("call", "Telefon", &of(5)),
        series("sms", "Sms", &of(7)),
    ];
    let rows = months
        .iter()
        .enumerate()
        .map(|(at, month)| counts(month, &series.iter().map(|one| one.values[at]).collect::<Vec<_>>()));
    let rows: Vec<Row> = rows.collect();
    let sums: Vec<f64> = series.iter().map(|one| one.values.iter().sum()).collect();
    let before = (0..12).map(|month| (month != 4).then_some((month + 9) as f64)).collect();
    let shape = Shape::Columns {
        categories: months.iter().map(|month| (*month).to_owned()).collect(),
        series,
        compared: Some(("I alt 2025".to_owned(), before)),
    };
    figure(
        title,
        table("by-month", &["E-mail", "Telefon", "Sms"], rows, vec![counts("I alt", &sums)]),
        Some(shape),
    )
}

fn by_area(title: &str) -> Figure {
    let names = areas();
    let of = |from: usize| -> Vec<f64> { (0..names.len()).map(|at| (from - at) as f64).collect() };
    let series = vec![series("delimited", "Afgrænset", &of(40)), series("open_ended", "=Åben", &of(20))];
    let rows = names
        .iter()
        .enumerate()
        .map(|(at, name)| counts(name, &series.iter().map(|one| one.values[at]).collect::<Vec<_>>()));
    let rows: Vec<Row> = rows.collect();
    let sums: Vec<f64> = series.iter().map(|one| one.values.iter().sum()).collect();
    let table = table("by-area", &["Afgrænset", "=Åben"], rows, vec![counts("I alt", &sums)]);
    figure(title, table, Some(Shape::Bars { categories: names, series }))
}

fn parts(title: &str) -> Figure {
    let parts =
        [("delimited", "Afgrænset", 182.0), ("open_ended", "Åben", 113.0), ("unknown", "Uoplyst", 5.0)]
            .map(|(key, label, many)| (key.to_owned(), label.to_owned(), many));
    let rows = parts.iter().map(|(_, label, many)| counts(label, &[*many])).collect();
    let table = table("parts", &["Antal"], rows, vec![counts("I alt", &[300.0])]);
    figure(title, table, Some(Shape::Parts { parts: parts.to_vec() }))
}

fn ranges(title: &str) -> Figure {
    let rows = [("Alle", 0.5, 1.3, 2.7), ("Telefon", 0.05, 0.3, 1.1), ("E-mail", 0.7, 1.4, 2.9)];
    let lines = rows.iter().map(|(head, p50, p80, p95)| {
        row(head, [p50, p80, p95].map(|days| Value::WorkingDays(*days)).to_vec())
    });
    let table = table("ranges", &["Halvdelen", "80 %", "95 %"], lines.collect(), Vec::new());
    let rows = rows.iter().map(|(label, p50, p80, p95)| Range {
        label: (*label).to_owned(),
        p50: *p50,
        p80: *p80,
        p95: *p95,
    });
    let shape = Shape::Ranges {
        rows: rows.collect(),
        target: Some(3.0),
        target_label: "Mål: 3 arbejdsdage".to_owned(),
    };
    figure(title, table, Some(shape))
}

fn grid(title: &str) -> Figure {
    let days = ["Mandag", "Tirsdag", "Onsdag", "Torsdag", "Fredag", "Lørdag", "Søndag"];
    let hours: Vec<String> = (0..24).map(|hour| format!("{hour:02}")).collect();
    let heads: Vec<&str> = hours.iter().map(String::as_str).chain(["I alt"]).collect();
    let many = |day: usize, hour: usize| if (7..17).contains(&hour) { (day * 5 + hour * 3) % 13 } else { 0 };
    let values: Vec<Vec<i64>> =
        (0..7).map(|day| (0..24).map(|hour| many(day, hour) as i64).collect()).collect();
    let rows = days.iter().zip(&values).map(|(day, values)| {
        let all: Vec<i64> = values.iter().copied().chain([values.iter().sum()]).collect();
        row(day, all.into_iter().map(Value::Count).collect())
    });
    let table = table("week", &heads, rows.collect(), Vec::new());
    let rows = days.map(str::to_owned).to_vec();
    figure(title, table, Some(Shape::Grid { rows, columns: hours, values }))
}

fn plain(key: &str, title: &str) -> Figure {
    figure(title, table(key, &["Antal"], vec![counts("Alle", &[3.0])], Vec::new()), None)
}
