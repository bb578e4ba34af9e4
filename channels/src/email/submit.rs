//! Hands letters to a submission server (RFC 5321, RFC 6409) over connections that are kept open.
//!
//! Never decides whether to try again: says whether a refusal may pass, is for good, or whether nobody knows.
//!
//! The client is lettre's connection, driven command by command. Its ready-made transport was rejected: its time-out ends
//! with connecting, it asks NOOP before every letter, it gives the connection up after every refusal, and it does not tell
//! a letter that was surely not accepted from one of which nobody knows. Nor does it pipeline, and it writes the end of a
//! letter apart from the letter, which the kernel holds back until the server's delayed acknowledgement (40 ms on Linux).

use std::fmt;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use lettre::address::Envelope;
use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters};
use lettre::transport::smtp::commands::{Data, Ehlo, Mail, Rcpt, Rset};
use lettre::transport::smtp::extension::ClientId;
use secrecy::{ExposeSecret, SecretString};
use tokio::time::{Instant, timeout};

use super::compose::Composed;
use super::tls::is_loopback;

/// A connection that was idle for longer is asked for a sign of life before a letter is trusted to it: servers hang up
/// after five minutes (RFC 5321 section 4.5.3.2.7), some earlier.
const IDLE_TRUSTED: Duration = Duration::from_secs(20);

/// How many times the usual wait a server may take over its verdict on a whole letter: it may be having it scanned, and
/// whoever gives up too early sends another copy (RFC 5321 section 4.5.3.2.6 advises ten minutes).
const PATIENCE_FOR_VERDICT: u32 = 10;

/// How the connection is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubmitTls {
    /// Plain at first, then TLS or nothing is sent.
    StartTls,
    /// TLS from the first byte.
    Implicit,
    /// TLS when the server offers it; never with a password, except to this machine.
    Opportunistic,
    /// None; never with a password, except to this machine.
    Plain,
}

/// The server, as configured.
#[derive(Clone, Debug)]
pub struct Server {
    /// A DNS name or an IP address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub tls: SubmitTls,
    /// Certificates (PEM) to trust besides the system's.
    pub extra_ca: Option<PathBuf>,
    /// The log-in name and its password.
    pub credentials: Option<(String, SecretString)>,
    /// The longest wait for any one step.
    pub timeout: Duration,
}

/// Why a letter is not, or not surely, accepted. Never holds an address or what the server said of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SendError {
    /// Nothing was accepted, and the server could not even be asked: every other letter would fare the same.
    Unreachable(String),
    /// Nothing was accepted; the same may be accepted later (4yz).
    Transient(String),
    /// Refused for good (5yz).
    Permanent(String),
    /// The letter was on the wire when the conversation broke off: it may or may not have been accepted.
    Unknown(String),
}

impl fmt::Display for SendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Unreachable(words)
        | Self::Transient(words)
        | Self::Permanent(words)
        | Self::Unknown(words)) = self;
        f.write_str(words)
    }
}

impl std::error::Error for SendError {}

/// Connections to one server.
pub struct Submitter {
    server: Server,
    tls: Option<TlsParameters>,
    hello: ClientId,
    idle: Mutex<Vec<(Line, Instant)>>,
}

/// One connection, and what its server can do.
struct Line {
    connection: AsyncSmtpConnection,
    /// Several commands may be sent before their answers are read (RFC 2920).
    pipelining: bool,
    /// Whether the server waits for a command. A conversation that is out of step is not gone on with.
    in_step: bool,
}

impl fmt::Debug for Submitter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Submitter({}:{})", self.server.host, self.server.port)
    }
}

impl Submitter {
    /// Prepares for a server; does not connect yet.
    ///
    /// # Errors
    /// When the certificates cannot be read, or a password would go over an unprotected connection.
    pub fn new(server: Server) -> Result<Self, SendError> {
        let unprotected = matches!(server.tls, SubmitTls::Plain | SubmitTls::Opportunistic);
        if unprotected && server.credentials.is_some() && !is_loopback(&server.host) {
            return Err(SendError::Permanent(
                "a password is never sent over a connection that may be unprotected; check email.submit.tls"
                    .to_owned(),
            ));
        }
        let tls = if server.tls == SubmitTls::Plain { None } else { Some(tls_parameters(&server)?) };
        Ok(Self { tls, server, hello: ClientId::default(), idle: Mutex::new(Vec::new()) })
    }

