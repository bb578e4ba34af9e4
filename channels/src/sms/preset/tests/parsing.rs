//! A preset that is wrong says where and why.

use rstest::rstest;

use super::*;

/// What is wrong with the smallest preset after a change: lines and keys.
fn mistakes(from: &str, to: &str) -> Vec<(usize, String)> {
    assert!(SMALLEST.contains(from), "{from}");
    let error = Preset::parse("t", &SMALLEST.replace(from, to)).unwrap_err();
    error.mistakes.into_iter().map(|mistake| (mistake.line, mistake.key)).collect()
}

#[test]
fn the_smallest_preset_is_one() {
    let preset = Preset::parse("t", SMALLEST).unwrap();
    assert_eq!(preset.needs(), [Need::PathSecret]);
    assert_eq!(preset.answer(), Answer { status: 200, media_type: String::new(), body: String::new() });
    assert!(preset.check(&account(), None).is_none());
    assert!(preset.collect(Collecting::Texts, &account(), None).is_none());
}

#[test]
fn every_shipped_preset_is_one() {
    for name in Preset::shipped_names() {
        let preset = Preset::shipped(name).unwrap();
        assert!(preset.is_ok(), "{}", preset.unwrap_err());
    }
    assert!(Preset::shipped("nobody").is_none());
}

#[rstest]
#[case::no_verify("[verify]\nkind = \"path_secret\"\n", "", 1, "verify")]
#[case::another_verify("path_secret", "trust", 6, "verify.kind")]
#[case::unknown_key_at_the_root("title = \"T\"", "title = \"T\"\ncolour = 1", 3, "colour")]
#[case::unknown_key_in_a_section("ok = {", "okay = 1\nok = {", 12, "send.okay")]
#[case::unknown_key_in_a_rule("match = \"^ok\"", "match = \"^ok\", stat = [200]", 12, "send.ok.stat")]
#[case::unknown_condition(
    "[inbound]",
    "[[send.later]]\nstatsu = [500]\nmatch = \"x\"\n[inbound]",
    14,
    "send.later.statsu"
)]
#[case::rule_without_a_condition("[inbound]", "[[send.refused]]\n[inbound]", 13, "send.refused")]
#[case::status_alone_is_no_success("match = \"^ok\"", "status = [200]", 12, "send.ok")]
#[case::no_ok("ok = { match = \"^ok\" }", "", 7, "send.ok")]
#[case::no_such_status("match = \"^ok\"", "match = \"^ok\", status = [20]", 12, "send.ok.status")]
#[case::no_expression("^ok", "^(ok", 12, "send.ok.match")]
#[case::no_group("[inbound]", "id_match = 'x'\n[inbound]", 13, "send.id_match")]
#[case::method("POST", "PUT", 8, "send.method")]
#[case::plain_http("https://gateway.example", "http://gateway.example", 4, "base_url")]
#[case::plain_http_in_a_url("\"/send\"", "\"http://gateway.example/send\"", 9, "send.url")]
#[case::unknown_place("{text}", "{txt}", 11, "send.fields")]
#[case::lone_dollar("{text}", "{text}$", 11, "send.fields")]
#[case::nobody_to_send_to("to = \"{to}\", ", "", 11, "send.fields")]
#[case::a_list_in_a_form("\"{text}\"", "[\"{text}\"]", 11, "send.fields")]
#[case::integer_with_something(
    "\"form\"",
    "\"json\"\nunicode = { to = \"+{to:integer}\" }",
    11,
    "send.unicode"
)]
#[case::json_in_latin1("format = \"form\"", "format = \"json\"\ncharset = \"latin1\"", 11, "send.charset")]
#[case::a_date("{ to = ", "{ at = 2026-01-01, to = ", 11, "send.fields")]
#[case::no_sender("from = \"from\"\n", "", 13, "inbound.from")]
#[case::a_pointer_in_a_form("text = \"text\"", "text = \"/text\"", 15, "inbound.text")]
#[case::a_name_in_json("from = \"from\"", "format = \"json\"\nfrom = \"from\"", 15, "inbound.from")]
#[case::items_in_a_form("from = \"from\"", "items = \"/x\"\nfrom = \"from\"", 14, "inbound.items")]
#[case::half_a_part("from = \"from\"", "part = { total = \"n\" }\nfrom = \"from\"", 14, "inbound.part.udh")]
#[case::no_such_zone("from = \"from\"", "zone = \"Europe/Skagen\"\nfrom = \"from\"", 14, "inbound.zone")]
#[case::another_method("from = \"from\"", "methods = [\"PUT\"]\nfrom = \"from\"", 14, "inbound.methods")]
#[case::nothing_is_delivered("\"delivered\"", "\"failed\"", 18, "report.map")]
#[case::another_delivery("gone = \"failed\"", "gone = \"unknown\"", 18, "report.map.gone")]
#[case::report_of_nothing(", dlr = \"{report_url}\"", "", 16, "report")]
#[case::no_text_in_a_check(
    "[inbound]",
    "[check]\nmethod = \"GET\"\nurl = \"/{to}\"\nok = { status = [200] }\n[inbound]",
    15,
    "check.url"
)]
#[case::check_of_nothing("[inbound]", "[check]\nmethod = \"GET\"\nurl = \"/\"\n[inbound]", 13, "check.ok")]
#[case::body_of_no_type("[inbound]", "[answer]\nbody = \"ACK\"\n[inbound]", 14, "answer.body")]
#[case::a_failing_answer("[inbound]", "[answer]\nstatus = 500\n[inbound]", 14, "answer.status")]
#[case::digest_without_the_body(
    "kind = \"path_secret\"",
    "kind = \"hmac\"\nalgorithm = \"sha256\"\nheader = \"x\"\nencoding = \"hex\"\ninput = [\"header:y\"]",
    10,
    "verify.input"
)]
#[case::time_that_is_not_digested(
    "kind = \"path_secret\"",
    "kind = \"hmac\"\nalgorithm = \"sha256\"\nheader = \"x\"\nencoding = \"hex\"\ninput = [\"body\"]\ntimestamp_header = \"T\"",
    11,
    "verify.timestamp_header"
)]
#[case::no_toml("title = \"T\"", "title = ", 2, "")]
fn a_mistake_is_found_where_it_is(
    #[case] from: &str,
    #[case] to: &str,
    #[case] line: usize,
    #[case] key: &str,
) {
    let found = mistakes(from, to);
    assert!(found.contains(&(line, key.to_owned())), "{found:?}");
}

