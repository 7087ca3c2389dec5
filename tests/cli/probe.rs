//! `probe` against small servers on the loopback; no test reaches the network.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::command::{Output, fixture, run};

/// What a server does with a request.
enum Does {
    /// `404 Not Found`, headers, a body.
    Answers(&'static str, String, Vec<u8>),
    /// Writes this as it is.
    Writes(Vec<u8>),
    /// Nothing, until the client goes away.
    Waits,
}

fn answers(status: &'static str) -> Does {
    Does::Answers(status, String::new(), Vec::new())
}

fn json_body(text: &str) -> Does {
    Does::Answers("200 OK", "Content-Type: application/json\r\n".into(), text.into())
}

/// A server that ends with its owner, after so many requests, or when nobody asks it any more.
struct Server {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<String>>>,
    ended: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

const LONGEST: Duration = Duration::from_secs(30);

impl Server {
    fn start(does: impl Fn(&str) -> Does + Send + 'static) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let (requests, ended) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicBool::new(false)));
        let (seen, stop) = (requests.clone(), ended.clone());
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming().take(200) {
                if stop.load(Ordering::SeqCst) {
                    break;
                }
                // A client that goes away in the middle is no failure of the server.
                let _ = stream.and_then(|stream| serve(stream, &seen, &does));
            }
        });
        Server { address, requests, ended, thread: Some(thread) }
    }

    fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// `GET /x`, in the order of arrival.
    fn requests(&self) -> Vec<String> {
        self.requests.lock().expect("a list").iter().map(|head| line_of(head)).collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::SeqCst);
        drop(TcpStream::connect(self.address));
        self.thread.take().into_iter().for_each(|thread| assert!(thread.join().is_ok(), "the server ends"));
    }
}

fn line_of(head: &str) -> String {
    head.split(' ').take(2).collect::<Vec<_>>().join(" ")
}

fn serve(mut stream: TcpStream, seen: &Mutex<Vec<String>>, does: &dyn Fn(&str) -> Does) -> std::io::Result<()> {
    stream.set_read_timeout(Some(LONGEST))?;
    stream.set_write_timeout(Some(LONGEST))?;
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut head = String::new();
    // A client that begins with TLS sends no lines; servers answer that in plain text.
    let tls = reader.fill_buf()?.first() == Some(&0x16);
    while !tls && reader.read_line(&mut head)? > 2 {}
    let asked = line_of(&head);
    seen.lock().expect("a list").push(head);
    match does(&asked) {
        Does::Answers(status, headers, body) => {
            let head = format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n", body.len());
            stream.write_all(head.as_bytes())?;
            if !asked.starts_with("HEAD ") {
                stream.write_all(&body)?;
            }
            stream.flush()
        }
        Does::Writes(bytes) => stream.write_all(&bytes),
        Does::Waits => reader.read(&mut [0]).map(|_| ()),
    }
}

const OPENAPI: &str = r#"{"openapi": "3.1.0", "paths": {"/users/{id}": {"get": {}, "delete": {}}, "/health": {"get": {}}}}"#;

fn probe(folder: &Path, arguments: &[&str]) -> Output {
    run(folder, &[&["probe", "--allow-network", "--rate", "1000"], arguments].concat())
}

fn manifest(output: &Output) -> Value {
    assert_eq!(output.status, Some(0), "{}", output.err);
    serde_json::from_str(&output.out).expect("JSON")
}

#[test]
fn nothing_is_asked_unless_it_is_allowed() {
    let server = Server::start(|_| json_body(OPENAPI));
    let folder = fixture("events {}");
    let output = run(folder.path(), &["probe", &server.url()]);
    assert_eq!((output.status, output.out.as_str()), (Some(2), ""));
    assert!(output.err.contains("--allow-network http://127.0.0.1:"), "{}", output.err);
    assert!(server.requests().is_empty());
    for (url, wanted) in [("127.0.0.1", "is no URL"), ("ftp://127.0.0.1/", "is no URL"), ("http://a:b@127.0.0.1/", "no credentials")] {
        let output = probe(folder.path(), &[url]);
        assert_eq!(output.status, Some(2), "{url}");
        assert!(output.err.contains(wanted), "{}", output.err);
    }
}

