//! Indgang itself, as its users run it: the program, with a configuration in the environment.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use indgang_peers::{Dovecot, free_port};

use crate::process;
use crate::sink::Sink;

/// The mailbox's address.
pub(crate) const ADDRESS: &str = "borgerraadgiver@eksempel.example";

/// How long it may take to start.
const START: Duration = Duration::from_secs(30);

/// How it notices new letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Watch {
    /// The server tells.
    Idle,
    /// It looks, this often.
    Poll(Duration),
}

/// A running server, killed when dropped.
#[derive(Debug)]
pub(crate) struct Product {
    child: Child,
    port: u16,
    log: PathBuf,
    /// When it was started.
    pub(crate) started: Instant,
}

impl Product {
    /// Starts it on the database in `folder`, which is made when it is not there.
    pub(crate) fn start(
        program: &Path,
        folder: &Path,
        dovecot: &Dovecot,
        user: &str,
        sink: &Sink,
        watch: Watch,
    ) -> anyhow::Result<Self> {
        fs::create_dir_all(folder)?;
        let log = folder.join("log");
        let output = File::options().create(true).append(true).open(&log)?;
        let port = free_port()?;
        let mut command = Command::new(program);
        for (key, _) in std::env::vars_os().filter(|(key, _)| key.to_string_lossy().starts_with("INDGANG")) {
            command.env_remove(key);
        }
        let (watch, near_poll) = match watch {
            Watch::Idle => ("idle", Duration::from_secs(10)),
            Watch::Poll(near_poll) => ("poll", near_poll),
        };
        let settings = [
            ("OFFICE__MUNICIPALITY", "Eksempel Kommune".to_owned()),
            ("OFFICE__PHONE", "12 34 56 78".to_owned()),
            ("DATABASE__URL", format!("sqlite:{}", folder.join("indgang.sqlite").display())),
            ("DATABASE__SYNCHRONOUS", "full".to_owned()),
            ("EMAIL__MAILBOXES__BORGER__ADDRESS", ADDRESS.to_owned()),
            ("EMAIL__MAILBOXES__BORGER__HOST", "127.0.0.1".to_owned()),
            ("EMAIL__MAILBOXES__BORGER__PORT", dovecot.port().to_string()),
            ("EMAIL__MAILBOXES__BORGER__TLS", "plain".to_owned()),
            ("EMAIL__MAILBOXES__BORGER__USER", user.to_owned()),
            ("EMAIL__MAILBOXES__BORGER__PASSWORD", Dovecot::PASSWORD.to_owned()),
            ("EMAIL__MAILBOXES__BORGER__AFTER_COMMIT", "flag".to_owned()),
            ("EMAIL__MAILBOXES__BORGER__WATCH", watch.to_owned()),
            ("EMAIL__MAILBOXES__BORGER__NEAR_POLL", format!("{}ms", near_poll.as_millis())),
            ("EMAIL__SUBMIT__HOST", "127.0.0.1".to_owned()),
            ("EMAIL__SUBMIT__PORT", sink.port().to_string()),
            ("EMAIL__SUBMIT__TLS", "plain".to_owned()),
            // The ceiling is there to stop loops, and this looks like one.
            ("ACKNOWLEDGEMENT__CEILING_ALL", "1000000".to_owned()),
            ("WEB__LISTEN", format!("127.0.0.1:{port}")),
        ];
        command.envs(settings.map(|(key, value)| (format!("INDGANG__{key}"), value)));
        command.arg("serve").stdin(Stdio::null()).stdout(output.try_clone()?).stderr(output);
        let started = Instant::now();
        let child = command.spawn().context("indgang cannot be started")?;
        Ok(Self { child, port, log, started })
    }

    /// Waits until `/healthz` answers, and says how long that took since the start.
    pub(crate) fn ready(&mut self) -> anyhow::Result<Duration> {
        while self.started.elapsed() < START {
            if self.healthy() {
                return Ok(self.started.elapsed());
            }
            if let Some(status) = self.child.try_wait()? {
                bail!("indgang ended with {status}: {}", self.said());
            }
            sleep(Duration::from_millis(1));
        }
        bail!("indgang does not answer on /healthz: {}", self.said())
    }

    fn healthy(&self) -> bool {
        let asked = || -> std::io::Result<Vec<u8>> {
            let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
            stream.set_read_timeout(Some(Duration::from_secs(2)))?;
            stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
            let mut answer = Vec::new();
            stream.read_to_end(&mut answer)?;
            Ok(answer)
        };
        asked().is_ok_and(|answer| answer.starts_with(b"HTTP/1.1 200"))
    }

    /// Time on the processors so far.
    pub(crate) fn cpu(&self) -> anyhow::Result<Duration> {
        process::cpu(self.child.id())
    }

    /// The most memory that was ever resident, in bytes.
    pub(crate) fn peak(&self) -> anyhow::Result<u64> {
        process::memory(self.child.id(), "VmHWM")
    }

    /// The memory that is resident now, in bytes.
    pub(crate) fn resident(&self) -> anyhow::Result<u64> {
        process::memory(self.child.id(), "VmRSS")
    }

    /// Stops it in order.
    pub(crate) fn stop(mut self) -> anyhow::Result<()> {
        let asked = Command::new("kill").args(["-s", "TERM", &self.child.id().to_string()]).status()?;
        let status = self.child.wait()?;
        if !asked.success() || !status.success() {
            bail!("indgang ended with {status}: {}", self.said());
        }
        Ok(())
    }

    /// The end of its log.
    pub(crate) fn said(&self) -> String {
        let log = fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(10)..].join("\n")
    }
}

impl Drop for Product {
    fn drop(&mut self) {
        // It has ended already after an orderly stop; otherwise nothing of it is wanted any more.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
