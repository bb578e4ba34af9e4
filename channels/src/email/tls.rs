//! TLS for every connection that this channel opens: whom to trust, and by which code.
//!
//! The operating system's certificates, and beside them one file of the office's own. Knows no protocol and has no
//! switch that turns checking off: a server with a private certificate is trusted by its file, or not at all.

use std::io;
use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, InvalidDnsNameError, ServerName};
use rustls::{ClientConfig, RootCertStore};

/// Why no connection could be trusted. Names the file, never what is in it.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The file with extra certificates cannot be read.
    #[error("the certificate file {file} cannot be read: {source}")]
    Unreadable {
        /// The file as configured.
        file: String,
        /// What the reader said.
        source: rustls::pki_types::pem::Error,
    },
    /// The file with extra certificates holds none.
    #[error("the certificate file {file} holds no certificate that can be used")]
    Empty {
        /// The file as configured.
        file: String,
    },
    /// The host's name is not one that a certificate can be issued for.
    #[error("the host name is not a valid server name")]
    Name(#[from] InvalidDnsNameError),
    /// The chosen cryptography does not offer the protocol versions that are asked for.
    #[error("TLS could not be set up: {0}")]
    Setup(#[from] rustls::Error),
}

/// The client's side of TLS 1.2 and 1.3 with the system's certificates and those in `extra_ca` (PEM).
///
/// The provider is named here rather than installed for the whole process, so that a library call works whatever the
/// program did first.
///
/// # Errors
/// When `extra_ca` is given and cannot be used: trusting less than configured would fail later and less clearly.
pub fn client_config(extra_ca: Option<&Path>) -> Result<Arc<ClientConfig>, TlsError> {
    let mut roots = RootCertStore::empty();
    // A machine without certificates of its own is common in containers; the extra file may be all there is.
    let system = rustls_native_certs::load_native_certs();
    roots.add_parsable_certificates(system.certs);
    if let Some(path) = extra_ca {
        let file = path.display().to_string();
        let certificates = CertificateDer::pem_file_iter(path)
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .map_err(|source| TlsError::Unreadable { file: file.clone(), source })?;
        let (added, _) = roots.add_parsable_certificates(certificates);
        if added == 0 {
            return Err(TlsError::Empty { file });
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

/// The name that the server's certificate must carry.
///
/// # Errors
/// When `host` is neither a DNS name nor an IP address.
pub fn server_name(host: &str) -> Result<ServerName<'static>, TlsError> {
    Ok(ServerName::try_from(host.trim_matches(['[', ']']).to_owned())?)
}

/// Whether `host` means this machine itself and nothing else: the one case in which plain text is nobody's business.
///
/// Decided by the name alone. Asking the resolver was rejected: an answer that can change must not decide whether a
/// password is sent in clear.
pub fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Whether an I/O error came out of TLS (a certificate that is not trusted, a server that speaks something else).
pub(crate) fn is_tls_failure(error: &io::Error) -> bool {
    error.get_ref().is_some_and(|inner| inner.is::<rustls::Error>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("localhost", true)]
    #[case("LOCALHOST", true)]
    #[case("127.0.0.1", true)]
    #[case("127.9.9.9", true)]
    #[case("::1", true)]
    #[case("[::1]", true)]
    #[case("localhost.example.org", false)]
    #[case("10.0.0.1", false)]
    #[case("0.0.0.0", false)]
    #[case("mail.example.org", false)]
    #[case("", false)]
    fn loopback_is_decided_by_the_name(#[case] host: &str, #[case] expected: bool) {
        assert_eq!(is_loopback(host), expected);
    }

    #[test]
    fn a_certificate_file_that_cannot_be_used_is_named() {
        let missing = client_config(Some(Path::new("/nonexistent/ca.pem"))).unwrap_err();
        assert!(missing.to_string().contains("/nonexistent/ca.pem"), "{missing}");
    }
}
