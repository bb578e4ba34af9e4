//! IBM Plex Sans, regular and semibold, as the typesetter wants it.
//!
//! The fonts lie here as their foundry packs them for the web, complete and unchanged: WOFF is an OpenType font whose
//! tables are compressed one by one, so unpacking gives back what went in, at half of what the repository would hold.

use std::io::Read as _;
use std::sync::LazyLock;

use flate2::read::ZlibDecoder;
use typst::foundations::Bytes;
use typst::text::{Font, FontBook, FontInfo};
use typst::utils::LazyHash;

/// What text is set in, in the order of their weights. Beside them lies `OFL.txt`, their licence.
const PACKED: [&[u8]; 2] = [
    include_bytes!("../fonts/IBMPlexSans-Regular.woff"),
    include_bytes!("../fonts/IBMPlexSans-SemiBold.woff"),
];

/// What the template calls them.
const FAMILY: &str = "IBM Plex Sans";

/// A WOFF file's header, in bytes.
const HEADER: usize = 44;
/// What its directory says of a table, in bytes.
const PACKED_ENTRY: usize = 20;
/// An OpenType file's header, in bytes.
const PLAIN_HEADER: usize = 12;
/// What its directory says of a table, in bytes.
const PLAIN_ENTRY: usize = 16;

/// The fonts and what the typesetter looks them up in.
pub(crate) struct Fonts {
    /// Their index.
    pub(crate) book: LazyHash<FontBook>,
    /// In the order of the index.
    pub(crate) fonts: Vec<Font>,
}

impl Fonts {
    /// Whether every one of the fonts can write this letter.
    pub(crate) fn can_write(&self, letter: char) -> bool {
        self.fonts.iter().all(|font| font.info().coverage.contains(letter.into()))
    }
}

/// Unpacked when the first report is printed; fewer than [`PACKED`] only if a file were damaged.
pub(crate) static FONTS: LazyLock<Fonts> = LazyLock::new(|| {
    let fonts: Vec<Font> =
        PACKED.iter().filter_map(|packed| Font::new(Bytes::new(unpack(packed)?), 0)).collect();
    // A font of neither regular nor bold weight names itself a family of its own, for the sake of old programs.
    let infos = fonts.iter().map(|font| FontInfo { family: FAMILY.to_owned(), ..font.info().clone() });
    Fonts { book: LazyHash::new(FontBook::from_infos(infos)), fonts }
});

/// The OpenType font in a WOFF file (<https://www.w3.org/TR/WOFF/>); none when it holds none.
fn unpack(woff: &[u8]) -> Option<Vec<u8>> {
    if woff.get(..4)? != b"wOFF" {
        return None;
    }
    let count = number(woff, 12, 2)?;
    let mut font = woff.get(4..8)?.to_vec();
    // How a reader halves its way through the directory: the greatest power of two that fits, its logarithm, the rest.
    let power = count.checked_ilog2()?;
    let fits = PLAIN_ENTRY << power;
    for part in [count, fits, power as usize, count * PLAIN_ENTRY - fits] {
        font.extend(u16::try_from(part).ok()?.to_be_bytes());
    }
    let mut tables = Vec::new();
    for entry in (0..count).map(|index| HEADER + index * PACKED_ENTRY) {
        let table = table(woff, entry)?;
        let start = PLAIN_HEADER + count * PLAIN_ENTRY + tables.len();
        font.extend(woff.get(entry..entry + 4)?);
        font.extend(woff.get(entry + 16..entry + 20)?);
        font.extend(u32::try_from(start).ok()?.to_be_bytes());
        font.extend(u32::try_from(table.len()).ok()?.to_be_bytes());
        tables.extend(table);
        // Each begins at a multiple of four.
        tables.resize(tables.len().next_multiple_of(4), 0);
    }
    font.extend(tables);
    Some(font)
}

/// The table that a directory entry tells of.
fn table(woff: &[u8], entry: usize) -> Option<Vec<u8>> {
    let (start, packed, plain) =
        (number(woff, entry + 4, 4)?, number(woff, entry + 8, 4)?, number(woff, entry + 12, 4)?);
    let bytes = woff.get(start..start.checked_add(packed)?)?;
    if packed == plain {
        return Some(bytes.to_vec());
    }
    let mut table = Vec::with_capacity(plain);
    ZlibDecoder::new(bytes).take(plain as u64 + 1).read_to_end(&mut table).ok()?;
    (table.len() == plain).then_some(table)
}

/// A number of so many bytes, the highest first.
fn number(bytes: &[u8], at: usize, length: usize) -> Option<usize> {
    let digits = bytes.get(at..at + length)?;
    Some(digits.iter().fold(0, |number, digit| number << 8 | usize::from(*digit)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_weights_unpack_whole_and_write_danish() {
        let names: Vec<_> = FONTS.fonts.iter().filter_map(Font::post_script_name).collect();
        assert_eq!(names, ["IBMPlexSans", "IBMPlexSans-SmBld"]);
        for letter in "æøåÆØÅéüß–—”“»«…§½€ 0123456789\u{a0}\u{fffd}".chars() {
            assert!(FONTS.can_write(letter), "{letter:?}");
        }
        assert!(!FONTS.can_write('😀'));
    }

    #[test]
    fn a_damaged_file_is_no_font() {
        let whole = PACKED[0];
        for end in [0, 3, 12, HEADER, HEADER + 30, whole.len() / 2, whole.len() - 300] {
            assert!(unpack(&whole[..end]).is_none(), "{end}");
        }
        let mut bent = whole.to_vec();
        bent[10_000] ^= 0xff;
        assert!(unpack(&bent).is_none_or(|font| font.len() == unpack(whole).unwrap().len()));
    }
}
