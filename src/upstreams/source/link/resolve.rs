//! What expressions turn out to be.

use std::path::Path;
use std::sync::Arc;

use super::super::facts::{Expr, ScopeId, ScopeKind};
use super::super::pattern;
use super::{Answer, Linker, Question, Thing, Variable};

/// Everything that an expression may be; never more than [`MAX`].
pub(super) type Things = Vec<Thing>;

/// How many things one expression is followed to; with more, some are not known.
const MAX: usize = 24;
/// How deep expressions are followed through names, calls and members.
const DEPTH: u32 = 40;

/// How often what is found on a circle may be something else than before.
const TURNS: u8 = 3;

fn is_same(some: &Things, others: &Things) -> bool {
    some.len() == others.len() && some.iter().all(|thing| others.contains(thing))
}

pub(super) fn add(out: &mut Things, more: Things) {
    // Most expressions are one thing.
    if out.is_empty() && more.len() <= 1 {
        *out = more;
        return;
    }
    for thing in more {
        if out.contains(&thing) {
            continue;
        }
        if out.len() >= MAX {
            if !out.contains(&Thing::Unknown) {
                out.push(Thing::Unknown);
            }
            return;
        }
        out.push(thing);
    }
}

impl<'a> Linker<'a> {
    /// Everything that an expression of a file may be. Never empty, except for an empty list.
    pub(super) fn resolve(&mut self, file: usize, expr: &'a Expr) -> Things {
        let found = self.follow(file, expr, DEPTH);
        if found.is_empty() && !matches!(expr, Expr::List(_)) { vec![Thing::Unknown] } else { found }
    }

    /// The texts that an expression may be, as patterns, and whether each is known. Literals are patterns as they are; what comes from
    /// elsewhere is made one.
    pub(super) fn patterns(&mut self, file: usize, expr: &'a Expr) -> Vec<(String, bool)> {
        if let Expr::Text(text) = expr {
            return vec![(text.to_string(), true)];
        }
        let mut out: Vec<(String, bool)> = vec![(String::new(), true)];
        let pieces: &[Expr] = match expr {
            Expr::Join(pieces) => pieces,
            other => std::slice::from_ref(other),
        };
        for piece in pieces {
            let found: Vec<(String, bool)> = match piece {
                Expr::Text(text) => vec![(text.to_string(), true)],
                Expr::Join(_) => self.patterns(file, piece),
                Expr::Trimmed(inner) => {
                    let found = self.patterns(file, inner);
                    found.into_iter().map(|(text, known)| (text.trim_end_matches('/').to_owned(), known)).collect()
                }
                Expr::List(items) | Expr::Any(items) => items.iter().flat_map(|item| self.patterns(file, item)).collect(),
                piece => {
                    let things = self.resolve(file, piece);
                    things
                        .iter()
                        .map(|thing| match thing {
                            Thing::Text(text, known) => (pattern::from_written(text), *known),
                            _ => ("*".to_owned(), false),
                        })
                        .collect()
                }
            };
            let before = std::mem::take(&mut out);
            out = before
                .iter()
                .flat_map(|(head, known)| found.iter().map(move |(tail, also)| (format!("{head}{tail}"), *known && *also)))
                .collect();
            if out.len() > MAX {
                return vec![("*".to_owned(), false)];
            }
        }
        out.sort();
        out.dedup();
        out
    }

    /// True for a file that is not read. It has to be, unless that is not sure yet.
    fn is_missed(&mut self, file: usize) -> bool {
        let missed = self.files.get(file).is_some_and(|(_, facts)| facts.is_none());
        if missed {
            match &mut self.met {
                Some(met) => met.push(file),
                None => {
                    self.missed.insert(file);
                }
            }
        }
        missed
    }

