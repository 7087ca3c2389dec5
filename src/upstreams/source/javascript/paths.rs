//! Paths as the frameworks write them, as patterns: `:id`, `*rest`, `{/optional}`, `(\d+)`.

use super::super::facts::Expr;

/// The patterns of a path that is written in the code: more than one where a part may be left out.
///
/// All frameworks are read alike, since it is not known here on which one a route is registered.
pub(super) fn patterns(path: &str) -> Vec<String> {
    patterns_within(path, GROUPS)
}

/// How deep groups are followed into each other.
const GROUPS: u32 = 3;
/// How many patterns the groups of a path are followed to.
const MOST: usize = 16;

fn patterns_within(path: &str, depth: u32) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut rest = path;
    while let Some(first) = rest.chars().next() {
        if first == '{'
            && let Some((inner, after)) = left_out(rest).filter(|_| depth > 0)
        {
            let inner = patterns_within(inner, depth - 1);
            if out.len() * (inner.len() + 1) <= MOST {
                let with: Vec<String> = out.iter().flat_map(|head| inner.iter().map(move |tail| format!("{head}{tail}"))).collect();
                out.extend(with);
                rest = after;
                continue;
            }
        }
        let (piece, used, optional) = piece(rest, first);
        rest = rest.get(used..).unwrap_or("");
        if optional && out.len() < 8 {
            let without = out.iter().map(|head| head.strip_suffix('/').filter(|head| !head.is_empty()).unwrap_or(head).to_owned());
            let without: Vec<String> = without.collect();
            out.iter_mut().for_each(|head| head.push_str(&piece));
            out.extend(without);
        } else {
            out.iter_mut().for_each(|head| head.push_str(if optional { "*" } else { &piece }));
        }
    }
    out.dedup();
    out
}

/// A piece of a path: its pattern, how long it is, and whether it may be left out.
fn piece(rest: &str, first: char) -> (String, usize, bool) {
    match first {
        ':' => {
            let name = rest.bytes().skip(1).take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
            let mut used = 1 + name;
            let mut pattern = if name == 0 { "*" } else { "{x}" };
            for (open, close) in [('(', ')'), ('{', '}')] {
                let after = rest.get(used..).unwrap_or("");
                // `{/more}` is a part that may be left out (Express 5); `{[0-9]+}` says what a parameter looks like (Hono).
                if after.starts_with(open) && !after.starts_with("{/") {
                    let inside = group(after, open, close);
                    // What can't contain a slash is still one segment.
                    if inside.get(1..inside.len().saturating_sub(1)).is_none_or(|inside| !one_segment(inside)) {
                        pattern = "*";
                    }
                    used += inside.len();
                }
            }
            let mark = rest.get(used..).and_then(|after| after.chars().next());
            match mark {
                Some('?') => (pattern.to_owned(), used + 1, true),
                Some('*' | '+') => ("*".to_owned(), used + 1, mark == Some('*')),
                _ => (pattern.to_owned(), used, false),
            }
        }
        '*' => {
            let name = rest.bytes().skip(1).take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
            ("*".to_owned(), 1 + name, false)
        }
        '{' => ("*".to_owned(), group(rest, '{', '}').len(), false),
        '(' => ("*".to_owned(), group(rest, '(', ')').len(), false),
        // `ab?cd`, `ab+cd`: in a pattern only what stands before it is known.
        '?' | '+' | '[' | ']' | ')' | '}' | '\\' | '^' | '$' | '|' => ("*".to_owned(), first.len_utf8(), false),
        other => {
            let next = rest.get(other.len_utf8()..).and_then(|after| after.chars().next());
            match next {
                Some('?') => ("*".to_owned(), other.len_utf8() + 1, false),
                _ => (other.to_string(), other.len_utf8(), false),
            }
        }
    }
}

/// A group that may be left out (Express 5): `{/:year}`, `{.:format}`, `{*rest}`; what is in it, and what follows.
fn left_out(rest: &str) -> Option<(&str, &str)> {
    let whole = group(rest, '{', '}');
    let (inner, after) = (whole.strip_prefix('{')?.strip_suffix('}')?, rest.get(whole.len()..)?);
    let begins = inner.starts_with(['/', '.', '-', ':', '*']);
    (begins && !after.starts_with(['*', '+'])).then(|| (inner, after.strip_prefix('?').unwrap_or(after)))
}

