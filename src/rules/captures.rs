//! `$1` and its like: whose they are.

use crate::config::{Config, EntryId};
use crate::syntax::Signs;

/// May something look at the captures that a regex of the rewrite module here leaves behind? One that does not match takes away those of the
/// location's regex (`ngx_http_script_regex_start_code` sets `r->ncaptures` to 0): a `rewrite` that never matches is not the same as none.
pub(super) fn are_used_after(config: &Config, entry: EntryId) -> bool {
    let block = config.ancestors(entry).skip(1).find(|around| !config.directive(*around).is("if"));
    let range = entry.0..config.end(entry);
    config.with_signs(Signs::CAPTURE).iter().any(|user| {
        // Those of a `rewrite` and of a `map`'s line are of its own regex.
        let own =
            config.directive(user).is("rewrite") || config.entry(user).parent.is_some_and(|parent| config.directive(parent).is("map"));
        let here = || config.ancestors(user).skip(1).any(|around| Some(around) == block);
        !own && !range.contains(&user.0) && (here() || is_inherited(config, user))
    })
}

/// What stands in no location holds in all of them.
fn is_inherited(config: &Config, user: EntryId) -> bool {
    config.ancestors(user).skip(1).all(|around| config.location_at(around).is_none())
}
