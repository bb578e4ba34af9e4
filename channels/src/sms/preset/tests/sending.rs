//! What a preset makes of a text, and of the answer.

use std::time::Duration;

use proptest::prelude::*;
use rstest::rstest;

use super::*;
use crate::sms::preset::form::Form;

fn body(preset: &Preset, one: &OutgoingText<'_>) -> String {
    String::from_utf8(preset.request(one, &account(), None).unwrap().body).unwrap()
}

#[rstest]
#[case::e164("e164", "+4520123456", "%2B4520123456")]
#[case::msisdn("msisdn", "+4520123456", "4520123456")]
#[case::national("national", "+4520123456", "20123456")]
#[case::faroe("national", "+298123456", "00298123456")]
#[case::abroad("national", "+46701234567", "0046701234567")]
fn numbers_are_written_as_the_gateway_wants(#[case] form: &str, #[case] to: &str, #[case] written: &str) {
    let preset = changed("format = \"form\"", &format!("format = \"form\"\nto = \"{form}\""));
    let report = "https%3A%2F%2Foffice.example%2Freport%2Ft-1";
    assert_eq!(body(&preset, &text(to, "Hej")), format!("dlr={report}&text=Hej&to={written}"));
}

#[rstest]
#[case("4520123456")]
#[case("+45 20123456")]
#[case("+45")]
#[case("+4520123456789012")]
#[case("")]
#[case("+4520123456&to=+4599999999")]
fn a_recipient_that_is_no_number_is_refused(#[case] to: &str) {
    let preset = Preset::parse("t", SMALLEST).unwrap();
    let why = preset.request(&text(to, "Hej"), &account(), None).unwrap_err();
    assert_eq!(why, "the recipient's number is not in E.164 form");
}

#[test]
fn a_character_that_the_gateway_cannot_carry_is_never_a_question_mark() {
    let preset = changed("format = \"form\"", "format = \"form\"\ncharset = \"latin1\"");
    let made = body(&preset, &text("+4520123456", "Bjørn §&"));
    assert!(made.contains("text=Bj%F8rn%20%A7%26&"), "{made}");
    for outside in ["10 €", "Hej 🙂", "“citat”"] {
        let why = preset.request(&text("+4520123456", outside), &account(), None).unwrap_err();
        assert!(why.contains("Latin-1") && !why.contains(outside), "{why}");
    }
}

#[test]
fn extra_fields_join_what_is_there() {
    let json = SMALLEST.replace("\"form\"", "\"json\"").replace(
        "fields = {",
        "unicode = { kind = \"u\", m = [{ coding = 2 }] }\nfields = { m = [{ to = \"{to}\", coding = 0 }, true], n = -1, ",
    );
    let preset = Preset::parse("t", &json).unwrap();
    let read = |words| {
        serde_json::from_str::<serde_json::Value>(&body(&preset, &text("+4520123456", words))).unwrap()
    };
    assert_eq!(read("Hej")["m"], serde_json::json!([{ "to": "+4520123456", "coding": 0 }, true]));
    assert_eq!(read("Hej").get("kind"), None);
    assert_eq!(read("شكرا")["m"], serde_json::json!([{ "to": "+4520123456", "coding": 2 }, true]));
    assert_eq!((read("شكرا")["kind"].as_str(), read("شكرا")["n"].as_i64()), (Some("u"), Some(-1)));
}

#[test]
fn a_plain_brace_or_dollar_is_written_twice() {
    let preset = changed("to = \"{to}\"", "to = \"{{to}} $$user {to}\"");
    assert!(body(&preset, &text("+4520123456", "x")).ends_with("to=%7Bto%7D%20%24user%20%2B4520123456"));
}

#[test]
fn what_stands_in_a_path_cannot_leave_it() {
    let preset = changed("\"/send\"", "\"/a/$user/send?x=1\"");
    let account = Credentials { user: Some("../b?c#d".to_owned()), ..account() };
    let made = preset.request(&text("+4520123456", "x"), &account, None).unwrap();
    assert_eq!(made.url, "https://gateway.example/a/..%2Fb%3Fc%23d/send?x=1");
}

#[rstest]
#[case::https("https://other.example/x/", Some("https://other.example/x/send"))]
#[case::loopback("http://127.0.0.1:8080", Some("http://127.0.0.1:8080/send"))]
#[case::loopback_6("http://[::1]:8080", Some("http://[::1]:8080/send"))]
#[case::open_network("http://other.example", None)]
#[case::looks_like_loopback("http://127.0.0.1.other.example", None)]
#[case::user_before_the_host("http://localhost:1@other.example", None)]
#[case::user("https://u:p@other.example", None)]
#[case::query("https://other.example/?a=", None)]
#[case::another_scheme("ftp://other.example", None)]
#[case::no_host("https://", None)]
#[case::a_line_break("https://other.example/\r\nx", None)]
fn where_a_gateway_may_be(#[case] base_url: &str, #[case] url: Option<&str>) {
    let preset = Preset::parse("t", SMALLEST).unwrap();
    let made = preset.request(&text("+4520123456", "x"), &account(), Some(base_url)).ok();
    assert_eq!(made.map(|made| made.url).as_deref(), url);
}

