//! What a process costs, as Linux states it.

use std::fs;
use std::time::Duration;

use anyhow::{Context, bail};

/// Ticks a second in `/proc/PID/stat`: part of Linux's interface, the same on every architecture that Debian has.
const TICKS: u64 = 100;

/// Time on the processors, of the process and in the kernel for it.
pub(crate) fn cpu(pid: u32) -> anyhow::Result<Duration> {
    ticks(&format!("/proc/{pid}/stat"), 11)
}

/// The same of all children of ours that have ended and been waited for.
pub(crate) fn cpu_of_ended_children() -> anyhow::Result<Duration> {
    ticks("/proc/self/stat", 13)
}

/// Two neighbouring fields of a stat file, counted from the one after the program's name.
fn ticks(path: &str, field: usize) -> anyhow::Result<Duration> {
    let text = fs::read_to_string(path).with_context(|| path.to_owned())?;
    // The name stands in parentheses and may hold anything.
    let fields: Vec<&str> =
        text.rsplit_once(')').map(|(_, rest)| rest.split_whitespace().collect()).unwrap_or_default();
    let number = |at: usize| fields.get(at).and_then(|field| field.parse::<u64>().ok());
    let (Some(user), Some(system)) = (number(field), number(field + 1)) else {
        bail!("{path} cannot be read");
    };
    Ok(Duration::from_millis((user + system) * 1000 / TICKS))
}

/// Memory in bytes: `VmHWM` is the most that was ever resident, `VmRSS` what is resident now.
pub(crate) fn memory(pid: u32, what: &str) -> anyhow::Result<u64> {
    let path = format!("/proc/{pid}/status");
    let text = fs::read_to_string(&path).with_context(|| path.clone())?;
    let line = text.lines().find_map(|line| line.strip_prefix(what)?.strip_prefix(':'));
    let kibibytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    kibibytes.map(|kibibytes| kibibytes * 1024).with_context(|| format!("{path} states no {what}"))
}
