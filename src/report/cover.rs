//! The cover of a report: one dot for every enquiry, coloured by its area.
//!
//! Where there are too many, a dot stands for several, and the words beside it say so. A count that is hidden has no dots.

use std::fmt::Write;

use crate::domain::statistics::book::Book;
use crate::domain::statistics::table::TOTAL;
use crate::domain::statistics::written::Numerals;

/// The most dots.
const MOST_DOTS: i64 = 2_000;
/// The colours, in the order of the rows, for the dark cover; neighbours differ in lightness, so that a grey copy keeps them
/// apart where they meet.
const COLOURS: [&str; 8] =
    ["#ffffff", "#d98a3d", "#bfe0e8", "#a678b8", "#f0d98a", "#6f9be0", "#a8e0c0", "#8fa0a8"];
/// The width of the drawing, and of its legend, in pixels.
const WIDTH: f64 = 640.0;
const DOTS: f64 = 400.0;
const LINE: f64 = 22.0;

/// The words of the cover.
#[derive(Clone, Copy, Debug)]
pub struct CoverWords {
    /// `{antal} henvendelser. En prik for hver.`
    pub one: &'static str,
    /// `{antal} henvendelser. En prik for hver {hver}.`
    pub several: &'static str,
    /// After the last area of the legend: `og {antal} mere`.
    pub more: &'static str,
}

/// The drawing and what it shows; `None` where there is nothing to draw.
pub fn cover(book: &Book, words: &CoverWords) -> Option<(String, String)> {
    let table = &book.figure("area")?.table;
    let at = table.column(TOTAL)?;
    let rows: Vec<(&str, i64)> = table
        .rows
        .iter()
        .filter_map(|row| Some((row.head.as_str(), row.values.get(at)?.count()?)))
        .filter(|(_, count)| *count > 0)
        .collect();
    let total = table.total(TOTAL)?.values.get(at)?.count().filter(|total| *total > 0)?;
    if rows.is_empty() {
        return None;
    }
    let each = step(total);
    let numerals = Numerals::of(&book.language);
    let sentence = if each == 1 { words.one } else { words.several };
    let sentence =
        sentence.replace("{antal}", &numerals.count(total)).replace("{hver}", &numerals.count(each));
    let parts: Vec<String> =
        rows.iter().map(|(name, count)| format!("{name} {}", numerals.count(*count))).collect();
    let alt = format!("{sentence} {}.", parts.join(", "));
    Some((drawn(&rows, each, &sentence, words), alt))
}

/// How many enquiries a dot stands for: 1, 2, 5, 10, 20, 50 and so on.
fn step(total: i64) -> i64 {
    let mut each = 1;
    let mut turn = 0;
    while total / each > MOST_DOTS {
        each = if turn % 3 == 1 { each / 2 * 5 } else { each * 2 };
        turn += 1;
    }
    each
}

fn drawn(rows: &[(&str, i64)], each: i64, sentence: &str, words: &CoverWords) -> String {
    let colour = |place: usize| COLOURS[place.min(COLOURS.len() - 1)];
    // At least one for every area, so that none is lost by rounding.
    let dots: Vec<usize> = rows
        .iter()
        .enumerate()
        .flat_map(|(place, (_, count))| {
            let number = ((count + each / 2) / each).max(1);
            std::iter::repeat_n(place, usize::try_from(number).unwrap_or(1))
        })
        .collect();
    #[expect(clippy::cast_precision_loss, reason = "at most some thousand dots")]
    let across = ((dots.len() as f64) * 1.2).sqrt().ceil().max(8.0);
    let pitch = DOTS / across;
    let radius = pitch * 0.36;
    let mut svg = String::new();
    let (mut x, mut y) = (0.0, 0.0);
    for place in &dots {
        let (cx, cy) = (x * pitch + pitch / 2.0, y * pitch + pitch / 2.0);
        let _ =
            write!(svg, r#"<circle cx="{cx:.1}" cy="{cy:.1}" r="{radius:.1}" fill="{}"/>"#, colour(*place));
        x += 1.0;
        if x >= across {
            (x, y) = (0.0, y + 1.0);
        }
    }
    let left = DOTS + 30.0;
    let mut top = 16.0;
    let line = |svg: &mut String, top: f64, x: f64, weight: &str, text: &str| {
        let text = escaped(text);
        let _ = write!(
            svg,
            r##"<text x="{x:.1}" y="{top:.1}" font-size="15" font-weight="{weight}" fill="#ffffff">{text}</text>"##
        );
    };
    for piece in wrapped(sentence, 26) {
        line(&mut svg, top, left, "600", &piece);
        top += LINE;
    }
    top += LINE / 2.0;
    let shown = if rows.len() > COLOURS.len() { COLOURS.len() - 1 } else { rows.len() };
    let rest = rows.len() - shown;
    let more = words.more.replace("{antal}", &rest.to_string());
    let names = rows[..shown].iter().map(|(name, _)| (*name).to_owned()).chain((rest > 0).then_some(more));
    for (place, name) in names.enumerate() {
        let cy = top - 5.0;
        let _ =
            write!(svg, r#"<circle cx="{:.1}" cy="{cy:.1}" r="6" fill="{}"/>"#, left + 6.0, colour(place));
        for piece in wrapped(&name, 22) {
            line(&mut svg, top, left + 20.0, "400", &piece);
            top += LINE;
        }
    }
    let height = (y * pitch + pitch).max(top);
    format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0}" width="{WIDTH}" height="{height:.0}" font-family="IBM Plex Sans">{svg}</svg>"#
    )
}

fn escaped(text: &str) -> String {
    // What XML does not allow stands for nothing that anybody reads.
    let allowed =
        text.chars().filter(|letter| !letter.is_control() && !matches!(letter, '\u{fffe}' | '\u{ffff}'));
    allowed.collect::<String>().replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// A text in lines of about so many characters.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = vec![String::new()];
    for word in text.split_whitespace() {
        let word: String = word.chars().take(width).collect();
        let last = lines.last().map_or(0, |line| line.chars().count());
        match lines.last_mut() {
            Some(line) if last == 0 || last + 1 + word.chars().count() <= width => {
                if last > 0 {
                    line.push(' ');
                }
                line.push_str(&word);
            }
            _ => lines.push(word),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(0, 1)]
    #[case(60, 1)]
    #[case(2_000, 1)]
    #[case(4_000, 2)]
    #[case(10_000, 5)]
    #[case(20_000, 10)]
    #[case(1_000_000, 500)]
    fn a_dot_stands_for_a_round_number(#[case] total: i64, #[case] each: i64) {
        assert_eq!(step(total), each);
    }

    #[test]
    fn a_line_is_broken_between_words() {
        assert_eq!(wrapped("Kultur, Teknik og Miljø", 16), ["Kultur, Teknik", "og Miljø"]);
        assert_eq!(wrapped("", 5), [""]);
    }

    #[test]
    fn each_area_has_a_dot_and_its_name_is_text() {
        let words = CoverWords { one: "{antal}", several: "{antal} {hver}", more: "{antal}" };
        let svg = drawn(&[("Skole <&>", 30_000), ("Øvrige", 3)], 10, "x", &words);
        assert_eq!(svg.matches("<circle").count(), 3_000 + 1 + 2);
        assert!(svg.contains("Skole &lt;&amp;&gt;"));
    }
}
