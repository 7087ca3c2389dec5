//! Where variables are set.

use rustc_hash::FxHashMap;

use crate::config::{Config, EntryId};

/// By variable, as it is written and without its `$`: its `set`s in reading order.
pub(super) struct Sets<'a>(FxHashMap<&'a str, Vec<EntryId>>);

impl<'a> Sets<'a> {
    pub(super) fn of(config: &'a Config) -> Sets<'a> {
        let mut sets: FxHashMap<&str, Vec<EntryId>> = FxHashMap::default();
        for id in config.all("set") {
            if let Some(variable) = config.directive(*id).arg(0).and_then(|word| word.strip_prefix('$')) {
                sets.entry(variable).or_default().push(*id);
            }
        }
        Sets(sets)
    }

    /// The last one before a directive, wherever it stands.
    pub(super) fn last_before(&self, variable: &str, entry: EntryId) -> Option<EntryId> {
        let all = self.0.get(variable)?;
        let next = all.partition_point(|id| *id < entry);
        all.get(next.checked_sub(1)?).copied()
    }
}
