//! The phone network behind Kannel: one connection, over which every phone gets its texts, and a GET for each that is
//! sent.

use std::io::{self, Read as _};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

use super::line::{Got, Reader, encode};
use super::{Kannel, get};
use crate::PeerError;

/// Kannel writes a text at once, so that the end of one that has several lines shows in that no more follows.
const SILENCE: Duration = Duration::from_millis(60);

/// All phones of the country. Texts that come for them are kept until they are asked for.
#[derive(Debug)]
pub struct Phone {
    /// Where Kannel takes texts from phones.
    texts: u16,
    /// What it writes texts to phones on.
    stream: TcpStream,
    unread: Vec<u8>,
    reader: Reader,
    got: Vec<Got>,
    given: usize,
}

impl Phone {
    pub(super) fn connect(port: u16, texts: u16) -> Result<Self, PeerError> {
        let stream = TcpStream::connect(("127.0.0.1", port))?;
        Ok(Self { texts, stream, unread: Vec::new(), reader: Reader::default(), got: Vec::new(), given: 0 })
    }

    /// Sends a text in GSM's alphabet, of one part. Kannel does not check that it has no other letters, nor how long it
    /// is.
    ///
    /// # Errors
    /// When Kannel does not say that it has the text on disk. It may have it none the less if it was killed meanwhile.
    pub fn text(&mut self, from: &str, to: &str, text: &str) -> Result<(), PeerError> {
        self.udh_text(from, to, &[], text)
    }

    /// Sends a text in UCS-2, of one part.
    ///
    /// # Errors
    /// As for [`Phone::text`].
    pub fn ucs2(&mut self, from: &str, to: &str, text: &str) -> Result<(), PeerError> {
        self.udh_ucs2(from, to, &[], &text.encode_utf16().collect::<Vec<u16>>())
    }

    /// Sends bytes that are no text behind a user data header. Kannel hands them over as they are, with `coding=1`.
    ///
    /// # Errors
    /// As for [`Phone::text`].
    pub fn udh(&mut self, from: &str, to: &str, header: &[u8], data: &[u8]) -> Result<(), PeerError> {
        self.send(from, to, 1, header, data)
    }

    /// Sends a text in GSM's alphabet behind a user data header, which says for instance that this is one part of
    /// several.
    ///
    /// # Errors
    /// As for [`Phone::text`].
    pub fn udh_text(&mut self, from: &str, to: &str, header: &[u8], text: &str) -> Result<(), PeerError> {
        self.send(from, to, 0, header, text.as_bytes())
    }

    /// Sends a text in UCS-2 behind a user data header. In units rather than letters, since phones cut between the
    /// halves of a surrogate pair.
    ///
    /// # Errors
    /// As for [`Phone::text`].
    pub fn udh_ucs2(&mut self, from: &str, to: &str, header: &[u8], units: &[u16]) -> Result<(), PeerError> {
        let data: Vec<u8> = units.iter().copied().flat_map(u16::to_be_bytes).collect();
        self.send(from, to, 2, header, &data)
    }

    /// The next text that the phones got, or none within `patience`.
    ///
    /// # Errors
    /// When the connection is gone and nothing is left of what came before.
    pub fn next(&mut self, patience: Duration) -> Result<Option<Got>, PeerError> {
        let heard = self.hear(patience, |phone| phone.got.len() > phone.given);
        let next = self.got.get(self.given).cloned();
        if next.is_none() {
            heard?;
        }
        self.given += usize::from(next.is_some());
        Ok(next)
    }

    /// Every text that the phones have got since they were connected.
    ///
    /// # Errors
    /// When the connection is gone.
    pub fn all_so_far(&mut self) -> Result<Vec<Got>, PeerError> {
        self.hear(Duration::ZERO, |_| false)?;
        Ok(self.got.clone())
    }

    /// Waits until the phones have got at least `count` texts since they were connected, and returns all of them.
    ///
    /// # Errors
    /// When that does not happen within `patience`, or the connection is gone before.
    pub fn wait_for(&mut self, count: usize, patience: Duration) -> Result<Vec<Got>, PeerError> {
        let heard = self.hear(patience, |phone| phone.got.len() >= count);
        if self.got.len() < count {
            heard?;
            let said = format!("{} of {count} texts came in {} s", self.got.len(), patience.as_secs());
            return Err(PeerError::Failed { program: "kannel".to_owned(), said });
        }
        Ok(self.got.clone())
    }

    /// Ends the connection such that nothing is lost on the way: returns every text since it was made, with those that
    /// Kannel had already written.
    ///
    /// # Errors
    /// When Kannel does not end its side within five seconds.
    pub fn hang_up(mut self) -> Result<Vec<Got>, PeerError> {
        self.stream.shutdown(Shutdown::Write)?;
        match self.hear(Duration::from_secs(5), |_| false) {
            Err(PeerError::Io(error)) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(self.got),
            Err(other) => Err(other),
            Ok(()) => Err(io::Error::new(io::ErrorKind::TimedOut, "Kannel keeps the connection").into()),
        }
    }

    fn send(&self, from: &str, to: &str, coding: u8, header: &[u8], data: &[u8]) -> Result<(), PeerError> {
        let [user, password] = [Kannel::USER, Kannel::PASSWORD].map(|word| encode(word.as_bytes()));
        let [from, to] = [from, to].map(|number| encode(number.as_bytes()));
        let mut path =
            format!("/sms?username={user}&password={password}&from={from}&to={to}&coding={coding}");
        if coding == 0 {
            path.push_str("&charset=UTF-8");
        }
        if !header.is_empty() {
            path = path + "&udh=" + &encode(header);
        }
        path = path + "&text=" + &encode(data);
        match get(self.texts, &path)? {
            (202, _) => Ok(()),
            (_, said) => Err(PeerError::Failed { program: "kannel".to_owned(), said }),
        }
    }

    /// Takes in what comes, until `enough` or for as long as `patience`.
    fn hear(&mut self, patience: Duration, enough: impl Fn(&Self) -> bool) -> Result<(), PeerError> {
        let until = Instant::now() + patience;
        loop {
            if enough(self) {
                return Ok(());
            }
            // Never less than a silence: a text that has just begun would stay unread.
            let left = until.saturating_duration_since(Instant::now()).max(SILENCE);
            let came = self.receive(if self.reader.is_open() { SILENCE } else { left })?;
            if !came {
                self.got.extend(self.reader.end());
                if Instant::now() >= until {
                    return Ok(());
                }
            }
        }
    }

    /// Reads once. Says whether anything came.
    fn receive(&mut self, patience: Duration) -> Result<bool, PeerError> {
        let mut buffer = [0; 16 * 1024];
        self.stream.set_read_timeout(Some(patience))?;
        let size = match self.stream.read(&mut buffer) {
            Ok(0) => {
                self.got.extend(self.reader.end());
                return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "Kannel has gone").into());
            }
            Ok(size) => size,
            Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) => {
                return Ok(false);
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return Ok(true),
            Err(error) => {
                self.got.extend(self.reader.end());
                return Err(error.into());
            }
        };
        self.unread.extend_from_slice(buffer.get(..size).unwrap_or_default());
        let mut from = 0;
        while let Some(end) = self.unread.iter().skip(from).position(|&byte| byte == b'\n') {
            let line = self.unread.get(from..from + end).unwrap_or_default();
            self.got.extend(self.reader.line(line));
            from += end + 1;
        }
        self.unread.drain(..from);
        Ok(true)
    }
}
