//! Lines of a `map` that never decide, whatever the source is.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::map::{Key, Map};
use crate::config::EntryId;
use crate::routing::language::UriSet;
use crate::routing::pattern::Pattern;

/// A line that never decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadLine {
    /// The line.
    pub entry: EntryId,
    /// The lines that decide instead, in order: one of them matches whatever this one does.
    pub takers: Vec<EntryId>,
    /// Why.
    pub why: Why,
}

/// Why a line never decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// The same regex stands above.
    Same,
    /// What its regex matches is matched by regexes above.
    Covered,
    /// It is the `default`, and some line matches every source.
    Default,
}

/// Maps with more regexes are not looked at pair by pair: only for equal ones, and for those that match everything.
const PAIRWISE: usize = 64;

/// How many questions about automata one map may cost.
const QUESTIONS: usize = 40;

/// The dead lines of a map, in order. Lines that are not seen can't revive one: keys are exact or come before all regexes, and
/// a regex that an unknown `include` brings stands where it stands. `nonempty` says that the source can't be empty.
pub fn dead_lines(map: &Map, nonempty: bool) -> Vec<DeadLine> {
    let regexes: Vec<(EntryId, &Arc<Pattern>)> = map
        .lines
        .iter()
        .filter_map(|line| match &line.key {
            Key::Regex(pattern) => Some((line.entry, pattern)),
            _ => None,
        })
        .collect();
    let mut out = Vec::new();
    let mut questions = QUESTIONS;
    let mut texts: FxHashMap<(&str, bool), EntryId> = FxHashMap::default();
    let mut everything: Option<EntryId> = None;
    for (number, (entry, pattern)) in regexes.iter().enumerate() {
        let dead = |takers: Vec<EntryId>, why: Why| DeadLine { entry: *entry, takers, why };
        if let Some(first) = texts.get(&(pattern.source(), pattern.caseless())) {
            out.push(dead(vec![*first], Why::Same));
            continue;
        }
        texts.insert((pattern.source(), pattern.caseless()), *entry);
        if let Some(first) = everything {
            out.push(dead(vec![first], Why::Covered));
            continue;
        }
        if number > 0
            && regexes.len() <= PAIRWISE
            && let Some(takers) = covered(regexes.get(..number).unwrap_or_default(), pattern, &mut questions)
        {
            out.push(dead(takers, Why::Covered));
        }
        if may_match_everything(pattern) && all_nonempty().is_subset_of(&language(pattern)) == Some(true) {
            everything = Some(*entry);
        }
    }
    let empty = map.lines.iter().find(|line| matches!(&line.key, Key::Exact(text) if text.is_empty()));
    if let (Some(default), Some(all)) = (&map.default, everything)
        && (nonempty || empty.is_some())
    {
        let takers = empty.filter(|_| !nonempty).map(|line| line.entry).into_iter().chain([all]).collect();
        out.push(DeadLine { entry: default.entry, takers, why: Why::Default });
    }
    out.sort_unstable_by_key(|dead| dead.entry);
    out
}

/// What the pattern matches; nothing for one that can't be said as an automaton, as what takes less proves less.
fn language(pattern: &Pattern) -> UriSet {
    pattern.language().map_or_else(UriSet::nothing, UriSet::language)
}

/// Regexes are not tried on an empty source.
fn all_nonempty() -> UriSet {
    UriSet::literal(b"").complement()
}

/// Only short patterns match everything; others are not asked.
fn may_match_everything(pattern: &Pattern) -> bool {
    pattern.source().len() <= 24 && [b"\x01".as_slice(), b"\n", b"a/0 -"].iter().all(|text| pattern.is_match(text))
}

/// The lines above that together match whatever the pattern does.
fn covered(above: &[(EntryId, &Arc<Pattern>)], pattern: &Pattern, questions: &mut usize) -> Option<Vec<EntryId>> {
    // Most regexes are told apart by one text that the later one matches.
    let sample = pattern.sample().filter(|sample| !sample.is_empty() && pattern.is_match(sample))?;
    let near: Vec<&(EntryId, &Arc<Pattern>)> = above.iter().filter(|(_, earlier)| earlier.is_match(sample)).collect();
    if near.is_empty() || pattern.language().is_none() {
        return None;
    }
    let own = language(pattern).minus(&UriSet::literal(b""));
    let mut ask = |others: &UriSet| {
        let left = questions.checked_sub(1)?;
        *questions = left;
        own.is_subset_of(others).filter(|covered| *covered)
    };
    for (entry, earlier) in near {
        if ask(&language(earlier)).is_some() {
            return Some(vec![*entry]);
        }
    }
    let several = 2..=8;
    if several.contains(&above.len()) && ask(&UriSet::union(above.iter().map(|(_, earlier)| language(earlier)))).is_some() {
        let needed = |entry: &EntryId| {
            let others = above.iter().filter(|(other, _)| other != entry).map(|(_, earlier)| language(earlier));
            own.is_subset_of(&UriSet::union(others)) != Some(true)
        };
        let takers: Vec<EntryId> = above.iter().map(|(entry, _)| *entry).filter(needed).collect();
        return Some(if takers.is_empty() { above.iter().map(|(entry, _)| *entry).collect() } else { takers });
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routing::testing::load;

    /// Values of the dead lines.
    fn dead(lines: &str, nonempty: bool) -> Vec<String> {
        let (config, _) = load(&format!("http {{ map $uri $to {{ {lines} }} }}"));
        let map = Map::read(&config, config.all("map")[0]);
        let value = |dead: &DeadLine| config.directive(dead.entry).arg(0).unwrap_or_default().to_owned();
        dead_lines(&map, nonempty).iter().map(value).collect()
    }

    #[test]
    fn regexes_below_those_that_match_as_much() {
        assert_eq!(dead("~a 1; ~a 2; ~*a 3; ~A 4; ~b 5; ~ab 6; ~^/b 7;", false), ["2", "4", "6", "7"]);
        assert_eq!(dead(r"~^/a 1; ~^/b 2; ~^/[ab]/.*\.x$ 3; ~^/[abc] 4;", false), ["3"]);
        assert_eq!(dead(r"~^/a$ 1; ~^/a\z 2; ~(?!x)a 3; ~(?!x)a 4; ~(?!x)ab 5;", false), ["2", "4"]);
        assert_eq!(dead("~*[^a] 1; ~[^a] 2;", false), Vec::<String>::new(), "without case [^a] takes no A");
        assert_eq!(dead("~ 1; ~a 2; ~(a)\\1 3;", false), ["2", "3"]);
    }

    #[test]
    fn defaults_below_what_matches_everything() {
        assert_eq!(dead("~^ 1; default 2;", false), Vec::<String>::new(), "an empty source gets it");
        assert_eq!(dead("~^ 1; default 2;", true), ["2"]);
        assert_eq!(dead("\"\" 0; ~^ 1; default 2;", false), ["2"]);
        assert_eq!(dead("\"\" 0; ~. 1; default 2;", false), Vec::<String>::new(), "a line feed");
        assert_eq!(dead("default 2; \"\" 0; ~(?s). 1; ~x 3; include gone;", false), ["2", "3"]);
    }
}
