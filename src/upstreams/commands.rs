//! On which address and port a program listens, as its command line says.
//!
//! Only programs whose options and defaults are written down here; of any other nothing is known. Each default was looked up in the
//! program's own source.

use crate::project::interpolate::{self, Environment};

/// A program that listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    /// Its name.
    pub name: &'static str,
    /// The port; `None` where that is not known.
    pub port: Option<u16>,
    /// True where the command line or a variable says the port, false for the program's default.
    pub stated: bool,
    /// Which connections it takes.
    pub bound: Bound,
    /// Whether it speaks TLS; `None` where that is not known.
    pub tls: Option<bool>,
}

/// Which connections a program takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bound {
    /// From everywhere.
    All,
    /// From its own container only, since this says so: `--host 127.0.0.1`.
    Loopback(String),
    /// The same, since nothing says anything else.
    LoopbackByDefault,
    /// It is not known.
    Unknown,
}

/// The value of a variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Variable {
    /// Nothing sets it.
    Unset,
    /// It has this value.
    Set(String),
    /// Something may set it that is not here.
    Unknown,
}

/// A file beside a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Beside {
    /// There is none.
    Absent,
    /// It has this text.
    Text(String),
    /// It may be there.
    Unknown,
}

impl Beside {
    /// The text, where one is known.
    fn text(self) -> Option<String> {
        if let Beside::Text(text) = self { Some(text) } else { None }
    }

    /// True where the file says one of these words; `None` where it is not known.
    fn says(self, words: &[&str]) -> Option<bool> {
        match self {
            Beside::Absent => Some(false),
            Beside::Text(text) => Some(words.iter().any(|word| text.contains(word))),
            Beside::Unknown => None,
        }
    }
}

/// What a command line is read against.
pub trait Home {
    /// A variable of the environment.
    fn variable(&self, name: &str) -> Variable;
    /// All variables; `None` where more may be set than is known.
    fn environment(&self) -> Option<Environment>;
    /// A file in the folder where the program starts.
    fn file(&self, name: &str) -> Beside;
}

/// How many scripts may call one another.
const MAX_DEPTH: usize = 4;

/// Programs that are read; where one runs before the last command, nobody knows which of them stays.
const PROGRAMS: [&str; 10] = ["uvicorn", "gunicorn", "hypercorn", "daphne", "flask", "fastapi", "streamlit", "next", "vite", "http-server"];

/// Reads the words of a command. `None` for a program that is not known.
pub fn read(words: &[String], home: &dyn Home) -> Option<Program> {
    command(words, home, 0)
}

fn command(words: &[String], home: &dyn Home, depth: usize) -> Option<Program> {
    if depth > MAX_DEPTH || words.iter().any(|word| matches!(word.as_str(), "&&" | "||" | ";" | "|" | "&")) {
        return None;
    }
    let mut rest = words;
    // Each step takes at least one word away.
    loop {
        let (first, after) = rest.split_first()?;
        let name = first.rsplit('/').next().unwrap_or(first);
        let next = |at: usize| after.get(at).map(String::as_str);
        rest = match name {
            "exec"
            | "nohup"
            | "env"
            | "tini"
            | "dumb-init"
            | "--"
            | "docker-entrypoint.sh"
            | "npx"
            | "ddtrace-run"
            | "opentelemetry-instrument" => after.get(usize::from(matches!(next(0), Some("-g" | "--" | "-y" | "--yes")))..)?,
            "poetry" | "pipenv" | "pdm" | "uv" | "hatch" if next(0) == Some("run") => {
                let options = after.iter().skip(1).take_while(|word| word.starts_with("--")).count();
                after.get(1 + options..)?
            }
            "python" | "python3" | "pypy3" => return python(after, home),
            _ if name.strip_prefix("python3.").is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit())) => {
                return python(after, home);
            }
            "sh" | "bash" | "ash" | "dash" => {
                let (flag, script) = (next(0)?, next(1)?);
                return matches!(flag, "-c" | "-ec" | "-lc" | "-xc" | "-exc").then(|| shell(script, home, depth))?;
            }
            "npm" | "pnpm" | "yarn" => return script(name, after, home, depth),
            _ => return program(name, Words(after), home),
        };
    }
}

