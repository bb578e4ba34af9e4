use rstest::rstest;

use super::*;

const ORIGIN: &str = "https://br.kommune.example";

fn passkeys() -> Passkeys {
    Passkeys::new(ORIGIN, "Borgerrådgiver").unwrap()
}

#[rstest]
#[case(ORIGIN, true)]
#[case("https://br.kommune.example:8443", true)]
#[case("http://localhost:8080", true)]
#[case("http://127.0.0.1:8080", false)]
#[case("https://[::1]", false)]
#[case("br.kommune.example", false)]
#[case("", false)]
fn an_origin_has_a_host_name(#[case] origin: &str, #[case] expected: bool) {
    assert_eq!(Passkeys::new(origin, "x").is_ok(), expected, "{origin}");
}

#[test]
fn the_authenticator_verifies_its_owner_and_keeps_the_account() {
    let begun = passkeys().begin_make([7; 16], "gitte@kommune.example", "Gitte Holm", &[]).unwrap();
    let options: Value = serde_json::from_str(&begun.options).unwrap();
    assert_eq!(options["rp"]["id"], "br.kommune.example");
    assert_eq!(options["authenticatorSelection"]["userVerification"], "required");
    assert_eq!(options["authenticatorSelection"]["residentKey"], "required");
    assert_eq!(options["attestation"], "none");
    let begun = passkeys().begin().unwrap();
    let options: Value = serde_json::from_str(&begun.options).unwrap();
    assert_eq!(options["rpId"], "br.kommune.example");
    assert_eq!(options["userVerification"], "required");
    assert_eq!(options["allowCredentials"], json!([]), "nobody is named before they are proven");
}

#[test]
fn every_challenge_is_new() {
    let challenge = || {
        let begun = passkeys().begin().unwrap();
        serde_json::from_str::<Value>(&begun.options).unwrap()["challenge"].as_str().unwrap().to_owned()
    };
    assert_ne!(challenge(), challenge());
}

#[rstest]
#[case("")]
#[case("null")]
#[case("{}")]
#[case("[]")]
#[case(r#"{"id":"x","rawId":"x","type":"public-key","response":{}}"#)]
fn what_is_no_answer_is_said_to_be_none(#[case] answer: &str) {
    let passkeys = passkeys();
    let make = passkeys.begin_make([7; 16], "a", "a", &[]).unwrap();
    assert_eq!(passkeys.end_make(&make.state, answer), Err(PasskeyError::Malformed));
    assert_eq!(passkeys.whose(answer), Err(PasskeyError::Malformed));
}

#[test]
fn nothing_secret_is_printed() {
    let begun = passkeys().begin().unwrap();
    assert_eq!(format!("{begun:?} {:?}", passkeys()), "Begun(…) Passkeys");
    assert_eq!(passkeys().end("{", "{}", "{}"), Err(PasskeyError::Unreadable));
    assert!(!is_credential("{}", &[1]));
}
