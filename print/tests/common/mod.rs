//! A report like those that will be printed: every kind of block, in Danish, on several pages.

use indgang_print::{Block, Column, Document, KeyFigure, Language, List, Picture, Row, Run, Table};
use jiff::civil::date;

/// A whole report.
pub(crate) fn report() -> Document {
    Document {
        title: "Borgerrådgiverens årsberetning".to_owned(),
        subtitle: "2025".to_owned(),
        organisation: "Vestersø Kommune".to_owned(),
        author: "Anna Holm, borgerrådgiver".to_owned(),
        language: Language::Danish,
        date: date(2026, 2, 17),
        cover: Some(Picture {
            svg: include_str!("../../testdata/dots.svg").to_owned(),
            alt: "280 prikker, én for hver henvendelse i 2025, farvet efter forvaltningsområde.".to_owned(),
        }),
        contents: true,
        blocks: [opening(), areas(), closing(), channels(), year(), cases()].concat(),
    }
}

fn opening() -> Vec<Block> {
    let figure = |value: &str, label: &str| KeyFigure {
        value: value.to_owned(),
        label: label.to_owned(),
        detail: String::new(),
    };
    let mut blocks = vec![
        heading(1, "Året i tal"),
        Block::KeyFigures {
            figures: vec![
                figure("280", "henvendelser i alt"),
                figure("63 %", "var afgrænsede, med en konkret løsning"),
                figure("96 %", "fik svar inden for 3 arbejdsdage"),
                figure("7 dage", "fra henvendelse til lukket sag (median)"),
            ],
        },
        heading(1, "Forord"),
        Block::Lede {
            text: "Bag hvert tal i denne beretning er der en borger, som havde brug for hjælp til at komme videre \
                   i sin sag."
                .to_owned(),
        },
    ];
    blocks.extend(Block::paragraphs(
        "Borgerrådgiveren er et tilbud til alle borgere i Vestersø Kommune. Funktionen er oprettet efter \
         kommunestyrelseslovens § 65 e og er uafhængig af forvaltningerne.\n\n\
         Borgerrådgiveren vejleder om afgørelser, rettigheder og klagemuligheder, hjælper med at formidle klager og \
         skaber dialog, når samarbejdet er gået skævt. Borgerrådgiveren fører ikke tilsyn og kan ikke ændre en \
         afgørelse.\n\n\
         Igen i år har de fleste henvendelser handlet om de store sociale områder. Det er også her, kommunen træffer \
         flest afgørelser. Mange henvendelser er derfor ikke i sig selv et tegn på problemer.",
    ));
    blocks.push(Block::Paragraph {
        runs: vec![Run::strong("Anna Holm"), Run::plain("\nBorgerrådgiver, Vestersø Kommune")],
    });
    blocks.push(panel(
        "Borgerrådgiveren kan",
        "",
        false,
        &[
            "vejlede om afgørelser og breve fra kommunen",
            "rådgive om rettigheder og klagemuligheder",
            "hjælpe med at sende en klage til rette sted",
            "skabe dialog og finde vej i kommunen",
        ],
    ));
    blocks.push(Block::PageBreak);
    blocks
}

fn areas() -> Vec<Block> {
    let rows = [
        ("Arbejdsmarked", ["38", "20", "58", "21 %"]),
        ("Handicap", ["34", "23", "57", "20 %"]),
        ("Børn og familie", ["24", "23", "47", "17 %"]),
        ("Undervisning", ["21", "17", "38", "14 %"]),
        ("Sundhed og ældre", ["20", "11", "31", "11 %"]),
        ("Borgerservice", ["25", "4", "29", "10 %"]),
        ("Kultur, teknik og miljø", ["10", "3", "13", "5 %"]),
        ("Øvrige", ["4", "3", "7", "2 %"]),
    ];
    vec![
        heading(1, "Hvad handler henvendelserne om?"),
        Block::paragraph(
            "En henvendelse er en borgers forespørgsel om en konkret sag. Den tæller én gang, uanset hvor mange \
             kontakter den fører til. Har en borger sager på flere områder, tæller hver sag.",
        ),
        Block::Figure {
            picture: Picture {
                svg: include_str!("../../testdata/areas.svg").to_owned(),
                alt: "Søjler: flest henvendelser om arbejdsmarked (58) og handicap (57), færrest om øvrige (7)."
                    .to_owned(),
            },
            caption: "Arbejdsmarked og handicap fylder mest".to_owned(),
            detail: "Henvendelser i 2025 fordelt på forvaltningsområde. Mørk: afgrænset. Lys: åben.".to_owned(),
        },
        table(
            "Henvendelser pr. forvaltningsområde og type",
            "Forvaltningsområde",
            &["Afgrænset", "Åben", "I alt", "Andel"],
            &rows,
            &[("I alt", ["176", "104", "280", "100 %"])],
            &[],
        ),
        Block::PageBreak,
    ]
}

