//! How long the inbox's pages take with the enquiries of many years behind them.
//!
//! `cargo bench --bench inbox -- --enquiries 200000 --messages 1000000 --postgres`. The release program runs as its users
//! run it; what is measured is from the request to the last byte of the page, on this machine, one after the other, each
//! asked once for warmth first. What anything costs beside it depends on the machine, so a bare «who am I» is measured too.

#![expect(clippy::print_stdout, reason = "the table is what this is for")]

#[path = "../common/product.rs"]
#[expect(dead_code, reason = "the middle of other benchmarks' figures")]
mod product;

#[path = "../common/pages.rs"]
mod pages;

mod fill;

use std::time::Instant;

use anyhow::Context;
use clap::Parser;
use indgang_peers::Postgres;

use fill::{Dice, Size, fill};
use pages::{ask, link, search, sign_in};
use product::Product;

#[derive(Debug, Parser)]
struct Options {
    /// Enquiries.
    #[arg(long, default_value_t = 200_000)]
    enquiries: i64,
    /// Messages.
    #[arg(long, default_value_t = 1_000_000)]
    messages: i64,
    /// Requests of each sort.
    #[arg(long, default_value_t = 100)]
    requests: usize,
    /// On PostgreSQL too.
    #[arg(long)]
    postgres: bool,
    /// What cargo passes along.
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let size = Size { enquiries: options.enquiries, messages: options.messages };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let folder = tempfile::tempdir()?;
    let url = format!("sqlite:{}", folder.path().join("indgang.sqlite").display());
    runtime.block_on(fill(&url, size))?;
    measure("SQLite", folder.path(), &url, &options)?;
    if options.postgres {
        let server = Postgres::start().context("PostgreSQL")?;
        let url = server.create_database()?;
        runtime.block_on(fill(&url, size))?;
        measure("PostgreSQL", folder.path(), &url, &options)?;
    }
    Ok(())
}

fn measure(name: &str, folder: &std::path::Path, url: &str, options: &Options) -> anyhow::Result<()> {
    let link = link(url)?;
    let product = Product::start(folder, |_| vec![("DATABASE__URL", url.to_owned())])?;
    let cookie = sign_in(product.port, &link)?;
    let mut dice = Dice(11);
    let most = options.enquiries as u64;
    let any = |dice: &mut Dice| format!("/indbakke/h/{}", dice.roll(most) + 1);
    type Path<'a> = Box<dyn FnMut(&mut Dice) -> String + 'a>;
    let fixed = |path: &'static str| -> Path<'_> { Box::new(move |_| path.to_owned()) };
    let sorts: Vec<(&str, Path<'_>)> = vec![
        ("who am I (numbers)", fixed("/indbakke/tal?siden=0")),
        ("list, to do", fixed("/indbakke")),
        ("list, everything", fixed("/indbakke?visning=alle")),
        (
            "list, closed, one area",
            Box::new(|dice| format!("/indbakke?visning=afsluttet&omraade={}", dice.roll(12) + 1)),
        ),
        (
            "list, channel and type and area",
            Box::new(|dice| {
                format!("/indbakke?visning=alle&kanal=web&type=aaben&omraade={}", dice.roll(12) + 1)
            }),
        ),
        ("list, one month of the past", fixed("/indbakke?visning=alle&fra=2020-03-01&til=2020-03-31")),
        ("search, a word in most texts", fixed("/indbakke?visning=alle&q=kommunen")),
        ("search, two common words", fixed("/indbakke?visning=alle&q=afg%C3%B8relse+handicap")),
        ("search, a rare word", fixed("/indbakke?visning=alle&q=fiskterdom")),
        ("search, a word not finished", fixed("/indbakke?visning=alle&q=fiskte")),
        ("search, a word that is nowhere", fixed("/indbakke?visning=alle&q=zebra")),
        ("one enquiry, old or new", Box::new(|dice| any(dice))),
    ];
    println!("\n{name}: {} enquiries, {} messages", options.enquiries, options.messages);
    println!("{:<36}{:>12}{:>12}{:>12}{:>10}", "", "median ms", "p99 ms", "most ms", "kB");
    for (what, mut path) in sorts {
        let first = path(&mut dice);
        // What is looked for stands in no address: it is kept first, once.
        let found = match first.split_once("q=") {
            Some((_, words)) => Some(search(product.port, words, &cookie)?),
            None => None,
        };
        ask(product.port, found.as_deref().unwrap_or(&first), &cookie)?;
        let mut times = Vec::with_capacity(options.requests);
        let mut bytes = 0;
        for _ in 0..options.requests {
            let path = found.clone().unwrap_or_else(|| path(&mut dice));
            let begun = Instant::now();
            bytes = ask(product.port, &path, &cookie)?;
            times.push(begun.elapsed().as_secs_f64() * 1e3);
        }
        times.sort_by(f64::total_cmp);
        let at = |share: f64| times[((times.len() - 1) as f64 * share).round() as usize];
        println!(
            "{what:<36}{:>12.1}{:>12.1}{:>12.1}{:>10.1}",
            at(0.5),
            at(0.99),
            at(1.0),
            bytes as f64 / 1e3
        );
    }
    Ok(())
}
