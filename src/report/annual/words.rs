//! The fixed words of the yearly report.

use super::super::cover::CoverWords;

/// The words of a language.
#[derive(Debug)]
pub(super) struct Words {
    pub(super) title: &'static str,
    pub(super) in_figures: &'static str,
    pub(super) preface: &'static str,
    pub(super) can: &'static str,
    pub(super) cannot: &'static str,
    pub(super) cases: &'static str,
    pub(super) cases_text: &'static str,
    pub(super) learning: &'static str,
    pub(super) closing: &'static str,
    pub(super) counted: &'static str,
    pub(super) warning: &'static str,
    pub(super) fault: &'static str,
    pub(super) of: &'static str,
    pub(super) cover: CoverWords,
    chapters: [(&'static str, &'static str); 5],
}

static DANISH: Words = Words {
    title: "Borgerrådgiverens årsberetning",
    in_figures: "Året i tal",
    preface: "Forord",
    can: "Borgerrådgiveren kan",
    cannot: "Borgerrådgiveren kan ikke",
    cases: "Cases",
    cases_text: "Sagerne er anonymiseret og ændret, så de ikke kan føres tilbage til en borger.",
    learning: "Det kan kommunen lære af året",
    closing: "Afslutning",
    counted: "Sådan er der talt",
    warning: "Tabellen stemmer ikke",
    fault: "Ved «{sted}» står der {i_alt}, men delene giver {dele}. Brug ikke tallene, før fejlen er fundet.",
    of: "af",
    cover: CoverWords {
        one: "{antal} henvendelser. En prik for hver.",
        several: "{antal} henvendelser. En prik for hver {hver}.",
        more: "og {antal} områder mere",
    },
    chapters: [
        ("matters", "Hvad handler henvendelserne om?"),
        ("channels", "Kontakten med borgerne"),
        ("times", "Tid og løfter"),
        ("messages", "Henvendelser, borgere og beskeder"),
        ("course", "Forløb og andet arbejde"),
    ],
};

static ENGLISH: Words = Words {
    title: "The citizens' adviser's yearly report",
    in_figures: "The year in figures",
    preface: "Preface",
    can: "The adviser can",
    cannot: "The adviser cannot",
    cases: "Cases",
    cases_text: "The cases are anonymised and changed, so that they cannot be traced back to a citizen.",
    learning: "What the municipality can learn from the year",
    closing: "Closing",
    counted: "How it was counted",
    warning: "The table does not add up",
    fault: "At “{sted}” it says {i_alt}, but the parts give {dele}. Do not use the figures before the fault is found.",
    of: "of",
    cover: CoverWords {
        one: "{antal} enquiries. A dot for each.",
        several: "{antal} enquiries. A dot for every {hver}.",
        more: "and {antal} more areas",
    },
    chapters: [
        ("matters", "What are the enquiries about?"),
        ("channels", "The contact with citizens"),
        ("times", "Time and promises"),
        ("messages", "Enquiries, citizens and messages"),
        ("course", "Course and other work"),
    ],
};

impl Words {
    /// Those of a language: `en`, or Danish.
    pub(super) fn of(language: &str) -> &'static Self {
        if language == "en" { &ENGLISH } else { &DANISH }
    }

    /// What a chapter is called.
    pub(super) fn chapter(&self, key: &str) -> &'static str {
        self.chapters.iter().find(|(one, _)| *one == key).map_or("", |(_, name)| name)
    }
}
