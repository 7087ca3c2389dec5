//! Backends that write down what they are asked.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

/// A request that a backend received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The upstream's name, or the address, as the configuration has it.
    pub backend: String,
    pub method: String,
    /// As received; `SCRIPT_NAME` for FastCGI.
    pub uri: Vec<u8>,
}

/// Backends on unix sockets, one for each name. What they answer is asked for by the headers `X-Upstream-Status` and
/// `X-Upstream-Accel` of the request.
pub struct Backends {
    folder: tempfile::TempDir,
    sockets: Mutex<HashMap<String, PathBuf>>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    hits: Arc<Mutex<Vec<Hit>>>,
}

/// What a request must begin with to end a backend.
const END: &[u8] = b"END\r\n";
/// What a request begins with that is to be no hit.
const SETTLE: &[u8] = b"SETTLE\r\n";

impl Backends {
    pub fn new() -> Backends {
        let folder = tempfile::tempdir().expect("a folder");
        Backends { folder, sockets: Mutex::default(), threads: Mutex::default(), hits: Arc::default() }
    }

    /// The socket of a backend, which is started when it is asked for first.
    pub fn socket(&self, name: &str) -> PathBuf {
        let mut sockets = self.sockets.lock().expect("no panic");
        if let Some(path) = sockets.get(name) {
            return path.clone();
        }
        let path = self.folder.path().join(sockets.len().to_string());
        let listener = UnixListener::bind(&path).expect("a socket");
        let (backend, hits) = (name.to_owned(), self.hits.clone());
        let run = move || {
            for stream in listener.incoming().flatten() {
                let _ = stream.set_read_timeout(Some(Duration::from_secs(5)));
                // A connection that breaks is one answer less; the test sees that.
                if answer(stream, &backend, &hits).is_ok_and(|ended| ended) {
                    return;
                }
            }
        };
        self.threads.lock().expect("no panic").push(std::thread::spawn(run));
        sockets.insert(name.to_owned(), path.clone());
        path
    }

    /// Waits until everything that was sent before is received: who is terminated does not wait for it.
    pub fn settle(&self) -> std::io::Result<()> {
        let sockets: Vec<PathBuf> = self.sockets.lock().expect("no panic").values().cloned().collect();
        for path in sockets {
            let mut stream = UnixStream::connect(path)?;
            stream.write_all(SETTLE)?;
            stream.read_to_end(&mut Vec::new())?;
        }
        Ok(())
    }

    /// What was received since the last call.
    pub fn take(&self) -> Vec<Hit> {
        std::mem::take(&mut self.hits.lock().expect("no panic"))
    }
}

impl Drop for Backends {
    fn drop(&mut self) {
        for path in self.sockets.lock().expect("no panic").values() {
            let _ = UnixStream::connect(path).and_then(|mut stream| stream.write_all(END));
        }
        for thread in self.threads.lock().expect("no panic").drain(..) {
            let _ = thread.join();
        }
    }
}

/// Answers one request; true when it asks to end.
fn answer(stream: UnixStream, backend: &str, hits: &Mutex<Vec<Hit>>) -> std::io::Result<bool> {
    let mut reader = BufReader::new(stream);
    let fast = reader.fill_buf()?.first() == Some(&1);
    let mut headers = HashMap::new();
    let (method, uri) = if fast {
        let parameters = fastcgi(&mut reader)?;
        for (name, value) in &parameters {
            if let Some(name) = name.strip_prefix("HTTP_") {
                headers.insert(name.to_ascii_lowercase().replace('_', "-"), String::from_utf8_lossy(value).into_owned());
            }
        }
        let get = |name: &str| parameters.get(name).cloned().unwrap_or_default();
        (String::from_utf8_lossy(&get("REQUEST_METHOD")).into_owned(), get("SCRIPT_NAME"))
    } else {
        // A line feed may be part of a URI that nginx sends as it is.
        let mut line = Vec::new();
        while !line.ends_with(b"\r\n") && reader.read_until(b'\n', &mut line)? > 0 {}
        if line == END {
            return Ok(true);
        }
        // Or a connection that was closed before anything was asked.
        if line == SETTLE || line.is_empty() {
            return Ok(false);
        }
        let first = line.iter().position(|byte| *byte == b' ').unwrap_or(0);
        let last = line.iter().rposition(|byte| *byte == b' ').unwrap_or(0);
        let uri = line.get(first + 1..last).unwrap_or_default().to_vec();
        let method = String::from_utf8_lossy(&line[..first]).into_owned();
        loop {
            let mut line = String::new();
            reader.read_line(&mut line)?;
            let Some((name, value)) = line.trim_end().split_once(": ") else { break };
            headers.insert(name.to_ascii_lowercase(), value.to_owned());
        }
        let length = headers.get("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
        reader.by_ref().take(length).read_to_end(&mut Vec::new())?;
        (method, uri)
    };
    let head = method == "HEAD";
    hits.lock().expect("no panic").push(Hit { backend: backend.to_owned(), method, uri });
    let mut stream = reader.into_inner();
    let status = headers.get("x-upstream-status").map_or("200", String::as_str);
    let accel = headers.get("x-upstream-accel").map(|to| format!("X-Accel-Redirect: {to}\r\n")).unwrap_or_default();
    let body = if head || status == "204" || status == "304" { "" } else { "backend" };
    if fast {
        let content = format!("Status: {status}\r\nContent-Type: text/plain\r\n{accel}\r\n{body}");
        stream.write_all(&[1, 6, 0, 1, 0, content.len() as u8, 0, 0])?;
        stream.write_all(content.as_bytes())?;
        stream.write_all(&[1, 3, 0, 1, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])?;
        return Ok(false);
    }
    write!(stream, "HTTP/1.0 {status} X\r\nContent-Type: text/plain\r\n{accel}Connection: close\r\n\r\n{body}")?;
    Ok(false)
}

/// The parameters of a FastCGI request, read to its end.
fn fastcgi(reader: &mut impl Read) -> std::io::Result<HashMap<String, Vec<u8>>> {
    let mut data = Vec::new();
    loop {
        let mut head = [0; 8];
        reader.read_exact(&mut head)?;
        let length = usize::from(u16::from_be_bytes([head[4], head[5]]));
        let mut content = vec![0; length + usize::from(head[6])];
        reader.read_exact(&mut content)?;
        match head[1] {
            4 => data.extend_from_slice(&content[..length]),
            5 if length == 0 => break,
            _ => {}
        }
    }
    let mut out = HashMap::new();
    let mut rest = data.as_slice();
    let length = |rest: &mut &[u8]| -> Option<usize> {
        let (first, after) = rest.split_first()?;
        if *first < 128 {
            *rest = after;
            return Some(usize::from(*first));
        }
        let bytes: [u8; 4] = rest.get(..4)?.try_into().ok()?;
        *rest = &rest[4..];
        Some((u32::from_be_bytes(bytes) & 0x7fff_ffff) as usize)
    };
    while let (Some(name), Some(value)) = (length(&mut rest), length(&mut rest)) {
        if rest.len() < name + value {
            break;
        }
        out.insert(String::from_utf8_lossy(&rest[..name]).into_owned(), rest[name..name + value].to_vec());
        rest = &rest[name + value..];
    }
    Ok(out)
}
