//! What functions are given. Only calls of those are looked at whose parameters something is asked of.

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::facts::{Expr, Facts, ScopeId};
use super::index::{self, Name, last};
use super::resolve::{Things, add};
use super::{File, Linker, Question, Thing, read};

/// A call: the file that it is in, and its number there.
type CallId = (usize, u32);

/// The calls of an application, by what they may call.
#[derive(Default)]
pub(super) struct Calls<'a> {
    /// Those of the files that were looked at.
    of: FxHashMap<usize, Vec<(&'a Expr, &'a [Expr])>>,
    /// The files that call something that has a name.
    callers: FxHashMap<Name, Vec<usize>>,
    /// The names that one may be given something of by another name.
    aliases: FxHashMap<Name, Vec<Name>>,
    /// The functions that were asked for, and the names that were.
    functions: FxHashSet<(usize, ScopeId)>,
    names: FxHashSet<Name>,
    /// Which of the calls call what, so far as that is found.
    noted: FxHashSet<(CallId, usize, ScopeId)>,
    /// The calls that are looked at.
    open: Vec<CallId>,
    built: bool,
}

impl<'a> Linker<'a> {
    /// What a parameter of a function may be.
    pub(super) fn parameter(&mut self, file: usize, scope: ScopeId, position: usize, depth: u32) -> Things {
        if self.calls.functions.insert((file, scope)) {
            self.wanted.push((file, scope));
        }
        if !self.given.contains_key(&(file, scope)) {
            return vec![Thing::Unknown];
        }
        let question = Question::Parameter(file, scope, position);
        let answer = |linker: &mut Self| {
            let mut out = Things::new();
            for (from, arguments) in linker.given.get(&(file, scope)).cloned().unwrap_or_default() {
                // One that is not given has its default, which is bound to the name.
                let Some(given) = arguments.get(position) else { continue };
                let found = linker.follow(from, given, depth);
                add(&mut out, found);
            }
            out
        };
        self.once(question, answer).unwrap_or_default()
    }

    /// Looks for the calls of the functions that were asked for since the last time. True when one was found that was not known.
    pub(super) fn note_calls(&mut self) -> bool {
        let wanted = std::mem::take(&mut self.wanted);
        if !wanted.is_empty() && !self.calls.built {
            self.calls.build(self.files);
        }
        for (file, scope) in wanted {
            let names = self.facts(file).into_iter().flat_map(|facts| &facts.bindings);
            let called = names.filter(|binding| matches!(binding.value, Expr::Scope(of) if of == scope));
            self.calls.open(self.files, called.map(|binding| index::name(last(&binding.name))).collect());
        }
        let mut found = false;
        for at in self.calls.open.clone() {
            let from = at.0;
            let Some((function, arguments)) = self.call(at) else { continue };
            for thing in self.peek(from, function).0 {
                let (Thing::Scope(file, scope) | Thing::Instance(file, scope)) = thing else { continue };
                if self.calls.noted.insert((at, file, scope)) {
                    self.given.entry((file, scope)).or_default().push((from, arguments));
                    found |= self.calls.functions.contains(&(file, scope));
                }
            }
        }
        found
    }

    /// What an expression is, and the files that would have to be read to know it better.
    fn peek(&mut self, file: usize, expr: &'a Expr) -> (Things, Vec<usize>) {
        let (before, settled) = (self.met.replace(Vec::new()), self.settled);
        let found = self.resolve(file, expr);
        let met = std::mem::replace(&mut self.met, before).unwrap_or_default();
        let peeked = std::mem::take(&mut self.peeked);
        if !met.is_empty() {
            self.settled = settled;
            for question in peeked {
                self.answers.remove(&question);
            }
        }
        (found, met)
    }

    /// Functions that register something may be called by files that are not read, if they are given to these.
    pub(super) fn note_callbacks(&mut self) {
        if self.calls.functions.is_empty() || self.files.iter().all(|(_, facts)| facts.is_some()) {
            return;
        }
        for (from, facts) in read(self.files) {
            let beside = self.languages.get(from).copied().flatten().is_some_and(|language| language.beside.is_some());
            for giving in &facts.index().giving {
                let when = &giving.when;
                let is_given = |function: &ScopeId| self.given.contains_key(&(from, *function));
                if when.always || when.beside && beside || when.given.iter().any(is_given) {
                    self.note_callback((from, giving.call));
                }
            }
        }
    }

    fn note_callback(&mut self, at: CallId) {
        let from = at.0;
        let Some((function, arguments)) = self.call(at) else { return };
        let (_, met) = self.peek(from, function);
        if met.is_empty() {
            return;
        }
        let carries = |thing: &Thing| match thing {
            Thing::Object(_) => true,
            Thing::Scope(file, _) | Thing::Instance(file, _) | Thing::Module(file) => self.carry.get(*file).is_none_or(|carries| *carries),
            Thing::Text(..) | Thing::Foreign | Thing::Other | Thing::Unknown => false,
        };
        let given: Vec<Things> = arguments.iter().map(|given| self.peek(from, given).0).collect();
        if given.iter().flatten().any(carries) {
            self.missed.extend(met);
        }
    }

    /// A call: the function, and what that is given.
    fn call(&mut self, (file, number): CallId) -> Option<(&'a Expr, &'a [Expr])> {
        let facts = self.facts(file)?;
        self.calls.of.entry(file).or_insert_with(|| index::calls(facts)).get(number as usize).copied()
    }
}

impl<'a> Calls<'a> {
    fn build(&mut self, files: &'a [File]) {
        self.built = true;
        // Names that may be any function: what calls give back, parameters.
        let mut any: FxHashSet<Name> = FxHashSet::default();
        for (file, facts) in read(files) {
            let index = facts.index();
            any.extend(&index.any);
            for (name, other) in &index.aliases {
                self.aliases.entry(*name).or_default().push(*other);
            }
            for (name, _) in &index.called {
                let files = self.callers.entry(*name).or_default();
                if files.last() != Some(&file) {
                    files.push(file);
                }
            }
            self.open.extend(index.wild.iter().map(|call| (file, *call)));
        }
        self.open(files, any.into_iter().collect());
    }

    /// Looks at the calls of something that has these names, from now on.
    fn open(&mut self, files: &'a [File], mut names: Vec<Name>) {
        while let Some(name) = names.pop() {
            if self.names.insert(name) {
                for file in self.callers.get(&name).into_iter().flatten() {
                    let facts: Option<&Facts> = files.get(*file).and_then(|(_, facts)| facts.as_deref());
                    let called = facts.map(|facts| &*facts.index().called).unwrap_or_default();
                    let start = called.partition_point(|(other, _)| *other < name);
                    let behind = called.get(start..).unwrap_or_default().iter().take_while(|(other, _)| *other == name);
                    self.open.extend(behind.map(|(_, call)| (*file, *call)));
                }
                names.extend(self.aliases.get(&name).into_iter().flatten());
            }
        }
        self.open.sort_unstable();
        self.open.dedup();
    }
}
