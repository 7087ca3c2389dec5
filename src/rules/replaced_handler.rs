//! `replaced-handler`: of two directives that make the answer in one block, nginx takes the last.

use super::claims::{Claims, shown};
use super::finding::FixAction;
use super::{Confidence, Finding, Fix, Rule, Severity, Tag};
use crate::config::{Config, EntryId, Matcher};
use crate::message;
use crate::messages::Language;
use crate::nginx::handlers::{PASSES, content_handler, passes};
use crate::world::Analysis;

/// The rule.
pub const RULE: Rule = Rule {
    id: "replaced-handler",
    summary: "a content handler that a later one in its block replaces",
    severity: Severity::Warning,
    check,
};

/// The directives that are looked for, besides those that pass requests on; of one module nginx refuses a second one, or they work together.
const HANDLERS: [&str; 10] = [
    "content_by_lua",
    "content_by_lua_block",
    "content_by_lua_file",
    "js_content",
    "perl",
    "empty_gif",
    "stub_status",
    "flv",
    "mp4",
    "echo",
];

/// Chosen: a handler that is replaced.
struct Replaced;

fn check(analysis: &Analysis, out: &mut Vec<Finding>) {
    let mut found = Claims::default();
    let names: Vec<&str> = PASSES.iter().chain(&HANDLERS).copied().collect();
    for view in analysis.views() {
        let config = view.config;
        for entry in view.chosen::<Replaced>(&names, |entry| replaced(config, entry).is_some()) {
            if let Some(by) = replaced(config, entry) {
                found.add(config, entry, 0, finding(analysis.language, config, entry, by));
            }
        }
    }
    out.extend(found.confirmed(analysis));
}

/// The directive that takes the place of a content handler; `None` where it works, or may work.
fn replaced(config: &Config, entry: EntryId) -> Option<EntryId> {
    let block = config.entry(entry).parent?;
    let location = config.location_of(block)?;
    let kind = &*config.directive(block).name.value;
    if kind != "if" && config.location(location).entry != block {
        return None;
    }
    let module = |id: EntryId| content_handler(&config.directive(id).name.value);
    let children = &config.entry(block).children;
    let last = children.iter().copied().rfind(|id| module(*id).is_some())?;
    // A second one of the module itself is refused.
    let own = module(entry);
    let again = children.iter().any(|id| *id > entry && module(*id) == own);
    // For other methods `limit_except` takes up what passes requests on; what is included may do so, too.
    let takes_up = |id: &EntryId| {
        ["limit_except", "health_check"].iter().any(|name| config.directive(*id).is(name)) || config.unknown_includes.contains(id)
    };
    let silent = again || children.iter().any(takes_up) || hands_to_other_ifs(config, children, own);
    (last > entry && module(last) != own && !silent).then_some(last)
}

/// May the handler of an `if` work with what the block itself says? The handler stays when a later `if` holds that has none
/// (`ngx_http_update_location_config`), and that one inherits from the block where requests go (`clcf->noname` in each merge function).
fn hands_to_other_ifs(config: &Config, children: &[EntryId], module: Option<&str>) -> bool {
    let mut ifs = children.iter().filter(|id| config.directive(**id).is("if"));
    let has_handler = |id: &EntryId| {
        let inside = &config.entry(*id).children;
        inside.iter().any(|id| content_handler(&config.directive(*id).name.value) == module || config.unknown_includes.contains(id))
    };
    ifs.any(has_handler) && ifs.next().is_some()
}

fn finding(language: Language, config: &Config, entry: EntryId, by: EntryId) -> Finding {
    let (this, other) = (shown(config, entry), shown(config, by));
    let message = message!(language, "replaced-handler-says", this = &this, other = other);
    let mut finding = Finding::new(RULE.id, RULE.severity, Confidence::Proven, config.header(entry), message)
        .related(config.header(by), message!(language, "replaced-handler-answers"));
    let block = config.entry(entry).parent;
    let location = block.and_then(|block| config.location_at(block));
    let mut safe = true;
    match location.map(|location| &config.location(location).matcher) {
        Some(Matcher::Exact(path) | Matcher::Prefix { path, .. })
            if passes(&config.directive(entry).name.value) && path.len() > 1 && path.ends_with('/') =>
        {
            safe = passes(&config.directive(by).name.value);
            if !safe {
                let short = path.strip_suffix('/').unwrap_or(path);
                finding = finding.note(message!(language, "remains-redirect", short = short, path = &**path));
            }
        }
        _ => {}
    }
    if safe {
        finding = finding.tag(Tag::Unnecessary);
    }
    finding.fix(Fix { title: message!(language, "comment-out", what = this), safe, action: FixAction::CommentOut(config.place(entry)) })
}
