//! Writes a text of our own so that it fits the small alphabet, where that changes nothing that it says.

use super::measure;

/// A text with the typographer's quotation marks, dashes, spaces and the like written as a typewriter would, so that one
/// curly apostrophe does not double the price of the whole text.
///
/// For the texts of our own templates and what is put into them. Never for what a person wrote, citizen or adviser:
/// theirs is sent as it stands. Letters are left alone, even where a similar one would fit; only a letter written in two
/// (an `a` and a combining ring, as some file systems write names) is put together when the alphabet has it.
///
/// Doing it twice changes nothing more, and it never makes a text take more segments: `…` is the only character that
/// becomes longer, and stays where three dots would cost a segment.
pub fn plain(text: &str) -> String {
    let spelled_out = rewrite(text, "...");
    if text.contains('…') && measure(&spelled_out).segments > measure(text).segments {
        return rewrite(text, "…");
    }
    spelled_out
}

fn rewrite(text: &str, ellipsis: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for character in text.chars() {
        match typewritten(character) {
            None if character == '…' => written.push_str(ellipsis),
            None => push(&mut written, character),
            Some(typed) => typed.chars().for_each(|typed| push(&mut written, typed)),
        }
    }
    written
}

/// Writes a character behind what is written, and looks back at that rather than ahead at what comes, so that whatever
/// falls out or is replaced between two that belong together does not keep them apart.
fn push(written: &mut String, character: char) {
    if character == '\n' {
        // A telephone needs no carriage return before a line feed, and each is a septet.
        written.truncate(written.trim_end_matches('\r').len());
    } else if let Some(whole) = written.chars().next_back().and_then(|letter| put_together(letter, character))
    {
        written.pop();
        written.push(whole);
        return;
    }
    written.push(character);
}

/// What stands for a character on a typewriter; `None` when it stays. Nothing is longer than what it stands for, and
/// nothing takes two septets: that is what makes [`plain`] cost nothing.
fn typewritten(character: char) -> Option<&'static str> {
    Some(match character {
        '‘' | '’' | '‚' | '‛' | '′' | '´' | '`' | '‹' | '›' => "'",
        '“' | '”' | '„' | '‟' | '″' | '«' | '»' => "\"",
        '\u{2010}'..='\u{2015}' | '−' | '•' | '‣' => "-",
        '×' => "x",
        '\t' | '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => " ",
        '\u{b}' | '\u{85}' | '\u{2028}' | '\u{2029}' => "\n",
        // Soft hyphen, zero-width space, word joiner, byte order mark: nothing to see. The joiner U+200D is not among
        // them, because emoji are made with it, nor the marks of writing direction.
        '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}' => "",
        _ => return None,
    })
}

/// The letter that a letter and a combining mark make, when the default alphabet has it.
fn put_together(letter: char, mark: char) -> Option<char> {
    Some(match (letter, mark) {
        ('a', '\u{300}') => 'à',
        ('e', '\u{300}') => 'è',
        ('i', '\u{300}') => 'ì',
        ('o', '\u{300}') => 'ò',
        ('u', '\u{300}') => 'ù',
        ('E', '\u{301}') => 'É',
        ('e', '\u{301}') => 'é',
        ('N', '\u{303}') => 'Ñ',
        ('n', '\u{303}') => 'ñ',
        ('A', '\u{308}') => 'Ä',
        ('O', '\u{308}') => 'Ö',
        ('U', '\u{308}') => 'Ü',
        ('a', '\u{308}') => 'ä',
        ('o', '\u{308}') => 'ö',
        ('u', '\u{308}') => 'ü',
        ('A', '\u{30a}') => 'Å',
        ('a', '\u{30a}') => 'å',
        ('C', '\u{327}') => 'Ç',
        _ => return None,
    })
}