    pub(super) fn follow(&mut self, file: usize, expr: &'a Expr, depth: u32) -> Things {
        if depth == 0 || self.steps == 0 {
            return vec![Thing::Unknown];
        }
        self.steps -= 1;
        let depth = depth - 1;
        match expr {
            Expr::Text(text) => vec![Thing::Text(text.clone(), true)],
            Expr::Join(pieces) => self.joined(file, pieces, depth),
            Expr::Trimmed(inner) => {
                let mut out = Things::new();
                let trimmed = |thing| match thing {
                    Thing::Text(text, known) => Thing::Text(text.trim_end_matches('/').into(), known),
                    other => other,
                };
                let found = self.follow(file, inner, depth).into_iter().map(trimmed).collect();
                add(&mut out, found);
                out
            }
            Expr::Any(items) | Expr::List(items) => {
                let mut out = Things::new();
                for item in items {
                    let found = self.follow(file, item, depth);
                    add(&mut out, found);
                }
                out
            }
            Expr::Name(scope, name) => self.named(file, *scope, name, depth),
            Expr::Member(of, name) => {
                let mut out = Things::new();
                for thing in self.follow(file, of, depth) {
                    let found = self.member(thing, name, depth);
                    add(&mut out, found);
                }
                out
            }
            Expr::Call(function, arguments) => {
                let mut out = Things::new();
                for thing in self.follow(file, function, depth) {
                    let found = self.called(thing, file, arguments, depth);
                    add(&mut out, found);
                }
                out
            }
            Expr::Object(index) => vec![Thing::Object((file, *index))],
            Expr::Scope(scope) => vec![Thing::Scope(file, *scope)],
            Expr::Parameter(scope, position) => self.parameter(file, *scope, *position, depth),
            Expr::Import(module, name) => self.imported(file, module, name, depth),
            Expr::Setting(name, default) => match ((self.variable)(name), default) {
                (Variable::Set(value), _) => vec![Thing::Text(value.into(), true)],
                (Variable::Unset, Some(default)) => self.follow(file, default, depth),
                (Variable::Unset, None) | (Variable::Unknown, _) => vec![Thing::Unknown],
            },
            Expr::IfText(inner) => {
                let found = self.follow(file, inner, depth);
                let text = |thing| match thing {
                    Thing::Text(..) => thing,
                    Thing::Foreign | Thing::Unknown => Thing::Unknown,
                    Thing::Object(_) | Thing::Scope(..) | Thing::Instance(..) | Thing::Module(_) | Thing::Other => {
                        Thing::Text("".into(), true)
                    }
                };
                let mut out = Things::new();
                add(&mut out, found.into_iter().map(text).collect());
                out
            }
            Expr::Other => vec![Thing::Other],
            Expr::Unknown => vec![Thing::Unknown],
        }
    }

    fn joined(&mut self, file: usize, pieces: &'a [Expr], depth: u32) -> Things {
        let mut texts = vec![(String::new(), true)];
        for piece in pieces {
            let found = self.follow(file, piece, depth);
            let mut next = Vec::new();
            for (head, known) in &texts {
                for thing in &found {
                    next.push(match thing {
                        Thing::Text(text, also) => (format!("{head}{text}"), *known && *also),
                        _ => (format!("{head}*"), false),
                    });
                }
            }
            next.dedup();
            if next.len() > MAX {
                return vec![Thing::Unknown];
            }
            texts = next;
        }
        let mut out = Things::new();
        add(&mut out, texts.into_iter().map(|(text, known)| Thing::Text(text.into(), known)).collect());
        out
    }

    /// A name, looked up outwards.
    fn named(&mut self, file: usize, scope: ScopeId, name: &str, depth: u32) -> Things {
        let Some(facts) = self.facts(file) else { return vec![Thing::Unknown] };
        let mut at = Some(scope);
        let mut left = facts.scopes.len();
        while let Some(one) = at {
            let mut out = Things::new();
            let position = facts.scopes.get(one.0 as usize).and_then(|scope| scope.parameters.iter().position(|known| &**known == name));
            if let Some(position) = position {
                out = self.parameter(file, one, position, depth);
            }
            let bound = self.bound(file, one, name, depth);
            if position.is_some() || bound.is_some() || left == 0 {
                add(&mut out, bound.unwrap_or_default());
                return out;
            }
            left -= 1;
            at = facts.scopes.get(one.0 as usize).and_then(|scope| scope.parent);
        }
        let language = self.languages.get(file).copied().flatten();
        let (Some(language), Some((from, _))) = (language, self.files.get(file)) else { return vec![Thing::Unknown] };
        let Some(sees) = language.beside else { return vec![Thing::Unknown] };
        let others = self.beside(name).to_vec();
        let beside = others.into_iter().filter(|other| {
            let same = self.languages.get(*other).copied().flatten().is_some_and(|other| other.name == language.name);
            *other != file && same && self.files.get(*other).is_some_and(|(path, _)| sees(from, path))
        });
        let beside: Vec<usize> = beside.collect();
        let mut out = Things::new();
        for other in beside {
            if let Some(found) = self.bound(other, ScopeId::FILE, name, depth) {
                add(&mut out, found);
            }
        }
        if out.is_empty() { vec![Thing::Unknown] } else { out }
    }

