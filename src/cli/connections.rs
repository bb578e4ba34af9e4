//! Builds the connections of the server from the configuration: mailboxes and what sends.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use indgang_channels::email::mailbox::{Account, Action, Auth, Budget, Tls, Watch};
use indgang_channels::email::oauth::{ClientCredentials, TokenSource};
use indgang_channels::email::submit::{self, Submitter};
use tokio_util::sync::CancellationToken;

use super::assemble;
use crate::clock::Clock;
use crate::config::{self, AfterCommit, Config, Credentials, Mailbox, MailboxTls, SubmitMode};
use crate::health::Health;
use crate::store::Store;
use crate::work::claim::Claim;
use crate::work::intake::Intake;
use crate::work::letters::{Letters, Sender};
use crate::work::outbox::Outbox;
use crate::work::poll::{self, NO_IDLE_LOOK, Poll, Watching};
use crate::work::retry::Backoff;
use crate::work::server::Source;
use crate::work::transport::Transport;

/// Memory that letters on their way from all mailboxes may take, in bytes. One that is larger travels alone.
const BUDGET: usize = 8 << 20;

/// A mailbox's account.
///
/// # Errors
/// When its token source cannot be set up.
pub fn account(mailbox: &Mailbox) -> anyhow::Result<Account> {
    let tls = match mailbox.tls {
        MailboxTls::Implicit => Tls::Implicit,
        MailboxTls::StartTls => Tls::StartTls,
        MailboxTls::Plain => Tls::Plain,
    };
    let name = &mailbox.name;
    let auth = match &mailbox.credentials {
        Credentials::Password(Some(password)) => Auth::Password(password.clone()),
        Credentials::Password(None) => bail!("email.mailboxes.{name}.password is not set"),
        Credentials::OAuth(oauth) => {
            let Some(client_secret) = oauth.client_secret.clone() else {
                bail!("email.mailboxes.{name}.oauth.client_secret is not set");
            };
            let credentials = ClientCredentials {
                token_url: oauth.token_url.clone(),
                client_id: oauth.client_id.clone(),
                client_secret,
                scope: oauth.scope.clone(),
                extra_ca: mailbox.ca_file.clone(),
            };
            let source =
                TokenSource::new(credentials).with_context(|| format!("email.mailboxes.{name}.oauth"))?;
            Auth::XOAuth2(source)
        }
    };
    let mut account = Account::new(name, &mailbox.host, mailbox.port, tls, &mailbox.user, auth);
    account.extra_ca.clone_from(&mailbox.ca_file);
    account.folder.clone_from(&mailbox.folder);
    Ok(account)
}

/// The readers of all enabled mailboxes.
///
/// # Errors
/// When an account cannot be set up.
pub fn polls(
    config: &Config,
    store: &Store,
    health: &Health,
    node: &str,
    clock: &Clock,
) -> anyhow::Result<impl FnOnce(&Intake, &CancellationToken) -> Vec<Source> + use<>> {
    let budget = Budget::new(BUDGET);
    let mut prepared = Vec::new();
    for mailbox in config.email.mailboxes.iter().filter(|mailbox| mailbox.enabled) {
        let action = match &mailbox.after_commit {
            AfterCommit::Flag(flag) => Action::Flag(flag.clone()),
            AfterCommit::Move(folder) => Action::Move(folder.clone()),
            AfterCommit::Keep => Action::Keep,
        };
        let watch = match mailbox.watch {
            config::Watch::Auto => Watching::Auto { near: mailbox.near_poll },
            config::Watch::Idle => Watching::Always(Watch::Idle { fallback: NO_IDLE_LOOK }),
            config::Watch::Poll => Watching::Always(Watch::Poll(mailbox.near_poll)),
        };
        let reader = Arc::new(assemble::reader_of(config, mailbox));
        prepared.push((account(mailbox)?, action, watch, mailbox.poll_interval, reader));
    }
    let size_limit = config.email.limits.size as u64;
    let (store, health, node, clock) = (store.clone(), health.clone(), node.to_owned(), clock.clone());
    Ok(move |door: &Intake, stop: &CancellationToken| {
        let polls = prepared.into_iter().map(|(account, action, watch, interval, reader)| {
            let mailbox = account.name.clone();
            let poll = Poll {
                account,
                action,
                watch,
                interval,
                size_limit,
                reader,
                intake: door.clone(),
                store: store.clone(),
                budget: budget.clone(),
                health: health.clone(),
                claim: Claim {
                    store: store.clone(),
                    name: format!("mailbox:{mailbox}"),
                    node: node.clone(),
                    length: poll::LEASE,
                    clock: clock.clone(),
                },
                clock: clock.clone(),
            };
            let stop = stop.clone();
            Box::pin(async move { poll.run(&stop).await }) as Source
        });
        polls.collect()
    })
}

