//! Words that must fit: how wide a text is, and what is left of it where it has no room.

/// The size of nearly all text, in pixels.
pub(super) const SIZE: f64 = 13.0;

/// From one line to the next, in pixels.
pub(super) const LEADING: f64 = 15.0;

/// Advance widths of the printable ASCII characters in IBM Plex Sans, in thousandths of the size: the wider of Regular
/// and SemiBold, so that an estimate is never too small.
#[rustfmt::skip]
const ASCII: [u16; 95] = [
    236, 309, 471, 713, 600, 960, 713, 260, 337, 337, 556, 600, 298, 402, 298, 437, 600, 600, 600, 600, 600, 600, 600,
    600, 600, 600, 318, 318, 600, 600, 600, 493, 899, 672, 663, 642, 689, 600, 577, 712, 719, 423, 545, 678, 521, 816,
    719, 712, 641, 712, 664, 611, 580, 690, 638, 949, 655, 632, 599, 383, 437, 383, 600, 565, 600, 559, 600, 513, 600,
    558, 350, 545, 588, 276, 276, 562, 294, 888, 588, 563, 600, 600, 393, 499, 374, 588, 524, 819, 544, 524, 502, 363,
    376, 363, 600,
];

/// How wide `text` is at most, in pixels at `size`.
pub(super) fn width(text: &str, size: f64) -> f64 {
    text.chars().map(advance).sum::<f64>() * size
}

/// The advance of one character as a part of the size.
fn advance(character: char) -> f64 {
    let code = character as usize;
    let thousandths = match character {
        ' '..='~' => ASCII[code - 32],
        'æ' | 'Æ' | 'Œ' | 'œ' => 994,
        '\u{a0}' => 236,
        '…' | '¼' | '½' | '¾' | '—' => 872,
        'À'..='Þ' => 719,
        'ß'..='ÿ' => 677,
        'Ā'..='ɏ' => 1000,
        '–' => 588,
        '‘'..='„' => 520,
        '‰' => 1359,
        // Other scripts come from another font, and most are no wider than they are tall.
        _ => 1000,
    };
    f64::from(thousandths) / 1000.0
}

/// A text made to fit.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Fitted {
    /// From above; at least one, perhaps empty.
    pub(super) lines: Vec<String>,
    /// The whole text, where something of it is left out.
    pub(super) whole: Option<String>,
}

impl Fitted {
    /// How wide the widest line is at most, in pixels.
    pub(super) fn width(&self) -> f64 {
        self.lines.iter().map(|line| width(line, SIZE)).fold(0.0, f64::max)
    }
}

/// Makes `text` fit in `room` pixels on at most `most` lines, with an ellipsis for what has no room.
pub(super) fn fit(text: &str, room: f64, most: usize) -> Fitted {
    let whole = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut lines = Vec::new();
    let mut rest = whole.as_str();
    loop {
        if width(rest, SIZE) <= room {
            lines.push(rest.to_owned());
            return Fitted { lines, whole: None };
        }
        if lines.len() + 1 >= most.max(1) {
            lines.push(shorten(rest, room));
            return Fitted { lines, whole: Some(whole) };
        }
        let end = last_break(rest, room);
        if end == 0 {
            // One long word: a line of its own would still be too wide.
            lines.push(shorten(rest, room));
            return Fitted { lines, whole: Some(whole) };
        }
        lines.push(rest[..end].trim_end().to_owned());
        rest = rest[end..].trim_start();
    }
}

/// Where to break `text` so that what is before fits in `room`: after a space, a hyphen or a slash; 0 for nowhere.
fn last_break(text: &str, room: f64) -> usize {
    let mut end = 0;
    let mut wide = 0.0;
    for (at, character) in text.char_indices() {
        if character == ' ' && wide <= room {
            end = at;
        }
        wide += advance(character) * SIZE;
        if matches!(character, '-' | '/') && wide <= room {
            end = at + 1;
        }
        if wide > room {
            break;
        }
    }
    end
}

/// As much of `text` as fits in `room` with an ellipsis behind.
fn shorten(text: &str, room: f64) -> String {
    let mut wide = advance('…') * SIZE;
    let kept: String = text
        .chars()
        .take_while(|character| {
            wide += advance(*character) * SIZE;
            wide <= room
        })
        .collect();
    format!("{}…", kept.trim_end_matches([' ', ',', '-']))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::fits("Handicap", 100.0, 2, &["Handicap"], false)]
    #[case::spaces_are_one("  Børn \n og  unge ", 100.0, 2, &["Børn og unge"], false)]
    #[case::two_lines("Kultur, teknik og miljø", 90.0, 2, &["Kultur, teknik", "og miljø"], false)]
    #[case::after_a_hyphen("Social- og sundhedsforvaltningen", 180.0, 2, &["Social- og", "sundhedsforvaltningen"], false)]
    #[case::one_line_only("Kultur, teknik og miljø", 90.0, 1, &["Kultur, tekni…"], true)]
    #[case::too_much_for_two("Kultur, teknik, miljø og alt det andet", 90.0, 2, &["Kultur, teknik,", "miljø og alt…"], true)]
    #[case::a_long_word("Beskæftigelsesforvaltningen", 90.0, 2, &["Beskæftigel…"], true)]
    #[case::empty("", 90.0, 2, &[""], false)]
    #[case::no_room("Alt", 0.0, 2, &["…"], true)]
    fn a_text_is_made_to_fit(
        #[case] text: &str,
        #[case] room: f64,
        #[case] most: usize,
        #[case] lines: &[&str],
        #[case] shortened: bool,
    ) {
        let fitted = fit(text, room, most);
        assert_eq!(fitted.lines, lines);
        assert_eq!(fitted.whole.is_some(), shortened);
    }

    /// The estimate holds for the fonts that are used, in both weights, and is not far off.
    #[test]
    fn no_letter_of_the_fonts_is_wider_than_estimated() {
        let fonts = crate::report::svg::fonts::fonts().unwrap();
        for face in fonts.faces() {
            fonts.with_face_data(face.id, |data, index| {
                let font = ttf_parser::Face::parse(data, index).unwrap();
                for letter in ('\u{20}'..='\u{24f}').chain("–—…‘’‚“”„•€‰−".chars())
                {
                    let Some(glyph) = font.glyph_index(letter) else { continue };
                    let wide = f64::from(font.glyph_hor_advance(glyph).unwrap());
                    let estimated = advance(letter) * f64::from(font.units_per_em());
                    assert!(wide <= estimated + 0.5, "{letter} is {wide} wide, not {estimated}");
                }
            });
        }
        let written = width("Kultur, teknik og miljø", SIZE);
        assert!((written - 140.0).abs() < 8.0, "{written}");
    }

    proptest::proptest! {
        #[test]
        fn what_is_fitted_fits(text in "\\PC{0,120}", room in 20.0..400.0_f64, most in 1..4_usize) {
            let fitted = fit(&text, room, most);
            proptest::prop_assert!(fitted.lines.len() <= most);
            proptest::prop_assert!(fitted.width() <= room + 1e-6, "{fitted:?} in {room}");
        }
    }
}
