//! Pictures that a letter carries itself, written into what is shown, within a budget. Tells what a picture is from its
//! bytes alone; never decodes one.

use std::borrow::Cow;
use std::collections::HashMap;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig, general_purpose::STANDARD};

use super::address::{self, Source};

/// What letters hold: with padding or without, and bits to spare at the end.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// What every address of a shown picture begins with, by sort.
pub(super) const BEGINNINGS: [&str; 4] = [
    "data:image/gif;base64,",
    "data:image/jpeg;base64,",
    "data:image/png;base64,",
    "data:image/webp;base64,",
];

/// The pictures of one letter.
pub(super) struct Pictures<'a> {
    /// The bytes of a part, by its Content-ID.
    by_id: &'a dyn Fn(&str) -> Option<Cow<'a, [u8]>>,
    /// What became of the parts that were asked for, each decoded once however often the letter refers to it.
    parts: HashMap<String, Option<Shown>>,
    /// How many bytes may still be shown.
    budget: usize,
    /// How many pictures were not shown although the letter carries them, or should.
    pub(super) left_out: u32,
}

/// A picture that can be shown.
struct Shown {
    /// Its size in bytes.
    size: usize,
    /// The address to show it by.
    address: String,
}

impl<'a> Pictures<'a> {
    pub(super) fn new(by_id: &'a dyn Fn(&str) -> Option<Cow<'a, [u8]>>, budget: usize) -> Self {
        Self { by_id, parts: HashMap::new(), budget, left_out: 0 }
    }

    /// The address to show a picture by; `None` when it is remote, missing, over the budget, or no picture of a sort that
    /// does nothing but be looked at. SVG is none: it can hold scripts and links.
    pub(super) fn shown(&mut self, written: &str) -> Option<String> {
        let budget = self.budget;
        let fresh;
        let shown = match address::source(written) {
            Source::Part(id) => {
                let id = address::unescaped(id).to_ascii_lowercase();
                let find = |id: &String| (self.by_id)(id).and_then(|bytes| Shown::of(&bytes, budget));
                self.parts.entry(id).or_insert_with_key(find).as_ref()
            }
            Source::Data(data) => {
                fresh = decoded(data).and_then(|bytes| Shown::of(&bytes, budget));
                fresh.as_ref()
            }
            Source::Remote | Source::Nowhere => return None,
        };
        match shown.filter(|shown| shown.size <= budget) {
            Some(shown) => {
                self.budget -= shown.size;
                Some(shown.address.clone())
            }
            None => {
                self.left_out += 1;
                None
            }
        }
    }
}

impl Shown {
    fn of(bytes: &[u8], budget: usize) -> Option<Self> {
        // The budget only shrinks, so what is over it now is so for good.
        let beginning = beginning(bytes).filter(|_| bytes.len() <= budget)?;
        Some(Self { size: bytes.len(), address: format!("{beginning}{}", STANDARD.encode(bytes)) })
    }
}

/// What stands behind `data:` (RFC 2397), when it is base64.
fn decoded(data: &str) -> Option<Vec<u8>> {
    let (head, body) = data.split_once(',')?;
    let encoded = head.rsplit(';').next().is_some_and(|last| last.trim().eq_ignore_ascii_case("base64"));
    if !encoded {
        return None;
    }
    let mut body = address::unescaped(body);
    body.retain(|c| !c.is_whitespace());
    LENIENT.decode(body).ok()
}

/// What the address of a picture begins with, told from its first bytes.
fn beginning(bytes: &[u8]) -> Option<&'static str> {
    let [gif, jpeg, png, webp] = BEGINNINGS;
    if bytes.starts_with(b"GIF87a") || bytes.starts_with(b"GIF89a") {
        Some(gif)
    } else if bytes.starts_with(b"\xff\xd8\xff") {
        Some(jpeg)
    } else if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        Some(png)
    } else if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        Some(webp)
    } else {
        None
    }
}

/// How the first bytes of each sort read in base64, in the order of [`BEGINNINGS`].
const ENCODED: [&str; 4] = ["R0lGOD", "/9j/", "iVBORw0KGgo", "UklGR"];

/// Whether an address is one that a picture is shown by.
pub(super) fn is_shown(address: &str) -> bool {
    let sorts = BEGINNINGS.iter().zip(ENCODED);
    let mut encoded = sorts.filter_map(|(beginning, first)| {
        address.strip_prefix(beginning).filter(|encoded| encoded.starts_with(first))
    });
    encoded.any(|encoded| {
        encoded.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'='))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn shown(written: &str) -> (Option<String>, u32) {
        let by_id = |id: &str| (id == "a@b").then_some(Cow::Borrowed(&b"GIF89a.."[..]));
        let mut pictures = Pictures::new(&by_id, 20);
        (pictures.shown(written), pictures.left_out)
    }

    #[rstest]
    #[case("cid:a@b", Some("data:image/gif;base64,R0lGODlhLi4="), 0)]
    #[case("CID:a%40b", Some("data:image/gif;base64,R0lGODlhLi4="), 0)]
    #[case("cid:other", None, 1)]
    #[case("data:text/html;charset=x;base64,R0lG ODlh%4ci4", Some("data:image/gif;base64,R0lGODlhLi4="), 0)]
    #[case("data:image/png;base64,PHN2Zz4=", None, 1)]
    #[case("data:image/png,R0lGODlhLi4=", None, 1)]
    #[case("data:image/svg+xml;base64,PHN2Zz4=", None, 1)]
    #[case("data:image/gif;base64,R0lGODlhLi4uLi4uLi4uLi4uLi4uLi4uLi4uLi4uLi4uLi4u", None, 1)]
    #[case("data:", None, 1)]
    #[case("https://a.example/x.gif", None, 0)]
    fn pictures(#[case] written: &str, #[case] expected: Option<&str>, #[case] left_out: u32) {
        let (picture, count) = shown(written);
        assert_eq!((picture.as_deref(), count), (expected, left_out));
        assert!(picture.is_none_or(|picture| is_shown(&picture)));
    }

    #[test]
    fn the_budget_is_for_all_together_and_each_part_is_decoded_once() {
        let asked = std::cell::Cell::new(0);
        let by_id = |id: &str| {
            asked.set(asked.get() + 1);
            (id != "none").then_some(Cow::Borrowed(&b"GIF89a.."[..]))
        };
        let mut pictures = Pictures::new(&by_id, 20);
        let wanted = ["cid:x", "cid:none", "cid:X", "cid:%78", "cid:NONE", "cid:y"];
        let shown: Vec<bool> = wanted.iter().map(|id| pictures.shown(id).is_some()).collect();
        assert_eq!(shown, [true, false, true, false, false, false]);
        assert_eq!((pictures.left_out, asked.get()), (4, 3));
    }
}
