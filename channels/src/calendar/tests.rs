use proptest::prelude::*;

use super::*;
use crate::email::compose::{File, Outgoing, compose};
use crate::email::{Limits, ReadContext, file, read};
use crate::message::ExternalId;

fn meeting() -> Meeting<'static> {
    Meeting {
        uid: "m7k3m9wpt@kommune.example",
        sequence: 0,
        stamp: Timestamp::constant(1_790_000_000, 123_000_000),
        start: Timestamp::constant(1_790_600_400, 0),
        end: Timestamp::constant(1_790_604_000, 0),
        summary: "Møde med borgerrådgiveren",
        location: Some("Rådhuset, lokale 2; 1. sal"),
        organizer_name: "Borgerrådgiveren",
        organizer: "borgerraadgiver@kommune.example",
        cancelled: false,
    }
}

/// The lines of a file, unfolded (section 3.1): name, parameters and value.
fn unfolded(file: &[u8]) -> Vec<(String, String)> {
    let file = String::from_utf8(file.to_vec()).unwrap().replace("\r\n ", "");
    let lines = file.strip_suffix("\r\n").unwrap().split("\r\n");
    lines
        .map(|line| {
            let mut quoted = false;
            let colon = line.find(|c| {
                quoted ^= c == '"';
                c == ':' && !quoted
            });
            let (name, value) = line.split_at(colon.unwrap());
            (name.to_owned(), value[1..].to_owned())
        })
        .collect()
}

fn value(file: &[u8], wanted: &str) -> Option<String> {
    let lines = unfolded(file);
    lines.into_iter().find(|(name, _)| name.split(';').next() == Some(wanted)).map(|(_, value)| value)
}

fn unescaped(value: &str) -> String {
    let mut out = String::new();
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => out.push(match chars.next().unwrap() {
                'n' | 'N' => '\n',
                other => other,
            }),
            c => {
                assert!(!matches!(c, ';' | ','), "{c} stands bare in {value}");
                out.push(c);
            }
        }
    }
    out
}

#[test]
fn a_meeting_reads_as_it_should() {
    let expected = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Indgang//Indgang//DA\r\nMETHOD:PUBLISH\r\nBEGIN:VEVENT\r\n\
        UID:m7k3m9wpt@kommune.example\r\nSEQUENCE:0\r\nDTSTAMP:20260921T141320Z\r\nDTSTART:20260928T130000Z\r\n\
        DTEND:20260928T140000Z\r\nSUMMARY:Møde med borgerrådgiveren\r\nLOCATION:Rådhuset\\, lokale 2\\; 1. sal\r\n\
        ORGANIZER;CN=\"Borgerrådgiveren\":mailto:borgerraadgiver@kommune.example\r\n\
        CLASS:PRIVATE\r\nSTATUS:CONFIRMED\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    assert_eq!(String::from_utf8(invitation(&meeting())).unwrap(), expected);
}

#[test]
fn a_long_line_is_folded_between_characters() {
    let summary = "å".repeat(60);
    let file = String::from_utf8(invitation(&Meeting { summary: &summary, ..meeting() })).unwrap();
    // `SUMMARY:` and 33 letters of two octets are 74, the blank and 27 more are 55.
    assert!(file.contains(&format!("SUMMARY:{}\r\n {}\r\n", "å".repeat(33), "å".repeat(27))));
}

#[test]
fn what_is_missing_is_not_written() {
    let start = meeting().start;
    let bare =
        Meeting { end: start, location: Some(" \0"), organizer_name: "", cancelled: true, ..meeting() };
    let file = invitation(&bare);
    assert_eq!((value(&file, "DTEND"), value(&file, "LOCATION")), (None, None));
    assert_eq!(value(&file, "STATUS").as_deref(), Some("CANCELLED"));
    assert!(unfolded(&file).iter().any(|(name, _)| name == "ORGANIZER"));
}

#[test]
fn no_value_adds_a_line() {
    let evil = "x\r\nATTENDEE:mailto:y@z\r\n\"END:VEVENT";
    let file = invitation(&Meeting {
        uid: evil,
        summary: evil,
        location: Some(evil),
        organizer_name: evil,
        organizer: evil,
        ..meeting()
    });
    let names: Vec<_> = unfolded(&file).into_iter().map(|(name, _)| name).collect();
    assert!(!names.iter().any(|name| name.starts_with("ATTENDEE")));
    assert_eq!(names.iter().filter(|name| *name == "END").count(), 2);
}

