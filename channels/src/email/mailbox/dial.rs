//! Opens the connection: TCP, TLS from the first byte or after STARTTLS, and the server's greeting.

use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::error::MailboxErrorKind;
use super::wire::{End, Transport, Wire};
use super::{Account, Tls};
use crate::email::tls;

/// A conversation that has been greeted and is protected as configured.
pub(super) async fn dial(account: &Account) -> Result<Wire, MailboxErrorKind> {
    if account.tls == Tls::Plain && !tls::is_loopback(&account.host) {
        return Err(MailboxErrorKind::PlainRefused);
    }
    let secure = match account.tls {
        Tls::Plain => None,
        Tls::Implicit | Tls::StartTls => {
            let config = tls::client_config(account.extra_ca.as_deref())?;
            Some((TlsConnector::from(config), tls::server_name(&account.host)?))
        }
    };
    let host = account.host.trim_matches(['[', ']']);
    let socket = TcpStream::connect((host, account.port)).await.map_err(|error| unreachable(&error))?;
    // Commands are small and each is waited for: joining them up would only cost time.
    socket.set_nodelay(true).map_err(|error| unreachable(&error))?;
    match (account.tls, secure) {
        (Tls::Implicit, Some((connector, name))) => {
            let stream = handshake(&connector, name, Box::new(socket)).await?;
            let mut wire = Wire::new(stream, account.silence);
            greeting(&mut wire).await?;
            Ok(wire)
        }
        (Tls::StartTls, Some((connector, name))) => {
            let mut wire = Wire::new(Box::new(socket), account.silence);
            greeting(&mut wire).await?;
            let tag = wire.send("STARTTLS").await?;
            let end = loop {
                wire.next("TLS was asked for").await?;
                if let Some(end) = wire.end_of(&tag)? {
                    break end;
                }
            };
            if end != End::Ok {
                return Err(MailboxErrorKind::NoStartTls);
            }
            let stream = handshake(&connector, name, wire.into_transport()?).await?;
            Ok(Wire::new(stream, account.silence))
        }
        _ => {
            let mut wire = Wire::new(Box::new(socket), account.silence);
            greeting(&mut wire).await?;
            Ok(wire)
        }
    }
}

async fn greeting(wire: &mut Wire) -> Result<(), MailboxErrorKind> {
    wire.next("its greeting was awaited").await?;
    if wire.begins(b"* OK") {
        Ok(())
    } else if wire.begins(b"* BYE") {
        Err(MailboxErrorKind::Unreachable("it turns connections away".to_owned()))
    } else {
        // PREAUTH, too: a server that knows us without a log-in is not the one that is configured.
        Err(MailboxErrorKind::Protocol("the greeting is not that of an IMAP server that asks for a log-in"))
    }
}

async fn handshake(
    connector: &TlsConnector,
    name: ServerName<'static>,
    stream: Box<dyn Transport>,
) -> Result<Box<dyn Transport>, MailboxErrorKind> {
    match connector.connect(name, stream).await {
        Ok(stream) => Ok(Box::new(stream)),
        Err(error) if tls::is_tls_failure(&error) => Err(MailboxErrorKind::Tls(error.to_string())),
        Err(error) => {
            Err(MailboxErrorKind::Unreachable(format!("it ended the handshake ({})", error.kind())))
        }
    }
}

fn unreachable(error: &std::io::Error) -> MailboxErrorKind {
    MailboxErrorKind::Unreachable(error.kind().to_string())
}
