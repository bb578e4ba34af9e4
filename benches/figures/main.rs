//! How long the statistics take over ten years and a million enquiries.
//!
//! `cargo bench --bench figures -- --enquiries 1000000 --postgres`. The enquiries come in as earlier years do, so that facts
//! and sums are the product's own. The release program runs as its users run it; what is measured is from the request to the
//! last byte of the page, one after the other, each asked once for warmth first. Beside it stands a page that asks the
//! database next to nothing.

#![expect(clippy::print_stdout, reason = "the table is what this is for")]

#[path = "../common/product.rs"]
#[expect(dead_code, reason = "the middle of other benchmarks' figures")]
mod product;

#[path = "../common/pages.rs"]
#[expect(dead_code, reason = "searching is another benchmark's")]
mod pages;

use std::collections::BTreeSet;
use std::time::Instant;

use anyhow::{Context, anyhow};
use clap::Parser;
use indgang::domain::area::AreaId;
use indgang::domain::enquiry::Kind;
use indgang::domain::statistics::fact::{Acknowledged, Before, Fact};
use indgang::domain::statistics::history::History;
use indgang::domain::task::Task;
use indgang::domain::triage::Purpose;
use indgang::store::{Store, StoreOptions};
use indgang_channels::message::Channel;
use indgang_peers::Postgres;
use jiff::civil::date;
use jiff::{SignedDuration, Timestamp};

use pages::{ask, link, sign_in};
use product::Product;

#[derive(Debug, Parser)]
struct Options {
    /// Enquiries, over ten years.
    #[arg(long, default_value_t = 1_000_000)]
    enquiries: i64,
    /// Requests of each sort.
    #[arg(long, default_value_t = 40)]
    requests: usize,
    /// On PostgreSQL too.
    #[arg(long)]
    postgres: bool,
    /// On PostgreSQL alone.
    #[arg(long)]
    postgres_only: bool,
    /// What cargo passes along.
    #[arg(long, hide = true)]
    bench: bool,
}

/// Random numbers that are the same in every run (SplitMix64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % below.max(1)
    }
}

fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let folder = tempfile::tempdir()?;
    if !options.postgres_only {
        let url = format!("sqlite:{}", folder.path().join("indgang.sqlite").display());
        runtime.block_on(fill(&url, options.enquiries))?;
        measure("SQLite", folder.path(), &url, &options)?;
    }
    if options.postgres || options.postgres_only {
        let server = Postgres::start().context("PostgreSQL")?;
        let url = server.create_database()?;
        runtime.block_on(fill(&url, options.enquiries))?;
        server.tidy().context("vacuumdb")?;
        measure("PostgreSQL", folder.path(), &url, &options)?;
    }
    Ok(())
}

/// Ten years, 2016 to 2025, a file for each.
async fn fill(url: &str, enquiries: i64) -> anyhow::Result<()> {
    let store = Store::open(&StoreOptions { url: url.to_owned(), connections: 2, durable: false }).await?;
    let now = Timestamp::from_second(1_767_600_000)?;
    let begun = Instant::now();
    for year in 2016..2026 {
        let history = History { facts: year_of(year, enquiries / 10)? };
        store.history_import(None, &history, now).await?.map_err(|why| anyhow!("{why:?}"))?;
    }
    store.close().await;
    println!("filled with {enquiries} enquiries in {:.0} s", begun.elapsed().as_secs_f64());
    Ok(())
}

