//! Paths as the frameworks write them, as patterns.

use regex_syntax::hir::{Hir, HirKind};

use super::super::facts::Expr;

/// How a framework writes the parameters of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// `{name}`, `{name:path}`.
    Braces,
    /// `<name>`, `<path:name>`, `<regex(…):name>`.
    Angles,
    /// Either of them.
    Both,
}

/// A path as a pattern; `None` when it is not understood.
pub(super) fn pattern(text: &str, style: Style) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let after = rest.get(c.len_utf8()..).unwrap_or_default();
        match c {
            '{' if style != Style::Angles => {
                let (inside, behind) = after.split_once('}')?;
                let (name, kind) = inside.split_once(':').unwrap_or((inside, "str"));
                if !word(name) {
                    return None;
                }
                out.push_str(if matches!(kind, "str" | "int" | "float" | "uuid") { "{x}" } else { "*" });
                rest = behind;
            }
            '<' if style != Style::Braces => {
                let (inside, behind) = after.split_once('>')?;
                let (kind, name) = inside.rsplit_once(':').unwrap_or(("default", inside));
                let kind = kind.split('(').next().unwrap_or_default();
                if !word(name.trim()) {
                    return None;
                }
                let segment = matches!(kind, "default" | "string" | "str" | "int" | "float" | "uuid" | "slug");
                out.push_str(if segment { "{x}" } else { "*" });
                rest = behind;
            }
            '}' if style != Style::Angles => return None,
            '>' if style != Style::Braces => return None,
            '{' | '}' | '*' => {
                out.push_str("{x}");
                rest = after;
            }
            _ => {
                out.push(c);
                rest = after;
            }
        }
    }
    Some(out)
}

fn word(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || c == '_')
}

/// The literal texts of an expression as patterns; names stay as they are.
pub(super) fn path(expr: Expr, style: Style) -> Expr {
    match expr {
        Expr::Text(text) => pattern(&text, style).map_or(Expr::Unknown, |pattern| Expr::text(&pattern)),
        Expr::Join(items) => Expr::Join(items.into_iter().map(|item| path(item, style)).collect()),
        Expr::Any(items) => Expr::Any(items.into_iter().map(|item| path(item, style)).collect()),
        Expr::List(items) => Expr::List(items.into_iter().map(|item| path(item, style)).collect()),
        Expr::Trimmed(inner) => Expr::Trimmed(Box::new(path(*inner, style))),
        other => other,
    }
}

/// The path with and without a slash at its end.
pub(super) fn either_slash(expr: Expr) -> Expr {
    match expr {
        Expr::Text(text) => {
            let bare = text.trim_end_matches('/');
            // What stands behind the slash may be empty.
            let other = bare.strip_suffix("/*").map_or_else(|| format!("{bare}/"), str::to_owned);
            Expr::Any(vec![Expr::text(bare), Expr::text(&other)])
        }
        Expr::Join(mut items) => {
            if let Some(last) = items.pop() {
                items.push(either_slash(last));
            }
            Expr::Join(items)
        }
        Expr::Any(items) => Expr::Any(items.into_iter().map(either_slash).collect()),
        Expr::List(items) => Expr::List(items.into_iter().map(either_slash).collect()),
        // Its end is not seen here.
        other => {
            let bare = Expr::Trimmed(Box::new(other));
            Expr::Any(vec![bare.clone(), Expr::Join(vec![bare, Expr::text("/")])])
        }
    }
}

/// Whether the path ends with a slash; `None` where its end is not seen.
pub(super) fn ends_with_slash(expr: &Expr) -> Option<bool> {
    match expr {
        Expr::Text(text) => Some(text.is_empty() || text.ends_with('/')),
        Expr::Join(items) => ends_with_slash(items.last()?),
        Expr::Any(items) | Expr::List(items) => items.iter().try_fold(false, |any, item| ends_with_slash(item).map(|slash| any || slash)),
        _ => None,
    }
}

/// How many ways a regular expression is written out in.
const WAYS: usize = 16;
/// How deep one is followed.
const DEPTH: u32 = 24;

/// A regular expression that is looked for in a path, as patterns that have at least what it matches.
pub(super) fn regex(text: &str) -> Vec<String> {
    let Some(found) = expanded(text) else { return vec!["*".to_owned()] };
    let close = |(way, ended): (String, bool)| if ended { way } else { format!("{way}*") };
    found.into_iter().map(close).collect()
}

/// A regular expression that is looked for before what is included, in the same way.
pub(super) fn regex_prefix(text: &str) -> Vec<String> {
    let Some(found) = expanded(text) else { return vec!["*".to_owned()] };
    found.into_iter().map(|(way, _)| way).collect()
}

