//! What functions are given. Only calls of those are looked at whose parameters something is asked of.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::facts::{Expr, ScopeId};
use super::resolve::{Things, add};
use super::{File, Linker, Thing, read};

/// A call: the file that it is in, the function, and what that is given.
type Call<'a> = (usize, &'a Expr, &'a [Expr]);

/// The calls of an application, by what they may call.
#[derive(Default)]
pub(super) struct Calls<'a> {
    all: Vec<Call<'a>>,
    /// By the names that stand last in what they call.
    by_name: FxHashMap<&'a str, Vec<usize>>,
    /// Those that may call anything.
    wild: Vec<usize>,
    /// The names that one may be given something of by another name.
    aliases: FxHashMap<&'a str, Vec<&'a str>>,
    /// The functions that were asked for, and the names that were.
    functions: FxHashSet<(usize, ScopeId)>,
    names: FxHashSet<&'a str>,
    /// Which of the calls call what, so far as that is found.
    noted: FxHashSet<(usize, usize, ScopeId)>,
    /// The calls that are looked at.
    open: Vec<usize>,
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
        // No name is written like this.
        let question = (file, scope, Arc::<str>::from(format!("\0{position}")));
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
            let names: Vec<&str> = names.filter(|binding| binding.value == Expr::Scope(scope)).map(|binding| last(&binding.name)).collect();
            self.calls.open(names);
        }
        let mut found = false;
        for at in self.calls.open.clone() {
            let Some((from, function, arguments)) = self.calls.all.get(at).copied() else { continue };
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
        for at in 0..self.calls.all.len() {
            let Some((from, function, arguments)) = self.calls.all.get(at).copied() else { continue };
            if arguments.iter().all(|given| matches!(given, Expr::Text(_) | Expr::Other | Expr::Unknown | Expr::Setting(..))) {
                continue;
            }
            let (_, met) = self.peek(from, function);
            if met.is_empty() {
                continue;
            }
            let carries = |thing: &Thing| match thing {
                Thing::Object(_) => true,
                Thing::Scope(file, _) | Thing::Instance(file, _) | Thing::Module(file) => {
                    self.carry.get(*file).is_none_or(|carries| *carries)
                }
                Thing::Text(..) | Thing::Foreign | Thing::Other | Thing::Unknown => false,
            };
            let given: Vec<Things> = arguments.iter().map(|given| self.peek(from, given).0).collect();
            if given.iter().flatten().any(carries) {
                self.missed.extend(met);
            }
        }
    }
}

impl<'a> Calls<'a> {
    fn build(&mut self, files: &'a [File]) {
        self.built = true;
        for (at, facts) in read(files) {
            self.all.extend(facts.calls.iter().map(|call| (at, &call.function, call.arguments.as_slice())));
            let written = facts.bindings.iter().map(|binding| &binding.value);
            let mounts = facts.mounts.iter().flat_map(|mount| [&mount.on, &mount.what, &mount.prefix]);
            let routes = facts.routes.iter().flat_map(|route| [&route.on, &route.path]);
            let handled = facts.handled.iter().flat_map(|handled| [&handled.on, &handled.what, &handled.prefix]);
            let returns = facts.scopes.iter().flat_map(|scope| &scope.returns);
            for expr in written.chain(mounts).chain(handled).chain(routes).chain(returns) {
                inner_calls(expr, &mut |function, arguments| self.all.push((at, function, arguments)));
            }
        }
        // Names that may be any function: what calls give back, parameters.
        let mut any: FxHashSet<&'a str> = FxHashSet::default();
        for (_, facts) in read(files) {
            any.extend(facts.scopes.iter().flat_map(|scope| &scope.parameters).map(|name| &**name));
            for binding in &facts.bindings {
                let name = last(&binding.name);
                // What a function is written with is its own name.
                if matches!(binding.value, Expr::Scope(_)) {
                    continue;
                }
                let is_any = last_names(&binding.value, &mut |other| {
                    if other != name {
                        self.aliases.entry(other).or_default().push(name);
                    }
                });
                if is_any {
                    any.insert(name);
                }
            }
        }
        let mut open: Vec<&str> = any.iter().copied().collect();
        while let Some(name) = open.pop() {
            open.extend(self.aliases.get(name).into_iter().flatten().filter(|other| any.insert(other)));
        }
        for (at, (_, function, _)) in self.all.iter().enumerate() {
            let mut may = false;
            let wild = last_names(function, &mut |name| {
                may |= any.contains(name);
                self.by_name.entry(name).or_default().push(at);
            });
            if wild || may {
                self.wild.push(at);
            }
        }
        self.open.extend(&self.wild);
    }

    /// Looks at the calls of something that has these names, from now on.
    fn open(&mut self, mut names: Vec<&'a str>) {
        while let Some(name) = names.pop() {
            if self.names.insert(name) {
                self.open.extend(self.by_name.get(name).into_iter().flatten());
                names.extend(self.aliases.get(name).into_iter().flatten());
            }
        }
        self.open.sort_unstable();
        self.open.dedup();
    }
}

/// A name without what it is a member of.
fn last(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

/// The names that what an expression is may have elsewhere. True where it may be anything.
fn last_names<'a>(expr: &'a Expr, note: &mut impl FnMut(&'a str)) -> bool {
    let mut any = false;
    let mut open = vec![expr];
    while let Some(expr) = open.pop() {
        match expr {
            Expr::Import(_, name) if matches!(&**name, "*" | "default") => any = true,
            Expr::Name(_, name) | Expr::Member(_, name) | Expr::Import(_, name) => note(last(name)),
            Expr::Any(items) | Expr::List(items) => open.extend(items),
            Expr::Call(..) | Expr::Parameter(..) | Expr::Scope(_) => any = true,
            Expr::Text(_)
            | Expr::Join(_)
            | Expr::Trimmed(_)
            | Expr::Object(_)
            | Expr::Setting(..)
            | Expr::IfText(_)
            | Expr::Other
            | Expr::Unknown => {}
        }
    }
    any
}

/// The calls in an expression, outer before inner.
fn inner_calls<'a>(expr: &'a Expr, note: &mut impl FnMut(&'a Expr, &'a [Expr])) {
    let mut open = vec![expr];
    while let Some(expr) = open.pop() {
        match expr {
            Expr::Call(function, arguments) => {
                note(function, arguments);
                open.push(function);
                open.extend(arguments);
            }
            Expr::Member(of, _) | Expr::Trimmed(of) | Expr::IfText(of) => open.push(of),
            Expr::Join(items) | Expr::Any(items) | Expr::List(items) => open.extend(items),
            Expr::Setting(_, Some(default)) => open.push(default),
            Expr::Text(_)
            | Expr::Name(..)
            | Expr::Object(_)
            | Expr::Scope(_)
            | Expr::Parameter(..)
            | Expr::Import(..)
            | Expr::Setting(_, None)
            | Expr::Other
            | Expr::Unknown => {}
        }
    }
}
