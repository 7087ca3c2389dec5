//! Directives by their name: a rule that starts here costs nothing where its directive is not used.

use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;

use super::{Entry, EntryId};

/// The directives of a configuration by name; made when it is first asked for.
#[derive(Debug, Clone, Default)]
pub(super) struct Names(OnceLock<FxHashMap<Arc<str>, Named>>);

/// All directives of one name.
#[derive(Debug, Clone, Default)]
struct Named {
    /// In reading order.
    all: Vec<EntryId>,
    blocks: OnceLock<Blocks>,
}

/// The same, block by block.
#[derive(Debug, Clone, Default)]
struct Blocks {
    /// By the block around them, in reading order within one.
    sorted: Vec<EntryId>,
    /// Where in `sorted` those of a block are; `None` for what is in none.
    of: FxHashMap<Option<EntryId>, (u32, u32)>,
}

impl Names {
    fn table(&self, entries: &[Entry]) -> &FxHashMap<Arc<str>, Named> {
        self.0.get_or_init(|| {
            let mut table: FxHashMap<Arc<str>, Named> = FxHashMap::default();
            for (index, entry) in entries.iter().enumerate() {
                let name = &entry.directive.name.value;
                let id = EntryId(index as u32);
                match table.get_mut(&**name) {
                    Some(named) => named.all.push(id),
                    None => drop(table.insert(name.clone(), Named { all: vec![id], blocks: OnceLock::new() })),
                }
            }
            table
        })
    }

    fn named(&self, entries: &[Entry], name: &str) -> Option<&Named> {
        self.table(entries).get(name)
    }

    /// Every name that is there, once, in no order.
    pub(super) fn distinct(&self, entries: &[Entry]) -> impl Iterator<Item = &str> {
        self.table(entries).keys().map(|name| &**name)
    }

    /// All of that name.
    pub(super) fn all(&self, entries: &[Entry], name: &str) -> &[EntryId] {
        self.named(entries, name).map_or(&[], |named| &named.all)
    }

    /// Looks up those directly in a block, again and again for one name.
    pub(super) fn lookup<'a>(&'a self, entries: &[Entry], name: &str) -> Option<impl Fn(Option<EntryId>) -> &'a [EntryId] + use<'a>> {
        let named = self.named(entries, name)?;
        let blocks = named.blocks.get_or_init(|| {
            let parent = |id: &EntryId| entries.get(id.index()).and_then(|entry| entry.parent);
            let mut sorted = named.all.clone();
            sorted.sort_by_key(|id| (parent(id), *id));
            let mut of: FxHashMap<Option<EntryId>, (u32, u32)> = FxHashMap::default();
            for (index, id) in (0u32..).zip(&sorted) {
                of.entry(parent(id)).or_insert((index, index)).1 = index + 1;
            }
            Blocks { sorted, of }
        });
        Some(move |block: Option<EntryId>| {
            let range = blocks.of.get(&block).copied().unwrap_or_default();
            blocks.sorted.get(range.0 as usize..range.1 as usize).unwrap_or_default()
        })
    }
}
