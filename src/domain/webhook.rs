//! Where other systems may be told that something happened.
//!
//! An address that somebody types must not make us knock on doors of our own house (server-side request forgery): only
//! public addresses are called, unless the configuration names a network. Decided on the address that is connected to, after
//! the name was looked up, since a name can lead anywhere.

// `core` has addresses and no sockets.
use core::net::IpAddr;

use super::network::Network;

/// Networks that are nobody's on the internet (RFC 6890 and what has joined it since), and those that lead into others.
const NOT_PUBLIC: [&str; 23] = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.88.99.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
    "64:ff9b::/96",
    "64:ff9b:1::/48",
    "2001::/32",
    "2001:db8::/32",
    "2002::/16",
    "fc00::/7",
    "fe80::/10",
    "ff00::/8",
];

/// Why an address is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// It does not begin with https.
    Clear,
    /// It names nobody, or holds a name and a password.
    Form,
    /// It leads to an address that may not be called.
    Inside,
}

/// Which addresses may be called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// Networks that may be called although they are not public.
    pub networks: Vec<Network>,
}

impl Reach {
    /// Whether a connection may go to an address.
    pub fn holds(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        if self.networks.iter().any(|network| network.holds(address)) {
            return true;
        }
        // `::` and `::1`, and whatever else begins like that.
        let is_low = matches!(address, IpAddr::V6(six) if six.segments()[..6] == [0; 6]);
        let is_inside =
            NOT_PUBLIC.iter().filter_map(|text| Network::parse(text)).any(|network| network.holds(address));
        !is_low && !is_inside
    }

    /// Whether a scheme and a host may be called, as far as they tell by themselves. In clear only to this machine, where
    /// the configuration allows it.
    ///
    /// # Errors
    /// Why not.
    pub fn takes(&self, scheme: &str, host: &str) -> Result<(), Unfit> {
        if host.is_empty() || host.contains('@') {
            return Err(Unfit::Form);
        }
        let address = host.trim_matches(['[', ']']).parse::<IpAddr>().ok();
        match (scheme, address) {
            ("https", None) => Ok(()),
            ("https", Some(address)) if self.holds(address) => Ok(()),
            ("http", Some(address)) if address.is_loopback() && self.holds(address) => Ok(()),
            ("https", Some(_)) => Err(Unfit::Inside),
            _ => Err(Unfit::Clear),
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("8.8.8.8", true)]
    #[case("2a01:4f8::1", true)]
    #[case("127.0.0.1", false)]
    #[case("10.1.2.3", false)]
    #[case("172.31.0.1", false)]
    #[case("192.168.1.1", false)]
    #[case("169.254.169.254", false)]
    #[case("100.64.0.1", false)]
    #[case("0.0.0.0", false)]
    #[case("255.255.255.255", false)]
    #[case("::1", false)]
    #[case("::", false)]
    #[case("::ffff:127.0.0.1", false)]
    #[case("::127.0.0.1", false)]
    #[case("::ffff:8.8.8.8", true)]
    #[case("64:ff9b::7f00:1", false)]
    #[case("2002:7f00:1::", false)]
    #[case("fd00::1", false)]
    #[case("fe80::1", false)]
    #[case("ff02::1", false)]
    fn only_public_addresses_are_called(#[case] address: &str, #[case] expected: bool) {
        assert_eq!(Reach::default().holds(address.parse().unwrap()), expected);
    }

    #[rstest]
    #[case("https", "esdh.kommune.example", Ok(()))]
    #[case("https", "8.8.8.8", Ok(()))]
    #[case("https", "10.0.0.1", Err(Unfit::Inside))]
    #[case("https", "[::1]", Err(Unfit::Inside))]
    #[case("http", "esdh.kommune.example", Err(Unfit::Clear))]
    #[case("http", "127.0.0.1", Err(Unfit::Clear))]
    #[case("ftp", "esdh.kommune.example", Err(Unfit::Clear))]
    #[case("https", "", Err(Unfit::Form))]
    fn an_address_is_taken(#[case] scheme: &str, #[case] host: &str, #[case] expected: Result<(), Unfit>) {
        assert_eq!(Reach::default().takes(scheme, host), expected);
    }

    #[test]
    fn the_configuration_opens_a_network_and_no_more() {
        let reach = Reach { networks: vec![Network::parse("127.0.0.0/8").unwrap()] };
        assert_eq!(reach.takes("http", "127.0.0.1"), Ok(()));
        assert_eq!(reach.takes("https", "10.0.0.1"), Err(Unfit::Inside));
        assert_eq!(reach.takes("http", "8.8.8.8"), Err(Unfit::Clear));
    }
}
