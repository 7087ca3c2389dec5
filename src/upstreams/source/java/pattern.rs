//! Paths as Spring writes them.

/// The patterns that a path means: `{id}`, `{id:[0-9]+}`, `{*rest}`, `*`, `?` and `**`.
pub(super) fn patterns(written: &str) -> Vec<String> {
    let pattern = pattern(written);
    // `/x/**` is `/x`, too.
    match pattern.strip_suffix("/*") {
        Some(front) if !front.is_empty() => vec![front.to_owned(), pattern],
        _ => vec![pattern],
    }
}

/// One of them: what stands before `/**` alone is not among it.
pub(super) fn pattern(written: &str) -> String {
    let mut out = String::with_capacity(written.len());
    let mut rest = written;
    while let Some(c) = rest.chars().next() {
        let after = rest.get(c.len_utf8()..).unwrap_or("");
        match c {
            '{' => {
                let Some(end) = closing(after) else {
                    out.push('*');
                    return out;
                };
                let inside = after.get(..end).unwrap_or("");
                let name: String = inside.split(':').next().unwrap_or("").chars().filter(|c| c.is_alphanumeric() || *c == '_').collect();
                if inside.starts_with('*') {
                    out.push('*');
                } else {
                    out.push_str(&format!("{{{}}}", if name.is_empty() { "x" } else { &name }));
                }
                rest = after.get(end + 1..).unwrap_or("");
            }
            '*' if after.starts_with('*') => {
                out.push('*');
                rest = after.trim_start_matches('*');
            }
            '*' | '?' | '}' => {
                out.push_str("{x}");
                rest = after;
            }
            c => {
                out.push(c);
                rest = after;
            }
        }
    }
    out
}

/// Where a `{` that was opened is closed.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 1usize;
    text.char_indices().find_map(|(at, c)| {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        (depth == 0).then_some(at)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_spring_writes_them() {
        for (written, expected) in [
            ("/users/{id}", &["/users/{id}"][..]),
            ("/users/{id:[0-9]{1,3}}/x", &["/users/{id}/x"]),
            ("/files/{*rest}", &["/files", "/files/*"]),
            ("/static/**", &["/static", "/static/*"]),
            ("/a/*.js", &["/a/{x}.js"]),
            ("/**", &["/*"]),
            ("/broken/{id", &["/broken", "/broken/*"]),
        ] {
            assert_eq!(patterns(written), expected, "{written}");
        }
    }
}
