//! What is certain about the directives that a server or location runs one after the other: `set`, `if`, `rewrite`, `return`, `break`.
//!
//! nginx makes one array of code of each server and each location, with the bodies of `if` in it (`ngx_http_rewrite_handler`,
//! `ngx_http_script.c`). [`Sequences::of`] follows that array for all requests at once: with the URIs that can get there and the few
//! texts that variables can have. What it says holds for every request; where it can't tell, a condition may hold and may not.

mod answers;
pub mod condition;
mod uris;
mod values;
mod walk;

pub use answers::{Answered, answered_servers, answers_everything};
pub use values::Values;

use rustc_hash::FxHashMap;

use crate::config::{Config, EntryId, ServerId};
use uris::{Fuel, Uris};
use values::Variables;

/// What is certain about one block's sequence.
#[derive(Debug, Default)]
pub struct Sequence {
    /// Behind this directive nothing of the sequence runs, whatever the request.
    pub end: Option<EntryId>,
    /// How the sequence can be left.
    pub exits: Vec<Exit>,
    /// Directives that never run. What is inside a dead `if` is not listed.
    pub dead: Vec<Dead>,
    /// Conditions of which the answer is always the same.
    pub constants: Vec<Constant>,
    /// `rewrite`s of which the regex matches no URI that gets there.
    pub unmatched: Vec<EntryId>,
    /// `if`s that can be true and behind which the sequence goes on, or is left by a `break`: in a location the settings are those of
    /// the last one that was true.
    pub branches: Vec<EntryId>,
}

/// A way out of a sequence.
#[derive(Debug)]
pub struct Exit {
    /// The directive; `None` at the sequence's end.
    pub by: Option<EntryId>,
    /// What happens then.
    pub kind: ExitKind,
    uris: Uris,
}

/// What happens behind a sequence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExitKind {
    /// `return`, or a `rewrite` that redirects the client: the request is answered.
    Answer,
    /// A `rewrite` changed the URI: a location's request is looked up again.
    Search,
    /// The block goes on with the request.
    Stay,
    /// Something that is not seen may do anything.
    Unknown,
}

/// A directive that never runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dead {
    /// The directive.
    pub entry: EntryId,
    /// The one before it that ends the sequence.
    pub by: EntryId,
}

/// A condition with only one answer.
#[derive(Debug)]
pub struct Constant {
    /// The `if`.
    pub entry: EntryId,
    /// The answer.
    pub holds: bool,
    /// What it follows from.
    pub why: Why,
}

/// Why a condition has only one answer.
#[derive(Debug)]
pub enum Why {
    /// All that the variable can have there.
    Values(Values),
    /// All that a variable of nginx's own can have.
    Domain(&'static str),
    /// The URIs that get there.
    Uri,
}

impl Sequence {
    /// The directive because of which no request gets behind a location's sequence: each is answered, or looked up again.
    pub fn never_stays(&self) -> Option<EntryId> {
        let leaves = |exit: &Exit| matches!(exit.kind, ExitKind::Answer | ExitKind::Search);
        if self.exits.is_empty() || !self.exits.iter().all(leaves) {
            return None;
        }
        self.end.or_else(|| self.exits.last().and_then(|exit| exit.by))
    }
}

/// The sequences of a configuration.
#[derive(Debug, Default)]
pub struct Sequences {
    blocks: FxHashMap<EntryId, Sequence>,
}

/// What the rewrite module runs, in the order in which it is looked at here.
pub const CODES: [&str; 5] = ["set", "if", "rewrite", "return", "break"];

impl Sequences {
    /// Of every server and location that has a directive of the rewrite module.
    pub fn build(config: &Config) -> Sequences {
        let context = Context::new(config);
        let mut blocks = FxHashMap::default();
        for entry in CODES.iter().flat_map(|name| config.all(name)) {
            let Some(block) = config.entry(*entry).parent else { continue };
            if !blocks.contains_key(&block)
                && let Some(sequence) = context.sequence(block)
            {
                blocks.insert(block, sequence);
            }
        }
        Sequences { blocks }
    }

    /// That of a server or location; `None` where the rewrite module has nothing to do.
    pub fn of(&self, block: EntryId) -> Option<&Sequence> {
        self.blocks.get(&block)
    }

    /// All of them, in no order.
    pub fn all(&self) -> impl Iterator<Item = (EntryId, &Sequence)> {
        self.blocks.iter().map(|(block, sequence)| (*block, sequence))
    }
}

/// What is the same for all sequences of a configuration.
struct Context<'a> {
    config: &'a Config,
    variables: Variables<'a>,
    fuel: Fuel,
    /// Lua may have changed the URI before a location's sequence runs (`rewrite_by_lua_no_postpone`).
    lua_first: bool,
}

impl<'a> Context<'a> {
    fn new(config: &'a Config) -> Context<'a> {
        let lua_first = config.all("rewrite_by_lua_no_postpone").iter().any(|id| config.directive(*id).arg(0) != Some("off"));
        Context { config, variables: Variables::new(config), fuel: Fuel::default(), lua_first }
    }

    /// The sequence of a server or location; `None` for another block.
    fn sequence(&self, block: EntryId) -> Option<Sequence> {
        let config = self.config;
        if let Some(location) = config.location_at(block) {
            let uris = if self.lua_first { Uris::all() } else { Uris::of_location(config, location) };
            return Some(walk::walk(self, block, Some(config.location(location).server), uris));
        }
        let server = config.servers.binary_search_by_key(&block, |server| server.entry).ok()?;
        Some(walk::walk(self, block, Some(ServerId(server as u32)), Uris::all()))
    }
}
