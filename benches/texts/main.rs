//! How many texts a second a gateway's calls may bring, each durable before it is answered, beside the database's own
//! limit in the same run on the same disk.
//!
//! `cargo bench --bench texts -- --texts 2000 --rounds 5`. The release program runs as its users run it, with
//! `synchronous = "full"`; the gateway that takes the acknowledgements is a plain listener in this process, so that the
//! outbox works meanwhile. Only the ratios of one run mean anything.

#![expect(clippy::print_stdout, reason = "the table is what this is for")]

#[path = "../common/commits.rs"]
mod commits;
mod gateway;
#[path = "../common/product.rs"]
mod product;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::bail;
use clap::Parser;

use gateway::Gateway;
use product::{Product, median};

const SECRET: &str = "8d1f0c5ab7e24396a0d95be17c42f863";

#[derive(Debug, Parser)]
struct Options {
    /// Texts in each pass.
    #[arg(long, default_value_t = 2_000)]
    texts: usize,
    /// Rounds; the figures are their medians.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// What cargo passes along.
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let passes = [(1, "one call at a time"), (16, "16 calls at a time"), (64, "64 calls at a time")];
    let mut rates: Vec<Vec<f64>> = vec![Vec::new(); passes.len()];
    let mut commits = Vec::new();
    for round in 0..options.rounds {
        for (index, (clients, _)) in passes.iter().enumerate() {
            // One client alone waits for every commit, so fewer texts say as much.
            let texts = if *clients == 1 { options.texts / 4 } else { options.texts };
            rates[index].push(pass(texts.max(1), *clients)?);
        }
        let folder = tempfile::tempdir()?;
        commits.push(commits::commits(folder.path(), options.texts)?);
        println!("round {} of {}", round + 1, options.rounds);
    }
    let limit = median(&mut commits);
    println!("\n{:<36}{:>12}{:>22}", "texts a second, durable", "median", "of bare commits");
    for ((_, what), rates) in passes.iter().zip(&mut rates) {
        let rate = median(rates);
        println!("{what:<36}{rate:>12.0}{:>22.2}", rate / limit);
    }
    println!("{:<36}{limit:>12.0}{:>22}", "SQLite, one commit after the other", "1");
    Ok(())
}

/// Brings texts from as many different telephones, and says how many a second were durable.
fn pass(texts: usize, clients: usize) -> anyhow::Result<f64> {
    let gateway = Gateway::start()?;
    let folder = tempfile::tempdir()?;
    let product = Product::start(folder.path(), |port| settings(port, gateway.port()))?;
    let next = AtomicUsize::new(0);
    let started = Instant::now();
    thread::scope(|scope| {
        let workers: Vec<_> = (0..clients)
            .map(|_| {
                scope.spawn(|| {
                    let mut client = Client::connect(product.port)?;
                    loop {
                        let number = next.fetch_add(1, Ordering::Relaxed);
                        if number >= texts {
                            return anyhow::Ok(());
                        }
                        client.bring(number)?;
                    }
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
    Ok(texts as f64 / started.elapsed().as_secs_f64())
}

/// A gateway's connection, kept open between its calls.
struct Client(TcpStream);

impl Client {
    fn connect(port: u16) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        Ok(Self(stream))
    }

    fn bring(&mut self, number: usize) -> anyhow::Result<()> {
        let words = "Forst%C3%A5r%20ikke%20brevet%20fra%20kommunen";
        let call = format!(
            "GET /sms/tekst/{SECRET}/in?id=t{number}&from=%2B4520{number:06}&to=1204&text={words}&coding=0&charset=UTF-8 \
             HTTP/1.1\r\nHost: localhost\r\n\r\n"
        );
        self.0.write_all(call.as_bytes())?;
        let mut answer = Vec::new();
        let mut some = [0; 512];
        while !answer.windows(4).any(|window| window == b"\r\n\r\n") {
            let count = self.0.read(&mut some)?;
            if count == 0 {
                bail!("the server closed the connection");
            }
            answer.extend_from_slice(&some[..count]);
        }
        if !answer.starts_with(b"HTTP/1.1 200") {
            bail!(
                "the server answered {}",
                String::from_utf8_lossy(&answer).lines().next().unwrap_or_default()
            );
        }
        Ok(())
    }
}

fn settings(port: u16, gateway: u16) -> Vec<(&'static str, String)> {
    vec![
        ("SMS__CEILING_DAY", "1000000".to_owned()),
        ("SMS__CALLS_PER_SECOND", "100000".to_owned()),
        ("SMS__ACCOUNTS__TEKST__GATEWAY", "kannel".to_owned()),
        ("SMS__ACCOUNTS__TEKST__NUMBERS", "1204".to_owned()),
        ("SMS__ACCOUNTS__TEKST__BASE_URL", format!("http://127.0.0.1:{gateway}")),
        ("SMS__ACCOUNTS__TEKST__PUBLIC_URL", format!("http://127.0.0.1:{port}")),
        ("SMS__ACCOUNTS__TEKST__USER", "indgang".to_owned()),
        ("SMS__ACCOUNTS__TEKST__PASSWORD", "hemmeligt".to_owned()),
        ("SMS__ACCOUNTS__TEKST__PATH_SECRET", SECRET.to_owned()),
    ]
}
