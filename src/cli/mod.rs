//! The commands, one file each. Brings the rooms together; decides nothing.

pub mod arguments;
pub mod assemble;
pub mod check;
pub mod connections;
pub mod demo;
pub mod explain;
pub mod history;
pub mod inbox;
pub mod ingest;
pub mod ledger;
pub mod logging;
pub mod programs;
pub mod report;
pub mod serve;
pub mod source;
pub mod terminal;
pub mod texting;
pub mod user;
pub mod web_form;

use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use arguments::{Arguments, Command};

/// What the process says to whoever started it (sysexits.h).
pub mod exit {
    /// Everything went well.
    pub const OK: u8 = 0;
    /// Something is wrong; what, was said.
    pub const FAILURE: u8 = 1;
    /// The command line was wrong.
    pub const USAGE: u8 = 64;
    /// Keep the letter and try again later (EX_TEMPFAIL): what a mail server's pipe understands.
    pub const TEMPORARY: u8 = 75;
    /// The configuration is wrong (EX_CONFIG).
    pub const CONFIGURATION: u8 = 78;
}

/// Runs the command that the process was started with.
pub fn main() -> ExitCode {
    // An operator's `INDGANG__…` overrides belong to the configuration; the command line is read first, on its own.
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let _ = error.print();
            return if error.use_stderr() { exit::USAGE.into() } else { exit::OK.into() };
        }
    };
    let _ = rustls::crypto::ring::default_provider().install_default();
    let code = match arguments.command {
        Command::Completions { shell } => {
            clap_complete::generate(shell, &mut Arguments::command(), "indgang", &mut std::io::stdout());
            Ok(exit::OK)
        }
        Command::Serve(ref options) => serve::run(&arguments, options),
        Command::Demo(ref options) => demo::run(options),
        Command::Ingest(ref options) => return ingest::run(&arguments, options).into(),
        Command::Explain(ref options) => explain::run(&arguments, options),
        Command::Check => check::run(&arguments),
        Command::Ledger(ref options) => ledger::run(&arguments, options),
        Command::Report(ref options) => report::run(&arguments, options),
        Command::History(ref options) => history::run(&arguments, options),
        Command::User(ref options) => user::run(&arguments, options),
    };
    match code {
        Ok(code) => code.into(),
        Err(error) => {
            terminal::say_error(&error);
            let wrong = error.downcast_ref::<crate::config::ConfigError>().is_some();
            if wrong { exit::CONFIGURATION.into() } else { exit::FAILURE.into() }
        }
    }
}
