//! Which files have to be read, without parsing them: those that may make an app, register something, or have a doubt of their own.
//!
//! Any other file matters only by what it imports, and by what is imported from it. What is found is at least what is there: a word in a
//! comment counts, and so does an import in a text.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::super::Skim;
use super::reader::module_name;
use super::{copies, libraries, registered};

/// Parts of words that frameworks and what readers look for by name are written with, whatever their case.
const WORDS: &[&str] = &[
    "__import__",
    "add_api_route",
    "add_api_websocket_route",
    "add_middleware",
    "add_namespace",
    "add_resource",
    "add_route",
    "add_url_rule",
    "add_websocket_route",
    "after_app_request",
    "after_request",
    "aiohttp",
    "apirouter",
    "before_app_request",
    "before_request",
    "blueprint",
    "call_next",
    "defaultrouter",
    "django",
    "errorhandler",
    "error_handler",
    "exception_handler",
    "fastapi",
    "flask",
    "get_response",
    "grpc",
    "handler404",
    "httpserver",
    "import_module",
    "importlib",
    "include_router",
    "init_app",
    "middleware",
    "path_info",
    "prometheus_client",
    "raw_path",
    "redirect_slashes",
    "register_blueprint",
    "rest_framework",
    "root_path",
    "router_class",
    "script_name",
    "simplerouter",
    "starlette",
    "start_http_server",
    "start_response",
    "start_server",
    "start_wsgi_server",
    "strict_slashes",
    "tornado",
    "url_map",
    "url_rule_class",
    "urlconf",
    "urlpatterns",
    "uvicorn",
    "viewset",
    "websockets",
    "wsgi_app",
    ".registry",
    ".routes",
];

/// Words that count only as a whole, in this case.
const NAMES: &[&str] = &["Api", "Namespace"];

/// Methods that register something on what they are called on, and are called so by others too.
const CALLED: &[&str] = &["frontend", "host", "mount"];

/// What makes a file one to be read if all of it is there.
const TOGETHER: &[&[&str]] = &[
    &["receive", "send"],
    &["receive", "__call__"],
    &["scope", "path"],
    &["router", "default"],
    &["router", "not_found"],
    &["router", ".register"],
];

static FOUND: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let together = TOGETHER.iter().flat_map(|words| words.iter());
    AhoCorasick::builder().ascii_case_insensitive(true).build(WORDS.iter().chain(NAMES).chain(CALLED).chain(together)).ok()
});

/// What can be seen of a file without its syntax.
pub(super) fn skim(text: &str) -> Skim {
    let (imports, serves) = imports(text);
    let idle = !serves && !copies(text) && !has_words(text) && !decorates(text);
    Skim { imports, idle }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || !byte.is_ascii()
}

fn has_words(text: &str) -> bool {
    let Some(automaton) = &*FOUND else { return true };
    let bytes = text.as_bytes();
    let mut seen = [false; TOGETHER_WORDS];
    for found in automaton.find_overlapping_iter(text) {
        let at = found.pattern().as_usize();
        let behind = bytes.get(found.end()..).unwrap_or_default();
        let whole = || {
            let before = found.start().checked_sub(1).and_then(|before| bytes.get(before));
            !before.is_some_and(|byte| is_word(*byte)) && !behind.first().is_some_and(|byte| is_word(*byte))
        };
        let matters = match at.checked_sub(WORDS.len()) {
            None => true,
            Some(at) if at < NAMES.len() => whole() && NAMES.get(at).is_some_and(|name| text.get(found.range()) == Some(name)),
            Some(at) if at < NAMES.len() + CALLED.len() => whole() && is_called(behind),
            Some(at) => {
                if let Some(seen) = seen.get_mut(at - NAMES.len() - CALLED.len()) {
                    *seen = true;
                }
                false
            }
        };
        if matters {
            return true;
        }
    }
    let mut rest = seen.as_slice();
    TOGETHER.iter().any(|words| {
        let (these, behind) = rest.split_at_checked(words.len()).unwrap_or_default();
        rest = behind;
        !these.is_empty() && these.iter().all(|seen| *seen)
    })
}