    /// What a name is given in just that scope; `None` where it is given nothing. Empty where that is just what is asked for.
    fn bound(&mut self, file: usize, scope: ScopeId, name: &str, depth: u32) -> Option<Things> {
        if self.is_missed(file) {
            return Some(vec![Thing::Unknown]);
        }
        let facts = self.facts(file)?;
        let values = facts.bound(scope, name);
        // All that other modules give, or the classes that this one extends.
        let others = values.is_empty().then(|| facts.bound(scope, "*")).filter(|others| !others.is_empty());
        if depth == 0 || values.is_empty() && others.is_none() {
            return (depth == 0).then(|| vec![Thing::Unknown]);
        }
        let question = match values.name() {
            Some(name) => Question::Name(file, scope, name),
            None => Question::Other(file, scope, Arc::from(name)),
        };
        self.once(question, |linker| {
            let mut out = Things::new();
            for value in values.values() {
                let found = linker.follow(file, value, depth - 1);
                add(&mut out, found);
            }
            for value in others.iter().flat_map(|others| others.values()) {
                let found = match value {
                    Expr::Import(module, from) if &**from == "*" => linker.all_of(file, module, name, depth - 1),
                    base => linker.inherited(file, base, name, depth - 1),
                };
                add(&mut out, found);
            }
            out
        })
        .filter(|found| !values.is_empty() || !found.is_empty())
    }

    /// Answers a question once a pass. Asked again while it is being answered, it is what it was in the pass before.
    pub(super) fn once(&mut self, question: Question<'a>, answer: impl FnOnce(&mut Self) -> Things) -> Option<Things> {
        let pass = self.pass;
        let earlier = match self.answers.get_mut(&question) {
            Some(known) if known.pass == pass || known.turns > TURNS => {
                known.circular |= known.open;
                return Some(known.things.clone());
            }
            Some(known) => {
                (known.pass, known.open, known.circular) = (pass, true, false);
                known.things.clone()
            }
            None => {
                self.answers.insert(question.clone(), Answer { pass, open: true, circular: false, turns: 0, things: Things::new() });
                Things::new()
            }
        };
        if self.met.is_some() {
            self.peeked.push(question.clone());
        }
        let mut found = answer(self);
        if let Some(known) = self.answers.get_mut(&question) {
            known.open = false;
            if known.circular && !is_same(&found, &earlier) {
                self.settled = false;
                known.turns += 1;
                // It grows with every pass.
                if known.turns > TURNS {
                    found.push(Thing::Unknown);
                }
            }
            known.things.clone_from(&found);
        }
        Some(found)
    }

    /// A member of a class that is extended; nothing when it is not there.
    fn inherited(&mut self, file: usize, base: &'a Expr, name: &str, depth: u32) -> Things {
        let mut out = Things::new();
        for thing in self.follow(file, base, depth) {
            if let Thing::Scope(file, scope) | Thing::Instance(file, scope) = thing
                && let Some(found) = self.bound(file, scope, name, depth)
            {
                add(&mut out, found);
            }
        }
        out
    }

    /// A name among all that a module gives; nothing when it does not give it.
    fn all_of(&mut self, file: usize, module: &str, name: &str, depth: u32) -> Things {
        let mut out = Things::new();
        for other in self.module(file, module).iter() {
            if let Some(found) = self.bound(*other, ScopeId::FILE, name, depth) {
                add(&mut out, found);
            }
        }
        out
    }

    fn member(&mut self, of: Thing, name: &str, depth: u32) -> Things {
        match of {
            Thing::Module(file) => match self.bound(file, ScopeId::FILE, name, depth) {
                Some(found) => found,
                None => vec![Thing::Unknown],
            },
            Thing::Instance(file, scope) | Thing::Scope(file, scope) => self
                .bound(file, scope, name, depth)
                .or_else(|| self.outside(file, scope, name, depth))
                .unwrap_or_else(|| vec![Thing::Unknown]),
            Thing::Foreign => vec![Thing::Foreign],
            Thing::Other => vec![Thing::Other],
            Thing::Object((file, index)) => {
                self.bound(file, ScopeId::FILE, &format!("{index}.{name}"), depth).unwrap_or_else(|| vec![Thing::Unknown])
            }
            Thing::Text(..) | Thing::Unknown => vec![Thing::Unknown],
        }
    }

