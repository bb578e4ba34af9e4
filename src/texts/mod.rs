//! The texts of our letters: reads and checks the files of `config/texts`, chooses the language, and puts values in.
//!
//! Deliberately knows nothing of the letter that is answered except its language: [`AckValues`] has no field that
//! could hold a citizen's text, so that no text file can quote one. Does not decide whether or when a letter goes out.

mod check;
mod dates;
mod files;
mod mistake;
mod template;

#[cfg(test)]
mod tests;

use std::path::Path;

use indgang_channels::message::Language;
use jiff::civil::Date;
use sha2::{Digest, Sha256};

pub use dates::written_out;
pub use mistake::{TextError, TextMistake};

use crate::domain::promise::Closed;
use crate::domain::reference::Reference;
use template::{Block, Placeholder, Template};

/// A language that our letters are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TextLanguage {
    /// *Dansk*.
    Danish,
    /// English.
    English,
}

impl TextLanguage {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Danish, Self::English];

    /// Its ISO 639-1 code, for storing and for a letter's Content-Language.
    pub fn as_str(self) -> &'static str {
        files::folder(self)
    }

    /// Reads back what [`TextLanguage::as_str`] wrote.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == code)
    }
}

/// The language of the answer to a letter in `letter`, or `default` when that is not known.
///
/// Norwegians, Swedes, Faroese and Greenlanders are answered in Danish, which they read or learn at school; everybody
/// else in English.
pub fn choose_language(letter: Option<&Language>, default: TextLanguage) -> TextLanguage {
    let code = letter.map(|language| language.0.to_lowercase()).unwrap_or_default();
    match code.split(['-', '_']).next().unwrap_or_default() {
        "" | "und" | "mul" | "zxx" => default,
        "da" | "nb" | "nn" | "no" | "sv" | "fo" | "kl" => TextLanguage::Danish,
        _ => TextLanguage::English,
    }
}

/// What the letters say of the office. From configuration; what is `None` is not said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OfficeWords {
    /// `{kommune}`.
    pub municipality: Option<String>,
    /// `{tlf}`.
    pub phone: Option<String>,
    /// `{tlf_tid}`.
    pub phone_hours: Option<String>,
    /// `{sikker_url}`.
    pub secure_url: Option<String>,
    /// `{privat_url}`.
    pub privacy_url: Option<String>,
}

/// Everything that an acknowledgement can say, all of it ours.
#[derive(Clone, Copy, Debug)]
pub struct AckValues<'a> {
    /// The enquiry's number.
    pub reference: &'a Reference,
    /// The last day on which the answer comes.
    pub reply_by: Date,
    /// Set when the office is closed, or a substitute reads its letters.
    pub closed: Option<&'a Closed>,
    /// What the office says of itself.
    pub office: &'a OfficeWords,
}

/// A letter's text, ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// One line.
    pub subject: String,
    /// Paragraphs separated by empty lines, each on one line; lines end with LF.
    pub body: String,
    /// Which text it was: the language, and the beginning of a SHA-256 over its templates (notes do not count).
    pub version: String,
}

/// The texts of all languages, read and checked.
#[derive(Clone, Debug)]
pub struct Texts {
    danish: Letter,
    english: Letter,
}

#[derive(Clone, Debug)]
struct Letter {
    acknowledgement: Template,
    blocks: Vec<(Block, Template)>,
    version: String,
}

impl Texts {
    /// Reads the embedded texts, and those of `folder` that replace them.
    ///
    /// # Errors
    /// Everything that is wrong with them, by file and line.
    pub fn load(folder: Option<&Path>) -> Result<Self, TextError> {
        let mut mistakes = Vec::new();
        let mut letter = |language| {
            let mut sources = files::embedded(language);
            if let Some(folder) = folder {
                files::lay_over(&mut sources, folder, language, &mut mistakes);
            }
            Letter::read(language, &sources, &mut mistakes)
        };
        let texts = Self { danish: letter(TextLanguage::Danish), english: letter(TextLanguage::English) };
        if mistakes.is_empty() { Ok(texts) } else { Err(TextError { mistakes }) }
    }

