//! Command lines that send requests: `curl`, `wget` and their like, behind `sudo`, `timeout`, `docker compose exec`.

use std::sync::Arc;

use super::value::{Manner, Piece, Value, Values};
use super::{Host, Url};

/// What a command line asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asked {
    /// Which word holds the URL.
    pub(super) word: usize,
    pub(super) method: Option<Arc<str>>,
    pub(super) url: Url,
    /// Where the command runs, when the line says so.
    pub(super) service: Option<Arc<str>>,
}

/// Shells whose `-c` is a script of its own.
const SHELLS: [&str; 5] = ["sh", "bash", "ash", "dash", "zsh"];

/// What a command line comes down to.
pub(super) enum Line<'a> {
    /// Requests; none for every other command.
    Asks(Vec<Asked>),
    /// A script in a word: `sh -c '…'`.
    Script(usize, &'a Values, Option<Arc<str>>),
}

/// Reads the words of one simple command.
pub(super) fn read(words: &[Values]) -> Line<'_> {
    let mut service: Option<Arc<str>> = None;
    let mut at = 0;
    // Every step of the loop moves on by at least one word.
    while let Some(name) = text(words, at) {
        let name = name.rsplit('/').next().unwrap_or(name);
        let rest = words.get(at + 1..).unwrap_or(&[]);
        match name {
            "sudo" | "doas" | "env" | "exec" | "nohup" | "time" | "command" | "eval" | "xargs" | "nice" | "setsid" | "retry" | "!"
            | "if" | "then" | "else" | "do" | "while" | "until" | "watch" | "timeout" | "unbuffer" | "chronic" | "flock" | "tini"
            | "dumb-init" | "--" | "assert" | "run" => {
                at += 1;
                // Their own options and numbers; `env A=b`.
                while let Some(word) = text(words, at) {
                    let own = word.starts_with('-')
                        || is_assignment(word)
                        || word.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | 's' | 'm'));
                    if !own {
                        break;
                    }
                    at +=
                        if name == "xargs" && matches!(word, "-I" | "-n" | "-P" | "-L") || name == "sudo" && word == "-u" { 2 } else { 1 };
                }
            }
            "docker" | "podman" | "docker-compose" | "kubectl" | "oc" | "nerdctl" => match inside(name, words, at) {
                Some((then, place)) => {
                    service = Some(place);
                    at = then;
                }
                None => return Line::Asks(Vec::new()),
            },
            "ssh" => {
                let Some(host) = first_plain(words, at + 1, &["-i", "-p", "-l", "-o", "-F", "-J", "-L", "-R", "-D"]) else {
                    return Line::Asks(Vec::new());
                };
                service = Some(text(words, host).unwrap_or("ssh").into());
                at = host + 1;
                if let Some(line) = words.get(at).filter(|_| words.len() == at + 1) {
                    return Line::Script(at, line, service);
                }
            }
            _ if SHELLS.contains(&name) || name == "su" => {
                let option = |word: &Values| matches!(known(word), Some(word) if word.starts_with('-') && !word.starts_with("--") && word.ends_with('c'));
                return match rest.iter().position(option) {
                    Some(found) if words.len() > at + 2 + found => Line::Script(at + 2 + found, &words[at + 2 + found], service),
                    _ => Line::Asks(Vec::new()),
                };
            }
            _ => {
                let Some(tool) = tool(name) else { return Line::Asks(Vec::new()) };
                let mut asked = tool(rest);
                for one in &mut asked {
                    one.word += at + 1;
                    one.service = service.clone();
                }
                return Line::Asks(asked);
            }
        }
    }
    Line::Asks(Vec::new())
}

/// The names by which a file that sends requests from a shell can be told.
pub(super) const NAMES: [&str; 18] = [
    "curl",
    "wget",
    "http ",
    "https ",
    "httpie",
    "xh ",
    "ab ",
    "hey ",
    "wrk",
    "oha ",
    "siege ",
    "bombardier",
    "lwp-request",
    "wait-on",
    "dockerize",
    "hurl",
    "vegeta",
    "k6 ",
];