fn closing() -> Vec<Block> {
    vec![
        heading(1, "To typer henvendelser"),
        Block::Paragraph {
            runs: vec![
                Run::plain("De "),
                Run::strong("afgrænsede"),
                Run::plain(
                    " henvendelser har en konkret løsning: en afgørelse skal forstås, en klage sendes eller den \
                     rette afdeling findes. I de ",
                ),
                Run::strong("åbne"),
                Run::plain(" er samarbejdet med kommunen gået skævt, og vejen frem skal findes undervejs."),
            ],
        },
        heading(2, "Afslutning af sagerne"),
        table(
            "Varighed for de 271 henvendelser, der blev lukket i 2025",
            "Fra henvendelse til lukning",
            &["Afgrænset", "Åben", "I alt", "Andel"],
            &[
                ("Samme dag", ["42", "3", "45", "17 %"]),
                ("1–7 dage", ["80", "14", "94", "35 %"]),
                ("8–30 dage", ["39", "35", "74", "27 %"]),
                ("1–3 måneder", ["9", "38", "47", "17 %"]),
                ("Over 3 måneder", ["3", "8", "11", "4 %"]),
            ],
            &[
                ("Lukket i alt", ["173", "98", "271", "100 %"]),
                ("Median", ["4 dage", "31 dage", "7 dage", ""]),
            ],
            &[
                "Ved årets udgang var 26 henvendelser åbne. Tabellerne viser ikke antal under 3. Små grupper lægges \
               sammen, så ingen kan genkendes.",
            ],
        ),
        panel(
            "Sådan slutter en sag",
            "Borgerrådgiveren afstemmer forventninger fra første kontakt. En sag lukkes, når problemet er løst, eller \
             når borgeren er hjulpet videre til rette sted.",
            false,
            &[],
        ),
        Block::PageBreak,
    ]
}

fn channels() -> Vec<Block> {
    vec![
        heading(1, "Kontakten med borgerne"),
        Block::paragraph(
            "Borgerne bruger alle kontaktformer. E-mail og telefon er stadig de mest brugte, men webformularen \
             vinder frem. Derfor skal borgerrådgiveren fortsat kunne nås på flere måder.",
        ),
        Block::Figure {
            picture: Picture {
                svg: include_str!("../../testdata/months.svg").to_owned(),
                alt: "Søjler for hver måned: fra 12 henvendelser i juli til 30 i oktober.".to_owned(),
            },
            caption: "Flest henvendte sig i oktober, færrest i juli".to_owned(),
            detail: "Henvendelser pr. måned fordelt på primær kontaktform.".to_owned(),
        },
        Block::Note {
            text: "Et møde tæller som møde, når det har været det vigtigste i vejledningen, også selv om der har \
                   været skriftlig eller telefonisk kontakt forud."
                .to_owned(),
        },
        table(
            "Henvendelser pr. kvartal og kontaktform",
            "Kontaktform",
            &["1. kvt.", "2. kvt.", "3. kvt.", "4. kvt.", "I alt", "Andel"],
            &[
                ("E-mail", ["27", "28", "25", "29", "109", "39 %"]),
                ("Telefon", ["21", "21", "18", "21", "81", "29 %"]),
                ("Webformular", ["10", "14", "13", "15", "52", "19 %"]),
                ("Sms", ["4", "5", "5", "5", "19", "7 %"]),
                ("Møde", ["5", "5", "4", "5", "19", "7 %"]),
            ],
            &[("I alt", ["67", "73", "65", "75", "280", "100 %"])],
            &[],
        ),
    ]
}