    /// Sends one letter. As many run side by side as are called; each has a connection of its own meanwhile.
    ///
    /// # Errors
    /// See [`SendError`].
    pub async fn send(&self, letter: &Composed) -> Result<(), SendError> {
        let (mut line, used_before) = self.line().await?;
        let mut begun = self.begin(&mut line, &letter.envelope).await;
        if used_before && matches!(begun, Err(SendError::Unreachable(_))) {
            // Hung up on while nobody was sending. No letter was on the wire, so it goes over a new connection.
            line = self.connect().await?;
            begun = self.begin(&mut line, &letter.envelope).await;
        }
        let result = match begun {
            Ok(()) => self.hand_over(&mut line, letter).await,
            Err(error) => Err(error),
        };
        match &result {
            Ok(()) => self.keep(line),
            // A refusal leaves the conversation in order, once the letter is taken back.
            Err(SendError::Transient(_) | SendError::Permanent(_)) if line.in_step => {
                if let Ok(Ok(_)) = timeout(self.server.timeout, line.connection.command(Rset)).await {
                    self.keep(line);
                }
            }
            Err(_) => {}
        }
        result
    }

    /// Connects, logs in and says goodbye: what `indgang check` tries.
    ///
    /// # Errors
    /// What went wrong.
    pub async fn check(&self) -> Result<(), SendError> {
        let mut line = self.connect().await?;
        let _ = timeout(self.server.timeout, line.connection.quit()).await;
        Ok(())
    }

    /// Says goodbye on every connection.
    pub async fn close(&self) {
        let lines = std::mem::take(&mut *self.idle.lock().unwrap_or_else(PoisonError::into_inner));
        for (mut line, _) in lines {
            let _ = timeout(Duration::from_secs(2), line.connection.quit()).await;
        }
    }

