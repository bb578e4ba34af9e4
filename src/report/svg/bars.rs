//! Bars to the right: one for each category, of the series one after the other, with the sum behind.

use crate::domain::statistics::chart::Series;
use crate::report::svg::Style;
use crate::report::svg::canvas::{Anchor, Canvas, Fill, Tone};
use crate::report::svg::palette;
use crate::report::svg::scale::{amount_at, gap};
use crate::report::svg::text::{self, Fitted, LEADING, SIZE};
use crate::report::svg::words::Words;

/// The most that names may take of the width, in pixels.
const NAMES: f64 = 200.0;

/// More rows than this stand closer, in lines of one.
const MANY: usize = 24;

/// Draws from `top`, and returns how tall the drawing is then.
pub(super) fn draw(
    canvas: &mut Canvas,
    top: f64,
    categories: &[String],
    series: &[Series],
    words: &Words,
) -> f64 {
    let (pitch, tall) = match canvas.style() {
        _ if categories.len() > MANY => (22.0, 14.0),
        Style::Screen => (36.0, 22.0),
        Style::Print => (34.0, 20.0),
    };
    let most_lines = if categories.len() > MANY { 1 } else { 2 };
    let names: Vec<Fitted> = categories.iter().map(|name| text::fit(name, NAMES, most_lines)).collect();
    let names_end = names.iter().map(Fitted::width).fold(40.0, f64::max);
    let start = names_end + 12.0;

    let sums: Vec<f64> =
        (0..categories.len()).map(|at| series.iter().map(|one| amount_at(&one.values, at)).sum()).collect();
    let written: Vec<String> = sums.iter().map(|sum| words.amount(*sum)).collect();
    let behind = written.iter().map(|sum| text::width(sum, SIZE)).fold(24.0, f64::max) + 12.0;
    let longest = canvas.width() - start - behind;
    let max = sums.iter().copied().fold(0.0, f64::max);
    let to_x = |value: f64| start + if max > 0.0 { value / max * longest } else { 0.0 };

    let looks = palette::of_series(series);
    for (at, name) in names.iter().enumerate() {
        let y = top + 6.0 + pitch * at as f64;
        let middle = y + tall / 2.0;
        let first = middle + 5.0 - LEADING * (name.lines.len() - 1) as f64 / 2.0;
        canvas.fitted(names_end, first, Anchor::End, Tone::Ink, name);
        let mut before = 0.0;
        for (place, (look, one)) in looks.iter().zip(series).enumerate() {
            let value = amount_at(&one.values, at);
            if value > 0.0 {
                let (from, to) = (to_x(before), to_x(before + value));
                let more = series[place + 1..].iter().any(|later| amount_at(&later.values, at) > 0.0);
                let free = if more { gap(to - from, 2.0) } else { 0.0 };
                if canvas.style() == Style::Screen {
                    canvas.begin(&format!("{}, {}: {}", categories[at], one.label, words.amount(value)));
                }
                canvas.rect(Fill::Series(*look), from, y, to - from - free, tall, 1.5);
                if canvas.style() == Style::Screen {
                    canvas.end();
                }
            }
            before += value;
        }
        canvas.text(to_x(sums[at]) + 8.0, middle + 5.0, Anchor::Start, Tone::Bold, &written[at]);
    }
    top + 6.0 + pitch * categories.len() as f64
}
