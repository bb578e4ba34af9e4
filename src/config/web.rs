//! `[web]`: the web server.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use super::reader::Section;

/// The web server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Web {
    /// The address and port that it listens on; port 0 takes a free one.
    pub listen: SocketAddr,
    /// How long a stop waits for work that has begun.
    pub drain: Duration,
}

impl Web {
    pub(super) fn read(section: &mut Section<'_>) -> Self {
        let second = Duration::from_secs(1);
        let expected = "an address and a port, such as \"127.0.0.1:8080\" or \"[::1]:8080\"";
        Self {
            listen: section
                .parsed("listen", expected, |text| text.trim().parse().ok())
                .unwrap_or((Ipv4Addr::LOCALHOST, 0).into()),
            drain: section.duration("drain", second..=600 * second),
        }
    }
}
