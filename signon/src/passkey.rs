//! Passkeys (Web Authentication Level 3): a key pair that an authenticator keeps for one address and uses only after
//! its owner has shown who they are, by finger, face or PIN. One step that is two factors, and nothing to be phished.
//!
//! Speaks to the browser in the JSON of the standard and gives its own state and credentials as text to be kept. Does not
//! know where, nor whose a credential is: the caller looks up the account that [`Passkeys::whose`] names.

use std::fmt;

use serde_json::{Value, json};
use url::Url;
use uuid::Uuid;
use webauthn_rs::prelude::{
    CredentialID, DiscoverableAuthentication, DiscoverableKey, Passkey, PasskeyRegistration,
    PublicKeyCredential, RegisterPublicKeyCredential, Webauthn, WebauthnBuilder,
};

/// How long the bytes are that an authenticator keeps to name an account by: the user handle.
pub const HANDLE_BYTES: usize = 16;

/// Why a passkey was not made or not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PasskeyError {
    /// Browsers keep passkeys for names only.
    #[error("passkeys need an origin with a host name, such as https://borgerraadgiver.kommune.example")]
    Origin,
    /// What was kept cannot be read.
    #[error("what was kept of a passkey cannot be read: let the user begin again, or make a new passkey")]
    Unreadable,
    /// The browser's answer is not in the form of the standard.
    #[error("the browser's answer is no answer of Web Authentication")]
    Malformed,
    /// The answer is another address's, another challenge's, or was not signed by the key, or not by its owner.
    #[error("the passkey did not prove who uses it")]
    Refused,
}

/// The address that passkeys are made for.
#[derive(Clone)]
pub struct Passkeys(Webauthn);

impl fmt::Debug for Passkeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passkeys")
    }
}

/// What begins in the browser.
pub struct Begun {
    /// What the browser is asked, as JSON: the `publicKey` of `navigator.credentials`.
    pub options: String,
    /// What its answer is checked against, once. Never goes to the browser.
    pub state: String,
}

/// Never prints the challenge.
impl fmt::Debug for Begun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Begun(…)")
    }
}

/// Whose passkey an answer says that it is. Nothing is proven yet.
#[derive(Clone, PartialEq, Eq)]
pub struct Claim {
    /// The account's handle.
    pub handle: [u8; HANDLE_BYTES],
    /// The credential's identifier.
    pub id: Vec<u8>,
}

impl fmt::Debug for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Claim(…)")
    }
}

impl Passkeys {
    /// Passkeys for one origin, under the name that authenticators show. The host becomes the relying party's identifier:
    /// whoever moves to another host makes all passkeys anew.
    ///
    /// # Errors
    /// When the origin has no host name: browsers keep no passkeys for numbers.
    pub fn new(origin: &str, name: &str) -> Result<Self, PasskeyError> {
        let origin = Url::parse(origin).map_err(|_| PasskeyError::Origin)?;
        let host = origin.domain().ok_or(PasskeyError::Origin)?;
        let builder = WebauthnBuilder::new(host, &origin).map_err(|_| PasskeyError::Origin)?;
        builder.rp_name(name).build().map(Self).map_err(|_| PasskeyError::Origin)
    }

    /// Begins to make a passkey. `login` and `name` are shown by the authenticator, which makes none where one of
    /// `existing` is kept already.
    ///
    /// The authenticator must verify its owner and keep the account with the key, so that nobody types who they are. Which
    /// make it is, is not asked (no attestation): an office buys what it likes.
    ///
    /// # Errors
    /// When a credential of `existing` cannot be read.
    pub fn begin_make(
        &self,
        handle: [u8; HANDLE_BYTES],
        login: &str,
        name: &str,
        existing: &[String],
    ) -> Result<Begun, PasskeyError> {
        let known: Vec<CredentialID> = existing
            .iter()
            .map(|one| Ok(read::<Passkey>(one)?.cred_id().clone()))
            .collect::<Result<_, _>>()?;
        let (options, state) = self
            .0
            .start_passkey_registration(Uuid::from_bytes(handle), login, name, Some(known))
            .map_err(|_| PasskeyError::Refused)?;
        let mut options = serde_json::to_value(options).map_err(|_| PasskeyError::Unreadable)?;
        // The library leaves it to the authenticator whether the account is kept with the key; without it nobody could
        // sign in by the key alone.
        let chosen = &mut options["publicKey"]["authenticatorSelection"];
        chosen["residentKey"] = json!("required");
        chosen["requireResidentKey"] = json!(true);
        Ok(Begun { options: public_key(&options), state: written(&state)? })
    }

