//! A location that looks like another: `/token-session-manager` does the job of `/token-manager`.

use std::cell::OnceCell;

use rustc_hash::{FxHashMap, FxHashSet};

use super::beginnings::name;
use super::{Evidence, Usage, Verdict};
use crate::config::effective::Blocks;
use crate::config::{LocationId, Matcher, ServerId};

/// Names, for each location that is not in use, one of the same server that is and that looks like it.
pub(super) fn name_all(evidence: &Evidence<'_>, blocks: &Blocks<'_>, locations: &mut [Usage]) {
    let server = |id: LocationId| evidence.config.location(id).server;
    let words_of = |usage: &Usage| words(&evidence.config.location(usage.location).matcher);
    // Thousands may have the same words: `/api/v1/item-1`, `/api/v1/item-2`.
    let mut looks: Vec<Look> = Vec::new();
    let mut known: FxHashMap<(ServerId, Vec<String>), usize> = FxHashMap::default();
    for usage in locations.iter().filter(|usage| usage.verdict == Verdict::InUse) {
        let Some(words) = words_of(usage) else { continue };
        let mut sorted: Vec<String> = words.iter().cloned().collect();
        sorted.sort_unstable();
        let at = *known.entry((server(usage.location), sorted)).or_insert(looks.len());
        if at == looks.len() {
            looks.push(Look { words, locations: Vec::new(), answers: OnceCell::new() });
        }
        if let Some(look) = looks.get_mut(at) {
            look.locations.push(usage.location);
        }
    }
    let mut by_word: FxHashMap<(ServerId, &str), Vec<usize>> = FxHashMap::default();
    for (index, look) in looks.iter().enumerate() {
        let Some(first) = look.locations.first() else { continue };
        look.words.iter().for_each(|word| by_word.entry((server(*first), word)).or_default().push(index));
    }
    let none = Vec::new();
    for usage in locations.iter_mut().filter(|usage| usage.verdict != Verdict::InUse) {
        let Some(mine) = words_of(usage) else { continue };
        // One that looks like it lacks at most one of its words, so it has one of the two that are the rarest.
        let mut having: Vec<&Vec<usize>> =
            mine.iter().map(|word| by_word.get(&(server(usage.location), word.as_str())).unwrap_or(&none)).collect();
        having.sort_by_key(|list| list.len());
        let alike = having.into_iter().take(2).flatten().filter_map(|index| looks.get(*index)).filter(|look| resemble(&mine, &look.words));
        let own = OnceCell::new();
        let alike = alike.filter_map(|look| {
            let first = look.answering(blocks, own.get_or_init(|| answers(blocks, usage.location)))?;
            Some((look.words.len().abs_diff(mine.len()), first))
        });
        usage.twin = alike.min().map(|(_, other)| other);
    }
}

/// Locations in use, of one server and with the same words.
struct Look<'a> {
    words: Words,
    /// In reading order.
    locations: Vec<LocationId>,
    /// How these answer, and the first that does so.
    answers: OnceCell<FxHashMap<Vec<&'a str>, LocationId>>,
}

impl<'a> Look<'a> {
    /// The first that answers so.
    fn answering(&self, blocks: &Blocks<'a>, as_this: &[&str]) -> Option<LocationId> {
        let all = self.answers.get_or_init(|| {
            let mut all = FxHashMap::default();
            for id in &self.locations {
                all.entry(answers(blocks, *id)).or_insert(*id);
            }
            all
        });
        all.get(as_this).copied()
    }
}

type Words = FxHashSet<String>;

/// The words of a path, without version numbers.
fn words(matcher: &Matcher) -> Option<Words> {
    let path = name(matcher).filter(|path| !path.starts_with('@'))?;
    let parts = path.split(|c: char| !c.is_alphanumeric()).map(|part| part.trim_end_matches(|c: char| c.is_ascii_digit()).to_lowercase());
    let words: Words = parts.filter(|part| part.len() > 1).collect();
    (words.len() > 1 || path.split('/').any(is_version)).then_some(words)
}

fn is_version(part: &str) -> bool {
    part.strip_prefix('v').is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.'))
}

/// Has one all the words of the other, and at most one more?
fn resemble(mine: &Words, theirs: &Words) -> bool {
    let shared = mine.intersection(theirs).count();
    shared > 0 && shared == mine.len().min(theirs.len()) && mine.len().abs_diff(theirs.len()) <= 1
}

/// How a location answers: the names of its content handlers.
fn answers<'a>(blocks: &Blocks<'a>, location: LocationId) -> Vec<&'a str> {
    let children = blocks.config.entry(blocks.config.location(location).entry).children.iter();
    let own = children.map(|id| &*blocks.config.directive(*id).name.value);
    let mut names: Vec<&str> = own.filter(|name| matches!(*name, "alias" | "root" | "return" | "try_files")).collect();
    names.extend(blocks.handlers(location).iter().map(|id| &*blocks.config.directive(*id).name.value));
    names.sort_unstable();
    names
}
