//! What a file is, told from its bytes: a name and a browser's word can say anything.
//!
//! What a browser could run as a page (HTML, SVG, XML) is recognised as that first, whatever else it may look like, so
//! that it never passes for something harmless.

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sniffed {
    /// Its media type.
    pub media_type: &'static str,
    /// The usual ending of its name, without the dot: what the form's list of sorts names it by.
    pub ending: &'static str,
}

/// How far into a file is looked for the marks of a page (the WHATWG's MIME sniffing looks into 1,445 bytes).
const HEAD: usize = 4_096;
/// How much of a zip's directory is looked through for the parts of a document.
const ZIP: usize = 1 << 20;

/// What declares a page, or hides its beginning.
const PAGES: [&str; 3] = ["<!doctype", "<!--", "<?xml"];

/// Tells what a file is.
pub fn sniff(bytes: &[u8]) -> Sniffed {
    let of = |media_type, ending| Sniffed { media_type, ending };
    if is_page(bytes) {
        return of("text/html", "html");
    }
    if let Some(document) = zip_document(bytes) {
        return document;
    }
    // Two letters make a picture or a program of a letter that begins «BM…» or «MZ…»; those hold bytes that no text does.
    let two_letters = bytes.starts_with(b"BM") || bytes.starts_with(b"MZ");
    if let Some(found) = infer::get(bytes).filter(|_| !two_letters || !is_text(bytes)) {
        return match found.extension() {
            // Several sorts of one old container, which its directory would tell apart; all of them can hold macros.
            "doc" | "xls" | "ppt" | "msi" => ole_document(bytes),
            "tif" => of("image/tiff", "tif"),
            "heif" | "heic" => of("image/heic", "heic"),
            ending => of(found.mime_type(), ending),
        };
    }
    if bytes.starts_with(b"II*\0") || bytes.starts_with(b"MM\0*") {
        return of("image/tiff", "tif");
    }
    if bytes.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        return ole_document(bytes);
    }
    if bytes.starts_with(b"{\\rtf") {
        return of("application/rtf", "rtf");
    }
    if is_text(bytes) { of("text/plain", "txt") } else { of("application/octet-stream", "bin") }
}

/// Whether a sort of file is among `types`, the usual endings.
pub fn is_allowed(sniffed: Sniffed, types: &[String]) -> bool {
    let never = ["html", "bin", "exe"].contains(&sniffed.ending);
    !never && types.iter().any(|one| usual(one) == sniffed.ending)
}

/// The one ending among those that mean the same.
fn usual(ending: &str) -> &str {
    match ending {
        "jpeg" | "jpe" => "jpg",
        "tiff" => "tif",
        "heif" => "heic",
        "htm" => "html",
        other => other,
    }
}

/// Whether a browser might take it for a page.
fn is_page(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(HEAD)];
    // UTF-16 is read as its low bytes: enough to see a tag.
    let narrow: Vec<u8> = match head {
        [0xff, 0xfe, rest @ ..] => rest.iter().step_by(2).copied().collect(),
        [0xfe, 0xff, rest @ ..] => rest.iter().skip(1).step_by(2).copied().collect(),
        [0xef, 0xbb, 0xbf, rest @ ..] => rest.to_vec(),
        _ => head.to_vec(),
    };
    let start =
        narrow.iter().position(|byte| !byte.is_ascii_whitespace() && *byte != 0).unwrap_or(narrow.len());
    let text = narrow[start..].to_ascii_lowercase();
    let begins = PAGES.iter().any(|page| text.starts_with(page.as_bytes()));
    let holds = |needle: &[u8]| memchr::memmem::find(&text, needle).is_some();
    // A tag of whatever name, but not an address: `<video …`, `<x:script …`, not `<p@b.example> skrev:`.
    let name = text.strip_prefix(b"<").map(|rest| {
        let end = rest.iter().position(|byte| !byte.is_ascii_alphanumeric() && !b":-".contains(byte));
        rest.split_at(end.unwrap_or(rest.len()))
    });
    let is_tag = name.is_some_and(|(name, rest)| {
        name.first().is_some_and(u8::is_ascii_alphabetic)
            && rest.first().is_none_or(|next| next.is_ascii_whitespace() || b">/".contains(next))
    });
    is_tag || begins || is_text(bytes) && (holds(b"<script") || holds(b"<svg") || holds(b"<html"))
}