    fn keep(&self, line: Line) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push((line, Instant::now()));
    }

    /// A connection, and whether it has been used before.
    async fn line(&self) -> Result<(Line, bool), SendError> {
        loop {
            // The one used last: the others may then fall asleep and be hung up on in peace.
            let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let Some((mut line, since)) = idle else { return Ok((self.connect().await?, false)) };
            if line.connection.has_broken() {
                continue;
            }
            if since.elapsed() < IDLE_TRUSTED
                || timeout(self.server.timeout, line.connection.test_connected()).await == Ok(true)
            {
                return Ok((line, true));
            }
        }
    }

    async fn connect(&self) -> Result<Line, SendError> {
        match timeout(self.server.timeout.saturating_mul(2), self.dial()).await {
            Ok(result) => result,
            Err(_) => Err(SendError::Unreachable(
                "the submission server does not answer; check email.submit.host".to_owned(),
            )),
        }
    }

    async fn dial(&self) -> Result<Line, SendError> {
        let server = &self.server;
        let wrapped = if server.tls == SubmitTls::Implicit { self.tls.clone() } else { None };
        let address = (server.host.trim_matches(['[', ']']), server.port);
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(address, Some(server.timeout), &self.hello, wrapped, None)
                .await
                .map_err(|error| unreachable(&error))?;
        if let (Some(tls), SubmitTls::StartTls | SubmitTls::Opportunistic) = (&self.tls, server.tls) {
            if connection.can_starttls() {
                connection.starttls(tls.clone(), &self.hello).await.map_err(|error| unreachable(&error))?;
            } else if server.tls == SubmitTls::StartTls {
                return Err(SendError::Unreachable(
                    "the submission server offers no STARTTLS, and nothing is sent without; check email.submit.tls".to_owned(),
                ));
            }
        }
        // Asked once more, and now under TLS: lettre keeps no extension that it does not use itself.
        let offers =
            connection.command(Ehlo::new(self.hello.clone())).await.map_err(|error| unreachable(&error))?;
        let pipelining = offers.message().any(|offer| offer.trim().eq_ignore_ascii_case("PIPELINING"));
        if let Some((user, password)) = &server.credentials {
            let credentials = Credentials::new(user.clone(), password.expose_secret().to_owned());
            connection.auth(&[Mechanism::Plain, Mechanism::Login], &credentials).await.map_err(|error| {
                if !error.is_permanent() {
                    return unreachable(&error);
                }
                let words = coded(
                    "the submission server refuses the log-in; check email.submit.user and its password",
                    &error,
                );
                SendError::Unreachable(words)
            })?;
        }
        Ok(Line { connection, pipelining, in_step: true })
    }

    async fn begin(&self, line: &mut Line, envelope: &Envelope) -> Result<(), SendError> {
        if line.pipelining {
            self.introduce_at_once(line, envelope).await
        } else {
            self.introduce(line, envelope).await
        }
    }

    async fn hand_over(&self, line: &mut Line, letter: &Composed) -> Result<(), SendError> {
        // From here on a broken conversation leaves open whether the letter was accepted.
        let connection = &mut line.connection;
        let handed_over = async {
            match dotted(&letter.bytes) {
                Some(text) => connection.command(text).await,
                None => connection.message(&letter.bytes).await,
            }
        };
        match timeout(self.server.timeout.saturating_mul(PATIENCE_FOR_VERDICT), handed_over).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) if error.is_permanent() || error.is_transient() => Err(refusal(&error)),
            Ok(Err(_)) => {
                Err(SendError::Unknown("the connection broke while the letter was handed over".to_owned()))
            }
            Err(_) => {
                Err(SendError::Unknown("the server fell silent while the letter was handed over".to_owned()))
            }
        }
    }

    /// Says whom the letter is from and to, one command after the other.
    async fn introduce(&self, line: &mut Line, envelope: &Envelope) -> Result<(), SendError> {
        let connection = &mut line.connection;
        let named = self.step(connection.command(Mail::new(envelope.from().cloned(), Vec::new()))).await;
        named.map_err(of_us)?;
        for recipient in envelope.to() {
            self.step(connection.command(Rcpt::new(recipient.clone(), Vec::new()))).await?;
        }
        self.step(connection.command(Data)).await.map(|_| ())
    }

    /// The same in one breath (RFC 2920): one turn instead of three. Every answer is read, whatever the first ones say.
    async fn introduce_at_once(&self, line: &mut Line, envelope: &Envelope) -> Result<(), SendError> {
        let connection = &mut line.connection;
        let mut commands = Mail::new(envelope.from().cloned(), Vec::new()).to_string();
        for recipient in envelope.to() {
            commands.push_str(&Rcpt::new(recipient.clone(), Vec::new()).to_string());
        }
        commands.push_str(&Data.to_string());
        let mut refused = self.step(connection.command(commands)).await.err().map(of_us);
        let mut accepted_data = false;
        for _ in 0..=envelope.to().len() {
            if let Some(SendError::Unreachable(_)) = refused {
                break;
            }
            let answer = self.step(connection.read_response()).await;
            accepted_data = answer.is_ok();
            refused = refused.or(answer.err());
        }
        let Some(refused) = refused else { return Ok(()) };
        // It waits for a letter that has no recipient (RFC 2920 section 3.1 allows that): only hanging up takes it back.
        line.in_step = !accepted_data;
        Err(refused)
    }

    /// One command before the letter itself: whatever goes wrong, nothing was accepted.
    async fn step<T>(&self, command: impl Future<Output = Result<T, SmtpError>>) -> Result<T, SendError> {
        match timeout(self.server.timeout, command).await {
            Ok(result) => result.map_err(|error| refusal(&error)),
            Err(_) => Err(SendError::Unreachable(
                "the submission server fell silent; check email.submit.host".to_owned(),
            )),
        }
    }
}

/// The letter as it goes over the line, with its end and doubled dots (RFC 5321 section 4.5.2), to be written in one
/// piece. `None` when it is not text; composed letters are.
fn dotted(letter: &[u8]) -> Option<String> {
    let letter = std::str::from_utf8(letter).ok()?;
    let mut text = String::with_capacity(letter.len() + 16);
    if letter.starts_with('.') {
        text.push('.');
    }
    text.push_str(&letter.replace("\r\n.", "\r\n.."));
    text.push_str(if letter.ends_with("\r\n") { ".\r\n" } else { "\r\n.\r\n" });
    Some(text)
}

fn tls_parameters(server: &Server) -> Result<TlsParameters, SendError> {
    let wrong = |words: &str| SendError::Permanent(format!("{words}; check email.submit.ca_file"));
    let mut builder = TlsParameters::builder(server.host.trim_matches(['[', ']']).to_owned());
    if let Some(path) = &server.extra_ca {
        let pem = std::fs::read(path)
            .map_err(|error| wrong(&format!("{} cannot be read: {error}", path.display())))?;
        let certificate = Certificate::from_pem(&pem)
            .map_err(|_| wrong(&format!("{} holds no certificate", path.display())))?;
        builder = builder.add_root_certificate(certificate);
    }
    builder.build_rustls().map_err(|_| wrong("TLS cannot be set up"))
}

