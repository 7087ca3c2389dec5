//! Where else a name stands that nothing uses.

use std::ops::Range;
use std::sync::Arc;

use super::foreign;
use crate::config::{Chosen, Config, EntryId, RestsOn};
use crate::syntax::Body;
use crate::usage::definitions::{Definitions, Finder, Kind, Named, Protocol};
use crate::world::View;

/// Which of the names stand somewhere else: in another word of the configuration (a `map`'s value, a parameter of a module that is not
/// known), or in Lua code, be it in a string. Each stands among them once. One walk for all; words of a server that is as it was are not looked at again.
pub(super) fn mentioned(view: View<'_>, names: &[Named<'_>]) -> Vec<bool> {
    let search = Search::new(view, names);
    let mut out = vec![false; names.len()];
    let servers = view.by_server(RestsOn::Itself, search.circumstances(), |server| search.part(&[view.config.entries_of(server)]));
    let outside = search.part(&view.config.outside().collect::<Vec<_>>());
    for found in servers.all().iter().map(|server| &**server).chain([&outside]) {
        for number in &found.0 {
            if let Some(slot) = out.get_mut(*number) {
                *slot = true;
            }
        }
    }
    search.lua(view, &mut out);
    out
}

/// The numbers of names that stand in a part of the configuration.
#[derive(Debug)]
struct Mentioned(Vec<usize>);

/// What is looked for: each name as what, and whether in every word.
#[derive(Debug, PartialEq, Eq)]
struct Circumstances(Vec<(Kind, Protocol, Box<str>, bool)>);

struct Search<'a> {
    config: &'a Config,
    definitions: &'a Definitions,
    names: &'a [Named<'a>],
    /// Those that may stand in any word. nginx's own directives write a variable with its `$`; those of other modules may not
    /// (`geo_var_name=allowed`).
    anywhere: Vec<usize>,
    find_all: Finder,
    find_anywhere: Finder,
    /// Directives with Lua code.
    lua: Chosen<'a>,
}

impl<'a> Search<'a> {
    fn new(view: View<'a>, names: &'a [Named<'a>]) -> Search<'a> {
        let is_anywhere = |one: &Named<'_>| one.kind != Kind::Variable || foreign(view, one).is_some();
        let anywhere: Vec<usize> = (0..).zip(names).filter(|(_, one)| is_anywhere(one)).map(|(number, _)| number).collect();
        let find_anywhere = Finder::new(anywhere.iter().filter_map(|number| names.get(*number)).map(|one| one.name));
        let config = view.config;
        let lua = config.named(|name| name.contains("_by_lua"));
        let find_all = Finder::new(names.iter().map(|one| one.name));
        Search { config, definitions: view.definitions(), names, anywhere, find_all, find_anywhere, lua }
    }

    fn circumstances(&self) -> Circumstances {
        let of =
            |(number, one): (usize, &Named<'_>)| (one.kind, one.protocol, one.name.into(), self.anywhere.binary_search(&number).is_ok());
        Circumstances(self.names.iter().enumerate().map(of).collect())
    }

    /// Looks at the words of some entries.
    fn part(&self, ranges: &[Range<u32>]) -> Mentioned {
        let mut out = Mentioned(Vec::new());
        let (mut clear, mut clear_anywhere) = (Clear::default(), Clear::default());
        let number = |at: usize| self.anywhere.get(at).copied();
        for range in ranges {
            self.lua.within(range.clone()).for_each(|id| self.words(id, &self.find_all, Some, &mut clear, &mut out));
            if !self.anywhere.is_empty() {
                let all = range.clone().map(EntryId);
                all.for_each(|id| self.words(id, &self.find_anywhere, number, &mut clear_anywhere, &mut out));
            }
        }
        out.0.sort_unstable();
        out.0.dedup();
        out
    }

    /// Looks at one directive's. Each name may stand where a name like it is defined, and where it is used in the other protocol or as a name of
    /// another kind.
    fn words(&self, id: EntryId, finder: &Finder, number: impl Fn(usize) -> Option<usize>, clear: &mut Clear, out: &mut Mentioned) {
        let directive = self.config.directive(id);
        for word in std::iter::once(&directive.name).chain(&directive.args) {
            if clear.has(&word.value) {
                continue;
            }
            let mut any = false;
            finder.find(&word.value, |at| {
                any = true;
                let is_own = |one: &Named<'_>| self.definitions.of(id).any(|own| own.name == one.name);
                let found = number(at).filter(|number| self.names.get(*number).is_some_and(|one| !is_own(one)));
                out.0.extend(found);
            });
            if !any {
                clear.add(&word.value);
            }
        }
    }

    /// Looks at the Lua code that is not in a word of the configuration.
    fn lua(&self, view: View<'_>, out: &mut [bool]) {
        let in_lua = |one: &Named<'_>| !matches!(one.kind, Kind::LogFormat | Kind::RequestZone | Kind::ConnectionZone | Kind::Cache);
        if !self.names.iter().any(in_lua) {
            return;
        }
        for code in &view.lua().codes {
            let text = view.project.text(code.file);
            let text = match code.entry.map(|entry| &self.config.directive(entry).body) {
                None => text.to_str().into_owned(),
                Some(Body::Lua(span)) => text.slice(*span).into_owned(),
                // A word of the configuration, which was looked at.
                Some(_) => continue,
            };
            self.find_all.find(&text, |number| {
                if self.names.get(number).is_some_and(in_lua)
                    && let Some(found) = out.get_mut(number)
                {
                    *found = true;
                }
            });
        }
    }
}

/// Texts of words that were looked at, and in which there is nothing. Words of one file share what is written again and again.
struct Clear([usize; 1024]);

impl Default for Clear {
    fn default() -> Clear {
        Clear([0; 1024])
    }
}

impl Clear {
    /// Where a text lies, and which place here is for it: texts lie 16 bytes apart at least.
    fn place(text: &Arc<str>) -> (usize, usize) {
        let address = Arc::as_ptr(text).cast::<u8>().addr();
        (address, address / 16 % 1024)
    }

    fn has(&self, text: &Arc<str>) -> bool {
        let (address, place) = Clear::place(text);
        self.0.get(place) == Some(&address)
    }

    fn add(&mut self, text: &Arc<str>) {
        let (address, place) = Clear::place(text);
        if let Some(slot) = self.0.get_mut(place) {
            *slot = address;
        }
    }
}