/// A document that is a zip: told by the names in its central directory (APPNOTE.TXT section 4.3.12), which is what opens
/// it goes by.
fn zip_document(bytes: &[u8]) -> Option<Sniffed> {
    if !bytes.starts_with(b"PK\x03\x04") {
        return None;
    }
    let far = &bytes[bytes.len().saturating_sub(ZIP)..];
    let entries: Vec<&[u8]> = memchr::memmem::find_iter(far, b"PK\x01\x02")
        .filter_map(|at| {
            let length = u16::from_le_bytes([*far.get(at + 28)?, *far.get(at + 29)?]);
            far.get(at + 46..at + 46 + usize::from(length))
        })
        .collect();
    let holds = |name: &[u8]| entries.contains(&name);
    let of = |media_type, ending| Some(Sniffed { media_type, ending });
    if entries.iter().any(|name| name.ends_with(b"vbaProject.bin")) {
        return of("application/vnd.ms-office.macroenabled", "docm");
    }
    if holds(b"[Content_Types].xml") {
        if holds(b"word/document.xml") {
            return of("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx");
        }
        if holds(b"xl/workbook.xml") {
            return of("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx");
        }
        if holds(b"ppt/presentation.xml") {
            return of("application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx");
        }
    }
    // An OpenDocument says what it is in its first file, unpacked, whose length stands before its name.
    let size = bytes.get(22..26).and_then(|size| <[u8; 4]>::try_from(size).ok()).map(u32::from_le_bytes);
    let first = bytes.get(30..38).zip(size).filter(|(name, _)| *name == b"mimetype");
    let said = first.and_then(|(_, size)| bytes.get(38..38 + usize::try_from(size).ok()?.min(100)));
    match said {
        Some(b"application/vnd.oasis.opendocument.text") => {
            of("application/vnd.oasis.opendocument.text", "odt")
        }
        Some(b"application/vnd.oasis.opendocument.spreadsheet") => {
            of("application/vnd.oasis.opendocument.spreadsheet", "ods")
        }
        _ => of("application/zip", "zip"),
    }
}

/// A document in Microsoft's old container: its directory names its streams in UTF-16.
fn ole_document(bytes: &[u8]) -> Sniffed {
    let wide = |name: &str| -> Vec<u8> { name.bytes().flat_map(|byte| [byte, 0]).collect() };
    let holds = |name: &str| memchr::memmem::find(bytes, &wide(name)).is_some();
    let of = |media_type, ending| Sniffed { media_type, ending };
    if holds("WordDocument") {
        of("application/msword", "doc")
    } else if holds("Workbook") {
        of("application/vnd.ms-excel", "xls")
    } else if holds("PowerPoint Document") {
        of("application/vnd.ms-powerpoint", "ppt")
    } else {
        of("application/x-ole-storage", "ole")
    }
}

