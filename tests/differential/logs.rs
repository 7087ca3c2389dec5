//! A real nginx writes access logs in many formats for requests of which it says itself, by a header, which location answered: every reading
//! of every log must say the same.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use nginx_analyzer::project::settings::Settings;
use nginx_analyzer::usage::logs::{Input, Logs, Options, Sight};
use nginx_analyzer::world::{Analysis, World};

use crate::live::binary;

/// Name of the log, arguments of its `log_format`.
const FORMATS: &[(&str, &str)] = &[
    (
        "port",
        r#"'$remote_addr - $remote_user [$time_local] $host:$server_port "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" $request_time'"#,
    ),
    (
        "json",
        r#"escape=json '{"time":"$time_iso8601","host":"$host","port":$server_port,"method":"$request_method","uri":"$request_uri","status":$status,"agent":"$http_user_agent"}'"#,
    ),
    (
        "nested",
        r#"escape=json '{"http":{"request":"$request","status":"$status"},' '"server":{"host":"$host","port":"$server_port"},"upstream":"$upstream_addr","t":"$msec"}'"#,
    ),
    ("pipes", r#"escape=none '$time_iso8601|$server_port|$host|$status|$request_method|$request_uri|$http_user_agent'"#),
    ("iso", r#"'$time_iso8601 $server_port $host "$request" $status'"#),
    ("msec", r#"'$msec $status $request_method $scheme://$host:$server_port$request_uri "$http_user_agent"'"#),
    ("header", r#"'[$time_local] "$http_host" $server_port "$request" $status $upstream_addr'"#),
    ("named", r#"'$remote_addr [$time_local] $server_name:$server_port "$request" $status "$http_user_agent"'"#),
    ("forgotten", r#"'{"t":"$time_local","h":"$host:$server_port","r":"$request","s":"$status","a":"$http_user_agent"}'"#),
    ("agent", r#"'$http_user_agent [$time_local] $server_addr:$server_port $host "$request" $status'"#),
];

/// Every location says its number by a header that also errors have.
const SERVERS: &str = r#"
    server {
        listen 127.0.0.1:PORT1; server_name one.test; HEADER(s0)
        location / { HEADER(1) return 200 root; }
        location = /exact { HEADER(2) return 200 exact; }
        location /files/ { HEADER(3) root ROOT; }
        location ~ \.html$ { HEADER(4) root ROOT; }
        location ^~ /plain/ { HEADER(5) return 204; }
        location /nest/ { HEADER(6) return 200 nest; location /nest/in/ { HEADER(7) return 200 in; } location ~ /nest/.*\.x$ { HEADER(8) return 200 x; } }
        location /old/ { HEADER(9) rewrite ^/old/(.*)$ /new/$1 last; return 200 old; }
        location /new/ { HEADER(10) return 200 new; }
        location /stay/ { HEADER(11) rewrite ^/stay/(.*)$ /new/$1 break; root ROOT; }
        location /try/ { HEADER(12) root ROOT; try_files $uri.none @back; }
        location @back { HEADER(13) return 200 back; }
        location /tries/ { HEADER(14) root ROOT; try_files $uri.none /new/from-try; }
        location /page/ { HEADER(15) root ROOT; error_page 404 /new/page; }
        location /named/ { HEADER(16) root ROOT; error_page 404 =202 @back; }
        location /closed/ { HEADER(17) deny all; error_page 403 /sorry; }
        location = /sorry { HEADER(18) internal; return 200 sorry; }
        location /auth/ { HEADER(19) auth_request /check; proxy_pass http://127.0.0.1:PORT2; }
        location = /check { HEADER(20) internal; return 204; }
        location /refused/ { HEADER(21) auth_request /never; error_page 401 = @back; proxy_pass http://127.0.0.1:PORT2; }
        location = /never { HEADER(22) internal; return 401; }
        location /if/ { HEADER(23) if ($arg_x) { rewrite ^ /new/if last; } return 200 if; }
        location /back/ { HEADER(24) proxy_pass http://127.0.0.1:PORT2; proxy_set_header Host $host; }
        location /moved/ { HEADER(25) proxy_pass http://127.0.0.1:PORT2/b/; }
        location /off/ { HEADER(26) access_log off; return 200 off; }
        location /some/ { HEADER(27) access_log LOGS/some.log combined if=$arg_log; return 200 some; }
        location ~* ^/Case { HEADER(28) return 200 case; }
        location /gone { HEADER(29) return 410; }
        location /slash/ { HEADER(30) proxy_pass http://127.0.0.1:PORT2; }
    }
    server {
        listen 127.0.0.1:PORT1; server_name two.test *.two.test; HEADER(s1)
        location / { HEADER(31) return 200 two; }
        location /old/ { HEADER(32) return 301 /new; }
        error_page 404 /missing;
        location = /missing { HEADER(33) return 200 missing; }
        location /none/ { HEADER(34) return 404; }
    }
    server {
        listen 127.0.0.1:PORT2; server_name back.test; HEADER(s2)
        location / { HEADER(35) return 200 back; }
        location /b/ { HEADER(36) return 200 b; }
        location ~ /5\d$ { HEADER(37) return 503; }
        location /back/old/ { HEADER(38) rewrite ^ /b/old last; }
        location /auth/ { HEADER(39) return 200 authorised; }
    }
    map $http_x_flag $flagged { default 0; on 1; }
    server {
        listen 127.0.0.1:PORT1; server_name four.test www.four.test; HEADER(s4)
        if ($host = www.four.test) { return 308 http://four.test$request_uri; }
        if ($flagged) { return 418; }
        location / { HEADER(41) if ($request_method = DELETE) { return 405; } return 200 four; }
        location /files/ { HEADER(42) root ROOT; }
        location ~ \.html$ { HEADER(43) root ROOT; }
        location /back/ { HEADER(44) proxy_pass http://127.0.0.1:PORT2; }
    }
    server { listen 127.0.0.1:PORT1; server_name three.test; HEADER(s3) return 307 https://three.test$request_uri; location / { HEADER(40) } }
"#;

const PATHS: &[&str] = &[
    "/",
    "/exact",
    "/exact/",
    "/files/a.txt",
    "/files/",
    "/files/none",
    "/a.html",
    "/files/a.html",
    "/plain/x.html",
    "/nest/",
    "/nest/in/a",
    "/nest/in/b.x",
    "/old/a",
    "/old/b%20c",
    "/new/x",
    "/stay/x",
    "/try/a",
    "/tries/a",
    "/page/none",
    "/named/none",
    "/closed/x",
    "/sorry",
    "/auth/a",
    "/auth/b",
    "/check",
    "/refused/x",
    "/never",
    "/if/a",
    "/if/a?x=1",
    "/back/a",
    "/back/57",
    "/back/old/x",
    "/moved/x",
    "/moved/9/51",
    "/off/a",
    "/some/a",
    "/some/b?log=1",
    "/case",
    "/CASE/2",
    "/gone",
    "/slash",
    "/slash/",
    "//new///./x",
    "/a/../new/%2e%2e/new/z",
    "/n%65w/",
    "/%E4%BD%A0",
    "/\"quoted\"",
    "/back\\slash",
    "/none/a",
    "/missing",
];

const AGENTS: &[&str] =
    &["curl/8", "a \"quoted\" one", "back\\slash \\x22", "[03/Nov/2025:00:00:00 +0000]", "", "\u{e4}\u{f6}", "x \"GET / HTTP/1.1\" 200"];

struct Nginx(Child);

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn ports() -> [u16; 2] {
    let listeners = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0").expect("a port"));
    listeners.map(|listener| listener.local_addr().expect("an address").port())
}

/// Sends bytes; the numbers that the answer names, the one that answered the client last.
fn ask(port: u16, bytes: &[u8]) -> Vec<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("a connection");
    stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a limit");
    stream.write_all(bytes).expect("sent");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("an answer");
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let head = answer.split("\r\n\r\n").next().unwrap_or_default();
    head.lines().filter_map(|line| line.strip_prefix("X-Served: ")).map(str::to_owned).collect()
}

fn start(binary: &Path, folder: &Path) -> (Nginx, [u16; 2]) {
    let at = folder.display();
    std::fs::create_dir_all(folder.join("logs")).expect("a folder");
    std::fs::create_dir_all(folder.join("html/files")).expect("a folder");
    for name in ["files/a.txt", "files/index.html", "files/a.html", "a.html"] {
        std::fs::write(folder.join("html").join(name), "file").expect("a file");
    }
    for _ in 0..5 {
        let ports = ports();
        let mut servers = SERVERS.replace("PORT1", &ports[0].to_string()).replace("PORT2", &ports[1].to_string());
        while let Some(from) = servers.find("HEADER(") {
            let end = from + servers[from..].find(')').expect("closed");
            let number = servers[from + 7..end].to_owned();
            servers.replace_range(from..=end, &format!("add_header X-Served {number} always;"));
        }
        let servers = servers.replace("ROOT", &format!("{at}/html")).replace("LOGS", &format!("{at}/logs"));
        let formats = FORMATS.iter().map(|(name, format)| format!("log_format {name} {format}; access_log {at}/logs/{name}.log {name};\n"));
        let formats: String = formats.collect();
        let conf = format!(
            "daemon off; master_process off; pid {at}/pid; error_log stderr emerg;\nevents {{}}\nhttp {{ merge_slashes on; client_body_temp_path {at}/b; proxy_temp_path {at}/p;
             fastcgi_temp_path {at}/f; uwsgi_temp_path {at}/u; scgi_temp_path {at}/c;\n{formats} access_log {at}/logs/combined.log;\n{servers}\n}}\n"
        );
        let file = folder.join("nginx.conf");
        std::fs::write(&file, conf).expect("a file");
        let mut command = Command::new(binary);
        command.arg("-p").arg(folder).arg("-c").arg(&file).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut nginx = Nginx(command.spawn().expect("nginx"));
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(20) {
            if TcpStream::connect(("127.0.0.1", ports[0])).is_ok() {
                return (nginx, ports);
            }
            if nginx.0.try_wait().expect("a child").is_some() {
                let mut said = String::new();
                nginx.0.stderr.take().map(|mut stderr| stderr.read_to_string(&mut said));
                assert!(said.contains("Address already in use"), "{said}");
                break;
            }
            std::thread::yield_now();
        }
    }
    panic!("nginx does not listen");
}

/// Hits by the number of each location, and by `s0` … of each server's own.
fn numbers(analysis: &Analysis) -> Vec<String> {
    let config = &analysis.configs[0];
    let number = |entry| {
        let header = config.children(entry, "add_header").next().expect("a header");
        config.directive(header).arg(1).expect("a number").to_owned()
    };
    config.locations.iter().map(|location| number(location.entry)).collect()
}

fn read(analysis: &Analysis, files: &[PathBuf]) -> Logs {
    let inputs = files.iter().cloned().map(Input::File).collect();
    analysis.read_logs(inputs, &Options::default(), &|_, _| {}, &AtomicBool::new(false)).expect("read").remove(0)
}

#[test]
fn every_hit_is_where_nginx_says_that_it_was_answered() {
    let Some(binary) = binary() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let (nginx, ports) = start(&binary, folder.path());
    let mut served: BTreeMap<String, u64> = BTreeMap::new();
    let mut inner: BTreeMap<String, u64> = BTreeMap::new();
    let (mut lines, mut asked) = (0, 0u64);
    for (round, (path, host)) in PATHS
        .iter()
        .flat_map(|path| ["one.test", "x.two.test", "three.test", "four.test", "www.four.test", "other"].map(|host| (path, host)))
        .enumerate()
    {
        let port = if host == "other" { ports[1] } else { ports[0] };
        let agent = AGENTS[round % AGENTS.len()];
        let method = ["GET", "GET", "POST", "DELETE"][round % 4];
        let body = if method == "POST" { "Content-Length: 0\r\n" } else { "" };
        let request = format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: {agent}\r\n{body}Connection: close\r\n\r\n");
        let mut chain = ask(port, request.as_bytes());
        let last = chain.pop().unwrap_or_else(|| panic!("{host}{path} says nothing"));
        asked += 1;
        let logged = !["26", "27"].contains(&last.as_str());
        lines += u64::from(logged) + chain.len() as u64;
        if logged {
            *served.entry(last).or_insert(0) += 1;
        }
        for number in chain {
            *served.entry(number.clone()).or_insert(0) += 1;
            *inner.entry(number).or_insert(0) += 1;
        }
    }
    // What nginx refuses by itself is of no location.
    for bad in [
        "nonsense\r\n\r\n",
        "GET /%00 HTTP/1.1\r\nHost: one.test\r\n\r\n",
        "GET /exact HTTP/1.1\r\n\r\n",
        "get / HTTP/1.1\r\nHost: one.test\r\n\r\n",
    ] {
        ask(ports[0], bad.as_bytes());
        lines += 1;
    }
    let log = |name: &str| folder.path().join("logs").join(format!("{name}.log"));
    let begun = Instant::now();
    while std::fs::read(log("combined")).map_or(0, |bytes| bytes.iter().filter(|byte| **byte == b'\n').count() as u64) < lines {
        assert!(begun.elapsed() < Duration::from_secs(20), "the log does not come to {lines} lines");
        std::thread::yield_now();
    }
    drop(nginx);
    assert!(asked >= 190 && inner.values().sum::<u64>() >= 8, "{inner:?}");

    let mut world = World::new(folder.path(), vec![folder.path().join("nginx.conf")], Settings::default());
    let analysis = world.analysis();
    let numbers = numbers(&analysis);
    for (name, _) in FORMATS {
        let logs = read(&analysis, &[log(name)]);
        // Between port and URI stands nothing: a line without a URI can't be read.
        let read_back = if *name == "msec" { lines - 3 } else { lines };
        assert_eq!((logs.sources[0].requests, logs.unplaced), (read_back, 0), "{name}: {:?}", logs.sources[0]);
        assert_eq!(logs.sources[0].formats, [(*name).into()]);
        let mut wrong = Vec::new();
        for (number, hits) in numbers.iter().zip(&logs.locations) {
            // `$server_name` is the same for both names of a server, one of which it sends elsewhere.
            if *name == "named" && ["35", "36", "37", "41", "42", "43", "44"].contains(&number.as_str()) {
                continue;
            }
            let wanted = served.get(number).copied().unwrap_or(0);
            if hits.total != wanted {
                wrong.push(format!("{number}: {} instead of {wanted}, e.g. {:?}", hits.total, hits.example));
            }
            let wanted = inner.get(number).copied().unwrap_or(0);
            if hits.relayed != wanted {
                wrong.push(format!("{number}: {} passed on instead of {wanted}", hits.relayed));
            }
        }
        assert!(wrong.is_empty(), "{name}:\n{}", wrong.join("\n"));
        let by = |number: &str| &logs.locations[numbers.iter().position(|known| known == number).expect(number)];
        assert!(by("9").passed >= 2 && by("20").passed == 2 && by("22").passed == 1 && by("12").passed == 1, "{name}");
        let sight = |number: &str| &logs.sights[numbers.iter().position(|known| known == number).expect(number)];
        assert!(matches!((sight("26"), sight("27"), sight("1")), (Sight::Off(_), Sight::NotRead, Sight::Seen)), "{name}");
    }
    // All of them at once are no more requests than one.
    let all: Vec<PathBuf> = FORMATS.iter().map(|(name, _)| log(name)).collect();
    let logs = read(&analysis, &all);
    let total: u64 = logs.locations.iter().map(|hits| hits.total).sum();
    assert_eq!(total, numbers.iter().filter_map(|number| served.get(number)).sum::<u64>());
    // `combined` has no port and no host: three servers may have written it.
    let logs = read(&analysis, &[log("combined")]);
    assert_eq!((logs.sources[0].requests, logs.unplaced), (lines, lines));
    let logs = read(&analysis, &[log("some")]);
    assert_eq!(logs.locations.iter().map(|hits| hits.total).collect::<Vec<_>>().iter().sum::<u64>(), 1, "only its own server writes it");
}
