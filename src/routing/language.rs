//! Sets of URIs: prefixes, single URIs and regular expressions, joined by union, intersection and complement.
//!
//! A set is an expression over finite automata. A question about it walks the product of the automata, made as it is walked, up to
//! a budget; over the budget the answer is "can't tell" ([`Witness::CantTell`], `None`), never a guess.

use std::collections::VecDeque;
use std::sync::Arc;

use regex_automata::dfa::{Automaton, StartKind, dense};
use regex_automata::nfa::thompson;
use regex_automata::util::primitives::StateID;
use regex_automata::util::start;
use regex_automata::{Anchored, MatchKind};
use regex_syntax::hir::Hir;
use rustc_hash::{FxHashMap, FxHashSet};

use super::pattern::Pattern;
use crate::config::Matcher;

/// Bytes that one automaton may take.
const DFA_LIMIT: usize = 2 << 20;
/// States of a product that one question may visit.
const STATES: usize = 20_000;
/// Steps of single automata that one question may take: some tens of milliseconds.
const STEPS: usize = 4_000_000;
/// The same for a question that somebody waits for.
const QUICK: usize = 40_000;

/// The subjects in which an unanchored search for an expression finds something, as an automaton.
#[derive(Debug)]
pub struct Language {
    dfa: dense::DFA<Vec<u32>>,
    start: StateID,
}

impl Language {
    /// `None` when the automaton would be too large.
    pub(super) fn new(hir: &Hir) -> Option<Language> {
        let nfa = thompson::Compiler::new()
            .configure(
                thompson::Config::new()
                    .utf8(false)
                    .shrink(false)
                    .which_captures(thompson::WhichCaptures::None)
                    .nfa_size_limit(Some(DFA_LIMIT)),
            )
            .build_from_hir(hir)
            .ok()?;
        let config = dense::Config::new()
            .start_kind(StartKind::Unanchored)
            .match_kind(MatchKind::LeftmostFirst)
            .accelerate(false)
            .dfa_size_limit(Some(DFA_LIMIT))
            .determinize_size_limit(Some(2 * DFA_LIMIT));
        let dfa = dense::Builder::new().configure(config).build_from_nfa(&nfa).ok()?;
        let start = dfa.start_state(&start::Config::new().anchored(Anchored::No)).ok()?;
        Some(Language { dfa, start })
    }

    /// True when the subject belongs to it.
    pub fn contains(&self, subject: &[u8]) -> bool {
        let mut state = self.first();
        for byte in subject {
            state = self.step(state, *byte);
            match state {
                DEAD => return false,
                FULL => return true,
                _ => {}
            }
        }
        self.accepts(state)
    }

    /// What the language says of all subjects with this prefix.
    pub fn below(&self, prefix: &[u8]) -> Below {
        let mut state = self.first();
        for byte in prefix {
            state = self.step(state, *byte);
        }
        match state {
            DEAD => Below::None,
            FULL => Below::All,
            _ => Below::Some,
        }
    }

    fn first(&self) -> u32 {
        self.classify(self.start)
    }

    fn step(&self, state: u32, byte: u8) -> u32 {
        if state == DEAD || state == FULL {
            return state;
        }
        // The number is one that `classify` made of a state of this automaton.
        match StateID::new(state as usize) {
            Ok(id) => self.classify(self.dfa.next_state(id, byte)),
            Err(_) => DEAD,
        }
    }

    fn accepts(&self, state: u32) -> bool {
        match state {
            DEAD => false,
            FULL => true,
            _ => StateID::new(state as usize).is_ok_and(|id| self.dfa.is_match_state(self.dfa.next_eoi_state(id))),
        }
    }

    /// After a match anything may follow; a search that is over without one can't be saved.
    fn classify(&self, id: StateID) -> u32 {
        if self.dfa.is_match_state(id) {
            FULL
        } else if self.dfa.is_dead_state(id) {
            DEAD
        } else {
            id.as_u32()
        }
    }
}

/// How a language lies to the subjects with one prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Below {
    /// It has none of them.
    None,
    /// It has some of them, perhaps; a question about a [`UriSet`] says more.
    Some,
    /// It has all of them.
    All,
}

/// No continuation belongs to the language.
const DEAD: u32 = u32::MAX;
/// Every continuation does.
const FULL: u32 = u32::MAX - 1;

