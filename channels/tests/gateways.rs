//! Every shipped preset against its cases in `testdata/sms`: what it sends, what it makes of the answers, and what it reads
//! out of the gateway's own requests. `testdata/sms/README.md` says how a case is written.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use indgang_channels::sms::preset::{Collecting, Preset, Verify};
use indgang_channels::sms::wire::{About, Body, Call, Credentials, Outcome, OutgoingText, Request, Tidings};
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::{Value as Json, json};

/// What a case that sends, checks or collects says.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    #[serde(default)]
    text: String,
    #[serde(default)]
    to: String,
    #[serde(default)]
    from: String,
    base_url: Option<String>,
    #[serde(default)]
    credentials: Account,
    request: Option<Expected>,
    cannot: Option<String>,
    body: Option<String>,
    #[serde(default)]
    answer: Vec<Answer>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Account {
    user: Option<String>,
    password: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    method: String,
    url: String,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    json: Option<Json>,
    form: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    status: u16,
    retry_after: Option<String>,
    #[serde(default)]
    body: String,
    outcome: String,
    id: Option<String>,
    after: Option<u64>,
    tries: Option<u32>,
    words: Option<String>,
}

#[test]
fn every_preset_has_cases_and_does_what_they_say() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut failures = Vec::new();
    let names = Preset::shipped_names();
    assert!(names.is_sorted(), "{names:?}");
    for name in &names {
        let preset = match Preset::shipped(name).unwrap() {
            Ok(preset) => preset,
            Err(error) => {
                failures.push(error.to_string());
                continue;
            }
        };
        walk(&preset, &root.join("testdata/sms").join(name), &mut failures);
    }
    let mut written: Vec<_> = files(&root.join("../config/gateways"))
        .into_iter()
        .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    written.sort();
    assert_eq!(written, names, "a preset in config/gateways is not shipped, or the other way round");
    assert!(failures.is_empty(), "{} cases fail:\n{}", failures.len(), failures.join("\n"));
}

/// Runs the cases of one preset.
fn walk(preset: &Preset, folder: &Path, failures: &mut Vec<String>) {
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for path in files(folder) {
        let name = path.file_name().unwrap().to_str().unwrap();
        let kinds_known = ["send", "check", "in", "report", "collect-texts", "collect-reports"];
        let Some(kind) = kinds_known.into_iter().find(|kind| name.starts_with(&format!("{kind}-"))) else {
            failures.push(format!("{}: no kind of case begins so", path.display()));
            continue;
        };
        if name.ends_with(".expected.json") {
            continue;
        }
        *kinds.entry(kind).or_default() += 1;
        let outcome = match kind {
            "send" => send(preset, &path),
            "check" => check(preset, &path),
            "in" | "report" => call(preset, &path),
            "collect-texts" => collect(preset, Collecting::Texts, &path),
            _ => collect(preset, Collecting::Reports, &path),
        };
        failures.extend(outcome.err().map(|why| format!("{}: {why}", path.display())));
    }
    for (kinds_enough, what) in [
        (["send", "send"], "send"),
        (["in", "collect-texts"], "in"),
        (["report", "collect-reports"], "report"),
    ] {
        if !kinds_enough.iter().any(|kind| kinds.contains_key(kind)) {
            failures.push(format!("{}: no case for {what}", preset.name));
        }
    }
}

fn send(preset: &Preset, path: &Path) -> Result<(), String> {
    let case = case(path)?;
    let text = OutgoingText {
        to: &case.to,
        from: &case.from,
        text: &case.text,
        token: "3f2a-1",
        report_url: "https://office.example/sms/main/S/report/3f2a-1",
    };
    case.compare_request(preset.request(&text, &case.credentials(), case.base_url.as_deref()))?;
    for answer in &case.answer {
        let outcome = preset.interpret(answer.status, answer.retry_after.as_deref(), answer.body.as_bytes());
        answer.compare(&outcome).map_err(|why| format!("answer {} {}: {why}", answer.status, answer.body))?;
    }
    Ok(())
}

fn check(preset: &Preset, path: &Path) -> Result<(), String> {
    let case = case(path)?;
    let request = preset.check(&case.credentials(), case.base_url.as_deref());
    case.compare_request(request.ok_or("the preset has no [check]")?)?;
    for answer in &case.answer {
        let passed = preset.check_passed(answer.status, answer.body.as_bytes());
        let outcome = if passed.is_ok() { "passed" } else { "failed" };
        if outcome != answer.outcome {
            return Err(format!("answer {} {}: {outcome}", answer.status, answer.body));
        }
    }
    Ok(())
}

fn collect(preset: &Preset, what: Collecting, path: &Path) -> Result<(), String> {
    let case = case(path)?;
    let request = preset.collect(what, &case.credentials(), case.base_url.as_deref());
    case.compare_request(request.ok_or("the preset has no such [collect]")?)?;
    let body = case.body.as_deref().unwrap_or_default();
    let collected = preset.collected(what, body.as_bytes());
    for (raw, _) in &collected {
        let raw = std::str::from_utf8(raw).map_err(|_| "an item's bytes are no text")?;
        if raw.is_empty() || !body.contains(raw) {
            return Err("an item's bytes do not stand in the answer".to_owned());
        }
    }
    compare_tidings(path, collected.iter().map(|(_, tidings)| tidings))
}

