//! `indgang user`: accounts from the command line, for whoever runs the machine.

use anyhow::{Context, bail};
use jiff::Timestamp;
use jiff::civil::Date;

use super::arguments::{Arguments, User, UserCommand};
use super::{assemble, exit, inbox, terminal};
use crate::clock::Clock;
use crate::config::Config;
use crate::domain::account::{AccountId, Role};
use crate::domain::calendar;
use crate::store::Store;
use crate::store::accounts::NewAccount;

/// Runs it.
///
/// # Errors
/// When the database does not answer, or what is asked for makes no sense.
pub fn run(arguments: &Arguments, options: &User) -> anyhow::Result<u8> {
    let config = assemble::config(arguments)?;
    assemble::runtime()?.block_on(async {
        let store = assemble::store(&config).await?;
        let done = act(&config, &store, &Clock::system(), &options.command).await;
        store.close().await;
        done
    })?;
    Ok(exit::OK)
}

async fn act(config: &Config, store: &Store, clock: &Clock, command: &UserCommand) -> anyhow::Result<()> {
    match command {
        UserCommand::List => {
            for one in store.accounts().await? {
                let ended = if one.ended_at.is_some() { "  ended" } else { "" };
                terminal::say(format!("{:>4}  {:<11} {}  {}{ended}", one.id, one.role, one.login, one.name));
            }
            Ok(())
        }
        UserCommand::Add { login, name, role, from, through } => {
            let role = Role::parse(role).context("--role: adviser, substitute or operator")?;
            let begins = |day: &Date| calendar::begins(*day);
            let time: (Option<Timestamp>, Option<Timestamp>) = (
                from.as_ref().and_then(begins),
                through.and_then(|day| day.tomorrow().ok()).as_ref().and_then(begins),
            );
            if role == Role::Substitute && (time.0.is_none() || time.1 <= time.0) {
                bail!("a substitute's time is limited: give --from and --through");
            }
            let language = config.office.language.as_str().to_owned();
            let new = NewAccount { login: login.clone(), name: name.clone(), role, language, time };
            let made = store.account_make(&new, None, clock.now()).await?;
            let account = made.context("there is an account with this login already")?;
            let link = inbox::link(config, store, clock, account, None).await?;
            terminal::say(format!("Signs in once, within two days:\n\n  {link}\n"));
            Ok(())
        }
        UserCommand::Link { login } => {
            let account = find(store, login).await?;
            let link = inbox::link(config, store, clock, account, None).await?;
            terminal::say(format!("Signs in once, within two days:\n\n  {link}\n"));
            Ok(())
        }
        UserCommand::Reset { login } => {
            let account = find(store, login).await?;
            store.account_reset(account, None, clock.now()).await?;
            let link = inbox::link(config, store, clock, account, None).await?;
            terminal::say(format!(
                "One-time codes and passkeys are removed. Signs in once, within two days:\n\n  {link}\n"
            ));
            Ok(())
        }
        UserCommand::End { login } => {
            let account = find(store, login).await?;
            store.account_end(account, None, clock.now()).await?;
            terminal::say("The account is ended, and everybody who was signed in with it is signed out.");
            Ok(())
        }
    }
}

async fn find(store: &Store, login: &str) -> anyhow::Result<AccountId> {
    let proofs = store.account_proofs(login).await?;
    Ok(proofs.context("there is no account with this login")?.account)
}
