//! How numbers are written, and the few words that a drawing adds of its own.

use crate::domain::statistics::written::Numerals;

/// The words of a drawing, in one language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words {
    /// How numbers are written.
    pub numerals: Numerals,
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
        numerals: Numerals::DANISH,
        half: "Halvdelen",
        four_of_five: "80\u{a0}%",
        nineteen_of_twenty: "95\u{a0}%",
        nothing: "Ingen tal",
    };

    /// As numbers are written in English: 1,234.5.
    pub const ENGLISH: Words = Words {
        numerals: Numerals::ENGLISH,
        half: "Half",
        four_of_five: "80%",
        nineteen_of_twenty: "95%",
        nothing: "No figures",
    };

    /// Those of a language: `en`, or Danish.
    pub fn of(language: &str) -> Self {
        if language == "en" { Self::ENGLISH } else { Self::DANISH }
    }

    /// `value` with just so many decimals.
    pub(super) fn number(&self, value: f64, decimals: usize) -> String {
        self.numerals.number(value, decimals)
    }

    /// A count without decimals, anything else with one.
    pub(super) fn amount(&self, value: f64) -> String {
        self.number(value, usize::from(!super::scale::is_whole(value)))
    }

    /// How much of `whole` that `part` is, in whole per cent; `None` of nothing.
    pub(super) fn share(&self, part: f64, whole: f64) -> Option<String> {
        (whole > 0.0).then(|| format!("{}{}", self.number(part / whole * 100.0, 0), self.numerals.percent))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_of_nothing_is_not_said() {
        assert_eq!(Words::DANISH.share(182.0, 295.0).as_deref(), Some("62\u{a0}%"));
        assert_eq!(Words::DANISH.share(0.0, 0.0), None);
    }
}
