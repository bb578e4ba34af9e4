//! The browser is real, and finds what is planted: a check that finds nothing anywhere would prove nothing.

#![expect(clippy::unwrap_used, reason = "a test that meets an error has failed")]

use std::io::{Read as _, Write as _};
use std::net::TcpListener;

use indgang_peers::{Browser, BrowserSettings, Clamd, Key};

const PAGE: &str = "<!doctype html><html lang=\"da\"><title>Prøve</title>
<main><h1>Prøve</h1><img src=\"http://127.0.0.2:9/elsewhere.png\"><p style=\"color:#aaa\">Lys tekst</p>
<label for=\"a\">Navn</label><input id=\"a\"><button id=\"b\">Send</button><a href=\"#\" id=\"c\">x</a>
<p id=\"d\">før</p><div style=\"width:2000px\">bred</div></main>
<script>document.getElementById('d').textContent = 'efter'; nothingOfTheKind();</script></html>";

/// Serves the page, whatever is asked for.
fn serve() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut asked = [0; 2048];
            let _ = stream.read(&mut asked);
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                PAGE.len()
            );
            let _ = stream.write_all((head + PAGE).as_bytes());
        }
    });
    address
}

#[test]
fn what_is_planted_is_found() {
    let browser = Browser::start(&BrowserSettings::default()).unwrap();
    browser.visit(&serve()).unwrap();
    let rules: Vec<String> = browser.axe().unwrap().into_iter().map(|one| one.id).collect();
    for planted in ["image-alt", "color-contrast"] {
        assert!(rules.contains(&planted.to_owned()), "{rules:?}");
    }
    assert!(browser.sideways().unwrap() > 0, "the page is too wide");
    assert!(browser.small_targets().unwrap().iter().any(|one| one.contains("#c")));
    let (addresses, bytes) = browser.traffic().unwrap();
    assert!(addresses.iter().any(|one| one.contains("127.0.0.2")), "{addresses:?}");
    assert!(bytes > PAGE.len() as u64);
    assert!(browser.console().unwrap().iter().any(|line| line.contains("nothingOfTheKind")));
    let picture = browser.picture().unwrap();
    assert!(picture.starts_with(b"\x89PNG"));
    assert_eq!(browser.text("#d").unwrap(), "efter");
}

#[test]
fn keys_go_where_a_persons_would() {
    let browser = Browser::start(&BrowserSettings::default()).unwrap();
    browser.visit(&serve()).unwrap();
    browser.press(Key::Tab).unwrap();
    assert_eq!(browser.focused().unwrap(), "input#a");
    browser.write("æøå").unwrap();
    assert_eq!(browser.value("#a").unwrap(), "æøå");
    browser.press(Key::Tab).unwrap();
    assert_eq!(browser.focused().unwrap(), "button#b");
    browser.press_back().unwrap();
    assert_eq!(browser.focused().unwrap(), "input#a");
}

#[test]
fn without_scripts_none_runs() {
    let browser =
        Browser::start(&BrowserSettings { javascript: false, ..BrowserSettings::default() }).unwrap();
    browser.visit(&serve()).unwrap();
    assert_eq!(browser.text("#d").unwrap(), "før");
}

#[test]
fn the_scanner_finds_the_test_file_and_nothing_else() {
    let clamd = Clamd::start().unwrap();
    let scan = |bytes: &[u8]| {
        let mut stream = std::os::unix::net::UnixStream::connect(clamd.socket()).unwrap();
        stream.write_all(b"zINSTREAM\0").unwrap();
        stream.write_all(&u32::try_from(bytes.len()).unwrap().to_be_bytes()).unwrap();
        stream.write_all(bytes).unwrap();
        stream.write_all(&[0; 4]).unwrap();
        let mut said = String::new();
        stream.read_to_string(&mut said).unwrap();
        said
    };
    assert!(scan(&Clamd::eicar()).contains("FOUND"));
    assert!(scan(b"%PDF-1.7").contains("OK"));
}
