//! Writes the elements of a drawing, once for both styles: what something is, is said here by a class and there by its
//! colour.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::domain::statistics::chart::Chart;
use crate::report::svg::Style;
use crate::report::svg::palette::{self, Look, Pattern};
use crate::report::svg::text::{Fitted, LEADING, SIZE};

/// What a surface is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Fill {
    /// A part that belongs to a series.
    Series(Look),
    /// How long 19 of 20 take.
    Range95,
    /// How long four of five take.
    Range80,
    /// How long the quicker half takes.
    Range50,
    /// A field of a grid, from 0 for none to 4 for most.
    Shade(usize),
}

/// What a line is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Stroke {
    /// To measure by.
    Grid,
    /// What everything stands on.
    Axis,
    /// What was promised.
    Target,
    /// What it is compared with.
    Compared,
    /// Light around what it is compared with, where that lies on a column.
    Halo,
}

/// Which end of a text stands at its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// How loud a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tone {
    /// Axes and notes.
    Quiet,
    /// Names.
    Ink,
    /// Figures.
    Bold,
    /// Figures that may stand on a line to measure by, which then does not run through them.
    Sum,
    /// A figure on a shade of a grid.
    OnShade(usize),
}

/// A drawing that is being made.
pub(super) struct Canvas {
    style: Style,
    prefix: String,
    width: f64,
    body: String,
    patterns: BTreeMap<String, Look>,
}