    /// A member of a class that is written outside of it, in any file that sees the class: bound there as `Class.member`.
    fn outside(&mut self, file: usize, class: ScopeId, name: &str, depth: u32) -> Option<Things> {
        let class = self.facts(file)?.class_name(class)?;
        let member = format!("{class}.{name}");
        self.is_dotted(&member).then(|| self.named(file, ScopeId::FILE, &member, depth))
    }

    /// Everything that an expression may be, where routers are meant: an instance or a class is what it hands all requests to, bound
    /// under an empty name.
    pub(super) fn routers(&mut self, file: usize, expr: &'a Expr) -> Things {
        let mut out = Things::new();
        let mut open: Vec<(Thing, u32)> = self.resolve(file, expr).into_iter().map(|thing| (thing, 8)).collect();
        while let Some((thing, depth)) = open.pop() {
            let inner = match (&thing, depth.checked_sub(1)) {
                (Thing::Instance(file, class) | Thing::Scope(file, class), Some(left)) => {
                    let found = self.bound(*file, *class, "", DEPTH).or_else(|| self.outside(*file, *class, "", DEPTH));
                    found.map(|found| found.into_iter().map(|thing| (thing, left)).collect::<Vec<_>>())
                }
                _ => None,
            };
            match inner {
                Some(inner) => open.extend(inner),
                None => add(&mut out, vec![thing]),
            }
        }
        out
    }

    /// What a function gives back, called with these arguments in that file.
    fn called(&mut self, function: Thing, from: usize, arguments: &'a [Expr], depth: u32) -> Things {
        match function {
            Thing::Scope(file, scope) => {
                let Some(known) = self.facts(file).and_then(|facts| facts.scopes.get(scope.0 as usize)) else {
                    return vec![Thing::Unknown];
                };
                if known.kind == ScopeKind::Class {
                    return vec![Thing::Instance(file, scope)];
                }
                // What is given back as it was given is what just this call gives.
                let own = |value: &&Expr| matches!(value, Expr::Parameter(of, _) if *of == scope);
                let returned = |linker: &mut Self| {
                    let mut out = Things::new();
                    for value in known.returns.iter().filter(|value| !own(value)) {
                        let found = linker.follow(file, value, depth);
                        add(&mut out, found);
                    }
                    out
                };
                let mut out = self.once(Question::Returns(file, scope), returned).unwrap_or_default();
                for value in known.returns.iter().filter(own) {
                    let Expr::Parameter(_, position) = value else { continue };
                    let found = match arguments.get(*position) {
                        Some(given) => self.follow(from, given, depth),
                        None => self.follow(file, value, depth),
                    };
                    add(&mut out, found);
                }
                // It returns nothing.
                if known.returns.is_empty() { vec![Thing::Other] } else { out }
            }
            Thing::Foreign => vec![Thing::Foreign],
            Thing::Other => vec![Thing::Other],
            // A router that is called, or an app as a function: what it gives back is itself where readers say so, else not known.
            Thing::Object(_) | Thing::Instance(..) | Thing::Module(_) | Thing::Text(..) | Thing::Unknown => vec![Thing::Unknown],
        }
    }

    fn imported(&mut self, file: usize, module: &Arc<str>, name: &str, depth: u32) -> Things {
        let files = self.module(file, module);
        if name == "*" {
            return match files.is_empty() {
                true => vec![Thing::Foreign],
                false => files.iter().copied().map(Thing::Module).collect(),
            };
        }
        let mut out = Things::new();
        for other in files.iter() {
            if let Some(found) = self.bound(*other, ScopeId::FILE, name, depth) {
                add(&mut out, found);
            }
        }
        if out.is_empty() {
            out = self.module(file, &format!("{module}.{name}")).iter().copied().map(Thing::Module).collect();
        }
        match (out.is_empty(), files.is_empty()) {
            (false, _) => out,
            (true, true) => vec![Thing::Foreign],
            (true, false) => vec![Thing::Unknown],
        }
    }

    /// The files of a module, as a file imports it.
    fn module(&mut self, file: usize, module: &str) -> Arc<[usize]> {
        let (Some(language), Some((from, _))) = (self.languages.get(file).copied().flatten(), self.files.get(file)) else {
            return Arc::default();
        };
        let known = self.modules.entry(from.parent().unwrap_or(Path::new(""))).or_default();
        if let Some(known) = known.get(module) {
            return known.clone();
        }
        let paths = (self.paths)(language, from, module);
        let found: Arc<[usize]> = paths.iter().filter_map(|path| self.by_path.get(path.as_path()).copied()).collect();
        known.insert(Arc::from(module), found.clone());
        found
    }
}
