use rstest::rstest;

use super::*;
use crate::texts::TextLanguage::{Danish, English};

#[rstest]
#[case::plain(
    "It answers nothing of ours and quotes no reference.",
    "Den svarer ikke på noget fra os og nævner ikke et nummer."
)]
#[case::two(
    "It answers nothing of ours and quotes no reference. The enquiries of its sender are offered.",
    "Den svarer ikke på noget fra os og nævner ikke et nummer. Afsenderens andre henvendelser er foreslået."
)]
#[case::value("It is the same letter as arrival 17.", "Den er det samme brev som indgang 17.")]
#[case::nested(
    "It answers a letter of ours in 90PJ-MH3Y-2F, which is closed, quotes its reference, but comes from another sender, \
     so it is only offered there.",
    "Den svarer på et brev fra os i 90PJ-MH3Y-2F, som er afsluttet, nævner nummeret, men kommer fra en anden afsender. \
     Derfor er den kun foreslået dér."
)]
#[case::genuine(
    "It answers a letter of ours in 90PJ-MH3Y-2F and comes from an address of that enquiry. The receiving server does \
     not say whether the sender is genuine.",
    "Den svarer på et brev fra os i 90PJ-MH3Y-2F og kommer fra en adresse, der hører til henvendelsen. Den modtagende \
     server siger ikke, om afsenderen er ægte."
)]
#[case::brackets(
    "A machine answered (Auto-Submitted says auto-replied (RFC 3834)).",
    "En maskine har svaret (Auto-Submitted siger auto-replied (RFC 3834))."
)]
#[case::own_full_stop(
    "A person must look at it first. It could not be read (broken. Very. broken).",
    "Et menneske skal se på den først. Den kunne ikke læses (broken. Very. broken)."
)]
#[case::ceiling(
    "The ceiling for automatic texts to one number in 24 hours is met: 4 segments.",
    "Loftet for automatiske sms'er til ét nummer på 24 timer er nået: 4 dele."
)]
#[case::unknown("Something new. And more.", "Something new. And more.")]
#[case::half_known("A machine answered. Something new.", "En maskine har svaret. Something new.")]
#[case::empty("", "")]
fn said_in_danish(#[case] stored: &str, #[case] said: &str) {
    assert_eq!(Reasons::of(Danish).say(stored), said);
    assert_eq!(Reasons::of(English).say(stored), stored);
}

/// String literals of a source file, without those of its tests and its comments.
fn literals(source: &str) -> Vec<String> {
    let source = source.split("#[cfg(test)]").next().unwrap_or_default();
    let code: Vec<&str> = source.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let code = code.join("\n");
    let mut found = Vec::new();
    // A quotation mark as a character opens nothing.
    for (index, piece) in code.replace("'\"'", "").split('"').enumerate() {
        if index % 2 == 1 {
            let mut lines = piece.split("\\\n");
            let first = lines.next().unwrap_or_default().to_owned();
            found.push(lines.fold(first, |whole, line| whole + line.trim_start()));
        }
    }
    found
}

/// Every sentence that intake can say is in the list. Read from its source, so that a new one fails here.
#[test]
fn every_reason_of_intake_is_in_the_list() {
    let list = Reasons::of(Danish);
    let sources = [
        include_str!("../../intake/mod.rs"),
        include_str!("../../intake/acknowledge.rs"),
        include_str!("../../intake/aside.rs"),
        include_str!("../../intake/matching.rs"),
        include_str!("../../intake/texting.rs"),
    ];
    let mut seen = 0;
    for literal in sources.into_iter().flat_map(literals) {
        let words = literal.split(' ').filter(|word| word.len() > 1).count();
        if words < 3 || literal.starts_with("KnownEnquiry(") || literal == "{sentence} ({said})." {
            continue;
        }
        // What only stands after something else is tried after something.
        let part = match literal.starts_with([' ', ',']) {
            true => format!("It quotes the reference of X{literal}"),
            false => literal.clone(),
        };
        let part = part.strip_prefix("{}, ").map_or(part.clone(), |rest| format!("It is shut, {rest}"));
        let part =
            part.replace("{}{}", "X").replace("but does not point to it{}.", "but does not point to it.");
        let part = part.replace("{word}", "It only asks for no automatic texts");
        let part: String = pieces(&part)
            .into_iter()
            .map(|piece| if let Piece::Words(words) = piece { words } else { "7".to_owned() })
            .collect();
        // A value that is a sentence of its own is known by that.
        let part = part.trim().trim_end_matches('.');
        let missing = part.split(". ").any(|one| one != "7" && list.part(one, 0).is_none());
        assert!(!missing, "no Danish for «{literal}» (tried «{part}»)");
        seen += 1;
    }
    assert!(seen > 50, "only {seen} sentences were found: the test reads the sources wrongly");
}

/// The same of what a person decides.
#[test]
fn every_reason_of_the_shelf_is_in_the_list() {
    let list = Reasons::of(Danish);
    let said: Vec<String> = literals(include_str!("../../store/inbox/shelf.rs"))
        .into_iter()
        .filter(|literal| literal.starts_with("A person ") || literal.starts_with("The adviser "))
        .collect();
    assert!(said.len() > 6, "{said:?}");
    for reason in said {
        assert_ne!(list.say(&reason), reason);
    }
}

#[test]
fn both_sides_of_a_rule_hold_the_same_values() {
    let names = |pieces: &[Piece]| {
        let mut names: Vec<String> = pieces
            .iter()
            .filter_map(|piece| if let Piece::Value(name) = piece { Some(name.clone()) } else { None })
            .collect();
        names.sort();
        names
    };
    let rules = Reasons::of(Danish).rules;
    assert!(rules.len() > 150);
    for rule in &rules {
        assert_eq!(names(&rule.english), names(&rule.danish), "{rule:?}");
    }
}

proptest::proptest! {
    #[test]
    fn nothing_breaks_it(text in "[ .,()a-zA-Z{}]{0,200}") {
        let _ = Reasons::of(Danish).say(&text);
    }
}
