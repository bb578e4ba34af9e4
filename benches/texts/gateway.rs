//! Takes every text at once and says so, as a gateway on the same machine would. Not a Kannel: it is not what is measured.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

/// A listener; it ends with the process.
pub(crate) struct Gateway(u16);

impl Gateway {
    /// Starts it on a free port.
    pub(crate) fn start() -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let port = listener.local_addr()?.port();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                thread::spawn(move || answer(&stream));
            }
        });
        Ok(Self(port))
    }

    pub(crate) fn port(&self) -> u16 {
        self.0
    }
}

/// Reads one request's head, and accepts whatever it asks.
fn answer(stream: &TcpStream) -> Option<()> {
    let mut lines = BufReader::new(stream).lines();
    while !lines.next()?.ok()?.is_empty() {}
    let body = "0: Accepted for delivery";
    let head =
        format!("HTTP/1.1 202 Accepted\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
    (&mut &*stream).write_all((head + body).as_bytes()).ok()
}
