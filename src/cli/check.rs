//! `indgang check`: the settings, and every connection tried, a line each.

use indgang_channels::email::mailbox::Mailbox;

use super::arguments::Arguments;
use super::{assemble, connections, exit, terminal, texting, web_form};
use crate::config::{self, Config};

/// Runs it.
///
/// # Errors
/// When the settings are wrong; a connection that fails is a line, and the exit status.
pub fn run(arguments: &Arguments) -> anyhow::Result<u8> {
    let config = assemble::config(arguments)?;
    let mut report = Report { failed: false };
    report.line("settings", Ok("every key is known and has a value that can be used".to_owned()));
    assemble::runtime()?.block_on(async {
        report.line("database", database(&config).await);
        report.line("log of readings and changes", log(&config).await);
        report.line("texts", texts(&config));
        for mailbox in &config.email.mailboxes {
            let what = format!("mailbox {}", mailbox.name);
            if mailbox.enabled {
                report.line(&what, check_mailbox(mailbox).await);
            } else {
                report.line(&what, Ok("not enabled".to_owned()));
            }
        }
        report.line("sending", sending(&config).await);
        for account in &config.sms.accounts {
            let what = format!("gateway {}", account.name);
            if account.enabled {
                report.line(&what, check_gateway(&config, account).await);
            } else {
                report.line(&what, Ok("not enabled".to_owned()));
            }
        }
        match super::inbox::provider(&config) {
            Ok(None) => {}
            Ok(Some(provider)) => {
                let answer = provider.check(crate::clock::Clock::system().now()).await;
                let answer = answer.map(|()| "the provider answers".to_owned());
                report.line("inbox.signon", answer.map_err(Into::into));
            }
            Err(error) => report.line("inbox.signon", Err(error)),
        }
        report.line("web form", Ok(form(&config)));
        if let Some(scanner) = web_form::scanner(&config) {
            let answer = scanner.ping().await;
            report.line(
                "files.clamav",
                answer.map(|()| "the virus scanner answers".to_owned()).map_err(Into::into),
            );
        }
    });
    Ok(if report.failed { exit::FAILURE } else { exit::OK })
}

struct Report {
    failed: bool,
}

impl Report {
    fn line(&mut self, what: &str, result: anyhow::Result<String>) {
        match result {
            Ok(words) => terminal::say(format_args!("ok      {what}: {words}")),
            Err(error) => {
                self.failed = true;
                terminal::say(format_args!("FAILED  {what}: {error:#}"));
            }
        }
    }
}

fn texts(config: &Config) -> anyhow::Result<String> {
    let (texts, words) = assemble::texts(config)?;
    if config.sms.enabled().next().is_some() {
        crate::texts::check_short(&texts, &words)?;
    }
    web_form::words(config)?;
    Ok("all texts can be filled in".to_owned())
}

/// Whether there is a form, and what it lacks.
fn form(config: &Config) -> String {
    if !config.web_form.enabled {
        return "not enabled".to_owned();
    }
    if config.office.municipality.is_empty() || config.office.phone.is_none() {
        return "not shown, because office.municipality and office.phone are not set".to_owned();
    }
    match &config.web.public_url {
        Some(url) => format!("shown at {url}, with private pages"),
        None => "shown, without private pages, because web.public_url is not set".to_owned(),
    }
}

/// Tries one gateway without sending, and says what it must be told to call.
async fn check_gateway(config: &Config, account: &config::SmsAccount) -> anyhow::Result<String> {
    let account = texting::account(config, account)?;
    let said = account.gateway.check().await?;
    let preset = account.gateway.preset();
    let unverified = match preset.unverified.len() {
        0 => String::new(),
        count => format!("; {count} things about this gateway were never seen by us, see its preset"),
    };
    let calls = match &account.public_url {
        _ if account.collects() => "it is asked for texts".to_owned(),
        // Where the path holds the secret, it is not repeated: this goes to a terminal, and from there anywhere.
        Some(url) if account.credentials.path_secret.is_some() => {
            format!("it must call {url}/sms/{}/PATH_SECRET/in", account.name)
        }
        Some(url) => format!("it must call {url}{}", account.path("in")),
        None => "public_url is not set, so no delivery reports come".to_owned(),
    };
    Ok(format!("{said}; {calls}{unverified}"))
}

/// Adds the log up. Whoever keeps the sum can tell later whether anything before it was altered.
async fn log(config: &Config) -> anyhow::Result<String> {
    let store = assemble::store(config).await?;
    let (state, altered) = (store.log_verify().await, store.years_not_logged().await);
    store.close().await;
    let (state, altered) = (state?, altered?);
    if let Some(year) = altered.first() {
        anyhow::bail!(
            "the figures that were published of {year} are not those that the log has of its closing"
        )
    }
    match state.broken_at {
        None => {
            let sum: String = state.newest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
            Ok(format!(
                "{} entries, each following from the one before; the newest sum is {sum}",
                state.entries
            ))
        }
        Some(at) => {
            anyhow::bail!("entry {at} does not follow from the one before: something was altered or removed")
        }
    }
}

async fn database(config: &Config) -> anyhow::Result<String> {
    let store = assemble::store(config).await?;
    store.ping().await?;
    let kind = store.kind();
    store.close().await;
    Ok(format!("{kind} answers, and its tables are up to date"))
}

async fn check_mailbox(mailbox: &config::Mailbox) -> anyhow::Result<String> {
    let mut connection = Mailbox::connect(&connections::account(mailbox)?).await?;
    let selected = connection.select().await?;
    let watch = if connection.can_idle() {
        "the server tells of new letters (IDLE)"
    } else {
        "the server must be asked (no IDLE)"
    };
    connection.close().await;
    Ok(format!("logged in, {} letters in the folder; {watch}", selected.exists))
}

async fn sending(config: &Config) -> anyhow::Result<String> {
    let enabled = config.email.mailboxes.iter().any(|mailbox| mailbox.enabled);
    if config.email.submit.host.is_empty() && config.email.submit.mode == config::SubmitMode::Smtp && !enabled
    {
        return Ok("nothing is configured, and nothing comes in".to_owned());
    }
    let transport = connections::transport(config)?;
    transport.check().await?;
    transport.close().await;
    Ok(match config.email.submit.mode {
        config::SubmitMode::Smtp => "the submission server lets us in".to_owned(),
        config::SubmitMode::Folder => "the folder can be written to".to_owned(),
    })
}
