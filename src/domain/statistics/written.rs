//! How a figure is written, in Danish and in English: one way for pages, pictures, paper and text files.

use super::table::Value;

/// How a language writes numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Numerals {
    /// Between whole and part.
    pub decimal: char,
    /// Between thousands.
    pub thousands: char,
    /// After a number that is a share, with the space before it.
    pub percent: &'static str,
    hidden: &'static str,
    second: &'static str,
    minute: &'static str,
    hour: &'static str,
    day: [&'static str; 2],
    working_day: [&'static str; 2],
    money: &'static str,
}

impl Numerals {
    /// 1.234,5.
    pub const DANISH: Self = Self {
        decimal: ',',
        thousands: '.',
        percent: "\u{a0}%",
        hidden: "skjult",
        second: "s",
        minute: "min.",
        hour: "t.",
        day: ["dag", "dage"],
        working_day: ["arbejdsdag", "arbejdsdage"],
        money: "kr.",
    };

    /// 1,234.5.
    pub const ENGLISH: Self = Self {
        decimal: '.',
        thousands: ',',
        percent: "%",
        hidden: "hidden",
        second: "s",
        minute: "min",
        hour: "h",
        day: ["day", "days"],
        working_day: ["working day", "working days"],
        money: "DKK",
    };

    /// Those of a language: `en`, or Danish.
    pub fn of(language: &str) -> Self {
        if language == "en" { Self::ENGLISH } else { Self::DANISH }
    }

    /// `value` with just so many decimals.
    pub fn number(&self, value: f64, decimals: usize) -> String {
        let written = format!("{:.decimals$}", value.abs());
        let (whole, part) = written.split_once('.').unwrap_or((&written, ""));
        let mut text = String::new();
        // -0.04 with one decimal is 0.0, which has no sign.
        if value < 0.0 && written.bytes().any(|digit| matches!(digit, b'1'..=b'9')) {
            text.push('\u{2212}');
        }
        for (at, digit) in whole.chars().enumerate() {
            if at > 0 && (whole.len() - at).is_multiple_of(3) {
                text.push(self.thousands);
            }
            text.push(digit);
        }
        if !part.is_empty() {
            text.push(self.decimal);
            text.push_str(part);
        }
        text
    }

    /// A whole number without decimals, anything else with one.
    pub fn amount(&self, value: f64) -> String {
        self.number(value, usize::from((value - value.round()).abs() >= 0.05))
    }

    /// How many.
    pub fn count(&self, count: i64) -> String {
        #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
        let value = count as f64;
        self.number(value, 0)
    }

    /// A part of a whole (0 to 1), in whole per cent.
    pub fn share(&self, share: f64) -> String {
        format!("{}{}", self.number(share * 100.0, 0), self.percent)
    }

    /// What stands in a cell, whose head says the unit of days; other units are written.
    pub fn cell(&self, value: &Value) -> String {
        match value {
            Value::Count(count) => self.count(*count),
            Value::Share(share) => self.share(*share),
            Value::Days(days) => self.amount(*days),
            Value::WorkingDays(days) | Value::Mean(days) => self.number(*days, 1),
            Value::Seconds(seconds) => self.time(*seconds),
            Value::Money(ore) => {
                #[expect(clippy::cast_precision_loss, reason = "costs are far below 2^52")]
                let crowns = *ore as f64 / 100.0;
                format!("{}\u{a0}{}", self.number(crowns, 2), self.money)
            }
            Value::Change(change) => {
                let sign = if *change >= 0.005 { "+" } else { "" };
                format!("{sign}{}", self.share(*change))
            }
            Value::Text(text) => text.clone(),
            Value::Hidden => self.hidden.to_owned(),
            Value::Nothing => "\u{2013}".to_owned(),
        }
    }

    /// The same with the unit of days, to stand alone.
    pub fn alone(&self, value: &Value) -> String {
        match self.with_unit(value) {
            (written, "") => written,
            (written, unit) => format!("{written}\u{a0}{unit}"),
        }
    }

    /// What stands in a cell, and its unit where it is one of days.
    pub fn with_unit(&self, value: &Value) -> (String, &'static str) {
        let written = self.cell(value);
        let unit = match value {
            Value::Days(days) => Some((days, self.day)),
            Value::WorkingDays(days) => Some((days, self.working_day)),
            _ => None,
        };
        // In Danish "0,5 arbejdsdag" and "1 dag", but "0 dage" and "1,5 dage".
        match unit {
            Some((days, [one, more])) => {
                let is_one = *days > 0.0 && *days <= 1.0;
                (written, if is_one { one } else { more })
            }
            None => (written, ""),
        }
    }

    /// A length of time in the unit that suits it.
    fn time(&self, seconds: f64) -> String {
        let (value, unit) = match seconds {
            short if short < 100.0 => (short, self.second),
            middle if middle < 6_000.0 => (middle / 60.0, self.minute),
            long => (long / 3_600.0, self.hour),
        };
        format!("{}\u{a0}{unit}", self.number(value, 0))
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::nothing(0.0, 0, "0", "0")]
    #[case::small(999.0, 0, "999", "999")]
    #[case::a_thousand(1000.0, 0, "1.000", "1,000")]
    #[case::a_part(2.71, 1, "2,7", "2.7")]
    #[case::both(1234567.25, 2, "1.234.567,25", "1,234,567.25")]
    #[case::below_zero(-1500.0, 0, "\u{2212}1.500", "\u{2212}1,500")]
    #[case::rounded_to_nothing(-0.04, 1, "0,0", "0.0")]
    #[case::rounded_up(999.96, 1, "1.000,0", "1,000.0")]
    fn numbers_are_written_as_the_language_does(
        #[case] value: f64,
        #[case] decimals: usize,
        #[case] danish: &str,
        #[case] english: &str,
    ) {
        assert_eq!(Numerals::DANISH.number(value, decimals), danish);
        assert_eq!(Numerals::ENGLISH.number(value, decimals), english);
    }

    #[rstest]
    #[case(Value::Count(1280), "1.280", "1.280")]
    #[case(Value::Share(0.617), "62\u{a0}%", "62\u{a0}%")]
    #[case(Value::Change(0.148), "+15\u{a0}%", "+15\u{a0}%")]
    #[case(Value::Change(-0.5), "\u{2212}50\u{a0}%", "\u{2212}50\u{a0}%")]
    #[case(Value::Change(0.0), "0\u{a0}%", "0\u{a0}%")]
    #[case(Value::Days(7.0), "7", "7\u{a0}dage")]
    #[case(Value::Days(4.5), "4,5", "4,5\u{a0}dage")]
    #[case(Value::Days(1.0), "1", "1\u{a0}dag")]
    #[case(Value::Days(0.0), "0", "0\u{a0}dage")]
    #[case(Value::WorkingDays(0.5), "0,5", "0,5\u{a0}arbejdsdag")]
    #[case(Value::Seconds(4.4), "4\u{a0}s", "4\u{a0}s")]
    #[case(Value::Seconds(180.0), "3\u{a0}min.", "3\u{a0}min.")]
    #[case(Value::Seconds(7_200.0), "2\u{a0}t.", "2\u{a0}t.")]
    #[case(Value::Money(123_450), "1.234,50\u{a0}kr.", "1.234,50\u{a0}kr.")]
    #[case(Value::Nothing, "\u{2013}", "\u{2013}")]
    fn a_figure_is_written(#[case] value: Value, #[case] cell: &str, #[case] alone: &str) {
        assert_eq!(Numerals::DANISH.cell(&value), cell);
        assert_eq!(Numerals::DANISH.alone(&value), alone);
    }
}
