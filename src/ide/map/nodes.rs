//! The tree.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Kind, Mark, Node};
use crate::config::{EntryId, LocationId, ServerId};
use crate::ide::lens;
use crate::ide::routes::{Backend, Gatherer, Known, Pass, Route};
use crate::message;
use crate::messages::{Joint, join};
use crate::project::Place;
use crate::rules::{Confidence, Finding};
use crate::usage::verdict::{Reason, Usage, Verdict};
use crate::usage::words::{self, Context};
use crate::world::{Analysis, View};

/// How many routes a map has: more than anybody looks at, and little enough for an editor.
const ROUTES: usize = 10_000;

/// What findings are called that prove that no request comes.
const DEAD: [&str; 2] = ["dead-location", "dead-server"];

/// The ids of nodes, for what connects them.
#[derive(Debug, Default)]
pub(super) struct Names {
    taken: FxHashSet<String>,
    pub(super) servers: FxHashMap<ServerId, String>,
    pub(super) locations: FxHashMap<LocationId, String>,
    pub(super) passes: FxHashMap<EntryId, String>,
}

impl Names {
    /// An id below another one: the same text again gets a number, in reading order.
    fn make(&mut self, around: &str, text: &str) -> String {
        let plain = if around.is_empty() { text.to_owned() } else { format!("{around} > {text}") };
        let mut id = plain.clone();
        let mut count = 1;
        while !self.taken.insert(id.clone()) {
            count += 1;
            id = format!("{plain} #{count}");
        }
        id
    }
}

pub(super) struct Builder<'a> {
    view: View<'a>,
    gatherer: Gatherer<'a>,
    context: Context<'a>,
    /// By the header of a block.
    dead: FxHashMap<Place, &'a str>,
    stop: &'a dyn Fn() -> bool,
    routes: usize,
    /// Routes that are not in the map because there are too many.
    pub(super) left_out: usize,
    pub(super) names: Names,
}

impl<'a> Builder<'a> {
    pub(super) fn new(analysis: &Analysis, view: View<'a>, findings: &[&'a Finding], stop: &'a dyn Fn() -> bool) -> Builder<'a> {
        // Where a block is read for several servers, it is dead for each of them: else there is no such finding.
        let proven = findings.iter().filter(|finding| DEAD.contains(&finding.rule) && finding.confidence == Confidence::Proven);
        Builder {
            view,
            gatherer: Gatherer::new(view),
            context: Context { project: view.project, config: view.config, logs: view.logs(), language: analysis.language },
            dead: proven.map(|finding| (finding.place, finding.message.as_str())).collect(),
            stop,
            routes: 0,
            left_out: 0,
            names: Names::default(),
        }
    }

    /// The servers with all that is in them; `None` when it was stopped.
    pub(super) fn servers(&mut self) -> Option<Vec<Node>> {
        (0..self.view.config.servers.len() as u32).map(|id| self.server(ServerId(id))).collect()
    }

    fn server(&mut self, id: ServerId) -> Option<Node> {
        let config = self.view.config;
        let server = config.server(id);
        let name = self.gatherer.server_name(id);
        // The words around the name are in the reader's language; the id is not.
        let plain = if server.synthetic { "server".to_owned() } else { config.display_server(id) };
        let around = self.view.project.display_path(config.root);
        let own = self.names.make(&around, &plain);
        self.names.servers.insert(id, own.clone());
        let header = config.header(server.entry);
        let dead = self.dead.get(&header).map(|message| (*message).to_owned());
        let children = self.locations(&server.locations, &own, dead.is_some())?;
        Some(Node {
            id: own,
            kind: Kind::Server,
            label: name.strip_prefix("server ").map(str::to_owned).unwrap_or(name),
            detail: self.gatherer.urls(id).join(", "),
            place: Some(header),
            hits: self.hits_of_server(id),
            verdict: dead.is_some().then_some(Mark::Dead),
            why: dead.into_iter().collect(),
            children,
        })
    }

