//! `[web]`: the web server.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use super::reader::{Report, Section};

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

/// A network: an address, and how many of its bits count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    /// The address.
    pub address: IpAddr,
    /// How many bits count: 0 to 32, or to 128.
    pub bits: u8,
}

impl Network {
    /// Reads `10.0.0.0/8`, or a lone address.
    pub fn parse(text: &str) -> Option<Self> {
        let (address, bits) = match text.trim().split_once('/') {
            Some((address, bits)) => (address.parse().ok()?, bits.parse().ok()?),
            None => {
                let address: IpAddr = text.trim().parse().ok()?;
                (address, if address.is_ipv4() { 32 } else { 128 })
            }
        };
        let most = if IpAddr::is_ipv4(&address) { 32 } else { 128 };
        (bits <= most).then_some(Self { address, bits })
    }

    /// Whether `address` is in it. An IPv4 address that is written as an IPv6 one (RFC 4291 section 2.5.5.2) counts as
    /// what it is.
    pub fn holds(&self, address: IpAddr) -> bool {
        let wide = |address: IpAddr| match address {
            IpAddr::V4(four) => (u128::from(four.to_bits()), 32),
            IpAddr::V6(six) => (six.to_bits(), 128),
        };
        let ((own, length), (other, others)) =
            (wide(self.address.to_canonical()), wide(address.to_canonical()));
        let ignored = u32::from(length - self.bits.min(length));
        length == others && own.checked_shr(ignored).unwrap_or(0) == other.checked_shr(ignored).unwrap_or(0)
    }
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
    #[case::alone("10.1.2.3", "10.1.2.3", true)]
    #[case::another("10.1.2.3", "10.1.2.4", false)]
    #[case::a_network("10.0.0.0/8", "10.9.9.9", true)]
    #[case::outside("10.0.0.0/8", "11.0.0.1", false)]
    #[case::everybody("0.0.0.0/0", "192.0.2.1", true)]
    #[case::six("2001:db8::/32", "2001:db8:1::1", true)]
    #[case::six_outside("2001:db8::/32", "2001:db9::1", false)]
    #[case::four_in_six("10.0.0.0/8", "::ffff:10.1.1.1", true)]
    #[case::four_is_not_six("0.0.0.0/0", "2001:db8::1", false)]
    fn a_network_holds(#[case] network: &str, #[case] address: &str, #[case] expected: bool) {
        assert_eq!(Network::parse(network).unwrap().holds(address.parse().unwrap()), expected);
    }

    #[rstest]
    #[case("10.0.0.0/33")]
    #[case("10.0.0/8")]
    #[case("::/129")]
    #[case("")]
    fn no_network(#[case] text: &str) {
        assert_eq!(Network::parse(text), None);
    }

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
