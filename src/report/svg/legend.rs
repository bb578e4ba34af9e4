//! What the colours mean: a list beside the picture on the screen, a line inside it on paper.

use crate::domain::statistics::chart::{Chart, Series, Shape};
use crate::report::svg::canvas::{Canvas, Fill, Stroke};
use crate::report::svg::grid;
use crate::report::svg::palette::{self, Look};
use crate::report::svg::scale::{amount, amount_at};
use crate::report::svg::text::{self, SIZE};
use crate::report::svg::words::Words;

/// From one line of the legend to the next, in pixels.
const LINE: f64 = 22.0;

/// What stands before the name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// A square in the colour of columns, bars, parts and fields.
    Square,
    /// The dot of a median.
    Dot,
    /// The stroke of what it is compared with.
    Stroke,
}

/// One colour of a picture and what it means.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The class of its mark, such as `c-email`.
    pub class: &'static str,
    /// What stands before the name.
    pub mark: Mark,
    /// What it is called.
    pub label: String,
    /// The sum of its values, written; `None` where a sum says nothing.
    pub total: Option<String>,
    /// The sum as a part of all, written; only for parts of a whole.
    pub share: Option<String>,
    fill: Option<Fill>,
}

impl Entry {
    fn series(look: Look, label: &str, total: String) -> Entry {
        Entry {
            class: look.class,
            mark: Mark::Square,
            label: label.to_owned(),
            total: Some(total),
            share: None,
            fill: Some(Fill::Series(look)),
        }
    }

    fn range(class: &'static str, mark: Mark, label: &str, fill: Fill) -> Entry {
        Entry { class, mark, label: label.to_owned(), total: None, share: None, fill: Some(fill) }
    }

    /// The mark for a list in a page, as a drawing of 12 by 12 pixels that is not read aloud.
    pub fn swatch(&self) -> String {
        let class = self.class;
        let mark = match self.mark {
            Mark::Square if class == "p95" => {
                format!(r#"<rect class="{class}" x=".5" y=".5" width="11" height="11" rx="2"/>"#)
            }
            Mark::Square => format!(r#"<rect class="{class}" width="12" height="12" rx="2"/>"#),
            Mark::Dot => format!(r#"<circle class="{class}" cx="6" cy="6" r="5.5"/>"#),
            Mark::Stroke => format!(r#"<line class="{class}" x1="1" x2="11" y1="6" y2="6"/>"#),
        };
        format!(r#"<svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">{mark}</svg>"#)
    }

    /// What stands behind the name.
    fn figures(&self) -> String {
        match (&self.total, &self.share) {
            (Some(total), Some(share)) => format!("{total} ({share})"),
            (Some(total), None) => total.clone(),
            (None, _) => String::new(),
        }
    }
}

/// What the colours of `chart` mean, in their order; empty where there is only one.
pub fn legend(chart: &Chart, words: &Words) -> Vec<Entry> {
    match &chart.shape {
        Shape::Columns { categories, series, compared } => {
            let mut entries = of_series(series, categories.len(), words);
            if let Some((name, _)) =
                compared.as_ref().filter(|(_, values)| values.iter().any(Option::is_some))
            {
                entries.push(Entry {
                    class: "prev",
                    mark: Mark::Stroke,
                    label: name.clone(),
                    total: None,
                    share: None,
                    fill: None,
                });
            } else if entries.len() < 2 {
                entries.clear();
            }
            entries
        }
        Shape::Bars { categories, series } => {
            let entries = of_series(series, categories.len(), words);
            if entries.len() < 2 { Vec::new() } else { entries }
        }
        Shape::Parts { parts } => of_parts(parts, words),
        Shape::Ranges { .. } => vec![
            Entry::range("p50", Mark::Dot, words.half, Fill::Range50),
            Entry::range("p80", Mark::Square, words.four_of_five, Fill::Range80),
            Entry::range("p95", Mark::Square, words.nineteen_of_twenty, Fill::Range95),
        ],
        Shape::Grid { values, .. } => grid::bands(values, words)
            .into_iter()
            .map(|(shade, label)| Entry::range(SHADES[shade], Mark::Square, &label, Fill::Shade(shade)))
            .collect(),
    }
}

/// The classes of the shades.
const SHADES: [&str; 5] = ["h0", "h1", "h2", "h3", "h4"];

fn of_series(series: &[Series], categories: usize, words: &Words) -> Vec<Entry> {
    palette::of_series(series)
        .into_iter()
        .zip(series)
        .map(|(look, one)| {
            let total: f64 = (0..categories).map(|at| amount_at(&one.values, at)).sum();
            Entry::series(look, &one.label, words.amount(total))
        })
        .collect()
}

/// The parts of a whole, each with its share.
pub(super) fn of_parts(parts: &[(String, String, f64)], words: &Words) -> Vec<Entry> {
    let whole: f64 = parts.iter().map(|(_, _, value)| amount(*value)).sum();
    palette::looks(parts.iter().map(|(key, _, _)| key.as_str()))
        .into_iter()
        .zip(parts)
        .map(|(look, (_, label, value))| {
            let share = words.share(amount(*value), whole);
            Entry { share, ..Entry::series(look, label, words.amount(amount(*value))) }
        })
        .collect()
}

/// Draws the legend of a picture on paper from its top, and returns how tall it is.
pub(super) fn draw(canvas: &mut Canvas, entries: &[Entry]) -> f64 {
    if entries.is_empty() {
        return 0.0;
    }
    let (mut x, mut y) = (0.0, 4.0);
    for entry in entries {
        let figures = entry.figures();
        let behind = if figures.is_empty() { 0.0 } else { text::width(&figures, SIZE) + 6.0 };
        let label = text::fit(&entry.label, canvas.width() - behind - 20.0, 1);
        let wide = 18.0 + label.width() + behind;
        if x > 0.0 && x + wide > canvas.width() {
            (x, y) = (0.0, y + LINE);
        }
        mark(canvas, entry, x, y);
        canvas.named(x + 18.0, y + 10.5, &label, &figures);
        x += wide + 20.0;
    }
    y + LINE + 6.0
}

/// Draws the mark of `entry` in a square of 12 pixels.
pub(super) fn mark(canvas: &mut Canvas, entry: &Entry, x: f64, y: f64) {
    match (entry.mark, entry.fill) {
        (Mark::Stroke, _) | (_, None) => {
            canvas.line(Stroke::Compared, (x + 2.0, y + 6.0), (x + 10.0, y + 6.0));
        }
        (Mark::Dot, Some(fill)) => canvas.circle(fill, x + 6.0, y + 6.0, 5.5),
        (Mark::Square, Some(fill)) => canvas.rect(fill, x + 0.5, y + 0.5, 11.0, 11.0, 2.0),
    }
}
