//! Turns HTML mail into readable text. Never shows it: what is shown safely is the inbox's business.

use crate::message::Fold;

/// Readable text made of HTML, and the stretches that the HTML itself marks as quoted or as a signature.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HtmlText {
    /// The readable text.
    pub text: String,
    /// What the HTML marks (`blockquote`, `gmail_quote`, `divRplyFwdMsg`, signature classes).
    pub hints: Vec<Fold>,
}

/// Turns HTML into readable text.
pub fn to_text(_html: &str) -> HtmlText {
    HtmlText::default()
}
