//! Paths of routes as patterns: `{name}` is one segment or a part of one, `*` anything.

/// A text that is used as a path but was not written as one (a constant, a setting), as a pattern. Every framework writes parameters in
/// its own way; what looks like any of them is one here, and what is not understood is `*`, so that it has at least what is meant.
pub fn from_written(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, segment) in text.split('/').enumerate() {
        if at > 0 {
            out.push('/');
        }
        let plain = segment.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.~%@+,;=!&".contains(&byte) || byte >= 0x80);
        let name = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if plain {
            out.push_str(segment);
        } else if segment.strip_prefix(':').is_some_and(name) {
            out.push_str("{x}");
        } else if let Some(inside) = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'))
            && name(inside)
        {
            out.push_str(segment);
        } else if let Some(inside) = segment.strip_prefix('<').and_then(|rest| rest.strip_suffix('>'))
            && !inside.starts_with("path")
            && inside.split(':').all(name)
        {
            out.push_str("{x}");
        } else {
            out.push('*');
        }
    }
    out
}

/// A prefix and a path with one slash between them.
pub fn below(prefix: &str, path: &str) -> String {
    match (prefix.trim_end_matches('/'), path.trim_start_matches('/')) {
        // What stands behind a `*` may begin with it.
        (prefix, "") if path.is_empty() => prefix.to_owned(),
        (prefix, path) if prefix.ends_with('*') && path.starts_with('*') => prefix.to_owned(),
        (prefix, path) => format!("{prefix}/{path}"),
    }
}

/// A pattern that begins with a slash or a `*`, without two slashes or two `*` in a row.
pub fn tidy(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len() + 1);
    if !pattern.starts_with(['/', '*']) {
        out.push('/');
    }
    for c in pattern.chars() {
        if !(matches!(c, '/' | '*') && out.ends_with(c)) {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_in_any_way() {
        for (written, pattern) in [
            ("/api/v1", "/api/v1"),
            ("/users/:id/posts", "/users/{x}/posts"),
            ("/users/<int:id>", "/users/{x}"),
            ("/files/<path:rest>", "/files/*"),
            ("/users/{id}", "/users/{id}"),
            ("/users/{id:[0-9]+}", "/users/*"),
            ("/x/*rest", "/x/*"),
            ("/x/(.*)", "/x/*"),
        ] {
            assert_eq!(from_written(written), pattern);
        }
    }

    #[test]
    fn put_together() {
        for (prefix, path, whole) in [
            ("/api/", "/x", "/api/x"),
            ("/api", "x", "/api/x"),
            ("/api", "", "/api"),
            ("", "/x/", "/x/"),
            ("", "", "/"),
            ("*", "/x", "*/x"),
            ("/api", "*", "/api/*"),
        ] {
            assert_eq!(tidy(&below(prefix, path)), whole, "{prefix} {path}");
        }
    }
}
