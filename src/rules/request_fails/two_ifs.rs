//! Two `if`s of a location that can both be true, of which the earlier one passes requests on.

use std::cell::OnceCell;

use rustc_hash::{FxHashMap, FxHashSet};

use super::finding;
use crate::config::{Config, EntryId};
use crate::message;
use crate::nginx::handlers::{content_handler, passes};
use crate::routing::UriSet;
use crate::routing::sequence::{
    self,
    condition::{Condition, written},
};
use crate::rules::claims::Claims;
use crate::rules::sets::Sets;
use crate::rules::{Confidence, Finding};
use crate::world::View;

/// How many pairs of conditions of one block are compared by their automata. What is beyond is not told.
const COMPARED: usize = 10_000;

/// Of two `if`s that are true the later one has the settings and the earlier one the handler: without an upstream of its own the request
/// fails (`ngx_http_script_if_code`, `ngx_http_upstream_init_request`).
pub(super) fn two_ifs(view: View<'_>, found: &mut Claims<Finding>) {
    let (config, language) = (view.config, view.language);
    let sets = Sets::of(config);
    let mut blocks: Vec<EntryId> = config.all("if").iter().filter_map(|id| config.entry(*id).parent).collect();
    blocks.sort_unstable();
    blocks.dedup();
    for block in blocks.into_iter().filter(|block| config.location_at(*block).is_some()) {
        let Some(sequence) = view.sequences().of(block) else { continue };
        let mut branches: Vec<&sequence::Branch> = sequence.branches.iter().collect();
        branches.sort_by_key(|branch| branch.entry);
        let passing = Passing::of(config, block, &branches);
        let mut left = COMPARED;
        for second in branches.iter().map(|branch| branch.entry).filter(|id| !passing.all.is_empty() && is_bare(config, *id)) {
            let Some(first) = passing.first_with(config, second, &sets, &mut left) else { continue };
            let (one, other) = (written(config.directive(first.entry)), written(config.directive(second)));
            let message = message!(language, "request-fails-two-ifs", one = one, other = other);
            let name = &*config.directive(first.pass).name.value;
            let finding = finding(config, second, Confidence::Likely, message)
                .related(config.header(first.pass), message!(language, "request-fails-later-if", name = name))
                .note(message!(language, "request-fails-break", name = name));
            found.add(config, second, 6, finding);
        }
    }
}

/// True for an `if` without a handler, and without anything that could be one.
fn is_bare(config: &Config, id: EntryId) -> bool {
    let handles = |entry: &EntryId| content_handler(&config.directive(*entry).name.value).is_some();
    !config.entry(id).children.iter().any(|entry| handles(entry) || config.unknown_includes.contains(entry))
}

/// An `if` that passes requests on, and behind which the block's sequence goes on.
struct Pass<'a> {
    entry: EntryId,
    /// The directive that passes them on.
    pass: EntryId,
    condition: Condition<'a>,
    /// For which texts it holds; worked out when it is first asked for.
    texts: OnceCell<Option<UriSet>>,
}

/// Those of one block, in order: asked for the first of them that can be true together with a later `if`, without a look at each.
struct Passing<'a> {
    all: Vec<Pass<'a>>,
    /// For each of them, the next one that asks for another variable.
    other: Vec<usize>,
    /// By variable and text: those that ask whether the one is the other.
    plain: FxHashMap<(&'a str, &'a str), Vec<usize>>,
    /// Those that ask something else.
    rest: Vec<usize>,
}

