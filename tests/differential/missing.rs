//! What happens without a file, and where it is looked for: the lines of `nginx/files.tsv` against a real nginx, as far as its modules are
//! installed.

use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::live::binary;

const TABLE: &str = include_str!("../../src/nginx/files.tsv");
const MODULES: [&str; 7] = [
    "ndk_http_module.so",
    "ngx_http_lua_module.so",
    "ngx_http_geoip_module.so",
    "ngx_http_geoip2_module.so",
    "ngx_http_xslt_filter_module.so",
    "ngx_stream_module.so",
    "ngx_stream_geoip2_module.so",
];
/// What is not there.
const ABSENT: &str = "absent/file";

/// How a directive is used inside `http` or `stream`: where nginx needs the file, and where it does not as nothing asks for it. Empty where it
/// can't be tried here.
fn used(protocol: &str, name: &str) -> (String, String) {
    let own = format!("{name} FILE;");
    let server = |inside: &str| format!("server {{ LISTEN; {inside} }}");
    let location = |inside: &str| server(&format!("location / {{ {inside} }}"));
    let family = name.split('_').next().unwrap_or_default();
    let needed = match (protocol, name) {
        ("http", "access_by_lua_file" | "rewrite_by_lua_file" | "header_filter_by_lua_file" | "body_filter_by_lua_file")
        | ("http", "log_by_lua_file") => location(&format!("{own} content_by_lua_block {{ ngx.say('x') }}")),
        ("http", "set_by_lua_file") => location("set_by_lua_file $x FILE; return 200 $x;"),
        ("http", "content_by_lua_file" | "root" | "xslt_stylesheet") => location(&own),
        ("http", "alias") => server(&format!("location /f {{ {own} }}")),
        ("http", "balancer_by_lua_file") => format!("upstream u {{ server 0.0.0.1; {own} }} {}", location("proxy_pass http://u;")),
        ("http", "auth_basic_user_file") => location(&format!("auth_basic x; {own}")),
        ("http", "lua_ssl_certificate") => format!("{own} lua_ssl_certificate_key KEY; {}", server("")),
        ("http", "lua_ssl_certificate_key") => format!("lua_ssl_certificate CERT; {own} {}", server("")),
        (_, "geoip2") => format!("geoip2 FILE {{ $c country iso_code; }} {}", server("return 200;")),
        ("http", "init_by_lua_file" | "init_worker_by_lua_file" | "lua_ssl_trusted_certificate" | "lua_ssl_crl")
        | ("http", "xml_entities" | "geoip_country" | "geoip_city" | "geoip_org" | "server_rewrite_by_lua_file") => {
            format!("{own} {}", server(""))
        }
        (_, "ssl_crl" | "ssl_dhparam" | "ssl_password_file" | "ssl_session_ticket_key" | "ssl_trusted_certificate")
        | (_, "ssl_client_certificate" | "ssl_stapling_file" | "ssl_certificate" | "ssl_certificate_key") => {
            let mut inside = own.clone();
            for (other, value) in [("ssl_certificate", "CERT"), ("ssl_certificate_key", "KEY")] {
                if name != other {
                    inside.push_str(&format!(" {other} {value};"));
                }
            }
            inside.push_str(match name {
                "ssl_stapling_file" => " ssl_stapling on;",
                "ssl_client_certificate" => " ssl_verify_client on;",
                "ssl_crl" | "ssl_trusted_certificate" if protocol == "stream" => " ssl_verify_client on; ssl_client_certificate CERT;",
                _ => "",
            });
            let needed = server(&format!("{inside} return 200;"));
            return match (protocol, name) {
                // There a certificate alone is enough.
                ("http", "ssl_certificate" | "ssl_certificate_key") => (needed, String::new()),
                ("http", _) => (needed, server(&format!("{own} return 200;"))),
                _ => (needed.replace("LISTEN;", "LISTEN ssl;"), needed),
            };
        }
        (_, _) if name.contains("_ssl_") && !name.contains("_by_lua") && ["proxy", "grpc", "uwsgi"].contains(&family) => {
            let mut inside = own.clone();
            let others = match name.trim_start_matches(family) {
                "_ssl_certificate" => vec!["certificate_key KEY"],
                "_ssl_certificate_key" => vec!["certificate CERT"],
                "_ssl_password_file" => vec!["certificate CERT", "certificate_key KEY"],
                "_ssl_crl" => vec!["verify on", "trusted_certificate CERT"],
                _ => vec!["verify on"],
            };
            others.iter().for_each(|other| inside.push_str(&format!(" {family}_ssl_{other};")));
            match (protocol, family) {
                ("stream", _) => server(&format!("{inside} proxy_ssl on; proxy_pass 127.0.0.1:9;")),
                (_, "uwsgi") => location(&format!("{inside} uwsgi_pass suwsgi://127.0.0.1:9;")),
                (_, "grpc") => location(&format!("{inside} grpc_pass grpcs://127.0.0.1:9;")),
                _ => location(&format!("{inside} proxy_pass https://127.0.0.1:9;")),
            }
        }
        _ => String::new(),
    };
    let plain = [("suwsgi:", "uwsgi:"), ("grpcs:", "grpc:"), ("https:", "http:"), ("proxy_ssl on;", "")];
    let unneeded = plain.iter().fold(needed.clone(), |text, (with, without)| text.replace(with, without));
    (needed, unneeded)
}

