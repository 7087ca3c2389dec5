//! From directives to the typed configuration: includes are replaced by what they led to, blocks get their views.

use super::*;
use crate::project::includes::Include;

pub(super) fn build(project: &Project, root: &Root) -> Config {
    let mut config = Config {
        root: root.file,
        entries: Vec::new(),
        top: Vec::new(),
        servers: Vec::new(),
        locations: Vec::new(),
        upstreams: Vec::new(),
        unknown_includes: Vec::new(),
    };
    let mut builder = Builder { project, root, config: &mut config, reading: vec![] };
    let top = builder.file(root.file, None);
    config.top = top;
    views(&mut config, root);
    config
}

struct Builder<'a> {
    project: &'a Project,
    root: &'a Root,
    config: &'a mut Config,
    reading: Vec<FileId>,
}

impl Builder<'_> {
    fn file(&mut self, file: FileId, parent: Option<EntryId>) -> Vec<EntryId> {
        let mut out = Vec::new();
        if self.reading.contains(&file) {
            return out;
        }
        if let Some(source) = self.project.files.get(&file) {
            self.reading.push(file);
            self.directives(file, &source.parse.directives, parent, &mut out);
            self.reading.pop();
        }
        out
    }

    fn directives(&mut self, file: FileId, directives: &[Arc<Directive>], parent: Option<EntryId>, out: &mut Vec<EntryId>) {
        for directive in directives {
            let id = EntryId(self.config.entries.len() as u32);
            self.config.entries.push(Entry { file, directive: directive.clone(), parent, children: Vec::new() });
            out.push(id);
            if directive.is("include") && directive.args.len() == 1 {
                match self.root.includes.get(&Place { file, span: directive.span }) {
                    Some(Include::Files(files)) => {
                        for included in files {
                            out.extend(self.file(*included, parent));
                        }
                    }
                    _ => self.config.unknown_includes.push(id),
                }
            } else if !directive.children().is_empty() {
                let mut children = Vec::new();
                self.directives(file, directive.children(), Some(id), &mut children);
                self.config.entries[id.index()].children = children;
            }
        }
    }
}

/// Fills servers, locations and upstreams.
fn views(config: &mut Config, root: &Root) {
    let _ = root;
    for index in 0..config.entries.len() {
        let id = EntryId(index as u32);
        let entry = &config.entries[index];
        let directive = entry.directive.clone();
        let parent = entry.parent.map(|parent| config.entries[parent.index()].directive.name.value.clone());
        let in_http = matches!(parent.as_deref(), None | Some("http"));
        match &*directive.name.value {
            "server" if in_http && !directive.children().is_empty() => {
                let server = server(config, id);
                config.servers.push(server);
            }
            "upstream" if in_http => {
                let servers = config
                    .children(id, "server")
                    .filter_map(|server| Some((config.directive(server).args.first()?.value.clone(), server)))
                    .collect();
                if let Some(name) = directive.args.first() {
                    config.upstreams.push(Upstream { entry: id, name: name.value.clone(), servers });
                }
            }
            "location" => {
                let Some(server) = config.server_of(id) else { continue };
                let Some(matcher) = matcher(&directive) else { continue };
                let around = config.entries[index].parent.and_then(|parent| config.location_of(parent));
                let location = LocationId(config.locations.len() as u32);
                config.locations.push(Location { entry: id, server, parent: around, matcher, locations: Vec::new() });
                match around {
                    Some(around) => config.locations[around.index()].locations.push(location),
                    None => config.servers[server.index()].locations.push(location),
                }
            }
            _ => {}
        }
    }
}

fn server(config: &Config, entry: EntryId) -> Server {
    let mut listens: Vec<Listen> = config.children(entry, "listen").filter_map(|id| listen(config, id)).collect();
    if listens.is_empty() {
        listens.push(Listen { entry: None, address: "*".into(), port: 80, default: false, ssl: false, quic: false });
    }
    let names = config
        .children(entry, "server_name")
        .flat_map(|id| config.directive(id).args.iter().map(move |word| (word.value.to_lowercase().into(), id)))
        .collect();
    Server { entry, listens, names, locations: Vec::new() }
}

fn listen(config: &Config, id: EntryId) -> Option<Listen> {
    let directive = config.directive(id);
    let first = directive.arg(0)?;
    let (address, port) = if first.starts_with("unix:") {
        (first.to_owned(), 0)
    } else if let Ok(port) = first.parse() {
        ("*".to_owned(), port)
    } else {
        match first.rsplit_once(':') {
            Some((address, port)) if !port.ends_with(']') => (address.to_owned(), port.parse().ok()?),
            _ => (first.to_owned(), 80),
        }
    };
    let has = |name: &str| directive.args[1..].iter().any(|word| &*word.value == name);
    Some(Listen { entry: Some(id), address, port, default: has("default_server") || has("default"), ssl: has("ssl"), quic: has("quic") })
}

/// `ngx_http_core_location`: the modifier may be a word of its own or glued to the name.
fn matcher(directive: &Directive) -> Option<Matcher> {
    let first = directive.arg(0)?;
    if let Some(second) = directive.args.get(1) {
        let text = second.value.clone();
        return Some(match first {
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