/// A set of URIs: of byte strings, as nginx compares them after decoding. Cheap to clone.
#[derive(Debug, Clone)]
pub struct UriSet(Arc<Node>);

#[derive(Debug)]
enum Node {
    All,
    Nothing,
    Literal(Box<[u8]>),
    Prefix(Box<[u8]>),
    Regex(Arc<Language>),
    Union(Vec<UriSet>),
    Intersection(Vec<UriSet>),
    Complement(UriSet),
}

/// The answer to "which URI is in it?".
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Witness {
    /// A shortest one.
    Found(Vec<u8>),
    /// None: the set is empty.
    Empty,
    /// The budget is used up.
    CantTell,
}

impl UriSet {
    /// All byte strings.
    pub fn all() -> UriSet {
        UriSet(Arc::new(Node::All))
    }

    /// The empty set.
    pub fn nothing() -> UriSet {
        UriSet(Arc::new(Node::Nothing))
    }

    /// Exactly this URI.
    pub fn literal(uri: &[u8]) -> UriSet {
        UriSet(Arc::new(Node::Literal(uri.into())))
    }

    /// Every URI that begins with this.
    pub fn prefix(prefix: &[u8]) -> UriSet {
        UriSet(Arc::new(if prefix.is_empty() { Node::All } else { Node::Prefix(prefix.into()) }))
    }

    /// What a PCRE pattern matches; `None` when that is not regular, not understood or too large.
    pub fn regex(pattern: &str, caseless: bool) -> Option<UriSet> {
        Pattern::get(pattern, caseless).language().map(UriSet::language)
    }

    /// The subjects of an automaton.
    pub fn language(language: Arc<Language>) -> UriSet {
        UriSet(Arc::new(Node::Regex(language)))
    }

    /// What a location's matcher admits, whoever takes it in the end: `None` for a regex that is not understood, and for a named
    /// location, which no URI selects.
    pub fn admitted(matcher: &Matcher) -> Option<UriSet> {
        match matcher {
            Matcher::Exact(name) => Some(UriSet::literal(name.as_bytes())),
            Matcher::Prefix { path, .. } => Some(UriSet::prefix(path.as_bytes())),
            Matcher::Regex { pattern, caseless } => UriSet::regex(pattern, *caseless),
            Matcher::Named(_) => None,
        }
    }

    /// What a client's request can have as its URI: it begins with `/`, has no NUL, no segment `.` or `..`, and no `//` when
    /// slashes are merged (`ngx_http_parse_complex_uri`).
    pub fn client(merge_slashes: bool) -> UriSet {
        let mut never = vec![r"\x00", r"/\.\.?(/|\z)"];
        if merge_slashes {
            never.push("//");
        }
        // The patterns are fixed and within the subset; were one not, the set would be too large, which proves less and never more.
        let never = never.into_iter().filter_map(|pattern| UriSet::regex(pattern, false));
        UriSet::prefix(b"/").minus(&UriSet::union(never))
    }

    /// What is in any of them.
    pub fn union(sets: impl IntoIterator<Item = UriSet>) -> UriSet {
        let mut sets: Vec<UriSet> = sets.into_iter().filter(|set| !matches!(*set.0, Node::Nothing)).collect();
        match sets.len() {
            0 => UriSet::nothing(),
            1 => sets.remove(0),
            _ => UriSet(Arc::new(Node::Union(sets))),
        }
    }

    /// What is in both.
    pub fn intersect(&self, other: &UriSet) -> UriSet {
        match (&*self.0, &*other.0) {
            (Node::All, _) => other.clone(),
            (_, Node::All) => self.clone(),
            _ => UriSet(Arc::new(Node::Intersection(vec![self.clone(), other.clone()]))),
        }
    }

    /// What is not in it.
    pub fn complement(&self) -> UriSet {
        UriSet(Arc::new(Node::Complement(self.clone())))
    }

    /// What is in this one and not in the other.
    pub fn minus(&self, other: &UriSet) -> UriSet {
        if matches!(*other.0, Node::Nothing) { self.clone() } else { self.intersect(&other.complement()) }
    }

    /// True when the URI is in it.
    pub fn contains(&self, uri: &[u8]) -> bool {
        match &*self.0 {
            Node::All => true,
            Node::Nothing => false,
            Node::Literal(literal) => **literal == *uri,
            Node::Prefix(prefix) => uri.starts_with(prefix),
            Node::Regex(language) => language.contains(uri),
            Node::Union(sets) => sets.iter().any(|set| set.contains(uri)),
            Node::Intersection(sets) => sets.iter().all(|set| set.contains(uri)),
            Node::Complement(set) => !set.contains(uri),
        }
    }

