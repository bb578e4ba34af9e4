//! Builds what programs of the municipality's meet from the configuration.

use std::sync::Arc;

use super::web_form;
use crate::clock::Clock;
use crate::config::Config;
use crate::store::Store;
use crate::web::api::{Api, Parts};
use crate::web::public::limits::Limits;

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
        areas: web_form::settings(config)?.areas,
        trusted: config.web.trusted_proxies.clone(),
        tried: Limits::new(TRIES, ATTACK, rand::random()),
        draw: Arc::new(rand::random),
        clock: clock.clone(),
    }))
}
