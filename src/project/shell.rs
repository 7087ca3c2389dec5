//! What a line of shell may leave behind on disk. Only asked to silence: whatever is not known to be harmless may make any file.

use super::interpolate;

/// Commands that make no file which a configuration could name: they install packages below folders that images own, set
/// rights, remove, wait, talk.
const HARMLESS: &[&str] = &[
    "apk",
    "apt",
    "apt-get",
    "yum",
    "dnf",
    "microdnf",
    "rm",
    "rmdir",
    "mkdir",
    "chown",
    "chmod",
    "chgrp",
    "addgroup",
    "adduser",
    "groupadd",
    "useradd",
    "usermod",
    "groupmod",
    "setcap",
    "true",
    ":",
    "set",
    "export",
    "nginx",
    "nginx-debug",
    "openresty",
    "sleep",
    "exit",
    "test",
    "[",
    "update-ca-certificates",
    "echo",
    "cd",
    "wait",
    "trap",
];

/// True when every command of a shell line is known to make no file.
pub(super) fn only_reads(line: &str) -> bool {
    let mut line = line.trim();
    while let Some(flags) = line.strip_prefix("--") {
        line = flags.split_once(char::is_whitespace).map_or("", |(_, rest)| rest).trim_start();
    }
    if let Ok(words) = serde_json::from_str::<Vec<String>>(line) {
        return starts_plainly(&words);
    }
    if line.contains(['`', '<']) || line.contains("$(") {
        return false;
    }
    // Errors thrown away or joined to the output write no file.
    let quiet = ["2>&1", ">/dev/null", "> /dev/null", "1>&2", ">&2", "2>/dev/null", "2> /dev/null"];
    let line = quiet.iter().fold(line.to_owned(), |line, redirection| line.replace(redirection, " "));
    if line.contains('>') {
        return false;
    }
    line.split(['&', '|', ';', '\n']).all(|part| {
        let words = interpolate::shell_words(part.trim());
        let word = words
            .iter()
            .find(|word| *word != "exec" && *word != "if" && *word != "then" && *word != "else" && *word != "fi" && !word.contains('='));
        word.is_none_or(|word| HARMLESS.contains(&word.rsplit('/').next().unwrap_or(word)))
    })
}

/// True when what a container starts is nginx, or a shell line that makes no file; also when nothing is said.
pub(super) fn starts_plainly(words: &[String]) -> bool {
    let Some(first) = words.first() else { return true };
    match first.rsplit('/').next().unwrap_or(first) {
        "sh" | "bash" | "ash" | "dash" => match words.get(1).map(String::as_str) {
            Some("-c" | "-ec" | "-xc" | "-exc") => words.get(2).is_some_and(|line| only_reads(line)),
            _ => false,
        },
        // The official images' own: it runs what comes behind it.
        "docker-entrypoint.sh" | "tini" | "dumb-init" | "--" => starts_plainly(&words[1..]),
        _ if first.starts_with('-') => true,
        command => HARMLESS.contains(&command),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_known_is_harmless() {
        for line in [
            "apk add --no-cache curl && rm -rf /var/cache/apk/*",
            "--mount=type=cache,target=/x apt-get update; apt-get install -y x",
            "nginx -t 2>&1",
            r#"["nginx", "-t"]"#,
            "A=1 nginx",
        ] {
            assert!(only_reads(line), "{line}");
        }
        for line in [
            "./gen.sh",
            "npm run build",
            "echo x > /a",
            "apk add x && cp a b",
            "sh -c 'x'",
            "envsubst < a > b",
            r#"["/gen"]"#,
            "touch $(x)",
        ] {
            assert!(!only_reads(line), "{line}");
        }
    }

    #[test]
    fn nginx_is_a_plain_start() {
        let words = |line: &str| interpolate::shell_words(line);
        for line in ["", "nginx -g 'daemon off;'", "/docker-entrypoint.sh nginx", "sh -c 'sleep 1 && exec nginx'", "-c /x"] {
            assert!(starts_plainly(&words(line)), "{line}");
        }
        for line in ["/start.sh", "sh start.sh", "sh -c 'envsubst </a >/b && nginx'", "sh -c"] {
            assert!(!starts_plainly(&words(line)), "{line}");
        }
    }
}
