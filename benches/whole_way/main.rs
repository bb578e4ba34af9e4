//! How fast letters get from a real mailbox to acknowledgements that a mail server has accepted, beside what mbsync
//! takes to copy the same mailbox in the same run.
//!
//! `cargo bench --bench whole_way -- --help` tells what can be set. Needs Linux and the Debian packages that it names
//! when they are missing; everything runs on this machine's loopback and in a folder that is removed at the end.
#![expect(clippy::print_stdout, reason = "a benchmark's outcome is what it prints")]

#[path = "../common/commits.rs"]
mod commits;
mod latency;
mod process;
mod product;
mod sink;
mod table;
mod yardstick;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use clap::Parser;
use indgang::cli::demo::letters::{self, Sort};
use indgang_peers::Dovecot;

use self::product::{Product, Watch};
use self::sink::Sink;
use self::table::{Run, Table, mebibytes, median, quantile};

/// The date of every letter.
const DATE: &str = "Mon, 2 Nov 2026 09:00:00 +0100";

/// Measures the whole way of a letter, beside mbsync.
#[derive(Debug, Parser)]
#[command(name = "whole_way")]
struct Options {
    /// Letters in the mailbox.
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    letters: u32,
    /// Rounds; each runs every contestant once, one after the other.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=50))]
    rounds: u32,
    /// Letters in the mailbox that peak memory is measured on; 0 leaves it out.
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(0..=100_000))]
    many: u32,
    /// Letters that are delivered one at a time, for each way of watching; 0 leaves it out.
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u32).range(0..=1_000))]
    lone: u32,
    /// Milliseconds between looks when the mailbox is polled.
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u64).range(1..=60_000))]
    near_poll: u64,
    /// Where databases and copies are written. On the disk that is to be measured.
    #[arg(long, default_value = env!("CARGO_TARGET_TMPDIR"))]
    folder: PathBuf,
    /// The program that is measured: another build than this tree's, to compare the two.
    #[arg(long, default_value = env!("CARGO_BIN_EXE_indgang"))]
    program: PathBuf,
    /// What cargo says to a benchmark.
    #[arg(long, hide = true)]
    bench: bool,
    /// What test runners ask; there is no test here.
    #[arg(long, hide = true)]
    list: bool,
    /// What test runners say with it.
    #[arg(long, hide = true)]
    format: Option<String>,
    /// What test runners say with it.
    #[arg(long, hide = true)]
    ignored: bool,
}

fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    if !options.bench || options.list {
        // `cargo test --benches`: this is a measurement, not a test.
        return Ok(());
    }
    fs::create_dir_all(&options.folder)?;
    let folder = tempfile::Builder::new().prefix("whole-way-").tempdir_in(&options.folder)?;
    let dovecot = Dovecot::start()?;
    let sink = Sink::start()?;
    let bench = Bench { program: &options.program, folder: folder.path(), dovecot: &dovecot, sink: &sink };
    let mut table = Table::default();
    bench.throughput(&options, &mut table)?;
    if options.many > 0 {
        let due = bench.seed("many", options.many)?;
        table.runs(
            &format!("  with {} letters", options.many),
            &[bench.whole_way("many", options.many as usize, due)?],
        );
    }
    bench.at_rest(&mut table)?;
    if options.lone > 0 {
        let poll = Duration::from_millis(options.near_poll);
        table.heading("Delivered to acknowledged, idle server", &["median ms", "90 % ms", "slowest ms"]);
        bench.alone(&mut table, "  watch = \"idle\"", Watch::Idle, 0, options.lone)?;
        let title = format!("  watch = \"poll\", near_poll = \"{}ms\"", options.near_poll);
        bench.alone(&mut table, &title, Watch::Poll(poll), options.lone, options.lone)?;
    }
    println!("{}", table.text());
    println!(
        "Letters from a Dovecot of the test peers, plain on loopback. Acknowledgements to an SMTP sink of our own,\n\
         which accepts at once and keeps nothing. SQLite with synchronous=FULL. Medians of {} interleaved rounds.",
        options.rounds
    );
    Ok(())
}

/// What every measurement needs.
struct Bench<'a> {
    program: &'a Path,
    folder: &'a Path,
    dovecot: &'a Dovecot,
    sink: &'a Sink,
}

