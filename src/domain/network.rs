//! A network of addresses, as configuration and proxies write it. Knows no socket.

// `core` has addresses and no sockets.
use core::net::IpAddr;

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
}
