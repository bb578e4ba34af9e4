//! Builds the accounts with gateways from the configuration, and what works on them.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, bail};
use indgang_channels::sms::gateway::{Gateway, Settings};
use indgang_channels::sms::preset::{Need, Preset, Verify};
use indgang_channels::sms::wire::Credentials;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::assemble;
use crate::clock::Clock;
use crate::config::{Config, SmsAccount};
use crate::health::Health;
use crate::store::Store;
use crate::web::texts::Take;
use crate::work::claim::Claim;
use crate::work::intake::Intake;
use crate::work::outbox::Outbox;
use crate::work::retry::Backoff;
use crate::work::server::Source;
use crate::work::texting::calls::Calls;
use crate::work::texting::carry::Texts;
use crate::work::texting::collect::{self, Collect};
use crate::work::texting::parts::Parts;
use crate::work::texting::{Accounts, TextAccount};

/// The preset of an account: a shipped one, or a file of the operator's.
///
/// # Errors
/// When there is none of that name, or the file is wrong.
pub fn preset(account: &SmsAccount) -> anyhow::Result<Preset> {
    preset_named(&account.gateway, &format!("sms.accounts.{}.gateway", account.name))
}

/// A preset by its name or the path of its file; `key` is where that was said.
///
/// # Errors
/// When there is none of that name, or the file is wrong.
pub fn preset_named(gateway: &str, key: &str) -> anyhow::Result<Preset> {
    if let Some(shipped) = Preset::shipped(gateway) {
        return shipped.with_context(|| format!("{key}: the shipped preset {gateway} is wrong"));
    }
    if !gateway.contains(['/', '.']) {
        let names = Preset::shipped_names().join(", ");
        bail!("{key}: there is no gateway {gateway:?}; there are {names}, or the path of a preset's file");
    }
    let text = std::fs::read_to_string(Path::new(gateway)).with_context(|| format!("{key}: {gateway}"))?;
    Preset::parse(gateway, &text).with_context(|| format!("{key}: {gateway}"))
}

/// One account with its gateway.
///
/// # Errors
/// When its preset is wrong, or a key that the preset needs is not set.
pub fn account(config: &Config, account: &SmsAccount) -> anyhow::Result<TextAccount> {
    let preset = preset(account)?;
    for need in preset.needs() {
        let (key, missing) = match need {
            Need::User => ("user", account.user.is_none()),
            Need::Password => ("password", account.password.is_none()),
            Need::SigningSecret => ("signing_secret", account.signing_secret.is_none()),
            Need::PathSecret => ("path_secret", account.path_secret.is_none()),
            Need::BaseUrl => ("base_url", account.base_url.is_none()),
        };
        if missing {
            bail!(
                "sms.accounts.{}.{key} must be set: the gateway {} needs it",
                account.name,
                account.gateway
            );
        }
    }
    // What Twilio signs begins with the address that it calls.
    if matches!(preset.verify, Verify::Twilio) && account.public_url.is_none() {
        bail!("sms.accounts.{}.public_url must be set: Twilio signs the address that it calls", account.name);
    }
    let credentials = credentials(account);
    let gateway = Gateway::new(Settings {
        name: account.name.clone(),
        preset,
        credentials: credentials.clone(),
        base_url: account.base_url.as_ref().map(|url| url.trim_end_matches('/').to_owned()),
        extra_ca: account.ca_file.clone(),
        timeout: account.timeout,
    })
    .with_context(|| format!("sms.accounts.{}", account.name))?;
    Ok(TextAccount {
        name: account.name.clone(),
        gateway,
        credentials,
        numbers: account.numbers.clone(),
        public_url: account.public_url.as_ref().map(|url| url.trim_end_matches('/').to_owned()),
        foreign: config.sms.foreign.clone(),
    })
}

/// What an account is proved by.
pub fn credentials(account: &SmsAccount) -> Credentials {
    Credentials {
        user: account.user.clone(),
        password: account.password.clone(),
        signing_secret: account.signing_secret.clone(),
        path_secret: account.path_secret.clone(),
    }
}

/// All enabled accounts.
///
/// # Errors
/// What is wrong with the first that cannot be set up.
pub fn accounts(config: &Config) -> anyhow::Result<Accounts> {
    config.sms.enabled().map(|one| Ok((one.name.clone(), Arc::new(account(config, one)?)))).collect()
}

/// What sends texts.
///
/// # Errors
/// When a text is wrong, or longer than it may be with the office's words.
pub fn outbox(
    config: &Config,
    accounts: &Accounts,
    store: &Store,
    node: &str,
    clock: &Clock,
) -> anyhow::Result<Outbox<Texts>> {
    let (templates, words) = assemble::texts(config)?;
    if !accounts.is_empty() {
        crate::texts::check_short(&templates, &words)?;
    }
    let acknowledgement = &config.acknowledgement;
    let at_a_time: u32 = config.sms.enabled().map(|account| account.connections).sum();
    Ok(Outbox {
        store: store.clone(),
        carrier: Texts {
            accounts: accounts.clone(),
            templates,
            words,
            at_a_time: usize::try_from(at_a_time).unwrap_or(1).max(1),
            clock: clock.clone(),
        },
        backoff: Backoff { first: acknowledgement.retry_min, longest: acknowledgement.retry_max },
        max_age: acknowledgement.max_age,
        node: node.to_owned(),
        clock: clock.clone(),
    })
}

/// What brings texts beside the gateways' calls: the parts that become whole, and the gateways that must be asked.
pub fn sources(
    config: &Config,
    accounts: &Accounts,
    store: &Store,
    health: &Health,
    node: &str,
    clock: &Clock,
    ring: &Arc<Notify>,
) -> impl FnOnce(&Intake, &CancellationToken) -> Vec<Source> + use<> {
    let (accounts, store, health) = (accounts.clone(), store.clone(), health.clone());
    let (node, clock, ring, patience) =
        (node.to_owned(), clock.clone(), Arc::clone(ring), config.sms.parts_wait);
    let intervals: Vec<(String, std::time::Duration)> =
        config.sms.enabled().map(|account| (account.name.clone(), account.collect_interval)).collect();
    move |door: &Intake, stop: &CancellationToken| {
        let mut sources: Vec<Source> = Vec::new();
        for (name, interval) in intervals {
            let Some(account) = accounts.get(&name).filter(|account| account.collects()) else {
                continue;
            };
            let collect = Collect {
                account: Arc::clone(account),
                interval,
                door: door.clone(),
                store: store.clone(),
                health: health.clone(),
                claim: Claim {
                    store: store.clone(),
                    name: format!("gateway:{name}"),
                    node: node.clone(),
                    length: collect::LEASE,
                    clock: clock.clone(),
                },
                clock: clock.clone(),
            };
            let stop = stop.clone();
            sources.push(Box::pin(async move { collect.run(&stop).await }));
        }
        if !accounts.is_empty() {
            let parts = Parts { store, door: door.clone(), accounts, patience, ring, clock };
            let stop = stop.clone();
            sources.push(Box::pin(async move { parts.run(&stop).await }));
        }
        sources
    }
}

/// Takes the gateways' calls for the web server.
pub fn take(calls: Calls) -> Take {
    let calls = Arc::new(calls);
    Arc::new(move |account, secret, call| {
        let calls = Arc::clone(&calls);
        Box::pin(async move { calls.take(&account, secret.as_deref(), &call).await })
    })
}
