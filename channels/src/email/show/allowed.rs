//! Which elements and attributes of HTML mail are shown, and what their values may be: the one table that both walls
//! read. Whatever does not stand here is not shown.

use super::{address, css};

/// How an element stands among others, as far as it decides what its start closes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    /// Ends with its tag: `br`.
    Void,
    /// Runs on in the line and ends with what it stands in.
    Inline,
    /// Runs on in the line, and goes on after what it stands in has ended (HTML section 13.2.4.3).
    Formatting,
    /// Stands apart; a paragraph ends before it.
    Block,
    /// `li`, and apart from it `dt` and `dd`: one ends before the next.
    Item,
    /// `table`.
    Table,
    /// `tbody` and its like, and `colgroup`.
    Section,
    /// `tr`.
    Row,
    /// `td`, `th`, `caption`: what stands in it never reaches out of it.
    Cell,
}

/// What a value may be.
#[derive(Clone, Copy, Debug)]
pub(super) enum Value {
    /// Words.
    Words,
    /// `dir`.
    Direction,
    /// `lang` (BCP 47).
    Language,
    /// `style`.
    Style,
    /// A colour.
    Colour,
    /// A number of pixels, or a share in percent.
    Length,
    /// A number no greater than this.
    Count(u32),
    /// Names of fonts.
    Face,
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// Where a link leads.
    Link,
    /// A picture that the letter carries.
    Picture,
}

/// An element that is shown.
#[derive(Debug)]
pub(super) struct Element {
    /// Its name in the letter.
    pub(super) name: &'static str,
    /// Its name as it is shown.
    pub(super) shown: &'static str,
    /// How it stands.
    pub(super) sort: Sort,
    /// Its own attributes.
    pub(super) attributes: &'static [(&'static str, Value)],
}

/// Attributes that any element may have.
pub(super) const EVERYWHERE: &[(&str, Value)] =
    &[("dir", Value::Direction), ("lang", Value::Language), ("style", Value::Style)];

const ALIGN: Value = Value::OneOf(&["left", "right", "center", "justify", "middle"]);
const VALIGN: Value = Value::OneOf(&["top", "middle", "bottom", "baseline"]);
const MARKER: Value = Value::OneOf(&["1", "a", "i", "disc", "circle", "square"]);
/// Browsers lay out as many cells as a span says, so a few bytes could stop one.
const SPAN: Value = Value::Count(200);

const NONE: &[(&str, Value)] = &[];
const APART: &[(&str, Value)] = &[("align", ALIGN)];
const PAGE: &[(&str, Value)] = &[("bgcolor", Value::Colour), ("text", Value::Colour)];
const TITLED: &[(&str, Value)] = &[("title", Value::Words)];
const LINK: &[(&str, Value)] = &[("href", Value::Link)];
const FONT: &[(&str, Value)] = &[
    ("color", Value::Colour),
    ("face", Value::Face),
    ("size", Value::OneOf(&["1", "2", "3", "4", "5", "6", "7"])),
];
const PICTURE: &[(&str, Value)] = &[
    ("src", Value::Picture),
    ("alt", Value::Words),
    ("width", Value::Length),
    ("height", Value::Length),
    ("align", Value::OneOf(&["left", "right", "top", "middle", "bottom"])),
];
const RULE: &[(&str, Value)] = &[("align", ALIGN), ("width", Value::Length), ("size", Value::Count(100))];
const LIST: &[(&str, Value)] = &[("start", Value::Count(9_999)), ("type", MARKER)];
const ITEM: &[(&str, Value)] = &[("value", Value::Count(9_999)), ("type", MARKER)];
const TABLE: &[(&str, Value)] = &[
    ("align", ALIGN),
    ("bgcolor", Value::Colour),
    ("border", Value::Count(100)),
    ("cellpadding", Value::Count(200)),
    ("cellspacing", Value::Count(200)),
    ("height", Value::Length),
    ("role", Value::OneOf(&["presentation", "none"])),
    ("width", Value::Length),
];
const ROW: &[(&str, Value)] =
    &[("align", ALIGN), ("bgcolor", Value::Colour), ("height", Value::Length), ("valign", VALIGN)];
const CELL: &[(&str, Value)] = &[
    ("align", ALIGN),
    ("bgcolor", Value::Colour),
    ("colspan", SPAN),
    ("height", Value::Length),
    ("rowspan", SPAN),
    ("valign", VALIGN),
    ("width", Value::Length),
];
const COLUMN: &[(&str, Value)] = &[("span", SPAN), ("width", Value::Length)];

const fn of(
    name: &'static str,
    shown: &'static str,
    sort: Sort,
    attributes: &'static [(&'static str, Value)],
) -> Element {
    Element { name, shown, sort, attributes }
}

