//! Takes an mbox file apart into letters, as it streams.
//!
//! A separator is a line `From sender date` (RFC 4155) at the start of the file or after an empty line, whose date
//! ends in a time and a year. Anything less strict cuts a citizen's letter in two where a paragraph begins with
//! «From »; the ready-made splitters do that. Bytes in, bytes out: knows nothing of what a letter says.

use std::io::{self, BufRead};

/// The longest line that is looked at as a separator.
const SEPARATOR_LENGTH: usize = 512;

/// The letters of an mbox file, each as its bytes without the separator line.
#[derive(Debug)]
pub struct Letters<R> {
    reader: R,
    line: Vec<u8>,
    begun: bool,
    ended: bool,
}

impl<R: BufRead> Letters<R> {
    /// Reads letters from `reader`, which stands at the beginning of the file.
    pub fn new(reader: R) -> Self {
        Self { reader, line: Vec::new(), begun: false, ended: false }
    }
}

impl<R: BufRead> Iterator for Letters<R> {
    type Item = io::Result<Vec<u8>>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let mut letter = Vec::new();
        let mut blank_before = true;
        loop {
            self.line.clear();
            match self.reader.read_until(b'\n', &mut self.line) {
                Ok(0) => {
                    self.ended = true;
                    return (self.begun && !letter.is_empty()).then_some(Ok(letter));
                }
                Ok(_) => {}
                Err(error) => {
                    self.ended = true;
                    return Some(Err(error));
                }
            }
            if blank_before && is_separator(&self.line) {
                if self.begun {
                    drop_last_blank(&mut letter);
                    return Some(Ok(letter));
                }
                self.begun = true;
                continue;
            }
            self.begun = true;
            blank_before = is_blank(&self.line);
            letter.extend_from_slice(unquoted(&self.line));
        }
    }
}

/// Whether bytes begin as an mbox file does.
pub fn is_mbox(beginning: &[u8]) -> bool {
    beginning.split_inclusive(|&byte| byte == b'\n').next().is_some_and(is_separator)
}

fn is_separator(line: &[u8]) -> bool {
    if !line.starts_with(b"From ") || line.len() > SEPARATOR_LENGTH {
        return false;
    }
    let Ok(line) = std::str::from_utf8(line) else { return false };
    let words: Vec<&str> = line.split_ascii_whitespace().collect();
    let is_number = |word: &str, digits| word.len() == digits && word.bytes().all(|b| b.is_ascii_digit());
    let is_time = |word: &str| {
        let parts: Vec<&str> = word.split(':').collect();
        (2..=3).contains(&parts.len())
            && parts.iter().all(|part| (1..=2).contains(&part.len()) && is_number(part, part.len()))
    };
    words.iter().skip(2).any(|word| is_time(word)) && words.iter().skip(2).any(|word| is_number(word, 4))
}

fn is_blank(line: &[u8]) -> bool {
    line.iter().all(|&byte| byte == b'\r' || byte == b'\n')
}

/// The empty line before a separator belongs to the format, not to the letter.
fn drop_last_blank(letter: &mut Vec<u8>) {
    if letter.ends_with(b"\r\n\r\n") {
        letter.truncate(letter.len() - 2);
    } else if letter.ends_with(b"\n\n") {
        letter.truncate(letter.len() - 1);
    }
}

/// Takes back one `>` that the format put before «From » (the mboxrd form).
fn unquoted(line: &[u8]) -> &[u8] {
    let quotes = line.iter().take_while(|&&byte| byte == b'>').count();
    if quotes > 0 && line[quotes..].starts_with(b"From ") { &line[1..] } else { line }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(mbox: &str) -> Vec<String> {
        Letters::new(mbox.as_bytes()).map(|letter| String::from_utf8(letter.unwrap()).unwrap()).collect()
    }

    #[test]
    fn letters_are_taken_apart() {
        let mbox = "From a@b.dk Mon Feb  9 10:00:00 2026\nSubject: 1\n\nHej\n\nFrom c@d.dk Mon Feb  9 10:01:00 2026\nSubject: 2\n\nDav\n";
        assert_eq!(split(mbox), ["Subject: 1\n\nHej\n", "Subject: 2\n\nDav\n"]);
    }

    #[test]
    fn a_paragraph_that_begins_with_from_is_no_separator() {
        let mbox = "From a@b.dk Mon Feb  9 10:00:00 2026\nSubject: 1\n\nHej\n\nFrom the municipality I got a letter.\n";
        assert_eq!(split(mbox).len(), 1);
    }

    #[test]
    fn a_quoted_from_is_given_back() {
        let mbox = "From a@b.dk Mon Feb  9 10:00:00 2026\nSubject: 1\n\n>From here\n>>From there\n> From\n";
        assert_eq!(split(mbox), ["Subject: 1\n\nFrom here\n>From there\n> From\n"]);
    }

    #[test]
    fn a_file_without_separator_is_one_letter_and_an_empty_one_none() {
        assert_eq!(split("Subject: 1\n\nHej\n"), ["Subject: 1\n\nHej\n"]);
        assert!(split("").is_empty());
        assert!(!is_mbox(b"Subject: 1\n"));
        assert!(is_mbox(b"From MAILER-DAEMON Thu Jan  1 00:00:00 1970\n"));
    }

    #[test]
    fn a_letter_with_no_end_of_line_at_the_end_is_whole() {
        assert_eq!(
            split("From a@b.dk Mon Feb  9 10:00:00 2026\r\nSubject: 1\r\n\r\nHej"),
            ["Subject: 1\r\n\r\nHej"]
        );
    }
}