    /// All of a server's requests, where a log tells of each of its locations, or shows some.
    fn hits_of_server(&self, id: ServerId) -> Option<u64> {
        let hits = self.view.logs()?.servers.get(id.index())?;
        let mut locations = (0..).map(LocationId).zip(&self.view.config.locations).filter(|(_, location)| location.server == id);
        let told = hits.total > 0 || locations.any(|(location, _)| lens::hits(self.view, location).is_some());
        told.then_some(hits.total)
    }

    fn locations(&mut self, ids: &[LocationId], around: &str, dead: bool) -> Option<Vec<Node>> {
        ids.iter().map(|id| self.location(*id, around, dead)).collect()
    }

    /// A location, those in it, and who answers. Blocks are nested as deep as `syntax` follows them, and no deeper.
    fn location(&mut self, id: LocationId, around: &str, dead_around: bool) -> Option<Node> {
        if (self.stop)() {
            return None;
        }
        let config = self.view.config;
        let location = config.location(id);
        let told = self.gatherer.location(id);
        let own = self.names.make(around, &format!("location {}", location.matcher.display()));
        self.names.locations.insert(id, own.clone());
        let header = config.header(location.entry);
        let usage = self.view.verdicts().locations.get(id.index());
        let (verdict, why) = self.judge(header, usage, dead_around);
        let mut children = self.locations(&location.locations, &own, verdict == Some(Mark::Dead))?;
        children.extend(self.upstreams(id, &told.passes, &own));
        Some(Node {
            id: own,
            kind: Kind::Location,
            label: location.matcher.display(),
            detail: told.handler.map_or(told.written.clone(), |file| format!("{} ({file})", told.written)),
            place: Some(header),
            hits: lens::hits(self.view, id).map(|hits| hits.total),
            verdict,
            why,
            children,
        })
    }

    /// Is it used, and why?
    fn judge(&self, header: Place, usage: Option<&Usage>, dead_around: bool) -> (Option<Mark>, Vec<String>) {
        let proven = match self.dead.get(&header) {
            Some(message) => Some((*message).to_owned()),
            None => dead_around.then(|| message!(self.context.language, "map-inside-dead")),
        };
        let mark = match usage.map(|usage| usage.verdict) {
            _ if proven.is_some() => Some(Mark::Dead),
            Some(Verdict::InUse) => Some(Mark::InUse),
            Some(Verdict::ProbablyUnused) => Some(Mark::ProbablyUnused),
            Some(Verdict::ToCheck) => Some(Mark::ToCheck),
            Some(Verdict::CannotTell) | None => None,
        };
        let reasons = usage.into_iter().flat_map(|usage| &usage.reasons).filter(|reason| proven.is_none() || **reason != Reason::Dead);
        let reasons: Vec<String> = reasons.map(|reason| words::reason(reason, &self.context).0).collect();
        (mark, proven.into_iter().chain(reasons).collect())
    }

    /// Where a location passes requests on to, each once: an `if` may say the same again.
    fn upstreams(&mut self, location: LocationId, passes: &[Pass], around: &str) -> Vec<Node> {
        let mut out: Vec<Node> = Vec::new();
        for pass in passes {
            let label = label(pass);
            if let Some(known) = out.iter().find(|node| node.label == label) {
                let id = known.id.clone();
                self.remember(location, pass, id);
                continue;
            }
            let id = self.names.make(around, &format!("upstream {label}"));
            self.remember(location, pass, id.clone());
            let mut routes: Vec<&Route> = Vec::new();
            for route in pass.backends.iter().flat_map(|backend| &backend.routes) {
                if !routes.contains(&route) {
                    routes.push(route);
                }
            }
            let room = ROUTES.saturating_sub(self.routes).min(routes.len());
            self.left_out += routes.len() - room;
            self.routes += room;
            let children = routes.iter().take(room).map(|route| self.route(route, &id)).collect();
            let block = pass.upstream.as_ref().map(|block| block.place);
            let service = pass.backends.iter().find_map(|backend| Some(backend.service.as_ref()?.place));
            out.push(Node {
                kind: Kind::Upstream,
                detail: self.answering(pass),
                place: block.or(service).or(Some(pass.place)),
                hits: None,
                verdict: None,
                why: self.unknown(pass),
                children,
                label,
                id,
            });
        }
        out
    }

