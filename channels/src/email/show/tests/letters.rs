//! Whole letters: which of their parts is shown, and with which pictures.

use rstest::rstest;

use super::super::{Shown, has_html, show};
use super::walker::{Seen, judge};
use crate::email::Limits;

const GIF: &str = "R0lGODlhAQABAAAAACw=";

fn letter(content: &str) -> Vec<u8> {
    format!("From: a@b.example\r\nSubject: x\r\nMIME-Version: 1.0\r\n{}", content.replace('\n', "\r\n"))
        .into_bytes()
}

fn seen(raw: &[u8]) -> Option<(Shown, Seen)> {
    let limits = Limits::default();
    let shown = show(raw, &limits);
    assert_eq!(has_html(raw, &limits), shown.is_some());
    shown.map(|shown| {
        let seen = judge(&shown).unwrap();
        (shown, seen)
    })
}

#[rstest]
#[case::plain("Content-Type: text/plain\n\n<p>Hej", None)]
#[case::no_type("\nHej text/html", None)]
#[case::html("Content-Type: TEXT/HTML\n\n<p>Hej", Some("Hej"))]
#[case::coded(
    "Content-Type: text/html; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\n<p>R=F8d=\n gr=F8d</p>",
    Some("Rød grød")
)]
#[case::alternative(
    "Content-Type: multipart/alternative; boundary=b\n\n--b\n\nTekst\n--b\nContent-Type: text/html\n\n<p>Hej</p>\n--b--\n",
    Some("Hej")
)]
#[case::alternative_that_shows_nothing(
    "Content-Type: multipart/alternative; boundary=b\n\n--b\n\nTekst\n--b\nContent-Type: text/html\n\n<p></p>\n--b--\n",
    None
)]
#[case::unsaid_alternative(
    "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nHej med dig\n--b\nContent-Type: text/html\n\n<p>Hej med dig!</p>\n--b--\n",
    Some("Hej med dig!")
)]
#[case::sloppy_type("Content-Type: text / html\n\n<p>Hej", Some("Hej"))]
#[case::half_a_type("Content-Type: HTML\n\n<p>Hej", Some("Hej"))]
#[case::coded_letter(
    "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nQ29udGVudC1UeXBlOiB0ZXh0L2h0bWwNCg0KPHA+SGVqPC9wPg==\n",
    Some("Hej")
)]
#[case::attached(
    "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nTekst\n--b\nContent-Type: text/html\nContent-Disposition: attachment; filename=x.html\n\n<p>Hej</p>\n--b--\n",
    None
)]
#[case::list_footer(
    "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html\n\n<p>Hej</p>\n--b\n\nFod <b>\n--b--\n",
    Some("HejFod <b>")
)]
#[case::several(
    "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html\n\n<b>Et\n--b\nContent-Type: application/pdf; name=x\n\nx\n--b\nContent-Type: text/html\n\nTo</b>\n--b--\n",
    Some("EtTo")
)]
#[case::only_forwarded(
    "Content-Type: message/rfc822\n\nFrom: c@d.example\nContent-Type: text/html\n\n<p>Indre</p>",
    Some("Indre")
)]
#[case::forwarded_with_words(
    "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nSe her\n--b\nContent-Type: message/rfc822\n\nContent-Type: text/html\n\n<p>Indre</p>\n--b--\n",
    None
)]
fn the_right_part_is_shown(#[case] content: &str, #[case] expected: Option<&str>) {
    let seen = seen(&letter(content));
    let text = seen.map(|(_, seen)| seen.text.replace(['\r', '\n'], ""));
    assert_eq!(text.as_deref(), expected);
}

fn related(markup: &str, picture: &str) -> Vec<u8> {
    letter(&format!(
        "Content-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\n{markup}\n--b\n\
         Content-Type: image/png; name=x.png\nContent-ID: <Logo@a.example>\nContent-Transfer-Encoding: base64\n\
         Content-Disposition: inline\n\n{picture}\n--b--\n"
    ))
}

