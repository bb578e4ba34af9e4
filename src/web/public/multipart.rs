//! A form's body (multipart/form-data, RFC 7578) to its fields and files, under limits.
//!
//! What was typed is always kept: a file that is too large is counted and thrown away while the rest is still read, so
//! that the page can say which file it was and show everything else again. Knows no field by name.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest, Multipart, Request};
use hyper::body::{Frame, SizeHint};

/// Most bytes, beside the piece that came last, that may come without a part or a piece of one. The heads of parts that
/// browsers send take a few hundred.
const MOST_AHEAD: usize = 64 << 10;

/// How much is read.
#[derive(Clone, Copy, Debug)]
pub struct MultipartLimits {
    /// Most parts of any sort; what comes after them is not read.
    pub parts: usize,
    /// Most bytes of one field; what is longer is cut.
    pub field_bytes: usize,
    /// Most bytes of all files together.
    pub file_bytes: usize,
    /// Most bytes that are read in all, those that are thrown away among them.
    pub drained_bytes: usize,
}

/// What came.
#[derive(Clone, Default)]
pub struct Fields {
    texts: Vec<(String, String)>,
    /// The files that fit, in order.
    pub files: Vec<Uploaded>,
    /// Those that did not.
    pub left_out: Vec<LeftOut>,
}

/// A file that came.
#[derive(Clone, PartialEq, Eq)]
pub struct Uploaded {
    /// Its name as the browser gave it.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A file that did not fit.
#[derive(Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// Its name as the browser gave it.
    pub name: String,
    /// How large it was, in bytes, as far as it was read.
    pub size: u64,
}

/// How the reading ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// With the body.
    Whole,
    /// Before it: it broke off, or is no form.
    Broken,
    /// At a limit: nobody fills in so much.
    TooMuch,
}

impl Fields {
    /// The first field of a name; empty when there is none.
    pub fn text(&self, name: &str) -> &str {
        self.texts.iter().find(|(one, _)| one == name).map_or("", |(_, text)| text.as_str())
    }

    /// Fields as they are in a body without files.
    pub fn of(texts: Vec<(String, String)>) -> Self {
        Self { texts, ..Self::default() }
    }
}

/// Prints counts alone.
impl fmt::Debug for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Fields({} texts, {} files, {} left out)",
            self.texts.len(),
            self.files.len(),
            self.left_out.len()
        )
    }
}

/// Prints the size alone.
impl fmt::Debug for Uploaded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Uploaded({} bytes)", self.bytes.len())
    }
}

/// Prints the size alone.
impl fmt::Debug for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LeftOut({} bytes)", self.size)
    }
}

/// A body that can be read as a form.
pub struct FormBody {
    parts: Multipart,
    ahead: Arc<AtomicUsize>,
}

/// Prints nothing of what is in it.
impl fmt::Debug for FormBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FormBody")
    }
}

impl FormBody {
    /// The body of a request; `None` when its head does not say that it is a form with a boundary.
    pub async fn of(request: Request) -> Option<Self> {
        let ahead = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&ahead);
        let request = request.map(|body| Body::new(Measured { body, ahead: counter, paused: false }));
        let parts = Multipart::from_request(request, &()).await.ok()?;
        Some(Self { parts, ahead })
    }
}

/// A body that counts what was taken from it since the last part or piece of one.
///
/// The parser keeps what comes before the first boundary, and the head of a part, until it ends, however long that is, and
/// looks through all of it whenever more comes: without a bound, one request takes all memory, in quadratic time.
struct Measured {
    body: Body,
    /// Set back by whoever reads the parts.
    ahead: Arc<AtomicUsize>,
    paused: bool,
}

/// Something came for too long without becoming a part.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the body does not become a form")]
struct NoPart;

