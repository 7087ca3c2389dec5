//! Documentation: URLs, paths in code spans and links, commands in blocks of code.

use super::value::{Manner, Piece, Value};
use super::{Found, Host, Kind, Path, Url, shell};
use crate::text::Span;

const METHODS: [&str; 7] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

/// Reads a text; in Markdown blocks of code count as what they are.
pub(super) fn read(text: &str, markdown: bool) -> Vec<Found> {
    let mut out = Vec::new();
    let mut block: Option<Block> = None;
    let mut at = 0usize;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let trimmed = line.trim_start().trim_start_matches('>').trim_start();
        let fence = ["```", "~~~"].iter().find(|fence| trimmed.starts_with(**fence)).filter(|_| markdown);
        match (&mut block, fence) {
            (Some(open), Some(fence)) if open.fence == *fence => {
                open.finish(text, start, &mut out);
                block = None;
            }
            (Some(_), _) => {}
            (None, Some(fence)) => {
                let language = trimmed.trim_start_matches(fence.chars().next().unwrap_or('`')).trim();
                let language = language.split([' ', '{', ',', ':']).next().unwrap_or("").to_ascii_lowercase();
                block = Some(Block { fence, language, start: at });
            }
            (None, None) => prose(line, start, &mut out),
        }
    }
    if let Some(open) = block {
        open.finish(text, text.len(), &mut out);
    }
    out.sort_by_key(|found| (found.span.start, std::cmp::Reverse(found.span.end)));
    // A URL in a code span, in a command: told once.
    let mut end = 0;
    out.retain(|found| {
        let inside = found.span.start < end;
        end = end.max(found.span.end);
        !inside
    });
    out
}

struct Block {
    fence: &'static str,
    language: String,
    start: usize,
}

impl Block {
    fn finish(&self, text: &str, end: usize, out: &mut Vec<Found>) {
        let code = text.get(self.start..end).unwrap_or("");
        let command = || ["curl ", "wget ", "http "].iter().any(|name| code.contains(name));
        match self.language.as_str() {
            // Configurations say what is served, not who asks.
            "nginx" | "nginxconf" | "conf" | "apache" | "apacheconf" | "caddy" | "caddyfile" | "haproxy" | "diff" | "patch" | "lua" => {}
            "sh" | "bash" | "shell" | "console" | "zsh" | "shell-session" | "terminal" | "" | "text" | "txt" if command() => {
                let without = prompts(code);
                let shift = |found: Found| Found {
                    span: Span::new(found.span.start + self.start as u32, found.span.end + self.start as u32),
                    ..found
                };
                out.extend(shell::read(&without, Kind::Documentation).into_iter().map(shift));
                let from = out.len();
                self.lines(text, end, out);
                // A base that the commands use is no request by itself.
                let mut index = 0;
                out.retain(|found| {
                    index += 1;
                    index <= from || found.url.path != Path::default()
                });
            }
            _ => self.lines(text, end, out),
        }
    }

    fn lines(&self, text: &str, end: usize, out: &mut Vec<Found>) {
        let mut at = self.start;
        for line in text.get(self.start..end).unwrap_or("").split_inclusive('\n') {
            urls(line, at, out);
            requests(line, at, out);
            at += line.len();
        }
    }
}

/// `$ curl …`: the prompt made blank.
fn prompts(code: &str) -> String {
    let blank = |line: &str| {
        let inner = line.trim_start();
        let indent = line.len() - inner.len();
        match inner
            .strip_prefix("$ ")
            .or(inner.strip_prefix("# ").filter(|rest| rest.starts_with("curl") || rest.starts_with("wget")))
            .or(inner.strip_prefix("> "))
        {
            Some(rest) => format!("{}{rest}", " ".repeat(indent + 2)),
            None => line.to_owned(),
        }
    };
    code.split_inclusive('\n').map(blank).collect()
}

