//! Laws of reading that hold for any bytes, and what hostile letters may cost.

use std::fs;
use std::path::Path;

use indgang_channels::email::{Limits, ReadContext, read};
use indgang_channels::message::{DoubtKind, ExternalId, Incoming};
use jiff::Timestamp;
use proptest::prelude::*;

fn incoming(raw: &[u8], limits: &Limits) -> Incoming {
    read(
        raw,
        &ReadContext {
            account: "borger",
            external_id: ExternalId("1:1".into()),
            received_at: Timestamp::UNIX_EPOCH,
            limits,
            authserv_id: None,
            own_addresses: &[],
        },
    )
}

/// What every reading keeps to, whatever the bytes.
fn lawful(raw: &[u8], limits: &Limits) -> Incoming {
    let read = incoming(raw, limits);
    assert!(read.text.len() <= limits.text, "the text is {} bytes", read.text.len());
    assert!(!read.text.contains(['\0', '\r']));
    assert!(!read.subject.contains(char::is_control));
    let mut from = 0;
    for fold in &read.folded {
        assert!(from <= fold.start && fold.start < fold.end && fold.end <= read.text.len());
        assert!(read.text.is_char_boundary(fold.start) && read.text.is_char_boundary(fold.end));
        from = fold.end;
    }
    for name in read.attachments.iter().filter_map(|file| file.name.as_deref()) {
        assert!(!name.contains(['/', '\\', '\0']) && !name.contains(char::is_control), "{name:?}");
    }
    assert_eq!(incoming(raw, limits), read, "the same bytes read differently");
    read
}

fn letters() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/parse");
    let mut paths: Vec<_> = fs::read_dir(folder)
        .expect("the folder can be read")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "eml"));
    paths.sort();
    paths.iter().map(|path| fs::read(path).expect("the letter can be read")).collect()
}

fn small() -> Limits {
    Limits { size: 20_000, depth: 4, parts: 6, text: 60 }
}

proptest! {
    #[test]
    fn any_bytes_are_read(raw in proptest::collection::vec(any::<u8>(), 0..600)) {
        lawful(&raw, &Limits::default());
    }

    #[test]
    fn damaged_letters_are_read(
        which in any::<prop::sample::Index>(),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..4u8), 1..12),
    ) {
        let letters = letters();
        let mut raw = which.get(&letters).clone();
        for (at, byte, what) in changes {
            if raw.is_empty() {
                break;
            }
            let at = at.index(raw.len());
            match what {
                0 => raw[at] = byte,
                1 => drop(raw.remove(at)),
                2 => raw.truncate(at),
                _ => raw.extend_from_within(at..(at + usize::from(byte)).min(raw.len())),
            }
        }
        lawful(&raw, &Limits::default());
        lawful(&raw, &small());
    }
}

const LETTER: &str = "From: Ida Holm <ida.holm@borger.example>\r\nTo: raadgiver@kommune.example\r\nSubject: Min sag\r\nDate: Mon, 3 Feb 2025 10:00:00 +0100\r\nMessage-ID: <1@borger.example>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nHej, jeg vil klage.\r\n";

#[test]
fn the_way_it_took_leaves_the_fingerprint() {
    let limits = Limits::default();
    let first = incoming(LETTER.as_bytes(), &limits).fingerprint;
    let path = "Received: from a.example by b.example; Mon, 3 Feb 2025 10:00:01 +0100\r\nDelivered-To: raadgiver@kommune.example\r\n";
    assert_eq!(incoming(format!("{path}{LETTER}").as_bytes(), &limits).fingerprint, first);
    assert_eq!(incoming(LETTER.replace("\r\n", "\n").as_bytes(), &limits).fingerprint, first);
    for (from, to) in [
        ("Hej, jeg", "Hej, vi"),
        ("3 Feb", "4 Feb"),
        ("<ida.holm@", "<ib.holm@"),
        ("Min sag", "Min anden sag"),
        ("<1@", "<2@"),
    ] {
        let other = LETTER.replace(from, to);
        assert_ne!(other, LETTER);
        assert_ne!(incoming(other.as_bytes(), &limits).fingerprint, first, "{to} is another letter");
    }
    let part = |file: &str| {
        LETTER.replace("text/plain; charset=utf-8\r\n\r\n", "multipart/mixed; boundary=g\r\n\r\n--g\r\n\r\n")
            + &format!("--g\r\nContent-Type: application/pdf; name={file}\r\n\r\n%PDF\r\n--g--\r\n")
    };
    let one = incoming(part("a.pdf").as_bytes(), &limits).fingerprint;
    assert_ne!(one, first);
    assert_ne!(incoming(part("b.pdf").as_bytes(), &limits).fingerprint, one);
}

