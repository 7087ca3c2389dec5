//! Asking: one connection at a time, not faster than told, never elsewhere than at the hosts that were named.

use std::time::{Duration, Instant};

use ureq::Agent;
use ureq::http::{Method, Request, Uri, header};
use ureq::tls::{RootCerts, TlsConfig};

use super::verdict::Answered;
use crate::message;
use crate::messages::Language;

/// The most bytes of an answer that are read.
const LARGEST: u64 = 16 << 20;

/// Sends requests.
pub(super) struct Client {
    agent: Agent,
    pause: Duration,
    timeout: Duration,
    last: Option<Instant>,
}

/// An answer.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) location: Option<String>,
    allow: Option<Vec<String>>,
    /// Empty where it was not asked for.
    pub(super) body: Vec<u8>,
}

impl Answer {
    /// What of it tells whether something is there.
    pub(super) fn into_answered(self, path: &str) -> Answered {
        // Redirects that differ only in what was asked for are alike.
        let without = |location: String| {
            let location = location.split('?').next().unwrap_or("");
            location.strip_suffix(path).unwrap_or(location).to_owned()
        };
        let location = self.location.map(without);
        Answered { status: self.status, location, allow: self.allow }
    }
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Failure {
    /// It can't be written in a request line.
    Unsendable,
    NoHost,
    Refused,
    Timeout(u64),
    Tls(String),
    TooLarge,
    Other(String),
}

impl Failure {
    pub(super) fn message(&self, language: Language) -> String {
        match self {
            Failure::Unsendable => message!(language, "cli-probe-unsendable"),
            Failure::NoHost => message!(language, "cli-probe-no-host"),
            Failure::Refused => message!(language, "cli-probe-connection-refused"),
            Failure::Timeout(seconds) => message!(language, "cli-probe-timeout", seconds = *seconds as usize),
            Failure::Tls(problem) => message!(language, "cli-probe-tls", problem = problem),
            Failure::TooLarge => message!(language, "cli-probe-too-large", limit = (LARGEST >> 20) as usize),
            Failure::Other(problem) => message!(language, "cli-probe-no-answer", problem = problem),
        }
    }
}

impl Client {
    /// `pause` is the time between two requests, `timeout` the most that one takes with its answer.
    pub(super) fn new(pause: Duration, timeout: Duration) -> Client {
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            // A proxy of the environment is a host that nobody named.
            .proxy(None)
            .timeout_global(Some(timeout))
            .max_idle_connections(0)
            .user_agent(concat!("nginx-analyzer/", env!("CARGO_PKG_VERSION"), " (probe)"))
            // The system's certificates: a company's own authority is known there.
            .tls_config(TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build())
            .build()
            .new_agent();
        Client { agent, pause, timeout, last: None }
    }

    /// Sends a request; reads the body where it is wanted.
    pub(super) fn ask(&mut self, method: &Method, uri: &Uri, body: bool) -> Result<Answer, Failure> {
        let rest = self.last.map(|last| self.pause.saturating_sub(last.elapsed()));
        rest.filter(|rest| !rest.is_zero()).into_iter().for_each(std::thread::sleep);
        self.last = Some(Instant::now());
        let accept = if body { "application/json, application/yaml;q=0.9, */*;q=0.1" } else { "*/*" };
        let request = Request::builder().method(method).uri(uri).header(header::ACCEPT, accept).body(());
        let request = request.map_err(|_| Failure::Unsendable)?;
        let mut response = self.agent.run(request).map_err(|error| self.failure(error))?;
        let text = |name: header::HeaderName| Some(response.headers().get(name)?.to_str().ok()?.to_owned());
        let methods =
            |text: String| text.split(',').map(|method| method.trim().to_ascii_uppercase()).filter(|name| !name.is_empty()).collect();
        let (location, allow) = (text(header::LOCATION), text(header::ALLOW).map(methods));
        let status = response.status().as_u16();
        let body = match body {
            true => response.body_mut().with_config().limit(LARGEST).read_to_vec().map_err(|error| self.failure(error))?,
            false => Vec::new(),
        };
        Ok(Answer { status, location, allow, body })
    }

