//! Directives: their names, the contexts they may stand in, where they are documented.
//!
//! `directives.tsv` holds the facts: taken from nginx's C tables and documentation (nginx 1.31) and from those of the modules
//! named in its third column. One line for each name and protocol.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

static TABLE: LazyLock<Vec<Directive>> = LazyLock::new(|| include_str!("directives.tsv").lines().filter_map(Directive::read).collect());

/// Where in the table the directives of a name are. Every rule asks, for every directive: a look-up takes a tenth of a search.
static NAMES: LazyLock<FxHashMap<&'static str, (usize, usize)>> = LazyLock::new(|| {
    let mut names: FxHashMap<&'static str, (usize, usize)> = FxHashMap::default();
    for (index, directive) in TABLE.iter().enumerate() {
        names.entry(directive.name).or_insert((index, index)).1 = index + 1;
    }
    names
});

/// A directive of one protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Directive {
    /// `proxy_pass`
    pub name: &'static str,
    /// `http`, `stream`, `mail`, `core`, …: which of nginx's subsystems it belongs to.
    pub protocol: &'static str,
    /// `nginx`, `nginx-plus`, `lua-nginx-module`, …: where it comes from.
    pub package: &'static str,
    contexts: &'static str,
    /// How many arguments: `1`, `2,3`, `1+`, `0,1`; empty where the source does not say.
    pub arguments: &'static str,
    /// True when it takes a block.
    pub block: bool,
    documentation: &'static str,
}

impl Directive {
    fn read(line: &'static str) -> Option<Directive> {
        if line.starts_with('#') {
            return None;
        }
        let mut columns = line.split('\t');
        let (name, protocol, package, contexts) = (columns.next()?, columns.next()?, columns.next()?, columns.next()?);
        let arguments = columns.next()?;
        Some(Directive { name, protocol, package, contexts, arguments, block: columns.next()? == "block", documentation: columns.next()? })
    }

    /// `http`, `server`, `location`, `location.if`, …: where it may stand.
    pub fn contexts(&self) -> impl Iterator<Item = &'static str> {
        self.contexts.split(',').filter(|context| !context.is_empty())
    }

    /// The page that documents it; `None` where there is none.
    pub fn documentation(&self) -> Option<String> {
        match self.documentation.strip_prefix('~') {
            Some(page) => Some(format!("https://nginx.org/en/docs/{page}")),
            None if self.documentation.is_empty() => None,
            None => Some(self.documentation.to_owned()),
        }
    }
}

/// All directives of that name, one a protocol; empty for a name that nothing has.
pub fn named(name: &str) -> &'static [Directive] {
    let (start, end) = NAMES.get(name).copied().unwrap_or_default();
    TABLE.get(start..end).unwrap_or_default()
}

/// The directive of that name that may stand in a context (`http`, `location.if`, …); `None` where nothing of that name may.
pub fn in_context(name: &str, context: &str) -> Option<&'static Directive> {
    named(name).iter().find(|directive| directive.contexts().any(|own| own == context))
}

/// True for the name of a directive of nginx or of a module that the table has.
pub fn is_known(name: &str) -> bool {
    !named(name).is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_whole() {
        assert!(TABLE.is_sorted_by_key(|directive| (directive.name, directive.protocol)));
        assert_eq!(TABLE.len(), include_str!("directives.tsv").lines().count() - 1);
        assert!(TABLE.len() > 1200);
    }

    #[test]
    fn a_name_may_belong_to_several_protocols() {
        let protocols: Vec<_> = named("proxy_pass").iter().map(|directive| directive.protocol).collect();
        assert_eq!(protocols, ["http", "stream"]);
        assert_eq!(in_context("proxy_pass", "stream.server").map(|directive| directive.protocol), Some("stream"));
        assert_eq!(in_context("proxy_pass", "location").map(|directive| directive.arguments), Some("1"));
        assert_eq!(in_context("proxy_pass", "events"), None);
        assert!(named("location")[0].contexts().any(|context| context == "server"));
        assert!(named("root")[0].documentation().is_some_and(|page| page.ends_with("ngx_http_core_module.html#root")));
        assert!(is_known("content_by_lua_block") && !is_known("worker_procces") && !is_known(""));
    }
}
