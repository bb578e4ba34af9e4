//! Speaking to a person at a terminal. The only place that prints.

use std::fmt::Display;
use std::io::{IsTerminal, Write};

/// Prints a line to standard output. A reader that has gone away is no reason to fail.
pub fn say(line: impl Display) {
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}

/// Prints a line to standard error.
pub fn say_aside(line: impl Display) {
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

/// Prints what went wrong, with its causes, each once.
pub fn say_error(error: &anyhow::Error) {
    let mut said = error.to_string();
    say_aside(format_args!("indgang: {said}"));
    for cause in error.chain().skip(1) {
        let cause = cause.to_string();
        if !said.contains(&cause) {
            say_aside(format_args!("  because: {cause}"));
            said = cause;
        }
    }
}

/// Whether a person watches standard error, so that a progress bar helps.
pub fn is_watched() -> bool {
    std::io::stderr().is_terminal()
}
