//! Which colour, pattern and class a thing has, so that the same thing looks the same in every picture.
//!
//! The colours of paper are steps of lightness: of any two that meet in a picture, one is, with its pattern over it, so
//! much darker that the difference survives a grey copy, and their hues are those that the colour-blind tell apart. The
//! frames give light ones an edge on white. Text is never in a series' colour.

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
const UNKNOWN: Look = light("c-unknown", "#e1e5e7", Pattern::Rising, "#98a2a7", "#737d83");

/// The ways to get in touch, by their keys.
const CHANNELS: [(&str, Look); 5] = [
    ("email", dark("c-email", "#0b5568", Pattern::Plain, PAPER)),
    ("call", light("c-phone", "#da852a", Pattern::Falling, "#b76c17", "#a55c0d")),
    ("web", dark("c-web", "#3a6cb5", Pattern::Dots, "#8db0e2")),
    ("sms", light("c-sms", "#8ccfb0", Pattern::Upright, "#68b394", "#3b7f63")),
    ("meeting", dark("c-meet", "#3d0a2f", Pattern::Crossed, "#6a3156")),
];

/// What has no name of its own, by its place. The first two are also the two kinds of enquiry.
const PLACES: [Look; 5] = [
    dark("b1", "#0b5568", Pattern::Plain, PAPER),
    dark("b2", "#6d97a5", Pattern::Dots, "#a9c6d0"),
    dark("s3", "#a35a1c", Pattern::Falling, "#bb7a42"),
    light("s4", "#e0bc68", Pattern::Upright, "#c4a04e", "#8f6d1f"),
    dark("s5", "#2c1132", Pattern::Crossed, "#573b5d"),
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

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    /// The least difference of lightness (L* of CIELAB, 0 to 100) between two colours that meet: a copy in grey
    /// keeps them apart.
    const LIGHTNESS_STEP: f64 = 11.0;

    /// The least difference (CIE76) as those see it who lack a kind of cones. About 2 is the least that is seen at
    /// all, with the colours side by side.
    const SEEN_STEP: f64 = 12.0;

    /// How colours are seen without the cones for red and for green: Machado, Oliveira and Fernandes 2009, severity 1.
    const PROTANOPIA: [[f64; 3]; 3] =
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]];
    const DEUTERANOPIA: [[f64; 3]; 3] =
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]];

    /// Red, green and blue as amounts of light.
    fn light_of(colour: &str) -> [f64; 3] {
        [1, 3, 5].map(|at| {
            let part = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        })
    }

    fn seen(cones: &[[f64; 3]; 3], light: [f64; 3]) -> [f64; 3] {
        cones.map(|row| row.iter().zip(light).map(|(a, b)| a * b).sum::<f64>().clamp(0.0, 1.0))
    }

    /// The light of a colour with its pattern over it, as it is seen from afar: how much of a square of 6 by 6 pixels
    /// the pattern covers goes by the length and width of its strokes.
    fn light_of_look(look: Look) -> [f64; 3] {
        let covered = match look.pattern {
            Pattern::Plain => 0.0,
            Pattern::Dots => 2.0 * 1.4 * 1.4 / 36.0,
            Pattern::Falling | Pattern::Rising => 8.49 * 0.9 / 36.0,
            Pattern::Upright => 2.0 * 6.0 * 0.9 / 36.0,
            Pattern::Crossed => (2.0 * 8.49 - 0.9) * 0.9 / 36.0,
        };
        let (below, over) = (light_of(look.colour), light_of(look.over));
        [0, 1, 2].map(|part| below[part] * (1.0 - covered) + over[part] * covered)
    }

    fn luminance([red, green, blue]: [f64; 3]) -> f64 {
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    fn lab(light: [f64; 3]) -> [f64; 3] {
        let [red, green, blue] = light;
        let root = |part: f64| if part > 0.008856 { part.cbrt() } else { 7.787 * part + 16.0 / 116.0 };
        let x = root((0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047);
        let y = root(luminance(light));
        let z = root((0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883);
        [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
    }

    fn contrast(one: &str, other: &str) -> f64 {
        let (one, other) = (luminance(light_of(one)) + 0.05, luminance(light_of(other)) + 0.05);
        one.max(other) / one.min(other)
    }

    /// Each two of what may meet in one picture.
    fn pairs(looks: &[Look]) -> Vec<(Look, Look)> {
        let later = |at: usize| looks[at + 1..].iter().map(move |other| (looks[at], *other));
        (0..looks.len()).flat_map(later).collect()
    }

    fn channels() -> Vec<Look> {
        CHANNELS.iter().map(|(_, look)| *look).chain([UNKNOWN]).collect()
    }

    fn places() -> Vec<Look> {
        PLACES.iter().copied().chain([UNKNOWN]).collect()
    }

    #[rstest]
    #[case::channels(channels())]
    #[case::places(places())]
    fn colours_that_meet_stay_apart_in_grey_and_for_the_colour_blind(#[case] looks: Vec<Look>) {
        for (one, other) in pairs(&looks) {
            let [lighter, darker] = [one, other].map(|look| lab(light_of_look(look))[0]);
            let step = (lighter - darker).abs();
            assert!(step >= LIGHTNESS_STEP, "{} and {} are {step:.1} apart in grey", one.class, other.class);
            for (name, cones) in [("protanopia", &PROTANOPIA), ("deuteranopia", &DEUTERANOPIA)] {
                let [a, b] = [one, other].map(|look| lab(seen(cones, light_of_look(look))));
                let apart = a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt();
                assert!(apart >= SEEN_STEP, "{} and {}: {apart:.1} with {name}", one.class, other.class);
            }
        }
    }

    #[rstest]
    #[case::channels(channels())]
    #[case::places(places())]
    fn patterns_that_meet_differ(#[case] looks: Vec<Look>) {
        for (one, other) in pairs(&looks) {
            assert_ne!(one.pattern, other.pattern, "{} and {}", one.class, other.class);
        }
    }

    /// WCAG asks for 3 to 1 of what must be seen to understand a picture: a colour or its frame has that.
    #[test]
    fn every_colour_or_its_frame_stands_out_from_paper() {
        for look in channels().into_iter().chain(places()) {
            let seen = contrast(look.edge.unwrap_or(look.colour), PAPER);
            assert!(seen >= 3.0, "{}: {seen:.2}", look.class);
        }
    }

    /// Of the style sheet as well, by day and by night.
    #[test]
    fn figures_on_shades_can_be_read() {
        let on_paper = SHADES.into_iter().zip(ON_SHADES).map(|(shade, on)| (shade.to_owned(), on.to_owned()));
        let tokens = include_str!("../../web/assets/tokens.css");
        let ours = include_str!("../../web/assets/inbox.css");
        let by_day = |css: &'static str, dark: bool, name: &str| {
            // The first time by day, the second by night.
            let at = css.match_indices(&format!("{name}:#")).nth(usize::from(dark)).unwrap().0;
            css[at + name.len() + 1..][..7].to_owned()
        };
        let on_screen = [false, true].into_iter().flat_map(|dark| {
            (0..5).map(move |shade| {
                let on =
                    if shade < 3 { by_day(tokens, dark, "--ink") } else { by_day(ours, dark, "--on-heat") };
                (by_day(ours, dark, &format!("--heat-{shade}")), on)
            })
        });
        for (shade, on) in on_paper.chain(on_screen) {
            assert!(contrast(&shade, &on) >= 4.5, "{on} on {shade}: {:.2}", contrast(&shade, &on));
        }
    }

    #[rstest]
    #[case::known_wherever_they_stand(&["sms", "email"], &["c-sms", "c-email"])]
    #[case::kinds(&["open_ended", "delimited", "unknown"], &["b2", "b1", "c-unknown"])]
    #[case::by_place(&["2025", "2026"], &["b1", "b2"])]
    #[case::by_place_beside_kinds(&["delimited", "2026"], &["b1", "s3"])]
    #[case::unknown_takes_no_place(&["unknown", "2026"], &["c-unknown", "b1"])]
    #[case::more_than_there_are(&["1", "2", "3", "4", "5", "6"], &["b1", "b2", "s3", "s4", "s5", "b1"])]
    fn looks_go_with_the_key_or_else_the_place(#[case] keys: &[&str], #[case] classes: &[&str]) {
        let looks = looks(keys.iter().copied());
        assert_eq!(looks.iter().map(|look| look.class).collect::<Vec<_>>(), classes);
        for (one, other) in pairs(&looks) {
            assert!((one.colour, one.pattern) != (other.colour, other.pattern), "on paper they differ");
        }
    }
}
