//! ClamAV's real daemon, with one signature: that of the EICAR test file.
//!
//! Its own signatures are hundreds of megabytes and come over the net; one is enough to see that a file that it knows is
//! found, and one that it does not is not.

use std::fs;
use std::io::{Read as _, Write as _};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use crate::ground::{self, Ground, Process};
use crate::{PeerError, free_port};

const PACKAGE: &str = "clamav-daemon";

/// A running daemon.
#[derive(Debug)]
pub struct Clamd {
    process: Option<Process>,
    port: u16,
    ground: Ground,
}

impl Clamd {
    /// Starts it, and waits until it answers.
    ///
    /// # Errors
    /// When it is missing (Debian package `clamav-daemon`) or does not come up; its log is in the error.
    pub fn start() -> Result<Self, PeerError> {
        ground::program("clamd", PACKAGE)?;
        let ground = Ground::make("clamd")?;
        let signatures = ground.path().join("signatures");
        fs::create_dir(&signatures)?;
        fs::set_permissions(&signatures, fs::Permissions::from_mode(0o755))?;
        // Name, any file, at its beginning, and the test file's bytes in hexadecimal: the file itself is not written here,
        // so that nobody's scanner takes this source for it.
        let hex: String = Self::eicar().iter().take(68).map(|byte| format!("{byte:02x}")).collect();
        fs::write(signatures.join("test.ndb"), format!("Eicar-Test-Signature:0:0:{hex}\n"))?;
        let port = free_port()?;
        let mut clamd = Self { process: None, port, ground };
        let configuration = format!(
            "Foreground yes\nLocalSocket {}\nTCPSocket {port}\nTCPAddr 127.0.0.1\nDatabaseDirectory {}\n\
             TemporaryDirectory {}\nLogFile {}\nUser root\nStreamMaxLength 100M\nSelfCheck 86400\n",
            clamd.socket().display(),
            signatures.display(),
            clamd.ground.path().display(),
            clamd.ground.path().join("clamd.log").display(),
        );
        let configuration =
            if ground::is_root() { configuration } else { configuration.replace("User root\n", "") };
        fs::write(clamd.configuration(), configuration)?;
        clamd.restart()?;
        Ok(clamd)
    }

    /// Where it listens.
    pub fn socket(&self) -> PathBuf {
        self.ground.path().join("clamd.ctl")
    }

    /// The port that it listens on besides.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The test file of the European Institute for Computer Antivirus Research, put together when it is asked for.
    pub fn eicar() -> Vec<u8> {
        let (first, last) = ("X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD", "-ANTIVIRUS-TEST-FILE!$H+H*");
        format!("{first}{last}").into_bytes()
    }

    /// Stops it.
    pub fn stop(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.end("TERM", Duration::from_secs(5));
        }
    }

    /// Starts it again on the same socket.
    ///
    /// # Errors
    /// When it does not come up.
    pub fn restart(&mut self) -> Result<(), PeerError> {
        self.stop();
        let mut command = Command::new(ground::program("clamd", PACKAGE)?);
        command.arg(format!("--config-file={}", self.configuration().display()));
        let log = self.ground.path().join("log");
        self.process = Some(Process::start(&mut command, self.port, &log)?);
        let until = Instant::now() + Duration::from_secs(30);
        while !answers(&self.socket()) {
            if Instant::now() > until {
                let said = fs::read_to_string(log).unwrap_or_default();
                return Err(PeerError::Failed { program: "clamd".to_owned(), said });
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    fn configuration(&self) -> PathBuf {
        self.ground.path().join("clamd.conf")
    }
}

fn answers(socket: &Path) -> bool {
    let mut answer = String::new();
    let asked = UnixStream::connect(socket).and_then(|mut stream| {
        stream.write_all(b"zPING\0")?;
        stream.read_to_string(&mut answer)
    });
    asked.is_ok() && answer.starts_with("PONG")
}

impl Drop for Clamd {
    fn drop(&mut self) {
        self.stop();
    }
}
