//! The bytes of an IMAP conversation (RFC 3501): whole responses in, commands out, a limit on every wait.
//!
//! Knows where a response ends and which literals it carries; what it means is read by `imap-proto`. A ready-made
//! client was measured and rejected: it reports a command that the server refused as a success with fewer results,
//! allocates what a server announces, waits without limits, and mixes up answers when a reader leaves early. Each of
//! those loses letters here.

use std::time::Duration;

use imap_proto::{MailboxDatum, Outcome, Response, ResponseCode, Status};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::time::timeout;

use super::error::MailboxErrorKind;
use crate::email::tls::is_tls_failure;

/// What an IMAP conversation runs over.
pub(super) trait Transport: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Transport for T {}

/// The longest response without its literals. The largest honest one lists the UIDs of a whole mailbox: this is room
/// for three million.
const LINE_CAP: usize = 32 << 20;
/// Read at a time; one such buffer is all that a connection holds between letters.
const READ_BUFFER: usize = 64 << 10;

type Kind = MailboxErrorKind;

/// One literal of a response, taken out of it.
#[derive(Debug, Default)]
pub(super) struct Literal {
    /// Its bytes, at most the cap.
    pub(super) bytes: Vec<u8>,
    /// Its size as announced, in bytes.
    pub(super) announced: u64,
}

/// One conversation.
pub(super) struct Wire {
    stream: BufReader<Box<dyn Transport>>,
    /// The response being read. Each literal stands in it as an empty one, its bytes in `literals`: the grammar needs
    /// to know only that it is there, so a letter is copied once, whatever bytes it holds.
    frame: Vec<u8>,
    literals: Vec<Literal>,
    line_start: usize,
    literal_left: u64,
    complete: bool,
    tag: u32,
    silence: Duration,
    /// The most of one literal that is kept; the rest is read and dropped.
    pub(super) literal_cap: usize,
}

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Ok,
    No,
    Bad,
}

impl Wire {
    pub(super) fn new(stream: Box<dyn Transport>, silence: Duration) -> Self {
        Self {
            stream: BufReader::with_capacity(READ_BUFFER, stream),
            frame: Vec::new(),
            literals: Vec::new(),
            line_start: 0,
            literal_left: 0,
            complete: false,
            tag: 0,
            silence,
            literal_cap: 1 << 20,
        }
    }

    /// The stream beneath, for STARTTLS. Whatever was read ahead is refused: bytes that arrived in clear before the
    /// handshake must not be taken as said under it (RFC 9051 section 11.1).
    pub(super) fn into_transport(self) -> Result<Box<dyn Transport>, Kind> {
        if self.stream.buffer().is_empty() {
            Ok(self.stream.into_inner())
        } else {
            Err(Kind::Protocol("it spoke in clear after STARTTLS"))
        }
    }

    /// Changes how long a silence may be; returns what it was.
    pub(super) fn patience(&mut self, silence: Duration) -> Duration {
        std::mem::replace(&mut self.silence, silence)
    }

    /// Sends one command and returns its tag.
    pub(super) async fn send(&mut self, command: &str) -> Result<String, Kind> {
        self.tag += 1;
        let tag = format!("i{}", self.tag);
        self.send_raw(&format!("{tag} {command}\r\n")).await?;
        Ok(tag)
    }

