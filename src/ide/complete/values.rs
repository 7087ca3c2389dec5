//! Arguments: what may stand behind a directive's name, and in the lines of a `map` and its like.

use super::item::{Item, Kind};
use super::{Ask, defined, paths, variables};
use crate::message;
use crate::nginx::directives::{self, Directive};
use crate::nginx::parameters::{self, Alternative, Parameter, Times};
use crate::nginx::{files, http};
use crate::text::Span;

pub(super) fn values(ask: &mut Ask<'_>) {
    let scene = ask.scene;
    let word = scene.words.get(scene.index).filter(|_| scene.on_word).map_or(Span::at(scene.cursor), |word| word.span);
    if !is_regex(ask)
        && let Some(token) = variables::token(scene.source, word, scene.cursor)
    {
        return variables::offer(ask, token);
    }
    if ask.place.is_data() {
        return data(ask);
    }
    let Some(name) = scene.word(0) else { return };
    let Some(directive) = ask.place.directive(name).or(directives::named(name).first()) else { return };
    let Some(index) = scene.index.checked_sub(1) else { return };
    if name == "if" {
        return condition(ask, index);
    }
    if name == "include" {
        if index == 0 {
            paths::include(ask);
        }
        return;
    }
    let protocol = ask.place.contexts.first().map_or("http", |context| context.protocol());
    let row = files::find(name, if protocol == "core" { "" } else { protocol });
    if let Some(row) = row.filter(|row| match row.argument {
        files::Argument::At(at) => at == index,
        files::Argument::Last => index + 1 >= scene.words.len().saturating_sub(1),
    }) {
        paths::file(ask, row.base, row.names);
    }
    for parameter in at(directive, index) {
        for alternative in &parameter.alternatives {
            Value { ask, directive, index, parameter }.alternative(*alternative);
        }
    }
    defaults(ask, directive, index);
}

/// What may stand there; where that may be left out, what comes behind it, too.
fn at(directive: &Directive, index: usize) -> Vec<&'static Parameter> {
    let mut out: Vec<&Parameter> = Vec::new();
    let all = parameters::of(directive).unwrap_or_default();
    for index in index..=all.len().max(index) {
        let Some(parameter) = parameters::at(directive, index) else { break };
        if !out.iter().any(|other| std::ptr::eq(*other, parameter)) {
            out.push(parameter);
        }
        if !matches!(parameter.times, Times::Optional) {
            break;
        }
    }
    out
}

/// True where the word at the cursor is a regex: a `$` in it is no variable.
fn is_regex(ask: &Ask<'_>) -> bool {
    let scene = ask.scene;
    let before = scene.index.checked_sub(1).and_then(|index| scene.word(index)).unwrap_or_default();
    let own = scene.word(scene.index).filter(|_| scene.on_word).unwrap_or_default();
    match scene.word(0).unwrap_or_default() {
        _ if ask.place.is_data() => scene.index == 0 && own.starts_with('~'),
        "location" => matches!(before, "~" | "~*") || own.starts_with('~'),
        "if" => matches!(before, "~" | "~*" | "!~" | "!~*"),
        "server_name" => own.starts_with('~'),
        "rewrite" => scene.index == 1,
        _ => false,
    }
}

/// The value that holds where none is written.
fn defaults(ask: &mut Ask<'_>, directive: &Directive, index: usize) {
    let token = ask.scene.token();
    if index > 0 || directive.is_block() {
        return;
    }
    for default in directive.defaults().filter(|default| !default.contains([' ', '|', '"', '$', '<'])) {
        let detail = message!(ask.language(), "complete-default-value");
        match ask.out.iter_mut().find(|item| item.label == default && item.replace == token) {
            Some(item) => item.detail = Some(detail),
            None => ask.out.push(Item::new(default, Kind::Value, token).detail(detail).rank(60)),
        }
    }
}

