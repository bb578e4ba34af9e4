//! An enquirer (*henvender*): who an enquiry comes from, and where they are reached.
//!
//! Knows no enquiry. A name is what somebody called themselves, never proof of who they are.

use std::fmt;

use indgang_channels::message::Address;
use serde::{Deserialize, Serialize};

/// Identifies an enquirer inside the system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct EnquirerId(pub i64);

/// Citizens and companies are enquirers alike (S5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EnquirerKind {
    /// *Borger*.
    Citizen,
    /// *Virksomhed*.
    Company,
}

/// Somebody who enquires.
#[derive(Clone, PartialEq, Eq)]
pub struct Enquirer {
    /// The enquirer.
    pub id: EnquirerId,
    /// Citizen or company, once the adviser has said so: no letter tells it reliably.
    pub kind: Option<EnquirerKind>,
    /// What they call themselves.
    pub name: Option<String>,
    /// Where they are reached. May be empty: no address is ever required (S12).
    addresses: Vec<Address>,
}

impl Enquirer {
    /// Somebody of whom nothing is known but where they are reached, if that.
    pub fn new(id: EnquirerId, address: Option<Address>) -> Self {
        Self { id, kind: None, name: None, addresses: address.into_iter().collect() }
    }

    /// Where they are reached, in the order in which it became known.
    pub fn addresses(&self) -> &[Address] {
        &self.addresses
    }

    /// Whether `address` is one of theirs, whatever its spelling.
    pub fn is_reached_at(&self, address: &Address) -> bool {
        self.addresses.iter().any(|own| own.kind() == address.kind() && own.key() == address.key())
    }

    /// Adds an address, unless it is one of theirs already.
    pub fn add_address(&mut self, address: Address) {
        if !self.is_reached_at(&address) {
            self.addresses.push(address);
        }
    }

    /// Whether they can be told anything at all once the line is hung up.
    pub fn is_anonymous(&self) -> bool {
        self.addresses.is_empty()
    }
}

/// Never prints the name or the addresses.
impl fmt::Debug for Enquirer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Enquirer({}, {:?}, {} addresses)", self.id.0, self.kind, self.addresses.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail(written: &str) -> Address {
        Address::Email(written.to_owned())
    }

    #[test]
    fn an_address_is_kept_once_as_first_written() {
        let mut enquirer = Enquirer::new(EnquirerId(1), Some(mail("Villy@Post.example.org")));
        enquirer.add_address(mail("villy@post.example.org"));
        enquirer.add_address(Address::Phone("+4520123456".to_owned()));
        assert_eq!(
            enquirer.addresses(),
            [mail("Villy@Post.example.org"), Address::Phone("+4520123456".to_owned())]
        );
        assert!(enquirer.is_reached_at(&mail("VILLY@post.example.org")));
        assert!(!enquirer.is_reached_at(&mail("villy@example.org")));
    }

    #[test]
    fn nobody_needs_an_address_or_a_kind() {
        let enquirer = Enquirer::new(EnquirerId(1), None);
        assert!(enquirer.is_anonymous() && enquirer.kind.is_none());
        assert!(!Enquirer::new(EnquirerId(2), Some(mail("villy@post.example.org"))).is_anonymous());
    }

    #[test]
    fn a_debug_line_tells_nobody_who_it_is() {
        let mut enquirer = Enquirer::new(EnquirerId(1), Some(mail("villy@post.example.org")));
        enquirer.name = Some("Villy".to_owned());
        assert_eq!(format!("{enquirer:?}"), "Enquirer(1, None, 1 addresses)");
    }
}
