//! The simplest server that Kannel can hand its texts to.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU16, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle, sleep};
use std::time::{Duration, Instant};

/// A request: its path, and its parameters decoded as UTF-8.
#[derive(Clone, Debug)]
pub(crate) struct Hit {
    pub(crate) at: Instant,
    pub(crate) path: String,
    pub(crate) query: BTreeMap<String, String>,
}

impl Hit {
    pub(crate) fn value(&self, name: &str) -> &str {
        self.query.get(name).map_or("", String::as_str)
    }
}

#[derive(Default)]
struct State {
    hits: Mutex<Vec<Hit>>,
    /// What is answered; 0 for none at all, with the connection broken off.
    status: AtomicU16,
    over: AtomicBool,
}

/// Answers every request with one status and an empty body, and remembers it.
pub(crate) struct Stub {
    port: u16,
    state: Arc<State>,
    listener: Option<JoinHandle<()>>,
}

impl Stub {
    /// Listens on a port that stays the same over [`Stub::down`] and [`Stub::up`].
    pub(crate) fn start() -> Self {
        let mut stub =
            Self { port: indgang_peers::free_port().unwrap(), state: Arc::default(), listener: None };
        stub.answer(200);
        stub.up();
        stub
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    pub(crate) fn answer(&self, status: u16) {
        self.state.status.store(status, Ordering::SeqCst);
    }

    pub(crate) fn up(&mut self) {
        let listener = TcpListener::bind(("127.0.0.1", self.port)).unwrap();
        self.state.over.store(false, Ordering::SeqCst);
        let state = Arc::clone(&self.state);
        self.listener = Some(thread::spawn(move || {
            for stream in listener.incoming() {
                if state.over.load(Ordering::SeqCst) {
                    break;
                }
                let state = Arc::clone(&state);
                let stream = stream.unwrap();
                thread::spawn(move || serve(&stream, &state));
            }
        }));
    }

    /// Closes the port: what comes now is refused.
    pub(crate) fn down(&mut self) {
        self.state.over.store(true, Ordering::SeqCst);
        // Wakes the listener.
        let _ = TcpStream::connect(("127.0.0.1", self.port));
        self.listener.take().unwrap().join().unwrap();
    }

    pub(crate) fn hits(&self, path: &str) -> Vec<Hit> {
        let hits = self.state.hits.lock().unwrap();
        hits.iter().filter(|hit| hit.path == path).cloned().collect()
    }

    /// Waits until there were `count` requests at a path.
    pub(crate) fn wait(&self, path: &str, count: usize) -> Vec<Hit> {
        let until = Instant::now() + Duration::from_secs(20);
        loop {
            let hits = self.hits(path);
            if hits.len() >= count {
                return hits;
            }
            assert!(Instant::now() < until, "{} of {count} requests came: {hits:?}", hits.len());
            sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Stub {
    fn drop(&mut self) {
        if self.listener.is_some() {
            self.down();
        }
    }
}

fn serve(stream: &TcpStream, state: &State) {
    let mut lines = BufReader::new(stream).lines();
    let Some(Ok(first)) = lines.next() else { return };
    while lines.next().is_some_and(|line| line.is_ok_and(|line| !line.is_empty())) {}
    let target = first.split(' ').nth(1).unwrap();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let query = query.split('&').filter_map(|pair| pair.split_once('='));
    let query = query.map(|(name, value)| (name.to_owned(), decode(value))).collect();
    state.hits.lock().unwrap().push(Hit { at: Instant::now(), path: path.to_owned(), query });
    let status = state.status.load(Ordering::SeqCst);
    if status != 0 {
        let mut stream = stream;
        let _ = write!(stream, "HTTP/1.1 {status} -\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    }
}

fn decode(value: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = value.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        if *first == b'%' {
            let hex = std::str::from_utf8(&tail[..2]).unwrap();
            bytes.push(u8::from_str_radix(hex, 16).unwrap());
            rest = &tail[2..];
        } else {
            bytes.push(if *first == b'+' { b' ' } else { *first });
        }
    }
    // Bytes that are no UTF-8 are shown as if each were a letter.
    String::from_utf8(bytes).unwrap_or_else(|error| error.into_bytes().into_iter().map(char::from).collect())
}

/// Sends a GET and gives status and body.
pub(crate) fn get(port: u16, path: &str, query: &[(&str, &str)]) -> (u16, String) {
    let escape = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
    let query: Vec<String> = query.iter().map(|(name, value)| format!("{name}={}", escape(value))).collect();
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    write!(stream, "GET {path}?{} HTTP/1.0\r\nHost: localhost\r\n\r\n", query.join("&")).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
    (status, answer.split_once("\r\n\r\n").unwrap().1.to_owned())
}
