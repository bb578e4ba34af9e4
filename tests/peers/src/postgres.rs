//! A real PostgreSQL server, in a temporary folder, on a free loopback port.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::leash::Leash;
use crate::{PeerError, free_port};

/// A running server; stopped and removed when dropped, or when the test's process is gone.
#[derive(Debug)]
pub struct Postgres {
    // Dropped first: the server must have stopped before its folder goes.
    _leash: Leash,
    folder: tempfile::TempDir,
    programs: PathBuf,
    port: u16,
    databases: AtomicU32,
}

impl Postgres {
    /// Makes a cluster and starts it. fsync stays on: durability is what is tested.
    ///
    /// # Errors
    /// When PostgreSQL is missing (Debian package `postgresql`) or does not start, with what it said.
    pub fn start() -> Result<Self, PeerError> {
        let programs = programs()?;
        let folder = tempfile::Builder::new().prefix("indgang-postgres-").tempdir()?;
        // PostgreSQL refuses to run as root, so there it runs as the package's own user.
        if is_root() {
            run(Command::new("chown").arg("postgres").arg(folder.path()))?;
        }
        let leash = Leash::tie(&format!(
            "pid=$(head -n 1 '{0}/data/postmaster.pid') && kill -QUIT \"$pid\" && \
             while kill -0 \"$pid\" 2>/dev/null; do sleep 0.05; done; rm -rf '{0}'",
            folder.path().display()
        ))?;
        let server =
            Self { _leash: leash, programs, port: free_port()?, folder, databases: AtomicU32::new(0) };
        let data = server.data();
        run(server
            .command("initdb")
            .args(["--auth=trust", "--username=indgang", "--encoding=UTF8", "--locale=C.UTF-8", "-D"])
            .arg(&data))?;
        server.restart()?;
        Ok(server)
    }

    /// Ends the server at once, as a machine that goes down does. Its databases stay.
    ///
    /// # Errors
    /// When it does not end.
    pub fn stop(&self) -> Result<(), PeerError> {
        run(self.command("pg_ctl").args(["stop", "-w", "-m", "immediate", "-D"]).arg(self.data()))
    }

    /// Starts the server again, on the same port.
    ///
    /// # Errors
    /// When it does not start, with what it said.
    pub fn restart(&self) -> Result<(), PeerError> {
        let settings = format!(
            "-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=300",
            self.port
        );
        let log = self.folder.path().join("log");
        run(self
            .command("pg_ctl")
            .args(["start", "-w", "-t", "60", "-o", &settings, "-l"])
            .arg(log)
            .arg("-D")
            .arg(self.data()))
    }

    /// Makes an empty database, and gives its URL.
    ///
    /// # Errors
    /// When the server does not make it.
    pub fn create_database(&self) -> Result<String, PeerError> {
        let name = format!("test{}", self.databases.fetch_add(1, Ordering::Relaxed));
        let port = self.port.to_string();
        // Sorted as a Danish office's databases are, which is not the order of the bytes.
        let danish = ["-T", "template0", "--locale-provider=icu", "--icu-locale=da-DK"];
        let server = ["-h", "127.0.0.1", "-U", "indgang", "-p", &port, &name];
        run(self.command("createdb").args(danish).args(server))?;
        Ok(format!("postgres://indgang@127.0.0.1:{port}/{name}"))
    }

    /// Tidies all databases up now, as the server does by itself some time after much was written.
    ///
    /// # Errors
    /// When the server does not.
    pub fn tidy(&self) -> Result<(), PeerError> {
        let port = self.port.to_string();
        let server = ["-h", "127.0.0.1", "-U", "indgang", "-p", &port];
        run(self.command("vacuumdb").args(["--all", "--analyze", "--quiet"]).args(server))
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// One of the server's programs, run as the user that it accepts.
    fn command(&self, program: &str) -> Command {
        let path = self.programs.join(program);
        let mut command = if is_root() {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(path);
            command
        } else {
            Command::new(path)
        };
        command.current_dir(self.folder.path());
        command
    }
}

/// Where Debian puts the newest installed version's programs.
fn programs() -> Result<PathBuf, PeerError> {
    let mut versions: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .map(|entries| entries.flatten().map(|entry| entry.path().join("bin")).collect())
        .unwrap_or_default();
    versions.retain(|path: &PathBuf| path.join("initdb").exists());
    versions.sort();
    versions.pop().ok_or(PeerError::Missing { program: "initdb", package: "postgresql" })
}

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|metadata| std::os::unix::fs::MetadataExt::uid(&metadata) == 0)
}

fn run(command: &mut Command) -> Result<(), PeerError> {
    let program = Path::new(command.get_program()).display().to_string();
    // Output goes to a file of its own: pg_ctl leaves the server holding whatever it was given.
    let said = tempfile::tempfile()?;
    let status = command
        .stdin(std::process::Stdio::null())
        .stdout(said.try_clone()?)
        .stderr(said.try_clone()?)
        .status()?;
    if status.success() {
        return Ok(());
    }
    let mut said = said;
    let mut text = String::new();
    std::io::Seek::rewind(&mut said)?;
    std::io::Read::read_to_string(&mut said, &mut text)?;
    Err(PeerError::Failed { program, said: text })
}
