//! What is shown, looked at by a judge that knows none of the code under test.

mod letters;
mod vectors;
mod walker;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use rstest::rstest;

use super::*;
use crate::email::html;
use walker::{Seen, judge};

fn shown(markup: &str) -> Shown {
    show_markup(markup, &Limits::default()).unwrap()
}

/// What is shown, after the judge had a look.
fn judged(markup: &str) -> (Shown, Seen) {
    let shown = shown(markup);
    let seen = judge(&shown).unwrap_or_else(|why| panic!("{why}\nof {markup}\nin {}", shown.fragment));
    (shown, seen)
}

/// What the first wall alone lets through, after the same judge had a look: neither wall leans on the other.
fn first_wall(markup: &str) -> String {
    let none = |_: &str| None;
    let mut pictures = Pictures::new(&none, PICTURES);
    let mut tidy = Tidy::new(&mut pictures, Limits::default().text);
    tidy.markup(markup);
    tidy.out
}

fn as_shown(fragment: String) -> Shown {
    Shown { fragment, blocked_remote: 0, pictures_left_out: 0, shortened: false }
}

#[test]
fn no_vector_gets_through() {
    assert!(vectors::VECTORS.len() >= 60);
    let mut through = String::new();
    for (name, markup) in vectors::VECTORS {
        let inside =
            format!("<html><head><title>x</title></head><body><p>Hej</p>{markup}<p>Hilsen</p></body></html>");
        for markup in [*markup, &inside] {
            let shown = shown(markup);
            if let Err(why) = judge(&shown) {
                let _ = writeln!(through, "{name}: {why} in {}", shown.fragment);
            }
            // The second wall is given what no first one has seen.
            let alone = as_shown(wall::clean(markup));
            if let Err(why) = judge(&alone) {
                let _ = writeln!(through, "{name}, second wall alone: {why} in {}", alone.fragment);
            }
        }
    }
    assert!(through.is_empty(), "{through}");
}

/// What is shown is shown again as it is: nothing in it waits to become something else (mutation).
#[test]
fn what_is_shown_stays_as_it_is() {
    for (name, markup) in vectors::VECTORS {
        let once = shown(markup).fragment;
        let parsed = wall::clean(&once);
        assert_eq!(parsed, once, "{name}");
    }
}

#[rstest]
#[case::nothing("<p>Hej</p>", 0)]
#[case::picture("<img src=https://a.example/x.png>", 1)]
#[case::no_scheme("<img src=//a.example/x.png>", 1)]
#[case::relative("<img src=x.png>", 1)]
#[case::share("<img src=file://server/x.png>", 1)]
#[case::sizes("<img srcset='https://a.example/x 1x, https://a.example/y 2x' src=https://a.example/z>", 2)]
#[case::own(
    "<img src=cid:x><img src=data:image/png;base64,AAAA><img src=''><a href=https://a.example>x</a>",
    0
)]
#[case::backgrounds("<body background=https://a.example/x><td background=//a.example/y>", 2)]
#[case::styles(
    "<p style=\"background:url('https://a.example/x')\">x<p style='list-style:URL( //a.example/y )'>",
    2
)]
#[case::sheets(
    "<link href=https://a.example/x.css><style>@import 'https://b.example';p{background:url(https://c.example)}</style>",
    3
)]
#[case::players(
    "<video poster=//a.example/p src=//a.example/v></video><audio src=//a.example/a><embed src=//a.example/e>",
    4
)]
#[case::frames(
    "<iframe src=https://a.example></iframe><object data=https://a.example></object><script src=//a.example></script>",
    3
)]
#[case::vectors("<svg><image xlink:href=https://a.example/x /><use href=https://a.example/y#z /></svg>", 2)]
#[case::hidden_from_scripts("<noscript><img src=https://a.example/pixel></noscript>", 1)]
#[case::never_rendered(
    "<template><img src=https://a.example/pixel></template><!--<img src=https://a.example/y>-->",
    0
)]
fn remote_content_is_counted(#[case] markup: &str, #[case] count: u32) {
    let (shown, seen) = judged(markup);
    assert_eq!(shown.blocked_remote, count);
    assert!(seen.pictures.is_empty());
}

