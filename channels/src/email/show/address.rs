//! Where links lead and where pictures come from: which addresses may stand in what is shown, and which would fetch
//! something. Fetches nothing itself.

use url::Url;

/// Longest address that is kept, in bytes: what browsers agree on is about this.
const LONGEST: usize = 4_096;

/// The schemes that links may have.
pub(super) const SCHEMES: [&str; 4] = ["http", "https", "mailto", "tel"];

/// The address of a link as a browser would understand it, written so that nobody can understand it otherwise; `None` when
/// it leads nowhere that a link may lead.
pub(super) fn link(written: &str) -> Option<String> {
    if written.len() > LONGEST {
        return None;
    }
    let trimmed = written.trim_matches(|c: char| c.is_whitespace() || c.is_control());
    // What people type without a scheme is meant for the web; a browser would look for it beside this page.
    let bare = trimmed.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("www."));
    let url = if bare { Url::parse(&format!("https://{trimmed}")) } else { Url::parse(trimmed) }.ok()?;
    let url = String::from(url);
    (is_link(&url) && url.len() <= LONGEST).then_some(url)
}

/// Whether an address may stand in a link as it is.
pub(super) fn is_link(address: &str) -> bool {
    Url::parse(address).is_ok_and(|url| SCHEMES.contains(&url.scheme()) && url.as_str() == address)
}

/// Where something that a letter refers to would come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Source<'a> {
    /// A part of the letter, by its Content-ID (RFC 2392).
    Part(&'a str),
    /// The address itself (RFC 2397), from behind `data:`.
    Data(&'a str),
    /// Somewhere else: fetching it would tell that the letter was opened.
    Remote,
    /// Nowhere.
    Nowhere,
}

/// Where an address would be fetched from. Any that is not surely harmless counts as remote, those that lead nowhere
/// without a base too.
pub(super) fn source(written: &str) -> Source<'_> {
    let trimmed = written.trim_matches(|c: char| c.is_whitespace() || c.is_control());
    if trimmed.is_empty() || trimmed.starts_with('#') {
        return Source::Nowhere;
    }
    let Some((scheme, rest)) = trimmed.split_once(':') else { return Source::Remote };
    match scheme.trim().to_ascii_lowercase().as_str() {
        "cid" => Source::Part(rest.trim()),
        "data" => Source::Data(rest),
        "mid" | "about" | "javascript" | "vbscript" | "blob" | "mailto" | "tel" => Source::Nowhere,
        _ => Source::Remote,
    }
}

/// `%41` and its like undone (RFC 3986 section 2.1).
pub(super) fn unescaped(written: &str) -> String {
    if !written.contains('%') {
        return written.to_owned();
    }
    let digit = |byte: Option<&u8>| byte.and_then(|byte| char::from(*byte).to_digit(16));
    let bytes = written.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match (byte, digit(bytes.get(at + 1)), digit(bytes.get(at + 2))) {
            (b'%', Some(high), Some(low)) => {
                out.extend(u8::try_from(high << 4 | low));
                at += 3;
            }
            _ => {
                out.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("https://a.example/æ?x=1&y=\"2\"", Some("https://a.example/%C3%A6?x=1&y=%222%22"))]
    #[case(" \u{1}HTTPS://A.example ", Some("https://a.example/"))]
    #[case("ht\ntps://a.example/\tb", Some("https://a.example/b"))]
    #[case("www.kommune.example/klage", Some("https://www.kommune.example/klage"))]
    #[case("mailto:b@c.example?subject=Hej", Some("mailto:b@c.example?subject=Hej"))]
    #[case("tel:+4512345678", Some("tel:+4512345678"))]
    #[case("javascript:alert(1)", None)]
    #[case("java\nscript:alert(1)", None)]
    #[case("\u{0}javascript:alert(1)", None)]
    #[case("vbscript:x", None)]
    #[case("data:text/html,<script>", None)]
    #[case("file:///etc/passwd", None)]
    #[case("//a.example/b", None)]
    #[case("side.html", None)]
    #[case("#her", None)]
    #[case("https://", None)]
    #[case("", None)]
    fn links(#[case] written: &str, #[case] expected: Option<&str>) {
        assert_eq!(link(written).as_deref(), expected);
        assert!(expected.is_none_or(is_link));
    }

    #[rstest]
    #[case("CID:a@b", Source::Part("a@b"))]
    #[case(" data:image/png;base64,AA", Source::Data("image/png;base64,AA"))]
    #[case("http://a.example/x.png", Source::Remote)]
    #[case("//a.example/x.png", Source::Remote)]
    #[case("file://server/share", Source::Remote)]
    #[case("x.png", Source::Remote)]
    #[case("javascript:x", Source::Nowhere)]
    #[case("  ", Source::Nowhere)]
    fn sources(#[case] written: &str, #[case] expected: Source<'_>) {
        assert_eq!(source(written), expected);
    }

    #[rstest]
    #[case("a%40b", "a@b")]
    #[case("100%", "100%")]
    #[case("%zz%4", "%zz%4")]
    #[case("%c3%a6", "æ")]
    fn escapes(#[case] written: &str, #[case] expected: &str) {
        assert_eq!(unescaped(written), expected);
    }
}
