//! The API as a program meets it: hand-made requests with a token that was made on the adviser's page.

mod described;
mod reading;
mod rights;
mod telling;

use serde_json::Value;

use crate::inbox::{account, send, sign_in, words};
use crate::support::Office;
use crate::web_form::{Answer, exchange, started};

/// Every right there is.
pub(super) const ALL: &str = "enquiries:read messages:read enquiries:write ledger:read statistics:read";

/// An office with an adviser who is signed in, and three letters.
pub(super) fn staffed() -> (Office, String) {
    let office = started("");
    words(&office, "Birthe Lund <birthe@post.example>", "Om 010170-0000", "et", "Hemmeligheden er grøn.");
    words(&office, "Carl <carl@post.example>", "Skolen", "to", "Skolen svarer ikke.");
    words(&office, "Dorte <dorte@post.example>", "Handicap", "tre", "Jeg venter.");
    let cookie = sign_in(&office, &account(&office, "gitte@kommune.example", "Gitte Holm", &[]));
    (office, cookie)
}

/// Makes a token on the page.
pub(super) fn token(office: &Office, cookie: &str, rights: &str) -> String {
    let chosen: String =
        rights.split_whitespace().map(|right| format!("&ret={}", right.replace(':', "%3A"))).collect();
    let page = send(office, "/indbakke/programmer", cookie, &format!("navn=Journal&dage=30{chosen}"));
    assert_eq!(page.status, 200, "{}", page.body);
    let at = page.body.find("indgang_").expect("a token");
    page.body[at..].chars().take_while(|c| c.is_ascii_alphanumeric() || "_-".contains(*c)).collect()
}

/// Asks as a program does.
pub(super) fn ask(
    office: &Office,
    method: &str,
    path: &str,
    token: &str,
    more: &[(&str, &str)],
    body: &str,
) -> Answer {
    let more: String = more.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\nAuthorization: Bearer {token}\r\n{more}\
         Content-Length: {}\r\n\r\n{body}",
        office.web,
        body.len()
    );
    exchange(office.web, request.as_bytes()).expect("the server answers")
}

/// The same for reading, which must succeed.
pub(super) fn read(office: &Office, path: &str, token: &str) -> Value {
    let answer = ask(office, "GET", path, token, &[], "");
    assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    serde_json::from_str(&answer.body).unwrap()
}
