//! The files of a letter come out of its bytes, by the place at which the reading lists them.

use std::fs;
use std::path::{Path, PathBuf};

use indgang_channels::email::{Limits, Part, ReadContext, file, part, read};
use indgang_channels::message::{Attachment, ExternalId};
use jiff::Timestamp;
use proptest::prelude::*;

fn listed(raw: &[u8], limits: &Limits) -> Vec<Attachment> {
    let context = ReadContext {
        account: "borger",
        external_id: ExternalId("1:1".into()),
        received_at: Timestamp::UNIX_EPOCH,
        limits,
        authserv_id: None,
        own_addresses: &[],
    };
    read(raw, &context).attachments
}

/// Every file that is listed, as name and bytes.
fn files(raw: &[u8]) -> Vec<(String, Vec<u8>)> {
    let limits = Limits::default();
    let listed = listed(raw, &limits);
    let found = (0..listed.len()).map(|index| file(raw, &listed, index, &limits).expect("it is listed"));
    found.map(|Part { name, bytes, .. }| (name.unwrap_or_default(), bytes)).collect()
}

fn testdata() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata")
}

fn letters() -> Vec<(PathBuf, Vec<u8>)> {
    let mut letters = Vec::new();
    for folder in ["parse", "machine"] {
        for entry in fs::read_dir(testdata().join(folder)).expect("the folder can be read") {
            let path = entry.expect("an entry").path();
            if path.extension().is_some_and(|extension| extension == "eml") {
                let raw = fs::read(&path).expect("the letter can be read");
                letters.push((path, raw));
            }
        }
    }
    letters.sort();
    letters
}

#[test]
fn every_file_that_is_listed_can_be_had() {
    let limits = Limits::default();
    let (mut files, mut inside) = (0, 0);
    for (path, raw) in letters() {
        let listed = listed(&raw, &limits);
        for (index, entry) in listed.iter().enumerate() {
            let found = file(&raw, &listed, index, &limits)
                .unwrap_or_else(|| panic!("{}: file {index} is not found", path.display()));
            assert_eq!(found.bytes.len() as u64, entry.size, "{}: file {index}", path.display());
            let by_number = part(&raw, entry.part, &limits).expect("the part that bears the number");
            files += 1;
            inside += usize::from(by_number != found);
        }
        assert_eq!(file(&raw, &listed, listed.len(), &limits), None);
        assert_eq!(part(&raw, 100_000, &limits), None);
    }
    assert!(files > 70 && inside >= 2, "{files} files, {inside} of them in containers");
}

#[test]
fn files_of_a_winmail_are_told_apart() {
    let raw = fs::read(testdata().join("parse/winmail.eml")).expect("the letter can be read");
    let files = files(&raw);
    assert_eq!(files[0].0, "winmail.dat");
    assert!(files[0].1.starts_with(b"\x78\x9f\x3e\x22"));
    assert_eq!(files[1], ("afgørelse.pdf".to_owned(), b"%PDF-1.4".to_vec()));
    assert_eq!(files[2], ("noter.txt".to_owned(), b"abc".to_vec()));
}

fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).expect("a short test").to_be_bytes();
    [&[tag, 0x84], &length[..], content].concat()
}

/// An opaque signature (RFC 8551) around a part, as far as readers walk.
fn opaque(part: &[u8]) -> Vec<u8> {
    let data = der(0x06, b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01");
    let encapsulated = der(0x30, &[data, der(0xa0, &der(0x04, part))].concat());
    let signed = [der(0x02, b"\x01"), der(0x31, b""), encapsulated, der(0x31, b"")].concat();
    let kind = der(0x06, b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02");
    let body = der(0x30, &[kind, der(0xa0, &der(0x30, &signed))].concat());
    let head = "Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m\r\n\
                Content-Transfer-Encoding: binary\r\n\r\n";
    [head.as_bytes(), &body].concat()
}

#[test]
fn files_inside_a_signature_are_had_at_any_depth() {
    let inner = "Content-Type: multipart/mixed; boundary=i\r\n\r\n--i\r\n\r\nHej.\r\n--i\r\n\
                 Content-Type: application/pdf; name=\"to.pdf\"\r\nContent-Transfer-Encoding: base64\r\n\r\n\
                 JVBERg==\r\n--i\r\nContent-Type: text/csv\r\n\
                 Content-Disposition: attachment; filename=tre.csv\r\n\r\na;b\r\n--i--\r\n";
    let mut middle = b"Content-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\n".to_vec();
    middle.extend(opaque(inner.as_bytes()));
    middle.extend(b"\r\n--m\r\nContent-Type: text/plain; name=et.txt\r\n\r\nen\r\n--m--\r\n");
    let outer = [b"From: a@b.example\r\nMIME-Version: 1.0\r\n".to_vec(), opaque(&middle)].concat();
    let files = files(&outer);
    let names: Vec<_> = files.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["smime.p7m", "smime.p7m", "et.txt", "to.pdf", "tre.csv"]);
    assert_eq!(files[2].1, b"en");
    assert_eq!(files[3].1, b"%PDF");
    assert_eq!(files[4].1, b"a;b");
    assert_ne!(files[0].1, files[1].1, "the outer and the inner signature");
}

#[test]
fn a_letter_in_the_letter_is_a_file_and_has_its_own() {
    let raw = b"From: a@b.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\n\r\n\
        Se vedlagte.\r\n--o\r\nContent-Type: message/rfc822\r\nContent-Disposition: attachment; filename=brev.eml\r\n\r\n\
        From: c@d.example\r\nSubject: Gammelt brev\r\n\r\nHej igen.\r\n--o--\r\n";
    let files = files(raw);
    assert_eq!(files.len(), 1);
    assert_eq!(files[0].0, "brev.eml");
    let letter = std::str::from_utf8(&files[0].1).expect("text");
    assert_eq!(letter.trim_end(), "From: c@d.example\r\nSubject: Gammelt brev\r\n\r\nHej igen.");
    assert_eq!(part(raw, 0, &Limits::default()), None, "a multipart is no file");
    let text = part(raw, 1, &Limits::default()).expect("the text has a number too");
    assert_eq!((text.media_type.as_str(), text.bytes.trim_ascii_end()), ("text/plain", &b"Se vedlagte."[..]));
}

#[test]
fn what_is_over_the_limits_or_no_letter_gives_no_file() {
    let raw = b"From: a@b.example\r\nContent-Type: application/pdf; name=a.pdf\r\n\r\n%PDF\r\n";
    let limits = Limits::default();
    let listed = listed(raw, &limits);
    assert!(file(raw, &listed, 0, &limits).is_some());
    assert_eq!(file(raw, &listed, 0, &Limits { size: 10, ..limits }), None);
    assert_eq!(file(b"", &listed, 0, &Limits::default()), None);
}

proptest! {
    #[test]
    fn damaged_letters_give_what_they_list(letter in 0..1_000_usize, places in prop::collection::vec((any::<usize>(), any::<u8>()), 0..20)) {
        let letters = letters();
        let mut raw = letters[letter % letters.len()].1.clone();
        for (place, byte) in places {
            let place = place % raw.len().max(1);
            raw.get_mut(place).into_iter().for_each(|old| *old = byte);
        }
        let limits = Limits { size: 1 << 20, ..Limits::default() };
        let listed = listed(&raw, &limits);
        for index in 0..listed.len() {
            prop_assert!(file(&raw, &listed, index, &limits).is_some());
        }
    }

    #[test]
    fn any_bytes_are_survived(raw in prop::collection::vec(any::<u8>(), 0..400), number in 0..5_usize) {
        let _ = part(&raw, number, &Limits::default());
    }
}
