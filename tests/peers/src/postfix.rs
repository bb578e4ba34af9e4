//! Postfix: takes letters without a log-in and delivers every one into a Maildir.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::ground::{self, Certificates, Ground, Process, User};
use crate::maildir::{Mail, Maildir};
use crate::{PeerError, free_port};

const PACKAGE: &str = "postfix";

/// A Postfix server that accepts mail for every address and delivers it into one Maildir, except for the recipients
/// at [`Postfix::TEMPORARY`] and [`Postfix::PERMANENT`]. Offers STARTTLS.
#[derive(Debug)]
pub struct Postfix {
    process: Option<Process>,
    certificates: Certificates,
    user: User,
    port: u16,
    ground: Ground,
}

impl Postfix {
    /// Recipients in this domain are refused for now, with 450 4.2.1.
    pub const TEMPORARY: &'static str = "temporary.example";
    /// Recipients in this domain are refused for good, with 550 5.1.1.
    pub const PERMANENT: &'static str = "permanent.example";

    /// Starts a server.
    ///
    /// # Errors
    /// When Postfix is missing, does not come up (its log is in the error), or we are not root: its master process runs
    /// as nobody else.
    pub fn start() -> Result<Self, PeerError> {
        ground::program("postfix", PACKAGE)?;
        if !ground::is_root() {
            return Err(PeerError::NeedsRoot { peer: "Postfix" });
        }
        let ground = Ground::make("postfix")?;
        let user = User::pick("nobody", "base-passwd")?;
        for part in ["config", "queue", "data"] {
            fs::create_dir_all(ground.path().join(part))?;
        }
        User::pick("postfix", PACKAGE)?.own(&ground.path().join("data"))?;
        user.folder(&ground.path().join("mail"))?;
        let certificates = Certificates::make(&ground.path().join("config"))?;
        Maildir::make(ground.path().join("mail/all"), &user)?;
        let mut peer = Self { process: None, certificates, user, port: free_port()?, ground };
        peer.configure()?;
        peer.restart()?;
        Ok(peer)
    }

    /// The port that it takes letters on.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The certificate authority (PEM) behind the server's certificate for `localhost` and 127.0.0.1.
    pub fn authority(&self) -> &Path {
        &self.certificates.authority
    }

    /// Every letter that was delivered, with the headers that Postfix adds (`X-Original-To` names the recipient).
    ///
    /// # Errors
    /// When the file system refuses.
    pub fn mails(&self) -> Result<Vec<Mail>, PeerError> {
        self.maildir().mails()
    }

    /// How many letters were delivered.
    ///
    /// # Errors
    /// When the file system refuses.
    pub fn count(&self) -> Result<usize, PeerError> {
        self.maildir().count()
    }

    /// Waits until at least `count` letters are delivered, and returns all of them: Postfix says yes before it
    /// delivers.
    ///
    /// # Errors
    /// When that does not happen within `patience`.
    pub fn wait_for(&self, count: usize, patience: Duration) -> Result<Vec<Mail>, PeerError> {
        let until = std::time::Instant::now() + patience;
        loop {
            let delivered = self.count()?;
            if delivered >= count {
                return self.mails();
            }
            if std::time::Instant::now() > until {
                let said =
                    format!("{delivered} of {count} letters were delivered in {} s", patience.as_secs());
                return Err(PeerError::Failed { program: "postfix".to_owned(), said });
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Whether every accepted letter has been delivered or returned: nothing is left in its queue.
    ///
    /// # Errors
    /// When Postfix cannot be asked.
    pub fn drained(&self) -> Result<bool, PeerError> {
        let asked = ground::output(Command::new("postqueue").arg("-c").arg(self.configuration()).arg("-j"))?;
        Ok(asked.is_empty())
    }

    /// Stops the server and waits until it is gone; its queue stays.
    pub fn stop(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.end("TERM", Duration::from_secs(5));
            self.sweep();
        }
    }

    /// Kills the server with all of its processes, as a power cut would; its queue stays.
    pub fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.end("KILL", Duration::ZERO);
            self.sweep();
        }
    }

