//! The HTML form of a letter, as its sender meant it to be read, and the pictures that it refers to.
//!
//! Gives it as it came: whoever shows it makes it safe.

use std::borrow::Cow;
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use mail_parser::{MessageParser, MimeHeaders};

use super::walk::{self, Kind, Leaf, Prefer, Walk};
use super::{charset, containers, flowed, prepare};
use crate::email::Limits;

/// How many letters inside opaque signatures are opened, one inside the other.
const DEPTH: usize = 3;

/// A stretch of the letter.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::email) enum Piece {
    /// Markup, as it came.
    Html(String),
    /// Plain text that stands beside it, such as what a mailing list adds.
    Plain(String),
}

/// A letter that has an HTML form.
pub(in crate::email) struct Rich<'w> {
    /// What is shown, in order.
    pub(in crate::email) pieces: Vec<Piece>,
    /// The parts that have a Content-ID, by that in lower case; of two with the same the first.
    by_id: HashMap<String, &'w Leaf<'w>>,
}

impl<'w> Rich<'w> {
    fn new(pieces: Vec<Piece>, walk: &'w Walk<'w>) -> Self {
        let mut by_id = HashMap::new();
        for leaf in &walk.leaves {
            if let Some(id) = leaf.part.content_id() {
                by_id.entry(id.trim().trim_matches(['<', '>']).to_ascii_lowercase()).or_insert(leaf);
            }
        }
        Self { pieces, by_id }
    }

    /// The bytes of the part that has a Content-ID (RFC 2392), without angle brackets.
    pub(in crate::email) fn by_id(&self, id: &str) -> Option<Cow<'_, [u8]>> {
        self.by_id.get(&id.to_ascii_lowercase()).map(|leaf| leaf.bytes())
    }
}

/// Whether a letter has an HTML form. Nearly all that have none are told by a look for the words.
pub(in crate::email) fn has_html(raw: &[u8], limits: &Limits) -> bool {
    // The last four can hold it in a form in which the words do not stand.
    let hints = [&b"html"[..], b"message/rfc822", b"pkcs7-mime", b"ms-tnef", b"winmail.dat"];
    hints.iter().any(|hint| holds(raw, hint)) && with_rich(raw, limits, |_| ()).is_some()
}

/// Without regard to case, in one go.
fn holds(raw: &[u8], needle: &[u8]) -> bool {
    let (first, upper) = (needle[0], needle[0].to_ascii_uppercase());
    memchr::memchr2_iter(first, upper, raw)
        .any(|at| raw.get(at..at + needle.len()).is_some_and(|word| word.eq_ignore_ascii_case(needle)))
}

/// Hands on the HTML form of a letter; `None` when it has none.
pub(in crate::email) fn with_rich<T>(
    raw: &[u8],
    limits: &Limits,
    see: impl FnOnce(&Rich<'_>) -> T,
) -> Option<T> {
    let mut see = Some(see);
    let mut once = |rich: &Rich<'_>| see.take().map(|see| see(rich));
    catch_unwind(AssertUnwindSafe(|| of_letter(raw, limits, DEPTH, &mut once))).ok().flatten()
}

/// What is done with the one form that is found.
type See<'a, T> = &'a mut dyn FnMut(&Rich<'_>) -> Option<T>;

fn of_letter<T>(raw: &[u8], limits: &Limits, depth: usize, see: See<'_, T>) -> Option<T> {
    let prepared = prepare::prepare(raw, limits);
    if prepared.headless || prepared.only_head {
        return None;
    }
    let message = MessageParser::default().parse(prepared.bytes.as_ref())?;
    let walk = walk::walk(&message, limits.parts, limits.depth, Prefer::Html);
    let own = pieces(&walk, &walk.read);
    if says_something(&own) {
        return if has_markup(&own) { see(&Rich::new(own, &walk)) } else { None };
    }
    // A letter that says nothing itself: what is said in the containers, or in the letter that it only forwards.
    for leaf in containers::containers(&walk) {
        if let Some(html) = containers::winmail_html(leaf).filter(|html| !html.trim().is_empty()) {
            return see(&Rich::new(vec![Piece::Html(html)], &walk));
        }
        if let (Some(inner), Some(depth)) = (containers::letter(leaf), depth.checked_sub(1)) {
            return of_letter(&inner, limits, depth, see);
        }
    }
    let forwarded =
        walk.letters.iter().rev().map(|letter| pieces(&walk, letter)).find(|own| says_something(own));
    let pieces = forwarded.filter(|own| has_markup(own))?;
    see(&Rich::new(pieces, &walk))
}

fn pieces(walk: &Walk<'_>, places: &[usize]) -> Vec<Piece> {
    let leaves = places.iter().filter_map(|at| walk.leaves.get(*at));
    let piece = |leaf: &Leaf<'_>| match leaf.kind {
        Kind::Html => Some(Piece::Html(charset::decode(&leaf.bytes(), leaf.charset.as_deref()).0)),
        Kind::Plain => {
            let (text, _) = charset::decode(&leaf.bytes(), leaf.charset.as_deref());
            Some(Piece::Plain(flowed::unwrap(text, leaf.part)))
        }
        // What an invitation says is in the readable text.
        Kind::Calendar | Kind::OtherText | Kind::Letter | Kind::File => None,
    };
    leaves.filter_map(piece).collect()
}

fn has_markup(pieces: &[Piece]) -> bool {
    pieces.iter().any(|piece| matches!(piece, Piece::Html(_)))
}

fn says_something(pieces: &[Piece]) -> bool {
    pieces.iter().any(|piece| match piece {
        Piece::Html(text) | Piece::Plain(text) => !text.trim().is_empty(),
    })
}
