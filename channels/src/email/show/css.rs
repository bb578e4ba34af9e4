//! The `style` attributes of HTML mail: lets through how text and boxes look, and nothing that fetches, moves or covers.
//!
//! Knows a few dozen properties and, for their values, one narrow alphabet. Rejected: a parser for all of CSS, which
//! would have to be right about everything that it lets through.

/// Properties that are shown. None takes an address, places a box elsewhere than in the flow, or writes text.
#[rustfmt::skip]
const PROPERTIES: &[&str] = &[
    "background-color", "border", "border-bottom", "border-bottom-color", "border-bottom-style", "border-bottom-width",
    "border-collapse", "border-color", "border-left", "border-left-color", "border-left-style", "border-left-width",
    "border-radius", "border-right", "border-right-color", "border-right-style", "border-right-width", "border-spacing",
    "border-style", "border-top", "border-top-color", "border-top-style", "border-top-width", "border-width",
    "box-sizing", "caption-side", "clear", "color", "direction", "display", "empty-cells", "float", "font-family",
    "font-size", "font-style", "font-variant", "font-weight", "height", "letter-spacing", "line-height",
    "list-style-type", "margin", "margin-bottom", "margin-left", "margin-right", "margin-top", "max-height", "max-width",
    "min-height", "min-width", "overflow", "overflow-wrap", "padding", "padding-bottom", "padding-left",
    "padding-right", "padding-top", "table-layout", "text-align", "text-decoration", "text-decoration-line",
    "text-indent", "text-transform", "vertical-align", "visibility", "white-space", "width", "word-break",
    "word-spacing", "word-wrap",
];

/// Values of `display` that keep a box in the flow.
const DISPLAYS: &[&str] = &[
    "none",
    "block",
    "inline",
    "inline-block",
    "list-item",
    "table",
    "inline-table",
    "table-row",
    "table-cell",
    "table-row-group",
    "table-header-group",
    "table-footer-group",
    "table-caption",
    "table-column",
    "table-column-group",
];

/// Functions that make colours, and nothing else.
const COLOURS: &[&str] = &["rgb", "rgba", "hsl", "hsla"];

/// Longest attribute, and most declarations of one, that are read.
const LONGEST: usize = 8 << 10;
const MOST: usize = 60;

/// The declarations that are shown, written anew.
pub(super) fn clean(style: &str) -> String {
    if style.len() > LONGEST {
        return String::new();
    }
    let style = without_comments(style);
    let mut out = String::with_capacity(style.len());
    for declaration in style.split(';').take(MOST) {
        let Some((name, value)) = declaration.split_once(':') else { continue };
        let (mut name, value) = (name.trim().to_ascii_lowercase(), value.trim());
        let value = value.split('!').next().unwrap_or_default().trim();
        if name == "background" && is_colour(value) {
            "background-color".clone_into(&mut name);
        }
        let Some(value) = kept(&name, value) else { continue };
        if !out.is_empty() {
            out.push(';');
        }
        out.push_str(&name);
        out.push(':');
        out.push_str(&value);
    }
    out
}

/// Whether a value is one colour.
pub(super) fn is_colour(value: &str) -> bool {
    let word = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_alphabetic());
    let digits = value.strip_prefix('#').unwrap_or(value);
    let hexadecimal = (3..=8).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    let function = value.split_once('(').is_some_and(|(name, inside)| {
        let arguments = inside.strip_suffix(')').is_some_and(|inside| !inside.contains(['(', ')']));
        COLOURS.iter().any(|known| known.eq_ignore_ascii_case(name)) && arguments && is_plain(inside)
    });
    value.len() <= 40 && (word || hexadecimal || function)
}

/// Names of fonts, written anew; `None` when there are none.
pub(super) fn family(value: &str) -> Option<String> {
    let mut names = Vec::new();
    for name in value.split(',').take(20) {
        let name = name.trim().trim_matches(['"', '\'']).trim();
        let fits = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_');
        if !name.is_empty() && name.len() <= 60 && name.chars().all(fits) {
            names.push(if name.contains(|c: char| !c.is_ascii_alphanumeric() && c != '-') {
                format!("'{name}'")
            } else {
                name.to_owned()
            });
        }
    }
    (!names.is_empty()).then(|| names.join(", "))
}

fn kept(name: &str, value: &str) -> Option<String> {
    if !PROPERTIES.contains(&name) || value.is_empty() || value.len() > 200 {
        return None;
    }
    match name {
        "font-family" => family(value),
        "display" => {
            DISPLAYS.contains(&value.to_ascii_lowercase().as_str()).then(|| value.to_ascii_lowercase())
        }
        _ => (is_plain(value) && only_colours(value) && in_bounds(value)).then(|| value.to_owned()),
    }
}

/// The alphabet of lengths, words and colours. No quotes, no backslash, no address.
fn is_plain(value: &str) -> bool {
    value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b" #.,%()+-/".contains(&byte))
}

/// Whether every function in a value makes a colour, and every parenthesis closes.
fn only_colours(value: &str) -> bool {
    let mut rest = value;
    while let Some((before, inside)) = rest.split_once('(') {
        let name = before.rsplit([' ', ',', '/']).next().unwrap_or_default();
        let Some((arguments, after)) = inside.split_once(')') else { return false };
        if before.contains(')')
            || arguments.contains('(')
            || !COLOURS.iter().any(|known| known.eq_ignore_ascii_case(name))
        {
            return false;
        }
        rest = after;
    }
    !rest.contains(')')
}

