//! One bar of the parts of a whole. On paper each part says below the bar what it is, where all of them have room.

use crate::domain::statistics::chart::Shape;
use crate::report::svg::canvas::{Anchor, Canvas, Fill, Tone};
use crate::report::svg::legend::{self, Entry};
use crate::report::svg::palette;
use crate::report::svg::scale::{amount, gap};
use crate::report::svg::text::{self, SIZE};
use crate::report::svg::words::Words;
use crate::report::svg::{PAPER, Style};

/// How tall the bar is, in pixels.
const TALL: f64 = 26.0;

/// Where the words of a part stand: their left end, in pixels.
struct Place {
    x: f64,
    share: String,
    label: String,
}

/// Whether the parts of `shape` say what they are below the bar, so that a legend would say it twice.
pub(super) fn says_itself(shape: &Shape, words: &Words) -> bool {
    matches!(shape, Shape::Parts { parts } if places(parts, words).is_some())
}

/// Draws from `top`, and returns how tall the drawing is then.
pub(super) fn draw(canvas: &mut Canvas, top: f64, parts: &[(String, String, f64)], words: &Words) -> f64 {
    let whole: f64 = parts.iter().map(|(_, _, value)| amount(*value)).sum();
    let looks = palette::looks(parts.iter().map(|(key, _, _)| key.as_str()));
    let last = parts.iter().rposition(|(_, _, value)| amount(*value) > 0.0);
    let mut before = 0.0;
    for (at, (look, (_, label, value))) in looks.iter().zip(parts).enumerate() {
        let value = amount(*value);
        if value > 0.0 {
            let (from, to) = (before / whole * canvas.width(), (before + value) / whole * canvas.width());
            let free = if Some(at) == last { 0.0 } else { gap(to - from, 3.0) };
            if canvas.style() == Style::Screen {
                canvas.begin(&format!("{label}: {}", words.amount(value)));
            }
            canvas.rect(Fill::Series(*look), from, top, to - from - free, TALL, 2.0);
            if canvas.style() == Style::Screen {
                canvas.end();
            }
        }
        before += value;
    }
    if whole <= 0.0 {
        canvas.text(canvas.width() / 2.0, top + 18.0, Anchor::Middle, Tone::Quiet, words.nothing);
    }
    if canvas.style() == Style::Screen {
        return top + TALL;
    }
    let Some(places) = places(parts, words) else { return top + TALL };
    for (place, entry) in places.iter().zip(legend::of_parts(parts, words)) {
        canvas.text(place.x, top + TALL + 20.0, Anchor::Start, Tone::Bold, &place.share);
        legend::mark(canvas, &entry, place.x, top + TALL + 28.5);
        canvas.text(place.x + 18.0, top + TALL + 39.0, Anchor::Start, Tone::Ink, &place.label);
    }
    top + TALL + 46.0
}

/// Where the words of each part stand on paper: at its left end, the last at the right end of all; `None` if two would
/// meet or a part has nothing to stand at.
fn places(parts: &[(String, String, f64)], words: &Words) -> Option<Vec<Place>> {
    let whole: f64 = parts.iter().map(|(_, _, value)| amount(*value)).sum();
    let entries = legend::of_parts(parts, words);
    let mut places: Vec<Place> = Vec::new();
    let (mut before, mut free_from) = (0.0, 0.0);
    for (at, Entry { label, total, share, .. }) in entries.into_iter().enumerate() {
        let label = format!("{label}, {}", total?);
        let wide = 18.0 + text::width(&label, SIZE);
        let start = before / whole * PAPER;
        let x = if at > 0 && at + 1 == parts.len() { (PAPER - wide).min(start) } else { start };
        if x < free_from || x + wide > PAPER {
            return None;
        }
        free_from = x + wide + 12.0;
        places.push(Place { x, share: share?, label });
        before += amount(parts[at].2);
    }
    Some(places)
}