#[test]
fn a_description_is_found_where_frameworks_have_it() {
    let server = Server::start(|asked| match asked {
        "GET /v3/api-docs" => json_body(OPENAPI),
        "GET /swagger.json" => Does::Answers("200 OK", String::new(), b"<html>a page for every path</html>".to_vec()),
        _ => answers("404 Not Found"),
    });
    let folder = fixture("events {}");
    let output = probe(folder.path(), &[&server.url()]);
    let value = manifest(&output);
    assert_eq!(server.requests(), ["GET /openapi.json", "GET /swagger.json", "GET /v3/api-docs"]);
    assert_eq!(value["nginx-analyzer"], "routes");
    assert_eq!(value["of"], server.url());
    assert_eq!(value["complete"], true);
    assert_eq!(value["routes"], json!(["GET,DELETE /users/{id}", "GET /health"]));
    assert_eq!(value["asked"].as_str().map(str::len), Some(10));
    assert!(output.err.contains("2 routes, 0 missing, 0 unknown"), "{}", output.err);
    let heads = server.requests.lock().expect("a list").join("").to_ascii_lowercase();
    assert!(heads.contains("user-agent: nginx-analyzer/") && !heads.contains("cookie") && !heads.contains("authorization"), "{heads}");
}

#[test]
fn what_is_no_description_is_told_with_the_reason() {
    let server = Server::start(|asked| match asked {
        "GET /openapi.json" => json_body("{\"name\": \"x\"}"),
        "GET /swagger.json" => json_body("not { json"),
        "GET /v3/api-docs" => answers("401 Unauthorized"),
        "GET /api-docs" => json_body("{\"swagger\": \"2.0\", \"paths\": {}}"),
        "GET /docs-json" => json_body(&"[".repeat(100_000)),
        _ => answers("503 Service Unavailable"),
    });
    let folder = fixture("events {}");
    let output = probe(folder.path(), &[&server.url()]);
    assert_eq!((output.status, output.out.as_str()), (Some(2), ""));
    for wanted in [
        "/openapi.json: JSON, but no OpenAPI",
        "/swagger.json: the answer is not JSON",
        "/v3/api-docs: 401: there is something",
        "/api-docs: a description without paths",
        "/docs-json: the answer is not JSON",
        "/swagger/v1/swagger.json: 503",
        "--uris",
    ] {
        assert!(output.err.contains(wanted), "{wanted}: {}", output.err);
    }
    let output = probe(folder.path(), &[&server.url(), "--lang", "ja"]);
    assert!(output.err.contains("/swagger.json: 応答がJSONではありません"), "{}", output.err);
}

#[test]
fn redirects_are_followed_on_the_same_host_only() {
    let other = Server::start(|_| json_body(OPENAPI));
    let elsewhere = format!("Location: {}/openapi.json\r\n", other.url());
    let server = Server::start(move |asked| match asked {
        "GET /openapi.json" => Does::Answers("302 Found", elsewhere.clone(), Vec::new()),
        "GET /swagger.json" => Does::Answers("301 Moved Permanently", "Location: /swagger.json\r\n".into(), Vec::new()),
        "GET /v3/api-docs" => Does::Answers("307 Temporary Redirect", "Location: api/spec.json?x=1\r\n".into(), Vec::new()),
        "GET /v3/api/spec.json?x=1" => json_body(OPENAPI),
        _ => answers("404 Not Found"),
    });
    let folder = fixture("events {}");
    let value = manifest(&probe(folder.path(), &[&server.url()]));
    assert_eq!(value["routes"].as_array().map(Vec::len), Some(2));
    assert!(other.requests().is_empty(), "{:?}", other.requests());
    assert!(server.requests().len() < 12, "{:?}", server.requests());
    let output = probe(folder.path(), &[&format!("{}/openapi.json", server.url())]);
    assert_eq!(output.status, Some(2));
    assert!(output.err.contains("a host that was not named"), "{}", output.err);
    assert!(other.requests().is_empty());
}