#[rstest]
#[case("<p>Kære <b>borgerrådgiver</b></p>", "<p>Kære <b>borgerrådgiver</b></p>")]
#[case("1 &lt; 2 &amp; 3 > 2", "1 &lt; 2 &amp; 3 &gt; 2")]
#[case("<p>Et<p>To<div>Tre", "<p>Et</p><p>To</p><div>Tre</div>")]
#[case("<ul><li>a<li>b<ul><li>c</ul></ul>", "<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>")]
#[case("<p><b>a<div>b</div>c", "<p><b>a</b></p><b><div>b</div>c</b>")]
#[case("<i>a<b>b</i>c</b>", "<i>a<b>b</b></i><b>c</b>")]
#[case("<b><p>a</b>b</p>c", "<b><p>ab</p></b>c")]
#[case("<form><input><select><option>a</select></form>", "<div><div>a</div></div>")]
#[case("<article><h1>a</h1></article>", "<div><h1>a</h1></div>")]
#[case("<a name=x>a</a><a href=side.html>b</a>", "ab")]
#[case("<table><td>a", "<table><tbody><tr><td>a</td></tr></tbody></table>")]
#[case(
    "<table><tr><td>a<td>b<tr><th>c</table>",
    "<table><tbody><tr><td>a</td><td>b</td></tr><tr><th>c</th></tr></tbody></table>"
)]
#[case(
    "<table><div><tr><td>a</div>b</td></tr></div></table>c",
    "<table><tbody><tr><td>ab</td></tr></tbody></table>c"
)]
#[case("<td>a</td><tr>b", "ab")]
#[case(
    "<body bgcolor=ffffff text=\"#000\" style='margin:0'>a",
    "<div style=\"color:#000;background-color:ffffff;margin:0\">a</div>"
)]
#[case("<p hidden>a</p>", "<p style=\"display:none\">a</p>")]
#[case(
    "<img src=https://a.example/x alt=\" Kommunens <våben> \" width=500>",
    "<img alt=\"Kommunens &lt;våben&gt;\">"
)]
#[case("a<img src=https://a.example/x alt='' width=1 height=1>b", "ab")]
#[case("<svg><text>a</text></svg><math><mi>b</mi></math>", "ab")]
#[case("<textarea>a</textarea><xmp><b></xmp>", "a<pre>&lt;b&gt;</pre>")]
#[case("a</br>b<br/>c<wbr>", "a<br>b<br>c<wbr>")]
#[case("<span dir=RTL lang=ar>سلام</span>", "<span dir=\"rtl\" lang=\"ar\">سلام</span>")]
#[case("<script>alert(1)</script><img src=x>", "")]
fn reads_as_it_was_meant(#[case] markup: &str, #[case] expected: &str) {
    assert_eq!(judged(markup).0.fragment, expected);
}

#[test]
fn links_are_kept_and_open_beside() {
    let (_, seen) = judged(
        "<a href=\"HTTPS://A.example/?a=1&amp;b=2\">a</a><a href=mailto:b@c.example>b</a><a href=tel:+4512345678>c</a>\
         <a href=www.kommune.example>d</a><a href=ftp://a.example>e</a>",
    );
    let expected = [
        "https://a.example/?a=1&b=2",
        "mailto:b@c.example",
        "tel:+4512345678",
        "https://www.kommune.example/",
    ];
    assert_eq!(seen.links, expected);
}

#[test]
fn the_document_says_its_policy_and_language() {
    let document = shown("<p>x").document(Some("da"));
    assert!(document.starts_with("<!DOCTYPE html>\n<html lang=\"da\"><head><meta charset=\"utf-8\">"));
    assert!(
        document.contains(OWN_POLICY)
            && CONTENT_SECURITY_POLICY.starts_with("default-src 'none'; img-src data:")
    );
    for evil in ["da\" onload=\"x", "", "<"] {
        assert!(shown("x").document(Some(evil)).contains("<html><head>"), "{evil}");
    }
}

