//! The figures, and the one table that they are printed as.

use std::fmt::Write as _;
use std::time::Duration;

/// One pass over a mailbox.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Run {
    /// Letters in the mailbox.
    pub(crate) letters: usize,
    /// How long it took.
    pub(crate) took: Duration,
    /// Time on the processors.
    pub(crate) cpu: Duration,
    /// The most memory that was resident, in bytes.
    pub(crate) peak: u64,
}

impl Run {
    /// Letters a second.
    pub(crate) fn rate(&self) -> f64 {
        self.letters as f64 / self.took.as_secs_f64()
    }
}

/// The middle one; of an even number the mean of the two in the middle. Nothing of nothing.
pub(crate) fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    quantile(values, 0.5)
}

/// The value below which this share lies, read between neighbours.
pub(crate) fn quantile(values: impl IntoIterator<Item = f64>, share: f64) -> f64 {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    let Some(last) = values.len().checked_sub(1) else { return 0.0 };
    let place = share * last as f64;
    let (below, above) = (values[place.floor() as usize], values[place.ceil() as usize]);
    below + (above - below) * place.fract()
}

/// A plain table, written line by line.
#[derive(Debug, Default)]
pub(crate) struct Table(String);

impl Table {
    /// A heading, with words for the columns.
    pub(crate) fn heading(&mut self, what: &str, columns: &[&str]) {
        let _ = write!(self.0, "\n{what:<44}");
        for column in columns {
            let _ = write!(self.0, "{column:>14}");
        }
        self.0.push('\n');
    }

    /// A line of figures.
    pub(crate) fn line(&mut self, what: &str, figures: &[String]) {
        let _ = write!(self.0, "{what:<44}");
        for figure in figures {
            let _ = write!(self.0, "{figure:>14}");
        }
        self.0.push('\n');
    }

    /// The runs of one contestant: medians, and the range of the rates.
    pub(crate) fn runs(&mut self, what: &str, runs: &[Run]) {
        let rates = || runs.iter().map(Run::rate);
        let figures = [
            format!("{:.0}", median(rates())),
            format!("{:.0}-{:.0}", quantile(rates(), 0.0), quantile(rates(), 1.0)),
            format!("{:.2}", median(runs.iter().map(|run| run.cpu.as_secs_f64()))),
            mebibytes(median(runs.iter().map(|run| run.peak as f64))),
        ];
        self.line(what, &figures);
    }

    /// The whole of it.
    pub(crate) fn text(&self) -> &str {
        &self.0
    }
}

/// Bytes for people.
pub(crate) fn mebibytes(bytes: f64) -> String {
    format!("{:.1}", bytes / f64::from(1 << 20))
}