    /// Sends bytes that are no command of their own: `DONE`, or the answer to a challenge.
    pub(super) async fn send_raw(&mut self, line: &str) -> Result<(), Kind> {
        let write = async {
            self.stream.get_mut().write_all(line.as_bytes()).await?;
            self.stream.get_mut().flush().await
        };
        match timeout(self.silence, write).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(closed(&error)),
            Err(_) => Err(Kind::TimedOut { doing: "a command was being sent", after: self.silence }),
        }
    }

    /// Reads one whole response. May be dropped while waiting without losing a byte.
    ///
    /// Every single wait for bytes is limited, not the response: a large letter on a slow line is no failure.
    pub(super) async fn next(&mut self, doing: &'static str) -> Result<(), Kind> {
        if self.complete {
            self.complete = false;
            self.frame.clear();
            self.literals.clear();
            self.line_start = 0;
            // A huge response (a search over a whole mailbox) must not stay in memory for good.
            self.frame.shrink_to(READ_BUFFER);
        }
        loop {
            let silence = self.silence;
            let available = match timeout(silence, self.stream.fill_buf()).await {
                Ok(Ok([])) => return Err(Kind::Unreachable("it closed the connection".to_owned())),
                Ok(Ok(available)) => available,
                Ok(Err(error)) => return Err(closed(&error)),
                Err(_) => return Err(Kind::TimedOut { doing, after: silence }),
            };
            if self.literal_left > 0 {
                let here = available.len().min(usize::try_from(self.literal_left).unwrap_or(usize::MAX));
                if let Some(literal) = self.literals.last_mut() {
                    let keep = here.min(self.literal_cap.saturating_sub(literal.bytes.len()));
                    literal.bytes.extend_from_slice(&available[..keep]);
                }
                self.stream.consume(here);
                self.literal_left -= here as u64;
                continue;
            }
            let (taken, ended) = match available.iter().position(|&byte| byte == b'\n') {
                Some(at) => (at + 1, true),
                None => (available.len(), false),
            };
            if self.frame.len() + taken > LINE_CAP {
                return Err(Kind::Protocol("a response without end"));
            }
            self.frame.extend_from_slice(&available[..taken]);
            self.stream.consume(taken);
            if !ended {
                continue;
            }
            match literal_header(&self.frame[self.line_start..]) {
                Some((header, size)) => {
                    self.frame.truncate(self.line_start + header);
                    self.frame.extend_from_slice(b"{0}\r\n");
                    self.line_start = self.frame.len();
                    self.literal_left = size;
                    let expected =
                        usize::try_from(size).unwrap_or(usize::MAX).min(self.literal_cap).min(1 << 20);
                    self.literals.push(Literal { bytes: Vec::with_capacity(expected), announced: size });
                }
                None => {
                    self.complete = true;
                    return Ok(());
                }
            }
        }
    }

    /// The response that [`Wire::next`] read; `None` when it is not one that the grammar knows.
    pub(super) fn response(&self) -> Option<Response<'_>> {
        Response::parse(&self.frame).ok().map(|(_, response)| response)
    }

    /// The literals of that response, in order.
    pub(super) fn take_literals(&mut self) -> Vec<Literal> {
        std::mem::take(&mut self.literals)
    }

    /// Whether that response carries this code (RFC 5530), such as `UNAVAILABLE`.
    pub(super) fn has_code(&self, code: &str) -> bool {
        let text = String::from_utf8_lossy(&self.frame[..self.frame.len().min(512)]).to_ascii_uppercase();
        text.contains(&format!("[{code}"))
    }

    /// Whether that response begins with these bytes.
    pub(super) fn begins(&self, with: &[u8]) -> bool {
        self.frame.get(..with.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(with))
    }

    /// The end of the command `tag`, when that response is it.
    pub(super) fn end_of(&self, tag: &str) -> Result<Option<End>, Kind> {
        let rest = match self.frame.strip_prefix(tag.as_bytes()) {
            Some(rest) => rest,
            None if self.begins(b"* BYE") => {
                return Err(Kind::Unreachable("it said goodbye".to_owned()));
            }
            None => return Ok(None),
        };
        // Read by hand: the grammar refuses some servers' texts, and the end of a command must never be overlooked.
        let word = rest
            .strip_prefix(b" ")
            .map(|rest| rest.split(|b| b" \r\n".contains(b)).next().unwrap_or_default());
        match word {
            Some(word) if word.eq_ignore_ascii_case(b"OK") => Ok(Some(End::Ok)),
            Some(word) if word.eq_ignore_ascii_case(b"NO") => Ok(Some(End::No)),
            Some(word) if word.eq_ignore_ascii_case(b"BAD") => Ok(Some(End::Bad)),
            // `i1` is also the beginning of `i12`.
            _ => Ok(None),
        }
    }
}

/// What a response says of the folder, whichever command it came with.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Notice {
    Exists(u32),
    Expunged(u32),
    UidValidity(u32),
    UidNext(u32),
    UidNotSticky,
}

/// Reads what a response says of the folder.
pub(super) fn notice(response: &Response<'_>) -> Option<Notice> {
    match response {
        Response::MailboxData(MailboxDatum::Exists(count)) => Some(Notice::Exists(*count)),
        Response::Expunge(_) => Some(Notice::Expunged(1)),
        Response::Vanished { earlier: false, uids } => {
            let count = uids.iter().map(|range| range.end().saturating_sub(*range.start()).saturating_add(1));
            Some(Notice::Expunged(count.fold(0, u32::saturating_add)))
        }
        Response::Data { status: Status::Ok, outcome: Outcome { code: Some(code), .. } } => match code {
            ResponseCode::UidValidity(value) => Some(Notice::UidValidity(*value)),
            ResponseCode::UidNext(value) => Some(Notice::UidNext(*value)),
            ResponseCode::UidNotSticky => Some(Notice::UidNotSticky),
            _ => None,
        },
        _ => None,
    }
}

/// Where a line's closing literal header (`{123}`, `{123+}`, `~{123}`) begins, and the size that it announces.
fn literal_header(line: &[u8]) -> Option<(usize, u64)> {
    let line = line.strip_suffix(b"\r\n")?.strip_suffix(b"}")?;
    let open = line.iter().rposition(|&byte| byte == b'{')?;
    let digits = &line[open + 1..];
    let digits = digits.strip_suffix(b"+").unwrap_or(digits);
    if digits.is_empty() || digits.len() > 18 || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let size = digits.iter().fold(0, |size, &digit| size * 10 + u64::from(digit - b'0'));
    let begin = if open > 0 && line[open - 1] == b'~' { open - 1 } else { open };
    Some((begin, size))
}

fn closed(error: &std::io::Error) -> Kind {
    if is_tls_failure(error) {
        Kind::Tls(error.to_string())
    } else {
        Kind::Unreachable(error.kind().to_string())
    }
}
