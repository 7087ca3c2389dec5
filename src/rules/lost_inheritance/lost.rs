//! What a block loses of the directives around it.

use std::hash::{Hash, Hasher};
use std::ops::Range;

use rustc_hash::FxHashSet;

use super::Kind;
use crate::config::{Chosen, Config, EntryId};
use crate::rules::inert_directive;

/// Headers by which a site protects its visitors, in lower case.
const PROTECTING: [&str; 9] = [
    "strict-transport-security",
    "content-security-policy",
    "x-frame-options",
    "x-content-type-options",
    "referrer-policy",
    "permissions-policy",
    "cross-origin-opener-policy",
    "cross-origin-embedder-policy",
    "cross-origin-resource-policy",
];

/// Those of which one missing page already matters; the others are told beside them.
const GRAVE: [&str; 3] = ["strict-transport-security", "content-security-policy", "x-frame-options"];

/// The directives of a kind that stand in no server.
pub(super) struct Level<'a> {
    config: &'a Config,
    pub(super) kind: &'static Kind,
    /// Blocks in which those of the kind count.
    levels: Chosen<'a>,
    outside: ByBlock,
}

/// Directives of a kind by the block that they are in.
struct ByBlock(Vec<(Option<EntryId>, EntryId)>);

/// The directives of a kind that stand in a server, and those that stand in none.
pub(super) struct Blocks<'l, 'a> {
    level: &'l Level<'a>,
    range: Range<u32>,
    inside: ByBlock,
}

impl ByBlock {
    fn new(config: &Config, ids: impl Iterator<Item = EntryId>) -> ByBlock {
        let mut sorted: Vec<(Option<EntryId>, EntryId)> = ids.map(|id| (config.entry(id).parent, id)).collect();
        sorted.sort_unstable();
        ByBlock(sorted)
    }

    fn of(&self, block: Option<EntryId>) -> &[(Option<EntryId>, EntryId)] {
        let from = self.0.partition_point(|(one, _)| *one < block);
        let rest = self.0.get(from..).unwrap_or_default();
        let length = rest.iter().take_while(|(one, _)| *one == block).count();
        rest.get(..length).unwrap_or_default()
    }

    fn blocks(&self) -> impl Iterator<Item = EntryId> {
        self.0.chunk_by(|(one, _), (next, _)| one == next).filter_map(|block| block.first()?.0)
    }
}

impl<'a> Level<'a> {
    pub(super) fn of(config: &'a Config, kind: &'static Kind) -> Level<'a> {
        let levels = config.named(|name| matches!(name, "http" | "server" | "location" | "if" | "limit_except"));
        let outside = config.all(kind.name).iter().copied().filter(|id| config.server_of(*id).is_none());
        Level { config, kind, levels, outside: ByBlock::new(config, outside) }
    }

    /// The so manyth directive of the kind that stands in no server.
    pub(super) fn nth_outside(&self, number: usize) -> Option<EntryId> {
        self.outside.0.get(number).map(|(_, id)| *id)
    }

    /// Which of those it is.
    pub(super) fn number_outside(&self, directive: EntryId) -> Option<usize> {
        self.outside.0.binary_search(&(self.config.entry(directive).parent, directive)).ok()
    }

    /// Those that stand in no server alone.
    pub(super) fn outside(&self) -> Blocks<'_, 'a> {
        self.within(0..0)
    }

    /// With what stands in a server.
    pub(super) fn within(&self, range: Range<u32>) -> Blocks<'_, 'a> {
        let inside = ByBlock::new(self.config, self.config.all_within(self.kind.name, &range).iter().copied());
        Blocks { level: self, range, inside }
    }
}

/// What a block loses.
pub(super) struct Lost<'a> {
    /// The first of the block's own.
    pub(super) first: EntryId,
    /// The first of those that are lost.
    pub(super) origin: EntryId,
    /// What is lost, each once; those by which a site protects its visitors first, where one of these matters much.
    pub(super) names: Vec<&'a str>,
    /// One of those is missing where pages are sent.
    pub(super) grave: bool,
}

