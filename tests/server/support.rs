//! An office: a configuration, the program, its mailboxes and its way out.

use std::fmt::Write as _;
use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use indgang::cli::demo::letters::{self, Synthetic};
use indgang_peers::{Dovecot, Mail, Postfix, free_port};
use serde_json::Value;

/// How long anything may take on a crowded machine. Long, because reaching it is a failure and not a measurement.
pub(crate) const PATIENCE: Duration = Duration::from_secs(120);

/// Our own address.
pub(crate) const OURS: &str = "borgerraadgiver@kommune.example";

/// When the synthetic letters say that they were written.
pub(crate) const DATE: &str = "Mon, 09 Feb 2026 10:00:00 +0100";

/// An office with one or more mailboxes.
pub(crate) struct Office {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) settings: String,
    pub(crate) web: u16,
    /// The file that says what time it is there, for an office that lives at another time.
    time: Option<PathBuf>,
    server: Option<Child>,
}

impl Office {
    /// An office without any mailbox, on a SQLite file of its own.
    pub(crate) fn new() -> Self {
        let folder = tempfile::Builder::new().prefix("indgang-office-").tempdir().expect("a folder");
        let web = free_port().expect("a port");
        let settings = format!(
            r#"
[office]
municipality = "Eksempel Kommune"
phone = "12 34 56 78"

[database]
url = "sqlite:{}"

[acknowledgement]
ceiling_all = 100000
retry_min = "1s"
retry_max = "2s"

[web]
listen = "127.0.0.1:{web}"

[log]
format = "json"
filter = "debug"
"#,
            folder.path().join("office.sqlite").display()
        );
        Self { folder, settings, web, time: None, server: None }
    }

    /// The same with a mailbox in Dovecot and Postfix as the way out.
    pub(crate) fn with(dovecot: &Dovecot, postfix: &Postfix) -> Self {
        let mut office = Self::new();
        office.mailbox("borger", OURS, dovecot, "");
        office.submit(postfix);
        office
    }

    /// Adds a mailbox, with more keys for it.
    pub(crate) fn mailbox(&mut self, name: &str, address: &str, dovecot: &Dovecot, more: &str) {
        let _ = write!(
            self.settings,
            r#"
[email.mailboxes.{name}]
address = "{address}"
host = "127.0.0.1"
port = {}
tls = "plain"
user = "{name}"
password = "{}"
{more}
"#,
            dovecot.port(),
            Dovecot::PASSWORD,
        );
    }

    /// Sends through Postfix, protected as Postfix offers it.
    pub(crate) fn submit(&mut self, postfix: &Postfix) {
        let _ = write!(
            self.settings,
            r#"
[email.submit]
host = "localhost"
port = {}
tls = "starttls"
ca_file = "{}"
timeout = "5s"
"#,
            postfix.port(),
            postfix.authority().display(),
        );
    }

    /// The file that the settings stand in.
    pub(crate) fn config(&self) -> PathBuf {
        let path = self.folder.path().join("indgang.toml");
        // Whole or not at all: a server that has just been started may be reading it.
        let unfinished = self.folder.path().join("indgang.toml.part");
        fs::write(&unfinished, &self.settings).expect("the settings are written");
        fs::rename(&unfinished, &path).expect("the settings are put in place");
        path
    }

