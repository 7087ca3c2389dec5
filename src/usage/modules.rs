//! All Lua code of one configuration: where it starts, which modules it loads, and which servers' requests run it.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::{FxHashMap, FxHashSet};

use super::lua::{CallKind, LuaFacts, Origin, Target};
use super::paths::{self, Paths};
use crate::config::{Config, EntryId, ServerId};
use crate::nginx::files as directives;
use crate::project::paths::{Evidence, Mapped, is_dockerfile};
use crate::project::{FileId, Place, Project};
use crate::syntax::Body;
use crate::text::Text;

/// Modules that LuaJIT and OpenResty bring along, by their first name: what an image has besides the workspace's files.
const PROVIDED: [&str; 22] = [
    "bit",
    "cjson",
    "coroutine",
    "debug",
    "ffi",
    "io",
    "jit",
    "librestysignal",
    "lfs",
    "lpeg",
    "math",
    "ndk",
    "ngx",
    "os",
    "package",
    "rds",
    "redis",
    "resty",
    "string",
    "table",
    "tablepool",
    "thread",
];

/// Libraries below `resty.` that handle values and connections: they move no request, and know no variable and no dictionary of nginx
/// but those whose names they are given.
pub const LIBRARIES: [&str; 22] = [
    "aes",
    "core",
    "dns",
    "limit",
    "lock",
    "lrucache",
    "md5",
    "memcached",
    "mysql",
    "random",
    "redis",
    "sha",
    "sha1",
    "sha224",
    "sha256",
    "sha384",
    "sha512",
    "shell",
    "signal",
    "string",
    "upload",
    "websocket",
];

/// All Lua code of one configuration.
#[derive(Debug, Default)]
pub struct Lua {
    /// The pieces, those of the configuration before those that they load.
    pub codes: Vec<Code>,
    /// Directives that run Lua which can't be read: a variable in the file's name, a file that the workspace does not have.
    pub unread: Vec<(EntryId, Option<ServerId>)>,
    /// The index of the piece that each directive runs: its own block, or a file that others may run, too.
    runs: FxHashMap<EntryId, usize>,
}

/// One piece of Lua code.
#[derive(Debug)]
pub struct Code {
    /// The file that it is in: the configuration's for a block.
    pub file: FileId,
    /// The directive that it is written in; `None` for a Lua file.
    pub entry: Option<EntryId>,
    /// What it names.
    pub facts: Arc<LuaFacts>,
    /// What its `require`s led to: (index in `facts.calls`, where).
    pub modules: Vec<(usize, Module)>,
    /// Whose requests run it.
    pub scope: Scope,
}

/// Whose requests run a piece of code.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scope {
    /// Any server's (`init_by_lua*`, the `http` level).
    pub any: bool,
    /// These servers'.
    pub servers: FxHashSet<ServerId>,
}

impl Scope {
    fn add(&mut self, other: &Scope) -> bool {
        let before = (self.any, self.servers.len());
        self.any |= other.any;
        self.servers.extend(other.servers.iter().copied());
        before != (self.any, self.servers.len())
    }

    /// True when requests of this server may run it.
    pub fn has(&self, server: ServerId) -> bool {
        self.any || self.servers.contains(&server)
    }
}

/// What a `require` led to.
#[derive(Debug, Clone)]
pub enum Module {
    /// A file of the workspace.
    Found(FileId),
    /// LuaJIT or OpenResty has it.
    Provided,
    /// No entry of the path has it, and the workspace knows one folder where it should be.
    Missing {
        /// Where it should be.
        path: PathBuf,
        /// What led there.
        via: Vec<Evidence>,
        /// A file with nearly that name.
        near: Option<PathBuf>,
        /// Entries of the path that the workspace can't look into: they may have it.
        elsewhere: Vec<String>,
    },
    /// It can't be told.
    Unknown,
}

/// What Lua files say, as long as they stay what they were: a keystroke in a configuration reads none of them again.
#[derive(Debug, Default)]
pub struct Cache(Mutex<FxHashMap<FileId, (Text, Arc<LuaFacts>)>>);

impl Cache {
    fn facts(&self, project: &Project, file: FileId) -> Arc<LuaFacts> {
        let text = project.text(file);
        if let Some((known, facts)) = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&file)
            && known.is_same(&text)
        {
            return facts.clone();
        }
        let facts = Arc::new(LuaFacts::read(&text.to_str(), Origin::At(0)));
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(file, (text, facts.clone()));
        facts
    }
}

/// The Lua files of a configuration that were read, and which of [`Lua::codes`] each is.
struct Files<'a> {
    cache: &'a Cache,
    codes: FxHashMap<FileId, usize>,
}