    fn failure(&self, error: ureq::Error) -> Failure {
        use std::io::ErrorKind;
        match error {
            ureq::Error::HostNotFound => Failure::NoHost,
            ureq::Error::ConnectionFailed => Failure::Refused,
            ureq::Error::Timeout(_) => Failure::Timeout(self.timeout.as_secs()),
            ureq::Error::BodyExceedsLimit(_) => Failure::TooLarge,
            ureq::Error::Tls(problem) => Failure::Tls(problem.to_owned()),
            ureq::Error::Rustls(problem) => Failure::Tls(problem.to_string()),
            ureq::Error::Io(problem) => match problem.kind() {
                ErrorKind::ConnectionRefused => Failure::Refused,
                ErrorKind::TimedOut => Failure::Timeout(self.timeout.as_secs()),
                // rustls tells of its errors so.
                ErrorKind::InvalidData => Failure::Tls(problem.to_string()),
                _ => Failure::Other(problem.to_string()),
            },
            other => Failure::Other(other.to_string()),
        }
    }
}

/// Scheme, host and port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Origin {
    https: bool,
    host: String,
    port: u16,
}

impl Origin {
    /// `None` for what is not HTTP, or names no host.
    pub(super) fn of(uri: &Uri) -> Option<Origin> {
        let https = match uri.scheme_str()? {
            "http" => false,
            "https" => true,
            _ => return None,
        };
        let host = uri.host().filter(|host| !host.is_empty())?.to_ascii_lowercase();
        Some(Origin { https, host, port: uri.port_u16().unwrap_or(if https { 443 } else { 80 }) })
    }

    /// True for this host and port.
    pub(super) fn is(&self, host: &str, port: u16) -> bool {
        self.port == port && self.host.eq_ignore_ascii_case(host)
    }

    /// Its name as that of a file.
    pub(super) fn file_name(&self) -> String {
        let plain = |c: char| if c.is_ascii_alphanumeric() || "-._".contains(c) { c } else { '_' };
        format!("{}-{}", self.host.chars().map(plain).collect::<String>(), self.port)
    }
}

/// The URL of another path of the same host; `None` where that can't be asked for as it is.
pub(super) fn at(target: &Uri, path: &str) -> Option<Uri> {
    let authority = target.authority()?.clone();
    path.starts_with('/').then(|| Uri::builder().scheme(target.scheme()?.clone()).authority(authority).path_and_query(path).build().ok())?
}

/// Where a redirect leads.
pub(super) fn resolve(from: &Uri, location: &str) -> Option<Uri> {
    let location = location.split('#').next().unwrap_or(location);
    if location.contains("://") {
        return location.parse().ok();
    }
    if location.starts_with("//") {
        return format!("{}:{location}", from.scheme_str()?).parse().ok();
    }
    if location.starts_with('/') {
        return at(from, location);
    }
    let folder = from.path().rfind('/').and_then(|slash| from.path().get(..=slash)).unwrap_or("/");
    at(from, &format!("{folder}{location}"))
}

/// A URL for people.
pub(super) fn shown(target: &Uri) -> String {
    target.to_string().trim_end_matches('/').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redirects_are_resolved() {
        let from: Uri = "http://api:3000/a/b?c".parse().expect("a URL");
        for (location, expected) in [
            ("/x", "http://api:3000/x"),
            ("x/y", "http://api:3000/a/x/y"),
            ("//other/x", "http://other/x"),
            ("https://api:3000/x#y", "https://api:3000/x"),
        ] {
            assert_eq!(resolve(&from, location).map(|uri| uri.to_string()).as_deref(), Some(expected), "{location}");
        }
        let origin = |url: &str| url.parse().ok().as_ref().and_then(Origin::of);
        assert_eq!(origin("http://API/x"), origin("http://api:80/"));
        assert_ne!(origin("http://api/"), origin("https://api/"));
        assert_ne!(origin("http://api/"), origin("http://api:81/"));
        assert_eq!(origin("ftp://api/"), None);
        assert_eq!(origin("api:3000"), None);
    }
}
