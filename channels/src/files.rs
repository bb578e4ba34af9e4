//! What holds for a file's name in every channel.

/// Longest name that is kept, in characters: file systems end at 255 bytes.
const NAME_LENGTH: usize = 120;

/// A name that can be saved under: the last component of a path, without control characters and without the marks
/// that turn the direction of writing (a name that reads `fdp.exe` must not be shown as `exe.pdf`).
pub(crate) fn safe_name(written: &str) -> Option<String> {
    let last = written.rsplit(['/', '\\']).find(|part| !part.trim().is_empty())?;
    let mut name: String = last
        .chars()
        .filter(|c| !c.is_control() && !matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}'))
        .collect();
    name = name.trim().trim_start_matches("..").to_owned();
    if name.chars().count() > NAME_LENGTH {
        // The end stays: it says which program opens the file.
        let ending: String = match name.rsplit_once('.') {
            Some((_, ending)) if ending.chars().count() <= 10 => format!(".{ending}"),
            _ => String::new(),
        };
        let kept = NAME_LENGTH - ending.chars().count();
        name = name.chars().take(kept).collect::<String>() + &ending;
    }
    Some(name).filter(|name| !name.is_empty() && name != ".")
}

#[cfg(test)]
mod tests {
    use super::safe_name;
    use rstest::rstest;

    #[rstest]
    #[case("brev.pdf", Some("brev.pdf"))]
    #[case("../../etc/passwd", Some("passwd"))]
    #[case("C:\\Users\\x\\afgørelse.docx", Some("afgørelse.docx"))]
    #[case("ann\u{202e}fdp.exe", Some("annfdp.exe"))]
    #[case("a\0b\r\n.txt", Some("ab.txt"))]
    #[case("..", None)]
    #[case("/", None)]
    #[case("  ", None)]
    fn names_are_safe(#[case] written: &str, #[case] expected: Option<&str>) {
        assert_eq!(safe_name(written).as_deref(), expected);
    }

    #[test]
    fn a_long_name_keeps_its_ending() {
        let name = safe_name(&format!("{}.pdf", "å".repeat(500))).unwrap();
        assert!(name.ends_with("å.pdf") && name.chars().count() == 120);
    }
}