/// Text: UTF-8, or one byte a letter, without the bytes that no text holds; or UTF-16 that says so.
fn is_text(bytes: &[u8]) -> bool {
    let wide = |rest: &[u8], unit: fn([u8; 2]) -> u16| {
        let units = rest.as_chunks::<2>().0.iter().map(|pair| unit(*pair));
        rest.len().is_multiple_of(2)
            && char::decode_utf16(units)
                .all(|c| c.is_ok_and(|c| !c.is_control() || matches!(c, '\n' | '\r' | '\t')))
    };
    match bytes {
        [] => false,
        [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes),
        _ => {
            let odd = |byte: &u8| *byte < 0x09 || (0x0e..0x20).contains(byte) || *byte == 0x7f;
            !bytes.iter().any(odd)
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    fn zip(parts: &[&str]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for part in parts {
            bytes.extend_from_slice(b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0");
            bytes.extend_from_slice(&[part.len() as u8, 0, 0, 0]);
            bytes.extend_from_slice(part.as_bytes());
        }
        for part in parts {
            bytes.extend_from_slice(b"PK\x01\x02");
            bytes.extend_from_slice(&[0; 24]);
            bytes.extend_from_slice(&[part.len() as u8, 0]);
            bytes.extend_from_slice(&[0; 16]);
            bytes.extend_from_slice(part.as_bytes());
        }
        bytes
    }

    /// An OpenDocument: its first file says what it is.
    fn open_document(said: &str) -> Vec<u8> {
        let mut bytes = b"PK\x03\x04".to_vec();
        bytes.extend_from_slice(&[0; 18]);
        bytes.extend_from_slice(&[said.len() as u8, 0, 0, 0, 8, 0, 0, 0]);
        bytes.extend_from_slice(b"mimetype");
        bytes.extend_from_slice(said.as_bytes());
        bytes.extend_from_slice(b"PK\x03\x04");
        bytes
    }

    fn ole(stream: &str) -> Vec<u8> {
        let mut bytes = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
        bytes.resize(512, 0);
        bytes.extend(stream.bytes().flat_map(|byte| [byte, 0]));
        bytes
    }

    #[rstest]
    #[case::pdf(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3".to_vec(), "pdf")]
    #[case::png(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(), "png")]
    #[case::jpg(b"\xff\xd8\xff\xe0\0\x10JFIF\0".to_vec(), "jpg")]
    #[case::gif(b"GIF89a\x01\0\x01\0".to_vec(), "gif")]
    #[case::webp(b"RIFF\x24\0\0\0WEBPVP8 ".to_vec(), "webp")]
    #[case::tif(b"II*\0\x08\0\0\0".to_vec(), "tif")]
    #[case::heic(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".to_vec(), "heic")]
    #[case::mp3(b"ID3\x04\0\0\0\0\0\0".to_vec(), "mp3")]
    #[case::m4a(b"\0\0\0\x20ftypM4A \0\0\0\0".to_vec(), "m4a")]
    #[case::docx(zip(&["[Content_Types].xml", "word/document.xml"]), "docx")]
    #[case::docx_in_another_order(zip(&["_rels/.rels", "word/document.xml", "[Content_Types].xml"]), "docx")]
    #[case::xlsx(zip(&["[Content_Types].xml", "xl/workbook.xml"]), "xlsx")]
    #[case::macros(zip(&["[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"]), "docm")]
    #[case::odt(open_document("application/vnd.oasis.opendocument.text"), "odt")]
    #[case::a_master(open_document("application/vnd.oasis.opendocument.text-master"), "zip")]
    #[case::a_zip_that_talks_of_word(
        [zip(&["evil.exe"]), b"[Content_Types].xml word/document.xml".to_vec()].concat(),
        "zip"
    )]
    #[case::a_letter_that_begins_so("BM skal komme i dag".as_bytes().to_vec(), "txt")]
    #[case::a_quote("<p@b.example> skrev: hej".as_bytes().to_vec(), "txt")]
    #[case::a_video(b"<video src=x onerror=alert(1)>".to_vec(), "html")]
    #[case::a_namespace(b"<x:script xmlns:x='http://www.w3.org/1999/xhtml'/>".to_vec(), "html")]
    #[case::wide_noise(b"\xff\xfe\x01\0\x02\0".to_vec(), "bin")]
    #[case::wide_text(b"\xff\xfeH\0e\0j\0".to_vec(), "txt")]
    #[case::any_zip(zip(&["afgørelse.exe"]), "zip")]
    #[case::doc(ole("WordDocument"), "doc")]
    #[case::xls(ole("Workbook"), "xls")]
    #[case::an_installer(ole("Binary.x"), "ole")]
    #[case::rtf(b"{\\rtf1\\ansi Hej}".to_vec(), "rtf")]
    #[case::text("Kære borgerrådgiver\n".as_bytes().to_vec(), "txt")]
    #[case::old_text(b"K\xe6re borgerr\xe5dgiver\r\n".to_vec(), "txt")]
    #[case::less_than("2 < 3 og 4 > 3".as_bytes().to_vec(), "txt")]
    #[case::a_page(b"<!DOCTYPE html><html>".to_vec(), "html")]
    #[case::a_page_behind_blanks(b" \r\n\t<HTML><body>".to_vec(), "html")]
    #[case::a_page_with_a_mark(b"\xef\xbb\xbf<script>alert(1)</script>".to_vec(), "html")]
    #[case::a_wide_page(b"\xff\xfe<\0s\0c\0r\0i\0p\0t\0>\0".to_vec(), "html")]
    #[case::a_page_in_a_text(b"Hej <script src=x></script>".to_vec(), "html")]
    #[case::a_drawing(b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>".to_vec(), "html")]
    #[case::a_drawing_behind_a_comment(b"<!-- --><svg/>".to_vec(), "html")]
    #[case::xml(b"<?xml version='1.0'?><svg/>".to_vec(), "html")]
    #[case::a_program(b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0".to_vec(), "exe")]
    #[case::noise(b"\0\x01\x02\x03".to_vec(), "bin")]
    #[case::nothing(Vec::new(), "bin")]
    fn a_file_is_what_its_bytes_say(#[case] bytes: Vec<u8>, #[case] ending: &str) {
        assert_eq!(sniff(&bytes).ending, ending);
    }

    #[test]
    fn only_what_is_listed_is_taken_and_a_page_never() {
        let types = ["pdf", "jpeg", "html", "exe"].map(str::to_owned);
        let allowed = |bytes: &[u8]| is_allowed(sniff(bytes), &types);
        assert!(allowed(b"%PDF-1.7\n"));
        assert!(allowed(b"\xff\xd8\xff\xe0\0\x10JFIF\0"));
        assert!(!allowed(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"));
        assert!(!allowed(b"<html>"));
        assert!(!allowed(b"MZ\x90\0\x03\0\0\0"));
    }

    proptest! {
        #[test]
        fn no_bytes_break_it(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
            let _ = sniff(&bytes);
        }

        #[test]
        fn a_tag_at_the_start_is_never_text(blanks in "[ \t\r\n]{0,20}", rest in "[ -~]{0,40}") {
            let page = format!("{blanks}<script {rest}");
            prop_assert_eq!(sniff(page.as_bytes()).ending, "html");
        }
    }
}