    /// Whether it is empty; `None` when the budget does not suffice.
    pub fn is_empty(&self) -> Option<bool> {
        match self.witness() {
            Witness::Found(_) => Some(false),
            Witness::Empty => Some(true),
            Witness::CantTell => None,
        }
    }

    /// Whether every URI in it is in the other; `None` when the budget does not suffice.
    pub fn is_subset_of(&self, other: &UriSet) -> Option<bool> {
        self.minus(other).is_empty()
    }

    /// Whether some URI is in both; `None` when the budget does not suffice.
    pub fn intersects(&self, other: &UriSet) -> Option<bool> {
        self.intersect(other).is_empty().map(|empty| !empty)
    }

    /// A shortest URI in it.
    pub fn witness(&self) -> Witness {
        Product::new(self).search(STEPS)
    }

    /// The same within a millisecond or so: gives up early.
    pub fn quick_witness(&self) -> Witness {
        Product::new(self).search(QUICK)
    }
}

/// The expression with its automata numbered.
enum Expr {
    Const(bool),
    Atom(usize),
    Any(Vec<Expr>),
    Every(Vec<Expr>),
    Not(Box<Expr>),
}

enum Atom<'a> {
    Literal(&'a [u8]),
    Prefix(&'a [u8]),
    Regex(&'a Language),
}

impl Atom<'_> {
    fn first(&self) -> u32 {
        match self {
            Atom::Literal(_) => 0,
            Atom::Prefix(prefix) => {
                if prefix.is_empty() {
                    FULL
                } else {
                    0
                }
            }
            Atom::Regex(language) => language.first(),
        }
    }

    fn step(&self, state: u32, byte: u8) -> u32 {
        if state == DEAD || state == FULL {
            return state;
        }
        match self {
            Atom::Literal(text) => {
                if text.get(state as usize) == Some(&byte) {
                    state + 1
                } else {
                    DEAD
                }
            }
            Atom::Prefix(text) => match text.get(state as usize) {
                Some(wanted) if *wanted == byte => {
                    if state as usize + 1 == text.len() {
                        FULL
                    } else {
                        state + 1
                    }
                }
                _ => DEAD,
            },
            Atom::Regex(language) => language.step(state, byte),
        }
    }

    fn accepts(&self, state: u32) -> bool {
        match self {
            Atom::Literal(text) => state as usize == text.len(),
            Atom::Prefix(_) => state == FULL,
            Atom::Regex(language) => language.accepts(state),
        }
    }
}

/// Which bytes are of one kind: they have one number.
struct Kinds([u8; 256]);

impl Default for Kinds {
    fn default() -> Kinds {
        Kinds([0; 256])
    }
}

impl Kinds {
    /// Those that differ in this, too, are of different kinds.
    fn tell_apart(&mut self, by: impl Fn(u8) -> u16) {
        let mut numbers: FxHashMap<(u8, u16), u8> = FxHashMap::default();
        for byte in 0..=255 {
            let kind = &mut self.0[byte as usize];
            // There are as many numbers as bytes.
            let next = numbers.len() as u8;
            *kind = *numbers.entry((*kind, by(byte))).or_insert(next);
        }
    }
}

struct Product<'a> {
    atoms: Vec<Atom<'a>>,
    expr: Expr,
}

