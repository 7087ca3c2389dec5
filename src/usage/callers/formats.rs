//! Which files may call something, how each is read, and what its place says of it.

use std::path::Path;
use std::sync::OnceLock;

use aho_corasick::AhoCorasick;

use super::Kind;
use super::javascript::Dialect;
use crate::project::{compose, paths};

/// How a file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Format {
    Html,
    Script(Dialect),
    Shell,
    Makefile,
    Crontab,
    /// Several formats are YAML or JSON: what is in it decides.
    Yaml,
    Json,
    Har,
    HttpFile,
    Bruno,
    Lua,
    Css,
    /// systemd
    Unit,
    /// `package.json`
    Package,
    Python,
    Go,
    Markdown,
    Text,
}

/// What a reader knows of the file beside its text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Context<'a> {
    /// Its path from the workspace's folder.
    pub(super) path: &'a Path,
    /// The path says that it is a test.
    pub(super) test: bool,
}

impl<'a> Context<'a> {
    pub(super) fn new(path: &'a Path) -> Context<'a> {
        Context { path, test: is_test(path) }
    }

    /// What asks, by default; in a test that is the test.
    pub(super) fn kind(&self, default: Kind) -> Kind {
        if self.test { Kind::Test } else { default }
    }

    pub(super) fn extension(&self) -> &'a str {
        self.path.extension().and_then(|end| end.to_str()).unwrap_or("")
    }
}

/// Names of folders and files that hold tests.
fn is_test(path: &Path) -> bool {
    const WORDS: [&str; 19] = [
        "test",
        "tests",
        "__tests__",
        "spec",
        "specs",
        "e2e",
        "smoke",
        "verify",
        "testing",
        "cypress",
        "playwright",
        "loadtest",
        "loadtests",
        "benchmark",
        "k6",
        "conftest",
        "integration",
        "acceptance",
        "locustfile",
    ];
    let word = |part: &str| part.split(['.', '_', '-']).any(|word| WORDS.contains(&word));
    let mut parts = path.iter().filter_map(|part| part.to_str()).map(str::to_lowercase);
    let Some(name) = parts.next_back() else { return false };
    parts.any(|folder| word(&folder) || folder == "load-tests") || word(name.strip_prefix('.').unwrap_or(&name))
}

/// How a file is read; `None` for one that calls nothing, or whose format is not read.
pub(super) fn of(path: &Path) -> Option<Format> {
    let name = path.file_name()?.to_str()?;
    let lower = name.to_ascii_lowercase();
    if is_foreign(path, &lower) {
        return None;
    }
    if lower == "makefile" || lower == "gnumakefile" || lower.ends_with(".mk") || lower == "justfile" {
        return Some(Format::Makefile);
    }
    if lower == "package.json" {
        return Some(Format::Package);
    }
    if lower == "crontab"
        || lower.ends_with(".cron")
        || lower.ends_with(".crontab")
        || path.parent().is_some_and(|folder| folder.ends_with("cron.d"))
    {
        return Some(Format::Crontab);
    }
    // Compose files and Dockerfiles are the project's.
    if compose::is_compose_name(name) || paths::is_dockerfile(path) {
        return None;
    }
    let template = ["j2", "jinja", "jinja2", "tmpl", "tpl", "erb", "ejs"].iter().find_map(|end| lower.strip_suffix(end)?.strip_suffix('.'));
    let extension = template.unwrap_or(&lower).rsplit_once('.').map_or("", |(_, end)| end);
    Some(match extension {
        "html" | "htm" | "shtml" | "xhtml" | "vue" | "svelte" | "hbs" | "handlebars" | "mustache" | "twig" | "njk" | "liquid" | "phtml"
        | "jsp" | "astro" | "cshtml" | "gohtml" => Format::Html,
        "js" | "jsx" | "mjs" | "cjs" => Format::Script(Dialect::JavaScript),
        "ts" | "mts" | "cts" => Format::Script(Dialect::TypeScript),
        "tsx" => Format::Script(Dialect::Tsx),
        "sh" | "bash" | "zsh" | "ksh" | "ash" | "bats" => Format::Shell,
        "yml" | "yaml" => Format::Yaml,
        "json" => Format::Json,
        "har" => Format::Har,
        "http" | "rest" | "hurl" => Format::HttpFile,
        "bru" => Format::Bruno,
        "lua" => Format::Lua,
        "css" | "scss" | "less" => Format::Css,
        "service" => Format::Unit,
        "py" => Format::Python,
        "go" => Format::Go,
        "md" | "markdown" | "mdx" => Format::Markdown,
        "rst" | "adoc" | "asciidoc" => Format::Text,
        "txt"
            if !["requirements", "cmakelists", "license", "licence", "robots", "copying", "notice", "constraints", "third"]
                .iter()
                .any(|name| lower.starts_with(name)) =>
        {
            Format::Text
        }
        // Templates whose name says nothing more.
        "" if matches!(lower.rsplit_once('.'), Some((_, "ejs" | "erb"))) => Format::Html,
        // A script by its first line.
        "" if template.is_none() => Format::Shell,
        _ => return None,
    })
}

/// The language of source code that is not read.
pub(super) fn unread(path: &Path) -> Option<&'static str> {
    Some(match path.extension()?.to_str()? {
        "java" => "Java",
        "kt" | "kts" => "Kotlin",
        "rb" => "Ruby",
        "cs" => "C#",
        "rs" => "Rust",
        "php" => "PHP",
        "swift" => "Swift",
        "dart" => "Dart",
        "scala" => "Scala",
        "ex" | "exs" => "Elixir",
        "pl" | "pm" => "Perl",
        "tf" => "Terraform",
        "ps1" => "PowerShell",
        _ => return None,
    })
}

