//! Who calls: the address behind the proxies that are trusted.
//!
//! Pure. An address is used for counting and for nothing else, and is never logged.

use std::net::IpAddr;

use crate::domain::network::Network;

/// The caller's address: the peer's, unless that is a trusted proxy; then the last address in `forwarded` (the values of
/// X-Forwarded-For, in order) that is not one. What stands further to the front was written by whoever called.
pub fn address(peer: IpAddr, forwarded: &[&str], trusted: &[Network]) -> IpAddr {
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.holds(address));
    if !is_trusted(peer) {
        return peer;
    }
    let mut last = peer;
    for written in forwarded.iter().rev().flat_map(|value| value.rsplit(',')) {
        // What cannot be read ends the chain of those that are believed.
        let Some(address) = read(written) else { return last };
        last = address;
        if !is_trusted(address) {
            break;
        }
    }
    last
}

/// An address as proxies write it: bare, or with a port, IPv6 also in brackets.
fn read(written: &str) -> Option<IpAddr> {
    let written = written.trim();
    written
        .parse()
        .ok()
        .or_else(|| written.parse::<std::net::SocketAddr>().ok().map(|address| address.ip()))
        .or_else(|| written.strip_prefix('[')?.strip_suffix(']')?.parse().ok())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::direct("192.0.2.1", &[], "192.0.2.1")]
    #[case::direct_with_a_lie("192.0.2.1", &["198.51.100.1"], "192.0.2.1")]
    #[case::behind_a_proxy("10.0.0.1", &["192.0.2.1"], "192.0.2.1")]
    #[case::behind_two("10.0.0.1", &["192.0.2.1, 10.0.0.2"], "192.0.2.1")]
    #[case::a_lie_in_front("10.0.0.1", &["198.51.100.9, 192.0.2.1"], "192.0.2.1")]
    #[case::several_headers("10.0.0.1", &["198.51.100.9", "192.0.2.1"], "192.0.2.1")]
    #[case::with_a_port("10.0.0.1", &["192.0.2.1:4711"], "192.0.2.1")]
    #[case::six("10.0.0.1", &["2001:db8::1"], "2001:db8::1")]
    #[case::six_in_brackets("10.0.0.1", &["[2001:db8::1]"], "2001:db8::1")]
    #[case::six_with_a_port("10.0.0.1", &["[2001:db8::1]:80"], "2001:db8::1")]
    #[case::nonsense("10.0.0.1", &["192.0.2.1, unknown"], "10.0.0.1")]
    #[case::the_proxy_itself("10.0.0.1", &[], "10.0.0.1")]
    #[case::only_proxies("10.0.0.1", &["10.0.0.3, 10.0.0.2"], "10.0.0.3")]
    fn the_caller_is(#[case] peer: &str, #[case] forwarded: &[&str], #[case] expected: &str) {
        let trusted = [Network::parse("10.0.0.0/8").unwrap()];
        let caller = address(peer.parse().unwrap(), forwarded, &trusted);
        assert_eq!(caller, expected.parse::<IpAddr>().unwrap());
    }
}
