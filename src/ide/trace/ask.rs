//! From what a person types to a request, and to the configuration that is asked.

use std::net::IpAddr;

use crate::config::{Config, ServerId};
use crate::message;
use crate::messages::{Joint, Language, join};
use crate::project::{FileId, RootKind};
use crate::routing::pattern::Pattern;
use crate::routing::server::{Socket, normal_host};
use crate::routing::trace::Request;
use crate::upstreams;
use crate::world::{Analysis, View};

/// What a person asks.
#[derive(Debug, Clone, Default)]
pub struct Question {
    /// `http://host:port/path?query`; or `/path` alone, which is asked of the server at [`Question::at`], else of the first.
    pub url: String,
    /// `GET` when there is none.
    pub method: Option<String>,
    /// `Name: value`, each; a `Host` takes the place of the URL's.
    pub headers: Vec<String>,
    /// The client's address.
    pub client: Option<IpAddr>,
    /// Where the person is: a file and an offset in it.
    pub at: Option<(FileId, u32)>,
}

/// A question that can be traced.
#[derive(Debug, Clone, Copy)]
pub struct Chosen<'a> {
    /// The configuration that is asked.
    pub view: View<'a>,
    /// How many others could have been.
    pub others: usize,
}

/// A URL as a client takes it apart.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Url {
    /// `None` for a path alone.
    origin: Option<Origin>,
    /// What is sent, byte for byte.
    target: String,
    notes: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Origin {
    tls: bool,
    /// With the brackets of an IPv6 address.
    host: String,
    port: u16,
    /// The host, with the port unless it is the scheme's own.
    authority: String,
}

impl Url {
    /// Takes apart what a person typed. A client sends neither the fragment nor the user's name; everything else stays as it is.
    fn parse(language: Language, text: &str) -> Result<Url, String> {
        let text = text.trim();
        let mut notes = Vec::new();
        if text.is_empty() {
            return Err(message!(language, "ask-no-url"));
        }
        if let Some(c) = text.chars().find(|c| c.is_whitespace() || c.is_control()) {
            let written = if c == ' ' { message!(language, "ask-blank") } else { format!("{c:?}") };
            let escape = format!("%{:02X}", u32::from(c));
            return Err(message!(language, "ask-character", character = written, escape = escape));
        }
        let text = match text.split_once('#') {
            Some((before, fragment)) => {
                notes.push(message!(language, "ask-fragment", fragment = fragment));
                before
            }
            None => text,
        };
        if text.starts_with('/') {
            return Ok(Url { origin: None, target: text.to_owned(), notes });
        }
        let (scheme, rest) = match text.split_once("://") {
            Some((scheme, rest)) if !scheme.contains(['/', '?', '.', ':']) => (scheme.to_ascii_lowercase(), rest),
            // As curl and every address bar take it.
            _ if begins_with_host(text) => ("http".to_owned(), text),
            _ => return Err(message!(language, "ask-no-such-url", text = text)),
        };
        let tls = match scheme.as_str() {
            "http" | "ws" => false,
            "https" | "wss" => true,
            other => return Err(message!(language, "ask-scheme", scheme = other)),
        };
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, path) = (rest.get(..end).unwrap_or_default(), rest.get(end..).unwrap_or_default());
        let authority = match authority.rsplit_once('@') {
            Some((_, host)) => {
                notes.push(message!(language, "ask-user"));
                host
            }
            None => authority,
        };
        let default = if tls { 443 } else { 80 };
        let (host, port) = split_port(authority).map_err(|port| message!(language, "ask-no-port", port = port, text = text))?;
        if host.is_empty() {
            return Err(message!(language, "ask-no-host", text = text));
        }
        let port = port.unwrap_or(default);
        let authority = if port == default { host.to_owned() } else { format!("{host}:{port}") };
        let target = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
        Ok(Url { origin: Some(Origin { tls, host: host.to_owned(), port, authority }), target, notes })
    }
}