/// A table with a month in each column, and one that is longer than a page.
fn year() -> Vec<Block> {
    let months = [
        "jan.", "feb.", "mar.", "apr.", "maj", "juni", "juli", "aug.", "sep.", "okt.", "nov.", "dec.",
        "I alt",
    ];
    let figures = ["19", "22", "26", "21", "25", "27", "12", "24", "29", "30", "29", "16", "280"];
    let weeks: Vec<(String, [String; 3])> = (1..=52)
        .map(|week| {
            (format!("Uge {week}"), [week % 7, week % 5, week % 7 + week % 5].map(|count| count.to_string()))
        })
        .collect();
    let weeks: Vec<(&str, [&str; 3])> =
        weeks.iter().map(|(head, cells)| (head.as_str(), cells.each_ref().map(String::as_str))).collect();
    vec![
        Block::PageBreak,
        heading(1, "Bilag: året igennem"),
        table(
            "Henvendelser pr. måned",
            "Kontaktform",
            &months,
            &[("E-mail", figures), ("Webformular", figures), ("Kultur, teknik og miljø", figures)],
            &[("I alt", figures)],
            &[],
        ),
        table("Henvendelser pr. uge", "Uge", &["Afgrænset", "Åben", "I alt"], &weeks, &[], &[]),
    ]
}

fn cases() -> Vec<Block> {
    let case = |heading: &str, text: &str| Block::Case { heading: heading.to_owned(), text: text.to_owned() };
    vec![
        Block::PageBreak,
        heading(1, "Cases og læring"),
        Block::paragraph("Sagerne er anonymiseret og ændret, så de ikke kan føres tilbage til en borger."),
        case(
            "Klagevejledning: ”Det kan du ikke klage over”",
            "En borger fik at vide, at en ændring i hendes hjælp ikke kunne påklages. Borgerrådgiveren gennemgik \
             brevet med borgeren og forklarede forskellen på en afgørelse og faktisk forvaltningsvirksomhed.\n\n\
             Borgeren bad om en skriftlig begrundelse og fik sagen prøvet i Ankestyrelsen.",
        ),
        case(
            "Dialog: et møde løste mere end ti mails",
            "En far og en forvaltning havde skrevet frem og tilbage i fire måneder. Efter samtykke inviterede \
             borgerrådgiveren til et dialogmøde. Parterne aftalte én fast kontaktperson og en dato for næste skridt.",
        ),
        panel(
            "Det kan kommunen lære af året",
            "",
            true,
            &[
                "Skriv altid i brevet, hvor og hvornår man kan klage. Hver femte henvendelse handler om at forstå et \
                 brev.",
                "Giv besked, når svaret trækker ud. Manglende svar er den hyppigste årsag til åbne henvendelser.",
                "Tilbyd et møde tidligt, når samarbejdet er ved at gå i hårdknude.",
            ],
        ),
    ]
}

fn heading(level: u8, text: &str) -> Block {
    Block::Heading { level, text: text.to_owned() }
}

fn panel(heading: &str, text: &str, numbered: bool, items: &[&str]) -> Block {
    let items: Vec<String> = items.iter().map(|&item| item.to_owned()).collect();
    Block::Panel {
        heading: heading.to_owned(),
        text: text.to_owned(),
        list: (!items.is_empty()).then_some(List { numbered, items }),
    }
}

fn table<const N: usize>(
    caption: &str,
    stub: &str,
    columns: &[&str; N],
    rows: &[(&str, [&str; N])],
    totals: &[(&str, [&str; N])],
    notes: &[&str],
) -> Block {
    let written = |rows: &[(&str, [&str; N])]| {
        rows.iter()
            .map(|(head, cells)| Row {
                head: (*head).to_owned(),
                cells: cells.iter().map(|&cell| cell.to_owned()).collect(),
            })
            .collect()
    };
    Block::Table(Table {
        caption: caption.to_owned(),
        stub: stub.to_owned(),
        columns: columns.iter().map(|&head| Column { head: head.to_owned(), figures: true }).collect(),
        rows: written(rows),
        totals: written(totals),
        notes: notes.iter().map(|&note| note.to_owned()).collect(),
    })
}
