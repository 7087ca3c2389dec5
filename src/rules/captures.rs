//! `$1` and its like: whose they are.

use std::ops::Range;

use crate::config::{Config, EntryId};
use crate::syntax::Signs;

/// What looks at the captures that another regex left behind.
pub(super) struct Users<'a> {
    config: &'a Config,
    /// In reading order.
    all: Vec<EntryId>,
    /// Those that hold in every location.
    inherited: Vec<EntryId>,
}

impl<'a> Users<'a> {
    pub(super) fn of(config: &'a Config) -> Users<'a> {
        // Those of a `rewrite` and of a `map`'s line are of its own regex.
        let in_map = |user: EntryId| config.entry(user).parent.is_some_and(|parent| config.directive(parent).is("map"));
        let own = |user: EntryId| config.directive(user).is("rewrite") || in_map(user);
        let all: Vec<EntryId> = config.with_signs(Signs::CAPTURE).iter().filter(|user| !own(*user)).collect();
        let inherited = all.iter().copied().filter(|user| is_inherited(config, *user)).collect();
        Users { config, all, inherited }
    }

    /// May something look at the captures that a regex of the rewrite module here leaves behind? One that does not match takes away those of
    /// the location's regex (`ngx_http_script_regex_start_code` sets `r->ncaptures` to 0): a `rewrite` that never matches is not the same as
    /// none.
    pub(super) fn are_after(&self, entry: EntryId) -> bool {
        let config = self.config;
        let range = |block: EntryId| block.0..config.end(block);
        let within = |users: &[EntryId], range: &Range<u32>| {
            let [start, end] = [range.start, range.end].map(|bound| users.partition_point(|user| user.0 < bound));
            end - start
        };
        let own = range(entry);
        let block = config.ancestors(entry).skip(1).find(|around| !config.directive(*around).is("if"));
        let here = block.is_some_and(|block| within(&self.all, &range(block)) > within(&self.all, &own));
        here || self.inherited.len() > within(&self.inherited, &own)
    }
}

/// What stands in no location holds in all of them.
fn is_inherited(config: &Config, user: EntryId) -> bool {
    config.ancestors(user).skip(1).all(|around| config.location_at(around).is_none())
}
