//! How many forms a second may be sent, each durable before its receipt is shown, beside the database's own limit in the
//! same run on the same disk.
//!
//! `cargo bench --bench form -- --forms 2000 --rounds 3`. The release program runs as its users run it, with
//! `synchronous = "full"`. The forms are opened before the clock is started; sent is what is measured, up to the answer that
//! leads to the receipt. Only the ratios of one run mean anything.

#![expect(clippy::print_stdout, reason = "the table is what this is for")]

#[path = "../common/commits.rs"]
mod commits;
#[path = "../common/product.rs"]
mod product;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use clap::Parser;

use product::{Product, median};

#[derive(Debug, Parser)]
struct Options {
    /// Forms in each pass.
    #[arg(long, default_value_t = 2_000)]
    forms: usize,
    /// Rounds; the figures are their medians.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// What cargo passes along.
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let passes = [(1, "one citizen at a time"), (16, "16 at a time"), (64, "64 at a time")];
    let mut rates: Vec<Vec<f64>> = vec![Vec::new(); passes.len()];
    let mut commits = Vec::new();
    for round in 0..options.rounds {
        for (index, (clients, _)) in passes.iter().enumerate() {
            // One client alone waits for every commit, so fewer forms say as much.
            let forms = if *clients == 1 { options.forms / 4 } else { options.forms };
            rates[index].push(pass(forms.max(1), *clients)?);
        }
        let folder = tempfile::tempdir()?;
        commits.push(commits::commits(folder.path(), options.forms)?);
        println!("round {} of {}", round + 1, options.rounds);
    }
    let limit = median(&mut commits);
    println!("\n{:<36}{:>12}{:>22}", "forms a second, durable", "median", "of bare commits");
    for ((_, what), rates) in passes.iter().zip(&mut rates) {
        let rate = median(rates);
        println!("{what:<36}{rate:>12.0}{:>22.2}", rate / limit);
    }
    println!("{:<36}{limit:>12.0}{:>22}", "SQLite, one commit after the other", "1");
    Ok(())
}

/// Opens forms, sends them, and says how many a second were durable.
fn pass(forms: usize, clients: usize) -> anyhow::Result<f64> {
    let folder = tempfile::tempdir()?;
    let product = Product::start(folder.path(), |_| {
        vec![
            ("WEB_FORM__PER_ADDRESS", "100000".to_owned()),
            ("WEB_FORM__ATTACK_PER_MINUTE", "1000000".to_owned()),
            ("WEB_FORM__SHORTEST_TIME", "0s".to_owned()),
        ]
    })?;
    let mut opener = Client::connect(product.port)?;
    let tokens: Vec<String> = (0..forms).map(|_| opener.open()).collect::<Result<_, _>>()?;
    let next = AtomicUsize::new(0);
    let started = Instant::now();
    thread::scope(|scope| {
        let workers: Vec<_> = (0..clients)
            .map(|_| {
                scope.spawn(|| {
                    let mut client = Client::connect(product.port)?;
                    while let Some(token) = tokens.get(next.fetch_add(1, Ordering::Relaxed)) {
                        client.send(token)?;
                    }
                    anyhow::Ok(())
                })
            })
            .collect();
        for worker in workers {
            match worker.join() {
                Ok(result) => result?,
                Err(_) => bail!("a client panicked"),
            }
        }
        Ok(())
    })?;
    Ok(forms as f64 / started.elapsed().as_secs_f64())
}

/// A browser's connection, kept open.
struct Client(TcpStream);

impl Client {
    fn connect(port: u16) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        Ok(Self(stream))
    }

    /// Opens a form, and gives its token.
    fn open(&mut self) -> anyhow::Result<String> {
        let page = self.exchange(b"GET /en HTTP/1.1\r\nHost: localhost\r\n\r\n")?;
        let token = page.split("name=\"token\" value=\"").nth(1).context("the form has a token")?;
        Ok(token.split('"').next().unwrap_or_default().to_owned())
    }

    /// Sends a form such as a citizen's.
    fn send(&mut self, token: &str) -> anyhow::Result<()> {
        let fields = [
            ("token", token),
            (
                "besked",
                "Jeg forstår ikke det brev, som jeg har fået om min boligstøtte. Kan I hjælpe mig med at klage?",
            ),
            ("navn", "Villy"),
            ("svar", "opkald"),
            ("telefon", "20123456"),
        ];
        let mut body = String::new();
        for (name, value) in fields {
            body += &format!("--B\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        }
        body += "--B--\r\n";
        let request = format!(
            "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=B\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let answer = self.exchange(request.as_bytes())?;
        if !answer.starts_with("HTTP/1.1 303") {
            bail!("the server answered {}", answer.lines().next().unwrap_or_default());
        }
        Ok(())
    }

    fn exchange(&mut self, request: &[u8]) -> anyhow::Result<String> {
        self.0.write_all(request)?;
        let mut answer = Vec::new();
        let mut some = [0; 16_384];
        loop {
            let count = self.0.read(&mut some)?;
            if count == 0 {
                bail!("the server closed the connection");
            }
            answer.extend_from_slice(&some[..count]);
            let Some(end) = answer.windows(4).position(|window| window == b"\r\n\r\n") else { continue };
            let head = String::from_utf8_lossy(&answer[..end]).to_lowercase();
            let length = head
                .split("content-length: ")
                .nth(1)
                .and_then(|rest| rest.lines().next()?.parse::<usize>().ok());
            if answer.len() >= end + 4 + length.unwrap_or(0) {
                return Ok(String::from_utf8_lossy(&answer).into_owned());
            }
        }
    }
}
