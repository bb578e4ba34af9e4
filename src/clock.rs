//! The clock: the one place that asks the world what time it is.

use std::sync::Arc;

use jiff::Timestamp;

/// Tells the time. Handed to whoever needs it, so that a test can hand in another.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl Clock {
    /// The machine's clock, in whole milliseconds: that is what is stored, and a moment that is read back must be the one
    /// that was written.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that may ask")]
    pub fn system() -> Self {
        Self(Arc::new(|| {
            let now = Timestamp::now();
            Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
        }))
    }

    /// A clock that tells what a function says.
    pub fn of(tell: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self(Arc::new(tell))
    }

    /// The time now.
    pub fn now(&self) -> Timestamp {
        (self.0)()
    }
}

impl std::fmt::Debug for Clock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Clock")
    }
}