/// Looks like `example.com/x` or `localhost:8080/x`?
fn begins_with_host(text: &str) -> bool {
    let authority = text.split(['/', '?']).next().unwrap_or_default();
    let (host, port) = authority.split_once(':').unwrap_or((authority, ""));
    let name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    !host.is_empty()
        && host.chars().all(name)
        && port.chars().all(|c| c.is_ascii_digit())
        && (host.contains('.') || host.eq_ignore_ascii_case("localhost") || !port.is_empty())
}

/// Host and port; the port as written where it is none.
fn split_port(authority: &str) -> Result<(&str, Option<u16>), &str> {
    let from = authority.rfind(']').map_or(0, |at| at + 1);
    let Some(colon) = authority.get(from..).and_then(|rest| rest.find(':')).map(|at| from + at) else { return Ok((authority, None)) };
    let (host, port) = (authority.get(..colon).unwrap_or_default(), authority.get(colon + 1..).unwrap_or_default());
    match port.parse::<u16>() {
        _ if port.is_empty() => Ok((host, None)),
        Ok(number) if number > 0 && port.bytes().all(|byte| byte.is_ascii_digit()) => Ok((host, Some(number))),
        _ => Err(port),
    }
}

/// The configuration to ask: of those that begin with or include one of `files` (all, for none), a whole one before a fragment, and
/// one that has a server of the URL's name and port before one that has not. The error says what is wrong in words for a person.
pub fn choose<'a>(analysis: &'a Analysis, files: &[FileId], question: &Question) -> Result<Chosen<'a>, String> {
    let language = analysis.language;
    let origin = Url::parse(language, &question.url)?.origin;
    let reads = |view: &View<'_>| files.is_empty() || files.iter().any(|file| view.reads(*file));
    let mut views: Vec<View<'_>> = analysis.views().filter(reads).collect();
    if views.iter().any(|view| view.root.kind == RootKind::Main) {
        views.retain(|view| view.root.kind == RootKind::Main);
    }
    if views.is_empty() {
        return Err(message!(language, "server-not-nginx"));
    }
    views.retain(|view| !view.config.servers.is_empty());
    if views.is_empty() {
        return Err(message!(language, "ask-no-server"));
    }
    let rank = |view: &View<'_>| match &origin {
        None => 0,
        Some(origin) => match arrival(*view, origin) {
            Some(arrival) if arrival.named => 0,
            Some(_) => 1,
            None => 2,
        },
    };
    let ranks: Vec<u8> = views.iter().map(rank).collect();
    let best = ranks.iter().min().copied().unwrap_or(0);
    let others = ranks.iter().filter(|rank| **rank == best).count() - 1;
    match ranks.iter().position(|rank| *rank == best).and_then(|at| views.get(at)) {
        Some(view) => Ok(Chosen { view: *view, others }),
        None => Err(message!(language, "ask-no-server")),
    }
}

/// The request that a client would send, with notes on what was taken for granted.
pub fn request(view: View<'_>, question: &Question) -> Result<(Request, Vec<String>), String> {
    let language = view.language;
    let url = Url::parse(language, &question.url)?;
    let mut notes = url.notes;
    let method = question.method.clone().unwrap_or_else(|| "GET".into());
    if method.is_empty() || !method.bytes().all(|byte| byte.is_ascii_uppercase() || matches!(byte, b'_' | b'-')) {
        return Err(message!(language, "ask-method", method = method));
    }
    let (origin, arrival) = match url.origin {
        Some(origin) => match arrival(view, &origin) {
            Some(arrival) => (origin, arrival),
            None => return Err(nothing_listens(view, origin.port)),
        },
        None => from_server(view, question.at, &mut notes)?,
    };
    notes.extend(arrival.note);
    if is_template(view.config) {
        notes.push(message!(language, "ask-template"));
    }
    let mut headers = vec![("Host".to_owned(), origin.authority.clone().into_bytes())];
    for header in &question.headers {
        let Some((name, value)) = header.split_once(':') else {
            return Err(message!(language, "ask-header", header = header));
        };
        let name = name.trim();
        if name.is_empty() || name.contains(|c: char| c.is_whitespace() || c.is_control()) || value.contains(['\r', '\n', '\0']) {
            return Err(message!(language, "ask-header", header = header.escape_debug().to_string()));
        }
        if name.eq_ignore_ascii_case("host") {
            headers.retain(|(name, _)| !name.eq_ignore_ascii_case("host"));
        }
        headers.push((name.to_owned(), value.trim().as_bytes().to_vec()));
    }
    let request = Request {
        address: arrival.address,
        port: arrival.port,
        tls: origin.tls,
        method,
        target: url.target.into_bytes(),
        headers,
        client: question.client,
        server: None,
        http_1_0: false,
    };
    Ok((request, notes))
}

