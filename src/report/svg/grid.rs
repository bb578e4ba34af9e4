//! A field for each pair of a row and a column, in at most five shades: none, and four of some.

use crate::report::svg::Style;
use crate::report::svg::canvas::{Anchor, Canvas, Fill, Tone};
use crate::report::svg::text::{self, Fitted};
use crate::report::svg::words::Words;

/// How many shades there are besides that of none.
const SHADES: i64 = 4;

/// The size of a figure in a field, in pixels.
const FIGURE: f64 = 12.0;

/// Draws from `top`, and returns how tall the drawing is then.
pub(super) fn draw(
    canvas: &mut Canvas,
    top: f64,
    rows: &[String],
    columns: &[String],
    values: &[Vec<i64>],
    words: &Words,
) -> f64 {
    let tall = if canvas.style() == Style::Screen { 30.0 } else { 24.0 };
    let names: Vec<Fitted> = rows.iter().map(|name| text::fit(name, 150.0, 1)).collect();
    let names_end = names.iter().map(Fitted::width).fold(20.0, f64::max);
    let start = names_end + 10.0;
    let pitch = (canvas.width() - start) / columns.len().max(1) as f64;
    let free = (pitch * 0.2).min(2.0);

    draw_heads(canvas, columns, start, pitch, free, top);
    let step = step(values);
    let widest = values.iter().flatten().map(|value| text::width(&written(*value, words), FIGURE));
    let figures = widest.fold(0.0, f64::max) <= pitch - free - 2.0;
    for (at, name) in names.iter().enumerate() {
        let y = top + 26.0 + (tall + 2.0) * at as f64;
        let middle = y + tall / 2.0;
        canvas.fitted(names_end, middle + 4.5, Anchor::End, Tone::Ink, name);
        for (place, column) in columns.iter().enumerate() {
            let value = values.get(at).and_then(|row| row.get(place)).copied().unwrap_or(0).max(0);
            let shade = shade(value, step);
            let x = start + pitch * place as f64;
            canvas.begin(&format!("{}, {column}: {}", rows[at], written(value, words)));
            canvas.rect(Fill::Shade(shade), x, y, pitch - free, tall, 2.0);
            if figures && value > 0 {
                let middle_x = x + (pitch - free) / 2.0;
                canvas.text(
                    middle_x,
                    middle + 4.0,
                    Anchor::Middle,
                    Tone::OnShade(shade),
                    &written(value, words),
                );
            }
            canvas.end();
        }
    }
    top + 26.0 + (tall + 2.0) * rows.len() as f64
}

/// Draws the heads of the columns that have room.
fn draw_heads(canvas: &mut Canvas, columns: &[String], start: f64, pitch: f64, free: f64, top: f64) {
    let fitted: Vec<Fitted> = columns.iter().map(|head| text::fit(head, pitch.max(60.0) - 4.0, 1)).collect();
    let widest = fitted.iter().map(Fitted::width).fold(0.0, f64::max);
    let every = ((widest + 4.0) / pitch).ceil().max(1.0) as usize;
    let mut free_from = 0.0;
    for (at, head) in fitted.iter().enumerate().step_by(every) {
        let half = head.width() / 2.0;
        let x = (start + pitch * at as f64 + (pitch - free) / 2.0).min(canvas.width() - half);
        // One that had to move in from the edge may have met its neighbour.
        if x - half < free_from {
            continue;
        }
        free_from = x + half + 3.0;
        canvas.fitted(x, top + 16.0, Anchor::Middle, Tone::Quiet, head);
    }
}

/// The shades that `values` have, with what each means, from few to many.
pub(super) fn bands(values: &[Vec<i64>], words: &Words) -> Vec<(usize, String)> {
    let max = highest(values);
    let step = step(values);
    let mut bands = vec![(0, written(0, words))];
    for place in 0..SHADES {
        let (from, to) =
            (place.saturating_mul(step).saturating_add(1), (place + 1).saturating_mul(step).min(max));
        if from > max {
            break;
        }
        let label = if from == to {
            written(from, words)
        } else {
            format!("{}–{}", written(from, words), written(to, words))
        };
        bands.push((shade(from, step), label));
    }
    bands
}

/// From one shade to the next.
fn step(values: &[Vec<i64>]) -> i64 {
    let max = highest(values);
    (max / SHADES + i64::from(max % SHADES > 0)).max(1)
}

fn highest(values: &[Vec<i64>]) -> i64 {
    values.iter().flatten().copied().max().unwrap_or(0).max(0)
}

/// Which shade `value` has: 0 for none, 4 for most.
fn shade(value: i64, step: i64) -> usize {
    if value <= 0 { 0 } else { ((value - 1) / step + 1).min(SHADES) as usize }
}

/// Counts of fields are exact as long as a picture of them makes sense.
fn written(value: i64, words: &Words) -> String {
    words.number(value.max(0) as f64, 0)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::nothing(&[0, 0], &["0"])]
    #[case::one(&[0, 1], &["0", "1"])]
    #[case::each_its_own(&[4, 1], &["0", "1", "2", "3", "4"])]
    #[case::two_each(&[7, 0, 1], &["0", "1–2", "3–4", "5–6", "7"])]
    #[case::uneven(&[5], &["0", "1–2", "3–4", "5"])]
    #[case::many(&[4000], &["0", "1–1.000", "1.001–2.000", "2.001–3.000", "3.001–4.000"])]
    #[case::below_zero(&[-3], &["0"])]
    #[case::no_field(&[], &["0"])]
    fn shades_are_few_and_say_what_they_mean(#[case] values: &[i64], #[case] labels: &[&str]) {
        let bands = bands(&[values.to_vec()], &Words::DANISH);
        let (shades, said): (Vec<usize>, Vec<String>) = bands.into_iter().unzip();
        assert_eq!(said, labels);
        assert_eq!(shades, (0..labels.len()).collect::<Vec<_>>());
    }
}
