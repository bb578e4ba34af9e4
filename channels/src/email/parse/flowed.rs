//! Unwraps `format=flowed` text (RFC 3676): lines that end in a space go on in the next one.

use mail_parser::{MessagePart, MimeHeaders};

/// The text of a part as it was written, before the sender's program broke its lines.
pub(super) fn unwrap(text: String, part: &MessagePart<'_>) -> String {
    let Some(content) = part.content_type() else { return text };
    if !content.attribute("format").is_some_and(|format| format.trim().eq_ignore_ascii_case("flowed")) {
        return text;
    }
    let delete_space =
        content.attribute("delsp").is_some_and(|value| value.trim().eq_ignore_ascii_case("yes"));
    unwrapped(&text, delete_space)
}

fn unwrapped(text: &str, delete_space: bool) -> String {
    let mut out = String::with_capacity(text.len());
    // The quote depth of the paragraph that goes on, when one does.
    let mut open: Option<usize> = None;
    for line in text.lines() {
        let depth = line.bytes().take_while(|byte| *byte == b'>').count();
        let content = &line[depth..];
        let content = content.strip_prefix(' ').unwrap_or(content);
        // The signature's mark ends in a space and is never flowed (section 4.3).
        let mark = content == "-- ";
        if open == Some(depth) && !mark {
            out.push_str(content);
        } else {
            if open.is_some() {
                out.push('\n');
            }
            if depth > 0 {
                (0..depth).for_each(|_| out.push('>'));
                out.push(' ');
            }
            out.push_str(content);
        }
        if content.ends_with(' ') && !mark {
            if delete_space {
                out.pop();
            }
            open = Some(depth);
        } else {
            out.push('\n');
            open = None;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::unwrapped;
    use rstest::rstest;

    #[rstest]
    #[case("En lang \nlinje.\nEn kort.\n", false, "En lang linje.\nEn kort.\n")]
    #[case("rødg \nrød\n", true, "rødgrød\n")]
    #[case("> citat \n> videre\nsvar\n", false, "> citat videre\nsvar\n")]
    #[case("> citat \n>> dybere\n", false, "> citat \n>> dybere\n")]
    #[case("Hilsen\n-- \nIb\n", false, "Hilsen\n-- \nIb\n")]
    #[case("rum \n-- \nIb", false, "rum \n-- \nIb\n")]
    #[case(" From Ib\n", false, "From Ib\n")]
    fn lines_flow(#[case] text: &str, #[case] delete_space: bool, #[case] expected: &str) {
        assert_eq!(unwrapped(text, delete_space), expected);
    }
}