/// What carries our letters.
///
/// # Errors
/// When it cannot be set up.
pub fn transport(config: &Config) -> anyhow::Result<Transport> {
    let submit = &config.email.submit;
    if submit.mode == SubmitMode::Folder {
        let folder = submit.folder.clone().context("email.submit.folder is not set")?;
        return Ok(Transport::Folder(folder));
    }
    if submit.host.is_empty() {
        return Ok(Transport::Unset);
    }
    let tls = match submit.tls {
        config::SubmitTls::StartTls => submit::SubmitTls::StartTls,
        config::SubmitTls::Implicit => submit::SubmitTls::Implicit,
        config::SubmitTls::Opportunistic => submit::SubmitTls::Opportunistic,
        config::SubmitTls::Plain => submit::SubmitTls::Plain,
    };
    let server = submit::Server {
        host: submit.host.clone(),
        port: submit.port,
        tls,
        extra_ca: submit.ca_file.clone(),
        credentials: submit.user.clone().zip(submit.password.clone()),
        timeout: submit.timeout,
    };
    Ok(Transport::Smtp(Submitter::new(server)?))
}

/// What sends letters.
///
/// # Errors
/// When a text is wrong or the connection cannot be set up.
pub fn letters(config: &Config, store: &Store, node: &str, clock: &Clock) -> anyhow::Result<Outbox<Letters>> {
    let transport = transport(config)?;
    let (texts, words) = assemble::texts(config)?;
    let submit = &config.email.submit;
    let mut senders: Vec<Sender> = config
        .email
        .mailboxes
        .iter()
        .map(|mailbox| Sender {
            account: mailbox.name.clone(),
            address: submit.from.clone().unwrap_or_else(|| mailbox.address.clone()),
            name: submit.from_name.clone(),
        })
        .filter(|sender| !sender.address.is_empty())
        .collect();
    if let (true, Some(from)) = (senders.is_empty(), &submit.from) {
        senders.push(Sender {
            account: String::new(),
            address: from.clone(),
            name: submit.from_name.clone(),
        });
    }
    let acknowledgement = &config.acknowledgement;
    Ok(Outbox {
        store: store.clone(),
        carrier: Letters {
            transport,
            texts,
            words,
            senders,
            connections: usize::try_from(submit.connections).unwrap_or(1).max(1),
            clock: clock.clone(),
        },
        backoff: Backoff { first: acknowledgement.retry_min, longest: acknowledgement.retry_max },
        max_age: acknowledgement.max_age,
        node: node.to_owned(),
        clock: clock.clone(),
    })
}

/// This node's name: on a database of its own the same at every start, so that what it had claimed is released at once;
/// on a shared one the machine's name.
pub fn node(store: &Store) -> String {
    if !store.is_shared() {
        return "this".to_owned();
    }
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    format!("{}:{}", name.trim(), std::process::id())
}

/// How long the oldest acknowledgement may wait before the server calls itself not ready.
pub const OUTBOX_AGE: Duration = Duration::from_secs(15 * 60);
