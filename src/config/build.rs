//! From directives to the typed configuration: includes are replaced by what they led to, blocks get their views.

use super::listen::default_listen;
use super::*;
use crate::nginx::context::Context;
use crate::project::Vfs;
use crate::project::includes::{Include, MAX_READS};
use crate::syntax::{Body, Quote, Word};

/// How deep blocks and includes may be nested together; what lies deeper is left out as an unknown include is.
const MAX_DEPTH: usize = 400;

/// How many directives one root may have.
const MAX_ENTRIES: usize = 8_000_000;

/// The configuration of a root, with room for so many entries.
pub(super) fn build(project: &Project, root: &Root, room: usize) -> Config {
    // Some more are typed, too.
    let room = room + room / 64;
    let config = Config {
        root: root.file,
        entries: Vec::with_capacity(room),
        top: Vec::new(),
        servers: Vec::new(),
        locations: Vec::new(),
        upstreams: Vec::new(),
        unknown_includes: Vec::new(),
        gave_up: None,
        by_name: names::Names::with_capacity(room),
        within: within::Within::with_capacity(room),
        beside: super::beside::Beside::default(),
        by_upstream: OnceLock::new(),
        by_file: super::inside::ByFile::default(),
    };
    let mut builder =
        Builder { project, root, config, numbers: names::Numbers::default(), reading: Vec::new(), reads: 0, read: 0, depth: 0 };
    let context = match root.kind {
        RootKind::Main => Some(Context::Main),
        RootKind::Http => Some(Context::Http),
        RootKind::Server => Some(Context::Server),
        RootKind::Snippet => None,
    };
    let scope = match root.kind {
        RootKind::Server => builder.unwritten_server(),
        _ => Scope { context, ..Scope::default() },
    };
    let top = builder.file(root.file, scope);
    if let Some(server) = scope.server {
        let entry = scope.parent;
        if let Some(entry) = entry {
            builder.config.entries[entry.index()].children = top.clone();
        }
        builder.finish_server(server);
    }
    builder.config.top = top;
    builder.config
}

/// Where a directive stands.
#[derive(Debug, Clone, Copy, Default)]
struct Scope {
    context: Option<Context>,
    parent: Option<EntryId>,
    server: Option<ServerId>,
    location: Option<LocationId>,
}

struct Builder<'a> {
    project: &'a Project,
    root: &'a Root,
    config: Config,
    numbers: names::Numbers,
    reading: Vec<FileId>,
    reads: usize,
    /// Their bytes.
    read: u64,
    depth: usize,
}