fn prose(line: &str, start: usize, out: &mut Vec<Found>) {
    urls(line, start, out);
    requests(line, start, out);
    // `/path` and `GET /path` in code spans.
    let mut rest = line;
    while let Some(open) = rest.find('`') {
        let ticks = rest[open..].bytes().take_while(|byte| *byte == b'`').count();
        let inside = &rest[open + ticks..];
        let Some(close) = inside.find(&"`".repeat(ticks)) else { break };
        let code = &inside[..close];
        let at = start + (inside.as_ptr() as usize - line.as_ptr() as usize);
        path(code, at, None, out);
        rest = &inside[close + ticks..];
    }
    // [text](/path), `<a href="/path">`
    for mark in ["](/", "href=\"/"] {
        for (found, _) in line.match_indices(mark) {
            let from = found + mark.len() - 1;
            let target = line[from..].split([')', '"', ' ', '#', '\n']).next().unwrap_or("");
            let file = [".md", ".mdx", ".rst", ".adoc", ".txt", ".png", ".svg", ".jpg", ".gif"].iter().any(|end| target.ends_with(end));
            if !file {
                path(target, start + from, None, out);
            }
        }
    }
}

/// `GET /path` anywhere in a line.
fn requests(line: &str, start: usize, out: &mut Vec<Found>) {
    for method in METHODS {
        for (found, _) in line.match_indices(method) {
            let alone = !line[..found].ends_with(|c: char| c.is_alphanumeric() || c == '_');
            let rest = &line[found + method.len()..];
            let target = rest.trim_start_matches([' ', '\t', '`', '*', '|']);
            if !alone || target.len() == rest.len() || !target.starts_with('/') {
                continue;
            }
            let text =
                target.split(|c: char| c.is_whitespace() || matches!(c, '`' | '|' | '*' | ',' | ')' | '"' | '\'')).next().unwrap_or("");
            let star = &target[..text.len() + usize::from(target[text.len()..].starts_with('*'))];
            path(star, start + (target.as_ptr() as usize - line.as_ptr() as usize), Some(method), out);
        }
    }
}

/// A path by itself.
fn path(code: &str, at: usize, method: Option<&str>, out: &mut Vec<Found>) {
    let (method, code, at) = match code.split_once(' ') {
        Some((word, rest)) if METHODS.contains(&word) => (Some(word), rest.trim(), at + word.len() + 1),
        Some(_) => return,
        None => (method, code, at),
    };
    let plain = |c: char| c.is_alphanumeric() || "/-_.~%?=&{}<>:*$+,;@".contains(c);
    const FOLDERS: [&str; 15] = [
        "/etc/", "/usr/", "/var/", "/opt/", "/home/", "/root/", "/tmp/", "/dev/", "/proc/", "/sys/", "/bin/", "/run/", "/srv/", "/mnt/",
        "/lib/",
    ];
    if !code.starts_with('/') || code.len() < 2 || !code.chars().all(plain) || FOLDERS.iter().any(|folder| code.starts_with(folder)) {
        return;
    }
    if let Some(url) = templated(code).url(Manner::Code) {
        let span = Span::new(at as u32, (at + code.len()) as u32);
        out.push(Found { span, kind: Kind::Documentation, method: method.map(Into::into), url, service: None });
    }
}

/// A text in which `{id}`, `<id>`, `:id`, `*`, `...` and `$ID` stand for anything.
pub(super) fn templated(text: &str) -> Value {
    let mut out = Value::default();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let after = &rest[c.len_utf8()..];
        let closed = |close: char| after.find(close).map(|end| &after[end + 1..]);
        let word = |text: &str| text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len());
        let skipped = match c {
            '<' => closed('>'),
            '{' => Some(closed('}').unwrap_or("").trim_start_matches('}')),
            '$' if after.starts_with(['{', '(']) => after.find(['}', ')']).map(|end| &after[end + 1..]),
            '$' if word(after) > 0 => Some(&after[word(after)..]),
            ':' if matches!(out.0.last(), Some(Piece::Text(text)) if text.ends_with('/'))
                && word(after) > 0
                && !after.starts_with(|c: char| c.is_ascii_digit()) =>
            {
                Some(&after[word(after)..])
            }
            '*' => Some(after.trim_start_matches('*')),
            '.' if after.starts_with("..") => Some(after.trim_start_matches('.')),
            '\u{2026}' => Some(after),
            _ => None,
        };
        match skipped {
            Some(behind) => {
                out.push(Piece::Gap);
                rest = behind;
            }
            None => {
                out.push(Piece::Text(c.to_string()));
                rest = after;
            }
        }
    }
    out
}