/// Lines of blocks that hold keys and values.
fn data(ask: &mut Ask<'_>) {
    let scene = ask.scene;
    let token = scene.token();
    let block = scene.block().unwrap_or_default();
    let keys: &[&str] = match block {
        "map" | "num_map" => &["default", "hostnames", "include", "volatile"],
        "geo" => &["default", "include", "delete", "proxy", "proxy_recursive", "ranges", "volatile"],
        "split_clients" => &["*"],
        "geoip2" => &["auto_reload"],
        "match" => &["status", "header", "body", "require", "send", "expect"],
        _ => &[],
    };
    match (block, scene.index) {
        ("types", 0) => {
            for mime in http::words(http::Kind::Mime).filter(|mime| !mime.more.is_empty()) {
                let mut item = Item::new(mime.word, Kind::Constant, token).detail(mime.more);
                item.snippet = (scene.ends.is_none() && scene.words.len() <= 1).then(|| format!("{} ${{1:{}}};", mime.word, mime.more));
                ask.out.push(item);
            }
        }
        ("types", _) => {
            let mime = scene.word(0).and_then(|mime| http::find(http::Kind::Mime, mime));
            let extensions = mime.map_or("", |mime| mime.more).split_whitespace().filter(|extension| !given(ask, extension, ""));
            let items: Vec<Item> = extensions.map(|extension| Item::new(extension, Kind::Constant, token)).collect();
            ask.out.extend(items);
        }
        (_, 0) => {
            for (rank, key) in (0u32..).zip(keys) {
                let there = scene.siblings.iter().any(|name| scene.text(*name) == *key) && *key != "include";
                if !there {
                    ask.out.push(Item::new(*key, Kind::Word, token).rank(rank));
                }
            }
        }
        _ if scene.word(0) == Some("include") => paths::include(ask),
        ("map", 1) if token.is_empty() => variables::offer(ask, variables::Token { span: token, braces: false }),
        _ => {}
    }
}

/// `if ($name operator value)`
fn condition(ask: &mut Ask<'_>, index: usize) {
    let token = ask.scene.token();
    let prefix = ask.scene.prefix();
    let operators = ["=", "!=", "~", "~*", "!~", "!~*"];
    match index {
        0 if prefix.is_empty() => {
            for (rank, (text, snippet)) in (0u32..).zip([("($", "(\\$${1:name} = ${2:value})"), ("(-f $", "(-f ${1:\\$request_filename})")])
            {
                let mut item = Item::new(text, Kind::Word, token).rank(rank);
                item.snippet = Some(snippet.to_owned());
                ask.out.push(item);
            }
        }
        1 if ask.scene.word(1).is_some_and(|first| first.contains('$')) => {
            let items = (0u32..).zip(operators).map(|(rank, operator)| Item::new(operator, Kind::Word, token).rank(rank));
            ask.out.extend(items);
        }
        2 if ask.scene.word(1).is_some_and(|first| first.ends_with("$request_method")) => {
            // The bracket that ends the condition is part of the word.
            let word = ask.scene.source.get(token.range()).unwrap_or_default();
            let value = Span::new(token.start, token.end - u32::from(word.ends_with(')') && ask.scene.cursor < token.end));
            let items = http::words(http::Kind::Method).map(|method| Item::new(method.word, Kind::Constant, value));
            ask.out.extend(items);
        }
        _ => {}
    }
}

/// True when another word of the directive is this one, or begins with this key.
fn given(ask: &Ask<'_>, word: &str, key: &str) -> bool {
    let scene = ask.scene;
    let others = (1..scene.words.len()).filter(|index| !(scene.on_word && *index == scene.index));
    others.filter_map(|index| scene.word(index)).any(|other| match key {
        "" => other == word,
        key => other.strip_prefix(key).is_some_and(|rest| rest.starts_with('=')),
    })
}

/// One parameter.
struct Value<'a, 'b> {
    ask: &'a mut Ask<'b>,
    directive: &'a Directive,
    index: usize,
    parameter: &'a Parameter,
}