impl Builder<'_> {
    /// The server around a fragment with locations at its top.
    fn unwritten_server(&mut self) -> Scope {
        let name = Word::new(Span::at(0), "server".into(), Quote::None);
        let directive = Arc::new(Directive::new(Span::at(0), name, Vec::new(), Body::Simple));
        let entry = self.push(self.root.file, directive, Scope { server: Some(ServerId(0)), ..Scope::default() });
        self.config.servers.push(Server { entry, synthetic: true, listens: Vec::new(), names: Vec::new(), locations: Vec::new() });
        Scope { context: Some(Context::Server), parent: Some(entry), server: Some(ServerId(0)), location: None }
    }

    fn push(&mut self, file: FileId, directive: Arc<Directive>, scope: Scope) -> EntryId {
        let id = EntryId(self.config.entries.len() as u32);
        let Scope { context, parent, server, location } = scope;
        let known = self.numbers.next(&mut self.config.by_name, &directive, context);
        self.config.within.push(server, location);
        self.config.entries.push(Entry { file, directive, known, context, parent, children: Vec::new() });
        id
    }

    fn file(&mut self, file: FileId, scope: Scope) -> Vec<EntryId> {
        let mut out = Vec::new();
        self.file_into(file, scope, &mut out);
        out
    }

    fn file_into(&mut self, file: FileId, scope: Scope, out: &mut Vec<EntryId>) {
        let project = self.project;
        if let Some(source) = project.files.get(&file) {
            self.reads += 1;
            self.read += u64::from(source.text.len());
            self.reading.push(file);
            self.directives(file, &source.parse.directives, scope, out);
            self.reading.pop();
        }
    }

    fn directives(&mut self, file: FileId, directives: &[Arc<Directive>], scope: Scope, out: &mut Vec<EntryId>) {
        self.depth += 1;
        for directive in directives {
            if self.config.entries.len() >= MAX_ENTRIES {
                if let Some(parent) = scope.parent {
                    self.config.unknown_includes.push(parent);
                }
                self.give_up(scope.parent);
                break;
            }
            let id = self.push(file, directive.clone(), scope);
            out.push(id);
            if directive.includes && directive.is("include") && directive.args.len() == 1 && matches!(directive.body, Body::Simple) {
                self.include(file, id, scope, out);
            } else if matches!(directive.body, Body::Block(_)) {
                self.block(file, id, directive, scope);
            }
        }
        self.depth -= 1;
    }

    fn give_up(&mut self, at: Option<EntryId>) {
        self.config.gave_up = self.config.gave_up.or(at);
    }

    fn include(&mut self, file: FileId, id: EntryId, scope: Scope, out: &mut Vec<EntryId>) {
        let root = self.root;
        let place = Place { file, span: self.config.directive(id).span };
        let files: &[FileId] = match root.includes.get(&place) {
            Some(Include::Files(files)) => files,
            // Whoever mends a missing or looping include brings content that is not seen here.
            Some(Include::Unknown(_) | Include::Loop(_) | Include::Missing(_)) | None => {
                self.config.unknown_includes.push(id);
                &[]
            }
        };
        for included in files {
            if self.reading.contains(included) {
                continue;
            }
            let source = self.project.files.get(included);
            let unread = source.is_none_or(|source| source.unread());
            let bytes = source.map_or(0, |source| u64::from(source.text.len()));
            let too_much = self.depth >= MAX_DEPTH || self.reads >= MAX_READS || !Vfs::has_room(self.read + bytes);
            if too_much {
                self.give_up(Some(id));
            }
            if unread || too_much {
                self.config.unknown_includes.push(id);
                continue;
            }
            self.file_into(*included, scope, out);
        }
    }

    fn block(&mut self, file: FileId, id: EntryId, directive: &Directive, scope: Scope) {
        let context = scope.context.and_then(|context| context.inside(&directive.name.value));
        let mut inner = Scope { context, parent: Some(id), ..scope };
        match context {
            Some(Context::Server) => {
                inner.server = Some(ServerId(self.config.servers.len() as u32));
                self.config.within.set(id, inner.server, None);
                self.config.servers.push(Server {
                    entry: id,
                    synthetic: false,
                    listens: Vec::new(),
                    names: Vec::new(),
                    locations: Vec::new(),
                });
            }
            Some(Context::Location) => {
                inner.location = self.location(id, directive, scope);
                self.config.within.set(id, scope.server, inner.location.or(scope.location));
            }
            _ => {}
        }
        if context == Some(Context::Location) && inner.location == scope.location {
            // Refused by nginx: what is inside belongs to no location.
            inner.context = None;
        }
        let mut children = Vec::with_capacity(directive.children().len());
        if self.depth >= MAX_DEPTH {
            self.config.unknown_includes.push(id);
        } else {
            self.directives(file, directive.children(), inner, &mut children);
        }
        self.config.entries[id.index()].children = children;
        match (context, inner.server) {
            (Some(Context::Server), Some(server)) => self.finish_server(server),
            (Some(Context::Upstream), _) => self.upstream(id),
            _ => {}
        }
    }

    /// The view of a `location`; `None` for one that nginx refuses.
    fn location(&mut self, id: EntryId, directive: &Directive, scope: Scope) -> Option<LocationId> {
        let server = scope.server?;
        let matcher = matcher(directive)?;
        let location = LocationId(self.config.locations.len() as u32);
        self.config.locations.push(Location { entry: id, server, parent: scope.location, matcher, locations: Vec::new() });
        match scope.location {
            Some(around) => self.config.locations[around.index()].locations.push(location),
            None => self.config.servers[server.index()].locations.push(location),
        }
        Some(location)
    }

    fn finish_server(&mut self, id: ServerId) {
        let config = &self.config;
        let entry = config.server(id).entry;
        let mut listens: Vec<Listen> =
            of_name(config, entry, "listen").flat_map(|id| parse_listen(config.directive(id), Some(id))).collect();
        // A `listen` that cannot be read keeps nginx from starting, but it is not the same as none.
        if listens.is_empty() && of_name(config, entry, "listen").next().is_none() {
            listens.push(default_listen());
        }
        let names = of_name(config, entry, "server_name")
            .flat_map(|id| config.directive(id).args.iter().map(move |word| (server_name(&word.value), id)))
            .collect();
        let server = &mut self.config.servers[id.index()];
        server.listens = listens;
        server.names = names;
    }

    fn upstream(&mut self, id: EntryId) {
        let config = &self.config;
        let Some(name) = config.directive(id).args.first().map(|word| word.value.clone()) else { return };
        let servers = of_name(config, id, "server")
            .filter_map(|server| Some((config.directive(server).args.first()?.value.clone(), server)))
            .collect();
        self.config.upstreams.push(Upstream { entry: id, name, servers });
    }
}

/// Children of that name, in a configuration that is not complete yet: its table of names can't be asked.
fn of_name<'a>(config: &'a Config, block: EntryId, name: &'a str) -> impl Iterator<Item = EntryId> + 'a {
    config.entry(block).children.iter().copied().filter(move |child| config.directive(*child).is(name))
}

/// `ngx_http_core_server_name` lower-cases every name but a regex, whose letters mean what they mean to PCRE (one with an
/// upper-case letter is compiled caseless instead).
fn server_name(written: &Arc<str>) -> Arc<str> {
    match written.starts_with('~') || !written.bytes().any(|byte| byte.is_ascii_uppercase()) {
        true => written.clone(),
        false => written.to_ascii_lowercase().into(),
    }
}

/// `ngx_http_core_location`: the modifier may be a word of its own or glued to the name.
fn matcher(directive: &Directive) -> Option<Matcher> {
    let first = directive.arg(0)?;
    if let Some(second) = directive.args.get(1) {
        let text = second.value.clone();
        return Some(match first {
            _ if directive.args.len() > 2 => return None,
            "=" => Matcher::Exact(text),
            "^~" => Matcher::Prefix { path: text, no_regex: true },
            "~" => Matcher::Regex { pattern: text, caseless: false },
            "~*" => Matcher::Regex { pattern: text, caseless: true },
            _ => return None,
        });
    }
    Some(if let Some(rest) = first.strip_prefix('=') {
        Matcher::Exact(rest.into())
    } else if let Some(rest) = first.strip_prefix("^~") {
        Matcher::Prefix { path: rest.into(), no_regex: true }
    } else if let Some(rest) = first.strip_prefix("~*") {
        Matcher::Regex { pattern: rest.into(), caseless: true }
    } else if let Some(rest) = first.strip_prefix('~') {
        Matcher::Regex { pattern: rest.into(), caseless: false }
    } else if first.starts_with('@') {
        Matcher::Named(first.into())
    } else {
        Matcher::Prefix { path: first.into(), no_regex: false }
    })
}
