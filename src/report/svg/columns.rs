//! Upright columns: one for each category, stacked of the series, with the sum above and a stroke at what it is compared
//! with.

use crate::domain::statistics::chart::Series;
use crate::report::svg::Style;
use crate::report::svg::canvas::{Anchor, Canvas, Fill, Stroke, Tone};
use crate::report::svg::palette;
use crate::report::svg::scale::{Axis, amount, amount_at, gap, is_whole};
use crate::report::svg::text::{self, Fitted, LEADING, SIZE};
use crate::report::svg::words::Words;

/// From the top of the drawing to the top of the axis: room for the sum of a column that reaches it.
const ABOVE: f64 = 26.0;

/// The widest column, in pixels.
const WIDEST: f64 = 54.0;

/// How much of the way from one column to the next a column takes.
const FILLED: f64 = 0.62;

/// The widest name of a category that is left out here and there, in pixels.
const LONGEST_THINNED: f64 = 120.0;

/// Where the columns stand.
struct Frame {
    /// Where the first column's share of the width begins.
    left: f64,
    /// From one column to the next.
    pitch: f64,
    /// How wide a column is.
    wide: f64,
    /// What the columns stand on.
    bottom: f64,
    /// How tall the axis is.
    tall: f64,
    /// The value at the top of the axis.
    reach: f64,
}

impl Frame {
    /// Where `value` is.
    fn y(&self, value: f64) -> f64 {
        self.bottom - value / self.reach * self.tall
    }

    /// The middle of the column `at`.
    fn middle(&self, at: usize) -> f64 {
        self.left + self.pitch * (at as f64 + 0.5)
    }

    /// Whether there is room beside a column for the stroke that it is compared with.
    fn has_room_beside(&self) -> bool {
        (self.pitch - self.wide) / 2.0 >= 8.0
    }
}

/// The names below the columns.
struct Names {
    /// One for each category.
    fitted: Vec<Fitted>,
    /// Every how many-th is shown.
    every: usize,
}

/// Draws from `top`, and returns how tall the drawing is then.
pub(super) fn draw(
    canvas: &mut Canvas,
    top: f64,
    categories: &[String],
    series: &[Series],
    compared: Option<&(String, Vec<Option<f64>>)>,
    words: &Words,
) -> f64 {
    let sums: Vec<f64> =
        (0..categories.len()).map(|at| series.iter().map(|one| amount_at(&one.values, at)).sum()).collect();
    let before: Vec<Option<f64>> = (0..categories.len())
        .map(|at| compared.and_then(|(_, values)| values.get(at).copied().flatten()).map(amount))
        .collect();
    let whole = series.iter().flat_map(|one| &one.values).all(|value| is_whole(amount(*value)));
    let axis = Axis::new(before.iter().flatten().chain(&sums).copied().fold(0.0, f64::max), 5, whole);

    let tall = if canvas.style() == Style::Screen { 230.0 } else { 210.0 };
    let bottom = top + ABOVE + tall;
    let left = draw_axis(canvas, &axis, bottom, tall, words);
    let pitch = (canvas.width() - 8.0 - left) / categories.len().max(1) as f64;
    let frame = Frame { left, pitch, wide: (pitch * FILLED).min(WIDEST), bottom, tall, reach: axis.top() };

    let looks = palette::of_series(series);
    for (at, sum) in sums.iter().enumerate() {
        let x = frame.middle(at) - frame.wide / 2.0;
        if canvas.style() == Style::Screen {
            canvas.begin(&said(&categories[at], at, *sum, series, words));
        }
        let mut below = 0.0;
        for (look, one) in looks.iter().zip(series) {
            let value = amount_at(&one.values, at);
            if value > 0.0 {
                let (from, to) = (frame.y(below), frame.y(below + value));
                let free = gap(from - to, 1.5);
                canvas.rect(Fill::Series(*look), x, to, frame.wide, from - to - free, 1.5);
            }
            below += value;
        }
        if canvas.style() == Style::Screen {
            canvas.end();
        }
        if let Some(value) = before[at] {
            draw_compared(canvas, &frame, x, frame.y(value));
        }
    }
    draw_sums(canvas, &frame, &sums, &before, words);

    let lines = draw_names(canvas, &frame, &fit_names(categories, pitch));
    bottom + 34.0 + LEADING * (lines.saturating_sub(1)) as f64
}

/// What is said of a column to whoever points at it.
fn said(category: &str, at: usize, sum: f64, series: &[Series], words: &Words) -> String {
    let mut said = format!("{category}: {}", words.amount(sum));
    if series.len() > 1 {
        let parts: Vec<String> = series
            .iter()
            .map(|one| format!("{} {}", one.label, words.amount(amount_at(&one.values, at))))
            .collect();
        said.push_str(&format!(" ({})", parts.join(", ")));
    }
    said
}

