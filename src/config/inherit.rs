//! Inheritance, as nginx's merge functions do it.

use super::*;

impl Config {
    /// The directive of that name which holds in a block: its own last one, else the nearest one around it. For
    /// directives that nginx merges as scalars (`root`, `index`, `access_log off` … not for `*_pass`, `return`,
    /// `rewrite`, `set`, `try_files`, which are not inherited).
    pub fn inherited(&self, block: EntryId, name: &str) -> Option<EntryId> {
        self.nearest(block, name).last().copied()
    }

    /// All directives of that name at the nearest level that has one. For directives that nginx merges as arrays
    /// (`error_page`, `add_header`, `proxy_set_header`, …): one at a level hides all of the levels around it. Those at the top of a
    /// fragment are the outermost level.
    pub fn inherited_all(&self, block: EntryId, name: &str) -> &[EntryId] {
        self.nearest(block, name)
    }

    /// The same for directives that fill one setting together (`allow` and `deny`, `root` and `alias`): all of these names at the nearest
    /// level that has any, in reading order.
    pub fn inherited_of(&self, block: EntryId, names: &[&str]) -> Vec<EntryId> {
        let of: Vec<_> = names.iter().filter_map(|name| self.by_name.lookup(&self.entries, name)).collect();
        let at = |block: Option<EntryId>| {
            let mut found: Vec<EntryId> = of.iter().flat_map(|of| of(block)).copied().collect();
            found.sort_unstable();
            found
        };
        let found = self.ancestors(block).map(|block| at(Some(block))).find(|found| !found.is_empty());
        found.unwrap_or_else(|| at(None))
    }

    fn nearest(&self, block: EntryId, name: &str) -> &[EntryId] {
        let Some(of) = self.by_name.lookup(&self.entries, name) else { return &[] };
        let found = self.ancestors(block).map(|block| of(Some(block))).find(|found| !found.is_empty());
        found.unwrap_or_else(|| of(None))
    }
}
