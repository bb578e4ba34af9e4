//! Every vector of `testdata/sms/oracles`, whose verdicts are other implementations' (see `generate.py` there).

use std::collections::HashSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::*;
use crate::sms::preset::Preset;

#[derive(Deserialize)]
struct Vectors<T> {
    origin: String,
    vectors: Vec<T>,
}

fn vectors<T: DeserializeOwned>(json: &str, origin: &str, at_least: usize) -> Vec<T> {
    let read: Vectors<T> = serde_json::from_str(json).unwrap();
    assert!(read.origin.starts_with(origin), "{}", read.origin);
    assert!(read.vectors.len() >= at_least, "only {}", read.vectors.len());
    read.vectors
}

/// How the preset that comes with the program has its gateway checked.
fn shipped(name: &str) -> Verify {
    Preset::shipped(name).unwrap().unwrap().verify
}

fn form_call(method: &str, query: &str, body: &str, headers: &[(&str, &str)]) -> Call {
    let form = ("content-type", "application/x-www-form-urlencoded; charset=UTF-8");
    call(method, query, &[&[form], headers].concat(), body.as_bytes())
}

#[derive(Deserialize)]
struct Twilio {
    name: String,
    method: String,
    public_url: String,
    query: String,
    body: String,
    key: String,
    settings: String,
    signature: String,
    valid: bool,
}

#[test]
fn twilio_agrees_with_twilios_own() {
    let json = include_str!("../../../../testdata/sms/oracles/twilio.json");
    for one in vectors::<Twilio>(json, "PyPI twilio 9.", 90) {
        let headers = [
            ("x-twilio-signature", one.signature.as_str()),
            ("x-twilio-webhooks-signature-settings", one.settings.as_str()),
        ];
        let request = form_call(&one.method, &one.query, &one.body, &headers);
        let other = Some("the other of the two secrets".into());
        let key = Some(one.key.as_str().into());
        let (password, signing_secret) = if one.settings.is_empty() { (key, other) } else { (other, key) };
        let credentials = Credentials { password, signing_secret, ..Credentials::default() };
        let verdict = verify(&request, None, &shipped("twilio"), &credentials, &one.public_url, now());
        let expected = if one.valid { Ok(Verified::AsIs) } else { Err(NotVerified::Wrong) };
        assert_eq!(verdict, expected, "{}", one.name);
    }
}

#[derive(Deserialize)]
struct Jwt {
    name: String,
    token: String,
    key: String,
    accepted: bool,
    payload: Option<serde_json::Value>,
    /// Where we decide otherwise on purpose.
    ours: Option<bool>,
}

#[test]
fn jwt_agrees_with_pyjwt() {
    let json = include_str!("../../../../testdata/sms/oracles/jwt.json");
    let mut otherwise = HashSet::new();
    for one in vectors::<Jwt>(json, "PyPI PyJWT 2.", 60) {
        let request =
            call("POST", "", &[("x-gwapi-signature", &one.token)], b"anybody can have written this");
        let how = shipped("gatewayapi_rest");
        let verdict = verify(&request, None, &how, &signing(&one.key), URL, now());
        assert_eq!(verdict.is_ok(), one.ours.unwrap_or(one.accepted), "{}", one.name);
        if let (Ok(Verified::Payload(payload)), Some(expected)) = (&verdict, &one.payload) {
            let read: serde_json::Value = serde_json::from_slice(payload).unwrap();
            assert_eq!(&read, expected, "{}", one.name);
        }
        assert!(!matches!(verdict, Ok(Verified::AsIs)), "{}: the body is not covered", one.name);
        if one.ours.is_some() {
            otherwise.insert(one.name);
        }
    }
    // A payload that is no object is authentic all the same, and a person should see it. Padding is against RFC 7515.
    assert_eq!(otherwise, HashSet::from(["payload is a list".to_owned(), "padded signature".to_owned()]));
}

#[derive(Deserialize)]
struct Vonage {
    name: String,
    method: String,
    json: bool,
    query: String,
    body: String,
    key: String,
    now: i64,
    valid: bool,
    /// Our reason where Vonage's package has none: it neither looks at the time nor minds MD5.
    ours: Option<String>,
}