/// The connection could not be made. lettre's own words name the host at most, never a person.
fn unreachable(error: &SmtpError) -> SendError {
    let words = if error.is_tls() {
        "no protected connection to the submission server; check email.submit.tls and email.submit.ca_file"
    } else if error.is_transient() || error.is_permanent() {
        "the submission server does not let us in"
    } else {
        "the submission server cannot be reached; check email.submit.host and email.submit.port"
    };
    SendError::Unreachable(coded(words, error))
}

/// A refusal of our own address or log-in is about us, not about the letter: every other letter would fare the same, and
/// all of them go out once the configuration is put right.
fn of_us(error: SendError) -> SendError {
    match error {
        SendError::Permanent(words) => SendError::Unreachable(format!(
            "{words}: our own address; check email.submit.from and email.submit.user"
        )),
        other => other,
    }
}

/// What a server's answer means for this letter (RFC 5321 section 4.2.1).
fn refusal(error: &SmtpError) -> SendError {
    if error.is_permanent() {
        SendError::Permanent(coded("the submission server refuses the letter for good", error))
    } else if error.is_transient() {
        // 421: the whole server is closing down, not this letter refused.
        let words = coded("the submission server refuses the letter for now", error);
        if error.status().is_some_and(|code| code.to_string() == "421") {
            SendError::Unreachable(words)
        } else {
            SendError::Transient(words)
        }
    } else {
        SendError::Unreachable("the connection to the submission server broke".to_owned())
    }
}

/// Adds the reply code and the enhanced status code (RFC 3463), and nothing else that the server said: servers repeat
/// addresses in their answers.
fn coded(words: &str, error: &SmtpError) -> String {
    let Some(code) = error.status() else { return words.to_owned() };
    let said = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
    match said.split_whitespace().find(|word| is_enhanced_status(word)) {
        Some(status) => format!("{words} ({code} {status})"),
        None => format!("{words} ({code})"),
    }
}

fn is_enhanced_status(word: &str) -> bool {
    let mut parts = word.split('.');
    let class = parts.next().is_some_and(|class| matches!(class, "2" | "4" | "5"));
    let rest: Vec<&str> = parts.collect();
    class
        && rest.len() == 2
        && rest.iter().all(|part| (1..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_never_goes_unprotected_to_another_machine() {
        let server = |host: &str, tls| Server {
            host: host.to_owned(),
            port: 25,
            tls,
            extra_ca: None,
            credentials: Some(("u".to_owned(), "hemmelig".to_owned().into())),
            timeout: Duration::from_secs(1),
        };
        for tls in [SubmitTls::Plain, SubmitTls::Opportunistic] {
            let error = Submitter::new(server("smtp.kommune.example", tls)).unwrap_err();
            assert!(
                error.to_string().contains("email.submit.tls") && !error.to_string().contains("hemmelig")
            );
            assert!(Submitter::new(server("127.0.0.1", tls)).is_ok());
        }
        assert!(Submitter::new(server("smtp.kommune.example", SubmitTls::StartTls)).is_ok());
    }

    #[test]
    fn a_line_that_begins_with_a_dot_is_no_end_of_the_letter() {
        let cases: [(&[u8], Option<&str>); 5] = [
            (b"A: 1\r\n\r\nhello\r\n", Some("A: 1\r\n\r\nhello\r\n.\r\n")),
            (b"A: 1\r\n\r\nhello", Some("A: 1\r\n\r\nhello\r\n.\r\n")),
            (b"A: 1\r\n\r\n.\r\n..\r\n.x\r\n", Some("A: 1\r\n\r\n..\r\n...\r\n..x\r\n.\r\n")),
            (b".\r\n", Some("..\r\n.\r\n")),
            (b"\xff\r\n", None),
        ];
        for (letter, expected) in cases {
            assert_eq!(dotted(letter).as_deref(), expected);
        }
    }

    #[test]
    fn only_status_codes_are_repeated() {
        assert!(is_enhanced_status("5.1.1") && is_enhanced_status("4.7.650"));
        for other in ["5.1", "5.1.1.1", "192.168.1", "a.b.c", "5.1.x", "<a@b.dk>", "6.1.1", "5..1"] {
            assert!(!is_enhanced_status(other), "{other}");
        }
    }
}
