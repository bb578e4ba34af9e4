//! `[web]`: the web server.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use super::reader::{Report, Section};
use crate::domain::network::Network;

/// The web server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Web {
    /// The address and port that it listens on; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The address that citizens reach it by, without a slash at its end.
    pub public_url: Option<String>,
    /// The proxies whose word on a caller's address is believed.
    pub trusted_proxies: Vec<Network>,
    /// How long the head of a request may take.
    pub head_timeout: Duration,
    /// How long a body may stand still.
    pub body_timeout: Duration,
    /// How many connections there may be at a time.
    pub connections: u32,
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
            public_url: section.optional("public_url").map(|url| url.trim_end_matches('/').to_owned()),
            trusted_proxies: section.list(
                "trusted_proxies",
                "an address such as \"10.0.0.1\", or a network such as \"10.0.0.0/8\"",
                Network::parse,
            ),
            head_timeout: section.duration("head_timeout", second..=600 * second),
            body_timeout: section.duration("body_timeout", second..=600 * second),
            connections: section.integer("connections", 10..=100_000),
            drain: section.duration("drain", second..=600 * second),
        }
    }

    pub(super) fn validate(&self, report: &mut Report) {
        if self.public_url.as_ref().is_some_and(|url| !is_origin(url)) {
            let sentence = "must be an address such as \"https://borgerraadgiver.kommune.example\", without a path, or empty";
            report.wrong("web.public_url", sentence);
        }
    }
}

/// A scheme, a host and perhaps a port, and nothing else (RFC 6454). Plain http is for trying out on one's own machine.
pub(super) fn is_origin(url: &str) -> bool {
    let host = url.strip_prefix("https://").or_else(|| {
        url.strip_prefix("http://").filter(|rest| {
            ["localhost", "127.0.0.1", "[::1]"].iter().any(|own| {
                rest.strip_prefix(own).is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
            })
        })
    });
    host.is_some_and(|host| {
        !host.is_empty()
            && host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']'))
    })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("https://br.kommune.example", true)]
    #[case("https://br.kommune.example:8443", true)]
    #[case("http://localhost:8080", true)]
    #[case("http://127.0.0.1:8080", true)]
    #[case("http://br.kommune.example", false)]
    #[case("http://localhost.example", false)]
    #[case("https://br.kommune.example/form", false)]
    #[case("https://", false)]
    #[case("br.kommune.example", false)]
    fn an_origin(#[case] url: &str, #[case] expected: bool) {
        assert_eq!(is_origin(url), expected);
    }
}
