//! Which files a configuration needs, and what happens without them.

use rustc_hash::FxHashSet;

use super::modules::{Lua, Module};
use super::paths::{self, Paths};
use super::tls::{self, Read};
use crate::config::{Chosen, Config, EntryId, LocationId, Matcher, ServerId};
use crate::nginx::files::{self as directives, Base, Missing, Names, When};
use crate::project::paths::Mapped;
use crate::project::{Place, Project, RootKind};
use crate::routing::Router;

/// A file or folder that something needs.
#[derive(Debug, Clone)]
pub struct Need {
    /// What to underline: the argument that names it.
    pub place: Place,
    /// The directive, or the `require`, that names it.
    pub what: String,
    /// Its path on the server; the module's name for a `require`.
    pub server_path: String,
    /// What it must be.
    pub names: Names,
    /// What happens without it.
    pub consequence: Consequence,
    /// The location whose requests need it.
    pub location: Option<LocationId>,
    /// Where it is in the workspace.
    pub mapped: Mapped,
    /// Places that may have it and that the workspace can't look into.
    pub elsewhere: Vec<String>,
}

/// What happens without a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consequence {
    /// nginx refuses to start.
    NoStart,
    /// nginx refuses to start if TLS is in use where the directive holds.
    NoStartIfUsed,
    /// A request is answered with this status.
    Status(u16),
    /// A request fails, or does not get what was meant.
    RequestFails,
    /// The worker logs an error and goes on.
    WorkerError,
    /// Errors show nginx's built-in page.
    PlainErrorPage,
    /// None: as things are, nginx does not read it.
    Nothing,
}

/// What answers a request in a location in place of a file (`content_by_lua*` and everything of which the name ends in `_pass` too).
const HANDLERS: [&str; 16] = [
    "return",
    "rewrite",
    "echo",
    "echo_exec",
    "stub_status",
    "empty_gif",
    "js_content",
    "perl",
    "api",
    "status",
    "dav_methods",
    "try_files",
    "autoindex",
    "random_index",
    "proxy_store",
    "set_form_input",
];

/// Everything that a configuration needs and that could be looked for, with what became of it. What has a variable in its name, what is
/// relative to a folder that is not known, and what nginx makes itself is left out.
pub fn needs(project: &Project, config: &Config, paths: &Paths, router: &Router, lua: &Lua) -> Vec<Need> {
    let is_main = project.roots.iter().any(|root| root.file == config.root && root.kind == RootKind::Main);
    let whole = is_main && config.unknown_includes.is_empty();
    let mut finder = Finder { project, config, paths, router, serving: Serving::new(config), whole, out: Vec::new() };
    let mut pages = FxHashSet::default();
    // Few names are those of directives that need a file.
    let named = config.names().filter(|name| matches!(*name, "error_page" | "try_files") || directives::is_any(name));
    let mut entries: Vec<EntryId> = named.flat_map(|name| config.all(name)).copied().collect();
    entries.sort_unstable();
    for id in entries {
        finder.directive(id);
        finder.page(id, &mut pages);
    }
    for index in 0..config.locations.len() {
        finder.exact(LocationId(index as u32), &pages);
    }
    finder.modules(lua);
    finder.out
}

struct Finder<'a> {
    project: &'a Project,
    config: &'a Config,
    paths: &'a Paths,
    router: &'a Router,
    serving: Serving<'a>,
    /// Nothing of the configuration is hidden.
    whole: bool,
    out: Vec<Need>,
}

