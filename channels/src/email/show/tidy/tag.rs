//! One start tag: how it is written, and what a browser would have fetched for it.

use std::borrow::Cow;

use html5gum::StartTag;

use super::Tidy;
use crate::email::show::address::{self, Source};
use crate::email::show::allowed::{self, Element, Value};
use crate::email::show::css;

impl Tidy<'_, '_> {
    /// The start tag as it is written, and how much of it is a picture; `None` when the element would do nothing.
    pub(super) fn tag(&mut self, element: &'static Element, tag: &StartTag<()>) -> Option<(String, usize)> {
        let mut out = format!("<{}", element.shown);
        let mut styles: Vec<String> = Vec::new();
        let (mut leads, mut pictured, mut described, mut said) = (false, 0, false, false);
        for (name, written) in &tag.attributes {
            let Ok(name) = std::str::from_utf8(name) else { continue };
            let Some(value) = allowed::value(element, name) else { continue };
            let written = String::from_utf8_lossy(written);
            let cleaned = match value {
                Value::Picture => self.pictures.shown(&written),
                value => value.clean(&written),
            };
            let Some(cleaned) = cleaned else { continue };
            said = true;
            leads |= name == "href";
            described |= name == "alt" && !cleaned.is_empty();
            pictured += if name == "src" { cleaned.len() } else { 0 };
            match (element.name, name) {
                // What stands for the whole page stands for its part of ours.
                ("body", "bgcolor") => styles.insert(0, format!("background-color:{cleaned}")),
                ("body", "text") => styles.insert(0, format!("color:{cleaned}")),
                (_, "style") => styles.push(cleaned),
                _ => attribute(&mut out, name, &cleaned),
            }
        }
        if tag.attributes.contains_key(b"hidden".as_slice()) {
            styles.push("display:none".to_owned());
        }
        if !styles.is_empty() {
            attribute(&mut out, "style", &styles.join(";"));
        }
        match element.name {
            // What leads nowhere is no link.
            "a" if !leads => return None,
            "html" if !said => return None,
            // The words for a picture that is not shown stand in its place; a tracking pixel has none.
            "img" if pictured == 0 => {
                self.visible |= described;
                return described.then(|| (without_size(tag), 0));
            }
            "img" => {
                self.visible = true;
                if !tag.attributes.contains_key(b"alt".as_slice()) {
                    attribute(&mut out, "alt", "");
                }
            }
            _ => {}
        }
        out.push('>');
        Some((out, pictured))
    }
}

/// The words of a picture that is not shown.
fn without_size(tag: &StartTag<()>) -> String {
    let written = tag.attributes.get(b"alt".as_slice()).map(|alt| String::from_utf8_lossy(alt));
    let mut out = "<img".to_owned();
    attribute(&mut out, "alt", &written.and_then(|alt| Value::Words.clean(&alt)).unwrap_or_default());
    out.push('>');
    out
}

fn attribute(out: &mut String, name: &str, value: &str) {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    for c in value.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            c => out.push(c),
        }
    }
    out.push('"');
}

/// How many things a browser would fetch for a tag.
pub(super) fn remote(tag: &StartTag<()>) -> u32 {
    let fetches = |name: &[u8]| match name {
        b"src" | b"background" | b"poster" | b"lowsrc" | b"dynsrc" => true,
        b"data" => tag.name.0 == b"object",
        b"href" | b"xlink:href" => {
            matches!(tag.name.as_slice(), b"link" | b"image" | b"use" | b"feimage" | b"script")
        }
        _ => false,
    };
    let mut count = 0u32;
    for (name, value) in &tag.attributes {
        let value: Cow<'_, str> = String::from_utf8_lossy(value);
        count += match name.as_slice() {
            name if fetches(name) => u32::from(address::source(&value) == Source::Remote),
            // Several sizes of one picture.
            b"srcset" | b"imagesrcset" => {
                u32::from(value.split(',').any(|one| address::source(one) == Source::Remote))
            }
            b"style" => remote_in_css(&value),
            _ => 0,
        };
    }
    count
}

pub(super) fn remote_in_css(style: &str) -> u32 {
    let remote = css::addresses(style).filter(|address| address::source(address) == Source::Remote).count();
    u32::try_from(remote).unwrap_or(u32::MAX)
}
