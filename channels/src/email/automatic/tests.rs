//! Every rule both ways, as letters in `testdata/machine`, and laws that hold for any letter.

use std::path::{Path, PathBuf};

use mail_parser::MessageParser;
use proptest::prelude::*;
use serde::Deserialize;

use super::{Origin, origin};
use crate::message::{AutomaticKind, Bounce};

const OWN: &str = "raadgiver@kommune.example";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    kind: Option<AutomaticKind>,
    reason: Option<String>,
    suppress_reply: bool,
    bounce: Option<Bounce>,
}

fn letters() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/machine");
    let mut letters: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "eml"))
        .collect();
    letters.sort();
    letters
}

fn read(raw: &[u8]) -> Origin {
    // The parser itself panics on some broken structures; whoever calls it must catch that, so it is caught here too.
    let parsed = std::panic::catch_unwind(|| MessageParser::default().parse(raw));
    let Ok(Some(message)) = parsed else { return Origin::default() };
    let text = message.body_text(0).unwrap_or_default();
    origin(&message, raw, &text, &[OWN.to_owned()])
}

#[test]
fn every_letter_is_read_as_expected() {
    let mut wrong = Vec::new();
    let letters = letters();
    assert!(letters.len() > 100, "the letters are missing");
    for path in &letters {
        let origin = read(&std::fs::read(path).unwrap());
        let expected: Expected =
            serde_json::from_slice(&std::fs::read(path.with_extension("expected.json")).unwrap()).unwrap();
        let found = origin.automatic.as_ref();
        let reasoned = match (&expected.reason, found) {
            (Some(words), Some(automatic)) => automatic.reason.contains(words.as_str()),
            (Some(_), None) => false,
            (None, _) => true,
        };
        if found.map(|automatic| automatic.kind) != expected.kind
            || origin.bounce != expected.bounce
            || origin.suppress_reply.is_some() != expected.suppress_reply
            || !reasoned
        {
            let named = |bounce: &Option<Bounce>| {
                bounce.as_ref().map(|bounce| serde_json::to_string(bounce).unwrap())
            };
            wrong.push(format!(
                "{}: {:?}, {:?}, suppress {:?}; expected {:?}, {:?}, suppress {}",
                path.file_name().unwrap().display(),
                found,
                named(&origin.bounce),
                origin.suppress_reply,
                expected.kind,
                named(&expected.bounce),
                expected.suppress_reply,
            ));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), letters.len(), wrong.join("\n"));
}

#[test]
fn reasons_never_quote_the_letter() {
    for path in letters() {
        let raw = std::fs::read(&path).unwrap();
        let origin = read(&raw);
        for words in origin.automatic.iter().map(|automatic| &automatic.reason).chain(&origin.suppress_reply)
        {
            for private in ["holm", "juul", "friis", "post.example", "Kvittering"] {
                assert!(!words.contains(private), "{}: {words}", path.display());
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Whatever is broken in a letter, it is read, and no address of ours is reported.
    #[test]
    fn broken_letters_are_read(
        which in any::<prop::sample::Index>(),
        cuts in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0_u8..4), 0..24),
    ) {
        let letters = letters();
        let mut raw = std::fs::read(which.get(&letters)).unwrap();
        for (at, byte, how) in cuts {
            if raw.is_empty() {
                break;
            }
            let at = at.index(raw.len());
            match how {
                0 => raw[at] = byte,
                1 => raw.insert(at, byte),
                2 => { raw.remove(at); }
                _ => raw.truncate(at.max(1)),
            }
        }
        let origin = read(&raw);
        let own = origin.bounce.iter().flat_map(|bounce| &bounce.recipients).any(|one| one.address.eq_ignore_ascii_case(OWN));
        prop_assert!(!own);
    }

    /// A report put together from the words of reports is read in any order.
    #[test]
    fn jumbled_reports_are_read(lines in prop::collection::vec(
        prop::sample::select(vec![
            "could not be delivered to:", "  <ib@post.example>", "550 5.1.1 <a@b.example>... User unknown", ">>> RCPT TO:<x@y.example>",
            "<<< 550 5", "To: \"a@", "@", "a@", "@b", "recipient:", "Final-Recipient: utf-8; \\x{", "Status: 5.", "Message-ID: <", "5.1", "\u{e6}@\u{f8}.example",
            "----- Original message -----", "", "c=;SMTP=@x", "æøå: æ@x.example", "宛先：x@y.example。", "rcpt to:x@y", "(#4.", "-", "a@b, c@d; <e@f>",
        ]), 0..40))
    {
        let raw = format!("Return-Path: <>\r\nFrom: MAILER-DAEMON@x.example\r\nSubject: failure notice\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{}", lines.join("\r\n"));
        let _ = read(raw.as_bytes());
    }
}

/// The cost of a letter grows with its length only: a long hostile report is read in no time.
#[test]
fn a_long_report_is_read_in_linear_time() {
    let line = "could not be delivered to a@b.example, c@d.example RCPT TO:<e@f.example> 550 5.1.1 <g@h.example>\r\n";
    let header = "Return-Path: <>\r\nFrom: MAILER-DAEMON@x.example\r\nSubject: failure notice\r\n\r\n";
    let raw = format!("{header}{}{}", line.repeat(40_000), "@".repeat(2_000_000));
    let origin = read(raw.as_bytes());
    assert!(origin.bounce.is_some_and(|bounce| bounce.recipients.len() <= 200));
}
