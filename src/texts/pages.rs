//! The words of the citizens' pages: `pages.toml`, one sentence a key, and the two long pages in Markdown.
//!
//! Knows no page: which key stands where is the page's. A municipality's own files are laid over the program's, key by
//! key; a key that means nothing, or a value that a sentence cannot have, is a mistake.

use std::collections::BTreeMap;
use std::path::Path;

use pulldown_cmark::{Event, Parser, html};

use super::{OfficeWords, TextError, TextLanguage, TextMistake, files};

/// What stands for a value that is the same on every page.
const OFFICE: [&str; 3] = ["kommune", "tlf", "tlf_tid"];

/// What the long pages can say besides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageValues {
    /// What every text says of the office.
    pub office: OfficeWords,
    /// The data protection officer (`{dpo}`).
    pub dpo: Option<String>,
    /// How long enquiries are kept, in the page's language (`{opbevaring}`): Danish, English.
    pub retention: [Option<String>; 2],
    /// Where to complain of pages that cannot be used (`{kontakt}`).
    pub accessibility_contact: Option<String>,
}

/// The words of all pages in one language.
#[derive(Clone, Debug)]
pub struct PageWords {
    /// The language.
    pub language: TextLanguage,
    words: BTreeMap<String, String>,
    /// The page that tells what happens with personal data, as HTML.
    pub privacy: LongPage,
    /// The accessibility statement, as HTML.
    pub accessibility: LongPage,
}

/// A page of running text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LongPage {
    /// Its heading.
    pub title: String,
    /// What follows, as HTML without anything that was HTML in the file.
    pub body: String,
}

struct Embedded {
    pages: &'static str,
    privacy: &'static str,
    accessibility: &'static str,
}

fn embedded(language: TextLanguage) -> Embedded {
    match language {
        TextLanguage::Danish => Embedded {
            pages: include_str!("../../config/texts/da/pages.toml"),
            privacy: include_str!("../../config/texts/da/privacy_page.md"),
            accessibility: include_str!("../../config/texts/da/accessibility_page.md"),
        },
        TextLanguage::English => Embedded {
            pages: include_str!("../../config/texts/en/pages.toml"),
            privacy: include_str!("../../config/texts/en/privacy_page.md"),
            accessibility: include_str!("../../config/texts/en/accessibility_page.md"),
        },
    }
}

/// The files of the pages, which are no templates of letters.
const FILES: [&str; 3] = ["pages.toml", "privacy_page.md", "accessibility_page.md"];

/// Reads the words of the pages in both languages, and those of `folder` that replace them.
///
/// # Errors
/// Everything that is wrong with them, by file and key.
pub fn load_pages(folder: Option<&Path>, values: &PageValues) -> Result<[PageWords; 2], TextError> {
    let mut mistakes = Vec::new();
    let pages = TextLanguage::ALL.map(|language| PageWords::load(language, folder, values, &mut mistakes));
    if mistakes.is_empty() { Ok(pages) } else { Err(TextError { mistakes }) }
}

impl PageWords {
    fn load(
        language: TextLanguage,
        folder: Option<&Path>,
        values: &PageValues,
        mistakes: &mut Vec<TextMistake>,
    ) -> Self {
        let Embedded { pages, privacy, accessibility } = embedded(language);
        let mut words = BTreeMap::new();
        let name = |file: &str| format!("{}/{file}", files::folder(language));
        flatten(&name(FILES[0]), pages, &mut words, mistakes);
        let own = |file: &str, mistakes: &mut Vec<TextMistake>| {
            let path = folder?.join(files::folder(language)).join(file);
            match std::fs::read_to_string(&path) {
                Ok(text) => Some((path.display().to_string(), text)),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
                Err(error) => {
                    mistakes.push(mistake(&path.display().to_string(), format!("cannot be read: {error}")));
                    None
                }
            }
        };
        if let Some((file, text)) = own(FILES[0], mistakes) {
            let mut over = BTreeMap::new();
            flatten(&file, &text, &mut over, mistakes);
            lay_over(&file, &mut words, over, mistakes);
        }
        let office = |key: &str| match key {
            "kommune" => values.office.municipality.clone(),
            "tlf" => values.office.phone.clone(),
            "tlf_tid" => values.office.phone_hours.clone(),
            _ => None,
        };
        for text in words.values_mut() {
            for key in OFFICE {
                *text = text.replace(&format!("{{{key}}}"), office(key).as_deref().unwrap_or_default());
            }
        }
        let retention = match language {
            TextLanguage::Danish => &values.retention[0],
            TextLanguage::English => &values.retention[1],
        };
        let long = |file: &str, embedded: &str, mistakes: &mut Vec<TextMistake>| {
            let text = own(file, mistakes).map_or_else(|| embedded.to_owned(), |(_, text)| text);
            long_page(&text, &|key| match key {
                "dpo" => values.dpo.clone(),
                "opbevaring" => retention.clone(),
                "kontakt" => values.accessibility_contact.clone(),
                other => office(other),
            })
        };
        Self {
            language,
            privacy: long(FILES[1], privacy, mistakes),
            accessibility: long(FILES[2], accessibility, mistakes),
            words,
        }
    }

