//! How each tool that sends requests takes its arguments.

use std::sync::Arc;

use super::Host;
use super::command::{Asked, first_plain, known, text};
use super::value::{Manner, Piece, Value, Values};

/// Reads the words behind a tool's name.
pub(super) type Tool = fn(&[Values]) -> Vec<Asked>;

/// The tool of a name; `None` for every other command.
pub(super) fn tool(name: &str) -> Option<Tool> {
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