/// Letters as real programs write them, with every word that the readable text has, in the same order.
#[test]
fn no_word_of_a_real_letter_is_lost() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/html");
    // Addresses, the words for pictures and the numbers of items stand elsewhere.
    let elsewhere = regex::Regex::new(r"<[^>]*>|\[[^\]]*\]|\S+://\S+|(?m)^[>\s]*\d+\. ").unwrap();
    let mut count = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "html") {
            let markup = fs::read_to_string(&path).unwrap();
            let (_, seen) = judged(&markup);
            let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
            let shown = letters(&seen.text);
            let read = html::to_text(&markup).text;
            let mut from = 0;
            for word in elsewhere.replace_all(&read, " ").split_whitespace().map(letters) {
                let at = shown[from..].find(&word);
                from += at.unwrap_or_else(|| panic!("{word} is lost of {}", path.display())) + word.len();
            }
            count += 1;
        }
    }
    assert!(count >= 20);
}

/// What a hostile letter may cost. The times are generous: what they guard against would take minutes, or all memory.
#[rstest]
#[case::nested("<div>".repeat(100_000))]
#[case::nested_and_paragraphs(format!("{}{}", "<div>".repeat(50_000), "<p>".repeat(50_000)))]
#[case::formatting_and_paragraphs({
    let fonts: String = (0..2_000).map(|size| format!("<font color=\"#{size:06}\">")).collect();
    format!("<p>{fonts}</p>{}", "<p>x".repeat(15_000))
})]
#[case::formatting_in_tables(format!("<table>{}{}", "<b><i><u>".repeat(50), "<tr>x".repeat(10_000)))]
#[case::links("<a href=https://a.example>x".repeat(20_000))]
#[case::crossed("<b><i></b>x</i>".repeat(20_000))]
#[case::crossed_deep(format!("{}{}", "<b><i><u><s><tt>".repeat(1_000), "</b><b>x".repeat(20_000)))]
#[case::tables("<table><tr><td>x".repeat(50_000))]
#[case::lists("<ul><li>x".repeat(50_000))]
#[case::attributes(format!("<p {}>x", (0..200_000).map(|n| format!("a{n} ")).collect::<String>()))]
#[case::one_attribute(format!("<p title=\"{}\">x", "&amp;".repeat(500_000)))]
#[case::style(format!("<p style=\"{}\">x", "color:red;".repeat(500_000)))]
#[case::styles("<p style=\"color:rgb(1,2,3);background:url(x)\">x".repeat(10_000))]
#[case::comments("<!--".repeat(500_000))]
#[case::open_tags("<".repeat(60_000))]
#[case::entities("&ampamp;&notit;&#x41\u{ab}".repeat(15_000))]
#[case::ends("</p></b></td>".repeat(100_000))]
#[case::pictures("<img src=\"data:image/gif;base64,R0lGODlhLi4=\" alt=\"xxxxxxxxxxxxxxxxxxxx\">".repeat(8_000))]
#[case::unseen("<template>".repeat(200_000))]
#[case::raw("<noscript><style>@import url(".repeat(100_000))]
#[case::text("Kære borgerrådgiver ".repeat(300_000))]
fn hostile_letters_cost_little(#[case] markup: String) {
    let start = Instant::now();
    let shown = shown(&markup);
    let took = start.elapsed();
    assert!(took < Duration::from_secs(20), "{took:?}");
    assert!(shown.fragment.len() < 20 << 20, "{} bytes", shown.fragment.len());
    if let Err(why) = judge(&shown) {
        panic!("{why}");
    }
}

#[test]
fn a_letter_over_the_limit_is_cut_and_says_so() {
    let limits = Limits { text: 1_000, ..Limits::default() };
    let shown = show_markup(&"<p>Kære <b>borger".repeat(1_000), &limits).unwrap();
    assert!(shown.shortened && shown.fragment.len() < 3_000 && shown.fragment.len() > 500);
    judge(&shown).unwrap();
    let shown = show_markup(&"æ&".repeat(5_000), &limits).unwrap();
    assert!(shown.shortened && shown.fragment.len() > 900);
    judge(&shown).unwrap();
}

