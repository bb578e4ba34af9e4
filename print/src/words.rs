//! The few words of a print that do not come with the report.

use serde::Serialize;

use crate::document::Language;

/// The words that do not come with the report.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Words {
    /// Above the contents.
    pub(crate) contents: &'static str,
    /// `side 3 af 9`: before the first number.
    pub(crate) page: &'static str,
    /// Between the numbers.
    pub(crate) of: &'static str,
    /// A report without a title.
    pub(crate) untitled: &'static str,
    /// A drawing without a description.
    pub(crate) drawing: &'static str,
}

/// The words of a language.
pub(crate) fn words(language: Language) -> Words {
    match language {
        Language::Danish => {
            Words { contents: "Indhold", page: "side", of: "af", untitled: "Beretning", drawing: "Figur" }
        }
        Language::English => {
            Words { contents: "Contents", page: "page", of: "of", untitled: "Report", drawing: "Figure" }
        }
    }
}
