//! Requests that somebody made on purpose.

use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use proptest::prelude::*;
use sha1::Sha1;

use super::*;

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

fn tag<M: Mac + KeyInit>(key: &str, input: &[u8]) -> Vec<u8> {
    let mut mac = <M as KeyInit>::new_from_slice(key.as_bytes()).unwrap();
    mac.update(input);
    mac.finalize().into_bytes().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn twilio_signed(
    method: &str,
    query: &str,
    media_type: &str,
    body: &str,
    input: &str,
) -> Result<Verified, NotVerified> {
    let signature = STANDARD.encode(tag::<Hmac<Sha1>>("token", input.as_bytes()));
    let request = call(
        method,
        query,
        &[("content-type", media_type), ("x-twilio-signature", &signature)],
        body.as_bytes(),
    );
    let credentials = Credentials { password: Some("token".into()), ..Credentials::default() };
    verify(&request, None, &Verify::Twilio, &credentials, URL, now())
}

/// A signature over the address alone is easily had, as any GET carries one: no body may ride on it. Nor may one that is
/// no form be read as one here, and as something else afterwards.
#[rstest]
#[case::on_the_address("POST", FORM.1, "Body=x", URL, false)]
#[case::on_the_address_as_json("POST", "application/json", "{\"Body\":\"x\"}", URL, false)]
#[case::a_form("POST", FORM.1, "Body=x", "https://borger.example.org/sms/x1Bodyx", true)]
#[case::a_form_with_a_charset("POST", "Application/X-WWW-Form-Urlencoded; charset=utf-8", "", URL, true)]
#[case::called_json("POST", "application/json", "Body=x", "https://borger.example.org/sms/x1Bodyx", false)]
#[case::called_nothing("POST", "", "Body=x", "https://borger.example.org/sms/x1Bodyx", false)]
#[case::parts("POST", "multipart/form-data; boundary=x", "x", "https://borger.example.org/sms/x1x", false)]
#[case::get_with_a_form("GET", FORM.1, "Body=x", "https://borger.example.org/sms/x1Bodyx", false)]
#[case::get("GET", "", "", URL, true)]
fn twilio_lets_no_body_ride_along(
    #[case] method: &str,
    #[case] media_type: &str,
    #[case] body: &str,
    #[case] signed: &str,
    #[case] passes: bool,
) {
    let expected = if passes { Ok(Verified::AsIs) } else { Err(NotVerified::Wrong) };
    assert_eq!(twilio_signed(method, "", media_type, body, signed), expected);
}

/// The account's token is the password, or apart from it where the office sends by an API key; a key that was made for
/// signing is never the password.
#[rstest]
#[case::password(Some("token"), None, "", Ok(Verified::AsIs))]
#[case::apart(Some("API key"), Some("token"), "", Ok(Verified::AsIs))]
#[case::neither(Some("API key"), Some("other"), "", Err(NotVerified::Wrong))]
#[case::made_for_signing(Some("x"), Some("token"), "key=1,algorithm=HMAC_SHA1", Ok(Verified::AsIs))]
#[case::never_the_password(Some("token"), Some("x"), "key=1,algorithm=HMAC_SHA1", Err(NotVerified::Wrong))]
#[case::none_for_signing(Some("token"), None, "key=1", Err(NotVerified::NotConfigured))]
fn twilio_signs_with_the_accounts_token(
    #[case] password: Option<&str>,
    #[case] own: Option<&str>,
    #[case] settings: &str,
    #[case] expected: Result<Verified, NotVerified>,
) {
    let signature = STANDARD.encode(tag::<Hmac<Sha1>>("token", URL.as_bytes()));
    let headers =
        [("x-twilio-signature", signature.as_str()), ("x-twilio-webhooks-signature-settings", settings)];
    let credentials = Credentials {
        password: password.map(Into::into),
        signing_secret: own.map(Into::into),
        ..Credentials::default()
    };
    let verdict = verify(&call("GET", "", &headers, b""), None, &Verify::Twilio, &credentials, URL, now());
    assert_eq!(verdict, expected);
}

#[test]
fn twilio_signs_the_bytes_and_not_what_they_look_like() {
    let signed = twilio_signed("POST", "", FORM.1, "Body=%FF", &format!("{URL}Body\u{fffd}"));
    assert_eq!(signed, Err(NotVerified::Wrong));
}

#[rstest]
#[case("not an address")]
#[case("ftp://borger.example.org/")]
#[case("https://")]
#[case("https://:443/x")]
#[case("")]
fn twilio_needs_a_public_address(#[case] public_url: &str) {
    let credentials = Credentials { password: Some("token".into()), ..Credentials::default() };
    let request = call("GET", "", &[("x-twilio-signature", "aaaa")], b"");
    let verdict = verify(&request, None, &Verify::Twilio, &credentials, public_url, now());
    assert_eq!(verdict, Err(NotVerified::NotConfigured));
}

#[rstest]
#[case("key=1,algorithm=HMAC_MD5")]
#[case("algorithm=none")]
fn twilio_does_not_take_any_algorithm(#[case] settings: &str) {
    let headers = [("x-twilio-signature", "aaaa"), ("x-twilio-webhooks-signature-settings", settings)];
    let verdict = verify(&call("GET", "", &headers, b""), None, &Verify::Twilio, &signing("k"), URL, now());
    assert_eq!(verdict, Err(NotVerified::Wrong));
}

fn vonage_signed(query: &str, body: &str, input: &str) -> Result<Verified, NotVerified> {
    let sig = hex(&tag::<Hmac<Sha256>>("k", input.as_bytes()));
    let query = query.replace("SIG", &sig);
    let method = if body.is_empty() { "GET" } else { "POST" };
    let request = call(method, &query, &[FORM], body.replace("SIG", &sig).as_bytes());
    verify(&request, None, &Verify::Vonage, &signing("k"), URL, now())
}

#[rstest]
#[case::as_it_should_be("text=x&timestamp=1795000000&sig=SIG", "", "&text=x&timestamp=1795000000", true)]
#[case::one_name_twice(
    "text=x&text=x&timestamp=1795000000&sig=SIG",
    "",
    "&text=x&text=x&timestamp=1795000000",
    false
)]
#[case::two_signatures(
    "sig=a&text=x&timestamp=1795000000&sig=SIG",
    "",
    "&text=x&timestamp=1795000000",
    false
)]
#[case::two_in_one_name(
    "a%3Dx%26b=y&timestamp=1795000000&sig=SIG",
    "",
    "&a=x&b=y&timestamp=1795000000",
    false
)]
#[case::beside_the_form(
    "more=1",
    "text=x&timestamp=1795000000&sig=SIG",
    "&text=x&timestamp=1795000000",
    false
)]
#[case::form_beside_signed(
    "text=x&timestamp=1795000000&sig=SIG",
    "to=1",
    "&text=x&timestamp=1795000000",
    false
)]
#[case::no_time("text=x&sig=SIG", "", "&text=x", false)]
fn vonage_is_unambiguous(#[case] query: &str, #[case] body: &str, #[case] input: &str, #[case] passes: bool) {
    let verdict = vonage_signed(query, body, input);
    assert_eq!(verdict, if passes { Ok(Verified::AsIs) } else { Err(NotVerified::Wrong) });
}

