//! Tells which language a letter is written in, when there is enough of it to tell. Does not know which languages
//! the adviser answers in.
//!
//! The languages that letters here are mostly written in are told by a vote of their function words, which works on
//! a text message of four words; statistics of letters, which need more, are asked for the rest. A detector with
//! large models was rejected: it holds 43 MB of memory for the few letters of a day.

#[cfg(test)]
mod tests;
mod words;

use std::collections::HashMap;
use std::sync::LazyLock;

use whatlang::{Detector, Lang};

use self::words::{CODES, GROUPS, OTHER};
use crate::message::Language;

/// How much of a text is looked at, in bytes: more does not change the answer.
const ENOUGH: usize = 4 << 10;
/// The fewest words (or, in a script without spaces, four times as many letters).
const FEWEST_WORDS: u32 = 3;
/// The fewest letters that statistics of letters are asked about.
const FEWEST_LETTERS: u32 = 40;
/// What Danish counts before its Scandinavian neighbours: the letter came to a Danish office, and a text made only of
/// words that Danish and Norwegian share is Danish.
const HOME: u32 = 1;

type Votes = [u32; OTHER + 1];

static WORDS: LazyLock<HashMap<&'static str, [u16; OTHER + 1]>> = LazyLock::new(|| {
    let mut table: HashMap<_, [u16; OTHER + 1]> = HashMap::new();
    for (languages, weight, words) in GROUPS {
        for word in words.split_ascii_whitespace() {
            let row = table.entry(word).or_default();
            for at in languages.chars().filter_map(|language| "dnsegox".find(language)) {
                row[at] += weight;
            }
        }
    }
    table
});

static LATIN: LazyLock<Detector> = LazyLock::new(|| {
    use Lang::{
        Ces, Dan, Deu, Eng, Est, Fin, Fra, Hrv, Hun, Ita, Lav, Lit, Nld, Nob, Pol, Por, Ron, Slk, Spa, Swe,
        Tur, Vie,
    };
    Detector::with_allowlist(vec![
        Ces, Dan, Deu, Eng, Est, Fin, Fra, Hrv, Hun, Ita, Lav, Lit, Nld, Nob, Pol, Por, Ron, Slk, Spa, Swe,
        Tur, Vie,
    ])
});

/// The language of `text`; `None` below about three words, or when nothing stands out.
pub fn detect(text: &str) -> Option<Language> {
    let mut end = text.len().min(ENOUGH);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let text = &text[..end];
    let seen = Seen::of(text);
    let code = if seen.latin * 2 >= seen.letters { latin(text, &seen) } else { other_script(text, &seen) };
    code.map(|code| Language(code.to_owned()))
}

/// What one pass over the text counts.
#[derive(Default)]
struct Seen {
    letters: u32,
    latin: u32,
    cyrillic: u32,
    arabic: u32,
    words: u32,
    known: u32,
    votes: Votes,
    /// Letters that only Ukrainian has beside Russian; the other way round; Persian beside Arabic; Urdu beside both.
    ukrainian: u32,
    russian: u32,
    persian: u32,
    urdu: u32,
}

impl Seen {
    fn of(text: &str) -> Self {
        let mut seen = Self::default();
        let mut lower = String::new();
        for word in text.split(|c: char| !c.is_alphabetic() && c != '\'' && c != '\u{2019}') {
            // An address or a long run of letters is no word of a language; its letters count all the same.
            lower.clear();
            for c in word.chars() {
                seen.letter(c);
                match c {
                    '\u{2019}' => lower.push('\''),
                    c => lower.extend(c.to_lowercase()),
                }
            }
            let bare = lower.trim_matches('\'');
            if !bare.is_empty() {
                seen.word(bare);
            }
        }
        seen
    }

    fn letter(&mut self, c: char) {
        if !c.is_alphabetic() {
            return;
        }
        self.letters += 1;
        match c {
            'a'..='z' | 'A'..='Z' | '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' => self.latin += 1,
            '\u{400}'..='\u{52f}' => self.cyrillic += 1,
            '\u{600}'..='\u{77f}' | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}' => self.arabic += 1,
            _ => {}
        }
        match c {
            'і' | 'ї' | 'є' | 'ґ' | 'І' | 'Ї' | 'Є' | 'Ґ' => self.ukrainian += 1,
            'ы' | 'э' | 'ё' | 'Ы' | 'Э' | 'Ё' => self.russian += 1,
            'پ' | 'چ' | 'ژ' | 'گ' | 'ک' | 'ی' => self.persian += 1,
            'ٹ' | 'ڈ' | 'ڑ' | 'ں' | 'ے' => self.urdu += 1,
            _ => {}
        }
    }

    fn word(&mut self, word: &str) {
        self.words += 1;
        if let Some(row) = WORDS.get(word) {
            self.known += 1;
            for (vote, weight) in self.votes.iter_mut().zip(row) {
                *vote += u32::from(*weight);
            }
            return;
        }
        // Letters and endings of words that are not in the table count a little.
        let [da, nb, sv, _, de, _, other] = &mut self.votes;
        for c in word.chars() {
            match c {
                'æ' | 'ø' => (*da, *nb) = (*da + 1, *nb + 1),
                'ä' | 'ö' => (*sv, *de) = (*sv + 1, *de + 1),
                'ü' => *de += 1,
                'ß' => *de += 3,
                'å' => (*da, *nb, *sv) = (*da + 1, *nb + 1, *sv + 1),
                'ł' | 'ą' | 'ę' | 'ś' | 'ż' | 'ź' | 'ć' | 'ń' | 'ğ' | 'ş' | 'ı' | 'ñ' | 'ç' | 'ã' | 'õ'
                | 'è' | 'ê' | 'ě' | 'ř' | 'č' | 'š' | 'ž' | 'ț' | 'ș' | 'ă' => *other += 2,
                _ => {}
            }
        }
        if word.ends_with("hed") || word.ends_with("heden") {
            *da += 2;
        } else if word.ends_with("sjon") || word.ends_with("sjonen") {
            *nb += 2;
        }
    }
}

