//! What answers a location's requests: the directive that says it.

use crate::config::effective::{Blocks, Site};
use crate::config::{Config, EntryId, LocationId};
use crate::nginx::handlers;

/// What answers where nothing is written (`ngx_http_static_handler`).
pub const DEFAULT: &str = "root html";

/// How much of a directive is shown, in characters.
const SHOWN: usize = 100;

/// The directive that answers; `None` where nginx's own default does.
pub fn of(blocks: &Blocks<'_>, id: LocationId) -> Option<EntryId> {
    let config = blocks.config;
    let entry = config.location(id).entry;
    let children = &config.entry(entry).children;
    let is = |entry: &&EntryId, names: &[&str]| names.contains(&&*config.directive(**entry).name.value);
    let answers = |entry: &&EntryId| {
        let directive = config.directive(**entry);
        handlers::answers(&directive.name.value, directive.args.len())
    };
    let handler = children.iter().rev().find(answers);
    children
        .iter()
        .find(|entry| is(entry, &["return"]))
        .or(handler)
        .or_else(|| children.iter().find(|entry| is(entry, &["try_files", "rewrite"])))
        .or_else(|| children.iter().find(|entry| is(entry, &["alias", "root"])))
        .copied()
        .or_else(|| blocks.effective(Site::Location(id)).handlers.last().copied())
        .or_else(|| config.inherited(entry, "root"))
}

/// A directive without its block, in one line.
pub fn written(config: &Config, entry: EntryId) -> String {
    let directive = config.directive(entry);
    let mut out = directive.name.value.to_string();
    for word in &directive.args {
        out.push(' ');
        out.extend(word.value.chars().map(|c| if c.is_whitespace() { ' ' } else { c }));
    }
    match out.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}…", out.get(..at).unwrap_or_default().trim_end()),
        None => out,
    }
}
