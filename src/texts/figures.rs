//! The words of the figures: `figures.toml`, one sentence a key, in the two languages of a report.
//!
//! Knows no figure: which sentences there are is for [`catalogue`](crate::domain::statistics::catalogue) to ask.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::civil::Date;

use super::dates::{capital, month_name, weekday_name, written_day};
use super::pages::sentences;
use super::{TextError, TextLanguage};
use crate::domain::statistics::catalogue::Say;
use crate::domain::statistics::period::Month;

const FILE: &str = "figures.toml";

/// The words of the figures in one language.
#[derive(Clone, Debug)]
pub struct FigureWords {
    /// The language.
    pub language: TextLanguage,
    words: BTreeMap<String, String>,
}

/// Reads the words in both languages, and those of `folder` that replace them.
///
/// # Errors
/// Everything that is wrong with them, by file and key.
pub fn load_figures(folder: Option<&Path>) -> Result<[FigureWords; 2], TextError> {
    let mut mistakes = Vec::new();
    let words = TextLanguage::ALL.map(|language| {
        let embedded = match language {
            TextLanguage::Danish => include_str!("../../config/texts/da/figures.toml"),
            TextLanguage::English => include_str!("../../config/texts/en/figures.toml"),
        };
        FigureWords { language, words: sentences((language, FILE), embedded, folder, &mut mistakes) }
    });
    if mistakes.is_empty() { Ok(words) } else { Err(TextError { mistakes }) }
}

impl FigureWords {
    /// Every key.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.words.keys().map(String::as_str)
    }
}

impl Say for FigureWords {
    fn language(&self) -> &'static str {
        self.language.as_str()
    }

    fn say(&self, key: &str) -> &str {
        self.words.get(key).map_or("", String::as_str)
    }

    fn day(&self, day: Date) -> String {
        format!("{} {}", written_day(day, self.language), day.year())
    }

    fn short_day(&self, day: Date) -> String {
        written_day(day, self.language)
    }

    fn month(&self, month: Month) -> String {
        capital(month_name(month.first(), self.language))
    }

    fn weekday(&self, weekday: i8) -> String {
        capital(weekday_name(weekday, self.language))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use jiff::civil::date;

    use super::*;

    fn values(text: &str) -> BTreeSet<String> {
        let pieces = text.split('{').skip(1);
        // A weekday has a capital letter in English wherever it stands.
        pieces.filter_map(|piece| piece.split_once('}').map(|(name, _)| name.to_lowercase())).collect()
    }

    #[test]
    fn both_languages_say_the_same_things_with_the_same_values() {
        let [danish, english] = load_figures(None).unwrap();
        assert_eq!(danish.keys().collect::<Vec<_>>(), english.keys().collect::<Vec<_>>());
        for key in danish.keys() {
            assert_eq!(values(danish.say(key)), values(english.say(key)), "{key}");
            assert!(!danish.say(key).trim().is_empty() && !english.say(key).trim().is_empty(), "{key}");
        }
    }

    #[test]
    fn days_are_written_as_each_language_does() {
        let [danish, english] = load_figures(None).unwrap();
        let day = date(2026, 11, 23);
        assert_eq!(
            (danish.day(day), english.day(day)),
            ("23. november 2026".into(), "23 November 2026".into())
        );
        assert_eq!(
            (danish.short_day(day), english.short_day(day)),
            ("23. november".into(), "23 November".into())
        );
        assert_eq!((danish.month(Month::of(day)), danish.weekday(0)), ("November".into(), "Mandag".into()));
    }
}
