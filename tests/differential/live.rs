//! A real nginx, started here on a unix socket, asked which location serves hundreds of URIs of a configuration that was made at random.

use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use nginx_analyzer::config::{LocationId, ServerId};
use nginx_analyzer::routing::reach::{Proof, dead_locations};
use nginx_analyzer::routing::uri;

use crate::support::{Random, load, seeds};

/// A running nginx; it ends when this is dropped.
pub struct Nginx {
    child: Child,
    socket: PathBuf,
    _folder: tempfile::TempDir,
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn binary() -> Option<PathBuf> {
    let found = ["/usr/sbin/nginx", "/usr/local/sbin/nginx", "/usr/bin/nginx"].into_iter().map(PathBuf::from).find(|path| path.exists());
    if found.is_none() {
        println!("skipped: nginx is not installed");
    }
    found
}

impl Nginx {
    /// Starts it with these servers; `Err` with what it says when it refuses.
    pub fn start(binary: &Path, servers: &str) -> Result<Nginx, String> {
        Nginx::start_with(binary, servers, &[])
    }

    /// The same, with files in the folder that `root` means when it is not written.
    pub fn start_with(binary: &Path, servers: &str, files: &[&str]) -> Result<Nginx, String> {
        let files: Vec<(&str, &str)> = files.iter().map(|file| (*file, "file")).collect();
        Nginx::start_as(binary, "", servers, &files)
    }

    /// The same, with what stands before everything else, and with what is in the files.
    pub fn start_as(binary: &Path, top: &str, servers: &str, files: &[(&str, &str)]) -> Result<Nginx, String> {
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        for (file, text) in files {
            let path = folder.path().join("html").join(file);
            let created = path.parent().map_or(Ok(()), std::fs::create_dir_all).and_then(|()| std::fs::write(&path, text));
            created.map_err(|error| error.to_string())?;
        }
        let at = folder.path().display();
        let socket = folder.path().join("s");
        let conf = format!(
            "{top} daemon off; master_process off; pid {at}/pid; error_log stderr emerg;\nevents {{}}\nhttp {{ access_log off; client_body_temp_path {at}/b; proxy_temp_path {at}/p; \
             fastcgi_temp_path {at}/f; uwsgi_temp_path {at}/u; scgi_temp_path {at}/c;\n{}\n}}\n",
            servers
                .replace("listen 80", &format!("listen unix:{}", socket.display()))
                .replace("unix:SOCKET", &format!("unix:{}", socket.display()))
                .replace("unix:/back:", &format!("unix:{}:", socket.display()))
        );
        let file = folder.path().join("nginx.conf");
        std::fs::write(&file, conf).map_err(|error| error.to_string())?;
        let mut child = Command::new(binary)
            .args(["-p", &folder.path().display().to_string(), "-c", &file.display().to_string()])
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| error.to_string())?;
        let start = Instant::now();
        loop {
            if UnixStream::connect(&socket).is_ok() {
                return Ok(Nginx { child, socket, _folder: folder });
            }
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
    }

    /// Where it listens.
    pub fn socket(&self) -> &Path {
        &self.socket
    }

    /// Status and body of each request, over one connection while nginx keeps it.
    pub fn ask(&self, target: &[u8], host: &str) -> (u16, String) {
        let answer = self.whole_answer(target, host);
        let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        (status, answer.split_once("\r\n\r\n").map(|(_, body)| body.to_owned()).unwrap_or_default())
    }

    /// The answer as it comes.
    pub fn whole_answer(&self, target: &[u8], host: &str) -> String {
        self.raw("GET", target, host)
    }

    /// The same of any method.
    pub fn raw(&self, method: &str, target: &[u8], host: &str) -> String {
        self.within(None, method, target, host).unwrap()
    }

    /// The same where nginx may crash, or never answer, by a fault of its own.
    pub fn attempt(&self, method: &str, target: &[u8], host: &str) -> std::io::Result<String> {
        self.within(Some(Duration::from_secs(2)), method, target, host)
    }