#[test]
fn what_does_not_answer_is_told_with_the_reason() {
    let folder = fixture("events {}");
    let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port();
    let output = probe(folder.path(), &[&format!("http://127.0.0.1:{port}")]);
    assert!(output.err.contains("nothing listens there"), "{}", output.err);
    type Case = (&'static str, fn() -> Does, &'static str);
    let cases: [Case; 4] = [
        ("http", || Does::Waits, "no answer within a second"),
        ("http", || Does::Writes(b"\x00\xff garbage\r\n\r\n".to_vec()), "no answer that is HTTP"),
        ("http", || Does::Writes(Vec::new()), "no answer that is HTTP"),
        ("https", || answers("400 Bad Request"), "TLS failed"),
    ];
    for (scheme, does, wanted) in cases {
        let server = Server::start(move |_| does());
        let started = Instant::now();
        let output = probe(folder.path(), &[&format!("{scheme}://{}", server.address), "--timeout", "1"]);
        assert_eq!((output.status, output.out.as_str()), (Some(2), ""), "{wanted}");
        assert!(output.err.contains(wanted), "{wanted}: {}", output.err);
        assert!(started.elapsed() < LONGEST, "{wanted}");
    }
    let server = Server::start(|_| Does::Answers("200 OK", String::new(), vec![b' '; (16 << 20) + 1]));
    let output = probe(folder.path(), &[&format!("{}/openapi.json", server.url())]);
    assert_eq!(output.status, Some(2));
    assert!(output.err.contains("larger than 16 MiB"), "{}", output.err);
    // A body that never ends is cut by the time.
    let server = Server::start(|_| Does::Writes(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{".to_vec()));
    let output = probe(folder.path(), &[&server.url(), "--timeout", "1"]);
    assert_eq!((output.status, output.out.as_str()), (Some(2), ""));
}

#[test]
fn a_list_is_asked_and_what_can_not_be_told_is_unknown() {
    let server = Server::start(|asked| match asked {
        "HEAD /" | "HEAD /users?page=1" => answers("200 OK"),
        // Serves GET only, as many do.
        "HEAD /only-get" => answers("405 Method Not Allowed"),
        "GET /only-get" => answers("200 OK"),
        "HEAD /login" => answers("401 Unauthorized"),
        "HEAD /form" | "GET /form" => Does::Answers("405 Method Not Allowed", "Allow: POST\r\n".into(), Vec::new()),
        "HEAD /broken" => answers("502 Bad Gateway"),
        "OPTIONS /orders" => Does::Answers("204 No Content", "Allow: GET, POST\r\n".into(), Vec::new()),
        asked if asked.contains(" /app/") => answers("200 OK"),
        _ => answers("404 Not Found"),
    });
    let folder = fixture(
        "events {}\n#- /uris.txt\n# what the gateway sends\n/\n/users?page=1\nGET /only-get\n/login\n/form\n/broken\n/gone\nPOST /orders\nDELETE /orders\n/app/any\n/users/{id}\n",
    );
    let value = manifest(&probe(folder.path(), &[&server.url(), "--uris", "uris.txt"]));
    assert_eq!(value["complete"], false);
    assert_eq!(value["routes"], json!(["GET /", "GET /users", "GET /only-get", "GET /login", "POST /form", "POST /orders"]));
    assert_eq!(value["missing"], json!(["GET /gone"]));
    let unknown: Vec<String> = value["unknown"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|unknown| format!("{}: {}", unknown["uri"].as_str().unwrap_or(""), unknown["why"].as_str().unwrap_or("")))
        .collect();
    for (unknown, wanted) in
        unknown.iter().zip(["/broken: 502: it fails", "DELETE /orders: 204", "/app/any: 200, and what can't be", "/users/{id}: not asked"])
    {
        assert!(unknown.starts_with(wanted), "{unknown}");
    }
    assert_eq!(unknown.len(), 4);
    let methods = |request: &String| ["GET ", "HEAD ", "OPTIONS "].iter().any(|method| request.starts_with(method));
    assert!(server.requests().iter().all(methods), "{:?}", server.requests());
    for (list, wanted) in
        [("", "has no URI"), ("/a\nhttp://elsewhere.example/x\n", "uris.txt:2: names a host"), ("no path\n", "uris.txt:1: is neither")]
    {
        std::fs::write(folder.path().join("uris.txt"), list).expect("a file");
        let output = probe(folder.path(), &[&server.url(), "--uris", "uris.txt"]);
        assert_eq!(output.status, Some(2));
        assert!(output.err.contains(wanted), "{}", output.err);
    }
}

#[test]
fn what_locations_send_is_asked_for() {
    let server = Server::start(|asked| match asked {
        "HEAD /v1/" | "HEAD /health" | "HEAD /a%20b" => answers("200 OK"),
        _ => answers("404 Not Found"),
    });
    let conf = |to: &str| {
        format!(
            "events {{}}\nhttp {{\n  upstream app {{ server {to}; }}\n  server {{\n    location /api/ {{ proxy_pass http://{to}/v1/; }}\n    \
             location = /health {{ proxy_pass http://app; }}\n    location \"/a b\" {{ proxy_pass http://app; }}\n    location /gone \
             {{ proxy_pass http://{to}; }}\n    location /x {{ proxy_pass http://app$y; }}\n    location /other {{ proxy_pass \
             http://other:81; }}\n  }}\n}}\n"
        )
    };
    let folder = fixture(&conf(&server.address.to_string()));
    let expected = json!(["GET /v1/", "GET /health", "GET /a%20b"]);
    let value = manifest(&probe(folder.path(), &[&server.url(), "--from", "nginx.conf"]));
    assert_eq!((&value["complete"], &value["routes"], &value["missing"]), (&json!(false), &expected, &json!(["GET /gone"])));
    // It has another name there.
    let folder = fixture(&conf("api:3000"));
    let output = probe(folder.path(), &[&server.url(), "--from", "nginx.conf"]);
    assert_eq!(output.status, Some(2));
    assert!(output.err.contains("--upstream which backend it is: api:3000, app and other:81"), "{}", output.err);
    for name in ["api:3000", "API"] {
        let value = manifest(&probe(folder.path(), &[&server.url(), "--from", "nginx.conf", "--upstream", name]));
        assert_eq!(value["routes"], expected, "{name}");
    }
    let requests = server.requests();
    assert!(requests.iter().all(|request| !request.contains("/other") && !request.contains("/x")), "{requests:?}");
}

#[test]
fn a_list_is_not_asked_further_where_nobody_answers_any_more() {
    let count = std::sync::atomic::AtomicUsize::new(0);
    let server = Server::start(move |_| match count.fetch_add(1, Ordering::SeqCst) {
        0 | 1 => answers("404 Not Found"),
        2 | 3 => answers("404 Not Found"),
        _ => Does::Writes(Vec::new()),
    });
    let lines: String = (0..30).map(|number| format!("/x{number}\n")).collect();
    let folder = fixture(&format!("events {{}}\n#- /uris.txt\n{lines}"));
    let value = manifest(&probe(folder.path(), &[&server.url(), "--uris", "uris.txt", "--method", "get"]));
    assert_eq!(value["missing"], json!(["GET /x0", "GET /x1", "GET /x2"]));
    assert_eq!(value["unknown"].as_array().map(Vec::len), Some(27));
    assert!(server.requests().len() <= 10, "{:?}", server.requests());
}

#[test]
fn it_is_not_faster_than_told() {
    let server = Server::start(|_| answers("404 Not Found"));
    let folder = fixture("events {}");
    let started = Instant::now();
    let output = run(folder.path(), &["probe", "--allow-network", "--rate", "20", &server.url()]);
    assert_eq!(output.status, Some(2));
    assert_eq!(server.requests().len(), 7);
    assert!(started.elapsed() >= Duration::from_millis(6 * 50), "{:?}", started.elapsed());
}

#[test]
fn the_manifest_is_written_and_the_check_reads_it() {
    let server = Server::start(|_| json_body(OPENAPI));
    let folder = fixture(
        "events {}\nhttp {\n    upstream api { server 192.0.2.1:3000; }\n    server {\n        listen 80;\n        location /users/ { proxy_pass http://api; }\n        location /orders/ { proxy_pass http://api; }\n    }\n}\n#- /nginx-analyzer.toml\n[upstreams.api]\nopenapi = \"api.routes.json\"\n#- /other.json\n{\"mine\": true}\n",
    );
    let output = probe(folder.path(), &[&server.url(), "-o", "api.routes.json"]);
    assert_eq!((output.status, output.out.as_str()), (Some(0), ""), "{}", output.err);
    assert!(output.err.contains("written: api.routes.json"), "{}", output.err);
    let check = || {
        let output = run(folder.path(), &["check", "--format", "json", "--min-severity", "hint", "."]);
        let value: Value = serde_json::from_str(&output.out).expect("JSON");
        let findings = value["findings"].as_array().expect("a list").clone();
        findings.into_iter().filter(|finding| finding["rule"] == "upstream-lacks-route").collect::<Vec<_>>()
    };
    let found = check();
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].to_string().contains(&format!("what {} answered on ", server.url())), "{found:?}");
    // The same file again is an older manifest; somebody else's is not.
    assert_eq!(probe(folder.path(), &[&server.url(), "-o", "api.routes.json"]).status, Some(0));
    let refused = probe(folder.path(), &[&server.url(), "-o", "other.json"]);
    assert_eq!(refused.status, Some(2));
    assert!(refused.err.contains("not overwritten"), "{}", refused.err);
    // Some URIs that were tried say nothing of others.
    std::fs::write(folder.path().join("uris.txt"), "/openapi.json\n/users/1\n").expect("a file");
    assert_eq!(probe(folder.path(), &[&server.url(), "--uris", "uris.txt", "-o", "api.routes.json"]).status, Some(0));
    assert!(check().is_empty());
}

#[test]
fn several_backends_have_a_file_each() {
    let (one, two) = (Server::start(|_| json_body(OPENAPI)), Server::start(|_| json_body(OPENAPI)));
    let folder = fixture("events {}");
    let output = probe(folder.path(), &[&one.url(), &two.url()]);
    assert!(output.err.contains("name a folder"), "{}", output.err);
    std::fs::create_dir(folder.path().join("routes")).expect("a folder");
    let output = probe(folder.path(), &[&one.url(), &two.url(), "-o", "routes"]);
    assert_eq!(output.status, Some(0), "{}", output.err);
    for server in [&one, &two] {
        assert!(folder.path().join(format!("routes/127.0.0.1-{}.routes.json", server.address.port())).is_file());
    }
}
