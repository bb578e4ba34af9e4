//! Whether the sender is who the letter says.

use crate::message::SenderCheck;

/// Placeholder until the branch with the reader of RFC 8601 is merged.
pub fn sender_check(_values: &[&str], _authserv_id: Option<&str>, _from_domain: Option<&str>) -> SenderCheck {
    SenderCheck::Unknown
}