#[test]
fn an_empty_password_is_none() {
    let preset = changed("[verify]", "[auth]\nbasic = [\"$user\", \"$password\"]\n[verify]");
    let account = Credentials { password: Some(SecretString::from("")), ..account() };
    assert!(preset.request(&text("+4520123456", "x"), &account, None).is_err());
    assert!(preset.request(&text("+4520123456", "x"), &Credentials::default(), None).is_err());
}

#[rstest]
#[case(200, Outcome::Unknown { words: "HTTP 200".to_owned() })]
#[case(204, Outcome::Unknown { words: "HTTP 204".to_owned() })]
#[case(302, Outcome::Refused { words: "HTTP 302".to_owned() })]
#[case(400, Outcome::Refused { words: "HTTP 400".to_owned() })]
#[case(401, Outcome::Refused { words: "HTTP 401".to_owned() })]
#[case(402, Outcome::Refused { words: "HTTP 402".to_owned() })]
#[case(403, Outcome::Refused { words: "HTTP 403".to_owned() })]
#[case(404, Outcome::Refused { words: "HTTP 404".to_owned() })]
#[case(408, Outcome::Later { words: "HTTP 408".to_owned(), after: None, tries: Some(2) })]
#[case(409, Outcome::Refused { words: "HTTP 409".to_owned() })]
#[case(422, Outcome::Refused { words: "HTTP 422".to_owned() })]
#[case(429, Outcome::Later { words: "HTTP 429".to_owned(), after: None, tries: None })]
#[case(500, Outcome::Later { words: "HTTP 500".to_owned(), after: None, tries: Some(2) })]
#[case(501, Outcome::Later { words: "HTTP 501".to_owned(), after: None, tries: Some(2) })]
#[case(502, Outcome::Unknown { words: "HTTP 502".to_owned() })]
#[case(503, Outcome::Later { words: "HTTP 503".to_owned(), after: None, tries: None })]
#[case(504, Outcome::Unknown { words: "HTTP 504".to_owned() })]
fn what_a_status_alone_means(#[case] status: u16, #[case] expected: Outcome) {
    assert_eq!(Preset::parse("t", SMALLEST).unwrap().interpret(status, None, b"?"), expected);
}

#[rstest]
#[case::seconds("30", Some(30))]
#[case::a_day_at_most("99999999999", Some(86_400))]
#[case::a_date("Wed, 21 Oct 2026 07:28:00 GMT", None)]
#[case::negative("-1", None)]
fn how_long_a_gateway_may_put_us_off(#[case] written: &str, #[case] seconds: Option<u64>) {
    let Outcome::Later { after, .. } =
        Preset::parse("t", SMALLEST).unwrap().interpret(503, Some(written), b"")
    else {
        panic!("a 503 is for later");
    };
    assert_eq!(after, seconds.map(Duration::from_secs));
}

#[rstest]
#[case::a_code("code 0x0216", "HTTP 400, code 0x0216")]
#[case::a_number("code 4520123456", "HTTP 400")]
#[case::words("code Hej-Bo,", "HTTP 400")]
fn a_code_is_shown_and_a_number_is_not(#[case] body: &str, #[case] words: &str) {
    let preset = changed("ok = {", "code_match = 'code ([^ ]+)'\nok = {");
    assert_eq!(preset.interpret(400, None, body.as_bytes()), Outcome::Refused { words: words.to_owned() });
}

#[rstest]
#[case::all_taken(r#"{"m":[{"s":"0"},{"s":0}]}"#, "accepted")]
#[case::one_not(r#"{"m":[{"s":"0"},{"s":"5"}]}"#, "unknown")]
#[case::none_there(r#"{"m":[]}"#, "unknown")]
#[case::first_throttled(r#"{"m":[{"s":"1"}]}"#, "later")]
#[case::no_json("s 0", "unknown")]
fn a_star_means_every_item(#[case] body: &str, #[case] expected: &str) {
    let preset = changed(
        "ok = { match = \"^ok\" }",
        "ok = { equals = { \"/m/*/s\" = 0 } }\nlater = [{ equals = { \"/m/0/s\" = [1, 5] }, absent = \"/m/1\", tries = 3 }]",
    );
    let outcome = match preset.interpret(200, None, body.as_bytes()) {
        Outcome::Accepted { id: None } => "accepted",
        Outcome::Later { tries: Some(3), .. } => "later",
        Outcome::Unknown { .. } => "unknown",
        _ => "something else",
    };
    assert_eq!(outcome, expected);
}

proptest! {
    #[test]
    fn a_text_arrives_in_a_form_as_it_was(words in "\\PC{0,60}") {
        let preset = Preset::parse("t", SMALLEST).unwrap();
        let mut form = Form::default();
        form.add(body(&preset, &text("+4520123456", &words)).as_bytes());
        prop_assert_eq!(form.get("text"), Some(words.as_bytes()));
        prop_assert_eq!(form.get("to"), Some(&b"+4520123456"[..]));
    }

    #[test]
    fn any_answer_means_something_and_nothing_is_quoted(
        status in 100_u16..600,
        after in "\\PC{0,10}",
        answer in prop::collection::vec(any::<u8>(), 0..100),
    ) {
        for name in Preset::shipped_names() {
            let outcome = Preset::shipped(name).unwrap().unwrap().interpret(status, Some(&after), &answer);
            let unreachable = matches!(outcome, Outcome::Unreachable { .. });
            prop_assert!(!unreachable);
        }
    }
}
