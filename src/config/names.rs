//! Directives by their name: a rule that starts here costs nothing where its directive is not used.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;

use super::{Entry, EntryId};
use crate::nginx::context::Context;
use crate::nginx::directives;
use crate::syntax::{Directive, Question, Signs};

/// The directives of a configuration by name.
#[derive(Debug, Clone, Default)]
pub(super) struct Names {
    /// Which of `named` each entry has.
    numbers: Vec<u32>,
    /// Which signs are in the arguments of each.
    signs: Vec<Signs>,
    /// What was known of the words of each, where it stands, when the configuration was built: a bit for each question.
    sound: Vec<u8>,
    named: Vec<Named>,
    by_text: FxHashMap<Arc<str>, u32>,
}

/// All directives of one name.
#[derive(Debug, Clone)]
struct Named {
    name: Arc<str>,
    /// What the catalogue has of it.
    known: &'static [directives::Directive],
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

/// Numbers names, while a configuration is built.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    /// By where the text of a name lies: words of one file share it, so that it need not be hashed. The directives that hold it are kept by the
    /// configuration that is being built.
    by_address: FxHashMap<usize, (u32, &'static [directives::Directive])>,
}

impl Numbers {
    /// Notes the next entry's name, signs, and what is known of its words in this context; what the catalogue has of it.
    pub(super) fn next(&mut self, names: &mut Names, directive: &Directive, context: Option<Context>) -> &'static [directives::Directive] {
        let name = &directive.name.value;
        let id = EntryId(names.numbers.len() as u32);
        let address = Arc::as_ptr(name).cast::<u8>().addr();
        let (number, known) = *self.by_address.entry(address).or_insert_with(|| names.number(name));
        names.numbers.push(number);
        names.signs.push(directive.signs);
        names.sound.push(context.map_or(0, |context| directive.sound.noted(context as u8)));
        if let Some(named) = names.named.get_mut(number as usize) {
            named.all.push(id);
        }
        known
    }
}

impl Names {
    pub(super) fn with_capacity(entries: usize) -> Names {
        Names {
            numbers: Vec::with_capacity(entries),
            signs: Vec::with_capacity(entries),
            sound: Vec::with_capacity(entries),
            ..Names::default()
        }
    }

    fn number(&mut self, name: &Arc<str>) -> (u32, &'static [directives::Directive]) {
        let next = self.named.len() as u32;
        let number = *self.by_text.entry(name.clone()).or_insert(next);
        if let Some(same) = self.named.get(number as usize) {
            return (number, same.known);
        }
        let known = directives::named(name);
        self.named.push(Named { name: name.clone(), known, all: Vec::new(), blocks: OnceLock::new() });
        (number, known)
    }

    fn named(&self, name: &str) -> Option<&Named> {
        self.named.get(*self.by_text.get(name)? as usize)
    }

    pub(super) fn of(&self, id: EntryId) -> &str {
        self.numbers.get(id.index()).and_then(|number| self.named.get(*number as usize)).map_or("", |named| &named.name)
    }

    /// Those of which nothing is known.
    pub(super) fn unsound(&self, question: Question) -> impl Iterator<Item = EntryId> {
        (0..).zip(&self.sound).filter(move |(_, sound)| *sound & question.bit() == 0).map(|(index, _)| EntryId(index))
    }

    /// Every name that is there, once, in the order in which they are first read.
    pub(super) fn distinct(&self) -> impl Iterator<Item = &str> {
        self.named.iter().map(|named| &*named.name)
    }

    /// All of that name.
    pub(super) fn all(&self, name: &str) -> &[EntryId] {
        self.named(name).map_or(&[], |named| &named.all)
    }

    /// All whose name is wanted, and those with one of the signs.
    pub(super) fn chosen(&self, wanted: impl Fn(&str) -> bool, signs: Signs) -> Chosen<'_> {
        Chosen { names: self, wanted: self.distinct().map(wanted).collect(), signs }
    }

    /// All of whose name the catalogue has something that is wanted.
    pub(super) fn known(&self, wanted: impl Fn(&'static [directives::Directive]) -> bool) -> Chosen<'_> {
        Chosen { names: self, wanted: self.named.iter().map(|named| wanted(named.known)).collect(), signs: Signs::default() }
    }

    /// Looks up those directly in a block, again and again for one name.
    pub(super) fn lookup<'a>(&'a self, entries: &[Entry], name: &str) -> Option<impl Fn(Option<EntryId>) -> &'a [EntryId] + use<'a>> {
        let named = self.named(name)?;
        let blocks = named.blocks.get_or_init(|| {
            let parent = |id: &EntryId| entries.get(id.index()).and_then(|entry| entry.parent);
            let mut sorted = named.all.clone();
            sorted.sort_by_key(|id| (parent(id), *id));
            let mut of: FxHashMap<Option<EntryId>, (u32, u32)> = FxHashMap::default();
            of.reserve(sorted.chunk_by(|one, next| parent(one) == parent(next)).count());
            let mut start = 0;
            for block in sorted.chunk_by(|one, next| parent(one) == parent(next)) {
                let end = start + block.len() as u32;
                if let Some(first) = block.first() {
                    of.insert(parent(first), (start, end));
                }
                start = end;
            }
            Blocks { sorted, of }
        });
        Some(move |block: Option<EntryId>| {
            let range = blocks.of.get(&block).copied().unwrap_or_default();
            blocks.sorted.get(range.0 as usize..range.1 as usize).unwrap_or_default()
        })
    }
}

/// Directives chosen by their names and signs. Nothing else is looked at to tell which they are.
#[derive(Debug, Clone)]
pub struct Chosen<'a> {
    names: &'a Names,
    /// By the numbers of names.
    wanted: Vec<bool>,
    signs: Signs,
}

impl<'a> Chosen<'a> {
    /// Is this entry one of them?
    #[inline]
    pub fn has(&self, id: EntryId) -> bool {
        let number = self.names.numbers.get(id.index());
        let by_name = number.is_some_and(|number| self.wanted.get(*number as usize) == Some(&true));
        by_name || self.names.signs.get(id.index()).is_some_and(|signs| signs.has(self.signs))
    }

    /// They, in reading order.
    pub fn iter(&self) -> impl Iterator<Item = EntryId> + use<'_, 'a> {
        self.within(0..self.names.numbers.len() as u32)
    }

    /// Those of a range of entries, in reading order.
    pub fn within(&self, range: Range<u32>) -> impl Iterator<Item = EntryId> + use<'_, 'a> {
        let names = self.names;
        let range = if self.wanted.contains(&true) || self.signs != Signs::default() { range } else { 0..0 };
        let slots = range.start as usize..range.end as usize;
        let (numbers, signs) = (names.numbers.get(slots.clone()).unwrap_or_default(), names.signs.get(slots).unwrap_or_default());
        let is_one = move |(number, signs): (&u32, &Signs)| self.wanted.get(*number as usize) == Some(&true) || signs.has(self.signs);
        (range.start..).zip(numbers.iter().zip(signs)).filter(move |(_, of)| is_one(*of)).map(|(index, _)| EntryId(index))
    }
}
