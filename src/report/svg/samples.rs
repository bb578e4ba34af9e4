//! Pictures as an office has them, for tests and for looking at.

use crate::domain::statistics::chart::{Chart, Range, Series, Shape};

const MONTHS: [&str; 12] =
    ["jan.", "feb.", "mar.", "apr.", "maj", "juni", "juli", "aug.", "sep.", "okt.", "nov.", "dec."];

/// Every sample, by name.
pub(super) fn all() -> Vec<Chart> {
    vec![
        months(),
        ten_years(),
        areas(),
        kinds(),
        parts(),
        answers(),
        week(),
        one(),
        nothing(),
        zeros(),
        long_names(),
        huge(),
        quarters(),
    ]
}

fn chart(key: &str, finding: &str, shape: Shape) -> Chart {
    Chart {
        key: key.to_owned(),
        finding: finding.to_owned(),
        subtitle: "Henvendelser pr. måned fordelt på primær kontaktform".to_owned(),
        description: format!("{finding}. Tallene står i tabellen under diagrammet."),
        shape,
    }
}

pub(super) fn series(key: &str, label: &str, values: &[f64]) -> Series {
    Series { key: key.to_owned(), label: label.to_owned(), values: values.to_vec() }
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

pub(super) fn months() -> Chart {
    let before = [19., 22., 26., 21., 25., 27., 12., 24., 29., 30., 22., 16.].map(Some);
    let shape = Shape::Columns {
        categories: names(&MONTHS),
        series: vec![
            series("email", "E-mail", &[10., 9., 11., 9., 10., 10., 5., 9., 12., 11., 8., 7.]),
            series("call", "Telefon", &[6., 7., 8., 7., 7., 8., 4., 8., 8., 8., 6., 6.]),
            series("web", "Webformular", &[4., 5., 6., 5., 7., 7., 3., 7., 9., 9., 7., 5.]),
            series("sms", "Sms", &[1., 2., 2., 2., 2., 3., 1., 2., 3., 3., 3., 2.]),
            series("meeting", "Møde", &[2., 2., 2., 2., 2., 2., 1., 2., 2., 2., 2., 1.]),
            series("unknown", "Uoplyst", &[1., 0., 0., 2., 0., 1., 0., 0., 1., 0., 0., 3.]),
        ],
        compared: Some(("I alt samme måned 2025".to_owned(), before.to_vec())),
    };
    chart("channel-by-month", "Webformularen vokser mest, men e-mail er stadig størst", shape)
}

fn ten_years() -> Chart {
    let categories: Vec<String> =
        (0..120).map(|month| format!("{} {}", MONTHS[month % 12], 2017 + month / 12)).collect();
    let wave =
        |month: usize, base: f64| (base + 6.0 * (month as f64 / 3.0).sin() + month as f64 / 15.0).round();
    let shape = Shape::Columns {
        categories,
        series: vec![
            series("delimited", "Afgrænset", &(0..120).map(|month| wave(month, 14.0)).collect::<Vec<_>>()),
            series("open_ended", "Åben", &(0..120).map(|month| wave(month + 2, 9.0)).collect::<Vec<_>>()),
        ],
        compared: Some((
            "Året før".to_owned(),
            (0..120).map(|month| (month >= 12).then_some(24.0)).collect(),
        )),
    };
    chart("ten-years", "Flere hvert år i ti år", shape)
}

pub(super) fn areas() -> Chart {
    let shape = Shape::Bars {
        categories: names(&[
            "Arbejdsmarked",
            "Handicap",
            "Børn og familie",
            "Undervisning",
            "Sundhed og ældre",
            "Borgerservice",
            "Kultur, teknik og miljø",
            "Øvrige",
        ]),
        series: vec![
            series("delimited", "Afgrænset", &[38., 31., 24., 22., 22., 25., 13., 7.]),
            series("open_ended", "Åben", &[24., 27., 25., 19., 11., 3., 2., 2.]),
            series("unknown", "Uoplyst", &[3., 0., 1., 4., 0., 0., 0., 1.]),
        ],
    };
    chart("area-by-kind", "Tre områder står for over halvdelen", shape)
}

fn kinds() -> Chart {
    let parts = vec![
        ("delimited".to_owned(), "Afgrænset".to_owned(), 182.0),
        ("open_ended".to_owned(), "Åben".to_owned(), 113.0),
    ];
    chart("kind", "Seks af ti er afgrænsede", Shape::Parts { parts })
}

fn parts() -> Chart {
    let parts = [
        ("email", "E-mail", 104.0),
        ("call", "Telefon", 77.0),
        ("web", "Webformular", 69.0),
        ("sms", "Sms", 24.0),
        ("meeting", "Møde", 21.0),
        ("unknown", "Uoplyst", 3.0),
    ]
    .map(|(key, label, value)| (key.to_owned(), label.to_owned(), value));
    chart("channel", "E-mail er størst", Shape::Parts { parts: parts.to_vec() })
}

fn answers() -> Chart {
    let rows = [
        ("Alle", 0.5, 1.3, 2.7),
        ("Telefon", 0.05, 0.3, 1.1),
        ("Sms", 0.2, 0.9, 1.8),
        ("E-mail", 0.7, 1.4, 2.9),
        ("Webformular", 0.8, 1.6, 2.8),
    ]
    .map(|(label, p50, p80, p95)| Range { label: label.to_owned(), p50, p80, p95 });
    let shape = Shape::Ranges { rows: rows.to_vec(), target: Some(3.0), target_label: "Mål: 3".to_owned() };
    chart("first-answer", "95 % får svar inden for 2,7 arbejdsdage", shape)
}

fn week() -> Chart {
    let days = ["Mandag", "Tirsdag", "Onsdag", "Torsdag", "Fredag", "Lørdag", "Søndag"];
    let values = (0..7_i64)
        .map(|day| {
            (0..24_i64)
                .map(|hour| {
                    let open = if (8..17).contains(&hour) {
                        12 - (hour - 11).abs() * 2
                    } else {
                        i64::from(hour > 6)
                    };
                    (open - day * 2 + (day * hour) % 3).max(0)
                })
                .collect()
        })
        .collect();
    let columns = (0..24).map(|hour| format!("{hour:02}")).collect();
    chart("week", "Flest skriver mandag formiddag", Shape::Grid { rows: names(&days), columns, values })
}

fn one() -> Chart {
    let shape = Shape::Columns {
        categories: names(&["2026"]),
        series: vec![series("all", "Henvendelser", &[295.0])],
        compared: None,
    };
    chart("one", "295 henvendelser i 2026", shape)
}

fn nothing() -> Chart {
    chart("nothing", "Ingen henvendelser", Shape::Bars { categories: Vec::new(), series: Vec::new() })
}

fn zeros() -> Chart {
    let shape = Shape::Columns {
        categories: names(&MONTHS),
        series: vec![series("email", "E-mail", &[0.0; 12]), series("call", "Telefon", &[])],
        compared: Some(("I alt 2025".to_owned(), vec![None; 12])),
    };
    chart("zeros", "Ingen henvendelser endnu", shape)
}

fn long_names() -> Chart {
    let shape = Shape::Bars {
        categories: names(&[
            "Center for <Beskæftigelse> & \"Integration\" – ydelser, sygedagpenge og fleksjob i Vestersø",
            "Beskæftigelsesforvaltningen",
            "Social- og sundhedsforvaltningen",
            "IT",
        ]),
        series: vec![
            series("2024", "Forrige år med et langt navn", &[1204., 31., 24., 22.]),
            series("2025", "Sidste år", &[1024., 27., 525., 19.]),
            series("2026", "I år", &[1024., 27., 525., 19.]),
            series("2027", "Næste år", &[624., 127., 325., 19.]),
            series("2028", "Derefter", &[324., 127., 225., 19.]),
            series("2029", "Sidst", &[324., 127., 225., 19.]),
        ],
    };
    chart("long-names", "Lange navne & <tegn>", shape)
}

fn huge() -> Chart {
    let shape = Shape::Columns {
        categories: names(&["Sundhed og ældre", "Kultur, teknik og miljø i hele kommunen", "Øvrige"]),
        series: vec![
            series("email", "E-mail", &[1e11, f64::INFINITY, 3.0]),
            series("sms", "Sms", &[f64::NAN, 1e300, 2e11]),
        ],
        compared: None,
    };
    chart("huge", "Meget store tal", shape)
}

fn quarters() -> Chart {
    let shape = Shape::Columns {
        categories: names(&["1. kvartal", "2. kvartal", "3. kvartal", "4. kvartal"]),
        series: vec![
            series("delimited", "Afgrænset", &[41., 52., 38., 47.]),
            series("open_ended", "Åben", &[21., 32., 18., 27.]),
        ],
        compared: Some(("I alt 2025".to_owned(), vec![Some(65.0), Some(73.0), Some(62.0), None])),
    };
    chart("quarters", "Flest i 2. kvartal", shape)
}
