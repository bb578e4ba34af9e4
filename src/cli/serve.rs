//! `indgang serve`: everything in one process, until stopped.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::arguments::{Arguments, Serve};
use super::{assemble, connections, exit, inbox, logging, programs, texting, web_form};
use crate::clock::Clock;
use crate::config::Config;
use crate::health::Health;
use crate::web::listen::{self, Patience};
use crate::web::{self, Operations};
use crate::work::server::{Parts, Server, Source};
use crate::work::texting::calls::Calls;

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
    let letters = connections::letters(config, &store, &node, &clock)?;
    let accounts = texting::accounts(config)?;
    let texts = texting::outbox(config, &accounts, &store, &node, &clock)?;
    let polls = connections::polls(config, &store, &health, &node, &clock)?;
    let desk = Arc::new(assemble::desk(config, clock.clone()));
    let (listener, address) = bind(config).await?;
    let operations = Operations {
        store: store.clone(),
        health,
        metrics,
        clock: clock.clone(),
        outbox_age: connections::OUTBOX_AGE,
    };
    let mailboxes = config.email.mailboxes.iter().filter(|mailbox| mailbox.enabled).count();
    let parts = Arc::new(Notify::new());
    let other = texting::sources(config, &accounts, &store, &operations.health, &node, &clock, &parts);
    let sums = inbox::figures(config, &store, &clock)?;
    let monthly = inbox::monthly(config, &store, &clock)?;
    let server = Server::start(
        Parts {
            store: store.clone(),
            desk: desk.clone(),
            letters,
            texts,
            files: web_form::file_check(config),
            clock: clock.clone(),
        },
        |door, stop| {
            let upkeep = web_form::upkeep(config, &store, &clock, stop);
            let index = inbox::index(&store, stop);
            let told = programs::webhooks(config, &store, &clock, stop);
            let added: Source = {
                let (sums, stop) = (sums.clone(), stop.clone());
                Box::pin(async move { sums.run(&stop).await })
            };
            let mailed: Option<Source> = monthly.map(|monthly| -> Source {
                let stop = stop.clone();
                Box::pin(async move { monthly.run(&stop).await })
            });
            let own = [upkeep, index, told, added].into_iter().chain(mailed);
            polls(door, stop).into_iter().chain(other(door, stop)).chain(own).collect()
        },
    );
    let door = server.door().context("the intake is open")?.clone();
    let gateways = accounts.len();
    let public = web_form::public(config, &store, &door, &clock).await?;
    let advisers = inbox::inbox(config, &store, desk, &clock)?;
    let api = programs::api(config, &store, &clock)?;
    inbox::first_link(config, &store, &clock, address).await?;
    let calls = Calls::new(accounts, config.sms.calls_per_second, door, store.clone(), parts, clock);
    tracing::info!(database = store.kind(), mailboxes, gateways, web = %address, "ready");
    let closing = stop.clone();
    let router = web::router(operations, texting::take(calls), public, advisers, api);
    let web = tokio::spawn(listen::serve(listener, router, patience(config), async move {
        closing.cancelled().await;
    }));
    stop.cancelled().await;
    tracing::info!("stopping");
    // What still calls after that must not keep the door open: it is answered with a broken connection, and calls again.
    let abort = web.abort_handle();
    let web_stopped = tokio::time::timeout(config.web.drain, web).await;
    abort.abort();
    server.stop(config.web.drain).await;
    if let Ok(Err(error)) = web_stopped {
        tracing::warn!(%error, "the web server ended in disorder");
    }
    tracing::info!("stopped");
    Ok(())
}

fn patience(config: &Config) -> Patience {
    Patience {
        head: config.web.head_timeout,
        body: config.web.body_timeout,
        connections: config.web.connections as usize,
    }
}

async fn bind(config: &Config) -> anyhow::Result<(TcpListener, SocketAddr)> {
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
    metrics::describe_gauge!("indgang_outbox_depth", "Letters and texts that wait");
    metrics::describe_gauge!("indgang_outbox_oldest_seconds", "How long the oldest of them has waited");
    metrics::describe_counter!("indgang_replies_total", "The adviser's replies, by what came of a try");
    metrics::describe_counter!("indgang_text_pauses_total", "Numbers that automatic texts were paused for");
    metrics::describe_counter!("indgang_gateway_calls_total", "Calls of gateways, by what became of them");
    metrics::describe_gauge!(
        "indgang_text_parts_waiting",
        "Parts of texts that wait for the rest of their text"
    );
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