impl Lua {
    /// Reads all Lua of a configuration, and what it requires as far as the workspace has it.
    pub fn build(project: &Project, config: &Config, paths: &Paths, cache: &Cache) -> Lua {
        let mut lua = Lua::default();
        let mut files = Files { cache, codes: FxHashMap::default() };
        let names = config.names().filter(|name| name.contains("_by_lua"));
        let mut entries: Vec<EntryId> = names.flat_map(|name| config.all(name)).copied().collect();
        entries.sort_unstable();
        for id in entries {
            lua.entry(project, config, paths, id, &mut files);
        }
        let package = PackagePath::read(project, config, paths);
        let mut index = 0;
        while index < lua.codes.len() {
            lua.follow(project, config, &package, index, &mut files);
            index += 1;
        }
        lua.spread(&files.codes);
        lua.settle();
        lua
    }

    fn entry(&mut self, project: &Project, config: &Config, paths: &Paths, id: EntryId, files: &mut Files<'_>) {
        let entry = config.entry(id);
        let directive = &entry.directive;
        let name: &str = &directive.name.value;
        let Some((_, form)) = name.rsplit_once("_by_lua") else { return };
        let server = config.server_of(id);
        let scope = Scope { any: server.is_none(), servers: server.into_iter().collect() };
        let facts = match (form, &directive.body) {
            ("_block", Body::Lua(span)) => LuaFacts::read(&project.text(entry.file).slice(*span), Origin::At(span.start)),
            ("", _) => {
                let Some(word) = directive.args.get(usize::from(name == "set_by_lua")) else { return };
                LuaFacts::read(&word.value, Origin::Word(word.span))
            }
            ("_file", _) => {
                let value = directives::find(name, paths::protocol(config, id)).and_then(|row| {
                    let value = paths::argument(row, directive)?.1;
                    (!row.is_no_path(value)).then(|| paths.absolute(row.base, value))?
                });
                match value.map(|path| paths.map(project, config.root, &path)) {
                    Some(Mapped::Present { path, .. }) => {
                        let file = project.vfs.id(&path);
                        let code = self.file(project, file, files);
                        self.codes[code].scope.add(&scope);
                        self.runs.insert(id, code);
                    }
                    // A file that is not there runs nothing.
                    Some(Mapped::Missing { .. }) => {}
                    _ => self.unread.push((id, server)),
                }
                return;
            }
            _ => return,
        };
        self.runs.insert(id, self.codes.len());
        self.codes.push(Code { file: entry.file, entry: Some(id), facts: Arc::new(facts), modules: Vec::new(), scope });
    }

    /// The piece that a directive runs; `None` for one that runs no Lua, or none that was read.
    pub fn run_by(&self, directive: EntryId) -> Option<&Code> {
        self.codes.get(*self.runs.get(&directive)?)
    }

    fn file(&mut self, project: &Project, file: FileId, files: &mut Files<'_>) -> usize {
        *files.codes.entry(file).or_insert_with(|| {
            let facts = match project.vfs.read(file) {
                Ok(_) => files.cache.facts(project, file),
                Err(_) => {
                    let mut facts = LuaFacts::read("", Origin::At(0));
                    facts.opaque.push(crate::text::Span::at(0));
                    Arc::new(facts)
                }
            };
            self.codes.push(Code { file, entry: None, facts, modules: Vec::new(), scope: Scope::default() });
            self.codes.len() - 1
        })
    }

    fn follow(&mut self, project: &Project, config: &Config, package: &PackagePath, index: usize, files: &mut Files<'_>) {
        let facts = self.codes[index].facts.clone();
        for (number, call) in facts.calls.iter().enumerate() {
            let module = match (call.kind, &call.target) {
                (CallKind::Require, Target::Constant(name)) => package.resolve(project, config, name),
                (CallKind::LoadFile, Target::Constant(path)) if path.starts_with('/') => {
                    match project.deployments.map(project, config.root, path) {
                        Some(Mapped::Present { path, .. }) => Module::Found(project.vfs.id(&path)),
                        _ => Module::Unknown,
                    }
                }
                (CallKind::Require | CallKind::LoadFile, _) => Module::Unknown,
                _ => continue,
            };
            if let Module::Found(file) = module {
                self.file(project, file, files);
            }
            self.codes[index].modules.push((number, module));
        }
    }

    /// A module is run by whoever runs the code that loads it.
    fn spread(&mut self, files: &FxHashMap<FileId, usize>) {
        let mut open: Vec<usize> = (0..self.codes.len()).collect();
        while let Some(index) = open.pop() {
            let scope = self.codes[index].scope.clone();
            let loads: Vec<usize> = self.codes[index]
                .modules
                .iter()
                .filter_map(|(_, module)| if let Module::Found(file) = module { files.get(file).copied() } else { None })
                .collect();
            for load in loads {
                if self.codes[load].scope.add(&scope) {
                    open.push(load);
                }
            }
        }
    }