#[test]
fn all_mistakes_are_told_at_once_in_the_order_of_their_lines() {
    let wrong =
        SMALLEST.replace("title", "titel").replace("\"POST\"", "\"PUT\"").replace("status =", "statsu =");
    let error = Preset::parse("t", &wrong).unwrap_err();
    let keys: Vec<_> = error.mistakes.iter().map(|mistake| mistake.key.as_str()).collect();
    assert_eq!(keys, ["title", "titel", "send.method", "report.status", "report.statsu"]);
    let said = error.to_string();
    assert!(
        said.starts_with("gateway preset t: line 1: `title` is missing; line 2: `titel` is not a key"),
        "{said}"
    );
}

/// Where a signature leaves the address out, a token in it is anybody's, so another name for the text is needed.
#[test]
fn a_report_known_by_its_address_needs_an_address_that_is_proved() {
    assert_eq!(mistakes("\"path_secret\"", "\"vonage\""), [(16, "report".to_owned())]);
    let preset = changed("[verify]\nkind = \"path_secret\"", "[verify]\nkind = \"twilio\"");
    assert_eq!(preset.needs(), [Need::Password]);
}

#[rstest]
#[case("[verify]", "[auth]\nbasic = [\"$user\", \"$password\"]\n[verify]", &[Need::User, Need::Password, Need::PathSecret])]
#[case("[verify]", "[auth]\nheaders = { x = \"App $password\" }\n[verify]", &[Need::Password, Need::PathSecret])]
#[case("\"path_secret\"", "\"basic\"", &[Need::User, Need::SigningSecret])]
#[case("base_url = \"https://gateway.example\"", "", &[Need::PathSecret, Need::BaseUrl])]
#[case("\"/send\"", "\"/$user/send\"", &[Need::User, Need::PathSecret])]
fn what_the_configuration_must_give(#[case] from: &str, #[case] to: &str, #[case] needs: &[Need]) {
    assert_eq!(changed(from, to).needs(), needs);
}

#[test]
fn an_address_of_its_own_needs_no_base() {
    let whole = SMALLEST
        .replace("base_url = \"https://gateway.example\"", "")
        .replace("\"/send\"", "\"https://a.example/send\"");
    assert_eq!(Preset::parse("t", &whole).unwrap().needs(), [Need::PathSecret]);
}
