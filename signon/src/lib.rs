//! Wire formats and protocols of signing in to Indgang.
//!
//! One-time passwords ([`totp`]), the codes for the day the phone is lost ([`recovery`]), passkeys ([`passkey`]) and
//! an office's own sign-in service (`oidc`). Deliberately does not know what an enquiry is, who the adviser is,
//! where anything is kept or how a page looks: the server keeps what this crate gives it and asks again.
//!
//! # What every part keeps to
//!
//! - Time and randomness are arguments; only `oidc` opens sockets, and [`passkey`] alone draws its own challenges,
//!   because its library hands them out in no other way.
//! - What is checked once can be checked once only: a one-time password gives the step that the caller keeps, a
//!   passkey's and a provider's answer are checked against a state that the caller takes out of its store first.
//! - An error says what to do about it, and never holds a code, a token or a person.
//! - `Debug` never shows a secret.

pub mod oidc;
pub mod passkey;
mod qr;
pub mod recovery;
pub mod totp;