impl HttpBody for Measured {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if self.ahead.load(Ordering::Relaxed) > MOST_AHEAD {
            // The parser takes all that there is before it looks at it, so it is first given the chance to look.
            if self.paused {
                return Poll::Ready(Some(Err(axum::Error::new(NoPart))));
            }
            self.paused = true;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        self.paused = false;
        let polled = Pin::new(&mut self.body).poll_frame(context);
        if let Poll::Ready(Some(Ok(frame))) = &polled {
            let length = frame.data_ref().map_or(0, Bytes::len);
            self.ahead.fetch_add(length, Ordering::Relaxed);
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// Reads a body as far as the limits go. What was read before it broke off is kept.
pub async fn read(body: FormBody, limits: MultipartLimits) -> (Fields, End) {
    let FormBody { parts: mut body, ahead } = body;
    let mut reading = Reading { limits, fields: Fields::default(), kept: 0, seen: 0, ahead };
    let mut parts = 0;
    let end = loop {
        let next = body.next_field().await;
        reading.ahead.store(0, Ordering::Relaxed);
        match next {
            Ok(None) => break End::Whole,
            Err(_) => break End::Broken,
            Ok(Some(_)) if parts == limits.parts => break End::TooMuch,
            Ok(Some(part)) => {
                parts += 1;
                match reading.part(part).await {
                    Ok(true) => {}
                    Ok(false) => break End::TooMuch,
                    Err(_) => break End::Broken,
                }
            }
        }
    };
    (reading.fields, end)
}

struct Reading {
    limits: MultipartLimits,
    fields: Fields,
    /// Bytes of files that are kept.
    kept: usize,
    /// Bytes that were read.
    seen: usize,
    /// Bytes that came and were not read yet.
    ahead: Arc<AtomicUsize>,
}

impl Reading {
    /// Reads one part; `false` when there is too much in all.
    async fn part(&mut self, mut part: Field<'_>) -> Result<bool, MultipartError> {
        let name = part.name().unwrap_or_default().to_owned();
        let file = part.file_name().map(str::to_owned);
        let room = match file {
            Some(_) => self.limits.file_bytes.saturating_sub(self.kept),
            None => self.limits.field_bytes,
        };
        let mut bytes = Vec::new();
        let mut size = 0_u64;
        let ended = loop {
            let chunk = match part.chunk().await {
                Ok(Some(chunk)) => chunk,
                Ok(None) => break Ok(true),
                Err(error) => break Err(error),
            };
            self.ahead.store(0, Ordering::Relaxed);
            self.seen = self.seen.saturating_add(chunk.len());
            size = size.saturating_add(chunk.len() as u64);
            if file.is_none() {
                bytes.extend_from_slice(&chunk[..chunk.len().min(room - bytes.len())]);
            } else if bytes.len().saturating_add(chunk.len()) <= room
                && size == (bytes.len() + chunk.len()) as u64
            {
                bytes.extend_from_slice(&chunk);
            } else {
                // One that does not fit whole is not kept at all.
                bytes = Vec::new();
            }
            if self.seen > self.limits.drained_bytes {
                break Ok(false);
            }
        };
        match file {
            None => self.fields.texts.push((name, String::from_utf8_lossy(&bytes).into_owned())),
            // A field for files that nobody used comes as a file without a name and bytes.
            Some(name) if name.is_empty() && size == 0 => {}
            // A file that broke off is no file.
            Some(_) if ended.is_err() => {}
            Some(name) if size == bytes.len() as u64 => {
                self.kept += bytes.len();
                self.fields.files.push(Uploaded { name, bytes });
            }
            Some(name) => self.fields.left_out.push(LeftOut { name, size }),
        }
        ended
    }
}

#[cfg(test)]
mod tests {
    use axum::extract::DefaultBodyLimit;
    use futures_util::StreamExt;
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    const LIMITS: MultipartLimits =
        MultipartLimits { parts: 5, field_bytes: 20, file_bytes: 30, drained_bytes: 200 };

    fn read_bytes(body: Vec<u8>) -> (Fields, End) {
        read_body(Body::from(body))
    }

    fn read_body(body: Body) -> (Fields, End) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let mut request = Request::builder()
                .header("content-type", "multipart/form-data; boundary=B")
                .body(body)
                .unwrap();
            // As the routes have it: axum's own bound would hide ours.
            DefaultBodyLimit::disable().apply(&mut request);
            read(FormBody::of(request).await.unwrap(), LIMITS).await
        })
    }

