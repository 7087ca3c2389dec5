//! Paths as Rails and Sinatra write them.

/// How many patterns one path is written out to.
const MOST: usize = 16;
/// How deep optional parts may be nested.
const DEPTH: u32 = 8;

/// The patterns that a path means: `:id`, `*rest`, `(optional)`; with `suffix`, a `?` makes what stands before it optional. With `wide`,
/// a parameter may have slashes in it.
pub(super) fn patterns(written: &str, suffix: bool, wide: bool) -> Vec<String> {
    let mut out = expand(written, suffix, wide, DEPTH);
    out.sort();
    out.dedup();
    if out.len() > MOST {
        return vec!["*".to_owned()];
    }
    out
}

fn expand(written: &str, suffix: bool, wide: bool, depth: u32) -> Vec<String> {
    let Some(depth) = depth.checked_sub(1) else { return vec!["*".to_owned()] };
    let mut out = vec![String::new()];
    let mut rest = written;
    while let Some(c) = rest.chars().next() {
        let after = rest.get(c.len_utf8()..).unwrap_or("");
        let mut pieces = match c {
            ':' if after.starts_with(|c: char| c.is_alphabetic() || c == '_') => {
                let end = after.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(after.len());
                let name = after.get(..end).unwrap_or("x");
                rest = after.get(end..).unwrap_or("");
                vec![if wide { "*".to_owned() } else { format!("{{{name}}}") }]
            }
            '*' => {
                rest = after.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_');
                vec!["*".to_owned()]
            }
            '(' => {
                let end = closing(after).unwrap_or(after.len());
                let mut inside = expand(after.get(..end).unwrap_or(""), suffix, wide, depth);
                rest = after.get(end + 1..).unwrap_or("");
                if !suffix {
                    inside.push(String::new());
                } else if after.get(..end).is_some_and(|inside| inside.contains('|')) {
                    inside = vec!["*".to_owned()];
                }
                inside
            }
            '\\' => {
                let plain = after.chars().next().map(String::from).unwrap_or_default();
                rest = after.get(plain.len()..).unwrap_or("");
                vec![plain]
            }
            '{' | '}' | '|' | '[' | ']' | '+' if suffix => {
                rest = "";
                vec!["*".to_owned()]
            }
            '{' | '}' => {
                rest = after;
                vec!["{x}".to_owned()]
            }
            c => {
                rest = after;
                vec![c.to_string()]
            }
        };
        if suffix && let Some(behind) = rest.strip_prefix('?') {
            rest = behind;
            pieces.push(String::new());
        }
        out = out.iter().flat_map(|front| pieces.iter().map(move |piece| format!("{front}{piece}"))).collect();
        if out.len() > MOST {
            return vec!["*".to_owned()];
        }
    }
    out
}

fn closing(text: &str) -> Option<usize> {
    let mut depth = 1usize;
    text.char_indices().find_map(|(at, c)| {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        (depth == 0).then_some(at)
    })
}

/// A regular expression: what it begins with literally, then anything.
pub(super) fn regex(written: &str) -> String {
    let inside =
        written.trim_start_matches("%r").trim_start_matches(['{', '/', '(', '!', '|']).trim_start_matches('^').trim_start_matches("\\A");
    let inside = inside.replace("\\/", "/");
    let plain: String = inside.chars().take_while(|c| c.is_alphanumeric() || matches!(c, '/' | '-' | '_')).collect();
    let next = inside.chars().nth(plain.chars().count());
    // A letter that may be left out, or that is one of several.
    let plain = match next {
        Some('?' | '*' | '{' | '|' | '+') => plain.chars().take(plain.chars().count().saturating_sub(1)).collect(),
        _ => plain,
    };
    let slash = if written.starts_with("%r{/") || written.starts_with("%r{^/") { "/" } else { "" };
    match inside.contains('|') {
        true => "*".to_owned(),
        false => format!("{slash}{}*", plain.trim_start_matches('/')),
    }
}

/// True for a regular expression that may match a slash.
pub(super) fn is_wide(written: &str) -> bool {
    let inside = written.trim_start_matches("%r").trim_matches(['/', '{', '}']);
    let inside = inside.replace("[^\\/]", "x").replace("[^/]", "x").replace("\\.", "x");
    let inside = inside.replace("[^\\/.]", "x").replace("[^/.]", "x");
    inside.contains(['.', '/']) || ["[^", "\\S", "\\D", "\\W", "\\H", "#{"].iter().any(|word| inside.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths() {
        for (written, suffix, expected) in [
            ("/users/:id(.:format)", false, &["/users/{id}", "/users/{id}.{format}"][..]),
            ("/(:locale)/a", false, &["//a", "/{locale}/a"]),
            ("/files/*path", false, &["/files/*"]),
            ("/x/?", true, &["/x", "/x/"]),
            ("/a.?:format?", true, &["/a", "/a.", "/a.{format}", "/a{format}"]),
            ("/a(/:b)?", true, &["/a", "/a/{b}"]),
        ] {
            assert_eq!(patterns(written, suffix, false), expected, "{written}");
        }
        assert_eq!(regex(r"%r{/posts/(\d+)}"), "/posts/*");
        assert_eq!(regex(r"/\/ab?c/"), "/a*".trim_start_matches('/'));
        assert!(is_wide("/.*/") && !is_wide(r"/[^\/]+/") && !is_wide(r"/\d+/"));
    }
}
