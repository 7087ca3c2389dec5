//! The settings that hold in a block after inheritance, as nginx's merge functions leave them, and where those of two blocks differ.
//!
//! What the text of a setting means may depend on the location that it stands in (`alias`, the URI part of `proxy_pass`): here texts are
//! compared, what they mean is for who asks.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::{Config, EntryId, LocationId, ServerId};
use crate::nginx::merging::{self, Kind, Merging};
use crate::project::Project;
use crate::syntax::{Body, Signs};

/// Where a request is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Site {
    /// In a location.
    Location(LocationId),
    /// In the server itself, because no location takes the URI.
    Server(ServerId),
}

/// What holds in a block.
#[derive(Debug, Clone, Default)]
pub struct Effective {
    /// What is inherited, or set here: by its key in [`merging`], in the order of the file.
    pub settings: BTreeMap<&'static str, Vec<EntryId>>,
    /// Codes of the rewrite module and its relatives, run in this order.
    pub sequence: Vec<EntryId>,
    /// What makes the answer; the last one wins.
    pub handlers: Vec<EntryId>,
    /// What holds in this block only (`try_files`, `limit_except`).
    pub own: Vec<EntryId>,
    /// What works without any request.
    pub runs: Vec<EntryId>,
    /// Directives of modules that are not known, here and in the blocks around.
    pub unknown: Vec<EntryId>,
    /// True when a block that counts holds an include whose content is not known.
    pub open: bool,
}

/// A setting that is not the same in two blocks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The setting, as in [`merging::Merging::key`]; `sequence`, `handler` and `unknown` for those groups.
    pub key: &'static str,
    /// What it is about.
    pub about: &'static str,
    /// What holds in the first one; empty when it has none.
    pub here: Vec<EntryId>,
    /// What holds in the second one.
    pub there: Vec<EntryId>,
}

/// What stands directly in a block.
#[derive(Debug, Default)]
struct Block {
    /// By key, those of one key in the order of the file.
    settings: Box<[(&'static Merging, EntryId)]>,
    sequence: Vec<EntryId>,
    handlers: Vec<EntryId>,
    own: Vec<EntryId>,
    runs: Vec<EntryId>,
    unknown: Vec<EntryId>,
    open: bool,
}

/// The blocks of a configuration, each read when it is first asked about.
#[derive(Debug)]
pub struct Blocks<'a> {
    /// The project.
    pub project: &'a Project,
    /// The configuration.
    pub config: &'a Config,
    known: RefCell<FxHashMap<Option<EntryId>, Rc<Block>>>,
    captures: OnceCell<bool>,
}

impl<'a> Blocks<'a> {
    /// Nothing is read yet.
    pub fn new(project: &'a Project, config: &'a Config) -> Blocks<'a> {
        Blocks { project, config, known: RefCell::default(), captures: OnceCell::new() }
    }

    /// A block; for `None` the top of a fragment, which stands for the blocks around it.
    fn block(&self, id: Option<EntryId>) -> Rc<Block> {
        if let Some(known) = self.known.borrow().get(&id) {
            return known.clone();
        }
        let config = self.config;
        let mut block = Block::default();
        let mut settings = Vec::new();
        let inside: &[EntryId] = id.map_or(&config.top, |id| &config.entry(id).children);
        for child in inside.iter().copied().filter(|child| id.is_some() || config.entry(*child).parent.is_none()) {
            let name = config.name(child);
            match merging::of(name) {
                Some(merging) => match merging.kind {
                    Kind::Scalar | Kind::Array | Kind::Concat => settings.push((merging, child)),
                    Kind::Sequence => block.sequence.push(child),
                    Kind::Handler => block.handlers.push(child),
                    Kind::Own => block.own.push(child),
                    Kind::Runs => block.runs.push(child),
                },
                None if merging::is_unknown(name) => block.unknown.push(child),
                None => {}
            }
        }
        settings.sort_by_key(|(merging, _)| merging.key);
        block.settings = settings.into_boxed_slice();
        // A list of media types, which is often not at hand, holds nothing else.
        let types = |include: EntryId| config.directive(include).arg(0).is_some_and(|path| path.rsplit('/').next() == Some("mime.types"));
        let inside = |include: EntryId| config.entry(include).parent == id && !types(include);
        block.open = config.unknown_includes.iter().any(|include| inside(*include) || Some(*include) == id);
        let block = Rc::new(block);
        self.known.borrow_mut().insert(id, block.clone());
        block
    }