impl Finder<'_> {
    fn push(
        &mut self,
        place: Place,
        what: &str,
        server_path: String,
        names: Names,
        consequence: Consequence,
        location: Option<LocationId>,
    ) {
        let mapped = self.paths.map(self.project, self.config.root, &server_path);
        self.out.push(Need { place, what: what.to_owned(), server_path, names, consequence, location, mapped, elsewhere: Vec::new() });
    }

    /// A directive of the table.
    fn directive(&mut self, id: EntryId) {
        let directive = self.config.directive(id);
        let name = &*directive.name.value;
        let protocol = paths::protocol(self.config, id);
        let Some(row) = directives::find(name, protocol) else { return };
        if row.when == When::Created || matches!(name, "root" | "js_path" | "working_directory" | "perl_modules") {
            return;
        }
        let Some((index, value)) = paths::argument(row, directive) else { return };
        if row.is_no_path(value) || value.contains("{{") || (row.base == Base::JsPath && !value.starts_with('/') && self.has_js_path()) {
            return;
        }
        let Some(path) = self.paths.absolute(row.base, value) else { return };
        let location = self.config.location_of(id);
        let mut names = row.names;
        if name == "alias" {
            let Some(location) = location else { return };
            // An alias inside an `if`, or in a location that something else answers, may never be looked at.
            if self.config.entry(id).parent != Some(self.config.location(location).entry) || !self.serving.is_of(location) {
                return;
            }
            names = match self.config.location(location).matcher {
                Matcher::Exact(_) if !path.ends_with('/') => Names::File,
                // A regex location's alias has captures, or is the same file for every URI.
                Matcher::Regex { .. } if path.ends_with('/') => return,
                _ if path.ends_with('/') => Names::Folder,
                _ => Names::Either,
            };
        }
        let consequence = match row.missing {
            Missing::Start => Consequence::NoStart,
            Missing::StartIfUsed => match tls::read(self.config, id, protocol, self.whole) {
                Read::Surely => Consequence::NoStart,
                Read::Perhaps => Consequence::NoStartIfUsed,
                Read::Not => Consequence::Nothing,
            },
            Missing::Worker => Consequence::WorkerError,
            Missing::Status(status) => Consequence::Status(status),
            Missing::Request => Consequence::RequestFails,
            Missing::Later | Missing::Created => return,
        };
        self.push(self.config.arg_place(id, index), name, path, names, consequence, location);
    }

    fn has_js_path(&self) -> bool {
        !self.config.all("js_path").is_empty()
    }

    /// The page of an `error_page`, the last resort of a `try_files`: a URI that the same server must have a file for.
    fn page(&mut self, id: EntryId, pages: &mut FxHashSet<(ServerId, String)>) {
        let directive = self.config.directive(id);
        let consequence = match &*directive.name.value {
            "error_page" => Consequence::PlainErrorPage,
            "try_files" => Consequence::Status(404),
            _ => return,
        };
        let (Some(server), Some(last)) = (self.config.server_of(id), directive.args.len().checked_sub(1).filter(|last| *last > 0)) else {
            return;
        };
        let Some(uri) = directive.arg(last).filter(|uri| uri.starts_with('/') && !uri.contains(['$', '%', '{'])) else { return };
        let uri = uri.split('?').next().unwrap_or(uri);
        pages.insert((server, uri.to_owned()));
        if uri.ends_with('/') || self.has_rewrites(server) {
            return;
        }
        let choice = self.router.locate(server, uri.as_bytes());
        let Some(path) = choice.location.filter(|_| !choice.auto_redirect).and_then(|location| self.file_of(location, uri)) else { return };
        let what = directive.name.value.to_string();
        self.push(self.config.arg_place(id, last), &what, path, Names::File, consequence, choice.location);
    }

    /// Rewrites of the server (or inside `if`) may send the URI elsewhere.
    fn has_rewrites(&self, server: ServerId) -> bool {
        let entry = self.config.server(server).entry;
        let names = ["rewrite", "return", "if", "server_rewrite_by_lua_block", "server_rewrite_by_lua_file"];
        names.iter().any(|name| self.config.children(entry, name).next().is_some())
    }

    /// The file that a location serves for a URI; `None` when it serves no file, or not surely this one.
    fn file_of(&self, location: LocationId, uri: &str) -> Option<String> {
        if !self.serving.is_of(location) {
            return None;
        }
        let entry = self.config.location(location).entry;
        let value = |id: EntryId| {
            let value = self.config.directive(id).arg(0)?;
            if value.contains('$') { None } else { self.paths.absolute(Base::Prefix, value) }
        };
        let own_alias = self.config.children(entry, "alias").last();
        if let Some(alias) = own_alias {
            return match &self.config.location(location).matcher {
                Matcher::Exact(_) => value(alias),
                Matcher::Prefix { path, .. } => Some(format!("{}{}", value(alias)?, uri.strip_prefix(&**path)?)),
                _ => None,
            };
        }
        // An alias of a location around this one is inherited in a way that depends on both names.
        if self.config.ancestors(entry).any(|block| self.config.children(block, "alias").next().is_some()) {
            return None;
        }
        let root = value(self.config.inherited(entry, "root")?)?;
        Some(format!("{}{uri}", root.trim_end_matches('/')))
    }

    /// `location = /robots.txt` with a `root` of its own or of its server.
    fn exact(&mut self, location: LocationId, pages: &FxHashSet<(ServerId, String)>) {
        let Matcher::Exact(uri) = &self.config.location(location).matcher else { return };
        let entry = self.config.location(location).entry;
        let server = self.config.location(location).server;
        let own_alias = self.config.children(entry, "alias").next().is_some();
        let has = |name: &str| self.config.inherited(entry, name).is_some_and(|id| self.config.directive(id).arg(0) == Some("off"));
        // Who switches the log of missing files off expects that there is none.
        if own_alias || uri.ends_with('/') || has("log_not_found") || has("access_log") || pages.contains(&(server, uri.to_string())) {
            return;
        }
        if let Some(path) = self.file_of(location, uri) {
            let place = self.config.header(entry);
            self.push(place, "location", path, Names::File, Consequence::Status(404), Some(location));
        }
    }

    fn modules(&mut self, lua: &Lua) {
        for code in &lua.codes {
            for (number, module) in &code.modules {
                let Some(call) = code.facts.calls.get(*number).filter(|call| !call.guarded) else { continue };
                let (Module::Missing { path, via, near, elsewhere }, Some(name)) = (module, call.target.constant()) else { continue };
                self.out.push(Need {
                    place: Place { file: code.file, span: call.span },
                    what: "require".to_owned(),
                    server_path: name.to_owned(),
                    names: Names::File,
                    consequence: Consequence::RequestFails,
                    location: code.entry.and_then(|entry| self.config.location_of(entry)),
                    mapped: Mapped::Missing { path: path.clone(), via: via.clone(), near: near.clone() },
                    elsewhere: elsewhere.clone(),
                });
            }
        }
    }
}

