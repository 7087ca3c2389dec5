//! Whole ways through small configurations. What nginx does with each was asked of it: see tests/differential.

use std::net::IpAddr;

use super::*;
use crate::messages::Language;
use crate::routing::testing::load;

/// Everything under `/here/` is there, `/dark/` is not known, the rest is not there; 127.0.0.1 is this machine.
struct World;

impl Surroundings for World {
    fn file(&self, path: &str) -> FileKind {
        match path {
            _ if path.starts_with("/dark/") => FileKind::Unknown,
            "/here" | "/here/" | "/here/folder" | "/here/folder/" => FileKind::Folder,
            _ if path.starts_with("/here/") && !path.ends_with('/') => FileKind::File,
            _ => FileKind::Absent,
        }
    }

    fn lands(&self, host: &str, port: u16) -> Landing {
        match host {
            "127.0.0.1" => Landing::Here { address: "*".into(), port, evidence: None },
            _ => Landing::Elsewhere,
        }
    }
}

fn request(target: &str) -> Request {
    Request { headers: vec![("Host".into(), b"example.com".to_vec())], ..Request::get(target) }
}

/// The ways of a request: conditions, then for each hop the location, the handler, what is sent, the status, the redirect.
fn ways(conf: &str, request: &Request) -> Vec<String> {
    let (config, router) = load(&format!("events {{}} http {{ {conf} }}"));
    let hop = |hop: &Hop| {
        let mut words = vec![hop.location.map_or("-".to_owned(), |location| config.location(location).matcher.display())];
        words.extend(hop.handler.iter().map(|handler| handler.name.clone()));
        words.extend(hop.upstream_uri.iter().map(|uri| format!("sends {}", uri.display())));
        words.extend(hop.file.iter().map(|file| format!("file {}", file.display())));
        words.extend(hop.status.map(|status| status.to_string()));
        words.extend(hop.redirect.iter().map(|to| format!("to {}", to.display())));
        words.join(", ")
    };
    let way = |way: &Way| {
        let hops: Vec<String> = way.hops.iter().map(hop).collect();
        let conditions: Vec<String> = way.conditions.iter().map(|condition| condition.text.say(Language::English)).collect();
        if conditions.is_empty() { hops.join(" > ") } else { format!("{} [{}]", hops.join(" > "), conditions.join("; ")) }
    };
    trace(&config, &router, &World, request).ways.iter().map(way).collect()
}

/// The ways of a GET for a target, in one server on port 80.
fn goes(server: &str, target: &str) -> Vec<String> {
    ways(&format!("server {{ listen 80; {server} }}"), &request(target))
}

#[test]
fn handlers_of_other_modules_answer() {
    let server = "root /here; location ~ ^/sub/(.+)$ { nchan_subscriber; nchan_channel_id $1; } location /progress { report_uploads proxied; } \
                  location ~ /purge(/.*) { proxy_cache_purge zone $1; } location / { try_files $uri =404; }";
    assert_eq!(goes(server, "/sub/a"), ["~ ^/sub/(.+)$, nchan_subscriber"]);
    assert_eq!(goes(server, "/progress"), ["/progress, report_uploads"]);
    assert_eq!(goes(server, "/purge/a"), ["~ /purge(/.*), proxy_cache_purge"]);
}

#[test]
fn what_is_known_has_one_way() {
    let conf =
        "location /a/ { proxy_pass http://b/x/; } location ~ ^/r(.*) { rewrite ^/r(.*) /a$1 last; } location = /t { return 301 /a/; }";
    assert_eq!(goes(conf, "/a/b%20c?d=1"), ["/a/, proxy_pass, sends /x/b%20c?d=1"]);
    assert_eq!(goes(conf, "/r/z"), ["/a/, proxy_pass, sends /x/z"]);
    assert_eq!(goes(conf, "/a?q"), ["/a/, redirect, 301, to http://example.com/a/?q"]);
    assert_eq!(goes(conf, "/t"), ["= /t, return, 301, to http://example.com/a/"]);
    assert_eq!(goes(conf, "/%zz"), ["-, 400"]);
}

