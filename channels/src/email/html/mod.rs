//! Turns HTML mail into readable text. Never shows it: what is safe to show is made in [`show`](super::show).
//!
//! Walks the tokens with a bounded stack of open elements and builds no tree, so that a hostile letter (a
//! hundred thousand nested tags, an attribute of ten megabytes) costs time in proportion to its size and no
//! recursion. Rejected: converters that build the tree, which lose the marks that mail clients leave
//! (`moz-cite-prefix`, `divRplyFwdMsg`, `gmail_signature`) and draw borders around layout tables.

mod element;
mod link;
mod output;
#[cfg(test)]
mod tests;
mod walk;

use crate::message::Fold;

/// Readable text made of HTML, and the stretches that the HTML itself marks as quoted or as a signature.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HtmlText {
    /// The readable text. Lines end in LF; quotes that the HTML marks begin with `> `; table cells are apart by
    /// a tab; a link is followed by its address in angle brackets (RFC 3986 appendix C) where the two differ.
    pub text: String,
    /// What the HTML marks beyond that (`divRplyFwdMsg`, `yahoo_quoted`, signature classes): stretches of
    /// `text` in the order in which they end.
    pub hints: Vec<Fold>,
}

/// Turns HTML into readable text. Leaves out what no reader sees: styles, scripts, comments, hidden previews,
/// tracking pixels. When that leaves nothing, the hidden text is shown after all: a letter is never empty
/// because of its styling.
pub fn to_text(html: &str) -> HtmlText {
    let seen = walk::walk(html, walk::Hidden::LeftOut);
    if seen.text.is_empty() { walk::walk(html, walk::Hidden::Shown) } else { seen }
}
