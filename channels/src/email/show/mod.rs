//! HTML mail, made safe to show to the adviser: how it looks, the pictures that it carries, and its links.
//!
//! Two walls, one behind the other. The first writes the markup anew from a table of what is allowed; the second, a
//! sanitiser of other hands, parses that as browsers do and takes out whatever should still be there. A third stands in the
//! reader's browser: [`CONTENT_SECURITY_POLICY`] and an `<iframe sandbox>`. Never fetches anything, and never decides
//! whether a letter is shown as HTML.
//!
//! Style sheets are not shown, only the styles of elements: a sheet can reach everything, and the letters that people write
//! hardly need one.

mod address;
mod allowed;
mod css;
mod picture;
#[cfg(test)]
mod tests;
mod tidy;
mod wall;

use std::borrow::Cow;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::Limits;
use super::parse::{self, Piece, Rich};
use picture::Pictures;
use tidy::Tidy;

/// How many bytes of pictures are shown of one letter.
const PICTURES: usize = 5 << 20;

/// What must stand in the header of a response that holds a shown letter. It fetches nothing, runs nothing, and its links
/// open beside it.
///
/// `frame-ancestors` lets only our own pages show it. Where it is shown by `srcdoc` instead, the page's own policy holds as
/// well, and has to allow `style-src 'unsafe-inline'` and `img-src data:`; so a response of its own is the better way. The
/// frame wants `sandbox="allow-popups allow-popups-to-escape-sandbox"` for its links to open, and nothing more.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'self'; \
     sandbox allow-popups allow-popups-to-escape-sandbox";

/// The same, as far as a document can say it of itself.
const OWN_POLICY: &str =
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// How a letter looks that says nothing of it.
const OWN_STYLE: &str = "html{color-scheme:light;background:#fff;color:#1a1a1a}\
     body{margin:0;font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}\
     img{max-width:100%;height:auto}pre{white-space:pre-wrap}\
     blockquote{margin:.5rem 0 .5rem .25rem;padding-left:.75rem;border-left:3px solid #c4c4c4}";

/// A letter that is safe to show.
#[derive(Clone, PartialEq, Eq)]
pub struct Shown {
    /// The letter, as what stands inside a `body`. Empty when nothing of it can be shown.
    pub fragment: String,
    /// How many references to things outside the letter were left out: pictures, most of them, that would tell the sender
    /// that the letter was opened.
    pub blocked_remote: u32,
    /// How many pictures were left out that the letter carries itself, because they are too large together, missing, or of
    /// a sort that is not shown.
    pub pictures_left_out: u32,
    /// Whether the letter goes on beyond what is shown; all of it stands in the readable text and in the original.
    pub shortened: bool,
}

/// Prints counts alone.
impl fmt::Debug for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shown")
            .field("bytes", &self.fragment.len())
            .field("blocked_remote", &self.blocked_remote)
            .field("pictures_left_out", &self.pictures_left_out)
            .field("shortened", &self.shortened)
            .finish()
    }
}

impl Shown {
    /// The letter as a document of its own, in a language (ISO 639-1) where that is known.
    pub fn document(&self, language: Option<&str>) -> String {
        let language = language.filter(|language| allowed::is_language(language));
        let language = language.map(|language| format!(" lang=\"{language}\"")).unwrap_or_default();
        format!(
            "<!DOCTYPE html>\n<html{language}><head><meta charset=\"utf-8\">\
             <meta http-equiv=\"Content-Security-Policy\" content=\"{OWN_POLICY}\">\
             <meta name=\"referrer\" content=\"no-referrer\">\
             <meta name=\"viewport\" content=\"width=device-width\">\
             <style>{OWN_STYLE}</style></head><body>{}</body></html>\n",
            self.fragment
        )
    }
}

/// Whether a letter has an HTML form at all.
pub fn has_html(raw: &[u8], limits: &Limits) -> bool {
    parse::has_html(raw, limits)
}

/// Makes a letter's HTML form safe to show; `None` when it has none, or when reading it failed. The readable text
/// ([`crate::message::Incoming::text`]) is there in any case.
///
/// Letters inside letters are shown only when the letter says nothing itself, as in the readable text.
pub fn show(raw: &[u8], limits: &Limits) -> Option<Shown> {
    parse::with_rich(raw, limits, |rich| of_pieces(rich, limits))
}

/// Makes markup that came by another way than a letter safe to show. It carries no pictures but those in `data:`.
pub fn show_markup(html: &str, limits: &Limits) -> Option<Shown> {
    let make = || {
        let none = |_: &str| None;
        let mut pictures = Pictures::new(&none, PICTURES);
        let mut tidy = Tidy::new(&mut pictures, limits.text);
        tidy.markup(html);
        finished(tidy)
    };
    catch_unwind(AssertUnwindSafe(make)).ok()
}

fn of_pieces(rich: &Rich<'_>, limits: &Limits) -> Shown {
    let by_id = |id: &str| -> Option<Cow<'_, [u8]>> { rich.by_id(id) };
    let mut pictures = Pictures::new(&by_id, PICTURES);
    let mut tidy = Tidy::new(&mut pictures, limits.text);
    for piece in &rich.pieces {
        match piece {
            Piece::Html(html) => tidy.markup(html),
            Piece::Plain(text) => tidy.plain(text),
        }
    }
    finished(tidy)
}

fn finished(tidy: Tidy<'_, '_>) -> Shown {
    let Tidy { out, blocked, shortened, visible, pictures, .. } = tidy;
    Shown {
        fragment: if visible { wall::clean(&out) } else { String::new() },
        blocked_remote: blocked,
        pictures_left_out: pictures.left_out,
        shortened,
    }
}