fn known(word: &Values) -> Option<&str> {
    word.first()?.known()
}

fn text(words: &[Values], at: usize) -> Option<&str> {
    words.get(at).and_then(known)
}

fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'))
}

/// The first word from `at` that is no option; those in `valued` take the next word with them.
fn first_plain(words: &[Values], mut at: usize, valued: &[&str]) -> Option<usize> {
    while at < words.len() {
        match text(words, at) {
            Some(word) if word.starts_with('-') => at += if valued.contains(&word) { 2 } else { 1 },
            _ => return Some(at),
        }
    }
    None
}

/// `docker compose exec -T web curl …`: where the inner command begins, and in what it runs.
fn inside(name: &str, words: &[Values], at: usize) -> Option<(usize, Arc<str>)> {
    let place = |at: usize| -> Arc<str> { words.get(at).and_then(known).unwrap_or("?").rsplit('/').next().unwrap_or("?").into() };
    if matches!(name, "kubectl" | "oc") {
        let exec = (at..words.len()).find(|at| text(words, *at) == Some("exec"))?;
        let pod = first_plain(words, exec + 1, &["-n", "--namespace", "-c", "--container", "--context"])?;
        let inner = (pod..words.len()).find(|at| text(words, *at) == Some("--"))?;
        return Some((inner + 1, place(pod)));
    }
    let verb = (at + 1..words.len()).find(|at| matches!(text(words, *at), Some("exec" | "run")))?;
    let valued = [
        "-e",
        "--env",
        "-u",
        "--user",
        "-w",
        "--workdir",
        "--index",
        "-v",
        "--volume",
        "--name",
        "--network",
        "--net",
        "-p",
        "--publish",
        "--entrypoint",
        "--env-file",
    ];
    let target = first_plain(words, verb + 1, &valued)?;
    if text(words, verb) == Some("exec") {
        return Some((target + 1, place(target)));
    }
    // `docker run --network x curlimages/curl -fsS http://…`: the image is the command.
    let image = text(words, target)?;
    let image = image.rsplit('/').next().unwrap_or(image).split(':').next().unwrap_or(image);
    let named = text(words, target + 1).is_some_and(|word| tool(word).is_some() || SHELLS.contains(&word));
    if named {
        return Some((target + 1, image.into()));
    }
    None
}

type Tool = fn(&[Values]) -> Vec<Asked>;

fn tool(name: &str) -> Option<Tool> {
    Some(match name {
        "curl" => curl,
        "wget" => wget,
        "http" | "https" | "httpie" | "xh" | "xhs" | "curlie" => httpie,
        "ab" => |words| {
            urls(
                words,
                &[
                    "-n", "-c", "-t", "-s", "-b", "-B", "-p", "-u", "-T", "-v", "-x", "-y", "-z", "-C", "-H", "-A", "-P", "-X", "-g", "-e",
                    "-f", "-Z", "-m",
                ],
                "-m",
            )
        },
        "hey" | "oha" | "bombardier" | "rakyll" | "autocannon" => |words| {
            let valued = [
                "-n", "-c", "-q", "-z", "-o", "-m", "-H", "-t", "-A", "-d", "-D", "-T", "-a", "-x", "-host", "-cpus", "-p", "-r", "-b",
                "-l", "-f", "--method", "--header", "--body", "-w",
            ];
            urls(words, &valued, "-m")
        },
        "wrk" | "wrk2" => |words| {
            let valued = [
                "-c",
                "-d",
                "-t",
                "-s",
                "-H",
                "-R",
                "--connections",
                "--duration",
                "--threads",
                "--script",
                "--header",
                "--timeout",
                "--rate",
            ];
            urls(words, &valued, "")
        },
        "siege" => {
            |words| urls(words, &["-c", "-r", "-t", "-d", "-f", "-l", "-R", "-H", "-A", "-T", "--concurrent", "--reps", "--time"], "")
        }
        "lwp-request" | "GET" | "HEAD" => |words| urls(words, &["-m", "-H", "-C", "-t", "-i", "-c", "-p"], "-m"),
        "wait-on" | "start-server-and-test" | "wait-for-url" => |words| {
            let bare = |word: &Values| -> Values {
                let strip = |value: &Value| {
                    let mut value = value.clone();
                    if let Some(Piece::Text(text)) = value.0.first_mut() {
                        for (prefix, scheme) in
                            [("http-get://", "http://"), ("https-get://", "https://"), ("http-get:", ""), ("https-get:", "")]
                        {
                            if let Some(rest) = text.strip_prefix(prefix) {
                                *text = format!("{scheme}{rest}");
                            }
                        }
                    }
                    value
                };
                word.iter().map(strip).collect()
            };
            let other = |word: &&Values| {
                !known(word).is_some_and(|word| ["tcp:", "socket:", "file:"].iter().any(|scheme| word.starts_with(scheme)))
            };
            let words: Vec<Values> = words.iter().filter(other).map(bare).collect();
            let mut asked = urls(&words, &["-t", "--timeout", "-i", "--interval", "-d", "--delay"], "");
            asked.retain(|one| one.url.scheme.is_some());
            asked
        },
        "dockerize" => |words| {
            let mut out = Vec::new();
            for at in 0..words.len() {
                if text(words, at) == Some("-wait") {
                    ask(words, at + 1, &None, &mut out);
                }
            }
            out.retain(|one| matches!(one.url.scheme.as_deref(), Some("http" | "https")));
            out
        },
        _ => return None,
    })
}

