//! From a drawing on paper to a PNG picture.

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{ImageHrefResolver, Options, Tree};
use thiserror::Error;

use crate::report::svg::fonts;

/// The most that a picture may hold: 40 million pixels are 160 MB while it is drawn, and ten A4 pages at 300 dpi are
/// fewer.
const MOST_PIXELS: f64 = 40e6;

/// Why a picture could not be made.
#[derive(Debug, Error)]
pub enum DrawError {
    /// The fonts inside the program cannot be unpacked.
    #[error("the fonts inside the program cannot be unpacked")]
    Fonts,
    /// It is no SVG.
    #[error("this is no SVG drawing: {0}")]
    NotSvg(String),
    /// It would be empty, or more than 40 million pixels.
    #[error("a picture of {width} by {height} pixels cannot be made")]
    Size {
        /// How wide it would be.
        width: f32,
        /// How tall it would be.
        height: f32,
    },
    /// It cannot be packed as PNG.
    #[error("the picture cannot be packed: {0}")]
    Packing(String),
}

/// Makes a PNG picture of a drawing in [`Style::Print`](crate::report::svg::Style::Print), `scale` times as large as the
/// drawing: 2 suits a page, 3 paper.
///
/// # Errors
///
/// If it is no SVG, or would be too large.
pub fn png(svg_print: &str, scale: f32) -> Result<Vec<u8>, DrawError> {
    let options = Options {
        font_family: "IBM Plex Sans".to_owned(),
        fontdb: fonts::fonts()?,
        // A drawing of ours has no pictures inside it, and nothing else shall make us open a file.
        image_href_resolver: ImageHrefResolver {
            resolve_data: Box::new(|_, _, _| None),
            resolve_string: Box::new(|_, _| None),
        },
        ..Options::default()
    };
    let tree = Tree::from_str(svg_print, &options).map_err(|error| DrawError::NotSvg(error.to_string()))?;
    let (width, height) = ((tree.size().width() * scale).ceil(), (tree.size().height() * scale).ceil());
    let too_large = DrawError::Size { width, height };
    // Written so that what is no number is refused too.
    let fits = width >= 1.0 && height >= 1.0 && f64::from(width) * f64::from(height) <= MOST_PIXELS;
    if !fits {
        return Err(too_large);
    }
    let mut picture = Pixmap::new(width as u32, height as u32).ok_or(too_large)?;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut picture.as_mut());
    picture.encode_png().map_err(|error| DrawError::Packing(error.to_string()))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const SQUARE: &str = r#"<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><rect width="10" height="10"/></svg>"#;

    #[test]
    fn a_picture_is_as_large_as_it_was_asked_for() {
        let picture = Pixmap::decode_png(&png(SQUARE, 2.5).unwrap()).unwrap();
        assert_eq!((picture.width(), picture.height()), (25, 25));
    }

    #[rstest]
    #[case::no_svg("<p>", 1.0)]
    #[case::nothing("", 1.0)]
    #[case::no_size(SQUARE, 0.0)]
    #[case::below_zero(SQUARE, -1.0)]
    #[case::no_number(SQUARE, f32::NAN)]
    #[case::too_large(SQUARE, 1e6)]
    fn what_cannot_be_drawn_is_refused(#[case] svg: &str, #[case] scale: f32) {
        assert!(png(svg, scale).is_err());
    }
}
