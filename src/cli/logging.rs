//! The log: for people or for machines, and never with personal data.
//!
//! Our own lines carry ids and configured names only. Libraries are heard only where their lines are known to hold no
//! personal data, at any level that an operator asks for: lettre and async-imap trace whole conversations.

use anyhow::Context;
use tracing::{Level, Metadata};
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer};

use crate::config::{Log, LogFormat};

/// Libraries whose warnings help an operator and hold no personal data.
const HEARD: &[&str] = &["axum", "hyper", "tokio", "rustls"];

/// Starts the log on standard error.
///
/// # Errors
/// When `log.filter` cannot be read.
pub fn start(log: &Log) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&log.filter)
        .with_context(|| format!("log.filter: `{}` is not a level or a list of levels", log.filter))?;
    let layer = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(super::terminal::is_watched());
    let layer = match log.format {
        LogFormat::Human => layer.boxed(),
        LogFormat::Json => layer.json().flatten_event(true).boxed(),
    };
    let _ = tracing_subscriber::registry()
        .with(layer.with_filter(filter_fn(is_safe)).with_filter(filter))
        .try_init();
    Ok(())
}

fn is_safe(metadata: &Metadata<'_>) -> bool {
    let target = metadata.target().split("::").next().unwrap_or_default();
    target.starts_with("indgang") || (HEARD.contains(&target) && *metadata.level() <= Level::WARN)
}