/// Takes one word as a URL.
fn ask(words: &[Values], word: usize, method: &Option<Arc<str>>, out: &mut Vec<Asked>) {
    for value in words.get(word).into_iter().flatten() {
        if let Some(url) = value.url(Manner::Command) {
            out.push(Asked { word, method: method.clone(), url, service: None });
        }
    }
}

/// Every word that is neither an option nor an option's value.
fn urls(words: &[Values], valued: &[&str], method: &str) -> Vec<Asked> {
    let mut out = Vec::new();
    let asked_with = (0..words.len()).find(|at| !method.is_empty() && text(words, *at) == Some(method)).and_then(|at| text(words, at + 1));
    let method: Option<Arc<str>> =
        asked_with.filter(|name| name.chars().all(|c| c.is_ascii_uppercase())).map(Into::into).or(Some("GET".into()));
    let mut at = 0;
    while let Some(found) = first_plain(words, at, valued) {
        ask(words, found, &method, &mut out);
        at = found + 1;
    }
    out
}

/// curl's short options that take a value.
const CURL_SHORT: &str = "AbcCdDeEFhHKmoPQrtTuUwxXyYz";
/// Its long options that take none; all others do.
const CURL_LONG: &[&str] = &[
    "anyauth",
    "append",
    "basic",
    "compressed",
    "compressed-ssh",
    "create-dirs",
    "crlf",
    "digest",
    "disable",
    "disable-eprt",
    "disable-epsv",
    "fail",
    "fail-early",
    "fail-with-body",
    "false-start",
    "ftp-create-dirs",
    "ftp-pasv",
    "get",
    "globoff",
    "haproxy-protocol",
    "head",
    "http0.9",
    "http1.0",
    "http1.1",
    "http2",
    "http2-prior-knowledge",
    "http3",
    "http3-only",
    "ignore-content-length",
    "include",
    "insecure",
    "ipv4",
    "ipv6",
    "junk-session-cookies",
    "list-only",
    "location",
    "location-trusted",
    "manual",
    "metalink",
    "negotiate",
    "netrc",
    "netrc-optional",
    "next",
    "no-alpn",
    "no-buffer",
    "no-clobber",
    "no-keepalive",
    "no-npn",
    "no-progress-meter",
    "no-sessionid",
    "ntlm",
    "parallel",
    "parallel-immediate",
    "path-as-is",
    "post301",
    "post302",
    "post303",
    "progress-bar",
    "proxytunnel",
    "raw",
    "remote-header-name",
    "remote-name",
    "remote-name-all",
    "remote-time",
    "remove-on-error",
    "retry-all-errors",
    "retry-connrefused",
    "show-error",
    "show-headers",
    "silent",
    "ssl",
    "ssl-reqd",
    "sslv2",
    "sslv3",
    "styled-output",
    "suppress-connect-headers",
    "tcp-fastopen",
    "tcp-nodelay",
    "tlsv1",
    "tlsv1.0",
    "tlsv1.1",
    "tlsv1.2",
    "tlsv1.3",
    "tr-encoding",
    "trace-time",
    "use-ascii",
    "verbose",
    "version",
    "xattr",
];

