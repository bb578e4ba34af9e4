//! What stands in a cell of a file: a number, words, or nothing; and which words a spreadsheet would misread.

use std::borrow::Cow;

use crate::domain::statistics::table::Value;

/// What a value is in a file.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Content {
    /// A number and what it is, as [`unit`] says.
    Number(f64),
    /// Words.
    Text(String),
    /// Too small to be shown.
    Hidden,
    /// Nothing to say.
    Nothing,
}

/// The content of a value. Money is in kroner.
pub(super) fn content(value: &Value) -> Content {
    #[expect(clippy::cast_precision_loss, reason = "counts and costs are far below 2^52")]
    let number = match value {
        Value::Count(count) => *count as f64,
        Value::Money(ore) => *ore as f64 / 100.0,
        Value::Share(number)
        | Value::Days(number)
        | Value::WorkingDays(number)
        | Value::Seconds(number)
        | Value::Mean(number)
        | Value::Change(number) => *number,
        Value::Text(text) => return Content::Text(clean(text).into_owned()),
        Value::Hidden => return Content::Hidden,
        Value::Nothing => return Content::Nothing,
    };
    // Minus zero is zero to everybody but a program.
    if number.is_finite() { Content::Number(number + 0.0) } else { Content::Nothing }
}

/// What a value is a number of.
pub(super) fn unit(value: &Value) -> &'static str {
    match value {
        Value::Count(_) => "count",
        Value::Share(_) => "share",
        Value::Days(_) => "days",
        Value::WorkingDays(_) => "working_days",
        Value::Seconds(_) => "seconds",
        Value::Mean(_) => "mean",
        Value::Money(_) => "dkk",
        Value::Change(_) => "change",
        Value::Text(_) => "text",
        Value::Hidden => "hidden",
        Value::Nothing => "nothing",
    }
}

/// Words without what no file may hold.
pub(super) fn clean(text: &str) -> Cow<'_, str> {
    let is_bad = |c: char| (c.is_control() && c != '\n' && c != '\t') || matches!(c, '\u{fffe}' | '\u{ffff}');
    if !text.contains(is_bad) {
        return Cow::Borrowed(text);
    }
    let broken = text.replace("\r\n", "\n").replace('\r', "\n");
    Cow::Owned(broken.chars().filter(|c| !is_bad(*c)).collect())
}

/// Whether a spreadsheet may take `text` for a formula when it reads or changes the cell: it begins with `=`, `+`, `-` or
/// `@`, also in their wide forms and after what is not seen, or with a tab or a line break.
pub(super) fn is_like_a_formula(text: &str) -> bool {
    let seen = text.trim_start_matches(|c: char| c.is_whitespace() || c.is_control() || is_invisible(c));
    text.starts_with(['\t', '\n', '\r'])
        || seen.starts_with(['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'])
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Whether a spreadsheet that opens a CSV takes `text` for a day, a time or a number that it is not: «3-5» becomes 3 May,
/// and «007» becomes 7.
pub(super) fn is_like_a_date(text: &str) -> bool {
    let text = text.trim();
    let digits = |c: char| c.is_ascii_digit();
    let joined = text.contains(['-', '/', '.', ':', ',', 'e', 'E']);
    let only =
        text.chars().all(|c| digits(c) || matches!(c, '-' | '/' | '.' | ':' | ',' | ' ' | 'e' | 'E' | '+'));
    let padded = text.len() > 1 && text.starts_with('0') && text.chars().all(digits);
    text.starts_with(digits) && only && (joined || padded)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("=1+1", true)]
    #[case("  @sum", true)]
    #[case("\u{200b}+4", true)]
    #[case("\u{ff1d}1", true)]
    #[case("\tord", true)]
    #[case("Kultur, Teknik", false)]
    #[case("e-mail", false)]
    fn formulas_are_known(#[case] text: &str, #[case] is: bool) {
        assert_eq!(is_like_a_formula(text), is);
    }

    #[rstest]
    #[case("3-5", true)]
    #[case("2.3", true)]
    #[case("007", true)]
    #[case("2026", false)]
    #[case("1\u{2013}7 dage", false)]
    #[case("Skole 3-5", false)]
    fn days_are_known(#[case] text: &str, #[case] is: bool) {
        assert_eq!(is_like_a_date(text), is);
    }

    #[test]
    fn what_is_no_number_is_nothing() {
        assert_eq!(content(&Value::Mean(f64::NAN)), Content::Nothing);
        assert_eq!(content(&Value::Change(-0.0)), Content::Number(0.0));
        assert_eq!(content(&Value::Money(1_234)), Content::Number(12.34));
        assert_eq!(clean("a\u{0}\r\nb"), "a\nb");
    }
}