/// True for a file that something else fills in: Jinja, Go, ERB, or shell variables that can be none of nginx's.
fn is_template(config: &Config) -> bool {
    let shell = |text: &str| {
        text.split("${").skip(1).filter_map(|rest| rest.split_once('}')).any(|(name, _)| {
            name.contains(['.', ':', '-'])
                || name.len() > 1 && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_' || byte.is_ascii_digit())
        })
    };
    let mark = |text: &str| ["{{", "{%", "<%", "@@"].iter().any(|mark| text.contains(mark)) || text.contains("${") && shell(text);
    config.entries.iter().any(|entry| {
        let directive = &entry.directive;
        mark(&directive.name.value) || !directive.name.value.contains("_by_lua") && directive.args.iter().any(|word| mark(&word.value))
    })
}

/// Where a request arrives.
struct Arrival {
    address: String,
    port: u16,
    /// A server there has the host's name.
    named: bool,
    note: Option<String>,
}

impl Arrival {
    fn at(socket: &Socket, named: bool) -> Arrival {
        Arrival { address: socket.address.to_string(), port: socket.port, named, note: None }
    }
}

/// The socket that a client of this URL gets to; `None` when nothing listens on the port. Which address a name resolves to is not in
/// the configuration: where there are several, it is taken to be one on which a server of that name listens.
fn arrival(view: View<'_>, origin: &Origin) -> Option<Arrival> {
    if view.config.servers.iter().all(|server| server.synthetic) {
        let socket = view.router().sockets().first()?;
        let note = message!(view.language, "ask-host-and-port");
        return Some(Arrival { named: true, note: Some(note), ..Arrival::at(socket, true) });
    }
    if let Some(arrival) = listening(view, origin, origin.port) {
        return Some(arrival);
    }
    // What a container publishes is what a person types.
    upstreams::own_services(view.project, view.config).find_map(|service| {
        let published = service.ports.iter().find(|port| port.value.0 == Some(origin.port))?;
        let mut arrival = listening(view, origin, published.value.1)?;
        let file = view.project.display_path(published.place.file);
        let line = view.project.text(published.place.file).line_of(published.place.span.start) + 1;
        let at = format!("{file}:{line}");
        arrival.note = Some(message!(view.language, "ask-published", port = origin.port, inside = arrival.port, at = at));
        Some(arrival)
    })
}