fn curl(words: &[Values]) -> Vec<Asked> {
    let mut found: Vec<usize> = Vec::new();
    let mut method: Option<Arc<str>> = None;
    let mut implied: Option<&str> = None;
    let mut as_get = false;
    let mut host: Option<Host> = None;
    let mut unknown_method = false;
    let mut at = 0;
    while at < words.len() {
        // An option may be known although its value is not: `-H "Authorization: $TOKEN"` is two words, `-XPOST` one.
        let word = words[at].first().map_or("", |value| value.start());
        let name;
        let mut value = None;
        if let Some(long) = word.strip_prefix("--").filter(|long| !long.is_empty()) {
            let (option, inline) = long.split_once('=').map_or((long, None), |(option, value)| (option, Some(value)));
            name = match option {
                "request" => 'X',
                "head" => 'I',
                "get" => 'G',
                "data" | "data-raw" | "data-binary" | "data-ascii" | "data-urlencode" | "json" => 'd',
                "form" | "form-string" => 'F',
                "upload-file" => 'T',
                "header" => 'H',
                "url" => 'U',
                _ => '-',
            };
            if inline.is_some() {
                value = Some(at);
            } else if !CURL_LONG.contains(&option) {
                at += 1;
                value = Some(at);
            }
            if name == 'X'
                && let Some(inline) = inline
            {
                method = Some(inline.to_ascii_uppercase().into());
            }
        } else if let Some(short) = word.strip_prefix('-').filter(|short| !short.is_empty()) {
            // The first letter that takes a value takes the rest of the word, or the next one.
            let taking = short.char_indices().find(|(_, letter)| CURL_SHORT.contains(*letter));
            if short.contains('G') && taking.is_none_or(|(index, _)| short.find('G').is_some_and(|at| at < index)) {
                as_get = true;
            }
            if short.contains('I') && taking.is_none_or(|(index, _)| short.find('I').is_some_and(|at| at < index)) {
                implied = Some("HEAD");
            }
            match taking {
                None => name = '-',
                Some((index, letter)) => {
                    // `-U` is the proxy's user.
                    name = if letter == 'U' { '-' } else { letter };
                    let rest = &short[index + letter.len_utf8()..];
                    if rest.is_empty() && words[at].first().is_some_and(|value| value.known().is_some()) {
                        at += 1;
                        value = Some(at);
                    } else {
                        value = Some(at);
                        if name == 'X' {
                            method = Some(rest.to_ascii_uppercase().into()).filter(|rest: &Arc<str>| !rest.is_empty());
                        } else if name == 'H' {
                            host = host.or(header_host(rest));
                        }
                    }
                }
            }
        } else {
            if !word.is_empty() || words[at].iter().any(|value| !value.0.is_empty()) {
                found.push(at);
            }
            at += 1;
            continue;
        }
        match name {
            'X' if method.is_none() => match value.and_then(|at| text(words, at)) {
                Some(text) if !text.starts_with('-') => method = Some(text.to_ascii_uppercase().into()),
                _ => unknown_method = true,
            },
            'd' | 'F' => implied = implied.or(Some("POST")),
            'T' => implied = implied.or(Some("PUT")),
            'I' => implied = Some("HEAD"),
            'G' => as_get = true,
            'H' => host = host.or_else(|| header_host(text(words, value?)?)),
            'U' => found.extend(value),
            _ => {}
        }
        at += 1;
    }
    if as_get {
        implied = None;
    }
    let method = method.or_else(|| (!unknown_method).then(|| implied.unwrap_or("GET").into()));
    let mut out = Vec::new();
    for word in found {
        let mut words = words.to_vec();
        // `--url=…`
        for value in words.get_mut(word).into_iter().flatten() {
            if let Some(Piece::Text(text)) = value.0.first_mut()
                && let Some(rest) = text.strip_prefix("--url=")
            {
                *text = rest.to_owned();
            }
        }
        ask(&words, word, &method, &mut out);
    }
    if let Some(host) = host {
        for one in &mut out {
            one.url.host = host.clone();
        }
    }
    out
}