fn call(preset: &Preset, path: &Path) -> Result<(), String> {
    let bytes = fs::read(path).unwrap();
    let (call, rest) = Call::from_record(&bytes).ok_or("it is no record of a call")?;
    if !rest.trim_ascii().is_empty() {
        return Err("something follows the call".to_owned());
    }
    if !preset.takes(&call.method) {
        return Err(format!("{} is answered 405", call.method));
    }
    let payload = match &preset.verify {
        Verify::Jwt { header } => {
            let token = call.header(header).ok_or("it has no token")?;
            let written = token.split('.').nth(1).ok_or("its token has no payload")?;
            Some(URL_SAFE_NO_PAD.decode(written).map_err(|error| error.to_string())?)
        }
        _ => None,
    };
    compare_tidings(path, preset.read(&call, payload.as_deref()).iter())
}

impl Case {
    fn credentials(&self) -> Credentials {
        let Account { user, password } = &self.credentials;
        let password = password.clone().map(SecretString::from);
        Credentials { user: user.clone(), password, ..Credentials::default() }
    }

    fn compare_request(&self, made: Result<Request, String>) -> Result<(), String> {
        let (made, expected) = match (made, &self.cannot, &self.request) {
            (Err(why), Some(cannot), None) => return equal("why there is no request", &why, cannot),
            (Ok(made), None, Some(expected)) => (made, expected),
            (Err(why), ..) => return Err(format!("there is no request: {why}")),
            (Ok(_), ..) => {
                return Err("a case has either [request] or `cannot`, and this has a request".to_owned());
            }
        };
        let mut headers = expected.headers.clone();
        let body = String::from_utf8(made.body).map_err(|_| "the body is no text")?;
        match (&expected.json, &expected.form) {
            (Some(json), None) => {
                headers.insert("content-type".to_owned(), "application/json".to_owned());
                equal(
                    "body",
                    &serde_json::from_str::<Json>(&body).map_err(|error| error.to_string())?,
                    json,
                )?;
            }
            (None, Some(form)) => {
                headers.insert("content-type".to_owned(), "application/x-www-form-urlencoded".to_owned());
                equal("body", &body, form)?;
            }
            (None, None) => equal("body", &body, &String::new())?,
            (Some(_), Some(_)) => return Err("a body is JSON or a form".to_owned()),
        }
        equal("method", &made.method, &expected.method.as_str())?;
        equal("url", &made.url, &expected.url)?;
        equal("headers", &made.headers.into_iter().collect(), &headers)
    }
}

impl Answer {
    fn compare(&self, outcome: &Outcome) -> Result<(), String> {
        let (word, words) = match outcome {
            Outcome::Accepted { id } => {
                equal("id", id, &self.id)?;
                ("accepted", None)
            }
            Outcome::Refused { words } => ("refused", Some(words)),
            Outcome::Later { words, after, tries } => {
                equal("after", &after.map(|after| after.as_secs()), &self.after)?;
                equal("tries", tries, &self.tries)?;
                ("later", Some(words))
            }
            Outcome::Unreachable { words } => ("unreachable", Some(words)),
            Outcome::Unknown { words } => ("unknown", Some(words)),
        };
        equal("outcome", &word, &self.outcome.as_str())?;
        match &self.words {
            Some(expected) => equal("words", &words, &Some(expected)),
            None => Ok(()),
        }
    }
}

fn equal<T: PartialEq + std::fmt::Debug>(what: &str, is: &T, should: &T) -> Result<(), String> {
    if is == should { Ok(()) } else { Err(format!("{what} is {is:?}, should be {should:?}")) }
}

fn compare_tidings<'a>(path: &Path, tidings: impl Iterator<Item = &'a Tidings>) -> Result<(), String> {
    let read = Json::Array(tidings.map(written).collect());
    let beside = path.with_extension("expected.json");
    let expected = fs::read(&beside).map_err(|error| format!("{}: {error}", beside.display()))?;
    let expected: Json = serde_json::from_slice(&expected).map_err(|error| error.to_string())?;
    equal("what was read", &read, &expected)
}

fn written(tidings: &Tidings) -> Json {
    let text = match tidings {
        Tidings::Nothing => return json!("nothing"),
        Tidings::Unreadable { detail } => return json!({ "unreadable": detail }),
        Tidings::Report(report) => {
            let (key, about) = match &report.about {
                About::Token(token) => ("token", token),
                About::ProviderId(id) => ("id", id),
            };
            return json!({ "report": { key: about, "status": report.status, "detail": report.detail } });
        }
        Tidings::Text(text) => text,
    };
    let (key, body) = match &text.body {
        Body::Text(text) => ("text", text.clone()),
        Body::Utf16(bytes) => ("utf16", hex(bytes)),
        Body::Binary(bytes) => ("binary", hex(bytes)),
    };
    let mut fields = json!({ "from": text.from, key: body });
    let mut add = |name: &str, value: Option<Json>| {
        if let Some(value) = value {
            fields[name] = value;
        }
    };
    add("id", text.id.as_ref().map(|id| json!(id)));
    add("to", text.to.as_ref().map(|to| json!(to)));
    add("at", text.sent_at.map(|at| json!(at.to_string())));
    add("files", (text.files > 0).then(|| json!(text.files)));
    add("part", text.part.as_ref().map(|part| json!([part.reference, part.number, part.total])));
    json!({ "text": fields })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn case(path: &Path) -> Result<Case, String> {
    toml::from_str(&fs::read_to_string(path).unwrap()).map_err(|error| error.to_string())
}

/// The files of a folder by name; none when there is no folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}