impl<'a> Product<'a> {
    fn new(set: &'a UriSet) -> Product<'a> {
        let mut product = Product { atoms: Vec::new(), expr: Expr::Const(false) };
        let mut seen = FxHashMap::default();
        product.expr = product.number(set, &mut seen);
        product
    }

    fn number(&mut self, set: &'a UriSet, seen: &mut FxHashMap<*const Node, usize>) -> Expr {
        let atom = match &*set.0 {
            Node::All => return Expr::Const(true),
            Node::Nothing => return Expr::Const(false),
            Node::Union(sets) => return Expr::Any(sets.iter().map(|set| self.number(set, seen)).collect()),
            Node::Intersection(sets) => return Expr::Every(sets.iter().map(|set| self.number(set, seen)).collect()),
            Node::Complement(set) => return Expr::Not(Box::new(self.number(set, seen))),
            Node::Literal(text) => Atom::Literal(text),
            Node::Prefix(text) => Atom::Prefix(text),
            Node::Regex(language) => Atom::Regex(language),
        };
        let number = *seen.entry(Arc::as_ptr(&set.0)).or_insert_with(|| {
            self.atoms.push(atom);
            self.atoms.len() - 1
        });
        Expr::Atom(number)
    }

    /// One byte for each kind that some automaton tells apart, printable ones first so that a witness reads well.
    fn bytes(&self) -> Vec<u8> {
        let mut kinds = Kinds::default();
        let mut singles = [0; 256];
        for atom in &self.atoms {
            match atom {
                Atom::Literal(text) | Atom::Prefix(text) => {
                    text.iter().for_each(|byte| singles[*byte as usize] = u16::from(*byte) + 1);
                }
                Atom::Regex(language) => {
                    let classes = language.dfa.byte_classes();
                    kinds.tell_apart(|byte| u16::from(classes.get(byte)));
                }
            }
        }
        kinds.tell_apart(|byte| singles[byte as usize]);
        let mut order: Vec<u8> = (b'a'..=b'z').chain(b'!'..=b'~').chain(0..=255).collect();
        let mut seen = [false; 256];
        order.retain(|byte| !std::mem::replace(&mut seen[kinds.0[*byte as usize] as usize], true));
        order
    }

    fn search(&self, steps: usize) -> Witness {
        let bytes = self.bytes();
        let budget = STATES.min(steps / (bytes.len() * self.atoms.len()).max(1));
        let first: Box<[u32]> = self.atoms.iter().map(Atom::first).collect();
        // Where each state came from, to read the witness off.
        let mut from: Vec<(u32, u8)> = vec![(0, 0)];
        let mut seen: FxHashSet<Box<[u32]>> = FxHashSet::default();
        let mut next: Vec<u32> = Vec::with_capacity(self.atoms.len());
        let mut queue = VecDeque::from([(first.clone(), 0u32)]);
        seen.insert(first);
        while let Some((state, number)) = queue.pop_front() {
            let known = |atom: usize| match state.get(atom) {
                Some(&FULL) => Some(true),
                Some(&DEAD) => Some(false),
                _ => None,
            };
            // Decided for every continuation: nothing below needs to be looked at.
            let decided = self.expr.value(&known);
            if decided == Some(false) {
                continue;
            }
            let here = |atom: usize| self.atoms.get(atom).zip(state.get(atom)).map(|(atom, state)| atom.accepts(*state));
            if decided == Some(true) || self.expr.value(&here) == Some(true) {
                return Witness::Found(path(&from, number));
            }
            for &byte in &bytes {
                next.clear();
                next.extend(self.atoms.iter().zip(&state).map(|(atom, state)| atom.step(*state, byte)));
                if seen.contains(next.as_slice()) {
                    continue;
                }
                if seen.len() > budget {
                    return Witness::CantTell;
                }
                let next: Box<[u32]> = next.as_slice().into();
                seen.insert(next.clone());
                from.push((number, byte));
                queue.push_back((next, from.len() as u32 - 1));
            }
        }
        Witness::Empty
    }
}

fn path(from: &[(u32, u8)], mut number: u32) -> Vec<u8> {
    let mut out = Vec::new();
    while number != 0
        && let Some((before, byte)) = from.get(number as usize)
    {
        out.push(*byte);
        number = *before;
    }
    out.reverse();
    out
}

impl Expr {
    /// Three-valued: `None` when the known atoms don't decide it.
    fn value(&self, atom: &impl Fn(usize) -> Option<bool>) -> Option<bool> {
        match self {
            Expr::Const(value) => Some(*value),
            Expr::Atom(number) => atom(*number),
            Expr::Not(inner) => inner.value(atom).map(|value| !value),
            Expr::Any(parts) => join(parts, atom, true),
            Expr::Every(parts) => join(parts, atom, false),
        }
    }
}

/// `decisive` is the value that settles it: true for "any", false for "every".
fn join(parts: &[Expr], atom: &impl Fn(usize) -> Option<bool>, decisive: bool) -> Option<bool> {
    let mut open = false;
    for part in parts {
        match part.value(atom) {
            Some(value) if value == decisive => return Some(decisive),
            Some(_) => {}
            None => open = true,
        }
    }
    (!open).then_some(!decisive)
}