/// A folder with three others in it: that of the configuration, the prefix and the one that nginx is started in.
struct Place {
    folder: tempfile::TempDir,
}

/// What nginx did.
struct Done {
    accepted: bool,
    said: String,
}

/// A server that ends when this is dropped.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Place {
    fn new() -> Place {
        let folder = tempfile::tempdir().expect("a folder");
        for name in ["conf", "prefix/html", "cwd"] {
            std::fs::create_dir_all(folder.path().join(name)).expect("a folder");
        }
        for (name, text) in
            [("prefix/html/f", "<x/>"), ("cert", include_str!("validation/certificate.pem")), ("key", include_str!("validation/key.pem"))]
        {
            std::fs::write(folder.path().join(name), text).expect("a file");
        }
        Place { folder }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, protocol: &str, inside: &str) {
        let at = |name: &str| self.at(name).display().to_string();
        let modules = Path::new("/usr/lib/nginx/modules");
        let modules = MODULES.iter().map(|module| modules.join(module)).filter(|module| module.exists());
        let modules: String = modules.map(|module| format!("load_module {};\n", module.display())).collect();
        let inside = inside
            .replace("LISTEN", &format!("listen unix:{}", at("socket")))
            .replace("FILE", ABSENT)
            .replace("CERT", &at("cert"))
            .replace("KEY", &at("key"));
        let temporary: String = match protocol {
            "http" => ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(|one| format!("{one}_temp_path {};\n", at(one))).concat(),
            _ => String::new(),
        };
        let text = format!(
            "{modules}daemon off; master_process off; pid {}; error_log stderr;\nevents {{}}\n{protocol} {{\n{temporary}{}\n{inside}\n}}\n",
            at("pid"),
            if protocol == "http" { "access_log off; default_type text/xml;" } else { "" },
        );
        std::fs::write(self.at("conf/nginx.conf"), text).expect("a file");
    }

    fn command(&self, binary: &Path) -> Command {
        let mut command = Command::new(binary);
        command.current_dir(self.at("cwd")).arg("-p").arg(self.at("prefix")).arg("-c").arg(self.at("conf/nginx.conf"));
        command
    }

    fn test(&self, binary: &Path) -> Done {
        let output = self.command(binary).arg("-t").output().expect("nginx runs");
        Done { accepted: output.status.success(), said: String::from_utf8_lossy(&output.stderr).into_owned() }
    }

    /// Starts it, and asks it once where it listens; `accepted` when it listens. The answer's status is the first of what was said.
    fn start(&self, binary: &Path) -> Done {
        let socket = self.at("socket");
        let _ = std::fs::remove_file(&socket);
        let errors = std::fs::File::create(self.at("errors")).expect("a file");
        let mut running = Running(self.command(binary).stdout(Stdio::null()).stderr(errors).spawn().expect("nginx runs"));
        let start = Instant::now();
        let mut status = String::new();
        let accepted = loop {
            if let Ok(mut stream) = UnixStream::connect(&socket) {
                stream.set_read_timeout(Some(Duration::from_secs(5))).expect("a bound");
                let mut answer = Vec::new();
                let request = b"GET /f HTTP/1.1\r\nHost: h\r\nAuthorization: Basic YTpi\r\nConnection: close\r\n\r\n";
                let _ = stream.write_all(request).and_then(|()| stream.read_to_end(&mut answer));
                status = String::from_utf8_lossy(&answer).split(' ').nth(1).unwrap_or_default().to_owned();
                break true;
            }
            if running.0.try_wait().expect("a child").is_some() {
                break false;
            }
            assert!(start.elapsed() < Duration::from_secs(20), "nginx does not listen");
            std::thread::yield_now();
        };
        drop(running);
        let said = std::fs::read(self.at("errors")).unwrap_or_default();
        Done { accepted, said: format!("{status}\n{}", String::from_utf8_lossy(&said)) }
    }

    /// Does it name the file where a path is relative to that?
    fn names(&self, said: &str, base: &str) -> bool {
        let said = said.replace(&format!("{}//", self.folder.path().display()), &format!("{}/", self.folder.path().display()));
        let below = |name: &str| format!("{}/{ABSENT}", self.at(name).display());
        match base {
            "conf" => said.contains(&below("conf")),
            "prefix" => said.contains(&below("prefix")),
            // As it is written.
            "cwd" => said.contains(ABSENT) && !said.contains(&below("conf")) && !said.contains(&below("prefix")),
            _ => true,
        }
    }
}