    /// The program with this office's configuration.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_indgang"));
        command.arg("--config").arg(self.config()).args(arguments);
        if let Some(time) = &self.time {
            command
                .env("LD_PRELOAD", faketime())
                .env("FAKETIME_TIMESTAMP_FILE", time)
                .env("FAKETIME_NO_CACHE", "1")
                .env("FAKETIME_DONT_FAKE_MONOTONIC", "1")
                .env("TZ", "UTC");
        }
        command
    }

    /// It is this time there (UTC) from now on: `2022-06-13 09:00:00`. The time stands still until it is set again; what
    /// waits for a length of time still waits that long.
    pub(crate) fn set_time(&mut self, time: &str) {
        let file = self.folder.path().join("time");
        let new = self.folder.path().join("time.new");
        fs::write(&new, time).expect("the time is written");
        // At once, so that nobody reads half a time.
        fs::rename(&new, &file).expect("the time is set");
        self.time = Some(file);
    }

    /// Runs the program to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the program runs")
    }

    /// Runs the program with a letter on its standard input.
    pub(crate) fn pipe(&self, arguments: &[&str], input: &[u8]) -> Output {
        let mut child = self
            .command(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program runs");
        child.stdin.take().expect("a pipe").write_all(input).expect("the letter is piped");
        child.wait_with_output().expect("the program ends")
    }

    /// Where the server's log goes, of all its starts together.
    pub(crate) fn log_path(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.log_path()).unwrap_or_default()
    }

    /// Starts the server; does not wait for it.
    pub(crate) fn start(&mut self) {
        let log =
            fs::OpenOptions::new().create(true).append(true).open(self.log_path()).expect("the log opens");
        let child = self
            .command(&["serve"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .expect("the server starts");
        self.server = Some(child);
    }

    /// Starts the server and waits until it answers.
    pub(crate) fn start_up(&mut self) {
        self.start();
        let web = self.web;
        let log = self.log_path();
        let server = self.server.as_mut().expect("it was started");
        wait_until("the server answers", || {
            if let Some(status) = server.try_wait().expect("it can be asked") {
                panic!("the server ended with {status}: {}", fs::read_to_string(&log).unwrap_or_default());
            }
            get(web, "/healthz").is_some_and(|(status, _)| status == 200)
        });
    }

    /// The number of the server's process.
    pub(crate) fn process(&self) -> u32 {
        self.server.as_ref().expect("it was started").id()
    }

    /// Kills the server with SIGKILL.
    pub(crate) fn kill(&mut self) {
        if let Some(mut server) = self.server.take() {
            let _ = server.kill();
            let _ = server.wait();
        }
    }

    /// Asks the server to stop, and waits until it has.
    pub(crate) fn stop(&mut self) {
        let Some(mut server) = self.server.take() else { return };
        let id = server.id().to_string();
        let _ = Command::new("kill").args(["-TERM", &id]).status();
        wait_until("the server stops", || server.try_wait().expect("it can be asked").is_some());
    }

    /// What `indgang ledger --json` says. The ledger must add up.
    pub(crate) fn ledger(&self) -> Value {
        let output = self.run(&["ledger", "--json", "--verify"]);
        let ledger: Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|_| panic!("no ledger: {}", String::from_utf8_lossy(&output.stderr)));
        assert!(output.status.success(), "the ledger does not add up: {ledger}");
        ledger
    }

    pub(crate) fn readiness(&self) -> (u16, Value) {
        let (status, body) = get(self.web, "/readyz").expect("the server answers");
        (status, serde_json::from_str(&body).expect("readiness is JSON"))
    }

    /// One number of the ledger, such as `dispositions.enquiry`.
    pub(crate) fn count(&self, path: &str) -> u64 {
        let output = self.run(&["ledger", "--json"]);
        let ledger: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
        path.split('.').fold(&ledger, |value, key| &value[key]).as_u64().unwrap_or(0)
    }

    /// Waits until a number of the ledger is what it should be.
    pub(crate) fn wait_for(&self, path: &str, expected: u64) {
        let mut last = 0;
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline {
            last = self.count(path);
            if last >= expected {
                assert_eq!(last, expected, "{path}");
                return;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        let ready = get(self.web, "/readyz").map(|(_, body)| body).unwrap_or_default();
        panic!(
            "{path} stays at {last} instead of {expected}; ledger: {}; ready: {ready}; the log ends: {}",
            String::from_utf8_lossy(&self.run(&["ledger", "--json"]).stdout),
            tail(&self.log())
        );
    }

    /// Texts that a statement gives on the office's SQLite file.
    pub(crate) fn sql(&self, statement: &'static str) -> Vec<String> {
        let url = format!("sqlite:{}", self.folder.path().join("office.sqlite").display());
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(
            async {
                let pool = sqlx::SqlitePool::connect(&url).await.expect("the database opens");
                sqlx::query_scalar(statement).fetch_all(&pool).await.expect("the statement runs")
            },
        )
    }
}

impl Office {
    /// Damages the office's SQLite file behind the server's back.
    pub(crate) fn damage(&self, statements: &[&'static str]) {
        let path = self.folder.path().join("office.sqlite");
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(
            async {
                let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path).foreign_keys(false);
                let pool = sqlx::SqlitePool::connect_with(options).await.expect("the database opens");
                for statement in statements {
                    sqlx::query(*statement).execute(&pool).await.expect("the damage is done");
                }
                pool.close().await;
            },
        );
    }
}

impl Drop for Office {
    fn drop(&mut self) {
        self.kill();
    }
}

/// The end of a log, for a failing test.
/// Debian's library that tells a program another time.
fn faketime() -> PathBuf {
    let folders = fs::read_dir("/usr/lib").expect("there is /usr/lib").filter_map(Result::ok);
    let files = folders.map(|folder| folder.path().join("faketime/libfaketimeMT.so.1"));
    files.into_iter().find(|file| file.exists()).expect("Debian's package faketime is installed")
}

pub(crate) fn tail(log: &str) -> String {
    let lines: Vec<&str> = log.lines().collect();
    lines[lines.len().saturating_sub(15)..].join("\n")
}

/// Waits until something is so.
pub(crate) fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < deadline, "waited in vain until {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// A plain GET on this machine: status and body.
pub(crate) fn get(port: u16, path: &str) -> Option<(u16, String)> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    Some((status, body.to_owned()))
}

/// The synthetic letter of a number, to us.
pub(crate) fn synthetic(number: usize) -> Synthetic {
    letters::letter(number, OURS, DATE)
}

/// A letter written by hand.
pub(crate) fn letter(from: &str, message_id: &str, subject: &str, more: &str, body: &str) -> Vec<u8> {
    format!(
        "Return-Path: <{from}>\r\nDate: {DATE}\r\nFrom: {from}\r\nTo: {OURS}\r\nSubject: {subject}\r\nMessage-ID: <{message_id}>\r\n{more}MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{body}\r\n"
    )
    .into_bytes()
}

/// The letters that went to one recipient.
pub(crate) fn to<'a>(mails: &'a [Mail], recipient: &str) -> Vec<&'a Mail> {
    mails.iter().filter(|mail| mail.header("To").is_some_and(|to| to.contains(recipient))).collect()
}

/// The readable text of a mail.
pub(crate) fn text(mail: &Mail) -> String {
    mail_parser::MessageParser::default()
        .parse(&mail.raw)
        .and_then(|message| message.body_text(0).map(|text| text.replace("\r\n", "\n")))
        .unwrap_or_default()
}

/// Writes a file into an office's folder.
pub(crate) fn file(office: &Office, name: &str, bytes: &[u8]) -> PathBuf {
    let path: &Path = &office.folder.path().join(name);
    fs::create_dir_all(path.parent().expect("a folder")).expect("the folder is made");
    fs::write(path, bytes).expect("the file is written");
    path.to_owned()
}
