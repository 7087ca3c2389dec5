//! Any configuration, run by a real nginx in a folder of its own, asked what it does with a request.
//!
//! What is added to the configuration shows the way and does not change it: an `access_log` in each block, whose format names the
//! block (nginx logs with the configuration that is in force at the end), sockets in the place of ports, folders in the place of
//! `/`, and backends that write down what they receive.

use std::collections::{BTreeMap, HashMap};
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use nginx_analyzer::config::{EntryId, LocationId, ServerId, parse_listen};
use nginx_analyzer::routing::trace::Text;
use nginx_analyzer::syntax::Body;

use crate::backend::{Backends, Hit};
use crate::support::{Loaded, load};

/// A request as a client sends it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    pub method: String,
    pub target: Vec<u8>,
    /// None: no `Host` header.
    pub host: Option<String>,
    /// `1.1`
    pub http: String,
    /// As in `listen`: `80`, `*:80`, `127.0.0.1:80`.
    pub listen: String,
    /// What backends shall answer with.
    pub upstream_status: Option<u16>,
    /// What backends shall say in `X-Accel-Redirect`.
    pub accel: Option<String>,
}

/// What nginx did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answer {
    /// 444 where it closed the connection, but 408 and 499 where the log has them.
    pub status: u16,
    /// The block that was in force at the end: `S0`, `L3`, `I1`, `X0`: the nth server, location, `if` or `limit_except`.
    pub at: String,
    pub uri: Vec<u8>,
    pub args: Vec<u8>,
    /// `$request_filename` at the end.
    pub file: Vec<u8>,
    pub redirect: Option<String>,
    pub body: Vec<u8>,
    pub headers: Vec<(String, String)>,
    pub hits: Vec<Hit>,
    /// What became of requests that it sent to itself, in the order in which they ended.
    pub inner: Vec<Answer>,
}

/// A running nginx; it ends when this is dropped.
pub struct Real<'a> {
    child: Child,
    folder: tempfile::TempDir,
    sockets: BTreeMap<String, PathBuf>,
    backends: &'a Backends,
    read: std::cell::Cell<usize>,
    asked: std::cell::Cell<u64>,
}

impl Drop for Real<'_> {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The blocks of a configuration by the names of [`Answer::at`].
pub fn blocks(loaded: &Loaded) -> HashMap<EntryId, String> {
    let config = &loaded.config;
    let mut out = HashMap::new();
    out.extend(config.servers.iter().enumerate().map(|(index, server)| (server.entry, format!("S{index}"))));
    out.extend(config.locations.iter().enumerate().map(|(index, location)| (location.entry, format!("L{index}"))));
    for (name, letter) in [("if", 'I'), ("limit_except", 'X')] {
        let blocks = config.all(name).iter().filter(|id| matches!(config.directive(**id).body, Body::Block(_)));
        out.extend(blocks.enumerate().map(|(index, id)| (*id, format!("{letter}{index}"))));
    }
    out
}

/// Server and location of such a name; an `if` and a `limit_except` belong to the location around them.
pub fn place(loaded: &Loaded, at: &str) -> Option<(ServerId, Option<LocationId>)> {
    let entry = blocks(loaded).into_iter().find(|(_, name)| name == at)?.0;
    Some((loaded.config.server_of(entry)?, loaded.config.location_of(entry)))
}

/// `*:80`
fn key(listen: &str) -> String {
    let text = format!("listen {listen};");
    let loaded = load(&text);
    let found = loaded.config.top.first().map(|id| parse_listen(loaded.config.directive(*id), None)).unwrap_or_default();
    found.first().map(|listen| format!("{}:{}", listen.address, listen.port)).unwrap_or_default()
}