fn latin(text: &str, seen: &Seen) -> Option<&'static str> {
    if seen.words < FEWEST_WORDS {
        return None;
    }
    let mut votes = seen.votes;
    votes[0] += HOME;
    // The first of the highest: Danish before its neighbours.
    let best = (0..votes.len()).rev().max_by_key(|at| votes[*at])?;
    let second = (0..votes.len()).filter(|at| *at != best).map(|at| (votes[at], at)).max()?;
    let akin = best < 3 && second.1 < 3;
    // Scandinavian words are mostly shared, so between those languages a small lead is enough.
    let leads = if akin { votes[best] > second.0 } else { votes[best] * 5 > second.0 * 6 };
    // A few names and loans do not make a language: every fifth word or so must be known.
    let settled = votes[best] >= 5 && leads && seen.known * 6 >= seen.words;
    if settled && best != OTHER {
        return CODES.get(best).copied();
    }
    if seen.letters < FEWEST_LETTERS {
        return None;
    }
    let found = LATIN.detect(text)?;
    let code = iso(found.lang())?;
    let voted = CODES.iter().position(|known| *known == code);
    let trusted = match voted {
        // Statistics mix these up with each other; without a word of the language they prove nothing.
        Some(at) => {
            best != OTHER && found.is_reliable() && seen.votes[at] > 0 && seen.votes[at] * 2 > votes[best]
        }
        None => found.is_reliable() || best == OTHER && votes[OTHER] >= 5,
    };
    trusted.then_some(code)
}

fn other_script(text: &str, seen: &Seen) -> Option<&'static str> {
    if seen.words < FEWEST_WORDS && seen.letters < FEWEST_WORDS * 4 {
        return None;
    }
    if seen.cyrillic * 2 > seen.letters && seen.ukrainian != seen.russian {
        return Some(if seen.ukrainian > seen.russian { "uk" } else { "ru" });
    }
    if seen.arabic * 2 > seen.letters {
        return Some(if seen.urdu * 30 > seen.arabic {
            "ur"
        } else if seen.persian * 30 > seen.arabic {
            "fa"
        } else {
            "ar"
        });
    }
    whatlang::detect_lang(text).and_then(iso)
}

/// The ISO 639-1 code of a language that whatlang knows; `None` for those that no letter here is likely to be in.
fn iso(lang: Lang) -> Option<&'static str> {
    Some(match lang {
        Lang::Dan => "da",
        Lang::Nob => "nb",
        Lang::Swe => "sv",
        Lang::Eng => "en",
        Lang::Deu => "de",
        Lang::Pol => "pl",
        Lang::Tur => "tr",
        Lang::Fra => "fr",
        Lang::Spa => "es",
        Lang::Ita => "it",
        Lang::Por => "pt",
        Lang::Nld => "nl",
        Lang::Ron => "ro",
        Lang::Lit => "lt",
        Lang::Lav => "lv",
        Lang::Est => "et",
        Lang::Fin => "fi",
        Lang::Hun => "hu",
        Lang::Ces => "cs",
        Lang::Slk => "sk",
        Lang::Hrv => "hr",
        Lang::Vie => "vi",
        Lang::Rus => "ru",
        Lang::Ukr => "uk",
        Lang::Bul => "bg",
        Lang::Bel => "be",
        Lang::Srp => "sr",
        Lang::Mkd => "mk",
        Lang::Ell => "el",
        Lang::Heb => "he",
        Lang::Tha => "th",
        Lang::Hin => "hi",
        Lang::Nep => "ne",
        Lang::Ben => "bn",
        Lang::Pan => "pa",
        Lang::Tam => "ta",
        Lang::Cmn => "zh",
        Lang::Jpn => "ja",
        Lang::Kor => "ko",
        Lang::Kat => "ka",
        Lang::Hye => "hy",
        Lang::Amh => "am",
        _ => return None,
    })
}
