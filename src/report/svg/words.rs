//! How numbers are written, and the few words that a drawing adds of its own.

/// The words of a drawing, in one language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words {
    /// Between whole and part.
    pub decimal: char,
    /// Between thousands.
    pub thousands: char,
    /// After a number that is a share, with the space before it.
    pub percent: &'static str,
    /// The half that is quickest: the median.
    pub half: &'static str,
    /// The 80th percentile.
    pub four_of_five: &'static str,
    /// The 95th percentile.
    pub nineteen_of_twenty: &'static str,
    /// Where there is nothing to draw.
    pub nothing: &'static str,
}

impl Words {
    /// As numbers are written in Danish: 1.234,5.
    pub const DANISH: Words = Words {
        decimal: ',',
        thousands: '.',
        percent: "\u{a0}%",
        half: "Halvdelen",
        four_of_five: "80\u{a0}%",
        nineteen_of_twenty: "95\u{a0}%",
        nothing: "Ingen tal",
    };

    /// As numbers are written in English: 1,234.5.
    pub const ENGLISH: Words = Words {
        decimal: '.',
        thousands: ',',
        percent: "%",
        half: "Half",
        four_of_five: "80%",
        nineteen_of_twenty: "95%",
        nothing: "No figures",
    };

    /// `value` with just so many decimals.
    pub(super) fn number(&self, value: f64, decimals: usize) -> String {
        let written = format!("{:.decimals$}", value.abs());
        let (whole, part) = written.split_once('.').unwrap_or((&written, ""));
        let mut text = String::new();
        // -0.04 with one decimal is 0.0, which has no sign.
        if value < 0.0 && written.bytes().any(|digit| matches!(digit, b'1'..=b'9')) {
            text.push('\u{2212}');
        }
        for (at, digit) in whole.chars().enumerate() {
            if at > 0 && (whole.len() - at) % 3 == 0 {
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

    /// A count without decimals, anything else with one.
    pub(super) fn amount(&self, value: f64) -> String {
        self.number(value, usize::from(!super::scale::is_whole(value)))
    }

    /// How much of `whole` that `part` is, in whole per cent; `None` of nothing.
    pub(super) fn share(&self, part: f64, whole: f64) -> Option<String> {
        (whole > 0.0).then(|| format!("{}{}", self.number(part / whole * 100.0, 0), self.percent))
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
        assert_eq!(Words::DANISH.number(value, decimals), danish);
        assert_eq!(Words::ENGLISH.number(value, decimals), english);
    }

    #[test]
    fn a_share_of_nothing_is_not_said() {
        assert_eq!(Words::DANISH.share(182.0, 295.0).as_deref(), Some("62\u{a0}%"));
        assert_eq!(Words::DANISH.share(0.0, 0.0), None);
    }
}
