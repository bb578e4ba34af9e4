//! Tells a notice that a server or a mailing list added from a paragraph that a person wrote.
//!
//! A citizen may write of confidential mail that went astray; so a notice must speak of mail, of whom it was
//! meant for, and of secrecy or what to do, address a stranger, and never say "I" or ask.

use super::lines::Line;
use super::scan::has_word;
use super::words::Notice;

/// The first line of the notices that end `lines[from..to]`; `to` when there are none.
pub(super) fn notices_begin(lines: &[Line], from: usize, to: usize) -> usize {
    let mut begin = list_footer(lines, from, to).unwrap_or(to);
    loop {
        let end = trim_blank(lines, from, begin);
        let start = paragraph_start(lines, from, end);
        if start == end || !is_notice(&lines[start..end]) {
            return begin;
        }
        begin = start;
        // A rule above a notice belongs to it.
        let above = trim_blank(lines, from, begin);
        if above > from && lines[above - 1].is_rule(3) {
            begin = above - 1;
        }
    }
}

/// `to` without the blank lines before it.
pub(super) fn trim_blank(lines: &[Line], from: usize, to: usize) -> usize {
    (from..to).rev().find(|&at| !lines[at].blank).map_or(from, |at| at + 1)
}

fn paragraph_start(lines: &[Line], from: usize, end: usize) -> usize {
    (from..end)
        .rev()
        .take(40)
        .take_while(|&at| !lines[at].blank && !lines[at].is_rule(3))
        .last()
        .unwrap_or(end)
}

fn is_notice(paragraph: &[Line]) -> bool {
    let text: String = paragraph.iter().flat_map(|line| [line.lower.as_str(), " "]).collect();
    let any = |phrases: &[&str]| phrases.iter().any(|phrase| text.contains(phrase));
    let begins = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    if paragraph.len() <= 3 && Notice::ALONE.iter().any(|phrase| begins.starts_with(phrase)) {
        return true;
    }
    let personal = text.contains('?') || Notice::FIRST_PERSON.iter().any(|word| has_word(&text, word));
    if personal || !any(Notice::MAIL) {
        return false;
    }
    let addressed = any(Notice::MEANT) || any(Notice::ASTRAY);
    let weight = [Notice::SECRET, Notice::MEANT, Notice::ASTRAY, Notice::ACT]
        .iter()
        .filter(|phrases| any(phrases))
        .count();
    addressed && weight >= 2
}

/// The footer of a mailing list: a rule, and a few lines that name the list or how to leave it.
fn list_footer(lines: &[Line], from: usize, to: usize) -> Option<usize> {
    let end = trim_blank(lines, from, to);
    let rule = (from..end).rev().take(10).find(|&at| is_footer_rule(&lines[at]))?;
    let footer = &lines[rule + 1..end];
    let listed = footer.iter().any(|line| {
        [
            "mailing list",
            "mailinglist",
            "postliste",
            "listinfo",
            "unsubscribe",
            "afmeld",
            "avregistrera",
            "abmelden",
        ]
        .iter()
        .any(|word| line.lower.contains(word))
    });
    let linked = footer
        .iter()
        .any(|line| line.lower.contains("http") || line.lower.contains('@') || line.lower.contains("www."));
    let short = footer.iter().all(|line| !line.long && line.words() <= 12 && !line.lower.ends_with('?'));
    (listed && linked && short && !footer.is_empty()).then_some(rule)
}

fn is_footer_rule(line: &Line) -> bool {
    line.is_rule(2) || line.clean == "--"
}
