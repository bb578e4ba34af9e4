//! The fonts that paper and pictures are set in: those of the pages, so that a picture looks the same everywhere.
//!
//! The pages' files are compressed for browsers; they are unpacked once, when the first picture needs them. Fonts of the
//! machine are never looked at: a picture must not depend on where it was made.

use std::sync::{Arc, LazyLock};

use resvg::usvg::fontdb::Database;

use crate::report::svg::raster::DrawError;

/// What a style asks for by name.
const FAMILY: &str = "IBM Plex Sans";

/// Regular and SemiBold. Those with the letters of Danish come first: of two that fit, the first is asked.
const FILES: [&[u8]; 4] = [
    include_bytes!("../../web/assets/dkfds/fonts/IBMPlexSans-Regular-Latin1.woff2"),
    include_bytes!("../../web/assets/dkfds/fonts/IBMPlexSans-SemiBold-Latin1.woff2"),
    include_bytes!("../../web/assets/dkfds/fonts/IBMPlexSans-Regular-Latin2.woff2"),
    include_bytes!("../../web/assets/dkfds/fonts/IBMPlexSans-SemiBold-Latin2.woff2"),
];

static FONTS: LazyLock<Option<Arc<Database>>> = LazyLock::new(|| {
    let mut fonts = Database::new();
    for file in FILES {
        fonts.load_font_data(wuff::decompress_woff2(file).ok()?);
    }
    fonts.set_sans_serif_family(FAMILY);
    (fonts.len() == FILES.len()).then(|| Arc::new(fonts))
});

/// The fonts, unpacked.
pub(super) fn fonts() -> Result<Arc<Database>, DrawError> {
    FONTS.clone().ok_or(DrawError::Fonts)
}

#[cfg(test)]
mod tests {
    use resvg::usvg::fontdb::{Family, Query, Weight};

    use super::*;

    #[test]
    fn the_fonts_are_found_by_name_and_weight_with_the_letters_of_danish_first() {
        let fonts = fonts().unwrap();
        for (weight, name) in [(400, "IBMPlexSans"), (600, "IBMPlexSans-SemiBold")] {
            let query =
                Query { families: &[Family::Name(FAMILY)], weight: Weight(weight), ..Query::default() };
            let id = fonts.query(&query).unwrap();
            assert_eq!(fonts.face(id).unwrap().post_script_name, name);
            let has_danish = fonts.with_face_data(id, |data, index| {
                let face = ttf_parser::Face::parse(data, index).unwrap();
                "æøåÆØÅé–…".chars().all(|letter| face.glyph_index(letter).is_some())
            });
            assert_eq!(has_danish, Some(true), "{name}");
        }
    }
}
