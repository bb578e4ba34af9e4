//! Recognises letters that no person wrote. Never decides what becomes of them.

use mail_parser::Message;

use crate::message::{Automatic, Bounce};

/// What is found out about a letter's origin.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// Set when no person wrote it.
    pub automatic: Option<Automatic>,
    /// What it reports of a letter of ours.
    pub bounce: Option<Bounce>,
    /// Why no acknowledgement may go out although a person may have written it.
    pub suppress_reply: Option<String>,
}

/// Tells whether a machine wrote `message`, whose readable text is `text`. `raw` is the whole letter;
/// `own_addresses` are ours, lower-cased.
pub fn origin(_message: &Message<'_>, _raw: &[u8], _text: &str, _own_addresses: &[String]) -> Origin {
    Origin::default()
}