    /// A sentence; empty for a key that is not there, which a test keeps from happening.
    pub fn t(&self, key: &str) -> &str {
        self.words.get(key).map_or("", String::as_str)
    }

    /// A sentence with values in it.
    pub fn with(&self, key: &str, values: &[(&str, &str)]) -> String {
        let mut text = self.t(key).to_owned();
        for (name, value) in values {
            text = text.replace(&format!("{{{name}}}"), value);
        }
        text
    }

    /// Every key, for the test that each of them is used.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.words.keys().map(String::as_str)
    }
}

/// The sentences of a file by key, with those of the municipality's own `folder` over them.
pub(super) fn sentences(
    (language, file): (TextLanguage, &str),
    embedded: &str,
    folder: Option<&Path>,
    mistakes: &mut Vec<TextMistake>,
) -> BTreeMap<String, String> {
    let mut words = BTreeMap::new();
    flatten(&format!("{}/{file}", files::folder(language)), embedded, &mut words, mistakes);
    if let Some(path) = folder.map(|folder| folder.join(files::folder(language)).join(file)) {
        let name = path.display().to_string();
        match std::fs::read_to_string(&path) {
            Ok(text) => {
                let mut over = BTreeMap::new();
                flatten(&name, &text, &mut over, mistakes);
                lay_over(&name, &mut words, over, mistakes);
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => mistakes.push(mistake(&name, format!("cannot be read: {error}"))),
        }
    }
    words
}

/// Reads sections of sentences into `section.key`.
pub(super) fn flatten(
    file: &str,
    text: &str,
    words: &mut BTreeMap<String, String>,
    mistakes: &mut Vec<TextMistake>,
) {
    let table: toml::Table = match text.parse() {
        Ok(table) => table,
        Err(error) => {
            let error: toml::de::Error = error;
            return mistakes.push(mistake(file, format!("is not valid TOML: {}", error.message())));
        }
    };
    for (section, value) in table {
        let toml::Value::Table(sentences) = value else {
            mistakes.push(mistake(file, format!("`{section}` must stand in a section")));
            continue;
        };
        flatten_section(file, &section, sentences, words, mistakes);
    }
}

/// The sentences of a section, and of the sections in it.
fn flatten_section(
    file: &str,
    section: &str,
    sentences: toml::Table,
    words: &mut BTreeMap<String, String>,
    mistakes: &mut Vec<TextMistake>,
) {
    for (key, value) in sentences {
        let key = format!("{section}.{key}");
        match value {
            toml::Value::String(text) => {
                words.insert(key, text);
            }
            toml::Value::Table(within) => flatten_section(file, &key, within, words, mistakes),
            _ => mistakes.push(mistake(file, format!("`{key}` must be a text"))),
        }
    }
}

/// Lays a municipality's sentences over ours.
pub(super) fn lay_over(
    file: &str,
    words: &mut BTreeMap<String, String>,
    over: BTreeMap<String, String>,
    mistakes: &mut Vec<TextMistake>,
) {
    for (key, text) in over {
        let Some(ours) = words.get_mut(&key) else {
            mistakes.push(mistake(file, format!("`{key}` is not one of the sentences")));
            continue;
        };
        if text.trim().is_empty() {
            mistakes.push(mistake(file, format!("`{key}` must say something")));
            continue;
        }
        let known = |name: &str| OFFICE.contains(&name) || placeholders(ours).any(|one| one == name);
        let strange: Vec<String> =
            placeholders(&text).filter(|name| !known(name)).map(|name| format!("{{{name}}}")).collect();
        let lost: Vec<String> = placeholders(ours)
            .filter(|name| !OFFICE.contains(name) && !placeholders(&text).any(|one| one == *name))
            .map(|name| format!("{{{name}}}"))
            .collect();
        if !strange.is_empty() {
            mistakes.push(mistake(file, format!("`{key}`: {} has no value there", strange.join(", "))));
        }
        if !lost.is_empty() {
            mistakes.push(mistake(file, format!("`{key}` must hold {}", lost.join(", "))));
        }
        *ours = text;
    }
}

/// The names in braces.
fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).filter_map(|piece| piece.split_once('}').map(|(name, _)| name))
}

