//! Variables in the argument of a `*_pass`: who gives them a value, as far as that tells which one.

use std::cell::OnceCell;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::config::{Config, EntryId};
use crate::project::Project;
use crate::routing::pattern::group_names;
use crate::syntax::Signs;

/// The variables of one configuration.
pub(super) struct Variables<'a> {
    pub(super) project: &'a Project,
    pub(super) config: &'a Config,
    /// By name in small letters, in reading order; found out when the first one is asked for.
    definers: OnceCell<FxHashMap<Box<str>, Vec<EntryId>>>,
    in_lua: OnceCell<InLua>,
}

/// What Lua of the workspace may set, in a file of its own or in a configuration.
#[derive(Default)]
struct InLua {
    /// In small letters.
    names: FxHashSet<Box<str>>,
    /// One whose name is computed.
    any: bool,
}

impl<'a> Variables<'a> {
    pub(super) fn new(project: &'a Project, config: &'a Config) -> Variables<'a> {
        Variables { project, config, definers: OnceCell::new(), in_lua: OnceCell::new() }
    }

    /// The directive that gives the variable a value, when it is the only one that does or may.
    pub(super) fn only_definer(&self, name: &str) -> Option<EntryId> {
        let definers = self.definers.get_or_init(|| definers(self.config));
        let [only] = definers.get(&*name.to_ascii_lowercase())?.as_slice() else { return None };
        let in_lua = self.in_lua.get_or_init(|| InLua::read(self.project));
        (!in_lua.any && !in_lua.names.contains(&*name.to_ascii_lowercase())).then_some(*only)
    }

    /// The text of a variable that one `set` gives it, in the location of the pass itself or in its server, and nothing else.
    pub(super) fn constant(&self, pass: EntryId, name: &str) -> Option<&'a str> {
        let config = self.config;
        let only = self.only_definer(name).filter(|only| config.directive(*only).is("set"))?;
        let block = config.entry(only).parent?;
        let location = config.location_of(pass).map(|location| config.location(location).entry);
        let server = config.server_of(pass).map(|server| config.server(server).entry);
        if Some(block) != location && Some(block) != server {
            return None;
        }
        config.directive(only).arg(1)
    }
}

/// The directives that give each variable a value, or may.
fn definers(config: &Config) -> FxHashMap<Box<str>, Vec<EntryId>> {
    let mut out: FxHashMap<Box<str>, Vec<EntryId>> = FxHashMap::default();
    let mut add = |name: &str, id: EntryId| {
        let known = out.entry(name.to_ascii_lowercase().into()).or_default();
        if known.last() != Some(&id) {
            known.push(id);
        }
    };
    let defines = |name: &str| {
        matches!(name, "map" | "geo" | "geoip2" | "split_clients" | "js_var") || name.starts_with("set") || name.ends_with("_set")
    };
    // A line of a `map` has its regex for a name.
    for id in config.named_or_with(|name| defines(name) || Signs::of(name).has(Signs::NAMED_GROUP), Signs::NAMED_GROUP).iter() {
        let directive = config.directive(id);
        // `map $x $name`, `set_by_lua $name …`; only of a `set` it is surely the first one that is given a value.
        let given = if directive.is("set") { 1 } else { directive.args.len() };
        let words = directive.args.iter().take(given).filter(|_| defines(&directive.name.value));
        words.filter_map(|word| word.value.strip_prefix('$')).for_each(|name| add(name, id));
        for word in std::iter::once(&directive.name).chain(&directive.args).filter(|word| word.signs().has(Signs::NAMED_GROUP)) {
            group_names(&word.value).for_each(|name| add(name, id));
        }
    }
    out
}

impl InLua {
    fn read(project: &Project) -> InLua {
        let mut out = InLua::default();
        project.files.values().for_each(|file| out.add(&file.text.to_str()));
        let walk = project.vfs.walk(&project.workspace);
        for path in walk.files.iter().filter(|path| path.extension().is_some_and(|extension| extension == "lua")) {
            if let Ok(text) = project.vfs.read(project.vfs.id(path)) {
                out.add(&text.to_str());
            }
        }
        out
    }

    /// `ngx.var.name`, whatever the module is called, and `ngx.var[…]`.
    fn add(&mut self, text: &str) {
        self.any |= text.contains("ngx.var[");
        for (at, found) in text.match_indices("var.") {
            let rest = text.get(at + found.len()..).unwrap_or_default();
            let end = rest.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').unwrap_or(rest.len());
            self.names.extend(rest.get(..end).filter(|name| !name.is_empty()).map(|name| name.to_ascii_lowercase().into()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routing::testing::load_project;

    #[test]
    fn who_gives_a_value() {
        let (project, config, _) = load_project(
            "http { map $uri $m { ~(?<line>.) 1; } server { set $a 1; set $B $a; set $twice 1; listen 80; server_name ~^(?<group>.)$;
            location / { set $TWICE 2; set_by_lua_block $lua { ngx.var.by_lua = 1 return 1 } set $by_lua 1; set $s $m; } } }",
        );
        let variables = Variables::new(&project, &config);
        let by = |name: &str| variables.only_definer(name).map_or("nobody or several", |id| &config.directive(id).name.value);
        assert_eq!(["a", "b", "m", "s", "group", "lua"].map(by), ["set", "set", "map", "set", "server_name", "set_by_lua_block"]);
        assert_eq!(["twice", "by_lua", "x"].map(by), ["nobody or several"; 3]);
        assert_eq!(by("line"), "~(?<line>.)");
    }
}
