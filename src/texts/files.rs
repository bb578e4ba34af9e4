//! Which text files there are, those inside the program, and a folder laid over them.
//!
//! The only file of this room that reads the disk, once, at start.

use std::path::Path;

use super::TextLanguage;
use super::mistake::TextMistake;

/// The folder of a language.
pub(super) fn folder(language: TextLanguage) -> &'static str {
    match language {
        TextLanguage::Danish => "da",
        TextLanguage::English => "en",
    }
}

/// One file: which of the texts it holds, and what it says.
#[derive(Clone, Debug)]
pub(super) struct Source {
    /// Its name without the folder; says which text it is.
    pub(super) file: &'static str,
    /// What mistakes call it.
    pub(super) name: String,
    pub(super) text: String,
}

macro_rules! files {
    ($($name:literal),+ $(,)?) => {
        /// The files inside the program: the name, what it says in Danish, and in English.
        const FILES: &[(&str, &str, &str)] = &[$((
            $name,
            include_str!(concat!("../../config/texts/da/", $name)),
            include_str!(concat!("../../config/texts/en/", $name)),
        )),+];
    };
}

files![
    "acknowledgement.txt",
    "closed.txt",
    "role.txt",
    "deadline.txt",
    "safe.txt",
    "talk.txt",
    "privacy.txt",
    "news.txt",
    "code.txt",
    "sms_acknowledgement.txt",
    "sms_closed.txt",
    "sms_stopped.txt",
    "sms_news.txt",
    "sms_code.txt",
];

/// The files inside the program, the same ones in the same order for every language.
pub(super) fn embedded(language: TextLanguage) -> Vec<Source> {
    let source = |&(file, danish, english): &(&'static str, &str, &str)| {
        let text = match language {
            TextLanguage::Danish => danish,
            TextLanguage::English => english,
        };
        Source { file, name: format!("{}/{file}", folder(language)), text: text.to_owned() }
    };
    FILES.iter().map(source).collect()
}

/// Replaces the sources that `root` has a file for. A file with a name that means nothing is a mistake: its writer
/// believes that it counts.
pub(super) fn lay_over(
    sources: &mut [Source],
    root: &Path,
    language: TextLanguage,
    mistakes: &mut Vec<TextMistake>,
) {
    let directory = root.join(folder(language));
    let wrong = |file: String, line, sentence: String| TextMistake { file, line, sentence };
    let entries = match std::fs::read_dir(&directory) {
        Ok(entries) => entries,
        // One language may be left as it is.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && root.is_dir() => return,
        Err(error) => {
            let sentence = format!("cannot be read: {error}");
            return mistakes.push(wrong(directory.display().to_string(), None, sentence));
        }
    };
    let mut paths: Vec<_> = entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    paths.sort();
    for path in paths.into_iter().filter(|path| path.extension().is_some_and(|one| one == "txt")) {
        let shown = path.display().to_string();
        let position =
            sources.iter().position(|source| path.file_name().is_some_and(|one| one == source.file));
        let Some(source) = position.and_then(|position| sources.get_mut(position)) else {
            let known: Vec<&str> = sources.iter().map(|source| source.file).collect();
            let sentence = format!("is not one of the texts; there are {}", known.join(", "));
            mistakes.push(wrong(shown, None, sentence));
            continue;
        };
        match std::fs::read(&path).map(String::from_utf8) {
            Ok(Ok(text)) => *source = Source { name: shown, text, ..*source },
            Ok(Err(error)) => {
                let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
                let line = valid.iter().filter(|byte| **byte == b'\n').count() + 1;
                mistakes.push(wrong(shown, Some(line), "is not saved as UTF-8".to_owned()));
            }
            Err(error) => mistakes.push(wrong(shown, None, format!("cannot be read: {error}"))),
        }
    }
}