#[test]
fn vonage_agrees_with_vonages_own() {
    let json = include_str!("../../../../testdata/sms/oracles/vonage.json");
    for one in vectors::<Vonage>(json, "PyPI vonage-http-client 1.", 70) {
        let request = if one.json {
            call("POST", &one.query, &[("content-type", "application/json")], one.body.as_bytes())
        } else {
            form_call(&one.method, &one.query, &one.body, &[])
        };
        let at = Timestamp::from_second(one.now).unwrap();
        let verdict = verify(&request, None, &shipped("vonage"), &signing(&one.key), URL, at);
        match one.ours {
            Some(reason) => assert_eq!(format!("{:?}", verdict.unwrap_err()), reason, "{}", one.name),
            None if one.valid => assert_eq!(verdict, Ok(Verified::AsIs), "{}", one.name),
            None => assert_eq!(verdict, Err(NotVerified::Wrong), "{}", one.name),
        }
    }
}

#[derive(Deserialize)]
struct Digested {
    name: String,
    algorithm: String,
    encoding: String,
    prefix: String,
    timed: bool,
    key: String,
    body: String,
    timestamp: String,
    signature: String,
}

impl Digested {
    /// The shipped preset's own words where the vector is for one, and else what the vector says.
    fn how(&self) -> Verify {
        let shipped = self.name.split(' ').next().and_then(Preset::shipped);
        if let Some(preset) = shipped {
            return preset.unwrap().verify;
        }
        let timed = "x-timestamp".to_owned();
        let mut input = vec![Input::Body];
        input.extend(self.timed.then(|| Input::Header(timed.clone())));
        Verify::Hmac {
            algorithm: if self.algorithm == "sha1" { Algorithm::Sha1 } else { Algorithm::Sha512 },
            header: "x-digest".to_owned(),
            prefix: self.prefix.clone(),
            encoding: if self.encoding == "hex" { Encoding::Hex } else { Encoding::Base64 },
            input,
            timestamp_header: self.timed.then_some(timed),
            max_skew_seconds: 300,
        }
    }
}

/// Each vector passes as it is, and not with its key, body, time, prefix or digest changed.
#[test]
fn digests_agree_with_pythons_own() {
    let json = include_str!("../../../../testdata/sms/oracles/hmac.json");
    for one in vectors::<Digested>(json, "Python's own", 50) {
        let how = one.how();
        let Verify::Hmac { header, .. } = &how else { panic!("{}: {how:?}", one.name) };
        let body = STANDARD.decode(&one.body).unwrap();
        let check = |key: &str, signature: &str, timestamp: &str, body: &[u8], at: i64| {
            let headers = [(header.as_str(), signature), ("x-timestamp", timestamp)];
            let request = call("POST", "", &headers, body);
            verify(&request, None, &how, &signing(key), URL, Timestamp::from_second(at).unwrap())
        };
        let (key, signature, timestamp) = (&one.key, &one.signature, &one.timestamp);
        let wrong = Err(NotVerified::Wrong);
        let good = Ok(Verified::AsIs);
        assert_eq!(check(key, signature, timestamp, &body, NOW), good, "{}", one.name);
        assert_eq!(check("other", signature, timestamp, &body, NOW), wrong, "{}", one.name);
        assert_eq!(check(key, signature, timestamp, &[&body[..], b" "].concat(), NOW), wrong, "{}", one.name);
        assert_eq!(check(key, &signature[1..], timestamp, &body, NOW), wrong, "{}", one.name);
        assert_eq!(
            check(key, &signature[..signature.len() - 2], timestamp, &body, NOW),
            wrong,
            "{}",
            one.name
        );
        assert_eq!(check(key, &format!("v1={signature}"), timestamp, &body, NOW), wrong, "{}", one.name);
        let later = check(key, signature, timestamp, &body, NOW + 601);
        assert_eq!(later, if one.timed { Err(NotVerified::Stale) } else { good.clone() }, "{}", one.name);
        let other_time = check(key, signature, &NOW.saturating_add(1).to_string(), &body, NOW);
        assert_eq!(other_time, if one.timed { wrong } else { good }, "{}", one.name);
    }
}