/// The host of `Host: example.com`.
fn header_host(header: &str) -> Option<Host> {
    let (name, value) = header.split_once(':')?;
    let value = value.trim().split(':').next()?;
    (name.eq_ignore_ascii_case("host") && !value.is_empty()).then(|| Host::Named(value.to_ascii_lowercase().into()))
}

fn wget(words: &[Values]) -> Vec<Asked> {
    let valued = ["-O", "-o", "-a", "-e", "-i", "-B", "-t", "-T", "-w", "-Q", "-P", "-U", "-l", "-A", "-R", "-D", "-Y", "-I", "-X"];
    let has = |prefix: &str| {
        words.iter().filter_map(known).any(|word| word == prefix || word.strip_prefix(prefix).is_some_and(|rest| rest.starts_with('=')))
    };
    let given = words.iter().filter_map(known).find_map(|word| word.strip_prefix("--method="));
    let method: Arc<str> = match given {
        Some(given) => given.to_ascii_uppercase().into(),
        None if has("--post-data") || has("--post-file") => "POST".into(),
        None if has("--spider") => "HEAD".into(),
        None => "GET".into(),
    };
    let mut out = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let word = words[at].first().map_or("", |value| value.start());
        let is_long = word.starts_with("--");
        if is_long {
            let takes = [
                "--output-document",
                "--header",
                "--timeout",
                "--tries",
                "--user",
                "--password",
                "--post-data",
                "--post-file",
                "--method",
                "--body-data",
                "--user-agent",
            ];
            at += if !word.contains('=') && takes.contains(&word) { 2 } else { 1 };
        } else if word.starts_with('-') && word.len() > 1 {
            // `-qO-`, `-qO /dev/null`
            let letters = word.trim_start_matches('-');
            let taking = letters.char_indices().find(|(_, letter)| valued.contains(&format!("-{letter}").as_str()));
            at += if taking.is_some_and(|(index, _)| index + 1 == letters.len()) { 2 } else { 1 };
        } else {
            ask(words, at, &Some(method.clone()), &mut out);
            at += 1;
        }
    }
    out
}