fn listening(view: View<'_>, origin: &Origin, port: u16) -> Option<Arrival> {
    let router = view.router();
    // Those of QUIC only where there is no other.
    let mut sockets: Vec<&Socket> =
        router.sockets().iter().filter(|socket| socket.port == port && !socket.address.starts_with("unix:")).collect();
    if sockets.iter().any(|socket| !socket.quic) {
        sockets.retain(|socket| !socket.quic);
    }
    let first = *sockets.first()?;
    let named = |socket: &Socket| has_name(view.config, socket.server(origin.host.as_bytes()), origin.host.as_bytes());
    let any = sockets.iter().copied().find(|socket| &*socket.address == "*");
    let host = if origin.host.eq_ignore_ascii_case("localhost") { "127.0.0.1" } else { &origin.host };
    if host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok() {
        if let Some(socket) = router.socket(host, port) {
            return Some(Arrival::at(socket, named(socket)));
        }
    } else if let Some(socket) = any.filter(|socket| named(socket)) {
        return Some(Arrival::at(socket, true));
    } else if let Some(socket) = sockets.iter().copied().find(|socket| named(socket)) {
        let mut arrival = Arrival::at(socket, true);
        if sockets.len() > 1 {
            arrival.note = Some(message!(
                view.language,
                "ask-address",
                host = &origin.host,
                address = &*socket.address,
                server = view.config.say_server(view.language, socket.server(origin.host.as_bytes()))
            ));
        }
        return Some(arrival);
    }
    let socket = any.unwrap_or(first);
    let mut arrival = Arrival::at(socket, named(socket));
    if any.is_none() && sockets.len() > 1 {
        arrival.note = Some(message!(view.language, "ask-first-address", address = &*socket.address, port = port));
    }
    Some(arrival)
}

/// True when one of the server's names fits the host, not only its being the default.
fn has_name(config: &Config, server: ServerId, host: &[u8]) -> bool {
    let host = normal_host(host);
    let host = String::from_utf8_lossy(&host);
    config.server(server).names.iter().any(|(name, _)| {
        if let Some(pattern) = name.strip_prefix('~') {
            return Pattern::get(pattern, true).is_match(host.as_bytes());
        }
        if let Some(rest) = name.strip_prefix("*.") {
            return host.strip_suffix(rest).is_some_and(|left| left.len() > 1 && left.ends_with('.'));
        }
        if let Some(rest) = name.strip_prefix('.') {
            return host.strip_suffix(rest).is_some_and(|left| left.is_empty() || left.ends_with('.'));
        }
        if let Some(rest) = name.strip_suffix(".*") {
            return host.strip_prefix(rest).is_some_and(|right| right.len() > 1 && right.starts_with('.'));
        }
        **name == *host
    })
}

/// A path alone: the server where the person is, else the first.
fn from_server(view: View<'_>, at: Option<(FileId, u32)>, notes: &mut Vec<String>) -> Result<(Origin, Arrival), String> {
    let (config, language) = (view.config, view.language);
    let around = at.and_then(|(file, offset)| {
        let inside = |id: ServerId| {
            let place = config.place(config.server(id).entry);
            place.file == file && place.span.touches(offset)
        };
        let ids = || (0..config.servers.len() as u32).map(ServerId);
        // An included file has no `server` around what it holds.
        let holds =
            |id: ServerId| config.server(id).locations.iter().any(|location| config.place(config.location(*location).entry).file == file);
        ids().find(|id| inside(*id)).or_else(|| ids().find(|id| holds(*id)))
    });
    let id = around.unwrap_or(ServerId(0));
    let server = config.servers.get(id.index()).ok_or_else(|| message!(language, "ask-no-server"))?;
    let listen = server.listens.iter().find(|listen| !listen.address.starts_with("unix:"));
    let listen = listen.or(server.listens.first()).ok_or_else(|| message!(language, "ask-listens-nowhere"))?;
    let socket = view.router().socket(&listen.address, listen.port).ok_or_else(|| message!(language, "ask-listens-nowhere"))?;
    let tls = socket.tls || listen.port == 443;
    let usable = |name: &&str| !name.is_empty() && !name.contains(['*', '~', '$', '{']) && !name.starts_with('.') && *name != "_";
    let host = server.names.iter().map(|(name, _)| &**name).find(usable).unwrap_or("localhost").to_owned();
    let default = if tls { 443 } else { 80 };
    let authority = if listen.port == default || listen.port == 0 { host.clone() } else { format!("{host}:{}", listen.port) };
    let arrival = Arrival { note: None, ..Arrival::at(socket, true) };
    if server.synthetic {
        notes.push(message!(language, "ask-nothing-else"));
    } else if config.servers.len() > 1 {
        let id = if around.is_some_and(|id| id.index() > 0) { "ask-which-here" } else { "ask-which-first" };
        let url = format!("{}://{authority}", if tls { "https" } else { "http" });
        notes.push(message!(language, id, count = config.servers.len(), url = url));
    }
    Ok((Origin { tls, host, port: listen.port, authority }, arrival))
}