/// Says where nothing answers requests in place of a file.
pub struct Serving<'a> {
    config: &'a Config,
    answers: Chosen<'a>,
    /// Blocks in a location that may answer for it.
    around: Chosen<'a>,
}

impl<'a> Serving<'a> {
    /// For the locations of a configuration.
    pub fn new(config: &'a Config) -> Serving<'a> {
        let answers = config.named(|name| {
            name.ends_with("_pass") || name.contains("content_by_lua") || name.contains("rewrite_by_lua") || HANDLERS.contains(&name)
        });
        Serving { config, answers, around: config.named(|name| matches!(name, "if" | "limit_except")) }
    }

    /// Does a location serve files?
    pub fn is_of(&self, location: LocationId) -> bool {
        let config = self.config;
        let entry = config.location(location).entry;
        let mut open: Vec<&[EntryId]> = vec![&config.entry(entry).children];
        while let Some(children) = open.pop() {
            if children.iter().any(|id| self.answers.has(*id)) {
                return false;
            }
            open.extend(children.iter().filter(|id| self.around.has(**id)).map(|id| config.entry(*id).children.as_slice()));
        }
        // A fallback for the error is the plan when the file is not there.
        !config.inherited_all(entry, "error_page").iter().any(|id| {
            let directive = config.directive(*id);
            let not_found = directive.args.iter().any(|word| &*word.value == "404");
            not_found && directive.args.iter().any(|word| word.value.starts_with('=') || word.value.starts_with('@'))
        })
    }
}
