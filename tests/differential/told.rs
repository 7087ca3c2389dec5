//! What a trace tells of a request, held against what nginx did.

use std::collections::HashSet;

use nginx_analyzer::config::LocationId;
use nginx_analyzer::routing::trace::{self, FileKind, Hop, Landing, StepKind, Surroundings, Text, Way, trace};
use nginx_analyzer::routing::uri;

use crate::real::{Ask, place};
use crate::support::Loaded;

/// What nginx did; only what is given is compared.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// `S0`, `L3`, `I1`, `X0`
    pub at: Option<String>,
    pub status: Option<u16>,
    pub uri: Option<Vec<u8>>,
    pub args: Option<Vec<u8>>,
    pub redirect: Option<String>,
    pub file: Option<String>,
    /// The text of a `return`.
    pub body: Option<Vec<u8>>,
    /// What backends received, in order: who and which URI.
    pub sent: Option<Vec<(String, Vec<u8>)>>,
    /// The locations whose rewrite directives ran, in order, as far as they were written down.
    pub through: Vec<u32>,
    /// What became of requests that nginx sent to itself.
    pub inner: Vec<Wanted>,
}

/// The files of a case, and backends that answer as the case says.
pub struct World {
    files: HashSet<String>,
    folders: HashSet<String>,
    answer: trace::Answer,
    /// Where this configuration itself listens on loopback.
    ports: Vec<u16>,
}

impl World {
    /// Paths, with a slash at the end of those that are folders.
    pub fn new<'a>(paths: impl IntoIterator<Item = &'a str>, ask: &Ask) -> World {
        let mut world = World {
            files: HashSet::new(),
            folders: HashSet::from([String::new()]),
            ports: Vec::new(),
            answer: trace::Answer { status: ask.upstream_status.unwrap_or(200), accel: ask.accel.clone() },
        };
        for path in paths {
            world.folders.extend(path.match_indices('/').map(|(at, _)| path[..at].to_owned()));
            if !path.ends_with('/') {
                world.files.insert(path.to_owned());
            }
        }
        world
    }
}

impl Surroundings for World {
    fn file(&self, path: &str) -> FileKind {
        // Below nginx's own folder there is nothing.
        let Some(relative) = path.strip_prefix('/') else { return FileKind::Absent };
        let mut at: Vec<&str> = Vec::new();
        let mut kind = FileKind::Folder;
        for part in relative.split('/') {
            // Only a folder has something below it, and a slash asks for a folder.
            if kind != FileKind::Folder {
                return FileKind::Absent;
            }
            match part {
                "" | "." => {}
                ".." => drop(at.pop()),
                part => at.push(part),
            }
            let here: String = at.iter().flat_map(|part| ["/", part]).collect();
            kind = match (self.files.contains(&here), self.folders.contains(&here)) {
                (true, _) => FileKind::File,
                (_, true) => FileKind::Folder,
                _ => FileKind::Absent,
            };
        }
        kind
    }

    fn lands(&self, host: &str, port: u16) -> Landing {
        match host == "127.0.0.1" && self.ports.contains(&port) {
            true => Landing::Here { address: "*".to_owned(), port, evidence: None },
            false => Landing::Elsewhere,
        }
    }

    fn answer(&self, upstream: &Text, _uri: &Text) -> Option<trace::Answer> {
        (!lands_here(&upstream.display(), &self.ports)).then(|| self.answer.clone())
    }
}

fn lands_here(upstream: &str, ports: &[u16]) -> bool {
    upstream.strip_prefix("127.0.0.1:").is_some_and(|port| port.parse().is_ok_and(|port| ports.contains(&port)))
}

/// The request as a trace takes it.
pub fn request(ask: &Ask) -> trace::Request {
    let (address, port) = ask.listen.rsplit_once(':').unwrap_or(("*", &ask.listen));
    let mut headers: Vec<(String, Vec<u8>)> = vec![("Connection".into(), b"close".into()), ("X-Client".into(), b"127.0.0.1".into())];
    headers.extend(ask.host.as_ref().map(|host| ("Host".to_owned(), host.as_bytes().to_vec())));
    trace::Request {
        address: address.to_owned(),
        port: port.parse().expect("a port"),
        tls: false,
        server: None,
        http_1_0: ask.http == "1.0",
        method: ask.method.clone(),
        target: ask.target.clone(),
        headers,
        client: Some([127, 0, 0, 1].into()),
    }
}

/// The trace of a request.
pub fn follow(loaded: &Loaded, files: &[(String, String)], ask: &Ask) -> trace::Trace {
    let mut world = World::new(files.iter().map(|(path, _)| path.as_str()), ask);
    world.ports = ports(loaded);
    trace(&loaded.config, &loaded.router, &world, &request(ask))
}

fn ports(loaded: &Loaded) -> Vec<u16> {
    loaded.router.sockets().iter().map(|socket| socket.port).collect()
}

