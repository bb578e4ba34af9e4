//! `[log]`: what is logged, and how.

use super::reader::Section;

/// What is logged, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Log {
    /// For people or for machines.
    pub format: LogFormat,
    /// A level, or a filter of levels per module (`info,indgang=debug`).
    pub filter: String,
}

/// The form of log lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Human,
    /// One JSON object a line.
    Json,
}

impl Log {
    pub(super) fn read(section: &mut Section<'_>) -> Self {
        let expected =
            "a level (off, error, warn, info, debug, trace), or a list such as \"info,indgang=debug\"";
        Self {
            format: section.choice("format", &[("human", LogFormat::Human), ("json", LogFormat::Json)]),
            filter: section
                .parsed("filter", expected, |text| is_filter(text).then(|| text.trim().to_owned()))
                .unwrap_or_default(),
        }
    }
}

/// `level` and `target=level`, separated by commas. The finer forms that logging libraries know are refused, because
/// a mistake in them is silent.
fn is_filter(text: &str) -> bool {
    const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];
    text.trim().split(',').all(|directive| {
        let (target, level) = directive.split_once('=').unwrap_or(("all", directive));
        LEVELS.contains(&level)
            && !target.is_empty()
            && target.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | ':'))
    })
}
