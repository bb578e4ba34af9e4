//! Secrets: written as they are, or in a file of their own.
//!
//! The one place that holds a secret's text before it is wrapped. Never quotes it, not even when it is wrong.

use secrecy::SecretString;

use super::error::Origin;
use super::reader::Section;
use super::tree::Value;

impl Section<'_> {
    /// A secret: written under `key`, or in the file that `<key>_file` names. Of two that are both set, the one from
    /// the later layer counts; both in one layer is a mistake. Neither the value nor its length is ever shown.
    pub(super) fn secret(&mut self, key: &str) -> Option<SecretString> {
        let file_key = format!("{key}_file");
        let (path, file_path) = (self.name(key), self.name(&file_key));
        let written = self.take_secret(key, "a text (its value is not repeated here)");
        let file = self.take_secret(&file_key, "the path of a file");
        let (value, origin) = match (written, file) {
            (None, None) => return None,
            (Some((_, one)), Some((_, other))) if one.layer() == other.layer() => {
                let sentence = format!("is set beside {file_path}; keep one of the two");
                self.report.wrong(&path, sentence);
                return None;
            }
            (Some(written), Some((_, file))) if written.1.layer() > file.layer() => written,
            (Some(written), None) => written,
            (_, Some((file, origin))) => (self.read_secret(&file_path, &file)?, origin),
        };
        self.report.shown.push((path, "set, not shown".to_owned(), origin));
        Some(SecretString::from(value))
    }

    /// Shows `value` after all for the secret that was read last: it turned out to hold none.
    pub(super) fn show_last(&mut self, value: &str) {
        if let Some(last) = self.report.shown.last_mut() {
            last.1 = format!("{value:?}");
        }
    }

    fn take_secret(&mut self, key: &str, expected: &str) -> Option<(String, Origin)> {
        let node = self.take(key)?;
        match node.value {
            Value::Text(text) | Value::Raw(text) => {
                Some((text, node.origin)).filter(|(text, _)| !text.is_empty())
            }
            _ => {
                self.report.wrong(&self.name(key), format!("must be {expected}"));
                None
            }
        }
    }

    fn read_secret(&mut self, key: &str, file: &str) -> Option<String> {
        match std::fs::read_to_string(file) {
            Ok(text) => {
                let text = text.trim_end_matches(['\r', '\n']);
                let trouble = if text.is_empty() {
                    "is empty"
                } else if text.chars().any(char::is_control) {
                    "holds more than one line"
                } else {
                    return Some(text.to_owned());
                };
                self.report.wrong(key, format!("names the file {file}, which {trouble}"));
                None
            }
            Err(error) => {
                self.report.wrong(key, format!("names the file {file}, which cannot be read: {error}"));
                None
            }
        }
    }
}
