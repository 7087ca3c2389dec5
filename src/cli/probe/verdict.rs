//! What an answer says of a URI: it is there, it is not, or it can't be told.

use ureq::http::Method;

use crate::message;
use crate::messages::Language;

/// An answer, without its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answered {
    pub(super) status: u16,
    /// Where a redirect leads, without what was asked for.
    pub(super) location: Option<String>,
    /// The methods of the header `Allow`.
    pub(super) allow: Option<Vec<String>>,
}

/// What is known of a URI.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is served, to requests of these methods; empty where they are not known.
    Exists(Vec<String>),
    /// GET is answered as for what is not there.
    Missing,
    /// It can't be told.
    Unknown(Why),
}

/// Why it can't be told.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Why {
    /// What is not there is answered with the same.
    Alike(u16),
    /// 404, where what is not there is answered otherwise.
    Odd(u16),
    /// Something failed there.
    Error(u16),
    /// Too many requests.
    Limited,
    /// This method can't show that a route is missing, or there.
    Method(String, u16),
}

impl Why {
    pub(super) fn message(&self, language: Language) -> String {
        match self {
            Why::Alike(status) => message!(language, "cli-probe-why-alike", status = status.to_string()),
            Why::Odd(status) => message!(language, "cli-probe-why-odd", status = status.to_string()),
            Why::Error(status) => message!(language, "cli-probe-why-error", status = status.to_string()),
            Why::Limited => message!(language, "cli-probe-why-limited"),
            Why::Method(method, status) => message!(language, "cli-probe-why-method", method = method, status = status.to_string()),
        }
    }
}

/// Judges the answer to a request with the method `sent`. `wanted` is the method of the route; `baseline` what is answered beside it to a
/// path that nobody serves.
pub(super) fn judge(sent: &Method, wanted: Option<&str>, answered: &Answered, baseline: &Answered) -> Verdict {
    let status = answered.status;
    // `Allow` says which methods a path has, unless the same is said of every path.
    if let Some(allow) = answered.allow.as_ref().filter(|_| matches!(status, 200..300 | 405) && answered != baseline) {
        let readable = allow.iter().any(|method| method == "GET");
        return match wanted {
            Some(method) if allow.iter().any(|allowed| allowed == method) => Verdict::Exists(vec![method.to_owned()]),
            Some("HEAD") if readable => Verdict::Exists(vec!["GET".to_owned()]),
            // Some list what one handler takes, not all handlers of the path.
            Some(method) => Verdict::Unknown(Why::Method(method.to_owned(), status)),
            None => Verdict::Exists(allow.iter().filter(|method| !["HEAD", "OPTIONS"].contains(&method.as_str())).cloned().collect()),
        };
    }
    match status {
        429 => Verdict::Unknown(Why::Limited),
        500.. => Verdict::Unknown(Why::Error(status)),
        404 | 410 if sent != Method::GET => Verdict::Unknown(Why::Method(sent.to_string(), status)),
        404 | 410 if matches!(baseline.status, 404 | 410) => Verdict::Missing,
        404 | 410 => Verdict::Unknown(Why::Odd(baseline.status)),
        _ if status == baseline.status && answered.location == baseline.location => Verdict::Unknown(Why::Alike(status)),
        // It may be answered by what answers OPTIONS for all.
        _ if *sent == Method::OPTIONS => Verdict::Unknown(Why::Method(wanted.unwrap_or("OPTIONS").to_owned(), status)),
        405 => Verdict::Exists(Vec::new()),
        _ => Verdict::Exists(vec!["GET".to_owned()]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_told_apart() {
        let plain = |status: u16| Answered { status, location: None, allow: None };
        let to = |status: u16, location: &str| Answered { location: Some(location.to_owned()), ..plain(status) };
        let allow = |status: u16, methods: &[&str]| {
            let allow = Some(methods.iter().map(|method| (*method).to_owned()).collect());
            Answered { allow, ..plain(status) }
        };
        let exists = |methods: &[&str]| Verdict::Exists(methods.iter().map(|method| (*method).to_owned()).collect());
        let (get, options) = (Method::GET, Method::OPTIONS);
        for (sent, wanted, answered, baseline, expected) in [
            (&get, None, plain(200), plain(404), exists(&["GET"])),
            (&get, None, plain(404), plain(404), Verdict::Missing),
            (&get, None, plain(200), plain(200), Verdict::Unknown(Why::Alike(200))),
            (&get, None, plain(404), plain(200), Verdict::Unknown(Why::Odd(200))),
            (&get, None, plain(401), plain(404), exists(&["GET"])),
            (&get, None, plain(401), plain(401), Verdict::Unknown(Why::Alike(401))),
            (&get, None, plain(404), plain(401), Verdict::Unknown(Why::Odd(401))),
            (&get, None, plain(405), plain(404), exists(&[])),
            (&get, None, allow(405, &["POST"]), plain(404), exists(&["POST"])),
            (&get, None, plain(405), plain(405), Verdict::Unknown(Why::Alike(405))),
            (&get, None, to(302, "/login"), to(302, "/login"), Verdict::Unknown(Why::Alike(302))),
            (&get, None, to(302, "/home"), to(302, "/login"), exists(&["GET"])),
            (&get, None, plain(502), plain(404), Verdict::Unknown(Why::Error(502))),
            (&get, None, plain(429), plain(404), Verdict::Unknown(Why::Limited)),
            (&Method::HEAD, None, plain(404), plain(404), Verdict::Unknown(Why::Method("HEAD".into(), 404))),
            (&options, Some("POST"), allow(204, &["POST", "OPTIONS"]), plain(404), exists(&["POST"])),
            (&options, Some("POST"), allow(200, &["GET"]), plain(404), Verdict::Unknown(Why::Method("POST".into(), 200))),
            (&options, Some("POST"), allow(204, &["POST"]), allow(204, &["POST"]), Verdict::Unknown(Why::Alike(204))),
            (&options, Some("POST"), plain(204), plain(404), Verdict::Unknown(Why::Method("POST".into(), 204))),
        ] {
            assert_eq!(judge(sent, wanted, &answered, &baseline), expected, "{sent} {wanted:?} {answered:?} {baseline:?}");
        }
    }
}