    /// What holds where a request is answered.
    pub fn effective(&self, site: Site) -> Effective {
        let config = self.config;
        let nearest = match site {
            Site::Location(location) => config.location(location).entry,
            Site::Server(server) => config.server(server).entry,
        };
        let own = self.block(Some(nearest));
        let mut out = Effective { own: own.own.clone(), runs: own.runs.clone(), ..Effective::default() };
        // The server runs its codes for every request, wherever that is answered.
        if let Site::Location(_) = site {
            (out.sequence, out.handlers) = (own.sequence.clone(), own.handlers.clone());
        }
        for level in config.ancestors(nearest).map(Some).chain([None]) {
            let block = self.block(level);
            out.open |= block.open;
            out.unknown.extend(&block.unknown);
            out.inherit(&block.settings);
        }
        out
    }

    /// What makes the answer in a location; the last one wins.
    pub fn handlers(&self, location: LocationId) -> Vec<EntryId> {
        self.block(Some(self.config.location(location).entry)).handlers.clone()
    }

    /// Are codes, handlers and what else is not inherited written alike in two locations? Cheap, and false for most.
    pub fn answer_alike(&self, one: LocationId, other: Site) -> bool {
        let mine = self.block(Some(self.config.location(one).entry));
        let its = match other {
            Site::Location(id) => self.block(Some(self.config.location(id).entry)),
            Site::Server(_) => return mine.sequence.is_empty() && mine.handlers.is_empty(),
        };
        let alike = |here: &[EntryId], there: &[EntryId]| here.len() == there.len() && same(self.project, self.config, here, there);
        mine.handlers.len() == its.handlers.len() && alike(&mine.sequence, &its.sequence) && alike(&mine.own, &its.own)
    }

    /// May something read the captures of a location's regex (`$1`: the last regex that matched, wherever it is read)?
    pub fn reads_captures(&self) -> bool {
        *self.captures.get_or_init(|| {
            let code = |name: &str| name.contains("_by_lua") || name.starts_with("js_") || name.starts_with("perl");
            // In a regex, and in the replacement of a `rewrite`, they are those of that one.
            let own = self.config.named(|name| matches!(name, "rewrite" | "location" | "server_name"));
            self.config.names().any(code) || self.config.with_signs(Signs::CAPTURE).iter().any(|id| !own.has(id))
        })
    }
}

