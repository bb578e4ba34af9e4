//! `/healthz`, `/readyz` and `/metrics`.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use jiff::Timestamp;
use metrics_exporter_prometheus::PrometheusHandle;
use serde::Serialize;

use crate::clock::Clock;
use crate::health::{Health, MailboxHealth};
use crate::store::Store;

/// What the answers are made of.
#[derive(Clone, Debug)]
pub struct Operations {
    /// Asked for a sign of life, and for the outbox.
    pub store: Store,
    /// How the mailboxes are.
    pub health: Health,
    /// The recorded figures.
    pub metrics: PrometheusHandle,
    /// The clock.
    pub clock: Clock,
    /// The oldest acknowledgement may wait this long before the server calls itself not ready.
    pub outbox_age: Duration,
}

/// The routes of this room.
pub(super) fn routes(operations: Operations) -> Router {
    Router::new()
        .route("/healthz", get(healthz))
        .route("/readyz", get(readyz))
        .route("/metrics", get(metrics))
        .with_state(operations)
}

/// The process runs and answers. Asks nothing else, so that an outage elsewhere does not get it restarted.
async fn healthz() -> &'static str {
    "ok\n"
}

/// What `/readyz` says.
#[derive(Serialize)]
struct Readiness {
    ready: bool,
    database: Database,
    outbox: Outbox,
    mailboxes: BTreeMap<String, MailboxHealth>,
}

#[derive(Serialize)]
struct Database {
    kind: &'static str,
    ready: bool,
}

#[derive(Serialize)]
struct Outbox {
    ready: bool,
    waiting: Option<u64>,
    oldest_seconds: Option<u64>,
}

/// 200 when letters can come in and acknowledgements go out; 503 with what is wrong otherwise.
async fn readyz(State(operations): State<Operations>) -> Response {
    let now = operations.clock.now();
    let database = operations.store.ping().await.is_ok();
    let depth = if database { operations.store.outbox_depth().await.ok() } else { None };
    let oldest = depth.and_then(|depth| depth.oldest).map(|oldest| age(now, oldest));
    let outbox = Outbox {
        ready: depth.is_some() && oldest.is_none_or(|age| age <= operations.outbox_age),
        waiting: depth.map(|depth| depth.waiting),
        oldest_seconds: oldest.map(|age| age.as_secs()),
    };
    let mailboxes = operations.health.all();
    let ready = database && outbox.ready && mailboxes.values().all(|mailbox| mailbox.state.is_well());
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let database = Database { kind: operations.store.kind(), ready: database };
    (status, Json(Readiness { ready, database, outbox, mailboxes })).into_response()
}

/// The figures in Prometheus' text format.
async fn metrics(State(operations): State<Operations>) -> Response {
    let now = operations.clock.now();
    if let Ok(depth) = operations.store.outbox_depth().await {
        metrics::gauge!("indgang_outbox_depth").set(depth.waiting as f64);
        metrics::gauge!("indgang_outbox_oldest_seconds")
            .set(depth.oldest.map_or(0.0, |oldest| age(now, oldest).as_secs_f64()));
    }
    if let Ok(parts) = operations.store.text_parts_depth().await {
        metrics::gauge!("indgang_text_parts_waiting").set(parts.waiting as f64);
    }
    for (name, mailbox) in operations.health.all() {
        if let Some(contact) = mailbox.last_contact {
            metrics::gauge!("indgang_mailbox_lag_seconds", "mailbox" => name)
                .set(age(now, contact).as_secs_f64());
        }
    }
    operations.metrics.run_upkeep();
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], operations.metrics.render())
        .into_response()
}

fn age(now: Timestamp, then: Timestamp) -> Duration {
    Duration::try_from(now.duration_since(then)).unwrap_or_default()
}
