//! Opens a connection to a gateway and says nothing on it: all that can be tried where a gateway has no request that
//! costs nothing.

use std::path::Path;
use std::time::Duration;

use reqwest::Url;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use super::GatewayError;
use crate::email::tls;

/// Connects, with TLS where the address says so, and hangs up.
pub(super) async fn reach(
    url: &Url,
    extra_ca: Option<&Path>,
    patience: Duration,
) -> Result<(), GatewayError> {
    let unreachable = |words: String| GatewayError::Unreachable { words };
    let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else {
        return Err(GatewayError::Address);
    };
    let connect = async {
        let tcp = TcpStream::connect((host.trim_matches(['[', ']']), port))
            .await
            // The kind alone: an I/O error's own words can name what was looked up.
            .map_err(|error| unreachable(format!("no connection: {}", error.kind())))?;
        if url.scheme() == "https" {
            let config = tls::client_config(extra_ca)?;
            let name = tls::server_name(host)?;
            let handshake = TlsConnector::from(config).connect(name, tcp).await;
            handshake.map_err(|error| unreachable(format!("TLS failed: {error}")))?;
        }
        Ok(())
    };
    timeout(patience, connect).await.unwrap_or_else(|_| Err(unreachable("no connection in time".to_owned())))
}
