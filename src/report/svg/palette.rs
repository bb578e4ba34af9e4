//! Which colour, pattern and class a thing has, so that the same thing looks the same in every picture.
//!
//! The colours of paper are steps of lightness: of any two that meet in a picture, one is so much darker that the
//! difference survives a grey copy, and their hues are those that the colour-blind tell apart. Text is never in a
//! series' colour.

use crate::domain::statistics::chart::Series;

/// Text and strokes that must be seen.
pub(super) const INK: &str = "#1a1a1a";
/// Text that steps back.
pub(super) const INK_QUIET: &str = "#3f4548";
/// The paper.
pub(super) const PAPER: &str = "#ffffff";
/// Lines to measure by.
pub(super) const LINE: &str = "#dde2e5";
/// The line that everything stands on, and frames.
pub(super) const LINE_STRONG: &str = "#737d83";

/// The frame of how long 19 of 20 take.
pub(super) const RANGE_95: &str = "#e1eff2";
/// How long four of five take.
pub(super) const RANGE_80: &str = "#6d97a5";
/// How long the quicker half takes.
pub(super) const RANGE_50: &str = "#0b5568";

/// The shades of a grid, from none to most.
pub(super) const SHADES: [&str; 5] = ["#f3f6f7", "#cfe3e8", "#98c0cb", "#3f7b8c", "#0b4556"];

/// What stands on a shade: dark on light, light on dark.
pub(super) const ON_SHADES: [&str; 5] = [INK, INK, INK, PAPER, PAPER];

/// What tells colours apart where there are none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Pattern {
    Plain,
    Dots,
    Falling,
    Rising,
    Upright,
    Crossed,
}

impl Pattern {
    /// In the order in which the series of a picture without names of their own get them.
    const ALL: [Pattern; 6] = [
        Pattern::Plain,
        Pattern::Dots,
        Pattern::Falling,
        Pattern::Upright,
        Pattern::Crossed,
        Pattern::Rising,
    ];

    /// The part of an `id` that names it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Pattern::Plain => "plain",
            Pattern::Dots => "dots",
            Pattern::Falling => "falling",
            Pattern::Rising => "rising",
            Pattern::Upright => "upright",
            Pattern::Crossed => "crossed",
        }
    }

    /// What is stroked or filled over the colour in a square of 6 by 6 pixels; `None` for nothing.
    pub(super) fn path(self) -> Option<&'static str> {
        match self {
            Pattern::Plain => None,
            Pattern::Dots => Some("M.8 1.5h1.4M3.8 4.5h1.4"),
            Pattern::Falling => Some("M-1.5 4.5L1.5 7.5M0 0L6 6M4.5-1.5L7.5 1.5"),
            Pattern::Rising => Some("M-1.5 1.5L1.5-1.5M0 6L6 0M4.5 7.5L7.5 4.5"),
            Pattern::Upright => Some("M1.5 0V6M4.5 0V6"),
            Pattern::Crossed => Some("M0 0L6 6M0 6L6 0"),
        }
    }
}

/// How a series looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Look {
    /// Its class on the screen.
    pub(super) class: &'static str,
    /// Its colour on paper.
    pub(super) colour: &'static str,
    /// Its pattern on paper.
    pub(super) pattern: Pattern,
    /// The colour of the pattern.
    pub(super) over: &'static str,
    /// A frame on paper, where the colour alone would be lost on white.
    pub(super) edge: Option<&'static str>,
}

const fn dark(class: &'static str, colour: &'static str, pattern: Pattern, over: &'static str) -> Look {
    Look { class, colour, pattern, over, edge: None }
}

const fn light(
    class: &'static str,
    colour: &'static str,
    pattern: Pattern,
    over: &'static str,
    edge: &'static str,
) -> Look {
    Look { class, colour, pattern, over, edge: Some(edge) }
}

/// What is not known.
const UNKNOWN: Look = light("c-unknown", "#dce1e3", Pattern::Rising, "#8c969b", "#737d83");

/// The ways to get in touch, by their keys.
const CHANNELS: [(&str, Look); 5] = [
    ("email", dark("c-email", "#0b5568", Pattern::Plain, PAPER)),
    ("call", dark("c-phone", "#d5801f", Pattern::Falling, "#a55c0d")),
    ("web", dark("c-web", "#3a6cb5", Pattern::Dots, "#c9dbf5")),
    ("sms", light("c-sms", "#80c6a6", Pattern::Upright, "#4c987a", "#3b7f63")),
    ("meeting", dark("c-meet", "#470c36", Pattern::Crossed, "#84506f")),
];

/// What has no name of its own, by its place. The first two are also the two kinds of enquiry.
const PLACES: [Look; 5] = [
    dark("b1", "#0b5568", Pattern::Plain, PAPER),
    dark("b2", "#6d97a5", Pattern::Dots, "#dbe9ee"),
    dark("s3", "#a35a1c", Pattern::Falling, "#d29a67"),
    light("s4", "#d9b35c", Pattern::Upright, "#b08a35", "#8f6d1f"),
    dark("s5", "#3a1c3f", Pattern::Crossed, "#765a7b"),
];

/// The look that goes with `key` wherever it stands; `None` for what has one by its place.
fn known(key: &str) -> Option<Look> {
    match key {
        "unknown" => Some(UNKNOWN),
        "delimited" => Some(PLACES[0]),
        "open_ended" => Some(PLACES[1]),
        _ => CHANNELS.iter().find(|(channel, _)| *channel == key).map(|(_, look)| *look),
    }
}

/// The looks of what stands together in a picture, from the keys in their order.
pub(super) fn looks<'a>(keys: impl Iterator<Item = &'a str> + Clone) -> Vec<Look> {
    // A place is skipped where its look is taken by the kind of enquiry that it belongs to.
    let kinds = keys.clone().any(|key| matches!(key, "delimited" | "open_ended"));
    let mut place = if kinds { 2 } else { 0 };
    keys.map(|key| {
        known(key).unwrap_or_else(|| {
            let look = PLACES[place % PLACES.len()];
            let round = place / PLACES.len();
            place += 1;
            if round == 0 {
                return look;
            }
            // On paper, the same colour comes back with another pattern.
            let turn = Pattern::ALL.iter().position(|pattern| *pattern == look.pattern).unwrap_or(0);
            Look { pattern: Pattern::ALL[(turn + round) % Pattern::ALL.len()], ..look }
        })
    })
    .collect()
}

/// The looks of `series`.
pub(super) fn of_series(series: &[Series]) -> Vec<Look> {
    looks(series.iter().map(|one| one.key.as_str()))
}