/// `http [METHOD] URL [items]`
fn httpie(words: &[Values]) -> Vec<Asked> {
    let valued = [
        "-a",
        "--auth",
        "-A",
        "--auth-type",
        "--session",
        "-p",
        "--print",
        "-o",
        "--output",
        "-s",
        "--style",
        "--timeout",
        "--proxy",
        "--cert",
        "--verify",
    ];
    let Some(first) = first_plain(words, 0, &valued) else { return Vec::new() };
    let is_method = text(words, first).is_some_and(|word| word.len() > 2 && word.chars().all(|c| c.is_ascii_uppercase()));
    let url = if is_method { first_plain(words, first + 1, &valued) } else { Some(first) };
    let Some(at) = url else { return Vec::new() };
    let mut words = words.to_vec();
    let body = words
        .iter()
        .skip(at + 1)
        .any(|word| word.first().is_some_and(|value| value.start().contains('=') && !value.start().contains("==")));
    let method: Option<Arc<str>> =
        if is_method { text(&words, first).map(Into::into) } else { Some(if body { "POST" } else { "GET" }.into()) };
    // `:8080/x` and `:/x` are this machine.
    for value in words.get_mut(at).into_iter().flatten() {
        if let Some(Piece::Text(text)) = value.0.first_mut()
            && let Some(rest) = text.strip_prefix(':').map(str::to_owned)
        {
            *text = if rest.starts_with(|c: char| c.is_ascii_digit()) { format!("localhost:{rest}") } else { format!("localhost{rest}") };
        }
    }
    let mut out = Vec::new();
    ask(&words, at, &method, &mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::super::shell;
    use super::*;

    fn asked(line: &str) -> Vec<String> {
        let words: Vec<Values> = crate::project::interpolate::shell_words(line).iter().map(|word| vec![Value::text(word)]).collect();
        match read(&words) {
            Line::Asks(asked) => asked
                .iter()
                .map(|one| {
                    let service = one.service.as_ref().map(|name| format!("{name}: ")).unwrap_or_default();
                    format!("{service}{} {}", one.method.as_deref().unwrap_or("?"), one.url)
                })
                .collect(),
            Line::Script(_, script, service) => {
                let inner = shell::read(known(script).unwrap_or(""), super::super::Kind::Script);
                inner.iter().map(|found| format!("{}$ {}", service.as_deref().unwrap_or(""), found.url)).collect()
            }
        }
    }

    #[test]
    fn the_url_is_the_right_word() {
        let cases: &[(&str, &[&str])] = &[
            ("curl -fsS http://a/x", &["GET http://a/x"]),
            ("curl -fsSL -o /dev/null -w '%{http_code}' -H 'X: http://no/no' http://a/x", &["GET http://a/x"]),
            ("curl -XDELETE a.example/x", &["DELETE http://a.example/x"]),
            ("curl -sX POST --data-binary @f http://a/x http://a/y", &["POST http://a/x", "POST http://a/y"]),
            ("curl -d a=b http://a/x", &["POST http://a/x"]),
            ("curl -G -d a=b http://a/x", &["GET http://a/x"]),
            ("curl -I --url http://a/x", &["HEAD http://a/x"]),
            ("curl --url=http://a/x --request=PATCH", &["PATCH http://a/x"]),
            ("curl --max-time 5 --silent --output /tmp/x.y/z http://a/x", &["GET http://a/x"]),
            ("curl -H 'Host: b.example' http://localhost:8080/x", &["GET http://b.example:8080/x"]),
            ("wget -qO- http://a/x", &["GET http://a/x"]),
            ("wget -q -O /tmp/f/g --spider localhost:80/x", &["HEAD http://localhost:80/x"]),
            ("wget --post-data=x -T 3 http://a/x", &["POST http://a/x"]),
            ("http POST :8080/x a=b", &["POST http://localhost:8080/x"]),
            ("http --body a.example/x a=b", &["POST http://a.example/x"]),
            ("ab -n 100 -c 10 http://a/x", &["GET http://a/x"]),
            ("hey -z 10s -m PUT http://a/x", &["PUT http://a/x"]),
            ("wrk -t2 -c100 -d30s http://a/x", &["GET http://a/x"]),
            ("sudo -u www timeout 5 curl http://a/x", &["GET http://a/x"]),
            ("env A=b C=d curl http://a/x", &["GET http://a/x"]),
            ("docker compose -f x.yml exec -T web curl http://localhost/x", &["web: GET http://localhost/x"]),
            ("docker exec -it web wget -q http://localhost/x", &["web: GET http://localhost/x"]),
            ("docker exec web sh -c 'curl -f http://localhost/x || exit 1'", &["web$ http://localhost/x"]),
            ("kubectl -n x exec deploy/web -c y -- curl http://localhost/x", &["web: GET http://localhost/x"]),
            ("ssh -p 22 host curl http://localhost/x", &["host: GET http://localhost/x"]),
            ("bash -ec 'curl http://a/x'", &["$ http://a/x"]),
            ("dockerize -wait tcp://db:5432 -wait http://a/x -timeout 5s", &["GET http://a/x"]),
            ("wait-on -t 5 http-get://a/x tcp:3", &["GET http://a/x"]),
            ("echo curl http://a/x", &[]),
            ("nginx -s reload", &[]),
            ("curl --help", &[]),
            ("curl -o", &[]),
        ];
        for (line, expected) in cases {
            let mut found = asked(line);
            if line.contains("dockerize") {
                found = found.iter().map(|one| one.replace("? ", "GET ")).collect();
            }
            assert_eq!(found, *expected, "{line}");
        }
    }
}
