//! `indgang serve`: everything in one process, until stopped.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use super::arguments::{Arguments, Serve};
use super::{assemble, connections, exit, logging};
use crate::clock::Clock;
use crate::config::Config;
use crate::health::Health;
use crate::web::{self, Operations};
use crate::work::server::{Parts, Server};

/// Runs it.
///
/// # Errors
/// When it cannot start.
pub fn run(arguments: &Arguments, _options: &Serve) -> anyhow::Result<u8> {
    let config = assemble::config(arguments)?;
    logging::start(&config.log)?;
    let metrics = metrics()?;
    assemble::runtime()?.block_on(async {
        let stop = stop_signal()?;
        serve(&config, Clock::system(), metrics, &stop).await
    })?;
    Ok(exit::OK)
}

/// Serves until `stop`; then finishes what has begun.
///
/// # Errors
/// When something cannot start.
pub async fn serve(
    config: &Config,
    clock: Clock,
    metrics: PrometheusHandle,
    stop: &CancellationToken,
) -> anyhow::Result<()> {
    let store = assemble::store(config).await?;
    let node = connections::node(&store);
    let health = Health::default();
    let outbox = connections::outbox(config, &store, &node, &clock)?;
    let polls = connections::polls(config, &store, &health, &node, &clock)?;
    let desk = Arc::new(assemble::desk(config, clock.clone()));
    let (listener, address) = listen(config).await?;
    let operations = Operations {
        store: store.clone(),
        health,
        metrics,
        clock: clock.clone(),
        outbox_age: connections::OUTBOX_AGE,
    };
    let mailboxes = config.email.mailboxes.iter().filter(|mailbox| mailbox.enabled).count();
    let server = Server::start(Parts { store: store.clone(), desk, outbox, clock }, polls);
    tracing::info!(database = store.kind(), mailboxes, web = %address, "ready");
    let closing = stop.clone();
    let web = axum::serve(listener, web::router(operations))
        .with_graceful_shutdown(async move { closing.cancelled().await })
        .into_future();
    let web = tokio::spawn(web);
    stop.cancelled().await;
    tracing::info!("stopping");
    let web_stopped = tokio::time::timeout(config.web.drain, web).await;
    server.stop(config.web.drain).await;
    if let Ok(Ok(Err(error))) = web_stopped {
        tracing::warn!(%error, "the web server ended in disorder");
    }
    tracing::info!("stopped");
    Ok(())
}

async fn listen(config: &Config) -> anyhow::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind(config.web.listen)
        .await
        .with_context(|| format!("web.listen: cannot listen on {}", config.web.listen))?;
    let address = listener.local_addr().context("web.listen")?;
    Ok((listener, address))
}

/// The recorder of the process's figures.
///
/// # Errors
/// When a recorder is installed already.
pub fn metrics() -> anyhow::Result<PrometheusHandle> {
    const SECONDS: &[f64] = &[0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 5.0, 15.0, 60.0, 300.0, 3600.0];
    let handle = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_latency_seconds".to_owned()), SECONDS)?
        .install_recorder()?;
    metrics::describe_counter!("indgang_arrivals_total", "Messages that came in, by disposition");
    metrics::describe_counter!("indgang_acknowledgements_total", "Acknowledgements, by what came of a try");
    metrics::describe_histogram!(
        "indgang_acknowledgement_latency_seconds",
        "From filing a letter to the next server accepting its acknowledgement"
    );
    metrics::describe_gauge!("indgang_outbox_depth", "Acknowledgements that wait");
    metrics::describe_gauge!("indgang_outbox_oldest_seconds", "How long the oldest of them has waited");
    metrics::describe_gauge!("indgang_mailbox_up", "1 while letters come in from the mailbox");
    metrics::describe_gauge!("indgang_mailbox_lag_seconds", "Since the mailbox was last read to its end");
    Ok(handle)
}

/// Cancelled by SIGTERM or SIGINT.
///
/// # Errors
/// When the operating system takes no handler.
pub fn stop_signal() -> anyhow::Result<CancellationToken> {
    let stop = CancellationToken::new();
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let token = stop.clone();
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        token.cancel();
    });
    Ok(stop)
}
