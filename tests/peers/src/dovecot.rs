//! Dovecot: IMAP in clear, with STARTTLS and with TLS from the first byte, over Maildirs.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::ground::{self, Certificates, Ground, Process, User};
use crate::maildir::{Mail, Maildir};
use crate::{PeerError, free_port};

const PACKAGE: &str = "dovecot-imapd";

/// A Dovecot server. Any user name is let in with [`Dovecot::PASSWORD`] and has an empty mailbox at first.
#[derive(Debug)]
pub struct Dovecot {
    process: Option<Process>,
    user: User,
    port: u16,
    tls_port: u16,
    certificates: Certificates,
    ground: Ground,
}

impl Dovecot {
    /// Everybody's password.
    pub const PASSWORD: &'static str = "hemmeligt-æøå";

    /// Starts a server.
    ///
    /// # Errors
    /// When a part is missing or the server does not come up; its log is in the error.
    pub fn start() -> Result<Self, PeerError> {
        Self::start_with_tokens(None)
    }

    /// Starts a server that also takes access tokens (XOAUTH2), which it checks by asking `introspection` (an http
    /// address that ends just before the token, RFC 7662 in Dovecot's GET form).
    ///
    /// # Errors
    /// As for [`Dovecot::start`].
    pub fn start_with_tokens(introspection: Option<&str>) -> Result<Self, PeerError> {
        ground::program("dovecot", PACKAGE)?;
        let ground = Ground::make("dovecot")?;
        let user = User::pick("nobody", "base-passwd")?;
        for part in ["run", "state", "mail", "config"] {
            fs::create_dir_all(ground.path().join(part))?;
        }
        user.own(&ground.path().join("mail"))?;
        let certificates = Certificates::make(&ground.path().join("config"))?;
        let mut peer =
            Self { process: None, user, port: free_port()?, tls_port: free_port()?, certificates, ground };
        peer.configure(introspection)?;
        peer.restart()?;
        Ok(peer)
    }

    /// The port that speaks in clear at first and offers STARTTLS.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The port that speaks TLS from the first byte.
    pub fn tls_port(&self) -> u16 {
        self.tls_port
    }

    /// The certificate authority (PEM) behind the server's certificate for `localhost` and 127.0.0.1.
    pub fn authority(&self) -> &Path {
        &self.certificates.authority
    }

    /// The inbox of a user; made when it does not exist.
    ///
    /// # Errors
    /// When the file system refuses.
    pub fn inbox(&self, user: &str) -> Result<Maildir, PeerError> {
        self.user.folder(&self.home(user))?;
        Maildir::make(self.home(user).join("Maildir"), &self.user)
    }

    /// Another folder of a user (`name` as on the wire), made when it does not exist.
    ///
    /// # Errors
    /// When the file system refuses.
    pub fn folder(&self, user: &str, name: &str) -> Result<Maildir, PeerError> {
        self.inbox(user)?;
        let path = self.home(user).join("Maildir").join(format!(".{name}"));
        let maildir = Maildir::make(path.clone(), &self.user)?;
        let marker = path.join("maildirfolder");
        fs::write(&marker, b"")?;
        self.user.own(&marker)?;
        Ok(maildir)
    }

    /// Delivers a mail into a user's inbox.
    ///
    /// # Errors
    /// When the file system refuses.
    pub fn deliver(&self, user: &str, raw: &[u8]) -> Result<(), PeerError> {
        self.inbox(user)?.deliver(raw)
    }

    /// Delivers a mail through Dovecot itself (`doveadm save`), which tells sessions that watch the folder.
    ///
    /// # Errors
    /// When Dovecot refuses.
    pub fn append(&self, user: &str, raw: &[u8]) -> Result<(), PeerError> {
        self.inbox(user)?;
        let file = self.ground.path().join("append.eml");
        fs::write(&file, raw)?;
        let mut command = Command::new("doveadm");
        command.arg("-c").arg(self.configuration()).args(["save", "-u", user]).arg(&file);
        ground::output(&mut command).map(|_| ())
    }

    /// The mails of a user's inbox.
    ///
    /// # Errors
    /// When the file system refuses.
    pub fn mails(&self, user: &str) -> Result<Vec<Mail>, PeerError> {
        self.inbox(user)?.mails()
    }

    /// Gives a user's inbox a new UIDVALIDITY and numbers its mails anew, as after a restore from backup. Sessions
    /// that have it open are cut off.
    ///
    /// # Errors
    /// When the file system refuses or the server does not come up again.
    pub fn reset_uid_validity(&mut self, user: &str) -> Result<(), PeerError> {
        let maildir = self.home(user).join("Maildir");
        self.stop();
        let list = maildir.join("dovecot-uidlist");
        let text = fs::read_to_string(&list).unwrap_or_default();
        let field = |key: char| {
            let word = text.lines().next()?.split(' ').find_map(|word| word.strip_prefix(key))?;
            word.parse::<u32>().ok()
        };
        // An upper bound by far: V is a time in seconds, and a test asks for a handful of resets.
        let next = field('V').unwrap_or(1_700_000_000) + 1_000;
        for entry in fs::read_dir(&maildir)? {
            let entry = entry?;
            if entry.file_name().to_string_lossy().starts_with("dovecot") {
                fs::remove_file(entry.path())?;
            }
        }
        fs::write(&list, format!("3 V{next} N1 G0123456789abcdef0123456789abcdef\n"))?;
        self.user.own(&list)?;
        self.restart()
    }

