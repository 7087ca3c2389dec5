//! Messages on standard input and output (LSP 3.17, "Base Protocol").
//!
//! A thread reads and frames, a thread writes. Between them and `tower-lsp` stand an [`Input`] that yields only
//! whole, well-formed messages (its decoder ends the connection at the first bad one) and an [`Outgoing`] that takes
//! whole messages and never makes the caller wait, so that no handler can hang behind a client that does not read.

use std::io::{self, BufRead, Read, Write};
use std::pin::Pin;
use std::sync::mpsc as threads;
use std::task::{Context, Poll};
use std::time::Duration;

use serde::Serialize;
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::mpsc;

/// The largest message that is read, in bytes.
pub const MAX_MESSAGE: u64 = 256 * 1024 * 1024;
/// The longest header line that is read, in bytes.
const MAX_HEADER: u64 = 8 * 1024;

/// More than a header of ours is long, in bytes.
const HEADER: usize = 48;

/// How long the end takes at most: a client that has stopped reading may wait for the process itself, and one that has stopped writing waits
/// for little more.
pub const PATIENCE: Duration = Duration::from_secs(3);

/// Where messages to the client go. Clones write to the same place.
#[derive(Clone, Debug)]
pub struct Outgoing(threads::Sender<Out>);

#[derive(Debug)]
enum Out {
    /// What is to be written, from there on.
    Bytes {
        bytes: Vec<u8>,
        start: usize,
    },
    Close(threads::Sender<()>),
}

#[derive(Serialize)]
struct Notification<P> {
    jsonrpc: &'static str,
    method: &'static str,
    params: P,
}

impl Outgoing {
    /// Starts the writing thread. `gone` is called once when the client no longer reads.
    pub fn start(mut to: impl Write + Send + 'static, gone: impl FnOnce() + Send + 'static) -> io::Result<Outgoing> {
        let (sender, receiver) = threads::channel();
        let write = move || {
            for out in receiver {
                match out {
                    Out::Bytes { bytes, start } => {
                        let written = bytes.get(start..).unwrap_or_default();
                        if to.write_all(written).and_then(|()| to.flush()).is_err() {
                            return gone();
                        }
                    }
                    Out::Close(done) => {
                        let _ = done.send(());
                        return;
                    }
                }
            }
        };
        std::thread::Builder::new().name("write".into()).spawn(write)?;
        Ok(Outgoing(sender))
    }

    /// Sends one message. After the client has gone it is dropped.
    pub fn send(&self, message: &impl Serialize) {
        // The length is known when the message is written, which may be of megabytes: the header gets its place before.
        let mut bytes = vec![b' '; HEADER];
        // Nothing that is sent has a map with keys that are no text: it can be written.
        if serde_json::to_writer(&mut bytes, message).is_err() {
            return;
        }
        let header = format!("Content-Length: {}\r\n\r\n", bytes.len() - HEADER);
        let start = HEADER - header.len();
        bytes.splice(start..HEADER, header.into_bytes());
        let _ = self.0.send(Out::Bytes { bytes, start });
    }

    /// Sends a notification. Its parameters are written as they are: those of diagnostics may be of megabytes.
    pub fn notify(&self, method: &'static str, params: impl Serialize) {
        self.send(&Notification { jsonrpc: "2.0", method, params });
    }

    /// Waits until everything sent before is written, but not for a client that has stopped reading; what is sent afterwards is dropped.
    pub fn close(&self) {
        let (done, wait) = threads::channel();
        if self.0.send(Out::Close(done)).is_ok() {
            let _ = wait.recv_timeout(PATIENCE);
        }
    }

    fn refuse(&self, id: Value, code: i32, message: String) {
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "error": { "code": code, "message": message } }));
    }
}