/// What a trace tells differently; none when it is as wanted.
pub fn differences(loaded: &Loaded, files: &[(String, String)], ask: &Ask, wanted: &Wanted) -> Vec<String> {
    let told = follow(loaded, files, ask);
    // Of a path that is no UTF-8 a trace knows nothing.
    let unknown = |kind: &StepKind| {
        let (StepKind::Path { found, .. } | StepKind::TryFile { found, .. } | StepKind::Index { found, .. }) = kind else { return false };
        *found == FileKind::Unknown
    };
    let asked = uri::parse_target(&ask.target, true).map(|target| target.uri).unwrap_or_default();
    let is_text = |uri: &[u8]| std::str::from_utf8(uri).is_ok();
    let undecided = told.ways.len() > 1 && !(is_text(&asked) && wanted.uri.as_deref().is_none_or(is_text));
    if undecided || told.ways.iter().flat_map(|way| &way.hops).flat_map(|hop| &hop.steps).any(|step| unknown(&step.kind)) {
        return Vec::new();
    }
    let ways = told.ways.iter().map(|way| compare(loaded, way, wanted));
    // What another pass through this configuration answers is not known to the first one: one of the ways is right.
    if told.ways.iter().any(|way| way.hops.len() > 1) {
        return ways.min_by_key(Vec::len).unwrap_or_default();
    }
    let mut out = ways.into_iter().next().unwrap_or_else(|| vec!["no way".to_owned()]);
    if told.ways.len() > 1 || told.ways.iter().any(|way| !way.conditions.is_empty()) {
        let conditions: Vec<_> = told.ways.iter().flat_map(|way| &way.conditions).map(|condition| &condition.text).collect();
        out.push(format!("{} ways, for everything is known: {conditions:?}", told.ways.len()));
    }
    out
}

/// What one way tells differently.
fn compare(loaded: &Loaded, way: &Way, wanted: &Wanted) -> Vec<String> {
    let [first, more @ ..] = way.hops.as_slice() else { return vec!["no hop".to_owned()] };
    let last = more.last().unwrap_or(first);
    let mut out = pass(loaded, first, wanted, last);
    // A request of which there are copies for mirrors ends, and is in the log, when those are answered: that may be after the outermost one.
    let is_copied = |hop: &&Hop| hop.steps.iter().any(|step| matches!(step.kind, StepKind::Mirror { .. }));
    let late = if wanted.inner.len() < more.len() { more.iter().filter(is_copied).count() } else { 0 };
    for hop in more.iter().filter(|hop| late == 0 || !is_copied(hop)) {
        let differences = wanted.inner.iter().map(|inner| pass(loaded, hop, inner, hop)).min_by_key(Vec::len);
        out.extend(differences.unwrap_or_else(|| vec!["nginx sends nothing to itself".to_owned()]));
    }
    let ports = ports(loaded);
    let aside = |hop: &Hop| {
        let is_aside =
            |kind: &StepKind| matches!(kind, StepKind::AuthRequest { .. } | StepKind::Mirror { .. } | StepKind::ErrorPage { .. });
        hop.steps.iter().any(|step| is_aside(&step.kind))
    };
    // Neither subrequests are followed into another pass, nor what an `error_page` takes the place of.
    let followed = wanted.inner.len() <= more.len() || !way.hops.iter().any(aside);
    if let Some(sent) = wanted.sent.as_ref().filter(|_| followed) {
        let mut told = Vec::new();
        way.hops.iter().for_each(|hop| sent_by(hop, &mut told));
        told.retain(|(upstream, _)| !lands_here(upstream, &ports));
        let mut known: Vec<_> = sent.iter().map(|(who, uri)| (who.clone(), Text::known(uri.clone()).display())).collect();
        // A copy for a mirror is sent at any time.
        told.sort();
        known.sort();
        if told != known {
            out.push(format!("sent: {told:?}, nginx {known:?}"));
        }
    }
    if followed && !(wanted.inner.len()..=wanted.inner.len() + late).contains(&more.len()) {
        out.push(format!("{} passes, nginx sends {} requests to itself", way.hops.len(), wanted.inner.len()));
    }
    out
}

