//! Paths as Laravel writes them.

/// How many patterns one path is written out to.
const MOST: usize = 16;

/// The patterns that a path means: `{id}`, `{id?}`, `{post:slug}`; with `wide`, a parameter may have slashes in it.
pub(super) fn patterns(written: &str, wide: bool) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut rest = written.trim_matches('/');
    while let Some(c) = rest.chars().next() {
        let after = rest.get(c.len_utf8()..).unwrap_or("");
        if c == '{' {
            let (inside, behind) = after.split_once('}').unwrap_or((after, ""));
            let name: String = inside.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            let parameter = if wide || name.is_empty() { "*".to_owned() } else { format!("{{{name}}}") };
            let mut next = Vec::new();
            for front in &out {
                if inside.ends_with('?') {
                    next.push(front.trim_end_matches('/').to_owned());
                }
                next.push(format!("{front}{parameter}"));
            }
            if next.len() > MOST {
                return vec!["*".to_owned()];
            }
            out = next;
            rest = behind;
            continue;
        }
        let piece = if matches!(c, '*' | '}') { "{x}".to_owned() } else { c.to_string() };
        out.iter_mut().for_each(|front| front.push_str(&piece));
        rest = after;
    }
    out.dedup();
    out
}

/// True for the text of a regular expression that may match a slash.
pub(super) fn is_wide(written: &str) -> bool {
    let inside = written.replace("[^/]", "x").replace("\\.", "x");
    inside.contains(['.', '/', '$']) || ["[^", "\\S", "\\D", "\\W"].iter().any(|word| inside.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_laravel_writes_them() {
        for (written, wide, expected) in [
            ("/users/{id}/", false, &["users/{id}"][..]),
            ("a/{b?}", false, &["a", "a/{b}"]),
            ("{post:slug}", false, &["{post}"]),
            ("files/{path}", true, &["files/*"]),
            ("/", false, &[""]),
        ] {
            assert_eq!(patterns(written, wide), expected, "{written}");
        }
        assert!(is_wide(".*") && is_wide("[^x]+") && !is_wide("[0-9]+") && !is_wide("[^/]+"));
    }
}