/// `tower-lsp`'s encoder gives whole messages in each write as long as every write is taken in full, which this does.
impl AsyncWrite for Outgoing {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let _ = self.0.send(Out::Bytes { bytes: bytes.to_vec(), start: 0 });
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

/// Well-formed messages, as a stream of bytes with minimal headers.
#[derive(Debug)]
pub struct Input {
    frames: mpsc::Receiver<Vec<u8>>,
    rest: io::Cursor<Vec<u8>>,
}

impl Input {
    /// Starts the reading thread. It ends with the input, or at something after which the next message can't be found; `ended` is called then.
    pub fn start(mut from: impl BufRead + Send + 'static, outgoing: Outgoing, ended: impl FnOnce() + Send + 'static) -> io::Result<Input> {
        // The client waits in its own pipe when this many messages are not taken yet.
        let (sender, frames) = mpsc::channel(64);
        let read = move || {
            while let Some(body) = next_message(&mut from, &outgoing) {
                let mut frame = format!("Content-Length: {}\r\n\r\n", body.len()).into_bytes();
                frame.extend_from_slice(&body);
                if sender.blocking_send(frame).is_err() {
                    return;
                }
            }
            ended();
        };
        std::thread::Builder::new().name("read".into()).spawn(read)?;
        Ok(Input { frames, rest: io::Cursor::default() })
    }
}

impl AsyncRead for Input {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if self.rest.position() >= self.rest.get_ref().len() as u64 {
            match self.frames.poll_recv(cx) {
                Poll::Ready(Some(frame)) => self.rest = io::Cursor::new(frame),
                Poll::Ready(None) => return Poll::Ready(Ok(())),
                Poll::Pending => return Poll::Pending,
            }
        }
        let at = self.rest.position() as usize;
        let rest = self.rest.get_ref().get(at..).unwrap_or_default();
        let taken = rest.len().min(buf.remaining());
        buf.put_slice(rest.get(..taken).unwrap_or_default());
        self.rest.set_position((at + taken) as u64);
        Poll::Ready(Ok(()))
    }
}

/// The next well-formed message's body. What is not well-formed is answered here and passed over; `None` at the end.
fn next_message(from: &mut impl BufRead, outgoing: &Outgoing) -> Option<Vec<u8>> {
    loop {
        let length = match read_header(from) {
            Header::Length(length) if length > MAX_MESSAGE => {
                outgoing.refuse(
                    Value::Null,
                    -32600,
                    format!("a message of {length} bytes was announced; the largest that is read has {MAX_MESSAGE}. The server stops, because it can't tell where the next message starts."),
                );
                return None;
            }
            Header::Length(length) => length,
            Header::Bad(what) => {
                outgoing.refuse(Value::Null, -32700, what);
                continue;
            }
            Header::Lost(what) => {
                outgoing.refuse(Value::Null, -32700, what);
                return None;
            }
            Header::End => return None,
        };
        // Not `with_capacity(length)`: a length alone must not make the server ask for that much memory.
        let mut body = Vec::new();
        match from.take(length).read_to_end(&mut body) {
            Ok(read) if read as u64 == length => {}
            _ => return None,
        }
        match super::envelope::check(&mut body) {
            Ok(()) => return Some(body),
            Err((id, code, message)) => outgoing.refuse(id, code, message),
        }
    }
}

enum Header {
    Length(u64),
    /// Nothing to read, go on with the next header.
    Bad(String),
    /// Something after which no message can be found.
    Lost(String),
    End,
}

