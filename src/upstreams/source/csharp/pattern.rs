//! Route templates of ASP.NET Core.

use super::super::facts::Expr;

/// How many patterns one template is written out to.
const MOST: usize = 16;

/// The patterns that a template means, without a slash at their ends: `{id:int}`, `{id?}`, `{page=1}`, `{*rest}`.
pub(super) fn patterns(written: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut rest = written.strip_prefix('~').unwrap_or(written);
    while let Some(c) = rest.chars().next() {
        let after = rest.get(c.len_utf8()..).unwrap_or("");
        if c == '{' && !after.starts_with('{') {
            let end = closing(after).unwrap_or(after.len());
            let inside = after.get(..end).unwrap_or("");
            let name: String = inside.trim_start_matches('*').chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            let optional = inside.ends_with('?') || inside.split('(').next().is_some_and(|head| head.contains('='));
            let parameter = if name.is_empty() { "{x}".to_owned() } else { format!("{{{name}}}") };
            let any = inside.starts_with('*');
            let mut next = Vec::new();
            for front in &out {
                if optional || any {
                    next.push(front.trim_end_matches(['/', '.']).to_owned());
                }
                next.push(format!("{front}{}", if any { "*" } else { &parameter }));
            }
            if next.len() > MOST {
                return vec!["*".to_owned()];
            }
            out = next;
            rest = after.get(end + 1..).unwrap_or("");
            continue;
        }
        let (piece, next) = match c {
            '{' | '}' => ("{x}".to_owned(), after.strip_prefix(c).unwrap_or(after)),
            '*' => ("{x}".to_owned(), after),
            c => (c.to_string(), after),
        };
        out.iter_mut().for_each(|front| front.push_str(&piece));
        rest = next;
    }
    for one in &mut out {
        let length = one.trim_end_matches('/').len();
        one.truncate(length);
    }
    out.dedup();
    out
}

/// Where a parameter ends; its constraint may have braces, written twice.
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

/// Literal texts as patterns.
pub(super) fn as_path(expr: Expr) -> Expr {
    match expr {
        Expr::Text(text) => match patterns(&text).as_slice() {
            [one] => Expr::text(one),
            several => Expr::List(several.iter().map(|one| Expr::text(one)).collect()),
        },
        Expr::Join(pieces) => Expr::Join(
            pieces
                .into_iter()
                .map(|piece| match piece {
                    // A slash at the end of a piece is not one at the end of the path.
                    Expr::Text(text) if text.ends_with('/') && !text.contains('{') => Expr::Text(text),
                    piece => as_path(piece),
                })
                .collect(),
        ),
        Expr::List(items) => Expr::List(items.into_iter().map(as_path).collect()),
        other => other,
    }
}

/// A path with and without a slash at its end.
pub(super) fn any_slash(path: Expr) -> Expr {
    Expr::Join(vec![path, Expr::List(vec![Expr::text(""), Expr::text("/")])])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates() {
        for (written, expected) in [
            ("/users/{id:int}", &["/users/{id}"][..]),
            ("users/{id?}", &["users", "users/{id}"]),
            ("files/{**path}", &["files", "files/*"]),
            ("{name:regex(^a{{2}}$)}/x", &["{name}/x"]),
            ("{file}.{ext?}", &["{file}", "{file}.{ext}"]),
            ("a/{page=1}", &["a", "a/{page}"]),
            ("~/", &[""]),
            ("{broken", &["{broken}"]),
        ] {
            assert_eq!(patterns(written), expected, "{written}");
        }
    }
}