impl<'a> Blocks<'_, 'a> {
    fn of(&self, block: Option<EntryId>) -> impl Iterator<Item = EntryId> {
        let inside = block.is_some_and(|block| self.range.contains(&block.0));
        let table = if inside { &self.inside } else { &self.level.outside };
        table.of(block).iter().map(|(_, id)| *id)
    }

    /// The blocks that lose some: of the server, or outside of any.
    pub(super) fn losers(&self) -> impl Iterator<Item = (EntryId, Lost<'a>)> {
        let own = if self.range.is_empty() { &self.level.outside } else { &self.inside };
        own.blocks().filter_map(|block| Some((block, self.lost(block)?)))
    }

    /// What a block loses; `None` where that is nothing, or may be meant.
    pub(super) fn lost(&self, block: EntryId) -> Option<Lost<'a>> {
        let Level { config, kind, ref levels, .. } = *self.level;
        if !levels.has(block) {
            return None;
        }
        let first = self.of(Some(block)).next()?;
        // What an include leads to may have the rest.
        if config.unknown_includes.iter().any(|include| config.entry(*include).parent == Some(block)) {
            return None;
        }
        // The nearest level around it; the top of a fragment is the outermost.
        let mut around = config.ancestors(block).skip(1).map(Some).chain([None]);
        let outer = around.find(|around| self.of(*around).next().is_some())?;
        // Those that are here, and those that are lost already.
        let mut told = Told::default();
        for name in self.of(Some(block)).flat_map(|id| keys(config, id)) {
            told.insert(name);
        }
        // What is only answered by a `return` is no page that a browser shows.
        let answers = matches!(kind.name, "add_header" | "error_page");
        let only = if answers { inert_directive::only_answer(config, block).map(|(_, code)| code) } else { None };
        let always = only.is_some_and(|code| code >= 400);
        let mut lost: Vec<(&str, EntryId)> = Vec::new();
        for id in self.of(outer) {
            let directive = config.directive(id);
            let empty = matches!(kind.name, "add_header" | "proxy_set_header" | "grpc_set_header") && directive.arg(1) == Some("");
            // What is sent with some answers only does not go missing where there are none of them.
            let unsent = kind.name == "add_header" && always && directive.arg(2) != Some("always");
            if empty || unsent {
                continue;
            }
            for key in keys(config, id) {
                if told.insert(key) {
                    lost.push((key, id));
                }
            }
        }
        let (_, origin) = *lost.first()?;
        if kind.name == "add_header" && !drops_headers(config, block) || !kind.pass.is_empty() && !passes(config, block, kind.pass) {
            return None;
        }
        if let ("error_page", Some(code)) = (kind.name, only)
            && !lost.iter().any(|(one, _)| *one == code.to_string())
        {
            return None;
        }
        let protecting = |(name, _): &(&str, EntryId), of: &[&str]| of.iter().any(|one| name.eq_ignore_ascii_case(one));
        let grave = kind.name == "add_header" && only.is_none() && lost.iter().any(|one| protecting(one, &GRAVE));
        if grave {
            // The ones that matter first.
            lost.sort_by_key(|one| !protecting(one, &PROTECTING));
        }
        let names = lost.into_iter().map(|(name, _)| name).collect();
        Some(Lost { first, origin, names, grave })
    }
}

/// What a directive of these is about: the header or parameter, or the codes.
fn keys(config: &Config, id: EntryId) -> impl Iterator<Item = &str> {
    let directive = config.directive(id);
    let is_page = directive.is("error_page");
    let words = directive.args.iter().take(if is_page { usize::MAX } else { 1 }).map(|word| &*word.value);
    words.filter(move |word| !is_page || word.parse::<u16>().is_ok())
}

/// A header's or parameter's name as it is compared: whatever its letters.
#[derive(Clone, Copy)]
struct Caseless<'a>(&'a str);

impl PartialEq for Caseless<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(other.0)
    }
}

impl Eq for Caseless<'_> {}

impl Hash for Caseless<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.bytes().for_each(|byte| state.write_u8(byte.to_ascii_lowercase()));
    }
}

/// Names that were there already.
#[derive(Default)]
struct Told<'a> {
    few: Vec<&'a str>,
    /// All of them, where they are too many to be compared one by one.
    many: FxHashSet<Caseless<'a>>,
}

impl<'a> Told<'a> {
    const FEW: usize = 16;

    /// Notes a name; false when it was there.
    fn insert(&mut self, name: &'a str) -> bool {
        if self.few.len() < Self::FEW {
            let is_new = !self.few.iter().any(|one| one.eq_ignore_ascii_case(name));
            if is_new {
                self.few.push(name);
            }
            return is_new;
        }
        if self.many.is_empty() {
            self.many.extend(self.few.iter().copied().map(Caseless));
        }
        self.many.insert(Caseless(name))
    }
}

/// Does the block lose the headers? `add_header_inherit merge` keeps them, and with `off` that is wanted. (Since 1.29.3;
/// `add_header_inherit` is itself inherited.)
fn drops_headers(config: &Config, block: EntryId) -> bool {
    config.inherited(block, "add_header_inherit").is_none_or(|id| config.directive(id).arg(0) == Some("on"))
}

/// Does anything in the block (for an `if`: in the location around it) pass requests on with this?
fn passes(config: &Config, block: EntryId, pass: &str) -> bool {
    let start = config.ancestors(block).find(|id| !matches!(config.name(*id), "if" | "limit_except")).unwrap_or(block);
    inert_directive::inside(config, start, pass).next().is_some()
}
