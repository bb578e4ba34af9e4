//! Asks pages of the running program as a browser of an adviser's does.

use std::io::{Read, Write};
use std::net::TcpStream;

use anyhow::{Context, bail};

/// Makes an account, and gives the link that signs in once.
pub(crate) fn link(url: &str) -> anyhow::Result<String> {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_indgang"))
        .env("INDGANG__DATABASE__URL", url)
        .args(["user", "add", "gitte@kommune.example", "--name", "Gitte Holm"])
        .output()?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let at = said
        .find("/indbakke/velkommen/")
        .with_context(|| String::from_utf8_lossy(&output.stderr).into_owned())?;
    Ok(said[at..].split_whitespace().next().unwrap_or_default().to_owned())
}

pub(crate) fn sign_in(port: u16, link: &str) -> anyhow::Result<String> {
    let body = "kode=fire+roede+heste+paa+en+mark";
    let request = format!(
        "POST {link} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\nConnection: close\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let answer = exchange(port, &request)?;
    let cookie = answer.lines().find_map(|line| line.strip_prefix("set-cookie: ")).context("no cookie")?;
    Ok(cookie.split(';').next().unwrap_or_default().to_owned())
}

/// Keeps what is looked for, and gives the address of what is found.
pub(crate) fn search(port: u16, words: &str, cookie: &str) -> anyhow::Result<String> {
    let body = format!("q={words}");
    let request = format!(
        "POST /indbakke/soeg HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\nConnection: close\r\n\
         Cookie: {cookie}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let answer = exchange(port, &request)?;
    let to = answer.lines().find_map(|line| line.strip_prefix("location: ")).context("no address")?;
    Ok(to.to_owned())
}

/// Asks for a page, and says how many bytes it is.
pub(crate) fn ask(port: u16, path: &str, cookie: &str) -> anyhow::Result<usize> {
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\nCookie: {cookie}\r\n\r\n"
    );
    let answer = exchange(port, &request)?;
    if !answer.starts_with("HTTP/1.1 200") {
        bail!("{path}: {}", answer.lines().next().unwrap_or_default());
    }
    Ok(answer.len())
}

pub(crate) fn exchange(port: u16, request: &str) -> anyhow::Result<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_nodelay(true)?;
    stream.write_all(request.as_bytes())?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}
