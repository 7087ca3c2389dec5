//! The list of URIs to ask for.

use std::fmt;
use std::path::Path;

use anyhow::bail;
use ureq::http::Uri;

use super::client::Origin;
use crate::message;
use crate::messages::Language;

/// The longest list.
const MOST: usize = 10_000;
/// The largest file of one.
const LARGEST: u64 = 4 << 20;

/// A line of the list.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    /// The method that was written; `None` where there is only a URI.
    pub(super) method: Option<String>,
    /// Path and query.
    pub(super) uri: String,
    /// Which of the named hosts is meant; `None` for all.
    pub(super) of: Option<usize>,
}

impl Wanted {
    fn path(&self) -> &str {
        self.uri.split('?').next().unwrap_or(&self.uri)
    }

    /// True for what stands for many URIs: `/users/{id}`, `/static/*`, `/users/:id`.
    pub(super) fn is_pattern(&self) -> bool {
        self.path().contains(['*', '{']) || self.path().split('/').any(|segment| segment.starts_with(':'))
    }

    /// It as a route for these methods.
    pub(super) fn route(&self, methods: &[String]) -> String {
        if methods.is_empty() { self.path().to_owned() } else { format!("{} {}", methods.join(","), self.path()) }
    }
}

impl fmt::Display for Wanted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.method.iter().try_for_each(|method| write!(f, "{method} "))?;
        f.write_str(&self.uri)
    }
}

/// Reads a file with a URI or `METHOD /path` on each line; `#` begins a comment.
pub(super) fn read(path: &Path, origins: &[Origin], language: Language) -> anyhow::Result<Vec<Wanted>> {
    let shown = || path.display().to_string();
    if std::fs::metadata(path).is_ok_and(|metadata| metadata.len() > LARGEST) {
        bail!(message!(language, "cli-probe-list-long", path = shown(), count = MOST));
    }
    let text = match std::fs::read(path) {
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(error) => bail!(message!(language, "cli-path-problem", path = shown(), problem = error.to_string())),
    };
    let mut out: Vec<Wanted> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        match of_line(line, origins) {
            Ok(wanted) if out.len() < MOST => out.push(wanted),
            Ok(_) => bail!(message!(language, "cli-probe-list-long", path = shown(), count = MOST)),
            Err(Problem::Line) => bail!(message!(language, "cli-probe-list-line", path = shown(), line = (index + 1).to_string())),
            Err(Problem::Host) => bail!(message!(language, "cli-probe-list-host", path = shown(), line = (index + 1).to_string())),
        }
    }
    if out.is_empty() {
        bail!(message!(language, "cli-probe-list-empty", path = shown()));
    }
    Ok(out)
}

#[derive(Debug, PartialEq, Eq)]
enum Problem {
    Line,
    Host,
}

fn of_line(line: &str, origins: &[Origin]) -> Result<Wanted, Problem> {
    let (method, uri) = match line.split_once(char::is_whitespace) {
        Some((method, uri)) if method.bytes().all(|byte| byte.is_ascii_uppercase()) => (Some(method.to_owned()), uri.trim()),
        Some(_) => return Err(Problem::Line),
        None => (None, line),
    };
    if uri.starts_with('/') && !uri.contains(char::is_whitespace) {
        return Ok(Wanted { method, uri: uri.to_owned(), of: None });
    }
    let absolute: Uri = uri.parse().map_err(|_| Problem::Line)?;
    let origin = Origin::of(&absolute).ok_or(Problem::Line)?;
    let of = origins.iter().position(|known| *known == origin).ok_or(Problem::Host)?;
    Ok(Wanted { method, uri: absolute.path_and_query().map_or("/", |path| path.as_str()).to_owned(), of: Some(of) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines() {
        let origins: Vec<Origin> = ["http://api:3000/".parse().ok().as_ref().and_then(Origin::of)].into_iter().flatten().collect();
        let shown = |line: &str| of_line(line, &origins).map(|wanted| (wanted.to_string(), wanted.is_pattern()));
        assert_eq!(shown("/users?x=1"), Ok(("/users?x=1".into(), false)));
        assert_eq!(shown("POST  /users/:id"), Ok(("POST /users/:id".into(), true)));
        assert_eq!(shown("GET http://api:3000/a"), Ok(("GET /a".into(), false)));
        assert_eq!(shown("http://other:3000/a"), Err(Problem::Host));
        for line in ["users", "get it /x", "GET /a b", "GET"] {
            assert_eq!(shown(line), Err(Problem::Line), "{line}");
        }
    }
}
