//! What the server answers is what its description says.

use serde_json::{Value, json};

use super::{ALL, ask, read, staffed, token};
use crate::web_form::Answer;

/// Holds an answer against the description.
fn hold(description: &Value, method: &str, route: &str, answer: &Answer) {
    let status = answer.status.to_string();
    let said = &description["paths"][route][method]["responses"][&status];
    assert!(said.is_object(), "{method} {route} does not say that it answers {status}");
    let Some(content) = said["content"].as_object() else {
        return assert!(answer.body.is_empty(), "{method} {route} {status}");
    };
    let sort = answer.header("content-type").unwrap();
    let shape = &content.get(sort).unwrap_or_else(|| panic!("{method} {route} {status}: {sort}"))["schema"];
    if sort == "application/octet-stream" {
        return;
    }
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "allOf": [shape],
        "components": description["components"],
    });
    // A field that is not described is a mistake too.
    let schema = closed(schema);
    let validator = jsonschema::validator_for(&schema).unwrap();
    let body: Value = serde_json::from_str(&answer.body).unwrap();
    let wrong: Vec<String> = validator.iter_errors(&body).map(|error| error.to_string()).collect();
    assert!(wrong.is_empty(), "{method} {route} {status}: {wrong:?}\n{body:#}");
}

/// The same schema, in which nothing may stand that it does not name.
fn closed(mut schema: Value) -> Value {
    if let Some(shapes) = schema["components"]["schemas"].as_object_mut() {
        for shape in shapes.values_mut().filter(|shape| shape["properties"].is_object()) {
            shape["additionalProperties"] = json!(false);
        }
    }
    schema
}

#[test]
fn answers_are_as_described() {
    let (office, cookie) = staffed();
    let key = token(&office, &cookie, ALL);
    let description = read(&office, "/api/openapi.json", &key);
    let one = "/api/v1/enquiries/{id}";
    let tag = ask(&office, "GET", "/api/v1/enquiries/1", &key, &[], "").header("etag").unwrap().to_owned();
    let other = ask(&office, "GET", "/api/v1/enquiries/2", &key, &[], "").header("etag").unwrap().to_owned();
    let write_only = token(&office, &cookie, "enquiries:write");
    let read_only = token(&office, &cookie, "enquiries:read");
    let current: &[(&str, &str)] = &[("If-Match", &tag)];
    let second: &[(&str, &str)] = &[("If-Match", &other)];
    let large = " ".repeat(20_000);
    let known: &[(&str, &str)] = &[("If-None-Match", &tag)];
    let stale: &[(&str, &str)] = &[("If-Match", "\"1-999\"")];
    type Case<'a> = (&'a str, &'a str, &'a str, &'a str, &'a [(&'a str, &'a str)], &'a str, u16);
    let cases: [Case<'_>; 24] = [
        ("get", "/api/openapi.json", "/api/openapi.json", "", &[], "", 200),
        ("get", "/api/v1/enquiries", "/api/v1/enquiries?limit=2", &key, &[], "", 200),
        ("get", "/api/v1/enquiries", "/api/v1/enquiries?limit=x", &key, &[], "", 400),
        ("get", "/api/v1/enquiries", "/api/v1/enquiries", "x", &[], "", 401),
        ("get", one, "/api/v1/enquiries/1", &key, &[], "", 200),
        ("get", one, "/api/v1/enquiries/1", &key, known, "", 304),
        ("get", one, "/api/v1/enquiries/99", &key, &[], "", 404),
        ("patch", one, "/api/v1/enquiries/1", &read_only, current, "{}", 403),
        ("patch", one, "/api/v1/enquiries/1", &key, &[], "{}", 428),
        ("patch", one, "/api/v1/enquiries/1", &key, stale, "{}", 412),
        ("patch", one, "/api/v1/enquiries/1", &key, current, "{", 400),
        ("patch", one, "/api/v1/enquiries/1", &key, current, r#"{"area": 99}"#, 422),
        (
            "patch",
            one,
            "/api/v1/enquiries/1",
            &key,
            current,
            r#"{"state": "closed", "welcome_back": "said"}"#,
            409,
        ),
        (
            "patch",
            one,
            "/api/v1/enquiries/1",
            &key,
            current,
            r#"{"kind": "open_ended", "remind_on": null}"#,
            200,
        ),
        ("patch", one, "/api/v1/enquiries/2", &write_only, second, "{}", 204),
        ("patch", one, "/api/v1/enquiries/1", &key, current, &large, 413),
        ("patch", one, "/api/v1/enquiries/99", &key, current, "{}", 404),
        ("get", "/api/v1/enquiries/{id}/messages", "/api/v1/enquiries/1/messages", &key, &[], "", 200),
        ("get", "/api/v1/enquiries/{id}/messages", "/api/v1/enquiries/99/messages", &key, &[], "", 404),
        ("get", "/api/v1/messages/{id}", "/api/v1/messages/in-1", &key, &[], "", 200),
        ("get", "/api/v1/messages/{id}", "/api/v1/messages/in-99", &key, &[], "", 404),
        ("get", "/api/v1/messages/{id}/original", "/api/v1/messages/in-1/original", &key, &[], "", 200),
        ("get", "/api/v1/ledger", "/api/v1/ledger", &key, &[], "", 200),
        ("get", "/api/v1/statistics", "/api/v1/statistics", &key, &[], "", 200),
    ];
    for (method, route, path, token, more, body, status) in cases {
        let answer = ask(&office, &method.to_uppercase(), path, token, more, body);
        assert_eq!(answer.status, status, "{method} {path}: {}", answer.body);
        hold(&description, method, route, &answer);
    }
}