#[test]
fn it_goes_along_with_a_letter() {
    let bytes = invitation(&meeting());
    let files = [File { name: "møde.ics", media_type: MEDIA_TYPE, bytes: &bytes }];
    let composed = compose(&Outgoing {
        from: "borgerraadgiver@kommune.example",
        from_name: "Borgerrådgiveren",
        to: "borger@post.example",
        subject: "Vores møde",
        body: "Hej.\n",
        message_id: "svar.1@kommune.example",
        in_reply_to: None,
        references: &[],
        language: "da",
        date: Timestamp::UNIX_EPOCH,
        automatic: false,
        files: &files,
    })
    .unwrap();
    let limits = Limits::default();
    let context = ReadContext {
        account: "borger",
        external_id: ExternalId("1:1".to_owned()),
        received_at: Timestamp::UNIX_EPOCH,
        limits: &limits,
        authserv_id: None,
        own_addresses: &[],
    };
    let read = read(&composed.bytes, &context);
    assert_eq!(read.text, "Hej.\n");
    let found = file(&composed.bytes, &read.attachments, 0, &limits).unwrap();
    assert_eq!((found.name.as_deref(), found.media_type.as_str()), (Some("møde.ics"), "text/calendar"));
    assert_eq!(found.bytes, bytes);
}

proptest! {
    #[test]
    fn what_is_put_in_comes_out(
        uid in "[a-z0-9]{1,30}@[a-z]{1,20}",
        summary in "[^\\x00-\\x09\\x0b-\\x1f\\x7f-\\x9f]{0,200}",
        location in "[\\\\;,n\n æ😀:\"a-z]{0,120}",
        name in "[^\\x00-\\x1f\\x7f-\\x9f\"]{0,90}",
        organizer in "[a-zæ\"#%?& .+-]{1,80}@b\\.example",
        start in 0..4_000_000_000_i64,
        minutes in 1..10_000_i64,
        sequence in any::<u32>(),
    ) {
        let start = Timestamp::from_second(start).unwrap();
        let end = Timestamp::from_second(start.as_second() + minutes * 60).unwrap();
        let file = invitation(&Meeting {
            uid: &uid,
            sequence,
            start,
            end,
            summary: &summary,
            location: Some(&location),
            organizer_name: &name,
            organizer: &organizer,
            ..meeting()
        });
        for line in file.split(|byte| *byte == b'\n') {
            prop_assert!(line.len() <= 76, "75 octets and the carriage return");
            prop_assert!(std::str::from_utf8(line).is_ok(), "no character is torn apart");
            prop_assert!(line.is_empty() || line.ends_with(b"\r"));
        }
        let get = |name: &str| value(&file, name).unwrap_or_default();
        prop_assert_eq!(unescaped(&get("UID")), uid);
        prop_assert_eq!(unescaped(&get("SUMMARY")), summary.trim());
        prop_assert_eq!(unescaped(&get("LOCATION")), location.trim());
        prop_assert_eq!(get("SEQUENCE"), sequence.to_string());
        for (name, moment) in [("DTSTART", start), ("DTEND", end)] {
            let read = jiff::fmt::strtime::parse("%Y%m%dT%H%M%SZ", get(name)).unwrap().to_datetime().unwrap();
            prop_assert_eq!(read.to_zoned(TimeZone::UTC).unwrap().timestamp(), moment);
        }
        let organizers: Vec<_> = unfolded(&file).into_iter().filter(|(name, _)| name.starts_with("ORGANIZER")).collect();
        let expected = if name.trim().is_empty() { "ORGANIZER".to_owned() } else { format!("ORGANIZER;CN=\"{}\"", name.trim()) };
        prop_assert_eq!(&organizers[0].0, &expected);
        let address = organizers[0].1.strip_prefix("mailto:").unwrap();
        prop_assert!(address.bytes().all(|byte| byte.is_ascii_graphic() && !b"\",;:<>\\".contains(&byte)));
    }
}
