//! A drawing before it is placed: whether it is one, whole in itself, and how tall it is for its width.

use roxmltree::{Document, Node};

/// Why a drawing is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DrawingError {
    /// Not XML.
    #[error("it is not well-formed: {0}")]
    Malformed(String),
    /// XML of another kind.
    #[error("it is not one svg element in the namespace http://www.w3.org/2000/svg")]
    NotSvg,
    /// A size that no page has.
    #[error("its viewBox or its width and height are missing, not positive, or out of all proportion")]
    Size,
    /// It is not all there.
    #[error("it shows something that is not in it: draw everything with shapes and text")]
    Outside,
}

/// The flattest and the tallest drawing that can be placed, as height for width.
const PROPORTIONS: std::ops::RangeInclusive<f64> = 0.005..=50.0;

/// How tall the drawing is for its width.
pub(crate) fn proportion(svg: &str) -> Result<f64, DrawingError> {
    let document = Document::parse(svg).map_err(|error| DrawingError::Malformed(error.to_string()))?;
    let root = document.root_element();
    if !root.has_tag_name(("http://www.w3.org/2000/svg", "svg")) {
        return Err(DrawingError::NotSvg);
    }
    // A picture or a shape by its address would have to be fetched, and nothing is.
    let outside = |node: Node<'_, '_>| {
        let shows = matches!(node.tag_name().name(), "image" | "feImage" | "use");
        shows && node.attributes().any(|one| one.name() == "href" && !one.value().starts_with('#'))
    };
    if root.descendants().any(outside) {
        return Err(DrawingError::Outside);
    }
    let (width, height) = size(root).ok_or(DrawingError::Size)?;
    let proportion = height / width;
    // A comparison with what is not a number is false, so that is refused too.
    if width > 0.0 && height > 0.0 && PROPORTIONS.contains(&proportion) {
        Ok(proportion)
    } else {
        Err(DrawingError::Size)
    }
}

/// Width and height: of the view box or, without one, of the element.
fn size(root: Node<'_, '_>) -> Option<(f64, f64)> {
    if let Some(view) = root.attribute("viewBox") {
        let numbers: Vec<f64> = view
            .split([' ', ',', '\n', '\t'])
            .filter(|part| !part.is_empty())
            .map(str::parse)
            .collect::<Result<_, _>>()
            .ok()?;
        return match numbers[..] {
            [_, _, width, height] => Some((width, height)),
            _ => None,
        };
    }
    let length = |name| root.attribute(name)?.trim_end_matches("px").parse::<f64>().ok();
    Some((length("width")?, length("height")?))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::view("viewBox='0 0 200 50'", 0.25)]
    #[case::commas("viewBox='0,0,10,20' width='1' height='1'", 2.0)]
    #[case::pixels("width='300px' height='150'", 0.5)]
    fn a_drawing_has_a_shape(#[case] attributes: &str, #[case] expected: f64) {
        let svg = format!("<svg xmlns='http://www.w3.org/2000/svg' {attributes}/>");
        assert_eq!(proportion(&svg), Ok(expected));
    }

    #[rstest]
    #[case::nothing("")]
    #[case::cut("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1 1'>")]
    #[case::page("<html xmlns='http://www.w3.org/1999/xhtml'/>")]
    #[case::bare("<svg viewBox='0 0 1 1'/>")]
    #[case::sizeless("<svg xmlns='http://www.w3.org/2000/svg'/>")]
    #[case::flat("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1 0'/>")]
    #[case::endless("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1 1e9'/>")]
    #[case::no_number("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 NaN 1'/>")]
    #[case::negative("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 -1 -1'/>")]
    #[case::file(
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1 1'><image href='/etc/hostname'/></svg>"
    )]
    #[case::old(
        "<svg xmlns='http://www.w3.org/2000/svg' xmlns:x='http://www.w3.org/1999/xlink' viewBox='0 0 1 1'><use x:href='a.svg#b'/></svg>"
    )]
    #[case::bomb(
        "<!DOCTYPE a [<!ENTITY b 'bbbb'>]><svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1 1'>&b;</svg>"
    )]
    fn anything_else_is_refused(#[case] svg: &str) {
        assert!(proportion(svg).is_err(), "{svg}");
    }
}