/// `None` when it may match anything.
fn expanded(text: &str) -> Option<Vec<(String, bool)>> {
    // Python writes the end of a text in one more way.
    let text = text.replace("\\Z", "$");
    let hir = regex_syntax::Parser::new().parse(&text).ok()?;
    // What does not begin with an anchor may match anywhere.
    if !matches!(text.as_bytes(), [b'^', ..] | [b'\\', b'A', ..]) || matches!(hir.kind(), HirKind::Alternation(_)) {
        return None;
    }
    ways(&hir, DEPTH)
}

/// The texts that match, and whether the end of the path was seen; `None` when there are too many.
fn ways(hir: &Hir, depth: u32) -> Option<Vec<(String, bool)>> {
    let depth = depth.checked_sub(1)?;
    let one = |text: &str| Some(vec![(text.to_owned(), false)]);
    match hir.kind() {
        HirKind::Empty => one(""),
        HirKind::Literal(literal) => {
            let text = std::str::from_utf8(&literal.0).ok()?;
            one(&text.replace(['{', '}', '*'], "{x}"))
        }
        HirKind::Class(class) => {
            let slash = match class {
                regex_syntax::hir::Class::Unicode(class) => class.iter().any(|range| range.start() <= '/' && '/' <= range.end()),
                regex_syntax::hir::Class::Bytes(class) => class.iter().any(|range| range.start() <= b'/' && b'/' <= range.end()),
            };
            one(if slash { "*" } else { "{x}" })
        }
        HirKind::Look(regex_syntax::hir::Look::End) => Some(vec![(String::new(), true)]),
        HirKind::Look(_) => one(""),
        HirKind::Capture(capture) => ways(&capture.sub, depth),
        HirKind::Repetition(repetition) => {
            let inner = ways(&repetition.sub, depth)?;
            match (repetition.min, repetition.max) {
                (0, Some(1)) => {
                    let mut out = vec![(String::new(), false)];
                    out.extend(inner);
                    Some(out)
                }
                (1, Some(1)) => Some(inner),
                (0, _) => one("*"),
                _ => one(if inner.iter().all(|(text, _)| text == "{x}") { "{x}" } else { "*" }),
            }
        }
        HirKind::Alternation(items) => {
            let mut out = Vec::new();
            for item in items {
                out.extend(ways(item, depth)?);
            }
            (out.len() <= WAYS).then_some(out)
        }
        HirKind::Concat(items) => {
            let mut out = vec![(String::new(), false)];
            for item in items {
                let next = ways(item, depth)?;
                if out.len() * next.len() > WAYS {
                    return None;
                }
                out = out
                    .iter()
                    .flat_map(|(head, ended)| next.iter().map(move |(tail, end)| (format!("{head}{tail}"), *ended || *end)))
                    .collect();
            }
            Some(out)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_paths() {
        assert_eq!(pattern("/users/{id:int}/x", Style::Braces).as_deref(), Some("/users/{x}/x"));
        assert_eq!(pattern("/files/{rest:path}", Style::Braces).as_deref(), Some("/files/*"));
        assert_eq!(pattern("/users/<int:id>/<name>", Style::Angles).as_deref(), Some("/users/{x}/{x}"));
        assert_eq!(pattern("/f/<path:p>/<hex:h>", Style::Angles).as_deref(), Some("/f/*/*"));
        assert_eq!(pattern("/<string(length=2):lang>/", Style::Angles).as_deref(), Some("/{x}/"));
        assert_eq!(pattern("/a*", Style::Braces).as_deref(), Some("/a{x}"));
        assert_eq!(pattern("/a{", Style::Braces), None);
    }

    #[test]
    fn regular_expressions() {
        assert_eq!(regex(r"^users/(?P<id>\d+)/$"), ["users/{x}/"]);
        assert_eq!(regex(r"^users/?$"), ["users", "users/"]);
        assert_eq!(regex(r"^(?P<year>[0-9]{4})/(?P<slug>[\w-]+)/\Z"), ["{x}/{x}/"]);
        assert_eq!(regex(r"^files/(.*)$"), ["files/*"]);
        assert_eq!(regex(r"^api/"), ["api/*"]);
        assert_eq!(regex(r"^(?!api)"), ["*"]);
        assert_eq!(regex(r"users/$"), ["*"]);
        assert_eq!(regex(r"^a$|b$"), ["*"]);
        assert_eq!(regex(r"^(a|b)/c$"), ["{x}/c"]);
        assert_eq!(regex(r"^(en|fr)/c$"), ["en/c", "fr/c"]);
    }
}