/// `python -m uvicorn …`, `python manage.py runserver …`
fn python(words: &[String], home: &dyn Home) -> Option<Program> {
    let at = words.iter().position(|word| !matches!(word.as_str(), "-u" | "-O" | "-B" | "-I"))?;
    let rest = words.get(at..)?;
    match rest {
        [flag, module, after @ ..] if flag == "-m" => program(module, Words(after), home),
        [file, verb, after @ ..] if file.rsplit('/').next() == Some("manage.py") && verb == "runserver" => {
            let address = after.iter().find(|word| !word.starts_with('-'));
            if after.iter().any(|word| word == "--ipv6" || word == "-6") {
                return None;
            }
            let (host, port) = match address {
                None => (None, Some(8000)),
                Some(address) => match address.rsplit_once(':') {
                    Some((host, port)) => (Some(host), Some(port.parse().ok()?)),
                    None => (None, Some(address.parse().ok()?)),
                },
            };
            let bound = host.map_or(Bound::LoopbackByDefault, |host| bound(host, format!("runserver {}", address.map_or("", |all| all))));
            Some(Program { name: "runserver", port, stated: address.is_some(), bound, tls: Some(false) })
        }
        _ => None,
    }
}

/// A line of shell: its last command, when those before it end by themselves.
fn shell(line: &str, home: &dyn Home, depth: usize) -> Option<Program> {
    let line = line.replace("2>&1", " ");
    let control = ["if ", "for ", "while ", "case ", "until "];
    if line.contains(['`', '|', '<', '>', '(', ')']) || control.iter().any(|word| line.contains(word)) {
        return None;
    }
    let parts: Vec<&str> =
        line.split("&&").flat_map(|part| part.split([';', '\n'])).map(str::trim).filter(|part| !part.is_empty()).collect();
    let (last, before) = parts.split_last()?;
    let starts = |part: &&str| {
        let words = interpolate::shell_words(part);
        words.iter().any(|word| PROGRAMS.contains(&word.rsplit('/').next().unwrap_or(word)) || word == "runserver")
    };
    if line.replace("&&", "").contains('&') || before.iter().any(starts) {
        return None;
    }
    // What `cd` and `export` change is not followed.
    if before
        .iter()
        .any(|part| part.starts_with("cd ") || part.starts_with("export ") || part.starts_with(". ") || part.starts_with("source "))
    {
        return None;
    }
    let filled = match last.contains('$') {
        true => interpolate::interpolate(last, &home.environment()?)?,
        false => (*last).to_owned(),
    };
    let words = interpolate::shell_words(&filled);
    // `PORT=3000 next start`
    if words.first().is_some_and(|word| word.contains('=')) {
        return None;
    }
    command(&words, home, depth + 1)
}

/// `npm run dev`, `npm start`, `yarn dev -p 3001`: what package.json says.
fn script(manager: &str, words: &[String], home: &dyn Home, depth: usize) -> Option<Program> {
    let (verb, rest) = words.split_first()?;
    let (name, rest) = match verb.as_str() {
        "run" | "run-script" => rest.split_first()?,
        "start" => (verb, rest),
        _ if manager != "npm" && !verb.starts_with('-') => (verb, rest),
        _ => return None,
    };
    let package: serde_json::Value = serde_json::from_str(&home.file("package.json").text()?).ok()?;
    let scripts = package.get("scripts")?;
    if scripts.get(format!("pre{name}")).is_some() {
        return None;
    }
    let rest = match (manager, rest.split_first()) {
        ("npm", Some((dashes, rest))) if dashes == "--" => rest,
        ("npm", Some(_)) => return None,
        (_, Some((dashes, rest))) if dashes == "--" => rest,
        _ => rest,
    };
    let mut line = scripts.get(name)?.as_str()?.to_owned();
    for word in rest {
        line.push(' ');
        line.push_str(word);
    }
    shell(&line, home, depth + 1)
}

/// A host as it is given to a program.
fn bound(host: &str, written: String) -> Bound {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    match bare {
        "" | "0.0.0.0" | "::" | "*" | "0" => Bound::All,
        "localhost" | "::1" => Bound::Loopback(written),
        _ if bare.parse::<std::net::Ipv4Addr>().is_ok_and(|address| address.is_loopback()) => Bound::Loopback(written),
        _ => Bound::Unknown,
    }
}

/// The options of a command.
struct Words<'a>(&'a [String]);

