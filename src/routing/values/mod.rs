//! What `map`, `geo` and `split_clients` make of a value: tables read from the configuration, and evaluated as nginx does.
//!
//! **Architecture Invariant:** pure. What a variable in a source or in a result stands for is the caller's business: a table is given
//! bytes (or an address) and answers with the line that decides and the word that is written there.

pub mod dead;
pub mod geo;
pub mod map;
pub mod split;

use std::sync::Arc;

use rustc_hash::FxHashMap;

pub use geo::Geo;
pub use map::Map;
pub use split::Split;

use super::pattern::Captures;
use crate::config::{Config, EntryId};
use crate::nginx::case::lower;
use crate::nginx::templates;

/// What a table says of one value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matched {
    /// The line that decided; `None` where no line fits and there is no `default`: the variable is empty then.
    pub entry: Option<EntryId>,
    /// The value as it is written (with its escapes of quoting undone). That of a `map` may hold variables and is to be evaluated
    /// (`ngx_http_map_variable`); those of `geo` and `split_clients` are what they are, a `$` in them too.
    pub value: Arc<str>,
    /// What the regex of the line captured: `$1`, … and variables named by groups have it from then on. `None` for a line
    /// without a regex, which leaves earlier captures alone.
    pub captures: Option<Captures>,
}

impl Matched {
    fn nothing() -> Matched {
        Matched { entry: None, value: "".into(), captures: None }
    }
}

/// A table of any kind.
#[derive(Debug)]
pub enum Table {
    /// `map`
    Map(Map),
    /// `geo`
    Geo(Geo),
    /// `split_clients`
    Split(Split),
}

impl Table {
    /// Reads a `map`, `geo` or `split_clients`; `None` for anything else.
    pub fn read(config: &Config, entry: EntryId) -> Option<Table> {
        Some(match &*config.directive(entry).name.value {
            "map" => Table::Map(Map::read(config, entry)),
            "geo" => Table::Geo(Geo::read(config, entry)),
            "split_clients" => Table::Split(Split::read(config, entry)),
            _ => return None,
        })
    }

    /// The variable that it defines, without `$`, in lower case; empty where none is written.
    pub fn variable(&self) -> &Arc<str> {
        match self {
            Table::Map(map) => &map.variable,
            Table::Geo(geo) => &geo.variable,
            Table::Split(split) => &split.variable,
        }
    }
}

/// The tables of `http`, by the variable that each defines.
#[derive(Debug, Default)]
pub struct Tables {
    by_variable: FxHashMap<Arc<str>, Table>,
}

impl Tables {
    /// Reads them all. Where several define one variable the last one counts: each takes the variable's `get_handler` for itself.
    pub fn build(config: &Config) -> Tables {
        let mut found: Vec<EntryId> = ["map", "geo", "split_clients"].iter().flat_map(|name| config.all(name)).copied().collect();
        found.sort_unstable();
        let mut tables = Tables::default();
        for entry in found.into_iter().filter(|entry| is_http(config, *entry)) {
            if let Some(table) = Table::read(config, entry) {
                tables.by_variable.insert(table.variable().clone(), table);
            }
        }
        tables
    }

    /// The table that defines a variable, given without its `$`; names have no case (`ngx_http_add_variable`).
    pub fn get(&self, variable: &str) -> Option<&Table> {
        self.by_variable.get(&*lower(variable))
    }
}

/// Directly in `http`, or at the top of a fragment (which is meant for there). Tables of `stream` are another world.
fn is_http(config: &Config, entry: EntryId) -> bool {
    config.entry(entry).parent.is_none_or(|parent| config.directive(parent).is("http"))
}

/// The name of the variable in `$name`, as nginx compares it; empty for a word that is no variable.
fn variable(word: Option<&str>) -> Arc<str> {
    word.and_then(|word| word.strip_prefix('$')).unwrap_or_default().to_ascii_lowercase().into()
}

/// True for text that something else fills in before nginx reads it, and for bytes that are no UTF-8: nobody knows what it will say.
fn is_template(text: &str) -> bool {
    text.contains("${") || templates::has_mark(text)
}

/// The lines of a block: their entries, without the `include`s that were followed. The second is the first `include` that was not.
fn lines(config: &Config, block: EntryId) -> (Vec<EntryId>, Option<EntryId>) {
    let mut unknown = None;
    let mut lines = Vec::new();
    for &entry in &config.entry(block).children {
        let directive = config.directive(entry);
        if directive.is("include") && directive.args.len() == 1 {
            if unknown.is_none() && config.unknown_includes.contains(&entry) {
                unknown = Some(entry);
            }
        } else {
            lines.push(entry);
        }
    }
    // A block of more directives than are read.
    if unknown.is_none() && config.unknown_includes.contains(&block) {
        unknown = Some(block);
    }
    (lines, unknown)
}