    /// Code that changes where modules come from makes every absence unknown; so does a folder of which nothing else is loaded:
    /// then the path is probably not what it seems.
    fn settle(&mut self) {
        let changed = self.codes.iter().any(|code| !code.facts.package_changes.is_empty());
        let mut known: FxHashSet<(PathBuf, String)> = FxHashSet::default();
        for code in &self.codes {
            for (number, module) in &code.modules {
                if let (Module::Found(_), Some(name)) = (module, code.facts.calls[*number].target.constant()) {
                    known.insert((PathBuf::new(), first_name(name)));
                }
            }
        }
        let any_single = known.iter().any(|(_, first)| first.is_empty());
        for code in &mut self.codes {
            for (number, module) in &mut code.modules {
                let Module::Missing { .. } = module else { continue };
                let first = code.facts.calls[*number].target.constant().map(first_name).unwrap_or_default();
                let beside = if first.is_empty() { any_single } else { known.contains(&(PathBuf::new(), first)) };
                if changed || !beside {
                    *module = Module::Unknown;
                }
            }
        }
    }

    /// Where code may send requests anywhere: the first place of those that any server's requests run (`None`), and of each server's own,
    /// with the number of the piece.
    pub fn opaque(&self) -> FxHashMap<Option<ServerId>, (usize, Place)> {
        let mut out = FxHashMap::default();
        for (number, code) in self.codes.iter().enumerate() {
            let unknown = || {
                let (call, _) = code.modules.iter().find(|(_, module)| matches!(module, Module::Unknown))?;
                code.facts.calls.get(*call).map(|call| call.span)
            };
            let Some(span) = code.facts.opaque.first().copied().or_else(unknown) else { continue };
            let any = code.scope.any.then_some(None);
            for server in any.into_iter().chain(code.scope.servers.iter().copied().map(Some)) {
                out.entry(server).or_insert((number, Place { file: code.file, span }));
            }
        }
        out
    }
}

/// The namespace of a module, empty for a name of one part: `a` of `a.b`.
fn first_name(module: &str) -> String {
    module.split_once('.').map_or(String::new(), |(first, _)| first.to_owned())
}

/// `lua_package_path`, as templates of paths on the server.
#[derive(Debug, Default)]
struct PackagePath {
    templates: Vec<String>,
    /// `;;`, or no directive at all: the build's own path, which is the image's affair.
    with_default: bool,
    /// A Dockerfile installs modules: what is not in the workspace may be in the image.
    installs: bool,
}

impl PackagePath {
    fn read(project: &Project, config: &Config, paths: &Paths) -> PackagePath {
        let installs = installs_modules(project);
        let block = config.top.iter().copied().find(|id| config.directive(*id).is("http"));
        let directive = block.and_then(|block| config.children(block, "lua_package_path").last());
        let Some(value) = directive.and_then(|id| config.directive(id).arg(0)) else {
            return PackagePath { with_default: true, installs, ..PackagePath::default() };
        };
        let value = match &paths.prefix {
            Some(prefix) => value.replace("${prefix}", prefix).replace("$prefix", prefix),
            None => value.to_owned(),
        };
        PackagePath {
            installs,
            with_default: value.contains(";;"),
            templates: value.split(';').filter(|template| !template.is_empty()).map(str::to_owned).collect(),
        }
    }

    fn resolve(&self, project: &Project, config: &Config, name: &str) -> Module {
        let file = name.replace('.', "/");
        let mut missing = None;
        let mut elsewhere = Vec::new();
        let mut by_image_only = !self.installs;
        for template in &self.templates {
            let path = template.replace('?', &file);
            let mapped = if path.starts_with('/') { project.deployments.map(project, config.root, &path) } else { None };
            match mapped {
                Some(Mapped::Present { path, .. }) => return Module::Found(project.vfs.id(&path)),
                Some(Mapped::Missing { path, via, near }) => missing = missing.or(Some((path, via, near))),
                Some(Mapped::Unknown { via, .. }) => {
                    // With evidence it is a volume, a made file, …: more than the image's own.
                    by_image_only &= via.is_empty();
                    elsewhere.push(template.clone());
                }
                None => elsewhere.push(template.clone()),
            }
        }
        if PROVIDED.contains(&name.split('.').next().unwrap_or(name)) {
            return Module::Provided;
        }
        if self.with_default {
            elsewhere.push("the path that nginx was built with (;;)".to_owned());
        }
        match missing {
            Some((path, via, near)) if by_image_only => Module::Missing { path, via, near, elsewhere },
            _ => Module::Unknown,
        }
    }
}

/// Does any Dockerfile install Lua modules?
fn installs_modules(project: &Project) -> bool {
    project.vfs.walk(&project.workspace).files.iter().filter(|path| is_dockerfile(path)).any(|path| {
        let text = project.text(project.vfs.id(path)).to_str().into_owned();
        text.lines().any(|line| ["opm ", "luarocks", "git clone", "lualib", "lua-resty"].iter().any(|word| line.contains(word)))
    })
}
