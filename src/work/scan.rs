//! Asks ClamAV's daemon about a file, over its socket (clamd(8), INSTREAM).
//!
//! Anything but a clear word is «unknown»: a scanner that is away must neither lose a letter nor pass a virus.

use std::path::PathBuf;
use std::time::Duration;

use indgang_channels::web_form::Scan;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpStream, UnixStream};

/// How much is sent at a time, in bytes.
const CHUNK: usize = 64 << 10;
/// The longest answer that is read, in bytes.
const LONGEST_ANSWER: u64 = 4_096;

/// The daemon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scanner {
    socket: Socket,
    timeout: Duration,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Socket {
    Path(PathBuf),
    Address(String),
}

impl Scanner {
    /// A daemon at a path that begins with a slash, or at an address and a port.
    pub fn at(socket: &str, timeout: Duration) -> Self {
        let socket = if socket.starts_with('/') {
            Socket::Path(PathBuf::from(socket))
        } else {
            Socket::Address(socket.to_owned())
        };
        Self { socket, timeout }
    }

    /// What the daemon says of a file.
    pub async fn scan(&self, bytes: &[u8]) -> Scan {
        let mut command = Vec::with_capacity(bytes.len() + 64);
        command.extend_from_slice(b"zINSTREAM\0");
        for chunk in bytes.chunks(CHUNK) {
            command.extend_from_slice(&u32::try_from(chunk.len()).unwrap_or(0).to_be_bytes());
            command.extend_from_slice(chunk);
        }
        command.extend_from_slice(&[0; 4]);
        match self.ask(&command).await {
            Ok(said) => match read(&said.answer) {
                // Clean is a file that it had all of.
                Scan::Clean if !said.heard_all => Scan::Unknown,
                scan => scan,
            },
            Err(error) => {
                tracing::warn!(%error, "the virus scanner does not answer; files are marked as not scanned");
                Scan::Unknown
            }
        }
    }

    /// Asks for a sign of life.
    ///
    /// # Errors
    /// When it gives none.
    pub async fn ping(&self) -> Result<(), std::io::Error> {
        let said = self.ask(b"zPING\0").await?;
        if said.answer == "PONG\0" {
            Ok(())
        } else {
            Err(std::io::Error::other("what answers is no ClamAV daemon"))
        }
    }

    async fn ask(&self, command: &[u8]) -> Result<Said, std::io::Error> {
        let asked = async {
            match &self.socket {
                Socket::Path(path) => converse(UnixStream::connect(path).await?, command).await,
                Socket::Address(address) => converse(TcpStream::connect(address).await?, command).await,
            }
        };
        let late = std::io::Error::new(std::io::ErrorKind::TimedOut, "it took too long");
        tokio::time::timeout(self.timeout, asked).await.unwrap_or(Err(late))
    }
}

/// What the daemon said.
struct Said {
    answer: String,
    /// It took all that it was sent.
    heard_all: bool,
}

async fn converse(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    command: &[u8],
) -> Result<Said, std::io::Error> {
    // A daemon that has seen enough answers and hangs up while it is still being written to.
    let written = stream.write_all(command).await;
    let mut answer = Vec::new();
    let read = stream.take(LONGEST_ANSWER).read_to_end(&mut answer).await;
    let heard_all = written.is_ok();
    if answer.is_empty() {
        written?;
        read?;
    }
    Ok(Said { answer: String::from_utf8_lossy(&answer).into_owned(), heard_all })
}

/// What an answer to INSTREAM means: `stream: OK`, `stream: NAME FOUND`, or anything else.
fn read(answer: &str) -> Scan {
    // It ends what it says with a NUL; without one it was cut short.
    let said = answer.strip_suffix('\0').and_then(|answer| answer.strip_prefix("stream: "));
    let Some(said) = said else { return Scan::Unknown };
    match said.strip_suffix(" FOUND") {
        Some(name) if !name.is_empty() => {
            let name = name.chars().filter(|c| c.is_ascii_graphic()).take(100).collect();
            Scan::Infected(name)
        }
        _ if said == "OK" => Scan::Clean,
        _ => Scan::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use tokio::net::TcpListener;

    use super::*;

    #[rstest]
    #[case("stream: OK\0", Scan::Clean)]
    #[case("stream: Win.Test.EICAR_HDB-1 FOUND\0", Scan::Infected("Win.Test.EICAR_HDB-1".to_owned()))]
    #[case("stream: Win Test\u{7}1 FOUND\0", Scan::Infected("WinTest1".to_owned()))]
    #[case("INSTREAM size limit exceeded. ERROR\0", Scan::Unknown)]
    #[case("stream:  FOUND\0", Scan::Unknown)]
    #[case("stream: OK then\0", Scan::Unknown)]
    #[case("stream: OK", Scan::Unknown)]
    #[case("OK", Scan::Unknown)]
    #[case("", Scan::Unknown)]
    fn an_answer_means(#[case] answer: &str, #[case] expected: Scan) {
        assert_eq!(read(answer), expected);
    }

    /// Somebody who answers on a socket what no daemon would: our own reading of what can go wrong.
    async fn somebody(answer: &'static [u8], wait: Duration) -> Scanner {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                tokio::time::sleep(wait).await;
                let _ = stream.write_all(answer).await;
            }
        });
        Scanner::at(&address, Duration::from_millis(300))
    }

    #[tokio::test]
    async fn whoever_answers_oddly_or_not_at_all_passes_nothing() {
        assert_eq!(somebody(b"HTTP/1.1 400\r\n", Duration::ZERO).await.scan(b"x").await, Scan::Unknown);
        assert_eq!(somebody(b"", Duration::ZERO).await.scan(b"x").await, Scan::Unknown);
        assert_eq!(somebody(b"stream: OK\0", Duration::from_secs(2)).await.scan(b"x").await, Scan::Unknown);
        let nobody = Scanner::at("/nonexistent/clamd.ctl", Duration::from_millis(300));
        assert_eq!(nobody.scan(b"x").await, Scan::Unknown);
        assert!(nobody.ping().await.is_err());
        assert!(somebody(b"stream: OK\0", Duration::ZERO).await.ping().await.is_err());
    }

    #[tokio::test]
    async fn an_answer_that_comes_early_is_read() {
        let early = somebody(b"stream: Eicar FOUND\0", Duration::ZERO).await;
        assert_eq!(early.scan(&vec![0; 8 << 20]).await, Scan::Infected("Eicar".to_owned()));
    }
}