impl Words<'_> {
    /// The values of an option, as `--port 80`, `--port=80`, `-p 80` and `-p80`, in order.
    fn all(&self, names: &[&str]) -> Vec<String> {
        let mut out = Vec::new();
        let mut words = self.0.iter();
        while let Some(word) = words.next() {
            for name in names {
                if word == name {
                    out.extend(words.next().cloned());
                    break;
                }
                let rest = word.strip_prefix(name);
                match rest {
                    Some(rest) if name.starts_with("--") => out.extend(rest.strip_prefix('=').map(str::to_owned)),
                    Some(rest) => out.push(rest.trim_start_matches('=').to_owned()),
                    None => {}
                }
            }
        }
        out
    }

    /// The last value of an option, with the option as it may be written.
    fn one(&self, names: &[&str]) -> Option<String> {
        self.all(names).pop()
    }

    /// True where one of these options is there, with or without a value.
    fn has(&self, names: &[&str]) -> bool {
        self.0.iter().any(|word| names.iter().any(|name| word == name || word.strip_prefix(name).is_some_and(|rest| rest.starts_with('='))))
    }
}

/// What a program's options and variables are called, and what holds without them.
struct Options {
    name: &'static str,
    host: &'static [&'static str],
    host_variable: Option<&'static str>,
    port: &'static [&'static str],
    port_variable: Option<&'static str>,
    default: (Bound, Option<u16>),
    /// Where it listens is said in other ways.
    other: &'static [&'static str],
    tls: &'static [&'static str],
    tls_variable: Option<&'static str>,
}

fn program(name: &str, words: Words<'_>, home: &dyn Home) -> Option<Program> {
    let plain = Options {
        name: "",
        host: &["--host"],
        host_variable: None,
        port: &["--port"],
        port_variable: None,
        default: (Bound::Unknown, None),
        other: &[],
        tls: &[],
        tls_variable: None,
    };
    let options = match name {
        "uvicorn" => Options {
            name: "uvicorn",
            host_variable: Some("UVICORN_HOST"),
            port_variable: Some("UVICORN_PORT"),
            default: (Bound::LoopbackByDefault, Some(8000)),
            other: &["--uds", "--fd"],
            tls: &["--ssl-keyfile", "--ssl-certfile"],
            tls_variable: Some("UVICORN_SSL_KEYFILE"),
            ..plain
        },
        "gunicorn" | "hypercorn" => return binds(if name == "gunicorn" { "gunicorn" } else { "hypercorn" }, &words, home),
        "daphne" => Options {
            name: "daphne",
            host: &["-b", "--bind"],
            port: &["-p", "--port"],
            default: (Bound::LoopbackByDefault, Some(8000)),
            other: &["-e", "--endpoint", "-u", "--unix-socket", "--fd"],
            ..plain
        },
        "flask" => {
            if !words.0.iter().any(|word| word == "run") || !quiet_dotenv(home)? {
                return None;
            }
            Options {
                name: "flask",
                host: &["-h", "--host"],
                host_variable: Some("FLASK_RUN_HOST"),
                port: &["-p", "--port"],
                port_variable: Some("FLASK_RUN_PORT"),
                default: (Bound::LoopbackByDefault, Some(5000)),
                tls: &["--cert"],
                tls_variable: Some("FLASK_RUN_CERT"),
                ..plain
            }
        }
        "fastapi" => {
            let verb = words.0.first()?;
            let default = if verb == "dev" { Bound::LoopbackByDefault } else { Bound::All };
            if !matches!(verb.as_str(), "dev" | "run") {
                return None;
            }
            Options { name: "fastapi", port_variable: Some("PORT"), default: (default, Some(8000)), ..plain }
        }
        "streamlit" if words.0.first().is_some_and(|verb| verb == "run") => {
            Options { name: "streamlit", host: &["--server.address"], port: &["--server.port"], ..plain }
        }
        "next" if words.0.first().is_some_and(|verb| matches!(verb.as_str(), "dev" | "start")) => Options {
            name: "next",
            host: &["-H", "--hostname"],
            port: &["-p", "--port"],
            port_variable: Some("PORT"),
            default: (Bound::All, Some(3000)),
            other: &["--experimental-https"],
            ..plain
        },
        "vite" => return vite(&words, home),
        "http-server" => Options {
            name: "http-server",
            host: &["-a"],
            port: &["-p", "--port"],
            port_variable: Some("PORT"),
            default: (Bound::All, Some(8080)),
            ..plain
        },
        "http.server" => {
            let written = words.0.iter().find(|word| word.bytes().all(|byte| byte.is_ascii_digit()));
            let host = words.one(&["-b", "--bind"]);
            let port = written.map_or(Some(8000), |port| port.parse().ok())?;
            let bound = host.map_or(Bound::All, |host| bound(&host, format!("--bind {host}")));
            return Some(Program { name: "http.server", port: Some(port), stated: written.is_some(), bound, tls: Some(false) });
        }
        _ => return None,
    };
    given(&options, &words, home)
}