impl Effective {
    /// Adds what a block further out has: it counts where no nearer one has any.
    fn inherit(&mut self, found: &[(&'static Merging, EntryId)]) {
        for setting in found.chunk_by(|(one, _), (other, _)| one.key == other.key) {
            let Some((Merging { key, kind, .. }, _)) = setting.first() else { continue };
            let nearer = self.settings.entry(key).or_default();
            if *kind == Kind::Concat || nearer.is_empty() {
                nearer.splice(0..0, setting.iter().map(|(_, entry)| *entry));
            }
        }
    }

    /// The directives of a setting; none when nothing sets it.
    pub fn setting(&self, key: &str) -> &[EntryId] {
        self.settings.get(key).map_or(&[], Vec::as_slice)
    }

    /// True when files answer here, as far as that can be seen: no handler, no `return` for every request, no Lua before, no module that is not
    /// known.
    pub fn serves_files(&self, config: &Config) -> bool {
        let returns = self.sequence.iter().any(|id| config.directive(*id).is("return"));
        self.handlers.is_empty() && !returns && self.unknown.is_empty() && self.setting("rewrite_by_lua").is_empty()
    }

    /// True when a request may be handed on by this `*_pass`, at the block's own level, in an `if` or in a `limit_except`.
    pub fn passes(&self, config: &Config, name: &str) -> bool {
        let mut open: Vec<EntryId> = self.handlers.iter().chain(&self.sequence).chain(&self.own).copied().collect();
        while let Some(id) = open.pop() {
            if config.directive(id).is(name) {
                return true;
            }
            open.extend(&config.entry(id).children);
        }
        false
    }

    /// Where two blocks differ, by what is written: settings in the order of their keys, then codes, handlers and what is not known.
    /// Settings of a module that neither hands requests to are left out: they do nothing.
    pub fn changes(&self, other: &Effective, project: &Project, config: &Config) -> Vec<Change> {
        let mut out = Vec::new();
        let same = |here: &[EntryId], there: &[EntryId]| same(project, config, here, there);
        let mut keys: Vec<&'static str> = self.settings.keys().chain(other.settings.keys()).copied().collect();
        keys.sort_unstable();
        keys.dedup();
        let module = |key: &str| {
            ["proxy", "fastcgi", "uwsgi", "scgi", "grpc", "memcached"]
                .into_iter()
                .find(|module| key.strip_prefix(module).is_some_and(|rest| rest.starts_with('_')))
        };
        for key in keys {
            let (here, there) = (self.setting(key), other.setting(key));
            let pass = module(key).map(|module| format!("{module}_pass"));
            let inert = pass.is_some_and(|pass| !self.passes(config, &pass) && !other.passes(config, &pass));
            if !inert && !same(here, there) {
                let about = merging::of(key).map_or("other", |merging| merging.about);
                out.push(Change { key, about, here: here.to_vec(), there: there.to_vec() });
            }
        }
        for name in ["try_files", "limit_except"] {
            let of = |list: &[EntryId]| list.iter().copied().filter(|id| config.directive(*id).is(name)).collect::<Vec<_>>();
            let (here, there) = (of(&self.own), of(&other.own));
            if !same(&here, &there) {
                out.push(Change { key: name, about: merging::of(name).map_or("other", |merging| merging.about), here, there });
            }
        }
        let unknown = |this: &Effective, that: &Effective| -> Vec<EntryId> {
            this.unknown.iter().copied().filter(|id| !that.unknown.contains(id)).collect()
        };
        let groups = [
            ("sequence", "rewriting", self.sequence.clone(), other.sequence.clone()),
            ("handler", "handler", self.handlers.clone(), other.handlers.clone()),
            ("unknown", "other", unknown(self, other), unknown(other, self)),
            ("runs", "other", self.runs.clone(), other.runs.clone()),
        ];
        for (key, about, here, there) in groups {
            if !same(&here, &there) {
                out.push(Change { key, about, here, there });
            }
        }
        out
    }
}

/// True when two lists of directives say the same: names, decoded arguments, blocks, Lua code.
pub fn same(project: &Project, config: &Config, here: &[EntryId], there: &[EntryId]) -> bool {
    here.len() == there.len() && here.iter().zip(there).all(|(a, b)| a == b || same_directive(project, config, *a, *b))
}

fn same_directive(project: &Project, config: &Config, a: EntryId, b: EntryId) -> bool {
    let (one, other) = (config.directive(a), config.directive(b));
    if one.name.value != other.name.value || !one.args.iter().map(|word| &word.value).eq(other.args.iter().map(|word| &word.value)) {
        return false;
    }
    match (&one.body, &other.body) {
        (Body::Simple, Body::Simple) => true,
        (Body::Lua(here), Body::Lua(there)) => {
            let text = |id: EntryId, span| project.text(config.entry(id).file).slice(span).trim().to_owned();
            text(a, *here) == text(b, *there)
        }
        (Body::Block(_), Body::Block(_)) => {
            // What an `include` leads to stands beside it; one that leads nowhere known is equal to nothing.
            let inside = |id: EntryId| {
                let children = config.entry(id).children.iter().copied();
                children.filter(|child| !config.directive(*child).is("include")).collect::<Vec<_>>()
            };
            let known = |id: EntryId| !config.unknown_includes.iter().any(|include| config.ancestors(*include).any(|block| block == id));
            known(a) && known(b) && same(project, config, &inside(a), &inside(b))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routing::testing::load_project;

    /// The keys in which the first two locations differ.
    fn differ(locations: &str) -> Vec<&'static str> {
        let (project, config, _) = load_project(&format!("http {{ add_header A 1; server {{ listen 80; allow all; {locations} }} }}"));
        let blocks = Blocks::new(&project, &config);
        let site = |index| blocks.effective(Site::Location(LocationId(index)));
        site(0).changes(&site(1), &project, &config).into_iter().map(|change| change.key).collect()
    }

    const NONE: [&str; 0] = [];

    #[test]
    fn inherited_as_nginx_does() {
        assert_eq!(differ("location /a { } location /b { }"), NONE);
        assert_eq!(differ("location /a { add_header A 1; } location /b { }"), NONE, "the same value at another level");
        assert_eq!(differ("location /a { add_header B 1; } location /b { add_header A 1; add_header B 1; }"), ["add_header"]);
        assert_eq!(differ("location /a { deny all; } location /b { }"), ["allow"]);
        assert_eq!(differ("location /a { allow all; } location /b { }"), NONE);
        assert_eq!(differ("root /x; location /a { root /y; } location /b { root /y; }"), NONE);
        assert_eq!(
            differ("more_set_headers A; location /a { more_set_headers B; } location /b { more_set_headers A B; }"),
            ["more_set_headers"]
        );
        assert_eq!(differ("location /a { return 403; } location /b { location /b/c { } return 403; }"), NONE);
        assert_eq!(differ("location /b { proxy_pass http://x; location /b/c { } }"), ["handler"], "not inherited");
        assert_eq!(differ("location /b { try_files a =404; allow all; location /b/c { } }"), ["try_files"]);
        assert_eq!(differ("location /a { proxy_set_header A 1; } location /b { }"), NONE, "nothing is handed on");
        assert_eq!(
            differ("location /a { proxy_set_header A 1; proxy_pass http://x; } location /b { proxy_pass http://x; }"),
            ["proxy_set_header"]
        );
    }

    #[test]
    fn blocks_and_code() {
        let same = "location /a { if ($x) { return 403; } } location /b { if ($x) { return \"403\"; } }";
        assert_eq!(differ(same), NONE);
        assert_eq!(differ("location /a { if ($x) { return 403; } } location /b { if ($x) { return 404; } }"), ["sequence"]);
        assert_eq!(differ("location /a { access_by_lua_block { a() } } location /b { access_by_lua_block { b() } }"), ["access_by_lua"]);
        assert_eq!(differ("location /a { access_by_lua_block { a() } } location /b { access_by_lua_block {\na()\n} }"), NONE);
        assert_eq!(differ("location /a { my_module on; } location /b { my_module on; }"), NONE, "written identically");
        assert_eq!(differ("location /a { my_module on; } location /b { }"), ["unknown"]);
    }

    #[test]
    fn the_server_itself() {
        let (project, config, _) = load_project("http { server { listen 80; return 200; root /x; try_files a =404; location /a { } } }");
        let blocks = Blocks::new(&project, &config);
        let server = blocks.effective(Site::Server(ServerId(0)));
        let location = blocks.effective(Site::Location(LocationId(0)));
        let keys: Vec<_> = location.changes(&server, &project, &config).into_iter().map(|change| change.key).collect();
        assert_eq!(keys, ["try_files"], "the codes of the server run for both");
    }
}