impl Bench<'_> {
    fn product(&self, folder: &Path, user: &str, watch: Watch) -> anyhow::Result<Product> {
        Product::start(self.program, folder, self.dovecot, user, self.sink, watch)
    }

    /// A folder of its own for every pass. All of them are removed at the end and none before: ext4 does not use the
    /// inodes of removed files again for half a minute, and searching for others made mbsync three times slower.
    fn place(&self) -> PathBuf {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        self.folder.join(COUNT.fetch_add(1, Ordering::Relaxed).to_string())
    }

    /// Fills a user's inbox, and says how many acknowledgements are due.
    fn seed(&self, user: &str, count: u32) -> anyhow::Result<usize> {
        let inbox = self.dovecot.inbox(user)?;
        let mut due = 0;
        for number in 0..count as usize {
            let letter = letters::letter(number, product::ADDRESS, DATE);
            due += usize::from(letter.sort == Sort::First);
            inbox.deliver(&letter.raw)?;
        }
        // Once unmeasured: Dovecot numbers and indexes what it finds, which is no contestant's work.
        yardstick::mbsync(&self.place(), self.dovecot, user, count as usize, false)?;
        Ok(due)
    }

    /// From the start of the program to the last acknowledgement that is due.
    fn whole_way(&self, user: &str, letters: usize, due: usize) -> anyhow::Result<Run> {
        let folder = self.place();
        self.sink.clear();
        self.dovecot.inbox(user)?.unmark()?;
        let product = self.product(&folder, user, Watch::Idle)?;
        let patience = Duration::from_secs(60) + Duration::from_millis(20) * u32::try_from(letters)?;
        let last = self.sink.wait(due, patience).map_err(|error| error.context(product.said()))?;
        let took = last.duration_since(product.started);
        let (cpu, peak) = (product.cpu()?, product.peak()?);
        product.stop()?;
        anyhow::ensure!(self.sink.repeated() == 0, "a letter was acknowledged twice");
        Ok(Run { letters, took, cpu, peak })
    }

    /// Every contestant once in every round, so that whatever else the machine does falls on all of them.
    fn throughput(&self, options: &Options, table: &mut Table) -> anyhow::Result<()> {
        let letters = options.letters as usize;
        let due = self.seed("some", options.letters)?;
        let (mut synced, mut unsynced, mut whole, mut commits) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for round in 1..=options.rounds {
            for (fsync, runs) in [(true, &mut synced), (false, &mut unsynced)] {
                runs.push(yardstick::mbsync(&self.place(), self.dovecot, "some", letters, fsync)?);
            }
            whole.push(self.whole_way("some", letters, due)?);
            commits.push(commits::commits(&self.place(), letters)?);
            println!(
                "round {round}: mbsync {:.0} and {:.0}, whole way {:.0} letters/s, {:.0} commits/s",
                synced.last().map_or(0.0, Run::rate),
                unsynced.last().map_or(0.0, Run::rate),
                whole.last().map_or(0.0, Run::rate),
                commits.last().copied().unwrap_or_default(),
            );
        }
        let ratio = |runs: &[Run]| {
            let ratios = whole.iter().zip(runs).map(|(whole, copy)| whole.rate() / copy.rate());
            format!("{:.2}", median(ratios))
        };
        table.heading(
            &format!("{letters} letters, {due} acknowledgements due"),
            &["letters/s", "range", "CPU s", "peak MiB"],
        );
        table.runs("mbsync to a Maildir, FSync yes", &synced);
        table.runs("mbsync to a Maildir, FSync no", &unsynced);
        table.line(
            "SQLite, one row a commit, synchronous=FULL",
            &[
                format!("{:.0}", median(commits.iter().copied())),
                format!(
                    "{:.0}-{:.0}",
                    quantile(commits.iter().copied(), 0.0),
                    quantile(commits.iter().copied(), 1.0)
                ),
            ],
        );
        table.runs("the whole way", &whole);
        table.line("  beside mbsync, FSync yes", &[ratio(&synced)]);
        table.line("  beside mbsync, FSync no", &[ratio(&unsynced)]);
        Ok(())
    }

    /// How soon it is there, and what it holds while nothing happens.
    fn at_rest(&self, table: &mut Table) -> anyhow::Result<()> {
        let folder = self.place();
        let mut starts = Vec::new();
        let mut first = None;
        let mut resident = 0;
        for round in 0..6 {
            let mut product = self.product(&folder, "rest", Watch::Idle)?;
            let ready = product.ready()?.as_secs_f64() * 1000.0;
            if round == 0 {
                first = Some(ready);
                std::thread::sleep(Duration::from_secs(10));
                resident = product.resident()?;
            } else {
                starts.push(ready);
            }
            product.stop()?;
        }
        table.heading("At rest", &[""]);
        table.line("  start to /healthz, ms", &[format!("{:.0}", median(starts))]);
        table.line("  the same, making the database, ms", &[format!("{:.0}", first.unwrap_or_default())]);
        table.line("  resident after 10 s idle, MiB", &[mebibytes(resident as f64)]);
        Ok(())
    }

    /// Letters that come one at a time.
    fn alone(
        &self,
        table: &mut Table,
        title: &str,
        watch: Watch,
        first: u32,
        count: u32,
    ) -> anyhow::Result<()> {
        let folder = self.place();
        self.sink.clear();
        let mut product = self.product(&folder, "alone", watch)?;
        product.ready()?;
        let waits = latency::measure(self.dovecot, self.sink, "alone", first, count)
            .map_err(|error| error.context(product.said()))?;
        product.stop()?;
        let milliseconds = || waits.iter().map(|wait| wait.as_secs_f64() * 1000.0);
        let figures = [0.5, 0.9, 1.0].map(|share| format!("{:.0}", quantile(milliseconds(), share)));
        table.line(title, &figures);
        Ok(())
    }
}