    /// Stops the server and waits until it is gone; sessions are cut off.
    pub fn stop(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.end("TERM", Duration::from_secs(5));
        }
    }

    /// Kills the server with all of its sessions, as a power cut would.
    pub fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.end("KILL", Duration::ZERO);
        }
    }

    /// Stops the server if it runs, and starts it on the same ports with the same mails.
    ///
    /// # Errors
    /// When the server does not come up; its log is in the error.
    pub fn restart(&mut self) -> Result<(), PeerError> {
        self.stop();
        let log = self.ground.path().join("output");
        let program = ground::program("dovecot", PACKAGE)?;
        let mut command = Command::new(program);
        command.arg("-F").arg("-c").arg(self.configuration());
        let started = Process::start(&mut command, self.port, &log);
        self.process = Some(started.map_err(|error| self.with_log(error))?);
        Ok(())
    }

    /// What the server has logged.
    pub fn log(&self) -> String {
        fs::read_to_string(self.ground.path().join("log")).unwrap_or_default()
    }

    fn with_log(&self, error: PeerError) -> PeerError {
        match error {
            PeerError::Failed { program, said } => PeerError::Failed { program, said: said + &self.log() },
            other => other,
        }
    }

    fn home(&self, user: &str) -> PathBuf {
        self.ground.path().join("mail").join(user)
    }

    fn configuration(&self) -> PathBuf {
        self.ground.path().join("config/dovecot.conf")
    }

    fn configure(&mut self, introspection: Option<&str>) -> Result<(), PeerError> {
        let base = self.ground.path().display();
        let User { name, group, uid, gid, root } = &self.user;
        // As root, Dovecot's own users keep its parts apart; otherwise everything is one user's, and nothing can be
        // locked into a directory (chroot).
        let (internal, login, internal_group) = if *root {
            ("dovecot", "dovenull", "dovecot")
        } else {
            (name.as_str(), name.as_str(), group.as_str())
        };
        let mut text = format!(
            "protocols = imap\n\
             base_dir = {base}/run\n\
             state_dir = {base}/state\n\
             log_path = {base}/log\n\
             listen = 127.0.0.1\n\
             default_internal_user = {internal}\n\
             default_login_user = {login}\n\
             default_internal_group = {internal_group}\n\
             mail_uid = {uid}\n\
             mail_gid = {gid}\n\
             first_valid_uid = 1\n\
             last_valid_uid = 0\n\
             first_valid_gid = 1\n\
             mail_location = maildir:~/Maildir\n\
             ssl = yes\n\
             ssl_cert = <{certificate}\n\
             ssl_key = <{key}\n\
             disable_plaintext_auth = no\n\
             auth_mechanisms = plain login{mechanisms}\n\
             auth_failure_delay = 0\n\
             auth_cache_size = 0\n\
             mail_max_userip_connections = 100\n\
             shutdown_clients = yes\n\
             service imap-login {{\n\
             \x20 service_count = 0\n\
             \x20 process_min_avail = 0\n\
             \x20 chroot =\n\
             \x20 inet_listener imap {{\n    port = {plain}\n  }}\n\
             \x20 inet_listener imaps {{\n    port = {tls}\n    ssl = yes\n  }}\n\
             }}\n\
             service anvil {{\n  chroot =\n}}\n\
             service stats {{\n  chroot =\n}}\n\
             userdb {{\n  driver = static\n  args = uid={uid} gid={gid} home={base}/mail/%u\n}}\n",
            certificate = self.certificates.certificate.display(),
            key = self.certificates.key.display(),
            mechanisms = if introspection.is_some() { " xoauth2 oauthbearer" } else { "" },
            plain = self.port,
            tls = self.tls_port,
        );
        if let Some(url) = introspection {
            let file = self.ground.path().join("config/oauth2.conf.ext");
            let settings = format!(
                "introspection_mode = get\nintrospection_url = {url}\nusername_attribute = username\n\
                 active_attribute = active\nactive_value = true\ntokeninfo_url =\n"
            );
            fs::write(&file, settings)?;
            // Writing into a String cannot fail.
            let _ = writeln!(
                text,
                "passdb {{\n  driver = oauth2\n  mechanisms = xoauth2 oauthbearer\n  args = {}\n}}",
                file.display()
            );
        }
        // A file of users would need every name beforehand; the static password is for whoever comes.
        text.push_str("passdb {\n  driver = static\n  mechanisms = plain login\n  args = password=");
        text.push_str(Self::PASSWORD);
        text.push_str("\n}\n");
        Ok(fs::write(self.configuration(), text)?)
    }
}

impl Drop for Dovecot {
    fn drop(&mut self) {
        self.stop();
    }
}
