//! Which entries are written in a part of a file, without a look at all of them.

use std::ops::Range;
use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use super::{Config, EntryId};
use crate::project::{FileId, Place};

/// The entries of each file by where they begin; made when somebody asks first.
#[derive(Debug, Clone, Default)]
pub(super) struct ByFile(OnceLock<FxHashMap<FileId, Vec<EntryId>>>);

/// Some entries of a configuration, each with all that is in it.
#[derive(Debug, Clone, Default)]
pub struct Entries {
    /// Sorted, and apart from each other.
    ranges: Vec<Range<u32>>,
}

impl Config {
    /// What is wholly inside of one of the places, with everything that is in it (also in files that are included there). What a file has
    /// that is included twice is there twice.
    pub fn inside(&self, places: &[Place]) -> Entries {
        let by_file = self.by_file.0.get_or_init(|| {
            let mut by_file: FxHashMap<FileId, Vec<EntryId>> = FxHashMap::default();
            for (index, entry) in self.entries.iter().enumerate() {
                by_file.entry(entry.file).or_default().push(EntryId(index as u32));
            }
            by_file.values_mut().for_each(|entries| entries.sort_by_key(|id| self.directive(*id).span.start));
            by_file
        });
        let mut ranges = Vec::new();
        for place in places {
            let Some(entries) = by_file.get(&place.file) else { continue };
            let first = entries.partition_point(|id| self.directive(*id).span.start < place.span.start);
            let begins = |id: &&EntryId| self.directive(**id).span.start <= place.span.end;
            for id in entries.iter().skip(first).take_while(begins) {
                if place.span.covers(self.directive(*id).span) {
                    ranges.push(id.0..self.end(*id));
                }
            }
        }
        Entries::of(ranges)
    }
}

impl Entries {
    fn of(mut ranges: Vec<Range<u32>>) -> Entries {
        ranges.sort_by_key(|range| range.start);
        let mut out: Vec<Range<u32>> = Vec::new();
        for range in ranges {
            match out.last_mut() {
                Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
                _ => out.push(range),
            }
        }
        Entries { ranges: out }
    }

    /// Are there none?
    pub fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    /// Is the entry one of them?
    pub fn contains(&self, id: EntryId) -> bool {
        let behind = self.ranges.partition_point(|range| range.start <= id.0);
        behind.checked_sub(1).and_then(|at| self.ranges.get(at)).is_some_and(|range| range.contains(&id.0))
    }

    /// In reading order.
    pub fn iter(&self) -> impl Iterator<Item = EntryId> + '_ {
        self.ranges.iter().cloned().flatten().map(EntryId)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routing::testing::load;
    use crate::text::Span;

    #[test]
    fn as_a_look_at_every_entry_says() {
        let text = "http { server { location /a { root /a; } location /b { } }\nserver { index i; } }\nevents { }";
        let (config, _) = load(text);
        let all: Vec<EntryId> = (0..config.entries.len() as u32).map(EntryId).collect();
        for start in 0..text.len() as u32 {
            for end in start..=text.len() as u32 {
                let place = Place { file: config.root, span: Span::new(start, end) };
                let inside = config.inside(&[place]);
                let expected: Vec<EntryId> = all.iter().copied().filter(|id| place.span.covers(config.directive(*id).span)).collect();
                assert_eq!(inside.iter().collect::<Vec<_>>(), expected, "{start}..{end}");
                assert!(all.iter().all(|id| inside.contains(*id) == expected.contains(id)), "{start}..{end}");
                assert_eq!(inside.is_empty(), expected.is_empty());
            }
        }
    }
}