    fn text(name: &str, value: &str) -> String {
        format!("--B\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    }

    fn file(name: &str, bytes: &str) -> String {
        format!(
            "--B\r\nContent-Disposition: form-data; name=\"filer\"; filename=\"{name}\"\r\nContent-Type: x/y\r\n\r\n{bytes}\r\n"
        )
    }

    /// What came, in short.
    fn short((fields, end): (Fields, End)) -> String {
        let texts: Vec<String> = fields.texts.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let files: Vec<String> =
            fields.files.iter().map(|one| format!("{}:{}", one.name, one.bytes.len())).collect();
        let out: Vec<String> =
            fields.left_out.iter().map(|one| format!("{}!{}", one.name, one.size)).collect();
        format!("{} | {} | {} | {end:?}", texts.join(" "), files.join(" "), out.join(" "))
    }

    #[rstest]
    #[case::fields(text("a", "1") + &text("b", "æ") + "--B--\r\n", "a=1 b=æ |  |  | Whole")]
    #[case::a_file(text("a", "1") + &file("x.pdf", "12345") + "--B--\r\n", "a=1 | x.pdf:5 |  | Whole")]
    #[case::nothing_chosen(file("", "") + &text("a", "1") + "--B--\r\n", "a=1 |  |  | Whole")]
    #[case::an_empty_file(file("x.pdf", "") + "--B--\r\n", " | x.pdf:0 |  | Whole")]
    #[case::a_large_file_costs_only_itself(
        file("x.mov", &"m".repeat(99)) + &file("y.pdf", "12") + &text("a", "1") + "--B--\r\n",
        "a=1 | y.pdf:2 | x.mov!99 | Whole"
    )]
    #[case::together_too_large(
        file("x", &"m".repeat(20)) + &file("y", &"m".repeat(20)) + &file("z", &"m".repeat(10)) + "--B--\r\n",
        " | x:20 z:10 | y!20 | Whole"
    )]
    #[case::a_long_field_is_cut(text("a", &"1".repeat(50)) + "--B--\r\n", "a=11111111111111111111 |  |  | Whole")]
    #[case::many_fields(
        (0..9).map(|n| text("a", &n.to_string())).collect::<String>() + "--B--\r\n",
        "a=0 a=1 a=2 a=3 a=4 |  |  | TooMuch"
    )]
    #[case::far_too_much(text("a", "1") + &file("x", &"m".repeat(500)) + "--B--\r\n", "a=1 |  | x!500 | TooMuch")]
    #[case::broken_off(text("a", "1") + "--B\r\nContent-Disposition: form-data; name=\"b\"\r\n\r\n12", "a=1 b= |  |  | Broken")]
    #[case::a_file_that_broke_off(
        text("a", "1") + "--B\r\nContent-Disposition: form-data; name=\"f\"; filename=\"x\"\r\n\r\n12",
        "a=1 |  |  | Broken"
    )]
    #[case::no_form("hvad som helst".to_owned(), " |  |  | Broken")]
    #[case::nothing(String::new(), " |  |  | Broken")]
    #[case::another_boundary("--C\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--C--".to_owned(), " |  |  | Broken")]
    #[case::a_part_without_a_name("--B\r\n\r\n1\r\n--B--\r\n".to_owned(), " |  |  | Broken")]
    fn a_body_is_read(#[case] body: String, #[case] expected: &str) {
        assert_eq!(short(read_bytes(body.into_bytes())), expected);
    }

    #[test]
    fn what_is_no_utf_8_is_shown_as_far_as_it_goes() {
        let body = b"--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nf\xf8r\0\r\n--B--\r\n".to_vec();
        assert_eq!(read_bytes(body).0.text("a"), "f\u{fffd}r\0");
    }

    #[test]
    fn the_first_of_two_counts() {
        let body = text("a", "1") + &text("a", "2") + "--B--\r\n";
        let (fields, _) = read_bytes(body.into_bytes());
        assert_eq!((fields.text("a"), fields.text("b")), ("1", ""));
    }

    /// A body that comes in pieces as from a socket, and how many bytes of it were asked for.
    fn in_pieces(start: &str, piece: &str, count: usize) -> (Body, Arc<AtomicUsize>) {
        let taken = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&taken);
        let pieces = std::iter::once(start.to_owned()).chain(std::iter::repeat_n(piece.to_owned(), count));
        let stream = StreamExt::then(futures_util::stream::iter(pieces), move |piece| {
            let counted = Arc::clone(&counted);
            async move {
                tokio::task::yield_now().await;
                counted.fetch_add(piece.len(), Ordering::Relaxed);
                Ok::<_, std::convert::Infallible>(piece)
            }
        });
        (Body::from_stream(stream), taken)
    }

    #[rstest]
    #[case::a_head_without_end("--B\r\nContent-Disposition: form-data; name=\"", "mmmmmmmm")]
    #[case::no_boundary("", "mmmmmmmm")]
    #[case::lines_without_end("--B\r\n", "A: b\r\nCd: e\r\n")]
    fn what_never_becomes_a_part_is_not_kept(#[case] start: &str, #[case] piece: &str) {
        let (body, taken) = in_pieces(start, &piece.repeat(1_024), 2_000);
        let (_, end) = read_body(body);
        assert_eq!(end, End::Broken);
        let taken = taken.load(Ordering::Relaxed);
        assert!(taken < 200_000, "{taken} bytes were held");
    }

    /// Over a real connection, where pieces are as large as the network makes them.
    #[tokio::test]
    async fn a_large_form_comes_through_whole() {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        const LARGE: MultipartLimits = MultipartLimits {
            parts: 100,
            field_bytes: 100_000,
            file_bytes: 20 << 20,
            drained_bytes: 64 << 20,
        };
        let handler =
            |request: Request| async move { short(read(FormBody::of(request).await.unwrap(), LARGE).await) };
        let router =
            axum::Router::new().route("/", axum::routing::post(handler)).layer(DefaultBodyLimit::disable());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let second = std::time::Duration::from_secs(1);
        let patience = crate::web::listen::Patience { head: second, body: second, connections: 4 };
        tokio::spawn(crate::web::listen::serve(listener, router, patience, std::future::pending()));
        let mut body = text("a", "1");
        for _ in 0..4 {
            body += &file("x", &"m\r\n-".repeat(5 << 18));
        }
        body += &file("y", &"m".repeat(9 << 20));
        body += &(text("b", "2") + "--B--\r\n");
        let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
        let head = format!(
            "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {}\r\nContent-Type: multipart/form-data; boundary=B\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.write_all(body.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        let expected = "a=1 b=2 | x:5242880 x:5242880 x:5242880 x:5242880 | y!9437184 | Whole";
        assert!(answer.ends_with(expected), "{answer}");
    }

    proptest! {
        #[test]
        fn no_body_breaks_it(mut body in prop::collection::vec(any::<u8>(), 0..80), place in 0..200_usize, byte in any::<u8>()) {
            let _ = read_bytes(body.clone());
            let mut whole = (text("a", "1") + &file("x", "12345") + "--B--\r\n").into_bytes();
            let place = place % whole.len();
            whole[place] = byte;
            whole.append(&mut body);
            let (fields, _) = read_bytes(whole);
            prop_assert!(fields.files.iter().map(|file| file.bytes.len()).sum::<usize>() <= LIMITS.file_bytes);
        }
    }
}
