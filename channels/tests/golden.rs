//! Every `testdata/parse/<case>.eml` reads as its `<case>.expected.json` says.
//!
//! The expectation names what matters to the case: objects are compared key by key, lists and other values whole.
//! `text_contains` and `text_lacks` hold for the text, `doubts` lists the kinds.

#![expect(clippy::unwrap_used, reason = "a case that cannot be read has failed")]

use std::fs;
use std::path::Path;

use indgang_channels::email::{Limits, ReadContext, read};
use indgang_channels::message::{ExternalId, Incoming};
use jiff::Timestamp;
use serde_json::{Value, json};

fn incoming(raw: &[u8]) -> Incoming {
    let limits = Limits::default();
    read(
        raw,
        &ReadContext {
            account: "borger",
            external_id: ExternalId("1:1".into()),
            received_at: Timestamp::UNIX_EPOCH,
            limits: &limits,
            authserv_id: None,
            own_addresses: &[],
        },
    )
}

/// What differs, as paths into the expectation.
fn differences(expected: &Value, actual: &Value, path: &str, found: &mut Vec<String>) {
    match (expected, actual) {
        (Value::Object(expected), Value::Object(actual)) => {
            for (key, value) in expected {
                let actual = actual.get(key).unwrap_or(&Value::Null);
                differences(value, actual, &format!("{path}.{key}"), found);
            }
        }
        (Value::Array(expected), Value::Array(actual)) if expected.len() == actual.len() => {
            for (index, (expected, actual)) in expected.iter().zip(actual).enumerate() {
                differences(expected, actual, &format!("{path}[{index}]"), found);
            }
        }
        _ if expected == actual => {}
        _ => found.push(format!("{path}: expected {expected}, got {actual}")),
    }
}

fn check(raw: &[u8], expected: &Value) -> Vec<String> {
    let read = incoming(raw);
    let mut actual = serde_json::to_value(&read).unwrap();
    actual["doubts"] = read.doubts.iter().map(|doubt| json!(doubt.kind)).collect();
    let mut expected = expected.as_object().cloned().unwrap();
    let mut found = Vec::new();
    let listed = |value: Option<Value>| value.and_then(|value| value.as_array().cloned()).unwrap_or_default();
    for part in listed(expected.remove("text_contains")) {
        if !read.text.contains(part.as_str().unwrap()) {
            found.push(format!(": the text lacks {part}: {:?}", read.text));
        }
    }
    for part in listed(expected.remove("text_lacks")) {
        if read.text.contains(part.as_str().unwrap()) {
            found.push(format!(": the text holds {part}: {:?}", read.text));
        }
    }
    differences(&Value::Object(expected), &actual, "", &mut found);
    found
}

#[test]
fn letters_read_as_written_down() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/parse");
    let (mut cases, mut wrong) = (0, Vec::new());
    for entry in fs::read_dir(folder).unwrap() {
        let letter = entry.unwrap().path();
        if letter.extension().is_none_or(|extension| extension != "eml") {
            continue;
        }
        let expected = fs::read(letter.with_extension("expected.json")).unwrap();
        let expected: Value = serde_json::from_slice(&expected).unwrap();
        let name = letter.file_stem().unwrap().to_string_lossy().into_owned();
        let differs = check(&fs::read(&letter).unwrap(), &expected);
        wrong.extend(differs.into_iter().map(|line| format!("{name}{line}")));
        cases += 1;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(cases >= 30, "only {cases} cases were found");
}