    /// Ends it: the credential, to be kept with the account that the state belongs to.
    ///
    /// # Errors
    /// When the answer is not one, or does not fit.
    pub fn end_make(&self, state: &str, answer: &str) -> Result<String, PasskeyError> {
        let state: PasskeyRegistration = read(state)?;
        let answer: RegisterPublicKeyCredential =
            serde_json::from_str(answer).map_err(|_| PasskeyError::Malformed)?;
        let made = self.0.finish_passkey_registration(&answer, &state).map_err(|_| PasskeyError::Refused)?;
        written(&made)
    }

    /// Begins a sign-in with whichever passkey the browser has for us.
    ///
    /// # Errors
    /// When the library refuses.
    pub fn begin(&self) -> Result<Begun, PasskeyError> {
        let (options, state) =
            self.0.start_discoverable_authentication().map_err(|_| PasskeyError::Refused)?;
        let options = serde_json::to_value(options).map_err(|_| PasskeyError::Unreadable)?;
        Ok(Begun { options: public_key(&options), state: written(&state)? })
    }

    /// Whose passkey an answer says that it is.
    ///
    /// # Errors
    /// When the answer is not one, or names nobody.
    pub fn whose(&self, answer: &str) -> Result<Claim, PasskeyError> {
        let answer: PublicKeyCredential =
            serde_json::from_str(answer).map_err(|_| PasskeyError::Malformed)?;
        let (handle, id) =
            self.0.identify_discoverable_authentication(&answer).map_err(|_| PasskeyError::Malformed)?;
        Ok(Claim { handle: handle.into_bytes(), id: id.to_vec() })
    }

    /// Ends the sign-in: the credential as it is to be kept from now on, with the new count of its uses and whether it
    /// is backed up.
    ///
    /// A count that does not grow is refused, since a copy of the key may be about. The caller must write the new text
    /// only in place of the one that it gave, or two who use a copy at the same moment both get in.
    ///
    /// # Errors
    /// When the answer does not prove that the owner of `credential` gave it, to us, just now.
    pub fn end(&self, state: &str, answer: &str, credential: &str) -> Result<String, PasskeyError> {
        let state: DiscoverableAuthentication = read(state)?;
        let mut passkey: Passkey = read(credential)?;
        let answer: PublicKeyCredential =
            serde_json::from_str(answer).map_err(|_| PasskeyError::Malformed)?;
        let result = self
            .0
            .finish_discoverable_authentication_v2(&answer, state, DiscoverableKey::from(&passkey))
            .map_err(|_| PasskeyError::Refused)?;
        // The policy asks for it already; a key that is only touched must never stand for a password and a code.
        if !result.user_verified() || passkey.update_credential(&result).is_none() {
            return Err(PasskeyError::Refused);
        }
        written(&passkey)
    }
}

/// Whether a kept credential is the one of an identifier.
pub fn is_credential(credential: &str, id: &[u8]) -> bool {
    read::<Passkey>(credential).is_ok_and(|passkey| passkey.cred_id()[..] == *id)
}

/// The options alone: which kind of dialogue the browser shows is the page's choice.
fn public_key(options: &Value) -> String {
    options["publicKey"].to_string()
}

fn read<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, PasskeyError> {
    serde_json::from_str(text).map_err(|_| PasskeyError::Unreadable)
}

fn written(value: &impl serde::Serialize) -> Result<String, PasskeyError> {
    serde_json::to_string(value).map_err(|_| PasskeyError::Unreadable)
}

#[cfg(test)]
mod tests;