    fn letter(&self, language: TextLanguage) -> &Letter {
        match language {
            TextLanguage::Danish => &self.danish,
            TextLanguage::English => &self.english,
        }
    }
}

/// Writes the acknowledgement of a letter.
pub fn render(texts: &Texts, language: TextLanguage, values: &AckValues<'_>) -> Rendered {
    let letter = texts.letter(language);
    let value = |placeholder| values.get(placeholder, language);
    let block = |wanted: Block| {
        if wanted == Block::Closed && values.closed.is_none() {
            return Vec::new();
        }
        let text = letter.blocks.iter().find(|(block, _)| *block == wanted);
        text.map(|(_, template)| template.paragraphs(&value, &|_| Vec::new())).unwrap_or_default()
    };
    let subject = letter.acknowledgement.subject.as_ref().and_then(|subject| subject.render(&value));
    let mut body = letter.acknowledgement.paragraphs(&value, &block).join("\n\n");
    body.push('\n');
    Rendered { subject: subject.unwrap_or_default(), body, version: letter.version.clone() }
}

impl AckValues<'_> {
    fn get(&self, placeholder: Placeholder, language: TextLanguage) -> Option<String> {
        let office = self.office;
        let word = match placeholder {
            Placeholder::Reference => Some(self.reference.as_str()),
            Placeholder::ReplyBy => return Some(written_out(self.reply_by, language)),
            Placeholder::ClosedThrough => {
                return self.closed.map(|closed| written_out(closed.through, language));
            }
            Placeholder::Substitute => self.closed.and_then(|closed| closed.substitute.as_deref()),
            Placeholder::Municipality => office.municipality.as_deref(),
            Placeholder::Phone => office.phone.as_deref(),
            Placeholder::PhoneHours => office.phone_hours.as_deref(),
            Placeholder::SecureUrl => office.secure_url.as_deref(),
            Placeholder::PrivacyUrl => office.privacy_url.as_deref(),
        };
        word.map(one_line).filter(|word| !word.is_empty())
    }
}

/// A value without anything that could break a header or pass for a placeholder. Configuration refuses such values;
/// this makes it a law of rendering as well.
fn one_line(value: &str) -> String {
    let clean: String = value.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    clean.replace(['{', '}'], "").split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Letter {
    fn read(language: TextLanguage, sources: &[files::Source], mistakes: &mut Vec<TextMistake>) -> Self {
        let mut hash = Sha256::new();
        let mut templates = sources.iter().zip(files::NAMES).map(|(source, name)| {
            hash.update(name);
            for line in source.text.lines().map(str::trim).filter(|line| !line.starts_with('#')) {
                hash.update(b"\n");
                hash.update(line);
            }
            let before = mistakes.len();
            let template = Template::parse(&source.name, &source.text, mistakes);
            // What a broken file lacks may stand in the line that could not be read.
            if mistakes.len() == before {
                match block_of(name) {
                    None => check::acknowledgement(&source.name, &template, mistakes),
                    Some(block) => check::block(&source.name, block, &template, mistakes),
                }
            }
            (block_of(name), template)
        });
        let acknowledgement = templates.next().map(|(_, template)| template).unwrap_or_default();
        let blocks = templates.filter_map(|(block, template)| Some((block?, template))).collect();
        let digest: String = hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        Self { acknowledgement, blocks, version: format!("{}-{digest}", language.as_str()) }
    }
}

/// The block that a file holds: `role.txt` holds ROLE.
fn block_of(file: &str) -> Option<Block> {
    let name = file.strip_suffix(".txt")?.to_uppercase();
    Block::ALL.into_iter().find(|(one, _)| *one == name).map(|(_, block)| block)
}
