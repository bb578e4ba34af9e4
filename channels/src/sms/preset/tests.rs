//! What the format promises, case by case; the shipped presets have their own cases in `testdata/sms`.

mod parsing;
mod reading;
mod sending;

use secrecy::SecretString;

use super::*;

/// A preset with as little in it as can be. Each test adds what it is about, or puts something else in a line's place.
pub(super) const SMALLEST: &str = r#"
title = "T"
source = "S"
base_url = "https://gateway.example"
[verify]
kind = "path_secret"
[send]
method = "POST"
url = "/send"
format = "form"
fields = { to = "{to}", text = "{text}", dlr = "{report_url}" }
ok = { match = "^ok" }
[inbound]
from = "from"
text = "text"
[report]
status = "status"
map = { 1 = "delivered", gone = "failed" }
"#;

/// The smallest preset with something else in the place of a piece of it.
pub(super) fn changed(from: &str, to: &str) -> Preset {
    assert!(SMALLEST.contains(from), "{from}");
    Preset::parse("t", &SMALLEST.replace(from, to)).unwrap()
}

pub(super) fn account() -> Credentials {
    Credentials {
        user: Some("u".to_owned()),
        password: Some(SecretString::from("p&w=ø")),
        ..Credentials::default()
    }
}

pub(super) fn text<'a>(to: &'a str, text: &'a str) -> OutgoingText<'a> {
    OutgoingText { to, from: "1204", text, token: "t-1", report_url: "https://office.example/report/t-1" }
}