#[test]
fn files_that_are_missing() {
    let Some(binary) = binary() else { return };
    let place = Place::new();
    let (mut tried, mut left, mut wrong) = (0, Vec::new(), Vec::new());
    for line in TABLE.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let [name, protocols, _, _, when, base, missing, _] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
        if when == "created" {
            continue;
        }
        for protocol in protocols.split(',') {
            let (needed, unneeded) = used(protocol, name);
            if needed.is_empty() {
                left.push(format!("{name} ({protocol})"));
                continue;
            }
            place.write(protocol, &needed);
            let tested = place.test(&binary);
            // Not this version's, or not there yet.
            if tested.said.contains("unknown directive") || tested.said.contains("is not allowed here") {
                left.push(format!("{name} ({protocol})"));
                continue;
            }
            tried += 1;
            let mut say =
                |what: &str, done: &Done| wrong.push(format!("{line}\n  in {protocol}: {what}: {}\n  {needed}", done.said.trim()));
            if tested.accepted == (when == "load") {
                say("nginx -t", &tested);
                continue;
            }
            if !tested.accepted {
                if !place.names(&tested.said, base) {
                    say("looked for", &tested);
                }
                if missing == "start-if-used" && !unneeded.is_empty() {
                    place.write(protocol, &unneeded);
                    let plain = place.test(&binary);
                    if !plain.accepted {
                        say(&format!("needed in {unneeded}"), &plain);
                    }
                }
                continue;
            }
            let started = place.start(&binary);
            let status = started.said.lines().next().unwrap_or_default();
            let right = match missing {
                "start" => !started.accepted,
                "worker" => started.accepted,
                "run" => started.accepted,
                wanted => status == wanted,
            };
            if !right || !place.names(&started.said, base) {
                say("started", &started);
            }
        }
    }
    println!("{tried} uses of directives, left out: {}", left.join(", "));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(tried >= 30, "{tried}");
}
