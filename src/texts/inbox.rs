//! The words of the inbox: `inbox.toml`, one sentence a key, in the two languages of its interface.
//!
//! Knows no page. A municipality's own file is laid over the program's, key by key, as with the citizens' pages.

use std::collections::BTreeMap;
use std::path::Path;

use super::pages::sentences;
use super::reasons::Reasons;
use super::{TextError, TextLanguage, TextMistake};

const FILE: &str = "inbox.toml";

/// The words of the inbox in one language.
#[derive(Clone, Debug)]
pub struct InboxWords {
    /// The language.
    pub language: TextLanguage,
    words: BTreeMap<String, String>,
    reasons: Reasons,
}

/// Reads the words in both languages, and those of `folder` that replace them.
///
/// # Errors
/// Everything that is wrong with them, by file and key.
pub fn load_inbox(folder: Option<&Path>) -> Result<[InboxWords; 2], TextError> {
    let mut mistakes = Vec::new();
    let words = TextLanguage::ALL.map(|language| InboxWords::load(language, folder, &mut mistakes));
    if mistakes.is_empty() { Ok(words) } else { Err(TextError { mistakes }) }
}

impl InboxWords {
    fn load(language: TextLanguage, folder: Option<&Path>, mistakes: &mut Vec<TextMistake>) -> Self {
        let embedded = match language {
            TextLanguage::Danish => include_str!("../../config/texts/da/inbox.toml"),
            TextLanguage::English => include_str!("../../config/texts/en/inbox.toml"),
        };
        let words = sentences((language, FILE), embedded, folder, mistakes);
        Self { language, words, reasons: Reasons::of(language) }
    }

    /// A sentence; empty for a key that is not there, which a test keeps from happening.
    pub fn t(&self, key: &str) -> &str {
        self.words.get(key).map_or("", String::as_str)
    }

    /// A sentence with values in it.
    pub fn with(&self, key: &str, values: &[(&str, &str)]) -> String {
        let mut text = self.t(key).to_owned();
        for (name, value) in values {
            text = text.replace(&format!("{{{name}}}"), value);
        }
        text
    }

    /// Why something was done, from the words it is stored with.
    pub fn why(&self, reason: &str) -> String {
        self.reasons.say(reason).into_owned()
    }

    /// Every key.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.words.keys().map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn names(text: &str) -> BTreeSet<String> {
        text.split('{')
            .skip(1)
            .filter_map(|piece| piece.split_once('}').map(|(name, _)| name.to_owned()))
            .collect()
    }

    #[test]
    fn both_languages_say_the_same_things_with_the_same_values() {
        let [danish, english] = load_inbox(None).unwrap();
        assert_eq!(danish.keys().collect::<Vec<_>>(), english.keys().collect::<Vec<_>>());
        for key in danish.keys() {
            assert_eq!(names(danish.t(key)), names(english.t(key)), "{key}");
            assert!(!danish.t(key).trim().is_empty() && !english.t(key).trim().is_empty(), "{key}");
        }
    }

    #[test]
    fn a_municipalitys_own_words_replace_ours() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("da")).unwrap();
        std::fs::write(folder.path().join("da/inbox.toml"), "[view]\nhandling = \"På mit bord\"\n").unwrap();
        let [danish, _] = load_inbox(Some(folder.path())).unwrap();
        assert_eq!(danish.t("view.handling"), "På mit bord");
        std::fs::write(folder.path().join("da/inbox.toml"), "[view]\nborde = \"x\"\n").unwrap();
        assert!(load_inbox(Some(folder.path())).is_err());
    }
}
