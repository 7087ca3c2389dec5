//! Configurations and requests that are made at random, of everything that routes.

use crate::real::Ask;
use crate::support::Random;
use crate::words::{CONDITIONS, HOSTS, NAMES, REGEXES, SEGMENTS, TAILS, VALUES};

/// A directive with its block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Name and arguments.
    pub head: String,
    /// What stands in its block.
    pub inside: Option<Vec<Node>>,
}

impl Node {
    fn simple(head: impl Into<String>) -> Node {
        Node { head: head.into(), inside: None }
    }

    fn block(head: impl Into<String>, inside: Vec<Node>) -> Node {
        Node { head: head.into(), inside: Some(inside) }
    }

    fn print(&self, indent: usize, out: &mut String) {
        out.push_str(&" ".repeat(indent));
        out.push_str(&self.head);
        match &self.inside {
            None => out.push_str(";\n"),
            Some(inside) if inside.is_empty() => out.push_str(" {}\n"),
            Some(inside) => {
                out.push_str(" {\n");
                for node in inside {
                    node.print(indent + 4, out);
                }
                out.push_str(&" ".repeat(indent));
                out.push_str("}\n");
            }
        }
    }
}

/// The whole configuration's text; the nodes are what stands in `http`.
pub fn print(nodes: &[Node]) -> String {
    let mut out = "events {}\nhttp {\n".to_owned();
    for node in nodes {
        node.print(4, &mut out);
    }
    out.push_str("}\n");
    out
}

/// The files that there are.
pub const FILES: [&str; 16] = [
    "/w/f.php",
    "/w/a/b",
    "/w/a/i.php",
    "/w/b.html",
    "/w/img/x.gif",
    "/w/a.b/index.html",
    "/w/ab/",
    "/w/x y/f.php",
    "/w/index.html",
    "/w/a/index.html",
    "/w/a/ab/x",
    "/d/x",
    "/d/b/c.php",
    "/d/index.html",
    "/d/a",
    "/dx",
];

fn quoted(word: &str) -> String {
    format!("\"{}\"", word.replace('\\', "\\\\").replace('"', "\\\""))
}

/// What a location is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Exact,
    Prefix,
    Regex,
    Named,
}

/// Makes a configuration and requests for it.
pub struct Maker<'a> {
    random: &'a mut Random,
    prefixes: Vec<String>,
    named: usize,
    many: bool,
    /// It sends nothing to itself.
    inner: bool,
}

