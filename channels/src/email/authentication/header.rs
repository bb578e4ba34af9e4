//! The grammar of one `Authentication-Results` value (RFC 8601 section 2.2), read forgivingly and in one pass.

/// The most of one value that is read, in bytes.
const LONGEST: usize = 16 << 10;

/// One value, taken apart.
pub(super) struct Header {
    /// The results in the order that they are written in.
    pub(super) outcomes: Vec<Outcome>,
    /// Not to be trusted with a pass: cut off, not closed, or with a quotation mark inside a comment. Servers repeat
    /// the envelope sender in comments, and an address such as `"); dmarc=pass ("@…` would end the comment.
    pub(super) murky: bool,
}

/// One method's result.
pub(super) struct Outcome {
    /// The method in lower case, without its version.
    pub(super) method: String,
    /// The result in lower case.
    pub(super) result: String,
    /// `reason=`, `ptype.property=` and what servers add of their own; names in lower case, values as written.
    properties: Vec<(String, String)>,
}

impl Outcome {
    /// The value of the first property of that name.
    pub(super) fn property(&self, name: &str) -> Option<&str> {
        self.properties.iter().find(|(key, _)| key == name).map(|(_, value)| &**value)
    }
}

impl Header {
    /// The results of DMARC.
    pub(super) fn dmarc(&self) -> impl Iterator<Item = &Outcome> {
        self.outcomes.iter().filter(|outcome| outcome.method == "dmarc")
    }
}

/// Takes a value apart, when `wanted` says so of the server's name that it begins with (`None` when it begins with
/// a result at once).
pub(super) fn read(value: &str, wanted: impl FnOnce(Option<&str>) -> bool) -> Option<Header> {
    let mut end = value.len().min(LONGEST);
    while !value.is_char_boundary(end) {
        end -= 1;
    }
    let mut scan = Scan { text: &value[..end], at: 0, murky: end < value.len() };
    let name = scan.word(true);
    scan.skip_blank();
    if scan.peek() == Some(b'=') {
        if !wanted(None) {
            return None;
        }
        scan.at = 0;
    } else {
        if name.is_empty() || !wanted(Some(&name)) {
            return None;
        }
        // A version, or whatever else stands before the first semicolon, says nothing to us.
        scan.skip_statement();
    }
    let mut outcomes = Vec::new();
    while scan.at < scan.text.len() {
        outcomes.extend(scan.outcome());
        scan.skip_statement();
    }
    Some(Header { outcomes, murky: scan.murky })
}

struct Scan<'a> {
    text: &'a str,
    /// The next byte to read.
    at: usize,
    murky: bool,
}

impl Scan<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Passes over white space and comments, however deep (RFC 5322 section 3.2.2).
    fn skip_blank(&mut self) {
        let mut depth = 0_usize;
        while let Some(byte) = self.peek() {
            match byte {
                b'(' => depth += 1,
                b')' if depth > 0 => depth -= 1,
                b'\\' if depth > 0 => self.at += 1,
                b'"' if depth > 0 => self.murky = true,
                b' ' | b'\t' | b'\r' | b'\n' => {}
                _ if depth > 0 => {}
                _ => return,
            }
            self.at += 1;
        }
        self.at = self.at.min(self.text.len());
        self.murky |= depth > 0;
    }

    /// Reads a quoted string whose opening mark is next, without its marks (RFC 5322 section 3.2.4).
    fn quoted(&mut self, into: &mut Vec<u8>) {
        self.at += 1;
        while let Some(byte) = self.peek() {
            self.at += 1;
            match byte {
                b'"' => return,
                b'\\' => {
                    into.extend(self.peek());
                    self.at += 1;
                }
                // The line break of a fold is not part of the string.
                b'\r' | b'\n' => {}
                _ => into.push(byte),
            }
        }
        self.at = self.at.min(self.text.len());
        self.murky = true;
    }

    /// Reads a word, quoted or not, or both joined as in an address; empty when none stands here. A `name` ends at
    /// an equals sign; a value may contain one (base64).
    fn word(&mut self, name: bool) -> String {
        self.skip_blank();
        let mut word = Vec::new();
        while let Some(byte) = self.peek() {
            match byte {
                b'"' => self.quoted(&mut word),
                b'=' if name => break,
                b' ' | b'\t' | b'\r' | b'\n' | b';' | b'(' | b')' => break,
                _ => {
                    word.push(byte);
                    self.at += 1;
                }
            }
        }
        String::from_utf8_lossy(&word).into_owned()
    }

    /// Reads `name = value`, also with `name` written as `ptype . property`; `None` when something else stands here.
    fn pair(&mut self) -> Option<(String, String)> {
        let mut name = self.word(true);
        loop {
            self.skip_blank();
            let joined = name.ends_with('.') || self.peek() == Some(b'.');
            if name.is_empty() || !joined {
                break;
            }
            let more = self.word(true);
            if more.is_empty() {
                break;
            }
            name.push_str(&more);
        }
        if name.is_empty() || self.peek() != Some(b'=') {
            return None;
        }
        self.at += 1;
        name.make_ascii_lowercase();
        Some((name, self.word(false)))
    }

    /// Reads one result with what belongs to it, up to the semicolon or to what cannot be read.
    fn outcome(&mut self) -> Option<Outcome> {
        let (mut method, mut result) = self.pair()?;
        if let Some((bare, _version)) = method.split_once('/') {
            method = bare.trim_end().to_owned();
        }
        result.make_ascii_lowercase();
        let mut properties = Vec::new();
        loop {
            self.skip_blank();
            match self.peek() {
                None | Some(b';') => break,
                // A closing bracket without an opening one: step over it, or we would stand here for ever.
                Some(b')') => {
                    self.murky = true;
                    self.at += 1;
                }
                Some(b'=') => self.at += 1,
                // A stray word without a value is passed over.
                Some(_) => properties.extend(self.pair()),
            }
        }
        Some(Outcome { method, result, properties })
    }

    /// Passes over the rest of the statement and its semicolon.
    fn skip_statement(&mut self) {
        loop {
            self.skip_blank();
            match self.peek() {
                None => return,
                Some(b';') => {
                    self.at += 1;
                    return;
                }
                Some(b'"') => self.quoted(&mut Vec::new()),
                Some(_) => self.at += 1,
            }
        }
    }
}