fn quoted(word: &str) -> String {
    format!("\"{}\"", word.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Modules that are not part of nginx itself, by what their directives contain.
const MODULES: [(&str, &[&str]); 2] =
    [("_by_lua", &["ndk_http_module.so", "ngx_http_lua_module.so"]), ("echo_", &["ngx_http_echo_module.so"])];

/// The directives that load what the configuration needs; `Err` when a module is not installed.
fn modules(text: &str) -> Result<String, String> {
    let mut out = String::new();
    for module in MODULES.iter().filter(|(word, _)| text.contains(word)).flat_map(|(_, modules)| *modules) {
        let path = Path::new("/usr/lib/nginx/modules").join(module);
        if !path.exists() {
            return Err(format!("{module} is not installed"));
        }
        out.push_str(&format!("load_module {};\n", path.display()));
    }
    Ok(out)
}

/// The configuration as it is run in a folder, and the sockets by address.
fn instrument(loaded: &Loaded, text: &str, at: &Path, backends: &Backends) -> Result<(String, BTreeMap<String, PathBuf>), String> {
    let config = &loaded.config;
    let names = blocks(loaded);
    let listens = config.servers.iter().flat_map(|server| &server.listens);
    let listens: Vec<String> = listens.map(|listen| format!("{}:{}", listen.address, listen.port)).collect();
    let mut sockets = BTreeMap::new();
    let mut socket = |key: &str| {
        let path = at.join(format!("s{}", sockets.len()));
        let path = sockets.entry(key.to_owned()).or_insert(path);
        format!("unix:{}", path.display())
    };
    // What to put where: from, to, text.
    let mut edits: Vec<(u32, u32, String)> = Vec::new();
    let mut upstreams = String::new();
    let mut made: Vec<String> = Vec::new();
    let mut http = None;
    for (index, entry) in config.entries.iter().enumerate() {
        let id = EntryId(index as u32);
        let directive = &entry.directive;
        let parent = entry.parent.map(|parent| config.directive(parent));
        let inside = match &directive.body {
            Body::Block(block) => Some(block.span.start + 1),
            _ => None,
        };
        let replace = |word: usize, with: String| directive.args.get(word).map(|word| (word.span.start, word.span.end, with));
        let value = directive.arg(0).unwrap_or_default();
        match &*directive.name.value {
            "http" => http = inside,
            "server" if parent.is_some_and(|parent| parent.is("upstream")) => {
                let name = parent.and_then(|parent| parent.arg(0)).unwrap_or_default();
                if !value.ends_with(".invalid") {
                    edits.extend(replace(0, format!("unix:{}", backends.socket(name).display())));
                }
            }
            "listen" => {
                let listen = parse_listen(directive, None);
                let Some(listen) = listen.first() else { return Err(format!("no listen: {value}")) };
                edits.extend(replace(0, socket(&format!("{}:{}", listen.address, listen.port))));
            }
            "root" | "alias" if value.starts_with('/') => edits.extend(replace(0, quoted(&format!("{}/fs{value}", at.display())))),
            "proxy_pass" | "fastcgi_pass" | "uwsgi_pass" | "scgi_pass" => {
                let (scheme, rest) = value.split_once("://").map_or(("", value), |(scheme, rest)| (scheme, rest));
                let end = rest.find(['/', '?', '#', '$']).unwrap_or(rest.len());
                let (authority, rest) = rest.split_at(end);
                let host = authority.split(':').next().unwrap_or_default();
                // What is an upstream's name stays, and what shall not resolve.
                if authority.is_empty() || config.upstream(host).is_some() || host.ends_with(".invalid") {
                    continue;
                }
                // nginx itself: by the address as an upstream's name, so that the `Host` that is sent is the address.
                let here = authority.strip_prefix("127.0.0.1:").map(|port| format!("*:{port}")).filter(|key| listens.contains(key));
                if let Some(key) = here {
                    if !upstreams.contains("upstream 127.0.0.1 ") {
                        upstreams.push_str(&format!("upstream 127.0.0.1 {{ server {}; }}\n", socket(&key)));
                    }
                    edits.extend(replace(0, quoted(&format!("{scheme}://127.0.0.1{rest}"))));
                    continue;
                }
                let number = made.iter().position(|name| name == authority).unwrap_or_else(|| {
                    let path = backends.socket(authority);
                    upstreams.push_str(&format!("upstream backend_{} {{ server unix:{}; }}\n", made.len(), path.display()));
                    made.push(authority.to_owned());
                    made.len() - 1
                });
                let scheme = if scheme.is_empty() { String::new() } else { format!("{scheme}://") };
                edits.extend(replace(0, quoted(&format!("{scheme}backend_{number}{rest}"))));
            }
            _ => {}
        }
        if let (Some(name), Some(inside)) = (names.get(&id), inside) {
            let mut with = format!(" access_log {}/log at_{name};", at.display());
            if name.starts_with('I') && parent.is_some_and(|parent| parent.is("server")) {
                continue;
            }
            if name.starts_with('S') && config.children(id, "listen").next().is_none() {
                with.push_str(&format!(" listen {};", socket("*:80")));
            }
            edits.push((inside, inside, with));
        }
    }
    // What a FastCGI backend writes down; parameters of a location take the place of those around it.
    let script = "fastcgi_param SCRIPT_NAME $fastcgi_script_name; fastcgi_param REQUEST_METHOD $request_method;";
    for id in config.all("fastcgi_param") {
        let at = config.place(*id).span.start;
        edits.push((at, at, format!("{script} ")));
    }
    let http = http.ok_or("no http block")?;
    let at = at.display();
    let mut with = format!(
        "\nclient_body_temp_path {at}/b; proxy_temp_path {at}/p; fastcgi_temp_path {at}/f; uwsgi_temp_path {at}/u; scgi_temp_path {at}/c;\n\
         set_real_ip_from unix:; real_ip_header X-Client; uninitialized_variable_warn off; {script}\n"
    );
    for name in names.values().map(String::as_str).chain(["H"]) {
        with.push_str(&format!(
            "log_format at_{name} '{name}\"$status\"$uri\"$args\"$request_filename\"$sent_http_location\"$connection\"$http_x_ask\"$server_addr';\n"
        ));
    }
    with.push_str(&format!("access_log {at}/log at_H;\n{upstreams}"));
    edits.push((http, http, with));
    edits.sort();
    let mut out = format!("{}daemon off; master_process off; pid {at}/pid; error_log stderr emerg;\n", modules(text)?);
    let mut last = 0;
    for (from, to, with) in &edits {
        out.push_str(&text[last..*from as usize]);
        out.push_str(with);
        last = *to as usize;
    }
    out.push_str(&text[last..]);
    Ok((out, sockets))
}

fn files(at: &Path, files: &[(String, String)]) -> std::io::Result<()> {
    for (path, text) in files {
        let path = format!("{}/fs{path}", at.display());
        if path.ends_with('/') {
            std::fs::create_dir_all(&path)?;
            continue;
        }
        let path = Path::new(&path);
        path.parent().map_or(Ok(()), std::fs::create_dir_all)?;
        std::fs::write(path, text)?;
    }
    Ok(())
}

/// What `nginx -t` says: accepted or not, and its words.
pub fn test(binary: &Path, text: &str, backends: &Backends) -> Result<(bool, String), String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let (text, _) = instrument(&load(text), text, folder.path(), backends)?;
    let file = folder.path().join("nginx.conf");
    std::fs::write(&file, text.replace("error_log stderr emerg", "error_log stderr")).map_err(|error| error.to_string())?;
    let output = Command::new(binary).arg("-t").arg("-p").arg(folder.path()).arg("-c").arg(&file).output();
    let output = output.map_err(|error| error.to_string())?;
    Ok((output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned()))
}

impl<'a> Real<'a> {
    /// Starts it; `Err` with what it says when it refuses. A file is a path and what is in it; a path with a slash at its end is
    /// a folder.
    pub fn start(binary: &Path, text: &str, given: &[(String, String)], backends: &'a Backends) -> Result<Real<'a>, String> {
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        files(folder.path(), given).map_err(|error| error.to_string())?;
        let (text, sockets) = instrument(&load(text), text, folder.path(), backends)?;
        let file = folder.path().join("nginx.conf");
        std::fs::write(&file, text).map_err(|error| error.to_string())?;
        let mut child = Command::new(binary)
            .arg("-p")
            .arg(folder.path())
            .arg("-c")
            .arg(&file)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| error.to_string())?;
        let start = Instant::now();
        while !sockets.values().all(|socket| UnixStream::connect(socket).is_ok()) {
            if child.try_wait().map_err(|error| error.to_string())?.is_some() {
                let mut said = String::new();
                child.stderr.take().map(|mut stderr| stderr.read_to_string(&mut said));
                return Err(said);
            }
            if start.elapsed() > Duration::from_secs(20) {
                let _ = child.kill();
                return Err("nginx does not listen after 20 s".to_owned());
            }
            std::thread::yield_now();
        }
        Ok(Real { child, folder, sockets, backends, read: std::cell::Cell::new(0), asked: std::cell::Cell::new(0) })
    }

    /// The socket of an address; with a port that no server has there, another address of that port.
    pub fn socket(&self, listen: &str) -> Option<&Path> {
        let listen = key(listen);
        let port = listen.rsplit(':').next();
        let same = || self.sockets.keys().find(|key| key.rsplit(':').next() == port).and_then(|key| self.sockets.get(key));
        self.sockets.get(&listen).or_else(same).map(PathBuf::as_path)
    }

    /// Asks it; `Err` when it does not answer.
    pub fn ask(&self, ask: &Ask) -> std::io::Result<Answer> {
        let socket = self.socket(&ask.listen).ok_or_else(|| std::io::Error::other(format!("nothing listens at {}", ask.listen)))?;
        self.backends.take();
        let mut stream = UnixStream::connect(socket)?;
        stream.set_read_timeout(Some(Duration::from_secs(15)))?;
        let mut request = [ask.method.as_bytes(), b" ", &ask.target, b" HTTP/", ask.http.as_bytes(), b"\r\n"].concat();
        request.extend_from_slice(b"Connection: close\r\nX-Client: 127.0.0.1\r\n");
        self.asked.set(self.asked.get() + 1);
        for (name, value) in [
            ("X-Ask", Some(self.asked.get().to_string())),
            ("X-Upstream-Status", ask.upstream_status.map(|status| status.to_string())),
            ("X-Upstream-Accel", ask.accel.clone()),
            // Behind one that it refuses nginx reads no more.
            ("Host", ask.host.clone()),
        ] {
            request.extend_from_slice(value.map(|value| format!("{name}: {value}\r\n")).unwrap_or_default().as_bytes());
        }
        request.extend_from_slice(b"\r\n");
        stream.write_all(&request)?;
        let mut raw = Vec::new();
        stream.read_to_end(&mut raw)?;
        drop(stream);
        let status = raw.strip_prefix(b"HTTP/1.").and_then(|line| std::str::from_utf8(line.get(2..5)?).ok()?.parse().ok());
        let mut answer = self.logged(status, socket)?;
        if raw.is_empty() {
            self.backends.settle()?;
            if !matches!(answer.status, 408 | 499) {
                answer.status = 444;
            }
        }
        let end = raw.windows(4).position(|part| part == b"\r\n\r\n").unwrap_or(raw.len());
        // A line feed may be part of a value: nginx writes into `Location` what it is given.
        let mut lines: Vec<Vec<u8>> = vec![Vec::new()];
        for byte in &raw[..end] {
            match lines.last_mut() {
                Some(line) if *byte == b'\n' && line.ends_with(b"\r") => {
                    line.pop();
                    lines.push(Vec::new());
                }
                Some(line) => line.push(*byte),
                None => {}
            }
        }
        let lines: Vec<String> = lines.into_iter().map(|line| Text::known(line).display()).collect();
        let headers = lines.iter().skip(1).filter_map(|line| line.split_once(": "));
        answer.headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let body = raw.get(end + 4..).unwrap_or_default();
        let chunked = answer.header("Transfer-Encoding").next() == Some("chunked");
        answer.body = if chunked { unchunked(body) } else { body.to_vec() };
        let redirect = answer.header("Location").next().map(str::to_owned);
        answer.redirect = redirect;
        answer.hits = self.backends.take();
        Ok(answer)
    }

    /// What the log says since the last call. nginx writes it before it closes the connection, but for a request that it refuses for a
    /// header: there a request that it sent to itself can be in the log first, with a status or an address of its own.
    fn logged(&self, status: Option<u16>, socket: &Path) -> std::io::Result<Answer> {
        let address = format!("unix:{}", socket.display());
        let start = Instant::now();
        let id = self.asked.get().to_string();
        loop {
            let log = std::fs::read(self.folder.path().join("log")).unwrap_or_default();
            let new = &log[self.read.get().min(log.len())..];
            let end = new.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
            let lines = new[..end].split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
            // A request of which nginx could not read the headers has no number.
            let mut lines: Vec<Line> = lines.map(|line| self.line(line)).filter(|line| line.ask == id || line.ask.is_empty()).collect();
            lines.sort_by_key(|line| line.connection);
            // The outermost request is the first connection; one without a number may be left over from the request before, or be one that
            // nginx sent to itself.
            let told = |line: &Line| line.address == address && status.is_none_or(|status| line.answer.status == status);
            let numbered = lines.iter().position(|line| line.ask == id);
            let first = numbered.or_else(|| lines.iter().rposition(told)).or(lines.len().checked_sub(1));
            let late = start.elapsed() > Duration::from_secs(1);
            let told = |line: &Line| late || told(line);
            if let Some(first) = first.filter(|first| lines.get(*first).is_some_and(told)) {
                self.read.set(self.read.get() + end);
                let mut lines = lines.split_off(first).into_iter().map(|line| line.answer);
                let answer = lines.next().unwrap_or_default();
                return Ok(Answer { inner: lines.collect(), ..answer });
            }
            if start.elapsed() > Duration::from_secs(10)
                || self.sockets.values().next().is_some_and(|socket| UnixStream::connect(socket).is_err())
            {
                return Err(std::io::Error::other("nginx is gone"));
            }
            std::thread::yield_now();
        }
    }

    fn line(&self, line: &[u8]) -> Line {
        let fields: Vec<Vec<u8>> = line.split(|byte| *byte == b'"').map(unescaped).collect();
        let field = |index: usize| fields.get(index).cloned().filter(|field| field != b"-").unwrap_or_default();
        let text = |index: usize| String::from_utf8_lossy(&field(index)).into_owned();
        let file = field(4);
        // Where nothing says what `root` is, it is `html` beside the configuration.
        let prefix = format!("{}/", self.folder.path().display());
        let file = match file.strip_prefix(prefix.as_bytes()) {
            Some(below) => below.strip_prefix(b"fs").filter(|rest| rest.is_empty() || rest.starts_with(b"/")).unwrap_or(below).to_vec(),
            None => file,
        };
        // None was sent: the connection is closed.
        let status = text(1).parse().ok().filter(|status| *status != 0).unwrap_or(444);
        let (uri, args) = (field(2), field(3));
        let redirect = Some(Text::known(field(5)).display()).filter(|redirect| !redirect.is_empty());
        let answer = Answer { at: text(0), status, uri, args, file, redirect, ..Answer::default() };
        Line { answer, connection: text(6).parse().unwrap_or(0), ask: text(7), address: text(8) }
    }
}

/// A line of the log.
struct Line {
    answer: Answer,
    connection: u64,
    ask: String,
    /// Where the request came in.
    address: String,
}

impl Answer {
    /// The values of a header.
    pub fn header(&self, name: &str) -> impl Iterator<Item = &str> {
        self.headers.iter().filter(move |(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// A field of the log as it was (`ngx_http_log_escape`).
fn unescaped(field: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = field;
    while let Some((byte, after)) = rest.split_first() {
        let digits = after.strip_prefix(b"x").and_then(|after| std::str::from_utf8(after.get(..2)?).ok());
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()).filter(|_| *byte == b'\\') {
            Some(decoded) => {
                out.push(decoded);
                rest = &after[3..];
            }
            None => {
                out.push(*byte);
                rest = after;
            }
        }
    }
    out
}

fn unchunked(mut body: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    while let Some(end) = body.iter().position(|byte| *byte == b'\n') {
        let size = String::from_utf8_lossy(&body[..end]).trim().to_owned();
        let size = usize::from_str_radix(&size, 16).unwrap_or(0);
        let Some(chunk) = body.get(end + 1..end + 1 + size).filter(|chunk| !chunk.is_empty()) else { break };
        out.extend_from_slice(chunk);
        body = body.get(end + 3 + size..).unwrap_or_default();
    }
    out
}