/// Whether every word is a word, a colour, or a number that is not negative, which would pull a box over another, nor so
/// large that it would push all others away.
fn in_bounds(value: &str) -> bool {
    value.split([' ', ',', '/', '(', ')']).all(|word| match word.as_bytes().first() {
        None => true,
        Some(b'#') => is_colour(word),
        Some(first) if first.is_ascii_alphabetic() => {
            word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        }
        Some(_) => {
            let number = word.strip_prefix('+').unwrap_or(word);
            let unit = number.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
            let whole = number.split('.').next().unwrap_or_default().bytes().take_while(u8::is_ascii_digit);
            // `1e9` is a number too, with a unit that holds a digit.
            unit.len() < number.len()
                && whole.count() <= 4
                && (unit == "%" || unit.bytes().all(|b| b.is_ascii_alphabetic()))
        }
    })
}

fn without_comments(style: &str) -> String {
    let mut out = String::with_capacity(style.len());
    let mut rest = style;
    while let Some((before, comment)) = rest.split_once("/*") {
        out.push_str(before);
        rest = comment.split_once("*/").map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    out
}

/// The addresses that a style or a style sheet refers to.
pub(super) fn addresses(style: &str) -> impl Iterator<Item = &str> {
    let mut rest = style;
    std::iter::from_fn(move || {
        let bytes = rest.as_bytes();
        let start = memchr::memchr2_iter(b'(', b'@', bytes).find_map(|at| {
            let (before, after) = (&bytes[..at], &bytes[at + 1..]);
            let ends_with = |word: &[u8]| before.len() >= 3 && before[at - 3..].eq_ignore_ascii_case(word);
            let begins_with =
                |word: &[u8]| after.get(..word.len()).is_some_and(|w| w.eq_ignore_ascii_case(word));
            match bytes[at] {
                b'(' => ends_with(b"url").then_some(at + 1),
                _ => begins_with(b"import").then_some(at + 1 + b"import".len()),
            }
        })?;
        let inside = &rest[start..];
        let end = inside.find([')', ';', '}']).unwrap_or(inside.len());
        rest = &inside[end..];
        let address = inside[..end].trim();
        // `@import url(…)` holds its address in the parenthesis.
        let call = address.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("url("));
        Some(address[if call { 4 } else { 0 }..].trim().trim_matches(['"', '\'']))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case("color: red; FONT-SIZE:12pt", "color:red;font-size:12pt")]
    #[case("color:red!important", "color:red")]
    #[case("background:#fff", "background-color:#fff")]
    #[case("background:url(https://a.example/x)", "")]
    #[case("background: #fff url(x)", "")]
    #[case("background-color:u\\72l(x)", "")]
    #[case("color:expression(alert(1))", "")]
    #[case("width:ex/**/pression(alert(1))", "")]
    #[case("col/* ; */or:blue", "color:blue")]
    #[case("behavior:url(x);-moz-binding:url(x)", "")]
    #[case("position:fixed;top:0;left:0;z-index:9", "")]
    #[case("position:absolute;color:red", "color:red")]
    #[case("margin:-20px;margin-left: -1em; margin-top:0 -.5em", "")]
    #[case("margin:0 0 10.0pt 20px", "margin:0 0 10.0pt 20px")]
    #[case("width:999999px;height:calc(1px);max-width:1e9px;border:99999.5px solid #fff;padding:+-1px", "")]
    #[case("font-family:\"Segoe UI\", Calibri,sans-serif", "font-family:'Segoe UI', Calibri, sans-serif")]
    #[case("font-family:'x;color:red'", "font-family:x")]
    #[case("font-family:x\\", "")]
    #[case("border:solid rgb(1, 2, 3) 1.0pt", "border:solid rgb(1, 2, 3) 1.0pt")]
    #[case("color:rgb(1,2", "")]
    #[case("color:rgb(url(x))", "")]
    #[case("display:flex;display:NONE", "display:none")]
    #[case("content:'x';opacity:0;transform:none;filter:x", "")]
    #[case("--x:red;color:var(--x)", "")]
    #[case("color:#a1b2c3d4;background:1px", "color:#a1b2c3d4")]
    #[case("list-style-type:disc;list-style:url(x)", "list-style-type:disc")]
    #[case("text-align:left\u{0};color:r\u{f8}d", "")]
    #[case("}body{color:red", "")]
    #[case("@import 'x';color:red", "color:red")]
    fn styles(#[case] written: &str, #[case] expected: &str) {
        assert_eq!(clean(written), expected);
        assert_eq!(clean(expected), expected, "what is clean stays");
    }

    #[rstest]
    #[case("background:url(https://a/x) no-repeat, url('b')", &["https://a/x", "b"])]
    #[case("@import 'https://a/x.css';@IMPORT url(\"b\");", &["https://a/x.css", "b"])]
    #[case("@font-face{src:URL( 'f.woff' )}", &["f.woff"])]
    #[case("color:rgb(1,2,3)", &[])]
    #[case("url(", &[""])]
    #[case("url@", &[])]
    #[case("@import", &[""])]
    fn finds_addresses(#[case] style: &str, #[case] expected: &[&str]) {
        assert_eq!(addresses(style).collect::<Vec<_>>(), expected);
    }

    proptest! {
        #[test]
        fn any_style_is_survived_and_clean_ones_stay(style in "(color|width|font-family|url|[:;()'\"\\\\/*#! ]|[ -~æ\\x00]){0,30}") {
            let cleaned = clean(&style);
            prop_assert_eq!(clean(&cleaned), cleaned.as_str());
            let special = cleaned.contains(['\\', '"', '<', '>', '&', '@', '{', '}']);
            prop_assert!(!special, "{}", cleaned);
            let _ = addresses(&style).count();
        }
    }
}
