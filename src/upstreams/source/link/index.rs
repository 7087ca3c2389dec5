//! What is looked up in the facts of one file. It is made once of them and kept as long as they are: of an application of which one file
//! changed, only that file's is made again.

use std::hash::Hasher;
use std::sync::OnceLock;

use rustc_hash::{FxHashMap, FxHashSet, FxHasher};

use super::super::facts::{Binding, Expr, Facts, ScopeId};

/// The index of facts, made when it is first asked for. It is no part of what they say.
#[derive(Debug, Default)]
pub struct Indexed(OnceLock<Box<Index>>);

impl Clone for Indexed {
    /// Facts that were copied may be changed.
    fn clone(&self) -> Indexed {
        Indexed::default()
    }
}

impl PartialEq for Indexed {
    fn eq(&self, _: &Indexed) -> bool {
        true
    }
}

/// A name by its hash. Names that have the same only make more calls be looked at.
pub(super) type Name = u64;

/// See [`Facts::index`].
#[derive(Debug)]
pub(super) struct Index {
    /// The bindings by scope and name, those of one name in their order.
    bindings: Box<[u32]>,
    /// The first binding of each name at the outermost level.
    outer: Box<[u32]>,
    /// The bindings that name classes and functions at the outermost level.
    named: FxHashMap<ScopeId, u32>,
    /// Names that are called, and the calls ([`calls`]) of each.
    pub(super) called: Box<[(Name, u32)]>,
    /// The calls that may call anything.
    pub(super) wild: Box<[u32]>,
    /// Names that may be any function: parameters, what calls give back.
    pub(super) any: Box<[Name]>,
    /// Names, each with another one that is given the same.
    pub(super) aliases: Box<[(Name, Name)]>,
    /// The calls with an argument that may matter to what is called.
    pub(super) giving: Box<[Giving]>,
}

/// A call with an argument that may be more than a text or something that nobody knows.
#[derive(Debug)]
pub(super) struct Giving {
    pub(super) call: u32,
    pub(super) when: When,
}

/// When an argument may be more than that.
#[derive(Debug, Default)]
pub(super) struct When {
    /// In any case.
    pub(super) always: bool,
    /// If files see each other's names.
    pub(super) beside: bool,
    /// If one of these functions is given something.
    pub(super) given: Vec<ScopeId>,
}

impl Facts {
    pub(super) fn index(&self) -> &Index {
        self.indexed.0.get_or_init(|| Box::new(Index::of(self)))
    }

    /// What a name is given in just that scope.
    pub(super) fn bound(&self, scope: ScopeId, name: &str) -> Bound<'_> {
        let numbers = &self.index().bindings;
        let key = |number: &u32| self.binding(*number).map(|binding| (binding.scope, &*binding.name));
        let start = numbers.partition_point(|number| key(number) < Some((scope, name)));
        let behind = numbers.get(start..).unwrap_or_default();
        let length = behind.iter().take_while(|number| key(number) == Some((scope, name))).count();
        Bound { facts: self, numbers: behind.get(..length).unwrap_or_default() }
    }

    /// The names that are given something at the outermost level.
    pub(super) fn outer_names(&self) -> impl Iterator<Item = &str> {
        self.index().outer.iter().filter_map(|number| self.binding(*number)).map(|binding| &*binding.name)
    }

    /// The name of a class at the outermost level.
    pub(super) fn class_name(&self, class: ScopeId) -> Option<&str> {
        self.binding(*self.index().named.get(&class)?).map(|binding| &*binding.name)
    }

    fn binding(&self, number: u32) -> Option<&Binding> {
        self.bindings.get(number as usize)
    }
}

/// What a name is given in one scope.
#[derive(Clone, Copy)]
pub(super) struct Bound<'a> {
    facts: &'a Facts,
    numbers: &'a [u32],
}

impl<'a> Bound<'a> {
    pub(super) fn is_empty(self) -> bool {
        self.numbers.is_empty()
    }

    pub(super) fn values(self) -> impl Iterator<Item = &'a Expr> {
        self.numbers.iter().filter_map(move |number| self.facts.binding(*number)).map(|binding| &binding.value)
    }

    /// The name, as it is written in the facts.
    pub(super) fn name(self) -> Option<&'a str> {
        self.facts.binding(*self.numbers.first()?).map(|binding| &*binding.name)
    }
}

