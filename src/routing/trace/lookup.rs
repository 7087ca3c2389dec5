//! What requests ask of a configuration at each of their steps, looked up: read once, for as many of them as there are.

use rustc_hash::{FxHashMap, FxHashSet};

use super::finish::ErrorPage;
use crate::config::{Config, EntryId};
use crate::nginx::handlers::{answers, passes};
use crate::routing::pattern::group_names;
use crate::routing::sequence::CODES;
use crate::routing::values::Tables;
use crate::syntax::Signs;

/// The answers of one configuration.
#[derive(Debug, Default)]
pub struct Lookup {
    /// What `map`, `geo` and `split_clients` make of a value.
    pub(super) tables: Tables,
    /// In small letters.
    set: FxHashSet<Box<str>>,
    captured: FxHashSet<Box<str>>,
    /// By the block that each stands in.
    codes: FxHashMap<EntryId, Vec<EntryId>>,
    handlers: FxHashMap<EntryId, EntryId>,
    passes: FxHashMap<EntryId, EntryId>,
    /// By the block that they stand in, `None` for the top of a fragment; of one status only the first page, which is the one that is used.
    pages: FxHashMap<Option<EntryId>, Vec<ErrorPage>>,
}

/// Directives of which named groups become variables (`ngx_http_regex_compile`), beside the lines of a `map`.
const REGEXES: [&str; 4] = ["rewrite", "if", "location", "server_name"];

impl Lookup {
    /// Reads a configuration.
    pub fn build(config: &Config) -> Lookup {
        let mut lookup = Lookup { tables: Tables::build(config), ..Lookup::default() };
        let set = config.all("set").iter().filter_map(|entry| config.directive(*entry).arg(0)?.strip_prefix('$'));
        lookup.set = set.map(|name| name.to_ascii_lowercase().into()).collect();
        let words = REGEXES.iter().flat_map(|name| config.all(name)).flat_map(|entry| &config.directive(*entry).args);
        let keys = config.all("map").iter().flat_map(|map| &config.entry(*map).children).map(|line| &config.directive(*line).name);
        let regexes = words.chain(keys).filter(|word| word.signs().has(Signs::NAMED_GROUP));
        lookup.captured = regexes.flat_map(|word| group_names(&word.value)).map(|name| name.to_ascii_lowercase().into()).collect();
        let is_code = |name: &str| CODES.contains(&name) || name.starts_with("set_");
        for entry in config.named(is_code).iter() {
            if let Some(block) = config.entry(entry).parent {
                lookup.codes.entry(block).or_default().push(entry);
            }
        }
        // How many arguments a handler has, its name alone does not say.
        for entry in config.named(|name| (0..=2).any(|arguments| answers(name, arguments))).iter() {
            let (Some(block), directive) = (config.entry(entry).parent, config.directive(entry)) else { continue };
            if answers(&directive.name.value, directive.args.len()) {
                lookup.handlers.insert(block, entry);
            }
            if passes(&directive.name.value) {
                lookup.passes.insert(block, entry);
            }
        }
        let mut statuses = FxHashSet::default();
        for &entry in config.all("error_page") {
            let block = config.entry(entry).parent;
            let first = ErrorPage::all_of(config, entry).filter(|page| statuses.insert((block, page.status)));
            lookup.pages.entry(block).or_default().extend(first);
        }
        lookup
    }

    /// Is there a `set` of the variable, given in small letters?
    pub(super) fn is_set(&self, variable: &str) -> bool {
        self.set.contains(variable)
    }

    /// Does a regex have a group of the name, given in small letters?
    pub(super) fn is_captured(&self, variable: &str) -> bool {
        self.captured.contains(variable)
    }

    /// What `ngx_http_rewrite_handler` runs in a block, in order: directives of the rewrite module, and those of modules that come among them
    /// (`set_by_lua`, set-misc).
    pub(super) fn codes(&self, block: EntryId) -> &[EntryId] {
        self.codes.get(&block).map_or(&[], Vec::as_slice)
    }

    /// The directive of a block that sets its content handler: the last one wins.
    pub(super) fn handler(&self, block: EntryId) -> Option<EntryId> {
        self.handlers.get(&block).copied()
    }

    /// The directive of a block that passes requests on.
    pub(super) fn pass(&self, block: EntryId) -> Option<EntryId> {
        self.passes.get(&block).copied()
    }

    /// The pages that hold in a block: those of the nearest level around that has any.
    pub(super) fn error_pages(&self, config: &Config, block: EntryId) -> &[ErrorPage] {
        let first = config.inherited_all(block, "error_page").first();
        first.and_then(|first| self.pages.get(&config.entry(*first).parent)).map_or(&[], Vec::as_slice)
    }
}
