//! A native chart on a sheet, with the numbers that it draws in a labelled block beneath it: a chart that is pasted
//! elsewhere stays one that can be edited.
//!
//! Every word of it stands in a cell that it refers to. Words that are handed over are read for the name of a cell.

use rust_xlsxwriter::{
    Chart as Native, ChartAxisCrossing, ChartDataLabel, ChartFont, ChartFormat, ChartLegendPosition,
    ChartLine, ChartPoint, ChartSolidFill, ChartType, Worksheet, XlsxError,
};

use super::formats::Formats;
use super::{Words, bounded, column_of, shortened};
use crate::domain::statistics::chart::{Chart, Series, Shape};
use crate::report::svg;

/// How wide a chart is, in pixels: the text column of an upright page.
pub(super) const WIDE: u32 = 680;
/// How tall a chart with upright columns is, in pixels.
const TALL: u32 = 360;
/// How tall a bar and what stands around all bars are, in pixels.
const BAR: u32 = 36;
const AROUND: u32 = 150;
/// How tall a row of a sheet is, in pixels.
const ROW: u32 = 20;
/// The longest name beside a bar, in characters: a longer one leaves no room for the bars.
const LONGEST_NAME: usize = 48;
/// The longest description of a picture.
const LONGEST_DESCRIPTION: usize = 255;
/// The line around bars and columns: the lightest are lost on white without.
const EDGE: &str = "737D83";
/// Lines to measure by.
const GRID: &str = "DDE2E5";

/// Where a chart and its numbers go.
pub(super) struct Data<'a> {
    /// The sheet.
    pub(super) name: &'a str,
    /// The first row, from 0.
    pub(super) at: u32,
    /// The row of the finding, which is the chart's title.
    pub(super) finding: u32,
    /// The words of the workbook.
    pub(super) words: &'a Words,
    /// How cells look.
    pub(super) formats: &'a Formats,
}

/// What is drawn: categories, series, and a last one as a line.
struct Drawn {
    kind: ChartType,
    categories: Vec<String>,
    series: Vec<Series>,
    /// The colours of the series.
    colours: Vec<&'static str>,
    /// The colours of a single series, one for each category.
    points: Vec<&'static str>,
    line: Option<Series>,
    /// What stands beneath.
    below: String,
}

/// Puts a chart and its numbers on a sheet; the last row that it covers, above its numbers.
pub(super) fn put(sheet: &mut Worksheet, chart: &Chart, data: &Data<'_>) -> Result<u32, XlsxError> {
    let Some(drawn) = drawn(chart, data.words) else { return Ok(data.at) };
    let bars = matches!(drawn.kind, ChartType::Bar | ChartType::BarStacked);
    let tall = if bars { height(&drawn) } else { TALL };
    let block = data.at + tall / ROW + 2;
    numbers(sheet, &drawn, block, data)?;

    let mut native = Native::new(drawn.kind);
    add_series(&mut native, &drawn, block + 2, data.name);
    native.title().set_name((data.name, data.finding, 0)).set_font(ChartFont::new().set_size(13));
    if !drawn.below.is_empty() {
        let plain = ChartFont::new().unset_bold().set_size(9).clone();
        native.x_axis().set_name((data.name, block + 1, 0)).set_name_font(&plain);
    }
    if drawn.series.len() + usize::from(drawn.line.is_some()) > 1 {
        native.legend().set_position(ChartLegendPosition::Bottom);
    } else {
        native.legend().set_hidden();
    }
    let mut grid = ChartLine::new();
    grid.set_color(GRID).set_width(0.75);
    if bars {
        native.x_axis().set_major_gridlines_line(&grid);
        // Bars are drawn from below otherwise, and the table reads from above; the numbers stay beneath.
        native.y_axis().set_reverse().set_crossing(ChartAxisCrossing::Max);
    } else {
        native.y_axis().set_major_gridlines_line(&grid);
    }
    native.set_width(WIDE).set_height(tall);
    native.set_alt_text(shortened(&bounded(&chart.description), LONGEST_DESCRIPTION));
    sheet.insert_chart(data.at, 0, &native)?;
    Ok(block - 1)
}

/// How tall a chart of bars is, in pixels.
fn height(drawn: &Drawn) -> u32 {
    let beside = if drawn.kind == ChartType::Bar { drawn.series.len() } else { 1 };
    // Several bars of one category are thinner.
    let each = if beside > 1 { 26 * u32::try_from(beside).unwrap_or(1) } else { BAR };
    (u32::try_from(drawn.categories.len()).unwrap_or(0).saturating_mul(each) + AROUND).min(1_200)
}

