//! What goes together: a page that nobody opens, the locations that only it calls, the files that only they need.

use rustc_hash::{FxHashMap, FxHashSet};

use super::links::{self, Links, Node};
use super::{Evidence, Group, Usage, Verdict, carry};
use crate::config::{EntryId, LocationId};
use crate::project::FileId;

/// Finds the groups among what is probably unused, and says for each location in which it is and which files go with it alone.
pub(super) fn find(evidence: &Evidence<'_>, links: &Links, locations: &mut [Usage]) -> Vec<Group> {
    let unused: FxHashSet<LocationId> =
        locations.iter().filter(|usage| usage.verdict == Verdict::ProbablyUnused).map(|usage| usage.location).collect();
    let users = Users { links };
    // Who of the unused sends requests to whom of them, by itself or through a file that it serves or runs.
    let mut calls: Vec<(LocationId, LocationId)> = Vec::new();
    for to in &unused {
        for (from, _) in links.to.get(to.index()).into_iter().flatten() {
            calls.extend(users.of(*from).locations.into_iter().filter(|from| from != to && unused.contains(from)).map(|from| (from, *to)));
        }
    }
    let unnamed: Vec<Unnamed> = links.hidden().map(|(hidden, unnamed)| Unnamed::of(&users, &unused, hidden, unnamed)).collect();
    let mut ids: Vec<LocationId> = unused.iter().copied().collect();
    ids.sort();
    let mut parent: FxHashMap<LocationId, LocationId> = ids.iter().map(|id| (*id, *id)).collect();
    for (one, other) in calls.iter().copied().chain(unnamed.iter().flat_map(Unnamed::together)) {
        let (one, other) = (root(&mut parent, one), root(&mut parent, other));
        parent.insert(one.max(other), one.min(other));
    }
    let mut groups: Vec<Group> = Vec::new();
    let mut by_root: FxHashMap<LocationId, usize> = FxHashMap::default();
    for id in ids {
        let at = *by_root.entry(root(&mut parent, id)).or_insert_with(|| {
            groups.push(Group::default());
            groups.len() - 1
        });
        groups[at].locations.push(id);
        if let Some(usage) = locations.get_mut(id.index()) {
            usage.group = Some(at);
        }
    }
    // The head is the one that sends the most requests to the others and gets the fewest.
    let mut sent: FxHashMap<LocationId, i64> = FxHashMap::default();
    for (from, to) in calls {
        *sent.entry(from).or_default() += 1;
        *sent.entry(to).or_default() -= 1;
    }
    unnamed.iter().for_each(|unnamed| unnamed.weigh(&mut sent));
    for group in &mut groups {
        let weight = |id: &LocationId| (sent.get(id).copied().unwrap_or_default(), std::cmp::Reverse(*id));
        group.head = group.locations.iter().copied().max_by_key(weight);
    }
    files(&users, &mut groups, locations);
    upstreams(evidence, &mut groups, locations);
    groups
}

/// The unused of a server that name nothing in particular, and those that they may mean: each of the ones sends requests to each of the others.
struct Unnamed {
    /// With in how many places, ascending.
    from: Vec<(LocationId, i64)>,
    to: Vec<LocationId>,
}

impl Unnamed {
    fn of(users: &Users<'_>, unused: &FxHashSet<LocationId>, hidden: &[LocationId], unnamed: &links::Unnamed) -> Unnamed {
        let to: Vec<LocationId> = hidden.iter().copied().filter(|to| unused.contains(to)).collect();
        let mut from: FxHashMap<LocationId, i64> = FxHashMap::default();
        if !to.is_empty() {
            for (node, count) in &unnamed.from {
                for id in users.of(*node).locations.into_iter().filter(|id| unused.contains(id)) {
                    *from.entry(id).or_default() += *count as i64;
                }
            }
        }
        let mut from: Vec<(LocationId, i64)> = from.into_iter().collect();
        from.sort_unstable();
        Unnamed { from, to }
    }

    /// As many of the pairs as join all that the pairs join. No location sends requests to itself.
    fn together(&self) -> impl Iterator<Item = (LocationId, LocationId)> {
        let (from, to) = (self.from.first().map(|(from, _)| *from), self.to.first().copied());
        let by_first = from.into_iter().flat_map(|from| self.to.iter().map(move |to| (from, *to)));
        let to_first = to.into_iter().flat_map(|to| self.from.iter().map(move |(from, _)| (*from, to)));
        by_first.chain(to_first).filter(|(from, to)| from != to)
    }