impl Value<'_, '_> {
    fn alternative(&mut self, alternative: Alternative) {
        let scene = self.ask.scene;
        let token = scene.token();
        let Alternative { key, kind } = alternative;
        if key.is_empty() {
            // Behind the `=` of an option nothing else stands.
            return self.kind(kind, token);
        }
        if let Some(rest) = scene.prefix().strip_prefix(key).and_then(|rest| rest.strip_prefix('=')) {
            return self.kind(kind, Span::new(scene.cursor - rest.len() as u32, token.end));
        }
        if !given(self.ask, "", key) {
            let rank = 10 + self.position(alternative);
            self.ask.out.push(Item::new(format!("{key}="), Kind::Option, token).rank(rank));
        }
    }

    fn position(&self, alternative: Alternative) -> u32 {
        self.parameter.alternatives.iter().position(|other| *other == alternative).unwrap_or(0) as u32
    }

    fn push(&mut self, item: Item) {
        self.ask.out.push(item);
    }

    fn words(&mut self, kind: http::Kind, replace: Span) {
        let typed_quote = self.ask.scene.words.get(self.ask.scene.index).is_some_and(|word| self.ask.scene.on_word && word.is_quoted());
        for (rank, word) in (0u32..).zip(http::words(kind)) {
            if given(self.ask, word.word, "") {
                continue;
            }
            let mut item = Item::new(word.word, Kind::Constant, replace).detail(word.more).rank(rank.min(100));
            // With the value that it usually has, where nothing is behind it.
            let last = self.ask.scene.index + usize::from(self.ask.scene.on_word) >= self.ask.scene.words.len();
            let header = matches!(kind, http::Kind::RequestHeader | http::Kind::ResponseHeader);
            if header && last && !typed_quote && !word.more.is_empty() && self.directive.arguments.least() > 1 {
                item.snippet = Some(format!("{} ${{1:{}}}", word.word, super::snippet::escape(word.more)));
            }
            self.push(item);
        }
    }

