//! The receiving end: an SMTP server of our own that accepts every letter at once and keeps nothing but the time.
//!
//! A real server's work is not part of what is measured, so it is a sink on purpose; the tests send to a real Postfix.

use std::collections::HashMap;
use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::bail;

/// The longest line of a letter or command that is taken in, in bytes.
const LINE: usize = 1 << 20;

/// What was accepted.
#[derive(Debug, Default)]
struct Accepted {
    first: HashMap<String, Instant>,
    last: Option<Instant>,
    repeated: usize,
}

#[derive(Debug, Default)]
struct Shared {
    accepted: Mutex<Accepted>,
    more: Condvar,
}

/// The sink.
#[derive(Clone, Debug)]
pub(crate) struct Sink {
    port: u16,
    shared: Arc<Shared>,
}

impl Sink {
    /// Listens on a free loopback port until the process ends.
    pub(crate) fn start() -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let port = listener.local_addr()?.port();
        let shared = Arc::new(Shared::default());
        let sink = Self { port, shared: Arc::clone(&shared) };
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = Arc::clone(&shared);
                // A conversation that breaks off costs only itself.
                thread::spawn(move || converse(&stream, &shared));
            }
        });
        Ok(sink)
    }

    /// Where it listens.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Forgets everything.
    pub(crate) fn clear(&self) {
        *self.lock() = Accepted::default();
    }

    /// How many letters came to a recipient who had one already.
    pub(crate) fn repeated(&self) -> usize {
        self.lock().repeated
    }

    /// Waits until `count` recipients have a letter, and says when the last one got it.
    pub(crate) fn wait(&self, count: usize, patience: Duration) -> anyhow::Result<Instant> {
        let waiting = |accepted: &mut Accepted| accepted.first.len() < count;
        let (accepted, _) = self
            .shared
            .more
            .wait_timeout_while(self.lock(), patience, waiting)
            .unwrap_or_else(PoisonError::into_inner);
        match accepted.last {
            Some(last) if accepted.first.len() >= count => Ok(last),
            _ => bail!("{} of {count} letters came within {patience:?}", accepted.first.len()),
        }
    }

    /// Waits for the letter to one recipient.
    pub(crate) fn wait_for(&self, recipient: &str, patience: Duration) -> anyhow::Result<Instant> {
        let waiting = |accepted: &mut Accepted| !accepted.first.contains_key(recipient);
        let (accepted, _) = self
            .shared
            .more
            .wait_timeout_while(self.lock(), patience, waiting)
            .unwrap_or_else(PoisonError::into_inner);
        match accepted.first.get(recipient) {
            Some(at) => Ok(*at),
            None => bail!("a letter did not come within {patience:?}"),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Accepted> {
        self.shared.accepted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One conversation (RFC 5321), with PIPELINING (RFC 2920): answers are held back while more commands lie there.
fn converse(stream: &TcpStream, shared: &Shared) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut input = BufReader::with_capacity(64 << 10, stream);
    let mut answers: Vec<u8> = b"220 sink.example ESMTP\r\n".to_vec();
    let mut recipients: Vec<String> = Vec::new();
    let mut line = Vec::new();
    loop {
        if input.buffer().is_empty() && !answers.is_empty() {
            (&mut &*stream).write_all(&answers)?;
            answers.clear();
        }
        if !read_line(&mut input, &mut line)? {
            return Ok(());
        }
        let text = String::from_utf8_lossy(&line).trim_end().to_owned();
        let verb = text.get(..4).unwrap_or_default().to_ascii_uppercase();
        let answer: &[u8] = match verb.as_str() {
            "EHLO" => b"250-sink.example\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n",
            "RCPT" => {
                let address = text.split(['<', '>']).nth(1).unwrap_or_default();
                recipients.push(address.to_lowercase());
                b"250 2.1.5 ok\r\n"
            }
            "DATA" => {
                answers.extend_from_slice(b"354 go ahead\r\n");
                (&mut &*stream).write_all(&answers)?;
                answers.clear();
                while line != b".\r\n" {
                    if !read_line(&mut input, &mut line)? {
                        return Ok(());
                    }
                }
                accept(shared, &mut recipients);
                b"250 2.0.0 accepted\r\n"
            }
            "QUIT" => {
                (&mut &*stream).write_all(b"221 2.0.0 bye\r\n")?;
                return Ok(());
            }
            "RSET" => {
                recipients.clear();
                b"250 2.0.0 ok\r\n"
            }
            _ => b"250 2.0.0 ok\r\n",
        };
        answers.extend_from_slice(answer);
    }
}

/// Reads one line; `false` at the end, and when somebody sends a line without one.
fn read_line(input: &mut BufReader<&TcpStream>, line: &mut Vec<u8>) -> io::Result<bool> {
    line.clear();
    Ok(input.read_until(b'\n', line)? > 0 && line.len() <= LINE)
}

fn accept(shared: &Shared, recipients: &mut Vec<String>) {
    let now = Instant::now();
    let mut accepted = shared.accepted.lock().unwrap_or_else(PoisonError::into_inner);
    for recipient in recipients.drain(..) {
        if accepted.first.insert(recipient, now).is_some() {
            accepted.repeated += 1;
        }
        accepted.last = Some(now);
    }
    drop(accepted);
    shared.more.notify_all();
}