fn given(options: &Options, words: &Words<'_>, home: &dyn Home) -> Option<Program> {
    if words.has(options.other) {
        return None;
    }
    let variable = |name: Option<&'static str>| name.map_or(Variable::Unset, |name| home.variable(name));
    let (default_bound, default_port) = options.default.clone();
    let (port, stated) = match (words.one(options.port), variable(options.port_variable)) {
        (Some(port), _) => (Some(port.parse().ok()?), true),
        (None, Variable::Set(port)) => (Some(port.parse().ok()?), true),
        (None, Variable::Unknown) => (None, false),
        (None, Variable::Unset) => (default_port, false),
    };
    let long = options.host.iter().find(|name| name.starts_with("--")).or(options.host.first())?;
    let bound = match (words.one(options.host), variable(options.host_variable)) {
        (Some(host), _) => bound(&host, format!("{long} {host}")),
        (None, Variable::Set(host)) => bound(&host, format!("{}={host}", options.host_variable.unwrap_or_default())),
        (None, Variable::Unknown) => Bound::Unknown,
        (None, Variable::Unset) => default_bound,
    };
    let tls = match (options.tls.is_empty(), words.has(options.tls), variable(options.tls_variable)) {
        (true, ..) => None,
        (_, true, _) => Some(true),
        (_, false, Variable::Unset) => Some(false),
        (_, false, _) => None,
    };
    Some(Program { name: options.name, port, stated, bound, tls })
}

/// gunicorn and hypercorn: `--bind HOST:PORT`, more than once.
fn binds(name: &'static str, words: &Words<'_>, home: &dyn Home) -> Option<Program> {
    let unset = |variable: &str| home.variable(variable) == Variable::Unset;
    let configured = words.has(&["-c", "--config"]) || words.has(&["--fd", "--insecure-bind", "--quic-bind"]);
    // gunicorn reads gunicorn.conf.py where it starts.
    if configured || name == "gunicorn" && (!unset("GUNICORN_CMD_ARGS") || home.file("gunicorn.conf.py") != Beside::Absent) {
        return None;
    }
    let given = words.all(&["-b", "--bind"]);
    let (port, bound, stated) = match given.as_slice() {
        [] => match (name, home.variable("PORT")) {
            ("gunicorn", Variable::Set(port)) => (port.parse().ok()?, Bound::All, true),
            ("gunicorn", Variable::Unknown) => return None,
            _ => (8000, Bound::LoopbackByDefault, false),
        },
        [address] if !address.starts_with("unix:") && !address.starts_with("fd:") => {
            let (host, port) = match address.rsplit_once(':') {
                Some((host, port)) if !port.ends_with(']') => (host, port.parse().ok()?),
                _ => (address.as_str(), 8000),
            };
            (port, bound(host, format!("--bind {address}")), true)
        }
        _ => return None,
    };
    Some(Program { name, port: Some(port), stated, bound, tls: Some(words.has(&["--certfile", "--keyfile"])) })
}

/// vite's configuration may say both; only where it does not, the options and defaults hold.
fn vite(words: &Words<'_>, home: &dyn Home) -> Option<Program> {
    let preview = words.0.first().is_some_and(|verb| verb == "preview");
    if words.0.first().is_some_and(|verb| !verb.starts_with('-') && !matches!(verb.as_str(), "preview" | "dev" | "serve")) {
        return None;
    }
    let mut says = false;
    for end in ["js", "ts", "mjs", "mts", "cjs", "cts"] {
        says |= home.file(&format!("vite.config.{end}")).says(&["host", "port", "server", "preview", "https", "..."])?;
    }
    let default_port = if preview { 4173 } else { 5173 };
    let port = words.one(&["--port"]);
    let stated = port.is_some();
    let port = match port {
        Some(port) => Some(port.parse().ok()?),
        None => (!says).then_some(default_port),
    };
    let bound = match (words.one(&["--host"]), words.has(&["--host"])) {
        // `--host` by itself is all addresses.
        (Some(host), _) if !host.starts_with('-') => bound(&host, format!("--host {host}")),
        (_, true) => Bound::All,
        (_, false) if says => Bound::Unknown,
        (_, false) => Bound::LoopbackByDefault,
    };
    Some(Program { name: "vite", port, stated, bound, tls: None })
}

/// `Some(true)` when no file that flask reads at start says where it listens.
fn quiet_dotenv(home: &dyn Home) -> Option<bool> {
    let mut quiet = true;
    for name in [".flaskenv", ".env"] {
        quiet &= !home.file(name).says(&["FLASK_RUN"])?;
    }
    Some(quiet)
}