impl<'a> Passing<'a> {
    fn of(config: &'a Config, block: EntryId, branches: &[&sequence::Branch]) -> Passing<'a> {
        let module = |entry: &EntryId| content_handler(&config.directive(*entry).name.value);
        let handlers: FxHashSet<&str> = config.entry(block).children.iter().filter_map(module).collect();
        let pass = |branch: &&sequence::Branch| {
            let passes = |entry: &EntryId| passes(&config.directive(*entry).name.value);
            let pass = config.entry(branch.entry).children.iter().copied().rfind(passes)?;
            // An `if` inherits what its location passes on itself.
            let inherits = module(&pass).is_some_and(|module| handlers.contains(module));
            let condition = Condition::read(config.directive(branch.entry)).filter(|_| !branch.ends && !inherits)?;
            Some(Pass { entry: branch.entry, pass, condition, texts: OnceCell::new() })
        };
        let all: Vec<Pass<'a>> = branches.iter().filter_map(pass).collect();
        let mut other: Vec<usize> = Vec::with_capacity(all.len());
        for (index, pass) in all.iter().enumerate().rev() {
            let same = all.get(index + 1).is_some_and(|next| next.condition.variable() == pass.condition.variable());
            other.push(other.last().copied().filter(|_| same).unwrap_or(index + 1));
        }
        other.reverse();
        let mut plain: FxHashMap<(&str, &str), Vec<usize>> = FxHashMap::default();
        let mut rest = Vec::new();
        for (index, pass) in all.iter().enumerate() {
            match plain_text(&pass.condition) {
                Some(asked) => plain.entry(asked).or_default().push(index),
                None => rest.push(index),
            }
        }
        Passing { all, other, plain, rest }
    }

    /// The first one before an `if` that can be true together with it; `None` also where that can't be told because the variable may change
    /// in between, or too many were `compared`.
    fn first_with(&self, config: &Config, second: EntryId, sets: &Sets<'_>, compared: &mut usize) -> Option<&Pass<'a>> {
        let condition = Condition::read(config.directive(second))?;
        let end = self.all.partition_point(|pass| pass.entry < second);
        let variable = condition.variable();
        let set = variable.and_then(|variable| sets.last_before(variable, second));
        let start = set.map_or(0, |set| self.all.partition_point(|pass| pass.entry < set));
        let asks_for_it =
            |index: usize| variable.is_some() && self.all.get(index).is_some_and(|pass| pass.condition.variable() == variable);
        let another = if asks_for_it(start) { self.other.get(start).copied().unwrap_or(end) } else { start };
        // All of these ask for the same variable.
        let same = start..another.min(end);
        let asked = plain_text(&condition);
        let equal = asked.and_then(|asked| from(self.plain.get(&asked)?, start).first().copied());
        let nearest = equal.into_iter().chain([another]).filter(|index| *index < end).min();
        let (texts, mut found) = (OnceCell::new(), None);
        // Two plain texts are compared already.
        let candidates: Box<dyn Iterator<Item = usize>> = match asked {
            Some(_) => Box::new(from(&self.rest, start).iter().copied()),
            None => Box::new(same.clone()),
        };
        for index in candidates.take_while(|index| same.contains(index) && nearest.is_none_or(|nearest| *index < nearest)) {
            let Some(left) = compared.checked_sub(1) else { break };
            *compared = left;
            let of_first = self.all.get(index).and_then(|pass| pass.texts.get_or_init(|| texts_of(&pass.condition)).as_ref());
            let of_second = texts.get_or_init(|| texts_of(&condition)).as_ref();
            if of_first.zip(of_second).is_some_and(|(one, other)| one.intersects(other) == Some(true)) {
                found = Some(index);
                break;
            }
        }
        self.all.get(found.or(nearest)?)
    }
}

/// Those of some numbers in order that are not below another one.
fn from(numbers: &[usize], start: usize) -> &[usize] {
    numbers.split_at(numbers.partition_point(|number| *number < start)).1
}

/// The variable and the text of a condition that holds for this very text.
fn plain_text<'a>(condition: &Condition<'a>) -> Option<(&'a str, &'a str)> {
    match condition {
        Condition::Equal { variable, text, negated: false } if !text.contains('$') => Some((variable, text)),
        _ => None,
    }
}

/// The texts for which a condition holds; `None` when that can't be told.
fn texts_of(condition: &Condition<'_>) -> Option<UriSet> {
    let (set, negated) = match condition {
        Condition::Set { .. } => (UriSet::union([UriSet::literal(b""), UriSet::literal(b"0")]), true),
        Condition::Equal { text, .. } if text.contains('$') => return None,
        Condition::Equal { text, negated, .. } => (UriSet::literal(text.as_bytes()), *negated),
        Condition::Matches { pattern, caseless, negated, .. } => (UriSet::regex(pattern, *caseless)?, *negated),
        Condition::File { .. } => return None,
    };
    Some(if negated { set.complement() } else { set })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::routing::sequence::Sequences;
    use crate::routing::testing::load;

    const PIECES: [&str; 12] = [
        "if ($arg_a = 1) { proxy_pass http://a; }",
        "if ($arg_a = 2) { proxy_pass http://a; }",
        "if ($arg_a = 1) { add_header X 1; }",
        "if ($arg_a = 2) { add_header X 1; }",
        "if ($arg_a ~ ^1) { proxy_pass http://a; }",
        "if ($arg_a != 1) { add_header X 1; }",
        "if ($arg_b) { proxy_pass http://a; }",
        "if ($arg_b) { add_header X 1; }",
        "if (-f /x) { proxy_pass http://a; }",
        "if (-f /x) { add_header X 1; }",
        "set $arg_a 1;",
        "set $arg_b 1;",
    ];

    /// One after the other: is it sure that not both hold, or may the variable change in between?
    fn exclusive(config: &Config, first: &Pass<'_>, second: EntryId) -> bool {
        let Some(other) = Condition::read(config.directive(second)) else { return true };
        let Some(variable) = other.variable() else { return false };
        let sets = |id: &&EntryId| first.entry < **id && **id < second && config.directive(**id).arg(0) == Some(&format!("${variable}"));
        if config.all("set").iter().any(|id| sets(&id)) {
            return true;
        }
        let both = || Some(texts_of(&first.condition)?.intersects(&texts_of(&other)?) == Some(true));
        first.condition.variable() == Some(variable) && both() != Some(true)
    }

    proptest! {
        /// What is found without a look at each pair is what a look at each pair finds.
        #[test]
        fn the_first_that_can_hold_as_well(pieces in proptest::collection::vec(0..PIECES.len(), 1..9)) {
            let inside: String = pieces.iter().map(|piece| PIECES[*piece]).collect();
            let (config, _) = load(&format!("http {{ server {{ listen 80; location / {{ {inside} }} }} }}"));
            let block = config.all("location")[0];
            let sequences = Sequences::build(&config);
            let branches: Vec<&sequence::Branch> = sequences.of(block).map(|sequence| sequence.branches.iter().collect()).unwrap_or_default();
            let (passing, sets) = (Passing::of(&config, block, &branches), Sets::of(&config));
            for second in config.all("if").iter().copied() {
                let found = passing.first_with(&config, second, &sets, &mut COMPARED.clone()).map(|pass| pass.entry);
                let one_by_one = passing.all.iter().filter(|pass| pass.entry < second).find(|pass| !exclusive(&config, pass, second));
                prop_assert_eq!(found, one_by_one.map(|pass| pass.entry), "{} in {}", written(config.directive(second)), inside);
            }
        }
    }
}