fn nothing_listens(view: View<'_>, port: u16) -> String {
    /// So many are listed.
    const MOST: usize = 12;

    let language = view.language;
    let all = view.router().sockets();
    let by_tcp = |one: &Socket| all.iter().any(|other| !other.quic && (&other.address, other.port) == (&one.address, one.port));
    let sockets: Vec<&Socket> = all.iter().filter(|socket| !socket.quic || !by_tcp(socket)).collect();
    let mut list: Vec<String> = sockets
        .iter()
        .take(MOST)
        .map(|socket| {
            let address = match (&*socket.address, socket.port) {
                (address, 0) => address.to_owned(),
                ("*", port) => port.to_string(),
                (address, port) => format!("{address}:{port}"),
            };
            let names = view.config.server(socket.default).names.iter().map(|(name, _)| &**name);
            match names.into_iter().find(|name| !name.is_empty() && *name != "_") {
                Some(name) => format!("{address} ({name})"),
                None => address,
            }
        })
        .collect();
    if sockets.len() > MOST {
        list.push(message!(language, "ask-more", count = sockets.len() - MOST));
    }
    let list = join(language, Joint::Comma, &list);
    match view.config.unknown_includes.is_empty() {
        true => message!(language, "ask-nothing-listens", port = port, list = list),
        false => message!(language, "ask-nothing-listens-seen", port = port, list = list),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> (String, String) {
        let url = Url::parse(Language::English, text).expect("a URL");
        let origin = url.origin.map(|it| format!("{}{} {}", if it.tls { "tls " } else { "" }, it.authority, it.port)).unwrap_or_default();
        (origin, url.target)
    }

    #[test]
    fn a_url_is_taken_apart_as_a_client_does() {
        let pair = |origin: &str, target: &str| (origin.to_owned(), target.to_owned());
        assert_eq!(parsed("http://a.example/x//./%2e?y=1&z#f?g"), pair("a.example 80", "/x//./%2e?y=1&z"));
        assert_eq!(parsed("https://a.example:443"), pair("tls a.example 443", "/"));
        assert_eq!(parsed("HTTPS://A.example:8443?q"), pair("tls A.example:8443 8443", "/?q"));
        assert_eq!(parsed("http://[::1]:81/a:b"), pair("[::1]:81 81", "/a:b"));
        assert_eq!(parsed("http://u:p@h/"), pair("h 80", "/"));
        assert_eq!(parsed("h.x:/"), pair("h.x 80", "/"));
        assert_eq!(parsed("localhost:8080/x"), pair("localhost:8080 8080", "/x"));
        assert_eq!(parsed("gate.example/x?u=http://b/"), pair("gate.example 80", "/x?u=http://b/"));
        assert_eq!(parsed(" //x/../y "), pair("", "//x/../y"));
        assert_eq!(parsed("/a?b=http://c"), pair("", "/a?b=http://c"));
    }

    #[test]
    fn what_is_no_url_is_told() {
        for (text, wanted) in [
            ("", "there is no URL"),
            ("admin", "`admin` is no URL"),
            ("ftp://a/", "`ftp://` is not traced"),
            ("http://a:0/", "`0` in `http://a:0/` is no port"),
            ("http://a:99999/", "is no port"),
            ("http://a:+80/", "is no port"),
            ("http:///x", "names no host"),
            ("http://a/b c", "a blank can't stand in a URL: write it as %20"),
            ("http://a/b\tc", "write it as %09"),
        ] {
            let error = Url::parse(Language::English, text).expect_err(text);
            assert!(error.contains(wanted), "{text}: {error}");
        }
    }
}
