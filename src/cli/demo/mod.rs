//! `indgang demo`: a day's letters through the real pipeline, on a throw-away database.
//!
//! Nothing leaves the machine: acknowledgements are written into a folder, and the last of them is shown.

pub mod letters;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use indgang_channels::message::ExternalId;
use jiff::fmt::rfc2822;

use super::arguments::Demo;
use super::{assemble, connections, exit, logging, serve, terminal, texting};
use crate::clock::Clock;
use crate::config::Config;
use crate::domain::arrival::ArrivalId;
use crate::domain::calendar;
use crate::store::Store;
use crate::store::letters::Letter;
use crate::work::intake::Intake;
use crate::work::server::{Parts, Server};

/// The demonstration's settings, on top of the defaults. No mailbox: the letters are made up.
const SETTINGS: &str = include_str!("settings.toml");

/// Between two letters, so that a person can follow.
const PAUSE: Duration = Duration::from_millis(250);

/// Runs it.
///
/// # Errors
/// When something cannot start.
pub fn run(options: &Demo) -> anyhow::Result<u8> {
    let folder = Temporary::make()?;
    let settings = folder.0.join("settings.toml");
    let text = SETTINGS
        .replace("{database}", &format!("sqlite:{}", folder.0.join("demo.sqlite").display()))
        .replace("{letters}", &folder.0.join("sent").display().to_string());
    std::fs::write(&settings, text)?;
    let config = assemble::config_of(Some(&settings))?;
    logging::start(&config.log)?;
    let metrics = serve::metrics()?;
    assemble::runtime()?.block_on(async {
        show(&config, options.letters).await?;
        if options.stay {
            let stop = serve::stop_signal()?;
            terminal::say(format_args!(
                "\nAnswering on http://{} until stopped (Ctrl-C).",
                config.web.listen
            ));
            serve::serve(&config, Clock::system(), metrics, &stop).await?;
        }
        anyhow::Ok(())
    })?;
    Ok(exit::OK)
}

async fn show(config: &Config, count: usize) -> anyhow::Result<()> {
    let clock = Clock::system();
    let store = assemble::store(config).await?;
    let desk = Arc::new(assemble::desk(config, clock.clone()));
    let letters = connections::letters(config, &store, "demo", &clock)?;
    let texts = texting::outbox(config, &texting::accounts(config)?, &store, "demo", &clock)?;
    let server = Server::start(
        Parts { store: store.clone(), desk, letters, texts, files: None, clock: clock.clone() },
        |_, _| Vec::new(),
    );
    let door = server.door().context("the intake is open")?.clone();
    terminal::say(
        "A throw-away database, invented citizens, the real pipeline. Nothing leaves this machine.\n",
    );
    terminal::say("  arrived  what it became  number        promised    acknowledgement");
    let mut shown = ArrivalId(0);
    for number in 0..count {
        bring(&door, config, number, &clock).await?;
        // Give the acknowledgement the moment that it takes, so that its state is the final one.
        settle(&store).await?;
        for latest in store.latest(shown, 100).await? {
            shown = latest.arrival;
            let at =
                latest.received_at.to_zoned(calendar::copenhagen().clone()).strftime("%H:%M:%S").to_string();
            terminal::say(format_args!(
                "  {at}  {:<14}  {:<12}  {:<10}  {}",
                latest.disposition.as_str(),
                latest.reference.unwrap_or_default(),
                latest.promised_reply_date.unwrap_or_default(),
                latest.acknowledgement.as_deref().unwrap_or("none due"),
            ));
        }
        tokio::time::sleep(PAUSE).await;
    }
    let ledger = store.ledger(true).await?;
    terminal::say(format_args!(
        "\nThe ledger: received {} = enquiry {} + automatic {} + hold {} + others {}; {}.",
        ledger.received,
        ledger.dispositions.enquiry,
        ledger.dispositions.automatic,
        ledger.dispositions.hold,
        ledger.received
            - ledger.dispositions.enquiry
            - ledger.dispositions.automatic
            - ledger.dispositions.hold,
        if ledger.mistakes.is_empty() { "it adds up" } else { "it does NOT add up" },
    ));
    drop(door);
    show_letter(config.email.submit.folder.as_deref()).await?;
    server.stop(Duration::from_secs(10)).await;
    Ok(())
}

async fn bring(door: &Intake, config: &Config, number: usize, clock: &Clock) -> anyhow::Result<()> {
    let now = clock.now();
    let date = rfc2822::to_string(&now.to_zoned(calendar::copenhagen().clone()))?;
    // The first ten letters that a reader sees should show more than one sort.
    let letter = letters::letter(
        if number % 6 == 4 { 24 + 50 * number } else { number },
        "borgerraadgiver@eksempel.example",
        &date,
    );
    let reader = Arc::new(assemble::reader(config, None)?);
    let external_id = ExternalId(format!("demo:{number}"));
    let (raw, incoming) = reader.read(letter.raw, external_id, now).await;
    door.submit(Letter { raw, incoming, cursor: None }).await?.wait().await?;
    Ok(())
}

/// Waits until nothing is queued, or a second is over.
async fn settle(store: &Store) -> anyhow::Result<()> {
    for _ in 0..50 {
        if store.outbox_depth().await?.waiting == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(())
}

/// Shows one acknowledgement as a citizen reads it.
async fn show_letter(folder: Option<&Path>) -> anyhow::Result<()> {
    let Some(folder) = folder else { return Ok(()) };
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .map(|entries| entries.flatten().map(|entry| entry.path()).collect())
        .unwrap_or_default();
    files.sort();
    let Some(file) = files.first() else { return Ok(()) };
    let raw = tokio::fs::read(file).await?;
    if let Some(message) = mail_parser::MessageParser::default().parse(&raw) {
        terminal::say(format_args!(
            "\nWhat one of them was sent:\n\n  {}\n",
            message.subject().unwrap_or_default()
        ));
        for line in message.body_text(0).unwrap_or_default().lines() {
            terminal::say(format_args!("  {line}"));
        }
    }
    Ok(())
}

/// A folder that goes away with the demonstration.
struct Temporary(std::path::PathBuf);

impl Temporary {
    fn make() -> anyhow::Result<Self> {
        let path = std::env::temp_dir().join(format!(
            "indgang-demo-{}-{:08x}",
            std::process::id(),
            rand::random::<u32>()
        ));
        std::fs::create_dir(&path).with_context(|| format!("{} cannot be made", path.display()))?;
        Ok(Self(path))
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
