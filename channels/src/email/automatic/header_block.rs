//! The header of a letter as names and unfolded values.
//!
//! The rules here look at dozens of headers that no standard describes, and at values that a strict parser throws
//! away (an empty return path, a `From` without an address), so they read the header as written. Knows nothing of
//! what a header means.

/// A letter's own header; never that of a letter inside it.
pub(crate) struct HeaderBlock {
    fields: Vec<(String, String)>,
}

/// More header fields than this are not read: a real letter has some dozens.
const MOST_FIELDS: usize = 2_000;
/// A longer value is cut: no rule looks further.
const LONGEST_VALUE: usize = 8_192;

impl HeaderBlock {
    /// Reads the header at the beginning of `raw`, up to the first empty line. Any line ends will do.
    pub(crate) fn of(raw: &[u8]) -> Self {
        let mut fields: Vec<(String, String)> = Vec::new();
        for line in lines(raw) {
            if line.is_empty() || fields.len() >= MOST_FIELDS {
                break;
            }
            let line = &line[..line.len().min(LONGEST_VALUE)];
            if matches!(line[0], b' ' | b'\t') {
                if let Some((_, value)) = fields.last_mut()
                    && value.len() < LONGEST_VALUE
                {
                    value.push(' ');
                    value.push_str(String::from_utf8_lossy(line).trim());
                }
            } else if let Some(colon) = line.iter().position(|&byte| byte == b':') {
                let name = String::from_utf8_lossy(&line[..colon]).trim().to_ascii_lowercase();
                let value = String::from_utf8_lossy(&line[colon + 1..]).trim().to_owned();
                fields.push((name, value));
            }
        }
        Self { fields }
    }

    /// All values of the header `name` (lower case), topmost first.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.fields.iter().filter(move |(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// The topmost value of the header `name` (lower case).
    pub(crate) fn first<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        self.all(name).next()
    }

    /// Whether the header `name` (lower case) stands there at all.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|(own, _)| own == name)
    }

    /// Whether the return path is there and empty: no report is to be sent back (RFC 5321 section 4.5.5).
    pub(crate) fn null_return_path(&self) -> bool {
        self.first("return-path").is_some_and(|path| path.chars().all(|c| matches!(c, '<' | '>' | ' ')))
    }
}

/// The lines of `bytes` without their ends; CRLF, LF and CR all end one.
pub(crate) fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(bytes);
    std::iter::from_fn(move || {
        let bytes = rest.filter(|bytes| !bytes.is_empty())?;
        match bytes.iter().position(|&byte| matches!(byte, b'\r' | b'\n')) {
            Some(end) => {
                let next = if bytes[end..].starts_with(b"\r\n") { end + 2 } else { end + 1 };
                rest = Some(&bytes[next..]);
                Some(&bytes[..end])
            }
            None => rest.take(),
        }
    })
}
