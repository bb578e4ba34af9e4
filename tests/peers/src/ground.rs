//! What the mail servers stand on: a folder, a user to run as, a process, and a certificate.

use std::fs::{self, File};
use std::net::TcpStream;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::PeerError;
use crate::leash::Leash;

/// A folder of one peer's own, removed when dropped or when the test's process is gone.
#[derive(Debug)]
pub(crate) struct Ground {
    // Dropped first, so that the leash finds nothing left to remove.
    folder: TempDir,
    _leash: Leash,
}

impl Ground {
    /// Made under /tmp, since the path of a Unix socket may not be longer than 107 bytes, and open to be entered by
    /// servers that run as other users.
    pub(crate) fn make(name: &str) -> Result<Self, PeerError> {
        let folder = tempfile::Builder::new().prefix(&format!("indgang-{name}-")).tempdir_in("/tmp")?;
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755))?;
        // The server's own leash needs a moment to end it.
        let path = folder.path().display();
        let leash = Leash::tie(&format!("[ -d '{path}' ] && sleep 6 && rm -rf '{path}'"))?;
        Ok(Self { folder, _leash: leash })
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// A user that a server or its mails belong to.
#[derive(Clone, Debug)]
pub(crate) struct User {
    pub(crate) name: String,
    pub(crate) group: String,
    pub(crate) uid: u32,
    pub(crate) gid: u32,
    pub(crate) root: bool,
}

impl User {
    /// `system` when we are root, ourselves otherwise.
    pub(crate) fn pick(system: &str, package: &'static str) -> Result<Self, PeerError> {
        let root = is_root();
        let name = if root { system.to_owned() } else { ask("id", &["-un"])? };
        let missing = |_| PeerError::Missing { program: "a system user", package };
        let number = |text: String| {
            text.parse()
                .map_err(|_| PeerError::Failed { program: "id".to_owned(), said: "no number".to_owned() })
        };
        Ok(Self {
            uid: number(ask("id", &["-u", &name]).map_err(missing)?)?,
            gid: number(ask("id", &["-g", &name])?)?,
            group: ask("id", &["-gn", &name])?,
            name,
            root,
        })
    }

    /// Gives a file or folder to this user.
    pub(crate) fn own(&self, path: &Path) -> Result<(), PeerError> {
        if self.root {
            chown(path, Some(self.uid), Some(self.gid))?;
        }
        Ok(())
    }

    /// Makes a folder of this user's.
    pub(crate) fn folder(&self, path: &Path) -> Result<(), PeerError> {
        fs::create_dir_all(path)?;
        self.own(path)
    }
}

/// Whether we are root.
pub(crate) fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|metadata| metadata.uid() == 0)
}

/// Where a server's program stands; `/usr/sbin` is not on everybody's path.
pub(crate) fn program(name: &'static str, package: &'static str) -> Result<PathBuf, PeerError> {
    let found = ["/usr/sbin", "/usr/bin", "/usr/local/sbin"].map(|place| Path::new(place).join(name));
    found.into_iter().find(|path| path.exists()).ok_or(PeerError::Missing { program: name, package })
}

/// Runs a program to its end and returns what it printed.
pub(crate) fn ask(program: &str, arguments: &[&str]) -> Result<String, PeerError> {
    output(Command::new(program).args(arguments))
}

/// Runs a command to its end and returns what it printed.
pub(crate) fn output(command: &mut Command) -> Result<String, PeerError> {
    let output = command.stdin(Stdio::null()).output()?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned());
    }
    let program = Path::new(command.get_program()).display().to_string();
    let said = [output.stdout, output.stderr].concat();
    Err(PeerError::Failed { program, said: String::from_utf8_lossy(&said).into_owned() })
}

/// A running server with all that it started.
#[derive(Debug)]
pub(crate) struct Process {
    child: Child,
    _leash: Leash,
}

impl Process {
    /// Starts a server in the foreground, in a process group of its own, and waits until something listens on `port`.
    /// `log` gets what it prints; on failure the error holds it.
    pub(crate) fn start(command: &mut Command, port: u16, log: &Path) -> Result<Self, PeerError> {
        let out = File::options().create(true).append(true).open(log)?;
        let err = out.try_clone()?;
        let program = Path::new(command.get_program()).display().to_string();
        let child = command.stdin(Stdio::null()).stdout(out).stderr(err).process_group(0).spawn()?;
        let id = child.id();
        // Only while it is still this server: its number may be another process's by then.
        let comm = fs::read_to_string(format!("/proc/{id}/comm")).unwrap_or_default().trim().to_owned();
        // `-s`, since Debian's sh takes no group after `kill -KILL --`.
        let leash = Leash::tie(&format!(
            "grep -qsx '{comm}' /proc/{id}/comm || exit; kill -s TERM {id}; sleep 3; kill -s KILL -- -{id} {id}"
        ))?;
        let mut process = Self { child, _leash: leash };
        let until = Instant::now() + Duration::from_secs(30);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            if !process.alive() || Instant::now() > until {
                process.end("KILL", Duration::ZERO);
                let said = fs::read_to_string(log).unwrap_or_default();
                return Err(PeerError::Failed { program, said });
            }
            sleep(Duration::from_millis(10));
        }
        Ok(process)
    }

    fn alive(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Ends it and waits until it is gone: `signal` first, SIGKILL for the whole group after `patience`.
    pub(crate) fn end(&mut self, signal: &str, patience: Duration) {
        let id = self.child.id();
        kill(signal, &id.to_string());
        let until = Instant::now() + patience;
        while self.alive() && Instant::now() < until {
            sleep(Duration::from_millis(5));
        }
        kill("KILL", &format!("-{id}"));
        // Already gone, or killed just now: there is nothing left to wait long for, and nothing to do about an error.
        let _ = self.child.wait();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if self.alive() {
            self.end("TERM", Duration::from_secs(5));
        }
    }
}

/// Sends a signal; a process that is gone cannot get one, which is what was wanted.
pub(crate) fn kill(signal: &str, target: &str) {
    let _ = Command::new("kill")
        .args(["-s", signal, "--", target])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
}

/// A certificate authority of our own and a server's certificate for `localhost` and 127.0.0.1, made with openssl.
#[derive(Debug)]
pub(crate) struct Certificates {
    pub(crate) authority: PathBuf,
    pub(crate) certificate: PathBuf,
    pub(crate) key: PathBuf,
}

impl Certificates {
    pub(crate) fn make(folder: &Path) -> Result<Self, PeerError> {
        const PACKAGE: &str = "openssl";
        let program = program("openssl", PACKAGE)?;
        let openssl =
            |arguments: &str| output(Command::new(&program).current_dir(folder).args(arguments.split(' ')));
        fs::write(
            folder.join("names"),
            "subjectAltName=DNS:localhost,IP:127.0.0.1\nbasicConstraints=CA:FALSE\n",
        )?;
        // Elliptic curves: fresh RSA keys would cost each peer a second.
        let key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";
        openssl(&format!("req -x509 -days 30 -subj /CN=indgang-peers {key} -keyout ca.key -out ca.pem"))?;
        openssl(&format!("req -subj /CN=localhost {key} -keyout server.key -out server.csr"))?;
        openssl(
            "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -extfile names -out server.pem",
        )?;
        let at = |name: &str| folder.join(name);
        Ok(Self { authority: at("ca.pem"), certificate: at("server.pem"), key: at("server.key") })
    }
}