/// How many words [`TOGETHER`] has.
const TOGETHER_WORDS: usize = {
    let (mut sum, mut at) = (0, 0);
    while at < TOGETHER.len() {
        sum += TOGETHER[at].len();
        at += 1;
    }
    sum
};

/// True for what stands before an opening parenthesis.
fn is_called(behind: &[u8]) -> bool {
    behind.iter().find(|byte| !byte.is_ascii_whitespace() && **byte != b'\\') == Some(&b'(')
}

/// True when something may be decorated as a route or handler: `@x.get(…)`, `x.get(…)(f)`.
fn decorates(text: &str) -> bool {
    let bytes = text.as_bytes();
    let calls = |at: usize| is_called(bytes.get(at + 1..).unwrap_or_default());
    // Lines that end in a way that no other tool writes are not looked at one by one.
    let strange = || memchr::memchr(b'\r', bytes).is_some() && memchr::memchr(b'\n', bytes).is_none();
    memchr::memchr_iter(b')', bytes).any(calls) || strange() || text.lines().any(|line| is_decorator(line, text))
}

/// True for a line with a decorator that may register something.
fn is_decorator(line: &str, text: &str) -> bool {
    let Some(decorator) = line.trim_start().strip_prefix('@') else { return false };
    let decorator = decorator.trim_start();
    let name = decorator.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.')).next().unwrap_or_default();
    let last = name.rsplit('.').next().unwrap_or_default();
    // `get = app.get`, further up.
    let assigned = || {
        let given = |behind: &str| behind.trim_start_matches([' ', '\t']).starts_with(['=', ':']);
        text.match_indices(name).any(|(at, _)| text.get(at + name.len()..).is_some_and(given))
    };
    if registered::is_method(last) || !name.contains('.') && assigned() {
        return true;
    }
    let behind = decorator.get(name.len()..).unwrap_or_default().trim_start();
    match behind.bytes().next() {
        None | Some(b'#') => false,
        // `@made(…).get(…)`
        Some(b'(') => {
            let closed = || behind.matches('(').count() == behind.matches(')').count();
            let continued = |line: &str| line.trim_start().trim_start_matches([')', ']', '}', ' ']).starts_with('.');
            behind.contains(").") || !closed() && text.lines().any(continued)
        }
        Some(_) => true,
    }
}

/// The modules that a file may import, as [`super::module::files`] takes them, and whether one of them is of a server that is not read.
fn imports(text: &str) -> (Vec<Box<str>>, bool) {
    const WORD: &str = "import";
    let mut out: Vec<Box<str>> = Vec::new();
    let mut serves = false;
    for at in memchr::memmem::find_iter(text.as_bytes(), WORD) {
        let (head, tail) = (text.get(..at).unwrap_or_default(), text.get(at + WORD.len()..).unwrap_or_default());
        if head.bytes().next_back().is_some_and(is_word) || tail.bytes().next().is_some_and(is_word) {
            continue;
        }
        let names = names(tail);
        match from(head) {
            Some(written) => {
                let module = module_name(&written);
                for name in names {
                    let dotted = match module.ends_with(['/', '.']) {
                        true => format!("{module}{name}"),
                        false => format!("{module}.{name}"),
                    };
                    serves |= libraries::serves(&dotted);
                    out.push(dotted.into());
                }
                serves |= libraries::serves(&module);
                out.push(module.into());
            }
            None => {
                for name in names {
                    serves |= libraries::serves(&name);
                    // What is around a module is imported with it.
                    out.extend(name.match_indices('.').filter_map(|(end, _)| name.get(..end)).map(Into::into));
                    out.push(name.into());
                }
            }
        }
    }
    out.sort_unstable();
    out.dedup();
    (out, serves)
}

/// What the names in front of `import` are taken from, where there are any: `from .a import b`.
fn from(head: &str) -> Option<String> {
    let blank = |c: char| c.is_whitespace() || c == '\\';
    let head = head.trim_end_matches(blank);
    let module = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
    // Blanks may be around the dots.
    let mut start = head.len();
    loop {
        let before = head.get(..start)?.trim_end_matches(module);
        let before = before.trim_end_matches(blank);
        let word = before.rsplit(|c| !module(c)).next().unwrap_or_default();
        let found = head.get(before.len()..)?;
        if word == "from" {
            return Some(found.chars().filter(|c| module(*c)).collect());
        }
        // `from.a import b`
        if let Some(relative) = found.trim_start_matches(blank).strip_prefix("from.") {
            return Some(format!(".{}", relative.chars().filter(|c| module(*c)).collect::<String>()));
        }
        if before.len() >= start
            || head.len() - before.len() > 400
            || !before.ends_with(['.']) && !found.trim_start_matches(blank).starts_with('.')
        {
            return None;
        }
        start = before.len();
    }
}

