//! Kannel: a real SMS gateway, with its built-in fake of a phone network behind it.
//!
//! Texts in: [`Phone`] → bearerbox → smsbox → a GET at the tested server. Texts out: the tested server's GET at smsbox
//! → bearerbox → [`Phone`]. Kannel reports each as taken by the network (8) and as delivered (1); it makes the two
//! requests at once, so that either may come first.
//!
//! What it keeps, measured with Debian's 1.4.5:
//! - A request that meets a closed port, a broken connection, silence for `http-timeout`, or any status but 200 and 202
//!   is made again with the same id after `http-queue-delay`, and given up after `http-request-retry` times. Of 1000
//!   texts sent while the server was gone for 30 s, each came once, all within 1.2 s of its return; of 3000 sent while a
//!   server was killed 25 times, each came, 156 of them twice. Reports likewise.
//! - smsbox holds those requests in memory alone, and bearerbox no longer has them: stopping or killing Kannel loses
//!   every text that the tested server has not taken. A crash test kills the tested server, not this one.
//! - bearerbox holds texts to phones on disk (`store-location`) with the wish for reports; 240 texts came once each over
//!   eight kills. A text that is being written to a phone that goes at that moment may be lost: the fake network takes
//!   the writing for the delivery.
//! - bearerbox holds single parts of long texts on disk. After a kill it hands over those it had as they are, and later
//!   ones when `sms-combine-concatenated-mo-timeout` has passed.

mod line;
mod phone;
mod settings;

use std::fs;
use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

pub use line::{Coding, Got};
pub use phone::Phone;
pub use settings::KannelSettings;

use crate::ground::{self, Ground, Process};
use crate::{PeerError, free_port};
use settings::Ports;

const PACKAGE: &str = "kannel";
const STATUS_PASSWORD: &str = "status";

/// A running Kannel: bearerbox, which faces the phones, and smsbox, which faces the tested server.
#[derive(Debug)]
pub struct Kannel {
    // Ended first, since it would try to come back to a bearerbox that is gone.
    smsbox: Option<Process>,
    bearerbox: Option<Process>,
    settings: KannelSettings,
    ports: Ports,
    ground: Ground,
}

impl Kannel {
    /// Who may send.
    pub const USER: &'static str = "indgang";
    /// With what password; holds what an address must escape.
    pub const PASSWORD: &'static str = "hemmeligt-æøå &+%";

    /// Starts a gateway, and waits until it takes texts. No phone is reached until [`Kannel::phone`].
    ///
    /// # Errors
    /// When Kannel is missing or does not come up; its log is in the error.
    pub fn start(settings: KannelSettings) -> Result<Self, PeerError> {
        ground::program("bearerbox", PACKAGE)?;
        let ground = Ground::make("kannel")?;
        let ports = Ports {
            admin: free_port()?,
            boxes: free_port()?,
            phones: free_port()?,
            texts: free_port()?,
            sendsms: free_port()?,
        };
        let mut peer = Self { smsbox: None, bearerbox: None, settings, ports, ground };
        let configuration = peer.settings.configuration(ports, &peer.ground.path().join("store"));
        fs::write(peer.configuration(), configuration)?;
        peer.restart()?;
        Ok(peer)
    }

    /// The port that takes texts to phones, by GET at `/cgi-bin/sendsms`.
    pub fn sendsms_port(&self) -> u16 {
        self.ports.sendsms
    }

    /// Connects the phone network, through which all phones are reached. There is one at a time: the one before must
    /// have been dropped, or have hung up.
    ///
    /// # Errors
    /// When Kannel does not take the connection.
    pub fn phone(&self) -> Result<Phone, PeerError> {
        const TAKEN: &str = "Fakesmsc client connected";
        // A connection is open before Kannel takes it, and the status might still be that of the phone before.
        let before = self.log().matches(TAKEN).count();
        let phone = Phone::connect(self.ports.phones, self.ports.texts)?;
        self.wait("take the phone", |peer| {
            peer.log().matches(TAKEN).count() > before && peer.phone_is_online()
        })?;
        Ok(phone)
    }

