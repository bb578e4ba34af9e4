//! Builds what programs of the municipality's meet from the configuration.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::web_form;
use crate::clock::Clock;
use crate::config::Config;
use crate::domain::webhook::Reach;
use crate::store::Store;
use crate::web::api::{Api, Parts};
use crate::web::public::limits::Limits;
use crate::work::server::Source;
use crate::work::webhooks::{Line, Webhooks};

/// How often one address may try a token that nobody gave within ten minutes.
const TRIES: u32 = 30;
/// What many together do is only counted so far.
const ATTACK: u32 = 100_000;

/// The API.
///
/// # Errors
/// When the areas are wrong.
pub fn api(config: &Config, store: &Store, clock: &Clock) -> anyhow::Result<Api> {
    Ok(Api::new(Parts {
        store: store.clone(),
        counted: {
            let sums = super::inbox::figures(config, store, clock)?;
            Arc::new(move |period| {
                let sums = sums.clone();
                Box::pin(async move { sums.counted(period).await })
            })
        },
        areas: web_form::settings(config)?.areas,
        trusted: config.web.trusted_proxies.clone(),
        tried: Limits::new(TRIES, ATTACK, rand::random()),
        draw: Arc::new(rand::random),
        clock: clock.clone(),
    }))
}

/// Which other systems may be told.
pub fn reach(config: &Config) -> Reach {
    Reach { networks: config.inbox.webhook_networks.clone() }
}

/// Tells other systems, as things happen.
pub fn webhooks(config: &Config, store: &Store, clock: &Clock, stop: &CancellationToken) -> Source {
    let (store, clock, stop) = (store.clone(), clock.clone(), stop.clone());
    let line = Line::new(reach(config));
    Box::pin(async move {
        match line {
            Ok(line) => Webhooks { store, line, clock }.run(&stop).await,
            Err(error) => {
                tracing::error!(%error, "other systems are not told; what happens waits");
                stop.cancelled().await;
            }
        }
    })
}
