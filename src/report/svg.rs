//! Draws a chart as a picture: SVG for a page, SVG and PNG for paper.
//!
//! [`Style::Screen`] leaves colours to the page's style sheet, so that dark mode and a reader's own contrast work.
//! [`Style::Print`] stands alone, in colours that stay apart in black and white and for the colour-blind, with a pattern on
//! each. Decides nothing about figures: what is compared with what stands in
//! [`chart`](crate::domain::statistics::chart), and only how it looks stands here.
//!
//! Coordinates are CSS pixels of the picture's own `viewBox`; pages scale it.

mod bars;
mod canvas;
mod columns;
mod fonts;
mod grid;
mod legend;
mod palette;
mod parts;
mod ranges;
mod raster;
mod scale;
mod text;
mod words;

#[cfg(test)]
mod samples;
#[cfg(test)]
mod tests;

use canvas::{Anchor, Canvas, Tone};
pub use legend::{Entry, Mark, legend};
pub use raster::{DrawError, png};
pub use words::Words;

use crate::domain::statistics::chart::{Chart, Series, Shape};

/// The width of a drawing that fills a page, in pixels.
const WIDE: f64 = 1180.0;

/// The width of a drawing that stands in a part of a page, in pixels.
const NARROW: f64 = 600.0;

/// The width of every drawing on paper, in pixels: the text column of an A4 page.
const PAPER: f64 = 640.0;

/// Where a picture will stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// In a page of ours: classes, no colours, and the legend beside it as a list ([`legend`]).
    Screen,
    /// On paper or alone in a file: colours and patterns, its own legend, title and description.
    Print,
}

/// Draws `chart`.
///
/// Values that are no number, below zero or past a thousand billion are drawn as the nearest that can be; a series with
/// too few values has zeros for the rest.
pub fn draw(chart: &Chart, style: Style, words: &Words) -> String {
    let mut canvas = Canvas::new(style, &chart.key, width(chart, style));
    if is_empty(&chart.shape) {
        canvas.text(canvas.width() / 2.0, 36.0, Anchor::Middle, Tone::Quiet, words.nothing);
        return canvas.finish(chart, 60.0, false);
    }
    let top = match style {
        Style::Screen => 0.0,
        Style::Print if parts::says_itself(&chart.shape, words) => 0.0,
        Style::Print => legend::draw(&mut canvas, &legend(chart, words)),
    };
    let height = match &chart.shape {
        Shape::Columns { categories, series, compared } => {
            columns::draw(&mut canvas, top, categories, series, compared.as_ref(), words)
        }
        Shape::Bars { categories, series } => bars::draw(&mut canvas, top, categories, series, words),
        Shape::Parts { parts } => parts::draw(&mut canvas, top, parts, words),
        Shape::Ranges { rows, target, target_label } => {
            ranges::draw(&mut canvas, top, rows, target.map(|at| (at, target_label.as_str())), words)
        }
        Shape::Grid { rows, columns, values } => grid::draw(&mut canvas, top, rows, columns, values, words),
    };
    canvas.finish(chart, height, is_wide(chart))
}

/// The colours of series on paper, for whoever draws them by other means.
pub fn colours(series: &[Series]) -> Vec<&'static str> {
    palette::of_series(series).into_iter().map(|look| look.colour).collect()
}

/// The colours of how long half, four of five and 19 of 20 take, on paper.
pub fn range_colours() -> [&'static str; 3] {
    [palette::RANGE_50, palette::RANGE_80, palette::RANGE_95]
}

/// Whether a page should give `chart` its whole width.
pub fn is_wide(chart: &Chart) -> bool {
    match &chart.shape {
        Shape::Columns { categories, .. } => categories.len() > 6,
        Shape::Grid { columns, .. } => columns.len() > 12,
        Shape::Bars { .. } | Shape::Parts { .. } | Shape::Ranges { .. } => false,
    }
}

fn width(chart: &Chart, style: Style) -> f64 {
    match (style, &chart.shape) {
        (Style::Print, _) => PAPER,
        (Style::Screen, Shape::Parts { .. }) => 520.0,
        (Style::Screen, Shape::Ranges { .. }) => 450.0,
        (Style::Screen, _) if is_wide(chart) => WIDE,
        (Style::Screen, _) => NARROW,
    }
}

fn is_empty(shape: &Shape) -> bool {
    match shape {
        Shape::Columns { categories, .. } | Shape::Bars { categories, .. } => categories.is_empty(),
        Shape::Parts { parts } => parts.is_empty(),
        Shape::Ranges { rows, .. } => rows.is_empty(),
        Shape::Grid { rows, columns, .. } => rows.is_empty() || columns.is_empty(),
    }
}