/// Every element that is shown. What only sets a region apart is shown as `div`, so that a letter has no landmarks and
/// headings that a screen reader takes for those of the page around it; `h1` to `h6` stay, because letters have them.
#[rustfmt::skip]
const ELEMENTS: &[Element] = &[
    of("a", "a", Sort::Formatting, LINK),
    of("abbr", "abbr", Sort::Inline, TITLED),
    of("acronym", "abbr", Sort::Inline, TITLED),
    of("address", "div", Sort::Block, NONE),
    of("article", "div", Sort::Block, NONE),
    of("aside", "div", Sort::Block, NONE),
    of("b", "b", Sort::Formatting, NONE),
    of("bdi", "bdi", Sort::Inline, NONE),
    of("big", "big", Sort::Formatting, NONE),
    of("blockquote", "blockquote", Sort::Block, NONE),
    of("body", "div", Sort::Block, PAGE),
    of("br", "br", Sort::Void, NONE),
    of("caption", "caption", Sort::Cell, APART),
    of("center", "center", Sort::Block, NONE),
    of("cite", "cite", Sort::Inline, NONE),
    of("code", "code", Sort::Formatting, NONE),
    of("col", "col", Sort::Void, COLUMN),
    of("colgroup", "colgroup", Sort::Section, COLUMN),
    of("dd", "dd", Sort::Item, NONE),
    of("del", "del", Sort::Inline, NONE),
    of("details", "div", Sort::Block, NONE),
    of("dfn", "dfn", Sort::Inline, TITLED),
    of("dialog", "div", Sort::Block, NONE),
    of("dir", "ul", Sort::Block, NONE),
    of("div", "div", Sort::Block, APART),
    of("dl", "dl", Sort::Block, NONE),
    of("dt", "dt", Sort::Item, NONE),
    of("em", "em", Sort::Formatting, NONE),
    of("fieldset", "div", Sort::Block, NONE),
    of("figcaption", "div", Sort::Block, NONE),
    of("figure", "div", Sort::Block, NONE),
    of("font", "font", Sort::Formatting, FONT),
    of("footer", "div", Sort::Block, NONE),
    of("form", "div", Sort::Block, NONE),
    of("h1", "h1", Sort::Block, APART),
    of("h2", "h2", Sort::Block, APART),
    of("h3", "h3", Sort::Block, APART),
    of("h4", "h4", Sort::Block, APART),
    of("h5", "h5", Sort::Block, APART),
    of("h6", "h6", Sort::Block, APART),
    of("header", "div", Sort::Block, NONE),
    of("hr", "hr", Sort::Void, RULE),
    of("html", "div", Sort::Block, NONE),
    of("i", "i", Sort::Formatting, NONE),
    of("img", "img", Sort::Void, PICTURE),
    of("ins", "ins", Sort::Inline, NONE),
    of("kbd", "kbd", Sort::Inline, NONE),
    of("legend", "div", Sort::Block, NONE),
    of("li", "li", Sort::Item, ITEM),
    of("listing", "pre", Sort::Block, NONE),
    of("main", "div", Sort::Block, NONE),
    of("mark", "mark", Sort::Inline, NONE),
    of("menu", "ul", Sort::Block, NONE),
    of("nav", "div", Sort::Block, NONE),
    of("ol", "ol", Sort::Block, LIST),
    of("option", "div", Sort::Block, NONE),
    of("p", "p", Sort::Block, APART),
    of("plaintext", "pre", Sort::Block, NONE),
    of("pre", "pre", Sort::Block, NONE),
    of("q", "q", Sort::Inline, NONE),
    of("s", "s", Sort::Formatting, NONE),
    of("samp", "samp", Sort::Inline, NONE),
    of("section", "div", Sort::Block, NONE),
    of("small", "small", Sort::Formatting, NONE),
    of("span", "span", Sort::Inline, NONE),
    of("strike", "s", Sort::Formatting, NONE),
    of("strong", "strong", Sort::Formatting, NONE),
    of("sub", "sub", Sort::Inline, NONE),
    of("summary", "div", Sort::Block, NONE),
    of("sup", "sup", Sort::Inline, NONE),
    of("table", "table", Sort::Table, TABLE),
    of("tbody", "tbody", Sort::Section, ROW),
    of("td", "td", Sort::Cell, CELL),
    of("tfoot", "tfoot", Sort::Section, ROW),
    of("th", "th", Sort::Cell, CELL),
    of("thead", "thead", Sort::Section, ROW),
    of("tr", "tr", Sort::Row, ROW),
    of("tt", "tt", Sort::Formatting, NONE),
    of("u", "u", Sort::Formatting, NONE),
    of("ul", "ul", Sort::Block, LIST),
    of("var", "var", Sort::Inline, NONE),
    of("wbr", "wbr", Sort::Void, NONE),
    of("xmp", "pre", Sort::Block, NONE),
];

