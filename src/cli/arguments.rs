//! The command line, as `--help` shows it.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use clap_complete::Shell;

/// The one way in to a municipal citizens' adviser.
///
/// Every letter that citizens send becomes exactly one visible item and gets one honest acknowledgement. Settings come
/// from built-in defaults, then from the file given with --config, then from environment variables: the key
/// `database.url` is INDGANG__DATABASE__URL.
#[derive(Debug, Parser)]
#[command(name = "indgang", version, arg_required_else_help = true, max_term_width = 100)]
pub struct Arguments {
    /// A file with the settings that differ from the defaults.
    #[arg(long, short, global = true, env = "INDGANG_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Read the mailboxes, send the acknowledgements and answer over HTTP, until stopped.
    Serve(Serve),
    /// Show a whole day's letters coming in, on a throw-away database; nothing leaves this machine.
    Demo(Demo),
    /// Take letters in from files, an mbox, a Maildir or standard input, as if they had come by mail.
    ///
    /// As a mail server's pipe: `indgang ingest -`. It exits with 0 once the letter is safely filed and with 75 when
    /// the mail server should keep the letter and try again later. Taking the same file in twice changes nothing.
    Ingest(Ingest),
    /// Say what would become of letters and why, without a database; nothing is stored or sent.
    ///
    /// Also takes a gateway's recorded call: a file that begins with its request line (GET or POST).
    Explain(Explain),
    /// Check the settings and try every connection, a line each.
    Check,
    /// Add up what was received and what became of it; fails when they differ.
    Ledger(Ledger),
    /// The statistics of a period, or the report of a year, in a format of one's choice.
    Report(Report),
    /// Bring earlier years in from a file, so that there is something to compare with.
    #[command(subcommand)]
    History(History),
    /// Make accounts, sign-in links, and end accounts.
    User(User),
    /// Print the completions for a shell.
    Completions {
        /// Which shell.
        shell: Shell,
    },
}

/// Options of `report`.
#[derive(Debug, Args)]
pub struct Report {
    /// The first day, such as 2025-01-01. Not given: the first day of last year.
    #[arg(long, value_name = "DAY")]
    pub from: Option<jiff::civil::Date>,
    /// The last day. Not given: the last day of the year of the first.
    #[arg(long, value_name = "DAY")]
    pub to: Option<jiff::civil::Date>,
    /// How it is written. `text`, `html` and `pdf` are the yearly report with the adviser's words, where the period is a year.
    #[arg(long, default_value = "text")]
    pub format: ReportFormat,
    /// The language of every word in it.
    #[arg(long, default_value = "da")]
    pub language: ReportLanguage,
    /// Hides numbers from 1 up to but not including this one, and what they follow from; 0 shows all. Not given:
    /// statistics.hide_below.
    #[arg(long, value_name = "NUMBER")]
    pub hide_below: Option<u32>,
    /// The file to write. Not given: standard output.
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// How a report is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum ReportFormat {
    /// Words to go on writing in.
    Text,
    /// Tables for a spreadsheet, with Danish separators.
    Csv,
    /// Numbers with their units, for programs.
    Json,
    /// A workbook with charts.
    Xlsx,
    /// A page that needs nothing beside it.
    Html,
    /// Paper: tagged, A4.
    Pdf,
}

/// The language of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum ReportLanguage {
    /// Danish.
    Da,
    /// English.
    En,
}

/// What is done with earlier years.
#[derive(Debug, Subcommand)]
pub enum History {
    /// Print a file to begin with.
    Template,
    /// Say line by line what is wrong with a file; nothing is stored.
    Check {
        /// The file (CSV).
        file: PathBuf,
    },
    /// Bring a file in: all of it, or nothing when something is wrong.
    Import {
        /// The file (CSV).
        file: PathBuf,
    },
    /// The files that are in.
    List,
    /// Take a file out again.
    Remove {
        /// Its number, as `list` says it.
        number: i64,
    },
}

/// Options of `serve`.
#[derive(Debug, Args)]
pub struct Serve {}

/// Options of `demo`.
#[derive(Debug, Args)]
pub struct Demo {
    /// How many citizens write.
    #[arg(long, default_value_t = 12, value_name = "COUNT")]
    pub letters: usize,
    /// Go on answering over HTTP after the last letter, until stopped.
    #[arg(long)]
    pub stay: bool,
}

/// Options of `ingest`.
#[derive(Debug, Args)]
pub struct Ingest {
    /// Files (.eml or mbox), Maildirs, folders of files, or `-` for one letter from standard input.
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// The configured mailbox whose letters these are. When only one is configured, that one.
    #[arg(long, value_name = "MAILBOX")]
    pub account: Option<String>,
}

/// Options of `explain`.
#[derive(Debug, Args)]
pub struct Explain {
    /// Files (.eml or mbox), Maildirs, folders of files, or `-` for one letter from standard input.
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// One JSON object a line instead of words.
    #[arg(long)]
    pub json: bool,
    /// The configured mailbox that the letters are read as coming through.
    #[arg(long, value_name = "MAILBOX")]
    pub account: Option<String>,
    /// The gateway that recorded calls are read as coming from, when the account in their path is not configured.
    #[arg(long, value_name = "GATEWAY")]
    pub gateway: Option<String>,
}

/// Options of `ledger`.
#[derive(Debug, Args)]
pub struct Ledger {
    /// JSON instead of words.
    #[arg(long)]
    pub json: bool,
    /// Also read every kept letter and compare it with its hash.
    #[arg(long)]
    pub verify: bool,
}

/// Options of `user`.
#[derive(Debug, Args)]
pub struct User {
    /// What to do.
    #[command(subcommand)]
    pub command: UserCommand,
}

/// What to do with accounts.
#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// List the accounts.
    List,
    /// Make an account, and print a link that signs in once.
    Add {
        /// The e-mail address that they sign in with.
        login: String,
        /// What they are called.
        #[arg(long)]
        name: String,
        /// What they are here for: adviser, substitute or operator.
        #[arg(long, default_value = "adviser", value_name = "ROLE")]
        role: String,
        /// The first day of a substitute's time, such as 2026-12-21.
        #[arg(long, value_name = "DATE")]
        from: Option<jiff::civil::Date>,
        /// The last day of it.
        #[arg(long, value_name = "DATE")]
        through: Option<jiff::civil::Date>,
    },
    /// Print a new link that signs in once, for somebody who has lost their password.
    Link {
        /// The e-mail address that they sign in with.
        login: String,
    },
    /// Remove somebody's one-time codes and passkeys, and print a link: for a lost telephone, after making sure who asks.
    Reset {
        /// The e-mail address that they sign in with.
        login: String,
    },
    /// End an account, and every session of it. The log keeps its name.
    End {
        /// The e-mail address that they sign in with.
        login: String,
    },
}