#[test]
fn over_tls_slashes_are_merged_as_the_server_of_sni_says() {
    let conf = "server { listen 443 ssl; listen 80; server_name a; location /x/ { return 200; } }
        server { listen 443 ssl; listen 80; server_name b; merge_slashes off; location /x/ { return 200; } location /x//y { return 201; } }";
    let asked = |host: &str, port, tls| {
        let headers = vec![("Host".into(), host.as_bytes().to_vec())];
        ways(conf, &Request { port, tls, headers, ..request("/x//y") })
    };
    assert_eq!(asked("b", 443, true), ["/x//y, return, 201"]);
    assert_eq!(asked("a", 443, true), ["/x/, return, 200"]);
    assert_eq!(asked("b", 80, false), ["/x/, return, 200"], "the default server's setting holds");
}

#[test]
fn headers_arguments_and_cookies_are_those_of_the_request() {
    let conf = "if ($http_x_a = yes) { return 204; } if ($arg_b) { return 205; } if ($cookie_c ~ ^d(.)) { return 200 $1; } return 404;";
    let with = |name: &str, value: &str| {
        let mut request = request("/");
        request.headers.push((name.into(), value.into()));
        ways(&format!("server {{ listen 80; {conf} }}"), &request)
    };
    assert_eq!(with("X-A", "yes"), ["-, return, 204"]);
    assert_eq!(with("X-A", "no"), ["-, return, 404"]);
    assert_eq!(with("Cookie", "x=1; c=de"), ["-, return, 200"]);
    assert_eq!(goes(conf, "/?a=1&B=2"), ["-, return, 205"]);
}

#[test]
fn what_is_set_elsewhere_is_as_it_was() {
    let conf = "location /other { set $args ''; set $arg_a 1; set $http_x 1; set $own 1; }
        location /c { if ($args ~ ^a) { return 403; } return 404; } location /d { return 301 /z$is_args$args; }
        location /e { if ($arg_a) { return 403; } return 404; } location /f { if ($own) { return 403; } return 404; }";
    assert_eq!(goes(conf, "/c?a=1"), ["/c, return, 403"]);
    assert_eq!(goes(conf, "/d?a=1"), ["/d, return, 301, to http://example.com/z?a=1"]);
    assert_eq!(goes(conf, "/e?a=1"), ["/e, return, 403"]);
    assert_eq!(goes(conf, "/f"), ["/f, return, 404"]);
}

#[test]
fn arguments_that_are_set_are_sent() {
    let conf = "location /1/ { set $args $args&k=1; proxy_pass http://b; } location /2/ { set $args ''; proxy_pass http://b; }
        location /3/ { set $args z; return 301 /x?$query_string; } location /4/ { set $args z; proxy_pass http://b/y/; }";
    assert_eq!(goes(conf, "/1/a%20b?x=1"), ["/1/, proxy_pass, sends /1/a%20b?x=1&k=1"]);
    assert_eq!(goes(conf, "/2/a%2Fb?x=1"), ["/2/, proxy_pass, sends /2/a/b"]);
    assert_eq!(goes(conf, "/3/?x=1"), ["/3/, return, 301, to http://example.com/x?z"]);
    assert_eq!(goes(conf, "/4/c?x=1"), ["/4/, proxy_pass, sends /y/c?z"]);
}

#[test]
fn tables_are_looked_into() {
    let conf = "map $uri $to { default http://one; ~^/b(.*)$ http://two$1; } geo $near { default 0; 10.0.0.0/8 1; }
        server { listen 80; location / { proxy_pass $to; } location /n { if ($near) { return 204; } return 404; } }";
    assert_eq!(ways(conf, &request("/a?x")), ["/, proxy_pass, sends /a?x"]);
    assert_eq!(ways(conf, &request("/b/c?x")), ["/, proxy_pass, sends /c"]);
    let near = Request { client: Some(IpAddr::from([10, 1, 2, 3])), ..request("/n") };
    assert_eq!(ways(conf, &near), ["/n, return, 204"]);
    assert_eq!(ways(conf, &request("/n")), ["/n, return, 404 [$near is empty or 0]", "/n, return, 204 [$near is neither empty nor 0]"]);
}

#[test]
fn what_is_not_known_branches() {
    let conf = "location / { if ($remote_addr = 10.0.0.1) { return 403; } proxy_pass http://b; }";
    assert_eq!(
        goes(conf, "/x"),
        ["/, proxy_pass, sends /x [$remote_addr is not \"10.0.0.1\"]", "/, return, 403 [$remote_addr is \"10.0.0.1\"]"]
    );
    // The same question has the same answer, and one that changes nothing is none.
    let twice = "if ($remote_addr = 1.2.3.4) { set $x 1; } location / { if ($remote_addr = 1.2.3.4) { return 204; } return 404; }";
    assert_eq!(goes(twice, "/").len(), 2);
    let idle = "location / { if ($remote_addr = 1.2.3.4) { set $x 1; } return 404; }";
    assert_eq!(goes(idle, "/"), ["/, return, 404"]);
    // What only keeps another answer from mattering is a condition of that way.
    let both = "if ($remote_addr = 1.2.3.4) { set $x 1; } location / { if ($x) { proxy_pass http://a; } if ($remote_user) { set $y 1; } if ($y) { return 204; } return 404; }";
    assert_eq!(goes(both, "/"), ["/, return, 404 [$remote_user is empty or 0]", "/, return, 204 [$remote_user is neither empty nor 0]"]);
    // What a table can't give needs no answer.
    let table = "map $remote_addr $m { default a; 1.2.3.4 b; } server { listen 80; if ($m = c) { return 204; } return 404; }";
    assert_eq!(ways(table, &request("/")), ["-, return, 404"]);
}

#[test]
fn ways_are_limited() {
    let ifs: String =
        (0..20).map(|number| format!("if ($remote_addr = 10.0.0.{number}) {{ set $x{number} 1; return 20{}; }}", number % 10)).collect();
    let (config, router) = load(&format!("events {{}} http {{ server {{ listen 80; {ifs} }} }}"));
    let found = trace(&config, &router, &World, &request("/"));
    assert_eq!((found.ways.len(), found.gave_up), (21, false));
    let ifs: String = (0..20).map(|number| format!("if ($remote_addr ~ {number}$) {{ rewrite ^(.*)$ $1/{number}; }}")).collect();
    let (config, router) = load(&format!("events {{}} http {{ server {{ listen 80; {ifs} location / {{ proxy_pass http://b; }} }} }}"));
    assert!(trace(&config, &router, &World, &request("/")).gave_up);
}

#[test]
fn files() {
    let conf = "root /here; location / { try_files $uri $uri/ @app; } location /no { root /gone; try_files $uri /page.html?x; }
        location /dark { root /; try_files $uri @app; } location = /folder/index.html { return 204; } location @app { proxy_pass http://app; }";
    assert_eq!(goes(conf, "/a.html"), ["/, static, file /here/a.html, 200"]);
    assert_eq!(goes(conf, "/folder/"), ["= /folder/index.html, return, 204"]);
    assert_eq!(goes(conf, "/no?y"), ["/, static, file /here/page.html, 200"]);
    assert_eq!(
        goes(conf, "/dark/x"),
        ["@app, proxy_pass, sends /dark/x [/dark/x is not a file]", "/dark, static, file /dark/x, 200 [/dark/x is a file]"]
    );
    assert_eq!(goes("location /i/ { alias /here/; index a.html; }", "/i/sub/"), ["/i/, static, file /here/sub/a.html, 200"]);
    assert_eq!(goes("location /i/ { alias /gone/; }", "/i/"), ["/i/, 404"]);
}

#[test]
fn checks_let_pass_and_say_so() {
    let conf = "error_page 401 = @login; location / { auth_request /auth; proxy_pass http://b; } location = /auth { internal; proxy_pass http://auth/check; }
        location @login { return 302 /login; } location /never { deny all; proxy_pass http://b; } location /some { allow 10.0.0.0/8; deny all; return 200; }";
    assert_eq!(
        goes(conf, "/x"),
        ["/, proxy_pass, sends /x [/auth answers 2xx]", "@login, return, 302, to http://example.com/login [/auth refuses (401)]"]
    );
    assert_eq!(goes(conf, "/auth"), ["= /auth, 404"]);
    assert_eq!(goes(conf, "/never"), ["/never, 403"]);
    let fixed = "location /a { auth_request /auth; proxy_pass http://b; } location = /auth { return 401; }";
    assert_eq!(goes(fixed, "/a"), ["/a, 401"]);
}

#[test]
fn the_way_goes_on_in_the_same_configuration() {
    let conf = "upstream self { server 127.0.0.1:81; }
        server { listen 80; location /api/ { proxy_set_header Host inner; proxy_pass http://self/v1/; } location /loop { proxy_pass http://127.0.0.1; } }
        server { listen 81; server_name other; location / { return 404; } } server { listen 81; server_name inner; location /v1/ { proxy_pass http://far; } }";
    assert_eq!(ways(conf, &request("/api/x?y")), ["/api/, proxy_pass, sends /v1/x?y > /v1/, proxy_pass, sends /v1/x?y"]);
    let (config, router) = load(&format!("events {{}} http {{ {conf} }}"));
    let hops = &trace(&config, &router, &World, &request("/loop")).ways[0].hops;
    assert!(hops.iter().flat_map(|hop| &hop.steps).any(|step| matches!(step.kind, StepKind::Loop { .. })), "{hops:?}");
    assert!(hops.len() < 4);
}

#[test]
fn code_may_change_what_it_can_reach() {
    let conf = "location / { set $to a; access_by_lua_block { ngx.var.to = 'b' } proxy_pass http://$to; } location /c { access_by_lua_block { x() } proxy_pass http://c; }";
    assert_eq!(goes(conf, "/c/d"), ["/c, proxy_pass, sends /c/d"]);
    let (config, router) = load(&format!("events {{}} http {{ server {{ listen 80; {conf} }} }}"));
    let found = trace(&config, &router, &World, &request("/"));
    assert_eq!(found.ways[0].hops[0].upstream.as_ref().map(Text::display).as_deref(), Some("{$to}"));
}

#[test]
fn methods() {
    let conf = "location / { limit_except GET { deny all; } proxy_pass http://b/c/; } location /g { empty_gif; }
        location /m { error_page 405 =200 /g; memcached_pass m; }";
    let method = |method: &str, target: &str| {
        ways(&format!("server {{ listen 80; {conf} }}"), &Request { method: method.into(), ..request(target) })
    };
    assert_eq!(method("HEAD", "/x"), ["/, proxy_pass, sends /c/x"]);
    assert_eq!(method("POST", "/x"), ["/, 403"]);
    assert_eq!(method("PUT", "/g"), ["/g, 405"]);
    assert_eq!(method("GET", "/m"), ["/m, memcached_pass, sends {$memcached_key}"]);
    assert_eq!(method("POST", "/m"), ["/g, empty_gif, 200"]);
}

#[test]
fn nothing_listens() {
    assert_eq!(ways("server { listen 81; }", &request("/")), ["-"]);
    let request = Request { headers: Vec::new(), ..request("/") };
    assert_eq!(ways("server { listen 80; return 204; }", &request), ["-, 400"]);
    assert_eq!(ways("server { listen 80; return 204; }", &Request { http_1_0: true, ..request }), ["-, return, 204"]);
}

/// nginx: `The plain HTTP request was sent to HTTPS port`.
#[test]
fn plain_http_to_a_port_of_tls() {
    let to = |conf: &str| {
        let conf = format!("server {{ listen 443 ssl; {conf} location = /here/page {{ root /; }} return 200; }}");
        let plain = Request { port: 443, ..request("/x") };
        assert_ne!(ways(&conf, &Request { tls: true, ..plain.clone() }), ways(&conf, &plain));
        ways(&conf, &plain).join("; ")
    };
    assert_eq!(to(""), "-, 400");
    assert_eq!(to("error_page 400 /here/page;"), "-, 400", "it is not one of these");
    assert_eq!(to("error_page 497 https://$host$request_uri;"), "-, 302, to https://example.com/x");
    assert_eq!(to("error_page 497 =301 https://$host$request_uri;"), "-, 301, to https://example.com/x");
    let conf = "server { listen 443 ssl; location = /here/page { root /; } error_page 497 /here/page; }";
    assert_eq!(ways(conf, &Request { port: 443, ..request("/x") }), ["= /here/page, static, file /here/page, 400"]);
    let trace = Request { method: "TRACE".into(), port: 443, ..request("/x") };
    assert_eq!(ways("server { listen 443 ssl; return 200; }", &trace), ["-, 405"]);
}

#[test]
fn headers_whose_names_are_invalid() {
    let value = |conf: &str, name: &str| {
        let headers = vec![("Host".into(), b"example.com".to_vec()), (name.into(), b"1".to_vec())];
        let conf = format!("server {{ listen 80; {conf} if ($http_x_y) {{ return 201; }} return 200; }}");
        ways(&conf, &Request { headers, ..request("/") }).join("; ")
    };
    assert_eq!(value("", "X-Y"), "-, return, 201");
    assert_eq!(value("", "X_Y"), "-, return, 200");
    assert_eq!(value("underscores_in_headers on;", "X_Y"), "-, return, 201");
    assert_eq!(value("underscores_in_headers off;", "x_y"), "-, return, 200");
    assert_eq!(value("ignore_invalid_headers off;", "X_Y"), "-, return, 201");
}

/// nginx: 405 for a file that is there, 404 for one that is not.
#[test]
fn nothing_is_posted_to_a_file() {
    let post = |conf: &str, target: &str| {
        ways(&format!("server {{ listen 80; root /; {conf} }}"), &Request { method: "POST".into(), ..request(target) })
    };
    assert_eq!(post("", "/here/x"), ["-, file /here/x, 405"]);
    assert_eq!(post("", "/gone"), ["-, static, file /gone, 404"]);
    assert_eq!(post("", "/dark/x"), ["-, file /dark/x, 405"]);
    let pages = "error_page 404 /here/none; error_page 405 =200 /here/some;";
    let found = post(pages, "/dark/x");
    assert!(matches!(&found[..], [there, gone] if there.contains("/here/some, 200") && gone.contains("/here/none, 404")), "{found:?}");
}

#[test]
fn a_rejected_handshake_is_the_end() {
    let to = |host: &str, tls: bool| {
        let conf =
            "server { listen 443 ssl; ssl_reject_handshake on; return 201; } server { listen 443 ssl; server_name a.com; return 200; }";
        let headers = vec![("Host".into(), host.into())];
        ways(conf, &Request { port: 443, tls, headers, ..request("/") }).join("; ")
    };
    assert_eq!(to("a.com", true), "-, return, 200");
    assert_eq!(to("b.com", true), "-");
    assert_eq!(to("127.0.0.1", true), "-", "nothing is named by SNI");
    assert_eq!(to("b.com", false), "-, 400");
}

#[test]
fn the_method_that_is_sent() {
    let sent = |conf: &str, method: &str| {
        let (config, router) = load(&format!("events {{}} http {{ server {{ listen 80; location / {{ {conf} }} }} }}"));
        let way = trace(&config, &router, &World, &Request { method: method.into(), ..request("/") }).ways.remove(0);
        let step = way.hops.into_iter().flat_map(|hop| hop.steps).find_map(|step| match step.kind {
            StepKind::Pass { method, .. } => Some(method),
            _ => None,
        });
        step.unwrap_or_default()
    };
    assert_eq!(sent("proxy_pass http://b; proxy_method PUT;", "GET"), "PUT");
    assert_eq!(sent("proxy_pass http://b; proxy_method $request_method;", "POST"), "POST");
    assert_eq!(sent("grpc_pass b:1; proxy_method PUT;", "GET"), "GET");
}

/// What nginx answered to each.
#[test]
fn referers() {
    let invalid = |conf: &str, referer: Option<&str>| {
        let mut headers = vec![("Host".to_owned(), b"x.foo".to_vec())];
        headers.extend(referer.map(|referer| ("Referer".to_owned(), referer.as_bytes().to_vec())));
        let conf = format!(
            "server {{ listen 80; server_name ref x.*; location / {{ {conf} if ($invalid_referer) {{ return 403; }} return 200; }} }}"
        );
        ways(&conf, &Request { headers, ..request("/") }) == ["/, return, 403"]
    };
    let all = [None, Some("http://q.a.com/"), Some("zzz"), Some("http://a"), Some("ftp://a.com.de/")];
    let each = |conf: &str| all.map(|referer| invalid(conf, referer));
    assert_eq!(each("valid_referers none q.r;"), [false, true, true, true, true]);
    assert_eq!(each(""), [false; 5]);
    assert_eq!(each("valid_referers blocked q.r;"), [true, true, false, false, false]);
    assert_eq!(each("valid_referers none blocked q.r;"), [false, true, false, false, false]);
    assert_eq!(each("valid_referers server_names;"), [true; 5]);
    for (referer, by_name, by_server) in [
        ("http://q.a.com/", false, true),
        ("http://a.com/", true, true),
        ("http://b.com/", false, true),
        ("https://Q.B.com:80/z", false, true),
        ("http://c.org/", false, true),
        ("http://c", true, true),
        ("http://d.com/", true, true),
        ("http://d.com/xy", false, true),
        ("http://d.com:8/x", false, true),
        ("http://zebra.com/e", false, true),
        ("http://zzbra.com/", true, true),
        ("https://x.foo/", true, false),
        ("http://ref/", false, false),
        ("HTTP://D.com/x", false, true),
    ] {
        assert_eq!(invalid("valid_referers *.a.com .b.com c.* d.com/x ~e;", Some(referer)), by_name, "{referer}");
        assert_eq!(invalid("valid_referers server_names;", Some(referer)), by_server, "{referer}");
    }
}
