//! `indgang ingest`: letters from files or a mail server's pipe, through the same intake.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use indgang_channels::message::ExternalId;
use indicatif::{ProgressBar, ProgressStyle};
use sha2::{Digest, Sha256};
use tokio::sync::mpsc;

use super::arguments::{Arguments, Ingest};
use super::source::{self, Found};
use super::{assemble, exit, logging, terminal, web_form};
use crate::clock::Clock;
use crate::domain::arrival::Disposition;
use crate::store::letters::{Filed, Letter};
use crate::work::intake::{Intake, Receipt};
use crate::work::read::Reader;

/// Letters that may be on their way to the database at a time.
const UNDER_WAY: usize = 256;

/// Runs it. From standard input every failure says «keep the letter», whatever its cause: a mail server that is told
/// anything else bounces or drops it.
pub fn run(arguments: &Arguments, options: &Ingest) -> u8 {
    let piped = options.paths.iter().any(|path| path == Path::new("-"));
    match ingest(arguments, options) {
        Ok(()) => exit::OK,
        Err(error) => {
            terminal::say_error(&error);
            if piped { exit::TEMPORARY } else { exit::FAILURE }
        }
    }
}

fn ingest(arguments: &Arguments, options: &Ingest) -> anyhow::Result<()> {
    let config = assemble::config(arguments)?;
    logging::start(&config.log)?;
    let clock = Clock::system();
    let reader = Arc::new(assemble::reader(&config, options.account.as_deref())?);
    let desk = Arc::new(assemble::desk(&config, clock.clone()));
    let files = web_form::file_check(&config);
    let bar = progress(&options.paths)?;
    assemble::runtime()?.block_on(async {
        let store = assemble::store(&config).await?;
        let (intake, work) = Intake::open(store.clone(), desk, Vec::new(), files, clock.clone());
        let worker = tokio::spawn(work);
        let (found, mut letters) = mpsc::channel::<Found>(16);
        let paths = options.paths.clone();
        let finding = tokio::task::spawn_blocking(move || {
            source::each(&paths, |one| found.blocking_send(one).context("the intake has stopped"))
        });
        let (receipts, mut waiting) = mpsc::channel::<Receipt>(UNDER_WAY);
        let counting = tokio::spawn(async move {
            let mut tally = Tally::default();
            while let Some(receipt) = waiting.recv().await {
                tally.count(&receipt.wait().await?);
            }
            anyhow::Ok(tally)
        });
        while let Some(one) = letters.recv().await {
            bar.inc(one.advance);
            let receipt = intake.submit(read(&reader, one, &clock).await).await?;
            // The counter stops at the first letter that is not filed; then so do we.
            if receipts.send(receipt).await.is_err() {
                break;
            }
        }
        drop((receipts, letters));
        let tally = counting.await??;
        finding.await??;
        drop(intake);
        worker.await?;
        store.close().await;
        bar.finish_and_clear();
        tally.say();
        Ok(())
    })
}

/// A letter from a file is the same letter when its bytes are the same.
async fn read(reader: &Arc<Reader>, one: Found, clock: &Clock) -> Letter {
    let hash = Sha256::digest(&one.raw);
    let external_id = ExternalId(format!("sha256:{}", hex(&hash)));
    let now = clock.now();
    let (raw, mut incoming) = reader.read(one.raw, external_id, now).await;
    // A letter from a pipe comes now. One from an archive came about when it was written, as far as anybody knows.
    if one.name != "-"
        && let Some(written) = incoming.sent_at.filter(|written| *written < now)
    {
        incoming.received_at = written;
    }
    Letter { raw, incoming, cursor: None }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn progress(paths: &[std::path::PathBuf]) -> anyhow::Result<ProgressBar> {
    let size = source::size(paths)?;
    if !terminal::is_watched() || size == 0 {
        return Ok(ProgressBar::hidden());
    }
    let bar = ProgressBar::new(size);
    if let Ok(style) =
        ProgressStyle::with_template("{bar:40} {bytes}/{total_bytes}  {bytes_per_sec}  {eta} left")
    {
        bar.set_style(style);
    }
    Ok(bar)
}

/// What became of the letters, in numbers.
#[derive(Default)]
struct Tally {
    counts: [u64; Disposition::ALL.len()],
    again: u64,
}

impl Tally {
    fn count(&mut self, filed: &Filed) {
        match &filed.routing {
            Some(routing) => {
                let index = Disposition::ALL.iter().position(|one| *one == routing.disposition);
                self.counts[index.unwrap_or_default()] += 1;
            }
            None => self.again += 1,
        }
    }

    fn say(&self) {
        for (disposition, count) in Disposition::ALL.iter().zip(self.counts) {
            if count > 0 {
                terminal::say(format_args!("{:<12} {count}", disposition.as_str()));
            }
        }
        if self.again > 0 {
            terminal::say(format_args!("{:<12} {} (nothing changed)", "again", self.again));
        }
    }
}
