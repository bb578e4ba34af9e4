//! The form, its receipt and the private page: in a real browser, by hand-made requests, and while the server is killed.

mod crash;
mod form;
mod hostile;
mod pages;
mod private;
mod scanning;

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;

use indgang::store::{Store, StoreOptions};
use indgang_peers::{Browser, BrowserSettings};

use crate::support::{Office, PATIENCE};

/// An office with a form and private pages, whose letters go into a folder.
pub(crate) fn office(more: &str) -> Office {
    let mut office = Office::new();
    let sent = office.folder.path().join("sent");
    fs::create_dir_all(&sent).unwrap();
    office.settings = office.settings.replace(
        "[database]",
        "phone_hours = \"mandag-torsdag 9-15\"\naddress = \"Rådhuspladsen 1, 9999 Eksempel\"\nabout_url = \"https://www.eksempel.example/raad\"\n\
         [[office.areas]]\nid = 1\nname = \"Skole og dagtilbud\"\nname_en = \"Schools and day care\"\nfrom = \"2022-06-01\"\n\
         [[office.areas]]\nid = 2\nname = \"Handicap\"\nfrom = \"2022-06-01\"\n\n[database]",
    );
    let web = office.web;
    office.settings =
        office.settings.replace("[web]\n", &format!("[web]\npublic_url = \"http://127.0.0.1:{web}\"\n"));
    office.settings += &format!(
        "\n[email.submit]\nmode = \"folder\"\nfolder = \"{}\"\nfrom = \"borgerraadgiver@kommune.example\"\n\
         \n[web_form]\nshortest_time = \"0s\"\nper_address = 100000\nattack_per_minute = 1000000\n\
         dpo_contact = \"dpo@kommune.example\"\nretention_da = \"to år\"\nretention_en = \"two years\"\n{more}\n",
        sent.display()
    );
    office
}

/// The same, at work.
pub(crate) fn started(more: &str) -> Office {
    let mut office = office(more);
    office.start_up();
    office
}

pub(crate) fn url(office: &Office, path: &str) -> String {
    format!("http://127.0.0.1:{}{path}", office.web)
}

/// Sets a key of the form's section that the helper above has set.
pub(crate) fn set(office: &mut Office, old: &str, new: &str) {
    assert!(office.settings.contains(old), "{old}");
    office.settings = office.settings.replace(old, new);
}

pub(crate) fn browser(settings: &BrowserSettings) -> Browser {
    Browser::start(settings).unwrap()
}

pub(crate) fn without_javascript() -> BrowserSettings {
    BrowserSettings { javascript: false, ..BrowserSettings::default() }
}

/// The office's store, beside the running server.
pub(crate) fn store(office: &Office) -> (tokio::runtime::Runtime, Store) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let url = format!("sqlite:{}", office.folder.path().join("office.sqlite").display());
    let options = StoreOptions { url, connections: 2, durable: true };
    let store = runtime.block_on(Store::open(&options)).unwrap();
    (runtime, store)
}

/// The letters that have gone into the office's folder, oldest first.
pub(crate) fn letters(office: &Office) -> Vec<String> {
    let mut files: Vec<PathBuf> = fs::read_dir(office.folder.path().join("sent"))
        .unwrap()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.is_file())
        .collect();
    files.sort_by_key(|path| fs::metadata(path).and_then(|data| data.modified()).ok());
    let text = |path: &PathBuf| {
        let raw = fs::read(path).unwrap_or_default();
        let read = mail_parser::MessageParser::default().parse(&raw).map(|letter| {
            format!("{}\n\n{}", letter.subject().unwrap_or_default(), letter.body_text(0).unwrap_or_default())
        });
        read.unwrap_or_default()
    };
    files.iter().map(text).collect()
}

/// An answer to a hand-made request.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (one, value) = line.split_once(':')?;
            one.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

/// Sends bytes and reads what comes back until the server hangs up; `None` when nothing does.
pub(crate) fn exchange(port: u16, bytes: &[u8]) -> Option<Answer> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    // A server that refuses a large body does not read it to its end.
    let _ = stream.write_all(bytes);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    Some(Answer { status, head: head.to_owned(), body: body.to_owned() })
}

pub(crate) fn get(office: &Office, path: &str) -> Answer {
    let request =
        format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n\r\n", office.web);
    exchange(office.web, request.as_bytes()).expect("the server answers")
}

/// A field of a hand-made form: a name and a value, or a file.
pub(crate) enum Part<'a> {
    Text(&'a str, &'a str),
    File(&'a str, &'a [u8]),
}

/// A hand-made form as it goes over the wire.
pub(crate) fn form(port: u16, path: &str, parts: &[Part<'_>]) -> Vec<u8> {
    let mut body = Vec::new();
    for part in parts {
        match part {
            Part::Text(name, value) => body.extend_from_slice(
                format!("--grænse\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
                    .as_bytes(),
            ),
            Part::File(name, bytes) => {
                body.extend_from_slice(
                    format!(
                        "--grænse\r\nContent-Disposition: form-data; name=\"filer\"; filename=\"{name}\"\r\n\
                         Content-Type: application/octet-stream\r\n\r\n"
                    )
                    .as_bytes(),
                );
                body.extend_from_slice(bytes);
                body.extend_from_slice(b"\r\n");
            }
        }
    }
    body.extend_from_slice("--grænse--\r\n".as_bytes());
    // A boundary is ASCII on the wire.
    let body = replace(&body, "grænse".as_bytes(), b"graense");
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\
         Content-Type: multipart/form-data; boundary=graense\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), &body].concat()
}

fn replace(bytes: &[u8], old: &[u8], new: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at..].starts_with(old) {
            out.extend_from_slice(new);
            at += old.len();
        } else {
            out.push(bytes[at]);
            at += 1;
        }
    }
    out
}

pub(crate) fn post(office: &Office, path: &str, parts: &[Part<'_>]) -> Answer {
    exchange(office.web, &form(office.web, path, parts)).expect("the server answers")
}

/// The token of a form that is opened now.
pub(crate) fn token(office: &Office) -> String {
    token_in(&get(office, "/").body)
}

pub(crate) fn token_in(page: &str) -> String {
    let at = page.split("name=\"token\" value=\"").nth(1).expect("a form with a token");
    at.split('"').next().unwrap_or_default().to_owned()
}
