//! `indgang ledger`: received = the sum of dispositions.

use super::arguments::{Arguments, Ledger};
use super::{assemble, exit, terminal};
use crate::domain::arrival::Disposition;
use crate::store;

/// Runs it.
///
/// # Errors
/// When the configuration is wrong or the database does not answer.
pub fn run(arguments: &Arguments, options: &Ledger) -> anyhow::Result<u8> {
    let config = assemble::config(arguments)?;
    let ledger = assemble::runtime()?.block_on(async {
        let store = assemble::store(&config).await?;
        let ledger = store.ledger(options.verify).await?;
        store.close().await;
        anyhow::Ok(ledger)
    })?;
    if options.json {
        terminal::say(serde_json::to_string(&ledger)?);
    } else {
        say(&ledger);
    }
    Ok(if ledger.mistakes.is_empty() { exit::OK } else { exit::FAILURE })
}

fn say(ledger: &store::ledger::Ledger) {
    terminal::say(format_args!("received          {:>8}", ledger.received));
    for disposition in Disposition::ALL {
        terminal::say(format_args!(
            "  {:<15} {:>8}",
            disposition.as_str(),
            ledger.dispositions.get(disposition)
        ));
    }
    let acknowledgements = &ledger.acknowledgements;
    terminal::say(format_args!("acknowledgements  {:>8}", acknowledgements.sum()));
    for (state, count) in [
        ("queued", acknowledgements.queued),
        ("sent", acknowledgements.sent),
        ("failed", acknowledgements.failed),
        ("unknown", acknowledgements.unknown),
        ("suppressed", acknowledgements.suppressed),
    ] {
        terminal::say(format_args!("  {state:<15} {count:>8}"));
    }
    if ledger.parts_waiting > 0 {
        terminal::say(format_args!("parts that wait   {:>8}", ledger.parts_waiting));
    }
    if ledger.mistakes.is_empty() {
        terminal::say("It adds up.");
    } else {
        terminal::say("It does NOT add up:");
        for mistake in &ledger.mistakes {
            terminal::say(format_args!("  {mistake}"));
        }
    }
}
