//! Secrets that are missing, and proofs as a table; see the modules beneath for other implementations and for hostility.

mod hostile;
mod oracles;

use rstest::rstest;

use super::*;

const NOW: i64 = 1_795_000_000;
const URL: &str = "https://borger.example.org/sms/x1";

fn now() -> Timestamp {
    Timestamp::from_second(NOW).unwrap()
}

fn call(method: &str, query: &str, headers: &[(&str, &str)], body: &[u8]) -> Call {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Call {
        method: method.to_owned(),
        path: "/".to_owned(),
        query: query.to_owned(),
        headers,
        body: body.to_vec(),
    }
}

fn signing(secret: &str) -> Credentials {
    Credentials { signing_secret: Some(secret.into()), ..Credentials::default() }
}

fn android() -> Verify {
    Verify::Hmac {
        algorithm: Algorithm::Sha256,
        header: "X-Signature".to_owned(),
        prefix: String::new(),
        encoding: Encoding::Hex,
        input: vec![Input::Body, Input::Header("X-Timestamp".to_owned())],
        timestamp_header: Some("X-Timestamp".to_owned()),
        max_skew_seconds: 300,
    }
}

/// Whatever the proof, an account without a secret passes nothing, not even what an empty secret would have signed.
#[rstest]
fn without_a_secret_nothing_passes(
    #[values(None, Some(""), Some("  "), Some("\n"))] secret: Option<&str>,
    #[values(0, 1, 2, 3, 4, 5)] which: usize,
) {
    let how = [
        Verify::PathSecret,
        Verify::Basic,
        android(),
        Verify::Jwt { header: "x-jwt".to_owned() },
        Verify::Twilio,
        Verify::Vonage,
    ];
    let credentials = Credentials {
        user: Some("user".to_owned()),
        password: secret.map(Into::into),
        signing_secret: secret.map(Into::into),
        path_secret: secret.map(Into::into),
    };
    let request = call("GET", "sig=", &[("authorization", "Basic dXNlcjo="), ("x-signature", "")], b"");
    for given in [None, Some(""), secret] {
        let verdict = verify(&request, given, &how[which], &credentials, URL, now());
        assert_eq!(verdict, Err(NotVerified::NotConfigured));
    }
}

#[rstest]
#[case(Some("0123456789abcdef0123456789abcdef"), Ok(Verified::AsIs))]
#[case(Some("0123456789abcdef0123456789abcdeF"), Err(NotVerified::Wrong))]
#[case(Some("0123456789abcdef0123456789abcde"), Err(NotVerified::Wrong))]
#[case(Some("0123456789abcdef0123456789abcdef "), Err(NotVerified::Wrong))]
#[case(Some(""), Err(NotVerified::Missing))]
#[case(None, Err(NotVerified::Missing))]
fn a_path_secret_is_compared_whole(
    #[case] given: Option<&str>,
    #[case] expected: Result<Verified, NotVerified>,
) {
    let secret = Some("0123456789abcdef0123456789abcdef".into());
    let credentials = Credentials { path_secret: secret, ..Credentials::default() };
    let request = call("GET", "", &[], b"");
    assert_eq!(verify(&request, given, &Verify::PathSecret, &credentials, URL, now()), expected);
}

// The tokens are the output of `printf … | base64`.
#[rstest]
#[case("Basic dTE6cMOlOnNz", Ok(Verified::AsIs))] // u1:på:ss
#[case("basic  dTE6cMOlOnNz ", Ok(Verified::AsIs))]
#[case("Basic dTE6cMOlOnN0", Err(NotVerified::Wrong))] // u1:på:st
#[case("Basic dTI6cMOlOnNz", Err(NotVerified::Wrong))] // u2:på:ss
#[case("Basic dTE=", Err(NotVerified::Wrong))] // u1
#[case("Basic dTE6", Err(NotVerified::Wrong))] // u1:
#[case("Basic dTE6YWNjb3VudA==", Err(NotVerified::Wrong))] // u1:account, what we send
#[case("Bearer dTE6cMOlOnNz", Err(NotVerified::Wrong))]
#[case("Basic", Err(NotVerified::Wrong))]
#[case("Basic €", Err(NotVerified::Wrong))]
#[case("", Err(NotVerified::Wrong))]
fn a_name_and_password_are_compared_whole(
    #[case] header: &str,
    #[case] expected: Result<Verified, NotVerified>,
) {
    let credentials =
        Credentials { user: Some("u1".to_owned()), password: Some("account".into()), ..signing("på:ss") };
    let request = call("POST", "", &[("authorization", header)], b"x");
    assert_eq!(verify(&request, None, &Verify::Basic, &credentials, URL, now()), expected);
    let bare = call("POST", "", &[], b"x");
    assert_eq!(verify(&bare, None, &Verify::Basic, &credentials, URL, now()), Err(NotVerified::Missing));
}

/// A recipe that leaves out the body, or takes a time from a header that it does not sign.
#[rstest]
#[case(vec![Input::Header("X-Timestamp".to_owned())], None)]
#[case(vec![], None)]
#[case(vec![Input::Body], Some("X-Timestamp"))]
#[case(vec![Input::Body, Input::Header("Date".to_owned())], Some("X-Timestamp"))]
fn a_recipe_that_proves_nothing_passes_nothing(#[case] input: Vec<Input>, #[case] timed: Option<&str>) {
    let Verify::Hmac { algorithm, header, prefix, encoding, max_skew_seconds, .. } = android() else {
        panic!()
    };
    let timestamp_header = timed.map(ToOwned::to_owned);
    let how = Verify::Hmac { algorithm, header, prefix, encoding, input, timestamp_header, max_skew_seconds };
    let request = call("POST", "", &[("x-signature", "00"), ("x-timestamp", "0"), ("date", "")], b"{}");
    let verdict = verify(&request, None, &how, &signing("k"), URL, now());
    assert_eq!(verdict, Err(NotVerified::NotConfigured));
}

/// What an operator reads names no secret and no sender, and tells the reasons apart.
#[test]
fn every_reason_has_its_own_words() {
    use NotVerified::{Missing, NotConfigured, Stale, Weak, Wrong};
    let words: std::collections::HashSet<_> =
        [Missing, Wrong, Weak, Stale, NotConfigured].iter().map(ToString::to_string).collect();
    assert_eq!(words.len(), 5);
    assert_eq!(format!("{:?}", Verified::Payload(b"hej".to_vec())), "Payload(3 bytes)");
}