#[test]
fn the_letters_own_pictures_are_shown() {
    let (shown, seen) = seen(&related("<img src=\"cid:logo@a.example\" width=10 onload=x>", GIF)).unwrap();
    // It says PNG and is a GIF.
    assert_eq!(seen.pictures, [format!("data:image/gif;base64,{GIF}")]);
    assert_eq!(shown.fragment, format!("<img src=\"data:image/gif;base64,{GIF}\" width=\"10\" alt=\"\">"));
    assert_eq!((shown.blocked_remote, shown.pictures_left_out), (0, 0));
}

#[rstest]
#[case::missing("<img src=cid:other alt=Våben>", GIF)]
#[case::scripted("<img src=cid:Logo@a.example alt=Våben>", "PHN2ZyBvbmxvYWQ9ImFsZXJ0KDEpIj4=")]
fn what_is_no_picture_is_told(#[case] markup: &str, #[case] picture: &str) {
    let (shown, seen) = seen(&related(markup, picture)).unwrap();
    assert!(seen.pictures.is_empty());
    assert_eq!(shown.fragment.trim(), "<img alt=\"Våben\">");
    assert_eq!((shown.blocked_remote, shown.pictures_left_out), (0, 1));
}

#[test]
fn one_picture_a_thousand_times_stays_within_the_budget() {
    let picture = format!("R0lGODlh{}", "A".repeat(1 << 20));
    let (shown, seen) = seen(&related(&"<img src=cid:logo@a.example>".repeat(1_000), &picture)).unwrap();
    assert_eq!(seen.pictures.len(), 6);
    assert_eq!(shown.pictures_left_out, 994);
    assert!(shown.fragment.len() < 8 << 20 && !shown.shortened);
}

fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).unwrap().to_be_bytes();
    [&[tag, 0x84], &length[..], content].concat()
}

/// A letter in an opaque signature (RFC 8551), as far as readers walk.
fn signed(part: &[u8]) -> Vec<u8> {
    let data = der(0x06, b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01");
    let encapsulated = der(0x30, &[data, der(0xa0, &der(0x04, part))].concat());
    let content = [der(0x02, b"\x01"), der(0x31, b""), encapsulated, der(0x31, b"")].concat();
    let kind = der(0x06, b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02");
    let body = der(0x30, &[kind, der(0xa0, &der(0x30, &content))].concat());
    let head =
        letter("Content-Type: application/pkcs7-mime; name=smime.p7m\nContent-Transfer-Encoding: binary\n\n");
    [head, body].concat()
}

#[test]
fn a_letter_in_a_signature_is_shown_with_its_pictures() {
    let inner = related("<p>Hej<img src=cid:logo@a.example>", GIF);
    for raw in [signed(&inner), signed(&signed(&inner))] {
        let (_, seen) = seen(&raw).unwrap();
        assert_eq!((seen.text.trim(), seen.pictures.len()), ("Hej", 1));
    }
    assert!(seen(&signed(&letter("\nHej"))).is_none());
}

#[test]
fn the_html_of_a_winmail_is_shown() {
    let html = b"<p onclick=x>Hej</p>\0";
    let size = u32::try_from(html.len()).unwrap().to_le_bytes();
    let mut properties = b"\x01\0\0\0\x02\x01\x13\x10\x01\0\0\0".to_vec();
    properties.extend([&size[..], html, b"\0\0\0"].concat());
    let size = u32::try_from(properties.len()).unwrap().to_le_bytes();
    let tnef = [b"\x78\x9f\x3e\x22\0\0\x01\x03\x90\x06\0", &size[..], &properties, b"\0\0"].concat();
    let head =
        letter("Content-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: binary\n\n");
    let (shown, _) = seen(&[head, tnef].concat()).unwrap();
    assert_eq!(shown.fragment, "<p>Hej</p>");
}

#[test]
fn a_letter_over_the_limits_has_no_form() {
    let raw = letter("Content-Type: text/html\n\n<p>Hej");
    let limits = Limits { size: 20, ..Limits::default() };
    assert!(!has_html(&raw, &limits));
    assert_eq!(show(&raw, &limits), None);
    assert_eq!(show(b"", &Limits::default()), None);
}

#[test]
fn debug_prints_counts_alone() {
    let (shown, _) = seen(&letter("Content-Type: text/html\n\n<p>Hemmeligt")).unwrap();
    assert!(!format!("{shown:?}").contains("Hemmeligt"));
}