    /// Whether Kannel believes that a phone is connected.
    pub fn phone_is_online(&self) -> bool {
        self.status().lines().any(|line| line.contains("FAKE:") && line.contains("(online"))
    }

    /// Waits until Kannel has noticed that the phone has gone. What is sent before that is lost, as on a real network
    /// with a bad link.
    ///
    /// # Errors
    /// When it has not within ten seconds.
    pub fn wait_offline(&self) -> Result<(), PeerError> {
        self.wait("miss the phone", |peer| !peer.phone_is_online())
    }

    /// Kannel's own account of its queues and connections.
    pub fn status(&self) -> String {
        let path = format!("/status.txt?password={STATUS_PASSWORD}");
        get(self.ports.admin, &path).map(|(_, body)| body).unwrap_or_default()
    }

    /// Stops both parts and waits until they are gone, about a second. Texts to phones that are queued stay on disk;
    /// texts that the tested server has not taken are lost.
    pub fn stop(&mut self) {
        for part in [&mut self.smsbox, &mut self.bearerbox] {
            if let Some(mut process) = part.take() {
                process.end("TERM", Duration::from_secs(5));
            }
        }
    }

    /// Kills both parts, as a power cut would.
    pub fn kill(&mut self) {
        for part in [&mut self.smsbox, &mut self.bearerbox] {
            if let Some(mut process) = part.take() {
                process.end("KILL", Duration::ZERO);
            }
        }
    }

    /// Stops Kannel if it runs, and starts it on the same ports with the texts that it has on disk. The phone must be
    /// connected anew.
    ///
    /// # Errors
    /// When it does not come up; its log is in the error.
    pub fn restart(&mut self) -> Result<(), PeerError> {
        self.stop();
        self.bearerbox = Some(self.run("bearerbox", self.ports.admin)?);
        self.smsbox = Some(self.run("smsbox", self.ports.sendsms)?);
        self.wait("connect its parts", |peer| peer.status().contains("smsbox:"))
    }

    /// Whether one of its parts has given up with a fault of its own. Version 1.4.5 sometimes does when the server that it
    /// hands a text to breaks off while it writes (`conn_unregister: Assertion conn != NULL`), and forgets what it had.
    pub fn has_broken(&self) -> bool {
        self.log().lines().any(|line| line.contains("PANIC:"))
    }

    /// What both parts have logged.
    pub fn log(&self) -> String {
        ["bearerbox", "smsbox"]
            .map(|part| {
                let bytes = fs::read(self.ground.path().join(part)).unwrap_or_default();
                String::from_utf8_lossy(&bytes).into_owned()
            })
            .join("\n")
    }

    fn run(&self, program: &'static str, port: u16) -> Result<Process, PeerError> {
        let mut command = Command::new(ground::program(program, PACKAGE)?);
        // Its working directory is its own, so that nothing is left elsewhere should it dump core.
        command.current_dir(self.ground.path()).args(["-v", "0"]).arg(self.configuration());
        Process::start(&mut command, port, &self.ground.path().join(program))
    }

    fn wait(&self, what: &str, done: impl Fn(&Self) -> bool) -> Result<(), PeerError> {
        let until = Instant::now() + Duration::from_secs(10);
        while !done(self) {
            if Instant::now() > until {
                let said = format!("did not {what} in 10 s\n{}", self.log());
                return Err(PeerError::Failed { program: PACKAGE.to_owned(), said });
            }
            sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    fn configuration(&self) -> PathBuf {
        self.ground.path().join("kannel.conf")
    }
}

impl Drop for Kannel {
    fn drop(&mut self) {
        self.stop();
    }
}

/// What Kannel answers to a GET: status and body.
fn get(port: u16, path: &str) -> Result<(u16, String), PeerError> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    write!(stream, "GET {path} HTTP/1.0\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let answer = String::from_utf8_lossy(&answer);
    let parsed = answer.split_once("\r\n\r\n").and_then(|(head, body)| {
        let status = head.split(' ').nth(1)?.parse().ok()?;
        Some((status, body.to_owned()))
    });
    parsed.ok_or_else(|| io::Error::new(io::ErrorKind::UnexpectedEof, "Kannel broke off its answer").into())
}