    fn remember(&mut self, location: LocationId, pass: &Pass, id: String) {
        let config = self.view.config;
        // A file that is included twice has its directives twice.
        let entries = crate::ide::routes::reach::passes(config, location);
        let entry = entries.into_iter().find(|entry| config.header(*entry) == pass.place);
        entry.into_iter().for_each(|entry| drop(self.names.passes.insert(entry, id.clone())));
    }

    /// Who answers: "service api, ./backend, Express".
    fn answering(&self, pass: &Pass) -> String {
        let language = self.context.language;
        if pass.backends.is_empty() {
            return message!(language, "routes-variable");
        }
        let mut out: Vec<String> = Vec::new();
        for backend in &pass.backends {
            let words = match self.parts(backend) {
                parts if parts.is_empty() => backend.addresses.join(", "),
                parts => join(language, Joint::Comma, &parts),
            };
            if !out.contains(&words) {
                out.push(words);
            }
        }
        out.join("; ")
    }

    fn parts(&self, backend: &Backend) -> Vec<String> {
        let language = self.context.language;
        if backend.known == Known::Here {
            let servers = backend.servers.iter().map(|name| name.strip_prefix("server ").unwrap_or(name).to_owned());
            let servers: Vec<String> = servers.collect();
            return vec![message!(language, "map-here", server = join(language, Joint::Comma, &servers))];
        }
        let mut out = Vec::new();
        out.extend(backend.service.as_ref().map(|service| message!(language, "map-service", name = service.name.as_str())));
        out.extend(backend.source.clone());
        out.extend(backend.frameworks.iter().cloned());
        if backend.source.is_none() {
            out.extend(backend.image.as_ref().map(|image| message!(language, "map-image", image = image.as_str())));
        }
        out
    }

    /// What is not known of those who answer, each reason once.
    fn unknown(&self, pass: &Pass) -> Vec<String> {
        let mut out: Vec<String> = Vec::new();
        for backend in &pass.backends {
            let Some(why) = &backend.why else { continue };
            let told = match backend.known {
                Known::Incomplete if !backend.routes.is_empty() => {
                    message!(self.context.language, "routes-note-incomplete", name = backend.name.as_str(), why = why.as_str())
                }
                _ => why.clone(),
            };
            if !out.contains(&told) {
                out.push(told);
            }
        }
        out
    }

    fn route(&mut self, route: &Route, around: &str) -> Node {
        let language = self.context.language;
        let methods = match route.methods.as_slice() {
            [] => message!(language, "routes-any-method"),
            methods => methods.join(","),
        };
        let at = route.file.as_ref().zip(route.line).map(|(file, line)| format!("{file}:{line}"));
        let outside = route.path.as_deref().filter(|path| *path != route.route);
        let id = self.names.make(around, &format!("route {} {}", route.methods.join(","), route.route));
        Node {
            id,
            kind: Kind::Route,
            label: format!("{methods} {}", route.route),
            detail: match (at, outside) {
                (Some(at), Some(path)) => message!(language, "map-outside", at = at, path = path),
                (None, Some(path)) => message!(language, "map-as", path = path),
                (at, None) => at.unwrap_or_default(),
            },
            place: route.place,
            hits: None,
            verdict: None,
            why: Vec::new(),
            children: Vec::new(),
        }
    }
}

/// How it is called where requests are passed on to: the block, else what is written.
fn label(pass: &Pass) -> String {
    match (&pass.upstream, pass.backends.as_slice()) {
        (Some(block), _) => block.name.clone(),
        (None, [only]) => only.addresses.join(", "),
        (None, _) => pass.written.split_once(' ').map_or(pass.written.as_str(), |(_, to)| to).to_owned(),
    }
}