/// Files of other people, and those that a machine wrote.
fn is_foreign(path: &Path, name: &str) -> bool {
    const FOLDERS: [&str; 14] = [
        "bower_components",
        "third_party",
        "third-party",
        "site-packages",
        ".next",
        ".nuxt",
        ".svelte-kit",
        ".yarn",
        ".terraform",
        "coverage",
        "__snapshots__",
        ".tox",
        "jspm_packages",
        "vendors",
    ];
    const LOCKS: [&str; 5] = ["package-lock.json", "pnpm-lock.yaml", "composer.lock", "npm-shrinkwrap.json", "tsconfig.json"];
    LOCKS.contains(&name)
        || name.contains(".min.")
        || name.contains(".bundle.")
        || name.ends_with(".d.ts")
        || path.iter().any(|part| FOLDERS.iter().any(|folder| part == *folder))
}

impl Format {
    /// The most bytes of a file that are read.
    pub(super) fn limit(self) -> u64 {
        match self {
            Format::Har | Format::Json | Format::Yaml => 16 * 1024 * 1024,
            Format::Text => 512 * 1024,
            _ => 1024 * 1024,
        }
    }

    /// May the text call anything? A cheap look before it is parsed.
    pub(super) fn may_call(self, text: &str) -> bool {
        static SETS: OnceLock<[Option<AhoCorasick>; 6]> = OnceLock::new();
        let sets = SETS.get_or_init(|| {
            let set = |names: &[&str]| AhoCorasick::new(names).ok();
            [
                set(&super::command::NAMES),
                set(&[
                    "fetch",
                    "import(\"/",
                    "import('/",
                    "import(`/",
                    "axios",
                    "XMLHttpRequest",
                    ".open(",
                    "EventSource",
                    "WebSocket",
                    "sendBeacon",
                    "$.",
                    "jQuery",
                    "ky",
                    "got",
                    "$http",
                    ".http",
                    "useSWR",
                    "location",
                    "window.open",
                    "superagent",
                    "supertest",
                    "request",
                    "href",
                    "action",
                    "src=",
                    ".src",
                    "Worker",
                    "http",
                    "visit",
                    "goto",
                    "importScripts",
                    "wretch",
                    "HttpLink",
                    "addAll",
                    "GraphQL",
                    "createClient",
                    "Swagger",
                    "ttpBatchLink",
                    "needle",
                ]),
                set(&[
                    "scrape_configs",
                    "openapi",
                    "swagger",
                    "containers",
                    "steps:",
                    "script",
                    "run:",
                    "_type: ",
                    "type: collection",
                    "httpGet",
                    "health",
                    "targets",
                ]),
                set(&["\"openapi\"", "\"swagger\"", "getpostman.com", "_postman_id", "\"_type\"", "\"entries\"", "\"__export_format\""]),
                set(&["requests", "httpx", "urllib", "aiohttp", "locust", "client.", "session.", "http"]),
                set(&["http://", "https://", "GET ", "POST ", "PUT ", "DELETE ", "PATCH ", "HEAD ", "`/", "](/", "curl"]),
            ]
        });
        if !text.contains('/') {
            return false;
        }
        let has = |set: &Option<AhoCorasick>| set.as_ref().is_none_or(|set| set.is_match(text));
        match self {
            Format::Shell | Format::Makefile | Format::Crontab | Format::Unit | Format::Package => has(&sets[0]),
            Format::Script(_) => has(&sets[1]),
            Format::Yaml => has(&sets[2]),
            Format::Json | Format::Har => has(&sets[3]),
            Format::Python => has(&sets[4]),
            Format::Markdown | Format::Text => has(&sets[5]),
            Format::Go => text.contains("net/http") || text.contains("resty") || text.contains("httptest"),
            Format::Lua => text.contains("http"),
            Format::Css => text.contains("url(") || text.contains("@import"),
            Format::Html | Format::HttpFile | Format::Bruno => true,
        }
    }

    /// A machine wrote it: a bundle, generated code.
    pub(super) fn is_made(self, text: &str) -> bool {
        let head: String = text.chars().take(1024).collect();
        if head.contains("@generated") || head.contains("Code generated by") && head.contains("DO NOT EDIT") {
            return true;
        }
        let code = matches!(self, Format::Script(_));
        code && text.len() > 16 * 1024 && text.len() / (text.bytes().filter(|byte| *byte == b'\n').count() + 1) > 400
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_how_a_file_is_read() {
        let of = |name: &str| super::of(Path::new(name));
        assert_eq!(of("html/index.html.j2"), Some(Format::Html));
        assert_eq!(of("src/App.vue"), Some(Format::Html));
        assert_eq!(of("Makefile"), Some(Format::Makefile));
        assert_eq!(of("bin/check"), Some(Format::Shell));
        assert_eq!(of("etc/cron.d/ping"), Some(Format::Crontab));
        for name in [
            "jquery.min.js",
            "compose.yaml",
            "Dockerfile",
            "nginx.conf",
            "a.log",
            "package-lock.json",
            "third_party/x.js",
            "requirements.txt",
            "x.png",
        ] {
            assert_eq!(of(name), None, "{name}");
        }
    }

    #[test]
    fn tests_are_told_by_their_place() {
        for name in [
            "tests/a.py",
            "src/a.test.ts",
            "verify/x.sh",
            "cypress/a.js",
            "test_api.py",
            "api_test.go",
            "scripts/smoke-test.sh",
            "e2e/x.js",
        ] {
            assert!(Context::new(Path::new(name)).test, "{name}");
        }
        for name in ["src/latest.js", "contest/a.js", "attest.sh", "scripts/deploy.sh", "html/index.html"] {
            assert!(!Context::new(Path::new(name)).test, "{name}");
        }
    }
}