    /// Stops the server if it runs, and starts it on the same port with the same queue.
    ///
    /// # Errors
    /// When the server does not come up; its log is in the error.
    pub fn restart(&mut self) -> Result<(), PeerError> {
        self.stop();
        let postfix = ground::program("postfix", PACKAGE)?;
        ground::output(Command::new(&postfix).arg("-c").arg(self.configuration()).arg("check"))?;
        // The master itself rather than `postfix start-fg`, whose wrapper would stand between us and its signals.
        let mut command = Command::new("/usr/lib/postfix/sbin/master");
        command.arg("-d").arg("-c").arg(self.configuration());
        let log = self.ground.path().join("output");
        let started = Process::start(&mut command, self.port, &log);
        self.process = Some(started.map_err(|error| match error {
            PeerError::Failed { program, said } => PeerError::Failed { program, said: said + &self.log() },
            other => other,
        })?);
        Ok(())
    }

    /// What the server has logged.
    pub fn log(&self) -> String {
        fs::read_to_string(self.ground.path().join("log")).unwrap_or_default()
    }

    fn maildir(&self) -> Maildir {
        Maildir::at(self.ground.path().join("mail/all"), &self.user)
    }

    fn configuration(&self) -> PathBuf {
        self.ground.path().join("config")
    }

    /// The master's children notice its end by themselves, but not at once; a new master would meet them.
    fn sweep(&self) {
        // Each of them names the queue's folder as its working directory.
        let queue = self.ground.path().join("queue");
        for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
            if fs::read_link(entry.path().join("cwd")).is_ok_and(|cwd| cwd.starts_with(&queue)) {
                ground::kill("KILL", &entry.file_name().to_string_lossy());
            }
        }
    }

    fn configure(&self) -> Result<(), PeerError> {
        let base = self.ground.path().display();
        let User { uid, gid, .. } = &self.user;
        let folder = self.configuration();
        let main = format!(
            "compatibility_level = 3.6\n\
             queue_directory = {base}/queue\n\
             data_directory = {base}/data\n\
             maillog_file = {base}/log\n\
             maillog_file_prefixes = {base}\n\
             myhostname = localhost\n\
             mydestination =\n\
             mynetworks = 127.0.0.0/8\n\
             inet_interfaces = 127.0.0.1\n\
             inet_protocols = ipv4\n\
             smtpd_tls_security_level = may\n\
             smtpd_tls_cert_file = {certificate}\n\
             smtpd_tls_key_file = {key}\n\
             smtpd_recipient_restrictions = check_recipient_access inline:{{{{{temporary} = 450 4.2.1 not now}}, {{{permanent} = 550 5.1.1 nobody}}}}, permit_mynetworks, reject\n\
             smtpd_client_connection_count_limit = 0\n\
             smtpd_error_sleep_time = 0\n\
             default_transport = virtual\n\
             relay_transport = virtual\n\
             virtual_transport = virtual\n\
             virtual_mailbox_domains = static:all\n\
             virtual_mailbox_base = {base}/mail\n\
             virtual_mailbox_maps = static:all/\n\
             virtual_uid_maps = static:{uid}\n\
             virtual_gid_maps = static:{gid}\n\
             virtual_mailbox_limit = 0\n\
             alias_maps =\n\
             alias_database =\n\
             local_recipient_maps =\n\
             biff = no\n\
             in_flow_delay = 0\n",
            certificate = self.certificates.certificate.display(),
            key = self.certificates.key.display(),
            temporary = Self::TEMPORARY,
            permanent = Self::PERMANENT,
        );
        // No chroot anywhere: the folder holds no copy of the system's libraries.
        let master = format!(
            "127.0.0.1:{port} inet n - n - - smtpd\n\
             pickup unix n - n 60 1 pickup\n\
             cleanup unix n - n - 0 cleanup\n\
             qmgr unix n - n 300 1 qmgr\n\
             tlsmgr unix - - n 1000? 1 tlsmgr\n\
             rewrite unix - - n - - trivial-rewrite\n\
             bounce unix - - n - 0 bounce\n\
             defer unix - - n - 0 bounce\n\
             trace unix - - n - 0 bounce\n\
             verify unix - - n - 1 verify\n\
             flush unix n - n 1000? 0 flush\n\
             proxymap unix - - n - - proxymap\n\
             proxywrite unix - - n - 1 proxymap\n\
             showq unix n - n - - showq\n\
             error unix - - n - - error\n\
             retry unix - - n - - error\n\
             discard unix - - n - - discard\n\
             virtual unix - n n - - virtual\n\
             anvil unix - - n - 1 anvil\n\
             scache unix - - n - 1 scache\n\
             postlog unix-dgram n - n - 1 postlogd\n",
            port = self.port,
        );
        fs::write(folder.join("main.cf"), main)?;
        fs::write(folder.join("master.cf"), master)?;
        Ok(())
    }
}

impl Drop for Postfix {
    fn drop(&mut self) {
        self.stop();
    }
}