/// True for an expression that surely matches no slash.
fn one_segment(regex: &str) -> bool {
    !regex.is_empty()
        && regex.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"\\-|[]+{},_".contains(&byte))
        && !regex.contains("\\D")
        && !regex.contains("\\W")
        && !regex.contains("\\S")
}

/// A group with its brackets, to the end of the text when it does not end.
fn group(text: &str, open: char, close: char) -> &str {
    let mut depth = 0usize;
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        if escaped {
            escaped = false;
        } else if c == '\\' {
            escaped = true;
        } else if c == open {
            depth += 1;
        } else if c == close {
            depth -= 1;
            if depth == 0 {
                return text.get(..at + c.len_utf8()).unwrap_or(text);
            }
        }
    }
    text
}

/// A regular expression between its slashes, as a pattern.
pub(super) fn regex(source: &str) -> String {
    let anchored = source.strip_prefix('^');
    let body = anchored.unwrap_or(source);
    let mut out = if anchored.is_some() { String::new() } else { "*".to_owned() };
    let mut rest = body;
    while let Some(c) = rest.chars().next() {
        let (literal, used) = match c {
            '\\' => match rest.chars().nth(1) {
                Some(next @ ('/' | '.' | '-')) => (Some(next), 2),
                _ => break,
            },
            c if c.is_ascii_alphanumeric() || "/-_~%".contains(c) => (Some(c), c.len_utf8()),
            _ => break,
        };
        let after = rest.get(used..).unwrap_or("");
        // A mark behind it changes it.
        if after.starts_with(['?', '*', '+', '{']) {
            break;
        }
        out.extend(literal);
        rest = after;
    }
    // An alternative on the outside can begin with anything.
    if body.contains('|') {
        return "*".to_owned();
    }
    if rest != "$" && !out.ends_with('*') {
        out.push('*');
    }
    if out.starts_with(['/', '*']) { out } else { "*".to_owned() }
}

/// A path expression in which what is written here is a pattern. What comes through names is left as it is written there.
pub(super) fn written(path: Expr) -> Expr {
    match path {
        Expr::Text(text) => {
            let mut all: Vec<Expr> = patterns(&text).iter().map(|pattern| Expr::text(pattern)).collect();
            match (all.len(), all.pop()) {
                (1, Some(one)) => one,
                (_, Some(last)) => {
                    all.push(last);
                    Expr::Any(all)
                }
                _ => Expr::Text(text),
            }
        }
        Expr::Join(pieces) => Expr::Join(pieces.into_iter().map(written).collect()),
        Expr::Any(items) => Expr::Any(items.into_iter().map(written).collect()),
        Expr::List(items) => Expr::List(items.into_iter().map(written).collect()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths() {
        for (path, expected) in [
            ("/users/:id", &["/users/{x}"][..]),
            ("/users/:id/posts", &["/users/{x}/posts"]),
            ("/users/:id(\\d+)", &["/users/{x}"]),
            ("/users/:id{[0-9]+}", &["/users/{x}"]),
            ("/users/:rest(.*)", &["/users/*"]),
            ("/users/:id?", &["/users/{x}", "/users"]),
            ("/files/*path", &["/files/*"]),
            ("/files/*", &["/files/*"]),
            ("/{*splat}", &["/", "/*"]),
            ("/a{/:b}", &["/a", "/a/{x}"]),
            ("/a{/:b{/:c}}", &["/a", "/a/{x}", "/a/{x}/{x}"]),
            ("/a{.:b}?", &["/a", "/a.{x}"]),
            ("/a{/:b}*", &["/a**"]),
            ("/a/:b{/:c}", &["/a/{x}", "/a/{x}/{x}"]),
            ("/flights/:from-:to.json", &["/flights/{x}-{x}.json"]),
            ("/ab?cd", &["/a*cd"]),
            ("", &[""]),
            ("*", &["*"]),
            ("/:x+", &["/*"]),
            ("/(", &["/*"]),
        ] {
            assert_eq!(patterns(path), expected, "{path}");
        }
    }

    #[test]
    fn regular_expressions() {
        for (source, expected) in [
            ("^\\/api\\/v1$", "/api/v1"),
            ("^\\/api\\/(.*)$", "/api/*"),
            ("fly$", "*fly"),
            (".*", "*"),
            ("^\\/a|\\/b", "*"),
            ("^\\/items?$", "/item*"),
            ("^(?!\\/api).*$", "*"),
        ] {
            assert_eq!(regex(source), expected, "{source}");
        }
    }
}