/// Draws the lines to measure by, and returns where the columns begin.
fn draw_axis(canvas: &mut Canvas, axis: &Axis, bottom: f64, tall: f64, words: &Words) -> f64 {
    let marks: Vec<(f64, String)> =
        axis.marks().map(|value| (value, words.number(value, axis.decimals))).collect();
    let widest = marks.iter().map(|(_, written)| text::width(written, SIZE)).fold(0.0, f64::max);
    let left = (widest + 12.0).max(34.0);
    for (value, written) in &marks {
        let y = bottom - value / axis.top() * tall;
        let stroke = if *value > 0.0 { Stroke::Grid } else { Stroke::Axis };
        canvas.line(stroke, (left, y), (canvas.width() - 8.0, y));
        canvas.text(left - 8.0, y + 4.0, Anchor::End, Tone::Quiet, written);
    }
    left
}

/// Draws the stroke of what a column is compared with: at both its sides, or across it where there is no room.
fn draw_compared(canvas: &mut Canvas, frame: &Frame, x: f64, y: f64) {
    let end = x + frame.wide;
    if frame.has_room_beside() {
        let long = ((frame.pitch - frame.wide) / 2.0 - 5.0).min(9.0);
        canvas.line(Stroke::Compared, (x - 3.0 - long, y), (x - 3.0, y));
        canvas.line(Stroke::Compared, (end + 3.0, y), (end + 3.0 + long, y));
    } else {
        canvas.line(Stroke::Halo, (x, y), (end, y));
        canvas.line(Stroke::Compared, (x, y), (end, y));
    }
}

/// Draws the sums above the columns; only the highest where not all have room.
fn draw_sums(canvas: &mut Canvas, frame: &Frame, sums: &[f64], before: &[Option<f64>], words: &Words) {
    let written: Vec<String> = sums.iter().map(|sum| words.amount(*sum)).collect();
    let widths: Vec<f64> = written.iter().map(|text| text::width(text, SIZE)).collect();
    let all = widths.iter().all(|width| width + 4.0 <= frame.pitch);
    let highest = (0..sums.len()).fold(0, |best, at| if sums[at] > sums[best] { at } else { best });
    for at in 0..sums.len() {
        if !all && at != highest {
            continue;
        }
        let mut y = frame.y(sums[at]) - 8.0;
        if let Some(stroke) = before[at].map(|value| frame.y(value)) {
            let meets = stroke > y - 14.0 && stroke < y + 5.0;
            if meets && (!frame.has_room_beside() || widths[at] > frame.wide + 4.0) {
                y = stroke - 7.0;
            }
        }
        let half = widths[at] / 2.0;
        let x = frame.middle(at).clamp(half, canvas.width() - half);
        canvas.text(x, y, Anchor::Middle, Tone::Sum, &written[at]);
    }
}

/// Makes the names of the categories fit: in one line each, else in two, else only every so many.
fn fit_names(categories: &[String], pitch: f64) -> Names {
    let room = pitch - 6.0;
    let alone: Vec<Fitted> = categories.iter().map(|name| text::fit(name, room, 1)).collect();
    if alone.iter().all(|name| name.whole.is_none()) {
        return Names { fitted: alone, every: 1 };
    }
    if pitch >= 56.0 {
        return Names { fitted: categories.iter().map(|name| text::fit(name, room, 2)).collect(), every: 1 };
    }
    let fitted: Vec<Fitted> = categories.iter().map(|name| text::fit(name, LONGEST_THINNED, 1)).collect();
    let widest = fitted.iter().map(Fitted::width).fold(0.0, f64::max);
    // Months are thinned to quarters, half years and years.
    let every = [2, 3, 4, 6, 12, 24, 36, 60, 120]
        .into_iter()
        .find(|every| widest + 10.0 <= pitch * *every as f64)
        .unwrap_or(categories.len().max(1));
    Names { fitted, every }
}

/// Draws the names, and returns how many lines they take.
fn draw_names(canvas: &mut Canvas, frame: &Frame, names: &Names) -> usize {
    let (mut lines, mut free_from) = (1, 0.0);
    for (at, name) in names.fitted.iter().enumerate().step_by(names.every) {
        let middle = frame.middle(at);
        let half = name.width() / 2.0;
        let x = middle.clamp(half, (canvas.width() - half).max(half));
        // One that had to move in from the edge may have met its neighbour.
        if x - half < free_from {
            continue;
        }
        free_from = x + half + 3.0;
        if names.every > 1 {
            canvas.line(Stroke::Axis, (middle, frame.bottom), (middle, frame.bottom + 5.0));
        }
        canvas.fitted(x, frame.bottom + 22.0, Anchor::Middle, Tone::Quiet, name);
        lines = lines.max(name.lines.len());
    }
    lines
}