impl Canvas {
    /// An empty drawing. `key` keeps its patterns apart from those of other drawings on the same page.
    pub(super) fn new(style: Style, key: &str, width: f64) -> Canvas {
        // A name in XML begins with a letter, whatever the key does.
        let letters = key.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '-' });
        let prefix = format!("chart-{}", letters.collect::<String>());
        Canvas { style, prefix, width, body: String::new(), patterns: BTreeMap::new() }
    }

    pub(super) fn style(&self) -> Style {
        self.style
    }

    pub(super) fn width(&self) -> f64 {
        self.width
    }

    /// A rectangle with corners rounded by `round` pixels.
    pub(super) fn rect(&mut self, fill: Fill, x: f64, y: f64, wide: f64, tall: f64, round: f64) {
        let paint = self.paint(fill);
        // Corners of half the length are a circle; more is no rectangle.
        let round = round.min(wide / 2.0).min(tall / 2.0);
        let corners = if round > 0.05 { format!(r#" rx="{}""#, px(round)) } else { String::new() };
        self.put(format_args!(
            r#"<rect{paint} x="{}" y="{}" width="{}" height="{}"{corners}/>"#,
            px(x),
            px(y),
            px(wide),
            px(tall)
        ));
    }

    pub(super) fn circle(&mut self, fill: Fill, x: f64, y: f64, radius: f64) {
        let paint = self.paint(fill);
        self.put(format_args!(r#"<circle{paint} cx="{}" cy="{}" r="{}"/>"#, px(x), px(y), px(radius)));
    }

    pub(super) fn line(&mut self, stroke: Stroke, (x1, y1): (f64, f64), (x2, y2): (f64, f64)) {
        let paint = match (self.style, stroke) {
            (Style::Screen, Stroke::Grid) => r#" class="grid""#.to_owned(),
            (Style::Screen, Stroke::Axis) => r#" class="axis""#.to_owned(),
            (Style::Screen, Stroke::Target) => r#" class="target""#.to_owned(),
            (Style::Screen, Stroke::Compared) => r#" class="prev""#.to_owned(),
            (Style::Screen, Stroke::Halo) => r#" class="prev-halo""#.to_owned(),
            (Style::Print, Stroke::Grid) => format!(r#" stroke="{}""#, palette::LINE),
            (Style::Print, Stroke::Axis) => format!(r#" stroke="{}""#, palette::LINE_STRONG),
            (Style::Print, Stroke::Target) => {
                format!(r#" stroke="{}" stroke-width="1.5" stroke-dasharray="4 4""#, palette::INK_QUIET)
            }
            (Style::Print, Stroke::Compared) => {
                format!(r#" stroke="{}" stroke-width="2.5" stroke-linecap="round""#, palette::INK)
            }
            (Style::Print, Stroke::Halo) => {
                format!(r#" stroke="{}" stroke-width="5" stroke-linecap="round""#, palette::PAPER)
            }
        };
        self.put(format_args!(
            r#"<line{paint} x1="{}" x2="{}" y1="{}" y2="{}"/>"#,
            px(x1),
            px(x2),
            px(y1),
            px(y2)
        ));
    }

    /// One line of text; `y` is what it stands on.
    pub(super) fn text(&mut self, x: f64, y: f64, anchor: Anchor, tone: Tone, text: &str) {
        let paint = match self.style {
            Style::Screen => classes(anchor, tone),
            Style::Print => attributes(anchor, tone),
        };
        self.put(format_args!(r#"<text{paint} x="{}" y="{}">{}</text>"#, px(x), px(y), escape(text)));
    }

    /// The lines of a text that was made to fit, the first standing on `y`.
    pub(super) fn fitted(&mut self, x: f64, y: f64, anchor: Anchor, tone: Tone, fitted: &Fitted) {
        if let Some(whole) = &fitted.whole {
            self.begin(whole);
        }
        for (at, line) in fitted.lines.iter().enumerate() {
            self.text(x, y + LEADING * at as f64, anchor, tone, line);
        }
        if fitted.whole.is_some() {
            self.end();
        }
    }

    /// A name and the figures that belong to it, one after the other as wide as they are.
    pub(super) fn named(&mut self, x: f64, y: f64, name: &Fitted, figures: &str) {
        if figures.is_empty() {
            return self.fitted(x, y, Anchor::Start, Tone::Ink, name);
        }
        if let Some(whole) = &name.whole {
            self.begin(whole);
        }
        let (first, second) = match self.style {
            Style::Screen => (classes(Anchor::Start, Tone::Ink), r#" class="b""#.to_owned()),
            Style::Print => (attributes(Anchor::Start, Tone::Ink), r#" font-weight="600""#.to_owned()),
        };
        let name_line = name.lines.first().map_or("", String::as_str);
        // A space that no reader of XML may collapse.
        self.put(format_args!(
            r#"<text{first} x="{}" y="{}">{}{}<tspan{second}>{}</tspan></text>"#,
            px(x),
            px(y),
            escape(name_line),
            "\u{a0}\u{a0}",
            escape(figures)
        ));
        if name.whole.is_some() {
            self.end();
        }
    }

    /// Begins what belongs together, with what is said of it to whoever points at it.
    pub(super) fn begin(&mut self, title: &str) {
        self.put(format_args!("<g><title>{}</title>", escape(title)));
    }

    /// Ends what was begun.
    pub(super) fn end(&mut self) {
        self.put(format_args!("</g>"));
    }

    /// The drawing as a whole, `height` pixels tall.
    pub(super) fn finish(self, chart: &Chart, height: f64, wide: bool) -> String {
        let (width, height) = (px(self.width), px(height));
        match self.style {
            Style::Screen => format!(
                "<svg class=\"chart{}\" viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{}\">\n{}</svg>",
                if wide { " wide" } else { "" },
                escape(&chart.description),
                self.body
            ),
            Style::Print => format!(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
                 viewBox=\"0 0 {width} {height}\" role=\"img\" font-family=\"IBM Plex Sans, sans-serif\" \
                 font-size=\"{SIZE}\">\n<title>{}</title>\n<desc>{}</desc>\n{}\
                 <rect fill=\"{}\" width=\"{width}\" height=\"{height}\"/>\n{}</svg>",
                escape(&chart.finding),
                escape(&chart.description),
                self.defs(),
                palette::PAPER,
                self.body
            ),
        }
    }

    fn paint(&mut self, fill: Fill) -> String {
        if self.style == Style::Screen {
            return match fill {
                Fill::Series(look) => format!(r#" class="{}""#, look.class),
                Fill::Range95 => r#" class="p95""#.to_owned(),
                Fill::Range80 => r#" class="p80""#.to_owned(),
                Fill::Range50 => r#" class="p50""#.to_owned(),
                Fill::Shade(shade) => format!(r#" class="h{shade}""#),
            };
        }
        match fill {
            Fill::Series(look) => self.series(look),
            Fill::Range95 => {
                format!(r#" fill="{}" stroke="{}""#, palette::RANGE_95, palette::LINE_STRONG)
            }
            Fill::Range80 => format!(r#" fill="{}""#, palette::RANGE_80),
            Fill::Range50 => {
                format!(r#" fill="{}" stroke="{}" stroke-width="2""#, palette::RANGE_50, palette::PAPER)
            }
            // None is nearly white, and still a field.
            Fill::Shade(0) => format!(r#" fill="{}" stroke="{}""#, palette::SHADES[0], palette::LINE),
            Fill::Shade(shade) => format!(r#" fill="{}""#, palette::SHADES[shade.min(4)]),
        }
    }

    /// The attributes of a series on paper, whose pattern is remembered.
    fn series(&mut self, look: Look) -> String {
        let edge =
            look.edge.map_or_else(String::new, |edge| format!(r#" stroke="{edge}" stroke-width=".75""#));
        if look.pattern == Pattern::Plain {
            return format!(r#" fill="{}"{edge}"#, look.colour);
        }
        let id = format!("{}-{}-{}", self.prefix, look.class, look.pattern.name());
        let paint = format!(r#" fill="url(#{id})"{edge}"#);
        self.patterns.insert(id, look);
        paint
    }

    fn defs(&self) -> String {
        if self.patterns.is_empty() {
            return String::new();
        }
        let mut defs = String::from("<defs>\n");
        for (id, look) in &self.patterns {
            let path = look.pattern.path().unwrap_or_default();
            let width = if look.pattern == Pattern::Dots { "1.4" } else { ".9" };
            defs.push_str(&format!(
                "<pattern id=\"{id}\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\">\
                 <rect width=\"6\" height=\"6\" fill=\"{}\"/>\
                 <path d=\"{path}\" fill=\"none\" stroke=\"{}\" stroke-width=\"{width}\"/></pattern>\n",
                look.colour, look.over
            ));
        }
        defs.push_str("</defs>\n");
        defs
    }

    fn put(&mut self, element: std::fmt::Arguments<'_>) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.body, "{element}");
    }
}

/// The classes of a text on the screen.
fn classes(anchor: Anchor, tone: Tone) -> String {
    let anchor = match anchor {
        Anchor::Start => "",
        Anchor::Middle => " m",
        Anchor::End => " e",
    };
    let class = match tone {
        Tone::Quiet => format!("t{anchor}"),
        Tone::Ink => format!("t{anchor} i1"),
        Tone::Bold => format!("t{anchor} b"),
        Tone::Sum => format!("t{anchor} b sum"),
        Tone::OnShade(shade) => format!("v v{shade}"),
    };
    format!(r#" class="{class}""#)
}

/// The attributes of a text on paper.
fn attributes(anchor: Anchor, tone: Tone) -> String {
    let anchor = match anchor {
        Anchor::Start => "",
        Anchor::Middle => r#" text-anchor="middle""#,
        Anchor::End => r#" text-anchor="end""#,
    };
    match tone {
        Tone::Quiet => format!(r#" fill="{}"{anchor}"#, palette::INK_QUIET),
        Tone::Ink => format!(r#" fill="{}"{anchor}"#, palette::INK),
        Tone::Bold => format!(r#" fill="{}" font-weight="600"{anchor}"#, palette::INK),
        Tone::Sum => format!(
            r#" fill="{}" font-weight="600"{anchor} stroke="{}" stroke-width="3" paint-order="stroke""#,
            palette::INK,
            palette::PAPER
        ),
        Tone::OnShade(shade) => {
            format!(r#" fill="{}" font-size="11" text-anchor="middle""#, palette::ON_SHADES[shade.min(4)])
        }
    }
}

/// A length as it is written: at most two decimals, and always a number.
fn px(length: f64) -> String {
    let rounded = (if length.is_finite() { length } else { 0.0 } * 100.0).round() / 100.0;
    // Not "-0".
    format!("{}", rounded + 0.0)
}

/// `text` as it stands in XML, between tags and in attributes: what XML cannot hold at all becomes a replacement
/// character.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\t' | '\n' | '\r' => escaped.push(' '),
            '\0'..='\u{1f}' | '\u{7f}' | '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            _ => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::whole(26.0, "26")]
    #[case::two_decimals(10.456, "10.46")]
    #[case::not_minus_nothing(-0.001, "0")]
    #[case::no_number(f64::NAN, "0")]
    #[case::no_end(f64::INFINITY, "0")]
    fn lengths_are_numbers(#[case] length: f64, #[case] written: &str) {
        assert_eq!(px(length), written);
    }

    #[rstest]
    #[case::nothing_special("Børn & unge", "Børn &amp; unge")]
    #[case::tags("<b>\"Ærø\"</b>", "&lt;b&gt;&quot;Ærø&quot;&lt;/b&gt;")]
    #[case::what_xml_cannot_hold("a\u{0}b\u{b}c\u{ffff}", "a\u{fffd}b\u{fffd}c\u{fffd}")]
    #[case::lines("a\nb", "a b")]
    fn text_is_escaped(#[case] text: &str, #[case] escaped: &str) {
        assert_eq!(escape(text), escaped);
    }
}