    /// Numbers with each unit behind them.
    fn units(&mut self, units: &[&str], replace: Span) {
        let scene = self.ask.scene;
        let typed = scene.text(Span::new(replace.start, scene.cursor));
        if typed.ends_with(|last: char| last.is_ascii_digit()) && typed.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            for (rank, unit) in (0u32..).zip(units) {
                self.push(Item::new(format!("{typed}{unit}"), Kind::Value, replace).rank(rank));
            }
        }
    }

    fn kind(&mut self, kind: parameters::Kind, replace: Span) {
        use parameters::Kind as K;
        match kind {
            K::Flag => self.list(&["on", "off"], replace),
            K::Word(words) => {
                let words: Vec<&str> = words.split('|').filter(|word| !given(self.ask, word, "")).collect();
                self.list(&words, replace);
            }
            K::Size => self.units(&["k", "m"], replace),
            K::Offset => self.units(&["k", "m", "g"], replace),
            K::Seconds => self.units(&["s", "m", "h", "d", "w"], replace),
            K::Rate => self.units(&["r/s", "r/m"], replace),
            K::Access => self.list(&["user:rw", "group:rw", "all:r"], replace),
            K::Time => self.units(&["s", "m", "h", "d", "ms", "w"], replace),
            K::Template | K::Variable if replace.is_empty() && replace == self.ask.scene.token() => self.variables(replace),
            K::Url => self.url(replace),
            K::Address => self.address(replace),
            K::Listen => self.list(&["80", "443", "[::]:80", "[::]:443", "127.0.0.1:8080", "unix:/run/nginx.sock"], replace),
            K::Cidr => self.list(&["127.0.0.1", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1", "fd00::/8"], replace),
            K::Uri => self.uri(replace),
            K::Name(directive) => defined::of_directive(self.ask, directive, replace),
            K::Status => self.status(replace),
            K::RequestHeader => self.words(http::Kind::RequestHeader, replace),
            K::ResponseHeader => self.words(http::Kind::ResponseHeader, replace),
            K::Mime => self.words(http::Kind::Mime, replace),
            K::Method => self.words(http::Kind::Method, replace),
            K::Ciphers => self.words(http::Kind::Ciphers, replace),
            K::ServerName => defined::server_names(self.ask, replace),
            K::File | K::Folder | K::Path if self.ask.out.is_empty() => {
                let names = match kind {
                    K::Folder => files::Names::Folder,
                    _ => files::Names::Either,
                };
                paths::file(self.ask, files::Base::ConfFolder, names);
            }
            _ => {}
        }
    }

    fn list(&mut self, words: &[&str], replace: Span) {
        for (rank, word) in (0u32..).zip(words) {
            self.push(Item::new(*word, Kind::Word, replace).rank(rank));
        }
    }

    /// Where nothing is typed: any variable, first the one that a header usually has.
    fn variables(&mut self, replace: Span) {
        let scene = self.ask.scene;
        let header = self.directive.name.ends_with("set_header") || matches!(self.directive.name, "add_header" | "add_trailer");
        if let Some(name) = scene.word(1).filter(|_| header && self.index == 1) {
            let kind = if self.directive.name.starts_with("add_") { http::Kind::ResponseHeader } else { http::Kind::RequestHeader };
            if let Some(word) = http::find(kind, name).filter(|word| !word.more.is_empty()) {
                let quoted = scene.words.get(scene.index).is_some_and(|word| scene.on_word && word.is_quoted());
                let value = if quoted { word.more.trim_matches(['"', '\'']) } else { word.more };
                self.push(Item::new(value, Kind::Value, replace));
            }
        }
        variables::offer(self.ask, variables::Token { span: replace, braces: false });
    }

    /// Statuses; of an `error_page` only those that are errors.
    fn status(&mut self, replace: Span) {
        let errors = self.directive.name == "error_page";
        let equals = self.ask.scene.text(replace).starts_with('=');
        for status in http::words(http::Kind::Status) {
            let error = status.word >= "300";
            if (errors && !error) || given(self.ask, status.word, "") || equals {
                continue;
            }
            let rank =
                if matches!(status.word, "200" | "204" | "301" | "302" | "403" | "404" | "500" | "502" | "503" | "504") { 0 } else { 5 };
            self.push(Item::new(status.word, Kind::Value, replace).detail(status.more).rank(rank));
        }
    }

    fn uri(&mut self, replace: Span) {
        let name = self.directive.name;
        match name {
            "location" | "limit_except" => return,
            "try_files" => {
                for (rank, word) in (0u32..).zip(["$uri", "$uri/", "=404"]) {
                    if !given(self.ask, word, "") {
                        self.push(Item::new(word, Kind::Value, replace).rank(rank));
                    }
                }
            }
            _ => {}
        }
        defined::locations(self.ask, replace, !matches!(name, "auth_request" | "add_before_body" | "add_after_body"), true);
    }

    /// `http://host:port/uri`: of one with a scheme the host is replaced, with its port.
    fn url(&mut self, replace: Span) {
        let scene = self.ask.scene;
        let text = scene.text(replace);
        if let Some((scheme, rest)) = text.split_once("://") {
            let start = replace.start + scheme.len() as u32 + 3;
            let host = Span::new(start, start + rest.find('/').unwrap_or(rest.len()) as u32);
            if host.touches(scene.cursor) {
                defined::hosts(self.ask, host, true, with_port);
            }
            return;
        }
        let scheme = if self.directive.name.starts_with("grpc") { "grpc" } else { "http" };
        defined::hosts(self.ask, replace, true, |name, port| format!("{scheme}://{}", with_port(name, port)));
        for (rank, start) in (70u32..).zip([scheme, if scheme == "grpc" { "grpcs" } else { "https" }]) {
            self.push(Item::new(format!("{start}://"), Kind::Word, replace).rank(rank));
        }
    }

    fn address(&mut self, replace: Span) {
        // A server of an upstream is no upstream.
        let upstreams = self.directive.name != "server";
        defined::hosts(self.ask, replace, upstreams, with_port);
        self.push(Item::new("unix:/run/", Kind::Word, replace).rank(70));
    }
}

fn with_port(name: &str, port: Option<u16>) -> String {
    match port {
        Some(port) => format!("{name}:{port}"),
        None => name.to_owned(),
    }
}