#[test]
fn vonage_says_what_is_missing() {
    let request = call("GET", "text=x&timestamp=1795000000", &[], b"");
    assert_eq!(verify(&request, None, &Verify::Vonage, &signing("k"), URL, now()), Err(NotVerified::Missing));
    for body in ["{\"sig\":\"00\"}", "{\"sig\":null}", "{\"sig\":[\"00\"]}", "[]", "", "{\"text\":{}}"] {
        let request = call("POST", "", &[("content-type", "application/json")], body.as_bytes());
        let verdict = verify(&request, None, &Verify::Vonage, &signing("k"), URL, now());
        assert_eq!(verdict, Err(NotVerified::Wrong), "{body}");
    }
    let request = call("POST", "", &[("content-type", "text/xml")], b"sig=00");
    assert_eq!(verify(&request, None, &Verify::Vonage, &signing("k"), URL, now()), Err(NotVerified::Wrong));
}

fn all() -> [Verify; 5] {
    [Verify::Basic, android(), Verify::Jwt { header: "x-jwt".to_owned() }, Verify::Twilio, Verify::Vonage]
}

fn credentials() -> Credentials {
    let secret = || Some("a secret of the office's".into());
    Credentials {
        user: Some("u".to_owned()),
        password: secret(),
        signing_secret: secret(),
        path_secret: secret(),
    }
}

proptest! {
    /// Nobody who does not know the secret gets through, and nothing panics.
    #[test]
    fn nobody_guesses(
        method in "GET|POST",
        query in "([a-z&=%+]|sig=|%[0-9a-f]{2}){0,20}",
        value in prop_oneof!["[ -~æ]{0,60}", "[A-Za-z0-9_-]{0,9}\\.[A-Za-z0-9_-]{0,9}\\.[A-Za-z0-9_-]{0,9}"],
        body in proptest::collection::vec(any::<u8>(), 0..60),
    ) {
        let names = ["authorization", "x-signature", "x-timestamp", "x-jwt", "x-twilio-signature"];
        let mut headers: Vec<_> = names.iter().map(|name| (*name, value.as_str())).collect();
        headers.push(FORM);
        let request = call(&method, &query, &headers, &body);
        for how in all() {
            prop_assert!(verify(&request, Some(&value), &how, &credentials(), URL, now()).is_err());
        }
    }

    /// Parameters are read as the standard's own reader reads them, wherever those are text at all.
    #[test]
    fn forms_are_read_as_by_another_reader(written in "([a-zæ&=+;]|%[0-9A-Fa-f]{2}|%|%[a-z]){0,40}") {
        let url = reqwest::Url::parse(&format!("http://x/?{written}")).unwrap();
        let theirs: Vec<_> = url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
        let query = url.query().unwrap_or_default();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let ours: Vec<_> = form::pairs(query.as_bytes()).map(|(name, value)| (text(&name), text(&value))).collect();
        prop_assert_eq!(ours, theirs);
    }
}

/// Four times the largest body that the server lets in, of the kinds that cost the most.
#[test]
fn a_large_request_takes_no_long_time() {
    let size = 256 << 10;
    let bodies = ["a=b&", "%41", "&", "a", "=", "%", "+"].map(|piece| piece.repeat(size / piece.len()));
    let dots = ".".repeat(size);
    let token = format!("{}.{}.AAAA", URL_SAFE_NO_PAD.encode("{\"alg\":\"HS256\"}"), "A".repeat(size));
    let begun = Instant::now();
    for body in &bodies {
        for jwt in [&dots, &token] {
            let headers = [
                FORM,
                ("x-jwt", jwt),
                ("x-signature", "00"),
                ("x-timestamp", "1"),
                ("x-twilio-signature", "AAAA"),
            ];
            let request = call("POST", body, &headers, body.as_bytes());
            for how in all() {
                assert!(verify(&request, None, &how, &credentials(), URL, now()).is_err());
            }
        }
    }
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
}
