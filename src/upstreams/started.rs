//! What program a container starts, by the words of its command.

use crate::project::interpolate;

/// A kind of program that serves an application of which there is source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Runtime {
    /// Python, or a server for it.
    Python,
    /// Node, Deno or Bun.
    JavaScript,
    /// The Java virtual machine.
    Java,
    /// .NET
    DotNet,
    /// Ruby, or a server for it.
    Ruby,
    /// PHP, by itself or below Apache.
    Php,
    /// A program of its own, compiled from what is in the image's build.
    Binary,
}

/// What is started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Started {
    /// This, with its words from the program's name on.
    Program(Runtime, Vec<String>),
    /// A script of the project, by its name.
    Script(String),
    /// `npm run NAME`, `yarn NAME`: a script of package.json.
    Package(String),
    /// Nobody knows, or something else.
    Unknown,
}

const PYTHON: [&str; 13] = [
    "python",
    "python3",
    "uvicorn",
    "gunicorn",
    "hypercorn",
    "daphne",
    "granian",
    "flask",
    "fastapi",
    "django-admin",
    "manage.py",
    "waitress-serve",
    "starlette",
];
const JAVASCRIPT: [&str; 15] = [
    "node",
    "nodejs",
    "deno",
    "nodemon",
    "ts-node",
    "ts-node-dev",
    "tsx",
    "next",
    "nest",
    "pm2",
    "pm2-runtime",
    "pm2-docker",
    "swc-node",
    "babel-node",
    "micro",
];
const RUBY: [&str; 9] = ["ruby", "rails", "puma", "rackup", "unicorn", "thin", "falcon", "passenger", "jruby"];
const JAVA: [&str; 6] = ["java", "mvn", "mvnw", "gradle", "gradlew", "catalina.sh"];
const PHP: [&str; 6] = ["php", "apache2-foreground", "php-fpm", "frankenphp", "artisan", "apachectl"];
/// What serves something else than an application: files, other people's servers, several programs at once.
const OTHERS: [&str; 24] = [
    "nginx",
    "openresty",
    "httpd",
    "apache2",
    "caddy",
    "traefik",
    "haproxy",
    "envoy",
    "supervisord",
    "s6-svscan",
    "runit",
    "serve",
    "http-server",
    "vite",
    "webpack",
    "webpack-dev-server",
    "ng",
    "react-scripts",
    "uwsgi",
    "fastify",
    "litestar",
    "streamlit",
    "jupyter",
    "celery",
];
/// What starts the program behind it.
const WRAPPERS: [&str; 20] = [
    "exec",
    "tini",
    "dumb-init",
    "catatonit",
    "su-exec",
    "gosu",
    "nice",
    "nohup",
    "time",
    "doppler",
    "opentelemetry-instrument",
    "ddtrace-run",
    "docker-entrypoint.sh",
    "docker-php-entrypoint",
    "bundle",
    "bundler",
    "poetry",
    "pipenv",
    "pdm",
    "uv",
];

/// What a command starts. `words` are those of entrypoint and command, one behind the other.
pub fn started(words: &[String]) -> Started {
    follow(words, 0)
}

/// What the lines of a shell script start: the last program in them that serves something.
pub fn of_script(text: &str) -> Started {
    let mut found = Started::Unknown;
    for line in text.replace("\\\n", " ").lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        for part in parts(line) {
            let words = interpolate::shell_words(part);
            match follow(&words, 1) {
                Started::Unknown => {
                    // A second server may answer, too.
                    if words.iter().take(2).any(|word| OTHERS.contains(&name(word))) {
                        return Started::Unknown;
                    }
                }
                Started::Program(Runtime::Binary, _) | Started::Script(_) => {}
                Started::Program(runtime, words) if serves(runtime, &words) => match &found {
                    Started::Program(known, _) if *known != runtime => return Started::Unknown,
                    _ => found = Started::Program(runtime, words),
                },
                Started::Program(..) => {}
                package @ Started::Package(_) => found = package,
            }
        }
    }
    found
}