impl Index {
    fn of(facts: &Facts) -> Index {
        let mut bindings: Vec<u32> = (0..facts.bindings.len() as u32).collect();
        let key = |number: &u32| facts.binding(*number).map(|binding| (binding.scope, &*binding.name));
        bindings.sort_by(|one, other| key(one).cmp(&key(other)));
        let mut outer: Vec<u32> = bindings.clone();
        outer.retain(|number| facts.binding(*number).is_some_and(|binding| binding.scope == ScopeId::FILE));
        outer.dedup_by(|one, other| key(one) == key(other));
        let mut named = FxHashMap::default();
        for (number, binding) in facts.bindings.iter().enumerate().filter(|(_, binding)| binding.scope == ScopeId::FILE) {
            if let Expr::Scope(class) = binding.value {
                named.entry(class).or_insert(number as u32);
            }
        }
        let mut any: FxHashSet<Name> =
            facts.scopes.iter().flat_map(|scope| &scope.parameters).map(|parameter| name(last(parameter))).collect();
        let mut aliases: FxHashSet<(Name, Name)> = FxHashSet::default();
        for binding in &facts.bindings {
            // What a function is written with is its own name.
            if matches!(binding.value, Expr::Scope(_)) {
                continue;
            }
            let own = name(last(&binding.name));
            let is_any = last_names(&binding.value, &mut |other| {
                let other = name(other);
                if other != own {
                    aliases.insert((other, own));
                }
            });
            if is_any {
                any.insert(own);
            }
        }
        let mut index = Index {
            bindings: bindings.into(),
            outer: outer.into(),
            named,
            called: Box::default(),
            wild: Box::default(),
            any: any.into_iter().collect(),
            aliases: aliases.into_iter().collect(),
            giving: Box::default(),
        };
        let (mut called, mut wild, mut giving) = (Vec::new(), Vec::new(), Vec::new());
        for (call, (function, arguments)) in (0u32..).zip(calls(facts)) {
            if last_names(function, &mut |other| called.push((name(other), call))) {
                wild.push(call);
            }
            let mut when = When::default();
            arguments.iter().for_each(|argument| may_matter(facts, &index, argument, &mut when, FOLLOWED));
            if when.always || when.beside || !when.given.is_empty() {
                giving.push(Giving { call, when });
            }
        }
        called.sort_unstable();
        called.dedup();
        (index.called, index.wild, index.giving) = (called.into(), wild.into(), giving.into());
        index
    }

    /// What a name is given in just that scope, while the index is being made.
    fn bound<'a>(&self, facts: &'a Facts, scope: ScopeId, name: &str) -> impl Iterator<Item = &'a Expr> {
        let key = |number: &u32| facts.binding(*number).map(|binding| (binding.scope, &*binding.name));
        let start = self.bindings.partition_point(|number| key(number) < Some((scope, name)));
        let own = self.bindings.get(start..).unwrap_or_default().iter().copied().filter_map(|number| facts.binding(number));
        let own: Vec<&Expr> = own.take_while(|binding| binding.scope == scope && &*binding.name == name).map(|one| &one.value).collect();
        own.into_iter()
    }
}

/// How deep an argument is followed within its file.
const FOLLOWED: u32 = 6;

/// Notes when an argument may be more than a text, or something that nobody knows: an app, a function, a module.
fn may_matter(facts: &Facts, index: &Index, argument: &Expr, when: &mut When, depth: u32) {
    if when.always {
        return;
    }
    let Some(left) = depth.checked_sub(1) else {
        when.always = true;
        return;
    };
    match argument {
        Expr::Text(_) | Expr::Other | Expr::Unknown | Expr::Setting(..) | Expr::Join(_) | Expr::IfText(_) => {}
        // What is called or has a member may be anything only if it is something itself.
        Expr::Trimmed(inner) | Expr::Member(inner, _) | Expr::Call(inner, _) => may_matter(facts, index, inner, when, left),
        Expr::Any(items) | Expr::List(items) => items.iter().for_each(|item| may_matter(facts, index, item, when, left)),
        Expr::Parameter(function, _) => when.given.push(*function),
        Expr::Object(_) | Expr::Scope(_) | Expr::Import(..) => when.always = true,
        Expr::Name(scope, name) => {
            let mut at = Some(*scope);
            let mut scopes = facts.scopes.len();
            while let Some((one, known)) = at.and_then(|one| Some((one, facts.scopes.get(one.0 as usize)?))) {
                let is_parameter = known.parameters.contains(name);
                if is_parameter {
                    when.given.push(one);
                }
                let mut values = index.bound(facts, one, name).peekable();
                let is_bound = values.peek().is_some();
                values.for_each(|value| may_matter(facts, index, value, when, left));
                if !is_bound && index.bound(facts, one, "*").next().is_some() {
                    when.always = true;
                }
                if is_parameter || is_bound || when.always || scopes == 0 {
                    return;
                }
                scopes -= 1;
                at = known.parent;
            }
            when.beside = true;
        }
    }
}

/// A name as it is compared here.
pub(super) fn name(text: &str) -> Name {
    let mut hasher = FxHasher::default();
    hasher.write(text.as_bytes());
    hasher.finish()
}

/// The calls of a file, in an order that is always the same: the function, and what it is given.
pub(super) fn calls(facts: &Facts) -> Vec<(&Expr, &[Expr])> {
    let mut out: Vec<(&Expr, &[Expr])> = facts.calls.iter().map(|call| (&call.function, call.arguments.as_slice())).collect();
    let written = facts.bindings.iter().map(|binding| &binding.value);
    let mounts = facts.mounts.iter().flat_map(|mount| [&mount.on, &mount.what, &mount.prefix]);
    let routes = facts.routes.iter().flat_map(|route| [&route.on, &route.path]);
    let handled = facts.handled.iter().flat_map(|handled| [&handled.on, &handled.what, &handled.prefix]);
    let returns = facts.scopes.iter().flat_map(|scope| &scope.returns);
    for expr in written.chain(mounts).chain(handled).chain(routes).chain(returns) {
        inner_calls(expr, &mut |function, arguments| out.push((function, arguments)));
    }
    out
}

/// A name without what it is a member of.
pub(super) fn last(name: &str) -> &str {
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
