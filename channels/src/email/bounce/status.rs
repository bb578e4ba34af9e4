//! Status codes in lines that mail systems wrote: enhanced ones (RFC 3463) and plain reply codes (RFC 5321).

/// The first enhanced status code of class 4 or 5 in `text`. Addresses such as `4.16.55.1` and version numbers with
/// a letter before them are none.
pub(super) fn enhanced(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    for (at, &byte) in bytes.iter().enumerate() {
        if !matches!(byte, b'4' | b'5') || bytes.get(at + 1) != Some(&b'.') {
            continue;
        }
        let free = at == 0
            || matches!(
                bytes[at - 1],
                b' ' | b'\t' | b'(' | b'#' | b'[' | b'<' | b'-' | b':' | b'=' | b'\'' | b'"' | b','
            );
        if !free {
            continue;
        }
        let subject = digits(&bytes[at + 2..]);
        let Some(&b'.') = bytes.get(at + 2 + subject) else { continue };
        let detail = digits(&bytes[at + 3 + subject..]);
        let end = at + 3 + subject + detail;
        let closed = match bytes.get(end) {
            Some(b'.') => !bytes.get(end + 1).is_some_and(u8::is_ascii_digit),
            Some(next) => !next.is_ascii_alphanumeric(),
            None => true,
        };
        if (1..=3).contains(&subject) && (1..=3).contains(&detail) && closed {
            return Some(text[at..end].to_owned());
        }
    }
    None
}

/// The class (4 or 5) of the first SMTP reply code in `text`. Telephone numbers and longer numbers are none.
pub(super) fn reply_class(text: &str) -> Option<u8> {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at + 3 <= bytes.len() {
        let free = at == 0
            || matches!(
                bytes[at - 1],
                b' ' | b'\t' | b'(' | b'#' | b'[' | b'<' | b':' | b'\'' | b'"' | b'>' | b'='
            );
        if free && matches!(bytes[at], b'4' | b'5') && digits(&bytes[at..]) == 3 && bytes[at + 1] <= b'5' {
            let closed = match bytes.get(at + 3) {
                Some(b'-') => !bytes.get(at + 4).is_some_and(u8::is_ascii_digit),
                Some(next) => {
                    matches!(next, b' ' | b'\t' | b':' | b')' | b'>' | b']' | b',' | b';' | b'\'' | b'"')
                }
                None => true,
            };
            if closed {
                return Some(bytes[at] - b'0');
            }
        }
        at += 1;
    }
    None
}

fn digits(bytes: &[u8]) -> usize {
    bytes.iter().take(8).take_while(|byte| byte.is_ascii_digit()).count()
}