/// URLs with a scheme.
fn urls(line: &str, start: usize, out: &mut Vec<Found>) {
    let mut from = 0;
    while let Some(found) = line.get(from..).and_then(|rest| rest.find("://")).map(|at| from + at) {
        let head = line[..found]
            .rfind(|c: char| !c.is_ascii_alphabetic())
            .map_or(0, |at| at + line[at..].chars().next().map_or(1, char::len_utf8));
        from = found + 3;
        if !matches!(&line[head..found], "http" | "https" | "ws" | "wss") {
            continue;
        }
        let mut end = from;
        let mut angle = false;
        for (at, c) in line[from..].char_indices() {
            match c {
                // `<host>`, not the end of `<http://…>`.
                '<' => angle = true,
                '>' if !angle => break,
                '>' => angle = false,
                _ if c.is_whitespace() && !angle => break,
                '"' | '\'' | '`' | '|' | '\\' | ']' | ')' | '^' => break,
                _ if c.is_whitespace() => break,
                _ => {}
            }
            end = from + at + c.len_utf8();
        }
        let text = line[head..end].trim_end_matches(['.', ',', ';', ':', '!', '?', '*', '_']);
        from = end.max(from);
        let Some(url) = templated(text).url(Manner::Code) else { continue };
        // `http://host` alone names no path: a link to a page's front is one all the same.
        let span = Span::new((start + head) as u32, (start + head + text.len()) as u32);
        out.push(Found { span, kind: Kind::Documentation, method: None, url: example(url), service: None });
    }
}

/// Hosts that stand for anybody's: `your-domain`, `HOST`.
fn example(url: Url) -> Url {
    let placeholder = matches!(&url.host, Host::Named(host)
        if !host.contains('.') && ["your", "host", "domain", "server", "gateway-host", "my-"].iter().any(|word| host.starts_with(word)) || host.starts_with("your"));
    if placeholder { Url { host: Host::Unknown, ..url } } else { url }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        read(text, true)
            .iter()
            .map(|found| format!("{}{}", found.method.as_ref().map(|method| format!("{method} ")).unwrap_or_default(), found.url))
            .collect()
    }

    #[test]
    fn urls_paths_and_commands() {
        let text = "# The gateway\nOpen <http://gateway.example.com/token-session-manager>, or [the page](/admin-manager).\n\
            `GET /api/users/{id}` and `/metrics`, see `lua/x.lua` and `/etc/nginx/nginx.conf`.\n| POST | /key/generate | makes a key |\n\
            ```sh\n$ BASE=http://a.example\n$ curl -X DELETE \"$BASE/api/x\"\n```\n```nginx\nlocation /no { proxy_pass http://no/no; }\n```\n\
            ```\ncurl http://localhost:8080/health\n```\n[docs](/docs/x.md) http://<host>:8080/ready and http://$HOST/v1/models.\n";
        assert_eq!(
            found(text),
            [
                "http://gateway.example.com/token-session-manager",
                "/admin-manager",
                "GET /api/users/…",
                "/metrics",
                "POST /key/generate",
                "DELETE http://a.example/api/x",
                "GET http://localhost:8080/health",
                "http://?:8080/ready",
                "http://?/v1/models",
            ]
        );
    }

    #[test]
    fn places_are_those_of_the_urls() {
        let text = "See `GET /a`.\n```sh\ncurl -s http://h.example/b\n```\n";
        let texts: Vec<&str> = read(text, true).iter().map(|found| &text[found.span.range()]).collect();
        assert_eq!(texts, ["/a", "http://h.example/b"]);
    }
}
