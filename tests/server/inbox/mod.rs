//! The adviser's side: in a real browser, by hand-made requests, and as every role.

mod access;
mod figures;
mod hostile;
mod pages;
mod passkeys;
mod scenarios;
mod signing;
mod signon;
mod work;

use indgang_peers::Browser;

use crate::support::Office;
use crate::web_form::{Answer, exchange, url};

/// A password that nobody would guess.
pub(crate) const PASSWORD: &str = "fire røde heste på en mark";

/// Makes an account, and gives the path of the link that signs in once.
pub(crate) fn account(office: &Office, login: &str, name: &str, more: &[&str]) -> String {
    let arguments: Vec<&str> =
        ["user", "add", login, "--name", name].into_iter().chain(more.iter().copied()).collect();
    let output = office.run(&arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let at = said.find("/indbakke/velkommen/").expect("a link");
    said[at..].split_whitespace().next().unwrap_or_default().to_owned()
}

/// A form as a browser of ours sends it.
pub(crate) fn send(office: &Office, path: &str, cookie: &str, body: &str) -> Answer {
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{0}\r\nOrigin: http://127.0.0.1:{0}\r\nConnection: close\r\nCookie: {cookie}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {1}\r\n\r\n{body}",
        office.web,
        body.len()
    );
    exchange(office.web, request.as_bytes()).expect("the server answers")
}

/// A page as somebody who holds a cookie sees it.
pub(crate) fn look(office: &Office, path: &str, cookie: &str) -> Answer {
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\nCookie: {cookie}\r\n\r\n",
        office.web
    );
    exchange(office.web, request.as_bytes()).expect("the server answers")
}

/// Signs in for the first time, and gives the cookie.
pub(crate) fn sign_in(office: &Office, link: &str) -> String {
    let answer = send(office, link, "", &format!("kode={}", PASSWORD.replace(' ', "+")));
    assert_eq!(answer.status, 303, "{}", answer.body);
    let cookie = answer.header("set-cookie").expect("a cookie");
    cookie.split(';').next().unwrap_or_default().to_owned()
}

/// The same in a browser.
pub(crate) fn enter(office: &Office, browser: &Browser, link: &str) {
    browser.visit(&url(office, link)).unwrap();
    browser.fill("#kode", PASSWORD).unwrap();
    browser.click("button.primary").unwrap();
    browser.wait("#visning").unwrap();
}

/// Takes a letter in.
pub(crate) fn letter(office: &Office, from: &str, subject: &str, id: &str, more: &str, body: &str) {
    let now = indgang::clock::Clock::system().now();
    let date = jiff::fmt::rfc2822::to_string(&now.to_zoned(jiff::tz::TimeZone::UTC)).unwrap();
    let raw = format!(
        "From: {from}\r\nTo: borgerraadgiver@kommune.example\r\nSubject: {subject}\r\nMessage-ID: <{id}@post.example>\r\n\
         Date: {date}\r\nMIME-Version: 1.0\r\n{more}\r\n{body}\r\n"
    );
    let output = office.pipe(&["ingest", "-"], raw.as_bytes());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// A letter in plain words.
pub(crate) fn words(office: &Office, from: &str, subject: &str, id: &str, body: &str) {
    letter(
        office,
        from,
        subject,
        id,
        "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n",
        body,
    );
}

/// The number of the enquiry of a title.
pub(crate) fn numbered(office: &Office, title: &str) -> i64 {
    let lines = office.sql("SELECT CAST(id AS TEXT) || ' ' || title FROM enquiry ORDER BY id");
    let line =
        lines.iter().rev().find(|line| line.ends_with(title)).unwrap_or_else(|| panic!("{title}: {lines:?}"));
    line.split(' ').next().unwrap_or_default().parse().unwrap()
}