impl Maker<'_> {
    pub fn new(random: &mut Random) -> Maker<'_> {
        Maker { random, prefixes: vec!["/".to_owned()], named: 0, many: false, inner: false }
    }

    /// In so many of a hundred cases.
    fn chance(&mut self, percent: usize) -> bool {
        self.random.below(100) < percent
    }

    fn pick<'b>(&mut self, of: &[&'b str]) -> &'b str {
        self.random.pick(of)
    }

    fn path(&mut self, base: &str) -> String {
        let mut out = base.to_owned();
        for _ in 0..self.random.below(3).max(self.random.below(2)) {
            if !out.ends_with('/') {
                out.push('/');
            }
            out.push_str(self.pick(&SEGMENTS));
        }
        if !out.ends_with('/') && self.chance(55) {
            out.push('/');
        }
        if self.chance(8) {
            out.push_str(self.pick(&[".php", "b", "//a", "%20"]));
        }
        self.prefixes.push(out.clone());
        out
    }

    /// A URI that leads somewhere, often.
    fn uri(&mut self) -> String {
        let mut out = match self.random.below(self.prefixes.len()) {
            at if self.random.below(5) > 0 => self.prefixes[at].clone(),
            _ => format!("/{}", self.pick(&SEGMENTS)),
        };
        if self.chance(35) {
            out.push_str(self.pick(&TAILS));
        }
        out
    }

    fn value(&mut self) -> String {
        let mut out = self.pick(&VALUES).to_owned();
        if self.chance(15) {
            out.push_str(self.pick(&VALUES));
        }
        out
    }

    fn replacement(&mut self) -> String {
        let mut out = self.uri();
        match self.random.below(24) {
            0..=2 => out.push_str("$1"),
            3 => out.push_str("?k=$1"),
            4 => out.push_str("?k=$1&x=$arg_x?"),
            5 => out.push('?'),
            6 => out = format!("http://o.net{out}"),
            7 => out = "$uri/z".to_owned(),
            8 => out = format!("$scheme://{}{out}", "o.net"),
            9 => out = self.value(),
            10 => out = "$1".to_owned(),
            11 => out = "/$2/$1".to_owned(),
            12 => out.push_str("$n"),
            _ => {}
        }
        out
    }

    /// Directives of the rewrite module.
    fn codes(&mut self, depth: usize, server: bool) -> Vec<Node> {
        let mut out = Vec::new();
        let count = if server { self.random.below(5).saturating_sub(3) } else { self.random.below(5).saturating_sub(1) / 2 + depth };
        for _ in 0..count {
            match self.random.below(20) {
                0..=5 => {
                    let flag = self.pick(&["", " last", " break", " last", " break", "", " redirect", " permanent"]);
                    let (regex, to) = (quoted(self.pick(&REGEXES)), quoted(&self.replacement()));
                    out.push(Node::simple(format!("rewrite {regex} {to}{flag}")));
                }
                6..=8 => {
                    let to = match self.random.below(14) {
                        0..=3 => format!("200 {}", quoted(&format!("[{}]", self.value()))),
                        4 => "204".to_owned(),
                        5 => "404".to_owned(),
                        6 => "403".to_owned(),
                        7 => "410 gone".to_owned(),
                        8 => "301 /moved".to_owned(),
                        9 => self.pick(&["444", "444", "408", "499"]).to_owned(),
                        10 => "302 http://z$uri".to_owned(),
                        11 => "http://z/$1".to_owned(),
                        12 => format!("307 {}", quoted(&format!("/{}", self.value()))),
                        _ => self.pick(&["405", "500", "418", "302", "200"]).to_owned(),
                    };
                    out.push(Node::simple(format!("return {to}")));
                }
                9..=12 => {
                    let name = self.pick(&["$v", "$v", "$w", "$p", "$v", "$w", "$args", "$arg_x"]);
                    out.push(Node::simple(format!("set {name} {}", quoted(&self.value()))));
                }
                13 => out.push(Node::simple("break")),
                _ if depth > 0 => {}
                _ => {
                    let mut inside = self.codes(1, server);
                    if !server {
                        self.settings_in_if(&mut inside);
                    }
                    out.push(Node::block(format!("if {}", self.pick(&CONDITIONS)), inside));
                }
            }
        }
        out
    }

    fn settings_in_if(&mut self, out: &mut Vec<Node>) {
        match self.random.below(12) {
            0 | 1 => out.push(Node::simple(format!("proxy_pass http://{}", self.pick(&["up", "srv:81", "127.0.0.1:9$uri", "up"])))),
            2 => out.push(Node::simple("root /d")),
            3 => out.push(self.error_page()),
            4 => out.push(Node::simple("fastcgi_pass 127.0.0.1:9000")),
            5 => out.push(Node::simple("add_header X-I 1")),
            _ => {}
        }
    }

    fn error_page(&mut self) -> Node {
        let codes = self.pick(&["404", "403 404", "405", "301", "404", "500 502", "403", "401 403", "410", "400", "418", "302"]);
        let change = self.pick(&["", "", "= ", "=200 ", "=404 ", "=302 "]);
        let to = match self.random.below(8) {
            0 | 1 => "@n0".to_owned(),
            2 => "http://e.net/".to_owned(),
            3 => self.pick(&["/e$uri", "$v", "http://e.net$uri", "/a/b?x=1", "@missing", "/f.php?u=$uri"]).to_owned(),
            _ => self.uri(),
        };
        Node::simple(format!("error_page {codes} {change}{}", quoted(&to)))
    }

    fn try_files(&mut self) -> Node {
        let tests = ["$uri", "$uri/", "/f.php", "$uri.html", "/a/", "$uri/index.html", "/none", "$v", "/$1", "f.php", "/b.html"];
        let mut words = Vec::new();
        for _ in 0..1 + self.random.below(2) {
            words.push(self.pick(&tests).to_owned());
        }
        let last = match self.random.below(8) {
            0 => "=404".to_owned(),
            1 => "=403".to_owned(),
            2 | 3 => "@n0".to_owned(),
            4 => "/f.php?q=$uri".to_owned(),
            5 => self.pick(&["$uri", "/a/$arg_x", "=200", "=204", "=500", "/x?$args"]).to_owned(),
            _ => self.uri(),
        };
        Node::simple(format!("try_files {} {}", words.join(" "), quoted(&last)))
    }

    fn pass(&mut self, kind: Kind) -> Node {
        if self.chance(8) {
            return Node::simple(self.pick(&["fastcgi_pass 127.0.0.1:9000", "fastcgi_pass 127.0.0.1:9000", "empty_gif"]));
        }
        let host = self.pick(&["up", "up", "srv:81", "127.0.0.1:9"]);
        let with_uri = matches!(kind, Kind::Prefix | Kind::Exact);
        let part = match self.random.below(12) {
            0 => self.pick(&["$request_uri", "$uri", "/v$uri$is_args$args", "/$1", "/p$v", "$uri$is_args$args"]),
            1 => "/p/",
            2 if with_uri => "/",
            3 if with_uri => "/p",
            4 if with_uri => "/p/",
            5 if with_uri => "/q?z=1",
            6 if with_uri => "/a b/",
            7 if with_uri => "?x",
            _ => "",
        };
        let part = if with_uri || part.contains('$') { part } else { "" };
        let host = if part.contains('$') { "127.0.0.1:9" } else { host };
        let host = if self.chance(6) { "$b" } else { host };
        let host = if !self.inner && !part.contains([' ', '?']) && self.chance(15) { "127.0.0.1:82" } else { host };
        Node::simple(format!("proxy_pass {}", quoted(&format!("http://{host}{part}"))))
    }

    fn location(&mut self, parent: &str, depth: usize, around: Kind) -> Node {
        let number = self.random.below(100);
        let number = if around == Kind::Regex && depth > 0 && self.chance(90) { 90 } else { number };
        let (head, name, kind) = match number {
            0..=15 => ("= ", self.path(parent), Kind::Exact),
            16..=51 => ("", self.path(parent), Kind::Prefix),
            52..=67 => ("^~ ", self.path(parent), Kind::Prefix),
            97.. if depth == 0 => {
                self.named += 1;
                ("", format!("@n{}", self.named - 1), Kind::Named)
            }
            _ => (self.pick(&["~ ", "~ ", "~* "]), self.pick(&REGEXES).to_owned(), Kind::Regex),
        };
        let mut inside = Vec::new();
        if self.chance(45) {
            inside.extend(self.codes(0, false));
        }
        self.settings(kind, &mut inside);
        if depth < 2 && matches!(kind, Kind::Prefix | Kind::Regex) && self.chance(35) {
            // Also below a regex the name must begin with the text around it.
            for _ in 0..1 + self.random.below(3) {
                inside.push(self.location(&name, depth + 1, kind));
            }
        }
        // The order in which settings and directives of the rewrite module stand makes no difference, or should not.
        if !inside.is_empty() && self.chance(20) {
            let last = inside.len() - 1;
            inside.swap(0, last);
        }
        Node::block(format!("location {head}{}", quoted(&name)), inside)
    }

    fn settings(&mut self, kind: Kind, out: &mut Vec<Node>) {
        let mut add = |maker: &mut Self, percent: usize, make: &dyn Fn(&mut Self) -> Node| {
            if maker.chance(percent) {
                let node = make(maker);
                out.push(node);
            }
        };
        add(self, 10, &|_| Node::simple("internal"));
        add(self, 20, &Self::try_files);
        add(self, 14, &Self::error_page);
        add(self, 5, &|_| Node::simple("recursive_error_pages on"));
        add(self, 8, &|maker| {
            let methods = maker.pick(&["GET", "GET POST", "POST", "PUT DELETE"]);
            let inside = maker.pick(&["allow all", "deny all", "proxy_pass http://up", "deny 127.0.0.1", "allow 10.0.0.1"]);
            Node::block(format!("limit_except {methods}"), vec![Node::simple(inside)])
        });
        add(self, 35, &|maker| maker.pass(kind));
        add(self, 10, &|_| Node::simple("proxy_intercept_errors on"));
        if kind == Kind::Regex {
            add(self, 8, &|maker| Node::simple(format!("alias {}", maker.pick(&["/d/$1", "/d/$1", "/w/a/", "/w$uri", "/d/$n"]))));
        } else if kind != Kind::Named && self.chance(15) {
            out.push(Node::simple(format!("alias {}", self.pick(&["/d/", "/w/a/", "/d", "/w", "/d/$arg_x/"]))));
        } else if self.chance(10) {
            out.push(Node::simple(format!("root {}", self.pick(&["/d", "/w/a/", "/w/$arg_x", "/none"]))));
        }
        let mut add = |maker: &mut Self, percent: usize, make: &dyn Fn(&mut Self) -> Node| {
            if maker.chance(percent) {
                let node = make(maker);
                out.push(node);
            }
        };
        add(self, 10, &|maker| {
            let files = ["i.php", "none.html /a/b", "i.php index.html", "/f.php", "$v index.html", "b", "a index.html"];
            Node::simple(format!("index {}", maker.pick(&files)))
        });
        add(self, 4, &|_| Node::simple("autoindex on"));
        add(self, 6, &|maker| {
            Node::simple(maker.pick(&["deny all", "deny 127.0.0.1", "allow 127.0.0.0/8", "allow all", "deny 10.0.0.0/8"]))
        });
        add(self, 3, &|maker| Node::simple(format!("satisfy {}", maker.pick(&["any", "all"]))));
        add(self, 3, &|maker| Node::simple(maker.pick(&["server_name_in_redirect on", "port_in_redirect off", "fastcgi_index i.php"])));
        add(self, 2, &|maker| {
            Node::simple(maker.pick(&["proxy_method PUT", "proxy_pass_request_headers on", "log_not_found off", "client_max_body_size 0"]))
        });
        add(self, 3, &|maker| Node::simple(format!("absolute_redirect {}", maker.pick(&["off", "on"]))));
        add(self, 3, &|maker| Node::simple(format!("auth_request {}", quoted(&maker.uri()))));
        add(self, 2, &|maker| Node::simple(format!("mirror {}", quoted(&maker.uri()))));
    }

    fn server(&mut self, number: usize) -> Node {
        let mut out = Vec::new();
        let listens: &[&str] = if self.many { [&["80"][..], &["80"], &["80", "81"], &["81"]][self.random.below(4)] } else { &["80"] };
        let default = if number == 1 && self.chance(30) { " default_server" } else { "" };
        out.extend(listens.iter().map(|listen| Node::simple(format!("listen {listen}{default}"))));
        if !self.many {
            out.push(Node::simple("server_name h"));
        } else if self.chance(85) {
            let mut names = vec![self.pick(&NAMES)];
            names.extend(self.chance(40).then(|| self.random.pick(&NAMES)));
            names.dedup();
            out.push(Node::simple(format!("server_name {}", names.join(" "))));
        }
        if self.chance(10) {
            out.push(Node::simple("merge_slashes off"));
        }
        if self.chance(97) {
            out.push(Node::simple("root /w"));
        }
        out.extend(self.codes(0, true));
        if self.chance(25) {
            out.push(self.error_page());
        }
        if self.chance(5) {
            out.push(self.try_files());
        }
        if self.chance(8) {
            out.push(Node::simple(format!("index {}", self.pick(&["i.php", "i.php index.html", "/f.php"]))));
        }
        for _ in 0..1 + self.random.below(7) {
            out.push(self.location("/", 0, Kind::Named));
        }
        if self.named == 0 && self.chance(60) {
            let inside =
                self.pick(&["return 200 \"n $uri\"", "rewrite ^ /a/z last", "proxy_pass http://up", "try_files /f.php =404", "root /d"]);
            out.push(Node::block("location @n0", vec![Node::simple(inside)]));
        }
        self.named = 0;
        Node::block("server", out)
    }

    /// What stands in `http`.
    pub fn configuration(&mut self) -> Vec<Node> {
        self.many = self.chance(35);
        let mut out = vec![
            Node::block("upstream up", vec![Node::simple("server u1:8080")]),
            Node::block("upstream other", vec![Node::simple("server u2")]),
        ];
        let maps: [&[&str]; 4] = [
            &["default d", "a /a/", "\"~^b(.*)$\" $1", "\"\" \"\"", "~*z Z"],
            &["default 0", "1 1", "~(?<n>x) $n"],
            &["a* pre", "default $uri", "~. $arg_x"],
            &["\"~^(.)(.*)$\" /$2", "b $request_method"],
        ];
        let map = |maker: &mut Self, source: &[&str], name: &str| {
            let entries = maps[maker.random.below(maps.len())];
            Node::block(format!("map {} {name}", maker.pick(source)), entries.iter().map(|entry| Node::simple(*entry)).collect())
        };
        let source = ["$arg_x", "$uri", "$args", "$host", "$arg_x$uri", "$http_x_none"];
        out.push(map(self, &source, "$m"));
        out.push(map(self, &source, "$p"));
        out.push(Node::block("geo $g", ["default 0", "127.0.0.0/8 near", "10.0.0.0/8 1"].iter().map(|line| Node::simple(*line)).collect()));
        out.push(Node::block("map $arg_x $b", vec![Node::simple("default up"), Node::simple("1 other")]));
        // So that each variable is known, whatever becomes of the rest.
        let known = ["listen 82", "root /w", "server_name ~^(?<n>known)$", "set $v 1", "set $w 1"];
        let mut known: Vec<Node> = known.iter().map(|known| Node::simple(*known)).collect();
        self.inner = true;
        known.extend(self.codes(0, true));
        for _ in 0..self.random.below(4) {
            known.push(self.location("/", 0, Kind::Named));
        }
        (self.inner, self.named) = (false, 0);
        out.push(Node::block("server", known));
        if self.chance(10) {
            out.push(self.error_page());
        }
        for number in 0..if self.many { 2 + self.random.below(3) } else { 1 } {
            out.push(self.server(number));
        }
        out
    }

    fn target(&mut self) -> String {
        let mut out = self.uri();
        let space = if self.chance(90) { "%20" } else { "+" };
        out = out.replace('%', "%25").replace(' ', space);
        if out.ends_with('/') && self.chance(20) {
            out.pop();
        }
        if self.chance(30) {
            out.push_str(self.pick(&TAILS));
        }
        match self.random.below(100) {
            0..=5 => out = out.replacen('/', "//", 1),
            6..=9 => out.push_str(self.pick(&["/../a", "/../b", "/../ab"])),
            10..=12 => out.push_str("/./x"),
            13..=15 => out = out.replacen('a', "%61", 1),
            16..=18 => out.push_str("%2Fb"),
            19..=22 => {
                let odd = ["%2e%2e/a", "/%2e", "%3fz", "%0A", "%0Ab", "%23", "/..", "/.", "%25", "%C3%A9", "%FF", "#x", "%22", "%41%2f"];
                out.push_str(self.pick(&odd));
            }
            23 => out = self.pick(&["/%zz", "/..", "/../a", "/%00", "/a%2"]).to_owned(),
            24 => out = format!("http://a.com{out}"),
            _ => {}
        }
        if !out.starts_with('/') && !out.starts_with("http:") {
            out.insert(0, '/');
        }
        if self.chance(30) {
            out.push_str(self.pick(&["?x=1", "?x=0", "?x=2&y=3", "?y", "?k=%20", "?x=/a/b", "?x=a%2Fb", "?", "?x=b1"]));
        }
        out
    }

    /// A request.
    pub fn ask(&mut self) -> Ask {
        let mut method = self.pick(&["GET", "GET", "GET", "GET", "GET", "GET", "GET", "POST", "PUT", "HEAD", "DELETE"]);
        if self.chance(5) {
            method = self.pick(&["TRACE", "OPTIONS", "PATCH", "PROPFIND", "FOO_1", "G", "CONNECT", "MKCOL", "PURGE"]);
        }
        let old = self.chance(4);
        let nameless = self.chance(if old { 50 } else { 1 });
        Ask {
            method: method.to_owned(),
            target: self.target().into_bytes(),
            host: (!nameless).then(|| if self.many { self.random.pick(&HOSTS).to_owned() } else { "h".to_owned() }),
            http: if old { "1.0" } else { "1.1" }.to_owned(),
            listen: if self.many && self.chance(30) { "81".to_owned() } else { "80".to_owned() },
            upstream_status: self.chance(10).then(|| [404, 403, 500, 302][self.random.below(4)]),
            accel: self.chance(5).then(|| self.random.pick(&["/a/b", "@n0", "/img/z", "/a%20b?x=1", "/a/../b"]).to_owned()),
        }
    }
}
