//! How the cells of a workbook look, and how a number of each kind is shown.

use rust_xlsxwriter::{Format, FormatAlign, FormatBorder};

use crate::domain::statistics::table::Value;
use crate::domain::statistics::written::Numerals;

/// Behind the heads of a table: pale enough for a printer without colours.
const HEAD_FILL: &str = "E1EFF2";

/// Where a row stands in its table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Among the rows.
    Row,
    /// The first of the totals, under the line.
    FirstTotal,
    /// Any other total.
    Total,
}

/// The looks of a workbook.
pub(super) struct Formats {
    pub(super) numerals: Numerals,
    pub(super) title: Format,
    pub(super) finding: Format,
    /// A text over several columns, broken into lines.
    pub(super) words: Format,
    /// A text beside a number.
    pub(super) detail: Format,
    /// A text that leads to another sheet.
    pub(super) link: Format,
    pub(super) head: Format,
    pub(super) head_right: Format,
}

impl Formats {
    pub(super) fn new(numerals: Numerals) -> Self {
        let head = Format::new()
            .set_bold()
            .set_background_color(HEAD_FILL)
            .set_border_bottom(FormatBorder::Thin)
            .set_align(FormatAlign::Bottom)
            .set_text_wrap();
        let words = Format::new().set_text_wrap().set_align(FormatAlign::Top);
        Self {
            numerals,
            title: Format::new().set_bold().set_font_size(14),
            finding: Format::new().set_bold(),
            detail: words.clone().set_align(FormatAlign::Left).set_indent(1),
            link: words.clone().set_hyperlink(),
            words,
            head_right: head.clone().set_align(FormatAlign::Right),
            head,
        }
    }

    /// The head of a row.
    pub(super) fn row_head(&self, place: Place) -> Format {
        at(Format::new().set_text_wrap().set_align(FormatAlign::Top), place)
    }

    /// A value.
    pub(super) fn value(&self, value: &Value, place: Place) -> Format {
        let format = Format::new().set_num_format(self.code(value)).set_align(FormatAlign::Right);
        at(format.set_align(FormatAlign::Top), place)
    }

    /// The number format, as the page writes the same value. Excel puts the separators of its reader's machine.
    pub(super) fn code(&self, value: &Value) -> String {
        let percent = self.numerals.percent.replace('%', "").replace('\u{a0}', "\\ ");
        match value {
            Value::Count(_) => "#,##0".to_owned(),
            Value::Share(_) => format!("0{percent}%"),
            Value::Change(_) => format!("+0{percent}%;\u{2212}0{percent}%;0{percent}%"),
            // `0.#` would leave a lone separator behind a whole number.
            Value::Days(days) if (days - days.round()).abs() < 0.05 => "#,##0".to_owned(),
            Value::Days(_) | Value::WorkingDays(_) | Value::Mean(_) => "#,##0.0".to_owned(),
            Value::Seconds(_) => "#,##0\\ \"s\"".to_owned(),
            Value::Money(_) => {
                let unit = self.numerals.cell(&Value::Money(0));
                let unit = unit.rsplit('\u{a0}').next().unwrap_or_default();
                format!("#,##0.00\\ \"{unit}\"")
            }
            Value::Text(_) | Value::Hidden | Value::Nothing => "General".to_owned(),
        }
    }
}

fn at(format: Format, place: Place) -> Format {
    match place {
        Place::Row => format,
        Place::FirstTotal => format.set_bold().set_border_top(FormatBorder::Thin),
        Place::Total => format.set_bold(),
    }
}