/// What one pass tells differently; `last` is the one that answers.
fn pass(loaded: &Loaded, hop: &Hop, wanted: &Wanted, last: &Hop) -> Vec<String> {
    let mut out = Vec::new();
    let onward = !std::ptr::eq(hop, last);
    let mut differ = |what: &str, told: String, wanted: String| {
        // With which protocol a request is passed on depends on nginx's version where nothing says it.
        let by_version = ["{$server_protocol}", "{$request}"].iter().any(|unknown| told.contains(unknown));
        if told != wanted && !by_version {
            out.push(format!("{what}: {told}, nginx {wanted}"));
        }
    };
    // nginx writes a request that it refuses at once down to the default server.
    if let Some(at) = wanted.at.as_ref().filter(|_| hop.server.is_some() || wanted.status != Some(400)) {
        let wanted = place(loaded, at);
        differ("at", name(hop.server.map(|server| (server, hop.location))), name(wanted));
    }
    // What code answers is known to the code.
    let code = hop.handler.as_ref().is_some_and(|handler| handler.name.contains("_by_lua") || handler.name.starts_with("echo"));
    if let Some(status) = wanted.status.filter(|_| !(code && hop.status.is_none())) {
        let told = if onward { hop.status.or_else(|| told_status(last)) } else { told_status(hop) };
        // With an `error_page` before it the log has the status that this was for.
        let told = if hop.terminated && status == 444 { Some(444) } else { told };
        differ("status", told.map_or("unknown".into(), |status| status.to_string()), status.to_string());
    }
    // What a bad request leaves in these is of no use to anybody.
    if wanted.status != Some(400) {
        for (what, told, wanted) in [("uri", &hop.uri, &wanted.uri), ("args", &hop.args, &wanted.args)] {
            // What a proxy sends as `Connection` depends on the version, and a trace does not say it.
            if let Some(wanted) = wanted.as_ref().filter(|_| !told.display().contains("{$http_connection}")) {
                differ(what, told.display(), Text::known(wanted.clone()).display());
            }
        }
    }
    // With another status a `Location` that was made before an `error_page` is of no use, and on a socket nginx has no address.
    let redirects = wanted.status.is_none_or(|status| matches!(status, 201 | 301 | 302 | 303 | 307 | 308));
    if let Some(redirect) = wanted.redirect.as_ref().filter(|redirect| redirects && !onward && !redirect.starts_with("http://unix:")) {
        let told = hop.redirect.as_ref().map(Text::display).unwrap_or_default();
        differ("redirect", without_port(&told), without_port(redirect));
    }
    if let Some(file) = &wanted.file {
        // What was looked for before the request went elsewhere is another file.
        let goes = |kind: &StepKind| matches!(kind, StepKind::InternalRedirect { .. } | StepKind::Named { .. });
        let path = hop.steps.iter().rev().take_while(|step| !goes(&step.kind)).find_map(|step| match &step.kind {
            StepKind::Path { path, .. } => Some(path),
            _ => None,
        });
        let path = hop.file.as_ref().or(path).map(Text::display);
        // A path is of no use to what answers without one.
        if path.is_some() || hop.handler.as_ref().is_none_or(|handler| handler.name == "static") {
            differ("file", path.unwrap_or_default(), file.clone());
        }
    }
    if let Some(body) = &wanted.body {
        let text = last.steps.iter().rev().find_map(|step| match &step.kind {
            StepKind::Return { text, .. } => text.as_ref().map(Text::display),
            _ => None,
        });
        // The page that nginx makes for a status is none of a trace's business.
        if let Some(text) =
            text.filter(|_| last.redirect.is_none() && last.handler.as_ref().is_some_and(|handler| handler.name == "return"))
        {
            differ("body", text, Text::known(body.clone()).display());
        }
    }
    let mut locations = hop.steps.iter().filter_map(|step| match &step.kind {
        StepKind::Location { location, .. } | StepKind::Named { location, .. } => *location,
        _ => None,
    });
    let passed = wanted.through.iter().all(|wanted| locations.any(|location| location == LocationId(*wanted)));
    if !passed {
        out.push(format!("the locations {:?} are not passed in this order", wanted.through));
    }
    out
}

/// Everything that goes to backends, in order.
fn sent_by(hop: &Hop, out: &mut Vec<(String, String)>) {
    for step in &hop.steps {
        match &step.kind {
            StepKind::Pass { upstream, uri, .. } => out.push((upstream.display(), uri.display())),
            StepKind::AuthRequest { hop, .. } | StepKind::Mirror { hop, .. } => sent_by(hop, out),
            _ => {}
        }
    }
}

/// The status at the end, that of a file or a backend included.
fn told_status(hop: &Hop) -> Option<u16> {
    let passed = || hop.steps.iter().any(|step| matches!(step.kind, StepKind::Pass { .. }));
    hop.status.or_else(|| (hop.upstream.is_some() || passed() || hop.file.is_some()).then_some(200))
}

fn name(place: Option<(nginx_analyzer::config::ServerId, Option<LocationId>)>) -> String {
    match place {
        None => "nowhere".to_owned(),
        Some((server, None)) => format!("S{}", server.0),
        Some((server, Some(location))) => format!("S{} L{}", server.0, location.0),
    }
}

fn host(url: &str) -> &str {
    url.split_once("://").map_or("", |(_, rest)| rest.split('/').next().unwrap_or_default())
}

/// A redirect's URL without the port: nginx listens on a socket here, which has none.
fn without_port(url: &str) -> String {
    let host = host(url);
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => url.replacen(host, name, 1),
        _ => url.to_owned(),
    }
}