/// A long page: a line that needs a value that is not set is left out.
fn long_page(text: &str, value: &dyn Fn(&str) -> Option<String>) -> LongPage {
    let mut kept = String::with_capacity(text.len());
    for line in text.lines() {
        let mut line = line.to_owned();
        let names: Vec<String> = placeholders(&line).map(str::to_owned).collect();
        let values: Vec<Option<String>> = names.iter().map(|name| value(name)).collect();
        if values.iter().any(Option::is_none) {
            continue;
        }
        for (name, value) in names.iter().zip(values.into_iter().flatten()) {
            line = line.replace(&format!("{{{name}}}"), &value);
        }
        kept.push_str(&line);
        kept.push('\n');
    }
    let title = kept.lines().find_map(|line| line.strip_prefix("# ")).unwrap_or_default().trim().to_owned();
    let rest: String =
        kept.lines().filter(|line| !line.starts_with("# ")).flat_map(|line| [line, "\n"]).collect();
    // What is HTML in the file is shown as it is written: a page's only markup is ours.
    let events = Parser::new(&rest).map(|event| match event {
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        other => other,
    });
    let mut body = String::new();
    html::push_html(&mut body, events);
    LongPage { title, body }
}

pub(super) fn mistake(file: &str, sentence: String) -> TextMistake {
    TextMistake { file: file.to_owned(), line: None, sentence }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn values() -> PageValues {
        PageValues {
            office: OfficeWords {
                municipality: Some("Eksempel Kommune".to_owned()),
                phone: Some("12 34 56 78".to_owned()),
                phone_hours: Some("mandag-torsdag 9-15".to_owned()),
                ..OfficeWords::default()
            },
            dpo: Some("dpo@kommune.example".to_owned()),
            retention: [Some("to år".to_owned()), Some("two years".to_owned())],
            accessibility_contact: Some("web@kommune.example".to_owned()),
        }
    }

    #[test]
    fn both_languages_say_the_same_things_with_the_same_values() {
        let [danish, english] = load_pages(None, &PageValues::default()).unwrap();
        assert_eq!(danish.keys().collect::<Vec<_>>(), english.keys().collect::<Vec<_>>());
        for key in danish.keys() {
            let of =
                |words: &PageWords| placeholders(words.t(key)).map(str::to_owned).collect::<BTreeSet<_>>();
            assert_eq!(of(&danish), of(&english), "{key}");
        }
    }

    #[test]
    fn what_the_office_is_stands_in_it() {
        let [danish, english] = load_pages(None, &values()).unwrap();
        assert!(danish.t("form.privacy_text").contains("Eksempel Kommune"));
        assert!(english.t("problem.call").contains("12 34 56 78"));
        assert_eq!(danish.with("errors.word_short", &[("mest", "6")]), "Vælg et ord på mindst 6 tegn");
        assert_eq!(danish.t("nothing.there"), "");
        for page in [&danish.privacy, &danish.accessibility, &english.privacy, &english.accessibility] {
            assert!(!page.title.is_empty() && page.body.contains("<h2>"), "{page:?}");
            assert!(!page.body.contains(['{', '}']), "{}", page.body);
        }
        assert!(danish.privacy.body.contains("dpo@kommune.example") && danish.privacy.body.contains("to år"));
        assert!(english.privacy.body.contains("two years"));
    }

    #[test]
    fn a_line_without_its_value_is_left_out() {
        let bare = load_pages(None, &PageValues::default()).unwrap();
        assert!(!bare[0].privacy.body.contains(['{', '}']));
        assert!(!bare[0].privacy.body.contains("dpo"));
    }

    #[test]
    fn a_municipalitys_own_words_replace_ours_and_mistakes_are_named() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("da")).unwrap();
        let write =
            |file: &str, text: &str| std::fs::write(folder.path().join("da").join(file), text).unwrap();
        write("pages.toml", "[form]\ntitle = \"Skriv til os i {kommune}\"\n");
        write(
            "privacy_page.md",
            "# Om dig\n\n## Hej\n\n<script>alert(1)</script>\n\n[os](https://kommune.example)\n",
        );
        let [danish, english] = load_pages(Some(folder.path()), &values()).unwrap();
        assert_eq!(danish.t("form.title"), "Skriv til os i Eksempel Kommune");
        assert_eq!(danish.t("form.submit"), "Send henvendelse");
        assert_eq!(english.t("form.title"), "Write to the Citizens' Adviser");
        assert_eq!(danish.privacy.title, "Om dig");
        assert!(
            !danish.privacy.body.contains("<script>")
                && danish.privacy.body.contains("https://kommune.example")
        );

        write(
            "pages.toml",
            "[form]\ntitel = \"x\"\nsubmit = 3\nleft = \"tegn\"\nlead = \" \"\nwho = \"{navn}\"\n",
        );
        let error = load_pages(Some(folder.path()), &values()).unwrap_err();
        let said: Vec<&str> = error.mistakes.iter().map(|mistake| mistake.sentence.as_str()).collect();
        assert_eq!(
            said,
            [
                "`form.submit` must be a text",
                "`form.lead` must say something",
                "`form.left` must hold {antal}",
                "`form.titel` is not one of the sentences",
                "`form.who`: {navn} has no value there",
            ]
        );
        write("pages.toml", "[form\n");
        assert!(
            load_pages(Some(folder.path()), &values()).unwrap_err().to_string().contains("is not valid TOML")
        );
    }
}
