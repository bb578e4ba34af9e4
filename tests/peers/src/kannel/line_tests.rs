//! Lines as Kannel 1.4.5 writes them.

use super::{Coding, Got, Reader, decode, encode};

fn read(lines: &[&str]) -> Vec<Got> {
    let mut reader = Reader::default();
    let mut got: Vec<Got> = lines.iter().filter_map(|line| reader.line(line.as_bytes())).collect();
    got.extend(reader.end());
    got
}

fn texts(lines: &[&str]) -> Vec<(String, Coding, usize)> {
    read(lines).into_iter().map(|got| (got.text, got.coding, got.parts)).collect()
}

#[test]
fn short_texts_of_each_kind() {
    let got = read(&[
        "1204 +4520123456 text Tak, æøå + 100%",
        "1204 +4520123456 ucs-2 %01B%00+%D8%3D%DE%00",
        "1204 +4520123456 data %00%FF",
        "Aarhus Kommune 4520123456 text ",
    ]);
    let seen: Vec<_> = got.iter().map(|got| (got.from.as_str(), got.text.as_str(), got.coding)).collect();
    assert_eq!(
        seen,
        [
            ("1204", "Tak, æøå + 100%", Coding::Gsm7),
            ("1204", "ł 😀", Coding::Ucs2),
            ("1204", "", Coding::Binary),
            ("Aarhus Kommune", "", Coding::Gsm7),
        ]
    );
    assert_eq!(got.iter().map(|got| got.to.as_str()).collect::<Vec<_>>()[3], "4520123456");
    assert_eq!(got[2].bytes, [0, 255]);
}

#[test]
fn a_text_goes_on_over_lines_that_are_no_first_lines() {
    let lines = ["1204 +4520123456 text Hej", "", "Ring på 70 12 text", "1204 +4520123456 text b"];
    let expected = [("Hej\n\nRing på 70 12 text", 1), ("b", 1)];
    assert_eq!(texts(&lines), expected.map(|(text, parts)| (text.to_owned(), Coding::Gsm7, parts)));
}

#[test]
fn long_texts_are_joined_by_number_before_they_are_decoded() {
    let part = |number: u8, data: &[u8]| {
        format!("1204 +4520123456 udh {} data {}", encode(&[5, 0, 3, 7, 2, number]), encode(data))
    };
    // A pair cut in half; letters of one alphabet whose bytes are all printable; and one that fits seven bits.
    let halved = "ł".repeat(66) + "😀 slut";
    let printable = "中".repeat(67) + "丰".repeat(3).as_str();
    for text in [halved, printable] {
        let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let lines = [part(2, &bytes[134..]), part(1, &bytes[..134])];
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        assert_eq!(texts(&lines), [(text, Coding::Ucs2, 2)]);
    }
    let plain = "[€]".repeat(25) + "æøå".repeat(20).as_str();
    let cut = plain.char_indices().nth(75 + 3).unwrap().0;
    let lines = [part(1, &plain.as_bytes()[..cut]), part(2, &plain.as_bytes()[cut..])];
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    assert_eq!(texts(&lines), [(plain, Coding::Gsm7, 2)]);
}

#[test]
fn long_texts_that_mix_are_kept_apart_and_the_unfinished_is_not_given() {
    let part = |reference: u8, number: u8, data: &str| {
        format!(
            "1204 +4520123456 udh {} data {}",
            encode(&[6, 8, 4, 1, reference, 2, number]),
            encode(data.as_bytes())
        )
    };
    let full = "a".repeat(153);
    let lines = [part(1, 1, &full), part(2, 1, &full), part(2, 2, "b"), part(3, 2, "c"), part(1, 2, "d")];
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    assert_eq!(texts(&lines), ["b", "d"].map(|end| (full.clone() + end, Coding::Gsm7, 2)));
}

#[test]
fn percent_encoding() {
    assert_eq!(encode(&[0, 0x2b, 0xff]), "%00%2B%FF");
    assert_eq!(decode(b"a+b%2b%00%zz%4"), b"a b+\0%zz%4");
}