/// Markup of the pieces that parsers stumble over.
fn soup() -> impl Strategy<Value = String> {
    let names = prop::sample::select(vec![
        "p",
        "div",
        "b",
        "i",
        "a",
        "font",
        "table",
        "tr",
        "td",
        "tbody",
        "caption",
        "colgroup",
        "col",
        "ul",
        "li",
        "dd",
        "h1",
        "h2",
        "svg",
        "math",
        "mtext",
        "mglyph",
        "style",
        "script",
        "title",
        "template",
        "select",
        "option",
        "textarea",
        "noscript",
        "iframe",
        "xmp",
        "form",
        "button",
        "img",
        "image",
        "br",
        "hr",
        "body",
        "html",
        "head",
        "frameset",
        "foreignObject",
        "desc",
        "annotation-xml",
        "plaintext",
        "pre",
        "center",
        "nobr",
        "object",
        "input",
        "base",
        "meta",
    ]);
    let attributes = prop::sample::select(vec![
        "",
        " href=javascript:x",
        " href=https://a.example",
        " src=x onerror=x",
        " style='color:red;position:fixed'",
        " style=\"background:url(x)\"",
        " title=\"</style><img src=x onerror=x>\"",
        " dir=rtl",
        " colspan=9",
        " xlink:href=x",
        " src=data:image/gif;base64,R0lGODlhLi4=",
        " onclick=x",
        "/",
        " a=\"",
        " encoding=text/html",
    ]);
    let text = prop::sample::select(vec![
        "x",
        " ",
        "<",
        "&lt;",
        "&#0;",
        "<!--",
        "-->",
        "]]>",
        "<![CDATA[",
        "\0",
        "\"",
        "æ",
        "\u{202e}",
        "<?x",
    ]);
    let piece = prop_oneof![
        4 => (names.clone(), attributes).prop_map(|(name, attribute)| format!("<{name}{attribute}>")),
        2 => names.prop_map(|name| format!("</{name}>")),
        2 => text.prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_soup_is_safe(markup in soup()) {
        let shown = shown(&markup);
        prop_assert!(judge(&shown).is_ok(), "{:?} in {}", judge(&shown), shown.fragment);
        prop_assert_eq!(wall::clean(&shown.fragment), shown.fragment.as_str(), "it changes when it is parsed");
        let alone = as_shown(wall::clean(&markup));
        prop_assert!(judge(&alone).is_ok(), "the second wall alone: {:?}", judge(&alone));
    }

    /// The tree builder makes of the first wall's markup just the elements that stand there, so nothing multiplies.
    #[test]
    fn the_first_wall_leaves_order(markup in soup()) {
        let written = first_wall(&markup);
        let starts = written.match_indices('<').filter(|(at, _)| !written[at + 1..].starts_with('/')).count();
        // A row gets a group, and a column too.
        let implied = written.matches("<tr").count() + written.matches("<col").count();
        let cleaned = wall::clean(&written);
        let built = cleaned.match_indices('<').filter(|(at, _)| !cleaned[at + 1..].starts_with('/')).count();
        prop_assert!(built >= starts && built <= starts + implied, "{starts} were written, {built} built: {written} {cleaned}");
    }

    #[test]
    fn any_text_is_safe(markup in "\\PC{0,200}") {
        judged(&markup);
    }

    #[test]
    fn any_bytes_are_survived(raw in prop::collection::vec(any::<u8>(), 0..400)) {
        let letter = [b"From: a@b.example\r\nContent-Type: text/html\r\n\r\n<p>", &raw[..]].concat();
        for raw in [&raw, &letter] {
            let limits = Limits::default();
            let shown = show(raw, &limits);
            // Were there a form and nothing to show of it, something had gone wrong on the way.
            prop_assert_eq!(has_html(raw, &limits), shown.is_some());
            prop_assert!(shown.is_none_or(|shown| judge(&shown).is_ok()));
        }
    }
}
