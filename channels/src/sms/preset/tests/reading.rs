//! What a preset reads out of a gateway's request.

use proptest::prelude::*;
use rstest::rstest;

use super::*;
use crate::sms::wire::{About, Body, Delivery, InboundText, Report};

fn post(path: &str, body: &[u8]) -> Call {
    let headers = vec![("content-type".to_owned(), "application/x-www-form-urlencoded".to_owned())];
    Call {
        method: "POST".to_owned(),
        path: path.to_owned(),
        query: String::new(),
        headers,
        body: body.to_vec(),
    }
}

fn only_text(preset: &Preset, call: &Call) -> InboundText {
    match preset.read(call, None).as_slice() {
        [Tidings::Text(text)] => text.clone(),
        other => panic!("{other:?}"),
    }
}

fn unreadable(preset: &Preset, call: &Call) -> bool {
    matches!(preset.read(call, None).as_slice(), [Tidings::Unreadable { .. }])
}

#[test]
fn a_thousand_fields_cost_nothing_and_the_first_counts() {
    let mut form = String::from("from=%2B4520123456&text=Hej");
    for number in 0..1_000 {
        form.push_str(&format!("&x{number}=1&text=Andet&from=9"));
    }
    let read = only_text(&Preset::parse("t", SMALLEST).unwrap(), &post("/in", form.as_bytes()));
    assert_eq!((read.from.as_str(), &read.body), ("+4520123456", &Body::Text("Hej".to_owned())));
}

#[test]
fn the_body_of_a_form_goes_before_its_query() {
    let call = Call { query: "text=Nej&from=1".to_owned(), ..post("/in", b"text=Ja") };
    let read = only_text(&Preset::parse("t", SMALLEST).unwrap(), &call);
    assert_eq!((read.from.as_str(), &read.body), ("1", &Body::Text("Ja".to_owned())));
}

