//! A native chart on a sheet, with the numbers that it draws in a labelled block beneath the table: a chart that is pasted
//! elsewhere stays one that can be edited.

use rust_xlsxwriter::{
    Chart as Native, ChartFont, ChartFormat, ChartLegendPosition, ChartLine, ChartSolidFill, ChartType,
    Format, Worksheet, XlsxError,
};

use super::{bounded, column_of};
use crate::domain::statistics::chart::{Chart, Series, Shape};
use crate::report::svg::colours;

/// How large a chart is, in pixels.
const SIZE: (u32, u32) = (720, 380);

/// Where the numbers of a chart go.
pub(super) struct Data<'a> {
    /// The sheet.
    pub(super) name: &'a str,
    /// The first row, from 0.
    pub(super) at: u32,
    /// What stands above them.
    pub(super) title: &'static str,
    /// How that looks.
    pub(super) label: &'a Format,
}

/// What is drawn: categories, series, and a last one as a line.
struct Drawn {
    kind: ChartType,
    categories: Vec<String>,
    series: Vec<Series>,
    line: Option<Series>,
    upside_down: bool,
}

/// Puts a chart and its numbers on a sheet; the row after them.
pub(super) fn put(
    sheet: &mut Worksheet,
    chart: &Chart,
    (column, row): (u16, u32),
    data: &Data<'_>,
    head: &Format,
) -> Result<u32, XlsxError> {
    let Some(drawn) = drawn(&chart.shape) else { return Ok(data.at) };
    sheet.write_string_with_format(data.at, 0, data.title, data.label)?;
    let all: Vec<&Series> = drawn.series.iter().chain(&drawn.line).collect();
    for (at, series) in all.iter().enumerate() {
        sheet.write_string_with_format(data.at, column_of(at + 1), bounded(&series.label), head)?;
    }
    for (at, category) in drawn.categories.iter().enumerate() {
        let line = data.at + 1 + u32::try_from(at).unwrap_or(0);
        sheet.write_string(line, 0, bounded(category))?;
        for (place, series) in all.iter().enumerate() {
            if let Some(value) = series.values.get(at).filter(|value| value.is_finite()) {
                sheet.write_number(line, column_of(place + 1), *value)?;
            }
        }
    }
    let first = data.at + 1;
    let last = data.at + u32::try_from(drawn.categories.len()).unwrap_or(0);
    let mut native = Native::new(drawn.kind);
    let stacked = matches!(drawn.kind, ChartType::ColumnStacked | ChartType::BarStacked);
    for (at, colour) in colours(&drawn.series).into_iter().enumerate() {
        let place = column_of(at + 1);
        let mut fill = ChartSolidFill::new();
        fill.set_color(colour.trim_start_matches('#'));
        let added = native.add_series();
        added
            .set_name((data.name, data.at, place))
            .set_categories((data.name, first, 0, last, 0))
            .set_values((data.name, first, place, last, place))
            .set_gap(60)
            .set_format(ChartFormat::new().set_solid_fill(&fill));
        if stacked {
            added.set_overlap(100);
        }
    }
    if drawn.line.is_some() {
        let place = column_of(drawn.series.len() + 1);
        let mut line = Native::new(ChartType::Line);
        line.add_series()
            .set_name((data.name, data.at, place))
            .set_categories((data.name, first, 0, last, 0))
            .set_values((data.name, first, place, last, place))
            .set_format(ChartFormat::new().set_line(ChartLine::new().set_color("1A1A1A").set_width(2.25)));
        native.combine(&line);
    }
    // What begins with = would be taken for the place of a title.
    let finding = bounded(&chart.finding);
    let finding = if finding.starts_with('=') { format!(" {finding}") } else { finding };
    native.title().set_name(finding.as_str()).set_font(ChartFont::new().set_size(13));
    if all.len() > 1 {
        native.legend().set_position(ChartLegendPosition::Bottom);
    } else {
        native.legend().set_hidden();
    }
    if drawn.upside_down {
        // Bars are drawn from below otherwise, and the table reads from above.
        native.y_axis().set_reverse();
    }
    native.set_width(SIZE.0).set_height(SIZE.1).set_alt_text(bounded(&chart.description));
    sheet.insert_chart(row, column, &native)?;
    Ok(last + 1)
}

fn drawn(shape: &Shape) -> Option<Drawn> {
    let one = |key: &str, label: &str, values: Vec<f64>| Series {
        key: key.to_owned(),
        label: label.to_owned(),
        values,
    };
    let made = match shape {
        Shape::Columns { categories, series, compared } => Drawn {
            kind: ChartType::ColumnStacked,
            categories: categories.clone(),
            series: series.clone(),
            line: compared.as_ref().map(|(name, values)| {
                one("before", name, values.iter().map(|value| value.unwrap_or(f64::NAN)).collect())
            }),
            upside_down: false,
        },
        Shape::Bars { categories, series } => Drawn {
            kind: ChartType::BarStacked,
            categories: categories.clone(),
            series: series.clone(),
            line: None,
            upside_down: true,
        },
        Shape::Parts { parts } => Drawn {
            kind: ChartType::BarStacked,
            categories: vec![String::from(" ")],
            series: parts.iter().map(|(key, label, value)| one(key, label, vec![*value])).collect(),
            line: None,
            upside_down: true,
        },
        Shape::Ranges { rows, .. } => Drawn {
            kind: ChartType::Bar,
            categories: rows.iter().map(|row| row.label.clone()).collect(),
            series: vec![
                one("p50", "50 %", rows.iter().map(|row| row.p50).collect()),
                one("p80", "80 %", rows.iter().map(|row| row.p80).collect()),
                one("p95", "95 %", rows.iter().map(|row| row.p95).collect()),
            ],
            line: None,
            upside_down: true,
        },
        // The cells themselves are coloured.
        Shape::Grid { .. } => return None,
    };
    (!made.categories.is_empty() && !made.series.is_empty()).then_some(made)
}
