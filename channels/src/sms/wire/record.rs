//! The written form of a [`Call`]: a request as RFC 9112 writes it. It is kept as a text's original, so what a gateway said
//! can be read again, by people and by a later version of ours.
//!
//! How the body was framed on its way is not kept: a record states its own length. Recorded by hand it may have bare line
//! feeds, and a body without a stated length that goes to the end.

use super::Call;

/// Fields that say how a body was framed, not what was said.
const FRAMING: [&str; 2] = ["content-length", "transfer-encoding"];

impl Call {
    /// The request as RFC 9112 writes it. Reading it again gives this call without its framing fields.
    pub fn to_record(&self) -> Vec<u8> {
        let mut record = format!("{} {}", self.method, self.path);
        if !self.query.is_empty() {
            record.push('?');
            record.push_str(&self.query);
        }
        record.push_str(" HTTP/1.1\r\n");
        for (name, value) in self.headers.iter().filter(|(name, _)| !FRAMING.contains(&name.as_str())) {
            record.push_str(name);
            record.push_str(": ");
            // No server lets a line break into a field; here it would end the field.
            record.extend(value.chars().map(|one| if matches!(one, '\r' | '\n') { ' ' } else { one }));
            record.push_str("\r\n");
        }
        record.push_str(&format!("content-length: {}\r\n\r\n", self.body.len()));
        let mut record = record.into_bytes();
        record.extend_from_slice(&self.body);
        record
    }

    /// Reads a record, and gives what follows it. `None` when it is no record, or one that was cut off.
    pub fn from_record(record: &[u8]) -> Option<(Self, &[u8])> {
        let (first, mut rest) = line(record)?;
        let mut words = first.split(' ');
        let (method, target, version) = (words.next()?, words.next()?, words.next()?);
        let is_request = !method.is_empty() && target.starts_with('/') && version.starts_with("HTTP/1.");
        if !is_request || words.next().is_some() {
            return None;
        }
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let mut headers = Vec::new();
        let mut length = None;
        loop {
            let (field, after) = line(rest)?;
            rest = after;
            if field.is_empty() {
                break;
            }
            let (name, value) = field.split_once(':')?;
            // A name that ends or begins in a space belongs to a folded line (RFC 9112 section 5.2), which nobody writes.
            if name.is_empty() || name.contains(char::is_whitespace) {
                return None;
            }
            let (name, value) = (name.to_ascii_lowercase(), value.trim_matches([' ', '\t']).to_owned());
            if name == "content-length" {
                length = Some(value.parse::<usize>().ok()?);
            }
            if !FRAMING.contains(&name.as_str()) {
                headers.push((name, value));
            }
        }
        let (body, rest) = rest.split_at_checked(length.unwrap_or(rest.len()))?;
        let (method, path, query) = (method.to_owned(), path.to_owned(), query.to_owned());
        Some((Self { method, path, query, headers, body: body.to_vec() }, rest))
    }
}

/// The first line without its end, and what follows.
fn line(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let end = memchr::memchr(b'\n', bytes)?;
    let written = bytes[..end].strip_suffix(b"\r").unwrap_or(&bytes[..end]);
    Some((std::str::from_utf8(written).ok()?, &bytes[end + 1..]))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[test]
    fn a_record_by_hand_has_bare_line_feeds_and_no_length() {
        let (call, rest) =
            Call::from_record(b"POST /in?a=%20 HTTP/1.1\nContent-Type:  text/plain \n\nHej\n").unwrap();
        assert_eq!((call.method.as_str(), call.path.as_str(), call.query.as_str()), ("POST", "/in", "a=%20"));
        assert_eq!(call.headers, [("content-type".to_owned(), "text/plain".to_owned())]);
        assert_eq!((call.body.as_slice(), rest), (&b"Hej\n"[..], &b""[..]));
    }

    #[test]
    fn how_the_body_travelled_is_not_kept() {
        let (call, rest) = Call::from_record(
            b"POST /in HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\nabcdef",
        )
        .unwrap();
        assert_eq!((call.headers.len(), call.body.as_slice(), rest), (0, &b"abc"[..], &b"def"[..]));
    }

    #[rstest]
    #[case::nothing(b"")]
    #[case::no_version(b"GET /in\n\n")]
    #[case::a_space_in_the_target(b"GET /in ?x HTTP/1.1\n\n")]
    #[case::no_end_of_the_head(b"GET /in HTTP/1.1\na: b\n")]
    #[case::a_folded_line(b"GET /in HTTP/1.1\na: b\n c: d\n\n")]
    #[case::cut_off(b"GET /in HTTP/1.1\ncontent-length: 9\n\nabc")]
    #[case::a_length_that_is_none(b"GET /in HTTP/1.1\ncontent-length: -1\n\nabc")]
    #[case::not_utf_8(b"GET /in HTTP/1.1\na: \xff\n\n")]
    fn what_is_no_record_is_none(#[case] bytes: &[u8]) {
        assert_eq!(Call::from_record(bytes), None);
    }

    proptest! {
        #[test]
        fn a_call_comes_back_as_it_was(
            method in "GET|POST",
            path in "/[a-z0-9/%.-]{0,20}",
            query in "[a-z0-9=&%+?/]{0,30}",
            headers in prop::collection::vec(("x-[a-z0-9-]{1,10}", "([!-~æ]([ -~æ]{0,20}[!-~æ])?)?"), 0..5),
            body in prop::collection::vec(any::<u8>(), 0..200),
            rest in prop::collection::vec(any::<u8>(), 0..20),
        ) {
            let call = Call { method, path, query, headers, body };
            let mut record = call.to_record();
            record.extend_from_slice(&rest);
            prop_assert_eq!(Call::from_record(&record), Some((call, rest.as_slice())));
        }

        #[test]
        fn any_bytes_are_read_or_not(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = Call::from_record(&bytes);
        }
    }
}