/// The last part of a path.
fn name(word: &str) -> &str {
    word.rsplit('/').next().unwrap_or(word)
}

/// A line of a shell, cut where another command begins.
fn parts(line: &str) -> impl Iterator<Item = &str> {
    line.split("&&").flat_map(|part| part.split("||")).flat_map(|part| part.split(';')).map(str::trim).filter(|part| !part.is_empty())
}

/// False for what prepares and ends: migrations, checks, installs.
fn serves(runtime: Runtime, words: &[String]) -> bool {
    const PREPARES: [&str; 16] = [
        "migrate",
        "collectstatic",
        "makemigrations",
        "createsuperuser",
        "loaddata",
        "check",
        "compilemessages",
        "shell",
        "db",
        "db:migrate",
        "db:prepare",
        "db:seed",
        "assets:precompile",
        "config:cache",
        "key:generate",
        "install",
    ];
    runtime == Runtime::Binary
        || !words.iter().skip(1).take(3).any(|word| PREPARES.contains(&word.as_str()) || word == "-c" || word == "pip")
}

fn follow(words: &[String], depth: usize) -> Started {
    if depth > 8 {
        return Started::Unknown;
    }
    let Some((first, rest)) = words.split_first() else { return Started::Unknown };
    let program = name(first);
    // `NAME=value program`
    if first
        .split_once('=')
        .is_some_and(|(name, _)| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'))
    {
        return follow(rest, depth + 1);
    }
    if ["sh", "bash", "ash", "dash", "zsh"].contains(&program) {
        let command = rest.iter().position(|word| word.starts_with('-') && word.ends_with('c'));
        return match command {
            Some(at) => match rest.get(at + 1) {
                Some(line) => of_line(line, depth + 1),
                None => Started::Unknown,
            },
            None => {
                rest.iter().find(|word| !word.starts_with('-')).map_or(Started::Unknown, |script| Started::Script(name(script).to_owned()))
            }
        };
    }
    if ["npm", "yarn", "pnpm", "bun", "npx", "bunx"].contains(&program) {
        return package(program, rest, depth);
    }
    if program.starts_with("wait-for") || program == "dockerize" || program == "wait4ports" {
        let behind = rest.iter().position(|word| word == "--").and_then(|at| rest.get(at + 1..));
        return behind.map_or(Started::Unknown, |rest| follow(rest, depth + 1));
    }
    if program == "env" || WRAPPERS.contains(&program) {
        let skip = |word: &&String| word.starts_with('-') || ["run", "exec", "--"].contains(&word.as_str()) || word.contains('=');
        let from = rest.iter().take_while(skip).count();
        // `gosu USER program`
        let from = from + usize::from(["gosu", "su-exec"].contains(&program));
        return rest.get(from..).map_or(Started::Unknown, |rest| follow(rest, depth + 1));
    }
    let is = |names: &[&str]| names.contains(&program);
    let runtime = if is(&OTHERS) {
        return Started::Unknown;
    } else if is(&PYTHON) || program.starts_with("python3.") || program.ends_with(".py") {
        Runtime::Python
    } else if is(&JAVASCRIPT) {
        Runtime::JavaScript
    } else if is(&RUBY) {
        Runtime::Ruby
    } else if is(&JAVA) {
        Runtime::Java
    } else if program == "dotnet" {
        Runtime::DotNet
    } else if is(&PHP) {
        Runtime::Php
    } else if program == "go" || program == "cargo" {
        Runtime::Binary
    } else if program.ends_with(".sh") {
        return Started::Script(program.to_owned());
    } else if first.contains('/') || !program.contains('.') {
        Runtime::Binary
    } else {
        return Started::Unknown;
    };
    // `python -m http.server` serves files; `python -m uvicorn app:app` the application.
    if runtime == Runtime::Python
        && let Some(at) = rest.iter().position(|word| word == "-m")
        && let Some(module) = rest.get(at + 1)
    {
        return match PYTHON.contains(&module.as_str()) {
            true => Started::Program(runtime, rest.get(at + 1..).unwrap_or_default().to_vec()),
            false if module.starts_with("http.") || OTHERS.contains(&module.as_str()) => Started::Unknown,
            false => Started::Program(runtime, words.to_vec()),
        };
    }
    Started::Program(runtime, words.to_vec())
}

/// A line for a shell: what its last command starts, with `cd`, `export` and the like before it.
fn of_line(line: &str, depth: usize) -> Started {
    if line.contains(" & ") || line.trim_end().ends_with('&') {
        return Started::Unknown;
    }
    let last = parts(line).last().unwrap_or("");
    let last = last.split('|').next().unwrap_or(last);
    follow(&interpolate::shell_words(last), depth + 1)
}

fn package(program: &str, rest: &[String], depth: usize) -> Started {
    let words: Vec<String> = rest.iter().filter(|word| !word.starts_with('-')).cloned().collect();
    let Some((first, more)) = words.split_first() else { return Started::Unknown };
    match (program, first.as_str()) {
        ("npx" | "bunx", _) => follow(&words, depth + 1),
        (_, "start") if program != "bun" => Started::Package("start".to_owned()),
        (_, "exec" | "dlx") => follow(more, depth + 1),
        (_, "run" | "run-script") => more.first().map_or(Started::Unknown, |name| Started::Package(name.clone())),
        ("npm", _) => Started::Unknown,
        ("bun", file) if file.contains('.') => Started::Program(Runtime::JavaScript, words),
        (_, script) => Started::Package(script.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(line: &str) -> Started {
        started(&interpolate::shell_words(line))
    }

    #[test]
    fn programs_behind_whatever_starts_them() {
        for (line, runtime, first) in [
            ("uvicorn app.main:app --host 0.0.0.0", Runtime::Python, "uvicorn"),
            ("python -m gunicorn -b :80 app:app", Runtime::Python, "gunicorn"),
            ("tini -- poetry run python manage.py runserver", Runtime::Python, "python"),
            ("sh -c 'python manage.py migrate && exec gunicorn x.wsgi'", Runtime::Python, "gunicorn"),
            ("env A=b node server.js", Runtime::JavaScript, "node"),
            ("npx tsx src/index.ts", Runtime::JavaScript, "tsx"),
            ("bundle exec puma -C config/puma.rb", Runtime::Ruby, "puma"),
            ("java -jar app.jar", Runtime::Java, "java"),
            ("dotnet Api.dll", Runtime::DotNet, "dotnet"),
            ("/usr/local/bin/api --port 80", Runtime::Binary, "/usr/local/bin/api"),
            ("gosu app ./server", Runtime::Binary, "./server"),
            ("./wait-for-it.sh db:5432 -- node a.js", Runtime::JavaScript, "node"),
        ] {
            match of(line) {
                Started::Program(found, words) => {
                    assert_eq!((found, words.first().map(String::as_str)), (runtime, Some(first)), "{line}")
                }
                other => panic!("{line}: {other:?}"),
            }
        }
        assert_eq!(of("npm start"), Started::Package("start".into()));
        assert_eq!(of("yarn serve:prod"), Started::Package("serve:prod".into()));
        assert_eq!(of("pnpm run dev"), Started::Package("dev".into()));
        assert_eq!(of("/entrypoint.sh web"), Started::Script("entrypoint.sh".into()));
        for line in ["nginx -g 'daemon off;'", "supervisord -n", "python -m http.server", "sh -c 'a & node b.js'", "npx serve -s build", ""]
        {
            assert_eq!(of(line), Started::Unknown, "{line}");
        }
    }

    #[test]
    fn scripts() {
        let script = "#!/bin/sh\nset -e\npython manage.py migrate\npython -c 'x'\nexec gunicorn \\\n  app.wsgi \"$@\"\n";
        assert!(matches!(of_script(script), Started::Program(Runtime::Python, words) if words[0] == "gunicorn"));
        assert_eq!(of_script("node a.js &\nnginx -g 'daemon off;'\n"), Started::Unknown);
        assert_eq!(of_script("#!/bin/sh\nexec \"$@\"\n"), Started::Unknown);
    }
}