#[test]
fn a_form_may_come_as_flat_json() {
    let mut call = post("/in", br#"{"from":4520123456,"text":"Hej","odd":{"a":1}}"#);
    call.headers = vec![("content-type".to_owned(), "application/json; charset=utf-8".to_owned())];
    let read = only_text(&Preset::parse("t", SMALLEST).unwrap(), &call);
    assert_eq!((read.from.as_str(), &read.body), ("4520123456", &Body::Text("Hej".to_owned())));
}

#[rstest]
#[case::empty_text(b"from=1&text=", "1", "")]
#[case::hidden_sender(b"from=&text=Hej", "", "Hej")]
#[case::no_sender(b"text=Hej", "", "Hej")]
#[case::not_utf_8(b"from=1&text=%E6", "1", "\u{fffd}")]
#[case::broken_escape(b"from=1&text=50%", "1", "50%")]
fn an_odd_text_is_a_text(#[case] body: &[u8], #[case] from: &str, #[case] words: &str) {
    let read = only_text(&Preset::parse("t", SMALLEST).unwrap(), &post("/in", body));
    assert_eq!((read.from.as_str(), read.body), (from, Body::Text(words.to_owned())));
}

#[rstest]
#[case::nothing(b"")]
#[case::no_text(b"from=1")]
#[case::nonsense(b"\xff\x00{")]
fn what_holds_no_text_is_kept_for_a_person(#[case] body: &[u8]) {
    assert!(unreadable(&Preset::parse("t", SMALLEST).unwrap(), &post("/in", body)));
}

#[test]
fn latin1_is_read_as_the_gateway_means_it() {
    let preset = changed("[inbound]", "[inbound]\ncharset = \"latin1\"");
    let read = only_text(&preset, &post("/in", b"from=1&text=%E6%F8%E5+%80"));
    assert_eq!(read.body, Body::Text("æøå €".to_owned()));
}

#[test]
fn files_without_words_are_a_text() {
    let preset = changed("[inbound]", "[inbound]\nfiles = \"NumMedia\"");
    let read = only_text(&preset, &post("/in", b"from=1&NumMedia=3"));
    assert_eq!((read.files, read.body), (3, Body::Text(String::new())));
    assert!(unreadable(&preset, &post("/in", b"from=1&NumMedia=0")));
    assert!(unreadable(&preset, &post("/in", b"from=1&NumMedia=-1")));
}

#[rstest]
#[case::whole(b"from=1&text=a", None)]
#[case::second(b"from=1&text=a&r=77&n=3&i=2", Some(("77", 3, 2)))]
#[case::more_than_there_are(b"from=1&text=a&r=77&n=2&i=3", None)]
#[case::no_reference(b"from=1&text=a&n=2&i=1", None)]
#[case::not_numbers(b"from=1&text=a&r=77&n=two&i=1", None)]
#[case::too_many(b"from=1&text=a&r=77&n=256&i=1", None)]
fn parts_are_told_by_fields(#[case] body: &[u8], #[case] expected: Option<(&str, u8, u8)>) {
    let preset =
        changed("[inbound]", "[inbound]\npart = { reference = \"r\", total = \"n\", number = \"i\" }");
    let part = only_text(&preset, &post("/in", body)).part;
    assert_eq!(part.as_ref().map(|part| (part.reference.as_str(), part.total, part.number)), expected);
}

#[rstest]
#[case::plain(b"from=1&text=a&c=0", Body::Text("a".to_owned()))]
#[case::utf16(b"from=1&text=%00a%D8%3D&c=2", Body::Utf16(vec![0, b'a', 0xd8, 0x3d]))]
#[case::utf16_named(b"from=1&text=%00a&c=2&cs=UTF-16BE", Body::Utf16(vec![0, b'a']))]
#[case::recoded(b"from=1&text=%C3%A6&c=2&cs=UTF-8", Body::Text("æ".to_owned()))]
#[case::recoded_otherwise(b"from=1&text=%80&c=2&cs=WINDOWS-1252", Body::Text("€".to_owned()))]
#[case::bytes(b"from=1&text=%FF%00&c=1&cs=8-BIT", Body::Binary(vec![255, 0]))]
#[case::bytes_named_text(b"from=1&text=%FF&c=1&cs=UTF-8", Body::Binary(vec![255]))]
#[case::no_coding(b"from=1&text=a", Body::Text("a".to_owned()))]
fn a_text_that_is_bytes_stays_bytes(#[case] body: &[u8], #[case] expected: Body) {
    let preset = changed(
        "[inbound]",
        "[inbound]\ncoding = { at = \"c\", utf16 = [\"2\"], binary = [\"1\"], charset = \"cs\" }",
    );
    assert_eq!(only_text(&preset, &post("/in", body)).body, expected);
}

#[rstest]
#[case::hexadecimal(b"from=1&text=&c=b&d=00fF", Body::Binary(vec![0, 255]))]
#[case::not_hexadecimal(b"from=1&text=&c=b&d=xyz", Body::Binary(b"xyz".to_vec()))]
#[case::bytes_missing(b"from=1&text=Hej&c=b", Body::Text("Hej".to_owned()))]
fn bytes_may_stand_elsewhere(#[case] body: &[u8], #[case] expected: Body) {
    let preset = changed(
        "[inbound]",
        "[inbound]\ncoding = { at = \"c\", binary = [\"b\"], bytes = \"d\", written = \"hex\" }",
    );
    assert_eq!(only_text(&preset, &post("/in", body)).body, expected);
}

const LIST: &str = "[inbound]\nformat = \"json\"\nitems = \"/results\"\nfrom = \"/f\"\ntext = \"/t\"\n";

#[rstest]
#[case::two(r#"{"results":[{"f":"1","t":"a"},{"f":"2","t":"b"}]}"#, "tt")]
#[case::one_is_odd(r#"{"results":[{"f":"1"},7,{"f":"2","t":"b"}]}"#, "uut")]
#[case::none(r#"{"results":[]}"#, "n")]
#[case::no_list(r#"{"other":[]}"#, "u")]
#[case::one_without_a_list(r#"{"results":{"f":"1","t":"a"}}"#, "t")]
#[case::no_json("results=1", "u")]
fn a_list_has_something_for_every_item(#[case] body: &str, #[case] expected: &str) {
    let preset = changed("[inbound]\nfrom = \"from\"\ntext = \"text\"\n", LIST);
    let read: String = preset
        .read(&post("/in", body.as_bytes()), None)
        .iter()
        .map(|tidings| match tidings {
            Tidings::Text(_) => 't',
            Tidings::Report(_) => 'r',
            Tidings::Unreadable { .. } => 'u',
            Tidings::Nothing => 'n',
        })
        .collect();
    assert_eq!(read, expected);
}

#[test]
fn deep_nesting_is_not_followed() {
    let preset = changed("[inbound]\nfrom = \"from\"\ntext = \"text\"\n", LIST);
    let deep = format!("{{\"results\":{}{}}}", "[".repeat(30_000), "]".repeat(30_000));
    assert!(unreadable(&preset, &post("/in", deep.as_bytes())));
}

#[rstest]
#[case::token_of_the_address("/report/t-1", b"status=1", About::Token("t-1".to_owned()), Delivery::Delivered)]
#[case::behind_a_slash("/report/t-1/", b"status=1", About::Token("t-1".to_owned()), Delivery::Delivered)]
#[case::no_token_of_ours("/report/T_1", b"status=1&id=7", About::ProviderId("7".to_owned()), Delivery::Delivered)]
#[case::number("/report", b"status=1&id=7", About::ProviderId("7".to_owned()), Delivery::Delivered)]
#[case::word_in_any_case("/report", b"status=GONE&id=7", About::ProviderId("7".to_owned()), Delivery::Failed)]
#[case::unknown_word("/report", b"status=1.0&id=7", About::ProviderId("7".to_owned()), Delivery::Unknown)]
fn a_report_is_about_one_text(
    #[case] path: &str,
    #[case] body: &[u8],
    #[case] about: About,
    #[case] status: Delivery,
) {
    let preset = changed("status = \"status\"", "status = \"status\"\nid = \"id\"");
    match preset.read(&post(path, body), None).as_slice() {
        [Tidings::Report(report)] => assert_eq!((&report.about, report.status), (&about, status)),
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_kept_of_a_report_is_short_and_on_one_line() {
    let preset = changed("status = \"status\"", "status = \"status\"\ndetail = [\"a\", \"b\"]");
    let long = format!("status=1&a=x%0Ay&b={}", "z".repeat(500));
    let read = preset.read(&post("/report/t-1", long.as_bytes()), None);
    let [Tidings::Report(Report { detail, .. })] = read.as_slice() else { panic!("{read:?}") };
    assert_eq!((detail.chars().count(), &detail[..6]), (100, "1 xy z"));
}

#[rstest]
#[case::of_nothing("/report", b"status=1")]
#[case::that_says_nothing("/report/t-1", b"x=1")]
fn a_report_that_cannot_be_read_is_kept(#[case] path: &str, #[case] body: &[u8]) {
    assert!(unreadable(&Preset::parse("t", SMALLEST).unwrap(), &post(path, body)));
}

#[test]
fn a_signed_payload_is_read_and_the_body_is_not() {
    let preset = Preset::parse("t", SMALLEST).unwrap();
    let read =
        preset.read(&post("/in", b"from=9&text=Falsk"), Some(r#"{"from":"1","text":"Ægte"}"#.as_bytes()));
    let [Tidings::Text(text)] = read.as_slice() else { panic!("{read:?}") };
    assert_eq!((text.from.as_str(), &text.body), ("1", &Body::Text("Ægte".to_owned())));
}

#[test]
fn what_is_collected_keeps_its_own_bytes() {
    let preset = changed(
        "[report]",
        "[collect.texts]\nmethod = \"GET\"\nurl = \"/box\"\nfields = { limit = 250 }\nitems = \"/m/x\"\n\
         from = \"/f\"\ntext = \"/t\"\n[report]",
    );
    let request = preset.collect(Collecting::Texts, &account(), None).unwrap().unwrap();
    assert_eq!((request.method, request.url.as_str()), ("GET", "https://gateway.example/box?limit=250"));
    assert!(preset.collect(Collecting::Reports, &account(), None).is_none());

    let first = r#"{"t":"\u00e6", "f":1e2, "f2":12345678901234567890123}"#;
    let body = format!("{{\"m\": {{\"x\": [ {first} , 7]}}}}");
    let collected = preset.collected(Collecting::Texts, body.as_bytes());
    assert_eq!(collected.iter().map(|(raw, _)| raw.as_slice()).collect::<Vec<_>>(), [first.as_bytes(), b"7"]);
    assert!(matches!(&collected[0].1, Tidings::Text(text) if text.body == Body::Text("æ".to_owned())));
    assert!(matches!(&collected[1].1, Tidings::Unreadable { .. }));

    assert!(preset.collected(Collecting::Texts, b" ").is_empty());
    assert!(preset.collected(Collecting::Texts, br#"{"m":{"x":[]}}"#).is_empty());
    let odd = preset.collected(Collecting::Texts, br#"{"error":"busy"}"#);
    assert!(matches!(odd.as_slice(), [(raw, Tidings::Unreadable { .. })] if raw == br#"{"error":"busy"}"#));
}

proptest! {
    /// Whatever a gateway that has proved itself says, something comes of it, and nothing breaks.
    #[test]
    fn every_call_tells_something(
        method in "GET|POST",
        path in "/(in|report|report/[a-zA-Z0-9_-]{0,40})?/?",
        query in "[a-z0-9=&%+.æ]{0,60}",
        json in any::<bool>(),
        body in prop_oneof![
            prop::collection::vec(any::<u8>(), 0..200),
            "\\{\"(event|event_type|results|text|id)\":[\\[{\"a-z:,}\\]0-9]{0,40}".prop_map(String::into_bytes),
            "(from|text|udh|coding|status)=[%0-9A-F]{0,30}&(text|ts|charset)=[%0-9A-F]{0,30}".prop_map(String::into_bytes),
        ],
    ) {
        let media_type = if json { "application/json" } else { "text/plain" };
        let call = Call { method, path, query, headers: vec![("content-type".to_owned(), media_type.to_owned())], body };
        for name in Preset::shipped_names() {
            let preset = Preset::shipped(name).unwrap().unwrap();
            prop_assert!(!preset.read(&call, None).is_empty());
            prop_assert!(!preset.read(&call, Some(&call.body)).is_empty());
            preset.collected(Collecting::Texts, &call.body);
        }
    }
}