#[test]
fn what_it_prints_for_debugging_says_nothing_of_the_citizen() {
    for raw in letters() {
        let read = incoming(&raw, &Limits::default());
        let printed = format!("{read:?}");
        let words = read.text.split_whitespace().chain(read.subject.split_whitespace());
        for word in words.filter(|word| word.chars().count() > 5) {
            assert!(!printed.contains(word), "{word} is printed");
            // A reason is for the log too.
            let told =
                read.doubts.iter().any(|doubt| doubt.detail.split_whitespace().any(|told| told == word));
            assert!(!told, "a doubt quotes {word}");
        }
        assert!(!printed.contains('@'));
    }
}

fn over(raw: &[u8]) -> Incoming {
    let read = incoming(raw, &Limits::default());
    let kinds: Vec<_> = read.doubts.iter().map(|doubt| doubt.kind).collect();
    assert!(kinds.contains(&DoubtKind::OverLimit), "{kinds:?}");
    assert_eq!(read.subject, "Min sag", "the head is read all the same");
    assert!(read.sender.is_some());
    read
}

const HEAD: &str = "From: ida.holm@borger.example\nSubject: Min sag\n";

#[test]
fn deep_nesting_is_not_followed() {
    let mut raw = HEAD.to_owned();
    for level in 0..100_000 {
        raw.push_str(&format!("Content-Type: multipart/mixed; boundary=b{level}\n\n--b{level}\n"));
    }
    over(raw.as_bytes());
}

#[test]
fn letters_in_letters_are_not_followed() {
    let raw = HEAD.to_owned() + &"Content-Type: message/rfc822\n\n".repeat(100_000);
    over(raw.as_bytes());
    let inner =
        base64(("X: y\n".to_owned() + &"Content-Type: message/rfc822\n\n".repeat(100_000)).as_bytes());
    let raw = format!("{HEAD}Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n{inner}\n");
    over(raw.as_bytes());
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks_exact(3) {
        let bits = chunk.iter().fold(0u32, |bits, byte| bits << 8 | u32::from(*byte));
        for shift in [18, 12, 6, 0] {
            out.push(char::from(LETTERS[(bits >> shift) as usize & 63]));
        }
        if out.len() % 77 == 76 {
            out.push('\n');
        }
    }
    out
}

#[test]
fn a_million_parts_are_not_made() {
    let raw =
        format!("{HEAD}Content-Type: multipart/mixed; boundary=g\n\n{}", "--g\n\nx\n".repeat(1_000_000));
    over(raw.as_bytes());
}

#[test]
fn boundaries_that_never_come_are_not_searched_for() {
    let part = "--g\nContent-Type: multipart/mixed; boundary=never\n\nx\n";
    let raw = format!(
        "{HEAD}Content-Type: multipart/mixed; boundary=g\n\n{}--g--\n{}",
        part.repeat(900),
        "y\n".repeat(1_000_000)
    );
    over(raw.as_bytes());
}

#[test]
fn too_large_a_letter_is_its_head() {
    let raw = format!("{HEAD}\n{}", "Tekst.\n".repeat(7 << 20));
    assert_eq!(over(raw.as_bytes()).text, "");
}

#[test]
fn long_text_is_cut_at_the_limit() {
    let raw = format!("{HEAD}Content-Type: text/plain; charset=utf-8\n\n{}", "blåbær ".repeat(1 << 20));
    let read = over(raw.as_bytes());
    assert!(read.text.len() <= Limits::default().text && read.text.len() > Limits::default().text - 4);
}

#[test]
fn large_heads_are_read_within_bounds() {
    let limits = Limits::default();
    let lines = format!("{HEAD}{}\nHej.\n", "X-Felt: værdi\n".repeat(200_000));
    assert_eq!(lawful(lines.as_bytes(), &limits).text, "Hej.\n");
    let line = format!("{HEAD}X-Lang: {}\n\nHej.\n", "æ".repeat(5 << 20));
    assert_eq!(lawful(line.as_bytes(), &limits).text, "Hej.\n");
    let references: String = (0..1_000_000).map(|n| format!(" <{n}@borger.example>\n")).collect();
    let read = lawful(format!("{HEAD}References:{references}\nHej.\n").as_bytes(), &limits);
    assert!(read.thread.references.len() <= 201);
    let people: String = (0..200_000).map(|n| format!(" Navn <p{n}@borger.example>,\n")).collect();
    let read = lawful(format!("{HEAD}To:{people} x@y.example\n\nHej.\n").as_bytes(), &limits);
    assert!(read.recipients.len() <= 200);
    let subject = "=?utf-8?Q?r=C3=B8d?= ".repeat(200_000);
    lawful(format!("From: ida@borger.example\nSubject: {subject}\n\nHej.\n").as_bytes(), &limits);
}