/// The names behind `import`: `a.b as c, d`, in parentheses or not.
fn names(tail: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut rest = tail;
    let mut inside = false;
    let skip = |rest: &mut &str, inside: bool| loop {
        *rest = rest.trim_start_matches(|c: char| c == ' ' || c == '\t' || c == '\x0c' || inside && c.is_whitespace());
        if let Some(behind) = rest.strip_prefix('\\') {
            *rest = behind.trim_start_matches(['\r', '\n']);
        } else if let Some((_, behind)) = rest.split_once('\n').filter(|_| inside && rest.starts_with('#')) {
            *rest = behind;
        } else {
            return;
        }
    };
    let word = |rest: &mut &str| {
        let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.')).unwrap_or(rest.len());
        let (word, behind) = rest.split_at(end);
        *rest = behind;
        word.to_owned()
    };
    skip(&mut rest, inside);
    if let Some(behind) = rest.strip_prefix('(') {
        (rest, inside) = (behind, true);
    }
    loop {
        skip(&mut rest, inside);
        let name = word(&mut rest);
        if name.is_empty() {
            return out;
        }
        out.push(name);
        skip(&mut rest, inside);
        if rest.strip_prefix("as").is_some_and(|behind| behind.starts_with([' ', '\t', '\\', '\n', '\r'])) {
            word(&mut rest);
            skip(&mut rest, inside);
            word(&mut rest);
            skip(&mut rest, inside);
        }
        match rest.strip_prefix(',') {
            Some(behind) => rest = behind,
            None => return out,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> (Vec<String>, bool) {
        let skim = skim(text);
        (skim.imports.iter().map(ToString::to_string).collect(), skim.idle)
    }

    #[test]
    fn imports_are_seen() {
        let imported = |text: &str| of(text).0;
        assert_eq!(imported("import a.b as c, d\n"), ["a", "a.b", "d"]);
        assert_eq!(imported("from . import (\n  a, # (one)\n  b as c,\n)\n"), ["./", "./a", "./b"]);
        assert_eq!(imported("try: from ..x.y import z\nexcept: pass"), ["../x.y", "../x.y.z"]);
        assert_eq!(imported("from a \\\n import b, \\\n c"), ["a", "a.b", "a.c"]);
        assert_eq!(imported("from.a import b"), ["./a", "./a.b"]);
        assert_eq!(imported("from . a import b"), ["./a", "./a.b"]);
        assert_eq!(imported("from a import *"), ["a"]);
        assert_eq!(imported("x = 1; import y; z()"), ["y"]);
        assert_eq!(imported("important = reimport"), [""; 0]);
    }

    #[test]
    fn what_may_register_is_read() {
        let idle = |text: &str| of(text).1;
        let plain = [
            "import json\n@dataclass\nclass A:\n    x: int = d.get('a')\n",
            "@functools.lru_cache(maxsize=None)\ndef f(api):\n    return host.name or every(website)\n",
            "@x.setter\ndef f(self): ...\n@task(\n  bind=True,\n)\ndef g(): ...\n",
        ];
        for text in plain {
            assert!(idle(text), "{text}");
        }
        let registering = [
            "from company import app\n@app.get('/x')\ndef f(): ...\n",
            "@app . get('/x')\ndef f(): ...\n",
            "g = app.get\n@g('/x')\ndef f(): ...\n",
            "@made(\n  1\n).get('/x')\ndef f(): ...\n",
            "app.get('/x')(f)\n",
            "app.mount('/x', f)\n",
            "class A(Api): ...\n",
            "import fastapi\n",
            "from http import server\n",
            "scope['path'] = x\n",
            "x.routes.append(y)\n",
            "importlib.import_module(x)\n",
        ];
        for text in registering {
            assert!(!idle(text), "{text}");
        }
    }
}