fn year_of(year: i16, count: i64) -> anyhow::Result<Vec<Fact>> {
    let mut dice = Dice(year.unsigned_abs().into());
    let channels = [Channel::Email, Channel::Call, Channel::Web, Channel::Sms, Channel::Meeting];
    let start = date(year, 1, 1).to_zoned(jiff::tz::TimeZone::UTC)?.timestamp();
    let mut facts = Vec::new();
    for _ in 0..count {
        // The last hour of a year in UTC is the next year's in Copenhagen.
        let began = start + SignedDuration::from_secs((dice.roll(365 * 24 - 1) * 3600) as i64);
        let later = |days: u64| began + SignedDuration::from_hours(24 * days as i64);
        let channel = channels[dice.roll(5) as usize];
        let tasks: BTreeSet<Task> = Task::ALL.into_iter().filter(|_| dice.roll(4) == 0).collect();
        facts.push(Fact {
            person: dice.roll(count.unsigned_abs()) as i64 + 1,
            before: Before::default(),
            purpose: Purpose::Enquiry,
            joined: false,
            began,
            is_timed: true,
            channel,
            area: (dice.roll(10) > 0).then(|| AreaId(dice.roll(12) as i64 + 1)),
            kind: Some(if dice.roll(3) == 0 { Kind::OpenEnded } else { Kind::Delimited }),
            form: Some(channels[dice.roll(5) as usize]),
            ended: Some(later(dice.roll(120))),
            reopened: u32::from(dice.roll(20) == 0),
            after_closing: dice.roll(20) == 0,
            acknowledged: Acknowledged::Sent(began + SignedDuration::from_secs(dice.roll(60) as i64)),
            promised: Some(later(7).to_zoned(jiff::tz::TimeZone::UTC).date()),
            moved: u32::from(dice.roll(10) == 0),
            answered: Some(later(dice.roll(9))),
            tasks,
            themes: (0..dice.roll(3)).map(|_| format!("tema {}", dice.roll(40))).collect(),
            case: Some(dice.roll(2) == 0),
            forwarded: dice.roll(10) == 0,
            referred: dice.roll(10) == 0,
            outside: dice.roll(30) == 0,
            messages_in: 1 + dice.roll(5) as u32,
            messages_out: 1 + dice.roll(4) as u32,
            is_recorded: true,
        });
    }
    Ok(facts)
}

fn measure(name: &str, folder: &std::path::Path, url: &str, options: &Options) -> anyhow::Result<()> {
    let link = link(url)?;
    let product = Product::start(folder, |_| vec![("DATABASE__URL", url.to_owned())])?;
    let cookie = sign_in(product.port, &link)?;
    let sorts = [
        ("who am I (numbers)", "/indbakke/tal?siden=0"),
        ("ten years", "/indbakke/statistik?fra=2016-01-01&til=2025-12-31&mod=ingen"),
        ("five years beside five", "/indbakke/statistik?fra=2021-01-01&til=2025-12-31"),
        ("a year beside the year before", "/indbakke/statistik?fra=2025-01-01&til=2025-12-31"),
        ("days within months, beside others", "/indbakke/statistik?fra=2025-01-10&til=2025-11-23"),
        ("a year, one area", "/indbakke/statistik?fra=2025-01-01&til=2025-12-31&omr=3"),
        ("ten years, one area", "/indbakke/statistik?fra=2016-01-01&til=2025-12-31&mod=ingen&omr=3"),
        ("ten years as CSV", "/indbakke/statistik/hent?format=csv&fra=2016-01-01&til=2025-12-31&mod=ingen"),
        (
            "ten years as a workbook",
            "/indbakke/statistik/hent?format=xlsx&fra=2016-01-01&til=2025-12-31&mod=ingen",
        ),
        ("the report of a year as PDF", "/indbakke/beretning/hent?aar=2025&format=pdf"),
    ];
    println!("\n{name}: {} enquiries in ten years", options.enquiries);
    println!("{:<36}{:>12}{:>12}{:>12}{:>10}", "", "median ms", "p95 ms", "most ms", "kB");
    for (what, path) in sorts {
        ask(product.port, path, &cookie)?;
        let mut times = Vec::with_capacity(options.requests);
        let mut bytes = 0;
        for _ in 0..options.requests {
            let begun = Instant::now();
            bytes = ask(product.port, path, &cookie)?;
            times.push(begun.elapsed().as_secs_f64() * 1e3);
        }
        times.sort_by(f64::total_cmp);
        let at = |share: f64| times[((times.len() - 1) as f64 * share).round() as usize];
        println!(
            "{what:<36}{:>12.1}{:>12.1}{:>12.1}{:>10.1}",
            at(0.5),
            at(0.95),
            at(1.0),
            bytes as f64 / 1e3
        );
    }
    Ok(())
}
