//! Command lines that send requests: `curl`, `wget` and their like, behind `sudo`, `timeout`, `docker compose exec`.

use std::sync::Arc;

use super::Url;
use super::tools::tool;
use super::value::Values;

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

pub(super) fn known(word: &Values) -> Option<&str> {
    word.first()?.known()
}

pub(super) fn text(words: &[Values], at: usize) -> Option<&str> {
    words.get(at).and_then(known)
}

fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'))
}

/// The first word from `at` that is no option; those in `valued` take the next word with them.
pub(super) fn first_plain(words: &[Values], mut at: usize, valued: &[&str]) -> Option<usize> {
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

#[cfg(test)]
mod tests {
    use super::super::shell;
    use super::super::value::Value;
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
