//! QR codes as inline SVG: nothing is fetched, nothing is written to disk, and it stays sharp at any size.
//!
//! Knows nothing of what the text means.

use std::fmt::Write as _;

use qrcodegen::{QrCode, QrCodeEcc};

/// The empty border that readers need, in modules (ISO/IEC 18004 asks for four).
const BORDER: i32 = 4;
/// How wide a module is drawn unless a style sheet says otherwise, in CSS pixels.
const SCALE: i32 = 4;

/// `text` as one `<svg>` element, announced to those who cannot see it as `label`; none when the text is too long.
///
/// Black on white whatever the page's colours are, since many readers do not find light on dark.
pub(crate) fn svg(text: &str, label: &str) -> Option<String> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
    let side = code.size() + 2 * BORDER;
    let pixels = side * SCALE;
    Some(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" width=\"{pixels}\" height=\"{pixels}\" \
         role=\"img\" aria-label=\"{}\" shape-rendering=\"crispEdges\">\
         <rect width=\"{side}\" height=\"{side}\" fill=\"#fff\"/><path fill=\"#000\" d=\"{}\"/></svg>",
        escaped(label),
        modules(&code),
    ))
}

/// All dark modules as one path: a rectangle for each run in a row.
fn modules(code: &QrCode) -> String {
    let mut path = String::new();
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            let run = (x..code.size()).take_while(|&at| code.get_module(at, y)).count() as i32;
            if run > 0 {
                // Writing to a string cannot fail.
                let _ = write!(path, "M{} {}h{run}v1h-{run}z", x + BORDER, y + BORDER);
            }
            x += run.max(1);
        }
    }
    path
}

/// Text that is safe inside a quoted attribute.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests;