    fn within(&self, bound: Option<Duration>, method: &str, target: &[u8], host: &str) -> std::io::Result<String> {
        let mut stream = UnixStream::connect(&self.socket)?;
        stream.set_read_timeout(bound)?;
        let head = [method.as_bytes(), b" ", target, b" HTTP/1.1\r\nHost: ", host.as_bytes(), b"\r\nConnection: close\r\n\r\n"].concat();
        stream.write_all(&head)?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        Ok(String::from_utf8_lossy(&answer).into_owned())
    }
}

pub const NAMES: [&str; 14] = ["/", "/a", "/a/", "/ab", "/a/b", "/a/b/", "/A", "/img/", "/img/x", "/x y/", "/a.b", "/b/", "/a/b/c", ""];
pub const REGEXES: [&str; 22] = [
    "^/",
    "^/a",
    "^/a/",
    "a$",
    "\\.php$",
    "^/(a|img)",
    "^/(.*)$",
    ".",
    "b",
    "^/a/b",
    "(?i)IMG",
    "^/[ab]/?",
    "/x\\sy",
    "\\.(gif|php)$",
    "^/a(/|$)(.*)",
    "^/b(?!/a)",
    "^",
    "^/img/.+",
    "c",
    "^/a\\b",
    "^/\\w+/$",
    "x",
];

/// Nested locations must begin with the parent's text, also where that is a regex.
pub fn locations(random: &mut Random, number: &mut u32, parent: &str, depth: usize, out: &mut String) {
    let mut used = Vec::new();
    for _ in 0..1 + random.below(5) {
        let regex = random.below(5) < 2;
        let (modifier, name) = if regex {
            (random.pick(&["~", "~*"]), random.pick(&REGEXES).to_owned())
        } else {
            let name = random.pick(&NAMES);
            (random.pick(&["", "", "=", "^~"]), if name.starts_with(parent) { name.to_owned() } else { format!("{parent}{name}") })
        };
        // One that nginx refuses is worth a try, now and then.
        let key = (regex, modifier == "=", name.clone());
        if !regex && used.contains(&key) && random.below(12) > 0 {
            continue;
        }
        used.push(key);
        let id = *number;
        *number += 1;
        out.push_str(&format!("location {modifier} \"{}\" {{\n", name.replace('\\', "\\\\")));
        // With a proxy that is never asked: `return` comes first, the redirect for the missing slash before both.
        let pass = if random.below(4) == 0 { "proxy_pass http://127.0.0.1:9; " } else { "" };
        out.push_str(&format!("return 200 \"{id}\"; {pass}\n"));
        if depth > 0 && modifier != "=" && random.below(3) == 0 {
            locations(random, number, &name, depth - 1, out);
        }
        out.push_str("}\n");
    }
}

pub fn target(random: &mut Random) -> Vec<u8> {
    let parts = [
        "/", "a", "b", "/a", "/a/b", "/img", "/img/", ".php", ".gif", "%20", "x", "%0A", "//", "/..", "/.", "%2F", "A", "?q", "c",
        "/x%20y/", "%41", "+", "#", "%25", "%3F",
    ];
    let mut out = b"/".to_vec();
    for _ in 0..random.below(5) {
        out.extend_from_slice(random.pick(&parts).as_bytes());
    }
    out
}

#[test]
fn random_configurations() {
    let Some(binary) = binary() else { return };
    let (mut started, mut refused, mut asked, mut dead_count) = (0, 0, 0, 0);
    for seed in seeds(40) {
        let mut random = Random::new(seed + 100);
        let mut servers = String::new();
        let mut number = 0;
        let names =
            ["server_name h;", "server_name *.a.com b.a.com;", "server_name .a.com;", "server_name a.*;", "server_name ~^x\\d;", ""];
        for server in 0..1 + random.below(3) {
            let default = if server == 1 && random.below(2) == 0 { " default_server" } else { "" };
            servers.push_str(&format!("server {{ listen 80{default}; {}\nadd_header X-Server {server};\n", random.pick(&names)));
            locations(&mut random, &mut number, "", 2, &mut servers);
            servers.push_str("}\n");
        }
        let loaded = load(&format!("events {{}}\nhttp {{\n{servers}\n}}\n"));
        let dead = dead_locations(&loaded.config, &loaded.router);
        let duplicate = dead.iter().any(|dead| matches!(dead.proof, Proof::Duplicate { .. }));
        let nginx = match Nginx::start(&binary, &servers) {
            Ok(nginx) => nginx,
            Err(said) => {
                refused += 1;
                assert_eq!(said.contains("duplicate location"), duplicate && !said.contains("outside location"), "{said}\n{servers}");
                continue;
            }
        };
        assert!(!duplicate, "nginx starts\n{servers}");
        started += 1;
        dead_count += dead.len();
        for _ in 0..150 {
            let target = target(&mut random);
            let host = random.pick(&["h", "b.a.com", "a.com", "a.net", "x1", "A.COM:80", "a.com.", "zzz", "q.a.com"]);
            let (status, body) = nginx.ask(&target, host);
            asked += 1;
            let text = String::from_utf8_lossy(&target);
            let Ok(parsed) = uri::parse_target(&target, true) else {
                assert_eq!(status, 400, "{text}\n{servers}");
                continue;
            };
            let server: ServerId = loaded.router.server("*", 80, host.as_bytes()).unwrap();
            let choice = loaded.router.locate(server, &parsed.uri);
            let id = choice.location.map(|location| location.0.to_string());
            match status {
                200 => assert_eq!((Some(body.clone()), false), (id, choice.auto_redirect), "{text} {host}\n{servers}"),
                301 => assert!(choice.auto_redirect, "{text} {host}: nginx redirects, we say {choice:?}\n{servers}"),
                _ => assert_eq!(choice.location, None, "{text} {host}: nginx says {status}\n{servers}"),
            }
            if let Ok(location) = body.parse() {
                let around = std::iter::successors(Some(LocationId(location)), |id| loaded.config.location(*id).parent);
                for id in around.filter(|_| status == 200) {
                    let claim = dead.iter().find(|dead| dead.location == id);
                    assert!(claim.is_none(), "{text} {host} is served by {claim:?}\n{servers}");
                }
            }
        }
    }
    println!("{started} configurations, {refused} refused as foretold, {asked} requests, {dead_count} dead locations, no mismatch");
    assert!(started >= 10 && asked >= 1000);
}

/// The founding question: what does a real nginx do with a prefix location that a regex covers, and with its name without the slash?
#[test]
fn covered_prefix_still_redirects() {
    let servers = "server { listen 80; location ~ ^/(ui|admin) { return 200 regex; } location /admin/ { return 200 prefix; proxy_pass http://127.0.0.1:9/; } \
                   location / { return 200 root; } }";
    let loaded = load(&format!("http {{ {servers} }}"));
    let dead = dead_locations(&loaded.config, &loaded.router);
    assert_eq!(dead.len(), 1, "{dead:?}");
    assert_eq!(
        (dead[0].location, dead[0].takes_over.clone(), dead[0].redirects.clone()),
        (LocationId(1), vec![LocationId(0)], vec![LocationId(1)])
    );
    let without = loaded.router.locate_without(ServerId(0), b"/admin", LocationId(1));
    assert_eq!(without.location, Some(LocationId(0)));
    let Some(binary) = binary() else { return };
    let nginx = Nginx::start(&binary, servers).unwrap();
    assert_eq!(nginx.ask(b"/admin/", "h"), (200, "regex".to_owned()));
    assert_eq!(nginx.ask(b"/admin/x", "h"), (200, "regex".to_owned()));
    assert_eq!(nginx.ask(b"/admin", "h").0, 301);
}