    /// What each sends to others, less what it gets from them.
    fn weigh(&self, sent: &mut FxHashMap<LocationId, i64>) {
        let hidden: FxHashSet<LocationId> = self.to.iter().copied().collect();
        let all: i64 = self.from.iter().map(|(_, count)| count).sum();
        let mut own: FxHashMap<LocationId, i64> = FxHashMap::default();
        for (from, count) in &self.from {
            let itself = i64::from(hidden.contains(from));
            *sent.entry(*from).or_default() += count * (self.to.len() as i64 - itself);
            own.insert(*from, *count);
        }
        for to in &self.to {
            *sent.entry(*to).or_default() -= all - own.get(to).copied().unwrap_or_default();
        }
    }
}

/// The one that stands for all that hang together; the way there is shorter the next time.
fn root(parent: &mut FxHashMap<LocationId, LocationId>, mut id: LocationId) -> LocationId {
    while let Some(above) = parent.get(&id).copied().filter(|above| *above != id) {
        let further = parent.get(&above).copied().unwrap_or(above);
        parent.insert(id, further);
        id = above;
    }
    id
}

/// Who uses a file in the end.
#[derive(Debug, Default)]
struct Used {
    locations: FxHashSet<LocationId>,
    /// Something besides locations uses it, or may.
    otherwise: bool,
}

struct Users<'a> {
    links: &'a Links,
}

impl Users<'_> {
    /// The locations behind a node: itself, or those that serve, run or load the file.
    fn of(&self, node: Node) -> Used {
        let mut out = Used::default();
        let mut seen: FxHashSet<FileId> = FxHashSet::default();
        let mut open = vec![node];
        while let Some(node) = open.pop() {
            match node {
                Node::Location(id) => drop(out.locations.insert(id)),
                Node::File(file) if seen.insert(file) => match self.links.files.get(&file) {
                    Some(users) => open.extend(users.iter().copied()),
                    None => out.otherwise = true,
                },
                Node::File(_) => {}
                Node::Server(_) | Node::Clock | Node::Paper => out.otherwise = true,
            }
        }
        out
    }
}

/// The files that go with each group, and with a single location of it.
fn files(users: &Users<'_>, groups: &mut [Group], locations: &mut [Usage]) {
    let mut all: Vec<FileId> = users.links.files.keys().copied().collect();
    all.sort();
    for file in all {
        let used = users.of(Node::File(file));
        if used.otherwise || used.locations.is_empty() {
            continue;
        }
        // All of them are in one group, or it belongs to none.
        let group_of = |id: &LocationId| locations.get(id.index()).and_then(|usage| usage.group);
        let first = used.locations.iter().next().and_then(group_of);
        let Some(group) = first.filter(|first| used.locations.iter().all(|id| group_of(id) == Some(*first))) else { continue };
        let Some(group) = groups.get_mut(group) else { continue };
        group.files.push(file);
        let alone = match used.locations.len() {
            1 => used.locations.iter().next().copied(),
            _ => group.head,
        };
        if let Some(usage) = alone.and_then(|id| locations.get_mut(id.index())) {
            usage.files.push(file);
        }
    }
}

/// Upstreams that only the locations of one group pass to.
fn upstreams(evidence: &Evidence<'_>, groups: &mut [Group], locations: &[Usage]) {
    if groups.is_empty() {
        return;
    }
    let config = evidence.config;
    // By block: the one group that all who pass to it are in, if there is one.
    let mut passers: FxHashMap<EntryId, Option<usize>> = FxHashMap::default();
    for (index, usage) in locations.iter().enumerate() {
        for block in carry::passes(evidence, LocationId(index as u32)).filter_map(|(_, target)| target.block) {
            let group = passers.entry(block).or_insert(usage.group);
            *group = group.filter(|group| usage.group == Some(*group));
        }
    }
    if passers.values().all(Option::is_none) {
        return;
    }
    // A computed target may be any of them.
    let computed = config.entries.iter().any(|entry| {
        let directive = &entry.directive;
        directive.name.value.ends_with("_pass")
            && directive.arg(0).is_some_and(|value| value.split('/').nth(2).unwrap_or(value).contains('$'))
    });
    if computed {
        return;
    }
    for (block, group) in passers {
        if let Some(group) = group.and_then(|group| groups.get_mut(group)) {
            group.upstreams.push(block);
            group.upstreams.sort();
        }
    }
}