fn read_header(from: &mut impl BufRead) -> Header {
    let mut length = None;
    let mut lines = 0;
    loop {
        let mut line = Vec::new();
        match from.take(MAX_HEADER).read_until(b'\n', &mut line) {
            Ok(0) | Err(_) => return Header::End,
            Ok(_) => {}
        }
        if line.last() != Some(&b'\n') {
            if line.len() as u64 == MAX_HEADER {
                return Header::Lost(format!("a header line of more than {MAX_HEADER} bytes: this is not the Language Server Protocol"));
            }
            return Header::End;
        }
        let line = String::from_utf8_lossy(&line);
        let line = line.trim_ascii();
        if line.is_empty() {
            return match length {
                Some(Ok(length)) => Header::Length(length),
                Some(Err(value)) => Header::Bad(format!("Content-Length is not a number: `{value}`")),
                None if lines == 0 => continue,
                None => Header::Bad("a message without a Content-Length header".into()),
            };
        }
        lines += 1;
        // Garbage before the name is passed over: it may be all that is left of a broken message.
        let lower = line.to_ascii_lowercase();
        if let Some(at) = lower.rfind("content-length:") {
            let value = line.get(at + "content-length:".len()..).unwrap_or_default().trim_ascii();
            length = Some(value.parse::<u64>().map_err(|_| value.chars().take(40).collect::<String>()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Arc, Mutex};

    #[derive(Clone, Default)]
    struct Sink(Arc<Mutex<Vec<u8>>>);

    impl Write for Sink {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().map_err(|_| io::ErrorKind::Other)?.extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// What passes, and what was answered.
    fn run(input: &[u8]) -> (Vec<String>, String) {
        let sink = Sink::default();
        let outgoing = Outgoing::start(sink.clone(), || {}).expect("a thread");
        let mut from = input;
        let mut passed = Vec::new();
        while let Some(body) = next_message(&mut from, &outgoing) {
            passed.push(String::from_utf8(body).expect("checked"));
        }
        outgoing.close();
        let answered = String::from_utf8(sink.0.lock().expect("no panic").clone()).expect("JSON");
        (passed, answered)
    }

    fn frame(body: &str) -> String {
        format!("Content-Length: {}\r\n\r\n{body}", body.len())
    }

    const GOOD: &str = r#"{"jsonrpc":"2.0","method":"exit"}"#;

    #[test]
    fn a_bad_message_is_answered_and_the_next_one_passes() {
        for (bad, code) in [
            (frame("{"), "-32700"),
            (frame(""), "-32700"),
            (frame("[]"), "-32600"),
            (frame("3"), "-32600"),
            (frame("{}"), "-32600"),
            (frame(r#"{"jsonrpc":"1.0","id":7,"method":"x"}"#), "-32600"),
            (frame(r#"{"jsonrpc":"2.0","id":{},"method":"x"}"#), "-32600"),
            (frame(r#"{"jsonrpc":"2.0","id":1.5,"method":"x"}"#), "-32600"),
            (frame(r#"{"jsonrpc":"2.0","id":1,"method":7}"#), "-32600"),
            ("Content-Length: many\r\n\r\n".into(), "-32700"),
            ("X-Other: 1\r\n\r\n".into(), "-32700"),
        ] {
            let (passed, answered) = run(format!("{bad}{}", frame(GOOD)).as_bytes());
            assert_eq!(passed, [GOOD], "{bad}");
            assert!(answered.contains(code), "{bad}: {answered}");
        }
    }

    #[test]
    fn bytes_that_are_not_utf8_are_answered() {
        let mut input = b"Content-Length: 2\r\n\r\n\xff\xfe".to_vec();
        input.extend_from_slice(frame(GOOD).as_bytes());
        let (passed, answered) = run(&input);
        assert_eq!(passed, [GOOD]);
        assert!(answered.contains("-32700"));
    }

    #[test]
    fn garbage_before_a_header_and_lower_case_names_are_passed_over() {
        let input = format!("garbage {}", frame(GOOD).replace("Content-Length", "content-length"));
        assert_eq!(run(input.as_bytes()), (vec![GOOD.to_string()], String::new()));
    }

    #[test]
    fn a_message_that_is_too_large_or_cut_off_ends_the_input() {
        let (passed, answered) = run(b"Content-Length: 99999999999999\r\n\r\n{}");
        assert!(passed.is_empty() && answered.contains("-32600"));
        assert_eq!(run(b"Content-Length: 50\r\n\r\n{}"), (vec![], String::new()));
        let (passed, answered) = run(&vec![b'x'; 20_000]);
        assert!(passed.is_empty() && answered.contains("-32700"));
    }

    #[test]
    fn answers_pass_with_results_of_null() {
        let body = r#"{"jsonrpc":"2.0","id":3,"result":null}"#;
        assert_eq!(run(frame(body).as_bytes()).0, [body]);
    }
}