/// The block of numbers: what it is, what stands beneath the chart, the names of the series, and a row for each category.
fn numbers(sheet: &mut Worksheet, drawn: &Drawn, at: u32, data: &Data<'_>) -> Result<(), XlsxError> {
    sheet.write_string_with_format(at, 0, data.words.chart_data, &data.formats.finding)?;
    sheet.write_string(at + 1, 0, bounded(&drawn.below))?;
    let all: Vec<&Series> = drawn.series.iter().chain(&drawn.line).collect();
    sheet.write_string_with_format(at + 2, 0, "", &data.formats.head)?;
    for (place, series) in all.iter().enumerate() {
        let label = bounded(&series.label);
        sheet.write_string_with_format(at + 2, column_of(place + 1), label, &data.formats.head_right)?;
    }
    for (number, category) in drawn.categories.iter().enumerate() {
        let line = at + 3 + u32::try_from(number).unwrap_or(0);
        sheet.write_string(line, 0, name(category))?;
        for (place, series) in all.iter().enumerate() {
            if let Some(value) = series.values.get(number).filter(|value| value.is_finite()) {
                sheet.write_number(line, column_of(place + 1), *value)?;
            }
        }
    }
    Ok(())
}

/// A category, on one line and no longer than there is room for.
fn name(category: &str) -> String {
    let whole = bounded(category).replace(['\n', '\t'], " ");
    let short = shortened(&whole, LONGEST_NAME);
    if short.len() < whole.trim().len() { format!("{short}…") } else { whole }
}

/// Adds what is drawn; the names of the series stand in the row `heads`, and the numbers beneath it.
fn add_series(native: &mut Native, drawn: &Drawn, heads: u32, sheet: &str) {
    let (first, last) = (heads + 1, heads + u32::try_from(drawn.categories.len()).unwrap_or(0));
    let stacked = matches!(drawn.kind, ChartType::ColumnStacked | ChartType::BarStacked);
    for (at, colour) in drawn.colours.iter().enumerate() {
        let place = column_of(at + 1);
        let added = native.add_series();
        added
            .set_name((sheet, heads, place))
            .set_categories((sheet, first, 0, last, 0))
            .set_values((sheet, first, place, last, place))
            .set_gap(50)
            .set_format(&mut filled(colour));
        if stacked {
            added.set_overlap(100);
        }
        if !drawn.points.is_empty() {
            let points = drawn.points.iter().map(|colour| ChartPoint::new().set_format(&mut filled(colour)));
            added.set_points(&points.collect::<Vec<_>>()).set_data_label(ChartDataLabel::new().show_value());
        }
    }
    if drawn.line.is_some() {
        let place = column_of(drawn.series.len() + 1);
        let mut line = Native::new(ChartType::Line);
        line.add_series()
            .set_name((sheet, heads, place))
            .set_categories((sheet, first, 0, last, 0))
            .set_values((sheet, first, place, last, place))
            .set_format(ChartFormat::new().set_line(ChartLine::new().set_color("1A1A1A").set_width(2.25)));
        native.combine(&line);
    }
}

fn filled(colour: &str) -> ChartFormat {
    let mut format = ChartFormat::new();
    format.set_solid_fill(ChartSolidFill::new().set_color(colour.trim_start_matches('#')));
    format.set_border(ChartLine::new().set_color(EDGE).set_width(0.5));
    format
}

/// What is drawn of a chart; `None` where there is nothing, or where the table itself is coloured.
fn drawn(chart: &Chart, words: &Words) -> Option<Drawn> {
    let one = |key: &str, label: &str, values: Vec<f64>| Series {
        key: key.to_owned(),
        label: label.to_owned(),
        values,
    };
    let plain = |kind, categories: &[String], series: &[Series]| Drawn {
        kind,
        categories: categories.to_vec(),
        series: series.to_vec(),
        colours: svg::colours(series),
        points: Vec::new(),
        line: None,
        below: chart.subtitle.clone(),
    };
    let made = match &chart.shape {
        Shape::Columns { categories, series, compared } => Drawn {
            line: compared.as_ref().map(|(name, values)| {
                one("before", name, values.iter().map(|value| value.unwrap_or(f64::NAN)).collect())
            }),
            ..plain(ChartType::ColumnStacked, categories, series)
        },
        Shape::Bars { categories, series } => plain(ChartType::BarStacked, categories, series),
        Shape::Parts { parts } => {
            let keys: Vec<Series> = parts.iter().map(|(key, _, _)| one(key, "", Vec::new())).collect();
            let names: Vec<String> = parts.iter().map(|(_, label, _)| label.clone()).collect();
            let many = parts.iter().map(|(_, _, many)| *many).collect();
            Drawn {
                points: svg::colours(&keys),
                ..plain(ChartType::Bar, &names, &[one("", words.count, many)])
            }
        }
        Shape::Ranges { rows, target_label, .. } => {
            let names: Vec<String> = rows.iter().map(|row| row.label.clone()).collect();
            let series = [
                one("p50", words.drawn.half, rows.iter().map(|row| row.p50).collect()),
                one("p80", words.drawn.four_of_five, rows.iter().map(|row| row.p80).collect()),
                one("p95", words.drawn.nineteen_of_twenty, rows.iter().map(|row| row.p95).collect()),
            ];
            let below = [chart.subtitle.as_str(), target_label.as_str()];
            let below: Vec<&str> = below.into_iter().filter(|text| !text.is_empty()).collect();
            Drawn {
                below: below.join(" \u{b7} "),
                colours: svg::range_colours().to_vec(),
                ..plain(ChartType::Bar, &names, &series)
            }
        }
        Shape::Grid { .. } => return None,
    };
    (!made.categories.is_empty() && !made.series.is_empty()).then_some(made)
}