/// The row of an element as letters name it.
pub(super) fn element(name: &[u8]) -> Option<&'static Element> {
    let place = ELEMENTS.binary_search_by(|element| element.name.as_bytes().cmp(name)).ok()?;
    ELEMENTS.get(place)
}

/// All rows.
pub(super) fn elements() -> impl Iterator<Item = &'static Element> {
    ELEMENTS.iter()
}

/// What an attribute of an element may be; `None` when it may not be there.
pub(super) fn value(element: &Element, attribute: &str) -> Option<Value> {
    let own = element.attributes.iter().chain(EVERYWHERE).find(|(name, _)| *name == attribute);
    own.map(|(_, value)| *value)
}

impl Value {
    /// The value as it is shown; `None` when it is not shown. Pictures are looked up elsewhere.
    pub(super) fn clean(self, written: &str) -> Option<String> {
        let trimmed = written.trim();
        let plain = || (!trimmed.is_empty()).then(|| trimmed.to_owned());
        match self {
            Self::Words => Some(words(trimmed)),
            Self::Direction => one_of(trimmed, &["ltr", "rtl", "auto"]),
            Self::Language => plain().filter(|tag| is_language(tag)),
            Self::Style => Some(css::clean(written)).filter(|style| !style.is_empty()),
            Self::Colour => plain().filter(|colour| css::is_colour(colour)).map(|colour| {
                // The sign is often forgotten before digits.
                let bare = colour.starts_with(|c: char| c.is_ascii_digit());
                if bare { format!("#{colour}") } else { colour }
            }),
            Self::Length => {
                let digits = trimmed.strip_suffix('%').or(trimmed.strip_suffix("px")).unwrap_or(trimmed);
                let pixels = number(digits).filter(|pixels| *pixels <= 9_999)?;
                Some(if trimmed.ends_with('%') { format!("{pixels}%") } else { pixels.to_string() })
            }
            Self::Count(most) => number(trimmed).map(|count| count.min(most).to_string()),
            Self::Face => css::family(trimmed),
            Self::OneOf(allowed) => one_of(trimmed, allowed),
            Self::Link => address::link(written),
            Self::Picture => None,
        }
    }
}

/// Whether a word is a language's tag, by its form.
pub(super) fn is_language(tag: &str) -> bool {
    !tag.is_empty() && tag.len() <= 35 && tag.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

fn number(digits: &str) -> Option<u32> {
    // Word writes halves of pixels.
    let whole = digits.split(['.', ',']).next().unwrap_or_default();
    whole.parse().ok()
}

fn one_of(written: &str, allowed: &[&str]) -> Option<String> {
    allowed.iter().find(|word| word.eq_ignore_ascii_case(written)).map(|word| (*word).to_owned())
}

/// Longest words of an attribute, in characters.
const WORDS: usize = 500;

fn words(written: &str) -> String {
    written
        .chars()
        .filter(|c| !unseen(*c))
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(WORDS)
        .collect()
}

/// Characters that turn the direction of all that follows them, whatever it is. The gentler marks and isolates stay:
/// Arabic and Hebrew letters need them, and they end with their paragraph.
pub(super) fn unseen(c: char) -> bool {
    matches!(c, '\u{202d}' | '\u{202e}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[test]
    fn the_table_is_in_order() {
        assert!(ELEMENTS.windows(2).all(|pair| pair[0].name < pair[1].name));
    }

    #[rstest]
    #[case(Value::Length, "100%", Some("100%"))]
    #[case(Value::Length, " 20px ", Some("20"))]
    #[case(Value::Length, "7.5", Some("7"))]
    #[case(Value::Length, "-5", None)]
    #[case(Value::Length, "99999", None)]
    #[case(Value::Count(200), "65534", Some("200"))]
    #[case(Value::Count(200), "x", None)]
    #[case(Value::Colour, "#fF0080", Some("#fF0080"))]
    #[case(Value::Colour, "red;x", None)]
    #[case(Value::Direction, "RTL", Some("rtl"))]
    #[case(Value::Language, "da-DK", Some("da-DK"))]
    #[case(Value::Language, "da\"x", None)]
    #[case(Value::Words, "exe.\u{202e}fdp\n", Some("exe.fdp"))]
    #[case(Value::Picture, "data:image/png;base64,AAAA", None)]
    fn values(#[case] value: Value, #[case] written: &str, #[case] expected: Option<&str>) {
        assert_eq!(value.clean(written).as_deref(), expected);
    }
}
