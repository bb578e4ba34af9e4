//! How long things take: a dot at the median on a bar to the 80th and a frame to the 95th percentile, which stands behind
//! in figures, and a line at what was promised.

use crate::domain::statistics::chart::Range;
use crate::report::svg::Style;
use crate::report::svg::canvas::{Anchor, Canvas, Fill, Stroke, Tone};
use crate::report::svg::scale::{Axis, amount};
use crate::report::svg::text::{self, Fitted, LEADING, SIZE};
use crate::report::svg::words::Words;

/// How tall a bar is, in pixels.
const TALL: f64 = 10.0;

/// Draws from `top`, and returns how tall the drawing is then. `target` is a value and what stands at it.
pub(super) fn draw(
    canvas: &mut Canvas,
    top: f64,
    rows: &[Range],
    target: Option<(f64, &str)>,
    words: &Words,
) -> f64 {
    let (pitch, most_names) = match canvas.style() {
        Style::Screen => (52.0, 150.0),
        Style::Print => (40.0, 200.0),
    };
    let names: Vec<Fitted> = rows.iter().map(|row| text::fit(&row.label, most_names, 2)).collect();
    let names_end = names.iter().map(Fitted::width).fold(40.0, f64::max);
    let start = names_end + 14.0;

    let figures: Vec<[f64; 3]> = rows.iter().map(in_order).collect();
    let target = target.map(|(at, label)| (amount(at), label));
    let max = figures.iter().map(|[_, _, p95]| *p95).chain(target.map(|(at, _)| at)).fold(0.0, f64::max);
    let written: Vec<String> = figures.iter().map(|[_, _, p95]| one_decimal(*p95, words)).collect();
    let behind = written.iter().map(|text| text::width(text, SIZE)).fold(20.0, f64::max) + 16.0;
    let long = canvas.width() - start - behind;
    let axis = axis(max, long, words);
    let reach = if max > 0.0 { max * 1.03 } else { axis.top() };
    let to_x = |value: f64| start + value / reach * long;

    let (above, below) = (top + 20.0, top + 26.0 + pitch * rows.len() as f64);
    for value in axis.marks().filter(|value| *value <= reach) {
        let x = to_x(value);
        if target.is_none_or(|(at, _)| (to_x(at) - x).abs() > 1.0) {
            canvas.line(Stroke::Grid, (x, above), (x, below));
        }
        let written = words.number(value, axis.decimals);
        let half = text::width(&written, SIZE) / 2.0;
        canvas.text(x.min(canvas.width() - half), below + 18.0, Anchor::Middle, Tone::Quiet, &written);
    }
    if let Some((at, label)) = target {
        let x = to_x(at);
        canvas.line(Stroke::Target, (x, above), (x, below));
        let label = text::fit(label, canvas.width() / 2.0, 1);
        let half = label.width() / 2.0;
        canvas.fitted(x.clamp(half, canvas.width() - half), top + 12.0, Anchor::Middle, Tone::Bold, &label);
    }
    for (at, (name, [p50, p80, p95])) in names.iter().zip(figures).enumerate() {
        let y = top + 22.0 + pitch * (at as f64 + 0.5);
        let first = y + 5.0 - LEADING * (name.lines.len() - 1) as f64 / 2.0;
        canvas.fitted(names_end, first, Anchor::End, Tone::Ink, name);
        if canvas.style() == Style::Screen {
            let said: Vec<String> =
                [(words.half, p50), (words.four_of_five, p80), (words.nineteen_of_twenty, p95)]
                    .iter()
                    .map(|(name, value)| format!("{name} {}", one_decimal(*value, words)))
                    .collect();
            canvas.begin(&format!("{}: {}", rows[at].label, said.join(", ")));
        }
        if p95 > 0.0 {
            canvas.rect(Fill::Range95, start, y - TALL / 2.0, to_x(p95) - start, TALL, TALL / 2.0);
        }
        if p80 > 0.0 {
            canvas.rect(Fill::Range80, start, y - TALL / 2.0, to_x(p80) - start, TALL, TALL / 2.0);
        }
        canvas.circle(Fill::Range50, to_x(p50), y, 7.5);
        if canvas.style() == Style::Screen {
            canvas.end();
        }
        canvas.text(canvas.width(), y + 5.0, Anchor::End, Tone::Bold, &written[at]);
    }
    below + 28.0
}

/// The three percentiles, none below the one before.
fn in_order(row: &Range) -> [f64; 3] {
    let p50 = amount(row.p50);
    let p80 = amount(row.p80).max(p50);
    [p50, p80, amount(row.p95).max(p80)]
}

/// Durations always have one decimal, so that they stand below one another.
fn one_decimal(value: f64, words: &Words) -> String {
    words.number(value, 1)
}

/// An axis whose marks have room beside one another on `long` pixels.
fn axis(max: f64, long: f64, words: &Words) -> Axis {
    let mut most = 5;
    loop {
        let axis = Axis::new(max, most, false);
        let widest = text::width(&words.number(axis.top(), axis.decimals), SIZE) + 12.0;
        let apart = if max > 0.0 { axis.step / (max * 1.03) * long } else { long };
        if most == 1 || widest <= apart {
            return axis;
        }
        most -= 1;
    }
}
